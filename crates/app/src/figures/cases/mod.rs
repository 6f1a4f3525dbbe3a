//! Figures of cases: by item, outcome, term, legal review, unit, month, procedure and remedy, with fines decided and paid. Each
//! number leads to its cases: the same question, one field narrower, gives them.

pub mod tally;

use super::rules::{DAYS_MAX, begin};
use super::{below, today};
use crate::ports::{CountedLine, Filter, MatterRow};
use crate::read::{filter_of_kind, given};
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::civil::Date;
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::line::{Challenge, Kept, Result as Outcome, Reviewed};
use lianzhi_procedure::{Kind, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use tally::{CaseBy, CaseSum, sum, sums, sums_under};

/// Cases on one page.
const ROWS: usize = 50;
/// Kinds of procedures that are counted, with their names here.
pub const PROCEDURES: [(Kind, &str); 3] =
    [(Kind::Penalty, "普通程序"), (Kind::Spot, "当场处罚（简易程序）"), (Kind::Slip, "提示单、警示单")];
/// What stands for an empty key in an address.
pub const EMPTY: &str = "none-given";

/// What somebody asks of the figures of cases; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CaseFiguresQuery {
    /// 登记之日从哪一日起；不写为今年一月一日
    pub from: Option<String>,
    /// 到哪一日（含）；不写为今天
    pub to: Option<String>,
    /// 单位，含下级
    pub unit: Option<String>,
    /// 登记月份，如 2026-03
    pub month: Option<String>,
    /// penalty 普通程序、spot 当场处罚、slip 提示警示
    pub procedure: Option<String>,
    /// 事项代码
    pub item: Option<String>,
    /// 处理结果
    pub result: Option<String>,
    /// 期限：running、kept、missed
    pub kept: Option<String>,
    /// 法制审核首次意见
    pub reviewed: Option<String>,
    /// 复议、诉讼
    pub challenge: Option<String>,
    /// 裁量档次
    pub tier: Option<String>,
    /// 单位 或 个人
    pub subject: Option<String>,
    /// 案件清单从哪一件之后接着列
    pub cursor: Option<String>,
}

impl CaseFiguresQuery {
    /// The field that narrows to one line of a table; none for the period and where a list goes on.
    #[must_use]
    pub fn field(&self, by: CaseBy) -> Option<&str> {
        given(match by {
            CaseBy::Item => self.item.as_deref(),
            CaseBy::Result => self.result.as_deref(),
            CaseBy::Kept => self.kept.as_deref(),
            CaseBy::Reviewed => self.reviewed.as_deref(),
            CaseBy::Unit => self.unit.as_deref(),
            CaseBy::Month => self.month.as_deref(),
            CaseBy::Procedure => self.procedure.as_deref(),
            CaseBy::Challenge => self.challenge.as_deref(),
            CaseBy::Tier => self.tier.as_deref(),
            CaseBy::Subject => self.subject.as_deref(),
        })
    }

    /// The period that it asks for.
    ///
    /// # Errors
    /// What is no day, or ends before it begins.
    pub fn period(&self, today: Date) -> Result<(Date, Date), Refusal> {
        let day = |field: &'static str, text: Option<&str>| match given(text) {
            None => Ok(None),
            Some(text) => text.parse::<Date>().map(Some).map_err(|_| {
                let text: String = text.chars().take(20).collect();
                Refusal::invalid(field, format!("“{text}”不是日期。"), "请写成 2026-11-22。")
            }),
        };
        let to = day("to", self.to.as_deref())?.unwrap_or(today);
        let from = day("from", self.from.as_deref())?.unwrap_or_else(|| to.first_of_year());
        if to < from {
            return Err(Refusal::invalid("to", "结束之日早于开始之日。", "请把开始之日写在前面。"));
        }
        let span = to.since(from).map_or(i32::MAX, |span| span.get_days());
        if span >= DAYS_MAX {
            return Err(Refusal::invalid("from", "时间范围太长。", "请选五年以内的时间。"));
        }
        Ok((from, to))
    }
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseFigure {
    /// What the query's field is set to, to get its cases.
    pub key: String,
    /// In words.
    pub title: String,
    /// What was counted.
    #[serde(flatten)]
    pub sum: CaseSum,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseTable {
    /// The field of the query that narrows to a line.
    pub by: &'static str,
    /// In words.
    pub title: &'static str,
    /// The lines.
    pub rows: Vec<CaseFigure>,
}

/// A case behind the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountedCase {
    /// Docket.
    pub id: i64,
    /// Number.
    pub number: String,
    /// 案由.
    pub title: String,
    /// Kind of procedure in words.
    pub procedure: &'static str,
    /// Items by code, of the lines that were counted.
    pub items: Vec<String>,
    /// What came of it, in words.
    pub results: Vec<&'static str>,
    /// When it was registered, micros.
    pub registered_at: i64,
    /// Fines decided, of the lines that were counted, fen.
    pub fine: i64,
    /// Paid, likewise, fen.
    pub paid: i64,
}

