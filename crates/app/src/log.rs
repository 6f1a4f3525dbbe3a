//! The log keeper: turns new entries into log leaves, signs a checkpoint at most one second later, serves tiles and
//! proofs. Its memory is the hashes of full tiles (32 bytes for 256 entries), kept in a file beside the database and
//! made anew from the leaves when it does not fit the checkpoint.

use crate::keys::Keys;
use crate::ports::{CheckpointRow, Store, StoreError};
use crate::{App, Config, OpenError};
use lianzhi_docket::merkle::{self, Frontier, HashReader, Tile, TileKind, tile_hashes};
use lianzhi_docket::note::{Checkpoint, KeyKind, Origin, SignError, Signer, VerifierKey};
use lianzhi_ids::Digest;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Entries in a full tile.
const TILE: u64 = 256;
/// Leaves read at once while integrating.
const LEAVES: i64 = 10_240;

/// What the log keeper knows.
#[derive(Debug, Clone, Default)]
pub struct LogState {
    /// Leaves integrated.
    pub size: u64,
    /// The newest checkpoint.
    pub checkpoint: Option<CheckpointRow>,
}

struct Memory {
    frontier: Frontier,
    /// Hash of each full tile of 256 leaves, in order.
    tiles: Vec<Digest>,
    checkpoint: Option<CheckpointRow>,
}

/// The log keeper.
#[derive(Clone)]
pub struct LogKeeper {
    memory: Arc<Mutex<Memory>>,
    store: Store,
    keys: Keys,
    origin: Origin,
    key: VerifierKey,
    file: std::path::PathBuf,
}

impl std::fmt::Debug for LogKeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogKeeper({})", self.origin)
    }
}

/// Reads hashes of the tree: high ones from memory, low ones from the leaves of the tiles that were fetched.
struct Reader<'a> {
    tiles: &'a [Digest],
    leaves: &'a HashMap<u64, Vec<Digest>>,
}

impl HashReader for Reader<'_> {
    type Error = StoreError;
    fn node(&mut self, level: u32, index: u64) -> Result<Digest, StoreError> {
        let missing = || StoreError::Damaged(format!("log hash {level}/{index} not at hand"));
        match level {
            0 => {
                let leaves = self.leaves.get(&(index / TILE)).ok_or_else(missing)?;
                let at = usize::try_from(index % TILE).map_err(|_| missing())?;
                leaves.get(at).map(merkle::leaf_hash).ok_or_else(missing)
            }
            8 => self.tiles.get(usize::try_from(index).map_err(|_| missing())?).copied().ok_or_else(missing),
            _ => {
                let left = self.node(level - 1, 2 * index)?;
                let right = self.node(level - 1, 2 * index + 1)?;
                Ok(merkle::node_hash(&left, &right))
            }
        }
    }
}

impl LogKeeper {
    /// Opens the log: reads the tile hashes, checks them against the newest checkpoint, integrates the rest.
    ///
    /// # Errors
    /// When the store cannot be read, or the entries do not give the root that the newest checkpoint signed.
    pub async fn open(config: &Config, keys: Keys, store: Store) -> Result<LogKeeper, OpenError> {
        let origin = Origin { node: config.node.clone(), generation: config.generation };
        let key = VerifierKey::of(&origin.to_string(), KeyKind::Log, keys.signer() as &dyn Signer)
            .map_err(|e| OpenError::Log(e.to_string()))?;
        let file = config.log_dir.join("tiles.bin");
        let checkpoint = store.journal.checkpoint().await?;
        let tiles = std::fs::read(&file).map(|bytes| digests(&bytes)).unwrap_or_default();
        let memory = Memory { frontier: Frontier::new(), tiles: Vec::new(), checkpoint: checkpoint.clone() };
        let keeper = LogKeeper { memory: Arc::new(Mutex::new(memory)), store, keys, origin, key, file };
        if !keeper.resume(tiles).await? {
            keeper.resume(Vec::new()).await?;
        }
        Ok(keeper)
    }

    /// Rebuilds memory from tile hashes and the leaves after them; false when the checkpoint says otherwise.
    async fn resume(&self, tiles: Vec<Digest>) -> Result<bool, OpenError> {
        let mut memory = self.memory.lock().await;
        let signed = memory.checkpoint.clone();
        let covered = signed.as_ref().map_or(0, |c| u64::try_from(c.size).unwrap_or(0));
        let from_file = !tiles.is_empty();
        let whole: Vec<_> = tiles.into_iter().take(usize::try_from(covered / TILE).unwrap_or(0)).collect();
        memory.frontier = frontier_of(&whole);
        memory.tiles = whole;
        self.take_up_to(&mut memory, Some(covered)).await?;
        let root = memory.frontier.root();
        match signed {
            Some(c) if memory.frontier.size() != covered || root != c.root => {
                if from_file {
                    return Ok(false);
                }
                Err(OpenError::Log(format!(
                    "检查点签了 {} 条记录、根 {}，库中算得 {} 条、根 {}。请先运行 lianzhi verify，从备份恢复前不要继续写入",
                    c.size,
                    c.root.short(),
                    memory.frontier.size(),
                    root.short()
                )))
            }
            _ => Ok(true),
        }
    }

