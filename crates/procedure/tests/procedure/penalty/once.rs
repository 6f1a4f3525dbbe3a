//! One act and one fine, and what goes along when a case is split or joined.

use super::kit::*;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::facts::Gone;
use lianzhi_procedure::penalty::{
    Bringing, BroughtStatement, Capacity, Command, Mark, NewParty, NewViolation, PartyKind, Penalty, Scope,
    Term, Told, priors,
};
use lianzhi_procedure::{Actor, Facts, LookUps, NoLoads, Prior, Procedure, Text};
use lianzhi_testkit::city;
use serde_json::Value;
use std::sync::Arc;

/// The act of the case once more, under a number of its own.
fn again() -> Value {
    json!({ "command": "set_violation", "item": SMALL, "from": "2026-11-20", "facts": "再次登记" })
}

fn second(fine: i64) -> Value {
    with(charge(fine), "violation", json!(2))
}

/// What another case brings that was opened for the same act.
fn twin() -> Bringing {
    Bringing {
        from: DocketId(8),
        number: "沪青案2026-000008".into(),
        violations: vec![NewViolation {
            item: SMALL.into(),
            from: "2026-11-20".parse().unwrap(),
            to: None,
            continuing: false,
            harm: false,
            danger: false,
            found_on: None,
            facts: Text::Plain("擅自拆除承重墙".into()),
            found: None,
        }],
        ..Bringing::default()
    }
}

fn bring(case: &mut Docket, what: Bringing) {
    let events = case.give("captain-a", Command::Bring(Box::new(what))).unwrap();
    case.apply(&events);
}

fn mark(mark: &str, on: bool) -> Value {
    json!({ "command": "mark", "mark": mark, "on": on, "note": "理由" })
}

#[test]
fn 行政处罚法29_one_act_that_was_entered_twice_is_fined_once() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", again());
    let refusal = case.against("第二十九条", "officer-a1", second(200_000));
    assert_eq!(refusal.code, "once-only");
    // Of another day it is another act, until the day is corrected: then it is neither told nor decided.
    let corrected = |day: &str| with(with(again(), "violation", json!(2)), "from", json!(day));
    case.ok("officer-a1", corrected("2026-11-21"));
    case.ok("officer-a1", second(200_000));
    case.ok("officer-a1", corrected("2026-11-20"));
    case.against("第二十九条", "officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
}

#[test]
fn 行政处罚法29_one_act_of_two_cases_that_were_joined_is_fined_once() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    bring(&mut case, twin());
    assert_eq!(case.case().violations.len(), 2);
    case.against("第二十九条", "officer-a1", second(200_000));
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
}

#[test]
fn 行政处罚法45_2_never_heavier_goes_by_the_act_and_not_by_its_number() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我拆的" }));
    case.ok("officer-a1", again());
    case.ok("officer-a1", json!({ "command": "uncharge", "party": 1, "violation": 1 }));
    case.against("第四十五条第二款", "officer-a1", second(300_000));
    case.ok("officer-a1", second(200_000));
    // What was told in another case counts in the same way.
    let mut case = Docket::planned(SMALL, "person", 300_000);
    let told = Told {
        party: 1,
        violation: 1,
        warning: false,
        fine: 200_000,
        confiscation: 0,
        goods: false,
        severe: None,
    };
    let mut what = twin();
    let key = Some(Digest([3; 32]));
    case.look_ups.subject = key;
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "person", "particulars": "{}" }));
    let particulars = Text::Plain("{}".into());
    let party = NewParty { kind: PartyKind::Person, capacity: Capacity::Full, particulars };
    what.parties = vec![(party, key)];
    what.told = vec![(0, 0, told)];
    what.statements = vec![BroughtStatement {
        party: 0,
        text: Text::Plain("不是我拆的".into()),
        at: case.now,
        answer: None,
    }];
    bring(&mut case, what);
    let of_second = |fine: i64| with(charge(fine), "party", json!(2));
    case.against("第四十五条第二款", "officer-a1", of_second(300_000));
    case.ok("officer-a1", of_second(200_000));
}

