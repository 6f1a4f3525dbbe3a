//! Changes of law data as an administrator makes them on a form: a new version of one entry, the holidays of one year.
//!
//! The texts stay texts that people read: comments and everything that is not changed stay as they are. What comes out
//! still goes through [`LawData::load`](crate::LawData::load) before it counts.

use crate::beijing::is_weekend;
use crate::calendar::{Calendar, Days, Span};
use crate::error::LawError;
use crate::standard::{Standard, Standing, Unit};
use jiff::civil::Date;
use std::fmt::Write as _;

/// A day that differs from Monday-to-Friday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// The day.
    pub date: Date,
    /// A day off; otherwise a weekend day that is worked.
    pub off: bool,
    /// The holiday's name.
    pub name: String,
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The last day before.
fn day_before(date: Date) -> Date {
    date.saturating_sub(jiff::Span::new().days(1))
}

/// One `[[kind]]` entry in a text: its lines, and what it says of itself.
struct Block {
    first: usize,
    /// The line behind it.
    end: usize,
    name: String,
    from: Option<Date>,
    ended: bool,
}

fn value<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let rest = line.trim_start().strip_prefix(key)?.trim_start().strip_prefix('=')?;
    Some(rest.trim().trim_matches('"'))
}

fn blocks(lines: &[String], kind: &str, key: &str) -> Vec<Block> {
    let head = format!("[[{kind}]]");
    let starts = |line: &String| line.trim_start().starts_with('[') && !line.trim_start().starts_with("[[\"");
    let mut out = Vec::new();
    for (first, _) in lines.iter().enumerate().filter(|(_, line)| line.trim() == head) {
        let body = lines.iter().enumerate().skip(first + 1);
        let end = body.clone().find(|(_, line)| starts(line)).map_or(lines.len(), |(n, _)| n);
        let find = |key: &str| lines[first..end].iter().find_map(|line| value(line, key));
        out.push(Block {
            first,
            end,
            name: find(key).unwrap_or_default().to_owned(),
            from: find("in_force_from").and_then(|date| date.parse().ok()),
            ended: find("in_force_to").is_some(),
        });
    }
    out
}

/// Puts a new version of an entry into a text: the one in force ends the day before, one that begins on the same day is
/// replaced.
fn revise(
    file: &str,
    text: &str,
    (kind, key): (&str, &str),
    name: &str,
    from: Date,
    body: &str,
) -> Result<String, LawError> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let found = blocks(&lines, kind, key);
    let of_it: Vec<&Block> = found.iter().filter(|b| b.name == name).collect();
    let new: Vec<String> = std::iter::once(format!("[[{kind}]]"))
        .chain(body.lines().map(str::to_owned))
        .chain([String::new()])
        .collect();
    if let Some(same) = of_it.iter().find(|b| b.from == Some(from)) {
        lines.splice(same.first..same.end, new);
    } else if let Some(later) = of_it.iter().filter_map(|b| b.from).find(|other| *other > from) {
        let reason = format!("已有 {later} 起的版本；新版本的生效日不能早于它");
        return Err(LawError::new(file, format!("{kind} {name}"), reason));
    } else if let Some(open) = of_it.iter().find(|b| !b.ended) {
        let at = (open.first..open.end).find(|n| value(&lines[*n], "in_force_from").is_some());
        lines.splice(open.end..open.end, new);
        if let Some(at) = at {
            lines.insert(at + 1, format!("in_force_to = \"{}\"", day_before(from)));
        }
    } else {
        if lines.last().is_some_and(|line| !line.trim().is_empty()) {
            lines.push(String::new());
        }
        lines.extend(new);
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    Ok(lines.join("\n") + "\n")
}

/// Whether a text of terms holds a standard.
#[must_use]
pub fn has_standard(text: &str, code: &str) -> bool {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    blocks(&lines, "standard", "code").iter().any(|b| b.name == code)
}

/// Whether a text of calendars holds a calendar.
#[must_use]
pub fn has_calendar(text: &str, code: &str) -> bool {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    blocks(&lines, "calendar", "code").iter().any(|b| b.name == code)
}

const fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::WorkingHours => "working_hours",
        Unit::WorkingDays => "working_days",
        Unit::CalendarDays => "calendar_days",
        Unit::Months => "months",
    }
}

