//! Very many matters for measuring: decided and folded by the real procedure, sealed and projected as the application
//! does, and committed in big batches straight to the journal, past the queue that people wait in.
//!
//! While one batch is committed the next is made on another thread. The days are those of a city, only denser: a group
//! of matters is reported, accepted, handled and closed within an hour or two before the next group begins, because
//! the log never goes back in time. The application must not run meanwhile.

use crate::city::City;
use crate::history::{HistoryError, words};
use crate::ledger::Ledger;
use crate::story::{Stories, Told};
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{Batch, Entropy, Store, StoreError};
use lianzhi_app::world::World;
use lianzhi_app::{Keys, Narrative};
use lianzhi_ids::{CategoryCode, DocketId, Role, UnitCode};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::duty::{self, OnDuty};
use lianzhi_procedure::report::{Channel, Command, Outcome, Source};
use lianzhi_procedure::{Actor, AnyCommand, LookUps, Summary, Text};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::sync::Arc;

/// Matters in one batch: some ten thousand entries, some tens of megabytes.
const BATCH_MATTERS: u64 = 1_000;
/// Matters that are under way at the same time.
const GROUP_MATTERS: u64 = 250;
/// Of so many matters the last one may still be open; all earlier ones are settled.
const OPEN_LAST: u64 = 100;

/// What is wished for.
#[derive(Debug, Clone)]
pub struct BulkWishes {
    /// How many matters.
    pub matters: u64,
    /// Until when.
    pub until: Timestamp,
    /// Over how many days before that.
    pub days: u32,
    /// Seed of chance.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BulkCounts {
    /// Matters.
    pub matters: u64,
    /// Entries.
    pub entries: u64,
    /// Of the matters, those still open.
    pub open: u64,
}

/// Seeds a store whose registers are those of the city. `progress` hears how many matters are committed.
///
/// # Errors
/// When the store fails, or a step of the procedure is refused (a fault of this crate).
pub async fn seed_bulk(
    store: &Store,
    keys: &Keys,
    entropy: Arc<dyn Entropy>,
    city: &City,
    wishes: &BulkWishes,
    mut progress: impl FnMut(u64),
) -> Result<BulkCounts, HistoryError> {
    let head = store.journal.head().await?;
    let (world, _) = World::build(&city.node()?, &store.journal.registers().await?);
    let (sender, mut batches) = tokio::sync::mpsc::channel::<(Batch, BulkCounts)>(1);
    let (city, wishes, keys) = (city.clone(), wishes.clone(), keys.clone());
    let made = tokio::task::spawn_blocking(move || -> Result<(), HistoryError> {
        let mut rng = ChaCha12Rng::seed_from_u64(wishes.seed);
        let stories = Stories::of(&city, &mut rng)?;
        let staff = staff(&world, &city)?;
        let ledger = Ledger::new(world, keys, entropy, head, staff.duty.clone(), 1);
        let mut mill = Mill { ledger, stories, staff, rng, open: 0 };
        let mut done = 0;
        while done < wishes.matters {
            let n = BATCH_MATTERS.min(wishes.matters - done);
            let batch = mill.batch(done, n, &wishes)?;
            done += n;
            let entries = batch.entries.len() as u64;
            if sender.blocking_send((batch, BulkCounts { matters: n, entries, open: mill.open })).is_err() {
                break;
            }
        }
        Ok(())
    });
    let mut counts = BulkCounts::default();
    while let Some((batch, some)) = batches.recv().await {
        store.journal.commit(&batch).await?;
        counts.matters += some.matters;
        counts.entries += some.entries;
        counts.open = some.open;
        progress(counts.matters);
    }
    made.await.map_err(|e| StoreError::Engine(e.to_string()))??;
    Ok(counts)
}

/// People that the steps need, all on duty.
struct Staff {
    duty: OnDuty,
    hotline: Vec<Actor>,
    patrollers: Vec<Actor>,
    dispatchers: Vec<Actor>,
    verifiers: Vec<Actor>,
}

