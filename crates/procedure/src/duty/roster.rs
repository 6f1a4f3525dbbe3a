//! Rosters (排班): who is to be on duty in which shift. A plan for people; dispatch asks who is really on duty.

use crate::{Refusal, beijing_date};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, tz};
use lianzhi_ids::PersonCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;
/// Most shifts of a unit.
pub const SHIFTS_MAX: usize = 6;
/// Longest name of a shift, characters.
const NAME_MAX: usize = 8;
/// Weeks kept at hand; all of them stay in the record.
const WEEKS_KEPT: usize = 12;
/// How many days back the last shift is looked for.
const DAYS_BACK: i64 = 7;
/// How many weeks ahead may be planned.
const WEEKS_AHEAD: i64 = 8;

/// A shift (班次).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shift {
    /// Its name, e.g. 早班.
    pub name: String,
    /// Begins, in minutes after midnight, Beijing time.
    pub from: u16,
    /// Ends; not later than it begins: on the next day.
    pub to: u16,
}

impl Shift {
    /// `06:00–14:00`.
    #[must_use]
    pub fn hours(&self) -> String {
        let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
        format!("{}–{}", clock(self.from), clock(self.to))
    }

    /// Whether it has ended, if it began on a day.
    #[must_use]
    pub fn over(&self, day: Date, now: Timestamp) -> bool {
        self.on(day).is_some_and(|(_, to)| to <= now)
    }

    /// From when to when it lasts if it begins on a day.
    fn on(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let zone = tz::TimeZone::fixed(tz::offset(8));
        let midnight = day.to_zoned(zone).ok()?.timestamp();
        let after = |minutes: u16| midnight.checked_add(i64::from(minutes).minutes()).ok();
        let overnight = if self.to <= self.from { DAY_MINUTES } else { 0 };
        Some((after(self.from)?, after(self.to + overnight)?))
    }
}

/// Who is in which shift, by day.
pub type Plan = BTreeMap<Date, BTreeMap<PersonCode, String>>;

/// The roster of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Its shifts.
    pub shifts: Vec<Shift>,
    /// The weeks at hand, by their Mondays.
    pub weeks: BTreeMap<Date, Plan>,
}

impl Default for Roster {
    /// Three shifts round the clock and a day shift: examples until a unit sets its own.
    fn default() -> Self {
        let shift =
            |name: &str, from: u16, to: u16| Shift { name: name.into(), from: from * 60, to: to * 60 };
        let shifts =
            vec![shift("早班", 6, 14), shift("中班", 14, 22), shift("夜班", 22, 6), shift("日班", 9, 17)];
        Roster { shifts, weeks: BTreeMap::new() }
    }
}

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: Date) -> Date {
    let back = day.weekday().to_monday_zero_offset();
    day.checked_sub(i64::from(back).days()).unwrap_or(day)
}

impl Roster {
    fn shift(&self, name: &str) -> Option<&Shift> {
        self.shifts.iter().find(|s| s.name == name)
    }

    /// The plan of a day.
    pub fn day(&self, day: Date) -> impl Iterator<Item = (&PersonCode, &str)> {
        let plan = self.weeks.get(&monday(day)).and_then(|week| week.get(&day));
        plan.into_iter().flatten().map(|(person, shift)| (person, shift.as_str()))
    }

    /// Who is to be on duty now, with the shift.
    #[must_use]
    pub fn expected(&self, now: Timestamp) -> Vec<(&PersonCode, &Shift)> {
        let today = beijing_date(now);
        let days = [today.yesterday().ok(), Some(today)];
        let on = |(person, name, day)| {
            let shift = self.shift(name)?;
            let (from, to) = shift.on(day)?;
            (from <= now && now < to).then_some((person, shift))
        };
        days.into_iter()
            .flatten()
            .flat_map(|day| self.day(day).map(move |(person, name)| (person, name, day)))
            .filter_map(on)
            .collect()
    }

