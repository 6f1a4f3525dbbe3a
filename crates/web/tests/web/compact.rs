//! The compact on its pages, from the card to a version in force; its list; a meeting and a plan under it.
//!
//! Two agencies of one province: one countersignature is enough, so that one node can go all the way.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Browser, Node, PASSWORD};
use lianzhi_app::{Caller, hash_password};
use lianzhi_exchange::compact::Member;
use lianzhi_ids::{PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_testkit::members;
use reqwest::StatusCode;
use serde_json::Value;

const OTHER: &str = "310117";

async fn staffed() -> Node {
    let node = Node::start().await;
    let mut credentials = Vec::new();
    for (code, name, role) in [("liaison", "联络员甲", Role::Liaison), ("chief", "局长甲", Role::Leader)]
    {
        let code = PersonCode::parse(code).unwrap();
        let post = Post { unit: UnitCode::parse("bureau").unwrap(), roles: vec![role], grids: Vec::new() };
        let person = Person {
            code: code.clone(),
            name: name.into(),
            login: code.to_string(),
            posts: vec![post],
            certificate: None,
            active: true,
            second_factor: false,
        };
        node.app.put_register(&Caller::system(), Record::Person(person)).await.unwrap();
        credentials.push((code, hash_password(PASSWORD)));
    }
    node.app.set_credentials(&credentials).await.unwrap();
    node
}

async fn went(node: &Node, who: &Browser, path: &str, form: &[(&str, &str)]) -> String {
    let answer = post(node, who, path, form).await;
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    match to {
        Some(to) if answer.status() == StatusCode::SEE_OTHER => to,
        _ => panic!("{path}: {} {}", answer.status(), answer.text().await.unwrap()),
    }
}

#[tokio::test]
async fn a_card_is_filled_in_from_the_configuration() {
    let node =
        Node::with(|config| config.exchange_address = Some("https://exchange.qingpu.example".into())).await;
    let page = get(&node, &node.browser("admin").await, "/compact/card").await;
    assert_eq!(texts(&page, "textarea[name=addresses]"), ["https://exchange.qingpu.example"]);
}

#[tokio::test]
async fn a_key_is_rotated_and_the_old_one_revoked_on_the_page() {
    let node = staffed().await;
    in_force(&node).await;
    let admin = node.browser("admin").await;
    let old = members::member_key("310118", 0).key;
    // Without a new key there is nothing to rotate to, and it is said so.
    assert!(texts(&get(&node, &admin, "/compact").await, "#do-rotate").is_empty());
    assert_eq!(post(&node, &admin, "/compact/rotate_key", &[]).await.status(), StatusCode::CONFLICT);
    let node = node.with_new_key().await;
    let (admin, liaison) = (node.browser("admin").await, node.browser("liaison").await);
    assert!(texts(&get(&node, &liaison, "/compact").await, "#do-rotate").is_empty(), "the administrator's");
    assert!(texts(&get(&node, &admin, "/compact").await, "#do-rotate").join("").contains("更换密钥"));
    assert_eq!(went(&node, &admin, "/compact/rotate_key", &[]).await, "/compact?done=rotate%5Fkey");
    node.hands.forward(jiff::SignedDuration::from_mins(2));
    let page = get(&node, &admin, "/compact").await;
    let prints = texts(&page, "#members .fingerprint").join(" ");
    assert!(prints.contains("已更换"), "{prints}");
    let new = members::member_key("310118", 1).key.fingerprint().to_uppercase();
    assert!(prints.to_uppercase().contains(&new), "{prints}");
    assert!(texts(&page, "#do-rotate").is_empty(), "it is in use");
    // What is signed from now on is signed with the new key: another entry of the list is proposed.
    assert_eq!(
        went(&node, &liaison, "/compact/retitle", &[("title", "青松共建二期")]).await,
        "/compact?done=propose"
    );
    let revoked = [("key", old.id()), ("reason", "停用".to_owned())];
    let revoked = revoked.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(went(&node, &admin, "/compact/revoke_key", &revoked).await, "/compact?done=revoke%5Fkey");
    let page = get(&node, &admin, "/compact").await;
    assert!(texts(&page, "#members .fingerprint.off").join("").contains("已吊销"));
    let left = attribute(&page, "#do-act-revoke_key [name=key]", "value");
    assert!(!left.contains(&old.id()), "{left:?}");
    // The new name is in force once it is countersigned, with the new key.
    let chief = node.browser("chief").await;
    let digest = epoch(&get(&node, &chief, "/compact").await);
    went(&node, &chief, "/compact/countersign", &[("epoch", &digest)]).await;
    assert_eq!(texts(&get(&node, &chief, "/compact").await, "h1"), ["青松共建二期"]);
}

/// The digest that the form for countersigning carries.
fn epoch(page: &scraper::Html) -> String {
    attribute(page, "form[action='/compact/countersign'] input[name=epoch]", "value").remove(0)
}

/// Card, founding, comparing, countersigning.
async fn in_force(node: &Node) -> (Browser, Browser) {
    let (admin, liaison, chief) =
        (node.browser("admin").await, node.browser("liaison").await, node.browser("chief").await);
    let page = get(node, &liaison, "/compact").await;
    assert!(texts(&page, ".empty").join("").contains("还没有参加协作机制"));
    let page = get(node, &liaison, "/compact/card").await;
    assert!(texts(&page, "[role=alert]").join("").contains("交换地址"), "a card wants an address");
    let filled = [
        ("addresses", "https://qingpu.example"),
        ("superior", "上海市城市管理行政执法局"),
        ("liaisons", "联络员甲 021-5973"),
        ("level", "district"),
    ];
    assert_eq!(post(node, &liaison, "/compact/card", &filled).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(went(node, &admin, "/compact/card", &filled).await, "/compact/card?done=saved");
    let page = get(node, &liaison, "/compact/card").await;
    assert!(texts(&page, "textarea.card-text").join("").contains("https://qingpu.example"));
    assert_eq!(texts(&page, ".fingerprint code").len(), 1);

    // A pasted card that was changed on the way is refused where it was pasted, and nothing typed is lost.
    let other = Member { signatory: false, ..members::member(OTHER) };
    let card = serde_json::to_string(&members::card(other)).unwrap();
    let changed = card.replace("310117执法局", "310117假执法局");
    let found = |card: &str| {
        vec![
            ("title".to_owned(), "青松共建".to_owned()),
            ("k".into(), "1".into()),
            ("cards".into(), card.into()),
        ]
    };
    let pairs = |form: &[(String, String)]| -> Vec<(String, String)> { form.to_vec() };
    let form = pairs(&found(&changed));
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let refused = post(node, &liaison, "/compact/found", &form).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(refused).await;
    assert!(texts(&page, "[role=alert]").join("").contains("签名"), "{:?}", texts(&page, "[role=alert]"));
    assert_eq!(attribute(&page, "input[name=title]", "value"), ["青松共建"]);
    let form = pairs(&found(&card));
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(went(node, &liaison, "/compact/found", &form).await, "/compact?done=found");

    // The leader may not countersign before the fingerprint was compared, and is told so in place.
    let page = get(node, &chief, "/compact").await;
    assert!(texts(&page, ".refusal").join("").contains("没有与"), "{:?}", texts(&page, ".refusal"));
    let wrong = [("node", OTHER), ("fingerprint", "0000 0000")];
    let refused = post(node, &liaison, "/compact/trust", &wrong).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(refused).await, ".key-card .fault").join("").contains("不符"));
    let fingerprint = members::member_key(OTHER, 0).key.fingerprint().to_uppercase();
    let good = [("node", OTHER), ("fingerprint", &*fingerprint)];
    assert_eq!(went(node, &liaison, "/compact/trust", &good).await, "/compact?done=trust");
    let page = get(node, &chief, "/compact").await;
    assert!(texts(&page, ".consequence").join("").contains("立即对全体成员生效"));
    let digest = epoch(&page);
    assert_eq!(
        went(node, &chief, "/compact/countersign", &[("epoch", &digest)]).await,
        "/compact?done=countersign"
    );
    (liaison, chief)
}

