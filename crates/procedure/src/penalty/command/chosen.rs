//! Numbers as forms and programs send them.

use serde::{Deserialize, Deserializer};

/// A number within the case (party, violation, paper …), or a choice of a form, which is a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Chosen {
    Number(u16),
    Text(String),
}

/// A number that must be there.
pub(super) fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match Chosen::deserialize(deserializer)? {
        Chosen::Number(n) => Ok(n),
        Chosen::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// A number that may be left out.
pub(super) fn perhaps_chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    match Option::<Chosen>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Chosen::Number(n)) => Ok(Some(n)),
        Some(Chosen::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}
