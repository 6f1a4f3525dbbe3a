//! The access log: who looked at what. Apart from the record, since looking changes nothing; kept by the node, never
//! shared.

use crate::ports::AccessRow;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use parking_lot::Mutex;

/// Lines of the access log that may wait for being written together.
const ACCESS_WAITING_MAX: usize = 10_000;

/// What is asked of the access log.
#[derive(Debug, Clone, Default)]
pub struct AccessQuery {
    /// Of one matter.
    pub docket: Option<DocketId>,
    /// Of one actor.
    pub actor: Option<String>,
    /// Before this time, micros.
    pub before: Option<i64>,
}

/// Lines of the access log that wait for being written together. Looks at particulars do not wait: see
/// [`App::record_access`].
#[derive(Debug, Default)]
pub struct AccessLog {
    waiting: Mutex<Vec<AccessRow>>,
}

impl App {
    /// Writes a line into the access log before going on; for looks that must never be missing.
    ///
    /// # Errors
    /// When it cannot be written: then nothing is shown.
    pub async fn record_access(
        &self,
        who: &Caller,
        action: &str,
        docket: Option<DocketId>,
        detail: &str,
    ) -> Result<(), Refusal> {
        let row = self.access_row(who, action, docket, detail);
        self.inner.store.accounts.record_access(&[row]).await.map_err(|e| unavailable(&e))
    }

    fn access_row(&self, who: &Caller, action: &str, docket: Option<DocketId>, detail: &str) -> AccessRow {
        let detail =
            if who.address.is_empty() { detail.to_owned() } else { format!("{detail}（{}）", who.address) };
        AccessRow {
            at: self.now().as_microsecond(),
            actor: who.label(),
            action: action.into(),
            docket,
            detail,
        }
    }

    /// Puts a line into the access log soon, with others.
    pub fn note_access(&self, who: &Caller, action: &str, docket: Option<DocketId>, detail: &str) {
        let row = self.access_row(who, action, docket, detail);
        let mut waiting = self.inner.access.waiting.lock();
        if waiting.len() < ACCESS_WAITING_MAX {
            waiting.push(row);
        } else {
            tracing::warn!("access log cannot keep up; a line was dropped");
        }
    }

    /// Writes the waiting lines.
    pub async fn flush_access(&self) {
        let rows = std::mem::take(&mut *self.inner.access.waiting.lock());
        if !rows.is_empty()
            && let Err(error) = self.inner.store.accounts.record_access(&rows).await
        {
            tracing::error!(%error, n = rows.len(), "access log not written; tried again");
            self.inner.access.waiting.lock().extend(rows);
        }
    }

    /// Reads the access log.
    ///
    /// # Errors
    /// When the caller may not audit.
    pub async fn access_log(
        &self,
        who: &Caller,
        query: &AccessQuery,
        limit: i64,
    ) -> Result<Vec<AccessRow>, Refusal> {
        self.may(who, "audit", None)?;
        self.inner
            .store
            .accounts
            .access(query.docket, query.actor.as_deref(), query.before, limit.clamp(1, 500))
            .await
            .map_err(|e| unavailable(&e))
    }
}
