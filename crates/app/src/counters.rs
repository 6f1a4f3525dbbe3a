//! Numbers that are handed out in turn: of matters, papers and payment codes.

use crate::ports::Head;
use jiff::Timestamp;
use lianzhi_procedure::Numbered;
use lianzhi_procedure::directory::Directory;

/// Hands out the next number of a series; the year is Beijing's.
pub fn next_number(head: &mut Head, wanted: &Numbered, directory: &Directory, now: Timestamp) -> String {
    let year = lianzhi_procedure::beijing_date(now).year();
    let branch = wanted.unit().map_or("", |unit| directory.branch(unit));
    let counter = head.counters.entry(wanted.series(branch, year)).or_default();
    *counter += 1;
    wanted.text(&directory.settings.number_prefix, branch, year, *counter)
}

/// Hands out so many payment codes; none where the treasury's own system gives them. The year is Beijing's.
pub fn next_pay_codes(head: &mut Head, directory: &Directory, wanted: usize, now: Timestamp) -> Vec<String> {
    let codes = &directory.settings.pay_codes;
    if wanted == 0 || !codes.given {
        return Vec::new();
    }
    let year = lianzhi_procedure::beijing_date(now).year();
    let counter = head.counters.entry(format!("pay:{year}")).or_default();
    let mut next = || {
        *counter += 1;
        codes.code(directory.node.as_str(), year, *counter)
    };
    (0..wanted).map(|_| next()).collect()
}
