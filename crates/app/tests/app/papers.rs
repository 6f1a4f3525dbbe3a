//! Documents of a case: printed from its data, completed by people, kept as they were handed over, bound into one file.

use crate::kit::photo;
use crate::penalty::{approved, filed, office, opened, serve, view};
use bytes::Bytes;
use lianzhi_app::Caller;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::PaperSettings;
use lianzhi_procedure::penalty::Folio;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Node, Place, city};
use serde_json::{Value, json};

/// A name with characters that few fonts have: 𠅤, 㙍, 䶮, 𬭎.
const RARE: &str = "𠅤㙍䶮𬭎";

pub async fn settings(node: &Node, court: &str) {
    let mut settings = city::settings();
    settings.papers = PaperSettings {
        phone: "021-59720000".into(),
        address: "公园路 100 号".into(),
        reconsideration: "青浦区人民政府".into(),
        court: court.into(),
        pay_ways: vec!["持本决定书到工商银行任一网点".into()],
    };
    node.app.put_register(&Caller::system(), Record::Settings(settings)).await.unwrap();
}

async fn print(node: &Node, id: i64, folio: &str) -> Result<Bytes, Refusal> {
    let folio: Folio = folio.parse().unwrap();
    node.app.case_folio(&node.as_("officer-a1"), DocketId(id), folio, None).await.map(|printed| printed.pdf)
}

async fn printed(node: &Node, id: i64, folio: &str) -> Bytes {
    let pdf = print(node, id, folio).await.unwrap_or_else(|refusal| panic!("{folio}: {refusal}"));
    assert!(pdf.starts_with(b"%PDF"), "{folio}");
    pdf
}

async fn fill(node: &Node, who: &str, id: i64, folio: &str, details: Value) {
    let command = json!({ "command": "fill_folio", "folio": folio, "details": details.to_string() });
    node.done(who, id, command).await;
}

fn respondent() -> Value {
    json!({
        "place": "执法中队询问室", "recorder": "记录员", "name": RARE, "identity": "居民身份证：310118199001010011",
        "address": "漕平路 118 号 302 室", "relation": "当事人", "told": "告知申请回避的权利。答：不申请。",
        "answers": "问：墙是谁拆的？\n答：我拆的。",
    })
}

async fn record(node: &Node, id: i64, kind: &str) {
    let exhibit = photo(node, &format!("{kind}-{id}")).await;
    let record = json!({
        "command": "record", "kind": kind, "second": "officer-a2", "shown": true,
        "from": node.app.now(), "note": "承重墙已拆除", "exhibits": [exhibit],
    });
    node.done("officer-a1", id, record).await;
}

