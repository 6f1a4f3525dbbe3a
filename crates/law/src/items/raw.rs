//! The files of items as they are written, and the catalogue that is made of them.

use super::common::{Common, LawMaking, RawCommon};
use super::discretion::{RawBenchmark, RawCircumstance};
use super::free::{FreeEntry, RawFree};
use super::guide::{EvidencePoint, Guidance};
use super::own::{is_own_file, same_words};
use super::power::RawPower;
use super::threshold::RawThreshold;
use super::{
    Basis, Benchmark, Circumstance, Confirmed, FineRange, FreeList, Item, Power, SubjectKind, Threshold,
    Verified,
};
use crate::data::{About, filled};
use crate::entered::{Entry, EntryConfirmed, EntryKind, RawEntryConfirm, standing};
use crate::error::LawError;
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One file below `items/`: any of the tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawItems {
    pub about: About,
    #[serde(default)]
    sources: BTreeMap<String, String>,
    #[serde(default)]
    jurisdiction: Vec<RawPlace>,
    #[serde(default)]
    item: Vec<RawItem>,
    #[serde(default)]
    basis: Vec<RawBasis>,
    #[serde(default)]
    confirm: Vec<RawConfirm>,
    #[serde(default)]
    confirm_entry: Vec<RawEntryConfirm>,
    #[serde(default)]
    circumstance: Vec<RawCircumstance>,
    #[serde(default)]
    benchmark: Vec<RawBenchmark>,
    #[serde(default)]
    power: Vec<RawPower>,
    #[serde(default)]
    threshold: Vec<RawThreshold>,
    #[serde(default)]
    evidence: Vec<EvidencePoint>,
    #[serde(default)]
    guidance: Vec<Guidance>,
    #[serde(default)]
    common: Vec<RawCommon>,
    #[serde(default)]
    law_making: Vec<LawMaking>,
    #[serde(default)]
    free: Vec<RawFree>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    code: Jurisdiction,
    title: String,
    division: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    code: String,
    name: String,
    domain: String,
    violation: String,
    subject: Vec<SubjectKind>,
    #[serde(default)]
    grid: String,
    sh_free: FreeList,
    #[serde(default)]
    note: String,
    #[serde(default)]
    basis: Vec<RawBasis>,
    #[serde(default)]
    benchmark: Vec<RawBenchmark>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBasis {
    /// Only where the basis stands outside its item.
    item: Option<String>,
    jurisdiction: Jurisdiction,
    law: String,
    article: String,
    prohibit: Option<Arc<str>>,
    subject: String,
    kinds: Vec<SubjectKind>,
    only: Option<Arc<str>>,
    enforcer: Option<Arc<str>>,
    fine_min: Option<i64>,
    fine_max: Option<i64>,
    fine_pct_of_cost: Option<(u8, u8)>,
    fine_per_m2: Option<(i64, i64)>,
    precondition: Option<Arc<str>>,
    other: Option<Arc<str>>,
    #[serde(default)]
    limit_first: bool,
    #[serde(default)]
    daily: bool,
    effective_from: Option<Date>,
    effective_to: Option<Date>,
    verified: Verified,
    source: String,
    confidence: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfirm {
    item: String,
    jurisdiction: Jurisdiction,
    law: String,
    article: String,
    by: Arc<str>,
    date: Date,
    source: Arc<str>,
    /// What the basis said when it was confirmed; none in confirmations of earlier versions.
    #[serde(default)]
    of: Option<String>,
}

impl RawItems {
    /// The items of a file that holds nothing else.
    pub fn items(self, file: &str) -> Result<Vec<Item>, LawError> {
        let sources = self.sources;
        self.item.into_iter().map(|raw| raw.check(file, &sources)).collect()
    }
}

/// A place whose rules the items know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownPlace {
    pub code: Jurisdiction,
    pub title: Arc<str>,
    pub division: Arc<str>,
}

/// All of it, checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    pub places: Vec<KnownPlace>,
    /// By code.
    pub items: BTreeMap<Arc<str>, Item>,
    pub circumstances: Vec<Circumstance>,
    pub benchmarks: Vec<Benchmark>,
    pub powers: Vec<Power>,
    pub thresholds: Vec<Threshold>,
    pub evidence: Vec<EvidencePoint>,
    pub guidance: Vec<Guidance>,
    pub common: Vec<Common>,
    pub law_making: Vec<LawMaking>,
    pub free: Vec<FreeEntry>,
    /// What the agency entered itself, whether it counts yet or not.
    pub entries: Vec<crate::entered::Standing>,
    /// The words of legal officers about entries.
    pub words: Vec<EntryConfirmed>,
}

