//! Slips (提示单、警示单): what is said to somebody before, or besides, a penalty. A tip (pink), then a warning (yellow), then the penalty
//! (white), for each party and item. A slip never bars a penalty that the law requires, and is none itself.
//!
//! Stages, commands and rules are tabulated in `docs/procedures/slip.md`.

mod command;
mod decide;
mod event;
mod offers;
mod state;

pub use command::Command;
pub use event::Event;
pub use state::{Given, Level, Look, Paper, Slip as File, Stage, State, Term};

use crate::{Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};

/// The procedure.
#[derive(Debug)]
pub struct Slip;

impl Procedure for Slip {
    const KIND: &'static str = "slip";
    const TITLE: &'static str = "提示警示";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, facts)
    }
    fn evolve(state: State, event: &Event) -> State {
        state::evolve(state, event)
    }
    fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
        offers::offers(state, facts)
    }
    fn summary(state: &State) -> Summary {
        state::summary(state)
    }
    fn texts(command: &mut Command) -> Vec<(PartKind, &mut Text)> {
        command.texts()
    }
    fn numbered(state: &State, command: &Command) -> Option<Numbered> {
        match (command, state.file()) {
            (Command::Give { level, unit, .. }, None) => Some(Numbered::Paper(level.word(), unit.clone())),
            (Command::GiveAgain { level, .. }, Some(file)) => {
                Some(Numbered::Paper(level.word(), Some(file.given.unit.clone())))
            }
            _ => None,
        }
    }
    fn recompute() -> Option<Command> {
        Some(Command::Recompute)
    }
    fn tick() -> Option<Command> {
        Some(Command::Tick)
    }
}
