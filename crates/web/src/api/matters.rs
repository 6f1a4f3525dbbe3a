//! Matters: lists, one with its record, and the commands that move it.

use super::extract::{Body, Key, Params, full_category};
use super::shapes::{MatterJson, OfferJson};
use super::{Endpoint, Need, Repeats};
use crate::auth::{Scope, SignedIn};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lianzhi_app::penalty::CaseView;
use lianzhi_app::{Done, ListQuery, ProofView, RecordLine, SharedView};
use lianzhi_ids::DocketId;
use lianzhi_procedure::report::Reporter;
use lianzhi_procedure::{KINDS, Refusal, RefusalKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;

/// Rows of a page when nothing is said.
const LIMIT: i64 = 50;
/// Most rows of a page.
const LIMIT_MAX: i64 = 200;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/matters", get(list), "办件列表")
            .about("下一页的网址在响应头 Link（rel=next）和 next 中。加 count=true 才计总数，超过一万件时 count 为空。")
            .query_shape(list_shape)
            .gives::<List>(200),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}", get(one), "一件的全部内容").gives::<One>(200),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}/entries", get(entries), "一件的全部记录").gives::<Vec<RecordLine>>(200),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}/offers", get(offers), "现在可办的事项，各带 JSON Schema")
            .gives::<Vec<OfferJson>>(200),
        Endpoint::new(Method::POST, "/api/v1/matters/{id}/commands", post(give), "办理一步")
            .about("expected 为读到的记录条数（办件的 expected），期间有人办过则 409。字段可直接写，也可放在 fields 里。")
            .takes_shape(command_shape)
            .gives::<Done>(200)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::POST, "/api/v1/matters/{id}/contact", post(contact), "查看上报人信息（留痕）")
            .scope(Scope::Read)
            .takes::<Why>()
            .gives::<Reporter>(200)
            .repeats(Repeats::Harmless),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}/proof", get(proof), "存证情况").gives::<ProofView>(200),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}/bundle", get(bundle), "导出证据包，可用 lianzhi verify 离线验证")
            .about("particulars=true 连同上报人信息，须有相应权限。")
            .query::<BundleQuery>()
            .gives_media("application/x-tar"),
        Endpoint::new(Method::GET, "/api/v1/numbers/{number}", get(by_number), "按编号（或外部编号）找件")
            .gives::<MatterJson>(200),
        Endpoint::new(Method::GET, "/api/v1/stream", get(crate::stream::stream), "实时变化（server-sent events）")
            .about(
                "事件 matter 说哪一件变了，事件 refetch 表示落后太多、请重新取列表。事件号是日志位置，断线后带 Last-Event-ID 续接。",
            )
            .query::<crate::stream::From>()
            .gives_media("text/event-stream"),
        Endpoint::new(Method::GET, "/api/v1/schemas", get(schemas), "各类办件全部命令的 JSON Schema")
            .need(Need::Anybody)
            .gives::<Value>(200),
    ]
}

/// Paging.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct Paging {
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
    /// Rows, at most 200, 50 when not given.
    limit: Option<i64>,
    /// Count all that match, too.
    count: Option<bool>,
}

/// Filter and paging together: both are read from the same query string.
fn list_shape(generator: &mut SchemaGenerator) -> Schema {
    let mut properties = serde_json::Map::new();
    let filter = ListQuery::json_schema(generator);
    for schema in [filter, Paging::json_schema(generator)] {
        if let Some(more) = schema.get("properties").and_then(Value::as_object) {
            properties.extend(more.clone());
        }
    }
    Schema::try_from(json!({ "type": "object", "properties": properties })).unwrap_or_default()
}

/// A page of matters.
#[derive(Debug, Serialize, JsonSchema)]
struct List {
    /// The matters.
    matters: Vec<MatterJson>,
    /// Cursor of the next page.
    next: Option<String>,
    /// How many match, when asked for and not too many to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
}

/// Writes `09005` out as `E09005`; a prefix (`E06`) stays.
pub(super) fn full(mut query: ListQuery) -> ListQuery {
    if let Some(text) = &query.category
        && text.len() == 5
        && text.bytes().all(|b| b.is_ascii_digit())
    {
        query.category = Some(format!("E{text}"));
    }
    query
}

