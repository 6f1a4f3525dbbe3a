//! Verification of a whole log.

use crate::log::{EVERY, Log, ORIGIN, expect, hours, key, names, node, public_key, second};
use lianzhi_docket::entry::{Entry, SealedEntry};
use lianzhi_docket::note::{KeyKind, SoftwareKey, VerifierKey};
use lianzhi_docket::verify::{Expect, Finding, Report, Strength, Unwitnessed};
use lianzhi_ids::{Digest, DocketId, NodeCode};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

fn assert_named(report: &Report, position: u64) {
    assert!(report.findings.iter().any(|f| names(f, position)), "#{position} is not named in: {report}");
}

fn since(log: &Log, number: usize) -> Expect {
    Expect { since: Some(log.checkpoints[number].clone()), ..expect() }
}

#[test]
fn an_untouched_log_is_intact() {
    let report = Log::of(23).verify();
    assert!(report.is_intact(), "{report}");
    assert_eq!((report.entries, report.dockets, report.checkpoints), (23, 3, 5));
    assert_eq!((report.parts, report.exhibits, report.covered), (23, 6, 23));
    assert_eq!(report.newest.as_ref().map(|n| n.checkpoint.size), Some(23));
    assert_eq!(report.strength, Strength::KeyOnly { size: 23 });
    assert!(report.to_string().contains("未发现改动"), "{report}");
}

#[test]
fn an_empty_log_is_intact_and_proves_nothing() {
    let report = Log { entries: vec![], checkpoints: vec![], ..Log::of(0) }.verify();
    assert!(report.is_intact());
    assert_eq!(report.strength, Strength::Nothing);
}

#[test]
fn entries_after_the_last_checkpoint_are_no_finding_and_not_covered() {
    let mut log = Log::of(10);
    log.add(DocketId(9), &json!({"type": "opened"}), vec![], vec![], second(11));
    let report = log.verify();
    assert!(report.is_intact(), "{report}");
    assert_eq!((report.entries, report.covered), (11, 10));
}

