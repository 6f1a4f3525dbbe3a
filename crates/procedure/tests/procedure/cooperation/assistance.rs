//! 协助调查.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Act, Stage, Term};

fn reply() -> serde_json::Value {
    json!({ "command": "reply", "text": "已核实，见附件", "exhibits": [exhibit(40)],
        "taken": [{ "exhibit": exhibit(40), "name": "询问笔录", "takers": ["张三（320509001）"] }] })
}

fn replied() -> Matter {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.letter(W, reply());
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Replied);
    matter
}

#[test]
fn help_goes_from_request_to_an_accepted_reply() {
    let mut matter = replied();
    assert!(matter.waits(Q, "accept_reply") && !matter.waits(W, "accept_reply"));
    let files = &matter.file(Q).received;
    assert_eq!(files.keys().collect::<Vec<_>>(), [&exhibit(40)]);
    assert!(!matter.runs(Q, Term::Answer) && !matter.runs(W, Term::Answer));
    matter.refused(W, "liaison", json!({ "command": "accept_reply" }), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "accept_reply" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
    assert!(!matter.summary(Q).open && !matter.summary(W).open);
    matter.refused(Q, "handler", note("ask_again"), "not-theirs-to-say");
}

#[test]
fn a_reply_needs_acceptance_words_and_a_signature() {
    let mut matter = Matter::assigned(Form::Assistance);
    matter.refused(W, "handler", reply(), "not-theirs-to-say");
    matter.ok(W, "handler", json!({ "command": "accept" }));
    matter.refused(W, "handler", json!({ "command": "reply", "text": "" }), "invalid-input");
    matter.ok(W, "handler", reply());
    matter.deliver();
    assert_eq!(matter.stage(Q), Stage::Accepted, "nothing leaves unreviewed");
}

#[test]
fn help_is_refused_only_with_a_ground_of_law() {
    let mut matter = Matter::assigned(Form::Assistance);
    let kind = lianzhi_procedure::Kind::Assistance;
    let busy = json!({ "command": "refuse", "ground": "too_busy", "note": "人手不够" });
    explained(&kind.command(busy).unwrap_err());
    let refuse = |note| json!({ "command": "refuse", "ground": "not_delegable", "note": note });
    matter.refused(W, "handler", refuse(""), "invalid-input");
    matter.letter(W, refuse("行政强制不得委托"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Refused);
    assert!(matter.waits(Q, "close") && !matter.summary(W).open);
    matter.refused(W, "handler", json!({ "command": "accept" }), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn asked_again_the_term_begins_anew_at_both() {
    let mut matter = replied();
    matter.after(3);
    matter.ok(Q, "handler", note("ask_again"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    assert!(matter.runs(Q, Term::Answer) && matter.runs(W, Term::Answer));
    assert_eq!(matter.file(Q).due(), matter.file(W).due());
    assert!(matter.file(Q).due() > matter.file(Q).opening.due);
    assert!(matter.waits(W, "reply"));
    matter.letter(W, reply());
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Replied);
    matter.ok(Q, "handler", json!({ "command": "accept_reply" }));
}

#[test]
fn withdrawn_and_replied_at_once_is_withdrawn_and_the_reply_stays_as_material() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.letter(Q, note("withdraw"));
    matter.letter(W, reply());
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    assert!(matter.file(Q).received.contains_key(&exhibit(40)));
    assert!(!matter.runs(Q, Term::Answer) && !matter.runs(W, Term::Answer));
}

#[test]
fn withdrawn_and_accepted_or_refused_at_once_is_withdrawn() {
    for refuse in [false, true] {
        let mut matter = Matter::assigned(Form::Assistance);
        matter.letter(Q, note("withdraw"));
        if refuse {
            matter.letter(W, json!({ "command": "refuse", "ground": "privacy", "note": "不能提供" }));
        } else {
            matter.ok(W, "handler", json!({ "command": "accept" }));
        }
        matter.deliver();
        matter.all_at(&[Q, W], Stage::Withdrawn);
        assert!(!matter.summary(Q).open && !matter.summary(W).open);
    }
}

#[test]
fn withdrawn_and_extended_at_once_is_withdrawn_with_one_due_date() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.letter(Q, note("withdraw"));
    matter.letter(W, json!({ "command": "extend", "days": 5, "note": "当事人外出" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    assert_eq!(matter.file(Q).due(), matter.file(W).due());
    assert!(!matter.runs(Q, Term::Answer));
}

#[test]
fn the_requester_judges_what_came_with_the_reply_also_after_accepting_it() {
    let mut matter = replied();
    let judge = json!({ "command": "judge", "exhibit": exhibit(40), "verdict": "recognised" });
    let refusal = matter.refused(Q, "handler", judge.clone(), "not-arrived");
    assert!(refusal.source_text.contains("行政处罚法第四十六条"));
    matter.files_arrive(Q);
    matter.ok(Q, "handler", json!({ "command": "accept_reply" }));
    matter.ok(Q, "handler", judge);
    matter.deliver();
    assert!(matter.file(W).verdict(&exhibit(40)).is_some());
}

#[test]
fn 行政强制法17_help_to_enforce_is_the_receiver_s_own_decision_in_its_own_name() {
    let mut matter = Matter::new(Form::Assistance);
    matter.letter(Q, with(letter(Form::Assistance, &[W]), "asks", json!(["help_enforce"])));
    matter.deliver();
    matter.take_in(W);
    matter.ok(W, "handler", json!({ "command": "accept" }));
    let done = json!({ "command": "reply", "text": "已依法强制执行" });
    let refusal = matter.refused(W, "handler", done.clone(), "invalid-input");
    assert_eq!(refusal.field, Some("decision"));
    assert!(refusal.source_text.contains("行政强制法第十七条"), "{refusal}");
    // What was not done needs none.
    matter.ok(W, "handler", with(done.clone(), "undone", json!("当事人已自动履行")));
    matter.ok(W, "handler", json!({ "command": "discard" }));
    matter.letter(W, with(done, "decision", json!("苏吴城强决字〔2026〕3号")));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Replied);
    let said =
        |act: &Act| matches!(act, Act::Replied { decision: Some(number), .. } if number.contains("强决字"));
    assert!(matter.file(Q).said.values().flatten().any(|s| said(&s.act)), "the requester has its number");
}
