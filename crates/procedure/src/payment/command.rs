//! What can be asked of money that came. Each variant is the single definition of an action.

use super::state::Outlet;
use crate::{PartKind, Text};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "one action each; the fields are those of the forms, see offers")]
pub enum Command {
    /// A line of the bank's file: opens the docket. Given by an import only.
    Come {
        /// Number of the bank's line.
        serial: String,
        /// Payment code, as it stands there.
        #[serde(default)]
        code: String,
        fen: i64,
        #[schemars(with = "String")]
        at: Timestamp,
        /// Who paid and what for, as it stands there.
        #[schemars(with = "String")]
        payer: Text,
        #[serde(default)]
        ticket: String,
        /// Name of the file.
        file: String,
    },
    /// 归入案件.
    Credit {
        /// The case's number.
        to: String,
        /// The party in it; 1 where there is only one.
        #[serde(default)]
        party: Option<u16>,
        amount: i64,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 退付、转出 of what is left.
    GiveBack {
        how: Outlet,
        amount: i64,
        reference: String,
        #[schemars(with = "String")]
        note: Text,
    },
}

impl Command {
    /// Texts to seal.
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        match self {
            Command::Come { payer: text, .. }
            | Command::Credit { note: text, .. }
            | Command::GiveBack { note: text, .. } => vec![(PartKind::Remark, text)],
        }
    }
}
