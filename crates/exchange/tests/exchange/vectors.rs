//! Vectors for whoever writes a node of their own: `vectors/*.json` are what this program makes from fixed secrets. They are
//! compared here; `LIANZHI_VECTORS=write` writes them anew after a change that was meant.

use crate::common::*;
use lianzhi_docket::suite::{HTTP_DOMAIN, SecretKey};
use lianzhi_exchange::capabilities::{Capabilities, Limits, PROTOCOL_VERSIONS};
use lianzhi_exchange::compact::Roster;
use lianzhi_exchange::envelope::{Envelope, Parcel, PartContent};
use lianzhi_exchange::evidence::{Equivocation, Signed};
use lianzhi_exchange::http::{Request, content_digest, request_base, sign};
use lianzhi_exchange::inbound::{Content, Head, Known, Verdict, Way, judge};
use lianzhi_exchange::receipt::{Receipt, Stage};
use lianzhi_exchange::refusal::Refusal;
use lianzhi_exchange::signature::{DOMAIN_ENVELOPE, Signature};
use lianzhi_exchange::stream::{StreamEntry, stream_digest};
use lianzhi_ids::Digest;
use serde_json::{Value, json};
use std::path::PathBuf;

fn compare(name: &str, made: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(made).unwrap());
    if std::env::var("LIANZHI_VECTORS").is_ok_and(|v| v == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{} differs: if that is meant, run with LIANZHI_VECTORS=write", path.display());
}

fn key_of(secret: &SecretKey) -> Value {
    json!({
        "suite": secret.public().suite(),
        "secret": hex::encode(*secret.secret()),
        "public": secret.public(),
        "id": secret.public().id(),
        "fingerprint": secret.public().fingerprint(),
    })
}

fn part() -> PartContent {
    PartContent::new("narrative", [0x11; 16], "夜间在吴江倾倒渣土约二十立方米".into())
}

/// An opening by either suite, with a part.
fn opening(author: &str) -> Envelope {
    let to = if author == QINGPU { WUJIANG } else { QINGPU };
    let mut said =
        StreamEntry { parts: vec![part().digest], ..entry(7, author, 0, Digest::ZERO, "移送线索") };
    said.docket.node = node(author);
    envelope(&said, address(&[to]))
}

#[test]
fn keys() {
    let keys: Value =
        [QINGPU, WUJIANG].map(|code| (code.to_owned(), key_of(&key(code)))).into_iter().collect();
    let message = "message";
    let signatures: Value = [QINGPU, WUJIANG]
        .map(|code| {
            let signature = Signature::make(&key(code), DOMAIN_ENVELOPE, message.as_bytes()).unwrap();
            (code.to_owned(), json!({ "signed": "lianzhi/envelope/v1\u{0}message", "signature": signature }))
        })
        .into_iter()
        .collect();
    compare(
        "keys.json",
        &json!({ "keys": keys, "domain": DOMAIN_ENVELOPE, "message": message, "signatures": signatures }),
    );
}

#[test]
fn envelopes() {
    let made: Vec<Value> = [QINGPU, WUJIANG]
        .into_iter()
        .map(|author| {
            let envelope = opening(author);
            let signature = envelope.sign(&key(author)).unwrap();
            let said = &envelope.entries[0];
            assert_eq!(stream_digest(said.bytes.as_bytes()), said.digest);
            let parcel = Parcel::new(&envelope, signature, vec![part()]).unwrap();
            json!({
                "author": author,
                "entry": said.bytes,
                "entry_digest": said.digest,
                "envelope": envelope.bytes(),
                "envelope_digest": envelope.digest(),
                "id": envelope.id,
                "parcel": parcel.to_json().unwrap(),
            })
        })
        .collect();
    let all =
        envelope_of(7, QINGPU, &["一", "二"], 1, opening(QINGPU).entries[0].digest, address(&[WUJIANG]));
    let batch = json!({ "envelope": all.bytes(), "entry_digests": all.entries.iter().map(|s| s.digest).collect::<Vec<_>>() });
    compare("envelopes.json", &json!({ "openings": made, "two_entries": batch }));
}

