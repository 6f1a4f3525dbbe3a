//! Makes all projections anew from the entries. The result equals what the sequencer wrote while it committed: both
//! use [`crate::project`].
//!
//! Two passes. The first reads the log front to back and folds the registers, since titles name categories. The second
//! goes docket by docket, in chunks: each is folded whole, so memory is bounded by a chunk and not by the node.

use crate::keys::Keys;
use crate::ports::{Batch, CaseLineRow, EntryRow, Filter, MatterRow, RegisterRow, Store, StoreError};
use crate::project::{self, Live};
use crate::publicity;
use crate::read::filter_of_kind;
use crate::world::World;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{AnyState, Kind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Positions of the log looked through at once.
const LOG_ROWS: i64 = 100_000;
/// How often registers are looked at while somebody changes them.
const LOOKS: usize = 3;
/// Dockets folded and written at once.
const CHUNK_DOCKETS: i64 = 1_000;

/// What was made anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries folded.
    pub entries: u64,
    /// Matters written (all kinds of dockets).
    pub matters: u64,
}

/// Makes matters, to-dos, search and registers anew. `progress` hears how many entries were folded, and of how many.
///
/// Nothing else may write meanwhile. When it breaks off, projections are incomplete: run it again.
///
/// # Errors
/// When the store cannot be read or written, or holds what is no entry ([`StoreError::Damaged`] names it).
pub async fn rebuild(
    store: &Store,
    keys: &Keys,
    node: &NodeCode,
    progress: impl Fn(u64, u64),
) -> Result<Rebuilt, StoreError> {
    let head = store.journal.head().await?;
    let total = u64::try_from(head.size).unwrap_or(0);
    let registers = registers(store, head.size).await?;
    let (world, problems) = World::build(node, &registers);
    for problem in problems {
        tracing::warn!(problem, "a register row cannot be used");
    }
    store.journal.clear_projections().await?;
    let folder = Arc::new(Folder { keys: keys.clone(), directory: world.directory });
    let mut done = Rebuilt::default();
    // While one chunk is written the next is read and folded.
    let mut ready: Option<Batch> = None;
    let mut from = 0;
    loop {
        let more = from < head.next_docket;
        let ids: Vec<_> = (from..(from + CHUNK_DOCKETS).min(head.next_docket)).map(DocketId).collect();
        let write = async {
            match &ready {
                Some(batch) => store.journal.project(batch).await,
                None => Ok(()),
            }
        };
        let (written, folded) = tokio::join!(write, folder.clone().chunk(store, ids));
        written?;
        let (batch, entries) = folded?;
        done.entries += entries;
        done.matters += batch.matters.len() as u64;
        progress(done.entries, total);
        if !more {
            break;
        }
        ready = Some(batch);
        from += CHUNK_DOCKETS;
    }
    if done.entries != total {
        return Err(StoreError::Damaged(format!(
            "the log's head says {total} entries, {} were found",
            done.entries
        )));
    }
    Ok(done)
}

/// What in the projections is not what the record says, in words; nothing is changed. Says nothing of dockets whose row
/// stands at another entry than the docket (that is found without folding), and nothing of titles: a row keeps the
/// words that its category had when it was written.
///
/// # Errors
/// When the store cannot be read. Entries that cannot be folded are left to the verifier of the log.
pub(crate) async fn differences(
    store: &Store,
    keys: &Keys,
    node: &NodeCode,
) -> Result<Vec<String>, StoreError> {
    match compare(store, keys, node).await {
        Err(StoreError::Damaged(_)) => Ok(Vec::new()),
        other => other,
    }
}

async fn compare(store: &Store, keys: &Keys, node: &NodeCode) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    // A register that changes while we look is looked at again.
    let (mut made, mut head) = (Vec::new(), store.journal.head().await?);
    for _ in 0..LOOKS {
        made = registers(store, head.size).await?;
        let kept = store.journal.registers().await?;
        found = register_differences(&made, &kept);
        let now = store.journal.head().await?;
        if found.is_empty() || now.size == head.size {
            break;
        }
        head = now;
    }
    let (world, _) = World::build(node, &made);
    let folder = Arc::new(Folder { keys: keys.clone(), directory: world.directory });
    let mut from = 0;
    while from < head.next_docket {
        let ids: Vec<_> = (from..(from + CHUNK_DOCKETS).min(head.next_docket)).map(DocketId).collect();
        from += CHUNK_DOCKETS;
        let kept: HashMap<DocketId, MatterRow> =
            store.journal.matters(&ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let mut kept_lines = lines_of(store, kept.values()).await?;
        let (batch, _) = folder.clone().chunk(store, ids).await?;
        let mut made_lines = by_docket(batch.case_lines);
        for made in batch.matters {
            let (lines, said) = (kept_lines.remove(&made.id), made_lines.remove(&made.id));
            let Some(kept) = kept.get(&made.id).filter(|kept| kept.seq == made.seq) else { continue };
            let name = format!("案卷 {}（{}）", kept.id, kept.number);
            if *kept != (MatterRow { title: kept.title.clone(), ..made }) {
                found.push(format!("{name}的投影与记录不符"));
            }
            if lines != said {
                found.push(format!("{name}的案件明细与记录不符"));
            }
        }
    }
    Ok(found)
}

