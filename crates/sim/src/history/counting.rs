//! The store of goods is counted: once in order, once with a difference that somebody still has to explain.

use super::What;
use super::act::Doing;
use super::cases::Plot;
use super::staff::at_desk;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::penalty::ThingState;
use lianzhi_procedure::stocktake::key;
use lianzhi_procedure::{Expected, Kind, LookUps, Refusal};
use serde_json::json;

/// Hours before the end of history at which each counting begins, and whether it was brought to its end.
const BEGIN: [(i64, bool); 2] = [(5 * 24, true), (28, false)];
/// Hours between two steps.
const STEP_HOURS: i64 = 1;

/// A step of a counting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counting {
    Open,
    Count { n: usize, whole: bool },
    End { n: usize },
}

/// A counting under way.
#[derive(Debug)]
pub(super) struct Counted {
    docket: DocketId,
    by: Caller,
    second: Caller,
    things: Vec<String>,
}

impl Doing {
    /// Plans the countings.
    pub(super) fn plan_counts(&mut self) {
        for (n, (hours, whole)) in BEGIN.into_iter().enumerate() {
            let begin = at_desk(self.until - SignedDuration::from_hours(hours), &mut self.case_rng);
            let mut steps = vec![Counting::Open, Counting::Count { n, whole }];
            steps.extend(whole.then_some(Counting::End { n }));
            for (after, step) in (0_i64..).zip(steps) {
                self.at(begin + SignedDuration::from_hours(after * STEP_HOURS), What::Count(step));
            }
        }
    }

    /// A step of a counting.
    pub(super) fn count_step(&mut self, now: Timestamp, step: Counting) {
        let done = match step {
            Counting::Open => self.open_count(now),
            Counting::Count { n, whole } => {
                let things = self.countings.get(n).map(|c| c.things.clone()).unwrap_or_default();
                let missing = things.len().saturating_sub(usize::from(!whole));
                let (found, missing) = things.split_at(missing);
                let note = if whole {
                    "逐件核对标签，账物相符。"
                } else {
                    "一件没有在库位上找到，正在查。"
                };
                let command = json!({ "command": "count", "found": found, "missing": missing, "note": note });
                self.on_count(now, n, command)
            }
            // One of the two after the other.
            Counting::End { n } => {
                let end = || json!({ "command": "end_count", "note": "账物相符，没有差异。" });
                self.on_count(now, n, end()).and_then(|()| {
                    if let Some(counted) = self.countings.get_mut(n) {
                        std::mem::swap(&mut counted.by, &mut counted.second);
                    }
                    self.on_count(now, n, end())
                })
            }
        };
        match done {
            Ok(()) => self.counts.commands += 1,
            Err(refusal) => self.refused(&refusal),
        }
    }

    /// Things of a case that ought to lie on their shelves.
    fn on_shelves(&self, n: usize, plot: &Plot) -> Vec<Expected> {
        let (Ok(case), Some(docket)) = (self.case(n), plot.docket) else { return Vec::new() };
        let stored = case.things.iter().filter(|file| file.state() == ThingState::Stored);
        let expected = stored.map(|file| Expected {
            docket,
            number: case.number.clone(),
            thing: file.thing.id,
            kind: file.thing.kind.code().to_owned(),
            shelf: file.shelf().to_owned(),
            out: false,
        });
        expected.collect()
    }

    /// Two of the unit that has most things begin to count them.
    fn open_count(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let none = || Refusal::missing("没有在库的物品。");
        let cases = self.cases.iter().enumerate();
        let most =
            cases.map(|(n, plot)| (plot, self.on_shelves(n, plot))).max_by_key(|(_, things)| things.len());
        let (plot, _) = most.filter(|(_, things)| !things.is_empty()).ok_or_else(none)?;
        let (unit, by, other) = (plot.town.clone(), plot.lead.clone(), plot.second.clone());
        let second = other.actor.person().cloned();
        let others = self.cases.iter().enumerate().filter(|(_, other)| other.town == unit);
        let things: Vec<Expected> = others.flat_map(|(n, other)| self.on_shelves(n, other)).collect();
        let names = things.iter().map(|thing| key(thing.docket, thing.thing)).collect();
        let leader = self.staff.of(Role::SquadLeader, &unit, &mut self.case_rng).unwrap_or(by);
        let command = Kind::Stocktake.command(json!({
            "command": "open", "unit": unit, "second": second, "note": "月度盘点：核对在库物品和标签。",
        }))?;
        let look_ups = LookUps { things, ..LookUps::default() };
        let became = self.ledger.give(None, &leader.actor, command, look_ups, now.as_microsecond())?;
        self.countings.push(Counted { docket: became.id, by: leader, second: other, things: names });
        Ok(())
    }

    fn on_count(&mut self, now: Timestamp, n: usize, command: serde_json::Value) -> Result<(), Refusal> {
        let counted = self.countings.get(n).ok_or_else(|| Refusal::missing("没有这次盘点。"))?;
        let (docket, actor) = (counted.docket, counted.by.actor.clone());
        let command = Kind::Stocktake.command(command)?;
        self.ledger.give(Some(docket), &actor, command, LookUps::default(), now.as_microsecond()).map(|_| ())
    }
}
