//! A fine that was not paid: demand, court, refunds, the archive.

use super::kit::*;
use super::{apply, court, served};
use jiff::SignedDuration;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::spot::{Spot, Term};

type Sheet = Docket<Spot>;

/// Handed over on 2026-11-23, to be paid by 2026-12-08.
fn handed() -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    sheet.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    sheet
}

/// Demanded on 2026-12-10, two days late.
fn demanded() -> Sheet {
    let mut sheet = handed();
    sheet.days(17).tick();
    sheet.ok("officer-a1", json!({ "command": "demand", "note": "请缴纳罚款" }));
    sheet
}

fn last_day(sheet: &Sheet, term: Term) -> String {
    let clock = sheet.state.sheet().unwrap().clocks.get(term).expect("the term runs");
    lianzhi_procedure::beijing_date(clock.running.due - SignedDuration::from_micros(1)).to_string()
}

#[test]
fn article_54_demand_with_its_own_number_and_the_surcharge_to_the_fen() {
    let mut sheet = handed();
    let demand = || json!({ "command": "demand", "note": "请缴纳罚款" });
    sheet.days(15).tick();
    sheet.against("第七十二条", "officer-a1", demand());
    let sheet = demanded();
    let made = sheet.state.sheet().unwrap().imposed().unwrap().demand.clone().unwrap();
    assert!(made.number.starts_with("沪青催字〔2026〕"), "{}", made.number);
    assert_eq!(made.surcharge, 600, "two days at 3% of 100 yuan");
    assert!(!made.arithmetic.is_empty());
    assert_eq!((sheet.stage(), sheet.todo()), ("enforcing", vec!["lodge", "serve_demand"]));
}

#[test]
fn the_demand_is_served_with_proof_and_its_ten_working_days_run() {
    let mut sheet = demanded();
    let bare = with(served("2026-12-10"), "exhibits", json!([]));
    sheet.against("民事诉讼法第八十七条", "officer-a1", bare);
    sheet.against("第六十一条第二款", "officer-a1", with(served("2026-12-10"), "way", json!("electronic")));
    let left = json!({ "command": "serve_demand", "way": "left", "on": "2026-12-10", "exhibits": photo() });
    assert_eq!(sheet.ask("officer-a1", left).unwrap_err().field, Some("note"));
    sheet.against("第三十八条", "officer-a1", served("2026-12-09"));
    // A public notice is posted now; the demand counts as served when it is over (民事诉讼法 95; in Shanghai sixty days).
    let mut posted = sheet.clone();
    let notice = json!({
        "command": "serve_demand", "way": "public_notice", "on": "2026-12-10", "note": "下落不明，本机关网站公告",
        "exhibits": photo(),
    });
    posted.ok("officer-a1", notice);
    assert_eq!(last_day(&posted, Term::Notice), "2027-02-09", "the sixtieth day is no working day");
    assert!(posted.state.sheet().unwrap().clocks.get(Term::Remind).is_none());
    posted.days(50).tick();
    assert_eq!(posted.ask("leader", apply()).unwrap_err().code, "notice-runs");
    posted.days(12).tick();
    // A look at the clocks says that it is over; the next one begins with the next entry.
    posted.tick();
    assert_eq!(
        posted.state.sheet().unwrap().imposed().unwrap().demand.as_ref().unwrap().effective,
        Some("2027-02-09".parse().unwrap())
    );
    assert!(posted.state.sheet().unwrap().clocks.get(Term::Remind).is_some());
    sheet.ok("officer-a1", served("2026-12-10"));
    assert_eq!(last_day(&sheet, Term::Remind), "2026-12-24");
}

#[test]
fn article_53_the_court_only_after_demand_and_remedies_and_within_three_months_by_the_leader() {
    let mut sheet = handed();
    sheet.days(17).tick();
    sheet.against("第五十四条", "leader", apply());
    let mut sheet = demanded();
    sheet.ok("officer-a1", served("2026-12-10"));
    sheet.against("第五十四条", "leader", apply());
    sheet.days(16).tick();
    // The ten days are over, the sixty days of reconsideration are not.
    sheet.against("第五十三条", "leader", apply());
    sheet.days(28).tick();
    assert_eq!(last_day(&sheet, Term::CourtApply), "2027-04-22");
    assert_eq!(sheet.todo(), ["lodge", "apply_court"]);
    // Only the leader signs it (55(2)).
    sheet.against("权限表", "officer-a1", apply());
    let mut late = sheet.clone();
    late.days(92).tick();
    assert!(Spot::summary(&late.state).overdue);
    late.against("第五十三条", "leader", apply());
    sheet.ok("leader", apply());
    let made = &sheet.state.sheet().unwrap().imposed().unwrap().applications[0];
    assert!(made.number.contains("强申字") && made.surcharge > 0);
    assert_eq!(sheet.todo(), ["lodge", "answer_court"]);
}

