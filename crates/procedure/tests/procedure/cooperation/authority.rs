//! Nothing is opened between members without an entry of the list in force: checked by the sender and by the receiver.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry, Shared};
use lianzhi_ids::Digest;
use lianzhi_procedure::cooperation::{Act, Conclusion, Stage};

fn begin(list: &[ListEntry], letter: serde_json::Value, code: &str) -> lianzhi_procedure::Refusal {
    let mut matter = Matter::new(Form::Lead);
    matter.relist(list);
    matter.refused(Q, "handler", letter, code)
}

/// Lists that do not allow a lead about stalls from the first to the second member.
fn lists() -> Vec<(&'static str, ListEntry, &'static str)> {
    let day = |d: &str| d.parse().unwrap();
    vec![
        ("not yet in force", ListEntry { from: day("2026-11-24"), ..entry() }, "not-on-the-list"),
        ("no longer in force", ListEntry { until: Some(day("2026-11-22")), ..entry() }, "not-on-the-list"),
        ("another form", ListEntry { forms: vec![Form::Away], ..entry() }, "not-on-the-list"),
        ("other parties", ListEntry { parties: vec![node(Q), node(J)], ..entry() }, "not-on-the-list"),
        ("other conduct", ListEntry { items: vec!["P".into()], ..entry() }, "not-on-the-list"),
        (
            "no exhibits",
            ListEntry { fields: vec![Shared::Narrative, Shared::Place], ..entry() },
            "field-not-allowed",
        ),
    ]
}

fn about_stalls() -> serde_json::Value {
    with(letter(Form::Lead, &[W]), "category", json!("E09005"))
}

#[test]
fn a_sender_is_refused_what_the_list_does_not_allow() {
    for (what, list, code) in lists() {
        let refusal = begin(&[list], about_stalls(), code);
        assert!(refusal.source_text.contains("协作清单 HZ-01"), "{what}: {refusal}");
    }
    begin(&[], about_stalls(), "invalid-input");
    begin(&[entry()], with(about_stalls(), "to", json!([])), "invalid-input");
    begin(&[entry()], with(about_stalls(), "to", json!([W, J])), "invalid-input");
    begin(&[entry()], with(about_stalls(), "to", json!([Q])), "not-on-the-list");
    begin(&[entry()], with(about_stalls(), "to", json!(["340100"])), "not-on-the-list");
    let mut alone = Matter::new(Form::Lead);
    std::sync::Arc::make_mut(&mut alone.sites.get_mut(Q).unwrap().directory).roster = None;
    alone.refused(Q, "handler", about_stalls(), "no-compact");
}

#[test]
fn the_list_of_the_day_of_signing_decides() {
    for (what, list, code) in lists() {
        let mut matter = Matter::new(Form::Lead);
        matter.ok(Q, "handler", about_stalls());
        matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
        matter.relist(&[list]);
        matter.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), code);
        assert!(matter.wire.is_empty(), "{what}");
    }
}

#[test]
fn a_receiver_refuses_what_the_list_does_not_allow_whatever_the_sender_believes() {
    for (what, list, code) in lists() {
        let mut matter = Matter::new(Form::Lead);
        // The sender believes in a list of its own that says the same number.
        let digest = list.digest();
        matter.ok(Q, "handler", about_stalls());
        matter.sign(Q);
        let forged = matter.forged(Q, |e| {
            let act = e.act.get().replace(&entry().digest().to_string(), &digest.to_string());
            e.act = serde_json::value::RawValue::from_string(act).unwrap();
        });
        matter.relist_at(W, &[list]);
        let refusal = matter.judge(W, &node(Q), &forged).unwrap_err();
        explained(&refusal);
        assert_eq!(refusal.code, code, "{what}");
    }
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.relist_at(W, &[ListEntry { title: "另一份清单".into(), ..entry() }]);
    let bytes = matter.wire[&node(Q)][0].0.clone();
    assert_eq!(matter.judge(W, &node(Q), &bytes).unwrap_err().code, "no-list-entry");
}

