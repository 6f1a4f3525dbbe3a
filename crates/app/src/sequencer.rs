//! The sequencer: one bounded queue, batches, one transaction for each batch, answers after the commit.
//!
//! Submissions are decided one after the other against the heads, counters and loads as the batch has advanced them.
//! A refused submission leaves the batch untouched. When another replica moved the log, the batch is decided again on
//! the new head; when a batch fails for another reason its submissions are tried one by one.

use crate::batch::Draft;
use crate::ports::{Clock, Entropy, Head, KeptAnswer, PartRow, Store, StoreError};
use crate::project::Live;
use crate::shared::Shared;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps, Refusal};
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
    /// Next term, micros.
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

type Reply = oneshot::Sender<Result<Done, Refusal>>;

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

/// The sequencer's own memory.
pub struct Sequencer {
    pub(crate) store: Store,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) simulated: bool,
    head: Head,
    cache: LruCache<DocketId, Arc<Live>>,
}

impl std::fmt::Debug for Sequencer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sequencer")
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
        let mut sequencer =
            Sequencer { store, shared, clock, entropy, simulated, head, cache: LruCache::new(capacity) };
        let (queue, mut inbox) = mpsc::channel(QUEUE_MAX);
        let task = tokio::spawn(async move {
            let mut waiting = Vec::with_capacity(BATCH_MAX);
            loop {
                match tokio::time::timeout(IDLE, inbox.recv_many(&mut waiting, BATCH_MAX)).await {
                    Ok(0) => break,
                    Ok(_) => sequencer.round(std::mem::take(&mut waiting)).await,
                    Err(_) => sequencer.look_around().await,
                }
            }
        });
        Ok((Handle { queue }, task))
    }

    async fn round(&mut self, waiting: Vec<(Submission, Reply)>) {
        let (submissions, replies): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let answers = self.commit(&submissions).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever hung up finds the outcome in the record.
            let _ = reply.send(answer);
        }
    }

    /// Decides and commits; one answer for each submission.
    async fn commit(&mut self, submissions: &[Submission]) -> Vec<Result<Done, Refusal>> {
        for _ in 0..TRIES_MAX {
            match self.attempt(submissions).await {
                Ok(answers) => return answers,
                Err(StoreError::HeadMoved) => {
                    if let Err(error) = self.catch_up().await {
                        return refused(submissions, &error);
                    }
                }
                Err(error) if submissions.len() > 1 && !matches!(error, StoreError::Full(_)) => {
                    tracing::warn!(%error, "batch failed, trying its submissions one by one");
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

    async fn attempt(
        &mut self,
        submissions: &[Submission],
    ) -> Result<Vec<Result<Done, Refusal>>, StoreError> {
        self.load(submissions.iter().flat_map(|s| s.steps.iter().flat_map(touched)).collect()).await?;
        let kept = self.kept(submissions).await?;
        let mut draft = Draft::new(self.head.clone(), self.shared.clone(), self.clock.now(), self.simulated);
        let mut answers = Vec::with_capacity(submissions.len());
        let mut keys_here: HashMap<&str, (Digest, usize)> = HashMap::new();
        for (n, submission) in submissions.iter().enumerate() {
            if let Some((key, request)) = &submission.key {
                let earlier = kept
                    .get(key.as_str())
                    .map(|k| (k.request, None))
                    .or_else(|| keys_here.get(key.as_str()).map(|(r, n)| (*r, Some(*n))));
                if let Some((earlier, at)) = earlier {
                    answers.push(match (earlier == *request, at) {
                        (false, _) => Err(Refusal::conflict(
                            "key-reused",
                            "同一个提交编号用于不同的内容。",
                            "请换一个 Idempotency-Key，或刷新页面重新填写。",
                        )
                        .from_source("Idempotency-Key")),
                        (true, None) => kept_answer(kept.get(key.as_str())),
                        (true, Some(n)) => answers
                            .get(n)
                            .cloned()
                            .unwrap_or_else(|| Err(Refusal::busy("重复提交。", "请稍后查看结果。"))),
                    });
                    continue;
                }
                keys_here.insert(key, (*request, n));
            }
            let answer = self.decide(&mut draft, submission).await?;
            if let (Ok(done), Some((key, request))) = (&answer, &submission.key) {
                let json = serde_json::to_string(done).map_err(|e| StoreError::Engine(e.to_string()))?;
                draft.keep(KeptAnswer {
                    key: key.clone(),
                    request: *request,
                    answer: json,
                    at: draft.now_us(),
                });
            }
            answers.push(answer);
        }
        let finished = draft.finish(&self.store, self.entropy.as_ref()).await?;
        if !finished.batch.entries.is_empty() || !finished.batch.answers.is_empty() {
            self.store.journal.commit(&finished.batch).await?;
        }
        self.head = finished.batch.head.clone();
        for (id, live) in finished.lives {
            self.cache.put(id, live);
        }
        self.shared.committed(&finished.batch, finished.changes, &self.store).await;
        Ok(answers)
    }

    async fn decide(
        &mut self,
        draft: &mut Draft,
        submission: &Submission,
    ) -> Result<Result<Done, Refusal>, StoreError> {
        let mark = draft.mark();
        for step in &submission.steps {
            if let Err(refusal) = draft.step(&submission.actor, step, &self.cache) {
                draft.roll_back(mark);
                return Ok(Err(refusal));
            }
        }
        // Follow-ups may reach dockets that nobody named.
        while let Some((docket, command)) = draft.next_follow_up() {
            self.load(vec![docket]).await?;
            let step = Step {
                to: To::Docket(docket),
                command,
                expected: None,
                look_ups: LookUps::default(),
                parts: Vec::new(),
                happened: None,
            };
            if let Err(refusal) = draft.step(&Actor::System, &step, &self.cache) {
                tracing::warn!(%docket, %refusal, "follow-up refused");
            }
        }
        Ok(Ok(draft.done(submission.extra.clone())))
    }

    /// Puts dockets into the cache.
    async fn load(&mut self, ids: Vec<DocketId>) -> Result<(), StoreError> {
        let missing: Vec<_> = ids
            .into_iter()
            .filter(|id| !self.cache.contains(id))
            .collect::<HashSet<_>>()
            .into_iter()
            .collect();
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

fn kept_answer(kept: Option<&KeptAnswer>) -> Result<Done, Refusal> {
    kept.and_then(|k| serde_json::from_str(&k.answer).ok())
        .ok_or_else(|| Refusal::busy("重复提交，结果暂不可读。", "请按编号查看办件。"))
}

fn refused(submissions: &[Submission], error: &StoreError) -> Vec<Result<Done, Refusal>> {
    tracing::error!(%error, "commit failed");
    let refusal = crate::shared::unavailable(error);
    submissions.iter().map(|_| Err(refusal.clone())).collect()
}
