//! Clocks: those that want it are looked at, and all are computed anew when calendars or standards changed.

use crate::App;
use crate::ports::{MatterRow, StoreError};
use crate::sequencer::{Step, Submission, To};
use lianzhi_ids::DocketId;
use lianzhi_procedure::{Actor, AnyCommand, Kind};
use serde_json::Value;

/// Matters that the clock looks at in one go.
const WAKE_MAX: i64 = 500;

impl App {
    /// Lets the clocks of all matters that want it be looked at now; says how many were.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tick(&self) -> Result<usize, StoreError> {
        let mut total = 0;
        loop {
            let now = self.now().as_microsecond();
            let ids = self.inner.store.journal.wakeable(now, WAKE_MAX).await?;
            let n = ids.len();
            let refused = self.tick_all(&ids).await?;
            total += n;
            if refused > 0 || n < usize::try_from(WAKE_MAX).unwrap_or(usize::MAX) {
                return Ok(total);
            }
        }
    }

    /// Lets the clocks of these dockets be looked at, each by its kind's own command; says how many were refused.
    async fn tick_all(&self, ids: &[DocketId]) -> Result<usize, StoreError> {
        let rows = self.inner.store.journal.matters(ids).await?;
        let ticks = rows.iter().filter_map(|row| Some((row.id, Kind::from_code(&row.kind)?.tick()?)));
        Ok(self.system_commands(ticks).await)
    }

    /// Gives commands of the node's own to many matters; says how many were refused.
    async fn system_commands(&self, commands: impl Iterator<Item = (DocketId, AnyCommand)>) -> usize {
        let submit = async |(id, command): (DocketId, AnyCommand)| {
            let steps = vec![Step::new(To::Docket(id), command)];
            self.inner
                .sequencer
                .submit(Submission { actor: Actor::System, steps, key: None, extra: Value::Null })
                .await
        };
        let answers = futures::future::join_all(commands.map(submit)).await;
        answers.iter().filter(|a| a.is_err()).count()
    }

    /// Computes all running clocks anew (a calendar or standard changed): those of open matters, and those that run on in closed
    /// ones, where a decision is challenged late. Says how many matters were looked at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn recompute(&self) -> Result<usize, StoreError> {
        let mut total = 0;
        for closed in [false, true] {
            let mut after = DocketId(-1);
            loop {
                let journal = &self.inner.store.journal;
                let rows = match closed {
                    false => journal.open_matters(after, WAKE_MAX).await?,
                    true => journal.closed_with_clocks(after, WAKE_MAX).await?,
                };
                let Some(last) = rows.last() else { break };
                after = last.id;
                let anew = |row: &MatterRow| Some((row.id, Kind::from_code(&row.kind)?.recompute()?));
                let commands: Vec<_> = rows.iter().filter_map(anew).collect();
                total += commands.len();
                self.system_commands(commands.into_iter()).await;
            }
        }
        Ok(total)
    }

    pub(crate) async fn run_clocks(&self) {
        if let Err(error) = self.tick().await {
            tracing::error!(%error, "clocks could not be looked at; they are tried again in a second");
        }
    }
}
