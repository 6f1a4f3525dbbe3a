//! Coming back from a backup: every member is asked what it holds, the next generation of the log is opened with what they
//! show, and what is lacking here is pulled, this node's own words first among them.

use crate::client::{Call, CallError, Client};
use crate::pump::{ANSWERS_BYTES_MAX, LOOK, Pump};
use http::StatusCode;
use lianzhi_app::ports::StoreError;
use lianzhi_exchange::compact::Member;
use lianzhi_exchange::gaps::{Heads, Holdings, own_beyond, to_pull};
use lianzhi_exchange::refusal::Lacking;
use lianzhi_ids::{NodeCode, SharedId};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// How long members that are not reached are waited for before the generation is opened with what the others show. What they
/// know is added when they are back; matters with them wait.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// How long is waited before a list is asked for again that came too soon, and how often.
const PAGE_EVERY: Duration = Duration::from_millis(300);
const PATIENCE: usize = 20;
/// Answers about what a member holds that are asked for at most, one after the other.
const PAGES_MAX: usize = 1_000;
/// How often a member is asked for what an entry of a docket answers and is not here.
const LEVEL_TRIES_MAX: usize = 5;

impl Pump {
    /// Does what a restore left to do, for as long as there is something.
    pub(crate) async fn come_back(self) {
        let mut timer = tokio::time::interval(LOOK);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut since: Option<Instant> = None;
        let mut asked: BTreeSet<NodeCode> = BTreeSet::new();
        loop {
            timer.tick().await;
            if !self.leads() {
                continue;
            }
            // Once after each start: a node whose disk was set back does not know it by itself.
            for member in
                self.app.other_members().into_iter().filter(|m| !asked.contains(&m.node)).collect::<Vec<_>>()
            {
                if let Ok(holdings) = self.holdings(&member, "").await {
                    match self.app.notice_loss(&holdings.witnessed).await {
                        Ok(_) => drop(asked.insert(member.node)),
                        Err(error) => tracing::warn!(%error, "the log could not be compared"),
                    }
                }
            }
            if self.app.is_restoring() {
                let begun = *since.get_or_insert_with(Instant::now);
                self.open(begun.elapsed() >= WAIT_MAX).await;
            }
            for peer in self.app.awaited() {
                let Some(member) = self.member(&peer) else { continue };
                match self.bring_back(&member).await {
                    Ok(Some(notes)) => {
                        if let Err(refusal) = self.app.answered(&peer, &notes).await {
                            tracing::warn!(%peer, %refusal, "its answer was not recorded; it is asked again");
                        }
                    }
                    Ok(None) => tracing::warn!(%peer, "not all that it holds could be taken back yet"),
                    Err(error) => tracing::debug!(%peer, %error, "it does not say what it holds"),
                }
            }
        }
    }

    /// Opens the next generation when every member showed what it witnessed, or, once it is late, those that are reached.
    async fn open(&self, late: bool) {
        let members = self.app.other_members();
        let asked = futures::future::join_all(members.iter().map(|member| self.holdings(member, ""))).await;
        let shown: Vec<Holdings> = asked.into_iter().filter_map(Result::ok).collect();
        if shown.len() < members.len() && (!late || shown.is_empty()) {
            return;
        }
        let notes: Vec<String> = shown.into_iter().flat_map(|holdings| holdings.witnessed).collect();
        if let Err(refusal) = self.app.open_generation(&notes).await {
            tracing::warn!(%refusal, "the next generation could not be opened; it is tried again");
        }
    }

    /// What a member holds that concerns this node.
    pub(crate) async fn holdings(&self, member: &Member, after: &str) -> Result<Holdings, CallError> {
        let path = format!("/holdings?after={after}");
        let mut patience = PATIENCE;
        let body = loop {
            let response = self.client.call(member, Call::get(&path)).await?;
            let late = response.status() == StatusCode::TOO_MANY_REQUESTS;
            match Client::good(response, ANSWERS_BYTES_MAX).await {
                // A member gives few of these lists in a second; one that was left out would be asked for from the beginning.
                Err(_) if late && patience > 0 => patience -= 1,
                answered => break answered?,
            }
            tokio::time::sleep(PAGE_EVERY).await;
        };
        serde_json::from_slice(&body).map_err(|e| CallError::Form(e.to_string()))
    }

    /// Takes back what a member holds and is not here; gives the checkpoints that it witnessed, or none when something could
    /// not be taken yet.
    async fn bring_back(&self, member: &Member) -> Result<Option<Vec<String>>, CallError> {
        let (mut after, mut notes, mut whole) = (String::new(), Vec::new(), true);
        for _ in 0..PAGES_MAX {
            let page = self.holdings(member, &after).await?;
            notes.extend(page.witnessed);
            for (docket, theirs) in &page.dockets {
                let shared = docket.parse().map_err(|_| CallError::Form(docket.clone()))?;
                let level = self.level(member, &shared, theirs).await;
                whole &= level.map_err(|e| CallError::Form(e.to_string()))?;
            }
            match page.next {
                Some(next) if next > after => after = next,
                _ => return Ok(whole.then_some(notes)),
            }
        }
        Ok(None)
    }

    /// Asks a member what it has of a docket and pulls what is not here; again when that failed, because what was answered may
    /// never be answered a second time.
    pub(crate) async fn level_with(&self, from: &NodeCode, shared: &SharedId) {
        for _ in 0..LEVEL_TRIES_MAX {
            let Some(member) = self.member(from) else { return };
            match self.level_once(&member, shared).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::debug!(%from, %shared, %error, "what is lacking could not be pulled"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn level_once(&self, member: &Member, shared: &SharedId) -> Result<bool, CallError> {
        let response = self.client.call(member, Call::get(&format!("/dockets/{shared}/heads"))).await?;
        let body = Client::good(response, ANSWERS_BYTES_MAX).await?;
        let theirs: Heads = serde_json::from_slice(&body).map_err(|e| CallError::Form(e.to_string()))?;
        self.level(member, shared, &theirs).await.map_err(|e| CallError::Form(e.to_string()))
    }

    /// Pulls what a member has of a docket and is not here. What one author says may rest on what another said before, so it
    /// goes round until nothing moves any more. True when nothing is lacking.
    async fn level(&self, member: &Member, shared: &SharedId, theirs: &Heads) -> Result<bool, StoreError> {
        let me = &self.app.config().node;
        let mut ours = self.app.heads(shared).await?;
        loop {
            let mut pieces = to_pull(me, &ours, theirs);
            pieces.extend(own_beyond(me, &ours, theirs));
            if pieces.is_empty() {
                return Ok(true);
            }
            // Nothing opens a docket but its founder.
            pieces.sort_by_key(|piece| piece.author != shared.node);
            for piece in pieces {
                let lacking = Lacking { docket: shared.clone(), author: piece.author, from: piece.from };
                self.pull(&member.node, lacking).await;
            }
            let now = self.app.heads(shared).await?;
            if now == ours {
                return Ok(false);
            }
            ours = now;
        }
    }
}
