//! A running term: facts that the record keeps, and what follows from them on given calendars.
//!
//! The facts are the standard, the start, the pauses, the extensions and the standards it had before. All else
//! (due date, warnings, arithmetic) is derived anew from the facts at every step, so that nothing can drift:
//! pausing and resuming any number of times, in any hour, neither loses nor gains a microsecond of counted time,
//! and recomputing on unchanged calendars changes nothing.
//!
//! Counting begins at the start for terms in minutes and hours, and at the midnight after it for terms in days
//! and months (开始的当日不计入). The budget of a term in working days is the working time of those days; that of
//! days and months is whole days of 24 h. Ends are exclusive: at the due instant itself the term is late, so
//! "24:00" of a day is stored as 00:00 of the next.

use crate::arithmetic;
use crate::beijing::{DAY_US, date_of, instant, midnight, next_day};
use crate::calendar::{Calendars, Counter};
use crate::error::TermError;
use crate::standard::{Standard, Stricter, Unit};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Pauses, extensions and changes of one clock together: far beyond what any file has seen.
const STEPS_MAX: usize = 256;

/// A time during which the clock stood still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it was stopped.
    pub at: Timestamp,
    /// When it went on; `None` while it is still paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Timestamp>,
}

/// By how much a term was made longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Longer {
    /// By an amount in a unit that fits the term's.
    By {
        /// How many.
        amount: u32,
        /// Of what.
        unit: Unit,
    },
    /// By an exact time on the term's calendar, in microseconds: an extension to a given instant, or one granted
    /// under an earlier standard measured in another unit.
    Counted {
        /// Microseconds of counted time.
        us: i64,
    },
}

/// An extension and its ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// How much.
    pub longer: Longer,
    /// The ground in a few words; part of the record, so no personal particulars.
    pub why: Arc<str>,
}

/// A standard that the clock ran under before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it was changed.
    pub at: Timestamp,
    /// Code of the earlier standard.
    pub code: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Its measure in words.
    pub measure: Arc<str>,
}

/// An instant to act at: a warning (percent below 100) or the end (100).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Percent of the budget used by then.
    pub percent: u16,
    /// When.
    pub at: Timestamp,
}

/// Where a clock stands at some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Running, with the highest warning passed (0: none).
    Running {
        /// Percent.
        warned: u16,
    },
    /// Standing still, with time left.
    Paused {
        /// Since when.
        since: Timestamp,
    },
    /// At or beyond its end.
    Late,
}

/// A running term. Stored whole in the event that starts or moves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The standard, as it was in force.
    pub standard: Standard,
    /// Where the term begins.
    pub from: Timestamp,
    /// Pauses, ascending; only the last may be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Extensions in the order granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// Standards it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,

    /// Derived: the end. While paused with time left: the end if it went on at the instant of the pause.
    pub due: Timestamp,
    /// Derived: the end by the agency's own stricter measure, where it set one ([`Standard::own`]). Nothing follows from it in law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_due: Option<Timestamp>,
    /// Derived: counted time of the whole term, extensions included, in microseconds.
    pub budget_us: i64,
    /// Derived: counted time used before the last pause; zero when never paused.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub used_us: i64,
    /// Derived: the warnings whose instants are fixed (while paused, those before the pause). With a stricter measure of the agency
    /// they are those of that measure, its own end being the one of 100 percent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Alarm>,
    /// Derived: the first year that the computation needed and whose official schedule was not loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisional_year: Option<i16>,
    /// Derived: the computation in words, for people.
    pub arithmetic: String,
    /// Derived: digest of the calendars it was computed on.
    pub calendar_digest: Digest,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(us: &i64) -> bool {
    *us == 0
}

/// A term resolved on calendars.
pub(crate) struct Plan<'a> {
    pub counter: Counter<'a>,
    /// Where counting may begin.
    pub anchor: i64,
    pub budget: i64,
}

