//! Clocks of a small matter: which terms are owed is a pure function of its state, and what stands in its events is the clock with
//! its arithmetic. Used by `spot` and `slip`.

use crate::Refusal;
use crate::penalty::law_side::no_term;
use jiff::Timestamp;
use lianzhi_law::{Calendars, Running, Standard};
use serde::{Deserialize, Serialize};

/// A term that is owed since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed<T> {
    /// Which.
    pub term: T,
    /// Since when.
    pub from: Timestamp,
}

/// A clock as stored in the event that starts or moves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock<T> {
    /// Which term.
    pub term: T,
    /// The clock with its source and arithmetic.
    pub running: Running,
}

/// A clock and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched<T> {
    /// Which term.
    pub term: T,
    /// The clock with its source and arithmetic.
    pub running: Running,
    /// The highest warning given, percent.
    pub warned: u16,
    /// It ran out.
    pub expired: bool,
    /// When it was met or fell away.
    pub stopped: Option<Timestamp>,
}

impl<T> Watched<T> {
    /// Whether the time to act is recorded as over: by the law, or by the agency's own stricter rule.
    pub(crate) fn overdue(&self) -> bool {
        self.expired || (self.running.own_due.is_some() && self.warned >= 100)
    }
}

/// What a clock says at a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said<T> {
    /// So many percent have passed.
    Warned(T, u16),
    /// It is over.
    Expired(T),
}

/// All clocks of a matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Clocks<T>(Vec<Watched<T>>);

impl<T> Default for Clocks<T> {
    fn default() -> Self {
        Clocks(Vec::new())
    }
}

impl<T: Copy + PartialEq> Clocks<T> {
    /// All that ever ran, in the order in which they began.
    pub fn iter(&self) -> impl Iterator<Item = &Watched<T>> {
        self.0.iter()
    }

    /// The clock of a term that still counts, run out or not.
    #[must_use]
    pub fn get(&self, term: T) -> Option<&Watched<T>> {
        self.0.iter().rev().find(|w| w.term == term && w.stopped.is_none())
    }

    /// The last clock of a term, whatever became of it.
    #[must_use]
    pub fn last(&self, term: T) -> Option<&Watched<T>> {
        self.0.iter().rev().find(|w| w.term == term)
    }

    /// When a clock next wants to be looked at.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let moments = |w: &Watched<T>| {
            let warnings = w.running.warnings.iter().filter(|a| a.percent > w.warned).map(|a| a.at);
            warnings.chain([w.running.due]).min()
        };
        self.counting().filter_map(moments).min()
    }

    fn counting(&self) -> impl Iterator<Item = &Watched<T>> {
        self.0.iter().filter(|w| w.stopped.is_none() && !w.expired)
    }

    pub(crate) fn start(&mut self, clock: &Clock<T>) {
        let running = clock.running.clone();
        self.0.push(Watched { term: clock.term, running, warned: 0, expired: false, stopped: None });
    }

    /// A clock anew after calendars changed.
    pub(crate) fn change(&mut self, clock: &Clock<T>) {
        if let Some(watched) = self.counts(clock.term) {
            watched.running = clock.running.clone();
        }
    }

    pub(crate) fn say(&mut self, said: Said<T>) {
        match said {
            Said::Warned(term, percent) => {
                if let Some(watched) = self.counts(term) {
                    watched.warned = percent;
                }
            }
            Said::Expired(term) => {
                if let Some(watched) = self.counts(term) {
                    watched.expired = true;
                }
            }
        }
    }

    fn counts(&mut self, term: T) -> Option<&mut Watched<T>> {
        self.0.iter_mut().rev().find(|w| w.term == term && w.stopped.is_none())
    }

    /// Clocks that are not owed any more stand still.
    pub(crate) fn settle(&mut self, owed: &[Owed<T>], at: Timestamp) {
        for watched in self.0.iter_mut().filter(|w| w.stopped.is_none()) {
            if !owed.iter().any(|o| o.term == watched.term && o.from == watched.running.from) {
                watched.stopped = Some(at);
            }
        }
    }

    /// Clocks to begin with what is owed now.
    pub(crate) fn begin(
        &self,
        owed: &[Owed<T>],
        calendars: &Calendars,
        standard: impl Fn(T) -> Result<Standard, Refusal>,
    ) -> Result<Vec<Clock<T>>, Refusal> {
        let new = owed.iter().filter(|o| self.get(o.term).is_none());
        new.map(|o| {
            let running = Running::start(&standard(o.term)?, calendars, o.from).map_err(no_term)?;
            Ok(Clock { term: o.term, running })
        })
        .collect()
    }

    /// What the clocks say now. What was said is in the state, so a second look finds nothing left to say.
    pub(crate) fn look(&self, now: Timestamp) -> Vec<Said<T>> {
        let mut said = Vec::new();
        for watched in self.counting() {
            let warnings = &watched.running.warnings;
            let last = warnings
                .iter()
                .filter(|a| a.at <= now && a.percent > watched.warned)
                .map(|a| a.percent)
                .max();
            said.extend(last.map(|percent| Said::Warned(watched.term, percent)));
            if watched.running.due <= now {
                said.push(Said::Expired(watched.term));
            }
        }
        said
    }

    /// Clocks that end elsewhere after calendars changed.
    pub(crate) fn recompute(&self, calendars: &Calendars) -> Vec<Clock<T>> {
        let moved = |w: &Watched<T>| {
            let next = w.running.recompute(calendars).ok()?;
            let changed = next.moved_from(&w.running);
            changed.then_some(Clock { term: w.term, running: next })
        };
        self.counting().filter_map(moved).collect()
    }
}
