//! From a lead to two officers: registering, checking, assigning, parties and violations, standing aside.

use super::hearing::may_be;
use super::*;
use crate::Actor;
use crate::penalty::command::{NewParty, NewViolation, Registering};
use crate::penalty::matters::Subject;
use crate::penalty::proposal::Proposal;
use crate::penalty::rights::Hearing;
use crate::penalty::state::Filing;
use crate::penalty::words::{Capacity, Mark};

/// Most parties of one case.
pub(super) const PARTIES_MAX: usize = 20;
/// Most violations of one case.
pub(super) const VIOLATIONS_MAX: usize = 20;

pub(crate) fn subject(id: u16, party: &NewParty, facts: &Facts<'_>) -> Result<Subject, Refusal> {
    let capacity = if party.kind.is_unit() { Capacity::Full } else { party.capacity };
    Ok(Subject {
        id,
        kind: party.kind,
        capacity,
        particulars: need(&party.particulars, "particulars", "当事人的姓名或者名称、证件号码和地址")?,
        key: facts.look_ups.subject,
        described: false,
    })
}

pub(crate) fn conduct(id: u16, what: &NewViolation, facts: &Facts<'_>) -> Result<Violation, Refusal> {
    let to = what.to.unwrap_or(what.from);
    if to < what.from {
        return Err(Refusal::invalid("to", "终了日期早于开始日期。", "请核对违法行为的起止日期。")
            .from_source("行政处罚法第三十六条第二款"));
    }
    Ok(Violation {
        id,
        item: crate::penalty::law_side::item(what.item.trim(), facts)?,
        from: past_day(what.from, "from", facts)?,
        to: past_day(to, "to", facts)?,
        continuing: what.continuing,
        harm: what.harm,
        danger: what.danger,
        facts: need(&what.facts, "facts", "违法事实")?,
        found: what.found_on.map(|day| found_on(day, what.from, facts)).transpose()?.or(what.found),
    })
}

/// The day on which a violation was found: not before it began, not after today.
fn found_on(day: Date, from: Date, facts: &Facts<'_>) -> Result<Timestamp, Refusal> {
    if day < from {
        return Err(Refusal::invalid(
            "found_on",
            "发现日期早于行为开始日期。",
            "请核对两个日期；不填即登记之日。",
        )
        .from_source("行政处罚法第三十六条"));
    }
    past_day(day, "found_on", facts).map(crate::penalty::law_side::midnight)
}

pub(super) fn register(command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Register(Registering {
        source,
        origin,
        unit,
        title,
        place,
        point,
        party,
        violation,
        exhibits: files,
        split_from,
        brought,
        daily,
    }) = command
    else {
        return Ok(Vec::new());
    };
    // Whether a party may be split off was asked of the case that it leaves, in the same transaction.
    if split_from.is_none() && daily.is_none() {
        policy::permit(facts, "penalty_register", &Matter::default())?;
    }
    let own = match facts.actor {
        Actor::Person(person) => person.posts.first().map(|post| post.unit.clone()),
        _ => None,
    };
    let unit = unit
        .or(own)
        .filter(|u| facts.directory.units.contains_key(u))
        .ok_or_else(|| Refusal::invalid("unit", "没有选择承办机构。", "请从单位名录中选择承办机构。"))?;
    let registered = Event::Registered {
        number: facts.look_ups.number.clone(),
        source,
        origin,
        unit,
        by: facts.actor.person().cloned(),
        title: need(&title, "title", "案由")?,
        place: place.part(),
        point,
        subject: subject(1, &party, facts)?,
        violation: conduct(1, &violation, facts)?,
        exhibits: exhibits(facts, &files)?,
        split_from,
        daily,
        at: facts.now,
    };
    // What comes along is numbered after what is registered.
    let State::Case(case) = evolve::evolve(State::Nothing, &registered) else { return Ok(vec![registered]) };
    let along = brought.map(|what| bring::bring(&case, &what, facts)).transpose()?.flatten();
    Ok(std::iter::once(registered).chain(along).collect())
}

pub(super) fn verify(
    case: &Case,
    established: bool,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_verify", facts)?;
    if !matches!(case.filing, Filing::Lead { .. }) {
        return Err(wrong_stage(case, "核查线索"));
    }
    open(case)?;
    Ok(Event::Verified {
        established,
        note: need(note, "note", "核查情况")?,
        exhibits: exhibits(facts, files)?,
        by: me(facts)?,
        at: facts.now,
    })
}

