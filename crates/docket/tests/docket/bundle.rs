//! Evidence bundles: complete, closed against tampering, silent about what is kept back.

use crate::log::{Log, ORIGIN, expect, hours, key, node, public_key, second};
use lianzhi_docket::bundle::{
    BUNDLE_FORMAT, BundleError, BundleExpect, BundleWriter, Consistency, ExhibitItem, Manifest, Opening,
    PartItem, Presence, verify_bundle,
};
use lianzhi_docket::entry::Entry;
use lianzhi_docket::merkle::{Leaves, consistency_proof, inclusion_proof};
use lianzhi_docket::note::{KeyKind, SignedCheckpoint, SoftwareKey, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite, SuiteSigner};
use lianzhi_docket::verify::{Finding, Report, Strength, Unwitnessed};
use lianzhi_docket::witness::witness_name;
use lianzhi_ids::{Digest, DocketId, DocketName, NodeCode};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use std::io::Read;

const DOCKET: DocketId = DocketId(2);

type Files = Vec<(String, Vec<u8>)>;

fn leaves(log: &Log) -> Vec<Digest> {
    log.entries.iter().map(|e| e.sealed.leaf_data).collect()
}

fn newest(log: &Log) -> SignedCheckpoint {
    log.checkpoints.last().unwrap().clone()
}

/// A manifest in which every third part and every second exhibit is withheld.
fn manifest(log: &Log) -> Manifest {
    let of_docket = log.entries.iter().filter(|e| e.docket == DOCKET);
    let entries: Vec<Entry> = of_docket.map(|e| Entry::parse(&e.sealed.bytes).unwrap()).collect();
    let parts =
        entries.iter().flat_map(|e| &e.parts).enumerate().map(|(i, digest)| {
            let part = log.parts.iter().find(|p| p.digest == *digest).unwrap();
            let presence = match &part.content {
                None => Presence::Erased,
                Some(_) if i % 3 == 2 => Presence::Withheld,
                Some(_) => Presence::Enclosed,
            };
            let opening = part.content.as_ref().filter(|_| presence == Presence::Enclosed).map(|content| {
                Opening { kind: part.kind.clone(), salt: part.salt, bytes: content.len() as u64 }
            });
            PartItem { digest: *digest, presence, opening }
        });
    let exhibits = entries.iter().flat_map(|e| &e.exhibits).enumerate().map(|(i, digest)| ExhibitItem {
        digest: *digest,
        presence: if i % 2 == 1 { Presence::Withheld } else { Presence::Enclosed },
        bytes: log.exhibits[digest].len() as u64,
        name: "../../照片.jpg".into(),
    });
    Manifest {
        format: BUNDLE_FORMAT.into(),
        docket: DocketName { node: node(), id: DOCKET },
        key: public_key(),
        exported: second(1000),
        entries: entries.len() as u32,
        parts: parts.collect(),
        exhibits: exhibits.collect(),
        consistency: vec![],
    }
}

fn write(log: &Log, manifest: Manifest, checkpoint: SignedCheckpoint) -> Result<Vec<u8>, BundleError> {
    write_as(log, manifest, checkpoint, &key(), None)
}

fn write_as(
    log: &Log,
    manifest: Manifest,
    checkpoint: SignedCheckpoint,
    signer: &SoftwareKey,
    sm2: Option<&dyn SuiteSigner>,
) -> Result<Vec<u8>, BundleError> {
    let size = checkpoint.checkpoint.size;
    let of_docket: Vec<_> = log.entries.iter().filter(|e| e.docket == DOCKET).collect();
    let head = of_docket.last().unwrap().sealed.digest;
    let manifest_again = manifest.clone();
    let mut writer = BundleWriter::begin_with_sm2(Vec::new(), manifest_again, head, checkpoint, signer, sm2)?;
    for stored in of_docket {
        let path = inclusion_proof(&mut Leaves(&leaves(log)), stored.position, size).unwrap().unwrap();
        writer.entry(stored.position, &stored.sealed, path)?;
    }
    for item in manifest.parts.iter().filter(|p| p.presence == Presence::Enclosed) {
        let part = log.parts.iter().find(|p| p.digest == item.digest).unwrap();
        writer.part(part.content.as_ref().unwrap())?;
    }
    for item in manifest.exhibits.iter().filter(|e| e.presence == Presence::Enclosed) {
        writer.exhibit(&log.exhibits[&item.digest][..])?;
    }
    writer.finish()
}

