//! A closed and archived case that is challenged, revoked or corrected late (行政处罚法 48(2), 75(2); 行政复议法 20; 行政诉讼法 46), what
//! remedies come to, and what goes on about it.

use super::kit::*;
use lianzhi_procedure::penalty::{PaperKind, Penalty, Publication, Scope, Term};
use lianzhi_procedure::{Procedure, Tag};
use serde_json::Value;

const PARTY: Scope = Scope::Party(1);

fn todos(case: &Docket) -> Vec<&'static str> {
    Penalty::summary(&case.state).todos.into_iter().map(|t| t.what).collect()
}

fn appeal(kind: &str, on: &str) -> Value {
    json!({ "command": "appeal", "party": 1, "kind": kind, "on": on, "exhibits": photo() })
}

fn end(how: &str, on: &str) -> Value {
    json!({ "command": "end_appeal", "party": 1, "end": how, "on": on, "note": "裁判", "exhibits": photo() })
}

/// Paid, published and closed: it is 23 November.
fn closed() -> Docket {
    let mut case = Docket::decided();
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 1", "exhibits": photo() });
    case.ok("officer-a1", pay);
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
    case
}

fn archived() -> Docket {
    let mut case = closed();
    case.ok(
        "officer-a1",
        json!({ "command": "archive", "shelf": "2026-罚-001", "pages": 42, "note": "纸质原件另册" }),
    );
    case
}

/// Approved to be taken out of the archive.
fn open_archive(ground: &str) -> Value {
    json!({ "command": "open_archive", "ground": ground, "note": "再审判决撤销原判决和处罚决定", "exhibits": photo() })
}

