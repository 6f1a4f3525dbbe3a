//! Steps before the decision: hearings under a new notice, who may decide, what a review that did not agree brings about.

use super::kit::*;
use lianzhi_procedure::penalty::{
    Bringing, BroughtOrder, BroughtStatement, Command, Event, Hearing, OrderKind, PaperKind, Penalty,
    Registering, Scope, Service, SplitFrom, Term, Told, Way, catalogue, folios, objection, review_demanded,
};
use lianzhi_procedure::{Procedure, Text};
use serde_json::Value;

/// A company that asked for a hearing, and is called to it for 11 December.
fn called() -> Docket {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    case.ok(
        "legal",
        json!({
            "command": "call_hearing", "party": 1, "on": "2026-12-11T01:00:00Z", "chair": "legal-2", "note": "三楼会议室",
        }),
    );
    case.serve_last();
    case
}

fn drop_hearing(ground: &str, exhibits: Value) -> Value {
    json!({
        "command": "drop_hearing", "party": 1, "ground": ground, "note": "情况说明", "exhibits": exhibits,
    })
}

fn renotified(case: &mut Docket) {
    case.hours(1);
    let change = json!({
        "command": "set_violation", "violation": 1, "item": LARGE, "from": "2026-11-19", "facts": "多倒一车",
    });
    case.ok("officer-a1", change);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "重新告知" }));
    case.serve_last();
}

#[test]
fn 行政处罚法63_a_hearing_that_was_asked_for_survives_a_new_notice() {
    let mut case = called();
    renotified(&mut case);
    assert!(matches!(case.case().parties[0].rights.hearing, Hearing::Called { .. }));
    let decide = json!({ "command": "decide", "note": "决定" });
    case.days(10);
    case.against("第六十三条", "officer-a1", decide);
    case.days(9);
    case.ok("legal-2", json!({ "command": "hold_hearing", "party": 1, "note": "报告", "exhibits": photo() }));
    // One that was held stays in the file, and the review that follows from it too.
    renotified(&mut case);
    let party = &case.case().parties[0];
    assert!(party.rights.hearing == Hearing::None && party.rights.held.len() == 1);
    assert_eq!(review_demanded(case.case()), Some("行政处罚法第五十八条第一款第二项"));
    let listed: Vec<_> = catalogue(case.case()).into_iter().map(|l| l.title).collect();
    assert!(listed.iter().any(|t| t == "听证笔录") && listed.iter().any(|t| t == "听证报告"), "{listed:?}");
    let record = "hearing-1".parse().unwrap();
    assert!(folios::title(case.case(), record).is_some());
}

#[test]
fn 行政处罚法44_nobody_is_told_again_when_nothing_changed() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let notify = json!({ "command": "notify", "days": 5, "note": "再次告知" });
    assert_eq!(case.refused("officer-a1", notify.clone()).code, "already-told");
    assert!(!case.offers("officer-a1").iter().any(|o| o.command == "notify"));
    case.ok("officer-a1", charge(30_000_000));
    case.ok("officer-a1", notify);
}

#[test]
fn 行政处罚法64_6_a_hearing_is_given_up_by_the_party_s_own_hand_or_by_staying_away_from_it() {
    let mut asked = Docket::notified(LARGE, "company", 20_000_000);
    asked.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    // Nobody stays away from what was not called.
    asked.against("第六十四条第六项", "legal", drop_hearing("absent", photo()));
    asked.against("第六十四条第六项", "legal", drop_hearing("withdrawn", json!([])));
    asked.ok("legal", drop_hearing("withdrawn", photo()));
    assert!(matches!(asked.case().parties[0].rights.hearing, Hearing::GivenUp { .. }));
    // Before the hour nobody is absent; nor is who was not called in time.
    let mut case = called();
    case.against("第六十四条第六项", "legal", drop_hearing("absent", json!([])));
    case.days(19);
    case.ok("legal", drop_hearing("absent", json!([])));
    let mut unserved = Docket::notified(LARGE, "company", 20_000_000);
    unserved.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    unserved.ok(
        "legal",
        json!({
            "command": "call_hearing", "party": 1, "on": "2026-12-11T01:00:00Z", "chair": "legal-2", "note": "会议室",
        }),
    );
    unserved.days(19);
    unserved.against("第六十四条第二项", "legal", drop_hearing("absent", json!([])));
}

