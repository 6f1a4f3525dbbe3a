//! From event to state. Total: what happened is never refused.

mod after;
mod beside;
mod folios;
mod happens;
mod money;

use super::advice::AdviceFile;
use super::clocks::{self, Scope, Term, Watched};
use super::event::Event;
use super::execution::Execution;
use super::folios::{Folio, Granted};
use super::goods::{Link, ThingFile};
use super::light::Promise;
use super::materials;
use super::matters::{Measure, Paper, PaperFile};
use super::money::Money;
use super::police::Police;
use super::proposal::Pending;
use super::public::{PublicPast, Publication};
use super::rights::{Hearing, Notice, Rights, Statement};
use super::state::{
    Case, Discussion, EvidenceFile, Filing, MeasureFile, OrderFile, Outcome, Party, Review, State,
};
use super::words::EvidenceKind;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::PersonCode;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn evolve(state: State, event: &Event) -> State {
    match state {
        State::Nothing => first(event),
        State::Case(mut case) => {
            let material = materials::material(&case, event);
            further(&mut case, event);
            money::reckon(&mut case, event);
            case.materials.extend(material);
            case.changed = event.at();
            clocks::settle(&mut case, event.at());
            State::Case(case)
        }
    }
}

fn party(subject: &super::Subject) -> Party {
    Party {
        subject: subject.clone(),
        rights: Rights::default(),
        charges: Vec::new(),
        money: Money::default(),
        electronic: false,
        remedies: Vec::new(),
        enforcement: Vec::new(),
        execution: Execution::default(),
        annulled: None,
        split_to: None,
    }
}

fn first(event: &Event) -> State {
    let Event::Registered {
        number,
        source,
        origin,
        unit,
        by,
        title,
        place,
        point,
        subject,
        violation,
        exhibits,
        daily,
        at,
        ..
    } = event
    else {
        return State::Nothing;
    };
    State::Case(Box::new(Case {
        number: number.clone(),
        at: *at,
        by: by.clone(),
        unit: unit.clone(),
        source: *source,
        origin: *origin,
        title: *title,
        place: *place,
        point: *point,
        officers: Vec::new(),
        handled_by: BTreeSet::new(),
        recused: BTreeSet::new(),
        filing: Filing::Lead { verified: None },
        filed_before: None,
        deciding_before: None,
        told_before: Vec::new(),
        parties: vec![party(subject)],
        violations: vec![violation.clone()],
        withdrawn: Vec::new(),
        marks: BTreeSet::new(),
        marked_by: BTreeMap::new(),
        marks_owed: BTreeSet::new(),
        evidence: Vec::new(),
        measures: Vec::new(),
        things: Vec::new(),
        orders: Vec::new(),
        testing: false,
        finished: None,
        version: 0,
        advice: Vec::new(),
        beside: AdviceFile::default(),
        police: Police::default(),
        amended: Vec::new(),
        daily: Vec::new(),
        daily_of: daily.as_deref().cloned(),
        reviews: Vec::new(),
        discussions: Vec::new(),
        pending: Vec::new(),
        returned: None,
        granted: Vec::new(),
        folios: BTreeMap::new(),
        proposals: 0,
        papers: Vec::new(),
        outcome: Outcome::Open,
        anew: Vec::new(),
        volumes: Vec::new(),
        restored: None,
        publication: Publication::default(),
        public_past: PublicPast::default(),
        closed: None,
        joined_to: None,
        joined: Vec::new(),
        light: super::light::Light::default(),
        clocks: Vec::new(),
        texts: vec![violation.facts],
        materials: materials::registered(exhibits, *at),
        exhibits: exhibits.clone(),
        changed: *at,
    }))
}

impl Case {
    fn said(&mut self, note: PartRef) {
        self.texts.push(note);
    }
    fn took(&mut self, exhibits: &[ExhibitRef]) {
        for exhibit in exhibits {
            if !self.exhibits.contains(exhibit) {
                self.exhibits.push(exhibit.clone());
            }
        }
    }
    fn party_mut(&mut self, id: u16) -> Option<&mut Party> {
        self.parties.iter_mut().find(|p| p.subject.id == id)
    }
    fn file(&mut self, paper: &Paper, by: &PersonCode, at: Timestamp) {
        self.papers.push(PaperFile {
            paper: paper.clone(),
            by: Some(by.clone()),
            at,
            issued: Vec::new(),
            voided: None,
            service: BTreeMap::new(),
        });
    }
    fn take(&mut self, measure: &Measure, approved: bool) {
        self.took(&measure.exhibits);
        self.said(measure.goods);
        let (measure, tests) = (measure.clone(), Vec::new());
        self.measures.push(MeasureFile {
            measure,
            approved,
            lapsed: None,
            settled: None,
            tests,
            back_by: None,
        });
    }
}

