//! A city that goes on living: citizens, hotline, patrols and squads act on a running node through the application's own
//! commands, at the pace of the hour.
//!
//! The clock stays the real one, so terms are real. Speed is density: reports come `speed` times as often, and every
//! wait of somebody's is so many times shorter; since both change alike, about as many matters are open as at speed 1.
//! What others report is taken up like what the city itself reports, and so is what was open before. Whatever is
//! refused is looked at again later; nothing stops the city but the end of its task.

use super::duty::Rota;
use super::matter::{Matter, Scene, Side, Standing, Wish};
use super::photos::Photos;
use super::staff::{Staff, at_desk, later, minutes};
use super::{Act, HistoryError, REPEATED, sides};
use crate::city::City;
use crate::story::{self, Said, Stories, Told};
use jiff::Timestamp;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::{App, Caller, Hint, PlaceInput, ReportInput};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_procedure::report::{Reporter, Source};
use lianzhi_territory::Point;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

/// Matters that the city keeps in mind; what is beyond waits until others are done.
const KNOWN_MAX: usize = 20_000;
/// Open matters read at once.
const ROWS: i64 = 1_000;
/// Longest sleep before the city looks whether somebody else reported something.
const NAP: Duration = Duration::from_secs(1);

/// How lively a city is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liveliness {
    /// Seed of chance. On a node that has a record already, how long it is goes into it too: a second start does not
    /// tell the same stories again.
    pub seed: u64,
    /// Minutes' worth of events in a minute; 1 is as in a real city.
    pub speed: u32,
}

/// What was done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LiveCounts {
    /// Reports made.
    pub reports: u64,
    /// Commands carried out, duty included.
    pub commands: u64,
    /// Commands and reports refused.
    pub refused: u64,
}

enum Deed {
    /// Perhaps something happens.
    Arrival,
    /// What was reported is reported once more.
    Again(Box<Told>),
    Step {
        id: DocketId,
        wish: u32,
    },
    Side {
        id: DocketId,
        side: Side,
    },
    Turns,
}

impl Deed {
    fn about(&self) -> Option<DocketId> {
        match self {
            Deed::Step { id, .. } | Deed::Side { id, .. } => Some(*id),
            _ => None,
        }
    }
}

struct Known {
    matter: Matter,
    /// Deeds that wait for it; with the last it is forgotten.
    waiting: u32,
}

/// A city at work on a running node.
pub struct LiveCity<'a> {
    app: App,
    city: &'a City,
    stories: Stories<'a>,
    staff: Staff,
    rota: Rota,
    photos: Photos,
    rng: ChaCha12Rng,
    speed: i64,
    acts: BinaryHeap<Reverse<Act<Deed>>>,
    n: u64,
    known: BTreeMap<DocketId, Known>,
    hints: Receiver<Hint>,
    counts: LiveCounts,
}

impl std::fmt::Debug for LiveCity<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LiveCity({} matters, {:?})", self.known.len(), self.counts)
    }
}

impl<'a> LiveCity<'a> {
    /// Takes over a node whose registers are those of the city: looks through what is open and puts duty right.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(app: &App, city: &'a City, how: Liveliness) -> Result<Self, HistoryError> {
        let hints = app.events();
        let now = app.now();
        let head = app.store().journal.head().await?;
        let mut rng = ChaCha12Rng::seed_from_u64(how.seed ^ head.size.unsigned_abs().rotate_left(32));
        let photos = Photos::take(app, now, &mut rng).await?;
        let mut live = LiveCity {
            app: app.clone(),
            city,
            stories: Stories::of(city, &mut rng)?,
            staff: Staff::new(app),
            rota: Rota::new(city, app, now),
            photos,
            rng,
            speed: i64::from(how.speed.max(1)),
            acts: BinaryHeap::new(),
            n: 0,
            known: BTreeMap::new(),
            hints,
            counts: LiveCounts::default(),
        };
        live.look_around().await?;
        live.at(now, Deed::Turns);
        live.await_arrival(now);
        Ok(live)
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> LiveCounts {
        self.counts
    }

