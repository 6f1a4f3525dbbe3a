//! A fine on the spot that is paid later or in parts (行政处罚法 66(2)).

use super::kit::*;
use jiff::SignedDuration;
use lianzhi_procedure::spot::{Spot, Term};

type Sheet = Docket<Spot>;

/// The party asks for so many parts, the first until 15 December.
pub fn asked(parts: u32) -> serde_json::Value {
    json!({ "command": "ask_later", "parts": parts, "first": "2026-12-15", "note": "失业，低保证明已交" })
}

fn granted() -> serde_json::Value {
    json!({ "command": "answer_later", "agreed": true })
}

fn pay(fen: i64, on: &str) -> serde_json::Value {
    json!({ "command": "pay", "exhibits": photo(), "amount": fen, "on": on, "reference": format!("流水 {on}") })
}

/// A fine of 100 yuan, handed over on 2026-11-23, to be paid by 2026-12-08.
fn handed() -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    sheet.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    sheet
}

fn parted() -> Sheet {
    let mut sheet = handed();
    sheet.ok("officer-a1", asked(3));
    sheet.ok("leader", granted());
    sheet
}

fn money(sheet: &Sheet) -> &lianzhi_procedure::penalty::Money {
    &sheet.state.sheet().unwrap().imposed().unwrap().money
}

fn last_day(sheet: &Sheet, term: Term) -> Option<String> {
    let clock = sheet.state.sheet().unwrap().clocks.get(term)?;
    let last = clock.running.due - SignedDuration::from_micros(1);
    Some(lianzhi_procedure::beijing_date(last).to_string())
}

#[test]
fn article_66_the_party_asks_and_the_leader_grants_it_in_parts_to_the_fen() {
    let mut sheet = handed();
    sheet.against("第六十六条", "leader", granted());
    sheet.against("第六十六条", "officer-a1", asked(25));
    sheet.ok("officer-a1", asked(3));
    assert!(sheet.todo().contains(&"answer_later"));
    sheet.against("第六十六条", "officer-a1", asked(2));
    sheet.against("", "officer-a1", granted());
    assert_eq!(last_day(&sheet, Term::Pay).as_deref(), Some("2026-12-08"), "asking alone changes nothing");
    sheet.ok("leader", granted());
    let parts: Vec<_> = money(&sheet).parts.iter().map(|p| (p.due.to_string(), p.fen)).collect();
    let expected = [("2026-12-15", 3_334), ("2027-01-15", 3_333), ("2027-02-15", 3_333)];
    assert_eq!(parts, expected.map(|(due, fen)| (due.to_owned(), fen)));
    assert_eq!(money(&sheet).parts.iter().map(|p| p.fen).sum::<i64>(), 10_000);
    assert_eq!(last_day(&sheet, Term::Pay), None);
    assert_eq!(last_day(&sheet, Term::PayPart).as_deref(), Some("2026-12-15"));
    let granted = sheet.state.sheet().unwrap().imposed().unwrap().deferrals.last().cloned().unwrap();
    assert!(granted.number.contains('缴'), "the paper that grants it has a number: {}", granted.number);
}

#[test]
fn what_was_paid_before_the_parts_were_granted_settles_none_of_them() {
    let mut sheet = handed();
    sheet.ok("officer-a1", pay(3_000, "2026-11-23"));
    sheet.ok("officer-a1", asked(2));
    sheet.ok("leader", granted());
    assert_eq!(money(&sheet).parts.iter().map(|p| p.fen).collect::<Vec<_>>(), [3_500, 3_500]);
    sheet.days(1);
    sheet.ok("officer-a1", pay(500, "2026-11-24"));
    assert_eq!(money(&sheet).next_part().map(|(n, _)| n), Some(0), "3,000 of the first part are open");
    sheet.days(1);
    sheet.ok("officer-a1", pay(3_000, "2026-11-25"));
    assert_eq!(money(&sheet).next_part().map(|(n, _)| n), Some(1));
}

#[test]
fn article_72_the_term_for_the_court_begins_after_the_last_part_that_was_granted() {
    let mut sheet = parted();
    sheet.days(65).tick();
    let over = sheet.state.sheet().unwrap().remedies_over().expect("nobody went to anybody");
    assert_eq!(lianzhi_procedure::beijing_date(over).to_string(), "2027-02-15");
}

