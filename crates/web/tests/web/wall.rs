//! The wall counts as the statistics and the board do; by its own token it looks and does nothing else, and when the token
//! ends it says what to do and shows nothing.

use crate::lists::{attribute, get, post, report_in, texts};
use crate::node::{Browser, Node};
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_ids::{TownCode, UnitCode};
use lianzhi_procedure::directory::Unit;
use lianzhi_procedure::register::Record;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn the_wall_counts_what_is_late_now_and_what_was_handled_to_its_end() {
    let node = Node::start().await;
    let late_once = report_in(&node, 121.02, "到场晚了的").await;
    report_in(&node, 121.02, "还没有人到场的").await;
    node.hands.forward(SignedDuration::from_mins(125));
    node.app.tick().await.unwrap();
    let dispatch = node.token("dispatch").await;
    node.command(&dispatch, late_once, json!({ "command": "dispatch", "officer": "officer-a" })).await;
    let officer = node.token("officer-a").await;
    node.command(&officer, late_once, json!({ "command": "accept" })).await;
    node.command(&officer, late_once, json!({ "command": "arrive" })).await;
    let dismissed = report_in(&node, 121.02, "不归城管管的").await;
    node.command(&dispatch, dismissed, json!({ "command": "dismiss", "note": "不属城管职责" })).await;

    let viewer = node.browser("dispatch").await;
    let figures = async || texts(&get(&node, &viewer, "/wall").await, ".figure");
    let seen = figures().await;
    assert_eq!(seen[..5], ["今日接报3", "在办2", "超期1", "今日办结0", "按期率—"], "{seen:?}");
    let units = texts(&get(&node, &viewer, "/wall").await, ".bars b");
    assert_eq!(units.iter().filter(|b| b.contains("超期")).collect::<Vec<_>>(), ["2 超期 1"]);

    // Handled to its end, but late on the way: done today, and not in time.
    let photo = crate::files::upload(&node, Some(&officer), &crate::files::png(64, 48)).await;
    let fields = json!({ "outcome": "dissuaded", "note": "当场劝离", "after": [photo] });
    node.command(&officer, late_once, json!({ "command": "handle", "fields": fields })).await;
    let verify = node.token("verify").await;
    node.command(&verify, late_once, json!({ "command": "verify", "passed": true, "note": "看过照片" }))
        .await;
    let answer = json!({ "command": "answer", "text": "已办好，谢谢。", "channel": "message" });
    node.command(&officer, late_once, answer).await;
    node.command(&verify, late_once, json!({ "command": "close" })).await;
    assert_eq!(figures().await[1..5], ["在办1", "超期1", "今日办结1", "按期率0%"]);
}

#[tokio::test]
async fn a_wall_has_room_for_names_and_marks_nothing_as_new_that_stood_there() {
    let node = Node::start().await;
    let town = TownCode::parse("310118104").unwrap();
    let name = node.app.world().towns[&town].clone();
    let squad = Unit {
        code: UnitCode::parse("squad-a").unwrap(),
        name: format!("{name}综合行政执法队"),
        parent: Some(UnitCode::parse("bureau").unwrap()),
        outside: false,
        phone: String::new(),
        town: Some(town),
        branch: String::new(),
    };
    let put = async |unit: Unit| node.app.put_register(&Caller::system(), Record::Unit(unit)).await.unwrap();
    put(squad.clone()).await;
    let id = report_in(&node, 121.02, "刚上报的").await;
    report_in(&node, 121.07, "乙镇的").await;
    let viewer = node.browser("dispatch").await;
    let page = get(&node, &viewer, "/wall").await;
    // Of a unit that serves a town alone the town's name; of others the whole.
    assert_eq!(texts(&page, ".tallies section:first-child .bars > span"), [name.as_str(), "乙镇中队"]);
    assert_eq!(texts(&page, "svg.map text.name"), [name.as_str()], "the map says where it is");
    // What changed has a name by which the wall knows it again, in the feed and on the map; none is marked here.
    let keys = attribute(&page, ".feed [data-key]", "data-key");
    assert!(keys.len() == 2 && keys.iter().any(|key| key.starts_with(&format!("{id}."))), "{keys:?}");
    let mut rings = attribute(&page, "circle.ring", "data-key");
    rings.sort();
    assert!(rings.iter().all(|key| keys.contains(key)) && rings.len() == 2);
    assert!(texts(&page, ".fresh").is_empty());
    put(Unit { code: UnitCode::parse("squad-c").unwrap(), name: format!("{name}二中队"), ..squad }).await;
    let page = get(&node, &viewer, "/wall").await;
    let bars = texts(&page, ".tallies section:first-child .bars > span");
    assert_eq!(bars[0], format!("{name}综合行政执法队"), "two serve it");
}

/// A browser that became a wall.
async fn wall(node: &Node) -> Browser {
    let browser = node.browser("dispatch").await;
    let answer = post(node, &browser, "/wall", &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/wall");
    browser
}

/// The page leads to the sign-in, the renewal is refused, and neither holds a number.
async fn has_ended(node: &Node, wall: &Browser) {
    for path in ["/wall", "/wall/now"] {
        let answer = wall.client.get(format!("{}{path}", node.url)).header("accept", "text/html").send();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(to.starts_with("/sign-in?next="), "{to}");
        assert!(!answer.text().await.unwrap().contains("今日接报"));
        let page = get(node, wall, &to).await;
        assert!(!texts(&page, "form button").is_empty() && texts(&page, "#wall").is_empty());
    }
    let stream = wall.client.get(format!("{}/wall/stream", node.url)).send().await.unwrap();
    assert_ne!(stream.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_wall_whose_token_was_revoked_or_has_expired_shows_nothing() {
    let node = Node::start().await;
    let (first, second) = (wall(&node).await, wall(&node).await);
    assert_eq!(texts(&get(&node, &first, "/wall").await, "#received"), ["0"]);
    // Whoever made it a wall ends it from the account.
    let owner = node.browser("dispatch").await;
    let account = get(&node, &owner, "/account").await;
    let digests = attribute(&account, "form[action='/account/tokens/revoke'] input[name=digest]", "value");
    assert_eq!(digests.len(), 2);
    for digest in &digests {
        post(&node, &owner, "/account/tokens/revoke", &[("digest", digest)]).await;
    }
    has_ended(&node, &first).await;
    has_ended(&node, &second).await;
    let third = wall(&node).await;
    node.hands.forward(SignedDuration::from_hours(24 * 367));
    has_ended(&node, &third).await;
}
