//! The row, the to-dos and the keys that lists need.

use super::state::{File, Stage, State};
use crate::{Summary, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_ids::{Role, UnitCode};

pub(super) fn summary(state: &State) -> Summary {
    let State::File(file) = state else {
        return Summary::default();
    };
    let due = file.clocks.active().filter(|c| !rests(c)).min_by_key(|c| c.running.clock.due);
    let open = file.stage.open();
    Summary {
        number: file.intake.number.clone(),
        stage: file.stage.code(),
        open,
        category: file.category.clone(),
        unit: file.unit.clone(),
        assignee: file.officer().cloned(),
        grid: file.grid.clone(),
        point: file.point,
        source: file.intake.source.code(),
        external: file.intake.external.as_ref().map(|e| e.number.clone()),
        reported_at: Some(file.intake.at),
        closed_at: match &file.stage {
            Stage::Closed { at, .. }
            | Stage::Dismissed { at }
            | Stage::ReturnedOrder { at }
            | Stage::Withdrawn { at } => Some(*at),
            _ => None,
        },
        due: due.filter(|_| open).map(|c| c.running.clock.due),
        due_name: due.filter(|_| open).map(|c| c.running.term.title().to_owned()).unwrap_or_default(),
        provisional: open && file.clocks.active().any(|c| c.running.clock.provisional_year.is_some()),
        overdue: file.clocks.0.iter().any(|c| c.expired),
        wake_at: wake_at(file),
        joined_to: match &file.stage {
            Stage::Joined { to, .. } => Some(*to),
            _ => None,
        },
        complainant: file.intake.complainant,
        follow: file.intake.follow,
        narrative: file.intake.narrative,
        contact: file.intake.contact,
        texts: file.texts.iter().map(|said| said.part).collect(),
        rating: file.rating,
        rework: file.rework,
        todos: todos(file),
        ..Summary::default()
    }
}

fn rests(clock: &super::state::Clock) -> bool {
    clock.running.clock.paused_since().is_some()
}

/// The next instant at which a clock of this file wants to be looked at.
fn wake_at(file: &File) -> Option<Timestamp> {
    if !file.stage.open() {
        return None;
    }
    let clocks = file.clocks.active().filter(|c| !rests(c)).flat_map(|c| {
        let warned = u16::from(c.warned);
        let warnings = c.running.clock.warnings.iter().filter(move |w| w.percent > warned).map(|w| w.at);
        warnings.chain((!c.expired).then_some(c.running.clock.due))
    });
    let stage = match &file.stage {
        Stage::Assigned { nudge, nudged: false, .. } => Some(*nudge),
        Stage::Suspended { until, reviewed: false, .. } => Some(*until),
        _ => None,
    };
    clocks.chain(stage).min()
}

fn todos(file: &File) -> Vec<Todo> {
    let mut todos = Vec::new();
    let due_of = |term| file.clocks.get(term).filter(|c| c.stopped.is_none()).map(|c| c.running.clock.due);
    let mut add = |who: Waiter, what, due| todos.push(Todo { who, what, due });
    let squad = |role: Role| file.unit.clone().map(|unit| Waiter::Role(role, unit));
    let desk = || Waiter::Role(Role::Dispatcher, top());
    use super::state::TermKey as T;
    match &file.stage {
        Stage::Pooled { unit, .. } => {
            let who = match unit {
                Some(unit) => Waiter::Role(Role::SquadLeader, unit.clone()),
                None => desk(),
            };
            add(who, "dispatch", due_of(T::Arrive));
        }
        Stage::Assigned { officer, nudged, .. } => {
            add(Waiter::Person(officer.clone()), "accept", due_of(T::Accept));
            if *nudged && let Some(leader) = squad(Role::SquadLeader) {
                add(leader, "dispatch", due_of(T::Accept));
            }
        }
        Stage::Outside { .. } => add(desk(), "handle", due_of(T::Handle)),
        Stage::Working { officer, arrived, .. } => {
            let (what, term) = if arrived.is_some() { ("handle", T::Handle) } else { ("arrive", T::Arrive) };
            add(Waiter::Person(officer.clone()), what, due_of(term).or_else(|| due_of(T::Handle)));
        }
        Stage::Suspended { officer, until, .. } => {
            add(Waiter::Person(officer.clone()), "resume", Some(*until))
        }
        Stage::ToVerify { .. } => add(Waiter::Role(Role::Verifier, top()), "verify", due_of(T::Answer)),
        Stage::ToAnswer { officer } => match officer {
            Some(officer) => add(Waiter::Person(officer.clone()), "answer", due_of(T::Answer)),
            None => add(desk(), "answer", due_of(T::Answer)),
        },
        Stage::ToClose { .. } => add(Waiter::Role(Role::Verifier, top()), "close", None),
        Stage::ReturnAsked { .. } => add(Waiter::Role(Role::Hotline, top()), "decide_return", None),
        Stage::Joined { .. }
        | Stage::Closed { .. }
        | Stage::Dismissed { .. }
        | Stage::ReturnedOrder { .. }
        | Stage::Withdrawn { .. } => {}
    }
    if let Some(pending) = &file.pending
        && matches!(file.stage, Stage::Working { .. })
    {
        let long = super::decide::needs_leader(pending.hours);
        let who = if long { Some(Waiter::Role(Role::Leader, top())) } else { squad(Role::SquadLeader) };
        if let Some(who) = who {
            add(who, "approve", None);
        }
    }
    if file.stage.open() && due_of(T::Contact).is_some() {
        match file.officer() {
            Some(officer) => add(Waiter::Person(officer.clone()), "contact", due_of(T::Contact)),
            None => add(desk(), "contact", due_of(T::Contact)),
        }
    }
    todos
}

/// The node as a whole, for roles that work for all of it.
fn top() -> UnitCode {
    UnitCode::parse("node").unwrap_or_else(|_| unreachable!("a fixed code"))
}