fn staff(world: &World, city: &City) -> Result<Staff, HistoryError> {
    let directory = &world.directory;
    let with = |role: Role| {
        let holds = |p: &&Arc<Person>| p.active && p.posts.iter().any(|x| x.roles.contains(&role));
        let mut people: Vec<_> = directory.people.values().filter(holds).cloned().collect();
        people.sort_by(|a, b| a.code.cmp(&b.code));
        people.into_iter().map(Actor::Person).collect::<Vec<_>>()
    };
    let mut on = OnDuty::default();
    for town in city.place.towns {
        let unit = UnitCode::parse(town.code).map_err(crate::CityError::from)?;
        let people =
            directory.officers(&unit).iter().map(|code| (code.clone(), Timestamp::UNIX_EPOCH)).collect();
        on.apply(&duty::State { unit: Some(unit), on: people, ..duty::State::default() });
    }
    Ok(Staff {
        duty: on,
        hotline: with(Role::Hotline),
        patrollers: with(Role::Patroller),
        dispatchers: with(Role::Dispatcher),
        verifiers: with(Role::Verifier),
    })
}

/// A matter in the making.
struct Being {
    id: DocketId,
    told: Told,
    summary: Summary,
    outcome: Outcome,
    /// How many of the steps after registration it gets.
    steps: usize,
}

/// Steps after registration.
const STEPS: usize = 6;

struct Mill<'a> {
    ledger: Ledger,
    stories: Stories<'a>,
    staff: Staff,
    rng: ChaCha12Rng,
    open: u64,
}

