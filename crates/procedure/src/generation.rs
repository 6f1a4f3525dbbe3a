//! Generations of the node's log. A node that comes back from a backup lacks what was recorded after it. The tree goes on over
//! what is left, under the name of the next generation; the first entry of that generation says what is lost and who
//! knows of it, so that nobody can take the cut for something else.

use lianzhi_ids::{NodeCode, PersonCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The beginning of a generation, as far as it is known: neighbours that were silent at first add to it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generation {
    /// Its number; the first generation has no such record.
    pub number: u32,
    /// Entries of the log that the backup held: positions 0 to before this one are kept.
    pub restored: u64,
    /// The last checkpoint of the log before that a neighbour can show, as a signed note (C2SP tlog-checkpoint) with that
    /// neighbour's line; none when nobody witnessed anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnessed: Option<String>,
    /// Positions that are known to be lost: from, and to before which. More may be lost that nobody witnessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
    /// Members that have said what they hold, and from whom it was fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<NodeCode>,
    /// Members that have not: in matters with them this node says nothing yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaited: Vec<NodeCode>,
    /// The administrator who let the node speak before all had answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<PersonCode>,
}

/// A range of positions of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lost {
    /// The first.
    pub from: u64,
    /// The one after the last.
    pub to: u64,
}

impl Generation {
    /// Whether this node must not say anything yet in a matter with these members: it does not know what it said before.
    #[must_use]
    pub fn silent_with<'a>(&self, members: &'a [NodeCode]) -> Option<&'a NodeCode> {
        members.iter().find(|node| self.overridden.is_none() && self.awaited.contains(node))
    }
}
