//! Which days are worked: the official schedules, and what can be said beyond them.

use crate::beijing::is_weekend;
use crate::error::LawError;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Workday,
    /// Saturday or Sunday.
    Weekend,
    /// A day off with its holiday's name.
    Holiday(Arc<str>),
    /// A weekend day worked in exchange for a holiday (调休上班), with the holiday's name.
    MakeUp(Arc<str>),
}

/// A day and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// What the day is.
    pub kind: DayKind,
    /// True where no official schedule of the year is loaded and the day was computed from weekdays and statutory
    /// holidays: neither bridging days nor make-up workdays are known.
    pub provisional: bool,
}

impl Day {
    /// Whether agencies work on this day.
    #[must_use]
    pub fn working(&self) -> bool {
        matches!(self.kind, DayKind::Workday | DayKind::MakeUp(_))
    }
}

/// The State Council's yearly schedules, as far as they are loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HolidaySchedule {
    /// Year -> the notice that set it.
    years: BTreeMap<i16, Arc<str>>,
    /// Days that differ from Monday-to-Friday.
    days: BTreeMap<Date, DayKind>,
}

impl HolidaySchedule {
    /// Adds the schedule of one or more years: lines `date<TAB>off|work<TAB>name`, after one line
    /// `# covers<TAB>year<TAB>notice` for each year that the text holds completely.
    ///
    /// # Errors
    /// [`LawError`] with the line: unreadable, a year not covered or covered twice, a day given twice, work on a
    /// weekday, a covered year without a single day.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), LawError> {
        let line_error = |n: usize, reason: String| LawError::new(file, format!("第 {} 行", n + 1), reason);
        let mut added: BTreeMap<i16, (usize, bool)> = BTreeMap::new();
        for (n, line) in text.lines().enumerate() {
            let Some(rest) = line.strip_prefix("# covers\t") else {
                continue;
            };
            let (year, notice) = rest.split_once('\t').unwrap_or((rest, ""));
            let year: i16 = year.trim().parse().map_err(|_| {
                line_error(n, format!("“{year}”不是年份，应为 # covers、年份、通知文号，以制表符分隔"))
            })?;
            if notice.trim().is_empty() {
                return Err(line_error(n, "缺少放假通知的文号".into()));
            }
            if let Some(first) = self.years.insert(year, Arc::from(notice.trim())) {
                return Err(line_error(n, format!("{year} 年的安排已由“{first}”载入，同一年只能载入一次")));
            }
            added.insert(year, (n, false));
        }
        for (n, line) in rows(text) {
            if line.starts_with("date\t") {
                continue;
            }
            let [date, kind, name] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(line_error(n, "应为三列：日期、off 或 work、节日名称，以制表符分隔".into()));
            };
            let date: Date =
                date.parse().map_err(|_| line_error(n, format!("“{date}”不是日期，应如 2026-10-01")))?;
            let Some((_, seen)) = added.get_mut(&date.year()) else {
                let reason = format!("{date} 所在年份没有“# covers”行；请补写该年份和通知文号",);
                return Err(line_error(n, reason));
            };
            *seen = true;
            let name = Arc::from(name.trim());
            let kind = match kind {
                "off" => DayKind::Holiday(name),
                "work" if is_weekend(date) => DayKind::MakeUp(name),
                "work" => return Err(line_error(n, format!("{date} 不是周六或周日，不能是调休上班日"))),
                _ => return Err(line_error(n, format!("“{kind}”应为 off（放假）或 work（上班）"))),
            };
            if self.days.insert(date, kind).is_some() {
                return Err(line_error(n, format!("{date} 重复")));
            }
        }
        match added.iter().find(|(_, (_, seen))| !seen) {
            Some((year, (n, _))) => Err(line_error(*n, format!("{year} 年没有任何一天的安排"))),
            None => Ok(()),
        }
    }

    /// Whether the official schedule of a year is loaded.
    #[must_use]
    pub fn covers(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// The years that are loaded, ascending, each with its notice.
    pub fn years(&self) -> impl Iterator<Item = (i16, &str)> {
        self.years.iter().map(|(year, notice)| (*year, &**notice))
    }

    /// What a day is; beyond the loaded years provisionally, see [`statutory_holiday`].
    #[must_use]
    pub fn day(&self, date: Date, lunar: &LunarTable) -> Day {
        let plain = || {
            if is_weekend(date) { DayKind::Weekend } else { DayKind::Workday }
        };
        if self.covers(date.year()) {
            return Day { kind: self.days.get(&date).cloned().unwrap_or_else(plain), provisional: false };
        }
        let kind =
            statutory_holiday(date, lunar).map_or_else(plain, |name| DayKind::Holiday(Arc::from(name)));
        Day { kind, provisional: true }
    }

    /// Like [`Self::day`], without the names: (worked, provisional).
    pub(crate) fn worked(&self, date: Date, lunar: &LunarTable) -> (bool, bool) {
        if self.covers(date.year()) {
            let worked = match self.days.get(&date) {
                None => !is_weekend(date),
                Some(kind) => matches!(kind, DayKind::MakeUp(_)),
            };
            return (worked, false);
        }
        (!is_weekend(date) && statutory_holiday(date, lunar).is_none(), true)
    }
}

/// Dates of the lunar festivals of years for which no official schedule exists yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LunarTable(BTreeMap<i16, [Date; 3]>);

