//! Asking for approval: what is complete goes to the unit and the leader, what is not is refused with what is missing.

use super::*;
use crate::penalty::law_side;
use crate::penalty::matters::Part;
use crate::penalty::proposal::Proposal;
use crate::penalty::state::Filing;
use crate::penalty::words::{Capacity, EnforcementKind, NoPenaltyGround};

/// Working days for statement and defence that a notice gives at least: the statute says only that both must be heard, so
/// nobody is given less than can be used.
const DEFENCE_DAYS: std::ops::RangeInclusive<u16> = 3..=30;
/// Most instalments.
const PARTS_MAX: u32 = 24;
/// Months over which a fine may be paid at most.
const PARTS_MONTHS_MAX: i32 = 36;

/// Puts a proposal before whoever approves it.
pub(super) fn put(
    case: &Case,
    proposal: Proposal,
    note: PartRef,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    if let Some(other) = case.pending.iter().find(|p| p.proposal.clashes(&proposal)) {
        return Err(no(
            "pending",
            format!("“{}”正在报批。", other.proposal.title()),
            "请等审批结果，或者先撤回报批。",
            "行政处罚法第五十七条；内部审批规则",
        ));
    }
    let by = me(facts)?;
    let review = law_side::review_of(&proposal, facts);
    let (id, proposal) = (case.proposals + 1, Box::new(proposal));
    Ok(Event::Proposed { id, proposal, note, review, by, at: facts.now })
}

pub(super) fn propose(case: &Case, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    use Command as C;
    let grounds = |note: &Text| need(note, "note", "理由");
    let (proposal, note) = match command {
        C::File { note } => {
            officer(case, facts)?;
            (Proposal::File, grounds(&note)?)
        }
        C::NotFile { note } => {
            permit(case, "penalty_propose", facts)?;
            open(case)?;
            (Proposal::NotFile, grounds(&note)?)
        }
        C::Notify { days, note } => {
            undecided(case, facts)?;
            // Whoever was told what is planned need not be told again because another party must be.
            let untold = |p: &&Party| !rules::notice_covers(p);
            let charges: Vec<_> = case.present().filter(untold).flat_map(|p| p.charges.clone()).collect();
            let planned = case.present().all(|p| !p.charges.is_empty());
            if charges.is_empty() && planned {
                return Err(no(
                    "already-told",
                    "现在的处罚意见已经告知全部当事人，没有变更，不再重新告知。",
                    "事实、依据或者处罚内容变更的，先登记变更；告知书没有送达的，送达或者作废后再报。",
                    "行政处罚法第四十四条、第六十二条",
                ));
            }
            let hearing = charges.iter().any(|c| c.hearing);
            if !DEFENCE_DAYS.contains(&days) {
                let (min, max) = (DEFENCE_DAYS.start(), DEFENCE_DAYS.end());
                return Err(Refusal::invalid(
                    "days",
                    format!("陈述、申辩的期限须在 {min} 至 {max} 个工作日之间。"),
                    "法律没有规定天数，请给当事人足够的时间。",
                )
                .from_source("行政处罚法第四十四条、第四十五条"));
            }
            (Proposal::Notice { charges, hearing, days }, grounds(&note)?)
        }
        C::Decide { note } => {
            undecided(case, facts)?;
            let charges = case.present().flat_map(|p| p.charges.clone()).collect();
            (Proposal::Decide { charges }, grounds(&note)?)
        }
        C::NoPenalty { ground, note } => {
            undecided(case, facts)?;
            (Proposal::NoPenalty { ground }, grounds(&note)?)
        }
        C::HandOver { to, note } => {
            undecided(case, facts)?;
            let to = line(&to, "to", "受移送的公安机关", "行政执法机关移送涉嫌犯罪案件的规定第五条")?;
            (Proposal::Crime { to }, grounds(&note)?)
        }
        C::OrderDemolition(asked) => (compel::order(case, &asked, facts)?, grounds(&asked.note)?),
        C::Transfer(asked) => (transfer::propose(case, &asked, facts)?, grounds(&asked.note)?),
        C::Drop { note } => {
            undecided(case, facts)?;
            (Proposal::Drop, grounds(&note)?)
        }
        C::PayLater { party: who, parts, first, asked, note } => {
            in_filed(case, facts)?;
            let parts = later(case, who, parts, (first, asked), facts)?;
            (Proposal::PayLater { party: who, parts, asked: Some(asked) }, grounds(&note)?)
        }
        C::Demand(asked) => (compel::demand(case, &asked, facts)?, grounds(&asked.note)?),
        C::AnnounceDemolition(asked) => (compel::announce(case, &asked, facts)?, grounds(&asked.note)?),
        C::Compel(asked) => (compel::compel(case, &asked, facts)?, grounds(&asked.note)?),
        C::Revoke { note } => {
            own_officer(case, facts)?;
            (Proposal::Revoke, grounds(&note)?)
        }
        C::OpenArchive(asked) => (archive::propose(case, &asked, facts)?, grounds(&asked.note)?),
        C::DecideAnew(asked) => (anew::propose(case, &asked, facts)?, grounds(&asked.note)?),
        C::Close { ground, note } => {
            officer(case, facts)?;
            (Proposal::Close { ground }, grounds(&note)?)
        }
        C::Agree(asked) => (execution::agree(case, &asked, facts)?, grounds(&asked.note)?),
        C::Suspend(asked) => (execution::suspend(case, &asked, facts)?, grounds(&asked.note)?),
        C::EndExecution(asked) => (execution::end(case, &asked, facts)?, grounds(&asked.note)?),
        C::Amend(asked) => (amend::amend(case, &asked, facts)?, grounds(&asked.note)?),
        C::Suggest(asked) => (advice::suggest(case, &asked, facts)?, need(&asked.note, "note", "建议")?),
        _ => return Err(wrong_stage(case, "报批")),
    };
    ready(case, &proposal, facts)?;
    put(case, proposal, note, facts)
}