    async fn take_up_to(&self, memory: &mut Memory, limit: Option<u64>) -> Result<bool, StoreError> {
        let mut moved = false;
        let before = memory.tiles.len();
        loop {
            let at = memory.frontier.size();
            let want =
                limit.map_or(LEAVES, |l| i64::try_from(l.saturating_sub(at)).unwrap_or(LEAVES).min(LEAVES));
            if want == 0 {
                break;
            }
            let leaves = self.store.journal.leaves(i64::try_from(at).unwrap_or(i64::MAX), want).await?;
            if leaves.is_empty() {
                break;
            }
            moved = true;
            let Memory { frontier, tiles, .. } = memory;
            for leaf in &leaves {
                frontier.append_with(leaf, |level, _, hash| {
                    if level == 8 {
                        tiles.push(hash);
                    }
                });
            }
        }
        if memory.tiles.len() > before {
            self.save(&memory.tiles);
        }
        Ok(moved)
    }

    /// The file is a convenience: when it cannot be written the node starts more slowly, that is all.
    fn save(&self, tiles: &[Digest]) {
        let bytes: Vec<u8> = tiles.iter().flat_map(|d| d.0).collect();
        let next = self.file.with_extension("next");
        let written = self
            .file
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&next, &bytes))
            .and_then(|()| std::fs::rename(&next, &self.file));
        if let Err(error) = written {
            tracing::warn!(%error, "tile hashes could not be saved");
        }
    }

    /// Integrates new entries and signs a checkpoint of this generation when there are any.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn integrate(&self, now: jiff::Timestamp, generation: u32) -> Result<bool, StoreError> {
        let origin = Origin { generation, ..self.origin.clone() };
        let mut memory = self.memory.lock().await;
        self.take_up_to(&mut memory, None).await?;
        let size = memory.frontier.size();
        // Compared with what is signed, not with what was new: a checkpoint that could not be stored is made again.
        if memory.checkpoint.as_ref().map_or(0, |c| u64::try_from(c.size).unwrap_or(0)) == size {
            return Ok(false);
        }
        // Never before what it covers, whatever the machine's clock does: that would read as signed back in time.
        let last =
            self.store.journal.head().await?.last_at.max(memory.checkpoint.as_ref().map_or(0, |c| c.at));
        let now = jiff::Timestamp::from_microsecond(last).map_or(now, |last| now.max(last));
        let checkpoint = Checkpoint { origin, size, root: memory.frontier.root(), time: now };
        let engine = |e: SignError| StoreError::Engine(e.to_string());
        let mut signed = checkpoint.sign(self.keys.signer()).map_err(engine)?;
        if let Some(sm2) = self.keys.sm2() {
            signed.sign_sm2(sm2.as_ref()).map_err(engine)?;
        }
        let row = CheckpointRow {
            size: i64::try_from(size).unwrap_or(i64::MAX),
            root: checkpoint.root,
            at: now.as_microsecond(),
            note: signed.to_string(),
        };
        self.store.journal.put_checkpoint(&row).await?;
        memory.checkpoint = Some(row);
        Ok(true)
    }

    /// How far the log is.
    pub async fn state(&self) -> LogState {
        let memory = self.memory.lock().await;
        LogState { size: memory.frontier.size(), checkpoint: memory.checkpoint.clone() }
    }

    /// The key by which the log's notes are checked.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    async fn leaves_of(
        &self,
        tiles: impl Iterator<Item = u64>,
        size: u64,
    ) -> Result<HashMap<u64, Vec<Digest>>, StoreError> {
        let mut found = HashMap::new();
        for tile in tiles {
            let from = tile * TILE;
            let n = TILE.min(size.saturating_sub(from));
            let leaves = self
                .store
                .journal
                .leaves(i64::try_from(from).unwrap_or(i64::MAX), i64::try_from(n).unwrap_or(0))
                .await?;
            found.insert(tile, leaves);
        }
        Ok(found)
    }

    /// Bytes of a tile of the signed tree; none when it is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Ok(tile) = Tile::parse(path) else {
            return Ok(None);
        };
        let (tiles, size) = {
            let memory = self.memory.lock().await;
            let size = memory.checkpoint.as_ref().map_or(0, |c| u64::try_from(c.size).unwrap_or(0));
            (memory.tiles.clone(), size)
        };
        if !tile.is_in(size) {
            return Ok(None);
        }
        match tile.kind {
            TileKind::Entries => {
                let mut leaves = self
                    .leaves_of(std::iter::once(tile.index), size)
                    .await?
                    .remove(&tile.index)
                    .unwrap_or_default();
                leaves.truncate(usize::from(tile.width));
                Ok(Some(merkle::entries_bundle(&leaves)))
            }
            TileKind::Hashes(level) => {
                let leaves = if level == 0 {
                    self.leaves_of(std::iter::once(tile.index), size).await?
                } else {
                    HashMap::new()
                };
                let hashes = tile_hashes(&mut Reader { tiles: &tiles, leaves: &leaves }, tile)?;
                Ok(Some(Tile::encode(&hashes)))
            }
        }
    }

    /// Proof that the tree of `size` leaves begins with that of `old` leaves.
    ///
    /// # Errors
    /// When the store cannot be read, or `old` is not inside that tree.
    pub async fn consistency(&self, old: u64, size: u64) -> Result<Vec<Digest>, StoreError> {
        let tiles = self.memory.lock().await.tiles.clone();
        // Low hashes come from the partial tiles at both right edges.
        let wanted =
            std::collections::BTreeSet::from([old.saturating_sub(1) / TILE, size.saturating_sub(1) / TILE]);
        let leaves = self.leaves_of(wanted.into_iter(), size).await?;
        let mut reader = Reader { tiles: &tiles, leaves: &leaves };
        merkle::consistency_proof(&mut reader, old, size)?.ok_or(StoreError::Missing)
    }

    /// Inclusion proofs of entries in the tree of a checkpoint.
    ///
    /// # Errors
    /// When the store cannot be read, or an entry is not in that tree.
    pub async fn proofs(&self, positions: &[u64], size: u64) -> Result<Vec<Vec<Digest>>, StoreError> {
        let tiles = self.memory.lock().await.tiles.clone();
        // Low hashes come from the tile of each entry and from the last, partial one.
        let mut wanted: std::collections::BTreeSet<u64> = positions.iter().map(|p| p / TILE).collect();
        wanted.insert(size.saturating_sub(1) / TILE);
        let leaves = self.leaves_of(wanted.into_iter(), size).await?;
        let mut reader = Reader { tiles: &tiles, leaves: &leaves };
        positions
            .iter()
            .map(|p| merkle::inclusion_proof(&mut reader, *p, size)?.ok_or(StoreError::Missing))
            .collect()
    }
}

