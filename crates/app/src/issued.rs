//! The register of numbers (文号登记): the series of each unit and year, every number that was handed out with its paper, its matter and
//! what became of it, and the gaps.

use crate::ports::{IssuedFilter, IssuedRow, MatterRow, SeriesRow};
use crate::read::given;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::numbers::NumberState;
use lianzhi_procedure::{Refusal, beijing_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Numbers on a page.
const ROWS: i64 = 100;
/// Between what stands before 字 and the branch in the key of a series.
const BETWEEN: char = '~';

/// What somebody asks of the register; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NumberQuery {
    /// Year of the numbers; this year when not given.
    pub year: Option<String>,
    /// Unit of the matters, with those below it.
    pub unit: Option<String>,
    /// One series, by its `key`; its numbers are listed then.
    pub series: Option<String>,
    /// Only numbers in this state.
    pub state: Option<String>,
    /// So many numbers are left out at the beginning.
    pub skip: Option<u32>,
}

/// A series of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NumberSeries {
    /// By what it is asked for.
    pub key: String,
    /// As it stands in the numbers: 沪青罚决字〔2026〕01.
    pub text: String,
    /// What stands before 字: the agency and the word of the paper (文书代字).
    pub word: String,
    /// Year.
    pub year: i64,
    /// Name of its papers.
    pub title: String,
    /// Unit whose series it is; the agency where all units share it.
    pub unit: String,
    /// How many numbers were handed out, of those that the caller sees.
    pub issued: i64,
    /// How many of them were voided or not used.
    pub voided: i64,
    /// The first running part.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// Running parts that are missing in the whole series: from, to.
    pub gaps: Vec<(i64, i64)>,
}

/// A number and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuedNumber {
    /// 文号.
    pub number: String,
    /// Running part.
    pub n: i64,
    /// Name of the paper.
    pub title: String,
    /// Docket of the matter.
    pub matter: i64,
    /// Number of the matter.
    pub matter_number: String,
    /// What it is about.
    pub matter_title: String,
    /// Its unit.
    pub unit: String,
    /// Day on which it was signed.
    pub signed: Date,
    /// What became of it: code.
    pub state: &'static str,
    /// The same in words.
    pub state_title: &'static str,
    /// Why it was voided or withdrawn.
    pub reason: Option<String>,
    /// 文号 of the paper that took its place, revoked or corrected it.
    pub by: Option<String>,
    /// Running parts missing right before it: from, to.
    pub gap: Option<(i64, i64)>,
}

/// The register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Numbers {
    /// Year.
    pub year: i64,
    /// Series, by word and branch.
    pub series: Vec<NumberSeries>,
    /// The numbers of the series that was asked for, in their order.
    pub numbers: Vec<IssuedNumber>,
    /// There are more.
    pub more: bool,
}

/// Whose a series is: the unit with the branch code, or whose code stands in it; else the agency's.
fn owner(directory: &Directory, branch: &str) -> String {
    if branch.is_empty() {
        return directory.settings.agency.clone();
    }
    let code = UnitCode::parse(branch.trim_end_matches('-')).ok();
    let own = directory.units.values().find(|u| u.branch == branch);
    let unit = own.or_else(|| code.and_then(|code| directory.units.get(&code)));
    unit.map_or_else(|| format!("分支 {branch}"), |u| u.name.clone())
}

fn number_series(directory: &Directory, year: i64, row: SeriesRow, gaps: Vec<(i64, i64)>) -> NumberSeries {
    let SeriesRow { head, branch, title, n, void, first, last } = row;
    NumberSeries {
        key: format!("{head}{BETWEEN}{branch}"),
        text: format!("{head}字〔{year}〕{branch}"),
        year,
        title,
        unit: owner(directory, &branch),
        issued: n,
        voided: void,
        first,
        last,
        gaps,
        word: head,
    }
}

