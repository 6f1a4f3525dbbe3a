//! Intake: `POST /reports`, and how the public follows what became of it.

use super::extract::{Body, Key};
use super::shapes::OfferJson;
use super::{Endpoint, Need, Repeats};
use crate::auth::{Scope, Who};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lianzhi_app::{Done, FollowView, Receipt, ReportInput};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::POST, "/api/v1/reports", post(create), "上报、登记")
            .about(
                "公众无需登录（限频）；其他来源须登录或带令牌。地点给坐标（crs 缺省 WGS-84，可为 GCJ-02、CGCS2000）、地址或两者。\
                 回执中的 follow_code 只出现这一次。",
            )
            .need(Need::Rated(Limited::Intake))
            .scope(Scope::Report)
            .takes::<ReportInput>()
            .gives::<Receipt>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::GET, "/api/v1/follow/{number}", get(follow), "公众查询进度")
            .about("查询码放在请求头 X-Follow-Code 中，不放在网址里。只含公开字段。")
            .need(Need::Rated(Limited::Follow))
            .gives::<Followed>(200),
        Endpoint::new(Method::POST, "/api/v1/follow/{number}/commands", post(act), "上报人补充、撤回、评价、要求重办")
            .about("查询码放在请求头 X-Follow-Code 中。可用的命令见查询结果中的 can。")
            .need(Need::Rated(Limited::Follow))
            .scope(Scope::Report)
            .takes_shape(super::matters::command_shape)
            .gives::<Done>(200)
            .repeats(Repeats::Entry),
    ]
}

/// A report comes in.
async fn create(
    State(state): State<WebState>,
    Who(who): Who,
    Key(key): Key,
    Body(input): Body<ReportInput>,
) -> Answer<Response> {
    let source = input.source.map_or("-", |s| s.code());
    let receipt = state.app.report(&who, input, key).await?;
    metrics::counter!("lianzhi_intake_total", "source" => source).increment(1);
    let mut response = (StatusCode::CREATED, Json(&receipt)).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("/api/v1/matters/{}", receipt.id)) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

fn follow_code(headers: &HeaderMap) -> Answer<&str> {
    headers.get("x-follow-code").and_then(|v| v.to_str().ok()).ok_or_else(|| {
        Problem::malformed("follow-code", "没有查询码。", "请在请求头 X-Follow-Code 中带上回执里的查询码。")
            .at("X-Follow-Code")
    })
}

/// What the reporter may know, and what he may do.
#[derive(Debug, Serialize, JsonSchema)]
struct Followed {
    /// How far it is.
    #[serde(flatten)]
    view: FollowView,
    /// What may be done now.
    can: Vec<OfferJson>,
}

/// What became of it.
async fn follow(
    State(state): State<WebState>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Answer<Json<Followed>> {
    let view = state.app.follow(&number, follow_code(&headers)?).await?;
    Ok(Json(Followed { can: view.offers.iter().map(OfferJson::new).collect(), view }))
}

/// The reporter adds, withdraws, rates, asks to have it done again.
async fn act(
    State(state): State<WebState>,
    Key(key): Key,
    Path(number): Path<String>,
    headers: HeaderMap,
    Body(body): Body<Value>,
) -> Answer<Json<Done>> {
    let (command, _) = super::matters::command(body)?;
    let code = follow_code(&headers)?;
    Ok(Json(state.app.follow_command(&number, code, command, key).await?))
}
