//! What is known of a shared matter: what each member said, and what is done with it in this office.

use super::act::{Act, Opening};
use super::erasure::{self, Erasure};
use super::join::{self, Stage};
use crate::stream::Streams;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId, NodeCode, PersonCode, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// 收文登记 after arrival.
    Register,
    /// 答复 by the receiver; watched at both ends.
    Answer,
    /// 反馈结果 of a lead that was taken on; watched at both ends.
    Outcome,
}

impl Term {
    /// Code in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Term::Register => "register",
            Term::Answer => "answer",
            Term::Outcome => "outcome",
        }
    }
    /// Words on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Term::Register => "收文登记",
            Term::Answer => "答复",
            Term::Outcome => "反馈结果",
        }
    }
}

/// Somebody to whom what is late is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// From when.
    pub at: Timestamp,
    /// To whom, as the list names the superior.
    pub to: String,
}

/// A clock as stored in the event that starts it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Which term.
    pub term: Term,
    /// The clock itself with its source and arithmetic.
    pub running: lianzhi_law::Running,
    /// Superiors, in order; the own leader is told first, when it runs out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Rung>,
}

/// A clock and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The clock.
    pub clock: Clock,
    /// The highest warning given.
    pub warned: u16,
    /// It ran out.
    pub expired: bool,
    /// How many superiors were told.
    pub told: usize,
    /// When it was met or fell away.
    pub stopped: Option<Timestamp>,
}

/// One thing that a member said.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Position in the author's stream.
    pub seq: u32,
    /// When it was said, by the author's clock.
    pub at: Timestamp,
    /// When it was recorded here.
    pub here: Timestamp,
    /// Who signed.
    pub actor: String,
    /// What.
    pub act: Act,
    /// Digest of the stream entry.
    pub digest: Digest,
    /// The envelope that brought it; none for our own.
    pub envelope: Option<Digest>,
    /// The moment that counts instead of the one that it names, where the list does not allow that one.
    pub counts: Option<Timestamp>,
}

/// A letter in the making.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it will say.
    pub act: Act,
    /// Who drafted it, or put it in other words last.
    pub by: PersonCode,
    /// Who else wrote it before.
    pub before: BTreeSet<PersonCode>,
    /// When.
    pub at: Timestamp,
    /// Who reviewed it, when somebody did and agreed.
    pub reviewed: Option<PersonCode>,
    /// Why it came back to whoever drafted it.
    pub sent_back: Option<PartRef>,
}

impl Draft {
    /// Whether somebody had a hand in its words: who did neither reviews nor signs it.
    #[must_use]
    pub fn wrote(&self, person: &PersonCode) -> bool {
        self.by == *person || self.before.contains(person)
    }
}

/// A file that came from another member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// From whom.
    pub from: NodeCode,
    /// The file.
    pub exhibit: ExhibitRef,
    /// When it came into our custody.
    pub arrived: Option<Timestamp>,
}

/// A shared matter.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Form of working together.
    pub form: Form,
    /// What opened it (as drafted, until it is sent).
    pub opening: Opening,
    /// Where the streams stand.
    pub streams: Streams,
    /// What each member said, in its order: its sub-state, moved by nobody else.
    pub said: BTreeMap<NodeCode, Vec<Said>>,
    /// The letter in the making.
    pub draft: Option<Draft>,
    /// It was never sent.
    pub discarded: Option<Timestamp>,
    /// Who drafted the opening, at its member.
    pub drafter: Option<PersonCode>,
    /// The unit that has it here.
    pub unit: Option<UnitCode>,
    /// Who has it here.
    pub person: Option<PersonCode>,
    /// The local matter that it came from or became.
    pub link: Option<DocketId>,
    /// The assistances that ask to verify files of this matter on site.
    pub verifying: Vec<DocketId>,
    /// Files from others.
    pub received: BTreeMap<Digest, Received>,
    /// Files that others fetched: which, who, when.
    pub served: Vec<(Digest, NodeCode, Timestamp)>,
    /// Texts that are erased here.
    pub erased: BTreeSet<Digest>,
    /// Clocks.
    pub clocks: Vec<Watched>,
    /// When it began here.
    pub at: Timestamp,
    /// Last change.
    pub changed: Timestamp,
}

/// State of a shared matter.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nothing happened.
    #[default]
    Empty,
    /// The file.
    File(Box<File>),
}

impl State {
    /// The file, once there is one.
    #[must_use]
    pub fn file(&self) -> Option<&File> {
        match self {
            State::Empty => None,
            State::File(file) => Some(file),
        }
    }
}