fn further(case: &mut Case, event: &Event) {
    match event {
        Event::Registered { .. } => {}
        Event::Verified { established, note, exhibits, by, .. } => {
            case.handled_by.insert(by.clone());
            if let Filing::Lead { verified } = &mut case.filing {
                *verified = Some(*established);
            }
            case.said(*note);
            case.took(exhibits);
        }
        Event::Assigned { officers, .. } => {
            case.handled_by.extend(officers.iter().map(|o| o.person.clone()));
            case.officers.clone_from(officers);
        }
        Event::PartyAdded { subject, .. } => {
            case.parties.push(party(subject));
            case.version += 1;
        }
        Event::ViolationSet { violation, .. } => {
            case.version += 1;
            case.said(violation.facts);
            match case.violations.iter_mut().find(|v| v.id == violation.id) {
                Some(old) => *old = violation.clone(),
                None => case.violations.push(violation.clone()),
            }
            // What was told rests on other facts now (62).
            for party in &mut case.parties {
                let told = |n: &Notice| n.charges.iter().any(|c| c.violation == violation.id);
                if party.rights.notice.as_ref().is_some_and(told) {
                    party.rights.take_back();
                }
            }
        }
        Event::Marked { mark, on, note, by, .. } => {
            if *on {
                case.marks.insert(*mark);
                case.marked_by.insert(*mark, by.clone());
            } else {
                beside::unmarked(case, *mark);
            }
            case.said(*note);
        }
        Event::Recorded { evidence, at, .. } => {
            // What somebody said when he was questioned is for those who open the file, not for every search.
            if !matches!(evidence.kind, EvidenceKind::Interview | EvidenceKind::Witness) {
                case.said(evidence.note);
            }
            case.took(&evidence.exhibits);
            case.handled_by.extend(evidence.officers.iter().map(|o| o.person.clone()));
            case.evidence.push(EvidenceFile {
                evidence: evidence.clone(),
                recorded: *at,
                excluded: None,
                origin: None,
            });
            beside::mended(case, *at);
        }
        Event::ViolationWithdrawn { violation, note, .. } => {
            case.version += 1;
            case.said(*note);
            let gone = case.violations.extract_if(.., |v| v.id == *violation);
            case.withdrawn.extend(gone);
        }
        Event::Excluded { evidence, note, .. } => {
            // A review or a discussion saw other evidence (58).
            case.version += 1;
            if let Some(file) = case.evidence.iter_mut().find(|e| e.evidence.id == *evidence) {
                file.excluded = Some(*note);
            }
            case.said(*note);
        }
        Event::Taken { measure, at, .. } => {
            case.take(measure, false);
            happens::taken_over(case, measure, *at);
        }
        Event::PutIn { thing, by, at } => {
            case.said(thing.name);
            case.took(&thing.exhibits);
            case.things.push(ThingFile {
                thing: thing.clone(),
                by: by.clone(),
                at: *at,
                chain: Vec::new(),
                early: None,
            });
        }
        Event::Custody { thing, act, note, exhibits, with, by, at } => {
            case.texts.extend(*note);
            case.took(exhibits);
            if let Some(file) = case.things.iter_mut().find(|t| t.thing.id == *thing) {
                file.chain.push(Link {
                    act: act.clone(),
                    note: *note,
                    exhibits: exhibits.clone(),
                    with: with.clone(),
                    by: by.clone(),
                    at: *at,
                });
            }
        }
        Event::Ordered { order, paper, by, at } => {
            case.said(order.note);
            case.file(paper, by, *at);
            case.orders.push(OrderFile {
                order: order.clone(),
                inspected: Vec::new(),
                remedies: Vec::new(),
                annulled: None,
            });
        }
        Event::Reinspected { order, done, note, exhibits, seen, at, .. } => {
            if let Some(file) = case.orders.iter_mut().find(|o| o.order.paper == *order) {
                file.inspected.push((seen.unwrap_or(*at), *done));
            }
            case.said(*note);
            case.took(exhibits);
        }
        Event::QuickAgreed { party, exhibits, .. } => {
            case.took(exhibits);
            case.light.agreed.push(*party);
        }
        Event::Promised { party, until, exhibits, at, .. } => {
            case.took(exhibits);
            case.light.promises.push(Promise { party: *party, until: *until, at: *at, kept: None });
        }
        Event::PromiseSeen { party, done, note, exhibits, .. } => {
            case.said(*note);
            case.took(exhibits);
            let open = case.light.promises.iter_mut().find(|p| p.party == *party && p.kept.is_none());
            if let Some(promise) = open {
                promise.kept = Some(*done);
            }
        }
        Event::Testing { .. } => beside::tested(case, event),
        Event::Finished { note, at, .. } => {
            case.finished = Some(*at);
            // A report that is made anew is signed and kept anew.
            if let Some(file) = case.folios.get_mut(&Folio::Report) {
                file.kept.clear();
            }
            case.said(*note);
        }
        Event::Charged { charge, .. } => {
            case.version += 1;
            case.said(charge.grounds);
            if let Some(party) = case.party_mut(charge.party) {
                party.charges.retain(|c| c.violation != charge.violation);
                party.charges.push(charge.clone());
            }
        }
        Event::Uncharged { party, violation, .. } => {
            case.version += 1;
            if let Some(party) = case.party_mut(*party) {
                party.charges.retain(|c| c.violation != *violation);
            }
        }
        Event::Confirmed { party, violation, note, by, .. } => {
            case.said(*note);
            let charge = case.party_mut(*party);
            let charge = charge.and_then(|p| p.charges.iter_mut().find(|c| c.violation == *violation));
            if let Some(charge) = charge {
                charge.basis.confirmed = Some(by.clone());
            }
        }
        Event::Advised { asked, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            case.advice.push(*note);
            if let Some(open) = case.beside.asked.iter_mut().find(|o| Some(o.id) == *asked) {
                open.answered = Some(*at);
            }
        }
        Event::Summoned { paper, note, by, at, .. } => {
            case.said(*note);
            case.file(paper, by, *at);
        }
        Event::Reviewed { opinion, note, by, at, .. } => {
            case.said(*note);
            let version = case.version;
            let (by, opinion, note, at) = (by.clone(), *opinion, *note, *at);
            case.reviews.push(Review { by, opinion, note, at, version, proposal: None, mended: None });
        }
        Event::Discussed { present, agreed, longer, note, at, .. } => {
            case.said(*note);
            let (present, version) = (present.clone(), case.version);
            let (agreed, longer) = (*agreed, *longer);
            case.discussions.push(Discussion { present, agreed, longer, note: *note, at: *at, version });
        }
        Event::Proposed { id, proposal, note, review, by, at } => {
            case.proposals = case.proposals.max(*id);
            case.said(*note);
            case.pending.push(Pending {
                id: *id,
                proposal: (**proposal).clone(),
                by: by.clone(),
                note: *note,
                at: *at,
                endorsed: None,
                review: review.clone(),
                reviewed: None,
            });
        }
        Event::Endorsed { id, agreed, note, by, .. } => {
            if *agreed {
                if let Some(pending) = case.pending.iter_mut().find(|p| p.id == *id) {
                    pending.endorsed = Some(by.clone());
                }
            } else {
                happens::back(case, *id, *note);
            }
        }
        Event::Approved { id, agreed, note, paper, by, at } => {
            if !*agreed {
                happens::refused(case, *id, *note, *at);
                return;
            }
            let found = case.pending.iter().position(|p| p.id == *id).map(|n| case.pending.remove(n));
            let found = found.map(|pending| happens::numbered(case, pending));
            if let Some(paper) = paper {
                case.file(paper, by, *at);
            }
            if let Some(pending) = found {
                // What came back before and was signed now stands in nobody's way any more.
                if case.returned.is_some_and(|(title, _)| title == pending.proposal.title()) {
                    case.returned = None;
                }
                let paper = paper.as_ref().map(|p| p.id);
                case.granted.push(Granted { pending: pending.clone(), paper, at: *at });
                happens::happens(case, &pending, paper.unwrap_or(0), *at);
            }
        }
        Event::Unproposed { id, .. } => case.pending.retain(|p| p.id != *id),
        Event::Voided { paper, note, at, .. } => happens::void(case, *paper, *note, *at),
        Event::ClockStarted { clock, .. } => {
            case.clocks.push(Watched { clock: clock.clone(), warned: 0, expired: false, stopped: None });
        }
        Event::ClockChanged { clock, .. } => {
            if let Some(watched) = with(case, clock.term, clock.of) {
                watched.clock = clock.clone();
            }
        }
        Event::ClockWarned { term, of, percent, .. } => {
            if let Some(watched) = with(case, *term, *of) {
                watched.warned = watched.warned.max(*percent);
            }
        }
        Event::ClockExpired { term, of, .. } => happens::expired(case, *term, *of),
        Event::Added { note, exhibits, .. } => {
            case.said(*note);
            case.took(exhibits);
        }
        Event::Joined { to, note, .. } => {
            case.joined_to = Some(*to);
            case.said(*note);
        }
        Event::Absorbed { from, .. } => case.joined.push(*from),
        Event::SplitAsked { note, .. } => case.said(*note),
        Event::SplitOff { party, docket, .. } => {
            case.version += 1;
            if let Some(party) = case.party_mut(*party) {
                party.split_to = Some(*docket);
            }
        }
        Event::Issued { .. }
        | Event::Served { .. }
        | Event::Sampled { .. }
        | Event::FolioFilled { .. }
        | Event::FolioSigned { .. }
        | Event::FolioDrawn { .. }
        | Event::PaperKept { .. }
        | Event::FolioKept { .. }
        | Event::Sealed { .. } => folios::of_folio(case, event),
        event => of_party(case, event),
    }
}

