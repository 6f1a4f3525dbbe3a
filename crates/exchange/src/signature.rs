//! A signature beside what it signs, as it travels in JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lianzhi_docket::suite::{PublicKey, SignError, SuiteSigner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A signature with the name of the key that made it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeySignature {
    /// [`PublicKey::id`] of the key. It helps to find the key, it does not vouch for it.
    pub key: String,
    /// The signature, base64.
    pub value: String,
}

impl KeySignature {
    /// Signs a message in a domain.
    ///
    /// # Errors
    /// [`SignError`] of the key.
    pub fn make(signer: &dyn SuiteSigner, domain: &str, message: &[u8]) -> Result<KeySignature, SignError> {
        let value = STANDARD.encode(signer.sign(domain, message)?);
        Ok(KeySignature { key: signer.public().id(), value })
    }

    /// Whether this key made it over this message in this domain.
    #[must_use]
    pub fn verify(&self, key: &PublicKey, domain: &str, message: &[u8]) -> bool {
        self.key == key.id()
            && STANDARD.decode(&self.value).is_ok_and(|bytes| key.verify(domain, message, &bytes))
    }
}
