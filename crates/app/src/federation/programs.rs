//! What the programs of other members understand, as they say themselves: which version of the protocol is spoken with them
//! and how much they take at once. At hand only: it is asked anew after each start.

use crate::App;
use lianzhi_exchange::capabilities::{
    Capabilities, Limits, PROTOCOL_VERSION, PROTOCOL_VERSIONS, choose_version,
};
use lianzhi_exchange::signature::Statement;
use lianzhi_ids::NodeCode;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Capability documents of the other members.
#[derive(Debug, Default)]
pub(super) struct Programs(Mutex<HashMap<NodeCode, Arc<Capabilities>>>);

impl App {
    /// Keeps what a member says of its program; false when it did not sign it.
    pub fn understands(&self, peer: &NodeCode, said: &Statement) -> bool {
        let Some(roster) = self.roster() else { return false };
        let key = roster.key(peer, &said.signature.key, self.now());
        let opened = key.and_then(|key| Capabilities::open(said, key, peer).ok());
        let good = opened.is_some();
        if let Some(capabilities) = opened {
            self.inner.peers.programs.0.lock().insert(peer.clone(), Arc::new(capabilities));
        }
        good
    }

    /// What a member's program understands; none until it said so.
    #[must_use]
    pub fn capabilities_of(&self, peer: &NodeCode) -> Option<Arc<Capabilities>> {
        self.inner.peers.programs.0.lock().get(peer).cloned()
    }

    /// What a member said of its program seems to be true no more: it is asked again.
    pub fn forget_capabilities(&self, peer: &NodeCode) {
        self.inner.peers.programs.0.lock().remove(peer);
    }

    /// How much this node and a member both take at once.
    #[must_use]
    pub fn limits_with(&self, peer: &NodeCode) -> Limits {
        let ours = Limits::default();
        self.capabilities_of(peer).map_or(ours, |theirs| ours.both(theirs.limits))
    }

    /// The version of the protocol in which a member is spoken to: the latest that both know. Where there is none, or it is
    /// not known yet, this program's own, and the member says what is wrong with it.
    #[must_use]
    pub fn version_with(&self, peer: &NodeCode) -> u32 {
        let theirs = self.capabilities_of(peer);
        theirs.and_then(|c| choose_version(PROTOCOL_VERSIONS, &c.versions)).unwrap_or(PROTOCOL_VERSION)
    }
}
