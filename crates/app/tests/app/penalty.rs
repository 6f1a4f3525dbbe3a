//! Penalty cases through the application: opened, decided, archived, and the same when all is made anew.

use crate::kit::{differences, intact, photo};
use jiff::SignedDuration;
use lianzhi_app::penalty::{CaseQuery, CaseView};
use lianzhi_app::ports::{Batch, CaseLineRow, Filter};
use lianzhi_app::rebuild::rebuild;
use lianzhi_app::{AccessQuery, Done, filter_of_kind};
use lianzhi_ids::{Digest, DocketId, NodeCode, Role};
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Refusal, RefusalKind};
use lianzhi_testkit::{Node, Place, city};
use serde_json::{Value, json};

/// A violation of a resident (1000 to 10000 yuan), and one of a company (100 000 to a million).
pub const SMALL: &str = "FW-02";
pub const LARGE: &str = "JZLJ-01";

/// A node whose officers have certificates, with a second leader and a legal reviewer.
pub async fn office(place: &Place) -> Node {
    let node = Node::new(place).await;
    let system = lianzhi_app::Caller::system();
    for mut person in city::people() {
        if person.posts[0].roles.contains(&Role::Officer) {
            person.certificate = Some(format!("09-118-{}", person.code));
            node.app.put_register(&system, Record::Person(person)).await.unwrap();
        }
    }
    for (code, role) in [("leader-2", Role::Leader), ("legal", Role::LegalReviewer)] {
        node.app.put_register(&system, Record::Person(clerk(code, role))).await.unwrap();
    }
    node
}

/// Somebody at the bureau with one role.
fn clerk(code: &str, role: Role) -> Person {
    Person {
        code: city::person(code),
        name: code.into(),
        login: code.into(),
        posts: vec![Post { unit: city::unit("bureau"), roles: vec![role], grids: vec![] }],
        certificate: None,
        active: true,
        second_factor: false,
    }
}

pub fn party(name: &str, number: &str) -> Value {
    json!({ "name": name, "id_number": number, "address": "漕平路 118 号 302 室", "representative": "王五", "phone": "13800001234" })
}

pub fn with(mut value: Value, more: Value) -> Value {
    for (name, given) in more.as_object().unwrap() {
        value[name] = given.clone();
    }
    value
}

async fn open(node: &Node, who: &str, json: Value) -> Result<Done, Refusal> {
    node.app.open_case(&node.as_(who), json, None).await
}

/// Opened by an officer on the street.
pub async fn opened(node: &Node, item: &str, kind: &str, number: &str) -> i64 {
    let case = json!({
        "source": "inspection", "title": "擅自损坏房屋承重结构案", "place": "漕平路 118 号", "kind": kind,
        "item": item, "from": "2026-11-20", "facts": "擅自拆除承重墙",
    });
    open(node, "officer-a1", with(case, party("张小三", number))).await.unwrap().id.0
}

pub async fn filed(node: &Node, id: i64) {
    node.done("captain-a", id, json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }))
        .await;
    node.done("officer-a1", id, json!({ "command": "verify", "established": true, "note": "现场属实" }))
        .await;
    approved(node, id, json!({ "command": "file", "note": "符合立案标准" })).await;
}

/// Proposed by the officer, endorsed by the unit where that is needed, signed by the leader.
pub async fn approved(node: &Node, id: i64, command: Value) {
    let crime = command["command"] == "hand_over";
    let asks = ["notify", "decide", "no_penalty"].iter().any(|asks| command["command"] == *asks)
        || command["kind"] == "court";
    node.done("officer-a1", id, command).await;
    let pending = view(node, "leader", id).await.pending.pop().unwrap();
    if crime {
        // What only people know stands on the paper before it is signed.
        let details =
            json!({ "crime": "污染环境罪（刑法第三百三十八条）", "prosecutor": "青浦区人民检察院" })
                .to_string();
        let folio = format!("proposal-{}", pending.id);
        node.done("officer-a1", id, json!({ "command": "fill_folio", "folio": folio, "details": details }))
            .await;
    }
    // Every look at a form is a line of its own: only where something must be written.
    if asks {
        written_on(node, id, &format!("proposal-{}", pending.id)).await;
    }
    if pending.wants_unit {
        node.done("captain-a", id, json!({ "command": "endorse", "proposal": pending.id, "agreed": true }))
            .await;
    }
    if pending.review.is_some() {
        let review = json!({
            "command": "review_proposal", "proposal": pending.id, "opinion": "agree", "note": "同意",
            "qualification": "A2018310118",
        });
        node.done("legal", id, review).await;
    }
    node.done("leader", id, json!({ "command": "approve", "proposal": pending.id, "agreed": true })).await;
}

