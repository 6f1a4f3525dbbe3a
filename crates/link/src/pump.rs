//! What carries messages out: for each member one task that sends what waits and one that fetches files; beside them pulling
//! what is lacking, asking for witnesses, and raising alarms. All of it can be stopped at any moment: what was not
//! acknowledged waits in the store.

use crate::Config;
use crate::client::{Call, CallError, Client, Shared};
use http::StatusCode;
use lianzhi_app::App;
use lianzhi_app::federation::{BATCHES_MAX, Outgoing, Signal};
use lianzhi_app::ports::StoreError;
use lianzhi_docket::note::VerifierKey;
use lianzhi_docket::witness::parse_size;
use lianzhi_exchange::compact::Member;
use lianzhi_exchange::envelope::{MEDIA_PARCELS, Parcel};
use lianzhi_exchange::outbound::{Step, step};
use lianzhi_exchange::refusal::Answer;
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

/// How often a member that says nothing is asked whether it lives: a healed line is noticed within half a minute.
pub const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a task sleeps at most before it looks again: other replicas' commits send no signal here.
pub(crate) const LOOK: Duration = Duration::from_secs(2);
/// How often witnesses are asked: a proof is cosigned within seconds.
const WITNESS_EVERY: Duration = Duration::from_secs(2);
/// How often members are asked how they decided: what is published changes by the day.
const COMPARE_EVERY: Duration = Duration::from_secs(60 * 60);
/// Witnesses that are asked: enough that one may be down and another be dishonest, few enough that a large compact costs a
/// member no more than a small one.
pub const WITNESSES_MAX: usize = 4;
/// Files of one member fetched one after the other before its list is read anew.
const FETCH_MAX: i64 = 8;
/// Longest answers, bytes: a batch of receipts, a list of heads, a line of a witness.
pub(crate) const ANSWERS_BYTES_MAX: usize = 1 << 20;
/// Carries messages out.
#[derive(Debug, Clone)]
pub struct Pump {
    pub(crate) app: App,
    pub(crate) client: Shared,
    exhibit_bytes_max: Option<u64>,
    /// Whether this replica is the one that carries out.
    leads: watch::Receiver<bool>,
    lead: watch::Sender<bool>,
}

/// A pump that runs; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    tasks: Vec<JoinHandle<()>>,
    leads: watch::Receiver<bool>,
}

