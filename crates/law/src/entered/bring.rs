//! Entries that somebody brings as a file: read, and checked as what is typed is.

use super::fields::{PowerFields, ThresholdFields, TightenFields};
use super::{Entry, EntryKind, check_entries};
use crate::data::LawData;
use crate::error::LawError;
use crate::items::{Benchmark, Fault, RawBenchmark, RawPower, RawThreshold, fault};
use crate::standard::Standing;
use crate::statute::RawTighten;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What stands for the name of a file that was brought.
const FILE: &str = "导入的文件";

/// The tables of [`EntryKind`], whatever is said about them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InFile {
    #[serde(rename = "about")]
    _about: Option<IgnoredAny>,
    #[serde(default)]
    power: Vec<RawPower>,
    #[serde(default)]
    threshold: Vec<RawThreshold>,
    #[serde(default)]
    benchmark: Vec<RawBenchmark>,
    #[serde(default)]
    tighten: Vec<RawTighten>,
}

/// Reads entries of a kind that somebody brings, in the form in which they are written out.
///
/// # Errors
/// What cannot be read, or stands there of another kind.
pub fn read_entries(kind: EntryKind, text: &str) -> Result<Vec<Entry>, LawError> {
    check_entries(kind, text).map_err(|error| LawError { file: FILE.to_owned(), ..error })?;
    let raw: InFile = toml::from_str(text)
        .map_err(|e| LawError::new(FILE, "文件", format!("格式有误：{}", e.message())))?;
    let powers = raw.power.into_iter().map(|raw| raw.check(FILE).map(Entry::Power));
    let thresholds = raw.threshold.into_iter().map(|raw| raw.check(FILE).map(Entry::Threshold));
    let tiers = raw.benchmark.into_iter().map(|raw| raw.check(FILE).map(Entry::Tiers));
    let terms = raw.tighten.into_iter().map(|raw| raw.check(FILE).map(Entry::Term));
    powers.chain(thresholds).chain(tiers).chain(terms).collect()
}

/// The agency's own tiers for all items, as they may be kept.
fn own_tiers(tiers: &Benchmark) -> Result<Entry, Fault> {
    if &*tiers.item != "*" {
        let rule = format!("“{}”不是对全部事项适用的档次。", tiers.item);
        return fault("item", rule, "单个事项的档次随事项导入；这里 item 应为 *。");
    }
    if tiers.in_force_to.is_some_and(|to| to < tiers.in_force_from) {
        return fault("to", "失效日期早于施行日期。", "请核对两个日期；现行有效的不写失效日期。");
    }
    if let Some(tier) = tiers.twice() {
        let rule = format!("有两档的代码或者名称都是“{}”。", tier.title);
        return fault("tiers", rule, "案件按它记录档次，请分别命名。");
    }
    Ok(Entry::Tiers(Benchmark { standing: Standing::Adopted, ..tiers.clone() }))
}

impl Entry {
    /// The entry as the agency may keep it: checked as if it had been typed, and waiting for a legal officer whatever its file says.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn brought(&self, law: &LawData) -> Result<Entry, Fault> {
        let (from, to) = self.dates();
        let (in_force, source) = ((Some(from), to), self.source().to_owned());
        match self {
            Entry::Power(p) => PowerFields {
                agency: p.agency.to_string(),
                items: p.items.join(","),
                decision: p.decision.to_string(),
                given_by: p.given_by.as_deref().unwrap_or_default().to_owned(),
                source,
                in_force,
            }
            .entry(law),
            Entry::Threshold(t) => ThresholdFields {
                kind: Some(t.kind),
                jurisdiction: Some(t.jurisdiction.clone()),
                sums: (Some(t.person.0 / 100), Some(t.entity.0 / 100)),
                also: t.also.clone(),
                source,
                in_force,
            }
            .entry(),
            Entry::Tiers(tiers) => own_tiers(tiers),
            Entry::Term(t) => {
                TightenFields { key: t.key.to_string(), n: Some(i64::from(t.n)), source, in_force }.entry(law)
            }
        }
    }
}
