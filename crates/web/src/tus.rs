//! Resumable uploads: tus 1.0 at `/files` with creation, creation-with-upload, checksum, termination and expiration
//! (<https://tus.io>).
//!
//! An upload's address is random and unguessable; whoever holds it may go on with it, so that a phone that changes
//! networks does not begin again. A person's upload stays that person's. When the last byte is there the file is
//! checked and `Lianzhi-Exhibit` gives its id, the SHA-256 of the original.

use crate::auth::{Scope, Visit};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use crate::upload::{self, PIECE_BYTES};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use bytes::BytesMut;
use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{StoreError, UploadRow};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::io::SeekFrom;
use std::time::Duration;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;

/// How long a sender may be silent in the middle of an upload before the connection is given up.
const SILENCE: Duration = Duration::from_secs(60);
/// How long an unfinished or unclaimed upload is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,termination,expiration";
/// The exhibit that a finished upload became.
pub const EXHIBIT: HeaderName = HeaderName::from_static("lianzhi-exhibit");

/// Says `Tus-Resumable` on every answer and refuses other versions of the protocol.
pub(crate) async fn protocol(request: Request, next: Next) -> Response {
    let tus = matches!(*request.method(), Method::POST | Method::PATCH | Method::DELETE)
        || request.headers().contains_key(RESUMABLE);
    let asked = request.headers().get(RESUMABLE);
    let mut response = if tus && asked != Some(&VERSION) {
        let remedy = "请在请求头中带上 Tus-Resumable: 1.0.0。";
        Problem::new(StatusCode::PRECONDITION_FAILED, "tus-version", "只支持 tus 1.0.0 协议。", remedy)
            .into_response()
    } else {
        next.run(request).await
    };
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert("tus-version", VERSION);
    }
    if tus {
        response.headers_mut().insert(RESUMABLE, VERSION);
    }
    response
}

/// `OPTIONS /files`: what is spoken here.
pub(crate) async fn options(State(state): State<WebState>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, VERSION);
    headers.insert("tus-version", VERSION);
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha256,sha1"));
    headers.insert("tus-max-size", state.config.file_bytes_max.into());
    response
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn missing_header(name: &'static str) -> Problem {
    Problem::malformed("header", format!("请求头 {name} 缺失或不是数字。"), "请按 tus 1.0.0 协议上传。")
        .at(name)
}

/// The file name in `Upload-Metadata` (`filename <base64>,filetype <base64>`).
fn file_name(headers: &HeaderMap) -> Answer<String> {
    let Some(text) = headers.get(METADATA) else { return Ok(String::new()) };
    let bad = || {
        Problem::malformed(
            "metadata",
            "Upload-Metadata 格式不对。",
            "格式：filename <base64 的 UTF-8 文件名>。",
        )
    };
    let text = text.to_str().map_err(|_| bad())?;
    for pair in text.split(',') {
        let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        if key == "filename" || key == "name" {
            let bytes = base64::engine::general_purpose::STANDARD.decode(value.trim()).map_err(|_| bad())?;
            return String::from_utf8(bytes).map_err(|_| bad());
        }
    }
    Ok(String::new())
}

