//! The ordinary way from a lead to the archive.

use super::kit::*;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::penalty::{PaperKind, Penalty, Scope, Term, catalogue, missing, process_record};

#[test]
fn a_small_case_goes_from_lead_to_archive() {
    let mut case = Docket::decided();
    assert_eq!(case.stage(), "performing");
    assert_eq!(case.case().party(1).unwrap().money.left(), 200_000);
    case.days(1);
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-24", "reference": "银行 0001" }),
    );
    assert_eq!(case.stage(), "to_close");
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
    assert_eq!(case.stage(), "closed");
    assert!(!Penalty::summary(&case.state).open);
    // Nothing can be written on it afterwards: what is blank or missing is filled in before, or said why not.
    let bare = json!({ "command": "archive", "shelf": "2026-罚-001", "pages": 42 });
    let refusal = case.against("第四十七条", "officer-a1", bare.clone());
    assert_eq!(refusal.field, Some("note"));
    assert!(
        refusal.rule.contains("现场检查笔录待填写") || refusal.rule.contains("待填写"),
        "{}",
        refusal.rule
    );
    case.ok("officer-a1", with(bare, "note", json!("当事人拒绝补签")));
    assert_eq!(case.stage(), "archived");
    // An archived case is not changed any more, but its decision may be challenged, revoked and corrected.
    let late = ["appeal", "revoke", "amend", "unpublish", "open_archive"];
    assert!(case.offers("officer-a1").iter().all(|o| late.contains(&o.command)));

    let listed = catalogue(case.case());
    let forms: Vec<_> = listed.iter().map(|l| l.form).collect();
    for form in ["D01", "D02", "D03", "D05", "D11", "D14", "D17", "D21", "D26"] {
        assert!(forms.contains(&form), "{form} is not in the catalogue: {forms:?}");
    }
    assert!(listed.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let open: Vec<_> = process_record(case.case()).into_iter().filter(|c| !c.done).map(|c| c.title).collect();
    // What was not done is said: nobody ordered a correction, and no signed scans were kept.
    assert!(open.iter().any(|t| t == "责令改正通知书"), "{open:?}");
}

#[test]
fn a_large_case_needs_hearing_right_review_and_discussion() {
    let mut case = Docket::large();
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert!(case.case().papers.last().unwrap().paper.number.starts_with("沪青罚决字〔2026〕"));
    assert_eq!(case.stage(), "serving");
    assert!(case.case().papers_of(PaperKind::HearingRight).next().is_some());
    assert!(case.runs(Term::ServeDecision, Scope::Paper(case.paper(PaperKind::Decision), 1)));
}

#[test]
fn every_term_of_a_case_says_how_it_was_computed_and_by_which_article() {
    let mut case = Docket::decided();
    case.tick();
    let clocks = &case.case().clocks;
    assert!(clocks.iter().any(|w| w.clock.term == Term::Pay));
    for watched in clocks {
        let running = &watched.clock.running;
        assert!(!running.arithmetic.is_empty(), "{:?}", watched.clock.term);
        assert!(!running.standard.source.is_empty(), "{:?}", watched.clock.term);
    }
    // Monday 23 November, fifteen days of the calendar.
    assert_eq!(case.last_day(Term::Pay, Scope::Party(1)).to_string(), "2026-12-08");
    assert_eq!(case.last_day(Term::Publish, Scope::Case).to_string(), "2026-12-02");
    assert_eq!(case.last_day(Term::Reconsideration, Scope::Party(1)).to_string(), "2027-01-22");
}

#[test]
fn the_desk_says_what_is_missing_before_the_next_step() {
    let case = Docket::notified(LARGE, "company", 20_000_000);
    let missing = case.with_facts("officer-a1", |facts| missing(case.case(), facts));
    let codes: Vec<_> = missing.iter().map(|m| m.code).collect();
    assert_eq!(codes, ["defence-runs", "hearing-open", "review-missing", "discussion-missing"]);
    assert!(missing.iter().all(lianzhi_procedure::Refusal::has_named_source));
}

#[test]
fn events_hold_no_name_and_no_number_of_a_party() {
    let case = Docket::decided();
    for event in &case.events {
        let json = serde_json::to_string(event).unwrap();
        for word in ["张小三", "310118199001010011", "拆除"] {
            assert!(!json.contains(word), "{json}");
        }
    }
}