impl App {
    /// The series of a year, and the numbers of one of them.
    ///
    /// # Errors
    /// A filter that is none, or no right.
    pub async fn issued_numbers(&self, who: &Caller, query: &NumberQuery) -> Result<Numbers, Refusal> {
        let filter = self.number_filter(who, query)?;
        let books = &self.inner.store.books;
        let all = IssuedFilter { series: None, ..filter.clone() };
        let found = books.series(&all).await.map_err(|e| unavailable(&e))?;
        let missing = books.number_gaps(filter.year).await.map_err(|e| unavailable(&e))?;
        let gaps = |head: &str, branch: &str| -> Vec<(i64, i64)> {
            let own = missing.iter().filter(|gap| gap.head == head && gap.branch == branch);
            own.map(|gap| (gap.from, gap.to)).collect()
        };
        let directory = self.directory();
        let series = found.into_iter().map(|row| {
            let gaps = gaps(&row.head, &row.branch);
            number_series(&directory, filter.year, row, gaps)
        });
        let series = series.collect();
        let (mut numbers, mut more) = (Vec::new(), false);
        if let Some((head, branch)) = &filter.series {
            let skip = i64::from(query.skip.unwrap_or(0));
            let mut rows = books.issued(&filter, skip, ROWS + 1).await.map_err(|e| unavailable(&e))?;
            let limit = usize::try_from(ROWS).unwrap_or(usize::MAX);
            more = rows.len() > limit;
            rows.truncate(limit);
            numbers = self.issued_rows(rows, &gaps(head, branch)).await?;
        }
        Ok(Numbers { year: filter.year, series, numbers, more })
    }

    /// Whether somebody sees the register of numbers at all.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_see_numbers(&self, who: &Caller) -> Result<(), Refusal> {
        self.units_seen(who, "numbers").map(|_| ())
    }

    async fn issued_rows(
        &self,
        rows: Vec<(IssuedRow, MatterRow)>,
        gaps: &[(i64, i64)],
    ) -> Result<Vec<IssuedNumber>, Refusal> {
        let reasons: Vec<Digest> = rows.iter().filter_map(|(row, _)| row.reason).collect();
        let texts: HashMap<Digest, String> = self.opened(reasons).await?;
        let directory = self.directory();
        let line = |(row, matter): (IssuedRow, MatterRow)| {
            let state = NumberState::from_code(&row.state).unwrap_or(NumberState::Issued);
            let unit = matter.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
            let at = Timestamp::from_microsecond(row.at).unwrap_or_default();
            IssuedNumber {
                number: row.number,
                n: row.n,
                title: row.title,
                matter: row.docket.0,
                matter_number: matter.number,
                matter_title: matter.title,
                unit: unit.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default(),
                signed: beijing_date(at),
                state: state.code(),
                state_title: state.title(),
                reason: row.reason.map(|part| match texts.get(&part) {
                    Some(text) => text.clone(),
                    None => "（已删除）".into(),
                }),
                by: row.by,
                gap: gaps.iter().copied().find(|(_, to)| to + 1 == row.n),
            }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    fn number_filter(&self, who: &Caller, query: &NumberQuery) -> Result<IssuedFilter, Refusal> {
        let units = self.units_shown(who, "numbers", given(query.unit.as_deref()))?;
        let year = match given(query.year.as_deref()) {
            None => i64::from(beijing_date(self.now()).year()),
            Some(text) => {
                let year = text.parse().ok().filter(|year| (1949..=9999).contains(year));
                year.ok_or_else(|| Refusal::invalid("year", "年份不对。", "请填四位年份，如 2026。"))?
            }
        };
        let series = match given(query.series.as_deref()) {
            None => None,
            Some(key) => {
                let parts = key.split_once(BETWEEN).map(|(head, branch)| (head.into(), branch.into()));
                let fault = || Refusal::invalid("series", "没有这个号段。", "请从号段中选择。");
                Some(parts.ok_or_else(fault)?)
            }
        };
        let states = match given(query.state.as_deref()) {
            None => Vec::new(),
            Some(code) => match NumberState::from_code(code) {
                Some(state) => vec![state.code().to_owned()],
                None => return Err(Refusal::invalid("state", "没有这个状态。", "请从状态中选择。")),
            },
        };
        Ok(IssuedFilter { year, units, series, states })
    }
}
