//! What is counted, and how: pure functions, one rule each. In words for everybody: `docs/counting.md`.
//!
//! Two kinds of numbers never mix. What came in is counted on the day it was *reported*; what was done is counted on
//! the day it was *closed*. All are read from the matters as they stand now, so a matter that was reopened is not
//! closed any more, and the list behind a number holds exactly the matters that it counts.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A rating from here on is a satisfied one (1–5).
pub const SATISFIED_FROM: u8 = 4;
/// Longest period that can be asked for, in days: five years and their leap day.
pub const DAYS_MAX: i32 = 1827;

/// How a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Work is still to be done.
    Open,
    /// Closed: it was handled, or found to need nothing.
    Closed,
    /// Ended without being handled: dismissed, returned to the hotline, withdrawn.
    Otherwise,
}

/// Codes of the stages that end a matter without its being handled.
pub const OTHERWISE: [&str; 3] = ["dismissed", "returned", "withdrawn"];
/// Code of the stage of a closed matter.
pub const CLOSED: &str = "closed";

/// How a matter in this stage stands.
#[must_use]
pub fn end(stage: &str, open: bool) -> End {
    match stage {
        _ if open => End::Open,
        CLOSED => End::Closed,
        _ => End::Otherwise,
    }
}

/// A matter as counting sees it. Times are seconds since 1970 (UTC); all bounds are whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// When it was reported.
    pub reported: u32,
    /// When it ended; zero while it is open.
    pub closed: u32,
    /// Its next term; zero without one.
    pub due: u32,
    /// How it stands.
    pub end: End,
    /// One of its terms has passed.
    pub expired: bool,
    /// Work was done again at least once.
    pub rework: bool,
    /// 1–5; zero when nobody rated it.
    pub rating: u8,
}

/// Seconds from `from` (included) to `to` (not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Begin.
    pub from: u32,
    /// End.
    pub to: u32,
}

impl Range {
    /// Whether a time lies in it.
    #[must_use]
    pub const fn has(self, at: u32) -> bool {
        at >= self.from && at < self.to
    }
}

impl Fact {
    /// 上报: it came in within the time.
    #[must_use]
    pub const fn came(&self, within: Range) -> bool {
        within.has(self.reported)
    }
    /// 现在在办: it is open now, whenever it came in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.end == End::Open
    }
    /// 现在超期: of these, the running term has passed; late from its very instant on.
    #[must_use]
    pub fn is_late(&self, now: u32) -> bool {
        self.is_open() && self.due != 0 && self.due <= now
    }
    /// 本期上报，仍在办: it came in within the time and is open now.
    #[must_use]
    pub fn waits(&self, within: Range) -> bool {
        self.came(within) && self.is_open()
    }
    /// 本期上报，现在超期: of these, late now.
    #[must_use]
    pub fn late(&self, within: Range, now: u32) -> bool {
        self.came(within) && self.is_late(now)
    }
    /// 办结: it was closed within the time.
    #[must_use]
    pub fn done(&self, within: Range) -> bool {
        self.end == End::Closed && within.has(self.closed)
    }
    /// 按期办结: closed within the time, and not one of its terms ever passed.
    #[must_use]
    pub fn in_time(&self, within: Range) -> bool {
        self.done(within) && !self.expired
    }
    /// 返工: closed within the time, and handled more than once.
    #[must_use]
    pub fn again(&self, within: Range) -> bool {
        self.done(within) && self.rework
    }
    /// 已评价: closed within the time and rated, whenever that was.
    #[must_use]
    pub fn rated(&self, within: Range) -> bool {
        self.done(within) && self.rating != 0
    }
    /// 满意: rated four or five.
    #[must_use]
    pub fn satisfied(&self, within: Range) -> bool {
        self.rated(within) && self.rating >= SATISFIED_FROM
    }
    /// 其他了结: ended within the time without being handled.
    #[must_use]
    pub fn ended_otherwise(&self, within: Range) -> bool {
        self.end == End::Otherwise && within.has(self.closed)
    }
}

/// What stands open now, whenever it came in: a state, not something that happened within a time, so that there is
/// nothing in the past to compare it with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stock {
    /// Open now.
    pub open: i64,
    /// Of these, late now.
    pub late: i64,
}

impl Stock {
    /// Counts a matter in.
    pub fn add(&mut self, fact: &Fact, now: u32) {
        self.open += i64::from(fact.is_open());
        self.late += i64::from(fact.is_late(now));
    }
}

