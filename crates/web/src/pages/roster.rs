//! The roster of a unit: a week, its people, their shifts.

use super::form::Typed;
use super::posted::Posted;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use lianzhi_ids::UnitCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::duty::roster::{Plan, Roster, Shift, monday};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Days of a week.
const WEEK: i64 = 7;

struct DayHead {
    weekday: &'static str,
    date: String,
    rest: bool,
    today: bool,
    /// The day alone.
    href: String,
    /// The one that a phone shows.
    shown: bool,
}

/// A shift that may be chosen.
struct Offered {
    name: String,
    chosen: bool,
    /// It has ended: nobody is put into it any more.
    over: bool,
}

struct Cell {
    /// Name of its field.
    name: String,
    day: String,
    shift: String,
    /// What may be chosen instead; empty when it may not be changed.
    offered: Vec<Offered>,
}

struct Row {
    name: String,
    on: bool,
    /// A shift on each of the seven days.
    no_rest: bool,
    cells: Vec<Cell>,
}

struct ShiftLine {
    name: String,
    hours: String,
    /// People of each day.
    counts: Vec<usize>,
    /// People of the day that a phone shows.
    shown: usize,
}

#[derive(Template)]
#[template(path = "roster.html")]
struct RosterPage {
    shell: Shell,
    unit: String,
    unit_name: String,
    week: String,
    from: String,
    to: String,
    days: Vec<DayHead>,
    /// The same with today first, for a phone.
    tabs: Vec<DayHead>,
    /// The day that a phone shows: its place in the week, and itself.
    shown: usize,
    day: String,
    people: Vec<Row>,
    shifts: Vec<ShiftLine>,
    lines: String,
    before: Option<String>,
    after: Option<String>,
    copy: Option<String>,
    copied: bool,
    this_week: bool,
    may: bool,
    done: bool,
    refusal: Option<Refusal>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    week: String,
    /// The day that a phone shows; its week when no week is named.
    #[serde(default)]
    day: String,
    #[serde(default)]
    copy: String,
    #[serde(default)]
    done: String,
}

/// Whoever serves in the unit itself, in the order of their codes.
fn people_of(state: &WebState, unit: &UnitCode) -> Vec<Arc<Person>> {
    let directory = state.app.directory();
    let mut people: Vec<_> = directory
        .people
        .values()
        .filter(|p| p.active && p.posts.iter().any(|x| x.unit == *unit))
        .cloned()
        .collect();
    people.sort_by(|a, b| a.code.cmp(&b.code));
    people
}

fn days_of(week: Date) -> Vec<Date> {
    (0..WEEK).filter_map(|n| week.checked_add(n.days()).ok()).collect()
}

fn field(person: &Person, day: Date) -> String {
    format!("{}.{day}", person.code)
}

/// `早班 06:00-14:00`, as the form takes it.
fn line(shift: &Shift) -> String {
    format!("{} {}", shift.name, shift.hours().replace('–', "-"))
}

/// Shifts as they were typed, one a line.
fn shifts_of(lines: &str) -> Result<Vec<Shift>, Refusal> {
    let minutes = |clock: &str| {
        let (hours, minutes) = clock.trim().split_once([':', '：'])?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let one = |text: &str| {
        let (name, hours) = text.split_once(char::is_whitespace)?;
        let (from, to) = hours.split_once(['-', '–', '—', '~', '至'])?;
        Some(Shift { name: name.to_owned(), from: minutes(from)?, to: minutes(to)? })
    };
    let read = |(n, text): (usize, &str)| {
        one(text).ok_or_else(|| {
            Refusal::invalid(
                "shifts",
                format!("第 {} 行“{text}”看不懂。", n + 1),
                "请写成“名称 起-止”，如：早班 06:00-14:00。",
            )
        })
    };
    lines.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty()).map(read).collect()
}

