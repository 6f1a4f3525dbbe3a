//! Is a report about something that was reported before? The likeness of two reports, and its reasons.
//!
//! The likeness is a logistic sum of plain features. Its weights were fitted on the `dev` part of the labelled set and
//! are written down in `WEIGHTS`; the `test` part only measures them.

use crate::fold::{folded, hash};
use crate::suggest::{Gram, Suggester, grams};
use jiff::Timestamp;
use lianzhi_ids::CategoryCode;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Farthest that two reports of one thing are apart, metres: what an address found in a register may be wrong by.
pub const NEAR_M: f32 = 250.0;
/// Most characters and pairs of them kept of one report, the most telling ones. Bounds memory: 4 bytes each.
const GRAMS_MAX: usize = 96;
/// How much a character or pair says that the lexicon does not know.
const UNKNOWN: f32 = 0.35;
/// Characters that say nothing about what is reported.
const EMPTY: &str = "的了是在不我有人这个上来去和就都也很又还要到说们你他她它那那些什么没得着给把被让叫对从向与及或但而且因为所以如果\
    一二三四五六七八九十几多少大小好天日月年早晚中里外前后左右下边面旁处家只块条部辆次会能可请吗呢吧啊呀";
/// Phrases of hotline and patrol that say nothing about what is reported.
const PHRASES: [&str; 22] = [
    "来电人称",
    "市民来电",
    "来电反映",
    "市民反映",
    "居民反映",
    "村民反映",
    "群众反映",
    "市民投诉",
    "居民投诉",
    "市民举报",
    "村民举报",
    "市民称",
    "居民来电",
    "要求处理",
    "要求整改",
    "尽快处理",
    "望处理",
    "请处理",
    "希望",
    "诉求",
    "巡查发现",
    "要求",
];
/// Most plates kept of one report.
const PLATES_MAX: usize = 4;
/// Categories kept of what the words point to.
const TOPICS: usize = 12;

/// A place in micro-degrees (CGCS2000 or WGS-84), as the territory stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// Longitude, millionths of a degree.
    pub lng_e6: i32,
    /// Latitude, millionths of a degree.
    pub lat_e6: i32,
}

impl Spot {
    /// Metres between two places: flat, exact enough for some kilometres.
    #[must_use]
    pub fn metres_to(self, other: Spot) -> f32 {
        const METRE: f64 = 0.111_195;
        let north = f64::from(other.lat_e6) - f64::from(self.lat_e6);
        let cos = (f64::from(self.lat_e6) * 1e-6).to_radians().cos();
        let east = (f64::from(other.lng_e6) - f64::from(self.lng_e6)) * cos;
        (north.hypot(east) * METRE) as f32
    }
}

/// What is compared of a report. Borrowed: [`Features`] keeps only digests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report<'a> {
    /// What it says.
    pub text: &'a str,
    /// When it came in.
    pub when: Timestamp,
    /// Where it is about.
    pub place: Option<Spot>,
    /// Its category, when a person has chosen one.
    pub category: Option<&'a CategoryCode>,
    /// Who complains: any stable keyed digest of telephone number or account; never the number itself.
    pub complainant: Option<u64>,
    /// Vehicle plates in it, in one spelling.
    pub plates: &'a [&'a str],
}

/// What is kept of a report to compare it with others: digests, no words and no names. At most 700 bytes, usually 300 to 400.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// When it came in.
    pub when: Timestamp,
    /// Where it is about.
    pub place: Option<Spot>,
    /// Who complains, as an opaque key.
    pub complainant: Option<u64>,
    /// The category that a person chose.
    chosen: Option<u16>,
    /// What the words point to, as shares whose squares sum up to 1.
    topics: Box<[(u16, f32)]>,
    /// Characters and pairs of them, ascending: 24 bits of hash, 8 bits of how much each says.
    singles: Box<[u32]>,
    pairs: Box<[u32]>,
    /// Hashed plates.
    plates: Box<[u32]>,
}