/// Figures of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseFigures {
    /// First day of registration.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub to: Date,
    /// All that was asked for.
    pub total: CaseSum,
    /// Broken down.
    pub tables: Vec<CaseTable>,
    /// The cases, newest first, a page of them.
    pub cases: Vec<CountedCase>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

impl App {
    /// The units whose case figures somebody may ask for; none means all.
    ///
    /// # Errors
    /// No right to statistics, and no legal reviewer.
    pub fn case_figures_of(&self, who: &Caller) -> Result<Option<Vec<String>>, Refusal> {
        let allowed = self.may(who, "statistics", None);
        allowed.or_else(|refusal| self.may(who, "penalty_review", None).map_err(|_| refusal))?;
        Ok(match self.sight_of_files(who)? {
            crate::ports::Sight::All => None,
            crate::ports::Sight::Some { units, .. } => Some(units),
        })
    }

    /// Figures of the cases registered in a period, and a page of these cases.
    ///
    /// # Errors
    /// No right to statistics, or a filter that is none.
    pub async fn case_figures(&self, who: &Caller, query: &CaseFiguresQuery) -> Result<CaseFigures, Refusal> {
        let allowed = self.case_figures_of(who)?;
        let directory = self.directory();
        let (from, to) = query.period(today(self.now()))?;
        let filter = Filter {
            sight: self.sight_of_files(who)?,
            ..self.case_filter_of(query, (from, to), &directory)?
        };
        let item = given(query.item.as_deref());
        let lines = self.inner.store.queries.case_lines(&filter, item).await.map_err(|e| unavailable(&e))?;
        let wanted = narrowing(query)?;
        let before = before(query.cursor.as_deref())?;
        let counted = count(lines, &wanted, &directory, allowed.as_deref());
        let (chosen, next) = page_of(&counted.lines, before);
        let cases = self.counted_cases(&chosen).await?;
        Ok(CaseFigures { from, to, total: counted.total, tables: counted.tables, cases, next })
    }

    /// What the store can narrow: time, unit, procedure.
    fn case_filter_of(
        &self,
        query: &CaseFiguresQuery,
        (from, to): (Date, Date),
        directory: &Directory,
    ) -> Result<Filter, Refusal> {
        let micros = |day: Date| i64::from(begin(day)) * 1_000_000;
        let units = match given(query.unit.as_deref()) {
            None => Vec::new(),
            Some(unit) => {
                let unit = UnitCode::parse(unit)
                    .map_err(|e| Refusal::invalid("unit", e.to_string(), "请从列表中选择单位。"))?;
                below(directory, &unit)
            }
        };
        let kind = match given(query.procedure.as_deref()) {
            None => None,
            Some(code) => Some(PROCEDURES.iter().find(|(kind, _)| kind.code() == code).ok_or_else(|| {
                Refusal::invalid("procedure", "没有这种程序。", "可用：penalty、spot、slip。")
            })?),
        };
        let filter = filter_of_kind("");
        Ok(Filter {
            kind: kind.map(|(kind, _)| kind.code().to_owned()),
            units,
            reported_from: Some(micros(from)),
            reported_to: Some(micros(to.saturating_add(jiff::Span::new().days(1)))),
            now: self.now().as_microsecond(),
            ..filter
        })
    }

