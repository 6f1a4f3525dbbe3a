//! Which cosignatures count, and how many there are.

use super::Report;
use crate::note::{KeyKind, SignedCheckpoint, VerifierKey};

/// What whoever verifies asks of witnesses, and what has been found so far.
pub(crate) struct Quorum {
    witnesses: Vec<VerifierKey>,
    needed: usize,
    most: usize,
    reached: Option<(Vec<VerifierKey>, u64)>,
}

impl Quorum {
    /// Of these witnesses at least so many. A key that the log itself signs with is no witness.
    pub(crate) fn new(witnesses: &[VerifierKey], log_keys: &[VerifierKey], needed: usize) -> Quorum {
        let independent = |key: &&VerifierKey| {
            key.kind() == KeyKind::Witness && !log_keys.iter().any(|own| own.public() == key.public())
        };
        let witnesses = witnesses.iter().filter(independent).cloned().collect();
        Quorum { witnesses, needed: needed.max(1), most: 0, reached: None }
    }

    /// Counts the cosignatures of a checkpoint that is known to be the log's and to fit the record.
    pub(crate) fn count(&mut self, signed: &SignedCheckpoint) {
        let found = signed.witnesses(&self.witnesses);
        let size = signed.checkpoint.size;
        self.most = self.most.max(found.len());
        if found.len() >= self.needed && self.reached.as_ref().is_none_or(|(_, before)| size >= *before) {
            self.reached = Some((found.into_iter().cloned().collect(), size));
        }
    }

    /// Puts it into the report; gives how many witnesses vouch for how many entries.
    pub(crate) fn finish(self, asked: bool, report: &mut Report) -> Option<(usize, u64)> {
        // A checkpoint of the empty log covers nothing.
        let reached = self.reached.filter(|(_, size)| *size > 0);
        if asked && reached.is_none() {
            report.unwitnessed = Some(Unwitnessed { needed: self.needed, found: self.most });
        }
        let (witnesses, size) = reached?;
        let count = witnesses.len();
        report.witnesses = witnesses;
        Some((count, size))
    }
}

/// Witnesses were asked for, and no checkpoint has enough of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwitnessed {
    /// How many are needed.
    pub needed: usize,
    /// Most on one valid checkpoint.
    pub found: usize,
}
