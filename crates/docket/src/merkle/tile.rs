//! The tree cut into tiles as C2SP tlog-tiles serves them: static files that anybody can mirror.
//!
//! A tile of level L holds up to 256 hashes of complete subtrees of height 8·L; a bundle of entries holds the
//! data of the leaves under one tile of level 0.

use super::{HashReader, node_hash};
use lianzhi_ids::Digest;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// Levels of the tree that one tile spans.
pub const TILE_HEIGHT: u32 = 8;
/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;
/// First part of a bundle's path after `tile/`.
pub const ENTRIES_PREFIX: &str = "entries";

/// Longest path of a tile that is still parsed, in bytes: `tile/63/` and seven groups for a 64-bit index.
const PATH_BYTES_MAX: usize = 64;
const DIGEST_BYTES: usize = 32;

/// What a path under `tile/` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of subtrees of height 8·level.
    Hashes(u8),
    /// The leaves' data.
    Entries,
}

/// One tile: its place and how many hashes (or entries) it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Hashes of which level, or entries.
    pub kind: TileKind,
    /// Number within its level, from 0.
    pub index: u64,
    /// Hashes in it: 1 to 256, fewer than 256 in a partial tile.
    pub width: u16,
}

/// A path or a content that is no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not a path of tlog-tiles.
    #[error("不是有效的日志分块路径")]
    Path,
    /// The content does not have the length that the tile's width asks for.
    #[error("日志分块内容的长度不对")]
    Length,
}

impl Tile {
    /// The tiles in which a tree of `size` leaves is kept, level by level; with the bundles of entries first.
    pub fn all(size: u64) -> impl Iterator<Item = Tile> {
        Tile::added(0, size)
    }

    /// The tiles that come into being when the tree grows from `old` to `new` leaves: full ones that were not
    /// full before, and the partial ones at the new right edge.
    pub fn added(old: u64, new: u64) -> impl Iterator<Item = Tile> {
        let levels = (0..).take_while(move |level| hashes_at(new, shift(*level)) > 0).map(TileKind::Hashes);
        std::iter::once(TileKind::Entries).chain(levels).flat_map(move |kind| {
            let height = kind.height();
            let (old, new) = (hashes_at(old, height), hashes_at(new, height));
            let first = old / TILE_WIDTH;
            let unchanged = old == new;
            (first..new.div_ceil(TILE_WIDTH)).filter(move |_| !unchanged).map(move |index| Tile {
                kind,
                index,
                width: (new - index * TILE_WIDTH).min(TILE_WIDTH) as u16,
            })
        })
    }

    /// The tile as it is in a tree of `size` leaves, or `None` when there is nothing in it yet.
    #[must_use]
    pub fn at(kind: TileKind, index: u64, size: u64) -> Option<Tile> {
        let width =
            hashes_at(size, kind.height()).checked_sub(index.checked_mul(TILE_WIDTH)?)?.min(TILE_WIDTH);
        (width > 0).then_some(Tile { kind, index, width: width as u16 })
    }

    /// Whether the tile is full and will never change.
    #[must_use]
    pub fn is_full(&self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// Whether the tile can exist in a tree of `size` leaves. Only such tiles should be served.
    #[must_use]
    pub fn is_in(&self, size: u64) -> bool {
        Tile::at(self.kind, self.index, size).is_some_and(|tile| tile.width >= self.width)
    }

    /// Reads a path such as `tile/0/x001/x234/067.p/5` (as after the log's address).
    ///
    /// # Errors
    /// [`TileError::Path`] for everything that is not exactly such a path.
    pub fn parse(path: &str) -> Result<Tile, TileError> {
        let bad = TileError::Path;
        if path.len() > PATH_BYTES_MAX {
            return Err(bad);
        }
        let (level, rest) = path.strip_prefix("tile/").and_then(|p| p.split_once('/')).ok_or(bad)?;
        let kind = if level == ENTRIES_PREFIX {
            TileKind::Entries
        } else {
            TileKind::Hashes(level.parse().map_err(|_| bad)?)
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| bad)?),
            None => (rest, TILE_WIDTH as u16),
        };
        let mut index: u64 = 0;
        for group in number.split('/') {
            let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().map_err(|_| bad)?;
            index = index.checked_mul(1000).and_then(|n| n.checked_add(group)).ok_or(bad)?;
        }
        let tile = Tile { kind, index, width };
        // One tile has one path: whatever is written otherwise (leading zeros, "+1", 256.p/256) is no path.
        if tile.to_string() == path && tile.is_possible() { Ok(tile) } else { Err(bad) }
    }

    fn is_possible(&self) -> bool {
        let height = self.kind.height();
        let end = u128::from(self.index) * u128::from(TILE_WIDTH) + u128::from(self.width);
        (1..=TILE_WIDTH as u16).contains(&self.width)
            && height < 64
            && (end << height) <= u128::from(u64::MAX)
    }
}

