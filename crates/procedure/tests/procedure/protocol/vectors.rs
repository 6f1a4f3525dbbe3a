//! Acts as they are said, and whole matters with what follows from them.

use super::vector;
use crate::cooperation::kit::*;
use crate::cooperation::lives::lives;
use lianzhi_exchange::compact::{Act as CompactAct, Form, Roster};
use lianzhi_exchange::envelope::Envelope;
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_procedure::cooperation::{Act, file_of};
use lianzhi_procedure::{meeting, stream};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

fn compare(name: &str, made: &Value) {
    let path = super::root().join("crates/procedure/vectors").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(made).unwrap());
    if std::env::var("LIANZHI_GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{} differs: if that is meant, run with LIANZHI_GOLDEN=write", path.display());
}

/// A letter in which everything is filled in that its form can hold.
fn full(form: Form) -> Value {
    let taken = |n: u8| {
        json!({
            "exhibit": exhibit(n), "name": "现场检查笔录", "taken_at": "2026-11-22T15:20:00Z", "pos": 4711,
            "takers": ["王某（执法证 310118001）", "李某（执法证 310118002）"], "matter": "沪青2026-000001",
        })
    };
    let officers = json!(["王某（执法证 310118001）", "李某（执法证 310118002）"]);
    let to: &[&str] = if form == Form::Bulletin { &[W, J] } else { &[W] };
    let mut letter = letter(form, to);
    let mut put = |name: &str, value: Value| letter[name] = value;
    put("subject", json!("沪A12345重型自卸货车"));
    put("particulars", json!("赵某，联系电话13800000000"));
    put("category", json!("E03001"));
    put("place", json!("沪聂路桥下"));
    put("point", json!({ "lng_e6": 120_912_345, "lat_e6": 31_012_345 }));
    put("exhibits", json!([exhibit(101)]));
    put("taken", json!([taken(101)]));
    put("over", json!("沪青2026-000001"));
    put("urgent", json!(true));
    match form {
        Form::Lead | Form::Bulletin => {}
        Form::Assistance => {
            put("asks", json!(["investigate", "take_evidence"]));
            put("officers", officers);
        }
        Form::Evidence => put(
            "goods",
            json!([{
                "name": "渣土车", "detail": "沪A12345", "quantity": 1, "unit": "辆", "measure": "沪青扣〔2026〕3号",
            }]),
        ),
        Form::Dispute => put(
            "filed",
            json!({ "number": "沪青案2026-3", "at": "2026-11-01T00:00:00Z", "pos": 7, "leaf": exhibit(1) }),
        ),
        Form::Away => put("officers", officers),
    }
    letter
}

/// Penalties that another member shall recognise.
fn recognise() -> Value {
    let penalty = json!({
        "number": "沪青案2026-3", "item": "SH-RQ-012", "from": "2026-10-01", "to": "2026-10-03", "on": "2026-10-20",
        "fine": 500_000,
    });
    let letter = with(full(Form::Away), "away", json!("recognise"));
    with(with(letter, "officers", json!([])), "penalties", json!([penalty]))
}

fn opened(form: Form, letter: Value) -> Matter {
    let mut matter = Matter::new(form);
    matter.ok(Q, "handler", letter);
    matter.sign(Q);
    matter.deliver();
    matter
}

fn read(bytes: &str) -> (StreamEntry, Act) {
    let read = stream::read::<Act>(bytes).unwrap();
    assert_eq!(
        read.entry.act.get(),
        serde_json::to_string(&read.act).unwrap(),
        "written again it is the same"
    );
    (read.entry, read.act)
}

/// Of each act the one that says most, by whom it is said.
fn acts_of_each(matters: &[Matter]) -> Value {
    let mut best: BTreeMap<&str, (String, &str, &str)> = BTreeMap::new();
    for matter in matters {
        for (author, said) in &matter.wire {
            for (bytes, _) in said {
                let (entry, act) = read(bytes);
                let by = if *author == node(Q) { "founder" } else { "receiver" };
                let said = (entry.act.get().to_owned(), matter.form.code(), by);
                let known = best.get(act.code()).is_some_and(|known| known.0.len() >= said.0.len());
                if !known && !matches!(act, Act::Open(_)) {
                    best.insert(act.code(), said);
                }
            }
        }
    }
    let parse = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let each = best.into_iter().map(|(code, (act, form, by))| {
        (code.to_owned(), json!({ "form": form, "by": by, "act": parse(act) }))
    });
    each.collect::<Map<_, _>>().into()
}

