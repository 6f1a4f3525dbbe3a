//! What comes along when a case is joined to this one, or split off into it: parties, violations, evidence, with their origin.

use super::*;
use crate::penalty::command::Bringing;
use crate::penalty::matters::{Evidence, Subject};
use crate::penalty::state::Outcome;

const SOURCE: &str = "行政处罚法第二十二条、第二十九条；并案、分案规则";

/// Numbers go on from those that are there. A party that is here already, by its number of identification, is not added again.
pub(super) fn bring(case: &Case, what: &Bringing, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    open(case)?;
    if !matches!(case.outcome, Outcome::Open) {
        return Err(no("decided", "并入的案件已经作出处理决定。", "请选择没有作出决定的案件。", SOURCE));
    }
    filing::nothing_pending(case)?;
    let number = |len: usize, n: usize| u16::try_from(len + n + 1).unwrap_or(u16::MAX);
    let here = |key: &Option<Digest>| key.is_some() && case.parties.iter().any(|p| p.subject.key == *key);
    let new = what.parties.iter().filter(|(_, key)| !here(key)).enumerate();
    let parties = new.map(|(n, (party, key))| {
        let subject = filing::subject(number(case.parties.len(), n), party, facts)?;
        Ok(Subject { key: *key, ..subject })
    });
    let parties = parties.collect::<Result<Vec<_>, Refusal>>()?;
    let violations = what.violations.iter().enumerate();
    let violations = violations.map(|(n, v)| filing::conduct(number(case.violations.len(), n), v, facts));
    let violations = violations.collect::<Result<Vec<_>, Refusal>>()?;
    let evidence = what.evidence.iter().enumerate().map(|(n, e)| {
        Ok(Evidence {
            id: number(case.evidence.len(), n),
            kind: e.kind,
            officers: e.officers.clone(),
            from: e.from,
            to: e.to,
            note: need(&e.note, "note", "证据的内容")?,
            exhibits: e.exhibits.clone(),
            refused: e.refused,
            origin: e.origin.clone(),
        })
    });
    let evidence = evidence.collect::<Result<Vec<_>, Refusal>>()?;
    if parties.is_empty() && violations.is_empty() && evidence.is_empty() {
        return Ok(None);
    }
    if case.parties.len() + parties.len() > filing::PARTIES_MAX
        || case.violations.len() + violations.len() > filing::VIOLATIONS_MAX
    {
        return Err(no(
            "too-many",
            format!(
                "并案后一案最多 {} 名当事人、{} 项违法行为。",
                filing::PARTIES_MAX,
                filing::VIOLATIONS_MAX
            ),
            "请分别办理。",
            SOURCE,
        ));
    }
    let (from, number) = (what.from, what.number.clone());
    Ok(Some(Event::Brought { from, number, parties, violations, evidence, at: facts.now }))
}