#[tokio::test]
async fn a_compact_is_founded_compared_countersigned_and_its_list_amended() {
    let node = staffed().await;
    let (liaison, chief) = in_force(&node).await;
    let page = get(&node, &liaison, "/compact").await;
    assert_eq!(texts(&page, "h1"), ["青松共建"]);
    assert!(texts(&page, ".page-head").join("").contains("第 1 版"));
    assert_eq!(texts(&page, "#members .key-card").len(), 2);

    // An entry of the list is a proposal until it is countersigned.
    let bad = [("id", "HZ-01"), ("title", "跨界倾倒"), ("term_days", "15"), ("urgent_days", "5")];
    let refused = post(&node, &liaison, "/compact/list/new", &bad).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(attribute(&html(refused).await, "input[name=title]", "value"), ["跨界倾倒"]);
    let good = [
        ("id", "HZ-01"),
        ("title", "跨界倾倒"),
        ("domain", "市容环卫"),
        ("forms", "lead"),
        ("forms", "evidence"),
        ("items", "E09"),
        ("fields", "exhibits"),
        ("fields", "narrative"),
        ("purpose", "查处跨界倾倒"),
        ("term_days", "15"),
        ("urgent_days", "5"),
        ("from", "2026-11-01"),
    ];
    assert_eq!(went(&node, &liaison, "/compact/list/new", &good).await, "/compact?done=propose");
    let page = get(&node, &chief, "/compact").await;
    let digest = epoch(&page);
    let declined = post(&node, &chief, "/compact/decline", &[("epoch", &digest)]).await;
    assert_eq!(declined.status(), StatusCode::UNPROCESSABLE_ENTITY, "declining wants its grounds");
    went(&node, &chief, "/compact/countersign", &[("epoch", &digest)]).await;
    let page = get(&node, &liaison, "/compact/list").await;
    assert!(texts(&page, "tbody tr").join("").contains("线索移送、证据移交"), "{:?}", texts(&page, "tbody"));
    let page = get(&node, &liaison, "/compact/list/HZ-01").await;
    assert!(texts(&page, "dl.pairs").join("").contains("E09"));
    // Who may read only sees no form.
    let officer = node.browser("officer-a").await;
    let page = get(&node, &officer, "/compact/list/HZ-01").await;
    assert!(attribute(&page, "form[action^='/compact']", "action").is_empty());
    // Joining another is refused with the rule.
    let refused = post(&node, &liaison, "/compact/join", &[("address", "https://b.example")]).await;
    assert!(texts(&html(refused).await, "[role=alert]").join("").contains("已经是一个协作机制的成员"));

    // Programs get the same without people's names.
    let token = node.token("officer-a").await;
    let answer = node.get("/api/v1/compact").bearer_auth(&token).send().await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(!text.contains("021-5973") && !text.contains("联络员甲"), "{text}");
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["epoch"]["number"], 2);
    assert_eq!(json["epoch"]["list"][0]["id"], "HZ-01");
    assert_eq!(json["epoch"]["members"].as_array().unwrap().len(), 2);
    assert_eq!(json["members"], json["epoch"]["members"]);
    assert_eq!(json["list"], json["epoch"]["list"]);
}

