//! 个人信息保护法 47 between members: what is erased at its author is erased, or kept by law, wherever it went.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::Digest;
use lianzhi_procedure::AnyEvent;
use lianzhi_procedure::cooperation::{Act, ErasureAnswer, HoldGround, Stage};

fn asked() -> Matter {
    let mut matter = Matter::new(Form::Assistance);
    let letter = with(letter(Form::Assistance, &[W]), "particulars", json!("张某，身份证号略"));
    matter.ok(Q, "handler", letter);
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.deliver();
    matter
}

fn erased(events: &[AnyEvent]) -> Vec<Digest> {
    events.iter().flat_map(|event| event.erased().to_vec()).collect()
}

fn erase() -> serde_json::Value {
    json!({ "command": "erase", "reason": "本人申请" })
}

/// The answer of a member to the first erasure, as another sees it.
fn answer(matter: &Matter, at: &str, of: &str) -> ErasureAnswer {
    matter.file(at).erasures()[0].answers[&node(of)].clone()
}

#[test]
fn who_erases_what_it_sent_asks_the_others_and_sees_who_did() {
    let mut matter = asked();
    let particulars = matter.file(Q).opening.particulars.unwrap().digest;
    matter.refused(Q, "handler", erase(), "not-permitted");
    let refusal =
        matter.refused(Q, "reviewer", json!({ "command": "erase", "reason": " " }), "invalid-input");
    assert_eq!(refusal.field, Some("reason"));
    let events = matter.ok(Q, "reviewer", erase());
    assert_eq!(erased(&events), [particulars], "here at once, without waiting for anybody");
    assert!(matter.summary(Q).contact.is_none());
    assert_eq!(answer(&matter, Q, W), ErasureAnswer::Waiting);
    matter.refused(Q, "reviewer", erase(), "nothing");
    assert!(!matter.waits(W, "answer_erasure"));
    matter.deliver();
    assert!(matter.waits(W, "answer_erasure") && !matter.waits(Q, "answer_erasure"));
    assert!(matter.summary(W).contact.is_some(), "nobody erases anything at another member");
    let of = matter.file(W).erasures()[0].of;
    assert!(
        matter.offered(W, "reviewer", "confirm_erasure") && !matter.offered(Q, "reviewer", "confirm_erasure")
    );
    let events = matter.ok(W, "reviewer", json!({ "command": "confirm_erasure", "of": of }));
    assert_eq!(erased(&events), [particulars]);
    assert!(matter.summary(W).contact.is_none() && !matter.waits(W, "answer_erasure"));
    matter.refused(W, "reviewer", json!({ "command": "confirm_erasure", "of": of }), "no-erasure");
    matter.deliver();
    assert!(matches!(answer(&matter, Q, W), ErasureAnswer::Confirmed { .. }));
    agree(&matter).unwrap();
    matter.all_at(&[Q, W], Stage::Registered);
}

#[test]
fn a_legal_hold_is_stated_with_its_ground_and_may_end() {
    let mut matter = asked();
    matter.ok(Q, "reviewer", erase());
    matter.deliver();
    let of = matter.file(W).erasures()[0].of;
    let hold =
        json!({ "command": "hold_erasure", "of": of, "ground": "evidence", "reason": "吴城案〔2026〕3号" });
    assert!(erased(&matter.ok(W, "reviewer", hold)).is_empty());
    assert!(!matter.waits(W, "answer_erasure") && matter.summary(W).contact.is_some());
    matter.deliver();
    let held = answer(&matter, Q, W);
    assert!(
        matches!(&held, ErasureAnswer::Held { ground: HoldGround::Evidence, reason, .. } if reason.contains("3号"))
    );
    // The case is settled: now it goes.
    matter.after(90);
    let events = matter.ok(W, "reviewer", json!({ "command": "confirm_erasure", "of": of }));
    assert_eq!(erased(&events).len(), 1);
    matter.deliver();
    assert!(matches!(answer(&matter, Q, W), ErasureAnswer::Confirmed { .. }));
    let hold = json!({ "command": "hold_erasure", "of": of, "ground": "remedy", "reason": "-" });
    matter.refused(W, "reviewer", hold, "no-erasure");
}

#[test]
fn all_texts_go_when_that_is_asked_for_also_after_the_matter_ended() {
    let mut matter = asked();
    matter.ok(W, "handler", json!({ "command": "accept" }));
    matter.letter(W, json!({ "command": "reply", "text": "已查实" }));
    matter.deliver();
    matter.ok(Q, "handler", json!({ "command": "accept_reply" }));
    matter.deliver();
    assert!(!matter.summary(W).open);
    let events = matter.ok(Q, "reviewer", with(erase(), "scope", json!("everything")));
    let opening = &matter.file(Q).opening;
    assert!([opening.title, opening.text].iter().all(|part| erased(&events).contains(&part.digest)));
    let row = matter.summary(Q);
    assert!(row.title.is_none() && row.texts.iter().all(|p| !erased(&events).contains(&p.digest)));
    matter.deliver();
    assert!(matter.waits(W, "answer_erasure"), "what is closed is not beyond the law");
    // The reply is the other member's own.
    let reply = matter.file(Q).acts(&node(W)).find_map(|a| match a {
        Act::Replied { note, .. } => Some(note.digest),
        _ => None,
    });
    let not_ours = with(erase(), "parts", json!([reply]));
    assert_eq!(matter.refused(Q, "reviewer", not_ours, "invalid-input").field, Some("parts"));
}

#[test]
fn nobody_erases_what_is_another_members() {
    let matter = asked();
    let said = |by: &str, act: serde_json::Value| {
        let act: Act = serde_json::from_value(act).unwrap();
        matter.next(by, &act)
    };
    let (theirs, nothing) = (matter.file(Q).opening.text.digest, Digest([9; 32]));
    for (by, at, act) in [
        // Texts of the opener, erased by the receiver; none; none that anybody sent; without a reason.
        (W, Q, json!({ "act": "erased", "parts": [theirs], "reason": "-" })),
        (Q, W, json!({ "act": "erased", "parts": [], "reason": "-" })),
        (Q, W, json!({ "act": "erased", "parts": [nothing], "reason": "-" })),
        (Q, W, json!({ "act": "erased", "parts": [theirs], "reason": "" })),
        // Answers to what nobody asked.
        (W, Q, json!({ "act": "erasure_confirmed", "of": nothing, "parts": [theirs] })),
        (W, Q, json!({ "act": "erasure_held", "of": nothing, "ground": "remedy", "reason": "-" })),
    ] {
        let entry = said(by, act.clone());
        assert_eq!(matter.judge(at, &node(by), &entry).unwrap_err().code, "not-theirs-to-say", "{act}");
    }
}
