//! Four members of four provinces, two with Ed25519 and two with SM2, and their streams.

use jiff::Timestamp;
use lianzhi_docket::note::{KeyKind, SoftwareKey, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::*;
use lianzhi_exchange::stream::{STREAM_ENTRY_VERSION, StreamEntry};
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

pub const QINGPU: &str = "310118";
pub const WUJIANG: &str = "320509";
pub const JIASHAN: &str = "330421";
pub const HEFEI: &str = "340100";
pub const FOUR: [&str; 4] = [QINGPU, WUJIANG, JIASHAN, HEFEI];

pub fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).unwrap()
}

pub fn docket() -> SharedId {
    SharedId { node: node(QINGPU), generation: 1, id: DocketId(7) }
}

pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + 60 * minute).unwrap()
}

/// A node's `n`th key; nodes of Jiangsu and Anhui use SM2.
pub fn key(code: &str, n: u8) -> SecretKey {
    let suite = if code.starts_with("32") || code.starts_with("34") { Suite::Sm2 } else { Suite::Ed25519 };
    let mut secret = [n + 1; 32];
    secret[..6].copy_from_slice(code.as_bytes());
    SecretKey::from_secret(suite, &secret).unwrap()
}

pub fn member_key(code: &str, n: u8) -> MemberKey {
    MemberKey { key: key(code, n).public().clone(), from: at(-1000), until: None }
}

pub fn member(code: &str) -> Member {
    let mut secret = [7; 32];
    secret[..6].copy_from_slice(code.as_bytes());
    let log = SoftwareKey::from_secret(&secret);
    let vkey = |kind| VerifierKey::of(&format!("{code}.example"), kind, &log).unwrap().to_string();
    Member {
        node: node(code),
        name: format!("{code}执法局"),
        level: Level::District,
        superior: String::new(),
        keys: vec![member_key(code, 0)],
        log_key: vkey(KeyKind::Log),
        witness_key: vkey(KeyKind::Witness),
        addresses: vec![format!("https://n{code}.example")],
        liaisons: vec![Liaison { name: "联络员甲".into(), phone: "021-12345".into() }],
        signatory: true,
    }
}

pub fn card(member: Member) -> Card {
    let signer = key(member.node.as_str(), 0);
    Card::sign(member, 0, at(0), &signer).unwrap()
}

pub fn put(member: Member) -> Change {
    Change::PutMember { card: Box::new(card(member)) }
}

pub fn entry(id: &str) -> ListEntry {
    ListEntry {
        id: id.into(),
        title: "跨界倾倒建筑垃圾协同查处".into(),
        domain: "市容环卫".into(),
        items: vec![],
        forms: vec![Form::Lead, Form::Assistance],
        parties: vec![],
        fields: vec![Shared::Narrative, Shared::Place],
        purpose: "查处跨界倾倒".into(),
        onward: false,
        term_days: 10,
        urgent_days: 3,
        superiors: vec![],
        from: "2025-01-01".parse().unwrap(),
        until: None,
    }
}

pub fn put_entry(entry: ListEntry) -> Change {
    Change::PutEntry { entry: Box::new(entry) }
}

pub fn founding() -> Vec<Change> {
    let mut changes = vec![Change::SetTitle { title: "长三角协作机制".into() }, Change::SetK { k: 3 }];
    changes.extend(FOUR.map(|code| put(member(code))));
    changes.push(put_entry(entry("HZ-01")));
    changes
}

/// The streams of all, and what somebody who heard all of them holds.
#[derive(Clone)]
pub struct World {
    pub entries: Vec<StreamEntry>,
    pub ledger: Ledger,
    pub minute: i64,
}

impl World {
    pub fn new() -> World {
        World { entries: vec![], ledger: Ledger::new(docket()), minute: 1 }
    }

    /// Epoch 1 proposed and countersigned by all four.
    pub fn founded() -> World {
        let mut world = World::new();
        let first = world.propose(QINGPU, 0, founding());
        FOUR.iter().for_each(|code| world.sign(code, &first));
        assert_eq!(world.number(), 1);
        world
    }

    pub fn say(&mut self, code: &str, act: &Act) -> StreamEntry {
        let entry = said(code, self.ledger.next(&node(code)), at(self.minute), act);
        self.minute += 1;
        assert_eq!(self.ledger.hear(&entry), Step::Taken);
        self.entries.push(entry.clone());
        entry
    }

    pub fn draft(&self, round: u32, changes: Vec<Change>) -> Result<Proposal, ChangeError> {
        let parent = self.ledger.compact().in_force();
        Proposal::draft(parent, docket().to_string(), round, changes, at(self.minute)).map(|p| p.0)
    }

    pub fn propose(&mut self, code: &str, round: u32, changes: Vec<Change>) -> Proposal {
        let proposal = self.draft(round, changes).unwrap();
        self.say(code, &Act::Propose { proposal: Box::new(proposal.clone()) });
        proposal
    }

    pub fn sign(&mut self, code: &str, proposal: &Proposal) {
        self.sign_with(code, proposal, &key(code, 0));
    }

    pub fn sign_with(&mut self, code: &str, proposal: &Proposal, key: &SecretKey) {
        let countersignature = Countersignature::sign(node(code), proposal, key).unwrap();
        self.say(code, &Act::Countersign { countersignature });
    }

    pub fn notice(&mut self, code: &str, notice: Notice) {
        self.say(code, &Act::Notice { notice });
    }

    pub fn number(&self) -> u32 {
        self.ledger.compact().in_force().map_or(0, |a| a.epoch.number)
    }

    pub fn phase(&self, proposal: &Proposal) -> Phase {
        self.ledger.compact().proposed(&proposal.result).unwrap().phase
    }

    pub fn roster(&self) -> &Roster {
        self.ledger.compact().roster().unwrap()
    }

    /// The streams by author.
    pub fn streams(&self) -> BTreeMap<NodeCode, Vec<StreamEntry>> {
        let mut streams: BTreeMap<NodeCode, Vec<StreamEntry>> = BTreeMap::new();
        for entry in &self.entries {
            streams.entry(entry.author.clone()).or_default().push(entry.clone());
        }
        streams
    }
}

pub fn said(code: &str, seq: u32, at: Timestamp, act: &Act) -> StreamEntry {
    StreamEntry {
        v: STREAM_ENTRY_VERSION,
        docket: docket(),
        kind: "compact".into(),
        author: node(code),
        seq,
        prev: Digest::ZERO,
        re: vec![],
        at,
        actor: "局长甲".into(),
        act: RawValue::from_string(serde_json::to_string(act).unwrap()).unwrap(),
        parts: vec![],
        exhibits: vec![],
    }
}

/// Digests of the epochs in force, oldest first.
pub fn chain(ledger: &Ledger) -> Vec<Digest> {
    ledger.compact().chain.iter().map(|s| s.agreed.digest).collect()
}
