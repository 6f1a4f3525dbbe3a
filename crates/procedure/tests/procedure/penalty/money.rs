//! Money of a case: the surcharge by the final facts whatever the order, what goes back, what the bank confirms.

use super::kit::*;
use jiff::civil::Date;
use lianzhi_law::{Fen, Fined, Payment};
use lianzhi_procedure::penalty::{PaperKind, Penalty, Term};
use lianzhi_procedure::{LedgerKind, Procedure};
use proptest::prelude::*;
use serde_json::Value;

const PARTY: lianzhi_procedure::penalty::Scope = lianzhi_procedure::penalty::Scope::Party(1);

fn pay(amount: i64, on: &str, reference: &str) -> Value {
    json!({
        "command": "pay", "party": 1, "amount": amount, "on": on, "reference": reference, "exhibits": photo(),
    })
}

fn demand() -> Value {
    json!({ "command": "demand", "party": 1, "days": 10, "note": "请履行" })
}

/// Decided on 23 November, 2,000.00 due on 8 December, and today is a later day.
fn late(days: i64) -> Docket {
    let mut case = Docket::decided();
    case.days(days);
    case.tick();
    case
}

fn surcharge(case: &Docket) -> i64 {
    case.case().parties[0].money.surcharge
}

fn sum(case: &Docket, kind: LedgerKind) -> i64 {
    Penalty::summary(&case.state).ledger.iter().filter(|l| l.what == kind).map(|l| l.fen).sum()
}

#[test]
fn 行政处罚法72_a_payment_that_was_imported_late_brings_the_demanded_surcharge_down() {
    let mut case = late(25);
    case.approved("officer-a1", demand());
    assert_eq!(surcharge(&case), 60_000, "ten days on 18 December");
    case.days(1);
    case.ok("officer-a1", pay(200_000, "2026-12-09", "B-1"));
    assert_eq!(surcharge(&case), 6_000, "one day");
    assert_eq!(case.case().parties[0].money.left(), 6_000);
    assert_eq!(sum(&case, LedgerKind::Surcharge), 6_000, "the books follow");
    case.ok("officer-a1", pay(6_000, "2026-12-09", "B-2"));
    assert_eq!(case.case().parties[0].money.left(), 0);
}

#[test]
fn 行政处罚法73_a_remedy_that_is_told_late_and_a_lowered_fine_bring_it_down() {
    let mut case = late(25);
    case.approved("officer-a1", demand());
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-12-14" });
    case.ok("officer-a1", appeal);
    assert_eq!(surcharge(&case), 30_000, "from 14 December on nothing is added");
    let end = json!({
        "command": "end_appeal", "party": 1, "end": "changed", "on": "2026-12-18", "fine": 100_000, "note": "变更",
    });
    case.ok("legal", end);
    assert_eq!(surcharge(&case), 15_000, "three per cent of the fine as it is now");
}

#[test]
fn 行政处罚法66_a_deferral_waives_nothing_that_has_grown() {
    let mut case = late(25);
    let later = json!({ "command": "pay_later", "party": 1, "parts": 1, "first": "2027-01-18", "asked": "2026-11-23", "note": "困难" });
    case.approved("officer-a1", later);
    assert_eq!(surcharge(&case), 60_000, "ten days until the grant");
    case.days(20);
    case.ok("officer-a1", pay(200_000, "2027-01-05", "a"));
    assert_eq!(
        (surcharge(&case), case.case().parties[0].money.left()),
        (60_000, 60_000),
        "it rests meanwhile"
    );
    // In time it puts off and adds nothing.
    let mut case = late(10);
    let later = json!({ "command": "pay_later", "party": 1, "parts": 1, "first": "2027-01-18", "asked": "2026-11-23", "note": "困难" });
    case.approved("officer-a1", later);
    case.days(40);
    case.ok("officer-a1", pay(200_000, "2027-01-12", "a"));
    assert_eq!(surcharge(&case), 0);
}