const fn standing_code(standing: Standing) -> &'static str {
    match standing {
        Standing::Official => "official",
        Standing::Adopted => "adopted",
        Standing::Unverified => "unverified",
        Standing::Example => "example",
    }
}

/// A text of terms with this version of a standard.
///
/// # Errors
/// When a later version is there already.
pub fn with_standard(file: &str, text: &str, standard: &Standard) -> Result<String, LawError> {
    let mut body = String::new();
    let _ = writeln!(body, "code = {}", quoted(&standard.code));
    let _ = writeln!(body, "title = {}", quoted(&standard.title));
    let _ = writeln!(body, "amount = {}", standard.amount);
    let _ = writeln!(body, "unit = \"{}\"", unit_code(standard.unit));
    if let Some(calendar) = &standard.calendar {
        let _ = writeln!(body, "calendar = {}", quoted(calendar));
    }
    if standard.rolls_over {
        let _ = writeln!(body, "rolls_over = true");
    }
    let warn: Vec<String> = standard.warn.iter().map(ToString::to_string).collect();
    let _ = writeln!(body, "warn = [{}]", warn.join(", "));
    let _ = writeln!(body, "source = {}", quoted(&standard.source));
    let _ = writeln!(body, "standing = \"{}\"", standing_code(standard.standing));
    let _ = writeln!(body, "in_force_from = \"{}\"", standard.in_force_from);
    revise(file, text, ("standard", "code"), &standard.code, standard.in_force_from, &body)
}

/// A text of terms in which the categories that begin so follow this standard from a day on.
///
/// # Errors
/// When a later rule is there already.
pub fn with_rule(
    file: &str,
    text: &str,
    prefix: &str,
    standard: &str,
    from: Date,
) -> Result<String, LawError> {
    let body =
        format!("prefix = {}\nstandard = {}\nin_force_from = \"{from}\"\n", quoted(prefix), quoted(standard));
    revise(file, text, ("category", "prefix"), prefix, from, &body)
}

/// A text of calendars with this version of a calendar.
///
/// # Errors
/// When a later version is there already.
pub fn with_calendar(file: &str, text: &str, calendar: &Calendar) -> Result<String, LawError> {
    let clock = |us: i64| format!("\"{:02}:{:02}\"", us / 3_600_000_000, us / 60_000_000 % 60);
    let span = |span: &Span| format!("[{}, {}]", clock(span.from_us), clock(span.to_us));
    let spans: Vec<String> = calendar.spans.iter().map(span).collect();
    let days = match calendar.days {
        Days::Workdays => "workdays",
        Days::All => "all",
    };
    let body = format!(
        "code = {}\ntitle = {}\ndays = \"{days}\"\nspans = [{}]\nin_force_from = \"{}\"\nsource = {}\n",
        quoted(&calendar.code),
        quoted(&calendar.title),
        spans.join(", "),
        calendar.in_force_from,
        quoted(&calendar.source)
    );
    revise(file, text, ("calendar", "code"), &calendar.code, calendar.in_force_from, &body)
}

/// Working times as people write them: `08:30-11:30、13:00-17:00`.
///
/// # Errors
/// In words, when it is none.
pub fn spans(text: &str) -> Result<Vec<Span>, String> {
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once([':', '：'])?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..=24).contains(&hour) && (0..60).contains(&minute) && (hour, minute) <= (24, 0))
            .then_some((hour * 60 + minute) * 60_000_000)
    };
    let mut out: Vec<Span> = Vec::new();
    for part in text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|p| !p.is_empty()) {
        let (from, to) = part
            .split_once(['—', '-', '–', '~', '至', '到'])
            .ok_or_else(|| format!("“{part}”不是一段时间，应如 08:30-11:30"))?;
        let bad = |text: &str| format!("“{}”不是时刻，应如 08:30，最晚 24:00", text.trim());
        let span =
            Span { from_us: clock(from).ok_or_else(|| bad(from))?, to_us: clock(to).ok_or_else(|| bad(to))? };
        if span.from_us >= span.to_us || out.last().is_some_and(|last| last.to_us > span.from_us) {
            return Err(format!("“{part}”的先后不对；各段从早到晚写，不能重叠"));
        }
        out.push(span);
    }
    if out.is_empty() {
        Err("没有写工作时间，应如 08:30-11:30、13:00-17:00".into())
    } else {
        Ok(out)
    }
}

