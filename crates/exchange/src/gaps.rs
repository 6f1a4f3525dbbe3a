//! What to pull and what to send, from what two sides hold of a docket's streams.

use crate::receipt::HEADS_MAX;
use lianzhi_ids::NodeCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Per author, the position after the last entry that a side holds.
pub type Heads = BTreeMap<NodeCode, u32>;

/// Dockets in one answer about what a member holds.
pub const HOLDINGS_MAX: usize = 500;

/// What a member holds that concerns another: asked for by a node that comes back from a backup, and knows neither what
/// it signed nor which dockets were opened since.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// The asker's log as it was last witnessed here, one signed note for each generation, with the witness's line.
    pub witnessed: Vec<String>,
    /// Dockets to which the asker is party, by name, with the heads of their streams here; at most [`HOLDINGS_MAX`].
    pub dockets: BTreeMap<String, Heads>,
    /// Ask again with `after` this name for more; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A piece of a stream that one side lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Piece {
    /// Whose stream.
    pub author: NodeCode,
    /// From which position.
    pub from: u32,
    /// Up to before which position.
    pub to: u32,
}

/// What we lack of others' streams and the other side holds.
#[must_use]
pub fn to_pull(me: &NodeCode, ours: &Heads, theirs: &Heads) -> Vec<Piece> {
    let mut pieces = lacking(ours, theirs);
    pieces.retain(|piece| piece.author != *me);
    pieces
}

/// What others hold of our own stream and we don't. After a restore it is pulled before anything else, and nothing is said in the
/// docket until it is back; otherwise somebody signs with our key, and people are alarmed.
#[must_use]
pub fn own_beyond(me: &NodeCode, ours: &Heads, theirs: &Heads) -> Option<Piece> {
    lacking(ours, theirs).into_iter().find(|piece| piece.author == *me)
}

/// What the other side lacks of our own stream: each author sends its own, others are pulled from whoever has them.
#[must_use]
pub fn to_send(me: &NodeCode, ours: &Heads, theirs: &Heads) -> Option<Piece> {
    lacking(theirs, ours).into_iter().find(|piece| piece.author == *me)
}

fn lacking(here: &Heads, there: &Heads) -> Vec<Piece> {
    there
        .iter()
        .take(HEADS_MAX)
        .filter_map(|(author, to)| {
            let from = here.get(author).copied().unwrap_or(0);
            (from < *to).then(|| Piece { author: author.clone(), from, to: *to })
        })
        .collect()
}
