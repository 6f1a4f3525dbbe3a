//! What happened in a stock-taking. Kept for ever: fields are only ever added, with a default.

use crate::{ExhibitRef, Expected, PartRef};
use jiff::Timestamp;
use lianzhi_ids::{PersonCode, UnitCode};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// It began, with what ought to lie there.
    Opened {
        number: String,
        unit: UnitCode,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        shelf: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        things: Vec<Expected>,
        note: PartRef,
        second: PersonCode,
        by: PersonCode,
        at: Timestamp,
    },
    /// Things found and not found.
    Counted {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        found: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A thing that nobody expected.
    SurplusFound {
        shelf: String,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A difference was explained.
    Explained { difference: String, note: PartRef, by: PersonCode, at: Timestamp },
    /// One of the two says that it is done; the other confirms it.
    Concluded { note: PartRef, by: PersonCode, at: Timestamp },
    /// It ended.
    Closed { note: PartRef, by: PersonCode, at: Timestamp },
}

impl Event {
    /// When it was decided.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Event::Opened { at, .. }
            | Event::Counted { at, .. }
            | Event::SurplusFound { at, .. }
            | Event::Explained { at, .. }
            | Event::Concluded { at, .. }
            | Event::Closed { at, .. } => *at,
        }
    }
}
