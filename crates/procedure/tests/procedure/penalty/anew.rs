//! A decision that fell is made anew in the same case (行政诉讼法 70, 71; 行政复议法 64), and one that a second instance restores stands
//! again (行政诉讼法 89).

use super::kit::*;
use lianzhi_procedure::penalty::{
    Bringing, BroughtEvidence, BroughtFall, Command, FallGround, Penalty, Publication, Registering, Scope,
    SplitFrom, Term,
};
use lianzhi_procedure::{LedgerKind, Procedure, Text};
use serde_json::Value;

const PARTY: Scope = Scope::Party(1);

fn appeal(kind: &str, on: &str) -> Value {
    json!({ "command": "appeal", "party": 1, "kind": kind, "on": on, "exhibits": photo() })
}

fn end(how: &str, on: &str) -> Value {
    json!({ "command": "end_appeal", "party": 1, "end": how, "on": on, "note": "裁判", "exhibits": photo() })
}

fn anew(ground: &str) -> Value {
    json!({
        "command": "decide_anew", "ground": ground, "different": "补充了现场勘验和鉴定意见", "note": "法院判决撤销并责令重新作出",
        "until": null,
    })
}

fn pay(case: &mut Docket, amount: i64) {
    let on = lianzhi_procedure::beijing_date(case.now);
    let paid = json!({
        "command": "pay", "party": 1, "amount": amount, "on": on, "reference": format!("银行 {on}"), "exhibits": photo(),
    });
    case.ok("officer-a1", paid);
    case.confirm_payments();
}

/// Paid and published, revoked by the reconsideration on 10 December, paid back and withdrawn.
fn fallen() -> Docket {
    let mut case = Docket::decided();
    pay(&mut case, 200_000);
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(10);
    case.ok("legal", appeal("reconsideration", "2026-12-01"));
    case.days(8);
    case.ok("legal", end("revoked", "2026-12-10"));
    case
}

fn undone(case: &mut Docket) {
    assert_eq!(case.against("国家赔偿法", "officer-a1", anew("merits")).code, "refund-owed");
    case.ok(
        "officer-a1",
        json!({ "command": "refund", "party": 1, "on": "2026-12-11", "reference": "退付 1" }),
    );
    case.against("第四十八条", "officer-a1", anew("merits"));
    case.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
}

/// Investigated, told, heard and up to the decision once more.
fn told_again(case: &mut Docket, fine: i64) {
    case.ok("officer-a1", json!({ "command": "finish", "note": "补充调查终结" }));
    case.ok("officer-a1", charge(fine));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "重新告知" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
}

#[test]
fn 行政诉讼法70_行政复议法64_what_was_revoked_is_decided_anew_in_the_same_case_with_all_rights_anew() {
    let mut case = fallen();
    case.days(1);
    assert!(
        case.clone()
            .refused("officer-a1", with(anew("merits"), "different", json!(" ")))
            .source_text
            .contains("第七十一条")
    );
    // Nothing of the old decision is left open.
    undone(&mut case);
    let before = case.case().decision().unwrap().0;
    case.approved("officer-a1", with(anew("merits"), "until", json!("2027-01-31")));
    assert_eq!(case.stage(), "investigating");
    let party = &case.case().parties[0];
    assert!(party.annulled.is_none() && party.remedies.is_empty() && party.charges.is_empty());
    assert!(party.rights.notice.is_none() && party.money.receipts.is_empty());
    assert_eq!(case.case().anew[0].decision, Some(before));
    // Ninety days anew, and the day that was set.
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-03-12");
    assert_eq!(case.last_day(Term::Anew, Scope::Case).to_string(), "2027-01-31");
    // The books keep what was asked for, paid and given back.
    let ledger = Penalty::summary(&case.state).ledger;
    let sum = |kind| ledger.iter().filter(|l| l.what == kind).map(|l| l.fen).sum::<i64>();
    assert_eq!(
        (sum(LedgerKind::Due), sum(LedgerKind::PaidVoucher), sum(LedgerKind::Refunded)),
        (0, 200_000, 200_000)
    );
    // Not decided without being told and heard again.
    case.refused("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", record("survey"));
    told_again(&mut case, 150_000);
    case.approved("officer-a1", json!({ "command": "decide", "note": "重新决定" }));
    case.serve_last();
    assert_ne!(case.case().decision().unwrap().0, before);
    assert_eq!(case.case().parties[0].money.left(), 150_000);
    assert!(
        case.runs(Term::Pay, PARTY)
            && case.runs(Term::Reconsideration, PARTY)
            && case.runs(Term::Publish, Scope::Case)
    );
    assert_eq!(case.case().publication, Publication::None);
    // Paid and closed like any other.
    pay(&mut case, 150_000);
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
}

