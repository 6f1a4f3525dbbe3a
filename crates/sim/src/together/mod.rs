//! Cities that work together under one clock: the compact that they found, and what they ask, send and tell each other.
//!
//! Each city lives its own days; whenever something is due between them all have come to the same instant, and what one
//! says is heard by the others at once. Everything goes through the same commands, streams, envelopes and receipts as
//! between running nodes; only HTTP is left out.

mod founding;
mod live;
mod meetings;
mod office;
mod plan;
mod script;
pub(crate) mod words;

pub use live::{LiveRegion, TogetherCounts};

use crate::history::act::Doing;
use crate::history::{HistoryError, Made, Progress, Written};
use crate::ledger::Letter;
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{NodeCode, SharedId};
use lianzhi_procedure::cooperation::{Command, any_command, file_of};
use lianzhi_procedure::{Actor, ExhibitRef, LookUps, Refusal};
use office::{Matter, Task};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// Cities come to the same instant at least so often.
const STEP: SignedDuration = SignedDuration::from_hours(1);

/// What cities did together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Shared matters that were begun, by form.
    pub matters: BTreeMap<&'static str, u64>,
    /// Envelopes that were signed.
    pub envelopes: u64,
    /// Names of refusals, with what was wished.
    pub refusals: BTreeMap<String, u64>,
    /// Number of the epoch in force.
    pub epoch: u32,
    /// Node and number of the open report with which the walk-through begins, and the sign-in of the officer who found it.
    pub story: Option<(String, String, String)>,
}

/// Cities that may work together.
pub(crate) struct Region {
    lives: Vec<Doing>,
    nodes: Vec<NodeCode>,
    tasks: BinaryHeap<Reverse<(Timestamp, u64, Task)>>,
    n: u64,
    matters: Vec<Matter>,
    gatherings: Vec<meetings::Gathering>,
    compact: Option<SharedId>,
    /// All that was said so far: who comes in later hears of it.
    said: HashMap<SharedId, Vec<Letter>>,
    counts: Counts,
    rng: ChaCha12Rng,
}

impl Region {
    /// Cities before their first day.
    pub(crate) fn new(lives: Vec<Doing>) -> Region {
        let nodes = lives.iter().map(|life| life.ledger.world.directory.node.clone()).collect();
        let seed = lives.first().map_or(0, Doing::seed);
        Region {
            lives,
            nodes,
            tasks: BinaryHeap::new(),
            n: 0,
            matters: Vec::new(),
            gatherings: Vec::new(),
            compact: None,
            said: HashMap::new(),
            counts: Counts::default(),
            rng: ChaCha12Rng::seed_from_u64(seed ^ 0x6c7a),
        }
    }

    /// What was made.
    pub(crate) fn finish(mut self) -> Made {
        self.counts.epoch = self.epoch();
        Made { counts: self.lives.into_iter().map(Doing::finish).collect(), together: self.counts }
    }

    /// Lives through all days; `write` takes each city's batches and says whether to go on.
    pub(crate) fn live(&mut self, write: &impl Fn(usize, Written, Progress) -> bool) {
        let Some((mut now, until)) = self.lives.first().map(Doing::span) else { return };
        loop {
            let task = self.tasks.peek().map(|Reverse((at, ..))| *at);
            now = (now + STEP).min(task.unwrap_or(until)).max(now).min(until);
            self.live_until(now);
            self.deliver(now);
            while self.tasks.peek().is_some_and(|Reverse((at, ..))| *at <= now) {
                if let Some(Reverse((_, _, task))) = self.tasks.pop() {
                    self.perform(now, task);
                    self.deliver(now);
                }
            }
            if now >= until {
                self.tell_story(now);
            }
            for (n, life) in self.lives.iter_mut().enumerate() {
                if let Some((written, so_far)) = life.due_batch(now)
                    && !write(n, written, so_far)
                {
                    return;
                }
            }
            if now >= until {
                return;
            }
        }
    }

    /// All cities side by side.
    fn live_until(&mut self, to: Timestamp) {
        if let [only] = &mut self.lives[..] {
            return only.live(to);
        }
        std::thread::scope(|scope| {
            for life in &mut self.lives {
                scope.spawn(move || life.live(to));
            }
        });
    }

