//! The node's log as everybody may read it: C2SP tlog-tiles. Salted digests only; nothing of a matter is in it.

use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lianzhi_app::unavailable;

pub(crate) fn router() -> Router<WebState> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/key", get(key))
        .route("/log/tile/{*path}", get(tile))
}

/// The newest signed head, with the witnesses' lines.
async fn checkpoint(State(state): State<WebState>) -> Answer<Response> {
    let note = state.app.served_checkpoint().await.map_err(|e| unavailable(&e))?;
    Ok(text(note.ok_or_else(Problem::nothing_here)?, "no-cache"))
}

/// The key that checks its signature.
async fn key(State(state): State<WebState>) -> Response {
    text(format!("{}\n", state.app.log().verifier_key()), "public, max-age=3600")
}

fn text(text: String, keep: &'static str) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(keep))], text)
        .into_response()
}

/// A tile. A full one never changes; a partial one (`.p/`) is soon replaced by a fuller one.
async fn tile(State(state): State<WebState>, Path(path): Path<String>) -> Answer<Response> {
    let bytes = state.app.tile(&format!("tile/{path}")).await.ok_or_else(Problem::nothing_here)?;
    let keep =
        if path.contains(".p/") { "public, max-age=60" } else { "public, max-age=31536000, immutable" };
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(keep))], bytes)
        .into_response())
}
