//! Coming to a compact: what its members said before is fetched from one of them, checked from the first word on, shown to
//! people who compare the fingerprints, and only then taken over.

use crate::federation::Arrived;
use crate::shared::unavailable;
use crate::{App, Caller};
use async_trait::async_trait;
use lianzhi_exchange::compact::{Card, Compact, Epoch, Ledger, Member};
use lianzhi_exchange::decisions::ToldDecisions;
use lianzhi_exchange::envelope::{Envelope, Parcel};
use lianzhi_exchange::refusal::Answer;
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lianzhi_procedure::compact::CHARTER;
use lianzhi_procedure::{Kind, Refusal};
use std::sync::Arc;

/// How often a parcel is tried again because something else of the compact came in between.
const TRIES_MAX: usize = 4;

/// Asks another node at an address that somebody here was given. Nothing that it answers is believed before it was checked.
#[async_trait]
pub trait Neighbour: Send + Sync {
    /// Its card.
    async fn card(&self, address: &str) -> Result<Card, Refusal>;
    /// Everything that was said of its compact.
    async fn compact(&self, address: &str) -> Result<Vec<Parcel>, Refusal>;
    /// How a member decided about an item, as far as it is public; else why it did not answer, in words.
    async fn decisions(&self, member: &Member, item: &str) -> Result<ToldDecisions, String>;
}

/// A compact that this node is invited to.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its shared docket.
    pub id: SharedId,
    /// What is proposed, or in force, with this node in it.
    pub epoch: Epoch,
    /// Its digest: who confirms says which one was shown.
    pub digest: Digest,
    /// It is in force already.
    pub in_force: bool,
    parcels: Vec<(Parcel, Envelope)>,
}

fn refused(rule: impl Into<String>, remedy: &'static str) -> Refusal {
    Refusal::conflict("invitation", rule, remedy).from_source(CHARTER)
}

/// Whether a key that any version of the compact names for the author signed it.
fn vouched(compact: &Compact, envelope: &Envelope, signature: &Signature) -> bool {
    let author = envelope.author();
    let proposed = compact.chain.iter().chain(&compact.open).chain(&compact.lost);
    let epochs = proposed.map(|p| &p.agreed.epoch).chain(compact.roster().map(|r| &r.epoch));
    let keys = epochs.filter_map(|epoch| epoch.member(author)).flat_map(|member| &member.keys);
    let mut keys = keys.map(|key| &key.key).filter(|key| key.id() == signature.key);
    keys.any(|key| envelope.is_by(key, signature))
}

/// Reads what was said from the first word on: an envelope counts when a key signed it that what was said before, or the
/// founder's own proposal, names for its author.
fn replay(parcels: Vec<Parcel>, me: &NodeCode) -> Result<Invitation, Refusal> {
    let unreadable = || refused("对方给出的协作机制记录无法识别。", "请与对方联络员核对交换地址。");
    let mut waiting = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        let envelope = parcel.open().map_err(|_| unreadable())?;
        waiting.push((parcel, envelope));
    }
    let id = waiting
        .first()
        .map(|(_, e)| e.docket().clone())
        .ok_or_else(|| refused("对方还没有提出协作机制。", "请发起单位先提出第一版，再由本机关加入。"))?;
    let alien = |e: &Envelope| *e.docket() != id || e.kind != Kind::Compact.code();
    if waiting.iter().any(|(_, e)| alien(e)) {
        return Err(unreadable());
    }
    let mut ledger = Ledger::new(id.clone());
    let mut read = Vec::with_capacity(waiting.len());
    loop {
        let before = read.len();
        let mut rest = Vec::new();
        for (parcel, envelope) in waiting {
            if envelope.id.first != ledger.next(envelope.author()) {
                rest.push((parcel, envelope));
                continue;
            }
            let mut heard = ledger.clone();
            for said in &envelope.entries {
                heard.hear(&said.entry);
            }
            if vouched(heard.compact(), &envelope, &parcel.signature) {
                ledger = heard;
                read.push((parcel, envelope));
            } else {
                rest.push((parcel, envelope));
            }
        }
        waiting = rest;
        if waiting.is_empty() || read.len() == before {
            break;
        }
    }
    if !waiting.is_empty() {
        return Err(refused(
            format!("有 {} 份记录不是由名册里的密钥签名，或前后不相接。", waiting.len()),
            "不要加入；请告知发起单位核对。",
        ));
    }
    let compact = ledger.compact();
    let named = |epoch: &Epoch| epoch.member(me).is_some();
    let in_force = compact.in_force().filter(|agreed| named(&agreed.epoch));
    let open = || {
        let mut open = compact.open.iter().filter(|p| p.withdrawn.is_none());
        open.find(|p| named(&p.agreed.epoch)).map(|p| &*p.agreed)
    };
    let Some(agreed) = in_force.or_else(open) else {
        return Err(refused(
            "对方的协作机制里没有本机关。",
            "请把本机关名片交给对方，由其提出接纳本机关的变更。",
        ));
    };
    Ok(Invitation {
        id,
        epoch: agreed.epoch.clone(),
        digest: agreed.digest,
        in_force: in_force.is_some(),
        parcels: read,
    })
}

