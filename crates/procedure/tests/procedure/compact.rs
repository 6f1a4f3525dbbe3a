//! The compact: docs/procedures/compact.md as tests.

use crate::federation::{Federation, STAFF};
use crate::kit::{explained, json};
use crate::properties::Dice;
use lianzhi_exchange::compact::{Change, ListEntry, Notice, Phase};
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::Digest;
use lianzhi_procedure::compact::{Command, Compact, File};
use lianzhi_procedure::{FieldKind, Offer, Procedure};
use lianzhi_testkit::members::*;
use proptest::prelude::*;
use serde_json::{Map, Value};

type Four = Federation<Compact>;

fn sign(at: &str, command: &Command) -> Option<Signature> {
    let signing = command.signing()?;
    Some(Signature::make(&key(at, 0), signing.domain, &signing.message).unwrap())
}

fn file<'a>(four: &'a Four, at: &str) -> &'a File {
    four.offices[at].state.file().unwrap()
}

/// Rosters reach the directories, as the application does it.
fn settle(four: &mut Four) {
    four.deliver_all();
    for office in four.offices.values_mut() {
        let roster = office.state.file().and_then(|f| f.roster()).cloned().map(std::sync::Arc::new);
        office.directory.roster = roster;
    }
}

fn number(four: &Four, at: &str) -> u32 {
    file(four, at).in_force().map_or(0, |a| a.epoch.number)
}

fn proposed() -> Four {
    let mut four = Four::new(None);
    four.sign = sign;
    four.ok(FOUR[0], "liaison", json!({ "command": "found", "changes": founding() }));
    settle(&mut four);
    four
}

fn trust_all(four: &mut Four, at: &str) {
    for other in FOUR.iter().filter(|o| **o != at) {
        let fingerprint = key(other, 0).public().fingerprint().to_uppercase();
        four.ok(at, "admin", json!({ "command": "trust", "node": other, "fingerprint": fingerprint }));
    }
}

fn founded() -> Four {
    let mut four = proposed();
    let epoch = file(&four, FOUR[0]).compact().open[0].proposal.result;
    for at in FOUR {
        trust_all(&mut four, at);
        four.ok(at, "leader", json!({ "command": "countersign", "epoch": epoch }));
        four.after_hours(1);
    }
    settle(&mut four);
    four
}

/// What happened at the second office, for the golden files.
pub fn life() -> Vec<lianzhi_procedure::compact::Event> {
    founded().offices.remove(FOUR[1]).unwrap().events
}

fn propose(four: &mut Four, at: &str, changes: Vec<Change>) -> Digest {
    four.after_hours(1);
    four.ok(at, "liaison", json!({ "command": "propose", "changes": changes }));
    settle(four);
    file(four, at).compact().open.iter().find(|p| p.author.as_str() == at).unwrap().proposal.result
}

fn put(entry: ListEntry) -> Vec<Change> {
    vec![Change::PutEntry { entry: Box::new(entry) }]
}

#[test]
fn a_compact_comes_into_force_when_fingerprints_were_compared_and_three_provinces_signed() {
    let mut four = proposed();
    let epoch = file(&four, FOUR[1]).compact().open[0].proposal.result;
    let sign = json!({ "command": "countersign", "epoch": epoch });
    assert_eq!(four.refused(FOUR[1], "leader", sign.clone()).code, "not-trusted");
    assert_eq!(four.summary(FOUR[1]).todos[0].what, "trust");
    let offers = four.offers(FOUR[1], "leader");
    let blocked = offers.iter().find(|o| o.command == "countersign").unwrap();
    assert_eq!(blocked.refused.as_ref().unwrap().code, "not-trusted", "said before it is tried");
    let wrong =
        json!({ "command": "trust", "node": FOUR[0], "fingerprint": key(FOUR[0], 1).public().fingerprint() });
    assert_eq!(four.refused(FOUR[1], "admin", wrong).field, Some("fingerprint"));
    for at in FOUR {
        trust_all(&mut four, at);
    }
    assert_eq!(four.summary(FOUR[1]).todos[0].what, "countersign");
    assert_eq!(four.refused(FOUR[1], "liaison", sign.clone()).code, "not-permitted");
    for at in &FOUR[..3] {
        four.ok(at, "leader", sign.clone());
        settle(&mut four);
    }
    assert!(FOUR.iter().all(|at| number(&four, at) == 1));
    assert_eq!(four.summary(FOUR[3]).stage, "in_force");
    assert_eq!(four.refused(FOUR[3], "leader", sign).code, "not-open");
    assert_eq!(
        four.refused(FOUR[0], "liaison", json!({ "command": "found", "changes": founding() })).code,
        "founded"
    );
}