impl TileKind {
    /// Height of the subtrees whose hashes the tile holds.
    fn height(self) -> u32 {
        match self {
            TileKind::Hashes(level) => shift(level),
            TileKind::Entries => 0,
        }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => write!(f, "tile/{ENTRIES_PREFIX}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups.iter().skip(1).rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

fn shift(level: u8) -> u32 {
    TILE_HEIGHT * u32::from(level)
}

fn hashes_at(size: u64, height: u32) -> u64 {
    size.checked_shr(height).unwrap_or(0)
}

/// Reads tiles, wherever they are kept.
pub trait TileReader {
    /// Why a tile can't be read.
    type Error;
    /// The hashes of the tile; at least `tile.width` of them (the full tile will do for a partial one).
    ///
    /// # Errors
    /// When the tile can't be read.
    fn tile(&mut self, tile: Tile) -> Result<Vec<Digest>, Self::Error>;
}

/// Hashes of complete subtrees read from tiles of a tree of `size` leaves.
#[derive(Debug)]
pub struct Tiles<R> {
    reader: R,
    size: u64,
}

impl<R: TileReader> Tiles<R> {
    /// A tree of `size` leaves in these tiles.
    pub fn new(reader: R, size: u64) -> Tiles<R> {
        Tiles { reader, size }
    }
}

impl<R: TileReader<Error: From<MissingTile>>> HashReader for Tiles<R> {
    type Error = R::Error;
    fn node(&mut self, height: u32, index: u64) -> Result<Digest, R::Error> {
        let level = (height / TILE_HEIGHT) as u8;
        let inside = height % TILE_HEIGHT;
        let first = index << inside;
        let wanted =
            Tile { kind: TileKind::Hashes(level), index: first / TILE_WIDTH, width: TILE_WIDTH as u16 };
        let tile = Tile::at(wanted.kind, wanted.index, self.size).ok_or(MissingTile(wanted))?;
        let hashes = self.reader.tile(tile)?;
        let start = (first % TILE_WIDTH) as usize;
        let row = hashes.get(start..start + (1 << inside)).ok_or(MissingTile(tile))?;
        Ok(fold(row))
    }
}

/// Root of a row of hashes whose number is a power of two.
fn fold(row: &[Digest]) -> Digest {
    let mut row = row.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row[0]
}

/// A tile that is needed and not there, or shorter than its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("缺少日志分块 {0}")]
pub struct MissingTile(pub Tile);

/// Tiles in memory: what a caller without synchronous storage fills after asking [`tiles_needed`].
#[derive(Debug, Clone, Default)]
pub struct TileMap(HashMap<(TileKind, u64), Vec<Digest>>);

impl TileMap {
    /// Puts a tile in.
    pub fn insert(&mut self, tile: Tile, hashes: Vec<Digest>) {
        self.0.insert((tile.kind, tile.index), hashes);
    }
}

impl TileReader for &TileMap {
    type Error = MissingTile;
    fn tile(&mut self, tile: Tile) -> Result<Vec<Digest>, MissingTile> {
        self.0.get(&(tile.kind, tile.index)).cloned().ok_or(MissingTile(tile))
    }
}

/// Which tiles of a tree of `size` leaves a computation reads. The computation runs on zeros, since what is read
/// never decides what is read next; its result is worthless. For stores that are read asynchronously:
///
/// ```
/// # use lianzhi_docket::merkle::*;
/// let tiles = tiles_needed(70_000, |reader| drop(inclusion_proof(reader, 5, 70_000)));
/// assert_eq!(tiles.len(), 4); // three levels, and the partial tile at the right edge
/// ```
pub fn tiles_needed(size: u64, computation: impl FnOnce(&mut Tiles<Recorder>)) -> Vec<Tile> {
    let mut tiles = Tiles::new(Recorder::default(), size);
    computation(&mut tiles);
    tiles.reader.0.into_iter().collect()
}

/// Takes down which tiles are asked for. See [`tiles_needed`].
#[derive(Debug, Default)]
pub struct Recorder(BTreeSet<Tile>);

impl TileReader for Recorder {
    type Error = MissingTile;
    fn tile(&mut self, tile: Tile) -> Result<Vec<Digest>, MissingTile> {
        self.0.insert(tile);
        Ok(vec![Digest::ZERO; usize::from(tile.width)])
    }
}

/// Contents of a tile of hashes, computed from a reader of the tree.
///
/// # Errors
/// Those of the reader.
pub fn tile_hashes<R: HashReader>(reader: &mut R, tile: Tile) -> Result<Vec<Digest>, R::Error> {
    let first = tile.index * TILE_WIDTH;
    (first..first + u64::from(tile.width)).map(|index| reader.node(tile.kind.height(), index)).collect()
}

impl Tile {
    /// The hashes of a tile as they are served: one after the other.
    #[must_use]
    pub fn encode(hashes: &[Digest]) -> Vec<u8> {
        hashes.iter().flat_map(|hash| hash.0).collect()
    }

    /// Reads the hashes of a tile as served.
    ///
    /// # Errors
    /// [`TileError::Length`] when there are not `width` of them.
    pub fn decode(&self, bytes: &[u8]) -> Result<Vec<Digest>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<DIGEST_BYTES>();
        if rest.is_empty() && hashes.len() == usize::from(self.width) {
            Ok(hashes.iter().copied().map(Digest).collect())
        } else {
            Err(TileError::Length)
        }
    }
}

/// A bundle of entries: each leaf's data after its length (uint16, big-endian).
#[must_use]
pub fn entries_bundle(leaves: &[Digest]) -> Vec<u8> {
    let length = (DIGEST_BYTES as u16).to_be_bytes();
    leaves.iter().flat_map(|leaf| length.into_iter().chain(leaf.0)).collect()
}

/// Reads a bundle of entries.
///
/// # Errors
/// [`TileError::Length`] when it does not hold leaves of 32 bytes.
pub fn parse_entries_bundle(bytes: &[u8]) -> Result<Vec<Digest>, TileError> {
    let (records, rest) = bytes.as_chunks::<{ 2 + DIGEST_BYTES }>();
    if !rest.is_empty() {
        return Err(TileError::Length);
    }
    records
        .iter()
        .map(|[high, low, leaf @ ..]| match u16::from_be_bytes([*high, *low]) {
            n if usize::from(n) == DIGEST_BYTES => Ok(Digest(*leaf)),
            _ => Err(TileError::Length),
        })
        .collect()
}
