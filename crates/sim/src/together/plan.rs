//! Which matters there are between cities, and when they begin.

use super::office::{Matter, Task};
use super::script::{self, Deed, Script};
use super::words::{self, Fill};
use super::{Region, Timestamp};
use jiff::SignedDuration;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Text;
use lianzhi_procedure::cooperation::{Ask, AwayKind, BulletinKind, Goods, TransferGround};
use lianzhi_territory::Point;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// Matters of each form in thirty days, all ways round.
const ROUNDS: [(Form, usize); 6] = [
    (Form::Lead, 18),
    (Form::Assistance, 15),
    (Form::Evidence, 8),
    (Form::Bulletin, 6),
    (Form::Dispute, 3),
    (Form::Away, 6),
];
const PLATES: [&str; 4] = ["沪A·DK", "苏E·7K", "浙F·3D", "皖A·9D"];
/// Days of the usual history.
const DAYS: i64 = 30;

impl Region {
    /// Plans all matters: those of the days, and those that wait on desks when history ends.
    pub(super) fn plan(&mut self, start: Timestamp, until: Timestamp) {
        let first = start + SignedDuration::from_hours(2);
        let minutes = until.duration_since(first).as_mins().max(1);
        let days = minutes / 1_440 + 1;
        for (form, usual) in ROUNDS {
            let n = (i64::try_from(usual).unwrap_or(0) * days / DAYS).max(2);
            for i in 0..n {
                let way = usize::try_from(i).unwrap_or(0);
                // The first round begins early, so that each way is gone to its end.
                let share = i as f64 / n as f64 * 0.92 + self.rng.random_range(0.0..0.06);
                #[expect(clippy::cast_possible_truncation, reason = "minutes of a month")]
                let at = first + SignedDuration::from_mins((minutes as f64 * share) as i64);
                let from = (way + form as usize) % self.nodes.len();
                self.plan_one(form, way, from, at, None);
            }
        }
        for town in 0..self.nodes.len() {
            self.plan_desks(town, until);
        }
    }

    /// What waits in a city when history ends: a draft to review, one to sign, letters to register, to accept, to answer.
    fn plan_desks(&mut self, town: usize, until: Timestamp) {
        let to = (town + 1) % self.nodes.len();
        let before = |mins| until - SignedDuration::from_mins(mins);
        let half = |cut: fn(Script) -> Script| Some(cut);
        self.plan_one(Form::Lead, 0, town, before(180), half(|s| s));
        self.plan_one(
            Form::Assistance,
            0,
            town,
            before(170),
            half(|s| {
                let from = s.from;
                s.review(from)
            }),
        );
        self.plan_one(Form::Evidence, 0, town, before(200), half(Script::send));
        self.plan_one(Form::Lead, 1, town, before(190), half(Script::send));
        self.plan_one(Form::Assistance, 0, town, before(220), half(|s| s.send().assigned()));
        self.plan_one(Form::Away, 0, to, before(210), half(|s| s.send().register()));
        // What is not seen on a desk but on the pages of cases: evidence that came, a penalty that was recognised.
        self.plan_one(Form::Assistance, 0, town, before(230), half(script::proved));
        self.plan_one(Form::Away, 1, town, before(225), half(script::recognised));
    }

    fn plan_one(
        &mut self,
        form: Form,
        way: usize,
        from: usize,
        at: Timestamp,
        cut: Option<fn(Script) -> Script>,
    ) {
        let to = receiver(from, way, self.nodes.len());
        let fill = self.fill(from, to);
        let matter = matter(form, way, from, &self.nodes, fill, cut, &mut self.rng);
        let n = self.matters.len();
        self.matters.push(matter);
        if cut.is_some() {
            self.task_at(at, Task::Matter(n));
        } else {
            self.next_step(at, n);
        }
    }