/// Acts that the lives say in few words only.
fn wordy() -> Vec<Matter> {
    let mut lead = Matter::accepted(Form::Lead);
    lead.ok(W, "handler", json!({ "command": "conclude", "outcome": "corrected", "note": "已责令清运" }));
    let mut asked = Matter::assigned(Form::Lead);
    asked.ok(W, "handler", json!({ "command": "ask_forward", "to": J, "note": "在嘉善" }));
    asked.deliver();
    asked.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true, "note": "同意" }));
    let mut bulletin = Matter::sent(Form::Bulletin, &[W]);
    bulletin.deliver();
    bulletin.take_in(W);
    bulletin.ok(W, "handler", with(note("measures"), "exhibits", json!([exhibit(7)])));
    let mut away = Matter::assigned(Form::Away);
    away.letter(W, json!({ "command": "grant", "note": "同意", "until": "2026-12-10T00:00:00Z" }));
    away.deliver();
    away.ok(Q, "handler", with(note("report"), "exhibits", json!([exhibit(7)])));
    let mut dispute = Matter::assigned(Form::Dispute);
    let filed =
        json!({ "number": "苏吴案2026-3", "at": "2026-11-01T00:00:00Z", "pos": 7, "leaf": exhibit(1) });
    let position = with(with(note("position"), "filed", filed), "exhibits", json!([exhibit(7)]));
    dispute.ok(W, "handler", position);
    vec![lead, asked, bulletin, away, dispute]
}

#[test]
fn acts() {
    let mut openings = Map::new();
    for form in Form::ALL {
        let matter = opened(form, full(form));
        let (entry, _) = read(&matter.wire[&node(Q)][0].0);
        openings.insert(form.code().into(), serde_json::from_str(entry.act.get()).unwrap());
    }
    let matter = opened(Form::Away, recognise());
    let (entry, _) = read(&matter.wire[&node(Q)][0].0);
    openings.insert("away_recognise".into(), serde_json::from_str(entry.act.get()).unwrap());
    let all: Vec<Matter> = lives().into_iter().chain(wordy()).collect();
    compare("acts.json", &json!({ "list": entry_json(), "openings": openings, "acts": acts_of_each(&all) }));
}

fn entry_json() -> Value {
    json!({ "entry": entry(), "digest": entry().digest() })
}

/// Everything that was said in a matter, in an order in which everybody can hear it, with the stage that follows for who heard all.
fn story(matter: &Matter) -> Value {
    let mut next: BTreeMap<_, usize> = BTreeMap::new();
    let mut said: Vec<Value> = Vec::new();
    let all: usize = matter.wire.values().map(Vec::len).sum();
    while said.len() < all {
        let before = said.len();
        for (author, stream) in &matter.wire {
            let at = next.entry(author.clone()).or_default();
            let Some((bytes, to)) = stream.get(*at) else { continue };
            let rests_on = read(bytes).0.re;
            let known = |digest: &_| said.iter().any(|s| s["digest"] == json!(digest));
            if rests_on.iter().all(known) {
                *at += 1;
                let digest = lianzhi_exchange::stream::stream_digest(bytes.as_bytes());
                said.push(json!({ "author": author, "to": to, "entry": bytes, "digest": digest }));
            }
        }
        assert!(said.len() > before, "nothing can be heard any more");
    }
    let file = matter.sites.values().filter_map(|s| file_of(&s.state)).find(|f| f.mine()).unwrap();
    let dues: BTreeMap<_, _> = file.receivers().into_iter().map(|n| (n, file.due_of(n))).collect();
    let said_here: usize = file.said.values().map(Vec::len).sum();
    assert_eq!(said_here, all, "the founder heard everything");
    json!({
        "form": matter.form.code(), "said": said, "stage": file.stage().code(), "receivers": file.receivers(),
        "due": dues, "competent": file.competent(),
    })
}

#[test]
fn matters() {
    let told: Vec<Value> = lives()
        .into_iter()
        .map(|mut matter| {
            matter.deliver_all();
            matter
        })
        .filter(|matter| matter.wire.contains_key(&node(Q)))
        .map(|matter| story(&matter))
        .collect();
    compare("matters.json", &json!({ "list": entry_json(), "matters": told }));
}

