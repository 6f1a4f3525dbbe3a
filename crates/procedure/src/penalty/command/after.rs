//! Fields of what is asked after the decision: remedies and stays, enforcement as it was carried out, the way to the court.

use super::chosen::{chosen, perhaps_chosen};
use crate::Text;
use crate::penalty::execution::{ClearingPlace, SubstituteGround};
use crate::penalty::words::{EnforcementKind, RemedyEnd, RemedyKind};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

/// 强制执行.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Compelling {
    /// Against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// How.
    pub kind: EnforcementKind,
    /// When; of what could not wait: when it was cleared.
    #[schemars(with = "String")]
    pub on: Timestamp,
    /// Of which court it is asked.
    #[serde(default)]
    pub court: String,
    /// On which power a demolition rests: the decision of the government that charges the agency with it, or the article.
    #[serde(default)]
    pub power: String,
    /// Why others may perform it (行政强制法 50).
    #[serde(default)]
    pub ground: Option<SubstituteGround>,
    /// Where something had to be cleared at once (52).
    #[serde(default)]
    pub place: Option<ClearingPlace>,
    /// The party was not there when that was done (52).
    #[serde(default)]
    pub absent: bool,
    /// Grounds.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 登记执行结果.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Enforcing {
    /// Against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// When it began; none: now.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub from: Option<Timestamp>,
    /// When it was over; none: when it began.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub to: Option<Timestamp>,
    /// How it went.
    #[schemars(with = "String")]
    pub note: Text,
    /// Records, photos.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 登记复议、诉讼.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Appealing {
    /// Whose.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// The order that it challenges; none: the decision.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub paper: Option<u16>,
    /// Which.
    pub kind: RemedyKind,
    /// On which day it was asked for.
    #[schemars(with = "String")]
    pub on: Date,
    /// Enforcement is stayed.
    #[serde(default)]
    pub stay: bool,
    /// By the short procedure of reconsideration.
    #[serde(default)]
    pub simple: bool,
    /// The notice of whoever decides on it.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 登记复议、诉讼结果.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct EndingAppeal {
    /// Whose.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// The order that it challenges; none: the decision.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub paper: Option<u16>,
    /// How it ended.
    pub end: RemedyEnd,
    /// On which day it reached the agency.
    #[schemars(with = "String")]
    pub on: Date,
    /// The fine as changed, fen.
    #[serde(default)]
    pub fine: Option<i64>,
    /// What was decided.
    #[schemars(with = "String")]
    pub note: Text,
    /// The decision or judgment.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 登记复议延期: whoever decides on a reconsideration takes longer (行政复议法 62(1)).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct DelayingRemedy {
    /// Whose.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// The order that it challenges; none: the decision.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub paper: Option<u16>,
    /// By how many days.
    pub days: u32,
    /// Number of the notice, and why.
    #[schemars(with = "String")]
    pub note: Text,
    /// The notice.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 登记停止执行, or its end.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Staying {
    /// Whose remedy.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// The order that it challenges; none: the decision.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub paper: Option<u16>,
    /// Enforcement is stayed from now on; else it may go on.
    #[serde(default)]
    pub stay: bool,
    /// On which day that was decided.
    #[schemars(with = "String")]
    pub on: Date,
    /// By whom, number, reasons.
    #[schemars(with = "String")]
    pub note: Text,
    /// The ruling.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 向法院递交强制执行申请.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Lodging {
    /// Against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// On which day the court took it.
    #[schemars(with = "String")]
    pub on: Date,
    /// What was handed over, and to whom.
    #[schemars(with = "String")]
    pub note: Text,
    /// The receipt of the court or of the post.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}
