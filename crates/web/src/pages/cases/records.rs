//! The three systems for those who supervise: matters with gaps in their record, and what every number of the yearly report counts.

use super::super::shell::Shell;
use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::publicity::{RecordQuery, RecordRow, Records, WHAT};
use lianzhi_procedure::Refusal;

/// Gaps that stand in a line; the case's page has all of them.
const GAPS_SHOWN: usize = 4;
/// Years back that may be chosen; older ones by the address.
const YEARS: i16 = 5;

/// A matter as a line.
struct Row {
    record: RecordRow,
    state: &'static str,
    says: String,
    /// How much more is missing than is shown.
    more: usize,
}

fn row(mut record: RecordRow) -> Row {
    let missing = record.gaps.len();
    record.gaps.truncate(GAPS_SHOWN);
    let (state, says) = match missing {
        0 => ("done", "记录没有缺项".to_owned()),
        n => ("near", format!("缺 {n} 项")),
    };
    Row { record, state, says, more: missing.saturating_sub(GAPS_SHOWN) }
}

#[derive(Template)]
#[template(path = "case_records.html")]
struct RecordsPage {
    shell: Shell,
    found: Records,
    rows: Vec<Row>,
    what: [(&'static str, &'static str); WHAT.len()],
    year: Option<i16>,
    years: Vec<i16>,
    next: Option<String>,
    refusal: Option<Refusal>,
}

/// `GET /cases/records`.
pub(in super::super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let asked: RecordQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let (mut found, refusal) = match state.app.oversight_records(&who.caller, &asked).await {
        Ok(found) => (found, None),
        // A filter that is none: the usual list, and what was wrong with it.
        Err(refusal) if refusal.field.is_some() => {
            (state.app.oversight_records(&who.caller, &RecordQuery::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let year: Option<i16> = asked.year.and_then(|year| year.parse().ok()).filter(|_| refusal.is_none());
    let this = lianzhi_procedure::beijing_date(state.app.now()).year();
    let rows = std::mem::take(&mut found.records).into_iter().map(row).collect();
    let further = |cursor: String| {
        let year = year.map(|year| format!("&year={year}")).unwrap_or_default();
        format!("/cases/records?what={}{year}&cursor={}", found.what, ui::query(&cursor))
    };
    let shown = RecordsPage {
        shell: Shell::new(&state, &who, "三项制度", "/cases"),
        what: WHAT,
        year,
        years: (0..YEARS).map(|n| this - n).collect(),
        next: found.next.clone().map(further),
        found,
        rows,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}
