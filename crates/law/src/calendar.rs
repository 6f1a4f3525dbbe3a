//! Working calendars: when the time of a term is counted, and the two sums made on them.

use crate::beijing::{DAY_US, MINUTE_US, date_of, midnight, next_day, time_of_day};
use crate::holidays::{Day, HolidaySchedule, LunarTable};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A walk over days ends here whatever happens: longer than the longest term on the shortest calendar.
const WALK_DAYS_MAX: u32 = 60 * 366;

/// On which days a calendar runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// On workdays, make-up workdays included.
    Workdays,
    /// Every day.
    All,
}

/// Working time within one day, in microseconds since its midnight: `from_us` included, `to_us` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Begin.
    pub from_us: i64,
    /// End, at most 24 h.
    pub to_us: i64,
}

/// One version of a working calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Code, e.g. `workday`.
    pub code: Arc<str>,
    /// Title on screen.
    pub title: Arc<str>,
    /// The days on which it runs.
    pub days: Days,
    /// Working times of such a day, ascending, not overlapping.
    pub spans: Vec<Span>,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
    /// Where it comes from.
    pub source: Arc<str>,
}

impl Calendar {
    /// Whether it never stops.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.days == Days::All && self.spans == [Span { from_us: 0, to_us: DAY_US }]
    }

    /// Working time of one working day.
    #[must_use]
    pub fn day_us(&self) -> i64 {
        self.spans.iter().map(|span| span.to_us - span.from_us).sum()
    }

    /// Its hours in words: `08:30—11:30、13:00—17:00`.
    #[must_use]
    pub fn hours(&self) -> String {
        let clock = |us: i64| format!("{:02}:{:02}", us / (60 * MINUTE_US), us / MINUTE_US % 60);
        let spans: Vec<String> =
            self.spans.iter().map(|span| format!("{}—{}", clock(span.from_us), clock(span.to_us))).collect();
        spans.join("、")
    }
}

/// The holiday schedule that will soon be missing, for the administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleNotice {
    /// The year whose schedule is not loaded.
    pub year: i16,
    /// Whether terms are already affected for sure (the year has begun).
    pub urgent: bool,
    /// What to do, in Chinese.
    pub text: String,
}

/// All working calendars and the days they rest on.
#[derive(Debug, Clone)]
pub struct Calendars {
    pub(crate) holidays: HolidaySchedule,
    pub(crate) lunar: LunarTable,
    /// Code -> versions, ascending, without gaps, the last one open-ended. Checked where they are read.
    pub(crate) by_code: BTreeMap<Arc<str>, Vec<Calendar>>,
    pub(crate) digest: Digest,
}

impl Calendars {
    /// What a day is and whether that is official.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        self.holidays.day(date, &self.lunar)
    }

    /// The statutory holiday on a date, on a weekend too; what a notice puts around it (调休) is no such day.
    #[must_use]
    pub fn statutory_holiday(&self, date: Date) -> Option<&'static str> {
        crate::holidays::statutory_holiday(date, &self.lunar)
    }

    /// The loaded official schedules.
    #[must_use]
    pub fn holidays(&self) -> &HolidaySchedule {
        &self.holidays
    }

    /// Digest of the texts of all calendar files.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Every version of every calendar.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.by_code.values().flatten()
    }

    /// The version of a calendar in force on a date; before the first version, the first.
    #[must_use]
    pub fn get(&self, code: &str, date: Date) -> Option<&Calendar> {
        self.by_code.get(code).and_then(|versions| version_at(versions, date))
    }

    /// Whether a calendar runs at an instant. Dispatch asks this for shifts.
    #[must_use]
    pub fn is_open(&self, code: &str, at: Timestamp) -> Option<bool> {
        let (counter, us) = (self.counter(code)?, at.as_microsecond());
        let tod = time_of_day(us);
        Some(counter.spans(date_of(us)).0.iter().any(|span| (span.from_us..span.to_us).contains(&tod)))
    }

    /// Counted time between two instants on a calendar, in microseconds; zero when `to` is not after `from`.
    #[must_use]
    pub fn counted_us(&self, code: &str, from: Timestamp, to: Timestamp) -> Option<i64> {
        Some(self.counter(code)?.run(from.as_microsecond(), to.as_microsecond(), i64::MAX).counted)
    }

    /// Whom to remind, and of what: the schedule of this year is missing, or it is November or later and that of
    /// the next year is (the State Council publishes it in autumn).
    #[must_use]
    pub fn schedule_notice(&self, today: Date) -> Option<ScheduleNotice> {
        let (year, urgent) = match today.year() {
            this if !self.holidays.covers(this) => (this, true),
            this if today.month() >= 11 && !self.holidays.covers(this + 1) => (this + 1, false),
            _ => return None,
        };
        let text = format!(
            "{year} 年节假日安排尚未载入，涉及该年的工作日时限均为暂定。国务院办公厅公布后，请导入 {year} 年放假安排，在办时限将自动重算。"
        );
        Some(ScheduleNotice { year, urgent, text })
    }

    pub(crate) fn counter(&self, code: &str) -> Option<Counter<'_>> {
        let versions = self.by_code.get(code)?;
        let always = versions.iter().all(Calendar::is_always);
        Some(Counter { calendars: self, versions: if always { &[] } else { versions } })
    }

    pub(crate) fn always(&self) -> Counter<'_> {
        Counter { calendars: self, versions: &[] }
    }
}