async fn list(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<ListQuery>,
    Params(paging): Params<Paging>,
    OriginalUri(uri): OriginalUri,
) -> Answer<Response> {
    let limit = paging.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let rule = format!("limit 应为 1 至 {LIMIT_MAX}。");
        return Err(Problem::malformed("parameter", rule, "请分页读取，下一页见响应头 Link。").at("limit"));
    }
    let query = full(query);
    let count = match paging.count {
        Some(true) => state.app.count(&me.caller, &query).await?,
        _ => None,
    };
    let page = state.app.list(&me.caller, &query, paging.cursor.as_deref(), limit).await;
    let page = page.map_err(|refusal| match refusal.kind {
        RefusalKind::Missing => {
            Refusal::invalid("cursor", "分页游标无效。", "请从第一页重新读取，游标原样使用。")
        }
        _ => refusal,
    })?;
    let directory = state.app.directory();
    let matters = page.rows.iter().map(|row| MatterJson::new(row, &directory)).collect();
    let link = page.next.as_deref().and_then(|next| HeaderValue::from_str(&next_link(&uri, next)).ok());
    let mut response = Json(List { matters, next: page.next, count }).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// The same query with another cursor (RFC 8288).
fn next_link(uri: &Uri, next: &str) -> String {
    let mut query: Vec<String> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=") && !pair.starts_with("count="))
        .map(str::to_owned)
        .collect();
    query.push(format!("cursor={}", utf8_percent_encode(next, NON_ALPHANUMERIC)));
    format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&"))
}

/// All of a matter that the reader may see.
#[derive(Debug, Serialize, JsonSchema)]
struct One {
    /// The row.
    matter: MatterJson,
    /// What was reported.
    description: String,
    /// Running and past terms, each with its source and arithmetic.
    clocks: Value,
    /// Files.
    exhibits: Value,
    /// What may be done now.
    offers: Vec<OfferJson>,
    /// Repeats joined to this one.
    joined: Vec<MatterJson>,
    /// Likely repeats.
    duplicates: Value,
    /// The reader may look at the reporter's particulars (each look is recorded).
    may_see_contact: bool,
    /// What is shared with other members, when it is a matter of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<SharedView>,
    /// The penalty case, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseView>,
    /// Penalty cases that were opened from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cases: Vec<MatterJson>,
}

async fn one(State(state): State<WebState>, me: SignedIn, Path(id): Path<DocketId>) -> Answer<Json<One>> {
    let view = state.app.matter(&me.caller, id).await?;
    let directory = state.app.directory();
    Ok(Json(One {
        matter: MatterJson::new(&view.row, &directory),
        description: view.narrative.description.clone(),
        clocks: as_json(&view.clocks)?,
        exhibits: as_json(&view.exhibits)?,
        offers: view.offers.iter().map(OfferJson::new).collect(),
        joined: view.joined.iter().map(|row| MatterJson::new(row, &directory)).collect(),
        duplicates: as_json(&view.duplicates)?,
        may_see_contact: view.may_see_contact,
        shared: view.shared,
        case: view.case,
        cases: view.cases.iter().map(|row| MatterJson::new(row, &directory)).collect(),
    }))
}

pub(super) fn as_json(value: &impl Serialize) -> Answer<Value> {
    serde_json::to_value(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Problem::internal()
    })
}