    /// The cases of some lines.
    async fn counted_cases(&self, chosen: &[Vec<CountedLine>]) -> Result<Vec<CountedCase>, Refusal> {
        let mut ids: Vec<DocketId> = Vec::with_capacity(chosen.len());
        for case in chosen {
            ids.extend(case.first().map(|line| line.line.docket));
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.inner.store.journal.matters(&ids).await.map_err(|e| unavailable(&e))?;
        let row = |case: &[CountedLine]| {
            rows.iter().find(|row| Some(row.id) == case.first().map(|l| l.line.docket))
        };
        Ok(chosen.iter().filter_map(|case| Some(counted(case, row(case)?))).collect())
    }
}

/// What was counted, with the lines behind it.
struct Counted {
    lines: Vec<CountedLine>,
    total: CaseSum,
    tables: Vec<CaseTable>,
}

fn count(
    lines: Vec<CountedLine>,
    wanted: &[(CaseBy, String)],
    directory: &Directory,
    allowed: Option<&[String]>,
) -> Counted {
    let fits = |line: &CountedLine| wanted.iter().all(|(by, key)| by.key(line) == *key);
    let lines: Vec<CountedLine> = lines.into_iter().filter(fits).collect();
    let table = |by: CaseBy| CaseTable {
        by: by.code(),
        title: by.title(),
        rows: match by {
            CaseBy::Unit => figures(by_unit(&lines, directory, allowed), by, directory),
            by => figures(sums(&lines, by), by, directory),
        },
    };
    let tables = CaseBy::ALL.into_iter().map(table).collect();
    Counted { total: sum(&lines), tables, lines }
}

/// Before which docket a page of the list begins.
fn before(cursor: Option<&str>) -> Result<i64, Refusal> {
    let Some(text) = given(cursor) else { return Ok(i64::MAX) };
    let wrong = |_| Refusal::invalid("cursor", "接着列的位置无法识别。", "请用上一页给出的 next。");
    text.parse().map_err(wrong)
}

/// The lines of a page of cases, newest first, and where the next page goes on.
fn page_of(lines: &[CountedLine], before: i64) -> (Vec<Vec<CountedLine>>, Option<String>) {
    let of_one: Vec<&[CountedLine]> = lines.chunk_by(|a, b| a.line.docket == b.line.docket).collect();
    let mut older = of_one.into_iter().rev().filter(|case| case[0].line.docket.0 < before).peekable();
    let chosen: Vec<Vec<CountedLine>> = older.by_ref().take(ROWS).map(<[CountedLine]>::to_vec).collect();
    let last = chosen.last().and_then(|case| case.first()).map(|line| line.line.docket.to_string());
    let next = last.filter(|_| older.peek().is_some());
    (chosen, next)
}

fn counted(lines: &[CountedLine], row: &MatterRow) -> CountedCase {
    let mut items: Vec<String> = lines.iter().map(|l| l.line.item.clone()).collect();
    items.dedup();
    let mut results: Vec<&'static str> =
        lines.iter().filter_map(|l| Outcome::from_code(&l.line.result)).map(Outcome::title).collect();
    results.dedup();
    CountedCase {
        id: row.id.0,
        number: row.number.clone(),
        title: row.title.clone(),
        procedure: procedure(&row.kind),
        items,
        results,
        registered_at: row.reported_at,
        fine: lines.iter().map(|l| l.line.fine).sum(),
        paid: lines.iter().map(|l| l.line.paid).sum(),
    }
}

/// Each unit with those below it, as the filter means it; of whoever sees some units only, these.
fn by_unit(
    lines: &[CountedLine],
    directory: &Directory,
    allowed: Option<&[String]>,
) -> BTreeMap<String, CaseSum> {
    let mut above: HashMap<&str, Vec<String>> = HashMap::new();
    for line in lines {
        let unit = line.unit.as_deref().unwrap_or_default();
        above.entry(unit).or_insert_with(|| {
            let code = UnitCode::parse(unit);
            let within = |u: &&UnitCode| code.as_ref().is_ok_and(|code| directory.within(code, u));
            let mut all: Vec<String> =
                directory.units.keys().filter(within).map(ToString::to_string).collect();
            if !all.iter().any(|u| u == unit) {
                all.push(unit.to_owned());
            }
            all.retain(|u| allowed.is_none_or(|allowed| allowed.contains(u)));
            all
        });
    }
    let under = |line: &CountedLine| above.get(line.unit.as_deref().unwrap_or_default()).cloned();
    sums_under(lines, |line| under(line).unwrap_or_default())
}

fn procedure(kind: &str) -> &'static str {
    PROCEDURES.iter().find(|(k, _)| k.code() == kind).map_or("", |(_, title)| title)
}

