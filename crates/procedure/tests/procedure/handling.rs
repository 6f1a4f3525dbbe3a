//! Accepting, arriving, handling, verifying, answering, closing, reopening, rating.

use crate::kit::*;
use lianzhi_procedure::RefusalKind;
use lianzhi_procedure::report::{Event, Outcome, TermKey};

#[test]
fn the_whole_way_from_report_to_closed_file() {
    let case = Case::closed();
    assert_eq!(
        types(&case.events),
        ["registered", "dispatched", "accepted", "arrived", "handled", "verified", "answered", "closed"]
    );
    assert_eq!(case.file().clocks.active().count(), 0);
    assert!(case.file().clocks.0.iter().all(|c| !c.expired));
}

#[test]
fn only_its_officer_accepts_arrives_and_handles() {
    let mut case = Case::reported();
    for other in ["officer-a2", "captain-a", "dispatcher", "leader", "public"] {
        assert_eq!(case.refused(other, json!({ "command": "accept" })).kind, RefusalKind::Forbidden);
    }
    case.ok("officer-a1", json!({ "command": "accept" }));
    assert!(!case.runs(TermKey::Accept));
    assert_eq!(case.refused("officer-a1", json!({ "command": "accept" })).code, "wrong-stage");
    case.ok("officer-a1", json!({ "command": "arrive" }));
    assert!(!case.runs(TermKey::Arrive));
    assert_eq!(case.refused("officer-a1", json!({ "command": "arrive" })).code, "arrived");
    // A dispatcher writes down results of outside departments only.
    assert_eq!(case.refused("dispatcher", handle("cleared")).code, "not-your-matter");
    case.ok("officer-a1", handle("cleared"));
    assert!(!case.runs(TermKey::Handle));
}

#[test]
fn handling_follows_arriving() {
    let mut case = Case::reported();
    case.ok("officer-a1", json!({ "command": "accept" }));
    assert_eq!(case.refused("officer-a1", handle("untrue")).code, "not-arrived");
}

#[test]
fn a_result_has_words_and_what_was_settled_has_a_photo_afterwards() {
    for outcome in Outcome::ALL {
        let mut case = Case::on_site();
        let bare = json!({ "command": "handle", "outcome": outcome.code(), "note": "做了" });
        let settled = ["dissuaded", "ordered", "self_corrected", "cleared"].contains(&outcome.code());
        assert_eq!(case.ask("officer-a1", bare).is_err(), settled, "{outcome:?}");
        assert_eq!(
            case.refused("officer-a1", with(handle(outcome.code()), "note", json!(""))).field,
            Some("note")
        );
        case.ok("officer-a1", handle(outcome.code()));
        assert_eq!(case.stage(), "to_verify");
    }
}

