//! How far in time a member may reach: a due date that the opener names, a term that the receiver extends. The list entry says
//! how many working days there are; what lies far outside of that is no term but a trap, or a wrong clock.
//!
//! Working days are counted by each member's calendar, so the bounds are in plain days, wide enough for every calendar and the
//! same at every member.

use super::act::{Act, Opening};
use jiff::{SignedDuration, Timestamp};
use lianzhi_exchange::compact::ListEntry;

/// Working days by which a term is extended at most at once: beyond it one asks the requester.
pub(super) const EXTEND_DAYS_MAX: u16 = 30;
/// Plain days that a working day takes at most in the long run: five of seven days are working days at least, holidays aside.
const PLAIN_DAYS: i64 = 2;
/// Plain days that holidays add at most: the two long ones with their weekends, and the days of other provinces' rules.
const HOLIDAYS: i64 = 30;

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

fn term(entry: &ListEntry, opening: &Opening) -> i64 {
    i64::from(if opening.urgent { entry.urgent_days } else { entry.term_days })
}

fn within(working_days: i64) -> SignedDuration {
    days(working_days * PLAIN_DAYS + HOLIDAYS)
}

/// The latest moment to which a term may be extended at `at`.
pub(super) fn latest(entry: &ListEntry, opening: &Opening, at: Timestamp) -> Timestamp {
    let reach = within(term(entry, opening) + i64::from(EXTEND_DAYS_MAX));
    at.checked_add(reach).unwrap_or(Timestamp::MAX)
}

/// The moment until which something may be granted under an entry: the end of its last day; none when it is open.
pub(super) fn granted(entry: &ListEntry) -> Option<Timestamp> {
    let next = entry.until?.tomorrow().ok()?;
    jiff::tz::offset(8).to_timestamp(next.to_datetime(jiff::civil::Time::midnight())).ok()
}

/// The moment that counts instead of the one that an act names, said at `at`, when that one lies outside; none when it
/// counts as it is.
pub(super) fn counts(entry: &ListEntry, opening: &Opening, act: &Act, at: Timestamp) -> Option<Timestamp> {
    let working = term(entry, opening);
    let due = |due: Timestamp| {
        // The term of a few working days is never over before as many plain days, the first one aside.
        let first = at.checked_add(days((working - 1).max(0))).unwrap_or(Timestamp::MAX);
        let last = at.checked_add(within(working)).unwrap_or(Timestamp::MAX);
        (due, due.clamp(first, last))
    };
    let (named, counts) = match act {
        Act::Open(opening) => due(opening.due),
        Act::AskedAgain { due: named, .. } => due(*named),
        Act::Extended { until, .. } => (*until, (*until).min(latest(entry, opening, at))),
        Act::Granted { until: Some(until), .. } => {
            (*until, granted(entry).map_or(*until, |last| (*until).min(last)))
        }
        _ => return None,
    };
    (named != counts).then_some(counts)
}
