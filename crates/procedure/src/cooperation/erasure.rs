//! Erasing between members: who erases what it sent asks all who have it to erase it too, and each confirms or says why the
//! law has it kept (个人信息保护法 47).

use super::act::{Act, EraseScope, HoldGround};
use super::event::Event;
use super::state::{File, Said, State};
use crate::{AnyCommand, Refusal, report};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use std::collections::BTreeMap;

/// Texts that one entry erases at most: as many parts as one entry may name.
const PARTS_MAX: usize = 200;
/// Longest reason, characters: it is never erased itself.
const REASON_CHARS_MAX: usize = 200;
const SOURCE: &str = "个人信息保护法第四十七条";

/// What a member erased of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Digest of the stream entry by which it asked the others.
    pub of: Digest,
    /// Whose texts they were.
    pub by: NodeCode,
    /// When, by its clock.
    pub at: Timestamp,
    /// Which texts.
    pub parts: Vec<Digest>,
    /// Why.
    pub reason: String,
    /// Every other party, with what it did about it.
    pub answers: BTreeMap<NodeCode, ErasureAnswer>,
}

/// What a party did about an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErasureAnswer {
    /// It has not said.
    Waiting,
    /// It erased them too.
    Confirmed {
        /// When, by its clock.
        at: Timestamp,
    },
    /// It keeps them, and does nothing else with them.
    Held {
        /// Why the law has them kept.
        ground: HoldGround,
        /// Which file or rule.
        reason: String,
        /// When, by its clock.
        at: Timestamp,
    },
}

pub(super) fn of(file: &File) -> Vec<Erasure> {
    let parties = file.parties();
    let erased = |(by, said): (&NodeCode, &Said)| {
        let Act::Erased { parts, reason } = &said.act else { return None };
        let others = parties.iter().filter(|node| *node != by);
        let answers = others.map(|node| (node.clone(), answer(file, node, &said.digest))).collect();
        let (parts, reason) = (parts.clone(), reason.clone());
        Some(Erasure { of: said.digest, by: by.clone(), at: said.at, parts, reason, answers })
    };
    file.story().into_iter().filter_map(erased).collect()
}

/// What a member said about an erasure: that it erased stands, that it holds may still end.
fn answer(file: &File, node: &NodeCode, to: &Digest) -> ErasureAnswer {
    let mut last = ErasureAnswer::Waiting;
    for said in file.said.get(node).into_iter().flatten() {
        match &said.act {
            Act::ErasureConfirmed { of, .. } if of == to => return ErasureAnswer::Confirmed { at: said.at },
            Act::ErasureHeld { of, ground, reason } if of == to => {
                last = ErasureAnswer::Held { ground: *ground, reason: reason.clone(), at: said.at };
            }
            _ => {}
        }
    }
    last
}

/// Erasures of others that this node has not answered.
pub(super) fn unanswered(file: &File) -> Vec<Erasure> {
    let waits = |e: &Erasure| e.answers.get(file.me()) == Some(&ErasureAnswer::Waiting);
    of(file).into_iter().filter(waits).collect()
}

/// Erasures of others of which something is still here.
pub(super) fn kept(file: &File) -> Vec<Erasure> {
    let here = |e: &Erasure| {
        let answer = e.answers.get(file.me());
        answer.is_some_and(|answer| !matches!(answer, ErasureAnswer::Confirmed { .. }))
    };
    of(file).into_iter().filter(here).collect()
}

/// Texts that a member sent and has not erased.
pub(super) fn own(file: &File, node: &NodeCode) -> Vec<crate::PartRef> {
    let gone: Vec<Digest> = file
        .acts(node)
        .filter_map(|act| match act {
            Act::Erased { parts, .. } => Some(parts),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    file.acts(node).flat_map(Act::parts).filter(|part| !gone.contains(&part.digest)).collect()
}

fn checked(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::invalid(
            "reason",
            "没有写明依据。",
            "请填写依据，如本人申请；不要写入个人信息。",
        )
        .from_source(SOURCE));
    }
    if reason.chars().count() > REASON_CHARS_MAX {
        let rule = format!("依据超过 {REASON_CHARS_MAX} 字。");
        return Err(Refusal::invalid("reason", rule, "请写得简短些。").from_source(SOURCE));
    }
    Ok(reason.to_owned())
}

