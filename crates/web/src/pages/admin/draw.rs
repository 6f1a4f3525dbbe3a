//! A grid drawn or changed: its border as coordinates in a form, which a map edits where there is one. Overlaps and gaps
//! are shown before anything is saved. A grid that is split is saved with its other half at once.

use super::grids::{Examined, examine, keep};
use super::{Admin, Asked, open, status};
use crate::auth::SignedIn;
use crate::pages::form::Typed;
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_ids::GridCode;
use lianzhi_procedure::directory::{Directory, Grid};
use lianzhi_procedure::{Choice, Refusal};
use lianzhi_territory::{Crs, report};
use serde_json::{Value, json};

/// Corners that a drawn border may have; more come from a file.
const CORNERS_MAX: usize = 2_000;

/// A town with the code that its next grid would have.
struct Town {
    code: String,
    name: String,
    next: String,
}

/// What the check found.
#[derive(Default)]
struct Checked {
    bad: Vec<String>,
    /// What is still to be filled in before it can be saved, in words.
    lacking: String,
    overlaps: Vec<String>,
    gaps: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin/draw.html")]
struct DrawPage {
    shell: Admin,
    typed: Typed,
    old: String,
    towns: Vec<Town>,
    units: Vec<Choice>,
    checked: Option<Checked>,
    refusal: Option<Refusal>,
}

impl DrawPage {
    /// What is wrong with a field.
    fn fault(&self, name: &str) -> Option<&str> {
        self.refusal.as_ref().filter(|r| r.field == Some(name)).map(|r| r.rule.as_str())
    }
}

/// The next free code of a town: its nine digits and six more.
fn next_code(directory: &Directory, town: &str) -> String {
    let last = directory
        .grids
        .keys()
        .filter_map(|code| code.as_str().strip_prefix(town)?.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    format!("{town}{:06}", last + 1)
}

fn towns(state: &WebState) -> Vec<Town> {
    let (world, directory) = (state.app.world(), state.app.directory());
    let mut towns: Vec<Town> = world
        .towns
        .iter()
        .map(|(code, name)| Town {
            next: next_code(&directory, code.as_str()),
            code: code.to_string(),
            name: name.clone(),
        })
        .collect();
    towns.sort_by(|a, b| a.code.cmp(&b.code));
    towns
}

/// The border of a grid as lines of coordinates; a grid of several parts as its geometry.
fn border(grid: &Grid) -> String {
    let geometry: Value = serde_json::from_str(&grid.geometry).unwrap_or_default();
    let simple = geometry.get("type").and_then(Value::as_str) == Some("Polygon");
    let rings = geometry.get("coordinates").and_then(Value::as_array);
    match rings {
        Some(rings) if simple && rings.len() == 1 => {
            let ring = rings.first().and_then(Value::as_array).cloned().unwrap_or_default();
            let last = ring.len().saturating_sub(1);
            let corner = |c: &Value| {
                let number = |i: usize| c.get(i).and_then(Value::as_f64).unwrap_or_default();
                format!("{:.6}, {:.6}", number(0), number(1))
            };
            ring.iter().take(last).map(corner).collect::<Vec<_>>().join("\n")
        }
        _ => grid.geometry.clone(),
    }
}

/// What was typed as a border, as a geometry: a line for each corner, or GeoJSON.
fn geometry(text: &str, field: &'static str) -> Result<Value, Refusal> {
    let bad = |rule: String| {
        Refusal::invalid(
            field,
            rule,
            "每行一个角点，写“经度, 纬度”，如 121.114200, 31.150800；也可以粘贴 GeoJSON。",
        )
    };
    if text.starts_with('{') {
        let value: Value = serde_json::from_str(text).map_err(|_| bad("GeoJSON 读不下去。".into()))?;
        return Ok(value.get("geometry").cloned().unwrap_or(value));
    }
    let mut ring: Vec<Value> = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let numbers: Vec<f64> = line
            .split([',', '，', ' ', '\t', ';', '；'])
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| bad(format!("第 {} 行不是“经度, 纬度”。", i + 1)))?;
        let [lng, lat] = numbers[..] else {
            return Err(bad(format!("第 {} 行应有两个数。", i + 1)));
        };
        ring.push(json!([lng, lat]));
        if ring.len() > CORNERS_MAX {
            return Err(bad(format!("边界最多 {CORNERS_MAX} 个角点，请改用文件上传。")));
        }
    }
    if ring.len() < 3 {
        return Err(bad("边界至少要有三个角点。".into()));
    }
    if ring.first() != ring.last() {
        ring.extend(ring.first().cloned());
    }
    Ok(json!({ "type": "Polygon", "coordinates": [ring] }))
}

