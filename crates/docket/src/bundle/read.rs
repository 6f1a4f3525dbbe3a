//! Checks bundles. What comes in may be hostile: every length is bounded before it is believed, every name is
//! compared and never used, and whatever is not exactly as documented is a finding.

use super::{BUNDLE_ENTRIES_MAX, BUNDLE_FORMAT, CHECKPOINT, MANIFEST, MANIFEST_BYTES_MAX, STATEMENT};
use super::{Manifest, Opening, Presence, entry_file, exhibit_file, part_file, proof_file, statement};
use crate::entry::{ENTRY_BYTES_MAX, Entry, Salt, SealedEntry, exhibit_digest_of, part_digest_of};
use crate::merkle::verify_consistency;
use crate::note::{NOTE_BYTES_MAX, Note, SignedCheckpoint, VerifierKey, verify_as};
use crate::proof::{PROOF_BYTES_MAX, TlogProof};
use crate::verify::{CLOCK_SLACK, Chains, Finding, Quorum, Report, StoredEntry, Strength};
use crate::verify::{checked_since, erased_by, later, references, strength};
use jiff::Timestamp;
use lianzhi_ids::Digest;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

/// What a bundle is measured by.
#[derive(Debug, Clone)]
pub struct BundleExpect {
    /// The node's published keys. Empty: the key in the bundle is taken and shown, to be compared by hand
    /// ([`Strength::EnclosedKey`]).
    pub keys: Vec<VerifierKey>,
    /// Witnesses whose cosignatures count.
    pub witnesses: Vec<VerifierKey>,
    /// How many of them are needed; at least 1.
    pub quorum: usize,
    /// A checkpoint that was saved elsewhere.
    pub since: Option<SignedCheckpoint>,
    /// Which parts and exhibits an event erases, see [`erased_by`].
    pub erased: fn(&str) -> Vec<Digest>,
}

impl Default for BundleExpect {
    fn default() -> Self {
        BundleExpect { keys: Vec::new(), witnesses: Vec::new(), quorum: 1, since: None, erased: erased_by }
    }
}

/// Checks a bundle from its first byte to its last, in one pass. Whatever is wrong, even an unreadable file, is
/// in the report.
pub fn verify_bundle(reader: impl Read, expect: &BundleExpect) -> Report {
    let mut report = Report::new();
    let mut archive = tar::Archive::new(reader);
    let read = Files::of(&mut archive).and_then(|files| Run::new(files, expect, &mut report)?.check());
    match read {
        Ok(()) => nothing_hidden(archive.into_inner(), &mut report),
        Err(finding) => report.find(finding),
    }
    report
}

/// After the archive's end there may be zeros and nothing else: other programs might read on there.
fn nothing_hidden(rest: impl Read, report: &mut Report) {
    for byte in io::BufReader::new(rest).bytes() {
        match byte {
            Ok(0) => {}
            Ok(_) => return report.find(bundle("", "归档结束之后还有内容")),
            Err(error) => return report.find(bundle("", &format!("读取失败：{error}"))),
        }
    }
}

fn bundle(file: &str, reason: &str) -> Finding {
    Finding::Bundle { file: file.to_owned(), reason: reason.to_owned() }
}

/// Whether a header has the one spelling that the writer gives it: tar reads the same numbers with a blank for a zero,
/// but what was changed without meaning anything was still changed.
fn written_as_always(header: &tar::Header, name: &str) -> bool {
    let mut again = tar::Header::new_ustar();
    let (Ok(bytes), Ok(mtime)) = (header.entry_size(), header.mtime()) else { return false };
    again.set_size(bytes);
    again.set_mode(0o644);
    again.set_mtime(mtime);
    if again.set_path(name).is_err() {
        return false;
    }
    again.set_cksum();
    again.as_bytes() == header.as_bytes()
}

/// The archive's files, one after the other.
struct Files<'a, R: Read>(tar::Entries<'a, R>);

impl<'a, R: Read> Files<'a, R> {
    fn of(archive: &'a mut tar::Archive<R>) -> Result<Files<'a, R>, Finding> {
        // Raw: no long names, no sparse files, nothing of tar but plain files under short names.
        let entries = archive.entries().map_err(|e| bundle("", &format!("无法读取：{e}")))?;
        Ok(Files(entries.raw(true)))
    }

    fn next(&mut self, name: &str) -> Result<tar::Entry<'a, R>, Finding> {
        let file = match self.0.next() {
            None => return Err(bundle(name, "缺少该文件，或证据包不完整")),
            Some(Err(error)) => return Err(bundle(name, &format!("读取失败，证据包可能不完整：{error}"))),
            Some(Ok(file)) => file,
        };
        let is_it = *file.path_bytes() == *name.as_bytes() && file.header().entry_type().is_file();
        if !is_it {
            return Err(bundle(name, "此处应为该文件，实为其他内容"));
        }
        if !written_as_always(file.header(), name) {
            return Err(bundle(name, "文件头与写出时不同"));
        }
        Ok(file)
    }

