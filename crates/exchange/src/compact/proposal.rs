//! Proposals, and how the next epoch follows from its parent and the changes.

use super::card::CardError;
use super::check::{EntryFault, PURPOSE_CHARS_MAX, words};
use super::{Change, EPOCH_VERSION, Epoch, EpochFault, ListEntry, Member, Pair};
use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Most changes of one proposal: what somebody who countersigns can still read, and what fits a stream entry.
pub const CHANGES_MAX: usize = 64;

const CHANGES_DOMAIN: &[u8] = b"lianzhi/changes/v1\0";

/// A proposed epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Name of the compact.
    pub compact: String,
    /// The epoch that it changes; [`Digest::ZERO`] for the first.
    pub parent: Digest,
    /// Number of the epoch that it makes.
    pub number: u32,
    /// Which attempt at a child of this parent, see [`Epoch::round`].
    #[serde(default)]
    pub round: u32,
    /// What it changes.
    pub changes: Vec<Change>,
    /// Digest of the epoch that it makes.
    pub result: Digest,
    /// When it was proposed.
    pub at: Timestamp,
}

/// An epoch with what its history tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The epoch.
    pub epoch: Epoch,
    /// Its digest.
    pub digest: Digest,
    /// Entries of the list as they once were and are no more.
    pub past: Vec<ListEntry>,
    /// Up to which entry of a member's own stream its description in the epoch goes, see [`super::Card::after`].
    pub after: BTreeMap<NodeCode, u32>,
    /// Members that are none any more, as they last were, with the number of the epoch that removed them.
    pub former: Vec<Former>,
}

/// Somebody who was a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// As it last was in an epoch.
    pub member: Member,
    /// When it went (RFC 3339): when it said so itself, or when its removal was proposed.
    pub at: Timestamp,
    /// Against its will.
    pub expelled: bool,
    /// Why.
    #[serde(default)]
    pub grounds: String,
}