/// What may still be decided after a case was closed: to revoke its decision, or to correct a paper (行政处罚法 75(2)).
pub(super) fn alive_to(case: &Case, proposal: &Proposal) -> Result<(), Refusal> {
    match proposal {
        Proposal::Revoke | Proposal::Amend { .. } | Proposal::DecideAnew { .. } => alive(case),
        Proposal::OpenArchive { .. } => archive::ready(case),
        Proposal::SettlePreserved { .. } | Proposal::Release { .. } => measures::releasable(case),
        _ => open(case),
    }
}

/// Whether what is proposed may happen as things stand: asked when it is proposed and again when it is approved.
pub(super) fn ready(case: &Case, proposal: &Proposal, facts: &Facts<'_>) -> Result<(), Refusal> {
    alive_to(case, proposal)?;
    if proposal.is_outcome() && !matches!(case.outcome, crate::penalty::Outcome::Open) {
        return Err(wrong_stage(case, "再作处理决定"));
    }
    if matches!(
        proposal,
        Proposal::NotFile | Proposal::NoPenalty { .. } | Proposal::Transfer { .. } | Proposal::Drop
    ) {
        crate::penalty::police::suspected(case).map_or(Ok(()), Err)?;
    }
    match proposal {
        Proposal::File => first(rules::filing(case, facts)),
        Proposal::NotFile => match case.filing {
            Filing::Lead { verified: Some(_) } => measures::nothing_held(case, "不予立案"),
            Filing::Lead { verified: None } => Err(no(
                "not-verified",
                "线索还没有核查。",
                "请先登记核查结果。",
                "行政处罚法第五十四条第二款",
            )),
            _ => Err(wrong_stage(case, "不予立案")),
        },
        Proposal::Notice { .. } => first(rules::notice(case, facts)),
        Proposal::Decide { .. } => first(rules::decision(case, facts)),
        Proposal::NoPenalty { ground } => no_penalty(case, *ground, facts),
        Proposal::Drop => {
            if case.evidence.iter().any(|e| e.excluded.is_none()) || case.finished.is_some() {
                return measures::nothing_held(case, "撤销立案");
            }
            Err(no(
                "no-evidence",
                "撤销立案应当有经调查查明的事实。",
                "请先登记查明的情况。",
                "行政处罚法第五十四条、第五十七条",
            ))
        }
        Proposal::DemolitionOrder { party, until, .. } => compel::orderable(case, *party, *until, facts),
        Proposal::Transfer { .. } => first(rules::two_officers(case).into_iter().collect()),
        Proposal::Demand { party, .. } => compel::demandable(case, *party, facts),
        Proposal::DemolitionNotice { party, until, .. } => compel::announceable(case, *party, *until, facts),
        Proposal::Enforce { .. } => compel::compellable(case, proposal, facts),
        Proposal::Revoke => {
            if case.decision().is_some() && case.present().any(|p| p.annulled.is_none()) {
                return Ok(());
            }
            Err(wrong_stage(case, "撤销处罚决定"))
        }
        Proposal::DecideAnew { party, .. } => anew::ready(case, *party, facts),
        Proposal::OpenArchive { .. } => Ok(()),
        Proposal::Close { ground } => first(crate::penalty::closing::closing(case, *ground)),
        Proposal::SettlePreserved { measure, .. }
        | Proposal::Release { measure, .. }
        | Proposal::SeizeLonger { measure, .. } => {
            if !case.measure(*measure).is_some_and(|m| case.unsettled(m)) {
                return Err(wrong_stage(case, "处理已经处理的物品"));
            }
            match proposal {
                Proposal::SettlePreserved { how, .. } | Proposal::Release { how, .. } => {
                    measures::takeable(case, *measure, *how)
                }
                _ => Ok(()),
            }
        }
        Proposal::DecideLonger { .. } => first(rules::longer(case)),
        Proposal::Agreement { party, parts, surcharge, reduced, .. } => {
            execution::agreed_sum(case, *party, parts, surcharge - reduced)
        }
        Proposal::Suspend { party, .. } => execution::suspendable(case, *party),
        Proposal::EndExecution { party, ground } => execution::endable(case, *party, *ground),
        Proposal::Amend { paper, .. } => amend::amendable(case, *paper),
        Proposal::PayLater { party, parts, .. } => later_ready(case, *party, parts, facts),
        Proposal::DisposeEarly { thing, how, .. } => custody::early_ready(case, *thing, *how, facts),
        Proposal::Recuse { person, with, .. } => filing::replaceable(case, person, &with.person, facts),
        // What it takes over may have fallen, or gone back, since it was proposed.
        Proposal::Seize { measure } if !measure.urgent => {
            measures::not_again(case, measure, facts.now)?;
            measure.takes_over.map_or(Ok(()), |before| measures::preserved(case, before, measure.party))
        }
        Proposal::Preserve { measure } => measures::not_again(case, measure, facts.now),
        Proposal::Crime { .. }
        | Proposal::Suggest { .. }
        | Proposal::VerifyLonger { .. }
        | Proposal::Seize { .. } => Ok(()),
    }
}

