//! A batch in the making: submissions decided one after the other, each whole or not at all.

use crate::counters::{next_number, next_pay_codes};
use crate::federation::{Arrived, Post, post, recovery};
use crate::ports::{Batch, Head, KeptAnswer, PartRow};
use crate::project::{self, Live, Narrative};
use crate::sequencer::{Done, Step, To};
use crate::shared::{Change, Shared};
use crate::world::LoadTable;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, SharedId};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::{Actor, AnyCommand, AnyEvent, AnyState, Facts, Kind, LookUps, Refusal, Summary};
use lianzhi_triage::Features;
use lru::LruCache;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

mod seal;

/// Follow-ups of one submission; a circle of matters that tell each other stops here.
const FOLLOW_UPS_MAX: usize = 1_000;

struct Planned {
    id: DocketId,
    kind: Kind,
    seq: i32,
    actor: String,
    event_json: String,
    parts: Vec<Digest>,
    exhibits: Vec<Digest>,
    happened: Option<Timestamp>,
    /// What of it goes to other members or came from one.
    post: Option<Box<Post>>,
}

/// What a finished batch leaves for memory.
pub(crate) struct Finished {
    pub batch: Batch,
    pub changes: Vec<Change>,
    pub after: After,
}

/// What decisions weigh besides registers and dockets, as a batch leaves it.
#[derive(Clone)]
pub(crate) struct After {
    pub loads: Arc<LoadTable>,
    pub duty: Arc<OnDuty>,
}

#[derive(Clone)]
struct Touched {
    live: Live,
    /// The row's assignee while open, before the batch.
    before: Option<String>,
    search: bool,
}

/// Where a submission began, to go back to.
pub(crate) struct Mark {
    planned: usize,
    arrived: usize,
    parts: usize,
    erase: usize,
    claims: usize,
    head: Head,
    touched: Vec<(DocketId, Option<Touched>)>,
}

/// The batch.
pub(crate) struct Draft {
    on: Head,
    head: Head,
    shared: Arc<Shared>,
    now: Timestamp,
    simulated: bool,
    planned: Vec<Planned>,
    arrived: Vec<(DocketId, Arc<Arrived>)>,
    parts: Vec<PartRow>,
    texts: HashMap<Digest, String>,
    /// What is erased; of a docket in which other members speak only what is there.
    erase: Vec<(Digest, Option<DocketId>)>,
    claims: Vec<(Digest, DocketId)>,
    answers: Vec<KeptAnswer>,
    touched: BTreeMap<DocketId, Touched>,
    features: HashMap<DocketId, Arc<Features>>,
    undo: Vec<(DocketId, Option<Touched>)>,
    follow_ups: VecDeque<(DocketId, AnyCommand)>,
    told: usize,
    loads: LoadTable,
    duty: Arc<OnDuty>,
    first: Option<DocketId>,
    events: Vec<String>,
}

impl Draft {
    /// An empty batch on the log at `on`; `after` is what the batch before left.
    pub fn new(on: Head, shared: Arc<Shared>, after: After, now: Timestamp, simulated: bool) -> Self {
        // Entries never go back in time, whatever the machine's clock does.
        let now = Timestamp::from_microsecond(now.as_microsecond().max(on.last_at)).unwrap_or(now);
        Draft {
            head: on.clone(),
            on,
            shared,
            now,
            simulated,
            planned: Vec::new(),
            arrived: Vec::new(),
            parts: Vec::new(),
            texts: HashMap::new(),
            erase: Vec::new(),
            claims: Vec::new(),
            answers: Vec::new(),
            touched: BTreeMap::new(),
            features: HashMap::new(),
            undo: Vec::new(),
            follow_ups: VecDeque::new(),
            told: 0,
            loads: (*after.loads).clone(),
            duty: after.duty,
            first: None,
            events: Vec::new(),
        }
    }

    pub fn now_us(&self) -> i64 {
        self.now.as_microsecond()
    }

    pub fn keep(&mut self, answer: KeptAnswer) {
        self.answers.push(answer);
    }

    pub fn mark(&mut self) -> Mark {
        self.first = None;
        self.events.clear();
        self.told = 0;
        Mark {
            planned: self.planned.len(),
            arrived: self.arrived.len(),
            parts: self.parts.len(),
            erase: self.erase.len(),
            claims: self.claims.len(),
            head: self.head.clone(),
            touched: std::mem::take(&mut self.undo),
        }
    }

