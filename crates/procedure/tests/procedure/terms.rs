//! Clocks: warnings, expiry, nudges, extension, suspension, recomputation.

use crate::kit::*;
use jiff::SignedDuration;
use lianzhi_law::{LawData, LawFiles};
use lianzhi_procedure::report::{Event, TermKey};
use lianzhi_procedure::{Procedure, RefusalKind};
use lianzhi_testkit::city;
use std::sync::Arc;

fn warned(events: &[Event]) -> Vec<(TermKey, u8)> {
    events
        .iter()
        .filter_map(|e| match e {
            Event::ClockWarned { term, percent, .. } => Some((*term, *percent)),
            _ => None,
        })
        .collect()
}

fn expired(events: &[Event]) -> Vec<TermKey> {
    events
        .iter()
        .filter_map(|e| match e {
            Event::ClockExpired { term, .. } => Some(*term),
            _ => None,
        })
        .collect()
}

#[test]
fn warned_at_half_and_at_four_fifths_late_at_the_end_each_once() {
    let mut case = Case::reported();
    case.ok("officer-a1", json!({ "command": "accept" }));
    for (minute, warnings, late) in [
        (59, vec![], vec![]),
        (60, vec![(TermKey::Arrive, 50)], vec![]),
        (61, vec![], vec![]),
        (96, vec![(TermKey::Arrive, 80)], vec![]),
        (119, vec![], vec![]),
        (120, vec![], vec![TermKey::Arrive]),
        (121, vec![], vec![]),
    ] {
        case.now = lianzhi_testkit::at("2026-11-23T01:00:00Z") + SignedDuration::from_mins(minute);
        let events: Vec<_> = case
            .tick()
            .into_iter()
            .filter(|e| !matches!(e, Event::ClockWarned { term: TermKey::Handle, .. }))
            .collect();
        assert_eq!((warned(&events), expired(&events)), (warnings, late), "minute {minute}");
        assert!(case.tick().is_empty(), "a second look finds nothing to do");
    }
    let told = case.events.iter().find_map(|e| match e {
        Event::ClockExpired { told, .. } => Some(told.clone()),
        _ => None,
    });
    assert_eq!(told.unwrap(), [city::person("captain-a"), city::person("leader")]);
}

#[test]
fn a_node_that_slept_through_it_catches_up_with_everything_once() {
    let mut case = Case::on_site();
    case.after_minutes(60 * 24 * 3);
    let events = case.tick();
    assert_eq!(warned(&events).len(), 4, "{events:?}");
    assert_eq!(expired(&events).len(), 2);
    assert!(case.tick().is_empty());
}

#[test]
fn not_accepted_in_ten_minutes_the_squad_leader_is_told_and_at_twenty_it_goes_to_somebody_else() {
    let mut case = Case::reported();
    case.after_minutes(9);
    assert!(types(&case.tick()).is_empty());
    case.after_minutes(1);
    let events = case.tick();
    assert!(
        events
            .iter()
            .any(|e| matches!(e, Event::Nudged { told, .. } if told == &[city::person("captain-a")]))
    );
    case.after_minutes(10);
    // The warning at four fifths comes in the same look: nobody looked in between.
    assert_eq!(types(&case.tick()), ["clock_warned", "clock_expired", "dispatched"]);
    assert_eq!((case.stage(), case.officer()), ("assigned", Some("officer-a2")));
    assert_eq!(case.due(TermKey::Accept).duration_since(case.now).as_mins(), 20);
}

#[test]
fn each_officer_has_his_turn_once_and_then_it_lies_in_the_pool() {
    let mut case = Case::reported();
    for officer in ["officer-a1", "officer-a2", "officer-a3"] {
        assert_eq!(case.officer(), Some(officer));
        case.after_minutes(20);
        case.tick();
    }
    assert_eq!(case.stage(), "pooled");
    // Whoever let it lie may still take it, or be told to by a person.
    case.ok("officer-a1", json!({ "command": "take" }));
}