/// What the form of a folio must say is written on it where nobody did: as the case proposes it, else in some words.
pub async fn written_on(node: &Node, id: i64, folio: &str) {
    let form =
        node.app.folio_form(&node.as_("officer-a1"), DocketId(id), folio.parse().unwrap()).await.unwrap();
    if form.filled || !form.fields.iter().any(|field| field.asked.needed) {
        return;
    }
    let mut details = serde_json::Map::new();
    for field in form.fields.iter().filter(|field| field.asked.needed) {
        let words = if field.value.is_empty() {
            format!("写明的{}", field.asked.title)
        } else {
            field.value.clone()
        };
        details.insert(field.asked.key(), words.into());
    }
    let details = Value::Object(details).to_string();
    node.done("officer-a1", id, json!({ "command": "fill_folio", "folio": folio, "details": details })).await;
}

pub async fn view(node: &Node, who: &str, id: i64) -> CaseView {
    node.app.matter(&node.as_(who), DocketId(id)).await.unwrap().case.unwrap()
}

pub async fn investigated(node: &Node, id: i64, tier: &str, fine: i64) {
    let exhibit = photo(node, &format!("scene-{id}")).await;
    for kind in ["inspection", "interview"] {
        let record = json!({
            "command": "record", "kind": kind, "second": "officer-a2", "shown": true,
            "from": node.app.now(), "note": "承重墙已拆除", "exhibits": [exhibit],
        });
        node.done("officer-a1", id, record).await;
    }
    node.done("officer-a1", id, json!({ "command": "finish", "note": "事实清楚" })).await;
    let charge = json!({
        "command": "charge", "party": 1, "violation": 1, "tier": tier, "fine": fine, "note": "情节一般；偏离理由见笔录",
    });
    node.done("officer-a1", id, charge).await;
}

pub async fn serve(node: &Node, id: i64) {
    let proof = photo(node, &format!("receipt-{id}-{}", node.row(id).await.seq)).await;
    let paper = view(node, "leader", id).await.papers.into_iter().rfind(|p| p.unserved).unwrap();
    let serve = json!({
        "command": "serve", "paper": paper.id, "party": 1, "way": "direct", "at": node.app.now(),
        "note": "本人签收", "exhibits": [proof],
    });
    node.done("officer-a1", id, serve).await;
}

/// Somebody of the office finds that what was typed came.
pub fn check_payment(ticket: &str) -> Value {
    json!({ "command": "check_payment", "party": 1, "ticket": ticket, "came": true, "voucher": "沪财 0001" })
}

/// Paid, published, closed and archived.
pub async fn archived(node: &Node, id: i64) {
    let slip = photo(node, "bank").await;
    let pay = json!({
        "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 0001", "exhibits": [slip],
    });
    node.done("officer-a1", id, pay).await;
    node.done("dispatcher", id, check_payment("银行 0001")).await;
    node.done("officer-a1", id, json!({ "command": "publish" })).await;
    approved(node, id, json!({ "command": "close", "ground": "performed", "note": "执行完毕" })).await;
    let archive =
        json!({ "command": "archive", "shelf": "2026-罚-001", "pages": 42, "note": "纸质原件另册" });
    node.done("officer-a1", id, archive).await;
}

pub async fn notified(node: &Node, id: i64, hearing: bool) {
    approved(node, id, json!({ "command": "notify", "days": 5, "note": "拟处罚" })).await;
    serve(node, id).await;
    let signed = photo(node, &format!("waived-{id}")).await;
    let waive = json!({ "command": "waive", "party": 1, "hearing": hearing, "exhibits": [signed] });
    node.done("officer-a1", id, waive).await;
}

/// A small fine, decided and served.
pub async fn decided(node: &Node, number: &str) -> i64 {
    let id = opened(node, SMALL, "person", number).await;
    filed(node, id).await;
    investigated(node, id, "一般", 200_000).await;
    notified(node, id, false).await;
    approved(node, id, json!({ "command": "decide", "note": "决定" })).await;
    serve(node, id).await;
    id
}