proptest! {
    #[test]
    fn a_flipped_byte_is_named(n in 1usize..40, at in any::<Index>(), byte in any::<Index>(), bit in 0u8..8) {
        let mut log = Log::of(n);
        let p = at.index(n);
        let bytes = &mut log.entries[p].sealed.bytes;
        let i = byte.index(bytes.len());
        bytes[i] ^= 1 << bit;
        assert_named(&log.verify(), p as u64);
    }

    #[test]
    fn a_flipped_byte_is_named_even_when_its_digests_were_made_to_fit(
        n in 1usize..40, at in any::<Index>(), byte in any::<Index>(), bit in 0u8..8,
    ) {
        let mut log = Log::of(n);
        let p = at.index(n);
        let sealed = &mut log.entries[p].sealed;
        let i = byte.index(sealed.bytes.len());
        sealed.bytes[i] ^= 1 << bit;
        *sealed = SealedEntry::of(sealed.bytes.clone(), sealed.salt);
        assert_named(&log.verify(), p as u64);
    }

    #[test]
    fn a_changed_salt_or_digest_is_named(n in 1usize..30, at in any::<Index>(), which in 0..3, i in 0usize..16) {
        let mut log = Log::of(n);
        let p = at.index(n);
        let sealed = &mut log.entries[p].sealed;
        match which {
            0 => sealed.salt[i] ^= 1,
            1 => sealed.digest.0[i] ^= 1,
            _ => sealed.leaf_data.0[i] ^= 1,
        }
        assert_named(&log.verify(), p as u64);
    }

    #[test]
    fn a_changed_event_is_named_even_when_the_whole_chain_was_made_to_fit(n in 1usize..40, at in any::<Index>()) {
        let mut log = Log::of(n);
        let p = at.index(n);
        log.forge(p, |entry| entry.event = Entry::event_of(&json!({"type": "noted", "n": "别的"})).unwrap());
        let report = log.verify();
        assert_named(&report, p as u64);
        prop_assert!(report.covered as usize <= p / EVERY * EVERY, "and nothing after it counts as proven");
    }

    #[test]
    fn a_dropped_entry_is_named(n in 1usize..40, at in any::<Index>(), renumber in any::<bool>()) {
        let mut log = Log::of(n);
        let p = at.index(n);
        log.entries.remove(p);
        if renumber {
            log.renumber();
        }
        assert_named(&log.verify(), p as u64);
    }

    #[test]
    fn swapped_entries_are_named(n in 2usize..40, a in any::<Index>(), b in any::<Index>(), renumber in any::<bool>()) {
        let mut log = Log::of(n);
        let (a, b) = (a.index(n), b.index(n));
        prop_assume!(a != b);
        log.entries.swap(a, b);
        if renumber {
            log.renumber();
        }
        // By its place the earlier one: what stands there is not what was there.
        assert_named(&log.verify(), a.min(b) as u64);
    }

    #[test]
    fn a_duplicated_entry_is_named(n in 1usize..40, at in any::<Index>()) {
        let mut log = Log::of(n);
        let p = at.index(n);
        let copy = log.entries[p].clone();
        log.entries.insert(p, copy);
        let report = log.verify();
        prop_assert_eq!(report.findings, [Finding::Order { position: p as u64, expected: p as u64 + 1 }]);
    }

    #[test]
    fn an_inserted_entry_is_named(n in 2usize..40, at in any::<Index>()) {
        let mut log = Log::of(n);
        let p = at.index(n - 1);
        let mut forged = log.entries[p].clone();
        forged.sealed = SealedEntry::of(forged.sealed.bytes, [0; 16]);
        log.entries.insert(p + 1, forged);
        log.renumber();
        assert_named(&log.verify(), p as u64 + 1);
    }

    #[test]
    fn a_re_dated_entry_is_named(n in 2usize..40, at in any::<Index>(), back in any::<bool>()) {
        let mut log = Log::of(n);
        let p = at.index(n);
        log.forge(p, |entry| entry.at += if back { -hours(1) } else { hours(1) });
        let report = log.verify();
        assert_named(&report, p as u64);
        if back && p > 0 {
            let named = |f: &Finding| matches!(f, Finding::BackDated { position, .. } if *position == p as u64);
            prop_assert!(report.findings.iter().any(named));
        }
    }

    #[test]
    fn a_cut_off_end_is_named(n in 2usize..40, keep in any::<Index>()) {
        let mut log = Log::of(n);
        let keep = keep.index(n - 1);
        log.entries.truncate(keep);
        let from = (keep / EVERY * EVERY) as u64;
        prop_assert_eq!(log.verify().findings, [Finding::Truncated { from, size: n as u64, entries: keep as u64 }]);
    }

    #[test]
    fn what_the_keys_holder_rewrites_is_found_by_who_saved_a_checkpoint(
        n in 12usize..40, at in any::<Index>(), drop in any::<bool>(),
    ) {
        let honest = Log::of(n);
        let saved = honest.checkpoints.len() / 2;
        let size = honest.checkpoints[saved].checkpoint.size;
        let p = at.index(size as usize);
        let mut log = honest.clone();
        if drop {
            // The newest entry of a docket can be dropped without a trace in the chain.
            log.entries.truncate(p);
        } else {
            log.forge(p, |entry| entry.actor = "person:p-0099".into());
        }
        log.sign_again();
        log.sign();
        prop_assert!(log.verify().is_intact(), "the key alone proves nothing against its holder");
        let findings = log.verify_with(&since(&honest, saved)).findings;
        let expected = if drop { Finding::SinceTruncated { size, entries: p as u64 } } else { Finding::SinceRewritten { size } };
        prop_assert!(findings.contains(&expected), "{:?}", findings);
    }
}

#[test]
fn a_saved_checkpoint_strengthens_the_result() {
    let log = Log::of(23);
    for number in 0..log.checkpoints.len() {
        let report = log.verify_with(&since(&log, number));
        assert!(report.is_intact(), "{report}");
        let size = log.checkpoints[number].checkpoint.size;
        assert_eq!(report.strength, Strength::SavedCheckpoint { size });
    }
}

