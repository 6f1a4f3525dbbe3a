//! The proof of one matter: what the log says about its entries, checked anew each time somebody looks.

use crate::ports::{CheckpointRow, EntryRow};
use crate::shared::unavailable;
use crate::witnessed::{WitnessView, strength};
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_docket::merkle::verify_inclusion;
use lianzhi_docket::note::{SignedCheckpoint, VerifierKey};
use lianzhi_docket::{Entry, SealedEntry};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::Refusal;
use serde::Serialize;

/// What the proof tab shows.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ProofView {
    /// Entries: position in the docket and in the log, leaf, covered by the checkpoint.
    pub entries: Vec<ProofEntry>,
    /// The newest checkpoint that was witnessed and covers all entries, or the newest: size, root, time.
    pub checkpoint: Option<(i64, Digest, Timestamp)>,
    /// The signed note, with the witnesses' lines.
    pub note: String,
    /// Key to check it by.
    pub key: String,
    /// Against whom it is proof.
    pub strength: String,
    /// Members of other provinces that witnessed the checkpoint.
    pub witnesses: Vec<WitnessView>,
    /// What does not fit, found just now; none when everything does.
    pub faults: Vec<ProofFault>,
    /// When it was checked.
    pub checked: Timestamp,
}

/// An entry of the proof.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ProofEntry {
    /// Position in the docket.
    pub seq: i32,
    /// Position in the log.
    pub pos: i64,
    /// What is in the log of it.
    pub leaf: Digest,
    /// Covered by the newest checkpoint.
    pub covered: bool,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProofFault {
    /// Position in the docket of the entry that it is about; none when it is about the checkpoint.
    pub seq: Option<i32>,
    /// In words.
    pub what: &'static str,
}

fn fault(seq: i32, what: &'static str) -> ProofFault {
    ProofFault { seq: Some(seq), what }
}

/// Checks the entries of a docket by themselves: bytes, digests, chain.
fn check_chain(rows: &[EntryRow]) -> Vec<ProofFault> {
    let mut faults = Vec::new();
    let mut before = Digest::ZERO;
    for (n, row) in rows.iter().enumerate() {
        let sealed = SealedEntry::of(row.bytes.clone(), row.salt);
        if sealed.digest != row.digest || sealed.leaf_data != row.leaf {
            faults.push(fault(row.seq, "内容与指纹不符"));
        }
        match Entry::parse(&row.bytes) {
            Ok(entry) => {
                if entry.prev != before {
                    faults.push(fault(row.seq, "与前一条接不上"));
                }
                if i64::from(entry.seq) != i64::from(row.seq) || usize::try_from(row.seq).ok() != Some(n) {
                    faults.push(fault(row.seq, "次序不对"));
                }
            }
            Err(_) => faults.push(fault(row.seq, "内容无法读出")),
        }
        before = sealed.digest;
    }
    faults
}

/// Checks that the entries are in the log under this checkpoint. `paths` are the proofs of the first rows.
fn check_log(rows: &[EntryRow], paths: &[Vec<Digest>], head: &SignedCheckpoint) -> Vec<ProofFault> {
    let mut faults = Vec::new();
    let tree = &head.checkpoint;
    for (row, path) in rows.iter().zip(paths) {
        let index = u64::try_from(row.pos).unwrap_or(u64::MAX);
        if verify_inclusion(&row.leaf, index, tree.size, path, &tree.root).is_err() {
            faults.push(fault(row.seq, "不在存证日志的这个位置上"));
        }
    }
    faults
}

fn check_signature(row: &CheckpointRow, key: &VerifierKey) -> Result<SignedCheckpoint, ProofFault> {
    let bad = ProofFault { seq: None, what: "检查点的签名不对" };
    let signed: SignedCheckpoint = row.note.parse().map_err(|_| bad.clone())?;
    let head = &signed.checkpoint;
    let same = i64::try_from(head.size) == Ok(row.size) && head.root == row.root;
    if same && signed.verify(std::slice::from_ref(key)).is_ok() { Ok(signed) } else { Err(bad) }
}

