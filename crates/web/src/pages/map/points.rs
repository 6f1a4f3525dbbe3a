//! Points of maps: clusters with the filters of the list, what stands beside them, the card of a matter, the way that a
//! matter went, and what is known of a place.

use super::{Numbers, Side};
use crate::auth::{self, SignedIn, Visit};
use crate::pages::list::Filters;
use crate::pages::rows::Line;
use crate::pages::{page, ui};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use askama::Template;
use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use lianzhi_app::ports::MatterRow;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use lianzhi_territory::{Coordinates, Crs, Point};
use serde::Deserialize;
use serde_json::{Value, json};

/// Cards in one bubble: what stands on one spot. More are a list.
const CARDS_MAX: usize = 8;
/// People on duty named in a card.
const NEAR_MAX: usize = 3;

/// How the map is looked at.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct View {
    /// 0 (the world) to 22 (a door); 12 when not given.
    zoom: Option<String>,
    /// Small cells instead of clusters.
    heat: Option<String>,
}

impl View {
    fn zoom(&self) -> Result<u8, Refusal> {
        let bad = || Refusal::invalid("zoom", "缩放级别应为 0 到 22 的整数。", "请从地图上重新缩放。");
        match self.zoom.as_deref().map(str::trim).filter(|z| !z.is_empty()) {
            None => Ok(12),
            Some(zoom) => zoom.parse().ok().filter(|z| *z <= 22).ok_or_else(bad),
        }
    }
}

fn geojson(body: Value) -> Response {
    ([(header::CONTENT_TYPE, "application/geo+json")], body.to_string()).into_response()
}

fn degrees(micro: i32) -> f64 {
    f64::from(micro) / 1e6
}

/// The properties of a point that is one matter.
fn properties(row: &MatterRow, line: &Line) -> Value {
    json!({
        "n": 1, "id": row.id.0, "number": line.number, "title": line.title, "state": line.state,
        "left": line.left, "stage": line.stage_title, "category": line.category, "unit": line.unit,
        "officer": line.officer, "open": line.open,
    })
}

/// `GET /map/matters.geojson`: what a map shows of a box.
pub(in crate::pages) async fn matters(
    State(state): State<WebState>,
    who: SignedIn,
    Query(view): Query<View>,
    uri: Uri,
) -> Answer<Response> {
    let query = Filters::of(&uri).but(&["order"]).query()?;
    let heat = view.heat.as_deref().is_some_and(|h| h == "1" || h == "true");
    let found = state.app.map_view(&who.caller, &query, view.zoom()?, heat).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let features: Vec<Value> = found
        .clusters
        .iter()
        .map(|c| {
            let row = c.only.and_then(|id| found.rows.get(&id));
            let properties = match row {
                Some(row) => properties(row, &Line::new(row, &directory, now)),
                None => json!({ "n": c.n }),
            };
            json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [degrees(c.lng), degrees(c.lat)] },
                "properties": properties,
            })
        })
        .collect();
    let bbox = found.bbox.map(|b| [b.min.lng(), b.min.lat(), b.max.lng(), b.max.lat()]);
    let mut body = json!({ "type": "FeatureCollection", "total": found.total, "features": features });
    if let (Some(bbox), Some(map)) = (bbox, body.as_object_mut()) {
        map.insert("bbox".into(), json!(bbox));
    }
    Ok(geojson(body))
}

/// `GET /map/side`: what stands beside a map, as a part of the page.
pub(in crate::pages) async fn side(
    State(state): State<WebState>,
    who: SignedIn,
    Query(view): Query<View>,
    uri: Uri,
) -> Answer<Response> {
    let filters = Filters::of(&uri);
    page(&Side::of(&state, &who, &filters, view.zoom()?).await?)
}

/// Somebody on duty, in a card.
struct Colleague {
    name: String,
    where_: String,
}

struct Card {
    line: Line,
    colleagues: Vec<Colleague>,
}

#[derive(Template)]
#[template(path = "map_card.html")]
struct CardPage {
    cards: Vec<Card>,
    more: usize,
}

/// A bubble for the style page.
pub(in crate::pages) fn sample(line: Line) -> Result<ui::Html, Problem> {
    let colleagues = vec![Colleague { name: "张某".into(), where_: "本网格".into() }];
    let shown = CardPage { cards: vec![Card { line, colleagues }], more: 2 };
    shown.render().map(ui::Html::rendered).map_err(|_| Problem::internal())
}

#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Ids {
    /// Matters, separated by commas.
    ids: String,
}

/// Who is on duty near a matter, in words.
fn colleagues(state: &WebState, row: &MatterRow) -> Vec<Colleague> {
    let Some((lng_e6, lat_e6)) = row.lng.zip(row.lat) else { return Vec::new() };
    let near = state.app.on_duty_near(Point { lng_e6, lat_e6 }, NEAR_MAX);
    let near = near.into_iter().map(|n| Colleague {
        where_: match n.metres {
            m if m < 1.0 => "本网格".into(),
            m if m < 1_000.0 => format!("相距 {m:.0} 米的网格"),
            m => format!("相距 {:.1} 公里的网格", m / 1_000.0),
        },
        name: n.name,
    });
    near.collect()
}