    /// What a letter from one city to another is about, at a place in the other.
    fn fill(&mut self, from: usize, to: usize) -> Fill {
        let there = self.lives[to].somewhere(&mut self.rng);
        fill(from, self.lives[from].city().place.region, there, &mut self.rng)
    }
}

/// The city to which a matter goes, by the way that it goes.
pub(super) const fn receiver(from: usize, way: usize, all: usize) -> usize {
    (from + 1 + way % (all - 1)) % all
}

/// What a letter of a city is about, at a place in another.
pub(super) fn fill(
    from: usize,
    region: &str,
    (spot, place, point): (usize, String, Point),
    rng: &mut ChaCha12Rng,
) -> Fill {
    let plate = format!("{}{:03}", PLATES[from % PLATES.len()], rng.random_range(100..1_000));
    Fill { from: region.to_owned(), spot, place, point, plate, n: rng.random_range(2..9) }
}

/// A matter of a form that goes one of its ways, or that way cut off.
pub(super) fn matter(
    form: Form,
    way: usize,
    from: usize,
    nodes: &[NodeCode],
    fill: Fill,
    cut: Option<fn(Script) -> Script>,
    rng: &mut ChaCha12Rng,
) -> Matter {
    let all = nodes.len();
    let to = receiver(from, way, all);
    let third = (0..all).find(|t| *t != from && *t != to).unwrap_or(to);
    // With only two there is nobody to pass it on to.
    let way = if form == Form::Lead && way % script::ways(form) == 3 && third == to { 0 } else { way };
    let way = way % script::ways(form);
    let others: Vec<usize> = (0..all).filter(|t| *t != from).collect();
    let script = match (cut, form) {
        (Some(cut), _) => cut(Script::begin(from, to)).at_any_time(),
        (None, Form::Lead) => script::lead(way, from, to, third, &nodes[third]),
        (None, Form::Assistance) => script::assistance(way, from, to),
        (None, Form::Evidence) => script::evidence(way, from, to),
        (None, Form::Bulletin) => script::bulletin(way, from, &others),
        (None, Form::Dispute) => script::dispute(way, from, to, nodes),
        (None, Form::Away) => script::away(way, from, to),
    };
    let themes = words::themes(form);
    let cites = script.steps.iter().any(|step| matches!(step.deed, Deed::Cite(_)));
    let theme = match form {
        Form::Away => &themes[usize::from(way == 1)],
        Form::Assistance if cites => &themes[1],
        _ => &themes[rng.random_range(0..themes.len())],
    };
    let towns = if form == Form::Bulletin { others } else { vec![to] };
    let mut matter = Matter::new(form, theme, from, towns, fill);
    let letter = &mut matter.letter;
    match form {
        Form::Lead => {
            letter.ground = Some(TransferGround::Place);
            letter.measures = Text::Plain(words::MEASURES[way % words::MEASURES.len()].into());
        }
        Form::Assistance => {
            letter.asks = vec![if theme.list == "HZ-09" { Ask::Serve } else { Ask::Investigate }];
            letter.urgent = way == 1 && cut.is_none();
            if way == 0 {
                letter.asks.push(Ask::TakeEvidence);
            }
        }
        Form::Evidence if way == 3 && cut.is_none() => {
            let goods = |name: &str, quantity, unit: &str| Goods {
                name: name.into(),
                detail: String::new(),
                quantity,
                unit: unit.into(),
                measure: String::new(),
            };
            letter.goods = vec![goods("运输单据", 1, "册"), goods("车辆钥匙", 2, "把")];
        }
        Form::Bulletin => letter.bulletin = Some(BulletinKind::ALL[way % BulletinKind::ALL.len()]),
        Form::Away => {
            letter.away = Some(if way == 1 { AwayKind::Recognise } else { AwayKind::Inspect });
        }
        _ => {}
    }
    matter.files = match form {
        Form::Evidence => 2,
        Form::Lead => 1 + way % 2,
        _ => 0,
    };
    matter.steps = script.steps;
    matter
}
