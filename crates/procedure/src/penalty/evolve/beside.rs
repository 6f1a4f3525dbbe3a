//! What happens beside the ordinary way: at court and at the police, in agreements, in advice, and what other cases bring along.

use super::party;
use crate::penalty::advice::{Letter, Mediation, OpinionAsked};
use crate::penalty::daily::DailyRun;
use crate::penalty::event::Event;
use crate::penalty::matters::{Issue, OrderFrom, Paper, PaperFile};
use crate::penalty::rights::Statement;
use crate::penalty::state::{Case, EvidenceFile, MeasureFile, OrderFile, Outcome, Review, TestRun};
use crate::penalty::words::{Mark, Opinion};
use jiff::Timestamp;

/// What the police said of a transfer, or of a refusal that they were asked to look at again.
pub(super) fn police_answered(case: &mut Case, taken: bool, at: Timestamp) {
    let asked = case.police.asked.take();
    if taken {
        case.police.refused = None;
        match (&mut case.outcome, asked) {
            (Outcome::Crime { taken: answer, answered, .. }, _) => {
                (*answer, *answered) = (Some(true), Some(at));
            }
            (outcome, Some((_, sent))) => {
                *outcome =
                    Outcome::Crime { at: sent, sent: Some(sent), taken: Some(true), answered: Some(at) };
            }
            _ => {}
        }
    } else {
        // It comes back: the agency decides itself (27(2)), or asks again.
        case.outcome = Outcome::Open;
        case.marks.remove(&Mark::Crime);
        case.police.refused = Some(at);
    }
}

/// A mark is taken off. One under which a legal review did not agree goes on to demand review and discussion.
pub(super) fn unmarked(case: &mut Case, mark: Mark) {
    let demands = matches!(mark, Mark::PublicInterest | Mark::Complex | Mark::Major);
    let adverse = case.plan_reviews().last().is_some_and(|review| review.opinion != Opinion::Agree);
    if case.marks.remove(&mark) && demands && adverse {
        case.marks_owed.insert(mark);
    }
}

impl MeasureFile {
    /// Its things come back from a test: what is seized stays seized, what was preserved goes back to the party.
    pub(super) fn end_test(&mut self, at: Timestamp) {
        match self.tests.iter_mut().find(|t| t.ended.is_none()) {
            Some(test) => test.ended = Some(at),
            None if self.back_by.is_some() => {
                self.lapsed.get_or_insert(at);
            }
            None => {}
        }
    }
}

/// What a review of the plan objected to was mended, or something came that it did not know: it is to be reviewed again.
pub(super) fn mended(case: &mut Case, at: Timestamp) {
    let last = case.reviews.iter_mut().rfind(|r| r.proposal.is_none());
    if let Some(review) = last.filter(|r| r.opinion != Opinion::Agree) {
        review.mended.get_or_insert(at);
    }
}

/// Things are tested, or not any more.
pub(super) fn tested(case: &mut Case, event: &Event) {
    let Event::Testing { begins, measure, until, paper, note, exhibits, by, at } = event else { return };
    case.said(*note);
    case.took(exhibits);
    if let Some(paper) = paper {
        case.file(paper, by, *at);
    }
    let Some(measure) = measure else {
        case.testing = *begins;
        return;
    };
    let Some(file) = case.measures.iter_mut().find(|m| m.measure.id == *measure) else { return };
    match (until, paper) {
        (Some(until), Some(paper)) if *begins => {
            file.tests.push(TestRun { paper: paper.id, from: *at, until: *until, ended: None });
        }
        _ => file.end_test(*at),
    }
}

/// Further events.
pub(super) fn beside(case: &mut Case, event: &Event) {
    match event {
        Event::PartyDescribed { party, particulars, key, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.subject.particulars = *particulars;
                party.subject.key = *key;
                party.subject.described = true;
            }
        }
        Event::ProposalReviewed { id, opinion, note, by, at, .. } => {
            case.said(*note);
            case.reviews.push(Review {
                by: by.clone(),
                opinion: *opinion,
                note: *note,
                at: *at,
                version: case.version,
                proposal: Some(*id),
                mended: None,
            });
            if *opinion == Opinion::Agree {
                if let Some(pending) = case.pending.iter_mut().find(|p| p.id == *id) {
                    pending.reviewed = Some((by.clone(), *opinion));
                }
            } else {
                // It goes back to whoever proposed it, with what was objected to.
                super::happens::back(case, *id, Some(*note));
            }
        }
        Event::AgreementBroken { party, note, at, .. } => {
            case.said(*note);
            if let Some(party) = case.party_mut(*party)
                && let Some(agreement) = party.execution.agreements.last_mut()
            {
                // What was reduced for keeping it is owed again.
                agreement.broken.get_or_insert(*at);
            }
        }
        Event::ExecutionResumed { party, note, at, .. } => {
            case.said(*note);
            let suspension = case.party_mut(*party).and_then(|p| p.execution.suspensions.last_mut());
            if let Some(suspension) = suspension {
                suspension.ended.get_or_insert(*at);
            }
        }
        Event::CourtSaid { party, step, on, note, exhibits, .. } => {
            case.said(*note);
            case.took(exhibits);
            let applied = case.party_mut(*party).and_then(|p| {
                let court = crate::penalty::EnforcementKind::Court;
                p.enforcement.iter_mut().find(|e| e.kind == court && e.open())
            });
            if let Some(applied) = applied {
                applied.court_said.push((*step, *on));
            }
        }
        Event::PoliceAsked { review, note, at, .. } => {
            case.said(*note);
            case.police.asked = Some((*review, *at));
        }
        Event::NotIndicted { note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            case.outcome = Outcome::Open;
            case.closed = None;
            case.marks.remove(&Mark::Crime);
            case.police.refused = None;
            case.police.back = Some(*at);
            case.version += 1;
        }
        Event::Resubmitted { note, at, .. } => {
            case.said(*note);
            mended(case, *at);
        }
        event => of_others(case, event),
    }
}