#[test]
fn receipts() {
    let made: Vec<Value> = [(QINGPU, WUJIANG), (WUJIANG, QINGPU)]
        .into_iter()
        .map(|(author, receiver)| {
            let envelope = opening(author);
            let receipt = Receipt {
                envelope: envelope.id.clone(),
                digest: envelope.digest(),
                node: node(receiver),
                at: morning(),
                stage: Stage::Received,
                heads: [(node(author), 1)].into(),
            };
            json!({ "receiver": receiver, "answer": { "receipt": receipt.sign(&key(receiver)).unwrap() } })
        })
        .collect();
    compare("receipts.json", &json!(made));
}

#[test]
fn requests() {
    let calls = [
        ("GET", "/exchange/v1/dockets/310118.1.7/streams/310118", "from=3", ""),
        ("POST", "/exchange/v1/envelopes", "", "[]"),
    ];
    let made: Vec<Value> = [QINGPU, WUJIANG]
        .into_iter()
        .flat_map(|from| calls.map(|call| (from, call)))
        .map(|(from, (method, path, query, body))| {
            let (code, digest) = (node(from), content_digest(body.as_bytes()));
            let request = Request {
                method,
                authority: "exchange.jiashan.example",
                path,
                query,
                content_digest: &digest,
                node: &code,
            };
            let headers = sign(&request, morning(), &[0x22; 16], &key(from)).unwrap();
            let params = headers.signature_input.strip_prefix("lianzhi=").unwrap();
            let base = request_base(&request, params).unwrap();
            assert!(key(from).public().verify(
                HTTP_DOMAIN,
                base.as_bytes(),
                &key(from).sign(HTTP_DOMAIN, base.as_bytes()).unwrap()
            ));
            json!({
                "method": request.method,
                "authority": request.authority,
                "path": path,
                "query": query,
                "body": body,
                "headers": {
                    "Lianzhi-Node": from,
                    "Content-Digest": digest,
                    "Signature-Input": headers.signature_input,
                    "Signature": headers.signature,
                },
                "signature_base": base,
            })
        })
        .collect();
    compare("requests.json", &json!(made));
}

#[test]
fn compact() {
    let Roster { epoch, .. } = roster();
    let entries: Vec<Value> = epoch
        .list
        .iter()
        .map(|entry| json!({ "json": serde_json::to_string(entry).unwrap(), "digest": entry.digest() }))
        .collect();
    let sealed = epoch.seal();
    compare(
        "compact.json",
        &json!({
            "list_domain": "lianzhi/list/v1\u{0}",
            "list": entries,
            "epoch_domain": "lianzhi/epoch/v1\u{0}",
            "epoch": { "json": sealed.bytes, "digest": sealed.digest },
        }),
    );
    let capabilities = Capabilities {
        node: node(QINGPU),
        at: morning(),
        versions: PROTOCOL_VERSIONS.to_vec(),
        kinds: vec!["compact".into(), "lead".into()],
        suites: lianzhi_docket::suite::Suite::ALL.to_vec(),
        limits: Limits::default(),
    };
    compare("capabilities.json", &json!(capabilities.sign(&key(QINGPU)).unwrap()));
}

#[test]
fn evidence() {
    let signed = |words: &str| {
        let envelope = envelope(&entry(7, QINGPU, 0, Digest::ZERO, words), address(&[WUJIANG]));
        Signed { envelope: envelope.bytes().into(), signature: envelope.sign(&key(QINGPU)).unwrap() }
    };
    let evidence = Equivocation { one: signed("移送"), other: signed("另一说法") };
    let fault = evidence.verify(&roster()).unwrap();
    compare("evidence.json", &json!({ "evidence": evidence, "proves": fault }));
}

