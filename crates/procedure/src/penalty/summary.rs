//! The row, the to-dos and the keys that lists need.

use super::aside::HelpKind;
use super::clocks::{self, Scope, Term};
use super::execution::{CourtStep, demanded, owing, unmet};
use super::public::{Publication, again_since};
use super::rights::Hearing;
use super::state::{Case, Filing, Outcome, State};
use super::words::{Adviser, PaperKind};
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
    // A closed case has terms again when its decision is challenged or falls.
    let due = running.min_by_key(|w| w.clock.running.act_by());
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
        due: due.map(|w| w.clock.running.act_by()),
        due_name: due.map(|w| w.clock.term.title().to_owned()).unwrap_or_default(),
        provisional: due.is_some_and(|w| w.clock.running.is_provisional()),
        overdue: case.clocks.iter().any(|w| w.overdue() && w.stopped.is_none() && w.clock.term.is_ours()),
        wake_at: clocks::wake_at(case),
        joined_to: case.joined_to,
        complainant: None,
        title: Some(case.title),
        place: case.place,
        contact: case.parties.first().map(|p| p.subject.particulars),
        texts: std::iter::once(case.title).chain(case.place).chain(case.texts.iter().copied()).collect(),
        todos: todos(case, stage),
        tags: tags(case),
        ledger: super::ledger::lines(case),
        things: super::goods::lines(case),
        ..Summary::default()
    }
}

fn tags(case: &Case) -> Vec<Tag> {
    let subjects = case.parties.iter().filter_map(|p| p.subject.key).map(Tag::Subject);
    let reviewers = case.reviews.iter().map(|r| Tag::Reviewer(r.by.clone()));
    let officers = case.officers.iter().map(|o| Tag::Officer(o.person.clone()));
    let items = case.violations.iter().map(|v| Tag::Item(v.item.clone()));
    let codes = case.present().filter_map(|p| p.money.code.clone()).map(Tag::PayCode);
    // What the agency pays in may bear the number of the receipt that the party got.
    let tickets = case.present().flat_map(|p| &p.money.receipts).filter(|r| r.banked.is_none());
    let tickets = tickets.filter_map(|r| r.on_site.as_ref()).map(|o| Tag::PayCode(o.ticket.clone()));
    let origin = case.origin.map(Tag::Origin);
    subjects
        .chain(reviewers)
        .chain(officers)
        .chain(items)
        .chain(codes)
        .chain(tickets)
        .chain(origin)
        .chain(elsewhere(case))
        .chain(reviews(case))
        .collect()
}

/// Whether a court, the police or whoever reviews it has to do with a case now.
fn elsewhere(case: &Case) -> Option<Tag> {
    let police = match case.outcome {
        Outcome::Crime { .. } => true,
        Outcome::Open => case.police.refused.is_some() || case.police.asked.is_some(),
        _ => false,
    };
    let remedy = case.remedies().any(|(.., r)| r.ended.is_none());
    let letter = case.beside.letters.iter().any(|l| l.answer.is_none());
    // The court, or where the three months in which it may be asked run.
    let court = |p: &super::Party| {
        let applied = |e: &super::Enforcement| e.kind == super::EnforcementKind::Court && e.open();
        p.enforcement.iter().any(applied)
            || case.clock(Term::CourtApply, Scope::Party(p.subject.id)).is_some_and(|w| !w.expired)
    };
    let now = case.open() && (police || letter || case.present().any(court));
    let unanswered = case.closed.as_ref().is_some_and(|closed| closed.archived.is_none()) && letter;
    (now || unanswered || remedy && (case.open() || case.afterwards())).then_some(Tag::Elsewhere)
}

/// Whether legal reviewers have, or had, to do with a proposal of an open case, whatever its stage.
fn reviews(case: &Case) -> Option<Tag> {
    let waits = case.pending.iter().any(|p| p.review.is_some());
    let given = case.reviews.iter().any(|r| r.proposal.is_some());
    (case.open() && (waits || given)).then_some(Tag::Reviews)
}

