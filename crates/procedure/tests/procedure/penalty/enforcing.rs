//! Enforcement of orders, what others perform, what could not wait, and the way to the court (行政强制法 34–37, 43, 44, 50–54).

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{PaperKind, Penalty, Scope, Term};
use serde_json::Value;

const PARTY: Scope = Scope::Party(1);

fn demand() -> Value {
    json!({ "command": "demand", "party": 1, "note": "请履行" })
}

fn compel(kind: &str, on: &str) -> Value {
    json!({
        "command": "compel", "party": 1, "kind": kind, "on": on, "court": "青浦区人民法院", "note": "逾期未履行",
        "power": "青府责拆〔2027〕3号", "ground": "pollution",
    })
}

fn pay(case: &mut Docket, amount: i64) {
    let on = lianzhi_procedure::beijing_date(case.now);
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "party": 1, "amount": amount, "on": on, "reference": "银行 1", "exhibits": photo() }),
    );
}

fn reinspect(case: &mut Docket, done: bool) {
    let order = case.paper(PaperKind::Correction);
    let seen =
        json!({ "command": "reinspect", "order": order, "done": done, "note": "复查", "exhibits": photo() });
    case.ok("officer-a1", seen);
}

fn todos(case: &Docket) -> Vec<&'static str> {
    Penalty::summary(&case.state).todos.into_iter().map(|t| t.what).collect()
}

#[test]
fn 行政强制法50_a_fine_is_not_performed_by_others_nor_an_order_before_its_day() {
    let mut case = Docket::decided();
    case.days(30);
    case.tick();
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(16);
    let on = "2027-01-18T02:00:00Z";
    assert_eq!(case.against("第五十条", "officer-a1", compel("substitute", on)).code, "no-order");
    // An order whose day is to come is no ground yet.
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2027-01-31" }),
    );
    case.serve_last();
    case.against("第五十条", "officer-a1", compel("substitute", on));

    let mut case = Docket::ordered(30);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(16);
    case.against("第五十条", "officer-a1", with(compel("substitute", on), "ground", Value::Null));
    case.ok("officer-a1", compel("substitute", on));
}

#[test]
fn 行政强制法36_37_what_the_party_says_after_a_demand_is_answered_before_anything_is_enforced() {
    let mut case = Docket::ordered(183);
    let state = json!({ "command": "state", "party": 1, "note": "已经委托施工" });
    case.refused("officer-a1", state.clone());
    case.approved("officer-a1", demand());
    case.serve_last();
    case.ok("officer-a1", state);
    assert!(todos(&case).contains(&"answer"));
    case.days(20);
    for kind in ["substitute", "court"] {
        let refusal = case.against("第三十六条", "officer-a1", compel(kind, "2027-06-22T02:00:00Z"));
        assert_eq!(refusal.code, "not-answered");
    }
    case.ok("officer-a1", json!({ "command": "answer", "party": 1, "adopted": "none", "note": "没有施工" }));
    case.ok("officer-a1", compel("substitute", "2027-06-22T02:00:00Z"));
}

#[test]
fn 行政强制法51_what_the_party_performed_is_not_done_once_more_and_ends() {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(16);
    case.approved("officer-a1", compel("substitute", "2027-01-18T02:00:00Z"));
    case.serve_last();
    let stop = json!({ "command": "stop_enforcement", "party": 1, "note": "已自行恢复" });
    assert_eq!(case.against("第五十一条", "officer-a1", stop.clone()).code, "still-owed");
    reinspect(&mut case, true);
    assert!(todos(&case).contains(&"stop_enforcement"));
    case.days(12);
    let enforce = json!({ "command": "enforce", "party": 1, "note": "已清除" });
    assert_eq!(case.against("第三十七条", "officer-a1", enforce).code, "nothing-owed");
    case.ok("officer-a1", stop);
    assert!(!case.case().parties[0].enforcement[0].open());
}

