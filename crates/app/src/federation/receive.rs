//! Taking in what other members say: judged, decided by the procedure like any command, and acknowledged once durable.

use super::parties::Said;
use super::peers::fork_row;
use super::post::{envelope_row, shared_by};
use super::{Arrived, Signal};
use crate::App;
use crate::ports::{EnvelopeRow, PartRow, StoreError, StreamRow};
use crate::sequencer::{Step, Submission, To};
use jiff::Timestamp;
use lianzhi_exchange::authority::MEMBERSHIP_KINDS;
use lianzhi_exchange::compact::{Roster, Shared};
use lianzhi_exchange::envelope::{Envelope, Parcel};
use lianzhi_exchange::inbound::{Content, Given, Head, Known, Opened, Verdict, Way, judge};
use lianzhi_exchange::refusal::{Answer, Refusal, Refused, Remedy};
use lianzhi_exchange::signature::{DOMAIN_RECEIPT, Signature, Statement};
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kind of evidence: an envelope in this node's own name that it never said.
pub const OWN_NAME: &str = "own";
/// How often an envelope is judged anew because something else of its docket came in between.
const TRIES_MAX: usize = 4;

/// What the store knows of a docket when an envelope comes in.
pub(crate) struct Past {
    given: Option<(Digest, Statement)>,
    pub(crate) head: Head,
    held: Vec<Digest>,
    /// The local docket; none when nothing of it was understood so far.
    pub(crate) docket: Option<DocketId>,
    said: Arc<Said>,
    heads: BTreeMap<NodeCode, u32>,
    /// It answers something that another member said and is not here.
    lacks: bool,
}

/// Rows about an envelope and its docket, as they were read: for many envelopes in one reading. What is taken in meanwhile is
/// seen where the procedure decides, and judged anew.
#[derive(Default)]
pub(super) struct Stored {
    heads: Vec<StreamRow>,
    kept: Option<EnvelopeRow>,
}

/// How an envelope comes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coming<'a> {
    /// From a member that posted it, or from which it was pulled.
    From(&'a NodeCode, Way),
    /// It lay here without being understood.
    Aside,
}

/// Reads stored envelopes; one that does not read is left out (verify says which).
pub(super) fn opened(rows: &[EnvelopeRow]) -> Vec<Envelope> {
    rows.iter().filter_map(|row| Envelope::parse(std::str::from_utf8(&row.bytes).ok()?).ok()).collect()
}

fn unavailable(error: &StoreError) -> Answer {
    tracing::warn!(%error, "an envelope could not be taken");
    later("busy", "本节点暂时不能接收，请稍后重发。")
}

fn later(code: &str, message: &str) -> Answer {
    Answer::Refused(Refused {
        code: code.into(),
        message: message.into(),
        remedy: Remedy::Retry,
        status: 503,
    })
}

/// What is not taken, and of no use to send again.
fn show(code: &str, message: impl Into<String>) -> Answer {
    Answer::Refused(Refused { code: code.into(), message: message.into(), remedy: Remedy::Show, status: 422 })
}

impl App {
    /// Takes in parcels that a member sent, or that were pulled from it; one answer for each, in their order. Those of
    /// one docket are taken one after the other.
    pub async fn receive(&self, parcels: Vec<Parcel>, from: &NodeCode, way: Way) -> Vec<Answer> {
        let mut by_docket: BTreeMap<String, Vec<(usize, Parcel, Envelope)>> = BTreeMap::new();
        let mut answers: Vec<Option<Answer>> = vec![None; parcels.len()];
        for (n, parcel) in parcels.into_iter().enumerate() {
            match parcel.open() {
                Ok(envelope) => {
                    let of_one = by_docket.entry(envelope.docket().to_string()).or_default();
                    of_one.push((n, parcel, envelope));
                }
                Err(error) => {
                    if let Some(answer) = answers.get_mut(n) {
                        *answer = Some(Refusal::from(&error).answer());
                    }
                }
            }
        }
        let firsts: Vec<&Envelope> =
            by_docket.values().filter_map(|of_one| of_one.first()).map(|(.., envelope)| envelope).collect();
        let mut stored = self.stored_of(&firsts).await.unwrap_or_default();
        // A task for each docket: checking signatures is work for all cores. They end with this call.
        let mut groups = tokio::task::JoinSet::new();
        for (docket, of_one) in by_docket {
            let (app, from, mut stored) = (self.clone(), from.clone(), stored.remove(&docket));
            groups.spawn(async move {
                let mut given = Vec::with_capacity(of_one.len());
                for (n, parcel, envelope) in of_one {
                    let coming = Coming::From(&from, way);
                    given.push((n, app.receive_one(&parcel, &envelope, coming, stored.take()).await));
                }
                given
            });
        }
        while let Some(of_one) = groups.join_next().await {
            for (n, given) in of_one.unwrap_or_default() {
                if let Some(answer) = answers.get_mut(n) {
                    *answer = Some(given);
                }
            }
        }
        answers.into_iter().map(|answer| answer.unwrap_or_else(|| later("busy", "请稍后重发。"))).collect()
    }

