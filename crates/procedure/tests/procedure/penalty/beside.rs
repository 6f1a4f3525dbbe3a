//! Beside the ordinary way: agreements, suspension and its end, daily fines, corrections, longer terms, joined cases, advice.

use super::kit::*;
use lianzhi_procedure::Text;
use lianzhi_procedure::penalty::{
    Bringing, BroughtEvidence, Command, EvidenceKind, ExecutionEnd, NewParty, NewViolation, Outcome,
    PaperKind, PartyKind, Publication, Registering, Scope, SplitFrom, Term, catalogue, missing,
};
use lianzhi_procedure::policy::{Matter, permit};
use lianzhi_testkit::city;
use serde_json::Value;

const PARTY: Scope = Scope::Party(1);

/// Decided, due on 8 December, demanded on 23 December: fifteen days of surcharge are 90 000 fen.
fn demanded() -> Docket {
    let mut case = Docket::decided();
    case.days(30);
    case.tick();
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    case
}

fn agree(reduced: i64, remedied: bool) -> Value {
    json!({
        "command": "agree", "party": 1, "parts": 2, "first": "2027-01-15", "remedied": remedied, "reduced": reduced,
        "note": "当事人申请分阶段履行",
    })
}

/// An agreement that is not kept.
pub fn broken() -> Docket {
    let mut case = demanded();
    case.approved("officer-a1", agree(40_000, true));
    case.days(40);
    case.tick();
    case.ok("officer-a1", json!({ "command": "break_agreement", "party": 1, "note": "没有履行" }));
    case
}

#[test]
fn 行政强制法42_in_stages_with_less_surcharge_only_for_who_made_good_and_nothing_is_enforced_meanwhile() {
    let mut case = Docket::decided();
    case.days(30);
    case.against("第四十二条", "officer-a1", agree(0, false));
    let mut case = demanded();
    assert_eq!(case.case().parties[0].money.surcharge, 90_000);
    case.against("第四十二条第一款", "officer-a1", agree(40_000, false));
    case.against("第四十二条", "officer-a1", agree(90_001, true));
    case.approved("officer-a1", agree(40_000, true));
    let party = &case.case().parties[0];
    assert_eq!((party.money.surcharge, party.money.left()), (50_000, 250_000));
    let parts: Vec<_> =
        party.execution.agreements[0].parts.iter().map(|p| (p.due.to_string(), p.fen)).collect();
    assert_eq!(parts, [("2027-01-15".to_owned(), 125_000), ("2027-02-15".to_owned(), 125_000)]);
    assert_eq!(case.last_day(Term::Agreed, Scope::Part(1, 0)).to_string(), "2027-01-15");
    // While it is kept nothing is demanded, nothing enforced, nothing added.
    case.against("第四十二条", "officer-a1", json!({ "command": "demand", "party": 1, "note": "-" }));
    let compel = json!({
        "command": "compel", "party": 1, "kind": "substitute", "on": "2027-01-20T02:00:00Z", "note": "-",
    });
    case.against("第四十二条", "officer-a1", compel);
    case.against(
        "第四十二条",
        "officer-a1",
        json!({ "command": "break_agreement", "party": 1, "note": "-" }),
    );
    case.days(23);
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 125_000, "on": "2027-01-15", "reference": "a" }),
    );
    assert_eq!(case.last_day(Term::Agreed, Scope::Part(1, 1)).to_string(), "2027-02-15");
    case.days(31);
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 125_000, "on": "2027-02-15", "reference": "b" }),
    );
    assert_eq!(case.case().parties[0].money.left(), 0, "performed as agreed");
}

#[test]
fn 行政强制法42_2_who_does_not_keep_it_owes_all_again_and_enforcement_goes_on() {
    let mut case = broken();
    assert_eq!(case.case().parties[0].money.surcharge, 90_000, "what was reduced is owed again");
    // From the day after it was made until 1 February the agreement ran: those days bear no surcharge.
    case.days(10);
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "再次催告" }));
    let surcharge = case.case().parties[0].money.surcharge;
    assert_eq!(surcharge, 90_000 + 60_000, "15 days until it was made, as it says, and 10 after it");
}

