//! What the papers of a case say, word by word: sums with the day up to which they count, the law of the day and the place, duties
//! that are no money.

use crate::kit::photo;
use crate::papers::settings;
use crate::penalty::{approved, decided, filed, office, opened, serve, view};
use jiff::SignedDuration;
use lianzhi_ids::DocketId;
use lianzhi_testkit::{Node, Place};
use serde_json::{Value, json};

const PARTY: &str = "310118199001010011";

/// The words of the newest paper of a form.
async fn words(node: &Node, id: i64, form: &str) -> String {
    let papers = view(node, "leader", id).await.papers;
    let paper = papers.iter().rfind(|p| p.form == form).unwrap_or_else(|| panic!("no {form}"));
    let folio = format!("paper-{}", paper.id).parse().unwrap();
    node.app.folio_words(&node.as_("officer-a1"), DocketId(id), folio, 1).await.unwrap()
}

fn demand() -> Value {
    json!({ "command": "demand", "party": 1, "note": "请履行" })
}

fn later(node: &Node, days: i64) {
    node.clock().advance(SignedDuration::from_hours(24 * days));
}

fn has(text: &str, wanted: &[&str], not: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "“{words}” is missing: {text}");
    }
    for words in not {
        assert!(!text.contains(words), "“{words}” must not stand there: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demand_says_up_to_which_day_its_sums_count_and_only_what_is_left() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = decided(&node, PARTY).await;
    // Payable until 8 December; proposed on Monday the 14th, signed on Wednesday: six days of three per cent of 2,000.00.
    later(&node, 21);
    node.done("officer-a1", id, demand()).await;
    later(&node, 2);
    for (who, act) in [("captain-a", "endorse"), ("leader", "approve")] {
        let pending = view(&node, "leader", id).await.pending.pop().unwrap();
        node.done(who, id, json!({ "command": act, "proposal": pending.id, "agreed": true })).await;
    }
    let text = words(&node, id, "D23").await;
    let sums = [
        "加处罚款计算至2026年12月14日",
        "罚款本金人民币2,000.00元",
        "加处罚款人民币360.00元",
        "合计人民币2,360.00元",
    ];
    has(&text, &sums, &["没收"]);
    has(&text, &["《中华人民共和国行政强制法》第五十四条", "申请人民法院强制执行"], &["代履行"]);
    serve(&node, id).await;
    // The fine is paid ten days late: what is demanded again is the surcharge, and nothing of the fine.
    later(&node, 2);
    let slip = photo(&node, "bank").await;
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-12-18", "reference": "B-1", "exhibits": [slip] });
    node.done("officer-a1", id, pay).await;
    approved(&node, id, demand()).await;
    let text = words(&node, id, "D23").await;
    has(
        &text,
        &["缴纳加处罚款 600 元", "加处罚款人民币600.00元", "合计人民币600.00元"],
        &["0.00元；", "罚款本金"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demand_for_an_order_says_what_is_to_be_done_and_who_does_it_otherwise() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let order = |note: &str| json!({ "command": "order", "party": 1, "note": note, "until": "2026-11-30" });
    let built = opened(&node, "WJ-02", "person", "310118199001010038").await;
    filed(&node, built).await;
    node.done("officer-a1", built, order("拆除楼顶搭建的阳光房。")).await;
    // An order to pull down decides by itself: it rests on the item's own article and can be challenged.
    let text = words(&node, built, "D10").await;
    has(
        &text,
        &["《中华人民共和国行政处罚法》第二十八条第一款", "上海市住宅物业管理规定", "申请行政复议"],
        &[],
    );

    let id = opened(&node, "FW-02", "person", PARTY).await;
    filed(&node, id).await;
    node.done("officer-a1", id, order("恢复楼道原状。")).await;
    has(&words(&node, id, "D10").await, &["第二十八条第一款", "第八十五条"], &["申请行政复议"]);
    serve(&node, id).await;
    crate::penalty::investigated(&node, id, "一般", 200_000).await;
    crate::penalty::notified(&node, id, false).await;
    approved(&node, id, json!({ "command": "decide", "note": "决定" })).await;
    serve(&node, id).await;
    let slip = photo(&node, "bank").await;
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "B-1", "exhibits": [slip] });
    node.done("officer-a1", id, pay).await;
    // The day of the order is over, and nothing was done.
    later(&node, 10);
    approved(&node, id, demand()).await;
    let text = words(&node, id, "D23").await;
    has(
        &text,
        &["恢复楼道原状", "第三十五条、第五十一条", "代履行"],
        &["缴纳", "申请人民法院", "第五十四条"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_not_to_punish_agrees_with_its_ground() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let spared = async |ground: &str| {
        let id = opened(&node, "GG-03", "person", PARTY).await;
        filed(&node, id).await;
        let exhibit = photo(&node, &format!("scene-{id}")).await;
        let record = json!({
            "command": "record", "kind": "inspection", "second": "officer-a2", "shown": true,
            "from": node.app.now(), "note": "现场没有张贴物", "exhibits": [exhibit],
        });
        node.done("officer-a1", id, record).await;
        node.done("officer-a1", id, json!({ "command": "finish", "note": "事实清楚" })).await;
        approved(&node, id, json!({ "command": "no_penalty", "ground": ground, "note": "经查证" })).await;
        (id, words(&node, id, "D19").await)
    };
    let (id, text) = spared("not_established").await;
    let cited = "依据《中华人民共和国行政处罚法》第五十七条第一款第三项";
    // What was looked into is named as such, and what was found instead.
    has(
        &text,
        &[
            "违法事实不能成立",
            cited,
            "本机关调查的涉嫌行为：2026年11月20日，在漕平路 118 号，擅自拆除承重墙",
            "经查，经查证",
        ],
        &["违反了", "教育", "经查，擅自拆除承重墙", "以上事实"],
    );
    // The law of this place, and of no other.
    let filing = words(&node, id, "D02").await;
    has(&filing, &["上海市市容环境卫生管理条例"], &["浙江省", "嘉兴市", "江苏省"]);
    let (_, text) = spared("no_fault").await;
    has(
        &text,
        &["违反了《上海市市容环境卫生管理条例", "教育情况", "写明的教育情况"],
        &["浙江省", "本机关已对当事人进行教育"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn papers_name_the_law_that_was_in_force_when_it_happened() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let case = json!({
        "source": "inspection", "title": "露天烧烤案", "place": "漕平路 118 号", "kind": "person",
        "item": "FS-03", "from": "2026-08-10", "facts": "在禁止区域露天烧烤", "name": "张小三", "id_number": PARTY,
        "address": "漕平路 118 号 302 室", "phone": "13800001234",
    });
    let id = node.app.open_case(&node.as_("officer-a1"), case, None).await.unwrap().id.0;
    filed(&node, id).await;
    node.done("officer-a1", id, json!({ "command": "order", "party": 1, "note": "停止露天烧烤。" })).await;
    // Breached was the old law; punished by the new one, which is lighter (行政处罚法 37).
    let text = words(&node, id, "D10").await;
    has(&text, &["违反了《中华人民共和国大气污染防治法》"], &["违反了《中华人民共和国生态环境法典》"]);
    has(&text, &["依据《中华人民共和国行政处罚法》第二十八条第一款、《中华人民共和国生态环境法典》"], &[]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_tells_what_is_owed_today_and_judges_by_the_law_of_the_decision() {
    let place = Place::sqlite();
    let node = office(&place).await;
    settings(&node, "上海铁路运输法院").await;
    let id = decided(&node, PARTY).await;
    // Two days late: three per cent a day that nobody has fixed yet.
    later(&node, 17);
    let case = view(&node, "leader", id).await;
    let money = &case.parties[0].money;
    assert_eq!(money.left, "2,120 元（至 2026-12-10）");
    assert!(
        money.sum.contains("加处罚款 120 元（至 2026-12-10）") && money.sum.ends_with("= 2,120 元"),
        "{}",
        money.sum
    );
    let chosen = case.violations[0].plans[0].chosen.as_ref().unwrap();
    assert!(
        chosen.why.contains("作出决定（2026-11-23）"),
        "the day of the decision, not of the look: {}",
        chosen.why
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_of_a_seizure_cites_the_decision_by_which_those_goods_were_seized() {
    let place = Place::sqlite();
    let node = office(&place).await;
    let id = opened(&node, "FW-02", "person", PARTY).await;
    filed(&node, id).await;
    let signed = async |command: Value| {
        node.done("officer-a1", id, command).await;
        let pending = view(&node, "leader", id).await.pending.pop().unwrap().id;
        crate::penalty::written_on(&node, id, &format!("proposal-{pending}")).await;
        node.done("leader", id, json!({ "command": "approve", "proposal": pending, "agreed": true })).await;
    };
    for (n, goods, other) in [
        ("list-1", "电镐|手持|1把|完好|一号库，保管人甲", false),
        ("list-2", "切割机|台式|1台|完好|一号库，保管人甲", true),
    ] {
        let list = photo(&node, n).await;
        signed(json!({
            "command": "seize", "kind": "seizure", "party": 1, "goods": goods, "second": "officer-a2",
            "note": "防止证据损毁", "exhibits": [list], "urgent": false, "other_goods": other,
        }))
        .await;
    }
    let papers = view(&node, "leader", id).await.papers;
    let numbers: Vec<_> = papers.iter().filter(|p| p.form == "D09").map(|p| p.number.as_str()).collect();
    assert_eq!(numbers.len(), 2);
    signed(json!({ "command": "settle", "measure": 1, "how": "returned", "note": "查明与本案无关" })).await;
    has(&words(&node, id, "D09").await, &["电镐", numbers[0]], &[numbers[1], "切割机"]);
}
