//! The sequencer: one bounded queue, batches, one transaction for each batch, answers after the commit.
//!
//! Submissions are decided one after the other against the heads, counters and loads as the batch has advanced them.
//! While one batch is being written the next is decided on top of it; it is sent off, and whoever is in it answered,
//! only when the one before is durable. A refused submission leaves the batch untouched. When another replica moved
//! the log, what was decided is decided again on the new head; when a batch fails for another reason its submissions
//! are tried one by one.

mod answers;

use crate::batch::{After, Draft, Finished};
use crate::federation::{Arrived, recovery};
use crate::ports::{Batch, Clock, Entropy, Head, KeptAnswer, PartRow, Store, StoreError};
use crate::project::Live;
use crate::shared::{Change, Shared};
use crate::singleton::is_one_of_a_kind;
use answers::{kept_answer, key_reused, refused};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, SharedId};
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps, Refusal};
use lianzhi_triage::Features;
use lru::LruCache;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Submissions that may wait. Beyond it callers are told to come again: better than a queue that nobody outlives.
pub const QUEUE_MAX: usize = 4096;
/// Submissions in one transaction: enough to share the fsync, few enough for a p99 below 50 ms.
pub const BATCH_MAX: usize = 256;
/// Folded dockets kept at hand.
const CACHE_DOCKETS_MAX: usize = 20_000;
/// How long the sequencer waits for work before it looks whether other replicas did some.
const IDLE: std::time::Duration = std::time::Duration::from_secs(1);
/// How often a batch is decided again when other replicas move the log.
const TRIES_MAX: usize = 50;
/// Races for the head that a replica loses before it asks for its turn: racing is quicker for all while it goes well.
const RACES: usize = 8;

/// To which docket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// One that is there.
    Docket(DocketId),
    /// A new one.
    New(Kind),
}

/// One command to one docket.
#[derive(Clone)]
pub struct Step {
    /// To which docket.
    pub to: To,
    /// What; its texts are sealed.
    pub command: AnyCommand,
    /// How many entries the sender has seen; another number is a conflict.
    pub expected: Option<i32>,
    /// What was looked up.
    pub look_ups: LookUps,
    /// Sealed parts with their texts.
    pub parts: Vec<(PartRow, String)>,
    /// When it happened, when it was not now.
    pub happened: Option<Timestamp>,
    /// What a report that it registers is compared by.
    pub features: Option<Arc<Features>>,
    /// The envelope that it came in: a new docket is opened only when its shared one is not there yet.
    pub arrived: Option<Arc<Arrived>>,
}

impl Step {
    /// A command with nothing looked up and no texts.
    #[must_use]
    pub fn new(to: To, command: AnyCommand) -> Step {
        Step {
            to,
            command,
            expected: None,
            look_ups: LookUps::default(),
            parts: Vec::new(),
            happened: None,
            features: None,
            arrived: None,
        }
    }
}

/// Without the texts: what is printed for debugging ends up in logs.
impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Step { to, command, expected, .. } = self;
        f.debug_struct("Step")
            .field("to", to)
            .field("command", command)
            .field("expected", expected)
            .finish_non_exhaustive()
    }
}

/// Steps that happen together or not at all.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Who.
    pub actor: Actor,
    /// The steps. A later one may address the docket that an earlier one opened through [`To::New`] only by follow-up.
    pub steps: Vec<Step>,
    /// Key and digest of the request, when a repetition must give the same answer.
    pub key: Option<(String, Digest)>,
    /// Goes into the answer as it is.
    pub extra: serde_json::Value,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Done {
    /// Docket of the first step.
    pub id: DocketId,
    /// Its number.
    pub number: String,
    /// Entries it has now.
    pub entries: i32,
    /// Its stage.
    pub stage: String,
    /// Grid.
    pub grid: Option<String>,
    /// Lead unit.
    pub unit: Option<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Next term.
    #[serde(default, with = "crate::micros::maybe")]
    #[schemars(with = "Option<jiff::Timestamp>")]
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
    /// Computed beyond the last official schedule.
    pub provisional: bool,
    /// Types of the events.
    pub events: Vec<String>,
    /// What the caller put in.
    #[serde(default)]
    #[schemars(skip)]
    pub extra: serde_json::Value,
}

