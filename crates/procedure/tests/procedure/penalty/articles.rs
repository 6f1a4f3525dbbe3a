//! What the law demands before a decision, each rule by its article.

use super::kit::*;
use lianzhi_procedure::Prior;
use lianzhi_procedure::penalty::{Outcome, PaperKind, Scope, Term};

fn prior(open: bool, fined: bool) -> Prior {
    let day = "2026-11-20".parse().unwrap();
    Prior {
        number: "沪青案2026-000001".into(),
        item: SMALL.into(),
        from: day,
        to: day,
        open,
        fined,
        gone: None,
        by: None,
        over: None,
        point: None,
    }
}

#[test]
fn 行政处罚法17_38_an_item_that_no_decision_gave_to_the_agency_is_refused() {
    let mut case = Docket::lead(SMALL, "person");
    case.directory = powerless();
    case.against("第三十八条", "officer-a1", json!({ "command": "file", "note": "立案" }));
    let mut held = Docket::lead("SHLJ-02", "person");
    held.directory = powerless();
    held.ok("officer-a1", json!({ "command": "file", "note": "立案" }));
    // An item that nobody knows.
    let mut unknown = Docket::new();
    unknown.against("第四条", "officer-a1", register("XX-99", "person"));
}

#[test]
fn 行政处罚法29_the_same_act_is_not_fined_twice() {
    let mut case = Docket::lead(SMALL, "person");
    case.look_ups.prior = vec![prior(false, true)];
    case.against("第二十九条", "officer-a1", json!({ "command": "file", "note": "立案" }));
    case.look_ups.prior = vec![prior(true, false)];
    let refusal = case.against("第二十九条", "officer-a1", json!({ "command": "file", "note": "立案" }));
    assert!(refusal.remedy.contains("并案"));
    // Nor is one that another member fined and this one recognised; it is named.
    let by = Some("苏·吴江城管".into());
    // Whatever else the party did in those days.
    case.look_ups.prior = vec![prior(false, false), Prior { by, ..prior(false, true) }];
    let refusal = case.against("第二十九条", "officer-a1", json!({ "command": "file", "note": "立案" }));
    assert!(refusal.rule.contains("苏·吴江城管") && refusal.rule.contains("互认"), "{refusal}");
    // A case of the same party that ended without a fine is no bar.
    case.look_ups.prior = vec![prior(false, false)];
    case.ok("officer-a1", json!({ "command": "file", "note": "立案" }));
}

#[test]
fn 行政处罚法30_a_minor_is_punished_less_and_a_child_not_at_all() {
    let mut minor = Docket::lead(SMALL, "person");
    minor.ok(
        "officer-a1",
        json!({ "command": "add_party", "kind": "person", "capacity": "minor", "particulars": "{}" }),
    );
    minor.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    let normal = with(charge(200_000), "party", json!(2));
    minor.against("第三十条", "officer-a1", normal.clone());
    minor.ok("officer-a1", with(normal, "circumstances", json!(["under_18"])));

    let child = with(register(SMALL, "person"), "capacity", json!("child"));
    let mut case = Docket::new();
    case.ok("officer-a1", child);
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    let spare = with(charge(200_000), "circumstances", json!(["under_14"]));
    case.against("第三十条", "officer-a1", spare);
    case.approved(
        "officer-a1",
        json!({ "command": "no_penalty", "ground": "child", "note": "不满十四周岁" }),
    );
    assert!(matches!(case.case().outcome, Outcome::NoPenalty { .. }));
}

#[test]
fn 行政处罚法32_below_the_range_only_where_it_is_reduced_and_above_never() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("上海", "officer-a1", charge(1_000_001));
    case.ok("officer-a1", charge(1_000_000));
    case.ok("officer-a1", charge(100_000));
    case.against("第三十二条", "officer-a1", charge(99_999));
    let reduced = case.case().clone();
    let codes = directory().law.circumstances();
    let code = codes.into_iter().find(|c| c.effect.title() == "减轻").unwrap().code.to_string();
    case.ok("officer-a1", with(charge(99_999), "circumstances", json!([code])));
    assert!(case.case().parties[0].charges[0].review, "a reduced penalty is reviewed");
    assert_eq!(case.case().version, reduced.version + 1);
}

