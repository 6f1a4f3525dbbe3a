//! Codes from registers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Longest code of any kind, in characters. Bounds index keys and log lines.
pub const CODE_CHARS_MAX: usize = 64;

/// A code that cannot be used, and what a good one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Empty, too long, or with characters that do not belong into a code.
    #[error("编码“{0}”无效：1 至 64 个字母、数字、汉字或 - _ . :")]
    Characters(String),
    /// Not of the form that the standard asks for.
    #[error("编码格式应为：{0}")]
    Shape(&'static str),
}

/// What all codes have in common.
pub trait Code: Sized {
    /// Checks and takes a code.
    ///
    /// # Errors
    /// [`CodeError`] when the text is not a code of this kind.
    fn parse(text: &str) -> Result<Self, CodeError>;
    /// The text of the code.
    fn as_str(&self) -> &str;
}

fn plain(text: &str) -> Result<Arc<str>, CodeError> {
    let good = !text.is_empty()
        && text.chars().count() <= CODE_CHARS_MAX
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
    if good { Ok(Arc::from(text)) } else { Err(CodeError::Characters(text.chars().take(80).collect())) }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and takes a code. See [`CodeError`].
            ///
            /// # Errors
            /// When the text is not a code of this kind.
            pub fn parse(text: &str) -> Result<Self, CodeError> {
                let code = plain(text)?;
                let check: fn(&str) -> Result<(), CodeError> = $check;
                check(&code)?;
                Ok(Self(code))
            }
            /// The text of the code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl Code for $name {
            fn parse(text: &str) -> Result<Self, CodeError> {
                Self::parse(text)
            }
            fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0.to_string()
            }
        }
        impl TryFrom<String> for $name {
            type Error = CodeError;
            fn try_from(text: String) -> Result<Self, CodeError> {
                Self::parse(&text)
            }
        }
        impl std::str::FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                Self::parse(text)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

fn digits(text: &str, n: usize, what: &'static str) -> Result<(), CodeError> {
    if text.len() == n && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(CodeError::Shape(what))
    }
}

code!(
    /// A node: the six-digit division code of its agency's territory (GB/T 2260), e.g. `310118`.
    NodeCode,
    |t| digits(t, 6, "六位行政区划代码，如 310118")
);
code!(
    /// A street or town: nine digits (GB/T 10114), e.g. `310118104`.
    TownCode,
    |t| digits(t, 9, "九位街道（乡镇）代码，如 310118104")
);
code!(
    /// A unit of the agency (district bureau, squad, department without a node).
    UnitCode,
    |_| Ok(())
);
code!(
    /// A person: stable, never reused; not the login and not the name.
    PersonCode,
    |_| Ok(())
);
code!(
    /// A grid cell (GB/T 47678.3): 15 characters where the standard is followed.
    GridCode,
    |_| Ok(())
);
code!(
    /// A category of GB/T 47678.5: `E` (事项) or `P` (部件) and five digits, e.g. `E09005` 店外经营.
    ///
    /// The letter is ours: the same five digits occur in both catalogues.
    CategoryCode,
    |t| {
        let kind = t.starts_with('E') || t.starts_with('P');
        if kind && t.is_ascii() { digits(&t[1..], 5, "E 或 P 加五位数字，如 E09005") } else { Err(CodeError::Shape("E 或 P 加五位数字，如 E09005")) }
    }
);

impl CategoryCode {
    /// The class (大类) that the category belongs to: letter and two digits, e.g. `E09`.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.0[..3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_take_what_the_standards_say_and_refuse_the_rest() {
        assert!(NodeCode::parse("310118").is_ok());
        assert!(NodeCode::parse("31011").is_err());
        assert!(CategoryCode::parse("E09005").is_ok());
        assert!(CategoryCode::parse("X09005").is_err());
        assert!(CategoryCode::parse("é09005").is_err());
        assert!(UnitCode::parse("../etc").is_err());
        assert!(UnitCode::parse("").is_err());
    }
}
