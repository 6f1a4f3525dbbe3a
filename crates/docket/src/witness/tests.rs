//! Every answer of the protocol, over random trees.

use super::*;
use crate::merkle::{Leaves, TileMap, root, tile_hashes};
use crate::note::{BASE64, Checkpoint, SoftwareKey};
use crate::suite::{SecretKey, Suite};
use base64::Engine as _;
use proptest::prelude::*;
use proptest::sample::Index;

const ORIGIN: &str = "lianzhi/310118/log/1";

fn log_signer() -> SoftwareKey {
    SoftwareKey::from_secret(&[1; 32])
}

fn log_key() -> VerifierKey {
    VerifierKey::of(ORIGIN, KeyKind::Log, &log_signer()).unwrap()
}

fn leaves(n: usize) -> Vec<Digest> {
    (0..n).map(|i| Digest([i as u8; 32])).collect()
}

fn checkpoint(leaves: &[Digest], size: usize) -> SignedCheckpoint {
    let root = root(&mut Leaves(leaves), size as u64).unwrap();
    let time = Timestamp::from_second(1_750_000_000 + size as i64).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.parse().unwrap(), size: size as u64, root, time };
    checkpoint.sign(&log_signer()).unwrap()
}

fn request(leaves: &[Digest], old: usize, size: usize) -> AddCheckpoint {
    AddCheckpoint::from_log(&mut Leaves(leaves), old as u64, checkpoint(leaves, size)).unwrap().unwrap()
}

/// The tiles that are needed of a log with these leaves.
fn tiles_of(leaves: &[Digest], evidence: &ForkEvidence) -> TileMap {
    let mut tiles = TileMap::default();
    for tile in evidence.tiles() {
        tiles.insert(tile, tile_hashes(&mut Leaves(leaves), tile).unwrap());
    }
    tiles
}

fn witnessed(leaves: &[Digest], size: usize) -> Witnessed {
    consider(None, &request(leaves, 0, size), &[log_key()]).unwrap()
}

/// Considers as a witness of this one log, after the request went over the wire.
fn ask(state: Option<&Witnessed>, request: &AddCheckpoint) -> Result<Witnessed, WitnessRefusal> {
    consider(state, &AddCheckpoint::parse(&request.to_string())?, &[log_key()])
}

fn witness(seed: u8) -> (SoftwareKey, VerifierKey) {
    let signer = SoftwareKey::from_secret(&[seed; 32]);
    let name = witness_name(&NodeCode::parse("320509").unwrap());
    let key = VerifierKey::of(&name, KeyKind::Witness, &signer).unwrap();
    (signer, key)
}

#[test]
fn a_request_has_the_specified_form() {
    let log = leaves(7);
    let text = request(&log, 3, 7).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "old 3");
    assert!(lines[1..5].iter().all(|line| line.len() == 44), "{text}");
    assert_eq!(lines[5..8], ["", ORIGIN, "7"]);
    assert_eq!(AddCheckpoint::parse(&text).unwrap(), request(&log, 3, 7));
    assert!(request(&log, 0, 7).to_string().starts_with("old 0\n\nlianzhi/"));
    assert_eq!(AddCheckpoint::from_log(&mut Leaves(&log), 8, checkpoint(&log, 7)).unwrap(), None);
    let hash = format!("{}\n", BASE64.encode([0; 32]));
    for (from, to) in [
        ("old 3", "old 03"),
        ("old 3", "old -3"),
        ("old 3", "old  3"),
        ("old 3\n", "old 3\r\n"),
        ("old 3\n", ""),
        ("old 3\n", "old 3\n\n"),
        ("old 3\n", "old 3\nAAAA\n"),
        ("old 3\n", &format!("old 3\n{}", hash.repeat(PROOF_HASHES_MAX))),
        ("\n\nlianzhi", "\nlianzhi"),
        ("\nlianzhi", "\nlianzhy"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert!(AddCheckpoint::parse(&changed).is_err(), "{from:?} -> {to:?}");
    }
    let enough = text.replacen("old 3\n", &format!("old 3\n{}", hash.repeat(PROOF_HASHES_MAX - 4)), 1);
    assert!(AddCheckpoint::parse(&enough).is_ok());
    assert!(AddCheckpoint::parse(&format!("{text}{}", " ".repeat(REQUEST_BYTES_MAX))).is_err());
}

