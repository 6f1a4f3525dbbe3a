//! What members say to each other about a meeting or a plan.

use super::task::{Task, TaskId};
use crate::words::words;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::{NodeCode, SharedId};
use serde::{Deserialize, Serialize};

words! {
    /// Kinds of meetings (A1).
    MeetingKind {
        /// Of the heads of all members.
        Mechanism = "mechanism", "机制会议";
        /// On one topic.
        Topic = "topic", "专题会议";
        /// Of the liaison officers.
        Liaison = "liaison", "联络会议";
    }
}

words! {
    /// For how long a plan is.
    Span {
        /// Three years.
        ThreeYears = "three_years", "三年行动计划";
        /// One year.
        Year = "year", "年度计划";
    }
}

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A meeting.
    Meeting {
        /// Of which kind.
        kind: MeetingKind,
        /// When.
        at: Timestamp,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<PartRef>,
    },
    /// A plan.
    Plan {
        /// For how long.
        span: Span,
        /// Its (first) year.
        year: i16,
        /// The three-year plan that a yearly plan carries out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<SharedId>,
        /// Its goals; tasks name them by their place, from 1.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        goals: Vec<PartRef>,
    },
}

/// What opens the docket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Cooperation number (协作编号).
    pub number: String,
    /// Name.
    pub title: PartRef,
    /// Agenda of a meeting, outline of a plan.
    pub text: PartRef,
    /// Who takes part, whoever opens it among them.
    pub participants: Vec<NodeCode>,
    /// A meeting or a plan.
    #[serde(flatten)]
    pub what: What,
}

/// What one member says. The convener is who opened the docket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// 会议通知, or the plan (convener).
    Open(Box<Opening>),
    /// 回执: whether it comes; the last one counts (participants).
    Attend {
        /// Comes.
        coming: bool,
        /// Who comes, or why nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<PartRef>,
    },
    /// 改期 (convener).
    Postpone {
        /// When instead.
        at: Timestamp,
        /// Why.
        reason: PartRef,
    },
    /// 取消 (convener).
    Cancel {
        /// Why.
        reason: PartRef,
    },
    /// 会议纪要; the last one counts (convener).
    Record {
        /// Text of the record.
        text: PartRef,
        /// The record as signed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// 任务: sets a task, or amends it under the same number (convener).
    Task {
        /// The task.
        task: Task,
    },
    /// 取消任务 (convener).
    Drop {
        /// Which.
        task: TaskId,
        /// Why.
        reason: PartRef,
    },
    /// 进展 (owner).
    Report {
        /// On which task.
        task: TaskId,
        /// How far, percent.
        percent: u8,
        /// What was done.
        text: PartRef,
        /// Material.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// 完成 (owner).
    Finish {
        /// Which task.
        task: TaskId,
        /// What came of it.
        text: PartRef,
        /// Material.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// 办结 (convener).
    Close,
}

impl Act {
    /// Words for it.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Act::Open(_) => "发起",
            Act::Attend { coming: true, .. } => "参加",
            Act::Attend { coming: false, .. } => "不参加",
            Act::Postpone { .. } => "改期",
            Act::Cancel { .. } => "取消",
            Act::Record { .. } => "纪要",
            Act::Task { .. } => "任务",
            Act::Drop { .. } => "取消任务",
            Act::Report { .. } => "进展",
            Act::Finish { .. } => "完成",
            Act::Close => "办结",
        }
    }

    /// Whether only the convener may say it.
    #[must_use]
    pub const fn is_conveners(&self) -> bool {
        !matches!(self, Act::Attend { .. } | Act::Report { .. } | Act::Finish { .. })
    }

    /// Parts that travel with it.
    #[must_use]
    pub fn parts(&self) -> Vec<PartRef> {
        match self {
            Act::Open(opening) => {
                let mut parts = vec![opening.title, opening.text];
                match &opening.what {
                    What::Meeting { place, .. } => parts.extend(*place),
                    What::Plan { goals, .. } => parts.extend(goals),
                }
                parts
            }
            Act::Attend { text, .. } => text.iter().copied().collect(),
            Act::Postpone { reason, .. } | Act::Cancel { reason } | Act::Drop { reason, .. } => vec![*reason],
            Act::Record { text, .. } | Act::Report { text, .. } | Act::Finish { text, .. } => vec![*text],
            Act::Task { task } => vec![task.title],
            Act::Close => Vec::new(),
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[ExhibitRef] {
        match self {
            Act::Record { exhibits, .. } | Act::Report { exhibits, .. } | Act::Finish { exhibits, .. } => {
                exhibits
            }
            _ => &[],
        }
    }
}
