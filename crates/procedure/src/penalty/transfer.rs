//! The way to the agency that has the jurisdiction (行政处罚法 22, 25).

use jiff::Timestamp;

/// A case on its way to another agency, once the leader signed that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Its paper.
    pub paper: u16,
    /// When it was signed.
    pub at: Timestamp,
    /// When the file went off.
    pub sent: Option<Timestamp>,
    /// When the other agency said that it took the case.
    pub taken: Option<Timestamp>,
}
