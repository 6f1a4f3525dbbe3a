//! How like cases were decided, here and at members, on the page of an item.

use crate::cases::{decided, give, office, signed_in};
use crate::lists::{get, texts};
use lianzhi_app::ports::{Batch, RegisterRow};
use lianzhi_app::world::ROSTER;
use lianzhi_exchange::decisions::{ToldDecision, ToldDecisions, ToldSubject};
use lianzhi_ids::DocketId;
use lianzhi_testkit::{Place, members, roster};

fn told(item: &str) -> ToldDecisions {
    let one = |n: i64, fine_fen: i64| ToldDecision {
        number: format!("苏吴罚字〔2026〕{n}号"),
        decided: "2026-11-02".parse().unwrap(),
        subject: ToldSubject::Person,
        tier: String::new(),
        fine_fen,
    };
    ToldDecisions {
        node: members::node("320509"),
        item: item.to_owned(),
        at: "2026-11-23T01:00:00Z".parse().unwrap(),
        decisions: vec![one(1, 150_000), one(2, 450_000), one(3, 150_000)],
        more: false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_an_item_shows_how_members_decided_and_who_did_not_answer() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let id = decided(&web).await;
    give(&web, "officer-a1", id, "publish", &[], None).await;
    let agreed = roster(members::FOUR.map(members::member).to_vec());
    let row = RegisterRow {
        register: ROSTER.0.into(),
        key: ROSTER.1.into(),
        docket: DocketId(0),
        record: serde_json::to_string(&agreed).unwrap(),
        retired: false,
    };
    let batch = Batch { registers: vec![row], ..Batch::default() };
    node.app.store().journal.project(&batch).await.unwrap();
    node.app.reload().await.unwrap();
    // Wujiang answered, Jiashan with somebody else's answer, Hefei not.
    let app = &node.app;
    app.keep_told(&members::node("320509"), "FW-02", Ok(told("FW-02"))).await.unwrap();
    app.keep_told(&members::node("330421"), "FW-02", Ok(told("FW-02"))).await.unwrap();
    app.keep_told(&members::node("340100"), "FW-02", Err("连接失败：refused".into())).await.unwrap();

    let browser = signed_in(&web, "officer-a1").await;
    let page = get(&web, &browser, "/law/items/FW-02").await;
    let panels = texts(&page, "[id^=like-]");
    let of_persons = panels.iter().find(|p| p.contains("个人的已决案件")).unwrap();
    assert!(of_persons.contains("1 件，最低 2,000"), "our own: {of_persons}");
    let rows = texts(&page, "[id^=like-] [data-members] li");
    let of = |title: &str, what: &str| rows.iter().any(|row| row.contains(title) && row.contains(what));
    assert!(of("苏·320509执法局", "3 件，最低 1,500 元，中位 1,500 元，最高 4,500 元"), "{rows:#?}");
    assert!(of("苏·320509执法局", "没有公开的同类决定"), "of firms it told of none: {rows:#?}");
    assert!(of("苏·320509执法局", "截至"), "{rows:#?}");
    assert!(of("皖·340100执法局", "没有答复") && of("皖·340100执法局", "连接失败"), "{rows:#?}");
    assert!(of("浙·330421执法局", "答复不符合协议"), "it spoke in another's name: {rows:#?}");
    // So it does on the case itself, where it is compared with what is decided there.
    let page = get(&web, &browser, &format!("/matters/{id}")).await;
    let rows = texts(&page, "[id^=like-] [data-members] li");
    assert!(
        rows.iter().any(|r| r.contains("320509") && r.contains("低于本案的 2 件，高于本案的 1 件")),
        "{rows:#?}"
    );
}
