//! The computation of a term in words, so that anybody can check it with a calendar in hand.

use crate::beijing::{
    DAY_US, HOUR_US, MINUTE_US, date_of, is_weekend, midnight, next_day, time_of_day, weekday_name,
};
use crate::calendar::Calendars;
use crate::holidays::DayKind;
use crate::running::{Longer, Plan, Running};
use crate::standard::Unit;
use jiff::civil::Date;
use std::fmt::Write as _;

/// Days or runs of days off that are named one by one; more are only numbered.
const NAMED_MAX: usize = 6;

/// Describes the term: start, measure, extensions, pauses, days counted and left out, end.
pub(crate) fn describe(term: &Running, plan: &Plan<'_>, end: i64) -> String {
    let from = term.from.as_microsecond();
    let mut text = String::with_capacity(160);
    let by_days = term.standard.unit.counted_us().is_none();
    // What is to be done on the day itself counts no days.
    if by_days && term.standard.amount == 0 && term.due.as_microsecond() == end {
        return format!("须在 {}当日办完，不往后计；至 {}", day(date_of(from)), closing(end, by_days));
    }
    text.push_str(&if by_days {
        format!("{}起（当日不计）", day(date_of(from)))
    } else {
        format!("{}起", moment(from))
    });
    let title = plan.counter.version(date_of(from)).map_or_else(
        || {
            if by_days { String::new() } else { "连续计时 ".to_owned() }
        },
        |calendar| format!("按{}（{}）计 ", calendar.title, calendar.hours()),
    );
    let _ = write!(text, "，{title}{}", term.standard.measure());
    for extension in &term.extensions {
        let much = match extension.longer {
            Longer::By { amount, unit } => format!("{amount} {}", unit.title()),
            Longer::Counted { us } => duration(us),
        };
        let _ = write!(text, "，延长 {much}");
        if !extension.why.is_empty() {
            let _ = write!(text, "（{}）", extension.why);
        }
    }
    for change in &term.changes {
        let at = moment(change.at.as_microsecond());
        let _ = write!(text, "；{at}前为{}（{}），已用时间计入", change.title, change.measure);
    }
    for pause in &term.pauses {
        let at = moment(pause.at.as_microsecond());
        let _ = match pause.resumed {
            Some(resumed) => write!(text, "；{at}至 {}暂停", moment(resumed.as_microsecond())),
            None => write!(text, "；{at}起暂停，余 {}", duration((term.budget_us - term.used_us).max(0))),
        };
    }
    days(&mut text, term, plan, end);
    let due = term.due.as_microsecond();
    if due == end {
        let _ = write!(text, "；至 {}", closing(due, by_days));
    } else {
        let _ = write!(text, "；末日 {}逢休息日，顺延至 {}", day(date_of(end - 1)), closing(due, by_days));
    }
    if let Some(year) = term.provisional_year {
        let _ = write!(text, "（{year} 年节假日安排尚未载入，暂按周末和法定节日推算）");
    }
    text
}

/// Adds what was counted on which days, and which days were left out.
fn days(text: &mut String, term: &Running, plan: &Plan<'_>, end: i64) {
    if plan.counter.is_always() {
        return;
    }
    let end = if term.paused_since().is_some_and(|since| since.as_microsecond() < end) {
        term.paused_since().map_or(end, |since| since.as_microsecond())
    } else {
        end
    };
    let (mut counted, mut skipped): (Vec<(Date, i64)>, Vec<Skipped>) = (Vec::new(), Vec::new());
    let mut date = date_of(plan.anchor);
    while midnight(date) < end {
        let us: i64 = term
            .segments()
            .flat_map(|(start, stop)| plan.counter.stretches(date, start.max(plan.anchor), stop.min(end)))
            .map(|stretch| stretch.to - stretch.from)
            .sum();
        if us > 0 {
            counted.push((date, us));
        } else if plan.counter.spans(date).0.is_empty() {
            Skipped::add(&mut skipped, date, reason(plan.counter.calendars, date));
        }
        let next = next_day(date);
        if next == date {
            break;
        }
        date = next;
    }
    let calendars = plan.counter.calendars;
    if counted.len() > NAMED_MAX {
        let _ = write!(text, "：共 {} 个计时日", counted.len());
    } else if !counted.is_empty() {
        let whole = term.standard.unit == Unit::WorkingDays;
        let list: Vec<String> = counted
            .iter()
            .map(|(date, us)| {
                let full = plan.counter.version(*date).is_some_and(|calendar| calendar.day_us() == *us);
                let made_up = matches!(calendars.day(*date).kind, DayKind::MakeUp(_))
                    && plan.counter.version(*date).is_some_and(|c| c.days == crate::calendar::Days::Workdays);
                let note = if made_up { "（调休上班）" } else { "" };
                let much = if whole && full { String::new() } else { format!(" {}", duration(*us)) };
                format!("{}{note}{much}", short(*date))
            })
            .collect();
        let _ = write!(text, "：{}", list.join("，"));
    }
    text.push_str(&left_out(&skipped));
}

