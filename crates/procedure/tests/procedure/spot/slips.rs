//! The rules of slips.

use super::kit::*;
use lianzhi_ids::DocketId;
use lianzhi_procedure::slip::Slip;
use lianzhi_procedure::{AnyCommand, Procedure};
use serde_json::Value;

type Slips = Docket<Slip>;

pub fn give(level: &str) -> Value {
    json!({
        "command": "give", "level": level, "unit": "squad-a", "place": "漕平路 118 号", "kind": "trader",
        "particulars": "{\"name\":\"李记水果店\",\"id_number\":\"92310118MA1K000001\"}", "item": STALL,
        "note": "请将水果架移入店内", "until": "2026-11-30", "exhibits": photo(),
    })
}

#[test]
fn a_tip_then_a_warning_then_a_case() {
    let mut slips = Slips::new();
    slips.ok("officer-a1", give("tip"));
    assert_eq!(Slip::summary(&slips.state).number, "沪青提示字〔2026〕1号");
    assert_eq!((slips.stage(), slips.todo()), ("given", vec!["reinspect"]));
    slips.days(8).tick();
    assert!(Slip::summary(&slips.state).overdue, "nobody looked until the day");
    slips.ok("officer-a1", json!({ "command": "reinspect", "done": false, "note": "仍在店外" }));
    assert_eq!((slips.stage(), slips.todo()), ("ignored", vec!["go_over"]));
    slips.against(
        "三单制",
        "officer-a1",
        json!({ "command": "give_again", "level": "tip", "note": "再提示", "until": "2026-12-10" }),
    );
    let warning =
        json!({ "command": "give_again", "level": "warning", "note": "限期改正", "until": "2026-12-10" });
    slips.against("三单制", "officer-a1", with(warning.clone(), "until", Value::Null));
    slips.ok("officer-a1", warning);
    let (last, ..) = slips.state.file().unwrap().last().unwrap();
    assert!(last.number.contains("警示字"), "a number of its own");
    assert_eq!(Slip::summary(&slips.state).number, "沪青提示字〔2026〕1号", "the docket keeps its name");
    slips.ok("officer-a1", json!({ "command": "go_over" }));
    slips.ok("system", json!({ "command": "taken_over", "docket": 9 }));
    assert_eq!(slips.state.file().unwrap().over.unwrap().1, Some(DocketId(9)));
    slips.against("三单制", "officer-a1", json!({ "command": "reinspect", "done": true, "note": "已改" }));
}

#[test]
fn a_slip_bars_no_penalty_at_any_moment() {
    for level in ["tip", "warning"] {
        let mut slips = Slips::new();
        slips.ok("officer-a1", give(level));
        assert!(slips.offers("officer-a1").iter().any(|o| o.command == "go_over" && o.refused.is_none()));
        slips.ok("officer-a1", json!({ "command": "reinspect", "done": true, "note": "已改" }));
        assert_eq!(slips.stage(), "corrected");
        assert!(
            slips.offers("officer-a1").iter().any(|o| o.command == "go_over"),
            "not even when it was put right"
        );
        // A sheet that names the slip takes it over by itself.
        slips.ok("system", json!({ "command": "taken_over", "docket": 9 }));
        assert_eq!(slips.stage(), "over");
    }
}

#[test]
fn a_sheet_tells_the_slip_that_it_comes_from() {
    use lianzhi_procedure::spot::Spot;
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", with(form(PARKING, "person"), "slip", json!(4)));
    let told = Spot::follow_ups(DocketId(9), &Default::default(), &sheet.events[0]);
    assert!(matches!(told.as_slice(), [(DocketId(4), AnyCommand::Slip(_))]));
}

#[test]
fn whoever_gives_a_slip_has_a_certificate_and_the_agency_the_power() {
    let mut slips = Slips::new();
    slips.against("第四十二条", "captain-a", give("tip"));
    slips.against("权限表", "officer-b1", give("tip"));
    slips.against("执法事项清单", "officer-a1", with(give("tip"), "item", json!("NO-99")));
}

