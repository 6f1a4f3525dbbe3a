//! In which order a party is told and heard, and when the legal reviewer looks at it (行政处罚法 44, 45, 57(2), 58, 62–64).

use super::kit::*;
use lianzhi_procedure::penalty::{Penalty, Scope, Term, missing};
use lianzhi_procedure::{Procedure, Waiter};
use serde_json::Value;

fn decide() -> Value {
    json!({ "command": "decide", "note": "决定" })
}

fn says(case: &mut Docket) {
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我" }));
    case.ok("officer-a1", json!({ "command": "answer", "party": 1, "adopted": "none", "note": "有监控" }));
}

fn waive(hearing: bool) -> Value {
    json!({ "command": "waive", "party": 1, "hearing": hearing, "exhibits": photo() })
}

fn agree() -> Value {
    json!({ "command": "review", "opinion": "agree", "note": "同意" })
}

#[test]
fn 行政处罚法44_45_what_was_said_before_the_notice_does_not_stand_for_the_defence() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    says(&mut case);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    assert_eq!(case.against("第四十五条", "officer-a1", decide()).code, "defence-runs");
    // Five working days from Monday are over with the next Monday.
    case.days(7);
    case.against("第四十五条", "officer-a1", decide());
    case.days(1);
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法45_whoever_spoke_may_add_to_it_until_the_day_that_was_told_or_gives_the_rest_up() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.days(1);
    says(&mut case);
    let refusal = case.against("第四十五条", "officer-a1", decide());
    assert!(refusal.rule.contains("5 个工作日"), "{}", refusal.rule);
    assert!(Penalty::summary(&case.state).todos.is_empty(), "the party's time runs");
    let mut over = case.clone();
    over.days(7);
    over.tick();
    over.ok("officer-a1", decide());
    case.ok("officer-a1", waive(false));
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法62_told_anew_the_party_is_heard_anew() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    says(&mut case);
    case.ok("officer-a1", waive(false));
    case.hours(1);
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", with(charge(300_000), "new_evidence", json!(3)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 3, "note": "重新告知" }));
    case.against("第六十二条", "officer-a1", decide());
    case.serve_last();
    assert_eq!(case.against("第四十五条", "officer-a1", decide()).code, "defence-runs");
    case.days(4);
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法58_a_review_while_the_party_may_still_speak_is_advice_and_another_is_demanded() {
    let mut case = Docket::planned(LARGE, "company", 20_000_000);
    // Before the notice was even proposed.
    case.ok("legal", agree());
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.days(1);
    case.ok("legal", agree());
    case.against("第五十八条", "leader", discuss());
    case.days(9);
    case.tick();
    // The party said nothing: both terms are over, and only now it may be reviewed for the decision.
    let refusal = case.against("第五十八条", "officer-a1", decide());
    assert!(refusal.code == "review-missing" && refusal.remedy.contains("只供参考"), "{refusal:?}");
    let waits = Penalty::summary(&case.state).todos;
    assert!(waits.iter().any(|t| t.what == "review" && matches!(t.who, Waiter::Role(..))), "{waits:?}");
    case.ok("legal", agree());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法58_after_what_was_given_up_and_after_the_hearing_and_not_before() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.hours(1);
    case.ok("officer-a1", waive(false));
    case.hours(1);
    // The term for a hearing still runs.
    case.ok("legal", agree());
    case.hours(1);
    case.ok("officer-a1", waive(true));
    case.against("第五十八条", "officer-a1", decide());
    case.ok("legal", agree());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide());

    let mut heard = Docket::notified(LARGE, "company", 20_000_000);
    heard.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    heard.hours(1);
    heard.ok("legal", agree());
    heard.hours(1);
    let withdrawn = json!({
        "command": "drop_hearing", "party": 1, "ground": "withdrawn", "note": "撤回", "exhibits": photo(),
    });
    heard.ok("legal", withdrawn);
    heard.days(9);
    heard.tick();
    heard.against("第五十八条", "officer-a1", decide());
    let open = heard.with_facts("officer-a1", |facts| missing(heard.case(), facts));
    assert!(open.iter().any(|m| m.code == "review-missing"), "the desk says so too");
    heard.ok("legal", agree());
    heard.ok("leader", discuss());
    heard.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法44_45_the_party_s_last_day_ends_at_midnight_as_that_for_a_hearing_does() {
    let case = Docket::notified(LARGE, "company", 20_000_000);
    let due = |term| case.case().clock(term, Scope::Party(1)).unwrap().clock.running.due;
    assert_eq!(due(Term::Defence), due(Term::HearingRequest), "five working days each");
    assert_eq!(due(Term::Defence).to_string(), "2026-11-30T16:00:00Z");
}