#[test]
fn a_saved_checkpoint_must_be_one_of_the_node() {
    let log = Log::of(12);
    let mut foreign = log.checkpoint();
    foreign.origin.node = NodeCode::parse("310112").unwrap();
    let stranger = SoftwareKey::from_secret(&[9; 32]);
    for since in [log.checkpoint().sign(&stranger).unwrap(), foreign.sign(&key()).unwrap()] {
        let report = log.verify_with(&Expect { since: Some(since), ..expect() });
        assert!(matches!(report.findings[..], [Finding::SinceSignature { .. }]), "{report}");
        assert_eq!(report.strength, Strength::KeyOnly { size: 12 });
    }
}

#[test]
fn witnesses_make_it_proof_against_everybody() {
    let mut log = Log::of(12);
    let keys = [[3; 32], [4; 32]].map(|secret| SoftwareKey::from_secret(&secret));
    let names = ["w.example/1", "w.example/2"];
    for (name, key) in names.iter().zip(&keys) {
        log.checkpoints[1].note.cosign(name, key, second(20)).unwrap();
    }
    let witnesses: Vec<VerifierKey> =
        names.iter().zip(&keys).map(|(n, k)| VerifierKey::of(n, KeyKind::Witness, k).unwrap()).collect();
    let both = Expect { witnesses: witnesses.clone(), quorum: 2, ..expect() };
    let report = log.verify_with(&both);
    assert_eq!(report.strength, Strength::Witnessed { witnesses: 2, size: 10 });
    assert_eq!((&report.witnesses, report.unwitnessed), (&witnesses, None));
    assert!(report.to_string().contains("见证方：w.example/1+"), "{report}");
    let one_known = Expect { witnesses: witnesses[..1].to_vec(), ..both.clone() };
    let short = log.verify_with(&one_known);
    assert_eq!(short.strength, Strength::KeyOnly { size: 12 });
    assert_eq!(short.unwitnessed, Some(Unwitnessed { needed: 2, found: 1 }));
    assert!(short.to_string().contains("尚未见证：需要 2 个见证方联署"), "{short}");
    let twice = Expect { witnesses: vec![witnesses[0].clone(), witnesses[0].clone()], ..both };
    assert_eq!(log.verify_with(&twice).strength, Strength::KeyOnly { size: 12 }, "nobody counts twice");
    // Nor under a second name, nor the log for itself.
    log.checkpoints[1].note.cosign("w.example/alias", &keys[0], second(20)).unwrap();
    log.checkpoints[1].note.cosign(ORIGIN, &key(), second(20)).unwrap();
    let alias = VerifierKey::of("w.example/alias", KeyKind::Witness, &keys[0]).unwrap();
    let own = VerifierKey::of(ORIGIN, KeyKind::Witness, &key()).unwrap();
    let padded = Expect { witnesses: vec![witnesses[0].clone(), alias, own], ..twice };
    assert_eq!(log.verify_with(&padded).unwitnessed, Some(Unwitnessed { needed: 2, found: 1 }));
}

#[test]
fn an_entry_slipped_in_later_with_an_early_date_is_named() {
    // The key's holder appends an entry dated before the last checkpoint, which does not hold it.
    let mut log = Log::of(10);
    log.entries.truncate(9);
    let early = log.entries[8].at;
    log.checkpoints.truncate(1);
    log.checkpoints[0] = {
        let mut signed = log.checkpoint();
        signed.time = early + hours(1);
        signed.sign(&key()).unwrap()
    };
    log.add(DocketId(5), &json!({"type": "opened"}), vec![], vec![], early);
    log.sign();
    let report = log.verify();
    assert!(
        report
            .findings
            .iter()
            .any(|f| matches!(f, Finding::BackDated { position: 9, docket: DocketId(5), .. })),
        "{report}"
    );
    assert!(
        report.findings.iter().any(|f| matches!(f, Finding::CheckpointTime { size: 10, .. })),
        "{report}"
    );
}

