//! The node's keys: one signs the log, one wraps the keys of parts, one keys the digests by which particulars are
//! found, and those of the exchange sign what goes to other members. Software keys on disk today, behind the same few
//! functions that a hardware module would offer.

use crate::ports::{Entropy, PartRow};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use lianzhi_docket::entry::Salt;
use lianzhi_docket::note::SoftwareKey;
use lianzhi_docket::suite::{Suite, SuiteSigner};
use lianzhi_exchange::compact::Roster;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use sha2::Sha256;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of a nonce of XChaCha20-Poly1305.
const NONCE_BYTES: usize = 24;

/// The node's keys.
#[derive(Clone)]
pub struct Keys {
    signer: Arc<SoftwareKey>,
    wrap: Arc<Zeroizing<[u8; 32]>>,
    find: Arc<Zeroizing<[u8; 32]>>,
    /// Oldest first; the last one signs.
    exchange: Arc<Vec<Arc<dyn SuiteSigner>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// A part as it goes into storage, with its plain text for the projections of the same transaction.
#[derive(Clone)]
pub struct Sealed {
    /// The row.
    pub row: PartRow,
    /// The text.
    pub text: String,
}

/// Without the text: what is printed for debugging ends up in logs.
impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed").field("digest", &self.row.digest).finish_non_exhaustive()
    }
}

impl Keys {
    /// Keys from three independent secrets: signing, wrapping, finding.
    #[must_use]
    pub fn new(sign: &[u8; 32], wrap: [u8; 32], find: [u8; 32]) -> Keys {
        Keys {
            signer: Arc::new(SoftwareKey::from_secret(sign)),
            wrap: Arc::new(Zeroizing::new(wrap)),
            find: Arc::new(Zeroizing::new(find)),
            exchange: Arc::default(),
        }
    }

    /// The same with keys for the exchange, oldest first: the last one signs. The others are kept for as long as the
    /// roster names them, so that a rotation can be countersigned by the key before.
    #[must_use]
    pub fn with_exchange(mut self, keys: Vec<Arc<dyn SuiteSigner>>) -> Keys {
        self.exchange = Arc::new(keys);
        self
    }

    /// The key that signs what goes to other members; none on a node that works alone.
    #[must_use]
    pub fn exchange(&self) -> Option<&Arc<dyn SuiteSigner>> {
        self.exchange.last()
    }

    /// The key with which checkpoints and statements are signed a second time, where national cryptography is required
    /// (docs/evidence-bundle.md, The SM2 line).
    #[must_use]
    pub fn sm2(&self) -> Option<&Arc<dyn SuiteSigner>> {
        self.exchange().filter(|key| key.public().suite() == Suite::Sm2)
    }

    /// The newest key of the exchange that a roster names for this node at this time: a new key is used once the members
    /// know it. The newest of all where the roster names none.
    #[must_use]
    pub fn signing(
        &self,
        roster: Option<&Roster>,
        me: &NodeCode,
        at: Timestamp,
    ) -> Option<&Arc<dyn SuiteSigner>> {
        let named = |key: &&Arc<dyn SuiteSigner>| {
            roster.is_some_and(|roster| roster.key(me, &key.public().id(), at).is_some())
        };
        self.exchange.iter().rev().find(named).or_else(|| self.exchange())
    }

    /// All keys of the exchange, oldest first.
    #[must_use]
    pub fn exchange_keys(&self) -> &[Arc<dyn SuiteSigner>] {
        &self.exchange
    }

