//! Verifies a node: its log through [`lianzhi_docket::verify`], read from the ports, and beside it what the record
//! does not prove but the node relies on: the head, the engine's own checks, and that projections stand where the log
//! stands and say what it says.
//!
//! May run beside a working node: what is appended after it began is left for the next time.

use crate::keys::Keys;
use crate::ports::{EntryRow, PartRow, Store, StoreError};
use crate::witnessed::with_lines;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use lianzhi_docket::SealedEntry;
use lianzhi_docket::note::SignedCheckpoint;
use lianzhi_docket::verify::{self, Expect, Report, Source, StoredEntry, StoredPart};
use lianzhi_ids::{Digest, DocketId};
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Entries read at once.
const ENTRY_ROWS: i64 = 2_000;
/// Checkpoints, and rows of matters, read at once.
const ROWS: i64 = 5_000;
/// Faults of projections that are listed; the rest are counted.
const LISTED_MAX: usize = 100;

/// What a verification of a node found.
#[derive(Debug, Clone)]
pub struct NodeReport {
    /// The log, its parts and its exhibits.
    pub log: Report,
    /// What the engine's own checks and the head say; in words.
    pub store: Vec<String>,
    /// Projections that do not stand where the log stands; in words. `rebuild` mends them.
    pub projections: Vec<String>,
}

impl NodeReport {
    /// Nothing was found.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.log.is_intact() && self.store.is_empty() && self.projections.is_empty()
    }
}

impl fmt::Display for NodeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.log)?;
        for found in &self.store {
            writeln!(f, "✗ 存储：{found}")?;
        }
        for found in &self.projections {
            writeln!(f, "✗ 投影：{found}")?;
        }
        if !self.projections.is_empty() {
            writeln!(f, "投影可由记录重新生成：lianzhi rebuild")?;
        }
        Ok(())
    }
}

/// Verifies everything in the store. With the keys, parts are opened and projections compared with what the record
/// makes of them; without, only the presence of parts is counted, and only where projections stand is looked at. `progress` hears how many entries were read, and of how many.
///
/// # Errors
/// When the store cannot be read. What is wrong with the record is in the report.
pub async fn verify_node(
    store: &Store,
    keys: Option<Keys>,
    expect: Expect,
    progress: impl Fn(u64, u64) + Send + 'static,
) -> Result<NodeReport, StoreError> {
    let damage = store.upkeep.check().await?;
    // The newest checkpoint first: entries that it covers are there by then, whatever is written meanwhile.
    let signed = store.journal.checkpoint().await?.map_or(0, |c| c.size);
    let end = store.journal.head().await?.size;
    let (opened, node) = (keys.clone(), expect.node.clone());
    let mut ports = Ports {
        store: store.clone(),
        keys,
        runtime: Handle::current(),
        pages: read_ahead(store.clone(), end),
        end,
        checkpoints_after: -1,
        signed,
        heads: HashMap::new(),
        columns: Vec::new(),
        progress: Box::new(progress),
        read: 0,
        witnessed: !expect.witnesses.is_empty(),
    };
    let run = move || {
        let report = verify::verify(&mut ports, &expect)?;
        Ok::<_, StoreError>((report, ports.heads, ports.columns))
    };
    let (log, heads, columns) =
        tokio::task::spawn_blocking(run).await.map_err(|e| StoreError::Engine(e.to_string()))??;
    let mut projections = projections(store, heads, end).await?;
    if let Some(keys) = &opened {
        let mut differing = crate::rebuild::differences(store, keys, &node).await?;
        let omitted = differing.len().saturating_sub(LISTED_MAX);
        differing.truncate(LISTED_MAX);
        projections.append(&mut differing);
        if omitted > 0 {
            projections.push(format!("另有 {omitted} 项未列出"));
        }
    }
    Ok(NodeReport { log, store: [damage, columns].concat(), projections })
}

/// The next pages of entries, read while the last is checked.
fn read_ahead(store: Store, end: i64) -> mpsc::Receiver<Result<Vec<EntryRow>, StoreError>> {
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut from = 0;
        while from < end {
            let page = store.journal.log(from, ENTRY_ROWS).await;
            let last = page.as_ref().ok().and_then(|rows| rows.last()).map(|row| row.pos);
            if send.send(page).await.is_err() {
                return;
            }
            // An empty page before the end: the verifier sees what is missing.
            let Some(last) = last else { return };
            from = last + 1;
        }
    });
    receive
}

/// Where a docket stands by its last entry: position, number, first bytes of its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    pos: i64,
    seq: i32,
    digest: u64,
}

fn front(digest: &Digest) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = digest.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

struct Ports {
    store: Store,
    keys: Option<Keys>,
    runtime: Handle,
    pages: mpsc::Receiver<Result<Vec<EntryRow>, StoreError>>,
    end: i64,
    checkpoints_after: i64,
    signed: i64,
    heads: HashMap<DocketId, Stand>,
    /// Checkpoints whose columns, by which they are found, do not say what was signed; in words.
    columns: Vec<String>,
    progress: Box<dyn Fn(u64, u64) + Send>,
    read: u64,
    /// Witnesses are asked for: their lines are put under the checkpoints.
    witnessed: bool,
}

impl Ports {
    fn part(&self, row: PartRow) -> StoredPart {
        let there = row.key.is_some() && row.sealed.is_some();
        // What does not open although it is there was changed: no content has that digest.
        let content =
            self.keys.as_ref().filter(|_| there).map(|keys| keys.open(&row).unwrap_or_default().into_bytes());
        StoredPart {
            digest: row.digest,
            salt: row.salt,
            kind: row.kind,
            sealed: there && content.is_none(),
            content,
        }
    }
}

