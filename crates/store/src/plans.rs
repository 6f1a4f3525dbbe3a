//! Plans: what people wait for is found by an index, on both engines. The store is used once in every way, what it
//! asked the engine is recorded, and the engine is then asked how it would go about each statement.

use crate::dialect::Engine;
use crate::engine::{RECORDED, Value};
use crate::{baseline, db::Db};
use lianzhi_app::ports::{AccessQuery, AccessRow, CountBy, Filter, Order, Outcome, Overdue, Sight, Store};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_territory::{Point, cell};
use place::{Place, everything};
use sqlx::AssertSqlSafe;

#[path = "../tests/conformance/place.rs"]
#[allow(dead_code, reason = "shared with the conformance suite, which uses all of it")]
mod place;

/// One filter for each condition, and some together.
fn filters(now: i64) -> Vec<Filter> {
    let all = || Filter { now, ..everything() };
    let ended = Outcome::default;
    let sight = Sight::Some { units: vec!["ZF01".into(), "ZF02".into()], person: "p001".into() };
    let (west, south, east, north) = (121_000_000, 31_100_000, 121_010_000, 31_110_000);
    let at = |lng_e6, lat_e6| Point { lng_e6, lat_e6 };
    let cells = cell::cover(cell::Bbox::of(at(west, south), at(east, north)), 16);
    let bbox = Some([west, south, east, north]);
    vec![
        Filter { assignee: Some("p001".into()), ..all() },
        Filter { stages: vec!["on_site".into(), "returned".into()], ..all() },
        Filter { units: vec!["ZF01".into()], open: Some(true), ..all() },
        Filter { units: vec!["ZF01".into(), "ZF03".into()], open: Some(false), ..all() },
        Filter { category: Some("E0200".into()), ..all() },
        Filter { source: Some("sensor".into()), kind: Some("report".into()), ..all() },
        Filter { open: Some(true), ..all() },
        Filter { overdue: Some(Overdue::Ever), ..all() },
        Filter { overdue: Some(Overdue::Now), ..all() },
        Filter { overdue: Some(Overdue::Now), units: vec!["ZF01".into()], open: Some(true), ..all() },
        Filter { ids: vec![DocketId(5), DocketId(6)], open: Some(true), ..all() },
        Filter { stages: vec!["on_site".into()], open: Some(true), ..all() },
        Filter { overdue: Some(Overdue::Never), stages: vec!["accepted".into()], ..all() },
        Filter { updated_since: Some(now - 60_000_000), ..all() },
        Filter { reported_from: Some(now - 60_000_000), ..all() },
        Filter { bbox, cells: cells.clone(), ..all() },
        Filter { bbox, cells, open: Some(true), ..all() },
        Filter { placed: Some(true), open: Some(true), ..all() },
        Filter { placed: Some(false), ..all() },
        Filter { sight: sight.clone(), ..all() },
        Filter { sight: sight.clone(), open: Some(true), ..all() },
        Filter { sight, q: Some("渣土车抛".into()), ..all() },
        Filter { q: Some("龘靐".into()), ..all() },
        Filter { secret: vec![5, 6], ..all() },
        Filter { outcome: Outcome { closed_from: Some(now - 60_000_000), ..ended() }, ..all() },
        Filter { outcome: Outcome { closed_to: Some(now), in_time: Some(true), ..ended() }, ..all() },
        Filter { outcome: Outcome { in_time: Some(false), ..ended() }, ..all() },
        Filter { outcome: Outcome { rework: Some(true), ..ended() }, ..all() },
        Filter { outcome: Outcome { ratings: vec![4, 5], ..ended() }, ..all() },
        Filter { outcome: Outcome { no_unit: true, ..ended() }, ..all() },
        Filter { outcome: Outcome { no_category: true, ..ended() }, ..all() },
    ]
}

