//! Statutory terms: what the laws of penalty procedure say about time, each rule once, with its article.
//!
//! How days are counted: the day of the start is not counted (民法典 201 条); working days leave out holidays and weekends
//! and count make-up workdays (行政处罚法 85 条、行政强制法 69 条、行政复议法 88 条); months and years end on the day of the
//! same number, or on the month's last day where there is none (民法典 202 条); hours run from their instant. Whether a last
//! day that is a day off moves on is said of each rule, with its reason.

mod due;
mod find;
mod guard;
mod raw;
mod rule;

pub use due::{Due, DueError, OwnDue};
pub use find::NoStatute;
pub(crate) use find::Statutes;
pub(crate) use guard::StatuteConfirmed;
pub(crate) use raw::{RawStatute, RawStatuteConfirm, RawTighten, percent};
pub use rule::TermRule;

use crate::cite::citation;
use crate::items::Confirmed;
use crate::jurisdiction::Jurisdiction;
use crate::standard::{Standard, Standing, Stricter, Unit};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Calendar of working days of statutory terms; whole days, checked where the data is read.
pub const WORKING_DAYS: &str = "statutory";
/// Calendar of hours; never stops, checked where the data is read.
pub(crate) const HOURS: &str = "7x24";
/// Percent of a statutory term at which to warn.
const WARN: [u16; 2] = [50, 80];

/// How a statutory term is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum TermUnit {
    /// Hours, from the instant.
    #[serde(rename = "h")]
    Hours,
    /// Working days.
    #[serde(rename = "wd")]
    WorkingDays,
    /// Days of the calendar.
    #[serde(rename = "cd")]
    CalendarDays,
    /// Months.
    #[serde(rename = "m")]
    Months,
    /// Years.
    #[serde(rename = "y")]
    Years,
    /// No number: 及时, or at an event.
    #[serde(rename = "event")]
    Event,
}

impl TermUnit {
    /// The unit on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            TermUnit::Hours => "小时",
            TermUnit::WorkingDays => "个工作日",
            TermUnit::CalendarDays => "日",
            TermUnit::Months => "个月",
            TermUnit::Years => "年",
            TermUnit::Event => "（法律未定天数）",
        }
    }
}

/// A number of a unit that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// How many, more than none.
    pub n: u32,
    /// Of what; never [`TermUnit::Event`].
    pub unit: TermUnit,
}

impl Measure {
    /// The measure in words: `15 日`, `7 个工作日`.
    #[must_use]
    pub fn text(self) -> String {
        format!("{} {}", self.n, self.unit.title())
    }

    /// As papers write it: `十五日`, `六个月`, `七个工作日`.
    #[must_use]
    pub fn spoken(self) -> String {
        format!("{}{}", numeral(self.n), self.unit.title())
    }

    /// The same for a running clock: a year is twelve months.
    fn counted(self) -> Option<(u32, Unit)> {
        Some(match self.unit {
            TermUnit::Hours => (self.n, Unit::Hours),
            TermUnit::WorkingDays => (self.n, Unit::WorkingDays),
            TermUnit::CalendarDays => (self.n, Unit::CalendarDays),
            TermUnit::Months => (self.n, Unit::Months),
            TermUnit::Years => (self.n.saturating_mul(12), Unit::Months),
            TermUnit::Event => return None,
        })
    }
}

/// A number as papers write it: `十五`, `六十`, `一百二十`.
fn numeral(n: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS.get(d as usize).copied().unwrap_or_default();
    match n {
        0..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", if n == 10 { "" } else { digit(n % 10) }),
        20..=99 => format!("{}十{}", digit(n / 10), if n.is_multiple_of(10) { "" } else { digit(n % 10) }),
        100..=999 => {
            let rest = match n % 100 {
                0 => String::new(),
                rest @ 1..=9 => format!("〇{}", digit(rest)),
                rest @ 10..=19 => format!("一{}", numeral(rest)),
                rest => numeral(rest),
            };
            format!("{}百{rest}", digit(n / 100))
        }
        _ => n.to_string(),
    }
}

/// Which way a term is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From its start to its last day.
    #[default]
    After,
    /// From an event back to the latest day on which something has to have been done.
    Before,
}

/// Whose time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Binds {
    /// The agency has to act in it; the agency may tighten it.
    Agency,
    /// The party may act in it, or is protected by it; nobody may shorten it.
    Party,
    /// A court, the police or another body.
    Other,
}

impl Binds {
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Binds::Agency => "执法机关",
            Binds::Party => "当事人",
            Binds::Other => "其他机关",
        }
    }
}

/// Whether a last day that is a day off moves to the next workday, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollover {
    /// It does.
    pub rolls: bool,
    /// The reason, with its article.
    pub why: Arc<str>,
}

/// A time that is not counted; the clock is paused for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// Which time.
    pub what: Arc<str>,
    /// Law and article.
    pub source: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
}

/// By how much a term may be made longer at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lengthening {
    /// At most.
    pub most: Measure,
    /// Who approves it, under which condition.
    pub who: Arc<str>,
    /// Law and article.
    pub source: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
}

/// A stricter term that the agency has set for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tightening {
    /// Key of the statutory term.
    pub key: Arc<str>,
    /// The stricter number, in the unit of the law: fewer for a term that runs, more for one counted backwards.
    pub n: u32,
    /// The agency's own rule.
    pub source: Arc<str>,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