#[test]
fn an_application_that_cannot_be_granted_any_more_can_be_refused() {
    let mut sheet = handed();
    sheet.ok("officer-a1", asked(2));
    sheet.ok("officer-a1", pay(1_000, "2026-11-23"));
    sheet.against("", "leader", granted());
    assert!(sheet.offers("leader").iter().any(|o| o.command == "answer_later" && o.refused.is_none()));
    sheet.ok("leader", json!({ "command": "answer_later", "agreed": false, "note": "已缴部分，请重新申请" }));
}

#[test]
fn each_part_has_its_own_day_and_a_part_that_is_missed_is_demanded() {
    let mut sheet = parted();
    sheet.days(22).tick();
    assert_eq!(sheet.stage(), "performing");
    sheet.ok("officer-a1", pay(3_334, "2026-12-15"));
    assert_eq!(last_day(&sheet, Term::PayPart).as_deref(), Some("2027-01-15"), "the next part");
    sheet.against("第七十二条", "officer-a1", json!({ "command": "demand", "note": "催告" }));
    sheet.days(32).tick();
    assert!(sheet.todo().contains(&"demand"), "{:?}", sheet.todo());
    sheet.ok("officer-a1", json!({ "command": "demand", "note": "第二期没有缴" }));
    let demand = sheet.state.sheet().unwrap().imposed().unwrap().demand.clone().unwrap();
    // 3 % of 33.33 for 16 January; the last part is not due yet.
    assert_eq!(demand.surcharge, 99, "a part is late from the day after its own last day");
}

#[test]
fn article_72_after_a_deferral_the_surcharge_begins_with_the_end_of_it() {
    let mut sheet = handed();
    sheet.ok("officer-a1", asked(1));
    sheet.ok("leader", granted());
    assert_eq!(last_day(&sheet, Term::PayPart).as_deref(), Some("2026-12-15"));
    // Three percent of 100 yuan for each of two days.
    sheet.days(24).tick();
    sheet.against("第六十七条", "officer-a1", pay(10_601, "2026-12-17"));
    sheet.ok("officer-a1", pay(10_600, "2026-12-17"));
    assert_eq!((money(&sheet).surcharge, money(&sheet).left()), (600, 0));
    assert_eq!(last_day(&sheet, Term::PayPart), None);
}

#[test]
fn what_is_not_granted_changes_nothing_and_what_changed_meanwhile_is_asked_for_anew() {
    let mut sheet = handed();
    sheet.ok("officer-a1", asked(2));
    sheet.against("第六十六条", "leader", json!({ "command": "answer_later", "agreed": false }));
    sheet.ok("leader", json!({ "command": "answer_later", "agreed": false, "note": "有固定收入" }));
    assert!(money(&sheet).parts.is_empty());
    assert_eq!(last_day(&sheet, Term::Pay).as_deref(), Some("2026-12-08"));
    sheet.ok("officer-a1", asked(2));
    sheet.ok("officer-a1", pay(100, "2026-11-23"));
    sheet.against("第六十六条", "leader", granted());
}

#[test]
fn article_67_3_whoever_is_given_time_does_not_pay_before_the_day_of_the_statute() {
    let mut sheet = handed();
    let sooner = with(asked(3), "first", json!("2026-12-07"));
    sheet.against("第六十七条第三款", "officer-a1", sooner);
    sheet.ok("officer-a1", with(asked(3), "first", json!("2026-12-08")));
}

#[test]
fn article_67_a_fine_that_is_imposed_on_one_page_gets_its_payment_code_too() {
    use lianzhi_procedure::Procedure;
    let whole = whole(PARKING, "person", "ordinary", 10_000);
    let command = serde_json::from_value(whole.clone()).unwrap();
    assert_eq!(Spot::pay_codes(&lianzhi_procedure::spot::State::default(), &command), 1);
    let mut sheet = Sheet::new();
    sheet.look_ups.pay_codes = vec!["3101182600000017".into()];
    sheet.ok("officer-a1", whole);
    assert_eq!(money(&sheet).code.as_deref(), Some("3101182600000017"));
    // A form that is only begun has none yet.
    let begun = serde_json::from_value(form(PARKING, "person")).unwrap();
    assert_eq!(Spot::pay_codes(&lianzhi_procedure::spot::State::default(), &begun), 0);
}