    pub(super) async fn receive_one(
        &self,
        parcel: &Parcel,
        envelope: &Envelope,
        coming: Coming<'_>,
        mut stored: Option<Stored>,
    ) -> Answer {
        let directory = self.directory();
        // Before a compact is in force its members talk about nothing else.
        let roster = match (&directory.roster, envelope.kind == Kind::Compact.code()) {
            (None, true) => match self.talked_of(envelope.docket()).await {
                Ok(roster) => roster.map(Arc::new).or_else(|| directory.proposed.clone()),
                Err(error) => return unavailable(&error),
            },
            (roster, _) => roster.clone(),
        };
        let Some(roster) = roster.as_deref() else {
            return Refusal::NotAMember(self.config().node.clone()).answer();
        };
        for _ in 0..TRIES_MAX {
            match self.try_to_take(parcel, envelope, roster, coming, stored.take()).await {
                Ok(Some(answer)) => return answer,
                Ok(None) => {}
                Err(error) => return unavailable(&error),
            }
        }
        later("busy", "同一案卷的来件过多，请稍后重发。")
    }

    /// One attempt; none when something else of the docket came in between.
    async fn try_to_take(
        &self,
        parcel: &Parcel,
        envelope: &Envelope,
        roster: &Roster,
        coming: Coming<'_>,
        stored: Option<Stored>,
    ) -> Result<Option<Answer>, StoreError> {
        let (now, me) = (self.now(), &self.config().node);
        // What lay here need not have been addressed to this node: it was judged when it came.
        let (from, way) = match coming {
            Coming::From(from, way) => (from, way),
            Coming::Aside => (envelope.author(), Way::Pulled),
        };
        let past = match coming {
            Coming::From(..) => match stored {
                Some(stored) => self.known_by(envelope, stored).await?,
                None => self.known_of(envelope).await?,
            },
            Coming::Aside => self.known_aside(envelope).await?,
        };
        let understood =
            Kind::from_code(&envelope.kind).filter(|kind| kind.hear(String::new(), Digest::ZERO).is_some());
        let mut used: Vec<Shared> = parcel.parts.iter().map(|part| shared_by(&part.kind)).collect();
        used.sort_unstable();
        used.dedup();
        let open_to_all = MEMBERSHIP_KINDS.contains(&envelope.kind.as_str());
        let known = Known {
            roster,
            roster_at: self.roster_confirmed(roster),
            me,
            way,
            restoring: way == Way::Pulled && self.is_recovering(),
            given: past.given.as_ref().map(|(digest, receipt)| Given { digest: *digest, receipt }),
            head: past.head,
            held: &past.held,
            docket: past.docket.map(|_| Opened {
                kind: &past.said.kind,
                list: past.said.list,
                parties: (!open_to_all).then_some(past.said.parties.as_slice()),
            }),
            content: understood.map(|_| Content { used: &used, ..Content::PLAIN }),
        };
        let verdict = judge(envelope, &parcel.signature, now, &known);
        if let Some(answer) = verdict.answer() {
            match &verdict {
                Verdict::Gap(lacking) => {
                    self.signal(Signal::Pull { from: from.clone(), lacking: lacking.clone() });
                }
                Verdict::Refused(Refusal::Fork { seq }) => {
                    self.keep_fork(envelope, &parcel.signature, *seq, now).await?;
                }
                // Posted by somebody it is not addressed to this node, which wrote it if anybody did.
                Verdict::Refused(Refusal::OwnEntry | Refusal::NotAddressed) if envelope.author() == me => {
                    let pulled = Known { way: Way::Pulled, ..known };
                    let said = judge(envelope, &parcel.signature, now, &pulled);
                    if matches!(said, Verdict::Refused(Refusal::OwnEntry)) {
                        self.keep_impostor(envelope, &parcel.signature, now).await?;
                    }
                }
                Verdict::Refused(Refusal::UnknownEpoch(_)) => self.signal(Signal::Compact(from.clone())),
                _ => {}
            }
            return Ok(Some(answer));
        }
        if matches!(coming, Coming::From(..)) && self.names_others(parcel, envelope, past.docket).await? {
            let text = "来件引用了本节点其他案卷的内容，又没有随件附上。";
            return Ok(Some(show("foreign-part", text)));
        }
        let arrived = Arrived::new(envelope.clone(), &parcel.signature, me.clone(), from.clone());
        let arrived = Arc::new(match coming {
            Coming::From(..) => arrived,
            Coming::Aside => arrived.reread(),
        });
        match (verdict, understood) {
            (Verdict::Take { entries, .. }, Some(kind)) if !entries.is_empty() => {
                if past.lacks {
                    self.signal(Signal::Level { from: from.clone(), docket: envelope.docket().clone() });
                }
                let bytes = entries.iter().map(|said| said.bytes.clone()).collect();
                self.take_over(parcel, kind, bytes, past.docket, arrived).await
            }
            (Verdict::Take { .. }, _) => {
                let row = arrived.acknowledge(past.heads, now, self.exchange_key().as_ref())?;
                self.keep_aside(row, Vec::new(), &[], &arrived).await.map(Some)
            }
            (Verdict::NotUnderstood { entries, .. }, _) => {
                let mut heads = past.heads;
                heads.insert(envelope.author().clone(), envelope.end());
                let row = arrived.set_aside(heads, now, self.exchange_key().as_ref())?;
                let streams = entries.iter().map(|said| StreamRow {
                    shared: envelope.docket().clone(),
                    author: envelope.author().clone(),
                    seq: i32::try_from(said.entry.seq).unwrap_or(i32::MAX),
                    docket: past.docket.unwrap_or_default(),
                    digest: said.digest,
                    pos: -1,
                });
                let parts: Vec<PartRow> = self.sealed(parcel).into_iter().map(|(row, _)| row).collect();
                self.keep_aside(row, streams.collect(), &parts, &arrived).await.map(Some)
            }
            _ => Ok(Some(later("busy", "请稍后重发。"))),
        }
    }

