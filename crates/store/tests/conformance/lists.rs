//! Lists, counts and maps agree with the plainest model there is: a filter over a vector.

use crate::place::{Place, commit_matters, everything, matter};
use futures::TryStreamExt;
use lianzhi_app::ports::{
    Count, CountBy, FactRow, Filter, MatterRow, Order, Outcome, Overdue, Sight, Store, StoreError, Tally,
};
use lianzhi_ids::DocketId;
use lianzhi_territory::Point;
use lianzhi_territory::cell::{self, Bbox};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;

/// More than a window of the list (2,000), so that every way through is taken.
const MATTERS: i64 = 4_500;
const NOW: i64 = 5_000;

/// A matter from a few numbers. Values are few, so that filters hit; `rare` ones are few in number and old.
fn made(id: i64, seed: (u8, u8, u8, u16)) -> MatterRow {
    let (a, b, c, d) = seed;
    let rare = id % 700 == 3;
    let open = a % 5 == 0;
    let (lng, lat) = (i32::from(d % 40) - 20, i32::from(d / 40 % 40));
    let placed = b % 7 != 0;
    MatterRow {
        kind: if a % 9 == 0 { "penalty" } else { "report" }.into(),
        stage: if rare { "returned" } else { ["assigned", "accepted", "closed"][usize::from(a % 3)] }.into(),
        open,
        overdue: c % 6 == 0,
        category: (a % 4 != 0).then(|| format!("E0{}0{}0", b % 4, c % 3)),
        unit: (c % 8 != 0).then(|| if rare { "ZF99".into() } else { format!("ZF0{}", b % 5) }),
        assignee: (b % 3 != 0).then(|| format!("p{}", c % 20)),
        source: ["citizen", "hotline"][usize::from(c % 2)].into(),
        lng: placed.then_some(lng),
        lat: placed.then_some(lat),
        cell: placed.then_some(i64::from(lng + 20) * 40 + i64::from(lat)),
        reported_at: i64::from(d) * 1_000_000_000,
        closed_at: (!open).then_some(i64::from(d % 500)),
        rework: i16::from(d % 9 == 0),
        updated_at: i64::from(d % 1_000),
        due_at: (a % 2 == 0).then_some(i64::from(d % 97) * 100),
        rating: (a % 3 == 0).then_some(i16::from(b % 5) + 1),
        external: (a % 11 == 0).then(|| format!("X{}", b % 50)),
        ..matter(id)
    }
}

fn late_now(m: &MatterRow, now: i64) -> bool {
    m.open && m.due_at.is_some_and(|due| due <= now)
}

fn late(m: &MatterRow, now: i64) -> bool {
    m.overdue || late_now(m, now)
}

/// What the filter means.
fn passes(f: &Filter, m: &MatterRow) -> bool {
    let is = |wanted: &Option<String>, have: &Option<String>| wanted.is_none() || wanted == have;
    let seen = match &f.sight {
        Sight::All => true,
        Sight::Some { units, person } => {
            m.unit.as_ref().is_some_and(|u| units.contains(u)) || m.assignee.as_ref() == Some(person)
        }
    };
    seen && f.kind.as_ref().is_none_or(|k| *k == m.kind)
        && (f.stages.is_empty() || f.stages.contains(&m.stage))
        && f.category.as_ref().is_none_or(|p| m.category.as_ref().is_some_and(|c| c.starts_with(p)))
        && (f.units.is_empty() || f.units.contains(&m.unit.clone().unwrap_or_default()))
        && is(&f.assignee, &m.assignee)
        && f.source.as_ref().is_none_or(|s| *s == m.source)
        && f.open.is_none_or(|o| o == m.open)
        && f.overdue.is_none_or(|o| match o {
            Overdue::Now => late_now(m, f.now),
            Overdue::Ever => late(m, f.now),
            Overdue::Never => !late(m, f.now),
        })
        && (f.ids.is_empty() || f.ids.contains(&m.id))
        && f.bbox.is_none_or(|[w, s, e, n]| {
            m.lng.is_some_and(|x| w <= x && x <= e) && m.lat.is_some_and(|y| s <= y && y <= n)
        })
        && (f.cells.is_empty() || m.cell.is_some_and(|c| f.cells.iter().any(|(a, b)| *a <= c && c <= *b)))
        && f.placed.is_none_or(|placed| placed == m.cell.is_some())
        && f.updated_since.is_none_or(|t| m.updated_at >= t)
        && f.reported_from.is_none_or(|t| m.reported_at >= t)
        && f.reported_to.is_none_or(|t| m.reported_at < t)
        && ended(&f.outcome, m)
}

