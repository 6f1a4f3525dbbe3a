//! Members that go on working together while they run: letters are drafted, signed and answered through the applications' own
//! commands, and travel between the nodes over HTTP like any other.
//!
//! As in a live city the clock stays the real one and speed is density. What a step waits for may still be on its way: then
//! it is tried again, like somebody who looks into the post once more.

use super::office::{Hand, Matter, Over, two_officers};
use super::script::{self, Deed, Step};
use super::{plan, words};
use crate::city::City;
use crate::history::photos::Photos;
use crate::history::staff::{Staff, later, minutes};
use crate::history::{HistoryError, Liveliness};
use jiff::Timestamp;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::{App, Hint, Side, partners_of};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{DocketId, NodeCode, SharedId};
use lianzhi_procedure::cooperation::Command;
use lianzhi_procedure::{Kind, Refusal};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

/// Matters that members begin in a day, all together.
const MATTERS_A_DAY: f64 = 24.0;
/// Matters on their way at once; beyond it none is begun until others are done.
const MATTERS_MAX: usize = 200;
/// How often a step is tried before its matter is left to itself.
const TRIES_MAX: u32 = 12;
/// Longest sleep before somebody looks whether a letter came that nobody here thought of.
const NAP: Duration = Duration::from_secs(1);
/// Forms that are begun, in turn: the everyday ones more often.
const FORMS: [Form; 7] =
    [Form::Lead, Form::Assistance, Form::Lead, Form::Evidence, Form::Assistance, Form::Bulletin, Form::Away];

/// What was done so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TogetherCounts {
    /// Matters that were begun, by form.
    pub begun: BTreeMap<&'static str, u64>,
    /// Letters that were answered though nobody here wrote them.
    pub met: u64,
    /// Commands that were carried out.
    pub commands: u64,
    /// Commands that had to be tried again, or were refused.
    pub again: u64,
    /// Matters that went to the end of their script.
    pub done: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Arrival,
    Step(usize),
}

/// A member with its people.
struct Office<'a> {
    app: App,
    city: &'a City,
    staff: Staff,
    photos: Photos,
    hints: Receiver<Hint>,
}

/// Members at work with each other.
pub struct LiveRegion<'a> {
    offices: Vec<Office<'a>>,
    nodes: Vec<NodeCode>,
    matters: BTreeMap<usize, (Matter, u32)>,
    /// Shared matters that have their script.
    known: BTreeSet<SharedId>,
    acts: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    n: u64,
    begun: usize,
    speed: i64,
    rng: ChaCha12Rng,
    counts: TogetherCounts,
}

impl std::fmt::Debug for LiveRegion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LiveRegion({} matters, {:?})", self.matters.len(), self.counts)
    }
}

