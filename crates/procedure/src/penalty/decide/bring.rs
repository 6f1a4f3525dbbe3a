//! What comes along when a case is joined to this one, or split off into it: parties, violations, evidence, with their origin.

use super::*;
use crate::penalty::anew::Fallen;
use crate::penalty::charge::{Charge, Told};
use crate::penalty::command::Bringing;
use crate::penalty::matters::{Evidence, Order, OrderFrom, Service, StatementFrom, Subject};
use crate::penalty::state::Outcome;

const SOURCE: &str = "行政处罚法第二十二条、第二十九条；并案、分案规则";

/// Orders with their re-inspections, statements with their answers and what was told come with the party: nothing of it is lost because
/// the case has another number. Numbers go on from those that are there. A party that is here already, by its number of identification, is not added again.
pub(super) fn bring(case: &Case, what: &Bringing, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    open(case)?;
    if !matches!(case.outcome, Outcome::Open) {
        return Err(no("decided", "并入的案件已经作出处理决定。", "请选择没有作出决定的案件。", SOURCE));
    }
    filing::nothing_pending(case)?;
    let number = |len: usize, n: usize| u16::try_from(len + n + 1).unwrap_or(u16::MAX);
    // By which number each party of the other case is known here.
    let (mut parties, mut known) = (Vec::new(), Vec::new());
    for (party, key) in &what.parties {
        let here = case.parties.iter().find(|p| key.is_some() && p.subject.key == *key);
        known.push(match here {
            Some(here) => here.subject.id,
            None => {
                let id = number(case.parties.len(), parties.len());
                parties.push(Subject { key: *key, ..filing::subject(id, party, facts)? });
                id
            }
        });
    }
    let of = |place: usize| if what.split { Some(1) } else { known.get(place).copied() };
    let violations = what.violations.iter().enumerate();
    let violations = violations.map(|(n, v)| filing::conduct(number(case.violations_entered(), n), v, facts));
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
    let mut orders = Vec::new();
    for o in &what.orders {
        let Some(party) = of(o.party) else { continue };
        let (paper, until, kind) = (number(case.papers.len(), orders.len()), o.until, o.kind);
        let order = Order { paper, party, note: need(&o.note, "note", "改正的内容")?, until, kind };
        let (number, service) = (o.number.clone(), Service { note: None, ..o.service.clone() });
        let (issued, inspected) = (o.issued.clone(), o.inspected.clone());
        orders.push(OrderFrom { order, number, at: o.at, issued, service, inspected });
    }
    let mut statements = Vec::new();
    for s in &what.statements {
        let Some(party) = of(s.party) else { continue };
        let answer = s
            .answer
            .as_ref()
            .map(|(adopted, note)| need(note, "note", "复核意见").map(|note| (*adopted, note)));
        let (text, answer) = (need(&s.text, "note", "陈述、申辩的内容")?, answer.transpose()?);
        statements.push(StatementFrom { party, text, at: s.at, answer });
    }
    // The first violation of a party that is split off is registered already.
    let first = case.violations_entered() - usize::from(what.split && !case.violations.is_empty());
    let told = what.told.iter().filter_map(|(party, violation, told)| {
        Some(Told { party: of(*party)?, violation: number(first, *violation), ..told.clone() })
    });
    let told: Vec<_> = told.collect();
    // Who stood aside there does not go on with it here (43).
    if case.officers.iter().any(|officer| what.recused.contains(&officer.person)) {
        return Err(no(
            "recused",
            "本案办案人员在要并入的案件中已经回避，不得再办理。",
            "请先为本案改派其他办案人员，再并案。",
            "行政处罚法第四十三条",
        ));
    }
    let nothing = parties.is_empty() && violations.is_empty() && evidence.is_empty();
    let nobody = what.recused.is_empty() && what.handled_by.is_empty();
    if nothing
        && what.marks.is_empty()
        && nobody
        && orders.is_empty()
        && statements.is_empty()
        && told.is_empty()
        && what.filed.is_none()
        && what.fallen.is_none()
    {
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
    let fallen = what.fallen.as_ref().map(|fall| {
        let (ground, until) = (fall.ground, fall.until);
        let here = |(place, charge): &(usize, Charge)| Charge {
            party: 1,
            violation: number(first, *place),
            ..charge.clone()
        };
        let charges = fall.charges.iter().map(here).collect();
        let different = need(&fall.different, "different", "重新作出的决定有何不同")?;
        Ok(Box::new(Fallen { ground, different, until, charges }))
    });
    let fallen = fallen.transpose()?;
    let (from, number, filed) = (what.from, what.number.clone(), what.filed);
    let deciding = what.deciding.clone().map(Box::new);
    Ok(Some(Event::Brought {
        from,
        number,
        parties,
        violations,
        evidence,
        filed,
        deciding,
        orders,
        statements,
        told,
        fallen,
        marks: what.marks.clone(),
        recused: what.recused.clone(),
        handled_by: what.handled_by.clone(),
        at: facts.now,
    }))
}
