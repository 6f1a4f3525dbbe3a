//! The end of a batch: its entries sealed on the head of the log, its projections made.

use super::{After, Draft, Finished};
use crate::federation::{Post, recovery};
use crate::ports::{Batch, Entropy, EntryRow, Store, StoreError, StreamRow};
use crate::project;
use crate::publicity;
use crate::shared::Change;
use lianzhi_docket::entry::ENTRY_VERSION;
use lianzhi_docket::{Entry, SealedEntry};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::AnyState;
use std::sync::Arc;

impl Draft {
    /// Seals the entries and makes the projections.
    pub async fn finish(mut self, store: &Store, entropy: &dyn Entropy) -> Result<Finished, StoreError> {
        let world = self.shared.world();
        let keys = self.shared.keys().clone();
        let mut entries = Vec::with_capacity(self.planned.len());
        let mut said = Batch::default();
        let mut salts = vec![0u8; 16 * self.planned.len()];
        entropy.fill(&mut salts);
        for (planned, random) in std::mem::take(&mut self.planned).into_iter().zip(salts.chunks_exact(16)) {
            let mut salt = [0; 16];
            salt.copy_from_slice(random);
            let Some(touched) = self.touched.get_mut(&planned.id) else {
                continue;
            };
            let raw = serde_json::value::RawValue::from_string(planned.event_json)
                .map_err(|e| StoreError::Engine(e.to_string()))?;
            let entry = Entry {
                v: ENTRY_VERSION,
                node: world.directory.node.clone(),
                docket: planned.id,
                kind: planned.kind.code().into(),
                seq: u32::try_from(planned.seq).unwrap_or(0),
                prev: touched.live.last,
                at: self.now,
                happened: planned.happened,
                actor: planned.actor,
                event: raw,
                parts: planned.parts,
                exhibits: planned.exhibits,
                simulated: self.simulated,
            };
            let SealedEntry { bytes, salt, digest, leaf_data } =
                entry.seal(salt).map_err(|e| StoreError::Engine(e.to_string()))?;
            touched.live.last = digest;
            touched.live.pos = self.head.size + 1;
            if let Some(Post { stream, envelope, outbox, wanted }) = planned.post.map(|post| *post) {
                said.streams.push(StreamRow { pos: self.head.size, ..stream });
                said.envelopes.extend(envelope);
                said.outbox.extend(outbox);
                said.wanted.extend(wanted);
            }
            entries.push(EntryRow {
                pos: self.head.size,
                docket: planned.id,
                seq: planned.seq,
                at: self.now_us(),
                bytes,
                salt,
                digest,
                leaf: leaf_data,
            });
            self.head.size += 1;
        }
        if !entries.is_empty() {
            self.head.last_at = self.now_us();
        }
        for (id, arrived) in std::mem::take(&mut self.arrived) {
            let streams = self.touched.get(&id).and_then(|t| t.live.state.streams());
            let heads =
                streams.into_iter().flat_map(|s| s.heads()).map(|(n, h)| (n.clone(), h.next)).collect();
            said.outbox.extend(recovery::sent_again(&arrived, id, self.now, self.shared.node()));
            let roster = world.directory.exchange_roster().map(AsRef::as_ref);
            let signer = keys.signing(roster, &world.directory.node, self.now);
            let row = arrived.acknowledge(heads, self.now, signer)?;
            let kept = if arrived.was_aside() { &mut said.reread } else { &mut said.envelopes };
            kept.push(row);
        }
        let mut batch = Batch { on: self.on.clone(), answers: std::mem::take(&mut self.answers), ..said };
        let mut changes = Vec::new();
        let fresh: std::collections::HashSet<DocketId> = entries.iter().map(|e| e.docket).collect();
        for (id, touched) in std::mem::take(&mut self.touched) {
            if !fresh.contains(&id) {
                continue;
            }
            let summary = touched.live.state.summary();
            let row = project::row(id, &touched.live, &summary, &world.directory);
            batch.registers.extend(project::register_rows(id, &touched.live.state)?);
            if !matches!(touched.live.state, AnyState::Register(_)) {
                project::put_lines(&mut batch, id, &touched.live.state, &summary);
                if touched.search {
                    let within = touched.live.state.streams().is_some().then_some(id);
                    self.open_texts(store, &project::search_parts(&summary), within).await?;
                    batch.search.push(project::search(id, &summary, &world.directory, &self.texts, &keys));
                }
            }
            if let Some(wanted) = publicity::parts(&touched.live.state) {
                self.open_texts(store, &wanted, None).await?;
                let (state, directory) = (&touched.live.state, &world.directory);
                batch.oversight.extend(publicity::row(id, state, directory, &self.texts));
            }
            let features = self.features.remove(&id);
            changes.push(Change {
                row: row.clone(),
                before: touched.before,
                live: Arc::new(touched.live),
                features,
            });
            batch.matters.push(row);
        }
        batch.erase = self.erased(store).await?;
        batch.head = self.head;
        batch.entries = entries;
        batch.parts = self.parts;
        batch.claims = self.claims;
        let after = After { loads: Arc::new(self.loads), duty: self.duty };
        Ok(Finished { batch, changes, after })
    }

    /// Opens texts for the search and for what is published; of a docket in which other members speak only its own.
    async fn open_texts(
        &mut self,
        store: &Store,
        digests: &[Digest],
        within: Option<DocketId>,
    ) -> Result<(), StoreError> {
        for (gone, _) in &self.erase {
            self.texts.remove(gone);
        }
        let gone = |digest: &Digest| self.erase.iter().any(|(erased, _)| erased == digest);
        let missing: Vec<_> =
            digests.iter().filter(|d| !self.texts.contains_key(d) && !gone(d)).copied().collect();
        if !missing.is_empty() {
            for row in store.journal.parts(&missing).await? {
                if within.is_some_and(|docket| docket != row.docket) {
                    continue;
                }
                if let Some(text) = self.shared.keys().open(&row) {
                    self.texts.insert(row.digest, text);
                }
            }
        }
        Ok(())
    }

    /// What is erased: of a docket in which other members speak only what came there. They erase their own words, and by naming
    /// the digest of others none of those.
    async fn erased(&self, store: &Store) -> Result<Vec<Digest>, StoreError> {
        if self.erase.is_empty() {
            return Ok(Vec::new());
        }
        let foreign: Vec<Digest> =
            self.erase.iter().filter(|(_, within)| within.is_some()).map(|(digest, _)| *digest).collect();
        let mut rows = match foreign.is_empty() {
            true => Vec::new(),
            false => store.journal.parts(&foreign).await?,
        };
        rows.extend(self.parts.iter().cloned());
        let there = |digest: &Digest, docket: DocketId| {
            rows.iter().any(|row| row.digest == *digest && row.docket == docket)
        };
        let kept = self.erase.iter().filter(|(digest, within)| within.is_none_or(|id| there(digest, id)));
        Ok(kept.map(|(digest, _)| *digest).collect())
    }
}
