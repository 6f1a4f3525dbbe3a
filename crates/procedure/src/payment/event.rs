//! What happened to money that came. Kept for ever: fields are only ever added, with a default.

use super::state::{Credit, Difference, Line, Outlet};
use crate::PartRef;
use jiff::Timestamp;
use lianzhi_ids::PersonCode;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// It stood in the bank's file; what of it was put to a case at once, and why not the rest.
    Came {
        line: Line,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credit: Option<Credit>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        difference: Option<Difference>,
        /// The case's own words, where it refused the money.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
        at: Timestamp,
    },
    /// 归入案件 by somebody.
    Credited { credit: Credit, note: PartRef, by: PersonCode, at: Timestamp },
    /// 退付、转出.
    GivenBack { how: Outlet, fen: i64, reference: String, note: PartRef, by: PersonCode, at: Timestamp },
}