    /// When somebody next does something.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.acts.peek().map(|Reverse(act)| act.at)
    }

    /// Goes on for ever; ends with its task.
    pub async fn run(&mut self) {
        loop {
            self.act().await;
            let now = self.app.now();
            let wait =
                self.next().map_or(NAP, |at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
            tokio::time::sleep(wait.min(NAP)).await;
        }
    }

    /// Does what is due by now.
    pub async fn act(&mut self) {
        self.listen().await;
        while self.next().is_some_and(|at| at <= self.app.now()) {
            let Some(Reverse(act)) = self.acts.pop() else { return };
            let now = self.app.now();
            self.staff.duty = (*self.app.duty()).clone();
            let about = act.what.about();
            self.deed(now, act.what).await;
            if let Some(id) = about {
                self.forget(id);
            }
        }
    }

    async fn deed(&mut self, now: Timestamp, deed: Deed) {
        match deed {
            Deed::Arrival => {
                self.await_arrival(now);
                let (day, us) = super::duty::local(now);
                let hour = usize::try_from(us / 3_600_000_000).unwrap_or(0);
                // Drawn at the rate of the busiest hour and thinned out to that of this one. 1970-01-01 was a Thursday.
                let share = story::rate((day + 3) % 7, hour) / story::busiest();
                if self.rng.random_bool(share.clamp(0.0, 1.0)) {
                    let told = self.stories.tell(u32::try_from(hour).unwrap_or(0), &mut self.rng);
                    if self.rng.random_bool(REPEATED) {
                        let again = self.stories.again(&told, &mut self.rng);
                        let at = minutes(now, 10..300, &mut self.rng);
                        self.at(self.sooner(now, at), Deed::Again(Box::new(again)));
                    }
                    self.report(now, told).await;
                }
            }
            Deed::Again(told) => self.report(now, *told).await,
            Deed::Step { id, wish } => self.step(now, id, wish).await,
            Deed::Side { id, side } => self.side(now, id, &side).await,
            Deed::Turns => self.turns(now).await,
        }
    }

    /// One deed less waits for a matter.
    fn forget(&mut self, id: DocketId) {
        if let Some(known) = self.known.get_mut(&id) {
            known.waiting = known.waiting.saturating_sub(1);
            if known.waiting == 0 {
                self.known.remove(&id);
            }
        }
    }

    fn at(&mut self, at: Timestamp, deed: Deed) {
        if let Some(known) = deed.about().and_then(|id| self.known.get_mut(&id)) {
            known.waiting += 1;
        }
        self.n += 1;
        self.acts.push(Reverse(Act { at, n: self.n, what: deed }));
    }

    /// A wait as it is at this speed.
    fn sooner(&self, now: Timestamp, at: Timestamp) -> Timestamp {
        later(now, (at.as_microsecond() - now.as_microsecond()).max(0) / self.speed)
    }

    fn step_at(&mut self, now: Timestamp, id: DocketId, at: Timestamp) {
        let Some(known) = self.known.get_mut(&id) else { return };
        known.matter.wish += 1;
        let wish = known.matter.wish;
        self.at(self.sooner(now, at), Deed::Step { id, wish });
    }

    /// When somebody gets round to the next step.
    fn plan_step(&mut self, now: Timestamp, id: DocketId) {
        let at = self.known.get(&id).and_then(|known| known.matter.when(now, &mut self.rng));
        if let Some(at) = at {
            self.step_at(now, id, at);
        }
    }

    fn plan_sides(&mut self, now: Timestamp, id: DocketId, sides: Vec<(Timestamp, Side)>) {
        for (at, side) in sides {
            self.at(self.sooner(now, at), Deed::Side { id, side });
        }
    }

    fn await_arrival(&mut self, now: Timestamp) {
        let hours = -self.rng.random_range(f64::EPSILON..1.0).ln() / story::busiest();
        #[expect(clippy::cast_possible_truncation, reason = "some hours in microseconds")]
        let wait = (hours * 3.6e9) as i64;
        self.at(self.sooner(now, later(now, wait)), Deed::Arrival);
    }

    /// Takes up what others reported since.
    async fn listen(&mut self) {
        let mut new = Vec::new();
        loop {
            match self.hints.try_recv() {
                Ok(hint) if hint.kind == Kind::Report.code() && !self.known.contains_key(&hint.docket) => {
                    new.push(hint.docket);
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => {
                    if let Err(error) = self.look_around().await {
                        tracing::debug!(%error, "open matters not read");
                    }
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        new.sort_unstable();
        new.dedup();
        if !new.is_empty()
            && let Ok(rows) = self.app.store().journal.matters(&new).await
        {
            rows.iter().filter(|row| row.open).for_each(|row| self.meet(row));
        }
    }

    /// Looks through all that is open.
    async fn look_around(&mut self) -> Result<(), HistoryError> {
        let mut after = DocketId(-1);
        loop {
            let rows = self.app.store().journal.open_matters(after, ROWS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            rows.iter().for_each(|row| self.meet(row));
        }
    }

    /// Takes up a matter that somebody else reported, or that was there before.
    fn meet(&mut self, row: &MatterRow) {
        let full = self.known.len() >= KNOWN_MAX;
        if full || row.kind != Kind::Report.code() || self.known.contains_key(&row.id) {
            return;
        }
        let (now, category) = (self.app.now(), row.category.clone().unwrap_or_default());
        let somewhere = self.rng.random_range(0..self.city.spots.len());
        let point = row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 });
        let told = Told {
            manner: self.stories.manner(&category),
            chosen: !category.is_empty(),
            category,
            // At none of the city's own spots.
            spot: self.city.spots.len(),
            point: point.unwrap_or(self.city.spots[somewhere].point),
            said: if point.is_some() { Said::Point } else { Said::Vaguely },
            source: Source::from_code(&row.source).unwrap_or(Source::Citizen),
            description: row.title.clone(),
            address: row.address.clone(),
            contact: row.complainant.map(|_| Reporter::default()),
            external: None,
            demand: None,
            photos: 0,
        };
        self.known
            .insert(row.id, Known { matter: Matter::new(told, row.id, Standing::of_row(row)), waiting: 0 });
        self.plan_step(now, row.id);
        if row.category.is_none() {
            let category = self.app.suggest(&row.title).into_iter().next().map(|c| c.code);
            if let (Some(category), Some(known)) = (category, self.known.get_mut(&row.id)) {
                known.matter.told.manner = self.stories.manner(&category);
                known.matter.told.category = category;
                let at = minutes(now, 2..14, &mut self.rng);
                self.plan_sides(now, row.id, vec![(at, Side::Classify)]);
            }
        }
        if self.known.get(&row.id).is_some_and(|known| known.waiting == 0) {
            self.known.remove(&row.id);
        }
    }

    /// Those whose turn it is are on duty.
    async fn turns(&mut self, now: Timestamp) {
        for turned in self.rota.put_right(now, &self.staff.duty, &mut self.rng) {
            let who = Caller::person(turned.person, "");
            match self.app.duty_command(&who, &turned.unit, turned.command).await {
                Ok(_) => self.counts.commands += 1,
                Err(refusal) => self.refused(&refusal),
            }
        }
        self.at(self.rota.next_change(), Deed::Turns);
    }

    async fn report(&mut self, now: Timestamp, told: Told) {
        let town = self.city.place.towns[self.city.spots[told.spot].town].code;
        let caller = self.staff.teller(told.source, town, &mut self.rng);
        let point = (told.said == Said::Point).then_some(told.point);
        let input = ReportInput {
            category: told.chosen.then(|| told.category.clone()),
            description: told.description.clone(),
            place: PlaceInput {
                lng: point.map(Point::lng),
                lat: point.map(Point::lat),
                crs: None,
                address: Some(told.address.clone()),
            },
            contact: told.contact.clone(),
            exhibits: Photos::some(&self.photos.before, told.photos, &mut self.rng),
            source: Some(told.source),
            external: told.external.clone(),
            demand_type: told.demand,
            occurred_at: None,
            same_as: None,
        };
        let receipt = match self.app.report(&caller, input, None).await {
            Ok(receipt) => receipt,
            Err(refusal) => return self.refused(&refusal),
        };
        self.counts.reports += 1;
        let (id, lead) = (DocketId(receipt.id), self.lead_of(&told));
        let standing = Standing {
            stage: receipt.stage,
            assignee: receipt.assignee,
            unit: receipt.unit,
            grid: receipt.grid,
        };
        let sides = sides::after_report(&told, lead, now, &mut self.rng);
        self.known.insert(id, Known { matter: Matter::new(told, id, standing), waiting: 0 });
        self.plan_step(now, id);
        self.plan_sides(now, id, sides);
    }

    /// The open matter that this one repeats: the same kind of thing at the same spot.
    fn lead_of(&self, told: &Told) -> Option<DocketId> {
        let same = |m: &Matter| {
            m.told.spot == told.spot
                && m.told.category == told.category
                && matches!(m.stage.as_str(), "assigned" | "working" | "pooled")
        };
        self.known.values().map(|known| &known.matter).find(|m| same(m)).map(|m| m.id)
    }

    /// How a matter stands now, others having moved it too.
    async fn look(&mut self, id: DocketId) -> bool {
        let rows = self.app.store().journal.matters(&[id]).await;
        let row = rows.ok().and_then(|mut rows| rows.pop());
        let (Some(row), Some(known)) = (row, self.known.get_mut(&id)) else { return false };
        known.matter.stands(Standing::of_row(&row));
        true
    }

    async fn step(&mut self, now: Timestamp, id: DocketId, wish: u32) {
        if self.known.get(&id).is_none_or(|known| known.matter.wish != wish) {
            return;
        }
        if !self.look(id).await {
            // The store does not answer: like anybody, the city tries again.
            let again = minutes(now, 8..30, &mut self.rng);
            return self.step_at(now, id, again);
        }
        let scene = Scene { now, staff: &self.staff, rota: &self.rota, photos: &self.photos };
        let Some(known) = self.known.get_mut(&id) else { return };
        match known.matter.next(&scene, &mut self.rng) {
            Wish::Give(caller, command) => {
                let hours = command.get("hours").and_then(Value::as_u64).and_then(|h| u32::try_from(h).ok());
                let events = self.give(id, &caller, command).await;
                self.stepped(now, id, hours, events);
            }
            Wish::Wait(until) => self.step_at(now, id, until),
            Wish::Done => {}
        }
    }

    fn stepped(&mut self, now: Timestamp, id: DocketId, hours: Option<u32>, events: Option<Vec<String>>) {
        let Some(events) = events else {
            let again = minutes(now, 8..30, &mut self.rng);
            return self.step_at(now, id, again);
        };
        let happened = |what: &str| events.iter().any(|e| e == what);
        if let Some(hours) = hours.filter(|_| happened("requested")) {
            let decided = at_desk(minutes(now, 10..120, &mut self.rng), &mut self.rng);
            self.plan_sides(now, id, vec![(decided, Side::Approve { hours })]);
            let after = minutes(decided, 20..90, &mut self.rng);
            return self.step_at(now, id, after);
        }
        if happened("closed")
            && let Some(known) = self.known.get_mut(&id)
        {
            let first = !std::mem::replace(&mut known.matter.reopened, true);
            let sides = sides::after_close(known.matter.told.source, first, now, &mut self.rng);
            self.plan_sides(now, id, sides);
        }
        self.plan_step(now, id);
    }

    async fn side(&mut self, now: Timestamp, id: DocketId, side: &Side) {
        if !self.look(id).await {
            return;
        }
        let Some(known) = self.known.get(&id) else { return };
        let before = known.matter.stage.clone();
        let Wish::Give(caller, command) = known.matter.side(side, &self.staff, &mut self.rng) else { return };
        if self.give(id, &caller, command).await.is_none() {
            return;
        }
        let Some(known) = self.known.get_mut(&id) else { return };
        if let (Side::Approve { hours }, "suspended") = (side, known.matter.stage.as_str()) {
            let rest = self.rng.random_range(i64::from(*hours) * 1_440..i64::from(*hours) * 3_960);
            known.matter.resume_at = Some(later(now, rest * 1_000_000));
        }
        if known.matter.stage != before {
            self.plan_step(now, id);
        }
    }

    /// Gives a command; the events that came of it, or none when it was refused.
    async fn give(&mut self, id: DocketId, caller: &Caller, mut command: Value) -> Option<Vec<String>> {
        let known = self.known.get(&id)?;
        if matches!(command.get("command").and_then(Value::as_str), Some("arrive" | "place")) {
            command["lng"] = Value::from(known.matter.told.point.lng());
            command["lat"] = Value::from(known.matter.told.point.lat());
        }
        let answer = self.app.command(caller, id, command, None, None).await;
        let matter = &mut self.known.get_mut(&id)?.matter;
        match answer {
            Ok(done) => {
                self.counts.commands += 1;
                matter.stands(Standing {
                    stage: done.stage,
                    assignee: done.assignee,
                    unit: done.unit,
                    grid: done.grid,
                });
                matter.happened(&done.events);
                Some(done.events)
            }
            Err(refusal) => {
                // Of what was there before the city does not know whether somebody has arrived: next time it is tried
                // the other way round.
                matter.arrived = matter.stage == "working" && !matter.arrived;
                self.refused(&refusal);
                None
            }
        }
    }

    fn refused(&mut self, refusal: &lianzhi_procedure::Refusal) {
        tracing::debug!(%refusal, code = refusal.code, "refused");
        self.counts.refused += 1;
    }
}