/// Suspended for three years.
pub fn suspended() -> Docket {
    let mut case = demanded();
    case.approved(
        "officer-a1",
        json!({ "command": "suspend", "party": 1, "ground": "claimed", "note": "第三人主张权利" }),
    );
    case.days(10);
    case.ok("officer-a1", json!({ "command": "resume", "party": 1, "note": "异议不成立" }));
    let suspend = json!({ "command": "suspend", "party": 1, "ground": "unable", "harmless": true, "note": "无履行能力" });
    case.approved("officer-a1", suspend);
    case
}

#[test]
fn 行政强制法39_suspended_on_its_grounds_resumed_and_over_by_itself_after_three_years() {
    let mut case = suspended();
    let compel = json!({
        "command": "compel", "party": 1, "kind": "demolition", "on": "2027-01-20T02:00:00Z", "note": "-",
    });
    case.against("第三十九条", "officer-a1", compel);
    case.against(
        "第三十九条",
        "officer-a1",
        json!({ "command": "suspend", "party": 1, "ground": "other", "note": "-" }),
    );
    assert_eq!(case.last_day(Term::SuspendEnd, PARTY).to_string(), "2030-01-02");
    case.days(3 * 365 + 2);
    case.tick();
    let execution = &case.case().parties[0].execution;
    assert!(matches!(execution.ended, Some((ExecutionEnd::ThreeYears, _))));
    case.against("第三十九条第二款", "officer-a1", json!({ "command": "demand", "party": 1, "note": "-" }));
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    let notices: Vec<_> = case.case().papers_of(PaperKind::Suspension).map(|p| p.paper.id).collect();
    for notice in notices {
        case.ok("officer-a1", serve(notice, 1, case.now));
    }
    case.approved("officer-a1", json!({ "command": "close", "ground": "ended", "note": "不再执行" }));
    assert_eq!(case.stage(), "closed");
}

#[test]
fn 行政强制法40_it_ends_on_its_grounds_alone_and_only_then_is_closed_so() {
    let mut case = demanded();
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    let close = json!({ "command": "close", "ground": "ended", "note": "终结执行" });
    case.against("第四十七条", "officer-a1", close.clone());
    let end = |ground: &str| json!({ "command": "end_execution", "party": 1, "ground": ground, "note": "死亡证明" });
    case.against("第四十条", "officer-a1", end("dissolved"));
    case.against("第四十条", "officer-a1", end("annulled"));
    case.against("第三十九条第二款", "officer-a1", end("three_years"));
    case.approved("officer-a1", end("died"));
    case.against("第四十条", "officer-a1", end("other"));
    case.serve_last();
    assert!(!case.runs(Term::Pay, PARTY) && !case.runs(Term::CourtApply, PARTY));
    case.approved("officer-a1", close);
    assert_eq!(case.stage(), "closed");
}

/// A company fined 200 000 yuan, ordered to correct; it goes on.
fn goes_on() -> Docket {
    let mut case = Docket::large();
    case.ok("officer-a1", json!({ "command": "order", "party": 1, "note": "清除", "until": "2026-11-25" }));
    case.serve_last();
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    case.days(12);
    let order = case.paper(PaperKind::Correction);
    case.ok(
        "officer-a1",
        json!({ "command": "reinspect", "order": order, "done": false, "note": "仍在倾倒" }),
    );
    case
}

fn ask_daily() -> Value {
    json!({ "command": "daily", "party": 1, "violation": 1, "note": "拒不改正" })
}

/// Two daily fines that follow from it.
pub fn daily() -> Docket {
    let mut case = goes_on();
    case.ok("officer-a1", ask_daily());
    case.ok("system", json!({ "command": "daily_into", "party": 1, "violation": 1, "docket": 9 }));
    case
}

fn daily_of(case: &Docket) -> lianzhi_procedure::penalty::Daily {
    lianzhi_procedure::penalty::next_daily(case.case(), 1, 1).unwrap()
}

#[test]
fn 生态环境法典1060_from_the_day_after_the_order_to_the_day_it_was_found_and_on_from_there() {
    let mut case = goes_on();
    let first = daily_of(&case);
    // Served on 23 November, found on 5 December: the 24th to the 5th are twelve days.
    assert_eq!(
        (first.from.to_string(), first.to.to_string(), first.days),
        ("2026-11-24".into(), "2026-12-05".into(), 12)
    );
    assert_eq!(first.total(), 12 * 20_000_000);
    assert!(first.arithmetic().contains("200,000 元 × 12 日"), "{}", first.arithmetic());
    case.ok("officer-a1", ask_daily());
    case.against("第一千零六十条", "officer-a1", ask_daily());
    case.ok("system", json!({ "command": "daily_into", "party": 1, "violation": 1, "docket": 9 }));
    case.days(3);
    let order = case.paper(PaperKind::Correction);
    case.ok(
        "officer-a1",
        json!({ "command": "reinspect", "order": order, "done": false, "note": "仍在倾倒" }),
    );
    let next = daily_of(&case);
    assert_eq!((next.from.to_string(), next.days), ("2026-12-06".into(), 3));
    // Corrected: no further day.
    case.ok("officer-a1", json!({ "command": "reinspect", "order": order, "done": true, "note": "已清除" }));
    case.against("第一千零六十条", "officer-a1", ask_daily());
}

