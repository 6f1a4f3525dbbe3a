//! Signed notes: a text and the signatures of those who stand by it (C2SP signed-note), checkpoints of the log
//! (C2SP tlog-checkpoint) and the cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1`). A log may sign
//! a second time with SM2, on a line that others ignore.

mod checkpoint;
mod key;
#[cfg(test)]
mod tests;

pub use checkpoint::{Checkpoint, CheckpointError, Origin, SignedCheckpoint};
pub(crate) use checkpoint::{decimal, of_node, verify_as};
pub use key::{KeyError, KeyKind, SM2_ALGORITHM, SignError, Signer, SoftwareKey, VerifierKey};

use crate::suite::{SuiteSigner, framed};

use base64::Engine as _;
pub(crate) use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Longest note in bytes. Ours have a few hundred.
pub const NOTE_BYTES_MAX: usize = 64 << 10;
/// Most signatures on a note (the specification asks for at least 16).
pub const SIGNATURES_MAX: usize = 100;

/// Domain of SM2 signatures on notes: an SM2 key also signs other things.
pub const SM2_DOMAIN: &str = "note";

/// Seconds of a cosignature go before its signature, as eight bytes.
const COSIGNATURE_BYTES: usize = 8 + 64;

/// A note that can't be read, or whose signatures don't hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not of the form of a signed note.
    #[error("签名文本格式不正确：{0}")]
    Form(&'static str),
    /// Signed by a known key, and the signature is wrong: the text or the signature was changed.
    #[error("密钥“{0}”的签名与内容不符")]
    BadSignature(String),
    /// Not signed by any of the keys that count.
    #[error("没有可信密钥的签名")]
    Unsigned,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Hash of name, kind and key, by which lines of unknown keys are told apart.
    pub id: u32,
    /// What follows the key's id: its meaning depends on the kind of key.
    pub bytes: Vec<u8>,
}

/// A text with signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// That a known key signed, and when if it said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The witness's time (whole seconds), for cosignatures.
    pub at: Option<Timestamp>,
}

