//! What all members said in the compact, and what follows from it.
//!
//! [`Compact`] is a pure function of the streams: whoever knows the same streams has the same epochs in force, in
//! whatever order they came. Streams only grow, and with them the chain of epochs: one that is in force goes out only by
//! a child. At most one child of a parent comes into force, because a change needs `k` of the `n` provinces of the
//! parent with `2k > n`, and each signatory has one voice in an attempt.
//!
//! When the voices of an attempt are so split that none of its children can come into force any more, the next round is
//! open; before that a countersignature in it does not count.

use super::proposal::ChangeError;
use super::voice::{self, Amended, DoubleSigning, Memory, Said, Voice, Vote};
use super::{Act, Agreed, Countersignature, Epoch, Former, Notice, NoticeFault, Proposal, Roster};
use crate::stream::{StreamEntry, stream_digest};
use lianzhi_ids::{Digest, NodeCode, SharedId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most rounds that are looked at under one parent.
const ROUNDS_MAX: u32 = 100;

/// What became of an entry that was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is new and counts.
    Taken,
    /// It was known.
    Known,
    /// The author's stream has to be pulled from here first.
    Gap(u32),
    /// Of another docket.
    Foreign,
}

/// What all members said.
#[derive(Debug, Clone)]
pub struct Ledger {
    docket: SharedId,
    said: BTreeMap<NodeCode, Vec<Said>>,
    memory: Memory,
    compact: Compact,
}

/// How a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// In force, or was.
    InForce,
    /// Waits for countersignatures.
    Open,
    /// Of a round that is not open yet.
    Early,
    /// Cannot come into force any more.
    Lost,
}

impl Phase {
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Phase::InForce => "已生效",
            Phase::Open => "会签中",
            Phase::Early => "尚未到本轮会签",
            Phase::Lost => "未通过",
        }
    }
}

/// A proposal with the voices on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The proposal.
    pub proposal: Proposal,
    /// Who proposed it.
    pub author: NodeCode,
    /// The epoch that it makes.
    pub agreed: Arc<Agreed>,
    /// How it stands.
    pub phase: Phase,
    /// Who countersigned.
    pub signed: Vec<Countersignature>,
    /// Who declined, and why.
    pub declined: Vec<(NodeCode, String)>,
    /// Who may still countersign.
    pub missing: Vec<NodeCode>,
    /// Provinces for it.
    pub provinces: usize,
    /// Provinces needed.
    pub needed: u8,
    /// Withdrawn by its author, and why.
    pub withdrawn: Option<String>,
}

/// A proposal that is none: its changes make no epoch, or its author may not propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// Who proposed it.
    pub author: NodeCode,
    /// The digest that it states.
    pub result: Digest,
    /// Why it is none.
    pub why: ChangeError,
}

/// What follows from the streams.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compact {
    /// Epochs that are or were in force, oldest first; the last one is in force.
    pub chain: Vec<Proposed>,
    /// Proposals on the epoch in force, by round and digest.
    pub open: Vec<Proposed>,
    /// Proposals on earlier epochs that did not come into force.
    pub lost: Vec<Proposed>,
    /// Proposals that are none.
    pub void: Vec<Void>,
    /// Who countersigned twice.
    pub double: Vec<DoubleSigning>,
    /// The round in which a proposal on the epoch in force is countersigned now.
    pub round: u32,
    roster: Option<Roster>,
}

impl Compact {
    /// The epoch in force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Agreed> {
        self.chain.last().map(|s| &*s.agreed)
    }

    /// The roster in force: the epoch with what members said of themselves since.
    #[must_use]
    pub fn roster(&self) -> Option<&Roster> {
        self.roster.as_ref()
    }

    /// A proposal by the epoch that it makes, wherever it stands.
    #[must_use]
    pub fn proposed(&self, epoch: &Digest) -> Option<&Proposed> {
        self.chain.iter().chain(&self.open).chain(&self.lost).find(|s| s.agreed.digest == *epoch)
    }

    /// Members of the epoch in force; before the first, everybody whom an open proposal of it names.
    #[must_use]
    pub fn audience(&self) -> Vec<NodeCode> {
        let epochs: Vec<&Epoch> = match self.in_force() {
            Some(agreed) => vec![&agreed.epoch],
            None => self.open.iter().map(|s| &s.agreed.epoch).collect(),
        };
        let mut nodes: Vec<_> =
            epochs.iter().flat_map(|e| e.members.iter().map(|m| m.node.clone())).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}