/// No penalty (33, 57(1)(二)(三), 30, 31, 36).
fn no_penalty(case: &Case, ground: NoPenaltyGround, facts: &Facts<'_>) -> Result<(), Refusal> {
    first(rules::two_officers(case).into_iter().collect())?;
    if case.finished.is_none() {
        return Err(no(
            "not-finished",
            "调查还没有终结。",
            "请提交调查终结报告。",
            "行政处罚法第五十七条第一款",
        ));
    }
    let fits = |rule: &str, remedy: &str| Err(no("ground", rule, remedy, ground.source()));
    let all = |capacity| case.present().all(|p| p.subject.capacity == capacity);
    match ground {
        NoPenaltyGround::Child if !all(Capacity::Child) => {
            fits("当事人不是不满十四周岁的人。", "请核对当事人的年龄。")
        }
        NoPenaltyGround::Incapable if !all(Capacity::Incapable) => {
            fits("当事人不是不能辨认或者控制自己行为的人。", "请核对鉴定意见。")
        }
        NoPenaltyGround::Limitation
            if !case.violations.iter().all(|v| rules::limitation(v, case.at, facts).is_some()) =>
        {
            fits("违法行为还在追责时效以内。", "请核对违法行为的终了日期。")
        }
        NoPenaltyGround::Minor | NoPenaltyGround::First
            if case.violations.iter().any(|v| v.harm || v.danger) =>
        {
            fits(
                &format!("本案登记了危害后果，不属于“{}”。", ground.title()),
                "请依法处罚；没有危害后果的，请先更正违法行为的登记。",
            )
        }
        NoPenaltyGround::First if case.present().any(|p| p.subject.key.is_none()) => fits(
            "没有当事人的证件号码，查不到以前的处罚和警示，不能认定为初次违法。",
            "请用“补正当事人信息”填写证件号码；违法行为轻微并及时改正、没有造成危害后果的，可以适用另一情形。",
        ),
        NoPenaltyGround::First if !facts.look_ups.prior.is_empty() => {
            fits("同一当事人以前有同类案件，不属于初次违法。", "请选择其他情形，或者依法处罚。")
        }
        NoPenaltyGround::First if rules::not_first(case, facts).is_some() => {
            let earlier = rules::not_first(case, facts).unwrap_or_default();
            fits(
                &format!("同一当事人因同一事项已有{earlier}，不属于初次违法。"),
                "请选择其他情形，或者依法处罚。",
            )
        }
        _ if ground.wants_correction() && !case.put_right() => {
            fits("没有证据表明已经及时改正。", "请先责令改正或者由当事人书面承诺改正，并登记复查合格。")
        }
        _ => Ok(()),
    }
}

const LATER: &str = "行政处罚法第六十六条第二款";

