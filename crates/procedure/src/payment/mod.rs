//! Money that came to the treasury's account (到账): one docket for each line of the bank's file. It is put to the case whose payment
//! code it bears, in the same transaction; what does not fit is a difference that people settle, and nothing is lost.
//!
//! Stages, commands and rules are tabulated in `docs/procedures/payment.md`.

mod command;
mod decide;
mod event;
mod offers;
mod state;

pub use command::Command;
pub use decide::verdict;
pub use event::Event;
pub use state::{Credit, Difference, Line, Money, Outlet, Stage, State, number};

use crate::{Facts, Offer, PartKind, Procedure, Refusal, Summary, Text};

/// The procedure.
#[derive(Debug)]
pub struct Payment;

impl Procedure for Payment {
    const KIND: &'static str = "payment";
    const TITLE: &'static str = "银行到账";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, facts).map(|event| vec![event])
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
}
