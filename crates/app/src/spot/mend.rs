//! Papers about what was not punished, or does not stand any more: 不予行政处罚决定书 (D19) and 改正承诺书 of a violation that was spared
//! on the spot, 撤销决定书 and 更正通知书 of a decision (行政处罚法 33, 75(2)).

use super::papers::{Texts, breached, head};
use crate::penalty::{Particulars, cited, day, money, remedy_on, subject_on_paper};
use lianzhi_paper::{
    Amendment, Check, Commitment, Document, NoPenaltyDecision, NoPenaltyGround as Ground, Number, Revocation,
    Served,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{NoPenaltyGround, Publication};
use lianzhi_procedure::spot::{Imposed, Outcome, Sheet};
use lianzhi_procedure::{ExhibitRef, Refusal};

fn missing() -> Refusal {
    Refusal::missing("没有这份文书。")
}

fn keeper(sheet: &Sheet) -> &str {
    sheet.opening.officers.first().map(|o| o.name.as_str()).unwrap_or_default()
}

/// What a decision rests on, one line each.
fn evidence(sheet: &Sheet, later: &[ExhibitRef]) -> Vec<String> {
    let count = |what: &str, n: usize| (n > 0).then(|| format!("{what}{n}件"));
    let lines = [
        count("现场照片、录像等证据", sheet.opening.exhibits.len()),
        count("改正后的照片、承诺书等材料", later.len()),
    ];
    lines.into_iter().flatten().collect()
}

/// 不予行政处罚决定书.
pub(super) fn spared(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let Outcome::Spared { sparing, at, .. } = &sheet.outcome else { return Err(missing()) };
    let opening = &sheet.opening;
    let document = NoPenaltyDecision {
        head: head(directory, sparing.number.parse::<Number>().ok(), *at, keeper(sheet), check),
        subject: subject_on_paper(opening.subject.kind, particulars),
        cause: opening.item.clone(),
        case_number: opening.number.clone(),
        facts: texts.of(opening.violation.facts),
        evidence: evidence(sheet, &sparing.exhibits),
        breached: if opening.basis.is_none() { Vec::new() } else { breached(&opening.basis) },
        ground: match sparing.ground {
            NoPenaltyGround::First => Ground::First,
            NoPenaltyGround::NoFault => Ground::NoFault,
            _ => Ground::Slight,
        },
        reasons: texts.of(sparing.note),
        basis: vec![cited(sparing.ground.source())],
        discretion: None,
        education: texts.of(sparing.education),
        guardian: String::new(),
        remedy: remedy_on(directory, day(*at)),
    };
    Ok(document.into())
}

/// 改正承诺书, for the party to sign: before anything is decided, with a place for the day; afterwards with the promised day.
pub(super) fn commitment(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
) -> Result<Document, Refusal> {
    let (due, at) = match &sheet.outcome {
        Outcome::Open => (None, sheet.there),
        Outcome::Spared { sparing, at, .. } => (sparing.promise, *at),
        _ => return Err(missing()),
    };
    let opening = &sheet.opening;
    let document = Commitment {
        head: head(directory, None, at, keeper(sheet), None),
        subject: subject_on_paper(opening.subject.kind, particulars),
        conduct: (opening.violation.from, opening.violation.to),
        place: texts.of(opening.place),
        facts: texts.of(opening.violation.facts),
        promise: opening.ordered.map(|ordered| texts.of(ordered)).unwrap_or_default(),
        due,
    };
    Ok(document.into())
}

/// The decision that is mended.
fn decided(sheet: &Sheet, decision: &Imposed) -> Served {
    Served {
        title: "当场行政处罚决定书".into(), number: sheet.opening.number.clone(), on: day(decision.at)
    }
}

/// 撤销行政处罚决定书.
pub(super) fn revocation(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(missing)?;
    let withdrawn = decision.withdrawn.as_ref().ok_or_else(missing)?;
    let paid = decision.money.paid();
    let document = Revocation {
        head: head(directory, withdrawn.number.parse::<Number>().ok(), withdrawn.at, keeper(sheet), check),
        subject: subject_on_paper(sheet.opening.subject.kind, particulars),
        decision: decided(sheet, decision),
        reasons: texts.of(withdrawn.note),
        basis: vec![cited("行政处罚法第七十五条第二款")],
        refund: (paid > 0).then(|| money(paid)),
        published: matches!(
            decision.publication,
            Publication::Published { .. } | Publication::Withdrawn { .. }
        ),
        remedy: remedy_on(directory, day(withdrawn.at)),
    };
    Ok(document.into())
}

/// 更正通知书: the last correction.
pub(super) fn amendment(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(missing)?;
    let amended = decision.amended.last().ok_or_else(missing)?;
    let document = Amendment {
        head: head(directory, amended.number.parse::<Number>().ok(), amended.at, keeper(sheet), check),
        subject: subject_on_paper(sheet.opening.subject.kind, particulars),
        document: decided(sheet, decision),
        error: texts.of(amended.note),
        wrong: texts.of(amended.wrong),
        right: texts.of(amended.right),
        basis: vec![cited("行政处罚法第七十五条第二款")],
    };
    Ok(document.into())
}
