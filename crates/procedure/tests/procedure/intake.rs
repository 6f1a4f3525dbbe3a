//! Registering, placing, classifying, dispatching.

use crate::kit::*;
use jiff::SignedDuration;
use lianzhi_procedure::facts::Candidate;
use lianzhi_procedure::report::{Event, TermKey};
use lianzhi_procedure::{Placing, RefusalKind};
use lianzhi_testkit::city;

#[test]
fn a_report_goes_at_once_to_the_officer_of_its_grid_with_the_reason() {
    let case = Case::reported();
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
    let Some(Event::Dispatched { why, .. }) = case.events.last() else { panic!("not dispatched") };
    assert!(why.contains("责任队员"), "{why}");
}

#[test]
fn whoever_has_least_to_do_gets_a_grid_without_an_officer_of_its_own() {
    let mut case = Case::new();
    case.look_ups.placing = Placing::Inside { grid: city::grid(city::GRIDS[2]) };
    case.loads.0.insert(city::person("officer-b1"), 3);
    case.ok("public", register());
    assert_eq!(case.officer(), Some("officer-b2"));
}

#[test]
fn who_is_off_duty_gets_nothing_and_with_nobody_the_squads_pool_has_it_with_the_reason() {
    let mut case = Case::new();
    case.duty = city::on_duty(&case.directory, &["officer-a3"]);
    case.ok("public", register());
    assert_eq!(case.officer(), Some("officer-a3"));

    let mut case = Case::new();
    case.duty = city::on_duty(&case.directory, &[]);
    case.ok("public", register());
    assert_eq!(case.stage(), "pooled");
    assert_eq!(case.file().unit, Some(city::unit("squad-a")));
    assert!(matches!(case.events.last(), Some(Event::Pooled { why, .. }) if why.contains("在岗")));
}

#[test]
fn an_address_that_is_unknown_is_never_refused_but_waits_for_placing() {
    for placing in [
        Placing::Unknown,
        Placing::Ambiguous {
            candidates: vec![Candidate { grid: city::grid(city::GRIDS[1]), name: "漕平路".into() }],
        },
    ] {
        let mut case = Case::new();
        case.look_ups.placing = placing;
        case.ok("public", register());
        assert_eq!((case.stage(), case.file().unit.clone()), ("pooled", None));
        // When a dispatcher places it, it goes on by the rule.
        case.ok("dispatcher", json!({ "command": "place", "grid": city::GRIDS[1] }));
        assert_eq!(case.officer(), Some("officer-a2"));
    }
}

#[test]
fn a_place_outside_the_territory_is_refused_with_the_way_on() {
    let mut case = Case::new();
    case.look_ups.placing = Placing::Outside;
    let refusal = case.refused("public", register());
    assert_eq!((refusal.kind, refusal.field), (RefusalKind::Invalid, Some("place")));
    assert!(refusal.remedy.contains("12345"));
}

#[test]
fn what_happened_lies_neither_in_the_future_nor_more_than_five_years_back() {
    let mut case = Case::new();
    for (minutes, good) in [(4, true), (6, false), (-60 * 24 * 365, true), (-60 * 24 * 366 * 6, false)] {
        let when = (case.now + SignedDuration::from_mins(minutes)).to_string();
        let asked = case.ask("public", with(register(), "occurred_at", json!(when)));
        assert_eq!(asked.is_ok(), good, "{minutes} minutes");
    }
}

#[test]
fn an_unknown_category_an_unknown_file_and_no_words_at_all_are_refused_at_their_field() {
    let mut case = Case::new();
    for (field, value, at) in [
        ("category", json!("E99999"), "category"),
        ("exhibits", json!([lianzhi_ids::Digest::ZERO]), "exhibits"),
        ("narrative", json!("  "), "description"),
    ] {
        let refusal = case.refused("public", with(register(), field, value));
        assert_eq!(refusal.field, Some(at));
    }
    let many: Vec<_> = (1..=21).map(|n| lianzhi_ids::Digest([n; 32])).collect();
    assert_eq!(case.refused("public", with(register(), "exhibits", json!(many))).field, Some("exhibits"));
}

#[test]
fn only_staff_may_report_as_staff_and_only_the_hotline_for_a_caller() {
    let mut case = Case::new();
    for source in ["hotline", "patrol", "officer", "system", "import"] {
        assert_eq!(
            case.refused("public", with(register(), "source", json!(source))).kind,
            RefusalKind::Forbidden
        );
    }
    assert_eq!(
        case.refused("officer-a1", with(register(), "source", json!("hotline"))).code,
        "not-permitted"
    );
    assert!(case.ask("hotline", with(register(), "source", json!("hotline"))).is_ok());
    assert!(case.ask("patroller", with(register(), "source", json!("patrol"))).is_ok());
}

