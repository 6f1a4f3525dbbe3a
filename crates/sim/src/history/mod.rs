//! History: weeks of work of a whole city, made through the real commands under a clock that is set.
//!
//! Time passes in slices of a few minutes. All that people wish to do within a slice is submitted at once, so that the
//! sequencer commits it in one batch; the clocks of the matters are looked at in the same breath. What is refused, or
//! was overtaken by somebody else, is looked at again in the next slices, as people do.

mod duty;
mod matter;
mod photos;
mod staff;
pub(crate) mod words;

use crate::city::{City, CityError};
use crate::clock::SimClock;
use crate::story::{self, Said, Stories, Told};
use duty::{Rota, local};
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::StoreError;
use lianzhi_app::{App, Caller, Done, PlaceInput, Receipt, ReportInput};
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::report::Source;
use matter::{Matter, Scene, Side, Wish};
use photos::Photos;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use staff::{Staff, at_desk, minutes};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Length of a slice, seconds.
const SLICE_S: std::ops::Range<i64> = 180..420;
/// Submissions on the way at once: below what the sequencer's queue holds.
const SUBMIT_MAX: usize = 2_000;
/// Share of reports that somebody makes once more within hours.
const REPEATED: f64 = 0.08;
/// Work that would be done in these last hours is put off in one of three cases, so that every desk has some.
const LAST_HOURS: i64 = 6;

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
    /// Times that clocks asked for something.
    pub ticks: u64,
    /// Entries in the log.
    pub entries: i64,
    /// How often each kind of event came out of a command of a person.
    pub events: BTreeMap<String, u64>,
    /// Names of refusals.
    pub refusals: BTreeMap<&'static str, u64>,
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
    Step { matter: usize, wish: u32 },
    Side { matter: usize, side: Side },
}

struct Act {
    at: Timestamp,
    n: u64,
    what: What,
}

impl PartialEq for Act {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.n) == (other.at, other.n)
    }
}
impl Eq for Act {}
impl PartialOrd for Act {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Act {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.n).cmp(&(other.at, other.n))
    }
}

/// Something submitted, and what came of it.
enum Given {
    Report(Box<Told>, Result<Receipt, Refusal>),
    Step(usize, Option<u32>, Result<Done, Refusal>),
    Side(usize, Side, Result<Done, Refusal>),
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

/// Makes history in a city whose registers are in force. The clock must be the application's own and stand before
/// the first day; it stands at the end afterwards.
///
/// # Errors
/// When the store fails. Refusals of commands are counted, not errors.
pub async fn run(
    app: &App,
    clock: &SimClock,
    city: &City,
    wishes: &Wishes,
    mut progress: impl FnMut(Progress),
) -> Result<Counts, HistoryError> {
    let start = wishes.until - SignedDuration::from_hours(24 * i64::from(wishes.days));
    clock.set(start);
    let before = app.store().journal.head().await?.size;
    let mut rng = ChaCha12Rng::seed_from_u64(wishes.seed);
    let photos = Photos::take(app, start, &mut rng).await?;
    let mut world = World {
        app,
        city,
        until: wishes.until,
        acts: BinaryHeap::new(),
        n: 0,
        matters: Vec::new(),
        staff: Staff::new(app),
        rota: Rota::new(city, app, start),
        photos,
        counts: Counts::default(),
        rng,
    };
    world.plan(start, wishes)?;
    let mut now = start;
    let mut day = 0;
    world.change_turns(now).await;
    while now < wishes.until {
        let slice = SignedDuration::from_secs(world.rng.random_range(SLICE_S));
        now = (now + slice).min(wishes.until);
        clock.set(now);
        while world.rota.next_change() <= now {
            world.change_turns(now).await;
        }
        world.slice(now).await?;
        let done = u32::try_from(now.duration_since(start).as_hours() / 24).unwrap_or(0);
        if done > day {
            day = done;
            progress(Progress { day, days: wishes.days, matters: world.counts.matters });
        }
    }
    world.counts.entries = app.store().journal.head().await?.size - before;
    Ok(world.counts)
}

struct World<'a> {
    app: &'a App,
    city: &'a City,
    until: Timestamp,
    acts: BinaryHeap<Reverse<Act>>,
    n: u64,
    matters: Vec<Matter>,
    staff: Staff,
    rota: Rota,
    photos: Photos,
    counts: Counts,
    rng: ChaCha12Rng,
}