    /// Whether an envelope names, without bringing it, a text that is here in another docket: whoever knows the digest of a text
    /// does not get the text by that.
    async fn names_others(
        &self,
        parcel: &Parcel,
        envelope: &Envelope,
        docket: Option<DocketId>,
    ) -> Result<bool, StoreError> {
        let lacking = parcel.missing(envelope);
        if lacking.is_empty() {
            return Ok(false);
        }
        let rows = self.inner.store.journal.parts(&lacking).await?;
        Ok(rows.iter().any(|row| row.key.is_some() && Some(row.docket) != docket))
    }

    /// What is stored of the dockets of these envelopes, each of another one, by the name of the docket.
    async fn stored_of(&self, envelopes: &[&Envelope]) -> Result<BTreeMap<String, Stored>, StoreError> {
        let x = &self.inner.store.exchange;
        let dockets: Vec<_> = envelopes.iter().map(|envelope| envelope.docket().clone()).collect();
        let ids: Vec<String> = envelopes.iter().map(|envelope| envelope.id.to_string()).collect();
        let (heads, kept) = tokio::try_join!(x.stream_heads(&dockets), x.envelopes(&ids))?;
        let mut stored: BTreeMap<String, Stored> =
            dockets.iter().map(|docket| (docket.to_string(), Stored::default())).collect();
        for row in heads {
            if let Some(of) = stored.get_mut(&row.shared.to_string()) {
                of.heads.push(row);
            }
        }
        for row in kept {
            if let Some(of) = stored.get_mut(&row.shared.to_string()) {
                of.kept = Some(row);
            }
        }
        Ok(stored)
    }

    /// What is durable of the docket and its streams.
    pub(crate) async fn known_of(&self, envelope: &Envelope) -> Result<Past, StoreError> {
        let stored = self.stored_of(&[envelope]).await?.remove(&envelope.docket().to_string());
        self.known_by(envelope, stored.unwrap_or_default()).await
    }

