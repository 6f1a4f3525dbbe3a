//! What the node does for itself each hour, and the answers that it keeps for repeated requests.

use crate::ports::KeptAnswer;
use crate::{App, unavailable};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::Digest;
use lianzhi_procedure::Refusal;
use std::sync::atomic::{AtomicI64, Ordering};

/// Uploads that nobody cites are kept so long.
pub const UNCLAIMED_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Answers to repeated requests are kept so long: a sender that was cut off for a weekend and a holiday still gets the
/// answer that it missed.
pub const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How often the figures follow what has changed, and how often what is kept for a time only is removed.
pub const FIGURES_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// See [`FIGURES_EVERY`].
pub const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// When work in the background was done last, micros; zero: never yet.
#[derive(Debug, Default)]
pub(crate) struct LastDone {
    figures: AtomicI64,
    sweep: AtomicI64,
}

impl App {
    /// When the figures last followed without a fault.
    #[must_use]
    pub fn figures_followed_at(&self) -> Option<Timestamp> {
        done_at(&self.inner.last_done.figures)
    }

    /// When everything that is kept for a time only was last removed without a fault.
    #[must_use]
    pub fn swept_at(&self) -> Option<Timestamp> {
        done_at(&self.inner.last_done.sweep)
    }

    /// Lets the figures follow what has changed. Done every ten seconds.
    pub async fn follow_figures(&self) {
        match self.inner.figures.follow(&self.inner.store).await {
            Ok(()) => self.inner.last_done.figures.store(self.now().as_microsecond(), Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "figures could not follow; they do with the next look"),
        }
    }

    /// The answer kept under a key, with the digest of its request.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn kept_answer(&self, key: &str) -> Result<Option<(Digest, Vec<u8>)>, Refusal> {
        let kept = self.inner.store.journal.answers(&[key.to_owned()]).await;
        let Some(row) = kept.map_err(|e| unavailable(&e))?.pop() else { return Ok(None) };
        let sealed = hex::decode(&row.answer).unwrap_or_default();
        Ok(self.inner.shared.keys().unwrap_secret(&sealed).map(|answer| (row.request, answer)))
    }

    /// Keeps the answer to a request that wrote no entry, for [`ANSWERS_KEPT`]. Sealed: it may hold what is shown only
    /// once, like a token.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn keep_answer(&self, key: &str, request: Digest, answer: &[u8]) -> Result<(), Refusal> {
        let sealed = self.inner.shared.keys().wrap_secret(self.inner.entropy.as_ref(), answer);
        let row = KeptAnswer {
            key: key.to_owned(),
            request,
            answer: hex::encode(sealed),
            at: self.now().as_microsecond(),
        };
        self.inner.store.journal.keep_answer(&row).await.map_err(|e| unavailable(&e))
    }

    /// Removes what is kept for a time only: uploads that nobody cites, sessions that ended, answers to repeated
    /// requests. Done each hour.
    pub async fn sweep(&self) {
        let ago =
            |time: SignedDuration| self.now().checked_sub(time).unwrap_or(Timestamp::MIN).as_microsecond();
        let (store, mut whole) = (&self.inner.store, true);
        match store.blobs.sweep(ago(UNCLAIMED_KEPT)).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "unclaimed uploads removed"),
            Err(error) => {
                whole = false;
                tracing::error!(%error, "sweeping failed");
            }
        }
        if let Err(error) = store.accounts.drop_sessions(None, self.now().as_microsecond()).await {
            whole = false;
            tracing::error!(%error, "sessions that ended could not be removed");
        }
        match store.journal.forget_answers(ago(ANSWERS_KEPT)).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "old answers to repeated requests forgotten"),
            Err(error) => {
                whole = false;
                tracing::error!(%error, "old answers could not be forgotten");
            }
        }
        if whole {
            self.inner.last_done.sweep.store(self.now().as_microsecond(), Ordering::Relaxed);
        }
    }
}

fn done_at(micros: &AtomicI64) -> Option<Timestamp> {
    let at = Some(micros.load(Ordering::Relaxed)).filter(|at| *at != 0)?;
    Timestamp::from_microsecond(at).ok()
}
