//! Stock-taking of things in custody (盘点): two people go along the shelves with the list of what ought to lie there. What is not
//! found, and what nobody expected, is a difference; a count is closed when each is explained.
//!
//! Stages, commands and rules are tabulated in `docs/procedures/stocktake.md`.

mod command;
mod decide;
mod event;
mod offers;
mod state;

pub use command::Command;
pub use event::Event;
pub use state::{Count, Finding, Stage, State, Surplus, key};

use crate::{Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};

/// The procedure.
#[derive(Debug)]
pub struct Stocktake;

impl Procedure for Stocktake {
    const KIND: &'static str = "stocktake";
    const TITLE: &'static str = "物品盘点";
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
        let opens = matches!(command, Command::Open { .. }) && state.count().is_none();
        opens.then_some(Numbered::Stocktake)
    }
}
