//! What people do beside the main way of a matter, and when.

use super::matter::Side;
use super::staff::{at_desk, minutes};
use crate::story::Told;
use jiff::Timestamp;
use lianzhi_ids::DocketId;
use lianzhi_procedure::report::Source;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// What follows when something was reported; `lead` is the matter that it repeats.
pub(super) fn after_report(
    told: &Told,
    lead: Option<DocketId>,
    now: Timestamp,
    rng: &mut ChaCha12Rng,
) -> Vec<(Timestamp, Side)> {
    let source = told.source;
    let mut sides = Vec::new();
    if !told.chosen {
        sides.push((minutes(now, 2..14, rng), Side::Classify));
    }
    if let Some(lead) = lead
        && rng.random_bool(0.6)
    {
        sides.push((minutes(now, 3..10, rng), Side::Join(lead)));
    }
    if source == Source::Hotline {
        sides.push((at_desk(minutes(now, 15..240, rng), rng), Side::Contact));
        if rng.random_bool(0.03) {
            sides.push((minutes(now, 5..40, rng), Side::ReturnOrder));
        }
        if rng.random_bool(0.05) {
            sides.push((minutes(now, 60..1_400, rng), Side::Supervise("urge")));
        }
    }
    let reported = matches!(source, Source::Citizen | Source::Hotline);
    for (share, range, side) in [
        (0.012, 30..600, Side::Supervise("supervise")),
        (0.004, 60..900, Side::Supervise("instruct")),
        (if reported { 0.03 } else { 0.0 }, 10..300, Side::Add),
        (if source == Source::Citizen { 0.012 } else { 0.0 }, 2..12, Side::Withdraw),
        (if reported { 0.012 } else { 0.0 }, 1..8, Side::Dismiss),
        (0.015, 60..200, Side::Help),
    ] {
        if rng.random_bool(share) {
            sides.push((minutes(now, range, rng), side));
        }
    }
    sides
}

/// What follows when a matter is closed: it is rated, the caller is asked, some are opened again (`first` time only).
pub(super) fn after_close(
    source: Source,
    first: bool,
    now: Timestamp,
    rng: &mut ChaCha12Rng,
) -> Vec<(Timestamp, Side)> {
    let mut sides = Vec::new();
    match source {
        Source::Citizen if rng.random_bool(0.28) => {
            sides.push((minutes(now, 20..1_500, rng), Side::Rate));
        }
        Source::Hotline if rng.random_bool(0.6) => {
            sides.push((at_desk(minutes(now, 120..1_800, rng), rng), Side::Revisit));
        }
        _ => {}
    }
    if first && matches!(source, Source::Citizen | Source::Hotline) && rng.random_bool(0.025) {
        sides.push((minutes(now, 300..4_000, rng), Side::Reopen));
    }
    sides
}