#[test]
fn the_leader_in_charge_is_told_first() {
    use lianzhi_procedure::duty::{Duty, Event as DutyEvent, State};
    let mut case = Case::reported();
    let at = case.now;
    let led = DutyEvent::Led { unit: city::unit("squad-a"), person: city::person("leader"), at };
    let mut state = Duty::evolve(State::default(), &led);
    for officer in ["officer-a1", "officer-a2"] {
        let on = DutyEvent::WentOn { unit: city::unit("squad-a"), person: city::person(officer), at };
        state = Duty::evolve(state, &on);
    }
    case.duty.apply(&state);
    case.after_minutes(10);
    let events = case.tick();
    let told = events.iter().find_map(|e| match e {
        Event::Nudged { told, .. } => Some(told.clone()),
        _ => None,
    });
    assert_eq!(told.unwrap(), [city::person("leader"), city::person("captain-a")]);
}

#[test]
fn what_lies_in_nobodys_squad_is_told_to_the_dispatchers() {
    let mut case = Case::new();
    case.ok("public", with(register(), "category", json!(city::MANHOLE)));
    case.after_minutes(60 * 24 * 3);
    for event in case.tick() {
        if let Event::ClockExpired { told, .. } = event {
            assert_eq!(told, [city::person("dispatcher")]);
        }
    }
}

#[test]
fn three_days_are_granted_by_the_squad_leader_and_more_by_the_agencys() {
    for (hours, right, wrong) in [(72, "captain-a", "leader"), (73, "leader", "captain-a")] {
        let mut case = Case::on_site();
        let due = case.due(TermKey::Handle);
        case.ok(
            "officer-a1",
            json!({ "command": "ask", "what": "extension", "hours": hours, "note": "待工具" }),
        );
        assert_eq!(case.due(TermKey::Handle), due, "asking changes nothing");
        for who in [wrong, "captain-b", "officer-a1", "dispatcher"] {
            let refusal = case.refused(who, json!({ "command": "approve", "granted": true }));
            assert_eq!(refusal.kind, RefusalKind::Forbidden, "{who} {hours}");
        }
        case.ok(right, json!({ "command": "approve", "granted": true }));
        let calendars = case.directory.law.calendars();
        let clock = &case.file().clocks.get(TermKey::Handle).unwrap().running.clock;
        assert!(clock.due > due);
        let before = clock.standard.amount;
        let added = clock.budget_us - i64::from(before) * 3_600_000_000;
        assert_eq!(added, i64::from(hours) * 3_600_000_000, "exactly the hours granted, in working time");
        assert!(clock.remaining_us(calendars, case.now).unwrap() > 0);
    }
}

#[test]
fn refused_extensions_have_grounds_and_change_nothing() {
    let mut case = Case::on_site();
    let due = case.due(TermKey::Handle);
    case.ok("officer-a1", json!({ "command": "ask", "what": "extension", "hours": 8, "note": "待工具" }));
    assert_eq!(
        case.refused(
            "officer-a1",
            json!({ "command": "ask", "what": "suspension", "hours": 8, "note": "再问" })
        )
        .code,
        "pending"
    );
    assert_eq!(
        case.refused("captain-a", json!({ "command": "approve", "granted": false })).field,
        Some("note")
    );
    case.ok("captain-a", json!({ "command": "approve", "granted": false, "note": "不必" }));
    assert_eq!((case.due(TermKey::Handle), case.file().pending.clone()), (due, None));
    assert_eq!(
        case.refused("captain-a", json!({ "command": "approve", "granted": true })).code,
        "nothing-pending"
    );
    for hours in [0, 24 * 366 + 1] {
        let asked = json!({ "command": "ask", "what": "extension", "hours": hours, "note": "…" });
        assert_eq!(case.refused("officer-a1", asked).field, Some("hours"));
    }
    assert_eq!(
        case.refused("officer-a1", json!({ "command": "ask", "what": "extension", "hours": 1, "note": "" }))
            .field,
        Some("note")
    );
}

#[test]
fn nobody_approves_his_own_request() {
    let mut case = Case::on_site();
    // A squad leader who is also the officer of the matter.
    let mut both = (*case.directory.people[&city::person("officer-a1")]).clone();
    both.posts[0].roles.push(lianzhi_ids::Role::SquadLeader);
    case.directory.people.insert(both.code.clone(), Arc::new(both));
    case.ok("officer-a1", json!({ "command": "ask", "what": "extension", "hours": 2, "note": "待工具" }));
    assert_eq!(
        case.refused("officer-a1", json!({ "command": "approve", "granted": true })).code,
        "own-request"
    );
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
}

