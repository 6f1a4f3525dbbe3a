//! All procedures behind one face, for the journal and the pages that do not care which it is.

use crate::stream::{Incoming, Outgoing, Streams};
use crate::{Facts, Numbered, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_ids::{Digest, DocketId};
use serde_json::Value;

macro_rules! procedures {
    ($($variant:ident = $procedure:ty;)*) => {
        /// Kinds of dockets.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $(#[doc = stringify!($variant)] $variant,)* }

        /// All kinds.
        pub const KINDS: &[Kind] = &[$(Kind::$variant),*];

        impl Kind {
            /// Name in data and API.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Kind::$variant => <$procedure as Procedure>::KIND,)* } }
            /// Name on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Kind::$variant => <$procedure as Procedure>::TITLE,)* } }
            /// The kind of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Kind> { KINDS.iter().copied().find(|k| k.code() == code) }
            /// The empty docket of this kind.
            #[must_use]
            pub fn empty(self) -> AnyState { match self { $(Kind::$variant => AnyState::$variant(Default::default()),)* } }
            /// Reads a command of this kind.
            ///
            /// # Errors
            /// A refusal that names the field at fault.
            pub fn command(self, json: Value) -> Result<AnyCommand, Refusal> {
                match self {
                    $(Kind::$variant => serde_json::from_value(json).map(AnyCommand::$variant),)*
                }
                .map_err(|e| unreadable(&e))
            }
            /// Reads an event of this kind, of any version ever written.
            ///
            /// # Errors
            /// When the bytes are no event of this kind.
            pub fn event(self, json: &str) -> Result<AnyEvent, serde_json::Error> {
                Ok(match self { $(Kind::$variant => AnyEvent::$variant(serde_json::from_str(json)?),)* })
            }
            /// The command by which what another member says is taken over; none where nothing is shared.
            #[must_use]
            pub fn hear(self, entry: String, envelope: Digest) -> Option<AnyCommand> {
                match self { $(Kind::$variant => <$procedure as Procedure>::hear(entry, envelope).map(AnyCommand::$variant),)* }
            }
            /// The command by which its clocks are looked at; none where there are no clocks.
            #[must_use]
            pub fn tick(self) -> Option<AnyCommand> {
                match self { $(Kind::$variant => <$procedure as Procedure>::tick().map(AnyCommand::$variant),)* }
            }
            /// The command by which its clocks are computed anew; none where calendars change nothing.
            #[must_use]
            pub fn recompute(self) -> Option<AnyCommand> {
                match self { $(Kind::$variant => <$procedure as Procedure>::recompute().map(AnyCommand::$variant),)* }
            }
            /// JSON schema of this kind's commands.
            #[must_use]
            pub fn command_schema(self) -> schemars::Schema {
                match self { $(Kind::$variant => schemars::schema_for!(<$procedure as Procedure>::Command),)* }
            }
        }

        /// State of a docket of any kind.
        #[derive(Debug, Clone)]
        #[expect(missing_docs, reason = "one variant for each procedure")]
        pub enum AnyState { $($variant(<$procedure as Procedure>::State),)* }

        /// A command to a docket of any kind.
        #[derive(Debug, Clone)]
        #[expect(missing_docs, reason = "one variant for each procedure")]
        pub enum AnyCommand { $($variant(<$procedure as Procedure>::Command),)* }

        /// An event of a docket of any kind.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "one variant for each procedure")]
        pub enum AnyEvent { $($variant(<$procedure as Procedure>::Event),)* }

        impl AnyCommand {
            /// Of which kind.
            #[must_use]
            pub fn kind(&self) -> Kind { match self { $(AnyCommand::$variant(_) => Kind::$variant,)* } }
            /// Texts to seal before deciding.
            pub fn texts(&mut self) -> Vec<(PartKind, &mut Text)> { match self { $(AnyCommand::$variant(c) => <$procedure>::texts(c),)* } }
        }

        impl AnyEvent {
            /// Canonical JSON of the event.
            ///
            /// # Errors
            /// Never for events that the procedures make; kept typed for the journal.
            pub fn to_json(&self) -> Result<String, serde_json::Error> { match self { $(AnyEvent::$variant(e) => serde_json::to_string(e),)* } }
            /// See [`Procedure::outgoing`].
            #[must_use]
            pub fn outgoing(&self) -> Option<Outgoing<'_>> { match self { $(AnyEvent::$variant(e) => <$procedure>::outgoing(e),)* } }
            /// See [`Procedure::erased`].
            #[must_use]
            pub fn erased(&self) -> &[Digest] { match self { $(AnyEvent::$variant(e) => <$procedure>::erased(e),)* } }
            /// See [`Procedure::incoming`].
            #[must_use]
            pub fn incoming(&self) -> Option<Incoming<'_>> { match self { $(AnyEvent::$variant(e) => <$procedure>::incoming(e),)* } }
        }

        impl AnyState {
            /// Of which kind.
            #[must_use]
            pub fn kind(&self) -> Kind { match self { $(AnyState::$variant(_) => Kind::$variant,)* } }
            /// See [`Procedure::decide`].
            ///
            /// # Errors
            /// The procedure's refusal.
            pub fn decide(&self, command: AnyCommand, facts: &Facts<'_>) -> Result<Vec<AnyEvent>, Refusal> {
                match (self, command) {
                    $((AnyState::$variant(s), AnyCommand::$variant(c)) => Ok(<$procedure>::decide(s, c, facts)?.into_iter().map(AnyEvent::$variant).collect()),)*
                    _ => Err(Refusal::conflict("other-kind", "这条命令不属于这类办件。", "请从办件页的可办事项里选择。")),
                }
            }
            /// See [`Procedure::evolve`]. An event of another kind changes nothing.
            #[must_use]
            pub fn evolve(self, event: &AnyEvent) -> AnyState {
                match (self, event) {
                    $((AnyState::$variant(s), AnyEvent::$variant(e)) => AnyState::$variant(<$procedure>::evolve(s, e)),)*
                    (state, _) => state,
                }
            }
            /// See [`Procedure::offers`].
            #[must_use]
            pub fn offers(&self, facts: &Facts<'_>) -> Vec<Offer> { match self { $(AnyState::$variant(s) => <$procedure>::offers(s, facts),)* } }
            /// See [`Procedure::summary`].
            #[must_use]
            pub fn summary(&self) -> Summary { match self { $(AnyState::$variant(s) => <$procedure>::summary(s),)* } }
            /// See [`Procedure::follow_ups`].
            #[must_use]
            pub fn follow_ups(&self, id: DocketId, event: &AnyEvent) -> Vec<(DocketId, AnyCommand)> {
                match (self, event) {
                    $((AnyState::$variant(s), AnyEvent::$variant(e)) => <$procedure>::follow_ups(id, s, e),)*
                    _ => Vec::new(),
                }
            }
            /// See [`Procedure::numbered`].
            #[must_use]
            pub fn numbered(&self, command: &AnyCommand) -> Option<Numbered> {
                match (self, command) {
                    $((AnyState::$variant(s), AnyCommand::$variant(c)) => <$procedure>::numbered(s, c),)*
                    _ => None,
                }
            }
            /// See [`Procedure::pay_codes`].
            #[must_use]
            pub fn pay_codes(&self, command: &AnyCommand) -> usize {
                match (self, command) {
                    $((AnyState::$variant(s), AnyCommand::$variant(c)) => <$procedure>::pay_codes(s, c),)*
                    _ => 0,
                }
            }
            /// See [`Procedure::streams`].
            #[must_use]
            pub fn streams(&self) -> Option<&Streams> { match self { $(AnyState::$variant(s) => <$procedure>::streams(s),)* } }
        }
    };
}

procedures! {
    Report = crate::report::Report;
    Register = crate::register::Register;
    Duty = crate::duty::Duty;
    Lead = crate::cooperation::Lead;
    Assistance = crate::cooperation::Assistance;
    Evidence = crate::cooperation::Evidence;
    Bulletin = crate::cooperation::Bulletin;
    Dispute = crate::cooperation::Dispute;
    Away = crate::cooperation::Away;
    Compact = crate::compact::Compact;
    Meeting = crate::meeting::Meeting;
    Plan = crate::meeting::Plan;
    Penalty = crate::penalty::Penalty;
    Spot = crate::spot::Spot;
    Slip = crate::slip::Slip;
    Payment = crate::payment::Payment;
    Stocktake = crate::stocktake::Stocktake;
}

/// A command that cannot be read, in words: what is wrong with it, and what would be right.
fn unreadable(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    // What serde names stands between the first two backticks.
    let named = text.split('`').nth(1).unwrap_or_default();
    let remedy = "可办的见本件“现在可办”，各项的写法见 /api/openapi.json。";
    match text.split(' ').take(2).collect::<Vec<_>>()[..] {
        ["unknown", "variant"] => {
            Refusal::invalid("command", format!("没有“{named}”这种办理，或这一项没有这个选项。"), remedy)
        }
        ["missing", "field"] if named == "command" => {
            Refusal::invalid("command", "没有写明要办什么（command）。", remedy)
        }
        ["missing", "field"] => Refusal::invalid("command", format!("缺少 {named} 这一项。"), remedy),
        _ => Refusal::invalid(
            "command",
            "有一项的写法读不出来，如数字写成了文字、日期不完整。",
            format!("{remedy}技术信息：{text}"),
        ),
    }
}
