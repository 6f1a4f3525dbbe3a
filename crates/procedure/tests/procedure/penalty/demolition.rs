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

/// An order to pull down by a day.
fn order(until: &str) -> Value {
    json!({
        "command": "order_demolition", "party": 1, "object": "屋顶钢棚一处，约 20 平方米", "until": until,
        "note": "未取得建设工程规划许可证，无法采取改正措施消除影响",
    })
}

/// Decided and paid; the order to pull it down was served and not met. The terms of remedies are over: it is 25 May 2027.
fn standing() -> Docket {
    let mut case = Docket::decided();
    let pay = json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "银行 0001" });
    case.ok("officer-a1", pay);
    case.approved("officer-a1", order("2026-12-10"));
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
    let order = case.paper(PaperKind::DemolitionOrder);
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
    let order = case.paper(PaperKind::DemolitionOrder);
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

#[test]
fn 城乡规划法64_an_order_to_pull_down_is_endorsed_reviewed_and_signed_before_it_goes_out() {
    let mut case = Docket::filed(SMALL, "person");
    // What nobody looked at is not ordered away; nor by a day that is over.
    assert_eq!(case.against("第六十四条", "officer-a1", order("2026-12-10")).code, "no-evidence");
    case.ok("officer-a1", record("inspection"));
    case.against("第六十四条", "officer-a1", order("2026-11-23"));
    case.refused("officer-a1", with(order("2026-12-10"), "object", json!(" ")));
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "房屋是老屋翻建" }));
    assert_eq!(case.against("第八条", "officer-a1", order("2026-12-10")).code, "not-answered");
    case.ok("officer-a1", json!({ "command": "answer", "party": 1, "adopted": "none", "note": "没有许可" }));
    case.ok("officer-a1", order("2026-12-10"));
    assert!(case.case().orders.is_empty(), "what is proposed orders nobody");
    let id = case.case().pending[0].id;
    let sign = json!({ "command": "approve", "proposal": id, "agreed": true });
    assert_eq!(case.refused("leader", sign.clone()).code, "not-endorsed");
    case.ok("captain-a", json!({ "command": "endorse", "proposal": id, "agreed": true }));
    assert_eq!(case.against("118号", "leader", sign.clone()).code, "review-missing");
    let review = json!({ "command": "review_proposal", "proposal": id, "opinion": "agree", "note": "同意" });
    case.ok("legal", review);
    case.ok("leader", sign);
    let paper = case.paper(PaperKind::DemolitionOrder);
    assert!(case.case().paper(paper).unwrap().paper.number.contains("限拆"));
    // Its remedies run from its service on, not only once it is late.
    case.serve_last();
    let of = Scope::Paper(paper, 1);
    assert!(
        case.runs(Term::Reconsideration, of) && case.runs(Term::Lawsuit, of) && case.runs(Term::Correct, of)
    );
}

#[test]
fn 国办发2018_118_an_order_to_pull_down_is_reviewed_where_no_list_names_it_too() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.directory = elsewhere();
    case.ok("officer-a1", order("2026-12-10"));
    let review = case.case().pending[0].review.clone().unwrap();
    assert!(review.contains("118号") && review.contains("重大权益"), "{review}");
}

#[test]
fn 城乡规划法68_an_order_that_only_corrects_carries_no_demolition() {
    let mut case = Docket::ordered(183);
    case.approved("officer-a1", demand(10));
    case.serve_last();
    case.days(20);
    case.against("城乡规划法第六十四条", "officer-a1", announce("2027-07-01"));
}

#[test]
fn 行政处罚法28_a_case_that_carries_only_an_order_ends_when_that_is_met() {
    let close =
        |ground: &str| json!({ "command": "close", "ground": ground, "note": "已经拆除，不另行处罚" });
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.approved("officer-a1", order("2026-12-10"));
    assert_eq!(case.refused("officer-a1", close("ordered")).code, "closing-ground");
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "finish", "note": "查清" }));
    let paper = case.paper(PaperKind::DemolitionOrder);
    case.against("第四十七条", "officer-a1", close("ordered"));
    // Planned to be punished, it ends with a decision.
    let mut planned = case.clone();
    let seen = |done| json!({ "command": "reinspect", "order": paper, "done": done, "note": "复查", "exhibits": photo() });
    planned.ok("officer-a1", charge(200_000));
    planned.ok("officer-a1", seen(true));
    assert_eq!(planned.refused("officer-a1", close("ordered")).code, "closing-ground");
    case.days(20);
    case.tick();
    case.ok("officer-a1", seen(false));
    assert_eq!(case.refused("officer-a1", close("ordered")).code, "closing-ground");
    case.ok("officer-a1", seen(true));
    let offered = case.offers("officer-a1").into_iter().any(|o| o.command == "close" && o.refused.is_none());
    assert!(offered);
    case.approved("officer-a1", close("ordered"));
    assert_eq!(case.stage(), "closed");
    // It may still be challenged: six months from its service.
    let appeal =
        json!({ "command": "appeal", "party": 1, "paper": paper, "kind": "lawsuit", "on": "2026-12-13" });
    case.ok("legal", appeal);
}

#[test]
fn 行政处罚法22_25_a_case_of_another_agency_goes_there_and_may_come_back() {
    let transfer =
        json!({ "command": "transfer", "to": "青浦区水务局", "ground": "power", "note": "属于水务执法" });
    let mut case = Docket::filed(SMALL, "person");
    case.against("第二十七条", "officer-a1", with(transfer.clone(), "ground", json!("crime")));
    case.refused("officer-a1", with(transfer.clone(), "to", json!("")));
    case.approved("officer-a1", transfer.clone());
    assert!(case.case().paper(case.paper(PaperKind::Transfer)).unwrap().paper.number.contains("移"));
    assert_eq!(case.stage(), "elsewhere");
    let close = json!({ "command": "close", "ground": "transferred", "note": "已移送" });
    let answer = |taken: bool| json!({ "command": "answer_transfer", "taken": taken, "note": "复函" });
    case.against("第二十五条", "officer-a1", answer(true));
    let send = json!({ "command": "send_transfer", "note": "卷宗一册", "exhibits": photo() });
    case.refused("officer-a1", with(send.clone(), "exhibits", json!([])));
    case.ok("officer-a1", send.clone());
    assert_eq!(case.refused("officer-a1", close.clone()).code, "closing-ground");
    // It is not theirs: it goes on here, within the same ninety days.
    let mut back = case.clone();
    back.ok("officer-a1", answer(false));
    assert_eq!(back.stage(), "investigating");
    assert_eq!(back.last_day(Term::Decide, Scope::Case).to_string(), "2027-02-21");
    case.ok("officer-a1", answer(true));
    assert!(!case.runs(Term::Decide, Scope::Case));
    case.approved("officer-a1", close);
    assert_eq!(case.stage(), "closed");
}
