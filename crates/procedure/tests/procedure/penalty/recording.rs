//! The record of the whole process (全过程记录, 行政处罚法 47) and what is published of a decision (48).

use super::kit::*;
use lianzhi_procedure::penalty::{PaperKind, State, record_gaps};
use lianzhi_procedure::publicity::{Checked, Reviewed, Standing, checked, public_decision, record};
use lianzhi_procedure::{AnyState, PartRef};

fn steps(case: &Docket) -> Vec<String> {
    record_gaps(case.case()).into_iter().filter(|gap| gap.at.is_some()).map(|gap| gap.step).collect()
}

fn any(case: &Docket) -> AnyState {
    let state: State = case.state.clone();
    AnyState::Penalty(state)
}

/// Sealed parts, opened: every party is the same man, every note a sentence with his name.
fn text(part: &PartRef) -> Option<String> {
    Some(match part.kind {
        lianzhi_procedure::PartKind::Particulars => {
            r#"{"name":"张小三","id_number":"310118199001010011","address":"漕平路 118 号 302 室","phone":"13800001234"}"#.into()
        }
        _ => "张小三的处罚决定已被撤销，联系电话 13800001234".into(),
    })
}

#[test]
fn 行政处罚法47_a_seizure_that_was_not_filmed_is_a_gap_and_a_photo_does_not_fill_it() {
    let mut case = Docket::filed(SMALL, "person");
    assert!(steps(&case).is_empty(), "nothing that wants pictures was done yet");
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
        "exhibits": photo(),
    });
    case.approved("officer-a1", seize);
    assert_eq!(steps(&case), ["扣押（物品清单 1）"]);
    let gap = record_gaps(case.case()).remove(0);
    assert!(gap.wants.contains("录像") && gap.source.contains("第四十七条"));
}

#[test]
fn 行政处罚法47_a_record_without_a_picture_is_a_gap_until_it_is_excluded() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", with(record_of("inspection"), "exhibits", json!([])));
    assert_eq!(steps(&case), ["现场检查笔录（证据 1）"]);
    case.ok("officer-a1", with(record_of("interview"), "exhibits", photo()));
    assert_eq!(steps(&case).len(), 1, "the interview was recorded");
    case.ok("legal", json!({ "command": "exclude", "evidence": 1, "note": "没有出示证件" }));
    assert!(steps(&case).is_empty());
}

fn record_of(kind: &str) -> serde_json::Value {
    super::kit::record(kind)
}

#[test]
fn 行政处罚法47_papers_are_missing_only_once_their_phase_is_over() {
    let case = Docket::filed(SMALL, "person");
    let papers = |case: &Docket| record_gaps(case.case()).into_iter().filter(|gap| gap.at.is_none()).count();
    assert_eq!(papers(&case), 0, "the investigation runs: its papers may still come");
    let case = Docket::decided();
    assert!(papers(&case) > 0, "signed and scanned papers are not in the file");
}

#[test]
fn 行政处罚法28_whoever_is_punished_is_ordered_to_put_it_right_and_nobody_else_need_be() {
    let wants_order =
        |case: &Docket| record_gaps(case.case()).iter().any(|gap| gap.wants == "责令改正通知书");
    let order = json!({ "command": "order", "party": 1, "note": "恢复承重墙" });
    let mut ordered = Docket::notified(SMALL, "person", 200_000);
    assert!(!wants_order(&ordered), "it may still be ordered until the decision");
    assert!(wants_order(&Docket::decided()), "punished without an order");
    ordered.ok("officer-a1", order);
    ordered.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    ordered.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert!(!wants_order(&ordered));
    let mut dropped = Docket::planned(SMALL, "person", 200_000);
    dropped.approved("officer-a1", json!({ "command": "drop", "note": "违法事实不能成立" }));
    assert!(!wants_order(&dropped), "whoever did nothing wrong has nothing to put right");
}

#[test]
fn 行政处罚法48_what_is_published_names_no_person_no_number_and_no_words_of_the_file() {
    let mut case = Docket::decided();
    let of = |case: &Docket| record(&any(case)).unwrap();
    assert_eq!(of(&case).made.unwrap().standing, Standing::Open);
    assert!(of(&case).parts(&any(&case)).is_empty(), "before it is published nothing is opened");
    case.ok("officer-a1", json!({ "command": "publish" }));
    let made = of(&case).made.unwrap();
    assert_eq!((made.standing, made.late, made.annulled), (Standing::Published, false, false));
    let decision = public_decision(&any(&case), &case.directory.law, &text).unwrap();
    assert_eq!(decision.parties[0].name, "张某某");
    assert!(decision.natural && decision.fine_fen > 0 && !decision.bases.is_empty());
    assert_eq!(decision.number, made.number);
    let said = serde_json::to_string(&decision).unwrap();
    for secret in ["张小三", "310118199001010011", "302", "13800001234", "承重墙已拆除", "情节"] {
        assert!(!said.contains(secret), "{secret} is published: {said}");
    }
}

#[test]
fn 行政处罚法48_withdrawn_with_a_reason_that_names_nobody_and_what_was_late_is_known() {
    let mut case = Docket::decided();
    case.days(20);
    case.tick();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.hours(1);
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    let made = record(&any(&case)).unwrap().made.unwrap();
    assert!(made.late && made.annulled && made.standing == Standing::Published);
    case.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    let of = record(&any(&case)).unwrap();
    assert_eq!(of.made.as_ref().unwrap().standing, Standing::Withdrawn);
    assert_eq!(of.reason(&any(&case), &text), "张某某的处罚决定已被撤销，联系电话 ……");
}

#[test]
fn 行政处罚法58_what_must_be_reviewed_counts_until_it_is() {
    let case = Docket::decided();
    assert_eq!(record(&any(&case)).unwrap().review, Reviewed::Free, "a small fine");
    let large = Docket::notified(LARGE, "company", 20_000_000);
    assert_eq!(record(&any(&large)).unwrap().review, Reviewed::Owed);
    assert_eq!(record(&any(&Docket::large())).unwrap().review, Reviewed::Given);
}

#[test]
fn a_paper_tells_its_reader_whether_it_stands() {
    let mut case = Docket::decided();
    let decision = case.paper(PaperKind::Decision);
    let filing = case.paper(PaperKind::Filing);
    assert!(checked(&any(&case), filing).is_none(), "what stays inside is nobody's to check");
    assert!(checked(&any(&case), 99).is_none());
    let paper = checked(&any(&case), decision).unwrap();
    assert_eq!((paper.standing, paper.parties.len()), (Checked::InForce, 1));
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    assert_eq!(checked(&any(&case), decision).unwrap().standing, Checked::Revoked);
}
