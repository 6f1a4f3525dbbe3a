//! Three levels: the unit's opinion, the leader's signature; what was signed happens in the same entry.

use super::*;
use crate::penalty::clocks::{Clock, Scope, Term};
use crate::penalty::law_side;
use crate::penalty::proposal::{Pending, Proposal};
use crate::penalty::words::Opinion;

fn pending(case: &Case, id: u16) -> Result<&Pending, Refusal> {
    case.proposal(id).ok_or_else(|| {
        Refusal::conflict("nothing-pending", "没有这项待审批的事项。", "请刷新页面。")
            .from_source("内部审批规则")
    })
}

fn opinion(agreed: bool, note: &Text) -> Result<Option<PartRef>, Refusal> {
    if !agreed && note.part().is_none() {
        return Err(
            Refusal::invalid("note", "不同意须说明理由。", "请填写审批意见。").from_source("内部审批规则")
        );
    }
    Ok(note.part())
}

/// Nobody decides on what he asked for himself.
fn another(pending: &Pending, me: &PersonCode) -> Result<(), Refusal> {
    if pending.by == *me {
        return Err(Refusal::forbidden("own-proposal", "不能审批自己报批的事项。", "请由其他负责人审批。")
            .from_source("行政处罚法第五十七条；内部审批规则"));
    }
    Ok(())
}

/// Neither an officer of the case nor whoever stood aside decides anything in it.
fn outsider(case: &Case, me: &PersonCode) -> Result<(), Refusal> {
    if case.is_officer(me) {
        return Err(Refusal::forbidden("own-case", "本案办案人员不能审批本案。", "请由其他负责人审批。")
            .from_source("行政处罚法第五十七条"));
    }
    if case.recused.contains(me) {
        return Err(Refusal::forbidden("recused", "您已经回避，不得再办理本案。", "请由其他负责人审批。")
            .from_source("行政处罚法第四十三条"));
    }
    Ok(())
}

pub(super) fn endorse(
    case: &Case,
    id: u16,
    agreed: bool,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_endorse", facts)?;
    let pending = pending(case, id)?;
    propose::alive_to(case, &pending.proposal)?;
    let by = me(facts)?;
    another(pending, &by)?;
    outsider(case, &by)?;
    if pending.endorsed.is_some() || !case.wants_unit(&pending.proposal) {
        return Err(no("endorsed", "这一项不需要承办机构再提意见。", "请由机关负责人审批。", "内部审批规则"));
    }
    Ok(Event::Endorsed { id, agreed, note: opinion(agreed, note)?, by, at: facts.now })
}

pub(super) fn approve(
    case: &Case,
    id: u16,
    agreed: bool,
    (note, by_hand): (&Text, bool),
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(case, "penalty_approve", facts)?;
    let pending = pending(case, id)?;
    propose::alive_to(case, &pending.proposal)?;
    let by = me(facts)?;
    another(pending, &by)?;
    outsider(case, &by)?;
    if case.reviews.iter().any(|review| review.by == by) {
        return Err(Refusal::forbidden(
            "reviewed-it",
            "您已经对本案进行法制审核，不能再作为机关负责人审批本案。",
            "请由其他负责人审批。",
        )
        .from_source(
            "行政处罚法第五十七条、第五十八条；内部审批规则（承办机构、法制机构、机关负责人三级审批）",
        ));
    }
    if matches!(&pending.proposal, Proposal::Recuse { person, .. } if *person == by) {
        return Err(Refusal::forbidden("own-recusal", "不能决定自己是否回避。", "请由其他负责人决定。")
            .from_source("行政处罚法第四十三条第三款"));
    }
    if pending.endorsed.as_ref() == Some(&by) {
        return Err(Refusal::forbidden(
            "endorsed-it",
            "您已经代表承办机构提出意见，不能再作为机关负责人审批同一事项。",
            "请由其他负责人审批。",
        )
        .from_source("行政处罚法第五十七条；内部审批规则（承办机构、法制机构、机关负责人三级审批）"));
    }
    let note = opinion(agreed, note)?;
    if !agreed {
        return Ok(vec![Event::Approved { id, agreed, note, paper: None, by, at: facts.now }]);
    }
    if case.wants_unit(&pending.proposal) && pending.endorsed.is_none() {
        return Err(no(
            "not-endorsed",
            "承办机构还没有提出意见。",
            "请承办机构负责人先审核。",
            "行政处罚法第五十七条；内部审批规则（承办机构、法制机构、机关负责人三级审批）",
        ));
    }
    reviewed(pending)?;
    propose::ready(case, &pending.proposal, facts)?;
    if let Some(kind) = pending.proposal.paper() {
        parties::complete(kind.title(), "签发", facts)?;
        if !by_hand {
            parties::legible_or_by_hand(kind.title(), facts)?;
        }
    }
    let number = facts.look_ups.number.clone();
    let paper = pending.proposal.paper().map(|kind| case.new_paper(kind, number, addressees(case, pending)));
    let me = by.clone();
    let mut events = vec![Event::Approved { id, agreed, note, paper, by, at: facts.now }];
    events.extend(longer(case, &pending.proposal, facts)?);
    let codes = fined(&pending.proposal).into_iter().zip(&facts.look_ups.pay_codes);
    events.extend(codes.map(|(party, code)| Event::PayCodeSet {
        party,
        code: code.clone(),
        by: me.clone(),
        at: facts.now,
    }));
    Ok(events)
}

