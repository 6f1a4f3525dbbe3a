//! A day, or an instant: what terms begin with and what they end with.

use crate::beijing::{date_of, midnight};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A day in Beijing, or an instant. Written `2026-10-12`, or `2026-10-12T14:05:00+08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A whole day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

impl Moment {
    /// Reads `2026-10-12`, `2026-10-12T14:05`, `2026-10-12 14:05:30` (Beijing time), or an instant with its offset as in
    /// RFC 3339.
    ///
    /// # Errors
    /// In words, when it is none of these.
    pub fn parse(text: &str) -> Result<Moment, String> {
        let text = text.trim();
        if let Ok(date) = parse_day(text) {
            return Ok(Moment::Day(date));
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Moment::Instant(instant));
        }
        text.parse::<DateTime>()
            .ok()
            .filter(|_| text.contains(':'))
            .and_then(|local| tz::offset(8).to_timestamp(local).ok())
            .map(Moment::Instant)
            .ok_or_else(|| {
                format!(
                    "“{text}”不是日期或时刻；应如 2026-10-12、2026-10-12T14:05 或 2026-10-12T14:05:00+08:00"
                )
            })
    }

    /// The day in Beijing.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Moment::Day(date) => date,
            Moment::Instant(at) => date_of(at.as_microsecond()),
        }
    }

    /// The instant; that of a day is its beginning in Beijing.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        match self {
            Moment::Day(date) => crate::beijing::instant(midnight(date)),
            Moment::Instant(at) => at,
        }
    }
}

/// Reads a day, `2026-10-12` and nothing else.
///
/// # Errors
/// In words, when it is none, also for days that do not exist.
pub fn parse_day(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse()
        .ok()
        .filter(|_| plain)
        .ok_or_else(|| format!("“{text}”不是日期，应如 2026-10-12（年-月-日，且该日存在）"))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Day(date) => write!(f, "{date}"),
            Moment::Instant(at) => {
                write!(f, "{}", tz::offset(8).to_datetime(*at).strftime("%Y-%m-%dT%H:%M:%S+08:00"))
            }
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "日期（2026-10-12）或带时差的时刻（2026-10-12T14:05:00+08:00）"
        })
    }
}
