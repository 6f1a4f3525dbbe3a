//! Taking requests of other members.

mod signed;

use crate::gaps::one_batch;
use crate::problem::Problem;
use crate::{Config, HEADER_EPOCH, PATH};
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::TryStreamExt;
use lianzhi_app::App;
use lianzhi_app::federation::Witnessing;
use lianzhi_docket::suite::Suite;
use lianzhi_docket::witness::{
    AddCheckpoint, REQUEST_BYTES_MAX, RequestError, TEXT_CONTENT_TYPE, WitnessRefusal,
};
use lianzhi_exchange::capabilities::{Capabilities, Limits, PROTOCOL_VERSIONS};
use lianzhi_exchange::decisions::ToldDecisions;
use lianzhi_exchange::envelope::{MEDIA_PARCELS, PARCELS_BYTES_MAX, Parcel, parcels};
use lianzhi_exchange::evidence::Evidence;
use lianzhi_exchange::gaps::Holdings;
use lianzhi_exchange::http::content_digest_of;
use lianzhi_exchange::inbound::Way;
use lianzhi_exchange::refusal::Refusal;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lianzhi_procedure::KINDS;
use serde::{Deserialize, Serialize};
use signed::{Gate, Reader, Signed};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest evidence, bytes: two envelopes as texts in JSON, each escaped.
const EVIDENCE_BYTES_MAX: usize = 512 << 10;

/// What handlers share.
#[derive(Clone)]
pub(crate) struct LinkState {
    pub(crate) app: App,
    pub(crate) gate: Arc<Gate>,
}

/// The exchange of a node, below [`PATH`]. To be served with connection info (`SocketAddr`, or
/// [`crate::TlsCaller`]), by which calls that are not
/// signed are limited.
pub fn router(app: App, config: &Config) -> Router {
    let state = LinkState { app, gate: Arc::new(Gate::new(config)) };
    let routes = Router::new()
        .route("/capabilities", get(capabilities))
        .route("/card", get(card))
        .route("/compact", get(compact))
        .route("/decisions", get(decisions))
        .route("/envelopes", post(envelopes))
        .route("/holdings", get(holdings))
        .route("/dockets/{shared}/heads", get(heads))
        .route("/dockets/{shared}/streams/{node}", get(stream))
        .route("/exhibits/{digest}", get(exhibit))
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*path}", get(tile))
        .route("/alarm", post(alarm))
        .fallback(async || Problem::nothing_here())
        .layer(axum::middleware::from_fn_with_state(state.clone(), signed::limit))
        .layer(axum::middleware::from_fn_with_state(state.clone(), tell_epoch))
        .with_state(state);
    Router::new().nest(PATH, routes)
}

async fn tell_epoch(State(state): State<LinkState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(roster) = state.app.roster() {
        response.headers_mut().insert(HEADER_EPOCH, HeaderValue::from(roster.epoch.number));
    }
    response
}

/// What this node's program understands, signed. Also the sign of life that members exchange.
async fn capabilities(State(state): State<LinkState>, _: Signed<0>) -> Result<Response, Problem> {
    let app = &state.app;
    let unavailable =
        || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-key", "本节点没有交换密钥，尚不能交换。");
    let key = app.exchange_key().ok_or_else(unavailable)?;
    let understood = KINDS.iter().filter(|kind| kind.hear(String::new(), Digest::ZERO).is_some());
    let document = Capabilities {
        node: app.config().node.clone(),
        at: app.now(),
        versions: PROTOCOL_VERSIONS.to_vec(),
        kinds: understood.map(|kind| kind.code().to_owned()).collect(),
        suites: Suite::ALL.to_vec(),
        limits: Limits::default(),
    };
    let signed = document.sign(key.as_ref()).map_err(|_| unavailable())?;
    Ok(Json(signed).into_response())
}

/// What this agency says of itself, for whoever would have it in a compact: signed by its own key, and compared by people
/// before it counts. Nobody has to be known to ask for it.
async fn card(State(state): State<LinkState>) -> Result<Response, Problem> {
    let refused = |refusal: lianzhi_procedure::Refusal| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, refusal.code, refusal.rule)
    };
    Ok(Json(state.app.own_card().await.map_err(refused)?).into_response())
}

