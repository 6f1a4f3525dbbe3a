//! Petty cases: quick handling that leaves no right out, and the promise to put it right.

use super::kit::*;
use lianzhi_procedure::penalty::{Outcome, Scope, Term, missing};
use lianzhi_procedure::{Earlier, EarlierKind};
use serde_json::Value;

fn agree() -> Value {
    json!({ "command": "quick", "party": 1, "exhibits": photo() })
}

fn promise(until: &str) -> Value {
    json!({ "command": "promise", "party": 1, "until": until, "exhibits": photo() })
}

fn seen(done: bool) -> Value {
    json!({ "command": "see_promise", "party": 1, "done": done, "note": "现场复查" })
}

fn approve(case: &Docket) -> Value {
    json!({ "command": "approve", "proposal": case.case().proposals, "agreed": true })
}

/// Filed, investigated and charged, with the party's consent.
fn quick() -> Docket {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", agree());
    assert!(case.case().quick());
    case
}

#[test]
fn a_quick_case_is_told_and_decided_in_a_day_without_the_middle_step_and_with_every_right() {
    let mut case = quick();
    // No right is left out: without notice and defence nothing is decided.
    case.against("第四十四条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let signed = approve(&case);
    case.ok("leader", signed);
    case.serve_last();
    case.against("第四十五条", "officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let signed = approve(&case);
    case.ok("leader", signed);
    assert!(matches!(case.case().outcome, Outcome::Penalty { .. }));
    assert_eq!(case.stage(), "serving");
}

#[test]
fn a_quick_case_still_needs_two_officers_evidence_and_somebody_else_to_sign() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", agree());
    case.against("第四十条", "officer-a1", json!({ "command": "finish", "note": "终结" }));
    let alone = with(record("inspection"), "second", json!("officer-a1"));
    case.against("第四十二条", "officer-a1", alone);
    let mut case = quick();
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let signed = approve(&case);
    case.against("权限表", "captain-a", signed);
}

#[test]
fn quick_handling_wants_the_signed_consent_and_a_party_and_a_case_that_bear_it() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    let bare = with(agree(), "exhibits", json!([]));
    case.against("快速办理", "officer-a1", bare);
    case.ok("officer-a1", json!({ "command": "mark", "mark": "complex", "on": true, "note": "争议较大" }));
    case.against("快速办理", "officer-a1", agree());
    let mut young = Docket::new();
    young.ok("officer-a1", with(register(SMALL, "person"), "capacity", json!("minor")));
    young.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    young.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    young.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    young.against("快速办理", "officer-a1", agree());
}

#[test]
fn what_weighs_more_ends_quick_handling_by_itself() {
    // A fine that gives the right to a hearing.
    let mut case = Docket::planned(LARGE, "company", 20_000_000);
    case.ok("officer-a1", agree());
    assert!(!case.case().quick());
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let signed = approve(&case);
    case.against("第五十七条", "leader", signed);
    // A mark that comes later.
    let mut case = quick();
    case.ok("legal", json!({ "command": "mark", "mark": "public", "on": true, "note": "媒体关注" }));
    assert!(!case.case().quick());
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let signed = approve(&case);
    case.against("第五十七条", "leader", signed);
}

/// The number of the party is known, so that earlier cases of it would be found.
fn known(case: &mut Docket) {
    case.look_ups.subject = Some(lianzhi_ids::Digest([3; 32]));
    case.ok("officer-a1", json!({ "command": "describe", "party": 1, "particulars": "{}" }));
}

#[test]
fn article_33_a_promise_that_was_kept_is_putting_right_in_time() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    known(&mut case);
    let spare = || json!({ "command": "no_penalty", "ground": "first", "note": "初次、轻微、已改正" });
    case.against("第三十三条", "officer-a1", spare());
    case.against("及时改正", "officer-a1", promise("2027-01-31"));
    case.against("告知承诺", "officer-a1", with(promise("2026-11-30"), "exhibits", json!([])));
    case.ok("officer-a1", promise("2026-11-30"));
    assert_eq!(case.last_day(Term::Promise, Scope::Party(1)).to_string(), "2026-11-30");
    // A promise alone is not enough.
    case.against("第三十三条", "officer-a1", spare());
    case.days(8).tick();
    case.ok("officer-a1", seen(true));
    assert!(!case.runs(Term::Promise, Scope::Party(1)));
    let offer = case.offers("officer-a1").into_iter().find(|o| o.command == "no_penalty").unwrap();
    assert!(offer.main, "no penalty is proposed");
    case.approved("officer-a1", spare());
    assert!(matches!(case.case().outcome, Outcome::NoPenalty { .. }));
}

#[test]
fn article_33_a_broken_promise_leads_on_to_the_penalty() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", promise("2026-11-30"));
    case.days(8).tick();
    let waits = |case: &Docket| {
        use lianzhi_procedure::Procedure;
        let summary = lianzhi_procedure::penalty::Penalty::summary(&case.state);
        summary.todos.iter().any(|t| t.what == "see_promise")
    };
    assert!(waits(&case));
    case.ok("officer-a1", seen(false));
    assert!(!waits(&case));
    let spare = json!({ "command": "no_penalty", "ground": "minor", "note": "轻微" });
    case.against("第三十三条", "officer-a1", spare);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let open = case.with_facts("officer-a1", |facts| missing(case.case(), facts));
    assert!(open.iter().all(|m| m.code != "not-told"), "the case goes on as any other");
}

#[test]
fn article_33_whoever_was_warned_before_is_not_first() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", promise("2026-11-30"));
    case.ok("officer-a1", seen(true));
    let earlier = |kind| Earlier {
        kind,
        docket: lianzhi_ids::DocketId(3),
        number: "沪青警示字〔2026〕1号".into(),
        item: SMALL.into(),
        on: "2026-03-01".parse().unwrap(),
        corrected: None,
    };
    known(&mut case);
    let spare = || json!({ "command": "no_penalty", "ground": "first", "note": "初次、轻微、已改正" });
    case.look_ups.earlier = vec![earlier(EarlierKind::Warning)];
    case.against("第三十三条", "officer-a1", spare());
    case.look_ups.earlier = vec![earlier(EarlierKind::Tip)];
    case.ok("officer-a1", spare());
}