fn digests(bytes: &[u8]) -> Vec<Digest> {
    bytes.chunks_exact(32).filter_map(|c| c.try_into().ok().map(Digest)).collect()
}

/// The right edge of a tree that consists of whole tiles.
fn frontier_of(tiles: &[Digest]) -> Frontier {
    let count = tiles.len() as u64;
    let mut edge = Vec::new();
    let mut at = 0usize;
    for bit in (0..64u32).rev().filter(|b| count >> b & 1 == 1) {
        let width = 1usize << bit;
        let mut hashes: Vec<Digest> = tiles.get(at..at + width).unwrap_or_default().to_vec();
        while hashes.len() > 1 {
            hashes = hashes.chunks_exact(2).map(|p| merkle::node_hash(&p[0], &p[1])).collect();
        }
        edge.extend(hashes);
        at += width;
    }
    Frontier::from_parts(count * TILE, edge).unwrap_or_default()
}

impl App {
    /// Integrates the log now (background work does it twice a second).
    pub async fn integrate_log(&self) {
        // What was signed of the old generation is not known yet, and the next is not open.
        if self.is_restoring() {
            return;
        }
        if let Err(error) = self.inner.log.integrate(self.now(), self.generation()).await {
            tracing::error!(%error, "log not integrated; it is tried again at once");
        }
    }
    /// The log keeper.
    #[must_use]
    pub fn log(&self) -> &LogKeeper {
        &self.inner.log
    }
    /// The newest checkpoint.
    pub async fn checkpoint(&self) -> Option<CheckpointRow> {
        self.inner.log.state().await.checkpoint
    }
    /// Bytes of a tile; none when it is not there.
    pub async fn tile(&self, path: &str) -> Option<bytes::Bytes> {
        self.inner.log.tile(path).await.ok().flatten().map(bytes::Bytes::from)
    }
}
