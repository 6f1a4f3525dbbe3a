//! What a district did in a month, for everybody: counts by category and by unit from the public-safe columns of the
//! rows, with small numbers folded together so that nobody is recognised in them.

use crate::ports::{Filter, MatterRow, StoreError};
use crate::shared::unavailable;
use crate::{App, filter_of_kind};
use futures::TryStreamExt;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};
use lianzhi_ids::{CategoryCode, UnitCode};
use lianzhi_procedure::{Kind, Refusal};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Fewer than this are not told by themselves: one of three complaints may be one person's neighbour.
pub const SMALL: i64 = 5;
/// How long a month's numbers are kept, micros: counting again takes time and tells nobody anything new.
const KEPT_US: i64 = 10 * 60 * 1_000_000;
/// How many months back may be asked for.
const MONTHS_MAX: i32 = 12;

/// Numbers of one category or unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// What it is of; none: several together, each too small to be told.
    pub name: Option<String>,
    /// Code of the category, when it is one.
    pub code: Option<String>,
    /// Reported in the month.
    pub reported: i64,
    /// Closed in the month.
    pub closed: i64,
    /// Of them closed within all terms, per cent; none while too few were closed.
    pub kept: Option<i64>,
    /// Median time from report to closing, micros; none while too few were closed.
    pub median_us: Option<i64>,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Whether it is still running.
    pub running: bool,
    /// When it was counted.
    pub counted_at: Timestamp,
    /// All together.
    pub all: MonthRow,
    /// By category, most first.
    pub categories: Vec<MonthRow>,
    /// By unit, most first.
    pub units: Vec<MonthRow>,
}

/// Months counted lately.
#[derive(Debug, Default)]
pub(crate) struct Months {
    kept: Mutex<HashMap<Date, Arc<Month>>>,
    /// One counts, the others wait for it.
    counting: tokio::sync::Mutex<()>,
}

/// What is counted of one category or unit.
#[derive(Debug, Clone, Default)]
struct Sum {
    reported: i64,
    closed: i64,
    kept: i64,
    took: Vec<i64>,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.reported += other.reported;
        self.closed += other.closed;
        self.kept += other.kept;
        self.took.extend(&other.took);
    }

    fn row(mut self, name: Option<String>, code: Option<String>) -> MonthRow {
        self.took.sort_unstable();
        let enough = self.closed >= SMALL;
        MonthRow {
            name,
            code,
            reported: self.reported,
            closed: self.closed,
            kept: enough.then(|| self.kept * 100 / self.closed.max(1)),
            median_us: self.took.get(self.took.len() / 2).copied().filter(|_| enough),
        }
    }
}

/// Rows that may be told: whatever has fewer than [`SMALL`] of reported or closed (but some) is put together with
/// others; what is put together is itself not small, so that it cannot be found by taking the rest from the whole.
fn told(sums: BTreeMap<String, Sum>, name: impl Fn(&str) -> String, coded: bool) -> Vec<MonthRow> {
    let small = |n: i64| (1..SMALL).contains(&n);
    let mut sums: Vec<(String, Sum)> = sums.into_iter().collect();
    sums.sort_by(|a, b| (b.1.reported, b.1.closed, &a.0).cmp(&(a.1.reported, a.1.closed, &b.0)));
    let (mut large, hidden): (Vec<_>, Vec<_>) =
        sums.into_iter().partition(|(_, s)| !small(s.reported) && !small(s.closed));
    let mut rest = Sum::default();
    hidden.iter().for_each(|(_, s)| rest.add(s));
    while !hidden.is_empty() && (small(rest.reported) || small(rest.closed)) {
        let Some((_, sum)) = large.pop() else { break };
        rest.add(&sum);
    }
    let mut rows: Vec<MonthRow> = large
        .into_iter()
        .map(|(key, sum)| {
            let code = (coded && !key.is_empty()).then(|| key.clone());
            sum.row(Some(name(&key)), code)
        })
        .collect();
    if rest.reported + rest.closed > 0 {
        rows.push(rest.row(None, None));
    }
    rows
}

fn micros(date: Date) -> i64 {
    let beijing = tz::TimeZone::fixed(tz::offset(8));
    date.to_zoned(beijing).map_or(i64::MAX, |z| z.timestamp().as_microsecond())
}

fn first_of(date: Date) -> Date {
    date.first_of_month()
}

/// Takes a row into the sums of its category and unit.
fn count(row: &MatterRow, (from, to): (i64, i64), sums: &mut [BTreeMap<String, Sum>; 2], all: &mut Sum) {
    let within = |at: i64| at >= from && at < to;
    let mut one = Sum { reported: i64::from(within(row.reported_at)), ..Sum::default() };
    // Withdrawn, refused and returned ones came to an end too, but nobody handled them.
    if let Some(closed) = row.closed_at.filter(|at| within(*at) && row.stage == "closed") {
        one.closed = 1;
        one.kept = i64::from(!row.overdue);
        one.took.push(closed - row.reported_at);
    }
    let keys = [row.category.clone().unwrap_or_default(), row.unit.clone().unwrap_or_default()];
    for (sums, key) in sums.iter_mut().zip(keys) {
        sums.entry(key).or_default().add(&one);
    }
    all.add(&one);
}

