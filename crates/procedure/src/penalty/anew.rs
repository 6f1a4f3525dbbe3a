//! A decision that fell is made anew in the same case, with all rights of the parties anew, and not as it was
//! (行政诉讼法 70, 71; 行政复议法 64).

use super::charge::Charge;
use super::matters::{Remedy, Violation};
use super::money::Money;
use super::rules::no;
use super::state::{Case, Outcome};
use crate::words::words;
use crate::{LedgerLine, PartRef, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// Why a decision fell.
    FallGround {
        /// 主要证据不足、适用法律错误、超越或者滥用职权、明显不当 (行政诉讼法 70(一)(二)(四)–(六)).
        Merits = "merits", "主要证据不足，适用法律错误，超越、滥用职权或者明显不当";
        /// 违反法定程序 (行政诉讼法 70(三)): it may be decided alike, with the procedure put right.
        Procedure = "procedure", "违反法定程序";
        /// 本机关自行撤销 (行政处罚法 75(2)).
        Own = "own", "本机关发现错误，自行撤销";
    }
}

/// A decision that fell, and that it is decided anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Anew {
    /// The paper of the decision that fell; none where it was made in the case from which this one was split off.
    pub decision: Option<u16>,
    /// Since when it is decided anew.
    pub at: Timestamp,
    /// Why it fell.
    pub ground: FallGround,
    /// What will be different.
    pub different: PartRef,
    /// By which day the judgment wants it decided, where it says so.
    pub until: Option<Date>,
    /// What it imposed.
    pub charges: Vec<Charge>,
    /// The violations as they stood.
    pub violations: Vec<Violation>,
    /// The evidence that counted then, by its numbers.
    pub evidence: Vec<u16>,
    /// What each party was asked for and paid, and how it challenged the decision.
    pub parties: Vec<(u16, Money, Vec<Remedy>)>,
    /// Its lines in the books: they stay.
    pub ledger: Vec<LedgerLine>,
}

/// A decision that fell against one of several parties, as the case gets it that goes on with him alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallen {
    /// Why it fell.
    pub ground: FallGround,
    /// What will be different.
    pub different: PartRef,
    /// By which day the judgment wants it decided, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it imposed, by the numbers of this case.
    pub charges: Vec<Charge>,
}

/// The evidence that counts, by its numbers.
fn counting(case: &Case) -> Vec<u16> {
    case.evidence.iter().filter(|e| e.excluded.is_none()).map(|e| e.evidence.id).collect()
}

impl Case {
    /// Since when it is decided anew, where it is.
    #[must_use]
    pub fn anew_since(&self) -> Option<Timestamp> {
        self.anew.last().map(|anew| anew.at)
    }
    /// Whether what was signed then belongs to what is decided now, not to a decision that fell.
    pub(super) fn of_now(&self, signed: Timestamp) -> bool {
        self.anew_since().is_none_or(|since| signed >= since)
    }
    /// What came along was decided before, against this party, and fell.
    pub(super) fn fell_before(&mut self, fallen: &Fallen, at: Timestamp) {
        let (violations, evidence) = (self.violations.clone(), counting(self));
        self.anew.push(Anew {
            decision: None,
            at,
            ground: fallen.ground,
            different: fallen.different,
            until: fallen.until,
            charges: fallen.charges.clone(),
            violations,
            evidence,
            parties: Vec::new(),
            ledger: Vec::new(),
        });
    }
    /// Back to the investigation: notice, defence, hearing, review and discussion begin anew, nothing is planned, nothing is owed.
    pub(super) fn reopen(
        &mut self,
        (ground, different, until): (FallGround, PartRef, Option<Date>),
        at: Timestamp,
    ) {
        let Outcome::Penalty { paper: decision, .. } = self.outcome else { return };
        let ledger = super::ledger::of_decision(self);
        let (violations, evidence) = (self.violations.clone(), counting(self));
        let mut charges = Vec::new();
        let mut parties = Vec::new();
        for party in self.parties.iter_mut().filter(|p| p.split_to.is_none()) {
            charges.append(&mut party.charges);
            let code = party.money.code.clone();
            let money = std::mem::replace(&mut party.money, Money { code, ..Money::default() });
            parties.push((party.subject.id, money, std::mem::take(&mut party.remedies)));
            party.rights.begin_anew();
            party.execution.stop(at);
            party.annulled = None;
        }
        self.anew.push(Anew {
            decision: Some(decision),
            at,
            ground,
            different,
            until,
            charges,
            violations,
            evidence,
            parties,
            ledger,
        });
        self.outcome = Outcome::Open;
        (self.finished, self.closed) = (None, None);
        self.version += 1;
    }
}

/// Whether a charge imposes what another did: the same kinds, and no less money.
fn alike(new: &Charge, old: &Charge) -> bool {
    let of = |c: &Charge| (c.party, c.violation, c.warning, c.goods, c.severe);
    of(new) == of(old)
        && new.basis.same(&old.basis)
        && new.fine >= old.fine
        && new.confiscation >= old.confiscation
}

/// The same, or basically the same, on the same facts and grounds as what a court or a reconsideration revoked (行政诉讼法 71;
/// 行政复议法 64(2)). What fell for its procedure alone may be decided alike.
pub(super) fn same_again(case: &Case) -> Option<Refusal> {
    let anew = case.anew.last().filter(|anew| anew.ground == FallGround::Merits)?;
    let new: Vec<_> = case.present().flat_map(|p| &p.charges).collect();
    let same = new.len() == anew.charges.len()
        && anew.charges.iter().all(|old| new.iter().any(|new| alike(new, old)));
    let facts = case.violations == anew.violations && counting(case) == anew.evidence;
    (same && facts && !new.is_empty()).then(|| {
        no(
            "same-again",
            "事实、证据、依据和处罚内容都与被撤销的决定相同，不得以同一的事实和理由作出与原决定基本相同的决定。",
            "请补充调查、更正认定的事实，或者改变依据、减轻处罚；仅因违反法定程序被撤销的，在报批重新作出决定时选择该情形。",
            "行政诉讼法第七十一条；行政复议法第六十四条第二款",
        )
    })
}
