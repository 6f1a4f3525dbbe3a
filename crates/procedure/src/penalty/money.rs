//! What a party owes and paid.

use super::law_side::yuan;
use super::matters::{Finding, Part, Receipt};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::PersonCode;
use lianzhi_law::{Fen, Later};

/// What a party owes and paid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Money {
    /// Fine, fen.
    pub fine: i64,
    /// Unlawful gains to be confiscated, fen.
    pub confiscation: i64,
    /// Payment code of the treasury.
    pub code: Option<String>,
    /// Instalments or the deferred day; empty: by the term of the statute (66(2)).
    pub parts: Vec<Part>,
    /// When they were granted.
    pub parts_at: Option<Timestamp>,
    /// What had been paid by then, fen: the parts are of what was left.
    pub before: i64,
    /// What was paid.
    pub receipts: Vec<Receipt>,
    /// Deferrals and instalments that were granted and stand (66(2)).
    pub granted: Vec<Grant>,
    /// Until which day the surcharge was fixed by a demand, an application, a payment or a deferral.
    pub fixed: Option<Date>,
    /// Surcharge that was fixed, fen: until that day, by all that is known now.
    pub surcharge: i64,
    /// The days on which it grew or shrank, and by how much: their sum is the surcharge.
    pub surcharges: Vec<(Date, i64)>,
    /// What was given back.
    pub refunds: Vec<Refund>,
}

/// Time that was given to pay (66(2)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// From the day after this one on it holds.
    pub on: Date,
    /// When it was signed; none: it follows from the law, not from what the party asked for.
    pub signed: Option<Timestamp>,
    /// Until when which sum is to be paid.
    pub parts: Vec<Part>,
    /// What had been paid by then, fen.
    pub before: i64,
}

/// Money that was given back to a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// How much, fen.
    pub fen: i64,
    /// On which day.
    pub on: Date,
    /// Number of the treasury's transfer.
    pub reference: String,
}

impl Money {
    /// The surcharge is fixed until a day at least.
    pub(crate) fn fix(&mut self, until: Date) {
        self.fixed = self.fixed.max(Some(until));
    }
    /// What was fixed comes to so much by what is known today. What is more stands in the books on the day until which it was
    /// fixed, what is less on the day on which that is known.
    pub(crate) fn comes_to(&mut self, surcharge: i64, today: Date) {
        let more = surcharge - self.surcharge;
        let on = if more > 0 { self.fixed.unwrap_or(today) } else { today };
        if more != 0 {
            self.surcharges.push((on, more));
        }
        self.surcharge = surcharge;
    }
    /// Parts are granted: a deferral puts off what is to come and waives nothing that has come (66(2)).
    pub(crate) fn grant(&mut self, parts: Vec<Part>, at: Timestamp) {
        let on = crate::beijing_date(at);
        self.fix(on);
        self.before = self.paid();
        (self.parts, self.parts_at) = (parts.clone(), Some(at));
        self.granted.push(Grant { on, signed: Some(at), parts, before: self.before });
    }
    /// What was granted at a moment is taken back: what had been granted before it stands again.
    pub(crate) fn take_back(&mut self, at: Timestamp) {
        self.granted.retain(|grant| grant.signed != Some(at));
        let last = self.granted.iter().rev().find(|grant| grant.signed.is_some());
        let (parts, before) = last.map(|last| (last.parts.clone(), last.before)).unwrap_or_default();
        self.parts_at = last.and_then(|last| last.signed);
        (self.parts, self.before) = (parts, before);
    }
    /// What was granted as the surcharge counts it: payments go to the fine first, so the first parts are of the fine and what is
    /// left of them of the unlawful gains.
    pub(crate) fn later(&self) -> Vec<Later> {
        let of = |grant: &Grant| {
            let mut left = (self.fine - grant.before).max(0);
            let mut share = |part: &Part| {
                let fen = part.fen.min(left);
                left -= fen;
                (part.due, Fen(fen))
            };
            Later { granted: grant.on, parts: grant.parts.iter().map(&mut share).collect() }
        };
        self.granted.iter().map(of).collect()
    }
    /// The last day before anything of a fine is late that was to be paid until a day of the statute: what was granted in time moves
    /// that day to the end of its first part.
    pub(crate) fn on_time_until(&self, due: Date) -> Date {
        let in_time = self.granted.iter().filter(|grant| grant.on <= due);
        let first = in_time.filter_map(|grant| grant.parts.iter().map(|part| part.due).min()).max();
        first.map_or(due, |first| due.max(first))
    }
    /// The first part that is not paid, with its place.
    #[must_use]
    pub fn next_part(&self) -> Option<(u16, Part)> {
        let mut sum = self.before;
        let paid = self.paid();
        let open = |part: &&Part| {
            sum += part.fen;
            sum > paid
        };
        let part = self.parts.iter().find(open)?;
        let place = self.parts.iter().position(|p| p == part)?;
        Some((u16::try_from(place).unwrap_or(u16::MAX), *part))
    }
    /// The first payment of which only whoever typed it says that it came.
    #[must_use]
    pub fn unconfirmed(&self) -> Option<&Receipt> {
        self.receipts.iter().find(|r| r.unconfirmed())
    }
    /// Somebody looked at what was typed: it came, or it was never paid and does not count.
    pub(crate) fn check(&mut self, reference: &str, finding: &Finding, by: &PersonCode) {
        let this = |r: &Receipt| r.reference == reference && r.unconfirmed();
        if finding.came {
            for receipt in self.receipts.iter_mut().filter(|r| this(r)) {
                receipt.checked = Some((finding.voucher.clone(), by.clone()));
            }
        } else {
            self.receipts.retain(|r| !this(r));
        }
    }
    /// Deferrals and instalments in words: until when which sum, and when it was paid where it was.
    #[must_use]
    pub fn plan(&self) -> Vec<String> {
        let counted = self.receipts.iter().filter(|r| !r.unconfirmed());
        let mut receipts: Vec<_> = counted.map(|r| (r.on, r.fen)).collect();
        receipts.sort_unstable();
        let paid_on = |wanted: i64| {
            let mut sum = 0;
            let reaches = |(on, fen): &(Date, i64)| {
                sum += fen;
                (sum >= wanted).then_some(*on)
            };
            receipts.iter().find_map(reaches)
        };
        let mut wanted = self.before;
        let words = |part: &Part| {
            wanted += part.fen;
            match paid_on(wanted) {
                Some(on) => format!("{} 已于 {on} 缴清（限 {} 前）", yuan(part.fen), part.due),
                None => format!("{} 前缴 {}", part.due, yuan(part.fen)),
            }
        };
        self.parts.iter().map(words).collect()
    }
    /// All that was paid, fen.
    #[must_use]
    pub fn paid(&self) -> i64 {
        self.receipts.iter().map(|r| r.fen).sum()
    }
    /// What was given back, fen.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().map(|r| r.fen).sum()
    }
    /// What was paid and not given back, fen.
    #[must_use]
    pub fn kept(&self) -> i64 {
        self.paid() - self.refunded()
    }
    /// What was paid and is not owed any more because the decision fell or was changed, fen (国家赔偿法 36(一)).
    #[must_use]
    pub fn to_refund(&self, annulled: bool) -> i64 {
        let owed = if annulled { 0 } else { self.owed() };
        (self.kept() - owed).max(0)
    }
    /// All that is owed, a surcharge that was fixed included, fen.
    #[must_use]
    pub fn owed(&self) -> i64 {
        self.fine + self.confiscation + self.surcharge
    }
    /// What is left, fen.
    #[must_use]
    pub fn left(&self) -> i64 {
        (self.owed() - self.kept()).max(0)
    }
}

