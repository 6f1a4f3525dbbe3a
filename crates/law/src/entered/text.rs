//! Entries as they are written, and the words of legal officers about them.

use super::{Entry, EntryKind};
use crate::data::filled;
use crate::error::LawError;
use crate::items::{Confirmed, RawBenchmark, RawPower, RawThreshold};
use crate::statute::RawTighten;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A legal officer's word that an entry says what its source says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryConfirmed {
    /// What it said when it was confirmed ([`Entry::words`]).
    pub of: String,
    /// Who, when, by which text.
    pub confirmed: Confirmed,
}

/// The same as it is written in `items/confirmed.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEntryConfirm {
    of: String,
    by: Arc<str>,
    date: Date,
    source: Arc<str>,
}

impl RawEntryConfirm {
    pub(crate) fn check(self, file: &str) -> Result<EntryConfirmed, LawError> {
        let key = "confirm_entry";
        if file != crate::confirm::ENTRIES_FILE {
            let reason = format!("确认只能写在 {} 中", crate::confirm::ENTRIES_FILE);
            return Err(LawError::new(file, key, reason));
        }
        filled(file, key, &[("of", &self.of), ("by", &self.by), ("source", &self.source)])?;
        let confirmed = Confirmed { by: self.by, date: self.date, source: self.source };
        Ok(EntryConfirmed { of: self.of, confirmed })
    }
}

#[derive(Serialize)]
struct OutFile<'a> {
    about: OutAbout<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    power: Vec<RawPower>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    threshold: Vec<RawThreshold>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    benchmark: Vec<RawBenchmark>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tighten: Vec<RawTighten>,
}

#[derive(Serialize)]
struct OutAbout<'a> {
    source: &'a str,
    date: String,
    licence: &'a str,
}

/// Entries as TOML, the way the files of law data are written.
///
/// # Errors
/// When they cannot be written.
pub fn entries_text<'a>(entries: impl IntoIterator<Item = &'a Entry>, date: Date) -> Result<String, String> {
    let about =
        OutAbout {
            source: "本机关登记，逐条注明来源", date: date.to_string(), licence: "本机关记录"
        };
    let mut file = OutFile {
        about,
        power: Vec::new(),
        threshold: Vec::new(),
        benchmark: Vec::new(),
        tighten: Vec::new(),
    };
    for entry in entries {
        match entry {
            Entry::Power(power) => file.power.push(power.into()),
            Entry::Threshold(threshold) => file.threshold.push(threshold.into()),
            Entry::Tiers(benchmark) => file.benchmark.push(benchmark.into()),
            Entry::Term(own) => file.tighten.push(own.into()),
        }
    }
    toml::to_string(&file).map_err(|e| e.to_string())
}

/// Sees to it that a file of entries holds entries of its kind and nothing else.
///
/// # Errors
/// What else it holds.
pub fn check_entries(kind: EntryKind, text: &str) -> Result<(), LawError> {
    let name = kind.file();
    let table: toml::Table = toml::from_str(text)
        .map_err(|e| LawError::new(name, "文件", format!("格式有误：{}", e.message())))?;
    match table.keys().find(|key| !["about", kind.table()].contains(&key.as_str())) {
        Some(other) => {
            let reason = format!("{}的文件只能含 [about] 和 [[{}]]", kind.title(), kind.table());
            Err(LawError::new(name, other, reason))
        }
        None => Ok(()),
    }
}
