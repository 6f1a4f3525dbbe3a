//! Epochs: numbered versions of the compact. Everybody computes the next one from its parent and the changes, and must
//! come to the same bytes.

use super::check::{self, ENTRIES_MAX, EntryFault, MEMBERS_MAX, MemberFault, NAME_CHARS_MAX, PAIRS_MAX};
use super::{ListEntry, Member, Pair};
use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode, Province};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Version of the form of epochs.
pub const EPOCH_VERSION: u32 = 1;

const DOMAIN: &[u8] = b"lianzhi/epoch/v1\0";

/// A version of the compact. The order of the fields is the order in the canonical bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// Version of this form: [`EPOCH_VERSION`].
    pub v: u32,
    /// Name of the compact: the shared docket in which it is agreed.
    pub compact: String,
    /// From 1, dense.
    pub number: u32,
    /// Which attempt at a child of this parent: above 0 only when no child of the attempt before can come into force any
    /// more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
    /// Digest of the epoch before; [`Digest::ZERO`] for the first.
    pub parent: Digest,
    /// Digest of the changes that made it of its parent: who countersigns it countersigns cards and grounds too.
    pub changes: Digest,
    /// When it was proposed.
    pub at: Timestamp,
    /// Name on screen, e.g. 长三角城市管理执法协作机制.
    pub title: String,
    /// Countersignatures of provinces that a change needs.
    pub k: u8,
    /// Members, by node.
    pub members: Vec<Member>,
    /// Pairs, by their members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// The collaboration list, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<ListEntry>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// An epoch's bytes with the digest that follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEpoch {
    /// The canonical bytes, JSON.
    pub bytes: String,
    /// What is countersigned.
    pub digest: Digest,
}

