//! What is known of the other members: signs of life, addresses, what waits for them.

use super::Signal;
use super::programs::Programs;
use crate::App;
use crate::ports::{Backlog, ForkRow, PeerRow, StoreError};
use jiff::{SignedDuration, Timestamp};
use lianzhi_exchange::capabilities::Capabilities;
use lianzhi_exchange::compact::{Member, Roster};
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lru::LruCache;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A member that was not heard for so long is shown as silent, and the next thing heard of it is a sign of life that lets
/// everything that waits for it go at once.
pub const SILENT_AFTER: SignedDuration = SignedDuration::from_secs(30);
/// What is known of a peer that lives is written so often at most.
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// What is known of the peers, at hand.
#[derive(Debug)]
pub struct Peers {
    known: Mutex<HashMap<NodeCode, Memory>>,
    served: Mutex<LruCache<(Digest, SharedId, NodeCode), ()>>,
    pub(super) programs: Programs,
}

/// Files given to members whose record is known to be there, so that it is not looked for with every piece.
const SERVED_MAX: usize = 4_096;

impl Default for Peers {
    fn default() -> Peers {
        let room = NonZeroUsize::new(SERVED_MAX).unwrap_or(NonZeroUsize::MIN);
        Peers {
            known: Mutex::default(),
            served: Mutex::new(LruCache::new(room)),
            programs: Programs::default(),
        }
    }
}

#[derive(Debug, Clone)]
struct Memory {
    row: PeerRow,
    written: Option<Timestamp>,
}

/// A member as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerView {
    /// Which.
    pub node: NodeCode,
    /// Province and name.
    pub title: String,
    /// What is known of it.
    pub row: PeerRow,
    /// What waits for it.
    pub backlog: Option<Backlog>,
    /// It is not reached now.
    pub silent: bool,
    /// What its program understands; none until it said so to this process.
    pub program: Option<Arc<Capabilities>>,
}

/// Evidence as it is kept, named by what it shows.
pub(super) fn fork_row(
    node: NodeCode,
    kind: &str,
    subject: String,
    one: String,
    other: String,
    now: Timestamp,
) -> ForkRow {
    let digest = Sha256::new().chain_update(&one).chain_update([0]).chain_update(&other).finalize();
    ForkRow {
        digest: Digest(digest.into()),
        node,
        kind: kind.into(),
        subject,
        one,
        other,
        at: now.as_microsecond(),
    }
}

impl Peers {
    /// Whether this is the first piece of a file that a member gets as far as this process knows.
    pub(super) fn first_piece(&self, digest: Digest, shared: &SharedId, peer: &NodeCode) -> bool {
        self.served.lock().put((digest, shared.clone(), peer.clone()), ()).is_none()
    }

    fn heard_at(&self, node: &NodeCode) -> Option<Timestamp> {
        let at = self.known.lock().get(node)?.row.heard_at?;
        Timestamp::from_microsecond(at).ok()
    }
}

impl App {
    /// The roster in force.
    #[must_use]
    pub fn roster(&self) -> Option<Arc<Roster>> {
        self.directory().exchange_roster().cloned()
    }

    /// All other members.
    #[must_use]
    pub fn other_members(&self) -> Vec<Member> {
        let me = &self.config().node;
        let roster = self.roster();
        let all = roster.iter().flat_map(|roster| roster.epoch.members.iter());
        all.filter(|member| member.node != *me).cloned().collect()
    }

    /// When a member was last heard.
    #[must_use]
    pub fn heard_at(&self, node: &NodeCode) -> Option<Timestamp> {
        self.inner.peers.heard_at(node)
    }

    /// The address at which a member answered last.
    #[must_use]
    pub fn address_of(&self, node: &NodeCode) -> Option<String> {
        self.inner.peers.known.lock().get(node).map(|m| m.row.address.clone()).filter(|a| !a.is_empty())
    }

