//! Meetings and plans of the members as their pages show them.

use super::Voice;
use crate::ports::Order;
use crate::read::{PAGE_ROWS_MAX, filter_of_kind};
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::meeting::{Act, File, Followed, Progress, What};
use lianzhi_procedure::{AnyState, Kind, Offer, PartRef, Refusal, beijing_date};
use serde::Serialize;
use std::collections::HashMap;

/// A task.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TaskView {
    /// Number.
    pub id: u16,
    /// What is to be done; empty when erased.
    pub title: String,
    /// Which member does it.
    pub owner: Voice,
    /// Last day.
    pub due: String,
    /// How it stands, in words.
    pub standing: &'static str,
    /// `done`, `late`, `wait` or `off`.
    pub state: &'static str,
    /// How far, percent.
    pub percent: u8,
    /// Decision or goal from which it follows.
    pub by: Option<u16>,
    /// Who does it here.
    pub person: Option<String>,
    /// The last thing that its owner said.
    pub last: Option<String>,
    /// When.
    pub last_at: Option<Timestamp>,
}

/// Tasks together.
#[derive(Debug, Clone, Copy, Default, Serialize, schemars::JsonSchema)]
pub struct ProgressView {
    /// Tasks that were not given up.
    pub tasks: usize,
    /// Done.
    pub done: usize,
    /// Past their last day and not done.
    pub overdue: usize,
    /// Mean of how far they are, percent.
    pub percent: u8,
}

impl From<Progress> for ProgressView {
    fn from(p: Progress) -> Self {
        ProgressView { tasks: p.tasks, done: p.done, overdue: p.overdue, percent: p.percent }
    }
}

/// Whether an invited member comes.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct AnswerView {
    /// Who.
    pub who: Voice,
    /// It comes; none when it has not answered.
    pub coming: Option<bool>,
}

/// A meeting or a plan.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct GatheringView {
    /// Docket here.
    pub id: i64,
    /// Its shared docket.
    pub shared: String,
    /// Cooperation number.
    pub number: String,
    /// Name.
    pub title: String,
    /// Agenda or outline.
    pub text: String,
    /// Kind of meeting or span of plan, in words.
    pub what: &'static str,
    /// It is a three-year plan.
    pub three_years: bool,
    /// Stage in words.
    pub stage: &'static str,
    /// Work is still to be done.
    pub open: bool,
    /// Who opened it.
    pub convener: Voice,
    /// When a meeting is.
    pub at: Option<Timestamp>,
    /// Where.
    pub place: String,
    /// First year of a plan.
    pub year: Option<i16>,
    /// The three-year plan that a yearly plan carries out.
    pub of: Option<String>,
    /// Goals of a plan.
    pub goals: Vec<String>,
    /// Who is invited, and whether it comes.
    pub answers: Vec<AnswerView>,
    /// The record of a meeting.
    pub record: Option<String>,
    /// Files of the record.
    pub record_files: Vec<Digest>,
    /// Decisions as tasks.
    pub tasks: Vec<TaskView>,
    /// Tasks together.
    pub progress: ProgressView,
    /// Entries on record here.
    pub entries: i32,
}

struct Teller<'a> {
    directory: &'a Directory,
    texts: &'a HashMap<Digest, String>,
    file: &'a File,
    today: Date,
}

