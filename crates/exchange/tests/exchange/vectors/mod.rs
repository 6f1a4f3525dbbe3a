//! Vectors for whoever writes a node of their own: `vectors/*.json` are what this program makes from fixed secrets. They are
//! compared here; `LIANZHI_GOLDEN=write` writes them anew after a change that was meant. That the acts in them are ones
//! which a node takes is checked in `lianzhi-procedure`, which knows them.

mod answers;
mod compact;
mod messages;
mod witness;
mod world;

use crate::common::{QINGPU, WUJIANG, node};
use lianzhi_docket::suite::SecretKey;
use lianzhi_exchange::refusal::Refusal;
use lianzhi_exchange::signature::{DOMAIN_ENVELOPE, Signature};
use serde_json::{Value, json};
use std::path::PathBuf;
use world::secret;

fn compare(name: &str, made: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(made).unwrap());
    if std::env::var("LIANZHI_GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{} differs: if that is meant, run with LIANZHI_GOLDEN=write", path.display());
}

/// The bytes that are signed, in hex: the domain stands before the message.
fn framed(domain: &str, message: &[u8]) -> String {
    hex::encode([format!("lianzhi/{domain}/v1\0").as_bytes(), message].concat())
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

#[test]
fn keys() {
    let codes = [QINGPU, WUJIANG, "330421", "340100", world::PUDONG];
    let keys: Value = codes
        .map(|code| (code.to_owned(), json!([key_of(&secret(code, 0)), key_of(&secret(code, 1))])))
        .into_iter()
        .collect();
    let message = "message";
    let signatures: Value = [QINGPU, WUJIANG]
        .map(|code| {
            let signature = Signature::make(&secret(code, 0), DOMAIN_ENVELOPE, message.as_bytes()).unwrap();
            (
                code.to_owned(),
                json!({ "signed": framed(DOMAIN_ENVELOPE, message.as_bytes()), "signature": signature }),
            )
        })
        .into_iter()
        .collect();
    compare(
        "keys.json",
        &json!({ "keys": keys, "domain": DOMAIN_ENVELOPE, "message": message, "signatures": signatures }),
    );
}

/// One of each refusal.
fn all_refusals() -> [Refusal; 22] {
    let (t, n) = (String::new, || node(QINGPU));
    [
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
    ]
}

/// The table of refusals in the protocol's description is that of the program.
#[test]
fn the_table_of_refusals_is_up_to_date() {
    let all = all_refusals();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/messages.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, table) = text.split_once("### Refusals").unwrap();
    let (table, _) = table.split_once("###").unwrap();
    for refusal in &all {
        let remedy = serde_json::to_value(refusal.remedy()).unwrap();
        let row = format!("| `{}` | {} | {} |", refusal.code(), refusal.status(), remedy.as_str().unwrap());
        assert!(table.contains(&row), "docs/protocol/messages.md lacks the row {row}");
    }
    let rows = table.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 3);
    assert_eq!(rows.count(), all.len(), "a row too many, or a refusal that this test does not list");
}