/// Where the compact stands here: whoever lacks something of it pulls its streams.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CompactHead {
    /// The shared docket in which it is agreed.
    pub(crate) docket: String,
    /// Number of the epoch in force.
    pub(crate) epoch: u32,
    /// Its digest.
    pub(crate) digest: Digest,
    /// Where its streams stand: per author the position after the last entry.
    pub(crate) heads: BTreeMap<NodeCode, u32>,
}

async fn compact(State(state): State<LinkState>, _: Reader) -> Result<Json<CompactHead>, Problem> {
    let roster = state.app.roster().ok_or_else(Problem::nothing_here)?;
    let docket = roster.epoch.compact.clone();
    let heads = match docket.parse::<SharedId>() {
        Ok(shared) => state.app.heads(&shared).await?,
        Err(_) => BTreeMap::new(),
    };
    Ok(Json(CompactHead { docket, epoch: roster.epoch.number, digest: roster.digest, heads }))
}

#[derive(Debug, Deserialize)]
struct OfItem {
    item: String,
}

/// How this agency decided about an item, from what it has published: for members that compare like cases.
async fn decisions(
    State(state): State<LinkState>,
    Query(asked): Query<OfItem>,
    _: Signed<0>,
) -> Result<Json<ToldDecisions>, Problem> {
    Ok(Json(state.app.decisions_to_tell(&asked.item).await?))
}

/// Takes in a parcel, or a batch of them: each is answered by itself, in their order.
async fn envelopes(
    State(state): State<LinkState>,
    headers: HeaderMap,
    signed: Signed<PARCELS_BYTES_MAX>,
) -> Result<Response, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let refused = |error| Problem::from(&Refusal::from(&error));
    if media == MEDIA_PARCELS {
        let batch = parcels(&signed.body).map_err(refused)?;
        let answers = state.app.receive(batch, &signed.peer, Way::Posted).await;
        return Ok(Json(answers).into_response());
    }
    let parcel = Parcel::parse(&signed.body).map_err(refused)?;
    let mut answers = state.app.receive(vec![parcel], &signed.peer, Way::Posted).await;
    let answer = answers.pop().ok_or_else(Problem::nothing_here)?;
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    Ok((status, Json(answer)).into_response())
}

async fn heads(
    State(state): State<LinkState>,
    Path(shared): Path<String>,
    Reader(peer): Reader,
) -> Result<Json<BTreeMap<NodeCode, u32>>, Problem> {
    let shared: SharedId = shared.parse().map_err(|_| Problem::nothing_here())?;
    let party = state.app.stream_from(&shared, &shared.node, 0, &peer).await?;
    party.ok_or_else(Problem::nothing_here)?;
    Ok(Json(state.app.heads(&shared).await?))
}

#[derive(Debug, Deserialize)]
struct After {
    #[serde(default)]
    after: String,
}

/// What is held here that concerns the asker, for one that comes back from a backup.
async fn holdings(
    State(state): State<LinkState>,
    Query(asked): Query<After>,
    signed: Signed<0>,
) -> Result<Json<Holdings>, Problem> {
    state.gate.may_look_through(&signed.peer)?;
    Ok(Json(state.app.holdings_for(&signed.peer, &asked.after).await?))
}

#[derive(Debug, Deserialize)]
struct From {
    #[serde(default)]
    from: u32,
}

