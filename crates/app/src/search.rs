//! Search in Chinese: any substring of two or more characters is found and nothing else.
//!
//! Texts are normalised the same way when they are stored and when they are looked for. Engines index overlapping
//! pairs of characters ([`bigrams`]) and find substrings as runs of pairs.

/// Lower case, full-width letters and digits to half-width, all white space to one blank, `·` and `•` dropped.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for c in text.chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '·' | '•' | '\u{200b}' => continue,
            c => c,
        };
        if c == '\n' {
            if !out.ends_with('\n') {
                if out.ends_with(' ') {
                    out.pop();
                }
                out.push('\n');
            }
            blank = true;
        } else if c.is_whitespace() || c.is_control() {
            if !blank {
                out.push(' ');
            }
            blank = true;
        } else {
            out.extend(c.to_lowercase());
            blank = false;
        }
    }
    while out.ends_with([' ', '\n']) {
        out.pop();
    }
    out
}

/// Overlapping pairs of characters of each line of a normalised text, in order. A line of one character gives none.
pub fn bigrams(text: &str) -> impl Iterator<Item = [char; 2]> + '_ {
    text.split('\n').flat_map(|line| line.chars().zip(line.chars().skip(1)).map(|(a, b)| [a, b]))
}

/// A pair as a token of letters and digits only, fit for any full-text engine: `5360_9053`.
#[must_use]
pub fn token(pair: [char; 2]) -> String {
    format!("{:x}_{:x}", pair[0] as u32, pair[1] as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalising_is_the_same_for_what_is_stored_and_what_is_asked() {
        assert_eq!(normalise("沪Ａ·１２３４５ \t Ab"), "沪a12345 ab");
        assert_eq!(normalise(" 漕平路 118 号 \n\n 店外 "), "漕平路 118 号\n店外");
    }

    #[test]
    fn pairs_never_run_over_a_line() {
        let pairs: Vec<_> = bigrams("ab\nc\ndef").collect();
        assert_eq!(pairs, vec![['a', 'b'], ['d', 'e'], ['e', 'f']]);
    }
}