/// Special days as people write them, one a line: `2027-02-11 放假 春节`, `2027-02-14 上班 春节`.
///
/// # Errors
/// In words, with the line.
pub fn special_days(text: &str, year: i16) -> Result<Vec<SpecialDay>, String> {
    let mut out: Vec<SpecialDay> = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = |reason: String| format!("第 {} 行：{reason}", n + 1);
        let mut words = line.split_whitespace();
        let (day, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let name = words.collect::<Vec<_>>().join(" ");
        let date: Date = day.parse().map_err(|_| at(format!("“{day}”不是日期，应如 {year}-10-01")))?;
        if date.year() != year {
            return Err(at(format!("{date} 不在 {year} 年")));
        }
        let off = match kind {
            "放假" | "休" | "off" => true,
            "上班" | "班" | "work" if is_weekend(date) => false,
            "上班" | "班" | "work" => {
                return Err(at(format!("{date} 不是周六或周日，不能是调休上班日")));
            }
            _ => return Err(at(format!("“{kind}”应为 放假 或 上班"))),
        };
        if name.is_empty() {
            return Err(at("没有写是哪个节日".into()));
        }
        if out.iter().any(|d| d.date == date) {
            return Err(at(format!("{date} 写了两次")));
        }
        out.push(SpecialDay { date, off, name });
    }
    out.sort_by_key(|d| d.date);
    Ok(out)
}

/// A text of holidays with the schedule of one year in place of what it held of that year.
#[must_use]
pub fn with_year(text: &str, year: i16, notice: &str, days: &[SpecialDay]) -> String {
    let of_year = |line: &&str| {
        line.strip_prefix("# covers\t").is_some_and(|rest| rest.split('\t').next() == Some(&year.to_string()))
            || line.starts_with(&format!("{year}-"))
    };
    let kept: Vec<&str> = text.lines().filter(|line| !of_year(line)).collect();
    let is_row =
        |line: &&&str| line.get(4..5) == Some("-") && line.get(..4).is_some_and(|y| y.parse::<i16>().is_ok());
    let mut head: Vec<String> = kept
        .iter()
        .filter(|line| !is_row(line) && !line.starts_with("date\t") && !line.trim().is_empty())
        .map(|line| (*line).to_owned())
        .collect();
    let mut rows: Vec<String> = kept.iter().filter(is_row).map(|line| (*line).to_owned()).collect();
    head.push(format!("# covers\t{year}\t{}", notice.split_whitespace().collect::<Vec<_>>().join(" ")));
    rows.extend(days.iter().map(|d| {
        let name = d.name.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}\t{}\t{name}", d.date, if d.off { "off" } else { "work" })
    }));
    rows.sort();
    format!("{}\ndate\tkind\tname\n{}\n", head.join("\n"), rows.join("\n"))
}

