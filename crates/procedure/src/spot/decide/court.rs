//! A fine that was not paid in time: demand, and application to the court (行政处罚法 72(1)(四); 行政强制法 53-59). The agency has no
//! power of its own to take the money, so there is no other way.

use super::money::debt;
use super::*;
use crate::Text;
use crate::penalty::Way;
use crate::penalty::decide::{line, me, need, past_day, proof};
use crate::spot::words::CourtAnswer;
use lianzhi_ids::Digest;

const DEMAND: &str = "行政处罚法第七十二条；行政强制法第五十四条";
const APPLY: &str = "行政强制法第五十三条";

pub(super) fn demand(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    let decision = debt(sheet)?;
    if decision.demand.is_some() {
        return Err(wrong_stage(sheet, "再次催告"));
    }
    let today = crate::beijing_date(facts.now);
    if !later::over(sheet, today) {
        return Err(no("not-late", "缴款期限还没有届满。", "请等期限届满后催告。", DEMAND));
    }
    let (surcharge, arithmetic) = surcharge(sheet, today)?;
    let note = need(note, "note", "催告的内容")?;
    let number = facts.look_ups.number.clone();
    Ok(Event::Demanded { number, surcharge, arithmetic, note, by, at: facts.now })
}

pub(super) fn serve(
    sheet: &Sheet,
    way: Way,
    on: Date,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政强制法第三十八条；民事诉讼法第八十七条至第九十五条";
    let by = officer(sheet, facts)?;
    let open = debt(sheet)?.demand.as_ref().filter(|demand| demand.served.is_none());
    let Some(demand) = open else { return Err(wrong_stage(sheet, "登记催告书送达")) };
    let on = past_day(on, "on", facts)?;
    if on < crate::beijing_date(demand.at) {
        return Err(Refusal::invalid("on", "送达日期早于催告。", "请核对送达日期。").from_source(SOURCE));
    }
    let note = match way {
        Way::Electronic => {
            return Err(Refusal::invalid(
                "way",
                "当场处罚没有电子送达确认书，催告书不能电子送达。",
                "请直接送达、邮寄送达，或者采用其他方式。",
            )
            .from_source("行政处罚法第六十一条第二款"));
        }
        Way::Posted => {
            return Err(Refusal::invalid(
                "way",
                "“现场公告”只用于限期拆除公告。",
                "请直接送达、邮寄送达，或者采用其他方式。",
            )
            .from_source(SOURCE));
        }
        Way::Left => Some(need(note, "note", "拒收的事由、见证人或者录像情况")?),
        Way::PublicNotice => Some(need(note, "note", "其他方式无法送达的原因、公告的方式和日期")?),
        Way::Direct | Way::OnTheSpot | Way::Entrusted | Way::Forwarded | Way::Post => note.part(),
    };
    let exhibits = proof(facts, files, "送达回证、邮件回执或者公告的照片", SOURCE)?;
    // A public notice is posted now, and the demand counts as served when its term is over.
    let runs = way == Way::PublicNotice;
    Ok(Event::DemandServed { way, on, runs, note, exhibits, by, at: facts.now })
}

/// The leader signs the application (行政强制法 55(2)), so it is the leader who makes it.
pub(super) fn apply(sheet: &Sheet, court: &str, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_court", facts)?;
    let decision = debt(sheet)?;
    if decision.application().is_some() {
        return Err(wrong_stage(sheet, "再次申请强制执行"));
    }
    let demand = decision.demand.as_ref();
    if demand.is_some_and(|demand| demand.served.is_some() && demand.effective.is_none()) {
        return Err(no(
            "notice-runs",
            "催告书公告送达的期限还没有届满，不视为送达。",
            "请等公告期满，再过十个工作日。",
            "民事诉讼法第九十五条；行政强制法第五十四条",
        ));
    }
    if demand.is_none_or(|demand| demand.served.is_none()) {
        return Err(no(
            "no-demand",
            "还没有催告当事人履行。",
            "请办案人员先制作并送达催告书。",
            "行政强制法第五十四条",
        ));
    }
    let over = |term| sheet.clocks.get(term).is_some_and(|w| w.running.due <= facts.now);
    if !over(Term::Remind) {
        return Err(no(
            "demand-runs",
            "催告书送达后满十日当事人仍未履行的，才能申请人民法院强制执行。",
            "请等催告期满（十个工作日）。",
            "行政强制法第五十四条",
        ));
    }
    // Granted parts run first: the three months begin after the last of them (72(2)).
    let begun = sheet.clocks.get(Term::CourtApply).is_some_and(|w| w.running.from <= facts.now);
    let granted = decision.money.parts.iter().any(|part| part.due >= crate::beijing_date(facts.now));
    if decision.remedy().is_some() || !begun || granted {
        return Err(no(
            "court-early",
            "当事人申请复议、提起诉讼的期限还没有届满，不能申请人民法院强制执行。",
            "期限届满之日起三个月内申请。",
            APPLY,
        ));
    }
    if over(Term::CourtApply) {
        return Err(no(
            "court-late",
            "申请人民法院强制执行的三个月期限已经届满。",
            "人民法院不再受理；请查明原因并追究责任。",
            APPLY,
        ));
    }
    let court = line(court, "court", "受理申请的人民法院", "行政强制法第五十四条")?;
    let (surcharge, arithmetic) = surcharge(sheet, crate::beijing_date(facts.now))?;
    let note = need(note, "note", "申请强制执行的理由和依据")?;
    let number = facts.look_ups.number.clone();
    Ok(Event::CourtAsked { number, court, surcharge, arithmetic, note, by: me(facts)?, at: facts.now })
}

pub(super) fn answer(
    sheet: &Sheet,
    answer: CourtAnswer,
    on: Date,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政强制法第五十六条至第五十九条";
    permit(sheet, "spot_remedy", facts)?;
    let Some(application) = imposed(sheet, "登记法院答复")?.application() else {
        return Err(no("no-application", "没有向人民法院申请强制执行。", "请负责人先提出申请。", SOURCE));
    };
    if !answer.follows(application.answer()) {
        let last = application.answer().map_or("还没有答复", CourtAnswer::title);
        return Err(Refusal::invalid(
            "answer",
            format!("法院现在是“{last}”，不能登记“{}”。", answer.title()),
            "请按受理、裁定、执行的先后登记。",
        )
        .from_source(SOURCE));
    }
    let on = past_day(on, "on", facts)?;
    let earliest = application.answers.last().map_or(crate::beijing_date(application.at), |(_, on)| *on);
    if on < earliest {
        return Err(Refusal::invalid("on", "日期早于申请或者上一次答复。", "请核对法院文书的日期。")
            .from_source(SOURCE));
    }
    let note = need(note, "note", "法院文书的文号和内容")?;
    let exhibits = crate::penalty::decide::exhibits(facts, files)?;
    Ok(Event::CourtAnswered { answer, on, note, exhibits, by: me(facts)?, at: facts.now })
}
