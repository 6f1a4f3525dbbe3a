//! Where a rule holds: the nation, a province, a city.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Where a rule holds: `CN`, a province such as `ZJ`, or a city in it such as `ZJ-嘉兴`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Jurisdiction(Arc<str>);

impl Jurisdiction {
    /// The code of the nation.
    pub const NATION: &'static str = "CN";

    /// The nation.
    #[must_use]
    pub fn nation() -> Self {
        Jurisdiction(Arc::from(Self::NATION))
    }

    /// Reads a code: two capital letters, for a city followed by `-` and its name.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (province, city) = text.split_once('-').map_or((text, None), |(p, c)| (p, Some(c)));
        let letters = province.len() == 2 && province.bytes().all(|b| b.is_ascii_uppercase());
        let named = city.is_none_or(|city| !city.is_empty() && city.chars().all(char::is_alphanumeric));
        if letters && named && (city.is_none() || province != Self::NATION) {
            Ok(Jurisdiction(Arc::from(text)))
        } else {
            Err(format!("“{text}”不是地区代码，应如 CN、SH、ZJ 或 ZJ-嘉兴"))
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what holds here holds there too: the nation's rules everywhere, a province's in its cities.
    #[must_use]
    pub fn covers(&self, other: &Jurisdiction) -> bool {
        let rest = other.0.strip_prefix(&*self.0);
        &*self.0 == Self::NATION || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// How deep in the tree: nation 0, province 1, city 2.
    #[must_use]
    pub fn depth(&self) -> u8 {
        match &*self.0 {
            Self::NATION => 0,
            code if code.contains('-') => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Jurisdiction {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Jurisdiction::parse(&text)
    }
}

impl From<Jurisdiction> for String {
    fn from(code: Jurisdiction) -> String {
        code.0.to_string()
    }
}
