//! What a member sends that is not its to say changes nothing.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_ids::{Digest, DocketId, SharedId};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::cooperation::{Act, Stage};
use serde_json::Value;

fn part() -> Value {
    json!({ "kind": "letter", "digest": Digest([200; 32]) })
}

/// One of each act.
pub fn acts() -> Vec<Act> {
    let at = "2026-12-01T00:00:00Z";
    let zero = Digest::ZERO;
    [
        json!({ "act": "registered", "number": "1" }),
        json!({ "act": "opened" }),
        json!({ "act": "accepted", "unit": "中队" }),
        json!({ "act": "returned", "ground": "not_here", "note": part(), "paper": "1" }),
        json!({ "act": "refused", "ground": "secret", "note": part(), "paper": "1" }),
        json!({ "act": "extended", "until": at, "days": 3, "note": part(), "paper": "1" }),
        json!({ "act": "reached", "milestone": "filed" }),
        json!({ "act": "concluded", "outcome": "corrected" }),
        json!({ "act": "replied", "note": part(), "paper": "1" }),
        json!({ "act": "reply_accepted" }),
        json!({ "act": "asked_again", "note": part(), "due": at, "arithmetic": "-" }),
        json!({ "act": "urged", "note": part() }),
        json!({ "act": "withdrawn", "note": part(), "paper": "1" }),
        json!({ "act": "supplemented", "note": part() }),
        json!({ "act": "forward_asked", "to": J, "note": part() }),
        json!({ "act": "forward_answered", "to": J, "agreed": true }),
        json!({ "act": "judged", "exhibit": exhibit(101), "verdict": "recognised", "proof": "-" }),
        json!({ "act": "goods_given", "by": "甲" }),
        json!({ "act": "goods_taken", "by": "乙" }),
        json!({ "act": "acknowledged" }),
        json!({ "act": "measures", "note": part() }),
        json!({ "act": "position", "note": part() }),
        json!({ "act": "negotiated", "competent": W, "note": part() }),
        json!({ "act": "negotiation_answered", "record": zero, "agreed": true }),
        json!({ "act": "designated", "competent": W, "by": "市局", "number": "1" }),
        json!({ "act": "opinion", "competent": W, "note": part() }),
        json!({ "act": "opinion_answered", "record": zero, "agreed": true }),
        json!({ "act": "reported_up", "to": "司法部", "note": part(), "paper": "1" }),
        json!({ "act": "granted", "note": part(), "paper": "1" }),
        json!({ "act": "reported", "note": part() }),
        json!({ "act": "closed" }),
    ]
    .map(|json| serde_json::from_value(json).unwrap())
    .to_vec()
}

fn refused(matter: &Matter, at: &str, from: &str, entry: &str) -> Refusal {
    let refusal = matter.judge(at, &node(from), entry).unwrap_err();
    explained(&refusal);
    refusal
}

#[test]
fn an_entry_under_another_name_in_another_place_or_twice_is_refused() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    let known = matter.wire[&node(Q)][0].0.clone();
    assert_eq!(refused(&matter, W, Q, &known).code, "stream", "twice");
    matter.ok(Q, "handler", note("urge"));
    let good = matter.wire[&node(Q)][1].0.clone();
    assert_eq!(refused(&matter, W, J, &good).code, "stream", "sent by another");
    let other = SharedId { node: node(Q), generation: 1, id: DocketId(8) };
    for (what, bad) in [
        ("author", matter.forged(Q, |e| e.author = node(J))),
        ("docket", matter.forged(Q, |e| e.docket = other)),
        ("kind", matter.forged(Q, |e| e.kind = "away".into())),
        ("seq", matter.forged(Q, |e| e.seq = 2)),
        ("prev", matter.forged(Q, |e| e.prev = Digest([1; 32]))),
    ] {
        assert_eq!(refused(&matter, W, Q, &bad).code, "stream", "{what}");
    }
    matter.hear(W, &node(Q), &good).unwrap();
}

