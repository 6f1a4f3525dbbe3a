//! After the decision: service, money, enforcement, remedies, publication, the end.

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{Outcome, PaperKind, Penalty, Publication, Scope, Term};

const PARTY: Scope = Scope::Party(1);

fn pay(amount: i64, on: &str, reference: &str) -> serde_json::Value {
    json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": amount, "on": on, "reference": reference })
}

fn demand() -> serde_json::Value {
    json!({ "command": "demand", "party": 1, "note": "请履行" })
}

fn compel(kind: &str, on: &str) -> serde_json::Value {
    json!({ "command": "compel", "party": 1, "kind": kind, "on": on, "court": "青浦区人民法院", "note": "逾期未履行", "ground": "pollution" })
}

/// Decided and never paid, the terms of remedies over: 23 November plus six months is 23 May 2027.
fn unpaid() -> Docket {
    let mut case = Docket::decided();
    case.days(183);
    case.tick();
    case
}

#[test]
fn 行政处罚法61_nothing_is_served_before_it_is_signed_and_only_on_whom_it_names() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.paper(PaperKind::Notice);
    let before = case.now - jiff::SignedDuration::from_hours(1);
    case.against("第六十一条", "officer-a1", serve(paper, 1, before));
    case.refused("officer-a1", serve(paper, 2, case.now));
    case.refused("officer-a1", with(serve(paper, 1, case.now), "exhibits", json!([])));
    let filing = case.paper(PaperKind::Filing);
    case.against("第六十一条", "officer-a1", serve(filing, 1, case.now));
    case.ok("officer-a1", serve(paper, 1, case.now));
    case.against("第六十一条", "officer-a1", serve(paper, 1, case.now));
}

#[test]
fn 行政处罚法61_electronic_service_only_with_the_party_s_written_consent() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.paper(PaperKind::Notice);
    let electronic = with(serve(paper, 1, case.now), "way", json!("electronic"));
    case.against("第六十一条第二款", "officer-a1", electronic.clone());
    case.ok("officer-a1", json!({ "command": "agree_electronic", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", electronic);
}

#[test]
fn 民事诉讼法95_a_public_notice_counts_as_served_when_its_term_is_over_in_shanghai_sixty_days() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.paper(PaperKind::Notice);
    let notice = with(serve(paper, 1, case.now), "way", json!("public_notice"));
    case.ok("officer-a1", notice);
    assert!(case.case().served(paper, 1).is_none());
    case.days(60);
    case.tick();
    assert!(case.case().served(paper, 1).is_none());
    case.days(1);
    case.tick();
    let served = case.case().served(paper, 1).unwrap();
    assert_eq!(lianzhi_procedure::beijing_date(served).to_string(), "2027-01-23");
    assert!(case.runs(Term::Defence, PARTY), "the defence runs from then on");
}

#[test]
fn 作废的文书_a_paper_that_reached_nobody_is_void_with_what_it_did_and_keeps_its_number() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let paper = case.paper(PaperKind::Decision);
    let number = case.case().paper(paper).unwrap().paper.number.clone();
    case.refused("officer-a1", json!({ "command": "void", "paper": paper, "note": "笔误" }));
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "笔误" }));
    assert_eq!(case.case().outcome, Outcome::Open);
    assert_eq!(case.case().paper(paper).unwrap().paper.number, number);
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    let again = case.paper(PaperKind::Decision);
    assert_ne!(again, paper);
    case.against("第六十一条", "leader", json!({ "command": "void", "paper": again, "note": "笔误" }));
}

#[test]
fn 行政处罚法67_paid_in_time_without_surcharge_and_never_more_than_is_owed() {
    let mut case = Docket::decided();
    case.days(15);
    case.against("第六十七条", "officer-a1", pay(200_001, "2026-12-08", "a"));
    case.against("第六十七条", "officer-a1", pay(0, "2026-12-08", "a"));
    case.against("第六十七条", "officer-a1", pay(100, "2026-11-22", "a"));
    case.ok("officer-a1", pay(200_000, "2026-12-08", "a"));
    assert_eq!(case.case().parties[0].money.left(), 0);
    assert!(!case.runs(Term::Pay, PARTY));
}

