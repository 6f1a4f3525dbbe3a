//! What a reader of a paper may check: that this agency issued it, and whether it still stands.

use super::decision::parties;
use crate::penalty::folios::printed_title;
use crate::penalty::{Case, PaperFile, PaperKind, Party, PartyKind, RemedyEnd};
use crate::slip::File;
use crate::spot::{Outcome, Sheet};
use crate::words::words;
use crate::{AnyState, PartRef};
use jiff::Timestamp;

words! {
    /// What a reader of a paper is told of it.
    Checked {
        /// It stands.
        InForce = "in_force", "有效";
        /// Mistakes in its wording were put right by another paper.
        Corrected = "corrected", "有效，文字有更正";
        /// It was voided before it reached anybody.
        Voided = "voided", "已作废";
        /// It was revoked, annulled or declared unlawful.
        Revoked = "revoked", "已撤销";
        /// It was changed by whoever decided on a remedy.
        Changed = "changed", "已变更";
        /// It rested on a decision that does not stand any more, or another one took its place.
        Superseded = "superseded", "已失效";
    }
}

/// A paper that may be checked: what it is, its number, its date, what became of it, and whose names stand on it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedPaper {
    /// Name of the paper.
    pub title: &'static str,
    /// 文号.
    pub number: String,
    /// When it was signed.
    pub at: Timestamp,
    /// What became of it.
    pub standing: Checked,
    /// Parties to whom it goes.
    pub parties: Vec<(PartyKind, PartRef)>,
}

/// The paper `n` of a docket as its readers may check it; none where there is no such paper that left the agency.
#[must_use]
pub fn checked(state: &AnyState, n: u16) -> Option<CheckedPaper> {
    match state {
        AnyState::Penalty(of) => {
            let case = of.case()?;
            let file = case.paper(n).filter(|file| file.paper.kind.checked())?;
            Some(of_case(case, file))
        }
        AnyState::Spot(of) => of_sheet(of.sheet()?, n, parties(state)),
        AnyState::Slip(of) => of_slip(of.file()?, n, parties(state)),
        _ => None,
    }
}

fn of_case(case: &Case, file: &PaperFile) -> CheckedPaper {
    CheckedPaper {
        title: printed_title(case, file),
        number: file.paper.number.clone(),
        at: file.at,
        standing: paper_standing(case, file),
        parties: concerned(case, file).map(|p| (p.subject.kind, p.subject.particulars)).collect(),
    }
}

/// The parties whom a paper concerns: those to whom it goes, else all.
fn concerned<'a>(case: &'a Case, file: &'a PaperFile) -> impl Iterator<Item = &'a Party> {
    let named = |id: &u16| file.paper.parties.is_empty() || file.paper.parties.contains(id);
    case.parties.iter().filter(move |p| named(&p.subject.id))
}

/// What became of a paper of a case.
#[must_use]
pub fn paper_standing(case: &Case, file: &PaperFile) -> Checked {
    let to: Vec<_> = concerned(case, file).collect();
    let decides = matches!(file.paper.kind, PaperKind::Decision | PaperKind::NoPenalty);
    let changed = |end: RemedyEnd| end == RemedyEnd::Changed;
    let remedies = || to.iter().flat_map(|p| &p.remedies).filter_map(|r| r.ended);
    if file.voided.is_some() {
        Checked::Voided
    } else if decides && !to.is_empty() && to.iter().all(|p| p.annulled.is_some()) {
        Checked::Revoked
    } else if decides && (remedies().any(|(end, _)| changed(end)) || to.iter().any(|p| p.annulled.is_some()))
    {
        Checked::Changed
    } else if !to.is_empty() && to.iter().all(|p| superseded(case, file, p)) {
        Checked::Superseded
    } else if case.amended.iter().any(|(of, ..)| *of == file.paper.id) {
        Checked::Corrected
    } else {
        Checked::InForce
    }
}

/// Whether a paper means nothing to a party any more: a notice after which it was told anew, and what leads to a decision or follows
/// from it once that does not stand. An order to put something right (行政处罚法 28) and what rests on it stand by themselves.
fn superseded(case: &Case, file: &PaperFile, party: &Party) -> bool {
    use PaperKind as K;
    let id = party.subject.id;
    let notice = matches!(file.paper.kind, K::Notice | K::HearingRight);
    let again = || {
        let later = |other: &&PaperFile| {
            matches!(other.paper.kind, K::Notice | K::HearingRight)
                && other.voided.is_none()
                && other.paper.id > file.paper.id
                && other.paper.parties.contains(&id)
        };
        case.papers.iter().any(|other| later(&other))
    };
    let rests = notice
        || matches!(
            file.paper.kind,
            K::HearingCall
                | K::Payment
                | K::Demand
                | K::Enforcement
                | K::Substitute
                | K::Court
                | K::Agreement
                | K::Suspension
        );
    (notice && again()) || (rests && party.annulled.is_some_and(|annulled| file.at <= annulled))
}

/// The decision, or that nothing is punished (1); the demand (2), the application to the court (3), what withdraws (4) and corrects (5).
fn of_sheet(sheet: &Sheet, n: u16, parties: Vec<(PartyKind, PartRef)>) -> Option<CheckedPaper> {
    if let Outcome::Spared { sparing, at, .. } = &sheet.outcome
        && n == 1
        && !sparing.number.is_empty()
    {
        let (number, at) = (sparing.number.clone(), *at);
        let standing = Checked::InForce;
        return Some(CheckedPaper { title: "不予行政处罚决定书", number, at, standing, parties });
    }
    let decision = sheet.imposed()?;
    let beside = match n {
        1 => None,
        4 => decision.withdrawn.as_ref().map(|w| ("撤销（变更）行政处罚决定书", &w.number, w.at)),
        5 => decision.amended.last().map(|a| ("文书更正（补正）通知书", &a.number, a.at)),
        2 => decision.demand.as_ref().map(|d| ("履行义务催告书", &d.number, d.at)),
        3 => decision.applications.last().map(|a| ("强制执行申请书", &a.number, a.at)),
        _ => return None,
    };
    if let Some((title, number, at)) = beside {
        // What withdraws stands; what went with the decision falls with it.
        let fell = decision.annulled.is_some() && n != 4;
        let standing = if fell { Checked::Revoked } else { Checked::InForce };
        return Some(CheckedPaper { title, number: number.clone(), at, standing, parties });
    }
    if n != 1 {
        return None;
    }
    let changed = decision.remedies.iter().any(|r| matches!(r.ended, Some((RemedyEnd::Changed, _))));
    let standing = if decision.annulled.is_some() {
        Checked::Revoked
    } else if changed {
        Checked::Changed
    } else if decision.corrections.is_empty() {
        Checked::InForce
    } else {
        Checked::Corrected
    };
    let number = sheet.opening.number.clone();
    Some(CheckedPaper { title: "当场行政处罚决定书", number, at: decision.at, standing, parties })
}

fn of_slip(file: &File, n: u16, parties: Vec<(PartyKind, PartRef)>) -> Option<CheckedPaper> {
    let (paper, at, _) = file.papers.get(usize::from(n).checked_sub(1)?)?;
    let standing = if file.withdrawn.is_some() { Checked::Revoked } else { Checked::InForce };
    Some(CheckedPaper {
        title: paper.level.title(),
        number: paper.number.clone(),
        at: *at,
        standing,
        parties,
    })
}
