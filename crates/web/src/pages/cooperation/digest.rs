//! The digest of a day: what moved in shared matters, once a day for each person.

use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::{Row, line};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use lianzhi_procedure::Refusal;

#[derive(Template)]
#[template(path = "cooperation_digest.html")]
struct DigestPage {
    shell: Shell,
    day: String,
    span: String,
    rows: Vec<Row>,
    more: bool,
    waiting: usize,
    /// The days before and after, as addresses take them.
    before: Option<String>,
    after: Option<String>,
    refusal: Option<Refusal>,
}

/// The address of another day's digest.
fn of(day: Date) -> String {
    day.strftime("%Y-%m-%d").to_string()
}

/// `GET /cooperation/digest`, with `?day=`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|Query(q)| q).unwrap_or_default();
    let typed = asked.iter().find(|(name, _)| name == "day").map(|(_, value)| value.trim());
    let day = match typed.filter(|text| !text.is_empty()).map(str::parse::<Date>) {
        None => Ok(None),
        Some(Ok(day)) => Ok(Some(day)),
        Some(Err(_)) => Err(Refusal::invalid("day", "没有这一天。", "请写成 2026-11-22。")),
    };
    let found = match day {
        Ok(day) => state.app.digest(&who.caller, day).await,
        Err(refusal) => Err(refusal),
    };
    // What is wrong with the day is said above the digest of today.
    let (digest, refusal) = match found {
        Ok(digest) => (digest, None),
        Err(refusal) => (state.app.digest(&who.caller, None).await?, Some(refusal)),
    };
    let now = state.app.now();
    let today = state.app.digest_day();
    let shown = DigestPage {
        shell: Shell::new(&state, &who, "协作摘要", "/cooperation"),
        day: if digest.day == today {
            "今日协作摘要".into()
        } else {
            format!("{} 协作摘要", of(digest.day))
        },
        span: format!("{} 至 {}", ui::full(digest.from), ui::full(digest.until)),
        rows: digest.items.into_iter().map(|row| line(row, now)).collect(),
        more: digest.more,
        waiting: digest.waiting,
        before: digest.day.checked_sub(1.day()).ok().map(of),
        after: digest.day.checked_add(1.day()).ok().filter(|day| *day <= today).map(of),
        refusal,
    };
    let status = shown.refusal.clone().map(|r| Problem::from(r).status);
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}