    /// The shift that somebody is in or that comes next, with its begin and end; as far as it is planned.
    #[must_use]
    pub fn next(&self, person: &PersonCode, now: Timestamp) -> Option<(Timestamp, Timestamp, &Shift)> {
        self.weeks
            .values()
            .flatten()
            .filter_map(|(day, plan)| {
                let shift = self.shift(plan.get(person)?)?;
                let (from, to) = shift.on(*day)?;
                (now < to).then_some((from, to, shift))
            })
            .min_by_key(|(from, ..)| *from)
    }

    /// The shift that ended last, with its begin and end: of those that somebody was planned for, within a week. Of two
    /// that ended together the longer one.
    #[must_use]
    pub fn last(&self, now: Timestamp) -> Option<(Timestamp, Timestamp, &Shift)> {
        let today = beijing_date(now);
        let days = (0..=DAYS_BACK).filter_map(|back| today.checked_sub(back.days()).ok());
        let ended = |(name, day)| {
            let shift = self.shift(name)?;
            let (from, to) = shift.on(day)?;
            (to <= now).then_some((from, to, shift))
        };
        days.flat_map(|day| self.day(day).map(move |(_, name)| (name, day)))
            .filter_map(ended)
            .max_by_key(|(from, to, _)| (*to, std::cmp::Reverse(*from)))
    }

    /// Checks a week, or one day of it, before it is recorded, and keeps the other days and what is over as they were:
    /// what has been is not planned anew.
    ///
    /// # Errors
    /// Not a Monday, over or too far ahead, a day outside the week, an unknown shift, a shift that is over.
    pub(super) fn checked(
        &self,
        week: Date,
        only: Option<Date>,
        mut plan: Plan,
        now: Timestamp,
    ) -> Result<Plan, Refusal> {
        let today = beijing_date(now);
        if week.weekday() != Weekday::Monday {
            return Err(Refusal::invalid("week", format!("{week} 不是星期一。"), "请写一周的星期一。"));
        }
        if week < monday(today) {
            return Err(Refusal::conflict(
                "week-over",
                "这一周已经过去，不能再改班。",
                "请选本周或以后的周。",
            ));
        }
        if monday(today).checked_add(WEEKS_AHEAD.weeks()).is_ok_and(|last| week > last) {
            return Err(Refusal::invalid("week", "排得太远了。", format!("最多排到 {WEEKS_AHEAD} 周以后。")));
        }
        if let Some(day) = plan.keys().chain(only.as_ref()).find(|day| monday(**day) != week) {
            return Err(Refusal::invalid("plan", format!("{day} 不在这一周里。"), "请只排这一周的七天。"));
        }
        let mut names = plan.values().flat_map(BTreeMap::values);
        if let Some(unknown) = names.find(|name| self.shift(name).is_none()) {
            return Err(Refusal::invalid(
                "plan",
                format!("没有“{unknown}”这个班次。"),
                "请从本单位的班次中选择，或先设班次。",
            ));
        }
        let stays = |day: Date| day < today || only.is_some_and(|only| day != only);
        plan.retain(|day, people| !stays(*day) && !people.is_empty());
        let known = self.weeks.get(&week).into_iter().flatten();
        plan.extend(known.filter(|(day, _)| stays(**day)).map(|(day, people)| (*day, people.clone())));
        if week == monday(today) && !stays(today) {
            self.keep_ended(today, &mut plan, now)?;
        }
        Ok(plan)
    }

    /// Today's shifts that have ended stay as they were, and nobody is put into one afterwards.
    fn keep_ended(&self, today: Date, plan: &mut Plan, now: Timestamp) -> Result<(), Refusal> {
        let over = |name: &str| self.shift(name).is_some_and(|shift| shift.over(today, now));
        let known: BTreeMap<&PersonCode, &str> = self.day(today).collect();
        let planned = plan.entry(today).or_default();
        for (person, name) in planned.iter() {
            let before = known.get(person).copied();
            let ended = [before, Some(name.as_str())].into_iter().flatten().find(|name| over(name));
            if let Some(ended) = ended.filter(|_| before != Some(name.as_str())) {
                return Err(Refusal::conflict(
                    "shift-over",
                    format!("今天的“{ended}”已经结束，不能再改。"),
                    "请改排还没有结束的班次；已经结束的保持原样。",
                ));
            }
        }
        for (person, name) in known.into_iter().filter(|(_, name)| over(name)) {
            planned.insert(person.clone(), name.to_owned());
        }
        if planned.is_empty() {
            plan.remove(&today);
        }
        Ok(())
    }

