//! What an actor may do now. Each offer is a trial of the real decision with a sample command.

use super::task::Followed;
use super::{Command, File, State, decide};
use crate::directory::Person;
use crate::{Choice, ExhibitRef, Facts, Field, FieldKind, LookUps, Offer, PartKind, PartRef, Text};
use jiff::SignedDuration;
use lianzhi_ids::{Digest, NodeCode};
use std::sync::Arc;

fn field(name: &'static str, title: &'static str, required: bool, kind: FieldKind) -> Field {
    Field { name, title, required, kind, hint: "".into() }
}

fn text(name: &'static str, title: &'static str) -> Field {
    field(name, title, true, FieldKind::Text)
}

fn files() -> Field {
    field("exhibits", "材料", false, FieldKind::Exhibits)
}

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Letter, digest: Digest::ZERO })
}

fn tasks<'a>(tasks: impl Iterator<Item = &'a Followed>, facts: &Facts<'_>) -> FieldKind {
    let one = |t: &Followed| {
        let owner = facts.directory.member_name(&t.task.owner);
        let title = format!("第 {} 项（{owner}，{} 前，{}）", t.task.id, t.task.due, t.standing().title());
        Choice::new(t.task.id.to_string(), title)
    };
    FieldKind::Choice { choices: tasks.map(one).collect() }
}

fn members(nodes: &[NodeCode], facts: &Facts<'_>) -> FieldKind {
    let choices = nodes.iter().map(|n| Choice::new(n.as_str(), facts.directory.member_name(n))).collect();
    FieldKind::Choice { choices }
}

/// Refusals of these names are shown where the offer would stand; others hide the offer.
const SHOWN: &[&str] = &["open-tasks"];

pub(super) fn offers(kind: &'static str, state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(file) = state.file() else { return Vec::new() };
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: String::new() };
    let look_ups = LookUps { exhibits: vec![exhibit], ..facts.look_ups.clone() };
    let trial = Facts { look_ups: &look_ups, ..*facts };
    let mut offers = Vec::new();
    let mut offer = |main: bool, command, title, consequence, sample: Command, fields: Vec<Field>| {
        let refused = match decide::decide(kind, state, sample, &trial) {
            Ok(_) => None,
            Err(refusal) if SHOWN.contains(&refusal.code) => Some(refusal),
            Err(_) => return,
        };
        offers.push(Offer { command, title, consequence, fields, main, refused });
    };
    conveners(file, facts, &mut offer);
    let coming =
        Field { hint: "不勾选即不参加".into(), ..field("coming", "参加", false, FieldKind::Flag) };
    let names = field("text", "参加人员或缺席理由", false, FieldKind::Text);
    let sample = Command::Attend { coming: true, text: Text::default() };
    offer(true, "attend", "回执", "告知召集单位是否参加；以最后一次为准。", sample, vec![coming, names]);
    owners(file, facts, &mut offer);
    offers
}

type Add<'a> = dyn FnMut(bool, &'static str, &'static str, &'static str, Command, Vec<Field>) + 'a;

fn conveners(file: &File, facts: &Facts<'_>, offer: &mut Add<'_>) {
    let later = facts.now + SignedDuration::from_hours(1);
    let sample = Command::Record { text: sealed(), exhibits: vec![] };
    let fields = vec![text("text", "会议纪要"), files()];
    offer(true, "record", "发纪要", "发给全体参加单位；再发的替代上一份。", sample, fields);
    let sample = Command::SetTask {
        task: None,
        title: sealed(),
        owner: file.me().clone(),
        due: crate::beijing_date(later),
        by: None,
    };
    let by = if file.is_meeting() { "依据第几项决定" } else { "对应第几项目标" };
    let most = i64::try_from(match &file.opening.what {
        super::What::Plan { goals, .. } => goals.len(),
        super::What::Meeting { .. } => 99,
    })
    .unwrap_or(99);
    let mut fields = vec![
        text("title", "任务内容"),
        field("owner", "责任单位", true, members(&file.opening.participants, facts)),
        Field { hint: "如 2026-12-31".into(), ..field("due", "完成期限", true, FieldKind::Line) },
    ];
    if most > 0 {
        fields.push(field("by", by, false, FieldKind::Number { min: 1, max: most }));
    }
    offer(true, "set_task", "设任务", "发给全体参加单位，由责任单位报告进展。", sample, fields);
    let all = file.tasks();
    let open = || all.iter().filter(|t| t.open());
    if let Some(first) = open().next() {
        let fields = vec![field("task", "任务", true, tasks(open(), facts)), text("reason", "理由")];
        let sample = Command::DropTask { task: first.task.id, reason: sealed() };
        offer(false, "drop_task", "取消任务", "责任单位不再承担；已经完成的不受影响。", sample, fields);
    }
    let fields = vec![field("at", "改到", true, FieldKind::Moment), text("reason", "理由")];
    let sample = Command::Postpone { at: later, reason: sealed() };
    offer(false, "postpone", "改期", "告知全体参加单位。", sample, fields);
    let sample = Command::Cancel { reason: sealed() };
    offer(false, "cancel", "取消会议", "告知全体参加单位，本件办结。", sample, vec![text("reason", "理由")]);
    offer(false, "close", "办结", "任务都已完成或取消，本件归档。", Command::Close, vec![]);
}

fn owners(file: &File, facts: &Facts<'_>, offer: &mut Add<'_>) {
    let mine = file.my_tasks();
    let Some(first) = mine.first().map(|t| t.task.id) else { return };
    let task = || field("task", "任务", true, tasks(mine.iter(), facts));
    // Whoever has one of several is offered those that are his.
    let own: Vec<&Followed> = mine
        .iter()
        .filter(|t| file.assigned.get(&t.task.id).is_some_and(|p| Some(p) == facts.actor.person()))
        .collect();
    let (sample, choices) = match own.first() {
        Some(t) if !facts.actor.has(lianzhi_ids::Role::Liaison) => {
            (t.task.id, field("task", "任务", true, tasks(own.iter().copied(), facts)))
        }
        _ => (first, task()),
    };
    let percent = field("percent", "进度（%）", true, FieldKind::Number { min: 0, max: 99 });
    let fields = vec![choices.clone(), percent, text("text", "进展"), files()];
    let report = Command::Report { task: sample, percent: 0, text: sealed(), exhibits: vec![] };
    offer(true, "report", "报进展", "告知全体参加单位。", report, fields);
    let fields = vec![choices, text("text", "完成情况"), files()];
    let finish = Command::Finish { task: sample, text: sealed(), exhibits: vec![] };
    offer(true, "finish", "报完成", "告知全体参加单位，任务完成。", finish, fields);
    let unit = |p: &Arc<Person>| {
        p.posts.first().map(|post| facts.directory.unit_name(&post.unit)).unwrap_or_default().to_owned()
    };
    let active = facts.directory.people.values().filter(|p| p.active);
    let mut people: Vec<_> = active.map(|p| (unit(p), p)).collect();
    people.sort_by(|(a, p), (b, q)| (a, &p.code).cmp(&(b, &q.code)));
    if let Some(person) = people.first().map(|(_, p)| p.code.clone()) {
        let name = |(unit, p): &(String, &Arc<Person>)| {
            Choice::new(p.code.as_str(), format!("{}（{unit}）", p.name))
        };
        let choices = people.iter().map(name).collect();
        let fields = vec![task(), field("person", "承办人", true, FieldKind::Person { choices })];
        let sample = Command::Assign { task: first, person };
        offer(false, "assign", "交办", "承办人的待办里出现这项任务。", sample, fields);
    }
}