#[test]
fn 行政处罚法34_a_fine_outside_the_benchmark_says_why_and_shows_the_arithmetic() {
    let mut case = Docket::filed(SMALL, "person");
    let no_tier = with(charge(200_000), "tier", json!(""));
    case.against("第三十四条", "officer-a1", no_tier);
    case.ok("officer-a1", charge(500_000));
    let charge_of = |case: &Docket| case.case().parties[0].charges[0].clone();
    assert_eq!(charge_of(&case).deviates, None);
    assert!(charge_of(&case).benchmark.contains('%'));
    case.ok("officer-a1", charge(1_000_000));
    assert!(charge_of(&case).deviates.unwrap().contains("裁量基准"));
}

#[test]
fn 行政处罚法36_what_was_found_too_late_is_not_punished() {
    let lead = |day: &str| {
        let mut case = Docket::new();
        case.ok("officer-a1", with(register(SMALL, "person"), "from", json!(day)));
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
        case
    };
    // Found on 23 November 2026: two years back is the last day.
    lead("2024-11-23").ok("officer-a1", json!({ "command": "file", "note": "立案" }));
    let mut late = lead("2024-11-22");
    late.against("36", "officer-a1", json!({ "command": "file", "note": "立案" }));
    // Conduct that goes on counts from its end.
    let change = json!({
        "command": "set_violation", "violation": 1, "item": SMALL, "from": "2024-11-22", "to": "2026-11-01",
        "continuing": true, "facts": "持续至今",
    });
    late.ok("officer-a1", change);
    late.ok("officer-a1", json!({ "command": "file", "note": "立案" }));
}

#[test]
fn 生态环境法典1054_harm_to_the_environment_may_be_punished_for_five_years() {
    let harm = |day: &str, harm: bool| {
        let mut case = Docket::new();
        case.now = lianzhi_testkit::at("2029-11-23T01:00:00Z");
        let register = with(register(LARGE, "company"), "from", json!(day));
        case.ok("officer-a1", with(register, "harm", json!(harm)));
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
        case.ask("officer-a1", json!({ "command": "file", "note": "立案" }))
    };
    assert!(harm("2026-08-15", true).is_ok());
    assert!(harm("2026-08-15", false).unwrap_err().source_text.contains("36"));
}

#[test]
fn 行政处罚法38_no_penalty_without_a_basis_in_force_at_the_time_of_the_conduct() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("第三十八条", "officer-a1", with(charge(200_000), "basis", json!("FW-02-99")));
    // A company under an item that only punishes persons.
    let mut other = Docket::filed("SHLJ-02", "company");
    other.against("第三十八条", "officer-a1", charge(10_000));
}

