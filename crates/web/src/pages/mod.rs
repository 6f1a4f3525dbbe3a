//! Pages for people: complete without JavaScript, a little quicker with it.
//!
//! One file for each page: the page struct that its template is made from, and thin handlers. Forms come from the
//! offers of the procedures (`form`); what is refused is shown where it was tried, with what was typed.

mod account;
mod admin;
mod assets;
mod desk;
mod duty;
mod export;
mod follow;
mod form;
mod list;
mod map;
mod matter;
mod posted;
mod report;
mod rows;
mod shell;
mod sign_in;
mod stats;
mod ui;
mod wall;

use crate::auth::Visit;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use lianzhi_procedure::{Refusal, RefusalKind};

pub use assets::url as asset_url;

/// All pages and their assets.
pub fn router() -> Router<WebState> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-in/second", post(sign_in::second))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/sign-in/enrol", post(sign_in::enrol))
        .route("/account/totp", post(account::enroll))
        .route("/account/totp/confirm", post(account::confirm))
        .route("/account/tokens", post(account::issue))
        .route("/account/tokens/revoke", post(account::revoke))
        .route("/desk", get(desk::show))
        .route("/desk/duty", post(desk::duty))
        .route("/matters", get(list::show))
        .route("/matters/export/{ending}", get(export::list))
        .route("/matters/by-number/{number}", get(matter::by_number))
        .route("/matters/{id}", get(matter::show))
        .route("/matters/{id}/commands/{command}", post(matter::act))
        .route("/matters/{id}/contact", post(matter::contact))
        .route("/matters/{id}/bundle", get(matter::bundle))
        .route("/report", get(report::show).post(report::send))
        .route("/register", get(report::staff_show).post(report::staff_send))
        .route("/follow", get(follow::show).post(follow::look))
        .route("/follow/{command}", post(follow::act))
        .route("/duty", get(duty::show))
        .route("/duty/{unit}", post(duty::act))
        .route("/stats", get(stats::show))
        .route("/map", get(map::show))
        .route("/wall", get(wall::show).post(wall::keep))
        .route("/wall/now", get(wall::renew))
        .route("/wall/stream", get(wall::follow))
        .nest("/admin", admin::router())
        .route("/assets/{digest}/{name}", get(assets::serve))
}

/// A page as an answer.
pub(super) fn page(template: &impl Template) -> Answer<Response> {
    match template.render() {
        Ok(html) => Ok(html_answer(html)),
        Err(error) => {
            tracing::error!(%error, "rendering a page");
            Err(Problem::internal())
        }
    }
}

fn html_answer(html: String) -> Response {
    let mut response = html.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// `GET /`: people at work go to their desk, everybody else to the report form.
async fn home(Visit(visit): Visit) -> Redirect {
    Redirect::to(if visit.session.is_some() { "/desk" } else { "/report" })
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'static str,
    refusal: &'a Refusal,
}

/// A refusal that no page of its own shows: what is wrong, what helps, and a way back. The caller sets the status.
pub fn error_page(refusal: &Refusal) -> Response {
    let title = match refusal.kind {
        RefusalKind::Forbidden => "您没有权限",
        RefusalKind::Missing => "没有找到",
        RefusalKind::Conflict => "情况已经变了",
        RefusalKind::Busy => "请稍等一下",
        RefusalKind::Invalid => "内容有误",
    };
    let html = ErrorPage { title, refusal }.render().unwrap_or_else(|_| ui::escape(&refusal.rule));
    html_answer(html)
}
