//! 证据移交互认.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Stage, Term};

fn judge(n: u8, verdict: &str) -> serde_json::Value {
    json!({ "command": "judge", "exhibit": exhibit(n), "verdict": verdict, "note": "理由" })
}

#[test]
fn evidence_is_judged_file_by_file_and_goods_are_signed_for_by_both() {
    let mut matter = Matter::assigned(Form::Evidence);
    assert!(matter.waits(W, "judge"));
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    matter.ok(W, "handler", judge(102, "rejected"));
    let refusal = matter.refused(W, "handler", json!({ "command": "take_goods" }), "not-given");
    assert!(refusal.source_text.contains("双方签字"));
    matter.refused(W, "handler", json!({ "command": "give_goods" }), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "give_goods" }));
    matter.deliver();
    assert!(matter.runs(W, Term::Answer) && matter.runs(Q, Term::Answer));
    matter.ok(W, "handler", json!({ "command": "take_goods", "note": "轮胎磨损" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    assert!(!matter.summary(Q).open && !matter.runs(Q, Term::Answer));
    let (by, verdict) = matter.file(Q).verdict(&exhibit(102)).unwrap();
    assert_eq!((by, verdict.code()), (&node(W), "judged"));
}

#[test]
fn evidence_is_judged_only_when_its_file_arrived_and_with_grounds_unless_recognised() {
    let mut matter = Matter::assigned(Form::Evidence);
    let refusal = matter.refused(W, "handler", judge(101, "recognised"), "not-arrived");
    assert!(refusal.source_text.contains("第四十六条"));
    matter.refused(W, "handler", judge(77, "recognised"), "invalid-input");
    matter.files_arrive(W);
    for verdict in ["rejected", "verify_on_site"] {
        let bare = json!({ "command": "judge", "exhibit": exhibit(101), "verdict": verdict });
        matter.refused(W, "handler", bare, "invalid-input");
    }
    matter.ok(W, "handler", json!({ "command": "judge", "exhibit": exhibit(101), "verdict": "recognised" }));
    matter.refused(Q, "handler", judge(101, "recognised"), "invalid-input");
}

#[test]
fn only_files_that_were_named_arrive_and_whole() {
    let mut matter = Matter::assigned(Form::Evidence);
    let arrive = |n, size| {
        let file = lianzhi_procedure::ExhibitRef { size, ..file(exhibit(n)) };
        json!({ "command": "arrive", "exhibit": file })
    };
    matter.refused(W, "system", arrive(77, 10), "invalid-input");
    matter.refused(W, "system", arrive(101, 9), "invalid-input");
    matter.refused(W, "handler", arrive(101, 10), "not-permitted");
    assert_eq!(matter.ok(W, "system", arrive(101, 10)).len(), 1);
    assert!(matter.ok(W, "system", arrive(101, 10)).is_empty(), "once");
    let serve = |n, to| json!({ "command": "serve", "exhibit": exhibit(n), "to": to });
    matter.refused(Q, "system", serve(77, W), "not-found");
    matter.refused(Q, "system", serve(101, J), "not-found");
    matter.ok(Q, "system", serve(101, W));
    assert_eq!(matter.file(Q).served.len(), 1);
}

#[test]
fn goods_on_their_way_are_signed_for_before_the_matter_ends() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.ok(Q, "handler", json!({ "command": "give_goods" }));
    matter.refused(Q, "handler", note("withdraw"), "goods-between");
    matter.refused(Q, "handler", json!({ "command": "close" }), "goods-between");
    matter.deliver();
    matter.ok(W, "handler", json!({ "command": "take_goods" }));
    matter.deliver();
    matter.letter(Q, note("withdraw"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    let mut bare = letter(Form::Evidence, &[W]);
    bare["goods"] = json!([]);
    let mut matter = Matter::new(Form::Evidence);
    matter.ok(Q, "handler", bare);
    matter.sign(Q);
    matter.refused(Q, "handler", json!({ "command": "give_goods" }), "no-goods");
}

#[test]
fn closed_and_judged_at_once_is_closed_and_the_verdict_counts() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.files_arrive(W);
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
    matter.ok(W, "handler", judge(102, "recognised"));
    matter.deliver();
    assert!(matter.file(Q).verdict(&exhibit(102)).is_some());
    assert!(!matter.runs(Q, Term::Answer) && !matter.runs(W, Term::Answer));
}

#[test]
fn withdrawn_and_the_last_judged_at_once_is_concluded_else_withdrawn() {
    for all in [true, false] {
        let mut bare = letter(Form::Evidence, &[W]);
        bare["goods"] = json!([]);
        let mut matter = Matter::new(Form::Evidence);
        matter.ok(Q, "handler", bare);
        matter.sign(Q);
        matter.deliver();
        matter.take_in(W);
        matter.files_arrive(W);
        matter.deliver();
        matter.ok(W, "handler", judge(101, "recognised"));
        if all {
            matter.ok(W, "handler", judge(102, "recognised"));
        }
        matter.letter(Q, note("withdraw"));
        matter.deliver();
        matter.all_at(&[Q, W], if all { Stage::Concluded } else { Stage::Withdrawn });
    }
}

#[test]
fn more_evidence_and_the_last_judged_at_once_runs_the_clock_again() {
    let mut bare = letter(Form::Evidence, &[W]);
    bare["goods"] = json!([]);
    let mut matter = Matter::new(Form::Evidence);
    matter.ok(Q, "handler", bare);
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.ok(W, "handler", judge(102, "recognised"));
    let more = with(note("supplement"), "exhibits", json!([exhibit(103)]));
    matter.ok(Q, "handler", more.clone());
    assert_eq!(matter.stage(W), Stage::Concluded);
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    assert!(matter.runs(Q, Term::Answer) && matter.runs(W, Term::Answer));
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(103, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    matter.refused(Q, "handler", more, "wrong-stage");
}
