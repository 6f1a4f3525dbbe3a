//! Storage on SQLite and on PostgreSQL: one SQL text, the differences in one module, exhibits in a folder or a
//! bucket.
//!
//! ```no_run
//! # async fn f() -> Result<(), lianzhi_app::ports::StoreError> {
//! let store = lianzhi_store::open(lianzhi_store::Options::new("sqlite:/var/lib/lianzhi/lianzhi.db", "/var/lib/lianzhi/blobs")).await?;
//! let head = store.journal.head().await?;
//! # Ok(()) }
//! ```

mod accounts;
pub mod baseline;
mod books;
mod case_lines;
mod cursor;
mod db;
mod dialect;
mod engine;
mod exchange;
mod files;
mod filter;
mod journal;
mod objects;
mod oversight;
mod pairs;
mod queries;
mod rows;
mod table;
mod tiles;
mod todos;
mod told;
mod upkeep;
mod wire;
mod write;

#[cfg(test)]
mod plans;

use lianzhi_app::ports::{Store, StoreError};
use std::path::PathBuf;
use std::sync::Arc;

pub use objects::Bucket;
pub use upkeep::restore;

/// What to open.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:/path/file.db`, or `postgres://user:password@host:5432/database` (a Unix socket as
    /// `postgres:///database?host=/var/run/postgresql`).
    pub url: String,
    /// Folder of the exhibits; with a bucket, of what is still being uploaded.
    pub blobs: PathBuf,
    /// Exhibits lie in this bucket instead of the folder.
    pub bucket: Option<Bucket>,
    /// The database refuses to grow beyond so many bytes, as if the disk were full. SQLite only; none: as far as the
    /// disk goes.
    pub max_bytes: Option<u64>,
}

impl Options {
    /// A database and the folder of its exhibits, without limits.
    pub fn new(url: impl Into<String>, blobs: impl Into<PathBuf>) -> Self {
        Options { url: url.into(), blobs: blobs.into(), bucket: None, max_bytes: None }
    }
}

/// A database with its exhibits; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    db: Arc<db::Db>,
    files: Arc<files::Files>,
}

impl Database {
    async fn open(options: &Options) -> Result<Database, StoreError> {
        Ok(Database {
            db: Arc::new(db::Db::open(&options.url, options.max_bytes).await?),
            files: Arc::new(files::Files::open(&options.blobs, options.bucket.as_ref())?),
        })
    }
}

/// Opens a store: makes what is not there yet and brings older tables up to date, one replica at a time.
///
/// # Errors
/// [`StoreError::Engine`] when the address is not understood, the engine does not answer or the database was written
/// by a newer program; [`StoreError::Full`] when the disk is full.
pub async fn open(options: Options) -> Result<Store, StoreError> {
    let database = Arc::new(Database::open(&options).await?);
    Ok(Store {
        journal: database.clone(),
        queries: database.clone(),
        books: database.clone(),
        accounts: database.clone(),
        blobs: database.clone(),
        exchange: database.clone(),
        oversight: database.clone(),
        upkeep: database,
    })
}