/// Where a part of the budget is used up.
struct Reach {
    at: i64,
    /// Paused before it was reached; `at` supposes that the clock went on at once.
    pending: bool,
    provisional_year: Option<i16>,
}

impl Running {
    /// Starts a term.
    ///
    /// # Errors
    /// [`TermError::UnknownCalendar`], [`TermError::TooLong`].
    pub fn start(standard: &Standard, calendars: &Calendars, from: Timestamp) -> Result<Running, TermError> {
        let from = instant(from.as_microsecond());
        Running {
            standard: standard.clone(),
            from,
            pauses: Vec::new(),
            extensions: Vec::new(),
            changes: Vec::new(),
            due: from,
            own_due: None,
            budget_us: 0,
            used_us: 0,
            warnings: Vec::new(),
            provisional_year: None,
            arithmetic: String::new(),
            calendar_digest: calendars.digest(),
        }
        .derive(calendars)
    }

    /// Stops the clock. An instant before the start or before the last resumption counts as that one; a paused
    /// clock stays as it is.
    ///
    /// # Errors
    /// As [`Self::start`], and [`TermError::TooManySteps`].
    pub fn pause(&self, calendars: &Calendars, at: Timestamp) -> Result<Running, TermError> {
        let mut next = self.clone();
        if self.paused_since().is_none() {
            let earliest = self.pauses.last().and_then(|pause| pause.resumed).unwrap_or(self.from);
            next.pauses.push(Pause { at: instant(at.as_microsecond()).max(earliest), resumed: None });
        }
        next.derive(calendars)
    }