/// A case with its records written out and a decision that is not served yet.
async fn written_out(node: &Node) -> i64 {
    settings(node, "上海铁路运输法院").await;
    let id = opened(node, "FW-02", "person", "310118199001010011").await;
    filed(node, id).await;
    for kind in ["inspection", "interview", "sample"] {
        record(node, id, kind).await;
    }
    node.done("officer-a1", id, json!({ "command": "finish", "note": "事实清楚" })).await;
    let charge = json!({
        "command": "charge", "party": 1, "violation": 1, "tier": "一般", "fine": 200_000, "note": "情节一般",
    });
    node.done("officer-a1", id, charge).await;
    approved(node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    id
}

pub async fn every_paper_of_a_case_is_printed_from_its_data_and_says_what_it_lacks(place: &Place) {
    let node = office(place).await;
    let id = written_out(&node).await;
    // What the case says by itself.
    for folio in ["lead", "paper-1", "report"] {
        printed(&node, id, folio).await;
    }
    // What only people know is asked for by name, with the place where it is entered.
    for (folio, lacks) in [
        ("evidence-1", "记录人"),
        ("evidence-2", "与本案关系"),
        ("evidence-3", "抽样方式"),
        ("statement-1-1", ""),
    ] {
        let refusal = print(&node, id, folio).await.unwrap_err();
        assert!(refusal.rule.contains(lacks), "{folio}: {refusal}");
        if !lacks.is_empty() {
            assert!(refusal.remedy.contains("填写"), "{refusal}");
        }
    }
    // What is typed is checked before it is taken.
    let wrong = |details: Value| json!({ "command": "fill_folio", "folio": "evidence-1", "details": details.to_string() });
    for details in
        [json!({ "told": "告知" }), json!({ "colour": "red" }), json!([]), json!({ "recorder": 3 })]
    {
        let refused = node.command("officer-a1", id, wrong(details.clone())).await;
        assert!(refused.is_err(), "{details}");
    }
    fill(
        &node,
        "officer-a1",
        id,
        "evidence-1",
        json!({ "recorder": "记录员", "told": "告知回避权利。答：清楚。" }),
    )
    .await;
    fill(&node, "officer-a1", id, "evidence-2", respondent()).await;
    let items = "砖块|红砖|3块|完整|中队物品室，保管人甲\n砂浆，1袋，结块，中队物品室";
    let sample = json!({ "way": "随机抽取", "place": "漕平路 118 号", "items": items });
    fill(&node, "officer-a1", id, "evidence-3", sample).await;
    printed(&node, id, "evidence-1").await;
    let interview = print(&node, id, "evidence-2").await;
    // The recorder is nobody with a certificate: the paper says so instead of printing a gap.
    assert!(interview.unwrap_err().rule.contains("记录人"));
    let people = city::people();
    let recorder = people.iter().find(|p| p.code.as_str() == "officer-a2").unwrap();
    let mut details = respondent();
    details["recorder"] = json!(recorder.name);
    fill(&node, "officer-a1", id, "evidence-2", details).await;
    printed(&node, id, "evidence-2").await;
    printed(&node, id, "evidence-3").await;
    // A receipt can be taken along before the paper is served.
    printed(&node, id, "receipt-3-1").await;
    let other = node.app.case_folio(&node.as_("officer-b1"), DocketId(id), Folio::Lead, None).await;
    assert!(other.is_err(), "another squad does not read it");
}

pub async fn a_paper_that_was_served_is_printed_again_byte_by_byte(place: &Place) {
    let node = office(place).await;
    let id = written_out(&node).await;
    let notice = view(&node, "leader", id).await.papers.into_iter().rfind(|p| p.unserved).unwrap();
    let folio = format!("paper-{}", notice.id);
    serve(&node, id).await;
    let before = printed(&node, id, &folio).await;
    // The agency moves; what a party holds in its hands does not change.
    settings(&node, "上海市第三中级人民法院").await;
    assert!(printed(&node, id, &folio).await == before);
    let scan = photo(&node, "scan").await;
    let issue = json!({ "command": "issue", "paper": notice.id, "exhibits": [scan] });
    node.done("officer-a1", id, issue).await;
    let stands = view(&node, "leader", id).await.papers.into_iter().find(|p| p.id == notice.id).unwrap();
    assert_eq!(stands.folio.state, "issued");
    let again = json!({ "command": "fill_folio", "folio": folio, "details": "{}" });
    assert!(node.command("officer-a1", id, again).await.is_err());
}

pub async fn where_the_calendar_is_not_published_the_statute_speaks(place: &Place) {
    let node = office(place).await;
    settings(&node, "上海铁路运输法院").await;
    // The last days of the last published year: seven working days later lies in a year without a calendar.
    let now = node.app.now();
    let late = lianzhi_testkit::at("2026-12-30T02:00:00Z");
    node.clock().advance(late.duration_since(now));
    let id = opened(&node, "FW-02", "person", "310118199001010011").await;
    filed(&node, id).await;
    let preserve = json!({
        "command": "preserve", "party": 1, "goods": "切割机|手持|1台|完好|中队物品室，保管人甲", "second": "officer-a2",
        "note": "可能被转移",
    });
    approved(&node, id, preserve).await;
    let paper = view(&node, "leader", id).await.papers.pop().unwrap();
    // It prints, and no day stands on it that nobody can know.
    printed(&node, id, &format!("paper-{}", paper.id)).await;
    printed(&node, id, "proposal-2").await;
}

pub async fn the_file_is_bound_with_what_can_be_bound_and_names_the_rest(place: &Place) {
    let node = office(place).await;
    let id = written_out(&node).await;
    let who = node.as_("officer-a1");
    let file = node.app.case_file(&who, DocketId(id)).await.unwrap();
    assert!(file.pdf.starts_with(b"%PDF") && file.name.contains("全卷"));
    let query = lianzhi_app::AccessQuery { action: Some("particulars".into()), ..Default::default() };
    let looks = node.app.access_log(&node.as_("auditor"), &query, 10).await.unwrap();
    assert!(!looks.is_empty(), "the look is recorded");
    assert!(node.app.case_file(&node.as_("officer-b1"), DocketId(id)).await.is_err());
}