#[test]
fn a_receiver_refuses_what_is_not_addressed_to_it_unless_the_list_lets_it_be_passed_on() {
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { onward: false, ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    let bytes = matter.wire[&node(Q)][0].0.clone();
    assert_eq!(matter.judge(J, &node(Q), &bytes).unwrap_err().code, "not-addressed");
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { parties: vec![node(Q), node(W)], ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    let bytes = matter.wire[&node(Q)][0].0.clone();
    assert_eq!(matter.judge(J, &node(Q), &bytes).unwrap_err().code, "not-addressed");
}

#[test]
fn an_entry_that_ran_out_carries_what_was_opened_under_it_to_its_end() {
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { until: Some("2026-11-23".parse().unwrap()), ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    matter.after(1);
    matter.deliver();
    matter.take_in(W);
    matter.ok(W, "handler", json!({ "command": "accept" }));
    matter.ok(W, "handler", json!({ "command": "conclude", "outcome": "corrected" }));
    matter.deliver();
    matter.refused(Q, "handler", letter(Form::Lead, &[W]), "begun");
    let mut later = Matter::new(Form::Lead);
    later.sites = matter.sites.clone();
    later.sites.get_mut(Q).unwrap().state = lianzhi_procedure::Kind::Lead.empty();
    later.now = matter.now;
    later.refused(Q, "handler", letter(Form::Lead, &[W]), "not-on-the-list");
}

#[test]
fn further_material_and_outcomes_are_held_to_the_list_at_both_ends() {
    let fields = vec![Shared::Narrative, Shared::Place];
    let narrow = ListEntry { fields, ..entry() };
    let mut matter = Matter::new(Form::Lead);
    matter.relist(std::slice::from_ref(&narrow));
    let mut bare = letter(Form::Lead, &[W]);
    bare["exhibits"] = json!([]);
    matter.ok(Q, "handler", bare);
    matter.sign(Q);
    matter.deliver();
    let more = with(note("supplement"), "exhibits", json!([exhibit(9)]));
    matter.refused(Q, "handler", more, "field-not-allowed");
    let act = serde_json::from_value(json!({
        "act": "supplemented", "note": { "kind": "letter", "digest": exhibit(8) },
        "exhibits": [{ "exhibit": file(exhibit(9)), "name": "" }],
    }));
    let hostile = matter.next(Q, &act.unwrap());
    assert_eq!(matter.judge(W, &node(Q), &hostile).unwrap_err().code, "field-not-allowed");
    matter.take_in(W);
    matter.ok(W, "handler", json!({ "command": "accept" }));
    let conclude = json!({ "command": "conclude", "outcome": "corrected" });
    matter.refused(W, "handler", conclude, "field-not-allowed");
    // The local report is not held up by it, and the lead ends.
    let mut by_hand = matter.clone();
    matter.ok(W, "system", json!({ "command": "reach", "milestone": "closed", "outcome": "corrected" }));
    by_hand.ok(W, "handler", json!({ "command": "conclude", "outcome": "untold" }));
    for mut matter in [matter, by_hand] {
        matter.deliver();
        matter.all_at(&[Q, W], Stage::Concluded);
        let told = matter.acts(Q, W);
        let how = |act: &Act| matches!(act, Act::Concluded { outcome, .. } if *outcome != Conclusion::Untold);
        assert!(!told.iter().any(how), "that it ended is said, how stays there");
    }
}

#[test]
fn a_letter_must_be_complete_for_its_form() {
    for (form, field) in [
        (Form::Assistance, "asks"),
        (Form::Bulletin, "bulletin"),
        (Form::Dispute, "over"),
        (Form::Away, "away"),
    ] {
        let mut bare = letter(form, &[W]);
        bare.as_object_mut().unwrap().remove(field);
        let refusal = Matter::new(form).refused(Q, "handler", bare, "invalid-input");
        assert_eq!(refusal.field, Some(field));
    }
    let mut bare = letter(Form::Evidence, &[W]);
    (bare["exhibits"], bare["goods"]) = (json!([]), json!([]));
    Matter::new(Form::Evidence).refused(Q, "handler", bare, "invalid-input");
    for field in ["title", "text"] {
        let refusal = Matter::new(Form::Lead).refused(
            Q,
            "handler",
            with(letter(Form::Lead, &[W]), field, json!(" ")),
            "invalid-input",
        );
        assert_eq!(refusal.field, Some(field));
    }
    let unknown = with(letter(Form::Lead, &[W]), "exhibits", json!([Digest::ZERO]));
    Matter::new(Form::Lead).refused(Q, "handler", unknown, "invalid-input");
}
