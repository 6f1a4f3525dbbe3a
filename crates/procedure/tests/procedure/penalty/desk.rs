//! Who may do what with a case, what the desk shows, and what a reader may rely on.

use super::kit::*;
use super::walks::walk;
use lianzhi_procedure::penalty::source_of as penalty_source;
use lianzhi_procedure::penalty::{Penalty, owed, process_record};
use lianzhi_procedure::spot::source_of as spot_source;
use lianzhi_procedure::{Procedure, Waiter};
use std::collections::BTreeSet;

/// Who is offered a command.
fn offered(case: &Docket, command: &str) -> BTreeSet<&'static str> {
    let can = |who: &&str| case.offers(who).iter().any(|o| o.command == command && o.refused.is_none());
    EVERYBODY.iter().copied().filter(can).collect()
}

#[test]
fn each_act_is_offered_to_those_who_may_do_it_and_to_nobody_else() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    let officers = BTreeSet::from(["officer-a1", "officer-a2"]);
    for command in ["state", "waive", "ask_hearing", "record", "order", "seize", "no_penalty", "drop"] {
        assert_eq!(offered(&case, command), officers, "{command}");
    }
    assert_eq!(offered(&case, "review"), BTreeSet::from(["legal", "legal-2"]));
    assert_eq!(offered(&case, "split"), BTreeSet::new());
    case.days(10);
    assert_eq!(offered(&case, "decide"), BTreeSet::new());
    let refused = |who: &str| case.offers(who).into_iter().find(|o| o.command == "decide");
    let refusal = refused("officer-a1").unwrap().refused.unwrap();
    assert!(refusal.source_text.contains("第五十八条"), "what is missing stands where the act will stand");
    assert!(refused("leader").is_none());

    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    assert_eq!(offered(&case, "discuss"), BTreeSet::from(["leader", "leader-2", "legal", "legal-2"]));
    case.ok("leader", discuss());
    assert_eq!(offered(&case, "decide"), officers);
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert_eq!(offered(&case, "endorse"), BTreeSet::from(["captain-a"]));
    // Until the unit has said its opinion the leader can only send it back.
    let approve = case.offers("leader").into_iter().find(|o| o.command == "approve").unwrap();
    assert_eq!(approve.title, "退回");
    case.ok("captain-a", json!({ "command": "endorse", "proposal": case.case().proposals, "agreed": true }));
    assert_eq!(offered(&case, "approve"), BTreeSet::from(["leader", "leader-2"]));
    assert_eq!(offered(&case, "unpropose"), BTreeSet::from(["officer-a1"]));
}

#[test]
fn the_to_dos_follow_the_case() {
    let mut case = Docket::new();
    let first = |case: &Docket| {
        let todos = Penalty::summary(&case.state).todos;
        let todo = todos.first().unwrap_or_else(|| panic!("nothing waits in {}", case.stage()));
        let who = match &todo.who {
            Waiter::Person(p) => p.to_string(),
            Waiter::Role(role, _) => role.code().to_owned(),
        };
        (who, todo.what)
    };
    let waits =
        |case: &Docket, who: &str, what: &'static str| assert_eq!(first(case), (who.to_owned(), what));
    case.ok("officer-a1", register(LARGE, "company"));
    waits(&case, "squad_leader", "assign");
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    waits(&case, "officer-a1", "verify");
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    waits(&case, "officer-a1", "file");
    case.ok("officer-a1", json!({ "command": "file", "note": "立案" }));
    waits(&case, "squad_leader", "endorse");
    case.ok("captain-a", json!({ "command": "endorse", "proposal": 1, "agreed": true }));
    waits(&case, "leader", "approve");
    case.ok("leader", json!({ "command": "approve", "proposal": 1, "agreed": true }));
    waits(&case, "officer-a1", "record");
    case.ok("officer-a1", record("inspection"));
    waits(&case, "officer-a1", "finish");
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    waits(&case, "officer-a1", "charge");
    case.ok("officer-a1", charge(20_000_000));
    waits(&case, "officer-a1", "notify");
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    waits(&case, "officer-a1", "serve");
    case.serve_last();
    assert!(Penalty::summary(&case.state).todos.is_empty(), "the party's time runs");
    case.days(10);
    case.tick();
    waits(&case, "legal_reviewer", "review");
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    waits(&case, "leader", "discuss");
    case.ok("leader", discuss());
    waits(&case, "officer-a1", "decide");
}

#[test]
fn every_clock_that_runs_is_owed_and_everything_owed_has_its_clock() {
    for seed in 100..130 {
        let docket = walk(seed, 120);
        let case = docket.case();
        let running: BTreeSet<_> =
            case.clocks.iter().filter(|w| w.stopped.is_none()).map(|w| (w.clock.term, w.clock.of)).collect();
        let owed: BTreeSet<_> = owed(case).into_iter().map(|o| (o.term, o.of)).collect();
        assert_eq!(running, owed, "seed {seed}");
        let wake = Penalty::summary(&docket.state).wake_at;
        assert!(wake.is_none_or(|at| at > docket.now), "a clock waits for nobody, seed {seed}");
        for check in process_record(case) {
            assert!(!check.title.is_empty() && check.source.contains('第'), "{check:?}");
        }
    }
}

#[test]
fn 待办_everything_that_waits_in_a_case_and_on_the_spot_names_its_article() {
    let of = [
        (include_str!("../../../src/penalty/summary.rs"), penalty_source as fn(&str) -> &'static str),
        (include_str!("../../../src/spot/summary.rs"), spot_source),
    ];
    for (text, source) in of {
        let todos = &text[text.find("fn todos").unwrap()..];
        let words = todos.split('"').skip(1).step_by(2);
        let words: Vec<_> = words
            .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            .collect();
        assert!(words.len() > 9, "{words:?}");
        for what in words {
            assert!(!source(what).is_empty(), "{what} waits and names no article");
        }
    }
}
