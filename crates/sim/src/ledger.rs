//! Dockets in memory on their way into the journal: each command is decided and folded by the real procedure, sealed
//! as the application seals it, at its own simulated instant; what was touched is projected once for each batch.
//!
//! This is the application's sequencer without its queue: there, all that waits at one instant shares a transaction;
//! here, days of instants do.

mod letters;

pub(crate) use letters::Letter;

use jiff::Timestamp;
use lianzhi_app::ports::{Batch, Entropy, EntryRow, Head, StoreError};
use lianzhi_app::project::{self, Live, Narrative};
use lianzhi_app::world::World;
use lianzhi_app::{Keys, Sealed, by_rule, next_number, next_pay_codes, register_rows};
use lianzhi_docket::SealedEntry;
use lianzhi_docket::entry::{ENTRY_VERSION, Entry};
use lianzhi_exchange::envelope::PartContent;
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{CategoryCode, Digest, DocketId, PersonCode, SharedId};
use lianzhi_procedure::cooperation::Filed;
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::{
    Actor, AnyCommand, AnyEvent, AnyState, Facts, Kind, Loads, LookUps, PartRef, Refusal, Summary, Text,
    report,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Open matters by officer.
#[derive(Debug, Default)]
struct Table(HashMap<PersonCode, u32>);

impl Loads for Table {
    fn open(&self, person: &PersonCode) -> u32 {
        self.0.get(person).copied().unwrap_or(0)
    }
}

pub(crate) struct Docket {
    pub(crate) live: Live,
    pub(crate) texts: HashMap<Digest, String>,
    /// Parts that other members have too, or may get.
    pub(crate) parcels: HashMap<Digest, PartContent>,
    wake: Option<i64>,
}

/// A file that came into custody on the way: it is there before the entries that cite it.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) digest: Digest,
    pub(crate) name: String,
    pub(crate) media: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: Timestamp,
}

/// How a docket stands after a command.
#[derive(Debug)]
pub(crate) struct Became {
    pub(crate) id: DocketId,
    pub(crate) summary: Summary,
    /// Names of the events.
    pub(crate) events: Vec<String>,
}

/// Dockets in memory.
pub(crate) struct Ledger {
    pub(crate) world: World,
    pub(crate) keys: Keys,
    pub(crate) duty: OnDuty,
    head: Head,
    pub(crate) dockets: HashMap<DocketId, Docket>,
    loads: Table,
    touched: BTreeSet<DocketId>,
    claimed: HashSet<Digest>,
    wakes: BTreeSet<(i64, DocketId)>,
    pub(crate) generation: u32,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) batch: Batch,
    /// Files that the next batch cites.
    pub(crate) files: Vec<NewFile>,
    /// Entries of penalty cases, of which papers are written.
    pub(crate) cases: HashMap<DocketId, Vec<EntryRow>>,
    /// Local dockets of shared ones.
    pub(crate) shared: HashMap<SharedId, DocketId>,
    /// What was said to other members and is not delivered yet.
    pub(crate) sent: Vec<Letter>,
    /// Cases with the place in the log where they were filed (立案), oldest first: what a dispute is about is one of them.
    filings: Vec<(DocketId, Filed)>,
    /// Reports by their kind, oldest first: what letters to others come from.
    reports: Vec<(Option<CategoryCode>, DocketId, String)>,
}

impl Ledger {
    /// A ledger that goes on at this head.
    pub(crate) fn new(
        world: World,
        keys: Keys,
        entropy: Arc<dyn Entropy>,
        head: Head,
        duty: OnDuty,
        generation: u32,
    ) -> Self {
        let batch = Batch { on: head.clone(), ..Batch::default() };
        Ledger {
            world,
            keys,
            duty,
            entropy,
            head,
            dockets: HashMap::new(),
            loads: Table::default(),
            batch,
            files: Vec::new(),
            cases: HashMap::new(),
            touched: BTreeSet::new(),
            claimed: HashSet::new(),
            wakes: BTreeSet::new(),
            generation,
            shared: HashMap::new(),
            sent: Vec::new(),
            filings: Vec::new(),
            reports: Vec::new(),
        }
    }

