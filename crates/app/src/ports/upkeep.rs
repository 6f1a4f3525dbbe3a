//! Operation of the store as a whole.

use super::{Accounts, Blobs, Books, Exchange, Journal, Oversight, Queries, StoreError};
use async_trait::async_trait;
use std::sync::Arc;

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
    pub books: Arc<dyn Books>,
    pub accounts: Arc<dyn Accounts>,
    pub blobs: Arc<dyn Blobs>,
    pub exchange: Arc<dyn Exchange>,
    pub oversight: Arc<dyn Oversight>,
    pub upkeep: Arc<dyn Upkeep>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}
