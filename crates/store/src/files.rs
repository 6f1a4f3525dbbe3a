//! Exhibits: staged uploads, files addressed by their digest, copies derived from them.
//!
//! What has arrived of an upload lies in `staging/<upload id>`, a folder of this machine; whole files are put where
//! [`crate::objects`] says. An original is hashed, synced and in place before its row is written; a row never names a
//! file that is not there.

use crate::Database;
use crate::engine::{Value, values};
use crate::journal::all;
use crate::objects::{Bucket, CHUNK, Objects, sync_folders};
use crate::pairs::{IN_MAX, placeholders};
use crate::rows::{Stored, run};
use crate::table::{EXHIBIT, UPLOAD};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use lianzhi_app::ports::{Blobs, ExhibitRow, StoreError, UploadRow};
use lianzhi_ids::Digest;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an error of the file system means to the application.
pub(crate) fn io(error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(error.to_string()),
        ErrorKind::NotFound => StoreError::Missing,
        _ => StoreError::Engine(error.to_string()),
    }
}

/// Runs file work where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|e| io(&e)),
        Err(error) => Err(StoreError::Engine(error.to_string())),
    }
}

/// The folder of exhibits.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    /// Exhibits lie in a bucket, not in this folder.
    in_bucket: bool,
    objects: Objects,
    /// Uploads being written to in this process; each by one request at a time.
    busy: Arc<Mutex<HashSet<String>>>,
    /// Shared while originals come, alone while they go: sweeping never takes what has just been put in place.
    gate: tokio::sync::RwLock<()>,
}

/// Marks an upload as being written to until dropped.
struct Busy(Arc<Mutex<HashSet<String>>>, String);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}

impl Files {
    /// The folder where exhibits lie, unless they lie in a bucket.
    pub(crate) fn folder(&self) -> Option<&Path> {
        (!self.in_bucket).then_some(self.root.as_path())
    }

    pub(crate) fn open(root: &Path, bucket: Option<&Bucket>) -> Result<Files, StoreError> {
        std::fs::create_dir_all(root.join("staging")).map_err(|e| io(&e))?;
        let objects = Objects::open(root, bucket)?;
        Ok(Files {
            root: root.to_owned(),
            in_bucket: bucket.is_some(),
            objects,
            busy: Arc::default(),
            gate: tokio::sync::RwLock::new(()),
        })
    }

    /// Takes an upload for writing; somebody else at it moves its offset.
    fn take(&self, id: &str) -> Result<Busy, StoreError> {
        if self.busy.lock().insert(id.to_owned()) {
            Ok(Busy(self.busy.clone(), id.to_owned()))
        } else {
            Err(StoreError::HeadMoved)
        }
    }

    /// Where an upload is staged. Ids come from outside: only what cannot leave the folder is a name.
    fn staged(&self, id: &str) -> Result<PathBuf, StoreError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if id.is_empty() || id.len() > 80 || !id.chars().all(plain) {
            return Err(StoreError::Missing);
        }
        Ok(self.root.join("staging").join(id))
    }
}

/// Writes at an offset and makes it durable. What lies beyond the offset is from an append that was never
/// acknowledged, and goes.
fn write_at(path: &Path, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    if file.metadata()?.len() < offset {
        return Err(std::io::Error::other("bytes that were acknowledged are missing from the staged upload"));
    }
    file.set_len(offset)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.sync_data()
}

