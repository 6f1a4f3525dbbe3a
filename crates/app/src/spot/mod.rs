//! Decisions on the spot and slips: what is looked up for them, how they are opened and go over, their papers, their record in
//! words.

mod ask;
mod enforce;
mod mend;
mod open;
mod papers;
mod tell;

pub use ask::Habits;
pub(crate) use ask::internal;
pub use open::Begun;
pub(crate) use papers::hands;
pub use papers::size;
pub(crate) use tell::{other, other_of_slip, tell, tell_slip};

use crate::App;
use crate::views::ClockView;
use jiff::Timestamp;
use lianzhi_ids::DocketId;
use lianzhi_procedure::slip::File;
use lianzhi_procedure::spot::{Outcome, Sheet};
use lianzhi_procedure::{AnyState, watch::Watched};

/// The sheet in a docket, when it is one.
#[must_use]
pub fn sheet_of(state: &AnyState) -> Option<&Sheet> {
    match state {
        AnyState::Spot(state) => state.sheet(),
        _ => None,
    }
}

/// The slips in a docket, when it is one.
#[must_use]
pub fn slips_of(state: &AnyState) -> Option<&File> {
    match state {
        AnyState::Slip(state) => state.file(),
        _ => None,
    }
}

/// Matters that a sheet or slips are tied to: where they came from and where they go on.
pub(crate) fn linked(state: &AnyState) -> Vec<DocketId> {
    if let Some(sheet) = sheet_of(state) {
        let case = match &sheet.outcome {
            Outcome::Ordinary { case, .. } => *case,
            _ => None,
        };
        return sheet.opening.origin.into_iter().chain(sheet.opening.slip).chain(case).collect();
    }
    let over = |slips: &File| slips.over.and_then(|(_, docket)| docket);
    slips_of(state)
        .map(|slips| slips.given.origin.into_iter().chain(over(slips)).collect())
        .unwrap_or_default()
}

impl App {
    /// Clocks of a sheet or of slips for people; none for other matters.
    pub(crate) fn spot_clocks(&self, state: &AnyState, now: Timestamp) -> Vec<ClockView> {
        fn view<T>(
            app: &App,
            w: &Watched<T>,
            names: (&'static str, &'static str),
            now: Timestamp,
        ) -> ClockView {
            app.running_view(names.0, names.1, &w.running, w.stopped, now)
        }
        if let Some(sheet) = sheet_of(state) {
            return sheet.clocks.iter().map(|w| view(self, w, (w.term.key(), w.term.title()), now)).collect();
        }
        let slips = slips_of(state).into_iter().flat_map(|slips| slips.clocks.iter());
        slips.map(|w| view(self, w, (w.term.key(), w.term.title()), now)).collect()
    }
}