impl Note {
    /// A text that nobody has signed yet.
    ///
    /// # Errors
    /// [`NoteError::Form`] when the text does not end with a newline or has control characters.
    pub fn new(text: String) -> Result<Note, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Form("正文应以换行结束"));
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Form("正文含控制字符"));
        }
        Ok(Note { text, signatures: Vec::new() })
    }

    /// The signed text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines, known or not.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Signs as a log: Ed25519 over the text.
    ///
    /// # Errors
    /// When the name is no key name or the signer can't sign.
    pub fn sign(&mut self, name: &str, signer: &dyn Signer) -> Result<(), SignError> {
        let key = VerifierKey::of(name, KeyKind::Log, signer)?;
        let signature = signer.sign(self.text.as_bytes())?;
        self.add(&key, signature.to_vec());
        Ok(())
    }

    /// Signs as a log with SM2, beside the Ed25519 line.
    ///
    /// # Errors
    /// When the name is no key name, the key is not of the suite SM2, or the signer can't sign.
    pub fn sign_sm2(&mut self, name: &str, signer: &dyn SuiteSigner) -> Result<(), SignError> {
        let key = VerifierKey::of_public(name, KeyKind::Sm2Log, signer.public().clone())?;
        let signature = signer.sign(SM2_DOMAIN, self.text.as_bytes())?;
        self.add(&key, signature);
        Ok(())
    }

    /// Signs as a witness: Ed25519 over `cosignature/v1`, the time and the text.
    ///
    /// # Errors
    /// When the name is no key name, the time is before 1970, or the signer can't sign.
    pub fn cosign(&mut self, name: &str, signer: &dyn Signer, at: Timestamp) -> Result<(), SignError> {
        let key = VerifierKey::of(name, KeyKind::Witness, signer)?;
        let seconds = u64::try_from(at.as_second()).map_err(|_| SignError::Time)?;
        let signature = signer.sign(cosigned(&self.text, seconds).as_bytes())?;
        self.add(&key, [&seconds.to_be_bytes()[..], &signature].concat());
        Ok(())
    }

    fn add(&mut self, key: &VerifierKey, bytes: Vec<u8>) {
        self.put(Signature { name: key.name().to_owned(), id: key.id(), bytes });
    }

    /// Puts a line in, in place of older ones of the same key.
    pub(crate) fn put(&mut self, line: Signature) {
        self.signatures.retain(|s| s.name != line.name || s.id != line.id);
        self.signatures.push(line);
    }

    /// The text of another note with these lines.
    pub(crate) fn with(text: &str, lines: impl IntoIterator<Item = Signature>) -> Note {
        let mut note = Note { text: text.to_owned(), signatures: Vec::new() };
        lines.into_iter().for_each(|line| note.put(line));
        note
    }

    /// Takes over the signatures of another copy of the same note, such as the lines that a witness sent back.
    pub fn merge(&mut self, other: &Note) {
        for signature in other.signatures.iter().filter(|_| other.text == self.text) {
            if !self.signatures.contains(signature) && self.signatures.len() < SIGNATURES_MAX {
                self.signatures.push(signature.clone());
            }
        }
    }

    /// Whether this key signed the note.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when there is a line of this key and it is wrong.
    pub fn signed_by(&self, key: &VerifierKey) -> Result<Option<Signed>, NoteError> {
        let mut signed = None;
        for line in self.signatures.iter().filter(|s| s.name == key.name() && s.id == key.id()) {
            let bad = || NoteError::BadSignature(key.name().to_owned());
            let (message, signature, at) = match key.kind() {
                KeyKind::Log => (self.text.clone().into_bytes(), &line.bytes[..], None),
                KeyKind::Sm2Log => {
                    let framed = framed(SM2_DOMAIN, self.text.as_bytes()).ok_or_else(bad)?;
                    (framed, &line.bytes[..], None)
                }
                KeyKind::Witness if line.bytes.len() == COSIGNATURE_BYTES => {
                    let (seconds, signature) = line.bytes.split_at(8);
                    let seconds = seconds.try_into().map(u64::from_be_bytes).map_err(|_| bad())?;
                    let at = i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok());
                    (cosigned(&self.text, seconds).into_bytes(), signature, Some(at.ok_or_else(bad)?))
                }
                KeyKind::Witness => return Err(bad()),
            };
            if !key.verify(&message, signature) {
                return Err(bad());
            }
            signed = Some(Signed { at });
        }
        Ok(signed)
    }

    /// The keys among these that signed the note: at least one.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when a line of one of these keys is wrong, [`NoteError::Unsigned`] when there
    /// is none. Lines of unknown keys are ignored, as the specification asks.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers = Vec::new();
        for key in keys {
            if self.signed_by(key)?.is_some() {
                signers.push(key);
            }
        }
        if signers.is_empty() { Err(NoteError::Unsigned) } else { Ok(signers) }
    }
}

fn cosigned(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

impl FromStr for Note {
    type Err = NoteError;
    fn from_str(note: &str) -> Result<Note, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::Form("过长"));
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Form("缺少签名"))?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        let mut signed = Note::new(text.to_owned())?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form("签名行应以换行结束"))?;
        for line in lines.split('\n') {
            if signed.signatures.len() == SIGNATURES_MAX {
                return Err(NoteError::Form("签名过多"));
            }
            signed.signatures.push(line.parse()?);
        }
        Ok(signed)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for Signature {
    type Err = NoteError;
    fn from_str(line: &str) -> Result<Signature, NoteError> {
        let bad = NoteError::Form("签名行格式不正确");
        let (name, base64) = line.strip_prefix("— ").and_then(|l| l.split_once(' ')).ok_or(bad.clone())?;
        let bytes = BASE64.decode(base64).map_err(|_| bad.clone())?;
        match bytes.split_first_chunk() {
            Some((id, rest)) if key::is_name(name) && !rest.is_empty() => {
                Ok(Signature { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: rest.to_vec() })
            }
            _ => Err(bad),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        write!(f, "— {} {}", self.name, BASE64.encode(bytes))
    }
}
