//! The row, the to-dos and the keys that lists need.

use super::act::Act;
use super::join::{self, Stage};
use super::state::{File, State, Term};
use super::{clocks, decide, erasure};
use crate::{PartRef, Summary, Tag, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{NodeCode, Role};

/// `source` of what this node opened.
pub const OUTGOING: &str = "outgoing";
/// `source` of what came from another member.
pub const INCOMING: &str = "incoming";

pub(super) fn summary(state: &State) -> Summary {
    let Some(file) = state.file() else { return Summary::default() };
    let stage = file.stage();
    let open = file.open();
    let due = file.running().min_by_key(|w| w.clock.running.due).filter(|_| open);
    let here = |part: &PartRef| !file.erased.contains(&part.digest);
    let texts = file.said.values().flatten().flat_map(|s| s.act.parts());
    Summary {
        number: file.opening.number.clone(),
        stage: stage.code(),
        open,
        category: file.opening.category.clone(),
        unit: file.unit.clone(),
        assignee: if file.mine() { file.drafter.clone() } else { file.person.clone() },
        point: file.opening.point,
        source: if file.mine() { OUTGOING } else { INCOMING },
        partners: partners(file),
        external: Some(file.streams.id.to_string()),
        reported_at: Some(file.at),
        closed_at: (!open).then_some(file.changed),
        due: due.map(|w| w.clock.running.due),
        due_name: due.map(|w| w.clock.term.title().to_owned()).unwrap_or_default(),
        provisional: due.is_some_and(|w| w.clock.running.provisional_year.is_some()),
        // A term that was extended, or begun anew, counts as what it is now.
        overdue: [Term::Register, Term::Answer, Term::Outcome]
            .into_iter()
            .any(|t| file.clock(t).is_some_and(|w| w.expired)),
        wake_at: clocks::wake_at(file).filter(|_| open),
        title: Some(file.opening.title).filter(here),
        place: file.opening.place.filter(here),
        contact: file.opening.particulars.filter(here),
        texts: std::iter::once(file.opening.title)
            .chain(file.opening.subject)
            .chain(file.opening.place)
            .chain(texts)
            .filter(|p| !p.kind.is_personal() && here(p))
            .collect(),
        todos: todos(file, stage),
        tags: tags(file),
        ..Summary::default()
    }
}

/// Whether one matter of this form may go to several members at once.
#[must_use]
pub const fn goes_to_several(form: Form) -> bool {
    matches!(form, Form::Bulletin | Form::Dispute)
}

/// Who sent it; of what was sent here, all who have it, or of a lead that was passed on, the one that has it now.
fn partners(file: &File) -> Vec<NodeCode> {
    match (file.mine(), goes_to_several(file.form)) {
        (false, _) => vec![file.founder().clone()],
        (true, true) => file.receivers().into_iter().cloned().collect(),
        (true, false) => file.receiver().into_iter().cloned().collect(),
    }
}

/// By the local matter that it came from or became, by the items of penalties that were recognised here, and by the members
/// that it was sent to.
fn tags(file: &File) -> Vec<Tag> {
    let items = file.opening.penalties.iter().filter(|_| !file.mine()).map(|p| Tag::Item(p.item.clone()));
    let sent = partners(file).into_iter().filter(|_| file.mine()).map(Tag::SentTo);
    file.link.map(Tag::Origin).into_iter().chain(items).chain(sent).collect()
}

fn todos(file: &File, stage: Stage) -> Vec<Todo> {
    let mut todos = Vec::new();
    let due_of = |term| file.clock(term).filter(|w| w.stopped.is_none()).map(|w| w.clock.running.due);
    let mut add = |who: Waiter, what, due: Option<Timestamp>| todos.push(Todo { who, what, due });
    let role = Waiter::for_all;
    if let Some(draft) = &file.draft {
        let due = due_of(Term::Answer);
        match (&draft.reviewed, &draft.sent_back) {
            // What happened meanwhile overtook it: it cannot leave any more.
            _ if file.sent() && decide::overtaken(file, &draft.act) => {
                add(Waiter::Person(draft.by.clone()), "discard", None);
            }
            (Some(_), _) => add(role(Role::Leader), "sign", due),
            (None, Some(_)) => {
                add(Waiter::Person(draft.by.clone()), if file.sent() { "discard" } else { "amend" }, due)
            }
            (None, None) => add(role(Role::LegalReviewer), "review", due),
        }
    }
    for _ in erasure::unanswered(file) {
        add(role(Role::LegalReviewer), "answer_erasure", None);
    }
    if !file.open() || !file.sent() {
        return todos;
    }
    let pursuer = || file.drafter.clone().map_or_else(|| role(Role::Liaison), Waiter::Person);
    let handler = || file.person.clone().map_or_else(|| role(Role::Liaison), Waiter::Person);
    if file.mine() {
        match stage {
            Stage::Replied => add(pursuer(), "accept_reply", None),
            Stage::ForwardAsked => add(role(Role::Liaison), "answer_forward", None),
            Stage::Returned | Stage::Refused => add(pursuer(), "close", None),
            Stage::Granted => add(pursuer(), "report", None),
            Stage::Negotiating | Stage::Advised => dispute(file, stage, pursuer(), &mut add),
            _ => {}
        }
        return todos;
    }
    let said = |is: fn(&Act) -> bool| file.acts(file.me()).any(is);
    if !said(|a| matches!(a, Act::Registered { .. })) {
        add(role(Role::Liaison), "register", due_of(Term::Register));
        return todos;
    }
    if file.person.is_none() {
        add(role(Role::Liaison), "assign", due_of(Term::Answer));
        return todos;
    }
    // A letter in the making already waits for somebody.
    if file.draft.is_some() {
        return todos;
    }
    let due = due_of(Term::Answer);
    match (file.form, stage) {
        (Form::Lead | Form::Assistance, Stage::Registered) => add(handler(), "accept", due),
        (Form::Lead, Stage::Accepted) => add(handler(), "conclude", due_of(Term::Outcome)),
        (Form::Assistance, Stage::Accepted) => add(handler(), "reply", due),
        (Form::Evidence, Stage::Registered | Stage::Accepted) => add(handler(), "judge", due),
        (Form::Bulletin, _) if !said(|a| matches!(a, Act::Acknowledged)) => {
            add(handler(), "acknowledge", due)
        }
        (Form::Bulletin, _) => add(handler(), "measures", due),
        (Form::Away, Stage::Registered) => add(handler(), "grant", due),
        (Form::Dispute, Stage::Registered | Stage::Negotiating | Stage::Advised) => {
            dispute(file, stage, handler(), &mut add);
        }
        _ => {}
    }
    todos
}

fn dispute(
    file: &File,
    stage: Stage,
    who: Waiter,
    add: &mut impl FnMut(Waiter, &'static str, Option<Timestamp>),
) {
    let due = file.clock(Term::Answer).filter(|w| w.stopped.is_none()).map(|w| w.clock.running.due);
    let mine = |is: fn(&Act) -> bool| file.acts(file.me()).any(is);
    let no = |a: &Act| matches!(a, Act::OpinionAnswered { agreed: false, .. });
    let refused = file.said.values().flatten().any(|s| no(&s.act));
    let what = if stage == Stage::Advised {
        match join::opinion_to_answer(file) {
            Some(_) => "answer_advice",
            // Somebody did not accept it: nobody among the parties can settle it.
            None if refused => "report_up",
            None => return,
        }
    } else if join::record_to_answer(file).is_some() {
        "answer_negotiation"
    } else if !mine(|a| matches!(a, Act::Position { .. } | Act::Open(_))) {
        "position"
    } else {
        "negotiate"
    };
    add(who, what, due);
}
