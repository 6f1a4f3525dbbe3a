//! Which keys of a member count, and when.

use super::{MemberKey, Roster};
use jiff::Timestamp;
use lianzhi_docket::suite::PublicKey;
use lianzhi_ids::NodeCode;

/// What the roster says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It counts.
    Good(&'a PublicKey),
    /// It is the member's, but not of this time.
    OutOfTime(&'a PublicKey),
    /// The member revoked it: nothing signed with it is taken any more, whenever it was signed, since whoever stole it can
    /// write any date.
    Revoked(&'a PublicKey),
}

impl Roster {
    /// What is known of a member's key by its short name, for something that was said at this time. `None` when the member or
    /// the key is unknown. A key that began later counts for what was said in the time of one that was revoked: its author
    /// signed the same bytes again.
    #[must_use]
    pub fn key_standing(&self, node: &NodeCode, key_id: &str, at: Timestamp) -> Option<Standing<'_>> {
        let all = &self.member(node)?.keys;
        let mut keys = all.iter().filter(|key| key.key.id() == key_id).peekable();
        let first = *keys.peek()?;
        if self.is_revoked(node, key_id) {
            return Some(Standing::Revoked(&first.key));
        }
        if let Some(good) = keys.find(|key| key.counts_at(at)) {
            return Some(Standing::Good(&good.key));
        }
        let revoked = |key: &MemberKey| key.from <= at && self.is_revoked(node, &key.key.id());
        Some(match first.from > at && all.iter().any(revoked) {
            true => Standing::Good(&first.key),
            false => Standing::OutOfTime(&first.key),
        })
    }

    /// A member's key by its short name, if it counts for what was signed at this time.
    #[must_use]
    pub fn key(&self, node: &NodeCode, key_id: &str, at: Timestamp) -> Option<&PublicKey> {
        match self.key_standing(node, key_id, at)? {
            Standing::Good(key) => Some(key),
            Standing::OutOfTime(_) | Standing::Revoked(_) => None,
        }
    }

    /// A key of a member or former member by its short name, whatever it is worth by now: evidence is checked with it.
    #[must_use]
    pub fn any_key(&self, node: &NodeCode, key_id: &str) -> Option<&PublicKey> {
        let former =
            self.former.iter().filter(|former| former.member.node == *node).map(|former| &former.member);
        let mut keys = self.member(node).into_iter().chain(former).flat_map(|member| &member.keys);
        keys.find(|key| key.key.id() == key_id).map(|key| &key.key)
    }
}
