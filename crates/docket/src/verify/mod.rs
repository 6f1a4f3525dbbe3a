//! Verifies a whole log over a [`Source`], front to back, in bounded memory.
//!
//! | rule | finding |
//! |---|---|
//! | positions are 0, 1, 2 … | [`Finding::Gap`], [`Finding::Order`] |
//! | digest and leaf follow from bytes and salt | [`Finding::Changed`], [`Finding::Leaf`], [`Finding::Unreadable`] |
//! | the store's columns say what the bytes say | [`Finding::Index`], [`Finding::Node`] |
//! | each docket is one chain | [`Finding::Sequence`], [`Finding::Chain`] |
//! | recording times never go back, nor behind a checkpoint | [`Finding::BackDated`], [`Finding::CheckpointTime`] |
//! | checkpoints are the node's, in order, of one log | `Checkpoint…` |
//! | each root is that of the entries before it | [`Finding::Root`] |
//! | nothing is missing at the end | [`Finding::Truncated`], [`Finding::NoCheckpoint`] |
//! | what was saved elsewhere still holds | `Since…` |
//! | parts and exhibits are there and unchanged, or their erasure is recorded | `Part…`, `Exhibit…`, [`Finding::NotErased`] |

mod chain;
mod finding;
mod references;
mod report;
mod source;
mod witnesses;

pub use finding::Finding;
pub use report::{FINDINGS_MAX, Report, Strength};
pub use source::{Cut, Expect, Source, StoredEntry, StoredPart, cut_by, erased_by};
pub use witnesses::Unwitnessed;

pub(crate) use chain::Chains;
pub(crate) use finding::beijing;
pub(crate) use references::references;
pub(crate) use witnesses::Quorum;

use crate::merkle::Frontier;
use crate::note::{Checkpoint, SignedCheckpoint, VerifierKey};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::NodeCode;
use references::References;
use std::collections::VecDeque;

/// How far the clocks of a node's machines may be apart: an entry may say that it was recorded that much before
/// a checkpoint that does not hold it yet, or after one that does. Among themselves entries have no slack: the
/// sequencer gives their times.
pub const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(10);

/// Verifies everything that the source holds.
///
/// # Errors
/// Only those of the source. What is wrong with the record is in the report.
pub fn verify<S: Source>(source: &mut S, expect: &Expect) -> Result<Report, S::Error> {
    let mut run = Run::new(expect);
    loop {
        let batch = source.entries()?;
        if batch.is_empty() {
            break;
        }
        for stored in &batch {
            run.reach(source)?;
            run.entry(stored);
        }
        run.references.check(source, expect, &mut run.report)?;
    }
    run.reach(source)?;
    run.beyond_the_end(source)?;
    Ok(run.finish())
}

struct Run<'a> {
    expect: &'a Expect,
    report: Report,
    /// The next position; with no gap so far, the size of `tree`.
    next: u64,
    /// The tree over all entries so far, until a position is missing.
    tree: Option<Frontier>,
    chains: Chains,
    references: References,
    queue: VecDeque<String>,
    ahead: Option<SignedCheckpoint>,
    last: Option<Checkpoint>,
    mismatch: bool,
    /// The saved checkpoint while it is still ahead.
    since: Option<&'a SignedCheckpoint>,
    saved: Option<u64>,
    /// Where the log was cut off by a restore, by its own account.
    cuts: Vec<Cut>,
    quorum: Quorum,
}