/// Uses the store in every way that somebody waits for.
async fn use_it(store: &Store) {
    let now = store.journal.head().await.unwrap().last_at;
    for filter in filters(now) {
        for order in [Order::Newest, Order::Oldest, Order::Due] {
            let page = store.queries.list(&filter, order, None, 10).await.unwrap();
            let cursor = page.next.unwrap_or_else(|| match order {
                Order::Newest => "n100000000000000000000000000000009".to_owned(),
                Order::Oldest => "o100000000000000000000000000000009".to_owned(),
                Order::Due => "d100000000000000090000000000000009".to_owned(),
            });
            store.queries.list(&filter, order, Some(&cursor), 10).await.unwrap();
        }
        store.queries.count(&filter, 50).await.unwrap();
        store.queries.map(&filter, 20, 5).await.unwrap();
        store.queries.map(&Filter { kind: Some("report".into()), ..filter.clone() }, 26, 5).await.unwrap();
        store.queries.counts(&filter, CountBy::Stage).await.unwrap();
        store.queries.tally(&filter, CountBy::Stage, 5).await.unwrap();
    }
    for order in [Order::Newest, Order::Oldest, Order::Due] {
        store.queries.list(&Filter { now, ..everything() }, order, None, 10).await.unwrap();
    }
    store.queries.facts(5_900, 10).await.unwrap();
    store.queries.by_number("青案〔2026〕7号").await.unwrap();
    store.queries.by_number("12345-1").await.unwrap();
    let who = ["p:p001".into(), "r:leader@ZF01".into()];
    store.queries.todos(&who, None, 0, 10).await.unwrap();
    store.queries.todos(&who, Some("accept"), 10, 10).await.unwrap();
    store.queries.todo_counts(&who).await.unwrap();
    let j = &store.journal;
    j.dockets(&[DocketId(5), DocketId(6)]).await.unwrap();
    j.log(5, 10).await.unwrap();
    j.leaves(5, 10).await.unwrap();
    j.marked(b"\"kind\":\"register\",", 5, 10).await.unwrap();
    j.parts(&[Digest::ZERO]).await.unwrap();
    j.all_parts(Some(Digest::ZERO), 10).await.unwrap();
    j.answers(&["k".into()]).await.unwrap();
    j.changed(5_900, 10).await.unwrap();
    j.checkpoint().await.unwrap();
    j.checkpoints(0, 10).await.unwrap();
    j.checkpoint_covering(5).await.unwrap();
    j.matters(&[DocketId(5), DocketId(6)]).await.unwrap();
    j.wakeable(now, 10).await.unwrap();
    j.open_matters(DocketId(5), 10).await.unwrap();
    j.closed_with_clocks(DocketId(5), 10).await.unwrap();
    let a = &store.accounts;
    a.credential("p1").await.unwrap();
    a.views("p1", &["ZF01".into()]).await.unwrap();
    a.view("v").await.unwrap();
    a.preference("p1", "columns").await.unwrap();
    a.session(Digest::ZERO).await.unwrap();
    a.drop_session(Digest::ZERO).await.unwrap();
    a.drop_sessions(Some("p1"), 5).await.unwrap();
    a.token(Digest::ZERO).await.unwrap();
    a.tokens(Some("p1")).await.unwrap();
    let row = AccessRow { at: 1, actor: "a".into(), action: "b".into(), docket: None, detail: String::new() };
    a.record_access(&[row]).await.unwrap();
    let asked = || AccessQuery { before: Some(5), ..AccessQuery::default() };
    a.access(&asked(), 10).await.unwrap();
    a.access(&AccessQuery { since: Some(1), ..asked() }, 10).await.unwrap();
    a.access(&AccessQuery { docket: Some(DocketId(5)), ..asked() }, 10).await.unwrap();
    a.access(&AccessQuery { actor: Some("a".into()), ..asked() }, 10).await.unwrap();
    a.access(&AccessQuery { action: Some("b".into()), ..asked() }, 10).await.unwrap();
    use_exchange(store).await;
    store.blobs.exhibits(&[Digest::ZERO]).await.unwrap();
    store.blobs.upload("u").await.unwrap();
    store.blobs.sweep(5).await.unwrap();
    store.blobs.uploaded_since("u", 5).await.unwrap();
    // Changes of what is there already.
    let head = j.head().await.unwrap();
    let mut change = baseline::batch(&head, 1, 1000);
    let old = baseline::batch(&lianzhi_app::ports::Head { next_docket: 9, ..head }, 1, 1000);
    change.matters.extend(old.matters);
    change.search.extend(old.search);
    change.erase = vec![Digest::ZERO];
    change.claims = vec![(Digest::ZERO, DocketId(9))];
    j.commit(&change).await.unwrap();
}

