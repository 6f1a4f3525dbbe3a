//! Ports: what the application asks of the outside. Few, and shaped by the domain.
//!
//! To add a storage engine, implement [`Journal`], [`Queries`], [`Accounts`] and [`Blobs`] and run the conformance
//! suite of `lianzhi-store` on it. Rows are plain data: no port interprets an event.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What time it is. The only way to know.
pub trait Clock: Send + Sync + 'static {
    /// Now, to the microsecond.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from. The only way to get any.
pub trait Entropy: Send + Sync + 'static {
    /// Fills with random bytes fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

/// What went wrong in storage.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The log moved since the batch was decided (another replica committed): decide again.
    #[error("log head moved")]
    HeadMoved,
    /// No room left on disk.
    #[error("disk full: {0}")]
    Full(String),
    /// The engine does not answer or answers with an error.
    #[error("storage: {0}")]
    Engine(String),
    /// What is stored is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
    /// Nothing there.
    #[error("not found")]
    Missing,
}

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
}

impl Batch {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.answers.is_empty()
    }
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
}

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first, by id.
    #[default]
    Newest,
    /// Oldest first, by id.
    Oldest,
    /// Open matters by next term, soonest first; those without a term come last.
    Due,
}

/// Which matters a reader may see at all, made by the policy; the store turns it into SQL and nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    All,
    /// Matters whose lead unit is one of these, or whose named officer is this person.
    Some {
        /// Units (the tree below is already spelled out).
        units: Vec<String>,
        /// The reader.
        person: String,
    },
}

/// Late or not. A term is late from its very instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// Open, and its running term has passed: late now.
    Now,
    /// A term has passed at some time, whether or not the matter was settled or went on since.
    Ever,
    /// No term has passed so far.
    Never,
}

/// A filter of matters. Every field narrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What the reader may see.
    pub sight: Sight,
    /// Kind of procedure.
    pub kind: Option<String>,
    /// Stages, any of.
    pub stages: Vec<String>,
    /// Category or prefix of it (`E06` matches `E06010`).
    pub category: Option<String>,
    /// Lead units, any of (the tree below is already spelled out); an empty name: those without a unit.
    pub units: Vec<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Open or not.
    pub open: Option<bool>,
    /// Late now, at some time, or never.
    pub overdue: Option<Overdue>,
    /// Only these, when any are named.
    pub ids: Vec<DocketId>,
    /// West, south, east, north in micro-degrees.
    pub bbox: Option<[i32; 4]>,
    /// Cell ranges that cover the box (made by territory).
    pub cells: Vec<(i64, i64)>,
    /// Has a place, or none yet.
    pub placed: Option<bool>,
    /// Substring of two or more characters, normalised; exact substring match, nothing else.
    pub q: Option<String>,
    /// Keyed bigrams of a particular; all must be there. Only for those entitled.
    pub secret: Vec<i64>,
    /// Changed since, micros.
    pub updated_since: Option<i64>,
    /// Reported from (inclusive), micros.
    pub reported_from: Option<i64>,
    /// Reported before (exclusive), micros.
    pub reported_to: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Now, for `overdue`, micros.
    pub now: i64,
}

/// How a matter ended, as far as a filter asks. Every field narrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Ended from (inclusive), micros.
    pub closed_from: Option<i64>,
    /// Ended before (exclusive), micros.
    pub closed_to: Option<i64>,
    /// None of its terms ever passed, or one did.
    pub in_time: Option<bool>,
    /// Handled more than once, or not.
    pub rework: Option<bool>,
    /// Rated with one of these.
    pub ratings: Vec<i64>,
    /// Not rated (also, when ratings are given).
    pub unrated: bool,
    /// Without a lead unit.
    pub no_unit: bool,
    /// Without a category.
    pub no_category: bool,
}

/// What figures need of a matter. Times are micros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the fields are those of a matter's row")]
pub struct FactRow {
    pub id: DocketId,
    pub pos: i64,
    pub stage: String,
    pub open: bool,
    pub overdue: bool,
    pub category: Option<String>,
    pub unit: Option<String>,
    pub assignee: Option<String>,
    pub source: String,
    pub reported_at: i64,
    pub closed_at: Option<i64>,
    pub due_at: Option<i64>,
    pub rating: Option<i64>,
    pub rework: i64,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Rows.
    pub rows: Vec<MatterRow>,
    /// Cursor of the next page, opaque, when there is one.
    pub next: Option<String>,
    /// Cursor of the previous page, when there is one.
    pub prev: Option<String>,
}

/// A count by something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// By what.
    pub key: String,
    /// How many.
    pub n: i64,
    /// Of them closed.
    pub closed: i64,
    /// Of them overdue.
    pub overdue: i64,
}

