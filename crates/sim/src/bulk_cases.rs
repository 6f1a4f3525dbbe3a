//! A year of penalty cases of a big district for measuring: decided and folded by the real procedure, sealed and projected as the
//! application does, committed in big batches straight to the journal. Many cases go on at the same time, as they do in an agency:
//! each takes some weeks, and its clocks are looked at when they want to be. The application must not run meanwhile.

use crate::bulk_script::{Ending, Move, Script, way};
use crate::city::City;
use crate::history::HistoryError;
use crate::ledger::{Ledger, time};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Keys;
use lianzhi_app::ports::{Batch, Entropy, Store, StoreError, UploadRow};
use lianzhi_app::world::World;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::penalty::{Case, Command, Registering, catalogue};
use lianzhi_procedure::{Actor, AnyCommand, AnyState, ExhibitRef, Kind, LookUps, Refusal};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

/// Entries in one batch, about.
const BATCH_ENTRIES: usize = 8_000;
/// Hours between two steps of a case.
const STEP_HOURS: std::ops::Range<i64> = 6..40;
/// Files in custody that cases cite.
const SCANS: usize = 64;
/// Entries and files of the thick case, at least.
const THICK: (usize, usize) = (200, 60);

/// What is wished for.
#[derive(Debug, Clone)]
pub struct CaseWishes {
    /// How many cases.
    pub cases: usize,
    /// Until when.
    pub until: Timestamp,
    /// Over how many days before that.
    pub days: u32,
    /// Seed of chance.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct CaseCounts {
    /// Cases.
    pub cases: usize,
    /// Entries.
    pub entries: usize,
    /// Documents in the files of the cases, as their catalogues list them.
    pub documents: usize,
    /// Steps that the procedure refused; the case stays where it was. None, when this crate is right.
    pub refused: usize,
    /// The first refusal in words.
    pub first_refusal: Option<String>,
    /// A decided case of two hundred entries and sixty files.
    pub thick: Option<DocketId>,
    /// Cases with a decision, and the number of its paper.
    pub decided: Vec<(DocketId, u16)>,
}

/// Seeds a store whose registers are those of the city. `progress` hears how many entries are committed.
///
/// # Errors
/// When the store fails.
pub async fn seed_cases(
    store: &Store,
    keys: &Keys,
    entropy: Arc<dyn Entropy>,
    city: &City,
    wishes: &CaseWishes,
    mut progress: impl FnMut(usize),
) -> Result<CaseCounts, HistoryError> {
    let head = store.journal.head().await?;
    let (world, _) = World::build(&city.node()?, &store.journal.registers().await?);
    let scans = scans(store, wishes).await?;
    let (sender, mut batches) = tokio::sync::mpsc::channel::<Batch>(1);
    let (city, wishes, keys) = (city.clone(), wishes.clone(), keys.clone());
    let made = tokio::task::spawn_blocking(move || {
        let staff = Staff::of(&world, &city);
        let ledger = Ledger::new(world, keys, entropy, head, OnDuty::default(), 1);
        let rng = ChaCha12Rng::seed_from_u64(wishes.seed);
        let mut court = Court { ledger, staff, city, scans, rng, counts: CaseCounts::default() };
        court.run(&wishes, |batch| sender.blocking_send(batch).is_ok());
        court.counts
    });
    let mut done = 0;
    while let Some(batch) = batches.recv().await {
        done += batch.entries.len();
        store.journal.commit(&batch).await?;
        progress(done);
    }
    Ok(made.await.map_err(|e| StoreError::Engine(e.to_string()))?)
}

/// Signed scans and photos, taken into custody the way an upload does.
async fn scans(store: &Store, wishes: &CaseWishes) -> Result<Vec<ExhibitRef>, StoreError> {
    let at = (wishes.until - SignedDuration::from_hours(24 * i64::from(wishes.days))).as_microsecond();
    let mut all = Vec::with_capacity(SCANS);
    for n in 0..SCANS {
        let bytes = Bytes::from(format!("%PDF-1.7\n% scan {n} of seed {}\n", wishes.seed));
        let (id, size) = (format!("{:032x}", n + 1), i64::try_from(bytes.len()).unwrap_or(0));
        let name = format!("scan-{n:02}.pdf");
        let row =
            UploadRow { id: id.clone(), size, offset: 0, name, uploader: "system".into(), at, digest: None };
        store.blobs.start(&row).await?;
        store.blobs.append(&id, 0, bytes).await?;
        let row = store.blobs.finish(&id, "application/pdf", at).await?;
        all.push(ExhibitRef { digest: row.digest, size: row.size.unsigned_abs(), media: row.media });
    }
    Ok(all)
}

