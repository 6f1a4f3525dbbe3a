//! Reading: lists, counts, figures, clusters.

use super::{CaseLineRow, MatterRow, StoreError, TodoRow};
use async_trait::async_trait;
use futures::stream::BoxStream;
use lianzhi_ids::DocketId;

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first, by id.
    #[default]
    Newest,
    /// Oldest first, by id.
    Oldest,
    /// Open matters by next term, soonest first; those without a term come last.
    Due,
}

/// Which matters a reader may see at all, made by the policy; the store turns it into SQL and nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    All,
    /// Matters whose lead unit is one of these, or whose named officer is this person.
    Some {
        /// Units (the tree below is already spelled out).
        units: Vec<String>,
        /// The reader.
        person: String,
    },
}

/// Late or not. A term is late from its very instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// Open, and its running term has passed: late now.
    Now,
    /// A term has passed at some time, whether or not the matter was settled or went on since.
    Ever,
    /// No term has passed so far.
    Never,
}

/// A filter of matters. Every field narrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What the reader may see.
    pub sight: Sight,
    /// Kind of procedure.
    pub kind: Option<String>,
    /// Stages, any of.
    pub stages: Vec<String>,
    /// Category or prefix of it (`E06` matches `E06010`).
    pub category: Option<String>,
    /// Lead units, any of (the tree below is already spelled out); an empty name: those without a unit.
    pub units: Vec<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Open or not.
    pub open: Option<bool>,
    /// Late now, at some time, or never.
    pub overdue: Option<Overdue>,
    /// Only these, when any are named.
    pub ids: Vec<DocketId>,
    /// West, south, east, north in micro-degrees.
    pub bbox: Option<[i32; 4]>,
    /// Cell ranges that cover the box (made by territory).
    pub cells: Vec<(i64, i64)>,
    /// Has a place, or none yet.
    pub placed: Option<bool>,
    /// Substring of two or more characters, normalised; exact substring match, nothing else.
    pub q: Option<String>,
    /// Keyed bigrams of a particular; all must be there. Only for those entitled.
    pub secret: Vec<i64>,
    /// Changed since, micros.
    pub updated_since: Option<i64>,
    /// Reported from (inclusive), micros.
    pub reported_from: Option<i64>,
    /// Reported before (exclusive), micros.
    pub reported_to: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Now, for `overdue`, micros.
    pub now: i64,
}

/// How a matter ended, as far as a filter asks. Every field narrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Ended from (inclusive), micros.
    pub closed_from: Option<i64>,
    /// Ended before (exclusive), micros.
    pub closed_to: Option<i64>,
    /// None of its terms ever passed, or one did.
    pub in_time: Option<bool>,
    /// Handled more than once, or not.
    pub rework: Option<bool>,
    /// Rated with one of these.
    pub ratings: Vec<i64>,
    /// Not rated (also, when ratings are given).
    pub unrated: bool,
    /// Without a lead unit.
    pub no_unit: bool,
    /// Without a category.
    pub no_category: bool,
}

/// What figures need of a matter. Times are micros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the fields are those of a matter's row")]
pub struct FactRow {
    pub id: DocketId,
    pub pos: i64,
    pub stage: String,
    pub open: bool,
    pub overdue: bool,
    pub category: Option<String>,
    pub unit: Option<String>,
    pub assignee: Option<String>,
    pub source: String,
    pub reported_at: i64,
    pub closed_at: Option<i64>,
    pub due_at: Option<i64>,
    pub rating: Option<i64>,
    pub rework: i64,
}

/// A line of a case with what its matter's row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedLine {
    /// Kind of procedure.
    pub kind: String,
    /// Lead unit.
    pub unit: Option<String>,
    /// When the matter was registered, micros.
    pub reported_at: i64,
    /// The line.
    pub line: CaseLineRow,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Rows.
    pub rows: Vec<MatterRow>,
    /// Cursor of the next page, opaque, when there is one.
    pub next: Option<String>,
    /// Cursor of the previous page, when there is one.
    pub prev: Option<String>,
}

/// A count by something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// By what.
    pub key: String,
    /// How many.
    pub n: i64,
    /// Of them closed.
    pub closed: i64,
    /// Of them overdue.
    pub overdue: i64,
}

/// What of a set of matters is how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// By what: a stage, a unit …; empty for those without.
    pub key: String,
    /// How many.
    pub n: i64,
    /// Of them open.
    pub open: i64,
    /// Of them late now ([`Overdue::Now`]).
    pub late: i64,
    /// Of them late at some time ([`Overdue::Ever`]).
    pub ever: i64,
}

/// By what counts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountBy {
    /// Stage.
    Stage,
    /// Lead unit.
    Unit,
    /// Category.
    Category,
    /// Source.
    Source,
    /// Day reported (Beijing), `2026-11-22`.
    Day,
    /// Named officer.
    Assignee,
    /// Rating.
    Rating,
}

/// A cluster of points on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// How many.
    pub n: i64,
    /// Mean longitude, micro-degrees.
    pub lng: i32,
    /// Mean latitude, micro-degrees.
    pub lat: i32,
    /// The matter, when it is only one.
    pub only: Option<DocketId>,
}

/// Reading.
#[async_trait]
pub trait Queries: Send + Sync + 'static {
    /// A page of matters. `limit` ≤ 200.
    async fn list(
        &self,
        filter: &Filter,
        order: Order,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Page, StoreError>;
    /// How many match; exact, or `None` when more than `at_most` (then "more than").
    async fn count(&self, filter: &Filter, at_most: i64) -> Result<Option<i64>, StoreError>;
    /// Counts by something over the matters that match.
    async fn counts(&self, filter: &Filter, by: CountBy) -> Result<Vec<Count>, StoreError>;
    /// How many match, by something, and how many of them are open and late; `None` when more than `at_most` match.
    async fn tally(
        &self,
        filter: &Filter,
        by: CountBy,
        at_most: i64,
    ) -> Result<Option<Vec<Tally>>, StoreError>;
    /// Points in the box, clustered when there are more than `limit`, at `shift` bits of the cell.
    async fn map(&self, filter: &Filter, shift: u32, limit: i64) -> Result<Vec<Cluster>, StoreError>;
    /// What figures need of the reports changed at or after a log position (`pos > from`), ordered by pos.
    async fn facts(&self, from: i64, limit: i64) -> Result<Vec<FactRow>, StoreError>;
    /// The lines of the cases that match, of one item when it is given, by docket.
    async fn case_lines(&self, filter: &Filter, item: Option<&str>) -> Result<Vec<CountedLine>, StoreError>;
    /// One matter by number (or external number).
    async fn by_number(&self, number: &str) -> Result<Option<MatterRow>, StoreError>;
    /// To-dos of these `who` keys with their matters, soonest first, from a place on; of one kind of act when it is given.
    async fn todos(
        &self,
        who: &[String],
        what: Option<&str>,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(TodoRow, MatterRow)>, StoreError>;
    /// How many to-dos these `who` keys have by kind of act, those first of which one is due first.
    async fn todo_counts(&self, who: &[String]) -> Result<Vec<(String, i64)>, StoreError>;
    /// Matters as a stream for exports, newest first.
    fn stream(&self, filter: Filter) -> BoxStream<'static, Result<MatterRow, StoreError>> {
        self.stream_by(filter, Order::Newest)
    }
    /// Matters as a stream in an order.
    fn stream_by(&self, filter: Filter, order: Order) -> BoxStream<'static, Result<MatterRow, StoreError>>;
    /// Answers whether the engine works.
    async fn ping(&self) -> Result<(), StoreError>;
}