/// What of a set of matters is how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// By what: a stage, a unit …; empty for those without.
    pub key: String,
    /// How many.
    pub n: i64,
    /// Of them open.
    pub open: i64,
    /// Of them late now ([`Overdue::Now`]).
    pub late: i64,
    /// Of them late at some time ([`Overdue::Ever`]).
    pub ever: i64,
}

/// By what counts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountBy {
    /// Stage.
    Stage,
    /// Lead unit.
    Unit,
    /// Category.
    Category,
    /// Source.
    Source,
    /// Day reported (Beijing), `2026-11-22`.
    Day,
    /// Named officer.
    Assignee,
    /// Rating.
    Rating,
}

/// A cluster of points on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// How many.
    pub n: i64,
    /// Mean longitude, micro-degrees.
    pub lng: i32,
    /// Mean latitude, micro-degrees.
    pub lat: i32,
    /// The matter, when it is only one.
    pub only: Option<DocketId>,
}

/// Reading.
#[async_trait]
pub trait Queries: Send + Sync + 'static {
    /// A page of matters. `limit` ≤ 200.
    async fn list(
        &self,
        filter: &Filter,
        order: Order,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Page, StoreError>;
    /// How many match; exact, or `None` when more than `at_most` (then "more than").
    async fn count(&self, filter: &Filter, at_most: i64) -> Result<Option<i64>, StoreError>;
    /// Counts by something over the matters that match.
    async fn counts(&self, filter: &Filter, by: CountBy) -> Result<Vec<Count>, StoreError>;
    /// How many match, by something, and how many of them are open and late; `None` when more than `at_most` match.
    async fn tally(
        &self,
        filter: &Filter,
        by: CountBy,
        at_most: i64,
    ) -> Result<Option<Vec<Tally>>, StoreError>;
    /// Points in the box, clustered when there are more than `limit`, at `shift` bits of the cell.
    async fn map(&self, filter: &Filter, shift: u32, limit: i64) -> Result<Vec<Cluster>, StoreError>;
    /// What figures need of the reports changed at or after a log position (`pos > from`), ordered by pos.
    async fn facts(&self, from: i64, limit: i64) -> Result<Vec<FactRow>, StoreError>;
    /// One matter by number (or external number).
    async fn by_number(&self, number: &str) -> Result<Option<MatterRow>, StoreError>;
    /// To-dos of these `who` keys with their matters, soonest first, from a place on; of one kind of act when it is given.
    async fn todos(
        &self,
        who: &[String],
        what: Option<&str>,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(TodoRow, MatterRow)>, StoreError>;
    /// How many to-dos these `who` keys have by kind of act, those first of which one is due first.
    async fn todo_counts(&self, who: &[String]) -> Result<Vec<(String, i64)>, StoreError>;
    /// Matters as a stream for exports, newest first.
    fn stream(&self, filter: Filter) -> BoxStream<'static, Result<MatterRow, StoreError>> {
        self.stream_by(filter, Order::Newest)
    }
    /// Matters as a stream in an order.
    fn stream_by(&self, filter: Filter, order: Order) -> BoxStream<'static, Result<MatterRow, StoreError>>;
    /// Answers whether the engine works.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// What is kept of somebody's access; never in the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credential {
    /// Person.
    pub person: String,
    /// argon2id, PHC string; empty until set.
    pub password: String,
    /// TOTP secret, sealed.
    pub totp: Option<Vec<u8>>,
    /// Wrong attempts in a row.
    pub failures: i32,
    /// Locked until, micros.
    pub locked_until: Option<i64>,
    /// Must be changed at the next sign-in.
    pub must_change: bool,
    /// The last TOTP step accepted, so that a code works once.
    pub totp_step: i64,
}

/// When somebody looked at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLook {
    /// Person.
    pub person: String,
    /// The last time, micros.
    pub at: i64,
    /// The last time of the visit before, micros: what changed since then is new. None at the first visit.
    pub since: Option<i64>,
}

/// A list that somebody keeps: its filters and its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedView {
    /// Random name in addresses.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// Code of the unit it is shared with, and the units below; none while it is the owner's alone.
    pub shared: Option<String>,
    /// Name on its tab.
    pub name: String,
    /// Filters and order as they stand in the address.
    pub query: String,
    /// Codes of its columns, separated by commas; empty leaves them to the reader.
    pub columns: String,
    /// Last change, micros.
    pub changed_at: i64,
}

