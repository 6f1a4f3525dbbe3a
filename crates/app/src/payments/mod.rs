//! Money: the bank's files in, each line to its case or into the list of differences; what officers still carry; the books of a
//! period.

mod books;
mod columns;
mod debt;
mod files;
mod list;

pub use books::{BookLine, BookQuery, Day, Reconciliation};
pub use columns::{PayField, PayMapping};
pub use files::{PaymentPreview, PaymentReport, PaymentTrial, TriedLine, preview};
pub use list::{CreditView, HeldRow, PaymentQuery, PaymentRow, Payments};
pub(crate) use list::{internal, tell};

use lianzhi_ids::DocketId;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::payment::Money;

/// The money in a docket, when it is some.
#[must_use]
pub fn money_of(state: &AnyState) -> Option<&Money> {
    match state {
        AnyState::Payment(state) => state.money(),
        _ => None,
    }
}

/// Matters that money was put to.
pub(crate) fn linked(state: &AnyState) -> Vec<DocketId> {
    money_of(state).into_iter().flat_map(|money| money.credits.iter().map(|credit| credit.to)).collect()
}