/// The files, in the order of their names.
#[derive(Default)]
pub(crate) struct CatalogueFiles(pub Vec<(String, RawItems)>);

impl CatalogueFiles {
    /// Reads all tables: items first, so that every file may refer to those of any other.
    pub fn check(self) -> Result<Catalogue, LawError> {
        let mut all = Catalogue::default();
        let mut later = Vec::new();
        // Items that the agency keeps itself: they take the place of those that came with the program.
        let mut own = BTreeSet::new();
        let mut entries = Vec::new();
        for (file, raw) in self.0 {
            let RawItems { about: _, sources, jurisdiction, item, basis, confirm, .. } = raw;
            for place in jurisdiction {
                let (code, title) = (place.code, Arc::from(place.title));
                all.places.push(KnownPlace { code, title, division: Arc::from(place.division) });
            }
            for raw in raw.evidence {
                all.evidence.push(raw.check(&file)?);
            }
            for raw in raw.guidance {
                all.guidance.push(raw.check(&file)?);
            }
            for raw in raw.common {
                all.common.push(raw.check(&file)?);
            }
            for raw in raw.law_making {
                all.law_making.push(raw.check(&file)?);
            }
            for raw in raw.confirm_entry {
                all.words.push(raw.check(&file)?);
            }
            for raw in item {
                let item = raw.check(&file, &sources)?;
                if all.items.contains_key(&item.code) && !is_own_file(&file) {
                    return Err(LawError::new(&file, format!("item {}", item.code), "事项代码重复"));
                }
                if is_own_file(&file) {
                    own.insert(item.code.clone());
                }
                all.items.insert(item.code.clone(), item);
            }
            let (circumstance, benchmark) = (raw.circumstance, raw.benchmark);
            let amounts = (raw.power, raw.threshold, raw.free);
            later.push((file, sources, basis, confirm, circumstance, benchmark, amounts));
        }
        for (file, sources, basis, confirm, circumstances, benchmarks, amounts) in later {
            let (powers, thresholds, free) = amounts;
            for raw in basis {
                let code = raw.item.clone().unwrap_or_default();
                let basis = raw.check(&file, &code, &sources)?;
                all.item_mut(&file, &code)?.bases.push(basis);
            }
            for raw in confirm {
                let kept = own.contains(&*raw.item);
                all.confirm(&file, raw, kept)?;
            }
            for raw in circumstances {
                all.circumstances.push(raw.check(&file)?);
            }
            let entered = EntryKind::of_file(&file).is_some();
            for raw in benchmarks {
                let benchmark = raw.check(&file)?;
                if entered {
                    entries.push(Entry::Tiers(benchmark));
                } else {
                    all.benchmarks.push(benchmark);
                }
            }
            for raw in powers {
                let power = raw.check(&file)?;
                if entered {
                    entries.push(Entry::Power(power));
                } else {
                    all.powers.push(power);
                }
            }
            for raw in thresholds {
                let threshold = raw.check(&file)?;
                if entered {
                    entries.push(Entry::Threshold(threshold));
                } else {
                    all.thresholds.push(threshold);
                }
            }
            for raw in free {
                all.item_mut(&file, &raw.item)?;
                all.free.push(raw.check(&file)?);
            }
        }
        for common in &all.common {
            if !all.items.contains_key(&common.item) {
                let key = format!("common {}", common.item);
                return Err(LawError::new("items/", key, "没有这一事项；请核对代码"));
            }
        }
        all.take_in(standing(entries, &all.words));
        all.check_places()?;
        Ok(all)
    }
}

