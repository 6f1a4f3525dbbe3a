//! Files out of custody: to those who may read the matter, in whole or in part, each look recorded; copies without
//! metadata to the public with the follow code. Whatever a file holds, a browser never runs it here.

use crate::auth::{Identity, Scope, Visit};
use crate::copies::{self, Copy};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use crate::{auth, tus, upload};
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::TryStreamExt;
use lianzhi_app::Caller;
use lianzhi_app::ports::ExhibitRow;
use lianzhi_ids::{Digest, DocketId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// How a file is asked for.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub struct Asked {
    /// `thumb`: a small copy without metadata; `public`: a larger one.
    size: Option<String>,
    /// The matter through which the reader sees it, when it is cited by several.
    matter: Option<i64>,
    /// Number and follow code: the public's way to the copies of its own matter.
    number: Option<String>,
    /// See `number`.
    code: Option<String>,
    /// Save instead of show.
    download: Option<String>,
}

/// `GET`/`HEAD /files/{id}`: a file by digest (64 hex digits); `HEAD` of an upload's id says how far it is.
pub(crate) async fn get(
    State(state): State<WebState>,
    Visit(who): Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Answer<Response> {
    let (parts, _) = request.into_parts();
    if parts.method == Method::HEAD && id.len() != 64 {
        return tus::head(&state, &who, &id).await;
    }
    Scope::Read.require(&who.caller)?;
    let digest: Digest = id.parse().map_err(|_| Problem::nothing_here())?;
    let row = state.app.store().blobs.exhibits(&[digest]).await?.pop().ok_or_else(hidden)?;

    if let (Some(number), Some(code)) = (&asked.number, &asked.code) {
        if who.person().is_none() {
            state.limits.check(Limited::Follow, auth::client_address(&parts, &state.config))?;
        }
        public_way(&state, &row, number, code).await?;
        let copy = if asked.size.as_deref() == Some("thumb") { Copy::Thumb } else { Copy::Public };
        return copy_of(&state, &row, copy).await;
    }
    let docket = permitted(&state, &who, &row, asked.matter.map(DocketId)).await?;
    let copy = match asked.size.as_deref() {
        None | Some("") => None,
        Some("thumb") => Some(Copy::Thumb),
        Some("public") => Some(Copy::Public),
        Some(_) => {
            return Err(Problem::malformed("size", "没有这种尺寸。", "请用 thumb 或 public，或不填取原件。")
                .at("size"));
        }
    };
    if let Some(copy) = copy {
        return copy_of(&state, &row, copy).await;
    }
    let range = range(&parts.headers, &row);
    let first =
        parts.method == Method::GET && range.as_ref().is_none_or(|r| r.as_ref().is_ok_and(|r| r.0 == 0));
    if first {
        record(&state, &who.caller, &row, docket).await?;
    }
    original(&state, &row, &parts.headers, parts.method == Method::HEAD, range, asked.download.is_some())
        .await
}

/// Whether it is there or not is itself not for everybody.
fn hidden() -> Problem {
    let mut problem = Problem::nothing_here();
    problem.refusal.rule = "没有这个文件，或它不在您的权限内。".into();
    problem.refusal.remedy = "请从办件页的证据栏打开。".into();
    problem
}

/// The matter through which the reader may see the file.
async fn permitted(
    state: &WebState,
    who: &Identity,
    row: &ExhibitRow,
    asked: Option<DocketId>,
) -> Answer<Option<DocketId>> {
    if who.person().is_none() {
        return Err(Problem::sign_in());
    }
    let docket = match asked.or(row.docket) {
        Some(docket) => docket,
        // Not cited yet: only whoever brought it.
        None if row.uploader == upload::uploader(&who.caller) => return Ok(None),
        None => return Err(hidden()),
    };
    let view = state.app.matter(&who.caller, docket).await.map_err(|_| hidden())?;
    let cited = view.exhibits.iter().any(|e| e.digest == row.digest)
        || view.record.iter().any(|line| line.exhibits.contains(&row.digest))
        || view.received.iter().any(|e| e.digest == row.digest)
        || view.shared.iter().flat_map(|s| &s.files).any(|f| f.digest == row.digest && f.is_held());
    if !cited {
        return Err(hidden());
    }
    // A paper that says who a party is: as that it is looked at, by those who may know.
    if state.app.names_a_party(&who.caller, docket, &row.digest).await? {
        state.app.record_access(&who.caller, "particulars", Some(docket), "查看文书原件").await?;
    }
    Ok(Some(docket))
}

/// What the public may see of its own matter: what was reported and how it looked afterwards.
async fn public_way(state: &WebState, row: &ExhibitRow, number: &str, code: &str) -> Answer<()> {
    let followed = state.app.follow(number, code).await?;
    let view = state.app.matter(&Caller::system(), followed.id).await?;
    let shown = view.exhibits.iter().any(|e| e.digest == row.digest && PUBLIC_KINDS.contains(&e.what));
    if shown && copies::possible(&row.media) { Ok(()) } else { Err(hidden()) }
}

/// Kinds of exhibits that the follow page shows.
pub const PUBLIC_KINDS: &[&str] = &["上报", "处置后"];

async fn record(state: &WebState, who: &Caller, row: &ExhibitRow, docket: Option<DocketId>) -> Answer<()> {
    Ok(state.app.record_access(who, "exhibit", docket, &row.digest.short()).await?)
}

/// The bytes of a copy for showing, made once and kept.
pub(crate) async fn copy_bytes(state: &WebState, row: &ExhibitRow, copy: Copy) -> Answer<Bytes> {
    if !copies::possible(&row.media) {
        let remedy = "请下载原件查看。";
        return Err(Problem::new(StatusCode::NOT_FOUND, "no-copy", "这种文件没有缩略图。", remedy));
    }
    let blobs = &state.app.store().blobs;
    Ok(match blobs.derived(row.digest, copy.name()).await? {
        Some(bytes) => bytes,
        None => {
            let _permit = state.decoders.acquire().await.map_err(|_| Problem::internal())?;
            let size = u64::try_from(row.size).unwrap_or(0);
            let original: Vec<u8> = blobs
                .read(row.digest, 0, size)
                .await?
                .try_fold(Vec::new(), |mut all, piece| async move {
                    all.extend_from_slice(&piece);
                    Ok(all)
                })
                .await?;
            let made = tokio::task::spawn_blocking(move || copies::make(&original, copy)).await;
            let made = made.map_err(|_| Problem::internal())?.map_err(|error| {
                tracing::debug!(%error, digest = %row.digest.short(), "no copy");
                Problem::new(StatusCode::NOT_FOUND, "no-copy", "这张图片无法生成缩略图。", "请下载原件查看。")
            })?;
            let made = Bytes::from(made);
            blobs.put_derived(row.digest, copy.name(), made.clone()).await?;
            made
        }
    })
}

/// A copy for showing.
async fn copy_of(state: &WebState, row: &ExhibitRow, copy: Copy) -> Answer<Response> {
    let bytes = copy_bytes(state, row, copy).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    sandbox(headers);
    Ok(response)
}

fn sandbox(headers: &mut HeaderMap) {
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
        ),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
}