/// An author's stream from a position on, as a batch of the original parcels.
async fn stream(
    State(state): State<LinkState>,
    Path((shared, author)): Path<(String, String)>,
    Query(asked): Query<From>,
    Reader(peer): Reader,
) -> Result<Response, Problem> {
    let shared: SharedId = shared.parse().map_err(|_| Problem::nothing_here())?;
    let author = NodeCode::parse(&author).map_err(|_| Problem::nothing_here())?;
    let parcels = state.app.stream_from(&shared, &author, asked.from, &peer).await?;
    let parcels = parcels.ok_or_else(Problem::nothing_here)?;
    // As many as go into one batch; whoever wants more asks again.
    let parcels = one_batch(parcels, state.app.limits_with(&peer));
    let kind = HeaderValue::from_static(MEDIA_PARCELS);
    let mut response = Json(parcels).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

#[derive(Debug, Deserialize)]
struct Docket {
    docket: String,
}

/// A file that a docket names, in whole or in part (RFC 9110 section 14, one range).
async fn exhibit(
    State(state): State<LinkState>,
    Path(digest): Path<String>,
    Query(asked): Query<Docket>,
    method: Method,
    headers: HeaderMap,
    signed: Signed<0>,
) -> Result<Response, Problem> {
    let digest: Digest = digest.parse().map_err(|_| Problem::nothing_here())?;
    let shared: SharedId = asked.docket.parse().map_err(|_| Problem::nothing_here())?;
    let range = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let takes = method == Method::GET;
    let served = state.app.exhibit_for(digest, &shared, &signed.peer, takes).await?;
    let row = served.ok_or_else(Problem::nothing_here)?.row;
    let size = u64::try_from(row.size).unwrap_or(0);
    let (status, start, end) = match range {
        None => (StatusCode::OK, 0, size),
        Some(text) => match span(text, size) {
            Some((start, end)) => (StatusCode::PARTIAL_CONTENT, start, end),
            None => {
                let whole = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response());
            }
        },
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_LENGTH, end - start)
        .header("repr-digest", content_digest_of(&digest));
    if status == StatusCode::PARTIAL_CONTENT {
        response =
            response.header(header::CONTENT_RANGE, format!("bytes {start}-{}/{size}", end.saturating_sub(1)));
    }
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let bytes = state.app.store().blobs.read(digest, start, end).await?;
        Body::from_stream(bytes.map_err(std::io::Error::other))
    };
    response.body(body).map_err(|_| Problem::nothing_here())
}

/// First byte and the one after the last of `bytes=a-b` or `bytes=a-` in a file of this size.
fn span(range: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let start: u64 = first.parse().ok()?;
    let end = if last.is_empty() { size } else { last.parse::<u64>().ok()?.checked_add(1)?.min(size) };
    (start < end).then_some((start, end))
}

/// Witnesses another member's log (C2SP tlog-witness): who asks is not authenticated, the log's signature counts.
async fn add_checkpoint(State(state): State<LinkState>, body: Body) -> Result<Response, Problem> {
    let bytes = axum::body::to_bytes(body, REQUEST_BYTES_MAX)
        .await
        .map_err(|_| Problem::too_large(REQUEST_BYTES_MAX))?;
    let request = std::str::from_utf8(&bytes)
        .map_err(|_| RequestError::Form("不是 UTF-8"))
        .and_then(AddCheckpoint::parse);
    let witnessing = match request {
        Ok(request) => state.app.witness(&request).await?,
        Err(error) => Witnessing::Refused(Box::new(WitnessRefusal::Request(error))),
    };
    let (status, kind, text) = match witnessing {
        Witnessing::Cosigned(line) => (200, TEXT_CONTENT_TYPE, line),
        Witnessing::Refused(refusal) => {
            let (kind, text) = refusal.answer();
            (refusal.status(), kind, text)
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Ok((status, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response())
}

/// The newest signed head of this node's log, with the witnesses' lines.
async fn checkpoint(State(state): State<LinkState>) -> Result<Response, Problem> {
    let note = state.app.served_checkpoint().await?.ok_or_else(Problem::nothing_here)?;
    let kind = HeaderValue::from_static(TEXT_CONTENT_TYPE);
    Ok(([(header::CONTENT_TYPE, kind)], note).into_response())
}

async fn tile(State(state): State<LinkState>, Path(path): Path<String>) -> Result<Response, Problem> {
    let bytes = state.app.tile(&format!("tile/{path}")).await.ok_or_else(Problem::nothing_here)?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// Evidence against a member (of its envelopes or of its log), which anybody can check: it is kept when it holds, whoever sent it.
async fn alarm(
    State(state): State<LinkState>,
    signed: Signed<EVIDENCE_BYTES_MAX>,
) -> Result<StatusCode, Problem> {
    let evidence: Evidence = serde_json::from_slice(&signed.body)
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "malformed", "不是有效的证据。"))?;
    match state.app.alarmed(&evidence).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-proof", "所附内容不构成证据。")),
    }
}
