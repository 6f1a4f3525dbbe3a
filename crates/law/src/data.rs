//! The files of law data, read and checked together.

mod raw;

pub(crate) use raw::filled;

use raw::{RawCalendars, RawTerms, about_tsv, parse};

use crate::beijing::{DAY_US, next_day};
use crate::calendar::{Calendar, Calendars, Days};
use crate::entered::{Entry, EntryKind};
use crate::error::LawError;
use crate::holidays::{HolidaySchedule, LunarTable};
use crate::items::{Catalogue, CatalogueFiles, RawItems};
use crate::jurisdiction::Jurisdiction;
use crate::standard::{Service, Standard};
use crate::statute::{HOURS, NoStatute, StatuteConfirmed, Statutes, StatutoryTerm, Tightening, WORKING_DAYS};
use jiff::civil::Date;
use lianzhi_ids::{CategoryCode, Digest};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The texts that law data is made of, by name. A file of the same name replaces, another name adds.
///
/// `calendar/holidays*.tsv` official schedules (any number of files, each year in one of them),
/// `calendar/lunar.tsv` dates of the lunar festivals, `calendar/*.toml` working calendars,
/// `terms/*.toml` standards, the rules from categories to standards, statutory terms and what the agency has tightened,
/// `items/*.toml` matters of enforcement, their bases, tiers, thresholds, powers and the places they know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LawFiles(BTreeMap<String, Arc<str>>);

impl LawFiles {
    /// The files that come with the program (the repository's `data/`).
    #[must_use]
    pub fn builtin() -> Self {
        let mut files = LawFiles::default();
        for (name, text) in [
            ("calendar/holidays.tsv", include_str!("../../../data/calendar/holidays.tsv")),
            ("calendar/lunar.tsv", include_str!("../../../data/calendar/lunar.tsv")),
            ("calendar/calendars.toml", include_str!("../../../data/calendar/calendars.toml")),
            ("calendar/statutory.toml", include_str!("../../../data/calendar/statutory.toml")),
            ("terms/service.toml", include_str!("../../../data/terms/service.toml")),
            ("terms/categories.toml", include_str!("../../../data/terms/categories.toml")),
            ("items/discretion.toml", include_str!("../../../data/items/discretion.toml")),
            ("items/common.toml", include_str!("../../../data/items/common.toml")),
            ("items/guides.toml", include_str!("../../../data/items/guides.toml")),
            ("items/free.toml", include_str!("../../../data/items/free.toml")),
            ("items/items.toml", include_str!("../../../data/items/items.toml")),
            ("items/jurisdictions.toml", include_str!("../../../data/items/jurisdictions.toml")),
            ("items/powers.toml", include_str!("../../../data/items/powers.toml")),
            ("items/thresholds.toml", include_str!("../../../data/items/thresholds.toml")),
            ("terms/statutes.toml", include_str!("../../../data/terms/statutes.toml")),
        ] {
            files.put(name, text);
        }
        files
    }

    /// Adds a file, or replaces the one of the same name.
    pub fn put(&mut self, name: &str, text: &str) {
        self.0.insert(name.to_owned(), Arc::from(text.trim_start_matches('\u{feff}')));
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The file as it came with the program.
    fn is_delivered(name: &str, text: &str) -> bool {
        static DELIVERED: OnceLock<LawFiles> = OnceLock::new();
        let delivered = DELIVERED.get_or_init(LawFiles::builtin);
        delivered.0.get(name).is_some_and(|known| **known == *text)
    }

    /// Names and texts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }

    /// SHA-256 over names and texts, each with its length, of the files whose name begins so.
    fn digest(&self, prefix: &str) -> Digest {
        let mut hash = Sha256::new();
        for (name, text) in self.iter().filter(|(name, _)| name.starts_with(prefix)) {
            for bytes in [name.as_bytes(), text.as_bytes()] {
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            }
        }
        Digest(hash.finalize().into())
    }
}

/// Where a file of data comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Source in words.
    pub source: String,
    /// When it was taken from there.
    pub date: Date,
    /// Licence.
    pub licence: String,
}

