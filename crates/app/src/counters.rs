//! Numbers that are handed out in turn: of matters, papers and payment codes.

use crate::ports::Head;
use jiff::Timestamp;
use lianzhi_procedure::Numbered;
use lianzhi_procedure::pay_code::PayCodes;

/// Hands out the next number of a series; the year is Beijing's.
pub fn next_number(head: &mut Head, wanted: &Numbered, prefix: &str, now: Timestamp) -> String {
    let year = lianzhi_procedure::beijing_date(now).year();
    let counter = head.counters.entry(wanted.series(year)).or_default();
    *counter += 1;
    wanted.text(prefix, year, *counter)
}

/// Hands out the next payment code; the year is Beijing's.
pub(crate) fn next_pay_code(head: &mut Head, codes: &PayCodes, node: &str, now: Timestamp) -> String {
    let year = lianzhi_procedure::beijing_date(now).year();
    let counter = head.counters.entry(format!("pay:{year}")).or_default();
    *counter += 1;
    codes.code(node, year, *counter)
}
