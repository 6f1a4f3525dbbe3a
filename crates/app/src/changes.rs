//! What was changed in the registers: each change by itself, those of last first.

use crate::ports::{EntryRow, MatterRow, RegisterRow};
use crate::project;
use crate::record::{RecordLine, Tales};
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_docket::Entry;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Dockets that are read at once.
const DOCKETS: usize = 100;

/// Which changes. Every field narrows; times are micros.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangesQuery {
    /// Of one register: `unit`, `person`, …
    pub register: Option<String>,
    /// Of records whose key or content, as they are now, holds these words.
    pub q: Option<String>,
    /// By one actor, e.g. `person:p-0012`.
    pub actor: Option<String>,
    /// From this time on.
    pub since: Option<i64>,
    /// Before this time.
    pub until: Option<i64>,
    /// Before this position in the log: where the last page ended.
    pub before: Option<i64>,
}

/// A change of a record.
#[derive(Debug, Clone)]
pub struct Change {
    /// The record as it is now.
    pub record: RegisterRow,
    /// What was done.
    pub line: RecordLine,
}

impl ChangesQuery {
    fn wants(&self, row: &RegisterRow, q: &str) -> bool {
        self.register.as_ref().is_none_or(|register| row.register == *register)
            && (q.is_empty() || row.key.to_lowercase().contains(q) || row.record.to_lowercase().contains(q))
    }

    fn takes(&self, entry: &EntryRow) -> bool {
        self.before.is_none_or(|before| entry.pos < before)
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at < until)
            && self
                .actor
                .as_ref()
                .is_none_or(|actor| Entry::parse(&entry.bytes).is_ok_and(|parsed| parsed.actor == *actor))
    }
}

impl App {
    /// Changes of the registers, those of last first, at most so many; and whether there are more.
    ///
    /// # Errors
    /// When the caller may not audit.
    pub async fn changes(
        &self,
        who: &Caller,
        query: &ChangesQuery,
        most: usize,
    ) -> Result<(Vec<Change>, bool), Refusal> {
        self.may(who, "audit", None)?;
        let journal = &self.inner.store.journal;
        let q = query.q.as_deref().unwrap_or_default().trim().to_lowercase();
        let mut records: HashMap<DocketId, RegisterRow> = HashMap::new();
        for row in journal.registers().await.map_err(|e| unavailable(&e))? {
            if query.wants(&row, &q) {
                records.insert(row.docket, row);
            }
        }
        let ids: Vec<DocketId> = records.keys().copied().collect();
        let mut dockets: Vec<MatterRow> = Vec::new();
        for ids in ids.chunks(DOCKETS) {
            dockets.extend(journal.matters(ids).await.map_err(|e| unavailable(&e))?);
        }
        dockets.retain(|docket| query.since.is_none_or(|since| docket.updated_at >= since));
        // A docket has nothing later than its last entry: once the later ones fill the page, the others are not read.
        dockets.sort_by_key(|docket| std::cmp::Reverse(docket.pos));
        let mut found: BTreeMap<i64, EntryRow> = BTreeMap::new();
        for dockets in dockets.chunks(DOCKETS) {
            // The position of a docket is that after its last entry.
            let after = dockets.first().map_or(0, |docket| docket.pos);
            if found.range(after..).count() > most {
                break;
            }
            let ids: Vec<DocketId> = dockets.iter().map(|docket| docket.id).collect();
            let entries = journal.dockets(&ids).await.map_err(|e| unavailable(&e))?;
            found.extend(entries.into_iter().filter(|e| query.takes(e)).map(|e| (e.pos, e)));
            while found.len() > most + 1 {
                found.pop_first();
            }
        }
        let more = found.len() > most;
        let shown: Vec<EntryRow> = found.into_values().rev().take(most).collect();
        let opened = project::readable(&shown);
        let texts = self.texts_of(&opened).await?;
        // A change is told from the version before, which need not be among those shown.
        let of_shown: Vec<DocketId> =
            shown.iter().map(|e| e.docket).collect::<BTreeSet<_>>().into_iter().collect();
        let mut tales = Tales::new();
        for ids in of_shown.chunks(DOCKETS) {
            let whole = journal.dockets(ids).await.map_err(|e| unavailable(&e))?;
            tales.extend(self.tales(&project::readable(&whole)));
        }
        let lines = self.lines_of(&opened, &texts, &tales).await?;
        let docket_of: HashMap<i64, DocketId> = shown.iter().map(|e| (e.pos, e.docket)).collect();
        let change = |line: RecordLine| {
            let record = docket_of.get(&line.pos).and_then(|docket| records.get(docket))?.clone();
            Some(Change { record, line })
        };
        Ok((lines.into_iter().filter_map(change).collect(), more))
    }
}
