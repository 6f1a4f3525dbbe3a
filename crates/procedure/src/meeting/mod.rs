//! Meetings and plans of the members (会议、行动计划): what is decided becomes tasks with owners and last days, and each owner
//! reports in its own stream. One engine for both kinds; docs/procedures/meeting.md has rules and concurrent pairs.

mod act;
mod command;
mod decide;
mod offers;
mod task;

pub use act::{Act, MeetingKind, Opening, Span, What};
pub use command::Command;
pub use task::{Followed, Progress, Reported, Standing, TASKS_MAX, Task, TaskId};

use crate::stream::{self, Incoming, Outgoing, Streams};
use crate::{
    ExhibitRef, Facts, Numbered, Offer, PartKind, PartRef, Procedure, Refusal, Summary, Text, Todo, Waiter,
};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::{Digest, NodeCode, PersonCode, Role};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What happened. Kept for ever: fields are only ever added, with a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "entries are the exact bytes of stream entries; at is when it was decided")]
pub enum Event {
    /// We said something to the others.
    Said {
        entry: String,
        to: Vec<NodeCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// Another member said something.
    Heard { me: NodeCode, entry: String, envelope: Digest, at: Timestamp },
    /// Somebody here does a task of ours.
    Assigned { task: TaskId, person: PersonCode, by: PersonCode, at: Timestamp },
    /// The last day of a task passed and it is not done.
    Overdue { task: TaskId, due: Date, told: Vec<PersonCode>, at: Timestamp },
}

/// Something said, in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Timestamp,
    /// Who signed it at that member.
    pub actor: String,
    /// What.
    pub act: Act,
}

/// A meeting or a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// What opened it.
    pub opening: Opening,
    /// Where the streams stand.
    pub streams: Streams,
    /// What each member said, in its order: its sub-state, moved by nobody else.
    pub said: BTreeMap<NodeCode, Vec<Said>>,
    /// Who does our tasks.
    pub assigned: BTreeMap<TaskId, PersonCode>,
    /// Of which tasks, with which last day, was said that they are late.
    pub told: BTreeSet<(TaskId, Date)>,
    /// When it began here.
    pub at: Timestamp,
    /// Last change.
    pub changed: Timestamp,
}

/// Where it stands: follows from the convener's stream alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A meeting without a record yet.
    Convened,
    /// Tasks are followed up.
    Following,
    /// A meeting that was called off.
    Cancelled,
    /// Done with.
    Closed,
}

impl Stage {
    /// Name in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Stage::Convened => "convened",
            Stage::Following => "following",
            Stage::Cancelled => "cancelled",
            Stage::Closed => "closed",
        }
    }
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Stage::Convened => "待召开",
            Stage::Following => "跟办中",
            Stage::Cancelled => "已取消",
            Stage::Closed => "已办结",
        }
    }
    /// Whether work is still to be done.
    #[must_use]
    pub const fn open(self) -> bool {
        matches!(self, Stage::Convened | Stage::Following)
    }
}

/// State of the docket.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State(Option<Box<File>>);

impl State {
    /// The meeting or plan, when there is one.
    #[must_use]
    pub fn file(&self) -> Option<&File> {
        self.0.as_deref()
    }
}

impl File {
    /// This node.
    #[must_use]
    pub fn me(&self) -> &NodeCode {
        &self.streams.me
    }

    /// Who opened it.
    #[must_use]
    pub fn convener(&self) -> &NodeCode {
        &self.streams.id.node
    }

    /// Whether this node opened it.
    #[must_use]
    pub fn mine(&self) -> bool {
        self.me() == self.convener()
    }

    /// What a member said, in its order.
    #[must_use]
    pub fn said_by(&self, node: &NodeCode) -> &[Said] {
        self.said.get(node).map_or(&[], Vec::as_slice)
    }

    fn conveners(&self) -> impl DoubleEndedIterator<Item = &Said> {
        self.said_by(self.convener()).iter()
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let said = |is: fn(&Act) -> bool| self.conveners().any(|s| is(&s.act));
        if said(|a| matches!(a, Act::Close)) {
            Stage::Closed
        } else if said(|a| matches!(a, Act::Cancel { .. })) {
            Stage::Cancelled
        } else if self.is_meeting() && self.record().is_none() {
            Stage::Convened
        } else {
            Stage::Following
        }
    }

