//! Cities that work together: what each holds of a shared matter comes to the same, and every record holds.

use super::{Ground, UNTIL, rows_of, same_when_rebuilt};
use jiff::SignedDuration;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::verify::verify_node;
use lianzhi_app::{App, Caller};
use lianzhi_docket::suite::SecretKey;
use lianzhi_docket::verify::Expect;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{DocketId, Role};
use lianzhi_link::{Config, Pump};
use lianzhi_procedure::Kind;
use lianzhi_procedure::directory::Person;
use lianzhi_sim::{LiveRegion, Liveliness, Made, REGION, Town, Wishes, history};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

struct Land {
    made: Made,
    grounds: Vec<Ground>,
    apps: Vec<App>,
}

async fn live(days: u32) -> Land {
    live_at(days, (0..4).map(|n| format!("http://127.0.0.1:{}", 7_700 + n)).collect()).await
}

async fn live_at(days: u32, addresses: Vec<String>) -> Land {
    let (mut towns, mut grounds, mut apps) = (Vec::new(), Vec::new(), Vec::new());
    for (n, place) in REGION.into_iter().enumerate() {
        let mut ground = Ground::at(place, days, place.seed(1)).await;
        let key = SecretKey::from_secret(place.suite, &[u8::try_from(n).unwrap() + 1; 32]).unwrap();
        ground.keys = ground.keys.clone().with_exchange(vec![Arc::new(key)]);
        let app = ground.settled().await;
        let wishes = Wishes { until: UNTIL.parse().unwrap(), days, seed: ground.city.seed, pace: 0.1 };
        let (keys, clock, city) = (ground.keys.clone(), ground.clock.clone(), ground.city.clone());
        towns.push(Town { app: app.clone(), keys, clock, city, wishes });
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
    for (ground, app) in land.grounds.iter().zip(&land.apps) {
        shown_on_cases(ground, app).await;
    }
}

/// Somebody with a role, with a certificate where officers are asked for.
fn somebody(app: &App, role: Role) -> Caller {
    let directory = app.directory();
    let fits = |p: &&Arc<Person>| {
        let certified = role != Role::Handler || p.certificate.is_some();
        certified && p.posts.iter().any(|post| post.roles.contains(&role))
    };
    Caller::person(directory.people.values().find(fits).unwrap().clone(), "127.0.0.1")
}

/// A letter that nobody of the story thought of.
async fn write_by_hand(app: &App) {
    let letter = json!({
        "command": "begin", "to": ["320509"], "list": "HZ-01", "title": "请核实一辆货车", "text": "请核实。",
        "asks": ["investigate"],
    });
    let begun = app.open_shared(&somebody(app, Role::Handler), Kind::Assistance, letter, None).await.unwrap();
    for (role, what) in [(Role::LegalReviewer, "review"), (Role::Leader, "sign")] {
        let agreed = json!({ "command": what, "agreed": true });
        app.command(&somebody(app, role), begun.id, agreed, None, None).await.unwrap();
    }
}

/// On the pages of a city's cases stand evidence that another member took and this one recognised, and a penalty of another
/// member as an earlier one.
async fn shown_on_cases(ground: &Ground, app: &App) {
    let directory = app.directory();
    let leader = somebody(app, Role::Leader);
    let (mut cited, mut recognised) = (Vec::new(), Vec::new());
    for row in rows_of(&ground.store).await.iter().filter(|row| row.kind == "penalty") {
        let view = app.matter(&leader, row.id).await.unwrap();
        let case = view.case.unwrap();
        let others = case.prior.iter().filter(|prior| prior.by != "本机关");
        recognised.extend(others.map(|prior| prior.state));
        let origins: Vec<_> = case.evidence.iter().filter_map(|e| e.origin.as_ref()).collect();
        if !origins.is_empty() {
            assert!(view.received.iter().any(|file| file.witnessed.contains("收件记录")), "{}", row.number);
        }
        cited.extend(origins.into_iter().map(|origin| origin.words.clone()));
    }
    let place = &directory.settings.region;
    assert!(cited.iter().any(|words| words.contains("执法证")), "{place}: {cited:?}");
    assert!(recognised.iter().any(|state| state.contains("互认")), "{place}: {recognised:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_run_begin_and_answer_matters_over_http() {
    let listeners: Vec<_> = (0..4).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let addresses = listeners.iter().map(|l| format!("http://{}", l.local_addr().unwrap())).collect();
    let land = live_at(1, addresses).await;
    let config = Config { allow_private: true, ..Config::default() };
    let mut pumps = Vec::new();
    for (app, listener) in land.apps.iter().zip(listeners) {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let service =
            lianzhi_link::router(app.clone(), &config).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        pumps.push(Pump::new(app.clone(), &config).unwrap().start());
    }
    let mut before = Vec::new();
    for ground in &land.grounds {
        before.push(shared_rows(ground).await.iter().map(|row| row.id).collect::<Vec<_>>());
    }
    let members = land.apps.iter().cloned().zip(land.grounds.iter().map(|ground| &ground.city)).collect();
    let how = Liveliness { seed: 7, speed: 20 };
    let mut region = LiveRegion::open(members, how).await.unwrap().unwrap();
    write_by_hand(&land.apps[0]).await;
    // Some working days in an afternoon; between two deeds there is time for the post.
    let until = land.apps[0].now() + SignedDuration::from_hours(5);
    while let Some(next) = region.next().filter(|at| *at <= until) {
        for ground in &land.grounds {
            ground.clock.set(next);
        }
        region.act().await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let counts = region.counts().clone();
    println!("{counts:?}");
    assert!(counts.begun.len() >= 4, "each everyday form in its turn: {counts:?}");
    assert!(counts.begun.values().sum::<u64>() > 20 && counts.done > 5, "{counts:?}");
    assert!(counts.again * 2 < counts.commands, "most of what people wish is possible: {counts:?}");
    assert!(counts.met > 0, "what somebody at a screen wrote is taken up: {counts:?}");
    // What was begun at one came to another by HTTP, was registered, accepted and answered there.
    let mut stages: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    for (ground, before) in land.grounds.iter().zip(&before) {
        for row in shared_rows(ground).await.into_iter().filter(|row| !before.contains(&row.id)) {
            *stages.entry((row.source, row.kind, row.stage)).or_default() += 1;
        }
    }
    println!("{stages:#?}");
    let came = |kind: &str, stages_of: &[&str]| {
        stages.keys().any(|(source, k, stage)| {
            source.starts_with("incoming:") && k == kind && stages_of.contains(&stage.as_str())
        })
    };
    assert!(came("lead", &["accepted", "concluded"]), "a lead was taken on");
    assert!(came("assistance", &["accepted", "replied", "concluded"]), "help was given");
    assert!(
        came("evidence", &["registered", "accepted", "concluded"])
            && came("bulletin", &["accepted", "sent", "concluded"])
    );
    drop(pumps);
    for (ground, app) in land.grounds.iter().zip(&land.apps) {
        app.integrate_log().await;
        let expect = Expect::of(app.config().node.clone(), app.log().verifier_key().clone());
        let report = verify_node(&ground.store, Some(ground.keys.clone()), expect, |_, _| {}).await.unwrap();
        assert!(report.is_intact(), "{report}");
    }
}