/// A session of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's token.
    pub digest: Digest,
    /// Person.
    pub person: String,
    /// CSRF secret.
    pub csrf: String,
    /// Created, micros.
    pub created_at: i64,
    /// Last used, micros.
    pub used_at: i64,
    /// Ends, micros.
    pub expires_at: i64,
    /// Browser as it calls itself (shortened).
    pub agent: String,
    /// The password was right and the second factor is still due.
    pub half: bool,
}

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// SHA-256 of the token.
    pub digest: Digest,
    /// Person on whose behalf.
    pub person: String,
    /// What it is for.
    pub name: String,
    /// Scopes: `read`, `write`, `report`, `admin`.
    pub scopes: Vec<String>,
    /// Created, micros.
    pub created_at: i64,
    /// Ends, micros.
    pub expires_at: i64,
    /// Revoked at, micros.
    pub revoked_at: Option<i64>,
}

/// A look at personal particulars or another read that is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// When, micros.
    pub at: i64,
    /// Who (actor label).
    pub actor: String,
    /// What: `particulars`, `search_particulars`, `export`, `exhibit`, `sign_in`, `sign_in_failed` …
    pub action: String,
    /// Which matter.
    pub docket: Option<DocketId>,
    /// Words: reason given, address of the caller …
    pub detail: String,
}

/// What is asked of the access log. Every field narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessQuery {
    /// Of one matter.
    pub docket: Option<DocketId>,
    /// Of one actor.
    pub actor: Option<String>,
    /// Of one kind.
    pub action: Option<String>,
    /// From this time on, micros.
    pub since: Option<i64>,
    /// Before this time, micros.
    pub before: Option<i64>,
}

/// Accounts, sessions, tokens and the access log.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// The credential of a person.
    async fn credential(&self, person: &str) -> Result<Option<Credential>, StoreError>;
    /// Stores it.
    async fn put_credential(&self, credential: &Credential) -> Result<(), StoreError>;
    /// Stores many at once (first set-up, demo).
    async fn put_credentials(&self, credentials: &[Credential]) -> Result<(), StoreError>;
    /// When a person looked at the desk.
    async fn desk_look(&self, person: &str) -> Result<Option<DeskLook>, StoreError>;
    /// Stores it.
    async fn put_desk_look(&self, look: &DeskLook) -> Result<(), StoreError>;
    /// Views of a person, and those that are shared with one of these units; by id.
    async fn views(&self, person: &str, units: &[String]) -> Result<Vec<SavedView>, StoreError>;
    /// A view.
    async fn view(&self, id: &str) -> Result<Option<SavedView>, StoreError>;
    /// Stores or changes a view.
    async fn put_view(&self, view: &SavedView) -> Result<(), StoreError>;
    /// Deletes a view; one that is not there is no fault.
    async fn drop_view(&self, id: &str) -> Result<(), StoreError>;
    /// What a person has set under a name.
    async fn preference(&self, person: &str, name: &str) -> Result<Option<String>, StoreError>;
    /// Stores it.
    async fn put_preference(&self, person: &str, name: &str, value: &str) -> Result<(), StoreError>;
    /// Stores a session.
    async fn put_session(&self, session: &SessionRow) -> Result<(), StoreError>;
    /// A session by digest.
    async fn session(&self, digest: Digest) -> Result<Option<SessionRow>, StoreError>;
    /// Ends a session.
    async fn drop_session(&self, digest: Digest) -> Result<(), StoreError>;
    /// Ends all sessions of a person, and those that expired before `now`.
    async fn drop_sessions(&self, person: Option<&str>, now: i64) -> Result<(), StoreError>;
    /// Stores or changes a token.
    async fn put_token(&self, token: &TokenRow) -> Result<(), StoreError>;
    /// A token by digest.
    async fn token(&self, digest: Digest) -> Result<Option<TokenRow>, StoreError>;
    /// Tokens of a person, or all.
    async fn tokens(&self, person: Option<&str>) -> Result<Vec<TokenRow>, StoreError>;
    /// Appends to the access log.
    async fn record_access(&self, rows: &[AccessRow]) -> Result<(), StoreError>;
    /// Reads the access log, newest first: so many lines, and those of the same moment as the last, so that `before` of a
    /// further page leaves none out.
    async fn access(&self, query: &AccessQuery, limit: i64) -> Result<Vec<AccessRow>, StoreError>;
}

/// A file in custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExhibitRow {
    /// SHA-256 of the original.
    pub digest: Digest,
    /// Bytes.
    pub size: i64,
    /// Media type as sniffed.
    pub media: String,
    /// Name as given, cleaned; may hold particulars, so never public.
    pub name: String,
    /// Uploaded by (actor label).
    pub uploader: String,
    /// When, micros.
    pub at: i64,
    /// First docket that cites it.
    pub docket: Option<DocketId>,
}

