//! What protects node and people at the edge: headers, limits, and the refusal of requests that other sites send in
//! somebody's name.

use crate::auth::{self, By};
use crate::problem::{Answer, Problem};
use crate::state::{Rates, WebState};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;

/// Largest body that is not an upload, bytes. The longest text (10,000 characters) fits many times over.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Longest request target, bytes: a filter with everything in it stays far below.
const TARGET_BYTES_MAX: usize = 8 * 1024;

/// Addresses that a limiter remembers at once; about 100 bytes each.
const ADDRESSES_MAX: usize = 100_000;

/// Policy of all pages: everything from here, nothing inline, nobody frames it.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of this node: [`CSP`], and the hosts of map tiles where some are configured.
pub(crate) fn csp(hosts: &[String]) -> HeaderValue {
    let mut policy = CSP.to_owned();
    if !hosts.is_empty() {
        let hosts = hosts.join(" ");
        for source in ["img-src 'self'", "connect-src 'self'"] {
            policy = policy.replace(source, &format!("{source} {hosts}"));
        }
    }
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(CSP))
}

/// What is limited for the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// New reports.
    Intake,
    /// Looking up a report by number and code, and acting on it.
    Follow,
    /// Signing in (also of those who have an account: they are not known yet).
    SignIn,
    /// Uploads.
    Upload,
    /// Look-ups that cost something: suggestions, places.
    Look,
}

/// Rate limits by address, each with bounded memory.
#[derive(Debug)]
pub struct Limits {
    intake: Limit,
    follow: Limit,
    sign_in: Limit,
    upload: Limit,
    look: Limit,
}

#[derive(Debug)]
struct Limit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Limit {
    fn new((burst, per_minute): (u32, u32)) -> Self {
        let one = NonZeroU32::MIN;
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(one))
            .allow_burst(NonZeroU32::new(burst).unwrap_or(one));
        Limit { limiter: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    fn check(&self, address: IpAddr) -> Answer<()> {
        let mut key = neighbourhood(address);
        if self.limiter.len() >= ADDRESSES_MAX {
            self.limiter.retain_recent();
            if self.limiter.len() >= ADDRESSES_MAX {
                // More addresses than we remember are busy at once: that is a flood, and they share one place.
                key = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            }
        }
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Problem::too_often(wait.as_secs().saturating_add(1))
        })
    }
}

/// What one subscriber holds: a whole /64 in IPv6, one address in IPv4.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 => v4,
    }
}

impl Limits {
    /// Limits as configured.
    #[must_use]
    pub fn new(rates: &Rates) -> Self {
        Limits {
            intake: Limit::new(rates.intake),
            follow: Limit::new(rates.follow),
            sign_in: Limit::new(rates.sign_in),
            upload: Limit::new(rates.upload),
            look: Limit::new(rates.look),
        }
    }

    /// Counts one attempt.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, what: Limited, address: IpAddr) -> Answer<()> {
        match what {
            Limited::Intake => &self.intake,
            Limited::Follow => &self.follow,
            Limited::SignIn => &self.sign_in,
            Limited::Upload => &self.upload,
            Limited::Look => &self.look,
        }
        .check(address)
    }
}

/// What a page request of the public counts as. The API names its limits in its own table.
fn limited(method: &Method, path: &str) -> Option<Limited> {
    let post = method == Method::POST;
    let under =
        |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    if under("/sign-in") && post {
        Some(Limited::SignIn)
    } else if matches!(path, "/report/near" | "/report/kinds") && post {
        Some(Limited::Look)
    } else if under("/report") && post {
        // A step of the form, perhaps with photos. What becomes a report is counted as one where it does.
        Some(Limited::Upload)
    } else if under("/follow") && (post || path != "/follow") {
        Some(Limited::Follow)
    } else if path.strip_prefix("/check/").is_some_and(|code| !code.is_empty()) {
        // A code could be guessed at.
        Some(Limited::Follow)
    } else {
        None
    }
}

/// Counts what the public does on pages.
pub(crate) async fn limit(State(state): State<WebState>, request: Request, next: Next) -> Answer<Response> {
    let what = limited(request.method(), request.uri().path());
    let Some(what) = what else { return Ok(next.run(request).await) };
    let (mut parts, body) = request.into_parts();
    let who = auth::identify(&mut parts, &state).await?;
    if who.person().is_none() {
        state.limits.check(what, auth::client_address(&parts, &state.config))?;
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what another site sends in somebody's name: by `Sec-Fetch-Site` and `Origin`, which browsers write
/// themselves. The session's own token is checked besides, by forms ([`crate::form`]) and by [`header_token`].
pub(crate) async fn same_site(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let headers = request.headers();
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > TARGET_BYTES_MAX) {
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "address-too-long",
            "网址太长。",
            "请减少筛选条件。",
        ));
    }
    if changes(request.method()) && !headers.contains_key(header::AUTHORIZATION) {
        let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        let same = match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
            (Some(site), _) => matches!(site, "same-origin" | "none"),
            (None, Some(origin)) => {
                let host = text(header::HOST).or(request.uri().authority().map(|a| a.as_str()));
                origin == state.config.base_url
                    || origin.split_once("://").map(|(_, authority)| authority) == host
            }
            (None, None) => true,
        };
        if !same {
            return Err(foreign());
        }
    }
    Ok(next.run(request).await)
}

