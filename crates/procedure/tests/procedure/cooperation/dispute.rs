//! 争议协调.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Act, Stage, Turn};
use serde_json::Value;

fn record(competent: &str) -> Value {
    json!({ "command": "negotiate", "competent": competent, "note": "12 月 1 日面商" })
}
fn answer(agreed: bool) -> Value {
    json!({ "command": "answer_negotiation", "agreed": agreed })
}
fn advise(competent: &str) -> Value {
    json!({ "command": "advise", "competent": competent, "note": "协调组 12 月 2 日" })
}
fn advice(agreed: bool) -> Value {
    json!({ "command": "answer_advice", "agreed": agreed })
}
fn opened(to: &[&str]) -> Matter {
    let mut matter = Matter::sent(Form::Dispute, to);
    matter.deliver();
    for at in to {
        matter.take_in(at);
    }
    matter.deliver();
    matter
}
fn settled(matter: &Matter, nodes: &[&str], competent: &str) {
    matter.all_at(nodes, Stage::Settled);
    for at in nodes {
        assert_eq!(matter.file(at).competent(), Some(&node(competent)), "at {at}");
        assert!(!matter.summary(at).open && matter.file(at).running().count() == 0);
    }
}

#[test]
fn each_says_what_it_holds_and_who_filed_first_can_be_proved() {
    let mut matter = opened(&[W]);
    assert!(matter.waits(W, "position"));
    let filed =
        json!({ "number": "苏吴案2026-3", "at": "2026-11-01T00:00:00Z", "pos": 7, "leaf": exhibit(1) });
    matter.ok(W, "handler", with(note("position"), "filed", filed));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Negotiating);
    let said = matter.acts(Q, W);
    assert!(matches!(said.last(), Some(Act::Position { filed: Some(f), .. }) if f.pos == 7));
    assert!(matter.waits(Q, "negotiate"));
    let first =
        |matter: &Matter, at| matter.file(at).first_filed().map(|(who, filed)| (who.clone(), filed.pos));
    // Against what the other has not named yet nothing is the first (行政处罚法 25).
    assert_eq!([first(&matter, Q), first(&matter, W)], [None, None]);
    let earlier =
        json!({ "number": "沪青案2026-9", "at": "2026-10-31T00:00:00Z", "pos": 3, "leaf": exhibit(2) });
    matter.ok(Q, "handler", with(note("position"), "filed", earlier));
    matter.deliver();
    // The earlier filing is the first at both, whoever named it first.
    assert_eq!([first(&matter, Q), first(&matter, W)], [Some((node(Q), 3)), Some((node(Q), 3))]);
    // Whoever corrects itself is taken at its last word, and of two at one instant neither is the first.
    let same =
        json!({ "number": "沪青案2026-9", "at": "2026-11-01T00:00:00Z", "pos": 5, "leaf": exhibit(2) });
    matter.ok(Q, "handler", with(note("position"), "filed", same));
    matter.deliver();
    let places = matter.file(W).filings().iter().map(|(_, filed)| filed.pos).collect::<Vec<_>>();
    assert_eq!((places, first(&matter, W)), (vec![5, 7], None));
}

#[test]
fn the_own_case_that_a_party_names_leads_to_the_dispute() {
    let mut matter = opened(&[W]);
    matter.ok(W, "handler", with(note("position"), "link", json!(77)));
    let origin = vec![lianzhi_procedure::Tag::Origin(lianzhi_ids::DocketId(77))];
    assert_eq!((matter.file(W).link, matter.summary(W).tags), (Some(lianzhi_ids::DocketId(77)), origin));
    // The first that it named stays.
    matter.ok(W, "handler", with(note("position"), "link", json!(78)));
    assert_eq!(matter.file(W).link, Some(lianzhi_ids::DocketId(77)));
}

#[test]
fn what_one_records_and_the_other_confirms_settles_it() {
    let mut matter = opened(&[W]);
    matter.refused(W, "handler", answer(true), "no-record");
    matter.refused(W, "handler", record(J), "invalid-input");
    matter.ok(Q, "handler", record(W));
    matter.deliver();
    assert!(matter.waits(W, "answer_negotiation"));
    matter.refused(Q, "handler", answer(true), "no-record");
    matter.ok(W, "handler", answer(true));
    matter.deliver();
    settled(&matter, &[Q, W], W);
    matter.refused(Q, "handler", note("position"), "wrong-stage");
    matter.refused(Q, "handler", json!({ "command": "close" }), "wrong-stage");
}

