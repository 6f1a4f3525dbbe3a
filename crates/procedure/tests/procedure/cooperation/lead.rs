//! 线索移送.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_procedure::cooperation::{Act, Conclusion, Milestone, Stage, Term, TransferGround, Turn};

#[test]
fn a_lead_goes_from_draft_to_outcome_the_same_at_both() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    assert_eq!(matter.stage(Q), Stage::Sent);
    matter.deliver();
    assert_eq!(matter.file(W).received.len(), 1);
    matter.take_in(W);
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Registered);
    matter.ok(W, "handler", json!({ "command": "accept", "note": "已受理" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    assert!(matter.waits(W, "conclude") && !matter.runs(Q, Term::Answer) && !matter.runs(W, Term::Answer));
    matter.ok(W, "handler", json!({ "command": "conclude", "outcome": "penalised", "note": "罚款" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    for at in [Q, W] {
        let row = matter.summary(at);
        assert!(!row.open && row.todos.is_empty() && row.wake_at.is_none() && row.closed_at.is_some());
    }
    assert_eq!((matter.summary(Q).source, matter.summary(W).source), ("outgoing", "incoming"));
}

#[test]
fn milestones_and_the_outcome_of_the_linked_report_cross_by_themselves_once() {
    let mut matter = Matter::assigned(Form::Lead);
    let reach =
        |milestone, outcome| json!({ "command": "reach", "milestone": milestone, "outcome": outcome });
    assert!(matter.ok(W, "system", reach("assigned", json!(null))).is_empty(), "before it was taken on");
    matter.ok(W, "handler", json!({ "command": "accept" }));
    matter.ok(W, "system", json!({ "command": "link", "docket": 12 }));
    assert_eq!(matter.file(W).link.map(|d| d.0), Some(12));
    for milestone in ["opened", "assigned", "on_site", "handled"] {
        assert_eq!(matter.ok(W, "system", reach(milestone, json!(null))).len(), 1);
        assert!(matter.ok(W, "system", reach(milestone, json!(null))).is_empty(), "once");
    }
    matter.ok(W, "system", reach("closed", json!("corrected")));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    let acts = matter.acts(Q, W);
    assert!(acts.contains(&Act::Reached { milestone: Milestone::OnSite }));
    assert!(acts.contains(&Act::Concluded { outcome: Conclusion::Corrected, note: None }));
    assert!(matter.ok(W, "system", reach("filed", json!(null))).is_empty(), "nobody waits any more");
    assert!(matter.ok(Q, "system", reach("filed", json!(null))).is_empty(), "only from the receiver");
    matter.refused(W, "handler", reach("filed", json!(null)), "not-permitted");
}

#[test]
fn a_lead_goes_back_with_a_ground_of_law_and_its_sender_closes_it() {
    let mut matter = Matter::assigned(Form::Lead);
    let back = json!({ "command": "return", "ground": "not_our_power", "note": "" });
    matter.refused(W, "handler", back, "invalid-input");
    matter.letter(W, json!({ "command": "return", "ground": "not_our_power", "note": "属水务" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Returned);
    assert!(matter.waits(Q, "close") && matter.summary(Q).open && !matter.summary(W).open);
    matter.refused(Q, "handler", note("urge"), "wrong-stage");
    matter.refused(W, "handler", json!({ "command": "accept" }), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn what_was_accepted_is_neither_returned_nor_withdrawn() {
    let mut matter = Matter::accepted(Form::Lead);
    matter.refused(Q, "handler", note("withdraw"), "wrong-stage");
    let back = json!({ "command": "return", "ground": "not_here", "note": "不在本辖区" });
    matter.refused(W, "handler", back, "not-theirs-to-say");
    matter.refused(W, "handler", json!({ "command": "accept" }), "not-theirs-to-say");
    matter.refused(Q, "handler", json!({ "command": "close" }), "wrong-stage");
    let forward = json!({ "command": "ask_forward", "to": J, "note": "在嘉善" });
    matter.refused(W, "handler", forward, "wrong-stage");
    matter.ok(Q, "handler", with(note("supplement"), "exhibits", json!([exhibit(7)])));
    matter.deliver();
    assert!(matter.file(W).received.contains_key(&exhibit(7)), "material is always welcome");
}

#[test]
fn before_it_is_accepted_its_sender_urges_and_withdraws() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.refused(W, "handler", note("urge"), "not-theirs-to-say");
    matter.refused(W, "liaison", note("urge"), "not-theirs-to-say");
    matter.ok(Q, "handler", note("urge"));
    matter.letter(Q, note("withdraw"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    matter.refused(W, "handler", json!({ "command": "accept" }), "wrong-stage");
    matter.refused(Q, "handler", note("withdraw"), "not-theirs-to-say");
    assert!(matter.todos(Q).is_empty() && matter.todos(W).is_empty());
}

#[test]
fn withdrawn_and_accepted_at_once_is_accepted() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.letter(Q, note("withdraw"));
    matter.ok(W, "handler", json!({ "command": "accept" }));
    assert_eq!((matter.stage(Q), matter.stage(W)), (Stage::Withdrawn, Stage::Accepted));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    matter.ok(W, "handler", json!({ "command": "conclude", "outcome": "unfounded" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
}

#[test]
fn withdrawn_and_returned_at_once_is_returned_and_can_be_closed() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.letter(Q, note("withdraw"));
    matter.letter(W, json!({ "command": "return", "ground": "settled", "note": "已处理" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Returned);
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn returned_and_supplemented_at_once_is_returned_with_the_material() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.ok(Q, "handler", with(note("supplement"), "exhibits", json!([exhibit(7)])));
    matter.letter(W, json!({ "command": "return", "ground": "insufficient", "note": "材料不足" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Returned);
    assert!(matter.file(W).received.contains_key(&exhibit(7)));
}

fn asked_forward() -> Matter {
    let mut matter = Matter::assigned(Form::Lead);
    matter.ok(W, "handler", json!({ "command": "ask_forward", "to": J, "note": "车辆在嘉善" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::ForwardAsked);
    matter
}

#[test]
fn with_consent_a_third_member_gets_the_lead_and_hears_what_was_said_before() {
    let mut matter = asked_forward();
    assert!(matter.waits(Q, "answer_forward"));
    matter.refused(W, "handler", json!({ "command": "accept" }), "wrong-stage");
    matter.refused(W, "liaison", json!({ "command": "answer_forward", "agreed": true }), "not-theirs-to-say");
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }));
    matter.deliver_all();
    matter.all_at(&[Q, W, J], Stage::Sent);
    for at in [Q, W, J] {
        assert_eq!(matter.file(at).receiver(), Some(&node(J)));
        assert_eq!(matter.acts(at, W), matter.acts(W, W));
    }
    assert!(!matter.summary(W).open && !matter.runs(W, Term::Answer), "it is the next one's now");
    assert!(matter.runs(J, Term::Register) && matter.runs(J, Term::Answer));
    assert_eq!(matter.file(J).due(), matter.file(Q).due(), "the term is the sender's");
    matter.take_in(J);
    matter.ok(J, "handler", json!({ "command": "accept" }));
    matter.ok(J, "handler", json!({ "command": "conclude", "outcome": "penalised" }));
    matter.deliver_all();
    matter.all_at(&[Q, W, J], Stage::Concluded);
}

#[test]
fn a_member_that_does_not_know_yet_that_it_was_passed_on_takes_the_word_of_the_third_later() {
    let mut matter = asked_forward();
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }));
    for _ in 0..2 {
        matter.take(J, Q);
    }
    matter.ok(J, "liaison", json!({ "command": "register" }));
    let early = matter.wire[&node(J)][0].0.clone();
    let refusal = matter.judge(W, &node(J), &early).unwrap_err();
    assert_eq!(refusal.code, "busy", "no fault of its author: it is sent again");
    explained(&refusal);
    matter.take(W, Q);
    matter.take(W, J);
    assert_eq!(matter.stage(W), Stage::Registered);
}

#[test]
fn without_consent_the_lead_stays_and_may_be_asked_for_again() {
    let mut matter = asked_forward();
    let again = json!({ "command": "ask_forward", "to": J, "note": "再请" });
    matter.refused(W, "handler", again.clone(), "wrong-stage");
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": false, "note": "请你处办理" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Registered);
    matter.ok(W, "handler", again);
    matter.deliver();
    matter.all_at(&[Q, W], Stage::ForwardAsked);
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }));
    matter.deliver_all();
    assert_eq!(matter.file(W).receivers(), [&node(W), &node(J)]);
    // What was refused to one is not refused to the next: it asks for itself.
    matter.take_in(J);
    matter.ok(J, "handler", json!({ "command": "ask_forward", "to": P, "note": "在浦东" }));
    matter.deliver_all();
    matter.all_at(&[Q, W, J], Stage::ForwardAsked);
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": false }));
    matter.deliver_all();
    matter.all_at(&[Q, W, J], Stage::Registered);
    matter.ok(J, "handler", json!({ "command": "accept" }));
}

#[test]
fn what_was_refused_to_one_receiver_may_be_asked_by_the_next() {
    let mut matter = asked_forward();
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": false }));
    matter.deliver();
    matter.ok(W, "handler", json!({ "command": "ask_forward", "to": P, "note": "在浦东" }));
    matter.deliver();
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }));
    matter.deliver_all();
    matter.take_in(P);
    matter.ok(P, "handler", json!({ "command": "ask_forward", "to": J, "note": "在嘉善" }));
    matter.deliver_all();
    matter.all_at(&[Q, W, P], Stage::ForwardAsked);
    assert!(matter.offered(Q, "liaison", "answer_forward"));
}

#[test]
fn a_lead_is_passed_on_only_as_the_list_says() {
    let forward = |to| json!({ "command": "ask_forward", "to": to, "note": "在那里" });
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { onward: false, ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    let refusal = matter.refused(W, "handler", forward(J), "no-onward");
    assert!(refusal.source_text.contains("协作清单 HZ-01"));
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { parties: vec![node(Q), node(W), node(J)], ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.refused(W, "handler", forward(P), "not-on-the-list");
    for party in [Q, W] {
        matter.refused(W, "handler", forward(party), "invalid-input");
    }
    matter.refused(W, "handler", forward("340100"), "not-on-the-list");
    matter.ok(W, "handler", forward(J));
}

#[test]
fn passed_on_and_withdrawn_at_once_is_withdrawn() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.letter(Q, note("withdraw"));
    matter.ok(W, "handler", json!({ "command": "ask_forward", "to": J, "note": "在嘉善" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    matter.refused(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }), "not-theirs-to-say");
}

#[test]
fn consented_to_and_returned_at_once_it_is_passed_on() {
    let mut matter = asked_forward();
    matter.ok(Q, "liaison", json!({ "command": "answer_forward", "agreed": true }));
    matter.letter(W, json!({ "command": "return", "ground": "not_here", "note": "不在本辖区" }));
    matter.deliver_all();
    matter.all_at(&[Q, W, J], Stage::Sent);
    assert!(matter.summary(Q).open && !matter.summary(W).open && matter.summary(J).open);
    assert!(matter.runs(Q, Term::Answer) && matter.runs(J, Term::Answer));
}

#[test]
fn a_lead_says_why_it_is_for_the_other_and_what_was_done_so_far() {
    let matter = Matter::new(Form::Lead);
    for (field, value) in [("ground", json!(null)), ("measures", json!(""))] {
        let refusal =
            matter.refused(Q, "handler", with(letter(Form::Lead, &[W]), field, value), "invalid-input");
        assert_eq!(refusal.field, Some(field));
    }
    let mut matter = Matter::new(Form::Lead);
    matter.letter(Q, with(letter(Form::Lead, &[W]), "ground", json!("crime")));
    matter.deliver();
    for at in [Q, W] {
        let opening = &matter.file(at).opening;
        assert_eq!(opening.ground, Some(TransferGround::Crime));
        assert!(opening.measures.is_some());
    }
    assert!(TransferGround::Crime.source().contains("第二十七条"));
}

#[test]
fn it_is_always_said_whose_turn_it_is_until_the_matter_has_ended() {
    let turn = |matter: &Matter, at| matter.file(at).next().map(|n| n.turn);
    let mut matter = Matter::new(Form::Lead);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    assert_eq!(turn(&matter, Q), Some(Turn::Office));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.deliver();
    assert_eq!((turn(&matter, Q), turn(&matter, W)), (Some(Turn::Receivers), Some(Turn::Receivers)));
    matter.ok(W, "handler", json!({ "command": "ask_forward", "to": J, "note": "企业在嘉善" }));
    matter.deliver();
    assert_eq!(turn(&matter, W), Some(Turn::Opener));
    for form in Form::ALL {
        let matter = Matter::assigned(form);
        assert_eq!(turn(&matter, Q).is_some(), matter.summary(Q).open, "{form:?}");
        assert_eq!(turn(&matter, Q), turn(&matter, W), "{form:?}");
    }
}
