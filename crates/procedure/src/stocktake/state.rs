//! What is known of a stock-taking.

use super::event::Event;
use crate::words::words;
use crate::{ExhibitRef, Expected, PartRef, Summary, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use std::collections::BTreeMap;

words! {
    /// Where it stands.
    Stage {
        /// Things are being counted.
        Counting = "counting", "清点中";
        /// All are counted, differences are open.
        Differences = "differences", "有差异待说明";
        /// All are counted and explained.
        Counted = "counted", "清点完毕";
        /// It ended.
        Closed = "stock_closed", "盘点完成";
    }
}

/// What was found of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It lies there.
    Found,
    /// It does not; and what was said of it.
    Missing(Option<PartRef>),
}

/// A thing that nobody expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surplus {
    /// Where it lay.
    pub shelf: String,
    /// What it is.
    pub note: PartRef,
    /// Photos.
    pub exhibits: Vec<ExhibitRef>,
    /// What was said of it.
    pub explained: Option<PartRef>,
}

/// By what a thing is named in a count.
#[must_use]
pub fn key(docket: DocketId, thing: u16) -> String {
    format!("{docket}-{thing}")
}

/// A stock-taking.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Number.
    pub number: String,
    /// Whose things.
    pub unit: UnitCode,
    /// Which shelves; empty: all.
    pub shelf: String,
    /// What ought to lie there.
    pub things: Vec<Expected>,
    /// The two who count.
    pub by: [PersonCode; 2],
    /// Why and what for.
    pub note: PartRef,
    /// When it began.
    pub at: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
    /// What was found.
    pub findings: BTreeMap<String, Finding>,
    /// What nobody expected.
    pub surplus: Vec<Surplus>,
    /// Who of the two said that it is done.
    pub concluded: Option<PersonCode>,
    /// When it ended.
    pub closed: Option<Timestamp>,
    /// Notes.
    pub texts: Vec<PartRef>,
}

impl Count {
    /// Things that nobody looked for yet.
    pub fn uncounted(&self) -> impl Iterator<Item = &Expected> {
        self.things.iter().filter(|t| !self.findings.contains_key(&key(t.docket, t.thing)))
    }
    /// Names of differences that are not explained: missing things by their key, others as `surplus-1`.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        let missing = self.findings.iter().filter(|(_, f)| matches!(f, Finding::Missing(None)));
        let surplus = self.surplus.iter().enumerate().filter(|(_, s)| s.explained.is_none());
        let surplus = surplus.map(|(n, _)| format!("surplus-{}", n + 1));
        missing.map(|(key, _)| key.clone()).chain(surplus).collect()
    }
    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match () {
            () if self.closed.is_some() => Stage::Closed,
            () if self.uncounted().next().is_some() => Stage::Counting,
            () if !self.open().is_empty() => Stage::Differences,
            () => Stage::Counted,
        }
    }
}

/// A stock-taking, or nothing yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A stock-taking.
    Count(Box<Count>),
}

impl State {
    /// The stock-taking, once it is there.
    #[must_use]
    pub fn count(&self) -> Option<&Count> {
        match self {
            State::Nothing => None,
            State::Count(count) => Some(count),
        }
    }
}

pub(super) fn evolve(state: State, event: &Event) -> State {
    match (state, event) {
        (State::Nothing, Event::Opened { number, unit, shelf, things, note, second, by, at }) => {
            State::Count(Box::new(Count {
                number: number.clone(),
                unit: unit.clone(),
                shelf: shelf.clone(),
                things: things.clone(),
                by: [by.clone(), second.clone()],
                note: *note,
                at: *at,
                changed: *at,
                findings: BTreeMap::new(),
                surplus: Vec::new(),
                concluded: None,
                closed: None,
                texts: vec![*note],
            }))
        }
        (State::Nothing, _) => State::Nothing,
        (State::Count(mut count), event) => {
            further(&mut count, event);
            count.changed = event.at();
            State::Count(count)
        }
    }
}

fn further(count: &mut Count, event: &Event) {
    // Whatever is entered after it is confirmed anew by both.
    count.concluded = None;
    match event {
        Event::Opened { .. } => {}
        Event::Concluded { note, by, .. } => {
            count.texts.push(*note);
            count.concluded = Some(by.clone());
        }
        Event::Counted { found, missing, note, .. } => {
            count.texts.extend(*note);
            count.findings.extend(found.iter().map(|key| (key.clone(), Finding::Found)));
            count.findings.extend(missing.iter().map(|key| (key.clone(), Finding::Missing(None))));
        }
        Event::SurplusFound { shelf, note, exhibits, .. } => {
            count.texts.push(*note);
            let (shelf, exhibits) = (shelf.clone(), exhibits.clone());
            count.surplus.push(Surplus { shelf, note: *note, exhibits, explained: None });
        }
        Event::Explained { difference, note, .. } => {
            count.texts.push(*note);
            if let Some(finding) = count.findings.get_mut(difference) {
                *finding = Finding::Missing(Some(*note));
            }
            let place = difference.strip_prefix("surplus-").and_then(|n| n.parse::<usize>().ok());
            if let Some(surplus) = place.and_then(|n| count.surplus.get_mut(n.wrapping_sub(1))) {
                surplus.explained = Some(*note);
            }
        }
        Event::Closed { note, at, .. } => {
            count.texts.push(*note);
            count.closed = Some(*at);
        }
    }
}

pub(super) fn summary(state: &State) -> Summary {
    let Some(count) = state.count() else { return Summary::default() };
    let stage = count.stage();
    let open = stage != Stage::Closed;
    let what = match stage {
        Stage::Counting => "count",
        Stage::Differences => "explain",
        Stage::Counted | Stage::Closed => "end_count",
    };
    let other = count.by.iter().find(|p| count.concluded.as_ref().is_some_and(|by| by != *p));
    let todo = Todo { who: Waiter::Person(other.unwrap_or(&count.by[0]).clone()), what, due: None };
    Summary {
        number: count.number.clone(),
        stage: stage.code(),
        open,
        unit: Some(count.unit.clone()),
        assignee: Some(count.by[0].clone()),
        source: "stocktake",
        reported_at: Some(count.at),
        closed_at: count.closed,
        title: Some(count.note),
        texts: count.texts.clone(),
        todos: if open { vec![todo] } else { Vec::new() },
        ..Summary::default()
    }
}
