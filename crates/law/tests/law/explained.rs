//! What people read.

use crate::*;

#[test]
fn the_arithmetic_can_be_checked_by_hand() {
    let text = |amount, unit, calendar, from| start(&standard(amount, unit, calendar), from).arithmetic;
    assert_eq!(
        text(4, Unit::WorkingHours, "workday", "2026-11-20 16:00"),
        "2026-11-20 周五 16:00 起，按工作时间（08:30—11:30、13:00—17:00）计 4 工作时：11-20 1 小时，11-23 3 小时；\
         11-21至11-22周末不计；至 2026-11-23 周一 11:30"
    );
    assert_eq!(
        text(3, Unit::WorkingDays, "workday", "2026-09-30 10:00"),
        "2026-09-30 周三起（当日不计），按工作时间（08:30—11:30、13:00—17:00）计 3 个工作日：10-08，10-09，\
         10-10（调休上班）；10-01至10-07国庆节、周末不计；至 2026-10-10 周六 17:00"
    );
    assert_eq!(
        text(20, Unit::Minutes, "7x24", "2026-11-23 09:00"),
        "2026-11-23 周一 09:00 起，连续计时 20 分钟；至 2026-11-23 周一 09:20"
    );
    assert_eq!(
        text(15, Unit::CalendarDays, "", "2026-11-23 09:00"),
        "2026-11-23 周一起（当日不计），15 日；至 2026-12-08 周二 24:00"
    );
    assert_eq!(
        text(0, Unit::CalendarDays, "", "2026-11-23 09:00"),
        "须在 2026-11-23 周一当日办完，不往后计；至 2026-11-23 周一 24:00"
    );
}

#[test]
fn people_read_what_is_left() {
    let calendars = LAW.calendars();
    let accept = start(&standard(2, Unit::Hours, "7x24"), "2026-11-23 09:00");
    let hours = start(&standard(4, Unit::WorkingHours, "workday"), "2026-11-23 10:00");
    let days = start(&standard(5, Unit::WorkingDays, "workday"), "2026-11-23 10:00");
    let fifteen = start(&standard(15, Unit::CalendarDays, ""), "2026-11-23 10:00");
    let paused = hours.pause(calendars, at("2026-11-23 10:30")).unwrap();
    // (term, now, remaining, due, tone)
    #[rustfmt::skip]
    let table = [
        (&accept, "2026-11-23 09:12", "剩 1 小时 48 分", Some("今天 11:00"), Tone::Calm),
        (&accept, "2026-11-23 10:10", "剩 50 分", Some("今天 11:00"), Tone::Warned),
        (&accept, "2026-11-23 10:59:30", "剩不到 1 分", Some("今天 11:00"), Tone::Warned),
        (&accept, "2026-11-23 11:00", "已到期", Some("今天 11:00"), Tone::Late),
        (&accept, "2026-11-23 13:02", "超 2 小时 2 分", Some("今天 11:00"), Tone::Late),
        (&accept, "2026-11-26 14:00", "超 3 天 3 小时", Some("11-23 周一 11:00"), Tone::Late),
        (&hours, "2026-11-23 10:40", "剩工作时间 3 小时 20 分", Some("今天 15:30"), Tone::Calm),
        (&hours, "2026-11-24 09:00", "超工作时间 2 小时", Some("昨天 15:30"), Tone::Late),
        (&paused, "2026-11-24 09:00", "已暂停，余工作时间 3 小时 30 分", None, Tone::Paused),
        (&days, "2026-11-23 10:00", "剩 5 个工作日", Some("11-30 周一 17:00"), Tone::Calm),
        (&days, "2026-11-27 18:00", "剩 1 个工作日", Some("11-30 周一 17:00"), Tone::Warned),
        (&days, "2026-11-30 09:00", "剩工作时间 6 小时 30 分", Some("今天 17:00"), Tone::Warned),
        (&days, "2026-12-02 09:00", "超 2 个工作日", Some("11-30 周一 17:00"), Tone::Late),
        (&fifteen, "2026-11-23 10:00", "剩 15 天", Some("12-08 周二 24:00"), Tone::Calm),
        (&fifteen, "2026-12-08 20:00", "剩 4 小时", Some("今天 24:00"), Tone::Warned),
        (&fifteen, "2026-12-10 20:00", "超 2 天", Some("12-08 周二 24:00"), Tone::Late),
    ];
    for (term, now, remaining, due, tone) in table {
        let text = explain(term, calendars, at(now));
        assert_eq!((&*text.remaining, text.due.as_deref(), text.tone), (remaining, due, tone), "{now}");
    }
    // What has to be done on the day itself has the rest of that day, however little is counted.
    let today = start(&standard(0, Unit::CalendarDays, ""), "2026-11-23 10:00");
    let left = |now| explain(&today, calendars, at(now)).remaining;
    assert_eq!(
        (left("2026-11-23 18:03"), left("2026-11-23 23:30")),
        ("剩 5 小时 57 分".into(), "剩 30 分".into())
    );
    assert_eq!(due_text(at("2027-01-05 17:00"), at("2026-11-23 10:00")), "2027-01-05 周二 17:00");
    assert_eq!(duration_text(49 * 3_600_000_000), "2 天 1 小时");
}

#[test]
fn provisional_terms_and_unchecked_sources_say_so() {
    let contact = LAW.service_standard(Service::HotlineContact, date(2026, 12, 31));
    let term = Running::start(contact, LAW.calendars(), at("2026-12-31 10:00")).unwrap();
    let text = explain(&term, LAW.calendars(), at("2026-12-31 10:00"));
    assert_eq!(text.provisional.as_deref(), Some("暂按周末和法定节日推算，2027 年节假日安排公布后重算"));
    assert!(text.source.contains("未核对"), "{}", text.source);
}

#[test]
fn a_running_clock_survives_the_record() {
    let calendars = LAW.calendars();
    let term = start(&standard(5, Unit::WorkingDays, "workday"), "2026-12-28 10:00");
    let term = term.extend(calendars, 2, Unit::WorkingDays, "复杂").unwrap();
    let term = term.pause(calendars, at("2026-12-29 10:00:00.000001")).unwrap();
    let json = serde_json::to_string(&term).unwrap();
    assert_eq!(serde_json::from_str::<Running>(&json).unwrap(), term);
    // Golden: this text must be read for ever.
    let golden = include_str!("running.v1.json");
    assert_eq!(serde_json::from_str::<Running>(golden).unwrap().budget_us, 7_200_000_000);
}