#[test]
fn 行政处罚法57_2_leaders_discuss_and_the_last_word_counts() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.against("第五十七条第二款", "leader", with(discuss(), "present", json!(["leader", "captain-a"])));
    case.against("第五十七条第二款", "leader", with(discuss(), "present", json!(["leader", "legal"])));
    case.ok("leader", discuss());
    let decide = json!({ "command": "decide", "note": "决定" });
    assert!(case.ask("officer-a1", decide.clone()).is_ok());
    case.ok("leader", with(discuss(), "agreed", json!(false)));
    case.against("第五十七条第二款", "officer-a1", decide);
}

#[test]
fn 行政处罚法58_whoever_checked_the_lead_neither_reviews_nor_presides() {
    let mut case = Docket::new();
    case.ok("officer-a1", register(LARGE, "company"));
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("captain-a", json!({ "command": "verify", "established": true, "note": "属实" }));
    assert!(case.case().handled_by.contains(&lianzhi_testkit::city::person("captain-a")));
}

#[test]
fn 行政处罚法64_4_only_who_can_preside_is_named_and_the_party_may_challenge_him() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    let call = |chair: &str| json!({ "command": "call_hearing", "party": 1, "on": "2026-12-11T01:00:00Z", "chair": chair, "note": "会议室" });
    for chair in ["officer-b1", "panelist", "officer-a2"] {
        case.against("第六十四条第四项", "legal", call(chair));
    }
    case.ok("legal", call("legal-2"));
    case.serve_last();
    let recuse = |with: &str| json!({ "command": "recuse", "person": "legal-2", "with": with, "asked": 1, "note": "与当事人有利害关系" });
    case.refused("officer-a1", with(recuse("leader-2"), "asked", json!(9)));
    for instead in ["officer-a3", "legal-2", "officer-a2"] {
        case.refused("officer-a1", recuse(instead));
    }
    case.ok("officer-a1", recuse("leader-2"));
    let proposal = case.case().proposals;
    assert!(serde_json::to_string(&case.events).unwrap().contains("\"asked\":1"), "who asked is kept");
    case.ok("leader", json!({ "command": "approve", "proposal": proposal, "agreed": true }));
    case.days(19);
    let hold = json!({ "command": "hold_hearing", "party": 1, "note": "听证报告", "exhibits": photo() });
    case.against("第六十四条第四项", "legal-2", hold.clone());
    case.ok("leader-2", hold);
}

#[test]
fn 行政处罚法43_3_nobody_decides_whether_he_stands_aside_himself() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    let call = json!({
        "command": "call_hearing", "party": 1, "on": "2026-12-11T01:00:00Z", "chair": "leader", "note": "会议室",
    });
    case.ok("legal", call);
    let recuse =
        json!({ "command": "recuse", "person": "leader", "with": "legal", "asked": 1, "note": "亲属" });
    case.ok("officer-a1", recuse);
    let proposal = case.case().proposals;
    let approve = json!({ "command": "approve", "proposal": proposal, "agreed": true });
    case.against("第四十三条第三款", "leader", approve.clone());
    case.ok("leader-2", approve);
}

#[test]
fn 行政处罚法43_a_reviewer_who_stands_aside_reviews_no_more_and_his_review_does_not_count() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    let review = json!({ "command": "review", "opinion": "agree", "note": "同意" });
    case.ok("legal", review.clone());
    let recuse = json!({ "command": "recuse", "person": "legal", "with": "legal-2", "asked": 1, "note": "有利害关系" });
    case.refused("officer-a1", with(recuse.clone(), "with", json!("officer-a3")));
    case.approved("officer-a1", recuse);
    case.against("第五十八条", "leader", discuss());
    case.against("第四十三条", "legal", review.clone());
    case.ok("legal-2", review);
    case.ok("leader", discuss());
}

#[test]
fn 行政处罚法42_a_recusal_that_others_overtook_leaves_no_officer_twice() {
    let mut case = Docket::filed(SMALL, "person");
    let recuse =
        json!({ "command": "recuse", "person": "officer-a2", "with": "officer-a3", "note": "当事人亲属" });
    case.ok("officer-a1", recuse);
    let proposal = case.case().proposals;
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a2", "second": "officer-a3" }));
    let approve = json!({ "command": "approve", "proposal": proposal, "agreed": true });
    case.against("第四十二条", "leader", approve);
}

