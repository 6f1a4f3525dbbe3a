//! Things taken: preservation (行政处罚法 56), sealing and seizure (行政强制法 18–28).

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{Event, PaperKind, Penalty, Scope, Term};

fn preserve() -> serde_json::Value {
    json!({ "command": "preserve", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "证据可能灭失" })
}

fn seize(urgent: bool) -> serde_json::Value {
    json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
        "urgent": urgent, "exhibits": photo(),
    })
}

#[test]
fn 行政处罚法56_preservation_needs_the_leader_and_is_handled_in_seven_working_days_or_falls_by_itself() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", preserve());
    assert!(case.case().measures.is_empty(), "nothing is preserved before the leader says so");
    case.sign();
    let of = Scope::Measure(1);
    assert_eq!(case.last_day(Term::Preserve, of).to_string(), "2026-12-02");
    case.days(9);
    assert!(case.case().measures[0].in_force());
    case.days(1);
    case.tick();
    assert!(!case.case().measures[0].in_force(), "it fell at the end of its term");
    // What has fallen cannot be turned into a seizure; the thing goes back.
    case.against(
        "第五十六条",
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "seized", "note": "转扣押" }),
    );
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    assert!(case.case().measures[0].settled.is_some());
}

#[test]
fn 行政处罚法56_handled_in_time_the_clock_stops() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", preserve());
    case.days(2);
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "tested", "until": "2026-12-10", "note": "送鉴定" }),
    );
    let of = Scope::Measure(1);
    assert!(!case.runs(Term::Preserve, of));
    // Sent to be tested is no end: a day is kept by which the thing goes back, and then it is owed.
    assert_eq!(case.last_day(Term::Test, of).to_string(), "2026-12-10");
    assert!(case.case().measures[0].settled.is_none());
    case.days(17);
    case.tick();
    assert!(case.case().measures[0].lapsed.is_some(), "it is to be given back");
    case.against(
        "第七十四条",
        "officer-a1",
        json!({ "command": "settle", "measure": 9, "how": "returned", "note": "-" }),
    );
}

#[test]
fn 行政强制法19_what_was_taken_at_once_is_approved_in_24_hours_or_given_back() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", seize(true));
    assert!(case.case().measures[0].in_force());
    assert!(case.runs(Term::UrgentReport, Scope::Measure(1)));
    case.against("第十九条", "officer-a1", json!({ "command": "unpropose", "proposal": 2 }));
    let no = json!({ "command": "approve", "proposal": 2, "agreed": false, "note": "不应当采取" });
    case.ok("leader", no);
    assert!(!case.case().measures[0].in_force(), "lifted at once");
    assert!(!case.runs(Term::UrgentReport, Scope::Measure(1)));

    let mut late = Docket::filed(SMALL, "person");
    late.ok("officer-a1", seize(true));
    late.hours(25);
    let told = late.tick();
    assert!(expired(&told), "{told:?}");
    late.sign();
    assert!(late.case().measures[0].approved);
}

#[test]
fn 行政强制法25_thirty_days_longer_once_and_release_is_due_at_the_end() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    let of = Scope::Measure(1);
    assert_eq!(case.last_day(Term::Seize, of).to_string(), "2026-12-23");
    let longer = |days: u32| json!({ "command": "lengthen", "measure": 1, "days": days, "note": "情况复杂" });
    case.against("25", "officer-a1", longer(31));
    case.approved("officer-a1", longer(30));
    assert_eq!(case.last_day(Term::Seize, of).to_string(), "2027-01-22");
    case.against("25", "officer-a1", longer(1));
    case.days(61);
    case.tick();
    assert!(!case.case().measures[0].in_force());
    let todo: Vec<_> = Penalty::summary(&case.state).todos.iter().map(|t| t.what).collect();
    // The officer, the unit and the leader each read that it fell and that the thing goes back at once.
    assert_eq!(todo.iter().filter(|what| **what == "settle_lapsed").count(), 3, "{todo:?}");
}

