//! Things taken: preservation (行政处罚法 56), sealing and seizure (行政强制法 18–28).

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{Penalty, Scope, Term};

fn preserve() -> serde_json::Value {
    json!({ "command": "preserve", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "证据可能灭失" })
}

fn seize(urgent: bool) -> serde_json::Value {
    json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
        "urgent": urgent, "exhibits": photo(),
    })
}

#[test]
fn 行政处罚法56_preservation_needs_the_leader_and_is_handled_in_seven_working_days_or_falls_by_itself() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", preserve());
    assert!(case.case().measures.is_empty(), "nothing is preserved before the leader says so");
    case.sign();
    let of = Scope::Measure(1);
    assert_eq!(case.last_day(Term::Preserve, of).to_string(), "2026-12-02");
    case.days(9);
    assert!(case.case().measures[0].in_force());
    case.days(1);
    case.tick();
    assert!(!case.case().measures[0].in_force(), "it fell at the end of its term");
    // What has fallen cannot be turned into a seizure; the thing goes back.
    case.against(
        "第五十六条",
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "seized", "note": "转扣押" }),
    );
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    assert!(case.case().measures[0].settled.is_some());
}

#[test]
fn 行政处罚法56_handled_in_time_the_clock_stops() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", preserve());
    case.days(2);
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "tested", "note": "送鉴定" }),
    );
    assert!(!case.runs(Term::Preserve, Scope::Measure(1)));
    case.against(
        "第七十四条",
        "officer-a1",
        json!({ "command": "settle", "measure": 9, "how": "returned", "note": "-" }),
    );
}

#[test]
fn 行政强制法19_what_was_taken_at_once_is_approved_in_24_hours_or_given_back() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", seize(true));
    assert!(case.case().measures[0].in_force());
    assert!(case.runs(Term::UrgentReport, Scope::Measure(1)));
    case.against("第十九条", "officer-a1", json!({ "command": "unpropose", "proposal": 2 }));
    let no = json!({ "command": "approve", "proposal": 2, "agreed": false, "note": "不应当采取" });
    case.ok("leader", no);
    assert!(!case.case().measures[0].in_force(), "lifted at once");
    assert!(!case.runs(Term::UrgentReport, Scope::Measure(1)));

    let mut late = Docket::filed(SMALL, "person");
    late.ok("officer-a1", seize(true));
    late.hours(25);
    let told = late.tick();
    assert!(expired(&told), "{told:?}");
    late.sign();
    assert!(late.case().measures[0].approved);
}

#[test]
fn 行政强制法25_thirty_days_longer_once_and_release_is_due_at_the_end() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    let of = Scope::Measure(1);
    assert_eq!(case.last_day(Term::Seize, of).to_string(), "2026-12-23");
    let longer = |days: u32| json!({ "command": "lengthen", "measure": 1, "days": days, "note": "情况复杂" });
    case.against("25", "officer-a1", longer(31));
    case.approved("officer-a1", longer(30));
    assert_eq!(case.last_day(Term::Seize, of).to_string(), "2027-01-22");
    case.against("25", "officer-a1", longer(1));
    case.days(61);
    case.tick();
    assert!(!case.case().measures[0].in_force());
    let todo: Vec<_> = Penalty::summary(&case.state).todos.iter().map(|t| t.what).collect();
    // The officer, the unit and the leader each read that it fell and that the thing goes back at once.
    assert_eq!(todo.iter().filter(|what| **what == "settle_lapsed").count(), 3, "{todo:?}");
}

#[test]
fn 行政强制法25_time_of_tests_does_not_count_for_a_seizure_but_for_the_decision_it_does() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    let decide = case.last_day(Term::Decide, Scope::Case);
    case.ok("officer-a1", json!({ "command": "test", "begins": true, "note": "送检" }));
    case.refused("officer-a1", json!({ "command": "test", "begins": true, "note": "送检" }));
    case.days(10);
    case.ok("officer-a1", json!({ "command": "test", "begins": false, "note": "检测报告" }));
    assert_eq!(case.last_day(Term::Seize, Scope::Measure(1)).to_string(), "2027-01-02");
    assert_eq!(case.last_day(Term::Decide, Scope::Case), decide);
}

#[test]
fn 行政处罚法56_one_officer_alone_takes_nothing() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("第四十二条", "officer-a1", with(preserve(), "second", json!("officer-a1")));
    case.against("第四十二条", "officer-a1", with(seize(true), "second", json!("officer-a3")));
}

#[test]
fn 行政处罚法74_what_nobody_confiscated_goes_back() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    for how in ["confiscated", "destroyed", "sold", "transferred"] {
        case.against(
            "行政强制法",
            "officer-a1",
            json!({ "command": "settle", "measure": 1, "how": how, "note": "-" }),
        );
    }
}
