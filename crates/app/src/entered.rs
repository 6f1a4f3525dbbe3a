//! What an agency enters of the law with plain fields: powers, sums, tiers for all items, stricter terms. Each kind is a file of the
//! register, so that every change is an entry with who and when; a legal officer's word is kept in another.

use crate::ports::{Journal, StoreError};
use crate::project::{Opened, readable};
use crate::record::actor_name;
use crate::shared::unavailable;
use crate::{App, Caller, Done};
use lianzhi_law::entered::{
    self, EnteredBy, EntriesView, Entry, EntryKind, PowerFields, Standing, ThresholdFields, TightenFields,
    entries_text, entry_change, read_entries, with_entry,
};
use lianzhi_law::{Fault, ItemChange, LawFiles, TierFields, confirm};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::register::{Event, Record};
use lianzhi_procedure::{AnyEvent, Refusal};
use std::collections::HashMap;

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

    /// All entries of a kind with where they come from, who entered them and who confirmed them.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn law_entries(&self, kind: EntryKind) -> Result<EntriesView, Refusal> {
        let directory = self.directory();
        entries_of(&*self.inner.store.journal, &directory, kind).await.map_err(|e| unavailable(&e))
    }

    /// What entries that somebody brings would change, one by one; nothing is kept.
    ///
    /// # Errors
    /// Who may not, what cannot be read, data that would not hold together.
    pub fn entry_changes(
        &self,
        who: &Caller,
        kind: EntryKind,
        text: &str,
    ) -> Result<Vec<ItemChange>, Refusal> {
        Ok(self.brought_entries(who, kind, text)?.1)
    }

    /// Takes the entries in that change something; a legal officer confirms them as those that were typed.
    ///
    /// # Errors
    /// As [`App::entry_changes`], and nothing that changes.
    pub async fn import_entries(
        &self,
        who: &Caller,
        kind: EntryKind,
        text: &str,
    ) -> Result<Vec<ItemChange>, Refusal> {
        let (record, mut changes) = self.brought_entries(who, kind, text)?;
        changes.retain(|change| !change.lines.is_empty());
        if changes.is_empty() {
            return Err(Refusal::conflict("nothing-new", "与已经登记的没有不同。", "不用导入。"));
        }
        self.put_register(who, record).await?;
        Ok(changes)
    }

    fn brought_entries(
        &self,
        who: &Caller,
        kind: EntryKind,
        text: &str,
    ) -> Result<(Record, Vec<ItemChange>), Refusal> {
        self.may(who, "keep_law", None)?;
        let remedy = "请按导出的格式改正后再预览；现行数据不变。";
        let read =
            read_entries(kind, text).map_err(|e| Refusal::invalid("toml", format!("{e}。"), remedy))?;
        if read.is_empty() {
            let rule = format!("没有{}。", kind.title());
            return Err(Refusal::invalid("toml", rule, remedy));
        }
        let law = self.directory().law.clone();
        let mut entries = Vec::new();
        for entry in read {
            // What came with the program stays as it came.
            let same = law.delivered_as(&entry).is_some_and(|delivered| delivered == entry);
            entries.push(match same {
                true => entry,
                false => entry.brought(&law).map_err(|Fault { rule, remedy, .. }| {
                    Refusal::invalid("toml", format!("{}：{rule}", entry.title()), remedy)
                })?,
            });
        }
        self.taken_in(kind, entries)
    }

    /// The register's record with an entry, and what it changes.
    fn entry_of(&self, who: &Caller, typed: &EntryTyped) -> Result<(Record, ItemChange), Refusal> {
        self.may(who, "keep_law", None)?;
        let law = self.directory().law.clone();
        let entry = match typed {
            EntryTyped::Power(fields) => fields.entry(&law),
            EntryTyped::Threshold(fields) => fields.entry(),
            EntryTyped::Tiers(fields) => fields.entry(),
            EntryTyped::Term(fields) => fields.entry(&law),
        };
        let entry = entry.map_err(|Fault { field, rule, remedy }| Refusal::invalid(field, rule, remedy))?;
        let kept = no_change(&entry);
        let (record, changes) = self.taken_in(entry.kind(), vec![entry])?;
        Ok((record, changes.into_iter().next().unwrap_or(kept)))
    }

    /// The register's record with entries of a kind, one after the other, and what each of them changes.
    fn taken_in(&self, kind: EntryKind, entries: Vec<Entry>) -> Result<(Record, Vec<ItemChange>), Refusal> {
        let world = self.world();
        let law = &world.directory.law;
        let mut known: Vec<Standing> = law.entries(kind);
        let mut changes = Vec::new();
        for entry in entries {
            let delivered = law.delivered_as(&entry);
            let replaced = known.iter().any(|old| old.entry.key() == entry.key());
            if !replaced && delivered.as_ref() == Some(&entry) {
                changes.push(no_change(&entry));
                continue;
            }
            changes.push(entry_change(&known, delivered.as_ref(), &entry));
            let word = |entry: &Entry| known.iter().find(|old| old.entry == *entry)?.confirmed.clone();
            let after = with_entry(&known, &entry);
            known = after.into_iter().map(|entry| Standing { confirmed: word(&entry), entry }).collect();
        }
        let all = known.iter().map(|own| &own.entry);
        let text = entries_text(all, self.today())
            .map_err(|e| Refusal::invalid("source", e, "请检查填写的内容。"))?;
        let name = kind.file().to_owned();
        // What would not hold together is said while it is looked at, not when it is taken in.
        let mut files: LawFiles = world.law_files.clone();
        files.put(&name, &text);
        lianzhi_law::LawData::load(&files).map_err(|e| {
            Refusal::invalid("from", format!("{}。", e.reason), "请核对日期和内容；现行数据不变。")
        })?;
        Ok((Record::Law { name, text }, changes))
    }
}

/// All entries of a kind with where they come from, who entered them and who confirmed them: of a node's data, for the API and the
/// command line.
///
/// # Errors
/// When the record cannot be read.
pub async fn entries_of(
    journal: &dyn Journal,
    directory: &Directory,
    kind: EntryKind,
) -> Result<EntriesView, StoreError> {
    let row = journal.register_record("law", kind.file()).await?;
    let history = match row {
        Some(row) => journal.docket(row.docket).await?,
        None => Vec::new(),
    };
    // Who put an entry there stands with the first version of the file that holds it, also where others changed the file later.
    let mut entered: HashMap<String, EnteredBy> = HashMap::new();
    for Opened { row, entry, event, .. } in readable(&history) {
        let AnyEvent::Register(Event::Put { record }) = event else { continue };
        let Record::Law { text, .. } = *record else { continue };
        let mut now = HashMap::new();
        for held in read_entries(kind, &text).unwrap_or_default() {
            let words = held.words();
            let who = entered
                .remove(&words)
                .unwrap_or_else(|| EnteredBy { by: actor_name(&entry.actor, directory), at: row.at });
            now.insert(words, who);
        }
        entered = now;
    }
    Ok(entered::entries(&directory.law, kind, |entry| entered.get(&entry.words()).cloned()))
}

fn no_change(entry: &Entry) -> ItemChange {
    ItemChange {
        code: entry.kind().title().to_owned(),
        name: entry.title(),
        lines: Vec::new(),
        to_confirm: 0,
    }
}