#[test]
fn gatherings() {
    let of_each = |entries: Vec<String>| {
        let mut each = Map::new();
        for bytes in entries {
            let read = stream::read::<meeting::Act>(&bytes).unwrap();
            assert_eq!(read.entry.act.get(), serde_json::to_string(&read.act).unwrap());
            let act: Value = serde_json::from_str(read.entry.act.get()).unwrap();
            let longer = |known: &Value| known.to_string().len() >= act.to_string().len();
            let code = act["act"].as_str().unwrap().to_owned();
            if !each.get(&code).is_some_and(longer) {
                each.insert(code, act);
            }
        }
        Value::from(each)
    };
    let (meeting, plan) = crate::meeting::said();
    let made = json!({ "meeting": of_each(meeting), "plan": of_each(plan) });
    for act in ["open", "attend", "postpone", "cancel", "record", "task", "drop", "report", "finish", "close"]
    {
        assert!(made["meeting"].get(act).is_some(), "no {act}");
    }
    compare("gatherings.json", &made);
}

/// Envelopes anywhere in a vector.
fn envelopes(value: &Value, found: &mut Vec<Envelope>) {
    match value {
        Value::Object(all) => {
            let text = all.get("envelope").and_then(Value::as_str);
            found.extend(text.and_then(|text| Envelope::parse(text).ok()));
            all.values().for_each(|value| envelopes(value, found));
        }
        Value::Array(all) => all.iter().for_each(|value| envelopes(value, found)),
        _ => {}
    }
}

#[test]
fn every_act_in_the_vectors_of_the_exchange_is_one() {
    let mut found = Vec::new();
    for name in ["compact", "envelopes", "evidence", "refusals", "requests"] {
        envelopes(&vector(&format!("exchange/{name}.json")), &mut found);
    }
    let mut read = 0;
    for entry in found.iter().flat_map(|e| &e.entries).map(|said| &said.entry) {
        let act: Value = serde_json::from_str(entry.act.get()).unwrap();
        // Written again it has the same fields: none is unknown here, and none that is always written is lacking.
        let again = match entry.kind.as_str() {
            "compact" => json!(serde_json::from_value::<CompactAct>(act.clone()).unwrap()),
            // Of a kind that nobody knows, on purpose.
            "patrol" => continue,
            _ => {
                json!(serde_json::from_value::<Act>(act.clone()).unwrap_or_else(|e| panic!("{act}: {e}")))
            }
        };
        assert_eq!(again, act);
        read += 1;
    }
    assert!(read > 50, "{read}");
}

/// A member that knows the roster of the vectors.
fn under(roster: &Value) -> Matter {
    let roster: Roster = serde_json::from_value(roster.clone()).unwrap();
    let mut matter = Matter::new(Form::Lead);
    for site in matter.sites.values_mut() {
        Arc::make_mut(&mut site.directory).roster = Some(Arc::new(roster.clone()));
    }
    matter
}

#[test]
fn what_the_vectors_say_is_taken_the_procedure_takes() {
    let refusals = vector("exchange/refusals.json");
    let cases = refusals["cases"].as_array().unwrap();
    let mut taken = 0;
    for case in cases {
        let envelope = |parcel: &Value| Envelope::parse(parcel["envelope"].as_str().unwrap());
        let mut matter = under(&refusals["roster"]);
        for before in case["before"].as_array().unwrap() {
            let envelope = envelope(before).unwrap();
            if envelope.author().as_str() == W {
                continue;
            }
            matter.hear(W, envelope.author(), &envelope.entries[0].bytes).unwrap();
            taken += 1;
        }
        if case["case"] == "receipt" {
            let envelope = envelope(&case["parcel"]).unwrap();
            matter.hear(W, envelope.author(), &envelope.entries[0].bytes).unwrap();
            taken += 1;
        }
    }
    assert!(taken > 4, "{taken}");
    // And the further words of its opener.
    let vectors = vector("exchange/envelopes.json");
    let mut matter = under(&refusals["roster"]);
    let openings = vectors["openings"].as_array().unwrap();
    matter.hear(W, &node(Q), openings[0]["entry"].as_str().unwrap()).unwrap();
    let more = Envelope::parse(vectors["two_entries"]["envelope"].as_str().unwrap()).unwrap();
    for said in &more.entries {
        matter.hear(W, &node(Q), &said.bytes).unwrap();
    }
    under(&refusals["roster"]).hear(Q, &node(W), openings[1]["entry"].as_str().unwrap()).unwrap();
}