impl Term {
    /// Whether the agency must act in it; others are the party's or somebody else's.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        !matches!(
            self,
            Term::Defence
                | Term::Test
                | Term::HearingRequest
                | Term::PublicNotice
                | Term::Pay
                | Term::PayPart
                | Term::Reconsideration
                | Term::Lawsuit
                | Term::LawsuitAfter
                | Term::SecondInstance
                | Term::Remind
                | Term::Police
                | Term::Correct
                | Term::SurchargeMonth
                | Term::Agreed
                | Term::SuspendEnd
                | Term::CourtAccept
                | Term::CourtRule
                | Term::CourtRuleHearing
                | Term::CourtReviewRule
                | Term::PoliceAnswer
                | Term::RemedyDecide
                | Term::RemedyDecideSimple
                | Term::Opinion
                | Term::Feedback
                | Term::Mediated
                | Term::Perishable
                | Term::Claim
        )
    }
}

fn todos(case: &Case, stage: Stage) -> Vec<Todo> {
    let mut todos = Vec::new();
    if !case.open() {
        afterwards(case, &mut todos);
        return todos;
    }
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    let mut add = |who: Waiter, what, due: Option<Timestamp>| todos.push(Todo { who, what, due });
    let role = Waiter::for_all;
    let squad = || Waiter::Role(Role::SquadLeader, case.unit.clone());
    approvals(case, &mut add);
    if case.officers.len() < 2 {
        add(squad(), "assign", due(Term::Verify, Scope::Case));
        return todos;
    }
    for promise in case.light.promises.iter().filter(|p| p.kept.is_none()) {
        add(handler(case), "see_promise", due(Term::Promise, Scope::Party(promise.party)));
    }
    for file in case.measures.iter().filter(|m| case.unsettled(m)) {
        let of = Scope::Measure(file.measure.id);
        let proposed = case.pending.iter().any(|p| p.proposal.measure() == Some(file.measure.id));
        if !proposed {
            match file.lapsed {
                // The measure fell: the thing goes back at once (行政强制法 25, 28), and whoever leads knows it.
                Some(lapsed) => {
                    add(handler(case), "settle_lapsed", Some(lapsed));
                    add(squad(), "settle_lapsed", Some(lapsed));
                    add(role(Role::Leader), "settle_lapsed", Some(lapsed));
                }
                None => {
                    let terms = [Term::Preserve, Term::Test, Term::Seize];
                    let own = terms.into_iter().find_map(|term| due(term, of));
                    let due = due(Term::Handover, Scope::Case).into_iter().chain(own).min();
                    add(handler(case), "settle", due);
                }
            }
        }
    }
    if case.things.iter().any(|t| case.release_due(t).is_some()) {
        add(handler(case), "dispose", case.things.iter().filter_map(|t| case.release_due(t)).min());
    }
    // What two people looked for in vain is the leader's business, too.
    if case.things.iter().any(|t| t.state() == super::ThingState::Missing) {
        add(handler(case), "thing_missing", None);
        add(role(Role::Leader), "thing_missing", None);
    }
    let owed = |t: &super::ThingFile| case.proceeds_of(t).and_then(|p| p.owed());
    if let Some((_, since)) = case.things.iter().filter_map(owed).min_by_key(|(_, since)| *since) {
        add(handler(case), "pay_over", Some(since));
    }
    services(case, &mut add);
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
        Stage::Elsewhere => {
            let what = match case.outcome {
                Outcome::Transferred(t) if t.sent.is_none() => "send_transfer",
                Outcome::Transferred(t) if t.taken.is_none() => "answer_transfer",
                _ => "close",
            };
            add(handler(case), what, None);
        }
        Stage::Crime => {
            let (what, term) = match case.outcome {
                Outcome::Crime { sent: None, .. } => ("send_crime", Term::CrimeSend),
                Outcome::Crime { taken: None, .. } => ("answer_crime", Term::Police),
                _ => ("close", Term::Handover),
            };
            add(handler(case), what, due(term, Scope::Case));
        }
        _ => {}
    }
    for order in &case.orders {
        let of = Scope::Paper(order.order.paper, order.order.party);
        if let Some(clock) = case.clock(Term::Correct, of).filter(|w| w.expired) {
            add(handler(case), "reinspect", Some(clock.clock.running.act_by()));
        }
    }
    after_decision(case, &mut add);
    replies(case, &mut add);
    beside(case, &mut add);
    todos
}