fn foreign() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign-form",
        "这个请求不是从本站页面发出的，或页面已过期。",
        "请刷新页面后重新提交；程序请用 Authorization: Bearer。",
    )
}

/// Asks for the session's token in `X-CSRF-Token` on JSON and upload requests that change something.
pub(crate) async fn header_token(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Answer<Response> {
    if !changes(request.method()) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let who = auth::identify(&mut parts, &state).await?;
    if who.by == By::Session {
        let token = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok());
        if !who.csrf_holds(token) {
            return Err(foreign());
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Where to go on after a form: only a path of this site, never another host in disguise; else `otherwise`.
#[must_use]
pub fn own_path<'a>(next: &'a str, otherwise: &'a str) -> &'a str {
    let fine = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.contains(char::is_control);
    if fine { next } else { otherwise }
}

/// Refuses a form without the session's token.
///
/// # Errors
/// 403 when a session is there and the token is not its own.
pub fn check_form_token(who: &auth::Identity, token: Option<&str>) -> Answer<()> {
    if who.csrf_holds(token) { Ok(()) } else { Err(foreign()) }
}

/// Gives up requests that take too long.
pub(crate) async fn timeout(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let upload = changes(request.method())
        && (path.starts_with("/files")
            || request
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|v| v.to_str().ok())
                .is_some_and(|v| v.starts_with("multipart/")));
    let limit = if upload { state.config.upload_timeout } else { state.config.request_timeout };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "请求超时。",
            "请检查网络后重试；带 Idempotency-Key 重试不会重复登记。",
        )
        .into_response(),
    }
}

/// Puts the protecting headers on every answer that has not set stricter ones itself.
pub(crate) async fn headers(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| state.csp.clone());
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(self), microphone=(self), payment=(), usb=(), interest-cohort=()",
    );
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    // What is shown to one person is kept by nobody else.
    put(header::CACHE_CONTROL, "no-store");
    if state.config.secure_cookies {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Answers a panic like any other fault of ours.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_attempts_and_others_have_their_own() {
        let limit = Limit::new((3, 1));
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..3 {
            assert!(limit.check(one).is_ok());
        }
        let problem = limit.check(one).unwrap_err();
        assert_eq!(problem.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(problem.retry_after.is_some_and(|s| (1..=61).contains(&s)));
        assert!(limit.check(other).is_ok());
    }

    #[test]
    fn only_the_hosts_of_configured_tiles_are_let_in_and_only_for_pictures() {
        assert_eq!(csp(&[]), CSP);
        let map = crate::MapConfig {
            tiles: vec![
                "https://t0.tianditu.gov.cn/vec_w/wmts?tk=k&x={x}&y={y}&z={z}".into(),
                "https://t1.tianditu.gov.cn/vec_w/wmts?tk=k&x={x}&y={y}&z={z}".into(),
            ],
            labels: vec!["https://t0.tianditu.gov.cn/cva_w/wmts?tk=k&x={x}&y={y}&z={z}".into()],
            ..crate::MapConfig::default()
        };
        let policy = csp(&map.origins());
        let policy = policy.to_str().unwrap();
        let hosts = "https://t0.tianditu.gov.cn https://t1.tianditu.gov.cn";
        assert!(policy.contains(&format!("img-src 'self' {hosts} data:")), "{policy}");
        assert!(policy.contains(&format!("connect-src 'self' {hosts};")), "{policy}");
        assert_eq!(policy.matches("tianditu").count(), 4, "nowhere else: {policy}");
        // What could end the directive and begin another does not get in.
        let evil = crate::MapConfig { tiles: vec!["https://a;script-src *".into()], ..map };
        assert!(evil.origins().iter().all(|o| !o.contains(';') && !o.contains(' ')), "{:?}", evil.origins());
    }

    #[test]
    fn all_addresses_of_one_subscriber_count_as_one() {
        let a: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let b: IpAddr = "2001:db8:1:2:ffff::9".parse().unwrap();
        let c: IpAddr = "2001:db8:1:3::1".parse().unwrap();
        assert_eq!(neighbourhood(a), neighbourhood(b));
        assert_ne!(neighbourhood(a), neighbourhood(c));
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(neighbourhood(mapped), IpAddr::from([10, 0, 0, 1]));
    }

    #[test]
    fn a_form_leads_on_to_a_path_of_this_site_only() {
        assert_eq!(own_path("/matters?q=a", "/desk"), "/matters?q=a");
        for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nSet-Cookie: b=c"]
        {
            assert_eq!(own_path(evil, "/desk"), "/desk", "{evil}");
        }
    }

    #[test]
    fn what_the_public_does_on_pages_is_counted_where_it_costs_or_can_be_guessed() {
        assert_eq!(limited(&Method::POST, "/sign-in"), Some(Limited::SignIn));
        assert_eq!(limited(&Method::POST, "/report"), Some(Limited::Upload));
        assert_eq!(limited(&Method::GET, "/follow/A-1"), Some(Limited::Follow));
        assert_eq!(limited(&Method::GET, "/follow"), None);
        assert_eq!(limited(&Method::GET, "/check/ABCD"), Some(Limited::Follow));
        assert_eq!(limited(&Method::GET, "/check"), None);
        assert_eq!(limited(&Method::POST, "/report/near"), Some(Limited::Look));
        assert_eq!(limited(&Method::GET, "/reports"), None);
    }
}
