//! What is asked of others beside a case: departments, panels with their members, courts that come to the place, mediation.

use super::kit::*;
use jiff::Timestamp;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{Aside, Event, Folio, Penalty, Scope, Term, Vote, catalogue, folios, lot};
use lianzhi_testkit::city;
use serde_json::Value;

/// Refused, in these words.
fn said(case: &mut Docket, words: &str, who: &str, command: Value) {
    let refusal = case.refused(who, command);
    assert!(refusal.rule.contains(words), "{words}: {}", refusal.rule);
}

/// Who has this to do, and until when.
fn waits(case: &Docket, what: &str) -> Vec<(String, Option<Timestamp>)> {
    let todos = Penalty::summary(&case.state).todos.into_iter().filter(|todo| todo.what == what);
    todos.map(|todo| (todo.who.key(), todo.due)).collect()
}

/// Who is told that a term is over, as it is recorded.
fn ended(case: &mut Docket, term: Term) -> Vec<String> {
    let over = case.tick().into_iter().find_map(|event| match event {
        Event::ClockExpired { term: which, told, .. } if which == term => Some(told),
        _ => None,
    });
    over.expect("the end is recorded").iter().map(ToString::to_string).collect()
}

fn help(kind: &str) -> Value {
    json!({
        "command": "ask_help", "kind": kind, "to": "区规划资源局", "received": "2026-11-23", "note": "是否属于违法建筑",
    })
}

/// 上海市城市管理行政执法条例 29(2): ten days from the notice; longer only as the department says in writing.
#[test]
fn 认定意见_a_department_says_within_ten_days_what_it_was_asked() {
    let mut case = Docket::filed(SMALL, "person");
    case.against("第二十九条", "officer-a1", with(help("opinion"), "until", json!("2026-12-10")));
    case.refused("officer-a1", with(help("opinion"), "received", json!("2026-11-24")));
    case.refused("officer-b1", help("opinion"));
    case.ok("officer-a1", help("opinion"));
    let of = Scope::Letter(1);
    assert_eq!(case.last_day(Term::HelpOpinion, of).to_string(), "2026-12-03");
    let clock = &case.case().clock(Term::HelpOpinion, of).unwrap().clock.running;
    assert!(clock.standard.source.contains("第29条第2款"), "{}", clock.standard.source);
    let later = json!({ "command": "delay_help", "help": 1, "until": "2026-12-20", "note": "情况复杂" });
    said(&mut case, "书面说明", "officer-a1", later.clone());
    case.ok("officer-a1", with(later, "exhibits", photo()));
    assert_eq!(case.last_day(Term::HelpOpinion, of).to_string(), "2026-12-20");
    // At its end it is recorded, and the case goes on.
    let mut late = case.clone();
    late.days(28);
    let expired = |e: &Event| matches!(e, Event::ClockExpired { term: Term::HelpOpinion, .. });
    assert!(late.tick().iter().any(expired));
    let answer = json!({ "command": "answer_help", "help": 1, "note": "属于违法建筑" });
    said(&mut case, "书面认定意见", "officer-a1", answer.clone());
    case.ok("officer-a1", with(answer.clone(), "exhibits", photo()));
    assert!(!case.runs(Term::HelpOpinion, of));
    case.refused("officer-a1", with(answer, "exhibits", photo()));
    assert!(catalogue(case.case()).iter().any(|line| line.title.contains("认定意见")));
}

/// 行政处罚法 26: the law names no days, so the agency says until when.
#[test]
fn 协助执法_without_days_of_the_law_runs_until_the_day_that_was_asked_for() {
    let mut case = Docket::filed(SMALL, "person");
    said(&mut case, "没有规定天数", "officer-a1", help("act"));
    case.ok("officer-a1", with(help("act"), "until", json!("2026-12-14")));
    assert_eq!(case.last_day(Term::Help, Scope::Letter(1)).to_string(), "2026-12-14");
    case.ok("officer-a1", json!({ "command": "answer_help", "help": 1, "note": "已经到场协助" }));
    assert!(!case.runs(Term::Help, Scope::Letter(1)));
}

/// A panel of `officer-a1`'s case: three citizens of whom one has an account.
fn panel() -> Docket {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok(
        "officer-a1",
        json!({ "command": "ask_opinion", "from": "panel", "until": "2026-11-27", "note": "是否从轻" }),
    );
    case.ok("officer-a1", json!({ "command": "draw_panel", "asked": 1, "count": 1 }));
    for name in ["王某", "赵某"] {
        let seat = json!({ "command": "seat_member", "asked": 1, "name": name, "standing": "居民代表" });
        case.ok("officer-a1", seat);
    }
    case
}

fn vote(member: u16, vote: &str) -> Value {
    json!({ "command": "vote", "member": format!("1-{member}"), "vote": vote, "note": "理由" })
}

