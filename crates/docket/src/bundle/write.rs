//! Writes bundles. Everything is checked while it is written, so that a node never hands out a bundle that
//! fails.

use super::{BUNDLE_FORMAT, CHECKPOINT, MANIFEST, MANIFEST_BYTES_MAX, STATEMENT};
use super::{Manifest, Presence, entry_file, exhibit_file, part_file, proof_file, statement};
use crate::entry::{Entry, EntryError, SealedEntry, exhibit_digest_of, part_digest};
use crate::merkle::ProofError;
use crate::note::{Note, NoteError, SignError, SignedCheckpoint, Signer};
use crate::proof::TlogProof;
use crate::suite::SuiteSigner;
use lianzhi_ids::Digest;
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;
use std::io::{self, Read, Write};

/// Why a bundle can't be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The output, or an exhibit's file, can't be written or read.
    #[error("证据包读写失败")]
    Io(#[from] io::Error),
    /// The manifest is too long, or has no JSON form.
    #[error("证据包清单无效：{0}")]
    Manifest(String),
    /// Something is handed over that does not come next by the manifest.
    #[error("证据包内容与清单次序不符：{0}")]
    Order(String),
    /// Something is not what its digest says, or not what comes next in the docket.
    #[error("证据包内容与摘要不符：{0}")]
    Content(String),
    /// An entry can't be read.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// An entry's proof does not lead to the checkpoint.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The checkpoint is not signed by the manifest's key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The statement can't be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Writes one bundle: [`begin`](Self::begin), every [`entry`](Self::entry), every enclosed [`part`](Self::part)
/// and [`exhibit`](Self::exhibit) in the order of the manifest, [`finish`](Self::finish).
///
/// The writer is blocking; it holds one entry or part at a time and streams exhibits.
pub struct BundleWriter<W: Write> {
    tar: tar::Builder<W>,
    manifest: Manifest,
    checkpoint: SignedCheckpoint,
    head: Digest,
    stated_head: Digest,
    seq: u32,
    parts: VecDeque<usize>,
    exhibits: VecDeque<usize>,
}

impl<W: Write> BundleWriter<W> {
    /// Signs and writes what stands at the front. `head` is the digest of the docket's last entry.
    ///
    /// # Errors
    /// [`BundleError`] when the manifest does not fit the form, the checkpoint is not signed by its key, or the
    /// output fails.
    pub fn begin(
        out: W,
        manifest: Manifest,
        head: Digest,
        checkpoint: SignedCheckpoint,
        signer: &dyn Signer,
    ) -> Result<BundleWriter<W>, BundleError> {
        BundleWriter::begin_with_sm2(out, manifest, head, checkpoint, signer, None)
    }

    /// As [`begin`](Self::begin), with the node's SM2 key on the statement too where it has one: then the bundle
    /// can be checked with either key.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_with_sm2(
        out: W,
        manifest: Manifest,
        head: Digest,
        checkpoint: SignedCheckpoint,
        signer: &dyn Signer,
        sm2: Option<&dyn SuiteSigner>,
    ) -> Result<BundleWriter<W>, BundleError> {
        checkpoint.verify(std::slice::from_ref(&manifest.key))?;
        let json = serde_json::to_vec_pretty(&manifest).map_err(|e| BundleError::Manifest(e.to_string()))?;
        if manifest.format != BUNDLE_FORMAT || json.len() > MANIFEST_BYTES_MAX {
            return Err(BundleError::Manifest("格式名称不对，或清单过长".into()));
        }
        let mut note = Note::new(statement(&manifest, &json, &head))?;
        let name = checkpoint.checkpoint.origin.to_string();
        note.sign(&name, signer)?;
        if let Some(sm2) = sm2 {
            note.sign_sm2(&name, sm2)?;
        }
        let enclosed = |presences: Vec<Presence>| {
            (0..presences.len()).filter(|i| presences[*i] == Presence::Enclosed).collect()
        };
        let mut writer = BundleWriter {
            parts: enclosed(manifest.parts.iter().map(|p| p.presence).collect()),
            exhibits: enclosed(manifest.exhibits.iter().map(|e| e.presence).collect()),
            tar: tar::Builder::new(out),
            manifest,
            checkpoint,
            head: Digest::ZERO,
            stated_head: head,
            seq: 0,
        };
        writer.file(MANIFEST, &json)?;
        writer.file(STATEMENT, note.to_string().as_bytes())?;
        let checkpoint = writer.checkpoint.to_string();
        writer.file(CHECKPOINT, checkpoint.as_bytes())?;
        Ok(writer)
    }

    /// Writes the docket's next entry: its position in the log and the inclusion proof for the checkpoint's size.
    ///
    /// # Errors
    /// [`BundleError`] when it is not the next one or the proof does not hold.
    pub fn entry(
        &mut self,
        position: u64,
        sealed: &SealedEntry,
        path: Vec<Digest>,
    ) -> Result<(), BundleError> {
        let entry = Entry::parse(&sealed.bytes)?;
        let docket = &self.manifest.docket;
        let follows = (entry.seq, entry.prev) == (self.seq, self.head)
            && (&entry.node, entry.docket) == (&docket.node, docket.id)
            && self.seq < self.manifest.entries;
        if !follows {
            return Err(BundleError::Order(entry_file(self.seq)));
        }
        let extra = Some(sealed.salt.to_vec());
        let proof = TlogProof { extra, index: position, path, checkpoint: self.checkpoint.clone() };
        proof.verify(&sealed.leaf_data)?;
        self.file(&entry_file(self.seq), &sealed.bytes)?;
        self.file(&proof_file(self.seq), proof.to_string().as_bytes())?;
        self.head = sealed.digest;
        self.seq += 1;
        Ok(())
    }

    /// Writes the content of the manifest's next enclosed part.
    ///
    /// # Errors
    /// [`BundleError`] when all entries were not written before, or it is not that part.
    pub fn part(&mut self, content: &[u8]) -> Result<(), BundleError> {
        let next = if self.entries_done() { self.parts.pop_front() } else { None };
        let item = next.and_then(|i| self.manifest.parts.get(i)).ok_or(BundleError::Order("parts".into()))?;
        let name = part_file(&item.digest);
        let opens = item.opening.as_ref().is_some_and(|o| {
            o.bytes == content.len() as u64 && part_digest(&o.salt, &o.kind, content) == item.digest
        });
        if !opens {
            return Err(BundleError::Content(name));
        }
        self.file(&name, content)
    }

    /// Writes the file of the manifest's next enclosed exhibit.
    ///
    /// # Errors
    /// [`BundleError`] when all parts were not written before, or it is not that file. What was written of it is
    /// then worthless, and so is the bundle.
    pub fn exhibit(&mut self, file: impl Read) -> Result<(), BundleError> {
        let ready = self.entries_done() && self.parts.is_empty();
        let next = if ready { self.exhibits.pop_front() } else { None };
        let item = next.and_then(|i| self.manifest.exhibits.get(i)).cloned();
        let item = item.ok_or(BundleError::Order("exhibits".into()))?;
        let name = exhibit_file(&item.digest);
        // One byte more than the manifest says is enough to notice that there is more.
        let mut file = Hashing { inner: file.take(item.bytes + 1), hasher: Sha256::new(), bytes: 0 };
        let mut exact = (&mut file).take(item.bytes);
        let mut header = self.header(item.bytes);
        self.tar.append_data(&mut header, &name, &mut exact)?;
        let (_, more) = exhibit_digest_of(&mut file.inner)?;
        let digest = Digest(file.hasher.finalize().into());
        if more > 0 || file.bytes != item.bytes || digest != item.digest {
            return Err(BundleError::Content(name));
        }
        Ok(())
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// [`BundleError::Order`] when something that the manifest names was not written.
    pub fn finish(self) -> Result<W, BundleError> {
        if !self.entries_done() || !self.parts.is_empty() || !self.exhibits.is_empty() {
            return Err(BundleError::Order("尚未写完".into()));
        }
        if self.head != self.stated_head {
            return Err(BundleError::Content("末条记录".into()));
        }
        Ok(self.tar.into_inner()?)
    }

    fn entries_done(&self) -> bool {
        self.seq == self.manifest.entries
    }

    fn file(&mut self, name: &str, content: &[u8]) -> Result<(), BundleError> {
        let mut header = self.header(content.len() as u64);
        Ok(self.tar.append_data(&mut header, name, content)?)
    }

    fn header(&self, bytes: u64) -> tar::Header {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(self.manifest.exported.as_second()).unwrap_or(0));
        header
    }
}

/// Hashes what is read through it.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.hasher.update(&into[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}