/// Counts of some matters within one time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field counts the rule of its name")]
pub struct Tally {
    pub came: i64,
    pub waits: i64,
    pub late: i64,
    pub done: i64,
    pub in_time: i64,
    pub again: i64,
    pub rated: i64,
    pub satisfied: i64,
    /// Sum of the ratings.
    pub stars: i64,
    pub otherwise: i64,
}

impl Tally {
    /// Counts a matter in.
    pub fn add(&mut self, fact: &Fact, within: Range, now: u32) {
        if fact.came(within) {
            self.came += 1;
            self.waits += i64::from(fact.waits(within));
            self.late += i64::from(fact.late(within, now));
        }
        if within.has(fact.closed) {
            self.done += i64::from(fact.done(within));
            self.in_time += i64::from(fact.in_time(within));
            self.again += i64::from(fact.again(within));
            if fact.rated(within) {
                self.rated += 1;
                self.stars += i64::from(fact.rating);
                self.satisfied += i64::from(fact.satisfied(within));
            }
            self.otherwise += i64::from(fact.ended_otherwise(within));
        }
    }

    /// The counts of both.
    #[must_use]
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            came: self.came + other.came,
            waits: self.waits + other.waits,
            late: self.late + other.late,
            done: self.done + other.done,
            in_time: self.in_time + other.in_time,
            again: self.again + other.again,
            rated: self.rated + other.rated,
            satisfied: self.satisfied + other.satisfied,
            stars: self.stars + other.stars,
            otherwise: self.otherwise + other.otherwise,
        }
    }

    /// Nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Tally::default()
    }

    /// The mean rating in tenths, rounded half up: 46 is 4.6.
    #[must_use]
    pub const fn mean_tenths(&self) -> Option<i64> {
        if self.rated == 0 { None } else { Some((self.stars * 20 + self.rated) / (self.rated * 2)) }
    }
}

/// A share in tenths of a percent, rounded half up, never rounded to all or nothing: 999 of 1000 is 99.9, 9999 of 10000
/// is 99.9 too, and one of a million is 0.1.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let rounded = (part * 2000 + whole) / (whole * 2);
    Some(match rounded {
        0 if part > 0 => 1,
        1000 if part < whole => 999,
        n => n,
    })
}

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
    /// From a day to a day.
    Days,
}

/// Days from `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its length.
    pub step: Step,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

fn shifted(date: Date, by: Span) -> Date {
    date.saturating_add(by)
}

impl Period {
    /// The day, week, month or year in which a day lies.
    #[must_use]
    pub fn around(step: Step, day: Date) -> Period {
        let (from, to) = match step {
            Step::Day | Step::Days => (day, day),
            Step::Week => {
                let monday = shifted(day, i64::from(-day.weekday().to_monday_zero_offset()).days());
                (monday, shifted(monday, 6.days()))
            }
            Step::Month => (day.first_of_month(), day.last_of_month()),
            Step::Year => (day.first_of_year(), day.last_of_year()),
        };
        Period { step, from, to }
    }

    /// From a day to a day; the earlier one first, whichever was given first.
    #[must_use]
    pub fn between(a: Date, b: Date) -> Period {
        Period { step: Step::Days, from: a.min(b), to: a.max(b) }
    }

    /// How many days.
    #[must_use]
    pub fn days(&self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days()) + 1
    }

    /// The whole period of the same length right before.
    #[must_use]
    pub fn previous(&self) -> Period {
        let last = shifted(self.from, -1.days());
        match self.step {
            Step::Days => Period {
                step: Step::Days,
                from: shifted(last, (1 - i64::from(self.days())).days()),
                to: last,
            },
            step => Period::around(step, last),
        }
    }

    /// The whole period of the same length right after.
    #[must_use]
    pub fn next(&self) -> Period {
        let first = shifted(self.to, 1.days());
        match self.step {
            Step::Days => Period {
                step: Step::Days,
                from: first,
                to: shifted(first, (i64::from(self.days()) - 1).days()),
            },
            step => Period::around(step, first),
        }
    }

    /// What it is compared with: the period before. A period that is not over yet is compared with as much of the
    /// one before: the 1st to the 23rd of this month with the 1st to the 23rd of the last.
    #[must_use]
    pub fn before(&self, today: Date) -> Period {
        let whole = self.previous();
        if today < self.from || today >= self.to || self.step == Step::Days {
            return whole;
        }
        let to = match self.step {
            // The same date a year ago; 29 February becomes the 28th.
            Step::Year => shifted(today, -1.years()),
            _ => {
                let gone = self.from.until(today).map_or(0, |span| i64::from(span.get_days()));
                shifted(whole.from, gone.days())
            }
        };
        Period { step: self.step, from: whole.from, to: to.min(whole.to) }
    }

    /// The same days a year before.
    #[must_use]
    pub fn year_before(&self) -> Period {
        let from = shifted(self.from, -1.years());
        match self.step {
            Step::Month | Step::Year => Period::around(self.step, from),
            step => Period { step, from, to: shifted(from, (i64::from(self.days()) - 1).days()) },
        }
    }

    /// Its seconds, in Beijing.
    #[must_use]
    pub fn range(&self) -> Range {
        Range { from: begin(self.from), to: begin(shifted(self.to, 1.days())) }
    }
}

