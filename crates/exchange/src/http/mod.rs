//! The hop: digests of bodies (RFC 9530) and signatures of requests (RFC 9421), in one fixed profile for both suites.
//!
//! Every request between nodes is signed over `@method`, `@authority`, `@path`, `@query`, `content-digest` and `lianzhi-node`, with
//! `created`, `keyid`, `nonce`, `alg` and `tag="lianzhi"`. The signature says who asks, now; what is said has its own signature in
//! the envelope and outlives the hop.

mod digest;
mod nonce;

pub use digest::{CONTENT_DIGEST_CHARS_MAX, check_content_digest, content_digest, content_digest_of};
pub use nonce::{NONCE_WINDOW, NONCES_PER_NODE_MAX, Nonces};

use crate::inbound::CLOCK_SKEW;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use lianzhi_docket::suite::{HTTP_DOMAIN, PublicKey, SIGNATURE_BYTES, SignError, Suite, SuiteSigner};
use lianzhi_ids::NodeCode;

/// Header with the node code of who asks.
pub const HEADER_NODE: &str = "lianzhi-node";
/// Header with the version of the protocol that is spoken.
pub const HEADER_VERSION: &str = "lianzhi-version";
/// Label of our signature in `Signature-Input` and `Signature`.
pub const LABEL: &str = "lianzhi";
/// Longest header of a signature, characters: ours have below 300.
pub const HEADER_CHARS_MAX: usize = 1024;
/// Longest value of a component, characters: paths and queries of this protocol have below 300.
pub const COMPONENT_CHARS_MAX: usize = 2048;

const COMPONENTS: &str = r#"("@method" "@authority" "@path" "@query" "content-digest" "lianzhi-node")"#;

/// A number that is used once.
pub type Nonce = [u8; 16];

/// What of a request is signed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method, upper case.
    pub method: &'a str,
    /// Host and, unless it is the scheme's own, port; lower case.
    pub authority: &'a str,
    /// Path as it stands in the request.
    pub path: &'a str,
    /// Query without the question mark; empty when there is none.
    pub query: &'a str,
    /// `Content-Digest` header; of the empty body when there is none.
    pub content_digest: &'a str,
    /// `Lianzhi-Node` header: who asks.
    pub node: &'a NodeCode,
}

/// The headers that carry a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

/// What is wrong with a request's signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// A header is not of this profile.
    #[error("请求签名的 {0} 不符合本协议的格式")]
    Form(&'static str),
    /// The body has another digest.
    #[error("请求内容与 Content-Digest 不符")]
    Digest,
    /// The signature is not by this key over this request.
    #[error("请求签名验证未通过")]
    Signature,
    /// Made too long ago or in the future.
    #[error("请求签名的时间与本节点相差超过 5 分钟，请检查时钟")]
    Clock,
    /// The nonce was used before.
    #[error("请求重复")]
    Replayed,
    /// More requests of a node within the window than nonces are remembered.
    #[error("请求过多，请稍后再试")]
    TooMany,
    /// The key can't be used now.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl HttpError {
    /// Code in the answer.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            HttpError::Form(_) => "signature-malformed",
            HttpError::Digest => "wrong-digest",
            HttpError::Signature | HttpError::Sign(_) => "wrong-request-signature",
            HttpError::Clock => "clock",
            HttpError::Replayed => "replayed",
            HttpError::TooMany => "too-many",
        }
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            HttpError::Form(_) | HttpError::Digest => 400,
            HttpError::Signature | HttpError::Clock | HttpError::Replayed | HttpError::Sign(_) => 401,
            HttpError::TooMany => 429,
        }
    }
}

/// Name of a suite's algorithm in `alg`. `ed25519` is of the IANA registry; for SM2 with SM3 it has none, this one is ours.
#[must_use]
pub fn alg(suite: Suite) -> &'static str {
    match suite {
        Suite::Ed25519 => "ed25519",
        Suite::Sm2 => "sm2-sm3",
    }
}