/// What the filter means about how a matter ended.
fn ended(o: &Outcome, m: &MatterRow) -> bool {
    o.closed_from.is_none_or(|t| m.closed_at.is_some_and(|at| at >= t))
        && o.closed_to.is_none_or(|t| m.closed_at.is_some_and(|at| at < t))
        && o.in_time.is_none_or(|kept| kept != m.overdue)
        && o.rework.is_none_or(|again| again == (m.rework > 0))
        && ((o.ratings.is_empty() && !o.unrated)
            || m.rating.map_or(o.unrated, |r| o.ratings.contains(&i64::from(r))))
        && (!o.no_unit || m.unit.is_none())
        && (!o.no_category || m.category.is_none())
}

fn some<T: Clone + std::fmt::Debug + 'static>(
    of: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Option<T>> {
    prop_oneof![3 => Just(None), 1 => of.prop_map(Some)].boxed()
}

fn names(prefix: &'static str, n: u8) -> impl Strategy<Value = String> {
    (0..n).prop_map(move |i| format!("{prefix}{i}"))
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let few = || prop_oneof![6 => Just(false), 1 => Just(true)];
    let ratings = prop_oneof![3 => Just(vec![]), 1 => prop::collection::vec(1..6_i64, 1..3)];
    let made = (
        (some(0..500_i64), some(0..500_i64), some(any::<bool>()), some(any::<bool>())),
        (ratings, few(), few(), few()),
    )
        .prop_map(
            |((closed_from, closed_to, in_time, rework), (ratings, unrated, no_unit, no_category))| Outcome {
                closed_from,
                closed_to,
                in_time,
                rework,
                ratings,
                unrated,
                no_unit,
                no_category,
            },
        );
    prop_oneof![1 => Just(Outcome::default()), 1 => made]
}

fn filters() -> impl Strategy<Value = Filter> {
    let units = || prop_oneof![4 => names("ZF0", 6), 1 => Just("ZF99".to_owned())];
    let sight = prop_oneof![
        3 => Just(Sight::All),
        1 => (prop::collection::vec(units(), 0..3), names("p", 22))
            .prop_map(|(units, person)| Sight::Some { units, person }),
    ];
    let stages = prop_oneof![
        3 => Just(vec![]),
        1 => prop::collection::vec(prop::sample::select(vec!["assigned", "closed", "returned", "none"]), 1..3)
            .prop_map(|list| list.into_iter().map(str::to_owned).collect()),
    ];
    let or_none = prop_oneof![4 => units(), 1 => Just(String::new())];
    let unit_list = prop_oneof![3 => Just(vec![]), 1 => prop::collection::vec(or_none, 1..3)];
    let area = some((-21..21_i32, 0..40_i32, 0..12_i32, 0..12_i32)).prop_map(|area| match area {
        None => (None, vec![]),
        Some((x, y, w, h)) => {
            let cells = (x..=x + w)
                .map(|x| (i64::from(x + 20) * 40 + i64::from(y), i64::from(x + 20) * 40 + i64::from(y + h)));
            // Columns of the box; some hold cells of the next column too, as covers do.
            (
                Some([x, y, x + w, (y + h).min(39)]),
                cells.map(|(a, b)| (a, b.min(a - i64::from(y) + 39))).collect(),
            )
        }
    });
    (
        (sight, some(prop::sample::select(vec!["report".to_owned(), "penalty".to_owned()])), stages),
        (
            some(prop::sample::select(vec!["E0", "E00", "E0102", "E03000", "x"]).prop_map(str::to_owned)),
            unit_list,
        ),
        (some(names("p", 22)), some(prop::sample::select(vec!["citizen".to_owned(), "hotline".to_owned()]))),
        (
            some(any::<bool>()),
            some(prop::sample::select(vec![Overdue::Now, Overdue::Ever, Overdue::Never])),
            area,
            prop_oneof![5 => Just(vec![]), 1 => prop::collection::vec(1..MATTERS * 2, 1..40)],
        ),
        (some(0..1_000_i64), some(0..60_000_i64), some(0..60_000_i64), outcomes()),
        prop_oneof![12 => Just(None), 2 => Just(Some(true)), 1 => Just(Some(false))],
    )
        .prop_map(
            |(
                (sight, kind, stages),
                (category, units),
                (assignee, source),
                (open, overdue, area, ids),
                times,
                placed,
            )| {
                Filter {
                    ids: ids.into_iter().map(DocketId).collect(),
                    sight,
                    kind,
                    stages,
                    category,
                    units,
                    assignee,
                    source,
                    open,
                    overdue,
                    bbox: area.0,
                    cells: area.1,
                    placed,
                    updated_since: times.0,
                    reported_from: times.1.map(|t| t * 1_000_000_000),
                    reported_to: times.2.map(|t| t * 1_000_000_000),
                    outcome: times.3,
                    now: NOW,
                    ..everything()
                }
            },
        )
}

