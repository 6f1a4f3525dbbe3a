//! Secret keys: in memory, or behind the port for keys in hardware.

use super::{PublicKey, SM2_ID, Suite, framed};
use ed25519_dalek::{Signer as _, SigningKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes that are no secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("私钥无效：不在该算法的取值范围内")]
pub struct SecretKeyError;

/// A signature that can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Domains are lower-case letters, digits, `-`, `.` and `/`.
    #[error("签名用途的名称无效：{0}")]
    Domain(String),
    /// The device that holds the key did not sign.
    #[error("密钥设备未能签名：{0}")]
    Device(String),
}

/// Holds a secret key of either suite and signs with it: the port for keys in hardware. [`SecretKey`] keeps one in
/// memory.
pub trait SuiteSigner: Send + Sync {
    /// The public key.
    fn public(&self) -> &PublicKey;
    /// Signs a message in a domain, see [`PublicKey::verify`]: [`super::SIGNATURE_BYTES`] bytes.
    ///
    /// # Errors
    /// [`SignError::Domain`], and [`SignError::Device`] when the key can't be used now.
    fn sign(&self, domain: &str, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// A secret key in memory, wiped when dropped.
///
/// Signatures need no randomness and are the same each time: Ed25519 is so by itself, SM2 draws its `k` from key
/// and message by RFC 6979 with HMAC-SM3. A verifier can't tell such a `k` from a random one.
pub struct SecretKey {
    public: PublicKey,
    secret: Secret,
}

enum Secret {
    /// Wiped by its crate.
    Ed25519(Box<SigningKey>),
    /// The crate's signing key is not wiped when dropped, so it lives only while it signs. Boxed, so that moving
    /// it leaves no copies.
    Sm2(Box<Zeroizing<[u8; 32]>>),
}

impl SecretKey {
    /// Takes 32 secret bytes: the seed of RFC 8032 for Ed25519, the number `d` (big-endian) for SM2. The caller
    /// wipes its own copy.
    ///
    /// # Errors
    /// [`SecretKeyError`] for an SM2 number outside 1 … n-2 (GB/T 32918.1 section 6.1): about one in 2^32 of
    /// random ones, for which the caller draws again.
    pub fn from_secret(suite: Suite, secret: &[u8; 32]) -> Result<SecretKey, SecretKeyError> {
        let (public, secret) = match suite {
            Suite::Ed25519 => {
                let key = Box::new(SigningKey::from_bytes(secret));
                (PublicKey::new(suite, &key.verifying_key().to_bytes()), Secret::Ed25519(key))
            }
            Suite::Sm2 => {
                let key = sm2::SecretKey::from_slice(secret).map_err(|_| SecretKeyError)?;
                // With d = n-1 the signature's inverse of 1+d does not exist.
                let one = sm2::Scalar::ONE;
                if bool::from((*key.to_nonzero_scalar().as_ref() + one).is_zero()) {
                    return Err(SecretKeyError);
                }
                let point = key.public_key().to_sec1_point(false);
                (PublicKey::new(suite, point.as_bytes()), Secret::Sm2(Box::new(Zeroizing::new(*secret))))
            }
        };
        Ok(SecretKey { public: public.map_err(|_| SecretKeyError)?, secret })
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The 32 secret bytes, for saving them.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        match &self.secret {
            Secret::Ed25519(key) => Zeroizing::new(key.to_bytes()),
            Secret::Sm2(secret) => Zeroizing::clone(secret),
        }
    }

    /// Signs a message in a domain, see [`PublicKey::verify`].
    ///
    /// # Errors
    /// [`SignError::Domain`]. [`SignError::Device`] can't be met in practice: SM2 fails for one `k` in 2^255.
    pub fn sign(&self, domain: &str, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let framed = framed(domain, message).ok_or_else(|| SignError::Domain(domain.to_owned()))?;
        self.sign_raw(&framed)
    }

    /// Signs exactly these bytes.
    pub(crate) fn sign_raw(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.secret {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Secret::Sm2(secret) => sm2::dsa::SigningKey::from_slice(SM2_ID, &secret[..])
                .and_then(|key| key.try_sign(message))
                .map(|signature| signature.to_bytes().to_vec())
                .map_err(|error| SignError::Device(error.to_string())),
        }
    }
}

impl SuiteSigner for SecretKey {
    fn public(&self) -> &PublicKey {
        &self.public
    }
    fn sign(&self, domain: &str, message: &[u8]) -> Result<Vec<u8>, SignError> {
        SecretKey::sign(self, domain, message)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({}:…)", self.public.suite())
    }
}
