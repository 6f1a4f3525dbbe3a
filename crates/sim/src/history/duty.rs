//! Shifts: who comes, who goes, who leads.

use crate::city::{City, Turn};
use crate::history::words;
use jiff::Timestamp;
use lianzhi_app::{App, Caller};
use lianzhi_ids::{PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::Person;
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
    opened: bool,
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
        let (day, us) = local(start);
        let passed = CHANGES.iter().filter(|(half, ..)| half * HOUR_US / 2 <= us).count();
        Rota { people, known, next: (day, passed), opened: false }
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

    /// Lets the change of turns happen that is due: who goes, who comes, who leads. The first time, all whose turn it
    /// is come, one after another, so that each unit's duty book is opened once.
    pub(super) async fn change(&mut self, app: &App, now: Timestamp, rng: &mut ChaCha12Rng) -> (u64, u64) {
        if !self.opened {
            self.opened = true;
            let mut units = Vec::new();
            for (unit, people) in &self.people {
                let on = people.iter().filter(|(p, _)| self.next_on(&p.code, now) == Some(now));
                units.push((unit, on.map(|(p, e)| (p.clone(), come(e))).collect::<Vec<_>>()));
            }
            let opened = units.into_iter().map(async |(unit, people)| {
                let mut refused = 0;
                let mut given = 0;
                for (person, command) in people {
                    given += 1;
                    refused += u64::from(
                        app.duty_command(&Caller::person(person, ""), unit, command).await.is_err(),
                    );
                }
                (given, refused)
            });
            return futures::future::join_all(opened)
                .await
                .into_iter()
                .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        }
        let (day, i) = match self.next {
            (day, i) if i < CHANGES.len() => (day, i),
            (day, _) => (day + 1, 0),
        };
        self.next = (day, i + 1);
        let (_, ends, begins) = CHANGES[i];
        // The night that ends in the morning began the day before.
        let ending_day = if i == 0 { day.saturating_sub(1) } else { day };
        let mut commands: Vec<(Arc<Person>, &UnitCode, Value)> = Vec::new();
        for (unit, people) in &self.people {
            for (person, employee) in people {
                let leads = employee.is(Role::SquadLeader);
                if employee.turn(day) == begins && !(leads && begins == Turn::Night) {
                    commands.push((person.clone(), unit, come(employee)));
                }
                if employee.turn(ending_day) == ends && !leads {
                    let mut command = json!({ "command": "go_off" });
                    if rng.random_bool(0.15) {
                        command["note"] = Value::from(words::handover(rng));
                    }
                    commands.push((person.clone(), unit, command));
                }
            }
        }
        let given = commands.len() as u64;
        let given_all = commands.into_iter().map(async |(person, unit, command)| {
            app.duty_command(&Caller::person(person, ""), unit, command).await
        });
        let refused = futures::future::join_all(given_all).await.iter().filter(|a| a.is_err()).count();
        (given, refused as u64)
    }
}

fn come(employee: &crate::Employee) -> Value {
    if employee.is(Role::SquadLeader) { json!({ "command": "lead" }) } else { json!({ "command": "go_on" }) }
}
