//! What happens when something is asked of a stock-taking, or why it may not.

use super::command::Command;
use super::event::Event;
use super::state::{Count, Stage, State, key};
use crate::penalty::decide::{me, need, proof};
use crate::penalty::rules::no;
use crate::policy::{self, Matter};
use crate::{Facts, Refusal, Text};
use lianzhi_ids::{PersonCode, UnitCode};

const SOURCE: &str = "涉案物品管理规定：定期盘点，账物相符";
/// Things of one count: more is counted by shelves.
pub const THINGS_MAX: usize = 1_000;
/// Longest name of a shelf.
const SHELF_MAX: usize = 100;

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match (state, command) {
        (State::Nothing, Command::Open { unit, shelf, second, note }) => {
            open(unit, &shelf, second, &note, facts).map(|event| vec![event])
        }
        (State::Nothing, _) => Err(Refusal::missing("没有这次盘点。")),
        (State::Count(_), Command::Open { .. }) => {
            Err(Refusal::conflict("exists", "这次盘点已经开始。", "请在本件上登记，或者另开一次盘点。"))
        }
        (State::Count(count), command) => on_count(count, command, facts).map(|event| vec![event]),
    }
}

fn open(
    unit: UnitCode,
    shelf: &str,
    second: PersonCode,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    if !facts.directory.units.contains_key(&unit) {
        return Err(Refusal::invalid("unit", "没有这个单位。", "请从单位名录中选择。").from_source(SOURCE));
    }
    policy::permit(facts, "stocktake", &Matter { unit: Some(&unit), ..Matter::default() })?;
    let by = me(facts)?;
    let there = facts.directory.people.get(&second).is_some_and(|p| p.active);
    if second == by || !there {
        return Err(Refusal::invalid("second", "盘点须有两人。", "请选择一同盘点的另一名工作人员。")
            .from_source(SOURCE));
    }
    let things = facts.look_ups.things.clone();
    if things.is_empty() {
        return Err(Refusal::invalid("shelf", "这里没有在库的物品，不需要盘点。", "请核对单位和库位。")
            .from_source(SOURCE));
    }
    if things.len() > THINGS_MAX {
        let rule = format!("一次盘点最多 {THINGS_MAX} 件，这里有 {} 件。", things.len());
        return Err(Refusal::invalid("shelf", rule, "请按库位分几次盘点。").from_source(SOURCE));
    }
    Ok(Event::Opened {
        number: facts.look_ups.number.clone(),
        unit,
        shelf: shelf.trim().chars().take(SHELF_MAX).collect(),
        things,
        note: need(note, "note", "盘点的原因和范围").map_err(|r| r.from_source(SOURCE))?,
        second,
        by,
        at: facts.now,
    })
}

fn on_count(count: &Count, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let matter = Matter { unit: Some(&count.unit), assignee: Some(&count.by[0]), ..Matter::default() };
    policy::permit(facts, "stocktake", &matter)?;
    let by = me(facts)?;
    if count.stage() == Stage::Closed {
        return Err(no("closed", "这次盘点已经完成。", "需要再查的，另开一次盘点。", SOURCE));
    }
    if !count.by.contains(&by) {
        return Err(Refusal::forbidden("not-your-count", "由参加盘点的两人登记。", "请由其中一人登记。")
            .from_source(SOURCE));
    }
    let at = facts.now;
    match command {
        Command::Open { .. } => Err(Refusal::missing("没有这次盘点。")),
        Command::Count { found, missing, note } => {
            let known = |name: &String| count.things.iter().any(|t| key(t.docket, t.thing) == *name);
            if found.is_empty() && missing.is_empty() {
                return Err(Refusal::invalid("found", "没有勾选物品。", "请勾选找到的和没有找到的物品。")
                    .from_source(SOURCE));
            }
            if !found.iter().chain(&missing).all(known) {
                return Err(Refusal::invalid(
                    "found",
                    "勾选的物品不在本次盘点的清单里。",
                    "请从清单中勾选；清单外的登记为盘盈。",
                )
                .from_source(SOURCE));
            }
            if let Some(both) = found.iter().find(|name| missing.contains(name)) {
                let thing = count.things.iter().find(|t| key(t.docket, t.thing) == *both);
                let name = thing.map_or_else(String::new, |t| format!("{}-物{}", t.number, t.thing));
                let rule = format!("{name} 既勾选了找到，又勾选了没有找到。");
                return Err(Refusal::invalid("missing", rule, "请只勾选一处。").from_source(SOURCE));
            }
            Ok(Event::Counted { found, missing, note: note.part(), by, at })
        }
        Command::Surplus { shelf, note, exhibits } => Ok(Event::SurplusFound {
            shelf: crate::penalty::decide::line(&shelf, "shelf", "库位", SOURCE)?,
            note: need(&note, "note", "物品的名称、数量和特征").map_err(|r| r.from_source(SOURCE))?,
            exhibits: proof(facts, &exhibits, "物品的照片", SOURCE)?,
            by,
            at,
        }),
        Command::Explain { difference, note } => {
            if !count.open().contains(&difference) {
                return Err(Refusal::invalid("difference", "没有这项待说明的差异。", "请从差异中选择。")
                    .from_source(SOURCE));
            }
            let note = need(&note, "note", "差异的原因和处理结果").map_err(|r| r.from_source(SOURCE))?;
            Ok(Event::Explained { difference, note, by, at })
        }
        Command::EndCount { note } => {
            let left = count.uncounted().count();
            if left > 0 {
                let rule = format!("还有 {left} 件没有清点。");
                return Err(no("uncounted", rule, "请登记找到或者没有找到。", SOURCE));
            }
            let open = count.open().len();
            if open > 0 {
                let rule = format!("还有 {open} 项差异没有说明。");
                return Err(no("differences", rule, "请逐项说明原因和处理结果。", SOURCE));
            }
            if count.concluded.as_ref() == Some(&by) {
                return Err(no(
                    "other-confirms",
                    "您已经确认，等候另一人确认。",
                    "请另一名盘点人确认。",
                    SOURCE,
                ));
            }
            let note = need(&note, "note", "盘点的结论").map_err(|r| r.from_source(SOURCE))?;
            match &count.concluded {
                None => Ok(Event::Concluded { note, by, at }),
                Some(_) => Ok(Event::Closed { note, by, at }),
            }
        }
    }
}
