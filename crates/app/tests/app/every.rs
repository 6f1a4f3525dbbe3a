//! Every paper and every folio of a case of two parties, printed for each of them and read: each says what concerns its party, nothing
//! of the other's, and nothing that did not happen.

use crate::kit::photo;
use crate::papers::settings;
use crate::penalty::{approved, filed, office, opened, party, view, with};
use jiff::SignedDuration;
use lianzhi_app::penalty::Written;
use lianzhi_ids::DocketId;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::penalty::folios::{Entry, all, printed};
use lianzhi_procedure::penalty::{Case, Folio};
use lianzhi_testkit::{Node, Place, city};
use serde_json::{Map, Value, json};

const FIRM: &str = "青浦某某建设有限公司";
const PERSON: &str = "李小四";

async fn case(node: &Node, id: i64) -> Case {
    let shown = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap();
    match shown.state {
        AnyState::Penalty(state) => state.case().unwrap().clone(),
        _ => panic!("a case"),
    }
}

fn people_name(code: &str) -> String {
    let known = city::people().into_iter().find(|p| p.code.as_str() == code);
    known.map_or_else(|| code.to_owned(), |p| p.name)
}

/// What somebody would write in a field, such as it must be read.
fn written(field: &Written) -> String {
    if !field.value.is_empty() {
        return field.value.clone();
    }
    match field.asked.name {
        "recorder" => people_name("officer-a2"),
        "items" => "切割机|手持|1台|完好|中队物品室，保管人甲".into(),
        "views" => format!("{}：同意拟处罚意见，\n理由：事实清楚。\nleader-2：同意。", people_name("leader")),
        "speeches" => {
            format!(
                "主持人：听证开始。\n请双方发言。\n当事人：{FIRM}认为数额过高，\n理由：已经清运。\n主持人：听证结束。"
            )
        }
        "answers" => "问：谁做的？\n答：我们做的。".into(),
        "cost" => "1,000元".into(),
        "objections" | "refused" | "witness" | "closed" | "guardian" | "again" => String::new(),
        _ => match field.asked.entry {
            Entry::Line | Entry::Text => format!("写明的{}", field.asked.title),
            Entry::Day => "2026-12-31".into(),
            Entry::Moment if field.asked.name == "from" => "2026-12-15T09:30".into(),
            Entry::Moment => "2026-12-15T11:00".into(),
        },
    }
}

/// Writes out every folio on which something must be written, by whoever may.
async fn write_out(node: &Node, id: i64) {
    for folio in all(&case(node, id).await) {
        let form = node.app.folio_form(&node.as_("officer-a1"), DocketId(id), folio).await.unwrap();
        if form.filled || form.settled.is_some() || !form.fields.iter().any(|field| field.asked.needed) {
            continue;
        }
        let needed = form
            .fields
            .iter()
            .filter(|field| field.asked.needed || ["items", "answers"].contains(&field.asked.name));
        let details: Map<String, Value> =
            needed.map(|field| (field.asked.key(), json!(written(field)))).collect();
        let details = Value::Object(details).to_string();
        let command = json!({ "command": "fill_folio", "folio": folio, "details": details });
        let mut refused = Vec::new();
        for who in ["officer-a1", "legal", "leader", "captain-a"] {
            match node.command(who, id, command.clone()).await {
                Ok(_) => break,
                Err(refusal) => refused.push(refusal.to_string()),
            }
        }
        assert!(refused.len() < 4, "{folio}: {refused:?}");
    }
}

async fn words_of(node: &Node, id: i64, folio: Folio, party: u16) -> String {
    let read = node.app.folio_words(&node.as_("officer-a1"), DocketId(id), folio, party).await;
    read.unwrap_or_else(|refusal| panic!("{folio} for {party}: {refusal}"))
}

/// The words of the newest paper of a form for a party.
async fn paper(node: &Node, id: i64, form: &str, party: u16) -> String {
    let papers = view(node, "leader", id).await.papers;
    let paper = papers.iter().rfind(|p| p.form == form).unwrap_or_else(|| panic!("no {form}"));
    words_of(node, id, Folio::Paper(paper.id), party).await
}

fn has(text: &str, wanted: &[&str], not: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "“{words}” is missing: {text}");
    }
    for words in not {
        assert!(!text.contains(words), "“{words}” must not stand there: {text}");
    }
}

