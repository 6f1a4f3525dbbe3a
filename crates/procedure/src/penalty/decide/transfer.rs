//! A case that is another agency's: the way there and back (行政处罚法 17, 22, 25).

use super::*;
use crate::cooperation::TransferGround;
use crate::penalty::command::{Handing, TransferAnswer, Transferring};
use crate::penalty::proposal::Proposal;
use crate::penalty::state::Outcome;

const SOURCE: &str = "行政处罚法第十七条、第二十二条、第二十五条";

pub(super) fn propose(case: &Case, asked: &Transferring, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    undecided(case, facts)?;
    if asked.ground == TransferGround::Crime {
        return Err(Refusal::invalid(
            "ground",
            "涉嫌犯罪的案件移送司法机关，不按管辖移送。",
            "请报批移送公安机关。",
        )
        .from_source(asked.ground.source()));
    }
    let to = line(&asked.to, "to", "受移送机关", SOURCE)?;
    Ok(Proposal::Transfer { to, ground: asked.ground })
}

pub(super) fn send(case: &Case, sent: &Handing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if !matches!(case.outcome, Outcome::Transferred(transfer) if transfer.sent.is_none()) {
        return Err(no("not-approved", "没有待移送的案件。", "请先报批移送。", SOURCE));
    }
    let note = need(&sent.note, "note", "移送的材料、物品和方式")?;
    let exhibits = proof(facts, &sent.exhibits, "移送的回执", SOURCE)?;
    Ok(Event::TransferSent { note, exhibits, by, at: facts.now })
}

/// The other agency takes the case, or does not: then it is asked of the common superior who has it (25(2)), and until that is
/// said the case goes on here.
pub(super) fn answer(case: &Case, answer: &TransferAnswer, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if !matches!(case.outcome, Outcome::Transferred(t) if t.sent.is_some() && t.taken.is_none()) {
        return Err(no("not-sent", "没有等候答复的移送。", "请先登记移送。", SOURCE));
    }
    let note = need(&answer.note, "note", "受移送机关的答复")?;
    let exhibits = exhibits(facts, &answer.exhibits)?;
    Ok(Event::TransferAnswered { taken: answer.taken, note, exhibits, by, at: facts.now })
}
