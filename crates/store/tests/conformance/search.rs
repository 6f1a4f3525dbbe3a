//! Search finds every substring of two or more characters, and nothing else.

use crate::place::{Place, batch, everything};
use futures::TryStreamExt;
use lianzhi_app::ports::{Filter, Order, SearchRow, Store};
use lianzhi_app::search::normalise;
use lianzhi_ids::DocketId;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Few characters, so that pairs repeat; with the ones that tokenizers, operators and encodings stumble over.
const LETTERS: [char; 14] = ['占', '道', '经', 'a', 'B', '1', '-', '_', '"', '\'', '*', ' ', '\n', '𠮷'];

fn text(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(LETTERS.to_vec()), length).prop_map(String::from_iter)
}

async fn found(store: &Store, filter: Filter) -> Vec<i64> {
    store.queries.stream(filter).map_ok(|m| m.id.0).try_collect().await.unwrap()
}

async fn put(store: &Store, rows: Vec<SearchRow>, dockets: i64) {
    let on = store.journal.head().await.unwrap();
    let mut batch = batch(&on, dockets);
    batch.search = rows;
    store.journal.commit(&batch).await.unwrap();
}

fn row(id: i64, text: &str) -> SearchRow {
    SearchRow { docket: DocketId(id), text: text.to_owned(), secret: vec![] }
}

pub async fn a_hit_is_a_substring_and_nothing_else(place: &Place) {
    let store = place.store().await;
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut texts: Vec<String> = prop::collection::vec(text(0..40), 400)
        .new_tree(&mut runner)
        .unwrap()
        .current()
        .iter()
        .map(|t| normalise(t))
        .collect();
    texts.push(normalise(&"占道".repeat(6_000)));
    texts.push("a\0b".into());
    let rows = (1..).zip(&texts).map(|(id, text)| row(id, text)).collect();
    put(&store, rows, texts.len() as i64).await;

    let pick = (0..texts.len(), any::<prop::sample::Index>(), 2..7_usize);
    for n in 0..250 {
        // Half of the questions are taken from a text, so that there is something to find.
        let q = if n % 2 == 0 {
            let (i, start, length) = pick.new_tree(&mut runner).unwrap().current();
            let chars: Vec<char> = texts[i].chars().collect();
            if chars.len() < 2 {
                continue;
            }
            let start = start.index(chars.len() - 1);
            chars[start..].iter().take(length).collect::<String>()
        } else {
            text(2..6).new_tree(&mut runner).unwrap().current()
        };
        let q = normalise(&q);
        if q.chars().count() < 2 || q.contains('\0') {
            continue;
        }
        let mut expected: Vec<i64> =
            (1..).zip(&texts).filter(|(_, t)| t.contains(&q)).map(|(id, _)| id).collect();
        expected.reverse();
        let filter = Filter { q: Some(q.clone()), ..everything() };
        assert_eq!(found(&store, filter.clone()).await, expected, "{q:?}");
        let n = expected.len() as i64;
        assert_eq!(store.queries.count(&filter, n).await.unwrap(), Some(n), "{q:?}");
    }
}

pub async fn searching_again_after_a_change_finds_the_new_text_only(place: &Place) {
    let store = place.store().await;
    put(&store, vec![row(1, "占道经营"), row(2, "占道停车"), row(3, "油烟")], 3).await;
    let ids = async |q: &str| found(&store, Filter { q: Some(q.into()), ..everything() }).await;
    assert_eq!(ids("占道").await, [2, 1]);
    // Replaced, removed, and twice in one batch: the last counts.
    put(&store, vec![row(1, "油烟扰民"), row(2, ""), row(3, "占道"), row(3, "渣土")], 0).await;
    assert_eq!(ids("占道").await, [0_i64; 0]);
    assert_eq!(ids("油烟").await, [1]);
    assert_eq!(ids("渣土").await, [3]);
    // The same again changes nothing, and what was removed can come back.
    put(&store, vec![row(1, "油烟扰民"), row(2, "占道停车")], 0).await;
    assert_eq!(ids("油烟").await, [1]);
    assert_eq!(ids("道停").await, [2]);
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
}

pub async fn texts_that_grow_shrink_and_change_are_found_as_they_are_now(place: &Place) {
    let store = place.store().await;
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut now: Vec<String> = vec![String::new(); 12];
    put(&store, vec![], 12).await;
    let change = (0..12_usize, 0..4_u8, text(1..20));
    for round in 0..40 {
        let mut rows = vec![];
        for _ in 0..6 {
            let (i, how, piece) = change.new_tree(&mut runner).unwrap().current();
            now[i] = match how {
                0 => String::new(),
                1 => normalise(&piece),
                _ => normalise(&format!("{}{piece}", now[i])),
            };
            rows.push(row(i as i64 + 1, &now[i]));
        }
        put(&store, rows, 0).await;
        let q = normalise(&text(2..4).new_tree(&mut runner).unwrap().current());
        if q.chars().count() < 2 {
            continue;
        }
        let mut expected: Vec<i64> =
            (1..).zip(&now).filter(|(_, t)| t.contains(&q)).map(|(id, _)| id).collect();
        expected.reverse();
        assert_eq!(
            found(&store, Filter { q: Some(q.clone()), ..everything() }).await,
            expected,
            "{q:?} in round {round}"
        );
    }
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
}

pub async fn particulars_are_found_by_all_their_pairs(place: &Place) {
    let store = place.store().await;
    let secret = |id: i64, grams: &[i64]| SearchRow { secret: grams.to_vec(), ..row(id, "占道经营") };
    put(&store, vec![secret(1, &[-7, 1, 2]), secret(2, &[1, 2, i64::MAX]), secret(3, &[2])], 3).await;
    let ids = async |grams: &[i64]| found(&store, Filter { secret: grams.to_vec(), ..everything() }).await;
    assert_eq!(ids(&[2]).await, [3, 2, 1]);
    assert_eq!(ids(&[1, 2]).await, [2, 1]);
    assert_eq!(ids(&[-7, 2]).await, [1]);
    assert_eq!(ids(&[-7, i64::MAX]).await, [0_i64; 0]);
    put(&store, vec![secret(2, &[1])], 0).await;
    assert_eq!(ids(&[1, 2]).await, [1]);
    let both = Filter { secret: vec![1], q: Some("道经".into()), ..everything() };
    let page = store.queries.list(&both, Order::Newest, None, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(|m| m.id.0).collect::<Vec<_>>(), [2, 1]);
}
