//! What lies under the points: towns and grids of the registers, and the tiles of others when some are configured.
//!
//! The layers are made once for each state of the registers and answered with an entity tag, so that a browser that has
//! them only asks whether they still hold.

use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lianzhi_app::map::towns;
use lianzhi_app::world::World;
use lianzhi_territory::{Point, grid, outline};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// A layer as it is sent.
#[derive(Debug, Clone)]
struct Layer {
    body: bytes::Bytes,
    tag: HeaderValue,
}

impl Layer {
    fn new(value: &Value) -> Self {
        let body = value.to_string();
        let digest = hex::encode(Sha256::digest(&body));
        let tag = format!("\"{}\"", digest.get(..20).unwrap_or_default());
        Layer {
            body: body.into(),
            tag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"0\"")),
        }
    }

    fn answer(&self, headers: &HeaderMap, media: &'static str) -> Response {
        let same = |tags: &HeaderValue| {
            tags.to_str().is_ok_and(|tags| {
                tags.split(',').any(|t| t.trim().trim_start_matches("W/").as_bytes() == self.tag.as_bytes())
            })
        };
        let mut response = match headers.get(header::IF_NONE_MATCH).is_some_and(same) {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => self.body.clone().into_response(),
        };
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        out.insert(header::ETAG, self.tag.clone());
        // Kept, and asked about each time: a changed register shows at once.
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}

/// The layers of one state of the registers.
#[derive(Debug)]
struct Layers {
    of: Arc<World>,
    base: Layer,
    towns: Layer,
    grids: Layer,
    /// Towns and streets with the places where their names stand.
    names: Arc<[(String, Point)]>,
}

/// The layers, made when they are first asked for and made anew when a register has changed.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Option<Arc<Layers>>>);

fn at(point: Option<Point>) -> Value {
    point.map_or(Value::Null, |p| json!([p.lng(), p.lat()]))
}

/// Borders made up for a demonstration say so in their names.
pub(in crate::pages) fn simulated(world: &World) -> bool {
    world.directory.grids.values().any(|g| g.name.contains("示意"))
}

fn make(state: &WebState, world: &Arc<World>) -> Layers {
    let outlines = towns(world);
    let bounds = lianzhi_territory::cell::Bbox::around(
        outlines.iter().filter_map(|o| o.area.bbox()).flat_map(|b| [b.min, b.max]),
    );
    let bounds = bounds.map(|b| [b.min.lng(), b.min.lat(), b.max.lng(), b.max.lat()]);
    let feature = |area: &lianzhi_territory::Area, properties: Value| json!({ "type": "Feature", "properties": properties, "geometry": grid::geometry(area) });
    let collection = |features: Vec<Value>| json!({ "type": "FeatureCollection", "features": features });
    let grid_features = world.grids.iter().map(|g| {
        let unit = world.directory.unit_name(&g.unit);
        let properties = json!({
            "code": g.code, "name": g.name, "town": g.town, "unit": unit, "at": at(outline::middle(&g.area)),
        });
        feature(&g.area, properties)
    });
    let town_features = outlines.iter().map(|o| {
        let b = o.area.bbox().map(|b| [b.min.lng(), b.min.lat(), b.max.lng(), b.max.lat()]);
        feature(&o.area, json!({ "code": o.code, "name": o.name, "at": at(o.middle), "bounds": b }))
    });
    let map = &state.config.map;
    let settings = &world.directory.settings;
    let base = json!({
        "region": settings.region,
        "bounds": bounds,
        "simulated": simulated(world),
        "tiles": map.tiles,
        "labels": map.labels,
        "attribution": map.attribution,
        "max_zoom": map.max_zoom,
        "tile_px": map.tile_px,
    });
    Layers {
        names: outlines.iter().filter_map(|o| Some((o.name.clone(), o.middle?))).collect(),
        towns: Layer::new(&collection(town_features.collect())),
        grids: Layer::new(&collection(grid_features.collect())),
        base: Layer::new(&base),
        of: world.clone(),
    }
}

async fn layers(state: &WebState) -> Answer<Arc<Layers>> {
    let world = state.app.world();
    let kept = || state.map_layers.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(layers) = kept().as_ref().filter(|l| Arc::ptr_eq(&l.of, &world)) {
        return Ok(layers.clone());
    }
    let made = {
        let state = state.clone();
        // Towns are put together from hundreds of grids: not for a thread that answers others.
        tokio::task::spawn_blocking(move || Arc::new(make(&state, &world)))
    };
    let made = made.await.map_err(|_| Problem::internal())?;
    *kept() = Some(made.clone());
    Ok(made)
}

/// Towns and streets with the places where their names stand.
///
/// # Errors
/// When the layers cannot be made.
pub(in crate::pages) async fn town_names(state: &WebState) -> Answer<Arc<[(String, Point)]>> {
    Ok(layers(state).await?.names.clone())
}

/// `GET /map/base.json`: what a map must know before it is drawn. Public: the report form has a map too.
pub(in crate::pages) async fn base(State(state): State<WebState>, headers: HeaderMap) -> Answer<Response> {
    Ok(layers(&state).await?.base.answer(&headers, "application/json"))
}

/// `GET /map/divisions.geojson`: streets and towns, put together from the grids in force. Public.
pub(in crate::pages) async fn divisions(
    State(state): State<WebState>,
    headers: HeaderMap,
) -> Answer<Response> {
    Ok(layers(&state).await?.towns.answer(&headers, "application/geo+json"))
}

/// `GET /map/grids.geojson`: the grids in force, for people at work.
pub(in crate::pages) async fn grids(
    State(state): State<WebState>,
    _: SignedIn,
    headers: HeaderMap,
) -> Answer<Response> {
    Ok(layers(&state).await?.grids.answer(&headers, "application/geo+json"))
}