#[test]
fn 行政处罚法72_three_percent_a_day_and_never_above_the_fine() {
    let mut case = Docket::decided();
    case.days(60);
    // Due on 8 December: ten days late are thirty percent.
    case.ok("officer-a1", pay(200_000, "2026-12-18", "a"));
    assert_eq!(case.case().parties[0].money.surcharge, 60_000);
    assert_eq!(case.case().parties[0].money.left(), 60_000);
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    case.against("第七十二条", "officer-a1", close);
    case.ok("officer-a1", pay(60_000, "2026-12-20", "b"));
    assert_eq!(case.case().parties[0].money.left(), 0);
    let arithmetic = case.events.iter().any(|e| {
        let json = serde_json::to_value(e).unwrap();
        json["type"] == "paid" && json["arithmetic"].as_str().is_some_and(|a| a.contains("3%"))
    });
    assert!(arithmetic, "the arithmetic is in the event");

    let mut never = Docket::decided();
    never.days(100);
    never.against("第六十七条", "officer-a1", pay(400_001, "2027-02-28", "a"));
    never.ok("officer-a1", pay(400_000, "2027-02-28", "a"));
}

#[test]
fn 行政处罚法73_days_of_a_remedy_do_not_count_for_the_surcharge() {
    let mut case = Docket::decided();
    case.days(30);
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-10" });
    case.ok("officer-a1", appeal.clone());
    case.refused("officer-a1", appeal);
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-12-20", "note": "维持" });
    case.ok("legal", end);
    // 9 December and 21, 22 December are three days.
    case.ok("officer-a1", pay(200_000, "2026-12-22", "a"));
    assert_eq!(case.case().parties[0].money.surcharge, 18_000);
}

#[test]
fn 行政复议法29_2_nobody_asks_for_reconsideration_of_what_a_court_took() {
    let mut case = Docket::decided();
    case.days(30);
    let appeal = |kind: &str, on: &str| json!({ "command": "appeal", "party": 1, "kind": kind, "on": on });
    case.ok("officer-a1", appeal("lawsuit", "2026-12-10"));
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-12-20", "note": "驳回" });
    case.ok("legal", end);
    case.against("行政复议法第二十九条第二款", "officer-a1", appeal("reconsideration", "2026-12-21"));
    case.ok("officer-a1", appeal("second_instance", "2026-12-21"));
}

#[test]
fn 行政复议法20_21_the_form_of_a_remedy_tells_its_last_days() {
    let case = Docket::decided();
    let hint = case.hint("officer-a1", "appeal", "on");
    // Sixty days; a year for whoever was not told; five years, or twenty.
    for day in ["2027-01-22", "2027-11-23", "2031-11-23", "2046-11-23"] {
        assert!(hint.contains(day), "{day}: {hint}");
    }
}

#[test]
fn 行政强制法46_the_thirty_days_of_a_surcharge_stand_still_while_none_is_counted() {
    let mut case = Docket::decided();
    case.days(16);
    case.tick();
    // Due on 8 December: the surcharge begins on the ninth, from which the thirty days are counted (加处罚款实施之日).
    assert_eq!(case.last_day(Term::SurchargeMonth, PARTY).to_string(), "2027-01-08");
    case.days(4);
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-12-12" });
    case.ok("officer-a1", appeal);
    assert!(!case.runs(Term::SurchargeMonth, PARTY), "it stands still");
    case.days(20);
    let end = json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-12-21", "note": "驳回诉讼请求" });
    case.ok("legal", end);
    // Ten days, both ends included, are left out.
    assert_eq!(case.last_day(Term::SurchargeMonth, PARTY).to_string(), "2027-01-18");
}

#[test]
fn 行政强制法54_a_demand_names_what_is_left_of_fine_gains_and_surcharge() {
    let mut case = unpaid();
    case.ok("officer-a1", pay(150_000, "2026-12-18", "a"));
    case.ok("officer-a1", demand());
    let lianzhi_procedure::penalty::Proposal::Demand { fine, gains, surcharge, .. } =
        case.case().pending.last().unwrap().proposal.clone()
    else {
        panic!("a demand")
    };
    // Ten days of 2,000.00, then 3 % of 500.00 a day up to the whole fine.
    assert_eq!((fine, gains, surcharge), (50_000, 0, 200_000));
    case.sign();
    let money = &case.case().parties[0].money;
    assert_eq!(money.dues(0).surcharge, 200_000, "what was demanded is fixed");
    assert_eq!(money.dues(0).total(), money.left());
}