async fn serve_all(node: &Node, id: i64) {
    for file in case(node, id).await.papers {
        for party in &file.paper.parties {
            if file.paper.kind.outward() && !file.service.contains_key(party) {
                let proof = photo(node, &format!("served-{id}-{}-{party}", file.paper.id)).await;
                let serve = json!({
                    "command": "serve", "paper": file.paper.id, "party": party, "way": "direct",
                    "at": node.app.now(), "note": "本人签收", "exhibits": [proof],
                });
                node.done("officer-a1", id, serve).await;
            }
        }
    }
}

/// A firm that dumped rubble, whose things were kept and are confiscated, and a person who broke a wall: investigated and charged.
async fn charged(node: &Node) -> i64 {
    let id = opened(node, "JZLJ-01", "company", "91310118MA1GTEST00").await;
    filed(node, id).await;
    node.done("officer-a1", id, json!({ "command": "describe", "party": 1, "name": FIRM })).await;
    let second =
        with(json!({ "command": "add_party", "kind": "person" }), party(PERSON, "310118199001010022"));
    node.done("officer-a1", id, second).await;
    let violation = json!({
        "command": "set_violation", "item": "FW-02", "from": "2026-11-20", "facts": "擅自拆除承重墙一面",
    });
    node.done("officer-a1", id, violation).await;
    let order =
        json!({ "command": "order", "party": 1, "note": "清除倾倒的建筑垃圾。", "until": "2026-11-26" });
    node.done("officer-a1", id, order).await;
    let preserve = json!({
        "command": "preserve", "party": 1, "goods": "切割机|手持|1台|完好|中队物品室，保管人甲", "second": "officer-a2",
        "note": "可能被转移",
    });
    approved(node, id, preserve).await;
    for kind in ["inspection", "interview", "sample"] {
        let record = json!({
            "command": "record", "kind": kind, "second": "officer-a2", "shown": true, "from": node.app.now(),
            "note": "现场有建筑垃圾", "exhibits": [photo(node, &format!("{kind}-{id}")).await],
        });
        node.done("officer-a1", id, record).await;
    }
    for (party, fine, goods) in [(1, 20_000_000, true), (2, 200_000, false)] {
        let charge = json!({
            "command": "charge", "party": party, "violation": party, "tier": "一般", "fine": fine, "goods": goods,
            "note": "情节一般；偏离理由见笔录",
        });
        node.done("officer-a1", id, charge).await;
    }
    node.done("officer-a1", id, json!({ "command": "finish", "note": "事实清楚" })).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_paper_of_two_parties_says_what_concerns_each() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = charged(&node).await;
    // What was found of each, each with its own law (57).
    let report = words_of(&node, id, Folio::Report, 1).await;
    has(
        &report,
        &[FIRM, PERSON, "没收涉案的非法财物", "罚款人民币200,000.00元", "罚款人民币2,000.00元"],
        &[],
    );
    serve_all(&node, id).await;
    approved(&node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    let firm = paper(&node, id, "D15", 1).await;
    let source = "听证标准（";
    has(
        &firm,
        &["听证权：", "第六十三条第一款第一项", source, "先行登记保存证据清单》所列物品：切割机"],
        &[PERSON],
    );
    let person = paper(&node, id, "D15", 2).await;
    has(
        &person,
        &["陈述、申辩权：", "罚款人民币2,000.00元", "居民身份证：310118199001010022"],
        &["听证权：", "没收", FIRM],
    );
    serve_all(&node, id).await;
    let today = lianzhi_procedure::beijing_date(node.app.now());
    node.done("officer-a1", id, json!({ "command": "ask_hearing", "party": 1, "on": today })).await;
    let on = node.app.now() + SignedDuration::from_hours(24 * 20);
    let call =
        json!({ "command": "call_hearing", "party": 1, "on": on, "chair": "legal", "note": "机关二楼" });
    node.done("legal", id, call).await;
    write_out(&node, id).await;
    serve_all(&node, id).await;
    node.clock().advance(SignedDuration::from_hours(24 * 21));
    node.app.tick().await.unwrap();
    let record = photo(&node, "hearing-record").await;
    let hold = json!({ "command": "hold_hearing", "party": 1, "note": "建议按告知的内容处罚", "exhibits": [record] });
    node.done("legal", id, hold).await;
    // A line that belongs to nobody is refused, every other one is kept.
    let lost = json!({
        "from": "2026-12-15T09:30", "to": "2026-12-15T11:00", "place": "机关二楼", "recorder": "记录员",
        "speeches": "现在开始。\n主持人：请发言。",
    });
    let refused = json!({ "command": "fill_folio", "folio": "hearing-1", "details": lost.to_string() });
    let refusal = node.command("legal", id, refused).await.unwrap_err();
    assert_eq!(refusal.field, Some("speeches"), "{refusal}");
    write_out(&node, id).await;
    let record = words_of(&node, id, Folio::HearingRecord(1), 1).await;
    has(&record, &["请双方发言。", "理由：已经清运。", "拒绝签名情况："], &[]);
    let review =
        json!({ "command": "review", "opinion": "agree", "note": "同意", "qualification": "A2018310118" });
    node.done("legal", id, review).await;
    let discuss =
        json!({ "command": "discuss", "present": ["leader", "leader-2"], "agreed": true, "note": "一致" });
    node.done("leader", id, discuss).await;
    write_out(&node, id).await;
    has(&words_of(&node, id, Folio::Discussion(1), 1).await, &["理由：事实清楚。"], &[]);
    approved(&node, id, json!({ "command": "decide", "note": "内部的请示意见" })).await;
    let firm = paper(&node, id, "D17", 1).await;
    has(
        &firm,
        &[
            "当事人在听证中提出",
            "责令你单位清除倾倒的建筑垃圾，期限：立即",
            "先行登记保存证据清单》所列物品：切割机",
            "自收到行政处罚决定书之日起十五日内",
            "写明的履行方式和期限",
        ],
        &[
            PERSON,
            "内部的请示意见",
            "当事人在期限内没有陈述、申辩",
            "听证笔录已经当事人核对",
            "2026年11月26日",
        ],
    );
    let person = paper(&node, id, "D17", 2).await;
    has(
        &person,
        &["罚款人民币2,000.00元", "没有陈述、申辩"],
        &[FIRM, "举行了听证", "要求听证", "听证告知书", "没收", "责令你", "内部的请示意见"],
    );
    serve_all(&node, id).await;
    node.clock().advance(SignedDuration::from_hours(24 * 20));
    approved(&node, id, json!({ "command": "demand", "party": 1, "note": "请履行" })).await;
    write_out(&node, id).await;
    // Whatever the file holds prints for each of those to whom it goes, and reads like a document.
    let file = case(&node, id).await;
    for folio in all(&file).into_iter().filter(|folio| printed(&file, *folio)) {
        let parties = match folio {
            Folio::Paper(n) => file.paper(n).unwrap().paper.parties.clone(),
            Folio::Statement(p, _) | Folio::Answer(p, _) | Folio::HearingRecord(p) => vec![p],
            Folio::HearingReport(p) | Folio::Receipt(_, p) | Folio::Address(p) => vec![p],
            _ => vec![1],
        };
        for party in if parties.is_empty() { vec![1] } else { parties } {
            let text = words_of(&node, id, folio, party).await;
            has(&text, &[], &["。。", "；。", "，。", "《》", "none", "：；", "罚款人民币0.00元"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_character_that_no_font_has_is_written_in_by_hand_before_the_paper_goes_out() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = opened(&node, "FW-02", "person", "310118199001010011").await;
    filed(&node, id).await;
    node.done("officer-a1", id, json!({ "command": "describe", "party": 1, "name": "张\u{e000}三" })).await;
    node.done("officer-a1", id, json!({ "command": "order", "party": 1, "note": "恢复承重墙。" })).await;
    let paper = view(&node, "leader", id).await.papers.into_iter().rfind(|p| p.unserved).unwrap().id;
    let form = node.app.folio_form(&node.as_("officer-a1"), DocketId(id), Folio::Paper(paper)).await.unwrap();
    assert!(
        form.gaps.len() == 1 && form.gaps[0].contains("张□三") && form.gaps[0].contains("U+E000"),
        "{:?}",
        form.gaps
    );
    let proof = photo(&node, "served").await;
    let serve = json!({
        "command": "serve", "paper": paper, "party": 1, "way": "direct", "at": node.app.now(), "note": "本人签收",
        "exhibits": [proof],
    });
    let refusal = node.command("officer-a1", id, serve.clone()).await.unwrap_err();
    assert_eq!(refusal.code, "lacking-characters", "{refusal}");
    assert!(refusal.rule.contains("张□三"), "{refusal}");
    let scan = photo(&node, "scan").await;
    node.done("officer-a1", id, json!({ "command": "issue", "paper": paper, "exhibits": [scan] })).await;
    node.done("officer-a1", id, serve).await;
}
