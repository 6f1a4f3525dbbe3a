//! Documents inside the agency are kept as they were signed, like those that go out (行政处罚法 47).

use super::{Folio, all, approval, printed};
use crate::penalty::Proposal;
use crate::penalty::state::Case;
use crate::penalty::words::PaperKind;

/// Whether a folio stays inside the agency and stands by what whoever approves signs: forms of approval, the report at the end of the
/// investigation, reviews, discussions, what was answered, the report on a hearing; and what goes to another authority without service.
#[must_use]
pub fn signed_inside(case: &Case, folio: Folio) -> bool {
    match folio {
        Folio::Paper(n) => case.paper(n).is_some_and(|file| {
            let kind = file.paper.kind;
            !kind.outward() || kind == PaperKind::Suggestion
        }),
        Folio::Lead
        | Folio::Proposal(_)
        | Folio::Report
        | Folio::Answer(..)
        | Folio::HearingReport(_)
        | Folio::Review(_)
        | Folio::ReviewOf(_)
        | Folio::Discussion(_) => true,
        Folio::Evidence(_)
        | Folio::Statement(..)
        | Folio::HearingRecord(_)
        | Folio::Receipt(..)
        | Folio::Panel(_)
        | Folio::Address(_)
        | Folio::Volume => false,
    }
}

/// Whether the bytes of such a folio are still to be kept: it is printed here, and neither kept nor replaced by a signed scan.
#[must_use]
pub fn keepable(case: &Case, folio: Folio) -> bool {
    let file = case.folios.get(&folio);
    let stands = file.is_some_and(|file| !file.kept.is_empty() || !file.scans.is_empty());
    let voided = matches!(folio, Folio::Paper(n) if case.paper(n).is_some_and(|file| file.voided.is_some()));
    signed_inside(case, folio) && printed(case, folio) && !stands && !voided
}

/// What lay before whoever signed last, in the entry that the case ends with: the form of what was granted, and the documents inside the
/// agency that came before it and are not kept yet. What stands on them is what was signed.
#[must_use]
pub fn to_keep(case: &Case) -> Vec<Folio> {
    let Some(granted) = case.granted.iter().rfind(|granted| granted.at == case.changed) else {
        return Vec::new();
    };
    let proposal = &granted.pending.proposal;
    let form = approval(proposal).map(|_| Folio::Proposal(granted.pending.id));
    let own = [form, granted.paper.map(Folio::Paper)];
    let lead = matches!(proposal, Proposal::File | Proposal::NotFile).then_some(Folio::Lead);
    let before = all(case).into_iter();
    let before = before.filter(|f| !matches!(f, Folio::Lead | Folio::Proposal(_) | Folio::Paper(_)));
    let wanted = own.into_iter().flatten().chain(lead).chain(before);
    wanted.filter(|folio| keepable(case, *folio)).collect()
}
