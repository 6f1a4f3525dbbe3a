//! Envelopes, parcels, receipts: made, read, and refused when anything about them is off.

use crate::common::*;
use lianzhi_docket::suite::Suite;
use lianzhi_exchange::envelope::{
    Address, Class, ENTRIES_MAX, ENVELOPE_BYTES_MAX, Envelope, EnvelopeError, EnvelopeId, PARCEL_BYTES_MAX,
    PARCELS_MAX, Parcel, ParcelError, PartContent, parcels,
};
use lianzhi_exchange::receipt::{Receipt, ReceiptError, Stage};
use lianzhi_exchange::signature::{Statement, StatementError};
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::Digest;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn plain() -> Envelope {
    envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address(&[WUJIANG]))
}

#[test]
fn an_envelope_comes_back_from_its_bytes() {
    let three = envelope_of(7, WUJIANG, &["一", "二", "三"], 4, Digest([9; 32]), address(&[QINGPU, JIASHAN]));
    for envelope in [plain(), three] {
        let read = Envelope::parse(envelope.bytes()).unwrap();
        assert_eq!(
            (&read.id, &read.address, read.digest()),
            (&envelope.id, &envelope.address, envelope.digest())
        );
        assert_eq!(read.entries.len(), envelope.entries.len());
        assert_eq!(read.end(), envelope.end());
    }
}

#[test]
fn its_name_follows_from_its_first_entry() {
    let envelope = envelope_of(7, WUJIANG, &["一", "二"], 4, Digest([9; 32]), address(&[QINGPU]));
    assert_eq!(envelope.id.to_string(), "310118.1.7/320509/4");
    assert_eq!((envelope.end(), envelope.is_opening(), plain().is_opening()), (6, false, true));
    for bad in ["310118.1.7/320509/04", "310118.1.7/320509", "310118.1.7/320509/4/", "310118.1.7/32050/4", ""]
    {
        assert!(bad.parse::<EnvelopeId>().is_err(), "{bad}");
    }
}

#[test]
fn what_does_not_fit_together_is_no_envelope() {
    let good = plain().bytes().to_owned();
    let changes = [
        ("\"id\":\"310118.1.7/310118/0\"", "\"id\":\"310118.1.7/310118/1\""),
        ("\"id\":\"310118.1.7/310118/0\"", "\"id\":\"310118.1.8/310118/0\""),
        ("\"source\":\"310118\"", "\"source\":\"320509\""),
        ("\"subject\":\"310118.1.7\"", "\"subject\":\"310118.1.8\""),
        ("cn.lianzhi.lead", "cn.lianzhi.bulletin"),
        ("cn.lianzhi.lead", "com.example.lead"),
        ("cn.lianzhi.lead", "cn.lianzhi.Lead"),
        ("\"specversion\":\"1.0\"", "\"specversion\":\"2.0\""),
        ("application/json", "text/plain"),
        ("\"to\":[\"320509\"]", "\"to\":[]"),
        ("\"to\":[\"320509\"]", "\"to\":[\"320509\",\"320509\"]"),
        ("\"to\":[\"320509\"]", "\"to\":[\"310118\"]"),
        ("\"seq\":0", "\"seq\":1"),
        ("\"class\":\"ordinary\"", "\"class\":\"ordinary\",\"extra\":1"),
        ("\"specversion\"", "\"extra\":1,\"specversion\""),
    ];
    for (from, to) in changes {
        assert!(good.contains(from), "{from}");
        assert!(Envelope::parse(&good.replacen(from, to, 1)).is_err(), "{to}");
    }
    let one = entry(7, QINGPU, 0, Digest::ZERO, "一").seal().unwrap();
    let two = entry(7, QINGPU, 1, one.digest, "二").seal().unwrap();
    let apart = entry(7, QINGPU, 1, Digest([1; 32]), "二").seal().unwrap();
    let elsewhere = entry(8, QINGPU, 1, one.digest, "二").seal().unwrap();
    let new = |entries: &[&str]| {
        Envelope::new(&entries.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>(), address(&[WUJIANG]))
    };
    assert!(new(&[&one.bytes, &two.bytes]).is_ok());
    for bad in [&[&two.bytes, &one.bytes], &[&one.bytes, &apart.bytes], &[&one.bytes, &elsewhere.bytes]] {
        assert!(matches!(new(&bad.map(String::as_str)), Err(EnvelopeError::Inconsistent(_))));
    }
    let unrooted = entry(7, QINGPU, 0, Digest([1; 32]), "一").seal().unwrap();
    assert!(matches!(new(&[&unrooted.bytes]), Err(EnvelopeError::Inconsistent(_))));
    let last = entry(7, QINGPU, u32::MAX, Digest([1; 32]), "末").seal().unwrap();
    assert!(matches!(new(&[&last.bytes]), Err(EnvelopeError::Inconsistent(_))));
}

