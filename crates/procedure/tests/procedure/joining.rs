//! Repeats: joined by a person; each keeps its own answer; closing one never silently closes another.

use crate::kit::*;
use lianzhi_ids::{CategoryCode, DocketId};
use lianzhi_procedure::facts::{Lead, Target};
use lianzhi_procedure::report::{Command, Event, File, Outcome, Report, Stage, State, TermKey};
use lianzhi_procedure::{Procedure, RefusalKind};
use lianzhi_territory::Point;

fn joined() -> Case {
    let mut case = Case::reported();
    case.ok("dispatcher", json!({ "command": "join", "to": LEAD }));
    assert_eq!(case.stage(), "joined");
    case
}

/// What the last of these events tells others.
fn told(case: &Case, id: i64, event: &Event) -> Vec<(DocketId, Command)> {
    reports(Report::follow_ups(DocketId(id), &case.state, event))
}

#[test]
fn only_a_person_joins_and_only_to_an_open_matter_that_is_not_joined_itself() {
    let mut case = Case::reported();
    for who in ["officer-a1", "captain-b", "system", "reporter"] {
        assert_eq!(case.refused(who, json!({ "command": "join", "to": LEAD })).kind, RefusalKind::Forbidden);
    }
    for target in [
        None,
        Some(Target { docket: DocketId(5), open: true, joined: false, lead: None }),
        Some(Target { docket: LEAD, open: false, joined: false, lead: None }),
        Some(Target { docket: LEAD, open: true, joined: true, lead: None }),
    ] {
        case.look_ups.target = target;
        assert_eq!(case.refused("dispatcher", json!({ "command": "join", "to": LEAD })).field, Some("to"));
    }
}

#[test]
fn what_seems_not_to_be_one_thing_is_joined_only_by_somebody_who_is_sure() {
    let mut case = Case::new();
    let place = json!({ "lng_e6": 121_114_200, "lat_e6": 31_150_600 });
    case.ok("public", with(register(), "point", place));
    let (point, category) = (case.file().point.unwrap(), case.file().category.clone().unwrap());
    let at = |metres: i32| Some(Point { lat_e6: point.lat_e6 + metres * 9, ..point });
    let other = Some(CategoryCode::parse("E06042").unwrap());
    assert_ne!(other.as_ref().map(CategoryCode::class), Some(category.class()));
    let lead = |point, category| Lead {
        number: "沪青2026-000009".into(),
        title: "露天烧烤".into(),
        point,
        category,
    };
    let mut ask = |lead, sure| {
        case.look_ups.target = Some(Target { docket: LEAD, open: true, joined: false, lead: Some(lead) });
        case.ask("dispatcher", json!({ "command": "join", "to": LEAD, "sure": sure }))
    };
    // Near, or nothing known, or the same kind without a place: nothing speaks against it.
    for fine in [lead(at(200), other.clone()), lead(None, None), lead(None, Some(category.clone()))] {
        assert!(ask(fine.clone(), false).is_ok(), "{fine:?}");
    }
    let far = lead(at(6_100), Some(category));
    let refusal = ask(far.clone(), false).unwrap_err();
    assert_eq!(refusal.field, Some("sure"));
    assert!(refusal.rule.contains("沪青2026-000009“露天烧烤”，两处相距约 6.1 公里"), "{refusal:?}");
    assert!(ask(lead(None, other.clone()), false).unwrap_err().rule.contains("本件是"));
    assert!(ask(lead(at(400), other), false).is_err(), "another kind some streets away");
    assert!(ask(far, true).is_ok());
}

#[test]
fn a_lead_is_not_joined_to_another() {
    let mut case = Case::reported();
    case.ok("system", json!({ "command": "absorb", "from": 5 }));
    assert_eq!(case.refused("dispatcher", json!({ "command": "join", "to": LEAD })).code, "is-lead");
    case.ok("system", json!({ "command": "release", "from": 5 }));
    case.ok("dispatcher", json!({ "command": "join", "to": LEAD }));
}

#[test]
fn joining_and_leaving_are_told_to_the_lead() {
    let mut case = Case::reported();
    let joined = case.ask("dispatcher", json!({ "command": "join", "to": LEAD })).unwrap();
    assert_eq!(told(&case, 5, &joined[0]), [(LEAD, Command::Absorb { from: DocketId(5) })]);
    case.apply(&joined);
    let left = case.ask("captain-a", json!({ "command": "unjoin" })).unwrap();
    assert_eq!(told(&case, 5, &left[0]), [(LEAD, Command::Release { from: DocketId(5) })]);
    case.apply(&left);
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
}

#[test]
fn when_its_lead_is_settled_it_still_needs_its_own_answer_and_its_own_closing() {
    let mut case = joined();
    case.ok("system", json!({ "command": "lead_settled", "lead": 5, "outcome": "cleared" }));
    assert_eq!(case.stage(), "joined", "that was not its lead");
    case.ok("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": "cleared" }));
    assert_eq!(case.stage(), "to_answer");
    assert_eq!(case.refused("dispatcher", json!({ "command": "close" })).code, "not-answered");
    case.ok("officer-a1", json!({ "command": "answer", "text": "已一并处理", "channel": "message" }));
    assert_eq!(case.stage(), "to_close");
    assert!(
        case.ok("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": "cleared" }))
            .is_empty()
    );
}

#[test]
fn when_its_lead_ends_without_being_handled_it_is_dispatched_again() {
    let mut case = joined();
    case.ok("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": null }));
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
}

