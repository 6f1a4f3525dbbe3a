//! The row, the to-dos and the keys that lists need.

use super::state::{Imposed, Outcome, Sheet, State};
use super::words::{Stage, Term};
use crate::{Summary, Tag, Todo, Waiter};
use lianzhi_ids::Role;

pub(super) fn summary(state: &State) -> Summary {
    let Some(sheet) = state.sheet() else { return Summary::default() };
    let (stage, open) = (sheet.stage(), sheet.open());
    let running = || sheet.clocks.iter().filter(|w| w.stopped.is_none());
    let due = running().filter(|w| open && counts(w.term)).min_by_key(|w| w.running.due);
    let late = |term: Term| term.ours() || matches!(term, Term::Promise | Term::Pay);
    Summary {
        number: sheet.opening.number.clone(),
        stage: stage.code(),
        open,
        unit: Some(sheet.opening.unit.clone()),
        assignee: sheet.opening.officers.first().map(|o| o.person.clone()),
        point: sheet.opening.point,
        source: "spot",
        reported_at: Some(sheet.at),
        closed_at: (!open).then_some(sheet.changed),
        due: due.map(|w| w.running.due),
        due_name: due.map(|w| w.term.title().to_owned()).unwrap_or_default(),
        provisional: due.is_some_and(|w| w.running.is_provisional()),
        overdue: open && running().any(|w| w.expired && late(w.term)),
        wake_at: sheet.clocks.wake_at().filter(|_| open),
        title: Some(sheet.opening.violation.facts),
        place: Some(sheet.opening.place),
        contact: Some(sheet.opening.subject.particulars),
        texts: sheet.texts.clone(),
        todos: todos(sheet, stage),
        tags: tags(sheet),
        ..Summary::default()
    }
}

fn tags(sheet: &Sheet) -> Vec<Tag> {
    let opening = &sheet.opening;
    let officers = opening.officers.iter().map(|o| Tag::Officer(o.person.clone()));
    let origins = opening.origin.into_iter().chain(opening.slip).map(Tag::Origin);
    let subject = opening.subject.key.map(Tag::Subject);
    officers.chain(subject).chain(origins).chain([Tag::Item(opening.violation.item.clone())]).collect()
}

/// Terms that lists show: what the agency owes, and what it looks at when it is over.
const fn counts(term: Term) -> bool {
    !matches!(term, Term::Reconsideration)
}

fn todos(sheet: &Sheet, stage: Stage) -> Vec<Todo> {
    let Some(keeper) = sheet.opening.officers.first() else { return Vec::new() };
    let who = Waiter::Person(keeper.person.clone());
    let due = |term| sheet.clocks.get(term).map(|w| w.running.due);
    let todo = |what, term: Option<Term>| Todo { who: who.clone(), what, due: term.and_then(due) };
    match (&sheet.outcome, stage) {
        (Outcome::Open, _) => {
            let what = match (&sheet.told, &sheet.heard) {
                (None, _) => "tell",
                (Some(_), None) => "hear",
                (Some(_), Some(heard)) if heard.disputed => "go_over",
                (Some(_), Some(_)) => "impose",
            };
            vec![todo(what, None)]
        }
        (_, Stage::Promised) => vec![todo("reinspect", Some(Term::Promise))],
        (_, Stage::ToHand) => vec![todo("hand", None)],
        (Outcome::Imposed(decision), Stage::Performing | Stage::Enforcing) => {
            performing(sheet, decision, todo)
        }
        _ => Vec::new(),
    }
}

fn performing(
    sheet: &Sheet,
    decision: &Imposed,
    todo: impl Fn(&'static str, Option<Term>) -> Todo,
) -> Vec<Todo> {
    let mut todos = Vec::new();
    if decision.lodged.is_none() {
        todos.push(todo("lodge", Some(Term::Lodge)));
    }
    if decision.on_site().is_some_and(|(_, o)| o.handed.is_none()) {
        todos.push(todo("hand_in", Some(Term::HandIn)));
    }
    if decision.money.left() > 0 {
        let late = sheet.clocks.get(Term::Pay).is_some_and(|w| w.expired);
        if decision.enforced.is_some() {
            todos.push(Todo { who: Waiter::for_all(Role::LegalReviewer), what: "pay", due: None });
        } else if late && decision.remedy().is_none() {
            todos.push(todo("enforce", None));
        }
    }
    todos
}
