//! How far each receiver of a bulletin got, and what each party of a dispute says it filed, and when.

use super::act::{Act, Filed};
use super::state::File;
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;

/// What one receiver of a bulletin answered so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The receiver.
    pub node: &'a NodeCode,
    /// When it acknowledged; whoever told its measures has.
    pub acknowledged: Option<Timestamp>,
    /// When it told its measures.
    pub measured: Option<Timestamp>,
    /// Until when it is to answer.
    pub due: Timestamp,
}

fn named(act: &Act) -> Option<&Filed> {
    match act {
        Act::Open(opening) => opening.filed.as_ref(),
        Act::Position { filed, .. } => filed.as_ref(),
        _ => None,
    }
}

impl Answer<'_> {
    /// What it is still to do, if anything.
    #[must_use]
    pub const fn awaited(&self) -> Option<&'static str> {
        match (self.acknowledged, self.measured) {
            (_, Some(_)) => None,
            (Some(_), None) => Some("反馈措施"),
            (None, None) => Some("签收"),
        }
    }
    /// It has not answered, and its term has passed.
    #[must_use]
    pub fn late(&self, now: Timestamp) -> bool {
        self.awaited().is_some() && self.due <= now
    }
    /// Its term passed before it answered, or by then when it has not.
    #[must_use]
    pub fn overdue(&self, by: Timestamp) -> bool {
        self.late(by) || self.measured.is_some_and(|at| self.due < at)
    }
}

impl File {
    /// How far each receiver of a bulletin got, in the order of the letter; empty for every other form.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer<'_>> {
        if self.form != Form::Bulletin {
            return Vec::new();
        }
        let first = |node: &NodeCode, is: fn(&Act) -> bool| {
            self.said.get(node).into_iter().flatten().find(|said| is(&said.act)).map(|said| said.at)
        };
        let answer = |node| {
            let measured = first(node, |act| matches!(act, Act::Measures { .. }));
            let acknowledged = first(node, |act| matches!(act, Act::Acknowledged)).or(measured);
            Answer { node, acknowledged, measured, due: self.due_of(node) }
        };
        self.receivers().into_iter().map(answer).collect()
    }

    /// What each party of a dispute says it filed: the last that it named, the parties in their order.
    #[must_use]
    pub fn filings(&self) -> Vec<(&NodeCode, &Filed)> {
        if self.form != Form::Dispute {
            return Vec::new();
        }
        let parties = std::iter::once(self.founder()).chain(self.receivers());
        parties.filter_map(|node| Some((node, self.last(node, named)?))).collect()
    }

    /// The filing that was the first by the logs of all parties (行政处罚法 25: 最先立案的行政机关管辖); none while a party has
    /// not named its own, and none when two claim the same instant.
    #[must_use]
    pub fn first_filed(&self) -> Option<(&NodeCode, &Filed)> {
        let mut filings = self.filings();
        filings.sort_by_key(|(_, filed)| filed.at);
        match filings[..] {
            _ if filings.len() < self.parties().len() => None,
            [(_, first), (_, second), ..] if first.at == second.at => None,
            [first, ..] => Some(first),
            [] => None,
        }
    }
}
