//! Money: what came and could not be put to a case, what officers still carry, the bank's file, the books of a period.

pub(super) mod books;
pub(super) mod import;

use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::payments::{HeldRow, PaymentQuery, PaymentRow};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::payment::Stage;
use lianzhi_procedure::penalty::yuan;
use serde::Deserialize;

/// What somebody wants to see.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    /// `handin`: what officers still carry; `unconfirmed`: what was typed and nobody confirmed; else money that came.
    what: String,
    #[serde(flatten)]
    query: PaymentQuery,
}

/// A way through the pages of money.
pub(super) struct Way {
    pub href: &'static str,
    pub title: &'static str,
    pub current: bool,
}

/// The ways that somebody may go.
pub(super) fn ways(state: &WebState, who: &SignedIn, here: &str) -> Vec<Way> {
    let books = state.app.may(&who.caller, "payments", None).is_ok();
    let settles = state.app.may_settle_payments(&who.caller).is_ok();
    let way = |href, title| Way { href, title, current: href == here };
    let mut ways = Vec::new();
    if books {
        ways.push(way("/payments", "到账"));
    }
    ways.push(way("/payments?what=handin", "当场收缴未上缴"));
    ways.push(way("/payments?what=unconfirmed", "登记未确认"));
    if books {
        ways.push(way("/payments/books", "对账"));
    }
    if settles {
        ways.push(way("/payments/import", "导入银行文件"));
    }
    ways
}

#[derive(Template)]
#[template(path = "payments/list.html")]
struct ListPage {
    shell: Shell,
    ways: Vec<Way>,
    stages: Vec<(&'static str, &'static str)>,
    stage: String,
    q: String,
    rows: Vec<PaymentRow>,
    next: Option<String>,
    open: Option<i64>,
    refusal: Option<Refusal>,
}

/// A sum that an officer carries, as a line.
struct Held {
    row: HeldRow,
    state: &'static str,
    left: String,
}

#[derive(Template)]
#[template(path = "payments/held.html")]
struct HeldPage {
    shell: Shell,
    ways: Vec<Way>,
    rows: Vec<Held>,
    late: usize,
    sum: String,
}

/// `GET /payments`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let asked: Asked = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    if asked.what == "unconfirmed" {
        return unconfirmed(&state, &who).await;
    }
    // Whoever does not see the books sees what he carries himself.
    if asked.what == "handin" || state.app.may(&who.caller, "payments", None).is_err() {
        return held(&state, &who).await;
    }
    let query = asked.query;
    let (found, refusal) = match state.app.payments(&who.caller, &query).await {
        Ok(found) => (found, None),
        Err(refusal) if refusal.field.is_some() => {
            (state.app.payments(&who.caller, &PaymentQuery::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let stage = query.stage.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| Stage::Open.code().into());
    let q = query.q.clone().unwrap_or_default();
    let further = |cursor: &String| {
        format!("/payments?stage={}&q={}&cursor={}", ui::query(&stage), ui::query(&q), ui::query(cursor))
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let shown = ListPage {
        shell: Shell::new(&state, &who, "缴款", "/cases"),
        ways: ways(&state, &who, "/payments"),
        stages: Stage::ALL.iter().rev().map(|s| (s.code(), s.title())).chain([("any", "全部")]).collect(),
        next: found.next.as_ref().map(further),
        rows: found.payments,
        open: state.app.payment_differences(&who.caller).await?,
        stage,
        q,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[derive(Template)]
#[template(path = "payments/unconfirmed.html")]
struct UnconfirmedPage {
    shell: Shell,
    ways: Vec<Way>,
    rows: Vec<HeldRow>,
    sum: String,
}

async fn unconfirmed(state: &WebState, who: &SignedIn) -> Answer<Response> {
    let rows = state.app.unconfirmed_payments(&who.caller).await?;
    page(&UnconfirmedPage {
        shell: Shell::new(state, who, "登记未确认的缴款", "/cases"),
        ways: ways(state, who, "/payments?what=unconfirmed"),
        sum: yuan(rows.iter().map(|row| row.fen).sum()),
        rows,
    })
}

async fn held(state: &WebState, who: &SignedIn) -> Answer<Response> {
    let rows = state.app.held(&who.caller).await?;
    let now = state.app.now();
    let sum = rows.iter().map(|row| row.fen).sum();
    let late = rows.iter().filter(|row| row.late).count();
    let line = |row: HeldRow| {
        let (state, left) = ui::term(now, row.due_at, true);
        Held { row, state, left }
    };
    page(&HeldPage {
        shell: Shell::new(state, who, "当场收缴未上缴", "/cases"),
        ways: ways(state, who, "/payments?what=handin"),
        late,
        sum: yuan(sum),
        rows: rows.into_iter().map(line).collect(),
    })
}