#[test]
fn a_lead_tells_its_joined_matters_whatever_way_it_ends() {
    let settled = |outcome| vec![(DocketId(5), Command::LeadSettled { lead: LEAD, outcome })];
    let lead = |mut case: Case| {
        case.ok("system", json!({ "command": "absorb", "from": 5 }));
        case
    };
    let mut case = lead(Case::handled());
    let verified = case.ok("verifier", json!({ "command": "verify", "passed": true }));
    let mut before = lead(Case::handled());
    assert_eq!(told(&before, LEAD.0, &verified[0]), settled(Some(Outcome::Untrue)));
    let again =
        before.ask("verifier", json!({ "command": "verify", "passed": false, "note": "没清" })).unwrap();
    assert!(told(&before, LEAD.0, &again[0]).is_empty(), "not settled yet");

    for (who, command) in [
        ("dispatcher", json!({ "command": "dismiss", "note": "非本机关职责" })),
        ("reporter", json!({ "command": "withdraw" })),
    ] {
        let mut case = lead(Case::reported());
        let ended = case.ask(who, command).unwrap();
        assert_eq!(told(&case, LEAD.0, &ended[0]), settled(None));
    }
}

#[test]
fn joined_to_a_lead_that_was_verified_before_it_waits_for_nothing() {
    let mut case = Case::handled();
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    let absorbed = case.ask("system", json!({ "command": "absorb", "from": 5 })).unwrap();
    assert_eq!(
        told(&case, LEAD.0, &absorbed[0]),
        [(DocketId(5), Command::LeadSettled { lead: LEAD, outcome: Some(Outcome::Untrue) })]
    );
}

#[test]
fn a_matter_that_was_split_off_tells_the_one_it_came_from() {
    let mut case = Case::new();
    let split = with(with(register(), "source", json!("split")), "split_from", json!(3));
    let events = case.ask("dispatcher", split).unwrap();
    assert_eq!(
        reports(Report::follow_ups(DocketId(9), &State::Nothing, &events[0])),
        [(DocketId(3), Command::SplitInto { docket: DocketId(9) })]
    );
}

#[test]
fn the_arrival_clock_goes_on_after_leaving_with_exactly_the_time_that_was_left() {
    let leave = [
        ("captain-a", json!({ "command": "unjoin" })),
        ("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": null })),
    ];
    for (who, command) in leave {
        let mut case = Case::reported();
        case.after_minutes(30);
        case.ok("dispatcher", json!({ "command": "join", "to": LEAD }));
        case.after_minutes(60 * 9);
        assert!(case.tick().iter().all(|e| !matches!(e, Event::ClockWarned { term: TermKey::Arrive, .. })));
        case.ok(who, command);
        assert!(case.runs(TermKey::Arrive));
        assert_eq!(case.due(TermKey::Arrive).duration_since(case.now).as_mins(), 90);
        // And again: nothing is lost by going to and fro.
        case.after_minutes(15);
        case.ok("dispatcher", json!({ "command": "join", "to": LEAD }));
        case.after_minutes(60 * 24);
        case.ok("captain-a", json!({ "command": "unjoin" }));
        assert_eq!(case.due(TermKey::Arrive).duration_since(case.now).as_mins(), 75);
        case.after_minutes(75);
        let late = |e: &Event| matches!(e, Event::ClockExpired { term: TermKey::Arrive, .. });
        assert_eq!(case.tick().iter().filter(|e| late(e)).count(), 1);
        assert!(!case.tick().iter().any(late), "once");
    }
}

#[test]
fn who_had_arrived_before_has_arrived() {
    let mut case = Case::on_site();
    case.ok("dispatcher", json!({ "command": "join", "to": LEAD }));
    case.ok("captain-a", json!({ "command": "unjoin" }));
    assert!(!case.runs(TermKey::Arrive));
}

#[test]
fn a_reporter_who_says_it_is_the_same_is_joined_at_once_and_sends_nobody() {
    let same = |case: &mut Case| {
        let mut command = register();
        command["same_as"] = json!(LEAD);
        case.ok("public", command)
    };
    let mut case = Case::new();
    let events = same(&mut case);
    assert_eq!(case.stage(), "joined");
    assert!(!events.iter().any(|e| matches!(e, Event::Dispatched { .. })), "nobody is sent twice");
    assert!(case.runs(TermKey::Answer), "his own answer is still due");
    let State::File(file) = &case.state else { panic!("no file") };
    assert!(file.unit.is_some(), "the unit of the place sees it");
    // The lead is told in the same transaction.
    let mut before = case.clone();
    before.state = State::File(Box::new(File {
        stage: Stage::Pooled { unit: None, why: String::new() },
        ..*file.clone()
    }));
    assert_eq!(told(&before, 5, events.last().unwrap()), [(LEAD, Command::Absorb { from: DocketId(5) })]);
    case.ok("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": "cleared" }));
    assert_eq!(case.stage(), "to_answer");
}

#[test]
fn what_ended_meanwhile_is_no_lead_and_the_report_goes_its_own_way() {
    for target in [
        None,
        Some(Target { docket: LEAD, open: false, joined: false, lead: None }),
        Some(Target { docket: LEAD, open: true, joined: true, lead: None }),
        Some(Target { docket: DocketId(5), open: true, joined: false, lead: None }),
    ] {
        let mut case = Case::new();
        case.look_ups.target = target;
        let mut command = register();
        command["same_as"] = json!(LEAD);
        case.ok("public", command);
        assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
    }
}