    /// The case that was filed last, with its place in the log.
    pub(crate) fn filing(&self) -> Option<(DocketId, Filed)> {
        self.filings.last().cloned()
    }

    /// The latest report of a kind, with its number.
    pub(crate) fn report(&self, category: &str) -> Option<(DocketId, String)> {
        let of_kind = |(of, ..): &&(Option<CategoryCode>, DocketId, String)| {
            of.as_ref().is_some_and(|c| c.as_str() == category)
        };
        self.reports.iter().rev().find(of_kind).map(|(_, id, number)| (*id, number.clone()))
    }

    /// Entries that wait for the next batch.
    pub(crate) fn waiting(&self) -> usize {
        self.batch.entries.len()
    }

    /// How a docket stands.
    pub(crate) fn summary(&self, id: DocketId) -> Option<Summary> {
        self.dockets.get(&id).map(|d| d.live.state.summary())
    }

    /// When a clock next wants to be looked at.
    pub(crate) fn next_wake(&self) -> Option<i64> {
        self.wakes.first().map(|w| w.0)
    }

    /// Lets the earliest clock be looked at; says whether it asked for anything.
    pub(crate) fn wake(&mut self) -> bool {
        let Some((at, id)) = self.wakes.pop_first() else { return false };
        if let Some(docket) = self.dockets.get_mut(&id) {
            docket.wake = None;
        }
        let kind = self.dockets.get(&id).map(|docket| docket.live.state.kind());
        let Some(tick) = kind.and_then(Kind::tick) else { return false };
        self.give(Some(id), &Actor::System, tick, LookUps::default(), at).is_ok_and(|b| !b.events.is_empty())
    }

    /// Opens a docket (`to` is none) or gives a command to one.
    ///
    /// # Errors
    /// The procedure's refusal; nothing has happened then.
    pub(crate) fn give(
        &mut self,
        to: Option<DocketId>,
        actor: &Actor,
        mut command: AnyCommand,
        look_ups: LookUps,
        now: i64,
    ) -> Result<Became, Refusal> {
        let id = to.unwrap_or(DocketId(self.head.next_docket));
        let mut sealed = Vec::new();
        for (kind, text) in command.texts() {
            let Text::Plain(plain) = &*text else { continue };
            if !plain.is_empty() {
                let part = self.keys.seal(self.entropy.as_ref(), id, kind.code(), plain);
                *text = Text::Sealed(PartRef { kind, digest: part.row.digest });
                sealed.push(part);
            }
        }
        self.decide(to, actor, command, look_ups, sealed, now)
    }

