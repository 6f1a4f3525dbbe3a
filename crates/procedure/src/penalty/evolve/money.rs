//! Money of a party: what came, what went back, and what the surcharge comes to.

use crate::penalty::event::Event;
use crate::penalty::law_side;
use crate::penalty::matters::Receipt;
use crate::penalty::money::Refund;
use crate::penalty::state::Case;

/// What was paid, handed in, banked and given back.
pub(super) fn money(case: &mut Case, event: &Event) {
    match event {
        Event::PayCodeSet { party, code, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.code = Some(code.clone());
            }
        }
        Event::Paid { party, receipt, by, .. } => {
            case.took(&receipt.proof);
            if let Some(party) = case.party_mut(*party) {
                party.money.fix(receipt.on);
                party.money.receipts.push(Receipt { by: by.clone(), ..receipt.clone() });
            }
        }
        Event::PaymentChecked { party, receipt, finding, by, .. } => {
            case.took(&finding.exhibits);
            case.texts.extend(finding.note);
            if let Some(party) = case.party_mut(*party) {
                party.money.check(receipt, finding, by);
            }
        }
        Event::HandedIn { party, ticket, receipt, at, .. } => {
            let receipts = case.party_mut(*party).into_iter().flat_map(|p| &mut p.money.receipts);
            for on_site in receipts.filter_map(|r| r.on_site.as_mut()).filter(|o| o.ticket == *ticket) {
                (on_site.handed, on_site.received) = (Some(*at), receipt.clone());
            }
        }
        Event::Banked { party, receipt, banked, exhibits, .. } => {
            case.took(exhibits);
            let receipts = case.party_mut(*party).into_iter().flat_map(|p| &mut p.money.receipts);
            for file in receipts.filter(|r| r.reference == *receipt) {
                file.banked.get_or_insert_with(|| banked.clone());
            }
        }
        Event::Refunded { party, fen, on, reference, .. } => {
            if let Some(party) = case.party_mut(*party) {
                party.money.refunds.push(Refund { fen: *fen, on: *on, reference: reference.clone() });
            }
        }
        event => super::beside::beside(case, event),
    }
}

/// The surcharge that was fixed, anew by all that is known now: payments are imported late, remedies are told late, a fine is
/// lowered. What a paper said of it stays on that paper (行政处罚法 72(1)(一), 73(3)).
pub(super) fn reckon(case: &mut Case, event: &Event) {
    let touched = matches!(
        event,
        Event::Paid { .. }
            | Event::PaymentChecked { .. }
            | Event::RemedySought { .. }
            | Event::RemedyEnded { .. }
            | Event::Approved { .. }
            | Event::Voided { .. }
            | Event::AgreementBroken { .. }
            | Event::ExecutionResumed { .. }
    );
    if !touched {
        return;
    }
    let today = crate::beijing_date(event.at());
    let sums: Vec<_> = case.parties.iter().map(|party| law_side::fixed_surcharge(case, party)).collect();
    for (party, sum) in case.parties.iter_mut().zip(sums) {
        party.money.comes_to(sum, today);
    }
}
