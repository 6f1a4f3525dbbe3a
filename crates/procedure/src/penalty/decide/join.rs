//! Cases that become one, and parties that get a case of their own (并案、分案).

use super::*;
use crate::AnyCommand;
use crate::penalty::command::SplitFrom;
use crate::penalty::state::Outcome;
use crate::penalty::words::Source;
use lianzhi_ids::DocketId;

const SOURCE: &str = "行政处罚法第二十二条、第二十九条；并案、分案规则";

pub(super) fn add(case: &Case, note: &Text, files: &[Digest], facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_add", facts)?;
    if case.in_archive() {
        return Err(archive::shut("补充材料"));
    }
    let note = need(note, "note", "补充的内容")?;
    Ok(Event::Added { note, exhibits: exhibits(facts, files)?, by: me(facts)?, at: facts.now })
}

/// A case that is not decided and has nothing on its way.
fn movable(case: &Case, facts: &Facts<'_>) -> Result<(), Refusal> {
    permit(case, "penalty_join", facts)?;
    open(case)?;
    if !matches!(case.outcome, Outcome::Open) {
        return Err(wrong_stage(case, "并案、分案"));
    }
    if case.pending.is_empty() {
        return Ok(());
    }
    Err(no("pending", "有事项正在报批。", "请先审批或者撤回。", SOURCE))
}

pub(super) fn join(case: &Case, to: DocketId, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    movable(case, facts)?;
    let target = facts.look_ups.target.as_ref().filter(|t| t.docket == to);
    match target {
        Some(target) if target.open && !target.joined => {}
        _ => {
            return Err(Refusal::invalid("to", "没有这个在办案件。", "请选择没有并入他案的在办案件。")
                .from_source(SOURCE));
        }
    }
    if case.measures.iter().any(|m| m.settled.is_none()) {
        return Err(no("goods-open", "有物品没有处理，不能并案。", "请先处理物品。", SOURCE));
    }
    Ok(Event::Joined { to, note: need(note, "note", "并案的理由")?, by: me(facts)?, at: facts.now })
}

pub(super) fn absorb(case: &Case, from: DocketId, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(case, "tick", facts)?;
    if case.joined.contains(&from) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Absorbed { from, at: facts.now }])
}

pub(super) fn split(case: &Case, id: u16, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    movable(case, facts)?;
    party(case, id)?;
    if case.present().count() < 2 {
        return Err(no("one-party", "本案只有一名当事人，不能分案。", "请在本案继续办理。", SOURCE));
    }
    nothing_held(case, id)?;
    Ok(Event::SplitAsked {
        party: id,
        note: need(note, "note", "分案的理由")?,
        by: me(facts)?,
        at: facts.now,
    })
}

/// What is held of a party is settled where it was taken, before the party goes elsewhere.
pub(super) fn nothing_held(case: &Case, id: u16) -> Result<(), Refusal> {
    if case.measures.iter().all(|m| m.measure.party != id || m.settled.is_some()) {
        return Ok(());
    }
    Err(no(
        "goods-open",
        format!("当事人 {id} 的物品还在先行登记保存、查封或者扣押中，不能分案。"),
        "请先对物品作出处理（解除并退还、移交等），或者在本案对该当事人作出决定。",
        "行政强制法第二十七条、第二十八条；行政处罚法第五十六条",
    ))
}

pub(super) fn split_into(
    case: &Case,
    id: u16,
    docket: DocketId,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(case, "tick", facts)?;
    let here = case.party(id).is_some_and(|p| p.split_to.is_none());
    Ok(if here { vec![Event::SplitOff { party: id, docket, at: facts.now }] } else { Vec::new() })
}

/// What other cases must be told in the same transaction.
pub(in crate::penalty) fn follow_ups(
    id: DocketId,
    _state: &State,
    event: &Event,
) -> Vec<(DocketId, AnyCommand)> {
    let told = AnyCommand::Penalty;
    match event {
        Event::Joined { to, .. } => vec![(*to, told(Command::Absorb { from: id }))],
        Event::Registered { split_from: Some(SplitFrom { case, party }), .. } => {
            vec![(*case, told(Command::SplitInto { party: *party, docket: id }))]
        }
        Event::Registered { daily: Some(daily), .. } => {
            let (party, violation) = (daily.party, daily.violation);
            vec![(daily.case, told(Command::DailyInto { party, violation, docket: id }))]
        }
        Event::Registered { origin: Some(from), source: Source::Spot, .. } => {
            vec![(*from, AnyCommand::Spot(crate::spot::Command::TakenOver { docket: id }))]
        }
        Event::Registered { origin: Some(from), source: Source::Slip, .. } => {
            vec![(*from, AnyCommand::Slip(crate::slip::Command::TakenOver { docket: id }))]
        }
        _ => Vec::new(),
    }
}