/// Which standard applies to the categories whose code begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRule {
    /// `E` or `P` and up to five digits.
    pub prefix: Arc<str>,
    /// Code of the standard.
    pub standard: Arc<str>,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

/// All law data, checked: every code that is referred to exists, nothing overlaps, and what an intake needs can
/// always be found.
#[derive(Debug, Clone)]
pub struct LawData {
    calendars: Calendars,
    /// Code -> versions, ascending.
    standards: BTreeMap<Arc<str>, Vec<Standard>>,
    /// Prefix -> versions, ascending.
    categories: BTreeMap<Arc<str>, Vec<CategoryRule>>,
    statutes: Statutes,
    catalogue: Catalogue,
    about: BTreeMap<String, About>,
    digest: Digest,
}

impl LawData {
    /// The data that comes with the program.
    ///
    /// # Errors
    /// [`LawError`], if the repository's own data were broken; a test sees to it that it is not.
    pub fn builtin() -> Result<LawData, LawError> {
        LawData::load(&LawFiles::builtin())
    }

    /// Reads and checks the files.
    ///
    /// # Errors
    /// The first [`LawError`] found: file, entry or line, reason.
    pub fn load(files: &LawFiles) -> Result<LawData, LawError> {
        let (mut law, confirmed) = LawData::read(files)?;
        // What an agency writes itself is not checked because it says so.
        if !files.iter().all(|(name, text)| LawFiles::is_delivered(name, text)) {
            let delivered = LawData::delivered()?;
            law.statutes.mark(&delivered.statutes, &confirmed);
            law.catalogue.mark(&delivered.catalogue);
        }
        Ok(law)
    }

