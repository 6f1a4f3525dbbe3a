//! `Idempotency-Key` on every POST: the same answer for a week, whatever happens to the process in between.

use crate::files::png;
use crate::node::{Node, problem};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Sends the same twice, to a process that began after the first; the second is answered as the first and does nothing.
async fn same_answer(node: &mut Node, send: impl Fn(&Node) -> RequestBuilder) -> (Value, String) {
    let size = async |node: &Node| node.app.store().journal.head().await.unwrap().size;
    let first = send(node).send().await.unwrap();
    assert!(first.status().is_success(), "{}", first.text().await.unwrap());
    assert!(!first.headers().contains_key("idempotent-replay"));
    let (status, location) = (first.status(), first.headers().get("location").cloned());
    let first = first.bytes().await.unwrap();
    let before = size(node).await;
    node.restart_web().await;
    let again = send(node).send().await.unwrap();
    assert_eq!(again.status(), status);
    assert_eq!(again.headers()["idempotent-replay"], "true");
    assert_eq!(again.headers().get("location"), location.as_ref());
    assert_eq!(again.bytes().await.unwrap(), first);
    assert_eq!(size(node).await, before, "done once");
    let location = location.map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    (serde_json::from_slice(&first).unwrap_or_default(), location)
}

#[tokio::test]
async fn an_answer_outlives_the_process_that_gave_it() {
    let mut node = Node::start().await;
    let officer = node.token("officer-a").await;
    same_answer(&mut node, |node| {
        node.post("/api/v1/duty/squad-a/commands", &json!({ "command": "go_on" }))
            .header("idempotency-key", "duty-0000001")
            .bearer_auth(&officer)
    })
    .await;

    let (_, path) = same_answer(&mut node, |node| {
        node.request(Method::POST, "/files")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", 10)
            .header("idempotency-key", "file-0000001")
            .bearer_auth(&officer)
    })
    .await;
    assert!(path.starts_with("/files/"), "one upload, found by the second sender too: {path}");

    let photo = png(20, 20);
    let form = || {
        let part = reqwest::multipart::Part::bytes(photo.clone()).file_name("a.png");
        reqwest::multipart::Form::new().part("file", part)
    };
    same_answer(&mut node, |node| {
        node.request(Method::POST, "/api/v1/exhibits")
            .multipart(form())
            .header("idempotency-key", "photo-000001")
            .bearer_auth(&officer)
    })
    .await;

    let hotline = node.token("hotline").await;
    let table = "描述,经度,纬度\n店外经营占道,121.02,31.02\n";
    let (report, _) = same_answer(&mut node, |node| {
        let part = reqwest::multipart::Part::text(table).file_name("orders.csv");
        node.request(Method::POST, "/api/v1/imports/reports")
            .multipart(reqwest::multipart::Form::new().part("file", part))
            .header("idempotency-key", "table-000001")
            .bearer_auth(&hotline)
    })
    .await;
    assert!(report.is_object(), "{report}");
}

#[tokio::test]
async fn a_token_is_shown_again_to_whoever_missed_it_and_lies_nowhere_in_clear() {
    let mut node = Node::start().await;
    let browser = node.browser("admin").await;
    let send = |node: &Node| {
        browser
            .client
            .post(format!("{}/api/v1/tokens", node.url))
            .header("x-csrf-token", &browser.csrf)
            .header("idempotency-key", "token-000001")
            .json(&json!({ "name": "交换", "scopes": ["read"], "days": 30 }))
    };
    let (issued, _) = same_answer(&mut node, send).await;
    let token = issued["token"].as_str().unwrap();
    let keys: Vec<String> = vec!["post|person:admin||token-000001".into()];
    let kept = node.app.store().journal.answers(&keys).await.unwrap();
    assert_eq!(kept.len(), 1);
    let hidden = hex::encode(token);
    assert!(!kept[0].answer.contains(token) && !kept[0].answer.contains(&hidden), "sealed");
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_person_for_a_week() {
    let node = Node::start().await;
    let (a, b) = (node.token("officer-a").await, node.token("officer-b").await);
    let duty = |token: &str, command: &str| {
        node.post("/api/v1/duty/squad-a/commands", &json!({ "command": command }))
            .header("idempotency-key", "duty-0000001")
            .bearer_auth(token)
            .send()
    };
    assert_eq!(duty(&a, "go_on").await.unwrap().status(), StatusCode::OK);
    problem(duty(&a, "go_off").await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY, "key-reused").await;
    let other = duty(&b, "go_on").await.unwrap();
    assert!(!other.headers().contains_key("idempotent-replay"), "another person's key is another key");

    node.hands.forward(jiff::SignedDuration::from_hours(6 * 24));
    node.app.sweep().await;
    let (a, b) = (node.token("officer-a").await, node.token("officer-b").await);
    let sixth_day = duty(&a, "go_on").await.unwrap();
    assert_eq!(sixth_day.headers()["idempotent-replay"], "true");
    node.hands.forward(jiff::SignedDuration::from_hours(25));
    node.app.sweep().await;
    let eighth_day = duty(&a, "go_off").await.unwrap();
    assert!(!eighth_day.headers().contains_key("idempotent-replay"), "free again");
    assert_eq!(eighth_day.status(), StatusCode::OK, "{}", eighth_day.text().await.unwrap());
    drop(b);
}