    pub fn roll_back(&mut self, mark: Mark) {
        self.planned.truncate(mark.planned);
        self.arrived.truncate(mark.arrived);
        self.parts.truncate(mark.parts);
        self.erase.truncate(mark.erase);
        self.claims.truncate(mark.claims);
        self.head = mark.head;
        self.follow_ups.clear();
        drop(mark.touched);
        for (id, before) in std::mem::take(&mut self.undo).into_iter().rev() {
            let now = self.touched.get(&id).and_then(|t| open_assignee(&t.live));
            let then = before.as_ref().and_then(|t| open_assignee(&t.live)).or_else(|| match &before {
                Some(_) => None,
                None => self.touched.get(&id).and_then(|t| t.before.clone()),
            });
            self.loads.shift(now.as_deref(), then.as_deref());
            self.features.remove(&id);
            match before {
                Some(touched) => self.touched.insert(id, touched),
                None => self.touched.remove(&id),
            };
        }
    }

    pub fn next_follow_up(&mut self) -> Option<(DocketId, AnyCommand)> {
        self.told += 1;
        if self.told > FOLLOW_UPS_MAX {
            self.follow_ups.clear();
        }
        self.follow_ups.pop_front()
    }

    /// The docket of this kind and number that the batch has touched.
    pub fn numbered(&self, kind: Kind, number: &str) -> Option<DocketId> {
        let mut of_kind = self.touched.iter().filter(|(_, t)| t.live.state.kind() == kind);
        of_kind.find(|(_, t)| t.live.state.summary().number == number).map(|(id, _)| *id)
    }

    /// The docket that is this shared one at this node, when the batch has touched it.
    pub fn part_of(&self, shared: &SharedId) -> Option<DocketId> {
        let is = |t: &Touched| t.live.state.streams().is_some_and(|streams| streams.id == *shared);
        self.touched.iter().find(|(_, t)| is(t)).map(|(id, _)| *id)
    }

    /// Decides one step and takes over what happens.
    pub fn step(
        &mut self,
        actor: &Actor,
        step: &Step,
        cache: &LruCache<DocketId, Arc<Live>>,
    ) -> Result<(), Refusal> {
        let world = self.shared.world();
        let (id, live, mut look_ups) = match step.to {
            To::Docket(id) => {
                let live = self
                    .touched
                    .get(&id)
                    .map(|t| t.live.clone())
                    .or_else(|| cache.peek(&id).map(|l| (**l).clone()));
                (id, Some(live.ok_or_else(|| Refusal::missing("没有这个办件。"))?), step.look_ups.clone())
            }
            To::New(_) => {
                let id = DocketId(self.head.next_docket);
                self.head.next_docket += 1;
                recovery::skip_docket(&mut self.head, step, self.shared.node());
                let mut look_ups = step.look_ups.clone();
                look_ups.shared = Some(self.shared.shared_id(id));
                (id, None, look_ups)
            }
        };
        if let Some(target) = &mut look_ups.target {
            // The target may have moved within this batch.
            let state = self
                .touched
                .get(&target.docket)
                .map(|t| t.live.state.clone())
                .or_else(|| cache.peek(&target.docket).map(|l| l.state.clone()));
            let summary = state.map(|s| s.summary());
            // Nothing is a repeat of itself.
            target.open = target.docket != id && summary.as_ref().is_some_and(|s| s.open);
            target.joined = summary.as_ref().is_some_and(|s| s.joined_to.is_some());
        }
        let kind = match (&live, step.to) {
            (Some(live), _) => live.state.kind(),
            (None, To::New(kind)) => kind,
            (None, To::Docket(_)) => return Err(Refusal::missing("没有这个办件。")),
        };
        if let (Some(expected), Some(live)) = (step.expected, &live)
            && expected != live.seq
        {
            return Err(Refusal::conflict(
                "changed-meanwhile",
                format!("您打开页面后，本件又有了 {} 条新记录。", live.seq - expected),
                "请看过新记录，再决定是否提交。",
            ));
        }
        let state = live.as_ref().map_or_else(|| kind.empty(), |l| l.state.clone());
        if let Some(wanted) = state.numbered(&step.command) {
            look_ups.number = next_number(&mut self.head, &wanted, &world.directory, self.now);
        }
        let wanted = state.pay_codes(&step.command);
        look_ups.pay_codes = next_pay_codes(&mut self.head, &world.directory, wanted, self.now);
        let facts = Facts {
            now: self.now,
            actor,
            directory: &world.directory,
            duty: &self.duty,
            loads: &self.loads,
            look_ups: &look_ups,
        };
        let events = state.decide(step.command.clone(), &facts)?;
        self.take(actor, id, kind, live, state, events, step, &look_ups)
    }