/// What concerns one party, and what follows the decision.
fn of_party(case: &mut Case, event: &Event) {
    match event {
        Event::Stated { party, text, exhibits, at, .. } => {
            case.took(exhibits);
            if let Some(party) = case.party_mut(*party) {
                party.rights.statements.push(Statement {
                    text: *text,
                    at: *at,
                    answer: None,
                    answered: None,
                });
            }
        }
        Event::Answered { party, adopted, note, at, .. } => {
            case.said(*note);
            for statement in case.party_mut(*party).into_iter().flat_map(|p| &mut p.rights.statements) {
                statement.answer.get_or_insert((*adopted, *note));
                statement.answered.get_or_insert(*at);
            }
        }
        Event::Waived { party, hearing, exhibits, at, .. } => {
            case.took(exhibits);
            if let Some(party) = case.party_mut(*party) {
                party.rights.statement_waived.get_or_insert(*at);
                if *hearing {
                    party.rights.hearing_waived.get_or_insert(*at);
                }
            }
        }
        Event::HearingAsked { party, at, .. } => set_hearing(case, *party, Hearing::Asked { at: *at }),
        Event::HearingCalled { party, paper, chair, on, note, by, at } => {
            case.said(*note);
            case.file(paper, by, *at);
            let (paper, chair) = (paper.id, chair.clone());
            set_hearing(case, *party, Hearing::Called { paper, at: *on, chair, note: *note });
        }
        Event::HearingHeld { party, chair, note, exhibits, at } => {
            case.said(*note);
            case.took(exhibits);
            let (chair, exhibits) = (chair.clone(), exhibits.clone());
            let held = Hearing::Held { chair, at: *at, report: *note, exhibits };
            set_hearing(case, *party, held);
        }
        Event::HearingGivenUp { party, note, exhibits, at, .. } => {
            case.said(*note);
            case.took(exhibits);
            set_hearing(case, *party, Hearing::GivenUp { at: *at });
        }
        Event::ElectronicAgreed { party, exhibits, .. } => {
            case.took(exhibits);
            if let Some(party) = case.party_mut(*party) {
                party.electronic = true;
            }
        }
        event => after::after(case, event),
    }
}

fn set_hearing(case: &mut Case, party: u16, hearing: Hearing) {
    if let Some(party) = case.party_mut(party) {
        party.rights.hearing = hearing;
    }
}

fn with(case: &mut Case, term: Term, of: Scope) -> Option<&mut Watched> {
    case.clocks.iter_mut().rev().find(|w| (w.clock.term, w.clock.of) == (term, of) && w.stopped.is_none())
}
