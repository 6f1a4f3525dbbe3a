//! What one entry must be, given those before it.

use super::{Finding, Report, StoredEntry};
use crate::entry::{Entry, entry_digest, leaf_data};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use std::collections::HashMap;

/// The heads of all dockets so far.
#[derive(Debug)]
pub(crate) struct Chains {
    node: NodeCode,
    heads: HashMap<DocketId, Head>,
    last_at: Option<Timestamp>,
    not_before: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Head {
    next: u32,
    digest: Digest,
}

/// What follows from an entry's bytes.
pub(crate) struct Checked {
    pub leaf_data: Digest,
    /// `None` when the bytes are no entry.
    pub entry: Option<Entry>,
}

impl Chains {
    pub fn new(node: NodeCode) -> Chains {
        Chains { node, heads: HashMap::new(), last_at: None, not_before: None }
    }

    pub fn dockets(&self) -> u64 {
        self.heads.len() as u64
    }

    /// When the last entry was recorded.
    pub fn last_at(&self) -> Option<Timestamp> {
        self.last_at
    }

    /// The digest of a docket's last entry.
    pub fn head(&self, docket: DocketId) -> Option<Digest> {
        self.heads.get(&docket).map(|head| head.digest)
    }

    /// From here on, no entry may have been recorded before this.
    pub fn not_before(&mut self, time: Timestamp) {
        self.not_before = self.not_before.max(Some(time));
    }

    /// Checks the next entry and goes on from it, whatever was found: one change is named once.
    pub fn step(&mut self, stored: &StoredEntry, report: &mut Report) -> Checked {
        let StoredEntry { position, docket, seq, at, sealed } = stored;
        let (position, docket) = (*position, *docket);
        let digest = entry_digest(&sealed.bytes);
        let leaf_data = leaf_data(&sealed.salt, &sealed.bytes);
        if digest != sealed.digest {
            report.find(Finding::Changed { position, docket });
        }
        if leaf_data != sealed.leaf_data {
            report.find(Finding::Leaf { position, docket });
        }
        let entry = match Entry::parse(&sealed.bytes) {
            Ok(entry) => entry,
            Err(error) => {
                report.find(Finding::Unreadable { position, docket, reason: error.to_string() });
                self.heads.insert(docket, Head { next: seq.saturating_add(1), digest });
                return Checked { leaf_data, entry: None };
            }
        };
        let columns =
            [(entry.docket == docket, "案卷号"), (entry.seq == *seq, "序号"), (entry.at == *at, "记录时间")];
        for (_, what) in columns.iter().filter(|(same, _)| !same) {
            report.find(Finding::Index { position, docket, what });
        }
        if entry.node != self.node {
            report.find(Finding::Node { position, node: entry.node.clone() });
        }
        self.link(position, &entry, digest, report);
        self.clock(position, &entry, report);
        Checked { leaf_data, entry: Some(entry) }
    }

    fn link(&mut self, position: u64, entry: &Entry, digest: Digest, report: &mut Report) {
        let Entry { docket, seq, .. } = *entry;
        let head = self.heads.entry(docket).or_insert(Head { next: 0, digest: Digest::ZERO });
        if seq != head.next {
            report.find(Finding::Sequence { position, docket, expected: head.next, found: seq });
        } else if entry.prev != head.digest {
            report.find(Finding::Chain { position, docket, seq });
        }
        *head = Head { next: seq.saturating_add(1), digest };
    }

    fn clock(&mut self, position: u64, entry: &Entry, report: &mut Report) {
        let (at, docket) = (entry.at, entry.docket);
        if let Some(not_before) = self.last_at.max(self.not_before).filter(|before| at < *before) {
            report.find(Finding::BackDated { position, docket, at, not_before });
        }
        self.last_at = Some(at);
    }
}
