//! What stands in the books of a case: what is owed, what came and how, what an officer still carries, what things brought.

use super::clocks::{Scope, Term};
use super::goods::Custody;
use super::law_side;
use super::matters::{Receipt, Remedy};
use super::money::Money;
use super::proceeds::Payee;
use super::state::Case;
use crate::{LedgerKind, LedgerLine};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::PersonCode;

/// Most days that are looked through for how a surcharge grew: it is full after 34 that count (行政处罚法 72(1)(一)), and
/// reconsideration with both instances of a lawsuit takes less than these.
const DAYS_MAX: usize = 1_000;

/// A surcharge on the days on which it grew: what was fixed by a demand, an application or a payment, spread by what `grown` says
/// it had come to on each day. What that does not explain stands on the day on which it was fixed.
fn by_day(money: &Money, due: Option<Date>, grown: &dyn Fn(&Money, Date) -> i64) -> Vec<(Date, i64)> {
    let mut lines = Vec::new();
    let mut sum = 0;
    for (on, fen) in &money.surcharges {
        let target = sum + fen;
        let first = due.filter(|_| *fen > 0).and_then(|due| money.on_time_until(due).tomorrow().ok());
        let days = std::iter::successors(first, |day| day.tomorrow().ok());
        for day in days.take_while(|day| day <= on).take(DAYS_MAX) {
            let receipts = money.receipts.iter().filter(|r| r.on <= day).cloned().collect();
            let then = grown(&Money { receipts, ..money.clone() }, day).min(target);
            if then > sum {
                lines.push((day, then - sum));
                sum = then;
            }
            if sum == target {
                break;
            }
        }
        if sum != target {
            lines.push((*on, target - sum));
            sum = target;
        }
    }
    lines
}

/// When and how the surcharge of a party grows.
pub(crate) struct Growth<'a> {
    /// The last day to pay by the statute.
    pub due: Option<Date>,
    /// What it had come to on a day, with what was paid by then.
    pub grown: &'a dyn Fn(&Money, Date) -> i64,
}

/// The lines of the money of one party. What was annulled is taken back on that day, and what was paid on it is to be given back.
pub(crate) fn of_money(
    money: &Money,
    (decided, annulled): (Timestamp, Option<Timestamp>),
    remedies: &[Remedy],
    holder: Option<&PersonCode>,
    hand_in: Option<Timestamp>,
    growth: &Growth<'_>,
) -> Vec<LedgerLine> {
    let code = money.code.clone().unwrap_or_default();
    let line = |what, on, fen, reference: &str| LedgerLine {
        what,
        on,
        fen,
        reference: reference.to_owned(),
        person: None,
        due: None,
    };
    let mut lines = Vec::new();
    if money.fine + money.confiscation > 0 {
        let on = crate::beijing_date(decided);
        lines.push(line(LedgerKind::Due, on, money.fine + money.confiscation, &code));
    }
    for (on, fen) in by_day(money, growth.due, growth.grown) {
        lines.push(line(LedgerKind::Surcharge, on, fen, &code));
    }
    if let Some(annulled) = annulled {
        let on = crate::beijing_date(annulled);
        for kind in [LedgerKind::Due, LedgerKind::Surcharge] {
            let sum: i64 = lines.iter().filter(|l| l.what == kind).map(|l| l.fen).sum();
            if sum != 0 {
                lines.push(line(kind, on, -sum, &code));
            }
        }
    }
    let back = money.to_refund(annulled.is_some()) + money.refunded();
    if back > 0 {
        let changed = remedies.iter().rev().find_map(|r| r.ended).map(|(_, on)| on);
        let last = || money.receipts.iter().map(|r| r.on).max();
        let on = annulled.map(crate::beijing_date).or(changed).or_else(last);
        lines.push(line(
            LedgerKind::ToReturn,
            on.unwrap_or_else(|| crate::beijing_date(decided)),
            back,
            &code,
        ));
    }
    for refund in &money.refunds {
        lines.push(line(LedgerKind::Refunded, refund.on, refund.fen, &refund.reference));
    }
    for receipt in &money.receipts {
        let typist = receipt.by.clone().filter(|_| receipt.unconfirmed());
        let paid = line(way(receipt), receipt.on, receipt.fen, &receipt.reference);
        lines.push(LedgerLine { person: typist, ..paid });
        if receipt.carried() {
            let held = line(LedgerKind::Held, receipt.on, receipt.fen, &receipt.reference);
            let taker = receipt.on_site.as_ref().and_then(|o| o.by.as_ref());
            lines.push(LedgerLine { person: taker.or(holder).cloned(), due: hand_in, ..held });
        }
        if let (Some(_), Some(banked)) = (&receipt.on_site, &receipt.banked) {
            lines.push(line(LedgerKind::Deposited, banked.on, receipt.fen, &banked.reference));
        }
    }
    lines
}

