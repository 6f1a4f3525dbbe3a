//! The bank's file, things in custody and stock-taking through the application; the same when all is made anew.

use crate::kit::{intact, photo, size};
use crate::penalty::{decided, filed, office, opened, view};
use jiff::SignedDuration;
use lianzhi_app::goods::GoodsQuery;
use lianzhi_app::payments::{BookQuery, PayMapping, PaymentQuery};
use lianzhi_app::rebuild::rebuild;
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;

const FILE: &str = "1123.csv";

fn table(lines: &[(&str, &str, &str)]) -> String {
    let rows = lines
        .iter()
        .map(|(serial, code, amount)| format!("{serial},2026-11-23 10:00,{amount},张小三,{code},罚款\n"));
    "交易流水号,交易时间,金额,缴款人,缴款码,摘要\n".to_owned() + &rows.collect::<String>()
}

async fn code_of(node: &Node, id: i64) -> String {
    let view = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap().case.unwrap();
    view.parties[0].money.code.clone().expect("a code was given out with the signature")
}

async fn import(node: &Node, text: &str) -> lianzhi_app::payments::PaymentReport {
    let who = node.as_("dispatcher");
    node.app.import_payments(&who, text.as_bytes(), FILE, &PayMapping::default()).await.unwrap()
}

async fn left(node: &Node, id: i64) -> String {
    let view = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap().case.unwrap();
    view.parties[0].money.left.clone()
}

/// A file with a payment that fits, one without a code, one for a code of nobody, and what is too much.
pub async fn the_banks_file_reaches_its_cases_once_and_loses_nothing(place: &Place) {
    let node = office(place).await;
    let one = decided(&node, "310118199001010011").await;
    let two = decided(&node, "310118199001010022").await;
    let (a, b) = (code_of(&node, one).await, code_of(&node, two).await);
    assert_ne!(a, b);
    let text = table(&[
        ("B-1", &a, "2000.00"),
        ("B-2", "", "500"),
        ("B-3", "31011826000000999994", "10.50"),
        ("B-4", &b, "\"1,500.00\""),
        ("B-5", &b, "600.00"),
    ]);
    let trial = node
        .app
        .try_payments(&node.as_("dispatcher"), text.as_bytes(), FILE, &PayMapping::proposed(&headers(&text)))
        .await
        .unwrap();
    let before = size(&node).await;
    assert_eq!((trial.came, trial.matched, trial.differences.0), ((5, 461_050), 400_000, 3), "{trial:?}");
    assert_eq!(size(&node).await, before, "a trial registers nothing");
    let report = import(&node, &text).await;
    assert_eq!((report.came, report.came_fen, report.matched_fen), (5, 461_050, 400_000), "{report:?}");
    assert_eq!((report.differences, report.difference_fen), (3, 61_050));
    assert_eq!((left(&node, one).await, left(&node, two).await), ("0 元".into(), "0 元".into()));
    let after = size(&node).await;
    let again = import(&node, &text).await;
    assert_eq!(
        (again.came, again.repeated, size(&node).await),
        (0, 5, after),
        "the same file does nothing twice"
    );

    let who = node.as_("dispatcher");
    let open = node.app.payments(&who, &PaymentQuery::default()).await.unwrap().payments;
    let found: Vec<_> = open.iter().map(|p| (p.serial.as_str(), p.difference.unwrap(), p.left)).collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.contains(&("B-5", "多缴", 10_000)), "{found:?}");
    assert!(found.contains(&("B-2", "没有缴款码", 50_000)), "{found:?}");
    assert!(node.app.payments(&node.as_("officer-a1"), &PaymentQuery::default()).await.is_err());
    the_books_agree(&node, [461_050, 400_000, 0, 61_050]).await;

    // A difference is put to a case by people: both records move together or not at all.
    let three = decided(&node, "310118199001010033").await;
    let number = node.row(three).await.number;
    let no_code = open.iter().find(|p| p.serial == "B-2").unwrap().id;
    let credit =
        |amount: i64| json!({ "command": "credit", "to": number, "amount": amount, "note": "附言写了案号" });
    let refusal = node
        .app
        .command(&node.as_("dispatcher"), DocketId(no_code), credit(60_000), None, None)
        .await
        .unwrap_err();
    assert_eq!(refusal.field, Some("amount"));
    node.done("dispatcher", no_code, credit(50_000)).await;
    assert_eq!(left(&node, three).await, "1,500 元");
    let too_much = open.iter().find(|p| p.serial == "B-5").unwrap().id;
    let back = json!({ "command": "give_back", "how": "refund", "amount": 10_000, "reference": "T-1", "note": "多缴" });
    node.done("dispatcher", too_much, back).await;
    the_books_agree(&node, [461_050, 450_000, 10_000, 1_050]).await;
    rebuild(node.app.store(), &node.life.keys, &NodeCode::parse(city::NODE).unwrap(), |_, _| {})
        .await
        .unwrap();
    the_books_agree(&node, [461_050, 450_000, 10_000, 1_050]).await;
    intact(&node).await;
}