impl Features {
    /// What is kept of a report.
    #[must_use]
    pub fn of(suggester: &Suggester, report: &Report<'_>) -> Self {
        let text = folded(report.text);
        let mut topics: Vec<(u16, f32)> =
            suggester.weigh(&text, TOPICS).into_iter().map(|w| (w.category, w.score)).collect();
        let chosen = report.category.and_then(|code| suggester.number_of(code));
        let length = topics.iter().map(|t| t.1 * t.1).sum::<f32>().sqrt();
        topics.iter_mut().for_each(|t| t.1 /= length);
        topics.sort_unstable_by_key(|t| t.0);
        let (singles, pairs) = telling(suggester, report.text);
        let mut plates: Vec<u32> = report.plates.iter().take(PLATES_MAX).map(|p| hash(folded(p))).collect();
        plates.sort_unstable();
        Self {
            when: report.when,
            place: report.place,
            complainant: report.complainant,
            chosen,
            topics: topics.into_boxed_slice(),
            singles,
            pairs,
            plates: plates.into_boxed_slice(),
        }
    }

    /// Memory that the features take, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val(&*self.topics)
            + size_of_val(&*self.singles)
            + size_of_val(&*self.pairs)
            + size_of_val(&*self.plates)
    }

    /// How much the words point to a category, 1 being what they point to most.
    fn share(&self, category: u16) -> f32 {
        let most = self.topics.iter().map(|t| t.1).fold(0.0, f32::max);
        self.topics.iter().find(|t| t.0 == category).map_or(0.0, |t| t.1 / most)
    }

    pub(crate) fn plates(&self) -> &[u32] {
        &self.plates
    }

    /// Whether persons chose different categories for both. Nothing but one vehicle then makes a match of them, however
    /// much is common otherwise ([`WEIGHTS`]), so that there is nothing to compare.
    pub(crate) fn chosen_apart(&self, other: &Features) -> bool {
        self.chosen.zip(other.chosen).is_some_and(|(a, b)| a != b)
    }

    /// Whether both name one vehicle.
    pub(crate) fn shares_plate(&self, other: &Features) -> bool {
        count_common(&self.plates, &other.plates) > 0
    }
}

/// The characters and pairs of a text with how much each says, packed; what says nothing is left out.
fn telling(suggester: &Suggester, text: &str) -> (Box<[u32]>, Box<[u32]>) {
    let plain = PHRASES.iter().fold(text.to_owned(), |text, phrase| text.replace(phrase, "，"));
    let chars = folded(&plain);
    let empty = |c: char| EMPTY.contains(c);
    let says = |gram: &Gram| match gram {
        (c, None) if empty(*c) => 0.0,
        (a, Some(b)) if empty(*a) && empty(*b) => 0.0,
        _ => suggester.rarity(*gram).unwrap_or(UNKNOWN),
    };
    let pack = |gram: Gram| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
        let weight = (says(&gram) * 255.0) as u32;
        let code = hash([gram.0].into_iter().chain(gram.1)) << 8;
        (weight > 0).then_some(code | weight)
    };
    let kept = |single: bool| -> Box<[u32]> {
        let of_kind = grams(&chars).filter(|g| g.1.is_none() == single);
        let mut all: Vec<u32> = of_kind.filter_map(pack).collect();
        all.sort_unstable();
        all.dedup();
        all.sort_by_key(|g| std::cmp::Reverse(g & 0xff));
        all.truncate(GRAMS_MAX / 2);
        all.sort_unstable();
        all.into_boxed_slice()
    };
    (kept(true), kept(false))
}

/// Why a matter is proposed as the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Both places are this near, metres.
    Place(u32),
    /// The words of both point to this category.
    Category(CategoryCode),
    /// This share of their words is the same, 0 to 1.
    Words(f32),
    /// The same person complains.
    Complainant,
    /// The same vehicle.
    Plate,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Place(metres) => write!(f, "相距 {metres} 米"),
            Reason::Category(code) => write!(f, "同类（{code}）"),
            Reason::Words(share) => write!(f, "用语相同 {:.0}%", share * 100.0),
            Reason::Complainant => f.write_str("同一诉求人"),
            Reason::Plate => f.write_str("同一车牌"),
        }
    }
}

/// What two reports have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Common {
    /// Metres apart; nothing when one has no place.
    pub(crate) metres: Option<f32>,
    /// How much the words of the one point to the category that a person chose for the other, 0 to 1; nothing when
    /// nobody has chosen yet.
    pub(crate) category: Option<f32>,
    /// Whether the categories that persons chose for both are the same; nothing when one is not chosen yet.
    pub(crate) agreed: Option<bool>,
    /// Likeness of what the words point to, 0 to 1.
    pub(crate) topics: f32,
    /// The category that contributes most to it.
    pub(crate) topic: Option<u16>,
    /// Likeness of the characters, and of the pairs of them, 0 to 1 (Dice, weighted by what they say).
    pub(crate) singles: f32,
    pub(crate) words: f32,
    /// Days between both.
    pub(crate) days: f32,
    pub(crate) same_complainant: bool,
    pub(crate) same_plate: bool,
    /// Both name vehicles, and different ones.
    pub(crate) other_plate: bool,
}