#[test]
fn 行政诉讼法71_not_the_same_on_the_same_facts_and_grounds() {
    let decide = json!({ "command": "decide", "note": "决定" });
    let mut case = fallen();
    case.days(1);
    undone(&mut case);
    case.approved("officer-a1", anew("merits"));
    let mut alike = case.clone();
    told_again(&mut alike, 200_000);
    assert_eq!(alike.against("第七十一条", "officer-a1", decide.clone()).code, "same-again");
    // More evidence of it, a lower fine, or another course of the procedure.
    let mut found = case.clone();
    found.ok("officer-a1", record("survey"));
    told_again(&mut found, 200_000);
    found.ok("officer-a1", decide.clone());
    let mut lower = case.clone();
    told_again(&mut lower, 150_000);
    lower.ok("officer-a1", decide.clone());
    let mut case = fallen();
    case.days(1);
    undone(&mut case);
    case.approved("officer-a1", anew("procedure"));
    told_again(&mut case, 200_000);
    case.ok("officer-a1", decide);
}

/// Two parties, both decided and served on 3 December; the decision against the first is revoked by reconsideration on the tenth.
fn one_of_two() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(200_000));
    case.ok("officer-a1", with(charge(500_000), "party", json!(2)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "告知" }));
    case.serve_last();
    case.days(10);
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    case.days(5);
    case.ok("legal", appeal("reconsideration", "2026-12-05"));
    case.days(5);
    case.ok("legal", end("revoked", "2026-12-10"));
    case
}

#[test]
fn 行政诉讼法70_what_fell_against_one_of_several_is_decided_anew_for_him_and_the_others_keep_theirs() {
    let mut case = one_of_two();
    let whole = case.against("第七十条", "officer-a1", anew("merits"));
    assert_eq!(whole.code, "others-stand");
    assert!(whole.remedy.contains("另立一案"), "{}", whole.remedy);
    let alone = |party: u16| with(anew("merits"), "party", json!(party));
    assert_eq!(case.against("第七十条", "officer-a1", alone(2)).code, "stands");
    // The form asks for whom, and names only him.
    let offer = case.offers("officer-a1").into_iter().find(|o| o.command == "decide_anew").unwrap();
    assert!(offer.refused.is_none() && offer.fields[0].name == "party" && offer.fields[0].required);
    let decision = case.case().decision();
    case.approved("officer-a1", alone(1));
    case.ok("system", json!({ "command": "split_into", "party": 1, "docket": 9 }));
    // The decision against the other stands as it was, with its terms and its money, and is performed and closed.
    assert_eq!((case.case().decision(), case.stage()), (decision, "performing"));
    assert!(case.case().anew.is_empty() && case.runs(Term::Pay, Scope::Party(2)));
    assert_eq!(case.case().party(2).unwrap().money.left(), 500_000);
    let ledger = Penalty::summary(&case.state).ledger;
    let due: Vec<_> = ledger.iter().filter(|l| l.what == LedgerKind::Due).map(|l| l.fen).collect();
    assert_eq!(due, [200_000, -200_000, 500_000], "what was decided and fell stays in the books");
    let lines = lianzhi_procedure::line::lines(&lianzhi_procedure::AnyState::Penalty(case.state.clone()));
    assert_eq!(lines.iter().map(|l| l.fine).collect::<Vec<_>>(), [0, 500_000], "and in the figures");
    case.ok(
        "officer-a1",
        json!({
            "command": "pay", "party": 2, "amount": 500_000, "on": "2026-12-13", "reference": "银行 2", "exhibits": photo(),
        }),
    );
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
}