#[test]
fn 行政处罚法66_72_a_missed_part_is_late_from_the_day_after_its_own_last_day() {
    let mut case = Docket::decided();
    let later = json!({
        "command": "pay_later", "party": 1, "parts": 2, "first": "2026-12-20", "asked": "2026-11-23", "note": "困难",
    });
    case.approved("officer-a1", later);
    case.days(60);
    // The first thousand is late from 21 December to 10 January, the second is not due before 20 January.
    case.ok("officer-a1", pay(200_000, "2027-01-10", "a"));
    assert_eq!(surcharge(&case), 63_000);
    let said = serde_json::to_string(&case.events).unwrap();
    assert!(said.contains("2026-12-21 至 2027-01-10：到期未缴 1,000 元 × 3% × 21 日 = 630 元"), "{said}");
    assert!(said.contains("2026-12-09 至 2026-12-20：准予延期、分期期间 12 日"), "{said}");
}

#[test]
fn 行政处罚法66_a_void_paper_takes_back_the_time_that_it_gave() {
    let later = |parts: u32, first: &str| {
        json!({
            "command": "pay_later", "party": 1, "parts": parts, "first": first, "asked": "2026-11-23", "note": "困难",
        })
    };
    let mut case = Docket::decided();
    case.approved("officer-a1", later(1, "2026-12-31"));
    let paper = case.paper(PaperKind::Payment);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "日期写错" }));
    case.days(20);
    case.ok("officer-a1", pay(200_000, "2026-12-13", "a"));
    assert_eq!(surcharge(&case), 30_000, "five days after 8 December");
    // What had been granted before stands again.
    let mut case = Docket::decided();
    case.approved("officer-a1", later(2, "2026-12-20"));
    case.hours(1);
    case.approved("officer-a1", later(1, "2027-03-31"));
    let paper = case.paper(PaperKind::Payment);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "日期写错" }));
    let days: Vec<_> = case.case().parties[0].money.parts.iter().map(|p| p.due.to_string()).collect();
    assert_eq!(days, ["2026-12-20", "2027-01-20"]);
}

#[test]
fn 行政处罚法66_time_is_given_to_whoever_asked_after_the_decision_reached_him() {
    let later = |asked: &str| {
        json!({
            "command": "pay_later", "party": 1, "parts": 1, "first": "2027-12-31", "asked": asked, "note": "困难",
        })
    };
    let mut case = late(16);
    case.against("第六十六条第二款", "officer-a1", later("2026-11-22"));
    case.refused("officer-a1", later("2026-12-10"));
    case.ok("officer-a1", later("2026-12-09"));
}

#[test]
fn 行政处罚法66_what_was_asked_for_is_looked_at_again_when_it_is_granted() {
    let mut case = late(10);
    let later = json!({ "command": "pay_later", "party": 1, "parts": 2, "first": "2026-12-20", "asked": "2026-11-23", "note": "困难" });
    case.ok("officer-a1", later.clone());
    case.ok("officer-a1", pay(50_000, "2026-12-02", "a"));
    let id = case.case().pending[0].id;
    case.ok("captain-a", json!({ "command": "endorse", "proposal": id, "agreed": true }));
    let approve = json!({ "command": "approve", "proposal": id, "agreed": true });
    assert_eq!(case.refused("leader", approve).code, "sum-changed");
    let mut case = late(10);
    case.approved("officer-a1", later);
    case.ok("officer-a1", pay(200_000, "2026-12-03", "a"));
    let part = lianzhi_procedure::penalty::Scope::Part(1, 0);
    assert!(!case.runs(Term::PayPart, part) && !case.runs(Term::Pay, PARTY), "nothing is left");
}

#[test]
fn 国家赔偿法36_what_is_not_owed_any_more_goes_back_and_the_case_waits_for_it() {
    let mut case = Docket::decided();
    case.ok("officer-a1", pay(200_000, "2026-11-23", "a"));
    let appeal = json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-11-23" });
    case.ok("officer-a1", appeal);
    case.ok(
        "legal",
        json!({
            "command": "end_appeal", "party": 1, "end": "changed", "on": "2026-11-23", "fine": 50_000, "note": "变更",
        }),
    );
    assert_eq!(case.case().parties[0].to_refund(), 150_000);
    let early = json!({ "command": "refund", "party": 1, "on": "2026-11-23", "reference": "退付 1" });
    assert_eq!(case.against("第七十四条", "officer-a1", early).code, "payment-unconfirmed");
    case.confirm_payments();
    assert!(Penalty::summary(&case.state).todos.iter().any(|t| t.what == "refund"));
    assert_eq!((sum(&case, LedgerKind::ToReturn), sum(&case, LedgerKind::Refunded)), (150_000, 0));
    let missing =
        case.with_facts("officer-a1", |facts| lianzhi_procedure::penalty::missing(case.case(), facts));
    assert!(missing.iter().any(|r| r.code == "refund-owed"), "{missing:?}");
    let refund = json!({ "command": "refund", "party": 1, "on": "2026-11-23", "reference": "退付 1" });
    case.ok("officer-a1", refund.clone());
    assert_eq!((sum(&case, LedgerKind::ToReturn), sum(&case, LedgerKind::Refunded)), (150_000, 150_000));
    assert_eq!(case.refused("officer-a1", refund).code, "nothing-to-refund");
    assert_eq!(case.case().parties[0].money.left(), 0);
}

