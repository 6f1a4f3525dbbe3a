//! What stands in the books of a case: what is owed, what came and how, what an officer still carries, what things brought.

use super::clocks::{Scope, Term};
use super::matters::Receipt;
use super::state::{Case, Money};
use crate::{LedgerKind, LedgerLine};
use jiff::Timestamp;
use lianzhi_ids::PersonCode;

/// The lines of the money of one party; `code` names it where nothing better does.
pub(crate) fn of_money(
    money: &Money,
    decided: Timestamp,
    holder: Option<&PersonCode>,
    hand_in: Option<Timestamp>,
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
    for (on, fen) in &money.surcharges {
        lines.push(line(LedgerKind::Surcharge, *on, *fen, &code));
    }
    for receipt in &money.receipts {
        lines.push(line(way(receipt), receipt.on, receipt.fen, &receipt.reference));
        if receipt.on_site.as_ref().is_some_and(|o| o.handed.is_none()) {
            let held = line(LedgerKind::Held, receipt.on, receipt.fen, &receipt.reference);
            lines.push(LedgerLine { person: holder.cloned(), due: hand_in, ..held });
        }
    }
    lines
}

fn way(receipt: &Receipt) -> LedgerKind {
    match (&receipt.on_site, &receipt.bank) {
        (Some(_), _) => LedgerKind::PaidOnSite,
        (None, Some(_)) => LedgerKind::PaidBank,
        (None, None) => LedgerKind::PaidTyped,
    }
}

/// All lines of a case.
pub(super) fn lines(case: &Case) -> Vec<LedgerLine> {
    let holder = case.officers.first().map(|o| &o.person);
    let mut lines = Vec::new();
    if let Some((_, decided)) = case.decision() {
        for party in case.present().filter(|p| p.annulled.is_none() || p.money.paid() > 0) {
            let hand_in = case.clock(Term::HandIn, Scope::Party(party.subject.id));
            let hand_in = hand_in.map(|w| w.clock.running.due);
            let mut own = of_money(&party.money, decided, holder, hand_in);
            // What was annulled is not owed; what was paid on it stays in the books until it is given back.
            own.retain(|l| {
                party.annulled.is_none() || !matches!(l.what, LedgerKind::Due | LedgerKind::Surcharge)
            });
            lines.extend(own);
        }
    }
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
        }
    }
    lines
}