impl LunarTable {
    /// Reads lines `year<TAB>spring festival<TAB>dragon boat<TAB>mid-autumn`.
    ///
    /// # Errors
    /// [`LawError`] with the line that cannot be read or repeats a year.
    pub fn parse(file: &str, text: &str) -> Result<Self, LawError> {
        let mut table = BTreeMap::new();
        for (n, line) in rows(text).filter(|(_, line)| !line.starts_with("year\t")) {
            let error = |reason: &str| LawError::new(file, format!("第 {} 行", n + 1), reason);
            let mut cells = line.split('\t');
            let year: Option<i16> = cells.next().and_then(|year| year.parse().ok());
            let dates: Option<Vec<Date>> = cells.map(|date| date.parse().ok()).collect();
            let (Some(year), Some([spring, boat, moon])) = (year, dates.as_deref()) else {
                return Err(error("应为四列：年份、春节、端午节、中秋节的公历日期"));
            };
            if [spring, boat, moon].iter().any(|date| date.year() != year) {
                return Err(error("日期不在该年份内"));
            }
            if table.insert(year, [*spring, *boat, *moon]).is_some() {
                return Err(error("年份重复"));
            }
        }
        Ok(LunarTable(table))
    }
}

/// The statutory holiday on a date, by 全国年节及纪念日放假办法 2 条 (国务院令第795号, in force 2025-01-01):
/// 元旦 1 January; 春节 New Year's Eve and the first three days of the lunar year; 清明; 劳动节 1–2 May; 端午; 中秋;
/// 国庆 1–3 October.
///
/// The lunar ones only for years in the table, 清明 for 2000–2099 (computed). The exchange of days around them
/// (调休) and the day in lieu of a holiday on a weekend are known only from the yearly notice.
#[must_use]
pub fn statutory_holiday(date: Date, lunar: &LunarTable) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => return Some("元旦"),
        (4, day) if Some(day) == qingming(date.year()) => return Some("清明节"),
        (5, 1 | 2) => return Some("劳动节"),
        (10, 1..=3) => return Some("国庆节"),
        _ => {}
    }
    let [spring, boat, moon] = *lunar.0.get(&date.year())?;
    let after_spring = spring.until(date).map_or(i32::MAX, |span| span.get_days());
    match date {
        _ if (-1..=2).contains(&after_spring) => Some("春节"),
        _ if date == boat => Some("端午节"),
        _ if date == moon => Some("中秋节"),
        _ => None,
    }
}

/// Day of April of 清明 (the sun at 15° longitude) in 2000–2099, by the customary formula
/// ⌊0.2422·y + 4.81⌋ − ⌊y/4⌋ with the last two digits of the year.
fn qingming(year: i16) -> Option<i8> {
    let y = i32::from(year) - 2000;
    if !(0..100).contains(&y) {
        return None;
    }
    i8::try_from((2422 * y + 48_100) / 10_000 - y / 4).ok()
}

/// The lines that are neither empty nor remarks, with their index.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .map(|line| line.trim_end_matches('\r'))
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn qingming_falls_where_the_almanac_says() {
        // From PyPI sxtwl (astronomical): the day of April.
        let almanac = [
            (2024, 4),
            (2025, 4),
            (2026, 5),
            (2027, 5),
            (2028, 4),
            (2029, 4),
            (2030, 5),
            (2031, 5),
            (2035, 5),
        ];
        for (year, day) in almanac {
            assert_eq!(qingming(year), Some(day), "{year}");
        }
        assert_eq!(qingming(2100), None);
    }

    #[test]
    fn a_schedule_says_what_is_wrong_with_it() {
        let bad = [
            ("date\tkind\tname\n2027-01-01\toff\t元旦\n", "第 2 行", "covers"),
            ("# covers\t2027\tN\n2027-01-01\toff\n", "第 2 行", "三列"),
            ("# covers\t2027\tN\n2027-02-30\toff\t春节\n", "第 2 行", "不是日期"),
            ("# covers\t2027\tN\n2027-01-01\tfree\t元旦\n", "第 2 行", "off"),
            ("# covers\t2027\tN\n2027-01-04\twork\t元旦\n", "第 2 行", "不是周六"),
            ("# covers\t2027\tN\n2027-01-01\toff\t元旦\n2027-01-01\toff\t元旦\n", "第 3 行", "重复"),
            ("# covers\t2027\tN\n# covers\t2027\tN\n", "第 2 行", "已由"),
            ("# covers\t2027\tN\n", "第 1 行", "没有任何一天"),
            ("# covers\t2027\n", "第 1 行", "文号"),
            ("# covers\tnext\tN\n", "第 1 行", "不是年份"),
        ];
        for (text, key, reason) in bad {
            let error = HolidaySchedule::default().add("holidays.tsv", text).unwrap_err();
            assert_eq!(error.key, key, "{text}");
            assert!(error.reason.contains(reason), "{error}");
        }
    }

    #[test]
    fn beyond_the_schedule_only_what_the_law_fixes_is_off() {
        let lunar = LunarTable::parse("lunar.tsv", "2027\t2027-02-06\t2027-06-09\t2027-09-15\n").unwrap();
        let schedule = HolidaySchedule::default();
        let off = |d| matches!(schedule.day(d, &lunar).kind, DayKind::Holiday(_));
        let (first, last) = (date(2027, 1, 1), date(2027, 12, 31));
        let days: Vec<String> = first
            .series(jiff::Span::new().days(1))
            .take_while(|d| *d <= last)
            .filter(|d| off(*d))
            .map(|d| d.to_string()[5..].to_owned())
            .collect();
        let expected = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03";
        assert_eq!(days.join(" "), expected);
        assert!(schedule.day(date(2040, 1, 1), &lunar).provisional);
        assert_eq!(
            schedule.day(date(2040, 2, 13), &lunar).kind,
            DayKind::Workday,
            "beyond the table: not invented"
        );
    }
}
