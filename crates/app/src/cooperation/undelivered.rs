//! What did not reach another member in time: first its liaison officer is told, who can telephone, then the leader.

use super::view::bare;
use crate::ports::MatterRow;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::{DocketId, NodeCode, Role};
use lianzhi_procedure::Refusal;
use std::collections::BTreeMap;

/// Envelopes of one member that are looked at; whatever else is late, these are the oldest.
const LATE_MAX: i64 = 200;
/// Matters that are named at most.
const NAMED_MAX: usize = 50;

/// A matter of which something did not reach a member by its delivery deadline.
#[derive(Debug, Clone)]
pub struct Undelivered {
    /// The matter.
    pub row: MatterRow,
    /// To whom.
    pub node: NodeCode,
    /// Its name.
    pub name: String,
    /// When it should have been there.
    pub due_at: Timestamp,
    /// As much time again has passed: the leader is told too.
    pub twice: bool,
    /// Why the last attempt failed, in words.
    pub error: String,
}

impl App {
    /// What did not reach other members in time and is the caller's to see to, the oldest deadline first: a liaison officer's
    /// from the deadline on, a leader's when the same time has passed once more. Nobody else's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn undelivered(&self, who: &Caller) -> Result<Vec<Undelivered>, Refusal> {
        let (liaison, leader) = (who.actor.has(Role::Liaison), who.actor.has(Role::Leader));
        if !liaison && !leader {
            return Ok(Vec::new());
        }
        let (x, now, directory) = (&self.inner.store.exchange, self.now().as_microsecond(), self.directory());
        let backlogs = x.backlogs(now).await.map_err(|e| unavailable(&e))?;
        // Of each matter and member the oldest.
        let mut late: BTreeMap<(DocketId, NodeCode), (i64, bool, String)> = BTreeMap::new();
        for backlog in backlogs.into_iter().filter(|backlog| backlog.late > 0) {
            for row in x.outbox_late(&backlog.peer, now, LATE_MAX).await.map_err(|e| unavailable(&e))? {
                let twice = row.due_at.saturating_add(row.due_at - row.at) <= now;
                if liaison || twice {
                    late.entry((row.docket, row.peer)).or_insert((row.due_at, twice, row.error));
                }
            }
        }
        let mut oldest: Vec<_> = late.into_iter().collect();
        oldest.sort_by_key(|(_, (due, ..))| *due);
        let mut named = Vec::new();
        for ((docket, node), (due, twice, error)) in oldest.into_iter().take(NAMED_MAX) {
            let Ok(row) = self.row_for(who, docket).await else { continue };
            let due_at = Timestamp::from_microsecond(due).unwrap_or_default();
            named.push(Undelivered { row, name: bare(&directory, &node), node, due_at, twice, error });
        }
        Ok(named)
    }
}
