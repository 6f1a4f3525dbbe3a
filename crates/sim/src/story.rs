//! What people report: where, when, in which words, by whom.

use crate::city::{City, CityError, Scene, any_name};
use lianzhi_procedure::report::{Demand, External, Reporter, Source};
use lianzhi_territory::Point;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use serde::Deserialize;

/// When a thing happens more often than at other times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rhythm {
    Day,
    Night,
    Morning,
    Evening,
    Work,
}

impl Rhythm {
    /// How much more (or less) often at this hour of the day.
    fn factor(self, hour: u32) -> f64 {
        let (high, low, busy) = match self {
            Rhythm::Day => (1.0, 0.3, (7..20).contains(&hour)),
            Rhythm::Night => (3.0, 0.4, !(6..20).contains(&hour)),
            Rhythm::Morning => (2.0, 0.6, (6..10).contains(&hour)),
            Rhythm::Evening => (2.0, 0.5, (17..22).contains(&hour)),
            Rhythm::Work => (1.4, 0.3, (8..18).contains(&hour)),
        };
        if busy { high } else { low }
    }
}

/// How a thing is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// Order in the street: people are talked to.
    Street,
    /// Dirt: cleared away.
    Dirt,
    /// Noise and fumes.
    Noise,
    /// Buildings and greenery: takes long.
    Build,
    /// Building sites.
    Site,
    /// Advertisements and signs.
    Sign,
    /// Things that somebody must repair.
    Thing,
}

#[derive(Debug, Clone, Deserialize)]
struct Story {
    code: String,
    weight: f64,
    rhythm: Rhythm,
    scenes: Vec<Scene>,
    kind: Manner,
    texts: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    story: Vec<Story>,
}

/// Stories about one city.
#[derive(Debug, Clone)]
pub struct Stories<'a> {
    city: &'a City,
    stories: Vec<Story>,
    /// Spots by town and scene, with the sum of their weights.
    spots: Vec<Vec<Vec<usize>>>,
    /// People who report again and again.
    regulars: Vec<Reporter>,
}

/// How exactly the reporter says where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// With a point, as phones send it.
    Point,
    /// With an address that the register knows.
    Address,
    /// In words that no register knows.
    Vaguely,
}

/// A report before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Category that it is really about.
    pub category: String,
    /// How it is dealt with.
    pub manner: Manner,
    /// Index of the spot in the city.
    pub spot: usize,
    /// Where it really is.
    pub point: Point,
    /// How exactly the reporter says where.
    pub said: Said,
    /// Through whom it comes.
    pub source: Source,
    /// What the reporter writes.
    pub description: String,
    /// Address as written.
    pub address: String,
    /// Whether the reporter chose the category.
    pub chosen: bool,
    /// Who reports, when he says so.
    pub contact: Option<Reporter>,
    /// Order of the hotline.
    pub external: Option<External>,
    /// What the caller wants.
    pub demand: Option<Demand>,
    /// Photos attached.
    pub photos: usize,
}

const SINCE: [&str; 8] =
    ["好几天了", "已经一个星期", "这两天", "长期以来", "每天", "最近", "从上个月开始", "周末"];
const SHOPS: [&str; 10] =
    ["水果店", "五金店", "早餐店", "饭店", "汽修店", "小超市", "烧烤店", "奶茶店", "建材店", "理发店"];
const GOODS: [&str; 9] = ["水果", "蔬菜", "煎饼", "袜子", "臭豆腐", "鲜花", "小龙虾", "甘蔗", "手机壳"];
const OPENINGS: [&str; 8] =
    ["", "", "", "你好，", "您好，反映一下，", "投诉：", "我是附近居民，", "请问有人管吗，"];
const ENDINGS: [&str; 8] =
    ["。", "。", "", "，请尽快处理。", "，希望有关部门管管。", "，谢谢！", "，已经不是第一次了。", "！"];
const VAGUE: [&str; 6] = [
    "老街那边的菜场附近",
    "镇上桥头那里",
    "小学后面那条路",
    "去地铁站的路上",
    "新建的那个小区旁边",
    "村口大樟树那里",
];

