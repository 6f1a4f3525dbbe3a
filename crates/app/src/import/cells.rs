//! What stands in a cell: times, degrees, categories, demands. Errors are words for whoever made the table.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::CategoryCode;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Demand;

/// Serial dates of spreadsheets that are taken for dates: 1954 to 2119.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

/// A time in Beijing: `2026-11-22 08:30`, `2026/11/22`, `2026年11月22日 8时30分`, `20261122083000`, RFC 3339, or the
/// serial number of a spreadsheet. A date alone is its beginning.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    let bad = || format!("“{}”不是时间。请写成 2026-11-22 08:30（北京时间）。", short(text));
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(serial) = text.parse::<f64>()
        && SERIALS.contains(&serial)
    {
        return beijing(serial_date(serial).ok_or_else(bad)?).ok_or_else(bad);
    }
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|s| !s.is_empty()).collect();
    let whole: Vec<String> = match digits.as_slice() {
        // Written without separators.
        [one] if matches!(one.len(), 8 | 12 | 14) => [&one[..4], &one[4..6]]
            .into_iter()
            .map(str::to_owned)
            .chain(one.as_bytes()[6..].chunks(2).map(|c| String::from_utf8_lossy(c).into_owned()))
            .collect(),
        several => several.iter().map(|s| (*s).to_owned()).collect(),
    };
    let afternoon =
        text.contains("下午") || text.contains("PM") || text.contains("pm") || text.contains("晚");
    let known = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || "-/.:：年月日时分秒点T上下午晚早凌晨中AMPamp星期一二三四五六天周()（）".contains(c)
    };
    if !text.chars().all(known) {
        return Err(bad());
    }
    let numbers: Vec<i16> = whole.iter().map(|n| n.parse().map_err(|_| bad())).collect::<Result<_, _>>()?;
    let part = |n: usize| numbers.get(n).map_or(Ok(0), |v| i8::try_from(*v).map_err(|_| bad()));
    if numbers.len() < 3 || numbers.first().is_none_or(|year| *year < 1900) {
        return Err(bad());
    }
    let mut hour = part(3)?;
    if afternoon && hour < 12 {
        hour += 12;
    }
    let date = Date::new(numbers[0], part(1)?, part(2)?).map_err(|_| bad())?;
    let time = Time::new(hour, part(4)?, part(5)?, 0).map_err(|_| bad())?;
    beijing(date.to_datetime(time)).ok_or_else(bad)
}

fn beijing(at: DateTime) -> Option<Timestamp> {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).ok().map(|z| z.timestamp())
}

/// Days since 30 December 1899, the day's time as its fraction, rounded to the second.
#[expect(clippy::cast_possible_truncation, reason = "within a few thousand million seconds")]
fn serial_date(serial: f64) -> Option<DateTime> {
    let seconds = (serial * 86_400.0).round() as i64;
    Date::constant(1899, 12, 30)
        .to_datetime(Time::midnight())
        .checked_add(SignedDuration::from_secs(seconds))
        .ok()
}

/// Degrees: `121.1142`, also with full-width digits or a degree sign.
pub(super) fn degrees(text: &str) -> Result<f64, String> {
    let plain = crate::search::normalise(text);
    let plain = plain.trim_end_matches(['°', 'e', 'n']).trim();
    let value: f64 =
        plain.parse().map_err(|_| format!("“{}”不是十进制的度数。请写成 121.1142。", short(text)))?;
    if value.is_finite() { Ok(value) } else { Err("不是有效的度数。".into()) }
}

/// `121.1142,31.1508`: longitude and latitude. China's longitudes are all greater than its latitudes, so the order in
/// which they are written does not matter.
pub(super) fn pair(text: &str) -> Result<(f64, f64), String> {
    let bad = || format!("“{}”不是一对经纬度。请写成 121.1142,31.1508。", short(text));
    let numbers: Vec<f64> = text
        .split([',', '，', ';', '；', ' ', '、'])
        .filter(|t| !t.trim().is_empty())
        .map(degrees)
        .collect::<Result<_, _>>()
        .map_err(|_| bad())?;
    match numbers.as_slice() {
        [a, b] => Ok((a.max(*b), a.min(*b))),
        _ => Err(bad()),
    }
}

/// A category by code (`E06010` or `06010`) or by name.
pub(super) fn category(text: &str, directory: &Directory) -> Result<CategoryCode, String> {
    let code = if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("E{text}")
    } else {
        text.to_uppercase()
    };
    if let Ok(code) = CategoryCode::parse(&code) {
        return if directory.categories.contains_key(&code) {
            Ok(code)
        } else {
            Err(format!("没有类别 {code}。请用类别目录中的代码或名称，或留空。"))
        };
    }
    let named: Vec<_> = directory.categories.values().filter(|c| c.name == text).map(|c| &c.code).collect();
    match named.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(format!("没有类别“{}”。请用类别目录中的代码或名称，或留空由受理人分类。", short(text))),
        several => {
            let codes: Vec<_> = several.iter().map(ToString::to_string).collect();
            Err(format!("名为“{}”的类别不止一个：{}。请写代码。", short(text), codes.join("、")))
        }
    }
}

/// What the caller wants, by its word or code. `投诉举报` and the like count as what they begin with.
pub(super) fn demand(text: &str) -> Result<Demand, String> {
    let found = Demand::ALL.iter().copied().find(|d| text.starts_with(d.title()) || text == d.code());
    found.ok_or_else(|| {
        let known: Vec<_> = Demand::ALL.iter().map(|d| d.title()).collect();
        format!("没有诉求类型“{}”。可写：{}。", short(text), known.join("、"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_and_spreadsheets_write_them() {
        for text in [
            "2026-11-22 08:30",
            "2026/11/22 8:30:00",
            "2026年11月22日 8时30分",
            "2026.11.22 上午8:30",
            "202611220830",
            "20261122083000",
            "2026-11-22T08:30:00+08:00",
            "2026-11-22T00:30:00Z",
            "46348.3541666667",
        ] {
            assert_eq!(moment(text).map(|t| t.to_string()).as_deref(), Ok("2026-11-22T00:30:00Z"), "{text}");
        }
        assert_eq!(moment("2026-11-22").map(|t| t.to_string()).as_deref(), Ok("2026-11-21T16:00:00Z"));
        assert_eq!(
            moment("2026-11-22 下午3:05").map(|t| t.to_string()).as_deref(),
            Ok("2026-11-22T07:05:00Z")
        );
        for text in [
            "昨天",
            "2026-13-01",
            "2026-02-30",
            "11-22",
            "-1",
            "99999999999999999999",
            "2026-11-22 25:00",
            "1e400",
        ] {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pair_is_read_in_either_order() {
        assert_eq!(pair("121.1142,31.1508"), Ok((121.1142, 31.1508)));
        assert_eq!(pair("31.1508， 121.1142"), Ok((121.1142, 31.1508)));
        assert!(pair("121.1").is_err());
        assert!(degrees("１２１.5").is_ok());
        assert!(degrees("NaN").is_err());
    }
}
