//! Checkpoints: the signed head of the log.

use super::{BASE64, Note, NoteError, SignError, Signer, VerifierKey};
use crate::suite::SuiteSigner;
use base64::Engine as _;
use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Which log a checkpoint is of: `lianzhi/310118/log/1`.
///
/// The generation goes up when a node starts again from a backup that lacks the end of the log: then two trees
/// of one node exist, and nobody may take one for the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The node.
    pub node: NodeCode,
    /// Generation of its log, from 1.
    pub generation: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lianzhi/{}/log/{}", self.node, self.generation)
    }
}

impl FromStr for Origin {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<Origin, CheckpointError> {
        let bad = CheckpointError::Form("日志名称应为 lianzhi/节点/log/代次");
        let (node, generation) =
            text.strip_prefix("lianzhi/").and_then(|t| t.split_once("/log/")).ok_or(bad.clone())?;
        let node = NodeCode::parse(node).map_err(|_| bad.clone())?;
        let origin = Origin { node, generation: generation.parse().map_err(|_| bad.clone())? };
        if origin.generation > 0 && origin.to_string() == text { Ok(origin) } else { Err(bad) }
    }
}

/// The head of a log: how many entries it holds and what they are, as one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Number of entries.
    pub size: u64,
    /// Root of the Merkle tree over them.
    pub root: Digest,
    /// When it was signed, to the microsecond: the extension line `time <micros>`.
    pub time: Timestamp,
}

/// A text that is no checkpoint of ours, or is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not of the form.
    #[error("检查点格式不正确：{0}")]
    Form(&'static str),
    /// Not a signed note, or not signed as it should be.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let root = BASE64.encode(self.root.0);
        format!("{}\n{}\n{root}\ntime {}\n", self.origin, self.size, self.time.as_microsecond())
    }

    /// Reads a checkpoint's text. Extension lines after the time are ignored; they are signed all the same.
    ///
    /// # Errors
    /// [`CheckpointError::Form`].
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let bad = CheckpointError::Form;
        let mut lines = text.strip_suffix('\n').ok_or(bad("应以换行结束"))?.split('\n');
        let mut line = || lines.next().filter(|l| !l.is_empty()).ok_or(bad("行数不足"));
        let origin = line()?.parse()?;
        let size = decimal(line()?).ok_or(bad("大小"))?;
        let root = BASE64.decode(line()?).ok().and_then(|b| b.try_into().ok()).ok_or(bad("根摘要"))?;
        let micros = line()?.strip_prefix("time ").and_then(decimal).ok_or(bad("时间"))?;
        let micros = i64::try_from(micros).map_err(|_| bad("时间"))?;
        let time = Timestamp::from_microsecond(micros).map_err(|_| bad("时间"))?;
        if lines.any(str::is_empty) {
            return Err(bad("空行"));
        }
        Ok(Checkpoint { origin, size, root: Digest(root), time })
    }

    /// Signs as the log, under the name of the origin.
    ///
    /// # Errors
    /// Those of the signer.
    pub fn sign(&self, signer: &dyn Signer) -> Result<SignedCheckpoint, SignError> {
        let mut note = Note::new(self.text())?;
        note.sign(&self.origin.to_string(), signer)?;
        Ok(SignedCheckpoint { checkpoint: self.clone(), note })
    }
}

/// A checkpoint as it is stored, served and saved: the note and what it says. Being one does not mean that the
/// signatures hold: see [`SignedCheckpoint::verify`]. In JSON it is the note's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SignedCheckpoint {
    /// What the note says.
    pub checkpoint: Checkpoint,
    /// The note.
    pub note: Note,
}

impl SignedCheckpoint {
    /// Checks the log's signature. A key counts for every generation of its node's log: each checkpoint names its
    /// own, under its signature. One good line of one of these keys is enough, whichever its algorithm, and no
    /// line of theirs may be wrong: who accepts SM2 only gives the SM2 key only.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] and [`NoteError::BadSignature`].
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<(), NoteError> {
        verify_as(&self.note, &self.checkpoint.origin, keys)
    }

    /// Signs as the log a second time, with SM2.
    ///
    /// # Errors
    /// Those of the signer, and when its key is not SM2.
    pub fn sign_sm2(&mut self, signer: &dyn SuiteSigner) -> Result<(), SignError> {
        self.note.sign_sm2(&self.checkpoint.origin.to_string(), signer)
    }

    /// The same checkpoint with the lines of these log keys only, one of each: what is worth keeping of a
    /// checkpoint that came from outside. The lines are told by their ids and not checked.
    #[must_use]
    pub fn only_of(&self, keys: &[VerifierKey]) -> SignedCheckpoint {
        let name = self.checkpoint.origin.to_string();
        let ids: Vec<u32> = of_node(&self.checkpoint.origin, keys)
            .filter_map(|key| key.renamed(&name).ok())
            .map(|key| key.id())
            .collect();
        let lines = self.note.signatures().iter().filter(|line| line.name == name && ids.contains(&line.id));
        let note = Note::with(self.note.text(), lines.cloned());
        SignedCheckpoint { checkpoint: self.checkpoint.clone(), note }
    }

    /// The witnesses among these who cosigned. A wrong line counts as none: anybody can add one, and it must
    /// not take the worth from the others. One key counts once, whatever its names.
    pub fn witnesses<'k>(&self, keys: &'k [VerifierKey]) -> Vec<&'k VerifierKey> {
        let mut found: Vec<&VerifierKey> = Vec::new();
        for key in keys.iter().filter(|key| key.kind() == super::KeyKind::Witness) {
            if matches!(self.note.signed_by(key), Ok(Some(_)))
                && !found.iter().any(|f| f.public() == key.public())
            {
                found.push(key);
            }
        }
        found
    }
}

impl From<SignedCheckpoint> for String {
    fn from(signed: SignedCheckpoint) -> String {
        signed.to_string()
    }
}

impl TryFrom<String> for SignedCheckpoint {
    type Error = CheckpointError;
    fn try_from(text: String) -> Result<SignedCheckpoint, CheckpointError> {
        text.parse()
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<SignedCheckpoint, CheckpointError> {
        let note: Note = text.parse()?;
        Ok(SignedCheckpoint { checkpoint: Checkpoint::parse(note.text())?, note })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

/// Checks that a note is signed in the name of a log by one of its node's keys.
pub(crate) fn verify_as(note: &Note, origin: &Origin, keys: &[VerifierKey]) -> Result<(), NoteError> {
    let mut signed = false;
    for key in of_node(origin, keys) {
        let key = key.renamed(&origin.to_string()).map_err(|_| NoteError::Unsigned)?;
        signed |= note.signed_by(&key)?.is_some();
    }
    if signed { Ok(()) } else { Err(NoteError::Unsigned) }
}

/// The keys among these with which a log's node signs, in whichever generation.
pub(crate) fn of_node<'k>(origin: &Origin, keys: &'k [VerifierKey]) -> impl Iterator<Item = &'k VerifierKey> {
    let node = origin.node.clone();
    keys.iter().filter(move |key| {
        key.kind().is_log() && key.name().parse::<Origin>().is_ok_and(|origin| origin.node == node)
    })
}

/// A decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
