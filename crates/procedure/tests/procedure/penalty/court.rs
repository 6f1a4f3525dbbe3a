//! Court and police: enforcement that is applied for, remedies, transfers and what comes back (行政强制法 53–58; 行政处罚法 27;
//! 行政执法机关移送涉嫌犯罪案件的规定).

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{Outcome, Penalty, Scope, Term};

const PARTY: Scope = Scope::Party(1);

/// Demanded, the remedies over, applied for at the court and signed.
fn applied() -> Docket {
    let mut case = Docket::decided();
    case.days(183);
    case.tick();
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    case.days(20);
    case.tick();
    let on = case.now;
    let compel = json!({
        "command": "compel", "party": 1, "kind": "court", "on": on, "court": "青浦区人民法院", "note": "逾期未履行",
    });
    case.approved("officer-a1", compel);
    let lodge = lodge(&case);
    case.ok("officer-a1", lodge);
    case
}

#[test]
fn 行政复议法62_an_ordinary_reconsideration_may_take_thirty_days_longer_once() {
    let mut case = Docket::decided();
    case.days(10);
    let appeal = |simple: bool| json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-01", "simple": simple });
    let delay =
        |days: u32| json!({ "command": "delay_remedy", "party": 1, "days": days, "note": "案情复杂" });
    case.against("第七十三条", "legal", delay(30));
    let mut simple = case.clone();
    simple.ok("officer-a1", appeal(true));
    simple.against("行政复议法第六十二条", "legal", delay(30));
    case.ok("officer-a1", appeal(false));
    let of = Scope::Party(1);
    let before = case.last_day(Term::RemedyDecide, of);
    case.against("行政复议法第六十二条", "legal", delay(31));
    case.ok("legal", delay(30));
    assert!(case.last_day(Term::RemedyDecide, of) > before);
    case.against("行政复议法第六十二条", "legal", delay(1));
}

#[test]
fn 行政强制法53_a_stricter_term_of_the_agency_does_not_bar_the_court_in_the_third_month() {
    let mut case = Docket::decided();
    case.directory = stricter();
    case.days(183);
    case.tick();
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    case.days(75);
    case.tick();
    let clock = case.case().clock(Term::CourtApply, PARTY).unwrap();
    assert!(clock.overdue() && !clock.over(case.now), "two months are over, three are not");
    let on = case.now;
    let compel = json!({
        "command": "compel", "party": 1, "kind": "court", "on": on, "court": "青浦区人民法院", "note": "逾期未履行",
    });
    case.approved("officer-a1", compel);
}

fn lodge(case: &Docket) -> serde_json::Value {
    let today = lianzhi_procedure::beijing_date(case.now);
    json!({ "command": "lodge_court", "party": 1, "on": today, "note": "递交立案庭", "exhibits": photo() })
}

fn said(step: &str, case: &Docket) -> serde_json::Value {
    let today = lianzhi_procedure::beijing_date(case.now);
    json!({ "command": "court_said", "party": 1, "step": step, "on": today, "note": "（2027）沪 0118 行审 1 号" })
}

/// Refused, reviewed, accepted, granted, done.
pub fn life() -> Docket {
    let mut case = applied();
    for step in ["refused", "review", "accepted", "granted"] {
        let said = said(step, &case);
        case.ok("officer-a1", said);
        case.days(1);
    }
    case.ok("officer-a1", json!({ "command": "enforce", "party": 1, "note": "已划拨", "exhibits": photo() }));
    case
}

