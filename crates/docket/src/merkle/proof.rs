//! Roots and proofs: made from the hashes of complete subtrees, checked from nothing but themselves.

use super::{empty_root, leaf_hash, node_hash};
use lianzhi_ids::Digest;

/// Gives the hashes of complete subtrees.
pub trait HashReader {
    /// Why a hash can't be read.
    type Error;
    /// Hash of the complete subtree over the leaves `index << height .. (index + 1) << height`, all of which
    /// are in the tree.
    ///
    /// # Errors
    /// When it can't be read.
    fn node(&mut self, height: u32, index: u64) -> Result<Digest, Self::Error>;
}

/// Computes every hash from the leaves (their data, not their hashes). For small trees and for tests.
#[derive(Debug, Clone, Copy)]
pub struct Leaves<'a>(pub &'a [Digest]);

impl HashReader for Leaves<'_> {
    type Error = ProofError;
    fn node(&mut self, height: u32, index: u64) -> Result<Digest, ProofError> {
        if height == 0 {
            let leaf = usize::try_from(index).ok().and_then(|i| self.0.get(i));
            return leaf.map(leaf_hash).ok_or(ProofError::OutOfTree);
        }
        let left = self.node(height - 1, index * 2)?;
        let right = self.node(height - 1, index * 2 + 1)?;
        Ok(node_hash(&left, &right))
    }
}

/// A proof that proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf or the older tree is not inside the tree.
    #[error("位置超出日志范围")]
    OutOfTree,
    /// Too many or too few hashes for these sizes.
    #[error("证明的长度与日志大小不符")]
    Length,
    /// The hashes don't lead to the root.
    #[error("证明推算出的根摘要与检查点不符")]
    Root,
}

/// Root of the tree of the first `size` leaves.
///
/// # Errors
/// Those of the reader.
pub fn root<R: HashReader>(reader: &mut R, size: u64) -> Result<Digest, R::Error> {
    if size == 0 { Ok(empty_root()) } else { range(reader, 0, size) }
}

/// Inclusion proof `PATH(index, D[size])` of RFC 6962 section 2.1.1, the leaf's sibling first.
/// `None` when the leaf is not in the tree.
///
/// # Errors
/// Those of the reader.
pub fn inclusion_proof<R: HashReader>(
    reader: &mut R,
    index: u64,
    size: u64,
) -> Result<Option<Vec<Digest>>, R::Error> {
    if index >= size {
        return Ok(None);
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(reader, middle, end)?);
            end = middle;
        } else {
            path.push(range(reader, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(Some(path))
}

/// Consistency proof `PROOF(old, D[new])` of RFC 6962 section 2.1.2. `None` when `old` is 0 or more than `new`:
/// such a proof says nothing.
///
/// # Errors
/// Those of the reader.
pub fn consistency_proof<R: HashReader>(
    reader: &mut R,
    old: u64,
    new: u64,
) -> Result<Option<Vec<Digest>>, R::Error> {
    if old == 0 || old > new {
        return Ok(None);
    }
    // SUBPROOF: walk down to the old tree's right edge, taking the other side at each step.
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(reader, middle, end)?);
            end = middle;
        } else {
            path.push(range(reader, start, middle)?);
            start = middle;
        }
    }
    if start != 0 {
        // The old tree is not a subtree of its own: its last part must be given.
        path.push(range(reader, start, end)?);
    }
    path.reverse();
    Ok(Some(path))
}

/// Checks that the leaf is at `index` in the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2).
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_inclusion(
    leaf_data: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfTree);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf_hash(leaf_data);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        Err(ProofError::Length)
    } else if hash != *root {
        Err(ProofError::Root)
    } else {
        Ok(())
    }
}

/// Checks that the tree of `new` leaves begins with the whole tree of `old` leaves (RFC 9162 section 2.1.4.2).
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_consistency(
    old: u64,
    old_root: &Digest,
    new: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OutOfTree);
    }
    if old == new || old == 0 {
        let empty_is_empty = old != 0 || *old_root == empty_root();
        let same = old != new || old_root == new_root;
        return match (proof.is_empty(), empty_is_empty && same) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    // A complete old tree is its own first hash.
    let mut rest = proof.iter();
    let first = if old.is_power_of_two() { old_root } else { rest.next().ok_or(ProofError::Length)? };
    if roots(old, new, first, rest)? == (*old_root, *new_root) { Ok(()) } else { Err(ProofError::Root) }
}

/// Whether these hashes show that the tree of `new` leaves begins with another tree of `old` leaves than `old_root`: they
/// lead to `new_root`, so they are its own, and from them follows another root of the older tree. A consistency proof of whoever
/// changed his leaves is such hashes, except for a complete older tree (a power of two), whose hash a proof leaves out: here it stands
/// first.
#[must_use]
pub fn shows_another(old: u64, old_root: &Digest, new: u64, new_root: &Digest, hashes: &[Digest]) -> bool {
    let Some((first, rest)) = hashes.split_first().filter(|_| 0 < old && old < new) else { return false };
    roots(old, new, first, rest.iter()).is_ok_and(|(older, newer)| newer == *new_root && older != *old_root)
}

/// To which roots of both trees the hashes of a consistency proof lead; `first` is that of the older tree's last complete
/// subtree.
fn roots<'a>(
    old: u64,
    new: u64,
    first: &Digest,
    rest: impl Iterator<Item = &'a Digest>,
) -> Result<(Digest, Digest), ProofError> {
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok((old_hash, new_hash)) } else { Err(ProofError::Length) }
}

/// Largest power of two below `n`, which is at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// MTH(D[start:end]) where `start` is a multiple of the power of two at or above `end - start`, as all ranges
/// that come from splitting a tree are.
fn range<R: HashReader>(reader: &mut R, start: u64, end: u64) -> Result<Digest, R::Error> {
    let length = end - start;
    if length.is_power_of_two() {
        let height = length.trailing_zeros();
        return reader.node(height, start >> height);
    }
    let middle = start + split(length);
    let left = range(reader, start, middle)?;
    let right = range(reader, middle, end)?;
    Ok(node_hash(&left, &right))
}
