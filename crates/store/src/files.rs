//! Exhibits: staged uploads, files addressed by their digest, copies derived from them.
//!
//! ```text
//! staging/<upload id>            what has arrived so far
//! objects/ab/cd/<64 hex digits>  originals, never changed
//! derived/<what>/ab/cd/<hex>     copies that can be made again
//! ```
//!
//! An original is hashed, synced and in place before its row is written; a row never names a file that is not there.
//! Staging is local to a replica; originals and copies go through [`object_store`].

use crate::Database;
use crate::engine::{Value, values};
use crate::journal::all;
use crate::pairs::{IN_MAX, placeholders};
use crate::rows::{Stored, run};
use crate::table::{EXHIBIT, UPLOAD};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use lianzhi_app::ports::{Blobs, ExhibitRow, StoreError, UploadRow};
use lianzhi_ids::Digest;
use object_store::{ObjectStoreExt, local::LocalFileSystem, path::Path as ObjectPath};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of an original that one chunk of a read holds at most.
const CHUNK: u64 = 256 * 1024;

/// What an error of the file system means to the application.
pub(crate) fn io(error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(error.to_string()),
        ErrorKind::NotFound => StoreError::Missing,
        _ => StoreError::Engine(error.to_string()),
    }
}

fn object(error: object_store::Error) -> StoreError {
    if let object_store::Error::NotFound { .. } = error {
        return StoreError::Missing;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(e) = cause {
        if let Some(e) = e.downcast_ref::<std::io::Error>() {
            return io(e);
        }
        cause = e.source();
    }
    StoreError::Engine(error.to_string())
}

/// Runs file work where it may block.
async fn blocking<T: Send + 'static>(
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
    objects: LocalFileSystem,
    /// Uploads being written to in this process; each by one request at a time.
    busy: Arc<Mutex<HashSet<String>>>,
    /// Held while an original comes or goes, so that sweeping never takes what has just been put in place.
    gate: tokio::sync::Mutex<()>,
}

/// Marks an upload as being written to until dropped.
struct Busy(Arc<Mutex<HashSet<String>>>, String);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}

impl Files {
    pub(crate) fn open(root: &Path) -> Result<Files, StoreError> {
        for folder in ["staging", "objects", "derived"] {
            std::fs::create_dir_all(root.join(folder)).map_err(|e| io(&e))?;
        }
        let objects = LocalFileSystem::new_with_prefix(root).map_err(object)?.with_fsync(true);
        Ok(Files { root: root.to_owned(), objects, busy: Arc::default(), gate: tokio::sync::Mutex::new(()) })
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

    fn object_path(digest: Digest) -> ObjectPath {
        let hex = digest.to_string();
        ObjectPath::from(format!("objects/{}/{}/{hex}", &hex[..2], &hex[2..4]))
    }

    fn derived_path(digest: Digest, what: &str) -> Result<ObjectPath, StoreError> {
        if what.is_empty() || !what.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            return Err(StoreError::Missing);
        }
        let hex = digest.to_string();
        Ok(ObjectPath::from(format!("derived/{what}/{}/{}/{hex}", &hex[..2], &hex[2..4])))
    }

    fn local(&self, path: &ObjectPath) -> PathBuf {
        self.root.join(path.as_ref())
    }

    /// Removes an original and every copy derived from it.
    async fn remove(&self, digest: Digest) -> Result<(), StoreError> {
        let kinds = blocking({
            let derived = self.root.join("derived");
            move || {
                std::fs::read_dir(derived)?
                    .map(|entry| entry.map(|e| e.file_name().to_string_lossy().into_owned()))
                    .collect::<std::io::Result<Vec<_>>>()
            }
        })
        .await?;
        let mut paths = vec![Files::object_path(digest)];
        for what in kinds {
            paths.extend(Files::derived_path(digest, &what).ok());
        }
        for path in paths {
            match self.objects.delete(&path).await.map_err(object) {
                Ok(()) | Err(StoreError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
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

fn sync_folders(path: &Path, root: &Path) -> std::io::Result<()> {
    let mut folder = path.parent();
    while let Some(at) = folder {
        File::open(at)?.sync_all()?;
        if at == root {
            break;
        }
        folder = at.parent();
    }
    Ok(())
}

/// Puts a staged file in place under its digest, durably. The staged name stays until the row is written, so that
/// a crash in between can be repeated.
fn place(staged: &Path, target: &Path, root: &Path) -> std::io::Result<()> {
    if target.exists() {
        return Ok(());
    }
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent)?;
    }
    File::open(staged)?.sync_all()?;
    match std::fs::hard_link(staged, target) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(_) => {
            // A file system without hard links: copy beside it, then rename.
            let beside = target.with_extension("part");
            std::fs::copy(staged, &beside)?;
            File::open(&beside)?.sync_all()?;
            std::fs::rename(&beside, target)?;
        }
    }
    sync_folders(target, root)
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
        if row.offset != offset || row.digest.is_some() {
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
        let gate = self.files.gate.lock().await;
        blocking({
            let (staged, root) = (staged.clone(), self.files.root.clone());
            let target = self.files.local(&Files::object_path(digest));
            move || place(&staged, &target, &root)
        })
        .await?;
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
                        let _gate = self.files.gate.lock().await;
                        if self.exhibits(&[digest]).await?.is_empty() {
                            self.files.remove(digest).await?;
                        }
                    }
                }
            }
            blocking(move || remove_if_there(&staged)).await?;
            let mut tx = self.db.write().await?;
            tx.link().execute("DELETE FROM upload WHERE id = $1", values![&upload.id]).await?;
            tx.commit().await?;
        }
        let _gate = self.files.gate.lock().await;
        let mut tx = self.db.write().await?;
        let gone = tx
            .link()
            .fetch("DELETE FROM exhibit WHERE docket IS NULL AND at < $1 RETURNING digest", values![before])
            .await?;
        tx.commit().await?;
        for row in &gone {
            self.files.remove(row.cells().digest()?).await?;
            swept += 1;
        }
        Ok(swept)
    }

    async fn exhibits(&self, digests: &[Digest]) -> Result<Vec<ExhibitRow>, StoreError> {
        let mut out = vec![];
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
        let path = Files::object_path(digest);
        let size = self.files.objects.head(&path).await.map_err(object)?.size;
        let (start, end) = (start.min(size), end.min(size));
        let objects = self.files.objects.clone();
        // One range after the other: a slow reader holds no more than a chunk.
        let starts = (start..end).step_by(CHUNK as usize);
        Ok(futures::stream::iter(starts)
            .then(move |from| {
                let (objects, path) = (objects.clone(), path.clone());
                async move { objects.get_range(&path, from..(from + CHUNK).min(end)).await }
            })
            .map_err(object)
            .boxed())
    }

    async fn derived(&self, digest: Digest, what: &str) -> Result<Option<Bytes>, StoreError> {
        let path = Files::derived_path(digest, what)?;
        match self.files.objects.get(&path).await.map_err(object) {
            Ok(found) => found.bytes().await.map(Some).map_err(object),
            Err(StoreError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn put_derived(&self, digest: Digest, what: &str, bytes: Bytes) -> Result<(), StoreError> {
        let path = Files::derived_path(digest, what)?;
        self.files.objects.put(&path, bytes.into()).await.map(|_| ()).map_err(object)
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
