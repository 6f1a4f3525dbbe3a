//! How a shared matter stands between its members: whose turn it is, how far each receiver of a bulletin got, what each
//! party of a dispute filed and when.

use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode};
use lianzhi_procedure::cooperation::{File, Turn};
use lianzhi_procedure::directory::Directory;
use serde::Serialize;

/// Members that a sentence names before it counts them.
const NAMED_MAX: usize = 4;

/// How far a receiver of a bulletin got.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct AnswerView {
    /// Its node.
    pub node: String,
    /// When it acknowledged.
    pub acknowledged: Option<Timestamp>,
    /// When it told its measures.
    pub measured: Option<Timestamp>,
    /// Until when it is to answer.
    pub due: Timestamp,
    /// What is still awaited of it, in words.
    pub awaited: Option<&'static str>,
    /// It is awaited, and its term has passed.
    pub late: bool,
}

/// What a party of a dispute says it filed.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FilingView {
    /// Its node.
    pub node: String,
    /// The case; none when it named none.
    pub number: Option<String>,
    /// When it was filed.
    pub at: Option<Timestamp>,
    /// Place of the entry in that member's log.
    pub pos: Option<u64>,
    /// The leaf there.
    pub leaf: Option<Digest>,
    /// It was the first.
    pub first: bool,
}

/// Members by name, with their province; many are counted.
fn names<'a>(directory: &Directory, nodes: impl IntoIterator<Item = &'a NodeCode>) -> String {
    let names: Vec<String> = nodes.into_iter().map(|node| directory.member_name(node)).collect();
    match names.get(..NAMED_MAX) {
        Some(first) if names.len() > NAMED_MAX => format!("{}等 {} 个成员", first.join("、"), names.len()),
        _ => names.join("、"),
    }
}

/// Whose turn it is, and who waits.
pub(super) fn next_words(file: &File, directory: &Directory) -> Option<String> {
    let next = file.next()?;
    let (what, me) = (next.what, file.me());
    let own = next.who.contains(me);
    let opener = directory.member_name(file.founder());
    let receivers = || names(directory, file.receivers());
    let others = || names(directory, next.who.iter().filter(|node| *node != me));
    Some(match (next.turn, file.mine()) {
        (Turn::Office, _) => format!("等本机关{what}；签发以前对方看不到。"),
        (Turn::Opener, true) => format!("等本机关{what}，{}在等。", receivers()),
        (Turn::Opener, false) => format!("等{opener}{what}，本机关在等。"),
        (Turn::Receivers, true) => format!("等{}{what}，本机关在等。", others()),
        (Turn::Receivers, false) if own => format!("等本机关{what}，{opener}在等。"),
        (Turn::Receivers, false) => format!("等{}{what}，{opener}在等。", others()),
        (Turn::Parties, _) if next.who.len() == file.parties().len() => format!("等各方{what}。"),
        (Turn::Parties, _) if own => format!("等本机关{what}。"),
        (Turn::Parties, _) => format!("等{}{what}。", others()),
        (Turn::Superior, _) => format!("等上级{what}。"),
    })
}

pub(super) fn answers(file: &File, now: Timestamp) -> Vec<AnswerView> {
    let answers = file.answers().into_iter();
    answers
        .map(|answer| AnswerView {
            node: answer.node.to_string(),
            acknowledged: answer.acknowledged,
            measured: answer.measured,
            due: answer.due,
            awaited: answer.awaited(),
            late: file.open() && answer.late(now),
        })
        .collect()
}

/// Every party of a dispute with its filing, the first first; those that named none last.
pub(super) fn filings(file: &File) -> Vec<FilingView> {
    let filings = file.filings();
    if file.form != lianzhi_exchange::compact::Form::Dispute || !file.sent() {
        return Vec::new();
    }
    let first = file.first_filed().map(|(node, _)| node);
    let one = |node: &NodeCode| {
        let filed = filings.iter().find(|(by, _)| *by == node).map(|(_, filed)| *filed);
        FilingView {
            node: node.to_string(),
            number: filed.map(|f| f.number.clone()),
            at: filed.map(|f| f.at),
            pos: filed.map(|f| f.pos),
            leaf: filed.map(|f| f.leaf),
            first: first == Some(node),
        }
    };
    let mut all: Vec<_> = file.parties().iter().map(one).collect();
    all.sort_by_key(|filing| filing.at.unwrap_or(Timestamp::MAX));
    all
}
