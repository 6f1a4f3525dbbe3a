//! Witnessing: cosigning what other members' logs say of themselves, and having one's own cosigned.

use crate::App;
use crate::ports::{CosignatureRow, StoreError, WitnessedRow};
use jiff::Timestamp;
use lianzhi_docket::note::{KeyKind, Signer, VerifierKey};
use lianzhi_docket::witness::{
    AddCheckpoint, WitnessRefusal, Witnessed, consider, cosign, take_cosignatures, witness_name,
};

/// What a witness answers.
#[derive(Debug, Clone)]
pub enum Witnessing {
    /// Its line.
    Cosigned(String),
    /// Why it does not sign.
    Refused(Box<WitnessRefusal>),
}

/// How often a request is looked at anew because another of the same log came in between.
const TRIES_MAX: usize = 4;

impl App {
    /// The name and key with which this node witnesses, as C2SP writes it.
    ///
    /// # Errors
    /// When the name is no key name.
    pub fn witness_key(&self) -> Result<VerifierKey, StoreError> {
        let signer = self.inner.shared.keys().signer() as &dyn Signer;
        VerifierKey::of(&witness_name(&self.config().node), KeyKind::Witness, signer)
            .map_err(|e| StoreError::Engine(e.to_string()))
    }

    /// Keys of the other members' logs.
    fn log_keys(&self) -> Vec<VerifierKey> {
        self.other_members().iter().filter_map(|member| member.log_key.parse().ok()).collect()
    }

    /// Decides as a witness, and stores what is witnessed before the line is given.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn witness(&self, request: &AddCheckpoint) -> Result<Witnessing, StoreError> {
        let keys = self.log_keys();
        let x = &self.inner.store.exchange;
        let origin = request.checkpoint.checkpoint.origin.to_string();
        for _ in 0..TRIES_MAX {
            let kept = x.witnessed(&origin).await?;
            let state: Option<Witnessed> = kept
                .as_ref()
                .map(|row| serde_json::from_value(serde_json::Value::String(row.note.clone())))
                .transpose()
                .map_err(|e| StoreError::Damaged(e.to_string()))?;
            let witnessed = match consider(state.as_ref(), request, &keys) {
                Ok(witnessed) => witnessed,
                Err(refusal) => {
                    // Who asks is not authenticated: only what the log's signatures prove counts against it.
                    if let Some(evidence) = refusal.evidence()
                        && !self.keep_log_fork(evidence, &keys).await?
                        && evidence.check(&keys).is_ok()
                    {
                        self.keep_question(evidence).await?;
                    }
                    return Ok(Witnessing::Refused(Box::new(refusal)));
                }
            };
            let row = WitnessedRow {
                origin: origin.clone(),
                size: i64::try_from(witnessed.size()).unwrap_or(i64::MAX),
                root: *witnessed.root(),
                at: self.now().as_microsecond(),
                note: witnessed.checkpoint().to_string(),
            };
            if x.witness(&row, kept.map_or(0, |row| row.size)).await? {
                let name = witness_name(&self.config().node);
                let signer = self.inner.shared.keys().signer();
                let line = cosign(&witnessed, &name, signer, self.now())
                    .map_err(|e| StoreError::Engine(e.to_string()))?;
                return Ok(Witnessing::Cosigned(line));
            }
        }
        Err(StoreError::HeadMoved)
    }

    /// The request by which a member is asked to cosign the newest checkpoint; none when it cosigned it already.
    ///
    /// # Errors
    /// When the store cannot be read, or the log is shorter than what was witnessed.
    pub async fn ask_witness(
        &self,
        witness: &VerifierKey,
        old: Option<u64>,
    ) -> Result<Option<AddCheckpoint>, StoreError> {
        let Some(newest) = self.checkpoint().await else { return Ok(None) };
        let cosigned = self.inner.store.exchange.cosigned(&witness.to_string()).await?;
        let size = u64::try_from(newest.size).unwrap_or(0);
        if cosigned == Some(newest.size) || size == 0 {
            return Ok(None);
        }
        let old = old.unwrap_or_else(|| cosigned.and_then(|n| u64::try_from(n).ok()).unwrap_or(0));
        let checkpoint = newest.note.parse().map_err(|e| StoreError::Damaged(format!("checkpoint: {e}")))?;
        let proof =
            if old == 0 || old == size { Vec::new() } else { self.log().consistency(old, size).await? };
        Ok(Some(AddCheckpoint { old, proof, checkpoint }))
    }

    /// Keeps a witness's line under one of this node's checkpoints; false when it does not hold.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_cosignature(
        &self,
        request: &AddCheckpoint,
        answer: &str,
        witness: &VerifierKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut checkpoint = request.checkpoint.clone();
        let taken = take_cosignatures(&mut checkpoint, answer, std::slice::from_ref(witness));
        if taken.is_err() {
            return Ok(false);
        }
        let line = checkpoint.note.signatures().iter().find(|line| line.name == witness.name());
        let Some(line) = line else { return Ok(false) };
        let row = CosignatureRow {
            size: i64::try_from(checkpoint.checkpoint.size).unwrap_or(i64::MAX),
            witness: witness.to_string(),
            at: now.as_microsecond(),
            line: line.to_string(),
        };
        self.inner.store.exchange.put_cosignature(&row).await?;
        Ok(true)
    }
}
