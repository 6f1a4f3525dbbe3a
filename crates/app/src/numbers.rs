//! Numbers of matters as people write them.

use jiff::Timestamp;

/// Digits of the running part of a number.
const RUNNING: usize = 6;

/// What somebody may mean by a number, the likeliest first: as it stands, and, of our own series, without its prefix
/// (`2026-000123`) or by its running part alone (`000123`, `123`), which is of this year then. Full-width digits and
/// blanks are forgiven.
#[must_use]
pub fn meant(text: &str, prefix: &str, now: Timestamp) -> Vec<String> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0)),
        '－' | '—' | '–' => '-',
        c => c,
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    let year = now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).year();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let ours = match text.split_once('-') {
        Some((year, running)) if digits(year) && year.len() == 4 && digits(running) => {
            Some((year.to_owned(), running))
        }
        None if digits(&text) && text.len() <= RUNNING => Some((year.to_string(), text.as_str())),
        _ => None,
    };
    let ours = ours.map(|(year, running)| format!("{prefix}{year}-{running:0>RUNNING$}"));
    std::iter::once(text.clone()).chain(ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_what_people_type_of_it() {
        let now = "2026-12-31T23:30:00+08:00".parse().expect("a timestamp");
        let all = |text| meant(text, "沪青", now);
        assert_eq!(all("沪青2026-000123"), ["沪青2026-000123"]);
        assert_eq!(all(" ２０２５－１２３ "), ["2025-123", "沪青2025-000123"]);
        assert_eq!(all("3634"), ["3634", "沪青2026-003634"]);
        // An order of another system is longer than our running part.
        assert_eq!(all("20261123000045"), ["20261123000045"]);
        assert_eq!(all(""), [""]);
    }
}
