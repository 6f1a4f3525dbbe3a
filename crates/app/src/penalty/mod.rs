//! Penalty cases: what is looked up for them, how they are opened, joined and split, and what people see of them.

mod after;
mod along;
mod ask;
mod beside;
mod book;
mod court;
mod folios;
mod forms;
mod guide;
mod hearings;
mod inside;
mod lacking;
mod list;
mod made_up;
mod mending;
mod open;
mod outward;
mod papers;
mod recognised;
mod records;
mod seal;
mod shapes;
mod tell;
mod view;
mod volume;
mod write;
mod written;

pub(crate) use ask::{internal, number_in, number_of};
pub use beside::BesideView;
pub use book::Details;
pub use court::{CourtRow, CourtSide};
pub(crate) use forms::due_sums;
pub use guide::{CaseGuide, ProofPoint, kinds_in_words};
pub use hearings::HearingRow;
pub(crate) use lacking::named_in;
pub use list::{CaseQuery, CaseRow, Cases, InTheWay, OfficerChoice, ReviewRow};
pub use open::Particulars;
pub(crate) use open::{gather, in_order, orderly, point_of_row};
pub(crate) use outward::challenged;
pub use papers::PrintedPaper;
pub(crate) use papers::print;
pub use shapes::{
    BasisView, CaseView, ChargeView, CustodyView, EvidenceView, HearingView, ListedView, MeasureView,
    MoneyView, NextView, OpinionView, OrderView, OriginView, PaperView, PartyView, PendingView, PlanView,
    PriorView, StatementView, ViolationView,
};
pub(crate) use tell::{banked, checked_payment, other, tell};
pub use write::{FolioForm, FolioView, Written};
pub(crate) use written::{
    cited, day, money, officer as officer_on_paper, remedy_on, subject as subject_on_paper, term_words,
    with_code,
};

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
    let daily = case.daily.iter().filter_map(|run| run.docket);
    let split = split.chain(daily);
    case.origin.into_iter().chain(case.joined_to).chain(case.joined.iter().copied()).chain(split).collect()
}
