//! What nodes say to each other: streams, envelopes, what waits to be sent, and what is known of the peers.
//!
//! Rows of streams, envelopes and the outbox are written with the entries they belong to, in the same transaction
//! ([`super::Batch`]); what becomes of them later (sent, acknowledged, failed) is written here.

use super::{PartRow, StoreError};
use async_trait::async_trait;
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};

/// An entry of a stream, ours or another member's: which local docket holds it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRow {
    /// The shared docket.
    pub shared: SharedId,
    /// Whose stream.
    pub author: NodeCode,
    /// Position in it, from 0, dense.
    pub seq: i32,
    /// The local docket.
    pub docket: DocketId,
    /// Digest of the stream entry's bytes.
    pub digest: Digest,
    /// Position in the local log.
    pub pos: i64,
}

/// An envelope as it was signed; kept for ever at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRow {
    /// Its id: shared docket, author, position of its first entry.
    pub id: String,
    /// The shared docket.
    pub shared: SharedId,
    /// Who wrote and signed it.
    pub author: NodeCode,
    /// Position of its first entry in the author's stream.
    pub first: i32,
    /// Position of its last entry.
    pub last: i32,
    /// Exact bytes.
    pub bytes: Vec<u8>,
    /// Id of the key that signed them.
    pub key: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// Made here, or received here, micros.
    pub at: i64,
    /// Digest of the bytes.
    pub digest: Digest,
    /// Written by this node.
    pub mine: bool,
    /// The receipt that this node gave for it, signed.
    pub receipt: Option<Vec<u8>>,
}

/// An envelope on its way to one peer. Never dropped: waiting until the peer's receipt is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The envelope.
    pub envelope: String,
    /// To whom.
    pub peer: NodeCode,
    /// The local docket.
    pub docket: DocketId,
    /// Since when, micros.
    pub at: i64,
    /// From when on it counts as late, micros.
    pub due_at: i64,
    /// Class of urgency: `ordinary` or `urgent`.
    pub class: String,
    /// Attempts that failed.
    pub attempts: i32,
    /// When it is tried next, micros.
    pub next_at: i64,
    /// The peer's receipt is here.
    pub done: bool,
    /// The receipt, signed.
    pub receipt: Option<Vec<u8>>,
    /// Why the last attempt failed, in words.
    pub error: String,
}

/// What waits for one peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// Whom.
    pub peer: NodeCode,
    /// How many envelopes.
    pub waiting: i64,
    /// The earliest next attempt, micros.
    pub next_at: i64,
    /// Since when the oldest waits, micros.
    pub oldest: i64,
    /// How many are past the time at which they count as late.
    pub late: i64,
}

/// What is known of a peer besides the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerRow {
    /// Which.
    pub node: NodeCode,
    /// Address at which it last answered; empty until then.
    pub address: String,
    /// Last sign of life, micros.
    pub heard_at: Option<i64>,
    /// Since when it has not answered, micros.
    pub silent_since: Option<i64>,
    /// Why the last attempt failed, in words.
    pub error: String,
    /// Newest checkpoint of its log seen: entries covered.
    pub log_size: i64,
    /// The note of it.
    pub log_note: String,
    /// Number of the epoch it works by.
    pub epoch: i64,
}

impl PeerRow {
    /// Of a peer of which nothing is known.
    #[must_use]
    pub fn new(node: NodeCode) -> PeerRow {
        PeerRow {
            node,
            address: String::new(),
            heard_at: None,
            silent_since: None,
            error: String::new(),
            log_size: 0,
            log_note: String::new(),
            epoch: 0,
        }
    }
}

/// Another log as this node last cosigned it: what a witness may never forget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessedRow {
    /// Origin of the log.
    pub origin: String,
    /// Entries covered.
    pub size: i64,
    /// Root.
    pub root: Digest,
    /// When, micros.
    pub at: i64,
    /// The note with this node's line.
    pub note: String,
}

/// What a member told of its published decisions about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRow {
    /// Which member.
    pub node: NodeCode,
    /// Code of the item.
    pub item: String,
    /// When its answer came, micros; none until one did.
    pub at: Option<i64>,
    /// When it was asked last, micros.
    pub asked_at: i64,
    /// Why the last question was not answered, in words; empty when it was.
    pub error: String,
    /// The answer, JSON; empty until one came.
    pub told: String,
}

