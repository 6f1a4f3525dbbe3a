//! What of the guide's points (证据标准) is in the file: a look at the kinds of evidence that stand, for people to go on from. It bars
//! nothing: whether something is proved is judged by the officers and the reviewers (行政处罚法 40, 46).

use super::state::Case;
use lianzhi_law::{EvidencePoint, LawData};

/// A point with the evidence that usually shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof<'a> {
    /// Code of the item.
    pub item: String,
    /// The point.
    pub point: &'a EvidencePoint,
    /// Numbers of the evidence in the file that is of one of its kinds and not excluded.
    pub has: Vec<u16>,
}

/// The points for the violations of a case; one that is the same for several items stands once.
#[must_use]
pub fn proofs<'a>(case: &Case, law: &'a LawData) -> Vec<Proof<'a>> {
    let mut all: Vec<Proof<'a>> = Vec::new();
    for violation in &case.violations {
        for point in law.evidence_points(&violation.item) {
            if all.iter().any(|known| known.point == point) {
                continue;
            }
            let standing = case.evidence.iter().filter(|file| file.excluded.is_none());
            let shows =
                standing.filter(|file| point.kinds.iter().any(|kind| **kind == *file.evidence.kind.code()));
            let has = shows.map(|file| file.evidence.id).collect();
            all.push(Proof { item: violation.item.clone(), point, has });
        }
    }
    all
}
