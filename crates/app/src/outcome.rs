//! Filters about how a matter ended: what the numbers of the statistics lead to.

use crate::figures::NONE;
use crate::ports::Outcome;
use crate::read::{ListQuery, NO_UNIT, NO_UNIT_BEFORE, day, flag, given};
use lianzhi_procedure::Refusal;

/// The part of a query that asks how matters ended.
pub(crate) fn outcome(query: &ListQuery) -> Result<Outcome, Refusal> {
    let (mut ratings, mut unrated) = (Vec::new(), false);
    for word in given(query.rating.as_deref()).unwrap_or_default().split(',').map(str::trim) {
        match word {
            "" => {}
            NONE => unrated = true,
            stars => {
                let stars = stars.parse::<i64>().ok().filter(|n| (1..=5).contains(n));
                ratings.push(stars.ok_or_else(|| {
                    Refusal::invalid("rating", "没有这种评价。", "可用 1 至 5，或 none（未评价）。")
                })?);
            }
        }
    }
    Ok(Outcome {
        closed_from: day(query.closed_from.as_deref(), "closed_from", 0)?,
        closed_to: day(query.closed_to.as_deref(), "closed_to", 1)?,
        in_time: flag(query.in_time.as_deref(), "in_time")?,
        rework: flag(query.rework.as_deref(), "rework")?,
        ratings,
        unrated,
        no_unit: matches!(given(query.unit.as_deref()), Some(NO_UNIT | NO_UNIT_BEFORE)),
        no_category: given(query.category.as_deref()) == Some(NONE),
    })
}
