//! The yearly report of the three systems (国办发〔2018〕118号): how many decisions were published in their term, legally reviewed,
//! recorded as a whole.

use super::decisions::morning;
use crate::App;
use crate::ports::{OversightCount, OversightFilter};
use crate::read::given;
use crate::shared::unavailable;
use jiff::civil::Date;
use lianzhi_procedure::publicity::{Reviewed, Standing};
use lianzhi_procedure::{Kind, Refusal, beijing_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AnnualQuery {
    /// The year; this one when not given.
    pub year: Option<String>,
}

/// The three systems in a year. Decisions count in the year in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Annual {
    /// The year.
    pub year: i16,
    /// It is not over yet.
    pub running: bool,
    /// Decisions by the ordinary procedure.
    pub ordinary: i64,
    /// Decisions on the spot.
    pub spots: i64,
    /// Published now or at some time.
    pub published: i64,
    /// Published within seven working days.
    pub in_term: i64,
    /// Published later than that.
    pub late: i64,
    /// Kept back with a ground.
    pub kept: i64,
    /// Published and withdrawn.
    pub withdrawn: i64,
    /// Neither published nor kept back so far.
    pub open: i64,
    /// Cases that the law wants to be reviewed and that were not yet.
    pub to_review: i64,
    /// Reviewed.
    pub reviewed: i64,
    /// Filed cases, and decisions on the spot.
    pub all: i64,
    /// Of them with nothing missing in their record so far.
    pub whole: i64,
}

/// The year that is asked for.
pub(super) fn asked_year(text: Option<&str>) -> Result<Option<i16>, Refusal> {
    given(text).map(|text| text.parse().map_err(|_| no_year())).transpose()
}

fn no_year() -> Refusal {
    Refusal::invalid("year", "年份不对。", "请填四位数的年份，如 2026。")
}

/// From first day of a year to the first of the next, micros.
pub(super) fn year_of(year: i16) -> Result<(i64, i64), Refusal> {
    let first = |year| Date::new(year, 1, 1).map(morning);
    match (first(year), first(year.saturating_add(1))) {
        (Ok(from), Ok(to)) if (2000..=2999).contains(&year) => Ok((from, to)),
        _ => Err(no_year()),
    }
}

fn sum(counts: &[OversightCount], fits: impl Fn(&OversightCount) -> bool) -> i64 {
    counts.iter().filter(|count| fits(count)).map(|count| count.n).sum()
}

impl App {
    /// The three systems in a year.
    ///
    /// # Errors
    /// A year that is none.
    pub async fn annual(&self, query: &AnnualQuery) -> Result<Annual, Refusal> {
        let this = beijing_date(self.now()).year();
        let year = asked_year(query.year.as_deref())?.unwrap_or(this);
        let (from, to) = year_of(year)?;
        let filter = OversightFilter { from: Some(from), to: Some(to), ..OversightFilter::default() };
        let counts = self.inner.store.oversight.counts(&filter).await.map_err(|e| unavailable(&e))?;
        let is = |c: &OversightCount, standing: Standing| c.standing.as_deref() == Some(standing.code());
        let published = |c: &OversightCount| is(c, Standing::Published) || is(c, Standing::Withdrawn);
        let review = |c: &OversightCount, review: Reviewed| c.review == review.code();
        let kind = |c: &OversightCount, kind: Kind| c.kind == kind.code() && c.standing.is_some();
        Ok(Annual {
            year,
            running: year >= this,
            ordinary: sum(&counts, |c| kind(c, Kind::Penalty)),
            spots: sum(&counts, |c| kind(c, Kind::Spot)),
            published: sum(&counts, published),
            in_term: sum(&counts, |c| published(c) && !c.late),
            late: sum(&counts, |c| published(c) && c.late),
            kept: sum(&counts, |c| is(c, Standing::Kept)),
            withdrawn: sum(&counts, |c| is(c, Standing::Withdrawn)),
            open: sum(&counts, |c| is(c, Standing::Open)),
            to_review: sum(&counts, |c| review(c, Reviewed::Owed)),
            reviewed: sum(&counts, |c| review(c, Reviewed::Given)),
            all: sum(&counts, |_| true),
            whole: sum(&counts, |c| !c.gaps),
        })
    }
}
