//! The compact as people here use it: what is in force and proposed, founding and changing it, the agency's own card, and
//! taking over what was agreed before this node came to it.

mod ask;
mod gathering;
mod join;
mod view;

pub use gathering::{AnswerView, GatheringView, ProgressView, TaskView};
pub use join::{Invitation, Neighbour};
pub use view::{
    CompactEntry, CompactKey, CompactMember, CompactPair, CompactView, DoubleView, EpochView, ProposalView,
    Voice,
};

use crate::App;
use crate::ports::{Order, StoreError};
use crate::read::filter_of_kind;
use lianzhi_exchange::compact::{Member, Roster};
use lianzhi_ids::{DocketId, NodeCode, SharedId};
use lianzhi_procedure::compact::{File, State};
use lianzhi_procedure::{AnyState, Kind};
use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};

/// The compact as it was last folded, and who asks other nodes.
#[derive(Default)]
pub struct Kept {
    last: Mutex<Option<Folded>>,
    neighbour: OnceLock<Arc<dyn Neighbour>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

/// A folded compact, with the docket here and how many entries it had.
#[derive(Clone)]
pub(crate) struct Folded {
    pub docket: DocketId,
    seq: i32,
    pub state: Arc<State>,
}

impl Folded {
    pub(crate) fn file(&self) -> Option<&File> {
        self.state.file()
    }
}

impl Kept {
    /// Who asks other nodes; none where nothing is carried.
    pub(crate) fn neighbour(&self) -> Option<Arc<dyn Neighbour>> {
        self.neighbour.get().cloned()
    }
}

impl App {
    /// The compact that this node is in, was invited to or founded; the newest when there were several.
    pub(crate) async fn compact(&self) -> Result<Option<Folded>, StoreError> {
        let Some(docket) = self.compact_docket().await? else { return Ok(None) };
        let Some(row) = self.inner.store.journal.matters(&[docket]).await?.pop() else { return Ok(None) };
        let kept = self.inner.compact.last.lock().clone();
        if let Some(kept) = kept.filter(|kept| kept.docket == docket && kept.seq == row.seq) {
            return Ok(Some(kept));
        }
        let live = self.inner.shared.lives(&self.inner.store, &[docket]).await?.remove(&docket);
        let Some((seq, AnyState::Compact(state))) = live.map(|live| (live.seq, live.state)) else {
            return Ok(None);
        };
        let folded = Folded { docket, seq, state: Arc::new(state) };
        *self.inner.compact.last.lock() = Some(folded.clone());
        Ok(Some(folded))
    }

    /// The roster by which members talk about this compact, when it is known here.
    pub(crate) async fn talked_of(&self, shared: &SharedId) -> Result<Option<Roster>, StoreError> {
        let heads = self.inner.store.exchange.stream_heads(std::slice::from_ref(shared)).await?;
        let Some(docket) = heads.iter().map(|row| row.docket).find(|docket| docket.0 > 0) else {
            return Ok(None);
        };
        let live = self.inner.shared.lives(&self.inner.store, &[docket]).await?.remove(&docket);
        Ok(match live.map(|live| live.state) {
            Some(AnyState::Compact(state)) => state.file().and_then(File::exchange_roster),
            _ => None,
        })
    }

    async fn compact_docket(&self) -> Result<Option<DocketId>, StoreError> {
        let directory = self.directory();
        let named = directory.exchange_roster().and_then(|r| r.epoch.compact.parse::<SharedId>().ok());
        if let Some(shared) = named {
            let heads = self.inner.store.exchange.stream_heads(&[shared]).await?;
            if let Some(docket) = heads.iter().map(|row| row.docket).find(|docket| docket.0 > 0) {
                return Ok(Some(docket));
            }
        }
        let filter = filter_of_kind(Kind::Compact.code());
        let page = self.inner.store.queries.list(&filter, Order::Newest, None, 1).await?;
        Ok(page.rows.first().map(|row| row.id))
    }

    /// Whom an open proposal would make a member: it may read what was said of the compact, and nothing else. Nobody while
    /// the roster is stale.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn candidate(&self, node: &NodeCode) -> Result<Option<Member>, StoreError> {
        let Some(folded) = self.compact().await? else { return Ok(None) };
        let Some(file) = folded.file() else { return Ok(None) };
        let mut named = file.waiting().filter_map(|p| p.agreed.epoch.member(node));
        let named = named.next().cloned();
        Ok(if named.is_some() && self.roster_stale().await? { None } else { named })
    }

    /// Tells who asks other nodes for what people here want of them; once.
    pub fn set_neighbour(&self, neighbour: Arc<dyn Neighbour>) {
        // A second one would be the same.
        let _ = self.inner.compact.neighbour.set(neighbour);
    }
}
