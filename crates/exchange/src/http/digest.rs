//! `Content-Digest` (RFC 9530), SHA-256.

use super::HttpError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lianzhi_ids::Digest;
use sha2::{Digest as _, Sha256};

/// Longest `Content-Digest` header, characters: room for a few algorithms beside ours.
pub const CONTENT_DIGEST_CHARS_MAX: usize = 512;

/// The header for a body.
#[must_use]
pub fn content_digest(body: &[u8]) -> String {
    content_digest_of(&Digest(Sha256::digest(body).into()))
}

/// The header for a body of which only the SHA-256 is known: an exhibit that is streamed.
#[must_use]
pub fn content_digest_of(sha256: &Digest) -> String {
    format!("sha-256=:{}:", BASE64.encode(sha256.0))
}

/// Checks a body against the header. Digests by other algorithms may stand beside ours and are left alone.
///
/// # Errors
/// [`HttpError::Form`] when there is none by SHA-256 or more than one, [`HttpError::Digest`] when the body has another.
pub fn check_content_digest(header: &str, body: &[u8]) -> Result<(), HttpError> {
    let bad = || HttpError::Form("Content-Digest");
    if header.len() > CONTENT_DIGEST_CHARS_MAX {
        return Err(bad());
    }
    let mut ours = header.split(',').map(str::trim).filter_map(|member| member.strip_prefix("sha-256="));
    let (Some(value), None) = (ours.next(), ours.next()) else {
        return Err(bad());
    };
    let value = value.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).ok_or_else(bad)?;
    let digest = BASE64.decode(value).map_err(|_| bad())?;
    if digest.len() != 32 {
        return Err(bad());
    }
    if digest == Sha256::digest(body)[..] { Ok(()) } else { Err(HttpError::Digest) }
}
