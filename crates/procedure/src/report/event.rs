//! What happened to a report. Events are kept forever: fields are only ever added, with a default.

use super::command::{Asked, Channel, CooperationRef, Demand, External, Mark, Outcome, Source};
use super::state::{Running, TermKey};
use crate::facts::{Duplicate, Placing};
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId, GridCode, PersonCode, UnitCode};
use lianzhi_territory::Point;
use serde::{Deserialize, Serialize};

/// Why a term was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// An extension was granted.
    Extended,
    /// The matter rests.
    Paused,
    /// The matter goes on.
    Resumed,
    /// Another holiday schedule or calendar.
    NewCalendar,
    /// Another standard.
    NewStandard,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    Registered {
        number: String,
        source: Source,
        narrative: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<CategoryCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        point: Option<Point>,
        placing: Placing,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external: Option<External>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        demand: Option<Demand>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occurred_at: Option<Timestamp>,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow: Option<Digest>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        complainant: Option<Digest>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        duplicates: Vec<Duplicate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<DocketId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cooperation: Option<CooperationRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        /// Clocks that start with the report.
        clocks: Vec<Running>,
    },
    Placed {
        point: Option<Point>,
        grid: GridCode,
        metres: u32,
        at: Timestamp,
    },
    Classified {
        category: CategoryCode,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<Running>,
    },
    /// To one named officer.
    Dispatched {
        unit: UnitCode,
        officer: PersonCode,
        /// Why this one, in words.
        why: String,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        /// The acceptance clock of this officer.
        clock: Running,
        /// When the squad leader is to be told that it was not accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nudge_at: Option<Timestamp>,
    },
    /// Into the pool of a unit, or of the node when no unit is known.
    Pooled {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitCode>,
        why: String,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// To a department without a node.
    SentOutside {
        unit: UnitCode,
        why: String,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
    },
    AssistSet {
        units: Vec<UnitCode>,
        at: Timestamp,
    },
    SentBack {
        by: PersonCode,
        note: PartRef,
        at: Timestamp,
    },
    Dismissed {
        note: PartRef,
        at: Timestamp,
    },
    Accepted {
        by: PersonCode,
        at: Timestamp,
    },
    Arrived {
        by: PersonCode,
        point: Option<Point>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accuracy_m: Option<u32>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        at: Timestamp,
    },
    Handled {
        by: Option<PersonCode>,
        outcome: Outcome,
        note: PartRef,
        before: Vec<ExhibitRef>,
        after: Vec<ExhibitRef>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        at: Timestamp,
    },
    HelpAsked {
        by: PersonCode,
        note: PartRef,
        units: Vec<UnitCode>,
        at: Timestamp,
    },
    Requested {
        what: Asked,
        hours: u32,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    RequestDecided {
        what: Asked,
        granted: bool,
        by: Option<PersonCode>,
        note: Option<PartRef>,
        at: Timestamp,
    },
    /// The matter rests until then.
    Suspended {
        until: Timestamp,
        at: Timestamp,
    },
    Resumed {
        at: Timestamp,
    },
    /// A clock was changed: extended, paused, resumed, recomputed.
    ClockChanged {
        clock: Running,
        because: Because,
        at: Timestamp,
    },
    /// A clock began anew (rework, an order that the hotline did not take back).
    ClockStarted {
        clock: Running,
        at: Timestamp,
        /// As in [`Event::Dispatched`], for the acceptance clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nudge_at: Option<Timestamp>,
    },
    /// A milestone of a clock passed: 50 or 80 per cent.
    ClockWarned {
        term: TermKey,
        percent: u8,
        at: Timestamp,
    },
    /// A clock ran out; these were told.
    ClockExpired {
        term: TermKey,
        told: Vec<PersonCode>,
        at: Timestamp,
    },
    /// Nobody accepted in time; the squad leader was told.
    Nudged {
        told: Vec<PersonCode>,
        at: Timestamp,
    },
    /// The review date of a suspension came.
    ReviewDue {
        told: Vec<PersonCode>,
        at: Timestamp,
    },
    Verified {
        passed: bool,
        on_site: bool,
        by: Option<PersonCode>,
        note: Option<PartRef>,
        exhibits: Vec<ExhibitRef>,
        at: Timestamp,
    },
    Answered {
        text: PartRef,
        channel: Channel,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Closed {
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Reopened {
        note: PartRef,
        by: Option<PersonCode>,
        at: Timestamp,
        clocks: Vec<Running>,
    },
    Rated {
        stars: u8,
        note: Option<PartRef>,
        at: Timestamp,
    },
    Contacted {
        reached: bool,
        note: PartRef,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    ReturnAsked {
        note: PartRef,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    ReturnDecided {
        granted: bool,
        note: Option<PartRef>,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Revisited {
        settled: bool,
        stars: u8,
        note: Option<PartRef>,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Added {
        note: PartRef,
        exhibits: Vec<ExhibitRef>,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Withdrawn {
        note: Option<PartRef>,
        at: Timestamp,
    },
    Supervised {
        mark: Mark,
        note: PartRef,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Joined {
        to: DocketId,
        by: Option<PersonCode>,
        at: Timestamp,
    },
    Unjoined {
        from: DocketId,
        at: Timestamp,
    },
    Absorbed {
        from: DocketId,
        at: Timestamp,
    },
    Released {
        from: DocketId,
        at: Timestamp,
    },
    LeadSettled {
        lead: DocketId,
        outcome: Option<Outcome>,
        at: Timestamp,
    },
    SplitAsked {
        note: PartRef,
        category: Option<CategoryCode>,
        at: Timestamp,
    },
    SplitOff {
        into: DocketId,
        at: Timestamp,
    },
    Erased {
        parts: Vec<Digest>,
        reason: String,
        at: Timestamp,
    },
}
