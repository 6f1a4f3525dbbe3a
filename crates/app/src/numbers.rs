//! Number and follow code as people type them: without what stands before the year, in small letters, with blanks, in
//! the wide letters of a Chinese keyboard.

use jiff::Timestamp;

/// Digits of the running part of a number.
const RUNNING: usize = 6;

/// The letter that is meant: wide forms as narrow ones, in capitals, every dash as one.
fn narrow(c: char) -> char {
    let letter = match c {
        '！'..='～' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        '‐'..='―' | '−' | 'ー' | '﹣' => '-',
        _ => c,
    };
    letter.to_ascii_uppercase()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// A follow code as it was given.
pub(crate) fn code(text: &str) -> String {
    letters(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A number as it was given, with what stands before its year when that was left out: `2026-3634`, `2026003634` and
/// `沪青 2026－003634` are all `沪青2026-003634`.
pub(crate) fn number(text: &str, prefix: &str) -> String {
    let text = letters(text);
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    let tail = &text[head.len()..];
    let (year, serial) = match tail.split_once('-') {
        Some(parts) => parts,
        None => tail.split_at_checked(4).unwrap_or((tail, "")),
    };
    let whole = year.len() == 4 && !serial.is_empty() && !serial.contains('-');
    if !whole {
        return text;
    }
    let head = if head.is_empty() || head == letters(prefix) { prefix } else { head };
    format!("{head}{year}-{serial:0>RUNNING$}")
}

/// What somebody at work may mean by a number, the likeliest first: as it stands, as [`number`] reads it, and by its
/// running part alone (`000123`, `123`), which is of this year then.
pub(crate) fn meant(text: &str, prefix: &str, now: Timestamp) -> Vec<String> {
    let (given, read) = (text.trim().to_owned(), number(text, prefix));
    let bare = (1..=RUNNING).contains(&read.len()) && read.chars().all(|c| c.is_ascii_digit());
    let year = lianzhi_procedure::beijing_date(now).year();
    let ours = bare.then(|| format!("{prefix}{year}-{read:0>RUNNING$}"));
    let mut all = vec![given, read];
    all.extend(ours);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_number_is_of_this_year() {
        let now = "2026-12-31T23:30:00+08:00".parse().expect("a timestamp");
        let all = |text| meant(text, "沪青", now);
        assert_eq!(all("沪青2026-000123"), ["沪青2026-000123"]);
        assert_eq!(all(" ２０２５－１２３ "), ["２０２５－１２３", "沪青2025-000123"]);
        assert_eq!(all("3634"), ["3634", "沪青2026-003634"]);
        assert_eq!(all(""), [""]);
    }

    #[test]
    fn a_number_is_read_as_it_was_meant() {
        for text in [
            "沪青2026-003634",
            " 沪青 2026 - 003634 ",
            "2026-003634",
            "2026-3634",
            "2026003634",
            "沪青２０２６－００３６３４",
            "2026—003634",
        ] {
            assert_eq!(number(text, "沪青"), "沪青2026-003634", "{text}");
        }
        assert_eq!(number("qp2026-1", "Qp"), "Qp2026-000001");
        for other in ["WO-77", "2026", "", "-", "沪青", "2026-1-2"] {
            assert_eq!(number(other, "沪青"), other, "another system's number stays");
        }
    }

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        for text in ["ab2c d3ef", "AB2C-D3EF", "ａｂ２ｃｄ３ｅｆ"] {
            assert_eq!(code(text), "AB2CD3EF", "{text}");
        }
    }
}
