//! The terms of the law data and the clocks of cases: each runs, is used, or is said to be computed only. And the commands: each stands in
//! the documents of its procedure.

use super::kit::*;
use lianzhi_procedure::Kind;
use lianzhi_procedure::penalty::{PURPOSES, Term, purpose};
use lianzhi_procedure::report::TermKey;
use std::collections::BTreeSet;

#[test]
fn 每一法定期限_every_term_of_the_statutes_runs_somewhere_or_is_explained() {
    const DOCS: &str = include_str!("../../../../../docs/procedures/penalty.md");
    let keys = directory().law.statutes();
    for key in keys.map(|term| term.key.to_string()) {
        assert!(
            DOCS.contains(&format!("`{key}`")),
            "{key} is in the law data and not in docs/procedures/penalty.md"
        );
    }
    // What runs as a clock is a term in code; what does not is named here with what uses it.
    const USED: &[&str] = &[
        "limitation.general",
        "limitation.env_harm",
        "filing.file_case",
        "pay.surcharge",
        "enforce.remind_self",
        "enforce.demolish",
        "enforce.substitute_now",
        "remedy.precondition_onsite",
        "remedy.no_stay",
        "daily_penalty.env",
        "court.review_rule_denied",
    ];
    for statute in directory().law.statutes() {
        let (key, general) = (&*statute.key, statute.general_key());
        let in_cases = Term::ALL.iter().any(|term| [key, general].contains(&term.statute()));
        let in_reports = TermKey::ALL.iter().any(|term| term.statute() == Some(general));
        let (runs, named) = (in_cases || in_reports, USED.contains(&key));
        assert!(runs != named, "{key}: runs {runs}, named {named}");
    }
    for term in Term::ALL {
        assert!(DOCS.contains(&format!("`{}`", term.key())), "{} runs and is not in the table", term.key());
    }
}

/// Words in code letters.
fn named(text: &str) -> BTreeSet<&str> {
    let word = |w: &&str| w.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    text.split('`').skip(1).step_by(2).filter(word).collect()
}

#[test]
fn every_command_stands_in_the_document_of_its_procedure_and_no_other() {
    const PENALTY: &str = include_str!("../../../../../docs/procedures/penalty.md");
    const SPOT: &str = include_str!("../../../../../docs/procedures/spot.md");
    const SLIP: &str = include_str!("../../../../../docs/procedures/slip.md");
    let from = PENALTY.find("## Approval").unwrap();
    let (others, to) = (PENALTY.find("## Other commands").unwrap(), PENALTY.find("## Terms").unwrap());
    for (kind, text) in [(Kind::Penalty, &PENALTY[from..to]), (Kind::Spot, SPOT), (Kind::Slip, SLIP)] {
        let schema = kind.command_schema().to_value();
        let all = schema["oneOf"].as_array().unwrap().iter();
        let said = named(text);
        let asked: BTreeSet<_> =
            all.filter_map(|one| one["properties"]["command"]["const"].as_str()).collect();
        assert!(asked.len() > 3, "{kind:?} has commands");
        let unsaid: Vec<_> = asked.difference(&said).collect();
        assert!(unsaid.is_empty(), "{kind:?}: {unsaid:?}");
        if kind == Kind::Penalty {
            // What the node does by itself has no schema; `asked` is the state of who is asked for an opinion.
            let own = ["tick", "recompute", "absorb", "split_into", "bring", "daily_into", "missed", "asked"]
                .into();
            let all: BTreeSet<_> = asked.union(&own).copied().collect();
            let unknown: Vec<_> = named(&PENALTY[others..to]).difference(&all).copied().collect();
            assert!(unknown.is_empty(), "no command: {unknown:?}");
        }
    }
}

#[test]
fn every_command_that_people_give_has_one_purpose_and_every_purpose_its_commands() {
    let schema = Kind::Penalty.command_schema().to_value();
    let all = schema["oneOf"].as_array().unwrap().iter();
    // `missed` and its like have no schema: the node gives them by itself.
    let asked: BTreeSet<_> = all.filter_map(|one| one["properties"]["command"]["const"].as_str()).collect();
    let mut sorted: Vec<_> = PURPOSES.iter().flat_map(|(_, commands)| commands.iter().copied()).collect();
    let known: BTreeSet<_> = sorted.iter().copied().collect();
    assert_eq!(asked.symmetric_difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
    sorted.sort_unstable();
    let twice: Vec<_> = sorted.windows(2).filter(|w| w[0] == w[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert_eq!(purpose("charge"), Some("审批与决定"));
    assert_eq!(purpose("tick"), None);
}
