//! What a matter costs depends on its parties, not on how many members the compact has.

use axum::Router;
use axum::http::{StatusCode, Uri};
use lianzhi_exchange::compact::{Member, Roster};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;
use std::sync::{Arc, Mutex};

/// Somebody who is no party: what he is asked for is written down.
async fn bystander() -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    let router = Router::new().fallback(async move |uri: Uri| {
        kept.lock().unwrap().push(uri.path().to_owned());
        StatusCode::NOT_FOUND
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (at, asked)
}

/// Two members work on a letter, from its signature to the accepted reply, in a compact of so many: envelopes that were put
/// into outboxes, whoever they were for.
async fn letter(members: usize) -> usize {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let (at, asked) = bystander().await;
    let mut roster: Roster = f.sites[0].node.app.roster().unwrap().as_ref().clone();
    let like = roster.epoch.members[0].clone();
    for n in 2..members {
        let node = NodeCode::parse(&format!("33{n:04}")).unwrap();
        roster.epoch.members.push(Member { node, addresses: vec![at.clone()], ..like.clone() });
    }
    f.agree(&roster).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Assistance, &["320509"], json!({ "asks": ["investigate"] })).await.unwrap();
    until("the letter arrives", async || b.docket_of(a, id).await.is_some()).await;
    let there = b.docket_of(a, id).await.unwrap();
    for (who, command) in [
        ("liaison", json!({ "command": "register" })),
        ("liaison", json!({ "command": "assign", "person": "handler" })),
        ("handler", json!({ "command": "accept" })),
        ("handler", json!({ "command": "reply", "text": "已核实。" })),
        ("reviewer", json!({ "command": "review", "agreed": true })),
        ("leader", json!({ "command": "sign", "agreed": true })),
    ] {
        b.done(who, there, command).await;
    }
    until("the reply arrives", async || a.node.row(id.0).await.stage == b.node.row(there.0).await.stage)
        .await;
    a.done("handler", id, json!({ "command": "accept_reply" })).await;
    let outboxes = async || [a.outbox(id).await, b.outbox(there).await].concat();
    until("all is acknowledged", async || outboxes().await.iter().all(|row| row.done)).await;
    assert_eq!(a.node.row(id.0).await.stage, b.node.row(there.0).await.stage);
    for site in [a, b] {
        let backlogs = site.node.app.store().exchange.backlogs(i64::MAX).await.unwrap();
        assert!(backlogs.is_empty(), "nothing waits for anybody else: {backlogs:?}");
    }
    // The others are asked whether they live, and for what they hold; of the matter they hear nothing.
    until("the others are asked for a sign of life", async || !asked.lock().unwrap().is_empty()).await;
    let asked = asked.lock().unwrap().clone();
    let of_matters = |path: &&String| path.contains("/envelopes") || path.contains("/dockets");
    assert_eq!(asked.iter().find(of_matters), None);
    outboxes().await.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_costs_as_many_envelopes_in_a_large_compact_as_in_a_small_one() {
    let (four, sixteen, many) = (letter(4).await, letter(16).await, letter(64).await);
    assert!(four > 0);
    assert_eq!((sixteen, many), (four, four));
}