    #[expect(clippy::too_many_arguments, reason = "the decision with all that surrounds it")]
    fn take(
        &mut self,
        actor: &Actor,
        id: DocketId,
        kind: Kind,
        live: Option<Live>,
        mut state: AnyState,
        events: Vec<AnyEvent>,
        step: &Step,
        look_ups: &LookUps,
    ) -> Result<(), Refusal> {
        if self.first.is_none() {
            self.first = Some(id);
        }
        let known = live.is_some();
        self.features.extend(step.features.clone().map(|f| (id, f)));
        let mut seq = live.as_ref().map_or(0, |l| l.seq);
        let narrative = live.as_ref().map(|l| l.narrative.clone());
        if events.is_empty() {
            if let Some(live) = live {
                self.touched.entry(id).or_insert_with(|| Touched {
                    before: open_assignee(&live),
                    live,
                    search: false,
                });
            }
            return Ok(());
        }
        let before = self.touched.get(&id).cloned();
        let summary = live.as_ref().map(|live| live.state.summary());
        let load_before = summary.as_ref().and_then(at_work);
        let was = before.as_ref().map_or_else(|| load_before.clone(), |t| t.before.clone());
        let mut search = before.as_ref().is_some_and(|t| t.search) || !known;
        let mut said = narrative.unwrap_or_default();
        for (row, text) in &step.parts {
            if row.kind == "narrative" {
                said = Narrative::read(text);
            }
        }
        let mut rows: Vec<PartRow> = Vec::new();
        for event in &events {
            let json =
                event.to_json().map_err(|e| Refusal::conflict("event", e.to_string(), "请联系管理员。"))?;
            self.events.push(event_type(&json));
            self.follow_ups.extend(state.follow_ups(id, event));
            // What is said of the compact is said under it as it stood before: whoever is to hear of a new version knows that
            // one only. The first proposal is said under itself.
            let talking = |state: &AnyState| match state {
                AnyState::Compact(state) => state.file().and_then(|f| f.exchange_roster()),
                _ => None,
            };
            let under = talking(&state);
            state = state.evolve(event);
            let talking = under.or_else(|| talking(&state));
            let mut parts = Vec::new();
            for (row, text) in &step.parts {
                if json.contains(&row.digest.to_string()) {
                    parts.push(row.digest);
                    if !rows.iter().any(|r| r.digest == row.digest) {
                        rows.push(PartRow { docket: id, ..row.clone() });
                        self.texts.insert(row.digest, text.clone());
                        search = true;
                    }
                }
            }
            let exhibits: Vec<_> = look_ups
                .exhibits
                .iter()
                .chain(&look_ups.printed)
                .map(|e| e.digest)
                .filter(|d| json.contains(&d.to_string()))
                .collect();
            self.claims.extend(exhibits.iter().map(|d| (*d, id)));
            if !event.erased().is_empty() {
                let within = state.streams().is_some().then_some(id);
                self.erase.extend(event.erased().iter().map(|part| (*part, within)));
                search = true;
                said = project::left(said, &state.summary());
            }
            // By category, officer, reviewer or payment code it is found, too.
            if matches!(
                event,
                AnyEvent::Report(lianzhi_procedure::report::Event::Classified { .. })
                    | AnyEvent::Penalty(_)
                    | AnyEvent::Spot(lianzhi_procedure::spot::Event::PayCodeSet { .. })
            ) {
                search = true;
            }
            let kinds: Vec<_> = step.parts.iter().map(|(row, _)| (row.kind.as_str(), row.digest)).collect();
            let world = self.shared.world();
            let roster = talking.as_ref().or(world.directory.roster.as_deref());
            // Its place in the log is known once the batch is sealed.
            let mut post = post(event, id, 0, self.now, &kinds, roster, self.shared.keys())?;
            match &mut post {
                Some(post) if post.envelope.is_some() => {
                    recovery::may_speak(&world, event, self.shared.as_ref())?
                }
                Some(post) => recovery::taken_back(post, step, self.shared.node()),
                None => {}
            }
            if look_ups.recovered {
                recovery::skip_numbers(&mut self.head, event, &world.directory.settings.number_prefix);
            }
            let post = post.map(Box::new);
            self.planned.push(Planned {
                post,
                id,
                kind,
                seq,
                actor: if by_rule(event) { Actor::System.label() } else { actor.label() },
                event_json: json,
                parts,
                exhibits,
                happened: step.happened,
            });
            seq += 1;
        }
        // By what it belongs to, and to whom it was sent, it is found as well.
        let now = state.summary();
        search |= summary.is_some_and(|before| before.tags != now.tags);
        self.parts.extend(rows);
        if let Some(arrived) = &step.arrived
            && !self.arrived.last().is_some_and(|(_, last)| Arc::ptr_eq(last, arrived))
        {
            self.arrived.push((id, arrived.clone()));
        }
        if (rows_of_letters(&step.parts) || (titled(kind) && !known))
            && let Some(words) = project::words(&now, |digest| {
                step.parts.iter().find(|(row, _)| row.digest == *digest).map(|(_, text)| text.clone())
            })
        {
            said = words;
        }
        let live = Live {
            state,
            seq,
            last: live.as_ref().map_or(Digest::ZERO, |l| l.last),
            pos: live.as_ref().map_or(0, |l| l.pos),
            updated_at: self.now_us(),
            narrative: said,
        };
        self.loads.shift(load_before.as_deref(), at_work(&now).as_deref());
        if let AnyState::Duty(state) = &live.state {
            let mut duty = (*self.duty).clone();
            duty.apply(state);
            self.duty = Arc::new(duty);
        }
        self.undo.push((id, before));
        self.touched.insert(id, Touched { live, before: was, search });
        Ok(())
    }

