//! The TOML files as they are written, and the checks that each entry can pass on its own.

use super::{About, CategoryRule};
use crate::beijing::{DAY_US, HOUR_US, MINUTE_US};
use crate::calendar::{Calendar, Days, Span};
use crate::error::LawError;
use crate::standard::{Standard, Standing, Unit};
use crate::statute::{RawStatute, RawStatuteConfirm, RawTighten};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;

/// Shorter working days than this make terms run for decades; surely a slip of the pen.
const WORKING_DAY_MIN_US: i64 = HOUR_US;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCalendars {
    pub(super) about: About,
    #[serde(default)]
    pub(super) calendar: Vec<RawCalendar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCalendar {
    code: String,
    title: String,
    days: RawDays,
    spans: Vec<(String, String)>,
    in_force_from: Date,
    in_force_to: Option<Date>,
    source: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawDays {
    Workdays,
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerms {
    pub(super) about: About,
    #[serde(default)]
    pub(super) standard: Vec<RawStandard>,
    #[serde(default)]
    pub(super) category: Vec<RawCategory>,
    #[serde(default)]
    pub(super) statute: Vec<RawStatute>,
    #[serde(default)]
    pub(super) tighten: Vec<RawTighten>,
    #[serde(default)]
    pub(super) confirm: Vec<RawStatuteConfirm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStandard {
    code: String,
    title: String,
    amount: u32,
    unit: Unit,
    calendar: Option<String>,
    #[serde(default)]
    rolls_over: bool,
    warn: Vec<u16>,
    source: String,
    standing: Standing,
    in_force_from: Date,
    in_force_to: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCategory {
    prefix: String,
    standard: String,
    in_force_from: Date,
    in_force_to: Option<Date>,
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, LawError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        LawError::new(file, format!("第 {line} 行"), format!("格式有误：{}", error.message()))
    })
}

/// The origin of a table: its lines `# 来源：`, `# 日期：`, `# 许可：`.
pub(super) fn about_tsv(file: &str, text: &str) -> Result<About, LawError> {
    let find = |label: &str| {
        let found =
            text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(label)?.strip_prefix('：'));
        found.map(|value| value.trim().to_owned()).ok_or_else(|| {
            LawError::new(file, "文件", format!("缺少“# {label}：”行；数据须注明来源、日期和许可"))
        })
    };
    let date = find("日期")?;
    let date = date
        .parse()
        .map_err(|_| LawError::new(file, "日期", format!("“{date}”不是日期，应如 2026-10-01")))?;
    Ok(About { source: find("来源")?, date, licence: find("许可")? })
}

pub(crate) fn filled(file: &str, key: &str, texts: &[(&str, &str)]) -> Result<(), LawError> {
    match texts.iter().find(|(_, text)| text.trim().is_empty()) {
        Some((name, _)) => Err(LawError::new(file, key, format!("{name} 不能为空"))),
        None => Ok(()),
    }
}

impl RawCalendar {
    pub(super) fn check(self, file: &str) -> Result<Calendar, LawError> {
        let key = format!("calendar {}", self.code);
        filled(file, &key, &[("code", &self.code), ("title", &self.title), ("source", &self.source)])?;
        let error = |reason: String| LawError::new(file, &*key, reason);
        let mut spans: Vec<Span> = Vec::new();
        for (from, to) in &self.spans {
            let clock = |text: &str| {
                clock_us(text).ok_or_else(|| error(format!("“{text}”不是时刻，应如 08:30，最晚 24:00")))
            };
            let span = Span { from_us: clock(from)?, to_us: clock(to)? };
            if span.from_us >= span.to_us {
                return Err(error(format!("时段 {from}—{to} 的结束不晚于开始；跨零点的时段请分成两段")));
            }
            if spans.last().is_some_and(|last| last.to_us > span.from_us) {
                return Err(error(format!("时段 {from}—{to} 与前一时段重叠或次序颠倒")));
            }
            spans.push(span);
        }
        let calendar = Calendar {
            code: Arc::from(self.code),
            title: Arc::from(self.title),
            days: match self.days {
                RawDays::Workdays => Days::Workdays,
                RawDays::All => Days::All,
            },
            spans,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
            source: Arc::from(self.source),
        };
        if calendar.day_us() < WORKING_DAY_MIN_US {
            return Err(error("每天的工作时间合计至少 1 小时".to_owned()));
        }
        Ok(calendar)
    }
}

pub(super) fn clock_us(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| match text.len() {
        2 if text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<i64>().ok(),
        _ => None,
    };
    let us = number(hours)? * HOUR_US + number(minutes).filter(|m| *m < 60)? * MINUTE_US;
    (us <= DAY_US).then_some(us)
}

impl RawStandard {
    pub(super) fn check(self, file: &str) -> Result<Standard, LawError> {
        let key = format!("standard {}", self.code);
        filled(file, &key, &[("code", &self.code), ("title", &self.title), ("source", &self.source)])?;
        let error = |reason: String| Err(LawError::new(file, &*key, reason));
        if self.amount == 0 || self.amount > self.unit.amount_max() {
            return error(format!("amount 应为 1 至 {}", self.unit.amount_max()));
        }
        let whole_days = matches!(self.unit, Unit::CalendarDays | Unit::Months);
        match (&self.calendar, whole_days) {
            (Some(_), true) => return error("按日、月计的时限不用 calendar，请删去".to_owned()),
            (None, false) => return error("缺少 calendar（在哪个工作日历上计时）".to_owned()),
            _ => {}
        }
        if self.rolls_over && !whole_days {
            return error("rolls_over 只用于按日、月计的时限".to_owned());
        }
        if !self.warn.is_sorted_by(|a, b| a < b)
            || self.warn.iter().any(|percent| !(1..100).contains(percent))
        {
            return error("warn 应为由小到大的百分数，1 至 99".to_owned());
        }
        Ok(Standard {
            code: Arc::from(self.code),
            title: Arc::from(self.title),
            amount: self.amount,
            unit: self.unit,
            calendar: self.calendar.map(Arc::from),
            rolls_over: self.rolls_over,
            warn: self.warn,
            source: Arc::from(self.source),
            standing: self.standing,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
            own: None,
        })
    }
}

impl RawCategory {
    pub(super) fn check(self, file: &str) -> Result<CategoryRule, LawError> {
        let digits = self.prefix.strip_prefix(['E', 'P']);
        if !digits.is_some_and(|digits| digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit())) {
            let reason = "prefix 应为 E（事项）或 P（部件）加 0 至 5 位数字";
            return Err(LawError::new(file, format!("category {}", self.prefix), reason));
        }
        Ok(CategoryRule {
            prefix: Arc::from(self.prefix),
            standard: Arc::from(self.standard),
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}