#[tokio::test]
async fn a_meeting_decides_tasks_and_a_plan_shows_its_years_on_one_page() {
    let node = staffed().await;
    let (liaison, _) = in_force(&node).await;
    let convened = [
        ("kind", "mechanism"),
        ("title", "第一次机制会议"),
        ("at", "2026-11-23T10:30"),
        ("place", "青浦"),
        ("agenda", "一、审议三年行动计划"),
        ("participants", OTHER),
    ];
    let at = went(&node, &liaison, "/meetings/new", &convened).await;
    let path = at.split('?').next().unwrap().to_owned();
    let page = get(&node, &liaison, &path).await;
    assert_eq!(texts(&page, "h1"), ["第一次机制会议"]);
    assert!(texts(&page, ".rows").join("").contains("未答复"));
    let minutes = [("text", "会议决定开展联合巡查。")];
    let early = post(&node, &liaison, &format!("{path}/record"), &minutes).await;
    assert_eq!(early.status(), StatusCode::CONFLICT, "the meeting has not been held");
    node.hands.forward(jiff::SignedDuration::from_hours(2));
    went(&node, &liaison, &format!("{path}/record"), &minutes).await;
    let task = [("title", "开展联合巡查"), ("owner", "310118"), ("due", "2026-12-31"), ("by", "1")];
    went(&node, &liaison, &format!("{path}/set_task"), &task).await;
    let refused = post(&node, &liaison, &format!("{path}/set_task"), &[("title", "没有期限")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    went(
        &node,
        &liaison,
        &format!("{path}/report"),
        &[("task", "1"), ("percent", "40"), ("text", "已巡查两次")],
    )
    .await;
    // What waits leads to the meeting's own page, with the act open there.
    let desk = get(&node, &liaison, "/desk").await;
    assert!(texts(&desk, ".todo .what a").join(" ").contains("第一次机制会议"), "by its name");
    let hrefs = attribute(&desk, ".todo .act a", "href");
    assert!(
        hrefs.iter().all(|href| href.starts_with(&format!("{path}?do="))) && !hrefs.is_empty(),
        "{hrefs:?}"
    );
    let opened = get(&node, &liaison, &hrefs[0]).await;
    assert_eq!(texts(&opened, "#offers details[open]").len(), 1, "{hrefs:?}");
    let page = get(&node, &liaison, &path).await;
    let row = texts(&page, "tbody tr").join("");
    assert!(row.contains("40%") && row.contains("已巡查两次") && row.contains("决定 1"), "{row}");
    assert!(texts(&page, ".narrative").join("").contains("联合巡查"));

    let three = [
        ("span", "three_years"),
        ("year", "2026"),
        ("title", "三年行动计划"),
        ("text", "逐年推进"),
        ("goals", "建机制\n打联手仗"),
        ("participants", OTHER),
    ];
    let at = went(&node, &liaison, "/plans/new", &three).await;
    let top = at.split('?').next().unwrap().to_owned();
    let page = get(&node, &liaison, "/plans/new").await;
    let of = attribute(&page, "select[name=of] option:not([value=''])", "value").remove(0);
    let year = [
        ("span", "year"),
        ("year", "2026"),
        ("of", &*of),
        ("title", "2026 年计划"),
        ("text", "第一年"),
        ("participants", OTHER),
    ];
    let at = went(&node, &liaison, "/plans/new", &year).await;
    let below = at.split('?').next().unwrap().to_owned();
    let task = [("title", "签订协议"), ("owner", "310118"), ("due", "2026-12-31")];
    went(&node, &liaison, &format!("{below}/set_task"), &task).await;
    went(&node, &liaison, &format!("{below}/finish"), &[("task", "1"), ("text", "已签")]).await;
    // The three-year plan has the year's tasks and their progress, computed from what was reported.
    let page = get(&node, &liaison, &top).await;
    assert!(texts(&page, "section h2").join("").contains("2026 年计划"));
    assert!(texts(&page, "tbody tr").join("").contains("签订协议"));
    assert_eq!(attribute(&page, "progress", "value"), ["0", "100"]);
    assert!(texts(&get(&node, &liaison, "/plans").await, ".under").join("").contains("总进度 100%"));
    let token = node.token("liaison").await;
    let plans: Value =
        node.get("/api/v1/plans").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(plans.as_array().unwrap().len(), 2);
    // A meeting is not shown as a plan.
    let wrong = path.replace("/meetings", "/plans");
    let answer = liaison.client.get(format!("{}{wrong}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