    /// Checks shifts before they are recorded.
    ///
    /// # Errors
    /// None or too many, names that are empty, long or doubled, impossible hours, a name gone that is planned.
    pub(super) fn checked_shifts(&self, shifts: &[Shift], now: Timestamp) -> Result<(), Refusal> {
        let wrong = |words: String| Refusal::invalid("shifts", words, "一行一个班次，如：早班 06:00-14:00。");
        if shifts.is_empty() || shifts.len() > SHIFTS_MAX {
            return Err(wrong(format!("班次要有 1 到 {SHIFTS_MAX} 个。")));
        }
        for (n, shift) in shifts.iter().enumerate() {
            let long = shift.name.chars().count();
            if long == 0 || long > NAME_MAX || shift.name.chars().any(char::is_whitespace) {
                return Err(wrong(format!("班次名称“{}”应为 1 到 {NAME_MAX} 个字，不含空格。", shift.name)));
            }
            if shifts.iter().take(n).any(|s| s.name == shift.name) {
                return Err(wrong(format!("班次“{}”写了两次。", shift.name)));
            }
            if shift.from >= DAY_MINUTES || shift.to >= DAY_MINUTES || shift.from == shift.to {
                return Err(wrong(format!("班次“{}”的起止时间不对。", shift.name)));
            }
        }
        let today = beijing_date(now);
        let planned = self.weeks.values().flatten().filter(|(day, _)| **day >= today);
        let mut names = planned.flat_map(|(_, people)| people.values());
        if let Some(gone) = names.find(|name| !shifts.iter().any(|s| s.name == **name)) {
            return Err(Refusal::conflict(
                "shift-planned",
                format!("今天或以后还有人排了“{gone}”。"),
                "请先改排，再去掉这个班次。",
            ));
        }
        Ok(())
    }

