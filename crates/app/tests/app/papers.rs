//! Documents of a case: printed from its data, completed by people, kept as they were handed over, bound into one file.

use crate::kit::{PIXEL, photo, signature, upload};
use crate::penalty::{approved, archived, decided, filed, investigated, office, opened, serve, view};
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
    let who = node.as_("officer-a1");
    let words = node.app.folio_words(&who, DocketId(id), Folio::Paper(paper.id), 1).await.unwrap();
    assert!(words.contains("七日内") && !words.contains("2027年1月"), "the statute's words: {words}");
}

pub async fn the_file_is_bound_with_what_can_be_bound_and_names_the_rest(place: &Place) {
    let node = office(place).await;
    let id = written_out(&node).await;
    let who = node.as_("officer-a1");
    let file = node.app.case_file(&who, DocketId(id), None).await.unwrap();
    assert!(file.pdf.starts_with(b"%PDF") && file.name.contains("全卷"));
    let query = lianzhi_app::AccessQuery { action: Some("particulars".into()), ..Default::default() };
    let looks = node.app.access_log(&node.as_("auditor"), &query, 10).await.unwrap();
    assert!(!looks.is_empty(), "the look is recorded");
    // What unit and leader said when the case was filed stands on the check of the lead, and no box is left empty.
    let words = node.app.folio_words(&who, DocketId(id), Folio::Lead, 1).await.unwrap();
    assert!(words.contains("机关负责人意见") || words.contains("机关负责人"), "{words}");
    assert_eq!(words.matches("审批立案时签署").count(), 2, "{words}");
    assert!(node.app.case_file(&node.as_("officer-b1"), DocketId(id), None).await.is_err());
}