impl App {
    fn neighbour(&self) -> Result<&Arc<dyn Neighbour>, Refusal> {
        self.inner.compact.neighbour.get().ok_or_else(|| {
            Refusal::conflict("no-exchange", "本节点没有启用节点交换。", "请管理员检查交换配置。")
        })
    }

    /// The card of a node at an address.
    ///
    /// # Errors
    /// When the caller may not, or there is no believable card.
    pub async fn ask_card(&self, who: &Caller, address: &str) -> Result<Card, Refusal> {
        self.may(who, "compact_draft", None).or_else(|_| self.may(who, "compact_trust", None))?;
        let card = self.neighbour()?.card(address).await?;
        card.verify().map_err(|e| refused(format!("{e}。"), "请与对方核对交换地址。"))?;
        Ok(card)
    }

    /// The compact that a node at an address would have this one join.
    ///
    /// # Errors
    /// When the caller may not, when this node is in a compact, or when what is there cannot be believed.
    pub async fn invitation(&self, who: &Caller, address: &str) -> Result<Invitation, Refusal> {
        self.may(who, "compact_trust", None)?;
        let directory = self.directory();
        if directory.roster.is_some() {
            return Err(refused("本机关已经是一个协作机制的成员。", "请先退出原协作机制。"));
        }
        let invitation = replay(self.neighbour()?.compact(address).await?, &directory.node)?;
        let own = invitation.epoch.member(&directory.node);
        let key = self.exchange_key();
        let ours = key
            .is_some_and(|key| own.is_some_and(|member| member.keys.iter().any(|k| k.key == *key.public())));
        if !ours {
            return Err(refused(
                "协作机制里登记的本机关密钥不是本节点现在的密钥。",
                "请把本机关现在的名片交给发起单位重新提出。",
            ));
        }
        Ok(invitation)
    }

    /// Takes over what was agreed so far, once somebody here saw the version with this digest and compared its members'
    /// fingerprints. From then on the node hears what is said of the compact.
    ///
    /// # Errors
    /// As [`App::invitation`], and when another version was shown.
    pub async fn join(&self, who: &Caller, address: &str, shown: Digest) -> Result<SharedId, Refusal> {
        let invitation = self.invitation(who, address).await?;
        if invitation.digest != shown {
            return Err(refused("协作机制在您核对期间有了新的版本。", "请重新核对后再确认。"));
        }
        for (parcel, envelope) in &invitation.parcels {
            self.learn(parcel, envelope).await?;
        }
        Ok(invitation.id)
    }

    async fn learn(&self, parcel: &Parcel, envelope: &Envelope) -> Result<(), Refusal> {
        for _ in 0..TRIES_MAX {
            let past = self.known_of(envelope).await.map_err(|e| unavailable(&e))?;
            let new = envelope.entries.iter().filter(|said| said.entry.seq >= past.head.next);
            let entries: Vec<String> = new.map(|said| said.bytes.clone()).collect();
            if entries.is_empty() {
                return Ok(());
            }
            let me = self.config().node.clone();
            let arrived =
                Arc::new(Arrived::new(envelope.clone(), &parcel.signature, me, envelope.author().clone()));
            let taken = self.take_over(parcel, Kind::Compact, entries, past.docket, arrived).await;
            match taken.map_err(|e| unavailable(&e))? {
                Some(Answer::Refused(no)) => {
                    return Err(refused(no.message, "请与对方联络员核对。"));
                }
                Some(_) => return Ok(()),
                None => {}
            }
        }
        Err(Refusal::busy("同时有其他来件，这次没有完成。", "请再试一次。"))
    }
}
