//! What became of a matter so far, for its reporter: when each step was done for the first time and how long that took
//! by the clock that was promised, who had it, and what he was told before it was done again. Read from its entries: the
//! state knows the last doing of a step only.

use crate::ports::EntryRow;
use jiff::Timestamp;
use lianzhi_docket::Entry;
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_law::Calendars;
use lianzhi_procedure::report::{Event, Outcome, Running, TermKey};
use lianzhi_procedure::{AnyEvent, Kind, PartRef};

/// A step that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    /// When, for the first time.
    pub(super) at: Timestamp,
    /// Time counted by its clock until then; none when no clock was promised or it began anew in between.
    pub(super) took_us: Option<i64>,
}

/// What the reporter was told before the matter was done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    /// The answer.
    pub(super) answer: Option<PartRef>,
    /// The result.
    pub(super) outcome: Option<Outcome>,
    /// When he was told.
    pub(super) at: Option<Timestamp>,
}

/// The past of a matter since it began, or began again.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// When it began again, if it did.
    pub(super) again: Option<Timestamp>,
    /// 受理.
    pub(super) accepted: Option<Done>,
    /// 到场.
    pub(super) arrived: Option<Done>,
    /// 处置, of which the result stands.
    pub(super) handled: Option<Done>,
    /// 答复.
    pub(super) answered: Option<Done>,
    /// The department that has it, and since when.
    pub(super) outside: Option<(UnitCode, Timestamp)>,
    /// The matter that it is, or was to the end, handled together with.
    pub(super) lead: Option<DocketId>,
    /// When the lead was settled.
    pub(super) settled: Option<Timestamp>,
    /// The result that stands.
    pub(super) outcome: Option<Outcome>,
    /// What the reporter was told last.
    answer: Option<PartRef>,
    /// What he was told before it was done again.
    pub(super) before: Option<Before>,
    /// Why it was not taken up.
    pub(super) grounds: Option<PartRef>,
    /// Clocks as they stood, of each term the first since it began.
    clocks: Vec<Running>,
    /// It was found unsolved: the time of the second handling is not that of the promise.
    reworked: bool,
}

fn event_of(row: &EntryRow) -> Option<Event> {
    let entry = Entry::parse(&row.bytes).ok()?;
    match Kind::from_code(&entry.kind)?.event(entry.event.get()).ok()? {
        AnyEvent::Report(event) => Some(event),
        _ => None,
    }
}

impl Past {
    /// The past by the entries of a docket, up to an instant when one is given.
    pub(super) fn of(entries: &[EntryRow], calendars: &Calendars, until: Option<Timestamp>) -> Past {
        let mut past = Past::default();
        let told = |row: &&EntryRow| until.is_none_or(|until| row.at <= until.as_microsecond());
        for event in entries.iter().filter(told).filter_map(event_of) {
            past.then(event, calendars);
        }
        past
    }

    fn done(&self, term: TermKey, at: Timestamp, calendars: &Calendars) -> Done {
        let clock = self.clocks.iter().find(|c| c.term == term);
        Done { at, took_us: clock.and_then(|c| c.clock.elapsed_us(calendars, at).ok()) }
    }

    fn forget(&mut self, term: TermKey) {
        self.clocks.retain(|c| c.term != term);
    }

    fn start(&mut self, clock: Running) {
        self.forget(clock.term);
        self.clocks.push(clock);
    }

    /// The same clock as it was changed, or the first of its term.
    fn change(&mut self, clock: Running) {
        match self.clocks.iter_mut().find(|c| c.term == clock.term) {
            Some(known) if known.clock.from == clock.clock.from => *known = clock,
            Some(_) => {}
            None => self.clocks.push(clock),
        }
    }

    /// Others have it: what they take until it comes back is no time of the officers.
    fn given_away(&mut self) {
        if self.accepted.is_none() {
            self.forget(TermKey::Accept);
        }
    }

    fn then(&mut self, event: Event, calendars: &Calendars) {
        match event {
            Event::Registered { clocks, .. } => self.clocks = clocks,
            Event::Classified { clock: Some(clock), .. } | Event::ClockChanged { clock, .. } => {
                self.change(clock);
            }
            Event::ClockStarted { clock, .. } => self.start(clock),
            Event::Dispatched { clock, .. } => {
                self.outside = None;
                // Whoever gets it next has his own time; the reporter waits since the first.
                if !self.clocks.iter().any(|c| c.term == TermKey::Accept) {
                    self.clocks.push(clock);
                }
            }
            Event::Pooled { .. } => self.outside = None,
            Event::SentOutside { unit, at, .. } => {
                self.given_away();
                self.outside = Some((unit, at));
            }
            Event::Accepted { at, .. } => {
                self.accepted = self.accepted.or(Some(self.done(TermKey::Accept, at, calendars)));
            }
            Event::Arrived { at, .. } => {
                self.arrived = self.arrived.or(Some(self.done(TermKey::Arrive, at, calendars)));
            }
            Event::Handled { outcome, at, .. } => {
                let done = self.done(TermKey::Handle, at, calendars);
                let took_us = done.took_us.filter(|_| !self.reworked);
                self.handled = Some(Done { took_us, ..done });
                self.outcome = Some(outcome);
            }
            Event::Verified { passed: false, .. } => {
                (self.handled, self.outcome, self.reworked) = (None, None, true);
            }
            Event::Answered { text, at, .. } => {
                self.answered = self.answered.or(Some(self.done(TermKey::Answer, at, calendars)));
                self.answer = Some(text);
            }
            Event::Dismissed { note, .. } => self.grounds = Some(note),
            Event::Joined { to, .. } => {
                self.given_away();
                (self.lead, self.settled) = (Some(to), None);
            }
            Event::Unjoined { .. } | Event::LeadSettled { outcome: None, .. } => self.lead = None,
            Event::LeadSettled { outcome: Some(outcome), at, .. } => {
                (self.settled, self.outcome) = (Some(at), Some(outcome));
            }
            Event::Reopened { at, clocks, .. } => self.begin_again(at, clocks),
            _ => {}
        }
    }

    fn begin_again(&mut self, at: Timestamp, clocks: Vec<Running>) {
        let before =
            Before { answer: self.answer, outcome: self.outcome, at: self.answered.map(|done| done.at) };
        let told = before.answer.is_some() || before.outcome.is_some();
        *self = Past {
            again: Some(at),
            before: told.then_some(before).or(self.before),
            clocks,
            ..Past::default()
        };
    }
}