#[test]
fn 行政诉讼法92_a_case_whose_decision_falls_in_a_retrial_is_taken_out_of_the_archive_and_goes_on() {
    let mut case = archived();
    case.days(100);
    case.approved("officer-a1", json!({ "command": "revoke", "note": "再审判决撤销" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    case.ok(
        "officer-a1",
        json!({ "command": "refund", "party": 1, "on": "2027-03-03", "reference": "退付 1" }),
    );
    let anew = json!({
        "command": "decide_anew", "ground": "merits", "different": "补充鉴定意见", "note": "再审判决责令重新作出",
    });
    // In the archive nothing is changed; the refusal says what to do.
    let refusal = case.against("第九十条", "officer-a1", anew.clone());
    assert_eq!(refusal.code, "archived");
    assert!(refusal.remedy.contains("报批启卷") && refusal.remedy.contains("补充卷"), "{}", refusal.remedy);
    let add = json!({ "command": "add", "note": "再审判决书", "exhibits": photo() });
    assert_eq!(case.refused("officer-a1", add.clone()).code, "archived");
    // Only with the paper that demands it, with grounds, and by approval.
    let open = open_archive("retrial");
    case.against("第九十条", "officer-a1", with(open.clone(), "exhibits", json!([])));
    case.refused("officer-a1", with(open.clone(), "note", json!(" ")));
    case.refused("legal", open.clone());
    case.approved("officer-a1", open.clone());
    assert_eq!(case.stage(), "closed");
    let volume = &case.case().volumes[0];
    assert_eq!(volume.shelf, "2026-罚-001");
    // What lies there stays as it was: nothing is written on its documents.
    let decision = lianzhi_procedure::penalty::Folio::Paper(case.paper(PaperKind::Decision));
    assert!(volume.folios.contains(&decision));
    assert_eq!(lianzhi_procedure::penalty::folios::settled(case.case(), decision), Some("已经归入原卷"));
    let listed = lianzhi_procedure::penalty::catalogue(case.case());
    assert!(listed.iter().any(|l| l.title.contains("启卷的批准") && !l.exhibits.is_empty()));
    assert_eq!(case.against("第四十七条", "officer-a1", open).code, "not-archived");
    case.ok("officer-a1", add);
    // It is decided anew, closed, and what came since goes into a volume of its own.
    case.approved("officer-a1", anew);
    assert_eq!(case.stage(), "investigating");
    case.ok("officer-a1", record("survey"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "补充调查终结" }));
    case.ok("officer-a1", charge(150_000));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "重新告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "重新决定" }));
    case.serve_last();
    let day = lianzhi_procedure::beijing_date(case.now);
    let pay = json!({ "command": "pay", "party": 1, "amount": 150_000, "on": day, "reference": "银行 2", "exhibits": photo() });
    case.ok("officer-a1", pay);
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
    case.ok(
        "officer-a1",
        json!({ "command": "archive", "shelf": "2026-罚-001-补", "pages": 9, "note": "另册" }),
    );
    assert_eq!((case.stage(), case.case().volumes.len()), ("archived", 1));
    assert_eq!(case.case().volumes[0].shelf, "2026-罚-001");
}

#[test]
fn 行政处罚法48_2_an_archived_case_that_is_revoked_by_the_court_is_withdrawn_in_three_working_days() {
    let mut case = archived();
    assert!(Penalty::summary(&case.state).wake_at.is_none() && todos(&case).is_empty());
    // The six months of 行政诉讼法 46 run long after it was paid and closed.
    case.days(100);
    case.ok("legal", appeal("lawsuit", "2027-03-01"));
    assert!(case.runs(Term::LawsuitReply, PARTY) && todos(&case).contains(&"reply_remedy"));
    let summary = Penalty::summary(&case.state);
    assert!(!summary.open && summary.wake_at.is_some() && summary.tags.contains(&Tag::Elsewhere));
    case.ok("legal", json!({ "command": "reply_remedy", "party": 1, "note": "答辩状" }));
    assert!(!case.runs(Term::LawsuitReply, PARTY));
    case.ok("legal", end("revoked", "2027-03-03"));
    assert_eq!(case.stage(), "archived");
    // Wednesday 3 March: three working days end on Monday.
    assert_eq!(case.last_day(Term::Withdraw, Scope::Case).to_string(), "2027-03-08");
    assert!(todos(&case).contains(&"unpublish"));
    let mut late = case.clone();
    late.days(7);
    assert!(expired(&late.tick()), "an alarm");
    assert!(Penalty::summary(&late.state).overdue);
    case.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    assert!(matches!(case.case().publication, Publication::Withdrawn { .. }));
    // The agency may appeal for fifteen days; then nothing runs any more.
    assert!(!case.runs(Term::Withdraw, Scope::Case) && case.runs(Term::SecondInstance, PARTY));
    case.days(16);
    case.tick();
    assert!(Penalty::summary(&case.state).wake_at.is_none());
    late.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
}

#[test]
fn 行政处罚法75_2_the_agency_revokes_and_corrects_after_the_case_was_closed() {
    let mut case = archived();
    case.days(30);
    case.refused("officer-a1", json!({ "command": "demand", "party": 1, "note": "-" }));
    case.refused("officer-a1", json!({ "command": "order", "party": 1, "note": "-" }));
    let mut amended = case.clone();
    let paper = amended.paper(PaperKind::Decision);
    amended.approved(
        "officer-a1",
        json!({
            "command": "amend", "paper": paper, "slip": "letters", "wrong": "漕平略", "right": "漕平路", "unchanged": true,
            "note": "笔误",
        }),
    );
    assert!(todos(&amended).contains(&"serve") && todos(&amended).contains(&"publish"));
    amended.serve_last();
    amended.ok("officer-a1", json!({ "command": "publish" }));
    assert!(todos(&amended).is_empty());

    case.ok("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    assert!(todos(&case).contains(&"endorse"));
    case.sign();
    assert!(case.runs(Term::Withdraw, Scope::Case) && todos(&case).contains(&"serve"));
    // What was handed out before the case was closed is not served any more.
    let before = case.paper(PaperKind::Decision);
    case.refused("officer-a1", serve(before, 1, case.now));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    assert!(case.case().parties[0].annulled.is_some() && todos(&case).is_empty());
}

#[test]
fn 执法建议_letters_and_suggestions_are_answered_until_the_archive() {
    let mut case = Docket::decided();
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 1", "exhibits": photo() });
    case.ok("officer-a1", pay);
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "publish" }));
    let suggest = json!({
        "command": "suggest", "to": "某物业公司", "problem": "巡查不到位", "note": "加强巡查", "until": "2026-12-20",
    });
    case.approved("officer-a1", suggest);
    let paper = case.paper(PaperKind::Suggestion);
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
    assert!(case.runs(Term::Feedback, Scope::Letter(paper)));
    case.days(30);
    case.tick();
    assert_eq!(todos(&case), ["answer_suggestion", "archive"]);
    let answer =
        json!({ "command": "answer_suggestion", "paper": paper, "adopted": "all", "note": "已加强" });
    let mut late = case.clone();
    late.ok("officer-a1", json!({ "command": "archive", "shelf": "1", "pages": 9, "note": "另册" }));
    assert!(!late.runs(Term::Feedback, Scope::Letter(paper)));
    late.refused("officer-a1", answer.clone());
    case.ok("officer-a1", answer);
    assert_eq!(todos(&case), ["archive"]);
}

#[test]
fn 行政诉讼法74_what_is_only_unlawful_is_withdrawn_from_the_public_and_still_paid() {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(10);
    case.ok("legal", appeal("lawsuit", "2026-12-01"));
    case.against("行政诉讼法第七十四条", "legal", end("unlawful", "2026-12-03"));
    let mut void = case.clone();
    case.ok("legal", end("illegal", "2026-12-03"));
    let party = &case.case().parties[0];
    assert!(party.annulled.is_none() && party.money.left() == 200_000);
    assert!(case.runs(Term::Withdraw, Scope::Case) && case.runs(Term::Pay, PARTY));
    void.ok("legal", end("invalid", "2026-12-03"));
    assert!(void.case().parties[0].annulled.is_some() && void.runs(Term::Withdraw, Scope::Case));
}

