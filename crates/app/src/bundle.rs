//! One matter as a file that a court can check offline: see [`lianzhi_docket::bundle`].

use crate::ports::{CheckpointRow, EntryRow, ExhibitRow, PartRow, StoreError};
use crate::shared::unavailable;
use crate::verify::Blocking;
use crate::{App, Caller};
use bytes::Bytes;
use lianzhi_docket::bundle::{
    BUNDLE_FORMAT, BundleError, BundleWriter, Consistency, ExhibitItem, Manifest, Opening, PartItem, Presence,
};
use lianzhi_docket::note::SignedCheckpoint;
use lianzhi_docket::{Entry, SealedEntry};
use lianzhi_ids::{Digest, DocketId, DocketName};
use lianzhi_procedure::{PartKind, Refusal};
use std::collections::{HashMap, HashSet};
use std::io::{Seek, SeekFrom, Write};
use tokio::runtime::Handle;

/// Checkpoints with which a bundle is connected, so that whoever saved one can compare: the newest of each day, so
/// many days back.
const DAYS_CONNECTED: usize = 31;
/// Beijing is so far ahead of UTC, microseconds.
const BEIJING_US: i64 = 8 * 3_600_000_000;
/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// Everything that goes into a bundle, looked up before the first byte is written.
struct Contents {
    manifest: Manifest,
    head: Digest,
    checkpoint: SignedCheckpoint,
    entries: Vec<(u64, SealedEntry, Vec<Digest>)>,
    parts: Vec<String>,
    exhibits: Vec<ExhibitRow>,
}

impl App {
    /// Writes the evidence bundle of a matter into a file that has no name and vanishes when it is closed. The
    /// reporter's particulars go in only when they are asked for and the caller is entitled, which is recorded;
    /// otherwise they are known by their digests.
    ///
    /// # Errors
    /// When the caller may not read the matter, or not its particulars.
    pub async fn bundle(
        &self,
        who: &Caller,
        id: DocketId,
        with_particulars: bool,
    ) -> Result<std::fs::File, Refusal> {
        let row = self.row_for(who, id).await?;
        if !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能查阅。", "请用含 read 权限的令牌。"));
        }
        if with_particulars {
            self.may(who, "particulars", Some(&row))?;
            self.record_access(who, "particulars", Some(id), "导出证据包（含上报人信息）").await?;
        }
        if self.may_take_files(who, &self.live(id).await?.state)? {
            self.record_access(who, "particulars", Some(id), "导出证据包（含写明当事人的文书）").await?;
        }
        self.record_access(who, "export", Some(id), "导出证据包").await?;
        let unfit = |error: BundleError| {
            tracing::error!(%id, error = &error as &dyn std::error::Error, "evidence bundle not written");
            Refusal::busy("证据包没有生成。", "请稍后重试；反复出现请通知管理员运行 lianzhi verify。")
        };
        let contents = self.contents(id, with_particulars).await.map_err(|e| {
            tracing::error!(%id, error = %e, "evidence bundle not written");
            unavailable(&e)
        })?;
        let (store, keys) = (self.inner.store.clone(), self.inner.shared.keys().clone());
        let (folder, runtime) = (self.inner.config.log_dir.clone(), Handle::current());
        let write = move || -> Result<std::fs::File, BundleError> {
            let mut file = tempfile::tempfile_in(&folder).or_else(|_| tempfile::tempfile())?;
            let out = std::io::BufWriter::new(&mut file);
            let mut writer = BundleWriter::begin_with_sm2(
                out,
                contents.manifest,
                contents.head,
                contents.checkpoint,
                keys.signer(),
                keys.sm2().map(|key| key.as_ref() as &dyn lianzhi_docket::suite::SuiteSigner),
            )?;
            for (position, sealed, path) in contents.entries {
                writer.entry(position, &sealed, path)?;
            }
            for part in &contents.parts {
                writer.part(part.as_bytes())?;
            }
            for exhibit in contents.exhibits {
                let bytes = u64::try_from(exhibit.size).unwrap_or(0);
                let stream = runtime
                    .block_on(store.blobs.read(exhibit.digest, 0, bytes))
                    .map_err(std::io::Error::other)?;
                writer.exhibit(Blocking { stream, held: Bytes::new(), runtime: runtime.clone() })?;
            }
            writer.finish()?.flush()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        match tokio::task::spawn_blocking(write).await {
            Ok(written) => written.map_err(unfit),
            Err(error) => Err(unfit(std::io::Error::other(error).into())),
        }
    }

