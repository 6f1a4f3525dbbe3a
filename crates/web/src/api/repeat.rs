//! Repeated POSTs whose effect is not a command: the answer is kept beside the journal, sealed, for
//! [`lianzhi_app::ANSWERS_KEPT`], also across restarts and for all replicas.
//!
//! Reports and commands do not need this: their answers are kept in the same transaction as their entries. Here the
//! effect comes first and the answer is kept after it, so a process that dies in between lets the request be done
//! again; each of these requests is harmless when that happens.

use super::extract::idempotency_key;
use crate::auth;
use crate::problem::{Answer, Problem};
use crate::security::BODY_BYTES_MAX;
use crate::state::WebState;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lianzhi_ids::Digest;
use lianzhi_procedure::Actor;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;

/// Largest answer kept, bytes: what a table of 5,000 bad rows says.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Headers of an answer that are kept with it.
static HEADERS: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    HeaderName::from_static("upload-offset"),
    HeaderName::from_static("upload-expires"),
    crate::tus::EXHIBIT,
];

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Kept {
    fn of(response: &Response, body: &Bytes) -> Option<Kept> {
        let headers = HEADERS.iter().filter_map(|name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some((name.to_string(), value.to_owned()))
        });
        let body = std::str::from_utf8(body).ok().filter(|text| text.len() <= ANSWER_BYTES_MAX)?;
        Some(Kept { status: response.status().as_u16(), headers: headers.collect(), body: body.to_owned() })
    }

    fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        headers.insert("idempotent-replay", HeaderValue::from_static("true"));
        response
    }
}

/// Keys of requests that this process is working on.
#[derive(Default)]
pub(crate) struct Begun(Mutex<HashSet<String>>);

/// A request's place among them, freed when it ends however it ends.
struct Place<'a>(&'a Begun, &'a str);

impl Begun {
    fn take<'a>(&'a self, key: &'a str) -> Answer<Place<'a>> {
        if self.0.lock().insert(key.to_owned()) {
            return Ok(Place(self, key));
        }
        Err(Problem::new(
            StatusCode::CONFLICT,
            "in-progress",
            "同一请求正在处理。",
            "请稍后用同一个 Idempotency-Key 再查。",
        ))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.lock().remove(self.1);
    }
}

/// What makes a request the same. Of files only the outside: they are streamed, and a form is wrapped differently
/// each time that it is sent.
async fn digest(request: Request) -> Answer<(Digest, Request)> {
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update([0]);
    hash.update(request.uri().to_string());
    hash.update([0]);
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let files = kind.starts_with(b"multipart/") || request.uri().path().starts_with("/files");
    if files {
        hash.update(request.headers().get("upload-length").map_or(&b""[..], HeaderValue::as_bytes));
        return Ok((Digest(hash.finalize().into()), request));
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await;
    let bytes = bytes.map_err(|_| Problem::too_large(BODY_BYTES_MAX as u64))?;
    hash.update(&bytes);
    Ok((Digest(hash.finalize().into()), Request::from_parts(parts, Body::from(bytes))))
}

/// Gives a repeated request the answer of the first one.
pub(crate) async fn remember(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let Some(key) = idempotency_key(request.headers())? else { return Ok(next.run(request).await) };
    let (mut parts, body) = request.into_parts();
    let who = auth::identify(&mut parts, &state).await?;
    let (asked, request) = digest(Request::from_parts(parts, body)).await?;
    // A telephone changes its address and stays who it is; the public is known by nothing else.
    let address = if matches!(who.caller.actor, Actor::Public) { who.caller.address.as_str() } else { "" };
    let key = format!("post|{}|{address}|{key}", who.caller.actor.label());
    let _place = state.answers.take(&key)?;
    if let Some((first, answer)) = state.app.kept_answer(&key).await? {
        if first != asked {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-reused",
                "这个 Idempotency-Key 已用于另一个请求。",
                "请为新的请求换一个随机值。",
            ));
        }
        let kept: Kept = serde_json::from_slice(&answer).map_err(|_| Problem::internal())?;
        return Ok(kept.answer());
    }
    let response = next.run(request).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| Problem::internal())?;
    let response = Response::from_parts(head, Body::from(body.clone()));
    let kept = Kept::of(&response, &body).and_then(|kept| serde_json::to_vec(&kept).ok());
    match kept {
        // What was done is done, whether its answer can be kept or not.
        Some(kept) => {
            if let Err(refusal) = state.app.keep_answer(&key, asked, &kept).await {
                tracing::error!(%refusal, "the answer to a request with an Idempotency-Key was not kept");
            }
        }
        None => tracing::warn!(bytes = body.len(), "an answer was too large to be kept for repetition"),
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_worked_on_by_one_request_at_a_time() {
        let begun = Begun::default();
        let first = begun.take("a").ok().unwrap();
        assert_eq!(begun.take("a").err().unwrap().refusal.code, "in-progress");
        assert!(begun.take("b").is_ok());
        drop(first);
        assert!(begun.take("a").is_ok(), "a request that ended, even by a failure, may be repeated");
    }

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let mut first = (StatusCode::CREATED, "{\"id\":1}").into_response();
        first.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/files/x"));
        first.headers_mut().insert("x-request-id", HeaderValue::from_static("1"));
        let kept = Kept::of(&first, &Bytes::from_static(b"{\"id\":1}")).unwrap();
        let again = kept.answer();
        assert_eq!(again.status(), StatusCode::CREATED);
        assert_eq!(again.headers()["location"], "/files/x");
        assert_eq!(again.headers()["content-type"], first.headers()["content-type"]);
        assert!(!again.headers().contains_key("x-request-id"));
        assert_eq!(again.headers()["idempotent-replay"], "true");
        assert!(Kept::of(&first, &Bytes::from(vec![b' '; ANSWER_BYTES_MAX + 1])).is_none());
    }
}
