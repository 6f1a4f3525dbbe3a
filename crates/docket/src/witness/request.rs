//! The request: from which size, the proof, the checkpoint.

use crate::merkle::{HashReader, consistency_proof};
use crate::note::{BASE64, CheckpointError, NOTE_BYTES_MAX, SignedCheckpoint, decimal};
use base64::Engine as _;
use lianzhi_ids::Digest;
use std::fmt;

/// Most hashes in a consistency proof (the specification's bound).
pub const PROOF_HASHES_MAX: usize = 63;
/// Longest request in bytes: a note, a size, and 63 hashes of 45 bytes.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + (4 << 10);

/// What a log sends to a witness: the body of `POST …/add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness saw last, as far as the log knows; 0 for none.
    pub old: u64,
    /// RFC 6962 consistency proof from there; empty from 0.
    pub proof: Vec<Digest>,
    /// The new checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// A text that is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not of the form.
    #[error("见证请求格式不正确：{0}")]
    Form(&'static str),
    /// Ends with something that is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl AddCheckpoint {
    /// Makes the request, with the proof from the log's tree. `None` when `old` is beyond the checkpoint: the
    /// witness has seen more than this log holds.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn from_log<R: HashReader>(
        reader: &mut R,
        old: u64,
        checkpoint: SignedCheckpoint,
    ) -> Result<Option<AddCheckpoint>, R::Error> {
        let size = checkpoint.checkpoint.size;
        if old > size {
            return Ok(None);
        }
        let proof = consistency_proof(reader, old, size)?.unwrap_or_default();
        Ok(Some(AddCheckpoint { old, proof, checkpoint }))
    }

    /// Reads a request's body.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn parse(body: &str) -> Result<AddCheckpoint, RequestError> {
        let bad = RequestError::Form;
        if body.len() > REQUEST_BYTES_MAX {
            return Err(bad("过长"));
        }
        let (head, checkpoint) = body.split_once("\n\n").ok_or(bad("缺少空行"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(bad("首行应为 old 和大小"))?;
        let mut proof = Vec::new();
        for line in lines {
            let hash = BASE64.decode(line).ok().and_then(|bytes| bytes.try_into().ok());
            proof.push(Digest(hash.ok_or(bad("摘要"))?));
            if proof.len() > PROOF_HASHES_MAX {
                return Err(bad("摘要过多"));
            }
        }
        Ok(AddCheckpoint { old, proof, checkpoint: checkpoint.parse()? })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
