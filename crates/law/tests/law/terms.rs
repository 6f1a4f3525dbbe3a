//! When terms end, and what moves their end.

use crate::*;

/// (amount, unit, calendar, from, due, provisional)
#[rustfmt::skip]
const TERMS: &[(u32, Unit, &str, &str, &str, bool)] = &[
    // Service standards run through the night, weekends and holidays.
    (20, Unit::Minutes, "7x24", "2026-10-01 23:50", "2026-10-02 00:10:00", false),
    (2, Unit::Hours, "7x24", "2026-12-31 23:00", "2027-01-01 01:00:00", false),
    (24, Unit::Hours, "7x24", "2026-11-21 09:00", "2026-11-22 09:00:00", false),
    // Lunch break, evening, weekend.
    (4, Unit::WorkingHours, "workday", "2026-11-23 10:00", "2026-11-23 15:30:00", false),
    (3, Unit::WorkingHours, "workday", "2026-11-23 08:30", "2026-11-23 11:30:00", false),
    (4, Unit::WorkingHours, "workday", "2026-11-23 12:10", "2026-11-23 17:00:00", false),
    (4, Unit::WorkingHours, "workday", "2026-11-20 16:00", "2026-11-23 11:30:00", false),
    (4, Unit::WorkingHours, "workday", "2026-11-22 14:05", "2026-11-23 14:00:00", false),
    (4, Unit::WorkingHours, "workday", "2026-11-23 17:00", "2026-11-24 14:00:00", false),
    // Shifts work at weekends, not at night.
    (2, Unit::Hours, "shift2", "2026-11-21 21:00", "2026-11-22 08:00:00", false),
    // National Day 2026: off from 1 to 7 October, the 10th is a make-up workday.
    (8, Unit::WorkingHours, "workday", "2026-09-30 16:00", "2026-10-08 17:00:00", false),
    (1, Unit::WorkingDays, "workday", "2026-09-30 10:00", "2026-10-08 17:00:00", false),
    (3, Unit::WorkingDays, "workday", "2026-09-30 10:00", "2026-10-10 17:00:00", false),
    (4, Unit::WorkingDays, "workday", "2026-09-30 10:00", "2026-10-12 17:00:00", false),
    // The starting day is not counted, whatever the hour and whatever the day.
    (1, Unit::WorkingDays, "workday", "2026-11-23 00:00", "2026-11-24 17:00:00", false),
    (1, Unit::WorkingDays, "workday", "2026-11-23 23:59", "2026-11-24 17:00:00", false),
    (1, Unit::WorkingDays, "workday", "2026-11-21 10:00", "2026-11-23 17:00:00", false),
    (5, Unit::WorkingDays, "workday", "2026-11-23 10:00", "2026-11-30 17:00:00", false),
    // Spring Festival 2026 with make-up workdays on 14 and 28 February.
    (2, Unit::WorkingDays, "workday", "2026-02-13 10:00", "2026-02-24 17:00:00", false),
    // Into the year without a schedule.
    (5, Unit::WorkingDays, "workday", "2026-12-28 10:00", "2027-01-05 17:00:00", true),
    (3, Unit::WorkingDays, "workday", "2026-12-28 10:00", "2026-12-31 17:00:00", false),
    (2, Unit::WorkingHours, "workday", "2026-12-31 16:00", "2027-01-04 09:30:00", true),
    (15, Unit::CalendarDays, "", "2026-12-28 10:00", "2027-01-13 00:00:00", false),
    // Days of the calendar end at 24:00 of the last day; leap years.
    (1, Unit::CalendarDays, "", "2028-02-28 10:00", "2028-03-01 00:00:00", false),
    (1, Unit::CalendarDays, "", "2027-02-28 10:00", "2027-03-02 00:00:00", false),
    (90, Unit::CalendarDays, "", "2026-11-23 10:00", "2027-02-22 00:00:00", false),
    // Months end on the corresponding day, or the last of the month.
    (1, Unit::Months, "", "2028-01-31 10:00", "2028-03-01 00:00:00", false),
    (1, Unit::Months, "", "2026-01-31 10:00", "2026-03-01 00:00:00", false),
    (6, Unit::Months, "", "2026-11-23 10:00", "2027-05-24 00:00:00", false),
    (12, Unit::Months, "", "2028-02-29 10:00", "2029-03-01 00:00:00", false),
];

