//! What goes from one case into another, and what is with others, through the application.

use crate::kit::{intact, photo};
use crate::penalty::{
    LARGE, SMALL, approved, archived, decided, filed, investigated, notified, office, opened, serve,
    the_same_anew, view,
};
use jiff::SignedDuration;
use lianzhi_app::penalty::{CaseQuery, CourtSide};
use lianzhi_ids::DocketId;
use lianzhi_testkit::Place;
use serde_json::json;

pub async fn a_case_that_is_joined_brings_its_parties_violations_and_evidence(place: &Place) {
    let node = office(place).await;
    let from = opened(&node, LARGE, "company", "91310118MA1GTEST00").await;
    filed(&node, from).await;
    let scene = photo(&node, "joined-scene").await;
    let record = json!({
        "command": "record", "kind": "inspection", "second": "officer-a2", "shown": true, "from": node.app.now(),
        "note": "堆放建筑垃圾三车", "exhibits": [scene],
    });
    node.done("officer-a1", from, record).await;
    let to = opened(&node, SMALL, "person", "310118199001010011").await;
    filed(&node, to).await;
    node.done("captain-a", from, json!({ "command": "join", "to": to, "note": "同一工地" })).await;
    let file = view(&node, "officer-a1", to).await;
    assert_eq!((file.parties.len(), file.violations.len(), file.evidence.len()), (2, 2, 1));
    assert_eq!(file.evidence[0].from_case, Some(DocketId(from)));
    assert!(file.evidence[0].note.contains("三车"), "the text was sealed anew here");
    let who = node.app.party_particulars(&node.as_("officer-a1"), DocketId(to), 2, "核对身份").await.unwrap();
    assert_eq!(who.id_number, "91310118MA1GTEST00");
    assert_eq!(view(&node, "officer-a1", from).await.stage, "joined");
    // Into a case that waits for a decision nothing comes, and the other stays as it is.
    let third = opened(&node, LARGE, "company", "91310118MA1GTHIRD0").await;
    filed(&node, third).await;
    investigated(&node, to, "一般", 200_000).await;
    let charge = json!({ "command": "charge", "party": 2, "violation": 2, "tier": "一般", "fine": 20_000_000, "note": "情节一般" });
    node.done("officer-a1", to, charge).await;
    node.done("officer-a1", to, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let refused = node
        .command("captain-a", third, json!({ "command": "join", "to": to, "note": "同一工地" }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "pending");
    assert_eq!(view(&node, "officer-a1", third).await.stage, "investigating");
    the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn a_fine_for_further_days_is_a_case_of_its_own_with_its_arithmetic(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, LARGE, "company", "91310118MA1GTEST00").await;
    filed(&node, id).await;
    node.done("officer-a1", id, json!({ "command": "order", "party": 1, "note": "清除" })).await;
    serve(&node, id).await;
    investigated(&node, id, "一般", 20_000_000).await;
    notified(&node, id, true).await;
    let review =
        json!({ "command": "review", "opinion": "agree", "note": "无误", "qualification": "A2018310118" });
    node.done("legal", id, review).await;
    let discuss =
        json!({ "command": "discuss", "present": ["leader", "leader-2"], "agreed": true, "note": "同意" });
    node.done("leader", id, discuss).await;
    approved(&node, id, json!({ "command": "decide", "note": "决定" })).await;
    serve(&node, id).await;
    node.clock().advance(SignedDuration::from_hours(24 * 3));
    let order = view(&node, "leader", id).await.papers.iter().find(|p| p.form == "D10").unwrap().id;
    let found = json!({ "command": "reinspect", "order": order, "done": false, "note": "仍在堆放" });
    node.done("officer-a1", id, found).await;
    let daily = json!({ "command": "daily", "party": 1, "violation": 1, "note": "拒不改正" });
    node.done("officer-a1", id, daily.clone()).await;
    let first = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap();
    let next = first.joined.iter().map(|row| row.id).find(|row| row.0 != id).expect("a case of its own");
    let own = node.app.matter(&node.as_("leader"), next).await.unwrap();
    let words = own.case.unwrap().daily.unwrap();
    assert!(words.contains("200,000 元 × 3 日") && words.ends_with("600,000 元"), "{words}");
    let who = node.app.party_particulars(&node.as_("captain-a"), next, 1, "核对身份").await.unwrap();
    assert_eq!(who.id_number, "91310118MA1GTEST00");
    assert!(node.command("officer-a1", id, daily).await.is_err(), "not twice for the same days");
    // What followed by law is no second fine for the same act.
    filed(&node, next.0).await;
    the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn what_is_with_the_police_and_what_was_objected_to_is_listed(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, SMALL, "person", "310118199001010011").await;
    filed(&node, id).await;
    investigated(&node, id, "一般", 200_000).await;
    assert!(node.app.at_court(&node.as_("leader")).await.unwrap().is_empty());
    // The leader sends it back with a reason: the desk of the handler says so.
    node.done("officer-a1", id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let pending = view(&node, "leader", id).await.pending[0].id;
    let back =
        json!({ "command": "endorse", "proposal": pending, "agreed": false, "note": "请补充现场照片" });
    node.done("captain-a", id, back).await;
    let mine = node.app.cases(&node.as_("officer-a1"), &CaseQuery::default()).await.unwrap().cases;
    let row = mine.iter().find(|c| c.id == id).unwrap();
    assert_eq!(row.objections.len(), 1);
    assert!(
        row.objections[0].0.contains("告知") && row.objections[0].1 == "请补充现场照片",
        "{:?}",
        row.objections
    );
    assert_eq!(row.articles.len(), row.missing.len());
    approved(&node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let mine = node.app.cases(&node.as_("officer-a1"), &CaseQuery::default()).await.unwrap().cases;
    assert!(mine.iter().all(|c| c.objections.is_empty()), "signed in the end");
    serve(&node, id).await;

    approved(&node, id, json!({ "command": "hand_over", "to": "青浦分局", "note": "涉嫌犯罪" })).await;
    node.done("officer-a1", id, json!({ "command": "send_crime", "note": "移送书、清单" })).await;
    let at = node.app.at_court(&node.as_("leader")).await.unwrap();
    assert_eq!(at.len(), 1);
    assert_eq!((at[0].side, at[0].id, at[0].ours), (CourtSide::Police, id, false));
    assert!(at[0].term.contains("公安机关审查") && at[0].source.contains("移送"), "{:?}", at[0]);
    // Another unit's cases are not seen.
    assert!(node.app.at_court(&node.as_("captain-b")).await.unwrap().is_empty());
    intact(&node).await;
}

pub async fn a_case_in_the_archive_that_falls_has_its_clock_again(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, "310118199001010011").await;
    archived(&node, id).await;
    node.clock().advance(SignedDuration::from_hours(24 * 60));
    let on = lianzhi_procedure::beijing_date(node.app.now());
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": on });
    node.done("legal", id, appeal).await;
    let at = node.app.at_court(&node.as_("legal")).await.unwrap();
    assert_eq!((at.len(), at[0].side, at[0].id, at[0].ours), (1, CourtSide::Remedy, id, true));
    let end = json!({ "command": "end_appeal", "party": 1, "end": "revoked", "on": on, "note": "判决撤销" });
    node.done("legal", id, end).await;
    assert!(!node.row(id).await.overdue);
    node.clock().advance(SignedDuration::from_hours(24 * 10));
    node.app.tick().await.unwrap();
    assert!(node.row(id).await.overdue, "the clock of a closed case is looked at");
    node.done("legal", id, json!({ "command": "unpublish", "note": "决定已被撤销" })).await;
    assert!(!node.row(id).await.overdue);
    the_same_anew(&node).await;
    intact(&node).await;
}
