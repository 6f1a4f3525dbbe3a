//! Papers as things: each party's copy, what was signed and sealed, what comes into the file beside them, and what is voided.

use super::kit::*;
use lianzhi_ids::Digest;
use lianzhi_procedure::penalty::folios::{self, Folio};
use lianzhi_procedure::penalty::{
    Case, Hearing, Outcome, PaperKind, catalogue, process_record, record_gaps, to_make,
};
use lianzhi_procedure::publicity::{Checked, Reviewed, checked, record as record_of};
use lianzhi_procedure::{AnyState, ExhibitRef};

fn file(n: u8, media: &str) -> ExhibitRef {
    ExhibitRef { digest: Digest([n; 32]), size: 10, media: media.into() }
}

/// Two parties, told together with one paper.
fn two() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", record("interview"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "事实清楚" }));
    case.ok("officer-a1", charge(200_000));
    let other = with(charge(500_000), "party", json!(2));
    case.ok("officer-a1", other);
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case
}

fn issue(paper: u16, party: Option<u16>, note: &str) -> serde_json::Value {
    json!({ "command": "issue", "paper": paper, "party": party, "exhibits": photo(), "note": note })
}

fn titles(case: &Case) -> Vec<String> {
    catalogue(case).into_iter().map(|line| line.title).collect()
}

#[test]
fn 行政处罚法59_of_a_paper_that_goes_to_several_parties_each_has_its_own_copy() {
    let mut case = two();
    let paper = case.case().papers.last().unwrap().paper.clone();
    assert_eq!(paper.parties, [1, 2]);
    let folio = Folio::Paper(paper.id);
    assert_eq!(folios::addressees(case.case(), folio), [1, 2]);
    assert_eq!(folios::addressees(case.case(), Folio::Receipt(paper.id, 2)), [2]);
    // Whose copy was scanned must be said.
    let refusal = case.refused("officer-a1", issue(paper.id, None, ""));
    assert_eq!(refusal.field, Some("party"));
    case.against("第五十九条", "officer-a1", issue(paper.id, None, ""));
    case.refused("officer-a1", issue(paper.id, Some(3), ""));
    case.ok("officer-a1", issue(paper.id, Some(2), ""));
    let of = |case: &Docket, party| case.case().paper(paper.id).unwrap().scan_for(party).cloned();
    assert!(of(&case, 1).is_none() && of(&case, 2).is_some());
    assert_eq!(folios::unsealed(case.case(), paper.id), [1], "the other one may still be sealed");
    // A line of the catalogue for each, with its own scan.
    let lines: Vec<_> = catalogue(case.case()).into_iter().filter(|l| l.folio == Some(folio)).collect();
    let scans: Vec<_> = lines.iter().map(|l| (l.party, l.exhibits.len())).collect();
    assert_eq!(scans, [(Some(1), 0), (Some(2), 1)]);
    case.ok("officer-a1", issue(paper.id, Some(1), ""));
    assert!(of(&case, 1).is_some());
}

#[test]
fn what_can_be_made_stands_once_and_neither_in_the_file_nor_among_what_was_voided() {
    let mut case = two();
    case.ok("officer-a1", record("document"));
    let paper = case.paper(PaperKind::Notice);
    let file = |case: &Docket| {
        let listed: Vec<_> = catalogue(case.case()).into_iter().filter_map(|line| line.folio).collect();
        let make = to_make(case.case());
        assert!(make.iter().all(|folio| !listed.contains(folio)), "{make:?}");
        make.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // A receipt for each party, an address of each; the approved proposal is the paper now, the licence is a file by itself.
    let receipts = [format!("receipt-{paper}-1"), format!("receipt-{paper}-2")];
    let [first, second] = &receipts;
    assert_eq!(file(&case), ["address-1", "address-2", first.as_str(), second.as_str()]);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "金额写错" }));
    assert_eq!(file(&case), ["address-1", "address-2"], "nobody is served with what is void");
}