#[test]
fn 行政处罚法58_a_review_that_did_not_agree_sends_the_case_back_to_be_mended_and_reviewed_again() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.tick();
    let first = |case: &Docket| Penalty::summary(&case.state).todos.first().map(|t| t.what);
    let resubmit = json!({ "command": "resubmit", "note": "已补充裁量理由" });
    assert_eq!(first(&case), Some("review"));
    case.against("第五十八条", "officer-a1", resubmit.clone());
    case.ok("legal", json!({ "command": "review", "opinion": "supplement", "note": "补充裁量证据" }));
    assert_eq!(first(&case), Some("resubmit"), "the officer in charge mends it");
    assert!(objection(case.case()).is_some());
    case.against("第五十八条", "leader", discuss());
    case.ok("officer-a1", resubmit);
    assert_eq!(first(&case), Some("review"));
    assert!(objection(case.case()).is_none());
    // New evidence does the same.
    case.ok("legal", json!({ "command": "review", "opinion": "disagree", "note": "证据不足" }));
    assert_eq!(first(&case), Some("resubmit"));
    case.ok("officer-a1", record("inspection"));
    assert_eq!(first(&case), Some("review"));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    assert_eq!(first(&case), Some("discuss"));
}

#[test]
fn 国办发2018_118_a_review_of_a_proposal_stands_in_the_file_and_an_adverse_one_sends_it_back() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    let id = case.case().proposals;
    assert!(case.case().pending[0].wants_review(), "the list of the place names it");
    let review = |opinion: &str| json!({ "command": "review_proposal", "proposal": id, "opinion": opinion, "note": "不构成犯罪" });
    case.ok("legal", review("disagree"));
    let file = case.case();
    assert!(file.pending.is_empty(), "it went back");
    assert_eq!(file.returned.map(|(title, _)| title), Some("移送涉嫌犯罪案件"));
    assert_eq!(file.reviews.iter().map(|r| r.proposal).collect::<Vec<_>>(), [Some(id)]);
    assert_eq!(file.plan_reviews().count(), 0, "no review of the plan");
    let folio = format!("proposal_review-{id}").parse().unwrap();
    assert!(catalogue(file).iter().any(|l| l.form == "D12" && l.folio == Some(folio)));
    assert!(folios::all(file).contains(&folio));
}

#[test]
fn 行政处罚法28_a_look_before_the_day_of_an_order_is_over_shows_no_disobedience() {
    let mut case = Docket::filed("SHLJ-02", "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(10_000));
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "分类投放", "until": "2026-11-25" }),
    );
    case.serve_last();
    let paper = case.paper(PaperKind::Correction);
    let look = json!({ "command": "reinspect", "order": paper, "done": false, "note": "没有改正" });
    case.days(1);
    case.ok("officer-a1", look.clone());
    let notify = json!({ "command": "notify", "days": 5, "note": "告知" });
    assert_eq!(case.refused("officer-a1", notify.clone()).code, "order-first");
    case.days(2);
    case.tick();
    let todos = Penalty::summary(&case.state).todos;
    assert!(
        todos.iter().any(|t| t.what == "reinspect"),
        "the day is over: somebody looks, before the decision too"
    );
    case.ok("officer-a1", look);
    case.ok("officer-a1", notify);
}

#[test]
fn 民事诉讼法_a_party_that_turns_up_while_a_public_notice_runs_is_served_that_day() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.paper(PaperKind::Notice);
    let by = |way: &str, at| {
        with(with(serve(paper, 1, at), "way", json!(way)), "note", json!("下落不明；报纸公告"))
    };
    case.ok("officer-a1", by("public_notice", case.now));
    case.refused("officer-a1", by("public_notice", case.now));
    case.days(3);
    case.ok("officer-a1", by("forwarded", case.now));
    assert_eq!(case.case().served(paper, 1), Some(case.now));
    assert!(!case.runs(Term::PublicNotice, Scope::Paper(paper, 1)));
    assert!(case.runs(Term::Defence, Scope::Party(1)));
    case.against("第六十一条", "officer-a1", by("direct", case.now));
}

