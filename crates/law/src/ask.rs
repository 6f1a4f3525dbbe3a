//! Questions to the law data as people and programs write them: in strings, answered alike on the command line, by the API and
//! on the calculator's page.

use crate::data::LawData;
use crate::items::{Case, ChoiceView, Comparison, ItemRow, ItemView, SubjectKind, choose};
use crate::jurisdiction::Jurisdiction;
use crate::moment::{Moment, parse_day};
use crate::money::Fen;
use crate::standard::Standing;
use crate::statute::{Binds, Direction, Due, StatutoryTerm, TermUnit};
use crate::surcharge::{Fined, Payment, Surcharge, surcharge};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::sync::Arc;

/// What was wrong with a question, in Chinese, with what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AskError {
    /// The name of the parameter at fault, where it is one.
    pub field: Option<&'static str>,
    /// Whether what was asked for does not exist, rather than being written wrongly.
    pub missing: bool,
    /// In words.
    pub message: String,
}

fn wrong(field: &'static str, message: impl Display) -> AskError {
    AskError { field: Some(field), missing: false, message: message.to_string() }
}

fn missing(message: impl Display) -> AskError {
    AskError { field: None, missing: true, message: message.to_string() }
}

/// What has to be there.
fn required<'a>(field: &'static str, what: &str, text: &'a str) -> Result<&'a str, AskError> {
    let text = text.trim();
    if text.is_empty() { Err(wrong(field, format!("缺少{what}"))) } else { Ok(text) }
}

/// Asks when a statutory term ends.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TermQuery {
    /// 起算之日或时刻，如 2026-10-12、2026-10-12T14:05
    pub from: Option<String>,
    /// 倒推期限（如听证通知）所针对之日，如举行听证之日
    pub before: Option<String>,
    /// 地区：CN、SH、ZJ、ZJ-嘉兴，或行政区划代码；不写为全国
    pub jurisdiction: Option<String>,
}

/// Asks for the surcharge on a fine.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SurchargeQuery {
    /// 罚款数额，元，至多两位小数
    pub fine_yuan: String,
    /// 缴款期限的最后一日
    pub due: String,
    /// 缴款：日期，或 日期:金额，多次以逗号分开；不写金额为缴清余额
    pub paid: String,
    /// 复议、诉讼期间：开始..结束（含两端），多段以逗号分开
    pub suspended: String,
    /// 未缴清时计算到哪一日
    pub until: Option<String>,
}

/// Asks for the basis of a penalty.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BasisQuery {
    /// 地区：SH、ZJ、ZJ-嘉兴，或行政区划代码
    pub jurisdiction: String,
    /// 单位 或 个人
    pub subject: String,
    /// 违法行为发生（开始）之日
    pub conduct: String,
    /// 连续、继续状态的终了之日；不写与发生之日相同
    pub conduct_end: Option<String>,
    /// 作出决定之日
    pub decided: String,
    /// 案情属于哪些限定情形（如 装修垃圾），以逗号分开
    pub facts: String,
}

/// Asks as of which day.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DayQuery {
    /// 按哪一日有效的规定；不写为今天
    pub date: Option<String>,
}

/// A statutory term in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TermRow {
    /// Key.
    pub key: Arc<str>,
    /// Title.
    pub title: Arc<str>,
    /// What starts it, or what it is counted back from.
    pub trigger: Arc<str>,
    /// How many; 0 for `event`.
    pub n: u32,
    /// `wd`, `cd`, `m`, `y`, `h` or `event`.
    pub unit: TermUnit,
    /// Which way it is counted.
    pub direction: Direction,
    /// Whose time it is.
    pub binds: Binds,
    /// Whether a last day off moves on; null where that cannot be.
    pub rolls_over: Option<bool>,
    /// Why it does or does not.
    pub rolls_why: Option<Arc<str>>,
    /// The law.
    pub law: Arc<str>,
    /// Its article.
    pub article: Arc<str>,
    /// Where it holds.
    pub jurisdiction: Jurisdiction,
    /// The statute's words.
    pub document: Arc<str>,
    /// What happens when it has passed.
    pub consequence: Arc<str>,
    /// Times that are not counted, each with its source.
    pub excluded: Vec<String>,
    /// By how much it may be made longer at most, by whom, each with its source.
    pub extensions: Vec<String>,
    /// Remarks.
    pub note: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
    /// First day in force, where it matters.
    pub in_force_from: Option<Date>,
    /// Last day in force.
    pub in_force_to: Option<Date>,
    /// Where its text was taken from.
    pub source: Arc<str>,
}

