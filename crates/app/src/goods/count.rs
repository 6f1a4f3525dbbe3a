//! Stock-taking: beginning one, and what it looks like.

use crate::record::{Told, Words};
use crate::sequencer::{Done, Step, Submission, To};
use crate::submit::drop_empty;
use crate::{App, Caller};
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::penalty::{MissedThing, ThingKind, ThingState};
use lianzhi_procedure::stocktake::{Command, Count, Event, Finding, key};
use lianzhi_procedure::{AnyCommand, AnyState, Expected, Kind, LookUps, Refusal};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Things that one count may list, and one more, so that too many are seen.
const LISTED: i64 = 1_001;

/// Whether a command is only the node's own to give.
pub(crate) fn internal(command: &AnyCommand) -> bool {
    matches!(command, AnyCommand::Stocktake(Command::Open { .. }))
}

/// A thing of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountedThing {
    /// Docket of its case.
    pub id: i64,
    /// Its number in the case.
    pub thing: u16,
    /// Its number in words.
    pub number: String,
    /// What it is.
    pub kind: &'static str,
    /// Where it ought to lie.
    pub shelf: String,
    /// `found`, `missing`, or nothing yet.
    pub found: Option<bool>,
    /// What was said of a thing that is missing.
    pub explained: Option<String>,
}

/// A thing that nobody expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SurplusView {
    /// Where it lay.
    pub shelf: String,
    /// What it is.
    pub note: String,
    /// What was said of it.
    pub explained: Option<String>,
}

/// A stock-taking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountView {
    /// Unit.
    pub unit: String,
    /// Shelves; empty: all.
    pub shelf: String,
    /// Who counts.
    pub people: Vec<String>,
    /// Things: those not found first, then those not counted yet.
    pub things: Vec<CountedThing>,
    /// Found, not found, not counted yet, not expected.
    pub sums: [usize; 4],
    /// Things that nobody expected.
    pub surplus: Vec<SurplusView>,
}

fn count_of(state: &AnyState) -> Option<&Count> {
    match state {
        AnyState::Stocktake(state) => state.count(),
        _ => None,
    }
}