fn fined(item: &str) -> Prior {
    let day = "2026-11-20".parse().unwrap();
    Prior {
        number: "沪青案2026-000001".into(),
        item: item.into(),
        from: day,
        to: day,
        open: false,
        fined: true,
        gone: None,
        by: None,
        over: None,
        point: None,
    }
}

#[test]
fn 行政处罚法29_one_act_against_two_rules_is_fined_once_unless_the_officers_say_why_it_is_another() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.look_ups.other_items = vec![fined("JZLJ-03")];
    case.against("第二十九条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert!(case.hint("officer-a1", "charge", "apart").contains("沪青案2026-000001"));
    let refusal = case.against("第二十九条", "officer-a1", charge(200_000));
    assert!(refusal.rule.contains("JZLJ-03") && refusal.remedy.contains("另一个违法行为"), "{refusal}");
    // It is said, with the grounds that every charge has, and stands before the leader.
    case.ok("officer-a1", with(charge(200_000), "apart", json!(true)));
    let charge = &case.case().parties[0].charges[0];
    assert!(charge.apart && charge.deviates.as_deref().is_some_and(|d| d.contains("另一个违法行为")));
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    // What is only dealt with elsewhere is told, not refused; another day is another act.
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.look_ups.other_items = vec![Prior { open: true, fined: false, ..fined("JZLJ-03") }];
    assert!(case.hint("officer-a1", "charge", "apart").contains("沪青案2026-000001"));
    case.ok("officer-a1", super::kit::charge(200_000));
    let day = "2026-11-19".parse().unwrap();
    case.look_ups.other_items = vec![Prior { from: day, to: day, ..fined("JZLJ-03") }];
    case.ok("officer-a1", super::kit::charge(200_000));
}

#[test]
fn 行政处罚法27_a_case_that_went_to_the_police_or_elsewhere_stands_in_the_way_of_a_fine_here() {
    let key = Digest([3; 32]);
    let mut case = Docket::new();
    case.look_ups.subject = Some(key);
    case.ok("officer-a1", register(SMALL, "person"));
    case.look_ups.subject = None;
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "现场属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "符合立案标准" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "查清" }));
    let mut moved = case.clone();
    case.ok("officer-a1", mark("crime", true));
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    let transfer =
        json!({ "command": "transfer", "to": "青浦区水务局", "ground": "power", "note": "属于水务执法" });
    moved.approved("officer-a1", transfer);
    for (case, gone) in [(&case, Gone::Police), (&moved, Gone::Agency)] {
        let prior = priors(case.case(), &key);
        assert_eq!(prior.iter().map(|p| p.gone).collect::<Vec<_>>(), [Some(gone)]);
        let mut anew = Docket::lead(SMALL, "person");
        anew.look_ups.prior = prior;
        let refusal = anew.against("第二十九条", "officer-a1", json!({ "command": "file", "note": "立案" }));
        assert!(refusal.rule.contains(gone.title()), "{refusal}");
    }
    // What the police did not take comes back and is dealt with where it was.
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": false, "note": "不予立案" }));
    let back = priors(case.case(), &key);
    assert!(back.iter().all(|p| p.gone.is_none() && p.open), "{back:?}");
    assert!(priors(case.case(), &Digest([4; 32])).is_empty(), "another party");
}

