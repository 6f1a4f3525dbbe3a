//! What follows the decision: remedies, enforcement, the police, publication, the archive.

use super::{beside, money};
use crate::penalty::event::Event;
use crate::penalty::execution::ExecutionEnd;
use crate::penalty::law_side;
use crate::penalty::matters::{Part, Remedy};
use crate::penalty::money::Grant;
use crate::penalty::police::Police;
use crate::penalty::public::Publication;
use crate::penalty::state::{Case, Enforcement, Outcome};
use crate::penalty::words::{EnforcementKind, RemedyEnd};
use jiff::Timestamp;
use jiff::civil::Date;

impl Case {
    /// The remedies of a party against an order, or against the decision.
    fn remedies_mut(&mut self, party: u16, paper: Option<u16>) -> Option<&mut Vec<Remedy>> {
        match paper {
            None => self.party_mut(party).map(|p| &mut p.remedies),
            Some(paper) => {
                let own = self.orders.iter_mut().find(|o| (o.order.party, o.order.paper) == (party, paper));
                own.map(|o| &mut o.remedies)
            }
        }
    }
    /// The one that has no result yet.
    fn remedy_mut(&mut self, party: u16, paper: Option<u16>) -> Option<&mut Remedy> {
        self.remedies_mut(party, paper)?.iter_mut().find(|r| r.ended.is_none())
    }
    /// What is still to be enforced against a party.
    fn enforcement_mut(&mut self, party: u16) -> Option<&mut Enforcement> {
        self.party_mut(party)?.enforcement.iter_mut().find(|e| e.open())
    }
}

pub(super) fn after(case: &mut Case, event: &Event) {
    match event {
        Event::RemedySought { party, remedy, exhibits, .. } => {
            case.took(exhibits);
            if let Some(all) = case.remedies_mut(*party, remedy.paper) {
                all.push(remedy.clone());
            }
        }
        Event::RemedyReplied { party, paper, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(remedy) = case.remedy_mut(*party, *paper) {
                remedy.replied.get_or_insert(*at);
            }
        }
        Event::StaySet { party, paper, stay, note, exhibits, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(remedy) = case.remedy_mut(*party, *paper) {
                remedy.stay = *stay;
            }
        }
        Event::RemedyEnded { .. } => ended(case, event),
        Event::Enforced { party, note, exhibits, to, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(enforcement) = case.enforcement_mut(*party) {
                enforcement.done = Some(to.unwrap_or(*at));
                enforcement.exhibits.clone_from(exhibits);
            }
        }
        Event::EnforcementStopped { party, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(enforcement) = case.enforcement_mut(*party) {
                enforcement.stopped = Some(*at);
            }
        }
        Event::CourtLodged { party, on, note, exhibits, .. } => {
            case.said(*note);
            case.took(exhibits);
            let all = case.party_mut(*party).into_iter().flat_map(|p| &mut p.enforcement);
            for applied in all.filter(|e| e.kind == EnforcementKind::Court && e.open()) {
                applied.lodged.get_or_insert(*on);
            }
        }
        Event::CrimeSent { note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Outcome::Crime { sent, .. } = &mut case.outcome {
                *sent = Some(*at);
            }
            case.police = Police::default();
        }
        Event::CrimeAnswered { taken, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            beside::police_answered(case, *taken, *at);
        }
        Event::TransferSent { note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Outcome::Transferred(transfer) = &mut case.outcome {
                transfer.sent.get_or_insert(*at);
            }
        }
        Event::TransferAnswered { taken, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            match &mut case.outcome {
                Outcome::Transferred(transfer) if *taken => transfer.taken = Some(*at),
                // Not theirs: it goes on here.
                Outcome::Transferred(_) => case.outcome = Outcome::Open,
                _ => {}
            }
        }
        Event::Published { at, .. } => {
            case.publication = case.public_past.published(*at);
            // It shows what came of the remedies so far.
            for remedy in case.parties.iter_mut().flat_map(|p| &mut p.remedies) {
                remedy.shown = remedy.ended.is_some();
            }
        }
        Event::NotPublished { note, .. } => {
            case.publication = case.public_past.kept(case.publication);
            case.said(*note);
        }
        Event::PublicationWithdrawn { note, at, .. } => {
            case.publication = case.public_past.withdrawn(case.publication, *note, *at);
            case.said(*note);
        }
        Event::Archived { shelf, file, at, .. } => {
            case.took(file.as_slice());
            let shelved = case.to_shelve();
            if let Some(closed) = &mut case.closed {
                closed.archived = Some((*at, shelf.clone()));
                closed.file.clone_from(file);
                closed.shelved = shelved;
            }
        }
        event => money::money(case, event),
    }
}

/// A remedy ended: what was decided falls, is changed, or stays.
fn ended(case: &mut Case, event: &Event) {
    let Event::RemedyEnded { party, end, on, fine, paper, note, exhibits, at, .. } = event else { return };
    case.said(*note);
    case.took(exhibits);
    if let Some(remedy) = case.remedy_mut(*party, *paper) {
        remedy.ended = Some((*end, *on));
    }
    if let Some(paper) = paper {
        if let Some(order) = case.orders.iter_mut().find(|o| o.order.paper == *paper) {
            match end {
                RemedyEnd::Restored => order.annulled = None,
                end if end.annuls() => _ = order.annulled.get_or_insert(*at),
                _ => {}
            }
        }
        return;
    }
    if *end == RemedyEnd::Restored {
        return restored(case, *party, *on, *at);
    }
    if let Some(party) = case.party_mut(*party) {
        if let Some(fine) = fine {
            party.money.fine = *fine;
        }
        if end.annuls() {
            party.annulled = Some(*at);
        }
    }
}

/// What the first instance revoked or changed stands again as it was made (行政诉讼法 89): its terms run again, and it is public anew.
fn restored(case: &mut Case, id: u16, on: Date, at: Timestamp) {
    let pay = law_side::statute_due_of(case, id);
    let Some(party) = case.party_mut(id) else { return };
    party.annulled = None;
    party.money.fine = party.charges.iter().map(|c| c.fine).sum();
    party.execution.ended = party.execution.ended.filter(|(end, _)| *end != ExecutionEnd::Annulled);
    // What was given back is owed again, and late only after the day on which that was decided.
    if let Some(due) = pay.filter(|_| party.money.refunded() > 0) {
        let parts = vec![Part { due: on, fen: party.money.fine }];
        party.money.granted.push(Grant { on: due, signed: None, parts, before: 0 });
    }
    case.restored = Some(at);
    if matches!(case.publication, Publication::Withdrawn { .. }) {
        case.publication = Publication::None;
    }
}
