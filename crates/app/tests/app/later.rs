//! What comes after a decision fell: decided anew for one of several, and a case that is taken out of the archive.

use crate::kit::{intact, photo};
use crate::papers::settings;
use crate::penalty::{
    SMALL, approved, archived, decided, filed, notified, office, opened, party, serve, view, with,
};
use lianzhi_ids::DocketId;
use lianzhi_testkit::{Node, Place};
use serde_json::json;

/// Two parties are fined; the decision against the second is revoked by reconsideration.
async fn one_of_two(node: &Node) -> i64 {
    let id = opened(node, SMALL, "person", "310118199001010011").await;
    filed(node, id).await;
    let second =
        with(json!({ "command": "add_party", "kind": "person" }), party("李小四", "310118199001010022"));
    node.done("officer-a1", id, second).await;
    crate::penalty::investigated(node, id, "一般", 200_000).await;
    let charge = json!({
        "command": "charge", "party": 2, "violation": 1, "tier": "一般", "fine": 200_000, "note": "情节一般；偏离理由见笔录",
    });
    node.done("officer-a1", id, charge).await;
    let both = async |id: i64| {
        for party in [1, 2] {
            let paper = view(node, "leader", id).await.papers.into_iter().rfind(|p| p.unserved).unwrap();
            let proof = photo(node, &format!("receipt-{id}-{party}-{}", node.row(id).await.seq)).await;
            let serve = json!({
                "command": "serve", "paper": paper.id, "party": party, "way": "direct", "at": node.app.now(),
                "note": "本人签收", "exhibits": [proof],
            });
            node.done("officer-a1", id, serve).await;
        }
    };
    approved(node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    both(id).await;
    for party in [1, 2] {
        let signed = photo(node, &format!("waived-{id}-{party}")).await;
        let waive = json!({ "command": "waive", "party": party, "hearing": true, "exhibits": [signed] });
        node.done("officer-a1", id, waive).await;
    }
    approved(node, id, json!({ "command": "decide", "note": "决定" })).await;
    both(id).await;
    let today = lianzhi_procedure::beijing_date(node.app.now());
    let appeal = json!({ "command": "appeal", "party": 2, "kind": "reconsideration", "on": today });
    node.done("legal", id, appeal).await;
    let end =
        json!({ "command": "end_appeal", "party": 2, "end": "revoked", "on": today, "note": "主要事实不清" });
    node.done("legal", id, end).await;
    id
}

pub async fn what_fell_against_one_of_several_goes_on_in_a_case_of_its_own(place: &Place) {
    let node = office(place).await;
    let id = one_of_two(&node).await;
    let anew = json!({
        "command": "decide_anew", "ground": "merits", "different": "补充现场勘验", "note": "复议决定撤销并责令重新作出",
    });
    assert_eq!(node.command("officer-a1", id, anew.clone()).await.unwrap_err().code, "others-stand");
    approved(&node, id, with(anew, json!({ "party": 2 }))).await;
    let case = view(&node, "captain-a", id).await;
    assert_eq!(case.stage, "performing", "the other's decision stands");
    assert!(case.parties[0].money.owing);
    let own = case.parties[1].split_to.expect("a case of its own");
    let matter = node.app.matter(&node.as_("captain-a"), own).await.unwrap();
    assert!(matter.joined.iter().any(|row| row.id.0 == id), "the cases know each other");
    let went = matter.case.as_ref().unwrap();
    assert_eq!((went.stage, went.evidence.len(), went.parties.len()), ("lead", 2, 1));
    let who = node.app.party_particulars(&node.as_("captain-a"), own, 1, "核对身份").await.unwrap();
    assert_eq!(who.name, "李小四");
    // It is told and heard anew, and never decided alike on the same facts (行政诉讼法 71).
    let own = own.0;
    filed(&node, own).await;
    node.done("officer-a1", own, json!({ "command": "finish", "note": "补充调查终结" })).await;
    let charge = |fine: i64| {
        json!({
            "command": "charge", "party": 1, "violation": 1, "tier": "一般", "fine": fine, "note": "情节一般；偏离理由见笔录",
        })
    };
    node.done("officer-a1", own, charge(200_000)).await;
    notified(&node, own, true).await;
    let decide = json!({ "command": "decide", "note": "重新决定" });
    assert_eq!(node.command("officer-a1", own, decide.clone()).await.unwrap_err().code, "same-again");
    node.done("officer-a1", own, charge(150_000)).await;
    approved(&node, own, decide).await;
    serve(&node, own).await;
    assert_eq!(node.row(own).await.stage, "performing");
    crate::penalty::the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn a_case_is_taken_out_of_the_archive_and_its_volume_stays_as_it_was(place: &Place) {
    let node = office(place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = decided(&node, "310118199001010011").await;
    archived(&node, id).await;
    let who = node.as_("officer-a1");
    let file =
        async |volume: Option<usize>| node.app.case_file(&who, DocketId(id), volume).await.map(|f| f.pdf);
    let first = file(None).await.unwrap();
    node.clock().advance(jiff::SignedDuration::from_hours(24 * 40));
    let add = json!({ "command": "add", "note": "检察建议", "exhibits": [photo(&node, "letter").await] });
    let refusal = node.command("officer-a1", id, add.clone()).await.unwrap_err();
    assert!(refusal.code == "archived" && refusal.remedy.contains("报批启卷"), "{refusal}");
    let open = json!({
        "command": "open_archive", "ground": "oversight", "note": "检察建议要求补充说明", "exhibits": [photo(&node, "notice").await],
    });
    approved(&node, id, open).await;
    let case = view(&node, "officer-a1", id).await;
    assert_eq!(case.stage, "closed");
    assert!(
        case.volumes.len() == 1 && case.volumes[0].bound && case.volumes[0].words.contains("2026-罚-001")
    );
    node.done("officer-a1", id, add).await;
    let archive =
        json!({ "command": "archive", "shelf": "2026-罚-001-补", "pages": 3, "note": "纸质原件另册" });
    assert_eq!(node.done("officer-a1", id, archive).await.stage, "archived");
    // The first volume is what it was; the supplement has what came since, and nothing twice.
    assert_eq!(file(Some(1)).await.unwrap(), first);
    let supplement = file(None).await.unwrap();
    let pages = |pdf: &bytes::Bytes| lianzhi_paper::page_count(pdf).unwrap();
    assert!(supplement != first && pages(&supplement) < pages(&first));
    assert!(file(Some(2)).await.is_err(), "there is no such volume yet");
    intact(&node).await;
}
