//! What is not paid or not done: demanded, agreed on, suspended, applied for at the court, pulled down, fined by the day.

use super::town::{COMPANY, LARGE, NEIGHBOUR, RESIDENT, Town};

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "demand",
    "agree",
    "break_agreement",
    "suspend",
    "resume",
    "end_execution",
    "compel",
    "lodge_court",
    "court_said",
    "stop_enforcement",
    "announce_demolition",
    "enforce",
    "daily",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demand_an_agreement_that_is_broken_a_pause_and_the_end() {
    let t = Town::new().await;
    let id = t.decided(RESIDENT).await;
    t.act("officer-a1", id, "keep_back", &[("note", "不具有社会影响")]).await;
    t.days(30).await;
    let staged = [("party", "1"), ("parts", "2"), ("first", &*t.day(20)), ("note", "当事人申请")];
    t.approved(
        "officer-a1",
        id,
        "demand",
        &[("party", "1"), ("days", "10"), ("note", "请缴纳罚款和加处罚款")],
    )
    .await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "letters", &["履行义务催告书"]).await;
    let unearned: Vec<_> = staged.iter().copied().chain([("reduced", "100")]).collect();
    t.refused("officer-a1", id, "agree", &unearned, "第四十二条").await;
    t.approved("officer-a1", id, "agree", &staged).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "money", &["执行协议", &t.day(20)]).await;
    t.days(25).await;
    t.act("officer-a1", id, "break_agreement", &[("party", "1"), ("note", "首期没有缴纳")]).await;
    let claimed = [("party", "1"), ("ground", "claimed"), ("note", "第三人主张权利")];
    t.approved("officer-a1", id, "suspend", &claimed).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "money", &["中止"]).await;
    t.act("officer-a1", id, "resume", &[("party", "1"), ("note", "异议不成立")]).await;
    t.approved(
        "officer-a1",
        id,
        "end_execution",
        &[("party", "1"), ("ground", "died"), ("note", "死亡证明")],
    )
    .await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "money", &["终结"]).await;
    t.approved("officer-a1", id, "close", &[("ground", "ended"), ("note", "终结执行")]).await;
    t.shows("officer-a1", id, "record", &["已结案"]).await;
    t.has_posted(&["demand", "agree", "break_agreement", "suspend", "resume", "end_execution"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_court_is_applied_to_and_the_application_withdrawn_once_all_is_paid() {
    let t = Town::new().await;
    let id = t.decided(NEIGHBOUR).await;
    t.act("officer-a1", id, "keep_back", &[("note", "不具有社会影响")]).await;
    t.days(184).await;
    t.approved("officer-a1", id, "demand", &[("party", "1"), ("days", "10"), ("note", "请缴纳")]).await;
    t.serve(id, "1").await;
    t.days(20).await;
    let court = [("party", "1"), ("kind", "court"), ("court", "青浦区人民法院"), ("note", "逾期未履行")];
    t.approved("officer-a1", id, "compel", &court).await;
    t.shows("officer-a1", id, "letters", &["强制执行申请书"]).await;
    let unproved = [("party", "1"), ("note", "递交立案庭"), ("exhibits", "")];
    t.refused("officer-a1", id, "lodge_court", &unproved, "第").await;
    t.act("officer-a1", id, "lodge_court", &[("party", "1"), ("note", "递交立案庭")]).await;
    let said = [("party", "1"), ("step", "accepted"), ("note", "（2027）沪 0118 行审 1 号")];
    t.act("officer-a1", id, "court_said", &said).await;
    t.shows("officer-a1", id, "entries", &["行审 1 号"]).await;
    // Twice the fine: the surcharge stops at its amount.
    let pay = [("party", "1"), ("amount", "4000"), ("reference", "银行 9")];
    t.act("officer-a1", id, "pay", &pay).await;
    let came = [("party", "1"), ("ticket", "银行 9"), ("came", "true"), ("voucher", "沪财 0009")];
    t.act("dispatcher", id, "check_payment", &came).await;
    t.act("officer-a1", id, "stop_enforcement", &[("party", "1"), ("note", "已经缴清，撤回申请")]).await;
    t.shows("officer-a1", id, "entries", &["已经缴清，撤回申请"]).await;
    t.has_posted(&["compel", "lodge_court", "court_said", "stop_enforcement"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_built_is_announced_at_its_place_and_pulled_down() {
    let t = Town::new().await;
    let id = t.decided(RESIDENT).await;
    t.act("officer-a1", id, "pay", &[("party", "1"), ("amount", "2000"), ("reference", "银行 1")]).await;
    let order = [
        ("party", "1"),
        ("object", "屋顶钢棚，约 20 平方米"),
        ("until", &*t.day(17)),
        ("note", "未取得建设工程规划许可证"),
    ];
    t.approved("officer-a1", id, "order_demolition", &order).await;
    t.serve(id, "1").await;
    t.days(184).await;
    t.approved("officer-a1", id, "demand", &[("party", "1"), ("days", "3"), ("note", "请拆除")]).await;
    t.serve(id, "1").await;
    let notice = [
        ("party", "1"),
        ("object", "屋顶钢棚，约 20 平方米"),
        ("until", &*t.day(18)),
        ("note", "逾期没有拆除"),
    ];
    t.approved("officer-a1", id, "announce_demolition", &notice).await;
    // It is posted where the structure stands, not handed over.
    let handed = [("party", "1"), ("way", "direct"), ("note", "本人签收")];
    t.refused("officer-a1", id, "serve", &handed, "第四十四条").await;
    t.act("officer-a1", id, "serve", &[("party", "1"), ("way", "posted"), ("note", "张贴在钢棚入口")]).await;
    t.shows("officer-a1", id, "letters", &["限期拆除公告"]).await;
    t.shows("officer-a1", id, "entries", &["张贴在钢棚入口"]).await;
    t.days(20).await;
    let demolish = [
        ("party", "1"),
        ("kind", "demolition"),
        ("on", &*t.morning(7)),
        ("power", "青府责拆〔2027〕3号"),
        ("note", "逾期不拆除"),
    ];
    let powerless: Vec<_> =
        demolish.iter().map(|(n, v)| if *n == "power" { (*n, "") } else { (*n, *v) }).collect();
    t.refused("officer-a1", id, "compel", &powerless, "城乡规划法第六十八条").await;
    t.approved("officer-a1", id, "compel", &demolish).await;
    t.serve(id, "1").await;
    t.days(8).await;
    t.act("officer-a1", id, "enforce", &[("party", "1"), ("note", "钢棚已经拆除")]).await;
    t.shows("officer-a1", id, "money", &["强制拆除"]).await;
    t.has_posted(&["announce_demolition", "compel", "enforce"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_on_is_fined_by_the_day_in_a_case_of_its_own() {
    let t = Town::new().await;
    let id = t.notified(LARGE, COMPANY, "200000").await;
    t.act("officer-a1", id, "waive", &[("party", "1"), ("hearing", "true")]).await;
    t.act("legal", id, "review", &[("opinion", "agree"), ("qualification", "A2018")]).await;
    t.act("leader", id, "discuss", &[("present", "leader"), ("present", "leader-2"), ("agreed", "true")])
        .await;
    t.act("officer-a1", id, "order", &[("party", "1"), ("until", &t.day(2)), ("note", "清除")]).await;
    t.serve(id, "1").await;
    t.approved("officer-a1", id, "decide", &[]).await;
    t.serve(id, "1").await;
    t.days(12).await;
    t.act("officer-a1", id, "reinspect", &[("done", "false"), ("note", "仍在倾倒")]).await;
    t.act("officer-a1", id, "daily", &[("party", "1"), ("violation", "1"), ("note", "拒不改正")]).await;
    t.shows("officer-a1", id, "record", &["按日连续处罚"]).await;
    t.has_posted(&["daily"]);
}