#[test]
fn a_docket_is_registered_once_and_nothing_else_begins_one() {
    let mut case = Case::reported();
    assert_eq!(case.refused("public", register()).code, "exists");
    let mut empty = Case::new();
    assert_eq!(empty.refused("officer-a1", json!({ "command": "accept" })).kind, RefusalKind::Missing);
}

#[test]
fn each_clock_starts_with_its_measure_and_its_source() {
    let case = Case::reported();
    let minutes = |term| case.due(term).duration_since(case.now).as_mins();
    assert_eq!(minutes(TermKey::Accept), 20);
    assert_eq!(minutes(TermKey::Arrive), 120);
    assert_eq!(minutes(TermKey::Answer), 24 * 60);
    for clock in case.file().clocks.active() {
        let clock = &clock.running.clock;
        assert!(!clock.standard.source.is_empty() && !clock.arithmetic.is_empty());
    }
    // Nobody to answer: no such clock.
    let mut anonymous = Case::new();
    anonymous.look_ups.follow = None;
    anonymous.ok("public", with(register(), "contact", json!("")));
    assert!(anonymous.file().clocks.get(TermKey::Answer).is_none());
}

#[test]
fn a_department_without_a_node_gets_its_categories_and_a_dispatcher_writes_down_its_answer() {
    let mut case = Case::new();
    case.ok("public", with(register(), "category", json!(city::MANHOLE)));
    assert_eq!((case.stage(), case.officer()), ("outside", None));
    case.refused("officer-a1", handle("cleared"));
    case.ok(
        "dispatcher",
        json!({ "command": "handle", "outcome": "cleared", "note": "水务局回复已更换井盖" }),
    );
    // To be done again means: by the department, not by whoever wrote it down.
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "verify", "passed": true })).code,
        "not-permitted"
    );
    case.ok("verifier", json!({ "command": "verify", "passed": false, "note": "井盖仍松动" }));
    assert_eq!((case.stage(), case.officer()), ("outside", None));
}

#[test]
fn classifying_starts_the_handling_clock_where_the_work_began_and_dispatches_what_lay_in_the_pool() {
    let mut case = Case::new();
    case.look_ups.placing = Placing::Unknown;
    let mut plain = register();
    plain.as_object_mut().unwrap().remove("category");
    case.ok("public", plain);
    let began = case.now;
    case.after_minutes(30);
    case.refused("dispatcher", json!({ "command": "classify", "category": "E99999" }));
    case.ok("dispatcher", json!({ "command": "classify", "category": city::MANHOLE }));
    assert_eq!(case.stage(), "outside");
    assert_eq!(case.file().clocks.get(TermKey::Handle).unwrap().running.clock.from, began);
    assert!(case.ok("dispatcher", json!({ "command": "classify", "category": city::MANHOLE })).is_empty());
}

#[test]
fn another_category_has_another_term_and_the_time_used_so_far_counts() {
    let mut case = Case::reported();
    let before = case.file().clocks.get(TermKey::Handle).unwrap().running.clock.clone();
    case.after_minutes(45);
    case.ok("officer-a1", json!({ "command": "classify", "category": city::MANHOLE }));
    let after = &case.file().clocks.get(TermKey::Handle).unwrap().running.clock;
    let law = &case.directory.law;
    let standard =
        law.handling_standard(&city::category(city::MANHOLE), lianzhi_procedure::beijing_date(case.now));
    let from_the_start = lianzhi_law::Running::start(standard, law.calendars(), before.from).unwrap();
    assert_eq!((after.from, after.due), (before.from, from_the_start.due));
}

#[test]
fn a_category_chosen_after_the_work_was_done_starts_no_clock_any_more() {
    let mut case = Case::new();
    let mut plain = register();
    plain.as_object_mut().unwrap().remove("category");
    case.ok("public", plain);
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "arrive" }));
    case.ok("officer-a1", handle("untrue"));
    case.ok("dispatcher", json!({ "command": "classify", "category": city::STALL }));
    assert!(!case.runs(TermKey::Handle));
}

