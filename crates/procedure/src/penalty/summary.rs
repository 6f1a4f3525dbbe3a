//! The row, the to-dos and the keys that lists need.

use super::clocks::{self, Scope, Term};
use super::state::{Case, Filing, Hearing, Outcome, Publication, State};
use super::words::PaperKind;
use super::{Stage, rules};
use crate::{Summary, Tag, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_ids::Role;

pub(super) fn summary(state: &State) -> Summary {
    let Some(case) = state.case() else { return Summary::default() };
    let stage = case.stage();
    let open = case.open();
    // What the agency must do by when; terms of the party are shown on the page.
    let running = case.clocks.iter().filter(|w| {
        w.stopped.is_none() && w.clock.running.paused_since().is_none() && w.clock.term.is_ours()
    });
    let due = running.filter(|_| open).min_by_key(|w| w.clock.running.due);
    Summary {
        number: case.number.clone(),
        stage: stage.code(),
        open,
        unit: Some(case.unit.clone()),
        assignee: case.officers.first().map(|o| o.person.clone()),
        point: case.point,
        source: case.source.code(),
        reported_at: Some(case.at),
        closed_at: match (&case.closed, case.filing) {
            (Some(closed), _) => Some(closed.at),
            (None, Filing::NotFiled { at }) => Some(at),
            _ => None,
        },
        due: due.map(|w| w.clock.running.due),
        due_name: due.map(|w| w.clock.term.title().to_owned()).unwrap_or_default(),
        provisional: due.is_some_and(|w| w.clock.running.is_provisional()),
        overdue: open
            && case.clocks.iter().any(|w| w.expired && w.stopped.is_none() && w.clock.term.is_ours()),
        wake_at: clocks::wake_at(case).filter(|_| open),
        joined_to: case.joined_to,
        complainant: None,
        title: Some(case.title),
        place: case.place,
        contact: case.parties.first().map(|p| p.subject.particulars),
        texts: std::iter::once(case.title).chain(case.place).chain(case.texts.iter().copied()).collect(),
        todos: todos(case, stage),
        tags: tags(case),
        ..Summary::default()
    }
}

fn tags(case: &Case) -> Vec<Tag> {
    let subjects = case.parties.iter().filter_map(|p| p.subject.key).map(Tag::Subject);
    let reviewers = case.reviews.iter().map(|r| Tag::Reviewer(r.by.clone()));
    let officers = case.officers.iter().map(|o| Tag::Officer(o.person.clone()));
    let items = case.violations.iter().map(|v| Tag::Item(v.item.clone()));
    subjects.chain(reviewers).chain(officers).chain(items).chain(case.origin.map(Tag::Origin)).collect()
}

impl Term {
    /// Whether the agency must act in it; others are the party's or somebody else's.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        !matches!(
            self,
            Term::Defence
                | Term::HearingRequest
                | Term::PublicNotice
                | Term::Pay
                | Term::PayPart
                | Term::Reconsideration
                | Term::Lawsuit
                | Term::LawsuitAfter
                | Term::Remind
                | Term::Police
                | Term::Correct
        )
    }
}

fn todos(case: &Case, stage: Stage) -> Vec<Todo> {
    let mut todos = Vec::new();
    if !case.open() {
        if case.closed.as_ref().is_some_and(|c| c.archived.is_none()) {
            todos.push(Todo { who: handler(case), what: "archive", due: None });
        }
        return todos;
    }
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.due);
    let mut add = |who: Waiter, what, due: Option<Timestamp>| todos.push(Todo { who, what, due });
    let role = Waiter::for_all;
    let squad = || Waiter::Role(Role::SquadLeader, case.unit.clone());
    for pending in &case.pending {
        if pending.proposal.wants_unit() && pending.endorsed.is_none() {
            add(squad(), "endorse", None);
        } else {
            add(role(Role::Leader), "approve", None);
        }
    }
    if case.officers.len() < 2 {
        add(squad(), "assign", due(Term::Verify, Scope::Case));
        return todos;
    }
    for file in case.measures.iter().filter(|m| m.settled.is_none()) {
        let of = Scope::Measure(file.measure.id);
        let proposed = case.pending.iter().any(|p| p.proposal.measure() == Some(file.measure.id));
        if !proposed {
            add(handler(case), "settle", due(Term::Preserve, of).or_else(|| due(Term::Seize, of)));
        }
    }
    for paper in case.papers.iter().filter(|p| p.unserved()) {
        let begun = |p: &u16| paper.service.contains_key(p);
        if let Some(party) = paper.paper.parties.iter().find(|p| !begun(p)) {
            add(handler(case), "serve", due(Term::ServeDecision, Scope::Paper(paper.paper.id, *party)));
        }
    }
    let waits = !case.pending.is_empty();
    match stage {
        Stage::Lead if !waits => {
            let verified = matches!(case.filing, Filing::Lead { verified: Some(_) });
            let established = matches!(case.filing, Filing::Lead { verified: Some(true) });
            let what = match (verified, established) {
                (false, _) => "verify",
                (true, true) => "file",
                (true, false) => "not_file",
            };
            add(handler(case), what, due(Term::Verify, Scope::Case));
        }
        Stage::Investigating => {
            let what = if case.evidence.is_empty() { "record" } else { "finish" };
            add(handler(case), what, due(Term::Decide, Scope::Case));
        }
        Stage::Finished if !waits => {
            let charged = case.present().all(|p| !p.charges.is_empty());
            add(handler(case), if charged { "notify" } else { "charge" }, due(Term::Decide, Scope::Case));
        }
        Stage::Notified | Stage::Hearing if !waits => before_decision(case, &mut add),
        Stage::ToClose if !waits => add(handler(case), "close", None),
        Stage::Crime => {
            let what = match case.outcome {
                Outcome::Crime { sent: None, .. } => "send_crime",
                Outcome::Crime { taken: None, .. } => "answer_crime",
                _ => "close",
            };
            add(handler(case), what, due(Term::CrimeSend, Scope::Case));
        }
        _ => {}
    }
    after_decision(case, &mut add);
    todos
}