fn bundle(log: &Log) -> Vec<u8> {
    write(log, manifest(log), newest(log)).unwrap()
}

fn check(bytes: &[u8]) -> Report {
    verify_bundle(bytes, &BundleExpect { keys: vec![public_key()], ..BundleExpect::default() })
}

fn unpack(bytes: &[u8]) -> Files {
    let mut archive = tar::Archive::new(bytes);
    let files = archive.entries().unwrap().map(|file| {
        let mut file = file?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        Ok((String::from_utf8(file.path_bytes().to_vec()).unwrap(), content))
    });
    files.collect::<std::io::Result<_>>().unwrap()
}

fn pack(files: &Files) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        tar.append_data(&mut header, name, &content[..]).unwrap();
    }
    tar.into_inner().unwrap()
}

fn changed(log: &Log, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Report {
    let mut files = unpack(&bundle(log));
    let file = files.iter_mut().find(|(n, _)| n.starts_with(name)).unwrap();
    change(&mut file.1);
    check(&pack(&files))
}

#[test]
fn a_bundle_is_checked_with_nothing_but_itself() {
    let log = Log::of(23);
    let report = check(&bundle(&log));
    assert!(report.is_intact(), "{report}");
    assert_eq!((report.entries, report.dockets, report.checkpoints, report.covered), (8, 1, 1, 23));
    assert_eq!((report.parts, report.exhibits, report.withheld), (6, 1, 3));
    assert_eq!(report.strength, Strength::KeyOnly { size: 23 });
    // Its order is fixed, its first files are those that a reader wants first.
    let names: Vec<String> = unpack(&bundle(&log)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names[..5],
        [
            "manifest.json",
            "statement.note",
            "checkpoint.note",
            "entries/000000.json",
            "entries/000000.tlog-proof"
        ]
    );
    assert_eq!(bundle(&log), bundle(&log), "the same bundle is the same bytes");
}

#[test]
fn the_key_in_the_bundle_is_shown_and_does_not_vouch_for_itself() {
    let log = Log::of(23);
    let report = verify_bundle(&bundle(&log)[..], &BundleExpect::default());
    assert!(report.is_intact(), "{report}");
    assert_eq!(report.strength, Strength::EnclosedKey { size: 23 });
    assert!(report.to_string().contains(&public_key().to_string()), "{report}");
    let other =
        VerifierKey::of(public_key().name(), KeyKind::Log, &SoftwareKey::from_secret(&[9; 32])).unwrap();
    let report = verify_bundle(&bundle(&log)[..], &BundleExpect { keys: vec![other], ..Default::default() });
    assert!(
        report.findings.iter().any(|f| matches!(f, Finding::CheckpointSignature { size: 23, .. })),
        "{report}"
    );
    assert_eq!(report.strength, Strength::Nothing);
}

#[test]
fn what_is_withheld_can_neither_be_read_nor_guessed() {
    let log = Log::of(23);
    let bytes = bundle(&log);
    let contains = |needle: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
    for item in manifest(&log).parts {
        let part = log.parts.iter().find(|p| p.digest == item.digest).unwrap();
        let content = part.content.as_ref().unwrap();
        let enclosed = item.presence == Presence::Enclosed;
        assert_eq!(contains(content), enclosed);
        assert_eq!(contains(hex::encode(part.salt).as_bytes()), enclosed);
    }
    let others = log.entries.iter().filter(|e| e.docket != DOCKET);
    assert_eq!(others.filter(|e| contains(&e.sealed.bytes)).count(), 0, "nor anything of other dockets");
}

#[test]
fn a_changed_entry_is_named() {
    let log = Log::of(23);
    let change = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("p-0012", "p-0013").into_bytes();
    };
    let report = changed(&log, "entries/000003.json", change);
    assert!(report.findings.iter().any(|f| matches!(f, Finding::Proof { seq: 3, .. })), "{report}");
    assert!(report.findings.iter().any(|f| matches!(f, Finding::Chain { seq: 4, .. })), "{report}");
    let report = changed(&log, "entries/000003.tlog-proof", |proof| proof[40] ^= 1);
    assert!(!report.is_intact());
}