/// All projections are made anew: nothing changes.
pub async fn the_same_anew(node: &Node) {
    let all = lianzhi_app::ListQuery { kind: Some("penalty".into()), ..lianzhi_app::ListQuery::default() };
    let rows = async || node.app.list(&node.as_("dispatcher"), &all, None, 50).await.unwrap().rows;
    let of_item = CaseQuery { item: Some(SMALL.into()), open: Some("any".into()), ..CaseQuery::default() };
    let cases = async || node.app.cases(&node.as_("dispatcher"), &of_item).await.unwrap().cases;
    let before = (rows().await, cases().await);
    let code = NodeCode::parse(city::NODE).unwrap();
    rebuild(node.app.store(), &node.life.keys, &code, |_, _| {}).await.unwrap();
    node.app.reload().await.unwrap();
    assert_eq!((rows().await, cases().await), before);
}

pub async fn a_case_goes_from_a_report_to_the_archive_and_is_the_same_made_anew(place: &Place) {
    let node = office(place).await;
    let report = node.report("楼上在拆承重墙", 0).await;
    let case = json!({
        "from_matter": report.number, "kind": "person", "item": SMALL, "from": "2026-11-20", "facts": "擅自拆除承重墙",
    });
    let opened = open(&node, "officer-a1", with(case, party("张小三", "310118199001010011"))).await.unwrap();
    let id = opened.id.0;
    assert!(opened.number.starts_with("沪青案2026-"), "{}", opened.number);
    let row = node.row(id).await;
    // What the report says is taken over: its words, its place.
    assert_eq!((row.title.as_str(), row.address.as_str()), ("楼上在拆承重墙", "漕平路 118 号"));
    assert!(row.lng.is_some());
    let from = node.app.matter(&node.as_("dispatcher"), DocketId(report.id)).await.unwrap();
    assert_eq!(from.cases.iter().map(|r| r.id.0).collect::<Vec<_>>(), [id]);

    filed(&node, id).await;
    investigated(&node, id, "一般", 200_000).await;
    let planned = view(&node, "officer-a1", id).await;
    let plan = &planned.violations[0].plans[0];
    assert!(plan.chosen.as_ref().is_some_and(|b| !b.why.is_empty()), "the basis says why it was chosen");
    assert!(planned.parties[0].charges[0].penalty.contains("2,000 元"), "{:?}", planned.parties[0].charges);
    notified(&node, id, false).await;
    approved(&node, id, json!({ "command": "decide", "note": "决定" })).await;
    assert_eq!(node.row(id).await.stage, "serving");
    serve(&node, id).await;
    let slip = photo(&node, "bank").await;
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 0001", "exhibits": [slip] });
    node.done("officer-a1", id, pay).await;
    assert!(!view(&node, "officer-a1", id).await.parties[0].money.owing);
    // What was typed is said to be so, lacks on the desk and waits for whoever did not type it (行政处罚法 67, 74).
    let receipts = async || view(&node, "officer-a1", id).await.parties[0].money.receipts.join("；");
    assert!(receipts().await.contains("登记未确认"), "{}", receipts().await);
    let waiting = node.app.unconfirmed_payments(&node.as_("dispatcher")).await.unwrap();
    assert_eq!(waiting.iter().map(|row| (row.id, row.fen)).collect::<Vec<_>>(), [(id, 200_000)]);
    assert_eq!(waiting[0].person, "队员甲一", "who typed it");
    let early = json!({ "command": "close", "ground": "performed", "note": "执行完毕" });
    assert_eq!(node.command("officer-a1", id, early).await.unwrap_err().code, "payment-unconfirmed");
    node.done("dispatcher", id, check_payment("银行 0001")).await;
    assert!(receipts().await.contains("已确认到账（凭证 沪财 0001"), "{}", receipts().await);
    assert!(node.app.unconfirmed_payments(&node.as_("dispatcher")).await.unwrap().is_empty());
    node.done("officer-a1", id, json!({ "command": "publish" })).await;
    approved(&node, id, json!({ "command": "close", "ground": "performed", "note": "执行完毕" })).await;
    let archive =
        json!({ "command": "archive", "shelf": "2026-罚-001", "pages": 42, "note": "纸质原件另册" });
    assert_eq!(node.done("officer-a1", id, archive).await.stage, "archived");

    let matter = node.app.matter(&node.as_("legal"), DocketId(id)).await.unwrap();
    // An archived case is not changed any more, but its decision may be challenged and is withdrawn then.
    let late = ["appeal", "unpublish"];
    assert!(matter.offers.iter().all(|offer| late.contains(&offer.command)), "{:?}", matter.offers);
    assert!(matter.clocks.iter().all(|c| !c.arithmetic.is_empty() && !c.source.is_empty()));
    assert!(matter.record.iter().all(|line| !line.title.is_empty()));
    let whole = matter.record.iter().map(|l| format!("{:?}", l.event)).collect::<String>();
    assert!(!whole.contains("张小三") && !whole.contains("310118199001010011"), "events hold no name");
    let file = matter.case.unwrap();
    assert!(file.catalogue.windows(2).all(|pair| pair[0].at <= pair[1].at), "the file is in order");
    assert!(file.catalogue.iter().any(|l| l.form == "D17" && l.number.starts_with("沪青罚决字〔2026〕")));
    // What runs on in a closed case is computed anew with a changed calendar like what is open.
    let looked = node.app.recompute().await.unwrap();
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-11-23" });
    node.done("legal", id, appeal).await;
    assert_eq!(node.app.recompute().await.unwrap(), looked + 1, "the archived case that is challenged");
    the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn a_heavy_case_is_decided_after_hearing_review_and_discussion(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, LARGE, "company", "91310118MA1GTEST00").await;
    filed(&node, id).await;
    investigated(&node, id, "一般", 20_000_000).await;
    notified(&node, id, true).await;
    let decide = json!({ "command": "decide", "note": "决定" });
    let refused = node.command("officer-a1", id, decide.clone()).await.unwrap_err();
    assert!(refused.source_text.contains("第五十八条"), "{refused}");
    let waits = node.app.case_reviews(&node.as_("legal")).await.unwrap();
    assert!(waits.iter().any(|r| r.case.id == id && r.waits && r.demanded.is_some()));
    assert_eq!(
        node.app.case_reviews(&node.as_("officer-a1")).await.unwrap_err().kind,
        RefusalKind::Forbidden
    );

    let review =
        json!({ "command": "review", "opinion": "agree", "note": "主体、事实、依据、程序、裁量均无误" });
    let first = node.command("legal", id, review.clone()).await.unwrap_err();
    assert_eq!(
        first.field,
        Some("qualification"),
        "who reviews for the first time has passed the examination"
    );
    // One that does not agree sends it back; sent again it waits for the reviewer again.
    let against = json!({ "opinion": "supplement", "note": "补充裁量证据", "qualification": "A2018310118" });
    node.done("legal", id, with(review.clone(), against)).await;
    let waiting = async || {
        let all = node.app.case_reviews(&node.as_("legal")).await.unwrap();
        let row = all.into_iter().find(|r| r.case.id == id).unwrap();
        (row.waits, row.case.objections.iter().any(|(_, text)| text == "补充裁量证据"))
    };
    assert_eq!(waiting().await, (false, true));
    node.done("officer-a1", id, json!({ "command": "resubmit", "note": "已补充" })).await;
    assert_eq!(waiting().await, (true, false));
    node.done("legal", id, review.clone()).await;
    let discuss = json!({ "command": "discuss", "present": ["leader", "leader-2"], "agreed": true, "note": "一致同意" });
    node.done("leader", id, discuss).await;
    approved(&node, id, decide).await;
    assert_eq!(node.row(id).await.stage, "serving");

    // The second time it is known that he has.
    let other = opened(&node, LARGE, "company", "91310118MA1GOTHER0").await;
    filed(&node, other).await;
    investigated(&node, other, "一般", 20_000_000).await;
    node.done("legal", other, review).await;
    the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn the_same_act_is_not_fined_twice(place: &Place) {
    let node = office(place).await;
    let number = "310118199001010011";
    let first = decided(&node, number).await;
    // The same number, written otherwise.
    let again = opened(&node, SMALL, "person", "3101 1819 9001 0100 11").await;
    node.done(
        "captain-a",
        again,
        json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }),
    )
    .await;
    node.done("officer-a1", again, json!({ "command": "verify", "established": true, "note": "属实" })).await;
    let file = json!({ "command": "file", "note": "立案" });
    let refused = node.command("officer-a1", again, file).await.unwrap_err();
    assert_eq!(refused.code, "once-only");
    assert!(
        refused.source_text.contains("第二十九条") && refused.rule.contains(&node.row(first).await.number)
    );
    // The page says so before anybody tries.
    let missing = view(&node, "officer-a1", again).await.next.missing;
    assert!(missing.iter().any(|m| m.code == "once-only"), "{missing:?}");
    // Somebody else may be.
    let other = opened(&node, SMALL, "person", "310118199001010022").await;
    filed(&node, other).await;
    intact(&node).await;
}

