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

/// How quickly pages were answered since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Latency {
    /// The route.
    pub route: String,
    /// Requests answered.
    pub n: u64,
    /// Half of them were answered within so many milliseconds.
    pub half_ms: u64,
    /// 95 of 100 were.
    pub most_ms: u64,
}

impl Metrics {
    /// How quickly routes were answered, those asked for most first.
    pub(crate) fn latencies(&self) -> Vec<Latency> {
        latencies(&self.0.render())
    }
}

/// Reads the histogram of latencies out of Prometheus' text. A share is said by the upper bound of its bucket.
fn latencies(text: &str) -> Vec<Latency> {
    let mut routes: std::collections::BTreeMap<String, Vec<(u64, u64)>> = std::collections::BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("lianzhi_http_request_seconds_bucket{") else { continue };
        let Some((labels, n)) = rest.rsplit_once("} ") else { continue };
        let label = |name: &str| {
            let (_, value) = labels.split_once(&format!("{name}=\""))?;
            value.split_once('"').map(|(value, _)| value)
        };
        let (Some(route), Some(le), Ok(n)) = (label("route"), label("le"), n.trim().parse::<u64>()) else {
            continue;
        };
        let bound = match le.parse::<f64>() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "milliseconds below a minute"
            )]
            Ok(seconds) if seconds.is_finite() => (seconds * 1000.0).round() as u64,
            _ => u64::MAX,
        };
        routes.entry(route.to_owned()).or_default().push((bound, n));
    }
    let mut out: Vec<Latency> = routes
        .into_iter()
        .filter_map(|(route, mut buckets)| {
            buckets.sort_unstable();
            let n = buckets.last()?.1;
            let within = |percent: u64| {
                buckets
                    .iter()
                    .find(|(_, seen)| seen * 100 >= n * percent)
                    .map_or(u64::MAX, |(bound, _)| *bound)
            };
            Some(Latency { n, half_ms: within(50), most_ms: within(95), route })
        })
        .filter(|latency| latency.n > 0)
        .collect();
    out.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.route.cmp(&b.route)));
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_the_buckets() {
        let text = "# TYPE x histogram\n\
            lianzhi_http_request_seconds_bucket{route=\"/desk\",le=\"0.005\"} 60\n\
            lianzhi_http_request_seconds_bucket{route=\"/desk\",le=\"0.02\"} 96\n\
            lianzhi_http_request_seconds_bucket{route=\"/desk\",le=\"+Inf\"} 100\n\
            lianzhi_http_request_seconds_bucket{route=\"/a\",le=\"+Inf\"} 0\n\
            other 3\n";
        assert_eq!(latencies(text), [Latency { route: "/desk".into(), n: 100, half_ms: 5, most_ms: 20 }]);
    }
}