#[test]
fn 群众公议_each_member_votes_and_the_sum_says_who_thinks_otherwise() {
    let mut case = panel();
    let conclude = json!({ "command": "conclude_panel", "asked": 1, "note": "多数建议从轻" });
    said(&mut case, "还有 3 名成员没有表决", "officer-a1", conclude.clone());
    // The members speak, not somebody for all of them.
    case.refused("officer-a1", json!({ "command": "advise", "from": "panel", "note": "多数认为从轻" }));
    case.ok("panelist", vote(1, "lighter"));
    case.refused("panelist", vote(1, "agree"));
    case.refused("panelist", vote(2, "agree"));
    said(&mut case, "表决票", "officer-a1", vote(2, "lighter"));
    case.ok("officer-a1", with(vote(2, "lighter"), "exhibits", photo()));
    case.ok("officer-a1", with(vote(3, "agree"), "exhibits", photo()));
    assert!(case.offers("officer-a1").iter().any(|offer| offer.command == "conclude_panel"));
    case.ok("officer-a1", conclude);
    let asked = &case.case().beside.asked[0];
    let tally = asked.panel.tally.unwrap();
    assert_eq!((tally.lighter, tally.agree, tally.majority()), (2, 1, Some(Vote::Lighter)));
    assert_eq!(asked.panel.dissent().map(|member| member.id).collect::<Vec<_>>(), [3]);
    assert!(!case.runs(Term::Opinion, Scope::Letter(1)), "it answers what was asked");
    assert_eq!(folios::title(case.case(), Folio::Panel(1)).as_deref(), Some("群众公议意见书"));
    assert!(catalogue(case.case()).iter().any(|line| line.folio == Some(Folio::Panel(1))));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
}

#[test]
fn 回避_who_stands_down_does_not_vote_and_three_must_sit() {
    let mut case = panel();
    let down = |member| json!({ "command": "recuse_member", "member": format!("1-{member}"), "note": "与当事人是亲属" });
    case.refused("panelist", down(2));
    case.ok("panelist", down(1));
    case.refused("panelist", vote(1, "agree"));
    for member in [2, 3] {
        case.ok("officer-a1", with(vote(member, "against"), "exhibits", photo()));
    }
    let conclude = json!({ "command": "conclude_panel", "asked": 1, "note": "不赞成处罚" });
    said(&mut case, "3 名以上", "officer-a1", conclude.clone());
    said(&mut case, "可以抽取", "officer-a1", json!({ "command": "draw_panel", "asked": 1, "count": 1 }));
    let seat = json!({ "command": "seat_member", "asked": 1, "name": "钱某", "standing": "人大代表" });
    case.ok("officer-a1", seat);
    case.ok("officer-a1", with(vote(4, "abstain"), "exhibits", photo()));
    case.ok("officer-a1", conclude);
    let panel = &case.case().beside.asked[0].panel;
    assert_eq!((panel.members.len(), panel.sitting().count(), panel.count().all()), (4, 3, 3));
}

#[test]
fn 抽取_a_lot_follows_from_case_and_question_and_can_be_drawn_again() {
    let case = panel();
    let drawn = case.events.iter().find_map(|event| match event {
        Event::Aside { what, .. } => match &**what {
            Aside::PanelDrawn { members, seed, .. } => Some((members.clone(), seed.clone())),
            _ => None,
        },
        _ => None,
    });
    let (members, seed) = drawn.unwrap();
    assert_eq!(members, [(1, city::person("panelist"))]);
    assert!(seed.ends_with("/1"), "{seed}");
    let pool: Vec<_> = ["a", "b", "c", "d"].map(city::person).to_vec();
    let first = lot(&seed, pool.clone(), 2);
    let mut other = pool.clone();
    other.reverse();
    assert_eq!(lot(&seed, other, 2), first, "in whatever order they stand");
    assert_ne!(lot("2026-2/1", pool.clone(), 4), lot("2026-1/1", pool, 4));
}

#[test]
fn 居民议事_公益律师_are_asked_in_the_same_way() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    for from in ["council", "public_lawyer"] {
        let ask =
            json!({ "command": "ask_opinion", "from": from, "until": "2026-11-27", "note": "怎样整改" });
        case.ok("officer-a1", ask);
    }
    case.ok("officer-a1", json!({ "command": "advise", "from": "council", "note": "同意分期整改" }));
    case.ok("lawyer", json!({ "command": "advise", "from": "public_lawyer", "note": "建议从轻" }));
    assert!(case.case().asked().is_empty());
}

