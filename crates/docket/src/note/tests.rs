//! Notes against the known answers of the reference implementation, and what must be refused.

use super::*;
use crate::suite::{SecretKey, Suite};
use lianzhi_ids::{Digest, NodeCode};
use proptest::prelude::*;

// Known answers of golang.org/x/mod/sumdb/note.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: Origin { node: NodeCode::parse("310118").unwrap(), generation: 1 },
        size: 20_852_163,
        root: Digest([7; 32]),
        time: Timestamp::from_microsecond(1_750_000_000_123_456).unwrap(),
    }
}

#[test]
fn the_known_note_is_signed_and_verified_as_the_reference_does() {
    let secret = BASE64.decode(PETER_SECRET).unwrap();
    let signer = SoftwareKey::from_secret(secret[1..].try_into().unwrap());
    assert_eq!(VerifierKey::of("PeterNeumann", KeyKind::Log, &signer).unwrap().to_string(), PETER);
    let mut note = Note::new(TEXT.into()).unwrap();
    note.sign("PeterNeumann", &signer).unwrap();
    assert_eq!(note.to_string(), format!("{TEXT}\n{PETER_LINE}"));
    note.sign("PeterNeumann", &signer).unwrap();
    assert_eq!(note.signatures().len(), 1, "signing again replaces the line");

    let both: Note = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}").parse().unwrap();
    assert_eq!(both.verify(&[key(PETER), key(ENOCH)]).unwrap().len(), 2);
    assert_eq!(both.verify(&[key(ENOCH)]).unwrap(), [&key(ENOCH)], "unknown lines are ignored");
    assert_eq!(both.verify(&[]), Err(NoteError::Unsigned));
}

