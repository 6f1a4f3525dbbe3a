//! What is known of the slips of a party for an item, and the row that lists show.

use super::event::Event;
use crate::penalty::{Officer, Subject};
use crate::spot::Lapsed;
use crate::watch::{Clocks, Owed, Said};
use crate::words::words;
use crate::{ExhibitRef, PartRef, Summary, Tag, Todo, Waiter};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use serde::{Deserialize, Serialize};

words! {
    /// How strong a slip is.
    Level {
        /// 温馨提示单 (pink).
        Tip = "tip", "提示单";
        /// 警示单 (yellow).
        Warning = "warning", "警示单";
    }
}

impl Level {
    /// Word of its number (文书代字).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Level::Tip => "提示",
            Level::Warning => "警示",
        }
    }
    /// Code of the form in the collection of documents.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Level::Tip => "D33",
            Level::Warning => "D34",
        }
    }
}

words! {
    /// Where slips stand, as people say it.
    Stage {
        /// Given; the day of the next look has not come.
        Given = "given", "待复查";
        /// Seen to be put right.
        Corrected = "corrected", "已改正";
        /// Seen not to be put right.
        Ignored = "ignored", "未改正";
        /// Given for information, nothing is to be looked at.
        Told = "told", "已提示";
        /// Goes on as a penalty.
        Over = "over", "转处罚";
        /// Given by mistake.
        Withdrawn = "withdrawn", "已撤回";
    }
}

/// The one term of a slip: the day on which it is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Term {
    /// 复查.
    #[serde(rename = "slip.look")]
    Look,
}

impl Term {
    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        "slip.look"
    }
    /// Words on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        "复查"
    }
}

/// Whom and what the slips of a docket concern.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Unit.
    pub unit: UnitCode,
    /// Whom.
    pub subject: Subject,
    /// Code of the item.
    pub item: String,
    /// Its name, as the law data had it.
    pub item_name: String,
    /// Where, in words.
    pub place: PartRef,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<lianzhi_territory::Point>,
    /// The report from which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<DocketId>,
}

/// A slip, as it was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// 文号.
    pub number: String,
    /// How strong.
    pub level: Level,
    /// Who gave it.
    pub officer: Officer,
    /// What it says: what was found and what shall be done.
    pub note: PartRef,
    /// What was found; the item's name where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<PartRef>,
    /// Where and how it is done lawfully (办理指南).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<PartRef>,
    /// Until when it shall be put right; then it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The party did not sign; it is noted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// The party signed that it will put it right until the day (告知承诺); the letter is among the exhibits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub promised: bool,
    /// Photos, the signed slip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
}

/// A look at what was to be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Whether it was put right.
    pub done: bool,
    /// What was seen.
    pub note: PartRef,
    /// Photos of it.
    pub exhibits: Vec<ExhibitRef>,
    /// When.
    pub at: Timestamp,
}

/// The slips of a party for an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    /// Whom and what they concern.
    pub given: Given,
    /// The slips with the looks that followed each, in their order; at least one.
    pub papers: Vec<(Paper, Timestamp, Option<Look>)>,
    /// Who keeps it.
    pub by: PersonCode,
    /// When something last happened.
    pub changed: Timestamp,
    /// It goes on as a penalty: since when, and where once that is there.
    pub over: Option<(Timestamp, Option<DocketId>)>,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// What this node printed, by the place of the slip from 1.
    pub kept: Vec<(u16, ExhibitRef)>,
    /// Clocks.
    pub clocks: Clocks<Term>,
    /// Texts that search finds.
    pub texts: Vec<PartRef>,
}

impl Slip {
    /// The slip `n` of those given, from 1.
    #[must_use]
    pub fn paper(&self, n: u16) -> Option<&Paper> {
        self.papers.get(usize::from(n).checked_sub(1)?).map(|(paper, ..)| paper)
    }
    /// The same as it was printed first.
    #[must_use]
    pub fn kept(&self, n: u16) -> Option<&ExhibitRef> {
        self.kept.iter().find(|(of, _)| *of == n).map(|(_, exhibit)| exhibit)
    }
    /// The last slip.
    #[must_use]
    pub fn last(&self) -> Option<&(Paper, Timestamp, Option<Look>)> {
        self.papers.last()
    }
    /// Every file of the slips and of the looks, once each.
    #[must_use]
    pub fn files(&self) -> Vec<&ExhibitRef> {
        let mut all: Vec<&ExhibitRef> = Vec::new();
        for (paper, _, look) in &self.papers {
            for file in paper.exhibits.iter().chain(look.iter().flat_map(|look| &look.exhibits)) {
                if !all.iter().any(|known| known.digest == file.digest) {
                    all.push(file);
                }
            }
        }
        all
    }
    /// The slip whose day passed, where the last look, after that day, found nothing put right (逾期不改正).
    #[must_use]
    pub fn lapsed(&self) -> Option<Lapsed> {
        let day = crate::beijing_date;
        let (paper, at, look) = self.papers.iter().rev().find(|(_, _, look)| look.is_some())?;
        let (until, look) = (paper.until?, look.as_ref().filter(|look| !look.done)?);
        let looked = day(look.at);
        (looked > until).then(|| Lapsed { number: paper.number.clone(), on: day(*at), until, looked })
    }
    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.withdrawn.is_some() {
            return Stage::Withdrawn;
        }
        if self.over.is_some() {
            return Stage::Over;
        }
        match self.last() {
            Some((_, _, Some(look))) if look.done => Stage::Corrected,
            Some((_, _, Some(_))) => Stage::Ignored,
            Some((paper, ..)) if paper.until.is_none() => Stage::Told,
            _ => Stage::Given,
        }
    }
    /// Whether work is still to be done.
    #[must_use]
    pub fn open(&self) -> bool {
        matches!(self.stage(), Stage::Given | Stage::Ignored)
    }
    /// Every term that runs now.
    #[must_use]
    pub fn owed(&self) -> Vec<Owed<Term>> {
        match self.last() {
            Some((paper, at, None)) if paper.until.is_some() && self.open() => {
                vec![Owed { term: Term::Look, from: *at }]
            }
            _ => Vec::new(),
        }
    }
}

