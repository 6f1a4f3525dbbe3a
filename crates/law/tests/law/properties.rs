//! What holds for any term: nothing is lost, nothing is gained.

use crate::*;

const UNITS: [(Unit, &str); 7] = [
    (Unit::Minutes, "7x24"),
    (Unit::Hours, "shift2"),
    (Unit::Hours, "workday"),
    (Unit::WorkingHours, "workday"),
    (Unit::WorkingDays, "workday"),
    (Unit::CalendarDays, ""),
    (Unit::Months, ""),
];

fn any_standard() -> impl Strategy<Value = Standard> {
    (0..UNITS.len(), 1_u32..40).prop_map(|(n, amount)| {
        let (unit, calendar) = UNITS[n];
        standard(if unit == Unit::Months { amount % 13 + 1 } else { amount }, unit, calendar)
    })
}

/// Any instant of 2024 to 2027, to the microsecond: holidays, nights and leap days included.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (at("2024-01-01 00:00").as_microsecond(), at("2027-12-31 00:00").as_microsecond());
    (first..last).prop_map(|us| Timestamp::from_microsecond(us).unwrap())
}

/// Lengths of running and pausing in turn, microseconds to weeks.
fn any_lengths() -> impl Strategy<Value = Vec<i64>> {
    let length = prop_oneof![0_i64..5, 0_i64..4_000_000_000, 0_i64..90_000_000_000, 0_i64..900_000_000_000];
    prop::collection::vec(length, 0..9)
}

fn later(t: Timestamp, us: i64) -> Timestamp {
    Timestamp::from_microsecond(t.as_microsecond() + us).unwrap()
}

/// The clock run and paused in turn; ends running.
fn stop_and_go(mut term: Running, lengths: &[i64]) -> Running {
    let mut now = term.from;
    for (n, us) in lengths.iter().enumerate() {
        now = later(now, *us);
        let step = if n % 2 == 0 { Running::pause } else { Running::resume };
        term = step(&term, LAW.calendars(), now).unwrap();
    }
    term.resume(LAW.calendars(), now).unwrap()
}

