//! From the lead to the evidence: officers, parties, violations, marks, approval, joining and splitting.

use super::town::{NEIGHBOUR, RESIDENT, SMALL, Town};

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "register",
    "assign",
    "verify",
    "lengthen",
    "add_party",
    "describe",
    "set_violation",
    "withdraw_violation",
    "mark",
    "file",
    "unpropose",
    "endorse",
    "approve",
    "recuse",
    "record",
    "exclude",
    "summon",
    "order",
    "serve",
    "reinspect",
    "add",
    "split",
    "join",
    "not_file",
    "drop",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_is_checked_filed_and_looked_into() {
    let t = Town::new().await;
    let id = t.lead(SMALL, RESIDENT, &t.day(-3)).await;
    let alone = [("lead", "officer-a1"), ("second", "officer-a1")];
    t.refused("captain-a", id, "assign", &alone, "第四十二条").await;
    t.act("captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")]).await;
    t.act("officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")]).await;
    t.approved("officer-a1", id, "lengthen", &[("days", "5"), ("note", "需要核实产权")]).await;
    t.shows("officer-a1", id, "record", &["线索核查"]).await;

    let company = [("kind", "company"), ("name", "某建筑公司"), ("id_number", "91310118MA1GTEST00")];
    t.act("officer-a1", id, "add_party", &company).await;
    t.shows("officer-a1", id, "record", &["当事人 2（法人）", "文书还缺"]).await;
    let known = [("party", "2"), ("address", "青浦区公园路 1 号"), ("representative", "李四")];
    t.act("officer-a1", id, "describe", &known).await;
    let second = [("item", SMALL), ("from", &t.day(-2)), ("facts", "又拆一面承重墙")];
    t.act("officer-a1", id, "set_violation", &second).await;
    t.shows("officer-a1", id, "record", &["又拆一面承重墙"]).await;
    let mistaken = [("violation", "2"), ("note", "那面墙不是承重墙")];
    t.act("officer-a1", id, "withdraw_violation", &mistaken).await;
    t.shows("officer-a1", id, "entries", &["撤销登记违法行为 2", "那面墙不是承重墙"]).await;
    t.act("officer-a1", id, "mark", &[("mark", "complex"), ("on", "true"), ("note", "涉及两方")]).await;

    // Asked for, taken back, asked for again.
    t.act("officer-a1", id, "file", &[("note", "符合立案标准")]).await;
    t.act("officer-a1", id, "unpropose", &[]).await;
    t.approved("officer-a1", id, "file", &[("note", "符合立案标准")]).await;
    t.shows("officer-a1", id, "letters", &["立案审批表"]).await;

    let aside = [("person", "officer-a2"), ("with", "officer-a3"), ("note", "与当事人是亲属")];
    t.approved("officer-a1", id, "recuse", &aside).await;
    t.shows("officer-a1", id, "entries", &["回避"]).await;
    let seen =
        [("kind", "inspection"), ("second", "officer-a3"), ("shown", "true"), ("note", "承重墙已拆除")];
    let unshown: Vec<_> =
        seen.iter().copied().filter(|(name, _)| *name != "shown").chain([("shown", "false")]).collect();
    t.refused("officer-a1", id, "record", &unshown, "第五十五条").await;
    t.act("officer-a1", id, "record", &seen).await;
    t.shows("officer-a1", id, "exhibits", &["现场检查笔录"]).await;
    t.act("legal", id, "exclude", &[("evidence", "1"), ("note", "没有告知即进入住宅")]).await;
    t.shows("officer-a1", id, "exhibits", &["没有告知即进入住宅"]).await;

    t.act("officer-a1", id, "summon", &[("party", "1"), ("on", &t.morning(8)), ("note", "到队说明情况")])
        .await;
    t.shows("officer-a1", id, "letters", &["调查询问通知书"]).await;
    t.serve(id, "1").await;
    t.act("officer-a1", id, "order", &[("party", "1"), ("until", &t.day(1)), ("note", "恢复承重墙")]).await;
    t.serve(id, "1").await;
    t.act("officer-a1", id, "reinspect", &[("done", "true"), ("note", "已经恢复")]).await;
    t.shows("officer-a1", id, "entries", &["已经恢复"]).await;
    t.act("officer-a1", id, "add", &[("note", "补充租赁合同")]).await;
    t.shows("officer-a1", id, "entries", &["补充租赁合同"]).await;

    t.act("captain-a", id, "split", &[("party", "2"), ("note", "分别处理")]).await;
    t.shows("officer-a1", id, "record", &["已另案办理"]).await;
    t.has_posted(&FORMS[..FORMS.len() - 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_goes_into_another_case_or_no_further_and_a_case_is_dropped() {
    let t = Town::new().await;
    let first = t.filed(SMALL, RESIDENT).await;
    let two = [("lead", "officer-a1"), ("second", "officer-a2")];
    let second = t.lead(SMALL, NEIGHBOUR, &t.day(-3)).await;
    t.act("captain-a", second, "assign", &two).await;
    t.act("officer-a1", second, "verify", &[("established", "true")]).await;
    // By the number that stands on the papers.
    let number = t.number(first).await;
    t.act("captain-a", second, "join", &[("to", &number), ("note", "同一处房屋")]).await;
    t.shows("officer-a1", second, "record", &["已并案", &number]).await;
    t.shows("officer-a1", first, "record", &["当事人 2"]).await;
    t.record(first, "inspection").await;
    t.approved("officer-a1", first, "drop", &[("note", "房屋已经依法拆除")]).await;
    t.shows("officer-a1", first, "letters", &["撤销立案审批表"]).await;

    let third = t.lead(SMALL, RESIDENT, &t.day(-3)).await;
    t.act("captain-a", third, "assign", &two).await;
    t.act("officer-a1", third, "verify", &[("established", "false"), ("note", "没有拆墙")]).await;
    t.approved("officer-a1", third, "not_file", &[("note", "没有违法事实")]).await;
    t.shows("officer-a1", third, "letters", &["不予立案审批表"]).await;
    t.has_posted(&FORMS[FORMS.len() - 3..]);
}
