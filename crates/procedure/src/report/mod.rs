//! Reports (诉件): from intake over dispatch, handling, verification and answer to the closed file.
//!
//! Stages and terms are tabulated in `docs/procedures/report.md`.

mod command;
pub mod decide;
pub mod dispatch;
mod event;
mod evolve;
mod offers;
mod state;
mod summary;
mod tick;

pub use command::{
    Asked, Channel, Command, CooperationRef, Demand, External, Mark, Outcome, Reporter, Source,
};
pub use event::{Because, Event};
pub use evolve::STAGES;
pub use state::{
    Clock, Clocks, File, Handled, Intake, Marked, Pending, Running, Said, Stage, State, TermKey,
};

use crate::{AnyCommand, Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_ids::{Digest, DocketId};

/// The procedure.
#[derive(Debug)]
pub struct Report;

impl Procedure for Report {
    const KIND: &'static str = "report";
    const TITLE: &'static str = "诉件";
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
        decide::follow_ups(id, state, event)
    }
    fn erased(event: &Event) -> &[Digest] {
        match event {
            Event::Erased { parts, .. } => parts,
            _ => &[],
        }
    }
    fn tick() -> Option<Command> {
        Some(Command::Tick)
    }
    fn recompute() -> Option<Command> {
        Some(Command::Recompute)
    }
    fn numbered(_: &State, command: &Command) -> Option<Numbered> {
        matches!(command, Command::Register { .. }).then_some(Numbered::Report)
    }
}
