//! Where originals and the copies derived from them lie: a folder, or a bucket of S3-compatible storage.
//!
//! ```text
//! objects/ab/cd/<64 hex digits>  originals, never changed
//! derived/<what>/ab/cd/<hex>     copies that can be made again
//! ```
//!
//! In a bucket an object is there as a whole or not at all, and durable when the storage has acknowledged it; in a
//! folder the same is done by linking a synced file into place.

use crate::files::{blocking, io};
use crate::wire::Wire;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use lianzhi_app::ports::StoreError;
use lianzhi_ids::Digest;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Bytes of an original that one chunk of a read holds at most.
pub(crate) const CHUNK: u64 = 256 * 1024;
/// Files up to this size go into a bucket in one request, larger ones in parts of it, bytes. S3 takes at most 10,000
/// parts, so the largest exhibit could have 78 GiB.
const PART: usize = 8 * 1024 * 1024;
/// Parts on their way to a bucket at once.
const PARTS_AT_ONCE: usize = 3;
/// How long a failed request to a bucket is tried again: somebody waits for the answer.
const RETRIES: Duration = Duration::from_secs(15);

/// A bucket of S3-compatible storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Address of the storage, e.g. `https://s3.example.cn`; that of AWS when not given.
    pub endpoint: Option<String>,
    /// Region; many storages do not care.
    pub region: Option<String>,
    /// Everything lies below this in the bucket.
    pub prefix: Option<String>,
    /// The bucket stands in the host name of the endpoint, not in the path.
    pub virtual_hosted: bool,
    /// Key and secret. When not given, the usual variables say them (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN`, …), so that no secret stands in a file.
    pub access: Option<(String, String)>,
}

impl Bucket {
    fn open(&self) -> Result<Arc<dyn ObjectStore>, StoreError> {
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&self.name)
            .with_virtual_hosted_style_request(self.virtual_hosted)
            .with_http_connector(Wire::open()?)
            .with_allow_http(self.endpoint.as_ref().is_some_and(|url| url.starts_with("http://")))
            .with_retry(RetryConfig { retry_timeout: RETRIES, ..RetryConfig::default() });
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &self.region {
            builder = builder.with_region(region);
        }
        if let Some((key, secret)) = &self.access {
            builder = builder.with_access_key_id(key).with_secret_access_key(secret);
        }
        let bucket = builder.build().map_err(object)?;
        Ok(match &self.prefix {
            Some(prefix) => Arc::new(PrefixStore::new(bucket, prefix.as_str())),
            None => Arc::new(bucket),
        })
    }
}

/// What an error of the storage means to the application.
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

fn original(digest: Digest) -> ObjectPath {
    let hex = digest.to_string();
    ObjectPath::from(format!("objects/{}/{}/{hex}", &hex[..2], &hex[2..4]))
}

fn copy(digest: Digest, what: &str) -> Result<ObjectPath, StoreError> {
    if what.is_empty() || !what.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(StoreError::Missing);
    }
    let hex = digest.to_string();
    Ok(ObjectPath::from(format!("derived/{what}/{}/{}/{hex}", &hex[..2], &hex[2..4])))
}

/// Originals and copies.
#[derive(Debug)]
pub(crate) struct Objects {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    folder: Option<PathBuf>,
    /// In words.
    place: String,
}

impl Objects {
    pub(crate) fn open(root: &Path, bucket: Option<&Bucket>) -> Result<Objects, StoreError> {
        if let Some(bucket) = bucket {
            let prefix = bucket.prefix.as_deref().unwrap_or_default();
            let endpoint = bucket.endpoint.as_deref().unwrap_or("AWS");
            let place = format!("s3://{}/{prefix} ({endpoint})", bucket.name);
            return Ok(Objects { store: bucket.open()?, folder: None, place });
        }
        for folder in ["objects", "derived"] {
            std::fs::create_dir_all(root.join(folder)).map_err(|e| io(&e))?;
        }
        let store = Arc::new(LocalFileSystem::new_with_prefix(root).map_err(object)?.with_fsync(true));
        Ok(Objects { store, folder: Some(root.to_owned()), place: root.display().to_string() })
    }

