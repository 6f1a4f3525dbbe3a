//! Signatures of requests: the example of RFC 9421, and our profile.

use crate::common::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::suite::{HTTP_DOMAIN, PublicKey, SecretKey, Suite};
use lianzhi_exchange::http::{
    Claim, Headers, HttpError, NONCE_WINDOW, Nonces, Request, check_content_digest, content_digest, sign,
    signature_base,
};
use lianzhi_ids::NodeCode;
use proptest::prelude::*;

// RFC 9421 appendix B.2.6 with the key of B.1.4.
#[test]
fn the_standard_s_example_with_ed25519_comes_out() {
    let components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ];
    let params = concat!(
        r#"("date" "@method" "@path" "@authority" "content-type" "content-length")"#,
        r#";created=1618884473;keyid="test-key-ed25519""#
    );
    let base = signature_base(&components, params).unwrap();
    let seed = BASE64.decode("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=").unwrap();
    let secret = SecretKey::from_secret(Suite::Ed25519, &seed.try_into().unwrap()).unwrap();
    let public = BASE64.decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").unwrap();
    assert_eq!(secret.public(), &PublicKey::new(Suite::Ed25519, &public).unwrap());
    let signature = secret.sign(HTTP_DOMAIN, base.as_bytes()).unwrap();
    let example = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    assert_eq!(BASE64.encode(signature), example);
}

