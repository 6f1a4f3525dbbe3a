//! How a receiver answers: each code once, a gap, the same receipt again, what is not understood; and evidence.

use super::compare;
use super::messages::{Letter, address, docket, letter, opening, packed, part, receipt, sealed};
use super::witness::log_fork;
use super::world::{Told, bulletins, ran_out, secret, taken_off, told};
use crate::common::{HEFEI, JIASHAN, QINGPU, WUJIANG, at, morning, node};
use lianzhi_exchange::compact::Shared;
use lianzhi_exchange::envelope::{Address, Envelope, Parcel};
use lianzhi_exchange::evidence::{Equivocation, Signed};
use lianzhi_exchange::inbound::{Content, Given, Head, Known, Opened, Verdict, Way, judge};
use lianzhi_exchange::receipt::Stage;
use lianzhi_exchange::refusal::{Answer, Refusal};
use lianzhi_exchange::signature::{DOMAIN_ENVELOPE, Signature, Statement};
use lianzhi_ids::{Digest, NodeCode};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Something that comes to Wujiang, and what came of its docket before.
struct Case {
    /// Code of the refusal, or `receipt`, `again`, `gap`, `not-understood`.
    name: &'static str,
    /// What it shows, where the code alone does not say it.
    note: &'static str,
    way: Way,
    before: Vec<Parcel>,
    parcel: Value,
    category: Option<&'static str>,
    onward: bool,
    understood: bool,
}

fn case(name: &'static str, parcel: &Parcel) -> Case {
    Case {
        name,
        note: "",
        way: Way::Posted,
        before: vec![],
        parcel: json!(parcel),
        category: None,
        onward: false,
        understood: true,
    }
}

/// The envelope with another text in it, signed as it then is.
fn rewritten(parcel: &Parcel, from: &str, to: &str) -> Parcel {
    let envelope = parcel.envelope.replace(from, to);
    assert_ne!(envelope, parcel.envelope, "{from}");
    let signature = Signature::make(&secret(QINGPU, 0), DOMAIN_ENVELOPE, envelope.as_bytes()).unwrap();
    Parcel { envelope, signature, parts: parcel.parts.clone() }
}

