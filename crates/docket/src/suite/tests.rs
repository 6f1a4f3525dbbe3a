//! Both suites by the same rules; SM2 against OpenSSL.

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

mod openssl;

fn key(suite: Suite, seed: u8) -> SecretKey {
    SecretKey::from_secret(suite, &[seed; 32]).unwrap()
}

/// n of GB/T 32918.5.
const SM2_ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

#[test]
fn a_key_has_one_text_one_id_and_one_fingerprint() {
    for suite in Suite::ALL {
        let public = key(suite, 1).public().clone();
        assert_eq!(public.to_string().parse(), Ok(public.clone()));
        let json = serde_json::to_string(&public).unwrap();
        assert_eq!(json, format!("\"{public}\""));
        assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), public);
        assert_eq!(public.id().len(), 16);
        let fingerprint = public.fingerprint();
        assert_eq!(fingerprint.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
        assert!(fingerprint.replace(' ', "").starts_with(&public.id()));
        assert_eq!(serde_json::to_string(&suite).unwrap(), format!("\"{suite}\""));
        assert_eq!(Suite::of_name(suite.name()), Some(suite));
    }
    let keys: HashSet<String> =
        Suite::ALL.into_iter().flat_map(|s| (1..9).map(move |i| key(s, i).public().id())).collect();
    assert_eq!(keys.len(), 16);
    assert_eq!(serde_json::to_value(schemars::schema_for!(PublicKey)).unwrap()["type"], "string");
}