/// What the court has is not put off any more.
fn not_at_court(party: &Party) -> Result<(), Refusal> {
    if !party.enforcement.iter().any(|e| e.kind == EnforcementKind::Court && e.open()) {
        return Ok(());
    }
    Err(no(
        "at-court",
        "已经申请人民法院强制执行，不能再延期、分期。",
        "当事人愿意履行的，请向人民法院说明。",
        "行政处罚法第六十六条第二款、第七十二条第一款第四项",
    ))
}

/// Equal parts to the fen, a month apart; what does not divide comes first. The party asked for it after the decision reached it.
fn later(
    case: &Case,
    who: u16,
    parts: u32,
    (first, asked): (Date, Date),
    facts: &Facts<'_>,
) -> Result<Vec<Part>, Refusal> {
    const SOURCE: &str = LATER;
    let party = party(case, who)?;
    // What was added for being late is no fine and is not put off.
    let dues = party.money.dues(0);
    let left = dues.fine + dues.gains;
    if case.decision_served(who).is_none() || party.annulled.is_some() || left == 0 {
        return Err(no("nothing-owed", "没有需要缴纳的罚款。", "决定送达后才能申请延期、分期。", SOURCE));
    }
    not_at_court(party)?;
    past_day(asked, "asked", facts)?;
    if case.decision_served(who).is_some_and(|served| asked < crate::beijing_date(served)) {
        return Err(Refusal::invalid(
            "asked",
            "申请的日期早于决定送达。",
            "请填写当事人申请延期、分期的日期。",
        )
        .from_source(SOURCE));
    }
    if let Some(last) = law_side::payment_due(case, party).filter(|_| party.money.parts.is_empty()) {
        not_sooner(first, last, SOURCE)?;
    }
    equal_parts(left, parts, first, SOURCE, facts)
}

/// The same when it is signed: the sum must still be what is left, and no day may have passed.
fn later_ready(case: &Case, who: u16, parts: &[Part], facts: &Facts<'_>) -> Result<(), Refusal> {
    const SOURCE: &str = LATER;
    let party = party(case, who)?;
    not_at_court(party)?;
    let dues = party.money.dues(0);
    let left = dues.fine + dues.gains;
    if party.annulled.is_some() || left == 0 {
        return Err(no(
            "nothing-owed",
            "没有需要缴纳的罚款。",
            "已经缴清或者决定被撤销的，不需要延期、分期。",
            SOURCE,
        ));
    }
    let past = parts.first().is_none_or(|part| part.due <= crate::beijing_date(facts.now));
    if past || parts.iter().map(|part| part.fen).sum::<i64>() != left {
        return Err(no(
            "sum-changed",
            format!("报批以后日期已过或者款项有变动，现在应缴 {}。", law_side::yuan(left)),
            "请退回，按现在的数额和日期重新报批。",
            SOURCE,
        ));
    }
    Ok(())
}

/// Whoever is given time is not asked for anything before the day until which the statute gives it (行政处罚法 67(3)).
pub(crate) fn not_sooner(first: Date, last: Date, source: &str) -> Result<(), Refusal> {
    if first >= last {
        return Ok(());
    }
    Err(Refusal::invalid(
        "first",
        format!("法定的缴款期限到 {last} 才届满，延期、分期不能使当事人更早缴款。"),
        format!("首期日期请不早于 {last}。"),
    )
    .from_source(format!("行政处罚法第六十七条第三款；{source}")))
}

/// A sum in equal parts, a month apart; what does not divide comes first.
pub(crate) fn equal_parts(
    left: i64,
    parts: u32,
    first: Date,
    source: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Part>, Refusal> {
    if !(1..=PARTS_MAX).contains(&parts) {
        let rule = format!("分期须在 1 至 {PARTS_MAX} 期之间。");
        return Err(Refusal::invalid("parts", rule, "只延期不分期的填 1。").from_source(source));
    }
    let today = crate::beijing_date(facts.now);
    let span = jiff::Span::new().months(PARTS_MONTHS_MAX);
    if first <= today || today.checked_add(span).is_ok_and(|last| first > last) {
        return Err(Refusal::invalid("first", "首期日期不对。", "请填写今天以后、三年以内的日期。")
            .from_source(source));
    }
    let (n, share) = (i64::from(parts), left / i64::from(parts));
    (0..parts)
        .map(|k| {
            let months = i32::try_from(k).unwrap_or(i32::MAX);
            let due = first.checked_add(jiff::Span::new().months(months));
            let due = due.map_err(|_| {
                Refusal::invalid("first", "日期超出范围。", "请填写较早的日期。").from_source(source)
            })?;
            Ok(Part { due, fen: if k == 0 { left - share * (n - 1) } else { share } })
        })
        .collect()
}