impl World<'_> {
    /// Draws all reports beforehand, hour by hour, and the repeats of some.
    fn plan(&mut self, start: Timestamp, wishes: &Wishes) -> Result<(), HistoryError> {
        let stories = Stories::of(self.city, &mut self.rng)?;
        let hours = i64::from(wishes.days) * 24;
        let mut owed = 0.0;
        for hour in 0..hours {
            let from = start + SignedDuration::from_hours(hour);
            let (day, us) = local(from);
            let of_day = usize::try_from(us / 3_600_000_000).unwrap_or(0);
            // 1970-01-01 was a Thursday.
            owed += story::rate((day + 3) % 7, of_day) * wishes.pace * self.rng.random_range(0.7..1.3);
            while owed >= 1.0 {
                owed -= 1.0;
                let told = stories.tell(u32::try_from(of_day).unwrap_or(0), &mut self.rng);
                let at = minutes(from, 0..60, &mut self.rng);
                if self.rng.random_bool(REPEATED) {
                    let again = stories.again(&told, &mut self.rng);
                    let later = minutes(at, 10..300, &mut self.rng);
                    self.at(later, What::Report(Box::new(again)));
                }
                self.at(at, What::Report(Box::new(told)));
            }
        }
        // Whatever the hour, somebody has just reported something.
        for i in 0..12 {
            let mut told = stories.tell(10, &mut self.rng);
            if i % 4 == 0 {
                told.source = Source::Citizen;
                told.said = Said::Vaguely;
                told.address = "老街那边的菜场附近".into();
            }
            let at = self.until - SignedDuration::from_secs(60 + 70 * i);
            self.at(at, What::Report(Box::new(told)));
        }
        Ok(())
    }

    fn at(&mut self, at: Timestamp, what: What) {
        self.n += 1;
        self.acts.push(Reverse(Act { at, n: self.n, what }));
    }

    fn step_at(&mut self, matter: usize, at: Timestamp) {
        let put_off = at > self.until - SignedDuration::from_hours(LAST_HOURS) && self.rng.random_bool(0.35);
        let at = if put_off { at + SignedDuration::from_hours(LAST_HOURS) } else { at };
        self.matters[matter].wish += 1;
        let wish = self.matters[matter].wish;
        self.at(at, What::Step { matter, wish });
    }

    fn side_at(&mut self, matter: usize, at: Timestamp, side: Side) {
        self.at(at, What::Side { matter, side });
    }

    async fn change_turns(&mut self, now: Timestamp) {
        let (given, refused) = self.rota.change(self.app, now, &mut self.rng).await;
        self.counts.commands += given - refused;
        self.counts.refused += refused;
        self.staff.duty = self.app.duty();
    }

    /// All that happens within a slice that ends now.
    async fn slice(&mut self, now: Timestamp) -> Result<(), HistoryError> {
        let mut due = Vec::new();
        while self.acts.peek().is_some_and(|Reverse(act)| act.at <= now) && due.len() < SUBMIT_MAX {
            due.extend(self.acts.pop().map(|Reverse(act)| act.what));
        }
        due.retain(|what| match what {
            What::Step { matter, wish } => self.matters[*matter].wish == *wish,
            _ => true,
        });
        self.look(&due).await?;
        let app = self.app;
        let mut given: Vec<futures::future::BoxFuture<'_, Given>> = Vec::with_capacity(due.len());
        for what in due {
            match what {
                What::Report(told) => {
                    let (caller, input) = self.intake(&told);
                    given.push(Box::pin(async move {
                        Given::Report(told, app.report(&caller, input, None).await)
                    }));
                }
                What::Step { matter, .. } => {
                    let scene = Scene { now, staff: &self.staff, rota: &self.rota, photos: &self.photos };
                    match self.matters[matter].next(&scene, &mut self.rng) {
                        Wish::Give(caller, command) => {
                            let id = self.matters[matter].id;
                            let hours = command
                                .get("hours")
                                .and_then(serde_json::Value::as_u64)
                                .and_then(|h| u32::try_from(h).ok());
                            given.push(Box::pin(async move {
                                Given::Step(
                                    matter,
                                    hours,
                                    app.command(&caller, id, command, None, None).await,
                                )
                            }));
                        }
                        Wish::Wait(until) => self.step_at(matter, until),
                        Wish::Done => {}
                    }
                }
                What::Side { matter, side } => {
                    let lead = match &side {
                        Side::Join(lead) => Some(self.matters[*lead].id),
                        _ => None,
                    };
                    if let Wish::Give(caller, command) =
                        self.matters[matter].side(&side, lead, &self.staff, &mut self.rng)
                    {
                        let id = self.matters[matter].id;
                        given.push(Box::pin(async move {
                            Given::Side(matter, side, app.command(&caller, id, command, None, None).await)
                        }));
                    }
                }
            }
        }
        let (given, ticked) = futures::join!(futures::future::join_all(given), app.tick());
        self.counts.ticks += ticked? as u64;
        for given in given {
            match given {
                Given::Report(told, answer) => self.registered(now, *told, answer),
                Given::Step(matter, hours, answer) => self.stepped(now, matter, hours, answer),
                Given::Side(matter, side, answer) => self.sided(now, matter, &side, answer),
            }
        }
        Ok(())
    }

    /// How the matters stand for which something is due.
    async fn look(&mut self, due: &[What]) -> Result<(), HistoryError> {
        let mut by_id: BTreeMap<DocketId, usize> = BTreeMap::new();
        for what in due {
            if let What::Step { matter, .. } | What::Side { matter, .. } = what {
                by_id.insert(self.matters[*matter].id, *matter);
            }
        }
        let ids: Vec<DocketId> = by_id.keys().copied().collect();
        for ids in ids.chunks(400) {
            for row in self.app.store().journal.matters(ids).await? {
                let Some(matter) = by_id.get(&row.id).map(|i| &mut self.matters[*i]) else {
                    continue;
                };
                if row.assignee != matter.assignee || row.stage == "assigned" || row.stage == "pooled" {
                    matter.arrived = false;
                }
                (matter.stage, matter.assignee, matter.unit, matter.grid) =
                    (row.stage, row.assignee, row.unit, row.grid);
            }
        }
        Ok(())
    }

    fn intake(&mut self, told: &Told) -> (Caller, ReportInput) {
        let rng = &mut self.rng;
        let town = crate::city::TOWNS[self.city.spots[told.spot].town].code;
        let public = Caller::public(format!("198.51.100.{}", rng.random_range(1..255)));
        let caller = match told.source {
            Source::Hotline => self.staff.any(Role::Hotline, rng),
            Source::Patrol => self.staff.of(Role::Patroller, town, rng),
            Source::Officer => {
                self.staff.on_duty(town, rng).or_else(|| self.staff.of(Role::Officer, town, rng))
            }
            Source::System => Some(Caller::system()),
            _ => None,
        };
        let pointed = told.said == Said::Point;
        let place = PlaceInput {
            lng: pointed.then(|| told.point.lng()),
            lat: pointed.then(|| told.point.lat()),
            crs: None,
            address: Some(told.address.clone()),
        };
        let input = ReportInput {
            category: told.chosen.then(|| told.category.clone()),
            description: told.description.clone(),
            place,
            contact: told.contact.clone(),
            exhibits: Photos::some(&self.photos.before, told.photos, rng),
            source: Some(told.source),
            external: told.external.clone(),
            demand_type: told.demand,
            occurred_at: None,
        };
        (caller.unwrap_or(public), input)
    }

    fn registered(&mut self, now: Timestamp, told: Told, answer: Result<Receipt, Refusal>) {
        let receipt = match answer {
            Ok(receipt) => receipt,
            Err(refusal) => return self.refused(&refusal),
        };
        self.counts.commands += 1;
        self.counts.matters += 1;
        let i = self.matters.len();
        let lead = self.lead_of(&told);
        let (source, chosen) = (told.source, told.chosen);
        self.matters.push(Matter::new(told, &receipt));
        if let Some(at) = self.matters[i].when(now, &mut self.rng) {
            self.step_at(i, at);
        }
        let rng = &mut self.rng;
        let mut sides = Vec::new();
        if !chosen {
            sides.push((minutes(now, 2..14, rng), Side::Classify));
        }
        if let Some(lead) = lead {
            self.counts.repeats += 1;
            if rng.random_bool(0.6) {
                sides.push((minutes(now, 3..10, rng), Side::Join(lead)));
            }
        }
        if source == Source::Hotline {
            sides.push((at_desk(minutes(now, 15..240, rng), rng), Side::Contact));
            if rng.random_bool(0.03) {
                sides.push((minutes(now, 5..40, rng), Side::ReturnOrder));
            }
            if rng.random_bool(0.05) {
                sides.push((minutes(now, 60..1_400, rng), Side::Supervise("urge")));
            }
        }
        let reported = matches!(source, Source::Citizen | Source::Hotline);
        for (share, range, side) in [
            (0.012, 30..600, Side::Supervise("supervise")),
            (0.004, 60..900, Side::Supervise("instruct")),
            (if reported { 0.03 } else { 0.0 }, 10..300, Side::Add),
            (if source == Source::Citizen { 0.012 } else { 0.0 }, 2..12, Side::Withdraw),
            (if reported { 0.012 } else { 0.0 }, 1..8, Side::Dismiss),
            (0.015, 60..200, Side::Help),
        ] {
            if rng.random_bool(share) {
                sides.push((minutes(now, range, rng), side));
            }
        }
        for (at, side) in sides {
            self.side_at(i, at, side);
        }
    }

    /// The open matter that this one repeats: the same kind of thing at the same spot.
    fn lead_of(&self, told: &Told) -> Option<usize> {
        let same = |m: &Matter| {
            m.told.spot == told.spot
                && m.told.category == told.category
                && matches!(m.stage.as_str(), "assigned" | "working" | "pooled")
        };
        // A day's worth of matters is enough to look back.
        let from = self.matters.len().saturating_sub(150);
        (from..self.matters.len()).find(|i| same(&self.matters[*i]))
    }

    fn refused(&mut self, refusal: &Refusal) {
        tracing::debug!(%refusal, code = refusal.code, "refused");
        self.counts.refused += 1;
        *self.counts.refusals.entry(refusal.code).or_default() += 1;
    }

    /// Takes over what a command did; says whether it was carried out.
    fn done(&mut self, matter: usize, answer: Result<Done, Refusal>) -> Option<Done> {
        let done = match answer {
            Ok(done) => done,
            Err(refusal) => {
                self.refused(&refusal);
                return None;
            }
        };
        self.counts.commands += 1;
        for event in &done.events {
            *self.counts.events.entry(event.clone()).or_default() += 1;
        }
        let m = &mut self.matters[matter];
        for event in &done.events {
            match event.as_str() {
                "arrived" => m.arrived = true,
                "dispatched" | "accepted" | "verified" | "reopened" => m.arrived = false,
                _ => {}
            }
        }
        m.stage.clone_from(&done.stage);
        m.assignee.clone_from(&done.assignee);
        m.unit.clone_from(&done.unit);
        m.grid.clone_from(&done.grid);
        Some(done)
    }

    fn stepped(&mut self, now: Timestamp, i: usize, hours: Option<u32>, answer: Result<Done, Refusal>) {
        let Some(done) = self.done(i, answer) else {
            let again = minutes(now, 8..30, &mut self.rng);
            return self.step_at(i, again);
        };
        if let Some(hours) = hours.filter(|_| done.events.iter().any(|e| e == "requested")) {
            let last =
                now > self.until - SignedDuration::from_hours(2 * LAST_HOURS) && self.rng.random_bool(0.5);
            let decided = at_desk(minutes(now, 10..120, &mut self.rng), &mut self.rng);
            if !last {
                self.side_at(i, decided, Side::Approve { hours });
            }
            let after = minutes(decided, 20..90, &mut self.rng);
            return self.step_at(i, after);
        }
        if done.events.iter().any(|e| e == "closed") {
            self.closed(now, i);
        }
        if let Some(at) = self.matters[i].when(now, &mut self.rng) {
            self.step_at(i, at);
        }
    }

    fn sided(&mut self, now: Timestamp, i: usize, side: &Side, answer: Result<Done, Refusal>) {
        let before = self.matters[i].stage.clone();
        let Some(done) = self.done(i, answer) else { return };
        if let (Side::Approve { hours }, "suspended") = (side, done.stage.as_str()) {
            let share = self.rng.random_range(0.4..1.1);
            #[expect(clippy::cast_possible_truncation, reason = "some hundred hours in seconds")]
            let rest = SignedDuration::from_secs((f64::from(*hours) * 3_600.0 * share) as i64);
            self.matters[i].resume_at = Some(now + rest);
        }
        if done.stage != before
            && let Some(at) = self.matters[i].when(now, &mut self.rng)
        {
            self.step_at(i, at);
        }
    }

    /// What follows when a matter is closed: it is rated, the caller is asked, some are opened again.
    fn closed(&mut self, now: Timestamp, i: usize) {
        let source = self.matters[i].told.source;
        let first = !std::mem::replace(&mut self.matters[i].reopened, true);
        let rng = &mut self.rng;
        let mut sides = Vec::new();
        match source {
            Source::Citizen if rng.random_bool(0.28) => {
                sides.push((minutes(now, 20..1_500, rng), Side::Rate))
            }
            Source::Hotline if rng.random_bool(0.6) => {
                sides.push((at_desk(minutes(now, 120..1_800, rng), rng), Side::Revisit));
            }
            _ => {}
        }
        if first && matches!(source, Source::Citizen | Source::Hotline) && rng.random_bool(0.025) {
            sides.push((minutes(now, 300..4_000, rng), Side::Reopen));
        }
        for (at, side) in sides {
            self.side_at(i, at, side);
        }
    }
}
