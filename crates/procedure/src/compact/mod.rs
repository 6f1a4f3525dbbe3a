//! The compact (协作机制) as a shared docket: who proposes, compares fingerprints, countersigns, gives notice.
//!
//! What members say are the acts of [`lianzhi_exchange::compact`], and what is in force follows from them there. Here is
//! what a node adds: who in the agency may say what, when it makes sense, and what is known only here (fingerprints that
//! somebody compared). docs/procedures/compact.md has the rules and the concurrent pairs.
//!
//! What people type here (titles, purposes, grounds) is no [`crate::Text`]: it is part of what the members sign, and must be
//! readable as long as the compact is.

mod command;
mod decide;
mod offers;

pub use command::{Command, Signing};

use crate::stream::{self, Incoming, Outgoing, Streams};
use crate::{Facts, Offer, PartKind, Procedure, Refusal, Summary, Text, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_exchange::compact::{Act, Agreed, Epoch, Ledger, Phase, Proposed, Roster};
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::{Digest, NodeCode, PersonCode, Role, SharedId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rule under which all of this is done.
pub const CHARTER: &str = "协作机制章程";

/// What happened. Kept for ever: fields are only ever added, with a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "entries are the exact bytes of stream entries; at is when it was decided")]
pub enum Event {
    /// We said something to the others.
    Said {
        entry: String,
        to: Vec<NodeCode>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// Another member said something.
    Heard { me: NodeCode, entry: String, envelope: Digest, at: Timestamp },
    /// Somebody here compared the fingerprints of a member's keys with that member, and they are the same.
    Trusted { node: NodeCode, keys: Vec<String>, by: PersonCode, at: Timestamp },
}

/// Fingerprints that somebody compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The fingerprints.
    pub keys: Vec<String>,
    /// Who compared them.
    pub by: PersonCode,
    /// When.
    pub at: Timestamp,
}

/// The compact as this node knows it.
#[derive(Debug, Clone)]
pub struct File {
    /// Where the streams stand.
    pub streams: Streams,
    /// What all members said, and what follows.
    pub ledger: Ledger,
    /// Fingerprints compared here.
    pub trusted: BTreeMap<NodeCode, Trusted>,
    /// When it began here.
    pub at: Timestamp,
    /// Last change.
    pub changed: Timestamp,
}

/// State of the docket.
#[derive(Debug, Clone, Default)]
pub struct State(Option<Box<File>>);

impl State {
    /// The compact, when there is one.
    #[must_use]
    pub fn file(&self) -> Option<&File> {
        self.0.as_deref()
    }
}

impl File {
    fn new(me: NodeCode, id: SharedId, at: Timestamp) -> File {
        let ledger = Ledger::new(id.clone());
        File { streams: Streams::new(me, id), ledger, trusted: BTreeMap::new(), at, changed: at }
    }

    /// This node.
    #[must_use]
    pub fn me(&self) -> &NodeCode {
        &self.streams.me
    }

    /// What follows from what was said.
    #[must_use]
    pub fn compact(&self) -> &lianzhi_exchange::compact::Compact {
        self.ledger.compact()
    }

    /// The epoch in force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Agreed> {
        self.compact().in_force()
    }

    /// The roster in force, for [`crate::directory::Directory::roster`].
    #[must_use]
    pub fn roster(&self) -> Option<&Roster> {
        self.compact().roster()
    }

    /// The roster by which members talk about the compact itself: the one in force, before that the first proposed one by
    /// which its author stands.
    #[must_use]
    pub fn exchange_roster(&self) -> Option<Roster> {
        let open = &self.compact().open;
        let first = || open.iter().find(|p| p.withdrawn.is_none()).or(open.first());
        self.roster().cloned().or_else(|| first().map(|p| Roster::proposed(&p.agreed)))
    }

    /// Whether it was proposed and withdrawn before it came into force: whoever begins anew begins another docket.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        let open = &self.compact().open;
        self.roster().is_none() && !open.is_empty() && open.iter().all(|p| p.withdrawn.is_some())
    }

    /// Whether this node is a member now.
    #[must_use]
    pub fn is_member(&self) -> bool {
        self.roster().is_some_and(|r| r.member(self.me()).is_some())
    }

    /// Proposals that wait for somebody: countersigning is open and their authors stand by them.
    pub fn waiting(&self) -> impl Iterator<Item = &Proposed> {
        self.compact().open.iter().filter(|p| p.phase == Phase::Open && p.withdrawn.is_none())
    }

    /// Proposals that wait for this node's countersignature.
    pub fn mine_to_sign(&self) -> impl Iterator<Item = &Proposed> {
        self.waiting().filter(|p| p.missing.contains(self.me()))
    }

    /// The changes of a proposal in words, against the epoch that it changes.
    #[must_use]
    pub fn words(&self, proposed: &Proposed) -> Vec<String> {
        let parent = self.compact().proposed(&proposed.proposal.parent);
        proposed.proposal.words(parent.map(|p| &p.agreed.epoch))
    }

    /// Members of an epoch whose keys nobody here compared yet, ourselves aside.
    #[must_use]
    pub fn untrusted<'a>(&'a self, epoch: &'a Epoch) -> Vec<&'a lianzhi_exchange::compact::Member> {
        let known = |m: &lianzhi_exchange::compact::Member| {
            self.trusted
                .get(&m.node)
                .is_some_and(|t| m.keys.iter().all(|k| t.keys.contains(&k.key.fingerprint())))
        };
        epoch.members.iter().filter(|m| m.node != *self.me() && !known(m)).collect()
    }

    /// Everybody who may have said something that matters: the founder, and whom any known epoch names.
    fn knows(&self, node: &NodeCode) -> bool {
        let compact = self.compact();
        let all = compact.chain.iter().chain(&compact.open).chain(&compact.lost);
        self.streams.id.node == *node || all.into_iter().any(|p| p.agreed.epoch.member(node).is_some())
    }

    /// To whom something is said: all members, and whom the epoch names that it is about.
    fn others(&self, epoch: Option<&Epoch>) -> Vec<NodeCode> {
        let mut to = self.compact().audience();
        to.extend(epoch.into_iter().flat_map(|e| e.members.iter().map(|m| m.node.clone())));
        to.sort_unstable();
        to.dedup();
        to.retain(|node| node != self.me());
        to
    }

    fn take(&mut self, entry: &StreamEntry, bytes: &str) {
        self.streams.take(entry, bytes);
        self.ledger.hear(entry);
    }
}