#[test]
fn 行政处罚法67_a_typed_payment_wants_the_banks_receipt_and_the_banks_file_confirms_it() {
    let mut case = Docket::decided();
    case.against("第六十七条", "officer-a1", with(pay(200_000, "2026-11-23", "B-1"), "exhibits", json!([])));
    case.ok("officer-a1", pay(200_000, "2026-11-23", "B-1"));
    assert_eq!((sum(&case, LedgerKind::PaidTyped), sum(&case, LedgerKind::PaidBank)), (200_000, 0));
    let banked =
        json!({ "command": "deposit", "party": 1, "ticket": "B-1", "on": "2026-11-23", "reference": "B-1" });
    case.refused("officer-a1", banked.clone());
    case.look_ups.bank = Some("1123.csv".into());
    case.ok("system", banked);
    assert_eq!((sum(&case, LedgerKind::PaidTyped), sum(&case, LedgerKind::PaidBank)), (0, 200_000));
}

#[test]
fn 行政处罚法67_74_whoever_types_a_payment_does_not_say_that_it_came() {
    let mut case = Docket::decided();
    case.ok("captain-a", pay(200_000, "2026-11-23", "B-1"));
    case.ok("officer-a1", json!({ "command": "publish" }));
    // It is lacking on the desk, and waits for somebody of the office.
    let close = json!({ "command": "close", "ground": "performed", "note": "缴清" });
    let refusal = case.against("第七十四条", "officer-a1", close.clone());
    assert_eq!(refusal.code, "payment-unconfirmed");
    assert!(
        refusal.source_text.contains("第六十七条") && refusal.remedy.contains("核对缴款凭证"),
        "{refusal}"
    );
    let missing =
        case.with_facts("officer-a1", |facts| lianzhi_procedure::penalty::missing(case.case(), facts));
    assert_eq!(missing.iter().map(|r| r.code).collect::<Vec<_>>(), ["payment-unconfirmed"]);
    let waits = |case: &Docket| {
        let todos = Penalty::summary(&case.state).todos.into_iter();
        todos.filter(|t| t.what == "check_payment").map(|t| t.who.key()).collect::<Vec<_>>()
    };
    assert_eq!(waits(&case), ["r:dispatcher@node"]);
    // Neither the one who typed it, nor whoever handles the case, nor whom the policy does not name.
    let check = check_payment(1, "B-1");
    for (who, code) in [("officer-a1", "not-permitted"), ("captain-a", "not-permitted")] {
        assert_eq!(case.refused(who, check.clone()).code, code, "{who}");
    }
    case.against("第七十条", "dispatcher", with(check.clone(), "voucher", json!(" ")));
    case.against("第六十七条", "dispatcher", with(check.clone(), "ticket", json!("B-2")));
    let mut typed_there = Docket::decided();
    typed_there.ok("dispatcher", pay(200_000, "2026-11-23", "B-1"));
    assert_eq!(typed_there.against("第六十七条", "dispatcher", check.clone()).code, "own-payment");
    typed_there.ok("leader", check.clone());
    assert!(case.offers("dispatcher").iter().any(|offer| offer.command == "check_payment"));
    case.ok("dispatcher", check.clone());
    assert_eq!((sum(&case, LedgerKind::PaidTyped), sum(&case, LedgerKind::PaidVoucher)), (0, 200_000));
    assert!(waits(&case).is_empty());
    case.refused("leader", check);
    // The bank's file that comes later says the same of the same payment.
    let mut filed = case.clone();
    filed.look_ups.bank = Some("1124.csv".into());
    filed.ok(
        "system",
        json!({ "command": "deposit", "party": 1, "ticket": "B-1", "on": "2026-11-23", "reference": "B-1" }),
    );
    assert_eq!((sum(&filed, LedgerKind::PaidVoucher), sum(&filed, LedgerKind::PaidBank)), (0, 200_000));
    case.approved("officer-a1", close);
}