    /// Whether it is a meeting, not a plan.
    #[must_use]
    pub fn is_meeting(&self) -> bool {
        matches!(self.opening.what, What::Meeting { .. })
    }

    /// When a meeting is, as last said.
    #[must_use]
    pub fn meets_at(&self) -> Option<Timestamp> {
        let postponed = self.conveners().rev().find_map(|s| match s.act {
            Act::Postpone { at, .. } => Some(at),
            _ => None,
        });
        match self.opening.what {
            What::Meeting { at, .. } => Some(postponed.unwrap_or(at)),
            What::Plan { .. } => None,
        }
    }

    /// The record of a meeting, as last said: text and files.
    #[must_use]
    pub fn record(&self) -> Option<(PartRef, &[ExhibitRef])> {
        self.conveners().rev().find_map(|s| match &s.act {
            Act::Record { text, exhibits } => Some((*text, exhibits.as_slice())),
            _ => None,
        })
    }

    /// Who comes, as each invited member last said; nothing where it has not answered.
    pub fn attendance(&self) -> impl Iterator<Item = (&NodeCode, Option<bool>)> {
        let invited = self.opening.participants.iter().filter(|p| *p != self.convener());
        invited.map(|node| {
            let last = self.said_by(node).iter().rev().find_map(|s| match s.act {
                Act::Attend { coming, .. } => Some(coming),
                _ => None,
            });
            (node, last)
        })
    }

    /// Tasks of this node that are still to be done.
    #[must_use]
    pub fn my_tasks(&self) -> Vec<Followed> {
        let mine = |t: &Followed| t.open() && t.task.owner == *self.me();
        self.tasks().into_iter().filter(mine).collect()
    }

    /// When a clock next wants to be looked at: the end of the first last day that nobody was told of.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let tasks = self.tasks();
        let untold = |t: &&Followed| t.open() && !self.told.contains(&(t.task.id, t.task.due));
        tasks.iter().filter(untold).map(Followed::ends).min().filter(|_| self.stage().open())
    }

    fn others(&self) -> Vec<NodeCode> {
        self.opening.participants.iter().filter(|p| *p != self.me()).cloned().collect()
    }
}

fn evolve(mut state: State, event: &Event) -> State {
    let at = match event {
        Event::Said { at, .. } | Event::Heard { at, .. } => *at,
        Event::Assigned { at, .. } | Event::Overdue { at, .. } => *at,
    };
    if let Event::Said { entry, .. } | Event::Heard { entry, .. } = event
        && let Ok(read) = stream::read::<Act>(entry)
    {
        let me = match event {
            Event::Heard { me, .. } => me.clone(),
            _ => read.entry.author.clone(),
        };
        take(&mut state, me, &read.entry, &read.act, entry, at);
    }
    if let Some(file) = &mut state.0 {
        match event {
            Event::Assigned { task, person, .. } => {
                file.assigned.insert(*task, person.clone());
            }
            Event::Overdue { task, due, .. } => {
                file.told.insert((*task, *due));
            }
            Event::Said { .. } | Event::Heard { .. } => {}
        }
        file.changed = at;
    }
    state
}

fn take(state: &mut State, me: NodeCode, entry: &StreamEntry, act: &Act, bytes: &str, at: Timestamp) {
    if let (None, Act::Open(opening)) = (&state.0, act) {
        state.0 = Some(Box::new(File {
            opening: (**opening).clone(),
            streams: Streams::new(me, entry.docket.clone()),
            said: BTreeMap::new(),
            assigned: BTreeMap::new(),
            told: BTreeSet::new(),
            at,
            changed: at,
        }));
    }
    if let Some(file) = &mut state.0 {
        file.streams.take(entry, bytes);
        let said = Said { at: entry.at, actor: entry.actor.clone(), act: act.clone() };
        file.said.entry(entry.author.clone()).or_default().push(said);
    }
}