/// What a border does not need to be checked, and a grid does to be saved.
const NAMES: [(&str, &str); 4] =
    [("name", "名称"), ("unit", "负责单位"), ("name2", "拆出网格的名称"), ("unit2", "拆出网格的负责单位")];

/// What is still to be filled in before it can be saved, in words.
fn lacking(typed: &Typed) -> String {
    let split = typed.given("ring2").is_some();
    let missing =
        NAMES.iter().filter(|(name, _)| typed.given(name).is_none() && (split || !name.ends_with('2')));
    let words: Vec<&str> = missing.map(|(_, word)| *word).collect();
    if words.is_empty() { String::new() } else { format!("保存前还要填{}。", words.join("、")) }
}

/// What a drawn grid is posted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// To see what it overlaps; names may still be missing.
    Check,
    /// To be saved.
    Store,
}

/// The grids that were typed, as a collection in the form that files have: one, or two after a split.
fn collection(typed: &Typed, directory: &Directory, aim: Aim) -> Result<String, Refusal> {
    let needed = |name: &str, field: &'static str, rule: &str, remedy: &str| {
        typed.given(name).map(str::to_owned).ok_or_else(|| Refusal::invalid(field, rule, remedy))
    };
    // A border can be looked at before it has a name and a unit; neither changes what it overlaps.
    let meanwhile = |name: &str, words: &str| typed.given(name).unwrap_or(words).to_owned();
    let any_unit = || directory.units_in_use().find(|u| !u.outside).map(|u| u.code.to_string());
    let town = needed("town", "town", "没有选择镇或街道。", "请从列表中选择：网格不跨镇、街道。")?;
    let mut features = Vec::new();
    let parts: [[&'static str; 4]; 2] =
        [["code", "name", "unit", "ring"], ["code2", "name2", "unit2", "ring2"]];
    for [code, name, unit, ring] in parts {
        if code == "code2" && typed.given(ring).is_none() {
            continue;
        }
        let text = needed(ring, ring, "还没有边界。", "请在地图上画，或每行填一个角点的经纬度。")?;
        let code_text = needed(code, code, "没有填编码。", "用镇、街道的九位代码加六位序号。")?;
        let parsed =
            GridCode::parse(&code_text).map_err(|e| Refusal::invalid(code, e.to_string(), "请改正编码。"))?;
        let taken = directory.grids.contains_key(&parsed);
        if taken && typed.text("old") != code_text {
            return Err(Refusal::conflict(
                "grid-known",
                format!("编码 {code_text} 已经有网格在用。"),
                "新网格要用新的编码；要改原有的网格，请从网格列表进入。",
            ));
        }
        let (name, unit) = match aim {
            Aim::Check => (meanwhile(name, "未命名"), meanwhile(unit, &any_unit().unwrap_or_default())),
            Aim::Store => (
                needed(name, name, "没有填名称。", "请起一个值班的人听得懂的名称。")?,
                needed(unit, unit, "没有选择负责单位。", "请从列表中选择。")?,
            ),
        };
        features.push(json!({
            "type": "Feature",
            "properties": { "code": code_text, "name": name, "town": town, "unit": unit },
            "geometry": geometry(&text, ring)?,
        }));
    }
    if features.len() == 2 && typed.text("code") == typed.text("code2") {
        return Err(Refusal::invalid("code2", "两个网格的编码相同。", "请给拆出的网格一个新编码。"));
    }
    Ok(json!({ "type": "FeatureCollection", "features": features }).to_string())
}

fn place(p: lianzhi_territory::Point) -> Value {
    json!([p.lng(), p.lat()])
}

fn overlap_words(o: &report::Overlap) -> String {
    format!("{} 与 {} 重叠 {:.0} 平方米", o.a, o.b, o.m2)
}

fn gap_words(g: &report::Gap) -> String {
    let beside: Vec<_> = g.beside.iter().map(ToString::to_string).collect();
    format!("{:.0} 平方米无人负责，旁边是 {}", g.m2, beside.join("、"))
}

/// Checks what was typed, and saves it when that was asked for and nothing is wrong with it.
async fn take(state: &WebState, who: &SignedIn, typed: &Typed) -> Result<(Examined, bool), Refusal> {
    state.app.may(&who.caller, "administer", None)?;
    let directory = state.app.directory();
    let aim = if typed.text("what") == "store" { Aim::Store } else { Aim::Check };
    let text = collection(typed, &directory, aim)?;
    let work = tokio::task::spawn_blocking(move || examine(&text, Crs::Cgcs2000, &directory));
    let found = work.await.map_err(|_| Refusal::busy("检查没有做完。", "请稍后再试。"))?;
    let found = found.map_err(|r| Refusal { field: Some("ring"), ..r })?;
    if let Some(bad) = found.bad.first() {
        // One grid is drawn at a time: what is wrong with it stands at its border.
        return Err(Refusal::invalid(
            "ring",
            format!("{}。", bad.trim_end_matches('。')),
            "请改正后再检查。",
        ));
    }
    if aim == Aim::Store {
        keep(state, who, &found.good).await?;
    }
    Ok((found, aim == Aim::Store))
}

fn show(
    state: &WebState,
    who: &SignedIn,
    typed: Typed,
    checked: Option<Checked>,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let shell = open(state, who, "画网格", "/admin/grids")?;
    let directory = state.app.directory();
    let units = directory.units_in_use().filter(|u| !u.outside);
    let shown = DrawPage {
        units: units.map(|u| Choice::new(u.code.as_str(), &*u.name)).collect(),
        towns: towns(state),
        old: typed.text("old").to_owned(),
        shell,
        typed,
        checked,
        refusal,
    };
    let status = status(shown.refusal.as_ref());
    Ok((status, page(&shown)?).into_response())
}

/// `GET /admin/grids/draw`: a new grid, or with `code` one that there is.
pub(super) async fn form(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut typed = Typed::default();
    if !asked.code.is_empty() {
        let directory = state.app.directory();
        let grid = GridCode::parse(&asked.code).ok().and_then(|c| directory.grids.get(&c).cloned());
        let grid = grid.ok_or_else(|| Refusal::missing("没有这个网格。"))?;
        let fields = [
            ("old", grid.code.to_string()),
            ("code", grid.code.to_string()),
            ("name", grid.name.clone()),
            ("town", grid.town.to_string()),
            ("unit", grid.unit.to_string()),
            ("ring", border(&grid)),
        ];
        for (name, value) in fields {
            typed.push(name, value);
        }
    }
    show(&state, &who, typed, None, None)
}

/// `POST /admin/grids/draw`: checks, or checks and saves. Answers a script with JSON.
pub(super) async fn take_drawn(
    State(state): State<WebState>,
    who: SignedIn,
    headers: HeaderMap,
    posted: Posted,
) -> Answer<Response> {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let script = accepts.starts_with("application/json");
    match take(&state, &who, &posted.typed).await {
        Ok((_, true)) if script => Ok(Json(json!({ "stored": true, "href": "/admin/grids?done=saved" })).into_response()),
        Ok((_, true)) => Ok(Redirect::to("/admin/grids?done=saved").into_response()),
        Ok((found, false)) if script => Ok(Json(json!({
            "stored": false,
            "lacking": lacking(&posted.typed),
            "overlaps": found.report.overlaps.iter().map(|o| json!({ "words": overlap_words(o), "at": place(o.at) })).collect::<Vec<_>>(),
            "gaps": found.report.gaps.iter().map(|g| json!({ "words": gap_words(g), "at": place(g.at) })).collect::<Vec<_>>(),
        }))
        .into_response()),
        Ok((found, false)) => {
            let checked = Checked {
                bad: found.bad,
                lacking: lacking(&posted.typed),
                overlaps: found.report.overlaps.iter().map(overlap_words).collect(),
                gaps: found.report.gaps.iter().map(gap_words).collect(),
            };
            show(&state, &who, posted.typed, Some(checked), None)
        }
        Err(refusal) if script => Err(Problem::from(refusal)),
        Err(refusal) => show(&state, &who, posted.typed, None, Some(refusal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_read_as_people_write_it() {
        let square = "121.0, 31.0\n121.1 31.0\n\n121.1，31.1\r\n121.0;31.1";
        let read = geometry(square, "ring").unwrap();
        assert_eq!(read["coordinates"][0].as_array().unwrap().len(), 5, "closed by itself");
        assert_eq!(read["coordinates"][0][0], read["coordinates"][0][4]);
        for (wrong, said) in [
            ("121, 31\n121.1", "第 2 行"),
            ("121, 31\nhier\n", "第 2 行"),
            ("121, 31\n121.1, 31", "三个角点"),
            ("{\"type\":", "GeoJSON"),
            ("", "三个角点"),
        ] {
            let refusal = geometry(wrong, "ring").unwrap_err();
            assert!(refusal.rule.contains(said), "{wrong}: {}", refusal.rule);
        }
        let feature = r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[]}}"#;
        assert_eq!(geometry(feature, "ring").unwrap()["type"], "Polygon");
    }
}
