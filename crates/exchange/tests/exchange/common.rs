//! A small compact: Qingpu, Wujiang and Jiashan, with keys of both suites, and a list of two entries.

use jiff::Timestamp;
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::{Epoch, Form, Level, ListEntry, Member, MemberKey, Roster, Shared};
use lianzhi_exchange::envelope::{Address, Class, Envelope};
use lianzhi_exchange::stream::{STREAM_ENTRY_VERSION, StreamEntry};
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use serde_json::value::RawValue;

pub const QINGPU: &str = "310118";
pub const WUJIANG: &str = "320509";
pub const JIASHAN: &str = "330421";
/// No member.
pub const HEFEI: &str = "340100";

pub fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).unwrap()
}

/// The fixed secret of a node: Wujiang's is of SM2, the others of Ed25519.
pub fn key(code: &str) -> SecretKey {
    let seed: u8 = code[..2].parse().unwrap();
    let suite = if code == WUJIANG { Suite::Sm2 } else { Suite::Ed25519 };
    SecretKey::from_secret(suite, &[seed; 32]).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Monday, 15 June 2026, 08:00 in Beijing.
pub fn morning() -> Timestamp {
    at("2026-06-15T00:00:00Z")
}

pub fn shared(number: i64) -> SharedId {
    SharedId { node: node(QINGPU), generation: 1, id: DocketId(number) }
}

pub fn member(code: &str) -> Member {
    Member {
        node: node(code),
        name: format!("城管{code}"),
        level: Level::District,
        superior: String::new(),
        keys: vec![MemberKey {
            key: key(code).public().clone(),
            from: at("2026-01-01T00:00:00Z"),
            until: None,
        }],
        log_key: String::new(),
        witness_key: String::new(),
        addresses: vec![format!("https://{code}.example")],
        liaisons: vec![],
        signatory: true,
    }
}

/// The entry under which dumping is worked on by everybody.
pub fn dumping() -> ListEntry {
    ListEntry {
        id: "HZ-03".into(),
        title: "跨界倾倒建筑垃圾协同查处".into(),
        domain: "市容环卫".into(),
        items: vec!["E03".into()],
        forms: vec![Form::Lead, Form::Assistance],
        parties: vec![],
        fields: vec![Shared::Narrative, Shared::Place, Shared::Exhibits],
        purpose: "查处跨界倾倒".into(),
        onward: false,
        term_days: 10,
        urgent_days: 3,
        superiors: vec![],
        from: "2026-01-01".parse().unwrap(),
        until: Some("2026-12-31".parse().unwrap()),
    }
}

/// An entry between Qingpu and Wujiang that ran out.
pub fn ran_out() -> ListEntry {
    ListEntry {
        id: "HZ-01".into(),
        parties: vec![node(QINGPU), node(WUJIANG)],
        items: vec![],
        until: Some("2026-03-31".parse().unwrap()),
        ..dumping()
    }
}

pub fn roster() -> Roster {
    let epoch = Epoch {
        round: 0,
        changes: Digest::ZERO,
        v: 1,
        compact: "310118.1.1".into(),
        number: 3,
        parent: Digest([2; 32]),
        at: at("2026-01-01T00:00:00Z"),
        title: "长三角城市管理执法协作机制".into(),
        k: 2,
        members: [QINGPU, WUJIANG, JIASHAN].map(member).to_vec(),
        pairs: vec![],
        list: vec![dumping(), ran_out()],
    };
    Roster { epoch, digest: Digest([3; 32]), past: vec![], former: vec![], revoked: vec![] }
}

/// An entry of a lead's stream.
pub fn entry(docket: i64, author: &str, seq: u32, prev: Digest, words: &str) -> StreamEntry {
    StreamEntry {
        v: STREAM_ENTRY_VERSION,
        docket: shared(docket),
        kind: "lead".into(),
        author: node(author),
        seq,
        prev,
        re: vec![],
        at: morning(),
        actor: "沈建国（分管副局长）".into(),
        act: RawValue::from_string(serde_json::json!({ "said": words }).to_string()).unwrap(),
        parts: vec![],
        exhibits: vec![],
    }
}

pub fn address(to: &[&str]) -> Address {
    Address {
        to: to.iter().map(|code| node(code)).collect(),
        basis: "行政处罚法第二十六条".into(),
        list: Some(dumping().digest()),
        epoch: 3,
        roster: Digest([3; 32]),
        class: Class::Ordinary,
        time: morning(),
    }
}

/// An envelope of one entry.
pub fn envelope(entry: &StreamEntry, address: Address) -> Envelope {
    Envelope::new(&[entry.seal().unwrap().bytes], address).unwrap()
}

/// Entries of one author that follow one another, in one envelope.
pub fn envelope_of(
    docket: i64,
    author: &str,
    words: &[&str],
    first: u32,
    prev: Digest,
    address: Address,
) -> Envelope {
    let mut prev = prev;
    let mut entries = vec![];
    for (seq, words) in (first..).zip(words) {
        let sealed = entry(docket, author, seq, prev, words).seal().unwrap();
        prev = sealed.digest;
        entries.push(sealed.bytes);
    }
    Envelope::new(&entries, address).unwrap()
}
