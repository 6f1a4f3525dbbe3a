//! The books and the register of things: replaced with their matter, summed by day, found by what people ask.

use crate::place::{Place, batch, digest, matter};
use lianzhi_app::ports::{
    IssuedFilter, IssuedRow, LedgerFilter, LedgerRow, MatterRow, SeriesRow, Store, ThingFilter, ThingRow,
};
use lianzhi_ids::DocketId;

fn line(docket: i64, what: &str, day: i64, fen: i64) -> LedgerRow {
    LedgerRow {
        docket: DocketId(docket),
        what: what.into(),
        day,
        fen,
        reference: "R".into(),
        person: None,
        due_at: None,
    }
}

fn thing(docket: i64, id: i64, state: &str, shelf: &str) -> ThingRow {
    ThingRow {
        docket: DocketId(docket),
        id,
        kind: "vehicle".into(),
        state: state.into(),
        shelf: shelf.into(),
        name: digest(7),
        perishable: false,
        release: false,
        since: 1,
        due_at: Some(100 + id),
        due_name: "查封、扣押".into(),
    }
}

async fn write(store: &Store, matters: Vec<MatterRow>, ledger: Vec<LedgerRow>, things: Vec<ThingRow>) {
    let on = store.journal.head().await.unwrap();
    let mut next = batch(&on, 1);
    next.entries[0].docket = matters[0].id;
    next.entries[0].seq = matters[0].seq - 1;
    next.head.next_docket = on.next_docket.max(matters.iter().map(|m| m.id.0 + 1).max().unwrap());
    (next.matters, next.ledger, next.things) = (matters, ledger, things);
    store.journal.commit(&next).await.unwrap();
}

pub async fn the_books_are_summed_by_day_and_replaced_with_their_matter(place: &Place) {
    let store = place.store().await;
    let big = 9_000_000_000_000;
    let lines = vec![
        line(1, "due", 10, big),
        line(1, "due", 10, 1),
        line(1, "paid_bank", 11, 5),
        line(2, "due", 11, 7),
    ];
    write(&store, vec![matter(1), matter(2)], lines, vec![]).await;
    let sums = async |filter: LedgerFilter| {
        let rows = store.books.ledger_sums(&filter).await.unwrap();
        rows.into_iter().map(|s| (s.day, s.what, s.fen, s.n)).collect::<Vec<_>>()
    };
    let all = LedgerFilter::default();
    assert_eq!(
        sums(all.clone()).await,
        [(10, "due".into(), big + 1, 2), (11, "due".into(), 7, 1), (11, "paid_bank".into(), 5, 1)]
    );
    let some = LedgerFilter { what: vec!["due".into()], from: Some(11), to: Some(11) };
    assert_eq!(sums(some.clone()).await, [(11, "due".into(), 7, 1)]);
    let rows = store.books.ledger(&some, 0, 10).await.unwrap();
    assert_eq!(rows, [(line(2, "due", 11, 7), matter(2))]);
    assert!(store.books.ledger(&some, 1, 10).await.unwrap().is_empty());
    // With a new state of the matter its lines are new, those of others stay.
    write(&store, vec![MatterRow { seq: 2, ..matter(1) }], vec![line(1, "due", 12, 3)], vec![]).await;
    assert_eq!(sums(all.clone()).await, [(11, "due".into(), 7, 1), (12, "due".into(), 3, 1)]);
    store.journal.clear_projections().await.unwrap();
    assert!(sums(all).await.is_empty());
}

pub async fn things_are_found_by_state_unit_shelf_and_term(place: &Place) {
    let store = place.store().await;
    let of = |id: i64, unit: &str| MatterRow { unit: Some(unit.into()), ..matter(id) };
    let back = ThingRow { release: true, due_at: None, ..thing(2, 1, "stored", "二号库_1") };
    let things = vec![thing(1, 1, "stored", "一号库 A"), thing(1, 2, "returned", "一号库 B"), back];
    write(&store, vec![of(1, "ZF01"), of(2, "ZF02")], vec![], things).await;
    let found = async |filter: ThingFilter| {
        let rows = store.books.things(&filter, 0, 10).await.unwrap();
        rows.into_iter()
            .map(|(t, m)| {
                assert_eq!(t.docket, m.id);
                (t.docket.0, t.id)
            })
            .collect::<Vec<_>>()
    };
    let all = ThingFilter::default();
    assert_eq!(found(all.clone()).await, [(2, 1), (1, 1), (1, 2)], "to be given back first, then by term");
    assert_eq!(found(ThingFilter { states: vec!["stored".into()], ..all.clone() }).await, [(2, 1), (1, 1)]);
    assert_eq!(found(ThingFilter { units: vec!["ZF01".into()], ..all.clone() }).await, [(1, 1), (1, 2)]);
    // A shelf's name is text, not a pattern.
    for (shelf, n) in [("一号库", 2), ("一号库 A", 1), ("二号库_", 1), ("二号库%", 0), ("号", 0)]
    {
        let of_shelf = ThingFilter { shelf: Some(shelf.into()), ..all.clone() };
        assert_eq!(found(of_shelf).await.len(), n, "{shelf}");
    }
    assert_eq!(found(ThingFilter { release: true, ..all.clone() }).await, [(2, 1)]);
    assert_eq!(found(ThingFilter { due_before: Some(102), ..all.clone() }).await, [(1, 1)]);
    assert_eq!(found(ThingFilter { docket: Some(DocketId(1)), ..all.clone() }).await, [(1, 1), (1, 2)]);
    let counts = store.books.thing_counts(&all).await.unwrap();
    assert_eq!(counts, [("returned".to_owned(), 1), ("stored".to_owned(), 2)]);
}

