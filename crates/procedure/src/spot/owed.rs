//! Which terms of a decision made on the spot run: a pure function of what happened.

use super::state::{Imposed, Outcome, Sheet};
use super::words::{CourtAnswer, Term};
use crate::penalty::law_side::midnight;
use crate::penalty::{Remedy, RemedyKind};
use crate::watch::Owed;
use jiff::Timestamp;

impl Sheet {
    /// Every term that runs now.
    #[must_use]
    pub fn owed(&self) -> Vec<Owed<Term>> {
        let mut all = Vec::new();
        let mut owe = |term, from| all.push(Owed { term, from });
        if let Some(decision) = self.imposed() {
            if decision.unpublished() {
                owe(Term::Publish, decision.again_since().unwrap_or(decision.at));
            }
            if let Some(fell) = decision.to_withdraw() {
                owe(Term::Withdraw, fell);
            }
            // Cash is handed in and paid in, whatever became of the decision (71).
            for receipt in &decision.money.receipts {
                if receipt.carried() {
                    owe(Term::HandIn, midnight(receipt.on));
                }
                if let Some(handed) = receipt.undeposited() {
                    owe(Term::Deposit, handed);
                }
            }
        }
        match &self.outcome {
            Outcome::Open if self.fell.is_none() => owe(Term::Decide, self.there),
            Outcome::Spared { sparing, at, kept, handed, remedies } => {
                if sparing.promise.is_some() && kept.is_none() {
                    owe(Term::Promise, *at);
                }
                if let Some(at) = self.spared_to_hand() {
                    owe(Term::Hand, at);
                }
                if let Some(handed) = handed {
                    challengeable(handed.at, remedies, &mut owe);
                }
            }
            Outcome::Imposed(i) if i.annulled.is_none() => {
                if i.lodged.is_none() {
                    owe(Term::Lodge, i.at);
                }
                if let Some(handed) = &i.handed {
                    match i.part() {
                        Some((_, _, from)) => owe(Term::PayPart, from),
                        None if i.money.left() > 0 && i.money.parts.is_empty() => owe(Term::Pay, handed.at),
                        None => {}
                    }
                    replying(&i.remedies, &mut owe);
                    match i.remedies.last().map(|r| (r.kind, r.ended)) {
                        None => owe(Term::Reconsideration, handed.at),
                        Some((RemedyKind::Reconsideration, Some((_, on)))) => {
                            owe(Term::LawsuitAfter, midnight(on));
                        }
                        Some(_) => {}
                    }
                    self.enforcing(i, &mut owe);
                } else {
                    owe(Term::Hand, i.at);
                }
            }
            _ => {}
        }
        all
    }
    /// The terms of the demand and of the application (行政强制法 53, 54): the three months run whether it was demanded or not.
    fn enforcing(&self, i: &Imposed, owe: &mut impl FnMut(Term, Timestamp)) {
        if i.money.left() == 0 {
            return;
        }
        if let Some(application) = i.application() {
            match application.answers.last() {
                None => owe(Term::CourtAccept, application.at),
                Some((CourtAnswer::Accepted, on)) => owe(Term::CourtRule, midnight(*on)),
                Some(_) => {}
            }
            return;
        }
        match i.demand.as_ref().and_then(|demand| Some((demand.served?, demand.effective))) {
            Some((_, Some(on))) => owe(Term::Remind, midnight(on)),
            Some(((_, on), None)) => owe(Term::Notice, midnight(on)),
            None => {}
        }
        if let Some(over) = self.remedies_over() {
            owe(Term::CourtApply, over);
        }
    }
}

/// The terms of a remedy that runs: ours to reply, the other side's to decide.
fn replying(remedies: &[Remedy], owe: &mut impl FnMut(Term, Timestamp)) {
    let Some(remedy) = remedies.iter().find(|r| r.ended.is_none()) else { return };
    let from = midnight(remedy.on);
    let (reply, decide) = match (remedy.kind, remedy.simple) {
        (RemedyKind::Reconsideration, true) => (Term::ReplySimple, Some(Term::ReviewDecideSimple)),
        (RemedyKind::Reconsideration, false) => (Term::Reply, Some(Term::ReviewDecide)),
        (RemedyKind::Lawsuit | RemedyKind::SecondInstance, _) => (Term::LawsuitReply, None),
    };
    if remedy.replied.is_none() {
        owe(reply, from);
    }
    if let Some(decide) = decide {
        owe(decide, from);
    }
}

/// The terms of a decision not to punish: it is no penalty on the spot, so that a court may be turned to at once (行政复议法 20, 23;
/// 行政诉讼法 45, 46).
fn challengeable(handed: Timestamp, remedies: &[Remedy], owe: &mut impl FnMut(Term, Timestamp)) {
    replying(remedies, owe);
    match remedies.last().map(|r| (r.kind, r.ended)) {
        None => {
            owe(Term::Reconsideration, handed);
            owe(Term::Lawsuit, handed);
        }
        Some((RemedyKind::Reconsideration, Some((_, on)))) => owe(Term::LawsuitAfter, midnight(on)),
        Some(_) => {}
    }
}
