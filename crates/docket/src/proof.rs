//! The proof of one entry as a text that stands alone (C2SP tlog-proof): where it is in the log, the hashes that
//! lead to the root, and the signed checkpoint.

use crate::merkle::{ProofError, verify_inclusion};
use crate::note::{BASE64, CheckpointError, NOTE_BYTES_MAX, SignedCheckpoint, decimal};
use base64::Engine as _;
use lianzhi_ids::Digest;
use std::fmt;
use std::str::FromStr;

/// First line of every proof.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2⁶³ leaves has no longer proof.
const PATH_MAX: usize = 63;
/// Longest proof in bytes: a note, the hashes, and some extra data.
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + (8 << 10);

/// That an entry is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Data for the application; ours is the leaf's salt.
    pub extra: Option<Vec<u8>>,
    /// Position in the log.
    pub index: u64,
    /// The inclusion proof, see [`crate::merkle::inclusion_proof`].
    pub path: Vec<Digest>,
    /// The signed head to which it leads.
    pub checkpoint: SignedCheckpoint,
}

/// A text that is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// Not of the form.
    #[error("证明格式不正确：{0}")]
    Form(&'static str),
    /// Its checkpoint can't be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl TlogProof {
    /// Checks that the leaf leads to the checkpoint's root. Whether the checkpoint is signed is another matter,
    /// see [`SignedCheckpoint::verify`].
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(&self, leaf_data: &Digest) -> Result<(), ProofError> {
        let head = &self.checkpoint.checkpoint;
        verify_inclusion(leaf_data, self.index, head.size, &self.path, &head.root)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", BASE64.encode(hash.0))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = TlogProofError;
    fn from_str(text: &str) -> Result<TlogProof, TlogProofError> {
        let bad = TlogProofError::Form;
        if text.len() > PROOF_BYTES_MAX {
            return Err(bad("过长"));
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(bad("缺少检查点"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(bad("首行"));
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            None => None,
            Some(base64) => {
                let extra = BASE64.decode(base64).map_err(|_| bad("附加数据"))?;
                lines.next();
                Some(extra)
            }
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(bad("位置"))?;
        let mut path = Vec::new();
        for line in lines {
            let hash = BASE64.decode(line).ok().and_then(|bytes| bytes.try_into().ok());
            path.push(Digest(hash.filter(|_| path.len() < PATH_MAX).ok_or(bad("摘要"))?));
        }
        Ok(TlogProof { extra, index, path, checkpoint: checkpoint.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Leaves, inclusion_proof, root};
    use crate::note::{Checkpoint, SoftwareKey};
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn proof() -> (TlogProof, Vec<Digest>) {
        let leaves: Vec<Digest> = (0..10u8).map(|i| Digest([i; 32])).collect();
        let root = root(&mut Leaves(&leaves), 10).unwrap();
        let origin = "lianzhi/310118/log/1".parse().unwrap();
        let checkpoint = Checkpoint { origin, size: 10, root, time: Timestamp::UNIX_EPOCH };
        let checkpoint = checkpoint.sign(&SoftwareKey::from_secret(&[1; 32])).unwrap();
        let path = inclusion_proof(&mut Leaves(&leaves), 3, 10).unwrap().unwrap();
        (TlogProof { extra: Some(vec![9; 16]), index: 3, path, checkpoint }, leaves)
    }

    #[test]
    fn a_proof_reads_back_and_proves_its_leaf_only() {
        let (proof, leaves) = proof();
        let text = proof.to_string();
        assert!(
            text.starts_with("c2sp.org/tlog-proof@v1\nextra CQkJCQkJCQkJCQkJCQkJCQ==\nindex 3\n"),
            "{text}"
        );
        assert_eq!(text.parse(), Ok(proof.clone()));
        assert_eq!(proof.verify(&leaves[3]), Ok(()));
        assert_eq!(proof.verify(&leaves[4]), Err(ProofError::Root));
        let plain = TlogProof { extra: None, ..proof };
        assert_eq!(plain.to_string().parse(), Ok(plain));
    }

    #[test]
    fn what_is_not_a_proof_is_refused() {
        let text = proof().0.to_string();
        for (from, to) in [
            ("@v1", "@v2"),
            ("index 3", "index 03"),
            ("index 3", "index -3"),
            ("index 3\n", ""),
            ("extra CQkJ", "extra *"),
            ("index 3\n", "index 3\nAAAA\n"),
            ("\n\n", "\n"),
        ] {
            assert!(text.replacen(from, to, 1).parse::<TlogProof>().is_err(), "{from:?} -> {to:?}");
        }
        let hash = format!("index 3\n{}", format!("{}\n", BASE64.encode([0; 32])).repeat(PATH_MAX));
        assert!(text.replacen("index 3\n", &hash, 1).parse::<TlogProof>().is_err(), "too long a path");
    }

    proptest! {
        #[test]
        fn any_change_is_refused_or_reads_back_as_it_is(at in any::<prop::sample::Index>(), xor in 1u8..128) {
            let mut bytes = proof().0.to_string().into_bytes();
            let i = at.index(bytes.len());
            bytes[i] ^= xor;
            if let Ok(text) = String::from_utf8(bytes) && let Ok(read) = text.parse::<TlogProof>() {
                prop_assert_eq!(read.to_string(), text);
            }
        }
    }
}