/// A witness's line under one of this node's checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignatureRow {
    /// Size of the checkpoint.
    pub size: i64,
    /// Name of the witness's key.
    pub witness: String,
    /// When it came, micros.
    pub at: i64,
    /// The signature line.
    pub line: String,
}

/// Evidence that a member said two things at one place, or that a log was changed: both statements as they were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkRow {
    /// Digest over both statements: the same evidence is kept once.
    pub digest: Digest,
    /// Who did it.
    pub node: NodeCode,
    /// What kind of statement: `envelope`, `entry`, `log`, `countersign`; `log-open` for two checkpoints that were not shown to
    /// agree and accuse nobody yet.
    pub kind: String,
    /// Where: an envelope's id, a log's origin, an epoch.
    pub subject: String,
    /// The statement that was known first, with its signature, JSON.
    pub one: String,
    /// The other; of a log, the evidence as members show it.
    pub other: String,
    /// When it was found, micros.
    pub at: i64,
}

/// A file that another member's entry names and that is not here yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRow {
    /// Digest of the file.
    pub digest: Digest,
    /// The shared docket in which it was named.
    pub shared: SharedId,
    /// The local docket.
    pub docket: DocketId,
    /// Who has it.
    pub peer: NodeCode,
    /// Bytes.
    pub size: i64,
    /// Media type as its author's node sniffed it.
    pub media: String,
    /// The upload into which it is fetched, once begun.
    pub upload: Option<String>,
    /// Attempts that failed.
    pub attempts: i32,
    /// When it is tried next, micros.
    pub next_at: i64,
    /// It is here.
    pub done: bool,
    /// Why the last attempt failed, in words.
    pub error: String,
}

/// That of several replicas this one carries messages out. It ends when it is dropped, or with what it rests on.
#[async_trait]
pub trait Lease: Send + std::fmt::Debug {
    /// Whether it still holds.
    async fn holds(&mut self) -> bool;
}