#[test]
fn 行政处罚法38_an_unverified_basis_must_be_confirmed_by_a_legal_officer() {
    let mut case = Docket::unverified();
    case.against("第三十八条", "officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let confirm =
        json!({ "command": "confirm", "party": 1, "violation": 1, "note": "国家法律法规数据库现行文本" });
    case.refused("officer-a1", confirm.clone());
    case.ok("legal", confirm);
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
}

#[test]
fn 责令改正后拒不改正的才罚_a_fine_after_an_order_needs_the_order_and_its_disregard() {
    let mut case = Docket::filed("SHLJ-02", "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(10_000));
    let notify = json!({ "command": "notify", "days": 5, "note": "告知" });
    let refusal = case.refused("officer-a1", notify.clone());
    assert_eq!(refusal.code, "order-first");
    case.ok("officer-a1", json!({ "command": "order", "party": 1, "note": "立即分类投放" }));
    case.serve_last();
    let paper = case.paper(PaperKind::Correction);
    case.ok(
        "officer-a1",
        json!({ "command": "reinspect", "order": paper, "done": false, "note": "拒不改正" }),
    );
    case.ok("officer-a1", notify);
}

#[test]
fn 行政处罚法40_no_penalty_without_evidence_and_what_was_excluded_does_not_count() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("第四十条", "officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("legal", json!({ "command": "exclude", "evidence": 1, "note": "偷录侵害他人合法权益" }));
    case.against("第四十条", "officer-a1", json!({ "command": "finish", "note": "终结" }));
}

#[test]
fn 行政处罚法42_two_officers_with_certificates() {
    let mut case = Docket::new();
    case.ok("officer-a1", register(SMALL, "person"));
    let assign = |lead: &str, second: &str| json!({ "command": "assign", "lead": lead, "second": second });
    case.against("第四十二条", "captain-a", assign("officer-a1", "officer-a1"));
    case.against("第四十二条", "captain-a", assign("officer-a1", "officer-b2"));
    case.ok("captain-a", assign("officer-a1", "officer-a2"));
    // Somebody else of the same squad does not handle it.
    case.against("第四十二条", "officer-a3", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    // A record by one officer alone, or with somebody who is not of the case.
    let mut alone = record("inspection");
    alone.as_object_mut().unwrap().remove("second");
    case.against("第四十二条", "officer-a1", alone);
    case.against("第四十二条", "officer-a1", with(record("interview"), "second", json!("officer-a3")));
    case.against("第五十五条", "officer-a1", with(record("interview"), "shown", json!(false)));
}

#[test]
fn 行政处罚法42_another_unit_s_case_is_none_of_ours() {
    let mut case = Docket::filed(SMALL, "person");
    let refusal = case.refused("officer-b1", json!({ "command": "finish", "note": "终结" }));
    assert_eq!(refusal.code, "not-permitted");
    assert!(case.offers("officer-b1").is_empty());
}

#[test]
fn 行政处罚法43_who_stands_aside_is_replaced_by_the_leader_s_decision_and_does_not_come_back() {
    let mut case = Docket::filed(SMALL, "person");
    let recuse =
        json!({ "command": "recuse", "person": "officer-a2", "with": "officer-a3", "note": "当事人亲属" });
    case.ok("officer-a1", recuse);
    // Until it is decided the investigation goes on (43(3)).
    case.ok("officer-a2", with(record("inspection"), "second", json!("officer-a1")));
    case.sign();
    assert!(case.case().is_officer(&lianzhi_testkit::city::person("officer-a3")));
    case.against("第四十二条", "officer-a2", json!({ "command": "finish", "note": "终结" }));
    let back = json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" });
    case.against("第四十三条", "captain-a", back);
}

#[test]
fn 行政处罚法44_62_no_decision_without_a_notice_that_was_served() {
    let decide = json!({ "command": "decide", "note": "决定" });
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.against("第六十二条", "officer-a1", decide.clone());
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.against("第六十二条", "officer-a1", decide.clone());
    case.serve_last();
    case.against("第四十五条", "officer-a1", decide.clone());
    // Five working days after Monday 23 November are over on Monday 30 November.
    case.days(7);
    case.against("第四十五条", "officer-a1", decide.clone());
    case.days(1);
    case.ok("officer-a1", decide);
}

#[test]
fn 行政处罚法62_told_again_when_facts_or_basis_or_penalty_change() {
    let decide = json!({ "command": "decide", "note": "决定" });
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.days(10);
    // Lighter than told: as it is.
    case.ok("officer-a1", charge(150_000));
    assert!(case.ask("officer-a1", decide.clone()).is_ok());
    // Heavier, though nobody spoke: told again.
    case.ok("officer-a1", charge(300_000));
    case.against("第六十二条", "officer-a1", decide.clone());
    case.ok("officer-a1", charge(200_000));
    let change = json!({
        "command": "set_violation", "violation": 1, "item": SMALL, "from": "2026-11-19", "facts": "多拆一面墙",
    });
    case.ok("officer-a1", change);
    case.against("第六十二条", "officer-a1", decide.clone());
    case.approved("officer-a1", json!({ "command": "notify", "days": 3, "note": "重新告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", decide);
}

#[test]
fn 行政处罚法45_the_defence_is_answered_and_never_makes_it_heavier() {
    let decide = json!({ "command": "decide", "note": "决定" });
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我拆的" }));
    case.against("第四十五条", "officer-a1", decide.clone());
    let answer = json!({ "command": "answer", "party": 1, "adopted": "none", "note": "有监控为证" });
    case.ok("officer-a1", answer);
    let refusal = case.against("第四十五条第二款", "officer-a1", charge(200_001));
    assert_eq!(refusal.field, Some("fine"));
    // Evidence of before the defence does not help; new evidence of afterwards does, and must be told.
    case.against("第四十五条第二款", "officer-a1", with(charge(300_000), "new_evidence", json!(1)));
    case.hours(1);
    case.ok("officer-a1", with(record("inspection"), "note", json!("又发现一处")));
    case.ok("officer-a1", with(charge(300_000), "new_evidence", json!(3)));
    case.against("第六十二条", "officer-a1", decide);
}

#[test]
fn 行政处罚法57_collective_discussion_comes_after_the_review_and_binds() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let waive = json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() });
    case.ok("officer-a1", waive);
    case.against("第五十八条", "leader", discuss());
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    let decide = json!({ "command": "decide", "note": "决定" });
    case.against("第五十七条第二款", "officer-a1", decide.clone());
    case.against("第五十七条第二款", "leader", with(discuss(), "present", json!(["leader"])));
    case.ok("leader", with(discuss(), "agreed", json!(false)));
    case.against("第五十七条第二款", "officer-a1", decide.clone());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide);
}

#[test]
fn 行政处罚法57_three_levels_of_approval_and_nobody_approves_his_own() {
    let mut case = Docket::lead(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "file", "note": "立案" }));
    let approve = json!({ "command": "approve", "proposal": 1, "agreed": true });
    case.against("三级审批", "leader", approve.clone());
    case.refused("captain-b", json!({ "command": "endorse", "proposal": 1, "agreed": true }));
    case.refused("captain-a", json!({ "command": "endorse", "proposal": 1, "agreed": false }));
    case.ok("captain-a", json!({ "command": "endorse", "proposal": 1, "agreed": true }));
    case.refused("officer-a1", approve.clone());
    case.ok("leader", approve);
    assert_eq!(case.stage(), "investigating");
    assert_eq!(case.case().papers[0].paper.kind, PaperKind::Filing);
}

