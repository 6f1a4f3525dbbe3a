//! Which days are worked.

use crate::*;

#[test]
fn days_follow_the_official_schedule() {
    #[rustfmt::skip]
    let table = [
        ("2026-09-30", true, None),
        ("2026-10-01", false, Some("国庆节")),
        ("2026-10-03", false, None), // a Saturday within the holiday
        ("2026-10-07", false, Some("国庆节")),
        ("2026-10-08", true, None),
        ("2026-10-10", true, Some("国庆节")), // make-up Saturday
        ("2026-09-20", true, Some("国庆节")), // make-up Sunday
        ("2026-10-11", false, None),
        ("2026-02-14", true, Some("春节")),
        ("2026-02-23", false, Some("春节")),
        ("2026-04-06", false, Some("清明节")),
        ("2024-02-29", true, None),
    ];
    for (text, working, name) in table {
        let day = LAW.calendars().day(text.parse().unwrap());
        assert_eq!((day.working(), day.provisional), (working, false), "{text}");
        let found = match day.kind {
            DayKind::Holiday(name) | DayKind::MakeUp(name) => Some(name),
            DayKind::Workday | DayKind::Weekend => None,
        };
        assert_eq!(found.as_deref(), name, "{text}");
    }
}

#[test]
fn beyond_the_schedule_days_are_provisional() {
    #[rustfmt::skip]
    let table = [
        ("2027-01-01", false),
        ("2027-01-04", true),
        ("2027-02-05", false), // New Year's Eve
        ("2027-02-08", false), // third day of the lunar year
        ("2027-02-09", true),  // bridging days are not guessed
        ("2027-04-05", false),
        ("2027-06-09", false),
        ("2027-10-04", true),
        ("2028-02-29", true),
    ];
    for (text, working) in table {
        let day = LAW.calendars().day(text.parse().unwrap());
        assert_eq!((day.working(), day.provisional), (working, true), "{text}");
    }
}

#[test]
fn the_administrator_is_told_before_the_schedule_is_missed() {
    let calendars = LAW.calendars();
    assert_eq!(calendars.schedule_notice(date(2026, 10, 31)), None);
    let notice = calendars.schedule_notice(date(2026, 11, 1)).unwrap();
    assert_eq!((notice.year, notice.urgent), (2027, false));
    assert!(notice.text.contains("2027 年"));
    let notice = calendars.schedule_notice(date(2027, 1, 1)).unwrap();
    assert_eq!((notice.year, notice.urgent), (2027, true));
}

#[test]
fn shifts_are_open_from_seven_to_ten_every_day() {
    let open = |code: &str, text: &str| LAW.calendars().is_open(code, at(text));
    assert_eq!(open("shift2", "2026-10-03 07:00"), Some(true));
    assert_eq!(open("shift2", "2026-10-03 22:00"), Some(false));
    assert_eq!(open("workday", "2026-10-10 12:00"), Some(false));
    assert_eq!(open("workday", "2026-10-10 13:00"), Some(true));
    assert_eq!(open("7x24", "2026-10-03 03:00"), Some(true));
    assert_eq!(open("nights", "2026-10-03 03:00"), None);
}
