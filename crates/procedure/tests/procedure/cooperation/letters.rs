//! 拟稿—审核—签发, 收文登记 and 分办.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Act, Stage};

#[test]
fn 行政处罚法42_a_request_for_assistance_names_an_officer_with_a_certificate() {
    let mut matter = Matter::new(Form::Assistance);
    let letter = letter(Form::Assistance, &[W]);
    let refusal = matter.refused(Q, "liaison", letter.clone(), "invalid-input");
    assert_eq!(refusal.field, Some("officers"));
    assert!(refusal.rule.contains("承办人") && refusal.source_text.contains("第四十二条"), "{refusal}");
    let nobody = with(letter.clone(), "officers", json!(["王某"]));
    assert_eq!(matter.refused(Q, "liaison", nobody, "invalid-input").field, Some("officers"));
    matter.ok(Q, "liaison", with(letter, "officers", json!("王某（执法证 沪01234）、李某 沪01235")));
    matter.sign(Q);
    matter.deliver();
    for at in [Q, W] {
        let officers: Vec<_> = matter.file(at).opening.officers.iter().map(|o| o.certificate()).collect();
        assert_eq!(officers, ["沪01234", "沪01235"]);
    }
}

fn drafted() -> Matter {
    let mut matter = Matter::new(Form::Lead);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter
}

#[test]
fn nothing_leaves_before_somebody_else_reviewed_it_and_a_third_signed_it() {
    let mut matter = drafted();
    assert_eq!(matter.stage(Q), Stage::Drafting);
    assert!(matter.waits(Q, "review"));
    matter.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "not-reviewed");
    matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    assert!(matter.wire.is_empty() && matter.waits(Q, "sign"));
    matter.refused(Q, "reviewer", json!({ "command": "review", "agreed": true }), "reviewed");
    matter.ok(Q, "leader", json!({ "command": "sign", "agreed": true }));
    assert_eq!((matter.stage(Q), matter.wire.len()), (Stage::Sent, 1));
}

#[test]
fn who_drafted_a_letter_neither_reviews_nor_signs_it_and_who_reviewed_it_does_not_sign_it() {
    let mut matter = Matter::new(Form::Lead);
    let site = matter.sites.get_mut(Q).unwrap();
    let mut all = (*site.directory.people[&lianzhi_testkit::city::person("handler")]).clone();
    all.posts[0].roles.extend([lianzhi_ids::Role::LegalReviewer, lianzhi_ids::Role::Leader]);
    let mut other = all.clone();
    (other.code, other.login) = (lianzhi_testkit::city::person("second"), "second".into());
    for person in [all, other] {
        std::sync::Arc::make_mut(&mut site.directory)
            .people
            .insert(person.code.clone(), std::sync::Arc::new(person));
    }
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    let (review, sign) =
        (json!({ "command": "review", "agreed": true }), json!({ "command": "sign", "agreed": true }));
    let refusal = matter.refused(Q, "handler", review.clone(), "own-draft");
    assert!(refusal.source_text.contains("公文处理规则"));
    matter.refused(Q, "handler", sign.clone(), "own-draft");
    // Another full stop by somebody else makes it nobody else's letter.
    matter.ok(Q, "second", json!({ "command": "review", "agreed": false, "note": "少一个句号" }));
    matter.ok(Q, "second", json!({ "command": "amend", "text": "请依法查处。" }));
    matter.refused(Q, "handler", review.clone(), "own-draft");
    matter.refused(Q, "second", review.clone(), "own-draft");
    matter.ok(Q, "reviewer", review);
    matter.refused(Q, "handler", sign.clone(), "own-draft");
    matter.refused(Q, "second", sign.clone(), "own-draft");
    matter.ok(Q, "leader", sign);
}

#[test]
fn only_those_whose_office_it_is_draft_review_sign_and_register() {
    let matter = Matter::new(Form::Lead);
    matter.refused(Q, "verifier", letter(Form::Lead, &[W]), "not-permitted");
    let matter = drafted();
    matter.refused(Q, "liaison", json!({ "command": "review", "agreed": true }), "not-permitted");
    matter.refused(Q, "reviewer", json!({ "command": "sign", "agreed": true }), "not-permitted");
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    matter.refused(W, "handler", json!({ "command": "register" }), "not-permitted");
    matter.ok(W, "liaison", json!({ "command": "register" }));
    matter.refused(W, "officer-b1", json!({ "command": "accept" }), "not-permitted");
}

#[test]
fn what_was_not_agreed_to_goes_back_with_a_reason_and_is_written_anew() {
    let mut matter = drafted();
    matter.refused(Q, "reviewer", json!({ "command": "review", "agreed": false }), "invalid-input");
    matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": false, "note": "写明地点" }));
    assert_eq!(matter.todos(Q), [("p:handler".to_owned(), "amend")]);
    matter.refused(Q, "reviewer", json!({ "command": "review", "agreed": true }), "reviewed");
    matter.ok(Q, "handler", with(letter(Form::Lead, &[W]), "command", json!("redraft")));
    matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    matter.refused(Q, "leader", json!({ "command": "sign", "agreed": false }), "invalid-input");
    matter.ok(Q, "leader", json!({ "command": "sign", "agreed": false, "note": "缺证据" }));
    matter.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "not-reviewed");
    matter.ok(Q, "handler", with(letter(Form::Lead, &[J]), "command", json!("redraft")));
    matter.sign(Q);
    assert_eq!(matter.file(Q).opening.to, [node(J)]);
    let redraft = with(letter(Form::Lead, &[W]), "command", json!("redraft"));
    matter.refused(Q, "handler", redraft, "wrong-stage");
}

