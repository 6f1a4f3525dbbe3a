//! Enforcement under way: agreements, suspension, its end, what the court says (行政强制法 39, 40, 42, 53–58).

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{Agreeing, Ending, Lodging, OfParty, Said, Suspending};
use crate::penalty::execution::{CourtStep, ExecutionEnd, demanded, fined, owing, unmet};
use crate::penalty::law_side;
use crate::penalty::matters::Part;
use crate::penalty::proposal::Proposal;
use crate::penalty::words::EnforcementKind;

const AGREEMENT: &str = "行政强制法第四十二条";
const SUSPENSION: &str = "行政强制法第三十九条";

/// A party against whom something may still be enforced: the decision reached it and stands, and it has not done all it must.
fn enforced(case: &Case, id: u16, source: &str) -> Result<(), Refusal> {
    let party = party(case, id)?;
    if !fined(case, party) && unmet(case, id).next().is_none() {
        return Err(no(
            "no-decision",
            "没有已经送达的处罚决定，也没有尚未履行的责令改正。",
            "请先送达决定。",
            source,
        ));
    }
    if party.execution.ended.is_some() {
        return Err(no("ended", "对该当事人的执行已经终结。", "不需要再办理执行事项。", source));
    }
    if !owing(case, party) && !party.enforcement.iter().any(|e| e.open()) {
        return Err(no("nothing-owed", "当事人已经履行。", "不需要执行。", source));
    }
    Ok(())
}

/// Whether an agreement may be made now (42).
pub(super) fn agreeable(case: &Case, id: u16) -> Result<(), Refusal> {
    enforced(case, id, AGREEMENT)?;
    let party = party(case, id)?;
    if party.money.left() == 0 {
        return Err(no(
            "nothing-owed",
            "当事人没有未缴的款项。",
            "限期改正的，请在责令改正中约定。",
            AGREEMENT,
        ));
    }
    if demanded(case, id).is_none() {
        return Err(no(
            "no-demand",
            "还没有催告，不在实施行政强制执行的阶段，不能签订执行协议。",
            "当事人确有困难的，可以报批延期、分期缴纳；逾期不缴的，请先催告。",
            "行政强制法第三十五条、第四十二条；行政处罚法第六十六条第二款",
        ));
    }
    if party.execution.agreed().is_some() {
        return Err(no(
            "agreed",
            "已经有正在履行的执行协议。",
            "当事人不履行的，请登记不履行协议。",
            AGREEMENT,
        ));
    }
    if party.enforcement.iter().any(|e| e.kind == EnforcementKind::Court && e.open()) {
        return Err(no(
            "at-court",
            "已经申请人民法院强制执行。",
            "当事人愿意履行的，请向人民法院说明。",
            "行政强制法第四十二条、第五十三条",
        ));
    }
    Ok(())
}

pub(super) fn agree(case: &Case, asked: &Agreeing, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    agreeable(case, asked.party)?;
    let money = &party(case, asked.party)?.money;
    let sum = law_side::surcharge(case, asked.party, crate::beijing_date(facts.now))?;
    let surcharge = sum.fen.max(money.surcharge);
    let unpaid = surcharge - (money.paid() - money.fine - money.confiscation).clamp(0, surcharge);
    if asked.reduced < 0 || asked.reduced > unpaid {
        return Err(Refusal::invalid(
            "reduced",
            format!("只能减免加处的罚款，最多 {}。", law_side::yuan(unpaid)),
            "处罚决定的罚款本数不能减免。",
        )
        .from_source(AGREEMENT));
    }
    if asked.reduced > 0 && !asked.remedied {
        return Err(Refusal::invalid(
            "remedied",
            "当事人采取补救措施的，才可以减免加处的罚款。",
            "请核实并勾选当事人已经采取补救措施，或者不减免。",
        )
        .from_source("行政强制法第四十二条第一款"));
    }
    let left = money.fine + money.confiscation + surcharge - asked.reduced - money.paid();
    let parts = propose::equal_parts(left, asked.parts, asked.first, AGREEMENT, facts)?;
    Ok(Proposal::Agreement {
        party: asked.party,
        parts,
        surcharge,
        reduced: asked.reduced,
        arithmetic: sum.arithmetic,
    })
}