#[test]
fn leaving_out_the_last_entry_is_found() {
    // Everything else about the shorter file holds: chain, proofs, checkpoint. Only the node's statement does not.
    let log = Log::of(23);
    let mut files = unpack(&bundle(&log));
    files.retain(|(name, _)| !name.starts_with("entries/000007"));
    let mut shorter = manifest(&log);
    shorter.entries -= 1;
    let last = &log.entries[22];
    assert_eq!(last.docket, DOCKET);
    let gone = Entry::parse(&last.sealed.bytes).unwrap().parts[0];
    shorter.parts.retain(|p| p.digest != gone);
    files.retain(|(name, _)| *name != format!("parts/{gone}"));
    files[0].1 = serde_json::to_vec_pretty(&shorter).unwrap();
    let report = check(&pack(&files));
    assert!(
        matches!(&report.findings[..], [Finding::Bundle { file, .. }] if file == "statement.note"),
        "{report}"
    );
}

#[test]
fn a_changed_part_or_exhibit_is_named() {
    let log = Log::of(23);
    let report = changed(&log, "parts/", |content| content[0] ^= 1);
    assert!(
        matches!(report.findings[..], [Finding::PartChanged { position: 1, docket: DOCKET, .. }]),
        "{report}"
    );
    let report = changed(&log, "exhibits/", |content| content[2999] ^= 1);
    assert!(matches!(report.findings[..], [Finding::ExhibitChanged { docket: DOCKET, .. }]), "{report}");
    let report = changed(&log, "exhibits/", |content| content.push(0));
    assert!(matches!(report.findings[..], [Finding::ExhibitChanged { docket: DOCKET, .. }]), "{report}");
}

#[test]
fn a_changed_manifest_is_found() {
    let log = Log::of(23);
    let report = changed(&log, "manifest.json", |json| {
        let text = String::from_utf8(json.clone()).unwrap();
        *json = text.replace("照片.jpg", "别的.jpg").into_bytes();
    });
    assert!(
        matches!(&report.findings[..], [Finding::Bundle { file, reason }] if file == "statement.note" && reason.contains("清单")),
        "{report}"
    );
}

#[test]
fn an_erased_part_is_explained_by_the_record() {
    let mut log = Log::of(22);
    let part = log.parts[4].digest;
    log.parts[4].content = None;
    let unexplained = check(&bundle(&log));
    assert!(matches!(unexplained.findings[..], [Finding::PartMissing { position: 4, .. }]), "{unexplained}");
    log.add(DOCKET, &json!({"type": "erased", "parts": [part]}), vec![], vec![], second(23));
    log.sign();
    let report = check(&bundle(&log));
    assert!(report.is_intact(), "{report}");
    assert_eq!(report.erased, 1);
}