#[test]
fn 巡回法庭_comes_on_its_day_and_what_came_of_it_is_entered() {
    let mut case = Docket::decided();
    let set = json!({
        "command": "set_circuit", "court": "青浦区人民法院", "kind": "mediation", "on": "2026-12-01",
        "place": "夏阳街道调解室", "note": "非诉执行前调解",
    });
    case.refused("legal", with(set.clone(), "on", json!("2026-11-23")));
    case.ok("legal", set);
    assert_eq!(case.last_day(Term::Circuit, Scope::Letter(1)).to_string(), "2026-12-01");
    let held = json!({ "command": "hold_circuit", "circuit": 1, "note": "当事人当场缴纳" });
    said(&mut case, "还没有到", "legal", held.clone());
    // The officer in charge has it on the desk until then, and after the day until the result is entered.
    let due = case.case().clock(Term::Circuit, Scope::Letter(1)).unwrap().clock.running.act_by();
    assert_eq!(waits(&case, "hold_circuit"), [("p:officer-a1".to_owned(), Some(due))]);
    case.days(9);
    let told = ended(&mut case, Term::Circuit);
    for who in ["officer-a1", "officer-a2", "leader"] {
        assert!(told.iter().any(|person| person == who), "{who}: {told:?}");
    }
    assert!(Penalty::summary(&case.state).overdue, "what came of it is to be entered");
    assert_eq!(waits(&case, "hold_circuit"), [("p:officer-a1".to_owned(), Some(due))]);
    case.ok("officer-a1", held.clone());
    case.refused("legal", held);
    assert!(!case.runs(Term::Circuit, Scope::Letter(1)) && waits(&case, "hold_circuit").is_empty());
}

#[test]
fn 调解协议_is_performed_until_the_day_that_was_agreed() {
    let mut case = Docket::filed(SMALL, "person");
    let mediate = json!({
        "command": "mediate", "agreed": true, "room": "社区调解室", "mediator": "人民调解员", "until": "2026-12-10",
        "note": "赔偿 3000 元", "exhibits": photo(),
    });
    case.against("人民调解法", "officer-a1", with(mediate.clone(), "agreed", json!(false)));
    case.ok("officer-a1", mediate);
    assert_eq!(case.last_day(Term::Mediated, Scope::Letter(1)).to_string(), "2026-12-10");
    let due = case.case().clock(Term::Mediated, Scope::Letter(1)).unwrap().clock.running.act_by();
    assert_eq!(waits(&case, "see_mediation"), [("p:officer-a1".to_owned(), Some(due))]);
    // The day is the party's: its end is recorded, and the officer in charge sees whether it performed.
    let mut late = case.clone();
    late.days(18);
    assert_eq!(ended(&mut late, Term::Mediated)[0], "officer-a1");
    assert!(!Penalty::summary(&late.state).overdue);
    let not = json!({ "command": "see_mediation", "mediation": 1, "kept": false, "note": "没有付款" });
    late.ok("officer-a1", not);
    assert!(waits(&late, "see_mediation").is_empty());
    let seen = json!({ "command": "see_mediation", "mediation": 1, "kept": true, "note": "已经付清" });
    case.ok("officer-a1", seen.clone());
    case.refused("officer-a1", seen);
    assert!(!case.runs(Term::Mediated, Scope::Letter(1)) && waits(&case, "see_mediation").is_empty());
}

/// All of it, for the golden events.
pub fn life() -> Docket {
    let mut case = panel();
    case.ok("officer-a1", help("opinion"));
    let later = json!({ "command": "delay_help", "help": 1, "until": "2026-12-20", "note": "情况复杂", "exhibits": photo() });
    case.ok("officer-a1", later);
    case.ok(
        "officer-a1",
        json!({ "command": "answer_help", "help": 1, "note": "属于", "exhibits": photo() }),
    );
    case.ok("panelist", json!({ "command": "recuse_member", "member": "1-1", "note": "亲属" }));
    case.ok(
        "officer-a1",
        json!({ "command": "seat_member", "asked": 1, "name": "钱某", "standing": "人大代表" }),
    );
    for member in [2, 3, 4] {
        case.ok("officer-a1", with(vote(member, "lighter"), "exhibits", photo()));
    }
    case.ok("officer-a1", json!({ "command": "conclude_panel", "asked": 1, "note": "建议从轻" }));
    let mediate = json!({
        "command": "mediate", "agreed": true, "room": "社区调解室", "mediator": "人民调解员", "until": "2026-12-10",
        "note": "赔偿", "exhibits": photo(),
    });
    case.ok("officer-a1", mediate);
    case.ok(
        "officer-a1",
        json!({ "command": "see_mediation", "mediation": 1, "kept": true, "note": "已付清" }),
    );
    let set = json!({
        "command": "set_circuit", "court": "青浦区人民法院", "kind": "review", "on": "2026-12-01", "place": "街道", "note": "听证",
    });
    case.ok("legal", set);
    case.days(8);
    case.ok("legal", json!({ "command": "hold_circuit", "circuit": 1, "note": "准予执行" }));
    case
}
