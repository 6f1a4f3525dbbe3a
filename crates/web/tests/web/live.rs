//! Live changes.

use crate::node::Node;
use futures::StreamExt;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// Reads server-sent events off an answer.
struct Events {
    bytes: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    rest: String,
}

#[derive(Debug)]
struct Event {
    kind: String,
    id: String,
    data: Value,
}

impl Events {
    fn of(answer: Response) -> Self {
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Events { bytes: answer.bytes_stream().boxed(), rest: String::new() }
    }

    async fn next(&mut self) -> Event {
        loop {
            while let Some((block, rest)) = self.rest.split_once("\n\n") {
                let block = block.to_owned();
                self.rest = rest.to_owned();
                let field = |name: &str| {
                    let prefix = format!("{name}: ");
                    block.lines().find_map(|l| l.strip_prefix(&prefix)).unwrap_or_default().to_owned()
                };
                if !field("event").is_empty() {
                    let data = serde_json::from_str(&field("data")).unwrap();
                    return Event { kind: field("event"), id: field("id"), data };
                }
            }
            let piece = tokio::time::timeout(Duration::from_secs(20), self.bytes.next());
            let piece = piece.await.expect("no event came").expect("the stream ended").unwrap();
            self.rest.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}

async fn listen(node: &Node, token: &str, last: Option<&str>) -> Events {
    let mut request = node.get("/api/v1/stream").bearer_auth(token);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    Events::of(request.send().await.unwrap())
}

#[tokio::test]
async fn a_change_is_told_to_those_who_may_see_it_and_what_was_missed_is_told_again() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let dispatcher = node.token("dispatch").await;
    let mut live = listen(&node, &dispatcher, None).await;
    let first = node.report().await;
    let event = live.next().await;
    assert_eq!(event.kind, "matter");
    assert_eq!(event.data["id"], first["id"]);
    assert_eq!(event.data["stage"], "assigned");
    assert!(!event.data.to_string().contains("漕平路"), "an event says that, not what");
    drop(live);

    // Two changes while nobody listens; then the reader comes back where it was.
    let second = node.report().await;
    let officer = node.token("officer-a").await;
    node.command(&officer, first["id"].as_i64().unwrap(), json!({ "command": "accept" })).await;
    let mut back = listen(&node, &dispatcher, Some(&event.id)).await;
    let (a, b) = (back.next().await, back.next().await);
    assert_eq!((&a.data["id"], &b.data["id"]), (&second["id"], &first["id"]));
    assert!(a.id.parse::<i64>().unwrap() < b.id.parse::<i64>().unwrap());
    assert_eq!(b.data["stage"], "working");
    // And goes on live from there, nothing twice.
    let third = node.report().await;
    assert_eq!(back.next().await.data["id"], third["id"]);
}

#[tokio::test]
async fn other_peoples_matters_are_not_even_mentioned() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    node.on_duty("officer-b", "squad-b").await;
    let mut live = listen(&node, &node.token("officer-b").await, None).await;
    node.report().await;
    let body = json!({ "category": "E09005", "description": "乙镇店外经营", "place": { "lng": 121.07, "lat": 31.02 } });
    let own: Value = node.post("/api/v1/reports", &body).send().await.unwrap().json().await.unwrap();
    assert_eq!(own["unit"], "squad-b");
    assert_eq!(live.next().await.data["id"], own["id"], "the first thing heard is one's own");
}

#[tokio::test]
async fn who_was_away_too_long_is_told_to_fetch_anew() {
    let node = Node::with(|config| config.rates.intake = (10_000, 10_000)).await;
    let token = node.token("dispatch").await;
    let reports = (0..501).map(|_| node.report());
    futures::future::join_all(reports).await;
    let mut live = listen(&node, &token, Some("0")).await;
    assert_eq!(live.next().await.kind, "refetch");
    let next = node.report().await;
    assert_eq!(live.next().await.data["id"], next["id"]);
}

#[tokio::test]
async fn streams_end_when_the_node_goes_down() {
    let node = Node::start().await;
    let token = node.token("dispatch").await;
    let mut live = listen(&node, &token, None).await;
    node.state.shutdown.cancel();
    let end =
        tokio::time::timeout(Duration::from_secs(20), live.bytes.next()).await.expect("the stream goes on");
    assert!(end.is_none());
    let ready = node.get("/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
}
