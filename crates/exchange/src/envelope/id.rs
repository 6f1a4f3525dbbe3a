//! The name of an envelope.

use lianzhi_ids::{CodeError, NodeCode, SharedId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The name of an envelope, from the place of its first entry: `310118.1.4711/320509/3`. Nobody draws it, so an author
/// who says two things at one place gives two envelopes one name, and is caught.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct EnvelopeId {
    /// The shared docket.
    pub docket: SharedId,
    /// Who says it.
    pub author: NodeCode,
    /// Position of the first entry in the author's stream.
    pub first: u32,
}

impl fmt::Display for EnvelopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.docket, self.author, self.first)
    }
}

impl From<EnvelopeId> for String {
    fn from(id: EnvelopeId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for EnvelopeId {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl FromStr for EnvelopeId {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let bad = || CodeError::Shape("共享案卷/节点/序号，如 310118.1.4711/320509/3");
        let mut pieces = text.split('/');
        let (Some(docket), Some(author), Some(first), None) =
            (pieces.next(), pieces.next(), pieces.next(), pieces.next())
        else {
            return Err(bad());
        };
        let id = EnvelopeId {
            docket: docket.parse()?,
            author: author.parse()?,
            first: first.parse().map_err(|_| bad())?,
        };
        // One spelling only: the text is a key.
        if id.to_string() == text { Ok(id) } else { Err(bad()) }
    }
}