/// The act by which this node erases what it sent: the parts that are named, all of its texts, or its particulars.
pub(super) fn erase(
    file: &File,
    named: Vec<Digest>,
    scope: EraseScope,
    reason: &str,
) -> Result<Act, Refusal> {
    let sent = own(file, file.me());
    if let Some(other) = named.iter().find(|digest| !sent.iter().any(|part| part.digest == **digest)) {
        let rule = format!("{} 不是本机关在本件发出的内容，或已经删除。", other.short());
        return Err(Refusal::invalid("parts", rule, "只能删除本机关发出的；对方发出的请对方删除。")
            .from_source(SOURCE));
    }
    let everything = scope == EraseScope::Everything;
    let mut parts: Vec<Digest> = match named.is_empty() {
        false => named,
        true => sent.iter().filter(|p| everything || p.kind.is_personal()).map(|p| p.digest).collect(),
    };
    parts.sort_unstable();
    parts.dedup();
    parts.truncate(PARTS_MAX);
    if parts.is_empty() {
        return Err(Refusal::conflict(
            "nothing",
            "没有可删除的个人信息。",
            "可能已经删除；删除正文请选择“全部文字”。",
        )
        .from_source(SOURCE));
    }
    Ok(Act::Erased { parts, reason: checked(reason)? })
}

fn asked(file: &File, of: &Digest) -> Result<Erasure, Refusal> {
    kept(file).into_iter().find(|erasure| erasure.of == *of).ok_or_else(|| {
        Refusal::conflict("no-erasure", "没有要答复的删除请求，或已经同时删除。", "请刷新页面。")
            .from_source(SOURCE)
    })
}

/// The act by which this node erases what another member erased.
pub(super) fn confirm(file: &File, of: Digest) -> Result<Act, Refusal> {
    Ok(Act::ErasureConfirmed { of, parts: asked(file, &of)?.parts })
}

/// The act by which it says why it keeps it.
pub(super) fn hold(file: &File, of: Digest, ground: HoldGround, reason: &str) -> Result<Act, Refusal> {
    asked(file, &of)?;
    Ok(Act::ErasureHeld { of, ground, reason: checked(reason)? })
}

/// Whether a member may say this about erasing; true of everything else.
pub(super) fn may_say(file: &File, author: &NodeCode, act: &Act) -> bool {
    let theirs = |of: &Digest| {
        let confirmed = matches!(answer(file, author, of), ErasureAnswer::Confirmed { .. });
        let mut all = file.said.iter().filter(|(by, _)| *by != author).flat_map(|(_, said)| said);
        let said = all.find(|said| said.digest == *of);
        said.filter(|_| !confirmed).and_then(|said| match &said.act {
            Act::Erased { parts, .. } => Some(parts),
            _ => None,
        })
    };
    let short = |reason: &str| checked(reason).is_ok();
    match act {
        Act::Erased { parts, reason } => {
            let own = own(file, author);
            let sent = |digest: &Digest| own.iter().any(|part| part.digest == *digest);
            !parts.is_empty() && parts.len() <= PARTS_MAX && parts.iter().all(sent) && short(reason)
        }
        Act::ErasureConfirmed { of, parts } => theirs(of) == Some(parts),
        Act::ErasureHeld { of, reason, .. } => theirs(of).is_some() && short(reason),
        _ => true,
    }
}

/// The parts that are erased at a node when it says this.
pub(super) fn erases(act: &Act) -> Vec<Digest> {
    match act {
        Act::Erased { parts, .. } | Act::ErasureConfirmed { parts, .. } => parts.clone(),
        _ => Vec::new(),
    }
}

/// The local report into which the words were copied loses them too. The state is that before the event.
pub(super) fn follow_ups(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, AnyCommand)> {
    let (Some(file), Event::Said { erased, .. } | Event::Heard { erased, .. }) = (state.file(), event) else {
        return Vec::new();
    };
    let opening = &file.opening;
    let copied = [Some(opening.title), Some(opening.text), opening.place];
    let gone = copied.iter().flatten().any(|part| erased.contains(&part.digest));
    let reason = file.erasures().into_iter().rev().find(|e| e.parts.iter().any(|p| erased.contains(p)));
    match file.link.filter(|_| gone && !file.mine()) {
        Some(report) => {
            let reason = reason.map(|e| e.reason).unwrap_or_default();
            vec![(report, AnyCommand::Report(report::Command::EraseWith { from: id, reason }))]
        }
        None => Vec::new(),
    }
}