/// What is looked at line by line. Unit and procedure are narrowed by the store, the unit with those below it.
fn narrowing(query: &CaseFiguresQuery) -> Result<Vec<(CaseBy, String)>, Refusal> {
    let all = CaseBy::ALL.into_iter().filter(|by| !matches!(by, CaseBy::Unit | CaseBy::Procedure));
    let mut out = Vec::new();
    for by in all {
        let Some(value) = query.field(by) else { continue };
        let known = match by {
            CaseBy::Result => Outcome::from_code(value).is_some(),
            CaseBy::Kept => Kept::from_code(value).is_some(),
            CaseBy::Reviewed => Reviewed::from_code(value).is_some(),
            CaseBy::Challenge => Challenge::from_code(value).is_some(),
            _ => true,
        };
        if !known {
            return Err(Refusal::invalid(by.code(), "没有这个选项。", "请从列表中选择，或点表里的数字。"));
        }
        out.push((by, if value == EMPTY { String::new() } else { value.to_owned() }));
    }
    Ok(out)
}

/// The words of a key.
#[must_use]
pub fn title_of(by: CaseBy, key: &str, directory: &Directory) -> String {
    let known = match by {
        CaseBy::Item => directory.law.item(key).ok().map(|item| format!("{key} {}", item.name)),
        CaseBy::Result => Outcome::from_code(key).map(|r| r.title().to_owned()),
        CaseBy::Kept => Kept::from_code(key).map(|k| k.title().to_owned()),
        CaseBy::Reviewed => Reviewed::from_code(key).map(|r| r.title().to_owned()),
        CaseBy::Challenge => Challenge::from_code(key).map(|c| c.title().to_owned()),
        CaseBy::Unit => UnitCode::parse(key).ok().map(|u| directory.unit_name(&u).to_owned()),
        CaseBy::Procedure => Some(procedure(key).to_owned()),
        CaseBy::Tier if key.is_empty() || key == EMPTY => Some("没有分档".to_owned()),
        CaseBy::Tier => Some(directory.law.tier_title("*", key)),
        CaseBy::Month | CaseBy::Subject => None,
    };
    known.filter(|title| !title.is_empty()).unwrap_or_else(|| key.to_owned())
}

/// In the order of the procedure's words where there is one, months as they follow each other, else those first that are most.
fn figures(
    sums: impl IntoIterator<Item = (String, CaseSum)>,
    by: CaseBy,
    directory: &Directory,
) -> Vec<CaseFigure> {
    let order = |key: &str| match by {
        CaseBy::Result => Outcome::ALL.iter().position(|r| r.code() == key),
        CaseBy::Kept => Kept::ALL.iter().position(|r| r.code() == key),
        CaseBy::Reviewed => Reviewed::ALL.iter().position(|r| r.code() == key),
        CaseBy::Challenge => Challenge::ALL.iter().position(|r| r.code() == key),
        CaseBy::Procedure => PROCEDURES.iter().position(|(k, _)| k.code() == key),
        _ => None,
    };
    let mut rows: Vec<CaseFigure> = sums
        .into_iter()
        .map(|(key, sum)| {
            let title = title_of(by, &key, directory);
            CaseFigure { key: if key.is_empty() { EMPTY.to_owned() } else { key }, title, sum }
        })
        .collect();
    match by {
        CaseBy::Item | CaseBy::Unit | CaseBy::Tier | CaseBy::Subject => {
            rows.sort_by_key(|row| std::cmp::Reverse(row.sum.cases));
        }
        CaseBy::Month => {}
        _ => rows.sort_by_key(|row| order(&row.key)),
    }
    rows
}
