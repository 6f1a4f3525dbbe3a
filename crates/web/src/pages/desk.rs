//! My desk: what waits for me by term, what I wait for, what changed, and whether I am on duty.

use super::form::{Form, Input, Kind};
use super::posted::Posted;
use super::rows::{Line, act_title};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{Timestamp, ToSpan};
use lianzhi_ids::UnitCode;
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
    due: String,
    law: &'static str,
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
    total: usize,
    awaited: Vec<Line>,
    changed: Vec<Line>,
    changed_since: String,
    on_duty: bool,
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
}

/// The promise behind an act, shown with the to-do. The whole arithmetic stands on the matter's page.
fn promise(what: &str) -> &'static str {
    match what {
        "accept" => "“三个二”服务标准：20 分钟内受理",
        "arrive" => "“三个二”服务标准：受理后 2 小时内到场",
        "answer" => "“三个二”服务标准：24 小时内答复",
        "contact" => "热线工单办理规则：一个工作日内先行联系",
        "handle" => "类别处置时限",
        "verify" => "核查规则：承办人不得核查本件",
        _ => "",
    }
}

/// In which group a term falls: 0 late, 1 today, 2 this week, 3 later or never.
fn urgency(now: Timestamp, due: Option<Timestamp>) -> usize {
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
    done: &'static str,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let desk = state.app.desk(&who.caller).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let sunday = ui::beijing(now).date();
    let sunday = sunday.saturating_add((6 - i64::from(sunday.weekday().to_monday_zero_offset())).days());
    let mut groups = ["已超期", "今天", "本周", "以后"].map(|title| Group {
        title,
        until: String::new(),
        todos: Vec::new(),
    });
    groups[2].until = format!("至 {}", sunday.strftime("%m-%d"));
    let total = desk.waiting.len();
    for item in &desk.waiting {
        let due = item.due;
        let (state, left) = ui::term(now, due.map(Timestamp::as_microsecond), true);
        groups[urgency(now, due)].todos.push(Todo {
            line: Line::new(&item.row, &directory, now),
            what: item.what.to_string(),
            act: act_title(&item.what),
            state,
            left,
            due: due.map(|d| ui::near(now, d)).unwrap_or_default(),
            law: promise(&item.what),
        });
    }
    let shell = Shell::new(state, who, "我的工作台", "/desk");
    let unit = who.person.posts.first().map(|p| p.unit.clone());
    let note = Input::new(Kind::Text, "note", "交接事项").hint("下一班必须知道的事，可不填");
    let go_off = desk.on_duty.then(|| {
        Form::new("/desk/duty", &shell.csrf, "离岗").hidden("command", "go_off").input(note).quiet().id("off")
    });
    let go_on = (!desk.on_duty)
        .then(|| Form::new("/desk/duty", &shell.csrf, "到岗").hidden("command", "go_on").quiet());
    let shown = DeskPage {
        now: ui::long_now(now),
        total,
        groups: groups.into_iter().filter(|g| !g.todos.is_empty()).collect(),
        awaited: desk.awaited.iter().map(|r| Line::new(r, &directory, now)).collect(),
        changed: desk.changed.iter().map(|r| Line::new(r, &directory, now)).collect(),
        changed_since: ui::near(now, desk.changed_since),
        on_duty: desk.on_duty,
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
    let done = match ask.done.as_str() {
        "go_on" => "已到岗，从现在起可以接到自动派单。",
        "go_off" => "已离岗，不再接到自动派单。",
        _ => "",
    };
    render(&state, &who, done, None).await
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
        Ok(_) => Ok(Redirect::to(&format!("/desk?done={done}")).into_response()),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, render(&state, &who, "", Some(refusal)).await?).into_response())
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
