//! Where a verification reads from, and what it goes by.

use crate::entry::{Salt, SealedEntry};
use crate::note::{SignedCheckpoint, VerifierKey};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::Read;

/// An entry as the store has it. Everything is as stored, nothing recomputed: comparing is the verifier's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Position in the log, from 0.
    pub position: u64,
    /// Docket by which the store finds it.
    pub docket: DocketId,
    /// Number in the docket by which the store finds it.
    pub seq: u32,
    /// Time by which the store finds it.
    pub at: Timestamp,
    /// Bytes, salt, and the digests as stored.
    pub sealed: SealedEntry,
}

/// A part as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    /// Digest by which the store finds it.
    pub digest: Digest,
    /// Its salt.
    pub salt: Salt,
    /// Its kind.
    pub kind: String,
    /// Its content in clear; `None` when the store says that it was erased (which must be in the record).
    pub content: Option<Vec<u8>>,
    /// The content is there but sealed, and whoever verifies has no key that opens it: counted, not checked.
    /// Only with `content` being `None`.
    pub sealed: bool,
}

/// A whole log to be verified. Read once, front to back, in batches of the source's choice (a thousand entries
/// are reasonable); memory stays bounded by a batch and some 100 bytes for each docket.
pub trait Source {
    /// Why the source can't be read. Ends the verification: a report is about what was read, never a guess.
    type Error;
    /// The next entries in the order of their positions; none at the end.
    ///
    /// # Errors
    /// When they can't be read.
    fn entries(&mut self) -> Result<Vec<StoredEntry>, Self::Error>;
    /// The next checkpoints (signed notes) in the order in which they were signed; none at the end.
    ///
    /// # Errors
    /// When they can't be read.
    fn checkpoints(&mut self) -> Result<Vec<String>, Self::Error>;
    /// Those of these parts that the store has. Asked for each batch of entries.
    ///
    /// # Errors
    /// When they can't be read.
    fn parts(&mut self, digests: &[Digest]) -> Result<Vec<StoredPart>, Self::Error>;
    /// The file of an exhibit, or `None` when the store does not have it.
    ///
    /// # Errors
    /// When it can't be opened for another reason than not being there.
    fn exhibit(&mut self, digest: &Digest) -> Result<Option<Box<dyn Read + '_>>, Self::Error>;
}

/// What the record is measured by. None of it may come from the store that is verified, else it proves little.
#[derive(Debug, Clone)]
pub struct Expect {
    /// Whose log it is.
    pub node: NodeCode,
    /// The node's keys, present and past. A key counts for all generations of its log.
    pub keys: Vec<VerifierKey>,
    /// Witnesses whose cosignatures count.
    pub witnesses: Vec<VerifierKey>,
    /// How many of them make a checkpoint [`super::Strength::Witnessed`]; at least 1.
    pub quorum: usize,
    /// A checkpoint that was saved elsewhere.
    pub since: Option<SignedCheckpoint>,
    /// Read and hash the exhibits' files too (slow when there are many).
    pub exhibits: bool,
    /// Which parts and exhibits an event (its JSON) erases, see [`erased_by`].
    pub erased: fn(&str) -> Vec<Digest>,
}

impl Expect {
    /// What can be checked with the node's key alone.
    #[must_use]
    pub fn of(node: NodeCode, key: VerifierKey) -> Expect {
        Expect {
            node,
            keys: vec![key],
            witnesses: Vec::new(),
            quorum: 1,
            since: None,
            exhibits: true,
            erased: erased_by,
        }
    }
}

/// The convention for erasure: an event `{"type":"erased","parts":[hex…],"exhibits":[hex…]}`, or one of another type that
/// erases besides, with `"erased":[hex…]`.
#[must_use]
pub fn erased_by(event: &str) -> Vec<Digest> {
    #[derive(Deserialize)]
    struct Tag<'a> {
        #[serde(rename = "type", borrow)]
        name: Cow<'a, str>,
    }
    #[derive(Deserialize)]
    struct Besides {
        erased: Vec<Digest>,
    }
    #[derive(Deserialize)]
    struct Erased {
        #[serde(default)]
        parts: Vec<Digest>,
        #[serde(default)]
        exhibits: Vec<Digest>,
    }
    // In two steps: `parts` of other events may be anything.
    match serde_json::from_str::<Tag>(event) {
        Ok(tag) if tag.name == "erased" => serde_json::from_str::<Erased>(event)
            .map(|erased| [erased.parts, erased.exhibits].concat())
            .unwrap_or_default(),
        _ => serde_json::from_str::<Besides>(event).map(|besides| besides.erased).unwrap_or_default(),
    }
}

/// Where a restore cut the log off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Cut {
    /// The generation that begins there.
    pub number: u32,
    /// Entries that are left of the log before: the position of the entry that says so.
    pub restored: u64,
}

/// The convention for generations: an event `{"type":"put","register":"generation","record":{"number":…,"restored":…}}`.
#[must_use]
pub fn cut_by(event: &str) -> Option<Cut> {
    #[derive(Deserialize)]
    struct Put {
        record: Cut,
    }
    let put: Option<Put> =
        event.contains(r#""register":"generation""#).then(|| serde_json::from_str(event).ok())?;
    put.map(|put| put.record)
}