/// What was posted, and why it was refused.
struct Tried<'a> {
    typed: &'a Typed,
    refusal: Refusal,
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    asked: &Asked,
    tried: Option<Tried<'_>>,
) -> Answer<Response> {
    let (directory, duty, now) = (state.app.directory(), state.app.duty(), state.app.now());
    let today = lianzhi_procedure::beijing_date(now);
    let own = who.person.posts.first().map(|p| p.unit.clone());
    let unit = UnitCode::parse(&asked.unit).ok().filter(|u| directory.units.contains_key(u)).or(own);
    let unit = unit.ok_or_else(|| Refusal::missing("没有这个单位。"))?;
    let day: Option<Date> = asked.day.parse().ok();
    let week = monday(asked.week.parse().ok().or(day).unwrap_or(today));
    let days = days_of(week);
    let place = |day: Date| days.iter().position(|d| *d == day);
    let shown = day.and_then(place).or(place(today)).unwrap_or(0);
    let standard = Arc::new(Roster::default());
    let roster = duty.roster(&unit).unwrap_or(&standard);
    let may = state.app.may_in(&who.caller, "roster", &unit).is_ok();
    let last_week = week.checked_sub(1.week()).ok();
    let copied = !asked.copy.is_empty() && may;
    let ended = |name: &str, day: Date| {
        roster.shifts.iter().find(|s| s.name == name).is_some_and(|shift| shift.over(day, now))
    };
    // Copied from a week ago where this week may still be changed.
    let planned = |person: &Person, day: Date| -> String {
        if let Some(tried) = &tried
            && let Some(typed) = tried.typed.given(&field(person, day))
        {
            return typed.to_owned();
        }
        let of = |day| roster.day(day).find(|(p, _)| **p == person.code).map(|(_, shift)| shift);
        let before = day.checked_sub(1.week()).ok().filter(|_| copied && day >= today);
        let copy = match (before.map(of), of(day)) {
            // What has ended is neither changed nor copied.
            (Some(before), own) if !own.is_some_and(|own| ended(own, day)) => {
                before.filter(|shift| !ended(shift, day))
            }
            (_, own) => own,
        };
        copy.unwrap_or_default().to_owned()
    };
    let people: Vec<Row> = people_of(state, &unit)
        .iter()
        .map(|person| {
            let cells: Vec<Cell> = days
                .iter()
                .map(|day| {
                    let shift = planned(person, *day);
                    let open = may && *day >= today && !ended(&shift, *day);
                    let offered = roster.shifts.iter().filter(|_| open).map(|s| Offered {
                        name: s.name.clone(),
                        chosen: s.name == shift,
                        over: s.over(*day, now),
                    });
                    Cell {
                        name: field(person, *day),
                        day: day.to_string(),
                        offered: offered.collect(),
                        shift,
                    }
                })
                .collect();
            Row {
                name: person.name.clone(),
                on: duty.is_on(&person.code),
                no_rest: cells.iter().all(|c| !c.shift.is_empty()),
                cells,
            }
        })
        .collect();
    let count = |shift: &Shift, n: usize| people.iter().filter(|p| p.cells[n].shift == shift.name).count();
    let shifts = roster
        .shifts
        .iter()
        .map(|s| ShiftLine {
            name: s.name.clone(),
            hours: s.hours(),
            counts: (0..days.len()).map(|n| count(s, n)).collect(),
            shown: count(s, shown),
        })
        .collect();
    let on = day.map(|d| format!("&day={d}")).unwrap_or_default();
    let address = |week: Date| format!("/duty/roster?unit={unit}&week={week}");
    let calendars = directory.law.calendars();
    let head = |(n, day): (usize, &Date)| DayHead {
        weekday: ui::weekday_of(*day),
        date: day.strftime("%m-%d").to_string(),
        rest: !calendars.day(*day).working(),
        today: *day == today,
        href: format!("/duty/roster?unit={unit}&day={day}"),
        shown: n == shown,
    };
    let mut tabs: Vec<DayHead> = days.iter().enumerate().map(head).collect();
    tabs.rotate_left(place(today).unwrap_or(0));
    let typed_lines = tried.as_ref().and_then(|t| t.typed.given("shifts")).map(str::to_owned);
    let status = tried.as_ref().map_or(StatusCode::OK, |t| Problem::from(t.refusal.clone()).status);
    let shown = RosterPage {
        unit: unit.to_string(),
        unit_name: directory.unit_name(&unit).to_owned(),
        from: week.to_string(),
        to: days.last().map(ToString::to_string).unwrap_or_default(),
        days: days.iter().enumerate().map(head).collect(),
        tabs,
        day: days.get(shown).map(ToString::to_string).unwrap_or_default(),
        shown,
        people,
        shifts,
        lines: typed_lines.unwrap_or_else(|| roster.shifts.iter().map(line).collect::<Vec<_>>().join("\n")),
        before: last_week.map(address),
        after: week.checked_add(1.week()).ok().map(address),
        copy: (may && week >= monday(today)).then(|| format!("{}{on}&copy=1", address(week))),
        copied,
        this_week: week == monday(today),
        may,
        done: !asked.done.is_empty(),
        refusal: tried.map(|t| t.refusal),
        week: week.to_string(),
        shell: Shell::new(state, who, "排班", "/duty"),
    };
    Ok((status, page(&shown)?).into_response())
}