/// The procedure.
#[derive(Debug)]
pub struct Compact;

impl Procedure for Compact {
    const KIND: &'static str = "compact";
    const TITLE: &'static str = "协作机制";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, facts)
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let at = match event {
            Event::Said { at, .. } | Event::Heard { at, .. } | Event::Trusted { at, .. } => *at,
        };
        match event {
            Event::Said { entry: bytes, .. } | Event::Heard { entry: bytes, .. } => {
                if let Ok(entry) = StreamEntry::parse(bytes) {
                    let me = match event {
                        Event::Heard { me, .. } => me,
                        _ => &entry.author,
                    };
                    let new = || Box::new(File::new(me.clone(), entry.docket.clone(), at));
                    state.0.get_or_insert_with(new).take(&entry, bytes);
                }
            }
            Event::Trusted { node, keys, by, at } => {
                if let Some(file) = &mut state.0 {
                    let trusted = Trusted { keys: keys.clone(), by: by.clone(), at: *at };
                    file.trusted.insert(node.clone(), trusted);
                }
            }
        }
        if let Some(file) = &mut state.0 {
            file.changed = at;
        }
        state
    }

    fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
        offers::offers(state, facts)
    }

    fn summary(state: &State) -> Summary {
        let Some(file) = state.file() else { return Summary::default() };
        let mut todos = Vec::new();
        let mut add = |role, what| todos.push(Todo { who: Waiter::for_all(role), what, due: None });
        for proposed in file.mine_to_sign() {
            let first = proposed.proposal.number == 1;
            if first && !file.untrusted(&proposed.agreed.epoch).is_empty() {
                add(Role::Admin, "trust");
            } else {
                add(Role::Leader, "countersign");
            }
        }
        let stage = match (file.in_force(), file.is_member()) {
            (None, _) => "proposed",
            (Some(_), true) => "in_force",
            (Some(_), false) => "outside",
        };
        Summary {
            number: format!("compact:{}", file.streams.id),
            stage,
            open: file.waiting().next().is_some(),
            source: "administration",
            external: Some(file.streams.id.to_string()),
            reported_at: Some(file.at),
            todos,
            ..Summary::default()
        }
    }

    fn texts(_: &mut Command) -> Vec<(PartKind, &mut Text)> {
        Vec::new()
    }

    fn outgoing(event: &Event) -> Option<Outgoing<'_>> {
        match event {
            Event::Said { entry, to, urgent, .. } => {
                Some(Outgoing { entry, to, list: None, basis: CHARTER, urgent: *urgent })
            }
            _ => None,
        }
    }

    fn incoming(event: &Event) -> Option<Incoming<'_>> {
        match event {
            Event::Heard { entry, envelope, .. } => Some(Incoming { entry, envelope: *envelope }),
            _ => None,
        }
    }

    fn hear(entry: String, envelope: Digest) -> Option<Command> {
        Some(Command::Hear { entry, envelope })
    }

    fn streams(state: &State) -> Option<&Streams> {
        state.file().map(|f| &f.streams)
    }
}

/// The act of an entry, for whoever lists what was said.
///
/// # Errors
/// When the bytes are no entry of the compact.
pub fn act_of(entry: &str) -> Result<stream::Read<Act>, Refusal> {
    stream::read(entry)
}
