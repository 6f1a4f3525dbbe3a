//! The place of a member in a shared docket: where each author's stream stands, and how an entry is added to it.
//!
//! A node adds to its own stream only. What others say is taken as it is, once, in their order; who said what is beyond
//! dispute because an entry names its predecessor by digest.

use crate::{Actor, ExhibitRef, Facts, Kind, PartRef, Refusal};
use lianzhi_exchange::stream::{ExhibitName, STREAM_ENTRY_VERSION, StreamEntry, stream_digest};
use lianzhi_ids::{Digest, NodeCode, SharedId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Characters of a field of an act at most.
const FIELD_CHARS_MAX: usize = 2_000;

/// The end of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Position of its next entry.
    pub next: u32,
    /// Digest of its last entry.
    pub digest: Digest,
}

/// The streams of a shared docket as this node knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streams {
    /// This node.
    pub me: NodeCode,
    /// The docket.
    pub id: SharedId,
    heads: BTreeMap<NodeCode, StreamHead>,
}

/// What an event of a shared docket gives to the others: the app puts it into an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing<'a> {
    /// Exact bytes of the stream entry.
    pub entry: &'a str,
    /// To whom.
    pub to: &'a [NodeCode],
    /// The entry of the collaboration list that authorises it; none for what concerns the compact itself.
    pub list: Option<Digest>,
    /// Law on which it is based, in words.
    pub basis: &'a str,
    /// What waits for it is short of time.
    pub urgent: bool,
}

/// What an event of a shared docket took from another member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incoming<'a> {
    /// Exact bytes of the stream entry.
    pub entry: &'a str,
    /// Digest of the envelope that brought it.
    pub envelope: Digest,
}

/// An entry of somebody's stream, read.
#[derive(Debug, Clone)]
pub struct Read<A> {
    /// The entry.
    pub entry: StreamEntry,
    /// What it says.
    pub act: A,
}

impl Streams {
    /// A docket in which nobody has said anything.
    #[must_use]
    pub fn new(me: NodeCode, id: SharedId) -> Self {
        Streams { me, id, heads: BTreeMap::new() }
    }

    /// Where an author's stream stands; none before its first entry.
    #[must_use]
    pub fn head(&self, author: &NodeCode) -> Option<StreamHead> {
        self.heads.get(author).copied()
    }

    /// All authors with the ends of their streams.
    pub fn heads(&self) -> impl Iterator<Item = (&NodeCode, StreamHead)> {
        self.heads.iter().map(|(node, head)| (node, *head))
    }

    /// The bytes of our next entry.
    ///
    /// # Errors
    /// When it is too long to be sent.
    pub fn say(
        &self,
        kind: &str,
        act: &impl Serialize,
        parts: Vec<Digest>,
        exhibits: &[ExhibitRef],
        facts: &Facts<'_>,
    ) -> Result<String, Refusal> {
        let head = self.head(&self.me);
        let too_long = |e: &dyn std::fmt::Display| {
            Refusal::invalid("text", e.to_string(), "请缩短正文，长材料作为附件发送。")
        };
        let entry = StreamEntry {
            v: STREAM_ENTRY_VERSION,
            docket: self.id.clone(),
            kind: kind.to_owned(),
            author: self.me.clone(),
            seq: head.map_or(0, |h| h.next),
            prev: head.map_or(Digest::ZERO, |h| h.digest),
            re: self.heads.iter().filter(|(node, _)| **node != self.me).map(|(_, h)| h.digest).collect(),
            at: facts.now,
            actor: signer(facts),
            act: serde_json::value::to_raw_value(act).map_err(|e| too_long(&e))?,
            parts,
            exhibits: exhibits
                .iter()
                .map(|e| ExhibitName { digest: e.digest, size: e.size, media: e.media.clone() })
                .collect(),
        };
        entry.seal().map(|sealed| sealed.bytes).map_err(|e| too_long(&e))
    }

