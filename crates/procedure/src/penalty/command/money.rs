//! Fields of what is asked of money: paid, taken on the spot, handed in, paid in at the bank, given back.

use super::chosen::chosen;
use crate::Text;
use crate::penalty::words::OnSiteGround;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

/// 登记缴款.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Paying {
    /// By whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// How much, fen.
    pub amount: i64,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Number of the bank's line or of the receipt.
    pub reference: String,
    /// Number of the fiscal receipt.
    #[serde(default)]
    pub ticket: String,
    /// The bank's receipt, where somebody types it.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 当场收缴 (68, 69).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Collecting {
    /// From whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// How much, fen.
    pub amount: i64,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Why it may.
    pub ground: OnSiteGround,
    /// Number of the fiscal receipt (70).
    pub ticket: String,
    /// What the party asked for and why it is hard to pay at the bank (69).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub note: Text,
    /// The party's request.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 上缴 what was taken on the spot (71).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct HandingIn {
    /// From whom it was taken.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Number of the fiscal receipt.
    pub ticket: String,
    /// Number of the receipt that is given for it.
    #[serde(default)]
    pub receipt: String,
}

/// 缴付银行 of what was handed in (71), or a typed payment that the bank's file confirms.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Depositing {
    /// Of which party's.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Which receipt, by its number.
    pub ticket: String,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Number of the bank's voucher or line.
    pub reference: String,
    /// The voucher.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 核对缴款凭证 of a payment that somebody else typed (67).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct CheckingPayment {
    /// Of which party's.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
}

/// What whoever looked at the voucher of a typed payment says of it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Found {
    /// Which payment, by its number.
    pub ticket: String,
    /// It came.
    #[serde(default)]
    pub came: bool,
    /// Number of the treasury's receipt or of the bank's voucher; when it came.
    #[serde(default)]
    pub voucher: String,
    /// Why it does not count; when it did not come.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub note: Text,
    /// The voucher.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 退还 of what was paid and is not owed any more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Refunding {
    /// To whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Number of the treasury's transfer.
    pub reference: String,
}
