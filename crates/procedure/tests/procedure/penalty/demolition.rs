//! Enforcement by the agency itself: the demand's own term (行政强制法 35, 37), and a demolition with its public notice and the
//! power that it rests on (行政强制法 44, 城乡规划法 68).

use super::kit::*;
use lianzhi_procedure::penalty::{PaperKind, Scope, Term, catalogue, record_gaps};
use serde_json::Value;

const PARTY: Scope = Scope::Party(1);

fn demand(days: u16) -> Value {
    json!({ "command": "demand", "party": 1, "days": days, "note": "请履行" })
}

fn compel(kind: &str, on: &str) -> Value {
    json!({
        "command": "compel", "party": 1, "kind": kind, "on": on, "court": "青浦区人民法院", "note": "逾期未履行",
        "power": "青府责拆〔2027〕3号", "ground": "pollution",
    })
}

fn announce(until: &str) -> Value {
    json!({
        "command": "announce_demolition", "party": 1, "object": "漕平路 118 号屋顶搭建的钢棚，约 20 平方米", "until": until,
        "note": "逾期没有拆除",
    })
}

fn posted(case: &Docket) -> Value {
    let paper = case.paper(PaperKind::DemolitionNotice);
    with(with(serve(paper, 1, case.now), "way", json!("posted")), "note", json!("张贴在违法建筑入口处"))
}

/// Decided and paid; the order to pull it down was served and not met. The terms of remedies are over: it is 25 May 2027.
fn standing() -> Docket {
    let mut case = Docket::decided();
    let pay = json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 0001" });
    case.ok("officer-a1", pay);
    let order = json!({ "command": "order", "party": 1, "note": "拆除屋顶钢棚", "until": "2026-12-10" });
    case.ok("officer-a1", order);
    case.serve_last();
    case.days(183);
    case.tick();
    case.tick();
    case
}

#[test]
fn 行政强制法44_a_demolition_is_announced_where_it_stands_and_waits_for_the_day_of_the_notice() {
    let mut case = standing();
    case.approved("officer-a1", demand(3));
    case.serve_last();
    case.days(6);
    let demolish = compel("demolition", "2027-06-22T02:00:00Z");
    assert_eq!(case.against("第四十四条", "officer-a1", demolish.clone()).code, "not-announced");
    case.against("第四十四条", "officer-a1", announce("2027-05-31"));
    case.refused("officer-a1", with(announce("2027-06-18"), "object", json!("")));
    case.approved("officer-a1", announce("2027-06-18"));
    let paper = case.paper(PaperKind::DemolitionNotice);
    assert!(case.case().paper(paper).unwrap().paper.number.contains("拆告"));
    // Signed is not announced; it is posted, with a photo, and not handed over.
    assert_eq!(case.against("第四十四条", "officer-a1", demolish.clone()).code, "not-announced");
    case.against("第四十四条", "officer-a1", announce("2027-06-20"));
    case.against("第四十四条", "officer-a1", serve(paper, 1, case.now));
    let bare = with(posted(&case), "exhibits", json!([]));
    case.against("第四十四条", "officer-a1", bare);
    let nowhere = with(posted(&case), "note", json!(""));
    case.refused("officer-a1", nowhere);
    let post = posted(&case);
    case.ok("officer-a1", post);
    case.days(18);
    // 18 June is the party's own.
    assert_eq!(case.against("第四十四条", "officer-a1", demolish.clone()).code, "announcement-runs");
    case.days(3);
    case.ok("officer-a1", demolish);
    let listed = catalogue(case.case());
    let of = |title: &str| listed.iter().filter(|l| l.title.contains(title)).count();
    assert_eq!((of("限期拆除公告"), of("现场公告")), (2, 1), "the notice and how it was posted");
    assert!(record_gaps(case.case()).iter().all(|gap| !gap.step.contains("现场公告")), "with its photo");
}

#[test]
fn 行政强制法44_a_notice_that_is_posted_after_its_day_is_made_anew() {
    let mut case = standing();
    case.approved("officer-a1", announce("2027-05-30"));
    let paper = case.paper(PaperKind::DemolitionNotice);
    case.days(5);
    let late = posted(&case);
    case.against("第四十四条", "officer-a1", late);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "没有及时公告" }));
    case.approved("officer-a1", announce("2027-06-10"));
    let post = posted(&case);
    case.ok("officer-a1", post);
    // Only this paper is posted.
    let order = case.paper(PaperKind::Correction);
    let wrong = with(serve(order, 1, case.now), "way", json!("posted"));
    case.refused("officer-a1", wrong);
}

