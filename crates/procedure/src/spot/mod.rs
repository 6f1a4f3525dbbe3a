//! Decisions on the spot (当场处罚, 行政处罚法第五章第二节): two officers with certificates shown, facts that are certain, a warning or a
//! small fine, told and heard before it is imposed, handed over at once; or no penalty for a first minor violation (33).
//!
//! Stages, commands, terms, articles and refusals are tabulated in `docs/procedures/spot.md`.

mod along;
mod command;
mod decide;
mod event;
mod evolve;
mod later;
mod offers;
mod owed;
mod recording;
mod rules;
mod sources;
mod state;
mod summary;
mod words;

pub(crate) use decide::promised;

pub use command::{Command, Defence, NewSheet, Plan};
pub use decide::{SIGNERS, payable};
pub use event::Event;
pub use later::{Deferral, Later};
pub use offers::remedy_text;
pub use recording::record_gaps;
pub use rules::{in_favour, most, wants_ordinary};
pub use sources::source_of;
pub use state::{
    Amended, Application, Demand, Handed, Heard, Imposed, Lapsed, Opening, Outcome, Sanction, Sheet, Sparing,
    State, Told, Withdrawal,
};
pub use words::{CourtAnswer, Stage, Term};

use crate::penalty::PaperKind;
use crate::{AnyCommand, Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_ids::DocketId;

/// The surcharge until a day with its arithmetic (行政处罚法 72(1)(一)); none before the last day to pay, and none where nothing is
/// left to be paid.
#[must_use]
pub fn surcharge(sheet: &Sheet, until: jiff::civil::Date) -> Option<(i64, String)> {
    sheet.imposed().filter(|decision| decision.money.left() > 0 && decision.annulled.is_none())?;
    decide::surcharge(sheet, until).ok().filter(|(fen, _)| *fen > 0)
}

/// The procedure.
#[derive(Debug)]
pub struct Spot;

impl Procedure for Spot {
    const KIND: &'static str = "spot";
    const TITLE: &'static str = "当场处罚";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, facts)
    }
    fn evolve(state: State, event: &Event) -> State {
        evolve::evolve(state, event)
    }
    fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
        offers::offers(state, facts)
    }
    fn summary(state: &State) -> Summary {
        summary::summary(state)
    }
    fn texts(command: &mut Command) -> Vec<(PartKind, &mut Text)> {
        command.texts()
    }
    fn follow_ups(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, AnyCommand)> {
        match event {
            Event::Opened { opening, .. } => opening
                .slip
                .map(|slip| (slip, AnyCommand::Slip(crate::slip::Command::TakenOver { docket: id })))
                .into_iter()
                .collect(),
            // What came to nothing leaves the slip as it was.
            Event::Voided { .. } => state
                .sheet()
                .and_then(|sheet| sheet.opening.slip)
                .map(|slip| (slip, AnyCommand::Slip(crate::slip::Command::GivenBack { docket: id })))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }
    fn numbered(state: &State, command: &Command) -> Option<Numbered> {
        let Some(sheet) = state.sheet() else {
            let Command::Open(new) = command else { return None };
            return new.unit.clone().map(Numbered::Spot);
        };
        let kind = match command {
            Command::Spare { .. } => PaperKind::NoPenalty,
            Command::Withdraw { .. } => PaperKind::Revocation,
            Command::Correct { .. } => PaperKind::Amendment,
            Command::AnswerLater { agreed: true, .. } => PaperKind::Payment,
            Command::Demand { .. } => PaperKind::Demand,
            Command::ApplyCourt { .. } => PaperKind::Court,
            _ => return None,
        };
        Some(Numbered::Paper(kind.word(), Some(sheet.opening.unit.clone())))
    }
    fn recompute() -> Option<Command> {
        Some(Command::Recompute)
    }
    fn pay_codes(state: &State, command: &Command) -> usize {
        let fined = |sheet: &Sheet| sheet.told.as_ref().is_some_and(|told| told.sanction.fine > 0);
        // Told, heard and imposed on one page, or one after the other.
        usize::from(match command {
            Command::Open(new) => new.told && new.heard && new.plan.fine > 0,
            Command::Impose { .. } => state.sheet().is_some_and(fined),
            _ => false,
        })
    }
    fn tick() -> Option<Command> {
        Some(Command::Tick)
    }
}
