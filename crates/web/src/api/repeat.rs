//! Repeated POSTs whose effect the journal does not keep an answer for: the answer is remembered here for a while.
//!
//! Reports and commands do not need this: their answers are kept in the same transaction as their entries, for good.
//! What is remembered here ends with the process; each of these requests is also harmless when it is done twice.

use super::extract::idempotency_key;
use crate::auth;
use crate::problem::{Answer, Problem};
use crate::security::BODY_BYTES_MAX;
use crate::state::WebState;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use lru::LruCache;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::num::NonZeroUsize;

/// Answers remembered at once.
const ANSWERS_MAX: NonZeroUsize = NonZeroUsize::new(4096).unwrap();
/// How long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// Largest answer remembered, bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

#[derive(Clone)]
enum Kept {
    /// Being worked on.
    Begun,
    /// Done, with this answer.
    Done { status: StatusCode, kind: Option<HeaderValue>, body: Bytes },
}

struct Entry {
    request: [u8; 32],
    at: Timestamp,
    kept: Kept,
}

/// Answers by who asked and under which key.
pub(crate) struct Answers(Mutex<LruCache<String, Entry>>);

impl Default for Answers {
    fn default() -> Self {
        Answers(Mutex::new(LruCache::new(ANSWERS_MAX)))
    }
}

impl Answers {
    /// What was answered, or a place for the answer.
    fn begin(&self, key: &str, request: [u8; 32], now: Timestamp) -> Answer<Option<Kept>> {
        let mut answers = self.0.lock();
        match answers.get(key) {
            Some(old) if now.duration_since(old.at) < REMEMBERED => {
                if old.request != request {
                    return Err(Problem::new(
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "key-reused",
                        "这个 Idempotency-Key 已用于另一个请求。",
                        "请为新的请求换一个随机值。",
                    ));
                }
                match &old.kept {
                    Kept::Begun => Err(Problem::new(
                        StatusCode::CONFLICT,
                        "in-progress",
                        "同一请求正在处理。",
                        "请稍后用同一个 Idempotency-Key 再查。",
                    )),
                    done @ Kept::Done { .. } => Ok(Some(done.clone())),
                }
            }
            _ => {
                answers.put(key.to_owned(), Entry { request, at: now, kept: Kept::Begun });
                Ok(None)
            }
        }
    }

    fn end(&self, key: &str, kept: Option<Kept>) {
        let mut answers = self.0.lock();
        match kept {
            Some(kept) => {
                if let Some(entry) = answers.get_mut(key) {
                    entry.kept = kept;
                }
            }
            None => {
                answers.pop(key);
            }
        }
    }
}

/// Frees the place when the request is given up half-way.
struct Place<'a> {
    answers: &'a Answers,
    key: String,
    done: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.answers.end(&self.key, None);
        }
    }
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
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await;
    let bytes = bytes.map_err(|_| Problem::too_large(BODY_BYTES_MAX as u64))?;
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.to_string());
    hash.update([0]);
    hash.update(&bytes);
    let key = format!("{}|{}|{key}", who.caller.actor.label(), who.caller.address);
    if let Some(Kept::Done { status, kind, body }) =
        state.answers.begin(&key, hash.finalize().into(), state.app.now())?
    {
        let mut response = (status, body).into_response();
        if let Some(kind) = kind {
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
        return Ok(response);
    }
    let mut place = Place { answers: &state.answers, key, done: false };
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|_| Problem::internal())?;
    let kind = head.headers.get(header::CONTENT_TYPE).cloned();
    state.answers.end(&place.key, Some(Kept::Done { status: head.status, kind, body: body.clone() }));
    place.done = true;
    Ok(Response::from_parts(head, Body::from(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_one_request() {
        let answers = Answers::default();
        let now = Timestamp::UNIX_EPOCH;
        assert!(answers.begin("a", [1; 32], now).unwrap().is_none());
        assert_eq!(answers.begin("a", [1; 32], now).err().unwrap().refusal.code, "in-progress");
        let done = Kept::Done { status: StatusCode::CREATED, kind: None, body: Bytes::from_static(b"x") };
        answers.end("a", Some(done));
        assert!(matches!(answers.begin("a", [1; 32], now).unwrap(), Some(Kept::Done { .. })));
        assert_eq!(answers.begin("a", [2; 32], now).err().unwrap().refusal.code, "key-reused");
        let later = now.checked_add(REMEMBERED).unwrap();
        assert!(answers.begin("a", [2; 32], later).unwrap().is_none(), "a day later the key is free again");
    }

    #[test]
    fn a_request_that_failed_may_be_repeated() {
        let answers = Answers::default();
        let now = Timestamp::UNIX_EPOCH;
        assert!(answers.begin("a", [1; 32], now).unwrap().is_none());
        drop(Place { answers: &answers, key: "a".into(), done: false });
        assert!(answers.begin("a", [1; 32], now).unwrap().is_none());
    }
}