    /// A file that is read into memory.
    fn small(&mut self, name: &str, bytes_max: usize) -> Result<Vec<u8>, Finding> {
        let file = self.next(name)?;
        let bytes = file.size();
        if bytes > bytes_max as u64 {
            return Err(bundle(name, "文件过大"));
        }
        let mut content = Vec::new();
        match file.take(bytes_max as u64).read_to_end(&mut content) {
            Ok(read) if read as u64 == bytes => Ok(content),
            Ok(_) => Err(bundle(name, "证据包不完整")),
            Err(error) => Err(bundle(name, &format!("读取失败，证据包可能不完整：{error}"))),
        }
    }

    fn small_text(&mut self, name: &str, bytes_max: usize) -> Result<String, Finding> {
        String::from_utf8(self.small(name, bytes_max)?).map_err(|_| bundle(name, "不是文本"))
    }

    /// A file of any length that is only hashed.
    fn digest(
        &mut self,
        name: &str,
        bytes: u64,
        digest: impl FnOnce(&mut dyn Read) -> io::Result<(Digest, u64)>,
    ) -> Result<Option<Digest>, Finding> {
        let mut file = self.next(name)?;
        let size = file.size();
        match digest(&mut file) {
            Ok((digest, read)) if read == size => Ok((size == bytes).then_some(digest)),
            Ok(_) => Err(bundle(name, "证据包不完整")),
            Err(error) => Err(bundle(name, &format!("读取失败，证据包可能不完整：{error}"))),
        }
    }

    fn end(&mut self) -> Result<(), Finding> {
        match self.0.next() {
            None => Ok(()),
            Some(Ok(file)) => Err(bundle(&String::from_utf8_lossy(&file.path_bytes()), "清单之外的文件")),
            Some(Err(error)) => Err(bundle("", &format!("读取失败，证据包可能不完整：{error}"))),
        }
    }
}

struct Run<'a, R: Read> {
    files: Files<'a, R>,
    expect: &'a BundleExpect,
    report: &'a mut Report,
    manifest: Manifest,
    manifest_bytes: Vec<u8>,
    statement: Note,
    checkpoint: SignedCheckpoint,
    keys: Vec<VerifierKey>,
    /// First position that refers to a part or an exhibit.
    referred: HashMap<Digest, u64>,
    erased: HashSet<Digest>,
}

