//! Calling other members: signed requests, bounded answers.

use crate::address::{AddressError, Base, Guarded};
use crate::{Config, PATH};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use lianzhi_app::App;
use lianzhi_exchange::capabilities::PROTOCOL_VERSION;
use lianzhi_exchange::compact::Member;
use lianzhi_exchange::http as hop;
use lianzhi_ids::NodeCode;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer may take to begin, and a small one to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// Connections to one member that are kept for the next request.
const IDLE_MAX: usize = 4;

type Body = hyper::body::Incoming;
use hyper_util::client::legacy::Error as PoolError;

/// A call that failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The address is not called.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// This node has no key for the exchange.
    #[error("本节点没有交换密钥")]
    NoKey,
    /// The roster names no address of the member.
    #[error("名册中没有该成员的地址")]
    NoAddress,
    /// The request cannot be signed.
    #[error(transparent)]
    Sign(#[from] hop::HttpError),
    /// No connection, or it broke.
    #[error("连接失败：{0}")]
    Connection(String),
    /// Too slow.
    #[error("对方没有在时限内答复")]
    Slow,
    /// The answer is longer than it may be.
    #[error("对方的答复超过 {0} 字节")]
    TooLong(usize),
    /// The answer is not of the form.
    #[error("对方的答复不符合协议：{0}")]
    Form(String),
    /// The other side answered with an error.
    #[error("对方答复 {status}：{message}")]
    Status {
        /// HTTP status.
        status: StatusCode,
        /// Code of the problem.
        code: String,
        /// Words.
        message: String,
    },
}

impl CallError {
    /// Whether the other side was not reached at all.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        matches!(self, CallError::Connection(_) | CallError::Slow)
    }
}

/// A request to a member.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Below [`PATH`], with the query.
    pub(crate) path: &'a str,
    pub(crate) media: Option<&'static str>,
    pub(crate) body: Bytes,
    pub(crate) range: Option<String>,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: &'a str) -> Call<'a> {
        Call { method: Method::GET, path, media: None, body: Bytes::new(), range: None }
    }
    pub(crate) fn post(path: &'a str, media: &'static str, body: impl Into<Bytes>) -> Call<'a> {
        Call { method: Method::POST, path, media: Some(media), body: body.into(), range: None }
    }
}

