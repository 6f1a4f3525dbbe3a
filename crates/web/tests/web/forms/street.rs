//! Decisions on the spot and slips, every form of them.

use super::town::Town;

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "open",
    "tell",
    "hear",
    "describe",
    "impose",
    "hand",
    "lodge",
    "add",
    "ask_later",
    "answer_later",
    "pay",
    "check_payment",
    "set_pay_code",
    "archive",
    "publish",
    "appeal",
    "reply_remedy",
    "end_appeal",
    "demand",
    "serve_demand",
    "apply_court",
    "answer_court",
    "correct",
    "collect",
    "hand_in",
    "deposit",
    "withdraw",
    "refund",
    "unpublish",
    "keep_back",
    "spare",
    "reinspect",
    "confirm_list",
    "go_over",
    "void",
];
/// And of slips.
pub const SLIPS: &[&str] = &["give", "give_again", "reinspect", "go_over", "withdraw"];

/// Parked on the pavement: 20 to 200 yuan.
const PARKING: &str = "CL-01";

async fn begun(t: &Town, item: &str, number: &str, more: &[(&str, &str)]) -> i64 {
    let mut given = vec![
        ("name", "示例车主"),
        ("id_number", number),
        ("item", item),
        ("place", "漕平路 118 号门前"),
        ("facts", "机动车停放在人行道上，经责令拒不驶离"),
        ("second", "officer-a2"),
        ("shown", "true"),
    ];
    given.extend_from_slice(more);
    t.begins("officer-a1", "/spot/new", "form#spot", "open", &given).await
}

