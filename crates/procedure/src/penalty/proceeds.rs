//! What becomes of things and of what they brought: whether they are taken for good, and to whom the money goes that came from a sale
//! (行政强制法 28; 行政处罚法 74; 国家赔偿法 36).

use super::goods::{Disposal, Thing, ThingFile};
use super::state::{Case, MeasureFile, Outcome, Party};
use super::words::{EnforcementKind, MeasureKind, Settlement};
use crate::words::words;
use jiff::Timestamp;

words! {
    /// To whom goes what a thing brought.
    Payee {
        /// 退还 to whoever it belonged to (行政强制法 28(2)).
        Owner = "owner", "退还当事人";
        /// 缴入国库 (行政处罚法 74(2)).
        Treasury = "treasury", "缴入国库";
    }
}

/// What a thing brought, and whose that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proceeds {
    /// How much is to be paid over, fen.
    pub fen: i64,
    /// To whom, and since when; none while the case leaves it open.
    pub to: Option<(Payee, Timestamp)>,
    /// Whether it was paid over to that one.
    pub paid: bool,
}

impl Proceeds {
    /// To whom it is still owed, and since when.
    #[must_use]
    pub fn owed(&self) -> Option<(Payee, Timestamp)> {
        self.to.filter(|_| !self.paid)
    }
}

impl Settlement {
    /// Whether the things are the party's no more.
    #[must_use]
    pub const fn takes(self) -> bool {
        matches!(self, Settlement::Confiscated | Settlement::Sold | Settlement::Destroyed)
    }
}

impl Case {
    /// Whether a decision stands by which things of a party are confiscated.
    #[must_use]
    pub fn confiscates(&self, party: u16) -> bool {
        self.decision().is_some() && self.party(party).is_some_and(takes)
    }
    /// Whether a thing is taken for good.
    #[must_use]
    pub fn taken(&self, thing: &Thing) -> bool {
        match self.measure_of(thing) {
            Some(file) => {
                file.settled.is_some_and(|(how, _)| how.takes() && self.confiscates(file.measure.party))
            }
            // What came without a measure is confiscated from whom it was entered for; in a case of one party it is that one's.
            None => {
                let mut parties = self.present().map(|p| p.subject.id);
                let only = parties.next().filter(|_| parties.next().is_none());
                thing.party.or(only).is_some_and(|party| self.confiscates(party))
            }
        }
    }
    /// Since when what was decided of the things of a measure does not stand any more: they go back (国家赔偿法 36(一)).
    #[must_use]
    pub fn fell(&self, file: &MeasureFile) -> Option<Timestamp> {
        let (how, settled) = file.settled.filter(|(how, _)| how.takes())?;
        if self.confiscates(file.measure.party) || (how == Settlement::Sold && self.auctioned(file)) {
            return None;
        }
        let annulled = self.party(file.measure.party).and_then(|p| p.annulled);
        let voided = || {
            let decisions = self.papers.iter().rev().filter(|p| p.paper.kind == super::PaperKind::Decision);
            decisions.filter_map(|p| p.voided).map(|(_, at)| at).find(|at| *at >= settled)
        };
        Some(annulled.or_else(voided).unwrap_or(settled))
    }
    /// Whether an auction of seized things against their owner was approved and told to him, and the decision stands (行政强制法 46(3)).
    #[must_use]
    pub fn auctioned(&self, file: &MeasureFile) -> bool {
        let told = |e: &super::Enforcement| {
            e.kind == EnforcementKind::Auction
                && e.paper.is_some_and(|paper| self.served(paper, file.measure.party).is_some())
        };
        file.measure.kind != MeasureKind::Preservation
            && self
                .party(file.measure.party)
                .is_some_and(|p| p.annulled.is_none() && p.enforcement.iter().any(told))
    }
    /// Whether it is still to be said what becomes of the things of a measure.
    #[must_use]
    pub fn unsettled(&self, file: &MeasureFile) -> bool {
        let listed = || self.things.iter().any(|t| t.thing.measure == Some(file.measure.id));
        file.settled.is_none() || (self.fell(file).is_some() && !listed())
    }
    /// What a thing brought, and to whom it goes; none where it brought nothing.
    #[must_use]
    pub fn proceeds_of(&self, file: &ThingFile) -> Option<Proceeds> {
        let (fen, sold) = file.proceeds()?;
        let own = |r: &&super::Receipt| r.thing == Some(file.thing.id);
        let paid: i64 = self.parties.iter().flat_map(|p| &p.money.receipts).filter(own).map(|r| r.fen).sum();
        if paid > 0 {
            // What was auctioned for a fine pays it; the rest is the party's (行政强制法 46(3)).
            let to = (fen > paid).then_some((Payee::Owner, sold));
            let settled = file.paid_over().is_some_and(|(last, ..)| last == Payee::Owner);
            return Some(Proceeds { fen: fen - paid, to, paid: settled });
        }
        let fell = || self.measure_of(&file.thing).and_then(|m| self.fell(m));
        let to = if self.taken(&file.thing) {
            Some((Payee::Treasury, sold))
        } else if let Some(fell) = fell() {
            Some((Payee::Owner, fell))
        } else if file.early == Some(Disposal::Sold) {
            self.spared(file).map(|since| (Payee::Owner, since))
        } else {
            // Nobody claimed it in his time.
            Some((Payee::Treasury, sold))
        };
        let paid = to.is_some_and(|(to, _)| file.paid_over().is_some_and(|(last, ..)| last == to));
        Some(Proceeds { fen, to, paid })
    }
    /// Since when nothing can be taken of a thing that was sold early: the measure fell or was lifted, or the case was decided
    /// without it, or what was decided fell.
    fn spared(&self, file: &ThingFile) -> Option<Timestamp> {
        let measure = self.measure_of(&file.thing);
        let lifted = measure.and_then(|m| match m.settled {
            Some((Settlement::Returned, at)) => Some(m.lapsed.map_or(at, |lapsed| lapsed.min(at))),
            Some(_) => None,
            None => m.lapsed,
        });
        let decided = || match self.outcome {
            Outcome::NoPenalty { at, .. } | Outcome::Dropped { at } => Some(at),
            Outcome::Penalty { at, .. } => {
                let whose: Vec<&Party> = self
                    .present()
                    .filter(|p| measure.is_none_or(|m| m.measure.party == p.subject.id))
                    .collect();
                let annulled = whose.iter().filter_map(|p| p.annulled).max();
                (!whose.iter().any(|p| takes(p))).then(|| annulled.unwrap_or(at))
            }
            Outcome::Open | Outcome::Crime { .. } | Outcome::Transferred(_) => None,
        };
        lifted.or_else(decided)
    }
}

/// Whether things are confiscated from a party by what was decided, and that stands.
fn takes(party: &Party) -> bool {
    party.annulled.is_none() && party.charges.iter().any(|c| c.goods)
}
