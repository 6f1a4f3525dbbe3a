//! The three systems: which decisions are published, recorded as a whole, legally reviewed.

use super::{Sight, StoreError};
use async_trait::async_trait;
use lianzhi_ids::DocketId;

/// What the three systems say of a matter. Times are micros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OversightRow {
    /// Docket.
    pub docket: DocketId,
    /// Kind of procedure.
    pub kind: String,
    /// Number of the matter.
    pub number: String,
    /// Unit.
    pub unit: String,
    /// The paper of the decision; none before it.
    pub paper: Option<i64>,
    /// When it was decided; filed, before that.
    pub at: i64,
    /// Publication, once it is decided: a code of `publicity::Standing`.
    pub standing: Option<String>,
    /// When it was published.
    pub published_at: Option<i64>,
    /// When publication was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// It was not published in its term.
    pub late: bool,
    /// It does not stand any more as it was made.
    pub annulled: bool,
    /// A natural person is among its parties.
    pub personal: bool,
    /// Legal review: a code of `publicity::Reviewed`.
    pub review: String,
    /// How much of its record is missing.
    pub gaps: i64,
    /// Codes of its items, each between blanks.
    pub items: String,
    /// Parties as they are shown.
    pub party: String,
    /// What the public reads, JSON, once it was published.
    pub decision: Option<String>,
    /// Why publication was withdrawn, as it is told.
    pub reason: String,
}

/// What is asked of them. Every field narrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OversightFilter {
    /// What the reader may see; the public sees what is published, whoever handled it.
    pub sight: Option<Sight>,
    /// Kind of procedure.
    pub kind: Option<String>,
    /// Publication, any of.
    pub standings: Vec<String>,
    /// Decided, or not yet.
    pub decided: Option<bool>,
    /// Decided (filed, before that) from (inclusive), micros.
    pub from: Option<i64>,
    /// Decided before (exclusive), micros.
    pub to: Option<i64>,
    /// Code of an item.
    pub item: Option<String>,
    /// Part of a party's name as it is shown.
    pub party: Option<String>,
    /// Published since: about others, about natural persons, micros.
    pub shown_since: Option<(i64, i64)>,
    /// Not published in its term, or in it.
    pub late: Option<bool>,
    /// Legal review.
    pub review: Option<String>,
    /// Something is missing of its record, or nothing.
    pub gaps: Option<bool>,
}

/// How many are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a row")]
pub struct OversightCount {
    pub kind: String,
    pub standing: Option<String>,
    pub late: bool,
    pub review: String,
    pub gaps: bool,
    /// How many.
    pub n: i64,
}

/// Reading them.
#[async_trait]
pub trait Oversight: Send + Sync + 'static {
    /// Rows, the newest decisions first, behind a place (`at`, docket); at most `limit` (≤ 1,000).
    async fn rows(
        &self,
        filter: &OversightFilter,
        after: Option<(i64, DocketId)>,
        limit: i64,
    ) -> Result<Vec<OversightRow>, StoreError>;
    /// The row of one docket.
    async fn row(&self, docket: DocketId) -> Result<Option<OversightRow>, StoreError>;
    /// How many there are of each sort.
    async fn counts(&self, filter: &OversightFilter) -> Result<Vec<OversightCount>, StoreError>;
}