    /// The report with which a walk-through begins, on the first node that has the place for it.
    fn tell_story(&mut self, now: Timestamp) {
        if self.compact.is_none() {
            return;
        }
        let told = self.lives.iter_mut().zip(&self.nodes).find_map(|(life, node)| {
            life.tell_story(now).map(|(number, login)| (node.to_string(), number, login))
        });
        self.counts.story = told;
    }

    fn task_at(&mut self, at: Timestamp, task: Task) {
        self.n += 1;
        self.tasks.push(Reverse((at, self.n, task)));
    }

    fn place_of(&self, node: &NodeCode) -> Option<usize> {
        self.nodes.iter().position(|n| n == node)
    }

    /// Brings what was said to those for whom it is.
    fn deliver(&mut self, now: Timestamp) {
        loop {
            let mut letters = Vec::new();
            for (from, life) in self.lives.iter_mut().enumerate() {
                letters
                    .extend(std::mem::take(&mut life.ledger.sent).into_iter().map(|letter| (from, letter)));
            }
            if letters.is_empty() {
                return;
            }
            for (from, letter) in letters {
                self.counts.envelopes += 1;
                for node in &letter.envelope.address.to {
                    let Some(to) = self.place_of(node) else { continue };
                    self.catch_up(to, &letter, now);
                    match self.bring(from, to, &letter, now) {
                        Ok(receipt) => self.lives[from].ledger.acknowledged(&letter, node, receipt),
                        Err(refusal) => self.refused("hear", &refusal),
                    }
                }
                self.said.entry(letter.shared().clone()).or_default().push(letter);
            }
        }
    }

    /// Whoever is new in a matter hears first what was said before.
    fn catch_up(&mut self, to: usize, letter: &Letter, now: Timestamp) {
        if self.lives[to].ledger.shared.contains_key(letter.shared()) {
            return;
        }
        for earlier in self.said.get(letter.shared()).cloned().unwrap_or_default() {
            if let Some(from) = self.place_of(earlier.author())
                && let Err(refusal) = self.bring(from, to, &earlier, now)
            {
                self.refused("catch_up", &refusal);
            }
        }
    }

    /// One letter to one member, with the files that it names.
    fn bring(&mut self, from: usize, to: usize, letter: &Letter, now: Timestamp) -> Result<Vec<u8>, Refusal> {
        let us = now.as_microsecond();
        let receipt = self.lives[to].ledger.hear(letter, us)?;
        let files: Vec<ExhibitRef> = letter
            .exhibits()
            .map(|file| ExhibitRef { digest: file.digest, size: file.size, media: file.media.clone() })
            .collect();
        if files.is_empty() {
            return Ok(receipt);
        }
        self.lives[to].ledger.fetched(letter);
        let node = self.nodes[to].clone();
        for exhibit in files {
            let look_ups = LookUps { exhibits: vec![exhibit.clone()], ..LookUps::default() };
            let serve = Command::Serve { exhibit: exhibit.digest, to: node.clone() };
            for (town, command) in [(to, Command::Arrive { exhibit }), (from, serve)] {
                let ledger = &mut self.lives[town].ledger;
                let Some(id) = ledger.shared.get(letter.shared()).copied() else { continue };
                let form = ledger.dockets.get(&id).and_then(|d| file_of(&d.live.state)).map(|file| file.form);
                let Some(form) = form else { continue };
                let command = any_command(form, command);
                let told = ledger.give(Some(id), &Actor::System, command, look_ups.clone(), us);
                if let Err(refusal) = told {
                    self.refused("file", &refusal);
                }
            }
        }
        Ok(receipt)
    }

    fn refused(&mut self, what: &str, refusal: &Refusal) {
        tracing::debug!(what, %refusal, code = refusal.code, "refused between members");
        *self.counts.refusals.entry(format!("{what}: {}", refusal.code)).or_default() += 1;
    }

    /// A step without which there is nothing to work under.
    fn must<T>(done: Result<T, Refusal>) -> Result<T, HistoryError> {
        done.map_err(HistoryError::Step)
    }
}