    /// Fresh keys.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> (Keys, Zeroizing<[u8; 96]>) {
        let mut secret = Zeroizing::new([0; 96]);
        entropy.fill(&mut *secret);
        (Keys::from_secret(&secret), secret)
    }

    /// Keys from the 96 bytes that [`Keys::generate`] gave.
    #[must_use]
    pub fn from_secret(secret: &[u8; 96]) -> Keys {
        let piece = |n: usize| {
            let mut out = [0; 32];
            out.copy_from_slice(&secret[n * 32..(n + 1) * 32]);
            out
        };
        Keys::new(&piece(0), piece(1), piece(2))
    }

    /// The key that signs the log.
    #[must_use]
    pub fn signer(&self) -> &SoftwareKey {
        &self.signer
    }

    /// Seals a text as a part of a docket: a key of its own, wrapped by the node's.
    #[must_use]
    pub fn seal(&self, entropy: &dyn Entropy, docket: DocketId, kind: &str, text: &str) -> Sealed {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        self.seal_salted(entropy, docket, kind, text, salt)
    }

    /// The same under a salt that was drawn elsewhere: a part that another member sent keeps its digest.
    #[must_use]
    pub fn seal_salted(
        &self,
        entropy: &dyn Entropy,
        docket: DocketId,
        kind: &str,
        text: &str,
        salt: Salt,
    ) -> Sealed {
        let mut random = Zeroizing::new([0u8; 32 + 2 * NONCE_BYTES]);
        entropy.fill(&mut *random);
        let key = &random[..32];
        let digest = lianzhi_docket::part_digest(&salt, kind, text.as_bytes());
        let row = PartRow {
            digest,
            docket,
            kind: kind.to_owned(),
            salt,
            key: Some(encrypt(&**self.wrap, &random[32..32 + NONCE_BYTES], key)),
            sealed: Some(encrypt(key, &random[32 + NONCE_BYTES..], text.as_bytes())),
        };
        Sealed { row, text: text.to_owned() }
    }

    /// Opens a part; `None` when it was erased or is damaged (verify says which).
    #[must_use]
    pub fn open(&self, row: &PartRow) -> Option<String> {
        let key = Zeroizing::new(decrypt(&**self.wrap, row.key.as_deref()?)?);
        let text = String::from_utf8(decrypt(&key, row.sealed.as_deref()?)?).ok()?;
        (lianzhi_docket::part_digest(&row.salt, &row.kind, text.as_bytes()) == row.digest).then_some(text)
    }

    /// Seals a small secret of the node itself (TOTP secrets).
    #[must_use]
    pub fn wrap_secret(&self, entropy: &dyn Entropy, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        encrypt(&**self.wrap, &nonce, secret)
    }

    /// Opens what [`Keys::wrap_secret`] sealed.
    #[must_use]
    pub fn unwrap_secret(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        decrypt(&**self.wrap, sealed)
    }

    /// A keyed digest: the same input gives the same digest on this node and says nothing to anybody else.
    #[must_use]
    pub fn keyed(&self, domain: &str, input: &str) -> Digest {
        let mut out = [0; 32];
        if let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&**self.find) {
            mac.update(domain.as_bytes());
            mac.update(&[0]);
            mac.update(input.as_bytes());
            out.copy_from_slice(&mac.finalize().into_bytes());
        }
        Digest(out)
    }

    /// Keyed pairs of characters, by which particulars are found without being stored: eight bytes each, sorted.
    #[must_use]
    pub fn secret_bigrams(&self, text: &str) -> Vec<i64> {
        let text = crate::search::normalise(text);
        let mut grams: Vec<i64> = crate::search::bigrams(&text)
            .map(|pair| {
                let digest = self.keyed("bigram", &String::from_iter(pair));
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&digest.0[..8]);
                i64::from_be_bytes(bytes)
            })
            .collect();
        grams.sort_unstable();
        grams.dedup();
        grams
    }
}

fn encrypt(key: &[u8], nonce: &[u8], plain: &[u8]) -> Vec<u8> {
    let Ok(cipher) = XChaCha20Poly1305::new_from_slice(key) else {
        return Vec::new();
    };
    let Ok(nonce) = <[u8; NONCE_BYTES]>::try_from(nonce) else {
        return Vec::new();
    };
    let mut out = nonce.to_vec();
    out.extend(cipher.encrypt(&XNonce::from(nonce), plain).unwrap_or_default());
    out
}

fn decrypt(key: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).ok()?;
    XChaCha20Poly1305::new_from_slice(key).ok()?.decrypt(&XNonce::from(nonce), body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (n, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(n % 251).unwrap();
            }
        }
    }

    #[test]
    fn a_part_opens_only_with_its_key_and_only_unchanged() {
        let (keys, _) = Keys::generate(&Counting);
        let sealed = keys.seal(&Counting, DocketId(1), "contact", "张三 13800000000");
        assert_eq!(keys.open(&sealed.row).as_deref(), Some("张三 13800000000"));
        let mut erased = sealed.row.clone();
        erased.key = None;
        assert_eq!(keys.open(&erased), None);
        let mut changed = sealed.row.clone();
        changed.sealed.as_mut().unwrap()[30] ^= 1;
        assert_eq!(keys.open(&changed), None);
    }
}