#[test]
fn what_is_no_request_is_answered_400() {
    let refusal = WitnessRefusal::from(AddCheckpoint::parse("old\n").unwrap_err());
    assert_eq!(refusal.status(), 400);
    let mut beyond = request(&leaves(9), 5, 7);
    beyond.old = 8;
    let refusal = ask(Some(&witnessed(&leaves(9), 8)), &beyond).unwrap_err();
    assert_eq!(refusal, WitnessRefusal::OldBeyond { old: 8, size: 7 });
    assert_eq!(refusal.status(), 400);
}

#[test]
fn an_unknown_log_is_answered_404_and_a_bad_signature_403() {
    let request = request(&leaves(7), 0, 7);
    let other = log_key().renamed("lianzhi/320509/log/1").unwrap();
    let as_witness = VerifierKey::of(ORIGIN, KeyKind::Witness, &log_signer()).unwrap();
    for keys in [vec![], vec![other], vec![as_witness]] {
        let refusal = consider(None, &request, &keys).unwrap_err();
        assert_eq!(refusal, WitnessRefusal::UnknownLog(ORIGIN.parse().unwrap()));
        assert_eq!(refusal.status(), 404);
    }
    let stranger = VerifierKey::of(ORIGIN, KeyKind::Log, &SoftwareKey::from_secret(&[9; 32])).unwrap();
    let refusal = consider(None, &request, &[stranger]).unwrap_err();
    assert_eq!(refusal, WitnessRefusal::Signature(NoteError::Unsigned));
    assert_eq!(refusal.status(), 403);
    let forged = request.to_string().replacen("\n7\n", "\n8\n", 1);
    let refusal = consider(None, &AddCheckpoint::parse(&forged).unwrap(), &[log_key()]).unwrap_err();
    assert_eq!(refusal.status(), 403);
    assert_eq!(refusal.evidence(), None, "no evidence against a log that did not sign");
}

#[test]
fn another_old_size_is_answered_409_with_the_size_that_was_witnessed() {
    let log = leaves(9);
    let state = witnessed(&log, 7);
    for old in [0, 3, 6, 8] {
        let refusal = ask(Some(&state), &request(&log, old, 9)).unwrap_err();
        assert_eq!(refusal, WitnessRefusal::Stale { witnessed: 7 });
        assert_eq!(refusal.status(), 409);
        let (content_type, body) = refusal.answer();
        assert_eq!((content_type, &body[..]), ("text/x.tlog.size", "7\n"));
        assert_eq!(parse_size(&body), Some(7));
    }
    let never = ask(None, &request(&log, 3, 9)).unwrap_err();
    assert_eq!(never.answer().1, "0\n");
    for no_size in ["", "7", "07\n", "7\n\n", "-7\n", "seven\n"] {
        assert_eq!(parse_size(no_size), None);
    }
    // What was witnessed of another generation is another log.
    let mut next = request(&log, 0, 9);
    next.checkpoint.checkpoint.origin.generation = 2;
    next.checkpoint = next.checkpoint.checkpoint.sign(&log_signer()).unwrap();
    assert_eq!(ask(Some(&state), &next).unwrap().origin().generation, 2);
}