pub async fn a_party_that_is_split_off_goes_on_in_a_case_of_its_own(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, SMALL, "person", "310118199001010011").await;
    filed(&node, id).await;
    let second =
        with(json!({ "command": "add_party", "kind": "person" }), party("李小四", "310118199001010022"));
    node.done("officer-a1", id, second).await;
    assert_eq!(
        node.command("officer-a1", id, json!({ "command": "split", "party": 2, "note": "另案" }))
            .await
            .unwrap_err()
            .kind,
        RefusalKind::Forbidden
    );
    // What was ordered and said goes with the party; so does the time (行政处罚法 36, 45, 60).
    node.done("officer-a1", id, json!({ "command": "order", "party": 2, "note": "恢复原状" })).await;
    let paper = view(&node, "officer-a1", id).await.papers.last().unwrap().id;
    let now = node.app.now();
    let exhibits = json!([photo(&node, "receipt").await]);
    let serve = json!({
        "command": "serve", "paper": paper, "party": 2, "way": "direct", "at": now, "note": "本人签收", "exhibits": exhibits,
    });
    node.done("officer-a1", id, serve).await;
    node.done("officer-a1", id, json!({ "command": "state", "party": 2, "note": "不是我拆的" })).await;
    node.done("captain-a", id, json!({ "command": "split", "party": 2, "note": "事实不同" })).await;
    let split = view(&node, "captain-a", id).await.parties[1].split_to.unwrap();
    let own = node.app.matter(&node.as_("captain-a"), split).await.unwrap();
    assert!(own.joined.iter().any(|row| row.id.0 == id), "the cases know each other");
    let went = own.case.as_ref().unwrap();
    assert_eq!(went.stage, "lead");
    assert_eq!((went.orders.len(), went.parties[0].statements.len()), (1, 1));
    assert_eq!(went.parties[0].statements[0].text, "不是我拆的");
    let who = node.app.party_particulars(&node.as_("captain-a"), split, 1, "核对身份").await.unwrap();
    assert_eq!(who.name, "李小四");
    // Nobody says himself that a case was split off, nor gives the node's own commands.
    let forged = json!({
        "source": "inspection", "title": "案", "kind": "person", "item": SMALL, "from": "2026-11-20", "facts": "某事",
        "name": "某", "split_from": { "case": id, "party": 1 },
    });
    let opened = open(&node, "officer-a1", forged).await.unwrap();
    assert_eq!(view(&node, "captain-a", id).await.parties[0].split_to, None, "{}", opened.number);
    let absorb = json!({ "command": "absorb", "from": 1 });
    assert_eq!(node.command("captain-a", id, absorb).await.unwrap_err().code, "internal");
    the_same_anew(&node).await;
    intact(&node).await;
}