#[test]
fn 行政处罚法47_another_scan_takes_a_reason_and_what_was_served_stays_first() {
    let mut case = Docket::filed(SMALL, "person");
    let order = json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" });
    case.ok("officer-a1", order);
    let paper = case.paper(PaperKind::Correction);
    let film = json!({ "command": "issue", "paper": paper, "exhibits": photo() });
    case.ok("officer-a1", film.clone());
    let refusal = case.against("第五十九条", "officer-a1", film);
    assert_eq!((refusal.code, refusal.field), ("issued", Some("note")));
    case.ok("officer-a1", issue(paper, None, "第一次扫描缺页"));
    let scans = |case: &Docket| case.case().paper(paper).unwrap().issued.len();
    assert_eq!(scans(&case), 2);
    case.serve_last();
    case.ok("officer-a1", issue(paper, None, "换一份清楚的"));
    let file = case.case().paper(paper).unwrap();
    let counts = file.scan_for(1).unwrap();
    assert_eq!((counts, counts.served.as_slice()), (&file.issued[1], &[1][..]), "as it was served");
    assert_eq!(file.scans_of(1).len(), 3, "the others stay in the file");
}

#[test]
fn 行政处罚法55_nothing_is_changed_under_a_signature_and_what_all_signed_is_kept() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    let fill =
        |note: &str| json!({ "command": "fill_folio", "folio": "evidence-1", "details": "{}", "note": note });
    let draw = |signer: &str| json!({ "command": "draw_folio", "folio": "evidence-1", "signer": signer, "exhibits": [PICTURE] });
    case.ok("officer-a1", fill(""));
    // Nobody signs what is not written out.
    case.look_ups.lacking = vec!["记录人".into()];
    assert_eq!(case.against("第五十五条", "officer-a1", draw("party")).code, "folio-lacks");
    case.look_ups.lacking = Vec::new();
    case.ok("officer-a1", draw("party"));
    let refusal = case.against("第五十五条", "officer-a1", fill(""));
    assert_eq!((refusal.code, refusal.field), ("folio-drawn", Some("note")));
    // With a reason it is; then everybody signs anew.
    case.ok("officer-a1", fill("时间写错"));
    let folio = Folio::Evidence(1);
    assert!(!folios::drawn(case.case(), folio));
    // What was printed with the last signature is kept as it is, and is the original from then on.
    case.look_ups.printed = Some(file(9, "application/pdf"));
    for signer in ["party", "officer"] {
        case.ok("officer-a1", draw(signer));
        assert!(case.case().folios[&folio].kept.is_empty() && folios::settled(case.case(), folio).is_none());
    }
    case.ok("officer-a2", draw("second"));
    assert_eq!(case.case().folios[&folio].kept[0].1.digest, Digest([9; 32]));
    assert!(folios::settled(case.case(), folio).is_some());
    assert_eq!(case.refused("officer-a1", fill("再改")).code, "folio-settled");
    assert_eq!(case.refused("officer-a1", draw("witness")).code, "folio-settled");
}

#[test]
fn 行政处罚法47_what_comes_in_beside_the_papers_is_listed_with_its_own_name_and_day() {
    let mut case = Docket::filed(SMALL, "person");
    let order = json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" });
    case.ok("officer-a1", order);
    let paper = case.paper(PaperKind::Correction);
    case.serve_last();
    case.days(1);
    let seen = json!({ "command": "reinspect", "order": paper, "done": true, "note": "已恢复", "exhibits": photo() });
    case.ok("officer-a1", seen);
    case.days(1);
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", record("interview"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "事实清楚" }));
    case.ok("officer-a1", charge(200_000));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我", "exhibits": photo() }));
    case.days(1);
    case.ok("officer-a1", json!({ "command": "answer", "party": 1, "adopted": "none", "note": "有监控" }));
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    let day = lianzhi_procedure::beijing_date(case.now);
    case.days(3);
    let pay = json!({ "command": "pay", "party": 1, "amount": 200_000, "on": day, "reference": "银行 0001", "exhibits": photo() });
    case.ok("officer-a1", pay);
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    case.ok("officer-a1", json!({ "command": "add", "note": "补充照片", "exhibits": photo() }));
    let all = catalogue(case.case());
    let at =
        |title: &str| all.iter().find(|l| l.title.contains(title)).unwrap_or_else(|| panic!("{title}")).at;
    let days = |title: &str| lianzhi_procedure::beijing_date(at(title)).to_string();
    assert_eq!(days("责令改正复查记录（已改正）"), "2026-11-24");
    assert_eq!((days("陈述申辩笔录"), days("陈述申辩复核意见")), ("2026-11-25".into(), "2026-11-26".into()));
    assert_eq!(days("缴款凭证"), "2026-11-26", "the day on which it was paid");
    let order: Vec<usize> =
        ["责令改正复查", "陈述申辩材料", "放弃陈述", "缴款凭证", "不予公开的理由", "补充材料"]
            .iter()
            .map(|title| {
                all.iter().position(|l| l.title.contains(title)).unwrap_or_else(|| panic!("{title}"))
            })
            .collect();
    assert!(order.is_sorted(), "{:?}", titles(case.case()));
    // Every file of the case stands in some line.
    let listed: Vec<_> = all.iter().flat_map(|l| &l.exhibits).collect();
    let own: Vec<_> = case.case().folios.values().flat_map(|f| f.kept.iter().map(|(_, e)| e)).collect();
    for exhibit in &case.case().exhibits {
        assert!(listed.contains(&exhibit) || own.contains(&exhibit), "{exhibit:?}");
    }
}