fn version_at(versions: &[Calendar], date: Date) -> Option<&Calendar> {
    versions.iter().rev().find(|version| version.in_force_from <= date).or(versions.first())
}

/// A stretch of counted time on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub from: i64,
    pub to: i64,
}

/// What counting from one instant towards another found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// Time counted, at most what was needed.
    pub counted: i64,
    /// The first instant at which all that was needed had been counted.
    pub reached: Option<i64>,
    /// First year without an official schedule among the days looked at.
    pub provisional_year: Option<i16>,
}

/// One calendar ready for sums. Without versions it never stops.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counter<'a> {
    pub calendars: &'a Calendars,
    versions: &'a [Calendar],
}

const WHOLE_DAY: &[Span] = &[Span { from_us: 0, to_us: DAY_US }];

impl<'a> Counter<'a> {
    pub fn is_always(&self) -> bool {
        self.versions.is_empty()
    }

    /// The working time of a date, and whether that is provisional.
    pub fn spans(&self, date: Date) -> (&'a [Span], bool) {
        let Some(version) = version_at(self.versions, date) else {
            return (WHOLE_DAY, false);
        };
        match version.days {
            Days::All => (&version.spans, false),
            Days::Workdays => match self.calendars.holidays.worked(date, &self.calendars.lunar) {
                (true, provisional) => (&version.spans, provisional),
                (false, provisional) => (&[], provisional),
            },
        }
    }

    /// The counted stretches of one date within `[from, to)`.
    pub fn stretches(&self, date: Date, from: i64, to: i64) -> impl Iterator<Item = Stretch> + use<'a> {
        let day = midnight(date);
        self.spans(date).0.iter().filter_map(move |span| {
            let stretch = Stretch {
                from: (day.saturating_add(span.from_us)).max(from),
                to: day.saturating_add(span.to_us).min(to),
            };
            (stretch.from < stretch.to).then_some(stretch)
        })
    }

    /// Counts from `from` until `until` is met or `need` microseconds (more than none) have been counted.
    pub fn run(&self, from: i64, until: i64, need: i64) -> Run {
        let mut run = Run { counted: 0, reached: None, provisional_year: None };
        if self.is_always() {
            run.counted = until.saturating_sub(from).clamp(0, need);
            run.reached = (run.counted == need).then_some(from.saturating_add(need));
            return run;
        }
        let mut date = date_of(from);
        for _ in 0..WALK_DAYS_MAX {
            if midnight(date) >= until || from >= until {
                break;
            }
            if self.spans(date).1 {
                run.provisional_year = run.provisional_year.or(Some(date.year()));
            }
            for stretch in self.stretches(date, from, until) {
                let left = need - run.counted;
                if left <= stretch.to - stretch.from {
                    return Run { counted: need, reached: Some(stretch.from + left), ..run };
                }
                run.counted += stretch.to - stretch.from;
            }
            date = next_day(date);
        }
        run
    }

    /// Counted time of the first `days` days with any, from the beginning of `date` on.
    pub fn first_days(&self, mut date: Date, days: u32) -> i64 {
        let (mut found, mut sum) = (0, 0);
        for _ in 0..WALK_DAYS_MAX {
            if found == days {
                break;
            }
            let day: i64 = self.spans(date).0.iter().map(|span| span.to_us - span.from_us).sum();
            if day > 0 {
                found += 1;
                sum += day;
            }
            date = next_day(date);
        }
        sum
    }

    /// The version in force on a date; none for a calendar that never stops.
    pub fn version(&self, date: Date) -> Option<&'a Calendar> {
        version_at(self.versions, date)
    }
}
