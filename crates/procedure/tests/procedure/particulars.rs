//! Erasing a person's particulars.

use crate::kit::*;
use lianzhi_ids::DocketId;
use lianzhi_procedure::facts::Candidate;
use lianzhi_procedure::report::{Command, Report};
use lianzhi_procedure::{Placing, Procedure, RefusalKind};
use lianzhi_testkit::city;

#[test]
fn an_administrator_erases_with_a_ground_and_nothing_is_left_to_find_it_by() {
    let mut case = Case::closed();
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "erase", "reason": "本人申请" })).kind,
        RefusalKind::Forbidden
    );
    assert_eq!(case.refused("admin", json!({ "command": "erase", "reason": " " })).field, Some("reason"));
    case.ok("admin", json!({ "command": "erase", "reason": "本人申请" }));
    let summary = Report::summary(&case.state);
    assert_eq!((summary.contact, summary.narrative, summary.complainant), (None, None, None));
    assert_eq!(case.stage(), "closed", "the record stays");
    assert_eq!(case.refused("admin", json!({ "command": "erase", "reason": "再来" })).code, "nothing");
}

#[test]
fn one_text_may_be_erased_alone() {
    let mut case = Case::reported();
    case.ok("reporter", json!({ "command": "add", "note": "我叫张小三" }));
    let part = case.file().texts.last().unwrap().part;
    case.ok("admin", json!({ "command": "erase", "parts": [part.digest], "reason": "本人申请" }));
    assert!(case.file().texts.iter().all(|said| said.part != part));
    assert!(case.file().intake.contact.is_some());
}

#[test]
fn every_text_is_found_and_erased_however_many_there_are() {
    let mut case = Case::reported();
    for n in 0..60 {
        case.ok("reporter", json!({ "command": "add", "note": format!("补充 {n}") }));
        case.ok("officer-a1", json!({ "command": "add", "note": format!("记录 {n}") }));
    }
    assert_eq!(Report::summary(&case.state).texts.len(), 120);
    // What the reporter said goes with his particulars, what staff wrote stays.
    case.ok("admin", json!({ "command": "erase", "reason": "本人申请" }));
    assert_eq!(Report::summary(&case.state).texts.len(), 60);
    assert!(case.file().texts.iter().all(|said| !said.reporters));
    // Unless all of it is to go.
    case.ok("admin", json!({ "command": "erase", "everything": true, "reason": "本人申请" }));
    assert!(Report::summary(&case.state).texts.is_empty());
}

#[test]
fn what_was_split_off_is_told_when_the_words_it_copied_are_erased() {
    let mut first = Case::reported();
    first.ok("system", json!({ "command": "split_into", "docket": 9 }));
    let contact = first.file().intake.contact.unwrap().digest;
    let narrow = first.ask("admin", json!({ "command": "erase", "parts": [contact], "reason": "本人申请" }));
    assert!(Report::follow_ups(DocketId(3), &first.state, &narrow.unwrap()[0]).is_empty(), "no copy of that");
    let erased = first.ask("admin", json!({ "command": "erase", "reason": "本人申请" })).unwrap();
    assert_eq!(
        reports(Report::follow_ups(DocketId(3), &first.state, &erased[0])),
        [(DocketId(9), Command::EraseWith { from: DocketId(3), reason: "本人申请".into() })]
    );

    let mut second = Case::new();
    second.ok("dispatcher", with(with(register(), "source", json!("split")), "split_from", json!(3)));
    let with_it = |from: i64| json!({ "command": "erase_with", "from": from, "reason": "本人申请" });
    assert_eq!(second.refused("admin", with_it(3)).kind, RefusalKind::Forbidden, "the node's own");
    assert!(second.ok("system", with_it(4)).is_empty(), "it was not split off from that one");
    assert_eq!(types(&second.ok("system", with_it(3))), ["erased"]);
    assert_eq!(Report::summary(&second.state).narrative, None);
    assert!(second.ok("system", with_it(3)).is_empty(), "once is enough");
}

#[test]
fn the_record_does_not_repeat_an_address_that_may_mean_several_places() {
    let mut case = Case::new();
    let words = "漕平路 118 号，示意网格2：名录中没有118号";
    let candidates = vec![Candidate { grid: city::grid(city::GRIDS[1]), name: words.into() }];
    case.look_ups.placing = Placing::Ambiguous { candidates: candidates.clone() };
    let events = case.ok("public", register());
    assert!(!serde_json::to_string(&events).unwrap().contains("漕平路"));
    // Whoever places it still reads what each may be: looked up anew, or else the grid's name.
    let named = |case: &Case| {
        let offers = case.offers("dispatcher");
        let place = offers.iter().find(|o| o.command == "place").unwrap();
        serde_json::to_string(&place.fields).unwrap()
    };
    assert!(named(&case).contains(words));
    case.look_ups.placing = Placing::Unknown;
    let grid = case.directory.grids[&city::grid(city::GRIDS[1])].name.clone();
    assert!(named(&case).contains(&grid) && !named(&case).contains("漕平路"));
}