#[test]
fn a_changed_note_is_refused() {
    let changed: Note =
        format!("{TEXT}\n{PETER_LINE}").replace("cryptography", "cryptographY").parse().unwrap();
    assert_eq!(changed.verify(&[key(PETER)]), Err(NoteError::BadSignature("PeterNeumann".into())));
    // A good line of one known key does not make good the bad line of another.
    let mixed = format!("{TEXT}\n{PETER_LINE}{}", ENOCH_LINE.replace("rwz+eBz", "rwz+eBA"));
    let mixed: Note = mixed.parse().unwrap();
    assert_eq!(mixed.verify(&[key(PETER), key(ENOCH)]), Err(NoteError::BadSignature("EnochRoot".into())));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let line = PETER_LINE;
    for bad in [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{}", line.trim_end()),
        format!("\u{1}{TEXT}\n{line}"),
        format!("{TEXT}\r\n{line}"),
        format!("{TEXT}\n{line}Unexpected line.\n"),
        format!("{TEXT}\n{}", line.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{}", line.replace("PeterNeumann", "a+b")),
        format!("{TEXT}\n{}", line.replace('—', "-")),
        format!("{TEXT}\n— PeterNeumann x08gow==\n"),
        format!("{TEXT}\n{}", line.repeat(SIGNATURES_MAX + 1)),
        format!("{}\n\n{line}", "x".repeat(NOTE_BYTES_MAX)),
    ] {
        assert!(matches!(bad.parse::<Note>(), Err(NoteError::Form(_))), "{bad:.200}");
    }
    assert!(
        format!("two\n\nparagraphs\n\n{line}")
            .parse::<Note>()
            .is_ok_and(|n| n.text() == "two\n\nparagraphs\n")
    );
}

#[test]
fn a_mangled_key_is_refused() {
    for i in 0..=PETER.len() {
        for j in i..=PETER.len() {
            if (i, j) != (0, PETER.len()) {
                assert!(PETER[i..j].parse::<VerifierKey>().is_err());
            }
        }
        let mut bytes = PETER.as_bytes().to_vec();
        if let Some(byte) = bytes.get_mut(i) {
            *byte += 1;
            assert!(String::from_utf8(bytes).unwrap().parse::<VerifierKey>().is_err());
        }
    }
    // From the reference's own test: too long a key and an unknown algorithm, each with a fitting hash.
    assert!(
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="
            .parse::<VerifierKey>()
            .is_err()
    );
    let unknown = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse::<VerifierKey>();
    assert_eq!(unknown, Err(KeyError::Algorithm));
    // The neutral point: a key for which anybody can make a signature.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifierKey::new("weak", KeyKind::Log, &neutral), Err(KeyError::Algorithm));
}

#[test]
fn a_checkpoint_names_log_size_root_and_time() {
    let text = checkpoint().text();
    assert_eq!(
        text,
        "lianzhi/310118/log/1\n20852163\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\ntime 1750000000123456\n"
    );
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
    assert_eq!(Checkpoint::parse(&format!("{text}later extension\n")), Ok(checkpoint()));
    for (from, to) in [
        ("log/1", "log/01"),
        ("log/1", "log/0"),
        ("310118", "31011"),
        ("lianzhi/", ""),
        ("20852163", "020852163"),
        ("20852163", "-1"),
        ("Bwc=", "Bw=="),
        ("time ", "time  "),
        ("time 1750000000123456\n", ""),
        ("3456\n", "3456\n\n"),
        ("3456\n", "3456"),
        ("20852163\n", "20852163\n\n"),
    ] {
        assert!(Checkpoint::parse(&text.replacen(from, to, 1)).is_err(), "{from:?} -> {to:?}");
    }
}

#[test]
fn a_checkpoint_counts_only_under_its_own_nodes_key() {
    let signer = SoftwareKey::from_secret(&[1; 32]);
    let signed = checkpoint().sign(&signer).unwrap();
    let read: SignedCheckpoint = signed.to_string().parse().unwrap();
    assert_eq!(read, signed);
    let ours = VerifierKey::of("lianzhi/310118/log/1", KeyKind::Log, &signer).unwrap();
    let other_generation = ours.renamed("lianzhi/310118/log/2").unwrap();
    let other_node = ours.renamed("lianzhi/310112/log/1").unwrap();
    let no_log = ours.renamed("lianzhi").unwrap();
    assert_eq!(read.verify(std::slice::from_ref(&ours)), Ok(()));
    assert_eq!(read.verify(&[other_generation]), Ok(()), "one key for all generations");
    assert_eq!(read.verify(&[other_node, no_log]), Err(NoteError::Unsigned));
    let other = VerifierKey::of(ours.name(), KeyKind::Log, &SoftwareKey::from_secret(&[2; 32])).unwrap();
    assert_eq!(read.verify(&[other]), Err(NoteError::Unsigned));
}

#[test]
fn witnesses_cosign_with_their_time() {
    let (log, w1) = (SoftwareKey::from_secret(&[1; 32]), SoftwareKey::from_secret(&[3; 32]));
    let mut signed = checkpoint().sign(&log).unwrap();
    let at = Timestamp::from_second(1_750_000_001).unwrap();
    signed.note.cosign("witness.example/w1", &w1, at).unwrap();
    let read: SignedCheckpoint = signed.to_string().parse().unwrap();
    let witness = VerifierKey::of("witness.example/w1", KeyKind::Witness, &w1).unwrap();
    assert!(witness.to_string().parse::<VerifierKey>().is_ok_and(|k| k == witness));
    assert_eq!(read.note.signed_by(&witness), Ok(Some(Signed { at: Some(at) })));
    assert_eq!(read.witnesses(&[witness.clone(), witness.clone()]).len(), 1, "one witness counts once");
    // The signed bytes are those of the specification.
    let line = &read.note.signatures()[1].bytes;
    assert_eq!(line[..8], 1_750_000_001u64.to_be_bytes());
    let message = format!("cosignature/v1\ntime 1750000001\n{}", checkpoint().text());
    assert_eq!(line[8..], w1.sign(message.as_bytes()).unwrap());
    // A log's plain signature is no cosignature, another time is another statement, a bad line counts for none.
    let as_log = VerifierKey::of("witness.example/w1", KeyKind::Log, &w1).unwrap();
    assert_eq!(read.note.signed_by(&as_log), Ok(None));
    let mut later = read.clone();
    later.note.signatures[1].bytes[7] += 1;
    assert!(later.note.signed_by(&witness).is_err());
    assert!(later.witnesses(&[witness]).is_empty());
    // Lines that came back from a witness join the copy at home.
    let mut home = checkpoint().sign(&log).unwrap();
    home.note.merge(&read.note);
    assert_eq!(home, read);
}

// The second line of a deployment that needs national cryptography.
#[test]
fn a_checkpoint_is_signed_by_both_algorithms() {
    let ed25519 = SoftwareKey::from_secret(&[1; 32]);
    let sm2 = SecretKey::from_secret(Suite::Sm2, &[2; 32]).unwrap();
    let name = "lianzhi/310118/log/1";
    let mut signed = checkpoint().sign(&ed25519).unwrap();
    signed.sign_sm2(&sm2).unwrap();
    signed.sign_sm2(&sm2).unwrap();
    let read: SignedCheckpoint = signed.to_string().parse().unwrap();
    assert_eq!(read.note.signatures().len(), 2, "signing again replaces the line");
    let first = VerifierKey::of(name, KeyKind::Log, &ed25519).unwrap();
    let second = VerifierKey::of_public(name, KeyKind::Sm2Log, sm2.public().clone()).unwrap();
    let text = second.to_string();
    assert_eq!(text.parse::<VerifierKey>(), Ok(second.clone()));
    // Either key counts by itself, and both together; also for other generations of the node's log.
    let later = second.renamed("lianzhi/310118/log/7").unwrap();
    for keys in [vec![first.clone()], vec![second.clone()], vec![first.clone(), second.clone()], vec![later]]
    {
        assert_eq!(read.verify(&keys), Ok(()), "{keys:?}");
    }
    // The documented bytes: key id, and what is signed.
    let preimage = [name.as_bytes(), b"\n\xfflianzhi/sm2-sm3/v1", sm2.public().bytes()].concat();
    let id = crate::entry::sha256(&[&preimage]).0;
    let line = &read.note.signatures()[1];
    assert_eq!(line.id.to_be_bytes(), id[..4]);
    let message = format!("lianzhi/note/v1\0{}", checkpoint().text());
    assert!(sm2.public().verify_raw(message.as_bytes(), &line.bytes));
    // Who wants SM2 is not content without its line, and a wrong one spoils the note for him.
    let plain = checkpoint().sign(&ed25519).unwrap();
    assert_eq!(plain.verify(std::slice::from_ref(&second)), Err(NoteError::Unsigned));
    let mut wrong = read.clone();
    wrong.note.signatures[1].bytes[5] ^= 1;
    assert_eq!(wrong.verify(&[first.clone(), second.clone()]), Err(NoteError::BadSignature(name.into())));
    assert_eq!(wrong.verify(std::slice::from_ref(&first)), Ok(()), "others do not know the line");
    // A kind is of one suite, a stranger's SM2 key is a stranger's.
    assert_eq!(VerifierKey::of_public(name, KeyKind::Log, sm2.public().clone()), Err(KeyError::Algorithm));
    assert_eq!(
        VerifierKey::of_public(name, KeyKind::Sm2Log, first.public().clone()),
        Err(KeyError::Algorithm)
    );
    let ed25519_suite = SecretKey::from_secret(Suite::Ed25519, &[1; 32]).unwrap();
    assert!(plain.clone().sign_sm2(&ed25519_suite).is_err());
    let stranger = SecretKey::from_secret(Suite::Sm2, &[3; 32]).unwrap().public().clone();
    let stranger = VerifierKey::of_public(name, KeyKind::Sm2Log, stranger).unwrap();
    assert_eq!(read.verify(&[stranger]), Err(NoteError::Unsigned));
    for end in 0..text.len() {
        assert!(text[..end].parse::<VerifierKey>().is_err());
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,80}\n?(— [a-z]{1,5} [A-Za-z0-9+/=]{0,20}\n){0,3}") {
        if let Ok(note) = text.parse::<Note>() {
            prop_assert_eq!(note.to_string().parse::<Note>(), Ok(note));
        }
        let _ = text.parse::<SignedCheckpoint>();
        let _ = text.parse::<VerifierKey>();
    }

    #[test]
    fn a_changed_byte_of_a_signed_checkpoint_is_noticed(at in any::<prop::sample::Index>(), xor in 1u8..128) {
        let signer = SoftwareKey::from_secret(&[1; 32]);
        let key = VerifierKey::of("lianzhi/310118/log/1", KeyKind::Log, &signer).unwrap();
        let signed = checkpoint().sign(&signer).unwrap();
        let mut bytes = signed.to_string().into_bytes();
        let i = at.index(bytes.len());
        bytes[i] ^= xor;
        if let Some(read) = String::from_utf8(bytes).ok().and_then(|t| t.parse::<SignedCheckpoint>().ok()) {
            prop_assert!(read.verify(&[key]).is_err());
        }
    }
}