fn cases(told: &Told) -> Vec<Case> {
    let lead = opening(QINGPU, WUJIANG);
    let made = |letter: &Letter, change: &dyn Fn(&mut Address)| {
        let mut address = address(told, &letter.to);
        change(&mut address);
        packed(&sealed(letter, address), letter.parts.clone())
    };
    let plain = |letter: &Letter| made(letter, &|_| {});
    let good = plain(&lead);
    let lead_docket = || (docket(QINGPU), "lead");
    let note = |n, text| {
        let text = part(n, "letter", text);
        (json!({ "kind": text.kind, "digest": text.digest }), vec![text])
    };
    let with_act = |letter: &Letter, kind: &str, from: &str, to: &str| {
        let mut letter = letter.clone();
        letter.entry.kind = kind.into();
        let act = letter.entry.act.get().replace(from, to);
        assert_ne!(act, letter.entry.act.get());
        letter.entry.act = RawValue::from_string(act).unwrap();
        letter
    };
    let bulletin = with_act(&lead, "bulletin", "\"ground\":\"place\",", "");
    let measures = json!({ "kind": "letter", "digest": lead.parts[4].digest });
    let mut bulletin =
        with_act(&bulletin, "bulletin", &format!("\"measures\":{measures}"), "\"bulletin\":\"new_field\"");
    bulletin.entry.parts.pop();
    bulletin.parts.pop();
    let elsewhere = with_act(&lead, "lead", "E03001", "E05001");
    let person = part(9, "particulars", r#"{"name":"赵某","phone":"13800000000"}"#);
    let mut personal = with_act(
        &lead,
        "lead",
        "\"category\"",
        &format!(
            "\"particulars\":{{\"kind\":\"particulars\",\"digest\":\"{}\"}},\"category\"",
            person.digest
        ),
    );
    personal.entry.parts.push(person.digest);
    personal.parts.push(person);
    let act = json!({ "act": "registered", "number": "苏吴收字〔2026〕1号" });
    let registered = letter(lead_docket(), WUJIANG, None, &act, vec![], &[QINGPU]);
    let (text, parts) = note(10, "现场在嘉善。");
    let act = json!({ "act": "forward_asked", "to": JIASHAN, "note": text });
    let asked = letter(lead_docket(), WUJIANG, Some(&registered), &act, parts, &[QINGPU]);
    let act = json!({ "act": "forward_answered", "to": JIASHAN, "agreed": true });
    let consent = letter(lead_docket(), QINGPU, Some(&lead), &act, vec![], &[WUJIANG, JIASHAN]);
    let (text, parts) = note(11, "请尽快办理。");
    let urged = letter(
        lead_docket(),
        QINGPU,
        Some(&lead),
        &json!({ "act": "urged", "note": text }),
        parts,
        &[WUJIANG],
    );
    let (text, parts) = note(12, "补充照片。");
    let act = json!({ "act": "supplemented", "note": text });
    let mut intruder = letter(lead_docket(), JIASHAN, None, &act, parts, &[WUJIANG]);
    let by_jiashan = |letter: &Letter| {
        let envelope = sealed(letter, address(told, &letter.to));
        let signature = envelope.sign(&secret(JIASHAN, 1)).unwrap();
        Parcel::new(&envelope, signature, letter.parts.clone()).unwrap()
    };
    let from_outside = by_jiashan(&intruder);
    intruder.entry.act = registered.entry.act.clone();
    intruder.entry.parts.clear();
    intruder.parts.clear();
    let quicker = by_jiashan(&intruder);
    let hefei = plain(&opening(HEFEI, WUJIANG));
    let mut stranger = opening(HEFEI, WUJIANG);
    (stranger.entry.author, stranger.entry.docket.node) = (node("330106"), node("330106"));
    let other_key = |parcel: &Parcel, n| {
        let envelope = parcel.open().unwrap();
        Parcel { signature: envelope.sign(&secret(QINGPU, n)).unwrap(), ..parcel.clone() }
    };
    let spoiled = |change: &dyn Fn(&mut Parcel)| {
        let mut parcel = good.clone();
        change(&mut parcel);
        parcel
    };
    let first_epoch = |a: &mut Address| {
        let chain = &told.ledger.compact().chain;
        (a.epoch, a.roster) = (1, chain[0].agreed.digest);
    };
    let patrol = with_act(&lead, "patrol", "open", "begun");
    let own = opening(WUJIANG, QINGPU);
    let cited = |list: Digest| move |a: &mut Address| a.list = Some(list);
    let later = rewritten(&good, "\"v\":1", "\"v\":2");
    vec![
        case("receipt", &good),
        Case { before: vec![good.clone()], ..case("again", &good) },
        case("gap", &plain(&urged)),
        Case {
            note: "nothing of the docket is here: its founder's opening comes first",
            ..case("gap", &quicker)
        },
        Case { understood: false, ..case("not-understood", &plain(&patrol)) },
        case("malformed", &spoiled(&|p| p.parts[0].content.push('。'))),
        case("too-large", &rewritten(&good, "第五十四条", &"第五十四条、".repeat(40))),
        case("too-old-version", &rewritten(&good, "\"v\":1", "\"v\":0")),
        case("too-new-version", &later),
        case("not-a-member", &packed(&sealed(&stranger, address(told, &[WUJIANG])), stranger.parts.clone())),
        case("unknown-key", &other_key(&good, 1)),
        case("revoked-key", &hefei),
        case("wrong-signature", &spoiled(&|p| p.envelope = p.envelope.replace("沈建国", "沈建民"))),
        case("clock-ahead", &made(&lead, &|a| a.time = at("2026-06-15T00:05:01Z"))),
        case("unknown-epoch", &made(&lead, &|a| a.epoch = 3)),
        Case {
            note: "an epoch of the same number and another digest",
            ..case("unknown-epoch", &made(&lead, &|a| a.roster = Digest([9; 32])))
        },
        case("not-addressed", &made(&lead, &|a| a.to = vec![node(JIASHAN)])),
        Case {
            before: vec![good.clone()], ..case("fork", &made(&lead, &|a| a.basis = "行政处罚法".into()))
        },
        Case { way: Way::Pulled, ..case("own-entry", &plain(&own)) },
        Case { before: vec![good.clone()], ..case("not-a-party", &from_outside) },
        case("no-list-entry", &made(&lead, &|a| a.list = None)),
        case(
            "stale-epoch",
            &made(&lead, &|a| {
                first_epoch(a);
                a.list = Some(taken_off().digest());
            }),
        ),
        case("expired-list-entry", &made(&lead, &cited(on_the_list(told, "HZ-01")))),
        Case {
            note: "taken off the list in the epoch that the author names",
            ..case("expired-list-entry", &made(&lead, &cited(taken_off().digest())))
        },
        case("form-not-allowed", &plain(&bulletin)),
        case("party-not-allowed", &made(&bulletin, &cited(on_the_list(told, "HZ-04")))),
        Case { category: Some("E05001"), ..case("category-not-allowed", &plain(&elsewhere)) },
        case("field-not-allowed", &plain(&personal)),
        Case {
            before: vec![good.clone(), plain(&registered), plain(&asked)],
            onward: true,
            ..case("onward-not-allowed", &plain(&consent))
        },
    ]
}

/// An entry of the list in force, as it came out: its parties are in their order.
fn on_the_list(told: &Told, id: &str) -> Digest {
    let roster = told.roster();
    let entry = roster.epoch.list_entry(id).unwrap();
    assert!(id != "HZ-01" || entry.digest() != ran_out().digest());
    assert!(id != "HZ-04" || entry.digest() == bulletins().digest());
    entry.digest()
}

fn sign(envelope: &Envelope, stage: Stage) -> Statement {
    receipt(envelope, WUJIANG, stage).sign(&secret(WUJIANG, 0)).unwrap()
}

/// The answer of Wujiang, by what came before.
fn answer(told: &Told, case: &Case) -> Value {
    let parcel: Parcel = serde_json::from_value(case.parcel.clone()).unwrap();
    let envelope = match parcel.open() {
        Ok(envelope) => envelope,
        Err(error) => return json!(Refusal::from(&error).answer()),
    };
    let before: Vec<Envelope> = case.before.iter().map(|p| p.open().unwrap()).collect();
    let (roster, me) = (told.roster(), node(WUJIANG));
    let own: Vec<_> = before.iter().filter(|e| e.author() == envelope.author()).collect();
    let head =
        own.last().map_or(Head::NONE, |e| Head { next: e.end(), digest: e.entries.last().unwrap().digest });
    let held: Vec<Digest> = own
        .iter()
        .flat_map(|e| &e.entries)
        .filter(|said| (envelope.id.first..envelope.end()).contains(&said.entry.seq))
        .map(|said| said.digest)
        .collect();
    let given = own.iter().find(|e| e.id == envelope.id).map(|e| (e.digest(), sign(e, Stage::Received)));
    let mut parties: Vec<NodeCode> = vec![envelope.docket().node.clone()];
    parties.extend(before.iter().flat_map(|e| e.address.to.iter().cloned()));
    let opened = before.first().map(|first| Opened {
        kind: &first.kind,
        list: first.address.list,
        parties: Some(&parties),
    });
    let shared = |kind: &str| if kind == "particulars" { Shared::Particulars } else { Shared::Narrative };
    let used: Vec<Shared> = parcel.parts.iter().map(|p| shared(&p.kind)).collect();
    let content = Content { used: &used, category: case.category, onward: case.onward };
    let known = Known {
        roster: &roster,
        roster_at: morning(),
        me: &me,
        way: case.way,
        restoring: false,
        given: given.as_ref().map(|(digest, receipt)| Given { digest: *digest, receipt }),
        head,
        held: &held,
        docket: opened,
        content: case.understood.then_some(content),
    };
    let verdict = judge(&envelope, &parcel.signature, morning(), &known);
    match verdict {
        Verdict::Take { .. } => json!(Answer::Receipt(sign(&envelope, Stage::Received))),
        Verdict::NotUnderstood { .. } => json!(Answer::Receipt(sign(&envelope, Stage::NotUnderstood))),
        verdict => json!(verdict.answer().unwrap()),
    }
}

/// What comes in at Wujiang, which knows the roster and what is said to have come before.
#[test]
fn refusals() {
    let told = told();
    let made: Vec<Value> = cases(&told)
        .iter()
        .map(|case| {
            let answer = answer(&told, case);
            let code = match &answer {
                answer if answer["gap"].is_object() => "gap",
                answer if answer["receipt"].is_object() => {
                    let statement = answer["receipt"]["statement"].as_str().unwrap();
                    match (statement.contains("not-understood"), case.before.is_empty()) {
                        (true, _) => "not-understood",
                        (false, true) => "receipt",
                        (false, false) => "again",
                    }
                }
                answer => answer["refused"]["code"].as_str().unwrap(),
            };
            assert_eq!(code, case.name, "{answer}");
            json!({
                "case": case.name,
                "note": case.note,
                "way": if case.way == Way::Posted { "posted" } else { "pulled" },
                "understood": case.understood,
                "before": case.before,
                "parcel": case.parcel,
                "answer": answer,
            })
        })
        .collect();
    let all = super::all_refusals();
    for refusal in &all {
        assert!(made.iter().any(|case| case["case"] == refusal.code()), "no case of {}", refusal.code());
    }
    compare(
        "refusals.json",
        &json!({ "roster": told.roster(), "me": WUJIANG, "now": morning(), "cases": made }),
    );
}

#[test]
fn evidence() {
    let told = told();
    let signed = |basis: &str| {
        let mut address = address(&told, &[WUJIANG]);
        address.basis = basis.into();
        let envelope = sealed(&opening(QINGPU, WUJIANG), address);
        Signed { envelope: envelope.bytes().into(), signature: envelope.sign(&secret(QINGPU, 0)).unwrap() }
    };
    let same_id = Equivocation {
        one: signed("行政处罚法第二十二条、第五十四条"),
        other: signed("行政处罚法"),
    };
    // At one place under two ids: alone, and together with the entry before it.
    let first = opening(QINGPU, WUJIANG);
    let urged = |n: u8, words: &str| {
        let text = part(n, "letter", words);
        let act = json!({ "act": "urged", "note": { "kind": "letter", "digest": text.digest } });
        letter((docket(QINGPU), "lead"), QINGPU, Some(&first), &act, vec![text], &[WUJIANG])
    };
    let pack = |entries: &[String]| {
        let envelope = Envelope::new(entries, address(&told, &[WUJIANG])).unwrap();
        Signed { envelope: envelope.bytes().into(), signature: envelope.sign(&secret(QINGPU, 0)).unwrap() }
    };
    let same_place = Equivocation {
        one: pack(&[urged(13, "请尽快办理。").bytes()]),
        other: pack(&[first.bytes(), urged(14, "不急。").bytes()]),
    };
    let roster = told.roster();
    let proves = |e: &Equivocation| e.verify(&roster).unwrap();
    let (same_id_proves, same_place_proves) = (proves(&same_id), proves(&same_place));
    compare(
        "evidence.json",
        &json!({
            "envelopes": [
                { "evidence": same_id, "proves": same_id_proves },
                { "evidence": same_place, "proves": same_place_proves },
            ],
            "log": log_fork(),
        }),
    );
}
