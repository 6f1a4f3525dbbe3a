//! Orders of the hotline: contact first, return, revisit.

use crate::kit::*;
use lianzhi_procedure::report::{Event, TermKey};

fn order() -> serde_json::Value {
    let order = with(register(), "source", json!("hotline"));
    let order = with(order, "external", json!({ "system": "12345", "number": "20261123000001" }));
    with(order, "demand", json!("complain"))
}

fn taken() -> Case {
    let mut case = Case::new();
    case.ok("hotline", order());
    case
}

#[test]
fn the_caller_is_contacted_within_one_working_day_and_the_result_is_kept() {
    let mut case = taken();
    assert!(case.runs(TermKey::Contact) && case.runs(TermKey::Order));
    assert_eq!(
        case.refused("officer-a1", json!({ "command": "contact", "reached": true, "note": "" })).field,
        Some("note")
    );
    case.refused("officer-a2", json!({ "command": "contact", "reached": true, "note": "不是我的" }));
    case.ok("officer-a1", json!({ "command": "contact", "reached": true, "note": "约定下午到场" }));
    assert!(!case.runs(TermKey::Contact) && case.file().contacted);
}

#[test]
fn returned_only_when_the_hotline_agrees() {
    let mut case = taken();
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "return_order", "note": "" })).field,
        Some("note")
    );
    case.ok("dispatcher", json!({ "command": "return_order", "note": "属水务职责" }));
    assert_eq!(case.stage(), "return_asked");
    case.refused("officer-a1", json!({ "command": "accept" }));
    case.refused("officer-a1", json!({ "command": "answer", "text": "…", "channel": "phone" }));
    case.refused("dispatcher", json!({ "command": "decide_return", "granted": true }));
    case.ok("hotline", json!({ "command": "decide_return", "granted": true }));
    assert_eq!((case.stage(), case.file().clocks.active().count()), ("returned", 0));
}

#[test]
fn when_the_hotline_says_no_the_officer_has_his_time_to_accept_anew() {
    let mut case = taken();
    case.ok("dispatcher", json!({ "command": "return_order", "note": "属水务职责" }));
    case.after_minutes(60);
    case.tick();
    case.ok("hotline", json!({ "command": "decide_return", "granted": false, "note": "属贵局" }));
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
    assert_eq!(case.due(TermKey::Accept).duration_since(case.now).as_mins(), 20);
    assert!(case.tick().is_empty(), "the squad leader is told after ten minutes anew, not at once");
    case.after_minutes(10);
    assert!(types(&case.tick()).contains(&"nudged".to_owned()));
    case.after_minutes(10);
    assert!(types(&case.tick()).contains(&"dispatched".to_owned()), "not accepted in time, it goes on");
}

#[test]
fn while_the_hotline_is_asked_no_clock_is_stopped_by_an_older_request() {
    let mut case = taken();
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "ask", "what": "suspension", "hours": 24, "note": "等待" }));
    case.ok("dispatcher", json!({ "command": "return_order", "note": "属水务职责" }));
    assert_eq!(
        case.refused("captain-a", json!({ "command": "approve", "granted": true })).code,
        "wrong-stage"
    );
    case.ok("hotline", json!({ "command": "decide_return", "granted": false, "note": "属贵局" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    assert_eq!(case.stage(), "suspended");
}

#[test]
fn what_did_not_come_from_a_hotline_cannot_be_returned_to_it() {
    let mut case = Case::reported();
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "return_order", "note": "不归我" })).code,
        "no-order"
    );
}

#[test]
fn the_hotline_calls_again_after_closing_and_may_have_it_done_again() {
    let mut case = Case::closed();
    case.refused("officer-a1", json!({ "command": "revisit", "settled": true, "stars": 5 }));
    assert_eq!(
        case.refused("hotline", json!({ "command": "revisit", "settled": true, "stars": 9 })).field,
        Some("stars")
    );
    case.ok("hotline", json!({ "command": "revisit", "settled": false, "stars": 2, "note": "还有油污" }));
    assert_eq!(case.file().rating, Some(2));
    case.ok("hotline", json!({ "command": "reopen", "note": "回访未解决" }));
    assert_eq!(case.stage(), "assigned");
}

#[test]
fn the_hotlines_own_terms_run_on_while_the_matter_rests() {
    let mut case = taken();
    case.ok("officer-a1", json!({ "command": "accept" }));
    let due = (case.due(TermKey::Order), case.due(TermKey::Contact));
    case.ok("officer-a1", json!({ "command": "ask", "what": "suspension", "hours": 72, "note": "等待施工" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    case.after_minutes(60 * 24 * 3);
    let events = case.tick();
    let late = |term| events.iter().any(|e| matches!(e, Event::ClockExpired { term: t, .. } if *t == term));
    assert!(late(TermKey::Contact), "nobody called within a working day");
    assert!(!late(TermKey::Handle), "the agency's own term rests");
    case.ok("officer-a1", json!({ "command": "contact", "reached": true, "note": "说明正在等待施工" }));
    case.ok("officer-a1", json!({ "command": "resume" }));
    assert_eq!((case.due(TermKey::Order), case.due(TermKey::Contact)), due);
}

#[test]
fn an_order_done_again_has_its_term_again() {
    let mut case = taken();
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "arrive" }));
    case.ok("officer-a1", handle("untrue"));
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    case.ok("officer-a1", json!({ "command": "answer", "text": "已到场", "channel": "phone" }));
    case.ok("dispatcher", json!({ "command": "close" }));
    let before = case.due(TermKey::Order);
    case.after_minutes(60 * 24 * 9);
    case.ok("hotline", json!({ "command": "reopen", "note": "回访未解决" }));
    assert!(case.runs(TermKey::Order) && case.due(TermKey::Order) > before);
}

#[test]
fn an_order_is_an_order_whichever_way_it_comes_and_a_citizen_cannot_make_one() {
    for (source, who, order) in
        [("import", "admin", true), ("system", "admin", true), ("citizen", "public", false)]
    {
        let mut case = Case::new();
        let report = with(register(), "source", json!(source));
        case.ok(who, with(report, "external", json!({ "system": "12345", "number": "1" })));
        assert_eq!(case.runs(TermKey::Order), order, "{source}");
        assert_eq!(
            case.ask("dispatcher", json!({ "command": "return_order", "note": "属水务" })).is_ok(),
            order
        );
    }
    // A number at some other system is no order.
    let mut case = Case::new();
    let report = with(register(), "source", json!("system"));
    case.ok("admin", with(report, "external", json!({ "system": "视频巡查", "number": "1" })));
    assert!(!case.runs(TermKey::Order));
}

#[test]
fn a_squad_leader_returns_orders_of_his_own_squad_only() {
    let mut case = taken();
    let command = json!({ "command": "return_order", "note": "属水务职责" });
    assert_eq!(case.refused("captain-b", command.clone()).kind, lianzhi_procedure::RefusalKind::Forbidden);
    case.ok("captain-a", command);
}
