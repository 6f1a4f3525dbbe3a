//! What one member's stream in the compact amounts to: its description as amended by its own notices, and its voice in
//! an attempt at the next epoch.
//!
//! Everything here reads a stream from its beginning and never looks beyond its end, so what was true of a stream stays
//! true when it grows. That is why an epoch in force cannot go out of force.

use super::act::vouched;
use super::check::KEYS_MAX;
use super::proposal::{ChangeError, apply};
use super::{Act, Agreed, Countersignature, Epoch, Member, Notice, NoticeFault, Proposal};
use crate::signature::Signature;
use jiff::Timestamp;
use lianzhi_docket::suite::PublicKey;
use lianzhi_ids::{Digest, NodeCode, Province};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An entry of a member's stream.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// When, as the member says.
    pub at: Timestamp,
    /// What; nothing when this program does not understand it.
    pub act: Option<Act>,
    /// Digest of its bytes.
    pub bytes: Digest,
}

/// What was computed before: the same signatures and epochs are asked for again whenever somebody says something.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    signed: HashMap<(PublicKey, Digest, Signature), bool>,
    made: HashMap<(Digest, Digest), Result<Arc<Agreed>, ChangeError>>,
}

impl Memory {
    fn countersigned(&mut self, c: &Countersignature, key: &PublicKey) -> bool {
        let statement = (key.clone(), c.epoch, c.signature.clone());
        *self.signed.entry(statement).or_insert_with(|| c.verify(key))
    }

    /// The epoch that a proposal of these bytes makes.
    pub fn made(
        &mut self,
        parent: Option<&Agreed>,
        bytes: Digest,
        proposal: &Proposal,
    ) -> Result<Arc<Agreed>, ChangeError> {
        let digest = parent.map_or(Digest::ZERO, |p| p.digest);
        self.made.entry((digest, bytes)).or_insert_with(|| apply(parent, proposal).map(Arc::new)).clone()
    }
}

/// A member's description with its own notices.
#[derive(Debug, Clone)]
pub(super) struct Amended {
    /// The description.
    pub member: Member,
    /// Short names of the keys that it revoked, ever.
    pub revoked: Vec<String>,
    /// When and why it left.
    pub left: Option<(Timestamp, String)>,
}

impl Amended {
    /// As an epoch describes it.
    pub fn new(member: &Member) -> Amended {
        Amended { member: member.clone(), revoked: Vec::new(), left: None }
    }

    /// Takes the notices of a stream, those after the member's card; a revocation counts wherever it stands.
    pub fn with(mut self, said: &[Said], after: u32) -> Amended {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        for (seq, entry) in said.iter().enumerate() {
            if let Some(Act::Notice { notice }) = &entry.act
                && (seq >= after || matches!(notice, Notice::RevokeKey { .. }))
            {
                // A notice that is wrong says nothing.
                let _ = self.take(notice, entry.at);
            }
        }
        self
    }

    /// Takes one notice.
    ///
    /// # Errors
    /// [`NoticeFault`]; then nothing changed.
    pub fn take(&mut self, notice: &Notice, at: Timestamp) -> Result<(), NoticeFault> {
        notice.check()?;
        if let Notice::RevokeKey { key, .. } = notice {
            let known = self.member.keys.iter().any(|k| k.key.id() == *key);
            if !known || self.revoked.contains(key) {
                return Err(NoticeFault::NoKey(key.clone()));
            }
            self.revoked.push(key.clone());
            return Ok(());
        }
        if self.left.is_some() {
            return Err(NoticeFault::NoMember);
        }
        match notice {
            Notice::RotateKey { key, signature } => {
                let id = key.key.id();
                let known = self.member.keys.iter().any(|k| k.key.id() == id)
                    || self.revoked.iter().any(|r| *r == id || *r == signature.key);
                let node = &self.member.node;
                let old = self.member.keys.iter_mut().find(|k| k.key.id() == signature.key);
                let Some(old) = old.filter(|o| !known && vouched(node, key, signature, &o.key)) else {
                    return Err(NoticeFault::Rotation);
                };
                old.until = Some(old.until.map_or(key.from, |until| until.min(key.from)));
                self.member.keys.push(key.clone());
                if self.member.keys.len() > KEYS_MAX {
                    self.member.keys.remove(0);
                }
            }
            Notice::Move { addresses } => self.member.addresses.clone_from(addresses),
            Notice::Liaisons { liaisons } => self.member.liaisons.clone_from(liaisons),
            Notice::Leave { reason } => self.left = Some((at, reason.clone())),
            Notice::RevokeKey { .. } => {}
        }
        Ok(())
    }

    fn signed(&self, c: &Countersignature, at: Timestamp, memory: &mut Memory) -> bool {
        let key = self.member.keys.iter().find(|k| k.key.id() == c.signature.key && k.counts_at(at));
        self.left.is_none()
            && !self.revoked.contains(&c.signature.key)
            && key.is_some_and(|k| memory.countersigned(c, &k.key))
    }
}

