//! What hangs on the wall of the command centre: numbers of today, places, the latest changes. No words of reporters.

use crate::ports::{Cluster, CountBy, Filter, MatterRow, Outcome, StoreError, Tally};
use crate::shared::unavailable;
use crate::{App, Caller, filter_of_kind};
use lianzhi_procedure::{Kind, Refusal};

/// Scope of a token that shows the wall and nothing else.
pub const WALL_SCOPE: &str = "wall";
/// Rows of the log that are looked through for the latest changes, and how many of them are shown.
const LOOKED: i64 = 60;
const FEED: usize = 14;
/// Matters counted at most; more than any district has open or receives in a day.
const TALLY_MAX: i64 = 10_000_000;
/// Points shown one by one; more are drawn together.
const POINTS_MAX: i64 = 600;
/// How far in a district fills the drawing.
const ZOOM: u8 = 12;
/// Beijing time is eight hours ahead.
const BEIJING_US: i64 = 8 * 3_600_000_000;
const DAY_US: i64 = 24 * 3_600_000_000;

/// The wall at one moment. Counts cover what the viewer may see.
#[derive(Debug, Clone)]
pub struct WallView {
    /// Reported today.
    pub received: i64,
    /// Open now.
    pub open: i64,
    /// Of them late now: past their running term.
    pub overdue: i64,
    /// Closed today and still closed; not what was dismissed, returned or withdrawn.
    pub closed: i64,
    /// Of them in time, per cent; none while nothing was closed.
    pub kept: Option<i64>,
    /// People on duty.
    pub on_duty: usize,
    /// Open matters by unit, most first.
    pub units: Vec<Tally>,
    /// Today's reports by category, most first.
    pub categories: Vec<Tally>,
    /// Where open matters are.
    pub places: Vec<Cluster>,
    /// The latest changes, newest first.
    pub feed: Vec<MatterRow>,
}

impl App {
    /// The wall now.
    ///
    /// # Errors
    /// When the caller may not see it.
    pub async fn wall(&self, who: &Caller) -> Result<WallView, Refusal> {
        if !who.has_scope(WALL_SCOPE) && !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能看大屏。", "请在“我的账户”里开一块大屏。"));
        }
        self.may(who, "wall", None)?;
        // What the wall's own token does not allow elsewhere, the wall needs for its numbers.
        let who = &Caller { scopes: None, ..who.clone() };
        self.gather(who).await.map_err(|e| unavailable(&e))
    }

    /// Counts without an end: a wall shows a whole district, and its numbers must add up.
    async fn tallied(&self, filter: &Filter, by: CountBy) -> Result<Vec<Tally>, StoreError> {
        Ok(self.inner.store.queries.tally(filter, by, TALLY_MAX).await?.unwrap_or_default())
    }

    async fn gather(&self, who: &Caller) -> Result<WallView, StoreError> {
        let (now, store) = (self.now(), &self.inner.store);
        let now_us = now.as_microsecond();
        let midnight = (now_us + BEIJING_US).div_euclid(DAY_US) * DAY_US - BEIJING_US;
        let sight = self.sight(who).map_err(|r| StoreError::Engine(r.to_string()))?;
        let all = Filter { sight, now: now_us, ..filter_of_kind(Kind::Report.code()) };
        let open = Filter { open: Some(true), ..all.clone() };
        let today = Filter { reported_from: Some(midnight), ..all.clone() };
        // The words of the statistics: 办结 is closed and still closed, 按期 is that none of its terms ever passed.
        let ended = Outcome { closed_from: Some(midnight), ..Outcome::default() };
        let done = Filter { stages: vec!["closed".into()], outcome: ended, ..all };
        let mut units = self.tallied(&open, CountBy::Unit).await?;
        let mut categories = self.tallied(&today, CountBy::Category).await?;
        let done = self.tallied(&done, CountBy::Stage).await?;
        let (closed, late) = done.iter().fold((0, 0), |(n, ever), t| (n + t.n, ever + t.ever));
        let shift = lianzhi_territory::cell::cluster_shift(ZOOM);
        let places = store.queries.map(&open, shift, POINTS_MAX).await?;
        let size = store.journal.head().await?.size;
        let mut feed = store.journal.changed(size - LOOKED, LOOKED).await?;
        feed.retain(|row| row.kind == Kind::Report.code() && self.may(who, "read", Some(row)).is_ok());
        feed.reverse();
        feed.truncate(FEED);
        for counts in [&mut units, &mut categories] {
            counts.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.key.cmp(&b.key)));
        }
        Ok(WallView {
            received: categories.iter().map(|c| c.n).sum(),
            open: units.iter().map(|c| c.n).sum(),
            overdue: units.iter().map(|c| c.late).sum(),
            closed,
            kept: (closed > 0).then(|| (closed - late) * 100 / closed),
            on_duty: self.duty().people().count(),
            units,
            categories,
            places,
            feed,
        })
    }
}