#[test]
fn 行政处罚法66_a_surcharge_that_has_grown_is_not_put_off_with_the_fine() {
    let mut case = unpaid();
    case.approved("officer-a1", demand());
    let later = json!({ "command": "pay_later", "party": 1, "parts": 2, "first": "2027-06-30", "asked": "2026-11-23", "note": "经济困难" });
    case.approved("officer-a1", later);
    let money = &case.case().parties[0].money;
    assert_eq!(money.parts.iter().map(|p| p.fen).sum::<i64>(), 200_000);
    assert_eq!(money.left(), 400_000);
}

#[test]
fn 行政处罚法66_instalments_are_exact_to_the_fen_and_each_has_its_day() {
    let mut case = Docket::decided();
    let later = json!({ "command": "pay_later", "party": 1, "parts": 3, "first": "2026-12-31", "asked": "2026-11-23", "note": "经济困难" });
    case.refused("officer-a1", with(later.clone(), "first", json!("2026-11-23")));
    // The fifteen days of the statute end on 8 December: no part is due before.
    case.against("第六十七条第三款", "officer-a1", with(later.clone(), "first", json!("2026-12-07")));
    case.approved("officer-a1", later);
    let money = &case.case().parties[0].money;
    assert_eq!(money.parts.iter().map(|p| p.fen).collect::<Vec<_>>(), [66_668, 66_666, 66_666]);
    let days: Vec<_> = money.parts.iter().map(|p| p.due.to_string()).collect();
    assert_eq!(days, ["2026-12-31", "2027-01-31", "2027-02-28"]);
    assert!(!case.runs(Term::Pay, PARTY));
    assert_eq!(case.last_day(Term::PayPart, Scope::Part(1, 0)).to_string(), "2026-12-31");
    case.days(30);
    case.ok("officer-a1", pay(66_668, "2026-12-20", "a"));
    assert!(!case.runs(Term::PayPart, Scope::Part(1, 0)));
    assert_eq!(case.last_day(Term::PayPart, Scope::Part(1, 1)).to_string(), "2027-01-31");
}

#[test]
fn 行政处罚法68_69_71_on_the_spot_only_where_it_is_remote_and_handed_in_within_two_working_days() {
    let mut case = Docket::decided();
    let collect = |ground: &str| {
        json!({
            "command": "collect", "party": 1, "amount": 200_000, "on": "2026-11-23", "ground": ground, "ticket": "沪财 001",
            "note": "海岛居民，当事人要求当场缴纳",
        })
    };
    case.against("第六十八条", "officer-a1", collect("small"));
    case.against("第六十八条", "officer-a1", collect("hard"));
    case.ok("officer-a1", collect("remote"));
    assert_eq!(case.last_day(Term::HandIn, PARTY).to_string(), "2026-11-25");
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.against(
        "第七十一条",
        "officer-a1",
        json!({ "command": "close", "ground": "performed", "note": "缴清" }),
    );
    let hand_in = json!({ "command": "hand_in", "party": 1, "ticket": "沪财 001", "receipt": "收 1" });
    assert_eq!(case.refused("officer-a1", hand_in.clone()).code, "own-cash");
    case.against("第七十一条", "officer-a2", with(hand_in.clone(), "receipt", json!("")));
    case.ok("officer-a2", hand_in);
    assert!(!case.runs(Term::HandIn, PARTY));
    // The agency pays it in within two more.
    assert_eq!(case.last_day(Term::Deposit, PARTY).to_string(), "2026-11-25");
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    assert_eq!(case.refused("officer-a1", close).code, "not-deposited");
    let deposit = json!({
        "command": "deposit", "party": 1, "ticket": "沪财 001", "on": "2026-11-23", "reference": "B-9", "exhibits": photo(),
    });
    case.against("第七十一条", "officer-a1", with(deposit.clone(), "exhibits", json!([])));
    case.ok("officer-a1", deposit.clone());
    assert!(!case.runs(Term::Deposit, PARTY));
    assert_eq!(case.refused("officer-a1", deposit).field, Some("ticket"));
}

