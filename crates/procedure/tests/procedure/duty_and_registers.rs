//! Duty books and registers.

use crate::kit::{directory, explained};
use lianzhi_ids::{Digest, Role};
use lianzhi_procedure::directory::{Directory, Grid, Post};
use lianzhi_procedure::duty::{self, Duty, OnDuty};
use lianzhi_procedure::register::{self, Record, Register};
use lianzhi_procedure::{Actor, Facts, LookUps, NoLoads, PartRef, Procedure, Refusal, Text};
use lianzhi_testkit::city;
use serde_json::{Value, json};

fn with_facts<T>(directory: &Directory, who: &str, f: impl FnOnce(&Facts<'_>) -> T) -> T {
    let actor = match who {
        "system" => Actor::System,
        "public" => Actor::Public,
        code => city::actor(directory, code),
    };
    let (duty, look_ups) = (OnDuty::default(), LookUps::default());
    f(&Facts {
        now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
        actor: &actor,
        directory,
        duty: &duty,
        loads: &NoLoads,
        look_ups: &look_ups,
    })
}

fn ask(state: &mut duty::State, who: &str, command: Value) -> Result<Vec<duty::Event>, Refusal> {
    let mut command: duty::Command = serde_json::from_value(command).unwrap();
    for (kind, text) in Duty::texts(&mut command) {
        if !text.is_empty() {
            *text = Text::Sealed(PartRef { kind, digest: Digest([1; 32]) });
        }
    }
    let events = with_facts(directory(), who, |facts| Duty::decide(state, command, facts));
    match events {
        Ok(events) => {
            for event in &events {
                let back: duty::Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
                *state = Duty::evolve(std::mem::take(state), &back);
            }
            Ok(events)
        }
        Err(refusal) => {
            explained(&refusal);
            Err(refusal)
        }
    }
}

#[test]
fn people_go_on_and_off_duty_themselves_and_hand_over() {
    let mut state = duty::State::default();
    ask(&mut state, "officer-a1", json!({ "command": "go_on", "unit": "squad-a" })).unwrap();
    assert!(
        ask(&mut state, "officer-a1", json!({ "command": "go_on", "unit": "squad-a" })).unwrap().is_empty()
    );
    let mut on = OnDuty::default();
    on.apply(&state);
    assert!(on.is_on(&city::person("officer-a1")));
    ask(&mut state, "officer-a1", json!({ "command": "hand_over", "note": "漕平路须复查" })).unwrap();
    ask(&mut state, "officer-a1", json!({ "command": "go_off", "note": "钥匙在值班室" })).unwrap();
    on.apply(&state);
    assert!(!on.is_on(&city::person("officer-a1")));
    assert_eq!(state.notes.len(), 2);
    assert_eq!(ask(&mut state, "officer-a1", json!({ "command": "go_off" })).unwrap_err().code, "not-on");
    assert_eq!(
        ask(&mut state, "officer-a2", json!({ "command": "hand_over", "note": "" })).unwrap_err().field,
        Some("note")
    );
}

#[test]
fn the_squad_leader_rosters_his_own_people_and_names_the_leader_in_charge() {
    let mut state = duty::State::default();
    ask(&mut state, "captain-a", json!({ "command": "go_on", "unit": "squad-a", "person": "officer-a2" }))
        .unwrap();
    ask(&mut state, "captain-a", json!({ "command": "lead", "unit": "squad-a" })).unwrap();
    assert_eq!(state.leader, Some(city::person("captain-a")));
    for (who, command) in [
        ("officer-a1", json!({ "command": "go_on", "unit": "squad-a", "person": "officer-a3" })),
        ("officer-a1", json!({ "command": "lead", "unit": "squad-a" })),
        ("captain-b", json!({ "command": "go_on", "unit": "squad-a", "person": "officer-a3" })),
        ("officer-b1", json!({ "command": "go_on", "unit": "squad-a" })),
        ("captain-a", json!({ "command": "go_on", "unit": "squad-a", "person": "officer-b1" })),
        ("captain-a", json!({ "command": "go_on", "unit": "squad-b" })),
        ("captain-a", json!({ "command": "go_on", "unit": "nowhere" })),
        ("captain-a", json!({ "command": "go_on", "unit": "squad-a", "person": "nobody" })),
        ("public", json!({ "command": "go_on", "unit": "squad-a" })),
    ] {
        assert!(ask(&mut state, who, command.clone()).is_err(), "{who} {command}");
    }
    // Whoever leads and goes off duty leads no more.
    ask(&mut state, "captain-a", json!({ "command": "go_on", "unit": "squad-a" })).unwrap();
    ask(&mut state, "captain-a", json!({ "command": "go_off" })).unwrap();
    assert_eq!(state.leader, None);
}

#[test]
fn whatever_a_duty_book_offers_is_accepted() {
    let mut state = duty::State::default();
    ask(&mut state, "officer-a1", json!({ "command": "go_on", "unit": "squad-a" })).unwrap();
    for who in ["officer-a1", "officer-a2", "captain-a", "dispatcher", "leader", "officer-b1", "auditor"] {
        for offer in with_facts(directory(), who, |facts| Duty::offers(&state, facts)) {
            let mut command = json!({ "command": offer.command, "unit": "squad-a", "note": "交接" });
            if offer.fields.iter().any(|f| f.name == "person" && f.required) {
                command["person"] = json!("officer-a1");
            }
            ask(&mut state.clone(), who, command).unwrap_or_else(|e| panic!("{who} {}: {e}", offer.command));
        }
    }
}

#[test]
fn the_last_hand_over_notes_stay_at_hand() {
    let mut state = duty::State::default();
    ask(&mut state, "officer-a1", json!({ "command": "go_on", "unit": "squad-a" })).unwrap();
    for _ in 0..25 {
        ask(&mut state, "officer-a1", json!({ "command": "hand_over", "note": "平安" })).unwrap();
    }
    assert_eq!(state.notes.len(), 20);
}

fn put(state: &register::State, who: &str, record: Record) -> Result<Vec<register::Event>, Refusal> {
    with_facts(directory(), who, |facts| {
        Register::decide(state, register::Command::Put { record: Box::new(record) }, facts)
    })
    .inspect_err(explained)
}

#[test]
fn only_administrators_change_registers_and_every_change_is_an_event() {
    let unit = city::units()[1].clone();
    let empty = register::State::default();
    for who in ["dispatcher", "captain-a", "auditor", "public"] {
        assert!(put(&empty, who, Record::Unit(unit.clone())).is_err(), "{who}");
    }
    let events = put(&empty, "admin", Record::Unit(unit.clone())).unwrap();
    let state = events.iter().fold(empty, Register::evolve);
    assert!(
        put(&state, "admin", Record::Unit(unit.clone())).unwrap().is_empty(),
        "the same again changes nothing"
    );
    let renamed =
        Record::Unit(lianzhi_procedure::directory::Unit { name: "甲镇综合执法队".into(), ..unit });
    assert_eq!(put(&state, "admin", renamed).unwrap().len(), 1);
    let other = Record::Unit(city::units()[2].clone());
    assert_eq!(put(&state, "admin", other).unwrap_err().field, Some("record"));
}

#[test]
fn a_record_that_does_not_fit_is_refused_at_its_field() {
    let empty = register::State::default();
    let person = |change: &dyn Fn(&mut lianzhi_procedure::directory::Person)| {
        let mut p = city::people()[0].clone();
        change(&mut p);
        Record::Person(p)
    };
    let unit = |change: &dyn Fn(&mut lianzhi_procedure::directory::Unit)| {
        let mut u = city::units()[0].clone();
        change(&mut u);
        Record::Unit(u)
    };
    let grid = Grid { unit: city::unit("nowhere"), ..city::grids()[0].clone() };
    for (record, field) in [
        (person(&|p| p.name = String::new()), "name"),
        (person(&|p| p.name = "长".repeat(101)), "name"),
        (person(&|p| p.posts.clear()), "posts"),
        (person(&|p| p.posts[0].roles.clear()), "roles"),
        (
            person(&|p| {
                p.posts =
                    vec![Post { unit: city::unit("nowhere"), roles: vec![Role::Officer], grids: vec![] }]
            }),
            "unit",
        ),
        (person(&|p| p.login = "auditor".into()), "login"),
        (person(&|p| p.login = "a b".into()), "login"),
        (person(&|p| p.login = String::new()), "login"),
        (unit(&|u| u.name = " ".into()), "name"),
        (unit(&|u| u.parent = Some(city::unit("nowhere"))), "unit"),
        (unit(&|u| u.parent = Some(city::unit("squad-a"))), "parent"),
        (Record::Grid(grid), "unit"),
    ] {
        assert_eq!(put(&empty, "admin", record).unwrap_err().field, Some(field));
    }
}

#[test]
fn a_record_is_retired_once_and_comes_back_when_put_again() {
    let retire = |state: &register::State| {
        with_facts(directory(), "admin", |facts| {
            Register::decide(state, register::Command::Retire { reason: "合并".into() }, facts)
        })
    };
    assert!(retire(&register::State::default()).is_err());
    // A unit that nobody and no grid belongs to.
    let spare = city::unit("spare");
    let record = Record::Unit(lianzhi_procedure::directory::Unit { code: spare, ..city::units()[1].clone() });
    let mut state = put(&register::State::default(), "admin", record.clone())
        .unwrap()
        .iter()
        .fold(register::State::default(), Register::evolve);
    state = retire(&state).unwrap().iter().fold(state, Register::evolve);
    assert!(state.retired && retire(&state).unwrap().is_empty());
    state = put(&state, "admin", record).unwrap().iter().fold(state, Register::evolve);
    assert!(!state.retired);
}

#[test]
fn what_is_still_used_is_not_retired_and_the_last_administrator_stays() {
    let retire = |record: Record| {
        let state = register::State { record: Some(Box::new(record)), retired: false };
        with_facts(directory(), "admin", |facts| {
            Register::decide(&state, register::Command::Retire { reason: "撤并".into() }, facts)
        })
        .inspect_err(explained)
    };
    for unit in city::units() {
        let used = city::people().iter().any(|p| p.posts.iter().any(|post| post.unit == unit.code))
            || city::grids().iter().any(|g| g.unit == unit.code)
            || city::units().iter().any(|u| u.parent.as_ref() == Some(&unit.code));
        if used {
            assert_eq!(retire(Record::Unit(unit)).unwrap_err().code, "still-used");
        }
    }
    let admin = city::people().into_iter().find(|p| p.code == city::person("admin")).unwrap();
    assert_eq!(retire(Record::Person(admin.clone())).unwrap_err().code, "last-admin");
    let empty = register::State::default();
    let gone = lianzhi_procedure::directory::Person { active: false, ..admin.clone() };
    assert_eq!(put(&empty, "admin", Record::Person(gone)).unwrap_err().code, "last-admin");
    let mut demoted = admin;
    demoted.posts[0].roles = vec![Role::Auditor];
    assert_eq!(put(&empty, "admin", Record::Person(demoted)).unwrap_err().code, "last-admin");
    let other = city::people().into_iter().find(|p| p.code != city::person("admin")).unwrap();
    let gone = lianzhi_procedure::directory::Person { active: false, ..other };
    assert!(put(&empty, "admin", Record::Person(gone)).is_ok(), "anybody else may go");
}

/// Monday, 2026-11-23, nine o'clock in the morning.
#[test]
fn a_squad_leader_plans_his_week_and_what_is_over_stays() {
    let mut state = duty::State::default();
    let plan = |day: &str, who: &str, shift: &str| json!({ "command": "plan", "unit": "squad-a", "week": "2026-11-23", "plan": { day: { who: shift } } });
    let refused = |state: &mut duty::State, who: &str, command| ask(state, who, command).unwrap_err();
    assert_eq!(
        refused(&mut state, "officer-a1", plan("2026-11-24", "officer-a2", "早班")).code,
        "not-permitted"
    );
    assert_eq!(
        refused(&mut state, "captain-a", plan("2026-11-24", "officer-a1", "大夜")).field,
        Some("plan")
    );
    assert_eq!(
        refused(&mut state, "captain-a", plan("2026-12-01", "officer-a1", "早班")).field,
        Some("plan")
    );
    assert_eq!(
        refused(&mut state, "captain-a", plan("2026-11-24", "officer-b1", "早班")).field,
        Some("person")
    );
    let over = json!({ "command": "plan", "unit": "squad-a", "week": "2026-11-16", "plan": {} });
    assert_eq!(refused(&mut state, "captain-a", over).code, "week-over");
    let tuesday = json!({ "command": "plan", "unit": "squad-a", "week": "2026-11-24", "plan": {} });
    assert_eq!(refused(&mut state, "captain-a", tuesday).field, Some("week"));

    assert_eq!(ask(&mut state, "captain-a", plan("2026-11-23", "officer-a1", "早班")).unwrap().len(), 1);
    assert!(
        ask(&mut state, "captain-a", plan("2026-11-23", "officer-a1", "早班")).unwrap().is_empty(),
        "as it was"
    );
    let mut on = OnDuty::default();
    on.apply(&state);
    let now = lianzhi_testkit::at("2026-11-23T01:00:00Z");
    let roster = on.roster(&city::unit("squad-a")).unwrap();
    let expected: Vec<_> =
        roster.expected(now).into_iter().map(|(p, s)| (p.as_str(), s.name.as_str())).collect();
    assert_eq!(expected, [("officer-a1", "早班")]);
    assert!(!on.is_on(&city::person("officer-a1")), "a plan puts nobody on duty");
    assert!(on.next_shift(&city::person("officer-a1"), now).is_some());
}

#[test]
fn a_unit_sets_its_own_shifts_and_keeps_those_that_are_planned() {
    let mut state = duty::State::default();
    let set = |shifts: Value| json!({ "command": "set_shifts", "unit": "squad-a", "shifts": shifts });
    let day = json!({ "name": "白班", "from": 510, "to": 1020 });
    let night = json!({ "name": "值夜", "from": 1020, "to": 510 });
    assert_eq!(ask(&mut state, "captain-a", set(json!([]))).unwrap_err().field, Some("shifts"));
    assert_eq!(ask(&mut state, "captain-a", set(json!([day, day]))).unwrap_err().field, Some("shifts"));
    let endless = json!([{ "name": "白班", "from": 510, "to": 510 }]);
    assert_eq!(ask(&mut state, "captain-a", set(endless)).unwrap_err().field, Some("shifts"));
    ask(&mut state, "captain-a", set(json!([day, night]))).unwrap();
    assert_eq!(state.roster.shifts[1].hours(), "17:00–08:30");
    let plan = json!({ "2026-11-25": { "officer-a1": "值夜" } });
    let plan = json!({ "command": "plan", "unit": "squad-a", "week": "2026-11-23", "plan": plan });
    ask(&mut state, "captain-a", plan).unwrap();
    assert_eq!(ask(&mut state, "captain-a", set(json!([day]))).unwrap_err().code, "shift-planned");
}
