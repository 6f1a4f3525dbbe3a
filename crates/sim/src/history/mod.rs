//! History: weeks of work of a whole city under a simulated clock, through the real procedures: whatever people wish
//! is a command that is authorised, decided, folded, sealed and projected like any other, at its own instant.
//!
//! Wishes wait in one queue by time, together with clocks that want to be looked at and changes of shifts. What is
//! refused, or was overtaken by somebody else, is looked at again some minutes later, as people do.

pub(crate) mod act;
mod cases;
mod commands;
mod counting;
mod duty;
mod holdings;
mod live;
mod matter;
mod petty;
pub(crate) mod photos;
mod rare;
mod repeats;
pub(crate) mod shared;
mod sides;
mod signed;
pub(crate) mod staff;
mod themes;
mod treasury;
mod turns;
mod ways;
pub(crate) mod words;
mod written;

pub use live::{LiveCity, LiveCounts, Liveliness};

use crate::city::{City, CityError};
use crate::clock::SimClock;
use crate::ledger::{Ledger, time};
use crate::story::{self, Said, Stories, Told};
use act::Doing;
use duty::{Rota, local};
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{Batch, Entropy, StoreError};
use lianzhi_app::world::World;
use lianzhi_app::{App, Caller, Keys};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::report::Source;
use matter::Side;
use photos::Photos;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use repeats::Recent;
use serde::{Deserialize, Serialize};
use staff::{Staff, minutes};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// Entries that share a transaction.
const BATCH_ENTRIES: usize = 1_500;
/// Share of reports that somebody makes once more within hours.
const REPEATED: f64 = 0.08;
/// Desk work that would be done in these last hours is put off in one of three cases, so that every desk has some.
/// What has a term of minutes or hours is not: whoever is on the way arrives.
const LAST_HOURS: i64 = 6;
/// Days before the first one in which nothing but some cases happens: what ends at a court began long ago.
const EARLIER_DAYS: i64 = 95;
/// By how much the seed of cases is another than that of the reports.
const CASE_SEED: u64 = 0x5eed;

/// What history is wished for.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Until when, usually now.
    pub until: Timestamp,
    /// How many days before that.
    pub days: u32,
    /// Seed of chance.
    pub seed: u64,
    /// Reports in proportion to the usual hundred and more a day: 1.0 is as usual.
    pub pace: f64,
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Matters.
    pub matters: u64,
    /// Of them repeats of another.
    pub repeats: u64,
    /// Commands that were carried out, reports and duty included.
    pub commands: u64,
    /// Commands that were refused: somebody was quicker, or the rule said no.
    pub refused: u64,
    /// Times that a clock asked for something.
    pub ticks: u64,
    /// Entries in the log.
    pub entries: i64,
    /// How often each kind of event came out of a command of a person.
    pub events: BTreeMap<String, u64>,
    /// Names of refusals.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Number and follow code of the latest citizen's report in each stage.
    pub follow: Vec<Followed>,
}

/// A report with the code that its reporter was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Number.
    pub number: String,
    /// Follow code.
    pub follow_code: String,
    /// Stage when history ended.
    pub stage: String,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Days done.
    pub day: u32,
    /// Days in all.
    pub days: u32,
    /// Matters so far.
    pub matters: u64,
}

/// Why no history can be made.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The tables of this crate are wrong.
    #[error(transparent)]
    City(#[from] CityError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A picture could not be made.
    #[error(transparent)]
    Picture(#[from] image::ImageError),
    /// The registers of the city could not be put.
    #[error("registers: {0}")]
    Register(Refusal),
    /// A step that must be possible was refused: a fault of this crate.
    #[error("step: {0}")]
    Step(Refusal),
}

enum What {
    Report(Box<Told>),
    Step {
        matter: usize,
        wish: u32,
    },
    Side {
        matter: usize,
        side: Side,
    },
    Case {
        case: usize,
    },
    /// A decision on the spot or slips take their next step.
    Petty {
        walk: usize,
    },
    /// The store of goods is counted.
    Count(counting::Counting),
}

/// What waits to be written down.
pub(crate) struct Written {
    pub(crate) files: Vec<crate::ledger::NewFile>,
    pub(crate) batch: Batch,
}

/// Something that waits for its time; what was wished first comes first.
struct Act<W> {
    at: Timestamp,
    n: u64,
    what: W,
}

impl<W> PartialEq for Act<W> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.n) == (other.at, other.n)
    }
}
impl<W> Eq for Act<W> {}
impl<W> PartialOrd for Act<W> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<W> Ord for Act<W> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.n).cmp(&(other.at, other.n))
    }
}

/// The application's own randomness.
struct Chance(App);

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.random(bytes);
    }
}

/// When the clock of a node stands as its registers are put: before anything of its history.
#[must_use]
pub fn eve(until: Timestamp, days: u32) -> Timestamp {
    until - SignedDuration::from_hours(24 * (i64::from(days) + EARLIER_DAYS) + 1)
}

