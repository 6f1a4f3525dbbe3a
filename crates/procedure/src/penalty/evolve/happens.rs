//! What follows: from what was approved, from the end of a term, from a paper that is void.

use super::with;
use crate::PartRef;
use crate::penalty::advice::Suggestion;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::execution::{Agreement, ExecutionEnd, Suspension};
use crate::penalty::matters::{Measure, Order, OrderKind};
use crate::penalty::proposal::{Pending, Proposal};
use crate::penalty::public::Publication;
use crate::penalty::rights::{Hearing, Notice};
use crate::penalty::state::{Case, Closed, Enforcement, Filing, MeasureFile, OrderFile, Outcome};
use crate::penalty::transfer::Transfer;
use crate::penalty::words::{PaperKind, Settlement};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What follows from the end of a term in law, without anybody's doing.
pub(super) fn expired(case: &mut Case, term: Term, of: Scope) {
    let Some(watched) = with(case, term, of) else { return };
    watched.expired = true;
    let due = watched.clock.running.due;
    match (term, of) {
        // 56: handled within seven days, else the measure falls by itself. So does a seizure (行政强制法 25, 28).
        (Term::Preserve | Term::Seize, Scope::Measure(id)) => {
            if let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == id) {
                file.lapsed.get_or_insert(due);
            }
        }
        (Term::Test, Scope::Measure(id)) => {
            if let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == id) {
                file.end_test(due);
            }
        }
        // 39(2): nobody enforces any more.
        (Term::SuspendEnd, Scope::Party(id)) => {
            if let Some(party) = case.party_mut(id) {
                party.execution.ended.get_or_insert((ExecutionEnd::ThreeYears, due));
                if let Some(suspension) = party.execution.suspensions.last_mut() {
                    suspension.ended.get_or_insert(due);
                }
            }
        }
        (Term::PublicNotice, Scope::Paper(paper, party)) => {
            let file = case.papers.iter_mut().find(|p| p.paper.id == paper);
            if let Some(service) = file.and_then(|p| p.service.get_mut(&party)) {
                service.effective.get_or_insert(due);
            }
        }
        _ => {}
    }
}

/// A paper that was served on nobody is void; what it did is undone.
pub(super) fn void(case: &mut Case, id: u16, note: PartRef, at: Timestamp) {
    let Some(file) = case.papers.iter_mut().find(|p| p.paper.id == id) else { return };
    file.voided = Some((note, at));
    let (kind, signed) = (file.paper.kind, file.at);
    case.said(note);
    match kind {
        PaperKind::Notice | PaperKind::HearingRight => {
            for party in &mut case.parties {
                if party.rights.notice.as_ref().is_some_and(|n| n.paper == id) {
                    party.rights.notice = None;
                }
            }
        }
        PaperKind::HearingCall => {
            for party in &mut case.parties {
                if matches!(party.rights.hearing, Hearing::Called { paper, .. } if paper == id) {
                    party.rights.hearing = Hearing::Asked { at };
                }
            }
        }
        PaperKind::Decision
        | PaperKind::NoPenalty
        | PaperKind::Crime
        | PaperKind::Transfer
        | PaperKind::Dropped => {
            case.outcome = Outcome::Open;
            for party in &mut case.parties {
                (party.money.fine, party.money.confiscation) = (0, 0);
            }
        }
        PaperKind::Correction | PaperKind::DemolitionOrder => case.orders.retain(|o| o.order.paper != id),
        PaperKind::Suggestion => case.beside.suggestions.retain(|s| s.paper != id),
        PaperKind::Amendment => case.amended.retain(|(_, by, _)| *by != id),
        PaperKind::Revocation => {
            for party in case.parties.iter_mut().filter(|p| p.annulled == Some(signed)) {
                party.annulled = None;
            }
        }
        _ => void_granted(case, id, signed, at),
    }
}