impl Ledger {
    /// Nothing said yet in this docket.
    #[must_use]
    pub fn new(docket: SharedId) -> Ledger {
        Ledger { docket, said: BTreeMap::new(), memory: Memory::default(), compact: Compact::default() }
    }

    /// The shared docket.
    #[must_use]
    pub fn docket(&self) -> &SharedId {
        &self.docket
    }

    /// What follows from what was said.
    #[must_use]
    pub fn compact(&self) -> &Compact {
        &self.compact
    }

    /// How many entries of this author's stream are known.
    #[must_use]
    pub fn next(&self, author: &NodeCode) -> u32 {
        self.said.get(author).map_or(0, |s| u32::try_from(s.len()).unwrap_or(u32::MAX))
    }

    /// Takes an entry whose signature and place in its stream the caller has verified. What is not understood, because a
    /// later version wrote it, keeps its place and says nothing.
    pub fn hear(&mut self, entry: &StreamEntry) -> Step {
        if entry.docket != self.docket {
            return Step::Foreign;
        }
        let next = self.next(&entry.author);
        if entry.seq < next {
            return Step::Known;
        }
        if entry.seq > next {
            return Step::Gap(next);
        }
        let act = serde_json::from_str::<Act>(entry.act.get()).ok();
        let bytes = stream_digest(entry.act.get().as_bytes());
        self.said.entry(entry.author.clone()).or_default().push(Said { at: entry.at, act, bytes });
        self.compact = join(&self.docket, &self.said, &mut self.memory);
        Step::Taken
    }

    /// Acts of one author in their order, with the places of those that are not understood.
    pub fn acts(&self, author: &NodeCode) -> impl Iterator<Item = (u32, jiff::Timestamp, Option<&Act>)> {
        let said = self.said.get(author).map_or(&[][..], |s| &s[..]);
        (0u32..).zip(said).map(|(seq, s)| (seq, s.at, s.act.as_ref()))
    }

    /// Authors who said something.
    pub fn authors(&self) -> impl Iterator<Item = &NodeCode> {
        self.said.keys()
    }

    /// Whether a notice of this member would count now.
    ///
    /// # Errors
    /// [`NoticeFault`] when it would not, and why.
    pub fn check_notice(
        &self,
        node: &NodeCode,
        notice: &Notice,
        at: jiff::Timestamp,
    ) -> Result<(), NoticeFault> {
        let agreed = self.compact.in_force().ok_or(NoticeFault::NoMember)?;
        let member = agreed.epoch.member(node).ok_or(NoticeFault::NoMember)?;
        let mut amended = amended(agreed, member, &self.said);
        amended.take(notice, at)
    }
}

fn amended(agreed: &Agreed, member: &super::Member, said: &BTreeMap<NodeCode, Vec<Said>>) -> Amended {
    let stream = said.get(&member.node).map_or(&[][..], |s| &s[..]);
    Amended::new(member).with(stream, agreed.after.get(&member.node).copied().unwrap_or(0))
}

/// Whether somebody may propose on this parent at this place of its stream: the founder the first epoch, any member
/// the others.
fn may_propose(docket: &SharedId, parent: Option<&Agreed>, author: &NodeCode, before: &[Said]) -> bool {
    match parent {
        None => docket.node == *author,
        Some(agreed) => agreed.epoch.member(author).is_some_and(|member| {
            let after = agreed.after.get(author).copied().unwrap_or(0);
            Amended::new(member).with(before, after).left.is_none()
        }),
    }
}