#[test]
fn 行政强制法53_54_the_court_only_after_ten_working_days_of_demand_and_within_three_months() {
    let mut case = unpaid();
    assert!(case.runs(Term::CourtApply, PARTY));
    case.against("第五十四条", "officer-a1", compel("court", "2027-06-01T01:00:00Z"));
    case.approved("officer-a1", demand());
    case.serve_last();
    case.against("第五十四条", "officer-a1", compel("court", "2027-06-01T01:00:00Z"));
    case.days(20);
    case.ok("officer-a1", compel("court", "2027-06-15T01:00:00Z"));
    // The surcharge has reached the fine by then.
    assert_eq!(case.case().parties[0].money.surcharge, 200_000);

    let mut late = unpaid();
    late.approved("officer-a1", demand());
    late.serve_last();
    late.days(100);
    late.against("第五十三条", "officer-a1", compel("court", "2027-09-01T01:00:00Z"));

    let mut early = Docket::decided();
    early.days(30);
    early.approved("officer-a1", demand());
    early.serve_last();
    early.days(20);
    early.against("第五十三条", "officer-a1", compel("court", "2027-01-15T01:00:00Z"));
}

#[test]
fn 行政处罚法66_72_no_time_is_given_any_more_once_the_court_is_applied_to() {
    let mut case = unpaid();
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(20);
    let later = json!({
        "command": "pay_later", "party": 1, "parts": 1, "first": "2027-12-31", "asked": "2027-06-10", "note": "困难",
    });
    case.ok("officer-a1", later.clone());
    let waiting = case.case().pending[0].id;
    case.ok("captain-a", json!({ "command": "endorse", "proposal": waiting, "agreed": true }));
    case.approved("officer-a1", compel("court", "2027-06-15T01:00:00Z"));
    let approve = json!({ "command": "approve", "proposal": waiting, "agreed": true });
    case.against("第七十二条第一款第四项", "leader", approve);
    case.ok("officer-a1", json!({ "command": "unpropose", "proposal": waiting }));
    case.against("第七十二条第一款第四项", "officer-a1", later);
}

#[test]
fn 行政处罚法67_no_demand_while_the_term_of_payment_runs() {
    let mut case = Docket::decided();
    case.days(14);
    case.against("第六十七条", "officer-a1", demand());
    case.days(2);
    case.ok("officer-a1", demand());
}

#[test]
fn 行政强制法43_not_at_night_and_not_on_a_statutory_holiday() {
    let mut case = Docket::ordered(183);
    case.approved("officer-a1", demand());
    case.serve_last();
    // 23:00 in Beijing; the first of October.
    case.against("第四十三条", "officer-a1", compel("substitute", "2027-06-10T15:00:00Z"));
    case.against("第四十三条", "officer-a1", compel("demolition", "2027-10-01T02:00:00Z"));
    // Statutory holidays that fall on a weekend, in a year whose schedule is published: National Day, Labour Day, Tomb-sweeping.
    for day in ["2026-10-03", "2026-05-02", "2026-04-05"] {
        case.against("第四十三条", "officer-a1", compel("demolition", &format!("{day}T02:00:00Z")));
    }
    case.against("第五十一条", "officer-a1", compel("substitute", "2027-05-26T02:00:00Z"));
    case.ok("officer-a1", compel("substitute", "2027-06-10T02:00:00Z"));
}

#[test]
fn 行政强制法44_no_demolition_while_the_party_may_still_go_to_court() {
    let mut case = Docket::decided();
    let order = json!({
        "command": "order_demolition", "party": 1, "object": "屋顶钢棚", "until": "2026-12-01", "note": "没有许可",
    });
    case.approved("officer-a1", order);
    case.serve_last();
    case.days(30);
    case.tick();
    case.approved("officer-a1", demand());
    case.serve_last();
    case.against("第四十四条", "officer-a1", compel("demolition", "2027-01-11T02:00:00Z"));
}

