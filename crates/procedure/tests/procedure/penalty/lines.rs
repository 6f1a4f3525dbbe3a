//! What statistics and comparisons see of a case.

use super::kit::*;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::line::{Challenge, Kept, Line, Result, Reviewed, lines};

fn of(case: &Docket) -> Vec<Line> {
    lines(&AnyState::Penalty(case.state.clone()))
}

#[test]
fn a_lead_is_a_line_without_a_fine() {
    let all = of(&Docket::lead(SMALL, "person"));
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].item.as_str(), all[0].subject), (SMALL, "个人"));
    assert_eq!((all[0].result, all[0].kept, all[0].fine), (Result::Open, Kept::Running, 0));
}

#[test]
fn what_is_only_planned_is_no_fine_and_what_is_decided_is() {
    let planned = of(&Docket::notified(SMALL, "person", 200_000));
    assert_eq!((planned[0].result, planned[0].fine), (Result::Open, 0), "a plan counts as nothing");
    let mut case = Docket::decided();
    let decided = of(&case);
    assert_eq!((decided[0].result, decided[0].fine, decided[0].paid), (Result::Penalty, 200_000, 0));
    assert!(decided[0].decided.is_some());
    case.days(1);
    let pay = json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 50_000, "on": "2026-11-24", "reference": "银行 0001" });
    case.ok("officer-a1", pay);
    assert_eq!(of(&case)[0].paid, 50_000);
}

#[test]
fn the_first_review_is_told_and_one_that_is_demanded_is_owed() {
    assert_eq!(of(&Docket::notified(LARGE, "company", 20_000_000))[0].reviewed, Reviewed::Owed);
    assert_eq!(of(&Docket::large())[0].reviewed, Reviewed::Agree);
    assert_eq!(of(&Docket::decided())[0].challenge, Challenge::None);
}

#[test]
fn a_reconsideration_is_told_with_its_end() {
    let mut case = Docket::decided();
    case.days(2);
    case.ok(
        "officer-a1",
        json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-11-25" }),
    );
    assert_eq!(of(&case)[0].challenge, Challenge::Reconsideration);
    case.days(20);
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "revoked", "on": "2026-12-14", "note": "撤销" });
    case.ok("officer-a1", end);
    let line = &of(&case)[0];
    assert_eq!(
        (line.challenge, line.result, line.fine),
        (Challenge::ReconsiderationLost, Result::Annulled, 0)
    );
}

#[test]
fn two_parties_are_two_lines() {
    let mut case = Docket::filed(SMALL, "person");
    let second = json!({
        "command": "add_party", "kind": "company",
        "particulars": "{\"name\":\"某建筑公司\",\"id_number\":\"91310118MA1GTEST00\"}",
    });
    case.ok("officer-a1", second);
    let subjects: Vec<_> = of(&case).iter().map(|line| line.subject).collect();
    assert_eq!(subjects, ["个人", "单位"]);
}

#[test]
fn the_evidence_checklist_counts_what_stands_and_not_what_was_excluded() {
    let mut case = Docket::filed(SMALL, "person");
    let law = case.directory.law.clone();
    let has = |case: &Docket, key: &str| {
        let all = lianzhi_procedure::penalty::proofs(case.case(), &law);
        all.into_iter().find(|p| *p.point.point == *key).unwrap().has
    };
    assert!(has(&case, "time_place").is_empty(), "nothing was recorded yet");
    case.ok("officer-a1", record("inspection"));
    assert_eq!(has(&case, "time_place"), [1]);
    assert!(has(&case, "act").is_empty(), "nobody was asked yet");
    case.ok("legal", json!({ "command": "exclude", "evidence": 1, "note": "没有出示证件" }));
    assert!(has(&case, "time_place").is_empty());
}
