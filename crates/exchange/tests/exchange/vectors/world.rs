//! The compact of the vectors: four members found it, a fifth joins with the second epoch, and each act and notice is said
//! once. Everything travels in signed envelopes, as it would between nodes.

use crate::common::{HEFEI, JIASHAN, QINGPU, WUJIANG, at, node, shared};
use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::note::{KeyKind, SoftwareKey, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::*;
use lianzhi_exchange::envelope::{Address, Class, Envelope};
use lianzhi_exchange::signature::Signature;
use lianzhi_exchange::stream::{STREAM_ENTRY_VERSION, StreamEntry};
use lianzhi_ids::{Digest, NodeCode};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A second member of the founder's province, without a voice; it leaves.
pub const PUDONG: &str = "310115";

/// A node's `n`th key; every second one is of the other suite.
pub fn secret(code: &str, n: u8) -> SecretKey {
    let sm2 = (code == WUJIANG) != (n % 2 == 1);
    let seed: u8 = if code == PUDONG { 115 } else { code[..2].parse().unwrap() };
    let suite = if sm2 { Suite::Sm2 } else { Suite::Ed25519 };
    SecretKey::from_secret(suite, &[seed + 100 * n; 32]).unwrap()
}

/// The key of a node's log, which is also that of its witness line.
pub fn log_key(code: &str) -> SoftwareKey {
    SoftwareKey::from_secret(&[200 + secret(code, 0).secret()[0] % 50; 32])
}

pub fn verifier(code: &str, kind: KeyKind) -> VerifierKey {
    let name = match kind {
        KeyKind::Witness => format!("lianzhi/{code}/witness"),
        _ => format!("lianzhi/{code}/log/1"),
    };
    VerifierKey::of(&name, kind, &log_key(code)).unwrap()
}

pub fn member(code: &str) -> Member {
    let (level, name, superior) = match code {
        QINGPU => (Level::District, "青浦区城市管理行政执法局", "上海市城市管理行政执法局"),
        PUDONG => (Level::District, "浦东新区城市管理行政执法局", "上海市城市管理行政执法局"),
        WUJIANG => (Level::District, "吴江区城市管理局", "苏州市城市管理局"),
        JIASHAN => (Level::District, "嘉善县综合行政执法局", ""),
        _ => (Level::City, "合肥市城市管理局", ""),
    };
    Member {
        node: node(code),
        name: name.into(),
        level,
        superior: superior.into(),
        keys: vec![MemberKey {
            key: secret(code, 0).public().clone(),
            from: Timestamp::UNIX_EPOCH,
            until: None,
        }],
        log_key: verifier(code, KeyKind::Log).to_string(),
        witness_key: verifier(code, KeyKind::Witness).to_string(),
        addresses: vec![format!("https://exchange.{code}.example")],
        liaisons: vec![Liaison { name: "王联络".into(), phone: "021-59730000".into() }],
        signatory: code != PUDONG,
    }
}

pub fn card(code: &str) -> Card {
    Card::sign(member(code), 0, at("2026-06-01T00:00:00Z"), &secret(code, 0)).unwrap()
}

/// An entry for all members and all forms but bulletins; particulars and goods are not shared.
pub fn dumping() -> ListEntry {
    ListEntry {
        id: "HZ-03".into(),
        title: "跨界倾倒建筑垃圾协同查处".into(),
        domain: "市容环卫".into(),
        items: vec!["E03".into()],
        forms: vec![Form::Lead, Form::Assistance, Form::Evidence, Form::Dispute, Form::Away],
        parties: vec![],
        fields: vec![Shared::Narrative, Shared::Place, Shared::Subject, Shared::Exhibits, Shared::Outcome],
        purpose: "查处跨界倾倒".into(),
        onward: false,
        term_days: 10,
        urgent_days: 3,
        superiors: vec!["长三角区域合作办公室".into()],
        from: "2026-01-01".parse().unwrap(),
        until: Some("2026-12-31".parse().unwrap()),
    }
}

/// An entry between two members that has run out; the parties are not in their order, as somebody may propose them.
pub fn ran_out() -> ListEntry {
    ListEntry {
        id: "HZ-01".into(),
        items: vec![],
        parties: vec![node(WUJIANG), node(QINGPU)],
        superiors: vec![],
        until: Some("2026-03-31".parse().unwrap()),
        ..dumping()
    }
}

/// An entry that the second epoch takes off the list.
pub fn taken_off() -> ListEntry {
    ListEntry { id: "HZ-02".into(), items: vec![], until: None, ..dumping() }
}

/// An entry for bulletins between two members.
pub fn bulletins() -> ListEntry {
    ListEntry {
        id: "HZ-04".into(),
        title: "执法预警通报".into(),
        forms: vec![Form::Bulletin],
        parties: vec![node(QINGPU), node(JIASHAN)],
        fields: vec![Shared::Narrative],
        purpose: "通报新问题".into(),
        onward: true,
        ..dumping()
    }
}

pub fn put(entry: ListEntry) -> Change {
    Change::PutEntry { entry: Box::new(entry) }
}

/// Something said in the compact, as it travels.
#[derive(Clone, Serialize)]
pub struct Line {
    pub author: NodeCode,
    /// Exact bytes of the entry.
    pub entry: String,
    pub entry_digest: Digest,
    /// Exact bytes of the envelope.
    pub envelope: String,
    pub signature: Signature,
    /// Number of the epoch in force for whoever heard all lines up to this one; 0 for none.
    pub epoch: u32,
    /// The round in which proposals on it are countersigned then.
    pub round: u32,
}

/// The compact as it is told, line by line.
pub struct Told {
    pub ledger: Ledger,
    pub lines: Vec<Line>,
    pub proposals: Vec<Proposal>,
    heads: BTreeMap<NodeCode, (u32, Digest)>,
    keys: BTreeMap<&'static str, u8>,
    pub now: Timestamp,
}

impl Told {
    fn new() -> Told {
        Told {
            ledger: Ledger::new(shared(1)),
            lines: vec![],
            proposals: vec![],
            heads: BTreeMap::new(),
            keys: BTreeMap::new(),
            now: at("2026-06-01T01:00:00Z"),
        }
    }

    /// The roster by which members talk about the compact: that in force, before it the first that is proposed.
    pub fn talking(&self) -> Option<Roster> {
        let compact = self.ledger.compact();
        compact.roster().cloned().or_else(|| compact.open.first().map(|p| Roster::proposed(&p.agreed)))
    }

    pub fn roster(&self) -> Roster {
        self.ledger.compact().roster().unwrap().clone()
    }

    fn say(&mut self, code: &'static str, act: &Act) {
        let author = node(code);
        let (seq, prev) = self.heads.get(&author).copied().unwrap_or((0, Digest::ZERO));
        let entry = StreamEntry {
            v: STREAM_ENTRY_VERSION,
            docket: shared(1),
            kind: "compact".into(),
            author: author.clone(),
            seq,
            prev,
            re: self.heads.iter().filter(|(n, _)| **n != author).map(|(_, head)| head.1).collect(),
            at: self.now,
            actor: "沈建国（局长）".into(),
            act: RawValue::from_string(serde_json::to_string(act).unwrap()).unwrap(),
            parts: vec![],
            exhibits: vec![],
        };
        let sealed = entry.seal().unwrap();
        // Said under the compact as it stood before; the first proposal under itself.
        let under = self.talking();
        assert_eq!(self.ledger.hear(&entry), Step::Taken);
        let under = under.or_else(|| self.talking()).unwrap();
        let mut to: Vec<NodeCode> = under.epoch.members.iter().map(|m| m.node.clone()).collect();
        if let Act::Propose { proposal } = act {
            to.extend(proposal.changes.iter().filter_map(|c| match c {
                Change::PutMember { card } => Some(card.member.node.clone()),
                _ => None,
            }));
        }
        to.sort_unstable();
        to.dedup();
        to.retain(|n| *n != author);
        let address = Address {
            to,
            basis: "协作机制章程".into(),
            list: None,
            epoch: under.epoch.number,
            roster: under.digest,
            class: Class::Ordinary,
            time: self.now,
        };
        let envelope = Envelope::new(std::slice::from_ref(&sealed.bytes), address).unwrap();
        let signature = envelope.sign(&secret(code, self.keys.get(code).copied().unwrap_or(0))).unwrap();
        self.heads.insert(author.clone(), (seq + 1, sealed.digest));
        let compact = self.ledger.compact();
        self.lines.push(Line {
            author,
            entry: sealed.bytes,
            entry_digest: sealed.digest,
            envelope: envelope.bytes().to_owned(),
            signature,
            epoch: compact.in_force().map_or(0, |a| a.epoch.number),
            round: compact.round,
        });
        self.now += SignedDuration::from_hours(1);
    }

    fn propose(&mut self, code: &'static str, changes: Vec<Change>) -> Proposal {
        let compact = self.ledger.compact();
        let drafted =
            Proposal::draft(compact.in_force(), shared(1).to_string(), compact.round, changes, self.now);
        let (proposal, _) = drafted.unwrap();
        self.proposals.push(proposal.clone());
        self.say(code, &Act::Propose { proposal: Box::new(proposal.clone()) });
        proposal
    }

    fn countersign(&mut self, code: &'static str, proposal: &Proposal) {
        let key = secret(code, self.keys.get(code).copied().unwrap_or(0));
        let countersignature = Countersignature::sign(node(code), proposal, &key).unwrap();
        self.say(code, &Act::Countersign { countersignature });
    }

    /// Says that the next key counts from a minute on; from then on it is used.
    fn rotate(&mut self, code: &'static str) {
        let old = self.keys.get(code).copied().unwrap_or(0);
        let key = secret(code, old + 1).public().clone();
        let from = self.now + SignedDuration::from_mins(1);
        let key = MemberKey { key, from, until: None };
        let notice = Notice::rotate(&node(code), key, &secret(code, old)).unwrap();
        self.say(code, &Act::Notice { notice });
        self.keys.insert(code, old + 1);
    }

    fn notice(&mut self, code: &'static str, notice: Notice) {
        self.say(code, &Act::Notice { notice });
    }
}

/// All of it.
pub fn told() -> Told {
    let mut told = Told::new();
    let put_member = |code| Change::PutMember { card: Box::new(card(code)) };
    let mut changes =
        vec![Change::SetTitle { title: "长三角城市管理执法协作机制".into() }, Change::SetK { k: 2 }];
    changes.extend([QINGPU, WUJIANG, JIASHAN, PUDONG].map(put_member));
    changes.extend([ran_out(), taken_off(), dumping()].map(put));
    let first = told.propose(QINGPU, changes);
    for code in [QINGPU, WUJIANG, JIASHAN] {
        told.countersign(code, &first);
    }
    told.rotate(JIASHAN);
    let pair = Pair { a: node(WUJIANG), b: node(QINGPU), purpose: "联合巡查".into() };
    let second = told.propose(
        QINGPU,
        vec![
            put_member(HEFEI),
            Change::SetK { k: 3 },
            Change::PutPair { pair },
            put(bulletins()),
            Change::RemoveEntry { id: "HZ-02".into() },
        ],
    );
    let other = told.propose(WUJIANG, vec![Change::SetTitle { title: "长三角执法协作".into() }]);
    told.say(WUJIANG, &Act::Withdraw { epoch: other.result, reason: "并入下一次变更".into() });
    told.countersign(QINGPU, &second);
    told.say(WUJIANG, &Act::Decline { epoch: second.result, grounds: "会签门槛过高".into() });
    told.countersign(JIASHAN, &second);
    assert_eq!(told.ledger.compact().in_force().unwrap().digest, second.result);
    told.notice(HEFEI, Notice::Move { addresses: vec!["https://exchange2.340100.example".into()] });
    let liaison = Liaison { name: "赵联络".into(), phone: "0551-62620000".into() };
    told.notice(HEFEI, Notice::Liaisons { liaisons: vec![liaison] });
    told.rotate(HEFEI);
    let key = secret(HEFEI, 0).public().id();
    told.notice(HEFEI, Notice::RevokeKey { key, reason: "密钥介质遗失".into() });
    told.notice(PUDONG, Notice::Leave { reason: "机构调整".into() });
    let (a, b) = (node(QINGPU), node(WUJIANG));
    let amended = ListEntry { term_days: 15, ..dumping() };
    let gone =
        Change::RemoveMember { node: node(PUDONG), expelled: false, grounds: "已申请退出".into() };
    told.propose(QINGPU, vec![gone, Change::RemovePair { a, b }, put(amended)]);
    told
}
