//! One spelling for what people write in many ways.

/// Characters that separate and say nothing.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '·' | '•' | '・' | '\u{200b}' | '\u{feff}')
}

/// A character in half width and upper case: `Ａ` and `a` become `A`, `１` becomes `1`, `＃` becomes `#`.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |half| half.to_ascii_uppercase()),
        _ => c.to_ascii_uppercase(),
    }
}

/// The text in half width and upper case, without blanks and middle dots.
#[must_use]
pub fn folded(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !separates(*c)).collect()
}

/// Value of one Chinese digit.
fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Value of a Chinese numeral up to 9999 (`一百一十八`, `二〇三`), or nothing.
#[must_use]
pub fn chinese_number(text: &[char]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    if text.iter().all(|c| digit(*c).is_some()) {
        return (text.len() <= 4)
            .then(|| text.iter().fold(0, |sum, c| sum * 10 + digit(*c).unwrap_or_default()));
    }
    let (mut sum, mut last) = (0, None);
    for &c in text {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                last = Some(digit(c)?);
                continue;
            }
        };
        sum += last.take().unwrap_or(u32::from(unit == 10)) * unit;
    }
    Some(sum + last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_many() {
        assert_eq!(folded("沪ａ·１２３ ４５"), "沪A12345");
        assert_eq!(folded("漕平路１１８＃　"), "漕平路118#");
    }

    #[test]
    fn chinese_numerals_have_their_value() {
        for (text, value) in
            [("一百一十八", 118), ("二〇三", 203), ("十", 10), ("二十五", 25), ("一千零二", 1002), ("三", 3)]
        {
            assert_eq!(chinese_number(&text.chars().collect::<Vec<_>>()), Some(value), "{text}");
        }
        assert_eq!(chinese_number(&['号']), None);
        assert_eq!(chinese_number(&[]), None);
    }
}