#[test]
fn 行政处罚法58_who_handled_the_case_does_not_review_it_and_a_first_reviewer_is_qualified() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let review = json!({ "command": "review", "opinion": "agree", "note": "同意" });
    case.look_ups.reviewed_before = false;
    case.against("第五十八条第二款", "legal", review.clone());
    case.ok("legal", with(review, "qualification", json!("A20153101180001")));
    // An officer of the case who became a reviewer is refused: told by handled_by.
    let handled = lianzhi_testkit::city::person("officer-a1");
    assert!(case.case().handled_by.contains(&handled));
}

#[test]
fn 行政处罚法58_without_review_or_against_it_no_decision_and_a_change_makes_it_stale() {
    let mut case = Docket::large();
    let decide = json!({ "command": "decide", "note": "决定" });
    assert!(case.ask("officer-a1", decide.clone()).is_ok());
    case.ok("officer-a1", charge(19_000_000));
    case.against("第五十八条", "officer-a1", decide.clone());
    case.ok("legal", json!({ "command": "review", "opinion": "correct", "note": "裁量不当" }));
    let refusal = case.against("第五十八条", "officer-a1", decide.clone());
    assert_eq!(refusal.code, "review-not-passed");
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    // What the party says afterwards must be reviewed too.
    case.hours(1);
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "补充意见" }));
    case.ok("officer-a1", json!({ "command": "answer", "party": 1, "adopted": "some", "note": "部分采纳" }));
    case.against("第五十八条", "officer-a1", decide);
}

