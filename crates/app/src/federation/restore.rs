//! A node that comes back from a backup: it asks its neighbours what they hold, opens the next generation of its log with
//! what they show, and takes back what it said. What a neighbour answers to that.

use crate::ports::StoreError;
use crate::{App, Caller};
use lianzhi_docket::note::{Origin, SignedCheckpoint};
use lianzhi_docket::witness::{Witnessed, cosign, witness_name};
use lianzhi_exchange::gaps::{HOLDINGS_MAX, Holdings};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::generation::{Generation, Lost};
use lianzhi_procedure::register::Record;
use std::collections::BTreeSet;

impl App {
    /// Generation of this node's log.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.inner.shared.generation()
    }

    /// Whether the node comes back from a backup and has not opened the next generation yet: it records and signs nothing.
    #[must_use]
    pub fn is_restoring(&self) -> bool {
        self.inner.shared.restoring().is_some()
    }

    /// The newest generation that was opened after a restore.
    #[must_use]
    pub fn opened_generation(&self) -> Option<Generation> {
        self.world().generation.clone()
    }

    /// Members that have not yet said what they hold since the node was restored.
    #[must_use]
    pub fn awaited(&self) -> Vec<NodeCode> {
        let awaited = self.world().generation.as_ref().map(|g| g.awaited.clone()).unwrap_or_default();
        // Whoever left the compact is not waited for.
        let members: BTreeSet<NodeCode> = self.other_members().into_iter().map(|m| m.node).collect();
        awaited.into_iter().filter(|node| members.contains(node)).collect()
    }

    /// Whether what this node said itself is still being fetched back.
    #[must_use]
    pub fn is_recovering(&self) -> bool {
        !self.awaited().is_empty()
    }

    /// What is held here that concerns a member: its log as it was witnessed, and the streams of dockets to which it is party.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn holdings_for(&self, peer: &NodeCode, after: &str) -> Result<Holdings, StoreError> {
        let x = &self.inner.store.exchange;
        let mut holdings = Holdings::default();
        if after.is_empty() {
            for row in x.witnessed_under(&format!("lianzhi/{peer}/log/")).await? {
                holdings.witnessed.push(self.with_our_line(&row.note)?);
            }
        }
        let limit = i64::try_from(HOLDINGS_MAX).unwrap_or(i64::MAX);
        let dockets = x.shared_dockets(after, limit).await?;
        if dockets.len() == HOLDINGS_MAX {
            holdings.next = dockets.last().map(ToString::to_string);
        }
        for shared in dockets {
            if self.said_to(&shared, peer).await?.is_some() {
                holdings.dockets.insert(shared.to_string(), self.heads(&shared).await?);
            }
        }
        Ok(holdings)
    }

    /// A witnessed checkpoint with this node's line under it.
    fn with_our_line(&self, note: &str) -> Result<String, StoreError> {
        let damaged = |e: &dyn std::fmt::Display| StoreError::Damaged(format!("witnessed: {e}"));
        let witnessed: Witnessed = serde_json::from_value(note.into()).map_err(|e| damaged(&e))?;
        let signer = self.inner.shared.keys().signer();
        let line = cosign(&witnessed, &witness_name(&self.config().node), signer, self.now());
        Ok(format!("{}{}", witnessed.checkpoint(), line.map_err(|e| damaged(&e))?))
    }

    /// The checkpoints of this node's own log among what a neighbour shows; what this node did not sign is left out.
    fn own_checkpoints(&self, notes: &[String]) -> Vec<SignedCheckpoint> {
        let key = std::slice::from_ref(self.inner.log.verifier_key());
        let read = notes.iter().filter_map(|note| note.parse::<SignedCheckpoint>().ok());
        read.filter(|signed| {
            signed.checkpoint.origin.node == self.config().node && signed.verify(key).is_ok()
        })
        .collect()
    }

    /// Looks whether a neighbour witnessed more of this log than is here. If so the node was set back without knowing: it
    /// stops recording and signing until the next generation is open.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn notice_loss(&self, notes: &[String]) -> Result<bool, StoreError> {
        if self.is_restoring() {
            return Ok(true);
        }
        let (generation, head) = (self.generation(), self.inner.store.journal.head().await?);
        let size = u64::try_from(head.size).unwrap_or(0);
        let beyond = |signed: &SignedCheckpoint| {
            let said = &signed.checkpoint;
            said.origin.generation > generation || (said.origin.generation == generation && said.size > size)
        };
        if !self.own_checkpoints(notes).iter().any(beyond) {
            return Ok(false);
        }
        tracing::error!(size, "a neighbour witnessed more of this log than is here: the node was set back");
        self.inner.shared.found_restored(size);
        Ok(true)
    }

    /// Opens the next generation of the log with what neighbours show of the last. Its first new leaf names the last witnessed
    /// checkpoint, how much the backup held, and what is known to be lost.
    ///
    /// # Errors
    /// The refusal; none when no generation is due.
    pub async fn open_generation(&self, notes: &[String]) -> Result<Option<Generation>, Refusal> {
        let Some(restored) = self.inner.shared.restoring() else { return Ok(None) };
        let shown = self.own_checkpoints(notes);
        // A generation that was opened and lost again is not opened twice: its name is used up.
        let used = shown.iter().map(|signed| signed.checkpoint.origin.generation).max().unwrap_or(0);
        let mut generation = Generation {
            number: used.max(self.generation()).saturating_add(1),
            restored,
            witnessed: None,
            lost: None,
            answered: Vec::new(),
            awaited: self.other_members().into_iter().map(|member| member.node).collect(),
            overridden: None,
        };
        show(&mut generation, shown);
        self.put_register(&Caller::system(), Record::Generation(generation.clone())).await?;
        tracing::warn!(number = generation.number, restored, "the next generation of the log is open");
        Ok(Some(generation))
    }

    /// A member said what it holds and all of it is here. Later checkpoints than the one that is named are added.
    ///
    /// # Errors
    /// The refusal.
    pub async fn answered(&self, peer: &NodeCode, notes: &[String]) -> Result<(), Refusal> {
        let Some(mut generation) = self.opened_generation() else { return Ok(()) };
        generation.awaited.retain(|node| node != peer);
        if !generation.answered.contains(peer) {
            generation.answered.push(peer.clone());
        }
        let shown = self.own_checkpoints(notes);
        show(&mut generation, shown);
        self.put_register(&Caller::system(), Record::Generation(generation)).await.map(|_| ())
    }

    /// Lets the node speak although not all members have answered, and open its generation although none has: an
    /// administrator answers for it by name.
    ///
    /// # Errors
    /// When the caller is no administrator, or nothing is waited for.
    pub async fn resume(&self, who: &Caller) -> Result<Generation, Refusal> {
        self.may(who, "administer", None)?;
        let Some(person) = who.actor.person().cloned() else {
            return Err(Refusal::forbidden("person", "放行须由具名的管理员作出。", "请用 --by 指明管理员。"));
        };
        self.open_generation(&[]).await?;
        let waiting = self.opened_generation().filter(|g| !g.awaited.is_empty() && g.overridden.is_none());
        let Some(generation) = waiting else {
            return Err(Refusal::conflict("nothing-awaited", "没有等待核对的成员。", "无需放行。"));
        };
        let generation = Generation { overridden: Some(person), ..generation };
        self.put_register(&Caller::system(), Record::Generation(generation.clone())).await?;
        Ok(generation)
    }
}

/// Names the newest checkpoint of the generations before, and what is lost by it.
fn show(generation: &mut Generation, shown: Vec<SignedCheckpoint>) {
    let place = |signed: &SignedCheckpoint| {
        let Origin { generation, .. } = signed.checkpoint.origin;
        (generation, signed.checkpoint.size)
    };
    let named = generation.witnessed.as_deref().and_then(|note| note.parse::<SignedCheckpoint>().ok());
    let before = shown.into_iter().chain(named).filter(|signed| place(signed).0 < generation.number);
    let Some(newest) = before.max_by_key(place) else { return };
    let size = newest.checkpoint.size;
    generation.witnessed = Some(newest.to_string());
    generation.lost = (size > generation.restored).then_some(Lost { from: generation.restored, to: size });
}