#[test]
fn 生态环境法典1060_only_where_the_article_of_the_item_gives_it_and_not_for_residents() {
    let mut resident = Docket::decided();
    resident.against("第一千零六十条", "officer-a1", ask_daily());
    let mut unordered = Docket::large();
    unordered.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    unordered.serve_last();
    unordered.against("第一千零六十条", "officer-a1", ask_daily());
}

#[test]
fn 生态环境法典1060_a_daily_fine_is_told_heard_and_reviewed_like_any_other_and_is_exactly_the_sum() {
    let first = goes_on();
    let daily = daily_of(&first);
    let mut case = Docket::new();
    case.now = first.now;
    let mut register: Command = serde_json::from_value(with(
        with(register(LARGE, "company"), "from", json!("2026-11-24")),
        "to",
        json!("2026-12-05"),
    ))
    .unwrap();
    if let Command::Register(Registering { daily: of, .. }) = &mut register {
        *of = Some(Box::new(daily.clone()));
    }
    let events = case.give("officer-a1", register).unwrap();
    case.apply(&events);
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.against("第一千零六十条", "officer-a1", charge(20_000_000));
    case.ok("officer-a1", charge(daily.total()));
    let planned = &case.case().parties[0].charges[0];
    assert_eq!(planned.benchmark, daily.arithmetic());
    assert!(
        planned.basis.cite().contains("1060") || planned.basis.cite().contains("一千零六十"),
        "{}",
        planned.basis.cite()
    );
    case.against("第六十二条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.against("第五十八条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert_eq!(case.case().parties[0].money.fine, daily.total());
}

fn amend(paper: u16, unchanged: bool) -> Value {
    json!({
        "command": "amend", "paper": paper, "slip": "name", "wrong": "张小二", "right": "张小三", "unchanged": unchanged,
        "note": "录入错误",
    })
}

/// A clerical error in a published decision.
pub fn amended() -> Docket {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(1);
    let decision = case.paper(PaperKind::Decision);
    case.approved("officer-a1", amend(decision, true));
    case
}

#[test]
fn 行政处罚法75_a_clerical_error_is_put_right_with_a_number_of_its_own_served_again_and_published_anew() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let notice = case.paper(PaperKind::Notice);
    // What reached nobody is voided, not amended.
    case.against("第七十五条第二款", "officer-a1", amend(notice, true));
    let mut case = amended();
    let decision = case.paper(PaperKind::Decision);
    case.against("第七十五条第二款", "officer-a1", amend(decision, false));
    let paper = case.case().papers.last().unwrap().clone();
    assert!(paper.paper.number.starts_with("沪青更正字〔2026〕"), "{}", paper.paper.number);
    assert_eq!(paper.paper.parties, [1]);
    assert!(paper.unserved());
    assert_eq!(case.case().parties[0].money.fine, 200_000, "nothing else changed");
    case.serve_last();
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-24", "reference": "a" }),
    );
    case.confirm_payments();
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    case.against("第四十八条", "officer-a1", close.clone());
    case.ok("officer-a1", json!({ "command": "publish" }));
    assert!(matches!(case.case().publication, Publication::Published { .. }));
    case.ok("officer-a1", close);
}

#[test]
fn 行政处罚法60_a_second_extension_only_after_the_leaders_discussed_it_and_no_third() {
    let mut case = Docket::filed(SMALL, "person");
    let longer = |days: u32| json!({ "command": "lengthen", "days": days, "note": "案情复杂" });
    let discussed = json!({
        "command": "discuss", "present": ["leader", "leader-2"], "agreed": true, "longer": true, "note": "同意再次延长",
    });
    case.against("第六十条", "leader", discussed.clone());
    case.approved("officer-a1", longer(30));
    case.against("第六十条", "officer-a1", longer(60));
    case.ok("leader", with(discussed.clone(), "agreed", json!(false)));
    case.against("第六十条", "officer-a1", longer(60));
    case.ok("leader", discussed);
    case.refused("officer-a1", longer(61));
    case.approved("officer-a1", longer(60));
    // Ninety days, thirty and sixty: 22 May 2027.
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-05-22");
    case.against("60", "officer-a1", longer(1));
    assert!(!case.case().discussions.is_empty() && case.case().outcome == Outcome::Open);
}

