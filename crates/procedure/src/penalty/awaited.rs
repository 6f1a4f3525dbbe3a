//! With whom a case is while its officers wait, for their desk.

use super::execution::CourtStep;
use super::state::{Case, Outcome};
use super::words::{EnforcementKind, RemedyKind};

/// With whom a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Awaits {
    /// Something was proposed and waits for the unit, a reviewer or the leader.
    Approval,
    /// A panel or a lawyer was asked for an opinion (行政处罚法 57, 58).
    Opinion,
    /// Enforcement was applied for at a court, or a party sued (行政强制法 53; 行政诉讼法 46).
    Court,
    /// The case is with the police (行政处罚法 27).
    Police,
    /// A party asked for reconsideration (行政复议法 20).
    Reconsideration,
}

impl Awaits {
    /// All of them, in the order in which a desk shows them.
    pub const ALL: [Awaits; 5] =
        [Awaits::Approval, Awaits::Opinion, Awaits::Court, Awaits::Police, Awaits::Reconsideration];

    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Awaits::Approval => "报批中的案件",
            Awaits::Opinion => "征求意见中的案件",
            Awaits::Court => "在人民法院的案件",
            Awaits::Police => "在公安机关的案件",
            Awaits::Reconsideration => "在复议机关的案件",
        }
    }

    /// Whether an open case is there.
    #[must_use]
    pub fn holds(self, case: &Case) -> bool {
        let remedy =
            |kind| case.present().any(|p| p.remedies.iter().any(|r| r.kind == kind && r.ended.is_none()));
        case.open()
            && match self {
                Awaits::Approval => !case.pending.is_empty(),
                Awaits::Opinion => {
                    matches!(case.outcome, Outcome::Open)
                        && case.beside.asked.iter().any(|o| o.answered.is_none())
                }
                Awaits::Court => {
                    let applied = |e: &super::Enforcement| {
                        let granted =
                            e.court_said.last().is_some_and(|(step, _)| *step == CourtStep::Granted);
                        e.kind == EnforcementKind::Court && e.open() && !granted
                    };
                    remedy(RemedyKind::Lawsuit) || case.present().any(|p| p.enforcement.iter().any(applied))
                }
                Awaits::Police => match case.outcome {
                    Outcome::Crime { sent, taken, .. } => sent.is_some() && taken.is_none(),
                    Outcome::Open => case.police.asked.is_some(),
                    _ => false,
                },
                Awaits::Reconsideration => remedy(RemedyKind::Reconsideration),
            }
    }
}