#[test]
fn 行政诉讼法71_a_party_that_is_decided_anew_alone_is_told_and_heard_anew_and_not_decided_alike() {
    let first = one_of_two();
    let mut case = Docket::new();
    case.now = first.now;
    let evidence = |e: &lianzhi_procedure::penalty::EvidenceFile| BroughtEvidence {
        kind: e.evidence.kind,
        officers: e.evidence.officers.clone(),
        from: e.evidence.from,
        to: e.evidence.to,
        note: Text::Plain("笔录".into()),
        exhibits: e.evidence.exhibits.clone(),
        refused: e.evidence.refused,
        origin: None,
    };
    let charges = first.case().parties[0].charges.iter().map(|charge| (0, charge.clone())).collect();
    let fallen = BroughtFall {
        ground: FallGround::Merits,
        different: Text::Plain("补充鉴定意见".into()),
        until: Some("2027-01-31".parse().unwrap()),
        charges,
    };
    let mut register: Command = serde_json::from_value(register(SMALL, "person")).unwrap();
    if let Command::Register(Registering { brought, split_from, .. }) = &mut register {
        *split_from = Some(SplitFrom { case: lianzhi_ids::DocketId(8), party: 1 });
        *brought = Some(Box::new(Bringing {
            from: lianzhi_ids::DocketId(8),
            number: "沪青案2026-000008".into(),
            split: true,
            evidence: first.case().evidence.iter().map(evidence).collect(),
            fallen: Some(fallen),
            ..Bringing::default()
        }));
    }
    let events = case.give("captain-a", register).unwrap();
    case.apply(&events);
    // The day that was set runs from the beginning; ninety days of its own from the filing.
    assert_eq!(case.last_day(Term::Anew, Scope::Case).to_string(), "2027-01-31");
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "重新作出决定" }));
    assert_eq!(case.last_day(Term::Decide, Scope::Case).to_string(), "2027-03-13");
    let decide = json!({ "command": "decide", "note": "重新决定" });
    case.refused("officer-a1", decide.clone());
    let mut alike = case.clone();
    told_again(&mut alike, 200_000);
    assert_eq!(alike.against("第七十一条", "officer-a1", decide.clone()).code, "same-again");
    case.ok("officer-a1", record("survey"));
    told_again(&mut case, 200_000);
    case.approved("officer-a1", decide);
}

#[test]
fn 行政诉讼法85_a_judgment_is_not_followed_before_it_is_final() {
    let mut case = Docket::decided();
    case.days(10);
    case.ok("legal", appeal("lawsuit", "2026-12-01"));
    case.days(30);
    case.ok("legal", end("revoked", "2027-01-02"));
    assert!(case.runs(Term::SecondInstance, PARTY));
    assert_eq!(case.against("第八十五条", "officer-a1", anew("merits")).code, "remedy-open");
    case.days(17);
    case.tick();
    case.approved("officer-a1", anew("merits"));
}

#[test]
fn 行政诉讼法89_what_a_second_instance_restores_stands_again_with_its_terms() {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "publish" }));
    // Due on 8 December; sued a day later.
    case.days(17);
    case.tick();
    case.ok("legal", appeal("lawsuit", "2026-12-09"));
    assert_eq!(case.against("第八十九条", "legal", end("restored", "2026-12-10")).field, Some("end"));
    case.days(30);
    case.ok("legal", end("revoked", "2027-01-08"));
    case.ok("legal", json!({ "command": "unpublish", "note": "一审撤销" }));
    assert!(!case.runs(Term::Pay, PARTY));
    case.days(10);
    case.ok("legal", appeal("second_instance", "2027-01-18"));
    case.days(40);
    case.ok("legal", end("restored", "2027-02-28"));
    let party = &case.case().parties[0];
    assert!(party.annulled.is_none());
    assert_eq!((party.money.fine, party.money.left()), (200_000, 200_000));
    assert!(
        case.runs(Term::Pay, PARTY)
            && case.runs(Term::Publish, Scope::Case)
            && !case.runs(Term::Withdraw, Scope::Case)
    );
    // No day between the filing and the last judgment counts: 1 March is the first that does.
    case.days(1);
    case.tick();
    let today = lianzhi_procedure::beijing_date(case.now);
    let (fen, _) = lianzhi_procedure::penalty::surcharge_today(case.case(), 1, today).expect("a surcharge");
    let days = (today - jiff::civil::date(2027, 2, 28)).get_days();
    assert_eq!(fen, 6_000 * i64::from(days));
    case.refused("officer-a1", anew("own"));
}
