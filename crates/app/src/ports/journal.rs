//! The journal: entries, and all that is derived from them in the same transaction.

use super::{EnvelopeRow, OutboxRow, OversightRow, StoreError, StreamRow, WantedRow};
use async_trait::async_trait;
use lianzhi_ids::{Digest, DocketId};
use std::collections::BTreeMap;

/// Head of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Entries so far; position of the next one.
    pub size: i64,
    /// Next docket number.
    pub next_docket: i64,
    /// Time of the last entry, micros; entries never go back in time.
    pub last_at: i64,
    /// Running numbers by series, e.g. `report:2026` -> 4127 (last given).
    pub counters: BTreeMap<String, i64>,
}

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Position in the log, from 0, dense.
    pub pos: i64,
    /// Docket.
    pub docket: DocketId,
    /// Position in the docket, from 0, dense.
    pub seq: i32,
    /// Recorded at, micros.
    pub at: i64,
    /// Exact bytes.
    pub bytes: Vec<u8>,
    /// Salt of the leaf.
    pub salt: [u8; 16],
    /// Digest of the bytes, for the docket's chain.
    pub digest: Digest,
    /// What goes into the log.
    pub leaf: Digest,
}

/// A part as stored: its content sealed under a key of its own, which is wrapped by the node's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Salted digest, its name.
    pub digest: Digest,
    /// Docket.
    pub docket: DocketId,
    /// Kind, see `procedure::PartKind`.
    pub kind: String,
    /// Salt of the digest.
    pub salt: [u8; 16],
    /// Wrapped key; none when erased.
    pub key: Option<Vec<u8>>,
    /// Sealed content; none when erased.
    pub sealed: Option<Vec<u8>>,
}

/// The row of a matter, as lists show it. Times are micros, places micro-degrees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatterRow {
    /// Docket.
    pub id: DocketId,
    /// Kind of procedure.
    pub kind: String,
    /// Number for people.
    pub number: String,
    /// Entries in the docket; the `expected` of the next command.
    pub seq: i32,
    /// Digest of the last entry.
    pub last: Option<Digest>,
    /// Log position after the last entry of this docket.
    pub pos: i64,
    /// Stage code.
    pub stage: String,
    /// Work is still to be done.
    pub open: bool,
    /// A term has passed.
    pub overdue: bool,
    /// Term beyond the last official holiday schedule.
    pub provisional: bool,
    /// Category code.
    pub category: Option<String>,
    /// Lead unit.
    pub unit: Option<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Grid.
    pub grid: Option<String>,
    /// Longitude, micro-degrees.
    pub lng: Option<i32>,
    /// Latitude, micro-degrees.
    pub lat: Option<i32>,
    /// Cell for range queries (territory::cell).
    pub cell: Option<i64>,
    /// Source code.
    pub source: String,
    /// External number.
    pub external: Option<String>,
    /// Title, made from category and narrative.
    pub title: String,
    /// Address in words.
    pub address: String,
    /// Reported at.
    pub reported_at: i64,
    /// Closed at.
    pub closed_at: Option<i64>,
    /// Last change.
    pub updated_at: i64,
    /// Next term.
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
    /// When a clock next wants to be looked at.
    pub wake_at: Option<i64>,
    /// Lead matter when joined.
    pub joined_to: Option<DocketId>,
    /// Keyed digest of the reporter's telephone.
    pub complainant: Option<Digest>,
    /// Digest of the follow code.
    pub follow: Option<Digest>,
    /// 1–5.
    pub rating: Option<i16>,
    /// Times done again.
    pub rework: i16,
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodoRow {
    /// Matter.
    pub docket: DocketId,
    /// `p:<person>` or `r:<role>@<unit>`.
    pub who: String,
    /// Command waited for.
    pub what: String,
    /// Until, micros.
    pub due_at: Option<i64>,
}

/// What search finds a matter by. Replaces what was there; all empty removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRow {
    /// Matter.
    pub docket: DocketId,
    /// Everything searchable, joined by newlines, normalised ([`crate::search::normalise`]).
    pub text: String,
    /// Keyed bigrams of personal particulars (each 8 bytes as i64), sorted, unique.
    pub secret: Vec<i64>,
}

