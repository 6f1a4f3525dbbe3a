//! What a reporter reads of his own matter: steps at their true times, those that really come, the answers he had.

use crate::citizen::{Citizen, STALL, all, closed, one, there};
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_ids::{CategoryCode, UnitCode};
use lianzhi_procedure::directory::{Category, Unit};
use lianzhi_procedure::register::Record;
use scraper::Html;
use serde_json::{Value, json};

/// Shop outside its door, in the first grid.
fn stall() -> Vec<(&'static str, &'static str)> {
    [STALL.as_slice(), &[("category", "E09005")]].concat()
}

async fn id_of(citizen: &Citizen, number: &str) -> i64 {
    let token = citizen.node.token("dispatch").await;
    let rows = citizen.node.get("/api/v1/matters?order=oldest").bearer_auth(token).send().await.unwrap();
    let rows: Value = rows.json().await.unwrap();
    let rows = rows["matters"].as_array().unwrap();
    rows.iter().find(|m| m["number"] == number).unwrap()["id"].as_i64().unwrap()
}

/// A command of somebody who is in it.
async fn does(citizen: &Citizen, login: &str, id: i64, command: Value) {
    citizen.node.command(&citizen.node.token(login).await, id, command).await;
}

fn minutes(citizen: &Citizen, n: i64) {
    citizen.node.hands.forward(SignedDuration::from_mins(n));
}

/// The step of a title.
fn step(page: &Html, title: &str) -> String {
    let steps = all(page, ".steps li");
    steps.iter().find(|s| s.starts_with(title)).unwrap_or_else(|| panic!("{title}: {steps:?}")).clone()
}

/// Water is the water authority's, which has no node.
async fn water(citizen: &Citizen) {
    let unit = UnitCode::parse("water").unwrap();
    let authority = Unit {
        code: unit.clone(),
        name: "水务局".into(),
        parent: None,
        outside: true,
        phone: String::new(),
        town: None,
        branch: String::new(),
    };
    let category = Category {
        code: CategoryCode::parse("E09001").unwrap(),
        group: "街面秩序类".into(),
        name: "河道污染".into(),
        department: Some(unit),
    };
    for record in [Record::Unit(authority), Record::Category(category)] {
        citizen.node.app.put_register(&Caller::system(), record).await.unwrap();
    }
}

#[tokio::test]
async fn a_step_is_told_at_its_first_doing_and_by_its_own_clock() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let (number, code, _) = citizen.report(&stall()).await;
    let id = id_of(&citizen, &number).await;
    minutes(&citizen, 6);
    does(&citizen, "officer-a", id, json!({ "command": "accept" })).await;
    minutes(&citizen, 10);
    does(&citizen, "officer-a", id, json!({ "command": "arrive" })).await;
    // Given to another seven hours later, who accepts it once more.
    minutes(&citizen, 420);
    does(&citizen, "dispatch", id, json!({ "command": "dispatch", "officer": "officer-b" })).await;
    let page = citizen.follow(&number, &code).await;
    assert!(step(&page, "受理").contains("今天 09:06"), "it was accepted: {}", step(&page, "受理"));
    minutes(&citizen, 5);
    does(&citizen, "officer-b", id, json!({ "command": "accept" })).await;
    let page = citizen.follow(&number, &code).await;
    assert_eq!(step(&page, "受理"), "受理，用时 6 分今天 09:06 · 承诺 20 分钟");
    assert_eq!(step(&page, "到场"), "到场，用时 16 分今天 09:16 · 承诺 2 小时");
    assert!(there(&page, ".steps li[data-state=done]:nth-child(3)"), "both are done");
}

#[tokio::test]
async fn what_two_officers_took_to_accept_is_counted_from_the_first() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let (number, code, _) = citizen.report(&stall()).await;
    let id = id_of(&citizen, &number).await;
    minutes(&citizen, 15);
    does(&citizen, "dispatch", id, json!({ "command": "dispatch", "officer": "officer-b" })).await;
    minutes(&citizen, 15);
    does(&citizen, "officer-b", id, json!({ "command": "accept" })).await;
    let page = citizen.follow(&number, &code).await;
    assert!(step(&page, "受理").contains("用时 30 分"), "{}", step(&page, "受理"));
    assert!(!one(&page, ".steps li:last-child").contains("用时"), "nothing was promised for closing");
}

#[tokio::test]
async fn a_follower_reads_what_was_done_before_he_reported() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let (lead, _, _) = citizen.report(&stall()).await;
    let id = id_of(&citizen, &lead).await;
    minutes(&citizen, 6);
    does(&citizen, "officer-a", id, json!({ "command": "accept" })).await;
    does(&citizen, "officer-a", id, json!({ "command": "arrive" })).await;
    minutes(&citizen, 30);
    let same = id.to_string();
    let (number, code, receipt) =
        citizen.report(&[stall().as_slice(), &[("same", same.as_str())]].concat()).await;
    let page = citizen.follow(&number, &code).await;
    for page in [&receipt, &page] {
        assert_eq!(step(page, "受理"), "受理在您上报之前已受理");
        assert_eq!(step(page, "到场"), "到场在您上报之前已到场");
        assert_eq!(all(page, ".steps li[data-state=done]").len(), 3, "neither is still to come");
        assert!(step(page, "处置").contains("承诺") && step(page, "答复").contains("承诺 24 小时"));
    }
    assert!(!receipt.html().contains("撤回"), "joined, it cannot be withdrawn");
    // Also when the lead is settled and this one goes on alone.
    let token = citizen.node.token("officer-a").await;
    let photo = crate::files::upload(&citizen.node, Some(&token), &crate::files::png(20, 20)).await;
    minutes(&citizen, 10);
    let handled = json!({ "command": "handle", "outcome": "dissuaded", "note": "劝离", "after": [photo] });
    does(&citizen, "officer-a", id, handled).await;
    does(&citizen, "verify", id, json!({ "command": "verify", "passed": true })).await;
    let page = citizen.follow(&number, &code).await;
    assert_eq!(step(&page, "受理"), "受理在您上报之前已受理");
    assert!(step(&page, "处置").contains("今天 09:46"), "{}", step(&page, "处置"));
    assert!(page.html().contains("处置结果"));
}