/// `POST /files`: opens an upload, and takes its first bytes when some are sent along.
pub(crate) async fn create(
    State(state): State<WebState>,
    Visit(who): Visit,
    request: Request,
) -> Answer<Response> {
    Scope::Report.require(&who.caller)?;
    let (parts, body) = request.into_parts();
    if who.person().is_none() {
        state.limits.check(Limited::Upload, crate::auth::client_address(&parts, &state.config))?;
    }
    if parts.headers.contains_key("upload-defer-length") {
        return Err(missing_header("Upload-Length"));
    }
    let size = number(&parts.headers, &LENGTH).ok_or_else(|| missing_header("Upload-Length"))?;
    // Refused before the upload is there: what is asked for is not known.
    checksum(&parts.headers)?;
    upload::admit(&state, &who.caller, size).await?;
    let name = file_name(&parts.headers)?;
    let id = upload::start(&state, &who.caller, &name, size).await?;
    let row = UploadRow {
        id: id.clone(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        at: state.app.now().as_microsecond(),
        offset: 0,
        name,
        uploader: upload::uploader(&who.caller),
        digest: None,
    };
    let with_upload = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes() == b"application/offset+octet-stream");
    let mut response = if with_upload {
        let body = checked(&parts.headers, body, size).await?;
        take(state, row, body).await?
    } else {
        let mut response = StatusCode::NO_CONTENT.into_response();
        describe(&mut response, &row, 0);
        response
    };
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(&format!("/files/{id}")).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Looks an upload up and checks that it is the caller's and still good.
async fn find(state: &WebState, who: &crate::auth::Identity, id: &str) -> Answer<UploadRow> {
    let none = || Problem::new(StatusCode::NOT_FOUND, "no-such-upload", "没有这个上传。", "请重新上传。");
    let row = state.app.store().blobs.upload(id).await?.ok_or_else(none)?;
    let persons = row.uploader.starts_with("person:");
    if persons && row.uploader != who.caller.actor.label() {
        return Err(none());
    }
    if row.size < 0 {
        let remedy = "请重新上传。";
        return Err(Problem::new(StatusCode::GONE, "upload-given-up", "这个上传已放弃。", remedy));
    }
    if row.digest.is_none() && expiry(row.at) <= state.app.now() {
        let remedy = "请重新上传。";
        return Err(Problem::new(StatusCode::GONE, "upload-expired", "这个上传已过期。", remedy));
    }
    Ok(row)
}

/// `HEAD /files/{id}`: how far an upload is.
pub(crate) async fn head(state: &WebState, who: &crate::auth::Identity, id: &str) -> Answer<Response> {
    let row = find(state, who, id).await?;
    let mut response = StatusCode::OK.into_response();
    describe(&mut response, &row, row.offset);
    response.headers_mut().insert(LENGTH, row.size.into());
    let name = base64::engine::general_purpose::STANDARD.encode(&row.name);
    if let Ok(value) = HeaderValue::from_str(&format!("filename {name}")) {
        response.headers_mut().insert(METADATA, value);
    }
    Ok(response)
}

/// `DELETE /files/{id}`: gives an upload up. A file that is already in custody stays there until it is claimed or a
/// day is over: somebody else may have brought the same.
pub(crate) async fn terminate(
    State(state): State<WebState>,
    Visit(who): Visit,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    Scope::Report.require(&who.caller)?;
    let row = find(&state, &who, &id).await?;
    match state.app.store().blobs.abandon(&id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(StoreError::HeadMoved) => Err(elsewhere(row.offset)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /files/{id}` with `X-HTTP-Method-Override`, for clients behind something that lets nothing else through.
pub(crate) async fn overridden(
    state: State<WebState>,
    visit: Visit,
    path: Path<String>,
    request: Request,
) -> Answer<Response> {
    match request.headers().get(OVERRIDE).map(HeaderValue::as_bytes) {
        Some(b"PATCH") => patch(state, visit, path, request).await,
        Some(b"DELETE") => Ok(terminate(state, visit, path).await?.into_response()),
        Some(b"HEAD") => {
            Scope::Report.require(&visit.0.caller)?;
            head(&state, &visit.0, &path).await
        }
        _ => Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-override",
            "这里的 POST 要说明代替哪个方法。",
            "请直接用 PATCH、DELETE、HEAD，或在 X-HTTP-Method-Override 中写明其一。",
        )),
    }
}

/// A digest that is being made of what arrives.
enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hasher {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
        }
    }
    fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// What `Upload-Checksum` (`sha1 <base64>`) promises of the bytes of this request.
fn checksum(headers: &HeaderMap) -> Answer<Option<(Hasher, Vec<u8>)>> {
    let Some(value) = headers.get(CHECKSUM) else { return Ok(None) };
    let remedy = "格式：Upload-Checksum: sha256 <base64>；可用 sha256、sha1。";
    let bad = || Problem::malformed("checksum", "Upload-Checksum 不对。", remedy).at("Upload-Checksum");
    let (name, text) = value.to_str().ok().and_then(|v| v.trim().split_once(' ')).ok_or_else(bad)?;
    let (hasher, bytes) = match name {
        "sha1" => (Hasher::Sha1(Sha1::new()), 20),
        "sha256" => (Hasher::Sha256(Sha256::new()), 32),
        _ => return Err(bad()),
    };
    let promised = base64::engine::general_purpose::STANDARD.decode(text.trim()).map_err(|_| bad())?;
    if promised.len() == bytes { Ok(Some((hasher, promised))) } else { Err(bad()) }
}

/// The body, once it is known to be what its checksum says. It waits on disk until then: nothing of a damaged piece
/// may be kept.
async fn checked(headers: &HeaderMap, body: Body, room: u64) -> Answer<Body> {
    let Some((mut hasher, promised)) = checksum(headers)? else { return Ok(body) };
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "spooling a piece with a checksum");
        Problem::internal()
    };
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(failed)?);
    let mut body = body.into_data_stream();
    let mut arrived = 0_u64;
    loop {
        match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(Some(Ok(bytes))) => {
                arrived += bytes.len() as u64;
                if arrived > room {
                    return Err(Problem::too_large(room).at("Upload-Length"));
                }
                hasher.update(&bytes);
                file.write_all(&bytes).await.map_err(failed)?;
            }
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => {
                let remedy = "请从断点续传。";
                return Err(Problem::malformed("upload-broken", "传输中断，这一段没有收下。", remedy));
            }
        }
    }
    if hasher.finish() != promised {
        // The status that tus gives it.
        let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
        let rule = "这一段与它的校验值不符，没有收下。";
        return Err(Problem::new(status, "checksum-mismatch", rule, "请从断点重传这一段。"));
    }
    file.seek(SeekFrom::Start(0)).await.map_err(failed)?;
    Ok(Body::from_stream(ReaderStream::new(file)))
}

/// `PATCH /files/{id}`: goes on with an upload.
pub(crate) async fn patch(
    State(state): State<WebState>,
    Visit(who): Visit,
    Path(id): Path<String>,
    request: Request,
) -> Answer<Response> {
    Scope::Report.require(&who.caller)?;
    let (parts, body) = request.into_parts();
    if parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|v| v.as_bytes() != b"application/offset+octet-stream")
    {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "续传内容的类型不对。",
            "请用 Content-Type: application/offset+octet-stream。",
        ));
    }
    let offset = number(&parts.headers, &OFFSET).ok_or_else(|| missing_header("Upload-Offset"))?;
    let row = find(&state, &who, &id).await?;
    if u64::try_from(row.offset) != Ok(offset) {
        return Err(elsewhere(row.offset));
    }
    let body = checked(&parts.headers, body, u64::try_from(row.size - row.offset).unwrap_or(0)).await?;
    take(state, row, body).await
}

fn elsewhere(offset: i64) -> Problem {
    let rule = format!("续传位置不对：已收到 {offset} 字节。");
    Problem::new(
        StatusCode::CONFLICT,
        "upload-offset",
        rule,
        "请先用 HEAD 查询已收到的字节数，再从那里续传。",
    )
}

/// Takes bytes until the body ends or breaks off; what arrived stays. In a task of its own: when the connection
/// breaks, the request's future is dropped, and with it what was received and not yet written.
async fn take(state: WebState, row: UploadRow, body: Body) -> Answer<Response> {
    tokio::spawn(async move { receive(&state, row, body).await }).await.map_err(|_| Problem::internal())?
}

async fn receive(state: &WebState, row: UploadRow, body: Body) -> Answer<Response> {
    let blobs = &state.app.store().blobs;
    let mut at = row.offset;
    let mut piece = BytesMut::new();
    let mut body = body.into_data_stream();
    let mut over = false;
    let mut broken = false;
    loop {
        let end = match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(Some(Ok(bytes))) => {
                let room = usize::try_from(row.size - at).unwrap_or(0).saturating_sub(piece.len());
                over = bytes.len() > room;
                piece.extend_from_slice(&bytes[..bytes.len().min(room)]);
                over
            }
            Ok(Some(Err(_))) | Err(_) => {
                broken = true;
                true
            }
            Ok(None) => true,
        };
        if piece.len() >= PIECE_BYTES || (end && !piece.is_empty()) {
            at = match blobs.append(&row.id, at, piece.split().freeze()).await {
                Ok(at) => at,
                Err(StoreError::HeadMoved) => return Err(elsewhere(at)),
                Err(error) => return Err(error.into()),
            };
        }
        if end {
            break;
        }
    }
    if over {
        return Err(Problem::too_large(u64::try_from(row.size).unwrap_or(0)).at("Upload-Length"));
    }
    if broken {
        return Err(Problem::malformed("upload-broken", "传输中断，已收到的部分已保存。", "请从断点续传。"));
    }
    let mut row = UploadRow { offset: at, ..row };
    if at == row.size && row.digest.is_none() {
        row.digest = Some(upload::finish(state, &row.id, u64::try_from(row.size).unwrap_or(0)).await?);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    describe(&mut response, &row, at);
    Ok(response)
}

fn expiry(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).ok().and_then(|t| t.checked_add(KEPT).ok()).unwrap_or(Timestamp::MAX)
}

fn describe(response: &mut Response, row: &UploadRow, offset: i64) {
    let headers = response.headers_mut();
    headers.insert(OFFSET, offset.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match row.digest {
        Some(digest) => {
            if let Ok(value) = HeaderValue::from_str(&digest.to_string()) {
                headers.insert(EXHIBIT, value);
            }
        }
        None => {
            let when = expiry(row.at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(value) = HeaderValue::from_str(&when) {
                headers.insert(EXPIRES, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_is_read_from_the_metadata() {
        let mut headers = HeaderMap::new();
        assert_eq!(file_name(&headers).unwrap(), "");
        headers.insert(METADATA, HeaderValue::from_static("filetype aW1hZ2UvcG5n,filename 546w5Zy6LnBuZw=="));
        assert_eq!(file_name(&headers).unwrap(), "现场.png");
        headers.insert(METADATA, HeaderValue::from_static("filename ***"));
        assert!(file_name(&headers).is_err());
    }

    #[test]
    fn a_checksum_names_its_algorithm_and_is_whole() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CHECKSUM, HeaderValue::from_static(text));
            checksum(&headers)
        };
        assert!(checksum(&HeaderMap::new()).unwrap().is_none());
        // Of nothing, as RFC 3174 has it.
        let (hasher, promised) = of("sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=").unwrap().unwrap();
        assert_eq!(hasher.finish(), promised);
        let (hasher, promised) = of("sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").unwrap().unwrap();
        assert_eq!(hasher.finish(), promised);
        for bad in
            ["", "sha1", "md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha1 ***"]
        {
            assert_eq!(of(bad).err().unwrap().status, StatusCode::BAD_REQUEST, "{bad}");
        }
    }
}