fn issued(docket: i64, id: i64, branch: &str, n: i64, state: &str) -> IssuedRow {
    IssuedRow {
        docket: DocketId(docket),
        id,
        head: "沪青罚决".into(),
        year: 2026,
        branch: branch.into(),
        n,
        number: format!("沪青罚决字〔2026〕{branch}{n}号"),
        title: "行政处罚决定书".into(),
        at: 7,
        state: state.into(),
        reason: (state == "voided").then(|| digest(9)),
        by: None,
    }
}

pub async fn numbers_are_counted_by_series_and_replaced_with_their_matter(place: &Place) {
    let store = place.store().await;
    let of = |id: i64, unit: &str| MatterRow { unit: Some(unit.into()), ..matter(id) };
    let numbers = async |matters: Vec<MatterRow>, rows: Vec<IssuedRow>| {
        let on = store.journal.head().await.unwrap();
        let mut next = batch(&on, 1);
        next.entries[0].docket = matters[0].id;
        next.entries[0].seq = matters[0].seq - 1;
        next.head.next_docket = on.next_docket.max(matters.iter().map(|m| m.id.0 + 1).max().unwrap());
        (next.matters, next.issued) = (matters, rows);
        store.journal.commit(&next).await.unwrap();
    };
    let rows = vec![
        issued(1, 0, "", 1, "issued"),
        issued(1, 1, "", 4, "voided"),
        issued(2, 0, "01", 1, "issued"),
        issued(2, 1, "", 2, "issued"),
    ];
    numbers(vec![of(1, "ZF01"), of(2, "ZF02")], rows).await;
    let all = IssuedFilter { year: 2026, ..IssuedFilter::default() };
    let series = async |filter: &IssuedFilter| {
        let rows = store.books.series(filter).await.unwrap();
        rows.into_iter()
            .map(|SeriesRow { branch, n, void, first, last, .. }| (branch, n, void, first, last))
            .collect::<Vec<_>>()
    };
    assert_eq!(series(&all).await, [("".into(), 3, 1, 1, 4), ("01".into(), 1, 0, 1, 1)]);
    let one = IssuedFilter { units: vec!["ZF01".into()], ..all.clone() };
    assert_eq!(series(&one).await, [("".into(), 2, 1, 1, 4)]);
    assert!(series(&IssuedFilter { year: 2025, ..all.clone() }).await.is_empty());
    let chosen = IssuedFilter { series: Some(("沪青罚决".into(), String::new())), ..all.clone() };
    let found = store.books.issued(&chosen, 0, 10).await.unwrap();
    assert_eq!(found.iter().map(|(row, _)| row.n).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(found[2], (issued(1, 1, "", 4, "voided"), of(1, "ZF01")));
    // What is missing is told as ranges from one on, each series by itself.
    let gaps = async || {
        let gaps = store.books.number_gaps(2026).await.unwrap();
        gaps.into_iter().map(|gap| (gap.branch, gap.from, gap.to)).collect::<Vec<_>>()
    };
    assert_eq!(gaps().await, [(String::new(), 3, 3)]);
    assert!(store.books.number_gaps(2025).await.unwrap().is_empty());
    let voided = IssuedFilter { states: vec!["voided".into()], ..all.clone() };
    assert_eq!(store.books.issued(&voided, 0, 10).await.unwrap().len(), 1);
    // With a new state of the matter its numbers are new, those of others stay.
    numbers(vec![MatterRow { seq: 2, ..of(1, "ZF01") }], vec![issued(1, 0, "", 1, "revoked")]).await;
    assert_eq!(store.books.issued(&chosen, 0, 10).await.unwrap().len(), 2);
    assert!(gaps().await.is_empty());
    numbers(vec![MatterRow { seq: 3, ..of(1, "ZF01") }], vec![issued(1, 0, "", 6, "issued")]).await;
    assert_eq!(gaps().await, [(String::new(), 1, 1), (String::new(), 3, 5)]);
    store.journal.clear_projections().await.unwrap();
    assert!(series(&all).await.is_empty());
}
