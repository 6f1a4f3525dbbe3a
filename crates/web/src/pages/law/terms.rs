//! Every statutory term with all that the law data say of it, and where a legal officer confirms one that was not compared with its
//! text.

use super::HERE;
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind};
use crate::pages::posted::Posted;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_law::{Direction, Standing, StatutoryTerm, TermRule};
use lianzhi_procedure::Refusal;
use serde::Deserialize;

/// What a page is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    /// What was just done.
    done: String,
}

/// A term as the page shows it.
struct Row {
    key: String,
    title: String,
    /// 15 个工作日, 倒推 7 个工作日, 法律没有规定天数.
    measure: String,
    /// The agency's own stricter measure and its rule.
    own: String,
    whose: &'static str,
    cited: String,
    place: String,
    /// From when to when it is in force, where that matters.
    dates: String,
    rule: TermRule,
    document: String,
    note: String,
    source: String,
    standing: &'static str,
    open: bool,
    /// Who confirmed it, when, by which text.
    confirmed: String,
    form: Option<Form>,
}

#[derive(Template)]
#[template(path = "law/terms.html")]
struct TermsPage {
    shell: Shell,
    rows: Vec<Row>,
    open: usize,
    done: &'static str,
    refusal: Option<Refusal>,
}

fn row(law: &lianzhi_law::LawData, term: &StatutoryTerm, today: jiff::civil::Date) -> Row {
    let back = if term.direction == Direction::Before { "倒推 " } else { "" };
    let measure =
        term.measure.map_or("法律没有规定天数".to_owned(), |m| format!("{back}{}", m.text()));
    let day = term.in_force_from.unwrap_or(today).max(today);
    let tightened = law.statutory(&term.key, &term.jurisdiction, day).ok().and_then(|t| t.tightened);
    let own = tightened.map(|(own, source)| format!("{back}{}（{source}）", own.text())).unwrap_or_default();
    let dates = match (term.in_force_from, term.in_force_to) {
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("至 {to}"),
        (None, None) => String::new(),
    };
    let confirmed = term.confirmed.as_ref();
    Row {
        key: term.key.to_string(),
        title: term.title.to_string(),
        measure,
        own,
        whose: term.binds.title(),
        cited: term.citation(),
        place: if term.jurisdiction.depth() == 0 { String::new() } else { term.jurisdiction.title() },
        dates,
        rule: term.rule(),
        document: term.document.to_string(),
        note: term.note.to_string(),
        source: term.source.to_string(),
        standing: term.standing.title(),
        open: term.standing == Standing::Unverified,
        confirmed: confirmed
            .map(|c| format!("{} {} 对照 {} 确认", c.date, c.by, c.source))
            .unwrap_or_default(),
        form: None,
    }
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    done: &'static str,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let shell = Shell::new(state, who, "法定期限", HERE);
    let law = state.app.directory().law.clone();
    let today = super::today(state);
    let may = state.app.may(&who.caller, "confirm_basis", None).is_ok();
    let rows: Vec<Row> = law
        .statutes()
        .map(|term| {
            let mut row = row(&law, term, today);
            row.form = (may && row.open && !term.article.is_empty()).then(|| {
                Form::new("/law/terms", &shell.csrf, "已对照原文，确认")
                    .hidden("key", &*term.key)
                    .input(
                        Input::new(Kind::Line, "source", "核对所用的文本")
                            .required()
                            .hint("如 国家法律法规数据库 2026-11-20"),
                    )
                    .id(format!("confirm-{}", term.key).as_str())
            });
            row
        })
        .collect();
    let open = rows.iter().filter(|row| row.open).count();
    page(&TermsPage { shell, rows, open, done, refusal })
}

/// `GET /law/terms`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let done = if asked.done == "confirmed" { "已确认，确认人和日期留存。" } else { "" };
    render(&state, &who, done, None).await
}

/// `POST /law/terms`: a legal officer confirms a term.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let (key, source) = (posted.typed.text("key"), posted.typed.text("source"));
    match state.app.confirm_term(&who.caller, key, source).await {
        Ok(_) => Ok(Redirect::to("/law/terms?done=confirmed").into_response()),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, render(&state, &who, "", Some(refusal)).await?).into_response())
        }
    }
}