fn handler(case: &Case) -> Waiter {
    match case.officers.first() {
        Some(officer) => Waiter::Person(officer.person.clone()),
        None => Waiter::Role(Role::SquadLeader, case.unit.clone()),
    }
}

fn before_decision(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = case.clock(Term::Decide, Scope::Case).map(|w| w.clock.running.due);
    for party in case.present() {
        if party.rights.statements.iter().any(|s| s.answer.is_none()) {
            add(handler(case), "answer", due);
        }
        match &party.rights.hearing {
            Hearing::Asked { .. } => add(Waiter::for_all(Role::LegalReviewer), "call_hearing", due),
            Hearing::Called { chair, at, .. } => {
                add(Waiter::Person(chair.clone()), "hold_hearing", Some(*at));
            }
            _ => {}
        }
    }
    let told = case.present().all(|p| {
        let over = |term| {
            let clock = case.clock(term, Scope::Party(p.subject.id));
            clock.is_none_or(|w| w.expired)
        };
        let spoke = p.rights.statement_waived || !p.rights.statements.is_empty() || over(Term::Defence);
        let heard = !matches!(p.rights.hearing, Hearing::Asked { .. } | Hearing::Called { .. });
        let served = p.rights.notice.as_ref().is_some_and(|n| case.served(n.paper, p.subject.id).is_some());
        served && spoke && heard && (p.rights.hearing_waived || over(Term::HearingRequest))
    });
    if !told {
        return;
    }
    if rules::review_owed(case) {
        add(Waiter::for_all(Role::LegalReviewer), "review", due);
    } else if rules::discussion_owed(case) {
        add(Waiter::for_all(Role::Leader), "discuss", due);
    } else {
        add(handler(case), "decide", due);
    }
}

fn after_decision(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    if case.decision().is_none() {
        return;
    }
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.due);
    let served = case.present().any(|p| case.decision_served(p.subject.id).is_some());
    if served && case.publication == Publication::None {
        add(handler(case), "publish", due(Term::Publish, Scope::Case));
    }
    if case.clock(Term::Withdraw, Scope::Case).is_some() {
        add(handler(case), "unpublish", due(Term::Withdraw, Scope::Case));
    }
    for party in case.present().filter(|p| p.annulled.is_none()) {
        let id = party.subject.id;
        let of = Scope::Party(id);
        if party.money.receipts.iter().filter_map(|r| r.on_site.as_ref()).any(|o| o.handed.is_none()) {
            add(handler(case), "hand_in", due(Term::HandIn, of));
        }
        if party.enforcement.iter().any(|e| e.done.is_none()) {
            add(handler(case), "enforce", None);
        } else if party.money.left() > 0 {
            let demanded = case.papers_of(PaperKind::Demand).any(|p| p.paper.parties.contains(&id));
            let late = case.clock(Term::Pay, of).is_some_and(|w| w.expired);
            if late && !demanded {
                add(handler(case), "demand", None);
            } else if case.clock(Term::CourtApply, of).is_some() && demanded {
                add(handler(case), "compel", due(Term::CourtApply, of));
            }
        }
    }
    for order in &case.orders {
        let of = Scope::Paper(order.order.paper, order.order.party);
        if let Some(clock) = case.clock(Term::Correct, of).filter(|w| w.expired) {
            add(handler(case), "reinspect", Some(clock.clock.running.due));
        }
    }
}