    /// The same with texts that are sealed already.
    pub(crate) fn decide(
        &mut self,
        to: Option<DocketId>,
        actor: &Actor,
        command: AnyCommand,
        mut look_ups: LookUps,
        sealed: Vec<Sealed>,
        now: i64,
    ) -> Result<Became, Refusal> {
        let now = now.max(self.head.last_at);
        let at = time(now);
        let id = to.unwrap_or(DocketId(self.head.next_docket));
        let kind = command.kind();
        if let AnyCommand::Report(report::Command::Join { to, .. }) = &command {
            let lead = self.summary(*to);
            let (open, joined) = lead.map_or((false, false), |s| (s.open, s.joined_to.is_some()));
            look_ups.target = Some(Target { docket: *to, open, joined, lead: None });
        }
        if to.is_none() {
            let node = self.world.directory.node.clone();
            look_ups.shared = Some(SharedId { node, generation: self.generation, id });
        }
        if let AnyCommand::Compact(asked) = &command
            && let (Some(signing), Some(key)) = (asked.signing(), self.keys.exchange())
        {
            let made = Signature::make(key.as_ref(), signing.domain, &signing.message);
            look_ups.signature = Some(made.map_err(|e| Refusal::busy(e.to_string(), ""))?);
        }
        let mut docket = match to {
            Some(id) => self.dockets.remove(&id).ok_or_else(|| Refusal::missing("没有这个办件。"))?,
            None => {
                Docket { live: blank(kind, now), texts: HashMap::new(), parcels: HashMap::new(), wake: None }
            }
        };
        let counters = self.head.counters.clone();
        if let Some(wanted) = docket.live.state.numbered(&command) {
            look_ups.number = next_number(&mut self.head, &wanted, &self.world.directory, at);
        }
        let wanted = docket.live.state.pay_codes(&command);
        look_ups.pay_codes = next_pay_codes(&mut self.head, &self.world.directory, wanted, at);
        let facts = Facts {
            now: at,
            actor,
            directory: &self.world.directory,
            duty: &self.duty,
            loads: &self.loads,
            look_ups: &look_ups,
        };
        let events = match docket.live.state.decide(command, &facts) {
            Ok(events) => events,
            Err(refusal) => {
                self.head.counters = counters;
                if to.is_some() {
                    self.dockets.insert(id, docket);
                }
                return Err(refusal);
            }
        };
        let posts = match self.posts(id, &mut docket, &events, &sealed, at) {
            Ok(posts) => posts,
            Err(refusal) => {
                self.head.counters = counters;
                if to.is_some() {
                    self.dockets.insert(id, docket);
                }
                return Err(refusal);
            }
        };
        if to.is_none() {
            self.head.next_docket += 1;
        }
        let before = holder(&docket.live.state);
        let mut names = Vec::with_capacity(events.len());
        let mut told = Vec::new();
        for (event, post) in events.iter().zip(posts) {
            told.extend(docket.live.state.follow_ups(id, event));
            let state = std::mem::replace(&mut docket.live.state, kind.empty());
            docket.live.state = state.evolve(event);
            let parts: Vec<Digest> = sealed.iter().map(|p| p.row.digest).collect();
            // What cannot be written as JSON cannot have been decided: the types see to it.
            let name =
                self.enter(id, &mut docket.live, actor, event, &parts, &look_ups, now).map_err(fault)?;
            names.push(name);
            self.keep(post, &docket);
            if let AnyState::Penalty(state) = &docket.live.state
                && let Some(case) = state.case().filter(|case| case.filed() == Some(at))
                && self.filings.iter().all(|(known, _)| *known != id)
                && let Some(entry) = self.batch.entries.last()
            {
                let pos = u64::try_from(entry.pos).unwrap_or(0);
                self.filings.push((id, Filed { number: case.number.clone(), at, pos, leaf: entry.leaf }));
            }
        }
        let text = |digest: &Digest| {
            sealed.iter().find(|part| part.row.digest == *digest).map(|part| part.text.clone())
        };
        if !sealed.is_empty()
            && let Some(words) = project::words(&docket.live.state.summary(), text)
        {
            docket.live.narrative = words;
        }
        for part in sealed {
            docket.texts.insert(part.row.digest, part.text);
            self.batch.parts.push(part.row);
        }
        self.settle(id, &docket.live.state);
        let after = holder(&docket.live.state);
        if before != after {
            self.shift(before, after);
        }
        if let AnyState::Duty(state) = &docket.live.state {
            self.duty.apply(state);
        }
        let summary = docket.live.state.summary();
        if to.is_none() && kind == Kind::Report {
            self.reports.push((summary.category.clone(), id, summary.number.clone()));
        }
        let wake = summary.wake_at.map(Timestamp::as_microsecond);
        if let Some(old) = docket.wake {
            self.wakes.remove(&(old, id));
        }
        // A clock that asked for nothing is not asked again at the same instant.
        docket.wake = wake.filter(|w| !events.is_empty() || *w > now);
        self.wakes.extend(docket.wake.map(|w| (w, id)));
        self.dockets.insert(id, docket);
        if !events.is_empty() {
            self.touched.insert(id);
        }
        for (other, command) in told {
            if let Err(refusal) = self.give(Some(other), &Actor::System, command, LookUps::default(), now) {
                tracing::debug!(%other, %refusal, "follow-up refused");
            }
        }
        Ok(Became { id, summary, events: names })
    }

    fn shift(&mut self, before: Option<PersonCode>, after: Option<PersonCode>) {
        if let Some(n) = before.and_then(|p| self.loads.0.get_mut(&p)) {
            *n = n.saturating_sub(1);
        }
        if let Some(person) = after {
            *self.loads.0.entry(person).or_default() += 1;
        }
    }

