//! Who took a piece of evidence.

use crate::directory::Person;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Somebody who took a piece of evidence, with the number of the enforcement certificate (行政处罚法 42, 55).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Taker {
    /// Name and certificate, each by itself.
    Named {
        /// Name.
        name: String,
        /// Number of the certificate; empty when it is not known.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        certificate: String,
    },
    /// Both in one text, as somebody types it and as the first entries had it: `王某（执法证 沪01234）`.
    Written(String),
}

impl Taker {
    /// Somebody who works here.
    #[must_use]
    pub fn of(person: &Person) -> Taker {
        Taker::Named {
            name: person.name.clone(),
            certificate: person.certificate.clone().unwrap_or_default(),
        }
    }

    /// Name and certificate apart.
    #[must_use]
    pub fn apart(self) -> Taker {
        match self {
            Taker::Written(_) => {
                Taker::Named { name: self.name().to_owned(), certificate: self.certificate().to_owned() }
            }
            named => named,
        }
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Taker::Named { name, .. } => name.trim(),
            Taker::Written(text) => split(text).0,
        }
    }

    /// Number of the certificate; empty when it is not known.
    #[must_use]
    pub fn certificate(&self) -> &str {
        match self {
            Taker::Named { certificate, .. } => certificate.trim(),
            Taker::Written(text) => split(text).1,
        }
    }
}

/// As it is written for people.
impl fmt::Display for Taker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.certificate() {
            "" => f.write_str(self.name()),
            number => write!(f, "{}（执法证 {number}）", self.name()),
        }
    }
}

/// People as a list, or in one line as a form has them: `王某（执法证 沪01234）、李某（执法证 沪01235）`.
///
/// # Errors
/// What is neither.
pub(super) fn people<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Taker>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum People {
        Line(String),
        List(Vec<Taker>),
    }
    Ok(match People::deserialize(deserializer)? {
        People::List(all) => all,
        People::Line(line) => {
            let each = line.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|t| !t.is_empty());
            each.map(|text| Taker::Written(text.to_owned())).collect()
        }
    })
}

/// `王某（执法证号：沪01234）`, `王某(01234)` and `王某 01234` into name and number.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let bracket = text.split_once(['（', '(']);
    let by_space =
        || text.split_once(char::is_whitespace).filter(|(_, n)| n.contains(|c: char| c.is_ascii_digit()));
    let Some((name, rest)) = bracket.or_else(by_space) else { return (text, "") };
    let number = rest.trim().trim_end_matches(['）', ')']).trim();
    let number = number.trim_start_matches("执法证").trim_start_matches('号').trim_start_matches(['：', ':']);
    (name.trim(), number.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_certificate_are_read_however_they_are_written_together() {
        for text in ["王某（执法证 沪01234）", "王某（执法证号：沪01234）", "王某(沪01234)", " 王某 沪01234 "]
        {
            let taker = Taker::Written(text.into()).apart();
            assert_eq!((taker.name(), taker.certificate()), ("王某", "沪01234"), "{text}");
            assert_eq!(taker.to_string(), "王某（执法证 沪01234）");
        }
        for text in ["李某", "欧阳 某"] {
            let taker = Taker::Written(text.into()).apart();
            assert_eq!((taker.name(), taker.certificate()), (text, ""));
        }
    }

    #[test]
    fn the_text_of_the_first_entries_stays_as_it_was_written() {
        let json = r#"["张三（320509001）",{"name":"李四","certificate":"7"},{"name":"王五"}]"#;
        let takers: Vec<Taker> = serde_json::from_str(json).expect("takers");
        assert_eq!(takers[0].certificate(), "320509001");
        assert_eq!(serde_json::to_string(&takers).expect("JSON"), json);
    }
}
