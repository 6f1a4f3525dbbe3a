//! What an agency enters of the law beside its items: who holds which power, from which sums on something is demanded, tiers for all
//! items, terms that it has tightened. Each kind has a file of its own, which holds nothing else, and every entry waits for a legal
//! officer's word: until then a power, a sum or tiers do not count. A tightened term warns at once, because it only ever binds the
//! agency more.

mod bring;
mod fields;
mod text;
mod view;

pub use bring::read_entries;
pub use fields::{PowerFields, ThresholdFields, TightenFields};
pub(crate) use text::{EntryConfirmed, RawEntryConfirm};
pub use text::{check_entries, entries_text};
pub use view::{Content, EnteredBy, EntriesView, EntryView, entries};

use crate::items::{Benchmark, Confirmed, ItemChange, Power, Sign, Threshold};
use crate::jurisdiction::Jurisdiction;
use crate::statute::Tightening;
use jiff::civil::Date;

/// What may be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Who holds which items by which decision (权责清单与赋权).
    Powers,
    /// From which fine on a hearing, a review, a discussion is demanded.
    Thresholds,
    /// Tiers of the range for all items (裁量基准).
    Tiers,
    /// Terms of the law that the agency has tightened.
    Terms,
}

impl EntryKind {
    /// All, in the order of the pages.
    pub const ALL: [EntryKind; 4] =
        [EntryKind::Powers, EntryKind::Thresholds, EntryKind::Tiers, EntryKind::Terms];

    /// Code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            EntryKind::Powers => "powers",
            EntryKind::Thresholds => "thresholds",
            EntryKind::Tiers => "tiers",
            EntryKind::Terms => "tightened",
        }
    }

    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<EntryKind> {
        EntryKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            EntryKind::Powers => "执法权限",
            EntryKind::Thresholds => "数额标准",
            EntryKind::Tiers => "通用裁量档次",
            EntryKind::Terms => "从严的期限",
        }
    }

    /// The file that keeps them.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            EntryKind::Powers => "items/agency-powers.toml",
            EntryKind::Thresholds => "items/agency-thresholds.toml",
            EntryKind::Tiers => "items/agency-tiers.toml",
            EntryKind::Terms => "terms/agency-terms.toml",
        }
    }

    /// The kind that a file keeps.
    #[must_use]
    pub fn of_file(name: &str) -> Option<EntryKind> {
        EntryKind::ALL.into_iter().find(|kind| kind.file() == name)
    }

    /// The table of the file.
    const fn table(self) -> &'static str {
        match self {
            EntryKind::Powers => "power",
            EntryKind::Thresholds => "threshold",
            EntryKind::Tiers => "benchmark",
            EntryKind::Terms => "tighten",
        }
    }

    /// Whether an entry counts only after a legal officer has confirmed it.
    #[must_use]
    pub const fn waits(self) -> bool {
        !matches!(self, EntryKind::Terms)
    }
}

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// See [`EntryKind::Powers`].
    Power(Power),
    /// See [`EntryKind::Thresholds`].
    Threshold(Threshold),
    /// See [`EntryKind::Tiers`].
    Tiers(Benchmark),
    /// See [`EntryKind::Terms`].
    Term(Tightening),
}

/// An entry with the legal officer's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What was entered.
    pub entry: Entry,
    /// Who confirmed exactly this; none: nobody yet.
    pub confirmed: Option<Confirmed>,
}