#[test]
fn 行政强制法37_38_what_was_decided_is_done_at_its_hour_and_once_it_was_served() {
    let mut case = Docket::ordered(183);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.approved("officer-a1", compel("substitute", "2027-06-10T02:00:00Z"));
    let enforce = json!({ "command": "enforce", "party": 1, "note": "已清除", "exhibits": photo() });
    case.against("第三十七条", "officer-a1", enforce.clone());
    case.days(17);
    case.against("第三十八条", "officer-a1", enforce.clone());
    case.serve_last();
    case.ok("officer-a1", enforce);
    assert!(case.case().parties[0].enforcement[0].done.is_some());
}

#[test]
fn 行政处罚法48_published_in_seven_working_days_and_withdrawn_in_three_when_it_falls() {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(10);
    case.ok("officer-a1", json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-12-01" }));
    let close = json!({ "command": "close", "ground": "performed", "note": "-" });
    case.refused("officer-a1", close);
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "revoked", "on": "2026-12-03", "note": "撤销" });
    case.ok("legal", end);
    assert!(case.runs(Term::Withdraw, Scope::Case));
    assert_eq!(case.last_day(Term::Withdraw, Scope::Case).to_string(), "2026-12-08");
    case.against(
        "第四十八条",
        "officer-a1",
        json!({ "command": "close", "ground": "annulled", "note": "已撤销" }),
    );
    case.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    assert!(matches!(case.case().publication, Publication::Withdrawn { .. }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "annulled", "note": "已撤销" }));
    assert_eq!(case.stage(), "closed");
}

#[test]
fn 行政处罚法66_2_nothing_is_put_off_that_is_not_owed_any_more() {
    let mut case = Docket::decided();
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    let later = json!({ "command": "pay_later", "party": 1, "parts": 3, "first": "2026-12-31", "asked": "2026-11-23", "note": "经济困难" });
    case.against("第六十六条第二款", "officer-a1", later);
}

#[test]
fn 行政处罚法48_what_has_social_weight_is_not_kept_back() {
    let mut case = Docket::decided();
    case.ok("legal", json!({ "command": "mark", "mark": "public", "on": true, "note": "社会关注" }));
    case.against("第四十八条第一款", "officer-a1", json!({ "command": "keep_back", "note": "-" }));
    case.ok("officer-a1", json!({ "command": "publish" }));
}

#[test]
fn 行政诉讼法56_a_stayed_decision_is_not_enforced() {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", demand());
    case.serve_last();
    let appeal =
        json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-12-20", "stay": true });
    case.ok("officer-a1", appeal);
    case.against("行政诉讼法", "officer-a1", compel("substitute", "2027-01-11T02:00:00Z"));
}

#[test]
fn 结案_nothing_is_closed_with_something_open() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    case.against("第六十一条", "officer-a1", close.clone());
    case.serve_last();
    case.against("第七十二条", "officer-a1", close.clone());
    case.ok("officer-a1", pay(200_000, "2026-11-23", "a"));
    case.against("第六十七条", "officer-a1", close.clone());
    case.confirm_payments();
    case.against("第四十八条", "officer-a1", close.clone());
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    case.against("第四十七条", "officer-a1", with(close.clone(), "ground", json!("not_punished")));
    case.ok("officer-a1", close);
    case.against("第四十七条", "officer-a1", json!({ "command": "archive", "shelf": "1", "pages": 9 }));
    case.sign();
    assert!(Penalty::summary(&case.state).closed_at.is_some());
}