pub async fn cases_are_found_by_officer_and_item_with_what_is_missing(place: &Place) {
    let node = office(place).await;
    let one = opened(&node, SMALL, "person", "310118199001010011").await;
    filed(&node, one).await;
    let other = opened(&node, LARGE, "company", "91310118MA1GTEST00").await;
    let cases = async |who: &str, query: CaseQuery| {
        let found = node.app.cases(&node.as_(who), &query).await.unwrap();
        found.cases.into_iter().map(|c| (c.id, c.missing.len())).collect::<Vec<_>>()
    };
    // Also the second officer finds his cases among his own.
    for officer in ["officer-a1", "officer-a2"] {
        let own = cases(officer, CaseQuery::default()).await;
        assert_eq!(own.iter().map(|c| c.0).collect::<Vec<_>>(), [one], "{officer}");
        assert!(own[0].1 > 0, "the investigation is not finished");
    }
    assert!(cases("officer-a3", CaseQuery::default()).await.is_empty());
    let any = CaseQuery { officer: Some("any".into()), ..CaseQuery::default() };
    assert_eq!(cases("leader", any.clone()).await.len(), 2);
    let item = CaseQuery { item: Some(LARGE.into()), ..any.clone() };
    assert_eq!(cases("leader", item).await.iter().map(|c| c.0).collect::<Vec<_>>(), [other]);
    let stage = CaseQuery { stage: Some("investigating".into()), ..any.clone() };
    assert_eq!(cases("leader", stage).await.iter().map(|c| c.0).collect::<Vec<_>>(), [one]);
    // Another unit's cases are not seen.
    assert!(cases("captain-b", any).await.is_empty());
    let bad = CaseQuery { stage: Some("nowhere".into()), ..CaseQuery::default() };
    assert_eq!(node.app.cases(&node.as_("leader"), &bad).await.unwrap_err().field, Some("stage"));
}