/// One statutory term, as it was in force for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatutoryTerm {
    /// Key, e.g. `pay.fine`; a local rule's key ends in its jurisdiction, e.g. `serve.public_notice.sh`.
    pub key: Arc<str>,
    /// Title on screen.
    pub title: Arc<str>,
    /// The law.
    pub law: Arc<str>,
    /// Its article; empty where it has not been checked.
    pub article: Arc<str>,
    /// What starts it (or what it is counted back from).
    pub trigger: Arc<str>,
    /// Number and unit of the law: from its end follows what the law says; `None` where the law names no number.
    pub measure: Option<Measure>,
    /// The agency's own stricter measure and its rule, where it has tightened the term: by it the agency warns itself and is
    /// overdue, and nothing follows from it in law.
    pub tightened: Option<(Measure, Arc<str>)>,
    /// Which way it is counted.
    pub direction: Direction,
    /// Whose time it is.
    pub binds: Binds,
    /// What happens when the last day is a day off; given exactly for calendar days, months and years.
    pub rollover: Option<Rollover>,
    /// Times that are not counted.
    pub excluded: Vec<Excluded>,
    /// How it may be made longer.
    pub extensions: Vec<Lengthening>,
    /// What happens when it has passed; may be empty.
    pub consequence: Arc<str>,
    /// The statute's words, for documents whose date is not certain yet.
    pub document: Arc<str>,
    /// Codes of the catalogue of problems (`E06001`) whose reports it runs for; empty where it is not about a kind of problem.
    pub categories: Vec<Arc<str>>,
    /// Where it holds.
    pub jurisdiction: Jurisdiction,
    /// Remarks; may be empty.
    pub note: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
    /// A legal officer's confirmation of exactly what it says, where it needed one.
    pub confirmed: Option<Confirmed>,
    /// How sure an unverified one is, in percent.
    pub confidence: Option<u8>,
    /// Where its text was taken from.
    pub source: Arc<str>,
    /// First day in force; `None`: for as long as this program needs to know.
    pub in_force_from: Option<Date>,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

impl StatutoryTerm {
    /// Law and article as documents cite them.
    #[must_use]
    pub fn citation(&self) -> String {
        citation(&self.law, &self.article)
    }

    /// The unit as the data writes it.
    #[must_use]
    pub fn unit(&self) -> TermUnit {
        self.measure.map_or(TermUnit::Event, |measure| measure.unit)
    }

    /// The key without the jurisdiction of a local rule.
    #[must_use]
    pub fn general_key(&self) -> &str {
        match self.key.rsplit_once('.') {
            Some((general, last)) if last == self.jurisdiction.as_str().to_lowercase() => general,
            _ => &self.key,
        }
    }

    /// The standard with which to start a [`Running`](crate::Running) clock that can be paused and extended. `None` for a term
    /// without a number and for one that is counted backwards.
    #[must_use]
    pub fn standard(&self) -> Option<Standard> {
        let (amount, unit) = self.measure.filter(|_| self.direction == Direction::After)?.counted()?;
        let calendar = match unit {
            Unit::WorkingDays => Some(WORKING_DAYS),
            Unit::Hours => Some(HOURS),
            _ => None,
        };
        let own = self.tightened.as_ref().and_then(|(measure, source)| {
            Some(Stricter { amount: measure.counted()?.0, source: source.clone() })
        });
        Some(Standard {
            code: self.key.clone(),
            title: self.title.clone(),
            amount,
            unit,
            calendar: calendar.map(Arc::from),
            rolls_over: self.rollover.as_ref().is_some_and(|rollover| rollover.rolls),
            warn: WARN.to_vec(),
            source: Arc::from(self.citation()),
            standing: self.standing,
            in_force_from: self.in_force_from.unwrap_or(Date::constant(1949, 10, 1)),
            in_force_to: self.in_force_to,
            own,
        })
    }

    /// The term with the agency's own stricter measure beside that of the law.
    pub(crate) fn tighten(mut self, own: &Tightening) -> StatutoryTerm {
        self.tightened = self.measure.map(|law| (Measure { n: own.n, ..law }, own.source.clone()));
        self
    }

    /// Why this stricter term is none: the reason with the article.
    pub(crate) fn loosened_by(&self, own: &Tightening) -> Option<String> {
        let rule = self.citation();
        let Some(measure) = self.measure else {
            return Some(format!("{rule} 没有规定天数，不能以数字收紧；请在内部时限中另定标准"));
        };
        if self.binds != Binds::Agency {
            let whose = self.binds.title();
            return Some(format!("{rule} 的期限是{whose}的，本机关无权改动；请删去本条"));
        }
        if self.key.starts_with("limitation.") {
            return Some(format!("{rule} 是追责时效，不是本机关办理的期限，不能收紧；请删去本条"));
        }
        let law = measure.n;
        let stricter = match self.direction {
            Direction::After => own.n > 0 && own.n < law,
            Direction::Before => own.n > law,
        };
        let should = match self.direction {
            Direction::After => format!("应小于 {law}（且大于 0）"),
            Direction::Before => format!("应大于 {law}（提前得更早）"),
        };
        (!stricter)
            .then(|| format!("只能从严，不能放宽：{rule} 规定 {}，n = {} {should}", measure.text(), own.n))
    }
}