#[test]
fn 行政处罚法60_ninety_days_are_recorded_when_they_pass_and_do_not_stop_the_decision() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-02-21");
    case.days(100);
    let told = case.tick();
    assert!(expired(&told));
    assert!(case.tick().is_empty(), "said once");
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert!(
        case.case().clocks.iter().any(|w| w.clock.term == Term::Decide && w.expired && w.stopped.is_some())
    );
}

#[test]
fn 行政处罚法60_longer_once_with_the_leader_s_approval_and_not_when_it_is_over() {
    let mut case = Docket::filed(SMALL, "person");
    let longer = |days: u32| json!({ "command": "lengthen", "days": days, "note": "案情复杂" });
    case.refused("officer-a1", longer(31));
    case.approved("officer-a1", longer(30));
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-03-23");
    case.refused("officer-a1", longer(1));
}

#[test]
fn 行政处罚法63_the_hearing_that_was_asked_for_in_time_is_held() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let decide = json!({ "command": "decide", "note": "决定" });
    case.days(8);
    // Asked for on the fifth working day, registered later.
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-30" }));
    case.against("第六十三条", "officer-a1", decide.clone());
    // Tuesday 1 December: seven working days before the 10th are over on the 1st.
    let call = |on: &str, chair: &str| json!({ "command": "call_hearing", "party": 1, "on": on, "chair": chair, "note": "三楼会议室" });
    case.against("第六十四条第四项", "legal", call("2026-12-11T01:00:00Z", "officer-a1"));
    case.against("第六十四条第二项", "legal", call("2026-12-09T01:00:00Z", "legal-2"));
    case.ok("legal", call("2026-12-11T01:00:00Z", "legal-2"));
    case.serve_last();
    let hold = json!({ "command": "hold_hearing", "party": 1, "note": "报告", "exhibits": photo() });
    case.against("第六十四条", "legal-2", hold.clone());
    case.days(10);
    case.against("第六十四条第四项", "legal", hold.clone());
    case.ok("legal-2", hold);
    case.against("第五十八条", "officer-a1", decide.clone());
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    case.ok("officer-a1", decide);
}

#[test]
fn 行政处罚法64_a_hearing_asked_for_too_late_is_refused() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    assert_eq!(case.last_day(Term::HearingRequest, Scope::Party(1)).to_string(), "2026-11-30");
    case.days(8);
    case.against(
        "第六十四条第一项",
        "officer-a1",
        json!({ "command": "ask_hearing", "party": 1, "on": "2026-12-01" }),
    );
    // A small fine gives no hearing.
    let mut small = Docket::notified(SMALL, "person", 200_000);
    small.against(
        "第六十三条",
        "officer-a1",
        json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }),
    );
}

#[test]
fn 行政处罚法27_a_crime_is_handed_over_and_comes_back_when_the_police_do_not_take_it() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok(
        "officer-a1",
        json!({ "command": "mark", "mark": "crime", "on": true, "note": "涉嫌重大责任事故" }),
    );
    case.against("第二十七条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    assert!(case.runs(Term::CrimeSend, Scope::Case));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    assert!(!case.runs(Term::CrimeSend, Scope::Case));
    assert!(case.runs(Term::Police, Scope::Case));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": false, "note": "不予立案" }));
    assert_eq!(case.case().outcome, Outcome::Open);
}

