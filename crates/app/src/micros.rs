//! Moments that are kept as microseconds and told to others as every other time is: RFC 3339.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As it is told, or as answers that were kept before said it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Micros(i64),
    Moment(Timestamp),
}

fn moment(us: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(us).ok()
}

/// A moment.
pub(crate) fn serialize<S: Serializer>(us: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    moment(*us).serialize(serializer)
}

/// A moment, or none.
pub(crate) mod maybe {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Told, moment};

    pub(crate) fn serialize<S: Serializer>(us: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        us.and_then(moment).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
        Ok(Option::<Told>::deserialize(from)?.map(|told| match told {
            Told::Micros(us) => us,
            Told::Moment(at) => at.as_microsecond(),
        }))
    }
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Answer {
        #[serde(with = "super::maybe")]
        due_at: Option<i64>,
    }

    #[test]
    fn a_kept_answer_is_read_in_both_ways_and_told_in_one() {
        let due_at = Some(1_797_843_600_000_000);
        let told = r#"{"due_at":"2026-12-21T09:00:00Z"}"#;
        assert_eq!(serde_json::to_string(&Answer { due_at }).expect("told"), told);
        for kept in [told, r#"{"due_at":1797843600000000}"#] {
            assert_eq!(serde_json::from_str::<Answer>(kept).expect("read"), Answer { due_at });
        }
        let none = serde_json::from_str::<Answer>(r#"{"due_at":null}"#).expect("read");
        assert_eq!(none, Answer { due_at: None });
    }
}
