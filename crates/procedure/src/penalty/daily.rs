//! Fines for every day (按日连续处罚, 生态环境法典 1060). Each is a case of its own that follows from the first: told, heard,
//! reviewed and decided like any other, with the fine of the first times the days.

use super::state::{Case, OrderFile, Outcome};
use super::words::PartyKind;
use jiff::civil::Date;
use lianzhi_ids::DocketId;
use serde::{Deserialize, Serialize};

/// From what a case of daily fines follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// The first case.
    pub case: DocketId,
    /// Its number.
    pub number: String,
    /// The party there.
    pub party: u16,
    /// The violation there.
    pub violation: u16,
    /// Number of the order to correct that was not followed.
    pub order: String,
    /// The fine of the first decision, fen.
    pub fine: i64,
    /// The first day that counts.
    pub from: Date,
    /// The day on which it was found uncorrected.
    pub to: Date,
    /// How many days that are.
    pub days: u32,
}

impl Daily {
    /// What it comes to, fen.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.fine.saturating_mul(i64::from(self.days))
    }
    /// How it is computed.
    #[must_use]
    pub fn arithmetic(&self) -> String {
        let yuan = super::law_side::yuan;
        format!(
            "原处罚决定（案号 {}）罚款 {} × {} 日（责令改正 {} 送达次日 {} 起，至复查发现没有改正的 {} 止）= {}",
            self.number,
            yuan(self.fine),
            self.days,
            self.order,
            self.from,
            self.to,
            yuan(self.total()),
        )
    }
}

/// Daily fines that were asked for in the first case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyRun {
    /// The party.
    pub party: u16,
    /// The violation.
    pub violation: u16,
    /// The last day that counts.
    pub to: Date,
    /// The case in which it is decided.
    pub docket: Option<DocketId>,
}

/// Why no day can be fined anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDaily {
    /// The article of the violation is none of those.
    Basis,
    /// A resident: the article speaks of those who produce and trade.
    Person,
    /// No fine was decided and served.
    Undecided,
    /// No order to correct was served.
    NoOrder,
    /// Nobody looked since, or it was corrected.
    NotFound,
}

/// The days that may be fined anew: from the day after the order was served, or after the last day that was fined already, to the
/// day on which it was found uncorrected.
///
/// # Errors
/// Why there are none.
pub fn next_daily(case: &Case, party: u16, violation: u16) -> Result<Daily, NotDaily> {
    let file = case.party(party).filter(|p| p.annulled.is_none()).ok_or(NotDaily::Undecided)?;
    let charge = file.charges.iter().find(|c| c.violation == violation).ok_or(NotDaily::Basis)?;
    if !charge.basis.daily {
        return Err(NotDaily::Basis);
    }
    if file.subject.kind == PartyKind::Person {
        return Err(NotDaily::Person);
    }
    let decided = matches!(case.outcome, Outcome::Penalty { .. }) && case.decision_served(party).is_some();
    if !decided || charge.fine == 0 {
        return Err(NotDaily::Undecided);
    }
    let served = |o: &&OrderFile| o.order.party == party && case.served(o.order.paper, party).is_some();
    let order = case.orders.iter().rev().find(served).ok_or(NotDaily::NoOrder)?;
    let ordered = case.served(order.order.paper, party).ok_or(NotDaily::NoOrder)?;
    let last = case.daily.iter().filter(|d| (d.party, d.violation) == (party, violation)).map(|d| d.to).max();
    let after = last.unwrap_or(Date::MIN).max(crate::beijing_date(ordered));
    let found = order.inspected.last().filter(|seen| order.shows(**seen)).ok_or(NotDaily::NotFound)?;
    let (from, to) = (after.tomorrow().map_err(|_| NotDaily::NotFound)?, crate::beijing_date(found.0));
    if to < from {
        return Err(NotDaily::NotFound);
    }
    let days = from.until(to).map_or(0, |span| span.get_days()).saturating_add(1);
    let paper = case.paper(order.order.paper).map(|p| p.paper.number.clone()).unwrap_or_default();
    Ok(Daily {
        case: DocketId::default(),
        number: case.number.clone(),
        party,
        violation,
        order: paper,
        fine: charge.fine,
        from,
        to,
        days: u32::try_from(days).map_err(|_| NotDaily::NotFound)?,
    })
}