async fn entries(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<Vec<RecordLine>>> {
    Ok(Json(state.app.record(&me.caller, id).await?))
}

async fn offers(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<Vec<OfferJson>>> {
    let offers = state.app.offers(&me.caller, id).await?;
    Ok(Json(offers.iter().map(OfferJson::new).collect()))
}

/// Schema of a command's envelope.
pub(super) fn command_shape(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({
        "type": "object",
        "properties": {
            "command": { "type": "string", "description": "命令名，见 /offers；全部命令见 /api/v1/schemas。" },
            "expected": { "type": "integer", "minimum": 0, "description": "读到的记录条数；不同则 409。" },
            "fields": { "type": "object", "description": "命令的字段；也可以直接写在外层。", "additionalProperties": true }
        },
        "required": ["command"],
        "additionalProperties": true
    })
}

/// Takes a command out of its envelope: fields may stand beside `command` or in `fields`.
pub(super) fn command(body: Value) -> Answer<(Value, Option<i32>)> {
    let bad = |rule: &str, field: &str| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Problem::new(status, "invalid-input", rule, "格式：{\"command\":\"accept\",\"expected\":3}。")
            .at(field)
    };
    let Value::Object(mut body) = body else {
        return Err(bad("命令应为一个 JSON 对象。", "command"));
    };
    if !body.get("command").is_some_and(Value::is_string) {
        return Err(bad("没有写命令名。", "command"));
    }
    let expected = match body.remove("expected") {
        None | Some(Value::Null) => None,
        Some(n) => {
            let n = n.as_i64().and_then(|n| i32::try_from(n).ok());
            Some(n.ok_or_else(|| bad("expected 应为记录条数。", "expected"))?)
        }
    };
    if let Some(fields) = body.remove("fields") {
        let Value::Object(fields) = fields else {
            return Err(bad("fields 应为一个 JSON 对象。", "fields"));
        };
        for (name, value) in fields {
            if body.contains_key(&name) {
                return Err(bad("同一字段写了两次。", &name));
            }
            body.insert(name, value);
        }
    }
    let mut body = Value::Object(body);
    full_category(&mut body)?;
    Ok((body, expected))
}

async fn give(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Path(id): Path<DocketId>,
    Body(body): Body<Value>,
) -> Answer<Json<Done>> {
    let (command, expected) = command(body)?;
    Ok(Json(state.app.command(&me.caller, id, command, expected, key).await?))
}

/// Why somebody looks at particulars.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Why {
    /// The reason; it goes into the access log.
    pub(super) why: String,
}

async fn contact(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
    Body(why): Body<Why>,
) -> Answer<Json<Reporter>> {
    Ok(Json(state.app.contact(&me.caller, id, &why.why).await?))
}

async fn proof(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<ProofView>> {
    Ok(Json(state.app.proof(&me.caller, id).await?))
}

/// What goes into a bundle.
#[derive(Debug, Deserialize, JsonSchema)]
struct BundleQuery {
    /// With the reporter's particulars.
    particulars: Option<bool>,
}

async fn bundle(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
    Params(query): Params<BundleQuery>,
) -> Answer<Response> {
    let row = state.app.matter(&me.caller, id).await?.row;
    let file = state.app.bundle(&me.caller, id, query.particulars.unwrap_or(false)).await?;
    let bytes = ReaderStream::new(tokio::fs::File::from_std(file));
    let name = utf8_percent_encode(&row.number, NON_ALPHANUMERIC).to_string();
    let disposition = format!("attachment; filename=\"bundle-{id}.tar\"; filename*=UTF-8''{name}.tar");
    let mut response = Bytes::from_stream(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

async fn by_number(
    State(state): State<WebState>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Answer<Json<MatterJson>> {
    let id = state.app.by_number(&me.caller, &number).await?;
    let view = state.app.matter(&me.caller, id).await?;
    Ok(Json(MatterJson::new(&view.row, &state.app.directory())))
}

async fn schemas() -> Json<Value> {
    let kinds = KINDS.iter().map(|kind| (kind.code().to_owned(), kind.command_schema().to_value()));
    Json(Value::Object(kinds.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_beside_the_command_or_in_their_own_object() {
        let flat = command(json!({ "command": "classify", "category": "09005", "expected": 2 })).unwrap();
        let nested =
            command(json!({ "command": "classify", "fields": { "category": "E09005" }, "expected": 2 }))
                .unwrap();
        assert_eq!(flat, nested);
        assert_eq!(flat.1, Some(2));
        for bad in
            [json!([]), json!({}), json!({ "command": 1 }), json!({ "command": "accept", "expected": "x" })]
        {
            assert!(command(bad).is_err());
        }
        let twice = json!({ "command": "handle", "note": "a", "fields": { "note": "b" } });
        assert_eq!(command(twice).unwrap_err().field.as_deref(), Some("note"));
    }

    #[test]
    fn the_next_page_keeps_the_filter() {
        let uri = "/api/v1/matters?stage=working&cursor=old&limit=10&count=true".parse().unwrap();
        assert_eq!(
            next_link(&uri, "a b"),
            "</api/v1/matters?stage=working&limit=10&cursor=a%20b>; rel=\"next\""
        );
    }
}