impl App {
    /// What proves a matter's record, and whether it holds: every entry is hashed again, its chain followed, its place
    /// in the log computed up to the signed root.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn proof(&self, who: &Caller, id: DocketId) -> Result<ProofView, Refusal> {
        self.row_for(who, id).await?;
        let rows = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let end = rows.last().map_or(0, |row| row.pos + 1);
        let (checkpoint, witnesses) = match self.checkpoint().await {
            Some(newest) => {
                let (row, witnesses) = self.proving(end, newest).await.map_err(|e| unavailable(&e))?;
                (Some(row), witnesses)
            }
            None => (None, Vec::new()),
        };
        let size = checkpoint.as_ref().map_or(0, |c| c.size);
        let key = self.inner.log.verifier_key();
        let mut faults = check_chain(&rows);
        if let Some(row) = &checkpoint {
            match check_signature(row, key) {
                Ok(head) => {
                    let covered: Vec<EntryRow> = rows.iter().filter(|r| r.pos < size).cloned().collect();
                    let positions: Vec<u64> =
                        covered.iter().filter_map(|r| u64::try_from(r.pos).ok()).collect();
                    let paths = self.inner.log.proofs(&positions, head.checkpoint.size).await;
                    let paths = paths.map_err(|e| unavailable(&e))?;
                    faults.extend(check_log(&covered, &paths, &head));
                }
                Err(bad) => faults.push(bad),
            }
        }
        Ok(ProofView {
            entries: rows
                .iter()
                .map(|e| ProofEntry { seq: e.seq, pos: e.pos, leaf: e.leaf, covered: e.pos < size })
                .collect(),
            note: checkpoint.as_ref().map(|c| c.note.clone()).unwrap_or_default(),
            checkpoint: checkpoint
                .map(|c| (c.size, c.root, Timestamp::from_microsecond(c.at).unwrap_or_default())),
            key: key.to_string(),
            strength: strength(&witnesses),
            witnesses,
            faults,
            checked: self.now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_ids::NodeCode;

    /// A docket of so many entries, each chained to the one before.
    fn docket(entries: u32) -> Vec<EntryRow> {
        let mut prev = Digest::ZERO;
        (0..entries)
            .map(|seq| {
                let entry = Entry {
                    v: lianzhi_docket::entry::ENTRY_VERSION,
                    node: NodeCode::parse("310118").expect("a node"),
                    docket: DocketId(7),
                    kind: "report".into(),
                    seq,
                    prev,
                    at: Timestamp::UNIX_EPOCH,
                    happened: None,
                    actor: "system".into(),
                    event: Entry::event_of(&serde_json::json!({ "type": "said", "n": seq }))
                        .expect("an event"),
                    parts: Vec::new(),
                    exhibits: Vec::new(),
                    simulated: false,
                };
                let sealed = entry.seal([7; 16]).expect("fits");
                prev = sealed.digest;
                EntryRow {
                    pos: i64::from(seq),
                    docket: DocketId(7),
                    seq: i32::try_from(seq).expect("few"),
                    at: 0,
                    bytes: sealed.bytes,
                    salt: sealed.salt,
                    digest: sealed.digest,
                    leaf: sealed.leaf_data,
                }
            })
            .collect()
    }

    #[test]
    fn a_docket_as_it_was_written_has_no_fault() {
        assert_eq!(check_chain(&docket(5)), Vec::new());
    }

    #[test]
    fn a_changed_a_missing_and_an_exchanged_entry_are_named() {
        let mut changed = docket(5);
        let at = changed[2].bytes.iter().position(|b| *b == b'2').expect("a digit");
        changed[2].bytes[at] = b'3';
        assert!(check_chain(&changed).iter().any(|f| f.seq == Some(2)));
        let mut missing = docket(5);
        missing.remove(1);
        assert!(check_chain(&missing).iter().any(|f| f.seq == Some(2) && f.what == "与前一条接不上"));
        let mut exchanged = docket(5);
        exchanged.swap(3, 4);
        assert!(!check_chain(&exchanged).is_empty());
    }
}
