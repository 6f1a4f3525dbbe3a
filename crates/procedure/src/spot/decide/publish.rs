//! Publication of a decision made on the spot (行政处罚法 48): of those that matter to the public, or of all, as the agency has it.

use super::*;
use crate::Text;
use crate::penalty::decide::{me, need, not_of_minors};
use crate::penalty::{Capacity, Publication};

const PUBLIC: &str = "行政处罚法第四十八条；国办发〔2018〕118号";

/// A decision that stands, was handed over, and about whose publication nothing was said; or that was withdrawn and stands as it was
/// changed.
fn unpublished(sheet: &Sheet) -> Result<&Imposed, Refusal> {
    let decision = imposed(sheet, "公开")?;
    if decision.publication != Publication::None && !decision.may_again() {
        return Err(no("published", "公开事宜已经处理。", "请刷新页面。", PUBLIC));
    }
    Ok(decision)
}

pub(super) fn publish(sheet: &Sheet, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_publish", facts)?;
    if unpublished(sheet)?.handed.is_none() {
        return Err(no("not-handed", "处罚决定书还没有当场交付，不能公开。", "请先交付决定书。", PUBLIC));
    }
    if matches!(sheet.opening.subject.capacity, Capacity::Minor | Capacity::Child) {
        return Err(not_of_minors());
    }
    Ok(Event::Published { by: me(facts)?, at: facts.now })
}

pub(super) fn keep_back(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_publish", facts)?;
    unpublished(sheet)?;
    let note = need(note, "note", "不公开的理由")?;
    Ok(Event::NotPublished { note, by: me(facts)?, at: facts.now })
}

pub(super) fn unpublish(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_publish", facts)?;
    if !sheet.imposed().is_some_and(|i| matches!(i.publication, Publication::Published { .. })) {
        return Err(no("not-published", "没有公开的决定。", "请刷新页面。", PUBLIC));
    }
    let note = need(note, "note", "公开说明的理由")?;
    Ok(Event::PublicationWithdrawn { note, by: me(facts)?, at: facts.now })
}