fn way(receipt: &Receipt) -> LedgerKind {
    match &receipt.on_site {
        Some(_) => LedgerKind::PaidOnSite,
        None if receipt.thing.is_some() => LedgerKind::PaidSale,
        None if receipt.unconfirmed() => LedgerKind::PaidTyped,
        None if receipt.typed() => LedgerKind::PaidVoucher,
        None => LedgerKind::PaidBank,
    }
}

/// All lines of a case, those of decisions that fell included.
pub(super) fn lines(case: &Case) -> Vec<LedgerLine> {
    let fell = case.anew.iter().flat_map(|anew| anew.ledger.clone());
    fell.chain(of_decision(case)).chain(of_things(case)).collect()
}

/// Those of the decision.
pub(super) fn of_decision(case: &Case) -> Vec<LedgerLine> {
    let holder = case.officers.first().map(|o| &o.person);
    let mut lines = Vec::new();
    if let Some((_, decided)) = case.decision() {
        for party in case.accounted() {
            let hand_in = case.clock(Term::HandIn, Scope::Party(party.subject.id));
            let hand_in = hand_in.map(|w| w.clock.running.act_by());
            let due = law_side::statute_due(case, party).filter(|_| party.execution.agreements.is_empty());
            let rests = |until| party.execution.rests(until);
            let grown = |money: &Money, on: Date| match due {
                Some(due) => law_side::surcharge_so_far(money, &party.remedies, rests(on), due, on),
                None => 0,
            };
            let growth = Growth { due, grown: &grown };
            let fate = (decided, party.annulled);
            lines.extend(of_money(&party.money, fate, &party.remedies, holder, hand_in, &growth));
        }
    }
    lines
}

/// Those of things.
fn of_things(case: &Case) -> Vec<LedgerLine> {
    let mut lines = Vec::new();
    for file in &case.things {
        if let Some((fen, at)) = file.proceeds() {
            lines.push(LedgerLine {
                what: LedgerKind::Proceeds,
                on: crate::beijing_date(at),
                fen,
                reference: format!("{}-物{}", case.number, file.thing.id),
                person: None,
                due: None,
            });
            lines.extend(paid_over(case, file));
        }
    }
    lines
}

/// Whose what a thing brought is, and what of it was paid over.
fn paid_over(case: &Case, file: &super::ThingFile) -> Vec<LedgerLine> {
    let line = |what, on, fen, reference| LedgerLine { what, on, fen, reference, person: None, due: None };
    let name = || format!("{}-物{}", case.number, file.thing.id);
    let owed = case.proceeds_of(file).and_then(|p| Some((p.fen, p.to?)));
    let to_owner = owed
        .filter(|(_, (to, _))| *to == Payee::Owner)
        .map(|(fen, (_, since))| line(LedgerKind::ToReturn, crate::beijing_date(since), fen, name()));
    let paid = file.chain.iter().filter_map(|link| match &link.act {
        Custody::PaidOver { to, fen, on, reference } => {
            let what = if *to == Payee::Owner { LedgerKind::Refunded } else { LedgerKind::Remitted };
            Some(line(what, *on, *fen, reference.clone()))
        }
        _ => None,
    });
    to_owner.into_iter().chain(paid).collect()
}
