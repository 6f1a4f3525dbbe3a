//! Fields of what is asked of others beside a case: departments, panels, courts that come to the place, mediation.

use super::chosen::chosen;
use crate::Text;
use crate::penalty::aside::{CircuitKind, HelpKind, Vote};
use jiff::civil::Date;
use lianzhi_ids::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

/// 请求协助、协助通知书.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct AskingHelp {
    /// Which department.
    pub to: String,
    /// For what.
    pub kind: HelpKind,
    /// Day on which it got the notice.
    #[schemars(with = "String")]
    pub received: Date,
    /// Until when; only where the law of the place names no days.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// What is asked, and why.
    #[schemars(with = "String")]
    pub note: Text,
    /// The notice, its receipt.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// The department needs longer.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct HelpDelay {
    /// Which request.
    #[serde(deserialize_with = "chosen")]
    pub help: u16,
    /// Until when, as it says in writing.
    #[schemars(with = "String")]
    pub until: Date,
    /// Why.
    #[schemars(with = "String")]
    pub note: Text,
    /// Its letter.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// What the department says.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct HelpAnswer {
    /// Which request.
    #[serde(deserialize_with = "chosen")]
    pub help: u16,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The opinion.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// Members are drawn by lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Drawing {
    /// For which opinion that was asked for.
    #[serde(deserialize_with = "chosen")]
    pub asked: u16,
    /// How many.
    pub count: u8,
}

/// A member without an account is named.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Seating {
    /// For which opinion that was asked for.
    #[serde(deserialize_with = "chosen")]
    pub asked: u16,
    /// Name.
    #[schemars(with = "String")]
    pub name: Text,
    /// What he stands for.
    pub standing: String,
}

/// A member does not take part.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct StandingDown {
    /// The member: `asked-member`.
    pub member: Seat,
    /// Why.
    #[schemars(with = "String")]
    pub note: Text,
}

/// A member's vote.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Voting {
    /// The member: `asked-member`.
    pub member: Seat,
    /// What he thinks.
    pub vote: Vote,
    /// Why.
    #[schemars(with = "String")]
    pub note: Text,
    /// The signed sheet, where somebody else enters it.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// The sum of a panel is drawn up.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Concluding {
    /// For which opinion that was asked for.
    #[serde(deserialize_with = "chosen")]
    pub asked: u16,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The record of the meeting.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 巡回法庭.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct SettingCircuit {
    /// Which court.
    pub court: String,
    /// For what.
    pub kind: CircuitKind,
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// Where.
    pub place: String,
    /// About what.
    #[schemars(with = "String")]
    pub note: Text,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct HoldingCircuit {
    /// Which one.
    #[serde(deserialize_with = "chosen")]
    pub circuit: u16,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The record, the judgment, the mediation paper.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// Whether what was agreed in mediation was performed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct SeeingMediation {
    /// Which one.
    #[serde(deserialize_with = "chosen")]
    pub mediation: u16,
    /// It was.
    pub kept: bool,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
}

/// A seat in a panel, as forms and programs name it: `1-3` is the third of the panel that was asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Seat {
    /// Number of the opinion that was asked for.
    pub asked: u16,
    /// Place of the member.
    pub member: u16,
}

impl TryFrom<String> for Seat {
    type Error = String;
    fn try_from(text: String) -> Result<Seat, String> {
        let parts = text.split_once('-').and_then(|(a, m)| Some((a.parse().ok()?, m.parse().ok()?)));
        let (asked, member) = parts.ok_or_else(|| format!("“{text}”不是公议团成员，应如 1-3"))?;
        Ok(Seat { asked, member })
    }
}
