//! Reading an address: which names of the register stand in it, with which numbers, and how far from there.

use crate::crs::Point;
use crate::text::{chinese_number, folded};
use std::fmt;

/// Farthest that a direction may lead, metres; beyond, people mean something else.
const WAY_M_MAX: u32 = 1_000;

/// A name of the register that stands in the address, and the number after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    /// In one spelling: `118号`, `200弄`, `118号-2`.
    pub(super) number: Option<String>,
}

/// `南60米`: so far in a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    east: i8,
    north: i8,
    metres: u32,
}

impl Way {
    /// The place at the end of the way.
    pub(super) fn from(self, start: Point) -> Point {
        let (e, n) = (f64::from(self.east), f64::from(self.north));
        let each = f64::from(self.metres) / e.hypot(n).max(1.0);
        start.shifted(e * each, n * each)
    }

    pub(super) fn to_owned_text(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let east = ["西", "", "东"][(self.east + 1).unsigned_abs() as usize];
        let north = ["南", "", "北"][(self.north + 1).unsigned_abs() as usize];
        write!(f, "{east}{north}{}米", self.metres)
    }
}

/// What an address says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) named: Vec<Named>,
    pub(super) way: Option<Way>,
}

impl Reading {
    /// Reads a folded address. Of names that overlap the longest counts (`新凤路` is not `凤路`).
    pub(super) fn of(address: &str, known: impl Fn(&str) -> bool, longest: usize) -> Self {
        let chars: Vec<char> = address.chars().collect();
        let mut out = Reading::default();
        let mut at = 0;
        while at < chars.len() {
            let most = longest.min(chars.len() - at);
            let hit = (2..=most).rev().find_map(|n| {
                let name: String = chars[at..at + n].iter().collect();
                known(&name).then_some((name, n))
            });
            let Some((name, n)) = hit else {
                if out.way.is_none() {
                    out.way = way_at(&chars[at..]);
                }
                at += 1;
                continue;
            };
            at += n;
            let (number, used) = number_at(&chars[at..]);
            at += used;
            if !out.named.iter().any(|seen| seen.name == name && (seen.number == number || number.is_none()))
            {
                out.named.push(Named { name, number });
            }
        }
        out
    }
}

/// A door number at the start of a text, in one spelling, and the characters it takes.
fn number_at(chars: &[char]) -> (Option<String>, usize) {
    let (value, mut used) = value_at(chars);
    let Some(value) = value else { return (None, 0) };
    let mut branch = String::new();
    if matches!(chars.get(used), Some('-' | '—' | '之')) {
        if let (Some(second), n) = value_at(&chars[used + 1..]) {
            branch = format!("-{second}");
            used += n + 1;
        }
    } else if let Some(c) = chars.get(used).filter(|c| "甲乙丙丁ABCD".contains(**c)) {
        branch = c.to_string();
        used += 1;
    }
    match chars.get(used) {
        Some('弄' | '巷') => (Some(format!("{value}弄{branch}")), used + 1),
        Some('号' | '#') => (Some(format!("{value}号{branch}")), used + 1),
        // 漕平路118 at the end, or before something that is no unit of measure.
        next if chars[..used].iter().all(char::is_ascii_digit)
            && !next.is_some_and(|c| "米MK公里路个".contains(*c)) =>
        {
            (Some(format!("{value}号")), used)
        }
        _ => (None, 0),
    }
}

/// A number at the start, in digits or Chinese numerals.
fn value_at(chars: &[char]) -> (Option<u32>, usize) {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = chars[..digits].iter().collect();
        return (text.parse().ok().filter(|n| *n < 100_000), digits);
    }
    let numerals = chars.iter().take_while(|c| "零〇○一二两三四五六七八九十百千".contains(**c)).count();
    (chinese_number(&chars[..numerals]), numerals)
}

/// `往南约60米`, `东南侧100米处` at the start of a text.
fn way_at(chars: &[char]) -> Option<Way> {
    let (mut east, mut north, mut at) = (0_i8, 0_i8, 0);
    while let Some(c) = chars.get(at) {
        match c {
            '东' if east == 0 => east = 1,
            '西' if east == 0 => east = -1,
            '北' if north == 0 => north = 1,
            '南' if north == 0 => north = -1,
            '约' | '侧' | '面' | '边' | '方' | '向' | '大' | '概' if at > 0 => {}
            _ => break,
        }
        at += 1;
    }
    let (metres, used) = value_at(&chars[at..]);
    let unit = chars.get(at + used);
    let good = (east, north) != (0, 0) && (unit == Some(&'米') || unit == Some(&'M'));
    metres.filter(|m| good && *m <= WAY_M_MAX).map(|metres| Way { east, north, metres })
}

/// A register's door number in one spelling: `１１８＃` and `118` become `118号`.
pub(super) fn number(text: &str) -> String {
    let text = folded(text);
    let chars: Vec<char> = text.chars().collect();
    number_at(&chars).0.unwrap_or(text)
}

/// The leading value of a number in one spelling.
pub(super) fn value(number: &str) -> u32 {
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// `漕平路200弄` as road and number.
pub(super) fn split_door(text: &str) -> Option<(String, String)> {
    let chars: Vec<char> = folded(text).chars().collect();
    let at = chars.iter().position(char::is_ascii_digit).filter(|at| *at > 0)?;
    let number = number_at(&chars[at..]).0?;
    Some((chars[..at].iter().collect(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Reading {
        Reading::of(&folded(address), |name| ["漕平路", "平路", "莲盛路", "莲盛小区"].contains(&name), 4)
    }

    #[test]
    fn numbers_have_one_spelling() {
        for text in ["漕平路118号", "漕平路１１８＃", "漕平路一百一十八号", "漕平路 118", "漕平路118号3幢"]
        {
            let named = &read(text).named[0];
            assert_eq!((named.name.as_str(), named.number.as_deref()), ("漕平路", Some("118号")), "{text}");
        }
        assert_eq!(read("漕平路200弄5号").named[0].number.as_deref(), Some("200弄"));
        assert_eq!(read("漕平路118-2号").named[0].number.as_deref(), Some("118号-2"));
        assert_eq!(split_door("漕平路200弄"), Some(("漕平路".into(), "200弄".into())));
    }

    #[test]
    fn a_way_is_no_number() {
        let r = read("莲盛路南60米");
        assert_eq!(r.named[0].number, None);
        assert_eq!(r.way, Some(Way { east: 0, north: -1, metres: 60 }));
        assert_eq!(read("漕平路118号往东北方向约一百米").way, Some(Way { east: 1, north: 1, metres: 100 }));
        assert_eq!(read("莲盛路100米").named[0].number, None);
    }
}