/// Counted time from the first day that counts to the end, while running, summed anew from the facts.
fn counted_until_due(term: &Running) -> i64 {
    let code = term.standard.calendar.as_deref().unwrap_or("7x24");
    let begin = match term.standard.unit {
        Unit::WorkingDays | Unit::CalendarDays | Unit::Months => {
            let day: Date = tz::offset(8).to_datetime(term.from).date().tomorrow().unwrap();
            tz::offset(8).to_timestamp(day.at(0, 0, 0, 0)).unwrap()
        }
        _ => term.from,
    };
    let mut sum = 0;
    let mut since = term.from;
    for pause in &term.pauses {
        sum += LAW.calendars().counted_us(code, since.max(begin), pause.at.min(term.due)).unwrap();
        since = pause.resumed.unwrap();
    }
    sum + LAW.calendars().counted_us(code, since.max(begin), term.due).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn however_it_is_paused_the_counted_segments_sum_to_the_budget(
        standard in any_standard(), from in any_instant(), lengths in any_lengths(),
    ) {
        let whole = Running::start(&standard, LAW.calendars(), from).unwrap();
        let term = stop_and_go(whole.clone(), &lengths);
        prop_assert_eq!(term.budget_us, whole.budget_us);
        prop_assert_eq!(counted_until_due(&term), whole.budget_us);
        prop_assert_eq!(term.elapsed_us(LAW.calendars(), term.due).unwrap(), whole.budget_us);
        prop_assert!(term.elapsed_us(LAW.calendars(), later(term.due, -1)).unwrap() < whole.budget_us);
    }

    #[test]
    fn used_and_left_are_the_budget_at_any_instant(
        standard in any_standard(), from in any_instant(), lengths in any_lengths(), now in any_instant(),
    ) {
        let term = stop_and_go(Running::start(&standard, LAW.calendars(), from).unwrap(), &lengths);
        // Before the last resumption the record of that time would have told; the present one tells from then on.
        let now = now.max(term.pauses.last().and_then(|pause| pause.resumed).unwrap_or(term.from));
        let used = term.elapsed_us(LAW.calendars(), now).unwrap();
        let left = term.remaining_us(LAW.calendars(), now).unwrap();
        prop_assert_eq!(used + left, term.budget_us);
        prop_assert_eq!(left <= 0, term.is_late(now) || left == 0);
        let paused = term.pause(LAW.calendars(), now).unwrap();
        prop_assert_eq!(paused.used_us, used);
    }

    #[test]
    fn recomputing_on_the_same_calendars_changes_nothing(
        standard in any_standard(), from in any_instant(), lengths in any_lengths(), paused in any::<bool>(),
    ) {
        let mut term = stop_and_go(Running::start(&standard, LAW.calendars(), from).unwrap(), &lengths);
        if paused {
            term = term.pause(LAW.calendars(), later(from, 7_000_000_000)).unwrap();
        }
        prop_assert_eq!(&term.recompute(LAW.calendars()).unwrap(), &term);
        let json = serde_json::to_string(&term).unwrap();
        prop_assert_eq!(serde_json::from_str::<Running>(&json).unwrap(), term);
    }

    #[test]
    fn an_extension_adds_its_counted_time_whenever_it_is_granted(
        standard in any_standard(), from in any_instant(), lengths in any_lengths(), more in 1_u32..30,
    ) {
        let term = Running::start(&standard, LAW.calendars(), from).unwrap();
        let (unit, cal) = (standard.unit, LAW.calendars());
        let first = stop_and_go(term.extend(cal, more, unit, "").unwrap(), &lengths);
        let after = stop_and_go(term.clone(), &lengths).extend(cal, more, unit, "").unwrap();
        prop_assert_eq!(&first, &after);
        let whole = Standard { amount: standard.amount + more, ..standard };
        prop_assert_eq!(first.budget_us, Running::start(&whole, cal, from).unwrap().budget_us);
        prop_assert_eq!(counted_until_due(&after), after.budget_us);
    }

    #[test]
    fn another_standard_and_back_is_as_if_nothing_had_been(
        one in any_standard(), two in any_standard(), from in any_instant(), lengths in any_lengths(),
    ) {
        let cal = LAW.calendars();
        let term = stop_and_go(Running::start(&one, cal, from).unwrap(), &lengths);
        let other = term.restandard(cal, &two, from).unwrap();
        prop_assert_eq!(other.due, stop_and_go(Running::start(&two, cal, from).unwrap(), &lengths).due);
        let back = other.restandard(cal, &one, from).unwrap();
        prop_assert_eq!((back.due, back.budget_us, back.warnings), (term.due, term.budget_us, term.warnings));
    }

    #[test]
    fn warnings_come_in_order_and_at_their_share(
        standard in any_standard(), from in any_instant(), lengths in any_lengths(), percent in 1_u16..100,
    ) {
        let cal = LAW.calendars();
        let term = stop_and_go(Running::start(&standard, cal, from).unwrap(), &lengths);
        let instant = term.milestone(cal, percent).unwrap().unwrap();
        let used = term.elapsed_us(cal, instant).unwrap();
        prop_assert_eq!(used, (term.budget_us * i64::from(percent) + 99) / 100);
        let alarms = term.alarms();
        prop_assert!(alarms.is_sorted_by_key(|alarm| alarm.at));
        prop_assert_eq!(alarms.iter().map(|alarm| alarm.percent).collect::<Vec<_>>(), vec![50, 80, 100]);
    }
}

proptest! {
    // Few cases: instants thousands of years apart make long walks.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_instant_and_no_operation_panics(
        standard in any_standard(), us in any::<[i64; 4]>(), unit in 0..6_usize, amount in any::<u32>(),
    ) {
        let cal = LAW.calendars();
        let [a, b, c, d] = us.map(|us| Timestamp::from_microsecond(us % 250_000_000_000_000_000).unwrap());
        let term = Running::start(&standard, cal, a).unwrap();
        let term = term.pause(cal, b).unwrap().resume(cal, c).unwrap();
        let _ = term.extend(cal, amount, Unit::ALL[unit], "x");
        let _ = term.extend_until(cal, d, "x");
        let _ = term.milestone(cal, 1000);
        prop_assert!(!explain(&term, cal, d).remaining.is_empty());
    }
}