/// A docket of this kind.
#[derive(Debug, Clone, Default)]
pub enum State {
    /// Nothing happened yet.
    #[default]
    Nothing,
    /// Slips were given.
    Slips(Box<Slip>),
}

impl State {
    /// The slips, when there are any.
    #[must_use]
    pub fn file(&self) -> Option<&Slip> {
        match self {
            State::Nothing => None,
            State::Slips(slip) => Some(slip),
        }
    }
}

pub(super) fn evolve(state: State, event: &Event) -> State {
    let at = event.at();
    match (state, event) {
        (State::Nothing, Event::Given { given, paper, by, .. }) => State::Slips(Box::new(Slip {
            given: (**given).clone(),
            texts: [given.place].into_iter().chain(said(paper)).collect(),
            papers: vec![(paper.clone(), at, None)],
            by: by.clone(),
            changed: at,
            over: None,
            withdrawn: None,
            kept: Vec::new(),
            clocks: Clocks::default(),
        })),
        (State::Nothing, _) => State::Nothing,
        (State::Slips(mut slip), event) => {
            further(&mut slip, event);
            // That it was printed changes nothing of it.
            if !matches!(event, Event::Kept { .. }) {
                slip.changed = at;
            }
            let owed = slip.owed();
            slip.clocks.settle(&owed, at);
            State::Slips(slip)
        }
    }
}

/// What a slip says.
fn said(paper: &Paper) -> impl Iterator<Item = PartRef> {
    [paper.note].into_iter().chain(paper.found).chain(paper.guide)
}

fn further(slip: &mut Slip, event: &Event) {
    use Event as E;
    match event {
        E::Given { .. } => {}
        E::GivenAgain { paper, at, .. } => {
            slip.texts.extend(said(paper));
            slip.papers.push((paper.clone(), *at, None));
        }
        E::Reinspected { done, note, exhibits, at, .. } => {
            slip.texts.push(*note);
            if let Some((_, _, look)) = slip.papers.last_mut() {
                // A further look takes the place of the one before; its photos stay.
                let seen = look.take().map(|before| before.exhibits).unwrap_or_default();
                let exhibits = seen.into_iter().chain(exhibits.iter().cloned()).collect();
                *look = Some(Look { done: *done, note: *note, exhibits, at: *at });
            }
        }
        E::WentOver { note, at, .. } => {
            slip.texts.extend(*note);
            slip.over = Some((*at, None));
        }
        E::TakenOver { docket, at } => slip.over = Some((*at, Some(*docket))),
        E::GivenBack { docket, .. } => {
            slip.over = slip.over.filter(|(_, over)| *over != Some(*docket));
        }
        E::Withdrawn { note, at, .. } => {
            slip.texts.push(*note);
            slip.withdrawn = Some(*at);
        }
        E::Kept { n, exhibit, .. } => slip.kept.push((*n, exhibit.clone())),
        E::ClockStarted { clock, .. } => slip.clocks.start(clock),
        E::ClockChanged { clock, .. } => slip.clocks.change(clock),
        E::ClockWarned { term, percent, .. } => slip.clocks.say(Said::Warned(*term, *percent)),
        E::ClockExpired { term, .. } => slip.clocks.say(Said::Expired(*term)),
    }
}

pub(super) fn summary(state: &State) -> Summary {
    let Some(slip) = state.file() else { return Summary::default() };
    let (stage, open) = (slip.stage(), slip.open());
    // Number and words are those of the first slip, so that the docket keeps its name.
    let (Some((first, ..)), Some((last, ..))) = (slip.papers.first(), slip.last()) else {
        return Summary::default();
    };
    let clock = slip.clocks.get(Term::Look);
    let due = clock.map(|w| w.running.due).filter(|_| open);
    let what = if stage == Stage::Ignored { "go_over" } else { "reinspect" };
    Summary {
        number: first.number.clone(),
        stage: stage.code(),
        open,
        unit: Some(slip.given.unit.clone()),
        assignee: Some(slip.by.clone()),
        point: slip.given.point,
        source: last.level.code(),
        reported_at: slip.papers.first().map(|(_, at, _)| *at),
        closed_at: (!open).then_some(slip.changed),
        due,
        due_name: due.map(|_| Term::Look.title().to_owned()).unwrap_or_default(),
        provisional: clock.is_some_and(|w| w.running.is_provisional()),
        overdue: open && clock.is_some_and(|w| w.expired),
        wake_at: slip.clocks.wake_at().filter(|_| open),
        title: Some(first.note),
        place: Some(slip.given.place),
        contact: Some(slip.given.subject.particulars),
        texts: slip.texts.clone(),
        todos: open.then(|| Todo { who: Waiter::Person(slip.by.clone()), what, due }).into_iter().collect(),
        tags: [Tag::Item(slip.given.item.clone()), Tag::Officer(slip.by.clone())]
            .into_iter()
            .chain(slip.given.subject.key.map(Tag::Subject))
            .chain(slip.given.origin.map(Tag::Origin))
            .collect(),
        ..Summary::default()
    }
}