/// Reports of one day of the week, Monday first.
const DAYS: [f64; 7] = [121.0, 118.0, 116.0, 115.0, 118.0, 104.0, 100.0];
/// Share of the hours of a day.
const HOURS: [f64; 24] = [
    0.5, 0.3, 0.2, 0.2, 0.3, 0.8, 2.0, 4.5, 6.5, 7.5, 7.5, 6.0, 5.0, 5.5, 6.5, 6.5, 6.0, 6.0, 6.0, 5.5, 4.5,
    3.5, 2.0, 1.0,
];

/// Reports an hour, on a day of the week (Monday is 0).
#[must_use]
pub fn rate(weekday: usize, hour: usize) -> f64 {
    let share = HOURS[hour % 24] / HOURS.iter().sum::<f64>();
    DAYS[weekday % 7] * share
}

/// Reports an hour at the busiest time of the week.
#[must_use]
pub fn busiest() -> f64 {
    let most = |of: &[f64]| of.iter().copied().fold(0.0, f64::max);
    most(&DAYS) * most(&HOURS) / HOURS.iter().sum::<f64>()
}

/// An index drawn with these weights.
fn draw(weights: impl Iterator<Item = f64> + Clone, rng: &mut ChaCha12Rng) -> usize {
    let sum: f64 = weights.clone().sum();
    let mut left = rng.random_range(0.0..1.0) * sum;
    let mut last = 0;
    for (i, weight) in weights.enumerate() {
        last = i;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// A telephone number that nobody has: the exchange 0000 of the ranges 138 and 139 is not given out.
fn phone(rng: &mut ChaCha12Rng) -> String {
    format!("13{}0000{:04}", rng.random_range(8..=9), rng.random_range(0..10_000))
}

impl<'a> Stories<'a> {
    /// The stories of this crate in a city.
    ///
    /// # Errors
    /// When the file of stories is wrong; tests see to it that it is not.
    pub fn of(city: &'a City, rng: &mut ChaCha12Rng) -> Result<Self, CityError> {
        let file: File = toml::from_str(include_str!("../data/stories.toml"))
            .map_err(|e| CityError::Stories(e.to_string()))?;
        let mut spots = vec![vec![Vec::new(); SCENES]; city.place.towns.len()];
        for (i, spot) in city.spots.iter().enumerate() {
            spots[spot.town][spot.scene as usize].push(i);
        }
        let regulars = (0..40).map(|_| Reporter { name: any_name(rng), phone: phone(rng) }).collect();
        Ok(Stories { city, stories: file.story, spots, regulars })
    }

    /// What happens next at this hour.
    #[must_use]
    pub fn tell(&self, hour: u32, rng: &mut ChaCha12Rng) -> Told {
        let story = &self.stories[draw(self.stories.iter().map(|s| s.weight * s.rhythm.factor(hour)), rng)];
        let town = draw(self.city.place.towns.iter().map(|t| t.weight), rng);
        // The first scene is as likely as all others together.
        let scene = story.scenes.iter().find(|_| rng.random_bool(0.5)).unwrap_or(&story.scenes[0]);
        let there = &self.spots[town][*scene as usize];
        let there = if there.is_empty() { &self.spots[town][Scene::Road as usize] } else { there };
        let spot =
            there.get(draw(there.iter().map(|i| self.city.spots[*i].weight), rng)).copied().unwrap_or(0);
        let source = match rng.random_range(0..100) {
            0..45 => Source::Citizen,
            45..75 => Source::Hotline,
            75..95 => Source::Patrol,
            95..98 => Source::Officer,
            _ => Source::System,
        };
        self.word(story, spot, source, rng)
    }

    /// How things of a category are dealt with.
    #[must_use]
    pub fn manner(&self, category: &str) -> Manner {
        self.stories.iter().find(|s| s.code == category).map_or(Manner::Street, |s| s.kind)
    }

    /// The same thing once more: by somebody else (or the same person), in other words, a few metres away.
    #[must_use]
    pub fn again(&self, told: &Told, rng: &mut ChaCha12Rng) -> Told {
        let story = self.stories.iter().find(|s| s.code == told.category).unwrap_or(&self.stories[0]);
        let source = if rng.random_bool(0.6) { Source::Citizen } else { Source::Hotline };
        let mut next = self.word(story, told.spot, source, rng);
        next.said = Said::Point;
        if rng.random_bool(0.3) && told.contact.is_some() {
            next.contact.clone_from(&told.contact);
        }
        next
    }

    fn word(&self, story: &Story, spot: usize, source: Source, rng: &mut ChaCha12Rng) -> Told {
        let place = &self.city.spots[spot];
        let point = place.point.shifted(rng.random_range(-25.0..25.0), rng.random_range(-25.0..25.0));
        let said = match (source, rng.random_range(0..100)) {
            (Source::Citizen, 0..75)
            | (Source::Hotline, 0..55)
            | (Source::Patrol | Source::Officer | Source::System, _) => Said::Point,
            (_, 0..94) => Said::Address,
            _ => Said::Vaguely,
        };
        let vague = VAGUE.choose(rng).copied().unwrap_or_default();
        let name = if said == Said::Vaguely { vague } else { &place.name };
        let core = self.fill(&story.texts, name, rng);
        let description = match source {
            Source::Hotline => format!("来电人反映：{core}，要求处理并答复。"),
            Source::Patrol => format!("巡查发现：{core}。"),
            Source::Officer => format!("{core}，已拍照。"),
            Source::System => format!("视频告警：{core}"),
            _ => {
                let pick =
                    |of: &[&'static str], rng: &mut ChaCha12Rng| of.choose(rng).copied().unwrap_or_default();
                format!("{}{core}{}", pick(&OPENINGS, rng), pick(&ENDINGS, rng))
            }
        };
        let caller = |rng: &mut ChaCha12Rng| {
            if rng.random_bool(0.1) {
                self.regulars.choose(rng).cloned().unwrap_or_default()
            } else {
                let name = if rng.random_bool(0.8) { any_name(rng) } else { String::new() };
                Reporter { name, phone: phone(rng) }
            }
        };
        let contact = match source {
            Source::Citizen => rng.random_bool(0.7).then(|| caller(rng)),
            Source::Hotline => rng.random_bool(0.95).then(|| caller(rng)),
            _ => None,
        };
        let hotline = source == Source::Hotline;
        let external = hotline.then(|| External {
            system: if rng.random_bool(0.85) { "12345" } else { "12319" }.into(),
            number: format!("{}{:010}", self.city.place.letters, rng.random_range(0..10_000_000_000_u64)),
        });
        let demands = [
            Demand::Complain,
            Demand::Complain,
            Demand::Complain,
            Demand::Help,
            Demand::Denounce,
            Demand::Suggest,
        ];
        Told {
            category: story.code.clone(),
            manner: story.kind,
            spot,
            point,
            said,
            source,
            description,
            address: if said == Said::Vaguely { vague.to_owned() } else { place.address.clone() },
            chosen: match source {
                Source::Citizen => rng.random_bool(0.55),
                Source::Hotline => rng.random_bool(0.9),
                _ => true,
            },
            contact,
            external,
            demand: hotline.then(|| demands.choose(rng).copied()).flatten(),
            photos: match source {
                Source::Citizen => usize::from(rng.random_bool(0.6)) + usize::from(rng.random_bool(0.2)),
                Source::Hotline => 0,
                _ => 1 + usize::from(rng.random_bool(0.4)),
            },
        }
    }

    fn fill(&self, texts: &[String], place: &str, rng: &mut ChaCha12Rng) -> String {
        let mut text = texts.choose(rng).cloned().unwrap_or_default();
        for (slot, of) in [("{since}", &SINCE[..]), ("{shop}", &SHOPS[..]), ("{goods}", &GOODS[..])] {
            if text.contains(slot) {
                text = text.replace(slot, of.choose(rng).copied().unwrap_or_default());
            }
        }
        if text.contains("{n}") {
            text = text.replace("{n}", &rng.random_range(2..=9).to_string());
        }
        text.replace("{p}", place)
    }
}

/// Number of [`Scene`]s.
const SCENES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::QINGPU;
    use rand::SeedableRng;
    use std::collections::{HashMap, HashSet};

    fn told(seed: u64, n: usize) -> Vec<Told> {
        let city = City::generate(&QINGPU, 1).unwrap();
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let stories = Stories::of(&city, &mut rng).unwrap();
        (0..n).map(|i| stories.tell(u32::try_from(i % 24).unwrap(), &mut rng)).collect()
    }

    #[test]
    fn the_same_seed_tells_the_same_stories() {
        assert_eq!(told(5, 50), told(5, 50));
        assert_ne!(told(5, 50), told(6, 50));
    }

    #[test]
    fn reports_come_through_every_door_in_about_the_shares_of_a_real_desk() {
        let told = told(1, 4_000);
        let share = |source| told.iter().filter(|t| t.source == source).count() as f64 / told.len() as f64;
        for (source, expected) in [(Source::Citizen, 0.45), (Source::Hotline, 0.30), (Source::Patrol, 0.20)] {
            assert!((share(source) - expected).abs() < 0.03, "{source:?}: {}", share(source));
        }
        assert!(told.iter().any(|t| t.said == Said::Vaguely) && told.iter().any(|t| t.said == Said::Address));
    }

    #[test]
    fn telephone_numbers_are_nobodys_and_texts_have_no_open_slots() {
        for told in told(2, 2_000) {
            if let Some(contact) = &told.contact {
                assert!(
                    contact.phone.starts_with("13") && &contact.phone[3..7] == "0000",
                    "{}",
                    contact.phone
                );
                lianzhi_territory::identify::Phone::parse(&contact.phone).unwrap();
            }
            assert!(!told.description.contains(['{', '}']), "{}", told.description);
            assert!(!told.address.is_empty());
        }
    }

    #[test]
    fn things_happen_again_at_the_same_places_and_in_many_words() {
        let told = told(3, 3_000);
        let mut by_spot: HashMap<usize, usize> = HashMap::new();
        for t in &told {
            *by_spot.entry(t.spot).or_default() += 1;
        }
        assert!(by_spot.values().max() > Some(&12), "some places are worse than others");
        let words: HashSet<_> = told.iter().map(|t| &t.description).collect();
        assert!(words.len() > told.len() * 8 / 10, "{} different texts", words.len());
    }

    #[test]
    fn every_category_told_of_is_in_the_catalogue() {
        let city = City::generate(&QINGPU, 1).unwrap();
        let known: HashSet<String> = city
            .registers
            .iter()
            .filter_map(|r| match r {
                lianzhi_procedure::register::Record::Category(c) => Some(c.code.to_string()),
                _ => None,
            })
            .collect();
        let stories = Stories::of(&city, &mut ChaCha12Rng::seed_from_u64(1)).unwrap();
        for story in &stories.stories {
            assert!(known.contains(&story.code), "{}", story.code);
            assert!(story.texts.len() >= 3, "{}", story.code);
        }
    }

    #[test]
    fn weekdays_are_busier_than_sundays_and_a_month_has_three_thousand_reports() {
        let day = |weekday| (0..24).map(|h| rate(weekday, h)).sum::<f64>();
        assert!(day(0) > day(6));
        let month: f64 = (0..30).map(|d| day(d % 7)).sum();
        assert!(month > 3_000.0, "{month}");
    }

    #[test]
    fn the_words_point_to_the_category_for_those_who_suggest_categories() {
        let suggester = lianzhi_triage::Suggester::builtin();
        let told = told(4, 1_500);
        let right = |t: &&Told| {
            let text = format!("{} {}", t.description, t.address);
            suggester.suggest(&text, 3).iter().any(|s| s.code.as_str() == t.category)
        };
        let n = told.iter().filter(right).count();
        assert!(n * 10 >= told.len() * 8, "{n} of {}", told.len());
    }
}