/// Weights of the likeness.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    pub(crate) start: f32,
    pub(crate) near: f32,
    pub(crate) no_place: f32,
    pub(crate) topics: f32,
    pub(crate) category: f32,
    pub(crate) first: f32,
    pub(crate) chosen: f32,
    pub(crate) chosen_topics: f32,
    pub(crate) agreed: f32,
    pub(crate) disagreed: f32,
    pub(crate) singles: f32,
    pub(crate) words: f32,
    pub(crate) near_category: f32,
    pub(crate) recent: f32,
    pub(crate) complainant: f32,
    pub(crate) plate: f32,
    pub(crate) other_plate: f32,
}

/// Fitted on the `dev` part of the labelled set, with the lexicon as it was before it had seen that part: once as in use,
/// and `topics`, which matters only while nobody has chosen a category, on words alone. By reason, not fitted, since too
/// rare there: one vehicle near by is one matter, two vehicles are two.
pub(crate) const WEIGHTS: Weights = Weights {
    start: -3.8,
    near: 1.2,
    no_place: -0.85,
    topics: 3.0,
    category: 1.1,
    first: 0.4,
    chosen: -1.25,
    chosen_topics: 1.5,
    agreed: 1.55,
    disagreed: -2.0,
    singles: 1.7,
    words: 0.5,
    near_category: 2.1,
    recent: 0.55,
    complainant: 0.15,
    plate: 3.0,
    other_plate: -3.0,
};

/// Distance over which nearness falls to 1/e of its square, metres: about what a phone and a geocoder differ by.
const NEARNESS_M: f32 = 70.0;

impl Common {
    pub(crate) fn of(a: &Features, b: &Features) -> Self {
        let (topics, topic) = common_topics(&a.topics, &b.topics);
        let seconds = a.when.duration_since(b.when).abs().as_secs_f32();
        let same_plate = a.shares_plate(b);
        Common {
            metres: a.place.zip(b.place).map(|(a, b)| a.metres_to(b)),
            category: match (a.chosen, b.chosen) {
                (Some(x), None) => Some(b.share(x)),
                (None, Some(y)) => Some(a.share(y)),
                (Some(_), Some(_)) | (None, None) => None,
            },
            agreed: a.chosen.zip(b.chosen).map(|(x, y)| x == y),
            topics,
            topic: b.chosen.filter(|y| a.chosen == Some(*y) || a.share(*y) > 0.0).or(topic),
            singles: dice(&a.singles, &b.singles),
            words: dice(&a.pairs, &b.pairs),
            days: seconds / 86_400.0,
            same_complainant: a.complainant.is_some() && a.complainant == b.complainant,
            same_plate,
            other_plate: !same_plate && !a.plates.is_empty() && !b.plates.is_empty(),
        }
    }

    /// The features in the order of [`Weights`], without its start.
    pub(crate) fn features(&self) -> [f32; 16] {
        let near = self.metres.map_or(0.0, |m| (-(m / NEARNESS_M).powi(2)).exp());
        let flag = |b: bool| if b { 1.0 } else { 0.0 };
        let category = self.category.unwrap_or(0.0);
        let nobody_chose = self.category.is_none() && self.agreed.is_none();
        let agreed = flag(self.agreed == Some(true));
        [
            near,
            flag(self.metres.is_none()),
            if nobody_chose { self.topics } else { 0.0 },
            category,
            flag(category >= 0.99),
            flag(self.category.is_some()),
            if nobody_chose { 0.0 } else { self.topics },
            agreed,
            flag(self.agreed == Some(false)),
            self.singles,
            self.words,
            near * (category + agreed),
            (-self.days / 2.0).exp(),
            flag(self.same_complainant),
            flag(self.same_plate),
            flag(self.other_plate),
        ]
    }

    /// How likely both are about the same thing, 0 to 1.
    pub(crate) fn likeness(&self, w: &Weights) -> f32 {
        let weights = [
            w.near,
            w.no_place,
            w.topics,
            w.category,
            w.first,
            w.chosen,
            w.chosen_topics,
            w.agreed,
            w.disagreed,
            w.singles,
            w.words,
            w.near_category,
            w.recent,
            w.complainant,
            w.plate,
            w.other_plate,
        ];
        let sum: f32 = self.features().iter().zip(weights).map(|(f, w)| f * w).sum();
        1.0 / (1.0 + (-(w.start + sum)).exp())
    }