/// Calls members by the addresses that the roster names. Follows no redirects.
#[derive(Clone)]
pub struct Client {
    app: App,
    pool: Pool<HttpsConnector<HttpConnector<Guarded>>, Full<Bytes>>,
    allow_private: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> CallError {
    // The innermost cause says what happened.
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    CallError::Connection(cause.to_string())
}

/// Whether whoever answered has no exchange: every answer of one names the epoch in force there.
fn is_no_exchange(response: &Response<Body>) -> bool {
    response.status() == StatusCode::NOT_FOUND && !response.headers().contains_key(crate::HEADER_EPOCH)
}

impl Client {
    /// A client of this node.
    ///
    /// # Errors
    /// When the machine's certificates or the configured ones cannot be read.
    pub fn new(app: App, config: &Config) -> Result<Client, crate::TlsError> {
        let mut connector = HttpConnector::new_with_resolver(Guarded { allow_private: config.allow_private });
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(crate::tls::client(config.tls.as_ref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(IDLE_MAX)
            .build(https);
        Ok(Client { app, pool, allow_private: config.allow_private })
    }

    /// Calls a member at the first of its addresses at which its exchange answers, beginning with the one that did last. A server
    /// that knows no such address may have given the exchange away to a listener of its own: it is looked for further on.
    pub(crate) async fn call(&self, member: &Member, call: Call<'_>) -> Result<Response<Body>, CallError> {
        let last = self.app.address_of(&member.node);
        let mut addresses: Vec<&String> = member.addresses.iter().collect();
        addresses.sort_by_key(|address| last.as_ref() != Some(*address));
        let version = self.app.version_with(&member.node);
        let mut failed = CallError::NoAddress;
        let mut elsewhere = None;
        for address in addresses {
            let tried = match Base::parse(address, self.allow_private) {
                Ok(base) => self.call_by(&base, &call, version).await,
                Err(error) => Err(error.into()),
            };
            match tried {
                Ok(response) if is_no_exchange(&response) => elsewhere = elsewhere.or(Some(response)),
                Ok(response) => {
                    self.note(&member.node, Some(address), response.headers()).await;
                    return Ok(response);
                }
                Err(error) => failed = error,
            }
        }
        if let Some(response) = elsewhere {
            return Ok(response);
        }
        if let Err(error) = self.app.not_reached(&member.node, &failed.to_string()).await {
            tracing::warn!(%error, "peer state not written");
        }
        Err(failed)
    }

    async fn note(&self, node: &NodeCode, address: Option<&str>, headers: &HeaderMap) {
        let epoch = headers.get(crate::HEADER_EPOCH).and_then(|v| v.to_str().ok()?.parse().ok());
        if let Err(error) = self.app.heard(node, address, epoch).await {
            tracing::warn!(%error, "peer state not written");
        }
    }

    /// Calls an address of which it is not known yet who answers there.
    pub(crate) async fn call_at(&self, base: &Base, call: &Call<'_>) -> Result<Response<Body>, CallError> {
        self.call_by(base, call, PROTOCOL_VERSION).await
    }

    async fn call_by(&self, base: &Base, call: &Call<'_>, version: u32) -> Result<Response<Body>, CallError> {
        let key = self.app.exchange_key().ok_or(CallError::NoKey)?;
        let me = self.app.config().node.clone();
        let whole = format!("{PATH}{}", call.path);
        let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
        let content_digest = hop::content_digest(&call.body);
        let mut nonce = [0; 16];
        self.app.random(&mut nonce);
        let signed = hop::Request {
            method: call.method.as_str(),
            authority: &base.authority,
            path,
            query,
            content_digest: &content_digest,
            node: &me,
        };
        let signature = hop::sign(&signed, self.app.now(), &nonce, key.as_ref())?;
        let bad = |e: http::Error| CallError::Form(e.to_string());
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(base.uri(&whole)?)
            .header(header::HOST, &base.authority)
            .header(hop::HEADER_NODE, me.as_str())
            .header(hop::HEADER_VERSION, version)
            .header("content-digest", content_digest)
            .header("signature-input", signature.signature_input)
            .header("signature", signature.signature);
        if let Some(media) = call.media {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static(media));
        }
        if let Some(range) = &call.range {
            request = request.header(header::RANGE, range);
        }
        let request = request.body(Full::new(call.body.clone())).map_err(bad)?;
        let answer = tokio::time::timeout(PATIENCE, self.pool.request(request)).await;
        answer.map_err(|_| CallError::Slow)?.map_err(|e: PoolError| broken(&e))
    }

    /// Where calls to an address go that no roster names.
    pub(crate) fn base(&self, address: &str) -> Result<Base, CallError> {
        Ok(Base::parse(address, self.allow_private)?)
    }

    /// The body of a good answer; a problem of the other side otherwise.
    pub(crate) async fn good(response: Response<Body>, max: usize) -> Result<Bytes, CallError> {
        let status = response.status();
        let body = read(response.into_body(), max).await?;
        if status.is_success() { Ok(body) } else { Err(problem(status, &body)) }
    }

    /// Who signs for this node; for tests of the server.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }
}

/// What the other side says is wrong.
pub(crate) fn problem(status: StatusCode, body: &[u8]) -> CallError {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| {
        let value = problem.get(name).and_then(|v| v.as_str()).unwrap_or_default();
        value.chars().take(200).collect::<String>()
    };
    CallError::Status { status, code: text("code"), message: text("detail") }
}

/// Reads a body that may not be longer.
pub(crate) async fn read(body: Body, max: usize) -> Result<Bytes, CallError> {
    let reading = async move {
        let mut body = body;
        let mut out = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|e| broken(&e))?;
            if let Some(data) = frame.data_ref() {
                if out.len() + data.len() > max {
                    return Err(CallError::TooLong(max));
                }
                out.extend_from_slice(data);
            }
        }
        Ok(out.freeze())
    };
    tokio::time::timeout(PATIENCE, reading).await.map_err(|_| CallError::Slow)?
}

/// The client as the workers share it.
pub(crate) type Shared = Arc<Client>;