/// A child of an epoch as proposed.
struct Child<'a> {
    proposal: &'a Proposal,
    author: &'a NodeCode,
    agreed: Arc<Agreed>,
}

/// The children of an epoch that are ones, by round and digest; the others go to `void`.
fn children<'a>(
    docket: &SharedId,
    parent: Option<&Agreed>,
    said: &'a BTreeMap<NodeCode, Vec<Said>>,
    memory: &mut Memory,
    void: &mut Vec<Void>,
) -> BTreeMap<(u32, Digest), Child<'a>> {
    let digest = parent.map_or(Digest::ZERO, |p| p.digest);
    let name = docket.to_string();
    let mut children = BTreeMap::new();
    for (author, stream) in said {
        for (seq, entry) in stream.iter().enumerate() {
            let Some(Act::Propose { proposal }) = &entry.act else { continue };
            if proposal.parent != digest || children.contains_key(&(proposal.round, proposal.result)) {
                continue;
            }
            let before = stream.get(..seq).unwrap_or_default();
            let allowed = may_propose(docket, parent, author, before)
                && proposal.compact == name
                && proposal.round <= if parent.is_some() { ROUNDS_MAX } else { 0 };
            let made =
                if allowed { memory.made(parent, entry.bytes, proposal) } else { Err(ChangeError::Parent) };
            match made {
                Ok(agreed) => {
                    children.insert((proposal.round, proposal.result), Child { proposal, author, agreed });
                }
                Err(why) => void.push(Void { author: author.clone(), result: proposal.result, why }),
            }
        }
    }
    children
}

fn join(docket: &SharedId, said: &BTreeMap<NodeCode, Vec<Said>>, memory: &mut Memory) -> Compact {
    let mut compact = Compact::default();
    loop {
        let parent = compact.chain.last().map(|s| s.agreed.clone());
        let children = children(docket, parent.as_deref(), said, memory, &mut compact.void);
        let (mut standings, round) = match &parent {
            None => (first(docket, children, said, memory, &mut compact.double), 0),
            Some(parent) => next(parent, children, said, memory, &mut compact.double),
        };
        match standings.iter().position(|s| s.phase == Phase::InForce) {
            Some(place) => {
                let winner = standings.remove(place);
                for mut other in standings {
                    other.phase = Phase::Lost;
                    compact.lost.push(other);
                }
                compact.chain.push(winner);
            }
            None => {
                compact.open = standings;
                compact.round = round;
                break;
            }
        }
    }
    compact.double.sort();
    compact.double.dedup();
    compact.roster = compact.in_force().map(|agreed| roster(agreed, said));
    compact
}

/// Standings of proposals of the first epoch: each is decided by its own members, and only with the founder's own
/// countersignature, of which there is one.
fn first(
    docket: &SharedId,
    children: BTreeMap<(u32, Digest), Child<'_>>,
    said: &BTreeMap<NodeCode, Vec<Said>>,
    memory: &mut Memory,
    double: &mut Vec<DoubleSigning>,
) -> Vec<Proposed> {
    let founders_first = said.get(&docket.node).into_iter().flatten().find_map(|s| match &s.act {
        Some(Act::Countersign { countersignature: c }) if c.parent == Digest::ZERO && c.round == 0 => {
            Some(c.epoch)
        }
        _ => None,
    });
    let mut standings = Vec::new();
    for child in children.into_values() {
        let epoch = child.agreed.epoch.clone();
        let voices = voice::voices(&epoch, &child.agreed.after, said, (Digest::ZERO, 0), memory);
        double.extend(voices.iter().filter_map(|v| v.double.clone()));
        let founded = founders_first == Some(child.agreed.digest)
            && voices.iter().any(|v| v.node == docket.node && v.is_for(&child.agreed.digest));
        let mut standing = standing(child, &voices, epoch.k, true, said);
        if standing.phase == Phase::InForce && !founded {
            standing.phase = Phase::Open;
        }
        if founders_first.is_some_and(|first| first != standing.agreed.digest) {
            standing.phase = Phase::Lost;
        }
        standings.push(standing);
    }
    standings
}

