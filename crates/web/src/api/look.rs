//! Look-ups: categories from words, places from addresses and points, who I am, what the policy says.

use super::extract::Params;
use super::shapes::degrees;
use super::{Endpoint, Need};
use crate::auth::{By, SignedIn, Visit};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use lianzhi_app::SuggestedCategory;
use lianzhi_procedure::{Refusal, policy};
use lianzhi_territory::{Coordinates, Crs, PointError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/suggest", get(suggest), "按描述推荐类别（由人决定）")
            .need(Need::Rated(Limited::Look))
            .query::<Words>()
            .gives::<Vec<SuggestedCategory>>(200),
        Endpoint::new(Method::GET, "/api/v1/place", get(place), "按地址或坐标找网格")
            .about("给 address，或 lng、lat（crs 缺省 WGS-84）。地址不确定时给出候选。")
            .need(Need::Rated(Limited::Look))
            .query::<Where>()
            .gives::<Value>(200),
        Endpoint::new(Method::GET, "/api/v1/categories", get(categories), "类别目录")
            .need(Need::Anybody)
            .gives::<Vec<lianzhi_procedure::directory::Category>>(200),
        Endpoint::new(Method::GET, "/api/v1/me", get(me), "我是谁").gives::<Me>(200),
        Endpoint::new(Method::GET, "/api/v1/policy", get(policy_table), "权限表").gives::<Value>(200),
    ]
}

/// Longest description that suggestions read, characters.
const WORDS_CHARS_MAX: usize = 2_000;

/// A description.
#[derive(Debug, Deserialize, JsonSchema)]
struct Words {
    /// In the reporter's words.
    text: String,
}

async fn suggest(
    State(state): State<WebState>,
    Params(words): Params<Words>,
) -> Json<Vec<SuggestedCategory>> {
    let text: String = words.text.chars().take(WORDS_CHARS_MAX).collect();
    Json(state.app.suggest(&text))
}

/// A place in words or degrees.
#[derive(Debug, Deserialize, JsonSchema)]
struct Where {
    /// In words.
    address: Option<String>,
    /// Longitude.
    lng: Option<f64>,
    /// Latitude.
    lat: Option<f64>,
    /// `WGS-84` (default), `GCJ-02`, `CGCS2000`.
    crs: Option<String>,
}

async fn place(State(state): State<WebState>, Params(place): Params<Where>) -> Answer<Json<Value>> {
    let bad = |e: PointError| Refusal::invalid("place", e.to_string(), "请核对坐标和坐标系。");
    let world = state.app.world();
    let (point, placing) = match (place.lng.zip(place.lat), place.address.as_deref().map(str::trim)) {
        (Some((lng, lat)), _) => {
            let crs: Crs = place.crs.as_deref().map(str::parse).transpose().map_err(bad)?.unwrap_or_default();
            let point = Coordinates { lng, lat, crs }.point().map_err(bad)?;
            (Some(point), world.place_point(point))
        }
        (None, Some(address)) if !address.is_empty() => world.place_address(address),
        _ => {
            return Err(Problem::malformed("parameter", "没有给出地点。", "请给 address，或 lng 和 lat。")
                .at("address"));
        }
    };
    let grid = placing.grid().and_then(|g| world.directory.grids.get(g));
    Ok(Json(json!({
        "placing": placing,
        "point": point.map(|p| json!({ "lng": degrees(p.lng_e6), "lat": degrees(p.lat_e6) })),
        "grid_name": grid.map(|g| &g.name),
        "unit": grid.map(|g| &g.unit),
        "unit_name": grid.map(|g| world.directory.unit_name(&g.unit)),
    })))
}

async fn categories(State(state): State<WebState>) -> Json<Vec<lianzhi_procedure::directory::Category>> {
    Json(state.app.directory().categories.values().cloned().collect())
}

/// Who asks.
#[derive(Debug, Serialize, JsonSchema)]
struct Me {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// Roles.
    roles: Vec<String>,
    /// Posts.
    posts: Vec<lianzhi_procedure::directory::Post>,
    /// On duty now.
    on_duty: bool,
    /// Scopes of the token; none for a session.
    scopes: Option<Vec<String>>,
    /// Token for `X-CSRF-Token`, in a session.
    csrf: Option<String>,
}

async fn me(State(state): State<WebState>, me: SignedIn, Visit(who): Visit) -> Json<Me> {
    Json(Me {
        code: me.person.code.to_string(),
        name: me.person.name.clone(),
        roles: me.caller.actor.roles().iter().map(|r| r.code().to_owned()).collect(),
        posts: me.person.posts.clone(),
        on_duty: state.app.duty().is_on(&me.person.code),
        scopes: me.caller.scopes.clone(),
        csrf: (who.by == By::Session).then(|| who.csrf().to_owned()),
    })
}

async fn policy_table(_: SignedIn) -> Json<Value> {
    Json(json!({ "rules": policy::TABLE }))
}