/// SHA-256 of a file.
fn hash(path: &Path) -> std::io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK as usize];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            n => hasher.update(&buffer[..n]),
        }
    }
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[async_trait]
impl Blobs for Database {
    async fn start(&self, row: &UploadRow) -> Result<(), StoreError> {
        let path = self.files.staged(&row.id)?;
        let root = self.files.root.clone();
        blocking(move || {
            OpenOptions::new().write(true).create(true).truncate(true).open(&path)?.sync_all()?;
            sync_folders(&path, &root)
        })
        .await?;
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), &UPLOAD, run([row])).await?;
        tx.commit().await
    }

    async fn upload(&self, id: &str) -> Result<Option<UploadRow>, StoreError> {
        let sql = format!("SELECT {} FROM upload WHERE id = $1", UPLOAD.column_list());
        let mut conn = self.db.read().await?;
        let row = conn.link().maybe(AssertSqlSafe(sql), values![id]).await?;
        row.map(|row| UploadRow::read(&mut row.cells())).transpose()
    }

    async fn append(&self, id: &str, offset: i64, bytes: Bytes) -> Result<i64, StoreError> {
        let path = self.files.staged(id)?;
        let _busy = self.files.take(id)?;
        let row = self.upload(id).await?.ok_or(StoreError::Missing)?;
        let end = offset + bytes.len() as i64;
        if row.offset != offset || row.digest.is_some() || row.size < 0 {
            return Err(StoreError::HeadMoved);
        }
        if end > row.size {
            return Err(StoreError::Engine(format!("upload of {} bytes would grow to {end}", row.size)));
        }
        blocking(move || write_at(&path, offset.unsigned_abs(), &bytes)).await?;
        let mut tx = self.db.write().await?;
        let moved = tx
            .link()
            .execute(
                "UPDATE upload SET received = $1 WHERE id = $2 AND received = $3",
                values![end, id, offset],
            )
            .await?;
        if moved != 1 {
            return Err(StoreError::HeadMoved);
        }
        tx.commit().await?;
        Ok(end)
    }

    async fn finish(&self, id: &str, media: &str, at: i64) -> Result<ExhibitRow, StoreError> {
        let staged = self.files.staged(id)?;
        let _busy = self.files.take(id)?;
        let row = self.upload(id).await?.ok_or(StoreError::Missing)?;
        if let Some(digest) = row.digest {
            return self.exhibits(&[digest]).await?.pop().ok_or(StoreError::Missing);
        }
        if row.offset != row.size {
            return Err(StoreError::HeadMoved);
        }
        let digest = blocking({
            let staged = staged.clone();
            move || hash(&staged)
        })
        .await?;
        let gate = self.files.gate.read().await;
        self.files.objects.put_file(digest, &staged).await?;
        let exhibit = ExhibitRow {
            digest,
            size: row.size,
            media: media.to_owned(),
            name: row.name,
            uploader: row.uploader,
            at,
            docket: None,
        };
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), &EXHIBIT, run([&exhibit])).await?;
        tx.link().execute("UPDATE upload SET digest = $1 WHERE id = $2", values![digest, id]).await?;
        tx.commit().await?;
        drop(gate);
        blocking(move || remove_if_there(&staged)).await?;
        // The same file may have come before, under another name: the first row stays.
        self.exhibits(&[digest]).await?.pop().ok_or(StoreError::Missing)
    }

    async fn peek(&self, id: &str, n: usize) -> Result<Bytes, StoreError> {
        let path = self.files.staged(id)?;
        blocking(move || {
            let mut out = Vec::with_capacity(n.min(CHUNK as usize));
            File::open(path)?.take(n as u64).read_to_end(&mut out)?;
            Ok(out.into())
        })
        .await
    }

    async fn sweep(&self, before: i64) -> Result<u64, StoreError> {
        let mut swept = 0;
        let mut conn = self.db.read().await?;
        let uploads: Vec<UploadRow> = all(&conn
            .link()
            .fetch(
                "SELECT id, size, received, name, uploader, at, digest FROM upload WHERE at < $1",
                values![before],
            )
            .await?)?;
        drop(conn);
        for upload in uploads {
            let Ok(_busy) = self.files.take(&upload.id) else {
                continue;
            };
            let staged = self.files.staged(&upload.id)?;
            if upload.digest.is_none() {
                swept += 1;
                if upload.offset == upload.size {
                    // A crash may have left it in place without a row.
                    let path = staged.clone();
                    if let Ok(digest) = blocking(move || hash(&path)).await {
                        let _gate = self.files.gate.write().await;
                        if self.exhibits(&[digest]).await?.is_empty() {
                            self.files.objects.remove(digest).await?;
                        }
                    }
                }
            }
            blocking(move || remove_if_there(&staged)).await?;
            let mut tx = self.db.write().await?;
            tx.link().execute("DELETE FROM upload WHERE id = $1", values![&upload.id]).await?;
            tx.commit().await?;
        }
        let _gate = self.files.gate.write().await;
        let mut tx = self.db.write().await?;
        let gone = tx
            .link()
            .fetch("DELETE FROM exhibit WHERE docket IS NULL AND at < $1 RETURNING digest", values![before])
            .await?;
        tx.commit().await?;
        for row in &gone {
            self.files.objects.remove(row.cells().digest()?).await?;
            swept += 1;
        }
        Ok(swept)
    }

    async fn exhibits(&self, digests: &[Digest]) -> Result<Vec<ExhibitRow>, StoreError> {
        let mut out = vec![];
        if digests.is_empty() {
            return Ok(out);
        }
        let mut conn = self.db.read().await?;
        for chunk in digests.chunks(IN_MAX) {
            let sql = format!(
                "SELECT {} FROM exhibit WHERE digest IN ({})",
                EXHIBIT.column_list(),
                placeholders(self.db.engine(), chunk.len())
            );
            let values = chunk.iter().map(|d| Value::from(*d)).collect();
            out.extend(all::<ExhibitRow>(&conn.link().fetch(AssertSqlSafe(sql), values).await?)?);
        }
        Ok(out)
    }

    async fn all_exhibits(&self, after: Option<Digest>, limit: i64) -> Result<Vec<ExhibitRow>, StoreError> {
        let after = after.map_or(vec![], |digest| digest.0.to_vec());
        let sql = format!(
            "SELECT {} FROM exhibit WHERE digest > $1 ORDER BY digest LIMIT $2",
            EXHIBIT.column_list()
        );
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![after, limit]).await?)
    }

    async fn read(
        &self,
        digest: Digest,
        start: u64,
        end: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        self.files.objects.read(digest, start, end).await
    }

    async fn derived(&self, digest: Digest, what: &str) -> Result<Option<Bytes>, StoreError> {
        self.files.objects.derived(digest, what).await
    }

    async fn put_derived(&self, digest: Digest, what: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.files.objects.put_derived(digest, what, bytes).await
    }

    async fn abandon(&self, id: &str) -> Result<(), StoreError> {
        let staged = self.files.staged(id)?;
        let _busy = self.files.take(id)?;
        let mut tx = self.db.write().await?;
        let found = tx.link().execute("UPDATE upload SET size = -1 WHERE id = $1", values![id]).await?;
        tx.commit().await?;
        if found == 0 {
            return Err(StoreError::Missing);
        }
        blocking(move || remove_if_there(&staged)).await
    }

    async fn bring(&self, digest: Digest, file: &Path) -> Result<(), StoreError> {
        let path = file.to_owned();
        let found = blocking(move || hash(&path)).await?;
        if found != digest {
            return Err(StoreError::Damaged(format!("{} is not what its digest says", file.display())));
        }
        let _gate = self.files.gate.read().await;
        self.files.objects.put_file(digest, file).await
    }

    async fn probe(&self) -> Result<String, StoreError> {
        self.files.objects.probe().await
    }

    async fn uploaded_since(&self, uploader: &str, since: i64) -> Result<i64, StoreError> {
        let mut conn = self.db.read().await?;
        conn.link()
            .number(
                "SELECT CAST(COALESCE(SUM(received), 0) AS BIGINT) FROM upload WHERE uploader = $1 AND at >= $2",
                values![uploader, since],
            )
            .await
    }
}
