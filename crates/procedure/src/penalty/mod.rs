//! Penalty cases by the ordinary procedure (行政处罚法第五章第三节): from a lead over filing, evidence, notice, defence, hearing,
//! review, discussion and decision to service, payment, enforcement, closing and the archive.
//!
//! Stages, commands, terms, articles and refusals are tabulated in `docs/procedures/penalty.md`.

mod advice;
mod anew;
mod archive;
mod aside;
mod awaited;
mod challenge;
mod charge;
mod chosen;
mod clocks;
mod closing;
mod command;
mod daily;
pub(crate) mod decide;
mod dues;
mod event;
mod evolve;
mod execution;
pub mod folios;
mod goods;
mod imposed;
pub(crate) mod law_side;
pub(crate) mod ledger;
mod light;
mod materials;
mod matters;
mod missing;
mod money;
mod offers;
pub(crate) mod once;
mod owed;
mod papers;
mod police;
mod proceeds;
mod proofs;
mod proposal;
mod public;
mod purpose;
mod recording;
mod remedies;
mod rights;
pub(crate) mod rules;
mod sources;
mod stage;
mod state;
mod summary;
pub(crate) mod tiers;
mod transfer;
mod voiding;
mod words;

pub use advice::{AdviceFile, Letter, LetterKind, Mediation, OpinionAsked, Suggestion};
pub use anew::{Anew, FallGround, Fallen};
pub use archive::{OutGround, Shelved};
pub use aside::{
    Aside, Circuit, CircuitKind, Help, HelpKind, Member, PANEL_MIN, Panel, Tally, Vote, lot, seed,
};
pub use awaited::Awaits;
pub use challenge::remedies_over;
pub use charge::{Basis, Charge, Told};
pub use clocks::{Clock, Owed, Scope, Term, Watched, owed};
pub(crate) use clocks::{fell, withdrawal_owed};
pub use command::{
    Agreeing, Amending, Appealing, Archiving, AskingAgain, AskingOpinion, AskingTest, Bringing,
    BroughtEvidence, BroughtFall, BroughtOrder, BroughtStatement, Charging, CheckingPayment, Collecting,
    ComingBack, Command, Depositing, Describing, EarlyDisposal, Ending, EndingAppeal, Enforcing, Found,
    GivingUp, GoingOn, HandingIn, LetterAnswer, Lodging, Mediating, MissedThing, NewParty, NewViolation,
    OfParty, OpeningArchive, Paying, Receiving, Recording, Refunding, Registering, Reviewing, Said, Sealing,
    SplitFrom, Staying, Suggesting, SuggestionAnswer, Suspending, ThingGone, ThingIn, ThingMoney, ThingMove,
    ThingNotice, ThingOut,
};
pub use daily::{Daily, DailyRun, NotDaily, next_daily};
pub use decide::{Proposed, addressees, proposed};
pub use dues::Dues;
pub use event::Event;
pub use execution::{
    Agreement, ClearingPlace, CourtStep, Execution, ExecutionEnd, SubstituteGround, Suspension,
    SuspensionGround, announced, demanded, owing,
};
pub use folios::{Asked, Drawn, Folio, FolioFile, Granted, Signer};
pub use goods::{
    Announcement, Custody, Disposal, Link, OutFor, Thing, ThingFile, ThingFrom, ThingKind, ThingState,
};
pub use law_side::{call_by, first_hearing, payable, surcharge_today, yuan};
pub use light::{Light, Promise};
pub use materials::Material;
pub use matters::{
    Banked, Evidence, Finding, Issue, Measure, Officer, OnSite, Order, OrderKind, Origin, Paper, PaperFile,
    Part, Receipt, Recognised, Remedy, Service, Subject, Violation,
};
pub use missing::{Check, missing, process_record};
pub use money::{Grant, Money, Refund};
pub use once::priors;
pub use papers::{Listed, catalogue, to_make};
pub use police::{Police, PoliceReview};
pub use proceeds::{Payee, Proceeds};
pub use proofs::{Proof, proofs};
pub use proposal::{Pending, Proposal};
pub use public::{PublicPast, Publication, Recalled};
pub use purpose::{PURPOSES, purpose};
pub use recording::{Gap, record_gaps};
pub use rights::{Hearing, HearingEnd, HeldHearing, Notice, Rights, Statement};
pub use rules::{objection, review_demanded};
pub use sources::source_of;
pub use stage::{STAGES, Stage};
pub use state::{
    Case, Closed, Discussion, Enforcement, EvidenceFile, Filing, MeasureFile, OrderFile, Outcome, Party,
    Review, State, TestRun,
};
pub use transfer::Transfer;
pub use words::*;

use crate::{AnyCommand, Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_ids::DocketId;

/// The procedure.
#[derive(Debug)]
pub struct Penalty;

impl Procedure for Penalty {
    const KIND: &'static str = "penalty";
    const TITLE: &'static str = "行政处罚案件";
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
    fn numbered(state: &State, command: &Command) -> Option<Numbered> {
        let Some(case) = state.case() else {
            return matches!(command, Command::Register(_)).then_some(Numbered::Case);
        };
        let kind = match command {
            Command::Order { .. } => PaperKind::Correction,
            Command::Summon { .. } => PaperKind::Summons,
            Command::Test(AskingTest { begins: true, .. }) => PaperKind::Testing,
            Command::CallHearing { .. } => PaperKind::HearingCall,
            Command::Record(Recording { kind: EvidenceKind::Sample, .. }) => PaperKind::Sampling,
            Command::Approve { proposal, agreed: true, .. } => case.proposal(*proposal)?.proposal.paper()?,
            _ => return None,
        };
        Some(Numbered::Paper(kind.word(), Some(case.unit.clone())))
    }
    fn pay_codes(state: &State, command: &Command) -> usize {
        match (command, state.case()) {
            (Command::Approve { proposal, agreed: true, .. }, Some(case)) => {
                case.proposal(*proposal).map_or(0, |pending| decide::fined(&pending.proposal).len())
            }
            _ => 0,
        }
    }
    fn tick() -> Option<Command> {
        Some(Command::Tick)
    }
    fn recompute() -> Option<Command> {
        Some(Command::Recompute)
    }
}