/// What keeps an epoch from being one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EpochFault {
    /// Not of the form.
    #[error("不是有效的协作机制版本")]
    Form,
    /// Written by a later version of the program.
    #[error("协作机制的格式版本 {0} 高于本程序支持的版本")]
    Version(u32),
    /// No title, or too long.
    #[error("协作机制名称应为 1 至 {NAME_CHARS_MAX} 个字")]
    Title,
    /// A member's description.
    #[error(transparent)]
    Member(#[from] MemberFault),
    /// An entry of the list.
    #[error(transparent)]
    Entry(#[from] EntryFault),
    /// Nobody in it.
    #[error("协作机制没有成员")]
    NoMembers,
    /// One thing twice, or not in order.
    #[error("{0} 重复或次序不对")]
    Twice(String),
    /// A key of two members.
    #[error("{0} 与 {1} 的密钥相同：每个成员必须使用自己的密钥")]
    SharedKey(String, String),
    /// Members without anybody who countersigns for their province.
    #[error("{0}有成员但没有会签单位：每个省份至少指定一个会签单位")]
    NoSignatory(String),
    /// Fewer countersignatures than more than half of the provinces.
    #[error("会签门槛为 {k}，省份共 {n} 个：门槛须超过半数且不超过省份数")]
    Threshold {
        /// As it would be.
        k: u8,
        /// Provinces with somebody who countersigns.
        n: usize,
    },
    /// Pair with itself or with somebody who is no member, or the wrong way round.
    #[error("结对关系 {0} 与 {1} 无效：双方须是不同的成员")]
    Pair(String, String),
    /// Party that is no member.
    #[error("清单 {0} 的参与单位 {1} 不是成员")]
    Stranger(String, String),
    /// Too many of something.
    #[error("成员、结对或清单超过上限（{MEMBERS_MAX}、{PAIRS_MAX}、{ENTRIES_MAX}）")]
    TooMany,
}

impl Epoch {
    /// Writes the canonical bytes.
    #[must_use]
    pub fn seal(&self) -> SealedEpoch {
        // Texts, numbers and lists always become JSON.
        let bytes = serde_json::to_string(self).unwrap_or_default();
        let hash = Sha256::new().chain_update(DOMAIN).chain_update(&bytes).finalize();
        SealedEpoch { digest: Digest(hash.into()), bytes }
    }

    /// Reads an epoch from its canonical bytes, and from no others: an epoch has one digest.
    ///
    /// # Errors
    /// [`EpochFault`] when they are not a well-formed epoch of a version that this program knows.
    pub fn parse(bytes: &str) -> Result<Epoch, EpochFault> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        let Ok(epoch) = serde_json::from_str::<Epoch>(bytes) else {
            return Err(match serde_json::from_str::<Version>(bytes) {
                Ok(Version { v }) if v > EPOCH_VERSION => EpochFault::Version(v),
                _ => EpochFault::Form,
            });
        };
        epoch.check()?;
        if epoch.seal().bytes == bytes { Ok(epoch) } else { Err(EpochFault::Form) }
    }

    /// A member.
    #[must_use]
    pub fn member(&self, node: &NodeCode) -> Option<&Member> {
        self.members.iter().find(|m| m.node == *node)
    }

    /// Name of a member, or its code when it is none.
    #[must_use]
    pub fn member_title(&self, node: &NodeCode) -> String {
        self.member(node).map_or_else(|| node.to_string(), Member::title)
    }

    /// An entry of the list by its number.
    #[must_use]
    pub fn list_entry(&self, id: &str) -> Option<&ListEntry> {
        self.list.iter().find(|e| e.id == id)
    }

    /// Members who countersign, of one province or of all.
    pub fn signatories(&self, province: Option<Province>) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |m| m.signatory && province.is_none_or(|p| m.node.province() == Some(p)))
    }

    /// Provinces that have a voice: those with somebody who countersigns.
    #[must_use]
    pub fn provinces(&self) -> BTreeSet<Province> {
        self.signatories(None).filter_map(|m| m.node.province()).collect()
    }

    /// Checks everything that can be seen of an epoch by itself.
    ///
    /// # Errors
    /// [`EpochFault`].
    pub fn check(&self) -> Result<(), EpochFault> {
        if self.v != EPOCH_VERSION {
            return Err(EpochFault::Version(self.v));
        }
        if self.number == 0 || (self.number == 1) != (self.parent == Digest::ZERO) {
            return Err(EpochFault::Form);
        }
        if !check::words(&self.title, NAME_CHARS_MAX) {
            return Err(EpochFault::Title);
        }
        if self.members.len() > MEMBERS_MAX || self.list.len() > ENTRIES_MAX || self.pairs.len() > PAIRS_MAX {
            return Err(EpochFault::TooMany);
        }
        self.check_members()?;
        self.check_voices()?;
        self.check_pairs()?;
        self.check_list()
    }

    fn check_members(&self) -> Result<(), EpochFault> {
        if self.members.is_empty() {
            return Err(EpochFault::NoMembers);
        }
        for member in &self.members {
            check::member(member)?;
        }
        for (a, b) in self.members.iter().zip(self.members.iter().skip(1)) {
            if a.node >= b.node {
                return Err(EpochFault::Twice(b.title()));
            }
        }
        let mut keys: Vec<_> =
            self.members.iter().flat_map(|m| m.keys.iter().map(move |k| (k.key.id(), m))).collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        match keys.iter().zip(keys.iter().skip(1)).find(|(a, b)| a.0 == b.0) {
            Some((a, b)) => Err(EpochFault::SharedKey(a.1.title(), b.1.title())),
            None => Ok(()),
        }
    }

    fn check_voices(&self) -> Result<(), EpochFault> {
        let voices = self.provinces();
        let mute = self.members.iter().filter_map(|m| m.node.province()).find(|p| !voices.contains(p));
        if let Some(province) = mute {
            return Err(EpochFault::NoSignatory(province.name().into()));
        }
        let (k, n) = (usize::from(self.k), voices.len());
        if 2 * k > n && k <= n { Ok(()) } else { Err(EpochFault::Threshold { k: self.k, n }) }
    }

    fn check_pairs(&self) -> Result<(), EpochFault> {
        for pair in &self.pairs {
            let members = self.member(&pair.a).is_some() && self.member(&pair.b).is_some();
            let short = pair.purpose.chars().count() <= check::PURPOSE_CHARS_MAX;
            if pair.a >= pair.b || !members || !short {
                return Err(EpochFault::Pair(self.member_title(&pair.a), self.member_title(&pair.b)));
            }
        }
        let unordered =
            |(x, y): &(&Pair, &Pair)| (x.a.as_str(), x.b.as_str()) >= (y.a.as_str(), y.b.as_str());
        match self.pairs.iter().zip(self.pairs.iter().skip(1)).find(unordered) {
            Some((_, y)) => Err(EpochFault::Twice(format!("结对 {}—{}", y.a, y.b))),
            None => Ok(()),
        }
    }

    fn check_list(&self) -> Result<(), EpochFault> {
        for entry in &self.list {
            check::entry(entry)?;
            if let Some(stranger) = entry.parties.iter().find(|p| self.member(p).is_none()) {
                return Err(EpochFault::Stranger(entry.id.clone(), stranger.to_string()));
            }
        }
        match self.list.iter().zip(self.list.iter().skip(1)).find(|(x, y)| x.id >= y.id) {
            Some((_, y)) => Err(EpochFault::Twice(format!("清单 {}", y.id))),
            None => Ok(()),
        }
    }
}
