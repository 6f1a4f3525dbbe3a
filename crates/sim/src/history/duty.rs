//! Shifts: who comes, who goes, who leads.

use crate::city::{City, Turn};
use crate::history::words;
use jiff::Timestamp;
use lianzhi_app::App;
use lianzhi_ids::{DocketId, PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::duty::OnDuty;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// Beijing time is eight hours ahead.
const BEIJING_US: i64 = 8 * HOUR_US;

/// Day number and microseconds since midnight, Beijing time.
pub(super) fn local(at: Timestamp) -> (usize, i64) {
    let us = at.as_microsecond() + BEIJING_US;
    (usize::try_from(us.div_euclid(DAY_US)).unwrap_or(0), us.rem_euclid(DAY_US))
}

fn instant(day: usize, us: i64) -> Timestamp {
    let day = i64::try_from(day).unwrap_or(0);
    Timestamp::from_microsecond(day * DAY_US + us - BEIJING_US).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// When a turn begins, and how long it lasts.
fn span(turn: Turn) -> Option<(i64, i64)> {
    let half = HOUR_US / 2;
    match turn {
        Turn::Early => Some((14 * half, 15 * half)),
        Turn::Late => Some((29 * half, 15 * half)),
        Turn::Night => Some((44 * half, 18 * half)),
        Turn::Off => None,
    }
}

/// The rota of everybody who takes turns.
#[derive(Debug)]
pub(super) struct Rota {
    people: BTreeMap<UnitCode, Vec<(Arc<Person>, crate::Employee)>>,
    known: HashMap<PersonCode, crate::Employee>,
    /// Changes of turns, in order: when, and the turns that end (of that day number) and begin.
    next: (usize, usize),
    books: BTreeMap<UnitCode, DocketId>,
}

/// Changes within a day: when (half hours), which turn ends, which begins.
const CHANGES: [(i64, Turn, Turn); 3] =
    [(14, Turn::Night, Turn::Early), (29, Turn::Early, Turn::Late), (44, Turn::Late, Turn::Night)];

impl Rota {
    pub(super) fn new(city: &City, app: &App, start: Timestamp) -> Self {
        let directory = app.directory();
        let mut people: BTreeMap<UnitCode, Vec<_>> = BTreeMap::new();
        let mut known = HashMap::new();
        for employee in city.people.iter().filter(|e| e.rota.is_some()) {
            if let (Some(unit), Some(person)) = (employee.unit(), directory.people.get(&employee.person.code))
            {
                people.entry(unit.clone()).or_default().push((person.clone(), employee.clone()));
                known.insert(employee.person.code.clone(), employee.clone());
            }
        }
        Rota { people, known, next: next_of(start), books: BTreeMap::new() }
    }

    /// Who must come, lead or go so that those are on duty now whose turn it is, whatever was before; the next change
    /// is then the next after this.
    pub(super) fn put_right(&mut self, now: Timestamp, on: &OnDuty, rng: &mut ChaCha12Rng) -> Vec<Turned> {
        self.next = next_of(now);
        let mut turned = self.on_at(now);
        turned.retain(|t| on.leader(&t.unit) != Some(&t.person.code) && !on.is_on(&t.person.code));
        for (unit, people) in &self.people {
            for (person, employee) in people {
                let over = on.is_on(&person.code) && self.next_on(&person.code, now) != Some(now);
                if over && !employee.is(Role::SquadLeader) {
                    turned.push(go(unit, person, rng));
                }
            }
        }
        turned
    }

    /// When this person is next on duty at or after a time: at once, when on duty then.
    pub(super) fn next_on(&self, person: &PersonCode, at: Timestamp) -> Option<Timestamp> {
        let employee = self.known.get(person)?;
        let (today, _) = local(at);
        (today.saturating_sub(1)..today + 12).find_map(|day| {
            let (from, length) = span(employee.turn(day))?;
            let (from, to) = (instant(day, from), instant(day, from + length));
            (to > at).then(|| from.max(at))
        })
    }

    /// The next change of turns.
    pub(super) fn next_change(&self) -> Timestamp {
        let (day, i) = self.next;
        match CHANGES.get(i) {
            Some((half, ..)) => instant(day, half * HOUR_US / 2),
            None => instant(day + 1, CHANGES[0].0 * HOUR_US / 2),
        }
    }

    /// The duty book of a unit, once it is opened.
    pub(super) fn book(&self, unit: &UnitCode) -> Option<DocketId> {
        self.books.get(unit).copied()
    }

    /// A unit's duty book was opened (or written into).
    pub(super) fn opened(&mut self, unit: UnitCode, book: DocketId) {
        self.books.entry(unit).or_insert(book);
    }

    /// Everybody whose turn it is at a time comes.
    pub(super) fn on_at(&self, now: Timestamp) -> Vec<Turned> {
        let mut come_on = Vec::new();
        for (unit, people) in &self.people {
            for (person, employee) in people {
                if self.next_on(&person.code, now) == Some(now) {
                    come_on.push(come(unit, person, employee));
                }
            }
        }
        come_on
    }

    /// The change of turns that is next: who goes, who comes, who leads.
    pub(super) fn change(&mut self, rng: &mut ChaCha12Rng) -> Vec<Turned> {
        let (day, i) = match self.next {
            (day, i) if i < CHANGES.len() => (day, i),
            (day, _) => (day + 1, 0),
        };
        self.next = (day, i + 1);
        let (_, ends, begins) = CHANGES[i];
        // The night that ends in the morning began the day before.
        let ending_day = if i == 0 { day.saturating_sub(1) } else { day };
        let mut turned = Vec::new();
        for (unit, people) in &self.people {
            for (person, employee) in people {
                let leads = employee.is(Role::SquadLeader);
                if employee.turn(day) == begins {
                    turned.push(come(unit, person, employee));
                }
                if employee.turn(ending_day) == ends && !leads {
                    turned.push(go(unit, person, rng));
                }
            }
        }
        turned
    }
}

/// Somebody comes, goes or takes the lead.
pub(super) struct Turned {
    pub(super) person: Arc<Person>,
    pub(super) unit: UnitCode,
    pub(super) command: Value,
}

/// The change after a time: its day, and which of the day's it is.
fn next_of(at: Timestamp) -> (usize, usize) {
    let (day, us) = local(at);
    (day, CHANGES.iter().filter(|(half, ..)| half * HOUR_US / 2 <= us).count())
}

fn go(unit: &UnitCode, person: &Arc<Person>, rng: &mut ChaCha12Rng) -> Turned {
    let mut command = json!({ "command": "go_off" });
    if rng.random_bool(0.15) {
        command["note"] = Value::from(words::handover(rng));
    }
    Turned { person: person.clone(), unit: unit.clone(), command }
}

fn come(unit: &UnitCode, person: &Arc<Person>, employee: &crate::Employee) -> Turned {
    let command = if employee.is(Role::SquadLeader) { "lead" } else { "go_on" };
    Turned {
        person: person.clone(),
        unit: unit.clone(),
        command: json!({ "command": command, "unit": unit.as_str() }),
    }
}