#[test]
fn another_root_of_the_same_size_is_answered_409_and_proves_a_fork() {
    let log = leaves(9);
    let mut other = log.clone();
    other[4] = Digest([0xff; 32]);
    let state = witnessed(&log, 9);
    let refusal = ask(Some(&state), &request(&other, 9, 9)).unwrap_err();
    assert_eq!(refusal.status(), 409);
    assert_eq!(refusal.answer(), (SIZE_CONTENT_TYPE, "9\n".to_owned()));
    let evidence = refusal.evidence().unwrap();
    // Whoever gets it by post checks it with nothing but the log's key.
    let json = serde_json::to_string(evidence).unwrap();
    let read: ForkEvidence = serde_json::from_str(&json).unwrap();
    assert_eq!(&read, evidence);
    assert_eq!(read.check(&[log_key()]), Ok(Verdict::Fork));
    assert!(!read.is_settled_by(&[]));
    let stranger = VerifierKey::of(ORIGIN, KeyKind::Log, &SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert_eq!(read.check(&[stranger]), Err(EvidenceError::Signature), "evidence against this log only");
    // The same checkpoint again, or signed again later, is no fork.
    assert_eq!(ask(Some(&state), &request(&log, 9, 9)), Ok(state.clone()));
    let mut again = request(&log, 9, 9);
    again.checkpoint.checkpoint.time = Timestamp::from_second(1_760_000_000).unwrap();
    again.checkpoint = again.checkpoint.checkpoint.sign(&log_signer()).unwrap();
    assert!(ask(Some(&state), &again).is_ok());
}

#[test]
fn a_proof_that_does_not_hold_is_answered_422_and_kept() {
    let log = leaves(9);
    let mut other = log.clone();
    other[4] = Digest([0xff; 32]);
    let state = witnessed(&log, 6);
    let refusal = ask(Some(&state), &request(&other, 6, 9)).unwrap_err();
    assert_eq!(refusal.status(), 422);
    // Its own proof leads to what it signed, and to another beginning than it had signed before.
    let evidence = refusal.evidence().unwrap();
    assert_eq!(evidence.check(&[log_key()]), Ok(Verdict::Rewritten));
    let mut junk = evidence.clone();
    junk.proof[0] = Digest::ZERO;
    assert_eq!(junk.check(&[log_key()]), Ok(Verdict::Unproven));
    // Anybody can send a good checkpoint with a wrong proof: the log can clear itself.
    let mut sloppy = request(&log, 6, 9);
    sloppy.proof.pop();
    let refusal = ask(Some(&state), &sloppy).unwrap_err();
    assert_eq!(refusal.status(), 422);
    let mut suspicion = refusal.evidence().unwrap().clone();
    assert_eq!(suspicion.check(&[log_key()]), Ok(Verdict::Unproven));
    let proof = request(&log, 6, 9).proof;
    assert!(suspicion.is_settled_by(&proof));
    assert!(!evidence.is_settled_by(&proof), "a forked log can't");
    suspicion.proof = proof;
    assert_eq!(suspicion.check(&[log_key()]), Err(EvidenceError::Consistent));
    // From nothing the proof is empty.
    let mut first = request(&log, 0, 9);
    first.proof.push(Digest::ZERO);
    assert_eq!(
        ask(None, &first).unwrap_err(),
        WitnessRefusal::Proof { error: ProofError::Length, evidence: None }
    );
}

#[test]
fn what_does_not_contradict_is_no_evidence() {
    let log = leaves(9);
    let evidence = |older, newer| ForkEvidence { older, newer, proof: vec![] };
    let (small, large) = (checkpoint(&log, 6), checkpoint(&log, 9));
    let keys = [log_key()];
    assert_eq!(evidence(large.clone(), small.clone()).check(&keys), Err(EvidenceError::Order));
    assert_eq!(evidence(large.clone(), large.clone()).check(&keys), Err(EvidenceError::Consistent));
    assert_eq!(evidence(checkpoint(&log, 0), large.clone()).check(&keys), Err(EvidenceError::Consistent));
    let mut next = small.checkpoint.clone();
    next.origin.generation = 2;
    let next = next.sign(&log_signer()).unwrap();
    assert_eq!(evidence(next, large.clone()).check(&keys), Err(EvidenceError::Origin));
    let mut forged = small;
    forged.checkpoint.root = Digest([0xee; 32]);
    let forged = forged.checkpoint.sign(&SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert_eq!(evidence(forged, large).check(&keys), Err(EvidenceError::Signature));
}

#[test]
fn a_good_request_is_answered_with_a_cosignature() {
    let log = leaves(9);
    let state = ask(Some(&witnessed(&log, 6)), &request(&log, 6, 9)).unwrap();
    assert_eq!((state.size(), state.root()), (9, &checkpoint(&log, 9).checkpoint.root));
    let stored = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<Witnessed>(&stored).unwrap(), state);
    let (signer, key) = witness(3);
    let (second, second_key) = witness(4);
    let at = Timestamp::from_second(1_750_000_100).unwrap();
    let answer = [&signer, &second].map(|s| cosign(&state, key.name(), s, at).unwrap()).concat();
    assert_eq!(answer.lines().count(), 2);
    assert!(answer.lines().all(|line| line.starts_with("— lianzhi/320509/witness ")));

    let mut ours = checkpoint(&log, 9);
    let known = [second_key.clone(), key.clone(), key.clone()];
    assert_eq!(take_cosignatures(&mut ours, &answer, &known).unwrap(), [&second_key, &key]);
    take_cosignatures(&mut ours, &answer, &known).unwrap();
    assert_eq!(ours.note.signatures().len(), 3, "taking twice adds nothing");
    let ours: SignedCheckpoint = ours.to_string().parse().unwrap();
    assert_eq!(ours.verify(&[log_key()]), Ok(()));
    assert_eq!(ours.witnesses(&known).len(), 2);
    assert_eq!(ours.note.signed_by(&key).unwrap().unwrap().at, Some(at));
    assert_eq!(ours.only_of(&[log_key()]), checkpoint(&log, 9));
}

#[test]
fn only_good_lines_of_known_witnesses_are_taken() {
    let log = leaves(9);
    let (signer, key) = witness(3);
    let (_, stranger) = witness(4);
    let at = Timestamp::from_second(1_750_000_100).unwrap();
    let good = cosign(&witnessed(&log, 9), key.name(), &signer, at).unwrap();
    let of_another_tree = cosign(&witnessed(&log, 8), key.name(), &signer, at).unwrap();
    let mut ours = checkpoint(&log, 9);
    let mut take = |answer: &str, keys: &[VerifierKey]| {
        take_cosignatures(&mut ours, answer, keys).map(|taken| taken.len())
    };
    assert_eq!(take(&good, &[stranger]), Err(NoteError::Unsigned));
    assert_eq!(take(&of_another_tree, std::slice::from_ref(&key)), Err(NoteError::Unsigned));
    let as_log = VerifierKey::of(key.name(), KeyKind::Log, &signer).unwrap();
    assert_eq!(take(&good, &[as_log]), Err(NoteError::Unsigned));
    for form in ["", "\n", good.trim_end(), "<html>\n", &format!("{good}\n")] {
        assert!(matches!(take(form, std::slice::from_ref(&key)), Err(NoteError::Form(_))), "{form:?}");
    }
    assert!(take(&good.repeat(SIGNATURES_MAX + 1), std::slice::from_ref(&key)).is_err());
    // A wrong line of the same witness does not take the good one along.
    assert_eq!(take(&format!("{of_another_tree}{good}"), std::slice::from_ref(&key)), Ok(1));
    assert_eq!(ours.note.signatures().len(), 2);
}

#[test]
fn a_witness_keeps_the_logs_lines_only_and_reads_either_algorithm() {
    let log = leaves(9);
    let sm2 = SecretKey::from_secret(Suite::Sm2, &[2; 32]).unwrap();
    let sm2_key = VerifierKey::of_public(ORIGIN, KeyKind::Sm2Log, sm2.public().clone()).unwrap();
    let mut both = request(&log, 0, 9);
    both.checkpoint.sign_sm2(&sm2).unwrap();
    let clean = both.checkpoint.clone();
    for seed in 10..40 {
        both.checkpoint.note.cosign("junk", &witness(seed).0, Timestamp::UNIX_EPOCH).unwrap();
    }
    let keys = [log_key(), sm2_key];
    assert_eq!(consider(None, &both, &keys).unwrap().checkpoint(), &clean);
    assert_eq!(consider(None, &both, &keys[1..]).unwrap().checkpoint().note.signatures().len(), 1);
}

proptest! {
    #[test]
    fn a_log_that_only_grows_is_always_cosigned(n in 1usize..300, cuts in prop::collection::vec(any::<Index>(), 1..6)) {
        let log = leaves(n);
        let mut sizes: Vec<usize> = cuts.iter().map(|cut| cut.index(n + 1)).collect();
        sizes.sort_unstable();
        let mut state = None;
        let mut old = 0;
        for size in sizes {
            let next = ask(state.as_ref(), &request(&log, old, size));
            prop_assert!(next.is_ok(), "{old} -> {size}: {next:?}");
            state = next.ok();
            old = size;
        }
    }

    #[test]
    fn a_log_that_takes_something_back_is_never_cosigned(
        n in 1usize..200, old in any::<Index>(), at in any::<Index>(), grow in 0usize..100,
    ) {
        let log = leaves(n + grow);
        let old = old.index(n) + 1;
        let state = witnessed(&log, old);
        let mut other = log.clone();
        other[at.index(old)] = Digest([0xee; 32]);
        let size = (old + grow).min(log.len());
        let refusal = ask(Some(&state), &request(&other, old, size)).unwrap_err();
        let verdict = refusal.evidence().unwrap().check(&[log_key()]);
        if size == old {
            prop_assert_eq!((refusal.status(), verdict), (409, Ok(Verdict::Fork)));
        } else {
            // A proof leaves out the hash of a complete tree; with it, it shows the same.
            let shown = if old.is_power_of_two() { Verdict::Unproven } else { Verdict::Rewritten };
            prop_assert_eq!((refusal.status(), verdict), (422, Ok(shown)));
            let mut whole = refusal.evidence().unwrap().clone();
            if old.is_power_of_two() {
                whole.proof.insert(0, checkpoint(&other, old).checkpoint.root);
            }
            prop_assert_eq!(whole.check(&[log_key()]), Ok(Verdict::Rewritten));
            // And so do the log's own tiles, with which nobody has to believe the proof that came.
            whole.proof.clear();
            let shown = whole.with_tiles(&tiles_of(&other, &whole)).unwrap();
            prop_assert_eq!(shown.check(&[log_key()]), Ok(Verdict::Rewritten));
            let honest = ForkEvidence { newer: checkpoint(&log, size), ..whole };
            let shown = honest.with_tiles(&tiles_of(&log, &honest)).unwrap();
            prop_assert_eq!(shown.check(&[log_key()]), Err(EvidenceError::Consistent));
            // The true log's proof does not help the false one.
            let settled = refusal.evidence().unwrap().is_settled_by(&request(&log, old, size).proof);
            prop_assert!(!settled);
        }
    }

    #[test]
    fn no_hashes_show_another_beginning_of_an_honest_log(
        n in 2usize..200, old in any::<Index>(), extra in any::<bool>(), junk in prop::collection::vec(any::<[u8; 32]>(), 1..3),
        at in any::<Index>(),
    ) {
        let log = leaves(n);
        let old = old.index(n - 1) + 1;
        let (older, newer) = (checkpoint(&log, old), checkpoint(&log, n));
        let mut proof = request(&log, old, n).proof;
        if extra {
            proof.insert(0, older.checkpoint.root);
        }
        let evidence = ForkEvidence { older: older.clone(), newer: newer.clone(), proof: proof.clone() };
        prop_assert!(!evidence.check(&[log_key()]).is_ok_and(Verdict::is_proof));
        for hash in junk {
            let place = at.index(proof.len() + 1);
            proof.insert(place, Digest(hash));
            let evidence = ForkEvidence { older: older.clone(), newer: newer.clone(), proof: proof.clone() };
            prop_assert!(!evidence.check(&[log_key()]).is_ok_and(Verdict::is_proof));
            if let Some(changed) = proof.get_mut(place.saturating_sub(1)) {
                changed.0[0] ^= 1;
            }
        }
    }

    #[test]
    fn a_changed_proof_is_refused(n in 2usize..200, old in any::<Index>(), at in any::<Index>(), bit in 0u8..8) {
        let log = leaves(n);
        let old = old.index(n - 1) + 1;
        let mut changed = request(&log, old, n);
        prop_assume!(!changed.proof.is_empty());
        let i = at.index(changed.proof.len());
        changed.proof[i].0[at.index(32)] ^= 1 << bit;
        let refusal = ask(Some(&witnessed(&log, old)), &changed).unwrap_err();
        prop_assert_eq!(refusal.status(), 422);
    }

    #[test]
    fn any_body_is_read_without_panic(text in "(old [0-9]{0,3})?\n?([A-Za-z0-9+/=]{0,44}\n){0,3}\n?\\PC{0,60}\n?") {
        if let Ok(request) = AddCheckpoint::parse(&text) {
            prop_assert_eq!(request.to_string(), text.clone());
        }
        let mut ours = checkpoint(&leaves(2), 2);
        let taken = take_cosignatures(&mut ours, &text, &[witness(3).1]).is_ok();
        prop_assert!(!taken);
    }
}
