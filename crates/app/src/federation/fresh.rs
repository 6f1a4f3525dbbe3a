//! Whether the roster is still the one in force, as far as can be known here: any other member would have told of a later one.

use crate::App;
use crate::ports::{PeerRow, StoreError};
use crate::shared::unavailable;
use jiff::Timestamp;
use lianzhi_exchange::compact::{Change, Roster};
use lianzhi_exchange::inbound::ROSTER_STALE_AFTER;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::compact::Command;

/// Whether a roster is stale by what is kept of the other members: none of them said within [`ROSTER_STALE_AFTER`] that it
/// works by the same epoch. Who is alone in it has nobody to ask.
#[must_use]
pub fn is_stale(roster: &Roster, me: &NodeCode, peers: &[PeerRow], now: Timestamp) -> bool {
    let alone = roster.epoch.members.iter().all(|member| member.node == *me);
    let number = i64::from(roster.epoch.number);
    let heard = peers.iter().filter(|row| row.epoch == number).filter_map(|row| row.heard_at).max();
    let heard = heard.and_then(|at| Timestamp::from_microsecond(at).ok()).unwrap_or(roster.epoch.at);
    !alone && now.duration_since(heard.max(roster.epoch.at)) > ROSTER_STALE_AFTER
}

impl App {
    /// Whether no other member has confirmed the roster for longer than [`ROSTER_STALE_AFTER`]: what goes on with known members
    /// goes on, nobody new is let in.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn roster_stale(&self) -> Result<bool, StoreError> {
        let Some(roster) = self.directory().roster.clone() else { return Ok(false) };
        let now = self.now();
        if now.duration_since(self.roster_confirmed(&roster)) <= ROSTER_STALE_AFTER {
            return Ok(false);
        }
        // Another replica, or this one before it was started anew, may have heard of it.
        Ok(is_stale(&roster, &self.config().node, &self.inner.store.exchange.peers().await?, now))
    }

    /// Refuses what would let somebody new in while the roster is stale.
    pub(crate) async fn admits(&self, command: &Command) -> Result<(), Refusal> {
        let admits = match command {
            Command::Trust { .. } | Command::Countersign { .. } => true,
            Command::Propose { changes } => changes.iter().any(|c| matches!(c, Change::PutMember { .. })),
            _ => false,
        };
        if admits && self.roster_stale().await.map_err(|e| unavailable(&e))? {
            return Err(Refusal::conflict(
                "stale-roster",
                "已超过 72 小时没有从任何成员得到协作机制的消息，本节点的名册可能已经过时，暂不接纳新的成员和版本。",
                "请管理员检查网络；与任一成员恢复联系后即可办理。与已有成员的往来不受影响。",
            )
            .from_source("节点交换协议：名册"));
        }
        Ok(())
    }
}
