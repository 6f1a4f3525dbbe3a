//! Who is party to a shared docket and which files it names, folded from its envelopes. Envelopes never change, so what
//! was folded is kept at hand and only those that came since are read: a long docket costs no more per envelope than a
//! short one.

use super::receive::opened;
use crate::App;
use crate::ports::{StoreError, StreamRow};
use lianzhi_exchange::envelope::Envelope;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lianzhi_procedure::cooperation::Act;
use lru::LruCache;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Dockets that are kept at hand.
const DOCKETS_MAX: usize = 4_096;
/// Envelopes read at once.
const READ_AT_ONCE: i64 = 1_000;

/// What the envelopes of a docket say together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    /// Of what kind it is; empty while nothing of it is here.
    pub(crate) kind: String,
    /// The entry of the list under which it was opened.
    pub(crate) list: Option<Digest>,
    /// Its founder, and whomever a party addressed.
    pub(crate) parties: Vec<NodeCode>,
    /// The files that it names, and who names them.
    pub(crate) files: HashMap<Digest, BTreeSet<NodeCode>>,
    /// What authors erased of their own: it is given to nobody any more, also where the law has it kept.
    pub(crate) erased: HashSet<(NodeCode, Digest)>,
    /// How far each author's stream is folded: the position after the last entry.
    upto: BTreeMap<NodeCode, u32>,
}

impl Said {
    fn fold(&mut self, envelope: &Envelope) {
        if self.kind.is_empty() {
            self.kind.clone_from(&envelope.kind);
        }
        if envelope.is_opening() {
            self.list = self.list.or(envelope.address.list);
        }
        let mut parties: BTreeSet<NodeCode> = std::mem::take(&mut self.parties).into_iter().collect();
        parties.extend([envelope.docket().node.clone(), envelope.author().clone()]);
        parties.extend(envelope.address.to.iter().cloned());
        self.parties = parties.into_iter().collect();
        let erased = envelope.entries.iter().flat_map(|said| erased_by(said.entry.act.get()));
        self.erased.extend(erased.map(|part| (envelope.author().clone(), part)));
        for file in envelope.entries.iter().flat_map(|said| &said.entry.exhibits) {
            self.files.entry(file.digest).or_default().insert(envelope.author().clone());
        }
        let upto = self.upto.entry(envelope.author().clone()).or_default();
        *upto = envelope.end().max(*upto);
    }
}

/// The parts that an act erases of its author's own.
fn erased_by(act: &str) -> Vec<Digest> {
    // Nearly every act is another one.
    match act.contains("\"erased\"").then(|| serde_json::from_str::<Act>(act)) {
        Some(Ok(Act::Erased { parts, .. })) => parts,
        _ => Vec::new(),
    }
}

/// What is known of dockets, at hand.
#[derive(Debug)]
pub struct Parties(Mutex<LruCache<SharedId, Arc<Said>>>);

impl Default for Parties {
    fn default() -> Parties {
        Parties(Mutex::new(LruCache::new(NonZeroUsize::new(DOCKETS_MAX).unwrap_or(NonZeroUsize::MIN))))
    }
}

impl App {
    /// What the envelopes of a docket say together, up to these heads of its streams.
    pub(super) async fn said_in(
        &self,
        shared: &SharedId,
        heads: &[StreamRow],
    ) -> Result<Arc<Said>, StoreError> {
        let cache = &self.inner.parties.0;
        let mut said = cache.lock().get(shared).cloned().unwrap_or_default();
        let mut grew = false;
        for head in heads {
            let next = u32::try_from(head.seq).unwrap_or(0).saturating_add(1);
            let mut from = said.upto.get(&head.author).copied().unwrap_or(0);
            while from < next {
                let at = i32::try_from(from).unwrap_or(i32::MAX);
                let exchange = &self.inner.store.exchange;
                let rows = exchange.envelopes_from(shared, &head.author, at, READ_AT_ONCE).await?;
                let own = Arc::make_mut(&mut said);
                opened(&rows).iter().for_each(|envelope| own.fold(envelope));
                let Some(last) = rows.last() else { break };
                grew = true;
                from = u32::try_from(last.last).unwrap_or(u32::MAX).saturating_add(1).max(from + 1);
            }
        }
        if grew {
            cache.lock().put(shared.clone(), said.clone());
        }
        Ok(said)
    }
}