    /// Lets a paused clock go on with exactly the time it had left. An instant before the pause counts as the
    /// pause's; a running clock stays as it is.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn resume(&self, calendars: &Calendars, at: Timestamp) -> Result<Running, TermError> {
        let mut next = self.clone();
        if let Some(since) = self.paused_since() {
            let resumed = instant(at.as_microsecond()).max(since);
            next.pauses.pop();
            if resumed > since {
                next.pauses.push(Pause { at: since, resumed: Some(resumed) });
            }
        }
        next.derive(calendars)
    }

    /// Adds exactly `amount` of `unit` to the term, paused or not, late or not.
    ///
    /// # Errors
    /// [`TermError::Zero`], [`TermError::OtherMeasure`], [`TermError::TooLong`], [`TermError::TooManySteps`].
    pub fn extend(
        &self,
        calendars: &Calendars,
        amount: u32,
        unit: Unit,
        why: &str,
    ) -> Result<Running, TermError> {
        if amount == 0 {
            return Err(TermError::Zero);
        }
        if !unit.fits(self.standard.unit) {
            return Err(TermError::OtherMeasure { term: self.standard.unit, asked: unit });
        }
        self.lengthen(calendars, Longer::By { amount, unit }, why)
    }

    /// Adds hours of counted time on the term's own calendar, whatever the term is measured in.
    ///
    /// # Errors
    /// As [`Self::extend`].
    pub fn extend_hours(&self, calendars: &Calendars, hours: u32, why: &str) -> Result<Running, TermError> {
        let unit = match self.standard.unit {
            Unit::WorkingHours => Unit::WorkingHours,
            _ => Unit::Hours,
        };
        if unit.fits(self.standard.unit) {
            return self.extend(calendars, hours, unit, why);
        }
        if hours == 0 {
            return Err(TermError::Zero);
        }
        let us = i64::from(hours).saturating_mul(crate::beijing::HOUR_US);
        self.lengthen(calendars, Longer::Counted { us }, why)
    }

    /// Extends the term to an instant: adds the time that its calendar counts until then. Where the calendar does
    /// not run at that instant, the term ends when it last ran before.
    ///
    /// # Errors
    /// [`TermError::Paused`], [`TermError::NotLater`], and as [`Self::extend`].
    pub fn extend_until(
        &self,
        calendars: &Calendars,
        until: Timestamp,
        why: &str,
    ) -> Result<Running, TermError> {
        let plan = self.plan(calendars)?;
        let end = self.reach(&plan, plan.budget);
        if end.pending {
            return Err(TermError::Paused);
        }
        let us = self.running_time(&plan, end.at, until.as_microsecond());
        if us == 0 || until <= self.due {
            return Err(TermError::NotLater);
        }
        self.lengthen(calendars, Longer::Counted { us }, why)
    }

    fn lengthen(&self, calendars: &Calendars, longer: Longer, why: &str) -> Result<Running, TermError> {
        let mut next = self.clone();
        next.extensions.push(Extension { longer, why: Arc::from(why) });
        next.derive(calendars)
    }

    /// Puts the clock under another standard, as if it had been the standard from the start: time used so far
    /// counts, pauses and extensions stay. An extension in a unit that does not fit the new standard stays as the
    /// counted time it was worth.
    ///
    /// # Errors
    /// As [`Self::pause`].
    pub fn restandard(
        &self,
        calendars: &Calendars,
        standard: &Standard,
        at: Timestamp,
    ) -> Result<Running, TermError> {
        let mut next = self.clone();
        for n in 0..self.extensions.len() {
            if let Longer::By { unit, .. } = self.extensions[n].longer
                && !unit.fits(standard.unit)
            {
                let with = self.budget(calendars, &self.extensions[..=n])?.budget;
                let without = self.budget(calendars, &self.extensions[..n])?.budget;
                next.extensions[n].longer = Longer::Counted { us: with - without };
            }
        }
        next.changes.push(Change {
            at: instant(at.as_microsecond()),
            code: self.standard.code.clone(),
            title: self.standard.title.clone(),
            measure: Arc::from(self.standard.measure()),
        });
        next.standard = standard.clone();
        next.derive(calendars)
    }

    /// Computes the term again on other calendars, e.g. when the official schedule of a year has been loaded.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn recompute(&self, calendars: &Calendars) -> Result<Running, TermError> {
        self.clone().derive(calendars)
    }

    /// The instant at which `percent` of the budget is used; beyond 100 on into lateness. `None` while paused
    /// before it.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn milestone(&self, calendars: &Calendars, percent: u16) -> Result<Option<Timestamp>, TermError> {
        let plan = self.plan(calendars)?;
        if percent == 100 {
            return Ok(self.due_at());
        }
        let reach = self.reach(&plan, share(plan.budget, percent));
        Ok((!reach.pending).then(|| instant(reach.at)))
    }

    /// Everything to act on: the warnings and the end, as far as their instants are fixed; ascending.
    #[must_use]
    pub fn alarms(&self) -> Vec<Alarm> {
        let mut alarms = self.warnings.clone();
        alarms.extend(self.due_at().map(|at| Alarm { percent: 100, at }));
        alarms
    }

    /// Since when the clock stands still.
    #[must_use]
    pub fn paused_since(&self) -> Option<Timestamp> {
        self.pauses.last().filter(|pause| pause.resumed.is_none()).map(|pause| pause.at)
    }

    /// The end, unless the clock stands still before it.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        (self.paused_since().is_none_or(|since| self.due <= since)).then_some(self.due)
    }

    /// By when the agency is to act: the end by its own stricter measure, else the end.
    #[must_use]
    pub fn act_by(&self) -> Timestamp {
        self.own_due.unwrap_or(self.due)
    }

    /// Whether it ends at another time than before, or is sure where it was not.
    #[must_use]
    pub fn moved_from(&self, before: &Running) -> bool {
        (self.due, self.own_due, self.provisional_year)
            != (before.due, before.own_due, before.provisional_year)
    }

    /// Whether the computation rests on a year without an official holiday schedule.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.provisional_year.is_some()
    }

    /// Where the clock stands.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        match (self.due_at(), self.paused_since()) {
            (Some(due), _) if now >= due => State::Late,
            (_, Some(since)) => State::Paused { since },
            _ => {
                let passed = self.warnings.iter().filter(|alarm| alarm.at <= now).map(|alarm| alarm.percent);
                State::Running { warned: passed.max().unwrap_or(0) }
            }
        }
    }

    /// Whether the term is over at an instant.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.state(now) == State::Late
    }

    /// Counted time used by an instant, in microseconds; never negative, beyond the budget when late.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn elapsed_us(&self, calendars: &Calendars, now: Timestamp) -> Result<i64, TermError> {
        let plan = self.plan(calendars)?;
        Ok(self.running_time(&plan, i64::MIN, now.as_microsecond()))
    }

    /// Counted time left, in microseconds; negative: counted time since the end.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn remaining_us(&self, calendars: &Calendars, now: Timestamp) -> Result<i64, TermError> {
        let plan = self.plan(calendars)?;
        let (now_us, due) = (now.as_microsecond(), self.due.as_microsecond());
        Ok(match self.state(now) {
            State::Late => -self.running_time(&plan, due, now_us),
            State::Paused { since } if now >= since => (self.budget_us - self.used_us).max(0),
            _ => plan.counter.run(now_us.max(plan.anchor), due, i64::MAX).counted,
        })
    }

    // ---- from facts to what follows ----

    fn derive(mut self, calendars: &Calendars) -> Result<Running, TermError> {
        if self.pauses.len() + self.extensions.len() + self.changes.len() > STEPS_MAX {
            return Err(TermError::TooManySteps(STEPS_MAX));
        }
        let plan = self.plan(calendars)?;
        let end = self.reach(&plan, plan.budget);
        let (due, rolled_year) = self.roll(calendars, end.at);
        let warnings = self.standard.warn.iter().filter_map(|percent| {
            let reach = self.reach(&plan, share(plan.budget, *percent));
            (!reach.pending).then(|| Alarm { percent: *percent, at: instant(reach.at) })
        });
        let warnings = warnings.collect();
        let used = match self.pauses.last() {
            Some(pause) => self.running_time(&plan, i64::MIN, pause.at.as_microsecond()),
            None => 0,
        };
        self.budget_us = plan.budget;
        self.used_us = used;
        self.due = instant(due);
        self.warnings = warnings;
        self.provisional_year = end.provisional_year.or(rolled_year);
        self.calendar_digest = calendars.digest();
        self.arithmetic = arithmetic::describe(&self, &plan, end.at);
        if let Some(own) = self.standard.own.clone() {
            self.stricter(&own, calendars)?;
        }
        Ok(self)
    }

    /// Adds the end by the agency's own measure, and puts the warnings there.
    fn stricter(&mut self, own: &Stricter, calendars: &Calendars) -> Result<(), TermError> {
        let mut by_own = self.clone();
        (by_own.standard.amount, by_own.standard.own) = (own.amount, None);
        let by_own = by_own.derive(calendars)?;
        self.own_due = Some(by_own.due);
        self.warnings = by_own.alarms();
        let by_days = self.standard.unit.counted_us().is_none();
        let end = arithmetic::closing(by_own.due.as_microsecond(), by_days);
        self.arithmetic = format!(
            "{}；本机关从严 {}（{}），至 {end}",
            self.arithmetic,
            by_own.standard.measure(),
            own.source
        );
        Ok(())
    }

    pub(crate) fn plan<'a>(&self, calendars: &'a Calendars) -> Result<Plan<'a>, TermError> {
        self.budget(calendars, &self.extensions)
    }

    /// Resolves the term with some of its extensions.
    fn budget<'a>(&self, calendars: &'a Calendars, extensions: &[Extension]) -> Result<Plan<'a>, TermError> {
        let Standard { unit, amount, calendar, .. } = &self.standard;
        let counter = match calendar {
            None => calendars.always(),
            Some(code) => {
                calendars.counter(code).ok_or_else(|| TermError::UnknownCalendar(code.to_string()))?
            }
        };
        let from = self.from.as_microsecond();
        let (mut amount, mut extra) = (*amount, 0_i64);
        for extension in extensions {
            match extension.longer {
                Longer::Counted { us } => extra = extra.saturating_add(us),
                Longer::By { amount: more, unit: theirs } => match theirs.counted_us() {
                    Some(each) => extra = extra.saturating_add(i64::from(more).saturating_mul(each)),
                    None => amount = amount.saturating_add(more),
                },
            }
        }
        if amount > unit.amount_max() || extra > i64::from(Unit::Hours.amount_max()) * crate::beijing::HOUR_US
        {
            return Err(TermError::TooLong);
        }
        let first = next_day(date_of(from));
        let (anchor, base) = match unit {
            Unit::Minutes | Unit::Hours | Unit::WorkingHours => {
                (from, i64::from(amount) * unit.counted_us().unwrap_or(0))
            }
            Unit::WorkingDays => (midnight(first), counter.first_days(first, amount)),
            Unit::CalendarDays => (midnight(first), i64::from(amount) * DAY_US),
            Unit::Months => {
                let last = months_later(date_of(from), amount);
                (midnight(first), midnight(next_day(last)) - midnight(first))
            }
        };
        Ok(Plan { counter, anchor, budget: base.saturating_add(extra) })
    }

    /// The stretches during which the clock ran, the last one open-ended unless paused.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (i64, i64)> {
        let starts = std::iter::once(Some(self.from)).chain(self.pauses.iter().map(|pause| pause.resumed));
        let ends = self.pauses.iter().map(|pause| pause.at.as_microsecond()).chain([i64::MAX]);
        starts.zip(ends).filter_map(|(start, end)| Some((start?.as_microsecond(), end)))
    }

    /// Counted time within `[from, to)` while the clock ran.
    fn running_time(&self, plan: &Plan<'_>, from: i64, to: i64) -> i64 {
        self.segments()
            .map(|(start, end)| {
                plan.counter.run(start.max(plan.anchor).max(from), end.min(to), i64::MAX).counted
            })
            .sum()
    }

    fn reach(&self, plan: &Plan<'_>, target: i64) -> Reach {
        let (mut left, mut year) = (target, None);
        for (start, end) in self.segments() {
            let run = plan.counter.run(start.max(plan.anchor), end, left);
            year = year.or(run.provisional_year);
            if let Some(at) = run.reached {
                return Reach { at, pending: false, provisional_year: year };
            }
            left -= run.counted;
        }
        let since = self.paused_since().unwrap_or(self.from).as_microsecond().max(plan.anchor);
        let run = plan.counter.run(since, i64::MAX, left);
        let at = run.reached.unwrap_or_else(|| Timestamp::MAX.as_microsecond());
        Reach { at, pending: self.paused_since().is_some(), provisional_year: year.or(run.provisional_year) }
    }

    /// The end moved to the end of the next workday, where the standard says so and the last day is a day off.
    fn roll(&self, calendars: &Calendars, end: i64) -> (i64, Option<i16>) {
        if !self.standard.rolls_over {
            return (end, None);
        }
        let (mut last, mut year) = (date_of(end - 1), None);
        // The longest run of days off is shorter than a month.
        for n in 0..31 {
            let day = calendars.day(last);
            if day.provisional {
                year = year.or(Some(last.year()));
            }
            if day.working() {
                return (if n == 0 { end } else { midnight(next_day(last)) }, year);
            }
            last = next_day(last);
        }
        (end, year)
    }
}

/// `percent` of a budget, rounded up, so that a warning is never early.
fn share(budget: i64, percent: u16) -> i64 {
    let share = (i128::from(budget) * i128::from(percent) + 99) / 100;
    i64::try_from(share).unwrap_or(i64::MAX).max(1)
}

fn months_later(date: Date, months: u32) -> Date {
    date.checked_add(jiff::Span::new().months(i64::from(months))).unwrap_or(Date::MAX)
}