/// An answer kept for a repeated request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// `actor|key`.
    pub key: String,
    /// Digest of the request; same key with another request is a conflict.
    pub request: Digest,
    /// The answer, JSON.
    pub answer: String,
    /// When, micros.
    pub at: i64,
}

/// All that one transaction writes.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Head that the batch was decided on; the commit is refused when it moved.
    pub on: Head,
    /// Head after the batch.
    pub head: Head,
    /// New entries, positions dense from `on.size`.
    pub entries: Vec<EntryRow>,
    /// New parts.
    pub parts: Vec<PartRow>,
    /// Matters (upsert by id).
    pub matters: Vec<MatterRow>,
    /// For each docket named in `matters`, all its to-dos (replace).
    pub todos: Vec<TodoRow>,
    /// What the three systems say of a matter (upsert by docket).
    pub oversight: Vec<OversightRow>,
    /// For each docket named in `matters`, all its lines of the books (replace).
    pub ledger: Vec<super::LedgerRow>,
    /// For each docket named in `matters`, all its things in custody (replace).
    pub things: Vec<super::ThingRow>,
    /// For each docket named in `matters`, all numbers (文号) that were handed out in it (replace).
    pub issued: Vec<super::IssuedRow>,
    /// For each case named in `matters`, all its lines (replace).
    pub case_lines: Vec<CaseLineRow>,
    /// Search rows (replace by docket); a docket not named keeps its row.
    pub search: Vec<SearchRow>,
    /// Parts to erase: key and sealed content become null, at once.
    pub erase: Vec<Digest>,
    /// Register records that changed: (register, key, docket, JSON, retired).
    pub registers: Vec<RegisterRow>,
    /// Exhibits now cited by a docket.
    pub claims: Vec<(Digest, DocketId)>,
    /// Answers to keep.
    pub answers: Vec<KeptAnswer>,
    /// Entries of streams, ours and others', among the entries of the batch.
    pub streams: Vec<StreamRow>,
    /// Envelopes made from them, or in which they came; one that is there already stays as it is.
    pub envelopes: Vec<EnvelopeRow>,
    /// Envelopes that were kept aside and are understood now: they take their own place there, with their parts.
    pub reread: Vec<EnvelopeRow>,
    /// To whom they go.
    pub outbox: Vec<OutboxRow>,
    /// Files that entries of others name; one that is wanted or here already stays as it is.
    pub wanted: Vec<WantedRow>,
}

impl Batch {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.answers.is_empty() && self.envelopes.is_empty()
    }
}

impl MatterRow {
    /// Whether it is of a kind that has lines.
    #[must_use]
    pub fn has_lines(&self) -> bool {
        lianzhi_procedure::line::has_lines(&self.kind)
    }
}

/// A line of a case: a party and a violation with what came of it ([`lianzhi_procedure::line::Line`], by its codes).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the line")]
pub struct CaseLineRow {
    pub docket: DocketId,
    /// Its place among the lines of its docket.
    pub n: i64,
    pub item: String,
    pub subject: String,
    pub result: String,
    pub kept: String,
    pub reviewed: String,
    pub challenge: String,
    pub tier: String,
    /// Separated by commas.
    pub circumstances: String,
    pub decided_at: Option<i64>,
    pub fine: i64,
    pub paid: i64,
}

/// A record of a register in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// Register: `unit`, `person`, …
    pub register: String,
    /// Key in it.
    pub key: String,
    /// Docket that holds its history.
    pub docket: DocketId,
    /// The record, JSON.
    pub record: String,
    /// Out of use.
    pub retired: bool,
}

/// A signed head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// Entries covered.
    pub size: i64,
    /// Root.
    pub root: Digest,
    /// Signed when, micros.
    pub at: i64,
    /// The signed note, text.
    pub note: String,
}

/// Bytes at the front of an entry that hold what stands before its event: node, docket, kind, number.
pub const ENTRY_FRONT: usize = 128;

