//! What is in force: an epoch, and what members said of themselves since.

use super::{Form, ListEntry, Member, Pair};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A version of the compact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// Version of this form.
    pub v: u32,
    /// Name of the compact: the shared docket in which it is agreed.
    pub compact: String,
    /// From 1, dense.
    pub number: u32,
    /// Digest of the epoch before; [`Digest::ZERO`] for the first.
    pub parent: Digest,
    /// When it was proposed.
    pub at: Timestamp,
    /// Name on screen, e.g. 长三角城市管理执法协作机制.
    pub title: String,
    /// Countersignatures of provinces that a change needs.
    pub k: u8,
    /// Members, by node.
    pub members: Vec<Member>,
    /// Pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// The collaboration list, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<ListEntry>,
}

/// The roster in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The epoch in force, with what members said of themselves since.
    pub epoch: Epoch,
    /// Digest of the epoch as it was countersigned.
    pub digest: Digest,
    /// Entries of the list that ran out or were taken off: dockets opened under them go on to their end.
    #[serde(default)]
    pub past: Vec<ListEntry>,
    /// Keys that their members revoked, by member and short name: nothing signed with them is taken any more, whenever it
    /// was signed.
    #[serde(default)]
    pub revoked: Vec<(NodeCode, String)>,
}

impl Roster {
    /// A member.
    #[must_use]
    pub fn member(&self, node: &NodeCode) -> Option<&Member> {
        self.epoch.members.iter().find(|m| m.node == *node)
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