pub async fn who_a_party_is_is_told_with_a_reason_and_a_line(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, SMALL, "person", "310118199001010011").await;
    filed(&node, id).await;
    let docket = DocketId(id);
    let look = async |who: &str, why: &str| node.app.party_particulars(&node.as_(who), docket, 1, why).await;
    assert_eq!(look("officer-a2", " ").await.unwrap_err().field, Some("why"));
    assert_eq!(look("officer-a3", "好奇").await.unwrap_err().kind, RefusalKind::Forbidden);
    assert_eq!(look("officer-a2", "制作询问笔录").await.unwrap().id_number, "310118199001010011");
    let query = AccessQuery { action: Some("particulars".into()), ..AccessQuery::default() };
    let lines = node.app.access_log(&node.as_("auditor"), &query, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].actor.as_str(), lines[0].docket), ("person:officer-a2", Some(docket)));
}

/// Whoever is asked for an opinion reads that case, while he is asked, and every look leaves a line.
pub async fn who_is_asked_for_an_opinion_reads_that_case_and_no_other_while_asked(place: &Place) {
    let node = office(place).await;
    let citizens = ["panelist", "panelist-2"].map(|code| (code, Role::Panelist));
    for (code, role) in citizens.into_iter().chain([("lawyer", Role::Lawyer)]) {
        let register = Record::Person(clerk(code, role));
        node.app.put_register(&lianzhi_app::Caller::system(), register).await.unwrap();
    }
    let asked = opened(&node, SMALL, "person", "310118199001010011").await;
    let other = opened(&node, SMALL, "person", "310118199001010029").await;
    for id in [asked, other] {
        filed(&node, id).await;
    }
    let reads = async |who: &str, id: i64| node.app.matter(&node.as_(who), DocketId(id)).await.is_ok();
    assert!(!reads("panelist", asked).await && !reads("lawyer", asked).await, "nobody asked them");
    let today = lianzhi_procedure::beijing_date(node.app.now());
    let until = today.saturating_add(jiff::Span::new().days(7));
    let ask = json!({ "command": "ask_opinion", "from": "panel", "until": until, "note": "是否从轻" });
    node.done("officer-a1", asked, ask).await;

    // Of those whom the panel may have, whoever the lot fell on reads the case, and nobody else.
    let why = async |who: &str| node.app.matter(&node.as_(who), DocketId(asked)).await.unwrap_err().rule;
    let todos = async |who: &str| {
        let waiting = node.app.todos(&node.as_(who), None, 0).await.unwrap().items;
        waiting.into_iter().map(|t| (t.id.0, t.what)).collect::<Vec<_>>()
    };
    for who in ["panelist", "panelist-2"] {
        assert!(why(who).await.contains("没有抽取您"), "{who}");
        assert_eq!(todos(who).await, []);
    }
    node.done("officer-a1", asked, json!({ "command": "draw_panel", "asked": 1, "count": 1 })).await;
    let (drawn, left) = match reads("panelist", asked).await {
        true => ("panelist", "panelist-2"),
        false => ("panelist-2", "panelist"),
    };
    assert!(reads(drawn, asked).await);
    assert!(why(left).await.contains("没有抽取您"));
    assert!(!reads(drawn, other).await, "another case is none of theirs");
    assert!(!reads("lawyer", asked).await, "the lawyer is not asked");
    assert_eq!(todos(drawn).await, [(asked, "vote".to_owned())]);
    // Who the party is, and papers that name it, are not shown.
    let look = node.app.party_particulars(&node.as_(drawn), DocketId(asked), 1, "评议").await;
    assert_eq!(look.unwrap_err().kind, RefusalKind::Forbidden);
    assert!(node.app.case_file(&node.as_(drawn), DocketId(asked), None).await.is_err());

    let as_lawyer = json!({ "command": "advise", "from": "lawyer", "note": "代律师说" });
    let refused = node.command(drawn, asked, as_lawyer).await.unwrap_err();
    assert_eq!(refused.field, Some("from"), "{refused}");
    let down = json!({ "command": "recuse_member", "member": "1-1", "note": "与当事人是近邻" });
    node.done(drawn, asked, down).await;
    assert!(why(drawn).await.contains("已经回避"), "who stood down reads no more");
    assert_eq!(todos(drawn).await, []);
    // Whoever takes his place reads it until the panel is summed up.
    node.done("officer-a1", asked, json!({ "command": "draw_panel", "asked": 1, "count": 1 })).await;
    assert!(reads(left, asked).await);
    for name in ["王某", "赵某"] {
        let seat = json!({ "command": "seat_member", "asked": 1, "name": name, "standing": "居民代表" });
        node.done("officer-a1", asked, seat).await;
    }
    let vote = |member: &str, exhibits: Vec<Digest>| json!({ "command": "vote", "member": member, "vote": "lighter", "note": "理由", "exhibits": exhibits });
    node.done(left, asked, vote("1-2", vec![])).await;
    assert!(reads(left, asked).await);
    for member in ["1-3", "1-4"] {
        let ballot = photo(&node, member).await;
        node.done("officer-a1", asked, vote(member, vec![ballot])).await;
    }
    node.done("officer-a1", asked, json!({ "command": "conclude_panel", "asked": 1, "note": "从轻" })).await;
    assert!(why(left).await.contains("已经结束"), "answered: not asked any more");
    assert!(!reads(drawn, asked).await);

    let query = AccessQuery { action: Some("asked".into()), ..AccessQuery::default() };
    let lines = node.app.access_log(&node.as_("auditor"), &query, 10).await.unwrap();
    assert!(!lines.is_empty());
    for line in lines {
        assert!(line.actor.starts_with("person:panelist"), "{}", line.actor);
        assert_eq!(line.docket, Some(DocketId(asked)));
    }
}

