//! What a node's program understands, in a document signed by its key: which versions, kinds and suites, and how much at once.

use crate::envelope::{
    ENTRIES_MAX, ENVELOPE_BYTES_MAX, KIND_CHARS_MAX, PARCEL_BYTES_MAX, PARCELS_BYTES_MAX, PARCELS_MAX,
    is_kind,
};
use crate::signature::{DOMAIN_CAPABILITIES, Statement, StatementError};
use jiff::Timestamp;
use lianzhi_docket::suite::{PublicKey, Suite, SuiteSigner};
use lianzhi_ids::NodeCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the protocol that this program speaks.
pub const PROTOCOL_VERSION: u32 = 1;
/// Versions that it speaks: its own and the one before, so that members can be upgraded one after the other.
pub const PROTOCOL_VERSIONS: &[u32] = &[PROTOCOL_VERSION];
/// Most versions a document may list: two are asked for.
pub const VERSIONS_MAX: usize = 8;
/// Most kinds a document may list: there are ten.
pub const KINDS_MAX: usize = 64;

/// What a node takes at once, bytes and counts. Never above this protocol's own limits; a sender keeps to the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Longest envelope.
    pub envelope_bytes: usize,
    /// Most entries in an envelope.
    pub entries: usize,
    /// Longest parcel.
    pub parcel_bytes: usize,
    /// Most parcels in a batch.
    pub parcels: usize,
    /// Longest batch.
    pub parcels_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            envelope_bytes: ENVELOPE_BYTES_MAX,
            entries: ENTRIES_MAX,
            parcel_bytes: PARCEL_BYTES_MAX,
            parcels: PARCELS_MAX,
            parcels_bytes: PARCELS_BYTES_MAX,
        }
    }
}

impl Limits {
    /// What both sides take.
    #[must_use]
    pub fn both(self, other: Limits) -> Limits {
        Limits {
            envelope_bytes: self.envelope_bytes.min(other.envelope_bytes),
            entries: self.entries.min(other.entries),
            parcel_bytes: self.parcel_bytes.min(other.parcel_bytes),
            parcels: self.parcels.min(other.parcels),
            parcels_bytes: self.parcels_bytes.min(other.parcels_bytes),
        }
    }
}

/// What a node's program understands. Unknown fields are left alone: a later version may say more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capabilities {
    /// Whose.
    pub node: NodeCode,
    /// When it was written.
    pub at: Timestamp,
    /// Versions of the protocol.
    pub versions: Vec<u32>,
    /// Kinds of dockets it can open and follow.
    pub kinds: Vec<String>,
    /// Suites whose signatures it can check.
    pub suites: Vec<Suite>,
    /// What it takes at once.
    pub limits: Limits,
}

/// A document that doesn't count.
#[derive(Debug, thiserror::Error)]
pub enum CapabilitiesError {
    /// Not signed by this key, or not of the form.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// Too many versions or kinds, or a kind of another form.
    #[error("节点能力文书列出的版本或类型过多，或格式不符")]
    Lists,
    /// Of another node.
    #[error("节点能力文书属于另一节点 {0}")]
    Node(NodeCode),
}

impl Capabilities {
    /// Signs it.
    ///
    /// # Errors
    /// [`CapabilitiesError::Lists`], and [`CapabilitiesError::Statement`] when the key can't be used now.
    pub fn sign(&self, signer: &dyn SuiteSigner) -> Result<Statement, CapabilitiesError> {
        self.check()?;
        Ok(Statement::make(self, DOMAIN_CAPABILITIES, signer)?)
    }

    /// Reads a node's document if this key signed it.
    ///
    /// # Errors
    /// [`CapabilitiesError`].
    pub fn open(
        statement: &Statement,
        key: &PublicKey,
        node: &NodeCode,
    ) -> Result<Capabilities, CapabilitiesError> {
        let capabilities: Capabilities = statement.open(key, DOMAIN_CAPABILITIES)?;
        capabilities.check()?;
        if capabilities.node == *node {
            Ok(capabilities)
        } else {
            Err(CapabilitiesError::Node(capabilities.node))
        }
    }

    /// Whether a kind of docket is understood there. What is not is sent all the same: it is stored and answered
    /// `not-understood`, and people are told.
    #[must_use]
    pub fn understands(&self, kind: &str) -> bool {
        self.kinds.iter().any(|k| k == kind)
    }

    fn check(&self) -> Result<(), CapabilitiesError> {
        let good = self.versions.len() <= VERSIONS_MAX
            && self.kinds.len() <= KINDS_MAX
            && self.kinds.iter().all(|kind| kind.len() <= KIND_CHARS_MAX && is_kind(kind))
            && self.suites.len() <= Suite::ALL.len();
        if good { Ok(()) } else { Err(CapabilitiesError::Lists) }
    }
}

/// The latest version that both sides speak.
#[must_use]
pub fn choose_version(ours: &[u32], theirs: &[u32]) -> Option<u32> {
    ours.iter().filter(|version| theirs.contains(version)).max().copied()
}
