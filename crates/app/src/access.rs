//! The access log: who looked at what. Apart from the record, since looking changes nothing; kept by the node, never
//! shared.

use crate::ports::{AccessQuery, AccessRow};
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Lines that are read at once: a page, or what an export holds.
const ACCESS_ROWS_MAX: i64 = 10_000;
/// Lines of the access log that may wait for being written together.
const ACCESS_WAITING_MAX: usize = 10_000;

/// A search for a person that is asked again within this, in microseconds, is the same look: the page, its sums, its
/// further pages and a file of it ask one by one.
const SAME_LOOK_US: i64 = 60_000_000;

/// Lines of the access log that wait for being written together. Looks at particulars do not wait: see
/// [`App::record_access`].
#[derive(Debug, Default)]
pub struct AccessLog {
    waiting: Mutex<Vec<AccessRow>>,
    /// Who looked for whom of late (keyed pairs, never the words), and when. Held while a line is written: rows and
    /// numbers are asked for at the same time, and neither is shown before.
    searched: tokio::sync::Mutex<HashMap<(String, Vec<i64>), i64>>,
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

    /// Records that somebody looked for a person by name or number: one line for each look.
    ///
    /// # Errors
    /// When it cannot be written: then nothing is shown.
    pub(crate) async fn record_search(&self, who: &Caller, grams: &[i64]) -> Result<(), Refusal> {
        let now = self.now().as_microsecond();
        let look = (format!("{} {}", who.label(), who.address), grams.to_vec());
        let mut searched = self.inner.access.searched.lock().await;
        searched.retain(|_, at| (0..SAME_LOOK_US).contains(&(now - *at)));
        if let Entry::Vacant(first) = searched.entry(look) {
            self.record_access(who, "search_particulars", None, "按姓名电话查找").await?;
            first.insert(now);
        }
        Ok(())
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
            .access(query, limit.clamp(1, ACCESS_ROWS_MAX))
            .await
            .map_err(|e| unavailable(&e))
    }
}