#[test]
fn terms_end_when_the_rules_say() {
    for (amount, unit, calendar, from, due, provisional) in TERMS {
        let term = start(&standard(*amount, *unit, calendar), from);
        assert_eq!(show(term.due), *due, "{amount} {unit:?} from {from}: {}", term.arithmetic);
        assert_eq!(term.is_provisional(), *provisional, "{amount} {unit:?} from {from}");
    }
}

#[test]
fn a_last_day_off_rolls_over_only_where_the_standard_says_so() {
    let mut rule = standard(7, Unit::CalendarDays, "");
    let plain = start(&rule, "2026-09-25 10:00"); // seventh day: 2 October
    assert_eq!(show(plain.due), "2026-10-03 00:00:00");
    rule.rolls_over = true;
    let rolled = start(&rule, "2026-09-25 10:00");
    assert_eq!(show(rolled.due), "2026-10-09 00:00:00", "ends with 8 October");
    assert!(rolled.arithmetic.contains("顺延"), "{}", rolled.arithmetic);
    assert_eq!(show(start(&rule, "2026-11-23 10:00").due), "2026-12-01 00:00:00", "a Monday stays");
    let beyond = start(&rule, "2026-12-25 10:00"); // 1 January 2027
    assert_eq!((show(beyond.due), beyond.provisional_year), ("2027-01-05 00:00:00".into(), Some(2027)));
}

#[test]
fn a_new_timetable_takes_effect_on_its_day() {
    let mut files = LawFiles::builtin();
    files.put(
        "calendar/calendars.toml",
        r#"
        about = { source = "t", date = "2026-01-01", licence = "t" }
        [[calendar]]
        code = "7x24"
        title = "全天候"
        days = "all"
        spans = [["00:00", "24:00"]]
        in_force_from = "2000-01-01"
        source = "t"
        [[calendar]]
        code = "shift2"
        title = "班"
        days = "all"
        spans = [["07:00", "22:00"]]
        in_force_from = "2000-01-01"
        source = "t"
        [[calendar]]
        code = "workday"
        title = "冬令"
        days = "workdays"
        spans = [["08:30", "11:30"], ["13:00", "17:00"]]
        in_force_from = "2000-01-01"
        in_force_to = "2026-05-31"
        source = "t"
        [[calendar]]
        code = "workday"
        title = "夏令"
        days = "workdays"
        spans = [["08:30", "11:30"], ["14:00", "18:00"]]
        in_force_from = "2026-06-01"
        source = "t"
        "#,
    );
    let law = LawData::load(&files).unwrap();
    let due = |from: &str, amount, unit| {
        show(Running::start(&standard(amount, unit, "workday"), law.calendars(), at(from)).unwrap().due)
    };
    assert_eq!(due("2026-05-29 16:00", 5, Unit::WorkingHours), "2026-06-01 15:00:00");
    assert_eq!(due("2026-05-29 16:00", 1, Unit::WorkingDays), "2026-06-01 18:00:00");
    assert_ne!(law.digest(), LAW.digest());
}

#[test]
fn warnings_are_at_half_and_four_fifths_of_counted_time() {
    let term = start(&standard(4, Unit::WorkingHours, "workday"), "2026-11-20 16:00");
    let alarms: Vec<(u16, String)> =
        term.alarms().iter().map(|Alarm { percent, at }| (*percent, show(*at))).collect();
    let expected = [
        (50, "2026-11-23 09:30:00".to_owned()),
        (80, "2026-11-23 10:42:00".to_owned()),
        (100, "2026-11-23 11:30:00".to_owned()),
    ];
    assert_eq!(alarms, expected);
    assert_eq!(term.milestone(LAW.calendars(), 50).unwrap().map(show).unwrap(), "2026-11-23 09:30:00");
    assert_eq!(term.milestone(LAW.calendars(), 150).unwrap().map(show).unwrap(), "2026-11-23 15:00:00");
    assert_eq!(term.state(at("2026-11-23 09:29:59")), State::Running { warned: 0 });
    assert_eq!(term.state(at("2026-11-23 09:30")), State::Running { warned: 50 });
    assert_eq!(term.state(at("2026-11-23 11:29:59")), State::Running { warned: 80 });
    assert_eq!(term.state(at("2026-11-23 11:30")), State::Late);
}

