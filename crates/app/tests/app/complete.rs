//! What a paper must say is known before it is signed and before it is served; decisions on the spot too.

use crate::kit::{intact, photo};
use crate::penalty::{filed, investigated, office, view};
use crate::spots::{begin, sheet};
use lianzhi_app::spot::{Begun, sheet_of};
use lianzhi_ids::DocketId;
use lianzhi_paper::Paper;
use lianzhi_procedure::RefusalKind;
use lianzhi_testkit::{Node, Place};
use serde_json::{Value, json};

async fn tried(
    node: &Node,
    who: &str,
    id: i64,
    command: Value,
) -> Result<lianzhi_app::Done, lianzhi_procedure::Refusal> {
    node.app.command(&node.as_(who), DocketId(id), command, None, None).await
}

pub async fn a_party_is_completed_before_its_papers_are_signed_and_served(place: &Place) {
    let node = office(place).await;
    let case = json!({
        "source": "inspection", "title": "擅自倾倒建筑垃圾案", "place": "漕平路 118 号", "kind": "company",
        "item": "JZLJ-01", "from": "2026-11-20", "facts": "倾倒渣土两车", "name": "某建筑公司",
        "id_number": "91310118MA1GTEST00",
    });
    let id = node.app.open_case(&node.as_("officer-a1"), case, None).await.unwrap().id.0;
    filed(&node, id).await;
    investigated(&node, id, "ordinary", 20_000_000).await;
    let party = view(&node, "officer-a1", id).await.parties.remove(0);
    assert_eq!(party.lacking, ["住所", "法定代表人"]);
    // It is proposed, endorsed, and not signed: what is missing and where it is entered is said.
    node.done("officer-a1", id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let pending = view(&node, "leader", id).await.pending.pop().unwrap();
    if pending.wants_unit {
        let endorse = json!({ "command": "endorse", "proposal": pending.id, "agreed": true });
        node.done("captain-a", id, endorse).await;
    }
    let sign = json!({ "command": "approve", "proposal": pending.id, "agreed": true });
    let refusal = tried(&node, "leader", id, sign.clone()).await.unwrap_err();
    assert_eq!((refusal.kind, refusal.code), (RefusalKind::Conflict, "paper-incomplete"), "{refusal}");
    assert!(refusal.rule.contains("住所") && refusal.rule.contains("法定代表人"), "{}", refusal.rule);
    // What is not given stays: the name need not be typed again.
    let describe = |more: Value| crate::penalty::with(json!({ "command": "describe", "party": 1 }), more);
    node.done("officer-a1", id, describe(json!({ "address": "公园路 1 号" }))).await;
    assert_eq!(view(&node, "officer-a1", id).await.parties[0].lacking, ["法定代表人"]);
    node.done("officer-a1", id, describe(json!({ "representative": "王五" }))).await;
    let known = node.app.party_particulars(&node.as_("officer-a1"), DocketId(id), 1, "核对").await.unwrap();
    assert_eq!((known.name.as_str(), known.representative.as_str()), ("某建筑公司", "王五"));
    assert_eq!(known.address, "公园路 1 号");
    node.done("leader", id, sign).await;
    let paper = view(&node, "leader", id).await.papers.pop().unwrap();
    let printed = node.app.case_paper(&node.as_("officer-a1"), DocketId(id), paper.id, None).await.unwrap();
    assert!(printed.pdf.starts_with(b"%PDF"));
    // Signed under its number: the address may still be put right, the name not.
    let refusal = tried(&node, "officer-a1", id, describe(json!({ "name": "另一公司" }))).await.unwrap_err();
    assert_eq!(refusal.code, "told", "{refusal}");
    node.done("officer-a1", id, describe(json!({ "address": "公园路 2 号" }))).await;
    let again = node.app.case_paper(&node.as_("officer-a1"), DocketId(id), paper.id, None).await.unwrap();
    assert_ne!(printed.pdf, again.pdf, "it is printed with what is known now, as long as nobody has it");
    crate::penalty::serve(&node, id).await;
    // Whoever has nothing to do with it learns not even that it is there, but by which rule.
    let refusal = node.app.matter(&node.as_("officer-b1"), DocketId(id)).await.unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Missing);
    assert!(refusal.source_text.contains("第四十二条"), "{refusal}");
    intact(&node).await;
}