impl Receipt {
    /// So much on a day under a number; all else is not known of it.
    #[must_use]
    pub fn of(fen: i64, on: Date, reference: String) -> Receipt {
        let (ticket, proof) = (String::new(), Vec::new());
        let (on_site, bank, banked, thing, by, checked) = (None, None, None, None, None, None);
        Receipt { fen, on, reference, on_site, bank, ticket, proof, banked, thing, by, checked }
    }
    /// Whether it was taken on the spot and the officer still has it.
    #[must_use]
    pub fn carried(&self) -> bool {
        self.on_site.as_ref().is_some_and(|o| o.handed.is_none())
    }
    /// Since when the agency has it and has not paid it in (71).
    #[must_use]
    pub fn undeposited(&self) -> Option<Timestamp> {
        let on_site = self.on_site.as_ref().filter(|o| o.received.is_some() && self.banked.is_none())?;
        on_site.handed
    }
    /// Whether somebody typed it and no line of the bank's file says the same.
    #[must_use]
    pub fn typed(&self) -> bool {
        self.on_site.is_none() && self.bank.is_none() && self.banked.is_none() && self.thing.is_none()
    }
    /// Whether only what somebody typed says that it was paid: neither the bank's file nor whoever looked at the voucher (67).
    #[must_use]
    pub fn unconfirmed(&self) -> bool {
        self.typed() && self.checked.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::{Money, Part, Receipt};
    use jiff::civil::date;

    #[test]
    fn 行政处罚法66_a_part_that_was_paid_says_when() {
        let part = |month, fen| Part { due: date(2026, month, 1), fen };
        let paid = |day, fen| Receipt {
            bank: Some("2026-10".into()),
            ..Receipt::of(fen, date(2026, 10, day), "银行".into())
        };
        let money = Money {
            fine: 500_000,
            before: 100_000,
            parts: vec![part(11, 200_000), part(12, 200_000)],
            receipts: vec![paid(20, 150_000), paid(2, 100_000), paid(25, 50_000)],
            ..Money::default()
        };
        let typed = Receipt::of(150_000, date(2026, 10, 28), "票据".into());
        let money = Money { receipts: money.receipts.iter().cloned().chain([typed]).collect(), ..money };
        // What only somebody typed is not said to be paid.
        assert_eq!(
            money.plan(),
            ["2,000 元 已于 2026-10-25 缴清（限 2026-11-01 前）", "2026-12-01 前缴 2,000 元"]
        );
    }
}