fn bringing() -> Bringing {
    let officer = |code: &str| lianzhi_procedure::penalty::Officer {
        person: city::person(code),
        name: code.into(),
        certificate: "09-118-9".into(),
    };
    let text = |words: &str| Text::Plain(words.into());
    let at = lianzhi_testkit::at("2026-11-20T01:00:00Z");
    Bringing {
        from: lianzhi_ids::DocketId(8),
        number: "沪青案2026-000008".into(),
        parties: vec![(
            NewParty {
                kind: PartyKind::Company,
                capacity: lianzhi_procedure::penalty::Capacity::Full,
                particulars: text("{}"),
            },
            Some(lianzhi_ids::Digest([9; 32])),
        )],
        violations: vec![NewViolation {
            item: LARGE.into(),
            from: "2026-11-18".parse().unwrap(),
            to: None,
            continuing: false,
            harm: false,
            danger: false,
            found_on: None,
            facts: text("倾倒建筑垃圾"),
            found: None,
        }],
        evidence: vec![BroughtEvidence {
            kind: EvidenceKind::Inspection,
            officers: vec![officer("officer-b1"), officer("officer-a3")],
            from: at,
            to: at,
            note: text("现场检查笔录"),
            exhibits: vec![],
            refused: false,
            origin: None,
        }],
        ..Bringing::default()
    }
}

#[test]
fn 并案_parties_violations_and_evidence_come_along_with_their_origin_and_once() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    let events = case.give("captain-a", Command::Bring(Box::new(bringing()))).unwrap();
    case.apply(&events);
    let file = case.case();
    assert_eq!((file.parties.len(), file.violations.len(), file.evidence.len()), (2, 2, 2));
    assert_eq!(file.evidence[1].origin, Some(lianzhi_ids::DocketId(8)));
    assert_eq!(file.evidence[1].evidence.id, 2);
    assert!(file.handled_by.contains(&city::person("officer-b1")), "58: who took it does not review it");
    // A party that is here already is not added again.
    let events = case.give("captain-a", Command::Bring(Box::new(bringing()))).unwrap();
    case.apply(&events);
    assert_eq!(case.case().parties.len(), 2);
    // Nothing comes into a case that is decided, or that waits for a decision.
    let mut decided = Docket::decided();
    assert!(decided.give("captain-a", Command::Bring(Box::new(bringing()))).is_err());
    let mut pending = Docket::planned(SMALL, "person", 200_000);
    pending.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    assert!(pending.give("captain-a", Command::Bring(Box::new(bringing()))).is_err());
}

#[test]
fn 行政处罚法58_who_handled_any_part_of_it_does_not_review_it() {
    let mut case = Docket::planned(LARGE, "company", 20_000_000);
    let mut what = bringing();
    what.evidence[0].officers[0].person = city::person("legal");
    let events = case.give("captain-a", Command::Bring(Box::new(what))).unwrap();
    case.apply(&events);
    let review = json!({ "command": "review", "opinion": "agree", "note": "同意" });
    let refusal = case.against("第五十八条", "legal", review.clone());
    assert_eq!(refusal.code, "reviewer-handled");
    case.ok("legal-2", review);
}

#[test]
fn 分案_the_new_case_begins_with_what_was_found_about_the_party() {
    let mut case = Docket::new();
    let mut register: Command = serde_json::from_value(register(SMALL, "person")).unwrap();
    if let Command::Register(Registering { brought, split_from, .. }) = &mut register {
        *brought = Some(Box::new(Bringing { parties: vec![], ..bringing() }));
        *split_from = Some(SplitFrom { case: lianzhi_ids::DocketId(8), party: 2 });
    }
    let events = case.give("captain-a", register).unwrap();
    case.apply(&events);
    assert_eq!(case.stage(), "lead");
    assert_eq!((case.case().violations.len(), case.case().evidence.len()), (2, 1));
}

