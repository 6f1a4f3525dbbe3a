//! The law side of a case before it is decided: power, basis, amount, grade, limitation.

use super::kit::*;

/// The notice as it is asked for.
fn notify() -> serde_json::Value {
    json!({ "command": "notify", "days": 5, "note": "告知" })
}

/// The decision as it is asked for.
fn decide() -> serde_json::Value {
    json!({ "command": "decide", "note": "决定" })
}

#[test]
fn 行政处罚法38_a_power_that_ended_since_stops_the_notice_and_the_decision() {
    let mut told = Docket::planned(SMALL, "person", 200_000);
    told.directory = powerless();
    told.against("第三十八条", "officer-a1", notify());
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", decide());
    // It ended while the decision waited for the leader.
    case.ok("captain-a", json!({ "command": "endorse", "proposal": 3, "agreed": true }));
    case.directory = powerless();
    let refusal = case.against("第三十八条", "leader", json!({ "command": "approve", "proposal": 3, "agreed": true }));
    assert_eq!(refusal.code, "no-power");
}

#[test]
fn 行政处罚法22_an_item_outside_the_power_is_not_added_later() {
    let mut case = Docket::filed(SMALL, "person");
    case.directory = powerless();
    let add = |item: &str| json!({ "command": "set_violation", "item": item, "from": "2026-11-20", "facts": "另有" });
    let refusal = case.against("第二十二条", "officer-a1", add("JZLJ-02"));
    assert_eq!(refusal.code, "no-power");
    case.ok("officer-a1", add("SHLJ-02"));
}

#[test]
fn 行政处罚法59_a_basis_without_an_article_is_not_confirmed_and_carries_nothing() {
    let mut case = Docket::without_article();
    let confirm = json!({ "command": "confirm", "party": 1, "violation": 1, "note": "现行文本" });
    case.against("第五十九条", "legal", confirm);
    let refusal = case.against("第五十九条", "officer-a1", notify());
    assert_eq!(refusal.code, "no-article");
}
