//! What the agency makes public (行政执法公示), what readers of its papers may check, and what the three systems say of its matters.
//! The rules stand in `lianzhi_procedure::publicity`; here they meet the store.

mod agency;
mod annual;
mod check;
mod code;
mod decisions;
mod records;
mod row;
mod steps;

pub use agency::{
    Agency, BenchmarkPublic, EnforcerView, ItemPublic, PowerView, ProcedureView, ReviewDuty, StepView,
};
pub use annual::{Annual, AnnualQuery};
pub use check::CheckView;
pub(crate) use decisions::PublishedLine;
pub use decisions::{DecisionQuery, Decisions, PublishedDecision, Recall, WithdrawnDecision};
pub use records::{RecordQuery, RecordRow, Records, WHAT};
pub(crate) use row::parts;
pub use row::row;
