//! Recent open matters, in memory, to compare a new report with.
//!
//! Bounded in days and in number; a matter leaves when it is closed, when it is too old or when there are too many.
//! It holds digests only and is filled again from the journal after a start.

use crate::repeats::{Common, Features, NEAR_M, Reason, Spot, WEIGHTS};
use crate::suggest::Suggester;
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::DocketId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// Days that an open matter stays comparable by default.
pub const DAYS_MAX: u16 = 30;
/// Matters kept by default: a busy district's open matters several times over; about 30 MB.
pub const MATTERS_MAX: usize = 50_000;
/// Most matches proposed for one report: what a person compares at a glance.
pub const MATCHES_MAX: usize = 5;
/// Least likeness of a proposed match.
pub const LIKENESS_MIN: f32 = 0.5;
/// Most matters compared from one square, complainant, plate or the placeless; the latest ones. Bounds the time of a
/// look-up where everything happens in one place.
const COMPARED_MAX: usize = 100;
/// Side of a square of the spatial index in micro-degrees: 264 m by 278 m at 31° north, so that [`NEAR_M`] reaches at
/// most into the eight squares around.
const SQUARE_E6: (i32, i32) = (2_770, 2_500);

/// A matter that a report may be about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The matter.
    pub docket: DocketId,
    /// How likely both are the same, 0 to 1.
    pub score: f32,
    /// Why, for the person who decides.
    pub reasons: Vec<Reason>,
}

/// Recent open matters.
#[derive(Debug, Clone)]
pub struct Index {
    days_max: u16,
    matters_max: usize,
    matters: HashMap<DocketId, Features>,
    by_time: BTreeSet<(Timestamp, DocketId)>,
    /// Each list ascending by time.
    lists: HashMap<Key, Vec<(Timestamp, DocketId)>>,
}

/// Where a matter is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Square(i32, i32),
    Nowhere,
    Complainant(u64),
    Plate(u32),
}

fn square(spot: Spot) -> (i32, i32) {
    (spot.lng_e6.div_euclid(SQUARE_E6.0), spot.lat_e6.div_euclid(SQUARE_E6.1))
}

/// The lists that a matter is in.
fn keys(features: &Features) -> impl Iterator<Item = Key> + '_ {
    let place = features.place.map(square).map_or(Key::Nowhere, |(x, y)| Key::Square(x, y));
    std::iter::once(place)
        .chain(features.complainant.map(Key::Complainant))
        .chain(features.plates().iter().copied().map(Key::Plate))
}

impl Default for Index {
    fn default() -> Self {
        Self::new(DAYS_MAX, MATTERS_MAX)
    }
}

impl Index {
    /// An empty index that keeps matters for so many days, and so many of them.
    #[must_use]
    pub fn new(days_max: u16, matters_max: usize) -> Self {
        Self {
            days_max,
            matters_max: matters_max.max(1),
            matters: HashMap::new(),
            by_time: BTreeSet::new(),
            lists: HashMap::new(),
        }
    }

    /// Adds a matter, or replaces what is known of it. What is older than the bound, counted from this matter's own
    /// time, and the oldest beyond the number leave; those that left are returned.
    pub fn add(&mut self, docket: DocketId, features: Features) -> Vec<DocketId> {
        self.remove(docket);
        let when = features.when;
        for key in keys(&features) {
            let list = self.lists.entry(key).or_default();
            let at = list.partition_point(|entry| *entry < (when, docket));
            list.insert(at, (when, docket));
        }
        self.by_time.insert((when, docket));
        self.matters.insert(docket, features);
        let mut gone = self.expire(when);
        while self.matters.len() > self.matters_max {
            let Some((_, oldest)) = self.by_time.first().copied() else {
                break;
            };
            self.remove(oldest);
            gone.push(oldest);
        }
        gone
    }

    /// Takes a matter out: closed, or joined to another. Unknown ones are ignored.
    pub fn remove(&mut self, docket: DocketId) {
        let Some(features) = self.matters.remove(&docket) else {
            return;
        };
        let entry = (features.when, docket);
        self.by_time.remove(&entry);
        for key in keys(&features) {
            if let Some(list) = self.lists.get_mut(&key) {
                if let Ok(at) = list.binary_search(&entry) {
                    list.remove(at);
                }
                if list.is_empty() {
                    self.lists.remove(&key);
                }
            }
        }
    }

    /// Takes out what is older than the bound at this time; says what left.
    pub fn expire(&mut self, now: Timestamp) -> Vec<DocketId> {
        let mut gone = Vec::new();
        let span = SignedDuration::from_hours(24 * i64::from(self.days_max));
        let Ok(oldest) = now.checked_sub(span) else { return gone };
        while let Some((_, docket)) = self.by_time.first().copied().filter(|(when, _)| *when < oldest) {
            self.remove(docket);
            gone.push(docket);
        }
        gone
    }