/// Puts the city's registers, as the node itself.
///
/// # Errors
/// When one is refused.
pub async fn settle(app: &App, city: &City) -> Result<(), HistoryError> {
    app.put_registers(&Caller::system(), city.registers.clone())
        .await
        .map(|_| ())
        .map_err(HistoryError::Register)
}

/// A city whose registers are in force and that has no history yet.
#[derive(Debug, Clone)]
pub struct Town {
    /// Its node. Nobody else may write to it while history is made.
    pub app: App,
    /// The node's keys, those of the exchange included where cities work together.
    pub keys: Keys,
    /// The application's own clock. It must stand at the [`eve`] or before; it stands at the end afterwards.
    pub clock: Arc<SimClock>,
    /// The city.
    pub city: City,
    /// What is wished.
    pub wishes: Wishes,
}

/// Makes history in a city by itself.
///
/// # Errors
/// When the store fails. Refusals of commands are counted, not errors.
pub async fn run(
    app: &App,
    keys: Keys,
    clock: &Arc<SimClock>,
    city: &City,
    wishes: &Wishes,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Counts, HistoryError> {
    let (app, clock, city, wishes) = (app.clone(), clock.clone(), city.clone(), wishes.clone());
    let town = Town { app, keys, clock, city, wishes };
    let made = run_all(vec![town], Vec::new(), move |_, so_far| progress(so_far)).await?;
    made.counts.into_iter().next().ok_or_else(|| HistoryError::Step(Refusal::missing("没有城市。")))
}

/// What became of cities whose history was made together.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Of each city, in their order.
    pub counts: Vec<Counts>,
    /// What they did together; nothing of a city by itself.
    pub together: crate::together::Counts,
}

/// Makes the history of all cities side by side, and what they do together. `addresses` are those of their exchanges, in
/// the same order; cities without addresses do not work together. Progress names the city by its place in the list.
///
/// # Errors
/// When a store fails, or the cities cannot found their compact.
pub async fn run_all(
    towns: Vec<Town>,
    addresses: Vec<String>,
    progress: impl Fn(usize, Progress) + Send + Sync + 'static,
) -> Result<Made, HistoryError> {
    let mut lives = Vec::with_capacity(towns.len());
    let mut senders = Vec::with_capacity(towns.len());
    let mut writers = Vec::with_capacity(towns.len());
    let mut before = Vec::with_capacity(towns.len());
    for town in &towns {
        let life = Doing::prepare(town).await?;
        before.push(life.ledger.batch.on.size);
        lives.push(life);
        let (sender, mut batches) = tokio::sync::mpsc::channel::<Written>(2);
        senders.push(sender);
        let app = town.app.clone();
        writers.push(tokio::spawn(async move {
            while let Some(Written { files, batch }) = batches.recv().await {
                photos::put(&app, files).await?;
                app.store().journal.commit(&batch).await?;
            }
            Ok::<_, StoreError>(())
        }));
    }
    let working_together = addresses.len() > 1 && addresses.len() == towns.len();
    if working_together {
        share_photos(&towns, &mut lives).await?;
    }
    // One thread lives the days, others write them down.
    let write = move |n: usize, written: Written, so_far: Progress| {
        progress(n, so_far);
        senders.get(n).is_some_and(|sender| sender.blocking_send(written).is_ok())
    };
    let lived = tokio::task::spawn_blocking(move || {
        let mut region = crate::together::Region::new(lives);
        if working_together {
            region.found(&addresses)?;
        }
        region.live(&write);
        Ok::<_, HistoryError>(region.finish())
    });
    let lived = lived.await.map_err(|e| StoreError::Engine(e.to_string()))?;
    for writer in writers {
        writer.await.map_err(|e| StoreError::Engine(e.to_string()))??;
    }
    let mut made = lived?;
    for ((town, counts), before) in towns.iter().zip(&mut made.counts).zip(before) {
        town.clock.set(town.wishes.until);
        town.app.reload().await?;
        treasury::import(&town.app).await?;
        counts.entries = town.app.store().journal.head().await?.size - before;
    }
    Ok(made)
}

/// Lets every city have the files that others may send it: fetched from them, they would be the same bytes.
async fn share_photos(towns: &[Town], lives: &mut [Doing]) -> Result<(), HistoryError> {
    let all: Vec<_> = lives.iter().map(|life| life.photos.to_send.clone()).collect();
    for (n, town) in towns.iter().enumerate() {
        let others = all.iter().enumerate().filter(|(of, _)| *of != n).flat_map(|(_, files)| files);
        photos::receive(&town.app, town.start(), others).await?;
    }
    Ok(())
}

impl Town {
    fn start(&self) -> Timestamp {
        self.wishes.until - SignedDuration::from_hours(24 * i64::from(self.wishes.days))
    }
}

