//! Members of the compact as the roster names them.

use jiff::Timestamp;
use lianzhi_docket::suite::PublicKey;
use lianzhi_ids::NodeCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Level of an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Province.
    Province,
    /// City with districts.
    City,
    /// District or county.
    District,
    /// Town or street.
    Town,
}

impl Level {
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Level::Province => "省级",
            Level::City => "市级",
            Level::District => "区县级",
            Level::Town => "乡镇街道级",
        }
    }
}

/// A key with the time in which it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberKey {
    /// The key.
    pub key: PublicKey,
    /// From when (RFC 3339).
    pub from: Timestamp,
    /// Until when; open when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl MemberKey {
    /// Whether it counts for something signed at that moment.
    #[must_use]
    pub fn counts_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Who answers the telephone for cooperation (联络员).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Liaison {
    /// Name.
    pub name: String,
    /// Telephone in the office.
    pub phone: String,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its node.
    pub node: NodeCode,
    /// Name of the agency.
    pub name: String,
    /// Level.
    pub level: Level,
    /// The agency above it, which settles what is disputed inside the province.
    #[serde(default)]
    pub superior: String,
    /// Keys that sign its envelopes.
    pub keys: Vec<MemberKey>,
    /// Key of its log, as C2SP writes it.
    pub log_key: String,
    /// Key with which it witnesses the logs of others, as C2SP writes it.
    pub witness_key: String,
    /// Addresses of its exchange, best first, e.g. `https://exchange.qingpu.example`.
    pub addresses: Vec<String>,
    /// Liaison officers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub liaisons: Vec<Liaison>,
    /// Countersigns for its province.
    #[serde(default)]
    pub signatory: bool,
}

impl Member {
    /// Province and name, as pages show a member.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}·{}", self.node.province().map_or("", |p| p.short()), self.name)
    }
}

/// Two members that are paired (结对共建).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// One.
    pub a: NodeCode,
    /// The other.
    pub b: NodeCode,
    /// For what.
    #[serde(default)]
    pub purpose: String,
}
