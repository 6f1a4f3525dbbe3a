//! Exhibits: files by what is in them.

use super::StoreError;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use lianzhi_ids::{Digest, DocketId};

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