pub async fn hearings_stand_in_a_calendar_with_day_place_and_who_presides(place: &Place) {
    let node = office(place).await;
    let id = crate::penalty::opened(&node, "JZLJ-01", "company", "91310118MA1GTEST00").await;
    filed(&node, id).await;
    investigated(&node, id, "一般", 20_000_000).await;
    crate::penalty::approved(&node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    crate::penalty::serve(&node, id).await;
    let hearings = async || node.app.hearings(&node.as_("legal")).await.unwrap();
    assert!(hearings().await.is_empty());
    let today = lianzhi_procedure::beijing_date(node.app.now());
    node.done("officer-a1", id, json!({ "command": "ask_hearing", "party": 1, "on": today })).await;
    let asked = hearings().await.remove(0);
    assert!((asked.id, asked.party) == (id, 1) && asked.at.is_none() && asked.asked.is_some());
    let on = node.app.now() + jiff::SignedDuration::from_hours(24 * 20);
    let call = json!({
        "command": "call_hearing", "party": 1, "on": on, "chair": "legal", "note": "机关二楼听证室，公开举行",
    });
    node.done("legal", id, call).await;
    let called = hearings().await.remove(0);
    assert_eq!((called.at, called.place.as_str()), (Some(on), "机关二楼听证室，公开举行"));
    assert!(called.chair == "legal" && called.call.contains("〔2026〕") && called.served.is_none());
    // What stands on the call counts.
    let details = json!({ "place": "机关三楼听证室", "recorder": "记录员" }).to_string();
    let paper = view(&node, "legal", id).await.papers.pop().unwrap();
    let folio = paper.folio.folio.to_string();
    node.done("legal", id, json!({ "command": "fill_folio", "folio": folio, "details": details })).await;
    crate::penalty::serve(&node, id).await;
    let called = hearings().await.remove(0);
    assert!(called.place == "机关三楼听证室" && called.served.is_some());
}

pub async fn a_decision_on_the_spot_asks_for_the_address_and_has_a_code_to_pay_by(place: &Place) {
    let node = office(place).await;
    let mut form = sheet(&node, "张小三", "310118199001010011").await;
    form.as_object_mut().unwrap().remove("address");
    let refusal = begin(&node, Begun::Spot, form.clone()).await.unwrap_err();
    assert_eq!((refusal.code, refusal.field), ("paper-incomplete", Some("address")), "{refusal}");
    // Saved first, completed afterwards.
    form["heard"] = json!(false);
    let id = begin(&node, Begun::Spot, form).await.unwrap().id.0;
    node.done("officer-a1", id, json!({ "command": "hear" })).await;
    let refusal = tried(&node, "officer-a1", id, json!({ "command": "impose" })).await.unwrap_err();
    assert_eq!(refusal.code, "paper-incomplete", "{refusal}");
    node.done("officer-a1", id, json!({ "command": "describe", "address": "漕平路 118 号" })).await;
    node.done("officer-a1", id, json!({ "command": "impose" })).await;
    let signed = photo(&node, "signed").await;
    node.done("officer-a1", id, json!({ "command": "hand", "exhibits": [signed] })).await;
    let printed = node.app.spot_paper(&node.as_("officer-a1"), DocketId(id), None, Paper::A4).await.unwrap();
    assert!(printed.pdf.starts_with(b"%PDF"));
    // The usual form, all on one page, has its code too.
    let done = begin(&node, Begun::Spot, sheet(&node, "李四", "310118199001010022").await).await.unwrap();
    let state = node.app.matter(&node.as_("officer-a1"), done.id).await.unwrap().state;
    assert!(sheet_of(&state).unwrap().imposed().unwrap().money.code.is_some(), "{:?}", done.events);
    intact(&node).await;
}
