//! Working together (协作): leads, assistance, evidence, bulletins, disputes, enforcement away from home.
//!
//! One engine for all forms. What members say to each other are [`Act`]s in their streams; each author's acts are a
//! sub-state that nobody else moves; the stage is a pure join of them ([`Stage`]). Around it lies the work of the own
//! office: 拟稿—审核—签发 before a letter leaves, 收文登记 and 分办 when one arrives. docs/procedures/cooperation.md has the
//! stages, terms and concurrent pairs.

mod act;
mod answers;
mod authority;
mod bounds;
mod choice;
mod clocks;
mod command;
mod decide;
mod erasure;
mod event;
mod evolve;
mod form;
mod join;
mod next;
mod offers;
mod propose;
mod recognised;
mod state;
mod summary;
mod taker;
mod verification;

pub use act::{
    Act, Ask, AwayKind, BulletinKind, Conclusion, Contact, EraseScope, Filed, Goods, HoldGround, Imposed,
    Milestone, Opening, Provenance, RefuseGround, ReturnGround, TransferGround, Verdict,
};
pub use answers::Answer;
pub use clocks::{LADDER_DAYS, REGISTER_DAYS};
pub use command::{Command, Letter, TakenHow};
pub use erasure::{Erasure, ErasureAnswer};
pub use event::Event;
pub use join::Stage;
pub use next::{Next, Turn, turn_of};
pub use propose::{Proposed, Sought, alike, propose};
pub use state::{Clock, Draft, File, Received, Rung, Said, State, Term, Watched};
pub use summary::{INCOMING, OUTGOING, goes_to_several};
pub use taker::Taker;
pub use verification::{Verification, verification};

use crate::stream::{Incoming, Outgoing, Streams};
use crate::{AnyCommand, Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId};

/// Law on which a form of working together rests.
#[must_use]
pub const fn basis(form: Form) -> &'static str {
    decide::basis(form)
}

/// Word of the numbers of a form's matters.
#[must_use]
pub const fn number_word(form: Form) -> &'static str {
    match form {
        Form::Lead => "移送",
        Form::Assistance => "协查",
        Form::Evidence => "证移",
        Form::Bulletin => "通报",
        Form::Dispute => "争议",
        Form::Away => "异地",
    }
}

fn numbered(form: Form, state: &State, command: &Command) -> Option<Numbered> {
    match (command, state.file()) {
        (Command::Begin(_), None) => Some(Numbered::Cooperation(number_word(form))),
        (Command::Sign { agreed: true, .. }, Some(file)) => {
            file.draft.as_ref()?.act.letter(form).map(Numbered::Letter)
        }
        (Command::Register, Some(_)) => Some(Numbered::Letter("收")),
        _ => None,
    }
}

fn outgoing(event: &Event) -> Option<Outgoing<'_>> {
    match event {
        Event::Said { entry, to, list, basis, urgent, .. } => {
            Some(Outgoing { entry, to, list: Some(*list), basis, urgent: *urgent })
        }
        _ => None,
    }
}

fn incoming(event: &Event) -> Option<Incoming<'_>> {
    match event {
        Event::Heard { entry, envelope, .. } => Some(Incoming { entry, envelope: *envelope }),
        _ => None,
    }
}

fn erased(event: &Event) -> &[Digest] {
    match event {
        Event::Said { erased, .. } | Event::Heard { erased, .. } => erased,
        _ => &[],
    }
}

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, $title:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl Procedure for $name {
                const KIND: &'static str = $kind;
                const TITLE: &'static str = $title;
                type State = State;
                type Command = Command;
                type Event = Event;

                fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
                    decide::decide(Form::$name, state, command, facts)
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
                fn numbered(state: &State, command: &Command) -> Option<Numbered> {
                    numbered(Form::$name, state, command)
                }
                fn outgoing(event: &Event) -> Option<Outgoing<'_>> {
                    outgoing(event)
                }
                fn incoming(event: &Event) -> Option<Incoming<'_>> {
                    incoming(event)
                }
                fn erased(event: &Event) -> &[Digest] {
                    erased(event)
                }
                fn follow_ups(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, AnyCommand)> {
                    let mut told = erasure::follow_ups(id, state, event);
                    told.extend(verification::follow_ups(id, event));
                    told
                }
                fn hear(entry: String, envelope: Digest) -> Option<Command> {
                    Some(Command::Hear { entry, envelope })
                }
                fn tick() -> Option<Command> {
                    Some(Command::Tick)
                }
                fn streams(state: &State) -> Option<&Streams> {
                    state.file().map(|f| &f.streams)
                }
            }
        )*

        /// A command to a matter of this form.
        #[must_use]
        pub fn any_command(form: Form, command: Command) -> AnyCommand {
            match form { $(Form::$name => AnyCommand::$name(command),)* }
        }

        /// The file of a docket that is a matter of any of these forms.
        #[must_use]
        pub fn file_of(state: &crate::AnyState) -> Option<&File> {
            match state {
                $(crate::AnyState::$name(state) => state.file(),)*
                _ => None,
            }
        }

        /// The command, when it is one to a matter of any of these forms.
        #[must_use]
        pub fn command_of(command: &AnyCommand) -> Option<&Command> {
            match command {
                $(AnyCommand::$name(command) => Some(command),)*
                _ => None,
            }
        }

        /// The same, to change it.
        #[must_use]
        pub fn command_of_mut(command: &mut AnyCommand) -> Option<&mut Command> {
            match command {
                $(AnyCommand::$name(command) => Some(command),)*
                _ => None,
            }
        }

        /// The event, when it is one of a matter of any of these forms.
        #[must_use]
        pub fn event_of(event: &crate::AnyEvent) -> Option<&Event> {
            match event {
                $(crate::AnyEvent::$name(event) => Some(event),)*
                _ => None,
            }
        }
    };
}

forms! {
    /// 线索移送 (A3).
    Lead = "lead", "线索移送";
    /// 协助调查 (A5).
    Assistance = "assistance", "协助调查";
    /// 证据移交互认 (A4).
    Evidence = "evidence", "证据移交";
    /// 执法预警通报 (A6).
    Bulletin = "bulletin", "预警通报";
    /// 争议协调 (A14).
    Dispute = "dispute", "争议协调";
    /// 异地执法与处罚结果互认 (A18).
    Away = "away", "异地执法";
}