#[test]
fn a_pause_moves_the_end_by_exactly_the_counted_time_that_it_took() {
    let calendars = LAW.calendars();
    let term = start(&standard(4, Unit::WorkingHours, "workday"), "2026-11-23 08:30");
    // (pause, resume, due)
    #[rustfmt::skip]
    let table = [
        ("2026-11-23 09:30", "2026-11-23 10:00", "2026-11-23 14:30:00"),
        ("2026-11-23 12:00", "2026-11-23 12:30", "2026-11-23 14:00:00"), // at lunch: costs nothing
        ("2026-11-23 11:00", "2026-11-23 13:00", "2026-11-23 14:30:00"),
        ("2026-11-23 09:30", "2026-11-28 20:00", "2026-11-30 11:30:00"), // resumed on a Saturday night
    ];
    for (pause, resume, due) in table {
        let paused = term.pause(calendars, at(pause)).unwrap();
        assert_eq!(paused.state(at(resume)), State::Paused { since: at(pause) });
        assert_eq!(paused.due_at(), None);
        assert!(paused.alarms().iter().all(|alarm| alarm.at <= at(pause)), "nothing fires while paused");
        let resumed = paused.resume(calendars, at(resume)).unwrap();
        assert_eq!(show(resumed.due), due, "{}", resumed.arithmetic);
    }
    let used = term.pause(calendars, at("2026-11-23 11:00")).unwrap().used_us;
    assert_eq!(used, 9_000_000_000, "two and a half hours");
    let late = term.pause(calendars, at("2026-11-24 09:00")).unwrap();
    assert_eq!(late.state(at("2026-11-24 10:00")), State::Late, "a pause does not undo lateness");
    assert_eq!(late.due, term.due);
}

#[test]
fn a_machine_clock_that_jumps_neither_loses_nor_gains() {
    let calendars = LAW.calendars();
    let term = start(&standard(2, Unit::Hours, "7x24"), "2026-11-23 10:00");
    assert_eq!(term.elapsed_us(calendars, at("2026-11-23 09:00")).unwrap(), 0);
    assert_eq!(term.remaining_us(calendars, at("2026-11-20 09:00")).unwrap(), term.budget_us);
    assert_eq!(term.state(at("2026-11-20 09:00")), State::Running { warned: 0 });
    let early = term.pause(calendars, at("2026-11-23 09:00")).unwrap();
    assert_eq!(
        (early.pauses[0].at, early.used_us),
        (term.from, 0),
        "paused before it began: at its beginning"
    );
    let back = early.resume(calendars, at("2026-11-23 08:00")).unwrap();
    assert_eq!(back, term, "resumed before it was paused: never paused");
}

#[test]
fn an_extension_adds_exactly_in_the_terms_own_measure() {
    let calendars = LAW.calendars();
    let hours = start(&standard(4, Unit::WorkingHours, "workday"), "2026-11-23 08:30");
    let longer = hours.extend(calendars, 90, Unit::Minutes, "队长批准").unwrap();
    assert_eq!(show(longer.due), "2026-11-23 15:30:00");
    assert!(longer.arithmetic.contains("延长 90 分钟（队长批准）"), "{}", longer.arithmetic);
    let days = start(&standard(5, Unit::WorkingDays, "workday"), "2026-11-23 10:00");
    let longer = days.extend(calendars, 10, Unit::WorkingDays, "").unwrap();
    assert_eq!(longer.due, start(&standard(15, Unit::WorkingDays, "workday"), "2026-11-23 10:00").due);
    assert_eq!(
        days.extend(calendars, 4, Unit::Hours, "").unwrap_err(),
        TermError::OtherMeasure { term: Unit::WorkingDays, asked: Unit::Hours }
    );
    assert_eq!(days.extend(calendars, 0, Unit::WorkingDays, ""), Err(TermError::Zero));
    assert_eq!(days.extend(calendars, 4000, Unit::WorkingDays, ""), Err(TermError::TooLong));
    let until = hours.extend_until(calendars, at("2026-11-25 10:00"), "").unwrap();
    assert_eq!(show(until.due), "2026-11-25 10:00:00");
    let night = hours.extend_until(calendars, at("2026-11-25 20:00"), "").unwrap();
    assert_eq!(show(night.due), "2026-11-25 17:00:00");
    assert_eq!(hours.extend_until(calendars, at("2026-11-23 10:00"), ""), Err(TermError::NotLater));
    let paused = hours.pause(calendars, at("2026-11-23 09:00")).unwrap();
    assert_eq!(paused.extend_until(calendars, at("2026-11-25 10:00"), ""), Err(TermError::Paused));
}

