//! What happened to slips. Kept for ever: fields are only ever added, with a default.

use super::state::{Given, Paper, Term};
use crate::watch::Clock;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::{DocketId, PersonCode};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// The first slip for a party and item.
    Given {
        #[serde(flatten)]
        given: Box<Given>,
        paper: Paper,
        by: PersonCode,
        at: Timestamp,
    },
    /// A further one.
    GivenAgain { paper: Paper, by: PersonCode, at: Timestamp },
    /// 复查.
    Reinspected {
        done: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 转普通程序立案.
    WentOver {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The docket in which it goes on.
    TakenOver { docket: DocketId, at: Timestamp },
    /// That docket came to nothing.
    GivenBack { docket: DocketId, at: Timestamp },
    /// 撤回.
    Withdrawn { note: PartRef, by: PersonCode, at: Timestamp },
    /// The slip `n` of those given, from 1, as this node printed it.
    Kept { n: u16, exhibit: ExhibitRef, at: Timestamp },
    /// A term begins.
    ClockStarted { clock: Clock<Term>, at: Timestamp },
    /// A term ends elsewhere after the calendars changed.
    ClockChanged { clock: Clock<Term>, why: String, at: Timestamp },
    /// A warning.
    ClockWarned { term: Term, percent: u16, at: Timestamp },
    /// A term ran out.
    ClockExpired { term: Term, at: Timestamp },
}

impl Event {
    /// When it was decided.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        use Event as E;
        match self {
            E::Given { at, .. }
            | E::GivenAgain { at, .. }
            | E::Reinspected { at, .. }
            | E::WentOver { at, .. }
            | E::TakenOver { at, .. }
            | E::GivenBack { at, .. }
            | E::Withdrawn { at, .. }
            | E::Kept { at, .. }
            | E::ClockStarted { at, .. }
            | E::ClockChanged { at, .. }
            | E::ClockWarned { at, .. }
            | E::ClockExpired { at, .. } => *at,
        }
    }
}