fn test(begins: bool, until: &str) -> serde_json::Value {
    json!({ "command": "test", "begins": begins, "measure": 1, "until": until, "note": "送检：成分检测，区质检所" })
}

#[test]
fn 行政强制法25_a_stricter_term_of_the_agency_warns_and_does_not_end_the_seizure() {
    let mut case = Docket::filed(SMALL, "person");
    case.directory = stricter();
    case.approved("officer-a1", seize(false));
    assert_eq!(case.last_day(Term::Seize, Scope::Measure(1)).to_string(), "2026-12-23", "the law's own day");
    let due = Penalty::summary(&case.state).due.unwrap();
    assert_eq!(due.to_string(), "2026-12-13T16:00:00Z", "the list shows until when the agency is to act");
    case.days(21);
    case.tick();
    let warned = |e: &Event| matches!(e, Event::ClockWarned { term: Term::Seize, percent: 100, told, .. } if told.len() > 2);
    assert!(case.events.iter().any(warned), "the officers and those above them are told");
    assert!(case.case().measures[0].in_force(), "nothing falls by a rule of the agency");
    assert!(Penalty::summary(&case.state).overdue);
    case.days(10);
    case.tick();
    assert!(!case.case().measures[0].in_force(), "it falls at the law's day");
}

#[test]
fn 行政处罚法56_a_stricter_term_of_the_agency_leaves_a_preservation_in_force() {
    let mut case = Docket::filed(SMALL, "person");
    case.directory = stricter();
    case.approved("officer-a1", preserve());
    // Five working days are over on 2026-11-30, seven on 2026-12-02.
    case.days(8);
    case.tick();
    assert!(case.case().measures[0].in_force());
    case.days(3);
    case.tick();
    assert!(!case.case().measures[0].in_force());
}

#[test]
fn 行政强制法25_time_of_tests_does_not_count_for_a_seizure_but_for_the_decision_it_does() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    let decide = case.last_day(Term::Decide, Scope::Case);
    // The period is definite, of a measure, and told to the party in writing.
    let mut endless = test(true, "2026-12-10");
    endless.as_object_mut().unwrap().remove("until");
    case.against("第二十五条第三款", "officer-a1", endless);
    case.against("第二十五条第三款", "officer-a1", with(test(true, "2026-12-10"), "measure", json!(7)));
    case.ok("officer-a1", test(true, "2026-12-10"));
    let told = case.case().papers.last().unwrap().paper.clone();
    assert_eq!((told.kind, told.parties), (PaperKind::Testing, vec![1]));
    assert!(case.case().papers.last().unwrap().unserved(), "it is served");
    case.refused("officer-a1", test(true, "2026-12-10"));
    assert_eq!(case.last_day(Term::Test, Scope::Measure(1)).to_string(), "2026-12-10");
    case.days(10);
    case.ok("officer-a1", test(false, "2026-12-10"));
    assert_eq!(case.last_day(Term::Seize, Scope::Measure(1)).to_string(), "2027-01-02");
    assert_eq!(case.last_day(Term::Decide, Scope::Case), decide);
    assert!(!case.runs(Term::Test, Scope::Measure(1)));
}

#[test]
fn 行政强制法25_3_a_test_that_nobody_ended_ends_by_itself_and_only_its_own_seizure_stood_still() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    case.ok("officer-a1", test(true, "2026-12-02"));
    case.approved("officer-a1", with(seize(false), "other_goods", json!(true)));
    let (tested, later) = (Scope::Measure(1), Scope::Measure(2));
    assert_eq!(case.last_day(Term::Seize, later).to_string(), "2026-12-23", "taken later, it is not tested");
    // The day that was told is over: from then on the seizure goes on, whenever somebody looks.
    case.days(20);
    case.tick();
    assert!(!case.runs(Term::Test, tested));
    let resumed = case.last_day(Term::Seize, tested).to_string();
    assert!(("2027-01-01".."2027-01-04").contains(&resumed.as_str()), "{resumed}");
    case.days(60);
    case.tick();
    assert!(case.case().measures.iter().all(|m| m.lapsed.is_some()), "both fell at their end");
}