#[test]
fn 行政强制法43_the_hour_of_the_act_counts_and_not_that_of_its_entry() {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(16);
    case.approved("officer-a1", compel("substitute", "2027-01-18T02:00:00Z"));
    case.serve_last();
    // Entered at eleven at night of 18 January.
    case.days(10).hours(14);
    let done = |from: &str, to: &str| json!({ "command": "enforce", "party": 1, "from": from, "to": to, "note": "已清除", "exhibits": photo() });
    case.against("第四十三条", "officer-a1", done("2027-01-18T12:00:00Z", "2027-01-18T14:30:00Z"));
    case.against("第三十七条", "officer-a1", done("2027-01-18T01:00:00Z", "2027-01-18T03:00:00Z"));
    case.refused("officer-a1", done("2027-01-18T05:00:00Z", "2027-01-18T04:00:00Z"));
    case.ok("officer-a1", done("2027-01-18T02:00:00Z", "2027-01-18T04:00:00Z"));
}

#[test]
fn 行政强制法52_what_could_not_wait_is_entered_as_it_was_and_approved_afterwards() {
    let mut case = Docket::filed(SMALL, "person");
    // At eleven at night something lies on the road.
    case.hours(14);
    let at = case.now;
    case.hours(10);
    let compel = json!({ "command": "compel", "party": 1, "kind": "immediate", "on": at, "note": "遗洒渣土，当事人不能清除" });
    case.against("第五十二条", "officer-a1", compel.clone());
    let compel = with(with(compel, "place", json!("road")), "absent", json!(true));
    case.refused("officer-a1", with(compel.clone(), "on", json!("2026-12-24T02:00:00Z")));
    case.approved("officer-a1", compel);
    assert!(todos(&case).contains(&"serve"), "told at once");
    case.serve_last();
    let done = json!({ "command": "enforce", "party": 1, "from": at, "to": at, "note": "已清除", "exhibits": photo() });
    case.ok("officer-a1", done);
    assert_eq!(case.case().parties[0].enforcement[0].done, Some(at));
}

#[test]
fn 行政强制法53_an_order_that_is_not_met_goes_to_the_court_too() {
    let mut case = Docket::decided();
    pay(&mut case, 200_000);
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-12-01" }),
    );
    case.serve_last();
    case.days(10);
    case.tick();
    reinspect(&mut case, false);
    assert!(todos(&case).contains(&"demand"));
    case.days(173);
    case.tick();
    assert_eq!(case.case().parties[0].money.left(), 0);
    // The order was served on 23 November as well; 23 May is a Sunday.
    assert_eq!(case.last_day(Term::CourtApply, PARTY).to_string(), "2027-08-24");
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(20);
    case.approved("officer-a1", compel("court", "2027-06-14T01:00:00Z"));
}

#[test]
fn 行政强制法53_56_the_three_months_are_kept_on_the_day_on_which_the_court_gets_it() {
    let mut case = Docket::decided();
    case.days(183);
    case.tick();
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(20);
    case.tick();
    case.approved("officer-a1", compel("court", "2027-06-14T01:00:00Z"));
    assert!(case.runs(Term::CourtApply, PARTY), "signed is not handed over");
    assert!(!case.runs(Term::CourtAccept, PARTY) && todos(&case).contains(&"lodge_court"));
    case.against(
        "第五十六条",
        "officer-a1",
        json!({
            "command": "court_said", "party": 1, "step": "accepted", "on": "2027-06-14", "note": "受理",
        }),
    );
    let lodge = |on: &str| json!({ "command": "lodge_court", "party": 1, "on": on, "note": "递交立案庭", "exhibits": photo() });
    case.refused("officer-a1", with(lodge("2027-06-14"), "exhibits", json!([])));
    case.refused("officer-a1", lodge("2027-06-10"));
    let mut late = case.clone();
    late.days(90);
    assert_eq!(late.against("第五十三条", "officer-a1", lodge("2027-08-25")).code, "court-late");
    case.days(3);
    case.ok("officer-a1", lodge("2027-06-15"));
    assert!(!case.runs(Term::CourtApply, PARTY));
    // Five working days from Tuesday 15 June.
    assert_eq!(case.last_day(Term::CourtAccept, PARTY).to_string(), "2027-06-22");
    assert_eq!(
        case.against("第三十七条", "officer-a1", compel("court", "2027-06-18T01:00:00Z")).code,
        "enforcement-open"
    );
    // Paid meanwhile: the application is withdrawn.
    pay(&mut case, 400_000);
    let stop = json!({ "command": "stop_enforcement", "party": 1, "note": "当事人已缴清，撤回申请" });
    assert_eq!(case.against("第六十七条", "officer-a1", stop.clone()).code, "payment-unconfirmed");
    case.confirm_payments();
    case.ok("officer-a1", stop);
    assert!(!case.runs(Term::CourtAccept, PARTY) && !case.runs(Term::CourtApply, PARTY));
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "已履行" }));
}