impl From<&StatutoryTerm> for TermRow {
    fn from(term: &StatutoryTerm) -> Self {
        let rule = term.rule();
        TermRow {
            excluded: rule.excluded,
            extensions: rule.extensions,
            key: term.key.clone(),
            title: term.title.clone(),
            trigger: term.trigger.clone(),
            n: term.measure.map_or(0, |measure| measure.n),
            unit: term.unit(),
            direction: term.direction,
            binds: term.binds,
            rolls_over: term.rollover.as_ref().map(|rollover| rollover.rolls),
            rolls_why: term.rollover.as_ref().map(|rollover| rollover.why.clone()),
            law: term.law.clone(),
            article: term.article.clone(),
            jurisdiction: term.jurisdiction.clone(),
            document: term.document.clone(),
            consequence: term.consequence.clone(),
            note: term.note.clone(),
            standing: term.standing,
            in_force_from: term.in_force_from,
            in_force_to: term.in_force_to,
            source: term.source.clone(),
        }
    }
}

/// Every statutory term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Terms {
    /// By key.
    pub terms: Vec<TermRow>,
}

/// Every item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Items {
    /// By code.
    pub items: Vec<ItemRow>,
}

/// Every statutory term in the data.
#[must_use]
pub fn terms(law: &LawData) -> Terms {
    Terms { terms: law.statutes().map(TermRow::from).collect() }
}

/// When a term ends that begins then, or by when something has to be done before then.
///
/// # Errors
/// [`AskError`].
pub fn term(law: &LawData, key: &str, query: &TermQuery) -> Result<Due, AskError> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let place = match filled(&query.jurisdiction) {
        Some(text) => law.place(&text).map_err(|e| wrong("jurisdiction", e))?,
        None => Jurisdiction::nation(),
    };
    let key = required("key", "期限", key)?;
    let statute = |day: Date| law.statutory(key, &place, day).map_err(missing);
    match (filled(&query.from), filled(&query.before)) {
        (Some(from), None) => {
            let from = Moment::parse(&from).map_err(|e| wrong("from", e))?;
            statute(from.day())?.due(from, law.calendars()).map_err(|e| wrong("from", e))
        }
        (None, Some(before)) => {
            let day = Moment::parse(&before).map_err(|e| wrong("before", e))?.day();
            statute(day)?.before(day, law.calendars()).map_err(|e| wrong("before", e))
        }
        (Some(_), Some(_)) => Err(wrong("before", "起算和倒推只能写一个")),
        (None, None) => Err(wrong("from", "缺少日期：顺算写起算之日，倒推写所针对之日（如举行听证之日）")),
    }
}

/// The surcharge on a fine.
///
/// # Errors
/// [`AskError`].
pub fn late_fine(query: &SurchargeQuery) -> Result<Surcharge, AskError> {
    let day = |field: &'static str, text: &str| parse_day(text).map_err(|e| wrong(field, e));
    let payment = |text: &str| {
        let (when, amount) = text.split_once([':', '：']).map_or((text, None), |(w, a)| (w, Some(a)));
        let amount = amount.map(|a| Fen::parse_yuan(a).map_err(|e| wrong("paid", e))).transpose()?;
        Ok(Payment { day: day("paid", when)?, amount })
    };
    let suspension = |text: &str| {
        let (from, to) = text.split_once("..").ok_or_else(|| {
            wrong("suspended", format!("“{text}”应写作 开始..结束，如 2026-03-01..2026-05-20"))
        })?;
        Ok((day("suspended", from)?, day("suspended", to)?))
    };
    let until = query.until.as_deref().filter(|text| !text.trim().is_empty());
    let fined = Fined {
        fine: Fen::parse_yuan(required("fine_yuan", "罚款数额", &query.fine_yuan)?)
            .map_err(|e| wrong("fine_yuan", e))?,
        due: day("due", required("due", "缴款期限的最后一日", &query.due)?)?,
        paid: parts(&query.paid).map(payment).collect::<Result<_, AskError>>()?,
        suspended: parts(&query.suspended).map(suspension).collect::<Result<_, AskError>>()?,
        later: Vec::new(),
        until: until.map(|text| day("until", text)).transpose()?,
    };
    surcharge(&fined).map_err(|e| wrong("paid", e))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', ';', '；', '\n', ' ']).map(str::trim).filter(|part| !part.is_empty())
}

