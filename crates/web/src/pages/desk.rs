//! My desk: what waits for me by term, what I wait for, what changed, and whether I am on duty.

use super::form::{Form, Input, Kind};
use super::posted::Posted;
use super::rows::{Line, act_title, act_title_of, ground};
use super::shell::Shell;
use super::todo::Pages;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{Timestamp, ToSpan};
use lianzhi_app::ListQuery;
use lianzhi_ids::{Role, UnitCode};
use lianzhi_procedure::Refusal;
use serde::Deserialize;
use serde_json::json;

/// Something to do.
struct Todo {
    line: Line,
    what: String,
    act: &'static str,
    state: &'static str,
    left: String,
    until: Option<i64>,
    due: String,
    law: String,
    /// What somebody objected to, of a case.
    objection: String,
    /// The first thing that is missing, and its article, of a case.
    missing: Option<(String, String)>,
}

/// A kind of act that waits, as a tab.
struct Tab {
    title: &'static str,
    what: String,
    count: String,
    current: bool,
}

/// Matters that one waits for, with the list behind them.
struct Wait {
    title: &'static str,
    lines: Vec<Line>,
    href: String,
    more: bool,
}

/// What did not reach another member in time.
struct Late {
    line: Line,
    member: ui::Html,
    due: String,
    error: String,
}