/// The second at which a day begins in Beijing.
#[must_use]
pub fn begin(day: Date) -> u32 {
    let midnight = day.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    midnight.map_or(0, |at| u32::try_from(at.timestamp().as_second()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WITHIN: Range = Range { from: 100, to: 200 };
    const NOW: u32 = 300;

    fn open() -> Fact {
        Fact { reported: 150, closed: 0, due: 0, end: End::Open, expired: false, rework: false, rating: 0 }
    }
    fn closed() -> Fact {
        Fact { closed: 180, end: End::Closed, ..open() }
    }
    fn tally(facts: &[Fact]) -> Tally {
        let mut tally = Tally::default();
        for fact in facts {
            tally.add(fact, WITHIN, NOW);
        }
        tally
    }

    #[test]
    fn a_matter_comes_in_on_the_day_it_was_reported() {
        assert!(open().came(WITHIN));
        assert!(Fact { reported: 100, ..open() }.came(WITHIN), "the first second belongs to the time");
        assert!(!Fact { reported: 200, ..open() }.came(WITHIN), "the second after the last day does not");
    }

    #[test]
    fn a_matter_is_done_on_the_day_it_was_closed_whenever_it_came_in() {
        let old = Fact { reported: 1, ..closed() };
        assert!(old.done(WITHIN) && !old.came(WITHIN));
        assert!(!Fact { closed: 200, ..closed() }.done(WITHIN));
        assert!(!open().done(WITHIN));
    }

    #[test]
    fn an_open_matter_is_late_while_its_running_term_has_passed() {
        assert!(!open().late(WITHIN, NOW), "without a term nothing is late");
        assert!(!Fact { expired: true, ..open() }.late(WITHIN, NOW), "late once is not late now");
        assert!(Fact { due: NOW, ..open() }.late(WITHIN, NOW), "late from the very instant on");
        assert!(!Fact { due: NOW + 1, ..open() }.late(WITHIN, NOW));
        assert!(!Fact { due: 1, ..closed() }.late(WITHIN, NOW), "what is closed is not waiting");
    }

    #[test]
    fn a_term_is_kept_when_none_ever_passed() {
        assert!(closed().in_time(WITHIN));
        assert!(!Fact { expired: true, ..closed() }.in_time(WITHIN));
        assert!(!open().in_time(WITHIN), "an open matter has kept nothing yet");
    }

    #[test]
    fn what_stands_open_now_is_counted_whenever_it_came_in() {
        let old = Fact { reported: 1, due: NOW, ..open() };
        assert!(old.is_open() && old.is_late(NOW) && !old.waits(WITHIN) && !old.late(WITHIN, NOW));
        let mut stock = Stock::default();
        for fact in [open(), old, closed(), Fact { due: 1, ..closed() }] {
            stock.add(&fact, NOW);
        }
        assert_eq!(stock, Stock { open: 2, late: 1 });
    }

    #[test]
    fn rework_and_ratings_count_with_what_was_closed() {
        assert!(Fact { rework: true, ..closed() }.again(WITHIN));
        assert!(!Fact { rework: true, ..open() }.again(WITHIN));
        assert!(Fact { rating: 3, ..closed() }.rated(WITHIN));
        assert!(!Fact { rating: 3, ..closed() }.satisfied(WITHIN));
        assert!(Fact { rating: 4, ..closed() }.satisfied(WITHIN));
        assert!(!closed().rated(WITHIN));
    }

    #[test]
    fn what_was_not_handled_is_not_done() {
        for stage in OTHERWISE {
            assert_eq!(end(stage, false), End::Otherwise);
        }
        assert_eq!(end(CLOSED, false), End::Closed);
        assert_eq!(end("joined", true), End::Open);
        let dismissed = Fact { end: End::Otherwise, ..closed() };
        assert!(!dismissed.done(WITHIN) && !dismissed.in_time(WITHIN) && dismissed.ended_otherwise(WITHIN));
    }

    #[test]
    fn a_tally_is_the_sum_of_its_rules() {
        let facts = [
            open(),
            Fact { due: 1, ..open() },
            closed(),
            Fact { rating: 5, ..closed() },
            Fact { rating: 2, expired: true, rework: true, ..closed() },
            Fact { end: End::Otherwise, ..closed() },
            Fact { reported: 1, closed: 2, ..closed() },
        ];
        let all = tally(&facts);
        let expected = Tally {
            came: 6,
            waits: 2,
            late: 1,
            done: 3,
            in_time: 2,
            again: 1,
            rated: 2,
            satisfied: 1,
            stars: 7,
            otherwise: 1,
        };
        assert_eq!(all, expected);
        assert_eq!(all.mean_tenths(), Some(35));
        assert_eq!(tally(&facts[..3]).plus(tally(&facts[3..])), all, "tallies add up");
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        assert_eq!(share(1, 3), Some(333));
        assert_eq!(share(2, 3), Some(667));
        assert_eq!(share(9_999, 10_000), Some(999));
        assert_eq!(share(1, 1_000_000), Some(1));
        assert_eq!((share(0, 5), share(5, 5), share(0, 0)), (Some(0), Some(1000), None));
    }

    fn days(p: Period) -> (String, String) {
        (p.from.to_string(), p.to.to_string())
    }
    fn pair(a: &str, b: &str) -> (String, String) {
        (a.into(), b.into())
    }

    #[test]
    fn periods_are_those_of_the_calendar_and_weeks_begin_on_monday() {
        let day = date(2026, 11, 23);
        assert_eq!(days(Period::around(Step::Week, day)), pair("2026-11-23", "2026-11-29"));
        assert_eq!(days(Period::around(Step::Week, date(2026, 11, 29))), pair("2026-11-23", "2026-11-29"));
        assert_eq!(days(Period::around(Step::Month, day)), pair("2026-11-01", "2026-11-30"));
        assert_eq!(days(Period::around(Step::Year, day)), pair("2026-01-01", "2026-12-31"));
        assert_eq!(days(Period::between(day, date(2026, 11, 1))), pair("2026-11-01", "2026-11-23"));
    }

    #[test]
    fn what_is_over_is_compared_with_the_whole_period_before() {
        let today = date(2026, 11, 23);
        let october = Period::around(Step::Month, date(2026, 10, 5));
        assert_eq!(days(october.before(today)), pair("2026-09-01", "2026-09-30"));
        assert_eq!(days(october.next()), pair("2026-11-01", "2026-11-30"));
        assert_eq!(days(october.year_before()), pair("2025-10-01", "2025-10-31"));
        let ten = Period::between(date(2026, 11, 11), date(2026, 11, 20));
        assert_eq!(days(ten.before(today)), pair("2026-11-01", "2026-11-10"));
        let yesterday = Period::around(Step::Day, date(2026, 11, 22));
        assert_eq!(days(yesterday.before(today)), pair("2026-11-21", "2026-11-21"));
    }

    #[test]
    fn what_is_not_over_is_compared_with_as_much_of_the_period_before() {
        let today = date(2026, 11, 25);
        let before = |step| days(Period::around(step, today).before(today));
        assert_eq!(before(Step::Week), pair("2026-11-16", "2026-11-18"));
        assert_eq!(before(Step::Month), pair("2026-10-01", "2026-10-25"));
        assert_eq!(before(Step::Year), pair("2025-01-01", "2025-11-25"));
        // A month that has fewer days ends with its last.
        let march = date(2026, 3, 30);
        let period = Period::around(Step::Month, march).before(march);
        assert_eq!(days(period), pair("2026-02-01", "2026-02-28"));
        let leap = date(2024, 2, 29);
        assert_eq!(days(Period::around(Step::Year, leap).before(leap)), pair("2023-01-01", "2023-02-28"));
    }

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        assert_eq!(begin(date(2026, 11, 23)), 1_795_392_000 - 8 * 3600);
        let day = Period::around(Step::Day, date(2026, 11, 23)).range();
        assert_eq!(day.to - day.from, 86_400);
    }
}
