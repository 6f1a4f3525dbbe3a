//! The terms of the law data and the clocks of cases: each runs, is used, or is said to be computed only.

use super::kit::*;
use lianzhi_procedure::penalty::Term;
use lianzhi_procedure::report::TermKey;

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