#[test]
fn a_draft_can_be_given_up_and_then_never_leaves() {
    let mut matter = drafted();
    matter.refused(Q, "reviewer", json!({ "command": "discard" }), "not-permitted");
    matter.ok(Q, "handler", json!({ "command": "discard" }));
    assert_eq!(matter.stage(Q), Stage::Discarded);
    assert!(!matter.summary(Q).open && matter.summary(Q).todos.is_empty());
    matter.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "no-draft");
    matter.refused(Q, "handler", letter(Form::Lead, &[W]), "begun");
}

#[test]
fn a_further_letter_goes_the_same_way_one_at_a_time() {
    let mut matter = Matter::assigned(Form::Lead);
    let back = json!({ "command": "return", "ground": "not_here", "note": "不在本辖区" });
    matter.ok(W, "handler", back.clone());
    assert_eq!(matter.stage(W), Stage::Registered, "a draft says nothing yet");
    matter.refused(W, "handler", back.clone(), "drafting");
    matter.ok(W, "reviewer", json!({ "command": "review", "agreed": false, "note": "再核实" }));
    matter.ok(W, "handler", back);
    matter.sign(W);
    assert_eq!(matter.stage(W), Stage::Returned);
}

#[test]
fn a_draft_that_the_matter_has_overtaken_cannot_leave_and_can_be_discarded() {
    let mut matter = Matter::assigned(Form::Lead);
    matter.ok(Q, "handler", note("withdraw"));
    matter.ok(W, "handler", json!({ "command": "accept" }));
    matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    matter.deliver();
    assert_eq!(matter.stage(Q), Stage::Accepted);
    matter.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "wrong-stage");
    assert_eq!(matter.todos(Q), [("p:handler".to_owned(), "discard")]);
    assert!(matter.offered(Q, "handler", "discard") && !matter.offered(Q, "leader", "sign"));
    matter.ok(Q, "handler", json!({ "command": "discard" }));
    matter.all_at(&[Q, W], Stage::Accepted);
    assert!(matter.file(Q).draft.is_none() && matter.file(Q).discarded.is_none());
}

#[test]
fn a_matter_that_ended_keeps_a_pending_draft_only_to_be_discarded() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.letter(Q, note("withdraw"));
    matter.ok(W, "handler", json!({ "command": "reply", "text": "已核实" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    assert_eq!(matter.todos(W), [("p:handler".to_owned(), "discard")]);
    matter.ok(W, "reviewer", json!({ "command": "review", "agreed": true }));
    matter.refused(W, "leader", json!({ "command": "sign", "agreed": true }), "wrong-stage");
    matter.ok(W, "leader", json!({ "command": "discard" }));
    assert!(matter.todos(W).is_empty());
}

#[test]
fn numbers_are_the_cooperations_own_and_the_letters_own() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.letter(W, json!({ "command": "reply", "text": "已核实" }));
    matter.deliver();
    for at in [Q, W] {
        assert_eq!(matter.summary(at).number, "沪青协查2026-0001", "one number at every member");
        assert_eq!(matter.file(at).opening.paper, "沪青协查字〔2026〕1号");
        let papers: Vec<_> = matter.acts(at, W).iter().filter_map(|a| a.paper().map(str::to_owned)).collect();
        assert_eq!(papers, ["苏吴协复字〔2026〕1号"]);
        assert!(
            matches!(&matter.acts(at, W)[0], Act::Registered { number } if number == "苏吴收字〔2026〕1号")
        );
    }
    assert_eq!(matter.summary(W).external.as_deref(), Some("310118.1.7"));
}

#[test]
fn what_arrives_is_registered_then_given_to_somebody_then_handled() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    assert_eq!(matter.todos(W), [("r:liaison@node".to_owned(), "register")]);
    matter.refused(W, "liaison", json!({ "command": "accept" }), "not-assigned");
    matter.refused(W, "liaison", json!({ "command": "assign", "person": "handler" }), "not-registered");
    matter.ok(W, "liaison", json!({ "command": "register" }));
    matter.refused(W, "liaison", json!({ "command": "register" }), "wrong-stage");
    assert!(matter.waits(W, "assign"));
    for nobody in ["auditor", "nobody"] {
        let command = json!({ "command": "assign", "person": nobody });
        matter.refused(W, "liaison", command, "invalid-input");
    }
    matter.ok(W, "liaison", json!({ "command": "assign", "person": "handler" }));
    matter.ok(W, "liaison", json!({ "command": "assign", "person": "officer-b1" }));
    assert_eq!(matter.todos(W), [("p:officer-b1".to_owned(), "accept")]);
    let said: Vec<_> = matter.acts(W, W).iter().map(Act::code).collect();
    assert_eq!(said, ["registered", "opened"], "opened is said once");
    matter.ok(W, "officer-b1", json!({ "command": "accept" }));
    matter.refused(Q, "liaison", json!({ "command": "register" }), "wrong-stage");
}