impl App {
    /// What the district did in a month (`2026-11`, this one when not given). Counted at most every ten minutes.
    ///
    /// # Errors
    /// A month that is none, lies ahead or more than a year back.
    pub async fn month(&self, month: Option<&str>) -> Result<Arc<Month>, Refusal> {
        let now = self.now();
        let this = first_of(now.to_zoned(tz::TimeZone::fixed(tz::offset(8))).date());
        let first = match month.map(str::trim).filter(|m| !m.is_empty()) {
            None => this,
            Some(text) => format!("{text}-01")
                .parse::<Date>()
                .ok()
                .filter(|d| *d <= this && d.saturating_add(MONTHS_MAX.months()) >= this)
                .ok_or_else(|| {
                    Refusal::invalid(
                        "month",
                        "没有这个月份的数字。",
                        "请写成 2026-11，一年以内、不晚于本月。",
                    )
                })?,
        };
        let fresh = |months: &Months| {
            let kept = months.kept.lock();
            kept.get(&first)
                .filter(|m| now.as_microsecond() - m.counted_at.as_microsecond() < KEPT_US)
                .cloned()
        };
        let months = &self.inner.months;
        if let Some(month) = fresh(months) {
            return Ok(month);
        }
        let _turn = months.counting.lock().await;
        if let Some(month) = fresh(months) {
            return Ok(month);
        }
        let counted = Arc::new(self.count_month(first, first == this).await.map_err(|e| unavailable(&e))?);
        let mut kept = months.kept.lock();
        kept.retain(|d, _| d.saturating_add((MONTHS_MAX + 1).months()) >= this);
        kept.insert(first, counted.clone());
        Ok(counted)
    }

    /// The newest month that was counted, however long ago; for pages that must not wait.
    #[must_use]
    pub fn month_at_hand(&self) -> Option<Arc<Month>> {
        let kept = self.inner.months.kept.lock();
        kept.values().max_by_key(|m| m.first).cloned()
    }

    /// Counts this month when it was not counted lately.
    pub(crate) async fn keep_month(&self) {
        if let Err(refusal) = self.month(None).await {
            tracing::warn!(%refusal, "this month could not be counted; it is tried again in ten minutes");
        }
    }

    async fn count_month(&self, first: Date, running: bool) -> Result<Month, StoreError> {
        let (from, to) = (micros(first), micros(first.saturating_add(1.month())));
        let all = Filter { now: self.now().as_microsecond(), ..filter_of_kind(Kind::Report.code()) };
        let reported = Filter { reported_from: Some(from), reported_to: Some(to), ..all.clone() };
        // Reported before and closed in the month: whatever was closed then was changed then or later.
        let earlier = Filter { open: Some(false), updated_since: Some(from), reported_to: Some(from), ..all };
        let mut sums = [BTreeMap::new(), BTreeMap::new()];
        let mut total = Sum::default();
        for filter in [reported, earlier] {
            let mut rows = self.inner.store.queries.stream(filter);
            while let Some(row) = rows.try_next().await? {
                count(&row, (from, to), &mut sums, &mut total);
            }
        }
        let directory = self.directory();
        let category = |code: &str| match CategoryCode::parse(code) {
            Ok(code) => directory.category_name(&code).to_owned(),
            Err(_) => "尚未分类".to_owned(),
        };
        let unit = |code: &str| match UnitCode::parse(code) {
            Ok(code) => directory.unit_name(&code).to_owned(),
            Err(_) => "尚未派到单位".to_owned(),
        };
        let [categories, units] = sums;
        Ok(Month {
            first,
            running,
            counted_at: self.now(),
            all: total.row(None, None),
            categories: told(categories, category, true),
            units: told(units, unit, false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(of: &[(&str, i64, i64)]) -> BTreeMap<String, Sum> {
        let sum = |reported, closed: i64| Sum {
            reported,
            closed,
            kept: closed,
            took: (0..closed).map(|n| (n + 1) * 60_000_000).collect(),
        };
        of.iter().map(|(k, r, c)| ((*k).to_owned(), sum(*r, *c))).collect()
    }

    #[test]
    fn small_numbers_stand_nowhere_and_cannot_be_worked_out() {
        let rows = told(sums(&[("E1", 40, 30), ("E2", 12, 9), ("E3", 3, 0)]), str::to_owned, true);
        let names: Vec<_> = rows.iter().map(|r| r.name.as_deref()).collect();
        assert_eq!(names, [Some("E1"), None], "three alone would be the whole less the others");
        assert_eq!((rows[1].reported, rows[1].closed), (15, 9));
        let rows = told(sums(&[("E1", 40, 30), ("E2", 4, 4), ("E3", 3, 3)]), str::to_owned, true);
        assert_eq!((rows[1].name.clone(), rows[1].reported), (None, 7));
        let few = told(sums(&[("E1", 40, 2)]), str::to_owned, true);
        assert_eq!(few[0].name, None, "a small number of closed ones is small too");
    }

    #[test]
    fn terms_and_times_are_told_of_enough_only() {
        let rows = told(sums(&[("E1", 9, 0), ("E2", 9, 5)]), str::to_owned, true);
        assert_eq!(
            (rows[0].name.as_deref(), rows[0].kept, rows[0].median_us),
            (Some("E2"), Some(100), Some(180_000_000))
        );
        assert_eq!((rows[1].kept, rows[1].median_us), (None, None));
    }
}