#[test]
fn 行政强制法25_3_a_test_ends_at_any_stage() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", seize(false));
    case.ok("officer-a1", test(true, "2027-03-01"));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", test(false, "2027-03-01"));
    assert!(case.case().measures[0].testing().is_none());
}

#[test]
fn 行政强制法_two_measures_that_wait_side_by_side_each_get_a_number_a_term_and_an_end() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", preserve());
    case.ok("officer-a1", seize(false));
    let waiting: Vec<_> = case.case().pending.iter().map(|p| p.id).collect();
    for id in &waiting {
        case.ok("leader", json!({ "command": "approve", "proposal": id, "agreed": true }));
    }
    let ids: Vec<_> = case.case().measures.iter().map(|m| m.measure.id).collect();
    assert_eq!(ids, [1, 2]);
    assert!(case.runs(Term::Preserve, Scope::Measure(1)) && case.runs(Term::Seize, Scope::Measure(2)));
    for id in ids {
        case.approved(
            "officer-a1",
            json!({ "command": "settle", "measure": id, "how": "returned", "note": "退还" }),
        );
    }
    assert!(case.case().measures.iter().all(|m| m.settled.is_some()));
    // One that is refused lifts no other.
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", preserve());
    case.ok("officer-a1", seize(false));
    case.ok("leader", json!({ "command": "approve", "proposal": 2, "agreed": true }));
    case.ok("leader", json!({ "command": "approve", "proposal": 3, "agreed": false, "note": "不必扣押" }));
    assert!(case.case().measures.len() == 1 && case.case().measures[0].in_force());
}

#[test]
fn 行政处罚法56_preserved_goods_become_seized_only_by_a_seizure_that_takes_them_over() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", preserve());
    let settle = json!({ "command": "settle", "measure": 1, "how": "seized", "note": "转扣押" });
    case.against("第五十六条", "officer-a1", settle);
    case.against("第五十六条", "officer-a1", with(seize(false), "takes_over", json!(4)));
    case.approved("officer-a1", with(seize(false), "takes_over", json!(1)));
    let file = case.case();
    assert!(file.measures[0].settled.is_some() && file.measures[1].in_force());
    assert!(!case.runs(Term::Preserve, Scope::Measure(1)) && case.runs(Term::Seize, Scope::Measure(2)));
    // What fell is not taken over.
    let mut late = Docket::filed(SMALL, "person");
    late.approved("officer-a1", preserve());
    late.days(10);
    late.tick();
    late.against("第五十六条", "officer-a1", with(seize(false), "takes_over", json!(1)));
}

#[test]
fn 行政强制法28_what_is_held_goes_back_before_a_case_is_not_filed_or_dropped() {
    let mut case = Docket::lead(SMALL, "person");
    case.ok("officer-a1", seize(true));
    let not_file = json!({ "command": "not_file", "note": "不符合立案标准" });
    case.against("第二十八条", "officer-a1", not_file.clone());
    case.sign();
    case.against("第二十八条", "officer-a1", not_file.clone());
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    case.approved("officer-a1", not_file);
    assert_eq!(case.stage(), "not_filed");
    let mut filed = Docket::filed(SMALL, "person");
    filed.ok("officer-a1", record("inspection"));
    filed.approved("officer-a1", seize(false));
    filed.against("第二十八条", "officer-a1", json!({ "command": "drop", "note": "查明没有违法" }));
}

#[test]
fn 行政处罚法60_the_ninety_days_can_be_longer_while_a_seizure_can() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    let offer = case.offers("officer-a1").into_iter().find(|o| o.command == "lengthen").unwrap();
    let measure = offer.fields.iter().find(|f| f.name == "measure").unwrap();
    assert!(!measure.required, "left open it is the term of the case");
}

