//! Pages for people: complete without JavaScript, a little quicker with it.
//!
//! One file for each page: the page struct that its template is made from, and thin handlers. Forms come from the
//! offers of the procedures (`form`); what is refused is shown where it was tried, with what was typed.

mod account;
mod admin;
mod assets;
mod board;
mod bulk;
mod cases;
mod citizen;
mod compact;
mod cooperation;
mod desk;
mod duty;
mod export;
mod follow;
mod form;
mod goods;
mod hand;
mod law;
pub(crate) mod letter;
mod list;
pub(crate) mod map;
mod matter;
mod meetings;
mod payments;
mod posted;
pub(crate) mod public;
mod report;
mod roster;
mod rows;
mod saved;
mod shell;
mod sign_in;
mod spot;
mod stats;
mod style;
mod sums;
mod todo;
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
        .route("/matters/sums", get(sums::show))
        .route("/matters/columns", post(saved::columns))
        .route("/matters/views", get(saved::show).post(saved::save))
        .route("/matters/views/{id}", post(saved::change))
        .route("/matters/bulk", post(bulk::choose))
        .route("/matters/bulk/preview", post(bulk::preview))
        .route("/matters/bulk/run", post(bulk::run))
        .route("/matters/bulk/one", post(bulk::one))
        .route("/matters/export/{ending}", get(export::list))
        .route("/board", get(board::show))
        .route("/board/column", get(board::more))
        .route("/board/cards", get(board::cards))
        .route("/board/matter/{id}", get(board::matter))
        .route("/board/matter/{id}/{command}", post(board::act))
        .route("/matters/by-number/{number}", get(matter::by_number))
        .route("/matters/{id}", get(matter::show))
        .route("/matters/{id}/commands/{command}", post(matter::act))
        .route("/matters/{id}/contact", post(matter::contact))
        .route("/matters/{id}/bundle", get(matter::bundle))
        .route("/matters/{id}/print", get(matter::print))
        .route("/matters/{id}/pay/{party}", get(matter::pay))
        .route("/matters/{id}/letters/{node}/{seq}", get(letter::show))
        .route("/matters/{id}/particulars", post(matter::particulars))
        .route("/matters/{id}/parties/{party}", post(matter::party))
        .route("/matters/{id}/papers/{n}", get(matter::paper))
        .route("/matters/{id}/drafts/{proposal}", get(matter::draft))
        .route("/matters/{id}/file.pdf", get(matter::whole_file))
        .route("/matters/{id}/folios/{folio}", get(matter::folio).post(matter::fill_folio))
        .route("/matters/{id}/folios/{folio}/scan", post(matter::scan_folio))
        .route("/matters/{id}/folios/{folio}/seal", post(matter::seal_folio))
        .route("/matters/{id}/folios/{folio}/sign", post(matter::sign_folio))
        .route("/matters/{id}/sign", post(matter::sign_spot))
        .route("/matters/{id}/slip.pdf", get(spot::paper))
        .route("/spot/new", get(spot::begin::spot).post(spot::begin::send_spot))
        .route("/slip/new", get(spot::begin::slip).post(spot::begin::send_slip))
        .route("/cases", get(cases::show))
        .route("/cases/new", get(cases::begin::show).post(cases::begin::send))
        .route("/cases/reviews", get(cases::reviews))
        .route("/cases/court", get(cases::court))
        .route("/hearings", get(cases::hearings::show))
        .route("/cases/records", get(cases::records::show))
        .route("/cases/numbers", get(cases::numbers::show))
        .route("/public", get(public::index))
        .route("/public/powers", get(public::powers))
        .route("/public/people", get(public::people))
        .route("/public/procedures", get(public::procedures))
        .route("/public/items", get(public::items))
        .route("/public/reviews", get(public::reviews))
        .route("/public/decisions", get(public::decisions))
        .route("/public/decisions/{id}", get(public::decision))
        .route("/public/annual", get(public::annual))
        .route("/check", get(public::check))
        .route("/check/{code}", get(public::by_code).post(public::compare))
        .route("/payments", get(payments::show))
        .route("/payments/import", get(payments::import::show).post(payments::import::upload))
        .route("/payments/import/run", post(payments::import::run))
        .route("/payments/books", get(payments::books::show))
        .route("/payments/books/export/{ending}", get(payments::books::file))
        .route("/payments/lines", get(payments::books::lines))
        .route("/goods", get(goods::show))
        .route("/goods/stocktakes/new", get(goods::count::show).post(goods::count::send))
        .route("/goods/{docket}/{thing}", get(goods::thing))
        .route("/goods/{docket}/{thing}/label", get(goods::label))
        .route("/cases/stats", get(cases::stats::show))
        .route("/cases/stats/export/{ending}", get(cases::stats::file))
        .route("/cooperation", get(cooperation::show))
        .route("/cooperation/digest", get(cooperation::digest::show))
        .route("/cooperation/new/{form}", get(cooperation::begin::show).post(cooperation::begin::send))
        .route("/report", get(citizen::show).post(citizen::send))
        .route("/report/near", post(citizen::near))
        .route("/report/kinds", post(citizen::search))
        .route("/district", get(citizen::district))
        .route("/privacy", get(citizen::privacy))
        .route("/todo", get(todo::show))
        .route("/todo/{id}/{command}", post(todo::act))
        .route("/register", get(report::staff_show).post(report::staff_send))
        .route("/follow", get(follow::show).post(follow::look))
        .route("/follow/{command}", post(follow::act))
        .route("/duty", get(duty::show))
        .route("/duty/roster", get(roster::show).post(roster::save))
        .route("/duty/{unit}", post(duty::act))
        .route("/compact", get(compact::show))
        .route("/compact/found", get(compact::show_found).post(compact::found))
        .route("/compact/join", get(compact::show_join).post(compact::join))
        .route("/compact/card", get(compact::card).post(compact::keep_card))
        .route("/compact/list", get(compact::list))
        .route("/compact/list/{id}", get(compact::entry).post(compact::propose_entry))
        .route("/compact/{command}", post(compact::act))
        .route("/meetings", get(meetings::meetings::all))
        .route("/meetings/new", get(meetings::meetings::new).post(meetings::meetings::open))
        .route("/meetings/{id}", get(meetings::meetings::show))
        .route("/meetings/{id}/{command}", post(meetings::meetings::act))
        .route("/plans", get(meetings::plans::all))
        .route("/plans/new", get(meetings::plans::new).post(meetings::plans::open))
        .route("/plans/{id}", get(meetings::plans::show))
        .route("/plans/{id}/{command}", post(meetings::plans::act))
        .route("/law", get(law::list))
        .route("/law/items", get(law::items::show).post(law::items::send))
        .route("/law/items/export/{ending}", get(law::items::export))
        .route("/law/items/new", get(law::entry::new).post(law::entry::send_new))
        .route("/law/items/{code}", get(law::item).post(law::confirm))
        .route("/law/items/{code}/{what}", get(law::entry::part).post(law::entry::send_part))
        .route("/law/benchmarks", get(law::benchmarks::show))
        .route("/law/benchmarks/{what}", post(law::benchmarks::send))
        .route("/law/entered/{kind}", get(law::entered::show).post(law::entered::confirm))
        .route("/law/entered/{kind}/new", get(law::entered::new).post(law::entered::send))
        .route("/law/entered/{kind}/export", get(law::entered::export))
        .route("/law/terms", get(law::terms::show).post(law::terms::send))
        .route("/law/compare", get(law::compare::show))
        .route("/law/calculator", get(law::calculator::show))
        .route("/stats", get(stats::show))
        .route("/stats/export/{ending}", get(stats::file))
        .route("/stats/report/{month}", get(stats::month))
        .route("/map", get(map::show))
        .route("/map/base.json", get(map::layers::base))
        .route("/map/divisions.geojson", get(map::layers::divisions))
        .route("/map/grids.geojson", get(map::layers::grids))
        .route("/map/matters.geojson", get(map::points::matters))
        .route("/map/side", get(map::points::side))
        .route("/map/cards", get(map::points::cards))
        .route("/map/place", get(map::points::place))
        .route("/matters/{id}/route.geojson", get(map::points::route))
        .route("/style", get(style::show))
        .route("/wall", get(wall::show).post(wall::keep))
        .route("/wall/now", get(wall::renew))
        .route("/wall/stream", get(wall::follow))
        .nest("/admin", admin::router())
        .route("/assets/{digest}/{*name}", get(assets::serve))
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