/// Draws all reports beforehand, hour by hour, and the repeats of some.
fn plan(doing: &mut Doing, start: Timestamp, wishes: &Wishes) -> Result<(), HistoryError> {
    let city = doing.city.clone();
    let stories = Stories::of(&city, &mut doing.rng)?;
    let hours = i64::from(wishes.days) * 24;
    let mut owed = 0.0;
    for hour in 0..hours {
        let from = start + SignedDuration::from_hours(hour);
        let (day, us) = local(from);
        let of_day = usize::try_from(us / 3_600_000_000).unwrap_or(0);
        // 1970-01-01 was a Thursday.
        owed += story::rate((day + 3) % 7, of_day) * wishes.pace * doing.rng.random_range(0.7..1.3);
        while owed >= 1.0 {
            owed -= 1.0;
            let told = stories.tell(u32::try_from(of_day).unwrap_or(0), &mut doing.rng);
            let at = minutes(from, 0..60, &mut doing.rng);
            if doing.rng.random_bool(REPEATED) {
                let again = stories.again(&told, &mut doing.rng);
                let later = minutes(at, 10..300, &mut doing.rng);
                doing.at(later, What::Report(Box::new(again)));
            }
            doing.at(at, What::Report(Box::new(told)));
        }
    }
    // Whatever the hour, somebody has just reported something.
    for i in 0..12 {
        let mut told = stories.tell(10, &mut doing.rng);
        if i % 4 == 0 {
            told.source = Source::Citizen;
            told.said = Said::Vaguely;
            told.address = "老街那边的菜场附近".into();
        }
        let at = wishes.until - SignedDuration::from_secs(60 + 70 * i);
        doing.at(at, What::Report(Box::new(told)));
    }
    Ok(())
}

impl Doing {
    /// A city before its first day.
    async fn prepare(town: &Town) -> Result<Doing, HistoryError> {
        let (app, city, wishes, start) = (&town.app, Arc::new(town.city.clone()), &town.wishes, town.start());
        let eve = eve(wishes.until, wishes.days);
        town.clock.set(start);
        let journal = &app.store().journal;
        let head = journal.head().await?;
        let mut rng = ChaCha12Rng::seed_from_u64(wishes.seed);
        let mut photos = Photos::take(app, eve, &mut rng).await?;
        photos.take_of_cases(app, eve).await?;
        let (world, _) = World::build(&city.node()?, &journal.registers().await?);
        let (staff, rota) = (Staff::new(app), Rota::new(&city, app, start));
        let (entropy, generation) = (Arc::new(Chance(app.clone())), app.config().generation);
        let keys = town.keys.clone();
        let mut doing = Doing {
            ledger: Ledger::new(world, keys, entropy, head, Default::default(), generation),
            city,
            seed: wishes.seed,
            start,
            days: wishes.days,
            until: wishes.until,
            acts: BinaryHeap::new(),
            n: 0,
            matters: Vec::new(),
            cases: Vec::new(),
            petty: Vec::new(),
            countings: Vec::new(),
            staff,
            rota,
            photos,
            recent: Recent::default(),
            counts: Counts::default(),
            codes: Vec::new(),
            giver: app.clone(),
            rng,
            case_rng: ChaCha12Rng::seed_from_u64(wishes.seed.wrapping_add(CASE_SEED)),
        };
        plan(&mut doing, start, wishes)?;
        doing.plan_cases();
        doing.plan_petty();
        doing.plan_counts();
        doing.live(start - SignedDuration::from_secs(1));
        doing.open_duty(start);
        Ok(doing)
    }

    /// Lives through all that waits until then.
    pub(crate) fn live(&mut self, until: Timestamp) {
        let until = until.min(self.until);
        loop {
            let act = self.acts.peek().map(|Reverse(act)| act.at);
            let wake = self.ledger.next_wake().map(time);
            let change = Some(self.rota.next_change());
            let Some(next) = [act, wake, change].into_iter().flatten().min().filter(|t| *t <= until) else {
                return;
            };
            if Some(next) == change {
                self.change_turns(next);
            } else if Some(next) == wake {
                self.counts.ticks += u64::from(self.ledger.wake());
            } else if let Some(Reverse(act)) = self.acts.pop() {
                self.act(act.at, act.what);
            }
        }
    }

    /// What waits to be written, once it is enough for a transaction or history is at its end.
    pub(crate) fn due_batch(&mut self, now: Timestamp) -> Option<(Written, Progress)> {
        let least = if now >= self.until { 1 } else { BATCH_ENTRIES };
        if self.ledger.waiting() < least {
            return None;
        }
        let day = u32::try_from(now.duration_since(self.start).as_hours() / 24).unwrap_or(0);
        let files = std::mem::take(&mut self.ledger.files);
        let written = Written { files, batch: self.ledger.batch() };
        Some((written, Progress { day, days: self.days, matters: self.counts.matters }))
    }

    /// From when and until when history goes.
    pub(crate) fn span(&self) -> (Timestamp, Timestamp) {
        (self.start, self.until)
    }

    /// What was made.
    pub(crate) fn finish(mut self) -> Counts {
        self.counts.follow = self.followed();
        self.counts
    }
}
