//! What a party owes and paid.

use super::matters::{Part, Receipt};
use jiff::Timestamp;
use jiff::civil::Date;

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
    /// Surcharge that was fixed by a demand or application, fen.
    pub surcharge: i64,
    /// The days on which it grew, and by how much: their sum is the surcharge.
    pub surcharges: Vec<(Date, i64)>,
}

impl Money {
    /// The surcharge reaches so much on a day. What was fixed once never shrinks.
    pub(crate) fn grow(&mut self, surcharge: i64, on: Date) {
        if surcharge > self.surcharge {
            self.surcharges.push((on, surcharge - self.surcharge));
            self.surcharge = surcharge;
        }
    }
    /// The surcharge is no more than so much, since the fine was lowered.
    pub(crate) fn cap(&mut self, most: i64, on: Date) {
        if self.surcharge > most {
            self.surcharges.push((on, most - self.surcharge));
            self.surcharge = most;
        }
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
    /// All that was paid, fen.
    #[must_use]
    pub fn paid(&self) -> i64 {
        self.receipts.iter().map(|r| r.fen).sum()
    }
    /// All that is owed, a surcharge that was fixed included, fen.
    #[must_use]
    pub fn owed(&self) -> i64 {
        self.fine + self.confiscation + self.surcharge
    }
    /// What is left, fen.
    #[must_use]
    pub fn left(&self) -> i64 {
        (self.owed() - self.paid()).max(0)
    }
}