#[test]
fn 行政处罚法47_every_life_of_a_case_lists_all_its_files() {
    for case in super::lives::lives() {
        let Some(case) = case.state.case() else { continue };
        let listed: Vec<ExhibitRef> = catalogue(case).into_iter().flat_map(|l| l.exhibits).collect();
        let files = case.folios.values();
        let own: Vec<ExhibitRef> = files
            .flat_map(|f| {
                let by_party = f.kept.iter().chain(&f.sealed).map(|(_, e)| e);
                by_party.chain(f.drawn.iter().map(|d| &d.exhibit)).cloned().collect::<Vec<_>>()
            })
            .collect();
        for exhibit in &case.exhibits {
            assert!(listed.contains(exhibit) || own.contains(exhibit), "{}: {exhibit:?}", case.number);
        }
    }
}

fn void(paper: u16) -> serde_json::Value {
    json!({ "command": "void", "paper": paper, "note": "文书有误" })
}

#[test]
fn 作废的文书_a_seizure_whose_paper_is_void_falls_and_a_payment_plan_is_gone() {
    let mut case = Docket::filed(SMALL, "person");
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
    });
    case.approved("officer-a1", seize);
    let paper = case.paper(PaperKind::Seizure);
    assert!(case.case().measures[0].in_force());
    case.ok("leader", void(paper));
    assert!(!case.case().measures[0].in_force(), "it falls with its paper");
    assert!(case.case().papers_of(PaperKind::Seizure).next().is_none());

    let mut case = Docket::decided();
    let later = json!({ "command": "pay_later", "party": 1, "parts": 2, "first": "2026-12-20", "asked": "2026-11-23", "note": "经济困难" });
    case.approved("officer-a1", later);
    assert_eq!(case.case().parties[0].money.parts.len(), 2);
    let paper = case.paper(PaperKind::Payment);
    case.ok("leader", void(paper));
    assert!(case.case().parties[0].money.parts.is_empty() && case.case().parties[0].money.parts_at.is_none());

    let mut case = Docket::decided();
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    assert!(case.case().parties[0].annulled.is_some());
    let paper = case.paper(PaperKind::Revocation);
    case.ok("leader", void(paper));
    assert!(case.case().parties[0].annulled.is_none(), "the decision stands as it did");
}

#[test]
fn 作废的文书_where_voiding_undoes_nothing_the_step_to_take_is_named() {
    let mut case = Docket::filed(SMALL, "person");
    let refusal = case.refused("leader", void(case.case().papers[0].paper.id));
    assert_eq!(refusal.code, "not-voidable");
    assert!(refusal.remedy.contains("撤销立案"), "{refusal}");
    case.ok("officer-a1", record("sample"));
    let sample = case.paper(PaperKind::Sampling);
    assert!(case.refused("leader", void(sample)).remedy.contains("排除"), "of a sample");

    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    let paper = case.paper(PaperKind::Crime);
    let mut sent = case.clone();
    case.ok("leader", void(paper));
    assert_eq!(case.case().outcome, Outcome::Open);
    sent.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书" }));
    assert_eq!(sent.refused("leader", void(paper)).code, "not-voidable");
}