impl Teller<'_> {
    fn text(&self, part: PartRef) -> String {
        self.texts.get(&part.digest).cloned().unwrap_or_default()
    }

    fn who(&self, node: &NodeCode) -> Voice {
        let member = self.directory.exchange_roster().and_then(|r| r.member(node));
        Voice {
            node: node.to_string(),
            province: node.province().map_or("", |p| p.short()),
            name: member.map_or_else(|| node.to_string(), |m| m.name.clone()),
            own: *node == self.directory.node,
            words: String::new(),
        }
    }

    fn task(&self, followed: &Followed) -> TaskView {
        let task = &followed.task;
        let state = match followed {
            f if f.overdue(self.today) => "late",
            f if f.open() => "wait",
            f if f.dropped.is_some() && f.done_at().is_none() => "off",
            _ => "done",
        };
        let last = followed.reports.last();
        let person = self.file.assigned.get(&task.id);
        TaskView {
            id: task.id,
            title: self.text(task.title),
            owner: self.who(&task.owner),
            due: task.due.to_string(),
            standing: followed.standing().title(),
            state,
            percent: followed.percent(),
            by: task.by,
            person: person.map(|p| self.directory.person_name(p).to_owned()),
            last: last.map(|r| self.text(r.text)),
            last_at: last.map(|r| r.at),
        }
    }

    fn view(&self, id: DocketId, entries: i32) -> GatheringView {
        let file = self.file;
        let opening = &file.opening;
        let (what, three_years, place, year, of, goals) = match &opening.what {
            What::Meeting { kind, place, .. } => (kind.title(), false, *place, None, None, &[][..]),
            What::Plan { span, year, of, goals } => {
                let three = *span == lianzhi_procedure::meeting::Span::ThreeYears;
                (span.title(), three, None, Some(*year), of.as_ref(), goals.as_slice())
            }
        };
        let words = |node: &NodeCode| {
            file.said_by(node).iter().rev().find_map(|s| match &s.act {
                Act::Attend { text, .. } => text.map(|part| self.text(part)),
                _ => None,
            })
        };
        let answers = file.attendance().map(|(node, coming)| AnswerView {
            who: Voice { words: words(node).unwrap_or_default(), ..self.who(node) },
            coming,
        });
        let record = file.record();
        GatheringView {
            id: id.0,
            shared: file.streams.id.to_string(),
            number: opening.number.clone(),
            title: self.text(opening.title),
            text: self.text(opening.text),
            what,
            three_years,
            stage: file.stage().title(),
            open: file.stage().open(),
            convener: self.who(file.convener()),
            at: file.meets_at(),
            place: place.map(|part| self.text(part)).unwrap_or_default(),
            year,
            of: of.map(ToString::to_string),
            goals: goals.iter().map(|part| self.text(*part)).collect(),
            answers: answers.collect(),
            record: record.map(|(part, _)| self.text(part)),
            record_files: record.iter().flat_map(|(_, files)| files.iter().map(|f| f.digest)).collect(),
            tasks: file.tasks().iter().map(|t| self.task(t)).collect(),
            progress: file.progress(self.today).into(),
            entries,
        }
    }
}

impl App {
    /// Meetings or plans, newest first.
    ///
    /// # Errors
    /// When the caller may not see them, or the store cannot be read.
    pub async fn gatherings(&self, who: &Caller, kind: Kind) -> Result<Vec<GatheringView>, Refusal> {
        let filter = crate::ports::Filter { sight: self.sight_of_files(who)?, ..filter_of_kind(kind.code()) };
        let queries = &self.inner.store.queries;
        let page = queries.list(&filter, Order::Newest, None, PAGE_ROWS_MAX).await;
        let ids: Vec<DocketId> = page.map_err(|e| unavailable(&e))?.rows.iter().map(|row| row.id).collect();
        let entries = self.inner.store.journal.dockets(&ids).await.map_err(|e| unavailable(&e))?;
        let mut views = Vec::new();
        for of_one in entries.chunk_by(|a, b| a.docket == b.docket) {
            views.extend(self.gathering_of(of_one).await?);
        }
        views.sort_by_key(|view| std::cmp::Reverse((view.at, view.year, view.id)));
        Ok(views)
    }

    /// A meeting or a plan, with what the reader may do.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn gathering(
        &self,
        who: &Caller,
        id: DocketId,
    ) -> Result<(GatheringView, Vec<Offer>), Refusal> {
        let offers = self.offers(who, id).await?;
        let entries = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let view = self.gathering_of(&entries).await?;
        view.map(|view| (view, offers)).ok_or_else(|| Refusal::missing("没有这次会议或这项计划。"))
    }

    async fn gathering_of(
        &self,
        entries: &[crate::ports::EntryRow],
    ) -> Result<Option<GatheringView>, Refusal> {
        let damaged =
            |e: &dyn std::fmt::Display| unavailable(&crate::ports::StoreError::Damaged(e.to_string()));
        let live = crate::project::fold(entries).map_err(|e| damaged(&e))?;
        let Some(live) = live else { return Ok(None) };
        let (AnyState::Meeting(state) | AnyState::Plan(state)) = &live.state else { return Ok(None) };
        let (Some(file), Some(first)) = (state.file(), entries.first()) else { return Ok(None) };
        let texts = self.texts_of(&crate::project::readable(entries)).await?;
        let directory = self.directory();
        let today = beijing_date(self.now());
        let teller = Teller { directory: &directory, texts: &texts, file, today };
        Ok(Some(teller.view(first.docket, live.seq)))
    }
}
