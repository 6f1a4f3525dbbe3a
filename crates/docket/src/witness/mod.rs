//! Witnesses: nodes that sign each other's checkpoints after checking that nothing of the log was taken back (C2SP
//! tlog-witness, `add-checkpoint`). Who asks is not authenticated; what counts is the log's signature.
//!
//! The log sends an [`AddCheckpoint`]; the witness [`consider`]s it against what it last witnessed, stores the new
//! [`Witnessed`] *and only then* answers with [`cosign`]; the log [`take_cosignatures`] from the answer. Comparing
//! and storing must be one transaction: of two requests at once, one has to be told of the other.
//!
//! A witness that was shown two histories holds [`ForkEvidence`].

mod evidence;
mod request;
#[cfg(test)]
mod tests;

pub use evidence::{EVIDENCE_BYTES_MAX, EvidenceError, ForkEvidence, Verdict};
pub use request::{AddCheckpoint, PROOF_HASHES_MAX, REQUEST_BYTES_MAX, RequestError};

use crate::merkle::{ProofError, empty_root, verify_consistency};
use crate::note::{KeyKind, NOTE_BYTES_MAX, Note, NoteError, Origin, SIGNATURES_MAX, SignError, Signature};
use crate::note::{SignedCheckpoint, Signer, VerifierKey, decimal, of_node};
use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode};
use serde::{Deserialize, Serialize};

/// Content type of the answer that names the size that was last witnessed.
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";
/// Content type of all other answers.
pub const TEXT_CONTENT_TYPE: &str = "text/plain; charset=utf-8";

/// What a witness remembers of a log: the newest checkpoint of it that it cosigned, with the log's signature, so
/// that it can show it if the log ever tells something else. One for each origin; kept as the note's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Witnessed(SignedCheckpoint);

impl Witnessed {
    /// Which log.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.checkpoint.origin
    }

    /// How many entries of it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.checkpoint.size
    }

    /// Root of the Merkle tree over them.
    #[must_use]
    pub fn root(&self) -> &Digest {
        &self.0.checkpoint.root
    }

    /// The checkpoint as the log signed it.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.0
    }
}

/// Why a witness does not sign. Each has its code in the protocol, see [`WitnessRefusal::status`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    /// Not a request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// No key of this log is known here.
    #[error("本见证方不认识日志 {0}")]
    UnknownLog(Origin),
    /// Not signed by the log.
    #[error("检查点没有该日志的有效签名：{0}")]
    Signature(NoteError),
    /// The old size is larger than the checkpoint's.
    #[error("起始大小 {old} 大于检查点的大小 {size}")]
    OldBeyond {
        /// Old size of the request.
        old: u64,
        /// Size of the checkpoint.
        size: u64,
    },
    /// The proof does not start at what was last witnessed: ask again from there.
    #[error("上次见证的大小是 {witnessed}，请从该处给出一致性证明")]
    Stale {
        /// Size of the log that was last witnessed, 0 for none.
        witnessed: u64,
    },
    /// Same size, other root: the log signed two histories.
    #[error("日志分叉：同一大小签署了不同的内容")]
    Fork(Box<ForkEvidence>),
    /// The proof does not lead from what was witnessed to the checkpoint. What was witnessed and the checkpoint
    /// are kept when there was something: if the log can give no proof at all, they are evidence.
    #[error("一致性证明不成立：{error}")]
    Proof {
        /// What is wrong with it.
        error: ProofError,
        /// Both checkpoints; `None` for a log that was never witnessed.
        evidence: Option<Box<ForkEvidence>>,
    },
}

impl WitnessRefusal {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            WitnessRefusal::Request(_) | WitnessRefusal::OldBeyond { .. } => 400,
            WitnessRefusal::Signature(_) => 403,
            WitnessRefusal::UnknownLog(_) => 404,
            WitnessRefusal::Stale { .. } | WitnessRefusal::Fork(_) => 409,
            WitnessRefusal::Proof { .. } => 422,
        }
    }

    /// Content type and body of the answer. With 409 the body is the size that was last witnessed, alone on its line.
    #[must_use]
    pub fn answer(&self) -> (&'static str, String) {
        match self {
            WitnessRefusal::Stale { witnessed } => (SIZE_CONTENT_TYPE, format!("{witnessed}\n")),
            WitnessRefusal::Fork(evidence) => {
                (SIZE_CONTENT_TYPE, format!("{}\n", evidence.older.checkpoint.size))
            }
            refusal => (TEXT_CONTENT_TYPE, format!("{refusal}\n")),
        }
    }

    /// What is worth an alarm: the two checkpoints that don't agree, or have not been shown to.
    #[must_use]
    pub fn evidence(&self) -> Option<&ForkEvidence> {
        match self {
            WitnessRefusal::Fork(evidence) | WitnessRefusal::Proof { evidence: Some(evidence), .. } => {
                Some(evidence)
            }
            _ => None,
        }
    }
}