/// Opinions, mediation, suggestions out and in, and what another case brought.
pub fn life() -> Docket {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    let events =
        case.give("captain-a", Command::Bring(Box::new(Bringing { parties: vec![], ..bringing() }))).unwrap();
    case.apply(&events);
    let ask =
        json!({ "command": "ask_opinion", "from": "lawyer", "until": "2026-11-27", "note": "裁量是否适当" });
    case.ok("officer-a1", ask);
    case.ok("legal", json!({ "command": "advise", "from": "lawyer", "note": "建议从轻" }));
    case.ok(
        "officer-a1",
        json!({ "command": "mediate", "agreed": true, "note": "赔偿邻居 3000 元", "exhibits": photo() }),
    );
    let suggest = json!({
        "command": "suggest", "to": "某物业公司", "problem": "巡查不到位", "note": "加强装修巡查", "until": "2026-12-20",
    });
    case.approved("officer-a1", suggest);
    let paper = case.paper(PaperKind::Suggestion);
    case.ok(
        "officer-a1",
        json!({ "command": "answer_suggestion", "paper": paper, "adopted": "all", "note": "已加强" }),
    );
    let receive = json!({
        "command": "receive", "kind": "court", "sender": "青浦区人民法院", "number": "青法建〔2026〕1 号",
        "until": "2026-12-31", "note": "规范送达",
    });
    case.ok("legal", receive);
    case.ok(
        "legal",
        json!({ "command": "answer_letter", "letter": 1, "note": "已整改", "exhibits": photo() }),
    );
    case
}

#[test]
fn 群众公议_律师驻队_an_opinion_that_was_asked_for_is_awaited_until_its_day_and_shown_before_the_decision() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    let ask = json!({ "command": "ask_opinion", "from": "panel", "until": "2026-11-27", "note": "是否从轻" });
    case.refused("officer-a1", with(ask.clone(), "until", json!("2026-11-23")));
    case.ok("officer-a1", ask.clone());
    case.refused("officer-a1", ask);
    assert_eq!(case.last_day(Term::Opinion, Scope::Letter(1)).to_string(), "2026-11-27");
    let decide = json!({ "command": "decide", "note": "决定" });
    case.against("群众公议", "officer-a1", decide.clone());
    let shown = case.with_facts("officer-a1", |facts| missing(case.case(), facts));
    assert!(shown.iter().any(|m| m.code == "opinion-open"));
    let mut late = case.clone();
    late.days(5);
    late.ok("officer-a1", decide.clone());
    case.ok(
        "officer-a1",
        json!({ "command": "advise", "asked": 1, "from": "panel", "note": "多数认为应当从轻" }),
    );
    assert!(!case.runs(Term::Opinion, Scope::Letter(1)));
    case.refused("officer-a1", json!({ "command": "advise", "asked": 1, "from": "panel", "note": "再次" }));
    case.ok("officer-a1", decide);
}

