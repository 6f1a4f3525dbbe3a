//! On the spot means on that day, and an order to correct goes before where the article demands it.

use super::articles::last_day;
use super::kit::*;
use lianzhi_procedure::spot::{Lapsed, Spot, Term, record_gaps, wants_ordinary};
use lianzhi_procedure::{Procedure, SlipSeen};
use serde_json::Value;

type Sheet = Docket<Spot>;

/// Was ordered on the spot to put it right and did not.
pub fn disobeyed(form: Value) -> Value {
    with(with(form, "disobeyed", json!(true)), "ordered", json!("立即关闭音响"))
}

#[test]
fn 行政处罚法52_it_is_decided_on_the_day_on_which_the_officers_are_there() {
    let mut sheet = Sheet::new();
    sheet.ok("officer-a1", form(PARKING, "person"));
    sheet.ok("officer-a1", tell("ordinary", 10_000));
    sheet.ok("officer-a1", json!({ "command": "hear" }));
    assert_eq!(last_day(&sheet, Term::Decide), "2026-11-23");
    let mut next = sheet.clone();
    next.days(1).tick();
    let refusal = next.against("第五十二条第一款", "officer-a1", json!({ "command": "impose" }));
    assert!(refusal.code == "another-day" && wants_ordinary(&refusal));
    next.against("第五十一条", "officer-a1", tell("ordinary", 10_000));
    assert_eq!(next.todo(), ["go_over"]);
    assert!(Spot::summary(&next.state).overdue);
    next.ok("officer-a1", json!({ "command": "go_over", "note": "当日没有作出决定" }));
    // Certificates shown yesterday are not shown on the spot today.
    let began = with(whole(PARKING, "person", "ordinary", 10_000), "began", json!("2026-11-22T08:00:00Z"));
    Sheet::new().against("第五十一条", "officer-a1", began);
    sheet.ok("officer-a1", json!({ "command": "impose" }));
}

#[test]
fn 行政处罚法52_handed_over_on_the_day_or_the_record_says_why_not() {
    let mut sheet = {
        let mut sheet = Sheet::new();
        sheet.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
        sheet
    };
    assert_eq!(last_day(&sheet, Term::Hand), "2026-11-23");
    sheet.days(1).tick();
    assert!(Spot::summary(&sheet.state).overdue, "it lies with the officers");
    let late = sheet.ask("officer-a1", json!({ "command": "hand", "exhibits": photo() })).unwrap_err();
    assert_eq!((late.field, late.source_text.as_str()), (Some("note"), "行政处罚法第五十二条第一款"));
    let why = json!({ "command": "hand", "exhibits": photo(), "note": "当事人突发疾病送医，次日交付" });
    sheet.ok("officer-a1", why);
    let gaps = record_gaps(sheet.state.sheet().unwrap());
    assert!(gaps.iter().any(|gap| gap.step == "当场交付"), "{gaps:?}");
}

#[test]
fn a_rule_that_wants_an_order_first_fines_only_who_disobeyed() {
    let fine = || whole(RUBBISH, "person", "light", 5_000);
    let refusal = Sheet::new().ask("officer-a1", fine()).unwrap_err();
    assert_eq!(refusal.code, "order-first");
    // One tick is no order: what was ordered, when, and the picture.
    let ticked = with(fine(), "disobeyed", json!(true));
    assert_eq!(Sheet::new().ask("officer-a1", ticked).unwrap_err().field, Some("ordered"));
    let film = with(disobeyed(fine()), "ordered_at", json!("2026-11-23T00:50:00Z"));
    assert_eq!(
        Sheet::new().ask("officer-a1", with(film.clone(), "exhibits", json!([]))).unwrap_err().field,
        Some("exhibits")
    );
    let mut sheet = Sheet::new();
    sheet.ok("officer-a1", film);
    let opening = &sheet.state.sheet().unwrap().opening;
    assert!(opening.ordered_at.is_some_and(|at| at < opening.shown));
}

/// 逾期不改正: the order has a day, and somebody looked after it.
#[test]
fn a_rule_that_wants_a_day_first_fines_only_after_a_slip_whose_day_passed() {
    let fine = || with(whole(GAS, "person", "light", 10_000), "slip", json!(4));
    let mut sheet = Sheet::new();
    let refusal = sheet.ask("officer-a1", disobeyed(fine())).unwrap_err();
    assert_eq!(refusal.code, "order-first", "a word on the spot is no day");
    let day = |day: &str| day.parse().unwrap();
    let seen = |lapsed| SlipSeen {
        number: "沪青警示字〔2026〕1号".into(),
        item: GAS.into(),
        same_party: true,
        lapsed,
    };
    sheet.look_ups.slip = Some(seen(None));
    assert_eq!(sheet.ask("officer-a1", fine()).unwrap_err().code, "order-first");
    let lapsed = Lapsed {
        number: "沪青警示字〔2026〕1号".into(),
        on: day("2026-11-10"),
        until: day("2026-11-20"),
        looked: day("2026-11-21"),
    };
    sheet.look_ups.slip = Some(SlipSeen { same_party: false, ..seen(Some(lapsed.clone())) });
    assert_eq!(sheet.ask("officer-a1", fine()).unwrap_err().field, Some("from_matter"));
    sheet.look_ups.slip = Some(SlipSeen { item: STALL.into(), ..seen(Some(lapsed.clone())) });
    sheet.against("三单制", "officer-a1", fine());
    sheet.look_ups.slip = Some(seen(Some(lapsed)));
    sheet.ok("officer-a1", fine());
    assert!(sheet.state.sheet().unwrap().opening.lapsed.is_some());
}