    /// The last time that the compact was heard of from another member: any of them would have told of a later epoch.
    pub(super) fn roster_confirmed(&self, roster: &Roster) -> Timestamp {
        let known = self.inner.peers.known.lock();
        let number = i64::from(roster.epoch.number);
        let heard = known.values().filter(|m| m.row.epoch == number).filter_map(|m| m.row.heard_at).max();
        heard.and_then(|at| Timestamp::from_microsecond(at).ok()).unwrap_or(roster.epoch.at)
    }

    async fn memory(&self, node: &NodeCode) -> Result<Memory, StoreError> {
        if let Some(memory) = self.inner.peers.known.lock().get(node) {
            return Ok(memory.clone());
        }
        let row = self.inner.store.exchange.peer(node).await?;
        Ok(Memory { row: row.unwrap_or_else(|| PeerRow::new(node.clone())), written: None })
    }

    /// A sign of life of a member: a request, an answer, a receipt. `address` is where it answered, when it did;
    /// `epoch` the one it works by, when it said so.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn heard(
        &self,
        node: &NodeCode,
        address: Option<&str>,
        epoch: Option<u32>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let mut memory = self.memory(node).await?;
        let last = self.heard_at(node);
        let woke =
            memory.row.silent_since.is_some() || last.is_none_or(|at| now.duration_since(at) > SILENT_AFTER);
        memory.row.heard_at = Some(now.as_microsecond());
        memory.row.silent_since = None;
        memory.row.error = String::new();
        if let Some(epoch) = epoch {
            memory.row.epoch = i64::from(epoch);
        }
        if let Some(address) = address {
            memory.row.address = address.to_owned();
        }
        let due = memory.written.is_none_or(|at| now.duration_since(at) > WRITTEN_EVERY);
        if woke || due {
            memory.written = Some(now);
        }
        self.inner.peers.known.lock().insert(node.clone(), memory.clone());
        if woke || due {
            self.inner.store.exchange.put_peer(&memory.row).await?;
        }
        if woke {
            self.inner.store.exchange.outbox_wake(node, now.as_microsecond()).await?;
            self.signal(Signal::Send(node.clone()));
            self.signal(Signal::Fetch(node.clone()));
        }
        Ok(())
    }

    /// A member did not answer.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn not_reached(&self, node: &NodeCode, error: &str) -> Result<(), StoreError> {
        let now = self.now();
        let mut memory = self.memory(node).await?;
        let fresh = memory.row.silent_since.is_none() || memory.row.error != error;
        memory.row.silent_since = memory.row.silent_since.or(Some(now.as_microsecond()));
        memory.row.error = error.chars().take(200).collect();
        self.inner.peers.known.lock().insert(node.clone(), memory.clone());
        if fresh { self.inner.store.exchange.put_peer(&memory.row).await } else { Ok(()) }
    }

    /// All other members as pages show them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn peer_views(&self) -> Result<Vec<PeerView>, StoreError> {
        let now = self.now();
        let backlogs = self.inner.store.exchange.backlogs(now.as_microsecond()).await?;
        let mut views = Vec::new();
        for member in self.other_members() {
            let row = self.memory(&member.node).await?.row;
            let silent = row.silent_since.is_some() || row.heard_at.is_none();
            let backlog = backlogs.iter().find(|b| b.peer == member.node).cloned();
            let program = self.capabilities_of(&member.node);
            views.push(PeerView { title: member.title(), node: member.node, row, backlog, silent, program });
        }
        Ok(views)
    }

    /// Tells whoever carries messages.
    pub(super) fn signal(&self, signal: Signal) {
        self.inner.shared.signal(signal);
    }

    /// What whoever carries messages should do at once, from now on.
    #[must_use]
    pub fn signals(&self) -> tokio::sync::broadcast::Receiver<Signal> {
        self.inner.shared.signals()
    }

    /// Keys and suites of this node's exchange.
    #[must_use]
    pub fn exchange_key(&self) -> Option<Arc<dyn lianzhi_docket::suite::SuiteSigner>> {
        let directory = self.directory();
        let roster = directory.exchange_roster().map(AsRef::as_ref);
        self.inner.shared.keys().signing(roster, &directory.node, self.now()).cloned()
    }
}