/// The basis of a penalty for an item.
///
/// # Errors
/// [`AskError`]. That there is no basis is no error here: [`ChoiceView::chosen`] is `None`.
pub fn basis(law: &LawData, item: &str, query: &BasisQuery) -> Result<ChoiceView, AskError> {
    let day = |field: &'static str, text: &str| parse_day(text).map_err(|e| wrong(field, e));
    let item = law.item(required("item", "事项", item)?).map_err(missing)?;
    let begun = day("conduct", required("conduct", "违法行为发生之日", &query.conduct)?)?;
    let place = required("jurisdiction", "地区", &query.jurisdiction)?;
    let ended = query.conduct_end.as_deref().filter(|text| !text.trim().is_empty());
    let case = Case {
        place: law.place(place).map_err(|e| wrong("jurisdiction", e))?,
        kind: SubjectKind::parse(required("subject", "当事人类型，单位 或 个人", &query.subject)?)
            .map_err(|e| wrong("subject", e))?,
        facts: parts(&query.facts).map(str::to_owned).collect(),
        begun,
        ended: ended.map_or(Ok(begun), |text| day("conduct_end", text))?,
        decided: day("decided", required("decided", "作出决定之日", &query.decided)?)?,
    };
    let choice = choose(item, &case).map_err(|e| wrong("decided", e))?;
    Ok(choice.view())
}

/// Every item in the data.
#[must_use]
pub fn items(law: &LawData) -> Items {
    Items { items: law.items().map(crate::items::Item::row).collect() }
}

fn as_of(query: &DayQuery, today: Date) -> Result<Date, AskError> {
    let text = query.date.as_deref().filter(|text| !text.trim().is_empty());
    text.map_or(Ok(today), |text| parse_day(text).map_err(|e| wrong("date", e)))
}

/// An item whole.
///
/// # Errors
/// [`AskError`].
pub fn item(law: &LawData, code: &str, query: &DayQuery, today: Date) -> Result<ItemView, AskError> {
    let day = as_of(query, today)?;
    law.item(code).map(|item| item.view(day)).map_err(missing)
}

/// An item in all jurisdictions.
///
/// # Errors
/// [`AskError`].
pub fn compare(law: &LawData, code: &str, query: &DayQuery, today: Date) -> Result<Comparison, AskError> {
    let day = as_of(query, today)?;
    law.item(code).map(|item| law.compare(item, day)).map_err(missing)
}

/// Asks for several items side by side.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CompareQuery {
    /// 事项代码，以逗号分开；不写为全部
    pub items: String,
    /// 按哪一日有效的规定；不写为今天
    pub date: Option<String>,
}

/// Several items side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    /// The day.
    pub date: Date,
    /// Each item, in the order in which they were asked for.
    pub items: Vec<Comparison>,
}

/// Several items in all jurisdictions; all of them where none is named.
///
/// # Errors
/// [`AskError`].
pub fn compare_all(law: &LawData, query: &CompareQuery, today: Date) -> Result<Compared, AskError> {
    let date = as_of(&DayQuery { date: query.date.clone() }, today)?;
    let named: Vec<&str> = parts(&query.items).collect();
    let items = match named.is_empty() {
        true => law.items().map(|item| law.compare(item, date)).collect(),
        false => {
            let one = |code: &&str| law.item(code).map(|item| law.compare(item, date)).map_err(missing);
            named.iter().map(one).collect::<Result<_, AskError>>()?
        }
    };
    Ok(Compared { date, items })
}