impl Catalogue {
    fn item_mut(&mut self, file: &str, code: &str) -> Result<&mut Item, LawError> {
        let missing = || LawError::new(file, format!("item {code}"), "没有这一事项；请核对代码");
        self.items.get_mut(code).ok_or_else(missing)
    }

    /// What came with the program under the same key as an entry.
    pub(crate) fn delivered_as(&self, entry: &Entry) -> Option<Entry> {
        let key = entry.key();
        let powers = self.powers.iter().cloned().map(Entry::Power);
        let thresholds = self.thresholds.iter().cloned().map(Entry::Threshold);
        let tiers = self.benchmarks.iter().cloned().map(Entry::Tiers);
        powers.chain(thresholds).chain(tiers).find(|known| known.key() == key)
    }

    /// Entries that a legal officer confirmed take the place of those of the same key; the others wait.
    fn take_in(&mut self, entries: Vec<crate::entered::Standing>) {
        for confirmed in entries.iter().filter(|entry| entry.confirmed.is_some()) {
            let key = confirmed.entry.key();
            match confirmed.entry.clone() {
                Entry::Power(power) => {
                    self.powers.retain(|old| Entry::Power(old.clone()).key() != key);
                    self.powers.push(power);
                }
                Entry::Threshold(threshold) => {
                    self.thresholds.retain(|old| Entry::Threshold(old.clone()).key() != key);
                    self.thresholds.push(threshold);
                }
                Entry::Tiers(tiers) => {
                    self.benchmarks.retain(|old| Entry::Tiers(old.clone()).key() != key);
                    self.benchmarks.push(tiers);
                }
                // Kept with the terms.
                Entry::Term(_) => {}
            }
        }
        self.entries = entries;
    }

    /// Of an item that the agency changed itself, and of an article with several bases (each of its grades is one), only a
    /// confirmation of exactly what a basis says now counts; others wait for their basis to come back.
    fn confirm(&mut self, file: &str, raw: RawConfirm, own: bool) -> Result<(), LawError> {
        let key = format!("confirm {} {} {}", raw.item, raw.law, raw.article);
        filled(file, &key, &[("by", &raw.by), ("source", &raw.source)])?;
        let confirmed = Confirmed { by: raw.by, date: raw.date, source: raw.source };
        let mut found = false;
        let bases = self.item_mut(file, &raw.item)?.bases.iter_mut();
        let mut bases: Vec<_> = bases
            .filter(|b| b.jurisdiction == raw.jurisdiction && *b.law == raw.law && *b.article == raw.article)
            .collect();
        let exactly = own || (bases.len() > 1 && raw.of.is_some());
        for basis in &mut bases {
            found = true;
            if !exactly || raw.of.as_ref().is_some_and(|words| *words == basis.words()) {
                basis.confirmed = Some(confirmed.clone());
            }
        }
        if found || own {
            Ok(())
        } else {
            Err(LawError::new(file, key, "没有这一依据；请核对地区、法律和条号"))
        }
    }

    /// A basis that says something else than a delivered one is not checked, whatever its file says.
    pub(crate) fn mark(&mut self, delivered: &Catalogue) {
        for item in self.items.values_mut() {
            let known = delivered.items.get(&item.code).map_or(&[][..], |item| item.bases.as_slice());
            for basis in item.bases.iter_mut().filter(|basis| basis.verified == Verified::V) {
                if !known.iter().any(|known| known.verified == Verified::V && same_words(known, basis)) {
                    basis.verified = Verified::V2;
                }
            }
        }
    }

