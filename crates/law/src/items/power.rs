//! Who holds which power, by which published decision, from when to when (权责清单与赋权).

use crate::data::filled;
use crate::error::LawError;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Powers that an agency holds by one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    /// Division code of the agency, or of a town with more digits.
    pub agency: Arc<str>,
    /// Codes of items; `JZLJ-*` for all that begin so, `*` for all.
    pub items: Vec<Arc<str>>,
    /// The published decision.
    pub decision: Arc<str>,
    /// The agency that gave the power down.
    pub given_by: Option<Arc<str>>,
    /// Where the decision was published; empty where that was not said.
    pub source: Arc<str>,
    /// How far the entry may be relied on.
    pub standing: Standing,
    /// First day.
    pub in_force_from: Date,
    /// Last day; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

/// Whether a code as powers write it (`ZD-01`, `JZLJ-*`, `*`) takes in an item.
pub(crate) fn takes_in(pattern: &str, item: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => item.starts_with(beginning),
        None => pattern == item,
    }
}

impl Power {
    /// Whether it takes in an item.
    #[must_use]
    pub fn holds(&self, item: &str) -> bool {
        self.items.iter().any(|pattern| takes_in(pattern, item))
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.in_force_from <= day && self.in_force_to.is_none_or(|to| day <= to)
    }
}

/// Why an agency may not handle an item: 行政处罚法 38 条 makes a penalty without the power void.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPower {
    /// It has no entry at all.
    #[error(
        "机关 {agency} 没有登记任何执法权限；请先导入权责清单（行政处罚法 17、38 条：没有权限的处罚无效）"
    )]
    Unlisted {
        /// The agency.
        agency: String,
    },
    /// Not this item.
    #[error("机关 {agency} 的权责清单不含事项 {item}；应移送有权机关（行政处罚法 17、38 条）")]
    NotHeld {
        /// The agency.
        agency: String,
        /// The item.
        item: String,
    },
    /// Not on this day.
    #[error("机关 {agency} 在 {day} 没有事项 {item} 的权限：{dates}（行政处罚法 17、38 条）")]
    NotThen {
        /// The agency.
        agency: String,
        /// The item.
        item: String,
        /// The day.
        day: Date,
        /// When it holds it.
        dates: String,
    },
}

/// The power under which an agency may handle an item on a day.
pub(crate) fn may_handle<'a>(
    powers: &'a [Power],
    agency: &str,
    item: &str,
    day: Date,
) -> Result<&'a Power, NoPower> {
    let own: Vec<&Power> = powers.iter().filter(|power| &*power.agency == agency).collect();
    if own.is_empty() {
        return Err(NoPower::Unlisted { agency: agency.to_owned() });
    }
    let held: Vec<&Power> = own.into_iter().filter(|power| power.holds(item)).collect();
    if held.is_empty() {
        return Err(NoPower::NotHeld { agency: agency.to_owned(), item: item.to_owned() });
    }
    held.iter().find(|power| power.in_force(day)).copied().ok_or_else(|| {
        let dates: Vec<String> = held
            .iter()
            .map(|power| match power.in_force_to {
                Some(to) => format!("{} 自 {} 至 {to}", power.decision, power.in_force_from),
                None => format!("{} 自 {} 起", power.decision, power.in_force_from),
            })
            .collect();
        NoPower::NotThen { agency: agency.to_owned(), item: item.to_owned(), day, dates: dates.join("；") }
    })
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPower {
    agency: String,
    items: Vec<String>,
    decision: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    source: String,
    standing: Standing,
    in_force_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force_to: Option<Date>,
}

impl From<&Power> for RawPower {
    fn from(power: &Power) -> Self {
        RawPower {
            agency: power.agency.to_string(),
            items: power.items.iter().map(ToString::to_string).collect(),
            decision: power.decision.to_string(),
            from: power.given_by.as_deref().map(str::to_owned),
            source: power.source.to_string(),
            standing: power.standing,
            in_force_from: power.in_force_from,
            in_force_to: power.in_force_to,
        }
    }
}

impl RawPower {
    pub(crate) fn check(self, file: &str) -> Result<Power, LawError> {
        let key = format!("power {}", self.agency);
        filled(file, &key, &[("agency", &self.agency), ("decision", &self.decision)])?;
        let error = |reason: &str| Err(LawError::new(file, &*key, reason));
        if !self.agency.bytes().all(|b| b.is_ascii_digit()) {
            return error("agency 应为行政区划代码");
        }
        if self.items.is_empty() || self.items.iter().any(|item| item.trim_end_matches('*').contains('*')) {
            return error("items 应为事项代码，* 只能写在末尾");
        }
        if self.in_force_to.is_some_and(|to| to < self.in_force_from) {
            return error("in_force_to 早于 in_force_from");
        }
        Ok(Power {
            agency: Arc::from(self.agency),
            items: self.items.into_iter().map(Arc::from).collect(),
            decision: Arc::from(self.decision),
            given_by: self.from.map(Arc::from),
            source: Arc::from(self.source),
            standing: self.standing,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}
