//! Grids (责任网格): areas of responsibility, from and to GeoJSON (RFC 7946).

use crate::cell::Bbox;
use crate::crs::{Coordinates, Crs, METRES_PER_E6, Point};
use lianzhi_ids::{GridCode, TownCode, UnitCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Most grids of one file.
pub const GRIDS_MAX: usize = 20_000;
/// Most corners of one ring: bounds the check for crossing edges.
const CORNERS_MAX: usize = 5_000;
/// Longest name of a grid, characters.
const NAME_CHARS_MAX: usize = 100;

/// One polygon with its holes. Rings are not closed (the first place is not repeated) and have three places or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polygon {
    /// The outer ring.
    pub outer: Vec<Point>,
    /// Holes in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<Point>>,
}

/// An area: one polygon or several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area {
    /// Its polygons; they do not overlap.
    pub polygons: Vec<Polygon>,
}

/// A grid: who is responsible for which area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Its code; never used again for another area.
    pub code: GridCode,
    /// Its name on screen.
    pub name: String,
    /// The street or town that it lies in; a grid never crosses one (GB/T 47678.3).
    pub town: TownCode,
    /// The unit that answers for it.
    pub unit: UnitCode,
    /// Its area.
    pub area: Area,
}

fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| (*a, *b))
}

/// Which side of the line a→b a place is on: exact, in whole numbers. 2^29 · 2^29 fits easily.
fn side(a: Point, b: Point, p: Point) -> i64 {
    let d = |to: i32, from: i32| i64::from(to) - i64::from(from);
    d(b.lng_e6, a.lng_e6) * d(p.lat_e6, a.lat_e6) - d(b.lat_e6, a.lat_e6) * d(p.lng_e6, a.lng_e6)
}

impl Area {
    /// All rings, outer and holes.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        self.polygons
            .iter()
            .flat_map(|p| std::iter::once(p.outer.as_slice()).chain(p.holes.iter().map(Vec::as_slice)))
    }

    /// The box around the area; nothing for an empty one.
    #[must_use]
    pub fn bbox(&self) -> Option<Bbox> {
        Bbox::around(self.polygons.iter().flat_map(|p| p.outer.iter().copied()))
    }

    /// Whether a place is in the area, its edges included. Exact: no rounding.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        let mut inside = false;
        for (a, b) in self.rings().flat_map(edges) {
            let turn = side(a, b, p);
            if turn == 0 && Bbox::of(a, b).contains(p) {
                return true;
            }
            // Half-open rule: a corner at p's latitude counts for one of its two edges only.
            if (a.lat_e6 > p.lat_e6) != (b.lat_e6 > p.lat_e6) && (turn > 0) == (b.lat_e6 > a.lat_e6) {
                inside = !inside;
            }
        }
        inside
    }

    /// Metres from a place to the area, 0 inside it. Exact to a few parts in a thousand for some kilometres.
    #[must_use]
    pub fn metres_to(&self, p: Point) -> f64 {
        if self.contains(p) {
            return 0.0;
        }
        let east = METRES_PER_E6 * p.lat().to_radians().cos();
        let local = |q: Point| {
            (
                (f64::from(q.lng_e6) - f64::from(p.lng_e6)) * east,
                (f64::from(q.lat_e6) - f64::from(p.lat_e6)) * METRES_PER_E6,
            )
        };
        let nearest_2 = self
            .rings()
            .flat_map(edges)
            .map(|(a, b)| origin_to_segment_2(local(a), local(b)))
            .fold(f64::INFINITY, f64::min);
        nearest_2.sqrt()
    }
}

/// Squared distance from 0,0 to the segment a–b.
pub(crate) fn origin_to_segment_2(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length_2 = dx * dx + dy * dy;
    let t = if length_2 == 0.0 { 0.0 } else { (-(a.0 * dx + a.1 * dy) / length_2).clamp(0.0, 1.0) };
    let (x, y) = (a.0 + t * dx, a.1 + t * dy);
    x * x + y * y
}

/// A file that is no collection of grids at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeoJsonError {
    /// Not JSON.
    #[error("文件不是 JSON：{0}")]
    Json(String),
    /// JSON, but not what is needed.
    #[error("文件应是 GeoJSON 的 FeatureCollection，含 features 列表")]
    Collection,
    /// Too many.
    #[error("一次最多导入 {GRIDS_MAX} 个网格，文件中有 {0} 个：请分开导入")]
    TooMany(usize),
}

/// A feature that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("第 {} 个要素{}：{reason}", index + 1, code.as_ref().map(|c| format!("（{c}）")).unwrap_or_default())]
pub struct FeatureError {
    /// Its place in the list, from 0.
    pub index: usize,
    /// Its code, as far as one can be read.
    pub code: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// What an import gives: the good grids and the reasons for the others.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// Grids that can be used.
    pub grids: Vec<Grid>,
    /// Features that were left out.
    pub errors: Vec<FeatureError>,
}