/// Two countersignatures of one member under two children of one parent in one round. The first counts; both together
/// prove to anybody who has its key that it signed twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DoubleSigning {
    /// The one that counts.
    pub first: Countersignature,
    /// The other.
    pub second: Countersignature,
}

/// What a signatory did with its voice in one attempt.
#[derive(Debug, Clone)]
pub(super) enum Vote {
    /// Nothing yet.
    Free,
    /// It countersigned this.
    For(Countersignature),
    /// It countersigned something, but not with a key that counted.
    Void,
}

/// A signatory's voice in one attempt.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    pub node: NodeCode,
    pub province: Province,
    pub vote: Vote,
    pub declined: BTreeMap<Digest, String>,
    pub left: bool,
    pub double: Option<DoubleSigning>,
}

impl Voice {
    /// Reads a member's stream for its voice in the attempt.
    pub fn read(
        member: &Member,
        province: Province,
        after: u32,
        said: &[Said],
        parent: Digest,
        round: u32,
        memory: &mut Memory,
    ) -> Voice {
        let node = member.node.clone();
        let left = Amended::new(member).with(said, after).left.is_some();
        let mut voice =
            Voice { node, province, vote: Vote::Free, declined: BTreeMap::new(), left, double: None };
        for (seq, entry) in said.iter().enumerate() {
            match &entry.act {
                Some(Act::Countersign { countersignature: c })
                    if c.node == voice.node
                        && (c.parent, c.round) == (parent, round)
                        && !voice.declined.contains_key(&c.epoch) =>
                {
                    let before = said.get(..seq).unwrap_or_default();
                    let good = Amended::new(member).with(before, after).signed(c, entry.at, memory);
                    match &voice.vote {
                        Vote::Free if good => voice.vote = Vote::For(c.clone()),
                        Vote::Free => voice.vote = Vote::Void,
                        Vote::For(first) if good && first.epoch != c.epoch && voice.double.is_none() => {
                            voice.double = Some(DoubleSigning { first: first.clone(), second: c.clone() });
                        }
                        Vote::For(_) | Vote::Void => {}
                    }
                }
                Some(Act::Decline { epoch, grounds }) if !voice.is_for(epoch) => {
                    voice.declined.entry(*epoch).or_insert_with(|| grounds.clone());
                }
                _ => {}
            }
        }
        voice
    }

    pub fn is_for(&self, epoch: &Digest) -> bool {
        matches!(&self.vote, Vote::For(c) if c.epoch == *epoch)
    }

    /// Whether it is or may still become one for this epoch; without one, for any that nobody proposed yet.
    pub fn may_be_for(&self, epoch: Option<&Digest>) -> bool {
        epoch.is_some_and(|e| self.is_for(e))
            || (matches!(self.vote, Vote::Free)
                && !self.left
                && epoch.is_none_or(|e| !self.declined.contains_key(e)))
    }
}

/// How many provinces are for something: those of whose signatories more than half are. So no province is for two things
/// of which each signatory can be for one.
pub(super) fn provinces(voices: &[Voice], is_for: impl Fn(&Voice) -> bool) -> usize {
    let mut tally: BTreeMap<Province, (usize, usize)> = BTreeMap::new();
    for voice in voices {
        let (yes, all) = tally.entry(voice.province).or_default();
        *yes += usize::from(is_for(voice));
        *all += 1;
    }
    tally.values().filter(|(yes, all)| 2 * yes > *all).count()
}

/// Whether no epoch of this attempt, proposed or not, can come into force any more.
pub(super) fn at_an_end(voices: &[Voice], k: u8) -> bool {
    let known = voices.iter().filter_map(|v| match &v.vote {
        Vote::For(c) => Some(Some(c.epoch)),
        Vote::Free | Vote::Void => None,
    });
    let mut candidates = known.chain([None]);
    candidates.all(|c| provinces(voices, |v| v.may_be_for(c.as_ref())) < usize::from(k))
}

/// Members who countersign in an attempt, with their voices.
pub(super) fn voices(
    epoch: &Epoch,
    after: &BTreeMap<NodeCode, u32>,
    said: &BTreeMap<NodeCode, Vec<Said>>,
    (parent, round): (Digest, u32),
    memory: &mut Memory,
) -> Vec<Voice> {
    let mut voices = Vec::new();
    for member in epoch.signatories(None) {
        let Some(province) = member.node.province() else { continue };
        let stream = said.get(&member.node).map_or(&[][..], |s| &s[..]);
        let after = after.get(&member.node).copied().unwrap_or(0);
        voices.push(Voice::read(member, province, after, stream, parent, round, memory));
    }
    voices
}