    /// The data that came with the program, read once.
    fn delivered() -> Result<&'static LawData, LawError> {
        static DELIVERED: OnceLock<LawData> = OnceLock::new();
        if let Some(law) = DELIVERED.get() {
            return Ok(law);
        }
        let law = LawData::read(&LawFiles::builtin())?.0;
        Ok(DELIVERED.get_or_init(|| law))
    }

    /// Whether data may take the place of these: no term of the law may be taken away or be looser than it was, and than it came
    /// with the program. Others' data are not looked at.
    ///
    /// # Errors
    /// The entry, and the reason with its article.
    pub fn may_become(&self, next: &LawData) -> Result<(), LawError> {
        let delivered = LawData::delivered()?;
        next.statutes
            .follow(&self.statutes, &delivered.statutes)
            .map_err(|(key, reason)| LawError::new("terms/", key, reason))
    }

    /// The data as they are written, and the confirmations of terms among them.
    fn read(files: &LawFiles) -> Result<(LawData, Vec<StatuteConfirmed>), LawError> {
        let mut holidays = HolidaySchedule::default();
        let mut lunar = LunarTable::default();
        let mut by_code: BTreeMap<Arc<str>, Vec<Calendar>> = BTreeMap::new();
        let mut standards: BTreeMap<Arc<str>, Vec<Standard>> = BTreeMap::new();
        let mut categories: BTreeMap<Arc<str>, Vec<CategoryRule>> = BTreeMap::new();
        let mut statutes: BTreeMap<Arc<str>, Vec<StatutoryTerm>> = BTreeMap::new();
        let mut tightened: BTreeMap<Arc<str>, Vec<Tightening>> = BTreeMap::new();
        let mut confirmed = Vec::new();
        let mut entered = Vec::new();
        let mut items = CatalogueFiles::default();
        let mut about = BTreeMap::new();
        // Where each code was read, so that errors found later can name the file.
        let mut home: BTreeMap<String, String> = BTreeMap::new();
        for (file, text) in files.iter() {
            let origin = match (file.split_once('/'), file.rsplit_once('.')) {
                (Some(("calendar", name)), Some((_, "tsv"))) if name.starts_with("holidays") => {
                    holidays.add(file, text)?;
                    about_tsv(file, text)?
                }
                (Some(("calendar", "lunar.tsv")), _) => {
                    lunar = LunarTable::parse(file, text)?;
                    about_tsv(file, text)?
                }
                (Some(("calendar", _)), Some((_, "toml"))) => {
                    let raw: RawCalendars = parse(file, text)?;
                    for calendar in raw.calendar {
                        let calendar = calendar.check(file)?;
                        home.insert(format!("calendar {}", calendar.code), file.to_owned());
                        by_code.entry(calendar.code.clone()).or_default().push(calendar);
                    }
                    raw.about
                }
                (Some(("terms", _)), Some((_, "toml"))) => {
                    let raw: RawTerms = parse(file, text)?;
                    for standard in raw.standard {
                        let standard = standard.check(file)?;
                        home.insert(format!("standard {}", standard.code), file.to_owned());
                        standards.entry(standard.code.clone()).or_default().push(standard);
                    }
                    for rule in raw.category {
                        let rule = rule.check(file)?;
                        home.insert(format!("category {}", rule.prefix), file.to_owned());
                        categories.entry(rule.prefix.clone()).or_default().push(rule);
                    }
                    for statute in raw.statute {
                        let statute = statute.check(file)?;
                        home.insert(format!("statute {}", statute.key), file.to_owned());
                        statutes.entry(statute.key.clone()).or_default().push(statute);
                    }
                    for word in raw.confirm {
                        confirmed.push(word.check(file)?);
                    }
                    for own in raw.tighten {
                        let own = own.check(file)?;
                        if EntryKind::of_file(file).is_some() {
                            entered.push(Entry::Term(own.clone()));
                        }
                        home.insert(format!("tighten {}", own.key), file.to_owned());
                        tightened.entry(own.key.clone()).or_default().push(own);
                    }
                    raw.about
                }
                (Some(("items", _)), Some((_, "toml"))) => {
                    let raw: RawItems = parse(file, text)?;
                    let origin = raw.about.clone();
                    items.0.push((file.to_owned(), raw));
                    origin
                }
                _ => {
                    let reason = "不认识的文件名；应为 calendar/holidays*.tsv、calendar/lunar.tsv、calendar/*.toml、terms/*.toml 或 items/*.toml";
                    return Err(LawError::new(file, "文件", reason));
                }
            };
            about.insert(file.to_owned(), origin);
        }
        order("calendar", &home, &mut by_code, |v| (v.in_force_from, v.in_force_to), true)?;
        order("standard", &home, &mut standards, |v| (v.in_force_from, v.in_force_to), false)?;
        order("category", &home, &mut categories, |v| (v.in_force_from, v.in_force_to), false)?;
        order(
            "statute",
            &home,
            &mut statutes,
            |v| (v.in_force_from.unwrap_or(Date::MIN), v.in_force_to),
            false,
        )?;
        order("tighten", &home, &mut tightened, |v| (v.in_force_from, v.in_force_to), false)?;
        let statutes = Statutes::join(statutes, tightened).map_err(|(key, reason)| {
            LawError::new(home.get(&key).map_or("terms/", String::as_str), key, reason)
        })?;
        let calendars = Calendars { holidays, lunar, by_code, digest: files.digest("calendar/") };
        let mut catalogue = items.check()?;
        let terms = crate::entered::standing(entered, &catalogue.words);
        catalogue.entries.extend(terms);
        let law = LawData {
            calendars,
            standards,
            categories,
            statutes,
            catalogue,
            about,
            digest: files.digest(""),
        };
        law.check(&home)?;
        Ok((law, confirmed))
    }

    /// What refers to each other exists, and what must never run out does not.
    fn check(&self, home: &BTreeMap<String, String>) -> Result<(), LawError> {
        let at = |key: String| (home.get(&key).cloned().unwrap_or_else(|| "terms/".to_owned()), key);
        let error = |(file, key): (String, String), reason: String| LawError { file, key, reason };
        for standard in self.standards.values().flatten() {
            if let Some(code) = &standard.calendar
                && !self.calendars.by_code.contains_key(code)
            {
                let reason = format!("calendar“{code}”不存在；请在 calendar/*.toml 中定义");
                return Err(error(at(format!("standard {}", standard.code)), reason));
            }
        }
        for (code, runs) in [(WORKING_DAYS, Days::Workdays), (HOURS, Days::All)] {
            let versions = self.calendars.by_code.get(code).map_or(&[][..], Vec::as_slice);
            let whole = |v: &Calendar| v.days == runs && v.day_us() == DAY_US;
            if versions.is_empty() || !versions.iter().all(whole) {
                let reason =
                    "法定期限在这个日历上计算，必须有且各版本都是全天（00:00—24:00）；请恢复，作息请另定日历";
                return Err(error(at(format!("calendar {code}")), reason.to_owned()));
            }
        }
        let lasting = |code: &str| match self.standards.get(code).and_then(|versions| versions.last()) {
            None => Err("没有定义"),
            Some(last) if last.in_force_to.is_some() => {
                Err("已有失效日期而没有后续版本；受理时必须有可用的标准")
            }
            Some(_) => Ok(()),
        };
        for service in Service::ALL {
            lasting(service.code())
                .map_err(|reason| error(at(format!("standard {}", service.code())), reason.to_owned()))?;
        }
        for rule in self.categories.values().flatten() {
            lasting(&rule.standard).map_err(|reason| {
                error(at(format!("category {}", rule.prefix)), format!("standard“{}”{reason}", rule.standard))
            })?;
        }
        for prefix in ["E", "P"] {
            match self.categories.get(prefix).and_then(|versions| versions.last()) {
                Some(last) if last.in_force_to.is_none() => {}
                _ => {
                    let reason = "必须有长期有效的兜底规则（无失效日期），使任何类别都有处置时限";
                    return Err(error(at(format!("category {prefix}")), reason.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// The working calendars.
    #[must_use]
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// Digest of all files.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Name and origin of every file, by name.
    pub fn about(&self) -> impl Iterator<Item = (&str, &About)> {
        self.about.iter().map(|(file, about)| (&**file, about))
    }

    /// Every version of every standard.
    pub fn standards(&self) -> impl Iterator<Item = &Standard> {
        self.standards.values().flatten()
    }

    /// Every rule from a category to its standard.
    pub fn category_rules(&self) -> impl Iterator<Item = &CategoryRule> {
        self.categories.values().flatten()
    }

    /// The version of a standard in force on a date, if any.
    #[must_use]
    pub fn standard(&self, code: &str, date: Date) -> Option<&Standard> {
        in_force(self.standards.get(code)?, date, |v| (v.in_force_from, v.in_force_to))
    }

    /// A service standard on a date; before its first version, the first.
    #[must_use]
    pub fn service_standard(&self, service: Service, date: Date) -> &Standard {
        self.lasting(service.code(), date)
            .expect("LawData::load sees to it that every service standard exists")
    }

    /// The handling term of a category on a date: that of the longest prefix with a rule in force; else of `E` or
    /// `P`. Before the first version, the first.
    #[must_use]
    pub fn handling_standard(&self, category: &CategoryCode, date: Date) -> &Standard {
        let code = category.as_str();
        (1..=code.len())
            .rev()
            .filter_map(|len| self.categories.get(code.get(..len)?))
            .find_map(|versions| in_force(versions, date, |v| (v.in_force_from, v.in_force_to)))
            .or_else(|| self.categories.get(code.get(..1)?)?.first())
            .and_then(|rule| self.lasting(&rule.standard, date))
            .expect("LawData::load sees to it that E and P have rules and rules have standards")
    }

    /// Every version of every statutory term, as the laws have them.
    pub fn statutes(&self) -> impl Iterator<Item = &StatutoryTerm> {
        self.statutes.iter()
    }

    /// What the agency has tightened.
    pub fn tightenings(&self) -> impl Iterator<Item = &Tightening> {
        self.statutes.tightenings()
    }

    /// What the agency entered itself of a kind, with the legal officer's word where there is one.
    #[must_use]
    pub fn entries(&self, kind: EntryKind) -> Vec<crate::entered::Standing> {
        self.catalogue.entries.iter().filter(|entry| entry.entry.kind() == kind).cloned().collect()
    }

    /// The same, and behind it what counts and stands in other files: what came with the program.
    #[must_use]
    pub fn all_entries(&self, kind: EntryKind) -> Vec<Entry> {
        let mut all: Vec<Entry> = self.entries(kind).into_iter().map(|entry| entry.entry).collect();
        let counting: Vec<Entry> = match kind {
            EntryKind::Powers => self.powers().cloned().map(Entry::Power).collect(),
            EntryKind::Thresholds => self.thresholds().cloned().map(Entry::Threshold).collect(),
            EntryKind::Tiers => self.benchmarks().cloned().map(Entry::Tiers).collect(),
            EntryKind::Terms => self.tightenings().cloned().map(Entry::Term).collect(),
        };
        for entry in counting {
            if !all.contains(&entry) {
                all.push(entry);
            }
        }
        all
    }

    /// What came with the program under the same key as an entry.
    #[must_use]
    pub fn delivered_as(&self, entry: &Entry) -> Option<Entry> {
        LawData::delivered().ok()?.catalogue.delivered_as(entry)
    }

    /// The statutory term that holds in a place on a date, as the agency has tightened it. A local rule goes before that of
    /// the nation: `serve.public_notice` in `SH` is `serve.public_notice.sh`, whose own key can be given too.
    ///
    /// # Errors
    /// [`NoStatute`]: no such key, not there, or not then; with what there is.
    pub fn statutory(&self, key: &str, place: &Jurisdiction, date: Date) -> Result<StatutoryTerm, NoStatute> {
        self.statutes.find(key, place, date)
    }

    /// What is known of matters of enforcement: items, places, powers, tiers.
    #[must_use]
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn lasting(&self, code: &str, date: Date) -> Option<&Standard> {
        self.standard(code, date).or_else(|| self.standards.get(code)?.first())
    }
}

pub(crate) fn in_force<T>(
    versions: &[T],
    date: Date,
    dates: impl Fn(&T) -> (Date, Option<Date>),
) -> Option<&T> {
    versions.iter().rev().find(|version| {
        let (from, to) = dates(version);
        from <= date && to.is_none_or(|to| date <= to)
    })
}

/// Sorts versions and refuses overlaps; also gaps and an end, where `lasting`.
fn order<T>(
    what: &str,
    home: &BTreeMap<String, String>,
    all: &mut BTreeMap<Arc<str>, Vec<T>>,
    dates: impl Fn(&T) -> (Date, Option<Date>),
    lasting: bool,
) -> Result<(), LawError> {
    for (code, versions) in all {
        let key = format!("{what} {code}");
        let file = home.get(&key).map_or("", String::as_str);
        versions.sort_by_key(|version| dates(version).0);
        for version in versions.iter() {
            let (from, to) = dates(version);
            if to.is_some_and(|to| to < from) {
                return Err(LawError::new(file, key, format!("in_force_to 早于 in_force_from（{from}）")));
            }
        }
        for pair in versions.windows(2) {
            let ((first, end), (next, _)) = (dates(&pair[0]), dates(&pair[1]));
            match end {
                Some(end) if end < next => {
                    if lasting && next_day(end) != next {
                        let reason = format!("{end} 与 {next} 之间没有有效版本；日历必须连续");
                        return Err(LawError::new(file, key, reason));
                    }
                }
                _ => {
                    let reason = format!(
                        "{first} 起的版本与 {next} 起的版本重叠；请给前者写 in_force_to（后者前一天）"
                    );
                    return Err(LawError::new(file, key, reason));
                }
            }
        }
        if lasting && versions.last().is_some_and(|last| dates(last).1.is_some()) {
            return Err(LawError::new(file, key, "最后一个版本不能有 in_force_to；日历必须长期有效"));
        }
    }
    Ok(())
}