/// The same when it is signed: the sum must still be what is left, with so much surcharge.
pub(super) fn agreed_sum(case: &Case, id: u16, parts: &[Part], surcharge: i64) -> Result<(), Refusal> {
    agreeable(case, id)?;
    let money = &party(case, id)?.money;
    let left = money.fine + money.confiscation + surcharge - money.paid();
    if parts.iter().map(|p| p.fen).sum::<i64>() == left {
        return Ok(());
    }
    Err(no(
        "sum-changed",
        format!("报批以后款项有变动，现在应为 {}。", law_side::yuan(left)),
        "请退回，按现在的数额重新报批。",
        AGREEMENT,
    ))
}

pub(super) fn break_agreement(case: &Case, of: &OfParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    let party = party(case, of.party)?;
    let Some(agreement) = party.execution.agreed() else {
        return Err(no("not-agreed", "没有正在履行的执行协议。", "请刷新页面。", AGREEMENT));
    };
    let missed =
        agreement.next(party.money.paid()).is_some_and(|(_, part)| crate::beijing_date(facts.now) > part.due);
    if !missed {
        return Err(no(
            "kept",
            "执行协议约定的期限还没有到，当事人没有违反协议。",
            "请等约定的期限届满。",
            "行政强制法第四十二条第二款",
        ));
    }
    let note = need(&of.note, "note", "当事人没有履行协议的情况")?;
    Ok(Event::AgreementBroken { party: of.party, note, by, at: facts.now })
}

pub(super) fn suspend(case: &Case, asked: &Suspending, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    suspendable(case, asked.party)?;
    Ok(Proposal::Suspend { party: asked.party, ground: asked.ground, harmless: asked.harmless })
}

/// Whether enforcement may rest (39(1)).
pub(super) fn suspendable(case: &Case, id: u16) -> Result<(), Refusal> {
    enforced(case, id, SUSPENSION)?;
    if party(case, id)?.execution.suspended().is_some() {
        return Err(no("suspended", "执行已经中止。", "中止的情形消失后，请登记恢复执行。", SUSPENSION));
    }
    Ok(())
}

pub(super) fn resume(case: &Case, of: &OfParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if party(case, of.party)?.execution.suspended().is_none() {
        return Err(no("not-suspended", "执行没有中止。", "请刷新页面。", SUSPENSION));
    }
    let note = need(&of.note, "note", "中止的情形消失的情况")?;
    Ok(Event::ExecutionResumed { party: of.party, note, by, at: facts.now })
}

pub(super) fn end(case: &Case, asked: &Ending, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    endable(case, asked.party, asked.ground)?;
    Ok(Proposal::EndExecution { party: asked.party, ground: asked.ground })
}

/// Whether enforcement may end on this ground (40).
pub(super) fn endable(case: &Case, id: u16, ground: ExecutionEnd) -> Result<(), Refusal> {
    const SOURCE: &str = "行政强制法第四十条";
    let party = party(case, id)?;
    let unfit = |rule: &str, remedy: &str| Err(no("ground", rule, remedy, SOURCE));
    match ground {
        ExecutionEnd::Annulled if party.annulled.is_none() => {
            return unfit("据以执行的决定没有被撤销。", "请先登记撤销决定或者复议、诉讼结果。");
        }
        ExecutionEnd::Annulled if party.execution.ended.is_none() => return Ok(()),
        ExecutionEnd::Died if party.subject.kind.is_unit() => {
            return unfit("当事人不是公民。", "法人或者其他组织终止的，请选择相应情形。");
        }
        ExecutionEnd::Dissolved if !party.subject.kind.is_unit() => {
            return unfit("当事人不是法人或者其他组织。", "公民死亡的，请选择相应情形。");
        }
        ExecutionEnd::ThreeYears => {
            return Err(no(
                "ground",
                "中止执行满三年未恢复的，期满自动不再执行，不需要报批。",
                "请先报批中止执行。",
                "行政强制法第三十九条第二款",
            ));
        }
        _ => {}
    }
    enforced(case, id, SOURCE)
}