#[test]
fn 行政处罚法27_43_58_marks_who_stood_aside_and_who_handled_it_go_along() {
    let mut first = Docket::planned(SMALL, "person", 200_000);
    first.ok("legal", mark("crime", true));
    first.ok("officer-a1", mark("complex", true));
    let marks = first.case().marks_along();
    assert_eq!(marks.keys().copied().collect::<Vec<_>>().len(), 2);
    let mut what = twin();
    what.marks = marks;
    what.recused = [city::person("officer-a3")].into();
    what.handled_by = [city::person("legal")].into();
    let mut case = Docket::notified(SMALL, "person", 200_000);
    let mut own = case.clone();
    bring(&mut case, what.clone());
    assert!(case.case().marks.contains(&Mark::Crime) && case.case().marks.contains(&Mark::Complex));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.against("第二十七条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.against(
        "第四十三条",
        "captain-a",
        json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a3" }),
    );
    let review = json!({ "command": "review", "opinion": "agree", "note": "同意" });
    case.against("第五十八条", "legal", review);
    // Whose mark it is goes along as well.
    case.against("第二十七条", "officer-a1", mark("crime", false));
    case.ok("legal", mark("crime", false));
    case.against("第五十八条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    // An officer of the one case who stood aside in the other is replaced before they are joined.
    what.recused = [city::person("officer-a1")].into();
    let refusal = own.give("captain-a", Command::Bring(Box::new(what))).unwrap_err();
    assert_eq!(refusal.code, "recused");
}

#[test]
fn 行政处罚法57_58_a_mark_is_taken_off_by_who_set_it_or_by_who_reviews_or_decides() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", mark("complex", true));
    let refusal = case.against("第五十八条", "officer-a3", mark("complex", false));
    assert_eq!(refusal.code, "not-your-mark");
    case.ok("officer-a1", mark("complex", false));
    case.ok("legal", mark("complex", true));
    case.against("第五十八条", "officer-a1", mark("complex", false));
    case.against("第五十八条", "captain-a", mark("complex", false));
    case.ok("leader", mark("complex", false));
}

#[test]
fn 行政处罚法58_a_mark_that_is_taken_off_after_an_adverse_review_demands_review_and_discussion_all_the_same()
{
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", mark("complex", true));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "disagree", "note": "事实不清" }));
    case.ok("officer-a1", mark("complex", false));
    let decide = json!({ "command": "decide", "note": "决定" });
    case.against("第五十八条", "officer-a1", decide.clone());
    case.hours(1);
    case.ok("officer-a1", json!({ "command": "resubmit", "note": "已经补充" }));
    case.ok("legal-2", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.against("第五十七条第二款", "officer-a1", decide.clone());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide);
    // Without such a review it demands nothing any more.
    let mut plain = Docket::notified(SMALL, "person", 200_000);
    plain.ok("officer-a1", mark("complex", true));
    plain.ok("officer-a1", mark("complex", false));
    plain.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    plain.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
}

#[test]
fn 行政处罚法60_the_ninety_days_of_joined_cases_count_from_the_earliest_filing() {
    let mut case = Docket::filed(SMALL, "person");
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-02-21");
    let filed = |at: &str| Bringing { filed: Some(lianzhi_testkit::at(at)), ..twin() };
    bring(&mut case, filed("2026-09-01T01:00:00Z"));
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2026-11-30");
    // A later one changes nothing, and an earlier one still does.
    bring(&mut case, filed("2026-11-01T01:00:00Z"));
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2026-11-30");
    bring(&mut case, filed("2026-08-31T01:00:00Z"));
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2026-11-29");
}

#[test]
fn 行政强制法27_a_party_whose_things_are_held_is_not_split_off_before_they_are_settled() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    let preserve = json!({
        "command": "preserve", "party": 2, "goods": "电镐一把", "second": "officer-a2", "note": "证据可能灭失",
    });
    case.approved("officer-a1", preserve);
    let split = |party: u16| json!({ "command": "split", "party": party, "note": "另案" });
    let refusal = case.against("第二十七条", "captain-a", split(2));
    assert_eq!(refusal.code, "goods-open");
    // The other one may go.
    case.clone().ok("captain-a", split(1));
    case.ok("officer-a1", json!({ "command": "settle", "measure": 1, "how": "returned", "note": "退还" }));
    if !case.case().pending.is_empty() {
        case.sign();
    }
    case.ok("captain-a", split(2));
}