#[test]
fn 分案_orders_statements_time_and_what_was_told_go_with_the_party() {
    let mut case = Docket::new();
    case.days(60);
    let text = |words: &str| Text::Plain(words.into());
    let at = lianzhi_testkit::at("2026-11-20T01:00:00Z");
    let told = Told {
        party: 2,
        violation: 1,
        warning: false,
        fine: 200_000,
        confiscation: 0,
        goods: false,
        severe: None,
    };
    let service = Service { way: Way::Direct, from: at, effective: Some(at), note: None, proof: vec![] };
    let brought = Bringing {
        from: lianzhi_ids::DocketId(8),
        number: "沪青案2026-000008".into(),
        split: true,
        filed: Some(at),
        orders: vec![BroughtOrder {
            party: 0,
            number: "沪青改字〔2026〕9 号".into(),
            note: text("恢复原状"),
            until: None,
            kind: OrderKind::Correct,
            at,
            issued: vec![],
            service,
            inspected: vec![(at, false)],
        }],
        statements: vec![BroughtStatement { party: 0, text: text("不是我拆的"), at, answer: None }],
        told: vec![(0, 0, told)],
        ..Bringing::default()
    };
    let mut register: Command = serde_json::from_value(register(SMALL, "person")).unwrap();
    if let Command::Register(Registering { brought: along, split_from, violation, .. }) = &mut register {
        *along = Some(Box::new(brought));
        *split_from = Some(SplitFrom { case: lianzhi_ids::DocketId(8), party: 2 });
        (violation.from, violation.found) = ("2024-11-21".parse().unwrap(), Some(at));
    }
    let events = case.give("captain-a", register).unwrap();
    assert!(events.iter().any(|e| matches!(e, Event::Brought { .. })));
    case.apply(&events);
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    // Found two years less a day after it: not barred, although the case is new (36).
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    // Ninety days from 20 November, not from January (60).
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-02-18");
    let party = &case.case().parties[0];
    assert_eq!(party.rights.statements.len(), 1);
    assert_eq!(case.case().orders.len(), 1);
    let order = case.case().orders[0].order.paper;
    assert_eq!(case.case().served(order, 1), Some(at));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.against("第四十五条第二款", "officer-a1", charge(300_000));
    case.ok("officer-a1", charge(200_000));
}

#[test]
fn 分案_ninety_days_that_were_extended_stay_extended() {
    let mut first = Docket::filed(SMALL, "person");
    first.approved("officer-a1", json!({ "command": "lengthen", "days": 30, "note": "案情复杂" }));
    let running = first.case().clock(Term::Decide, Scope::Case).unwrap().clock.running.clone();
    let last = first.last_day(Term::Decide, Scope::Case);
    let mut case = Docket::new();
    case.days(100);
    let brought = Bringing {
        from: lianzhi_ids::DocketId(8),
        number: "沪青案2026-000008".into(),
        split: true,
        filed: Some(running.from),
        deciding: Some(running),
        ..Bringing::default()
    };
    let mut register: Command = serde_json::from_value(register(SMALL, "person")).unwrap();
    if let Command::Register(Registering { brought: along, split_from, .. }) = &mut register {
        *along = Some(Box::new(brought));
        *split_from = Some(SplitFrom { case: lianzhi_ids::DocketId(8), party: 2 });
    }
    let events = case.give("captain-a", register).unwrap();
    case.apply(&events);
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    assert_eq!(case.last_day(Term::Decide, Scope::Case), last);
    case.tick();
    assert!(case.case().clocks.iter().all(|w| w.clock.term != Term::Decide || !w.expired));
}

#[test]
fn 行政处罚法28_a_re_inspection_shows_what_was_seen_when_it_was_made() {
    // Until 1 December; it is the morning of the 2nd.
    let mut case = Docket::ordered(9);
    let paper = case.paper(PaperKind::Correction);
    let look = |seen: &str| json!({ "command": "reinspect", "order": paper, "done": false, "seen": seen, "note": "尚未恢复" });
    case.against("第四十七条", "officer-a1", look("2026-12-03T01:00:00Z"));
    case.against("第二十八条", "officer-a1", look("2026-11-22T01:00:00Z"));
    // Looked at on its last day: nobody is late, though it is entered the next morning.
    case.ok("officer-a1", look("2026-12-01T07:00:00Z"));
    assert_eq!(case.case().orders[0].disobeyed(), None);
    case.ok("officer-a1", look("2026-12-02T00:30:00Z"));
    assert_eq!(case.case().orders[0].disobeyed().unwrap().to_string(), "2026-12-02T00:30:00Z");
    // Not before the look that went before.
    case.against("第二十八条", "officer-a1", look("2026-12-01T08:00:00Z"));
}