#[test]
fn a_first_version_that_was_withdrawn_is_given_up() {
    let mut four = proposed();
    let first = file(&four, FOUR[0]).compact().open[0].proposal.result;
    assert!(!file(&four, FOUR[1]).is_given_up());
    let withdraw = json!({ "command": "withdraw", "epoch": first, "reason": "清单有误" });
    four.ok(FOUR[0], "liaison", withdraw);
    settle(&mut four);
    for at in FOUR {
        assert!(file(&four, at).is_given_up() && file(&four, at).waiting().next().is_none());
        // The withdrawal itself is still said under it.
        assert_eq!(file(&four, at).exchange_roster().unwrap().digest, first);
    }
    let founded = founded();
    assert!(FOUR.iter().all(|at| !file(&founded, at).is_given_up()));
}

#[test]
fn a_change_is_shown_in_words_and_takes_three_provinces() {
    let mut four = founded();
    let amended = ListEntry { term_days: 15, ..entry("HZ-01") };
    let epoch = propose(&mut four, FOUR[2], put(amended));
    let offers = four.offers(FOUR[0], "leader");
    let offer = offers.iter().find(|o| o.command == "countersign").unwrap();
    let FieldKind::Choice { choices } = &offer.fields[0].kind else { panic!("a choice") };
    assert!(
        choices[0].title.contains("第 2 版") && choices[0].title.contains("改为“15 个工作日"),
        "{choices:?}"
    );
    for at in &FOUR[..3] {
        assert_eq!(number(&four, at), 1);
        four.ok(at, "leader", json!({ "command": "countersign", "epoch": epoch }));
        let again = four.refused(at, "leader", json!({ "command": "countersign", "epoch": epoch }));
        assert_eq!(again.code, "signed");
    }
    settle(&mut four);
    assert!(FOUR.iter().all(|at| number(&four, at) == 2));
    assert_eq!(file(&four, FOUR[3]).roster().unwrap().epoch.list[0].term_days, 15);
}

#[test]
fn a_province_countersigns_one_of_two_and_a_split_goes_to_the_next_round() {
    let mut four = founded();
    let one = propose(&mut four, FOUR[0], put(entry("HZ-02")));
    let two = propose(&mut four, FOUR[1], put(entry("HZ-03")));
    let sign = |epoch: Digest| json!({ "command": "countersign", "epoch": epoch });
    four.ok(FOUR[0], "leader", sign(one));
    assert_eq!(four.refused(FOUR[0], "leader", sign(two)).code, "signed-another");
    four.ok(FOUR[1], "leader", sign(one));
    four.ok(FOUR[2], "leader", sign(two));
    four.ok(FOUR[3], "leader", json!({ "command": "decline", "epoch": one, "grounds": "期限太短" }));
    assert_eq!(four.refused(FOUR[3], "leader", sign(one)).code, "declined");
    four.ok(FOUR[3], "leader", json!({ "command": "decline", "epoch": two, "grounds": "目的不明" }));
    four.ok(FOUR[0], "liaison", json!({ "command": "withdraw", "epoch": one }));
    settle(&mut four);
    let compact = file(&four, FOUR[2]).compact();
    assert!(compact.open.iter().all(|p| p.phase == Phase::Lost), "three for one are not to be had any more");
    assert_eq!(compact.round, 1, "nor for a third: only one voice is free");
    assert!(four.summary(FOUR[2]).todos.is_empty());
    let three = propose(&mut four, FOUR[2], put(entry("HZ-04")));
    for at in FOUR {
        assert_eq!(number(&four, at), 1);
        four.ok(at, "leader", sign(three));
    }
    settle(&mut four);
    assert!(FOUR.iter().all(|at| number(&four, at) == 2));
}

