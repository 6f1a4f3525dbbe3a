//! What happens when something is asked of a meeting or a plan, or why it may not.

use super::act::{Act, Opening, Span, What};
use super::task::{Followed, TASKS_MAX, Task, TaskId};
use super::{Command, Event, File, Stage, State};
use crate::compact::CHARTER;
use crate::policy::{self, Matter};
use crate::stream::{self, Streams};
use crate::{ExhibitRef, Facts, PartRef, Refusal, Text};
use lianzhi_ids::{Digest, NodeCode, PersonCode, Role};

/// Most goals of a plan.
pub const GOALS_MAX: usize = 30;

pub(super) fn decide(
    kind: &'static str,
    state: &State,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match (state.file(), command) {
        (None, command @ (Command::Convene { .. } | Command::Adopt { .. })) => open(kind, command, facts),
        (None, Command::Hear { entry, envelope }) => first(kind, entry, envelope, facts),
        (None, _) => Err(Refusal::missing("没有这个会议或计划。")),
        (Some(_), Command::Convene { .. } | Command::Adopt { .. }) => {
            Err(no("opened", "本件已经发起。", "请在本件上继续办理，或另行发起。"))
        }
        (Some(file), command) => in_file(kind, file, command, facts),
    }
}

fn no(code: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Refusal {
    Refusal::conflict(code, rule, remedy).from_source(CHARTER)
}

fn permit(action: &str, assignee: Option<&PersonCode>, facts: &Facts<'_>) -> Result<(), Refusal> {
    policy::permit(facts, action, &Matter { assignee, ..Matter::default() }).map(|_| ())
}

fn required(text: &Text, field: &'static str, what: &str) -> Result<PartRef, Refusal> {
    text.part().ok_or_else(|| {
        Refusal::invalid(field, format!("没有写{what}。"), format!("请写明{what}。")).from_source(CHARTER)
    })
}

fn in_custody(digests: &[Digest], facts: &Facts<'_>) -> Result<Vec<ExhibitRef>, Refusal> {
    let found = |d: &Digest| facts.look_ups.exhibits.iter().find(|e| e.digest == *d).cloned();
    let missing = || Refusal::invalid("exhibits", "有文件没有找到。", "请重新上传后再选。");
    digests.iter().map(|d| found(d).ok_or_else(missing)).collect()
}

fn said(
    kind: &str,
    streams: &Streams,
    act: &Act,
    to: Vec<NodeCode>,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let parts = act.parts().iter().map(|p| p.digest).collect();
    let entry = streams.say(kind, act, parts, act.exhibits(), facts)?;
    Ok(Event::Said { entry, to, by: facts.actor.person().cloned(), at: facts.now })
}

fn open(kind: &'static str, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit("meeting_convene", None, facts)?;
    let (title, text, participants, what) = match command {
        Command::Convene { kind: of, title, at, place, agenda, participants } if kind == "meeting" => {
            if at <= facts.now {
                return Err(
                    Refusal::invalid("at", "会议时间已经过去。", "请填写以后的时间。").from_source(CHARTER)
                );
            }
            let what = What::Meeting { kind: of, at, place: place.part() };
            (required(&title, "title", "会议名称")?, required(&agenda, "agenda", "议程")?, participants, what)
        }
        Command::Adopt { span, year, of, title, text, goals, participants } if kind == "plan" => {
            let this = crate::beijing_date(facts.now).year();
            if !(this - 3..=this + 3).contains(&year) {
                return Err(Refusal::invalid("year", "计划年份不在前后三年之内。", "请核对年份。"));
            }
            if goals.len() > GOALS_MAX {
                let rule = format!("目标最多 {GOALS_MAX} 项。");
                return Err(Refusal::invalid("goals", rule, "请合并目标。"));
            }
            let of = of.filter(|_| span == Span::Year);
            let goals = goals.iter().filter_map(Text::part).collect();
            let what = What::Plan { span, year, of, goals };
            (required(&title, "title", "计划名称")?, required(&text, "text", "计划要点")?, participants, what)
        }
        _ => return Err(no("other-kind", "这条命令不属于这类办件。", "请从页面上的入口发起。")),
    };
    let me = facts.directory.node.clone();
    let participants = invited(participants, &me, facts)?;
    let id = facts
        .look_ups
        .shared
        .clone()
        .ok_or_else(|| Refusal::busy("还没有取得协作案卷的编号。", "请稍后再试。"))?;
    let number = facts.look_ups.number.clone();
    let to = participants.iter().filter(|p| **p != me).cloned().collect();
    let act = Act::Open(Box::new(Opening { number, title, text, participants, what }));
    Ok(vec![said(kind, &Streams::new(me, id), &act, to, facts)?])
}

/// Members who take part, this node among them, each once.
fn invited(nodes: Vec<NodeCode>, me: &NodeCode, facts: &Facts<'_>) -> Result<Vec<NodeCode>, Refusal> {
    let roster = facts.directory.roster.as_deref().filter(|r| r.member(me).is_some()).ok_or_else(|| {
        no("no-compact", "本机关还没有加入协作机制。", "请先在“协作—协作机制”中加入或发起。")
    })?;
    let mut participants = nodes;
    participants.push(me.clone());
    participants.sort_unstable();
    participants.dedup();
    if participants.len() < 2 {
        return Err(Refusal::invalid("participants", "没有选择参加的成员。", "请至少选择一个其他成员。"));
    }
    match participants.iter().find(|p| roster.member(p).is_none()) {
        Some(stranger) => {
            let rule = format!("{stranger} 不是协作机制成员。");
            Err(Refusal::invalid("participants", rule, "请从成员中选择。").from_source(CHARTER))
        }
        None => Ok(participants),
    }
}

/// Whether a member may say this after what it said before: by its own stream alone, so everybody judges alike.
fn may_say(file: &File, author: &NodeCode, act: &Act) -> Result<(), Refusal> {
    let refuse = |rule: &str| Err(no("not-theirs-to-say", rule, "请核对办理程序后再办。"));
    if !file.opening.participants.contains(author) {
        return refuse("不是本件的参加单位。");
    }
    let convener = author == file.convener();
    if act.is_conveners() && !convener {
        return refuse("这一步由召集单位办理。");
    }
    let before = |is: &dyn Fn(&Act) -> bool| file.said_by(author).iter().any(|s| is(&s.act));
    if matches!(act, Act::Open(_)) && before(&|_| true) {
        return refuse("本件已经发起。");
    }
    if convener && before(&|a| matches!(a, Act::Close | Act::Cancel { .. })) {
        return refuse("召集单位已经办结或取消本件。");
    }
    let recorded = before(&|a| matches!(a, Act::Record { .. }));
    match act {
        Act::Attend { .. } | Act::Postpone { .. } | Act::Cancel { .. } | Act::Record { .. }
            if !file.is_meeting() =>
        {
            refuse("计划没有这一步。")
        }
        Act::Attend { .. } if convener => refuse("召集单位无需回执。"),
        Act::Postpone { .. } | Act::Cancel { .. } if recorded => refuse("会议已有纪要，不能改期或取消。"),
        Act::Task { .. } | Act::Close if file.is_meeting() && !recorded => refuse("会议还没有纪要。"),
        Act::Drop { task, .. } => {
            let set = before(&|a| matches!(a, Act::Task { task: t } if t.id == *task));
            let dropped = before(&|a| matches!(a, Act::Drop { task: t, .. } if t == task));
            if set && !dropped { Ok(()) } else { refuse("没有这项任务，或已经取消。") }
        }
        Act::Report { task, .. } | Act::Finish { task, .. }
            if before(&|a| matches!(a, Act::Finish { task: t, .. } if t == task)) =>
        {
            refuse("这项任务已经报告完成。")
        }
        _ => Ok(()),
    }
}

fn in_file(
    kind: &'static str,
    file: &File,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let act = match command {
        Command::Hear { entry, envelope } => return hear(kind, file, entry, envelope, facts),
        Command::Tick => return tick(file, facts),
        Command::Assign { task, person } => return assign(file, task, person, facts),
        Command::Attend { coming, text } => {
            permit("meeting_answer", None, facts)?;
            staged(file, &[Stage::Convened], "回执")?;
            Act::Attend { coming, text: text.part() }
        }
        Command::Postpone { at, reason } => {
            permit("meeting_convene", None, facts)?;
            staged(file, &[Stage::Convened], "改期")?;
            if at <= facts.now {
                return Err(
                    Refusal::invalid("at", "会议时间已经过去。", "请填写以后的时间。").from_source(CHARTER)
                );
            }
            Act::Postpone { at, reason: required(&reason, "reason", "理由")? }
        }
        Command::Cancel { reason } => {
            permit("meeting_convene", None, facts)?;
            Act::Cancel { reason: required(&reason, "reason", "理由")? }
        }
        Command::Record { text, exhibits } => {
            permit("meeting_convene", None, facts)?;
            if file.meets_at().is_some_and(|at| at > facts.now) {
                return Err(no(
                    "not-held",
                    "会议还没有召开，不能发纪要。",
                    "请在会议召开以后发；提前召开的，先改期。",
                ));
            }
            Act::Record { text: required(&text, "text", "纪要")?, exhibits: in_custody(&exhibits, facts)? }
        }
        Command::SetTask { task, title, owner, due, by } => {
            permit("meeting_convene", None, facts)?;
            let title = required(&title, "title", "任务内容")?;
            Act::Task { task: checked(file, task, title, owner, due, by, facts)? }
        }
        Command::DropTask { task, reason } => {
            permit("meeting_convene", None, facts)?;
            unfinished(file, task)?;
            Act::Drop { task, reason: required(&reason, "reason", "理由")? }
        }
        Command::Report { task, percent, text, exhibits } => {
            own(file, task, facts)?;
            if percent >= 100 {
                return Err(Refusal::invalid("percent", "进度应为 0 至 99。", "已经完成的，请报完成。")
                    .from_source(CHARTER));
            }
            let (text, exhibits) = (required(&text, "text", "进展")?, in_custody(&exhibits, facts)?);
            Act::Report { task, percent, text, exhibits }
        }
        Command::Finish { task, text, exhibits } => {
            own(file, task, facts)?;
            let (text, exhibits) = (required(&text, "text", "完成情况")?, in_custody(&exhibits, facts)?);
            Act::Finish { task, text, exhibits }
        }
        Command::Close => {
            permit("meeting_convene", None, facts)?;
            if let Some(open) = file.tasks().iter().find(|t| t.open()) {
                return Err(no(
                    "open-tasks",
                    format!("第 {} 项任务还没有完成。", open.task.id),
                    "请等待各单位完成，或取消不再需要的任务。",
                ));
            }
            Act::Close
        }
        Command::Convene { .. } | Command::Adopt { .. } => return Ok(Vec::new()),
    };
    may_say(file, file.me(), &act)?;
    Ok(vec![said(kind, &file.streams, &act, file.others(), facts)?])
}

fn staged(file: &File, stages: &[Stage], what: &str) -> Result<(), Refusal> {
    if stages.contains(&file.stage()) {
        return Ok(());
    }
    let rule = format!("本件现在是“{}”，不能{what}。", file.stage().title());
    Err(no("wrong-stage", rule, "请刷新页面，按可办事项办理。"))
}

/// A task that is still to be done.
fn unfinished(file: &File, id: TaskId) -> Result<Followed, Refusal> {
    let task = file.tasks().into_iter().find(|t| t.task.id == id);
    let task = task.ok_or_else(|| Refusal::missing(format!("没有第 {id} 项任务。")).from_source(CHARTER))?;
    if task.open() {
        return Ok(task);
    }
    let rule = format!("第 {id} 项任务{}。", task.standing().title());
    Err(no("task-ended", rule, "无需再办；如有新的任务，请另行设立。"))
}

/// A task of this node, for who does it.
fn own(file: &File, id: TaskId, facts: &Facts<'_>) -> Result<(), Refusal> {
    permit("meeting_task", file.assigned.get(&id), facts)?;
    staged(file, &[Stage::Following], "报告任务")?;
    let task = unfinished(file, id)?;
    if task.task.owner == *file.me() {
        return Ok(());
    }
    let owner = facts.directory.member_name(&task.task.owner);
    Err(no("not-our-task", format!("第 {id} 项任务由 {owner} 负责。"), "请由责任单位报告。"))
}

fn checked(
    file: &File,
    id: Option<TaskId>,
    title: PartRef,
    owner: NodeCode,
    due: jiff::civil::Date,
    by: Option<u16>,
    facts: &Facts<'_>,
) -> Result<Task, Refusal> {
    if !file.opening.participants.contains(&owner) {
        let rule = format!("{owner} 不是本件的参加单位。");
        return Err(Refusal::invalid("owner", rule, "请从参加单位中选择。").from_source(CHARTER));
    }
    if due < crate::beijing_date(facts.now) {
        return Err(
            Refusal::invalid("due", "完成期限已经过去。", "请填写今天或以后的日期。").from_source(CHARTER)
        );
    }
    if let What::Plan { goals, .. } = &file.opening.what
        && by.is_some_and(|n| n == 0 || usize::from(n) > goals.len())
    {
        return Err(Refusal::invalid("by", "没有这一项目标。", "请填写计划中目标的序号。"));
    }
    let id = match id {
        Some(id) => unfinished(file, id)?.task.id,
        None => {
            let last = file.tasks().last().map_or(0, |t| t.task.id);
            if last >= TASKS_MAX {
                return Err(no(
                    "too-many-tasks",
                    format!("任务最多 {TASKS_MAX} 项。"),
                    "请另行发起会议或计划。",
                ));
            }
            last + 1
        }
    };
    Ok(Task { id, title, owner, due, by })
}

fn assign(file: &File, task: TaskId, person: PersonCode, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit("meeting_assign", None, facts)?;
    staged(file, &[Stage::Following], "交办任务")?;
    if unfinished(file, task)?.task.owner != *file.me() {
        return Err(no("not-our-task", "这项任务由其他单位负责。", "只能交办本机关的任务。"));
    }
    let by =
        facts.actor.person().cloned().ok_or_else(|| {
            Refusal::forbidden("person", "这一步要由本机关工作人员办理。", "请登录后办理。")
        })?;
    if !facts.directory.people.get(&person).is_some_and(|p| p.active) {
        return Err(Refusal::invalid("person", format!("没有在册人员 {person}。"), "请从本机关人员中选择。"));
    }
    Ok(vec![Event::Assigned { task, person, by, at: facts.now }])
}

/// Says of each task, once for each of its last days, that it is late.
fn tick(file: &File, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit("tick", None, facts)?;
    let mut events = Vec::new();
    if !file.stage().open() {
        return Ok(events);
    }
    for task in file.tasks() {
        let (id, due) = (task.task.id, task.task.due);
        if task.open() && task.ends() <= facts.now && !file.told.contains(&(id, due)) {
            // Whoever does it and the own leader; where it is somebody else's, the liaison officers.
            let mine = task.task.owner == *file.me();
            let mut told: Vec<PersonCode> = holders(if mine { Role::Leader } else { Role::Liaison }, facts);
            told.extend(file.assigned.get(&id).filter(|_| mine).cloned());
            told.sort_unstable();
            told.dedup();
            events.push(Event::Overdue { task: id, due, told, at: facts.now });
        }
    }
    Ok(events)
}

fn holders(role: Role, facts: &Facts<'_>) -> Vec<PersonCode> {
    let has = |p: &crate::directory::Person| p.posts.iter().any(|post| post.roles.contains(&role));
    facts.directory.people.values().filter(|p| p.active && has(p)).map(|p| p.code.clone()).collect()
}

fn first(
    kind: &'static str,
    entry: String,
    envelope: Digest,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let id = stream::read::<Act>(&entry)?.entry.docket;
    let me = facts.directory.node.clone();
    let read = Streams::new(me.clone(), id.clone()).check::<Act>(kind, &entry, facts.actor)?;
    let Act::Open(opening) = &read.act else {
        return Err(no("opening-first", "还没有收到召集单位的通知。", "请先取得召集单位的记录。"));
    };
    let fits = matches!(opening.what, What::Meeting { .. }) == (kind == "meeting");
    let roster = facts.directory.roster.as_deref();
    if read.entry.author != id.node || !fits || !opening.participants.contains(&id.node) {
        return Err(no("not-theirs-to-say", "来件不符合会议或计划的格式。", "请核对后重发。"));
    }
    if roster.is_none_or(|r| r.member(&id.node).is_none()) || !opening.participants.contains(&me) {
        return Err(no(
            "not-for-us",
            "召集单位不是协作机制成员，或没有邀请本机关。",
            "请核对参加单位后重发。",
        ));
    }
    Ok(vec![Event::Heard { me, entry, envelope, at: facts.now }])
}

fn hear(
    kind: &'static str,
    file: &File,
    entry: String,
    envelope: Digest,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let read = file.streams.check::<Act>(kind, &entry, facts.actor)?;
    if read.entry.author == *file.me() && !facts.look_ups.recovered {
        return Err(no("own", "来件署名是本节点。", "请核对来件。"));
    }
    may_say(file, &read.entry.author, &read.act)?;
    Ok(vec![Event::Heard { me: file.me().clone(), entry, envelope, at: facts.now }])
}
