//! What can be asked of a stock-taking. Each variant is the single definition of an action.

use crate::{PartKind, Text};
use lianzhi_ids::{Digest, PersonCode, UnitCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "one action each; the fields are those of the forms, see offers")]
pub enum Command {
    /// 开始盘点: the list of what ought to lie there is fixed.
    Open {
        unit: UnitCode,
        /// Shelves whose names begin so; empty: all of the unit.
        #[serde(default)]
        shelf: String,
        second: PersonCode,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记清点: things found and not found, each as `case-thing`.
    Count {
        #[serde(default)]
        found: Vec<String>,
        #[serde(default)]
        missing: Vec<String>,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 登记盘盈: a thing that nobody expected.
    Surplus {
        shelf: String,
        #[schemars(with = "String")]
        note: Text,
        exhibits: Vec<Digest>,
    },
    /// 说明差异: what became of it.
    Explain {
        difference: String,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 完成盘点.
    EndCount {
        #[schemars(with = "String")]
        note: Text,
    },
}

impl Command {
    /// Texts to seal.
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        match self {
            Command::Open { note, .. }
            | Command::Count { note, .. }
            | Command::Surplus { note, .. }
            | Command::Explain { note, .. }
            | Command::EndCount { note } => vec![(PartKind::Remark, note)],
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        match self {
            Command::Surplus { exhibits, .. } => exhibits,
            _ => &[],
        }
    }
}
