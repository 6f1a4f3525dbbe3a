//! Typed identifiers. No I/O, no time, no randomness: the words that every other crate shares.
//!
//! Codes are short texts that come from registers (units, people, grids, categories). They are cheap to
//! clone and validated where they enter the house, so that the inside never checks them again.

mod code;
mod digest;
mod role;
mod shared;

pub use code::{CategoryCode, Code, CodeError, GridCode, NodeCode, PersonCode, TownCode, UnitCode};
pub use digest::{Digest, DigestError};
pub use role::Role;
pub use shared::{Province, SharedId};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Number of a docket on its own node: given by the sequencer, dense, never used twice.
///
/// The global name of a docket is its node and this number, see [`DocketName`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, Default,
)]
#[serde(transparent)]
pub struct DocketId(pub i64);

impl fmt::Display for DocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for DocketId {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(DocketId)
    }
}

/// The name of a docket anywhere: `310118/1234`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DocketName {
    /// The node that opened the docket.
    pub node: NodeCode,
    /// Its number there.
    pub id: DocketId,
}

impl fmt::Display for DocketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.node, self.id)
    }
}

impl From<DocketName> for String {
    fn from(name: DocketName) -> String {
        name.to_string()
    }
}

impl TryFrom<String> for DocketName {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        let (node, id) = text.split_once('/').ok_or(CodeError::Shape("节点/号"))?;
        Ok(DocketName {
            node: NodeCode::parse(node)?,
            id: id.parse().map_err(|_| CodeError::Shape("节点/号"))?,
        })
    }
}