pub(super) fn assign(
    case: &Case,
    lead: &PersonCode,
    second: &PersonCode,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_assign", facts)?;
    open(case)?;
    if lead == second {
        return Err(Refusal::invalid("second", "执法人员不得少于两人。", "请选择两名不同的办案人员。")
            .from_source("行政处罚法第四十二条"));
    }
    for person in [lead, second] {
        not_recused(case, person)?;
    }
    let officers = vec![certified(lead, "lead", facts)?, certified(second, "second", facts)?];
    Ok(Event::Assigned { officers, by: me(facts)?, at: facts.now })
}

pub(super) fn not_recused(case: &Case, person: &PersonCode) -> Result<(), Refusal> {
    if case.recused.contains(person) {
        return Err(no("recused", "此人已经回避，不得再参与本案。", "请另选他人。", "行政处罚法第四十三条"));
    }
    Ok(())
}

/// In which place somebody may be challenged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seat {
    /// An officer of the case (43).
    Officer,
    /// Whoever was named to preside over a hearing that is to come (64(四)).
    Chair,
    /// Whoever reviewed the case or may do so (43).
    Reviewer,
}

fn seat(case: &Case, person: &PersonCode, facts: &Facts<'_>) -> Result<Seat, Refusal> {
    let named = |p: &Party| matches!(&p.rights.hearing, Hearing::Called { chair, .. } if chair == person);
    let fits = |action| facts.directory.people.get(person).is_some_and(|p| may_be(case, p, action, facts));
    if case.is_officer(person) {
        Ok(Seat::Officer)
    } else if case.present().any(named) {
        Ok(Seat::Chair)
    } else if !case.recused.contains(person)
        && (case.reviews.iter().any(|review| review.by == *person) || fits(hearing::REVIEW))
    {
        Ok(Seat::Reviewer)
    } else {
        Err(Refusal::invalid(
            "person",
            "此人不是本案的办案人员、听证主持人或者法制审核人员。",
            "请从本案有关人员中选择。",
        )
        .from_source("行政处罚法第四十三条、第六十四条第四项"))
    }
}

/// Asked for by whoever stands aside, by the agency or by a party, and decided by the leader (43, 64(四)).
pub(super) fn recuse(
    case: &Case,
    (person, with): (PersonCode, PersonCode),
    asked: Option<u16>,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_propose", facts)?;
    open(case)?;
    asked.map_or(Ok(()), |id| party(case, id).map(|_| ()))?;
    replaceable(case, &person, &with, facts)?;
    let with = match seat(case, &person, facts)? {
        Seat::Officer => certified(&with, "with", facts)?,
        Seat::Chair | Seat::Reviewer => {
            let name = facts.directory.person_name(&with).into();
            Officer { person: with, name, certificate: String::new() }
        }
    };
    propose::put(case, Proposal::Recuse { person, with, asked }, need(note, "note", "回避的理由")?, facts)
}

/// Whether one may take the place of another: asked when it is proposed and again when it is approved, for the case may have been
/// given to others meanwhile.
pub(super) fn replaceable(
    case: &Case,
    person: &PersonCode,
    with: &PersonCode,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    not_recused(case, with)?;
    let action = match seat(case, person, facts)? {
        Seat::Officer if case.is_officer(with) => {
            return Err(Refusal::invalid("with", "接替的人已是本案办案人员。", "请另选一人接替。")
                .from_source("行政处罚法第四十二条"));
        }
        Seat::Officer => return Ok(()),
        Seat::Chair => hearing::HOLD,
        Seat::Reviewer => hearing::REVIEW,
    };
    let fits = facts.directory.people.get(with).is_some_and(|p| may_be(case, p, action, facts));
    if fits && person != with {
        return Ok(());
    }
    Err(Refusal::invalid(
        "with",
        "接替听证主持人、法制审核人员的，须有相应职责并且没有参与本案办理。",
        "请另选一人接替。",
    )
    .from_source("行政处罚法第五十八条、第六十四条第四项"))
}

pub(super) fn add_party(case: &Case, party: &NewParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = before_decision(case, facts)?;
    if case.parties.len() >= PARTIES_MAX {
        let rule = format!("一案最多 {PARTIES_MAX} 名当事人。");
        return Err(Refusal::invalid("particulars", rule, "请分案办理。"));
    }
    let id = u16::try_from(case.parties.len() + 1).unwrap_or(u16::MAX);
    Ok(Event::PartyAdded { subject: subject(id, party, facts)?, by, at: facts.now })
}

