//! Duty (勤务): who is on duty in a unit, who leads the shift, who is planned for which ([`roster`]), what was handed
//! over. One docket for each unit.

pub mod roster;

use crate::policy;
use crate::{Choice, Facts, Field, FieldKind, Offer, PartKind, PartRef, Procedure, Refusal, Summary, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{PersonCode, UnitCode};
use roster::{Plan, Roster, Shift};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Who is on duty now, over all units.
#[derive(Debug, Clone, Default)]
pub struct OnDuty {
    people: HashMap<PersonCode, UnitCode>,
    leaders: HashMap<UnitCode, PersonCode>,
    rosters: BTreeMap<UnitCode, Arc<Roster>>,
}

impl OnDuty {
    /// Whether this person is on duty, wherever.
    #[must_use]
    pub fn is_on(&self, person: &PersonCode) -> bool {
        self.people.contains_key(person)
    }
    /// The leader in charge (带班领导) of a unit now.
    #[must_use]
    pub fn leader(&self, unit: &UnitCode) -> Option<&PersonCode> {
        self.leaders.get(unit)
    }
    /// Everybody on duty with their unit.
    pub fn people(&self) -> impl Iterator<Item = (&PersonCode, &UnitCode)> {
        self.people.iter()
    }
    /// The roster of a unit, when it has planned anything.
    #[must_use]
    pub fn roster(&self, unit: &UnitCode) -> Option<&Arc<Roster>> {
        self.rosters.get(unit)
    }
    /// The shift that somebody is in or that comes next, over all units: begin, end, shift.
    #[must_use]
    pub fn next_shift(&self, person: &PersonCode, now: Timestamp) -> Option<(Timestamp, Timestamp, &Shift)> {
        self.rosters.values().filter_map(|r| r.next(person, now)).min_by_key(|(from, ..)| *from)
    }
    /// Takes over what a unit's docket says.
    pub fn apply(&mut self, state: &State) {
        let Some(unit) = &state.unit else { return };
        self.people.retain(|_, u| u != unit);
        for person in state.on.keys() {
            self.people.insert(person.clone(), unit.clone());
        }
        if self.rosters.get(unit).map_or(state.roster != Roster::default(), |known| **known != state.roster) {
            self.rosters.insert(unit.clone(), Arc::new(state.roster.clone()));
        }
        match &state.leader {
            Some(leader) => self.leaders.insert(unit.clone(), leader.clone()),
            None => self.leaders.remove(unit),
        };
    }
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 到岗.
    GoOn {
        /// The unit, when the docket is new.
        unit: UnitCode,
        /// Who; the actor when not given.
        #[serde(default)]
        person: Option<PersonCode>,
    },
    /// 离岗, with what the next shift must know.
    GoOff {
        /// Who; the actor when not given.
        #[serde(default)]
        person: Option<PersonCode>,
        /// Hand-over note (交接).
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// Names the leader in charge (带班领导).
    Lead {
        /// The unit, when the docket is new.
        unit: UnitCode,
        /// Who; the actor when not given.
        #[serde(default)]
        person: Option<PersonCode>,
    },
    /// 排班: plans a week; days and shifts that are over stay as they were.
    Plan {
        /// The unit, when the docket is new.
        unit: UnitCode,
        /// The week's Monday.
        #[schemars(with = "String")]
        week: Date,
        /// Only this day of the week; the others stay as they are.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        day: Option<Date>,
        /// Name of the shift by day and person.
        #[serde(default)]
        #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
        plan: Plan,
    },
    /// Sets the unit's shifts (班次).
    SetShifts {
        /// The unit, when the docket is new.
        unit: UnitCode,
        /// All of them.
        shifts: Vec<Shift>,
    },
    /// Writes into the hand-over log.
    HandOver {
        /// What the next shift must know.
        #[schemars(with = "String")]
        note: Text,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands")]
pub enum Event {
    WentOn { unit: UnitCode, person: PersonCode, at: Timestamp },
    WentOff { person: PersonCode, at: Timestamp, note: Option<PartRef> },
    Led { unit: UnitCode, person: PersonCode, at: Timestamp },
    HandedOver { by: Option<PersonCode>, at: Timestamp, note: PartRef },
    Planned { unit: UnitCode, week: Date, plan: Plan, at: Timestamp },
    ShiftsSet { unit: UnitCode, shifts: Vec<Shift>, at: Timestamp },
}

/// A unit's duty now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The unit.
    pub unit: Option<UnitCode>,
    /// Who is on, since when.
    pub on: BTreeMap<PersonCode, Timestamp>,
    /// Leader in charge.
    pub leader: Option<PersonCode>,
    /// Shifts and who is planned for them.
    pub roster: Roster,
    /// The last hand-over notes, newest last (bounded).
    pub notes: Vec<(Timestamp, Option<PersonCode>, PartRef)>,
}

/// How many notes the state keeps at hand; all of them stay in the record.
const NOTES_AT_HAND_MAX: usize = 20;

/// Number of a unit's duty docket: there is one for each unit.
#[must_use]
pub fn number(unit: &UnitCode) -> String {
    format!("duty:{unit}")
}

/// The procedure.
#[derive(Debug)]
pub struct Duty;

/// Somebody who serves in a unit, above it or below it.
fn of_unit(facts: &Facts<'_>, person: &PersonCode, unit: &UnitCode) -> Result<(), Refusal> {
    let Some(card) = facts.directory.people.get(person).filter(|p| p.active) else {
        return Err(Refusal::invalid("person", format!("没有在册人员 {person}。"), "请从本单位人员中选择。"));
    };
    if !card
        .posts
        .iter()
        .any(|p| facts.directory.within(&p.unit, unit) || facts.directory.within(unit, &p.unit))
    {
        return Err(Refusal::invalid(
            "person",
            format!("{} 不在本单位任职。", card.name),
            "请从本单位人员中选择。",
        ));
    }
    Ok(())
}

fn may_roster(facts: &Facts<'_>, unit: &UnitCode) -> Result<(), Refusal> {
    policy::permit(facts, "roster", &policy::Matter { unit: Some(unit), ..policy::Matter::default() })
        .map(|_| ())
}

fn whom(facts: &Facts<'_>, person: Option<PersonCode>, unit: &UnitCode) -> Result<PersonCode, Refusal> {
    let own = facts.actor.person().cloned();
    let person = person
        .or_else(|| own.clone())
        .ok_or_else(|| Refusal::invalid("person", "没有指明是谁。", "请选择人员。"))?;
    of_unit(facts, &person, unit)?;
    let matter = policy::Matter { unit: Some(unit), ..policy::Matter::default() };
    let action = if own.as_ref() == Some(&person) { "own_duty" } else { "roster" };
    policy::permit(facts, action, &matter)?;
    Ok(person)
}

impl Procedure for Duty {
    const KIND: &'static str = "duty";
    const TITLE: &'static str = "勤务";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let at = facts.now;
        let known = |unit: &UnitCode| {
            if state.unit.as_ref().is_some_and(|u| u != unit) || !facts.directory.units.contains_key(unit) {
                return Err(Refusal::invalid(
                    "unit",
                    format!("单位 {unit} 与本勤务簿不符或不存在。"),
                    "请从单位名录中选择。",
                ));
            }
            Ok(())
        };
        let own_unit = || {
            state
                .unit
                .clone()
                .ok_or_else(|| Refusal::conflict("nobody-on", "本单位还没有人到岗。", "请先到岗。"))
        };
        match command {
            Command::GoOn { unit, person } => {
                known(&unit)?;
                let person = whom(facts, person, &unit)?;
                if state.on.contains_key(&person) {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::WentOn { unit, person, at }])
            }
            Command::GoOff { person, note } => {
                let person = whom(facts, person, &own_unit()?)?;
                if !state.on.contains_key(&person) {
                    return Err(Refusal::conflict(
                        "not-on",
                        "此人现在不在岗。",
                        "无需离岗；如记录有误请写交接说明。",
                    ));
                }
                Ok(vec![Event::WentOff { person, at, note: note.part() }])
            }
            Command::Lead { unit, person } => {
                known(&unit)?;
                let person = whom(facts, person, &unit)?;
                may_roster(facts, &unit)?;
                Ok(vec![Event::Led { unit, person, at }])
            }
            Command::Plan { unit, week, day, plan } => {
                known(&unit)?;
                may_roster(facts, &unit)?;
                for person in plan.values().flat_map(BTreeMap::keys) {
                    of_unit(facts, person, &unit)?;
                }
                let plan = state.roster.checked(week, day, plan, at)?;
                if state.roster.weeks.get(&week) == Some(&plan) {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::Planned { unit, week, plan, at }])
            }
            Command::SetShifts { unit, shifts } => {
                known(&unit)?;
                may_roster(facts, &unit)?;
                state.roster.checked_shifts(&shifts, at)?;
                if state.roster.shifts == shifts {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::ShiftsSet { unit, shifts, at }])
            }
            Command::HandOver { note } => {
                let unit = own_unit()?;
                policy::permit(
                    facts,
                    "own_duty",
                    &policy::Matter { unit: Some(&unit), ..policy::Matter::default() },
                )?;
                let note = note
                    .part()
                    .ok_or_else(|| Refusal::invalid("note", "交接内容为空。", "请写明要交接的事项。"))?;
                Ok(vec![Event::HandedOver { by: facts.actor.person().cloned(), at, note }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let keep = |state: &mut State, at: Timestamp, by: Option<PersonCode>, note: PartRef| {
            state.notes.push((at, by, note));
            if state.notes.len() > NOTES_AT_HAND_MAX {
                state.notes.remove(0);
            }
        };
        match event {
            Event::WentOn { unit, person, at } => {
                state.unit = Some(unit.clone());
                state.on.insert(person.clone(), *at);
            }
            Event::WentOff { person, at, note } => {
                state.on.remove(person);
                if state.leader.as_ref() == Some(person) {
                    state.leader = None;
                }
                if let Some(note) = note {
                    keep(&mut state, *at, Some(person.clone()), *note);
                }
            }
            Event::Led { unit, person, .. } => {
                state.unit = Some(unit.clone());
                state.leader = Some(person.clone());
            }
            Event::HandedOver { by, at, note } => keep(&mut state, *at, by.clone(), *note),
            Event::Planned { unit, week, plan, .. } => {
                state.unit = Some(unit.clone());
                state.roster.put(*week, plan.clone());
            }
            Event::ShiftsSet { unit, shifts, .. } => {
                state.unit = Some(unit.clone());
                state.roster.shifts.clone_from(shifts);
            }
        }
        state
    }

    fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
        let (Some(unit), Some(me)) = (&state.unit, facts.actor.person()) else {
            return Vec::new();
        };
        let matter = policy::Matter { unit: Some(unit), ..policy::Matter::default() };
        let mut offers = Vec::new();
        let note = Field {
            name: "note",
            title: "交接事项",
            required: false,
            kind: FieldKind::Text,
            hint: "下一班必须知道的事".into(),
        };
        if policy::permit(facts, "own_duty", &matter).is_ok() && whom(facts, None, unit).is_ok() {
            if state.on.contains_key(me) {
                offers.push(Offer {
                    command: "go_off",
                    title: "离岗",
                    consequence: "您不再接到自动派单。",
                    fields: vec![note.clone()],
                    main: false,
                    refused: None,
                });
            } else {
                let field = Field {
                    name: "unit",
                    title: "单位",
                    required: true,
                    kind: FieldKind::Unit {
                        choices: vec![Choice::new(unit.as_str(), facts.directory.unit_name(unit))],
                        many: false,
                    },
                    hint: "".into(),
                };
                offers.push(Offer {
                    command: "go_on",
                    title: "到岗",
                    consequence: "从现在起可以接到自动派单。",
                    fields: vec![field],
                    main: true,
                    refused: None,
                });
            }
            offers.push(Offer {
                command: "hand_over",
                title: "写交接",
                consequence: "记入交接簿。",
                fields: vec![Field { required: true, ..note }],
                main: false,
                refused: None,
            });
        }
        if policy::permit(facts, "roster", &matter).is_ok() {
            let field = Field {
                name: "unit",
                title: "单位",
                required: true,
                kind: FieldKind::Unit {
                    choices: vec![Choice::new(unit.as_str(), facts.directory.unit_name(unit))],
                    many: false,
                },
                hint: "".into(),
            };
            let mut people: Vec<_> = facts
                .directory
                .people
                .values()
                .filter(|p| p.active && p.posts.iter().any(|x| facts.directory.within(&x.unit, unit)))
                .map(|p| Choice::new(p.code.as_str(), &*p.name))
                .collect();
            people.sort_by(|a, b| a.value.cmp(&b.value));
            // Whoever has no post here (a dispatcher of the command centre) must name somebody.
            let own = whom(facts, None, unit).is_ok();
            let person = Field {
                name: "person",
                title: "带班领导",
                required: !own,
                kind: FieldKind::Person { choices: people },
                hint: if own { "不选即本人" } else { "请选择" }.into(),
            };
            offers.push(Offer {
                command: "lead",
                title: "设带班领导",
                consequence: "超时未接单等情况先找带班领导。",
                fields: vec![field, person],
                main: false,
                refused: None,
            });
        }
        offers
    }

    fn summary(state: &State) -> Summary {
        Summary {
            number: state.unit.as_ref().map(number).unwrap_or_default(),
            stage: if state.on.is_empty() { "off" } else { "on" },
            unit: state.unit.clone(),
            source: "administration",
            texts: state.notes.iter().map(|n| n.2).collect(),
            ..Summary::default()
        }
    }

    fn texts(command: &mut Command) -> Vec<(PartKind, &mut Text)> {
        match command {
            Command::GoOff { note, .. } | Command::HandOver { note } => vec![(PartKind::Remark, note)],
            Command::GoOn { .. }
            | Command::Lead { .. }
            | Command::Plan { .. }
            | Command::SetShifts { .. } => Vec::new(),
        }
    }
}