/// The lines that are kept of those matters that have some.
async fn lines_of(
    store: &Store,
    rows: impl Iterator<Item = &MatterRow>,
) -> Result<HashMap<DocketId, Vec<CaseLineRow>>, StoreError> {
    let ids: Vec<_> = rows.filter(|row| row.has_lines()).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = Filter { kind: None, ids, ..filter_of_kind("") };
    let lines = store.queries.case_lines(&filter, None).await?;
    Ok(by_docket(lines.into_iter().map(|counted| counted.line)))
}

fn by_docket(lines: impl IntoIterator<Item = CaseLineRow>) -> HashMap<DocketId, Vec<CaseLineRow>> {
    let mut all: HashMap<DocketId, Vec<CaseLineRow>> = HashMap::new();
    for line in lines {
        all.entry(line.docket).or_default().push(line);
    }
    all
}

/// Records that are in force in one and not, or otherwise, in the other.
fn register_differences(made: &[RegisterRow], kept: &[RegisterRow]) -> Vec<String> {
    let name = |row: &RegisterRow| (row.register.clone(), row.key.clone());
    let by_name = |rows: &[RegisterRow]| -> BTreeMap<_, RegisterRow> {
        rows.iter().map(|row| (name(row), row.clone())).collect()
    };
    let (made, kept) = (by_name(made), by_name(kept));
    let names: BTreeSet<_> = made.keys().chain(kept.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let what = match (made.get(name), kept.get(name)) {
                (Some(made), Some(kept)) if made == kept => return None,
                (Some(_), Some(_)) => "与记录不符",
                (Some(_), None) => "记录中有，投影中没有",
                _ => "投影中有，记录中没有",
            };
            Some(format!("名录 {} 的 {}：{what}", name.0, name.1))
        })
        .collect()
}

/// Register records in force and the rosters of compacts, from the log alone.
async fn registers(store: &Store, size: i64) -> Result<Vec<RegisterRow>, StoreError> {
    let kinds = [Kind::Register, Kind::Compact].map(|kind| format!(r#""kind":"{}","#, kind.code()));
    let mut lives: HashMap<DocketId, Live> = HashMap::new();
    let mut from = 0;
    while from < size {
        for kind in &kinds {
            // An entry's kind stands within its first bytes: the engine looks for it, so that nothing else is read.
            let rows = store.journal.marked(kind.as_bytes(), from, from + LOG_ROWS).await?;
            for row in &rows {
                let live = project::step(lives.remove(&row.docket), row)
                    .map_err(|e| StoreError::Damaged(e.to_string()))?;
                lives.insert(row.docket, live);
            }
        }
        from += LOG_ROWS;
    }
    let mut rows = Vec::with_capacity(lives.len());
    for (id, live) in lives {
        rows.extend(project::register_rows(id, &live.state)?);
    }
    Ok(rows)
}

struct Folder {
    keys: Keys,
    directory: Arc<Directory>,
}

impl Folder {
    /// Reads and folds some dockets; gives their projections and how many entries there were.
    async fn chunk(self: Arc<Self>, store: &Store, ids: Vec<DocketId>) -> Result<(Batch, u64), StoreError> {
        if ids.is_empty() {
            return Ok((Batch::default(), 0));
        }
        let rows = store.journal.dockets(&ids).await?;
        let n = rows.len() as u64;
        let lives = blocking(move || fold(&rows)).await??;
        let mut wanted: Vec<Digest> =
            lives.iter().flat_map(|(_, live)| project::search_parts(&live.state.summary())).collect();
        wanted.extend(lives.iter().filter_map(|(_, live)| publicity::parts(&live.state)).flatten());
        let parts = store.journal.parts(&wanted).await?;
        let batch = blocking(move || {
            let texts: HashMap<Digest, String> =
                parts.iter().filter_map(|row| Some((row.digest, self.keys.open(row)?))).collect();
            self.project(lives, &texts)
        })
        .await??;
        Ok((batch, n))
    }

    fn project(
        &self,
        lives: Vec<(DocketId, Live)>,
        texts: &HashMap<Digest, String>,
    ) -> Result<Batch, StoreError> {
        let mut batch = Batch::default();
        for (id, mut live) in lives {
            let summary = live.state.summary();
            if let Some(words) = project::words(&summary, |part| texts.get(part).cloned()) {
                live.narrative = words;
            }
            batch.matters.push(project::row(id, &live, &summary, &self.directory));
            batch.registers.extend(project::register_rows(id, &live.state)?);
            batch.oversight.extend(publicity::row(id, &live.state, &self.directory, texts));
            if !matches!(live.state, AnyState::Register(_)) {
                project::put_lines(&mut batch, id, &live.state, &summary);
                batch.search.push(project::search(id, &summary, &self.directory, texts, &self.keys));
            }
        }
        Ok(batch)
    }
}

fn fold(rows: &[EntryRow]) -> Result<Vec<(DocketId, Live)>, StoreError> {
    let mut lives = Vec::new();
    for of_one in rows.chunk_by(|a, b| a.docket == b.docket) {
        let live = project::fold(of_one).map_err(|e| StoreError::Damaged(e.to_string()))?;
        lives.extend(of_one.first().map(|row| row.docket).zip(live));
    }
    Ok(lives)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| StoreError::Engine(e.to_string()))
}