type Reply = oneshot::Sender<Answer>;

/// The way into the sequencer.
#[derive(Debug, Clone)]
pub struct Handle {
    queue: mpsc::Sender<(Submission, Reply)>,
}

impl Handle {
    /// Submits and waits until it is durable.
    ///
    /// # Errors
    /// The refusal of the first step that is refused, or that the node is overloaded or going down.
    pub async fn submit(&self, submission: Submission) -> Result<Done, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send((submission, reply)).map_err(|_| {
            Refusal::busy("系统正忙，这次没有提交成功。", "请稍等几秒再提交；已填内容不会丢。")
        })?;
        answer.await.map_err(|_| {
            Refusal::busy("系统正在停止或重启，这次没有提交成功。", "请稍后重试；已填内容不会丢。")
        })?
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

/// One answer for each submission.
type Answer = Result<Done, Refusal>;

/// A batch under construction, with those who wait for it.
struct Open {
    draft: Draft,
    submissions: Vec<Submission>,
    replies: Vec<Reply>,
    answers: Vec<Answer>,
    /// Keys under which answers of this batch are kept: digest of the request, and which answer.
    keys: HashMap<String, (Digest, usize)>,
}

/// A batch on its way to the disk, with those who wait for it.
struct Flight {
    landing: tokio::task::JoinHandle<Result<(), StoreError>>,
    sealed: Sealed,
    submissions: Vec<Submission>,
    replies: Vec<Reply>,
    answers: Vec<Answer>,
    keys: HashMap<String, (Digest, usize)>,
    /// Nothing may be decided before it is durable: it changes registers or duty books, which are looked for in what is
    /// committed, or takes away what deciding reads.
    alone: bool,
}

/// A sealed batch and what it changes in memory.
struct Sealed {
    batch: Arc<Batch>,
    changes: Vec<Change>,
    after: After,
}

/// The sequencer's own memory.
pub struct Sequencer {
    pub(crate) store: Store,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) simulated: bool,
    /// The log as it stands after the batch that is on its way.
    head: Head,
    pub(crate) cache: LruCache<DocketId, Arc<Live>>,
    /// Dockets here of shared ones that were touched lately, also those whose batch is on its way.
    pub(crate) known: LruCache<SharedId, DocketId>,
}

impl std::fmt::Debug for Sequencer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sequencer")
    }
}

/// Waits for the batch on its way; for ever when there is none.
async fn landing(flight: Option<&mut Flight>) -> Result<(), StoreError> {
    match flight {
        Some(flight) => match (&mut flight.landing).await {
            Ok(outcome) => outcome,
            Err(error) => Err(StoreError::Engine(error.to_string())),
        },
        None => std::future::pending().await,
    }
}

fn reply_all(replies: Vec<Reply>, answers: Vec<Answer>) {
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Whoever hung up finds the outcome in the record.
        let _ = reply.send(answer);
    }
}