#[test]
fn 行政处罚法64_a_hearing_asked_for_in_time_is_entered_although_it_reaches_the_desk_later() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.days(10);
    case.tick();
    let offered =
        case.offers("officer-a1").into_iter().any(|o| o.command == "ask_hearing" && o.refused.is_none());
    assert!(offered, "the form is there");
    let ask = |on: &str| json!({ "command": "ask_hearing", "party": 1, "on": on });
    case.against("第六十四条第一项", "officer-a1", ask("2026-12-01"));
    case.ok("officer-a1", ask("2026-11-30"));
    case.against("第六十三条", "officer-a1", decide());
}

#[test]
fn 行政处罚法33_put_right_is_what_each_party_was_ordered_and_not_what_another_did() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    let mut papers = Vec::new();
    for party in [1, 2] {
        case.ok("officer-a1", json!({ "command": "order", "party": party, "note": "恢复原状" }));
        case.serve_last();
        papers.push(case.case().papers.last().unwrap().paper.id);
    }
    let seen = |order: u16, done: bool| json!({ "command": "reinspect", "order": order, "done": done, "note": "复查" });
    case.ok("officer-a1", seen(papers[0], true));
    case.ok("officer-a1", seen(papers[1], false));
    let spare = json!({ "command": "no_penalty", "ground": "minor", "note": "轻微" });
    case.against("第三十三条", "officer-a1", spare.clone());
    case.ok("officer-a1", seen(papers[1], true));
    case.ok("officer-a1", spare);
}

#[test]
fn 行政处罚法64_the_form_says_the_first_day_of_a_hearing_and_the_last_one_for_its_call() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let asked = case.hint("officer-a1", "ask_hearing", "on");
    assert!(asked.contains("最迟 2026-11-30") && asked.contains("第64条"), "{asked}");
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    // Seven working days before Wednesday 2 December is Monday 23 November, today.
    let said = case.hint("legal", "call_hearing", "on");
    assert!(said.contains("最早于 2026-12-02 举行") && said.contains("第64条"), "{said}");
    assert!(said.contains("向前数 7 个工作日"), "the arithmetic: {said}");
    let call = |day: &str| {
        let on = format!("{day}T01:00:00Z");
        json!({ "command": "call_hearing", "party": 1, "on": on, "chair": "legal-2", "note": "三楼会议室" })
    };
    case.against("第六十四条第二项", "legal", call("2026-12-01"));
    let mut first = case.clone();
    first.ok("legal", call("2026-12-02"));
    // For a later one the call may be served until the day that the form of service says.
    case.ok("legal", call("2026-12-11"));
    let serve = case.hint("officer-a1", "serve", "at");
    let number = &case.case().papers.last().unwrap().paper.number;
    assert!(serve.contains(&format!("{number} 最迟须于 2026-12-02 送达")), "{serve}");
    case.days(9);
    case.serve_last();
    assert!(case.offers("officer-a1").iter().all(|offer| offer.command != "serve"), "it arrived");
    let hold = json!({ "command": "hold_hearing", "party": 1, "note": "报告", "exhibits": photo() });
    case.days(10);
    case.ok("legal-2", hold.clone());
    first.days(1);
    first.serve_last();
    first.days(10);
    first.against("第六十四条第二项", "legal-2", hold);
}

#[test]
fn 行政处罚法61_the_form_of_service_says_by_when_a_decision_must_arrive() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", waive(false));
    case.approved("officer-a1", decide());
    let last =
        case.last_day(Term::ServeDecision, Scope::Paper(case.case().papers.last().unwrap().paper.id, 1));
    let said = case.hint("officer-a1", "serve", "at");
    assert!(said.contains(&format!("最迟须于 {last} 送达")), "{said}");
}

#[test]
fn 行政处罚法33_the_form_of_a_promise_says_its_last_day() {
    let mut case = Docket::filed(SMALL, "person");
    let said = case.hint("officer-a1", "promise", "until");
    assert!(said.contains("最迟 2026-12-23"), "{said}");
    let promise =
        |until: &str| json!({ "command": "promise", "party": 1, "until": until, "exhibits": photo() });
    case.refused("officer-a1", promise("2026-12-24"));
    case.ok("officer-a1", promise("2026-12-23"));
}

#[test]
fn 行政处罚法46_58_evidence_is_excluded_by_its_officers_or_a_reviewer_and_the_review_of_it_falls() {
    let mut case = Docket::large();
    let exclude = |id: u16| json!({ "command": "exclude", "evidence": id, "note": "没有出示证件" });
    assert_eq!(case.refused("officer-a3", exclude(1)).code, "not-your-case");
    case.clone().ok("officer-a1", decide());
    for who in ["officer-a1", "legal"] {
        let mut case = case.clone();
        case.ok(who, exclude(1));
        case.against("第五十八条", "officer-a1", decide());
        case.hours(1);
        case.ok("legal", agree());
        case.against("第五十七条第二款", "officer-a1", decide());
        case.ok("leader", discuss());
        case.ok("officer-a1", decide());
    }
}