#[test]
fn 行政诉讼法45_46_a_withdrawn_reconsideration_leaves_the_six_months() {
    let mut case = Docket::decided();
    case.days(20);
    case.ok("officer-a1", appeal("reconsideration", "2026-12-01"));
    case.ok("legal", end("withdrawn", "2026-12-10"));
    assert!(!case.runs(Term::LawsuitAfter, PARTY));
    assert_eq!(case.last_day(Term::Lawsuit, PARTY).to_string(), "2027-05-24");
    case.days(30);
    case.tick();
    assert!(!case.runs(Term::CourtApply, PARTY));
    case.days(140);
    case.tick();
    assert_eq!(case.last_day(Term::CourtApply, PARTY).to_string(), "2027-08-24");
}

#[test]
fn 行政诉讼法85_a_judgment_is_awaited_for_fifteen_days_and_the_second_instance_to_its_end() {
    let mut case = Docket::decided();
    case.days(20);
    case.against("行政诉讼法第八十五条", "legal", appeal("second_instance", "2026-12-05"));
    case.ok("legal", appeal("lawsuit", "2026-12-01"));
    case.ok("legal", end("upheld", "2026-12-10"));
    assert_eq!(case.last_day(Term::SecondInstance, PARTY).to_string(), "2026-12-25");
    assert!(!case.runs(Term::CourtApply, PARTY), "not before the judgment is final");
    let mut quiet = case.clone();
    quiet.days(14);
    quiet.tick();
    assert_eq!(quiet.last_day(Term::CourtApply, PARTY).to_string(), "2027-03-25");
    case.ok("legal", appeal("second_instance", "2026-12-12"));
    assert!(!case.runs(Term::LawsuitReply, PARTY));
    case.days(40);
    case.ok("legal", end("upheld", "2027-01-20"));
    assert_eq!(case.last_day(Term::CourtApply, PARTY).to_string(), "2027-04-20");
}

#[test]
fn 行政诉讼法56_a_stay_comes_later_and_goes_again() {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    case.ok("officer-a1", appeal("lawsuit", "2026-12-20"));
    let compel = json!({
        "command": "compel", "party": 1, "kind": "substitute", "on": "2027-01-18T02:00:00Z", "note": "-", "ground": "pollution",
    });
    case.approved("officer-a1", compel);
    case.serve_last();
    let stay = |stay: bool| json!({ "command": "set_stay", "party": 1, "stay": stay, "on": "2026-12-22", "note": "裁定" });
    case.against("行政诉讼法第五十六条", "legal", stay(false));
    case.ok("legal", stay(true));
    case.days(28);
    // What was approved before is not carried out either.
    let enforce = json!({ "command": "enforce", "party": 1, "note": "已清除" });
    assert_eq!(case.against("行政诉讼法第五十六条", "officer-a1", enforce.clone()).code, "stayed");
    case.ok("legal", stay(false));
    case.ok("officer-a1", enforce);
}

#[test]
fn 行政处罚法60_the_ninety_days_go_on_where_a_decision_was_voided() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "lengthen", "days": 30, "note": "案情复杂" }));
    let last = case.last_day(Term::Decide, Scope::Case);
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let paper = case.paper(PaperKind::Decision);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "笔误" }));
    assert_eq!(case.last_day(Term::Decide, Scope::Case), last);
    assert_eq!(case.case().clock(Term::Decide, Scope::Case).unwrap().clock.running.extensions.len(), 1);
    // The same where the police send it back.
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书", "exhibits": photo() }));
    let due = |case: &Docket, what: &str| {
        let todos = Penalty::summary(&case.state).todos;
        todos.into_iter().find(|t| t.what == what).unwrap_or_else(|| panic!("no {what}")).due
    };
    assert!(due(&case, "answer_crime").is_some(), "with the day of the police");
    case.ok(
        "officer-a1",
        json!({ "command": "answer_crime", "taken": false, "note": "不予立案", "exhibits": photo() }),
    );
    assert_eq!(case.last_day(Term::Decide, Scope::Case), last);
    assert!(
        due(&case, "ask_police").is_some() && Penalty::summary(&case.state).due_name == "对不予立案提请复议"
    );
}

#[test]
fn 行政处罚法66_a_missed_instalment_is_demanded() {
    let mut case = Docket::decided();
    let later = json!({ "command": "pay_later", "party": 1, "parts": 2, "first": "2026-12-31", "asked": "2026-11-23", "note": "经济困难" });
    case.approved("officer-a1", later);
    case.serve_last();
    assert!(!todos(&case).contains(&"demand"));
    case.days(40);
    case.tick();
    assert!(todos(&case).contains(&"demand"));
}