/// Decides as a witness: what to remember from now on. `state` is what was last witnessed of the request's origin,
/// `log_keys` are the keys of the logs that are witnessed here.
///
/// # Errors
/// [`WitnessRefusal`] in the order of the specification: unknown log, signature, sizes, fork, proof.
pub fn consider(
    state: Option<&Witnessed>,
    request: &AddCheckpoint,
    log_keys: &[VerifierKey],
) -> Result<Witnessed, WitnessRefusal> {
    let new = &request.checkpoint.checkpoint;
    if of_node(&new.origin, log_keys).next().is_none() {
        return Err(WitnessRefusal::UnknownLog(new.origin.clone()));
    }
    request.checkpoint.verify(log_keys).map_err(WitnessRefusal::Signature)?;
    // Anybody can add lines to a note; what is kept are the log's own.
    let signed = request.checkpoint.only_of(log_keys);
    if request.old > new.size {
        return Err(WitnessRefusal::OldBeyond { old: request.old, size: new.size });
    }
    let state = state.filter(|state| *state.origin() == new.origin);
    let (size, root) = state.map_or((0, empty_root()), |state| (state.size(), *state.root()));
    if request.old != size {
        return Err(WitnessRefusal::Stale { witnessed: size });
    }
    let evidence = state.map(|state| {
        let (older, newer) = (state.checkpoint().clone(), signed.clone());
        Box::new(ForkEvidence { older, newer, proof: request.proof.clone() })
    });
    if let Some(evidence) = evidence.clone().filter(|_| size == new.size && root != new.root) {
        return Err(WitnessRefusal::Fork(evidence));
    }
    verify_consistency(size, &root, new.size, &new.root, &request.proof)
        .map_err(|error| WitnessRefusal::Proof { error, evidence })?;
    Ok(Witnessed(signed))
}

/// Name of a node's key as a witness.
#[must_use]
pub fn witness_name(node: &NodeCode) -> String {
    format!("lianzhi/{node}/witness")
}

/// The body of the answer 200: the witness's signature line. Only after what is witnessed has been stored durably.
///
/// # Errors
/// Those of the signer, and for a time before 1970.
pub fn cosign(
    witnessed: &Witnessed,
    name: &str,
    signer: &dyn Signer,
    at: Timestamp,
) -> Result<String, SignError> {
    let mut note = Note::new(witnessed.0.note.text().to_owned())?;
    note.cosign(name, signer, at)?;
    Ok(note.signatures().iter().map(|line| format!("{line}\n")).collect())
}

/// Takes the cosignatures of known witnesses over from the answer 200, and says whose they were. Lines of others
/// are left out, wrong ones too: they must not spoil the checkpoint.
///
/// # Errors
/// [`NoteError::Form`] when the answer is not signature lines, [`NoteError::Unsigned`] when it has no good line of
/// a known witness.
pub fn take_cosignatures<'k>(
    checkpoint: &mut SignedCheckpoint,
    answer: &str,
    witnesses: &'k [VerifierKey],
) -> Result<Vec<&'k VerifierKey>, NoteError> {
    if answer.len() > NOTE_BYTES_MAX {
        return Err(NoteError::Form("过长"));
    }
    let lines = answer.strip_suffix('\n').ok_or(NoteError::Form("签名行应以换行结束"))?;
    let lines: Vec<Signature> = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
    if lines.len() > SIGNATURES_MAX {
        return Err(NoteError::Form("签名过多"));
    }
    let mut taken = Vec::new();
    for key in witnesses.iter().filter(|key| key.kind() == KeyKind::Witness) {
        if taken.contains(&key) || checkpoint.note.signatures().len() >= SIGNATURES_MAX {
            continue;
        }
        for line in lines.iter().filter(|line| line.name == key.name() && line.id == key.id()) {
            let one = Note::with(checkpoint.note.text(), [line.clone()]);
            if matches!(one.signed_by(key), Ok(Some(_))) {
                checkpoint.note.put(line.clone());
                taken.push(key);
                break;
            }
        }
    }
    if taken.is_empty() { Err(NoteError::Unsigned) } else { Ok(taken) }
}

/// Reads the body of the answer 409: the size that the witness last saw. The log asks again from there; when it is
/// the size from which it had asked, the witness has seen another root at that size: the log must stop and a
/// person look.
#[must_use]
pub fn parse_size(body: &str) -> Option<u64> {
    body.strip_suffix('\n').and_then(decimal)
}
