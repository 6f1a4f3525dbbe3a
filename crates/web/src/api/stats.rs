//! Counts and the map.

use super::extract::Params;
use super::shapes::{CountJson, degrees};
use super::{Endpoint, matters};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::routing::get;
use lianzhi_app::ListQuery;
use lianzhi_app::ports::CountBy;
use lianzhi_ids::{CategoryCode, PersonCode, UnitCode};
use lianzhi_procedure::report::Source;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Method::GET,
            "/api/v1/stats/{by}",
            get(stats),
            "按 stage、unit、category、source、day、assignee、rating 计数",
        )
        .about("筛选条件与办件列表相同。")
        .query::<ListQuery>()
        .gives::<Vec<CountJson>>(200),
        Endpoint::new(Method::GET, "/api/v1/map", get(map), "地图上的点和聚合（GeoJSON）")
            .about("bbox 为 西,南,东,北（度）；筛选条件与办件列表相同。n 为件数，一件时另有 id。")
            .query_shape(map_shape)
            .gives::<Value>(200),
    ]
}

async fn stats(
    State(state): State<WebState>,
    me: SignedIn,
    Path(by): Path<String>,
    Params(query): Params<ListQuery>,
) -> Answer<Json<Vec<CountJson>>> {
    let by = match by.as_str() {
        "stage" => CountBy::Stage,
        "unit" => CountBy::Unit,
        "category" => CountBy::Category,
        "source" => CountBy::Source,
        "day" => CountBy::Day,
        "assignee" => CountBy::Assignee,
        "rating" => CountBy::Rating,
        _ => return Err(Problem::nothing_here()),
    };
    let counts = state.app.counts(&me.caller, &matters::full(query), by).await?;
    let directory = state.app.directory();
    let name = |key: &str| match by {
        CountBy::Unit => UnitCode::parse(key).ok().map(|c| directory.unit_name(&c).to_owned()),
        CountBy::Category => CategoryCode::parse(key).ok().map(|c| directory.category_name(&c).to_owned()),
        CountBy::Assignee => PersonCode::parse(key).ok().map(|c| directory.person_name(&c).to_owned()),
        CountBy::Source => Source::from_code(key).map(|s| s.title().to_owned()),
        CountBy::Stage | CountBy::Day | CountBy::Rating => None,
    };
    Ok(Json(counts.into_iter().map(|c| CountJson::new(c.clone(), name(&c.key))).collect()))
}

/// How far in.
#[derive(Debug, Deserialize, JsonSchema)]
struct Zoom {
    /// 0 (the world) to 22 (a door); 12 when not given.
    zoom: Option<u8>,
}

fn map_shape(generator: &mut SchemaGenerator) -> Schema {
    let mut properties = serde_json::Map::new();
    for schema in [ListQuery::json_schema(generator), Zoom::json_schema(generator)] {
        if let Some(more) = schema.get("properties").and_then(Value::as_object) {
            properties.extend(more.clone());
        }
    }
    Schema::try_from(json!({ "type": "object", "properties": properties })).unwrap_or_default()
}

async fn map(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<ListQuery>,
    Params(zoom): Params<Zoom>,
) -> Answer<Json<Value>> {
    let zoom = zoom.zoom.unwrap_or(12).min(22);
    let clusters = state.app.map(&me.caller, &matters::full(query), zoom).await?;
    let features: Vec<Value> = clusters
        .iter()
        .map(|c| {
            json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [degrees(c.lng), degrees(c.lat)] },
                "properties": { "n": c.n, "id": c.only },
            })
        })
        .collect();
    Ok(Json(json!({ "type": "FeatureCollection", "features": features })))
}
