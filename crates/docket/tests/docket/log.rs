//! A small node's log in memory, and ways to tamper with it.

use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::entry::{ENTRY_VERSION, Entry, exhibit_digest, part_digest};
use lianzhi_docket::merkle::{Frontier, Leaves, root};
use lianzhi_docket::note::{Checkpoint, KeyKind, Origin, SignedCheckpoint, SoftwareKey, VerifierKey};
use lianzhi_docket::verify::{Expect, Finding, Report, Source, StoredEntry, StoredPart, verify};
use lianzhi_ids::{Digest, DocketId, NodeCode};
use serde_json::json;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Read;

pub const ORIGIN: &str = "lianzhi/310118/log/1";
/// Entries between two checkpoints.
pub const EVERY: usize = 5;

#[derive(Clone)]
pub struct Log {
    pub entries: Vec<StoredEntry>,
    pub checkpoints: Vec<SignedCheckpoint>,
    pub parts: Vec<StoredPart>,
    pub exhibits: BTreeMap<Digest, Vec<u8>>,
}

pub fn node() -> NodeCode {
    NodeCode::parse("310118").unwrap()
}

pub fn key() -> SoftwareKey {
    SoftwareKey::from_secret(&[1; 32])
}

pub fn public_key() -> VerifierKey {
    VerifierKey::of(ORIGIN, KeyKind::Log, &key()).unwrap()
}

pub fn expect() -> Expect {
    Expect::of(node(), public_key())
}

pub fn second(n: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + n).unwrap()
}

impl Log {
    /// `n` entries, one a second, in three dockets by turns; every entry has a part, every fourth an exhibit.
    pub fn of(n: usize) -> Log {
        let mut log = Log { entries: vec![], checkpoints: vec![], parts: vec![], exhibits: BTreeMap::new() };
        for i in 0..n {
            let salt = [i as u8; 16];
            let content = format!("张三第{i}次来电").into_bytes();
            let digest = part_digest(&salt, "contact", &content);
            log.parts.push(StoredPart {
                digest,
                salt,
                kind: "contact".into(),
                content: Some(content),
                sealed: false,
            });
            let mut exhibits = vec![];
            if i % 4 == 0 {
                let file = vec![i as u8; 3000];
                exhibits.push(exhibit_digest(&file));
                log.exhibits.insert(exhibit_digest(&file), file);
            }
            let event = json!({"type": "noted", "n": i});
            log.add(DocketId(1 + (i % 3) as i64), &event, vec![digest], exhibits, second(i as i64));
            if (i + 1) % EVERY == 0 {
                log.sign();
            }
        }
        log.sign();
        log
    }

    pub fn add(
        &mut self,
        docket: DocketId,
        event: &serde_json::Value,
        parts: Vec<Digest>,
        exhibits: Vec<Digest>,
        at: Timestamp,
    ) {
        let before = self.entries.iter().rev().find(|e| e.docket == docket);
        let seq = before.map_or(0, |e| e.seq + 1);
        let entry = Entry {
            v: ENTRY_VERSION,
            node: node(),
            docket,
            kind: "report".into(),
            seq,
            prev: before.map_or(Digest::ZERO, |e| e.sealed.digest),
            at,
            happened: None,
            actor: "person:p-0012".into(),
            event: Entry::event_of(event).unwrap(),
            parts,
            exhibits,
            simulated: false,
        };
        let position = self.entries.len() as u64;
        let sealed = entry.seal([position as u8 ^ 0x55; 16]).unwrap();
        self.entries.push(StoredEntry { position, docket, seq, at, sealed });
    }

    pub fn checkpoint(&self) -> Checkpoint {
        let leaves: Vec<Digest> = self.entries.iter().map(|e| e.sealed.leaf_data).collect();
        Checkpoint {
            origin: ORIGIN.parse().unwrap(),
            size: leaves.len() as u64,
            root: root(&mut Leaves(&leaves), leaves.len() as u64).unwrap(),
            time: self.entries.last().map_or(second(0), |e| e.at),
        }
    }

    pub fn sign(&mut self) {
        self.checkpoints.push(self.checkpoint().sign(&key()).unwrap());
    }