/// The verifier finds lines of a case that are not what the record says.
pub async fn case_lines_that_are_not_what_the_record_says_are_found(place: &Place) {
    let node = office(place).await;
    let id = DocketId(decided(&node, "310118199001010011").await);
    intact(&node).await;
    let store = node.app.store();
    let filter = Filter { kind: None, ids: vec![id], ..filter_of_kind("") };
    let lines = store.queries.case_lines(&filter, None).await.unwrap();
    let head = store.journal.head().await.unwrap();
    let differing = async |case_lines: Vec<CaseLineRow>| {
        let matters = store.journal.matters(&[id]).await.unwrap();
        store
            .journal
            .project(&Batch { on: head.clone(), matters, case_lines, ..Batch::default() })
            .await
            .unwrap();
        differences(&node).await
    };
    let mut wrong: Vec<_> = lines.into_iter().map(|counted| counted.line).collect();
    wrong[0].fine += 1;
    let said = differing(wrong.clone()).await;
    assert!(said.iter().any(|line| line.contains("案件明细")), "{said:?}");
    let said = differing(Vec::new()).await;
    assert!(said.iter().any(|line| line.contains("案件明细")), "a line that is missing: {said:?}");
    wrong[0].fine -= 1;
    assert_eq!(differing(wrong).await, Vec::<String>::new());
}

pub async fn what_the_clocks_ask_for_is_done_once(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, "310118199001010011").await;
    let count = async || node.events(id).await.iter().filter(|e| *e == "clock_expired").count();
    node.clock().advance(SignedDuration::from_hours(24 * 20));
    node.app.tick().await.unwrap();
    let first = count().await;
    assert!(first > 0, "fifteen days to pay are over");
    node.app.tick().await.unwrap();
    assert_eq!(count().await, first);
    // What is paid late is paid with the surcharge; the arithmetic is in the record.
    let slip = photo(&node, "bank").await;
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-12-12", "reference": "银行 0002", "exhibits": [slip] });
    node.done("officer-a1", id, pay).await;
    let record = node.app.record(&node.as_("leader"), DocketId(id)).await.unwrap();
    let paid = record.iter().find(|l| l.event_type == "paid").unwrap();
    assert!(
        paid.detail.iter().any(|(name, words)| name == "加处罚款" && words.contains("3%")),
        "{:?}",
        paid.detail
    );
    intact(&node).await;
}