#[tokio::test]
async fn what_a_department_has_goes_its_way_and_promises_nothing_else() {
    let citizen = Citizen::new().await;
    water(&citizen).await;
    let (number, code, receipt) =
        citizen.report(&[STALL.as_slice(), &[("category", "E09001")]].concat()).await;
    let page = citizen.follow(&number, &code).await;
    for page in [&receipt, &page] {
        let steps = all(page, ".steps li b");
        assert_eq!(steps, ["已收到", "转交水务局", "处置", "答复", "办结"]);
        assert!(step(page, "答复").contains("最晚") && !page.html().contains("20 分钟"));
    }
    // What the procedure does not allow is neither promised nor offered.
    assert!(!receipt.html().contains("撤回") && !there(&page, "#do-withdraw"));
    assert!(one(&page, ".next").contains("水务局处理"));
    let (_, _, own) = citizen.report(&stall()).await;
    assert!(own.html().contains("撤回（受理以前）"), "nobody has it yet");
    assert_eq!(all(&own, ".steps li b"), ["已收到", "受理", "到场", "处置", "答复", "办结"]);
    // The department's answer is recorded; it stays its way to the end.
    let id = id_of(&citizen, &number).await;
    does(&citizen, "dispatch", id, json!({ "command": "handle", "outcome": "cleared", "note": "已清理" }))
        .await;
    let page = citizen.follow(&number, &code).await;
    assert_eq!(all(&page, ".steps li[data-state=done] b"), ["已收到", "转交水务局", "处置"]);
}

#[tokio::test]
async fn number_and_code_are_read_as_people_type_them() {
    let citizen = Citizen::new().await;
    let (number, code, _) = citizen.report(&STALL).await;
    let bare = number.trim_start_matches("沪青");
    let wide: String = bare.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let small = format!("{} {}", &code[..4].to_lowercase(), &code[4..]);
    let no_dash = bare.replace('-', "");
    for typed in [number.as_str(), bare, &format!(" 沪青 {bare} "), &wide, &no_dash] {
        assert_eq!(one(&citizen.follow(typed, &small).await, ".number-head"), number, "{typed}");
    }
    // Whichever of the two is wrong, the same is said.
    let wrong = |page: Html| one(&page, "#refusal");
    let other = wrong(citizen.follow("沪青2026-999999", &code).await);
    assert_eq!(other, wrong(citizen.follow(&number, "AAAAAAAA").await));
    assert_eq!(other, wrong(citizen.follow("随便", &code).await));
    assert!(other.contains("沪青2026-000123") && other.contains("8 位"), "{other}");
    assert!(one(&citizen.get("/follow").await, "#ask").contains("沪青2026-000123"));
}

#[tokio::test]
async fn the_earlier_answer_stays_when_it_is_done_again() {
    let citizen = Citizen::new().await;
    let (number, code) = closed(&citizen).await;
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, ".says").contains("您满意吗") && !there(&page, ".earlier"));
    let own = [("number", number.as_str()), ("code", code.as_str())];
    let rated = [own.as_slice(), &[("stars", "1"), ("form", "rate-0000001")]].concat();
    let (_, page) = citizen.post("/follow/rate", &rated).await;
    assert!(!one(&page, ".says").contains("满意吗"), "asked and answered: {}", one(&page, ".says"));
    minutes(&citizen, 60);
    let reopened = [own.as_slice(), &[("note", "又摆出来了"), ("form", "reopen-00001")]].concat();
    let (_, page) = citizen.post("/follow/reopen", &reopened).await;
    let earlier = one(&page, ".earlier");
    assert!(earlier.contains("上次答复") && earlier.contains("到场时已收摊。"), "{earlier}");
    assert!(earlier.contains("处置结果：到场时已消失") && earlier.contains("今天 09:00"), "{earlier}");
    assert!(step(&page, "重新办理").contains("今天 10:00"));
    assert_eq!(all(&page, ".steps li[data-state=done]").len(), 2, "the first round counts no more");
}

#[tokio::test]
async fn no_placeholder_is_given_as_the_reason() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let (number, code, _) = citizen.report(&stall()).await;
    let id = id_of(&citizen, &number).await;
    assert!(one(&citizen.follow(&number, &code).await, ".next").contains("三个二"), "a rule is named");
    does(&citizen, "officer-a", id, json!({ "command": "accept" })).await;
    does(&citizen, "officer-a", id, json!({ "command": "arrive" })).await;
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, ".next").contains("本机关公布的办理时限"), "{}", one(&page, ".next"));
    assert!(!page.html().contains("示例"));
}

#[tokio::test]
async fn the_check_says_where_the_point_lies() {
    let citizen = Citizen::new().await;
    let place = async |lng: &str| {
        let fields = [("description", "摆摊"), ("lng", lng), ("lat", "31.02"), ("step", "describe")];
        one(&citizen.post("/report", &fields).await.1, ".summary .found")
    };
    let found = place("121.02").await;
    assert!(found.starts_with("已定位：") && found.contains("网格310118104000001"), "{found}");
    assert!(place("120.02").await.contains("不在本区网格内"));
    let (_, page) = citizen
        .post("/report", &[("description", "摆摊"), ("address", "漕平路"), ("step", "describe")])
        .await;
    assert!(!there(&page, ".found"), "an address alone is no point");
}