/// What nodes say to each other.
#[async_trait]
pub trait Exchange: Send + Sync + 'static {
    /// The last entry of each author's stream in each of these shared dockets.
    async fn stream_heads(&self, shared: &[SharedId]) -> Result<Vec<StreamRow>, StoreError>;
    /// Keeps an envelope that adds nothing to a docket here, with its places in the stream: one that is not understood
    /// (docket 0, position -1, as are its parts), or one whose entries are all here.
    async fn keep_aside(
        &self,
        envelope: &EnvelopeRow,
        streams: &[StreamRow],
        parts: &[PartRow],
    ) -> Result<(), StoreError>;
    /// Shared dockets of which something is kept aside, by name as a text, after one, at most `limit`.
    async fn dockets_aside(&self, after: &str, limit: i64) -> Result<Vec<SharedId>, StoreError>;
    /// Those of these digests that are no entry of a shared docket here.
    async fn not_here(&self, shared: &SharedId, entries: &[Digest]) -> Result<Vec<Digest>, StoreError>;
    /// Makes this replica the one that carries messages out, as long as what it gives is kept and holds; none while another
    /// replica is.
    async fn lead(&self) -> Result<Option<Box<dyn Lease>>, StoreError>;
    /// Entries of one stream from a position, at most `limit`.
    async fn stream(
        &self,
        shared: &SharedId,
        author: &NodeCode,
        from: i32,
        limit: i64,
    ) -> Result<Vec<StreamRow>, StoreError>;
    /// Shared dockets of which something is here, by name as a text, after one, at most `limit`.
    async fn shared_dockets(&self, after: &str, limit: i64) -> Result<Vec<SharedId>, StoreError>;
    /// The shared docket that a local one is part of.
    async fn shared_of(&self, docket: DocketId) -> Result<Option<SharedId>, StoreError>;
    /// Envelopes by id; those not here are left out.
    async fn envelopes(&self, ids: &[String]) -> Result<Vec<EnvelopeRow>, StoreError>;
    /// Envelopes of one stream that hold entries from a position on, in order, at most `limit`.
    async fn envelopes_from(
        &self,
        shared: &SharedId,
        author: &NodeCode,
        from: i32,
        limit: i64,
    ) -> Result<Vec<EnvelopeRow>, StoreError>;
    /// All envelopes of a shared docket by author and position, at most `limit`.
    async fn envelopes_of(&self, shared: &SharedId, limit: i64) -> Result<Vec<EnvelopeRow>, StoreError>;
    /// What is due for a peer, in the order in which it was said, at most `limit`.
    async fn outbox_due(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<OutboxRow>, StoreError>;
    /// What became of the envelopes of a docket, newest first, at most `limit`.
    async fn outbox_of(&self, docket: DocketId, limit: i64) -> Result<Vec<OutboxRow>, StoreError>;
    /// What waits for a peer past the time at which it counts as late, that which is late longest first, at most `limit`.
    async fn outbox_late(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<OutboxRow>, StoreError>;
    /// What waits, by peer.
    async fn backlogs(&self, now: i64) -> Result<Vec<Backlog>, StoreError>;
    /// Keeps the receipts of a peer: envelope and receipt. What has one already keeps it.
    async fn outbox_done(&self, peer: &NodeCode, receipts: &[(String, Vec<u8>)]) -> Result<(), StoreError>;
    /// Notes that an attempt failed: (envelope, when it is tried next).
    async fn outbox_failed(
        &self,
        peer: &NodeCode,
        next: &[(String, i64)],
        error: &str,
    ) -> Result<(), StoreError>;
    /// A sign of life: all that waits for this peer is tried now, as if for the first time; so are its exhibits.
    async fn outbox_wake(&self, peer: &NodeCode, now: i64) -> Result<(), StoreError>;
    /// What is known of the peers.
    async fn peers(&self) -> Result<Vec<PeerRow>, StoreError>;
    /// What is known of one.
    async fn peer(&self, node: &NodeCode) -> Result<Option<PeerRow>, StoreError>;
    /// Keeps what is known of one.
    async fn put_peer(&self, row: &PeerRow) -> Result<(), StoreError>;
    /// What members told of their published decisions about an item, by node.
    async fn told(&self, item: &str) -> Result<Vec<ToldRow>, StoreError>;
    /// Keeps what one told, in the place of what it told before.
    async fn put_told(&self, row: &ToldRow) -> Result<(), StoreError>;
    /// Another log as this node last cosigned it.
    async fn witnessed(&self, origin: &str) -> Result<Option<WitnessedRow>, StoreError>;
    /// All logs whose origin begins so, as this node last cosigned them.
    async fn witnessed_under(&self, prefix: &str) -> Result<Vec<WitnessedRow>, StoreError>;
    /// Moves it on, if it still stands at `from` entries (0 when it was never cosigned); false when it does not.
    async fn witness(&self, row: &WitnessedRow, from: i64) -> Result<bool, StoreError>;
    /// Keeps a line under one of this node's checkpoints; the first of a witness stays.
    async fn put_cosignature(&self, row: &CosignatureRow) -> Result<(), StoreError>;
    /// Lines under a checkpoint.
    async fn cosignatures(&self, size: i64) -> Result<Vec<CosignatureRow>, StoreError>;
    /// Size of the smallest checkpoint at or after `size` that a witness cosigned; none when there is none.
    async fn cosigned_from(&self, size: i64) -> Result<Option<i64>, StoreError>;
    /// Size of the newest checkpoint that any witness cosigned; none when there is none.
    async fn cosigned_newest(&self) -> Result<Option<i64>, StoreError>;
    /// Size of the newest checkpoint that a witness cosigned.
    async fn cosigned(&self, witness: &str) -> Result<Option<i64>, StoreError>;
    /// Keeps evidence; true when it is new.
    async fn put_fork(&self, row: &ForkRow) -> Result<bool, StoreError>;
    /// Forgets a row of evidence: what it asked was answered.
    async fn drop_fork(&self, digest: Digest) -> Result<(), StoreError>;
    /// Evidence, newest first, at most `limit`.
    async fn forks(&self, limit: i64) -> Result<Vec<ForkRow>, StoreError>;
    /// Files of a peer that are due to be fetched, at most `limit`.
    async fn wanted_due(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<WantedRow>, StoreError>;
    /// Files that a docket waits for or waited for.
    async fn wanted_of(&self, docket: DocketId) -> Result<Vec<WantedRow>, StoreError>;
    /// Keeps how far a file is (by digest and shared docket).
    async fn put_wanted(&self, row: &WantedRow) -> Result<(), StoreError>;
    /// A wanted file is here: it is done, and cited by its docket.
    async fn wanted_here(&self, row: &WantedRow) -> Result<(), StoreError>;
}
