//! The digest: what moved in shared matters, once a day for each person. Nobody is told of every receipt: what waits for
//! somebody is in his to-dos, all else is in one digest, which is a function of person and day and so never comes twice.

use super::overview::{CooperationRow, partners_of, shown};
use crate::ports::{Filter, Order};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use jiff::civil::{Date, Time, time};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::Refusal;
use serde::Serialize;
use std::collections::HashMap;

/// When a day's digest ends and the next begins, Beijing time: before work.
const CUT: Time = time(8, 0, 0, 0);
/// Matters in a digest at most; the lists have the rest.
const ITEMS_MAX: usize = 50;
/// Rows of one form that are looked at.
const ROWS: i64 = 200;

/// A person's digest of a day.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Digest {
    /// The day on whose morning it comes.
    pub day: Date,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Shared matters that moved, last moved first.
    pub items: Vec<CooperationRow>,
    /// There were more.
    pub more: bool,
    /// What waits for the person now.
    pub waiting: usize,
}

/// The morning of a day.
fn cut(day: Date) -> Result<Timestamp, Refusal> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let moment = day.to_datetime(CUT).to_zoned(zone);
    moment.map(|m| m.timestamp()).map_err(|_| Refusal::invalid("day", "没有这一天。", "请写成 2026-11-22。"))
}

impl App {
    /// The day of the newest digest.
    #[must_use]
    pub fn digest_day(&self) -> Date {
        lianzhi_procedure::beijing_date(self.now() - CUT.duration_since(Time::midnight()))
    }

    /// The digest of a day for whoever asks; today's when none is named.
    ///
    /// # Errors
    /// When the caller is nobody who works with other members, or the day lies ahead.
    pub async fn digest(&self, who: &Caller, day: Option<Date>) -> Result<Digest, Refusal> {
        self.may(who, "cooperation", None)?;
        let person = who.actor.person().ok_or_else(|| Refusal::missing("没有摘要。"))?;
        let now = self.now();
        let today = self.digest_day();
        let day = day.unwrap_or(today);
        if day > today {
            return Err(Refusal::invalid("day", "这一天的摘要还没有。", "每天 8 时出一次。"));
        }
        let until = cut(day)?;
        let from = until - jiff::SignedDuration::from_hours(24);
        let directory = self.directory();
        let oversees = [Role::Liaison, Role::Leader, Role::Supervisor].iter().any(|r| who.actor.has(*r));
        let sight = self.sight_of_files(who)?;
        let mut moved = Vec::new();
        for form in Form::ALL {
            let filter = Filter {
                sight: sight.clone(),
                now: now.as_microsecond(),
                updated_since: Some(from.as_microsecond()),
                ..filter_of_kind(form.code())
            };
            let page = self.inner.store.queries.list(&filter, Order::Newest, None, ROWS).await;
            for row in page.map_err(|e| unavailable(&e))?.rows {
                let concerns = oversees || row.assignee.as_deref() == Some(person.as_str());
                let Some((side, partners)) = partners_of(&row).filter(|_| concerns) else { continue };
                moved.push((row.updated_at, shown(row, form, side, &partners, &directory)));
            }
        }
        self.moved_within(&mut moved, from, until).await?;
        moved.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let more = moved.len() > ITEMS_MAX;
        let items = moved.into_iter().take(ITEMS_MAX).map(|(_, row)| row).collect();
        let waiting = usize::try_from(self.todos(who, None, 0).await?.total).unwrap_or(0);
        Ok(Digest { day, from, until, items, more, waiting })
    }

    /// Keeps those of which something was recorded within a span, each with the last moment of that: what is recorded
    /// after a digest does not take anything out of it.
    async fn moved_within(
        &self,
        rows: &mut Vec<(i64, CooperationRow)>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), Refusal> {
        let until = until.as_microsecond();
        let later: Vec<DocketId> =
            rows.iter().filter(|(at, _)| *at >= until).map(|(_, row)| DocketId(row.id)).collect();
        if later.is_empty() {
            return Ok(());
        }
        let entries = self.inner.store.journal.dockets(&later).await.map_err(|e| unavailable(&e))?;
        let span = from.as_microsecond()..until;
        let mut last: HashMap<i64, i64> = HashMap::new();
        for entry in entries.iter().filter(|entry| span.contains(&entry.at)) {
            let at = last.entry(entry.docket.0).or_default();
            *at = (*at).max(entry.at);
        }
        rows.retain_mut(|(at, row)| {
            if *at < until {
                return true;
            }
            last.get(&row.id).is_some_and(|moved| {
                *at = *moved;
                true
            })
        });
        Ok(())
    }
}