#[test]
fn photos_and_voice_notes_come_with_the_act_and_a_voice_shows_nothing() {
    let mut case = Case::reported();
    case.ok("officer-a1", json!({ "command": "accept" }));
    let arrive = json!({ "command": "arrive", "accuracy_m": 8, "exhibits": photo() });
    let events = case.ok("officer-a1", arrive);
    let Event::Arrived { accuracy_m, exhibits, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((*accuracy_m, exhibits.len()), (None, 1), "without a place there is nothing to be inaccurate");
    let spoken = json!({ "command": "handle", "outcome": "cleared", "note": "清理了", "after": [VOICE] });
    assert_eq!(case.refused("officer-a1", spoken).field, Some("after"));
    let events = case.ok("officer-a1", with(handle("cleared"), "exhibits", json!([VOICE])));
    let Event::Handled { exhibits, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(exhibits[0].digest, VOICE);
}

#[test]
fn help_is_asked_of_units_which_then_assist() {
    let mut case = Case::on_site();
    case.ok("officer-a1", json!({ "command": "help", "note": "人手不够", "units": ["squad-b", "squad-a"] }));
    assert_eq!(case.file().assisting, [lianzhi_testkit::city::unit("squad-b")]);
    case.refused("officer-a1", json!({ "command": "help", "note": "", "units": [] }));
    case.refused("officer-a1", json!({ "command": "help", "note": "来人", "units": ["nowhere"] }));
}

#[test]
fn nobody_verifies_his_own_work() {
    let mut case = Case::new();
    case.look_ups.placing = lianzhi_procedure::Placing::Inside {
        grid: lianzhi_testkit::city::grid(lianzhi_testkit::city::GRIDS[2]),
    };
    case.loads.0.insert(lianzhi_testkit::city::person("officer-b1"), 9);
    case.ok("public", register());
    case.ok("officer-b2", json!({ "command": "accept" }));
    case.ok("officer-b2", json!({ "command": "arrive" }));
    case.ok("officer-b2", handle("cleared"));
    // He is a verifier too, but not of this.
    assert_eq!(case.refused("officer-b2", json!({ "command": "verify", "passed": true })).code, "own-work");
    let offer = case.offers("officer-b2").into_iter().find(|o| o.command == "verify").unwrap();
    explained(&offer.refused.unwrap());
    case.ok("verifier", json!({ "command": "verify", "passed": true, "on_site": true }));
}

#[test]
fn what_is_not_settled_is_done_again_with_a_new_clock() {
    let mut case = Case::handled();
    assert_eq!(case.refused("verifier", json!({ "command": "verify", "passed": false })).field, Some("note"));
    case.after_minutes(60);
    case.ok("verifier", json!({ "command": "verify", "passed": false, "note": "仍有占道" }));
    assert_eq!((case.stage(), case.officer(), case.file().rework), ("working", Some("officer-a1"), 1));
    assert_eq!(case.file().clocks.get(TermKey::Handle).unwrap().running.clock.from, case.now);
    assert!(case.runs(TermKey::Handle));
}

#[test]
fn it_is_closed_after_the_answer_and_not_before() {
    let mut case = Case::handled();
    assert_eq!(case.refused("dispatcher", json!({ "command": "close" })).code, "wrong-stage");
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    assert_eq!(case.refused("dispatcher", json!({ "command": "close" })).code, "not-answered");
    let empty = json!({ "command": "answer", "text": "", "channel": "phone" });
    assert_eq!(case.refused("officer-a1", empty).field, Some("text"));
    case.ok("officer-a1", json!({ "command": "answer", "text": "已处理", "channel": "phone" }));
    assert!(!case.runs(TermKey::Answer));
    case.refused("officer-a1", json!({ "command": "close" }));
    case.ok("verifier", json!({ "command": "close" }));
    assert_eq!(case.stage(), "closed");
}

#[test]
fn who_left_no_way_to_be_answered_is_not_waited_for() {
    let mut case = Case::new();
    case.look_ups.follow = None;
    case.ok("public", with(register(), "contact", json!("")));
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "arrive" }));
    case.ok("officer-a1", handle("gone"));
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    assert_eq!(case.stage(), "to_close");
}

#[test]
fn the_reporter_may_demand_it_again_once_and_within_the_term() {
    let mut case = Case::closed();
    case.refused("public", json!({ "command": "reopen", "note": "还在" }));
    assert_eq!(case.refused("reporter", json!({ "command": "reopen", "note": "" })).field, Some("note"));
    case.ok("reporter", json!({ "command": "reopen", "note": "第二天又摆出来了" }));
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a1")));
    assert!(case.runs(TermKey::Arrive) && case.runs(TermKey::Handle) && case.runs(TermKey::Answer));
    assert_eq!(case.due(TermKey::Arrive).duration_since(case.now).as_hours(), 2);
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "arrive" }));
    case.ok("officer-a1", handle("cleared"));
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    case.ok("officer-a1", json!({ "command": "answer", "text": "已清", "channel": "message" }));
    case.ok("verifier", json!({ "command": "close" }));
    assert_eq!(case.refused("reporter", json!({ "command": "reopen", "note": "还在" })).code, "again");
    // Staff may, as often as it takes.
    case.ok("supervisor", json!({ "command": "reopen", "note": "督察发现未解决" }));

    let mut late = Case::closed();
    late.after_minutes(60 * 24 * 15 + 1);
    assert_eq!(late.refused("reporter", json!({ "command": "reopen", "note": "还在" })).code, "too-late");
    late.ok("hotline", json!({ "command": "reopen", "note": "来电人坚持" }));
}