/// The same of what was granted with the paper, about a measure or against a party.
fn void_granted(case: &mut Case, id: u16, signed: Timestamp, at: Timestamp) {
    let granted = case.granted.iter().find(|granted| granted.paper == Some(id));
    let Some(proposal) = granted.map(|granted| granted.pending.proposal.clone()) else { return };
    let measure = |case: &mut Case, id: u16, change: &dyn Fn(&mut MeasureFile)| {
        case.measures.iter_mut().filter(|m| m.measure.id == id).for_each(change);
    };
    match proposal {
        // Without its paper the measure does not stand: it falls at once, and the things go back.
        Proposal::Preserve { measure: m } | Proposal::Seize { measure: m } => {
            measure(case, m.id, &|file| _ = file.lapsed.get_or_insert(at));
        }
        Proposal::SettlePreserved { measure: m, .. } | Proposal::Release { measure: m, .. } => {
            measure(case, m, &|file| (file.settled, file.back_by) = (None, None));
        }
        Proposal::PayLater { party, .. } => {
            if let Some(party) = case.party_mut(party) {
                party.money.take_back(signed);
            }
        }
        Proposal::Enforce { party, .. } => {
            if let Some(party) = case.party_mut(party) {
                party.enforcement.retain(|e| e.paper != Some(id));
            }
        }
        Proposal::Agreement { party, reduced, .. } => {
            if let Some(party) = case.party_mut(party) {
                party.execution.agreements.retain(|a| a.paper != id);
                party.money.surcharge = (party.money.surcharge + reduced).min(party.money.fine);
            }
        }
        Proposal::Suspend { party, .. } => {
            if let Some(party) = case.party_mut(party) {
                party.execution.suspensions.retain(|s| s.at != signed);
            }
        }
        Proposal::EndExecution { party, .. } => {
            if let Some(party) = case.party_mut(party) {
                party.execution.ended = party.execution.ended.filter(|(_, ended)| *ended != signed);
            }
        }
        _ => {}
    }
}

/// A measure gets its number when it is approved: two that waited side by side never share one. What was taken at once has its own.
pub(super) fn numbered(case: &Case, mut pending: Pending) -> Pending {
    if let Proposal::Preserve { measure } | Proposal::Seize { measure } = &mut pending.proposal
        && !measure.urgent
    {
        measure.id = u16::try_from(case.measures.len() + 1).unwrap_or(u16::MAX);
    }
    pending
}

/// What was preserved is sealed or seized now (56): that settles the preservation, and its things stand under the seizure.
pub(super) fn taken_over(case: &mut Case, measure: &Measure, at: Timestamp) {
    let Some(before) = measure.takes_over else { return };
    if let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == before) {
        file.settled.get_or_insert((Settlement::Seized, at));
    }
    for file in case.things.iter_mut().filter(|t| t.thing.measure == Some(before)) {
        file.thing.measure = Some(measure.id);
    }
}