/// The hand-over of the shift before.
struct Handover {
    unit: String,
    span: String,
    open: bool,
    /// Title, number, address of the list behind it, whether it is a bad number.
    figures: Vec<(&'static str, String, String, bool)>,
    /// When, who, what, and whether it was written after the change of shift.
    notes: Vec<(String, String, String, bool)>,
}

/// To-dos with the same urgency.
struct Group {
    title: &'static str,
    until: String,
    todos: Vec<Todo>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    shell: Shell,
    now: String,
    groups: Vec<Group>,
    /// How many there are in all, and of what is shown.
    total: String,
    pages: Pages,
    tabs: Vec<Tab>,
    /// No kind of act is chosen.
    whole: bool,
    only: String,
    /// How many to-dos come before those shown.
    skip: i64,
    awaited: Vec<Wait>,
    undelivered: Vec<Late>,
    handover: Option<Handover>,
    changed: Vec<Line>,
    changed_since: String,
    on_duty: bool,
    /// One goes on and off duty at all: an auditor or an administrator does not.
    shifts: bool,
    /// One may read who looked at what and what was changed.
    audits: bool,
    /// One presides over hearings or handles cases.
    hearings: bool,
    /// When one is to be at work next, by the roster.
    next_shift: Option<String>,
    unit_title: String,
    go_on: Option<Form>,
    go_off: Option<Form>,
    done: &'static str,
    refusal: Option<Refusal>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    done: String,
    /// Show only what waits for this act.
    #[serde(default)]
    what: String,
    /// An open page renews itself: nobody looks anew.
    #[serde(default)]
    again: bool,
    /// How many to-dos come before those shown.
    #[serde(default)]
    skip: String,
}

/// The address of the list behind a question.
fn list_of(query: &ListQuery) -> String {
    let pairs = serde_json::to_value(query).unwrap_or_default();
    let given = pairs.as_object().into_iter().flatten();
    let given = given.filter_map(|(name, value)| Some(format!("{name}={}", ui::query(value.as_str()?))));
    format!("/matters?{}", given.collect::<Vec<_>>().join("&"))
}

/// The hand-over, for those who direct or work on the street: others have no shift.
async fn handover(state: &WebState, who: &SignedIn) -> Answer<Option<Handover>> {
    let shifts = [Role::Dispatcher, Role::SquadLeader, Role::Officer];
    let post = who.person.posts.iter().find(|p| p.roles.iter().any(|r| shifts.contains(r)));
    let Some(post) = post else { return Ok(None) };
    let found = state.app.handover(&who.caller, &post.unit).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let shift = found.shift.map(|name| format!("{name} ")).unwrap_or_default();
    let note = |(at, by, text)| (ui::near(now, at), by, text, at >= found.to);
    Ok(Some(Handover {
        unit: directory.unit_name(&found.unit).to_owned(),
        span: format!("{shift}{} 至 {}", ui::near(now, found.from), ui::near(now, found.to)),
        open: found.open,
        figures: found
            .figures
            .iter()
            .map(|(title, n, query)| {
                let number = n.map_or("100,000+".into(), |n| ui::count(&n));
                (*title, number, list_of(query), *title == "已超期" && *n != Some(0))
            })
            .collect(),
        notes: found.notes.into_iter().map(note).collect(),
    }))
}

/// In which group a term falls: 0 late, 1 today, 2 this week, 3 later or never.
pub(super) fn urgency(now: Timestamp, due: Option<Timestamp>) -> usize {
    let Some(due) = due else { return 3 };
    if due <= now {
        return 0;
    }
    let (today, day) = (ui::beijing(now).date(), ui::beijing(due).date());
    let sunday = today.saturating_add((6 - i64::from(today.weekday().to_monday_zero_offset())).days());
    if day == today {
        1
    } else if day <= sunday {
        2
    } else {
        3
    }
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    ask: &Ask,
    done: &'static str,
    refusal: Option<Refusal>,
    again: bool,
) -> Answer<Response> {
    let skip = ask.skip.parse().unwrap_or(0);
    let desk = async {
        Ok(match again {
            true => state.app.desk_again(&who.caller, Some(&ask.what), skip).await?,
            false => state.app.desk(&who.caller, Some(&ask.what), skip).await?,
        })
    };
    let undelivered = async { Ok(state.app.undelivered(&who.caller).await?) };
    let (desk, handover, undelivered) = tokio::try_join!(desk, handover(state, who), undelivered)?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let sunday = ui::beijing(now).date();
    let sunday = sunday.saturating_add((6 - i64::from(sunday.weekday().to_monday_zero_offset())).days());
    let mut groups = ["已超期", "今天", "本周", "以后"].map(|title| Group {
        title,
        until: String::new(),
        todos: Vec::new(),
    });
    groups[2].until = format!("至 {}", sunday.strftime("%m-%d"));
    let waiting = &desk.waiting;
    let tabs: Vec<Tab> = waiting
        .acts
        .iter()
        .map(|(what, n)| Tab {
            title: act_title(what),
            count: ui::count(n),
            current: waiting.what.as_ref() == Some(what),
            what: what.clone(),
        })
        .collect();
    for item in &waiting.items {
        let due = item.due;
        let way = desk.in_the_way.get(&item.id);
        let (state, left) = ui::term(now, due.map(Timestamp::as_microsecond), true);
        groups[urgency(now, due)].todos.push(Todo {
            line: Line::new(&item.row, &directory, now),
            what: item.what.to_string(),
            act: act_title_of(&item.row.kind, &item.what),
            state,
            left,
            until: due.map(Timestamp::as_microsecond),
            due: due.map(|d| ui::due(now, d)).unwrap_or_default(),
            law: ground(&directory, &item.row, &item.what, now),
            objection: way.and_then(|w| w.objection.clone()).unwrap_or_default(),
            missing: way.and_then(|w| w.missing.clone()),
        });
    }
    let shell = Shell::new(state, who, "我的工作台", "/desk");
    let unit = who.person.posts.first().map(|p| p.unit.clone());
    let form = duty_form(desk.on_duty, &shell.csrf, "/desk");
    let shifts = has_shifts(state, who);
    let (go_on, go_off) =
        if desk.on_duty { (None, Some(form)) } else { (Some(form).filter(|_| shifts), None) };
    let shown = DeskPage {
        now: ui::long_now(now),
        total: ui::count(&waiting.acts.iter().map(|(_, n)| n).sum()),
        pages: Pages::of(waiting, "/desk"),
        groups: groups.into_iter().filter(|g| !g.todos.is_empty()).collect(),
        whole: waiting.what.is_none(),
        only: waiting.what.clone().unwrap_or_default(),
        skip: waiting.before,
        tabs,
        awaited: desk
            .awaited
            .iter()
            .map(|a| Wait {
                title: a.title,
                lines: a.rows.iter().map(|r| Line::new(r, &directory, now)).collect(),
                href: list_of(&a.query),
                more: a.more,
            })
            .collect(),
        undelivered: undelivered
            .into_iter()
            .map(|late| Late {
                line: Line::new(&late.row, &directory, now),
                member: ui::member(late.node.as_str(), &late.name, &false),
                due: ui::near(now, late.due_at),
                error: late.error,
            })
            .collect(),
        handover,
        changed: desk.changed.iter().map(|r| Line::new(r, &directory, now)).collect(),
        changed_since: ui::near(now, desk.changed_since),
        on_duty: desk.on_duty,
        shifts,
        audits: state.app.may(&who.caller, "audit", None).is_ok(),
        hearings: state.app.may(&who.caller, "penalty_hearing", None).is_ok()
            || state.app.may_begin(&who.caller, "penalty_handle").is_ok(),
        next_shift: super::duty::next_shift(state, who),
        unit_title: unit.as_ref().map(|u| directory.unit_name(u).to_owned()).unwrap_or_default(),
        go_on,
        go_off,
        done,
        shell,
        refusal,
    };
    page(&shown)
}

/// `GET /desk`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    render(&state, &who, &ask, duty_said(&ask.done), None, ask.again).await
}