/// The one range asked for: `None` all, `Err` beyond the end. More than one, or another unit, is answered with all.
fn range(headers: &HeaderMap, row: &ExhibitRow) -> Option<Result<(u64, u64), ()>> {
    let size = u64::try_from(row.size).unwrap_or(0);
    if headers.get(header::IF_RANGE).is_some_and(|v| v.as_bytes() != etag(row).as_bytes()) {
        return None;
    }
    let text = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (from, to) = text.split_once('-').filter(|_| !text.contains(','))?;
    let (from, to) = (from.trim(), to.trim());
    let (start, end) = if from.is_empty() {
        let last: u64 = to.parse().ok()?;
        (size.saturating_sub(last), if last == 0 { 0 } else { size })
    } else {
        let start: u64 = from.parse().ok()?;
        let end = if to.is_empty() { size } else { to.parse::<u64>().ok()?.saturating_add(1).min(size) };
        (start, end)
    };
    Some(if start < end && start < size { Ok((start, end)) } else { Err(()) })
}

fn etag(row: &ExhibitRow) -> String {
    format!("\"{}\"", row.digest)
}

async fn original(
    state: &WebState,
    row: &ExhibitRow,
    asked: &HeaderMap,
    head: bool,
    range: Option<Result<(u64, u64), ()>>,
    save: bool,
) -> Answer<Response> {
    let size = u64::try_from(row.size).unwrap_or(0);
    if asked.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag(row).as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let (status, start, end) = match range {
        None => (StatusCode::OK, 0, size),
        Some(Ok((start, end))) => (StatusCode::PARTIAL_CONTENT, start, end),
        Some(Err(())) => {
            let remedy = format!("文件共 {size} 字节。");
            let problem =
                Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "请求的范围超出文件。", remedy);
            let mut response = problem.into_response();
            if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return Ok(response);
        }
    };
    let body = if head {
        Body::empty()
    } else {
        Body::from_stream(state.app.store().blobs.read(row.digest, start, end).await?)
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, text: String| {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    };
    let shown = !save
        && (row.media.starts_with("image/")
            || row.media.starts_with("video/")
            || row.media.starts_with("audio/")
            || row.media == "application/pdf");
    let how = if shown { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&row.name, NON_ALPHANUMERIC);
    put(header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{name}"));
    put(header::CONTENT_TYPE, row.media.clone());
    put(header::CONTENT_LENGTH, (end - start).to_string());
    put(header::ACCEPT_RANGES, "bytes".into());
    put(header::ETAG, etag(row));
    put(header::CACHE_CONTROL, "private, no-cache".into());
    if status == StatusCode::PARTIAL_CONTENT {
        put(header::CONTENT_RANGE, format!("bytes {start}-{}/{size}", end - 1));
    }
    sandbox(headers);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> ExhibitRow {
        ExhibitRow {
            digest: Digest([7; 32]),
            size: 1000,
            media: "video/mp4".into(),
            name: "现场.mp4".into(),
            uploader: "public:10.0.0.1".into(),
            at: 0,
            docket: None,
        }
    }

    fn asked(text: &str) -> Option<Result<(u64, u64), ()>> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, text.parse().unwrap());
        range(&headers, &row())
    }

    #[test]
    fn ranges_are_those_of_rfc_9110() {
        assert_eq!(asked("bytes=0-0"), Some(Ok((0, 1))));
        assert_eq!(asked("bytes=500-"), Some(Ok((500, 1000))));
        assert_eq!(asked("bytes=-200"), Some(Ok((800, 1000))));
        assert_eq!(asked("bytes=-5000"), Some(Ok((0, 1000))));
        assert_eq!(asked("bytes=900-5000"), Some(Ok((900, 1000))));
        assert_eq!(asked("bytes=1000-"), Some(Err(())));
        assert_eq!(asked("bytes=-0"), Some(Err(())));
        assert_eq!(asked("bytes=0-1,5-6"), None, "several ranges: the whole");
        assert_eq!(asked("lines=1-2"), None);
        assert_eq!(asked("bytes=x-y"), None);
    }

    #[test]
    fn a_range_of_another_version_gives_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-9".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"other\"".parse().unwrap());
        assert_eq!(range(&headers, &row()), None);
        headers.insert(header::IF_RANGE, etag(&row()).parse().unwrap());
        assert_eq!(range(&headers, &row()), Some(Ok((0, 10))));
    }
}
