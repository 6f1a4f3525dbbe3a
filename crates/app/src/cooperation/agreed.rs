//! Entries of the compact, of meetings and of plans in words.

use crate::record::{Told, names};
use lianzhi_exchange::compact::Act;
use lianzhi_ids::Digest;
use lianzhi_procedure::compact::{self, CHARTER};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::meeting;
use lianzhi_procedure::stream;

/// An entry of the compact.
pub(crate) fn tell_compact(event: &compact::Event, directory: &Directory) -> Told {
    match event {
        compact::Event::Said { entry, .. } => compact_act(entry, false, directory),
        compact::Event::Heard { entry, .. } => compact_act(entry, true, directory),
        compact::Event::Trusted { node, keys, .. } => {
            Told::new(format!("核对 {} 的密钥指纹，一致", directory.member_name(node)))
                .with("指纹", keys.join("；"))
        }
    }
}

fn compact_act(entry: &str, heard: bool, directory: &Directory) -> Told {
    let read = match compact::act_of(entry) {
        Ok(read) => read,
        Err(refusal) => return Told::new(refusal.rule),
    };
    let told = match &read.act {
        Act::Propose { proposal } => {
            Told::new(format!("提案：第 {} 版", proposal.number)).with("变更", changes(&proposal.words(None)))
        }
        Act::Withdraw { epoch, reason } => {
            Told::new("撤回提案").with("提案", which(epoch, directory)).with("理由", reason)
        }
        Act::Countersign { countersignature } => {
            Told::new("会签").with("提案", which(&countersignature.epoch, directory))
        }
        Act::Decline { epoch, grounds } => {
            Told::new("不同意").with("提案", which(epoch, directory)).with("理由", grounds)
        }
        Act::Notice { notice } => Told::new(notice.words()),
    };
    let told = told.law(CHARTER).with("签署", &read.entry.actor);
    if heard { told.said_by(directory.member_name(&read.entry.author)) } else { told }
}

/// Changes that a line of the record names before it counts them.
const NAMED_MAX: usize = 3;

fn changes(words: &[String]) -> String {
    match words.get(..NAMED_MAX) {
        Some(first) if words.len() > NAMED_MAX => format!("{}；等 {} 项", first.join("；"), words.len()),
        _ => words.join("；"),
    }
}

/// A version by its number, where it is in force or proposed now; else by the beginning of its digest.
fn which(epoch: &Digest, directory: &Directory) -> String {
    let known = [&directory.roster, &directory.proposed];
    let found = known.into_iter().flatten().find(|roster| roster.digest == *epoch);
    found.map_or_else(
        || format!("摘要为 {}… 的一版", epoch.short()),
        |roster| format!("第 {} 版", roster.epoch.number),
    )
}

/// An entry of a meeting or a plan.
pub(crate) fn tell_meeting(event: &meeting::Event, directory: &Directory) -> Told {
    match event {
        meeting::Event::Said { entry, .. } => meeting_act(entry, false, directory),
        meeting::Event::Heard { entry, .. } => meeting_act(entry, true, directory),
        meeting::Event::Assigned { person, .. } => {
            Told::new(format!("任务交 {} 办理", directory.person_name(person)))
        }
        meeting::Event::Overdue { due, told, .. } => {
            Told::new(format!("任务超期（应于 {due} 前完成）")).with("已告知", names(told, directory))
        }
    }
}

fn meeting_act(entry: &str, heard: bool, directory: &Directory) -> Told {
    let read = match stream::read::<meeting::Act>(entry) {
        Ok(read) => read,
        Err(refusal) => return Told::new(refusal.rule),
    };
    let told = Told::new(read.act.title()).law(CHARTER).with("签署", &read.entry.actor);
    let told = told.said(read.act.parts().into_iter().next());
    if heard { told.said_by(directory.member_name(&read.entry.author)) } else { told }
}
