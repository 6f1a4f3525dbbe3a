//! Cities that work together: what each holds of a shared matter comes to the same, and every record holds.

use super::{Ground, UNTIL, rows_of, same_when_rebuilt};
use lianzhi_app::App;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::verify::verify_node;
use lianzhi_docket::suite::SecretKey;
use lianzhi_docket::verify::Expect;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::DocketId;
use lianzhi_sim::{Made, REGION, Town, Wishes, history};
use std::collections::BTreeMap;
use std::sync::Arc;

struct Land {
    made: Made,
    grounds: Vec<Ground>,
    apps: Vec<App>,
}

async fn live(days: u32) -> Land {
    let (mut towns, mut grounds, mut apps, mut addresses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (n, place) in REGION.into_iter().enumerate() {
        let mut ground = Ground::at(place, days, place.seed(1)).await;
        let key = SecretKey::from_secret(place.suite, &[u8::try_from(n).unwrap() + 1; 32]).unwrap();
        ground.keys = ground.keys.clone().with_exchange(vec![Arc::new(key)]);
        let app = ground.settled().await;
        let wishes = Wishes { until: UNTIL.parse().unwrap(), days, seed: ground.city.seed, pace: 0.1 };
        let (keys, clock, city) = (ground.keys.clone(), ground.clock.clone(), ground.city.clone());
        towns.push(Town { app: app.clone(), keys, clock, city, wishes });
        addresses.push(format!("http://127.0.0.1:{}", 7_700 + n));
        grounds.push(ground);
        apps.push(app);
    }
    let made = history::run_all(towns, addresses, |_, _| {}).await.unwrap();
    Land { made, grounds, apps }
}

/// Shared matters of a node by the number that all members know, with form and stage.
async fn shared_rows(ground: &Ground) -> Vec<MatterRow> {
    let next = ground.store.journal.head().await.unwrap().next_docket;
    let ids: Vec<_> = (0..next).map(DocketId).collect();
    let rows = ground.store.journal.matters(&ids).await.unwrap();
    rows.into_iter().filter(|r| Form::from_code(&r.kind).is_some()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cities_that_work_together_come_to_the_same() {
    let land = live(6).await;
    println!("{:#?}", land.made.together);
    let together = &land.made.together;
    assert_eq!(together.epoch, 2, "founded and amended");
    for form in Form::ALL {
        assert!(together.matters.contains_key(form.code()), "no {}", form.title());
    }
    assert!(together.story.is_some());
    let mut stages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (ground, app) in land.grounds.iter().zip(&land.apps) {
        let roster = app.directory().roster.clone().unwrap();
        assert_eq!((roster.epoch.number, roster.epoch.members.len()), (2, 4));
        for row in shared_rows(ground).await {
            let shared = ground.store.exchange.shared_of(row.id).await.unwrap();
            if let Some(shared) = shared {
                stages.entry(shared.to_string()).or_default().push((row.kind, row.stage));
            }
        }
    }
    assert!(stages.len() > 20, "{}", stages.len());
    for (shared, of_all) in &stages {
        assert!(of_all.len() > 1 && of_all.windows(2).all(|w| w[0] == w[1]), "{shared}: {of_all:?}");
    }
    let met: std::collections::BTreeSet<_> =
        stages.values().flatten().map(|(_, stage)| stage.as_str()).collect();
    println!("{met:?}");
    let mut taken_on = false;
    for (ground, app) in land.grounds.iter().zip(&land.apps) {
        let outbox = ground.store.exchange.backlogs(i64::MAX).await.unwrap();
        assert!(outbox.is_empty(), "{outbox:?}");
        app.integrate_log().await;
        let expect = Expect::of(app.config().node.clone(), app.log().verifier_key().clone());
        let report = verify_node(&ground.store, Some(ground.keys.clone()), expect, |_, _| {}).await.unwrap();
        assert!(report.is_intact(), "{report}");
        let rows = rows_of(&ground.store).await;
        for kind in ["compact", "meeting", "plan"] {
            assert!(rows.iter().any(|row| row.kind == kind), "no {kind}");
        }
        taken_on |= rows.iter().any(|row| row.kind == "report" && row.source == "member");
        same_when_rebuilt(&ground.store, &ground.keys, &app.config().node, &rows).await;
    }
    // Whoever accepted a lead has a report of its own for it.
    assert!(taken_on);
}
