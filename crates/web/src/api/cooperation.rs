//! Working with other members. What goes on in a shared matter is read and moved like any other under `/matters`.

use super::extract::{Body, Key, Params, full_category};
use super::matters::Why;
use super::{Endpoint, Repeats};
use crate::auth::{Scope, SignedIn};
use crate::problem::Answer;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lianzhi_app::{CooperationQuery, CooperationRow, Done, Flow, Overview, PairFigures};
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_ids::DocketId;
use lianzhi_procedure::cooperation::Letter;
use lianzhi_procedure::{Kind, Refusal};
use lianzhi_territory::{Coordinates, Crs, Point, PointError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/cooperation", get(overview), "协作总览：收件、发件、各成员的数字和流向")
            .about("筛选只作用于收件、发件和已办结清单，数字和流向总是全部。")
            .query::<CooperationQuery>()
            .gives::<CooperationJson>(200),
        Endpoint::new(Method::GET, "/api/v1/cooperation/{form}", get(entries), "这种形式现在可用的协作清单事项")
            .gives::<Vec<ListEntry>>(200),
        Endpoint::new(Method::POST, "/api/v1/cooperation/{form}", post(begin), "发起（拟稿）")
            .about(
                "form 为 lead、assistance、evidence、bulletin、dispute、away。存为文稿，经 /matters/{id}/commands 审核、签发后才发出。\
                 地点给坐标（lng、lat，crs 缺省 WGS-84）、place 文字或两者。",
            )
            .takes_shape(letter_shape)
            .gives::<Done>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(
            Method::GET,
            "/api/v1/matters/{id}/letters/{node}/{seq}",
            get(crate::pages::letter::show),
            "成员之间的一份文书（PDF）",
        )
        .about("node 和 seq 见办件 shared.letters：哪个成员的第几份。双方打印的是同一份文件。")
        .gives_media("application/pdf"),
        Endpoint::new(Method::POST, "/api/v1/matters/{id}/particulars", post(particulars), "查看协作件的个人信息（留痕）")
            .scope(Scope::Read)
            .takes::<Why>()
            .gives::<Particulars>(200)
            .repeats(Repeats::Harmless),
    ]
}

/// A letter with its place in degrees.
fn letter_shape(generator: &mut SchemaGenerator) -> Schema {
    let mut letter = Letter::json_schema(generator).to_value();
    if let Some(properties) = letter.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("lng".into(), json!({ "type": "number", "description": "经度。" }));
        properties.insert("lat".into(), json!({ "type": "number", "description": "纬度。" }));
        properties.insert("crs".into(), json!({ "type": "string", "description": "坐标系，缺省 WGS-84。" }));
    }
    Schema::try_from(letter).unwrap_or_default()
}

/// A place as somebody gave it, in degrees.
///
/// # Errors
/// When only one of the two is given, or they are no place.
pub(crate) fn place_of(
    lng: Option<&str>,
    lat: Option<&str>,
    crs: Option<&str>,
) -> Result<Option<Point>, Refusal> {
    let (Some(lng), Some(lat)) = (lng, lat) else {
        return match (lng, lat) {
            (None, None) => Ok(None),
            _ => Err(Refusal::invalid("place", "经度和纬度要一起填。", "请补上缺的一项，或都不填而写地址。")),
        };
    };
    let bad = |e: PointError| Refusal::invalid("place", format!("{e}。"), "请核对坐标和坐标系。");
    let degrees = |text: &str| {
        text.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(|| {
            Refusal::invalid("place", "经纬度不对。", "请填十进制度数，如经度 121.1142、纬度 31.1508。")
        })
    };
    let crs: Crs = crs.map(str::parse).transpose().map_err(bad)?.unwrap_or_default();
    Coordinates { lng: degrees(lng)?, lat: degrees(lat)?, crs }.point().map(Some).map_err(bad)
}

fn form_of(code: &str) -> Result<(Form, Kind), Refusal> {
    let found = Form::from_code(code).zip(Kind::from_code(code));
    found.ok_or_else(|| Refusal::missing("没有这种协作形式。"))
}

/// Cooperation at a glance.
#[derive(Debug, Serialize, JsonSchema)]
struct CooperationJson {
    /// What others wait for from us, soonest term first.
    inbox: Vec<CooperationRow>,
    /// What we wait for from others, soonest term first.
    outbox: Vec<CooperationRow>,
    /// Ended ones, newest first, when they are asked for.
    ended: Vec<CooperationRow>,
    /// Of everything, whatever the lists are narrowed to.
    statistics: Statistics,
    /// The lists hold all that was asked for; else the newest of each form.
    complete: bool,
}

/// Figures of cooperation.
#[derive(Debug, Serialize, JsonSchema)]
struct Statistics {
    /// Of each pair: this node and another member.
    pairs: Vec<PairFigures>,
    /// How many of each form went which way.
    flows: Vec<Flow>,
    /// Open matters whose term has passed.
    late: u32,
}

async fn overview(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<CooperationQuery>,
) -> Answer<Json<CooperationJson>> {
    let Overview { inbox, outbox, ended, pairs, flows, late, complete } =
        state.app.cooperation_of(&me.caller, &query).await?;
    let statistics = Statistics { pairs, flows, late };
    Ok(Json(CooperationJson { inbox, outbox, ended, statistics, complete }))
}

async fn entries(
    State(state): State<WebState>,
    me: SignedIn,
    Path(form): Path<String>,
) -> Answer<Json<Vec<ListEntry>>> {
    let (form, _) = form_of(&form)?;
    state.app.may(&me.caller, "cooperation_draft", None)?;
    Ok(Json(state.app.list_for(form)))
}

async fn begin(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Path(form): Path<String>,
    Body(mut body): Body<Value>,
) -> Answer<Response> {
    let (_, kind) = form_of(&form)?;
    full_category(&mut body)?;
    let Value::Object(letter) = &mut body else {
        return Err(Refusal::invalid("body", "应为一个 JSON 对象。", "字段见接口文档。").into());
    };
    letter.insert("command".into(), "begin".into());
    let mut degrees = |name: &str| match letter.remove(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(other) => Some(other.to_string()),
    };
    let (lng, lat, crs) = (degrees("lng"), degrees("lat"), degrees("crs"));
    if let Some(point) = place_of(lng.as_deref(), lat.as_deref(), crs.as_deref())? {
        letter.insert("point".into(), json!(point));
    }
    let done = state.app.open_shared(&me.caller, kind, body, key).await?;
    let mut response = (StatusCode::CREATED, Json(&done)).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("/api/v1/matters/{}", done.id)) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// Personal particulars that a letter is about.
#[derive(Debug, Serialize, JsonSchema)]
struct Particulars {
    /// As the letter says them.
    particulars: String,
}

async fn particulars(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
    Body(why): Body<Why>,
) -> Answer<Json<Particulars>> {
    Ok(Json(Particulars { particulars: state.app.particulars(&me.caller, id, &why.why).await? }))
}
