//! Errors on the wire: RFC 9457 problems with a stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lianzhi_app::ports::StoreError;
use lianzhi_exchange::http::HttpError;
use lianzhi_exchange::refusal::Refusal;
use serde_json::json;

/// A "no".
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    code: String,
    detail: String,
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem { status, code: code.into(), detail: detail.into(), retry_after: None }
    }

    /// Nothing there, or nothing for this member: it learns no difference.
    pub(crate) fn nothing_here() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "没有该内容，或发出请求的节点不是参与方。")
    }

    pub(crate) fn too_large(max: usize) -> Problem {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("请求内容超过 {max} 字节。"))
    }

    pub(crate) fn too_often() -> Problem {
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", "请求过于频繁，请稍后再试。");
        Problem { retry_after: Some(1), ..problem }
    }
}

impl From<HttpError> for Problem {
    fn from(error: HttpError) -> Problem {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED);
        Problem::new(status, error.code(), error.to_string())
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Problem {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::FORBIDDEN);
        Problem::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        tracing::error!(%error, "the exchange could not read or write");
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "本节点暂时不可用，请稍后再试。");
        Problem { retry_after: Some(5), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank", "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(), "code": self.code, "detail": self.detail,
        });
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
