//! What is paid, put off, taken on the spot, handed in and given back; publication and the end of a case.

use super::town::{NEIGHBOUR, RESIDENT, Town};

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "agree_electronic",
    "issue",
    "set_pay_code",
    "pay_later",
    "pay",
    "check_payment",
    "collect",
    "hand_in",
    "deposit",
    "refund",
    "publish",
    "keep_back",
    "unpublish",
    "revoke",
    "close",
    "archive",
    "open_archive",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fine_is_paid_in_parts_and_the_case_goes_to_the_archive() {
    let t = Town::new().await;
    let id = t.decided(RESIDENT).await;
    t.act("officer-a1", id, "agree_electronic", &[("party", "1")]).await;
    t.act("officer-a1", id, "issue", &[("paper", "3")]).await;
    t.shows("officer-a1", id, "letters", &["签发件"]).await;
    t.act("officer-a1", id, "set_pay_code", &[("party", "1"), ("code", "3100 0001 0002")]).await;
    t.shows("officer-a1", id, "money", &["310000010002"]).await;
    let hardship = [
        ("party", "1"),
        ("parts", "2"),
        ("first", &*t.day(30)),
        ("asked", &*t.day(0)),
        ("note", "失业，已交证明"),
    ];
    t.approved("officer-a1", id, "pay_later", &hardship).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "money", &["延期、分期", &t.day(30)]).await;
    let pay = |amount: &'static str, reference: &'static str| {
        [("party", "1"), ("amount", amount), ("reference", reference)]
    };
    t.refused("officer-a1", id, "pay", &pay("2000.01", "银行 0"), "第").await;
    t.act("officer-a1", id, "pay", &pay("999.99", "银行 1")).await;
    t.shows("officer-a1", id, "money", &["1,000.01"]).await;
    t.act("officer-a1", id, "pay", &pay("1000.01", "银行 2")).await;
    t.shows("officer-a1", id, "money", &["登记未确认"]).await;
    t.shows("officer-a1", id, "", &["只是登记，还没有确认到账", "第七十四条"]).await;
    // Each payment is looked at by somebody who did not type it; one that never came is typed anew.
    let found = |ticket: &'static str, came: &'static str| {
        [
            ("party", "1"),
            ("ticket", ticket),
            ("came", came),
            ("voucher", "沪财 0001"),
            ("note", "银行查无此笔"),
        ]
    };
    t.act("dispatcher", id, "check_payment", &found("银行 1", "true")).await;
    t.act("dispatcher", id, "check_payment", &found("银行 2", "false")).await;
    t.shows("officer-a1", id, "money", &["已确认到账", "1,000.01"]).await;
    t.act("officer-a1", id, "pay", &pay("1000.01", "银行 3")).await;
    t.act("leader", id, "check_payment", &found("银行 3", "true")).await;
    t.act("officer-a1", id, "keep_back", &[("note", "不具有社会影响")]).await;
    t.approved("officer-a1", id, "close", &[("ground", "performed"), ("note", "缴清")]).await;
    let shelf = [("shelf", "2026-罚-001"), ("pages", "42"), ("note", "纸质原件另册")];
    t.act("officer-a1", id, "archive", &shelf).await;
    t.shows("officer-a1", id, "record", &["已归档"]).await;
    // Taken out once more, its volume stays as it was and is named.
    let letter = [("ground", "oversight"), ("note", "检察建议要求补充说明")];
    t.approved("officer-a1", id, "open_archive", &letter).await;
    t.shows("officer-a1", id, "letters", &["原卷（档号 2026-罚-001", "补充卷"]).await;
    t.has_posted(&[
        "agree_electronic",
        "issue",
        "set_pay_code",
        "pay_later",
        "pay",
        "check_payment",
        "keep_back",
        "close",
        "archive",
        "open_archive",
    ]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cash_is_handed_in_and_given_back_when_the_decision_falls() {
    let t = Town::new().await;
    let id = t.decided(NEIGHBOUR).await;
    t.act("officer-a1", id, "publish", &[]).await;
    let cash = [
        ("party", "1"),
        ("amount", "2000"),
        ("ground", "remote"),
        ("ticket", "沪财 001"),
        ("note", "海岛居民请求当场缴纳"),
    ];
    let small: Vec<_> =
        cash.iter().map(|(n, v)| if *n == "ground" { (*n, "small") } else { (*n, *v) }).collect();
    t.refused("officer-a1", id, "collect", &small, "第六十").await;
    t.act("officer-a1", id, "collect", &cash).await;
    t.act("officer-a2", id, "hand_in", &[("party", "1"), ("ticket", "沪财 001"), ("receipt", "收 1")]).await;
    let bank = [("party", "1"), ("ticket", "沪财 001"), ("reference", "B-9")];
    t.act("officer-a1", id, "deposit", &bank).await;
    t.shows("officer-a1", id, "money", &["沪财 001"]).await;
    t.approved("officer-a1", id, "revoke", &[("note", "主体认定错误")]).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "money", &["决定已不再有效"]).await;
    t.act("officer-a1", id, "refund", &[("party", "1"), ("reference", "退付 1")]).await;
    t.act("legal", id, "unpublish", &[("note", "原决定已经撤销")]).await;
    t.shows("officer-a1", id, "entries", &["原决定已经撤销"]).await;
    t.has_posted(&["publish", "collect", "hand_in", "deposit", "revoke", "refund", "unpublish"]);
}
