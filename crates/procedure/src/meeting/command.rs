//! What can be asked of a meeting or a plan.

use super::act::{MeetingKind, Span};
use super::task::TaskId;
use crate::{PartKind, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, NodeCode, PersonCode, SharedId};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 召集会议.
    Convene {
        /// Of which kind.
        kind: MeetingKind,
        /// Name.
        #[schemars(with = "String")]
        title: Text,
        /// When.
        at: Timestamp,
        /// Where.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        place: Text,
        /// Agenda.
        #[schemars(with = "String")]
        agenda: Text,
        /// Members that are invited.
        participants: Vec<NodeCode>,
    },
    /// 制定计划.
    Adopt {
        /// For how long.
        span: Span,
        /// Its (first) year.
        year: i16,
        /// The three-year plan that it carries out.
        #[serde(default)]
        of: Option<SharedId>,
        /// Name.
        #[schemars(with = "String")]
        title: Text,
        /// Outline.
        #[schemars(with = "String")]
        text: Text,
        /// Goals.
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        goals: Vec<Text>,
        /// Members that take part.
        participants: Vec<NodeCode>,
    },
    /// 回执.
    Attend {
        /// Comes.
        #[serde(default)]
        coming: bool,
        /// Who comes, or why nobody.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        text: Text,
    },
    /// 改期.
    Postpone {
        /// When instead.
        at: Timestamp,
        /// Why.
        #[schemars(with = "String")]
        reason: Text,
    },
    /// 取消会议.
    Cancel {
        /// Why.
        #[schemars(with = "String")]
        reason: Text,
    },
    /// 会议纪要.
    Record {
        /// Text.
        #[schemars(with = "String")]
        text: Text,
        /// The record as signed.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 设任务, or amends one.
    SetTask {
        /// Its number, when it is amended.
        #[serde(default, deserialize_with = "perhaps_chosen")]
        task: Option<TaskId>,
        /// What is to be done.
        #[schemars(with = "String")]
        title: Text,
        /// Which member does it.
        owner: NodeCode,
        /// Last day.
        #[schemars(with = "String")]
        due: Date,
        /// Number of the decision or goal.
        #[serde(default)]
        by: Option<u16>,
    },
    /// 取消任务.
    DropTask {
        /// Which.
        #[serde(deserialize_with = "chosen")]
        task: TaskId,
        /// Why.
        #[schemars(with = "String")]
        reason: Text,
    },
    /// 交办: who does a task of ours.
    Assign {
        /// Which.
        #[serde(deserialize_with = "chosen")]
        task: TaskId,
        /// Who.
        person: PersonCode,
    },
    /// 报进展.
    Report {
        /// On which task.
        #[serde(deserialize_with = "chosen")]
        task: TaskId,
        /// How far, percent.
        percent: u8,
        /// What was done.
        #[schemars(with = "String")]
        text: Text,
        /// Material.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 报完成.
    Finish {
        /// Which task.
        #[serde(deserialize_with = "chosen")]
        task: TaskId,
        /// What came of it.
        #[schemars(with = "String")]
        text: Text,
        /// Material.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 办结.
    Close,
    /// The clocks are looked at.
    Tick,
    /// What another member said.
    Hear {
        /// Exact bytes of the stream entry.
        entry: String,
        /// Digest of the envelope.
        envelope: Digest,
    },
}

/// A number, or a choice of a form, which is a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Chosen {
    Number(TaskId),
    Text(String),
}

impl Chosen {
    fn id<E: serde::de::Error>(self) -> Result<TaskId, E> {
        match self {
            Chosen::Number(n) => Ok(n),
            Chosen::Text(text) => text.parse().map_err(E::custom),
        }
    }
}

fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TaskId, D::Error> {
    Chosen::deserialize(deserializer)?.id()
}

fn perhaps_chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TaskId>, D::Error> {
    Option::<Chosen>::deserialize(deserializer)?.map(Chosen::id).transpose()
}

impl Command {
    /// Texts to seal; all of them travel.
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        let texts: Vec<&mut Text> = match self {
            Command::Convene { title, place, agenda, .. } => vec![title, place, agenda],
            Command::Adopt { title, text, goals, .. } => {
                let mut texts = vec![title, text];
                texts.extend(goals);
                texts
            }
            Command::Postpone { reason, .. }
            | Command::Cancel { reason }
            | Command::DropTask { reason, .. } => vec![reason],
            Command::Attend { text, .. }
            | Command::Record { text, .. }
            | Command::Report { text, .. }
            | Command::Finish { text, .. } => vec![text],
            Command::SetTask { title, .. } => vec![title],
            Command::Assign { .. } | Command::Close | Command::Tick | Command::Hear { .. } => vec![],
        };
        texts.into_iter().map(|text| (PartKind::Letter, text)).collect()
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        match self {
            Command::Record { exhibits, .. }
            | Command::Report { exhibits, .. }
            | Command::Finish { exhibits, .. } => exhibits,
            _ => &[],
        }
    }
}