/// People that the steps need.
struct Staff {
    officers: HashMap<String, Vec<Arc<Person>>>,
    captains: HashMap<String, Vec<Arc<Person>>>,
    leaders: Vec<Arc<Person>>,
    reviewers: Vec<Arc<Person>>,
}

impl Staff {
    fn of(world: &World, city: &City) -> Staff {
        let mut people: Vec<_> = world.directory.people.values().filter(|p| p.active).cloned().collect();
        people.sort_by(|a, b| a.code.cmp(&b.code));
        let with = |role: Role, unit: Option<&str>| -> Vec<Arc<Person>> {
            let fits = |p: &&Arc<Person>| {
                p.posts
                    .iter()
                    .any(|x| x.roles.contains(&role) && unit.is_none_or(|unit| x.unit.as_str() == unit))
            };
            people.iter().filter(fits).cloned().collect()
        };
        let towns = city.place.towns.iter().map(|town| town.code.to_owned());
        let by_town = |role| towns.clone().map(|code| (code.clone(), with(role, Some(&code)))).collect();
        Staff {
            officers: by_town(Role::Officer),
            captains: by_town(Role::SquadLeader),
            leaders: with(Role::Leader, None),
            reviewers: with(Role::LegalReviewer, None),
        }
    }
}

/// A case on its way.
struct Plot {
    script: Script,
    way: Vec<Move>,
    next: usize,
    docket: Option<DocketId>,
    town: String,
    lead: Arc<Person>,
    second: Arc<Person>,
    thick: bool,
    /// Files that it cites so far; each step takes the next ones.
    cited: usize,
}

struct Court {
    ledger: Ledger,
    staff: Staff,
    city: City,
    scans: Vec<ExhibitRef>,
    rng: ChaCha12Rng,
    counts: CaseCounts,
}

impl Court {
    fn run(&mut self, wishes: &CaseWishes, mut commit: impl FnMut(Batch) -> bool) {
        let (mut plots, mut due) = (Vec::new(), BinaryHeap::new());
        let start = wishes.until - SignedDuration::from_hours(24 * i64::from(wishes.days));
        let span = i64::from(wishes.days) * 24 * 60;
        for n in 0..wishes.cases {
            let share =
                i64::try_from(n).unwrap_or(0) * span / i64::try_from(wishes.cases.max(1)).unwrap_or(1);
            let thick = n == wishes.cases * 3 / 4;
            let Some(plot) = self.plot(n, thick) else { continue };
            due.push(Reverse(((start + SignedDuration::from_mins(share)).as_microsecond(), plots.len())));
            plots.push(plot);
        }
        let until = wishes.until.as_microsecond();
        while let Some(Reverse((at, n))) = due.pop() {
            if at > until {
                continue;
            }
            while self.ledger.next_wake().is_some_and(|wake| wake <= at) {
                self.ledger.wake();
            }
            if self.step(&mut plots[n], time(at)) {
                let hours = if plots[n].thick { 1..4 } else { STEP_HOURS };
                let wait = self.rng.random_range(hours) * 60 + self.rng.random_range(0..60);
                let waits = wait + plots[n].way.get(plots[n].next).map_or(0, |step| step.waits_hours() * 60);
                due.push(Reverse((at + waits * 60_000_000, n)));
            }
            if self.ledger.waiting() >= BATCH_ENTRIES && !self.flush(&mut plots, &mut commit) {
                return;
            }
        }
        self.flush(&mut plots, &mut commit);
        for plot in &plots {
            self.count(plot);
        }
    }

    fn flush(&mut self, plots: &mut [Plot], commit: &mut impl FnMut(Batch) -> bool) -> bool {
        let batch = self.ledger.batch();
        self.counts.entries += batch.entries.len();
        // What is over needs no memory any more.
        for plot in plots.iter_mut().filter(|plot| plot.next >= plot.way.len()) {
            self.count(plot);
            if let Some(id) = plot.docket.take() {
                self.ledger.dockets.remove(&id);
            }
        }
        commit(batch)
    }