#[test]
fn notices_are_the_members_own_and_count_at_once() {
    let mut four = founded();
    let hefei = FOUR[3];
    four.ok(
        hefei,
        "admin",
        json!({ "command": "move", "addresses": "https://new.example\nhttps://old.example" }),
    );
    four.ok(hefei, "liaison", json!({ "command": "liaisons", "liaisons": "王联络 0551-12345" }));
    let refused =
        four.refused(hefei, "admin", json!({ "command": "move", "addresses": "https://a:b@new.example" }));
    assert!(refused.rule.contains("交换地址"), "{refused}");
    assert_eq!(
        four.refused(hefei, "liaison", json!({ "command": "move", "addresses": "https://x.example" })).code,
        "not-permitted"
    );
    let new = member_key(hefei, 1);
    let Notice::RotateKey { key: new, signature } =
        Notice::rotate(&node(hefei), new, &key(hefei, 0)).unwrap()
    else {
        panic!("a rotation")
    };
    four.ok(hefei, "admin", json!({ "command": "rotate_key", "key": new, "signature": signature }));
    let old = key(hefei, 0).public().id();
    let events = four.ok(hefei, "admin", json!({ "command": "revoke_key", "key": old, "reason": "遗失" }));
    assert!(Compact::outgoing(&events[0]).unwrap().urgent);
    settle(&mut four);
    let roster = file(&four, FOUR[0]).roster().unwrap();
    let member = roster.member(&node(hefei)).unwrap();
    assert_eq!(member.addresses, ["https://new.example", "https://old.example"]);
    assert_eq!(
        (member.liaisons[0].name.as_str(), member.liaisons[0].phone.as_str()),
        ("王联络", "0551-12345")
    );
    assert!(roster.key(&node(hefei), &old, four.now).is_none());
    assert!(roster.key(&node(hefei), &key(hefei, 1).public().id(), four.now).is_some());
    let epoch = propose(&mut four, FOUR[0], put(entry("HZ-02")));
    let refused = four.refused(hefei, "leader", json!({ "command": "countersign", "epoch": epoch }));
    assert_eq!(refused.code, "not-our-key", "the application still signs with the revoked key");
    four.ok(hefei, "leader", json!({ "command": "leave", "reason": "机构改革" }));
    settle(&mut four);
    assert_eq!(four.summary(hefei).stage, "outside");
    assert!(file(&four, FOUR[0]).roster().unwrap().former(&node(hefei)).is_some());
    let late = json!({ "command": "propose", "changes": put(entry("HZ-03")) });
    assert_eq!(four.refused(hefei, "liaison", late).code, "outside");
}

#[test]
fn strangers_and_things_out_of_order_are_not_taken() {
    let mut four = founded();
    let entry = four.offices[FOUR[1]].sent[0].clone();
    // A new office hears the founder first.
    let mut fresh = Four::new(None);
    for code in FOUR {
        fresh.offices.get_mut(code).unwrap().sent = four.offices[code].sent.clone();
    }
    assert_eq!(fresh.deliver(FOUR[3], FOUR[1]).unwrap().unwrap_err().code, "founder-first");
    assert!(!entry.is_empty());
    fresh.deliver_all();
    assert_eq!(number(&fresh, FOUR[3]), 1);
    let epoch = file(&four, FOUR[0]).in_force().unwrap().digest;
    assert_eq!(file(&fresh, FOUR[3]).in_force().unwrap().digest, epoch);
    four.ok(FOUR[0], "liaison", json!({ "command": "pair", "with": FOUR[1], "purpose": "毗邻共治" }));
    settle(&mut four);
    assert_eq!(four.offers(FOUR[1], "officer-a1").len(), 0);
}

