//! The journal keeps what it was given, all or nothing, once.

use crate::place::{Place, batch, commit_matters, digest, entry, everything, matter};
use lianzhi_app::ports::{
    Batch, CheckpointRow, Head, KeptAnswer, MatterRow, Order, PartRow, RegisterRow, SearchRow, StoreError,
    TodoRow,
};
use lianzhi_ids::DocketId;
use std::time::Duration;

pub async fn a_new_store_is_empty_and_opens_again(place: &Place) {
    for _ in 0..2 {
        let store = place.store().await;
        assert_eq!(store.journal.head().await.unwrap(), Head { next_docket: 1, ..Head::default() });
        assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
        store.queries.ping().await.unwrap();
    }
}

pub fn part(n: u64, docket: i64) -> PartRow {
    PartRow {
        digest: digest(n),
        docket: DocketId(docket),
        kind: "narrative".into(),
        salt: [n as u8; 16],
        key: Some(vec![1, 2, 3]),
        sealed: Some(vec![0, 255, n as u8]),
    }
}

/// A matter with something in every column.
fn full_matter(id: i64) -> MatterRow {
    MatterRow {
        id: DocketId(id),
        kind: "report".into(),
        number: "青案〔2026〕1号".into(),
        seq: 3,
        last: Some(digest(7)),
        pos: 1,
        stage: "on_site".into(),
        open: true,
        overdue: true,
        provisional: true,
        category: Some("E06010".into()),
        unit: Some("ZF01".into()),
        assignee: Some("p1".into()),
        grid: Some("G1".into()),
        lng: Some(-180_000_000),
        lat: Some(90_000_000),
        cell: Some(i64::MAX),
        source: "hotline".into(),
        external: Some("12345-1".into()),
        title: "占道经营 'quoted' \"and\" \\ %_".into(),
        address: "公园路 118 号".into(),
        reported_at: 1,
        closed_at: Some(2),
        updated_at: 3,
        due_at: Some(4),
        due_name: "受理".into(),
        wake_at: Some(5),
        joined_to: Some(DocketId(1)),
        complainant: Some(digest(8)),
        follow: Some(digest(9)),
        rating: Some(5),
        rework: 2,
    }
}

pub async fn what_is_committed_comes_back_exactly(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut first = batch(&on, 150);
    first.matters[4] = full_matter(5);
    first.parts = (0..150).map(|n| part(n, n as i64 + 1)).collect();
    first.head.counters.insert("report:2026".into(), 150);
    first.head.counters.insert("penalty:2026".into(), 2);
    first.registers = vec![RegisterRow {
        register: "unit".into(),
        key: "ZF01".into(),
        docket: DocketId(3),
        record: "{\"name\":\"一中队\"}".into(),
        retired: false,
    }];
    store.journal.commit(&first).await.unwrap();
    assert_eq!(store.journal.head().await.unwrap(), first.head);

    let mut second = batch(&first.head, 1);
    second.entries[0] = entry(150, 5, 1);
    second.matters = vec![];
    second.head.counters.insert("report:2026".into(), 151);
    second.registers = vec![RegisterRow { retired: true, ..first.registers[0].clone() }];
    store.journal.commit(&second).await.unwrap();

    // Through another store: nothing was only remembered.
    let store = place.store().await;
    assert_eq!(store.journal.head().await.unwrap(), second.head);
    let entries: Vec<_> = first.entries.iter().chain(&second.entries).cloned().collect();
    assert_eq!(store.journal.log(0, 10_000).await.unwrap(), entries);
    assert_eq!(store.journal.log(149, 1).await.unwrap(), entries[149..150]);
    let leaves: Vec<_> = entries.iter().map(|e| e.leaf).collect();
    assert_eq!(store.journal.leaves(0, 1_000).await.unwrap(), leaves);
    assert_eq!(store.journal.docket(DocketId(5)).await.unwrap(), [entries[4].clone(), entries[150].clone()]);
    let several = store.journal.dockets(&[DocketId(5), DocketId(2), DocketId(999)]).await.unwrap();
    assert_eq!(several, [entries[1].clone(), entries[4].clone(), entries[150].clone()]);
    assert_eq!(store.journal.matters(&[DocketId(5)]).await.unwrap(), [full_matter(5)]);
    assert_eq!(store.journal.parts(&[digest(7), digest(9_999)]).await.unwrap(), [first.parts[7].clone()]);
    let mut parts = first.parts.clone();
    parts.sort_by_key(|p| p.digest);
    assert_eq!(store.journal.all_parts(None, 100).await.unwrap(), parts[..100]);
    assert_eq!(store.journal.all_parts(Some(parts[99].digest), 100).await.unwrap(), parts[100..]);
    assert_eq!(store.journal.registers().await.unwrap(), second.registers);
}