/// What waits to be endorsed, reviewed or signed.
fn approvals(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    let role = Waiter::for_all;
    let squad = || Waiter::Role(Role::SquadLeader, case.unit.clone());
    for pending in &case.pending {
        if case.wants_unit(&pending.proposal) && pending.endorsed.is_none() {
            add(squad(), "endorse", None);
        } else if pending.wants_review() {
            add(role(Role::LegalReviewer), "review_proposal", due(Term::CrimeDecide, Scope::Case));
        } else {
            let crime = matches!(pending.proposal, super::Proposal::Crime { .. });
            add(role(Role::Leader), "approve", due(Term::CrimeDecide, Scope::Case).filter(|_| crime));
        }
    }
}

/// Papers that have to reach somebody.
fn services(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    for paper in case.papers.iter().filter(|p| p.unserved()) {
        let begun = |p: &u16| paper.service.contains_key(p);
        if let Some(party) = paper.paper.parties.iter().find(|p| !begun(p)) {
            add(handler(case), "serve", due(Term::ServeDecision, Scope::Paper(paper.paper.id, *party)));
        }
    }
}

/// Of a closed case: its archive, and what a late remedy, a revocation or a correction make necessary.
fn afterwards(case: &Case, todos: &mut Vec<Todo>) {
    let mut add = |who: Waiter, what, due: Option<Timestamp>| todos.push(Todo { who, what, due });
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    if case.afterwards() {
        if case.clock(Term::Withdraw, Scope::Case).is_some() {
            add(handler(case), "unpublish", due(Term::Withdraw, Scope::Case));
        } else if rules::publication_stale(case) || again_since(case).is_some() {
            add(handler(case), "publish", due(Term::Publish, Scope::Case));
        }
        approvals(case, &mut add);
        replies(case, &mut add);
        if case.papers.iter().any(|file| case.signed_afterwards(file.paper.id)) {
            services(case, &mut add);
        }
    }
    if case.closed.as_ref().is_some_and(|c| c.archived.is_none()) {
        letters(case, &mut add);
        add(handler(case), "archive", None);
    }
}

/// Remedies that wait for the agency's answer.
fn replies(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    for (party, paper, remedy) in case.remedies().filter(|(.., r)| r.ended.is_none() && r.replied.is_none()) {
        if remedy.kind == super::RemedyKind::SecondInstance {
            continue;
        }
        let of = paper.map_or(Scope::Party(party), |paper| Scope::Paper(paper, party));
        let terms = [Term::RemedyReply, Term::RemedyReplySimple, Term::LawsuitReply];
        let due = terms.into_iter().find_map(|term| case.clock(term, of)).map(|w| w.clock.running.act_by());
        add(handler(case), "reply_remedy", due);
    }
}

fn handler(case: &Case) -> Waiter {
    match case.officers.first() {
        Some(officer) => Waiter::Person(officer.person.clone()),
        None => Waiter::Role(Role::SquadLeader, case.unit.clone()),
    }
}

fn before_decision(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = case.clock(Term::Decide, Scope::Case).map(|w| w.clock.running.act_by());
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
        // Whoever spoke may speak again until the term that was told is over, or the rest of it was given up.
        let spoke = over(Term::Defence);
        let heard = !matches!(p.rights.hearing, Hearing::Asked { .. } | Hearing::Called { .. });
        let served = p.rights.notice.as_ref().is_some_and(|n| case.served(n.paper, p.subject.id).is_some());
        served && spoke && heard && over(Term::HearingRequest)
    });
    if !told {
        return;
    }
    if rules::review_owed(case) {
        add(Waiter::for_all(Role::LegalReviewer), "review", due);
    } else if rules::review_demanded(case).is_some() && rules::objection(case).is_some() {
        add(handler(case), "resubmit", due);
    } else if rules::discussion_owed(case) {
        add(Waiter::for_all(Role::Leader), "discuss", due);
    } else {
        add(handler(case), "decide", due);
    }
}