/// `GET /duty/roster`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, &asked, None).await
}

/// The command that a form means.
fn command(state: &WebState, unit: &UnitCode, typed: &Typed) -> Result<serde_json::Value, Refusal> {
    if typed.text("command") == "set_shifts" {
        return Ok(json!({ "command": "set_shifts", "shifts": shifts_of(typed.text("shifts"))? }));
    }
    let week: Date = typed
        .text("week")
        .parse()
        .map_err(|_| Refusal::invalid("week", "没有指明是哪一周。", "请从排班页上选一周。"))?;
    let mut plan = Plan::new();
    for person in people_of(state, unit) {
        for day in days_of(week) {
            if let Some(shift) = typed.given(&field(&person, day)) {
                plan.entry(day).or_default().insert(person.code.clone(), shift.to_owned());
            }
        }
    }
    let mut command = json!({ "command": "plan", "week": week, "plan": plan });
    // A phone saves the day that it shows.
    if let Some(day) = typed.given("day") {
        command["day"] = json!(day);
    }
    Ok(command)
}

/// `POST /duty/roster`: saves the week or the shifts.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let unit = UnitCode::parse(typed.text("unit")).map_err(|_| Refusal::missing("没有这个单位。"))?;
    let saved = async {
        let command = command(&state, &unit, typed)?;
        state.app.duty_command(&who.caller, &unit, command).await
    };
    let (week, day) = (typed.text("week").to_owned(), typed.text("day").to_owned());
    match saved.await {
        Ok(_) => {
            let shown = typed.given("day").map(|d| format!("&day={}", ui::query(d))).unwrap_or_default();
            let to = format!("/duty/roster?unit={unit}&week={}{shown}&done=1", ui::query(&week));
            Ok(Redirect::to(&to).into_response())
        }
        Err(refusal) => {
            let asked = Asked { unit: unit.to_string(), week, day, ..Asked::default() };
            render(&state, &who, &asked, Some(Tried { typed, refusal })).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_read_as_people_write_them() {
        let read = shifts_of("早班 06:00-14:00\n\n 夜班  22：00 至 06:30 \n").unwrap();
        assert_eq!(read.iter().map(line).collect::<Vec<_>>(), ["早班 06:00-14:00", "夜班 22:00-06:30"]);
        for wrong in ["早班", "早班 6点到14点", "早班 06:00-24:00", "早班 06:00"] {
            let refusal = shifts_of(&format!("日班 09:00-17:00\n{wrong}")).unwrap_err();
            assert!(refusal.rule.contains("第 2 行"), "{wrong}: {}", refusal.rule);
        }
    }
}