/// Imposed in one go and handed over.
async fn handed(t: &Town, number: &str) -> i64 {
    let whole = [
        ("address", "漕平路 118 号"),
        ("fine", "100"),
        ("tier", "ordinary"),
        ("told", "true"),
        ("heard", "true"),
    ];
    let id = begun(t, PARKING, number, &whole).await;
    t.act("officer-a1", id, "hand", &[]).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fine_on_the_spot_is_told_heard_imposed_handed_over_and_paid_in_parts() {
    let t = Town::new().await;
    let id = begun(&t, PARKING, "310118199001010011", &[]).await;
    t.act("officer-a1", id, "tell", &[("fine", "120"), ("tier", "ordinary")]).await;
    t.act(
        "officer-a1",
        id,
        "hear",
        &[("statement", "只停了几分钟"), ("adopted", "none"), ("answer", "有照片为证")],
    )
    .await;
    t.shows("officer-a1", id, "", &["只停了几分钟"]).await;
    t.act("officer-a1", id, "describe", &[("address", "青浦区公园路 1 号")]).await;
    t.refused("officer-a1", id, "impose", &[("lowered", "100")], "第四十五条").await;
    t.act("officer-a1", id, "impose", &[]).await;
    t.act("officer-a1", id, "add", &[("note", "补一张照片")]).await;
    t.act("officer-a1", id, "hand", &[]).await;
    t.act("officer-a1", id, "lodge", &[]).await;
    t.act("officer-a1", id, "set_pay_code", &[("code", "3100 0001")]).await;
    t.shows("officer-a1", id, "", &["31000001"]).await;
    let later = [("parts", "2"), ("first", &*t.day(22)), ("note", "失业")];
    t.act("officer-a1", id, "ask_later", &later).await;
    t.act("leader", id, "answer_later", &[("agreed", "true")]).await;
    t.shows("officer-a1", id, "", &[&t.day(22)]).await;
    t.act("officer-a1", id, "pay", &[("amount", "120"), ("reference", "银行 1")]).await;
    let came = [("ticket", "银行 1"), ("came", "true"), ("voucher", "沪财 0001")];
    t.act("dispatcher", id, "check_payment", &came).await;
    t.shows("officer-a1", id, "", &["已确认的缴款", "沪财 0001"]).await;
    t.act("officer-a1", id, "keep_back", &[("note", "不具有社会影响")]).await;
    t.has_posted(&FORMS[..13]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fine_on_the_spot_that_is_challenged_and_not_paid_goes_to_the_court() {
    let t = Town::new().await;
    let id = handed(&t, "310118199001010022").await;
    t.act("officer-a1", id, "publish", &[]).await;
    t.days(2).await;
    t.refused("officer-a1", id, "appeal", &[("kind", "lawsuit")], "行政复议法第二十三条").await;
    t.act("officer-a1", id, "appeal", &[("kind", "reconsideration")]).await;
    t.act("legal", id, "reply_remedy", &[("note", "答复书和证据")]).await;
    t.days(1).await;
    t.act("legal", id, "end_appeal", &[("end", "upheld"), ("note", "维持")]).await;
    t.shows("officer-a1", id, "", &["维持"]).await;
    t.days(40).await;
    t.act("officer-a1", id, "demand", &[("note", "请缴纳罚款和加处罚款")]).await;
    t.act("officer-a1", id, "serve_demand", &[("way", "direct"), ("note", "本人签收")]).await;
    t.days(20).await;
    t.act("leader", id, "apply_court", &[("court", "青浦区人民法院"), ("note", "逾期不缴")]).await;
    t.act("officer-a1", id, "answer_court", &[("answer", "accepted"), ("note", "行审 1 号")]).await;
    t.shows("officer-a1", id, "", &["行审 1 号"]).await;
    let slip = [("note", "错别字"), ("wrong", "漕平路"), ("right", "曹平路")];
    t.act("officer-a1", id, "correct", &slip).await;
    t.shows("officer-a1", id, "", &["曹平路"]).await;
    t.has_posted(&[
        "publish",
        "appeal",
        "reply_remedy",
        "end_appeal",
        "demand",
        "serve_demand",
        "apply_court",
        "answer_court",
        "correct",
    ]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cash_is_handed_in_and_given_back_when_a_decision_on_the_spot_is_withdrawn() {
    let t = Town::new().await;
    let id = handed(&t, "310118199001010033").await;
    t.act("officer-a1", id, "publish", &[]).await;
    t.act("officer-a1", id, "collect", &[("ground", "small"), ("ticket", "沪财 0001")]).await;
    t.act("officer-a2", id, "hand_in", &[("receipt", "收 1")]).await;
    t.act("officer-a1", id, "deposit", &[("ticket", "沪财 0001"), ("reference", "B-1")]).await;
    t.act("leader", id, "withdraw", &[("note", "认错了车")]).await;
    t.shows("officer-a1", id, "", &["已撤销"]).await;
    t.act("officer-a1", id, "refund", &[("reference", "退付 1")]).await;
    t.act("legal", id, "unpublish", &[("note", "原决定已经撤销")]).await;
    t.act("officer-a1", id, "archive", &[("shelf", "2026-简-001")]).await;
    t.has_posted(&["collect", "hand_in", "deposit", "withdraw", "refund", "unpublish", "archive"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_ends_without_a_penalty_in_a_case_or_as_a_voided_sheet() {
    let t = Town::new().await;
    let id = begun(&t, PARKING, "310118199001010044", &[]).await;
    let promise =
        [("ground", "minor"), ("note", "停放不足五分钟"), ("education", "讲解规定"), ("promise", &*t.day(5))];
    let nothing: Vec<_> = promise.iter().copied().filter(|(name, _)| *name != "promise").collect();
    t.refused("officer-a1", id, "spare", &nothing, "第三十三条").await;
    t.act("officer-a1", id, "spare", &promise).await;
    t.shows("officer-a1", id, "", &["承诺改正"]).await;
    t.act("officer-a1", id, "reinspect", &[("done", "true"), ("note", "没有再停")]).await;
    t.shows("officer-a1", id, "", &["没有再停"]).await;

    let id = begun(&t, "ZD-05", "310118199001010055", &[]).await;
    t.act("legal", id, "confirm_list", &[("note", "现行清单第 12 项")]).await;
    t.shows("officer-a1", id, "", &["现行清单第 12 项"]).await;
    let id = begun(&t, PARKING, "310118199001010066", &[]).await;
    t.act("officer-a1", id, "go_over", &[("note", "对事实有异议")]).await;
    t.shows("officer-a1", id, "", &["转普通程序"]).await;
    let id = begun(&t, PARKING, "310118199001010077", &[]).await;
    t.act("officer-a1", id, "void", &[("note", "写错了人")]).await;
    t.shows("officer-a1", id, "", &["表格作废"]).await;
    t.has_posted(&["spare", "reinspect", "confirm_list", "go_over", "void"]);
}

async fn tip(t: &Town, number: &str) -> i64 {
    let given = [
        ("name", "示例车主"),
        ("id_number", number),
        ("item", PARKING),
        ("place", "漕平路 118 号门前"),
        ("note", "请驶离人行道"),
        ("until", &*t.day(7)),
    ];
    t.begins("officer-a1", "/slip/new", "form#spot", "give", &given).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tip_becomes_a_warning_and_a_case_and_one_by_mistake_is_withdrawn() {
    let t = Town::new().await;
    let id = tip(&t, "310118199001010088").await;
    t.act("officer-a1", id, "reinspect", &[("done", "false"), ("note", "仍然停放")]).await;
    t.shows("officer-a1", id, "", &["未改正"]).await;
    let undated = [("level", "warning"), ("note", "立即驶离")];
    t.refused("officer-a1", id, "give_again", &undated, "三单制").await;
    t.act(
        "officer-a1",
        id,
        "give_again",
        &[("level", "warning"), ("until", &t.day(3)), ("note", "立即驶离")],
    )
    .await;
    t.shows("officer-a1", id, "", &["警示字"]).await;
    t.act("officer-a1", id, "go_over", &[("note", "屡次不改")]).await;
    t.shows("officer-a1", id, "", &["转处罚"]).await;
    let id = tip(&t, "310118199001010099").await;
    t.act("officer-a1", id, "withdraw", &[("note", "发错了人")]).await;
    t.shows("officer-a1", id, "", &["已撤回"]).await;
    t.has_posted(SLIPS);
}