pub(super) fn set_violation(
    case: &Case,
    id: Option<u16>,
    what: &NewViolation,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = before_decision(case, facts)?;
    let before = id.map(|id| violation(case, id)).transpose()?;
    let id = match before {
        Some(known) => known.id,
        None if case.violations.len() >= VIOLATIONS_MAX => {
            let rule = format!("一案最多 {VIOLATIONS_MAX} 项违法行为。");
            return Err(Refusal::invalid("violation", rule, "请分案办理。"));
        }
        None => u16::try_from(case.violations_entered() + 1).unwrap_or(u16::MAX),
    };
    let mut violation = conduct(id, what, facts)?;
    // What is corrected keeps its day; what is added was found when it was added, not when the case began.
    violation.found = violation.found.or(match before {
        Some(known) => known.found,
        None => Some(facts.now),
    });
    let refused = crate::penalty::law_side::power_of(&violation.item, Some(&case.unit), facts);
    refused.map_or(Ok(()), Err)?;
    Ok(Event::ViolationSet { violation, by, at: facts.now })
}

/// What was entered and turned out not to be a violation goes, with the reason; one stays, and what is charged is uncharged first.
pub(super) fn withdraw_violation(
    case: &Case,
    id: u16,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第四十条、第五十四条";
    let by = before_decision(case, facts)?;
    violation(case, id)?;
    let refused =
        |rule: &str, remedy: &str| Err(Refusal::invalid("violation", rule, remedy).from_source(SOURCE));
    if case.present().any(|p| p.charges.iter().any(|c| c.violation == id)) {
        return refused("该项违法行为已经拟定处罚意见。", "请先撤去处罚意见。");
    }
    if case.violations.len() < 2 || (case.daily_of.is_some() && id == 1) {
        return refused(
            "案件至少有一项违法行为。",
            "违法事实不能成立的，请报批不予处罚、撤销立案或者不予立案。",
        );
    }
    let note = need(note, "note", "撤销登记的理由")?;
    Ok(Event::ViolationWithdrawn { violation: id, note, by, at: facts.now })
}

/// Officers of a case that is not decided, filed or not, with nothing on its way to a decision.
fn before_decision(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let by = officer(case, facts)?;
    if !matches!(case.outcome, crate::penalty::Outcome::Open) {
        return Err(wrong_stage(case, "变更当事人和违法行为"));
    }
    nothing_pending(case)?;
    Ok(by)
}

/// What waits for approval must not change under the eyes of whoever approves it.
pub(super) fn nothing_pending(case: &Case) -> Result<(), Refusal> {
    let moving = |p: &crate::penalty::Pending| {
        p.proposal.is_outcome() || matches!(p.proposal, Proposal::Notice { .. } | Proposal::File)
    };
    match case.pending.iter().find(|p| moving(p)) {
        Some(pending) => Err(no(
            "pending",
            format!("“{}”正在报批，报批期间不能变更。", pending.proposal.title()),
            "请先撤回报批，变更后重新报批。",
            "行政处罚法第五十七条",
        )),
        None => Ok(()),
    }
}

pub(super) fn mark(
    case: &Case,
    mark: Mark,
    on: bool,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_mark", facts)?;
    open(case)?;
    if case.marks.contains(&mark) == on {
        return Err(Refusal::invalid("mark", "已经是这样标注的。", "请刷新页面。"));
    }
    let by = me(facts)?;
    if !on {
        may_unmark(case, mark, &by, facts)?;
    }
    let note = need(note, "note", "标注的理由")?;
    Ok(Event::Marked { mark, on, note, by, at: facts.now })
}

/// A mark is taken off by whoever set it, or by those who review and decide; not by who stood aside.
fn may_unmark(case: &Case, mark: Mark, by: &PersonCode, facts: &Facts<'_>) -> Result<(), Refusal> {
    let own = case.marked_by.get(&mark) == Some(by) && !case.recused.contains(by);
    if own || permit(case, "penalty_unmark", facts).is_ok() {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "not-your-mark",
        format!("“{}”是他人标注的，您不能取消。", mark.title()),
        "请由标注人、法制审核人员或者机关负责人取消，并写明理由。",
    )
    .from_source("行政处罚法第二十七条、第五十七条、第五十八条"))
}
