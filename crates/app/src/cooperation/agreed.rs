//! Entries of the compact, of meetings and of plans in words.

use crate::record::{Told, minute, names};
use lianzhi_exchange::compact;
use lianzhi_procedure::compact::Event as CompactEvent;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::meeting::{Act, Event as MeetingEvent, TaskId, What};
use lianzhi_procedure::stream;

/// An entry of the compact.
pub(crate) fn compact(event: &CompactEvent, directory: &Directory) -> Told {
    match event {
        CompactEvent::Said { entry, .. } => compact_said(entry, directory),
        CompactEvent::Heard { entry, .. } => heard(compact_said(entry, directory), entry, directory),
        CompactEvent::Trusted { node, keys, .. } => {
            Told::new(format!("与 {} 核对密钥指纹，相符", directory.member_name(node)))
                .with("指纹", keys.join("；"))
        }
    }
}

/// Adds which member said it.
fn heard(told: Told, entry: &str, directory: &Directory) -> Told {
    match lianzhi_exchange::stream::StreamEntry::parse(entry) {
        Ok(entry) => told.from_member(directory.member_name(&entry.author)),
        Err(_) => told,
    }
}

fn compact_said(entry: &str, directory: &Directory) -> Told {
    let Ok(read) = stream::read::<compact::Act>(entry) else { return Told::new("协作机制记录") };
    let told = match read.act {
        compact::Act::Propose { proposal } => {
            let told = Told::new(format!("提出第 {} 版", proposal.number));
            let changes = proposal.changes.iter().map(compact::Change::words_first);
            told.with("变更", changes.collect::<Vec<_>>().join("；")).with("摘要", proposal.result.short())
        }
        compact::Act::Withdraw { epoch, reason } => reasoned("撤回提案", epoch.short(), &reason),
        compact::Act::Countersign { countersignature } => {
            Told::new("会签").with("摘要", countersignature.epoch.short())
        }
        compact::Act::Decline { epoch, grounds } => reasoned("不同意", epoch.short(), &grounds),
        compact::Act::Notice { notice } => Told::new(notice.words()),
    };
    told.law(lianzhi_procedure::compact::CHARTER)
        .with("成员", directory.member_name(&read.entry.author))
        .with("签署", read.entry.actor)
}

fn reasoned(title: &str, epoch: String, reason: &str) -> Told {
    let told = Told::new(title).with("摘要", epoch);
    if reason.is_empty() { told } else { told.with("理由", reason) }
}

/// An entry of a meeting or a plan.
pub(crate) fn meeting(event: &MeetingEvent, directory: &Directory) -> Told {
    match event {
        MeetingEvent::Said { entry, .. } => meeting_said(entry, directory),
        MeetingEvent::Heard { entry, .. } => heard(meeting_said(entry, directory), entry, directory),
        MeetingEvent::Assigned { task, person, .. } => {
            Told::new(format!("第 {task} 项任务交 {}", directory.person_name(person)))
        }
        MeetingEvent::Overdue { task, due, told, .. } => Told::new(format!("第 {task} 项任务逾期"))
            .with("期限", due.to_string())
            .with("告知", names(told, directory)),
    }
}

fn meeting_said(entry: &str, directory: &Directory) -> Told {
    let Ok(read) = stream::read::<Act>(entry) else { return Told::new("会议、计划记录") };
    let on = |what: &str, task: TaskId| Told::new(format!("第 {task} 项任务：{what}"));
    let told = match &read.act {
        Act::Open(opening) => {
            let told = match &opening.what {
                What::Meeting { kind, at, place } => {
                    let told = Told::new(format!("召集{}", kind.title())).with("时间", minute(*at));
                    if place.is_some() { told.with("地点", "见通知") } else { told }
                }
                What::Plan { span, year, goals, .. } => Told::new(format!("制定{}", span.title()))
                    .with("年份", year.to_string())
                    .with("目标", format!("{} 项", goals.len())),
            };
            let members: Vec<_> = opening.participants.iter().map(|n| directory.member_name(n)).collect();
            told.said(opening.text).with("参加单位", members.join("、"))
        }
        Act::Attend { coming, text } => {
            Told::new(if *coming { "回执：参加" } else { "回执：不参加" }).said(*text)
        }
        Act::Postpone { at, reason } => Told::new("会议改期").said(*reason).with("改到", minute(*at)),
        Act::Cancel { reason } => Told::new("会议取消").said(*reason),
        Act::Record { text, exhibits } => {
            let told = Told::new("会议纪要").said(*text);
            if exhibits.is_empty() { told } else { told.with("附件", format!("{} 件", exhibits.len())) }
        }
        Act::Task { task } => on("设立", task.id)
            .said(task.title)
            .with("责任单位", directory.member_name(&task.owner))
            .with("期限", task.due.to_string()),
        Act::Drop { task, reason } => on("取消", *task).said(*reason),
        Act::Report { task, percent, text, .. } => {
            on("进展", *task).said(*text).with("进度", format!("{percent}%"))
        }
        Act::Finish { task, text, .. } => on("完成", *task).said(*text),
        Act::Close => Told::new("办结"),
    };
    told.law(lianzhi_procedure::compact::CHARTER).with("签署", read.entry.actor)
}
