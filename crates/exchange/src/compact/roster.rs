//! What is in force: an epoch, and what members said of themselves since.

use super::{Epoch, Form, Former, ListEntry, Member};
use jiff::civil::Date;
use lianzhi_ids::{Digest, NodeCode};
use serde::{Deserialize, Serialize};

/// The roster in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The epoch in force, with what members said of themselves since: keys rotated and revoked, addresses moved, liaison
    /// officers changed; who left is not in it.
    pub epoch: Epoch,
    /// Digest of the epoch as it was countersigned.
    pub digest: Digest,
    /// Entries of the list that were taken off or amended: dockets opened under them go on to their end.
    #[serde(default)]
    pub past: Vec<ListEntry>,
    /// Who left or was expelled and did not come back.
    #[serde(default)]
    pub former: Vec<Former>,
    /// Keys that their members revoked, by member and short name: nothing signed with them is taken any more, whenever it
    /// was signed.
    #[serde(default)]
    pub revoked: Vec<(NodeCode, String)>,
}

impl Roster {
    /// The roster of an epoch as it was proposed: by it the first members talk to each other about the compact, and about
    /// nothing else, until enough provinces have countersigned.
    #[must_use]
    pub fn proposed(agreed: &super::Agreed) -> Roster {
        Roster {
            epoch: agreed.epoch.clone(),
            digest: agreed.digest,
            past: Vec::new(),
            former: Vec::new(),
            revoked: Vec::new(),
        }
    }

    /// A member.
    #[must_use]
    pub fn member(&self, node: &NodeCode) -> Option<&Member> {
        self.epoch.member(node)
    }

    /// Whether this member revoked this key.
    #[must_use]
    pub fn is_revoked(&self, node: &NodeCode, key: &str) -> bool {
        self.revoked.iter().any(|(of, id)| of == node && id == key)
    }

    /// Somebody who was a member.
    #[must_use]
    pub fn former(&self, node: &NodeCode) -> Option<&Former> {
        self.former.iter().find(|f| f.member.node == *node)
    }

    /// An entry of the list, in force or past, by its digest.
    #[must_use]
    pub fn entry(&self, digest: &Digest) -> Option<&ListEntry> {
        self.epoch.list.iter().chain(&self.past).find(|e| e.digest() == *digest)
    }

    /// Entries in force under which one member may open a matter of this form with another.
    pub fn entries_for<'a>(
        &'a self,
        form: Form,
        from: &'a NodeCode,
        to: &'a NodeCode,
        category: Option<&'a str>,
        day: Date,
    ) -> impl Iterator<Item = &'a ListEntry> {
        self.epoch.list.iter().filter(move |e| {
            e.forms.contains(&form) && e.in_force(day) && e.between(from, to) && e.covers(category)
        })
    }
}
