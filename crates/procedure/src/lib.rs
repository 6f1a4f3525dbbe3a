//! Procedures: the rules of each kind of matter, as pure functions over data.
//!
//! A procedure is one module. It says what people can ask ([`Procedure::Command`]), what can have happened
//! ([`Procedure::Event`]), what is known of the matter now ([`Procedure::State`]), and decides.
//! Nothing here reads a clock, a database or the network: whatever a decision needs comes in [`Facts`].
//!
//! **To add a procedure**: write the module, add one line to the list at the end of `any.rs`, one page to
//! `docs/procedures/`. Pages, API, OpenAPI, journal and search take the rest from the module.

mod actor;
mod any;
pub mod compact;
pub mod cooperation;
pub mod directory;
pub mod duty;
pub mod facts;
pub mod generation;
mod ledger;
pub mod line;
pub mod meeting;
pub mod numbers;
mod offer;
mod part;
pub mod pay_code;
pub mod payment;
pub mod penalty;
pub mod policy;
pub mod publicity;
mod refusal;
pub mod register;
pub mod report;
pub mod slip;
pub mod spot;
pub mod stocktake;
pub mod stream;
mod summary;
pub mod watch;
mod words;

pub use actor::Actor;
pub use any::{AnyCommand, AnyEvent, AnyState, KINDS, Kind};
pub use facts::{
    Debt, Duplicate, Earlier, EarlierKind, Expected, Facts, Loads, LookUps, NoLoads, Placing, Prior, SlipSeen,
};
pub use ledger::{LedgerKind, LedgerLine, ThingLine};
pub use numbers::Numbered;
pub use offer::{Choice, Field, FieldKind, Offer};
pub use part::{ExhibitRef, PartKind, PartRef, TEXT_CHARS_MAX, TEXT_CHARS_MAX_SEALED, Text};
pub use refusal::{HOUSE_RULES, Refusal, RefusalKind};
pub use summary::{Summary, Tag, Todo, Waiter};

use lianzhi_ids::{Digest, DocketId};

/// The date in Beijing (a fixed +08:00; no summer time since 1991).
#[must_use]
pub fn beijing_date(at: jiff::Timestamp) -> jiff::civil::Date {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
}

/// The rules of one kind of matter.
pub trait Procedure {
    /// Name in data and API, e.g. `report`.
    const KIND: &'static str;
    /// Name on screen, e.g. 诉件.
    const TITLE: &'static str;
    /// What is known of the matter. `Default` is the empty docket.
    type State: Default + Clone + std::fmt::Debug;
    /// What can be asked.
    type Command;
    /// What happened.
    type Event;

    /// Says what happens when this is asked now by this actor, or why it may not.
    ///
    /// # Errors
    /// A [`Refusal`] with the rule broken, its source and the way on.
    fn decide(
        state: &Self::State,
        command: Self::Command,
        facts: &Facts<'_>,
    ) -> Result<Vec<Self::Event>, Refusal>;
    /// The state after an event. Total: an event that happened is never refused.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;
    /// What this actor may do next, here and now.
    fn offers(state: &Self::State, facts: &Facts<'_>) -> Vec<Offer>;
    /// The row, the to-dos and the keys that lists need.
    fn summary(state: &Self::State) -> Summary;
    /// Texts of the command that become sealed parts before it is decided.
    fn texts(command: &mut Self::Command) -> Vec<(PartKind, &mut Text)>;
    /// What other dockets of this node must be told in the same transaction.
    fn follow_ups(_id: DocketId, _state: &Self::State, _event: &Self::Event) -> Vec<(DocketId, AnyCommand)> {
        Vec::new()
    }
    /// The number that the sequencer hands out for this command, when it wants one ([`LookUps::number`]).
    fn numbered(_state: &Self::State, _command: &Self::Command) -> Option<Numbered> {
        None
    }
    /// How many payment codes the sequencer hands out for this command ([`LookUps::pay_codes`]).
    fn pay_codes(_state: &Self::State, _command: &Self::Command) -> usize {
        0
    }
    /// What this event tells other members, when it does.
    fn outgoing(_event: &Self::Event) -> Option<stream::Outgoing<'_>> {
        None
    }
    /// What this event took from another member, when it did.
    fn incoming(_event: &Self::Event) -> Option<stream::Incoming<'_>> {
        None
    }
    /// Parts that are erased by this event: their keys and all that was made of them go with its commit.
    fn erased(_event: &Self::Event) -> &[Digest] {
        &[]
    }
    /// The command by which what another member says is taken over; none where nothing is shared.
    fn hear(_entry: String, _envelope: Digest) -> Option<Self::Command> {
        None
    }
    /// The command by which its clocks are looked at; none where there are no clocks.
    fn tick() -> Option<Self::Command> {
        None
    }
    /// The command by which its clocks are computed anew after calendars or standards changed; none where that changes nothing.
    fn recompute() -> Option<Self::Command> {
        None
    }
    /// The streams of the members, where the docket is shared.
    fn streams(_state: &Self::State) -> Option<&stream::Streams> {
        None
    }
}