/// The application that was signed was handed to the court: on that day the three months are kept, and the court's days begin
/// (53, 56).
pub(super) fn lodge(case: &Case, asked: &Lodging, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    const SOURCE: &str = "行政强制法第五十三条、第五十五条、第五十六条";
    permit(case, "penalty_remedy", facts)?;
    open(case)?;
    let party = party(case, asked.party)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    let waits =
        |e: &&crate::penalty::Enforcement| e.kind == EnforcementKind::Court && e.open() && !e.at_court();
    let Some(applied) = party.enforcement.iter().find(waits) else {
        return Err(no("not-applied", "没有等候递交的强制执行申请。", "请先报批申请强制执行。", SOURCE));
    };
    compel::stands(case, asked.party, EnforcementKind::Court)?;
    let on = past_day(asked.on, "on", facts)?;
    let signed = crate::beijing_date(applied.at);
    if on < signed {
        return Err(Refusal::invalid(
            "on",
            format!("日期早于申请书的签发（{signed}）。"),
            "请核对法院的收件回执。",
        )
        .from_source(SOURCE));
    }
    let clock = case.clock(Term::CourtApply, Scope::Party(asked.party));
    if clock.is_some_and(|w| law_side::midnight(on) >= w.clock.running.due) {
        return Err(compel::court_late());
    }
    let note = need(&asked.note, "note", "递交的材料、法院和收件人")?;
    let exhibits = proof(facts, &asked.exhibits, "法院的收件回执或者邮寄凭证", SOURCE)?;
    // It is kept as it was printed for the court.
    let kept = applied.paper.zip(facts.look_ups.printed.clone()).map(|(paper, exhibit)| Event::PaperKept {
        paper,
        party: asked.party,
        exhibit,
        at: facts.now,
    });
    let (party, by, at) = (asked.party, me(facts)?, facts.now);
    Ok(kept.into_iter().chain([Event::CourtLodged { party, on, note, exhibits, by, at }]).collect())
}

/// What the court said of an application (56–58).
pub(super) fn court_said(case: &Case, said: &Said, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政强制法第五十六条至第五十八条";
    permit(case, "penalty_remedy", facts)?;
    open(case)?;
    let applied =
        party(case, said.party)?.enforcement.iter().find(|e| e.kind == EnforcementKind::Court && e.open());
    let Some(applied) = applied else {
        return Err(no(
            "not-applied",
            "没有等候人民法院处理的申请。",
            "请先报批申请强制执行。",
            "行政强制法第五十三条",
        ));
    };
    if !applied.at_court() {
        return Err(no(
            "not-lodged",
            "申请还没有递交人民法院。",
            "请先登记向法院递交的日期和回执。",
            "行政强制法第五十三条、第五十六条",
        ));
    }
    if !said.step.follows(&applied.court_said) {
        let now = applied.court_said.last().map_or("已经申请", |(step, _)| step.title());
        return Err(Refusal::invalid(
            "step",
            format!("这一申请现在是“{now}”，接下来不能是“{}”。", said.step.title()),
            "请按人民法院的文书依次登记。",
        )
        .from_source(SOURCE));
    }
    let on = past_day(said.on, "on", facts)?;
    let lodged = applied.lodged.unwrap_or(crate::beijing_date(applied.at));
    let earliest = applied.court_said.last().map_or(lodged, |(_, on)| *on);
    if on < earliest {
        return Err(Refusal::invalid(
            "on",
            format!("日期早于上一步（{earliest}）。"),
            "请核对法律文书的日期。",
        )
        .from_source(SOURCE));
    }
    if said.step == CourtStep::Review {
        let clock = case.clock(Term::CourtReview, Scope::Party(said.party));
        if clock.is_some_and(|w| law_side::midnight(on) >= w.clock.running.due) {
            return Err(no(
                "review-late",
                "对裁定有异议的，应当在十五日内向上一级人民法院申请复议，期限已经届满。",
                "请按裁定处理，可以报批终结执行。",
                "行政强制法第五十六条第二款、第五十八条第三款",
            ));
        }
    }
    let note = need(&said.note, "note", "裁定、通知的文号和内容")?;
    let exhibits = exhibits(facts, &said.exhibits)?;
    Ok(Event::CourtSaid {
        party: said.party,
        step: said.step,
        on,
        note,
        exhibits,
        by: me(facts)?,
        at: facts.now,
    })
}