#[test]
fn whoever_recorded_it_the_other_may_confirm() {
    let mut matter = opened(&[W]);
    matter.ok(W, "handler", record(Q));
    matter.deliver();
    matter.ok(Q, "handler", answer(true));
    matter.deliver();
    settled(&matter, &[Q, W], Q);
}

#[test]
fn two_different_records_at_once_settle_nothing_until_one_is_confirmed() {
    for (confirms, competent) in [(Q, W), (W, Q)] {
        let mut matter = opened(&[W]);
        matter.ok(Q, "handler", record(Q));
        matter.ok(W, "handler", record(W));
        matter.deliver();
        matter.all_at(&[Q, W], Stage::Negotiating);
        assert!(matter.waits(Q, "answer_negotiation") && matter.waits(W, "answer_negotiation"));
        matter.ok(confirms, "handler", answer(true));
        matter.deliver();
        settled(&matter, &[Q, W], competent);
    }
}

#[test]
fn two_records_at_once_of_the_same_settle_it() {
    let mut matter = opened(&[W]);
    matter.ok(Q, "handler", record(W));
    matter.ok(W, "handler", record(W));
    matter.deliver();
    settled(&matter, &[Q, W], W);
}

#[test]
fn both_confirm_the_others_record_at_once_and_the_later_record_counts() {
    let mut matter = opened(&[W]);
    matter.ok(Q, "handler", record(Q));
    matter.after(1);
    matter.ok(W, "handler", record(W));
    matter.deliver();
    matter.ok(Q, "handler", answer(true));
    matter.ok(W, "handler", answer(true));
    matter.deliver();
    settled(&matter, &[Q, W], W);
}

#[test]
fn an_answer_counts_for_its_record_only_and_is_not_taken_back() {
    let mut matter = opened(&[W, J]);
    matter.ok(Q, "handler", record(W));
    matter.deliver();
    matter.ok(W, "handler", answer(true));
    matter.ok(J, "handler", answer(false));
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Negotiating);
    matter.ok(Q, "handler", record(J));
    matter.deliver();
    matter.ok(J, "handler", answer(true));
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Negotiating);
    matter.ok(W, "handler", answer(true));
    matter.deliver();
    settled(&matter, &[Q, W, J], J);
    // Whoever goes back on its word by hand undoes nothing.
    let digest = matter.file(W).said[&node(Q)].last().unwrap().digest;
    let act = Act::NegotiationAnswered { record: digest, agreed: false, note: None };
    let entry = matter.next(W, &act);
    matter.hear(Q, &node(W), &entry).unwrap();
    assert_eq!(matter.stage(Q), Stage::Settled);
}

#[test]
fn within_a_province_the_common_superior_designates() {
    let designate =
        json!({ "command": "designate", "competent": P, "by": "市局", "number": "沪城管〔2026〕9号" });
    let mut matter = opened(&[P]);
    matter.refused(Q, "handler", designate.clone(), "not-permitted");
    let bare = with(designate.clone(), "number", json!(" "));
    matter.refused(Q, "liaison", bare, "invalid-input");
    matter.ok(Q, "liaison", designate.clone());
    matter.deliver();
    settled(&matter, &[Q, P], P);
    let across = opened(&[W]);
    let designate = with(designate, "competent", json!(W));
    let refusal = across.refused(Q, "liaison", designate, "no-common-superior");
    assert!(refusal.source_text.contains("行政处罚法第二十五条"));
}

#[test]
fn across_provinces_the_opinion_binds_only_when_both_accept_it() {
    let mut matter = opened(&[W]);
    matter.refused(W, "handler", advise(W), "not-permitted");
    matter.ok(W, "liaison", advise(W));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Advised);
    matter.ok(Q, "handler", advice(true));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Advised);
    assert!(matter.waits(W, "answer_advice") && !matter.waits(Q, "answer_advice"));
    assert_eq!(matter.file(Q).next().unwrap().who, [node(W)], "who accepted is not awaited");
    matter.ok(W, "handler", advice(true));
    matter.deliver();
    settled(&matter, &[Q, W], W);
}

