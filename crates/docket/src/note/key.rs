//! Keys: public ones as text, secret ones behind a port.

use super::BASE64;
use crate::entry::sha256;
use crate::suite::{self, KeyTextError, PublicKey, Suite};
use base64::Engine as _;
use ed25519_dalek::{Signer as _, SigningKey};
use std::fmt;
use std::str::FromStr;

/// Longest name of a key, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// Type byte of signatures whose algorithm has no byte of its own in the specification. A longer name follows it.
const TYPE_OTHER: u8 = 0xff;
/// That longer name, for [`KeyKind::Sm2Log`].
pub const SM2_ALGORITHM: &str = "lianzhi/sm2-sm3/v1";

/// Who signs: decides what exactly is signed, and goes into the key's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A log: Ed25519 over the note's text (type 0x01).
    Log,
    /// A log where national cryptography is required: SM2 with SM3 over the note's text in the domain
    /// [`super::SM2_DOMAIN`] (type 0xff and [`SM2_ALGORITHM`]). It stands beside the line of [`KeyKind::Log`], which
    /// is the one that others can read.
    Sm2Log,
    /// A witness: timestamped Ed25519 cosignature (type 0x04).
    Witness,
}

impl KeyKind {
    /// What stands before the key's bytes, in its text and in its id.
    fn prefix(self) -> Vec<u8> {
        match self {
            KeyKind::Log => vec![0x01],
            KeyKind::Witness => vec![0x04],
            KeyKind::Sm2Log => [&[TYPE_OTHER], SM2_ALGORITHM.as_bytes()].concat(),
        }
    }

    fn suite(self) -> Suite {
        match self {
            KeyKind::Log | KeyKind::Witness => Suite::Ed25519,
            KeyKind::Sm2Log => Suite::Sm2,
        }
    }

    /// Whether a log signs with it, by either algorithm.
    #[must_use]
    pub fn is_log(self) -> bool {
        self != KeyKind::Witness
    }
}

/// A public key with its name, as it is published: `name+hash+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: PublicKey,
}

/// A text that is no verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Names are not empty and have neither spaces nor `+`.
    #[error("密钥名称无效：不能为空，不能含空格或加号")]
    Name,
    /// Not `name+hash+base64`.
    #[error("公钥格式应为：名称+校验码+base64")]
    Form,
    /// The hash in the middle does not belong to name and key: a typing error, or a changed key.
    #[error("公钥的校验码与名称、内容不符，请重新复制完整的公钥")]
    Hash,
    /// Another algorithm, or a key that anybody could sign for.
    #[error("不支持的公钥类型")]
    Algorithm,
}

/// A signature that can't be made.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Not a name for a key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Before 1970.
    #[error("签名时间无效")]
    Time,
    /// The text can't be signed as a note.
    #[error(transparent)]
    Note(#[from] super::NoteError),
    /// The key of a suite did not sign.
    #[error(transparent)]
    Suite(#[from] suite::SignError),
    /// The device that holds the key did not sign.
    #[error("密钥设备未能签名：{0}")]
    Device(String),
}

/// Holds a secret Ed25519 key and signs with it. The port for keys in hardware; [`SoftwareKey`] keeps one in
/// memory. Names are not the signer's business: one key may sign for several generations of a log.
pub trait Signer: Send + Sync {
    /// The public key.
    fn public_key(&self) -> [u8; 32];
    /// Ed25519 (RFC 8032) signature over the message.
    ///
    /// # Errors
    /// [`SignError::Device`] when the key can't be used now.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}

/// A secret key in memory, wiped when dropped.
pub struct SoftwareKey(SigningKey);

impl SoftwareKey {
    /// Takes the 32 secret bytes (the RFC 8032 seed). The caller wipes its own copy.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> SoftwareKey {
        SoftwareKey(SigningKey::from_bytes(secret))
    }

    /// The 32 secret bytes, for saving them.
    #[must_use]
    pub fn secret(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoftwareKey(…)")
    }
}

impl Signer for SoftwareKey {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.sign(message).to_bytes())
    }
}

impl VerifierKey {
    /// An Ed25519 key of 32 bytes under a name.
    ///
    /// # Errors
    /// [`KeyError::Name`], or [`KeyError::Algorithm`] for bytes that are no sound Ed25519 key or a kind of another
    /// algorithm.
    pub fn new(name: &str, kind: KeyKind, key: &[u8; 32]) -> Result<VerifierKey, KeyError> {
        let key = PublicKey::new(Suite::Ed25519, key).map_err(|_| KeyError::Algorithm)?;
        VerifierKey::of_public(name, kind, key)
    }

    /// A key of either suite under a name.
    ///
    /// # Errors
    /// [`KeyError::Name`], or [`KeyError::Algorithm`] when the kind is not of the key's suite.
    pub fn of_public(name: &str, kind: KeyKind, key: PublicKey) -> Result<VerifierKey, KeyError> {
        match (is_name(name), key.suite() == kind.suite()) {
            (false, _) => Err(KeyError::Name),
            (true, false) => Err(KeyError::Algorithm),
            (true, true) => Ok(VerifierKey { name: name.to_owned(), kind, key }),
        }
    }

    /// The public side of a signer.
    ///
    /// # Errors
    /// As [`VerifierKey::new`].
    pub fn of(name: &str, kind: KeyKind, signer: &dyn Signer) -> Result<VerifierKey, KeyError> {
        VerifierKey::new(name, kind, &signer.public_key())
    }

    /// The key's name. A log's is the origin of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A log's or a witness's.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.key
    }

    /// First four bytes of `SHA-256(name || "\n" || type || key)`.
    #[must_use]
    pub fn id(&self) -> u32 {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &self.kind.prefix(), self.key.bytes()]);
        u32::from_be_bytes([hash.0[0], hash.0[1], hash.0[2], hash.0[3]])
    }

    /// The same key under another name: that of another generation of the log.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn renamed(&self, name: &str) -> Result<VerifierKey, KeyError> {
        VerifierKey::of_public(name, self.kind, self.key.clone())
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_raw(message, signature)
    }
}

/// Not empty, no white space, no `+`, and short.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(plain)
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&self.kind.prefix(), self.key.bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id(), BASE64.encode(key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<VerifierKey, KeyError> {
        let mut pieces = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (pieces.next(), pieces.next(), pieces.next()) else {
            return Err(KeyError::Form);
        };
        let bytes = BASE64.decode(key).map_err(|_| KeyError::Form)?;
        let kinds = [KeyKind::Log, KeyKind::Witness, KeyKind::Sm2Log];
        let found = kinds.into_iter().find_map(|kind| Some((kind, bytes.strip_prefix(&kind.prefix()[..])?)));
        let (kind, key) = found.ok_or(KeyError::Algorithm)?;
        let key = PublicKey::new(kind.suite(), key).map_err(|error| match error {
            KeyTextError::Point => KeyError::Algorithm,
            KeyTextError::Length | KeyTextError::Form => KeyError::Form,
        })?;
        let key = VerifierKey::of_public(name, kind, key)?;
        if format!("{:08x}", key.id()) == hash { Ok(key) } else { Err(KeyError::Hash) }
    }
}
