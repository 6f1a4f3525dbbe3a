//! The agency's electronic seal over HTTP: the PDF goes there by POST and comes back sealed.
//!
//! The address is the operator's own, never one that comes from outside. It is called over https, or over http on this machine only,
//! since the token goes along; redirects are not followed, so that nothing can send the paper elsewhere.

use crate::client::{CallError, read};
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use lianzhi_app::ports::{Seal, SealError, ToSeal};
use serde::Serialize;
use std::fmt::Write;
use std::time::Duration;

/// Longest part of an answer that says why nothing was sealed, bytes and characters.
const REASON_BYTES: usize = 4 << 10;
const REASON_CHARS: usize = 200;
/// Header with what the document is: JSON, `\u` for all that is not ASCII.
const HEADER_DOCUMENT: &str = "lianzhi-document";

/// What the service is, as the operator says.
#[derive(Clone)]
pub struct SealConfig {
    /// Where PDFs are taken.
    pub url: String,
    /// What it asks for as a bearer token.
    pub token: Option<String>,
    /// How long the whole may take.
    pub patience: Duration,
    /// Largest sealed PDF.
    pub bytes_max: usize,
}

/// Without the token.
impl std::fmt::Debug for SealConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealConfig({})", self.url)
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealConfigError {
    /// The address is none that is called.
    #[error("seal.url 应以 https:// 开头（只有本机可以用 http://）：{0}")]
    Url(String),
    /// The token cannot stand in a header.
    #[error("seal.token_file 的内容应是一行可见字符")]
    Token,
    /// The machine's certificates cannot be read.
    #[error(transparent)]
    Tls(#[from] crate::TlsError),
}

/// The agency's service.
pub struct HttpSeal {
    uri: Uri,
    token: Option<HeaderValue>,
    patience: Duration,
    bytes_max: usize,
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// Without the token.
impl std::fmt::Debug for HttpSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpSeal({})", self.uri)
    }
}

/// What the service is told of a document.
#[derive(Serialize)]
struct Told<'a> {
    agency: &'a str,
    title: &'a str,
    number: &'a str,
}

impl HttpSeal {
    /// A service by its configuration.
    ///
    /// # Errors
    /// When the address or the token cannot be used.
    pub fn new(config: &SealConfig) -> Result<HttpSeal, SealConfigError> {
        let bad = || SealConfigError::Url(config.url.clone());
        let uri: Uri = config.url.parse().map_err(|_| bad())?;
        let host = uri.host().unwrap_or_default();
        let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        match uri.scheme_str() {
            Some("https") if !host.is_empty() => {}
            Some("http") if here => {}
            _ => return Err(bad()),
        }
        let token = config.token.as_ref().map(|token| {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))?;
            value.set_sensitive(true);
            Ok::<_, header::InvalidHeaderValue>(value)
        });
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(config.patience));
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(crate::tls::client(None)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Ok(HttpSeal {
            uri,
            token: token.transpose().map_err(|_| SealConfigError::Token)?,
            patience: config.patience,
            bytes_max: config.bytes_max,
            pool: Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https),
        })
    }

    async fn call(&self, document: &ToSeal) -> Result<Bytes, SealError> {
        let unreachable = |e: &dyn std::fmt::Display| SealError::Unreachable(e.to_string());
        let told = Told { agency: &document.agency, title: &document.title, number: &document.number };
        let told = ascii(&serde_json::to_string(&told).map_err(|e| unreachable(&e))?);
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.uri.clone())
            .header(header::CONTENT_TYPE, "application/pdf")
            .header(header::ACCEPT, "application/pdf")
            .header(HEADER_DOCUMENT, told)
            .header("idempotency-key", document.digest.to_string());
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token.clone());
        }
        let request = request.body(Full::new(document.pdf.clone())).map_err(|e| unreachable(&e))?;
        let response = self.pool.request(request).await.map_err(|e| unreachable(&e))?;
        let status = response.status();
        if status != StatusCode::OK {
            let body = read(response.into_body(), REASON_BYTES).await.unwrap_or_default();
            let said = String::from_utf8_lossy(&body);
            let reason = said.chars().filter(|c| !c.is_control()).take(REASON_CHARS).collect();
            return Err(SealError::Refused { status: status.as_u16(), reason });
        }
        let sealed = read(response.into_body(), self.bytes_max).await.map_err(|e| match e {
            CallError::TooLong(max) => SealError::TooLarge(max),
            other => unreachable(&other),
        })?;
        if sealed.starts_with(b"%PDF-") { Ok(sealed) } else { Err(SealError::NoPdf) }
    }
}

/// JSON with `\u` for all that is not ASCII: a header holds nothing else.
fn ascii(json: &str) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::new(), |mut all, c| {
        if c.is_ascii() {
            all.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(all, "\\u{unit:04x}");
            }
        }
        all
    })
}

#[async_trait]
impl Seal for HttpSeal {
    async fn seal(&self, document: &ToSeal) -> Result<Bytes, SealError> {
        let calling = tokio::time::timeout(self.patience, self.call(document));
        calling.await.map_err(|_| SealError::Slow(self.patience.as_secs()))?
    }
}