/// The signature base (RFC 9421 section 2.5) of components given by name and value, and of the signature's parameters as they stand
/// in `Signature-Input`.
///
/// # Errors
/// [`HttpError::Form`] when a value is too long or is not one line of printable ASCII.
pub fn signature_base(components: &[(&str, &str)], params: &str) -> Result<String, HttpError> {
    let mut base = String::new();
    for (name, value) in components {
        let plain = value.len() <= COMPONENT_CHARS_MAX && value.bytes().all(|c| (b' '..=b'~').contains(&c));
        if !plain {
            return Err(HttpError::Form("签名内容"));
        }
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(params);
    Ok(base)
}

/// The base of a request in our profile.
///
/// # Errors
/// [`HttpError::Form`].
pub fn request_base(request: &Request<'_>, params: &str) -> Result<String, HttpError> {
    let query = format!("?{}", request.query);
    let components = [
        ("@method", request.method),
        ("@authority", request.authority),
        ("@path", request.path),
        ("@query", &query),
        ("content-digest", request.content_digest),
        (HEADER_NODE, request.node.as_str()),
    ];
    signature_base(&components, params)
}

/// Signs a request.
///
/// # Errors
/// [`HttpError::Form`] and [`HttpError::Sign`].
pub fn sign(
    request: &Request<'_>,
    created: Timestamp,
    nonce: &Nonce,
    signer: &dyn SuiteSigner,
) -> Result<Headers, HttpError> {
    let params = format!(
        r#"{COMPONENTS};created={};keyid="{}";nonce="{}";alg="{}";tag="{LABEL}""#,
        created.as_second(),
        signer.public().id(),
        hex::encode(nonce),
        alg(signer.public().suite()),
    );
    let base = request_base(request, &params)?;
    let signature = BASE64.encode(signer.sign(HTTP_DOMAIN, base.as_bytes())?);
    Ok(Headers { signature_input: format!("{LABEL}={params}"), signature: format!("{LABEL}=:{signature}:") })
}

/// What the headers of a request claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Short name of the key.
    pub key: String,
    /// When it was signed, seconds.
    pub created: Timestamp,
    /// Nonce.
    pub nonce: Nonce,
    /// Suite of the key.
    pub suite: Suite,
    params: String,
    signature: Vec<u8>,
}

impl Claim {
    /// Reads the headers. The parameters may stand in any order, each once; no others may be there.
    ///
    /// # Errors
    /// [`HttpError::Form`].
    pub fn parse(signature_input: &str, signature: &str) -> Result<Claim, HttpError> {
        let bad = || HttpError::Form("Signature-Input");
        if signature_input.len() > HEADER_CHARS_MAX {
            return Err(bad());
        }
        let params =
            signature_input.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix('=')).ok_or_else(bad)?;
        let rest = params.strip_prefix(COMPONENTS).and_then(|rest| rest.strip_prefix(';')).ok_or_else(bad)?;
        let (mut created, mut key, mut nonce, mut suite, mut tag) = (None, None, None, None, None);
        for param in rest.split(';') {
            let (name, value) = param.split_once('=').ok_or_else(bad)?;
            let fresh = match name {
                "created" => created.replace(seconds(value).ok_or_else(bad)?).is_none(),
                "keyid" => key.replace(quoted(value).ok_or_else(bad)?).is_none(),
                "nonce" => nonce.replace(quoted(value).and_then(hex16).ok_or_else(bad)?).is_none(),
                "alg" => {
                    let of = quoted(value).and_then(|v| Suite::ALL.into_iter().find(|s| alg(*s) == v));
                    suite.replace(of.ok_or_else(bad)?).is_none()
                }
                "tag" => tag.replace(quoted(value).filter(|v| *v == LABEL).ok_or_else(bad)?).is_none(),
                _ => false,
            };
            if !fresh {
                return Err(bad());
            }
        }
        let (Some(created), Some(key), Some(nonce), Some(suite), Some(_)) = (created, key, nonce, suite, tag)
        else {
            return Err(bad());
        };
        Ok(Claim {
            key: key.to_owned(),
            created,
            nonce,
            suite,
            params: params.to_owned(),
            signature: signature_value(signature)?,
        })
    }

    /// Whether this key signed this request, and lately. The nonce is to be noted afterwards ([`Nonces::note`]): before, anybody
    /// could use up other nodes' nonces.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn verify(&self, request: &Request<'_>, key: &PublicKey, now: Timestamp) -> Result<(), HttpError> {
        if now.duration_since(self.created).abs() > CLOCK_SKEW {
            return Err(HttpError::Clock);
        }
        let base = request_base(request, &self.params)?;
        let by_key = key.suite() == self.suite && key.id() == self.key;
        if by_key && key.verify(HTTP_DOMAIN, base.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(HttpError::Signature)
        }
    }
}

fn signature_value(header: &str) -> Result<Vec<u8>, HttpError> {
    let bad = || HttpError::Form("Signature");
    if header.len() > HEADER_CHARS_MAX {
        return Err(bad());
    }
    let value = header.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix("=:"));
    let value = value.and_then(|rest| rest.strip_suffix(':')).ok_or_else(bad)?;
    let signature = BASE64.decode(value).map_err(|_| bad())?;
    if signature.len() == SIGNATURE_BYTES { Ok(signature) } else { Err(bad()) }
}

/// A string of RFC 8941 without escapes, and without what would end a parameter: none of ours needs them.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    (!inner.is_empty() && inner.bytes().all(plain)).then_some(inner)
}

fn hex16(text: &str) -> Option<Nonce> {
    let mut nonce = [0; 16];
    let lower = !text.bytes().any(|c| c.is_ascii_uppercase());
    (lower && hex::decode_to_slice(text, &mut nonce).is_ok()).then_some(nonce)
}

fn seconds(text: &str) -> Option<Timestamp> {
    let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let seconds: i64 = digits.then_some(text)?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}
