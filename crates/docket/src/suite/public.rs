//! Public keys: read, shown, compared, and what they verify.

use super::{SM2_ID, Suite, framed};
use crate::entry::sha256;
use crate::note::BASE64;
use base64::Engine as _;
use ed25519_dalek::{Signature, VerifyingKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sm2::dsa::signature::Verifier as _;
use std::fmt;
use std::str::FromStr;

/// A public key of either suite, known to be sound: a point of its curve, and not one for which anybody can sign.
///
/// As text `ed25519:<base64 of 32 bytes>` or `sm2:<base64 of the 65 bytes of the uncompressed point, SEC 1 section
/// 2.3.3>`. Each key has exactly one text, and two keys are equal when their texts are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct PublicKey(Point);

/// The bytes of a key. The order of the variants is that of [`Suite`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Point {
    Ed25519([u8; 32]),
    Sm2([u8; 65]),
}

/// A text that is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Not `suite:base64`.
    #[error("公钥格式应为：ed25519:… 或 sm2:…，冒号后为 base64")]
    Form,
    /// Too long or too short for its suite, or an SM2 point in another form than the uncompressed one.
    #[error("公钥长度或编码与算法不符，请重新复制完整的公钥")]
    Length,
    /// Not a point of the curve, or a point of small order, for which anybody could make signatures.
    #[error("公钥无效：不是该算法可用的公钥")]
    Point,
}

impl PublicKey {
    /// Takes the bytes of a key: 32 for Ed25519, 65 (`0x04 ‖ x ‖ y`) for SM2.
    ///
    /// # Errors
    /// [`KeyTextError::Length`] and [`KeyTextError::Point`].
    pub fn new(suite: Suite, bytes: &[u8]) -> Result<PublicKey, KeyTextError> {
        let point = match suite {
            Suite::Ed25519 => {
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| KeyTextError::Length)?;
                let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyTextError::Point)?;
                // The strict verification refuses small orders too; said here it is said once, where the key comes
                // in. A point that has a second encoding must not have a second name.
                if key.is_weak() || key.to_edwards().compress().to_bytes() != bytes {
                    return Err(KeyTextError::Point);
                }
                Point::Ed25519(bytes)
            }
            Suite::Sm2 => {
                let bytes: [u8; 65] = bytes.try_into().map_err(|_| KeyTextError::Length)?;
                if bytes[0] != 0x04 {
                    return Err(KeyTextError::Length);
                }
                // On the curve and not the identity; the curve's order is prime, so there are no small ones.
                sm2::PublicKey::from_sec1_bytes(&bytes).map_err(|_| KeyTextError::Point)?;
                Point::Sm2(bytes)
            }
        };
        Ok(PublicKey(point))
    }

    /// Its suite.
    #[must_use]
    pub fn suite(&self) -> Suite {
        match self.0 {
            Point::Ed25519(_) => Suite::Ed25519,
            Point::Sm2(_) => Suite::Sm2,
        }
    }

    /// Its bytes, as [`PublicKey::new`] takes them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Point::Ed25519(bytes) => bytes,
            Point::Sm2(bytes) => bytes,
        }
    }

    /// Short name by which keys are looked up: the first 16 hex digits of SHA-256(suite ‖ 0 ‖ bytes). It names, it
    /// does not vouch: 64 bits can be met on purpose. Who trusts a key holds the key, or compares its fingerprint.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(&self.digest()[..8])
    }

    /// For people who compare it on two screens or over the telephone: the first 128 bits of the digest of which
    /// [`PublicKey::id`] is the beginning, as eight groups of four hex digits, `8f3c 01ab …`.
    ///
    /// That is enough: to pass as somebody else, another key with the *same* fingerprint has to be found (a second
    /// preimage), some 2^128 attempts. Two keys of one's own with one fingerprint cost 2^64, but whoever holds
    /// both gains nothing by it that handing one key to a friend would not give. More digits would be compared
    /// less carefully.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let groups: Vec<String> = self.digest()[..16].chunks(2).map(hex::encode).collect();
        groups.join(" ")
    }

    fn digest(&self) -> [u8; 32] {
        sha256(&[self.suite().name().as_bytes(), &[0], self.bytes()]).0
    }

    /// Whether this key signed this message in this domain.
    ///
    /// Ed25519 is verified strictly (RFC 8032 with canonical encodings, no small orders): one message has no
    /// second signature that others can make from the first. SM2 as in GB/T 32918.2 section 7, with [`SM2_ID`].
    #[must_use]
    pub fn verify(&self, domain: &str, message: &[u8], signature: &[u8]) -> bool {
        framed(domain, message).is_some_and(|framed| self.verify_raw(&framed, signature))
    }

    /// Whether this key signed exactly these bytes.
    pub(crate) fn verify_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Point::Ed25519(key) => {
                let key = VerifyingKey::from_bytes(key);
                let signature = Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(s)) if key.verify_strict(message, &s).is_ok())
            }
            Point::Sm2(key) => {
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, key);
                let signature = sm2::dsa::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(s)) if key.verify(message, &s).is_ok())
            }
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.suite(), BASE64.encode(self.bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = KeyTextError;
    fn from_str(text: &str) -> Result<PublicKey, KeyTextError> {
        let (suite, base64) = text.split_once(':').ok_or(KeyTextError::Form)?;
        let suite = Suite::of_name(suite).ok_or(KeyTextError::Form)?;
        PublicKey::new(suite, &BASE64.decode(base64).map_err(|_| KeyTextError::Form)?)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyTextError;
    fn try_from(text: String) -> Result<PublicKey, KeyTextError> {
        text.parse()
    }
}
