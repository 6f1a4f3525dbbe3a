//! When things are sent again, and what to pull and to send.

use crate::common::*;
use jiff::SignedDuration;
use lianzhi_exchange::envelope::Class;
use lianzhi_exchange::gaps::{Heads, Piece, own_beyond, to_pull, to_send};
use lianzhi_exchange::outbound::{RETRY_FIRST, RETRY_MAX, Step, after_refusal, due_at, is_late, next, step};
use lianzhi_exchange::refusal::Refusal;
use proptest::prelude::*;

#[test]
fn waits_double_from_two_seconds_to_five_minutes() {
    let last = morning();
    let wait = |attempts, random| {
        (next(last, attempts, Some(last), None, random) - last).get_milliseconds()
            + (next(last, attempts, Some(last), None, random) - last).get_seconds() * 1000
    };
    assert_eq!(next(last, 0, None, None, 7), last, "at once");
    assert_eq!([1, 2, 3, 9, 1000].map(|n| wait(n, 0)), [1_000, 2_000, 4_000, 150_000, 150_000]);
    assert_eq!([1, 2, 3, 9, 1000].map(|n| (wait(n, u64::MAX) + 500) / 1000), [2, 4, 8, 300, 300]);
}

#[test]
fn a_sign_of_life_makes_it_soon_again_but_an_answer_to_the_attempt_is_none() {
    let last = morning();
    let heard = last + SignedDuration::from_mins(3);
    let soon = next(heard, 50, Some(last), Some(heard), u64::MAX);
    assert!(soon <= heard + RETRY_FIRST && soon > heard);
    let later = next(last, 50, Some(last), Some(last), 0);
    assert!(later >= last + RETRY_MAX / 2);
}

#[test]
fn what_is_refused_is_tried_ever_more_seldom_up_to_once_a_day() {
    let long = |attempts| {
        let at = after_refusal(morning(), attempts, u64::MAX);
        at.duration_since(morning()).as_secs() + 1
    };
    assert_eq!(long(1), 2);
    assert_eq!([9, 12].map(long), [512, 4096]);
    assert_eq!([17, 18, 1000].map(long), [86_400; 3]);
    assert_eq!(after_refusal(morning(), 1000, 0).duration_since(morning()).as_secs(), 43_200);
}

#[test]
fn late_is_marked_by_class() {
    let hours = |class, h| is_late(due_at(class, morning()), morning() + SignedDuration::from_hours(h));
    assert_eq!([hours(Class::Urgent, 1), hours(Class::Urgent, 2)], [false, true]);
    assert_eq!([hours(Class::Ordinary, 24), hours(Class::Ordinary, 25)], [false, true]);
}

#[test]
fn each_refusal_has_its_remedy() {
    assert_eq!(step(&Refusal::ClockAhead.answer()), Step::Retry);
    assert_eq!(step(&Refusal::RevokedKey("k".into()).answer()), Step::SignAgain);
    assert_eq!(step(&Refusal::StaleEpoch { theirs: 1, ours: 2 }.answer()), Step::PullCompact);
    assert_eq!(step(&Refusal::NoListEntry.answer()), Step::Show);
}

#[test]
fn each_side_finds_what_it_lacks() {
    let heads = |of: &[(&str, u32)]| of.iter().map(|(code, next)| (node(code), *next)).collect::<Heads>();
    let (ours, theirs) =
        (heads(&[(QINGPU, 3), (WUJIANG, 1)]), heads(&[(QINGPU, 2), (WUJIANG, 4), (JIASHAN, 2)]));
    let piece = |code, from, to| Piece { author: node(code), from, to };
    let me = node(QINGPU);
    assert_eq!(to_pull(&me, &ours, &theirs), [piece(WUJIANG, 1, 4), piece(JIASHAN, 0, 2)]);
    assert_eq!(to_send(&me, &ours, &theirs), Some(piece(QINGPU, 2, 3)));
    assert_eq!(own_beyond(&me, &ours, &theirs), None);
    // Restored, or somebody else has the key: that is asked first, never pulled as if it were a gap.
    let behind = heads(&[(QINGPU, 1), (WUJIANG, 4)]);
    assert_eq!(own_beyond(&me, &behind, &theirs), Some(piece(QINGPU, 1, 2)));
    assert_eq!(to_pull(&me, &behind, &theirs), [piece(JIASHAN, 0, 2)]);
    assert_eq!(to_pull(&me, &ours, &ours), []);
    assert_eq!(to_send(&me, &ours, &ours), None);
}

proptest! {
    #[test]
    fn nothing_waits_longer_than_five_minutes(attempts: u32, since in 0i64..1_000_000_000_000, heard in prop::option::of(-1_000_000_000i64..1_000_000_000_000), random: u64) {
        let last = morning();
        let now = last + SignedDuration::from_micros(since);
        let heard = heard.map(|us| last + SignedDuration::from_micros(us)).filter(|heard| *heard <= now);
        let at = next(now, attempts, Some(last), heard, random);
        prop_assert!(now <= at && at <= now + RETRY_MAX);
    }
}