/// The beginning of a new text of holidays.
#[must_use]
pub fn new_years(source: &str, today: Date) -> String {
    format!(
        "# 来源：{source}\n# 日期：{today}\n# 许可：放假安排本身是国务院办公厅公开通知\ndate\tkind\tname\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LawData, LawFiles};
    use jiff::civil::date;

    fn files() -> LawFiles {
        LawFiles::builtin()
    }
    fn text(name: &str) -> String {
        files().iter().find(|(n, _)| *n == name).map(|(_, t)| t.to_owned()).expect("a file")
    }
    fn load(name: &str, text: &str) -> LawData {
        let mut files = files();
        files.put(name, text);
        LawData::load(&files).expect("good data")
    }

    #[test]
    fn a_new_version_begins_where_the_old_one_ends() {
        let file = "terms/service.toml";
        let law = LawData::builtin().expect("data");
        let today = date(2026, 11, 23);
        let old = law.standard("service.accept", today).expect("a standard").clone();
        let new = Standard {
            amount: 30,
            in_force_from: date(2026, 12, 1),
            source: "内部规定“\"三十\"”".into(),
            ..old.clone()
        };
        let changed = with_standard(file, &text(file), &new).expect("a text");
        let law = load(file, &changed);
        assert_eq!(
            law.standard("service.accept", date(2026, 11, 30)),
            Some(&Standard { in_force_to: Some(date(2026, 11, 30)), ..old })
        );
        assert_eq!(law.standard("service.accept", date(2026, 12, 1)), Some(&new));
        assert!(changed.contains("# Service standards."), "comments stay");
        // The same day again: replaced, not doubled.
        let again = Standard { amount: 25, ..new.clone() };
        let twice = with_standard(file, &changed, &again).expect("a text");
        assert_eq!(load(file, &twice).standard("service.accept", date(2027, 1, 1)), Some(&again));
        // Before it: refused, with the day.
        let early = Standard { in_force_from: date(2026, 11, 25), ..new };
        assert!(with_standard(file, &twice, &early).is_err_and(|e| e.to_string().contains("2026-12-01")));
        assert!(has_standard(&twice, "service.accept") && !has_standard(&twice, "service.nothing"));
    }

    #[test]
    fn a_category_follows_another_standard_from_a_day_on() {
        let file = "terms/categories.toml";
        let changed =
            with_rule(file, &text(file), "E09005", "handling.event", date(2026, 12, 1)).expect("a text");
        let law = load(file, &changed);
        let category = lianzhi_ids::CategoryCode::parse("E09005").expect("a code");
        let before = law.handling_standard(&category, date(2026, 11, 30)).code.clone();
        assert_ne!(&*before, "handling.event");
        assert_eq!(&*law.handling_standard(&category, date(2026, 12, 1)).code, "handling.event");
    }

    #[test]
    fn working_times_are_written_as_people_write_them() {
        let file = "calendar/calendars.toml";
        let law = LawData::builtin().expect("data");
        let old = law.calendars().get("workday", date(2026, 11, 23)).expect("a calendar");
        let new = Calendar {
            spans: spans("09:00-12:00、13：00至17:30").expect("times"),
            in_force_from: date(2027, 1, 1),
            in_force_to: None,
            ..old.clone()
        };
        let changed = with_calendar(file, &text(file), &new).expect("a text");
        let law = load(file, &changed);
        assert_eq!(law.calendars().get("workday", date(2027, 1, 4)), Some(&new));
        assert_eq!(
            law.calendars().get("workday", date(2026, 12, 31)).map(Calendar::hours),
            Some(old.hours())
        );
        for bad in ["", "8-9", "09:00-08:00", "09:00-12:00、11:00-13:00", "25:00-26:00"] {
            assert!(spans(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_year_of_holidays_is_put_in_the_place_of_the_old_one() {
        let file = "calendar/holidays-2027.tsv";
        let days = special_days("2027-01-01 放假 元旦\n\n2027-02-07 上班 春节\n2027-02-08 放假 春节", 2027);
        let days = days.expect("days");
        let made = with_year(
            &new_years("国务院办公厅通知", date(2026, 11, 23)),
            2027,
            "国办发明电〔2026〕1号",
            &days,
        );
        let law = load(file, &made);
        assert!(law.calendars().holidays().covers(2027));
        assert!(law.calendars().day(date(2027, 2, 7)).working());
        assert!(!law.calendars().day(date(2027, 2, 8)).working());
        // A year among others: only its own lines change.
        let all = text("calendar/holidays.tsv");
        let fewer = special_days("2026-10-01 放假 国庆节", 2026).expect("days");
        let changed = with_year(&all, 2026, "更正", &fewer);
        let law = load("calendar/holidays.tsv", &changed);
        assert!(law.calendars().day(date(2026, 10, 2)).working());
        assert!(!law.calendars().day(date(2025, 10, 2)).working(), "other years stay");
        assert_eq!(with_year(&changed, 2026, "更正", &fewer), changed, "the same again changes nothing");
        for (bad, word) in [
            ("2027-13-01 放假 元旦", "第 1 行"),
            ("2026-01-01 放假 元旦", "不在 2027 年"),
            ("2027-01-01 上班 元旦", "不是周六或周日"),
            ("2027-01-01 放假", "哪个节日"),
            ("2027-01-01 休息 元旦", "放假 或 上班"),
        ] {
            assert!(special_days(bad, 2027).is_err_and(|e| e.contains(word)), "{bad}");
        }
    }
}
