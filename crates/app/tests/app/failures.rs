//! Commits that fail while more is decided on top of them: nothing acknowledged is lost, nothing happens twice, and
//! whoever is refused can come again.

use crate::kit::intact;
use futures::future::join_all;
use lianzhi_app::Receipt;
use lianzhi_procedure::{Refusal, RefusalKind};
use lianzhi_testkit::{End, Failing, Life, Node, Place, city};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// Slow enough for others to be decided meanwhile.
const SLOW: Duration = Duration::from_millis(15);

/// The node again, over a journal that fails.
async fn over(place: &Place, life: &Life, ends: fn(u64) -> End) -> Node {
    life.open_on(place, Failing::over(place.store().await, SLOW, ends)).await
}

/// Reports by many at about the same time, some later than others, so that they meet in different batches.
async fn reports(node: &Node, n: u64) -> Vec<Result<Receipt, Refusal>> {
    join_all((0..n).map(|i| async move {
        tokio::time::sleep(Duration::from_millis(i * 3)).await;
        let input = node.input(&format!("第 {i} 处店外摆摊"), (i % 4) as usize);
        node.app.report(&node.as_("hotline"), input, Some(format!("one-key-for-{i}"))).await
    }))
    .await
}

fn numbers(receipts: &[Receipt]) -> BTreeSet<String> {
    receipts.iter().map(|r| r.number.clone()).collect()
}

pub async fn a_batch_that_fails_is_decided_again_with_all_that_was_decided_on_it(place: &Place) {
    let life = Node::new(place).await.life;
    let node = over(place, &life, |n| if n % 3 == 1 { End::Lost } else { End::Well }).await;
    let receipts: Vec<_> = reports(&node, 40).await.into_iter().map(Result::unwrap).collect();
    let expected: BTreeSet<_> = (1..=40).map(|n| format!("沪青2026-{n:06}")).collect();
    assert_eq!(numbers(&receipts), expected, "dense and none twice");
    for receipt in &receipts {
        assert_eq!(node.events(receipt.id).await, ["registered", "dispatched"]);
        assert_eq!(node.row(receipt.id).await.number, receipt.number);
    }
    intact(&node).await;
}

pub async fn what_was_written_though_the_store_said_no_does_not_happen_twice(place: &Place) {
    let life = Node::new(place).await.life;
    let node = over(place, &life, |n| if n % 2 == 0 { End::Unheard } else { End::Well }).await;
    let receipts: Vec<_> = reports(&node, 30).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(numbers(&receipts).len(), 30);
    let officer = receipts[0].assignee.clone().unwrap();
    node.done(&officer, receipts[0].id, json!({ "command": "accept" })).await;
    assert_eq!(node.events(receipts[0].id).await, ["registered", "dispatched", "accepted"]);
    let all = node.app.store().journal.open_matters(lianzhi_ids::DocketId(-1), 1_000).await.unwrap();
    assert_eq!(all.iter().filter(|row| row.kind == "report").count(), 30);
    intact(&node).await;
}

pub async fn on_a_full_disk_everybody_is_told_and_nothing_is_half_there(place: &Place) {
    let life = Node::new(place).await.life;
    let node = over(place, &life, |n| if n < 6 { End::Full } else { End::Well }).await;
    let answers = reports(&node, 30).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(!refused.is_empty() && refused.iter().all(|r| r.as_ref().unwrap_err().kind == RefusalKind::Busy));
    let stored = node.app.store().journal.open_matters(lianzhi_ids::DocketId(-1), 1_000).await.unwrap();
    assert_eq!(stored.iter().filter(|row| row.kind == "report").count(), taken.len());
    // The same keys until there is room: whoever was answered gets the same answer.
    let again: Vec<_> = loop {
        if let Ok(receipts) = reports(&node, 30).await.into_iter().collect() {
            break receipts;
        }
    };
    assert_eq!(numbers(&again).len(), 30);
    assert!(taken.into_iter().all(|r| numbers(&again).contains(&r.unwrap().number)));
    intact(&node).await;
}

pub async fn a_register_that_changes_holds_for_what_is_decided_after_it(place: &Place) {
    let life = Node::new(place).await.life;
    let node = over(place, &life, |_| End::Well).await;
    let away = city::records().into_iter().filter_map(|record| match record {
        lianzhi_procedure::register::Record::Person(mut person)
            if person.code.as_str().starts_with("officer-b1") =>
        {
            person.active = false;
            Some(lianzhi_procedure::register::Record::Person(person))
        }
        _ => None,
    });
    let away: Vec<_> = away.collect();
    assert_eq!(away.len(), 1);
    let work = join_all((0..10).map(|i| {
        let (node, away) = (node.clone(), away.clone());
        async move {
            if i == 3 {
                node.app.put_registers(&lianzhi_app::Caller::system(), away).await.unwrap();
                // Acknowledged: from here on nothing goes to whoever left.
                return Some(node.report("路灯不亮", 2).await.assignee.unwrap());
            }
            node.report(&format!("第 {i} 处"), 2).await;
            None
        }
    }))
    .await;
    assert_eq!(work.into_iter().flatten().collect::<Vec<_>>(), ["officer-b2"]);
    intact(&node).await;
}
