//! Rows of the books and of the register of things: derived like a list row, replaced whenever their docket changes.

use super::{MatterRow, StoreError};
use async_trait::async_trait;
use lianzhi_ids::{Digest, DocketId};

/// A line of the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Docket.
    pub docket: DocketId,
    /// What, see [`lianzhi_procedure::LedgerKind`].
    pub what: String,
    /// Day, counted from 1970-01-01.
    pub day: i64,
    /// How much, fen.
    pub fen: i64,
    /// Payment code, number of the bank's line or of the receipt.
    pub reference: String,
    /// Who has it in his hands.
    pub person: Option<String>,
    /// Until when something is to be done about it, micros.
    pub due_at: Option<i64>,
}

/// A thing in custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThingRow {
    /// Docket.
    pub docket: DocketId,
    /// Number in the case.
    pub id: i64,
    /// What it is, see [`lianzhi_procedure::penalty::ThingKind`].
    pub kind: String,
    /// Where it is, see [`lianzhi_procedure::penalty::ThingState`].
    pub state: String,
    /// Shelf.
    pub shelf: String,
    /// The part that holds its name.
    pub name: Digest,
    /// It rots.
    pub perishable: bool,
    /// It ought to have been given back.
    pub release: bool,
    /// When it last moved, micros.
    pub since: i64,
    /// The next term, micros.
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
}

/// A 文号 that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedRow {
    /// Docket.
    pub docket: DocketId,
    /// Its place among the numbers of the docket, from 0.
    pub id: i64,
    /// What stands before 字 in it.
    pub head: String,
    /// Year.
    pub year: i64,
    /// Branch code or unit in it; may be empty.
    pub branch: String,
    /// Running part.
    pub n: i64,
    /// 文号.
    pub number: String,
    /// Name of the paper.
    pub title: String,
    /// When it was signed, micros.
    pub at: i64,
    /// What became of it, see [`lianzhi_procedure::numbers::NumberState`].
    pub state: String,
    /// The part that says why it was voided or withdrawn.
    pub reason: Option<Digest>,
    /// 文号 of the paper that took its place, revoked or corrected it.
    pub by: Option<String>,
}

/// Which numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuedFilter {
    /// Year.
    pub year: i64,
    /// Units of the matter, any of (the tree below is already spelled out); empty: all.
    pub units: Vec<String>,
    /// Of one series: what stands before 字, and the branch.
    pub series: Option<(String, String)>,
    /// States, any of; empty: all.
    pub states: Vec<String>,
}

/// A series of numbers within a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesRow {
    /// What stands before 字.
    pub head: String,
    /// Branch code or unit; may be empty.
    pub branch: String,
    /// Name of its papers (of one of them, where a word is shared).
    pub title: String,
    /// How many were handed out.
    pub n: i64,
    /// How many of them were voided or not used.
    pub void: i64,
    /// The lowest running part.
    pub first: i64,
    /// The highest.
    pub last: i64,
}

/// Running parts that are missing in a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberGap {
    /// What stands before 字.
    pub head: String,
    /// Branch code or unit; may be empty.
    pub branch: String,
    /// The first that is missing.
    pub from: i64,
    /// The last.
    pub to: i64,
}

/// Which lines of the books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// What, any of; empty: everything.
    pub what: Vec<String>,
    /// From this day on.
    pub from: Option<i64>,
    /// Until this day.
    pub to: Option<i64>,
}

/// Which things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThingFilter {
    /// States, any of; empty: all.
    pub states: Vec<String>,
    /// Units of the case, any of (the tree below is already spelled out); empty: all.
    pub units: Vec<String>,
    /// What it is.
    pub kind: Option<String>,
    /// The shelf's name begins so.
    pub shelf: Option<String>,
    /// Only those that ought to have been given back.
    pub release: bool,
    /// Only those whose term passed before this moment, micros.
    pub due_before: Option<i64>,
    /// Of this docket.
    pub docket: Option<DocketId>,
}

/// The sum of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySum {
    /// Day, counted from 1970-01-01.
    pub day: i64,
    /// What.
    pub what: String,
    /// How much, fen.
    pub fen: i64,
    /// Of how many lines.
    pub n: i64,
}

/// Reading the books and the register of things.
#[async_trait]
pub trait Books: Send + Sync + 'static {
    /// Sums by day and kind.
    async fn ledger_sums(&self, filter: &LedgerFilter) -> Result<Vec<DaySum>, StoreError>;
    /// Lines with their matters: those with a term first, soonest first, then by day.
    async fn ledger(
        &self,
        filter: &LedgerFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(LedgerRow, MatterRow)>, StoreError>;
    /// How many things there are by state.
    async fn thing_counts(&self, filter: &ThingFilter) -> Result<Vec<(String, i64)>, StoreError>;
    /// Series with what was handed out in them, by what stands before 字 and branch.
    async fn series(&self, filter: &IssuedFilter) -> Result<Vec<SeriesRow>, StoreError>;
    /// Numbers with their matters, by series and running part.
    async fn issued(
        &self,
        filter: &IssuedFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(IssuedRow, MatterRow)>, StoreError>;
    /// Running parts of a year that are missing, counted from 1, by series and in their order: nobody has them, whoever asks.
    async fn number_gaps(&self, year: i64) -> Result<Vec<NumberGap>, StoreError>;
    /// Things with their matters: those to be given back first, then by term, soonest first.
    async fn things(
        &self,
        filter: &ThingFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(ThingRow, MatterRow)>, StoreError>;
}
