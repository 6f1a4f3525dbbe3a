//! Cards, keys that follow others, proposals and the epochs that they make, and all of it in signed envelopes.

use super::world::{Told, card, dumping, secret, told};
use super::{compare, framed};
use crate::common::*;
use lianzhi_docket::suite::Suite;
use lianzhi_exchange::capabilities::{Capabilities, Limits, PROTOCOL_VERSIONS};
use lianzhi_exchange::compact::{Act, Change, DOMAIN_COUNTERSIGN, Epoch, Ledger, Notice, Roster, Step};
use lianzhi_exchange::envelope::Envelope;
use lianzhi_exchange::stream::StreamEntry;
use serde_json::{Value, json};

fn acts(told: &Told) -> Vec<(String, Act)> {
    let act = |entry: &str| {
        let entry = StreamEntry::parse(entry).unwrap();
        (entry.author.to_string(), serde_json::from_str(entry.act.get()).unwrap())
    };
    told.lines.iter().map(|line| act(&line.entry)).collect()
}

/// One act of each kind and one notice of each, as they were said.
fn of_each(acts: &[(String, Act)]) -> Value {
    let mut examples = serde_json::Map::new();
    for (author, act) in acts {
        let json = json!(act);
        let name = match act {
            Act::Notice { notice } => json!(notice)["notice"].as_str().unwrap().to_owned(),
            _ => json["act"].as_str().unwrap().to_owned(),
        };
        examples.entry(name).or_insert(json!({ "author": author, "act": json }));
    }
    examples.into()
}

fn changes_of_each(told: &Told) -> Value {
    let mut examples = serde_json::Map::new();
    for change in told.proposals.iter().flat_map(|p| &p.changes) {
        let json = json!(change);
        examples.entry(json["change"].as_str().unwrap()).or_insert(json.clone());
    }
    examples.into()
}

#[test]
fn compact() {
    let told = told();
    let acts = acts(&told);
    let member = card(QINGPU);
    let message = serde_json::to_string(&(&member.member, member.after, member.at)).unwrap();
    let signer = secret(QINGPU, 0);
    assert!(member.signature.verify(signer.public(), "card", message.as_bytes()));
    let rotated = acts.iter().find_map(|(author, act)| match act {
        Act::Notice { notice: Notice::RotateKey { key, signature } } => Some((author, key, signature)),
        _ => None,
    });
    let (author, key, signature) = rotated.unwrap();
    let rotation = serde_json::to_string(&(author, key)).unwrap();
    assert!(signature.verify(secret(author, 0).public(), "rotate", rotation.as_bytes()));
    let (by, countersigned) = acts
        .iter()
        .find_map(|(author, act)| match act {
            Act::Countersign { countersignature } => Some((author, countersignature)),
            _ => None,
        })
        .unwrap();
    assert!(countersigned.verify(secret(by, 0).public()));
    let epochs: Vec<Value> = told
        .proposals
        .iter()
        .map(|proposal| {
            let proposed = told.ledger.compact().proposed(&proposal.result).unwrap();
            let sealed = proposed.agreed.epoch.seal();
            assert_eq!(sealed.digest, proposal.result);
            assert_eq!(Epoch::parse(&sealed.bytes).unwrap(), proposed.agreed.epoch);
            json!({
                "author": proposed.author,
                "proposal": proposal,
                "changes_json": serde_json::to_string(&proposal.changes).unwrap(),
                "changes_digest": proposed.agreed.epoch.changes,
                "epoch_json": sealed.bytes,
                "epoch_digest": sealed.digest,
                "phase": format!("{:?}", proposed.phase),
            })
        })
        .collect();
    compare(
        "compact.json",
        &json!({
            "list": {
                "domain": "lianzhi/list/v1\u{0}",
                "json": serde_json::to_string(&dumping()).unwrap(),
                "entry": dumping(),
                "digest": dumping().digest(),
            },
            "card": { "card": member, "message": message, "signed": framed("card", message.as_bytes()) },
            "rotation": {
                "node": author, "message": rotation, "signature": signature,
                "signed": framed("rotate", rotation.as_bytes()),
            },
            "countersignature": {
                "countersignature": countersigned,
                "signed": framed(DOMAIN_COUNTERSIGN, &countersigned.epoch.0),
            },
            "changes_domain": "lianzhi/changes/v1\u{0}",
            "epoch_domain": "lianzhi/epoch/v1\u{0}",
            "proposals": epochs,
            "changes": changes_of_each(&told),
            "acts": of_each(&acts),
            "said": told.lines,
            "roster": told.roster(),
        }),
    );
    let capabilities = Capabilities {
        node: node(QINGPU),
        at: morning(),
        versions: PROTOCOL_VERSIONS.to_vec(),
        kinds: vec!["compact".into(), "lead".into()],
        suites: Suite::ALL.to_vec(),
        limits: Limits::default(),
    };
    compare("capabilities.json", &json!(capabilities.sign(&secret(QINGPU, 0)).unwrap()));
}

/// Whoever reads the vectors' envelopes from the first word on comes to what they say follows.
#[test]
fn what_was_said_leads_to_the_epochs() {
    let told = told();
    let mut ledger = Ledger::new(shared(1));
    let mut roster: Option<Roster> = None;
    for line in &told.lines {
        let envelope = Envelope::parse(&line.envelope).unwrap();
        for said in &envelope.entries {
            assert_eq!(ledger.hear(&said.entry), Step::Taken);
        }
        let compact = ledger.compact();
        assert_eq!((line.epoch, line.round), (compact.chain.len().try_into().unwrap(), compact.round));
        let first = || compact.open.first().map(|p| Roster::proposed(&p.agreed));
        let before = roster.take().or_else(first).unwrap();
        let key = before.any_key(envelope.author(), &line.signature.key).unwrap();
        assert!(envelope.is_by(key, &line.signature), "{}", envelope.id);
        roster = compact.roster().cloned().or_else(first);
    }
    assert_eq!(ledger.compact().roster(), told.ledger.compact().roster());
    let all = acts(&told);
    let said = of_each(&all);
    for name in ["propose", "withdraw", "countersign", "decline"] {
        assert!(said.get(name).is_some(), "no {name}");
    }
    for name in ["rotate_key", "revoke_key", "move", "liaisons", "leave"] {
        assert!(said.get(name).is_some(), "no {name}");
    }
    let changes = changes_of_each(&told);
    let all: Vec<Change> =
        changes.as_object().unwrap().values().cloned().map(|c| serde_json::from_value(c).unwrap()).collect();
    assert_eq!(all.len(), 8, "one of each change");
}