    /// Puts a file in place under its digest, durably. The file stays where it was.
    pub(crate) async fn put_file(&self, digest: Digest, file: &Path) -> Result<(), StoreError> {
        let (path, file) = (original(digest), file.to_owned());
        if let Some(root) = self.folder.clone() {
            return blocking(move || place(&file, &root.join(path.as_ref()), &root)).await;
        }
        let size = file.metadata().map_err(|e| io(&e))?.len();
        match self.store.head(&path).await.map_err(object) {
            Ok(found) if found.size == size => return Ok(()),
            Ok(_) | Err(StoreError::Missing) => {}
            Err(error) => return Err(error),
        }
        if size <= PART as u64 {
            let bytes = blocking(move || std::fs::read(file)).await?;
            return self.store.put(&path, bytes.into()).await.map(|_| ()).map_err(object);
        }
        let upload = self.store.put_multipart(&path).await.map_err(object)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        match feed(&mut writer, file).await {
            Ok(()) => writer.finish().await.map(|_| ()).map_err(object),
            Err(error) => {
                // The parts that arrived are paid for until they are given up; what failed first is what is told.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    /// Bytes of an original.
    pub(crate) async fn read(
        &self,
        digest: Digest,
        start: u64,
        end: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let path = original(digest);
        let size = self.store.head(&path).await.map_err(object)?.size;
        let (start, end) = (start.min(size), end.min(size));
        if start >= end {
            return Ok(futures::stream::empty().boxed());
        }
        if self.folder.is_none() {
            // One request however large: each costs a round trip, and bytes are taken as the reader takes them.
            let options = GetOptions { range: Some(GetRange::Bounded(start..end)), ..GetOptions::default() };
            let found = self.store.get_opts(&path, options).await.map_err(object)?;
            return Ok(found.into_stream().map_err(object).boxed());
        }
        let store = self.store.clone();
        // One range after the other: a slow reader holds no more than a chunk.
        let starts = (start..end).step_by(CHUNK as usize);
        Ok(futures::stream::iter(starts)
            .then(move |from| {
                let (store, path) = (store.clone(), path.clone());
                async move { store.get_range(&path, from..(from + CHUNK).min(end)).await }
            })
            .map_err(object)
            .boxed())
    }

    /// A copy, when it was made.
    pub(crate) async fn derived(&self, digest: Digest, what: &str) -> Result<Option<Bytes>, StoreError> {
        match self.store.get(&copy(digest, what)?).await.map_err(object) {
            Ok(found) => found.bytes().await.map(Some).map_err(object),
            Err(StoreError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a copy.
    pub(crate) async fn put_derived(
        &self,
        digest: Digest,
        what: &str,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        self.store.put(&copy(digest, what)?, bytes.into()).await.map(|_| ()).map_err(object)
    }

    /// Removes an original and every copy derived from it.
    pub(crate) async fn remove(&self, digest: Digest) -> Result<(), StoreError> {
        let kinds = self.store.list_with_delimiter(Some(&ObjectPath::from("derived"))).await;
        let mut paths = vec![original(digest)];
        for kind in kinds.map_err(object)?.common_prefixes {
            paths.extend(kind.filename().and_then(|what| copy(digest, what).ok()));
        }
        for path in paths {
            match self.store.delete(&path).await.map_err(object) {
                Ok(()) | Err(StoreError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes, reads and removes a few bytes; says where.
    pub(crate) async fn probe(&self) -> Result<String, StoreError> {
        let path = ObjectPath::from("probe");
        let words = Bytes::from_static(b"lianzhi");
        self.store.put(&path, words.clone().into()).await.map_err(object)?;
        let back = self.store.get(&path).await.map_err(object)?.bytes().await.map_err(object)?;
        self.store.delete(&path).await.map_err(object)?;
        if back == words {
            Ok(self.place.clone())
        } else {
            Err(StoreError::Damaged(format!("{} gives back something else", self.place)))
        }
    }
}

/// Hands a file to an upload piece by piece.
async fn feed(writer: &mut WriteMultipart, path: PathBuf) -> Result<(), StoreError> {
    let mut file = blocking(move || File::open(path)).await?;
    loop {
        writer.wait_for_capacity(PARTS_AT_ONCE).await.map_err(object)?;
        let (back, piece) = blocking(move || {
            let mut piece = Vec::with_capacity(PART);
            file.by_ref().take(PART as u64).read_to_end(&mut piece)?;
            Ok((file, piece))
        })
        .await?;
        if piece.is_empty() {
            return Ok(());
        }
        file = back;
        writer.put(piece.into());
    }
}

/// Makes names in a folder durable, up to the root.
pub(crate) fn sync_folders(path: &Path, root: &Path) -> std::io::Result<()> {
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

/// Puts a file in place under its digest, durably. Its first name stays: until the row is written, a crash in between
/// can be repeated.
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
            // A file system without hard links, or another one: copy beside it, then rename.
            let beside = target.with_extension("part");
            std::fs::copy(staged, &beside)?;
            File::open(&beside)?.sync_all()?;
            std::fs::rename(&beside, target)?;
        }
    }
    sync_folders(target, root)
}