/// What is to be refused, by the parcel as it comes in at Wujiang, which knows the roster and nothing else.
#[test]
fn refusals() {
    let make = |words: &str, change: &dyn Fn(&mut lianzhi_exchange::envelope::Address)| {
        let mut address = address(&[WUJIANG]);
        change(&mut address);
        let envelope = envelope(&entry(7, QINGPU, 0, Digest::ZERO, words), address);
        Parcel::new(&envelope, envelope.sign(&key(QINGPU)).unwrap(), vec![]).unwrap()
    };
    let good = make("移送", &|_| {});
    let flipped = Parcel { envelope: good.envelope.replace("移送", "移动"), ..good.clone() };
    let stranger = envelope(&entry(7, HEFEI, 0, Digest::ZERO, "移送"), address(&[WUJIANG]));
    let stranger = Parcel::new(&stranger, stranger.sign(&key(HEFEI)).unwrap(), vec![]).unwrap();
    let cases = [
        ("taken", good),
        ("wrong-signature", flipped),
        ("not-a-member", stranger),
        ("not-addressed", make("移送", &|a| a.to = vec![node(JIASHAN)])),
        ("no-list-entry", make("移送", &|a| a.list = None)),
        ("expired-list-entry", make("移送", &|a| a.list = Some(ran_out().digest()))),
        ("unknown-epoch", make("移送", &|a| a.epoch = 4)),
        ("clock-ahead", make("移送", &|a| a.time = at("2026-06-15T00:05:01Z"))),
    ];
    let (roster, me) = (roster(), node(WUJIANG));
    let known = Known {
        roster: &roster,
        roster_at: morning(),
        me: &me,
        way: Way::Posted,
        restoring: false,
        given: None,
        head: Head::NONE,
        held: &[],
        docket: None,
        content: Some(Content::PLAIN),
    };
    let made: Vec<Value> = cases
        .iter()
        .map(|(code, parcel)| {
            let envelope = parcel.open().unwrap();
            let answer = match judge(&envelope, &parcel.signature, morning(), &known) {
                Verdict::Take { .. } => json!("taken"),
                verdict => json!(verdict.answer().unwrap()),
            };
            let said = answer["refused"]["code"].as_str().unwrap_or("taken");
            assert_eq!(said, *code);
            json!({ "parcel": parcel, "answer": answer })
        })
        .collect();
    compare("refusals.json", &json!({ "roster": roster, "me": me, "now": morning(), "cases": made }));
}

/// The table of refusals in the protocol's description is that of the program.
#[test]
fn the_table_of_refusals_is_up_to_date() {
    let (t, n) = (String::new, || node(QINGPU));
    let all = [
        Refusal::Malformed(t()),
        Refusal::TooLarge(t()),
        Refusal::TooOldVersion(0),
        Refusal::TooNewVersion(2),
        Refusal::NotAMember(n()),
        Refusal::UnknownKey(t()),
        Refusal::RevokedKey(t()),
        Refusal::WrongSignature,
        Refusal::ClockAhead,
        Refusal::UnknownEpoch(1),
        Refusal::StaleEpoch { theirs: 1, ours: 2 },
        Refusal::NotAddressed,
        Refusal::Fork { seq: 0 },
        Refusal::OwnEntry,
        Refusal::NotAParty(n()),
        Refusal::NoListEntry,
        Refusal::ExpiredListEntry(t()),
        Refusal::FormNotAllowed(t()),
        Refusal::PartyNotAllowed(t(), n()),
        Refusal::CategoryNotAllowed(t()),
        Refusal::FieldNotAllowed(t(), ""),
        Refusal::OnwardNotAllowed(t()),
    ];
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md");
    let text = std::fs::read_to_string(path).unwrap();
    for refusal in &all {
        let remedy = serde_json::to_value(refusal.remedy()).unwrap();
        let row = format!("| `{}` | {} | {} |", refusal.code(), refusal.status(), remedy.as_str().unwrap());
        assert!(text.contains(&row), "docs/protocol.md lacks the row {row}");
    }
    let rows = text.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 3);
    assert_eq!(rows.count(), all.len(), "a row too many, or a refusal that this test does not list");
}