impl<'a, R: Read> Run<'a, R> {
    /// Reads what stands at the front.
    fn new(
        mut files: Files<'a, R>,
        expect: &'a BundleExpect,
        report: &'a mut Report,
    ) -> Result<Run<'a, R>, Finding> {
        let manifest_bytes = files.small(MANIFEST, MANIFEST_BYTES_MAX)?;
        let manifest: Manifest = serde_json::from_slice(&manifest_bytes)
            .map_err(|e| bundle(MANIFEST, &format!("不是有效的清单：{e}")))?;
        if manifest.format != BUNDLE_FORMAT || manifest.entries > BUNDLE_ENTRIES_MAX {
            return Err(bundle(MANIFEST, "不支持的格式，请使用新版本程序核验"));
        }
        let statement = files.small_text(STATEMENT, NOTE_BYTES_MAX)?;
        let statement = statement.parse().map_err(|e| bundle(STATEMENT, &format!("{e}")))?;
        let checkpoint = files.small_text(CHECKPOINT, NOTE_BYTES_MAX)?;
        let checkpoint: SignedCheckpoint =
            checkpoint.parse().map_err(|e| bundle(CHECKPOINT, &format!("{e}")))?;
        let keys = match &expect.keys[..] {
            [] => vec![manifest.key.clone()],
            keys => keys.to_vec(),
        };
        report.enclosed_key = Some(manifest.key.clone());
        let (referred, erased) = (HashMap::new(), HashSet::new());
        Ok(Run {
            files,
            expect,
            report,
            manifest,
            manifest_bytes,
            statement,
            checkpoint,
            keys,
            referred,
            erased,
        })
    }

    fn check(mut self) -> Result<(), Finding> {
        let signed = self.checkpoint();
        let head = self.entries()?;
        self.statement(&head);
        self.parts()?;
        self.exhibits()?;
        self.files.end()?;
        if signed {
            self.strength();
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> bool {
        self.report.checkpoints = 1;
        let head = &self.checkpoint.checkpoint;
        if head.origin.node != self.manifest.docket.node {
            self.report.find(Finding::CheckpointOrigin { size: head.size, origin: head.origin.clone() });
            return false;
        }
        if let Err(error) = self.checkpoint.verify(&self.keys) {
            self.report.find(Finding::CheckpointSignature { size: head.size, reason: error.to_string() });
            return false;
        }
        self.report.covered = head.size;
        self.report.newest = Some(self.checkpoint.clone());
        true
    }

    /// Checks all entries; gives the digest of the last.
    fn entries(&mut self) -> Result<Digest, Finding> {
        let docket = self.manifest.docket.clone();
        let mut chains = Chains::new(docket.node);
        let listed: HashSet<Digest> = self
            .manifest
            .parts
            .iter()
            .map(|part| part.digest)
            .chain(self.manifest.exhibits.iter().map(|exhibit| exhibit.digest))
            .collect();
        let mut next = 0;
        for seq in 0..self.manifest.entries {
            let bytes = self.files.small(&entry_file(seq), ENTRY_BYTES_MAX)?;
            let proof = self.files.small_text(&proof_file(seq), PROOF_BYTES_MAX)?;
            let proof: TlogProof = proof.parse().map_err(|e| bundle(&proof_file(seq), &format!("{e}")))?;
            let salt: Option<Salt> = proof.extra.as_ref().and_then(|extra| extra[..].try_into().ok());
            let salt = salt.ok_or_else(|| bundle(&proof_file(seq), "缺少盐值"))?;
            let at = Entry::parse(&bytes).map_or(Timestamp::UNIX_EPOCH, |entry| entry.at);
            let (position, sealed) = (proof.index, SealedEntry::of(bytes, salt));
            if position < next {
                self.report.find(Finding::Order { position, expected: next });
            }
            next = position.saturating_add(1);
            if proof.checkpoint != self.checkpoint {
                self.report
                    .find(Finding::Proof { seq, reason: "所附检查点与证据包的不同".to_owned() });
            } else if let Err(error) = proof.verify(&sealed.leaf_data) {
                self.report.find(Finding::Proof { seq, reason: error.to_string() });
            }
            let stored = StoredEntry { position, docket: docket.id, seq, at, sealed };
            self.report.entries += 1;
            let Some(entry) = chains.step(&stored, self.report).entry else {
                continue;
            };
            for reference in references(position, &entry) {
                let (docket, digest) = (reference.docket, reference.digest);
                match (listed.contains(&digest), reference.is_exhibit) {
                    (true, _) => _ = self.referred.entry(digest).or_insert(position),
                    (false, true) => self.report.find(Finding::ExhibitMissing { position, docket, digest }),
                    (false, false) => self.report.find(Finding::PartMissing { position, docket, digest }),
                }
            }
            let erased = (self.expect.erased)(entry.event.get());
            self.erased.extend(erased.into_iter().filter(|digest| listed.contains(digest)));
        }
        self.report.dockets = chains.dockets();
        let (time, size) = (self.checkpoint.checkpoint.time, self.checkpoint.checkpoint.size);
        if let Some(not_before) = chains.last_at().filter(|last| later(time, CLOCK_SLACK) < *last) {
            self.report.find(Finding::CheckpointTime { size, time, not_before });
        }
        Ok(chains.head(docket.id).unwrap_or(Digest::ZERO))
    }

    /// That the node signed for exactly this docket, these entries and this manifest.
    fn statement(&mut self, head: &Digest) {
        let origin = &self.checkpoint.checkpoint.origin;
        if let Err(error) = verify_as(&self.statement, origin, &self.keys) {
            self.report.find(bundle(STATEMENT, &format!("节点签名无效：{error}")));
            return;
        }
        let expected = statement(&self.manifest, &self.manifest_bytes, head);
        let differs =
            expected.lines().zip(self.statement.text().lines()).find(|(found, signed)| found != signed);
        if let Some((found, _)) = differs {
            let reason = match found.split(' ').next() {
                Some("entries" | "head") => "记录与节点签署的不符：有记录被增、删或替换",
                Some("manifest") => "清单与节点签署的不符：清单被改动",
                _ => "案卷或时间与节点签署的不符",
            };
            self.report.find(bundle(STATEMENT, reason));
        } else if expected != self.statement.text() {
            self.report.find(bundle(STATEMENT, "节点签署的内容格式不对"));
        }
    }

    fn parts(&mut self) -> Result<(), Finding> {
        let docket = self.manifest.docket.id;
        for item in std::mem::take(&mut self.manifest.parts) {
            let (digest, name) = (item.digest, part_file(&item.digest));
            // Taken out: an item that is listed twice finds no second reference.
            let Some(position) = self.referred.remove(&digest) else {
                return Err(bundle(&name, "清单重复列出，或没有记录引用它"));
            };
            match (item.presence, item.opening) {
                (Presence::Enclosed, Some(Opening { kind, salt, bytes })) => {
                    let found = self.files.digest(&name, bytes, |file| part_digest_of(&salt, &kind, file))?;
                    if found == Some(digest) {
                        self.report.parts += 1;
                    } else {
                        self.report.find(Finding::PartChanged { position, docket, digest });
                    }
                    if self.erased.contains(&digest) {
                        self.report.find(Finding::NotErased { position, digest });
                    }
                }
                (Presence::Enclosed, None) => return Err(bundle(&name, "清单缺少盐值，无法核对")),
                (Presence::Withheld, _) => self.report.withheld += 1,
                (Presence::Erased, _) if self.erased.contains(&digest) => self.report.erased += 1,
                (Presence::Erased, _) => self.report.find(Finding::PartMissing { position, docket, digest }),
            }
        }
        Ok(())
    }

    fn exhibits(&mut self) -> Result<(), Finding> {
        let docket = self.manifest.docket.id;
        for item in std::mem::take(&mut self.manifest.exhibits) {
            let (digest, name) = (item.digest, exhibit_file(&item.digest));
            let Some(position) = self.referred.remove(&digest) else {
                return Err(bundle(&name, "清单重复列出，或没有记录引用它"));
            };
            match item.presence {
                Presence::Enclosed => {
                    let found = self.files.digest(&name, item.bytes, |file| exhibit_digest_of(file))?;
                    if found == Some(digest) {
                        self.report.exhibits += 1;
                    } else {
                        self.report.find(Finding::ExhibitChanged { position, docket, digest });
                    }
                }
                Presence::Withheld => self.report.withheld += 1,
                Presence::Erased if self.erased.contains(&digest) => self.report.erased += 1,
                Presence::Erased => self.report.find(Finding::ExhibitMissing { position, docket, digest }),
            }
        }
        Ok(())
    }

    fn strength(&mut self) {
        let saved = self.expect.since.as_ref().and_then(|since| match self.since(since) {
            Ok(size) => Some(size),
            Err(finding) => {
                self.report.find(finding);
                None
            }
        });
        let mut quorum = Quorum::new(&self.expect.witnesses, &self.keys, self.expect.quorum);
        quorum.count(&self.checkpoint);
        let witnessed = quorum.finish(!self.expect.witnesses.is_empty(), self.report);
        // Witnesses sign the log's text, not its key: with a key of his own somebody could put a forged statement
        // beside a checkpoint that is rightly cosigned. A saved checkpoint is signed by the key itself.
        let vouched = !self.expect.keys.is_empty() || saved.is_some();
        self.report.strength = match strength(witnessed, saved, Some(&self.checkpoint)) {
            Strength::KeyOnly { size } | Strength::Witnessed { size, .. } if !vouched => {
                Strength::EnclosedKey { size }
            }
            strength => strength,
        };
    }

    /// How many entries of the bundle's log the saved checkpoint covers.
    fn since(&self, since: &SignedCheckpoint) -> Result<u64, Finding> {
        checked_since(since, &self.manifest.docket.node, &self.keys)?;
        let (saved, ours) = (&since.checkpoint, &self.checkpoint.checkpoint);
        let (old, new) = if saved.size <= ours.size { (saved, ours) } else { (ours, saved) };
        let same_size: &[Digest] = &[];
        let path = self
            .manifest
            .consistency
            .iter()
            .find(|proof| (proof.old, proof.new) == (old.size, new.size))
            .map(|proof| &proof.path[..])
            .or((old.size == new.size).then_some(same_size))
            .ok_or(Finding::SinceUncovered { saved: saved.size, size: ours.size })?;
        verify_consistency(old.size, &old.root, new.size, &new.root, path)
            .map(|()| old.size)
            .map_err(|_| Finding::SinceRewritten { size: saved.size })
    }
}
