//! What can be asked of slips. Each variant is the single definition of an action.

use super::state::Level;
use crate::penalty::NewParty;
use crate::{PartKind, Text};
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, UnitCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "one action each; the fields are those of the forms, see offers")]
pub enum Command {
    /// 发单: opens a docket for this party and item.
    Give {
        level: Level,
        #[serde(default)]
        unit: Option<UnitCode>,
        #[serde(default)]
        origin: Option<DocketId>,
        #[serde(default)]
        #[schemars(with = "String")]
        place: Text,
        #[serde(default)]
        #[schemars(skip)]
        point: Option<lianzhi_territory::Point>,
        #[serde(flatten)]
        party: NewParty,
        item: String,
        #[schemars(with = "String")]
        note: Text,
        /// What was found; the item's name where nothing is said.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        found: Text,
        /// Where and how it is done lawfully (办理指南).
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        guide: Text,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        until: Option<Date>,
        #[serde(default)]
        refused: bool,
        #[serde(default)]
        promised: bool,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 再次发单: a further slip for the same party and item.
    GiveAgain {
        level: Level,
        #[schemars(with = "String")]
        note: Text,
        /// What was found; the item's name where nothing is said.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        found: Text,
        /// Where and how it is done lawfully (办理指南).
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        guide: Text,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        until: Option<Date>,
        #[serde(default)]
        refused: bool,
        #[serde(default)]
        promised: bool,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 复查.
    Reinspect {
        done: bool,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 转普通程序立案. A decision on the spot that names the slip takes it over by itself.
    GoOver {
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// The docket in which it goes on.
    TakenOver { docket: DocketId },
    /// What it went on in came to nothing: the slips are as they were before.
    GivenBack { docket: DocketId },
    /// 撤回 a slip that was given by mistake.
    Withdraw {
        #[schemars(with = "String")]
        note: Text,
    },
    /// The node's own: the slip `n` was printed and taken into custody.
    Keep { n: u16 },
    /// The clocks are looked at.
    Tick,
    /// The clocks are computed anew.
    Recompute,
}

impl Command {
    /// Texts to seal. Particulars of the party are a part of their own, opened with a reason only.
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        use Command as C;
        match self {
            C::Give { place, party, note, found, guide, .. } => vec![
                (PartKind::Remark, place),
                (PartKind::Particulars, &mut party.particulars),
                (PartKind::Remark, note),
                (PartKind::Remark, found),
                (PartKind::Remark, guide),
            ],
            C::GiveAgain { note, found, guide, .. } => {
                vec![(PartKind::Remark, note), (PartKind::Remark, found), (PartKind::Remark, guide)]
            }
            C::Reinspect { note, .. } | C::GoOver { note, .. } | C::Withdraw { note } => {
                vec![(PartKind::Remark, note)]
            }
            C::TakenOver { .. } | C::GivenBack { .. } | C::Keep { .. } | C::Tick | C::Recompute => vec![],
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        use Command as C;
        match self {
            C::Give { exhibits, .. } | C::GiveAgain { exhibits, .. } | C::Reinspect { exhibits, .. } => {
                exhibits
            }
            _ => &[],
        }
    }

    /// Whether only the node itself gives it.
    #[must_use]
    pub const fn internal(&self) -> bool {
        matches!(
            self,
            Command::Tick
                | Command::Recompute
                | Command::TakenOver { .. }
                | Command::GivenBack { .. }
                | Command::Keep { .. }
        )
    }
}