/// Standings of the children of an epoch, and the round that is open.
fn next(
    parent: &Agreed,
    children: BTreeMap<(u32, Digest), Child<'_>>,
    said: &BTreeMap<NodeCode, Vec<Said>>,
    memory: &mut Memory,
    double: &mut Vec<DoubleSigning>,
) -> (Vec<Proposed>, u32) {
    let k = parent.epoch.k;
    let mut rounds: Vec<Vec<Voice>> = Vec::new();
    for round in 0..=ROUNDS_MAX {
        let voices = voice::voices(&parent.epoch, &parent.after, said, (parent.digest, round), memory);
        double.extend(voices.iter().filter_map(|v| v.double.clone()));
        // Where nobody has said anything and yet nothing can come, because too many left, no further round would help.
        let ended = voice::at_an_end(&voices, k) && !voices.iter().all(|v| matches!(v.vote, Vote::Free));
        rounds.push(voices);
        if !ended {
            break;
        }
    }
    let open = u32::try_from(rounds.len()).unwrap_or(u32::MAX).saturating_sub(1);
    let mut standings = Vec::new();
    for ((round, _), child) in children {
        let at = usize::try_from(round).unwrap_or(usize::MAX);
        standings.push(match rounds.get(at) {
            Some(voices) => standing(child, voices, k, true, said),
            None => standing(child, &[], k, false, said),
        });
    }
    (standings, open)
}

fn standing(
    child: Child<'_>,
    voices: &[Voice],
    needed: u8,
    is_open: bool,
    said: &BTreeMap<NodeCode, Vec<Said>>,
) -> Proposed {
    let digest = child.agreed.digest;
    let provinces = voice::provinces(voices, |v| v.is_for(&digest));
    let possible = voice::provinces(voices, |v| v.may_be_for(Some(&digest)));
    let phase = match usize::from(needed) {
        _ if !is_open => Phase::Early,
        k if provinces >= k => Phase::InForce,
        k if possible < k => Phase::Lost,
        _ => Phase::Open,
    };
    let mut signed = Vec::new();
    let mut declined = Vec::new();
    let mut missing = Vec::new();
    for voice in voices {
        match (&voice.vote, voice.declined.get(&digest)) {
            (Vote::For(c), _) if c.epoch == digest => signed.push(c.clone()),
            (_, Some(grounds)) => declined.push((voice.node.clone(), grounds.clone())),
            (Vote::Free, None) if !voice.left => missing.push(voice.node.clone()),
            _ => {}
        }
    }
    let withdrawn = said.get(child.author).into_iter().flatten().find_map(|s| match &s.act {
        Some(Act::Withdraw { epoch, reason }) if *epoch == digest => Some(reason.clone()),
        _ => None,
    });
    Proposed {
        proposal: child.proposal.clone(),
        author: child.author.clone(),
        agreed: child.agreed,
        phase,
        signed,
        declined,
        missing,
        provinces,
        needed,
        withdrawn,
    }
}

fn roster(agreed: &Agreed, said: &BTreeMap<NodeCode, Vec<Said>>) -> Roster {
    let mut epoch = agreed.epoch.clone();
    let mut former = agreed.former.clone();
    let mut revoked = Vec::new();
    epoch.members.clear();
    for member in &agreed.epoch.members {
        let amended = amended(agreed, member, said);
        revoked.extend(amended.revoked.iter().map(|key| (member.node.clone(), key.clone())));
        match amended.left {
            None => epoch.members.push(amended.member),
            Some((at, grounds)) => {
                former.push(Former { member: amended.member, at, expelled: false, grounds });
            }
        }
    }
    Roster { epoch, digest: agreed.digest, past: agreed.past.clone(), former, revoked }
}