/// What was approved happens.
pub(super) fn happens(case: &mut Case, pending: &Pending, paper: u16, at: Timestamp) {
    match &pending.proposal {
        Proposal::File => case.filing = Filing::Filed { at },
        Proposal::NotFile => case.filing = Filing::NotFiled { at },
        Proposal::VerifyLonger { .. } | Proposal::DecideLonger { .. } | Proposal::SeizeLonger { .. } => {}
        Proposal::Recuse { person, with, .. } if !case.is_officer(person) => {
            case.recused.insert(person.clone());
            for party in &mut case.parties {
                if let Hearing::Called { chair, .. } = &mut party.rights.hearing
                    && chair == person
                {
                    *chair = with.person.clone();
                }
            }
        }
        Proposal::Recuse { person, with, .. } => {
            case.recused.insert(person.clone());
            case.officers.retain(|o| o.person != *person);
            case.handled_by.insert(with.person.clone());
            if !case.is_officer(&with.person) {
                case.officers.push(with.clone());
            }
        }
        Proposal::Preserve { measure } => {
            case.take(&Measure { from: at, ..measure.clone() }, true);
        }
        Proposal::Seize { measure } => {
            match case.measures.iter_mut().find(|m| m.measure.id == measure.id && measure.urgent) {
                Some(file) => file.approved = true,
                None => {
                    case.take(&Measure { from: at, ..measure.clone() }, true);
                    taken_over(case, measure, at);
                }
            }
        }
        Proposal::SettlePreserved { measure, until: Some(until), .. } => {
            if let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == *measure) {
                file.back_by = Some((at, *until));
            }
        }
        Proposal::SettlePreserved { measure, how, .. } | Proposal::Release { measure, how } => {
            if let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == *measure) {
                file.settled = Some((*how, at));
            }
        }
        Proposal::DisposeEarly { thing, how, .. } => {
            if let Some(file) = case.things.iter_mut().find(|t| t.thing.id == *thing) {
                file.early = Some(*how);
            }
        }
        Proposal::Notice { charges, hearing, days } => {
            for party in case.parties.iter_mut().filter(|p| p.split_to.is_none()) {
                let own: Vec<_> = charges.iter().filter(|c| c.party == party.subject.id).cloned().collect();
                if own.is_empty() {
                    continue;
                }
                let hearing = *hearing && own.iter().any(|c| c.hearing);
                let notice = Notice { paper, charges: own, hearing, days: *days };
                party.rights = party.rights.renewed(notice);
            }
        }
        Proposal::Decide { charges } => {
            case.outcome = Outcome::Penalty { paper, at };
            // What was withdrawn of a decision that fell is not this one.
            if !case.anew.is_empty() {
                case.publication = Publication::None;
                (case.public_past.first, case.public_past.not_again) = (None, false);
            }
            for party in &mut case.parties {
                let own = || charges.iter().filter(|c| c.party == party.subject.id);
                party.money.fine = own().map(|c| c.fine).sum();
                party.money.confiscation = own().map(|c| c.confiscation).sum();
            }
        }
        Proposal::NoPenalty { ground } => {
            case.outcome = Outcome::NoPenalty { paper, ground: *ground, at };
        }
        Proposal::Crime { .. } => {
            case.outcome = Outcome::Crime { at, sent: None, taken: None, answered: None };
        }
        Proposal::DemolitionOrder { party, object, until } => {
            case.said(*object);
            let (party, note, until, kind) = (*party, *object, Some(*until), OrderKind::Demolish);
            let order = Order { paper, party, note, until, kind };
            case.orders.push(OrderFile { order, inspected: vec![], remedies: vec![], annulled: None });
        }
        Proposal::Transfer { .. } => {
            case.outcome = Outcome::Transferred(Transfer { paper, at, sent: None, taken: None });
        }
        Proposal::Drop => case.outcome = Outcome::Dropped { at },
        Proposal::PayLater { party, parts, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.grant(parts.clone(), at);
            }
        }
        Proposal::Demand { party, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.fix(crate::beijing_date(pending.at));
            }
        }
        Proposal::Enforce { party, kind, on, court, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.fix(crate::beijing_date(pending.at));
                party.enforcement.push(Enforcement {
                    kind: *kind,
                    paper: Some(paper),
                    on: *on,
                    court: court.clone(),
                    at,
                    lodged: None,
                    done: None,
                    exhibits: Vec::new(),
                    stopped: None,
                    court_said: Vec::new(),
                });
            }
        }
        Proposal::DemolitionNotice { object, .. } => case.said(*object),
        Proposal::Revoke => {
            for party in &mut case.parties {
                party.annulled.get_or_insert(at);
            }
        }
        Proposal::DecideAnew { party, ground, different, until } => {
            case.said(*different);
            // Of one of several it goes on in a case of its own.
            if party.is_none() {
                case.reopen((*ground, *different, *until), at);
            }
        }
        Proposal::OpenArchive { exhibits, .. } => {
            case.took(exhibits);
            case.take_out();
        }
        Proposal::Close { ground } => {
            case.closed =
                Some(Closed { ground: *ground, at, archived: None, file: None, shelved: BTreeSet::new() });
        }
        Proposal::Agreement { party, parts, reduced, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.fix(crate::beijing_date(pending.at));
                party.execution.agreements.push(Agreement {
                    paper,
                    parts: parts.clone(),
                    reduced: *reduced,
                    before: party.money.paid(),
                    at,
                    broken: None,
                });
            }
        }
        Proposal::Suspend { party, ground, harmless } => {
            if let Some(party) = case.party_mut(*party) {
                let (ground, harmless) = (*ground, *harmless);
                party.execution.suspensions.push(Suspension { ground, harmless, at, ended: None });
            }
        }
        Proposal::EndExecution { party, ground } => {
            if let Some(party) = case.party_mut(*party) {
                party.execution.ended = Some((*ground, at));
            }
        }
        Proposal::Amend { paper: of, .. } => case.amended.push((*of, paper, at)),
        Proposal::Suggest { to, problem, until } => {
            case.said(*problem);
            case.beside.suggestions.push(Suggestion {
                paper,
                to: to.clone(),
                problem: *problem,
                proposal: pending.note,
                until: *until,
                at,
                answer: None,
            });
        }
    }
}

/// A proposal goes back to whoever made it.
pub(super) fn back(case: &mut Case, id: u16, note: Option<PartRef>) -> Option<Pending> {
    let found = case.pending.iter().position(|p| p.id == id).map(|n| case.pending.remove(n))?;
    if let Some(note) = note {
        case.returned = Some((found.proposal.title(), note));
    }
    Some(found)
}

/// The leader says no. What was taken at once without approval is lifted at once (行政强制法 19).
pub(super) fn refused(case: &mut Case, id: u16, note: Option<PartRef>, at: Timestamp) {
    if let Some(Pending { proposal: Proposal::Seize { measure }, .. }) = back(case, id, note)
        && measure.urgent
        && let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == measure.id && !m.approved)
    {
        file.approved = true;
        file.lapsed = Some(at);
    }
}
