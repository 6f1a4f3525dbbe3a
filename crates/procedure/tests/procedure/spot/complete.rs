//! The decision that is handed over says all that it must: what is not known is asked for before.

use super::articles::last_day;
use super::kit::*;
use super::spare;
use lianzhi_procedure::spot::{Event, Spot, Term};

#[test]
fn 行政处罚法52_a_decision_without_an_address_is_neither_made_nor_handed_over() {
    let mut sheet = Docket::<Spot>::new();
    sheet.look_ups.lacking = vec!["住址".into()];
    let refusal = sheet.against("第五十二条", "officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    assert_eq!(refusal.field, Some("address"));
    // What is only saved needs none yet.
    sheet.look_ups.lacking.clear();
    sheet.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    sheet.look_ups.lacking = vec!["当事人：住址".into()];
    let hand = json!({ "command": "hand", "exhibits": photo() });
    let refusal = sheet.against("第五十二条", "officer-a1", hand.clone());
    assert!(refusal.remedy.contains("补正当事人信息"), "{}", refusal.remedy);
    let describe = json!({ "command": "describe", "particulars": "{\"address\":\"漕平路\"}" });
    sheet.look_ups.lacking.clear();
    sheet.look_ups.renamed = true;
    sheet.against("第四十四条", "officer-a1", describe.clone());
    sheet.look_ups.renamed = false;
    sheet.ok("officer-a1", describe.clone());
    assert!(sheet.state.sheet().unwrap().opening.subject.described);
    sheet.ok("officer-a1", hand);
    sheet.against("第五章第二节", "officer-a1", describe);
}

#[test]
fn 行政处罚法67_the_code_to_pay_by_is_given_out_with_the_decision_however_it_is_made() {
    let mut sheet = Docket::<Spot>::new();
    sheet.look_ups.pay_codes = vec!["31011826000000000011".into()];
    sheet.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    assert!(matches!(sheet.events[4], Event::PayCodeSet { .. }), "{:?}", sheet.events);
    let money = &sheet.state.sheet().unwrap().imposed().unwrap().money;
    assert_eq!(money.code.as_deref(), Some("31011826000000000011"));
    let command = serde_json::from_value(whole(PARKING, "person", "ordinary", 10_000)).unwrap();
    let codes = <Spot as lianzhi_procedure::Procedure>::pay_codes;
    assert_eq!(codes(&lianzhi_procedure::spot::State::Nothing, &command), 1);
    let warned = serde_json::from_value(form(PARKING, "person")).unwrap();
    assert_eq!(codes(&lianzhi_procedure::spot::State::Nothing, &warned), 0);
}

#[test]
fn 行政处罚法33_what_stands_on_the_list_and_has_no_basis_is_begun_and_can_only_be_spared() {
    for (item, kind) in [("ZD-05", "person"), ("SG-03", "company")] {
        let mut sheet = Docket::<Spot>::new();
        sheet.against("第三十八条", "officer-a1", whole(item, kind, "ordinary", 10_000));
        sheet.ok("officer-a1", form(item, kind));
        sheet.against(
            "第三十八条",
            "officer-a1",
            json!({ "command": "tell", "fine": 10_000, "tier": "ordinary" }),
        );
        sheet.ok("legal", json!({ "command": "confirm_list", "note": "现行清单第四项" }));
        sheet.ok("officer-a1", spare(json!({ "listed": true, "promise": "2026-11-30" })));
        assert_eq!(sheet.stage(), "promised");
    }
}

#[test]
fn 行政处罚法61_a_decision_not_to_punish_is_handed_over_and_can_be_challenged() {
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", form(PARKING, "person"));
    sheet.ok("officer-a1", spare(json!({ "corrected": true })));
    assert!(sheet.todo().contains(&"hand") && sheet.stage() == "spared");
    let appeal =
        |kind: &str| json!({ "command": "appeal", "kind": kind, "on": "2026-11-23", "ordinary": false });
    sheet.against("行政复议法", "legal", appeal("reconsideration"));
    let hand = json!({ "command": "hand", "exhibits": photo() });
    sheet.against("第六十一条", "officer-a1", json!({ "command": "hand" }));
    sheet.against("第六十一条", "officer-a1", json!({ "command": "hand", "refused": true }));
    let mut late = sheet.clone();
    late.days(1);
    late.against("第六十一条", "officer-a1", hand.clone());
    sheet.ok("officer-a1", hand);
    assert!(!sheet.todo().contains(&"hand"));
    // Sixty days and six months from the handing over; the fifteen of a penalty on the spot are none of it.
    assert_eq!(last_day(&sheet, Term::Reconsideration), "2027-01-22");
    assert_eq!(last_day(&sheet, Term::Lawsuit), "2027-05-24");
    // Nobody has to ask for reconsideration first.
    sheet.ok("legal", appeal("lawsuit"));
    assert!(sheet.todo().contains(&"reply_remedy"));
    sheet.ok("legal", json!({ "command": "reply_remedy", "note": "答辩状" }));
    let end = json!({ "command": "end_appeal", "end": "revoked", "on": "2026-11-23", "note": "撤销" });
    sheet.ok("legal", end);
    assert_eq!(sheet.stage(), "on_site", "it is dealt with anew");
}

#[test]
fn 行政处罚法30_a_minor_is_punished_less_on_the_spot_too_and_nobody_reads_of_it() {
    let minor = |plan: serde_json::Value| {
        let mut form = with(form(PARKING, "person"), "capacity", json!("minor"));
        for (name, value) in plan.as_object().unwrap() {
            form[name] = value.clone();
        }
        form
    };
    let heavy = json!({ "told": true, "fine": 20_000, "tier": "heavy" });
    Docket::<Spot>::new().against("第三十条", "officer-a1", minor(heavy));
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", minor(json!({})));
    let offer = sheet.offers("officer-a1").into_iter().find(|o| o.command == "tell").expect("it may be told");
    assert!(offer.refused.is_none());
    sheet.against("第三十条", "officer-a1", tell("light", 2_000));
    sheet.ok("officer-a1", with(tell("light", 2_000), "circumstances", json!(["under_18"])));
    sheet.ok("officer-a1", json!({ "command": "hear" }));
    sheet.ok("officer-a1", json!({ "command": "impose" }));
    sheet.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    sheet.against("未成年人保护法第一百零三条", "legal", json!({ "command": "publish" }));
    sheet.ok("legal", json!({ "command": "keep_back", "note": "当事人是未成年人" }));
}

#[test]
fn 行政处罚法51_52_what_was_annulled_is_not_decided_on_the_spot_again() {
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", form(PARKING, "person"));
    sheet.ok("officer-a1", spare(json!({ "corrected": true })));
    sheet.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    sheet.days(100);
    sheet.ok(
        "legal",
        json!({ "command": "appeal", "kind": "lawsuit", "on": "2027-01-05", "ordinary": false }),
    );
    sheet.ok(
        "legal",
        json!({ "command": "end_appeal", "end": "revoked", "on": "2027-03-01", "note": "撤销" }),
    );
    assert!(sheet.todo().contains(&"go_over"), "{:?}", sheet.todo());
    let tell = json!({ "command": "tell", "fine": 10_000, "tier": "ordinary" });
    sheet.against("第五十一条", "officer-a1", tell);
    let mut ended = sheet.clone();
    ended.ok("officer-a1", json!({ "command": "void", "note": "不再处罚" }));
    sheet.ok("officer-a1", json!({ "command": "go_over", "note": "判决撤销，按普通程序处理" }));
}

#[test]
fn 行政复议法29_2_who_went_to_court_does_not_ask_for_reconsideration_any_more() {
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", form(PARKING, "person"));
    sheet.ok("officer-a1", spare(json!({ "corrected": true })));
    sheet.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    let appeal =
        |kind: &str| json!({ "command": "appeal", "kind": kind, "on": "2026-11-23", "ordinary": false });
    sheet.ok("legal", appeal("lawsuit"));
    sheet
        .ok("legal", json!({ "command": "end_appeal", "end": "upheld", "on": "2026-11-23", "note": "驳回" }));
    sheet.against("行政复议法第二十九条第二款", "legal", appeal("reconsideration"));
}
