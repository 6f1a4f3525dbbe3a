//! Figures: how much came in, was done, in time, again, and how it was found. Every rule is in [`rules`]; what is
//! counted is kept in memory and follows the rows ([`columns`](self)); in words: `docs/counting.md`.

pub mod cases;
mod columns;
pub mod like;
pub mod rules;
pub mod sheet;

pub use columns::{By, Figures, Line, Only};

use crate::ports::{Sight, Store, StoreError};
use crate::shared::unavailable;
use crate::{App, Caller};
use columns::Columns;
use jiff::civil::Date;
use lianzhi_ids::{CategoryCode, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use parking_lot::RwLock;
use rules::{DAYS_MAX, Period};
use std::sync::Arc;

/// Rows followed at once.
const FOLLOW_ROWS: i64 = 10_000;
/// What stands for "none" where a unit or category is asked for.
pub const NONE: &str = "none";

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresQuery {
    /// When.
    pub period: Period,
    /// Compared with.
    pub before: Period,
    /// Broken down by day.
    pub trend: Period,
    /// Lead unit with the units below it; `none`: matters without one.
    pub unit: Option<String>,
    /// Category or prefix of it; `none`: matters without one.
    pub category: Option<String>,
    /// Source.
    pub source: Option<String>,
}

/// The matters in memory.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    columns: Arc<RwLock<Columns>>,
    following: tokio::sync::Mutex<()>,
}

impl Keeper {
    /// Takes in what has changed since the last time.
    pub(crate) async fn follow(&self, store: &Store) -> Result<(), StoreError> {
        let _alone = self.following.lock().await;
        if self.columns.read().len() == 0 {
            let most = store.journal.head().await?.next_docket;
            self.columns.write().expect_matters(usize::try_from(most).unwrap_or(0));
        }
        loop {
            let from = self.columns.read().pos;
            let rows = store.queries.facts(from, FOLLOW_ROWS).await?;
            let full = i64::try_from(rows.len()).unwrap_or(0) == FOLLOW_ROWS;
            let columns = self.columns.clone();
            let take = move || columns.write().take(&rows);
            tokio::task::spawn_blocking(take).await.map_err(|e| StoreError::Engine(e.to_string()))?;
            if !full {
                return Ok(());
            }
        }
    }

    /// Forgets everything: the rows were made anew.
    pub(crate) async fn forget(&self) {
        let _alone = self.following.lock().await;
        *self.columns.write() = Columns::default();
    }
}

/// A unit and all below it, as codes.
pub(crate) fn below(directory: &Directory, unit: &UnitCode) -> Vec<String> {
    let mut units: Vec<String> =
        directory.units.keys().filter(|u| directory.within(u, unit)).map(ToString::to_string).collect();
    if !directory.units.contains_key(unit) {
        units.push(unit.to_string());
    }
    units
}

impl App {
    /// The units whose figures somebody may ask for: none means all, and matters without a unit.
    ///
    /// # Errors
    /// No right to statistics.
    pub fn figures_of(&self, who: &Caller) -> Result<Option<Vec<String>>, Refusal> {
        self.may(who, "statistics", None)?;
        Ok(match self.sight(who)? {
            Sight::All => None,
            Sight::Some { units, .. } => Some(units),
        })
    }

    /// Counts. The counts of the lists with the same filters are the same.
    ///
    /// # Errors
    /// No right to statistics or to these units, an unknown filter, too long a period.
    pub async fn figures(&self, who: &Caller, query: &FiguresQuery) -> Result<Figures, Refusal> {
        let allowed = self.figures_of(who)?;
        let directory = self.directory();
        for period in [&query.period, &query.before, &query.trend] {
            if period.days() > DAYS_MAX {
                return Err(Refusal::invalid("from", "时间范围太长。", "请选五年以内的时间。"));
            }
        }
        let units = match (query.unit.as_deref(), &allowed) {
            (None, None) => None,
            (Some(NONE), None) => Some(vec![String::new()]),
            (Some(unit), _) if unit != NONE => {
                let unit = UnitCode::parse(unit)
                    .map_err(|e| Refusal::invalid("unit", e.to_string(), "请从列表中选择单位。"))?;
                let mut units = below(&directory, &unit);
                if let Some(allowed) = &allowed {
                    units.retain(|u| allowed.contains(u));
                    if units.is_empty() {
                        return Err(Refusal::forbidden(
                            "not-permitted",
                            "您不能看这个单位的统计。",
                            "请选择自己所在的单位。",
                        ));
                    }
                }
                Some(units)
            }
            _ => {
                return Err(Refusal::invalid("unit", "您只能看本单位及下级单位的统计。", "请先选择单位。"));
            }
        };
        let category = match query.category.as_deref() {
            Some(NONE) => Some(String::new()),
            other => other.map(str::to_owned),
        };
        let only = Only { units, category, source: query.source.clone() };
        let keeper = &self.inner.figures;
        keeper.follow(&self.inner.store).await.map_err(|e| unavailable(&e))?;
        let now = u32::try_from(self.now().as_second()).unwrap_or(0);
        let (columns, query) = (keeper.columns.clone(), query.clone());
        let work = move || columns.read().count(&only, query.period, query.before, query.trend, now);
        let work = tokio::task::spawn_blocking(work);
        work.await.map_err(|e| unavailable(&StoreError::Engine(e.to_string())))
    }

    /// How many matters are kept in memory for figures.
    #[must_use]
    pub fn figures_kept(&self) -> usize {
        self.inner.figures.columns.read().len()
    }
}

/// The class of a category: its letter and two digits, shared by all categories of the class.
#[must_use]
pub fn class_of(category: &str) -> &str {
    category.get(..3).unwrap_or(category)
}

/// Name of a class, from any category in it.
#[must_use]
pub fn class_name(directory: &Directory, class: &str) -> String {
    let known = directory.categories.values().find(|c| c.code.as_str().starts_with(class));
    known.map_or_else(|| class.to_owned(), |c| c.group.clone())
}

/// Today in Beijing.
#[must_use]
pub fn today(now: jiff::Timestamp) -> Date {
    now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
}

/// Whether a text is a category or a prefix of one.
#[must_use]
pub fn is_category(text: &str) -> bool {
    CategoryCode::parse(text).is_ok()
        || (text.len() <= 6
            && text.starts_with(['E', 'P'])
            && text.bytes().skip(1).all(|byte| byte.is_ascii_digit()))
}
