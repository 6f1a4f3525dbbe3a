//! Amounts in whole fen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Larger amounts than this are a slip of the pen; below it every sum of this crate fits.
const FEN_MAX: i64 = 100_000_000_000_000;

/// An amount in fen (a hundredth of a yuan). Shown in yuan; in events a whole number of fen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// So many yuan.
    #[must_use]
    pub const fn yuan(yuan: i64) -> Fen {
        Fen(yuan.saturating_mul(100))
    }

    /// Reads an amount in yuan as people write it: `5000`, `5,000`, `1234.5`, `1234.56`.
    ///
    /// # Errors
    /// In words, when it is none: a sign, more than two decimals, or more than any fine can be.
    pub fn parse_yuan(text: &str) -> Result<Fen, String> {
        let bad = || format!("“{text}”不是金额；应为元，至多两位小数，如 5000 或 1234.56");
        let (whole, part) = text.trim().split_once('.').map_or((text.trim(), None), |(w, p)| (w, Some(p)));
        let whole = ungrouped(whole).ok_or_else(bad)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(&whole) || !part.is_none_or(|part| digits(part) && part.len() <= 2) {
            return Err(bad());
        }
        let yuan: i64 = whole.parse().map_err(|_| bad())?;
        let fen: i64 = part.map_or(Ok(0), |part| format!("{part:0<2}").parse()).map_err(|_| bad())?;
        let all = yuan.checked_mul(100).and_then(|all| all.checked_add(fen)).filter(|all| *all <= FEN_MAX);
        all.map(Fen).ok_or_else(|| format!("“{text}”过大；金额最多 {} 元", Fen(FEN_MAX)))
    }

    /// In yuan with the thousands apart and always two places, so that columns stand digit under digit: `5,000.00`.
    #[must_use]
    pub fn with_places(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", grouped(u128::from(fen / 100)), fen % 100)
    }

    /// Writes it as a JSON number of yuan with at most two decimals: `12000`, `12000.5`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn as_yuan<S: Serializer>(fen: &Fen, serializer: S) -> Result<S::Ok, S::Error> {
        if fen.0 % 100 == 0 {
            serializer.serialize_i64(fen.0 / 100)
        } else {
            // Exact to two decimals in the shortest form: amounts are far below 2^53 fen.
            serializer.serialize_f64(fen.0 as f64 / 100.0)
        }
    }

    /// [`Self::as_yuan`] for an amount that may be missing.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn as_yuan_or_null<S: Serializer>(fen: &Option<Fen>, serializer: S) -> Result<S::Ok, S::Error> {
        match fen {
            Some(fen) => Fen::as_yuan(fen, serializer),
            None => serializer.serialize_none(),
        }
    }
}

impl fmt::Display for Fen {
    /// In yuan with the thousands apart, with decimals only where there are any: `5,000`, `1,234.56`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, fen) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let yuan = grouped(u128::from(yuan));
        match fen {
            0 => write!(f, "{sign}{yuan}"),
            fen => write!(f, "{sign}{yuan}.{fen:02}"),
        }
    }
}

/// A number with its thousands apart: `1,234,567`.
#[must_use]
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Takes the marks between thousands away; `None` where they do not stand between thousands.
fn ungrouped(text: &str) -> Option<String> {
    let text = text.replace('，', ",");
    let mut groups = text.split(',');
    let first = groups.next()?.to_owned();
    let short = (1..=3).contains(&first.len());
    groups.try_fold(first, |all, group| (short && group.len() == 3).then(|| all + group))
}
