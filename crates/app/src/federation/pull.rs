//! Giving streams to the parties of a docket, and finding out what is lacking here.

use super::receive::{DOCKET_ENVELOPES_MAX, opened, parties_of};
use crate::App;
use crate::ports::{EnvelopeRow, PartRow, StoreError};
use lianzhi_exchange::authority::MEMBERSHIP_KINDS;
use lianzhi_exchange::envelope::{Envelope, PARCELS_MAX, Parcel, PartContent};
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lianzhi_procedure::Kind;
use std::collections::BTreeMap;

/// A part as it travels.
pub(super) fn content(row: &PartRow, content: String) -> PartContent {
    PartContent { digest: row.digest, kind: row.kind.clone(), salt: row.salt, content }
}

/// The signature that is kept beside an envelope.
pub(super) fn signature(row: &EnvelopeRow) -> Signature {
    Signature { key: row.key.clone(), value: row.signature.clone() }
}

impl App {
    /// The envelopes of a shared docket, when a member is party to it; none otherwise: it then learns not even whether
    /// the docket exists.
    pub(super) async fn envelopes_for(
        &self,
        shared: &SharedId,
        peer: &NodeCode,
    ) -> Result<Option<Vec<Envelope>>, StoreError> {
        let rows = self.inner.store.exchange.envelopes_of(shared, DOCKET_ENVELOPES_MAX).await?;
        let envelopes = opened(&rows);
        let to_all = envelopes.first().is_some_and(|e| MEMBERSHIP_KINDS.contains(&e.kind.as_str()));
        let compact = envelopes.first().is_some_and(|e| e.kind == Kind::Compact.code());
        let directory = self.directory();
        let roster = if compact { directory.exchange_roster() } else { directory.roster.as_ref() };
        let member = roster.is_some_and(|roster| roster.member(peer).is_some())
            || (compact && self.candidate(peer).await?.is_some());
        let party = to_all || parties_of(shared, &envelopes).contains(peer);
        Ok((member && party && !envelopes.is_empty()).then_some(envelopes))
    }

    /// An author's stream from a position on, in the envelopes that brought it; none when the member that asks is no party to
    /// the docket. At most [`PARCELS_MAX`]: whoever wants more asks again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stream_from(
        &self,
        shared: &SharedId,
        author: &NodeCode,
        from: u32,
        peer: &NodeCode,
    ) -> Result<Option<Vec<Parcel>>, StoreError> {
        if self.envelopes_for(shared, peer).await?.is_none() {
            return Ok(None);
        }
        let (from, limit) =
            (i32::try_from(from).unwrap_or(i32::MAX), i64::try_from(PARCELS_MAX).unwrap_or(i64::MAX));
        let rows = self.inner.store.exchange.envelopes_from(shared, author, from, limit).await?;
        Ok(Some(self.parcels_of(&rows).await?.into_iter().map(|(_, parcel)| parcel).collect()))
    }

    /// Where the streams of a docket stand here: the position after the last entry of each author.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn heads(&self, shared: &SharedId) -> Result<BTreeMap<NodeCode, u32>, StoreError> {
        let rows = self.inner.store.exchange.stream_heads(std::slice::from_ref(shared)).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.author, u32::try_from(row.seq).unwrap_or(0).saturating_add(1)))
            .collect())
    }

    /// Size and media type of a file that a docket names, when a member is party to that docket; none otherwise.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn named_for(
        &self,
        digest: Digest,
        shared: &SharedId,
        peer: &NodeCode,
    ) -> Result<bool, StoreError> {
        let envelopes = self.envelopes_for(shared, peer).await?.unwrap_or_default();
        let mut said = envelopes.iter().flat_map(|envelope| &envelope.entries);
        Ok(said.any(|said| said.entry.exhibits.iter().any(|file| file.digest == digest)))
    }
}