#[test]
fn reopening_by_staff_does_not_use_up_the_reporters_own_right() {
    let mut case = Case::closed();
    case.ok("supervisor", json!({ "command": "reopen", "note": "督察发现未解决" }));
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "arrive" }));
    case.ok("officer-a1", handle("cleared"));
    case.ok("verifier", json!({ "command": "verify", "passed": true }));
    case.ok("officer-a1", json!({ "command": "answer", "text": "已清", "channel": "message" }));
    case.ok("verifier", json!({ "command": "close" }));
    case.ok("reporter", json!({ "command": "reopen", "note": "还在" }));
}

#[test]
fn a_closed_matter_is_rated_once_by_its_reporter_with_one_to_five_stars() {
    let mut case = Case::closed();
    for stars in [0, 6] {
        assert_eq!(
            case.refused("reporter", json!({ "command": "rate", "stars": stars })).field,
            Some("stars")
        );
    }
    case.refused("officer-a1", json!({ "command": "rate", "stars": 5 }));
    case.ok("reporter", json!({ "command": "rate", "stars": 4, "note": "还行" }));
    assert_eq!(case.refused("reporter", json!({ "command": "rate", "stars": 5 })).code, "rated");
    assert_eq!(case.file().rating, Some(4));
    let mut open = Case::reported();
    assert_eq!(open.refused("reporter", json!({ "command": "rate", "stars": 5 })).code, "wrong-stage");
}

#[test]
fn the_reporter_withdraws_before_the_work_begins() {
    let mut case = Case::reported();
    case.ok("reporter", json!({ "command": "withdraw" }));
    assert_eq!((case.stage(), case.file().clocks.active().count()), ("withdrawn", 0));
    assert_eq!(Case::on_site().refused("reporter", json!({ "command": "withdraw" })).code, "in-hand");
}

#[test]
fn marks_of_supervision_come_from_those_entitled() {
    let mut case = Case::reported();
    for (who, mark, good) in [
        ("supervisor", "supervise", true),
        ("leader", "instruct", true),
        ("hotline", "urge", true),
        ("captain-a", "urge", true),
        ("supervisor", "urge", true),
        ("hotline", "supervise", false),
        ("captain-b", "urge", false),
        ("officer-a1", "urge", false),
    ] {
        let asked = json!({ "command": "supervise", "mark": mark, "note": "请抓紧" });
        assert_eq!(case.ask(who, asked.clone()).is_ok(), good, "{who} {mark}");
        if good {
            case.ok(who, asked);
        }
    }
    assert_eq!(case.file().marks.len(), 5);
    assert_eq!(
        case.refused("leader", json!({ "command": "supervise", "mark": "urge", "note": "" })).field,
        Some("note")
    );
    Case::closed().refused("leader", json!({ "command": "supervise", "mark": "urge", "note": "晚了" }));
}

#[test]
fn the_reporter_the_unit_and_whoever_registered_it_may_add_to_the_file() {
    let mut case = Case::reported();
    for who in ["reporter", "officer-a3", "dispatcher"] {
        case.ok(who, json!({ "command": "add", "note": "又看到一辆车", "exhibits": photo() }));
    }
    case.refused("officer-b1", json!({ "command": "add", "note": "路过" }));
    case.refused("reporter", json!({ "command": "add", "note": " " }));
    assert_eq!(case.file().intake.exhibits.len(), 3);
}
