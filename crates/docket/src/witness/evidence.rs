//! Two checkpoints of one log that don't go together.

use crate::merkle::{
    HashReader, MissingTile, Tile, TileMap, Tiles, consistency_proof, root, shows_another, tiles_needed,
    verify_consistency,
};
use crate::note::{Checkpoint, NOTE_BYTES_MAX, NoteError, SignedCheckpoint, VerifierKey};
use crate::verify::beijing;
use lianzhi_ids::Digest;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest evidence in bytes, as JSON: two notes whose characters are escaped at worst, and a proof.
pub const EVIDENCE_BYTES_MAX: usize = 4 * NOTE_BYTES_MAX;

/// Two checkpoints that one log signed and that contradict each other, or were not shown to agree. Anybody who has
/// the log's key can [`check`](ForkEvidence::check) it; neither the witness nor whoever passed it on need be
/// believed.
///
/// As JSON: both notes as texts, the proof as hex digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForkEvidence {
    /// The smaller one, or the one that was seen first.
    pub older: SignedCheckpoint,
    /// The other.
    pub newer: SignedCheckpoint,
    /// The consistency proof that came with it and does not hold; or hashes of the newer tree that show another older
    /// one ([`shows_another`]).
    pub proof: Vec<Digest>,
}

/// What evidence shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The same size with two roots: the log signed two histories, and nobody without its key can have made this up.
    Fork,
    /// Different sizes, and the enclosed hashes lead to the newer root, but from another older one: the newer tree does not begin
    /// with the older, and nobody without the log's key can have made this up either.
    Rewritten,
    /// Different sizes, and the enclosed proof does not connect them. Anybody can put a wrong proof beside two good
    /// checkpoints: it is now for the log to show a right one ([`ForkEvidence::is_settled_by`]). If it can't, it took
    /// something back.
    Unproven,
}

impl Verdict {
    /// Whether it accuses the log: what anybody could have put together does not.
    #[must_use]
    pub fn is_proof(self) -> bool {
        self != Verdict::Unproven
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Fork => "日志分叉：该日志以自己的密钥为同一大小签署了两份不同的内容，没有该密钥的人无法伪造。",
            Verdict::Rewritten => {
                "日志改写：该日志以自己的密钥签署了两个检查点，所附摘要表明较新的并不包含较早的内容，没有该密钥的人无法伪造。"
            }
            Verdict::Unproven => {
                "尚待该日志说明：两个检查点均由其签署，所附的一致性证明不成立。请其出示证明；不能出示的，即为改写了已见证的记录。"
            }
        })
    }
}

/// What is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// One of the two is not signed by the log.
    #[error("检查点没有该日志的有效签名")]
    Signature,
    /// They are of different logs (or generations), which need not agree.
    #[error("两个检查点不属于同一日志")]
    Origin,
    /// They agree.
    #[error("两个检查点并不矛盾")]
    Consistent,
    /// The one that is called older is the larger one.
    #[error("两个检查点的次序颠倒")]
    Order,
}

impl fmt::Display for ForkEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for signed in [&self.older, &self.newer] {
            let Checkpoint { origin, size, root, time } = &signed.checkpoint;
            writeln!(f, "{origin}：{size} 条，根摘要 {root}，签署于 {}", beijing(*time))?;
        }
        Ok(())
    }
}

impl ForkEvidence {
    /// Checks it against the log's keys.
    ///
    /// # Errors
    /// [`EvidenceError`] when it shows nothing.
    pub fn check(&self, log_keys: &[VerifierKey]) -> Result<Verdict, EvidenceError> {
        let (older, newer) = (&self.older.checkpoint, &self.newer.checkpoint);
        if older.origin != newer.origin {
            return Err(EvidenceError::Origin);
        }
        let signed =
            |note: &SignedCheckpoint| note.verify(log_keys).map_err(|_: NoteError| EvidenceError::Signature);
        signed(&self.older)?;
        signed(&self.newer)?;
        if older.size > newer.size {
            Err(EvidenceError::Order)
        } else if older.size == newer.size && older.root != newer.root {
            Ok(Verdict::Fork)
        } else if older.size == newer.size || older.size == 0 || self.is_settled_by(&self.proof) {
            // Every log begins with the empty one.
            Err(EvidenceError::Consistent)
        } else if shows_another(older.size, &older.root, newer.size, &newer.root, &self.proof) {
            Ok(Verdict::Rewritten)
        } else {
            Ok(Verdict::Unproven)
        }
    }

    /// The same checkpoints with the log's own lines only: anybody can add others, and it would look like another pair.
    #[must_use]
    pub fn only_of(&self, log_keys: &[VerifierKey]) -> ForkEvidence {
        let (older, newer) = (self.older.only_of(log_keys), self.newer.only_of(log_keys));
        ForkEvidence { older, newer, proof: self.proof.clone() }
    }

    /// The tiles of the log that show whether the newer one begins with the older.
    #[must_use]
    pub fn tiles(&self) -> Vec<Tile> {
        tiles_needed(self.newer.checkpoint.size, |reader| drop(self.shown(reader)))
    }

    /// The same pair with what the log's own tiles show of it: [`check`](ForkEvidence::check) tells then whether they agree,
    /// unless the tiles are not of the newer tree.
    ///
    /// # Errors
    /// [`MissingTile`] when one of [`tiles`](ForkEvidence::tiles) is not there.
    pub fn with_tiles(&self, tiles: &TileMap) -> Result<ForkEvidence, MissingTile> {
        let (whole, proof) = self.shown(&mut Tiles::new(tiles, self.newer.checkpoint.size))?;
        // A proof leaves out the hash of a complete older tree, which is what shows that it was another.
        let left_out = self.older.checkpoint.size.is_power_of_two() && !self.is_settled_by(&proof);
        let proof = if left_out { std::iter::once(whole).chain(proof).collect() } else { proof };
        Ok(ForkEvidence { older: self.older.clone(), newer: self.newer.clone(), proof })
    }

    /// Root of the older tree and the consistency proof, from what is read.
    fn shown<R: HashReader>(&self, reader: &mut R) -> Result<(Digest, Vec<Digest>), R::Error> {
        let (old, new) = (self.older.checkpoint.size, self.newer.checkpoint.size);
        if old > new {
            return Ok((Digest::ZERO, Vec::new()));
        }
        let whole = root(reader, old)?;
        Ok((whole, consistency_proof(reader, old, new)?.unwrap_or_default()))
    }

    /// Whether this consistency proof shows that both are of one history after all.
    #[must_use]
    pub fn is_settled_by(&self, proof: &[Digest]) -> bool {
        let (older, newer) = (&self.older.checkpoint, &self.newer.checkpoint);
        verify_consistency(older.size, &older.root, newer.size, &newer.root, proof).is_ok()
    }
}