fn todos(file: &File, tasks: &[Followed]) -> Vec<Todo> {
    let mut todos = Vec::new();
    if !file.stage().open() {
        return todos;
    }
    let liaison = || Waiter::for_all(Role::Liaison);
    let mut add = |who, what, due| todos.push(Todo { who, what, due });
    let silent = file.attendance().any(|(node, answer)| node == file.me() && answer.is_none());
    match (file.stage(), file.mine()) {
        (Stage::Convened, true) => add(liaison(), "record", file.meets_at()),
        (Stage::Convened, false) if silent => add(liaison(), "attend", file.meets_at()),
        (Stage::Following, true) if tasks.iter().all(|t| !t.open()) => add(liaison(), "close", None),
        _ => {}
    }
    for task in tasks.iter().filter(|t| t.open() && t.task.owner == *file.me()) {
        let who = file.assigned.get(&task.task.id).cloned().map_or_else(liaison, Waiter::Person);
        add(who, "report", Some(task.ends()));
    }
    todos
}

fn summary(state: &State) -> Summary {
    let Some(file) = state.file() else { return Summary::default() };
    let tasks = file.tasks();
    let stage = file.stage();
    let next = tasks.iter().filter(|t| t.open() && stage.open()).min_by_key(|t| t.task.due);
    let late = |t: &&Followed| t.open() && file.told.contains(&(t.task.id, t.task.due));
    let mut assignee = file.my_tasks().into_iter().filter_map(|t| file.assigned.get(&t.task.id).cloned());
    Summary {
        number: file.opening.number.clone(),
        title: Some(file.opening.title),
        stage: stage.code(),
        open: stage.open(),
        assignee: assignee.next(),
        source: if file.mine() { "outgoing" } else { "incoming" },
        external: Some(file.streams.id.to_string()),
        reported_at: Some(file.at),
        closed_at: (!stage.open()).then_some(file.changed),
        due: next.map(Followed::ends),
        due_name: next.map(|_| "任务期限".to_owned()).unwrap_or_default(),
        overdue: stage.open() && tasks.iter().any(|t| late(&t)),
        wake_at: file.wake_at(),
        texts: file.said.values().flatten().flat_map(|s| s.act.parts()).collect(),
        todos: todos(file, &tasks),
        ..Summary::default()
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, $title:literal, $word:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl Procedure for $name {
                const KIND: &'static str = $kind;
                const TITLE: &'static str = $title;
                type State = State;
                type Command = Command;
                type Event = Event;

                fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
                    decide::decide($kind, state, command, facts)
                }
                fn evolve(state: State, event: &Event) -> State {
                    evolve(state, event)
                }
                fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
                    offers::offers($kind, state, facts)
                }
                fn summary(state: &State) -> Summary {
                    summary(state)
                }
                fn texts(command: &mut Command) -> Vec<(PartKind, &mut Text)> {
                    command.texts()
                }
                fn numbered(state: &State, command: &Command) -> Option<Numbered> {
                    let opens = matches!(command, Command::Convene { .. } | Command::Adopt { .. });
                    (opens && state.file().is_none()).then_some(Numbered::Cooperation($word))
                }
                fn outgoing(event: &Event) -> Option<Outgoing<'_>> {
                    match event {
                        Event::Said { entry, to, .. } => {
                            let basis = crate::compact::CHARTER;
                            Some(Outgoing { entry, to, list: None, basis, urgent: false })
                        }
                        _ => None,
                    }
                }
                fn incoming(event: &Event) -> Option<Incoming<'_>> {
                    match event {
                        Event::Heard { entry, envelope, .. } => Some(Incoming { entry, envelope: *envelope }),
                        _ => None,
                    }
                }
                fn hear(entry: String, envelope: Digest) -> Option<Command> {
                    Some(Command::Hear { entry, envelope })
                }
                fn tick() -> Option<Command> {
                    Some(Command::Tick)
                }

                fn streams(state: &State) -> Option<&Streams> {
                    state.file().map(|f| &f.streams)
                }
            }
        )*
    };
}

kinds! {
    /// 会议.
    Meeting = "meeting", "会议", "会议";
    /// 行动计划.
    Plan = "plan", "行动计划", "计划";
}