#[test]
fn 城乡规划法64_行政强制法44_an_order_to_pull_down_is_enforced_by_itself_when_its_own_remedies_are_over() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.approved(
        "officer-a1",
        json!({
            "command": "order_demolition", "party": 1, "object": "屋顶钢棚", "until": "2026-12-10", "note": "没有许可",
        }),
    );
    case.serve_last();
    case.days(30);
    case.tick();
    let order = case.paper(PaperKind::DemolitionOrder);
    let of = Scope::Paper(order, 1);
    assert!(case.runs(Term::Reconsideration, of) && case.runs(Term::Lawsuit, of));
    case.approved("officer-a1", demand());
    case.serve_last();
    case.approved(
        "officer-a1",
        json!({
            "command": "announce_demolition", "party": 1, "object": "钢棚", "until": "2027-01-15", "note": "逾期没有拆除",
        }),
    );
    let paper = case.paper(PaperKind::DemolitionNotice);
    let post = with(with(serve(paper, 1, case.now), "way", json!("posted")), "note", json!("张贴在入口处"));
    case.ok("officer-a1", post);
    case.days(30);
    case.tick();
    let demolish = compel("demolition", "2027-06-22T02:00:00Z");
    assert_eq!(case.against("第四十四条", "officer-a1", demolish.clone()).code, "remedies-run");
    // It is challenged by itself: a stay, and an end that lets it fall.
    let mut sued = case.clone();
    let appeal = json!({
        "command": "appeal", "party": 1, "paper": order, "kind": "reconsideration", "on": "2027-01-10", "stay": true,
    });
    sued.ok("legal", appeal);
    assert!(sued.runs(Term::RemedyReply, of) && !sued.runs(Term::Lawsuit, of));
    assert_eq!(sued.refused("officer-a1", demolish.clone()).code, "stayed");
    sued.ok("legal", json!({ "command": "reply_remedy", "party": 1, "note": "答复书" }));
    assert!(!sued.runs(Term::RemedyReply, of));
    let end = json!({
        "command": "end_appeal", "party": 1, "paper": order, "end": "revoked", "on": "2027-01-20", "note": "撤销",
    });
    sued.ok("legal", end);
    assert!(sued.case().orders[0].annulled.is_some() && sued.case().parties[0].annulled.is_none());
    sued.refused("officer-a1", demolish.clone());
    // Nobody challenged it: six months after it was served the way is open.
    case.days(125);
    case.tick();
    case.approved("officer-a1", demolish);
}

#[test]
fn 行政强制法43_at_night_the_offer_of_enforcement_stands_for_each_party_with_its_own_ways() {
    let mut case = Docket::ordered(183);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(20).hours(14);
    case.tick();
    let offers = case.offers("officer-a1");
    let compel = offers.iter().find(|o| o.command == "compel").expect("offered at eleven at night");
    let kinds = compel.fields.iter().find(|f| f.name == "kind").unwrap();
    let lianzhi_procedure::FieldKind::Choice { choices } = &kinds.kind else { panic!("a choice") };
    let codes: Vec<_> = choices.iter().map(|c| c.value.as_str()).collect();
    assert_eq!(codes, ["substitute", "immediate", "court"]);
}

#[test]
fn 行政强制法51_the_form_says_the_first_day_of_performance_by_others() {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", demand());
    case.serve_last();
    case.days(1);
    // Served on Wednesday 23 December: three working days before Saturday the 26th.
    let told = case.last_day(Term::Remind, PARTY);
    let said = case.hint("officer-a1", "compel", "on");
    assert!(said.contains("催告 2026-12-23 送达，代履行最早于 2026-12-26"), "{said}");
    assert!(said.contains(&format!("催告的期限 {told} 届满以后")), "{said}");
    assert!(said.contains("向前数 3 个工作日") && said.contains("第51条"), "{said}");
    // What is over narrows nothing any more.
    case.days(40);
    assert!(!case.hint("officer-a1", "compel", "on").contains("最早"));
}
