//! Documents of the file: who writes on them, when they cannot be changed any more, and what stays of those that were voided.

use super::kit::*;
use lianzhi_ids::Digest;
use lianzhi_procedure::ExhibitRef;
use lianzhi_procedure::penalty::folios::{self, Folio};
use lianzhi_procedure::penalty::{PaperKind, catalogue};

fn fill(folio: &str, details: &str) -> serde_json::Value {
    json!({ "command": "fill_folio", "folio": folio, "details": details })
}

fn scan(folio: &str) -> serde_json::Value {
    json!({ "command": "sign_folio", "folio": folio, "exhibits": photo() })
}

#[test]
fn 行政处罚法55_a_record_is_written_by_the_two_officers_of_the_case_and_by_nobody_else() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    for other in ["officer-a3", "officer-b1", "captain-a", "leader", "legal", "supervisor"] {
        case.refused(other, fill("evidence-1", "{}"));
    }
    case.against("第五十五条", "officer-a1", fill("evidence-2", "{}"));
    case.ok("officer-a1", fill("evidence-1", "{}"));
    // The other one may mend it, as long as nobody signed.
    case.ok("officer-a2", fill("evidence-1", "{}"));
    case.ok("officer-a2", scan("evidence-1"));
    let refusal = case.refused("officer-a1", fill("evidence-1", "{}"));
    assert_eq!(refusal.code, "folio-settled");
    case.refused("officer-a1", scan("evidence-1"));
    let listed = catalogue(case.case());
    let line = listed.iter().find(|l| l.folio == Some(Folio::Evidence(1))).unwrap();
    assert!(!line.exhibits.is_empty(), "the scan stands in the catalogue");
}

#[test]
fn 行政处罚法56_a_sample_has_a_notice_with_a_number_of_its_own() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("sample"));
    let file = case.case().papers_of(PaperKind::Sampling).next().unwrap();
    assert!(!file.paper.number.is_empty() && !file.unserved(), "handed over when it is drawn");
    // One line, printed as the record of the sample.
    let lines: Vec<_> = catalogue(case.case()).into_iter().filter(|l| l.form == "D06").collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].folio, Some(Folio::Evidence(1)));
}

#[test]
fn 行政处罚法58_an_opinion_is_written_out_by_whoever_gave_it() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.refused("officer-a1", fill("review-1", "{}"));
    case.refused("legal-2", fill("review-1", "{}"));
    case.ok("legal", fill("review-1", "{}"));
}

#[test]
fn a_paper_that_was_served_is_not_written_on_any_more() {
    let mut case = Docket::filed(SMALL, "person");
    let order = json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" });
    case.ok("officer-a1", order);
    let paper = case.paper(PaperKind::Correction);
    let folio = format!("paper-{paper}");
    case.ok("officer-a1", fill(&folio, "{}"));
    // A paper with a number comes back as its issued one.
    case.refused("officer-a1", scan(&folio));
    case.serve_last();
    assert_eq!(case.refused("officer-a1", fill(&folio, "{}")).code, "folio-settled");
    // Its receipt is still to be written.
    case.ok("officer-a1", fill(&format!("receipt-{paper}-1"), "{}"));
    case.ok("officer-a1", scan(&format!("receipt-{paper}-1")));
}

/// 电子签名法14: what the agency's service sealed is the original.
#[test]
fn 行政处罚法59_a_paper_with_the_electronic_seal_is_the_original_and_is_sealed_once() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" }),
    );
    let paper = case.paper(PaperKind::Correction);
    let seal = json!({ "command": "seal", "paper": paper, "party": 1 });
    assert_eq!(folios::unsealed(case.case(), paper), [1]);
    // Nothing came from a service: the paper is printed and stamped.
    assert_eq!(case.against("第五十九条", "officer-a1", seal.clone()).code, "no-seal");
    case.look_ups.printed =
        Some(ExhibitRef { digest: Digest([8; 32]), size: 9, media: "application/pdf".into() });
    case.refused("officer-b1", seal.clone());
    case.against("第五十九条", "officer-a1", json!({ "command": "seal", "paper": paper, "party": 2 }));
    case.ok("officer-a1", seal.clone());
    assert_eq!(case.against("第五十九条", "officer-a1", seal).code, "nothing-to-seal");
    let folio = Folio::Paper(paper);
    assert_eq!(case.case().folios[&folio].sealed_for(1).unwrap().digest, Digest([8; 32]));
    assert_eq!(folios::settled(case.case(), folio), Some("文书已经加盖电子印章"));
    assert_eq!(case.refused("officer-a1", fill(&format!("paper-{paper}"), "{}")).code, "folio-settled");
    case.serve_last();
}

#[test]
fn a_paper_that_was_served_or_stamped_by_hand_needs_no_electronic_seal() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" }),
    );
    let paper = case.paper(PaperKind::Correction);
    let mut served = case.clone();
    served.serve_last();
    case.ok("officer-a1", json!({ "command": "issue", "paper": paper, "exhibits": photo() }));
    for docket in [&case, &served] {
        assert!(folios::unsealed(docket.case(), paper).is_empty());
    }
}

#[test]
fn a_voided_paper_stays_in_the_file_under_its_number() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    let paper = case.paper(PaperKind::Notice);
    let number = case.case().paper(paper).unwrap().paper.number.clone();
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "笔误" }));
    assert!(folios::settled(case.case(), Folio::Paper(paper)).is_some());
    let line =
        catalogue(case.case()).into_iter().find(|l| l.paper == Some(paper) && l.form == "D14").unwrap();
    assert!(line.voided && line.number == number);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "再告知" }));
    let again = case.case().papers_of(PaperKind::Notice).next_back().unwrap();
    assert_ne!(again.paper.number, number, "a number is used once");
}

