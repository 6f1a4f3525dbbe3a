//! Terms and service standards as data.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a term is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes counted on the standard's calendar.
    Minutes,
    /// Hours counted on the standard's calendar.
    Hours,
    /// Hours of working time (GB/T 30428.8 工作时), counted on the standard's calendar.
    WorkingHours,
    /// Working days; the starting day is not counted; ends when the last day's working time ends
    /// (民法典 201、203 条；民事诉讼法 85 条).
    WorkingDays,
    /// Days of the calendar; the starting day is not counted; ends at 24:00 of the last day.
    CalendarDays,
    /// Months; ends at 24:00 of the corresponding day, or of the month's last day where there is none (民法典 202 条).
    Months,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Unit; 6] =
        [Unit::Minutes, Unit::Hours, Unit::WorkingHours, Unit::WorkingDays, Unit::CalendarDays, Unit::Months];

    /// The unit on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Unit::Minutes => "分钟",
            Unit::Hours => "小时",
            Unit::WorkingHours => "工作时",
            Unit::WorkingDays => "个工作日",
            Unit::CalendarDays => "日",
            Unit::Months => "个月",
        }
    }

    /// The length of one unit in microseconds of counted time; `None` for units that count days.
    #[must_use]
    pub const fn counted_us(self) -> Option<i64> {
        match self {
            Unit::Minutes => Some(crate::beijing::MINUTE_US),
            Unit::Hours | Unit::WorkingHours => Some(crate::beijing::HOUR_US),
            Unit::WorkingDays | Unit::CalendarDays | Unit::Months => None,
        }
    }

    /// Whether an extension in `self` may lengthen a term in `term`.
    #[must_use]
    pub const fn fits(self, term: Unit) -> bool {
        self as u8 == term as u8 || (self.counted_us().is_some() && term.counted_us().is_some())
    }

    /// The largest amount of this unit in one term.
    #[must_use]
    pub const fn amount_max(self) -> u32 {
        match self {
            Unit::Minutes => 600_000,
            Unit::Hours | Unit::WorkingHours => 10_000,
            Unit::WorkingDays | Unit::CalendarDays => 3_660,
            Unit::Months => 120,
        }
    }
}

/// How far a standard may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Checked against the text of its source.
    Official,
    /// The agency's own commitment or rule.
    Adopted,
    /// The source is known, its text has not been checked.
    Unverified,
    /// An example, to be replaced by the deployment.
    Example,
}

impl Standing {
    /// The standing on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Standing::Official => "已核对",
            Standing::Adopted => "本单位规定",
            Standing::Unverified => "未核对",
            Standing::Example => "示例",
        }
    }
}

/// A term or service standard, as it was in force for some time.
///
/// A running clock holds a copy, so that the record does not depend on later law data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Code, e.g. `service.accept`; several versions share it.
    pub code: Arc<str>,
    /// Title on screen, e.g. 受理时限.
    pub title: Arc<str>,
    /// How many of [`Self::unit`].
    pub amount: u32,
    /// How it is measured.
    pub unit: Unit,
    /// The calendar it is counted on; `None` exactly for calendar days and months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Arc<str>>,
    /// Whether a term that ends on a day off ends on the next workday instead (民事诉讼法 85 条).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rolls_over: bool,
    /// Percent of the time at which to warn, ascending, 1 to 99.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<u16>,
    /// The rule it comes from, for people.
    pub source: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_to: Option<Date>,
    /// A stricter measure that the agency has set for itself: it warns and is overdue by it, and nothing follows in law from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Stricter>,
}

/// A stricter measure of an agency beside that of the law, in the same unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stricter {
    /// How many.
    pub amount: u32,
    /// The agency's own rule.
    pub source: Arc<str>,
}

impl Standard {
    /// The measure in words: `20 分钟`, `5 个工作日`.
    #[must_use]
    pub fn measure(&self) -> String {
        format!("{} {}", self.amount, self.unit.title())
    }

    /// The same for people who have never heard of 工作时: `4 小时（工作时间）`.
    #[must_use]
    pub fn plain_measure(&self) -> String {
        match self.unit {
            Unit::WorkingHours => format!("{} 小时（工作时间）", self.amount),
            _ => self.measure(),
        }
    }

    /// The rule for the public: an example names no rule of anybody's, it is what the agency makes known by using it.
    #[must_use]
    pub fn public_source(&self) -> &str {
        match self.standing {
            Standing::Example => "本机关公布的办理时限",
            Standing::Official | Standing::Adopted | Standing::Unverified => &self.source,
        }
    }
}

/// The service standards that every node has; their codes are fixed, their values are data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// 受理: a report is accepted by the officer.
    Accept,
    /// 到场: the officer is on site.
    Arrive,
    /// 答复: the complainant is answered.
    Answer,
    /// A dispatched report that nobody accepted goes to the squad leader and is reassigned.
    AcceptEscalation,
    /// 先行联系: the caller of a hotline order is contacted.
    HotlineContact,
    /// 热线一般事项办结.
    HotlineGeneral,
    /// 热线复杂事项办结.
    HotlineComplex,
}

impl Service {
    /// All of them.
    pub const ALL: [Service; 7] = [
        Service::Accept,
        Service::Arrive,
        Service::Answer,
        Service::AcceptEscalation,
        Service::HotlineContact,
        Service::HotlineGeneral,
        Service::HotlineComplex,
    ];

    /// Code of the standard in the data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Service::Accept => "service.accept",
            Service::Arrive => "service.arrive",
            Service::Answer => "service.answer",
            Service::AcceptEscalation => "escalation.accept",
            Service::HotlineContact => "hotline.contact",
            Service::HotlineGeneral => "hotline.general",
            Service::HotlineComplex => "hotline.complex",
        }
    }
}