#[test]
fn 行政处罚法33_no_penalty_only_on_its_grounds() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    let spare = |ground: &str| json!({ "command": "no_penalty", "ground": ground, "note": "理由" });
    case.against("第三十三条", "officer-a1", spare("minor"));
    case.against("第三十条", "officer-a1", spare("child"));
    case.against("第三十六条", "officer-a1", spare("limitation"));
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" }),
    );
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "reinspect", "order": 2, "done": true, "note": "已恢复" }));
    case.look_ups.subject = Some(lianzhi_ids::Digest([3; 32]));
    case.ok("officer-a1", json!({ "command": "describe", "party": 1, "particulars": "{}" }));
    case.look_ups.prior = vec![prior(false, true)];
    case.against("第三十三条", "officer-a1", spare("first"));
    case.approved("officer-a1", spare("minor"));
    case.serve_last();
    case.approved("officer-a1", json!({ "command": "close", "ground": "not_punished", "note": "已教育" }));
    assert_eq!(case.stage(), "closed");
}

#[test]
fn 行政处罚法63_where_no_threshold_is_known_any_fine_gives_the_right_to_a_hearing() {
    let mut case = Docket::new();
    case.directory = elsewhere();
    case.ok("officer-a1", register(LARGE, "company"));
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(10_000_000));
    let charge = case.case().parties[0].charges[0].clone();
    assert!(charge.hearing && charge.major && charge.review);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    let decide = json!({ "command": "decide", "note": "决定" });
    case.against("第六十三条", "officer-a1", decide.clone());
    case.days(10);
    // A number that nobody entered does not spare the review and the discussion either.
    case.against("第五十八条", "officer-a1", decide.clone());
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.against("第五十七条第二款", "officer-a1", decide.clone());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide);
}

#[test]
fn 行政处罚法46_evidence_of_another_member_is_taken_over_once_it_was_recognised_and_keeps_its_origin() {
    use lianzhi_procedure::ExhibitRef;
    use lianzhi_procedure::cooperation::Taker;
    use lianzhi_procedure::penalty::{Origin, Recognised};
    let mut case = Docket::filed(SMALL, "person");
    let cite = |n: u8| json!({ "command": "cite", "exhibit": lianzhi_ids::Digest([n; 32]), "kind": "recording", "note": "倾倒经过" });
    case.against("第四十六条", "officer-a1", cite(40));
    assert!(!case.offers("officer-a1").iter().any(|o| o.command == "cite"));
    let named = |name: &str, number: &str| Taker::Named { name: name.into(), certificate: number.into() };
    let origin = Origin {
        from: "苏·吴江城管".into(),
        matter: "沪青协查2026-0001".into(),
        docket: lianzhi_ids::DocketId(7),
        name: "卡口视频".into(),
        takers: vec![named("张三", "320509001"), named("李四", "320509002")],
        taken_at: "2026-11-20T15:12:00Z".parse().ok(),
        source: "苏吴诉2026-000012".into(),
        recognised: case.now,
        proof: "310118.1.7/320509/2".into(),
    };
    let exhibit = ExhibitRef { digest: lianzhi_ids::Digest([40; 32]), size: 9, media: "video/mp4".into() };
    case.look_ups.recognised = vec![Recognised { exhibit, origin: origin.clone() }];
    let offer = case.offers("officer-a1").into_iter().find(|o| o.command == "cite").expect("it is offered");
    assert!(offer.refused.is_none());
    case.ok("officer-a1", cite(40));
    let file = case.case().evidence.last().expect("it is in the file");
    assert_eq!(file.evidence.origin.as_ref(), Some(&origin));
    assert_eq!(Some(file.evidence.from), origin.taken_at, "when it was taken, not when it was taken over");
    assert_eq!(file.evidence.exhibits[0].digest, lianzhi_ids::Digest([40; 32]));
    // Once; what others sent and nobody recognised is none.
    case.against("第四十六条", "officer-a1", cite(40));
    case.against("第四十六条", "officer-a1", cite(41));
}