#[test]
fn limits_hold() {
    assert!(matches!(Envelope::new(&[], address(&[WUJIANG])), Err(EnvelopeError::Count { count: 0, .. })));
    let many: Vec<&str> = vec!["话"; ENTRIES_MAX + 1];
    let mut prev = Digest::ZERO;
    let mut bytes = vec![];
    for (seq, words) in (0..).zip(&many) {
        let sealed = entry(7, QINGPU, seq, prev, words).seal().unwrap();
        prev = sealed.digest;
        bytes.push(sealed.bytes);
    }
    assert!(Envelope::new(&bytes[..ENTRIES_MAX], address(&[WUJIANG])).is_ok());
    assert!(matches!(Envelope::new(&bytes, address(&[WUJIANG])), Err(EnvelopeError::Count { .. })));
    let long = "x".repeat(40 << 10);
    let one = entry(7, QINGPU, 0, Digest::ZERO, &long).seal().unwrap();
    let two = entry(7, QINGPU, 1, one.digest, &long).seal().unwrap();
    assert!(Envelope::new(std::slice::from_ref(&one.bytes), address(&[WUJIANG])).is_ok());
    assert!(matches!(
        Envelope::new(&[one.bytes, two.bytes], address(&[WUJIANG])),
        Err(EnvelopeError::TooLong(_))
    ));
    let wordy = Address { basis: "法".repeat(201), ..address(&[WUJIANG]) };
    let one = entry(7, QINGPU, 0, Digest::ZERO, "一").seal().unwrap().bytes;
    assert!(matches!(Envelope::new(&[one], wordy), Err(EnvelopeError::Count { .. })));
    assert!(matches!(Envelope::parse(&" ".repeat(ENVELOPE_BYTES_MAX + 1)), Err(EnvelopeError::TooLong(_))));
    assert!(matches!(Parcel::parse(&vec![b' '; PARCEL_BYTES_MAX + 1]), Err(ParcelError::TooLong { .. })));
}

#[test]
fn a_parcel_carries_what_its_entries_name_and_nothing_else() {
    let part = PartContent::new("narrative", [1; 16], "夜间倾倒渣土".into());
    let other = PartContent::new("narrative", [2; 16], "别的".into());
    let gone = PartContent::new("particulars", [3; 16], "已删除".into());
    let naming =
        StreamEntry { parts: vec![part.digest, gone.digest], ..entry(7, QINGPU, 0, Digest::ZERO, "移送") };
    let envelope = envelope(&naming, address(&[WUJIANG]));
    let signature = envelope.sign(&key(QINGPU)).unwrap();
    let parcel = Parcel::new(&envelope, signature.clone(), vec![part.clone()]).unwrap();
    let read = Parcel::parse(parcel.to_json().unwrap().as_bytes()).unwrap();
    assert_eq!(read, parcel);
    assert_eq!(read.missing(&read.open().unwrap()), [gone.digest], "erased, and the envelope stays whole");
    let with = |parts| Parcel::new(&envelope, signature.clone(), parts);
    assert!(matches!(with(vec![other]), Err(ParcelError::PartUnnamed(_))));
    assert!(matches!(with(vec![part.clone(), part.clone()]), Err(ParcelError::PartUnnamed(_))));
    let lying = PartContent { content: "白天".into(), ..part.clone() };
    assert!(matches!(with(vec![lying]), Err(ParcelError::PartDigest(_))));
    let odd = PartContent::new("Narrative/", [1; 16], String::new());
    assert!(matches!(with(vec![odd]), Err(ParcelError::PartKind)));
    let batch = serde_json::to_vec(&vec![parcel.clone(); PARCELS_MAX]).unwrap();
    assert_eq!(parcels(&batch).unwrap().len(), PARCELS_MAX);
    let batch = serde_json::to_vec(&vec![parcel; PARCELS_MAX + 1]).unwrap();
    assert!(matches!(parcels(&batch), Err(ParcelError::TooMany { .. })));
}