impl File {
    /// The member that opened it.
    #[must_use]
    pub fn founder(&self) -> &NodeCode {
        &self.streams.id.node
    }
    /// This node.
    #[must_use]
    pub fn me(&self) -> &NodeCode {
        &self.streams.me
    }
    /// This node opened it.
    #[must_use]
    pub fn mine(&self) -> bool {
        self.founder() == self.me()
    }
    /// It was sent (or came from another member).
    #[must_use]
    pub fn sent(&self) -> bool {
        self.said.contains_key(self.founder())
    }
    /// What a member said.
    pub fn acts<'a>(&'a self, node: &NodeCode) -> impl DoubleEndedIterator<Item = &'a Act> + use<'a> {
        self.said.get(node).into_iter().flatten().map(|s| &s.act)
    }
    /// What a member said last of some kind.
    pub fn last<'a, T>(&'a self, node: &NodeCode, pick: impl Fn(&'a Act) -> Option<T> + 'a) -> Option<T> {
        self.acts(node).rev().find_map(pick)
    }
    /// All that was said, in an order that respects each author's and is the same at every member.
    #[must_use]
    pub fn story(&self) -> Vec<(&NodeCode, &Said)> {
        let mut all = Vec::new();
        for (node, list) in &self.said {
            // An author's clock may have been set back: its own order stands above it.
            let mut at = Timestamp::MIN;
            for said in list {
                at = at.max(said.at);
                all.push((at, node, said));
            }
        }
        all.sort_by_key(|(at, node, said)| (*at, *node, said.seq));
        all.into_iter().map(|(_, node, said)| (node, said)).collect()
    }
    /// Those who are to answer: the receivers, and those to whom it was passed on with consent.
    #[must_use]
    pub fn receivers(&self) -> Vec<&NodeCode> {
        join::receivers(self)
    }
    /// Who is to answer now: of a lead that was passed on, the last.
    #[must_use]
    pub fn receiver(&self) -> Option<&NodeCode> {
        self.receivers().pop()
    }
    /// All parties.
    #[must_use]
    pub fn parties(&self) -> Vec<NodeCode> {
        std::iter::once(self.founder()).chain(self.receivers()).cloned().collect()
    }
    /// Everybody but this node: to whom what is said goes.
    #[must_use]
    pub fn others(&self) -> Vec<NodeCode> {
        self.parties().into_iter().filter(|n| n != self.me()).collect()
    }
    /// Where it stands, the same at every member that heard the same.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match (self.discarded, self.sent()) {
            (Some(_), _) => Stage::Discarded,
            (None, false) => Stage::Drafting,
            (None, true) => join::join(self),
        }
    }
    /// Whether something is still to be done or waited for here.
    #[must_use]
    pub fn open(&self) -> bool {
        join::open(self, self.stage())
    }
    /// Whether what arrived still has to be registered here.
    #[must_use]
    pub fn unregistered(&self) -> bool {
        !self.mine() && self.open() && !self.acts(self.me()).any(|a| matches!(a, Act::Registered { .. }))
    }
    /// Whether this node still owes an answer, or waits for one. Then a clock runs for it.
    #[must_use]
    pub fn unanswered(&self) -> bool {
        join::unanswered(self)
    }
    /// Whether this node has taken on a lead and still owes what came of it, or waits for that. Then a clock runs for it.
    #[must_use]
    pub fn pursued(&self) -> bool {
        join::pursued(self).is_some()
    }
    /// Until when a receiver is to answer, the same at every member that heard the same.
    #[must_use]
    pub fn due_of(&self, receiver: &NodeCode) -> Timestamp {
        join::due_of(self, receiver)
    }
    /// Until when what this node owes or waits for is due.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        join::due(self)
    }
    /// What members erased of their own, and what the others did about it; oldest first.
    #[must_use]
    pub fn erasures(&self) -> Vec<Erasure> {
        erasure::of(self)
    }
    /// Who is competent, once a dispute is settled.
    #[must_use]
    pub fn competent(&self) -> Option<&NodeCode> {
        join::competent(self)
    }
    /// What came of the talks that a record tells: whether all parties agreed to it; none while somebody is still to answer.
    #[must_use]
    pub fn talks(&self, record: &Digest) -> Option<bool> {
        join::talks(self, record)
    }
    /// What is held of a file, by whoever judged it last.
    #[must_use]
    pub fn verdict(&self, exhibit: &Digest) -> Option<(&NodeCode, &Act)> {
        self.story().into_iter().rev().find_map(|(node, said)| match &said.act {
            act @ Act::Judged { exhibit: e, .. } if e == exhibit => Some((node, act)),
            _ => None,
        })
    }
    /// Whether it is still to be said what is held of a file: nothing was, or it is to be verified on site first.
    #[must_use]
    pub fn to_judge(&self, exhibit: &Digest) -> bool {
        self.verdict(exhibit).is_none_or(|(_, act)| {
            matches!(act, Act::Judged { verdict: super::act::Verdict::VerifyOnSite, .. })
        })
    }
    /// A clock, whatever became of it.
    #[must_use]
    pub fn clock(&self, term: Term) -> Option<&Watched> {
        self.clocks.iter().rev().find(|c| c.clock.term == term)
    }
    /// Clocks that run.
    pub fn running(&self) -> impl Iterator<Item = &Watched> {
        self.clocks.iter().filter(|c| c.stopped.is_none())
    }
}