pub async fn a_batch_on_an_old_head_is_refused(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let first = batch(&on, 2);
    store.journal.commit(&first).await.unwrap();
    let late = batch(&on, 5);
    assert!(matches!(store.journal.commit(&late).await, Err(StoreError::HeadMoved)));
    assert_eq!(store.journal.head().await.unwrap(), first.head);
    assert_eq!(store.journal.log(0, 100).await.unwrap(), first.entries);
}

pub async fn two_stores_on_one_database_lose_nothing(place: &Place) {
    const EACH: i64 = 40;
    let writer = async |name: &'static str| {
        let store = place.store().await;
        let (mut done, mut moved) = (0, 0);
        while done < EACH {
            let on = store.journal.head().await.unwrap();
            let mut batch = batch(&on, 3);
            *batch.head.counters.entry("report".into()).or_default() += 3;
            batch.head.counters.insert(name.into(), done + 1);
            match store.journal.commit(&batch).await {
                Ok(()) => done += 1,
                Err(StoreError::HeadMoved) => moved += 1,
                Err(other) => panic!("{other}"),
            }
        }
        moved
    };
    futures::join!(writer("a"), writer("b"));
    let store = place.store().await;
    let head = store.journal.head().await.unwrap();
    let n = EACH * 2 * 3;
    assert_eq!((head.size, head.next_docket), (n, n + 1));
    assert_eq!(
        head.counters.into_iter().collect::<Vec<_>>(),
        [("a".to_owned(), EACH), ("b".to_owned(), EACH), ("report".to_owned(), n)]
    );
    let log = store.journal.log(0, 10_000).await.unwrap();
    assert!(log.iter().zip(0..).all(|(e, pos)| e.pos == pos));
    assert_eq!(log.len() as i64, n);
}

pub async fn a_batch_that_fails_half_way_leaves_nothing(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut first = batch(&on, 3);
    first.parts = vec![part(1, 1)];
    first.streams = crate::exchange::rows().streams;
    store.journal.commit(&first).await.unwrap();

    // A place in a stream that is taken: after the head, the entries and the parts. (A part that is there stays.)
    let mut second = batch(&first.head, 3);
    second.head.counters.insert("report".into(), 9);
    second.parts = vec![part(1, 4), part(3, 4)];
    second.streams = crate::exchange::rows().streams;
    assert!(matches!(store.journal.commit(&second).await, Err(StoreError::Engine(_))));
    // A number given twice: after the parts.
    let mut third = batch(&first.head, 3);
    third.parts = vec![part(2, 4)];
    third.matters[2].number = "N1".into();
    assert!(matches!(store.journal.commit(&third).await, Err(StoreError::Engine(_))));

    assert_eq!(store.journal.head().await.unwrap(), first.head);
    assert_eq!(store.journal.log(0, 100).await.unwrap(), first.entries);
    assert_eq!(store.journal.all_parts(None, 100).await.unwrap(), first.parts);
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
    // And the writer goes on.
    store.journal.commit(&batch(&first.head, 3)).await.unwrap();
}