impl Sequencer {
    /// Starts the sequencer; it ends when all handles are gone and the queue is empty.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn start(
        store: Store,
        shared: Arc<Shared>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        simulated: bool,
    ) -> Result<(Handle, tokio::task::JoinHandle<()>), StoreError> {
        let head = store.journal.head().await?;
        let capacity = NonZeroUsize::new(CACHE_DOCKETS_MAX).unwrap_or(NonZeroUsize::MIN);
        let (cache, known) = (LruCache::new(capacity), LruCache::new(capacity));
        let sequencer = Sequencer { store, shared, clock, entropy, simulated, head, cache, known };
        let (queue, inbox) = mpsc::channel(QUEUE_MAX);
        let task = tokio::spawn(sequencer.run(inbox));
        Ok((Handle { queue }, task))
    }

    /// Decides what comes in while the batch before is being written, and sends it off when that one is durable.
    async fn run(mut self, mut inbox: mpsc::Receiver<(Submission, Reply)>) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        let mut open: Option<Open> = None;
        let mut flight: Option<Flight> = None;
        let mut closing = false;
        while !closing || flight.is_some() {
            let room = BATCH_MAX.saturating_sub(open.as_ref().map_or(0, |o| o.submissions.len()));
            let alone = flight.as_ref().is_some_and(|f| f.alone);
            tokio::select! {
                biased;
                outcome = landing(flight.as_mut()) => {
                    if let Some(done) = flight.take() {
                        flight = self.land(done, outcome, open.take()).await;
                    }
                }
                n = inbox.recv_many(&mut waiting, room), if room > 0 && !alone && !closing => {
                    closing = n == 0;
                    let taken = std::mem::take(&mut waiting);
                    open = self.take_in(open, flight.as_ref(), taken).await;
                    if flight.is_none() && let Some(ready) = open.take() {
                        flight = self.send_off(ready).await;
                    }
                }
                () = tokio::time::sleep(IDLE), if flight.is_none() => self.look_around().await,
            }
        }
    }

    fn open(&self, flight: Option<&Flight>) -> Open {
        let after = match flight {
            Some(flight) => flight.sealed.after.clone(),
            None => After { loads: self.shared.load_table(), duty: self.shared.duty() },
        };
        Open {
            draft: Draft::new(
                self.head.clone(),
                self.shared.clone(),
                after,
                self.clock.now(),
                self.simulated,
            ),
            submissions: Vec::new(),
            replies: Vec::new(),
            answers: Vec::new(),
            keys: HashMap::new(),
        }
    }

    /// Decides submissions on top of what is decided already. When the store cannot be read nothing of the batch is
    /// kept and everybody in it is told so.
    async fn take_in(
        &mut self,
        open: Option<Open>,
        flight: Option<&Flight>,
        taken: Vec<(Submission, Reply)>,
    ) -> Option<Open> {
        if taken.is_empty() {
            return open;
        }
        let mut open = open.unwrap_or_else(|| self.open(flight));
        let (submissions, replies): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
        open.replies.extend(replies);
        let begin = open.submissions.len();
        open.submissions.extend(submissions);
        match self.decide_all(&mut open, begin, flight).await {
            Ok(()) => Some(open),
            Err(error) => {
                reply_all(open.replies, refused(&open.submissions, &error));
                None
            }
        }
    }

    /// Seals a batch and has it written.
    async fn send_off(&mut self, open: Open) -> Option<Flight> {
        let Open { draft, submissions, replies, answers, keys } = open;
        let sealed = match self.seal(draft).await {
            Ok(sealed) => sealed,
            Err(error) => {
                reply_all(replies, refused(&submissions, &error));
                return None;
            }
        };
        if sealed.batch.is_empty() {
            reply_all(replies, answers);
            return None;
        }
        // What is decided next is decided on top of it.
        self.head = sealed.batch.head.clone();
        for change in &sealed.changes {
            self.cache.put(change.row.id, change.live.clone());
        }
        for row in &sealed.batch.streams {
            self.known.put(row.shared.clone(), row.docket);
        }
        let (store, batch) = (self.store.clone(), sealed.batch.clone());
        let landing = tokio::spawn(async move { store.journal.commit(&batch).await });
        let alone = !sealed.batch.registers.is_empty()
            || !sealed.batch.erase.is_empty()
            || sealed.batch.matters.iter().any(|row| is_one_of_a_kind(&row.kind));
        Some(Flight { landing, sealed, submissions, replies, answers, keys, alone })
    }

    /// A batch came to its end: the next one goes off, then whoever waited for this one is answered. When it failed,
    /// all that was decided is decided again.
    async fn land(
        &mut self,
        flight: Flight,
        outcome: Result<(), StoreError>,
        open: Option<Open>,
    ) -> Option<Flight> {
        let outcome = match outcome {
            Err(error)
                if !matches!(error, StoreError::HeadMoved) && self.is_written(&flight.sealed).await =>
            {
                tracing::warn!(%error, "the store reported a failure, but the batch is in the log");
                Ok(())
            }
            outcome => outcome,
        };
        if outcome.is_ok() {
            // Registers are read anew before anything is decided by them.
            let next = match open {
                Some(open) if !flight.alone => self.send_off(open).await,
                Some(_) | None => None,
            };
            self.shared.committed(&flight.sealed.batch, flight.sealed.changes, &self.store).await;
            reply_all(flight.replies, flight.answers);
            return next;
        }
        for change in &flight.sealed.changes {
            self.cache.pop(&change.row.id);
        }
        for row in &flight.sealed.batch.streams {
            self.known.pop(&row.shared);
        }
        self.head = flight.sealed.batch.on.clone();
        let mut again = vec![(flight.submissions, flight.replies)];
        again.extend(open.map(|o| (o.submissions, o.replies)));
        for (submissions, replies) in again {
            let answers = match self.catch_up().await {
                Ok(()) => self.commit(&submissions).await,
                Err(error) => refused(&submissions, &error),
            };
            reply_all(replies, answers);
        }
        None
    }

    /// Whether a batch is in the log although its transaction reported a failure (the connection broke at its end).
    async fn is_written(&self, sealed: &Sealed) -> bool {
        let Some(last) = sealed.batch.entries.last() else { return false };
        let leaf = self.store.journal.leaves(last.pos, 1).await;
        leaf.is_ok_and(|leaves| leaves.first() == Some(&last.leaf))
    }

    /// Decides and commits without anything else on its way; one answer for each submission.
    async fn commit(&mut self, submissions: &[Submission]) -> Vec<Answer> {
        // Others may win the race for the head for ever; after some they wait.
        let mut turn = None;
        for lost in 0..TRIES_MAX {
            match self.attempt(submissions).await {
                Ok(answers) => return answers,
                Err(StoreError::HeadMoved) => {
                    if lost >= RACES && turn.is_none() {
                        turn = self.store.journal.turn().await.ok();
                    }
                    if let Err(error) = self.catch_up().await {
                        return refused(submissions, &error);
                    }
                }
                Err(error) if submissions.len() > 1 && !matches!(error, StoreError::Full(_)) => {
                    tracing::warn!(%error, "batch failed, trying its submissions one by one");
                    drop(turn.take());
                    let mut answers = Vec::with_capacity(submissions.len());
                    for submission in submissions {
                        answers.extend(Box::pin(self.commit(std::slice::from_ref(submission))).await);
                    }
                    return answers;
                }
                Err(error) => return refused(submissions, &error),
            }
        }
        refused(submissions, &StoreError::HeadMoved)
    }

    async fn attempt(&mut self, submissions: &[Submission]) -> Result<Vec<Answer>, StoreError> {
        let mut open = self.open(None);
        open.submissions.extend_from_slice(submissions);
        self.decide_all(&mut open, 0, None).await?;
        let sealed = self.seal(open.draft).await?;
        if !sealed.batch.is_empty() {
            match self.store.journal.commit(&sealed.batch).await {
                Err(error) if matches!(error, StoreError::HeadMoved) || !self.is_written(&sealed).await => {
                    return Err(error);
                }
                _ => {}
            }
        }
        self.head = sealed.batch.head.clone();
        for change in &sealed.changes {
            self.cache.put(change.row.id, change.live.clone());
        }
        self.shared.committed(&sealed.batch, sealed.changes, &self.store).await;
        Ok(open.answers)
    }

    async fn seal(&self, draft: Draft) -> Result<Sealed, StoreError> {
        let Finished { batch, changes, after } = draft.finish(&self.store, self.entropy.as_ref()).await?;
        Ok(Sealed { batch: Arc::new(batch), changes, after })
    }

    /// Decides the submissions of a batch from the `begin`-th on.
    async fn decide_all(
        &mut self,
        open: &mut Open,
        begin: usize,
        flight: Option<&Flight>,
    ) -> Result<(), StoreError> {
        let Open { draft, submissions, answers, keys, .. } = open;
        let fresh = submissions.get(begin..).unwrap_or_default();
        self.load(fresh.iter().flat_map(|s| s.steps.iter().flat_map(touched)).collect()).await?;
        let kept = self.kept(fresh).await?;
        let absent = self.look_for_arrived(fresh).await?;
        for submission in fresh {
            if let Some((key, request)) = &submission.key {
                let here = keys.get(key).map(|(r, n)| (*r, answers.get(*n)));
                let flying = flight.and_then(|f| f.keys.get(key).map(|(r, n)| (*r, f.answers.get(*n))));
                if let Some((earlier, answer)) = here.or(flying) {
                    answers.push(answer.filter(|_| earlier == *request).cloned().unwrap_or_else(key_reused));
                    continue;
                }
                if let Some(kept) = kept.get(key) {
                    answers.push(if kept.request == *request { kept_answer(kept) } else { key_reused() });
                    continue;
                }
                keys.insert(key.clone(), (*request, answers.len()));
            }
            let answer = self.decide(draft, submission, &absent).await?;
            if let (Ok(done), Some((key, request))) = (&answer, &submission.key) {
                let json = serde_json::to_string(done).map_err(|e| StoreError::Engine(e.to_string()))?;
                let at = draft.now_us();
                draft.keep(KeptAnswer { key: key.clone(), request: *request, answer: json, at });
            }
            answers.push(answer);
        }
        Ok(())
    }

    async fn decide(
        &mut self,
        draft: &mut Draft,
        submission: &Submission,
        absent: &HashSet<SharedId>,
    ) -> Result<Answer, StoreError> {
        if self.shared.restoring().is_some() && !submission.steps.iter().all(recovery::opens_generation) {
            return Ok(Err(answers::restoring()));
        }
        let mark = draft.mark();
        for step in &submission.steps {
            let step = self.one_of_a_kind(draft, step, absent).await?;
            if let Err(refusal) = draft.step(&submission.actor, &step, &self.cache) {
                draft.roll_back(mark);
                return Ok(Err(refusal));
            }
        }
        // Follow-ups may reach dockets that nobody named.
        while let Some((docket, command)) = draft.next_follow_up() {
            self.load(vec![docket]).await?;
            let step = Step::new(To::Docket(docket), command);
            if let Err(refusal) = draft.step(&Actor::System, &step, &self.cache) {
                tracing::warn!(%docket, %refusal, "follow-up refused");
            }
        }
        Ok(Ok(draft.done(submission.extra.clone())))
    }

    /// Puts dockets into the cache.
    pub(crate) async fn load(&mut self, ids: Vec<DocketId>) -> Result<(), StoreError> {
        let missing: HashSet<_> = ids.into_iter().filter(|id| !self.cache.contains(id)).collect();
        let missing: Vec<_> = missing.into_iter().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let lives = self.shared.lives(&self.store, &missing).await?;
        for (id, live) in lives {
            self.cache.put(id, Arc::new(live));
        }
        Ok(())
    }

    async fn kept(&self, submissions: &[Submission]) -> Result<HashMap<String, KeptAnswer>, StoreError> {
        let keys: Vec<_> =
            submissions.iter().filter_map(|s| s.key.as_ref()).map(|(k, _)| k.clone()).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(self.store.journal.answers(&keys).await?.into_iter().map(|k| (k.key.clone(), k)).collect())
    }

    /// Nothing to do: sees whether another replica did something, so that its registers, duty and hints reach the
    /// readers of this one too.
    async fn look_around(&mut self) {
        let moved = match self.store.journal.head().await {
            Ok(head) if head.size == self.head.size => return,
            Ok(_) => self.catch_up().await,
            Err(error) => Err(error),
        };
        if let Err(error) = moved {
            tracing::warn!(%error, "the log could not be looked at; it is tried again in a second");
        }
    }

    /// Another replica committed: take over what it did.
    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let from = self.head.size;
        self.head = self.store.journal.head().await?;
        for id in self.shared.follow(&self.store, from).await? {
            self.cache.pop(&id);
        }
        Ok(())
    }
}

fn touched(step: &Step) -> impl Iterator<Item = DocketId> {
    let own = match step.to {
        To::Docket(id) => Some(id),
        To::New(_) => None,
    };
    own.into_iter().chain(step.look_ups.target.as_ref().map(|t| t.docket))
}
