//! The web face of a node: pages, JSON API, uploads, live changes, log tiles, health. Thin: it parses, asks the
//! application and dresses the answer.
//!
//! [`router`] is all that the program needs.

pub mod api;
pub mod appearance;
pub mod auth;
pub mod copies;
mod log;
mod media;
mod observe;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod security;
pub mod state;
mod stream;
mod tus;
pub mod upload;

pub use state::{MapConfig, Rates, WebConfig, WebState};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// Room above the largest file for what wraps it in a form, bytes.
const WRAPPING_BYTES: usize = 1024 * 1024;

/// The whole site. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that addresses are known.
pub fn router(state: WebState) -> Router {
    let largest =
        usize::try_from(state.config.file_bytes_max).unwrap_or(usize::MAX).saturating_add(WRAPPING_BYTES);
    let pages = pages::router().layer(axum::extract::DefaultBodyLimit::disable());
    let router = Router::new()
        .merge(observe::router())
        .merge(log::router())
        .merge(openapi::router())
        .merge(api::router(&state))
        .merge(api::file_router(&state))
        .route("/stream", get(stream::stream))
        .merge(appearance::router())
        .merge(pages)
        .fallback(async || problem::Problem::nothing_here());
    // Outermost first.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), observe::measure))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CompressionLayer::new())
        .layer(from_fn(appearance::carry))
        .layer(from_fn_with_state(state.clone(), problem::boundary))
        .layer(CatchPanicLayer::custom(security::panicked))
        .layer(from_fn_with_state(state.clone(), security::timeout))
        .layer(from_fn_with_state(state.clone(), security::same_site))
        .layer(from_fn_with_state(state.clone(), security::limit))
        .layer(RequestBodyLimitLayer::new(largest));
    router.layer(layers).with_state(state)
}
