//! What operators see: health, readiness, metrics, one span for each request. Never bodies, telephones, tokens,
//! query strings.

use crate::auth::{self, Visit};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lianzhi_ids::Role;
use lianzhi_procedure::Actor;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Instant;
use tracing::Instrument;

/// Upper bounds of the latency histogram, seconds: around the targets (20 ms, 50 ms) and up to the time-out.
const LATENCY_SECONDS: &[f64] = &[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// The process's counters.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The recorder of this process, installed at the first call: there is one for each process, as with logs.
    #[must_use]
    pub fn global() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let recorder = builder
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), LATENCY_SECONDS)
                .unwrap_or_else(|_| PrometheusBuilder::new())
                .build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder is installed; /metrics shows nothing of the web");
            }
            handle
        });
        Metrics(handle.clone())
    }
}

/// Routes for operators.
pub(crate) fn router() -> Router<WebState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(render))
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The node can take work: the store answers and the node is not going down.
async fn readyz(State(state): State<WebState>) -> Answer<&'static str> {
    let not =
        |rule: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", rule, "请稍候；详情见日志。");
    if state.shutdown.is_cancelled() {
        return Err(not("节点正在停机。"));
    }
    state.app.store().queries.ping().await.map_err(|error| {
        tracing::error!(%error, "store does not answer");
        not("数据库没有应答。")
    })?;
    Ok("ready\n")
}

/// Counters in Prometheus' text format, for the machine itself and for administrators: they tell how busy we are.
async fn render(State(state): State<WebState>, Visit(who): Visit, request: Request) -> Answer<Response> {
    let (parts, _) = request.into_parts();
    let proxied = parts.headers.contains_key("x-forwarded-for") || parts.headers.contains_key("forwarded");
    let local = !proxied && auth::client_address(&parts, &state.config).is_loopback();
    let actor: &Actor = &who.caller.actor;
    if !local && !actor.has(Role::Admin) && !actor.has(Role::Auditor) {
        return Err(Problem::sign_in());
    }
    let head = state.app.store().journal.head().await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    gauge!("lianzhi_log_size").set(head.size as f64);
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    gauge!("lianzhi_queue_depth").set(state.app.queue() as f64);
    state.metrics.0.run_upkeep();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], state.metrics.0.render()).into_response())
}

/// Gives each request an id, a span and its place in the counters.
pub(crate) async fn measure(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let id = state.random_id();
    let span = tracing::info_span!("request", id, %method, route, status = tracing::field::Empty);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let took = begun.elapsed();
    span.record("status", status.as_u16());
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(took_ms = took.as_millis(), "answered");
        } else {
            tracing::debug!(took_ms = took.as_millis(), "answered");
        }
    });
    let labels =
        [("method", method.to_string()), ("route", route.clone()), ("status", status.as_u16().to_string())];
    counter!("lianzhi_http_requests_total", &labels).increment(1);
    histogram!("lianzhi_http_request_seconds", "route" => route).record(took.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