/// All pages forward from the first, then back from the last.
async fn walk(store: &Store, filter: &Filter, order: Order, limit: i64) -> (Vec<MatterRow>, Vec<MatterRow>) {
    let (mut forward, mut pages) = (vec![], vec![]);
    let mut cursor: Option<String> = None;
    loop {
        let page = store.queries.list(filter, order, cursor.as_deref(), limit).await.unwrap();
        assert!(page.rows.len() as i64 <= limit);
        assert_eq!(page.prev.is_some(), cursor.is_some() && !page.rows.is_empty());
        forward.extend(page.rows.clone());
        cursor = page.next.clone();
        pages.push(page);
        if cursor.is_none() {
            break;
        }
    }
    let mut backward = pages.last().unwrap().rows.clone();
    let mut cursor = pages.last().unwrap().prev.clone();
    while let Some(at) = cursor {
        let page = store.queries.list(filter, order, Some(&at), limit).await.unwrap();
        backward.splice(0..0, page.rows);
        cursor = page.prev;
    }
    (forward, backward)
}

pub async fn every_filter_pages_like_the_model_both_ways(place: &Place) {
    let store = place.store().await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let seeds = prop::collection::vec(any::<(u8, u8, u8, u16)>(), MATTERS as usize);
    let seeds = seeds.new_tree(&mut runner).unwrap().current();
    let matters: Vec<MatterRow> = (1..=MATTERS).zip(seeds).map(|(id, seed)| made(id * 2, seed)).collect();
    for chunk in matters.chunks(900) {
        commit_matters(&store, chunk.to_vec()).await;
    }
    if place.url.starts_with("postgres") {
        // What its autovacuum does a little later.
        place.meddle("ANALYZE").await;
    }
    let cases = (
        filters(),
        prop::sample::select(vec![Order::Newest, Order::Oldest, Order::Due]),
        prop::sample::select(vec![1_i64, 7, 50, 200]),
    );
    for _ in 0..80 {
        let (filter, order, limit) = cases.new_tree(&mut runner).unwrap().current();
        let mut hits: Vec<_> = matters.iter().filter(|m| passes(&filter, m)).cloned().collect();
        let n = hits.len() as i64;
        assert_eq!(store.queries.count(&filter, n).await.unwrap(), Some(n), "{filter:?}");
        if n > 0 {
            assert_eq!(store.queries.count(&filter, n - 1).await.unwrap(), None, "{filter:?}");
        }
        check_counts(&store, &filter, &hits).await;
        check_map(&store, &filter, &hits).await;
        match order {
            Order::Newest => hits.reverse(),
            Order::Oldest => {}
            Order::Due => {
                hits.retain(|m| m.open);
                hits.sort_by_key(|m| (m.due_at.unwrap_or(i64::MAX), m.id));
            }
        }
        // Many small pages take long and show no more.
        let limit = if hits.len() > 300 { limit.max(50) } else { limit };
        let (forward, backward) = walk(&store, &filter, order, limit).await;
        assert_eq!(forward, hits, "{filter:?} {order:?} {limit}");
        assert_eq!(backward, hits, "back: {filter:?} {order:?} {limit}");
    }
}

