//! 异地执法与处罚结果互认.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Act, Stage, Term};

fn grant() -> serde_json::Value {
    json!({ "command": "grant", "note": "限 12 月 10 日前", "until": "2026-12-10T00:00:00Z" })
}

#[test]
fn an_inspection_away_from_home_is_granted_by_letter_and_reported() {
    let mut matter = Matter::assigned(Form::Away);
    assert!(matter.waits(W, "grant"));
    matter.refused(Q, "handler", note("report"), "wrong-stage");
    matter.letter(W, grant());
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Granted);
    assert!(matter.waits(Q, "report") && !matter.runs(Q, Term::Answer));
    matter.refused(Q, "handler", note("withdraw"), "wrong-stage");
    matter.ok(Q, "handler", note("report"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
}

#[test]
fn a_penalty_that_is_recognised_needs_no_report() {
    let mut matter = Matter::new(Form::Away);
    let recognise = with(letter(Form::Away, &[W]), "away", json!("recognise"));
    let refusal = matter.refused(Q, "handler", recognise.clone(), "invalid-input");
    assert_eq!(refusal.field, Some("over"), "a case without a decision imposes nothing");
    let penalty = json!({ "number": "沪青案2026-3", "item": "JZLJ-01", "from": "2026-11-01", "to": "2026-11-01",
        "on": "2026-11-20", "fine": 500_000, "decision": "沪青罚决〔2026〕3号" });
    matter.ok(Q, "handler", with(recognise, "penalties", json!([penalty])));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.letter(W, grant());
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
}

#[test]
fn it_is_refused_only_with_a_ground_of_law_and_then_closed() {
    let mut matter = Matter::assigned(Form::Away);
    matter.letter(W, json!({ "command": "refuse", "ground": "forbidden", "note": "无法律依据" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Refused);
    matter.refused(W, "handler", grant(), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn what_was_granted_and_never_used_is_closed() {
    let mut matter = Matter::assigned(Form::Away);
    matter.letter(W, grant());
    matter.deliver();
    matter.ok(Q, "handler", json!({ "command": "close", "note": "当事人已离开" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn withdrawn_and_granted_or_refused_at_once_is_withdrawn() {
    for answer in [grant(), json!({ "command": "refuse", "ground": "secret", "note": "不能" })] {
        let mut matter = Matter::assigned(Form::Away);
        matter.letter(Q, note("withdraw"));
        matter.letter(W, answer);
        matter.deliver();
        matter.all_at(&[Q, W], Stage::Withdrawn);
        assert!(matter.todos(Q).is_empty() && matter.todos(W).is_empty());
    }
}

#[test]
fn two_officers_with_certificates_go_to_inspect_and_are_named_beforehand() {
    let matter = Matter::new(Form::Away);
    for officers in [json!([]), json!(["王某（执法证 1）"]), json!(["王某（执法证 1）", "李某"])]
    {
        let alone = with(letter(Form::Away, &[W]), "officers", officers);
        let refusal = matter.refused(Q, "handler", alone, "invalid-input");
        assert_eq!((refusal.field, &*refusal.source_text), (Some("officers"), "行政处罚法第四十二条"));
    }
    let sent = Matter::sent(Form::Away, &[W]);
    let officers = &sent.file(Q).opening.officers;
    assert_eq!((officers[1].name(), officers[1].certificate()), ("李某", "310118002"));
}

/// The list of the members with an end.
fn until(matter: &mut Matter, day: &str) {
    let list = vec![lianzhi_exchange::compact::ListEntry { until: day.parse().ok(), ..entry() }];
    let roster = std::sync::Arc::new(roster(list));
    for site in matter.sites.values_mut() {
        std::sync::Arc::make_mut(&mut site.directory).roster = Some(roster.clone());
    }
}

#[test]
fn an_inspection_is_granted_no_longer_than_the_list_stands() {
    let mut matter = Matter::new(Form::Away);
    until(&mut matter, "2026-12-05");
    matter.ok(Q, "handler", letter(Form::Away, &[W]));
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    let refusal = matter.refused(W, "handler", grant(), "invalid-input");
    assert_eq!(refusal.field, Some("until"));
    assert!(refusal.rule.contains("2026-12-05") && refusal.source_text.contains("HZ-01"), "{refusal}");
    let past = with(grant(), "until", json!("2026-11-01T00:00:00Z"));
    assert_eq!(matter.refused(W, "handler", past, "invalid-input").field, Some("until"));
    // Its last day still counts; without an end it ends with the list.
    let mut bounded = matter.clone();
    matter.letter(W, with(grant(), "until", json!("2026-12-05T16:00:00Z")));
    bounded.letter(W, json!({ "command": "grant", "note": "同意" }));
    bounded.deliver();
    let granted = bounded.file(Q).acts(&node(W)).find_map(|act| match act {
        Act::Granted { until, .. } => *until,
        _ => None,
    });
    assert_eq!(granted, "2026-12-05T16:00:00Z".parse().ok());
}