#[test]
fn an_act_that_this_version_does_not_know_and_bytes_that_are_no_entry_are_refused() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    matter.ok(Q, "handler", note("urge"));
    let unknown = matter.forged(Q, |e| {
        e.act = serde_json::value::RawValue::from_string(r#"{"act":"sung"}"#.into()).unwrap();
    });
    for bad in [unknown.as_str(), "", "{}", "[1]"] {
        assert_eq!(refused(&matter, W, Q, bad).code, "invalid-input", "{bad}");
    }
}

#[test]
fn a_matter_is_opened_by_its_founder_with_an_opening() {
    let matter = Matter::sent(Form::Lead, &[W]);
    let urged = matter.next(Q, &acts()[11]).replace("\"seq\":1", "\"seq\":0");
    refused(&matter, W, Q, &urged);
    let mine = matter.forged(Q, |e| e.author = node(J));
    assert_eq!(refused(&matter, W, J, &mine).code, "not-theirs-to-say");
    let mut opened = matter.clone();
    opened.deliver();
    let again = opened.next(Q, &opened.acts(Q, Q)[0].clone());
    assert_eq!(refused(&opened, W, Q, &again).code, "not-theirs-to-say");
}

#[test]
fn nobody_says_what_is_the_others_to_say_and_a_stranger_says_nothing() {
    for form in Form::ALL {
        let matter = Matter::assigned(form);
        let mut allowed = [0; 2];
        for act in acts() {
            let stranger = matter.next(J, &act);
            assert_eq!(
                refused(&matter, W, J, &stranger).code,
                "not-theirs-to-say",
                "{form:?} {}",
                act.code()
            );
            let founder = matter.judge(W, &node(Q), &matter.next(Q, &act));
            let receiver = matter.judge(Q, &node(W), &matter.next(W, &act));
            let shared = form == Form::Dispute || matches!(act, Act::Supplemented { .. });
            assert!(
                shared || founder.is_err() || receiver.is_err(),
                "{form:?}: {} is one side's to say",
                act.code()
            );
            for (n, outcome) in [founder, receiver].into_iter().enumerate() {
                match outcome {
                    Ok(_) => allowed[n] += 1,
                    Err(refusal) => explained(&refusal),
                }
            }
        }
        assert!(allowed.iter().all(|n| *n >= 4), "{form:?} {allowed:?}");
    }
}

#[test]
fn after_its_last_word_a_member_says_no_more() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.letter(W, json!({ "command": "return", "ground": "settled", "note": "已处理" }));
    matter.deliver();
    let accepted = matter.next(W, &acts()[2]);
    assert_eq!(refused(&matter, Q, W, &accepted).code, "not-theirs-to-say");
    let replied = Matter::assigned(Form::Assistance);
    let early = replied.next(W, &acts()[8]);
    assert_eq!(refused(&replied, Q, W, &early).code, "not-theirs-to-say", "no reply before acceptance");
}

#[test]
fn what_the_receiver_took_on_is_not_given_to_a_third_behind_its_back() {
    let mut matter = Matter::accepted(Form::Lead);
    let entry = matter.next(Q, &acts()[15]);
    matter.hear(W, &node(Q), &entry).unwrap();
    assert_eq!((matter.stage(W), matter.file(W).receiver()), (Stage::Accepted, Some(&node(W))));
}

#[test]
fn only_another_member_is_heard() {
    let matter = Matter::sent(Form::Lead, &[W]);
    let entry = matter.wire[&node(Q)][0].0.clone();
    let hear = json!({ "command": "hear", "entry": entry, "envelope": exhibit(1) });
    for who in ["system", "leader", "liaison"] {
        matter.refused(W, who, hear.clone(), "stream");
    }
}

#[test]
fn what_the_list_does_not_let_pass_on_is_passed_on_by_nobody() {
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { onward: false, ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.deliver();
    for (author, at, code) in [(W, Q, "forward_asked"), (Q, W, "forward_answered")] {
        let act = acts().into_iter().find(|act| act.code() == code).unwrap();
        let entry = matter.next(author, &act);
        assert_eq!(refused(&matter, at, author, &entry).code, "onward-not-allowed", "{code}");
    }
}
