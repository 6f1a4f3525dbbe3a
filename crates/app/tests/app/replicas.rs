//! Two replicas of a node on one PostgreSQL.

use crate::kit::intact;
use futures::future::join_all;
use lianzhi_testkit::{End, Failing, Node, Place, city};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

async fn together(place: &Place) -> (Node, Node) {
    let first = Node::new(place).await;
    let second = first.life.open(place).await;
    (first, second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_no_number_is_lost_or_given_twice() {
    lianzhi_testkit::run(Place::postgres().await, async |place| {
        let (first, second) = together(place).await;
        let work = (0..80).map(|n| {
            let node = if n % 2 == 0 { first.clone() } else { second.clone() };
            tokio::spawn(async move {
                let receipt = node.report(&format!("第 {n} 处店外摆摊"), n % 4).await;
                let officer = receipt.assignee.clone().unwrap();
                node.done(&officer, receipt.id, json!({ "command": "accept" })).await;
                receipt
            })
        });
        let receipts: Vec<_> = join_all(work).await.into_iter().map(Result::unwrap).collect();
        let numbers: BTreeSet<_> = receipts.iter().map(|r| r.number.clone()).collect();
        let expected: BTreeSet<_> = (1..=80).map(|n| format!("沪青2026-{n:06}")).collect();
        assert_eq!(numbers, expected);
        let positions: Vec<_> =
            first.app.store().journal.log(0, 10_000).await.unwrap().iter().map(|e| e.pos).collect();
        assert_eq!(positions, (0..positions.len() as i64).collect::<Vec<_>>(), "dense");
        for receipt in &receipts {
            assert_eq!(second.events(receipt.id).await, ["registered", "dispatched", "accepted"]);
        }
        intact(&first).await;
        intact(&second).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_replica_learns_the_other_knows_soon_though_it_writes_nothing() {
    lianzhi_testkit::run(Place::postgres().await, async |place| {
        let (first, second) = together(place).await;
        let mut hints = second.app.events();
        let command = json!({ "command": "go_off" });
        first.app.duty_command(&first.as_("officer-a3"), &city::unit("squad-a"), command).await.unwrap();
        let id = first.report("店外摆摊", 0).await.id;
        loop {
            if hints.recv().await.unwrap().docket.0 == id {
                break;
            }
        }
        assert!(!second.app.duty().is_on(&city::person("officer-a3")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_at_both_replicas_registers_once() {
    lianzhi_testkit::run(Place::postgres().await, async |place| {
        let (first, second) = together(place).await;
        let report = |node: &Node| {
            let node = node.clone();
            let key = Some("one-key-for-both".to_owned());
            tokio::spawn(async move {
                node.app.report(&node.as_("hotline"), node.input("店外摆摊", 0), key).await.unwrap()
            })
        };
        let (a, b) = (report(&first), report(&second));
        let (a, b) = (a.await.unwrap(), b.await.unwrap());
        assert_eq!((a.id, a.number, a.follow_code), (b.id, b.number, b.follow_code));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_slower_gets_its_turn_too() {
    lianzhi_testkit::run(Place::postgres().await, async |place| {
        let quick = Node::new(place).await;
        let store = Failing::over(place.store().await, Duration::from_millis(40), |_| End::Well);
        let slow = quick.life.open_on(place, store).await;
        let done = Arc::new(AtomicBool::new(false));
        // The quick one commits without a pause, so that the slow one would find the head moved each time.
        let busy: Vec<_> = (0..6)
            .map(|n| {
                let (node, done) = (quick.clone(), done.clone());
                tokio::spawn(async move {
                    while !done.load(Ordering::SeqCst) {
                        node.report("店外摆摊", n % 4).await;
                    }
                })
            })
            .collect();
        for n in 0..3 {
            slow.report(&format!("第 {n} 处路灯不亮"), 1).await;
        }
        done.store(true, Ordering::SeqCst);
        for task in busy {
            task.await.unwrap();
        }
        intact(&slow).await;
    })
    .await;
}