impl Running {
    /// Whether this replica is the one that carries messages out.
    #[must_use]
    pub fn leads(&self) -> bool {
        *self.leads.borrow()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// What is being pulled, so that it is not pulled twice at once. What one author said and all that a member has of a docket are
/// two things: the second is found lacking while the first still comes in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Pulling {
    /// The stream of an author.
    Stream(SharedId, NodeCode),
    /// Whatever a member has of a docket.
    Docket(SharedId, NodeCode),
}

/// The tasks of one member.
struct Lane {
    send: Arc<Notify>,
    fetch: Arc<Notify>,
    tasks: Vec<JoinHandle<()>>,
}

/// Batches on their way to one member. What is said meanwhile does not wait for their receipts; only what is of the same
/// docket does, so that nothing overtakes.
#[derive(Default)]
struct Flight {
    sending: JoinSet<Result<(), StoreError>>,
    dockets: HashMap<tokio::task::Id, Vec<DocketId>>,
}

impl Flight {
    fn is_empty(&self) -> bool {
        self.sending.is_empty()
    }
    fn is_full(&self) -> bool {
        self.sending.len() >= BATCHES_MAX
    }
    fn carries(&self, docket: DocketId) -> bool {
        self.dockets.values().any(|dockets| dockets.contains(&docket))
    }
    fn launch(
        &mut self,
        dockets: Vec<DocketId>,
        batch: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) {
        let id = self.sending.spawn(batch).id();
        self.dockets.insert(id, dockets);
    }
    /// Waits for the next batch to be settled. One that broke down is due again like any that was not acknowledged.
    async fn landed(&mut self) -> Result<(), StoreError> {
        let (id, settled) = match self.sending.join_next_with_id().await {
            None => return Ok(()),
            Some(Ok((id, settled))) => (id, settled),
            Some(Err(broken)) => (broken.id(), Ok(())),
        };
        self.dockets.remove(&id);
        settled
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Pump {
    /// A pump of this node.
    ///
    /// # Errors
    /// When certificates cannot be read.
    pub fn new(app: App, config: &Config) -> Result<Pump, crate::TlsError> {
        let client = Arc::new(Client::new(app.clone(), config)?);
        app.set_neighbour(client.clone());
        let (lead, leads) = watch::channel(false);
        Ok(Pump { app, client, exhibit_bytes_max: config.exhibit_bytes_max, leads, lead })
    }

    /// Starts it.
    #[must_use]
    pub fn start(self) -> Running {
        let leads = self.leads.clone();
        let tasks = vec![
            tokio::spawn(self.clone().keep_lead()),
            tokio::spawn(self.clone().steer()),
            tokio::spawn(self.clone().come_back()),
            tokio::spawn(self.clone().keep_comparing()),
            tokio::spawn(self.clone().settle_questions()),
            tokio::spawn(self.ask_witnesses()),
        ];
        Running { tasks, leads }
    }

    /// Of several replicas one carries messages out; the others wait until it lets go.
    async fn keep_lead(self) {
        loop {
            match self.app.store().exchange.lead().await {
                Ok(Some(mut lease)) => {
                    if let Err(error) = self.app.reread().await {
                        tracing::warn!(%error, "what was not understood could not be read again");
                    }
                    self.lead.send_replace(true);
                    while lease.holds().await {
                        tokio::time::sleep(LOOK).await;
                    }
                    self.lead.send_replace(false);
                    tracing::warn!("this replica carries out no more: its hold on the database is gone");
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "it could not be found out which replica carries out"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Asks members, now and then, how they decided about the items that people here work on.
    async fn keep_comparing(self) {
        loop {
            if !self.leads() {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let asking = self.app.other_members().into_iter().map(|member| {
                let app = self.app.clone();
                async move {
                    if let Err(error) = app.compare_with(&member).await {
                        tracing::warn!(peer = %member.node, %error, "what it decided could not be asked for");
                    }
                }
            });
            futures::future::join_all(asking).await;
            tokio::time::sleep(COMPARE_EVERY).await;
        }
    }

    /// Whether this replica is the one that carries messages out.
    pub(crate) fn leads(&self) -> bool {
        *self.leads.borrow()
    }

    /// Hears signals and sees to it that each member has its lane.
    async fn steer(self) {
        let mut signals = self.app.signals();
        let mut lanes: BTreeMap<NodeCode, Lane> = BTreeMap::new();
        let mut aside = JoinSet::new();
        let mut pulling: BTreeSet<Pulling> = BTreeSet::new();
        let mut leads = self.leads.clone();
        let mut timer = tokio::time::interval(LOOK);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = timer.tick() => self.keep_lanes(&mut lanes),
                Ok(()) = leads.changed() => self.keep_lanes(&mut lanes),
                Some(done) = aside.join_next(), if !aside.is_empty() => {
                    if let Ok(Some(key)) = done {
                        pulling.remove(&key);
                    }
                }
                signal = signals.recv() => match signal {
                    Ok(Signal::Send(peer)) => {
                        self.keep_lanes(&mut lanes);
                        lanes.get(&peer).into_iter().for_each(|lane| lane.send.notify_one());
                    }
                    Ok(Signal::Fetch(peer)) => {
                        lanes.get(&peer).into_iter().for_each(|lane| lane.fetch.notify_one());
                    }
                    Ok(Signal::Pull { from, lacking }) => {
                        let key = Pulling::Stream(lacking.docket.clone(), lacking.author.clone());
                        if pulling.insert(key.clone()) {
                            let pump = self.clone();
                            aside.spawn(async move {
                                pump.pull(&from, lacking).await;
                                Some(key)
                            });
                        }
                    }
                    Ok(Signal::Level { from, docket }) => {
                        let key = Pulling::Docket(docket.clone(), from.clone());
                        if pulling.insert(key.clone()) {
                            let pump = self.clone();
                            aside.spawn(async move {
                                pump.level_with(&from, &docket).await;
                                Some(key)
                            });
                        }
                    }
                    Ok(Signal::Compact(from)) => {
                        let pump = self.clone();
                        aside.spawn(async move {
                            pump.pull_compact(&from).await;
                            None
                        });
                    }
                    Ok(Signal::Alarm(digest)) => {
                        let pump = self.clone();
                        aside.spawn(async move {
                            pump.raise(digest).await;
                            None
                        });
                    }
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                        for lane in lanes.values() {
                            lane.send.notify_one();
                            lane.fetch.notify_one();
                        }
                    }
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                },
            }
        }
    }

    fn keep_lanes(&self, lanes: &mut BTreeMap<NodeCode, Lane>) {
        let members = if self.leads() { self.app.other_members() } else { Vec::new() };
        let members: BTreeSet<NodeCode> = members.into_iter().map(|m| m.node).collect();
        lanes.retain(|node, _| members.contains(node));
        for node in members {
            lanes.entry(node.clone()).or_insert_with(|| {
                let (send, fetch) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
                let tasks = vec![
                    tokio::spawn(self.clone().keep_sending(node.clone(), send.clone())),
                    tokio::spawn(self.clone().keep_fetching(node, fetch.clone())),
                ];
                Lane { send, fetch, tasks }
            });
        }
    }

    pub(crate) fn member(&self, node: &NodeCode) -> Option<Member> {
        self.app.roster()?.member(node).cloned()
    }

    async fn keep_sending(self, peer: NodeCode, wake: Arc<Notify>) {
        let mut asked: Option<tokio::time::Instant> = None;
        let mut flight = Flight::default();
        loop {
            match self.launch(&peer, &mut flight).await {
                Ok(false) => {}
                Ok(true) => continue,
                Err(error) => tracing::warn!(%peer, %error, "the outbox could not be read"),
            }
            let heard = self.app.heard_at(&peer);
            let quiet = heard.is_none_or(|at| self.app.now().duration_since(at).unsigned_abs() >= HEARTBEAT);
            let unknown = self.app.capabilities_of(&peer).is_none();
            let ask = flight.is_empty() && (quiet || unknown);
            if ask && asked.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
                asked = Some(tokio::time::Instant::now());
                self.ask_for_life(&peer).await;
                continue;
            }
            tokio::select! {
                landed = flight.landed(), if !flight.is_empty() => if let Err(error) = landed {
                    tracing::warn!(%peer, %error, "receipts could not be kept");
                    tokio::time::sleep(LOOK).await;
                },
                _ = tokio::time::timeout(LOOK, wake.notified()) => {}
            }
        }
    }

    /// Asks a member whether it lives and what its program understands, and follows it when it works by another epoch.
    async fn ask_for_life(&self, peer: &NodeCode) {
        let Some(member) = self.member(peer) else { return };
        let Ok(response) = self.client.call(&member, Call::get("/capabilities")).await else { return };
        let epoch: Option<u32> =
            response.headers().get(crate::HEADER_EPOCH).and_then(|v| v.to_str().ok()?.parse().ok());
        let ours = self.app.roster().map_or(0, |roster| roster.epoch.number);
        let body = match Client::good(response, ANSWERS_BYTES_MAX).await {
            Ok(body) => body,
            Err(error) => {
                tracing::debug!(%peer, %error, "no sign of life");
                return;
            }
        };
        let said = serde_json::from_slice(&body).is_ok_and(|said| self.app.understands(peer, &said));
        if !said {
            tracing::warn!(%peer, "what it says that it understands is not signed by it, or not of the form");
        }
        if epoch.is_some_and(|epoch| epoch > ours) {
            self.pull_compact(peer).await;
        }
    }

    /// Sends what is due and not on its way yet; whether anything was.
    async fn launch(&self, peer: &NodeCode, flight: &mut Flight) -> Result<bool, StoreError> {
        let Some(member) = self.member(peer) else { return Ok(false) };
        if flight.is_full() {
            return Ok(false);
        }
        let due = self.app.outbox_due(peer, |docket| flight.carries(docket)).await?;
        let mut any = false;
        for batch in App::batches(due, self.app.limits_with(peer)) {
            if flight.is_full() {
                break;
            }
            let dockets = batch.iter().map(|out| out.row.docket).collect();
            let (pump, member) = (self.clone(), member.clone());
            flight.launch(dockets, async move { pump.send_batch(&member, &batch).await });
            any = true;
        }
        Ok(any)
    }

    async fn send_batch(&self, member: &Member, due: &[Outgoing]) -> Result<(), StoreError> {
        match self.post(member, &due.iter().map(|out| &out.parcel).collect::<Vec<_>>()).await {
            Ok(answers) => self.settle(member, due, answers).await,
            Err(error) => {
                // Its program may be another one by now: what it understands is asked again.
                let changed = [StatusCode::NOT_IMPLEMENTED, StatusCode::PAYLOAD_TOO_LARGE];
                if matches!(error, CallError::Status { status, .. } if changed.contains(&status)) {
                    self.app.forget_capabilities(&member.node);
                }
                let rows: Vec<_> = due.iter().map(|out| &out.row).collect();
                self.app.failed(&member.node, &rows, &error.to_string()).await
            }
        }
    }

    pub(crate) async fn post(&self, member: &Member, batch: &[&Parcel]) -> Result<Vec<Answer>, CallError> {
        let body = serde_json::to_vec(batch).map_err(|e| CallError::Form(e.to_string()))?;
        let response = self.client.call(member, Call::post("/envelopes", MEDIA_PARCELS, body)).await?;
        let body = Client::good(response, ANSWERS_BYTES_MAX).await?;
        let answers: Vec<Answer> =
            serde_json::from_slice(&body).map_err(|e| CallError::Form(e.to_string()))?;
        if answers.len() == batch.len() {
            Ok(answers)
        } else {
            Err(CallError::Form(format!("{} 份来件得到 {} 个答复", batch.len(), answers.len())))
        }
    }

    /// Keeps what was acknowledged and puts off the rest.
    async fn settle(
        &self,
        member: &Member,
        due: &[Outgoing],
        answers: Vec<Answer>,
    ) -> Result<(), StoreError> {
        let peer = &member.node;
        let mut receipts = Vec::new();
        let mut compact = false;
        for (out, answer) in due.iter().zip(answers) {
            let what = step(&answer);
            let error = match (what, answer) {
                (Step::Done, Answer::Receipt(receipt)) => {
                    receipts.push((out, receipt));
                    continue;
                }
                (Step::Send(lacking), _) => {
                    self.send_from(member, &lacking).await;
                    "对方缺少此前的内容，正在补发".to_owned()
                }
                // It is signed with the key in force whenever it is packed; after a restore the compact may have to come back
                // before this node knows that one of its keys is revoked.
                (Step::PullCompact | Step::SignAgain, Answer::Refused(refused)) => {
                    compact = true;
                    refused.message
                }
                (Step::Show, Answer::Refused(refused)) => {
                    self.app.turned_away(peer, &out.row, &refused.message).await?;
                    continue;
                }
                (_, Answer::Refused(refused)) => refused.message,
                (_, _) => "对方的答复无法识别".to_owned(),
            };
            self.app.failed(peer, &[&out.row], &error).await?;
        }
        let bad = self.app.acknowledge(peer, receipts).await?;
        for out in due.iter().filter(|out| bad.contains(&out.row.envelope)) {
            self.app.failed(peer, &[&out.row], "对方的回执签名无效或不符").await?;
        }
        if compact {
            self.pull_compact(peer).await;
        }
        Ok(())
    }

    async fn keep_fetching(self, peer: NodeCode, wake: Arc<Notify>) {
        loop {
            match self.fetch_due(&peer).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%peer, %error, "the list of files could not be read"),
            }
            let _ = tokio::time::timeout(LOOK, wake.notified()).await;
        }
    }

    /// Fetches what is due; how many files came.
    async fn fetch_due(&self, peer: &NodeCode) -> Result<usize, StoreError> {
        let Some(member) = self.member(peer) else { return Ok(0) };
        let mut came = 0;
        for wanted in self.app.wanted_due(peer, FETCH_MAX).await? {
            match self.client.fetch(&member, wanted.clone(), self.exhibit_bytes_max).await {
                Ok(true) => came += 1,
                Ok(false) => {}
                Err(error) => {
                    // Where it stopped is in the store: the upload may have been begun since.
                    let of_docket = self.app.wanted_of(wanted.docket).await?;
                    let now = of_docket
                        .into_iter()
                        .find(|w| w.digest == wanted.digest && w.shared == wanted.shared);
                    self.app.fetch_failed(now.unwrap_or(wanted), &error.to_string()).await?;
                }
            }
        }
        Ok(came)
    }

    /// Shows evidence to every other member.
    async fn raise(&self, digest: Digest) {
        let Ok(Some(body)) = self.app.evidence(digest).await else { return };
        for member in self.app.other_members() {
            let call = Call::post("/alarm", "application/json", body.clone());
            match self.client.call(&member, call).await {
                Ok(response) => drop(Client::good(response, ANSWERS_BYTES_MAX).await),
                Err(error) => tracing::warn!(peer = %member.node, %error, "an alarm was not heard"),
            }
        }
    }

    async fn ask_witnesses(self) {
        let mut timer = tokio::time::interval(WITNESS_EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            if !self.leads() {
                continue;
            }
            let asking = self.witnesses().into_iter().map(|(member, key)| {
                let pump = self.clone();
                async move {
                    if let Err(error) = pump.ask_witness(&member, &key).await {
                        tracing::debug!(witness = %member.node, %error, "not witnessed");
                    }
                }
            });
            futures::future::join_all(asking).await;
        }
    }

    /// Members of other provinces that are asked to witness: those that come next by code, so that the work is shared out.
    /// Whoever is silent is not waited for.
    fn witnesses(&self) -> Vec<(Member, VerifierKey)> {
        let me = &self.app.config().node;
        let mut members: Vec<Member> = self.app.other_members();
        members.retain(|m| m.node.province() != me.province() && self.app.heard_at(&m.node).is_some());
        members.sort_by_key(|m| (m.node < *me, m.node.clone()));
        members
            .into_iter()
            .filter_map(|m| Some((m.clone(), m.witness_key.parse().ok()?)))
            .take(WITNESSES_MAX)
            .collect()
    }

    async fn ask_witness(&self, member: &Member, key: &VerifierKey) -> Result<(), CallError> {
        let store = |e: StoreError| CallError::Form(e.to_string());
        let mut old = None;
        // Twice: the first answer may tell where the witness stands.
        for _ in 0..2 {
            if self.app.is_restoring() {
                return Ok(());
            }
            let Some(request) = self.app.ask_witness(key, old).await.map_err(store)? else { return Ok(()) };
            let call = Call::post("/add-checkpoint", "text/plain; charset=utf-8", request.to_string());
            let response = self.client.call(member, call).await?;
            let status = response.status();
            let body = crate::client::read(response.into_body(), 64 << 10).await?;
            let text = String::from_utf8_lossy(&body);
            match (status.as_u16(), parse_size(&text)) {
                (200, _) => {
                    let now = self.app.now();
                    self.app.keep_cosignature(&request, &text, key, now).await.map_err(store)?;
                    return Ok(());
                }
                (409, Some(size)) if size > request.checkpoint.checkpoint.size => {
                    // It witnessed more than there is here: what it can show decides whether this node was set back.
                    let shown = self.holdings(member, "").await?.witnessed;
                    self.app.notice_loss(&shown).await.map_err(store)?;
                    return Ok(());
                }
                (409, Some(size)) if Some(size) != old && size != request.old => old = Some(size),
                _ => return Err(crate::client::problem(status, &body)),
            }
        }
        Ok(())
    }
}