/// Refused by the police, taken after a review, nobody prosecuted, back at the agency.
pub fn police() -> Docket {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": false, "note": "不予立案" }));
    case.ok("officer-a1", json!({ "command": "ask_police", "review": "police", "note": "提请复议" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": true, "note": "立案通知书" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "transferred", "note": "已移送" }));
    case.days(200);
    case.ok("legal", json!({ "command": "not_indicted", "on": "2027-06-01", "note": "不起诉，检察意见" }));
    case
}

#[test]
fn 行政强制法56_57_the_court_accepts_in_five_and_rules_in_seven_working_days_and_only_then_it_is_done() {
    let mut case = applied();
    // 14 June 2027 is a Monday.
    assert!(case.runs(Term::CourtAccept, PARTY));
    assert!(!case.runs(Term::CourtApply, PARTY), "applied for in time");
    let enforce = json!({ "command": "enforce", "party": 1, "note": "已划拨" });
    case.against("第五十七条", "officer-a1", enforce.clone());
    let granted = said("granted", &case);
    case.against("第五十六条", "officer-a1", granted);
    let accepted = said("accepted", &case);
    case.ok("officer-a1", accepted);
    assert!(!case.runs(Term::CourtAccept, PARTY) && case.runs(Term::CourtRule, PARTY));
    let granted = said("granted", &case);
    case.ok("officer-a1", granted);
    assert!(!case.runs(Term::CourtRule, PARTY));
    case.ok("officer-a1", enforce);
}

#[test]
fn 行政强制法56_2_a_refusal_is_taken_to_the_court_above_within_fifteen_days_or_never() {
    let mut case = applied();
    let refused = said("refused", &case);
    case.ok("officer-a1", refused);
    let last = case.last_day(Term::CourtReview, PARTY);
    let day = lianzhi_procedure::beijing_date(case.now);
    assert_eq!(day.until(last).unwrap().get_days(), 15);
    let waits: Vec<_> = Penalty::summary(&case.state).todos.into_iter().map(|t| t.what).collect();
    assert!(waits.contains(&"court_said"), "{waits:?}");
    let mut late = case.clone();
    late.days(16);
    let review = said("review", &late);
    late.against("第五十六条第二款", "officer-a1", review);
    case.days(15);
    let review = said("review", &case);
    case.ok("officer-a1", review);
    assert!(case.runs(Term::CourtReviewRule, PARTY));
    let upheld = said("upheld", &case);
    case.ok("officer-a1", upheld);
    assert!(case.case().parties[0].enforcement.iter().all(|e| !e.open()), "refused for good");
}

#[test]
fn 行政强制法58_where_the_parties_are_heard_the_court_has_thirty_days() {
    let mut case = applied();
    let hearing = said("hearing", &case);
    case.ok("officer-a1", hearing);
    let day = lianzhi_procedure::beijing_date(case.now);
    assert_eq!(day.until(case.last_day(Term::CourtRuleHearing, PARTY)).unwrap().get_days(), 30);
    let denied = said("denied", &case);
    case.ok("officer-a1", denied);
    assert!(case.runs(Term::CourtReview, PARTY));
}

#[test]
fn 行政复议法48_54_the_agency_answers_in_ten_working_days_and_in_five_by_the_short_procedure() {
    let appeal = |simple: bool| {
        let mut case = Docket::decided();
        let on = "2026-11-23";
        case.ok(
            "officer-a1",
            json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": on, "simple": simple }),
        );
        case
    };
    let mut case = appeal(false);
    assert_eq!(case.last_day(Term::RemedyReply, PARTY).to_string(), "2026-12-07");
    assert!(case.runs(Term::RemedyDecide, PARTY));
    case.ok("legal", json!({ "command": "reply_remedy", "party": 1, "note": "答复书、证据目录" }));
    assert!(!case.runs(Term::RemedyReply, PARTY));
    case.against("第四十八条", "legal", json!({ "command": "reply_remedy", "party": 1, "note": "-" }));
    let short = appeal(true);
    assert_eq!(short.last_day(Term::RemedyReplySimple, PARTY).to_string(), "2026-11-30");
    assert!(short.runs(Term::RemedyDecideSimple, PARTY));
}

#[test]
fn 行政诉讼法67_a_lawsuit_is_answered_in_fifteen_days() {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-11-23" }));
    assert_eq!(case.last_day(Term::LawsuitReply, PARTY).to_string(), "2026-12-08");
}

#[test]
fn 移送规定5_the_leader_decides_in_three_days_and_the_list_of_major_decisions_wants_a_review_first() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    assert_eq!(case.last_day(Term::CrimeDecide, Scope::Case).to_string(), "2026-11-26");
    let id = case.case().proposals;
    let approve = json!({ "command": "approve", "proposal": id, "agreed": true });
    case.against("重大执法决定法制审核", "leader", approve.clone());
    let review = |opinion: &str| json!({ "command": "review_proposal", "proposal": id, "opinion": opinion, "note": "意见" });
    case.refused("officer-a1", review("agree"));
    let mut against = case.clone();
    against.ok("legal", review("disagree"));
    // It goes back to whoever proposed it, with what was objected to.
    assert!(against.case().returned.is_some_and(|(title, _)| title == "移送涉嫌犯罪案件"));
    assert_eq!(against.refused("leader", approve.clone()).code, "nothing-pending");
    assert!(!against.runs(Term::CrimeDecide, Scope::Case));
    case.ok("legal", review("agree"));
    case.ok("leader", approve);
    assert!(!case.runs(Term::CrimeDecide, Scope::Case) && case.runs(Term::CrimeSend, Scope::Case));
}

#[test]
fn 三项制度_where_no_list_is_known_nothing_more_is_reviewed() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.directory = elsewhere();
    case.ok("officer-a1", json!({ "command": "hand_over", "to": "吴江分局", "note": "调查报告" }));
    assert!(!case.case().pending[0].wants_review());
    case.sign();
    assert!(matches!(case.case().outcome, Outcome::Crime { .. }));
}

#[test]
fn 移送规定9_a_refusal_of_the_police_is_contested_within_three_days_and_nothing_is_decided_meanwhile() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": false, "note": "不予立案" }));
    assert_eq!(case.last_day(Term::PoliceAgain, Scope::Case).to_string(), "2026-11-26");
    let ask = json!({ "command": "ask_police", "review": "police", "note": "提请复议" });
    let mut late = case.clone();
    late.days(4);
    late.against("第九条", "officer-a1", ask.clone());
    // Without a review the agency goes on by itself.
    late.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", ask);
    assert!(case.runs(Term::PoliceAnswer, Scope::Case));
    case.against("第九条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": true, "note": "立案通知书" }));
    assert!(matches!(case.case().outcome, Outcome::Crime { taken: Some(true), .. }));
    case.refused("officer-a1", json!({ "command": "decide", "note": "决定" }));
}

