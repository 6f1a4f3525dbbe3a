//! The register of numbers (文号): what became of each, none is lost.

use super::kit::*;
use lianzhi_procedure::numbers::{NumberLine, NumberState, numbers};
use lianzhi_procedure::penalty::{PaperKind, Penalty, State};
use lianzhi_procedure::{AnyState, Numbered, Procedure};

fn lines(case: &Docket) -> Vec<NumberLine> {
    let state: State = case.state.clone();
    numbers(&AnyState::Penalty(state))
}

fn of(case: &Docket, kind: PaperKind) -> NumberLine {
    let number = case.case().paper(case.paper(kind)).unwrap().paper.number.clone();
    lines(case).into_iter().find(|line| line.number == number).unwrap()
}

#[test]
fn 文号_a_voided_one_is_kept_with_its_reason() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let paper = case.paper(PaperKind::Notice);
    let (before, number) = (lines(&case).len(), of(&case, PaperKind::Notice).number);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "当事人姓名写错" }));
    let notice = lines(&case).into_iter().find(|line| line.number == number).unwrap();
    assert_eq!((notice.state, notice.by), (NumberState::Voided, None));
    assert!(notice.reason.is_some());
    assert_eq!(lines(&case).len(), before, "its number is kept");
}

#[test]
fn 文号_what_took_the_place_of_a_paper_is_named() {
    let mut case = Docket::decided();
    assert_eq!(of(&case, PaperKind::Decision).state, NumberState::Issued);
    let decision = case.paper(PaperKind::Decision);
    let mut corrected = case.clone();
    corrected.approved(
        "officer-a1",
        json!({
            "command": "amend", "paper": decision, "slip": "letters", "wrong": "漕平略", "right": "漕平路", "unchanged": true,
            "note": "书写错误",
        }),
    );
    let line = of(&corrected, PaperKind::Decision);
    assert_eq!(line.state, NumberState::Corrected);
    assert_eq!(line.by, Some(of(&corrected, PaperKind::Amendment).number));
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    let revoked = Some(of(&case, PaperKind::Revocation).number);
    let line = of(&case, PaperKind::Decision);
    assert_eq!((line.state, line.by), (NumberState::Revoked, revoked));
}

#[test]
fn 文号_papers_of_a_unit_bear_its_branch_code_and_one_word_is_one_series() {
    let case = Docket::filed(SMALL, "person");
    let order =
        serde_json::from_value(json!({ "command": "order", "party": 1, "note": "停止施工" })).unwrap();
    let wanted = Penalty::numbered(&case.state, &order).unwrap();
    assert_eq!(wanted, Numbered::Paper("改", Some(case.case().unit.clone())));
    assert_eq!(wanted.series("", 2026), "letter:改:2026", "numbers go on where they were");
    assert_eq!(wanted.series("01", 2026), "letter:改@01:2026");
    assert_eq!(wanted.text("沪青", "01", 2026, 7), "沪青改字〔2026〕01000007号");
}
