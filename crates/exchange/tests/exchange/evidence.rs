//! Who says two things at one place is found out, by anybody.

use crate::common::*;
use lianzhi_exchange::compact::Former;
use lianzhi_exchange::envelope::Envelope;
use lianzhi_exchange::evidence::{Equivocation, Fault, NoProof, Signed};
use lianzhi_ids::Digest;

fn signed(envelope: &Envelope) -> Signed {
    let signature = envelope.sign(&key(envelope.author().as_str())).unwrap();
    Signed { envelope: envelope.bytes().into(), signature }
}

fn proof(one: &Envelope, other: &Envelope) -> Result<Fault, NoProof> {
    let evidence = Equivocation { one: signed(one), other: signed(other) };
    // It travels as JSON.
    let evidence: Equivocation = serde_json::from_str(&serde_json::to_string(&evidence).unwrap()).unwrap();
    evidence.verify(&roster())
}

#[test]
fn two_things_at_one_place_are_proof() {
    let all = envelope_of(7, QINGPU, &["一", "二", "三"], 0, Digest::ZERO, address(&[WUJIANG]));
    let at = |i: usize| all.entries[i].digest;
    let same_id = envelope_of(7, QINGPU, &["改"], 0, Digest::ZERO, address(&[WUJIANG]));
    assert_eq!(proof(&all, &same_id).unwrap(), Fault::SameId { id: all.id.clone() });
    let place = |seq| Fault::SamePlace { docket: shared(7), author: node(QINGPU), seq };
    let other = envelope_of(7, QINGPU, &["改"], 1, at(0), address(&[WUJIANG]));
    assert_eq!(proof(&all, &other).unwrap(), place(1));
    let successor = envelope_of(7, QINGPU, &["四"], 3, Digest([6; 32]), address(&[WUJIANG]));
    assert_eq!(proof(&all, &successor).unwrap(), place(2), "it follows another third entry");
    assert_eq!(proof(&successor, &all).unwrap(), place(2));
}

// Whoever left, or revoked the key, said what it said.
#[test]
fn former_members_and_revoked_keys_are_no_way_out() {
    let one = envelope_of(7, QINGPU, &["一"], 0, Digest::ZERO, address(&[WUJIANG]));
    let other = envelope_of(7, QINGPU, &["改"], 0, Digest::ZERO, address(&[WUJIANG]));
    let evidence = Equivocation { one: signed(&one), other: signed(&other) };
    let mut roster = roster();
    roster.revoked.push((node(QINGPU), key(QINGPU).public().id()));
    assert!(evidence.verify(&roster).is_ok());
    let gone = roster.epoch.members.remove(0);
    assert!(matches!(evidence.verify(&roster), Err(NoProof::Signature)));
    roster
        .former
        .push(Former { member: gone, at: morning(), expelled: true, grounds: "两套说法".into() });
    assert!(evidence.verify(&roster).is_ok());
}

#[test]
fn what_goes_together_is_none() {
    let all = envelope_of(7, QINGPU, &["一", "二"], 0, Digest::ZERO, address(&[WUJIANG]));
    let next = envelope_of(7, QINGPU, &["三"], 2, all.entries[1].digest, address(&[WUJIANG]));
    let overlapping = envelope_of(7, QINGPU, &["二", "三"], 1, all.entries[0].digest, address(&[WUJIANG]));
    let elsewhere = envelope_of(8, QINGPU, &["改"], 0, Digest::ZERO, address(&[WUJIANG]));
    let other_author = envelope_of(7, JIASHAN, &["改"], 0, Digest::ZERO, address(&[WUJIANG]));
    for other in [&all, &next, &overlapping, &elsewhere, &other_author] {
        assert!(matches!(proof(&all, other), Err(NoProof::Consistent)));
    }
}

#[test]
fn nobody_is_accused_with_somebody_else_s_signature() {
    let one = envelope_of(7, QINGPU, &["一"], 0, Digest::ZERO, address(&[WUJIANG]));
    let other = envelope_of(7, QINGPU, &["改"], 0, Digest::ZERO, address(&[WUJIANG]));
    let forged = Signed { envelope: other.bytes().into(), signature: other.sign(&key(JIASHAN)).unwrap() };
    let evidence = Equivocation { one: signed(&one), other: forged };
    assert!(matches!(evidence.verify(&roster()), Err(NoProof::Signature)));
    let swapped = Signed { envelope: other.bytes().into(), signature: one.sign(&key(QINGPU)).unwrap() };
    let evidence = Equivocation { one: signed(&one), other: swapped };
    assert!(matches!(evidence.verify(&roster()), Err(NoProof::Signature)));
}
