//! The books of a period: sums by day, each number with the lines behind it; the same as a file.

use super::{Way, ways};
use crate::auth::SignedIn;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use lianzhi_app::export::Format;
use lianzhi_app::payments::{BookLine, BookQuery, Reconciliation};
use lianzhi_procedure::{LedgerKind, Refusal};

#[derive(Template)]
#[template(path = "payments/books.html")]
struct BooksPage {
    shell: Shell,
    ways: Vec<Way>,
    books: Reconciliation,
    /// Kinds of which something is there in the period: place, code, words.
    columns: Vec<(usize, &'static str, &'static str)>,
    may_export: bool,
    refusal: Option<Refusal>,
}

impl BooksPage {
    /// A sum in yuan with two places, as columns have it.
    fn sum(sums: &[i64], at: &usize) -> String {
        ui::sum(&sums.get(*at).copied().unwrap_or(0))
    }

    fn zero(sums: &[i64], at: &usize) -> bool {
        sums.get(*at).copied().unwrap_or(0) == 0
    }

    /// Where a number leads.
    fn href(&self, code: &str, day: &str) -> String {
        let (from, to) =
            if day.is_empty() { (self.books.from.as_str(), self.books.to.as_str()) } else { (day, day) };
        format!("/payments/lines?what={code}&from={from}&to={to}")
    }
}

fn asked(uri: &Uri) -> BookQuery {
    Query::try_from_uri(uri).map(|Query(query)| query).unwrap_or_default()
}

/// `GET /payments/books`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let query = asked(&uri);
    let (books, refusal) = match state.app.reconciliation(&who.caller, &query).await {
        Ok(books) => (books, None),
        Err(refusal) if refusal.field.is_some() => {
            (state.app.reconciliation(&who.caller, &BookQuery::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let used = |at: &usize| {
        books.total.sums.get(*at).is_some_and(|n| *n != 0)
            || books.days.iter().any(|d| d.sums.get(*at).is_some_and(|n| *n != 0))
    };
    let columns = books.kinds.iter().enumerate().filter(|(at, _)| used(at));
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let shown = BooksPage {
        shell: Shell::new(&state, &who, "罚没款对账", "/cases"),
        ways: ways(&state, &who, "/payments/books"),
        columns: columns.map(|(at, (code, title))| (at, *code, *title)).collect(),
        may_export: state.app.may(&who.caller, "export", None).is_ok(),
        books,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[derive(Template)]
#[template(path = "payments/lines.html")]
struct LinesPage {
    shell: Shell,
    ways: Vec<Way>,
    title: &'static str,
    query: BookQuery,
    rows: Vec<BookLine>,
    next: Option<String>,
}

/// `GET /payments/lines`: what a number of the books is made of.
pub(in crate::pages) async fn lines(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let query = asked(&uri);
    let (rows, more) = state.app.book_lines(&who.caller, &query).await?;
    let what = query.what.clone().unwrap_or_default();
    let at = query.skip.unwrap_or(0) + u32::try_from(rows.len()).unwrap_or(0);
    let (from, to) = (query.from.clone().unwrap_or_default(), query.to.clone().unwrap_or_default());
    let further = || {
        format!(
            "/payments/lines?what={}&from={}&to={}&skip={at}",
            ui::query(&what),
            ui::query(&from),
            ui::query(&to)
        )
    };
    page(&LinesPage {
        shell: Shell::new(&state, &who, "对账明细", "/cases"),
        ways: ways(&state, &who, ""),
        title: LedgerKind::from_code(&what).map_or("全部", LedgerKind::title),
        next: more.then(further),
        rows,
        query,
    })
}

/// `GET /payments/books/export/{ending}`.
pub(in crate::pages) async fn file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    uri: Uri,
) -> Answer<Response> {
    let format = Format::from_ending(&ending).filter(|f| *f != Format::GeoJson);
    let format = format.ok_or_else(Problem::nothing_here)?;
    let bytes = state.app.reconciliation_file(&who.caller, &asked(&uri), format).await?;
    let name = format!("attachment; filename=\"reconciliation.{}\"", format.ending());
    Ok(([(header::CONTENT_TYPE, format.media().to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