#[test]
fn a_changed_standard_counts_the_time_used_so_far() {
    let calendars = LAW.calendars();
    let four = standard(4, Unit::WorkingHours, "workday");
    let eight = standard(8, Unit::WorkingHours, "workday");
    let changed =
        start(&four, "2026-11-23 08:30").restandard(calendars, &eight, at("2026-11-23 10:30")).unwrap();
    assert_eq!(show(changed.due), "2026-11-24 09:30:00");
    assert!(changed.arithmetic.contains("4 工作时"), "{}", changed.arithmetic);
    let back = changed.restandard(calendars, &four, at("2026-11-23 10:40")).unwrap();
    assert_eq!(back.due, start(&four, "2026-11-23 08:30").due);
    // An extension by a working day is worth its seven hours under a standard in hours.
    let days = start(&standard(1, Unit::WorkingDays, "workday"), "2026-11-23 10:00");
    let longer = days.extend(calendars, 1, Unit::WorkingDays, "").unwrap();
    let hours = longer.restandard(calendars, &four, at("2026-11-23 11:00")).unwrap();
    assert_eq!(hours.extensions[0].longer, Longer::Counted { us: 7 * 3_600_000_000 });
    assert_eq!(hours.budget_us, 11 * 3_600_000_000);
}

#[test]
fn a_loaded_schedule_turns_provisional_terms_into_certain_ones() {
    let mut files = LawFiles::builtin();
    files.put("calendar/holidays-2027.tsv", SCHEDULE_2027);
    let law = LawData::load(&files).unwrap();
    let term = start(&standard(5, Unit::WorkingDays, "workday"), "2026-12-28 10:00");
    assert_eq!((show(term.due), term.provisional_year), ("2027-01-05 17:00:00".into(), Some(2027)));
    assert!(term.arithmetic.contains("2027 年节假日安排尚未载入"), "{}", term.arithmetic);
    let certain = term.recompute(law.calendars()).unwrap();
    assert_eq!((show(certain.due), certain.provisional_year), ("2027-01-06 17:00:00".into(), None));
    assert_eq!(certain.calendar_digest, law.calendars().digest());
    assert_ne!(certain.calendar_digest, term.calendar_digest);
    // Time used on a day that turns out to be off is given back.
    let hours = start(&standard(4, Unit::WorkingHours, "workday"), "2027-01-04 08:30");
    let paused = hours.pause(LAW.calendars(), at("2027-01-04 10:30")).unwrap();
    assert_eq!(paused.used_us, 2 * 3_600_000_000);
    assert_eq!(paused.recompute(law.calendars()).unwrap().used_us, 0);
}

#[test]
fn a_calendar_that_is_gone_is_an_error_and_not_a_panic() {
    let error = Running::start(&standard(1, Unit::Hours, "nights"), LAW.calendars(), at("2026-11-23 10:00"));
    assert_eq!(error, Err(TermError::UnknownCalendar("nights".into())));
    let mut term = start(&standard(1, Unit::Hours, "7x24"), "2026-11-23 10:00");
    term.standard.calendar = Some(Arc::from("nights"));
    assert_eq!(explain(&term, LAW.calendars(), at("2026-11-23 10:30")).remaining, "剩 30 分");
}

#[test]
fn hours_granted_are_exactly_so_much_counted_time_whatever_the_term_is_measured_in() {
    const HOUR_US: i64 = 3_600_000_000;
    for (amount, unit, calendar) in [
        (4, Unit::WorkingHours, "workday"),
        (2, Unit::Hours, "7x24"),
        (30, Unit::Minutes, "7x24"),
        (3, Unit::WorkingDays, "workday"),
        (5, Unit::CalendarDays, ""),
        (1, Unit::Months, ""),
    ] {
        // Through a week with its weekend: the end may fall on any day and any hour.
        for day in 16..23 {
            let term = start(&standard(amount, unit, calendar), &format!("2026-11-{day} 16:30"));
            for hours in [1, 8, 24] {
                let longer = term.extend_hours(LAW.calendars(), hours, "批准延期").unwrap();
                assert_eq!(
                    longer.budget_us - term.budget_us,
                    i64::from(hours) * HOUR_US,
                    "{unit:?} {day} {hours}"
                );
                assert!(longer.due > term.due);
            }
        }
    }
    let term = start(&standard(3, Unit::WorkingDays, "workday"), "2026-11-16 16:30");
    assert!(matches!(term.extend_hours(LAW.calendars(), 0, "…"), Err(TermError::Zero)));
}
