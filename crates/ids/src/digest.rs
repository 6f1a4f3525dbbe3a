//! A 32-byte digest (SHA-256 unless said otherwise), written as 64 lower-case hex digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Thirty-two bytes that stand for content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Digest(pub [u8; 32]);

/// Not 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("摘要应为 64 位十六进制数")]
pub struct DigestError;

impl Digest {
    /// The digest before the first entry of a docket.
    pub const ZERO: Digest = Digest([0; 32]);
    /// First eight hex digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({}…)", self.short())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl From<Digest> for String {
    fn from(d: Digest) -> String {
        d.to_string()
    }
}

impl std::str::FromStr for Digest {
    type Err = DigestError;
    fn from_str(s: &str) -> Result<Self, DigestError> {
        let mut out = [0; 32];
        hex::decode_to_slice(s, &mut out).map_err(|_| DigestError)?;
        Ok(Digest(out))
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;
    fn try_from(s: String) -> Result<Self, DigestError> {
        s.parse()
    }
}