#[test]
fn an_extended_clock_warns_of_what_is_still_to_come_and_repeats_nothing() {
    let mut case = Case::on_site();
    let half = case.file().clocks.get(TermKey::Handle).unwrap().running.clock.warnings[0].at;
    case.now = half;
    assert!(warned(&case.tick()).contains(&(TermKey::Handle, 50)));
    // One more hour of four: half of it lies behind still to come, so it is warned of again, once.
    case.ok("officer-a1", json!({ "command": "ask", "what": "extension", "hours": 1, "note": "待工具" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    assert!(warned(&case.tick()).iter().all(|(term, _)| *term != TermKey::Handle));
    case.now = case.due(TermKey::Handle) - SignedDuration::from_secs(1);
    let percents: Vec<_> = warned(&case.tick()).into_iter().filter(|(t, _)| *t == TermKey::Handle).collect();
    assert_eq!(percents, [(TermKey::Handle, 50), (TermKey::Handle, 80)]);

    // Extended when most of it was gone, by little: what was warned of stays so.
    let mut case = Case::on_site();
    case.now = case.file().clocks.get(TermKey::Handle).unwrap().running.clock.warnings[1].at
        + SignedDuration::from_mins(40);
    case.tick();
    case.ok("officer-a1", json!({ "command": "ask", "what": "extension", "hours": 1, "note": "待工具" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    let again: Vec<_> = case
        .tick()
        .into_iter()
        .filter(|e| matches!(e, Event::ClockWarned { term: TermKey::Handle, percent: 50, .. }))
        .collect();
    assert!(again.is_empty(), "{again:?}");
}

fn suspended() -> Case {
    let mut case = Case::on_site();
    case.ok("officer-a1", json!({ "command": "ask", "what": "suspension", "hours": 48, "note": "等待施工" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    assert_eq!(case.stage(), "suspended");
    case
}

#[test]
fn what_rests_keeps_exactly_the_time_it_had_left() {
    let mut case = suspended();
    let calendars = case.directory.law.calendars().clone();
    let left = |case: &Case, term| {
        case.file().clocks.get(term).unwrap().running.clock.remaining_us(&calendars, case.now).unwrap()
    };
    let before = (left(&case, TermKey::Handle), left(&case, TermKey::Answer));
    case.after_minutes(60 * 47);
    assert!(case.tick().is_empty(), "what rests neither warns nor runs out");
    case.refused("officer-a1", handle("cleared"));
    case.ok("officer-a1", json!({ "command": "resume" }));
    assert_eq!((left(&case, TermKey::Handle), left(&case, TermKey::Answer)), before);
    assert_eq!((case.stage(), case.officer()), ("working", Some("officer-a1")));
    case.refused("officer-a1", json!({ "command": "resume" }));
}

#[test]
fn when_its_date_comes_people_are_told_once() {
    let mut case = suspended();
    case.after_minutes(60 * 48);
    assert_eq!(types(&case.tick()), ["review_due"]);
    case.after_minutes(60 * 48);
    // What the law owes the reporter runs on while the matter rests.
    let law = |e: &Event| matches!(e, Event::ClockWarned { term: TermKey::Feedback, .. });
    assert!(case.tick().iter().all(law));
    // The squad leader may end it too.
    case.ok("captain-a", json!({ "command": "resume" }));
}

#[test]
fn a_category_chosen_while_it_rests_starts_a_clock_that_rests_too() {
    let mut case = Case::new();
    let mut plain = register();
    plain.as_object_mut().unwrap().remove("category");
    case.ok("public", plain);
    case.ok("officer-a1", json!({ "command": "accept" }));
    case.ok("officer-a1", json!({ "command": "ask", "what": "suspension", "hours": 48, "note": "等待施工" }));
    case.ok("captain-a", json!({ "command": "approve", "granted": true }));
    case.after_minutes(60 * 24);
    case.ok("officer-a1", json!({ "command": "classify", "category": city::STALL }));
    assert!(case.file().clocks.get(TermKey::Handle).unwrap().running.clock.paused_since().is_some());
    case.ok("officer-a1", json!({ "command": "resume" }));
    assert!(case.file().clocks.get(TermKey::Handle).unwrap().running.clock.paused_since().is_none());
    assert!(!case.file().clocks.get(TermKey::Handle).unwrap().running.clock.is_late(case.now));
}

/// The built-in law data with the holidays of 2027 as they might be announced.
fn with_2027() -> Arc<LawData> {
    let mut files = LawFiles::builtin();
    files.put(
        "calendar/holidays-2027.tsv",
        "# 来源：测试\n# 日期：2026-12-20\n# 许可：测试\n# covers\t2027\t测试〔2026〕1号\ndate\tkind\tname\n2027-01-01\toff\t元旦\n2027-01-04\toff\t元旦\n",
    );
    Arc::new(LawData::load(&files).unwrap())
}

#[test]
fn beyond_the_last_official_schedule_a_term_is_provisional_and_says_so_and_is_computed_anew_in_the_record() {
    let mut case = Case::new();
    // Thursday, the last afternoon of the year: the four working hours reach into 2027.
    case.now = lianzhi_testkit::at("2026-12-31T08:00:00Z");
    case.ok("public", register());
    let clock = case.file().clocks.get(TermKey::Handle).unwrap().running.clock.clone();
    assert_eq!(clock.provisional_year, Some(2027));
    assert!(clock.arithmetic.contains("暂"), "{}", clock.arithmetic);
    assert!(lianzhi_procedure::report::Report::summary(&case.state).provisional);
    assert!(case.ok("system", json!({ "command": "recompute" })).is_empty(), "nothing changed yet");

    case.directory.law = with_2027();
    let events = case.ok("system", json!({ "command": "recompute" }));
    assert_eq!(types(&events), ["clock_changed"; 2], "handling, and telling the reporter");
    let anew = &case.file().clocks.get(TermKey::Handle).unwrap().running.clock;
    assert_eq!(anew.provisional_year, None);
    assert!(anew.due > clock.due, "Monday is a holiday after all");
    assert!(!lianzhi_procedure::report::Report::summary(&case.state).provisional);
    assert!(case.ok("system", json!({ "command": "recompute" })).is_empty(), "once is enough");
    case.refused("admin", json!({ "command": "recompute" }));
}

#[test]
fn another_standard_counts_the_time_used_so_far() {
    let mut case = Case::reported();
    case.after_minutes(30);
    let mut files = LawFiles::builtin();
    let service = files.iter().find(|(name, _)| *name == "terms/service.toml").unwrap().1.to_owned();
    let later = service.replacen(
        "code = \"service.arrive\"\ntitle = \"到场时限\"\namount = 2",
        "code = \"service.arrive\"\ntitle = \"到场时限\"\namount = 3",
        1,
    );
    assert_ne!(service, later);
    files.put("terms/service.toml", &later);
    case.directory.law = Arc::new(LawData::load(&files).unwrap());
    assert_eq!(types(&case.ok("system", json!({ "command": "recompute" }))), ["clock_changed"]);
    assert_eq!(case.due(TermKey::Arrive).duration_since(case.now).as_mins(), 150);
}

#[test]
fn back_from_a_department_the_arrival_clock_goes_on_with_what_was_left() {
    let mut case = Case::reported();
    case.after_minutes(45);
    case.ok("dispatcher", json!({ "command": "dispatch", "unit": "water" }));
    assert_eq!(case.stage(), "outside");
    case.after_minutes(60 * 24);
    case.tick();
    assert!(!case.runs(TermKey::Arrive));
    case.ok("dispatcher", json!({ "command": "dispatch", "officer": "officer-a2" }));
    assert_eq!(case.due(TermKey::Arrive).duration_since(case.now).as_mins(), 75);
    // Late when it left is late when it comes back, and that is said once.
    let mut case = Case::reported();
    case.after_minutes(121);
    assert!(expired(&case.tick()).contains(&TermKey::Arrive));
    case.ok("dispatcher", json!({ "command": "dispatch", "unit": "water" }));
    case.after_minutes(60);
    case.ok("dispatcher", json!({ "command": "dispatch", "unit": "squad-a" }));
    assert!(!expired(&case.tick()).contains(&TermKey::Arrive));
    assert!(case.file().clocks.get(TermKey::Arrive).unwrap().expired);
}

#[test]
fn what_has_no_handling_term_cannot_be_extended() {
    let mut case = Case::new();
    let mut plain = register();
    plain.as_object_mut().unwrap().remove("category");
    case.ok("public", plain);
    case.ok("officer-a1", json!({ "command": "accept" }));
    let ask = |what: &str| json!({ "command": "ask", "what": what, "hours": 8, "note": "等待" });
    assert_eq!(case.refused("officer-a1", ask("extension")).code, "no-term");
    let offers = case.offers("officer-a1");
    let offer = offers.iter().find(|o| o.command == "ask").unwrap();
    assert!(offer.refused.is_none() && !serde_json::to_string(&offer.fields).unwrap().contains("extension"));
    case.ok("officer-a1", ask("suspension"));
}

#[test]
fn when_to_tell_the_squad_leader_is_data_too() {
    let mut files = LawFiles::builtin();
    let service = files.iter().find(|(name, _)| *name == "terms/service.toml").unwrap().1.to_owned();
    let sooner = service.replacen(
        "title = \"超时未受理改派\"\namount = 10",
        "title = \"超时未受理改派\"\namount = 4",
        1,
    );
    assert_ne!(service, sooner);
    files.put("terms/service.toml", &sooner);
    let mut case = Case::new();
    case.directory.law = Arc::new(LawData::load(&files).unwrap());
    case.ok("public", register());
    case.after_minutes(3);
    assert!(case.tick().is_empty());
    case.after_minutes(1);
    assert_eq!(types(&case.tick()), ["nudged"]);
}

/// 上海市城市管理行政执法条例 26(2): what somebody reports is checked and he is told within five working days.
#[test]
fn 举报告知_who_reports_in_shanghai_is_told_within_five_working_days() {
    let mut case = Case::reported();
    // Reported on Monday 23 November: Tuesday to Friday and Monday, to the end of the day.
    assert_eq!(case.due(TermKey::Feedback), lianzhi_testkit::at("2026-11-30T16:00:00Z"));
    let clock = &case.file().clocks.get(TermKey::Feedback).unwrap().running.clock;
    assert!(clock.standard.source.contains("第26条第2款"), "{}", clock.standard.source);
    assert!(!clock.arithmetic.is_empty(), "it explains itself");
    case.now = lianzhi_testkit::at("2026-11-30T15:59:00Z");
    assert!(!expired(&case.tick()).contains(&TermKey::Feedback));
    case.now = lianzhi_testkit::at("2026-11-30T16:00:00Z");
    assert!(expired(&case.tick()).contains(&TermKey::Feedback), "recorded, and people are told");
    case.ok("dispatcher", json!({ "command": "answer", "text": "已经核查，正在处置", "channel": "phone" }));
    assert!(!case.runs(TermKey::Feedback));
    // Who cannot be told anything is owed nothing.
    let mut case = Case::new();
    case.look_ups.follow = None;
    let mut report = register();
    report.as_object_mut().unwrap().remove("contact");
    case.ok("officer-a1", with(report, "source", json!("officer")));
    assert!(!case.runs(TermKey::Feedback));
}

/// 上海市拆除违法建筑若干规定 7: on site at an unlawful structure within 24 hours of the report.
#[test]
fn 违法建筑到场_somebody_is_at_an_unlawful_structure_within_twenty_four_hours() {
    const BUILT: &str = "E06001";
    let built = |mut case: Case| {
        let mut category = case.directory.categories.values().next().unwrap().clone();
        category.code = lianzhi_ids::CategoryCode::parse(BUILT).unwrap();
        case.directory.categories.insert(category.code.clone(), category);
        case
    };
    let mut case = built(Case::new());
    case.ok("public", with(register(), "category", json!(BUILT)));
    assert_eq!(case.due(TermKey::OnSite), case.now + SignedDuration::from_hours(24));
    case.after_minutes(24 * 60 - 1);
    assert!(!expired(&case.tick()).contains(&TermKey::OnSite));
    case.after_minutes(1);
    assert!(expired(&case.tick()).contains(&TermKey::OnSite));

    // What turns out to be one counts from the report; what turns out to be none is owed no visit.
    let mut case = built(Case::reported());
    let reported = case.now;
    assert!(!case.runs(TermKey::OnSite));
    case.after_minutes(90);
    case.ok("dispatcher", json!({ "command": "classify", "category": BUILT }));
    assert_eq!(case.due(TermKey::OnSite), reported + SignedDuration::from_hours(24));
    case.ok("dispatcher", json!({ "command": "classify", "category": "E09005" }));
    assert!(!case.runs(TermKey::OnSite));
    case.ok("dispatcher", json!({ "command": "classify", "category": BUILT }));
    let officer = case.officer().unwrap().to_owned();
    case.ok(&officer, json!({ "command": "accept" }));
    case.ok(&officer, json!({ "command": "arrive" }));
    assert!(!case.runs(TermKey::OnSite), "somebody was there");
}