fn after_decision(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    // An order is enforced by itself too, and what was approved on a decision that fell is given up.
    let apart = |p: &&super::Party| case.decision().is_none() || p.annulled.is_some();
    for party in case.present().filter(apart).filter(|p| p.enforcement.iter().any(|e| e.open())) {
        performing(case, party, add);
    }
    if case.decision().is_none() {
        return;
    }
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    let served = case.present().any(|p| case.decision_served(p.subject.id).is_some());
    let anew = rules::publication_stale(case) || again_since(case).is_some();
    if served && (case.publication == Publication::None || anew) {
        add(handler(case), "publish", due(Term::Publish, Scope::Case));
    }
    if case.clock(Term::Withdraw, Scope::Case).is_some() {
        add(handler(case), "unpublish", due(Term::Withdraw, Scope::Case));
    }
    // Cash is handed in and paid in, and what is not owed goes back, whatever became of the decision.
    for party in case.present() {
        let of = Scope::Party(party.subject.id);
        for carried in party.money.receipts.iter().filter(|r| r.carried()) {
            let taker = carried.on_site.as_ref().and_then(|o| o.by.clone());
            add(taker.map_or_else(|| handler(case), Waiter::Person), "hand_in", due(Term::HandIn, of));
        }
        if party.money.receipts.iter().any(|r| r.undeposited().is_some()) {
            add(handler(case), "deposit", due(Term::Deposit, of));
        }
        if party.money.unconfirmed().is_some() {
            add(Waiter::for_all(Role::Dispatcher), "check_payment", None);
        } else if party.to_refund() > 0 {
            add(handler(case), "refund", None);
        }
    }
    for party in case.present().filter(|p| p.annulled.is_none()) {
        execution(case, party, add);
        performing(case, party, add);
    }
}

/// Of what a party has still to perform: demanded, enforced, applied for, or not needed any more.
fn performing(
    case: &Case,
    party: &super::Party,
    add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>),
) {
    let id = party.subject.id;
    let of = Scope::Party(id);
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    let execution = &party.execution;
    if execution.ended.is_some() || execution.suspended().is_some() || execution.agreed().is_some() {
        return;
    }
    if let Some(open) = party.enforcement.iter().find(|e| e.open()) {
        let court = open.kind == super::EnforcementKind::Court;
        let granted = open.court_said.last().is_some_and(|(step, _)| *step == CourtStep::Granted);
        let performed = match open.kind {
            super::EnforcementKind::Substitute | super::EnforcementKind::Demolition => {
                unmet(case, id).next().is_none()
            }
            super::EnforcementKind::Immediate => false,
            _ => !owing(case, party),
        };
        if performed && party.annulled.is_none() && party.money.unconfirmed().is_some() {
            // Somebody looks at what was typed first.
        } else if performed && !granted {
            add(handler(case), "stop_enforcement", None);
        } else if !court || granted {
            add(handler(case), "enforce", None);
        } else if !open.at_court() {
            add(handler(case), "lodge_court", due(Term::CourtApply, of));
        } else {
            let waits = [Term::CourtAccept, Term::CourtRule, Term::CourtRuleHearing, Term::CourtReview];
            let due = waits.into_iter().chain([Term::CourtReviewRule]).find_map(|term| due(term, of));
            add(handler(case), "court_said", due);
        }
        return;
    }
    if demanded(case, id).is_some() && party.rights.statements.iter().any(|s| s.answer.is_none()) {
        add(handler(case), "answer", None);
    }
    let demanded =
        case.papers_of(PaperKind::Demand).any(|p| case.of_now(p.at) && p.paper.parties.contains(&id));
    let part = |w: &super::Watched| match w.clock.of {
        Scope::Part(whose, _) => whose == id && w.clock.term == Term::PayPart,
        of_party => of_party == of && w.clock.term == Term::Pay,
    };
    let unpaid = case.clocks.iter().any(|w| w.stopped.is_none() && w.expired && part(w));
    // An order is looked at again first.
    let seen = unmet(case, id).any(|o| o.inspected.iter().any(|(_, done)| !*done));
    let late = if party.money.left() > 0 { unpaid } else { seen && owing(case, party) };
    if late && !demanded {
        add(handler(case), "demand", due(Term::CourtApply, of));
    } else if case.clock(Term::CourtApply, of).is_some() && demanded {
        add(handler(case), "compel", due(Term::CourtApply, of));
    }
}