    async fn known_by(&self, envelope: &Envelope, stored: Stored) -> Result<Past, StoreError> {
        let (x, shared) = (&self.inner.store.exchange, envelope.docket());
        let Stored { heads: rows, kept } = stored;
        let given = kept.and_then(|row| {
            let receipt = row.receipt.as_deref()?;
            Some((row.digest, self.signed_still(serde_json::from_slice(receipt).ok()?)))
        });
        let next = |row: &StreamRow| u32::try_from(row.seq).unwrap_or(0).saturating_add(1);
        let own = rows.iter().find(|row| row.author == *envelope.author());
        let head = own.map_or(Head::NONE, |row| Head { next: next(row), digest: row.digest });
        let mut held = Vec::new();
        if envelope.id.first < head.next {
            let from = i32::try_from(envelope.id.first).unwrap_or(i32::MAX);
            let n = i64::try_from(envelope.entries.len()).unwrap_or(0);
            let there = x.stream(shared, envelope.author(), from, n).await?;
            held = there.into_iter().map(|row| row.digest).collect();
        }
        let docket = rows.iter().map(|row| row.docket).find(|docket| docket.0 > 0);
        let said = match docket {
            Some(_) => self.said_in(shared, &rows).await?,
            None => Arc::default(),
        };
        let heads = rows.iter().map(|row| (row.author.clone(), next(row))).collect();
        // Nearly always it answers what was said last.
        let mut answers: Vec<Digest> =
            envelope.entries.iter().flat_map(|said| said.entry.re.clone()).collect();
        answers.sort_unstable();
        answers.dedup();
        answers.retain(|digest| rows.iter().all(|row| row.digest != *digest));
        let lacks = !answers.is_empty() && !x.not_here(shared, &answers).await?.is_empty();
        Ok(Past { given, head, held, docket, said, heads, lacks })
    }

    /// A receipt as it was given; signed anew over the same bytes when its key was revoked since.
    fn signed_still(&self, given: Statement) -> Statement {
        let me = &self.config().node;
        let revoked = self.roster().is_some_and(|roster| roster.is_revoked(me, &given.signature.key));
        let key = self.exchange_key().filter(|_| revoked);
        let anew = key
            .and_then(|key| Signature::make(key.as_ref(), DOMAIN_RECEIPT, given.statement.as_bytes()).ok());
        match anew {
            Some(signature) => Statement { signature, ..given },
            None => given,
        }
    }

    /// The same for one that lies aside: as if it, and what the author said after it, had not come.
    async fn known_aside(&self, envelope: &Envelope) -> Result<Past, StoreError> {
        let (x, shared) = (&self.inner.store.exchange, envelope.docket());
        let mut rows = x.stream_heads(std::slice::from_ref(shared)).await?;
        // Streams are read again from their beginning: where one was, its first entry knows the docket.
        let mut docket = DocketId::default();
        for row in &rows {
            let first = x.stream(shared, &row.author, 0, 1).await?.pop();
            docket = docket.max(first.map(|row| row.docket).unwrap_or_default());
        }
        rows.iter_mut().for_each(|row| row.docket = docket);
        let past = self.known_by(envelope, Stored { heads: rows, kept: None }).await?;
        let mut head = Head::NONE;
        if let Some(before) = envelope.id.first.checked_sub(1) {
            let at = i32::try_from(before).unwrap_or(i32::MAX);
            let row = x.stream(shared, envelope.author(), at, 1).await?.pop();
            let own = row.filter(|row| row.docket.0 > 0 && row.seq == at);
            head = own.map_or(head, |row| Head { next: envelope.id.first, digest: row.digest });
        }
        Ok(Past { given: None, head, held: Vec::new(), ..past })
    }

    /// The parts that came with a parcel, sealed under this node's keys.
    fn sealed(&self, parcel: &Parcel) -> Vec<(PartRow, String)> {
        let keys = self.inner.shared.keys();
        let seal = |part: &lianzhi_exchange::envelope::PartContent| {
            let entropy = self.inner.entropy.as_ref();
            let sealed = keys.seal_salted(entropy, DocketId::default(), &part.kind, &part.content, part.salt);
            (sealed.row, sealed.text)
        };
        parcel.parts.iter().map(seal).collect()
    }

