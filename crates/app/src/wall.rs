//! What hangs on the wall of the command centre: numbers of today, places, the latest changes. No words of reporters.

use crate::ports::{Cluster, Count, CountBy, Filter, MatterRow, StoreError};
use crate::shared::unavailable;
use crate::{App, Caller, filter_of_kind};
use futures::TryStreamExt;
use lianzhi_procedure::{Kind, Refusal};

/// Scope of a token that shows the wall and nothing else.
pub const WALL_SCOPE: &str = "wall";
/// Rows of the log that are looked through for the latest changes, and how many of them are shown.
const LOOKED: i64 = 60;
const FEED: usize = 14;
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
    /// Open and past a term.
    pub overdue: i64,
    /// Closed today.
    pub closed: i64,
    /// Of them in time, per cent; none while nothing was closed.
    pub kept: Option<i64>,
    /// People on duty.
    pub on_duty: usize,
    /// Open matters by unit, most first.
    pub units: Vec<Count>,
    /// Today's reports by category, most first.
    pub categories: Vec<Count>,
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

    async fn gather(&self, who: &Caller) -> Result<WallView, StoreError> {
        let (now, store) = (self.now(), &self.inner.store);
        let now_us = now.as_microsecond();
        let midnight = (now_us + BEIJING_US).div_euclid(DAY_US) * DAY_US - BEIJING_US;
        let sight = self.sight(who).map_err(|r| StoreError::Engine(r.to_string()))?;
        let all = Filter { sight, now: now_us, ..filter_of_kind(Kind::Report.code()) };
        let open = Filter { open: Some(true), ..all.clone() };
        let today = Filter { reported_from: Some(midnight), ..all.clone() };
        let touched = Filter { open: Some(false), updated_since: Some(midnight), ..all };
        let mut units = store.queries.counts(&open, CountBy::Unit).await?;
        let mut categories = store.queries.counts(&today, CountBy::Category).await?;
        let (mut closed, mut late) = (0, 0);
        let mut ended = store.queries.stream(touched);
        while let Some(row) = ended.try_next().await? {
            if row.closed_at.is_some_and(|at| at >= midnight) {
                closed += 1;
                late += i64::from(row.overdue);
            }
        }
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
            overdue: units.iter().map(|c| c.overdue).sum(),
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
