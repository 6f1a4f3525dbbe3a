//! Beijing time in whole microseconds: dates, midnights and back, saturating at the ends of the range.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, tz};

pub(crate) const MINUTE_US: i64 = 60_000_000;
pub(crate) const HOUR_US: i64 = 60 * MINUTE_US;
pub(crate) const DAY_US: i64 = 24 * HOUR_US;

/// The instant of so many microseconds since 1970; beyond the range, its nearest end.
pub(crate) fn instant(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(if us < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The date in Beijing at an instant.
pub(crate) fn date_of(us: i64) -> Date {
    tz::offset(8).to_datetime(instant(us)).date()
}

/// Microseconds since the beginning of the day in Beijing.
pub(crate) fn time_of_day(us: i64) -> i64 {
    (us.saturating_add(8 * HOUR_US)).rem_euclid(DAY_US)
}

/// The instant at which a date begins in Beijing.
pub(crate) fn midnight(date: Date) -> i64 {
    match tz::offset(8).to_timestamp(date.at(0, 0, 0, 0)) {
        Ok(t) => t.as_microsecond(),
        Err(_) if date.year() < 0 => Timestamp::MIN.as_microsecond(),
        Err(_) => Timestamp::MAX.as_microsecond(),
    }
}

/// The day after; the last day of the range is its own morrow.
pub(crate) fn next_day(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

/// 周一 … 周日.
pub(crate) fn weekday_name(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
