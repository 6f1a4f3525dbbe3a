//! What is left of each sum that a party owes, for papers that ask for it and a court that reads them.

use super::money::Money;

/// What is left of each sum, fen. Payments go to the fine first, then to the unlawful gains, then to the surcharge, so that the
/// surcharge grows as little as it can (行政处罚法 72(1)(一)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dues {
    /// Of the fine.
    pub fine: i64,
    /// Of the unlawful gains (没收违法所得).
    pub gains: i64,
    /// Of the surcharge (加处罚款).
    pub surcharge: i64,
}

impl Dues {
    /// All together.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.fine + self.gains + self.surcharge
    }
}

impl Money {
    /// What is left where the surcharge has come to so much, and to no less than was fixed.
    #[must_use]
    pub fn dues(&self, surcharge: i64) -> Dues {
        let mut paid = self.kept();
        let mut left = |sum: i64| {
            let part = paid.min(sum);
            paid -= part;
            sum - part
        };
        Dues {
            fine: left(self.fine),
            gains: left(self.confiscation),
            surcharge: left(surcharge.max(self.surcharge)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::penalty::Receipt;

    fn money(fine: i64, confiscation: i64, paid: &[i64]) -> Money {
        let on = "2026-11-01".parse().unwrap();
        let receipt = |fen: &i64| Receipt::of(*fen, on, String::new());
        Money { fine, confiscation, receipts: paid.iter().map(receipt).collect(), ..Money::default() }
    }

    #[test]
    fn article_72_payments_go_to_the_fine_then_to_the_gains_then_to_the_surcharge() {
        let dues = |paid: &[i64]| {
            let dues = money(1_000, 500, paid).dues(300);
            (dues.fine, dues.gains, dues.surcharge, dues.total())
        };
        assert_eq!(dues(&[]), (1_000, 500, 300, 1_800));
        assert_eq!(dues(&[400]), (600, 500, 300, 1_400));
        assert_eq!(dues(&[400, 700]), (0, 400, 300, 700));
        assert_eq!(dues(&[1_000, 500]), (0, 0, 300, 300), "only the surcharge is left");
        assert_eq!(dues(&[1_000, 500, 100]), (0, 0, 200, 200), "what was paid to it is taken off");
        assert_eq!(dues(&[1_900]), (0, 0, 0, 0));
        let fixed = Money { surcharge: 350, ..money(1_000, 0, &[]) };
        assert_eq!(fixed.dues(300).surcharge, 350);
    }
}
