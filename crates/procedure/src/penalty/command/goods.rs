//! What can be asked of things in custody.

use super::chosen::{chosen, perhaps_chosen};
use crate::Text;
use crate::penalty::goods::{Announcement, Disposal, OutFor, ThingFrom, ThingKind};
use jiff::civil::Date;
use lianzhi_ids::{Digest, PersonCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// A thing that comes into custody.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingIn {
    /// How it came.
    pub from: ThingFrom,
    /// Under which measure, where it is one.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub measure: Option<u16>,
    /// Whose it is, where it comes without a measure.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub party: Option<u16>,
    /// What it is.
    pub kind: ThingKind,
    /// Name, model, quantity, marks.
    #[schemars(with = "String")]
    pub name: Text,
    /// Where it is put.
    pub shelf: String,
    /// It rots.
    #[serde(default)]
    pub perishable: bool,
    /// Photos.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// A thing that goes to another shelf, or back to one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingMove {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// Where it is put.
    pub shelf: String,
    /// Why.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub note: Text,
}

/// A thing that leaves its shelf for a while.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingOut {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// What for.
    pub why: OutFor,
    /// Who is there, too.
    pub second: PersonCode,
    /// Who takes it, and until when.
    #[schemars(with = "String")]
    pub note: Text,
}

/// What the owner is told of a thing.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingNotice {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// What.
    pub what: Announcement,
    /// Days that the agency gives, where no statute names them.
    #[serde(default)]
    pub days: Option<u32>,
    /// What it says and where.
    #[schemars(with = "String")]
    pub note: Text,
    /// The notice.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// A thing that is to be sold or destroyed before the case is decided.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct EarlyDisposal {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// How.
    pub how: Disposal,
    /// It cannot be sold: only then may it be destroyed.
    #[serde(default)]
    pub unsaleable: bool,
    /// Why.
    #[schemars(with = "String")]
    pub note: Text,
}

/// A thing that a stock-taking did not find.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct MissedThing {
    /// Which.
    pub thing: u16,
    /// Number of the stock-taking.
    pub count: String,
}

/// What a thing brought is paid over.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingMoney {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Number of the transfer.
    pub reference: String,
    /// To whom, and how it was reckoned.
    #[schemars(with = "String")]
    pub note: Text,
    /// The receipt.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// A thing that leaves for good.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ThingGone {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub thing: u16,
    /// How.
    pub how: Disposal,
    /// Who is there, too.
    pub second: PersonCode,
    /// What it brought, fen.
    #[serde(default)]
    pub proceeds: Option<i64>,
    /// Who took it, what was done.
    #[schemars(with = "String")]
    pub note: Text,
    /// Receipts, photos.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}