fn filled(four: &Four, at: &str, offer: &Offer, dice: &mut Dice) -> Value {
    let mut fields = Map::new();
    fields.insert("command".into(), json!(offer.command));
    for field in &offer.fields {
        let value = match &field.kind {
            FieldKind::Choice { choices } => json!(choices[dice.roll(choices.len())].value),
            _ if field.name == "addresses" => json!("https://n.example"),
            _ if field.name == "liaisons" => json!("王联络 0551-12345"),
            _ => json!("按章程办理"),
        };
        fields.insert(field.name.into(), value);
    }
    if offer.command == "trust" {
        let of = fields["node"].as_str().unwrap().to_owned();
        let epoch = &file(four, at).compact().open[0].agreed.epoch;
        let fingerprint = epoch.member(&node(&of)).unwrap().keys[0].key.fingerprint();
        fields.insert("fingerprint".into(), json!(fingerprint));
    }
    Value::Object(fields)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_is_accepted_and_all_come_to_the_same(
        steps in prop::collection::vec((any::<u64>(), 0usize..4, 0..STAFF.len()), 1..60),
        started in any::<bool>(),
    ) {
        let mut four = if started { founded() } else { proposed() };
        for (seed, at, who) in steps {
            let mut dice = Dice(seed);
            let (at, who) = (FOUR[at], STAFF[who]);
            four.after_hours(1);
            if dice.roll(2) == 0 {
                let from = FOUR[dice.roll(4)];
                if let Some(Err(refusal)) = four.deliver(at, from) {
                    explained(&refusal);
                }
            }
            let offers = four.offers(at, who);
            offers.iter().filter_map(|o| o.refused.as_ref()).for_each(explained);
            // Keys and leaving end the story; they come seldom.
            let rare = |o: &&Offer| !matches!(o.command, "leave" | "revoke_key") || seed % 16 == 0;
            let good: Vec<_> = offers.iter().filter(|o| o.refused.is_none()).filter(rare).collect();
            if let Some(offer) = good.get(dice.roll(good.len())) {
                let command = filled(&four, at, offer, &mut dice);
                match four.ask(at, who, command.clone()) {
                    Ok(events) => four.apply(at, &events),
                    // The application's key is not the one that was revoked.
                    Err(refusal) if refusal.code == "not-our-key" => explained(&refusal),
                    Err(refusal) => prop_assert!(false, "{at} {who} was offered {command}: {refusal}"),
                }
            }
        }
        four.deliver_all();
        let first = file(&four, FOUR[0]);
        for at in FOUR {
            prop_assert_eq!(file(&four, at).compact(), first.compact());
        }
        // Folding the record gives the state.
        for office in four.offices.values() {
            let folded = office.events.iter().fold(Default::default(), Compact::evolve);
            prop_assert_eq!(Compact::summary(&folded), Compact::summary(&office.state));
        }
    }

    #[test]
    fn whatever_is_asked_is_accepted_or_explained(
        steps in prop::collection::vec((any::<u64>(), 0usize..4, 0..STAFF.len()), 1..40),
    ) {
        let mut four = founded();
        for (seed, at, who) in steps {
            let mut dice = Dice(seed);
            four.after_hours(1);
            let command = any_command(&four, &mut dice);
            match four.ask(FOUR[at], STAFF[who], command) {
                Ok(events) => four.apply(FOUR[at], &events),
                Err(refusal) => explained(&refusal),
            }
            four.deliver(FOUR[at], FOUR[dice.roll(4)]);
        }
        four.deliver_all();
        for at in FOUR {
            prop_assert_eq!(file(&four, at).compact(), file(&four, FOUR[0]).compact());
        }
    }
}

fn any_command(four: &Four, dice: &mut Dice) -> Value {
    let mut pick = |values: &[Value]| values[dice.roll(values.len())].clone();
    let compact = file(four, FOUR[0]).compact();
    let mut epochs: Vec<Value> = compact.open.iter().map(|p| json!(p.proposal.result)).collect();
    epochs.push(json!(Digest::ZERO));
    let names = [
        "found",
        "propose",
        "pair",
        "unpair",
        "take_off",
        "trust",
        "countersign",
        "decline",
        "withdraw",
        "revoke_key",
        "move",
        "liaisons",
        "leave",
        "hear",
    ];
    let stranger = Change::RemoveMember { node: node("350100"), expelled: false, grounds: String::new() };
    let out = Change::RemoveMember { node: node(FOUR[3]), expelled: true, grounds: "泄露".into() };
    let changes = [json!([]), json!(put(entry("HZ-07"))), json!([stranger]), json!([out])];
    json!({
        "command": pick(&names.map(|n| json!(n))),
        "changes": pick(&changes),
        "with": pick(&[json!(FOUR[1]), json!(FOUR[0]), json!("350100")]),
        "entry": pick(&[json!("HZ-01"), json!("HZ-99"), json!("{}")]),
        "node": pick(&[json!(FOUR[2]), json!("350100")]),
        "fingerprint": pick(&[json!(""), json!("8f3c"), json!(key(FOUR[2], 0).public().fingerprint())]),
        "epoch": pick(&epochs),
        "grounds": pick(&[json!(""), json!("期限太短")]),
        "reason": pick(&[json!(""), json!("机构改革")]),
        "key": pick(&[json!("nokey"), json!(key(FOUR[3], 0).public().id())]),
        "addresses": pick(&[json!(""), json!("file:///etc"), json!("https://n.example")]),
        "liaisons": pick(&[json!("甲"), json!("甲 1")]),
        "envelope": Digest::ZERO,
    })
}
