//! A refusal of the police is looked at again; a case in which nobody is prosecuted comes back (行政执法机关移送涉嫌犯罪案件的
//! 规定 9; 行政处罚法 27).

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{AskingAgain, ComingBack};
use crate::penalty::state::Outcome;
use crate::penalty::words::ClosingGround;

const AGAIN: &str = "行政执法机关移送涉嫌犯罪案件的规定第九条";

pub(super) fn ask_again(case: &Case, asked: &AskingAgain, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    let Some(refused) = case.police.refused else {
        return Err(no("not-refused", "公安机关没有作出不予立案决定。", "请刷新页面。", AGAIN));
    };
    if case.police.asked.is_some() {
        return Err(no("asked", "已经提请复议或者建议立案监督，正在等候答复。", "请先登记答复。", AGAIN));
    }
    let clock = case.clock(Term::PoliceAgain, Scope::Case).filter(|w| w.clock.running.from == refused);
    if clock.is_some_and(|w| w.over(facts.now)) {
        return Err(no(
            "too-late",
            "接到不予立案通知书之日起三日内才可以提请复议或者建议立案监督，期限已经届满。",
            "请继续依法作出行政处罚决定。",
            AGAIN,
        ));
    }
    filing::nothing_pending(case)?;
    let note = need(&asked.note, "note", "提请复议、建议监督的理由和文号")?;
    Ok(Event::PoliceAsked { review: asked.review, note, by, at: facts.now })
}

/// Whether the police may answer now: to the transfer, or to the review of a refusal.
pub(super) fn awaited(case: &Case) -> bool {
    match case.outcome {
        Outcome::Crime { sent: Some(_), taken: None, .. } => true,
        Outcome::Open => case.police.asked.is_some(),
        _ => false,
    }
}

/// 27(1): who is not prosecuted but shall be punished by the agency is sent back to it; the case goes on, also one that was closed
/// because it had been handed over.
pub(super) fn not_indicted(case: &Case, back: &ComingBack, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第二十七条第一款";
    permit(case, "penalty_remedy", facts)?;
    let handed = matches!(case.outcome, Outcome::Crime { taken: Some(true), .. });
    let ended = match &case.closed {
        None => !case.open(),
        Some(closed) => closed.archived.is_some() || closed.ground != ClosingGround::Transferred,
    };
    if !handed || ended {
        return Err(no(
            "not-handed-over",
            "没有由公安机关立案的移送案件；已经归档的卷宗不再变更。",
            "已经归档的，请以“其他机关移送”登记新的线索，并写明原案号。",
            SOURCE,
        ));
    }
    let on = past_day(back.on, "on", facts)?;
    let note = need(&back.note, "note", "不起诉决定书、检察意见书的文号和内容")?;
    let exhibits = exhibits(facts, &back.exhibits)?;
    Ok(Event::NotIndicted { on, note, exhibits, by: me(facts)?, at: facts.now })
}
