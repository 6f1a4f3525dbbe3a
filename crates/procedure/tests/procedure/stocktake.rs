//! Stock-taking: two people, every thing found or missing, every difference explained.

use crate::kit::{explained, photo};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::stocktake::{Event, Stage, State, Stocktake};
use lianzhi_procedure::{
    Actor, ExhibitRef, Expected, Facts, LookUps, NoLoads, Offer, PartRef, Procedure, Refusal, Text,
};
use serde_json::{Value, json};

pub struct Counting {
    state: State,
    pub events: Vec<Event>,
    things: Vec<Expected>,
    texts: u8,
}

impl Counting {
    fn new() -> Counting {
        let thing = |docket, thing| Expected {
            docket: DocketId(docket),
            number: format!("沪青案2026-{docket:06}"),
            thing,
            kind: "vehicle".into(),
            shelf: "一号库 A-01".into(),
            out: thing == 2,
        };
        let things = vec![thing(7, 1), thing(7, 2), thing(8, 1)];
        Counting { state: State::Nothing, events: Vec::new(), things, texts: 0 }
    }
    fn begun() -> Counting {
        let mut count = Counting::new();
        count.ok("officer-a1", open());
        count
    }
    fn with_facts<T>(&self, who: &str, exhibits: Vec<ExhibitRef>, f: impl FnOnce(&Facts<'_>) -> T) -> T {
        let directory = crate::penalty::kit::directory();
        let actor = Actor::Person(directory.people[&PersonCode::parse(who).unwrap()].clone());
        let look_ups = LookUps {
            number: "沪青盘2026-0001".into(),
            things: self.things.clone(),
            exhibits,
            ..LookUps::default()
        };
        let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let duty = OnDuty::default();
        f(&Facts { now, actor: &actor, directory, duty: &duty, loads: &NoLoads, look_ups: &look_ups })
    }
    fn ask(&mut self, who: &str, command: Value) -> Result<Vec<Event>, Refusal> {
        let mut command = serde_json::from_value(command).unwrap();
        for (kind, text) in Stocktake::texts(&mut command) {
            if !text.is_empty() {
                self.texts += 1;
                *text = Text::Sealed(PartRef { kind, digest: Digest([self.texts; 32]) });
            }
        }
        let file = |d: &Digest| ExhibitRef { digest: *d, size: 1, media: "image/jpeg".into() };
        let exhibits = command.exhibits().iter().map(file).collect();
        let events =
            self.with_facts(who, exhibits, |facts| Stocktake::decide(&self.state, command, facts))?;
        for event in &events {
            let back: Event = serde_json::from_value(serde_json::to_value(event).unwrap()).unwrap();
            assert_eq!(&back, event);
            self.state = Stocktake::evolve(std::mem::take(&mut self.state), &back);
        }
        self.events.extend(events.clone());
        Ok(events)
    }
    fn ok(&mut self, who: &str, command: Value) {
        let said = command.to_string();
        self.ask(who, command).unwrap_or_else(|refusal| panic!("{who} {said}: {refusal}"));
    }
    fn refused(&mut self, who: &str, command: Value) -> Refusal {
        let refusal = self.ask(who, command).unwrap_err();
        explained(&refusal);
        refusal
    }
    fn stage(&self) -> Stage {
        self.state.count().unwrap().stage()
    }
    fn offers(&self, who: &str) -> Vec<Offer> {
        self.with_facts(who, Vec::new(), |facts| Stocktake::offers(&self.state, facts))
    }
}

fn open() -> Value {
    json!({ "command": "open", "unit": "squad-a", "shelf": "一号库", "second": "officer-a2", "note": "季度盘点" })
}

fn surplus() -> Value {
    json!({ "command": "surplus", "shelf": "一号库 A-09", "note": "无标签的梯子一架", "exhibits": photo() })
}

/// A life in which every type of event happens.
pub fn life() -> Vec<Event> {
    let mut count = Counting::begun();
    count.ok("officer-a1", json!({ "command": "count", "found": ["7-1", "8-1"], "missing": ["7-2"] }));
    count.ok("officer-a2", surplus());
    count.ok("officer-a1", json!({ "command": "explain", "difference": "7-2", "note": "已送检，补登出库" }));
    count.ok(
        "officer-a1",
        json!({ "command": "explain", "difference": "surplus-1", "note": "本队工具，移出" }),
    );
    count.ok("officer-a1", json!({ "command": "end_count", "note": "账物相符" }));
    count.ok("officer-a2", json!({ "command": "end_count", "note": "账物相符" }));
    count.events
}

#[test]
fn two_people_count_and_only_they() {
    let mut count = Counting::new();
    let alone = json!({ "command": "open", "unit": "squad-a", "second": "officer-a1", "note": "盘点" });
    assert_eq!(count.refused("officer-a1", alone).field, Some("second"));
    assert_eq!(count.refused("officer-b1", open()).code, "not-permitted");
    count.ok("officer-a1", open());
    let found = json!({ "command": "count", "found": ["7-1"] });
    assert_eq!(count.refused("officer-a3", found.clone()).code, "not-your-count");
    count.ok("officer-a2", found);
    count.things.clear();
    let mut empty = Counting::new();
    empty.things.clear();
    assert_eq!(empty.refused("officer-a1", open()).field, Some("shelf"));
}

#[test]
fn a_count_ends_when_every_thing_is_counted_and_every_difference_explained() {
    let mut count = Counting::begun();
    let end = json!({ "command": "end_count", "note": "完成" });
    assert_eq!(count.refused("officer-a1", end.clone()).code, "uncounted");
    count.ok("officer-a1", json!({ "command": "count", "found": ["7-1", "8-1"], "missing": ["7-2"] }));
    count.ok("officer-a1", surplus());
    assert_eq!(count.stage(), Stage::Differences);
    assert_eq!(count.refused("officer-a1", end.clone()).code, "differences");
    count.ok("officer-a1", json!({ "command": "explain", "difference": "7-2", "note": "已送检" }));
    assert_eq!(
        count
            .refused("officer-a1", json!({ "command": "explain", "difference": "7-2", "note": "再说" }))
            .field,
        Some("difference")
    );
    count.ok("officer-a1", json!({ "command": "explain", "difference": "surplus-1", "note": "本队工具" }));
    assert_eq!(count.stage(), Stage::Counted);
    // Both say that it is done; what comes in between is confirmed anew.
    count.ok("officer-a1", end.clone());
    assert_eq!(count.stage(), Stage::Counted);
    assert_eq!(count.refused("officer-a1", end.clone()).code, "other-confirms");
    count.ok("officer-a1", json!({ "command": "count", "found": ["7-1"] }));
    count.ok("officer-a2", end.clone());
    count.ok("officer-a1", end.clone());
    assert_eq!(count.refused("officer-a1", end).code, "closed");
}

#[test]
fn what_is_not_on_the_list_is_a_surplus_and_nothing_is_both_found_and_missing() {
    let mut count = Counting::begun();
    assert_eq!(
        count.refused("officer-a1", json!({ "command": "count", "found": ["9-1"] })).field,
        Some("found")
    );
    let both = json!({ "command": "count", "found": ["7-1"], "missing": ["7-1"] });
    assert_eq!(count.refused("officer-a1", both).field, Some("missing"));
    // Found after all: a second look counts.
    count.ok("officer-a1", json!({ "command": "count", "missing": ["7-1"] }));
    count.ok("officer-a1", json!({ "command": "count", "found": ["7-1"] }));
    assert!(count.state.count().unwrap().open().is_empty());
}

#[test]
fn offers_lead_through_the_count() {
    let mut count = Counting::begun();
    let main = |count: &Counting| {
        let offers = count.offers("officer-a1");
        offers.iter().find(|o| o.main).map(|o| o.command)
    };
    assert_eq!(main(&count), Some("count"));
    assert!(count.offers("leader").is_empty());
    count.ok("officer-a1", json!({ "command": "count", "found": ["7-1", "8-1"], "missing": ["7-2"] }));
    assert_eq!(main(&count), Some("explain"));
    count.ok("officer-a1", json!({ "command": "explain", "difference": "7-2", "note": "已送检" }));
    assert_eq!(main(&count), Some("end_count"));
}
