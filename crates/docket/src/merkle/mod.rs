//! The log as a Merkle tree: RFC 6962 section 2.1 with SHA-256, tiles as in C2SP tlog-tiles.
//!
//! Adding needs only the right edge ([`Frontier`]); proving needs the hashes of complete subtrees
//! ([`HashReader`]), which are read from tiles ([`Tiles`]) or computed from leaves ([`Leaves`]); checking a
//! proof needs nothing but the proof ([`verify_inclusion`], [`verify_consistency`]).

mod frontier;
mod proof;
#[cfg(test)]
mod tests;
mod tile;

pub use frontier::{Frontier, FrontierError};
pub use proof::{
    HashReader, Leaves, ProofError, consistency_proof, inclusion_proof, root, shows_another,
    verify_consistency, verify_inclusion,
};
pub use tile::{
    ENTRIES_PREFIX, MissingTile, Recorder, TILE_HEIGHT, TILE_WIDTH, Tile, TileError, TileKind, TileMap,
    TileReader, Tiles, entries_bundle, parse_entries_bundle, tile_hashes, tiles_needed,
};

use crate::entry::sha256;
use lianzhi_ids::Digest;

/// Hash of a leaf: `SHA-256(0x00 || leaf_data)`.
#[must_use]
pub fn leaf_hash(leaf_data: &Digest) -> Digest {
    sha256(&[&[0], &leaf_data.0])
}

/// Hash of an inner node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[1], &left.0, &right.0])
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    sha256(&[])
}
