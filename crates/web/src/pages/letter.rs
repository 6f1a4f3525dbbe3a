//! `GET /matters/{id}/letters/{node}/{seq}`: a letter between members, as a PDF.

use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use lianzhi_ids::{DocketId, NodeCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Shows a letter; the address may end in `.pdf`.
pub(crate) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, node, seq)): Path<(DocketId, String, String)>,
) -> Answer<Response> {
    let node = NodeCode::parse(&node).map_err(|_| Problem::nothing_here())?;
    let seq = seq.trim_end_matches(".pdf").parse().map_err(|_| Problem::nothing_here())?;
    let letter = state.app.letter(&who.caller, id, &node, seq).await?;
    Ok(pdf(letter.pdf, &letter.name))
}

/// A PDF that only its reader keeps.
pub(super) fn pdf(bytes: Bytes, name: &str) -> Response {
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    if let Ok(value) = HeaderValue::from_str(&format!("inline; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
