//! How the members stand to each other: who answered a bulletin, and who filed a case first.

use super::super::ui;
use jiff::Timestamp;
use lianzhi_app::{AnswerView, DeliveryView, FilingView, SharedView};

/// How far a receiver of a bulletin got.
pub(super) struct Reached {
    pub(super) member: ui::Html,
    pub(super) delivered: String,
    pub(super) acknowledged: String,
    pub(super) measured: String,
    pub(super) due: String,
    pub(super) state: &'static str,
    pub(super) words: String,
}

/// What a party of a dispute filed, with its proof.
pub(super) struct Filing {
    pub(super) member: ui::Html,
    pub(super) own: bool,
    pub(super) case: String,
    pub(super) at: String,
    pub(super) pos: u64,
    pub(super) leaf: String,
    /// How it stands to the others' in time, in words; the first is marked.
    pub(super) order: &'static str,
    pub(super) first: bool,
}

/// How far each receiver of a bulletin got.
pub(super) fn answers(shared: &SharedView, now: Timestamp) -> Vec<Reached> {
    let opened = shared.steps.iter().find(|s| s.act == "open");
    let envelope = opened.map(|open| format!("/{}/{}", open.node, open.seq));
    let when = |at: Option<Timestamp>| at.map_or_else(|| "还没有".to_owned(), |at| ui::near(now, at));
    let one = |answer: &AnswerView| {
        let to = |d: &&DeliveryView| {
            d.node == answer.node && envelope.as_ref().is_some_and(|e| d.envelope.ends_with(e.as_str()))
        };
        let delivery = shared.deliveries.iter().find(to);
        let (state, words) = match (answer.awaited, answer.late) {
            (None, _) => ("done", "已反馈".to_owned()),
            (Some(what), true) => ("late", format!("超期，待{what}")),
            (Some(what), false) => ("wait", format!("待{what}")),
        };
        let member = shared.members.iter().find(|m| m.node == answer.node);
        Reached {
            member: ui::member(
                &answer.node,
                member.map_or(&*answer.node, |m| m.name.as_str()),
                &member.is_some_and(|m| m.own),
            ),
            delivered: match delivery {
                None => "已收到".into(),
                Some(d) if d.received && !d.understood => super::shared::NOT_UNDERSTOOD.into(),
                Some(d) if d.received => {
                    d.received_at.map_or_else(|| "已收到".into(), |at| ui::near(now, at))
                }
                Some(_) => "还没有送达".into(),
            },
            acknowledged: when(answer.acknowledged),
            measured: when(answer.measured),
            due: ui::due(now, answer.due),
            state,
            words,
        }
    };
    shared.answers.iter().map(one).collect()
}

/// Why nobody is said to be the first.
pub(super) fn no_first(shared: &SharedView) -> String {
    let (named, silent): (Vec<_>, Vec<_>) = shared.filings.iter().partition(|filing| filing.at.is_some());
    let names = || silent.iter().map(|filing| called(shared, &filing.node)).collect::<Vec<_>>().join("、");
    match (named.is_empty(), silent.is_empty()) {
        _ if named.iter().any(|filing| filing.first) => String::new(),
        (true, _) => "各方都还没有写明所立的案件，不能比较先后。".into(),
        (false, false) => format!("{}还没有写明所立的案件，现在不能说谁最先立案。", names()),
        (false, true) => "立案时间相同，按协商办理。".into(),
    }
}

/// A party in a sentence.
fn called(shared: &SharedView, node: &str) -> String {
    match shared.members.iter().find(|m| m.node == node) {
        Some(member) if member.own => "本机关".into(),
        Some(member) => format!("{}·{}", member.province, member.name),
        None => node.to_owned(),
    }
}

pub(super) fn filings(shared: &SharedView) -> Vec<Filing> {
    let known = shared.filings.iter().any(|filing| filing.first);
    let all = shared.filings.iter().all(|filing| filing.at.is_some());
    let one = |filing: &FilingView| {
        let member = shared.members.iter().find(|m| m.node == filing.node);
        Filing {
            member: ui::member(
                &filing.node,
                member.map_or(&*filing.node, |m| m.name.as_str()),
                &member.is_some_and(|m| m.own),
            ),
            own: member.is_some_and(|m| m.own),
            case: filing.number.clone().unwrap_or_default(),
            at: filing.at.as_ref().map(ui::exact).unwrap_or_default(),
            pos: filing.pos.unwrap_or_default(),
            leaf: filing.leaf.map(|leaf| leaf.to_string()).unwrap_or_default(),
            order: match (filing.first, known, all) {
                (true, ..) => "最先立案",
                (false, true, _) => "在后",
                (false, false, true) => "同时",
                (false, false, false) => "待各方写明后比较",
            },
            first: filing.first,
        }
    };
    shared.filings.iter().map(one).collect()
}