/// Reads a GeoJSON `FeatureCollection` of polygons and multi-polygons with the properties `code`, `name`, `town`
/// (nine digits) and `unit`. A bad feature is reported and left out; the others are kept.
///
/// # Errors
/// [`GeoJsonError`] when the text is no such collection.
pub fn import(text: &str, crs: Crs) -> Result<Imported, GeoJsonError> {
    let text = text.trim_start_matches('\u{feff}');
    let file: Value = serde_json::from_str(text)
        .map_err(|e| GeoJsonError::Json(format!("第 {} 行第 {} 个字节读不下去", e.line(), e.column())))?;
    let is_collection = file.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let features = file.get("features").and_then(Value::as_array).filter(|_| is_collection);
    let features = features.ok_or(GeoJsonError::Collection)?;
    if features.len() > GRIDS_MAX {
        return Err(GeoJsonError::TooMany(features.len()));
    }
    let mut out = Imported::default();
    let mut seen = HashSet::new();
    for (index, feature) in features.iter().enumerate() {
        let result = grid(feature, crs).and_then(|grid| {
            if seen.insert(grid.code.clone()) {
                Ok(grid)
            } else {
                Err("网格编码与前面的重复".to_owned())
            }
        });
        match result {
            Ok(grid) => out.grids.push(grid),
            Err(reason) => {
                out.errors.push(FeatureError { index, code: property(feature, "code").ok(), reason })
            }
        }
    }
    Ok(out)
}

/// A property as text; numbers are taken too, since codes often come as such.
fn property(feature: &Value, name: &str) -> Result<String, String> {
    match feature.get("properties").and_then(|p| p.get(name)) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(format!("缺少属性 {name}（需要 code、name、town、unit）")),
    }
}

fn grid(feature: &Value, crs: Crs) -> Result<Grid, String> {
    let code = GridCode::parse(&property(feature, "code")?).map_err(|e| e.to_string())?;
    let name = property(feature, "name")?;
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(format!("名称超过 {NAME_CHARS_MAX} 个字"));
    }
    let town = TownCode::parse(&property(feature, "town")?).map_err(|e| e.to_string())?;
    let unit = UnitCode::parse(&property(feature, "unit")?).map_err(|e| e.to_string())?;
    let geometry = feature.get("geometry").filter(|g| !g.is_null()).ok_or("缺少 geometry")?;
    let rings = geometry.get("coordinates").and_then(Value::as_array).ok_or("geometry 缺少 coordinates")?;
    let polygons = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => vec![polygon(rings, crs)?],
        Some("MultiPolygon") => rings
            .iter()
            .map(|rings| polygon(rings.as_array().ok_or("coordinates 层次不对")?, crs))
            .collect::<Result<_, _>>()?,
        other => {
            return Err(format!("图形应为 Polygon 或 MultiPolygon，而不是 {}", other.unwrap_or("空")));
        }
    };
    if polygons.is_empty() {
        return Err("图形是空的".to_owned());
    }
    let area = Area { polygons };
    crate::report::valid(&area)?;
    Ok(Grid { code, name, town, unit, area })
}

fn polygon(rings: &[Value], crs: Crs) -> Result<Polygon, String> {
    let mut rings = rings.iter().map(|r| ring(r, crs));
    let outer = rings.next().ok_or("多边形没有边界")??;
    Ok(Polygon { outer, holes: rings.collect::<Result<_, _>>()? })
}

fn ring(value: &Value, crs: Crs) -> Result<Vec<Point>, String> {
    let corners = value.as_array().ok_or("coordinates 层次不对")?;
    if corners.len() > CORNERS_MAX {
        return Err(format!("一条边界最多 {CORNERS_MAX} 个点，此处有 {} 个：请先简化", corners.len()));
    }
    let mut ring = Vec::with_capacity(corners.len());
    for corner in corners {
        let number = |i: usize| corner.get(i).and_then(Value::as_f64).ok_or("坐标应为 [经度, 纬度] 两个数");
        let point =
            Coordinates { lng: number(0)?, lat: number(1)?, crs }.point().map_err(|e| e.to_string())?;
        if ring.last() != Some(&point) {
            ring.push(point);
        }
    }
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    } else if ring.len() > 1 {
        return Err("边界没有闭合：最后一点应与第一点相同".to_owned());
    }
    let flat = ring.len() < 3 || ring.iter().all(|p| side(ring[0], ring[1], *p) == 0);
    if flat {
        Err("边界不成面：至少要有三个不在一条线上的点".to_owned())
    } else {
        Ok(ring)
    }
}

/// The grids as a GeoJSON `FeatureCollection` in CGCS2000, in the shape that [`import`] reads.
#[must_use]
pub fn export<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Value {
    let features: Vec<Value> = grids.into_iter().map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features })
}

/// One grid as a GeoJSON feature.
#[must_use]
pub fn feature(grid: &Grid) -> Value {
    json!({
        "type": "Feature",
        "properties": { "code": grid.code, "name": grid.name, "town": grid.town, "unit": grid.unit },
        "geometry": geometry(&grid.area),
    })
}

/// An area as a GeoJSON geometry.
#[must_use]
pub fn geometry(area: &Area) -> Value {
    let closed = |ring: &[Point]| -> Value {
        ring.iter().chain(ring.first()).map(|p| json!([p.lng(), p.lat()])).collect()
    };
    let rings = |p: &Polygon| -> Value {
        std::iter::once(closed(&p.outer)).chain(p.holes.iter().map(|hole| closed(hole))).collect()
    };
    match area.polygons.as_slice() {
        [one] => json!({ "type": "Polygon", "coordinates": rings(one) }),
        many => {
            json!({ "type": "MultiPolygon", "coordinates": many.iter().map(rings).collect::<Vec<_>>() })
        }
    }
}
