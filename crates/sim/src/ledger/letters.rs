//! What is said to other members and heard from them: the same rows, envelopes and receipts that the application makes.

use super::{Docket, Ledger, time};
use jiff::Timestamp;
use lianzhi_app::Sealed;
use lianzhi_app::federation::{Arrived, Post, post};
use lianzhi_app::ports::{EnvelopeRow, StreamRow};
use lianzhi_exchange::envelope::{Envelope, PartContent};
use lianzhi_exchange::signature::Signature;
use lianzhi_exchange::stream::ExhibitName;
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use lianzhi_procedure::{Actor, AnyEvent, AnyState, Kind, LookUps, Refusal};
use std::sync::Arc;

/// An envelope with what travels beside it.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) envelope: Envelope,
    pub(crate) signature: Signature,
    pub(crate) parts: Vec<PartContent>,
}

impl Letter {
    /// The shared matter that it belongs to.
    pub(crate) fn shared(&self) -> &SharedId {
        self.envelope.docket()
    }

    /// Who wrote it.
    pub(crate) fn author(&self) -> &NodeCode {
        self.envelope.author()
    }

    /// Files that it names.
    pub(crate) fn exhibits(&self) -> impl Iterator<Item = &ExhibitName> {
        self.envelope.entries.iter().flat_map(|said| &said.entry.exhibits)
    }
}

impl Ledger {
    /// What is kept and sent of events that were decided and not yet folded.
    pub(super) fn posts(
        &self,
        id: DocketId,
        docket: &mut Docket,
        events: &[AnyEvent],
        sealed: &[Sealed],
        at: Timestamp,
    ) -> Result<Vec<Option<Post>>, Refusal> {
        let travels = |event: &AnyEvent| event.outgoing().is_some() || event.incoming().is_some();
        if docket.live.state.kind().hear(String::new(), Digest::ZERO).is_none() {
            return Ok(events.iter().map(|_| None).collect());
        }
        for part in sealed {
            let content = PartContent {
                digest: part.row.digest,
                kind: part.row.kind.clone(),
                salt: part.row.salt,
                content: part.text.clone(),
            };
            docket.parcels.insert(part.row.digest, content);
        }
        let kinds: Vec<(&str, Digest)> =
            docket.parcels.values().map(|p| (p.kind.as_str(), p.digest)).collect();
        let mut state = docket.live.state.clone();
        let mut posts = Vec::with_capacity(events.len());
        for event in events {
            state = state.evolve(event);
            let talking = match &state {
                AnyState::Compact(state) => state.file().and_then(|f| f.exchange_roster()),
                _ => None,
            };
            let roster = talking.as_ref().or(self.world.directory.roster.as_deref());
            let made = match travels(event) {
                true => post(event, id, 0, at, &kinds, roster, &self.keys)?,
                false => None,
            };
            posts.push(made);
        }
        Ok(posts)
    }

    /// Keeps what belongs to the entry that was just written, and puts an envelope out for delivery.
    pub(super) fn keep(&mut self, post: Option<Post>, docket: &Docket) {
        let Some(Post { stream, envelope, outbox, wanted }) = post else { return };
        let pos = self.head.size - 1;
        self.batch.streams.push(StreamRow { pos, ..stream });
        self.batch.outbox.extend(outbox);
        self.batch.wanted.extend(wanted);
        let Some(row) = envelope else { return };
        if let Some(letter) = letter(&row, docket) {
            self.sent.push(letter);
        }
        self.batch.envelopes.push(row);
    }

    /// Takes over what follows from a shared docket for the rest of the node: its local name, the roster in force.
    pub(super) fn settle(&mut self, id: DocketId, state: &AnyState) {
        if let Some(streams) = state.streams() {
            self.shared.entry(streams.id.clone()).or_insert(id);
        }
        let AnyState::Compact(state) = state else { return };
        let Some(file) = state.file() else { return };
        let directory = Arc::make_mut(&mut self.world.directory);
        match file.roster() {
            Some(roster) if file.is_member() => directory.roster = Some(Arc::new(roster.clone())),
            Some(_) => directory.roster = None,
            None => directory.proposed = file.exchange_roster().map(Arc::new),
        }
    }

    /// Takes in what another member said; gives the signed receipt.
    ///
    /// # Errors
    /// The procedure's refusal; a fault of this crate when the kind is none that is shared.
    pub(crate) fn hear(&mut self, letter: &Letter, now: i64) -> Result<Vec<u8>, Refusal> {
        let unknown = || Refusal::missing("没有这类协作。");
        let kind = Kind::from_code(&letter.envelope.kind).ok_or_else(unknown)?;
        let actor = Actor::Member(letter.author().clone());
        for said in &letter.envelope.entries {
            let command = kind.hear(said.bytes.clone(), letter.envelope.digest()).ok_or_else(unknown)?;
            let to = self.shared.get(letter.shared()).copied();
            let id = to.unwrap_or(DocketId(self.head.next_docket));
            let seal = |part: &PartContent| {
                self.keys.seal_salted(self.entropy.as_ref(), id, &part.kind, &part.content, part.salt)
            };
            let sealed =
                letter.parts.iter().filter(|p| said.entry.parts.contains(&p.digest)).map(seal).collect();
            self.decide(to, &actor, command, LookUps::default(), sealed, now)?;
        }
        let state =
            self.shared.get(letter.shared()).and_then(|id| self.dockets.get(id)).map(|d| &d.live.state);
        let streams = state.and_then(AnyState::streams);
        let heads = streams.into_iter().flat_map(|s| s.heads()).map(|(n, h)| (n.clone(), h.next)).collect();
        let me = self.world.directory.node.clone();
        let from = letter.envelope.author().clone();
        let arrived = Arrived::new(letter.envelope.clone(), &letter.signature, me, from);
        let at = time(now.max(self.head.last_at));
        let roster = self.world.directory.exchange_roster().map(AsRef::as_ref);
        let signer = self.keys.signing(roster, &self.world.directory.node, at);
        let row = arrived.acknowledge(heads, at, signer).map_err(|e| Refusal::busy(e.to_string(), ""))?;
        let receipt = row.receipt.clone().unwrap_or_default();
        self.batch.envelopes.push(row);
        Ok(receipt)
    }

    /// Notes that an envelope of this node is acknowledged.
    pub(crate) fn acknowledged(&mut self, letter: &Letter, by: &NodeCode, receipt: Vec<u8>) {
        let name = letter.envelope.id.to_string();
        let mut rows = self.batch.outbox.iter_mut();
        if let Some(row) = rows.find(|row| row.envelope == name && row.peer == *by) {
            (row.done, row.receipt) = (true, Some(receipt));
        }
    }

    /// Notes that the files of a letter are here.
    pub(crate) fn fetched(&mut self, letter: &Letter) {
        for row in self.batch.wanted.iter_mut().filter(|row| row.shared == *letter.shared()) {
            row.done |= letter.exhibits().any(|file| file.digest == row.digest);
        }
    }
}

fn letter(row: &EnvelopeRow, docket: &Docket) -> Option<Letter> {
    let envelope = Envelope::parse(std::str::from_utf8(&row.bytes).ok()?).ok()?;
    let named = envelope.entries.iter().flat_map(|said| &said.entry.parts);
    let parts = named.filter_map(|digest| docket.parcels.get(digest).cloned()).collect();
    let signature = Signature { key: row.key.clone(), value: row.signature.clone() };
    Some(Letter { envelope, signature, parts })
}
