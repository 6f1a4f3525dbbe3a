//! Parties and violations as they come in.

use crate::Text;
use crate::penalty::words::{Capacity, PartyKind};
use jiff::civil::Date;
use lianzhi_ids::DocketId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The case that a party was split off from (分案).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitFrom {
    /// That case.
    pub case: DocketId,
    /// The party's number there.
    pub party: u16,
}

/// A party as it comes in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct NewParty {
    /// What it is.
    pub kind: PartyKind,
    /// Age and mind of a natural person.
    #[serde(default = "full")]
    pub capacity: Capacity,
    /// JSON `{name, id_number, address, representative, phone}`; the application makes it from the form.
    #[schemars(with = "String")]
    pub particulars: Text,
}

/// A violation as it comes in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct NewViolation {
    /// Code of the item, e.g. `JZLJ-01`.
    pub item: String,
    /// First day of the conduct.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day, when it is not the same.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
    /// It did not stop in between.
    #[serde(default)]
    pub continuing: bool,
    /// Harmed the environment, life or health.
    #[serde(default)]
    pub harm: bool,
    /// What was done.
    #[schemars(with = "String")]
    pub facts: Text,
}

const fn full() -> Capacity {
    Capacity::Full
}