#[test]
fn 行政处罚法58_the_review_of_somebody_who_becomes_an_officer_does_not_count() {
    let mut city = directory().clone();
    let legal = city.people.get_mut(&city::person("legal")).unwrap();
    Arc::make_mut(legal).certificate = Some("09-118-legal".into());
    let mut case = Docket::large();
    case.directory = Box::leak(Box::new(city));
    let mut same = case.clone();
    same.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "legal" }));
    let refusal = case.against("第五十八条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert_eq!(refusal.code, "review-missing");
}

#[test]
fn 行政处罚法57_58_who_reviewed_a_case_does_not_sign_in_it() {
    let mut case = Docket::large();
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let last = case.case().pending.last().unwrap().id;
    case.ok("captain-a", json!({ "command": "endorse", "proposal": last, "agreed": true }));
    // The same people in a small agency, where one holds both offices.
    let sign = |who: &str| {
        let mut person = Arc::unwrap_or_clone(directory().people[&city::person(who)].clone());
        person.posts = directory().people[&city::person("leader")].posts.clone();
        let look_ups = LookUps { number: "沪青罚决字〔2026〕第 1 号".into(), ..LookUps::default() };
        let facts = Facts {
            now: case.now,
            actor: &Actor::Person(Arc::new(person)),
            directory: directory(),
            duty: &OnDuty::default(),
            loads: &NoLoads,
            look_ups: &look_ups,
        };
        let approve: Command =
            serde_json::from_value(json!({ "command": "approve", "proposal": last, "agreed": true }))
                .unwrap();
        Penalty::decide(&case.state, approve, &facts)
    };
    let refusal = sign("legal").unwrap_err();
    assert_eq!(refusal.code, "reviewed-it");
    assert!(sign("legal-2").is_ok());
}

#[test]
fn 行政处罚法45_2_what_earlier_notices_told_goes_along_too() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    // What it rests on is corrected: the notice falls, and what it told stays known.
    case.ok("officer-a1", with(again(), "violation", json!(1)));
    assert!(case.case().parties[0].rights.notice.is_none());
    let told = |case: &Docket| {
        let party = &case.case().parties[0];
        case.case().told_along(party).iter().map(|told| told.fine).collect::<Vec<_>>()
    };
    assert_eq!(told(&case), [200_000]);
    case.ok("officer-a1", charge(300_000));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    assert_eq!(told(&case), [200_000], "what is not served was not told");
    case.serve_last();
    assert_eq!(told(&case), [200_000, 300_000]);
}

#[test]
fn 行政处罚法45_58_what_was_told_and_said_on_the_spot_binds_in_the_case_that_follows() {
    let mut case = Docket::new();
    let mut command: Command = serde_json::from_value(register(SMALL, "person")).unwrap();
    let told = Told {
        party: 1,
        violation: 1,
        warning: false,
        fine: 200_000,
        confiscation: 0,
        goods: false,
        severe: None,
    };
    let said = BroughtStatement {
        party: 0,
        text: Text::Plain("当事人当场对违法事实提出异议。".into()),
        at: case.now,
        answer: None,
    };
    if let Command::Register(what) = &mut command {
        what.brought = Some(Box::new(Bringing {
            from: DocketId(8),
            split: true,
            told: vec![(0, 0, told)],
            statements: vec![said],
            handled_by: [city::person("legal")].into(),
            ..Bringing::default()
        }));
    }
    let events = case.give("officer-a1", command).unwrap();
    case.apply(&events);
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "现场属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "符合立案标准" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "查清" }));
    case.against("第四十五条第二款", "officer-a1", charge(300_000));
    case.ok("officer-a1", charge(200_000));
    case.against("第五十八条", "legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    let decide = json!({ "command": "decide", "note": "决定" });
    let refusal = case.against("第四十五条", "officer-a1", decide.clone());
    assert_eq!(refusal.code, "not-answered");
    case.ok(
        "officer-a1",
        json!({ "command": "answer", "party": 1, "adopted": "none", "note": "有监控为证" }),
    );
    case.ok("officer-a1", decide);
}
