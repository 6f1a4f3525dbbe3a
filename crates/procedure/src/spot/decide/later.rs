//! Payment later or in parts (行政处罚法 66(2)): a party in real need asks, the agency grants it.

use super::money::debt;
use super::*;
use crate::Text;
use crate::penalty::decide::{exhibits, me, need, propose};
use lianzhi_ids::Digest;

const SOURCE: &str = "行政处罚法第六十六条第二款";

/// A debt that the court has not got.
fn open_debt(sheet: &Sheet) -> Result<&Imposed, Refusal> {
    let decision = debt(sheet)?;
    if decision.application().is_some() {
        return Err(no(
            "at-court",
            "已经申请人民法院强制执行，不能再延期、分期。",
            "当事人愿意履行的，请向人民法院说明。",
            SOURCE,
        ));
    }
    Ok(decision)
}

/// What the party asks for, entered by one of the two officers; equal parts to the fen, a month apart.
pub(super) fn ask(
    sheet: &Sheet,
    (parts, first): (u32, Date),
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    let decision = open_debt(sheet)?;
    if decision.later.is_some() {
        return Err(no("asked", "延期、分期的申请正在等候批准。", "请等机关负责人批准。", SOURCE));
    }
    if let Some(clock) = sheet.clocks.get(Term::Pay).filter(|_| decision.money.parts.is_empty()) {
        let last = crate::beijing_date(clock.running.due - jiff::SignedDuration::from_micros(1));
        propose::not_sooner(first, last, SOURCE)?;
    }
    let parts = propose::equal_parts(decision.money.left(), parts, first, SOURCE, facts)?;
    let note = need(note, "note", "当事人的申请和经济困难的情况").map_err(|r| r.from_source(SOURCE))?;
    Ok(Event::LaterAsked { parts, note, exhibits: exhibits(facts, files)?, by, at: facts.now })
}

pub(super) fn answer(sheet: &Sheet, agreed: bool, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_later", facts)?;
    let decision = open_debt(sheet)?;
    let Some(parts) = decision.later.as_ref().map(|later| &later.parts) else {
        return Err(no("not-asked", "没有等候批准的延期、分期申请。", "请刷新页面。", SOURCE));
    };
    let by = me(facts)?;
    if sheet.is_officer(&by) {
        return Err(Refusal::forbidden(
            "own-work",
            "办案人员不得批准本件的延期、分期。",
            "请由其他负责人批准。",
        )
        .from_source(SOURCE));
    }
    if !agreed {
        let note = Some(need(note, "note", "不同意的理由").map_err(|r| r.from_source(SOURCE))?);
        return Ok(Event::LaterAnswered { agreed, number: String::new(), note, by, at: facts.now });
    }
    let left = decision.money.left();
    let past = parts.first().is_some_and(|part| part.due <= crate::beijing_date(facts.now));
    if past || parts.iter().map(|part| part.fen).sum::<i64>() != left {
        let rule = format!("申请以后日期已过或者款项有变动，现在应缴 {}。", law_side::yuan(left));
        return Err(no("sum-changed", rule, "请不同意这一申请，由办案人员按现在的数额重新登记。", SOURCE));
    }
    let number = facts.look_ups.number.clone();
    Ok(Event::LaterAnswered { agreed, number, note: note.part(), by, at: facts.now })
}

/// Whether the time to pay is over: of the next part, or of the whole.
pub(super) fn over(sheet: &Sheet, today: Date) -> bool {
    let part = sheet.imposed().and_then(Imposed::part).map(|(_, part, _)| part.due);
    part.or_else(|| sheet.pay_until()).is_some_and(|last| today > last)
}
