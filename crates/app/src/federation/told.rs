//! How members decided about an item, as far as they published it: asked when somebody compares like cases and, of items of
//! cases that are being worked on, every hour. The last answer of each member is kept with the moment at which it came, so that
//! there is something to compare with while it is not reached.

use crate::compact::Neighbour;
use crate::ports::{Filter, StoreError, ToldRow};
use crate::publicity::PublishedLine;
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::SignedDuration;
use lianzhi_exchange::compact::Member;
use lianzhi_exchange::decisions::{DECISIONS_MAX, ToldDecision, ToldDecisions, ToldSubject};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer is new enough for somebody who looks.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// How long a member that did not answer is left alone.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// How long somebody who looks waits for members; what comes later is there at the next look.
const WAIT: Duration = Duration::from_secs(2);
/// Members that are asked at once.
const AT_ONCE: usize = 16;
/// Longest reason that is kept why a member did not answer, characters.
const ERROR_CHARS_MAX: usize = 200;
/// What is kept of a question that is still under way.
const ASKED: &str = "尚未答复";

/// What is known of a member's decisions about an item.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which member.
    pub node: NodeCode,
    /// Province and name.
    pub title: String,
    /// When it was asked and answered; none where it was not asked yet.
    pub row: Option<ToldRow>,
    /// Its last answer.
    pub decisions: Option<ToldDecisions>,
}

impl App {
    /// What this node tells members of its decisions about an item: from what is published now, and of that neither names nor
    /// words.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn decisions_to_tell(&self, item: &str) -> Result<ToldDecisions, StoreError> {
        let told = |line: PublishedLine| {
            Some(ToldDecision {
                number: line.number,
                decided: line.decided,
                subject: ToldSubject::of(&line.subject)?,
                tier: String::new(),
                fine_fen: line.fine,
            })
        };
        let mut decisions: Vec<ToldDecision> =
            self.published_lines(item).await?.into_iter().filter_map(told).collect();
        decisions.sort_by(|a, b| (b.decided, &b.number).cmp(&(a.decided, &a.number)));
        let more = decisions.len() > DECISIONS_MAX;
        decisions.truncate(DECISIONS_MAX);
        let node = self.config().node.clone();
        Ok(ToldDecisions { node, item: item.to_owned(), at: self.now(), decisions, more })
    }

    /// Keeps what a member answered, or why it did not; an answer that came before stays until there is a newer one.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn keep_told(
        &self,
        node: &NodeCode,
        item: &str,
        answer: Result<ToldDecisions, String>,
    ) -> Result<(), StoreError> {
        let known = self.inner.store.exchange.told(item).await?;
        let before = known.into_iter().find(|row| row.node == *node);
        self.put_told(before, node, item, answer).await
    }

    async fn put_told(
        &self,
        before: Option<ToldRow>,
        node: &NodeCode,
        item: &str,
        answer: Result<ToldDecisions, String>,
    ) -> Result<(), StoreError> {
        let now = self.now().as_microsecond();
        let (at, told) = before.map(|row| (row.at, row.told)).unwrap_or_default();
        let fitting = answer.and_then(|told| match told.answers(node, item) {
            true => serde_json::to_string(&told).map_err(|e| e.to_string()),
            false => Err("答复不符合协议".to_owned()),
        });
        let (at, told, error) = match fitting {
            Ok(told) => (Some(now), told, String::new()),
            Err(error) => (at, told, error.chars().take(ERROR_CHARS_MAX).collect()),
        };
        let row = ToldRow { node: node.clone(), item: item.to_owned(), at, asked_at: now, error, told };
        self.inner.store.exchange.put_told(&row).await
    }

    /// Asks members for their decisions about an item, those whose answer is not new enough; waits a moment for them.
    pub(crate) async fn ask_for_decisions(&self, item: &str) -> Result<(), StoreError> {
        let Some(neighbour) = self.inner.compact.neighbour() else { return Ok(()) };
        let known = self.inner.store.exchange.told(item).await?;
        let now = self.now().as_microsecond();
        let due = |member: &Member| {
            known.iter().find(|row| row.node == member.node).is_none_or(|row| {
                let wait = if row.error.is_empty() { FRESH } else { AGAIN };
                i128::from(now - row.asked_at) * 1_000 >= wait.as_nanos()
            })
        };
        let due: Vec<Member> = self.other_members().into_iter().filter(due).collect();
        if due.is_empty() {
            return Ok(());
        }
        for member in &due {
            // Whoever looks meanwhile does not ask again.
            let before = known.iter().find(|row| row.node == member.node).cloned();
            self.put_told(before, &member.node, item, Err(ASKED.to_owned())).await?;
        }
        let (app, item) = (self.clone(), item.to_owned());
        let asking = tokio::spawn(async move {
            let mut asked = tokio::task::JoinSet::new();
            for member in due {
                if asked.len() >= AT_ONCE {
                    asked.join_next().await;
                }
                let (app, neighbour, item) = (app.clone(), neighbour.clone(), item.clone());
                asked.spawn(async move { app.ask_one(&neighbour, &member, &item).await });
            }
            while asked.join_next().await.is_some() {}
        });
        // Those who have not answered by then are still being asked.
        let _ = tokio::time::timeout(WAIT, asking).await;
        Ok(())
    }

    /// Asks one member; whether it answered.
    async fn ask_one(&self, neighbour: &Arc<dyn Neighbour>, member: &Member, item: &str) -> bool {
        let answer = neighbour.decisions(member, item).await;
        let answered = answer.is_ok();
        if let Err(error) = self.keep_told(&member.node, item, answer).await {
            tracing::warn!(%error, peer = %member.node, "what a member decided could not be kept");
        }
        answered
    }

    /// Asks a member about every item of the cases that are being worked on. A member that does not answer is not asked on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn compare_with(&self, member: &Member) -> Result<(), StoreError> {
        let Some(neighbour) = self.inner.compact.neighbour() else { return Ok(()) };
        for item in self.items_at_work().await? {
            if !self.ask_one(&neighbour, member, &item).await {
                break;
            }
        }
        Ok(())
    }

    async fn items_at_work(&self) -> Result<BTreeSet<String>, StoreError> {
        let open =
            Filter { kind: None, open: Some(true), now: self.now().as_microsecond(), ..filter_of_kind("") };
        let lines = self.inner.store.queries.case_lines(&open, None).await?;
        Ok(lines.into_iter().map(|line| line.line.item).filter(|item| !item.is_empty()).collect())
    }

    /// How members decided about an item: asked now where what is here is not new, all members by their title.
    ///
    /// # Errors
    /// Who may read nothing.
    pub async fn members_decisions(&self, who: &Caller, item: &str) -> Result<Vec<Told>, Refusal> {
        self.sight(who)?;
        self.ask_for_decisions(item).await.map_err(|e| unavailable(&e))?;
        let rows = self.inner.store.exchange.told(item).await.map_err(|e| unavailable(&e))?;
        let told = |member: Member| {
            let row = rows.iter().find(|row| row.node == member.node).cloned();
            let decisions = row.as_ref().and_then(|row| serde_json::from_str(&row.told).ok());
            Told { title: member.title(), node: member.node, row, decisions }
        };
        let mut all: Vec<Told> = self.other_members().into_iter().map(told).collect();
        all.sort_by(|a, b| a.node.cmp(&b.node));
        Ok(all)
    }
}
