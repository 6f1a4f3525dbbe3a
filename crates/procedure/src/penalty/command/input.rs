//! Parties and violations as they come in.

use super::Bringing;
use crate::Text;
use crate::penalty::daily::Daily;
use crate::penalty::words::{Capacity, PartyKind, Source};
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What opens a case.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the fields are those of the form, see offers")]
pub struct Registering {
    pub source: Source,
    #[serde(default)]
    #[schemars(skip)]
    pub origin: Option<DocketId>,
    #[serde(default)]
    pub unit: Option<UnitCode>,
    #[schemars(with = "String")]
    pub title: Text,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub place: Text,
    #[serde(default)]
    #[schemars(skip)]
    pub point: Option<lianzhi_territory::Point>,
    #[serde(flatten)]
    pub party: NewParty,
    #[serde(flatten)]
    pub violation: NewViolation,
    #[serde(default)]
    pub exhibits: Vec<Digest>,
    /// The application's own: whoever splits a case may open the new one.
    #[serde(default)]
    #[schemars(skip)]
    pub split_from: Option<SplitFrom>,
    /// The same: what comes along from there.
    #[serde(skip)]
    pub brought: Option<Box<Bringing>>,
    /// The same: the case of which this is a fine for further days.
    #[serde(skip)]
    pub daily: Option<Box<Daily>>,
}

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

/// What is added to the particulars of a party, or put right in them. What is not given stays as it stands.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Describing {
    /// Whose, by the number of the party.
    #[serde(deserialize_with = "super::chosen")]
    pub party: u16,
    /// As those of [`NewParty`].
    #[serde(default)]
    #[schemars(with = "String")]
    pub particulars: Text,
}

/// How a file goes into the archive.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Archiving {
    /// Number on the shelf.
    pub shelf: String,
    /// Pages of the file.
    pub pages: u32,
    /// Why something is missing in it, where something is.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub note: Text,
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
    /// Polluted the environment or harmed nature.
    #[serde(default)]
    pub harm: bool,
    /// Touched the life, health or financial safety of citizens and did harm.
    #[serde(default)]
    pub danger: bool,
    /// The day on which it was found, where that is not today.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub found_on: Option<Date>,
    /// What was done.
    #[schemars(with = "String")]
    pub facts: Text,
    /// The application's own: when it was found in the case from which it comes.
    #[serde(skip)]
    #[schemars(skip)]
    pub found: Option<jiff::Timestamp>,
}

/// What a party signed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Signed {
    /// Whose, by the number of the party.
    #[serde(deserialize_with = "super::chosen")]
    pub party: u16,
    /// The signed paper.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// A promise to put it right as it comes in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct NewPromise {
    /// Whose, by the number of the party.
    #[serde(deserialize_with = "super::chosen")]
    pub party: u16,
    /// Last day.
    #[schemars(with = "String")]
    pub until: Date,
    /// The signed letter.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// What became of a promise.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Seen {
    /// Whose, by the number of the party.
    #[serde(deserialize_with = "super::chosen")]
    pub party: u16,
    /// It was put right.
    pub done: bool,
    /// What was seen.
    #[schemars(with = "String")]
    pub note: Text,
    /// Photos.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

const fn full() -> Capacity {
    Capacity::Full
}
