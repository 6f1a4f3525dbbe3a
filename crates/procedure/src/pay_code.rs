//! Payment codes (缴款码): given out with the signature of a decision by the agency's own scheme, never twice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Shortest and longest code, digits: the treasury's systems take up to thirty-two.
pub const LENGTH: std::ops::RangeInclusive<u8> = 14..=32;

/// How the codes of an agency are made: prefix, two digits of the year, running number, check digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PayCodes {
    /// Given out at signing. Where not, officers type the codes of the treasury's own system.
    pub given: bool,
    /// Digits that the treasury gave to the agency; the node's code where nothing is set.
    pub prefix: String,
    /// Digits in all.
    pub length: u8,
    /// The last one is a check digit (GB/T 17710, ISO 7064 MOD 11,10).
    pub check: bool,
}

/// A payment code as the bank's file has it: without blanks and dashes.
#[must_use]
pub fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

impl Default for PayCodes {
    fn default() -> Self {
        PayCodes { given: true, prefix: String::new(), length: 20, check: true }
    }
}

impl PayCodes {
    /// Whether nothing was set.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == PayCodes::default()
    }

    /// What is wrong with the scheme, when something is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        if !LENGTH.contains(&self.length) {
            return Some("缴款码的位数应在 14 至 32 之间。");
        }
        let prefix = self.prefix.len() <= usize::from(self.length) - 10;
        let digits = self.prefix.chars().all(|c| c.is_ascii_digit());
        (!digits || !prefix).then_some("缴款码的字头只能是数字，并且至少给流水号留出十位。")
    }

    /// The `n`-th code of a year. One that has outgrown its length is longer, never given twice.
    #[must_use]
    pub fn code(&self, node: &str, year: i16, n: i64) -> String {
        let prefix: String = match self.prefix.as_str() {
            "" => node.chars().filter(char::is_ascii_digit).collect(),
            own => own.to_owned(),
        };
        let year = year.rem_euclid(100);
        let width = usize::from(self.length).saturating_sub(prefix.len() + 2 + usize::from(self.check));
        let body = format!("{prefix}{year:02}{n:0width$}");
        if self.check {
            let check = check_digit(&body);
            format!("{body}{check}")
        } else {
            body
        }
    }

    /// Whether a code may be one of this scheme: its check digit fits. A code that was typed wrong is told so at once.
    #[must_use]
    pub fn fits(&self, code: &str) -> bool {
        if !self.check || code.len() < 2 || !code.is_ascii() {
            return true;
        }
        let (body, last) = code.split_at(code.len() - 1);
        last.parse::<u32>().is_ok_and(|last| last == check_digit(body))
    }
}

/// The check digit of ISO 7064 MOD 11,10.
fn check_digit(body: &str) -> u32 {
    let step = |product: u32, digit: u32| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    };
    let product = body.chars().filter_map(|c| c.to_digit(10)).fold(10, step);
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of ISO/IEC 7064 for MOD 11,10.
    #[test]
    fn the_check_digit_is_that_of_the_standard() {
        assert_eq!(check_digit("0794"), 5);
    }

    #[test]
    fn codes_have_the_length_that_was_set_and_show_a_slip_of_the_finger() {
        let scheme = PayCodes::default();
        let code = scheme.code("310118", 2026, 42);
        assert_eq!(code.len(), 20);
        assert!(code.starts_with("31011826000"), "{code}");
        assert!(scheme.fits(&code));
        let wrong = code.replacen("26", "62", 1);
        assert!(!scheme.fits(&wrong), "{wrong}");
        let own = PayCodes { prefix: "8801".into(), length: 16, check: false, given: true };
        assert_eq!(own.code("310118", 2026, 7), "8801260000000007");
        // Full: longer, never one that was given before.
        let full = PayCodes { length: 14, check: false, prefix: "1234".into(), given: true };
        assert_ne!(full.code("310118", 2026, 100_000_000), full.code("310118", 2026, 10_000_000));
    }

    #[test]
    fn a_scheme_that_cannot_count_is_refused() {
        assert_eq!(PayCodes::default().fault(), None);
        assert!(PayCodes { length: 8, ..PayCodes::default() }.fault().is_some());
        assert!(PayCodes { prefix: "沪".into(), ..PayCodes::default() }.fault().is_some());
        assert!(PayCodes { prefix: "123456789012".into(), ..PayCodes::default() }.fault().is_some());
    }
}