async fn check_counts(store: &Store, filter: &Filter, hits: &[MatterRow]) {
    for by in [
        CountBy::Stage,
        CountBy::Unit,
        CountBy::Category,
        CountBy::Source,
        CountBy::Day,
        CountBy::Assignee,
        CountBy::Rating,
    ] {
        let mut expected = BTreeMap::<String, (i64, i64, i64)>::new();
        for m in hits {
            let key = match by {
                CountBy::Stage => m.stage.clone(),
                CountBy::Unit => m.unit.clone().unwrap_or_default(),
                CountBy::Category => m.category.clone().unwrap_or_default(),
                CountBy::Source => m.source.clone(),
                CountBy::Assignee => m.assignee.clone().unwrap_or_default(),
                CountBy::Rating => m.rating.map_or_else(String::new, |r| r.to_string()),
                CountBy::Day => {
                    let at = jiff::Timestamp::from_microsecond(m.reported_at).unwrap();
                    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date().to_string()
                }
            };
            let count = expected.entry(key).or_default();
            count.0 += 1;
            count.1 += i64::from(m.closed_at.is_some());
            count.2 += i64::from(late(m, filter.now));
        }
        let expected: Vec<Count> = expected
            .into_iter()
            .map(|(key, (n, closed, overdue))| Count { key, n, closed, overdue })
            .collect();
        assert_eq!(store.queries.counts(filter, by).await.unwrap(), expected, "{by:?} {filter:?}");
    }
    let mut expected = BTreeMap::<String, Tally>::new();
    for m in hits {
        let key = m.unit.clone().unwrap_or_default();
        let tally = expected.entry(key.clone()).or_insert_with(|| Tally { key, ..Tally::default() });
        tally.n += 1;
        tally.open += i64::from(m.open);
        tally.late += i64::from(late_now(m, filter.now));
        tally.ever += i64::from(late(m, filter.now));
    }
    let expected: Vec<Tally> = expected.into_values().collect();
    let n = hits.len() as i64;
    let tally = store.queries.tally(filter, CountBy::Unit, n).await.unwrap();
    assert_eq!(tally, Some(expected), "{filter:?}");
    if n > 0 {
        assert_eq!(store.queries.tally(filter, CountBy::Unit, n - 1).await.unwrap(), None, "{filter:?}");
    }
}

async fn check_map(store: &Store, filter: &Filter, hits: &[MatterRow]) {
    let placed: Vec<_> = hits.iter().filter(|m| m.cell.is_some()).collect();
    let all = store.queries.map(filter, 5, 100_000).await.unwrap();
    assert!(all.iter().all(|c| c.n == 1 && c.only.is_some()));
    assert_eq!(all.len(), placed.len());
    if placed.len() > 1 {
        let mut groups = BTreeMap::<i64, Vec<&MatterRow>>::new();
        for m in placed.iter().copied() {
            groups.entry(m.cell.unwrap() >> 5).or_default().push(m);
        }
        let clusters = store.queries.map(filter, 5, placed.len() as i64 - 1).await.unwrap();
        let expected: Vec<_> = groups
            .values()
            .map(|g| {
                let n = g.len() as i64;
                let mean = |of: fn(&MatterRow) -> Option<i32>| {
                    g.iter().map(|m| i64::from(of(m).unwrap())).sum::<i64>() / n
                };
                (n, mean(|m| m.lng), mean(|m| m.lat), (n == 1).then_some(g[0].id))
            })
            .collect();
        let clusters: Vec<_> =
            clusters.iter().map(|c| (c.n, i64::from(c.lng), i64::from(c.lat), c.only)).collect();
        assert_eq!(clusters, expected);
    }
}

pub async fn a_foreign_cursor_is_refused(place: &Place) {
    let store = place.store().await;
    commit_matters(&store, (1..10).map(matter).collect()).await;
    let page = store.queries.list(&everything(), Order::Newest, None, 2).await.unwrap();
    let cursor = page.next.unwrap();
    assert!(store.queries.list(&everything(), Order::Oldest, Some(&cursor), 2).await.is_err());
    for cursor in ["", "x", "n1' OR 1=1 --", &cursor[1..], &format!("{cursor}0")] {
        let outcome = store.queries.list(&everything(), Order::Newest, Some(cursor), 2).await;
        assert!(matches!(outcome, Err(StoreError::Missing)), "{cursor}");
    }
}

