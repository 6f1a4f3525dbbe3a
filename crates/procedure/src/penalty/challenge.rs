//! Until when the decision and orders may be challenged, and since when they may be enforced: the terms of remedies, of the demand
//! and of the way to the court (行政强制法 44, 53, 54; 行政诉讼法 45, 46, 85).

use super::clocks::{Owed, Scope, Term, owe};
use super::execution;
use super::law_side;
use super::matters::{OrderKind, Remedy};
use super::owed::second_instance;
use super::state::{Case, Enforcement, OrderFile, Party};
use super::words::{EnforcementKind, RemedyEnd, RemedyKind};
use jiff::Timestamp;
use jiff::civil::Date;

/// Of an order: its own day, and, once that is over and nothing was done, the terms of remedies against it, which its enforcement
/// waits for (行政强制法 44, 53).
pub(super) fn order(case: &Case, file: &OrderFile, all: &mut Vec<Owed>) {
    let of = Scope::Paper(file.order.paper, file.order.party);
    if file.met() || file.annulled.is_some() {
        return;
    }
    if let (Some(until), Some(at)) = (file.order.until, case.paper(file.order.paper).map(|p| p.at)) {
        all.push(Owed { days: Some(law_side::days_between(at, until)), ..owe(Term::Correct, of, at) });
    }
    // An order to pull down decides by itself and is challenged from its service on (行政强制法 44).
    let late = file.order.kind == OrderKind::Demolish
        || execution::overdue(case, file.order.party).any(|o| o.order.paper == file.order.paper);
    if let (true, Some(served)) = (late, case.served(file.order.paper, file.order.party)) {
        open(&file.remedies, of, served, all);
    }
}

/// The terms in which somebody may still turn to others against what was served on him.
pub(super) fn open(remedies: &[Remedy], of: Scope, served: Timestamp, all: &mut Vec<Owed>) {
    match Standing::of(remedies) {
        Standing::Untouched => {
            all.push(owe(Term::Reconsideration, of, served));
            all.push(owe(Term::Lawsuit, of, served));
        }
        // 行政诉讼法 45 presupposes a decision: after a withdrawal the six months of 46 stand.
        Standing::Withdrawn(_) => all.push(owe(Term::Lawsuit, of, served)),
        Standing::Reconsidered(on) => all.push(owe(Term::LawsuitAfter, of, law_side::midnight(on))),
        Standing::Judged(on) => all.push(second_instance(of, on)),
        Standing::Open | Standing::Final(_) => {}
    }
}

/// How far remedies against something went.
enum Standing {
    /// None was sought.
    Untouched,
    /// One goes on.
    Open,
    /// A reconsideration was withdrawn or ended without a decision.
    Withdrawn(Date),
    /// A reconsideration was decided.
    Reconsidered(Date),
    /// A court judged in the first instance.
    Judged(Date),
    /// Nobody may be turned to any more: judged in the second instance, or the lawsuit was withdrawn.
    Final(Date),
}

impl Standing {
    fn of(remedies: &[Remedy]) -> Standing {
        let Some(last) = remedies.last() else { return Standing::Untouched };
        match (last.kind, last.ended) {
            (_, None) => Standing::Open,
            (RemedyKind::Reconsideration, Some((RemedyEnd::Withdrawn, on))) => Standing::Withdrawn(on),
            (RemedyKind::Reconsideration, Some((_, on))) => Standing::Reconsidered(on),
            (RemedyKind::Lawsuit, Some((end, on))) if end != RemedyEnd::Withdrawn => Standing::Judged(on),
            (_, Some((_, on))) => Standing::Final(on),
        }
    }
}

/// Whether a judgment of the first instance on a decision may still be appealed (行政诉讼法 85).
pub(super) fn may_appeal(case: &Case, party: &Party, now: Timestamp) -> bool {
    let clock = case.clock(Term::SecondInstance, Scope::Party(party.subject.id));
    matches!(Standing::of(&party.remedies), Standing::Judged(_)) && clock.is_none_or(|w| !w.over(now))
}

/// The term of an appeal against a judgment that revoked the decision: the agency may appeal, too (行政诉讼法 85).
pub(super) fn revoked(party: &Party, all: &mut Vec<Owed>) {
    if let Standing::Judged(on) = Standing::of(&party.remedies) {
        all.push(second_instance(Scope::Party(party.subject.id), on));
    }
}

/// The demand and the way to the court, for money and for orders.
pub(super) fn enforcing(case: &Case, party: &Party, all: &mut Vec<Owed>) {
    let id = party.subject.id;
    let of = Scope::Party(id);
    if party.execution.ended.is_some() || !execution::owing(case, party) {
        return;
    }
    let fine = execution::fined(case, party) && party.money.left() > 0;
    let court = |e: &&Enforcement| e.kind == EnforcementKind::Court;
    if let (Some((demanded, days)), None) =
        (execution::demanded(case, id), party.enforcement.iter().find(|e| court(e) && e.open()))
        && (fine || execution::overdue(case, id).any(|o| execution::tells(case, o, demanded)))
    {
        // The statute's own ten, or what the demand told.
        let days = (days != execution::DEMAND_DAYS).then_some(u32::from(days));
        all.push(Owed { days, ..owe(Term::Remind, of, demanded) });
    }
    // The three months are kept on the day on which the court gets the application.
    if party.enforcement.iter().any(|e| e.at_court() && e.stopped.is_none()) {
        return;
    }
    let end = match fine {
        true => remedies_over(case, id),
        false => execution::overdue(case, id).filter_map(|o| order_over(case, o)).max(),
    };
    all.extend(end.map(|end| owe(Term::CourtApply, of, end)));
}

/// Since when nobody can be turned to any more against what was served: the end of the longer of the two terms (行政强制法 53), of
/// the term after a reconsideration or a judgment, or the end of what was sought.
fn over(case: &Case, of: Scope, remedies: &[Remedy]) -> Option<Timestamp> {
    // A term that ran out ended with its last day: the day from which the next one counts.
    let ended = |term| {
        let clock = case.clock(term, of).filter(|w| w.expired)?;
        Some(clock.clock.running.due - jiff::SignedDuration::from_micros(1))
    };
    match Standing::of(remedies) {
        Standing::Untouched => Some(ended(Term::Reconsideration)?.max(ended(Term::Lawsuit)?)),
        Standing::Withdrawn(on) => Some(ended(Term::Lawsuit)?.max(law_side::midnight(on))),
        Standing::Reconsidered(_) => ended(Term::LawsuitAfter),
        Standing::Judged(_) => ended(Term::SecondInstance),
        Standing::Final(on) => Some(law_side::midnight(on)),
        Standing::Open => None,
    }
}

/// When a party could not go to anybody any more against the decision, and never before the last instalment (行政处罚法 72(2)).
#[must_use]
pub fn remedies_over(case: &Case, id: u16) -> Option<Timestamp> {
    let party = case.party(id)?;
    let over = over(case, Scope::Party(id), &party.remedies)?;
    let last = party.money.parts.iter().map(|p| law_side::midnight(p.due)).max();
    Some(last.map_or(over, |last| over.max(last)))
}

/// The same against an order (行政强制法 44).
pub(super) fn order_over(case: &Case, file: &OrderFile) -> Option<Timestamp> {
    over(case, Scope::Paper(file.order.paper, file.order.party), &file.remedies)
}