pub async fn a_batch_that_does_not_continue_the_log_is_refused(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let good = batch(&on, 3);
    let refused = [
        Batch { head: Head { size: 4, ..good.head.clone() }, ..good.clone() },
        Batch { head: Head { next_docket: 0, ..good.head.clone() }, ..good.clone() },
        Batch { entries: good.entries.iter().rev().cloned().collect(), ..good.clone() },
    ];
    for batch in refused {
        assert!(matches!(store.journal.commit(&batch).await, Err(StoreError::Engine(_))));
    }
    assert_eq!(store.journal.head().await.unwrap(), on);
}

fn todo(docket: i64, who: &str, due_at: Option<i64>) -> TodoRow {
    TodoRow { docket: DocketId(docket), who: who.into(), what: "accept".into(), due_at }
}

pub async fn todos_are_replaced_with_their_matter(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut first = batch(&on, 3);
    first.todos =
        vec![todo(1, "p:a", Some(9)), todo(2, "p:a", Some(3)), todo(3, "p:a", None), todo(3, "p:b", None)];
    store.journal.commit(&first).await.unwrap();
    let mut second = batch(&first.head, 1);
    second.matters = vec![matter(1), MatterRow { stage: "closed".into(), ..matter(3) }];
    second.todos = vec![todo(1, "r:leader@ZF01", Some(1))];
    store.journal.commit(&second).await.unwrap();

    let who = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let of = async |list: &[&str]| {
        let rows = store.queries.todos(&who(list), None, 0, 10).await.unwrap();
        rows.into_iter().map(|(t, m)| (t.docket.0, t.who, m.id.0)).collect::<Vec<_>>()
    };
    assert_eq!(of(&["p:a", "p:b"]).await, [(2, "p:a".to_owned(), 2)]);
    let both = of(&["p:a", "r:leader@ZF01"]).await;
    assert_eq!(both, [(1, "r:leader@ZF01".to_owned(), 1), (2, "p:a".to_owned(), 2)], "soonest first");
    assert_eq!(of(&[]).await, []);
    // Page by page, of one kind of act, and counted.
    let both = who(&["p:a", "r:leader@ZF01"]);
    let page = async |what, skip| {
        let rows = store.queries.todos(&both, what, skip, 1).await.unwrap();
        rows.into_iter().map(|(t, _)| t.docket.0).collect::<Vec<_>>()
    };
    let what = store.queries.todos(&both, None, 0, 1).await.unwrap().remove(0).0.what;
    assert_eq!((page(None, 1).await, page(Some(&what), 0).await), (vec![2], vec![1]));
    assert!(page(None, 2).await.is_empty() && page(Some("nothing"), 0).await.is_empty());
    let counts = store.queries.todo_counts(&both).await.unwrap();
    assert_eq!((counts.iter().map(|(_, n)| n).sum::<i64>(), counts[0].0.as_str()), (2, what.as_str()));
    assert!(store.queries.todo_counts(&[]).await.unwrap().is_empty());
}

pub async fn kept_answers_stay_as_first_given(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let answer =
        |text: &str| KeptAnswer { key: "p:a|k".into(), request: digest(1), answer: text.into(), at: 5 };
    let mut first = batch(&on, 1);
    first.answers = vec![answer("{\"id\":1}")];
    store.journal.commit(&first).await.unwrap();
    let mut second = batch(&first.head, 1);
    second.answers = vec![answer("{\"id\":2}")];
    store.journal.commit(&second).await.unwrap();
    let kept = store.journal.answers(&["p:a|k".into(), "p:b|k".into()]).await.unwrap();
    assert_eq!(kept, [answer("{\"id\":1}")]);
}

