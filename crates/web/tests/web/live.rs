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
    /// What was no event.
    before: String,
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
        Events { bytes: answer.bytes_stream().boxed(), rest: String::new(), before: String::new() }
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
                self.before.push_str(&block);
                self.before.push('\n');
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
async fn who_loses_a_matter_hears_that_it_is_gone_and_not_where_it_is() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    node.on_duty("officer-b", "squad-b").await;
    let (dispatcher, officer) = (node.token("dispatch").await, node.token("officer-a").await);
    let mut leader = listen(&node, &node.token("leader-a").await, None).await;
    let mut before = listen(&node, &officer, None).await;
    let mut after = listen(&node, &node.token("officer-b").await, None).await;
    let matter = node.report().await;
    let id = matter["id"].as_i64().unwrap();
    let seen = leader.next().await;
    assert_eq!(seen.data["unit"], "squad-a");
    assert_eq!(before.next().await.data["assignee"], "officer-a");

    node.command(&dispatcher, id, json!({ "command": "dispatch", "officer": "officer-b" })).await;
    for events in [&mut leader, &mut before] {
        let event = events.next().await;
        assert_eq!(event.kind, "matter");
        assert_eq!(event.data, json!({ "id": id, "gone": true }));
    }
    assert_eq!(after.next().await.data["assignee"], "officer-b", "one's own, and nothing of the time before");

    // What happens to it there is no business of theirs: the next they hear of is their own.
    node.command(&node.token("officer-b").await, id, json!({ "command": "accept" })).await;
    let own = node.report().await;
    assert_eq!(leader.next().await.data["id"], own["id"]);

    // Who was away while a matter left him is told to look again; whose it was then is not known any more.
    let event = before.next().await;
    assert_eq!(event.data["id"], own["id"]);
    drop(before);
    let id = own["id"].as_i64().unwrap();
    node.command(&dispatcher, id, json!({ "command": "dispatch", "officer": "officer-b" })).await;
    let mut back = listen(&node, &officer, Some(&event.id)).await;
    let missed = back.next().await;
    assert_eq!((missed.kind.as_str(), &missed.data), ("refetch", &json!({})));
    assert!(missed.id.parse::<i64>().unwrap() > event.id.parse().unwrap(), "once");
}

#[tokio::test]
async fn a_stream_says_how_soon_to_come_back() {
    let node = Node::start().await;
    let mut live = listen(&node, &node.token("dispatch").await, None).await;
    node.report().await;
    live.next().await;
    // What came before the first event.
    let retry: u64 = live.before.lines().find_map(|l| l.strip_prefix("retry: ")).unwrap().parse().unwrap();
    assert!((250..=1000).contains(&retry), "{retry}");
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
    let end = async { while live.bytes.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), end).await.expect("the stream goes on");
    let ready = node.get("/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
}
