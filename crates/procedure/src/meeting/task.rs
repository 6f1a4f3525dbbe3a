//! Tasks: what follows from a decision or a plan, who does it until when, and how far it is.

use super::File;
use super::act::Act;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::NodeCode;
use serde::{Deserialize, Serialize};

/// Number of a task in its docket, from 1, given by the convener.
pub type TaskId = u16;
/// Most tasks of one meeting or plan.
pub const TASKS_MAX: u16 = 200;

/// A task as the convener set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// What is to be done.
    pub title: PartRef,
    /// Which member does it.
    pub owner: NodeCode,
    /// Last day.
    pub due: Date,
    /// The decision of the meeting, or the goal of the plan, from which it follows, by number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u16>,
}

/// What the owner said of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// When.
    pub at: Timestamp,
    /// Who signed it there.
    pub actor: String,
    /// How far, percent; 100 when done.
    pub percent: u8,
    /// Done.
    pub done: bool,
    /// In words.
    pub text: PartRef,
    /// Material.
    pub exhibits: Vec<ExhibitRef>,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing reported.
    Set,
    /// On the way.
    Moving,
    /// Done, as its owner says.
    Done,
    /// Given up by the convener before its owner said that it is done.
    Dropped,
}

impl Standing {
    /// Words on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Standing::Set => "未开始",
            Standing::Moving => "进行中",
            Standing::Done => "已完成",
            Standing::Dropped => "已取消",
        }
    }
}

/// A task with what its owner reported: a join of the convener's stream and the owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// As the convener last set it.
    pub task: Task,
    /// Why the convener gave it up.
    pub dropped: Option<PartRef>,
    /// What its owner said, oldest first.
    pub reports: Vec<Reported>,
}

impl Followed {
    /// How it stands. What is done is done, also when the convener gave it up meanwhile.
    #[must_use]
    pub fn standing(&self) -> Standing {
        if self.reports.iter().any(|r| r.done) {
            Standing::Done
        } else if self.dropped.is_some() {
            Standing::Dropped
        } else if self.reports.is_empty() {
            Standing::Set
        } else {
            Standing::Moving
        }
    }

    /// Whether something is still to be done.
    #[must_use]
    pub fn open(&self) -> bool {
        matches!(self.standing(), Standing::Set | Standing::Moving)
    }

    /// How far, percent.
    #[must_use]
    pub fn percent(&self) -> u8 {
        match self.standing() {
            Standing::Done => 100,
            _ => self.reports.last().map_or(0, |r| r.percent),
        }
    }

    /// Whether its last day has passed and it is not done.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.open() && self.task.due < today
    }

    /// When it was done.
    #[must_use]
    pub fn done_at(&self) -> Option<Timestamp> {
        self.reports.iter().find(|r| r.done).map(|r| r.at)
    }

    /// The first moment after its last day.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        end_of(self.task.due)
    }
}

/// The first moment after a day in Beijing.
pub(super) fn end_of(day: Date) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    next.to_zoned(zone).map_or(Timestamp::MAX, |z| z.timestamp())
}

/// Tasks together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Tasks that were not given up.
    pub tasks: usize,
    /// Done.
    pub done: usize,
    /// Past their last day and not done.
    pub overdue: usize,
    /// Mean of how far they are, percent; 0 without tasks.
    pub percent: u8,
}

impl Progress {
    /// Counts tasks as of a day.
    #[must_use]
    pub fn of<'a>(tasks: impl IntoIterator<Item = &'a Followed>, today: Date) -> Progress {
        let mut progress = Progress::default();
        let mut sum = 0usize;
        for task in tasks.into_iter().filter(|t| t.standing() != Standing::Dropped) {
            progress.tasks += 1;
            progress.done += usize::from(!task.open());
            progress.overdue += usize::from(task.overdue(today));
            sum += usize::from(task.percent());
        }
        let mean = sum.checked_div(progress.tasks).unwrap_or(0);
        progress.percent = u8::try_from(mean).unwrap_or(100);
        progress
    }
}

impl File {
    /// The tasks by number, as the convener last set them, with what their present owners reported. Reports on a task that is not
    /// known yet wait for it.
    #[must_use]
    pub fn tasks(&self) -> Vec<Followed> {
        let mut tasks: Vec<Followed> = Vec::new();
        for said in self.said_by(self.convener()) {
            match &said.act {
                Act::Task { task } => match tasks.iter_mut().find(|t| t.task.id == task.id) {
                    Some(known) => known.task = task.clone(),
                    None => tasks.push(Followed { task: task.clone(), dropped: None, reports: Vec::new() }),
                },
                Act::Drop { task, reason } => {
                    if let Some(known) = tasks.iter_mut().find(|t| t.task.id == *task) {
                        known.dropped.get_or_insert(*reason);
                    }
                }
                _ => {}
            }
        }
        tasks.sort_by_key(|t| t.task.id);
        for task in &mut tasks {
            for said in self.said_by(&task.task.owner) {
                let (id, percent, done, text, exhibits) = match &said.act {
                    Act::Report { task, percent, text, exhibits } => (*task, *percent, false, text, exhibits),
                    Act::Finish { task, text, exhibits } => (*task, 100, true, text, exhibits),
                    _ => continue,
                };
                if id == task.task.id {
                    task.reports.push(Reported {
                        at: said.at,
                        actor: said.actor.clone(),
                        percent: percent.min(100),
                        done,
                        text: *text,
                        exhibits: exhibits.clone(),
                    });
                }
            }
        }
        tasks
    }

    /// All tasks together as of a day.
    #[must_use]
    pub fn progress(&self, today: Date) -> Progress {
        Progress::of(&self.tasks(), today)
    }
}
