//! Giving streams to the parties of a docket, and finding out what is lacking here.

use super::parties::Said;
use crate::App;
use crate::ports::{EnvelopeRow, ExhibitRow, PartRow, StoreError};
use lianzhi_exchange::authority::MEMBERSHIP_KINDS;
use lianzhi_exchange::envelope::{PARCELS_MAX, Parcel, PartContent};
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{DocketId, NodeCode, SharedId};
use lianzhi_procedure::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A part as it travels.
pub(super) fn content(row: &PartRow, content: String) -> PartContent {
    PartContent { digest: row.digest, kind: row.kind.clone(), salt: row.salt, content }
}

/// The signature that is kept beside an envelope.
pub(super) fn signature(row: &EnvelopeRow) -> Signature {
    Signature { key: row.key.clone(), value: row.signature.clone() }
}

impl App {
    /// What a shared docket says, and the docket that it is here, when a member is party to it; none otherwise: it then learns
    /// not even whether the docket exists.
    pub(super) async fn said_to(
        &self,
        shared: &SharedId,
        peer: &NodeCode,
    ) -> Result<Option<(Arc<Said>, Option<DocketId>)>, StoreError> {
        let heads = self.inner.store.exchange.stream_heads(std::slice::from_ref(shared)).await?;
        let said = self.said_in(shared, &heads).await?;
        let compact = said.kind == Kind::Compact.code();
        let directory = self.directory();
        let roster = if compact { directory.exchange_roster() } else { directory.roster.as_ref() };
        let member = roster.is_some_and(|roster| roster.member(peer).is_some())
            || (compact && self.candidate(peer).await?.is_some());
        let party = MEMBERSHIP_KINDS.contains(&said.kind.as_str()) || said.parties.contains(peer);
        let here = heads.iter().map(|row| row.docket).find(|docket| docket.0 > 0);
        Ok((member && party).then_some((said, here)))
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
        let Some((said, _)) = self.said_to(shared, peer).await? else { return Ok(None) };
        let (from, limit) =
            (i32::try_from(from).unwrap_or(i32::MAX), i64::try_from(PARCELS_MAX).unwrap_or(i64::MAX));
        let rows = self.inner.store.exchange.envelopes_from(shared, author, from, limit).await?;
        let mut parcels = Vec::new();
        for (_, mut parcel) in self.parcels_of(&rows).await? {
            parcel.parts.retain(|part| !said.erased.contains(&(author.clone(), part.digest)));
            parcels.push(parcel);
        }
        Ok(Some(parcels))
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

    /// The docket here by which a member may have a file: it is party to it, and this node named the file there, or it came here
    /// with that docket. Whoever knows the digest of a file does not get it by naming it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn given_by(
        &self,
        file: &ExhibitRow,
        shared: &SharedId,
        peer: &NodeCode,
    ) -> Result<Option<DocketId>, StoreError> {
        let Some((said, Some(here))) = self.said_to(shared, peer).await? else { return Ok(None) };
        let named = said.files.get(&file.digest);
        let given = named.is_some_and(|by| by.contains(&self.config().node) || file.docket == Some(here));
        Ok(given.then_some(here))
    }
}