/// Why changes do not make an epoch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Not on this parent, not of this compact, or with another number.
    #[error("提案不是针对这一版协作机制提出的")]
    Parent,
    /// Nothing to change, or too much at once.
    #[error("提案应有 1 至 {CHANGES_MAX} 项变更")]
    Count,
    /// One thing twice.
    #[error("{0} 在同一提案里变更了两次")]
    Twice(String),
    /// A card that is not believed.
    #[error(transparent)]
    Card(#[from] CardError),
    /// Nobody to remove.
    #[error("{0} 不是成员")]
    NoMember(String),
    /// An expulsion without a reason, or one that is too long.
    #[error("除名须写明理由，不超过 {PURPOSE_CHARS_MAX} 个字")]
    Grounds,
    /// An entry by itself.
    #[error(transparent)]
    Entry(#[from] EntryFault),
    /// No such entry.
    #[error("没有编号为 {0} 的清单")]
    NoEntry(String),
    /// The number stood for something else.
    #[error("清单编号 {0} 曾用于“{1}”，不得另作他用，请另取编号")]
    Reused(String, String),
    /// No such pair.
    #[error("{0} 与 {1} 没有结对")]
    NoPair(String, String),
    /// The first epoch needs a name and a number of countersignatures.
    #[error("第一版协作机制须写明名称和会签门槛")]
    First,
    /// The founder has no voice in the first epoch.
    #[error("发起单位须列入第一版协作机制并代表本省会签")]
    Founder,
    /// The changes change nothing.
    #[error("提案没有改变任何内容")]
    Nothing,
    /// What would come out is no epoch.
    #[error(transparent)]
    Epoch(#[from] EpochFault),
    /// The stated digest is another than the one that comes out.
    #[error("提案写明的摘要与变更后的内容不符")]
    Digest,
}

impl Proposal {
    /// Writes a proposal on a parent; also gives the epoch that it makes.
    ///
    /// # Errors
    /// [`ChangeError`] when the changes make no epoch.
    pub fn draft(
        parent: Option<&Agreed>,
        compact: String,
        round: u32,
        changes: Vec<Change>,
        at: Timestamp,
    ) -> Result<(Proposal, Agreed), ChangeError> {
        let digest = parent.map_or(Digest::ZERO, |p| p.digest);
        let number = parent.map_or(0, |p| p.epoch.number).saturating_add(1);
        let mut proposal =
            Proposal { compact, parent: digest, number, round, changes, result: Digest::ZERO, at };
        proposal.verify_cards()?;
        let agreed = proposal.make(parent)?;
        proposal.result = agreed.digest;
        Ok((proposal, agreed))
    }

    /// The changes in words, one each, as they stand against the parent.
    #[must_use]
    pub fn words(&self, parent: Option<&Epoch>) -> Vec<String> {
        // Who comes in by the same proposal has its name there.
        let name = |node: &NodeCode| {
            let joins = self.changes.iter().find_map(|c| match c {
                Change::PutMember { card } if card.member.node == *node => Some(card.member.title()),
                _ => None,
            });
            joins.unwrap_or_else(|| node.to_string())
        };
        self.changes.iter().map(|c| parent.map_or_else(|| c.words_first(&name), |p| c.words(p))).collect()
    }

    fn make(&self, parent: Option<&Agreed>) -> Result<Agreed, ChangeError> {
        let (digest, number) = parent.map_or((Digest::ZERO, 0), |p| (p.digest, p.epoch.number));
        let other = parent.is_some_and(|p| p.epoch.compact != self.compact);
        if self.parent != digest || Some(self.number) != number.checked_add(1) || other {
            return Err(ChangeError::Parent);
        }
        if self.changes.is_empty() || self.changes.len() > CHANGES_MAX {
            return Err(ChangeError::Count);
        }
        let mut targets = BTreeSet::new();
        if let Some(twice) = self.changes.iter().map(Change::target).find(|t| !targets.insert(t.clone())) {
            return Err(ChangeError::Twice(twice));
        }
        let named = |c: &Change| matches!(c, Change::SetTitle { .. });
        let counted = |c: &Change| matches!(c, Change::SetK { .. });
        if parent.is_none() && !(self.changes.iter().any(named) && self.changes.iter().any(counted)) {
            return Err(ChangeError::First);
        }
        let mut draft = Draft::on(parent, self);
        self.changes.iter().try_for_each(|change| draft.take(change, self.at))?;
        draft.finish(parent)
    }

    /// Whether every card in it is signed by its member.
    fn verify_cards(&self) -> Result<(), CardError> {
        self.changes.iter().try_for_each(|change| match change {
            Change::PutMember { card } => card.verify(),
            _ => Ok(()),
        })
    }
}

/// The epoch that a proposal makes of its parent.
///
/// # Errors
/// [`ChangeError`] when the changes make no epoch, or another than the proposal says.
pub fn apply(parent: Option<&Agreed>, proposal: &Proposal) -> Result<Agreed, ChangeError> {
    proposal.verify_cards()?;
    let agreed = proposal.make(parent)?;
    if agreed.digest == proposal.result { Ok(agreed) } else { Err(ChangeError::Digest) }
}

/// An epoch in the making: what is kept by key, with its history.
struct Draft {
    head: Epoch,
    members: BTreeMap<NodeCode, Member>,
    pairs: BTreeMap<(NodeCode, NodeCode), Pair>,
    list: BTreeMap<String, ListEntry>,
    past: Vec<ListEntry>,
    after: BTreeMap<NodeCode, u32>,
    former: Vec<Former>,
}

impl Draft {
    fn on(parent: Option<&Agreed>, proposal: &Proposal) -> Draft {
        let (members, pairs, list) = match parent {
            Some(p) => (&p.epoch.members[..], &p.epoch.pairs[..], &p.epoch.list[..]),
            None => (&[][..], &[][..], &[][..]),
        };
        Draft {
            head: Epoch {
                v: EPOCH_VERSION,
                compact: proposal.compact.clone(),
                number: proposal.number,
                round: proposal.round,
                parent: proposal.parent,
                changes: changes_digest(&proposal.changes),
                at: proposal.at,
                title: parent.map(|p| p.epoch.title.clone()).unwrap_or_default(),
                k: parent.map_or(0, |p| p.epoch.k),
                members: Vec::new(),
                pairs: Vec::new(),
                list: Vec::new(),
            },
            members: members.iter().map(|m| (m.node.clone(), m.clone())).collect(),
            pairs: pairs.iter().map(|p| ((p.a.clone(), p.b.clone()), p.clone())).collect(),
            list: list.iter().map(|e| (e.id.clone(), e.clone())).collect(),
            past: parent.map(|p| p.past.clone()).unwrap_or_default(),
            after: parent.map(|p| p.after.clone()).unwrap_or_default(),
            former: parent.map(|p| p.former.clone()).unwrap_or_default(),
        }
    }

    fn take(&mut self, change: &Change, at: Timestamp) -> Result<(), ChangeError> {
        match change {
            Change::PutMember { card } => {
                let node = card.member.node.clone();
                self.former.retain(|f| f.member.node != node);
                self.after.insert(node.clone(), card.after);
                self.members.insert(node, card.member.clone());
            }
            Change::RemoveMember { node, expelled, grounds } => {
                let Some(member) = self.members.remove(node) else {
                    return Err(ChangeError::NoMember(node.to_string()));
                };
                let said = grounds.is_empty() || words(grounds, PURPOSE_CHARS_MAX);
                if !said || (*expelled && grounds.is_empty()) {
                    return Err(ChangeError::Grounds);
                }
                self.former.push(Former { member, at, expelled: *expelled, grounds: grounds.clone() });
                self.after.remove(node);
                self.pairs.retain(|(a, b), _| a != node && b != node);
                self.forget_party(node);
            }
            Change::PutEntry { entry } => {
                let known = self.list.get(&entry.id).into_iter().chain(&self.past);
                for old in known.filter(|old| old.id == entry.id) {
                    if old.purpose != entry.purpose || old.domain != entry.domain {
                        return Err(ChangeError::Reused(entry.id.clone(), old.purpose.clone()));
                    }
                }
                let mut entry = (**entry).clone();
                entry.parties.sort_unstable();
                self.list.insert(entry.id.clone(), entry);
            }
            Change::RemoveEntry { id } => {
                self.list.remove(id).ok_or_else(|| ChangeError::NoEntry(id.clone()))?;
            }
            Change::PutPair { pair } => {
                let (a, b) = ordered(&pair.a, &pair.b);
                let pair = Pair { a: a.clone(), b: b.clone(), purpose: pair.purpose.clone() };
                self.pairs.insert((a, b), pair);
            }
            Change::RemovePair { a, b } => {
                if self.pairs.remove(&ordered(a, b)).is_none() {
                    return Err(ChangeError::NoPair(a.to_string(), b.to_string()));
                }
            }
            Change::SetTitle { title } => self.head.title.clone_from(title),
            Change::SetK { k } => self.head.k = *k,
        }
        Ok(())
    }

    /// Entries go on between the parties that are left; with only one left there is nobody to work with.
    fn forget_party(&mut self, node: &NodeCode) {
        self.list.retain(|_, entry| {
            let party = entry.parties.contains(node);
            entry.parties.retain(|p| p != node);
            !party || entry.parties.len() > 1
        });
    }

    fn finish(self, parent: Option<&Agreed>) -> Result<Agreed, ChangeError> {
        let mut epoch = self.head;
        epoch.members = self.members.into_values().collect();
        epoch.pairs = self.pairs.into_values().collect();
        epoch.list = self.list.into_values().collect();
        epoch.check()?;
        let founder = epoch.compact.parse::<SharedId>().ok().map(|id| id.node);
        if parent.is_none() && !epoch.signatories(None).any(|m| Some(&m.node) == founder.as_ref()) {
            return Err(ChangeError::Founder);
        }
        if let Some(Agreed { epoch: old, after, .. }) = parent
            && (&old.title, old.k, &old.members, &old.pairs, &old.list)
                == (&epoch.title, epoch.k, &epoch.members, &epoch.pairs, &epoch.list)
            && *after == self.after
        {
            return Err(ChangeError::Nothing);
        }
        // What came back as it was is not past.
        let mut seen: BTreeSet<Digest> = epoch.list.iter().map(ListEntry::digest).collect();
        let before = parent.map_or(&[][..], |p| &p.epoch.list[..]).iter().cloned();
        let past = self.past.into_iter().chain(before).filter(|e| seen.insert(e.digest())).collect();
        let digest = epoch.seal().digest;
        Ok(Agreed { epoch, digest, past, after: self.after, former: self.former })
    }
}

fn changes_digest(changes: &[Change]) -> Digest {
    // Texts, numbers and lists always become JSON.
    let bytes = serde_json::to_vec(changes).unwrap_or_default();
    Digest(Sha256::new().chain_update(CHANGES_DOMAIN).chain_update(&bytes).finalize().into())
}

fn ordered(a: &NodeCode, b: &NodeCode) -> (NodeCode, NodeCode) {
    if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) }
}