impl Mill<'_> {
    fn batch(&mut self, done: u64, n: u64, wishes: &BulkWishes) -> Result<Batch, HistoryError> {
        let start = wishes.until - SignedDuration::from_hours(24 * i64::from(wishes.days));
        let span_us = i64::from(wishes.days) * 86_400_000_000;
        let at = |i: u64| {
            let share = i128::from(span_us) * i128::from(i) / i128::from(wishes.matters.max(1));
            start.as_microsecond() + i64::try_from(share).unwrap_or(0)
        };
        let mut i = done;
        while i < done + n {
            let m = GROUP_MATTERS.min(done + n - i);
            let settled = (wishes.matters - wishes.matters.div_ceil(OPEN_LAST)).saturating_sub(i);
            let from = at(i);
            self.group(m, settled, (from, at(i + m).max(from)))?;
            i += m;
        }
        let batch = self.ledger.batch();
        self.ledger.forget();
        Ok(batch)
    }

    /// Some matters side by side, step by step; all but the first `settled` may be left open.
    fn group(&mut self, n: u64, settled: u64, (from, to): (i64, i64)) -> Result<(), HistoryError> {
        // Registration and each step take an equal part of the time; within a part, one matter after another.
        let part = (to - from) / i64::try_from(STEPS + 1).unwrap_or(1);
        let each = part / i64::try_from(n.max(1)).unwrap_or(1);
        let mut beings = Vec::new();
        let mut now = from;
        for i in 0..n {
            let being = self.register(now, i >= settled)?;
            beings.push(being);
            now += each;
        }
        for step in 0..STEPS {
            now = from + part * i64::try_from(step + 1).unwrap_or(0);
            for being in beings.iter_mut().filter(|b| step < b.steps) {
                if let Some((actor, command)) = self.step(being, step) {
                    let command = AnyCommand::Report(command);
                    let became = self.ledger.give(Some(being.id), &actor, command, LookUps::default(), now);
                    being.summary = became.map_err(HistoryError::Step)?.summary;
                }
                now += each;
            }
        }
        self.open += beings.iter().filter(|b| b.summary.open).count() as u64;
        Ok(())
    }

    fn register(&mut self, now: i64, last: bool) -> Result<Being, HistoryError> {
        let hour =
            u32::try_from((now + 28_800_000_000).rem_euclid(86_400_000_000) / 3_600_000_000).unwrap_or(12);
        let told = self.stories.tell(hour, &mut self.rng);
        let actor = match told.source {
            Source::Hotline => self.staff.hotline.choose(&mut self.rng).cloned(),
            Source::Patrol | Source::Officer => self.staff.patrollers.choose(&mut self.rng).cloned(),
            Source::System => Some(Actor::System),
            _ => None,
        };
        let actor = actor.unwrap_or(Actor::Public);
        let narrative = Narrative { description: told.description.clone(), address: told.address.clone() };
        let keys = &self.ledger.keys;
        let follow = matches!(told.source, Source::Citizen | Source::Hotline)
            .then(|| keys.keyed("follow", &self.rng.random::<u64>().to_string()));
        let complainant = told.contact.as_ref().map(|c| keys.keyed("phone", &c.phone));
        let placing = self.ledger.world.place_point(told.point);
        let look_ups = LookUps { follow, complainant, placing, ..LookUps::default() };
        let contact = told.contact.as_ref().and_then(|c| serde_json::to_string(c).ok());
        let command = Command::Register {
            source: told.source,
            narrative: Text::Plain(serde_json::to_string(&narrative).unwrap_or_default()),
            contact: contact.map(Text::Plain).unwrap_or_default(),
            category: CategoryCode::parse(&told.category).ok(),
            point: Some(told.point),
            exhibits: Vec::new(),
            external: told.external.clone(),
            demand: told.demand,
            occurred_at: None,
            split_from: None,
            cooperation: None,
            same_as: None,
        };
        let steps = if last { self.rng.random_range(0..=STEPS) } else { STEPS };
        let outcome = [Outcome::Untrue, Outcome::Gone, Outcome::HandedOver, Outcome::Enforcement];
        let outcome = outcome.choose(&mut self.rng).copied().unwrap_or(Outcome::Untrue);
        let became = self.ledger.give(None, &actor, AnyCommand::Report(command), look_ups, now);
        let became = became.map_err(HistoryError::Step)?;
        Ok(Being { id: became.id, told, summary: became.summary, outcome, steps })
    }

    /// What is done next, and by whom; nothing when this step does not fit the matter's way.
    fn step(&mut self, being: &Being, step: usize) -> Option<(Actor, Command)> {
        let summary = &being.summary;
        let officer = summary
            .assignee
            .as_ref()
            .and_then(|a| self.ledger.world.directory.people.get(a))
            .cloned()
            .map(Actor::Person);
        let rng = &mut self.rng;
        let handle = |rng: &mut ChaCha12Rng| Command::Handle {
            outcome: being.outcome,
            note: Text::Plain(words::result(being.outcome, rng)),
            before: Vec::new(),
            after: Vec::new(),
            exhibits: Vec::new(),
        };
        match (step, summary.stage) {
            (0, "assigned") => Some((officer?, Command::Accept)),
            (1, "working") => Some((
                officer?,
                Command::Arrive { point: Some(being.told.point), accuracy_m: None, exhibits: Vec::new() },
            )),
            (2, "working") => Some((officer?, handle(rng))),
            (2, "outside") => Some((self.staff.dispatchers.choose(rng)?.clone(), handle(rng))),
            (3, "to_verify") => {
                let verify = Command::Verify {
                    passed: true,
                    on_site: false,
                    note: Text::default(),
                    exhibits: Vec::new(),
                };
                Some((self.staff.verifiers.choose(rng)?.clone(), verify))
            }
            (4, "to_answer") => {
                let text = Text::Plain(words::answer(&being.told, being.outcome, rng));
                let channel = if being.told.contact.is_some() { Channel::Phone } else { Channel::Published };
                Some((self.staff.dispatchers.choose(rng)?.clone(), Command::Answer { text, channel }))
            }
            (5, "to_close") => Some((self.staff.verifiers.choose(rng)?.clone(), Command::Close)),
            _ => None,
        }
    }
}
