//! Four members of four provinces, two with Ed25519 and two with SM2 keys, as a compact names them.

use jiff::Timestamp;
use lianzhi_docket::note::{KeyKind, SoftwareKey, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::{Card, Change, Form, Level, Liaison, ListEntry, Member, MemberKey, Shared};
use lianzhi_ids::NodeCode;

/// Qingpu, Wujiang, Jiashan, Hefei.
pub const FOUR: [&str; 4] = ["310118", "320509", "330421", "340100"];

/// A node's code.
#[must_use]
pub fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).unwrap()
}

/// A node's `n`th exchange key; nodes of Jiangsu and Anhui use SM2.
#[must_use]
pub fn key(code: &str, n: u8) -> SecretKey {
    let suite = if code.starts_with("32") || code.starts_with("34") { Suite::Sm2 } else { Suite::Ed25519 };
    let mut secret = [n + 1; 32];
    secret[..6].copy_from_slice(code.as_bytes());
    SecretKey::from_secret(suite, &secret).unwrap()
}

/// The key as the roster has it, from 1970 on.
#[must_use]
pub fn member_key(code: &str, n: u8) -> MemberKey {
    MemberKey { key: key(code, n).public().clone(), from: Timestamp::UNIX_EPOCH, until: None }
}

/// A member that countersigns for its province.
#[must_use]
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

/// A member's card, signed by its first key.
#[must_use]
pub fn card(member: Member) -> Card {
    let signer = key(member.node.as_str(), 0);
    Card::sign(member, 0, Timestamp::UNIX_EPOCH, &signer).unwrap()
}

/// An entry of the list for all members.
#[must_use]
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

/// What makes the first epoch: all four, three of them needed, one entry of the list.
#[must_use]
pub fn founding() -> Vec<Change> {
    let mut changes = vec![Change::SetTitle { title: "长三角协作机制".into() }, Change::SetK { k: 3 }];
    changes.extend(FOUR.map(|code| Change::PutMember { card: Box::new(card(member(code))) }));
    changes.push(Change::PutEntry { entry: Box::new(entry("HZ-01")) });
    changes
}