    /// Seals one event as an entry of its docket; gives the event's name.
    #[expect(clippy::too_many_arguments, reason = "an entry with all that it cites")]
    fn enter(
        &mut self,
        id: DocketId,
        live: &mut Live,
        actor: &Actor,
        event: &AnyEvent,
        parts: &[Digest],
        look_ups: &LookUps,
        now: i64,
    ) -> Result<String, StoreError> {
        let engine = |e: &dyn std::fmt::Display| StoreError::Engine(e.to_string());
        let json = event.to_json().map_err(|e| engine(&e))?;
        let name = json.split('"').nth(3).unwrap_or_default().to_owned();
        let cites = |d: &Digest| json.contains(&d.to_string());
        let exhibits: Vec<Digest> = look_ups.exhibits.iter().map(|e| e.digest).filter(cites).collect();
        for digest in &exhibits {
            if self.claimed.insert(*digest) {
                self.batch.claims.push((*digest, id));
            }
        }
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        let entry = Entry {
            v: ENTRY_VERSION,
            node: self.world.directory.node.clone(),
            docket: id,
            kind: live.state.kind().code().into(),
            seq: u32::try_from(live.seq).unwrap_or(0),
            prev: live.last,
            at: time(now),
            happened: None,
            actor: if by_rule(event) { Actor::System.label() } else { actor.label() },
            parts: parts.iter().copied().filter(cites).collect(),
            exhibits,
            event: serde_json::value::RawValue::from_string(json).map_err(|e| engine(&e))?,
            simulated: true,
        };
        let SealedEntry { bytes, salt, digest, leaf_data: leaf } =
            entry.seal(salt).map_err(|e| engine(&e))?;
        let (pos, seq) = (self.head.size, live.seq);
        let row = EntryRow { pos, docket: id, seq, at: now, bytes, salt, digest, leaf };
        if live.state.kind() == Kind::Penalty {
            self.cases.entry(id).or_default().push(row.clone());
        }
        self.batch.entries.push(row);
        self.head.size += 1;
        self.head.last_at = now;
        (live.seq, live.last, live.pos, live.updated_at) = (seq + 1, digest, self.head.size, now);
        Ok(name)
    }

    /// All since the last batch, with the projections of what it touched.
    pub(crate) fn batch(&mut self) -> Batch {
        let next = Batch { on: self.head.clone(), ..Batch::default() };
        let mut batch = std::mem::replace(&mut self.batch, next);
        for id in std::mem::take(&mut self.touched) {
            let Some(docket) = self.dockets.get(&id) else { continue };
            let (live, directory) = (&docket.live, &self.world.directory);
            let summary = live.state.summary();
            // What cannot be written as JSON is no roster: the types see to it.
            batch.registers.extend(register_rows(id, &live.state).unwrap_or_default());
            batch.matters.push(project::row(id, live, &summary, directory));
            project::put_lines(&mut batch, id, &live.state, &summary);
            batch.search.push(project::search(id, &summary, directory, &docket.texts, &self.keys));
            batch.oversight.extend(lianzhi_app::publicity::row(id, &live.state, directory, &docket.texts));
        }
        batch.head = self.head.clone();
        batch
    }

    /// Forgets all dockets: nothing more will happen to them here.
    pub(crate) fn forget(&mut self) {
        self.dockets.clear();
        self.cases.clear();
        self.wakes.clear();
    }
}

fn blank(kind: Kind, now: i64) -> Live {
    Live {
        state: kind.empty(),
        seq: 0,
        last: Digest::ZERO,
        pos: 0,
        updated_at: now,
        narrative: Narrative::default(),
    }
}

fn fault(error: StoreError) -> Refusal {
    Refusal::busy(error.to_string(), "")
}

/// The officer who has the matter to do.
fn holder(state: &AnyState) -> Option<PersonCode> {
    match state {
        AnyState::Report(report::State::File(file)) if file.stage.open() => file.officer().cloned(),
        _ => None,
    }
}

/// An instant from microseconds.
pub(crate) fn time(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}