impl<'a> LiveRegion<'a> {
    /// Takes over members whose registers are those of their cities; none when fewer than two of them are in one compact in
    /// force.
    ///
    /// # Errors
    /// When a store cannot be read or written.
    pub async fn open(members: Vec<(App, &'a City)>, how: Liveliness) -> Result<Option<Self>, HistoryError> {
        let in_force = |app: &App| app.directory().roster.is_some();
        let members: Vec<_> = members.into_iter().filter(|(app, _)| in_force(app)).collect();
        let Some((first, _)) = members.first().filter(|_| members.len() > 1) else { return Ok(None) };
        let head = first.store().journal.head().await?;
        let mut rng = ChaCha12Rng::seed_from_u64(how.seed ^ head.size.unsigned_abs().rotate_left(16));
        let (now, mut offices) = (first.now(), Vec::with_capacity(members.len()));
        for (app, city) in members {
            let photos = Photos::take(&app, now, &mut rng).await?;
            offices.push(Office { hints: app.events(), staff: Staff::new(&app), photos, city, app });
        }
        let mut region = LiveRegion {
            nodes: offices.iter().map(|office| office.app.config().node.clone()).collect(),
            offices,
            matters: BTreeMap::new(),
            known: BTreeSet::new(),
            acts: BinaryHeap::new(),
            n: 0,
            begun: 0,
            speed: i64::from(how.speed.max(1)),
            rng,
            counts: TogetherCounts::default(),
        };
        region.await_arrival(now);
        Ok(Some(region))
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> &TogetherCounts {
        &self.counts
    }

    /// When somebody next does something.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.acts.peek().map(|Reverse((at, ..))| *at)
    }

    fn now(&self) -> Timestamp {
        self.offices.first().map_or(Timestamp::MIN, |office| office.app.now())
    }

    /// Goes on for ever; ends with its task.
    pub async fn run(&mut self) {
        loop {
            self.act().await;
            let wait = self
                .next()
                .map_or(NAP, |at| Duration::try_from(at.duration_since(self.now())).unwrap_or_default());
            tokio::time::sleep(wait.min(NAP)).await;
        }
    }

    /// Does what is due by now.
    pub async fn act(&mut self) {
        self.look_into_the_post().await;
        while self.next().is_some_and(|at| at <= self.now()) {
            let Some(Reverse((_, _, due))) = self.acts.pop() else { return };
            let now = self.now();
            match due {
                Due::Arrival => {
                    self.await_arrival(now);
                    self.begin_one(now);
                }
                Due::Step(n) => self.step(now, n).await,
            }
        }
    }

    fn at(&mut self, at: Timestamp, due: Due) {
        self.n += 1;
        self.acts.push(Reverse((at, self.n, due)));
    }

    /// A wait as it is at this speed.
    fn sooner(&self, now: Timestamp, at: Timestamp) -> Timestamp {
        later(now, (at.as_microsecond() - now.as_microsecond()).max(0) / self.speed)
    }

    fn await_arrival(&mut self, now: Timestamp) {
        let days = -self.rng.random_range(f64::EPSILON..1.0).ln() / MATTERS_A_DAY;
        #[expect(clippy::cast_possible_truncation, reason = "some days in microseconds")]
        let wait = (days * 8.64e10) as i64;
        let at = self.sooner(now, later(now, wait));
        self.at(at, Due::Arrival);
    }

    /// The next matter, from one member to the next: each form in its turn, and each way that it can go.
    fn begin_one(&mut self, now: Timestamp) {
        if self.matters.len() >= MATTERS_MAX {
            return;
        }
        let n = self.begun;
        self.begun += 1;
        let (form, all) = (FORMS[n % FORMS.len()], self.nodes.len());
        let (way, from) = (n / FORMS.len() + n, (n + n / FORMS.len()) % all);
        let there = &self.offices[plan::receiver(from, way, all)].city.spots;
        let spot = self.rng.random_range(0..there.len());
        let place = (spot, there[spot].address.clone(), there[spot].point);
        let fill = plan::fill(from, self.offices[from].city.place.region, place, &mut self.rng);
        let matter = plan::matter(form, way, from, &self.nodes, fill, None, &mut self.rng);
        self.matters.insert(n, (matter, 0));
        self.plan_step(now, n);
    }

    /// When somebody gets round to the next step; the matter is forgotten when there is none.
    fn plan_step(&mut self, now: Timestamp, n: usize) {
        let next = self.matters.get(&n).map(|(matter, _)| matter.next_at(now, &mut self.rng));
        match next {
            Some(Some(at)) => {
                let at = self.sooner(now, at);
                self.at(at, Due::Step(n));
            }
            Some(None) => {
                self.matters.remove(&n);
                self.counts.done += 1;
            }
            None => {}
        }
    }

    async fn step(&mut self, now: Timestamp, n: usize) {
        let Some((mut matter, tries)) = self.matters.remove(&n) else { return };
        let Some(step) = matter.steps.get(matter.next).cloned() else { return };
        let done = self.deed(&mut matter, &step).await;
        match done {
            Ok(()) => {
                self.counts.commands += 1;
                matter.next += 1;
                self.matters.insert(n, (matter, 0));
                self.plan_step(now, n);
            }
            Err(refusal) => {
                let form = matter.form.code();
                tracing::debug!(form, deed = ?step.deed, %refusal, code = refusal.code, "not yet");
                self.counts.again += 1;
                if tries < TRIES_MAX {
                    self.matters.insert(n, (matter, tries + 1));
                    let at = minutes(now, 5..30, &mut self.rng);
                    let at = self.sooner(now, at);
                    self.at(at, Due::Step(n));
                }
            }
        }
    }

    async fn deed(&mut self, matter: &mut Matter, step: &Step) -> Result<(), Refusal> {
        let (office, from) = (&self.offices[step.town], &self.offices[matter.from]);
        let (own, theirs) = (office.photos.sendable(), from.photos.sendable());
        if matches!(step.deed, Deed::Begin) {
            let caller = matter.who(step.town, script::By::Drafter, &office.staff, &mut self.rng)?;
            let officers = two_officers(&office.app.directory());
            let letter = matter.opening(office.app.now(), &self.nodes, own, &officers, Over::default());
            let letter = Command::Begin(Box::new(letter));
            let kind =
                Kind::from_code(matter.form.code()).ok_or_else(|| Refusal::missing("没有这种协作。"))?;
            let begun = office.app.open_shared(&caller, kind, json(&letter)?, None).await?;
            matter.docket = Some(begun.id);
            matter.shared = shared_of(&office.app, begun.id).await;
            self.known.extend(matter.shared.clone());
            *self.counts.begun.entry(matter.form.code()).or_default() += 1;
            return Ok(());
        }
        let docket = match matter.docket.filter(|_| step.town == matter.from) {
            Some(own) => own,
            None => docket_of(&office.app, matter.shared.as_ref()).await?,
        };
        let officers = two_officers(&office.app.directory());
        let hand = Hand { now: office.app.now(), own, theirs, officers: &officers, filed: None };
        let (caller, command) = matter.wish(step, &office.staff, &hand, &mut self.rng)?;
        let mut asked = json(&command)?;
        if matches!(command, Command::Accept { .. }) && matter.form == Form::Lead {
            // The lead becomes a report of the city's own, which its people handle like any other.
            asked["open"] = Value::from(true);
        }
        office.app.command(&caller, docket, asked, None, None).await?;
        // A letter has its name among the members from when it is sent.
        if matter.shared.is_none() {
            matter.shared = shared_of(&office.app, docket).await;
            self.known.extend(matter.shared.clone());
        }
        Ok(())
    }

    /// Takes up letters that somebody at a screen wrote to one of these members.
    async fn look_into_the_post(&mut self) {
        for town in 0..self.offices.len() {
            let mut new = BTreeSet::new();
            loop {
                match self.offices[town].hints.try_recv() {
                    Ok(hint) if Form::from_code(&hint.kind).is_some() => drop(new.insert(hint.docket)),
                    Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            let new: Vec<DocketId> = new.into_iter().collect();
            let rows = self.offices[town].app.store().journal.matters(&new).await.unwrap_or_default();
            let came = |row: &&MatterRow| {
                partners_of(row).is_some_and(|(side, _)| side == Side::Incoming) && row.stage == "sent"
            };
            for row in rows.iter().filter(came) {
                let Some(form) = Form::from_code(&row.kind) else { continue };
                if let Some(shared) = shared_of(&self.offices[town].app, row.id).await {
                    self.meet(town, form, shared);
                }
            }
        }
    }

    fn meet(&mut self, town: usize, form: Form, shared: SharedId) {
        let from = self.nodes.iter().position(|node| *node == shared.node);
        let (Some(from), true) = (from, self.matters.len() < MATTERS_MAX) else { return };
        if !self.known.insert(shared.clone()) {
            return;
        }
        let (now, region) = (self.now(), self.offices[from].city.place.region);
        let spot = &self.offices[town].city.spots[0];
        let fill = plan::fill(from, region, (0, spot.address.clone(), spot.point), &mut self.rng);
        let theme = &words::themes(form)[0];
        let mut matter = Matter::new(form, theme, from, vec![town], fill);
        matter.steps = script::answer(form, from, town).steps;
        matter.shared = Some(shared);
        let n = self.begun;
        self.begun += 1;
        self.counts.met += 1;
        self.matters.insert(n, (matter, 0));
        self.plan_step(now, n);
    }
}

/// A command as it is given to a running node.
fn json(command: &Command) -> Result<Value, Refusal> {
    let mut json = serde_json::to_value(command)
        .map_err(|e| Refusal::invalid("command", e.to_string(), "这是演示程序的缺陷，请报告。"))?;
    // What is not given is left out, as forms leave it out.
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    }
    Ok(json)
}

async fn shared_of(app: &App, docket: DocketId) -> Option<SharedId> {
    app.store().exchange.shared_of(docket).await.ok().flatten()
}

/// The local docket of a shared matter, once it has come.
async fn docket_of(app: &App, shared: Option<&SharedId>) -> Result<DocketId, Refusal> {
    let not_here = || Refusal::missing("来件还没有到。");
    let shared = shared.ok_or_else(not_here)?;
    let heads = app.store().exchange.stream_heads(std::slice::from_ref(shared)).await;
    let heads = heads.map_err(|e| Refusal::busy(e.to_string(), "请稍后再试。"))?;
    heads.iter().map(|row| row.docket).find(|docket| docket.0 > 0).ok_or_else(not_here)
}