pub async fn each_party_of_a_paper_has_its_own_copy_printed_scanned_and_bound(place: &Place) {
    let node = office(place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = opened(&node, "FW-02", "person", "310118199001010011").await;
    filed(&node, id).await;
    let other = json!({
        "name": "上海示例装饰有限公司", "id_number": "91310118MA1GTEST00", "address": "公园路 1 号", "representative": "王五",
        "phone": "13900000000",
    });
    let add = json!({ "command": "add_party", "kind": "company", "particulars": other.to_string() });
    node.done("officer-a1", id, add).await;
    investigated(&node, id, "一般", 200_000).await;
    let charge = json!({
        "command": "charge", "party": 2, "violation": 1, "tier": "一般", "fine": 500_000, "note": "情节一般；偏离理由见笔录",
    });
    node.done("officer-a1", id, charge).await;
    approved(&node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let paper = view(&node, "leader", id).await.papers.pop().unwrap();
    assert_eq!(paper.copies, [1, 2]);
    let (who, folio) = (node.as_("officer-a1"), Folio::Paper(paper.id));
    let print = async |party: Option<u16>| {
        let printed = node.app.case_paper(&node.as_("officer-a1"), DocketId(id), paper.id, party).await;
        printed.map(|printed| printed.pdf)
    };
    // Whose copy is meant must be said; each says its own name and nobody else's number.
    let refusal = print(None).await.unwrap_err();
    assert_eq!((refusal.field, refusal.kind), (Some("party"), lianzhi_procedure::RefusalKind::Missing));
    assert!(print(Some(3)).await.is_err());
    let (first, second) = (print(Some(1)).await.unwrap(), print(Some(2)).await.unwrap());
    assert_ne!(first, second);
    let words = node.app.folio_words(&who, DocketId(id), folio, 2).await.unwrap();
    assert!(words.contains("上海示例装饰有限公司") && !words.contains("310118199001010011"), "{words}");
    // Two photos of the second party's stamped copy are that copy from now on; the first party's is still printed.
    let mut photos = Vec::new();
    for n in 1..=2 {
        photos.push(
            upload(&node, &format!("stamped-{n}"), Bytes::from([PIXEL, &[n]].concat()), "image/png").await,
        );
    }
    let issue = json!({ "command": "issue", "paper": paper.id, "party": 2, "exhibits": photos });
    let nobody = json!({ "command": "issue", "paper": paper.id, "exhibits": photos });
    assert!(node.command("officer-a1", id, nobody).await.is_err());
    node.done("officer-a1", id, issue).await;
    let scanned = print(Some(2)).await.unwrap();
    assert_eq!(lianzhi_paper::page_count(&scanned), Ok(2), "both pages in one");
    assert_eq!(print(Some(2)).await.unwrap(), scanned);
    assert_eq!(print(Some(1)).await.unwrap(), first);
    // What is served is kept for each; the first one's bytes too, although the other's scan is there.
    serve(&node, id).await;
    settings(&node, "上海市第三中级人民法院").await;
    assert_eq!(print(Some(1)).await.unwrap(), first, "as it was handed over");
    assert_eq!(print(Some(2)).await.unwrap(), scanned);
    // The file has a line and the pages of both.
    let lines = view(&node, "leader", id).await.catalogue;
    let of: Vec<_> =
        lines.iter().filter(|l| l.number == paper.number).map(|l| (l.party, l.exhibits.len())).collect();
    assert_eq!(of, [(Some(1), 0), (Some(2), 2)]);
    let file = node.app.case_file(&who, DocketId(id), None).await.unwrap().pdf;
    let pages = |pdf: &Bytes| lianzhi_paper::page_count(pdf).unwrap();
    assert!(pages(&file) > pages(&first) + pages(&scanned));
}

pub async fn a_record_that_all_signed_is_kept_as_it_was_signed(place: &Place) {
    let node = office(place).await;
    let id = written_out(&node).await;
    let draw = async |signer: &str| {
        let drawn = signature(&node, &format!("drawn-{signer}-{}", node.row(id).await.seq)).await;
        json!({ "command": "draw_folio", "folio": "evidence-1", "signer": signer, "exhibits": [drawn] })
    };
    // Nobody signs a record that is not written out.
    let refusal = node.command("officer-a1", id, draw("party").await).await.unwrap_err();
    assert!(refusal.code == "folio-lacks" && refusal.rule.contains("记录人"), "{refusal}");
    let details = json!({ "recorder": "记录员", "told": "告知回避权利。答：清楚。" });
    fill(&node, "officer-a1", id, "evidence-1", details.clone()).await;
    node.done("officer-a1", id, draw("party").await).await;
    let change = |note: &str| json!({ "command": "fill_folio", "folio": "evidence-1", "details": details.to_string(), "note": note });
    assert!(node.command("officer-a1", id, change("")).await.is_err());
    node.done("officer-a1", id, change("天气写错")).await;
    for signer in ["party", "officer", "second"] {
        node.done("officer-a1", id, draw(signer).await).await;
    }
    let form = node.app.folio_form(&node.as_("officer-a1"), DocketId(id), Folio::Evidence(1)).await.unwrap();
    assert!(form.settled.is_some_and(|why| why.contains("已经签名")));
    let signed = printed(&node, id, "evidence-1").await;
    let mut moved = city::settings();
    moved.agency = "上海市青浦区城市管理综合执法局".into();
    node.app.put_register(&Caller::system(), Record::Settings(moved)).await.unwrap();
    assert_eq!(printed(&node, id, "evidence-1").await, signed, "the bytes that were signed");
}

pub async fn a_file_in_the_archive_is_printed_as_it_went_there(place: &Place) {
    let node = office(place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = decided(&node, "310118199001010011").await;
    archived(&node, id).await;
    let who = node.as_("officer-a1");
    let file = node.app.case_file(&who, DocketId(id), None).await.unwrap().pdf;
    settings(&node, "上海市第三中级人民法院").await;
    node.clock().advance(jiff::SignedDuration::from_hours(24 * 40));
    assert_eq!(node.app.case_file(&who, DocketId(id), None).await.unwrap().pdf, file);
    crate::kit::intact(&node).await;
}