#[test]
fn checkpoints_are_checked_themselves() {
    let log = Log::of(20);

    let mut unsigned = log.clone();
    unsigned.checkpoints[1] =
        log.checkpoints[1].checkpoint.sign(&SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert!(matches!(unsigned.verify().findings[..], [Finding::CheckpointSignature { size: 10, .. }]));

    let mut wrong_root = log.clone();
    let mut checkpoint = log.checkpoints[1].checkpoint.clone();
    checkpoint.root = Digest::ZERO;
    wrong_root.checkpoints[1] = checkpoint.sign(&key()).unwrap();
    assert_eq!(wrong_root.verify().findings, [Finding::Root { from: 5, size: 10 }]);

    let mut swapped = log.clone();
    swapped.checkpoints.swap(1, 2);
    assert!(swapped.verify().findings.contains(&Finding::CheckpointOrder { size: 10, after: 15 }));

    let mut foreign = log.clone();
    let mut checkpoint = log.checkpoints[1].checkpoint.clone();
    checkpoint.origin.node = NodeCode::parse("310112").unwrap();
    foreign.checkpoints[1] = checkpoint.sign(&key()).unwrap();
    assert!(matches!(foreign.verify().findings[..], [Finding::CheckpointOrigin { size: 10, .. }]));

    let none = Log { checkpoints: vec![], ..log.clone() };
    assert_eq!(none.verify().findings, [Finding::NoCheckpoint { entries: 20 }]);
    assert_eq!(none.verify().strength, Strength::Nothing);
}

#[test]
fn generations_go_up_and_never_back() {
    let log = Log::of(20);
    let generation = |log: &mut Log, number: usize, generation| {
        let mut checkpoint = log.checkpoints[number].checkpoint.clone();
        checkpoint.origin.generation = generation;
        log.checkpoints[number] = checkpoint.sign(&key()).unwrap();
    };
    let mut restored = log.clone();
    for number in 2..restored.checkpoints.len() {
        generation(&mut restored, number, 2);
    }
    assert!(restored.verify().is_intact(), "a restored node goes on in the next generation");
    // Whoever saved a checkpoint of the first generation can still compare with it.
    assert!(restored.verify_with(&since(&log, 3)).is_intact());
    // Whoever saved one of the second finds the first again in its place.
    let back = log.verify_with(&since(&restored, 3));
    assert!(back.findings.iter().any(|f| matches!(f, Finding::SinceGeneration { .. })), "{back}");
    generation(&mut restored, 3, 1);
    assert!(matches!(restored.verify().findings[..], [Finding::CheckpointOrigin { size: 20, .. }, ..]));
}

#[test]
fn a_changed_or_missing_part_is_named() {
    let mut changed = Log::of(9);
    let digest = changed.parts[4].digest;
    changed.parts[4].content = Some("李四".into());
    assert_eq!(
        changed.verify().findings,
        [Finding::PartChanged { position: 4, docket: DocketId(2), digest }]
    );

    let mut other_kind = Log::of(9);
    other_kind.parts[4].kind = "text".into();
    assert!(matches!(other_kind.verify().findings[..], [Finding::PartChanged { position: 4, .. }]));

    let mut missing = Log::of(9);
    missing.parts.remove(4);
    assert_eq!(
        missing.verify().findings,
        [Finding::PartMissing { position: 4, docket: DocketId(2), digest }]
    );

    let mut only_said = Log::of(9);
    only_said.parts[4].content = None;
    assert_eq!(
        only_said.verify().findings,
        [Finding::PartMissing { position: 4, docket: DocketId(2), digest }],
        "a store's word for an erasure is not enough"
    );
}

#[test]
fn an_erasure_in_the_record_explains_what_is_gone() {
    let mut log = Log::of(9);
    let (part, exhibit) = (log.parts[4].digest, *log.exhibits.keys().next().unwrap());
    log.add(
        DocketId(2),
        &json!({"type": "erased", "parts": [part], "exhibits": [exhibit]}),
        vec![],
        vec![],
        second(9),
    );
    log.sign();
    assert_eq!(
        log.verify().findings,
        [Finding::NotErased { position: 9, digest: part }],
        "recorded as erased and still there: as after restoring a backup"
    );
    log.parts[4].content = None;
    log.exhibits.remove(&exhibit);
    let report = log.verify();
    assert!(report.is_intact(), "{report}");
    assert_eq!((report.parts, report.exhibits, report.erased), (8, 2, 2));
}

#[test]
fn a_part_that_nobody_can_open_here_is_counted_and_not_called_missing() {
    let mut log = Log::of(9);
    log.parts[4].content = None;
    log.parts[4].sealed = true;
    let report = log.verify();
    assert!(report.is_intact(), "{report}");
    assert_eq!((report.parts, report.sealed), (8, 1));
    assert!(report.to_string().contains("未开启"));

    // Recorded as erased, it must be gone all the same.
    let digest = log.parts[4].digest;
    log.add(DocketId(2), &json!({"type": "erased", "parts": [digest]}), vec![], vec![], second(9));
    log.sign();
    assert_eq!(log.verify().findings, [Finding::NotErased { position: 9, digest }]);
}

#[test]
fn a_changed_or_missing_exhibit_is_named() {
    let log = Log::of(9);
    let file = vec![4u8; 3000];
    let digest = lianzhi_docket::exhibit_digest(&file);
    let at = (4, DocketId(2), digest);

    let mut changed = log.clone();
    changed.exhibits.get_mut(&digest).unwrap()[2999] = 5;
    let (position, docket, digest) = at;
    assert_eq!(changed.verify().findings, [Finding::ExhibitChanged { position, docket, digest }]);
    let mut missing = log;
    missing.exhibits.remove(&digest);
    assert_eq!(missing.verify().findings, [Finding::ExhibitMissing { position, docket, digest }]);
    assert!(
        missing.verify_with(&Expect { exhibits: false, ..expect() }).is_intact(),
        "when they are left out"
    );
}

#[test]
fn the_stores_columns_must_say_what_the_bytes_say() {
    let mut log = Log::of(9);
    log.entries[4].docket = DocketId(3);
    log.entries[5].seq = 7;
    log.entries[6].at = second(99);
    let found = log.verify().findings;
    for (position, docket, what) in [(4, 3, "案卷号"), (5, 3, "序号"), (6, 1, "记录时间")] {
        assert!(found.contains(&Finding::Index { position, docket: DocketId(docket), what }), "{found:?}");
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn an_entry_of_another_node_is_named() {
    let mut log = Log::of(6);
    log.forge(5, |entry| entry.node = NodeCode::parse("310112").unwrap());
    log.sign_again();
    assert!(matches!(&log.verify().findings[..], [Finding::Node { position: 5, node: n }] if *n != node()));
}

#[test]
fn every_finding_has_a_sentence_for_people() {
    let mut log = Log::of(9);
    log.entries[4].sealed.bytes[0] = b'?';
    log.parts.clear();
    let text = log.verify().to_string();
    assert!(text.contains("记录 #4（案卷 2）的内容被改动"), "{text}");
    assert!(text.contains("结论：发现"), "{text}");
    let mut back = Log::of(9);
    back.forge(4, |entry| entry.at -= hours(1));
    let text = back.verify().to_string();
    assert!(text.contains("倒签：记录时间 2025-06-15 22:06:44 早于在其之前的 2025-06-15 23:06:43"), "{text}");
}

#[test]
fn a_flood_of_findings_is_counted_and_not_kept() {
    let mut log = Log::of(12);
    log.checkpoints.clear();
    let one = log.entries[0].clone();
    log.entries.extend(std::iter::repeat_n(one, 10_100));
    let report = log.verify();
    assert_eq!(report.findings.len(), lianzhi_docket::verify::FINDINGS_MAX);
    assert!(report.findings_omitted > 0);
}

#[test]
fn the_key_is_the_one_that_was_given_and_not_one_from_the_log() {
    let log = Log::of(6);
    let stranger = VerifierKey::of(ORIGIN, KeyKind::Log, &SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert_ne!(stranger, public_key());
    let report = log.verify_with(&Expect::of(node(), stranger));
    assert!(report.findings.iter().all(|f| matches!(f, Finding::CheckpointSignature { .. })));
    assert_eq!((report.findings.len(), report.strength), (2, Strength::Nothing));
}
