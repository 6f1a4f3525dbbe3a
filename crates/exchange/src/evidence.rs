//! Proof that a member said two things at one place. Anybody who has the roster can check it; nobody else's word is needed.

use crate::compact::Roster;
use crate::envelope::{Envelope, EnvelopeError, EnvelopeId};
use crate::signature::Signature;
use lianzhi_docket::witness::ForkEvidence;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An envelope's exact bytes with the author's signature, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The bytes, JSON.
    pub envelope: String,
    /// The signature.
    pub signature: Signature,
}

/// Two signed envelopes of one author that can't both be honest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivocation {
    /// The one that was held first.
    pub one: Signed,
    /// The other.
    pub other: Signed,
}

/// What members show each other against one of them, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Evidence {
    /// Two envelopes: checked against the roster.
    Envelopes(Equivocation),
    /// Two checkpoints of a log: checked against its key.
    Log(Box<ForkEvidence>),
}

/// What two envelopes prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Two envelopes of one id.
    SameId {
        /// The id.
        id: EnvelopeId,
    },
    /// Two entries at one place of a stream: both are there, or one is and the other's successor names another one before it.
    SamePlace {
        /// The docket.
        docket: SharedId,
        /// Whose stream.
        author: NodeCode,
        /// The place.
        seq: u32,
    },
}

/// Why two envelopes prove nothing.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// One of them is no envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// One of them is not signed by a key of its author that the roster knows.
    #[error("签名无法用名册中的密钥验证")]
    Signature,
    /// They go together.
    #[error("两个信封并不矛盾")]
    Consistent,
}

impl Equivocation {
    /// What it proves. Keys count whatever their time: a thief's signature with a revoked key is shown as what it is, signed
    /// with that member's key.
    ///
    /// # Errors
    /// [`NoProof`].
    pub fn verify(&self, roster: &Roster) -> Result<Fault, NoProof> {
        let one = self.one.open(roster)?;
        let other = self.other.open(roster)?;
        if one.author() != other.author() || one.docket() != other.docket() {
            return Err(NoProof::Consistent);
        }
        if one.id == other.id && one.bytes() != other.bytes() {
            return Ok(Fault::SameId { id: one.id });
        }
        match differs_at(&one, &other) {
            Some(seq) => Ok(Fault::SamePlace { docket: one.id.docket, author: one.id.author, seq }),
            None => Err(NoProof::Consistent),
        }
    }
}

impl Signed {
    fn open(&self, roster: &Roster) -> Result<Envelope, NoProof> {
        let envelope = Envelope::parse(&self.envelope)?;
        let key = roster.any_key(envelope.author(), &self.signature.key).ok_or(NoProof::Signature)?;
        if envelope.is_by(key, &self.signature) { Ok(envelope) } else { Err(NoProof::Signature) }
    }
}

/// The first place at which the two name different entries.
fn differs_at(one: &Envelope, other: &Envelope) -> Option<u32> {
    let places = |envelope: &Envelope| -> Vec<(u32, Digest)> {
        let before = envelope
            .entries
            .first()
            .and_then(|said| said.entry.seq.checked_sub(1).map(|seq| (seq, said.entry.prev)));
        let said = envelope.entries.iter().map(|said| (said.entry.seq, said.digest));
        before.into_iter().chain(said).collect()
    };
    let others = places(other);
    places(one)
        .into_iter()
        .find_map(|(seq, digest)| others.iter().any(|(s, d)| *s == seq && *d != digest).then_some(seq))
}
