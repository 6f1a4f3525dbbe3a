//! What an agency enters of the law with plain fields: powers, sums, tiers for all items, stricter terms. Each kind is a file of the
//! register, so that every change is an entry with who and when; a legal officer's word is kept in another.

use crate::{App, Caller, Done};
use lianzhi_law::entered::{
    Entry, EntryKind, PowerFields, Standing, ThresholdFields, TightenFields, entries_text, entry_change,
    with_entry,
};
use lianzhi_law::{Fault, ItemChange, LawFiles, TierFields, confirm};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::register::Record;

/// What somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryTyped {
    /// Powers of an agency.
    Power(PowerFields),
    /// Sums from which on something is demanded.
    Threshold(ThresholdFields),
    /// Tiers for all items.
    Tiers(TierFields),
    /// A stricter term.
    Term(TightenFields),
}

impl App {
    /// What an entry would change; nothing is kept. One that changes nothing has no lines.
    ///
    /// # Errors
    /// Who may not; the field at fault; data that would not hold together.
    pub fn look_at_entry(&self, who: &Caller, typed: &EntryTyped) -> Result<ItemChange, Refusal> {
        Ok(self.entry_of(who, typed)?.1)
    }

    /// Takes an entry in. It is unconfirmed until [`App::confirm_entry`].
    ///
    /// # Errors
    /// As [`App::look_at_entry`], and nothing that changes.
    pub async fn enter_of_law(&self, who: &Caller, typed: &EntryTyped) -> Result<ItemChange, Refusal> {
        let (record, change) = self.entry_of(who, typed)?;
        if change.lines.is_empty() {
            return Err(Refusal::conflict("nothing-new", "与已经登记的没有不同。", "不用再登记。"));
        }
        self.put_register(who, record).await?;
        Ok(change)
    }

    /// A legal officer's word that the `n`th entry of a kind (counted from 0) says what the text named by `source` says. From then on
    /// it counts.
    ///
    /// # Errors
    /// Who is no legal officer, no such entry, one that was confirmed, a missing source.
    pub async fn confirm_entry(
        &self,
        who: &Caller,
        kind: EntryKind,
        n: usize,
        source: &str,
    ) -> Result<Done, Refusal> {
        self.may(who, "confirm_basis", None)?;
        let world = self.world();
        let entries = world.directory.law.entries(kind);
        let entry = entries.get(n).filter(|entry| entry.confirmed.is_none()).ok_or_else(|| {
            Refusal::conflict("confirmed", "没有这一条，或者已经确认。", "请刷新页面查看。")
        })?;
        let confirmed = self.word_of(who, source)?;
        let name = confirm::ENTRIES_FILE;
        let old = world.law_files.iter().find(|(file, _)| *file == name).map(|(_, text)| text);
        let text = confirm::with_entry(old, &entry.entry, &confirmed);
        self.put_register(who, Record::Law { name: name.into(), text }).await
    }

    /// All entries of a kind as TOML: what came with the program and counts, and what the agency entered. In the form in which files
    /// of law data are written.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn entries_text(&self, kind: EntryKind) -> Result<String, Refusal> {
        let all: Vec<Entry> = self.directory().law.all_entries(kind);
        entries_text(&all, self.today()).map_err(|e| Refusal::invalid("text", e, "请检查登记的内容。"))
    }

    /// The register's record with an entry, and what it changes.
    fn entry_of(&self, who: &Caller, typed: &EntryTyped) -> Result<(Record, ItemChange), Refusal> {
        self.may(who, "keep_law", None)?;
        let world = self.world();
        let law = &world.directory.law;
        let entry = match typed {
            EntryTyped::Power(fields) => fields.entry(law),
            EntryTyped::Threshold(fields) => fields.entry(),
            EntryTyped::Tiers(fields) => fields.entry(),
            EntryTyped::Term(fields) => fields.entry(law),
        };
        let entry = entry.map_err(|Fault { field, rule, remedy }| Refusal::invalid(field, rule, remedy))?;
        let kind = entry.kind();
        let known: Vec<Standing> = law.entries(kind);
        let delivered = law.delivered_as(&entry);
        let change = match &delivered {
            Some(old) if *old == entry => no_change(&entry),
            _ => entry_change(&known, delivered.as_ref(), &entry),
        };
        let text = entries_text(&with_entry(&known, &entry), self.today())
            .map_err(|e| Refusal::invalid("source", e, "请检查填写的内容。"))?;
        let name = kind.file().to_owned();
        // What would not hold together is said while it is looked at, not when it is taken in.
        let mut files: LawFiles = world.law_files.clone();
        files.put(&name, &text);
        lianzhi_law::LawData::load(&files).map_err(|e| {
            Refusal::invalid("from", format!("{}。", e.reason), "请核对日期和内容；现行数据不变。")
        })?;
        Ok((Record::Law { name, text }, change))
    }
}

fn no_change(entry: &Entry) -> ItemChange {
    ItemChange {
        code: entry.kind().title().to_owned(),
        name: entry.title(),
        lines: Vec::new(),
        to_confirm: 0,
    }
}
