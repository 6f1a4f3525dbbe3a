//! Registering: what a patroller finds on the street, and what a clerk takes down for a caller.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::Node;
use lianzhi_ids::{PersonCode, Role};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::register::Record;
use reqwest::StatusCode;

/// The second officer walks the streets here.
async fn with_a_patroller() -> Node {
    let node = Node::start().await;
    let code = PersonCode::parse("officer-b").unwrap();
    let mut person = Person::clone(&node.app.directory().people[&code]);
    person.posts[0].roles = vec![Role::Patroller];
    node.app.put_register(&lianzhi_app::Caller::system(), Record::Person(person)).await.unwrap();
    node
}

#[tokio::test]
async fn on_the_street_one_takes_a_picture_a_place_and_a_kind_by_taps() {
    let node = with_a_patroller().await;
    let patroller = node.browser("officer-b").await;
    let page = get(&node, &patroller, "/register").await;
    assert_eq!(texts(&page, "#register [data-shoot=environment]"), ["拍照"]);
    assert_eq!(attribute(&page, "#register input[type=file]", "name"), ["photos"]);
    assert_eq!(texts(&page, "#register details.fold:not([open]) > summary"), ["手工填写坐标"]);
    assert_eq!(attribute(&page, "#register details.fold input", "name"), ["lng", "lat"]);
    assert_eq!(texts(&page, ".tile"), ["店外经营", "无照经营游商", "说不准"], "pictures, no code to know");
    assert_eq!(attribute(&page, "input[name=category][checked]", "value"), [""]);

    // Without JavaScript a kind is looked for by a button, and nothing typed is lost.
    let typed = [("description", "有人摆摊"), ("address", "莲盛路"), ("lng", "121.02"), ("lat", "31.02")];
    let look = [&typed[..], &[("q", "游商"), ("step", "kinds")]].concat();
    let found = html(post(&node, &patroller, "/register", &look).await).await;
    assert_eq!(texts(&found, ".tile"), ["无照经营游商", "说不准"]);
    assert_eq!(texts(&found, "#register textarea"), ["有人摆摊"]);
    assert_eq!(attribute(&found, "#register details.fold[open] input", "value"), ["121.02", "31.02"]);
    assert!(texts(&found, "[role=alert]").is_empty());

    // His own find: nobody waits for a code.
    let sent = post(&node, &patroller, "/register", &[&typed[..], &[("category", "E09001")]].concat()).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let receipt = html(sent).await;
    assert_eq!(texts(&receipt, "#number").len(), 1);
    assert!(texts(&receipt, "#follow-code").is_empty(), "there is no caller to tell it to");
}

#[tokio::test]
async fn a_suggested_kind_is_taken_by_one_tap_by_those_who_may() {
    let node = with_a_patroller().await;
    let report = [("source", "hotline"), ("description", "流动摊贩占道卖水果"), ("address", "莲盛路")];
    let clerk = node.browser("hotline").await;
    let page = get(&node, &clerk, "/register").await;
    assert_eq!(attribute(&page, "#register [name=category]", "list").len(), 1, "at a desk one types");
    let sent = post(&node, &clerk, "/register", &report).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let receipt = html(sent).await;
    assert!(texts(&receipt, "#follow-code").join("").contains("告诉来电人"));
    let action = attribute(&receipt, "form[aria-label=定类别]", "action").remove(0);
    let key = attribute(&receipt, "form[aria-label=定类别] [name=form]", "value").remove(0);
    let code = attribute(&receipt, "form[aria-label=定类别] button[name=category]", "value").remove(0);
    let take = [("form", key.as_str()), ("category", code.as_str())];
    let taken = post(&node, &clerk, &action, &take).await;
    assert_eq!(taken.status(), StatusCode::SEE_OTHER);
    let to = taken.headers()["location"].to_str().unwrap().to_owned();
    assert!(to.ends_with("?done=classify"), "{to}");
    let again = html(post(&node, &clerk, "/register", &report).await).await;
    assert!(!texts(&again, "form[aria-label=定类别]").is_empty());

    // Who may not decide is told what is likely, and by whom it is decided.
    let patroller = node.browser("officer-b").await;
    let receipt = html(post(&node, &patroller, "/register", &report[1..]).await).await;
    assert!(texts(&receipt, "form[aria-label=定类别]").is_empty());
    assert!(texts(&receipt, "[role=status]").join("").contains("由承办的人或派遣员确定"));
}