/// The days that were not counted: `；10-01至10-07国庆节、10-11周末不计`; nothing where there are none.
pub(crate) fn left_out(skipped: &[Skipped]) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let list: Vec<String> = skipped.iter().take(NAMED_MAX).map(Skipped::text).collect();
    let more = if skipped.len() > NAMED_MAX { "等" } else { "" };
    format!("；{}{more}不计", list.join("、"))
}

/// A run of days off.
pub(crate) struct Skipped {
    first: Date,
    last: Date,
    reasons: Vec<String>,
}

impl Skipped {
    fn add(list: &mut Vec<Skipped>, date: Date, reason: String) {
        match list.last_mut().filter(|run| next_day(run.last) == date) {
            Some(run) => {
                run.last = date;
                if !run.reasons.contains(&reason) {
                    run.reasons.push(reason);
                }
            }
            None => list.push(Skipped { first: date, last: date, reasons: vec![reason] }),
        }
    }

    /// The same for a walk backwards.
    pub(crate) fn add_before(list: &mut Vec<Skipped>, date: Date, reason: String) {
        match list.last_mut().filter(|run| next_day(date) == run.first) {
            Some(run) => {
                run.first = date;
                if !run.reasons.contains(&reason) {
                    run.reasons.push(reason);
                }
            }
            None => list.push(Skipped { first: date, last: date, reasons: vec![reason] }),
        }
    }

    fn text(&self) -> String {
        let why = self.reasons.join("、");
        if self.first == self.last {
            format!("{}{why}", short(self.first))
        } else {
            format!("{}至{}{why}", short(self.first), short(self.last))
        }
    }
}

/// Why a day is off.
pub(crate) fn reason(calendars: &Calendars, date: Date) -> String {
    match calendars.day(date).kind {
        DayKind::Holiday(name) => name.to_string(),
        _ if is_weekend(date) => "周末".to_owned(),
        _ => String::new(),
    }
}

/// `10-08`.
pub(crate) fn short(date: Date) -> String {
    format!("{:02}-{:02}", date.month(), date.day())
}

/// `2026-10-08 周四`.
pub(crate) fn day(date: Date) -> String {
    format!("{date} {}", weekday_name(date))
}

/// `2026-11-22 周日 14:05`, with seconds only where there are any.
fn moment(us: i64) -> String {
    let (date, tod) = (date_of(us), time_of_day(us));
    let seconds = tod % MINUTE_US / 1_000_000;
    let mut text = format!("{} {:02}:{:02}", day(date), tod / HOUR_US, tod % HOUR_US / MINUTE_US);
    if seconds != 0 {
        let _ = write!(text, ":{seconds:02}");
    }
    text.push(' ');
    text
}

/// The end of a term: a midnight that ends a day is 24:00 of that day.
pub(crate) fn closing(us: i64, by_days: bool) -> String {
    if by_days && time_of_day(us) == 0 {
        return format!("{} 24:00", day(date_of(us - DAY_US)));
    }
    moment(us).trim_end().to_owned()
}

/// A counted time in words, exact to the second: `3 小时 20 分`, `50 秒`.
pub(crate) fn duration(us: i64) -> String {
    let (hours, minutes, seconds) = (us / HOUR_US, us % HOUR_US / MINUTE_US, us % MINUTE_US / 1_000_000);
    let parts: Vec<String> = [(hours, "小时"), (minutes, "分"), (seconds, "秒")]
        .iter()
        .filter(|(n, _)| *n != 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    if parts.is_empty() { "0 分".to_owned() } else { parts.join(" ") }
}
