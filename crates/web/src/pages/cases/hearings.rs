//! The calendar of hearings.

use super::super::shell::Shell;
use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use lianzhi_app::penalty::HearingRow;

/// The hearings of a day.
struct Day {
    title: String,
    /// Each with its hour.
    rows: Vec<(String, HearingRow)>,
}

#[derive(Template)]
#[template(path = "case_hearings.html")]
struct HearingsPage {
    shell: Shell,
    now: Timestamp,
    days: Vec<Day>,
    waiting: Vec<HearingRow>,
}

/// `GET /hearings`: hearings by day, with place, who presides and the case.
pub(in crate::pages) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let all = state.app.hearings(&who.caller).await?;
    let (called, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.at.is_some());
    let mut days: Vec<Day> = Vec::new();
    for row in called {
        let day = row.at.map(|at| ui::beijing(at).date());
        let title = day.map(|day| format!("{day} {}", weekday(day))).unwrap_or_default();
        let hour = hour(&row);
        match days.last_mut() {
            Some(last) if last.title == title => last.rows.push((hour, row)),
            _ => days.push(Day { title, rows: vec![(hour, row)] }),
        }
    }
    let (shell, now) = (Shell::new(&state, &who, "听证日历", "/cases"), state.app.now());
    page(&HearingsPage { shell, now, days, waiting })
}

fn weekday(day: jiff::civil::Date) -> &'static str {
    match day.weekday() {
        jiff::civil::Weekday::Monday => "周一",
        jiff::civil::Weekday::Tuesday => "周二",
        jiff::civil::Weekday::Wednesday => "周三",
        jiff::civil::Weekday::Thursday => "周四",
        jiff::civil::Weekday::Friday => "周五",
        jiff::civil::Weekday::Saturday => "周六",
        jiff::civil::Weekday::Sunday => "周日",
    }
}

/// The hour of a hearing.
fn hour(row: &HearingRow) -> String {
    row.at.map(|at| ui::beijing(at).strftime("%H:%M").to_string()).unwrap_or_default()
}
