//! Numbers of documents (文号).

use serde::{Serialize, Serializer};
use std::fmt;

/// The number under which a document was issued.
///
/// GB/T 9704-2012, 7.2.5: the year stands in 〔〕, the running number without leading zeros. Documents of a case
/// usually have a branch code and a fixed width instead; each agency has its own habit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    word: String,
    year: i16,
    branch: String,
    serial: u32,
    digits: usize,
}

impl Number {
    /// Of a letter or another official document: 沪青城管协〔2026〕12号. `word` is the agency's and the document's code word.
    pub fn official(word: impl Into<String>, year: i16, serial: u32) -> Self {
        Number { word: word.into(), year, branch: String::new(), serial, digits: 1 }
    }

    /// Of a document of a case, with the branch's code and six digits: 沪青城管罚决字〔2026〕01000012号.
    pub fn case(word: impl Into<String>, year: i16, branch: impl Into<String>, serial: u32) -> Self {
        Number { word: word.into(), year, branch: branch.into(), serial, digits: 6 }
    }
}

/// A number that has not the form of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("文号“{0}”应形如 沪青协查字〔2026〕3号")]
pub struct NumberError(String);

impl std::str::FromStr for Number {
    type Err = NumberError;
    /// Reads the number of a letter as [`Number::official`] writes it.
    fn from_str(text: &str) -> Result<Number, NumberError> {
        let bad = || NumberError(text.chars().take(60).collect());
        let (word, rest) = text.split_once('〔').ok_or_else(bad)?;
        let (year, serial) = rest.split_once('〕').ok_or_else(bad)?;
        let serial = serial.strip_suffix('号').ok_or_else(bad)?;
        let number =
            Number::official(word, year.parse().map_err(|_| bad())?, serial.parse().map_err(|_| bad())?);
        // One spelling: no leading zeros, no sign.
        if number.to_string() == text && !word.is_empty() { Ok(number) } else { Err(bad()) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Number { word, year, branch, serial, digits } = self;
        write!(f, "{word}〔{year}〕{branch}{serial:0digits$}号")
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn official_numbers_have_no_leading_zeros() {
        assert_eq!(Number::official("沪青城管协", 2026, 1).to_string(), "沪青城管协〔2026〕1号");
        assert_eq!(Number::official("沪青城管协", 2026, 1203).to_string(), "沪青城管协〔2026〕1203号");
    }

    #[test]
    fn a_number_is_read_as_it_is_written() {
        let number: Number = "沪青协查字〔2026〕3号".parse().unwrap();
        assert_eq!(number, Number::official("沪青协查字", 2026, 3));
        for bad in ["", "沪青协查字〔2026〕03号", "〔2026〕3号", "沪青协查字[2026]3号", "沪青协查字〔2026〕3"]
        {
            assert!(bad.parse::<Number>().is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_of_cases_have_six_digits() {
        assert_eq!(Number::case("沪青城管移字", 2026, "01", 7).to_string(), "沪青城管移字〔2026〕01000007号");
        assert_eq!(Number::case("沪青城管移字", 2026, "", 12).to_string(), "沪青城管移字〔2026〕000012号");
    }
}