    /// Counts what a case has become.
    fn count(&mut self, plot: &Plot) {
        let (Some(id), Some(case)) = (plot.docket, case_of(&self.ledger, plot.docket)) else { return };
        let (documents, decision) = (catalogue(case).len(), case.decision());
        self.counts.documents += documents;
        self.counts.cases += 1;
        self.counts.decided.extend(decision.map(|(paper, _)| (id, paper)));
        if plot.thick {
            self.counts.thick = Some(id);
        }
    }

    fn plot(&mut self, n: usize, thick: bool) -> Option<Plot> {
        let towns = self.city.place.towns;
        let town = towns.get(n % towns.len().max(1))?;
        let officers = self.staff.officers.get(town.code)?;
        let (lead, second) = match officers.sample(&mut self.rng, 2).cloned().collect::<Vec<_>>().as_slice() {
            [lead, second] => (lead.clone(), second.clone()),
            _ => return None,
        };
        let spots: Vec<_> = self.city.spots.iter().filter(|s| towns[s.town].code == town.code).collect();
        let spot = spots.choose(&mut self.rng)?;
        let ending = if thick { Ending::Unpaid } else { Ending::by_lot(self.rng.random_range(0..100)) };
        let script = Script::new(n, (spot.address.clone(), spot.point), ending, &mut self.rng);
        let way = way(ending, thick.then_some(THICK));
        Some(Plot {
            script,
            way,
            next: 0,
            docket: None,
            town: town.code.to_owned(),
            lead,
            second,
            thick,
            cited: 0,
        })
    }

    /// The next step of a case; says whether there may be another.
    fn step(&mut self, plot: &mut Plot, now: Timestamp) -> bool {
        let Some(step) = plot.way.get(plot.next).copied() else { return false };
        match self.give(plot, step, now) {
            Ok(()) => {
                plot.next += 1;
                plot.next < plot.way.len()
            }
            Err(refusal) => {
                self.counts.refused += 1;
                let words = || format!("{step:?}, {:?}: {refusal}", plot.script.ending);
                self.counts.first_refusal.get_or_insert_with(words);
                plot.way.truncate(plot.next);
                false
            }
        }
    }

    fn give(&mut self, plot: &mut Plot, step: Move, now: Timestamp) -> Result<(), Refusal> {
        let nobody = || Refusal::missing("没有这个岗位的人员。");
        let rng = &mut self.rng;
        let person = match step {
            Move::Assign | Move::Endorse => {
                self.staff.captains.get(&plot.town).and_then(|all| all.choose(rng))
            }
            Move::Approve | Move::Discuss | Move::CheckPayment => self.staff.leaders.choose(rng),
            Move::Review(_) => self.staff.reviewers.choose(rng),
            _ => Some(&plot.lead),
        };
        let actor = Actor::Person(person.ok_or_else(nobody)?.clone());
        let files: Vec<ExhibitRef> = match step.files() {
            0 => Vec::new(),
            n => {
                let first = plot.cited % SCANS;
                plot.cited += n;
                self.scans.iter().cycle().skip(first).take(n).cloned().collect()
            }
        };
        let case = case_of(&self.ledger, plot.docket);
        let crew = (&plot.lead.code, &plot.second.code);
        let leaders: Vec<_> = self.staff.leaders.iter().map(|p| &p.code).collect();
        let exhibits: Vec<_> = files.iter().map(|f| f.digest).collect();
        let mut json: Value =
            plot.script.command(step, case, &self.ledger.world.directory, now, crew, &leaders, &exhibits)?;
        if step == Move::Register {
            json["unit"] = plot.town.clone().into();
        }
        let mut command = Kind::Penalty.command(json)?;
        let mut look_ups = LookUps { exhibits: files, ..LookUps::default() };
        if let AnyCommand::Penalty(Command::Register(Registering { point, .. })) = &mut command {
            look_ups.subject = Some(self.ledger.keys.keyed("subject", &plot.script.number));
            *point = Some(plot.script.spot.1);
        }
        let became = self.ledger.give(plot.docket, &actor, command, look_ups, now.as_microsecond())?;
        plot.docket = Some(became.id);
        Ok(())
    }
}

fn case_of(ledger: &Ledger, docket: Option<DocketId>) -> Option<&Case> {
    match &ledger.dockets.get(&docket?)?.live.state {
        AnyState::Penalty(state) => state.case(),
        _ => None,
    }
}