#[test]
fn 分案并案_a_party_gets_a_case_of_its_own_and_a_case_goes_on_in_another() {
    let mut case = Docket::filed(SMALL, "person");
    case.refused("captain-a", json!({ "command": "split", "party": 1, "note": "分案" }));
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("captain-a", json!({ "command": "split", "party": 2, "note": "另有其他违法行为" }));
    case.ok("system", json!({ "command": "split_into", "party": 2, "docket": 9 }));
    assert_eq!(case.case().present().count(), 1);
    case.refused("officer-a1", with(charge(200_000), "party", json!(2)));
    let join = json!({ "command": "join", "to": 77, "note": "同一事实" });
    case.refused("captain-a", join.clone());
    case.target(77);
    let events = case.ok("captain-a", join);
    let before = &case.state;
    let told = Penalty::follow_ups(lianzhi_ids::DocketId(5), before, &events[0]);
    assert_eq!(told[0].0, lianzhi_ids::DocketId(77));
    assert_eq!(case.stage(), "joined");
    assert!(case.case().clocks.iter().all(|w| w.stopped.is_some()));
}

#[test]
fn 两名当事人_each_party_is_told_heard_served_and_pays_for_itself() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(200_000));
    case.against("第五十七条", "officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.ok("officer-a1", with(charge(500_000), "party", json!(2)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.case().papers.last().unwrap().paper.id;
    case.ok("officer-a1", serve(paper, 1, case.now));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    let decide = json!({ "command": "decide", "note": "决定" });
    let refusal = case.against("第六十二条", "officer-a1", decide.clone());
    assert!(refusal.rule.contains("当事人 2"));
    case.ok("officer-a1", serve(paper, 2, case.now));
    case.days(10);
    case.approved("officer-a1", decide);
    let money = |case: &Docket, n: usize| case.case().parties[n].money.fine;
    assert_eq!((money(&case, 0), money(&case, 1)), (200_000, 500_000));
    case.serve_last();
    let party_two = with(pay(500_000, "2026-12-03", "b"), "party", json!(2));
    case.ok("officer-a1", party_two);
    assert!(case.runs(Term::Pay, Scope::Party(1)));
    assert!(!case.runs(Term::Pay, Scope::Party(2)));
}

#[test]
fn 行政处罚法62_who_was_told_is_not_told_again_because_another_must_be() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(200_000));
    case.ok("officer-a1", with(charge(500_000), "party", json!(2)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", with(charge(600_000), "party", json!(2)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "重新告知" }));
    assert_eq!(case.case().papers.last().unwrap().paper.parties, [2]);
    assert!(case.case().party(1).unwrap().rights.statement_waived.is_some());
}

#[test]
fn 行政复议法63_a_change_by_reconsideration_counts_and_never_weighs_more() {
    let mut case = Docket::decided();
    case.days(10);
    case.ok(
        "officer-a1",
        json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-11-25" }),
    );
    let end = |fine: i64| json!({ "command": "end_appeal", "party": 1, "end": "changed", "on": "2026-12-01", "fine": fine, "note": "变更" });
    case.against("行政复议法第六十三条", "legal", end(200_001));
    case.ok("legal", end(100_000));
    assert_eq!(case.case().parties[0].money.left(), 100_000);
}

#[test]
fn 行政诉讼法45_after_a_reconsideration_fifteen_days_are_left_before_the_court_may_be_asked_to_enforce() {
    let mut case = Docket::decided();
    case.days(20);
    case.ok(
        "officer-a1",
        json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-01" }),
    );
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-12-10", "note": "维持" });
    case.ok("legal", end);
    assert_eq!(case.last_day(Term::LawsuitAfter, PARTY).to_string(), "2026-12-25");
    assert!(!case.runs(Term::CourtApply, PARTY));
    case.days(14);
    case.tick();
    // Three months from 25 December.
    assert_eq!(case.last_day(Term::CourtApply, PARTY).to_string(), "2027-03-25");
}

#[test]
fn 行政诉讼法45_101_the_last_of_the_fifteen_days_is_no_day_off_as_the_law_data_say() {
    let mut case = Docket::decided();
    case.days(20);
    case.ok(
        "officer-a1",
        json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-01" }),
    );
    // Fifteen days from Friday 11 December end on Saturday the 26th: on Monday the 28th.
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-12-11", "note": "维持" });
    case.ok("legal", end);
    assert_eq!(case.last_day(Term::LawsuitAfter, PARTY).to_string(), "2026-12-28");
    let clock = case.case().clock(Term::LawsuitAfter, PARTY).unwrap();
    assert!(clock.clock.running.standard.rolls_over);
}
