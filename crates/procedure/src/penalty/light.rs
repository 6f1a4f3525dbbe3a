//! Petty cases: quick handling to which the party agrees (快速办理), and its promise to put it right (告知承诺).
//!
//! Quick handling leaves out no step that the law demands: two officers, evidence, notice, defence, the leader's decision and
//! service stay. What falls away is the agency's own middle step, the unit's opinion, and waiting for rights that the party gave
//! up in writing. As soon as anything weighs more (a hearing, a review, a mark, a party that does not agree), it ends by itself.

use super::proposal::Proposal;
use super::rights::Hearing;
use super::rules;
use super::state::Case;
use jiff::Timestamp;
use jiff::civil::Date;

/// Longest time that a party may be given to put it right by its promise, days.
pub(super) const PROMISE_DAYS_MAX: i32 = 30;

/// What the parties of a petty case signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Light {
    /// Who agreed to quick handling, by the number of the party.
    pub agreed: Vec<u16>,
    /// Promises to put it right, in their order.
    pub promises: Vec<Promise>,
}

/// A signed promise to put it right until a day (告知承诺, 行政处罚法 33(1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Whose.
    pub party: u16,
    /// Until when.
    pub until: Date,
    /// When it was given.
    pub at: Timestamp,
    /// What was found: kept or broken.
    pub kept: Option<bool>,
}

impl Case {
    /// Whether it is handled quickly now: every party agreed, and nothing in it weighs more than that.
    #[must_use]
    pub fn quick(&self) -> bool {
        let calm = |p: &super::Party| {
            self.light.agreed.contains(&p.subject.id)
                && matches!(p.rights.hearing, Hearing::None)
                && !p.charges.iter().any(|c| c.hearing)
        };
        self.present().next().is_some()
            && self.present().all(calm)
            && self.marks.is_empty()
            && rules::review_demanded(self).is_none()
            && !rules::discussion_demanded(self)
    }
    /// Whether the unit's opinion comes before the leader's signature (承办机构意见): the agency's own rule, without which a
    /// petty case is told and decided.
    #[must_use]
    pub fn wants_unit(&self, proposal: &Proposal) -> bool {
        let short = matches!(
            proposal,
            Proposal::Notice { .. } | Proposal::Decide { .. } | Proposal::NoPenalty { .. }
        );
        proposal.wants_unit() && !(short && self.quick())
    }
    /// A promise that was not looked at yet.
    #[must_use]
    pub fn open_promise(&self, party: u16) -> Option<&Promise> {
        self.light.promises.iter().find(|p| p.party == party && p.kept.is_none())
    }
    /// Whether everybody put it right as ordered or promised (33(1)): each party all that it was ordered, or what it promised.
    #[must_use]
    pub fn put_right(&self) -> bool {
        let kept = |id| self.light.promises.iter().any(|l| l.party == id && l.kept == Some(true));
        let met = |id| {
            let mut own = self.orders.iter().filter(|o| o.order.party == id).peekable();
            own.peek().is_some() && own.all(super::OrderFile::met)
        };
        self.present().all(|p| kept(p.subject.id) || met(p.subject.id))
    }
}
