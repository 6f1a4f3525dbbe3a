//! What waits for a member, and what became of it.

use super::{pull, receive};
use crate::App;
use crate::ports::{EnvelopeRow, OutboxRow, StoreError};
use jiff::Timestamp;
use lianzhi_exchange::capabilities::Limits;
use lianzhi_exchange::envelope::{Envelope, PARCELS_MAX, Parcel};
use lianzhi_exchange::outbound;
use lianzhi_exchange::receipt::Receipt;
use lianzhi_exchange::signature::{Signature, Statement};
use lianzhi_ids::{DocketId, NodeCode, SharedId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Parcels in one batch.
pub const SEND_MAX: usize = PARCELS_MAX;
/// Batches on their way to one member at once: while one is being taken in the next is packed and checked.
pub const BATCHES_MAX: usize = 4;

/// An envelope that is due, ready to be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its row.
    pub row: OutboxRow,
    /// With its signature and the parts that were not erased.
    pub parcel: Parcel,
}

impl App {
    /// What is due for a member, in the order in which it was said: as much as goes into [`BATCHES_MAX`] batches, without
    /// the dockets of which something is on its way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn outbox_due(
        &self,
        peer: &NodeCode,
        on_its_way: impl Fn(DocketId) -> bool + Send,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let x = &self.inner.store.exchange;
        let now = self.now().as_microsecond();
        let limit = i64::try_from(SEND_MAX * BATCHES_MAX).unwrap_or(i64::MAX);
        let mut rows = x.outbox_due(peer, now, limit).await?;
        rows.retain(|row| !on_its_way(row.docket));
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = rows.iter().map(|row| row.envelope.clone()).collect();
        let mut envelopes: HashMap<String, EnvelopeRow> =
            x.envelopes(&ids).await?.into_iter().map(|row| (row.id.clone(), row)).collect();
        let known: Vec<EnvelopeRow> = ids.iter().filter_map(|id| envelopes.remove(id)).collect();
        let mut parcels: HashMap<String, Parcel> = self.parcels_of(&known).await?.into_iter().collect();
        let packed = |row: OutboxRow| {
            let parcel = parcels.remove(&row.envelope)?;
            Some(Outgoing { row, parcel })
        };
        Ok(rows.into_iter().filter_map(packed).collect())
    }

    /// Splits what is due into batches that may be sent side by side: what is of one docket stays in one batch, in its
    /// order, and no batch is above these limits. What has no room is due again later.
    #[must_use]
    pub fn batches(due: Vec<Outgoing>, limits: Limits) -> Vec<Vec<Outgoing>> {
        let mut batches: Vec<(usize, Vec<Outgoing>)> = Vec::new();
        let mut of_docket: HashMap<DocketId, Option<usize>> = HashMap::new();
        for out in due {
            // As long as it is in JSON, with the comma.
            let bytes = out.parcel.to_json().map_or(0, |json| json.len()) + 1;
            let fits = |(filled, outs): &(usize, Vec<Outgoing>)| {
                outs.is_empty() || (outs.len() < limits.parcels && filled + bytes <= limits.parcels_bytes)
            };
            let docket = out.row.docket;
            let at = match of_docket.get(&docket) {
                Some(at) => at.filter(|at| batches.get(*at).is_some_and(fits)),
                None => batches.iter().position(fits).or_else(|| {
                    let room = batches.len() < BATCHES_MAX;
                    room.then(|| {
                        batches.push((2, Vec::new()));
                        batches.len() - 1
                    })
                }),
            };
            // Nothing of a docket overtakes what had no room.
            of_docket.insert(docket, at);
            if let Some((filled, outs)) = at.and_then(|at| batches.get_mut(at)) {
                *filled += bytes;
                outs.push(out);
            }
        }
        batches.into_iter().map(|(_, outs)| outs).collect()
    }

    /// Envelopes as parcels, with the parts that were not erased.
    pub(super) async fn parcels_of(&self, rows: &[EnvelopeRow]) -> Result<Vec<(String, Parcel)>, StoreError> {
        let envelopes = receive::opened(rows);
        let named: Vec<_> = envelopes
            .iter()
            .flat_map(|e| e.entries.iter().flat_map(|s| s.entry.parts.iter().copied()))
            .collect();
        let mut contents = BTreeMap::new();
        let mut of = HashSet::new();
        if !named.is_empty() {
            of = self.dockets_of(&envelopes).await?;
            for row in self.inner.store.journal.parts(&named).await? {
                if let Some(content) = self.inner.shared.keys().open(&row) {
                    contents.insert(row.digest, (row.docket, pull::content(&row, content)));
                }
            }
        }
        let me = &self.config().node;
        let of_digest: HashMap<_, _> = rows.iter().map(|row| (row.digest, row)).collect();
        let mut parcels = Vec::with_capacity(rows.len());
        for envelope in &envelopes {
            let Some(row) = of_digest.get(&envelope.digest()) else { continue };
            let parts = envelope.entries.iter().flat_map(|s| &s.entry.parts);
            let mut seen = std::collections::BTreeSet::new();
            // What another member's words name is given on from the docket that they are in, and from no other.
            let here = |docket: &DocketId| {
                envelope.author() == me || of.contains(&(envelope.docket().clone(), *docket))
            };
            let given = parts.filter(|p| seen.insert(**p)).filter_map(|p| contents.get(p));
            let parts =
                given.filter(|(docket, _)| here(docket)).map(|(_, content)| content.clone()).collect();
            match Parcel::new(envelope, self.signature_of(envelope, row), parts) {
                Ok(parcel) => parcels.push((row.id.clone(), parcel)),
                Err(error) => tracing::error!(envelope = row.id, %error, "an envelope cannot be packed"),
            }
        }
        Ok(parcels)
    }

    /// The dockets here of envelopes of other members, by what they are shared as.
    async fn dockets_of(&self, envelopes: &[Envelope]) -> Result<HashSet<(SharedId, DocketId)>, StoreError> {
        let others = envelopes.iter().filter(|envelope| *envelope.author() != self.config().node);
        let shared: Vec<SharedId> = others.map(|envelope| envelope.docket().clone()).collect();
        if shared.is_empty() {
            return Ok(HashSet::new());
        }
        let heads = self.inner.store.exchange.stream_heads(&shared).await?;
        Ok(heads.into_iter().map(|row| (row.shared, row.docket)).collect())
    }

    /// The signature with which an envelope is given: the one that is kept, or, when this node said it with a key that counts
    /// no more, a new one over the same bytes.
    fn signature_of(&self, envelope: &Envelope, row: &EnvelopeRow) -> Signature {
        let kept = pull::signature(row);
        let me = &self.config().node;
        let Some(roster) = self.roster().filter(|_| envelope.author() == me) else { return kept };
        let counts = |key: &str| roster.key(me, key, envelope.address.time).is_some();
        match self.exchange_key() {
            Some(key) if !counts(&kept.key) && counts(&key.public().id()) => {
                envelope.sign(key.as_ref()).unwrap_or(kept)
            }
            _ => kept,
        }
    }

    /// Keeps a member's receipts, those that it signed for what was sent. Gives the envelopes whose receipts do not hold.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn acknowledge(
        &self,
        peer: &NodeCode,
        receipts: Vec<(&Outgoing, Statement)>,
    ) -> Result<Vec<String>, StoreError> {
        let roster = self.roster();
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (sent, statement) in receipts {
            let held = Envelope::parse(&sent.parcel.envelope).ok().and_then(|envelope| {
                // Given once, it stays as it was signed; its key may have ended since.
                let given = Receipt::peek(&statement).ok()?.at;
                let key = roster.as_ref()?.key(peer, &statement.signature.key, given)?;
                Receipt::open(&statement, key, peer, &envelope).ok()
            });
            match (held, serde_json::to_vec(&statement)) {
                (Some(_), Ok(bytes)) => good.push((sent.row.envelope.clone(), bytes)),
                _ => bad.push(sent.row.envelope.clone()),
            }
        }
        if !good.is_empty() {
            self.inner.store.exchange.outbox_done(peer, &good).await?;
        }
        Ok(bad)
    }

    /// Notes that attempts failed, and when each is tried next.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn failed(&self, peer: &NodeCode, rows: &[&OutboxRow], error: &str) -> Result<(), StoreError> {
        let now = self.now();
        let next: Vec<(String, i64)> = rows
            .iter()
            .map(|row| {
                let attempts = u32::try_from(row.attempts).unwrap_or(0).saturating_add(1);
                (row.envelope.clone(), self.next_try(now, attempts).as_microsecond())
            })
            .collect();
        let error: String = error.chars().take(300).collect();
        self.inner.store.exchange.outbox_failed(peer, &next, &error).await
    }

    /// Notes that a member will not take something as it is. People see why, and it is tried again ever more seldom: what is
    /// in the way may be put right there.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn turned_away(&self, peer: &NodeCode, row: &OutboxRow, why: &str) -> Result<(), StoreError> {
        let attempts = u32::try_from(row.attempts).unwrap_or(0).saturating_add(1);
        let mut random = [0; 8];
        self.inner.entropy.fill(&mut random);
        let next = outbound::after_refusal(self.now(), attempts, u64::from_be_bytes(random));
        let why: String = why.chars().take(300).collect();
        let next = [(row.envelope.clone(), next.as_microsecond())];
        self.inner.store.exchange.outbox_failed(peer, &next, &why).await
    }

    /// When something is tried again that failed so often.
    pub(super) fn next_try(&self, now: Timestamp, attempts: u32) -> Timestamp {
        let mut random = [0; 8];
        self.inner.entropy.fill(&mut random);
        outbound::next(now, attempts, Some(now), None, u64::from_be_bytes(random))
    }
}