#[test]
fn a_dispatcher_overrides_the_rule_with_the_reason_and_a_squad_leader_within_his_squad() {
    let mut case = Case::reported();
    case.ok("captain-a", json!({ "command": "dispatch", "officer": "officer-a3", "note": "他在附近" }));
    assert_eq!(case.officer(), Some("officer-a3"));
    case.refused("captain-b", json!({ "command": "dispatch", "officer": "officer-b1" }));
    case.ok("dispatcher", json!({ "command": "dispatch", "unit": "squad-b" }));
    assert_eq!(case.file().unit, Some(city::unit("squad-b")));
    case.ok("dispatcher", json!({ "command": "dispatch", "unit": "water" }));
    assert_eq!(case.stage(), "outside");
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "dispatch", "officer": "captain-a" })).field,
        Some("officer")
    );
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "dispatch", "officer": "nobody" })).field,
        Some("officer")
    );
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "dispatch", "unit": "nowhere" })).field,
        Some("unit")
    );
}

#[test]
fn the_same_officer_is_not_given_it_twice_and_a_pool_without_anybody_says_so() {
    let mut case = Case::reported();
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "dispatch", "officer": "officer-a1" })).code,
        "same"
    );
    case.duty = city::on_duty(&case.directory, &[]);
    case.ok("officer-a1", json!({ "command": "return", "note": "不在我的网格" }));
    assert_eq!(case.stage(), "pooled");
    assert_eq!(case.refused("dispatcher", json!({ "command": "dispatch" })).code, "nobody");
}

#[test]
fn returned_with_grounds_it_goes_to_somebody_who_has_not_returned_it() {
    let mut case = Case::reported();
    assert_eq!(case.refused("officer-a1", json!({ "command": "return", "note": "" })).field, Some("note"));
    case.refused("officer-a2", json!({ "command": "return", "note": "不是我的" }));
    for officer in ["officer-a1", "officer-a2", "officer-a3"] {
        assert_eq!(case.officer(), Some(officer));
        case.ok(officer, json!({ "command": "return", "note": "不在我的网格" }));
    }
    assert_eq!(case.stage(), "pooled");
}

#[test]
fn an_officer_takes_from_the_pool_of_his_own_squad_only() {
    let mut case = Case::new();
    case.duty = city::on_duty(&case.directory, &[]);
    case.ok("public", register());
    case.refused("officer-b1", json!({ "command": "take" }));
    case.ok("officer-a2", json!({ "command": "take" }));
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a2")));
    assert_eq!(case.refused("officer-a3", json!({ "command": "take" })).code, "wrong-stage");
}

#[test]
fn assisting_units_are_known_and_never_the_lead_unit() {
    let mut case = Case::reported();
    case.ok("dispatcher", json!({ "command": "assist", "units": ["squad-b"] }));
    assert_eq!(case.file().assisting, [city::unit("squad-b")]);
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "assist", "units": ["squad-a"] })).field,
        Some("units")
    );
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "assist", "units": ["nowhere"] })).field,
        Some("units")
    );
    assert!(case.ok("dispatcher", json!({ "command": "assist", "units": ["squad-b"] })).is_empty());
    // Who assists may add to the file.
    case.ok("officer-b1", json!({ "command": "add", "note": "现场照片", "exhibits": photo() }));
}

#[test]
fn dismissed_with_grounds_before_anybody_works_on_it_and_it_is_over() {
    let mut case = Case::reported();
    assert_eq!(case.refused("dispatcher", json!({ "command": "dismiss", "note": " " })).field, Some("note"));
    case.refused("officer-a1", json!({ "command": "dismiss", "note": "不归我管" }));
    case.ok("dispatcher", json!({ "command": "dismiss", "note": "非本机关职责" }));
    assert_eq!(case.stage(), "dismissed");
    assert_eq!(case.file().clocks.active().count(), 0);
    let mut working = Case::on_site();
    assert_eq!(
        working.refused("dispatcher", json!({ "command": "dismiss", "note": "晚了" })).code,
        "wrong-stage"
    );
}

#[test]
fn part_of_it_becomes_a_matter_of_its_own() {
    let mut case = Case::reported();
    assert_eq!(case.refused("officer-a1", json!({ "command": "split", "note": "" })).field, Some("note"));
    let unknown = json!({ "command": "split", "note": "另有占道", "category": "E99999" });
    assert_eq!(case.refused("officer-a1", unknown).field, Some("category"));
    case.ok("officer-a1", json!({ "command": "split", "note": "另有乱张贴", "category": city::POSTER }));
    case.ok("system", json!({ "command": "split_into", "docket": 12 }));
    assert_eq!(case.file().split, [lianzhi_ids::DocketId(12)]);
}