/// `GET /map/cards`: the matters that stand where somebody clicked.
pub(in crate::pages) async fn cards(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Ids>,
) -> Answer<Response> {
    let bad = || Refusal::invalid("ids", "没有指明是哪些办件。", "请在地图上重新点选。");
    let ids: Vec<DocketId> = asked
        .ids
        .split(',')
        .map(|id| id.trim().parse().map(DocketId).map_err(|_| bad()))
        .collect::<Result<_, _>>()?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let mut cards = Vec::new();
    for id in ids.iter().take(CARDS_MAX) {
        // What may not be seen is as if it were not there.
        if let Ok(row) = state.app.row(&who.caller, *id).await {
            let colleagues = if row.open { colleagues(&state, &row) } else { Vec::new() };
            cards.push(Card { line: Line::new(&row, &directory, now), colleagues });
        }
    }
    if cards.is_empty() {
        return Err(Refusal::missing("没有这个办件。").into());
    }
    page(&CardPage { cards, more: ids.len().saturating_sub(CARDS_MAX) })
}

/// `GET /matters/{id}/route.geojson`: the places of a matter's record in order, with the line between them.
pub(in crate::pages) async fn route(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Answer<Response> {
    let stops = state.app.route(&who.caller, DocketId(id)).await?;
    let coordinates = |p: Point| json!([p.lng(), p.lat()]);
    let mut features: Vec<Value> = Vec::new();
    // Numbered as in the list beside the map, in which those without a place have their number too.
    let placed: Vec<_> = stops.iter().zip(1..).filter_map(|(s, n)| Some((s, s.point?, n))).collect();
    for pair in placed.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if from.1 != to.1 {
            features.push(json!({
                "type": "Feature",
                "properties": { "kind": "leg", "drawn": from.0.kind.code() == "given" || to.0.kind.code() == "given" },
                "geometry": { "type": "LineString", "coordinates": [coordinates(from.1), coordinates(to.1)] },
            }));
        }
    }
    let now = state.app.now();
    for (stop, point, n) in &placed {
        features.push(json!({
            "type": "Feature",
            "properties": {
                "kind": stop.kind.code(), "n": n, "seq": stop.seq, "title": stop.title, "who": stop.who,
                "note": stop.note, "at": ui::near(now, stop.at), "metres": stop.metres.map(f64::round),
            },
            "geometry": { "type": "Point", "coordinates": coordinates(*point) },
        }));
    }
    Ok(geojson(json!({ "type": "FeatureCollection", "features": features })))
}

#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Spot {
    lng: Option<String>,
    lat: Option<String>,
    crs: Option<String>,
}

impl Spot {
    fn point(&self) -> Result<Point, Refusal> {
        let bad = |rule: String| Refusal::invalid("place", rule, "请在地图上重新点选，或改填地址。");
        let number = |text: &Option<String>| text.as_deref().and_then(|t| t.trim().parse::<f64>().ok());
        let (Some(lng), Some(lat)) = (number(&self.lng), number(&self.lat)) else {
            return Err(bad("没有给出经度和纬度。".into()));
        };
        let crs: Crs = match self.crs.as_deref() {
            None | Some("") => Crs::Wgs84,
            Some(crs) => crs.parse().map_err(|e: lianzhi_territory::PointError| bad(e.to_string()))?,
        };
        Coordinates { lng, lat, crs }.point().map_err(|e| bad(e.to_string()))
    }
}

/// `GET /map/place`: what is known of a place, in words. Public, within limits: people point at a map to report.
pub(in crate::pages) async fn place(State(state): State<WebState>, request: Request) -> Answer<Json<Value>> {
    let (mut parts, _) = request.into_parts();
    let Visit(who) = Visit::from_request_parts(&mut parts, &state).await?;
    let staff = who.person().is_some();
    if !staff {
        state.limits.check(Limited::Look, auth::client_address(&parts, &state.config))?;
    }
    let Query(spot) = Query::<Spot>::try_from_uri(&parts.uri)
        .map_err(|_| Problem::malformed("place", "地点无法识别。", "请在地图上重新点选。"))?;
    let words = state.app.place_words(spot.point()?);
    let address = words.address.as_ref().map(|(label, metres)| match *metres {
        m if m < 15.0 => label.clone(),
        m => format!("{label}附近（约 {:.0} 米）", (m / 10.0).round() * 10.0),
    });
    let town = words.town.clone().unwrap_or_default();
    let outside = words.grid.is_none();
    let mut said: Vec<String> = Vec::new();
    if outside {
        said.push("不在本区网格内，请核对位置".into());
    } else {
        said.extend(words.town.clone());
        said.extend(words.grid.as_ref().filter(|_| staff).map(|g| g.1.clone()));
        said.extend(address.clone());
    }
    let mut known = json!({
        "words": said.join(" · "),
        "outside": outside,
        "town": words.town,
        // What an address field can be filled with.
        "address": words.address.map(|(label, _)| format!("{town}{label}")),
    });
    // How the work is divided is for those who do it.
    if let (true, Some((code, name, _)), Some(map)) = (staff, &words.grid, known.as_object_mut()) {
        map.insert("grid".into(), json!(code));
        map.insert("grid_name".into(), json!(name));
        map.insert("unit_name".into(), json!(words.unit));
    }
    Ok(Json(known))
}

impl Numbers {
    /// A number, or that there are more than can be counted.
    pub(super) fn text(n: Option<i64>) -> String {
        n.map_or_else(|| "100,000+".into(), |n| ui::count(&n))
    }
}