/// What the agency's list of major decisions names is signed after a legal review that agreed (国办发〔2018〕118号).
fn reviewed(pending: &Pending) -> Result<(), Refusal> {
    let Some(source) = &pending.review else { return Ok(()) };
    match &pending.reviewed {
        Some((_, Opinion::Agree)) => Ok(()),
        Some((_, opinion)) => Err(no(
            "review-not-passed",
            format!("法制审核意见为“{}”，未经审核通过不得作出决定。", opinion.title()),
            "请退回报批人，按审核意见纠正后重新报批。",
            source,
        )),
        None => Err(no(
            "review-missing",
            format!("“{}”属于重大执法决定，未经法制审核不得作出决定。", pending.proposal.title()),
            "请法制审核员先审核这一项。",
            source,
        )),
    }
}

/// The parties that a decision makes pay: each gets a payment code with its signature (67).
pub(in crate::penalty) fn fined(proposal: &Proposal) -> Vec<u16> {
    let Proposal::Decide { charges } = proposal else { return Vec::new() };
    let pay = charges.iter().filter(|c| c.fine + c.confiscation > 0);
    pay.map(|c| c.party).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// To whom the paper of a proposal goes.
#[must_use]
pub fn addressees(case: &Case, pending: &Pending) -> Vec<u16> {
    let proposal = &pending.proposal;
    if !proposal.paper().is_some_and(crate::penalty::PaperKind::must_serve) {
        return Vec::new();
    }
    if let Some(party) = proposal.party() {
        return vec![party];
    }
    if let Proposal::Amend { paper, .. } = proposal {
        return case.paper(*paper).map(|file| file.paper.parties.clone()).unwrap_or_default();
    }
    if let Proposal::Notice { charges, .. } = proposal {
        let mut told: Vec<u16> = charges.iter().map(|c| c.party).collect();
        told.sort_unstable();
        told.dedup();
        return told;
    }
    match proposal.measure().and_then(|id| case.measure(id)) {
        Some(file) => vec![file.measure.party],
        None => case.present().map(|p| p.subject.id).collect(),
    }
}

/// The longer clock, where that is what was approved.
fn longer(case: &Case, proposal: &Proposal, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let (term, of, days) = match proposal {
        Proposal::VerifyLonger { days } => (Term::Verify, Scope::Case, *days),
        Proposal::DecideLonger { days } => (Term::Decide, Scope::Case, *days),
        Proposal::SeizeLonger { measure, days } => (Term::Seize, Scope::Measure(*measure), *days),
        _ => return Ok(None),
    };
    let Some(watched) = case.clock(term, of) else { return Ok(None) };
    if watched.over(facts.now) {
        return Err(no(
            "too-late",
            "期限已经届满，不能再延长。",
            "查封、扣押期满的应当立即解除；办案超期的请尽快作出决定。",
            &watched.clock.running.standard.source,
        ));
    }
    let calendars = facts.directory.law.calendars();
    let unit = watched.clock.running.standard.unit;
    let why = if watched.clock.running.extensions.is_empty() {
        "机关负责人批准延长"
    } else {
        "机关负责人集体讨论决定再次延长"
    };
    let running = watched.clock.running.extend(calendars, days, unit, why);
    let running = running.map_err(law_side::no_term)?;
    let clock = Clock { running, ..watched.clock.clone() };
    Ok(Some(Event::ClockChanged { clock, why: why.into(), at: facts.now }))
}

pub(super) fn unpropose(case: &Case, id: u16, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let pending = pending(case, id)?;
    propose::alive_to(case, &pending.proposal)?;
    let by = me(facts)?;
    if pending.by != by {
        return Err(Refusal::forbidden("not-your-proposal", "只能由报批人撤回。", "请联系报批人。")
            .from_source("内部审批规则"));
    }
    if matches!(&pending.proposal, Proposal::Seize { measure } if measure.urgent) {
        return Err(no(
            "urgent",
            "当场实施的强制措施必须补办批准手续，不能撤回。",
            "负责人认为不应当采取的，由负责人不予批准并立即解除。",
            "行政强制法第十九条",
        ));
    }
    Ok(Event::Unproposed { id, by, at: facts.now })
}