#[test]
fn what_was_written_before_a_paper_had_its_number_belongs_to_the_proposal() {
    let mut case = Docket::filed(SMALL, "person");
    let preserve = json!({
        "command": "preserve", "party": 1, "goods": "切割机", "second": "officer-a2", "note": "可能灭失",
    });
    case.ok("officer-a1", preserve);
    let id = case.case().pending.last().unwrap().id;
    assert!(!folios::asked(case.case(), Folio::Proposal(id)).is_empty());
    case.ok("officer-a1", fill(&format!("proposal-{id}"), "{}"));
    case.sign();
    let paper = case.paper(PaperKind::Preservation);
    assert_eq!(folios::granted(case.case(), paper).unwrap().pending.id, id);
    // From now on it is written on the paper itself; the form of approval stands beside it.
    case.refused("officer-a1", fill(&format!("proposal-{id}"), "{}"));
    let names: Vec<_> = catalogue(case.case()).into_iter().map(|l| l.title).collect();
    assert!(names.iter().any(|name| name == "先行登记保存证据审批表"), "{names:?}");
}

#[test]
fn a_signature_on_the_screen_is_one_picture_in_a_place_that_the_paper_has() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("interview"));
    let draw = |folio: &str, signer: &str| json!({ "command": "draw_folio", "folio": folio, "signer": signer, "exhibits": photo() });
    // A photo is no signature.
    case.refused("officer-a1", draw("evidence-1", "party"));
    let drawn = |signer: &str| json!({ "command": "draw_folio", "folio": "evidence-1", "signer": signer, "exhibits": [PICTURE] });
    case.refused("officer-b1", drawn("party"));
    case.ok("officer-a1", drawn("party"));
    // Drawn once more it takes the place of the first.
    case.ok("officer-a2", drawn("party"));
    assert_eq!(case.case().folios[&Folio::Evidence(1)].drawn.len(), 1);
    // A record of questions has no witness, and a report of the inquiry is signed by nobody on the screen.
    case.refused("officer-a1", draw("evidence-1", "witness"));
    case.refused("officer-a1", draw("lead", "party"));
}

/// What the paper of the last proposal must say that nothing else in the case says.
fn needed(case: &Docket) -> Vec<String> {
    let id = case.case().pending.last().unwrap().id;
    let asked = folios::asked(case.case(), Folio::Proposal(id)).into_iter();
    asked.filter(|asked| asked.needed).map(|asked| asked.key()).collect()
}

#[test]
fn 行政处罚法59_what_a_decision_takes_is_named_and_how_it_is_carried_out_is_said() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", with(with(charge(200_000), "goods", json!(true)), "goods_value", json!(50_000)));
    // 44: the notice says what is to be taken already.
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    assert_eq!(needed(&case), ["goods"]);
    case.sign();
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert_eq!(needed(&case), ["goods", "performance"]);
    // Money is carried out as its payment says; a warning by being served.
    let mut money = Docket::notified(SMALL, "person", 200_000);
    money.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    money.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    assert!(needed(&money).is_empty());
}

#[test]
fn 行政处罚法33_who_is_not_punished_is_taught_and_what_he_was_told_is_written() {
    let spare = |ground: &str| {
        let mut case = Docket::filed(SMALL, "person");
        case.ok("officer-a1", record("inspection"));
        case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
        case.ok("officer-a1", json!({ "command": "no_penalty", "ground": ground, "note": "理由" }));
        case
    };
    assert_eq!(needed(&spare("no_fault")), ["education"]);
    assert!(needed(&spare("not_established")).is_empty());
}

#[test]
fn 行政处罚法47_what_stays_inside_the_agency_is_kept_as_it_lay_before_whoever_signed() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.hours(1);
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    assert!(folios::to_keep(case.case()).is_empty(), "nobody signed anything just now");
    case.hours(1);
    case.sign();
    // The notice goes out and is kept when it is served; the report on which it rests lay before the leader.
    let kept = folios::to_keep(case.case());
    assert!(kept.contains(&Folio::Report), "{kept:?}");
    assert!(!kept.contains(&Folio::Paper(case.paper(PaperKind::Notice))));
    let keep = json!({ "command": "keep_folio", "folio": "report", "party": 1 });
    case.refused("officer-a1", keep.clone());
    case.look_ups.printed =
        Some(ExhibitRef { digest: Digest([7; 32]), size: 9, media: "application/pdf".into() });
    case.ok("system", keep.clone());
    assert_eq!(case.case().folios[&Folio::Report].kept.len(), 1);
    assert_eq!(case.refused("officer-a1", fill("report", "{}")).code, "folio-settled");
    assert!(case.ok("system", keep).is_empty(), "once");
}

#[test]
fn 行政处罚法59_whoever_signs_knows_of_characters_that_no_font_has() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let id = case.case().pending.last().unwrap().id;
    case.ok("captain-a", json!({ "command": "endorse", "proposal": id, "agreed": true }));
    case.look_ups.unprintable = vec!["𱁬（当事人：张𱁬）".into()];
    let approve = json!({ "command": "approve", "proposal": id, "agreed": true });
    let refusal = case.against("第五十九条", "leader", approve.clone());
    assert_eq!((refusal.code, refusal.field), ("lacking-characters", Some("by_hand")));
    assert!(refusal.rule.contains('𱁬') && refusal.remedy.contains("手写补上"), "{refusal}");
    case.ok("leader", with(approve, "by_hand", json!(true)));
}