    async fn contents(&self, id: DocketId, with_particulars: bool) -> Result<Contents, StoreError> {
        let store = &self.inner.store;
        let rows = store.journal.docket(id).await?;
        let end = rows.last().map_or(0, |row| row.pos + 1);
        let (row, _) = self.proving(end, self.checkpoint_over(end).await?).await?;
        let checkpoint: SignedCheckpoint =
            row.note.parse().map_err(|e| StoreError::Damaged(format!("checkpoint {}: {e}", row.size)))?;
        let size = checkpoint.checkpoint.size;
        let positions: Vec<u64> = rows.iter().map(|row| u64::try_from(row.pos).unwrap_or(0)).collect();
        let paths = self.inner.log.proofs(&positions, size).await?;

        let (part_digests, exhibit_digests) = references(&rows)?;
        let found: HashMap<Digest, PartRow> =
            store.journal.parts(&part_digests).await?.into_iter().map(|row| (row.digest, row)).collect();
        let mut parts = Vec::new();
        let part_items = part_digests
            .into_iter()
            .map(|digest| {
                let row = found
                    .get(&digest)
                    .ok_or_else(|| StoreError::Damaged(format!("part {digest} is not there")))?;
                self.part_item(row, with_particulars, &mut parts)
            })
            .collect::<Result<_, StoreError>>()?;
        let mut held: HashMap<Digest, ExhibitRow> =
            store.blobs.exhibits(&exhibit_digests).await?.into_iter().map(|row| (row.digest, row)).collect();
        let mut exhibits = Vec::new();
        let mut exhibit_items = Vec::new();
        for digest in exhibit_digests {
            let row = held
                .remove(&digest)
                .ok_or_else(|| StoreError::Damaged(format!("exhibit {digest} is not there")))?;
            exhibit_items.push(ExhibitItem {
                digest,
                presence: Presence::Enclosed,
                bytes: u64::try_from(row.size).unwrap_or(0),
                name: row.name.clone(),
            });
            exhibits.push(row);
        }
        let manifest = Manifest {
            format: BUNDLE_FORMAT.into(),
            docket: DocketName { node: self.inner.config.node.clone(), id },
            key: self.inner.log.verifier_key().clone(),
            exported: self.now(),
            entries: u32::try_from(rows.len()).map_err(|_| StoreError::Damaged("too many entries".into()))?,
            parts: part_items,
            exhibits: exhibit_items,
            consistency: self.connected(&row).await?,
        };
        let head = rows.last().map_or(Digest::ZERO, |row| row.digest);
        let sealed = rows.into_iter().map(|row| SealedEntry {
            bytes: row.bytes,
            salt: row.salt,
            digest: row.digest,
            leaf_data: row.leaf,
        });
        let entries = positions
            .into_iter()
            .zip(sealed)
            .zip(paths)
            .map(|((position, sealed), path)| (position, sealed, path))
            .collect();
        Ok(Contents { manifest, head, checkpoint, entries, parts, exhibits })
    }

    /// A checkpoint that covers so many entries; signs one when there is none yet.
    async fn checkpoint_over(&self, size: i64) -> Result<CheckpointRow, StoreError> {
        if let Some(row) = self.checkpoint().await.filter(|row| row.size >= size) {
            return Ok(row);
        }
        self.inner.log.integrate(self.now(), self.generation()).await?;
        let row = self.checkpoint().await.filter(|row| row.size >= size);
        row.ok_or_else(|| StoreError::Damaged(format!("no checkpoint over {size} entries")))
    }

    /// Proofs that connect the bundle's checkpoint with the newest one of each of the last days (Beijing).
    async fn connected(&self, newest: &CheckpointRow) -> Result<Vec<Consistency>, StoreError> {
        let mut proofs: Vec<Consistency> = Vec::new();
        let mut midnight = newest.at - (newest.at + BEIJING_US).rem_euclid(DAY_US);
        let mut before = newest.size;
        for _ in 0..DAYS_CONNECTED {
            let Some(old) = self.last_signed_before(midnight, before).await? else {
                break;
            };
            midnight = old.at - (old.at + BEIJING_US).rem_euclid(DAY_US);
            before = old.size;
            if old.size > 0 && old.size < newest.size {
                let (old, new) =
                    (u64::try_from(old.size).unwrap_or(0), u64::try_from(newest.size).unwrap_or(0));
                proofs.push(Consistency { old, new, path: self.inner.log.consistency(old, new).await? });
            }
        }
        Ok(proofs)
    }

    /// The newest checkpoint signed before a time. Checkpoints are found by size, and time grows with size.
    async fn last_signed_before(&self, time: i64, size: i64) -> Result<Option<CheckpointRow>, StoreError> {
        let (mut low, mut high) = (0, size);
        let mut found: Option<CheckpointRow> = None;
        while low <= high {
            let middle = low + (high - low) / 2;
            match self.inner.store.journal.checkpoint_covering(middle).await? {
                Some(row) if row.at < time => {
                    low = row.size + 1;
                    found = Some(row);
                }
                _ => high = middle - 1,
            }
        }
        Ok(found)
    }

    fn part_item(
        &self,
        row: &PartRow,
        with_particulars: bool,
        enclosed: &mut Vec<String>,
    ) -> Result<PartItem, StoreError> {
        let item = |presence, opening| PartItem { digest: row.digest, presence, opening };
        if row.key.is_none() {
            return Ok(item(Presence::Erased, None));
        }
        if row.kind == PartKind::Contact.code() && !with_particulars {
            return Ok(item(Presence::Withheld, None));
        }
        let text = self
            .inner
            .shared
            .keys()
            .open(row)
            .ok_or_else(|| StoreError::Damaged(format!("part {} does not open", row.digest)))?;
        let opening = Opening { kind: row.kind.clone(), salt: row.salt, bytes: text.len() as u64 };
        enclosed.push(text);
        Ok(item(Presence::Enclosed, Some(opening)))
    }
}

/// Parts and exhibits that entries refer to, each once, in the order of the entries.
fn references(rows: &[EntryRow]) -> Result<(Vec<Digest>, Vec<Digest>), StoreError> {
    let (mut parts, mut exhibits) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for row in rows {
        let entry =
            Entry::parse(&row.bytes).map_err(|e| StoreError::Damaged(format!("entry {}: {e}", row.pos)))?;
        parts.extend(entry.parts.into_iter().filter(|d| seen.insert(*d)));
        exhibits.extend(entry.exhibits.into_iter().filter(|d| seen.insert(*d)));
    }
    Ok((parts, exhibits))
}
