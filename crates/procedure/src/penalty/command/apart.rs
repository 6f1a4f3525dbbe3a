//! Fields of what leaves the ordinary way: an order to pull down, the way to the agency that has the jurisdiction, a decision that is
//! made anew.

use super::chosen::{chosen, perhaps_chosen};
use crate::Text;
use crate::cooperation::TransferGround;
use crate::penalty::anew::FallGround;
use crate::penalty::archive::OutGround;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

/// 责令限期拆除.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct OrderingDemolition {
    /// To whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// What is to be pulled down, and where it stands.
    #[schemars(with = "String")]
    pub object: Text,
    /// By which day.
    #[schemars(with = "String")]
    pub until: Date,
    /// Facts, grounds and basis, for whoever reviews and signs it.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 移送有管辖权的机关.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Transferring {
    /// To whom.
    pub to: String,
    /// Why it is theirs.
    pub ground: TransferGround,
    /// Grounds in words.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 登记移送.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Handing {
    /// What was handed over, how and to whom.
    #[schemars(with = "String")]
    pub note: Text,
    /// Receipts.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 受移送机关答复.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct TransferAnswer {
    /// It took the case; else the case comes back.
    pub taken: bool,
    /// What it said.
    #[schemars(with = "String")]
    pub note: Text,
    /// Its answer.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 启卷.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct OpeningArchive {
    /// What demands it.
    pub ground: OutGround,
    /// Why, in words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The judgment, decision or notice that demands it.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 重新作出决定.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct DecidingAnew {
    /// For whom alone, where the decision against others stands; else the whole of it.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub party: Option<u16>,
    /// Why the decision fell.
    pub ground: FallGround,
    /// What will be different: facts, evidence, basis or procedure.
    #[schemars(with = "String")]
    pub different: Text,
    /// By which day, where the judgment or the reconsideration says so.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// What was decided there, and why it is decided anew.
    #[schemars(with = "String")]
    pub note: Text,
}
