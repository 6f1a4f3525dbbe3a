//! The access log: who looked at what. Apart from the record, since looking changes nothing; kept by the node, never
//! shared.

use crate::ports::{AccessQuery, AccessRow};
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::policy::Reach;
use lianzhi_procedure::{Refusal, policy};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Lines that are read at once: a page, or what an export holds.
const ACCESS_ROWS_MAX: i64 = 10_000;
/// Lines of the access log that may wait for being written together.
const ACCESS_WAITING_MAX: usize = 10_000;

/// What is asked again within this, in microseconds, is the same look: a page, its sums, its further pages, its pictures
/// and a file of it ask one by one.
const SAME_LOOK_US: i64 = 60_000_000;

/// Lines of the access log that wait for being written together. Looks at particulars do not wait: see
/// [`App::record_access`].
#[derive(Debug, Default)]
pub struct AccessLog {
    waiting: Mutex<Vec<AccessRow>>,
    /// Who looked at what of late, and when. Held while a line is written: rows and numbers are asked for at the same
    /// time, and neither is shown before.
    looked: tokio::sync::Mutex<HashMap<(String, Look), i64>>,
}

/// A look of which one line is enough while it goes on.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Look {
    /// For a person, by name or number (keyed pairs, never the words).
    Person(Vec<i64>),
    /// At a case, by somebody who is asked about it.
    Case(DocketId),
}

impl App {
    /// Units of which somebody sees what an action of the policy lets look at; none: all.
    ///
    /// # Errors
    /// The policy's refusal, where it lets look at nothing.
    pub(crate) fn units_seen(
        &self,
        who: &Caller,
        action: &'static str,
    ) -> Result<Option<Vec<String>>, Refusal> {
        self.sight_of_files(who)?;
        if self.may(who, action, None).is_ok() {
            return Ok(None);
        }
        let directory = self.directory();
        let rules = policy::TABLE.iter().filter(|r| r.action == action && r.reach == Reach::Unit);
        let mut units = Vec::new();
        for role in rules.flat_map(|r| r.roles) {
            for post in who.actor.units_with(*role) {
                units.extend(
                    directory.units.keys().filter(|u| directory.within(u, post)).map(ToString::to_string),
                );
            }
        }
        if units.is_empty() {
            self.may(who, action, None)?;
        }
        units.sort_unstable();
        units.dedup();
        Ok(Some(units))
    }

    /// The same, narrowed to a unit that was asked for, with those below it; empty: all.
    ///
    /// # Errors
    /// As [`App::units_seen`], or there is no such unit.
    pub(crate) fn units_shown(
        &self,
        who: &Caller,
        action: &'static str,
        asked: Option<&str>,
    ) -> Result<Vec<String>, Refusal> {
        let seen = self.units_seen(who, action)?;
        let Some(code) = asked else { return Ok(seen.unwrap_or_default()) };
        let directory = self.directory();
        let top = UnitCode::parse(code).ok().filter(|u| directory.units.contains_key(u));
        let top = top.ok_or_else(|| Refusal::invalid("unit", "没有这个单位。", "请从单位中选择。"))?;
        let below = directory.units.keys().filter(|u| directory.within(u, &top)).map(ToString::to_string);
        let both: Vec<_> = below.filter(|u| seen.as_ref().is_none_or(|seen| seen.contains(u))).collect();
        // Nothing of another unit; an empty list would mean all.
        Ok(if both.is_empty() { vec!["-".into()] } else { both })
    }

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
        let look = Look::Person(grams.to_vec());
        self.record_look(who, look, ("search_particulars", None, "按姓名电话查找")).await
    }

    /// Records that somebody looked at a case because he is asked about it: one line for each look.
    ///
    /// # Errors
    /// When it cannot be written: then nothing is shown.
    pub(crate) async fn record_asked(&self, who: &Caller, case: DocketId) -> Result<(), Refusal> {
        self.record_look(who, Look::Case(case), ("asked", Some(case), "被征求意见，查看案件")).await
    }

    async fn record_look(
        &self,
        who: &Caller,
        look: Look,
        (action, docket, detail): (&str, Option<DocketId>, &str),
    ) -> Result<(), Refusal> {
        let now = self.now().as_microsecond();
        let mut looked = self.inner.access.looked.lock().await;
        looked.retain(|_, at| (0..SAME_LOOK_US).contains(&(now - *at)));
        if let Entry::Vacant(first) = looked.entry((format!("{} {}", who.label(), who.address), look)) {
            self.record_access(who, action, docket, detail).await?;
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