pub async fn an_export_streams_every_match_once(place: &Place) {
    let store = place.store().await;
    let rows: Vec<_> = (1..1_300)
        .map(|id| MatterRow {
            open: id % 3 == 0,
            due_at: (id % 4 != 0).then_some(id * 37 % 500),
            ..matter(id)
        })
        .collect();
    commit_matters(&store, rows.clone()).await;
    for open in [None, Some(true)] {
        let filter = Filter { open, ..everything() };
        let mut expected: Vec<_> = rows.iter().filter(|m| passes(&filter, m)).cloned().collect();
        expected.reverse();
        let got: Vec<_> = store.queries.stream(filter.clone()).try_collect().await.unwrap();
        assert_eq!(got, expected);
        expected.retain(|m| m.open);
        expected.sort_by_key(|m| (m.due_at.unwrap_or(i64::MAX), m.id));
        let got: Vec<_> = store.queries.stream_by(filter, Order::Due).try_collect().await.unwrap();
        assert_eq!(got, expected);
    }
}

pub async fn a_number_finds_its_matter(place: &Place) {
    let store = place.store().await;
    let ours = MatterRow { number: "青案〔2026〕1号".into(), ..matter(1) };
    let theirs = MatterRow { external: Some("12345-7".into()), ..matter(2) };
    let again = MatterRow { external: Some("12345-7".into()), number: String::new(), ..matter(3) };
    let unnumbered = MatterRow { number: String::new(), ..matter(4) };
    commit_matters(&store, vec![ours.clone(), theirs, again.clone(), unnumbered]).await;
    assert_eq!(store.queries.by_number("青案〔2026〕1号").await.unwrap(), Some(ours));
    assert_eq!(store.queries.by_number("12345-7").await.unwrap(), Some(again), "the newest of them");
    assert_eq!(store.queries.by_number("").await.unwrap(), None);
    assert_eq!(store.queries.by_number("N").await.unwrap(), None);
}

/// The same with real places, some twenty kilometres across, and one kind for each two matters.
fn placed(id: i64, seed: (u8, u8, u8, u16)) -> MatterRow {
    let row = made(id, seed);
    let at = |v: u16, step: i32| i32::from(v) * step;
    let point = Point { lng_e6: 121_000_000 + at(seed.3, 3), lat_e6: 31_000_000 + at(seed.3 % 997, 200) };
    match row.cell {
        Some(_) => MatterRow {
            lng: Some(point.lng_e6),
            lat: Some(point.lat_e6),
            cell: Some(cell::cell(point)),
            ..row
        },
        None => row,
    }
}

/// Filters of maps: each has a kind, and its box is made of whole tiles.
fn map_filters() -> impl Strategy<Value = (Filter, u8)> {
    let area = (0..200_000_i32, 0..200_000_i32, 0..150_000_i32, 0..150_000_i32);
    (filters(), some(area), 5_u8..=16).prop_map(|(filter, area, zoom)| {
        let bits = if zoom % 2 == 0 { cell::COARSE_BITS } else { cell::TILE_BITS };
        let bbox = area.map(|(x, y, w, h)| {
            let at = |lng_e6, lat_e6| Point { lng_e6: 121_000_000 + lng_e6, lat_e6: 31_000_000 + lat_e6 };
            Bbox::of(at(x, y), at(x + w, y + h)).snapped(bits)
        });
        let filter = Filter {
            kind: filter.kind.or(Some("report".into())),
            bbox: bbox.map(|b| [b.min.lng_e6, b.min.lat_e6, b.max.lng_e6, b.max.lat_e6]),
            cells: bbox.map_or(vec![], |b| cell::cover(b, 12)),
            ..filter
        };
        (filter, zoom)
    })
}