fn headers(text: &str) -> Vec<String> {
    text.lines().next().unwrap().split(',').map(str::to_owned).collect()
}

/// Came, credited, given back, open: exact to the fen, and the checks of the page hold.
async fn the_books_agree(node: &Node, sums: [i64; 4]) {
    let query =
        BookQuery { from: Some("2026-11-01".into()), to: Some("2026-11-30".into()), ..BookQuery::default() };
    let books = node.app.reconciliation(&node.as_("leader"), &query).await.unwrap();
    let of = |code: &str| {
        let at = books.kinds.iter().position(|(c, _)| *c == code).unwrap();
        let days: i64 = books.days.iter().map(|d| d.sums[at]).sum();
        assert_eq!(days, books.total.sums[at], "{code}");
        days
    };
    let found = ["came", "credited", "given_back", "difference"].map(of);
    assert_eq!(found, sums);
    assert!(books.checks.iter().all(|(_, holds)| *holds), "{:?}", books.checks);
    // Each number leads to its lines.
    for code in ["came", "credited", "difference", "paid_bank"] {
        let lines = BookQuery { what: Some(code.into()), ..query.clone() };
        let (rows, more) = node.app.book_lines(&node.as_("leader"), &lines).await.unwrap();
        assert!(!more);
        assert_eq!(rows.iter().map(|r| r.fen).sum::<i64>(), of(code), "{code}");
    }
}

/// What an officer typed before the bank's file came is confirmed, not counted twice.
pub async fn a_payment_that_was_typed_before_is_not_registered_again(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, "310118199001010011").await;
    let code = code_of(&node, id).await;
    let slip = photo(&node, "bank").await;
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "B-1", "exhibits": [slip] });
    node.done("officer-a1", id, pay).await;
    let report = import(&node, &table(&[("B-1", &code, "2000"), ("B-2", &code, "2000")])).await;
    assert_eq!((report.matched_fen, report.difference_fen), (200_000, 200_000), "{report:?}");
    let open = node.app.payments(&node.as_("dispatcher"), &PaymentQuery::default()).await.unwrap().payments;
    assert_eq!(open.iter().map(|p| p.difference.unwrap()).collect::<Vec<_>>(), ["已经缴清，重复缴款"]);
    let receipts = async |id: i64| view(&node, "leader", id).await.parties[0].money.receipts.join("；");
    assert!(!receipts(id).await.contains("未确认"), "{}", receipts(id).await);

    // What the agency pays in of cash that was taken on the spot is known by its fiscal receipt (行政处罚法 71).
    let two = decided(&node, "310118199001010022").await;
    let collect = json!({
        "command": "collect", "party": 1, "amount": 200_000, "on": "2026-11-23", "ground": "remote", "ticket": "沪财001",
        "note": "海岛居民，当事人要求当场缴纳",
    });
    node.done("officer-a1", two, collect).await;
    let hand_in = json!({ "command": "hand_in", "party": 1, "ticket": "沪财001", "receipt": "收 1" });
    node.done("officer-a2", two, hand_in).await;
    let report = import(&node, &table(&[("B-3", "沪财001", "2000")])).await;
    assert_eq!((report.matched_fen, report.difference_fen), (200_000, 0), "{report:?}");
    assert!(receipts(two).await.contains("已缴付银行"), "{}", receipts(two).await);
    let other = json!({ "command": "set_pay_code", "party": 1, "code": code });
    assert_eq!(
        node.command("officer-a1", two, other).await.unwrap_err().field,
        Some("code"),
        "it is another's"
    );
}

