//! What leaves the ordinary way of a case, by forms alone: an order to pull down with its approval, another agency's case, a decision that
//! is made anew.

use crate::cases::{approved, decided, give, office, opened, serve, signed_in};
use crate::lists::{attribute, get, texts};
use crate::node::Node;
use lianzhi_testkit::Place;

/// Filed, with a record of the place.
async fn filed(web: &Node) -> i64 {
    let id = opened(web, "officer-a1").await;
    give(web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")], None).await;
    approved(web, id, "file", &[("note", "符合立案标准")]).await;
    let record = [
        ("kind", "inspection"),
        ("second", "officer-a2"),
        ("shown", "true"),
        ("from", "2026-11-23T08:30"),
        ("note", "屋顶搭建钢棚一处"),
    ];
    give(web, "officer-a1", id, "record", &record, Some("exhibits")).await;
    id
}

/// The only choice of a field in the form of an act.
async fn chosen(web: &Node, login: &str, id: i64, act: &str, field: &str) -> String {
    let browser = signed_in(web, login).await;
    let page = get(web, &browser, &format!("/matters/{id}")).await;
    let css = format!("#do-{act} form [name={field}]");
    let value = attribute(&page, &css, "value").pop();
    value.or_else(|| attribute(&page, &format!("{css} option"), "value").pop()).expect("a choice")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_to_pull_down_is_endorsed_reviewed_signed_and_alone_ends_a_case() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = filed(&web).await;
    let order = [
        ("party", "1"),
        ("object", "屋顶钢棚一处，约 20 平方米"),
        ("until", "2026-12-10"),
        ("note", "未取得建设工程规划许可证"),
    ];
    give(&web, "officer-a1", id, "order_demolition", &order, None).await;
    let proposal = chosen(&web, "captain-a", id, "endorse", "proposal").await;
    give(&web, "captain-a", id, "endorse", &[("proposal", &proposal), ("agreed", "true")], None).await;
    // What the leader sees says what is to be pulled down; without the reviewer it can only be sent back.
    let leader = signed_in(&web, "leader").await;
    let page = get(&web, &leader, &format!("/matters/{id}")).await;
    let act = texts(&page, "#do-approve").join("");
    assert!(act.contains("屋顶钢棚") && act.contains("退回"), "{act}");
    let review = [
        ("proposal", proposal.as_str()),
        ("opinion", "agree"),
        ("note", "同意"),
        ("qualification", "A2018310118"),
    ];
    give(&web, "legal", id, "review_proposal", &review, None).await;
    give(&web, "leader", id, "approve", &[("proposal", &proposal), ("agreed", "true")], None).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}?tab=letters")).await;
    let papers = texts(&page, "#papers li").join("\n");
    assert!(papers.contains("责令限期拆除决定书") && papers.contains("限拆字"), "{papers}");
    serve(&web, id).await;
    give(&web, "officer-a1", id, "finish", &[("note", "查清")], None).await;
    let paper = chosen(&web, "officer-a1", id, "reinspect", "order").await;
    let seen = [("order", paper.as_str()), ("done", "true"), ("note", "已自行拆除")];
    give(&web, "officer-a1", id, "reinspect", &seen, Some("exhibits")).await;
    approved(&web, id, "close", &[("ground", "ordered"), ("note", "已经拆除，不另行处罚")]).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("已结案"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_of_another_agency_goes_there_with_its_letter_and_ends() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = filed(&web).await;
    let transfer = [("to", "青浦区水务局"), ("ground", "power"), ("note", "属于水务执法的职权")];
    approved(&web, id, "transfer", &transfer).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}?tab=letters")).await;
    assert!(texts(&page, "#papers li").join("").contains("案件移送函"));
    give(&web, "officer-a1", id, "send_transfer", &[("note", "卷宗一册，当面移交")], Some("exhibits")).await;
    give(&web, "officer-a1", id, "answer_transfer", &[("taken", "true"), ("note", "复函受理")], None).await;
    approved(&web, id, "close", &[("ground", "transferred"), ("note", "已移送")]).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("已结案"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_was_revoked_is_made_anew_in_the_same_case() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = decided(&web).await;
    approved(&web, id, "revoke", &[("note", "认定事实有误")]).await;
    let anew = [
        ("ground", "own"),
        ("different", "重新勘验，补充鉴定意见"),
        ("until", "2027-01-31"),
        ("note", "撤销后重新作出"),
    ];
    approved(&web, id, "decide_anew", &anew).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("调查取证"));
    assert!(
        texts(&page, "#clocks, .clocks, [id^=clock]").join("").contains("重新作出决定")
            || texts(&page, "main").join("").contains("重新作出决定")
    );
}