#[test]
fn 城乡规划法68_a_demolition_rests_on_an_order_and_on_a_power_that_is_named() {
    let mut bare = Docket::decided();
    bare.days(183);
    bare.tick();
    bare.approved("officer-a1", demand(10));
    bare.serve_last();
    bare.days(20);
    bare.against("城乡规划法第六十四条", "officer-a1", compel("demolition", "2027-06-22T02:00:00Z"));
    bare.against("城乡规划法第六十四条", "officer-a1", announce("2027-07-01"));

    let mut case = standing();
    case.approved("officer-a1", demand(10));
    case.serve_last();
    case.approved("officer-a1", announce("2027-05-30"));
    let post = posted(&case);
    case.ok("officer-a1", post);
    case.days(20);
    let demolish = compel("demolition", "2027-06-22T02:00:00Z");
    case.against("城乡规划法第六十八条", "officer-a1", with(demolish.clone(), "power", json!(" ")));
    case.approved("officer-a1", demolish);
    let power = case.events.iter().any(|e| {
        let json = serde_json::to_value(e).unwrap();
        json["proposal"]["power"] == "青府责拆〔2027〕3号"
    });
    assert!(power, "what it rests on stands in the record");
    case.serve_last();
    case.days(8).hours(2);
    case.ok("officer-a1", json!({ "command": "enforce", "party": 1, "note": "已拆除", "exhibits": photo() }));
}

#[test]
fn 行政强制法35_37_the_term_of_the_demand_is_awaited_where_no_money_is_owed_too() {
    let mut case = standing();
    case.approved("officer-a1", announce("2027-05-30"));
    let post = posted(&case);
    case.ok("officer-a1", post);
    case.days(6);
    assert_eq!(case.case().parties[0].money.left(), 0);
    case.against("第三十五条", "officer-a1", compel("demolition", "2027-06-22T02:00:00Z"));
    case.approved("officer-a1", demand(10));
    case.serve_last();
    // Monday 31 May; 9 June is the Dragon Boat Festival.
    assert!(case.runs(Term::Remind, PARTY));
    let refusal = case.against("第三十五条", "officer-a1", compel("demolition", "2027-06-22T02:00:00Z"));
    assert!(refusal.code == "demand-runs" && refusal.source_text.contains("第三十七条"), "{refusal:?}");
    case.days(16);
    case.ok("officer-a1", compel("demolition", "2027-06-22T02:00:00Z"));
    // Whoever performs is not demanded of any more.
    let order = case.paper(PaperKind::Correction);
    case.ok(
        "officer-a1",
        json!({ "command": "reinspect", "order": order, "done": true, "note": "已自行拆除" }),
    );
    assert!(!case.runs(Term::Remind, PARTY));
    case.against("第三十五条", "officer-a1", demand(10));
}

#[test]
fn 行政强制法35_51_54_a_demand_tells_its_own_term_and_each_way_waits_for_it() {
    let mut case = Docket::ordered(183);
    case.against("第三十五条", "officer-a1", demand(2));
    case.approved("officer-a1", demand(3));
    case.serve_last();
    // Tuesday 25 May: three working days are over with Friday.
    assert_eq!(case.last_day(Term::Remind, PARTY).to_string(), "2027-05-28");
    case.against("第五十一条", "officer-a1", compel("substitute", "2027-05-27T02:00:00Z"));
    case.ok("officer-a1", compel("substitute", "2027-05-31T02:00:00Z"));
    case.days(20);
    assert_eq!(
        case.against("第五十四条", "officer-a1", compel("court", "2027-06-15T01:00:00Z")).code,
        "demand-short"
    );

    let mut longer = Docket::ordered(183);
    longer.approved("officer-a1", demand(10));
    longer.serve_last();
    // Told ten days, it is not done by others on the fourth.
    let early = longer.against("第三十五条", "officer-a1", compel("substitute", "2027-05-31T02:00:00Z"));
    assert_eq!(early.code, "demand-runs");
}
