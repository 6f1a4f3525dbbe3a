//! Receiving that is cut short: the store loses what it was given, or took it and could not say so, while envelopes come in.
//! Every entry is there once, and the receipt is the same whenever it is asked for.

use jiff::SignedDuration;
use lianzhi_app::verify::verify_node;
use lianzhi_docket::verify::Expect;
use lianzhi_exchange::inbound::Way;
use lianzhi_exchange::refusal::Answer;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{End, Federation, Place, Site};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Matters that are sent meanwhile.
const MATTERS: usize = 16;
/// How often it is looked whether everything is acknowledged.
const LOOKS_MAX: usize = 800;

async fn waiting(site: &Site) -> i64 {
    let backlogs = site.node.app.store().exchange.backlogs(i64::MAX).await.unwrap();
    backlogs.iter().map(|backlog| backlog.waiting).sum()
}

/// The parcel of what a docket said first, once more.
async fn again(from: &Site, to: &Site, id: DocketId) -> Answer {
    let shared = from.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let parcels = from.node.app.stream_from(&shared, &from.code, 0, &to.code).await.unwrap().unwrap();
    to.node.app.receive(parcels, &from.code, Way::Posted).await.remove(0)
}

/// What happens while the receiver's commits end like this; how often the sender was told to come again.
async fn story(ends: fn(u64) -> End) -> i32 {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[1].fail(&places[1], Duration::from_millis(2), ends).await;
    f.sites[0].start();
    let [a, b] = &f.sites[..] else { panic!() };
    let mut ids = Vec::new();
    for _ in 0..MATTERS {
        ids.push(a.send(Kind::Lead, &["320509"], json!({})).await.unwrap());
    }
    let mut looks = 0;
    while waiting(a).await > 0 {
        f.pass(SignedDuration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(20)).await;
        looks += 1;
        assert!(looks < LOOKS_MAX, "{:#?}", a.outbox(ids[0]).await);
    }
    let mut refused = 0;
    for id in &ids {
        let there = b.docket_of(a, *id).await.unwrap();
        let shared = a.node.app.store().exchange.shared_of(*id).await.unwrap().unwrap();
        let heads = a.node.app.heads(&shared).await.unwrap();
        assert_eq!(b.node.app.heads(&shared).await.unwrap(), heads);
        let heard = b.node.events(there.0).await.iter().filter(|event| *event == "heard").count();
        assert_eq!(heard, usize::try_from(heads.values().sum::<u32>()).unwrap(), "each entry once");
        let row = a.outbox(*id).await.remove(0);
        refused += row.attempts;
        let Answer::Receipt(receipt) = again(a, b, *id).await else { panic!("it is held") };
        assert_eq!(serde_json::to_vec(&receipt).unwrap(), row.receipt.unwrap(), "the same receipt");
    }
    for site in [a, b] {
        site.node.app.integrate_log().await;
        let expect = Expect::of(site.code.clone(), site.node.app.log().verifier_key().clone());
        let keys = site.node.life.keys.clone();
        let mut report = verify_node(site.node.app.store(), Some(keys), expect, |_, _| {}).await.unwrap();
        // The compact was put in force without a docket.
        report.projections.retain(|found| !found.contains("名录 compact"));
        assert!(report.is_intact(), "{}: {report}", site.code);
        assert!(site.node.app.forks().await.unwrap().is_empty());
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_lost_while_it_was_taken_in_is_sent_again_and_taken_once() {
    let refused = story(|n| if n % 5 < 3 { End::Lost } else { End::Well }).await;
    assert!(refused > 0, "nothing was cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_in_without_a_word_is_acknowledged_when_it_comes_again() {
    static UNHEARD: AtomicUsize = AtomicUsize::new(0);
    story(|n| match n % 5 {
        0 | 2 => {
            UNHEARD.fetch_add(1, Ordering::Relaxed);
            End::Unheard
        }
        1 | 3 => End::Lost,
        _ => End::Well,
    })
    .await;
    assert!(UNHEARD.load(Ordering::Relaxed) > 1, "nothing was cut");
}