#[test]
fn a_saved_checkpoint_is_compared_through_the_proof_in_the_bundle() {
    let log = Log::of(23);
    let with = |manifest: &Manifest, bundled: usize, since: &SignedCheckpoint| {
        let bytes = write(&log, manifest.clone(), log.checkpoints[bundled].clone()).unwrap();
        let expect =
            BundleExpect { keys: vec![public_key()], since: Some(since.clone()), ..Default::default() };
        verify_bundle(&bytes[..], &expect)
    };
    let proof = |old, new| Consistency {
        old,
        new,
        path: consistency_proof(&mut Leaves(&leaves(&log)), old, new).unwrap().unwrap(),
    };
    let plain = manifest(&log);
    let proven = Manifest { consistency: vec![proof(10, 23), proof(20, 23)], ..manifest(&log) };

    assert_eq!(with(&plain, 4, &log.checkpoints[4]).strength, Strength::SavedCheckpoint { size: 23 });
    assert_eq!(with(&proven, 4, &log.checkpoints[1]).strength, Strength::SavedCheckpoint { size: 10 });
    let uncovered = with(&plain, 4, &log.checkpoints[1]);
    assert_eq!(uncovered.findings, [Finding::SinceUncovered { saved: 10, size: 23 }]);
    assert_eq!(uncovered.strength, Strength::KeyOnly { size: 23 });

    // The holder of the key wrote the log anew after the checkpoint was saved.
    let mut rewritten = Log::of(23);
    rewritten.forge(4, |entry| entry.actor = "person:p-0099".into());
    rewritten.sign_again();
    for saved in [1, 4] {
        let size = rewritten.checkpoints[saved].checkpoint.size;
        let found = with(&proven, 4, &rewritten.checkpoints[saved]).findings;
        assert_eq!(found, [Finding::SinceRewritten { size }]);
    }
    let stranger = log.checkpoints[1].checkpoint.sign(&SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert!(matches!(with(&proven, 4, &stranger).findings[..], [Finding::SinceSignature { .. }]));
    assert!(expect().since.is_none());
}

#[test]
fn witnesses_make_a_bundle_proof_against_everybody() {
    let log = Log::of(23);
    let witness = |seed: u8, node: &str| {
        let signer = SoftwareKey::from_secret(&[seed; 32]);
        let name = witness_name(&NodeCode::parse(node).unwrap());
        let key = VerifierKey::of(&name, KeyKind::Witness, &signer).unwrap();
        (signer, name, key)
    };
    let mut cosigned = newest(&log);
    let witnesses = [witness(3, "320509"), witness(4, "330421"), witness(5, "340100")];
    for (signer, name, _) in &witnesses[..2] {
        cosigned.note.cosign(name, signer, second(900)).unwrap();
    }
    let known: Vec<VerifierKey> = witnesses.iter().map(|(_, _, key)| key.clone()).collect();
    let bytes = write(&log, manifest(&log), cosigned.clone()).unwrap();
    let with = |keys: Vec<VerifierKey>, known: &[VerifierKey], quorum| {
        verify_bundle(
            &bytes[..],
            &BundleExpect { keys, witnesses: known.to_vec(), quorum, ..Default::default() },
        )
    };
    let report = with(vec![public_key()], &known, 2);
    assert!(report.is_intact(), "{report}");
    assert_eq!(report.strength, Strength::Witnessed { witnesses: 2, size: 23 });
    assert_eq!(report.witnesses, known[..2]);
    let said = report.to_string();
    assert!(said.contains("lianzhi/320509/witness+") && said.contains("lianzhi/330421/witness+"), "{said}");
    assert!(said.contains("对任何人（包括本节点）均具证明力") && !said.contains("340100"), "{said}");

    // Too few, none known, the log itself under another name: said, and not counted.
    let short = with(vec![public_key()], &known, 3);
    assert_eq!(short.strength, Strength::KeyOnly { size: 23 });
    assert_eq!(short.unwitnessed, Some(Unwitnessed { needed: 3, found: 2 }));
    assert!(short.to_string().contains("尚未见证：需要 3 个"), "{short}");
    assert_eq!(with(vec![public_key()], &[], 1).unwitnessed, None, "nobody asked");
    let own = VerifierKey::of("lianzhi/310118/witness", KeyKind::Witness, &key()).unwrap();
    let mut alone = newest(&log);
    alone.note.cosign(own.name(), &key(), second(900)).unwrap();
    let alone = write(&log, manifest(&log), alone).unwrap();
    let expect = BundleExpect { keys: vec![public_key()], witnesses: vec![own], ..Default::default() };
    let report = verify_bundle(&alone[..], &expect);
    assert_eq!(report.unwitnessed, Some(Unwitnessed { needed: 1, found: 0 }));

    // Somebody puts his own key and a statement without the last entries beside the cosigned checkpoint: the
    // entries are in the log, and yet it is not the node's bundle. Only who brings the node's key can tell.
    let thief = SoftwareKey::from_secret(&[9; 32]);
    let mut stolen = cosigned.checkpoint.sign(&thief).unwrap();
    stolen.note.merge(&cosigned.note);
    let thief_key = VerifierKey::of(public_key().name(), KeyKind::Log, &thief).unwrap();
    let mut short_log = log.clone();
    let last = short_log.entries.iter().rposition(|e| e.docket == DOCKET).unwrap();
    let (kept, gone) = (manifest(&log), Entry::parse(&log.entries[last].sealed.bytes).unwrap());
    let kept = Manifest {
        key: thief_key.clone(),
        entries: kept.entries - 1,
        parts: kept.parts.into_iter().filter(|p| !gone.parts.contains(&p.digest)).collect(),
        exhibits: kept.exhibits.into_iter().filter(|e| !gone.exhibits.contains(&e.digest)).collect(),
        ..kept
    };
    short_log.entries[last].docket = DocketId(99);
    let forged = write_as(&short_log, kept, stolen, &thief, None).unwrap();
    let trusting =
        verify_bundle(&forged[..], &BundleExpect { witnesses: known.clone(), ..Default::default() });
    assert!(trusting.is_intact(), "{trusting}");
    assert_eq!(trusting.strength, Strength::EnclosedKey { size: 23 }, "never more than the enclosed key");
    let expect = BundleExpect { keys: vec![public_key()], witnesses: known, ..Default::default() };
    assert!(!verify_bundle(&forged[..], &expect).is_intact());
}

#[test]
fn a_bundle_with_sm2_lines_can_be_checked_with_either_key() {
    let log = Log::of(23);
    let sm2 = SecretKey::from_secret(Suite::Sm2, &[2; 32]).unwrap();
    let sm2_key = VerifierKey::of_public(ORIGIN, KeyKind::Sm2Log, sm2.public().clone()).unwrap();
    let mut checkpoint = newest(&log);
    checkpoint.sign_sm2(&sm2).unwrap();
    let bytes = write_as(&log, manifest(&log), checkpoint.clone(), &key(), Some(&sm2)).unwrap();
    let with = |bytes: &[u8], keys: &[VerifierKey]| {
        verify_bundle(bytes, &BundleExpect { keys: keys.to_vec(), ..Default::default() })
    };
    for keys in [&[public_key()][..], std::slice::from_ref(&sm2_key), &[public_key(), sm2_key.clone()]] {
        let report = with(&bytes, keys);
        assert!(report.is_intact(), "{report}");
        assert_eq!(report.strength, Strength::KeyOnly { size: 23 });
    }
    // Without its line on the statement who accepts SM2 only is not content.
    let half = write(&log, manifest(&log), checkpoint).unwrap();
    assert!(with(&half, &[public_key()]).is_intact());
    let found = with(&half, &[sm2_key]).findings;
    assert!(matches!(&found[..], [Finding::Bundle { file, .. }] if file == "statement.note"), "{found:?}");
}

#[test]
fn a_checkpoint_saved_after_the_export_strengthens_an_old_bundle() {
    let mut log = Log::of(20);
    let early = newest(&log);
    let short = log.clone();
    for i in 20..30 {
        log.add(DocketId(9), &json!({"type": "noted"}), vec![], vec![], second(i));
    }
    log.sign();
    let path = consistency_proof(&mut Leaves(&leaves(&log)), 20, 30).unwrap().unwrap();
    let manifest = Manifest { consistency: vec![Consistency { old: 20, new: 30, path }], ..manifest(&short) };
    let bytes = write(&short, manifest, early).unwrap();
    let expect = BundleExpect { since: Some(newest(&log)), ..Default::default() };
    let report = verify_bundle(&bytes[..], &expect);
    assert!(report.is_intact(), "{report}");
    assert_eq!(report.strength, Strength::SavedCheckpoint { size: 20 });
}

#[test]
fn an_entry_recorded_after_its_checkpoint_is_found() {
    let log = Log::of(23);
    let mut early = newest(&log).checkpoint;
    early.time -= hours(1);
    let report = check(&write(&log, manifest(&log), early.sign(&key()).unwrap()).unwrap());
    assert!(matches!(report.findings[..], [Finding::CheckpointTime { size: 23, .. }]), "{report}");
}

#[test]
fn the_writer_refuses_to_write_what_would_fail() {
    let log = Log::of(23);
    let good = manifest(&log);
    let attempt = |manifest: &Manifest| write(&log, manifest.clone(), newest(&log));
    let fewer = Manifest { entries: 7, ..good.clone() };
    assert!(matches!(attempt(&fewer), Err(BundleError::Order(_))));
    let more = Manifest { entries: 9, ..good.clone() };
    assert!(matches!(attempt(&more), Err(BundleError::Order(_))));
    let other_docket = Manifest { docket: DocketName { node: node(), id: DocketId(1) }, ..good.clone() };
    assert!(matches!(attempt(&other_docket), Err(BundleError::Order(_))));
    let mut wrong_salt = good.clone();
    wrong_salt.parts[0].opening.as_mut().unwrap().salt[0] ^= 1;
    assert!(matches!(attempt(&wrong_salt), Err(BundleError::Content(_))));
    for bytes in [2999, 3001] {
        let mut wrong_length = good.clone();
        wrong_length.exhibits[0].bytes = bytes;
        assert!(attempt(&wrong_length).is_err());
    }
    let stranger = newest(&log).checkpoint.sign(&SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert!(matches!(write(&log, good.clone(), stranger), Err(BundleError::Note(_))));
    let other_tree = log.checkpoints[3].checkpoint.clone();
    let mut wrong_root = newest(&log).checkpoint;
    wrong_root.root = other_tree.root;
    assert!(matches!(write(&log, good, wrong_root.sign(&key()).unwrap()), Err(BundleError::Proof(_))));
}

#[test]
fn what_is_not_a_bundle_is_a_finding() {
    let log = Log::of(8);
    let good = unpack(&bundle(&log));
    let fails = |bytes: &[u8]| match &check(bytes).findings[..] {
        [] => panic!("accepted"),
        findings => format!("{:?}", findings.last()),
    };
    fails(b"");
    fails(&[0; 10_240]);
    fails("不是归档".repeat(1000).as_bytes());

    let mut files = good.clone();
    files[0].1 = b"{\"format\":\"lianzhi/bundle/1\"".to_vec();
    assert!(fails(&pack(&files)).contains("manifest.json"));
    files[0].1 = String::from_utf8(good[0].1.clone()).unwrap().replace("bundle/1", "bundle/2").into_bytes();
    assert!(fails(&pack(&files)).contains("新版本"));
    files[0].1 = vec![b' '; 17 << 20];
    assert!(fails(&pack(&files)).contains("过大"));

    for name in ["../../etc/passwd", "/etc/passwd", "manifest.json/../x", "entries/000000.JSON"] {
        let mut header = tar::Header::new_ustar();
        header.set_size(2);
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        let mut tar = tar::Builder::new(Vec::new());
        tar.append(&header, &b"{}"[..]).unwrap();
        assert!(fails(&tar.into_inner().unwrap()).contains("此处应为该文件"));
    }
    let mut link = tar::Header::new_ustar();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_link(&mut link, "manifest.json", "/etc/passwd").unwrap();
    assert!(fails(&tar.into_inner().unwrap()).contains("此处应为该文件"));

    // A length that nobody can hold.
    let mut huge = tar::Header::new_ustar();
    huge.set_size(u64::MAX / 4);
    huge.set_path("manifest.json").unwrap();
    huge.set_mode(0o644);
    huge.set_mtime(0);
    huge.set_cksum();
    assert!(fails(huge.as_bytes()).contains("过大"));

    let mut more = good.clone();
    more.push(("exhibits/extra".into(), b"x".to_vec()));
    assert!(fails(&pack(&more)).contains("清单之外"));
    let mut behind = bundle(&log);
    behind.extend_from_slice(&bundle(&log));
    assert!(fails(&behind).contains("归档结束之后"));
    let mut twice = manifest(&log);
    twice.parts.push(twice.parts[0].clone());
    let mut files = good;
    files[0].1 = serde_json::to_vec_pretty(&twice).unwrap();
    assert!(fails(&pack(&files)).contains("重复"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_byte_anywhere_is_found(at in any::<Index>(), bit in 0u8..8) {
        let good = bundle(&Log::of(12));
        let mut bytes = good.clone();
        let i = at.index(bytes.len());
        bytes[i] ^= 1 << bit;
        let report = check(&bytes);
        // The zeros that fill up a file's last block belong to no file.
        let padding = good[i] == 0 && report.is_intact() && unpack(&bytes) == unpack(&good);
        prop_assert!(padding || !report.is_intact(), "byte {}", i);
    }

    #[test]
    fn a_cut_off_bundle_is_found(at in any::<Index>()) {
        let mut bytes = bundle(&Log::of(12));
        let end = bytes.len() - 1024;
        bytes.truncate(at.index(end));
        prop_assert!(!check(&bytes).is_intact());
    }

    #[test]
    fn files_taken_out_or_swapped_are_found(a in any::<Index>(), b in any::<Index>(), drop in any::<bool>()) {
        let mut files = unpack(&bundle(&Log::of(12)));
        let (a, b) = (a.index(files.len()), b.index(files.len()));
        if drop {
            files.remove(a);
        } else {
            prop_assume!(a != b);
            files.swap(a, b);
        }
        prop_assert!(!check(&pack(&files)).is_intact());
    }
}
