//! Clocks: those that want it are looked at, and all are computed anew when calendars or standards changed.

use crate::App;
use crate::ports::StoreError;
use crate::sequencer::{Step, Submission, To};
use lianzhi_ids::DocketId;
use lianzhi_procedure::report::Command as ReportCommand;
use lianzhi_procedure::{Actor, AnyCommand, Kind, penalty, slip, spot};
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
        let steps = rows.iter().filter_map(|row| {
            let tick = Kind::from_code(&row.kind)?.tick()?;
            Some(Step::new(To::Docket(row.id), tick))
        });
        let submit = async |step: Step| {
            let steps = vec![step];
            self.inner
                .sequencer
                .submit(Submission { actor: Actor::System, steps, key: None, extra: Value::Null })
                .await
        };
        let answers = futures::future::join_all(steps.map(submit)).await;
        Ok(answers.iter().filter(|a| a.is_err()).count())
    }

    /// Gives the same command of the node's own to many matters; says how many were refused.
    async fn system_commands(&self, ids: Vec<DocketId>, command: fn() -> AnyCommand) -> usize {
        let submit = async |id: DocketId| {
            let step = Step::new(To::Docket(id), command());
            self.inner
                .sequencer
                .submit(Submission { actor: Actor::System, steps: vec![step], key: None, extra: Value::Null })
                .await
        };
        let answers = futures::future::join_all(ids.into_iter().map(submit)).await;
        answers.iter().filter(|a| a.is_err()).count()
    }

    /// Computes the clocks of all open matters anew (a calendar or standard changed); says how many were looked at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn recompute(&self) -> Result<usize, StoreError> {
        let mut after = DocketId(-1);
        let mut total = 0;
        loop {
            let rows = self.inner.store.journal.open_matters(after, WAKE_MAX).await?;
            let Some(last) = rows.last() else { return Ok(total) };
            after = last.id;
            let commands: [(Kind, fn() -> AnyCommand); 4] = [
                (Kind::Report, || AnyCommand::Report(ReportCommand::Recompute)),
                (Kind::Penalty, || AnyCommand::Penalty(penalty::Command::Recompute)),
                (Kind::Spot, || AnyCommand::Spot(spot::Command::Recompute)),
                (Kind::Slip, || AnyCommand::Slip(slip::Command::Recompute)),
            ];
            for (kind, command) in commands {
                let ids: Vec<_> = rows.iter().filter(|r| r.kind == kind.code()).map(|r| r.id).collect();
                total += ids.len();
                self.system_commands(ids, command).await;
            }
        }
    }

    pub(crate) async fn run_clocks(&self) {
        if let Err(error) = self.tick().await {
            tracing::error!(%error, "clocks could not be looked at; they are tried again in a second");
        }
    }
}