impl<'a> Run<'a> {
    fn new(expect: &'a Expect) -> Run<'a> {
        let mut run = Run {
            expect,
            report: Report::new(),
            next: 0,
            tree: Some(Frontier::new()),
            chains: Chains::new(expect.node.clone()),
            references: References::default(),
            queue: VecDeque::new(),
            ahead: None,
            last: None,
            mismatch: false,
            since: None,
            saved: None,
            cuts: Vec::new(),
            quorum: Quorum::new(&expect.witnesses, &expect.keys, expect.quorum),
        };
        if let Some(since) = &expect.since {
            match checked_since(since, &expect.node, &expect.keys) {
                Ok(()) => run.since = Some(since),
                Err(finding) => run.report.find(finding),
            }
        }
        run
    }

    fn entry(&mut self, stored: &StoredEntry) {
        self.report.entries += 1;
        if stored.position < self.next {
            // Not one of the log: the log has one already. It must not disturb what is checked after it.
            self.report.find(Finding::Order { position: stored.position, expected: self.next });
            return;
        }
        if stored.position > self.next {
            self.report.find(Finding::Gap { from: self.next, to: stored.position });
            self.tree = None;
        }
        self.next = stored.position.saturating_add(1);
        let checked = self.chains.step(stored, &mut self.report);
        if let Some(tree) = &mut self.tree {
            tree.append(&checked.leaf_data);
        }
        if let Some(entry) = &checked.entry {
            self.references.take(stored.position, entry, self.expect);
            // Only the first leaf after the cut says where it is; later records of the generation add who knows of it.
            let cut = cut_by(entry.event.get()).filter(|cut| cut.restored == stored.position);
            self.cuts.extend(cut);
        }
    }

    /// Compares with all checkpoints of the size that is reached.
    fn reach<S: Source>(&mut self, source: &mut S) -> Result<(), S::Error> {
        if let Some(since) = self.since.filter(|s| s.checkpoint.size <= self.next) {
            self.since = None;
            self.saved_checkpoint(since);
        }
        while let Some(signed) = self.peek(source)? {
            if signed.checkpoint.size > self.next {
                self.ahead = Some(signed);
                break;
            }
            if self.is_ours(&signed) {
                self.checkpoint(signed);
            }
        }
        Ok(())
    }

    fn peek<S: Source>(&mut self, source: &mut S) -> Result<Option<SignedCheckpoint>, S::Error> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        loop {
            if self.queue.is_empty() {
                self.queue.extend(source.checkpoints()?);
            }
            let Some(text) = self.queue.pop_front() else {
                return Ok(None);
            };
            let number = self.report.checkpoints;
            self.report.checkpoints += 1;
            match text.parse() {
                Ok(signed) => return Ok(Some(signed)),
                Err(error) => {
                    self.report.find(Finding::CheckpointUnreadable { number, reason: error.to_string() });
                }
            }
        }
    }

    /// Whether the checkpoint is signed by this node, for this log, in its turn.
    fn is_ours(&mut self, signed: &SignedCheckpoint) -> bool {
        let Checkpoint { origin, size, .. } = &signed.checkpoint;
        let superseded = self.last.as_ref().is_some_and(|last| last.origin.generation > origin.generation);
        if origin.node != self.expect.node || superseded {
            self.report.find(Finding::CheckpointOrigin { size: *size, origin: origin.clone() });
            return false;
        }
        if let Err(error) = signed.verify(&self.expect.keys) {
            self.report.find(Finding::CheckpointSignature { size: *size, reason: error.to_string() });
            return false;
        }
        true
    }

    fn checkpoint(&mut self, signed: SignedCheckpoint) {
        let Checkpoint { size, root, time, .. } = signed.checkpoint;
        if let Some(last) = self.last.as_ref().filter(|last| last.size > size) {
            let after = last.size;
            self.report.find(Finding::CheckpointOrder { size, after });
            return;
        }
        let before = self.last.as_ref().map(|last| last.time).max(self.chains.last_at());
        if let Some(not_before) = before.filter(|before| later(time, CLOCK_SLACK) < *before) {
            self.report.find(Finding::CheckpointTime { size, time, not_before });
        }
        self.last = Some(signed.checkpoint.clone());
        let Some(tree) = self.tree.as_ref().filter(|tree| tree.size() == size) else {
            return;
        };
        if tree.root() == root {
            self.mismatch = false;
            self.report.covered = size;
            self.chains.not_before(later(time, -CLOCK_SLACK));
            self.quorum.count(&signed);
            self.report.newest = Some(signed);
        } else if !self.mismatch {
            // Once something before a checkpoint is changed, all later ones differ: the first says where.
            self.mismatch = true;
            self.report.find(Finding::Root { from: self.report.covered, size });
        }
    }