#[test]
fn 行政处罚法67_72_what_was_typed_and_never_came_does_not_count_and_the_fine_is_late() {
    let mut case = late(20);
    case.ok("officer-a1", pay(200_000, "2026-12-08", "B-1"));
    assert!(!case.runs(Term::Pay, PARTY) && case.case().parties[0].money.left() == 0);
    let never = json!({ "command": "check_payment", "party": 1, "ticket": "B-1", "came": false });
    case.against("第六十七条", "dispatcher", never.clone());
    case.ok("dispatcher", with(never, "note", json!("银行查无此笔，凭证号有误")));
    let money = &case.case().parties[0].money;
    assert_eq!((money.left(), money.paid()), (200_000, 0));
    assert_eq!(sum(&case, LedgerKind::PaidTyped), 0);
    // The fifteen days were over on 8 December: it is demanded like any other.
    case.tick();
    assert!(case.case().clock(Term::Pay, PARTY).is_some_and(|w| w.expired));
    case.approved("officer-a1", demand());
    assert!(surcharge(&case) > 0);
}

#[test]
fn 行政处罚法71_cash_is_handed_in_even_when_the_decision_fell() {
    let mut case = Docket::decided();
    case.ok(
        "officer-a1",
        json!({
            "command": "collect", "party": 1, "amount": 200_000, "on": "2026-11-23", "ground": "remote", "ticket": "沪财 001",
            "note": "海岛居民，当事人要求当场缴纳",
        }),
    );
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    assert!(case.runs(Term::HandIn, PARTY));
    assert!(Penalty::summary(&case.state).todos.iter().any(|t| t.what == "hand_in"));
    case.ok(
        "officer-a2",
        json!({ "command": "hand_in", "party": 1, "ticket": "沪财 001", "receipt": "收 1" }),
    );
}

/// Something that happens to a late fine, with the day of which it tells.
#[derive(Debug, Clone)]
enum Told {
    Paid(i64, i8),
    Appealed(i8),
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let paid = (1_000..90_000_i64, 1..28_i8).prop_map(|(fen, day)| Told::Paid(fen, day));
    let all = (proptest::collection::vec(paid, 0..4), proptest::option::of(9..28_i8));
    all.prop_map(|(mut paid, appealed)| {
        paid.extend(appealed.map(Told::Appealed));
        paid
    })
    .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn 行政处罚法72_the_surcharge_owed_is_that_of_the_law_on_the_final_facts_in_whatever_order(
        told in told(), demanded in any::<bool>(),
    ) {
        // 29 December: all that is told lies in the past.
        let mut case = late(36);
        if demanded {
            case.approved("officer-a1", demand());
        }
        let december = |day: i8| Date::constant(2026, 12, day);
        let (mut paid, mut suspended) = (Vec::new(), Vec::new());
        for (n, what) in told.iter().enumerate() {
            match what {
                Told::Paid(fen, day) => {
                    let on = december(*day);
                    if case.ask("officer-a1", pay(*fen, &on.to_string(), &n.to_string())).is_ok() {
                        case.ok("officer-a1", pay(*fen, &on.to_string(), &n.to_string()));
                        paid.push(Payment { day: on, amount: Some(Fen(*fen)) });
                    }
                }
                Told::Appealed(day) => {
                    let on = december(*day).to_string();
                    case.ok("officer-a1", json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": on }));
                    suspended.push((december(*day), december(29)));
                }
            }
        }
        let last = paid.iter().map(|p| p.day).max();
        let until = if demanded { Some(december(29)) } else { last };
        if let Some(until) = until {
            let due = "2026-12-08".parse().unwrap();
            let fined = Fined { fine: Fen(200_000), due, paid, suspended, later: vec![], until: Some(until) };
            prop_assert_eq!(surcharge(&case), lianzhi_law::surcharge(&fined).unwrap().surcharge_yuan.0);
        }
        prop_assert_eq!(sum(&case, LedgerKind::Surcharge), surcharge(&case));
    }
}
