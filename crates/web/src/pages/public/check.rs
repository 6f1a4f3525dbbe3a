//! The check of a paper: by its code, and a file against what was issued.

use super::super::posted::Posted;
use super::super::shell::Frame;
use super::super::{assets, page, ui};
use crate::auth::{Client, Visit};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::publicity::CheckView;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::publicity::Checked;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "public/check.html")]
struct CheckPage {
    frame: Frame,
    view: Option<CheckView>,
    /// The code as it stands in addresses.
    bare: String,
    state: &'static str,
    says: &'static str,
    same: Option<bool>,
    typed: String,
    phone: String,
    refusal: Option<Refusal>,
}

const fn says(standing: Checked) -> (&'static str, &'static str) {
    match standing {
        Checked::InForce => ("done", "有效。"),
        Checked::Corrected => ("done", "有效；文字上的错误已经另行更正，请一并看更正的文书。"),
        Checked::Voided => ("late", "已经作废，没有效力。请以重新制作的文书为准。"),
        Checked::Revoked => ("late", "已经撤销，没有效力。"),
        Checked::Superseded => ("late", "已经失效：所依据的决定已经不再有效，或者已有新的文书代替。"),
        Checked::Changed => ("near", "已经变更，请以复议决定、裁判或者重新作出的决定为准。"),
    }
}

fn shown(state: &WebState, csrf: &str, view: Option<CheckView>) -> CheckPage {
    let standing = view.as_ref().map_or(Checked::InForce, |view| view.standing);
    let (look, words) = says(standing);
    CheckPage {
        frame: Frame::new(state, "文书核验", "check").of(csrf),
        bare: view.as_ref().map(|view| view.code.replace('-', "")).unwrap_or_default(),
        view,
        state: look,
        says: words,
        same: None,
        typed: String::new(),
        phone: state.app.directory().settings.papers.phone.clone(),
        refusal: None,
    }
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    code: String,
}

/// A code that leads nowhere: what may be wrong, with the code still in its field.
fn wrong(state: &WebState, csrf: &str, code: &str, refusal: Refusal) -> Answer<Response> {
    let status = Problem::from(refusal.clone()).status;
    let remedy =
        "请对照文书上的核验码再输一次；仍然查不到的，这份文书可能不是本机关签发的，请拨打本机关电话核实。";
    let refusal = Refusal { remedy: remedy.into(), ..refusal };
    let shown = CheckPage { typed: code.to_owned(), refusal: Some(refusal), ..shown(state, csrf, None) };
    Ok((status, page(&shown)?).into_response())
}

/// `GET /check`: the form; with a code, on to its page.
pub(in super::super) async fn form(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Client(address): Client,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let code = asked.code.trim();
    if code.is_empty() {
        return page(&shown(&state, visit.csrf(), None));
    }
    // A code could be guessed at: counted like those that stand in the address (security.rs).
    if visit.session.is_none() {
        state.limits.check(Limited::Follow, address)?;
    }
    match state.app.check(code).await {
        Ok(view) => Ok(Redirect::to(&format!("/check/{}", view.code.replace('-', ""))).into_response()),
        Err(refusal) if refusal.field.is_some() => wrong(&state, visit.csrf(), code, refusal),
        Err(refusal) => Err(refusal.into()),
    }
}

/// `GET /check/{code}`.
pub(in super::super) async fn by_code(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Path(code): Path<String>,
) -> Answer<Response> {
    match state.app.check(&code).await {
        Ok(view) => page(&shown(&state, visit.csrf(), Some(view))),
        Err(refusal) if refusal.field.is_some() => wrong(&state, visit.csrf(), &code, refusal),
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /check/{code}`: a file is compared here where the browser does not do it. It is not kept.
pub(in super::super) async fn compare(
    State(state): State<WebState>,
    Path(code): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let csrf = posted.identity.csrf();
    let view = match state.app.check(&code).await {
        Ok(view) => view,
        Err(refusal) if refusal.field.is_some() => return wrong(&state, csrf, &code, refusal),
        Err(refusal) => return Err(refusal.into()),
    };
    let (same, refusal) = match posted.file("raw-file") {
        Ok((_, bytes)) => (Some(state.app.same_as_issued(&code, bytes).await?), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let response = page(&CheckPage { same, refusal, ..shown(&state, csrf, Some(view)) })?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}