impl App {
    /// Begins a stock-taking. `json` has the fields of `open`.
    ///
    /// # Errors
    /// The procedure's refusal, with the field at fault.
    pub async fn begin_count(
        &self,
        who: &Caller,
        mut json: Value,
        key: Option<String>,
    ) -> Result<Done, Refusal> {
        if !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能办理。", "请用含 write 权限的令牌。"));
        }
        let key = Self::kept_key(who, key, json.to_string().as_bytes())?;
        drop_empty(&mut json);
        if let Some(fields) = json.as_object_mut() {
            fields.insert("command".into(), "open".into());
        }
        let mut command = Kind::Stocktake.command(json)?;
        let mut look_ups = LookUps::default();
        if let AnyCommand::Stocktake(Command::Open { unit, shelf, .. }) = &command {
            self.may_in(who, "stocktake", unit)?;
            look_ups.things = self.expected(unit, shelf.trim()).await?;
        }
        let parts = self.seal(&mut command)?;
        let step = Step { look_ups, parts, ..Step::new(To::New(Kind::Stocktake), command) };
        let submission = Submission { actor: who.actor.clone(), steps: vec![step], key, extra: Value::Null };
        self.inner.sequencer.submit(submission).await
    }

    async fn expected(&self, unit: &UnitCode, shelf: &str) -> Result<Vec<Expected>, Refusal> {
        let rows = self.on_shelves(unit, shelf, LISTED).await?;
        let mut things: Vec<_> = rows
            .into_iter()
            .map(|(thing, matter)| Expected {
                docket: thing.docket,
                number: matter.number,
                thing: u16::try_from(thing.id).unwrap_or(u16::MAX),
                kind: thing.kind,
                out: thing.state == ThingState::Out.code(),
                shelf: thing.shelf,
            })
            .collect();
        // In the order in which one walks along the shelves.
        things.sort_by(|a, b| (&a.shelf, a.docket, a.thing).cmp(&(&b.shelf, b.docket, b.thing)));
        Ok(things)
    }

    /// When a thing that was not found is explained, its case says so (盘亏), in the same transaction: where it should lie there still.
    pub(crate) async fn missed_step(&self, id: DocketId, asked: &Command) -> Result<Option<Step>, Refusal> {
        let Command::Explain { difference, .. } = asked else { return Ok(None) };
        let live = self.live(id).await?;
        let Some(count) = count_of(&live.state).filter(|count| count.open().contains(difference)) else {
            return Ok(None);
        };
        let Some(thing) = count.things.iter().find(|t| key(t.docket, t.thing) == *difference) else {
            return Ok(None);
        };
        let (docket, count) = (thing.docket, count.number.clone());
        let case = self.live(docket).await?;
        let file = crate::penalty::case_of(&case.state).and_then(|case| case.thing(thing.thing));
        let stored = file.is_some_and(|file| file.state() == ThingState::Stored);
        let missed = MissedThing { thing: thing.thing, count };
        let command = AnyCommand::Penalty(lianzhi_procedure::penalty::Command::Missed(missed));
        Ok(stored.then(|| Step::new(To::Docket(docket), command)))
    }

    /// A stock-taking for people.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn count_view(&self, who: &Caller, id: DocketId) -> Result<CountView, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let count = count_of(&live.state).ok_or_else(|| Refusal::missing("没有这次盘点。"))?;
        let texts = self.opened(count.texts.iter().map(|part| part.digest).collect()).await?;
        let text = |part: &lianzhi_procedure::PartRef| texts.get(&part.digest).cloned().unwrap_or_default();
        let directory = self.directory();
        let thing = |t: &Expected| {
            let finding = count.findings.get(&key(t.docket, t.thing));
            CountedThing {
                id: t.docket.0,
                thing: t.thing,
                number: format!("{}-物{}", t.number, t.thing),
                kind: ThingKind::from_code(&t.kind).map_or("", ThingKind::title),
                shelf: t.shelf.clone(),
                found: finding.map(|f| *f == Finding::Found),
                explained: match finding {
                    Some(Finding::Missing(Some(note))) => Some(text(note)),
                    _ => None,
                },
            }
        };
        let mut things: Vec<_> = count.things.iter().map(thing).collect();
        let of = |found| things.iter().filter(|t| t.found == found).count();
        let sums = [of(Some(true)), of(Some(false)), of(None), count.surplus.len()];
        things.sort_by_key(|t| match t.found {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        });
        let surplus = count.surplus.iter().map(|s| SurplusView {
            shelf: s.shelf.clone(),
            note: text(&s.note),
            explained: s.explained.as_ref().map(text),
        });
        Ok(CountView {
            unit: directory.unit_name(&count.unit).to_owned(),
            shelf: count.shelf.clone(),
            people: count.by.iter().map(|p| directory.person_name(p).to_owned()).collect(),
            things,
            sums,
            surplus: surplus.collect(),
        })
    }
}

/// An entry of a stock-taking in words.
pub(crate) fn tell(event: &Event, words: &Words<'_>) -> Told {
    let directory = words.directory;
    match event {
        Event::Opened { unit, shelf, things, note, second, .. } => {
            let told = Told::new(format!("开始盘点，应有 {} 件", things.len()))
                .said(*note)
                .with("单位", directory.unit_name(unit))
                .with("一同盘点", directory.person_name(second));
            if shelf.is_empty() { told } else { told.with("库位", shelf.clone()) }
        }
        Event::Counted { found, missing, note, .. } => {
            Told::new(format!("清点：找到 {} 件，没有找到 {} 件", found.len(), missing.len())).said(*note)
        }
        Event::SurplusFound { shelf, note, .. } => {
            Told::new("盘盈：清单上没有的物品").said(*note).with("库位", shelf.clone())
        }
        Event::Explained { difference, note, .. } => {
            let what = match difference.strip_prefix("surplus-") {
                Some(n) => format!("盘盈第 {n} 件"),
                None => {
                    let (docket, thing) = difference.split_once('-').unwrap_or((difference, ""));
                    let docket = docket.parse().ok().map(DocketId);
                    docket.map_or_else(String::new, |d| format!("{}-物{thing}", words.matter(d)))
                }
            };
            Told::new("说明差异").said(*note).with("物品", what)
        }
        Event::Concluded { note, .. } => Told::new("一人确认盘点完成，等另一人确认").said(*note),
        Event::Closed { note, .. } => Told::new("盘点完成").said(*note),
    }
}