impl Entry {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        match self {
            Entry::Power(_) => EntryKind::Powers,
            Entry::Threshold(_) => EntryKind::Thresholds,
            Entry::Tiers(_) => EntryKind::Tiers,
            Entry::Term(_) => EntryKind::Terms,
        }
    }

    /// What two entries share of which the later takes the place of the earlier.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Entry::Power(p) => format!("{}｜{}｜{}", p.agency, p.decision, p.in_force_from),
            Entry::Threshold(t) => format!("{}｜{}｜{}", t.kind.title(), t.jurisdiction, t.in_force_from),
            Entry::Tiers(b) => format!("{}｜{}｜{}", b.item, b.jurisdiction, b.in_force_from),
            Entry::Term(t) => format!("{}｜{}", t.key, t.in_force_from),
        }
    }

    /// What it is about, in short.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Entry::Power(p) => format!("机关 {}", p.agency),
            Entry::Threshold(t) => format!("{}（{}）", t.kind.title(), t.jurisdiction.title()),
            Entry::Tiers(b) => format!("{}（{}）", b.title, b.jurisdiction.title()),
            Entry::Term(t) => t.key.to_string(),
        }
    }

    /// First and last day in force.
    #[must_use]
    pub const fn dates(&self) -> (Date, Option<Date>) {
        match self {
            Entry::Power(p) => (p.in_force_from, p.in_force_to),
            Entry::Threshold(t) => (t.in_force_from, t.in_force_to),
            Entry::Tiers(b) => (b.in_force_from, b.in_force_to),
            Entry::Term(t) => (t.in_force_from, t.in_force_to),
        }
    }

    /// Where it was published.
    #[must_use]
    pub fn source(&self) -> &str {
        match self {
            Entry::Power(p) => &p.source,
            Entry::Threshold(t) => &t.source,
            Entry::Tiers(b) => &b.source,
            Entry::Term(t) => &t.source,
        }
    }

    /// All that it says, in one line: a confirmation is one of exactly this.
    #[must_use]
    pub fn words(&self) -> String {
        self.told(Jurisdiction::to_string)
    }

    /// The same on screen, where places have their names.
    #[must_use]
    pub fn shown(&self) -> String {
        self.told(Jurisdiction::title)
    }

    fn told(&self, place: fn(&Jurisdiction) -> String) -> String {
        let said = match self {
            Entry::Power(p) => {
                let items: Vec<&str> = p.items.iter().map(|item| &**item).collect();
                let given = p.given_by.as_deref().map(|by| format!("，由 {by} 赋权")).unwrap_or_default();
                format!("机关 {} 的事项 {}，依据 {}{given}", p.agency, items.join("、"), p.decision)
            }
            Entry::Threshold(t) => {
                let also: Vec<&str> = t.also.iter().map(|act| act.title()).collect();
                let also = match also.is_empty() {
                    true => String::new(),
                    false => format!("，另须审核：{}", also.join("、")),
                };
                format!(
                    "{}（{}）：个人 {} 元、单位 {} 元以上{also}",
                    t.kind.title(),
                    place(&t.jurisdiction),
                    t.person,
                    t.entity
                )
            }
            Entry::Tiers(b) => {
                let tiers: Vec<String> = b
                    .tiers
                    .iter()
                    .map(|t| format!("{} {}%—{}%（{}）", t.title, t.from, t.to, t.when))
                    .collect();
                format!("{}（{}）：{}", b.title, place(&b.jurisdiction), tiers.join("、"))
            }
            Entry::Term(t) => format!("{} 从严为 {}", t.key, t.n),
        };
        let (from, to) = self.dates();
        let to = to.map(|to| format!("至 {to}")).unwrap_or_default();
        format!("{said}；{from} 起{to}；来源：{}", self.source())
    }
}

/// The entries with a new one. One of the same key that a legal officer confirmed goes on to count until he has confirmed the new
/// one, and is dropped then; of a term the earlier version ends on the day before.
#[must_use]
pub fn with_entry(known: &[Standing], new: &Entry) -> Vec<Entry> {
    let (key, waits) = (new.key(), new.kind().waits());
    let mut all: Vec<Entry> = known
        .iter()
        .filter(|old| old.entry.key() != key || (waits && old.confirmed.is_some() && old.entry != *new))
        .map(|old| old.entry.clone())
        .collect();
    if let Entry::Term(new) = new {
        for old in &mut all {
            if let Entry::Term(old) = old
                && old.key == new.key
                && old.in_force_from < new.in_force_from
                && old.in_force_to.is_none_or(|to| to >= new.in_force_from)
            {
                old.in_force_to = new.in_force_from.yesterday().ok();
            }
        }
    }
    all.push(new.clone());
    all
}

/// What a new entry changes; no line where it changes nothing. `delivered` is what came with the program under the same key.
#[must_use]
pub fn entry_change(known: &[Standing], delivered: Option<&Entry>, new: &Entry) -> ItemChange {
    let key = new.key();
    let same = known.iter().rev().map(|old| &old.entry).find(|old| old.key() == key);
    let mut lines = Vec::new();
    match same {
        Some(old) if old == new => {}
        Some(old) => {
            lines.push((Sign::Removed, old.shown()));
            lines.push((Sign::Changed, new.shown()));
        }
        None => {
            if let Some(old) = delivered {
                lines.push((Sign::Removed, format!("随软件提供的：{}", old.shown())));
            }
            lines.push((Sign::Added, new.shown()));
            let after = with_entry(known, new);
            let ended = known.iter().filter_map(|old| {
                let now = after.iter().find(|now| now.key() == old.entry.key())?;
                (*now != old.entry).then(|| (Sign::Changed, now.shown()))
            });
            lines.extend(ended);
        }
    }
    let to_confirm = usize::from(!lines.is_empty());
    ItemChange { code: new.kind().title().to_owned(), name: new.title(), lines, to_confirm }
}

/// Entries with their words: one that a later confirmed one of the same key replaced is left out.
pub(crate) fn standing(entries: Vec<Entry>, words: &[EntryConfirmed]) -> Vec<Standing> {
    let mut all: Vec<Standing> = Vec::new();
    for entry in entries {
        let said = entry.words();
        let confirmed = words.iter().rev().find(|word| word.of == said).map(|word| word.confirmed.clone());
        if confirmed.is_some() {
            let key = entry.key();
            all.retain(|old| old.entry.key() != key);
        }
        all.push(Standing { entry, confirmed });
    }
    all
}