#[test]
fn an_opinion_that_is_not_accepted_by_all_is_reported_up_and_ends_there() {
    let mut matter = opened(&[W]);
    matter.ok(W, "liaison", advise(W));
    matter.deliver();
    matter.ok(Q, "handler", advice(false));
    matter.ok(W, "handler", advice(true));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Advised);
    assert!(matter.waits(Q, "report_up"));
    for at in [Q, W] {
        let next = matter.file(at).next().unwrap();
        assert_eq!((next.turn, &next.who[..]), (Turn::Parties, &[node(Q), node(W)][..]));
        assert!(
            next.what.contains("双方案卷一并报请") && next.what.contains("上一级行政机关"),
            "{}",
            next.what
        );
    }
    matter.refused(
        Q,
        "handler",
        json!({ "command": "report_up", "to": " ", "note": "请示" }),
        "invalid-input",
    );
    // The superior of one of them is none of the other.
    let own = json!({ "command": "report_up", "to": "上海市城市管理行政执法局", "note": "请示" });
    assert_eq!(matter.refused(Q, "handler", own, "invalid-input").field, Some("to"));
    matter.letter(Q, json!({ "command": "report_up", "to": "司法部", "note": "请示" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::ReportedUp);
    matter.ok(Q, "handler", json!({ "command": "close", "note": "按上级决定" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn what_came_of_talks_is_known_once_all_have_answered_the_record() {
    for agreed in [true, false] {
        let mut matter = opened(&[W]);
        matter.ok(Q, "handler", record(W));
        matter.deliver();
        let digest = matter.file(Q).said[&node(Q)].last().unwrap().digest;
        assert_eq!([Q, W].map(|at| matter.file(at).talks(&digest)), [None, None]);
        matter.ok(W, "handler", answer(agreed));
        matter.deliver();
        assert_eq!([Q, W].map(|at| matter.file(at).talks(&digest)), [Some(agreed), Some(agreed)]);
    }
}

#[test]
fn an_opinion_answered_is_not_the_next_one_answered() {
    let mut matter = opened(&[W]);
    matter.ok(W, "liaison", advise(W));
    matter.deliver();
    matter.ok(Q, "handler", advice(true));
    matter.ok(W, "handler", advice(false));
    matter.deliver();
    matter.ok(Q, "liaison", advise(Q));
    matter.deliver();
    matter.ok(W, "handler", advice(true));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Advised);
    matter.ok(Q, "handler", advice(true));
    matter.deliver();
    settled(&matter, &[Q, W], Q);
}

#[test]
fn confirmed_and_withdrawn_or_closed_at_once_is_settled() {
    for command in ["withdraw", "close"] {
        let mut matter = opened(&[W]);
        matter.ok(Q, "handler", record(W));
        matter.deliver();
        if command == "close" {
            matter.ok(Q, "handler", note(command));
        } else {
            matter.letter(Q, note(command));
        }
        matter.ok(W, "handler", answer(true));
        matter.deliver();
        settled(&matter, &[Q, W], W);
    }
}

#[test]
fn advised_and_withdrawn_at_once_is_withdrawn_reported_up_and_withdrawn_reported_up() {
    let mut matter = opened(&[W]);
    matter.letter(Q, note("withdraw"));
    matter.ok(W, "liaison", advise(W));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    let mut matter = opened(&[W]);
    matter.ok(W, "handler", note("position"));
    matter.deliver();
    matter.letter(Q, note("withdraw"));
    matter.letter(W, json!({ "command": "report_up", "to": "司法部", "note": "请示" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::ReportedUp);
    matter.ok(Q, "handler", note("close"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
}

#[test]
fn negotiated_and_reported_up_at_once_is_reported_up_and_may_still_be_confirmed() {
    let mut matter = opened(&[W]);
    matter.ok(W, "handler", note("position"));
    matter.deliver();
    matter.ok(Q, "handler", record(W));
    matter.letter(W, json!({ "command": "report_up", "to": "司法部", "note": "请示" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::ReportedUp);
    matter.ok(W, "handler", answer(true));
    matter.deliver();
    settled(&matter, &[Q, W], W);
}

#[test]
fn designated_and_confirmed_at_once_is_as_designated() {
    let mut matter = opened(&[P]);
    matter.ok(Q, "handler", record(Q));
    matter.deliver();
    matter.ok(P, "handler", answer(true));
    let designate = json!({ "command": "designate", "competent": P, "by": "市局", "number": "1号" });
    matter.ok(Q, "liaison", designate);
    matter.deliver();
    settled(&matter, &[Q, P], P);
}
