//! SM2 against OpenSSL's command line, both ways. A machine without it fails here: `scripts/need openssl`.

use super::*;
use std::path::Path;
use std::process::Command;

const EC_PUBLIC_KEY: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const SM2_CURVE: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// A DER value; ours are all shorter than 256 bytes.
fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u8::try_from(content.len()).unwrap();
    let long: &[u8] = if length < 0x80 { &[] } else { &[0x81] };
    [&[tag], long, &[length], &content].concat()
}

/// SubjectPublicKeyInfo (RFC 5480).
fn public_der(key: &PublicKey) -> Vec<u8> {
    let algorithm = der(0x30, &[EC_PUBLIC_KEY, SM2_CURVE]);
    der(0x30, &[&algorithm, &der(0x03, &[&[0], key.bytes()])])
}

/// PKCS #8 (RFC 5208) around RFC 5915.
fn secret_der(key: &SecretKey) -> Vec<u8> {
    let public = der(0xa1, &[&der(0x03, &[&[0], key.public().bytes()])]);
    let ec = der(0x30, &[&der(0x02, &[&[1]]), &der(0x04, &[&key.secret()[..]]), &public]);
    let algorithm = der(0x30, &[EC_PUBLIC_KEY, SM2_CURVE]);
    der(0x30, &[&der(0x02, &[&[0]]), &algorithm, &der(0x04, &[&ec])])
}

fn integer(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|b| *b != 0).unwrap();
    let sign: &[u8] = if number[start] < 0x80 { &[] } else { &[0] };
    der(0x02, &[sign, &number[start..]])
}

fn to_der(signature: &[u8]) -> Vec<u8> {
    der(0x30, &[&integer(&signature[..32]), &integer(&signature[32..])])
}

fn from_der(der: &[u8]) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut raw = Vec::new();
    for _ in 0..2 {
        let (number, next) = rest[2..].split_at(usize::from(rest[1]));
        let number = &number[number.len().saturating_sub(32)..];
        raw.extend(std::iter::repeat_n(0, 32 - number.len()));
        raw.extend_from_slice(number);
        rest = next;
    }
    raw
}

fn openssl(dir: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(arguments).current_dir(dir).output();
    let output = output.expect("this test needs the program openssl: run scripts/need openssl");
    let words = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&words).into_owned())
}

const WITH_SM3: [&str; 5] = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];

#[test]
fn openssl_accepts_our_signatures() {
    let dir = tempfile::tempdir().unwrap();
    let verify = [
        &["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der"][..],
        &["-in", "message", "-sigfile", "signature"],
        &WITH_SM3,
    ]
    .concat();
    for seed in 1..=8 {
        let secret = key(Suite::Sm2, seed);
        let message = vec![seed; usize::from(seed) * 37];
        let signature = secret.sign("exchange/envelope", &message).unwrap();
        let file = |name: &str, content: &[u8]| std::fs::write(dir.path().join(name), content).unwrap();
        file("key.der", &public_der(secret.public()));
        file("signature", &to_der(&signature));
        file("message", &[b"lianzhi/exchange/envelope/v1\0", &message[..]].concat());
        let (good, words) = openssl(dir.path(), &verify);
        assert!(good, "{words}");
        // And it can say no.
        file("message", &[b"lianzhi/exchange/receipt/v1\0", &message[..]].concat());
        assert!(!openssl(dir.path(), &verify).0);
    }
}

#[test]
fn we_accept_openssls_signatures() {
    let dir = tempfile::tempdir().unwrap();
    let sign = [
        &["pkeyutl", "-sign", "-keyform", "DER", "-inkey", "key.der"][..],
        &["-in", "message", "-out", "signature"],
        &WITH_SM3,
    ]
    .concat();
    for seed in 1..=8 {
        let secret = key(Suite::Sm2, seed);
        let file = |name: &str, content: &[u8]| std::fs::write(dir.path().join(name), content).unwrap();
        file("key.der", &secret_der(&secret));
        file("message", b"lianzhi/exchange/envelope/v1\0message");
        let (good, words) = openssl(dir.path(), &sign);
        assert!(good, "{words}");
        let signature = from_der(&std::fs::read(dir.path().join("signature")).unwrap());
        assert!(secret.public().verify("exchange/envelope", b"message", &signature));
        assert!(!secret.public().verify("exchange/receipt", b"message", &signature));
        assert!(!key(Suite::Sm2, seed + 1).public().verify("exchange/envelope", b"message", &signature));
    }
}