    fn saved_checkpoint(&mut self, since: &SignedCheckpoint) {
        let Checkpoint { size, root, time, .. } = since.checkpoint;
        if self.tree.as_ref().is_some_and(|tree| tree.size() == size && tree.root() == root) {
            self.saved = Some(size);
            self.chains.not_before(later(time, -CLOCK_SLACK));
            self.quorum.count(since);
        } else {
            let finding = self.lost(since).unwrap_or(Finding::SinceRewritten { size });
            self.report.find(finding);
        }
    }

    /// The saved checkpoint is of what a restore lost, as the first leaf of a later generation says.
    fn lost(&self, since: &SignedCheckpoint) -> Option<Finding> {
        let Checkpoint { size, ref origin, .. } = since.checkpoint;
        let cut = self.cuts.iter().find(|cut| cut.number > origin.generation && cut.restored < size)?;
        Some(Finding::SinceLost { size, restored: cut.restored, generation: cut.number })
    }

    /// Checkpoints of more entries than there are.
    fn beyond_the_end<S: Source>(&mut self, source: &mut S) -> Result<(), S::Error> {
        let entries = self.next;
        let mut newest = None;
        while let Some(signed) = self.peek(source)? {
            if self.is_ours(&signed) {
                newest = newest.max(Some(signed.checkpoint.size));
                self.last = Some(signed.checkpoint);
            }
        }
        if let Some(size) = newest {
            let from = self.report.covered.min(entries);
            self.report.find(Finding::Truncated { from, size, entries });
        }
        if let Some(since) = self.since {
            let truncated = Finding::SinceTruncated { size: since.checkpoint.size, entries };
            let finding = self.lost(since).unwrap_or(truncated);
            self.report.find(finding);
        }
        if self.report.checkpoints == 0 && entries > 0 {
            self.report.find(Finding::NoCheckpoint { entries });
        }
        Ok(())
    }

    fn finish(mut self) -> Report {
        self.references.finish(&mut self.report);
        if let (Some(since), Some(last)) = (&self.expect.since, &self.last)
            && since.checkpoint.origin.node == last.origin.node
            && since.checkpoint.origin.generation > last.origin.generation
        {
            let (saved, found) = (since.checkpoint.origin.clone(), last.origin.clone());
            self.report.find(Finding::SinceGeneration { saved, found });
        }
        self.report.dockets = self.chains.dockets();
        let witnessed = self.quorum.finish(!self.expect.witnesses.is_empty(), &mut self.report);
        self.report.strength = strength(witnessed, self.saved, self.report.newest.as_ref());
        self.report
    }
}

/// The saved checkpoint must itself be one of this node.
pub(crate) fn checked_since(
    since: &SignedCheckpoint,
    node: &NodeCode,
    keys: &[VerifierKey],
) -> Result<(), Finding> {
    if since.checkpoint.origin.node != *node {
        let reason = format!("它属于其他日志 {}", since.checkpoint.origin);
        return Err(Finding::SinceSignature { reason });
    }
    since.verify(keys).map_err(|error| Finding::SinceSignature { reason: error.to_string() })
}

/// The strongest that can be said.
pub(crate) fn strength(
    witnessed: Option<(usize, u64)>,
    saved: Option<u64>,
    newest: Option<&SignedCheckpoint>,
) -> Strength {
    match (witnessed, saved.filter(|size| *size > 0), newest) {
        (Some((witnesses, size)), _, _) => Strength::Witnessed { witnesses, size },
        (None, Some(size), _) => Strength::SavedCheckpoint { size },
        (None, None, Some(newest)) => Strength::KeyOnly { size: newest.checkpoint.size },
        (None, None, None) => Strength::Nothing,
    }
}

pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(time)
}