#[test]
fn 行政处罚法27_who_is_not_prosecuted_comes_back_and_the_penalty_goes_on_with_a_new_term() {
    let mut case = police();
    assert!(case.case().closed.is_none() && case.case().outcome == Outcome::Open);
    let last = case.last_day(Term::Decide, Scope::Case);
    assert_eq!(lianzhi_procedure::beijing_date(case.now).until(last).unwrap().get_days(), 90);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    // Nothing comes back that was never handed over.
    let mut other = Docket::decided();
    other.against(
        "第二十七条",
        "legal",
        json!({ "command": "not_indicted", "on": "2026-11-23", "note": "不起诉" }),
    );
}

#[test]
fn 行政处罚法27_what_may_be_a_crime_ends_by_nothing_else_before_it_went_to_the_police() {
    let mark = |on: bool| json!({ "command": "mark", "mark": "crime", "on": on, "note": "涉嫌重大责任事故" });
    let mut lead = Docket::lead(SMALL, "person");
    lead.ok("officer-a1", mark(true));
    lead.against("第二十七条", "officer-a1", json!({ "command": "not_file", "note": "不予立案" }));

    let mut case = Docket::planned(SMALL, "person", 200_000);
    let ends = [
        json!({ "command": "no_penalty", "ground": "not_established", "note": "不能成立" }),
        json!({ "command": "drop", "note": "撤案" }),
        json!({ "command": "transfer", "to": "水务局", "ground": "power", "note": "不归本机关管" }),
    ];
    // Proposed before it was marked: whoever signs is refused as well.
    let mut dropped = case.clone();
    dropped.ok("officer-a1", ends[1].clone());
    let id = dropped.case().pending[0].id;
    dropped.ok("captain-a", json!({ "command": "endorse", "proposal": id, "agreed": true }));
    dropped.ok("officer-a1", mark(true));
    dropped.against("第二十七条", "leader", json!({ "command": "approve", "proposal": id, "agreed": true }));
    // Dropped before it was marked: it is not closed.
    let mut closing = case.clone();
    closing.approved("officer-a1", ends[1].clone());
    closing.ok("officer-a1", mark(true));
    let close = json!({ "command": "close", "ground": "dropped", "note": "结案" });
    closing.against("第二十七条", "officer-a1", close.clone());
    closing.ok("officer-a1", mark(false));
    closing.ok("officer-a1", close);

    case.ok("officer-a1", mark(true));
    for end in &ends {
        case.against("第二十七条", "officer-a1", end.clone());
    }
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": false, "note": "不予立案" }));
    for end in ends {
        case.clone().ok("officer-a1", end);
    }
}

#[test]
fn 行政强制法53_an_application_for_an_order_names_the_remedies_against_that_order() {
    use lianzhi_procedure::penalty::{PaperKind, folios::remedies_against};
    let mut case = Docket::ordered(10);
    let paper = case.paper(PaperKind::Correction);
    case.ok(
        "officer-a1",
        json!({ "command": "appeal", "party": 1, "paper": paper, "kind": "reconsideration", "on": "2026-12-02" }),
    );
    let file = case.case();
    let against = |kind| {
        let number = &file.papers_of(kind).next_back().unwrap().paper.number;
        remedies_against(file, &file.parties[0], number).len()
    };
    assert_eq!((against(PaperKind::Correction), against(PaperKind::Decision)), (1, 0));
}
