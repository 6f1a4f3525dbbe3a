//! The right edge of the tree: all that is needed to add leaves and to know the root.

use super::{empty_root, leaf_hash, node_hash};
use lianzhi_ids::Digest;

/// A tree of which only the complete subtrees along its right edge are kept: at most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// One hash for each one bit of `size`, the largest subtree first.
    edge: Vec<Digest>,
}

/// The saved hashes don't belong to a tree of the saved size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{size} 条记录的日志应有 {} 个边缘摘要，实有 {found} 个", size.count_ones())]
pub struct FrontierError {
    /// Size of the tree.
    pub size: u64,
    /// Number of hashes given.
    pub found: usize,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Takes up a saved tree: its size and its [`edge`](Frontier::edge).
    ///
    /// # Errors
    /// [`FrontierError`] when the number of hashes does not fit the size.
    pub fn from_parts(size: u64, edge: Vec<Digest>) -> Result<Frontier, FrontierError> {
        if edge.len() == size.count_ones() as usize {
            Ok(Frontier { size, edge })
        } else {
            Err(FrontierError { size, found: edge.len() })
        }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Hashes of the complete subtrees along the right edge, the largest first. To be saved with the size.
    #[must_use]
    pub fn edge(&self) -> &[Digest] {
        &self.edge
    }

    /// Adds a leaf. `completed` hears of every hash that became final, as (height, index, hash), the leaf's own
    /// (height 0) first. Those at heights 0, 8, 16 … are the contents of tiles, see [`super::Tile`].
    pub fn append_with(&mut self, leaf_data: &Digest, mut completed: impl FnMut(u32, u64, Digest)) {
        let mut hash = leaf_hash(leaf_data);
        completed(0, self.size, hash);
        // Each one bit at the low end of the size is a complete subtree that the new one completes to a pair.
        for height in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                hash = node_hash(&left, &hash);
                completed(height + 1, self.size >> (height + 1), hash);
            }
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// Adds a leaf.
    pub fn append(&mut self, leaf_data: &Digest) {
        self.append_with(leaf_data, |_, _, _| ());
    }

    /// Root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Digest {
        let mut right_to_left = self.edge.iter().rev();
        match right_to_left.next() {
            None => empty_root(),
            Some(last) => right_to_left.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}
