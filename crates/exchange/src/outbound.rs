//! When an envelope is sent again, when it counts as late, and what its sender makes of an answer. Pure: the sender's worker asks
//! with what its outbox holds.

use crate::envelope::Class;
use crate::refusal::{Answer, Lacking, Remedy};
use jiff::{SignedDuration, Timestamp};

/// Longest wait before the second attempt: a restart of the other side is over by then.
pub const RETRY_FIRST: SignedDuration = SignedDuration::from_secs(2);
/// Longest wait between attempts: when a line heals that nobody told us of, the backlog starts within five minutes.
pub const RETRY_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Longest wait after a refusal that people have to look at: once a day it is tried whether that was put right.
pub const RETRY_REFUSED_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Until an ordinary envelope has to be at the other side; later it is marked and people are told.
pub const DELIVERY_ORDINARY: SignedDuration = SignedDuration::from_hours(24);
/// Until an urgent envelope has to be there: people can still use the telephone on the same half day.
pub const DELIVERY_URGENT: SignedDuration = SignedDuration::from_hours(1);

/// When an envelope has to be at the other side, for one that was put together at this time.
#[must_use]
pub fn due_at(class: Class, at: Timestamp) -> Timestamp {
    let within = match class {
        Class::Ordinary => DELIVERY_ORDINARY,
        Class::Urgent => DELIVERY_URGENT,
    };
    at.saturating_add(within).unwrap_or(Timestamp::MAX)
}

/// Whether it is late. It is sent on all the same: nothing is ever dropped.
#[must_use]
pub fn is_late(due_at: Timestamp, now: Timestamp) -> bool {
    now > due_at
}

/// When to try next.
///
/// `attempts` failed so far, the last of which ended at `last`; `heard_at` is the last sign of life of the peer, an answer, a
/// request or a receipt. (An answer that ends an attempt is heard no later than the attempt ends, so a peer that lives but
/// does not take the envelope is not asked in a hurry.) Waits double from [`RETRY_FIRST`] to [`RETRY_MAX`]; each is drawn from the
/// upper half of its length by `random`, so that the members of a compact don't all call at once when a line heals. A
/// sign of life after the last attempt makes the wait the first one again.
#[must_use]
pub fn next(
    now: Timestamp,
    attempts: u32,
    last: Option<Timestamp>,
    heard_at: Option<Timestamp>,
    random: u64,
) -> Timestamp {
    let (Some(last), 1..) = (last, attempts) else {
        return now;
    };
    let heard = heard_at.filter(|heard| *heard > last);
    let (from, wait) = match heard {
        Some(heard) => (heard, jitter(RETRY_FIRST, random)),
        None => (last, jitter(longest(attempts, RETRY_MAX), random)),
    };
    from.saturating_add(wait).unwrap_or(Timestamp::MAX).max(now)
}

/// When to try next what was refused with [`Step::Show`], after so many failures. Waits double up to
/// [`RETRY_REFUSED_MAX`]: the peer lives, it does not want it.
#[must_use]
pub fn after_refusal(now: Timestamp, attempts: u32, random: u64) -> Timestamp {
    let wait = jitter(longest(attempts, RETRY_REFUSED_MAX), random);
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// Longest wait after so many failures.
fn longest(attempts: u32, max: SignedDuration) -> SignedDuration {
    let doubled = RETRY_FIRST.as_secs() << attempts.saturating_sub(1).min(16);
    SignedDuration::from_secs(doubled).min(max)
}

/// Between half of it and all of it.
fn jitter(longest: SignedDuration, random: u64) -> SignedDuration {
    let half_us = (longest.as_secs() * 1_000_000 / 2).unsigned_abs();
    let drawn = (u128::from(random) * u128::from(half_us)) >> 64;
    SignedDuration::from_micros((half_us + u64::try_from(drawn).unwrap_or(half_us)).cast_signed())
}

/// What the sender does after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Check the receipt, keep it; the envelope is there.
    Done,
    /// Send first what the receiver lacks, then this again.
    Send(Lacking),
    /// Pull the compact, then try again.
    PullCompact,
    /// Sign the same bytes with the key in force, then try again.
    SignAgain,
    /// Try again by itself.
    Retry,
    /// Keep it, show it to people, try ever more seldom ([`after_refusal`]).
    Show,
}

/// What the sender makes of an answer. No answer, or one that is not of the form, is [`Step::Retry`].
#[must_use]
pub fn step(answer: &Answer) -> Step {
    match answer {
        Answer::Receipt(_) => Step::Done,
        Answer::Gap(lacking) => Step::Send(lacking.clone()),
        Answer::Refused(refused) => match refused.remedy {
            Remedy::Retry => Step::Retry,
            Remedy::PullCompact => Step::PullCompact,
            Remedy::SignAgain => Step::SignAgain,
            Remedy::Show => Step::Show,
        },
    }
}
