//! The lists of first minor violations without penalty (轻微违法行为不予处罚清单, 行政处罚法 33 条), entry by entry with its source.

use crate::data::filled;
use crate::error::LawError;
use crate::jurisdiction::Jurisdiction;
use crate::standard::Standing;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeEntry {
    /// Code of the item.
    pub item: Arc<str>,
    /// Where.
    pub jurisdiction: Jurisdiction,
    /// Name of the list, with its number or date.
    pub list: Arc<str>,
    /// Which entry of it.
    pub entry: Arc<str>,
    /// Under what conditions there is no penalty.
    pub condition: Arc<str>,
    /// Where it was read.
    pub source: Arc<str>,
    /// How far it may be relied on: one that nobody compared with the list in force is no ground by itself.
    pub standing: Standing,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

impl FreeEntry {
    /// Whether it may be the ground without a legal officer's word on the case.
    #[must_use]
    pub fn relied_on(&self) -> bool {
        matches!(self.standing, Standing::Official | Standing::Adopted)
    }
    /// As people read it: list and entry.
    #[must_use]
    pub fn cite(&self) -> String {
        format!("{}{}：{}", self.list, self.entry, self.condition)
    }
}

/// The entry that holds for an item in a place on a day, the most local one first.
pub(crate) fn find<'a>(
    all: &'a [FreeEntry],
    item: &str,
    place: &Jurisdiction,
    day: Date,
) -> Option<&'a FreeEntry> {
    all.iter()
        .filter(|e| *e.item == *item && e.jurisdiction.covers(place))
        .filter(|e| e.in_force_from <= day && e.in_force_to.is_none_or(|to| day <= to))
        .max_by_key(|e| e.jurisdiction.depth())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFree {
    pub item: String,
    jurisdiction: Jurisdiction,
    list: String,
    entry: String,
    condition: String,
    source: String,
    standing: Standing,
    in_force_from: Date,
    in_force_to: Option<Date>,
}

impl RawFree {
    pub(super) fn check(self, file: &str) -> Result<FreeEntry, LawError> {
        let key = format!("free {} {}", self.item, self.jurisdiction);
        let texts = [
            ("list", &self.list),
            ("entry", &self.entry),
            ("condition", &self.condition),
            ("source", &self.source),
        ];
        filled(file, &key, &texts.map(|(name, text)| (name, text.as_str())))?;
        Ok(FreeEntry {
            item: Arc::from(self.item),
            jurisdiction: self.jurisdiction,
            list: Arc::from(self.list),
            entry: Arc::from(self.entry),
            condition: Arc::from(self.condition),
            source: Arc::from(self.source),
            standing: self.standing,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}