/// A seized thing from the shelf back to its owner; what ought to be given back stands first.
pub async fn things_are_found_by_state_shelf_and_term_and_counted(place: &Place) {
    let node = office(place).await;
    let id = opened(&node, "FW-02", "person", "310118199001010011").await;
    filed(&node, id).await;
    let list = photo(&node, "list").await;
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "三轮车|蓝色|1辆|完好|一号库，保管人甲\n货架|铁制|1个|完好|一号库，保管人甲", "second": "officer-a2",
        "note": "占道经营", "exhibits": [list], "urgent": false,
    });
    node.done("officer-a1", id, seize).await;
    let pending = view(&node, "leader", id).await.pending.pop().unwrap().id;
    let approve = json!({ "command": "approve", "proposal": pending, "agreed": true });
    // The law that gives the power to seize stands on the decision (行政强制法 10, 17).
    let refused = node.command("leader", id, approve.clone()).await.unwrap_err();
    assert!(refused.rule.contains("查封、扣押的法律、法规依据"), "{refused}");
    let power = json!({ "power": "《示例条例》第一条" }).to_string();
    let fill = json!({ "command": "fill_folio", "folio": format!("proposal-{pending}"), "details": power });
    node.done("officer-a1", id, fill).await;
    node.done("leader", id, approve).await;
    for (name, shelf, kind) in
        [("三轮车一辆", "一号库 A-01", "vehicle"), ("货架一个", "一号库 B-02", "wares")]
    {
        let picture = photo(&node, kind).await;
        let put = json!({
            "command": "put_in", "from": "measure", "measure": 1, "kind": kind, "name": name, "shelf": shelf,
            "exhibits": [picture],
        });
        node.done("officer-a1", id, put).await;
    }
    let ask = async |query: GoodsQuery| node.app.goods(&node.as_("leader"), &query).await.unwrap();
    let all = ask(GoodsQuery::default()).await;
    assert_eq!(all.things.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["三轮车一辆", "货架一个"]);
    assert!(all.things.iter().all(|t| t.due_name == "查封、扣押" && !t.late), "{:?}", all.things);
    let shelf = ask(GoodsQuery { shelf: Some("一号库 B".into()), ..GoodsQuery::default() }).await;
    assert_eq!(shelf.things.len(), 1);
    let others = GoodsQuery { unit: Some("squad-b".into()), ..GoodsQuery::default() };
    assert!(ask(others).await.things.is_empty());
    assert!(node.app.goods(&node.as_("officer-b1"), &GoodsQuery::default()).await.unwrap().things.is_empty());
    assert!(node.app.goods(&node.as_("patroller"), &GoodsQuery::default()).await.is_err());

    // The seizure runs out: both are to be given back, and stand first.
    node.clock().advance(SignedDuration::from_hours(24 * 31));
    node.app.tick().await.unwrap();
    let late = ask(GoodsQuery { due: Some("release".into()), ..GoodsQuery::default() }).await;
    assert_eq!((late.things.len(), late.things[0].late), (2, true));
    let signed = photo(&node, "signed").await;
    let back = json!({
        "command": "dispose", "thing": 1, "how": "returned", "second": "officer-a2", "note": "本人领取", "exhibits": [signed],
    });
    node.done("officer-a1", id, back).await;
    let thing = node.app.thing(&node.as_("leader"), DocketId(id), 1).await.unwrap();
    assert_eq!(thing.chain.iter().map(|l| l.title.as_str()).collect::<Vec<_>>(), ["入库", "退还当事人"]);
    assert_eq!(thing.item.state, "returned");

    // What is left is counted by two.
    let begin = json!({ "unit": "squad-a", "second": "officer-a2", "note": "季度盘点" });
    let done = node.app.begin_count(&node.as_("officer-a1"), begin, None).await.unwrap();
    let count = node.app.count_view(&node.as_("leader"), done.id).await.unwrap();
    assert_eq!(count.sums, [0, 0, 1, 0]);
    let missing = json!({ "command": "count", "missing": [format!("{id}-2")] });
    node.done("officer-a1", done.id.0, missing).await;
    node.done(
        "officer-a1",
        done.id.0,
        json!({ "command": "explain", "difference": format!("{id}-2"), "note": "已送检" }),
    )
    .await;
    for who in ["officer-a2", "officer-a1"] {
        node.done(who, done.id.0, json!({ "command": "end_count", "note": "差异已说明" })).await;
    }
    // The case says that the thing was looked for and not found, and the leader is told.
    let missing = GoodsQuery { state: Some("missing".into()), ..GoodsQuery::default() };
    assert_eq!(node.app.goods(&node.as_("leader"), &missing).await.unwrap().things.len(), 1);
    let rows = async || {
        let any = GoodsQuery { state: Some("any".into()), ..GoodsQuery::default() };
        node.app.goods(&node.as_("leader"), &any).await.unwrap()
    };
    let before = rows().await;
    rebuild(node.app.store(), &node.life.keys, &NodeCode::parse(city::NODE).unwrap(), |_, _| {})
        .await
        .unwrap();
    assert_eq!(rows().await, before);
    intact(&node).await;
}