    /// Signs everything anew, as only the holder of the key can.
    pub fn sign_again(&mut self) {
        let mut tree = Frontier::new();
        let mut sizes: Vec<u64> = self.checkpoints.iter().map(|c| c.checkpoint.size).collect();
        sizes.retain(|size| *size <= self.entries.len() as u64);
        self.checkpoints.clear();
        for entry in &self.entries {
            tree.append(&entry.sealed.leaf_data);
            if sizes.contains(&tree.size()) {
                let (size, root) = (tree.size(), tree.root());
                let origin: Origin = ORIGIN.parse().unwrap();
                let checkpoint = Checkpoint { origin, size, root, time: entry.at };
                self.checkpoints.push(checkpoint.sign(&key()).unwrap());
            }
        }
    }

    /// Rewrites an entry's bytes and makes digests, columns and the rest of its docket's chain fit again: all
    /// that can be done without the key.
    pub fn forge(&mut self, position: usize, change: impl FnOnce(&mut Entry)) {
        let docket = self.entries[position].docket;
        let mut change = Some(change);
        let mut prev: Option<Digest> = None;
        for stored in self.entries[position..].iter_mut().filter(|e| e.docket == docket) {
            let mut entry = Entry::parse(&stored.sealed.bytes).unwrap();
            if let Some(prev) = prev {
                entry.prev = prev;
            }
            if let Some(change) = change.take() {
                change(&mut entry);
            }
            stored.sealed = entry.seal(stored.sealed.salt).unwrap();
            stored.at = entry.at;
            prev = Some(stored.sealed.digest);
        }
    }

    /// Gives positions anew after something was taken out or moved.
    pub fn renumber(&mut self) {
        for (i, entry) in self.entries.iter_mut().enumerate() {
            entry.position = i as u64;
        }
    }

    pub fn verify(&self) -> Report {
        self.verify_with(&expect())
    }

    pub fn verify_with(&self, expect: &Expect) -> Report {
        let mut reader = Reader {
            log: self,
            entries: self.entries.chunks(7).collect(),
            checkpoints: self.checkpoints.chunks(2).collect(),
        };
        reader.entries.reverse();
        reader.checkpoints.reverse();
        match verify(&mut reader, expect) {
            Ok(report) => report,
        }
    }
}

/// Reads the log in batches that fit nothing.
struct Reader<'a> {
    log: &'a Log,
    entries: Vec<&'a [StoredEntry]>,
    checkpoints: Vec<&'a [SignedCheckpoint]>,
}

impl Source for Reader<'_> {
    type Error = Infallible;
    fn entries(&mut self) -> Result<Vec<StoredEntry>, Infallible> {
        Ok(self.entries.pop().unwrap_or_default().to_vec())
    }
    fn checkpoints(&mut self) -> Result<Vec<String>, Infallible> {
        Ok(self.checkpoints.pop().unwrap_or_default().iter().map(ToString::to_string).collect())
    }
    fn parts(&mut self, digests: &[Digest]) -> Result<Vec<StoredPart>, Infallible> {
        Ok(self.log.parts.iter().filter(|p| digests.contains(&p.digest)).cloned().collect())
    }
    fn exhibit(&mut self, digest: &Digest) -> Result<Option<Box<dyn Read + '_>>, Infallible> {
        Ok(self.log.exhibits.get(digest).map(|file| Box::new(&file[..]) as Box<dyn Read>))
    }
}

/// Whether a finding points at this entry: by its position, or by a range of the log that holds it.
pub fn names(finding: &Finding, position: u64) -> bool {
    match finding {
        Finding::Gap { from, to } => (*from..*to).contains(&position),
        Finding::Root { from, size } => (*from..*size).contains(&position),
        Finding::Truncated { from, size, .. } => (*from..*size).contains(&position),
        Finding::Changed { position: p, .. }
        | Finding::Leaf { position: p, .. }
        | Finding::Unreadable { position: p, .. }
        | Finding::Index { position: p, .. }
        | Finding::Order { position: p, .. }
        | Finding::Sequence { position: p, .. }
        | Finding::Chain { position: p, .. }
        | Finding::BackDated { position: p, .. } => *p == position,
        _ => false,
    }
}

pub fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}
