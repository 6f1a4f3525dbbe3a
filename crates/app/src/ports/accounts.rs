//! Accounts, sessions, tokens, kept lists and the access log.

use super::StoreError;
use async_trait::async_trait;
use lianzhi_ids::{Digest, DocketId};

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
    /// What: `particulars`, `search_particulars`, `asked`, `export`, `exhibit`, `sign_in`, `sign_in_failed` …
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