    /// The answer to the submission just decided.
    pub fn done(&mut self, extra: serde_json::Value) -> Done {
        let id = self.first.unwrap_or_default();
        let live = self.touched.get(&id).map(|t| &t.live);
        let summary = live.map(|l| l.state.summary()).unwrap_or_default();
        Done {
            id,
            number: summary.number,
            entries: live.map_or(0, |l| l.seq),
            stage: summary.stage.into(),
            grid: summary.grid.map(|g| g.to_string()),
            unit: summary.unit.map(|u| u.to_string()),
            assignee: summary.assignee.map(|a| a.to_string()),
            due_at: summary.due.map(|t| t.as_microsecond()),
            due_name: summary.due_name,
            provisional: summary.provisional,
            events: std::mem::take(&mut self.events),
            extra,
        }
    }
}

/// Kinds whose row says what the first entry said.
const fn titled(kind: Kind) -> bool {
    matches!(kind, Kind::Penalty | Kind::Spot | Kind::Slip | Kind::Payment | Kind::Stocktake)
}

/// Whether there are letters among these parts: their titles are the words of a row.
fn rows_of_letters(parts: &[(PartRow, String)]) -> bool {
    parts.iter().any(|(row, _)| row.kind == lianzhi_procedure::PartKind::Letter.code())
}

/// Whether the rule decided it rather than whoever gave the command: naming an officer at intake is the node's act,
/// not the citizen's.
#[must_use]
pub fn by_rule(event: &AnyEvent) -> bool {
    use lianzhi_procedure::report::Event;
    match event {
        AnyEvent::Report(Event::Dispatched { by, .. } | Event::SentOutside { by, .. }) => by.is_none(),
        AnyEvent::Report(Event::Pooled { note, .. }) => note.is_none(),
        _ => false,
    }
}

/// The named officer of an open matter; what loads are counted by.
fn open_assignee(live: &Live) -> Option<String> {
    at_work(&live.state.summary())
}

fn at_work(summary: &Summary) -> Option<String> {
    summary.assignee.as_ref().filter(|_| summary.open).map(ToString::to_string)
}

fn event_type(json: &str) -> String {
    json.strip_prefix("{\"type\":\"").and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}