/// Of agreements that were not kept.
fn execution(
    case: &Case,
    party: &super::Party,
    add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>),
) {
    let id = party.subject.id;
    if let Some(agreement) = party.execution.agreed()
        && let Some((place, _)) = agreement.next(party.money.paid())
        && case.clock(Term::Agreed, Scope::Part(id, place)).is_some_and(|w| w.expired)
    {
        add(handler(case), "break_agreement", None);
    }
}

/// Of opinions, suggestions and letters.
fn beside(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    if matches!(case.outcome, Outcome::Open) {
        for asked in case.beside.asked.iter().filter(|o| o.answered.is_none()) {
            let due = due(Term::Opinion, Scope::Letter(asked.id));
            // A panel that has members is heard by each of them, and summed up by the officer.
            if !asked.panel.members.is_empty() {
                let open = asked.panel.sitting().filter(|member| member.vote.is_none());
                for person in open.filter_map(|member| member.person.clone()) {
                    add(Waiter::Person(person), "vote", due);
                }
                add(handler(case), "conclude_panel", due);
                continue;
            }
            // Members of a panel are drawn first, or it is heard in a meeting: both are entered by the officer in charge.
            let who = match asked.from {
                Adviser::Panel | Adviser::Council => handler(case),
                Adviser::Lawyer | Adviser::PublicLawyer => Waiter::for_all(asked.from.role()),
            };
            add(who, "advise", due);
        }
        for help in case.beside.helps.iter().filter(|h| h.answer.is_none()) {
            let term = match help.kind {
                HelpKind::Opinion => Term::HelpOpinion,
                HelpKind::Act => Term::Help,
            };
            add(handler(case), "answer_help", due(term, Scope::Letter(help.id)));
        }
        if case.police.asked.is_some() {
            add(handler(case), "answer_crime", due(Term::PoliceAnswer, Scope::Case));
        } else if let Some(clock) = case.clock(Term::PoliceAgain, Scope::Case).filter(|w| !w.expired) {
            add(handler(case), "ask_police", Some(clock.clock.running.act_by()));
        }
    }
    letters(case, add);
}

/// Suggestions that went out and came in, courts that come to the place, agreements that are to be performed.
fn letters(case: &Case, add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>)) {
    let due = |term, of| case.clock(term, of).map(|w| w.clock.running.act_by());
    for letter in case.beside.letters.iter().filter(|l| l.answer.is_none()) {
        add(handler(case), "answer_letter", due(Term::LetterReply, Scope::Letter(letter.id)));
    }
    // The day that was asked for is over: what was answered is entered, or asked for again.
    for suggestion in case.beside.suggestions.iter().filter(|s| s.answer.is_none()) {
        let clock = case.clock(Term::Feedback, Scope::Letter(suggestion.paper)).filter(|w| w.expired);
        if let Some(clock) = clock {
            add(handler(case), "answer_suggestion", Some(clock.clock.running.act_by()));
        }
    }
    for circuit in case.beside.circuits.iter().filter(|c| c.held.is_none()) {
        add(handler(case), "hold_circuit", due(Term::Circuit, Scope::Letter(circuit.id)));
    }
    for (id, _) in (1..).zip(&case.beside.mediations).filter(|(_, m)| m.owed()) {
        add(handler(case), "see_mediation", due(Term::Mediated, Scope::Letter(id)));
    }
}