#[test]
fn 行政处罚法47_a_paper_that_was_sealed_electronically_is_signed() {
    let mut case = Docket::decided();
    let paper = case.paper(PaperKind::Decision);
    let lacks = |case: &Docket| {
        let all = process_record(case.case());
        all.iter().any(|check| {
            !check.done && check.title.contains("行政处罚决定书") && check.title.contains("签名盖章")
        })
    };
    assert!(lacks(&case));
    let mut case2 = Docket::notified(SMALL, "person", 200_000);
    case2.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case2.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case2.look_ups.printed = Some(file(8, "application/pdf"));
    case2.ok("officer-a1", json!({ "command": "seal", "paper": paper, "party": 1 }));
    assert!(!lacks(&case2));
    case.ok("officer-a1", json!({ "command": "issue", "paper": paper, "exhibits": photo() }));
    assert!(!lacks(&case));
}

#[test]
fn 行政处罚法47_a_hearing_is_recorded_by_its_own_sound_and_a_seizure_by_a_film() {
    use lianzhi_procedure::penalty::State;
    let changed = |case: &Docket, change: &dyn Fn(&mut Case)| {
        let mut state = case.state.clone();
        if let State::Case(case) = &mut state {
            change(case);
        }
        let State::Case(case) = state else { panic!("a case") };
        record_gaps(&case).into_iter().filter(|gap| gap.at.is_some()).map(|gap| gap.step).collect::<Vec<_>>()
    };
    let mut seized = Docket::filed(SMALL, "person");
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
    });
    seized.approved("officer-a1", seize);
    let taken = |n, media: &str| {
        let exhibit = file(n, media);
        changed(&seized, &move |case| case.measures[0].measure.exhibits = vec![exhibit.clone()])
    };
    assert_eq!(taken(1, "audio/mpeg"), ["扣押（物品清单 1）"], "sound shows nothing of what was done");
    assert!(taken(2, "video/mp4").is_empty());

    let heard = super::lives::heard();
    let hearing = |own: Vec<ExhibitRef>, elsewhere: Vec<ExhibitRef>| {
        let steps = changed(&heard, &move |case| {
            case.exhibits.extend(elsewhere.clone());
            if let Hearing::Held { exhibits, .. } = &mut case.parties[0].rights.hearing {
                exhibits.clone_from(&own);
            }
        });
        steps.iter().any(|step| step.starts_with("听证"))
    };
    assert!(hearing(Vec::new(), vec![file(3, "video/mp4")]), "a film of something else");
    assert!(!hearing(vec![file(4, "audio/mpeg")], Vec::new()));
}

#[test]
fn 行政处罚法58_a_review_that_did_not_agree_is_none() {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    let given = |case: &Docket| record_of(&AnyState::Penalty(case.state.clone())).unwrap().review;
    case.ok("legal", json!({ "command": "review", "opinion": "correct", "note": "依据应当补充" }));
    assert_eq!(given(&case), Reviewed::Owed);
    let check = |case: &Docket| {
        process_record(case.case()).into_iter().find(|c| c.title == "法制审核意见书").unwrap().done
    };
    assert!(!check(&case));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    assert_eq!(given(&case), Reviewed::Given);
    assert!(check(&case));
}

#[test]
fn 行政处罚法75_what_rested_on_a_revoked_decision_is_shown_as_void_of_effect() {
    let mut case = Docket::decided();
    let notice = case.paper(PaperKind::Notice);
    let order = json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-12-24" });
    case.ok("officer-a1", order);
    case.serve_last();
    case.days(20);
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    let (demand, order) = (case.paper(PaperKind::Demand), case.paper(PaperKind::Correction));
    let standing = |case: &Docket, n| checked(&AnyState::Penalty(case.state.clone()), n).unwrap().standing;
    assert_eq!(standing(&case, demand), Checked::InForce);
    case.approved("officer-a1", json!({ "command": "revoke", "note": "依据有误" }));
    assert_eq!(standing(&case, demand), Checked::Superseded);
    assert_eq!(standing(&case, notice), Checked::Superseded);
    assert_eq!(standing(&case, order), Checked::InForce, "an order to put it right stands by itself");
    assert_eq!(standing(&case, case.paper(PaperKind::Revocation)), Checked::InForce);
}