#[test]
fn a_receipt_counts_for_its_envelope_and_its_giver() {
    let envelope = plain();
    let receipt = Receipt {
        envelope: envelope.id.clone(),
        digest: envelope.digest(),
        node: node(WUJIANG),
        at: morning(),
        stage: Stage::Received,
        heads: BTreeMap::from([(node(QINGPU), 1)]),
    };
    let signed = receipt.sign(&key(WUJIANG)).unwrap();
    let wujiang = key(WUJIANG);
    let open = |s: &Statement| Receipt::open(s, wujiang.public(), &node(WUJIANG), &envelope);
    assert_eq!(open(&signed).unwrap(), receipt);
    let changed =
        Statement { statement: signed.statement.replace("\"310118\":1", "\"310118\":2"), ..signed.clone() };
    assert!(matches!(open(&changed), Err(ReceiptError::Statement(StatementError::Signature))));
    for other in [
        Receipt { digest: Digest::ZERO, ..receipt.clone() },
        Receipt { node: node(JIASHAN), ..receipt.clone() },
        Receipt { envelope: EnvelopeId { first: 1, ..envelope.id.clone() }, ..receipt.clone() },
    ] {
        assert!(matches!(open(&other.sign(&wujiang).unwrap()), Err(ReceiptError::Other)));
    }
    // A signature over an envelope is none over a receipt.
    let crossed =
        Statement { signature: envelope.sign(&wujiang).unwrap(), statement: envelope.bytes().into() };
    assert!(open(&crossed).is_err());
}

fn addresses() -> impl Strategy<Value = Address> {
    let to = prop::sample::subsequence(vec![WUJIANG, JIASHAN, HEFEI, "330400"], 1..=4);
    let list = prop::option::of(any::<[u8; 32]>());
    (to, "\\PC{0,40}", list, any::<u32>(), any::<[u8; 32]>(), any::<bool>(), 0i64..4_000_000_000_000_000)
        .prop_map(|(to, basis, list, epoch, roster, urgent, us)| Address {
            to: to.into_iter().map(node).collect(),
            basis,
            list: list.map(Digest),
            epoch,
            roster: Digest(roster),
            class: if urgent { Class::Urgent } else { Class::Ordinary },
            time: jiff::Timestamp::from_microsecond(us).unwrap(),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_put_in_comes_out(address in addresses(), words in prop::collection::vec("\\PC{0,60}", 1..6), first in 0u32..9) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let prev = if first == 0 { Digest::ZERO } else { Digest([1; 32]) };
        let made = envelope_of(7, QINGPU, &words, first, prev, address);
        let read = Envelope::parse(made.bytes()).unwrap();
        prop_assert_eq!(&read.address, &made.address);
        prop_assert_eq!(read.digest(), made.digest());
        let digests = |e: &Envelope| e.entries.iter().map(|s| s.digest).collect::<Vec<_>>();
        prop_assert_eq!(digests(&read), digests(&made));
    }

    #[test]
    fn a_flipped_byte_of_a_parcel_is_refused_or_changes_nothing(at in any::<prop::sample::Index>(), xor in 1u8..=255, sm2 in any::<bool>()) {
        let author = if sm2 { WUJIANG } else { QINGPU };
        let part = PartContent::new("narrative", [1; 16], "夜间倾倒渣土".into());
        let naming = StreamEntry { parts: vec![part.digest], ..entry(7, author, 0, Digest::ZERO, "移送") };
        let made = envelope(&naming, address(&[JIASHAN]));
        let parcel = Parcel::new(&made, made.sign(&key(author)).unwrap(), vec![part]).unwrap();
        let mut json = parcel.to_json().unwrap().into_bytes();
        let at = at.index(json.len());
        json[at] ^= xor;
        if let Ok(read) = Parcel::parse(&json) && let Ok(opened) = read.open() {
            let signed = opened.is_by(key(author).public(), &read.signature);
            prop_assert!(!signed || read == parcel);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>(), text in "\\PC{0,80}") {
        let _ = Parcel::parse(&bytes);
        let _ = parcels(&bytes);
        let _ = Envelope::parse(&String::from_utf8_lossy(&bytes));
        let _ = text.parse::<EnvelopeId>();
        // What begins well goes deeper.
        let made = plain();
        let good = made.bytes();
        let mut at = cut.index(good.len());
        while !good.is_char_boundary(at) { at -= 1; }
        let _ = Envelope::parse(&format!("{}{text}{}", &good[..at], &good[at..]));
        prop_assert!(Envelope::parse(&good[..at]).is_err());
        let statement = Statement { statement: text, signature: made.sign(&key(QINGPU)).unwrap() };
        prop_assert!(Receipt::peek(&statement).is_err());
    }
}

#[test]
fn both_suites_sign() {
    for code in [QINGPU, WUJIANG] {
        let key = key(code);
        let made = envelope(&entry(7, code, 0, Digest::ZERO, "移送"), address(&[JIASHAN]));
        let signature = made.sign(&key).unwrap();
        assert!(made.is_by(key.public(), &signature));
        assert!(!made.is_by(crate::common::key(JIASHAN).public(), &signature));
    }
    assert_eq!([QINGPU, WUJIANG].map(|code| key(code).public().suite()), [Suite::Ed25519, Suite::Sm2]);
}
