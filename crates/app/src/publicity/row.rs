//! From the state of a docket to its row under the three systems. Used after each commit and by `rebuild`.

use crate::ports::OversightRow;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::publicity::{public_decision, record};
use lianzhi_procedure::{AnyState, PartRef};
use std::collections::HashMap;

/// Parts whose texts the row wants; none where the three systems do not concern the matter.
pub(crate) fn parts(state: &AnyState) -> Option<Vec<Digest>> {
    Some(record(state)?.parts(state).into_iter().map(|part| part.digest).collect())
}

/// The row of a docket; none where the three systems do not concern it. `texts` holds the opened parts; a part not in it was erased.
#[must_use]
pub fn row(
    id: DocketId,
    state: &AnyState,
    directory: &Directory,
    texts: &HashMap<Digest, String>,
) -> Option<OversightRow> {
    let record = record(state)?;
    let text = |part: &PartRef| texts.get(&part.digest).cloned();
    let made = record.made.as_ref();
    let shown = made.filter(|made| made.published.is_some());
    let decision = shown.and_then(|_| public_decision(state, &directory.law, &text));
    let party = decision.iter().flat_map(|d| &d.parties).map(|p| p.name.clone()).collect::<Vec<_>>();
    Some(OversightRow {
        docket: id,
        kind: state.kind().code().into(),
        unit: record.unit.to_string(),
        paper: made.map(|made| i64::from(made.paper)),
        at: record.at.as_microsecond(),
        standing: made.map(|made| made.standing.code().to_owned()),
        published_at: made.and_then(|made| made.published).map(|at| at.as_microsecond()),
        withdrawn_at: made.and_then(|made| made.withdrawn).map(|(at, _)| at.as_microsecond()),
        late: made.is_some_and(|made| made.late),
        annulled: made.is_some_and(|made| made.annulled),
        personal: decision.as_ref().is_some_and(|d| d.natural),
        review: record.review.code().into(),
        gaps: i64::try_from(record.gaps).unwrap_or(i64::MAX),
        items: format!(" {} ", record.items.join(" ")),
        party: party.join("、"),
        decision: decision.and_then(|d| serde_json::to_string(&d).ok()),
        reason: record.reason(state, &text),
        number: record.number,
    })
}
