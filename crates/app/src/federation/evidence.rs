//! Evidence against members: kept when it proves something, shown to all, and given to whoever asks. What only raises a
//! question about a log is put to the log and accuses nobody.

use super::Signal;
use super::peers::fork_row;
use crate::App;
use crate::ports::{ForkRow, StoreError};
use lianzhi_docket::note::VerifierKey;
use lianzhi_docket::witness::{EvidenceError, ForkEvidence, Verdict};
use lianzhi_exchange::evidence::{Equivocation, Evidence, Fault};
use lianzhi_ids::{Digest, NodeCode};
use sha2::{Digest as _, Sha256};

/// Pieces of evidence of one kind that are kept against a member: after so many nobody needs more to know, and whoever makes
/// them up without end must fill neither the table nor the lines.
pub const EVIDENCE_MAX: usize = 16;
/// Kind of the row for two checkpoints that were not shown to agree: one for each log, until the log has shown it.
pub const OPEN_QUESTION: &str = "log-open";
/// Rows that are looked through: those of all members.
const ROWS_MAX: i64 = 1_000;

impl App {
    /// Evidence against members, newest first; questions that are still open are not among it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn forks(&self) -> Result<Vec<ForkRow>, StoreError> {
        let mut rows = self.inner.store.exchange.forks(ROWS_MAX).await?;
        rows.retain(|row| row.kind != OPEN_QUESTION);
        rows.truncate(100);
        Ok(rows)
    }

    /// Logs of which two checkpoints were not shown to agree yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open_questions(&self) -> Result<Vec<(NodeCode, ForkEvidence)>, StoreError> {
        let rows = self.inner.store.exchange.forks(ROWS_MAX).await?;
        let open = rows.into_iter().filter(|row| row.kind == OPEN_QUESTION);
        Ok(open.filter_map(|row| Some((row.node, serde_json::from_str(&row.other).ok()?))).collect())
    }

    /// Evidence as other members get it; none when it would prove nothing to them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn evidence(&self, digest: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.inner.store.exchange.forks(ROWS_MAX).await?;
        let Some(row) = rows.into_iter().find(|row| row.digest == digest) else { return Ok(None) };
        let both = match row.kind.as_str() {
            "envelope" => {
                let both = serde_json::from_str(&row.one).ok().zip(serde_json::from_str(&row.other).ok());
                both.map(|(one, other)| Evidence::Envelopes(Equivocation { one, other }))
            }
            "log" => {
                let fork: Option<ForkEvidence> = serde_json::from_str(&row.other).ok();
                fork.map(|fork| Evidence::Log(Box::new(fork)))
            }
            _ => None,
        };
        Ok(both.and_then(|both| serde_json::to_vec(&both).ok()))
    }

    /// Keeps evidence that another member sent, when it holds.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn alarmed(&self, evidence: &Evidence) -> Result<bool, StoreError> {
        match evidence {
            Evidence::Envelopes(both) => self.keep_envelopes(both).await,
            Evidence::Log(fork) => self.keep_log_fork(fork, &self.all_log_keys()).await,
        }
    }

    async fn keep_envelopes(&self, evidence: &Equivocation) -> Result<bool, StoreError> {
        let Some(roster) = self.roster() else { return Ok(false) };
        let (node, subject) = match evidence.verify(&roster) {
            Ok(Fault::SameId { id }) => (id.author.clone(), id.to_string()),
            Ok(Fault::SamePlace { docket, author, seq }) => {
                (author.clone(), format!("{docket}/{author}/{seq}"))
            }
            Err(_) => return Ok(false),
        };
        let text = |signed| serde_json::to_string(signed).unwrap_or_default();
        let mut both = [text(&evidence.one), text(&evidence.other)];
        // The same evidence, whichever of the two was seen first where.
        both.sort();
        let [one, other] = both;
        self.keep_evidence(&fork_row(node, "envelope", subject, one, other, self.now())).await?;
        Ok(true)
    }

    /// Keys of all members' logs, this node's own among them: it hears what is held against it.
    fn all_log_keys(&self) -> Vec<VerifierKey> {
        let roster = self.roster();
        let members = roster.iter().flat_map(|roster| roster.epoch.members.iter());
        members.filter_map(|member| member.log_key.parse().ok()).collect()
    }

    /// Keeps two checkpoints when they prove something against the log; whether they did.
    pub(super) async fn keep_log_fork(
        &self,
        evidence: &ForkEvidence,
        keys: &[VerifierKey],
    ) -> Result<bool, StoreError> {
        let mut fork = evidence.only_of(keys);
        match fork.check(keys) {
            Ok(Verdict::Fork) => {
                // The same evidence, whichever of the two was seen first where.
                if fork.older.to_string() > fork.newer.to_string() {
                    std::mem::swap(&mut fork.older, &mut fork.newer);
                }
                fork.proof.clear();
            }
            Ok(verdict) if verdict.is_proof() => {}
            _ => return Ok(false),
        }
        let origin = &fork.older.checkpoint.origin;
        let (one, other) = (fork.older.to_string(), fork.newer.to_string());
        let row = fork_row(origin.node.clone(), "log", origin.to_string(), one, other, self.now());
        // By which hashes it is shown makes no difference to what it is.
        self.keep_evidence(&ForkRow { other: json(&fork)?, ..row }).await?;
        Ok(true)
    }

    /// Keeps the question whether two checkpoints of a log agree: nobody is accused by it, since whoever has seen two good
    /// checkpoints can put a wrong proof beside them. One for each log; the log itself is asked.
    pub(super) async fn keep_question(&self, evidence: &ForkEvidence) -> Result<(), StoreError> {
        let origin = &evidence.older.checkpoint.origin;
        let row = ForkRow {
            digest: question(evidence),
            node: origin.node.clone(),
            kind: OPEN_QUESTION.into(),
            subject: origin.to_string(),
            one: evidence.older.to_string(),
            other: json(evidence)?,
            at: self.now().as_microsecond(),
        };
        if !self.is_enough(&row).await? && self.inner.store.exchange.put_fork(&row).await? {
            tracing::warn!(node = %row.node, subject = row.subject, "a log has to show that it only grew");
        }
        Ok(())
    }

    /// What the log showed when it was asked ([`ForkEvidence::with_tiles`]): the question is gone when that settles it, and it
    /// becomes evidence when it shows the contrary. Whether it is answered.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn answered_question(&self, shown: &ForkEvidence) -> Result<bool, StoreError> {
        let keys = self.all_log_keys();
        let answered = match shown.check(&keys) {
            Err(EvidenceError::Consistent) => true,
            _ => self.keep_log_fork(shown, &keys).await?,
        };
        if answered {
            self.inner.store.exchange.drop_fork(question(shown)).await?;
        }
        Ok(answered)
    }

    /// Keeps evidence and raises the alarm, once, as long as there is not enough of it.
    pub(super) async fn keep_evidence(&self, row: &ForkRow) -> Result<(), StoreError> {
        if !self.is_enough(row).await? && self.inner.store.exchange.put_fork(row).await? {
            tracing::error!(node = %row.node, kind = row.kind, subject = row.subject, "a member contradicted itself");
            self.signal(Signal::Alarm(row.digest));
        }
        Ok(())
    }

    /// Whether this is known, or enough of the same.
    async fn is_enough(&self, row: &ForkRow) -> Result<bool, StoreError> {
        let kept = self.inner.store.exchange.forks(ROWS_MAX).await?;
        let known = kept.iter().any(|k| k.digest == row.digest);
        let full = kept.iter().filter(|k| k.node == row.node && k.kind == row.kind).count() >= EVIDENCE_MAX;
        if full && !known {
            tracing::warn!(node = %row.node, kind = row.kind, subject = row.subject, "one more contradiction, not kept");
        }
        Ok(known || full)
    }
}

/// Under which name the question about a log is kept.
fn question(evidence: &ForkEvidence) -> Digest {
    let origin = evidence.older.checkpoint.origin.to_string();
    Digest(Sha256::new().chain_update(OPEN_QUESTION).chain_update([0]).chain_update(origin).finalize().into())
}

fn json(evidence: &ForkEvidence) -> Result<String, StoreError> {
    serde_json::to_string(evidence).map_err(|e| StoreError::Engine(e.to_string()))
}