pub async fn checkpoints_are_found_by_size(place: &Place) {
    let store = place.store().await;
    assert_eq!(store.journal.checkpoint().await.unwrap(), None);
    let row =
        |size: i64| CheckpointRow { size, root: digest(size as u64), at: size, note: format!("n{size}\n") };
    for size in [10, 30, 20, 20] {
        store.journal.put_checkpoint(&row(size)).await.unwrap();
    }
    assert_eq!(store.journal.checkpoint().await.unwrap(), Some(row(30)));
    assert_eq!(store.journal.checkpoints(10, 10).await.unwrap(), [row(20), row(30)]);
    assert_eq!(store.journal.checkpoint_covering(11).await.unwrap(), Some(row(20)));
    assert_eq!(store.journal.checkpoint_covering(31).await.unwrap(), None);
}

pub async fn projections_can_be_cleared_and_made_again(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut first = batch(&on, 3);
    first.todos = vec![todo(1, "p:a", None)];
    first.search = vec![SearchRow { docket: DocketId(1), text: "占道经营".into(), secret: vec![-5, 5] }];
    store.journal.commit(&first).await.unwrap();
    let found = async |q: &str| {
        let filter = lianzhi_app::ports::Filter { q: Some(q.into()), ..everything() };
        store.queries.list(&filter, Order::Newest, None, 10).await.unwrap().rows.len()
    };
    assert_eq!(found("道经").await, 1);
    store.journal.clear_projections().await.unwrap();
    assert_eq!(found("道经").await, 0);
    assert_eq!(store.journal.matters(&[DocketId(1)]).await.unwrap(), []);
    assert_eq!(store.journal.log(0, 10).await.unwrap(), first.entries, "entries stay");
    // Twice, as a rebuild that was broken off and begun again.
    for _ in 0..2 {
        store.journal.project(&first).await.unwrap();
        assert_eq!(found("道经").await, 1);
        let all = store.journal.matters(&[DocketId(1), DocketId(2), DocketId(3)]).await.unwrap();
        assert_eq!(all, first.matters);
        assert_eq!(store.queries.todos(&["p:a".into()], None, 0, 10).await.unwrap().len(), 1);
    }
    assert_eq!(store.journal.head().await.unwrap(), first.head);
}

pub async fn the_narrow_reads_give_what_they_say(place: &Place) {
    let store = place.store().await;
    let rows = vec![
        MatterRow { pos: 11, wake_at: Some(30), ..matter(1) },
        MatterRow { pos: 14, wake_at: None, open: false, ..matter(2) },
        MatterRow { pos: 12, wake_at: Some(10), ..matter(3) },
        MatterRow { pos: 13, wake_at: Some(31), ..matter(4) },
        MatterRow { pos: 10, wake_at: Some(40), open: false, ..matter(5) },
    ];
    commit_matters(&store, rows.clone()).await;
    let j = &store.journal;
    assert_eq!(j.closed_with_clocks(DocketId(-1), 10).await.unwrap(), [rows[4].clone()]);
    assert!(j.closed_with_clocks(DocketId(5), 10).await.unwrap().is_empty());
    assert_eq!(j.wakeable(30, 10).await.unwrap(), [DocketId(3), DocketId(1)]);
    assert_eq!(j.wakeable(30, 1).await.unwrap(), [DocketId(3)]);
    assert_eq!(j.changed(12, 10).await.unwrap(), [rows[3].clone(), rows[1].clone()]);
    assert_eq!(j.open_matters(DocketId(1), 10).await.unwrap(), [rows[2].clone(), rows[3].clone()]);
}