#[test]
fn 行政处罚法56_one_officer_alone_takes_nothing() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("第四十二条", "officer-a1", with(preserve(), "second", json!("officer-a1")));
    case.against("第四十二条", "officer-a1", with(seize(true), "second", json!("officer-a3")));
}

#[test]
fn 行政处罚法74_what_nobody_confiscated_goes_back() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    for how in ["confiscated", "destroyed", "sold", "transferred"] {
        case.against(
            "行政强制法",
            "officer-a1",
            json!({ "command": "settle", "measure": 1, "how": how, "note": "-" }),
        );
    }
}

#[test]
fn 行政强制法25_27_the_same_goods_are_not_seized_anew_when_their_time_is_over_nor_while_they_are() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    case.against("第二十五条", "officer-a1", seize(true));
    case.approved(
        "officer-a1",
        json!({ "command": "lengthen", "measure": 1, "days": 30, "note": "情况复杂" }),
    );
    case.days(61);
    case.tick();
    assert!(case.case().measures[0].lapsed.is_some());
    case.against("第二十七条", "officer-a1", seize(false));
    case.against("第二十七条", "officer-a1", seize(true));
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    // Given back it is not taken once more; something else is, when that is said, and it is kept that it was.
    case.against("第二十七条", "officer-a1", seize(false));
    case.approved("officer-a1", with(seize(false), "other_goods", json!(true)));
    let other = &case.case().measures[1];
    assert!(other.in_force() && other.measure.other_goods);
}

#[test]
fn 行政强制法25_what_was_given_back_in_its_time_may_be_seized_again() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    case.days(3);
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    case.days(60);
    case.tick();
    case.ok("officer-a1", seize(false));
}

#[test]
fn 行政处罚法56_the_same_goods_are_not_preserved_anew_when_seven_days_are_over() {
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", preserve());
    case.days(10);
    case.tick();
    case.against("第五十六条", "officer-a1", preserve());
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }),
    );
    case.against("第五十六条", "officer-a1", preserve());
    // A seizure is another measure, with its own conditions.
    case.ok("officer-a1", seize(false));
}

#[test]
fn 行政强制法19_25_what_was_taken_at_once_counts_from_when_it_was_taken() {
    let mut case = Docket::filed(SMALL, "person");
    let taken = |at: &str| with(seize(true), "taken", json!(at));
    case.against("第四十七条", "officer-a1", taken("2026-11-24T01:00:00Z"));
    case.against("第十九条", "officer-a1", taken("2026-11-19T01:00:00Z"));
    // Taken on Friday afternoon, entered on Monday morning: the twenty-four hours are over, and three of the thirty days.
    case.ok("officer-a1", taken("2026-11-20T08:00:00Z"));
    let of = Scope::Measure(1);
    assert_eq!(case.last_day(Term::Seize, of).to_string(), "2026-12-20");
    assert!(case.case().clock(Term::UrgentReport, of).unwrap().over(case.now));
    // What waits for approval begins with it, whatever is said.
    let mut asked = Docket::filed(SMALL, "person");
    asked.approved("officer-a1", with(seize(false), "taken", json!("2026-11-20T08:00:00Z")));
    assert_eq!(asked.last_day(Term::Seize, of).to_string(), "2026-12-23");
}

#[test]
fn 行政强制法24_each_measure_has_the_number_of_its_own_decision() {
    use lianzhi_procedure::penalty::folios::paper_of_measure;
    let mut case = Docket::filed(SMALL, "person");
    case.approved("officer-a1", seize(false));
    case.approved("officer-a1", with(seize(false), "other_goods", json!(true)));
    let number = |measure| paper_of_measure(case.case(), measure).unwrap().to_owned();
    let papers: Vec<_> = case.case().papers_of(PaperKind::Seizure).map(|f| f.paper.number.clone()).collect();
    assert_eq!([number(1), number(2)].to_vec(), papers);
    assert_ne!(papers[0], papers[1]);
}
