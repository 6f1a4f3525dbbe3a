//! Signatures beside what they sign: the exact bytes travel as text, and whoever checks them never writes them again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lianzhi_docket::suite::{PublicKey, SIGNATURE_BYTES, SignError, SuiteSigner};
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Domain of envelopes.
pub const DOMAIN_ENVELOPE: &str = "envelope";
/// Domain of receipts.
pub const DOMAIN_RECEIPT: &str = "receipt";
/// Domain of capability documents.
pub const DOMAIN_CAPABILITIES: &str = "capabilities";
/// Longest signed statement, bytes: a receipt has some hundreds, a card of a member with its keys a few thousand.
pub const STATEMENT_BYTES_MAX: usize = 64 << 10;
/// Hex digits of a key's short name ([`PublicKey::id`]).
pub const KEY_ID_CHARS: usize = 16;

/// A signature, and which key is said to have made it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Short name of the key ([`PublicKey::id`]): only for looking it up.
    pub key: String,
    /// The signature's 64 bytes, base64 in JSON.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    #[schemars(with = "String")]
    pub value: Vec<u8>,
}

impl Signature {
    /// Signs bytes in a domain.
    ///
    /// # Errors
    /// [`SignError`] when the key can't be used now.
    pub fn make(signer: &dyn SuiteSigner, domain: &str, bytes: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature { key: signer.public().id(), value: signer.sign(domain, bytes)? })
    }

    /// Whether this key made it over these bytes in this domain.
    #[must_use]
    pub fn verify(&self, key: &PublicKey, domain: &str, bytes: &[u8]) -> bool {
        self.key == key.id() && key.verify(domain, bytes, &self.value)
    }
}

fn to_base64<S: Serializer>(value: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64.encode(value))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let value = BASE64.decode(text).map_err(D::Error::custom)?;
    if value.len() == SIGNATURE_BYTES { Ok(value) } else { Err(D::Error::custom("签名长度不符")) }
}

/// A signed statement: a document's exact JSON bytes with the signature over them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The document, JSON, byte by byte as it was signed.
    pub statement: String,
    /// Signature over it.
    pub signature: Signature,
}

/// A statement that can't be made or isn't one.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Longer than [`STATEMENT_BYTES_MAX`].
    #[error("签名文书长 {0} 字节，超过上限 {STATEMENT_BYTES_MAX} 字节")]
    TooLong(usize),
    /// The document is not of its form.
    #[error("签名文书的内容不符合格式")]
    Json(#[from] serde_json::Error),
    /// The signature is not by this key over these bytes.
    #[error("签名文书的签名不正确")]
    Signature,
    /// Not signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Statement {
    /// Writes and signs a document.
    ///
    /// # Errors
    /// [`StatementError::TooLong`], and [`StatementError::Sign`].
    pub fn make<T: Serialize>(
        document: &T,
        domain: &str,
        signer: &dyn SuiteSigner,
    ) -> Result<Statement, StatementError> {
        let statement = serde_json::to_string(document)?;
        if statement.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLong(statement.len()));
        }
        let signature = Signature::make(signer, domain, statement.as_bytes())?;
        Ok(Statement { statement, signature })
    }

    /// Reads the document without believing it: to find out who is said to have signed it.
    ///
    /// # Errors
    /// [`StatementError::TooLong`] and [`StatementError::Json`].
    pub fn peek<T: DeserializeOwned>(&self) -> Result<T, StatementError> {
        if self.statement.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLong(self.statement.len()));
        }
        Ok(serde_json::from_str(&self.statement)?)
    }

    /// Reads the document if this key signed it.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn open<T: DeserializeOwned>(&self, key: &PublicKey, domain: &str) -> Result<T, StatementError> {
        if !self.signature.verify(key, domain, self.statement.as_bytes()) {
            return Err(StatementError::Signature);
        }
        self.peek()
    }
}
