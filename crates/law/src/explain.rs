//! A running clock in plain Chinese.

use crate::beijing::{DAY_US, HOUR_US, MINUTE_US, date_of, next_day, time_of_day, weekday_name};
use crate::calendar::Calendars;
use crate::running::{Running, State};
use crate::standard::{Standing, Unit};
use jiff::Timestamp;
use jiff::civil::Date;

/// How urgent a clock is, for colour and order; the text says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Before the first warning.
    Calm,
    /// Past a warning.
    Warned,
    /// Beyond its end.
    Late,
    /// Standing still.
    Paused,
}

/// Everything that a page says about a running clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// 受理时限.
    pub title: String,
    /// 剩 1 小时 48 分 · 超 2 小时 2 分 · 剩 2 个工作日 · 已暂停，余 3 小时.
    pub remaining: String,
    /// 今天 11:00 · 11-25 周三 17:00; `None` while paused.
    pub due: Option<String>,
    /// The rule, and how far it may be relied on where that is not beyond doubt.
    pub source: String,
    /// 暂按…推算，… : to be shown wherever the term is.
    pub provisional: Option<String>,
    /// The computation.
    pub arithmetic: String,
    /// How urgent.
    pub tone: Tone,
}

/// Explains a clock as it stands at `now`.
///
/// Total: when the record's calendar is not in the law data any more, remaining time is that of the wall clock.
#[must_use]
pub fn explain(term: &Running, calendars: &Calendars, now: Timestamp) -> Explanation {
    let state = term.state(now);
    let left = term
        .remaining_us(calendars, now)
        .unwrap_or_else(|_| term.due.as_microsecond().saturating_sub(now.as_microsecond()));
    let remaining = match state {
        State::Paused { .. } => format!("已暂停，余{}", amount(term, left.max(0))),
        State::Late => late(term, calendars, now, left.saturating_neg()),
        State::Running { .. } => running(term, calendars, now, left),
    };
    let tone = match state {
        State::Late => Tone::Late,
        State::Paused { .. } => Tone::Paused,
        State::Running { warned: 0 } => Tone::Calm,
        State::Running { .. } => Tone::Warned,
    };
    let doubt = match term.standard.standing {
        standing @ (Standing::Unverified | Standing::Example)
            if !term.standard.source.contains(standing.title()) =>
        {
            format!("（{}）", standing.title())
        }
        _ => String::new(),
    };
    Explanation {
        title: term.standard.title.to_string(),
        remaining,
        due: term.due_at().map(|due| due_text(due, now)),
        source: format!("{}{doubt}", term.standard.source),
        provisional: term
            .provisional_year
            .map(|year| format!("暂按周末和法定节日推算，{year} 年节假日安排公布后重算")),
        arithmetic: term.arithmetic.clone(),
        tone,
    }
}

fn running(term: &Running, calendars: &Calendars, now: Timestamp, left: i64) -> String {
    let (today, last) = (date_of(now.as_microsecond()), date_of(term.due.as_microsecond() - 1));
    let days = match term.standard.unit {
        Unit::WorkingDays => workdays(calendars, today, last),
        Unit::CalendarDays | Unit::Months => days_between(today, last),
        Unit::Minutes | Unit::Hours | Unit::WorkingHours => 0,
    };
    match (days, term.standard.unit) {
        // A term of no days ends with its own day: nothing of it is counted, and the day is left.
        (0, Unit::CalendarDays | Unit::Months) => {
            let left = term.due.as_microsecond().saturating_sub(now.as_microsecond());
            format!("剩{}", amount(term, left))
        }
        (0, _) => format!("剩{}", amount(term, left)),
        (days, Unit::WorkingDays) => format!("剩 {days} 个工作日"),
        (days, _) => format!("剩 {days} 天"),
    }
}

fn late(term: &Running, calendars: &Calendars, now: Timestamp, over: i64) -> String {
    let (last, today) = (date_of(term.due.as_microsecond() - 1), date_of(now.as_microsecond()));
    match term.standard.unit {
        Unit::WorkingDays => match workdays(calendars, last, today) {
            0 if over < MINUTE_US => "已到期".to_owned(),
            0 => format!("超{}", amount(term, over)),
            days => format!("超 {days} 个工作日"),
        },
        Unit::CalendarDays | Unit::Months if days_between(last, today) > 1 => {
            format!("超 {} 天", days_between(last, today))
        }
        _ if over < MINUTE_US => "已到期".to_owned(),
        _ => format!("超{}", amount(term, over)),
    }
}

/// A length of the term's time. Working time is named as such, since the clock on the wall differs, and told in
/// hours, since its days are shorter.
fn amount(term: &Running, us: i64) -> String {
    match term.standard.unit {
        Unit::WorkingHours | Unit::WorkingDays => format!("工作时间 {}", hours_text(us)),
        _ if us < MINUTE_US => duration_text(us),
        _ => format!(" {}", duration_text(us)),
    }
}

/// Workdays after `from` up to and including `to`; more than ten years are not told apart.
fn workdays(calendars: &Calendars, from: Date, to: Date) -> usize {
    let mut date = from;
    let mut days = 0;
    for _ in 0..3660 {
        if date >= to {
            break;
        }
        date = next_day(date);
        days += usize::from(calendars.day(date).working());
    }
    days
}

fn days_between(from: Date, to: Date) -> usize {
    from.until(to).map_or(0, |span| usize::try_from(span.get_days()).unwrap_or(0))
}

/// A length of time for people, to the minute, rounded down: `48 分`, `1 小时 48 分`, `2 天 3 小时`, `不到 1 分`.
/// Days are told from 48 hours on.
#[must_use]
pub fn duration_text(us: i64) -> String {
    match (us / DAY_US, us / HOUR_US % 24) {
        (..=1, _) => hours_text(us),
        (days, 0) => format!("{days} 天"),
        (days, hours) => format!("{days} 天 {hours} 小时"),
    }
}

fn hours_text(us: i64) -> String {
    match (us / HOUR_US, us / MINUTE_US % 60) {
        (..=0, ..=0) => "不到 1 分".to_owned(),
        (..=0, minutes) => format!("{minutes} 分"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分"),
    }
}

/// A due instant as seen from `now`: `今天 11:00`, `明天 09:30`, `11-25 周三 17:00`, in other years
/// `2027-01-05 周二 17:00`. Midnight is 24:00 of the day that it ends.
#[must_use]
pub fn due_text(due: Timestamp, now: Timestamp) -> String {
    let us = due.as_microsecond();
    let tod = time_of_day(us);
    let (date, time) = if tod == 0 {
        (date_of(us - 1), "24:00".to_owned())
    } else {
        (date_of(us), format!("{:02}:{:02}", tod / HOUR_US, tod % HOUR_US / MINUTE_US))
    };
    let today = date_of(now.as_microsecond());
    let day = if date == today {
        "今天".to_owned()
    } else if date == next_day(today) {
        "明天".to_owned()
    } else if next_day(date) == today {
        "昨天".to_owned()
    } else if date.year() == today.year() {
        format!("{:02}-{:02} {}", date.month(), date.day(), weekday_name(date))
    } else {
        format!("{date} {}", weekday_name(date))
    };
    format!("{day} {time}")
}
