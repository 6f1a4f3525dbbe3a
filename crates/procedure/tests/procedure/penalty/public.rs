//! What was published and changed is withdrawn and published again as it stands (行政处罚法 48(2)).

use super::kit::*;
use lianzhi_procedure::penalty::{Penalty, Publication, Scope, State, Term};
use lianzhi_procedure::publicity::{Standing, public_decision, record};
use lianzhi_procedure::{AnyState, PartRef, Procedure};
use serde_json::Value;

fn any(case: &Docket) -> AnyState {
    let state: State = case.state.clone();
    AnyState::Penalty(state)
}

fn name(_: &PartRef) -> Option<String> {
    Some(r#"{"name":"张小三"}"#.into())
}

fn todo(case: &Docket, what: &str) -> bool {
    Penalty::summary(&case.state).todos.iter().any(|t| t.what == what)
}

fn publish() -> Value {
    json!({ "command": "publish" })
}

/// Published on the day of the decision; ten days later a reconsideration ends so.
fn challenged(end: &str, fine: Option<i64>) -> Docket {
    let mut case = Docket::decided();
    case.ok("officer-a1", publish());
    case.days(10);
    let sought = json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-01" });
    case.ok("officer-a1", sought);
    let end = json!({
        "command": "end_appeal", "party": 1, "end": end, "on": "2026-12-03", "fine": fine, "note": "复议决定书",
    });
    case.ok("legal", end);
    case
}

#[test]
fn 行政处罚法48_2_a_decision_that_was_changed_is_withdrawn_and_published_again_as_it_stands() {
    let mut case = challenged("changed", Some(50_000));
    assert_eq!(case.last_day(Term::Withdraw, Scope::Case).to_string(), "2026-12-08");
    case.against("第四十八条", "officer-a1", publish());
    case.ok("legal", json!({ "command": "unpublish", "note": "罚款数额经复议变更" }));
    // Thursday 3 December: seven working days for what stands now.
    assert!(!case.runs(Term::Withdraw, Scope::Case));
    assert_eq!(case.last_day(Term::Publish, Scope::Case).to_string(), "2026-12-14");
    assert!(todo(&case, "publish"));
    let closing = json!({ "command": "close", "ground": "performed", "note": "-" });
    case.refused("officer-a1", closing);
    case.hours(1);
    case.ok("legal", publish());
    assert!(matches!(case.case().publication, Publication::Published { .. }));
    assert!(!case.runs(Term::Publish, Scope::Case) && !case.runs(Term::Withdraw, Scope::Case));
    case.against("第四十八条", "officer-a1", publish());
    let decision = public_decision(&any(&case), &case.directory.law, &name).unwrap();
    assert_eq!(decision.fine_fen, 50_000);
    assert_eq!(decision.parties[0].penalties, ["罚款 500 元（变更后）"]);
    assert!(decision.changes[0].starts_with("2026-12-03 行政复议决定将罚款由"), "{:?}", decision.changes);
    assert!(decision.changes[0].contains("变更为 500"), "{:?}", decision.changes);
    assert_eq!(decision.renewed.map(|day| day.to_string()), Some("2026-12-03".into()));
    // The months count from the first publication; that it was withdrawn is told.
    let made = record(&any(&case)).unwrap().made.unwrap();
    assert_eq!((made.standing, made.annulled), (Standing::Published, false));
    assert_eq!(made.published.map(lianzhi_procedure::beijing_date).unwrap().to_string(), "2026-11-23");
    assert!(made.withdrawn.is_some());
}

#[test]
fn 行政处罚法48_what_was_changed_may_be_kept_back_with_a_ground() {
    let mut case = challenged("changed", Some(50_000));
    case.ok("legal", json!({ "command": "unpublish", "note": "罚款数额经复议变更" }));
    case.ok("legal", json!({ "command": "keep_back", "note": "不具有一定社会影响" }));
    assert!(!case.runs(Term::Publish, Scope::Case) && !todo(&case, "publish"));
    case.against("第四十八条", "legal", publish());
    assert_eq!(record(&any(&case)).unwrap().made.unwrap().standing, Standing::Withdrawn, "its reason stays");
}

#[test]
fn 行政诉讼法74_what_is_declared_unlawful_and_stands_is_not_published_again() {
    for end in ["illegal", "revoked"] {
        let mut case = challenged(end, None);
        case.ok("legal", json!({ "command": "unpublish", "note": "复议结果" }));
        assert!(!case.runs(Term::Publish, Scope::Case), "{end}");
        case.against("第四十八条", "legal", publish());
    }
}

#[test]
fn 行政处罚法48_what_was_withdrawn_by_mistake_may_be_published_again_and_a_later_change_withdraws_it_again() {
    let mut case = Docket::decided();
    case.ok("officer-a1", publish());
    case.ok("legal", json!({ "command": "unpublish", "note": "公开的内容有误" }));
    assert!(!todo(&case, "publish"), "nothing was changed: nobody has to");
    case.ok("legal", publish());
    case.days(10);
    case.ok("officer-a1", json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-12-01" }));
    let end = json!({ "command": "end_appeal", "party": 1, "end": "changed", "on": "2026-12-03", "fine": 100_000, "note": "判决" });
    case.ok("legal", end);
    assert!(case.runs(Term::Withdraw, Scope::Case));
}

#[test]
fn 行政处罚法48_what_was_never_charged_is_not_published_as_done() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    let other =
        json!({ "command": "set_violation", "item": "SHLJ-02", "from": "2026-11-20", "facts": "另有" });
    case.ok("officer-a1", other);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    case.ok("officer-a1", publish());
    let shown = public_decision(&any(&case), &case.directory.law, &name).unwrap();
    assert_eq!(shown.items.len(), 1);
}