/// An order of another case, as its paper went out there.
fn ordered(case: &mut Case, from: &OrderFrom) {
    let OrderFrom { order, number, at, issued, service, inspected } = from;
    case.said(order.note);
    case.took(&service.proof);
    case.took(issued);
    let parties = vec![order.party];
    let paper = Paper { id: order.paper, kind: order.form(), number: number.clone(), parties };
    let service = [(order.party, service.clone())].into();
    let served = vec![order.party];
    let issue = Issue { party: None, exhibits: issued.clone(), note: None, served };
    let issued = Some(issue).filter(|issue| !issue.exhibits.is_empty()).into_iter().collect();
    let at = *at;
    case.papers.push(PaperFile { paper, by: None, at, issued, voided: None, service });
    case.orders.push(OrderFile {
        order: order.clone(),
        inspected: inspected.clone(),
        remedies: Vec::new(),
        annulled: None,
    });
}

fn of_others(case: &mut Case, event: &Event) {
    match event {
        Event::OpinionAsked { id, from, until, note, at, .. } => {
            case.said(*note);
            let (from, until) = (*from, *until);
            let panel = crate::penalty::Panel::default();
            let asked = OpinionAsked { id: *id, from, until, note: *note, at: *at, answered: None, panel };
            case.beside.asked.push(asked);
        }
        Event::Mediated { agreed, note, exhibits, room, mediator, until, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            case.beside.mediations.push(Mediation {
                agreed: *agreed,
                note: *note,
                at: *at,
                room: room.clone(),
                mediator: mediator.clone(),
                until: *until,
                seen: None,
            });
        }
        Event::Aside { what, at, .. } => {
            if let Some(note) = what.note() {
                case.said(note);
            }
            case.took(what.exhibits());
            if let crate::penalty::Aside::PanelConcluded { note, .. } = &**what {
                case.advice.push(*note);
            }
            case.beside.evolve(what, *at);
        }
        Event::SuggestionAnswered { paper, adopted, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(suggestion) = case.beside.suggestions.iter_mut().find(|s| s.paper == *paper) {
                suggestion.answer = Some((*adopted, *note, *at));
            }
        }
        Event::LetterReceived { id, kind, sender, number, until, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            case.beside.letters.push(Letter {
                id: *id,
                kind: *kind,
                sender: sender.clone(),
                number: number.clone(),
                note: *note,
                at: *at,
                until: *until,
                answer: None,
            });
        }
        Event::LetterAnswered { letter, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            if let Some(letter) = case.beside.letters.iter_mut().find(|l| l.id == *letter) {
                letter.answer = Some((*note, *at));
            }
        }
        Event::DailyAsked { daily, note, .. } => {
            case.said(*note);
            let (party, violation, to) = (daily.party, daily.violation, daily.to);
            case.daily.push(DailyRun { party, violation, to, docket: None });
        }
        Event::DailyOpened { party, violation, docket, .. } => {
            let of = |d: &&mut DailyRun| (d.party, d.violation) == (*party, *violation) && d.docket.is_none();
            if let Some(run) = case.daily.iter_mut().find(of) {
                run.docket = Some(*docket);
            }
        }
        Event::Brought {
            from,
            parties,
            violations,
            evidence,
            filed,
            deciding,
            orders,
            statements,
            told,
            fallen,
            marks,
            recused,
            handled_by,
            at,
            ..
        } => {
            case.version += 1;
            case.marks.extend(marks.keys());
            for (mark, by) in marks {
                case.marked_by.entry(*mark).or_insert_with(|| by.clone());
            }
            case.recused.extend(recused.iter().cloned());
            case.handled_by.extend(handled_by.iter().cloned());
            case.filed_before = case.filed_before.into_iter().chain(*filed).min();
            if let Some(running) = deciding
                && case.deciding_before.as_ref().is_none_or(|before| running.from < before.from)
            {
                case.deciding_before = Some((**running).clone());
            }
            case.told_before.extend(told.iter().cloned());
            case.parties.extend(parties.iter().map(party));
            for violation in violations {
                case.said(violation.facts);
                case.violations.push(violation.clone());
            }
            for e in evidence {
                if !matches!(
                    e.kind,
                    crate::penalty::EvidenceKind::Interview | crate::penalty::EvidenceKind::Witness
                ) {
                    case.said(e.note);
                }
                case.took(&e.exhibits);
                case.handled_by.extend(e.officers.iter().map(|o| o.person.clone()));
                let origin = Some(*from);
                let file = EvidenceFile { evidence: e.clone(), recorded: *at, excluded: None, origin };
                case.evidence.push(file);
            }
            orders.iter().for_each(|order| ordered(case, order));
            for said in statements {
                if let Some(party) = case.party_mut(said.party) {
                    let (text, at, answer) = (said.text, said.at, said.answer);
                    let statement = Statement { text, at, answer, answered: None };
                    party.rights.statements.push(statement);
                }
            }
            if !evidence.is_empty() {
                mended(case, *at);
            }
            if let Some(fallen) = fallen {
                case.said(fallen.different);
                case.fell_before(fallen, *at);
            }
        }
        _ => {}
    }
}