// RFC 9530 appendix B.1, and the digest of nothing.
#[test]
fn bodies_have_their_digests() {
    let example = b"{\"hello\": \"world\"}\n";
    let header = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    assert_eq!(content_digest(example), header);
    assert_eq!(content_digest(b""), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    assert_eq!(check_content_digest(header, example), Ok(()));
    assert_eq!(check_content_digest(&format!("sha-512=:YQ==:, {header}"), example), Ok(()));
    assert_eq!(check_content_digest(header, b"other"), Err(HttpError::Digest));
    for bad in
        ["", "sha-256=::", "sha-256=:YQ==:", "md5=:YQ==:", &format!("{header},{header}"), &" ".repeat(600)]
    {
        assert!(matches!(check_content_digest(bad, example), Err(HttpError::Form(_))), "{bad}");
    }
}

fn request<'a>(node: &'a NodeCode, digest: &'a str) -> Request<'a> {
    Request {
        method: "POST",
        authority: "exchange.wujiang.example",
        path: "/exchange/v1/envelopes",
        query: "",
        content_digest: digest,
        node,
    }
}

#[test]
fn a_signed_request_is_believed_once_and_soon() {
    for code in [QINGPU, WUJIANG] {
        let (from, key, digest) = (node(code), key(code), content_digest(b"{}"));
        let request = request(&from, &digest);
        let headers = sign(&request, morning(), &[7; 16], &key).unwrap();
        let claim = Claim::parse(&headers.signature_input, &headers.signature).unwrap();
        assert_eq!((claim.key.clone(), claim.created, claim.nonce), (key.public().id(), morning(), [7; 16]));
        let at = |by: i64| claim.verify(&request, key.public(), morning() + SignedDuration::from_secs(by));
        assert_eq!([at(0), at(300), at(-300)], [Ok(()), Ok(()), Ok(())]);
        assert_eq!([at(301), at(-301)], [Err(HttpError::Clock), Err(HttpError::Clock)]);
        for other in [
            Request { method: "PUT", ..request },
            Request { authority: "exchange.jiashan.example", ..request },
            Request { path: "/exchange/v1/alarm", ..request },
            Request { query: "from=1", ..request },
            Request { content_digest: &content_digest(b"[]"), ..request },
            Request { node: &node(JIASHAN), ..request },
        ] {
            assert_eq!(claim.verify(&other, key.public(), morning()), Err(HttpError::Signature));
        }
        assert_eq!(
            claim.verify(&request, crate::common::key(JIASHAN).public(), morning()),
            Err(HttpError::Signature)
        );
        let split = Request { path: "/a\nb", ..request };
        assert!(matches!(sign(&split, morning(), &[7; 16], &key), Err(HttpError::Form(_))));
    }
}

fn signed() -> Headers {
    let (from, digest) = (node(QINGPU), content_digest(b"{}"));
    sign(&request(&from, &digest), morning(), &[7; 16], &key(QINGPU)).unwrap()
}

#[test]
fn parameters_may_stand_in_any_order_each_once_and_no_others() {
    let Headers { signature_input, signature } = signed();
    let (components, params) = signature_input.split_once(')').unwrap();
    let mut params: Vec<&str> = params.split(';').skip(1).collect();
    let parse = |params: &[&str]| Claim::parse(&format!("{components});{}", params.join(";")), &signature);
    assert!(parse(&params).is_ok());
    params.reverse();
    assert!(parse(&params).is_ok(), "whoever signs says in which order");
    for i in 0..params.len() {
        let mut less = params.clone();
        less.remove(i);
        assert!(parse(&less).is_err(), "without {}", params[i]);
        let twice = [&params[..], &[params[i]]].concat();
        assert!(parse(&twice).is_err());
    }
    assert!(parse(&[&params[..], &["expires=1"]].concat()).is_err());
    for (from, to) in
        [("\"@query\" ", ""), ("lianzhi=", "sig1="), ("@query", "@Query"), ("\"ed25519\"", "\"rsa\"")]
    {
        assert!(Claim::parse(&signature_input.replacen(from, to, 1), &signature).is_err(), "{from}");
    }
    for bad in ["", "lianzhi=::", "lianzhi=:YQ==:", "sig=:YQ==:"] {
        assert!(Claim::parse(&signature_input, bad).is_err());
    }
}

#[test]
fn a_nonce_is_used_once_and_forgotten_when_it_can_t_count_any_more() {
    let mut nonces = Nonces::default();
    let (qingpu, wujiang) = (node(QINGPU), node(WUJIANG));
    let mut note = |node: &NodeCode, nonce: u8, at: Timestamp| nonces.note(node, [nonce; 16], at);
    assert_eq!(note(&qingpu, 1, morning()), Ok(()));
    assert_eq!(note(&qingpu, 1, morning()), Err(HttpError::Replayed));
    assert_eq!(note(&wujiang, 1, morning()), Ok(()), "each node has its own");
    let nearly = NONCE_WINDOW - SignedDuration::from_micros(1);
    assert_eq!(note(&qingpu, 2, morning() + nearly), Ok(()));
    for at in [nearly, NONCE_WINDOW, NONCE_WINDOW + nearly] {
        assert_eq!(note(&qingpu, 2, morning() + at), Err(HttpError::Replayed));
    }
    for nonce in [1, 2, 3] {
        let said = note(&qingpu, nonce, morning() + NONCE_WINDOW * 3);
        assert_eq!(said, Ok(()), "forgotten: its time is over anyway");
    }
    assert_eq!(nonces.len(), 4, "Qingpu's three and Wujiang's one");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_flipped_byte_of_the_headers_is_refused_or_changes_nothing(at in any::<prop::sample::Index>(), xor in 1u8..128) {
        let Headers { signature_input, signature } = signed();
        let mut bytes = format!("{signature_input}\n{signature}").into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= xor;
        let text = String::from_utf8(bytes).unwrap();
        let Some((input, value)) = text.split_once('\n') else { return Ok(()) };
        let (from, digest) = (node(QINGPU), content_digest(b"{}"));
        if let Ok(claim) = Claim::parse(input, value) {
            let good = claim.verify(&request(&from, &digest), key(QINGPU).public(), morning()).is_ok();
            prop_assert!(!good || (input == signature_input && value == signature));
        }
    }

    #[test]
    fn any_headers_are_read_without_panic(input in "\\PC{0,200}", tail in "[a-z0-9;=\":()@ -]{0,120}", value in "(lianzhi)?(=:)?[A-Za-z0-9+/=]{0,90}:?") {
        let _ = Claim::parse(&input, &value);
        let Headers { signature_input, signature } = signed();
        let (components, _) = signature_input.split_once(')').unwrap();
        let _ = Claim::parse(&format!("{components}){tail}"), &signature);
        let _ = Claim::parse(&format!("{components});{tail}"), &value);
        let _ = check_content_digest(&input, b"");
        let _ = check_content_digest(&format!("sha-256={value}"), b"");
    }
}