    /// Number of matters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.matters.len()
    }

    /// Whether there is no matter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
    }

    /// Memory of the matters' features, bytes; the lists add about 100 for each matter.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.matters.values().map(Features::bytes).sum()
    }

    /// The open matters that a report may be about, likeliest first, at most [`MATCHES_MAX`].
    #[must_use]
    pub fn candidates(&self, features: &Features, suggester: &Suggester) -> Vec<Match> {
        let mut found: Vec<(f32, Timestamp, DocketId, Common)> = Vec::new();
        self.compare(features, |docket, other, common| {
            let likeness = common.likeness(&WEIGHTS);
            if likeness >= LIKENESS_MIN {
                found.push((likeness, other.when, docket, common));
            }
        });
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
        found.truncate(MATCHES_MAX);
        found
            .into_iter()
            .map(|(score, _, docket, common)| Match { docket, score, reasons: common.reasons(suggester) })
            .collect()
    }

    /// Compares with every matter near by, of the same complainant or vehicle, or without a place; each once.
    pub(crate) fn compare(&self, features: &Features, mut each: impl FnMut(DocketId, &Features, Common)) {
        let latest =
            |key: Key| self.lists.get(&key).into_iter().flat_map(|l| l.iter().rev().take(COMPARED_MAX));
        let mut look = |docket: DocketId| {
            let Some(other) = self.matters.get(&docket) else { return };
            let apart = features.place.zip(other.place).map(|(a, b)| a.metres_to(b));
            // A vehicle is the same one wherever it is; anything else far away is something else.
            let elsewhere = apart.is_some_and(|m| m > NEAR_M);
            let same_plate = features.shares_plate(other);
            if same_plate || !elsewhere && !features.chosen_apart(other) {
                each(docket, other, Common::of(features, other));
            }
        };
        // Squares and the placeless have nothing in common; only who or what is known may be met there again.
        let mut seen = Vec::new();
        for key in keys(features).skip(1) {
            for (_, docket) in latest(key) {
                if !seen.contains(docket) {
                    seen.push(*docket);
                    look(*docket);
                }
            }
        }
        let (x, y) = features.place.map_or((0, 0), square);
        let squares = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| Key::Square(x + dx, y + dy)));
        for key in squares.filter(|_| features.place.is_some()).chain([Key::Nowhere]) {
            for (_, docket) in latest(key).filter(|(_, docket)| !seen.contains(docket)) {
                look(*docket);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repeats::Report;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SUGGESTER: LazyLock<Suggester> = LazyLock::new(Suggester::builtin);

    fn at_day(day: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + day * 86_400).unwrap()
    }

    fn report(text: &str, lng_e6: i32, day: i64, who: Option<u64>) -> Features {
        let place = Some(Spot { lng_e6, lat_e6: 31_000_000 });
        let report = Report { text, when: at_day(day), place, complainant: who, ..Report::default() };
        Features::of(&SUGGESTER, &report)
    }

    fn found(index: &Index, features: &Features) -> Vec<i64> {
        index.candidates(features, &SUGGESTER).iter().map(|m| m.docket.0).collect()
    }

    const TEXT: &str = "烧烤摊油烟大，半夜还在吵";
    const HERE: i32 = 121_050_000;

    #[test]
    fn the_same_thing_near_by_is_proposed_with_its_reasons() {
        let mut index = Index::default();
        index.add(DocketId(1), report(TEXT, HERE, 0, Some(7)));
        index.add(DocketId(2), report("路灯不亮", HERE, 0, None));
        index.add(DocketId(3), report(TEXT, HERE + 4_000, 0, None));
        let again = report("这个烧烤摊又来了，油烟呛人", HERE + 300, 1, Some(7));
        let matches = index.candidates(&again, &SUGGESTER);
        assert_eq!(matches.iter().map(|m| m.docket.0).collect::<Vec<_>>(), [1]);
        let reasons: Vec<String> = matches[0].reasons.iter().map(ToString::to_string).collect();
        assert!(reasons.contains(&"相距 29 米".to_owned()), "{reasons:?}");
        assert!(reasons.contains(&"同一诉求人".to_owned()) && reasons.iter().any(|r| r.starts_with("同类")));
    }

    #[test]
    fn a_closed_matter_is_no_longer_proposed() {
        let mut index = Index::default();
        index.add(DocketId(1), report(TEXT, HERE, 0, None));
        let again = report(TEXT, HERE, 7, None);
        assert_eq!(found(&index, &again), [1]);
        index.remove(DocketId(1));
        assert!(found(&index, &again).is_empty() && index.is_empty() && index.lists.is_empty());
    }

    #[test]
    fn the_index_is_bounded_in_days_and_number() {
        let mut index = Index::new(10, 3);
        for i in 0..5 {
            index.add(DocketId(i), report(TEXT, HERE, i, None));
        }
        assert_eq!(index.len(), 3);
        index.expire(at_day(13));
        assert_eq!(index.matters.keys().map(|d| d.0).collect::<BTreeSet<_>>(), [3, 4].into());
        index.add(DocketId(9), report(TEXT, HERE, 100, None));
        assert_eq!(index.len(), 1);
    }

    #[test]
    fn a_crowded_place_proposes_no_more_than_can_be_compared_at_a_glance() {
        let mut index = Index::default();
        for i in 0..500 {
            index.add(DocketId(i), report(TEXT, HERE, 0, None));
        }
        assert_eq!(found(&index, &report(TEXT, HERE, 0, None)).len(), MATCHES_MAX);
    }

    proptest! {
        #[test]
        fn lists_and_matters_stay_in_step(steps in prop::collection::vec((0i64..8, any::<bool>(), 0i64..40, -3i32..3), 0..60)) {
            let mut index = Index::new(15, 5);
            for (docket, add, day, square) in steps {
                if add {
                    index.add(DocketId(docket), report("摆摊", HERE + square * 2_000, day, Some(1)));
                } else {
                    index.remove(DocketId(docket));
                }
                prop_assert!(index.len() <= 5);
                prop_assert_eq!(index.by_time.len(), index.len());
                let listed: usize = index.lists.values().map(Vec::len).sum();
                prop_assert_eq!(listed, index.matters.values().map(|f| keys(f).count()).sum::<usize>());
                prop_assert!(index.lists.values().all(|l| !l.is_empty() && l.is_sorted()));
            }
        }
    }
}