    /// Checks that an entry is the next of its author's stream in this docket, and that this author sent it.
    ///
    /// # Errors
    /// What is wrong with it, as the sender is told.
    pub fn check<A: DeserializeOwned>(
        &self,
        kind: &str,
        bytes: &str,
        actor: &Actor,
    ) -> Result<Read<A>, Refusal> {
        let read = read::<A>(bytes)?;
        let entry = &read.entry;
        let bad = |rule: &str| {
            Refusal::conflict("stream", rule, "请对方按协议重发；持续出现请联系对方联络员。")
                .from_source("节点交换协议")
        };
        if !matches!(actor, Actor::Member(node) if *node == entry.author) {
            return Err(bad("来件署名与发出节点不符。"));
        }
        if entry.docket != self.id || entry.kind != kind {
            return Err(bad("来件不属于这个案卷。"));
        }
        let head = self.head(&entry.author);
        if kind != Kind::Compact.code() {
            plain_words(entry.act.get())?;
        }
        if entry.seq != head.map_or(0, |h| h.next) || entry.prev != head.map_or(Digest::ZERO, |h| h.digest) {
            return Err(bad("来件与该成员此前的记录不相衔接。"));
        }
        Ok(read)
    }

    /// Takes an entry over. The entry is known to be the next of its stream.
    pub fn take(&mut self, entry: &StreamEntry, bytes: &str) {
        let head = StreamHead { next: entry.seq.saturating_add(1), digest: stream_digest(bytes.as_bytes()) };
        self.heads.insert(entry.author.clone(), head);
    }
}

/// Refuses an act whose fields hold more than a line or a short paragraph: what is told in words are parts, which can be
/// erased; a field is printed, listed and searched at every member.
fn plain_words(act: &str) -> Result<(), Refusal> {
    fn plain(value: &serde_json::Value) -> bool {
        use serde_json::Value;
        match value {
            Value::String(text) => {
                text.chars().count() <= FIELD_CHARS_MAX && !text.chars().any(|c| c.is_control() && c != '\n')
            }
            Value::Array(list) => list.iter().all(plain),
            Value::Object(fields) => fields.values().all(plain),
            _ => true,
        }
    }
    match serde_json::from_str(act) {
        Ok(value) if plain(&value) => Ok(()),
        _ => Err(malformed(format!("来件有的字段超过 {FIELD_CHARS_MAX} 字或者含控制字符。"))),
    }
}

/// Refuses an act that names texts beside those that its entry names: only those are given, kept and erased with it.
///
/// # Errors
/// When it does.
pub fn names_all(entry: &StreamEntry, parts: &[PartRef]) -> Result<(), Refusal> {
    match parts.iter().all(|part| entry.parts.contains(&part.digest)) {
        true => Ok(()),
        false => Err(malformed("来件引用了没有随件列明的内容。")),
    }
}

/// An act whose form is not that of its kind.
pub(crate) fn malformed(rule: impl Into<String>) -> Refusal {
    Refusal::conflict("malformed-act", rule, "请对方核对其节点程序后重发。")
        .from_source("节点交换协议：字段的格式")
}

/// Reads an entry with its act.
///
/// # Errors
/// When the bytes are no entry, or its act is of no kind that this version knows.
pub fn read<A: DeserializeOwned>(bytes: &str) -> Result<Read<A>, Refusal> {
    let bad = |e: &dyn std::fmt::Display| {
        Refusal::invalid("entry", format!("协作记录无法识别：{e}"), "可能来自更新的版本，请升级本节点。")
            .from_source("节点交换协议")
    };
    let entry = StreamEntry::parse(bytes).map_err(|e| bad(&e))?;
    let act = serde_json::from_str(entry.act.get()).map_err(|e| bad(&e))?;
    Ok(Read { entry, act })
}

/// Who signs for this agency: name and office. Officers' names are public (行政处罚法 39).
fn signer(facts: &Facts<'_>) -> String {
    match facts.actor {
        Actor::Person(person) => {
            let office = facts.actor.roles().last().map_or("", |role| role.title());
            format!("{}（{office}）", person.name)
        }
        _ => facts.directory.settings.agency.clone(),
    }
}
