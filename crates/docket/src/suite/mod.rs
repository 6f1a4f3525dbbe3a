//! The two suites of keys of a federation: Ed25519 (RFC 8032), and SM2 with SM3 (GB/T 32918.2, GB/T 32905) where
//! national cryptography is required. With these keys nodes sign what they say to each other; a roster may mix
//! both.
//!
//! What is signed is never the message alone but `lianzhi/<domain>/v1`, a zero byte, and the message. The domain
//! says what kind of statement it is, so that a signature under one kind can't be shown as one under another.

mod public;
mod secret;
#[cfg(test)]
mod tests;

pub use public::{KeyTextError, PublicKey};
pub use secret::{SecretKey, SecretKeyError, SignError, SuiteSigner};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The signer's distinguishing identifier of SM2 where none was agreed (GB/T 35276, GM/T 0009-2012 section 10):
/// both sides hash it with the key before the message. A key already is its node's, so a second name in it would
/// only invite mistakes.
pub const SM2_ID: &str = "1234567812345678";

/// Length of a signature in bytes, in both suites: for SM2 `r` and `s`, 32 bytes each, big-endian.
pub const SIGNATURE_BYTES: usize = 64;

/// Which algorithms a key is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// Ed25519 (RFC 8032).
    #[default]
    #[schemars(title = "Ed25519")]
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2, GB/T 32905).
    #[schemars(title = "SM2/SM3 国密")]
    Sm2,
}

impl Suite {
    /// Both.
    pub const ALL: [Suite; 2] = [Suite::Ed25519, Suite::Sm2];

    /// As it is written in keys and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Suite::Ed25519 => "ed25519",
            Suite::Sm2 => "sm2",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Suite::Ed25519 => "Ed25519",
            Suite::Sm2 => "SM2/SM3 国密",
        }
    }

    /// The suite of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Suite> {
        Suite::ALL.into_iter().find(|suite| suite.name() == name)
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The one domain without our prefix: signature bases of HTTP messages (RFC 9421 section 2.5) are signed as they are, so that any
/// implementation of that standard can check them. A base begins with the quotation mark of its first component and our prefix does
/// not, so neither can pass as the other; a message that begins otherwise is refused.
pub const HTTP_DOMAIN: &str = "http";

/// What is signed; `None` for a domain that can't be one: a zero byte or a slash at the wrong place would make two statements
/// out of one text.
pub(crate) fn framed(domain: &str, message: &[u8]) -> Option<Vec<u8>> {
    if domain == HTTP_DOMAIN {
        return message.starts_with(b"\"").then(|| message.to_vec());
    }
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'.' | b'/');
    let is_domain = !domain.is_empty() && domain.bytes().all(plain);
    is_domain.then(|| [b"lianzhi/", domain.as_bytes(), b"/v1\0", message].concat())
}