/// Whether somebody goes on and off duty: by the policy, where he would.
pub(super) fn has_shifts(state: &WebState, who: &SignedIn) -> bool {
    duty_unit(state, who).is_some_and(|unit| state.app.may_in(&who.caller, "own_duty", &unit).is_ok())
}

/// Pages from which one goes on and off duty, and to which that leads back.
const DUTY_PAGES: [&str; 3] = ["/desk", "/todo", "/account"];

/// The form with which one goes off duty, or on.
pub(super) fn duty_form(on_duty: bool, csrf: &str, back: &'static str) -> Form {
    let form = |word, command| Form::new("/desk/duty", csrf, word).hidden("command", command);
    let note = Input::new(Kind::Text, "note", "交接事项").hint("下一班必须知道的事，可不填");
    let form = if on_duty { form("离岗", "go_off").input(note) } else { form("到岗", "go_on") };
    form.hidden("back", back).quiet().kept().id("duty")
}

/// What is said after going on or off duty, or after a matter was given away.
pub(super) fn duty_said(done: &str) -> &'static str {
    match done {
        "go_on" => "已到岗，从现在起可以接到自动派单。",
        "go_off" => "已离岗，不再接到自动派单。",
        "gave" => "已办好。这一件转到了您看不到的单位，不再列在您这里。",
        _ => "",
    }
}

/// The unit where somebody goes on or off duty: where he is on, else that of his first post.
fn duty_unit(state: &WebState, who: &SignedIn) -> Option<UnitCode> {
    let duty = state.app.duty();
    let on = duty.people().find(|(p, _)| **p == who.person.code).map(|(_, u)| u.clone());
    on.or_else(|| who.person.posts.first().map(|p| p.unit.clone()))
}

/// `POST /desk/duty`.
pub(super) async fn duty(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let Some(unit) = duty_unit(&state, &who) else {
        return Err(Refusal::missing("您没有所属单位。").into());
    };
    let (command, done) = match posted.typed.text("command") {
        "go_on" => (json!({"command": "go_on", "unit": unit.as_str()}), "go_on"),
        _ => (json!({"command": "go_off", "note": posted.typed.text("note")}), "go_off"),
    };
    match state.app.duty_command(&who.caller, &unit, command).await {
        Ok(_) => {
            let asked = posted.typed.text("back");
            let back = DUTY_PAGES.into_iter().find(|page| *page == asked).unwrap_or("/desk");
            Ok(Redirect::to(&format!("{back}?done={done}")).into_response())
        }
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, render(&state, &who, &Ask::default(), "", Some(refusal), false).await?)
                .into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_ends_on_sunday_and_what_is_late_comes_first() {
        let at = |t: &str| Some(t.parse().expect("a timestamp"));
        let now = "2026-11-25T09:00:00+08:00".parse().expect("a Wednesday");
        assert_eq!(urgency(now, at("2026-11-25T09:00:00+08:00")), 0);
        assert_eq!(urgency(now, at("2026-11-25T23:59:00+08:00")), 1);
        assert_eq!(urgency(now, at("2026-11-29T23:59:00+08:00")), 2);
        assert_eq!(urgency(now, at("2026-11-30T00:00:00+08:00")), 3);
        assert_eq!(urgency(now, None), 3);
    }
}
