//! What lay here without being understood, read again by a program that may understand it: kinds are added with versions, and
//! members are upgraded one after the other.

use super::receive::{Coming, opened};
use crate::App;
use crate::ports::StoreError;
use lianzhi_exchange::refusal::Answer;
use lianzhi_ids::{Digest, SharedId};
use lianzhi_procedure::Kind;

/// Dockets looked at at once.
const DOCKETS_AT_ONCE: i64 = 500;
/// Envelopes of one docket that are read again at most; what is left is read at the next start.
const ENVELOPES_MAX: i64 = 10_000;

impl App {
    /// Matters of other members that lie here because this program does not understand their kind yet, counted up to 500.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn not_understood(&self) -> Result<usize, StoreError> {
        Ok(self.inner.store.exchange.dockets_aside("", DOCKETS_AT_ONCE).await?.len())
    }

    /// Reads again what is kept aside; how many envelopes are understood now. What still is not, or is not believed any more,
    /// stays where it is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reread(&self) -> Result<usize, StoreError> {
        let (mut after, mut read) = (String::new(), 0);
        loop {
            let dockets = self.inner.store.exchange.dockets_aside(&after, DOCKETS_AT_ONCE).await?;
            let Some(last) = dockets.last() else { return Ok(read) };
            after = last.to_string();
            for shared in &dockets {
                read += self.reread_docket(shared).await?;
            }
        }
    }

    async fn reread_docket(&self, shared: &SharedId) -> Result<usize, StoreError> {
        let rows = self.inner.store.exchange.envelopes_of(shared, ENVELOPES_MAX).await?;
        let known = |code: &str| {
            Kind::from_code(code).is_some_and(|kind| kind.hear(String::new(), Digest::ZERO).is_some())
        };
        if !opened(&rows).first().is_some_and(|envelope| known(&envelope.kind)) {
            return Ok(0);
        }
        let mut waiting: Vec<_> =
            self.parcels_of(&rows).await?.into_iter().map(|(_, parcel)| parcel).collect();
        let all = waiting.len();
        // What one author says may rest on what another said before: it goes round until nothing moves any more.
        loop {
            let before = waiting.len();
            let mut left = Vec::new();
            for parcel in waiting {
                let Ok(envelope) = parcel.open() else { continue };
                match self.receive_one(&parcel, &envelope, Coming::Aside, None).await {
                    Answer::Receipt(_) => {}
                    answer => {
                        tracing::debug!(envelope = %envelope.id, ?answer, "not understood yet");
                        left.push(parcel);
                    }
                }
            }
            waiting = left;
            if waiting.is_empty() || waiting.len() == before {
                tracing::info!(%shared, read = all - waiting.len(), left = waiting.len(), "read again");
                return Ok(all - waiting.len());
            }
        }
    }
}