pub async fn a_map_adds_up_settled_and_open_matters_under_any_filter(place: &Place) {
    let store = place.store().await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let seeds = prop::collection::vec(any::<(u8, u8, u8, u16)>(), 3_000..=3_000);
    let seeds = seeds.new_tree(&mut runner).unwrap().current();
    let mut rows: Vec<MatterRow> = (1..).zip(seeds).map(|(id, seed)| placed(id, seed)).collect();
    let mut batch = commit_matters(&store, rows.clone()).await;
    // Work goes on: some are settled or opened again, move, change hands, lose their place. Twice is as once.
    for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| i % 3 == 0) {
        match i % 5 {
            0 => row.open = !row.open,
            1 => row.unit = Some("ZF03".into()),
            2 => row.overdue = !row.overdue,
            3 => (row.lng, row.lat, row.cell) = (None, None, None),
            _ => {
                *row = MatterRow {
                    stage: "closed".into(),
                    open: false,
                    ..placed(row.id.0, (1, 3, 5, i as u16 * 9))
                }
            }
        }
    }
    batch.matters = rows.iter().enumerate().filter(|(i, _)| i % 3 == 0).map(|(_, row)| row.clone()).collect();
    for _ in 0..2 {
        store.journal.project(&batch).await.unwrap();
    }
    let mut by_tiles = 0;
    for _ in 0..180 {
        let (filter, zoom) = map_filters().new_tree(&mut runner).unwrap().current();
        let shift = cell::cluster_shift(zoom);
        let hits: Vec<_> = rows.iter().filter(|m| m.cell.is_some() && passes(&filter, m)).collect();
        let mut groups = BTreeMap::<i64, Vec<&MatterRow>>::new();
        for m in &hits {
            groups.entry(m.cell.unwrap() >> shift).or_default().push(m);
        }
        let clusters = store.queries.map(&filter, shift, 5).await.unwrap();
        if hits.len() <= 5 {
            assert!(clusters.iter().all(|c| c.n == 1 && c.only.is_some()));
            assert_eq!(clusters.len(), hits.len(), "{filter:?}");
            continue;
        }
        by_tiles += 1;
        let mean = |g: &[&MatterRow], of: fn(&MatterRow) -> Option<i32>| {
            g.iter().map(|m| i64::from(of(m).unwrap())).sum::<i64>() / g.len() as i64
        };
        let expected: Vec<_> = groups
            .values()
            .map(|g| {
                (g.len() as i64, mean(g, |m| m.lng), mean(g, |m| m.lat), (g.len() == 1).then_some(g[0].id))
            })
            .collect();
        let clusters: Vec<_> =
            clusters.iter().map(|c| (c.n, i64::from(c.lng), i64::from(c.lat), c.only)).collect();
        assert_eq!(clusters, expected, "{filter:?} at {shift}");
        let total = store.queries.count(&filter, 100_000).await.unwrap().unwrap();
        let unplaced = rows.iter().filter(|m| m.cell.is_none() && passes(&filter, m)).count() as i64;
        assert_eq!(clusters.iter().map(|c| c.0).sum::<i64>(), total - unplaced, "{filter:?}");
    }
    assert!(by_tiles > 40, "{by_tiles}");
    // Rebuilt, it is the same.
    let everything = Filter { kind: Some("report".into()), ..everything() };
    let before = store.queries.map(&everything, 24, 5).await.unwrap();
    store.journal.clear_projections().await.unwrap();
    batch.matters = rows;
    store.journal.project(&batch).await.unwrap();
    assert_eq!(store.queries.map(&everything, 24, 5).await.unwrap(), before);
}

/// Figures follow the reports by their position, and hear of a change once more.
pub async fn figures_follow_what_changes(place: &Place) {
    let store = place.store().await;
    let rows: Vec<MatterRow> = (1..=5)
        .map(|id| MatterRow {
            kind: if id == 3 { "duty" } else { "report" }.into(),
            unit: Some("ZF01".into()),
            rating: (id == 5).then_some(4),
            rework: 2,
            closed_at: (id == 5).then_some(77),
            pos: id,
            ..matter(id)
        })
        .collect();
    commit_matters(&store, rows.clone()).await;
    let facts = store.queries.facts(0, 3).await.unwrap();
    let ids = |facts: &[FactRow]| facts.iter().map(|f| f.id.0).collect::<Vec<_>>();
    assert_eq!(ids(&facts), [1, 2, 4], "reports only, by position, no more than asked for");
    let rest = store.queries.facts(facts[2].pos, 3).await.unwrap();
    assert_eq!(ids(&rest), [5]);
    let last = &rest[0];
    assert_eq!((last.rating, last.rework, last.closed_at), (Some(4), 2, Some(77)));
    assert_eq!((last.unit.as_deref(), last.open, last.source.as_str()), (Some("ZF01"), true, "citizen"));
    let head = store.journal.head().await.unwrap();
    let changed = MatterRow { pos: 9, open: false, ..rows[0].clone() };
    let batch = lianzhi_app::ports::Batch {
        on: head.clone(),
        head,
        matters: vec![changed],
        ..lianzhi_app::ports::Batch::default()
    };
    store.journal.project(&batch).await.unwrap();
    let again = store.queries.facts(last.pos, 10).await.unwrap();
    assert_eq!((ids(&again), again[0].open), (vec![1], false));
    assert!(store.queries.facts(9, 10).await.unwrap().is_empty());
}