    pub(crate) fn reasons(&self, suggester: &Suggester) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(metres) = self.metres.filter(|m| *m <= NEAR_M) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 250")]
            reasons.push(Reason::Place(metres.round() as u32));
        }
        if let Some(code) = self.topic.filter(|_| self.topics >= 0.3).and_then(|t| suggester.code_of(t)) {
            reasons.push(Reason::Category(code.clone()));
        }
        if self.words >= 0.1 {
            reasons.push(Reason::Words(self.words));
        }
        if self.same_complainant {
            reasons.push(Reason::Complainant);
        }
        if self.same_plate {
            reasons.push(Reason::Plate);
        }
        reasons
    }
}

/// Cosine of two sparse vectors of length 1, and where its biggest part comes from.
fn common_topics(a: &[(u16, f32)], b: &[(u16, f32)]) -> (f32, Option<u16>) {
    let (mut i, mut j, mut sum, mut best) = (0, 0, 0.0_f32, (0.0_f32, None));
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                let part = x.1 * y.1;
                sum += part;
                if part > best.0 {
                    best = (part, Some(x.0));
                }
                i += 1;
                j += 1;
            }
        }
    }
    (sum.min(1.0), best.1)
}

/// Dice likeness of two ascending lists of packed characters, weighted by what each says.
fn dice(a: &[u32], b: &[u32]) -> f32 {
    let weight = |g: &u32| (g & 0xff) as f32;
    let all: f32 = a.iter().chain(b).map(weight).sum();
    let (mut i, mut j, mut same) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        same += if x == y { weight(x) } else { 0.0 };
    }
    if all > 0.0 { 2.0 * same / all } else { 0.0 }
}

/// How many numbers two ascending lists share.
fn count_common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        n += usize::from(x == y);
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str, plates: &[&str]) -> Features {
        let place = Some(Spot { lng_e6: 121_050_000, lat_e6: 31_000_000 });
        Features::of(&Suggester::builtin(), &Report { text, place, plates, ..Report::default() })
    }

    fn likeness(a: &Features, b: &Features) -> f32 {
        Common::of(a, b).likeness(&WEIGHTS)
    }

    #[test]
    fn different_categories_are_never_one_matter_unless_the_vehicle_is_one() {
        let w = WEIGHTS;
        let most = [w.near, w.chosen_topics, w.singles, w.words, w.recent, w.complainant];
        assert!(w.start + w.disagreed + most.iter().sum::<f32>() < 0.0, "the index may not pass them over");
    }

    #[test]
    fn distances_are_metres() {
        let a = Spot { lng_e6: 121_050_000, lat_e6: 31_000_000 };
        let b = Spot { lng_e6: 121_050_000, lat_e6: 31_001_000 };
        let c = Spot { lng_e6: 121_051_000, lat_e6: 31_000_000 };
        assert!((a.metres_to(b) - 111.2).abs() < 0.5 && (a.metres_to(c) - 95.3).abs() < 0.5);
    }

    #[test]
    fn likeness_is_symmetric_and_grows_with_what_is_common() {
        let a = features("水果店把货摆到人行道上", &[]);
        let b = features("水果店占人行道摆货", &[]);
        let c = features("路灯不亮", &[]);
        assert!((likeness(&a, &b) - likeness(&b, &a)).abs() < 1e-6);
        assert!(likeness(&a, &b) > 0.5 && likeness(&a, &c) < 0.2);
    }

    #[test]
    fn one_vehicle_is_one_matter_and_two_are_two() {
        let a = features("轿车挡住车库", &["沪A12345"]);
        let same = features("这部车又停在门口", &["沪A12345"]);
        let other = features("轿车挡住车库", &["沪B54321"]);
        assert!(likeness(&a, &same) > 0.5 && likeness(&a, &other) < likeness(&a, &same));
        assert!(Common::of(&a, &same).same_plate && Common::of(&a, &other).other_plate);
    }

    #[test]
    fn a_long_report_takes_no_more_memory_than_stated() {
        let text: String = (0..2_000_u32).filter_map(|i| char::from_u32(0x4e00 + i * 7)).collect();
        assert!(
            features(&text, &["沪A12345", "沪A12346", "沪A12347", "沪A12348", "沪A12349"]).bytes() <= 700
        );
    }
}