#[test]
fn 群众公议_律师驻队_who_is_asked_may_read_and_answer_while_asked_and_nobody_else() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    let may = |case: &Docket, who: &str| {
        let asked = case.case().asked();
        let matter = Matter { unit: Some(&case.case().unit), asked: &asked, ..Matter::default() };
        ["read", "penalty_advise"]
            .map(|action| case.with_facts(who, |facts| permit(facts, action, &matter).is_ok()))
    };
    assert_eq!((may(&case, "panelist"), may(&case, "lawyer")), ([false; 2], [false; 2]), "nobody is asked");
    case.refused("panelist", json!({ "command": "advise", "from": "panel", "note": "没有人问" }));
    let ask = |from: &str| json!({ "command": "ask_opinion", "from": from, "until": "2026-11-27", "note": "是否从轻" });
    let advice = |from: &str| json!({ "command": "advise", "from": from, "note": "多数认为应当从轻" });
    case.ok("officer-a1", ask("panel"));
    // Of a panel only who was drawn; officers enter what it said in a meeting.
    assert_eq!((may(&case, "panelist"), may(&case, "lawyer")), ([false; 2], [false; 2]));
    assert!(case.refused("panelist", advice("panel")).rule.contains("没有抽取您"));
    assert!(case.offers("panelist").iter().all(|offer| !["advise", "vote"].contains(&offer.command)));
    let mut by_officer = case.clone();
    by_officer.ok("officer-a1", advice("panel"));
    assert!(case.case().not_on_panel(&city::person("panelist")).is_some());
    case.ok("officer-a1", json!({ "command": "draw_panel", "asked": 1, "count": 1 }));
    assert_eq!((may(&case, "panelist"), may(&case, "lawyer")), ([true; 2], [false; 2]));
    // Nobody speaks for somebody else.
    case.refused("panelist", advice("lawyer"));
    let vote = json!({ "command": "vote", "member": "1-1", "vote": "lighter", "note": "理由" });
    assert!(case.offers("panelist").iter().any(|offer| offer.command == "vote"));
    let mut down = case.clone();
    down.ok("panelist", json!({ "command": "recuse_member", "member": "1-1", "note": "与当事人是亲属" }));
    assert_eq!(may(&down, "panelist"), [false; 2], "who stood down reads no more");
    assert!(down.refused("panelist", vote.clone()).rule.contains("已经回避"));
    case.ok("panelist", vote);
    assert_eq!(may(&case, "panelist"), [true; 2], "until all voted and it is summed up");
    for name in ["王某", "赵某"] {
        let seat = json!({ "command": "seat_member", "asked": 1, "name": name, "standing": "居民代表" });
        case.ok("officer-a1", seat);
    }
    for member in ["1-2", "1-3"] {
        let vote = json!({ "command": "vote", "member": member, "vote": "agree", "note": "理由", "exhibits": photo() });
        case.ok("officer-a1", vote);
    }
    case.ok("officer-a1", json!({ "command": "conclude_panel", "asked": 1, "note": "同意" }));
    for case in [&case, &by_officer] {
        assert_eq!(may(case, "panelist"), [false; 2], "answered");
    }
    assert!(case.refused("panelist", advice("panel")).rule.contains("公议已经结束"));
    // A lawyer is asked as such. A decision without the opinion ends it as well.
    case.ok("officer-a1", ask("lawyer"));
    assert_eq!(may(&case, "lawyer"), [true; 2]);
    case.days(5);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert_eq!(may(&case, "lawyer"), [false; 2]);
}

#[test]
fn 执法建议书_goes_out_with_a_number_and_its_answer_is_awaited() {
    let mut case = Docket::filed(SMALL, "person");
    let suggest = json!({
        "command": "suggest", "to": "某物业公司", "problem": "巡查不到位", "note": "加强装修巡查", "until": "2026-12-20",
    });
    case.refused("officer-a1", with(suggest.clone(), "to", json!("")));
    case.approved("officer-a1", suggest);
    let paper = case.paper(PaperKind::Suggestion);
    assert!(case.case().paper(paper).unwrap().paper.number.starts_with("沪青执建字〔2026〕"));
    assert_eq!(case.last_day(Term::Feedback, Scope::Letter(paper)).to_string(), "2026-12-20");
    let answer =
        json!({ "command": "answer_suggestion", "paper": paper, "adopted": "some", "note": "部分采纳" });
    case.ok("officer-a1", answer.clone());
    case.refused("officer-a1", answer);
    assert!(!case.runs(Term::Feedback, Scope::Letter(paper)));
}

#[test]
fn 司法建议_is_answered_within_its_term_before_the_case_is_closed() {
    let mut case = Docket::decided();
    let receive = json!({
        "command": "receive", "kind": "court", "sender": "青浦区人民法院", "number": "青法建〔2026〕1 号",
        "until": "2027-01-22", "note": "规范送达",
    });
    case.refused("legal", with(receive.clone(), "number", json!(" ")));
    case.ok("legal", receive);
    assert_eq!(case.last_day(Term::LetterReply, Scope::Letter(1)).to_string(), "2027-01-22");
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "a" }),
    );
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    case.against("第六十六条", "officer-a1", close.clone());
    case.ok(
        "legal",
        json!({ "command": "answer_letter", "letter": 1, "note": "已整改", "exhibits": photo() }),
    );
    case.ok("officer-a1", close);
}

#[test]
fn 调解_settles_nothing_of_the_penalty_and_stands_in_the_file() {
    let mut case = Docket::filed(SMALL, "person");
    case.against(
        "人民调解法",
        "officer-a1",
        json!({ "command": "mediate", "agreed": true, "note": "赔偿", "exhibits": [] }),
    );
    case.ok(
        "officer-a1",
        json!({ "command": "mediate", "agreed": false, "note": "没有谈成", "exhibits": photo() }),
    );
    assert_eq!(case.case().outcome, Outcome::Open);
    assert!(catalogue(case.case()).iter().any(|l| l.title == "调解记录（没有达成协议）"));
}