#[test]
fn after_a_warning_in_another_docket_there_is_no_new_tip() {
    use lianzhi_procedure::{Earlier, EarlierKind};
    let earlier = |kind, corrected| Earlier {
        kind,
        docket: DocketId(3),
        number: "沪青警示字〔2026〕1号".into(),
        item: STALL.into(),
        on: "2026-11-02".parse().unwrap(),
        corrected,
    };
    for before in [earlier(EarlierKind::Warning, Some(true)), earlier(EarlierKind::Tip, Some(false))] {
        let mut slips = Slips::new();
        slips.look_ups.earlier = vec![before];
        let refusal = slips.against("三单制", "officer-a1", give("tip"));
        assert!(refusal.code == "no-more-tips" && refusal.rule.contains("警示字"), "{refusal}");
        slips.ok("officer-a1", give("warning"));
    }
    let mut slips = Slips::new();
    let other = Earlier { item: PARKING.into(), ..earlier(EarlierKind::Warning, None) };
    slips.look_ups.earlier = vec![earlier(EarlierKind::Tip, Some(true)), other];
    slips.ok("officer-a1", give("tip"));
}

#[test]
fn a_sheet_that_is_voided_gives_the_slip_back_and_photos_of_every_look_stay() {
    use lianzhi_procedure::spot::Spot;
    let mut sheet = Docket::<Spot>::new();
    sheet.ok("officer-a1", with(form(PARKING, "person"), "slip", json!(4)));
    sheet.ok("officer-a1", json!({ "command": "void", "note": "填错" }));
    let voided = sheet.events.iter().find(|e| serde_json::to_value(e).unwrap()["type"] == "voided").unwrap();
    let told = Spot::follow_ups(DocketId(9), &sheet.state, voided);
    assert!(matches!(told.as_slice(), [(DocketId(4), AnyCommand::Slip(_))]));

    let mut slips = Slips::new();
    slips.ok("officer-a1", give("warning"));
    slips.days(6);
    slips.ok(
        "officer-a1",
        json!({ "command": "reinspect", "done": false, "note": "没有改正", "exhibits": [PICTURE] }),
    );
    assert!(slips.state.file().unwrap().lapsed().is_none(), "its day has not passed");
    slips.days(2).tick();
    slips.ok(
        "officer-a1",
        json!({ "command": "reinspect", "done": false, "note": "仍未改正", "exhibits": photo() }),
    );
    assert_eq!(slips.state.file().unwrap().files().len(), 2);
    assert!(slips.state.file().unwrap().lapsed().is_some());
    slips.ok("system", json!({ "command": "taken_over", "docket": 9 }));
    slips.ok("system", json!({ "command": "given_back", "docket": 8 }));
    assert_eq!(slips.stage(), "over");
    slips.ok("system", json!({ "command": "given_back", "docket": 9 }));
    assert_eq!(slips.stage(), "ignored");
}

#[test]
fn a_promise_on_a_slip_has_a_day_and_the_signed_letter_and_leads_on_when_it_is_broken() {
    let mut slips = Slips::new();
    let promised = || with(give("tip"), "promised", json!(true));
    slips.against("三单制", "officer-a1", with(promised(), "until", Value::Null));
    slips.against("告知承诺", "officer-a1", with(promised(), "exhibits", json!([])));
    slips.ok("officer-a1", promised());
    assert!(slips.state.file().unwrap().last().unwrap().0.promised);
    slips.days(8).tick();
    slips.ok("officer-a1", json!({ "command": "reinspect", "done": false, "note": "没有改正" }));
    assert_eq!(slips.todo(), ["go_over"]);
}

#[test]
fn a_tip_without_a_day_is_for_information_only() {
    let mut slips = Slips::new();
    slips.ok("officer-a1", with(give("tip"), "until", Value::Null));
    assert_eq!(slips.stage(), "told");
    assert!(!Slip::summary(&slips.state).open);
    slips.against(
        "三单制",
        "officer-a1",
        with(json!({ "command": "give_again", "level": "warning", "note": "警示" }), "until", Value::Null),
    );
}
