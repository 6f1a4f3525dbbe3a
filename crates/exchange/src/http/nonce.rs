//! Nonces that were used: a bounded memory of them.

use super::{HttpError, Nonce};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::NodeCode;
use std::collections::{BTreeMap, BTreeSet};

/// How long a nonce is remembered at least: a signature counts from five minutes before its time to five after it.
pub const NONCE_WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Most nonces of one node within a window, some 800 requests per second (each can carry 64 envelopes): beyond, that node is
/// told to wait, and no other notices.
pub const NONCES_PER_NODE_MAX: usize = 500_000;

/// Nonces of members' requests. Kept in two halves, so that forgetting costs nothing: the older half is dropped when the younger has
/// been filled for a window. Only members get here, so the number of nodes is that of the roster.
#[derive(Debug, Default)]
pub struct Nonces {
    nodes: BTreeMap<NodeCode, Halves>,
}

#[derive(Debug)]
struct Halves {
    since: Timestamp,
    young: BTreeSet<Nonce>,
    old: BTreeSet<Nonce>,
}

impl Nonces {
    /// Notes a nonce of a request whose signature was found good.
    ///
    /// # Errors
    /// [`HttpError::Replayed`] when it was noted within the window, [`HttpError::TooMany`].
    pub fn note(&mut self, node: &NodeCode, nonce: Nonce, now: Timestamp) -> Result<(), HttpError> {
        let fresh = || Halves { since: now, young: BTreeSet::new(), old: BTreeSet::new() };
        let halves = self.nodes.entry(node.clone()).or_insert_with(fresh);
        // A clock that was set back begins a new window rather than none.
        if now.duration_since(halves.since).abs() >= NONCE_WINDOW {
            halves.old = std::mem::take(&mut halves.young);
            halves.since = now;
        }
        if halves.old.contains(&nonce) || halves.young.contains(&nonce) {
            return Err(HttpError::Replayed);
        }
        if halves.young.len() >= NONCES_PER_NODE_MAX {
            return Err(HttpError::TooMany);
        }
        halves.young.insert(nonce);
        Ok(())
    }

    /// How many are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.values().map(|halves| halves.young.len() + halves.old.len()).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
