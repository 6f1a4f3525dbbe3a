//! The clocks of a report: warnings, expiry, nudges, reviews. Each exactly once, each in the record: what was done is
//! in the state, so a second look, or a look after a restart, finds nothing left to do.

use super::event::{Because, Event};
use super::state::{File, Running, Stage, TermKey};
use crate::Facts;
use crate::directory::Person;
use crate::penalty::law_side;
use jiff::Timestamp;
use lianzhi_ids::{PersonCode, Role};
use lianzhi_law::{Service, Standard};
use std::borrow::Cow;
use std::sync::Arc;

/// Starts the clock of a term now in force.
pub(super) fn start(
    facts: &Facts<'_>,
    term: TermKey,
    from: Timestamp,
    category: Option<&lianzhi_ids::CategoryCode>,
) -> Option<Running> {
    let standard = standard(facts, term, from, category)?;
    let clock = lianzhi_law::Running::start(&standard, facts.directory.law.calendars(), from).ok()?;
    Some(Running { term, clock })
}

/// The standard of a term on that day; none where the law of the place has no such term, or not for this kind of problem.
fn standard<'a>(
    facts: &Facts<'a>,
    term: TermKey,
    at: Timestamp,
    category: Option<&lianzhi_ids::CategoryCode>,
) -> Option<Cow<'a, Standard>> {
    let law = &facts.directory.law;
    let date = crate::beijing_date(at);
    if let Some(key) = term.statute() {
        let statute = law.statutory(key, &law_side::place(facts), date).ok()?;
        let concerns =
            |codes: &[Arc<str>]| category.is_some_and(|c| codes.iter().any(|code| **code == *c.as_str()));
        return (statute.categories.is_empty() || concerns(&statute.categories))
            .then(|| statute.standard())
            .flatten()
            .map(Cow::Owned);
    }
    Some(Cow::Borrowed(match term {
        TermKey::Accept => law.service_standard(Service::Accept, date),
        TermKey::Arrive => law.service_standard(Service::Arrive, date),
        TermKey::Answer => law.service_standard(Service::Answer, date),
        TermKey::Contact => law.service_standard(Service::HotlineContact, date),
        TermKey::Order => law.service_standard(Service::HotlineGeneral, date),
        TermKey::Handle => law.handling_standard(category?, date),
        TermKey::OnSite | TermKey::Feedback => return None,
    }))
}

/// When the squad leader must know that nobody has accepted (escalation.accept in the data).
pub(super) fn nudge_at(facts: &Facts<'_>, since: Timestamp) -> Option<Timestamp> {
    let law = &facts.directory.law;
    let standard = law.service_standard(Service::AcceptEscalation, crate::beijing_date(since));
    lianzhi_law::Running::start(standard, law.calendars(), since).ok().map(|clock| clock.due)
}

fn codes(people: &[Arc<Person>]) -> Vec<PersonCode> {
    people.iter().map(|p| p.code.clone()).collect()
}

/// Who is told when a clock of this file runs out: the leader in charge and the squad leaders, then the agency.
pub(super) fn told(file: &File, facts: &Facts<'_>) -> Vec<PersonCode> {
    let mut told = Vec::new();
    if let Some(unit) = &file.unit {
        told.extend(facts.duty.leader(unit).cloned());
        told.extend(codes(&facts.directory.holders(Role::SquadLeader, unit)));
        told.extend(codes(&facts.directory.holders(Role::Leader, unit)));
    }
    // Nobody above (the node's own pool, a department without a node): the dispatchers must know.
    if told.is_empty() {
        told.extend(
            facts
                .directory
                .people
                .values()
                .filter(|p| p.active && p.posts.iter().any(|x| x.roles.contains(&Role::Dispatcher)))
                .map(|p| p.code.clone()),
        );
        told.sort_unstable();
    }
    let mut seen = std::collections::HashSet::new();
    told.retain(|p| seen.insert(p.clone()));
    told
}

/// What the clocks ask for now.
pub(super) fn tick(file: &File, facts: &Facts<'_>) -> Vec<Event> {
    let now = facts.now;
    let mut events = Vec::new();
    if !file.stage.open() {
        return events;
    }
    let mut accept_expired = false;
    for clock in file.clocks.active() {
        let term = clock.running.term;
        if clock.running.clock.paused_since().is_some() {
            continue;
        }
        for warning in
            clock.running.clock.warnings.iter().filter(|w| w.percent > u16::from(clock.warned) && w.at <= now)
        {
            let percent = u8::try_from(warning.percent).unwrap_or(99);
            events.push(Event::ClockWarned { term, percent, at: now });
        }
        if !clock.expired && clock.running.clock.due <= now {
            accept_expired |= term == TermKey::Accept;
            events.push(Event::ClockExpired { term, told: told(file, facts), at: now });
        }
    }
    match &file.stage {
        Stage::Assigned { officer, nudge, nudged } => {
            if !nudged && *nudge <= now {
                let unit = file.unit.as_ref();
                let mut told =
                    unit.map(|u| codes(&facts.directory.holders(Role::SquadLeader, u))).unwrap_or_default();
                if let Some(leader) = unit.and_then(|u| facts.duty.leader(u)).filter(|l| !told.contains(l)) {
                    told.insert(0, leader.clone());
                }
                if told.is_empty() {
                    told = self::told(file, facts);
                }
                events.push(Event::Nudged { told, at: now });
            }
            if accept_expired {
                let mut not = file.declined.clone();
                not.push(officer.clone());
                events.extend(super::decide::assign(file, facts, &not, "未按时受理，自动改派："));
            }
        }
        Stage::Suspended { until, reviewed: false, .. } if *until <= now => {
            events.push(Event::ReviewDue { told: told(file, facts), at: now })
        }
        _ => {}
    }
    events
}

/// Clocks anew after calendars or standards changed. Terms already met stay as they are in the record.
pub(super) fn recompute(file: &File, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    if !file.stage.open() {
        return events;
    }
    for clock in file.clocks.active() {
        let (term, old) = (clock.running.term, &clock.running.clock);
        if let Some((clock, because)) = anew(file, facts, term, old) {
            events.push(Event::ClockChanged { clock: Running { term, clock }, because, at: facts.now });
        }
    }
    events
}

/// A clock under the calendars and the standard now in force, when that makes a difference.
pub(super) fn anew(
    file: &File,
    facts: &Facts<'_>,
    term: TermKey,
    old: &lianzhi_law::Running,
) -> Option<(lianzhi_law::Running, Because)> {
    let calendars = facts.directory.law.calendars();
    let in_force = standard(facts, term, facts.now, file.category.as_ref());
    let changed =
        in_force.filter(|s| s.measure() != old.standard.measure() || s.calendar != old.standard.calendar);
    let (next, because) = match changed {
        Some(standard) => (old.restandard(calendars, &standard, facts.now), Because::NewStandard),
        None => (old.recompute(calendars), Because::NewCalendar),
    };
    let next = next.ok()?;
    (next.due != old.due || next.provisional_year != old.provisional_year).then_some((next, because))
}