    fn check_places(&self) -> Result<(), LawError> {
        for item in self.items.values() {
            for basis in &item.bases {
                if !self.places.iter().any(|place| place.code == basis.jurisdiction) {
                    let reason = format!(
                        "地区“{}”没有定义；请写入 items/*.toml 的 [[jurisdiction]]",
                        basis.jurisdiction
                    );
                    return Err(LawError::new("items/", format!("item {}", item.code), reason));
                }
            }
        }
        Ok(())
    }
}

impl RawItem {
    fn check(self, file: &str, sources: &BTreeMap<String, String>) -> Result<Item, LawError> {
        let key = format!("item {}", self.code);
        let texts = [
            ("code", &self.code),
            ("name", &self.name),
            ("domain", &self.domain),
            ("violation", &self.violation),
        ];
        filled(file, &key, &texts.map(|(name, text)| (name, text.as_str())))?;
        let code_ok = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if !self.code.chars().all(code_ok) || self.subject.is_empty() {
            return Err(LawError::new(file, key, "code 应为大写字母、数字和 -，subject 不能为空"));
        }
        let bases: Result<Vec<Basis>, LawError> =
            self.basis.into_iter().map(|raw| raw.check(file, &self.code, sources)).collect();
        let benchmarks: Result<Vec<Benchmark>, LawError> =
            self.benchmark.into_iter().map(|raw| raw.check_of(file, &self.code)).collect();
        Ok(Item {
            bases: bases?,
            benchmarks: benchmarks?,
            code: Arc::from(self.code),
            name: Arc::from(self.name),
            domain: Arc::from(self.domain),
            violation: Arc::from(self.violation),
            subjects: self.subject,
            grid: Arc::from(self.grid),
            free_list: self.sh_free,
            note: Arc::from(self.note),
        })
    }
}

impl RawBasis {
    fn check(self, file: &str, item: &str, sources: &BTreeMap<String, String>) -> Result<Basis, LawError> {
        let key = format!("item {item} {} {}", self.law, self.article);
        filled(file, &key, &[("law", &self.law), ("subject", &self.subject), ("source", &self.source)])?;
        let error = |reason: &str| LawError::new(file, &*key, reason);
        let fine = match (self.fine_min, self.fine_max, self.fine_pct_of_cost, self.fine_per_m2) {
            (Some(min), Some(max), None, None) if 0 <= min && min <= max && max > 0 => {
                FineRange::Between { min: Fen::yuan(min), max: Fen::yuan(max) }
            }
            (None, None, Some((min, max)), None) if min <= max && max <= 100 => {
                FineRange::PercentOfCost { min, max }
            }
            (None, None, None, Some((min, max))) if 0 <= min && min <= max && max > 0 => {
                FineRange::PerSquareMetre { min: Fen::yuan(min), max: Fen::yuan(max) }
            }
            (None, None, None, None) => FineRange::Unfixed,
            _ => {
                return Err(error(
                    "fine_min、fine_max 应成对且由小到大；按造价计的只写 fine_pct_of_cost，按面积计的只写 fine_per_m2",
                ));
            }
        };
        if self.kinds.is_empty() {
            return Err(error("kinds 不能为空（单位、个人）"));
        }
        if self.effective_to.is_some_and(|to| self.effective_from.is_some_and(|from| to < from)) {
            return Err(error("effective_to 早于 effective_from"));
        }
        let confidence = crate::statute::percent(Some(self.confidence)).map_err(|reason| error(&reason))?;
        let source = sources.get(&self.source).unwrap_or(&self.source);
        Ok(Basis {
            source: Arc::from(source.as_str()),
            jurisdiction: self.jurisdiction,
            law: Arc::from(self.law),
            article: Arc::from(self.article),
            prohibit: self.prohibit,
            subject: Arc::from(self.subject),
            kinds: self.kinds,
            only: self.only,
            enforcer: self.enforcer,
            fine,
            precondition: self.precondition,
            other: self.other,
            limit_first: self.limit_first,
            daily: self.daily,
            from: self.effective_from,
            to: self.effective_to,
            verified: self.verified,
            confirmed: None,
            confidence: confidence.unwrap_or(0),
        })
    }
}