/// Looks for what nodes say to each other in every way.
async fn use_exchange(store: &Store) {
    let node = lianzhi_ids::NodeCode::parse("310118").unwrap();
    let shared = lianzhi_ids::SharedId { node: node.clone(), generation: 1, id: DocketId(5) };
    let x = &store.exchange;
    x.stream_heads(std::slice::from_ref(&shared)).await.unwrap();
    x.stream(&shared, &node, 3, 10).await.unwrap();
    x.shared_of(DocketId(5)).await.unwrap();
    x.dockets_aside("", 10).await.unwrap();
    x.not_here(&shared, &[Digest::ZERO]).await.unwrap();
    x.envelopes(&["e".into()]).await.unwrap();
    x.envelopes_from(&shared, &node, 3, 10).await.unwrap();
    x.envelopes_of(&shared, 10).await.unwrap();
    x.outbox_due(&node, 5, 10).await.unwrap();
    x.outbox_of(DocketId(5), 10).await.unwrap();
    x.outbox_late(&node, 5, 10).await.unwrap();
    x.backlogs(5).await.unwrap();
    x.outbox_done(&node, &[("e".into(), vec![])]).await.unwrap();
    x.outbox_failed(&node, &[("e".into(), 5)], "").await.unwrap();
    x.outbox_wake(&node, 5).await.unwrap();
    x.peer(&node).await.unwrap();
    x.witnessed("o").await.unwrap();
    x.cosignatures(5).await.unwrap();
    x.cosigned_from(5).await.unwrap();
    x.cosigned("w").await.unwrap();
    x.forks(10).await.unwrap();
    x.drop_fork(Digest([5; 32])).await.unwrap();
    x.wanted_due(&node, 5, 10).await.unwrap();
    x.wanted_of(DocketId(5)).await.unwrap();
    x.told("ZD-01").await.unwrap();
}

/// Whether a line of a plan reads all of a table that grows.
fn reads_all(engine: Engine, line: &str) -> bool {
    match engine {
        // A partial index holds no more than what is asked for; of the checkpoints the last is asked for; and a number
        // after the colon says that the index of pairs is searched, not read through.
        Engine::Sqlite => {
            const FINE: [&str; 6] = [
                "INDEX matter_open",
                "INDEX matter_overdue",
                "INDEX matter_wake",
                "INDEX matter_rework",
                "INDEX outbox_due",
                "fork USING INDEX fork_at",
            ];
            let Some(what) = line.trim().strip_prefix("SCAN ") else { return false };
            let small =
                ["d", "n", "h", "u", "c LEFT-JOIN", "CONSTANT ROW", "checkpoint", "docket", "own", "got"]
                    .contains(&what)
                    || what.ends_with("-ROW VALUES CLAUSE");
            let searched = what.starts_with("p VIRTUAL TABLE INDEX") && !what.ends_with(':');
            !small && !searched && !FINE.iter().any(|fine| what.contains(fine))
        }
        Engine::Postgres => {
            line.contains("Seq Scan on")
                && !line.contains("Seq Scan on log_head")
                && !line.contains("Seq Scan on counter")
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_in_is_by_an_index() {
    // One after the other: what is recorded is of one store.
    lianzhi_testkit::run(Place::sqlite(), by_an_index).await;
    lianzhi_testkit::run(Place::postgres().await, by_an_index).await;
}

async fn by_an_index(place: &Place) {
    // This crate as it is tested here, which is not the one that the test kit opens.
    let store = crate::open(crate::Options::new(&place.url, place.dir.path().join("blobs"))).await.unwrap();
    let on = store.journal.head().await.unwrap();
    store.journal.commit(&baseline::batch(&on, 3_000, 100)).await.unwrap();
    if !place.url.starts_with("sqlite") {
        place.meddle("ANALYZE").await;
    }
    let db = Db::open(&place.url, None).await.unwrap();
    let engine = db.engine();
    RECORDED.lock().clear();
    use_it(&store).await;
    let statements: Vec<(String, Vec<Value>)> = RECORDED
        .lock()
        .iter()
        .filter(|(on, sql, _)| *on == engine && !sql.starts_with("PRAGMA") && !sql.starts_with("VACUUM"))
        .map(|(_, sql, values)| (sql.clone(), values.clone()))
        .collect();
    assert!(statements.len() > 300, "{}", statements.len());
    let mut tx = db.write().await.unwrap();
    let mut link = tx.link();
    if engine == Engine::Postgres {
        // A sequential scan is then taken only where there is no other way.
        link.script("SET enable_seqscan = off".into()).await.unwrap();
    }
    let mut wrong = std::collections::BTreeSet::new();
    for (sql, values) in statements {
        let explain = format!("{}{sql}", engine.explain());
        let rows = link.fetch(AssertSqlSafe(explain), values).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
        for row in rows {
            let mut cells = row.cells();
            if engine == Engine::Sqlite {
                // Id, parent, an unused number; then the words.
                for _ in 0..3 {
                    cells.int().unwrap();
                }
            }
            let line = cells.text().unwrap();
            if reads_all(engine, &line) {
                wrong.insert(format!("{line}\n    in {sql}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
