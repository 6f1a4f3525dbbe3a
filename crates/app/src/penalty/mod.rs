//! Penalty cases: what is looked up for them, how they are opened, joined and split, and what people see of them.

mod ask;
mod forms;
mod list;
mod open;
mod papers;
mod shapes;
mod tell;
mod view;
mod written;

pub(crate) use ask::internal;
pub use list::{CaseQuery, CaseRow, Cases, OfficerChoice, ReviewRow};
pub use open::Particulars;
pub(crate) use open::{gather, in_order, orderly, point_of_row};
pub use papers::PrintedPaper;
pub(crate) use papers::print;
pub use shapes::{
    BasisView, CaseView, ChargeView, EvidenceView, HearingView, ListedView, MeasureView, MoneyView, NextView,
    OpinionView, OrderView, PaperView, PartyView, PendingView, PlanView, StatementView, ViolationView,
};
pub(crate) use tell::{other, tell};
pub(crate) use written::{day, money, officer as officer_on_paper, subject as subject_on_paper};

use lianzhi_ids::DocketId;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::penalty::Case;

/// The case in a docket, when it is one.
pub(crate) fn case_of(state: &AnyState) -> Option<&Case> {
    match state {
        AnyState::Penalty(state) => state.case(),
        _ => None,
    }
}

/// Matters that a case is tied to: where it came from, what was joined to it, what it was joined to, what was split off.
pub(crate) fn linked(case: &Case) -> Vec<DocketId> {
    let split = case.parties.iter().filter_map(|party| party.split_to);
    case.origin.into_iter().chain(case.joined_to).chain(case.joined.iter().copied()).chain(split).collect()
}