impl Source for Ports {
    type Error = StoreError;

    fn entries(&mut self) -> Result<Vec<StoredEntry>, StoreError> {
        let Some(page) = self.pages.blocking_recv().transpose()? else {
            return Ok(Vec::new());
        };
        let mut entries = Vec::with_capacity(page.len());
        for row in page.into_iter().filter(|row| row.pos < self.end) {
            self.heads.insert(row.docket, Stand { pos: row.pos, seq: row.seq, digest: front(&row.digest) });
            entries.push(stored(row)?);
        }
        self.read += entries.len() as u64;
        (self.progress)(self.read, u64::try_from(self.end).unwrap_or(0));
        Ok(entries)
    }

    fn checkpoints(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = self.runtime.block_on(self.store.journal.checkpoints(self.checkpoints_after, ROWS))?;
        let rows: Vec<_> = rows.into_iter().filter(|row| row.size <= self.signed).collect();
        self.checkpoints_after = rows.last().map_or(i64::MAX, |row| row.size);
        for row in &rows {
            // One that cannot be read at all is named by the verifier.
            let Ok(signed) = row.note.parse::<SignedCheckpoint>() else { continue };
            let said = signed.checkpoint;
            let same = u64::try_from(row.size) == Ok(said.size)
                && row.root == said.root
                && row.at == said.time.as_microsecond();
            if !same {
                self.columns.push(format!("第 {} 条处的检查点，表中所列与其签署的内容不符", row.size));
            }
        }
        if !self.witnessed {
            return Ok(rows.into_iter().map(|row| row.note).collect());
        }
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            // One that cannot be read at all goes as it is.
            let lines = self.runtime.block_on(with_lines(&self.store, &row));
            notes.push(lines.map_or(row.note, |(signed, _)| signed.to_string()));
        }
        Ok(notes)
    }

    fn parts(&mut self, digests: &[Digest]) -> Result<Vec<StoredPart>, StoreError> {
        let rows = self.runtime.block_on(self.store.journal.parts(digests))?;
        Ok(rows.into_iter().map(|row| self.part(row)).collect())
    }

    fn exhibit(&mut self, digest: &Digest) -> Result<Option<Box<dyn Read + '_>>, StoreError> {
        let blobs = &self.store.blobs;
        let Some(row) = self.runtime.block_on(blobs.exhibits(&[*digest]))?.pop() else {
            return Ok(None);
        };
        match self.runtime.block_on(blobs.read(*digest, 0, u64::try_from(row.size).unwrap_or(0))) {
            Ok(stream) => {
                Ok(Some(Box::new(Blocking { stream, held: Bytes::new(), runtime: self.runtime.clone() })))
            }
            Err(StoreError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn stored(row: EntryRow) -> Result<StoredEntry, StoreError> {
    let bad = |what: &str| StoreError::Damaged(format!("entry {}: {what} is no such value", row.pos));
    Ok(StoredEntry {
        position: u64::try_from(row.pos).map_err(|_| bad("its position"))?,
        docket: row.docket,
        seq: u32::try_from(row.seq).map_err(|_| bad("its number in the docket"))?,
        at: jiff::Timestamp::from_microsecond(row.at).map_err(|_| bad("its time"))?,
        sealed: SealedEntry { bytes: row.bytes, salt: row.salt, digest: row.digest, leaf_data: row.leaf },
    })
}

/// A stream of bytes as something to read, for a thread that may block.
pub(crate) struct Blocking {
    pub stream: BoxStream<'static, Result<Bytes, StoreError>>,
    pub held: Bytes,
    pub runtime: Handle,
}

impl Read for Blocking {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.held.is_empty() {
            match self.runtime.block_on(self.stream.next()) {
                None => return Ok(0),
                Some(bytes) => self.held = bytes.map_err(std::io::Error::other)?,
            }
        }
        let n = into.len().min(self.held.len());
        into[..n].copy_from_slice(&self.held.split_to(n));
        Ok(n)
    }
}

/// Compares the rows of matters with where their dockets stand.
async fn projections(
    store: &Store,
    mut heads: HashMap<DocketId, Stand>,
    end: i64,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    let mut omitted = 0;
    let mut find = |what: String| {
        if found.len() < LISTED_MAX { found.push(what) } else { omitted += 1 }
    };
    let mut after = -1;
    loop {
        let rows = store.journal.changed(after, ROWS).await?;
        let Some(last) = rows.last() else { break };
        after = last.pos;
        for row in rows.into_iter().filter(|row| row.pos <= end) {
            let stand =
                Stand { pos: row.pos - 1, seq: row.seq - 1, digest: row.last.as_ref().map_or(0, front) };
            match heads.remove(&row.id) {
                Some(head) if head == stand => {}
                Some(head) => find(format!(
                    "案卷 {} 的投影停在第 {} 条记录，案卷已到第 {} 条",
                    row.id,
                    row.seq,
                    head.seq + 1
                )),
                None => find(format!("案卷 {} 有投影而没有记录", row.id)),
            }
        }
    }
    // What is left has no row, or was changed while we looked.
    let mut left: Vec<_> = heads.into_keys().collect();
    left.sort_unstable();
    for ids in left.chunks(500) {
        let moved: Vec<_> = store
            .journal
            .matters(ids)
            .await?
            .into_iter()
            .filter(|row| row.pos > end)
            .map(|row| row.id)
            .collect();
        for id in ids.iter().filter(|id| !moved.contains(id)) {
            find(format!("案卷 {id} 没有投影"));
        }
    }
    if omitted > 0 {
        found.push(format!("另有 {omitted} 项未列出"));
    }
    Ok(found)
}
