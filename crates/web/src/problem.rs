//! Errors as RFC 9457 problems: one type for every "no" that leaves the house, and one boundary that turns whatever
//! a layer below answered into it, or into a page when a browser asks.

use crate::state::WebState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::ports::StoreError;
use lianzhi_procedure::{HOUSE_RULES, Refusal, RefusalKind};
use serde_json::json;

/// Result of a handler.
pub type Answer<T> = Result<T, Problem>;

/// A refusal with its HTTP clothes.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Status.
    pub status: StatusCode,
    /// The rule broken, its source and the way on.
    pub refusal: Box<Refusal>,
    /// The field at fault when it is not one that the procedures name.
    pub field: Option<String>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of the transport.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        rule: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let kind = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => RefusalKind::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::GONE => RefusalKind::Missing,
            StatusCode::CONFLICT => RefusalKind::Conflict,
            s if s.is_server_error() || s == StatusCode::TOO_MANY_REQUESTS => RefusalKind::Busy,
            _ => RefusalKind::Invalid,
        };
        let refusal = Refusal {
            kind,
            code,
            field: None,
            rule: rule.into(),
            source_text: HOUSE_RULES.into(),
            remedy: remedy.into(),
        };
        Problem { status, refusal: Box::new(refusal), field: None, retry_after: None }
    }
    /// The request cannot be understood (400).
    pub fn malformed(code: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, rule, remedy)
    }
    /// Somebody has to sign in first (401).
    #[must_use]
    pub fn sign_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "sign-in-required",
            "这里需要登录。",
            "请先登录；程序请在请求头 Authorization: Bearer 中带上有效令牌。",
        )
    }
    /// Nothing under this address (404).
    #[must_use]
    pub fn nothing_here() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no-such-address", "没有这个地址。", "请核对网址，或从首页进入。")
    }
    /// Too large (413).
    #[must_use]
    pub fn too_large(bytes_max: u64) -> Self {
        let rule = match bytes_max {
            0..1_048_576 => format!("内容太大：最多 {} KB。", bytes_max / 1024),
            _ => format!("内容太大：最多 {} MB。", bytes_max / 1_048_576),
        };
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            rule,
            "请缩小或分开后再传；大文件请用 /files 续传。",
        )
    }
    /// Too often (429).
    #[must_use]
    pub fn too_often(seconds: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-often",
            "操作太频繁。",
            format!("请 {seconds} 秒后再试；工作人员请登录后操作。"),
        );
        problem.retry_after = Some(seconds);
        problem
    }
    /// Our own fault (500); what happened is in the log, not in the answer.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "程序出错了，已记入日志。",
            "请稍后再试；仍不行请把页面上的请求编号（X-Request-Id）告诉管理员。",
        )
    }
    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
    fn of_status(status: StatusCode, bytes_max: u64) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::nothing_here(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "method-not-allowed",
                "这个地址不支持这种请求方法。",
                "请从页面上的按钮操作；程序可用的方法见响应头 Allow。",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(bytes_max),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(
                status,
                "media-type",
                "请求内容的类型不对。",
                "JSON 接口请用 Content-Type: application/json。",
            ),
            StatusCode::REQUEST_TIMEOUT => Self::new(status, "timeout", "请求超时。", "请检查网络后重试。"),
            StatusCode::UNAUTHORIZED => Self::sign_in(),
            s if s.is_server_error() => Self { status: s, ..Self::internal() },
            s => Self::new(
                s,
                "bad-request",
                "请求无法处理。",
                "请返回上一页重试；程序请核对请求的地址、参数和内容。",
            ),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, retry_after) = match (refusal.kind, refusal.code) {
            (RefusalKind::Forbidden, "sign-in") => (StatusCode::UNAUTHORIZED, None),
            (RefusalKind::Forbidden, _) => (StatusCode::FORBIDDEN, None),
            (RefusalKind::Invalid, _) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            (RefusalKind::Conflict, _) => (StatusCode::CONFLICT, None),
            (RefusalKind::Missing, _) => (StatusCode::NOT_FOUND, None),
            (RefusalKind::Busy, code) if code.starts_with("too-") => {
                (StatusCode::TOO_MANY_REQUESTS, Some(60))
            }
            (RefusalKind::Busy, _) => (StatusCode::SERVICE_UNAVAILABLE, Some(2)),
        };
        Problem { status, refusal: Box::new(refusal), field: None, retry_after }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Refusal::missing("没有找到。").into(),
            StoreError::Full(_) => {
                tracing::error!(%error, "no room");
                Self::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "disk-full",
                    "磁盘已满，暂时不能保存。",
                    "请联系管理员清理磁盘后再试。",
                )
            }
            StoreError::HeadMoved => Refusal::busy("数据刚被改动。", "请重试。").into(),
            StoreError::Engine(_) | StoreError::Damaged(_) => {
                tracing::error!(%error, "storage");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let refusal = &self.refusal;
        let mut body = json!({
            "type": format!("urn:lianzhi:problem:{}", refusal.code),
            "title": refusal.rule,
            "status": self.status.as_u16(),
            "detail": refusal.to_string(),
            "code": refusal.code,
            "rule": refusal.rule,
            "source": refusal.source_text,
            "remedy": refusal.remedy,
        });
        if let Some(field) = self.field.as_deref().or(refusal.field) {
            body["field"] = field.into();
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"lianzhi\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether whoever asks wants a page and not data.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
        || headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

/// The one boundary: every error answer becomes a problem, and a page when a browser asks.
pub(crate) async fn boundary(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let page = wants_page(request.headers()) && !request.uri().path().starts_with("/api/v1");
    let get = request.method() == Method::GET;
    let back = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if problem.is_none() && kind.starts_with("text/html") {
        return response;
    }
    let kept: Vec<_> = [header::ALLOW, header::RETRY_AFTER, header::CONTENT_RANGE, header::WWW_AUTHENTICATE]
        .into_iter()
        .filter_map(|name| response.headers().get(&name).cloned().map(|value| (name, value)))
        .collect();
    let mut answer = match problem {
        Some(p) if page && get && p.status == StatusCode::UNAUTHORIZED => {
            let next = percent_encoding::utf8_percent_encode(&back, percent_encoding::NON_ALPHANUMERIC);
            return Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        Some(p) if page => dressed(&p),
        Some(_) => return response,
        None => {
            // Only what is larger than any file is cut off before a handler sees it.
            let p = Problem::of_status(status, state.config.file_bytes_max);
            if page { dressed(&p) } else { p.into_response() }
        }
    };
    for (name, value) in kept {
        answer.headers_mut().entry(name).or_insert(value);
    }
    answer
}

fn dressed(problem: &Problem) -> Response {
    let mut page = crate::pages::error_page(&problem.refusal);
    *page.status_mut() = problem.status;
    page
}