// The key pair of RFC 8032 section 7.1, test 1, and of GB/T 32918.5 appendix A.2.
#[test]
fn the_public_keys_of_the_standards_examples_come_out() {
    let of = |suite, hex: &str| {
        let secret: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
        hex::encode(SecretKey::from_secret(suite, &secret).unwrap().public().bytes())
    };
    assert_eq!(
        of(Suite::Ed25519, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    );
    assert_eq!(
        of(Suite::Sm2, "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"),
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    );
}

// GB/T 32918.5 appendix A.2: "message digest" with the default identifier.
#[test]
fn the_standards_own_signature_is_accepted() {
    let public = hex::decode(
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
    );
    let public = PublicKey::new(Suite::Sm2, &public.unwrap()).unwrap();
    let mut signature = hex::decode(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    )
    .unwrap();
    assert!(public.verify_raw(b"message digest", &signature));
    assert!(!public.verify_raw(b"message digesT", &signature));
    signature[63] ^= 1;
    assert!(!public.verify_raw(b"message digest", &signature));
}

#[test]
fn what_is_not_a_key_is_refused() {
    for suite in Suite::ALL {
        let text = key(suite, 1).public().to_string();
        for end in 0..text.len() {
            assert!(text[..end].parse::<PublicKey>().is_err(), "{}", &text[..end]);
        }
        let (_, base64) = text.split_once(':').unwrap();
        for bad in [
            format!("{}:{base64}", suite.title()),
            format!(" {text}"),
            format!("{text}\n"),
            format!("{suite}:{}", base64.trim_end_matches('=')),
            format!("{suite}+{base64}"),
            format!("rsa:{base64}"),
        ] {
            assert!(bad.parse::<PublicKey>().is_err(), "{bad}");
        }
        let other = Suite::ALL.into_iter().find(|s| *s != suite).unwrap();
        assert_eq!(format!("{other}:{base64}").parse::<PublicKey>(), Err(KeyTextError::Length));
    }
    // Ed25519: the neutral point, a point of order eight, and zero.
    let mut weak = [0; 32];
    assert_eq!(PublicKey::new(Suite::Ed25519, &weak), Err(KeyTextError::Point));
    weak[0] = 1;
    assert_eq!(PublicKey::new(Suite::Ed25519, &weak), Err(KeyTextError::Point));
    let order_eight =
        hex::decode("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a").unwrap();
    assert_eq!(PublicKey::new(Suite::Ed25519, &order_eight), Err(KeyTextError::Point));
    // The second spellings that 32 bytes leave room for: y = p, p + 1, … where p ends in 0xed.
    for low in 0xed..=0xff {
        let mut again = [0xff; 32];
        (again[0], again[31]) = (low, 0x7f);
        assert_eq!(PublicKey::new(Suite::Ed25519, &again), Err(KeyTextError::Point), "{low:x}");
    }
    // SM2: the identity in its one-byte form and padded, off the curve, compressed, hybrid, beyond the field.
    let good = key(Suite::Sm2, 1).public().bytes().to_vec();
    assert_eq!(PublicKey::new(Suite::Sm2, &[0]), Err(KeyTextError::Length));
    assert_eq!(PublicKey::new(Suite::Sm2, &[0; 65]), Err(KeyTextError::Length));
    let mut identity = [0; 65];
    identity[0] = 4;
    assert_eq!(PublicKey::new(Suite::Sm2, &identity), Err(KeyTextError::Point));
    assert_eq!(PublicKey::new(Suite::Sm2, &[&[4], &[0xff; 64][..]].concat()), Err(KeyTextError::Point));
    for i in 1..good.len() {
        let mut off = good.clone();
        off[i] ^= 1;
        assert_eq!(PublicKey::new(Suite::Sm2, &off), Err(KeyTextError::Point), "byte {i}");
    }
    for tag in [2, 3, 6, 7] {
        let mut form = good.clone();
        form[0] = tag;
        assert_eq!(PublicKey::new(Suite::Sm2, &form), Err(KeyTextError::Length));
        assert_eq!(PublicKey::new(Suite::Sm2, &form[..33]), Err(KeyTextError::Length));
    }
}

#[test]
fn a_secret_outside_the_range_is_refused() {
    let order: [u8; 32] = hex::decode(SM2_ORDER).unwrap().try_into().unwrap();
    let less = |by: u8| {
        let mut secret = order;
        secret[31] -= by;
        SecretKey::from_secret(Suite::Sm2, &secret)
    };
    assert_eq!(SecretKey::from_secret(Suite::Sm2, &[0; 32]).err(), Some(SecretKeyError));
    assert_eq!(SecretKey::from_secret(Suite::Sm2, &[0xff; 32]).err(), Some(SecretKeyError));
    assert_eq!(less(0).err(), Some(SecretKeyError), "n");
    assert_eq!(less(1).err(), Some(SecretKeyError), "n-1: 1+d has no inverse");
    let largest = less(2).unwrap();
    let signature = largest.sign("test", b"x").unwrap();
    assert!(largest.public().verify("test", b"x", &signature));
    assert!(SecretKey::from_secret(Suite::Ed25519, &[0; 32]).is_ok(), "any seed will do");
}

#[test]
fn a_secret_key_does_not_show_itself() {
    for suite in Suite::ALL {
        let secret = key(suite, 0xab);
        assert_eq!(format!("{secret:?}"), format!("SecretKey({suite}:…)"));
        assert_eq!(*secret.secret(), [0xab; 32]);
        let again = SecretKey::from_secret(suite, &secret.secret()).unwrap();
        assert_eq!(again.public(), secret.public());
    }
}

#[test]
fn a_signature_counts_in_its_own_domain_only() {
    for suite in Suite::ALL {
        let secret = key(suite, 2);
        let public = secret.public();
        let signature = secret.sign("exchange/envelope", b"message").unwrap();
        assert!(public.verify("exchange/envelope", b"message", &signature));
        for (domain, message) in [
            ("exchange/receipt", &b"message"[..]),
            ("exchange", b"message"),
            ("exchange/envelope/v1\0", b"message"),
            ("exchange/envelope", b"messagE"),
            ("exchange/envelope", b"\0message"),
            ("", b"message"),
        ] {
            assert!(!public.verify(domain, message, &signature), "{domain:?}");
        }
        assert!(public.verify_raw(b"lianzhi/exchange/envelope/v1\0message", &signature), "documented bytes");
        assert!(!public.verify_raw(b"message", &signature));
        // A domain that could run into the message is none.
        for domain in ["", "a\0b", "a b", "A", "a/v1\0", "文"] {
            assert_eq!(secret.sign(domain, b""), Err(SignError::Domain(domain.into())));
        }
    }
}

#[test]
fn http_messages_are_signed_as_they_are_and_pass_as_nothing_else() {
    for suite in Suite::ALL {
        let secret = key(suite, 2);
        let public = secret.public();
        let base = b"\"@method\": GET";
        let signature = secret.sign(HTTP_DOMAIN, base).unwrap();
        assert!(public.verify_raw(base, &signature));
        assert!(public.verify(HTTP_DOMAIN, base, &signature));
        assert!(!public.verify("exchange/envelope", base, &signature));
        let framed = b"lianzhi/exchange/envelope/v1\0message";
        assert_eq!(secret.sign(HTTP_DOMAIN, framed), Err(SignError::Domain(HTTP_DOMAIN.into())));
        let signature = secret.sign("exchange/envelope", b"message").unwrap();
        assert!(!public.verify(HTTP_DOMAIN, framed, &signature));
    }
}

#[test]
fn a_signature_is_one_of_its_key_and_suite() {
    let port: Vec<Box<dyn SuiteSigner>> = vec![
        Box::new(key(Suite::Ed25519, 1)),
        Box::new(key(Suite::Ed25519, 2)),
        Box::new(key(Suite::Sm2, 1)),
        Box::new(key(Suite::Sm2, 2)),
    ];
    for (i, signer) in port.iter().enumerate() {
        let signature = signer.sign("test", b"message").unwrap();
        assert_eq!(signature.len(), SIGNATURE_BYTES);
        assert_eq!(signer.sign("test", b"message"), Ok(signature.clone()), "the same each time");
        for (j, other) in port.iter().enumerate() {
            assert_eq!(other.public().verify("test", b"message", &signature), i == j, "{i} {j}");
        }
        assert!(!signer.public().verify("test", b"message", &[0; 64]));
        assert!(!signer.public().verify("test", b"message", &[0xff; 64]));
        assert!(!signer.public().verify("test", b"message", &signature[..63]));
        assert!(!signer.public().verify("test", b"message", &[&signature[..], &[0]].concat()));
    }
}

// Numbers as large as the group's order would be a second spelling of the same signature.
#[test]
fn a_second_spelling_of_a_signature_is_refused() {
    fn plus(number: &[u8], order: &[u8]) -> Option<Vec<u8>> {
        let mut carry = 0;
        let mut sum: Vec<u8> = number
            .iter()
            .zip(order)
            .rev()
            .map(|(a, b)| {
                let digit = u16::from(*a) + u16::from(*b) + carry;
                carry = digit >> 8;
                digit as u8
            })
            .collect();
        sum.reverse();
        (carry == 0).then_some(sum)
    }
    let secret = key(Suite::Ed25519, 3);
    let order: Vec<u8> =
        hex::decode("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed").unwrap();
    let signature = secret.sign("test", b"m").unwrap();
    let s: Vec<u8> = signature[32..].iter().rev().copied().collect();
    let s: Vec<u8> = plus(&s, &order).unwrap().into_iter().rev().collect();
    assert!(!secret.public().verify("test", b"m", &[&signature[..32], &s].concat()));
    // For SM2 r + n and s + n rarely fit into 32 bytes: n leaves 2^224 of 2^256.
    let n = hex::decode(SM2_ORDER).unwrap();
    let secret = key(Suite::Sm2, 3);
    let signature = secret.sign("test", b"m").unwrap();
    assert_eq!(plus(&signature[..32], &n), None);
    assert!(!secret.public().verify("test", b"m", &[&n[..], &signature[32..]].concat()));
    assert!(!secret.public().verify("test", b"m", &[&signature[..32], &n].concat()));
    assert!(!secret.public().verify("test", b"m", &[&[0; 32][..], &signature[32..]].concat()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_signed_verifies_and_nothing_else(
        sm2 in any::<bool>(),
        seed in prop::array::uniform32(1u8..=0xfe),
        message in prop::collection::vec(any::<u8>(), 0..200),
        domain in "x[a-z0-9./-]{1,20}",
        at in any::<prop::sample::Index>(),
        xor in 1u8..=255,
    ) {
        let suite = if sm2 { Suite::Sm2 } else { Suite::Ed25519 };
        let secret = SecretKey::from_secret(suite, &seed).unwrap();
        let public = secret.public();
        let signature = secret.sign(&domain, &message).unwrap();
        prop_assert!(public.verify(&domain, &message, &signature));
        let mut changed = signature.clone();
        changed[at.index(64)] ^= xor;
        prop_assert!(!public.verify(&domain, &message, &changed));
        let mut longer = message.clone();
        longer.push(xor);
        prop_assert!(!public.verify(&domain, &longer, &signature));
        if !message.is_empty() {
            let mut other = message.clone();
            other[at.index(message.len())] ^= xor;
            prop_assert!(!public.verify(&domain, &other, &signature));
        }
        let longer_domain = format!("{domain}x");
        prop_assert!(!public.verify(&longer_domain, &message, &signature));
    }

    #[test]
    fn any_text_and_any_bytes_are_read_without_panic(
        text in "(ed25519|sm2|x)?:?[A-Za-z0-9+/=]{0,90}",
        bytes in prop::collection::vec(any::<u8>(), 0..70),
    ) {
        if let Ok(key) = text.parse::<PublicKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
        for suite in Suite::ALL {
            if let Ok(key) = PublicKey::new(suite, &bytes) {
                prop_assert_eq!(key.bytes(), &bytes[..]);
            }
            let signed = key(suite, 1).public().verify("test", b"", &bytes);
            prop_assert!(!signed);
        }
    }
}
