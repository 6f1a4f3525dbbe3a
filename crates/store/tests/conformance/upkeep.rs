//! Snapshots, restores and checks.

use crate::place::{Place, digest, everything};
use futures::TryStreamExt;
use lianzhi_app::ports::{CheckpointRow, Credential, Filter, RegisterRow, Store, StoreError};
use lianzhi_ids::DocketId;
use lianzhi_store::{Options, baseline, restore};

/// A store with something in every table that a snapshot carries.
async fn filled(place: &Place) -> Store {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut batch = baseline::batch(&on, 700, 400);
    let said = crate::exchange::rows();
    (batch.streams, batch.envelopes) = (said.streams, said.envelopes);
    (batch.outbox, batch.wanted) = (said.outbox, said.wanted);
    batch.head.counters.insert("report:2026".into(), 700);
    batch.search[3].secret = vec![-1, 5];
    batch.registers = vec![RegisterRow {
        register: "unit".into(),
        key: "ZF01".into(),
        docket: DocketId(1),
        record: "{}".into(),
        retired: false,
    }];
    store.journal.commit(&batch).await.unwrap();
    let mut erase = baseline::batch(&batch.head, 1, 0);
    erase.erase = vec![batch.parts[5].digest];
    store.journal.commit(&erase).await.unwrap();
    let note = CheckpointRow { size: 700, root: digest(1), at: 5, note: "n\n".into() };
    store.journal.put_checkpoint(&note).await.unwrap();
    let credential = Credential { person: "p1".into(), password: "x".into(), ..Credential::default() };
    store.accounts.put_credential(&credential).await.unwrap();
    store
}

/// Everything that two equal stores must agree on.
async fn contents(store: &Store) -> String {
    let ids: Vec<DocketId> = (1..=701).map(DocketId).collect();
    let search =
        |q: &str| store.queries.stream(Filter { q: Some(q.into()), ..everything() }).try_collect::<Vec<_>>();
    let secret = store.queries.stream(Filter { secret: vec![-1, 5], ..everything() }).try_collect::<Vec<_>>();
    format!(
        "{:?}",
        (
            store.journal.head().await.unwrap(),
            store.journal.log(0, 10_000).await.unwrap(),
            store.journal.all_parts(None, 10_000).await.unwrap(),
            store.journal.matters(&ids).await.unwrap(),
            store.journal.registers().await.unwrap(),
            store.journal.checkpoints(0, 10).await.unwrap(),
            store.accounts.credential("p1").await.unwrap(),
            crate::exchange::contents(store).await,
            store.queries.todos(&["p:p001".into(), "r:leader@ZF01".into()], None, 0, 200).await.unwrap(),
            search("占道经").await.unwrap(),
            secret.await.unwrap(),
        )
    )
}

pub async fn a_snapshot_restores_into_either_engine(place: &Place) {
    let store = filled(place).await;
    let folder = place.dir.path().join("backup");
    store.upkeep.snapshot(&folder).await.unwrap();
    let expected = contents(&store).await;
    assert!(expected.contains("占道经"));
    for target in [Place::sqlite(), Place::postgres().await] {
        let (folder, expected) = (folder.clone(), expected.clone());
        lianzhi_testkit::run(target, async move |target: &Place| {
            restore(&folder, &target.url).await.unwrap();
            let restored = target.store().await;
            assert_eq!(contents(&restored).await, expected);
            assert_eq!(restored.upkeep.check().await.unwrap(), Vec::<String>::new());
            // And it goes on.
            let head = restored.journal.head().await.unwrap();
            restored.journal.commit(&baseline::batch(&head, 10, 500)).await.unwrap();
        })
        .await;
    }
}

pub async fn a_restore_overwrites_nothing(place: &Place) {
    let store = filled(place).await;
    let folder = place.dir.path().join("backup");
    assert!(matches!(restore(&folder, &place.url).await, Err(StoreError::Missing)));
    store.upkeep.snapshot(&folder).await.unwrap();
    assert!(store.upkeep.snapshot(&folder).await.is_err(), "nor does a snapshot");
    let before = contents(&store).await;
    assert!(matches!(restore(&folder, &place.url).await, Err(StoreError::Engine(_))));
    assert_eq!(contents(&store).await, before);
}

pub async fn checks_find_what_is_wrong(place: &Place) {
    let store = filled(place).await;
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
    let engine = if place.url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    let words = store.upkeep.describe().await.unwrap();
    assert!(words.starts_with(engine) && words.contains("1402 entries"), "{words}");
    for (sql, finding) in [
        ("DELETE FROM entry WHERE pos = 1401", "the log says 1402 entries"),
        ("UPDATE part SET key = NULL WHERE docket = 9", "parts that have a key without content"),
        ("DELETE FROM matter WHERE id = (SELECT MAX(docket) FROM todo)", "to-dos without a matter"),
    ] {
        assert_ne!(place.meddle(sql).await, 0, "{sql}");
        let found = store.upkeep.check().await.unwrap();
        assert!(found.iter().any(|f| f.contains(finding)), "{finding}: {found:?}");
    }
    let options = Options::new("mysql://x", place.dir.path());
    assert!(matches!(lianzhi_store::open(options).await, Err(StoreError::Engine(_))));
}