    /// Has the procedure decide on new entries, with the parts that came with them sealed under this node's keys.
    pub(crate) async fn take_over(
        &self,
        parcel: &Parcel,
        kind: Kind,
        entries: Vec<String>,
        docket: Option<DocketId>,
        arrived: Arc<Arrived>,
    ) -> Result<Option<Answer>, StoreError> {
        let parts = self.sealed(parcel);
        let recovered = *arrived.envelope().author() == self.config().node;
        // What another member names is cited once it came from there, not because the same file is here.
        let named = arrived.envelope().entries.iter().filter(|_| recovered);
        let named: Vec<Digest> =
            named.flat_map(|said| said.entry.exhibits.iter().map(|file| file.digest)).collect();
        let exhibits = match self.exhibits_in_custody(&named).await {
            Ok(exhibits) => exhibits,
            Err(_) => return Ok(Some(later("busy", "证据存储暂时不可用，请稍后重发。"))),
        };
        let digest = arrived.envelope().digest();
        let steps = entries
            .into_iter()
            .filter_map(|entry| kind.hear(entry, digest))
            .map(|command: AnyCommand| Step {
                look_ups: LookUps { exhibits: exhibits.clone(), recovered, ..LookUps::default() },
                parts: parts.clone(),
                arrived: Some(arrived.clone()),
                ..Step::new(docket.map_or(To::New(kind), To::Docket), command)
            })
            .collect();
        let actor = Actor::Member(arrived.envelope().author().clone());
        let submission = Submission { actor, steps, key: None, extra: serde_json::Value::Null };
        match self.inner.sequencer.submit(submission).await {
            Ok(_) => Ok(Some(
                arrived.receipt().map_or_else(|| later("busy", "回执暂不可得，请重发。"), Answer::Receipt),
            )),
            // Something else of this stream was taken while this was judged.
            Err(refusal) if refusal.code == "stream" => Ok(None),
            Err(refusal) if refusal.kind == lianzhi_procedure::RefusalKind::Busy => {
                Ok(Some(later("busy", &refusal.to_string())))
            }
            Err(refusal) => Ok(Some(show(refusal.code, refusal.to_string()))),
        }
    }

    /// Keeps an envelope that adds nothing to a docket here.
    async fn keep_aside(
        &self,
        row: EnvelopeRow,
        streams: Vec<StreamRow>,
        parts: &[PartRow],
        arrived: &Arrived,
    ) -> Result<Answer, StoreError> {
        self.inner.store.exchange.keep_aside(&row, &streams, parts).await?;
        Ok(arrived.receipt().map_or_else(|| later("busy", "请重发。"), Answer::Receipt))
    }

    /// Keeps both statements of an author that said two things at one place.
    async fn keep_fork(
        &self,
        envelope: &Envelope,
        signature: &Signature,
        seq: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let x = &self.inner.store.exchange;
        let at = i32::try_from(seq).unwrap_or(i32::MAX);
        let Some(first) =
            x.envelopes_from(envelope.docket(), envelope.author(), at, 1).await?.into_iter().next()
        else {
            return Ok(());
        };
        let mut both = [signed(&first), signed(&envelope_row(envelope, signature, 0, false))];
        both.sort();
        let [one, other] = both;
        let subject = format!("{}/{}/{seq}", envelope.docket(), envelope.author());
        let row = fork_row(envelope.author().clone(), "envelope", subject, one, other, now);
        self.keep_evidence(&row).await
    }

    /// Keeps what came in this node's own name and it never said: somebody else has its key, or it was set back without
    /// having noticed. That is for the people here; to others it proves nothing.
    async fn keep_impostor(
        &self,
        envelope: &Envelope,
        signature: &Signature,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let one = signed(&envelope_row(envelope, signature, 0, false));
        let row =
            fork_row(envelope.author().clone(), OWN_NAME, envelope.id.to_string(), one, String::new(), now);
        if self.inner.store.exchange.put_fork(&row).await? {
            tracing::error!(envelope = %envelope.id, key = signature.key, "something came in this node's own name");
        }
        Ok(())
    }
}

/// An envelope with its signature, as evidence holds it.
fn signed(row: &EnvelopeRow) -> String {
    let signed = lianzhi_exchange::evidence::Signed {
        envelope: String::from_utf8_lossy(&row.bytes).into_owned(),
        signature: Signature { key: row.key.clone(), value: row.signature.clone() },
    };
    serde_json::to_string(&signed).unwrap_or_default()
}