/// The journal: entries and everything that is derived from them in the same transaction.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// The head now. With several replicas, what others committed is seen.
    async fn head(&self) -> Result<Head, StoreError>;
    /// Commits all or nothing, durably; [`StoreError::HeadMoved`] when `batch.on.size` is not the head any more.
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError>;
    /// Waits until no other replica is committing and keeps all of them waiting until what it gives is dropped: how
    /// one that lost the race for the head again and again gets its turn.
    async fn turn(&self) -> Result<Box<dyn Send>, StoreError>;
    /// All entries of a docket in order.
    async fn docket(&self, id: DocketId) -> Result<Vec<EntryRow>, StoreError>;
    /// Entries of many dockets at once, ordered by docket and seq (for batches).
    async fn dockets(&self, ids: &[DocketId]) -> Result<Vec<EntryRow>, StoreError>;
    /// Entries of the log from a position, at most `limit` (≤ 10,000).
    async fn log(&self, from: i64, limit: i64) -> Result<Vec<EntryRow>, StoreError>;
    /// Entries at the positions from `from` to before `to` whose first [`ENTRY_FRONT`] bytes hold `mark`.
    async fn marked(&self, mark: &[u8], from: i64, to: i64) -> Result<Vec<EntryRow>, StoreError>;
    /// Leaves only, from a position, at most `limit`.
    async fn leaves(&self, from: i64, limit: i64) -> Result<Vec<Digest>, StoreError>;
    /// Parts by digest; those not there are left out.
    async fn parts(&self, digests: &[Digest]) -> Result<Vec<PartRow>, StoreError>;
    /// Parts of the node ordered by digest, after one, at most `limit` (for verify).
    async fn all_parts(&self, after: Option<Digest>, limit: i64) -> Result<Vec<PartRow>, StoreError>;
    /// Answers kept under these keys.
    async fn answers(&self, keys: &[String]) -> Result<Vec<KeptAnswer>, StoreError>;
    /// Keeps an answer whose request wrote no entry; the first under a key stays.
    async fn keep_answer(&self, answer: &KeptAnswer) -> Result<(), StoreError>;
    /// Forgets answers kept before a time; says how many.
    async fn forget_answers(&self, before: i64) -> Result<u64, StoreError>;
    /// Matter rows changed at or after a log position (`pos > from`), ordered by pos; how replicas and caches follow.
    async fn changed(&self, from: i64, limit: i64) -> Result<Vec<MatterRow>, StoreError>;
    /// Register records, all.
    async fn registers(&self) -> Result<Vec<RegisterRow>, StoreError>;
    /// Records of one register with keys behind `after`, by key, at most `limit`.
    async fn register(
        &self,
        register: &str,
        after: &str,
        with_retired: bool,
        limit: i64,
    ) -> Result<Vec<RegisterRow>, StoreError>;
    /// One record of a register.
    async fn register_record(&self, register: &str, key: &str) -> Result<Option<RegisterRow>, StoreError>;
    /// Appends a checkpoint (idempotent by size).
    async fn put_checkpoint(&self, row: &CheckpointRow) -> Result<(), StoreError>;
    /// Newest checkpoint.
    async fn checkpoint(&self) -> Result<Option<CheckpointRow>, StoreError>;
    /// All checkpoints with size > after, oldest first, at most `limit`.
    async fn checkpoints(&self, after: i64, limit: i64) -> Result<Vec<CheckpointRow>, StoreError>;
    /// The oldest checkpoint with size ≥ `size`, for the proof of an entry.
    async fn checkpoint_covering(&self, size: i64) -> Result<Option<CheckpointRow>, StoreError>;
    /// Deletes all projections (matters, to-dos, search, registers) before a rebuild. Entries and parts stay.
    async fn clear_projections(&self) -> Result<(), StoreError>;
    /// Writes projections only (`matters`, `todos`, `search`, `registers` of the batch) during a rebuild.
    async fn project(&self, batch: &Batch) -> Result<(), StoreError>;
    /// Full matter rows by id.
    async fn matters(&self, ids: &[DocketId]) -> Result<Vec<MatterRow>, StoreError>;
    /// Ids of matters whose `wake_at` has come, earliest first.
    async fn wakeable(&self, now: i64, limit: i64) -> Result<Vec<DocketId>, StoreError>;
    /// All open matters, by id after one, at most `limit` (warming caches, recomputation).
    async fn open_matters(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError>;
    /// Closed matters whose clocks run on, by id after one, at most `limit` (recomputation).
    async fn closed_with_clocks(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError>;
}