/// An upload under way (tus).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Random id in the URL.
    pub id: String,
    /// Full length; negative when it was given up.
    pub size: i64,
    /// Bytes received and durable.
    pub offset: i64,
    /// Name as given, cleaned.
    pub name: String,
    /// Uploader (actor label, or `public:<address>` for quotas).
    pub uploader: String,
    /// Started, micros.
    pub at: i64,
    /// The exhibit it became.
    pub digest: Option<Digest>,
}

/// Exhibits: content-addressed files with their rows.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Starts an upload.
    async fn start(&self, row: &UploadRow) -> Result<(), StoreError>;
    /// An upload.
    async fn upload(&self, id: &str) -> Result<Option<UploadRow>, StoreError>;
    /// Appends bytes at the row's offset durably and returns the new offset. Wrong offset: [`StoreError::HeadMoved`].
    async fn append(&self, id: &str, offset: i64, bytes: Bytes) -> Result<i64, StoreError>;
    /// Hashes the whole upload, puts it in place under its digest (fsync) and stores the row.
    async fn finish(&self, id: &str, media: &str, at: i64) -> Result<ExhibitRow, StoreError>;
    /// First bytes of an upload, for sniffing.
    async fn peek(&self, id: &str, n: usize) -> Result<Bytes, StoreError>;
    /// Removes uploads and exhibits that no docket cites and that are older than `before` (micros); says how many.
    async fn sweep(&self, before: i64) -> Result<u64, StoreError>;
    /// Rows of exhibits.
    async fn exhibits(&self, digests: &[Digest]) -> Result<Vec<ExhibitRow>, StoreError>;
    /// All exhibits after a digest, at most `limit` (verify, backup).
    async fn all_exhibits(&self, after: Option<Digest>, limit: i64) -> Result<Vec<ExhibitRow>, StoreError>;
    /// Bytes of the original from `start` (inclusive) to `end` (exclusive).
    async fn read(
        &self,
        digest: Digest,
        start: u64,
        end: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError>;
    /// A derived copy (e.g. `public`, `thumb`), when it was made.
    async fn derived(&self, digest: Digest, what: &str) -> Result<Option<Bytes>, StoreError>;
    /// Stores a derived copy.
    async fn put_derived(&self, digest: Digest, what: &str, bytes: Bytes) -> Result<(), StoreError>;
    /// Puts the file of an exhibit whose row is there in its place (restore, backup); it stays where it was.
    /// [`StoreError::Damaged`] when it is not what the digest says.
    async fn bring(&self, digest: Digest, file: &std::path::Path) -> Result<(), StoreError>;
    /// Writes, reads and removes a few bytes where exhibits lie; says where that is.
    async fn probe(&self) -> Result<String, StoreError>;
    /// Gives an upload up: what has arrived goes and nothing more is taken. It still counts for quotas; what it
    /// became, when it was finished, stays. [`StoreError::HeadMoved`] while somebody sends.
    async fn abandon(&self, id: &str) -> Result<(), StoreError>;
    /// Bytes uploaded by this uploader since a time, for quotas.
    async fn uploaded_since(&self, uploader: &str, since: i64) -> Result<i64, StoreError>;
}

/// What one kind of thing takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// `database` or `exhibits`.
    pub what: &'static str,
    /// Bytes taken.
    pub bytes: i64,
    /// How many.
    pub items: i64,
    /// Bytes left on the disk where it lies, and its size; none where that cannot be said.
    pub room: Option<(i64, i64)>,
}

/// Operation of the store as a whole.
#[async_trait]
pub trait Upkeep: Send + Sync + 'static {
    /// Copies the database consistently, while running, into this folder (SQLite: `VACUUM INTO`; PostgreSQL: rows).
    async fn snapshot(&self, folder: &std::path::Path) -> Result<(), StoreError>;
    /// Findings of the engine's own checks, in words; empty is good.
    async fn check(&self) -> Result<Vec<String>, StoreError>;
    /// What the database and the exhibits take up.
    async fn usage(&self) -> Result<Vec<Usage>, StoreError>;
    /// Name of the engine and size, in words.
    async fn describe(&self) -> Result<String, StoreError>;
}

/// A store with all its faces.
#[derive(Clone)]
#[expect(missing_docs, reason = "one field for each port")]
pub struct Store {
    pub journal: Arc<dyn Journal>,
    pub queries: Arc<dyn Queries>,
    pub accounts: Arc<dyn Accounts>,
    pub blobs: Arc<dyn Blobs>,
    pub upkeep: Arc<dyn Upkeep>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}