/// The three months run whether anybody demanded or not: the agency is warned in time.
#[test]
fn 行政强制法53_the_term_to_apply_runs_without_a_demand() {
    let mut sheet = handed();
    sheet.days(63).tick();
    assert_eq!(last_day(&sheet, Term::CourtApply), "2027-04-22");
    assert_eq!(Spot::summary(&sheet.state).todos.iter().find(|t| t.what == "demand").unwrap().due, {
        let clocks = &sheet.state.sheet().unwrap().clocks;
        clocks.get(Term::CourtApply).map(|w| w.running.due)
    });
    sheet.days(91).tick();
    assert!(Spot::summary(&sheet.state).overdue);
}

#[test]
fn a_remedy_that_runs_keeps_the_court_away_and_its_end_begins_the_term_anew() {
    let mut sheet = demanded();
    sheet.ok("officer-a1", served("2026-12-10"));
    sheet.ok("legal", json!({ "command": "appeal", "kind": "reconsideration", "on": "2026-12-10" }));
    sheet.days(60).tick();
    sheet.against("第五十三条", "leader", apply());
    sheet
        .ok("legal", json!({ "command": "end_appeal", "end": "upheld", "on": "2027-02-08", "note": "维持" }));
    sheet.days(1).tick();
    sheet.against("第五十三条", "leader", apply());
    sheet.days(20).tick();
    sheet.ok("leader", apply());
}

#[test]
fn articles_56_to_59_the_court_answers_step_by_step_and_may_be_asked_again_after_a_no() {
    let mut sheet = demanded();
    sheet.ok("officer-a1", served("2026-12-10"));
    sheet.days(50).tick();
    sheet.against("第五十六条", "legal", court("accepted"));
    sheet.ok("leader", apply());
    sheet.against("第五十六条", "legal", court("granted"));
    sheet.ok("legal", court("refused"));
    sheet.tick();
    assert!(sheet.todo().contains(&"apply_court"));
    sheet.ok("leader", apply());
    sheet.ok("legal", court("accepted"));
    sheet.ok("legal", court("granted"));
    sheet.ok("officer-a1", json!({ "command": "lodge" }));
    assert_eq!(sheet.stage(), "enforcing");
    sheet.ok("legal", court("ended"));
    assert_eq!(sheet.stage(), "done", "nothing can be had, and nobody goes on with it");
}

#[test]
fn paid_after_the_demand_nothing_more_is_asked() {
    let mut sheet = demanded();
    sheet.ok("officer-a1", served("2026-12-10"));
    let pay = json!({ "command": "pay", "exhibits": photo(), "amount": 10_600, "on": "2026-12-10", "reference": "银行 1" });
    sheet.ok("officer-a1", pay);
    sheet.ok("officer-a1", json!({ "command": "lodge" }));
    sheet.ok("dispatcher", check_payment("银行 1"));
    assert_eq!(sheet.stage(), "done");
    assert!(sheet.state.sheet().unwrap().clocks.get(Term::Remind).is_none());
}

#[test]
fn what_was_paid_goes_back_when_the_decision_falls_or_is_lowered() {
    let mut paid = handed();
    paid.ok("officer-a1", json!({ "command": "collect", "ground": "small", "ticket": "沪财 0001" }));
    paid.ok("officer-a2", json!({ "command": "hand_in", "receipt": "收 1" }));
    paid.ok("officer-a1", deposit());
    paid.ok("officer-a1", json!({ "command": "lodge" }));
    let refund = || json!({ "command": "refund", "on": "2026-11-23", "reference": "退付 1" });
    paid.against("简易程序", "officer-a1", refund());
    let mut withdrawn = paid.clone();
    withdrawn.ok("leader", json!({ "command": "withdraw", "note": "认定事实有误" }));
    assert!(Spot::summary(&withdrawn.state).open, "the money is still to go back");
    assert_eq!(withdrawn.todo(), ["refund"]);
    withdrawn.ok("officer-a1", refund());
    assert!(!Spot::summary(&withdrawn.state).open);

    paid.ok("legal", json!({ "command": "appeal", "kind": "reconsideration", "on": "2026-11-23" }));
    let end = |fine: i64| json!({ "command": "end_appeal", "end": "changed", "on": "2026-11-23", "note": "变更", "fine": fine });
    paid.against("行政复议法第六十三条", "legal", end(10_001));
    paid.ok("legal", end(4_000));
    assert_eq!(paid.state.sheet().unwrap().imposed().unwrap().to_refund(), 6_000);
    paid.ok("officer-a1", refund());
    assert_eq!(paid.stage(), "done");
}

#[test]
fn article_47_what_is_done_goes_to_the_archive_once() {
    let mut sheet = handed();
    let archive = || json!({ "command": "archive", "shelf": "青城管-2026-简-0001" });
    sheet.against("简易程序", "officer-a1", archive());
    sheet.ok("officer-a1", json!({ "command": "collect", "ground": "small", "ticket": "沪财 0001" }));
    sheet.ok("officer-a2", json!({ "command": "hand_in", "receipt": "收 1" }));
    sheet.ok("officer-a1", deposit());
    sheet.ok("officer-a1", json!({ "command": "lodge" }));
    sheet.ok("captain-a", archive());
    sheet.against("简易程序", "officer-a1", archive());
}