    /// Takes a week over.
    pub(super) fn put(&mut self, week: Date, plan: Plan) {
        self.weeks.insert(week, plan);
        while self.weeks.len() > WEEKS_KEPT {
            self.weeks.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn night() -> Roster {
        let mut roster = Roster::default();
        let person = PersonCode::parse("p1").expect("a code");
        roster.put(
            day("2026-11-23"),
            Plan::from([(day("2026-11-24"), BTreeMap::from([(person, "夜班".into())]))]),
        );
        roster
    }

    #[test]
    fn a_night_shift_reaches_into_the_next_day() {
        let roster = night();
        assert!(roster.expected(at("2026-11-24T21:59:59+08:00")).is_empty());
        assert_eq!(roster.expected(at("2026-11-24T22:00:00+08:00")).len(), 1);
        assert_eq!(roster.expected(at("2026-11-25T05:59:59+08:00")).len(), 1);
        assert!(roster.expected(at("2026-11-25T06:00:00+08:00")).is_empty());
    }

    #[test]
    fn the_next_shift_is_the_one_that_runs_or_comes() {
        let (roster, person) = (night(), PersonCode::parse("p1").expect("a code"));
        let from = |now: &str| roster.next(&person, at(now)).map(|(from, ..)| from);
        assert_eq!(from("2026-11-23T09:00:00+08:00"), Some(at("2026-11-24T22:00:00+08:00")));
        assert_eq!(from("2026-11-25T03:00:00+08:00"), Some(at("2026-11-24T22:00:00+08:00")));
        assert_eq!(from("2026-11-25T06:00:00+08:00"), None);
    }

    #[test]
    fn the_last_shift_is_the_one_that_ended_and_was_planned() {
        let mut roster = night();
        let last =
            |roster: &Roster, now: &str| roster.last(at(now)).map(|(from, to, s)| (from, to, s.name.clone()));
        assert_eq!(last(&roster, "2026-11-25T05:59:59+08:00"), None, "it still runs");
        let ended =
            Some((at("2026-11-24T22:00:00+08:00"), at("2026-11-25T06:00:00+08:00"), "夜班".to_owned()));
        assert_eq!(last(&roster, "2026-11-25T06:00:00+08:00"), ended);
        assert_eq!(last(&roster, "2026-11-25T23:17:00+08:00"), ended, "nobody was planned since");
        assert_eq!(last(&roster, "2026-12-03T06:00:00+08:00"), None, "too long ago to be handed over");
        let person = PersonCode::parse("p2").expect("a code");
        let wednesday = BTreeMap::from([(person, "中班".to_owned())]);
        roster.weeks.get_mut(&day("2026-11-23")).expect("the week").insert(day("2026-11-25"), wednesday);
        assert_eq!(last(&roster, "2026-11-25T21:59:59+08:00"), ended);
        assert_eq!(last(&roster, "2026-11-25T22:00:00+08:00").map(|(.., name)| name), Some("中班".into()));
    }

    #[test]
    fn a_shift_that_is_over_is_neither_planned_nor_changed() {
        let person = |code: &str| PersonCode::parse(code).expect("a code");
        let plan = |people: &[(&str, &str)]| {
            let people = people.iter().map(|(p, shift)| (person(p), (*shift).to_owned())).collect();
            Plan::from([(day("2026-11-24"), people)])
        };
        let mut roster = Roster::default();
        let week = day("2026-11-23");
        roster.put(week, plan(&[("p1", "早班"), ("p2", "中班")]));
        let (two, three) = (at("2026-11-24T13:59:59+08:00"), at("2026-11-24T15:00:00+08:00"));
        let ask = |plan: Plan, now| roster.checked(week, None, plan, now);
        assert_eq!(ask(plan(&[("p1", "中班")]), two), Ok(plan(&[("p1", "中班")])), "it still runs");
        for wrong in [&[("p1", "中班")], &[("p2", "早班")], &[("p3", "早班")]] {
            assert_eq!(ask(plan(wrong), three).expect_err("it is over").code, "shift-over", "{wrong:?}");
        }
        assert_eq!(ask(plan(&[("p2", "夜班")]), three), Ok(plan(&[("p1", "早班"), ("p2", "夜班")])));
        assert_eq!(ask(Plan::new(), three), Ok(plan(&[("p1", "早班")])), "who was there stays");
    }

    #[test]
    fn one_day_is_planned_without_the_others() {
        let person = PersonCode::parse("p1").expect("a code");
        let on = |d: &str, shift: &str| (day(d), BTreeMap::from([(person.clone(), shift.to_owned())]));
        let mut roster = Roster::default();
        let (week, now) = (day("2026-11-23"), at("2026-11-23T05:00:00+08:00"));
        roster.put(week, Plan::from([on("2026-11-24", "早班"), on("2026-11-25", "中班")]));
        let wednesday = Some(day("2026-11-25"));
        let stray = Plan::from([on("2026-11-24", "夜班"), on("2026-11-25", "日班")]);
        let saved = roster.checked(week, wednesday, stray, now);
        assert_eq!(saved, Ok(Plan::from([on("2026-11-24", "早班"), on("2026-11-25", "日班")])));
        let emptied = roster.checked(week, wednesday, Plan::new(), now);
        assert_eq!(emptied, Ok(Plan::from([on("2026-11-24", "早班")])));
        let outside = roster.checked(week, Some(day("2026-12-01")), Plan::new(), now);
        assert_eq!(outside.expect_err("another week").field, Some("plan"));
    }

    #[test]
    fn weeks_long_gone_make_room() {
        let mut roster = Roster::default();
        let mut week = day("2026-01-05");
        for _ in 0..WEEKS_KEPT + 3 {
            roster.put(week, Plan::new());
            week = week.checked_add(1.week()).expect("a day");
        }
        assert_eq!(roster.weeks.len(), WEEKS_KEPT);
        assert!(!roster.weeks.contains_key(&day("2026-01-05")));
    }
}