/// Bytes of every file of the database.
fn bytes_on_disk(place: &Place) -> Vec<u8> {
    let mut out = vec![];
    for name in ["node.db", "node.db-wal"] {
        out.extend(std::fs::read(place.dir.path().join(name)).unwrap_or_default());
    }
    out
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

pub async fn erasing_leaves_nothing(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let mut first = batch(&on, 200);
    for m in &mut first.matters {
        m.title = format!("寻常事{}", m.id);
        first.search.push(SearchRow { docket: m.id, text: m.title.clone(), secret: vec![m.id.0] });
    }
    first.matters[7].title = "龘靐爩麤".into();
    first.search[7] =
        SearchRow { docket: DocketId(8), text: "龘靐爩麤".into(), secret: vec![0x1122_3344_5566_7788] };
    first.parts =
        vec![PartRow { key: Some(b"KEY-of-the-part".into()), sealed: Some(vec![0xab; 64]), ..part(77, 8) }];
    store.journal.commit(&first).await.unwrap();
    let traces: Vec<Vec<u8>> = vec![
        "龘靐".into(),
        "靐爩".into(),
        b"KEY-of-the-part".into(),
        vec![0xab; 32],
        0x1122_3344_5566_7788_i64.to_le_bytes().into(),
        b"1122334455667788".into(),
    ];
    let on_disk = place.url.starts_with("sqlite");
    if on_disk {
        let before = bytes_on_disk(place);
        assert!(traces.iter().all(|trace| holds(&before, trace)), "the test looks for what was there");
    }

    let mut second = batch(&first.head, 1);
    second.matters = vec![MatterRow { title: "已删除".into(), ..first.matters[7].clone() }];
    second.search = vec![SearchRow { docket: DocketId(8), text: String::new(), secret: vec![] }];
    second.erase = vec![digest(77)];
    store.journal.commit(&second).await.unwrap();

    let gone = store.journal.parts(&[digest(77)]).await.unwrap();
    assert_eq!(gone, [PartRow { key: None, sealed: None, ..first.parts[0].clone() }]);
    for sql in [
        "UPDATE search SET docket = docket WHERE docket = 8",
        "UPDATE part SET docket = docket WHERE key IS NOT NULL OR sealed IS NOT NULL",
    ] {
        assert_eq!(place.meddle(sql).await, 0, "{sql}");
    }
    if on_disk {
        // The write-ahead log is emptied by the store itself, soon.
        let mut left = vec![];
        for _ in 0..100 {
            let after = bytes_on_disk(place);
            left = traces.iter().filter(|trace| holds(&after, trace)).collect();
            if left.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(left.is_empty(), "left on disk: {left:x?}");
    }
}

pub async fn a_full_disk(place: &Place) {
    let options = lianzhi_store::Options { max_bytes: Some(2 << 20), ..place.options() };
    let store = lianzhi_store::open(options).await.unwrap();
    let mut head = store.journal.head().await.unwrap();
    let full = loop {
        let next = batch(&head, 256);
        match store.journal.commit(&next).await {
            Ok(()) => head = next.head,
            Err(error) => break error,
        }
        assert!(head.size < 100_000, "the limit was never reached");
    };
    assert!(matches!(full, StoreError::Full(_)), "{full}");
    assert!(head.size > 0);
    assert_eq!(store.journal.head().await.unwrap(), head);
    assert_eq!(store.journal.log(head.size - 1, 10).await.unwrap().len(), 1);
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
    drop(store);
    // With room again it goes on where it was.
    let store = place.store().await;
    store.journal.commit(&batch(&head, 256)).await.unwrap();
}

pub async fn old_answers_are_forgotten(place: &Place) {
    let store = place.store().await;
    let j = &*store.journal;
    let answer =
        |n: i64| KeptAnswer { key: format!("k{n}"), request: digest(1), answer: format!("a{n}"), at: n };
    let on = j.head().await.unwrap();
    let many =
        Batch { answers: (0..1_500).map(answer).collect(), on: on.clone(), head: on, ..Batch::default() };
    j.commit(&many).await.unwrap();
    j.keep_answer(&answer(1_500)).await.unwrap();
    j.keep_answer(&KeptAnswer { answer: "other".into(), at: 9_999, ..answer(1_400) }).await.unwrap();
    assert_eq!(j.forget_answers(1_400).await.unwrap(), 1_400);
    assert_eq!(j.forget_answers(1_400).await.unwrap(), 0);
    let keys: Vec<String> = [0, 1_399, 1_400, 1_500].iter().map(|n| answer(*n).key).collect();
    assert_eq!(
        j.answers(&keys).await.unwrap(),
        [answer(1_400), answer(1_500)],
        "the first under a key stays"
    );
}
