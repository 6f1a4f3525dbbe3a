//! What a paper must say is there before it is signed or served; what is known of a party is completed.

use super::kit::*;
use lianzhi_ids::Digest;
use lianzhi_procedure::penalty::PaperKind;

fn address() -> Vec<String> {
    vec!["当事人：住所".into(), "当事人：法定代表人".into()]
}

#[test]
fn 行政处罚法59_a_paper_that_lacks_something_is_neither_signed_nor_served() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    let proposal = case.case().pending[0].id;
    if case.case().wants_unit(&case.case().pending[0].proposal) {
        case.ok("captain-a", json!({ "command": "endorse", "proposal": proposal, "agreed": true }));
    }
    let sign = json!({ "command": "approve", "proposal": proposal, "agreed": true });
    case.look_ups.lacking = address();
    let refusal = case.against("第五十九条", "leader", sign.clone());
    assert!(refusal.rule.contains("住所、当事人：法定代表人"), "{}", refusal.rule);
    assert!(refusal.remedy.contains("补正当事人信息"), "{}", refusal.remedy);
    // It may still be sent back.
    case.clone().ok("leader", with(with(sign.clone(), "agreed", json!(false)), "note", json!("请补齐")));
    case.look_ups.lacking.clear();
    case.ok("leader", sign);
    let paper = case.paper(PaperKind::Notice);
    let serve = json!({
        "command": "serve", "paper": paper, "party": 1, "way": "direct", "at": case.now, "exhibits": photo(),
    });
    case.look_ups.lacking = address();
    case.against("第五十九条", "officer-a1", serve.clone());
    case.look_ups.lacking.clear();
    case.ok("officer-a1", serve);
}

#[test]
fn 行政处罚法75_who_a_party_is_changes_no_more_once_it_was_told_but_its_address_is_completed() {
    let mut case = Docket::filed(SMALL, "person");
    let before = case.case().party(1).unwrap().subject.clone();
    let describe = || json!({ "command": "describe", "party": 1, "particulars": "{\"address\":\"漕平路\"}" });
    case.against("文书必备内容", "officer-a1", json!({ "command": "describe", "party": 1 }));
    assert_eq!(case.refused("officer-a3", describe()).code, "not-your-case");
    case.look_ups.subject = Some(Digest([3; 32]));
    case.ok("officer-a1", describe());
    let subject = case.case().party(1).unwrap().subject.clone();
    assert_ne!(subject.particulars, before.particulars);
    assert!(subject.described && subject.key == Some(Digest([3; 32])) && subject.kind == before.kind);
    // Told: its address may be completed, its name and number stay.
    let mut told = Docket::notified(SMALL, "person", 200_000);
    told.look_ups.renamed = true;
    told.against("第七十五条", "officer-a1", describe());
    told.look_ups.renamed = false;
    told.ok("officer-a1", describe());
    let mut decided = Docket::decided();
    decided.ok("officer-a1", describe());
}

#[test]
fn 行政处罚法34_a_tier_named_by_its_code_is_kept_by_its_title() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "事实清楚" }));
    case.ok("officer-a1", with(charge(400_000), "tier", json!("ordinary")));
    assert_eq!(case.case().party(1).unwrap().charges[0].tier, "一般");
}
