//! Grids: the list, the file to take away, and a new file with its report of overlaps and gaps.

use super::{Admin, Asked, done_word, open, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lianzhi_procedure::directory::{Directory, Grid};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};
use lianzhi_territory::{Crs, grid, report};

/// A grid in the list.
struct Line {
    code: String,
    name: String,
    unit: String,
    officers: String,
    drawn: bool,
}

/// What the check of a file found.
struct Checked {
    good: usize,
    bad: Vec<String>,
    overlaps: Vec<String>,
    gaps: Vec<String>,
    truncated: bool,
    stored: bool,
}

#[derive(Template)]
#[template(path = "admin/grids.html")]
struct GridsPage {
    shell: Admin,
    lines: Vec<Line>,
    total: usize,
    form: Form,
    checked: Option<Checked>,
    simulated: bool,
}

/// Lines of the list.
const LINES_MAX: usize = 500;
/// Overlaps and gaps smaller than this are slivers that drawing leaves along most edges, square metres.
const LEAST_M2: f64 = 50.0;

fn form(csrf: &str) -> Form {
    let systems =
        [("WGS-84", "WGS-84（GPS、北斗）"), ("CGCS2000", "CGCS2000"), ("GCJ-02", "GCJ-02（国内网络地图）")];
    Form::new("/admin/grids", csrf, "上传")
        .input(
            Input::new(Kind::Upload, "raw-file", "GeoJSON 文件")
                .required()
                .accept(".geojson,.json,application/geo+json")
                .hint("要素属性 code、name、town（九位区划代码）、unit（单位编码）"),
        )
        .input(
            Input::new(Kind::Select, "crs", "坐标系")
                .required()
                .choices(systems.map(|(v, t)| Choice::new(v, t)).into())
                .value("WGS-84"),
        )
        .input(
            Input::new(Kind::Segments, "what", "做什么")
                .required()
                .choices(vec![Choice::new("check", "只检查"), Choice::new("store", "检查并保存")])
                .value("check"),
        )
        .consequence("同编码的网格会被替换，没有出现的保持不变。每个网格的变更都记入变更记录。")
        .quiet()
}

fn render(
    state: &WebState,
    who: &SignedIn,
    done: &str,
    form_: Option<Form>,
    checked: Option<Checked>,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let mut shell = open(state, who, "网格", "/admin/grids")?;
    shell.done = done_word(done);
    let directory = state.app.directory();
    let mut lines: Vec<Line> = directory.grids.values().map(|g| line(g, &directory)).collect();
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    let total = lines.len();
    lines.truncate(LINES_MAX);
    let form = form_.unwrap_or_else(|| form(&shell.csrf));
    let simulated = lines.iter().any(|l| l.name.contains("示意"));
    Ok((status(refusal), page(&GridsPage { shell, lines, total, form, checked, simulated })?).into_response())
}

fn line(grid: &Grid, directory: &Directory) -> Line {
    let holders: Vec<&str> = directory
        .people
        .values()
        .filter(|p| p.active && p.posts.iter().any(|x| x.grids.contains(&grid.code)))
        .map(|p| p.name.as_str())
        .collect();
    Line {
        code: grid.code.to_string(),
        name: grid.name.clone(),
        unit: directory.unit_name(&grid.unit).to_owned(),
        officers: holders.join("、"),
        drawn: !grid.geometry.is_empty(),
    }
}

/// `GET /admin/grids`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, &asked.done, None, None, None)
}

/// `POST /admin/grids`.
pub(super) async fn upload(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    match take(&state, &who, &posted).await {
        Ok(checked) => render(&state, &who, "", None, Some(checked), None),
        Err(refusal) => {
            let form = form(who.csrf()).refused(Some(&posted.typed), Some(&refusal));
            render(&state, &who, "", Some(form), None, Some(&refusal))
        }
    }
}

async fn take(state: &WebState, who: &SignedIn, posted: &Posted) -> Result<Checked, Refusal> {
    state.app.may(&who.caller, "administer", None)?;
    let (_, bytes) = posted.file("raw-file")?;
    let text = std::str::from_utf8(bytes)
        .map_err(|_| {
            Refusal::invalid("raw-file", "文件不是 UTF-8 文本。", "请用制图软件另存为 UTF-8 的 GeoJSON。")
        })?
        .to_owned();
    let crs: Crs = posted
        .typed
        .text("crs")
        .parse()
        .map_err(|_| Refusal::invalid("crs", "坐标系不对。", "请从列表中选择。"))?;
    let work = tokio::task::spawn_blocking(move || {
        grid::import(&text, crs).map(|imported| {
            let report = report::check(&imported.grids, None, LEAST_M2);
            (imported, report)
        })
    });
    let (imported, report) = work
        .await
        .map_err(|_| Refusal::busy("检查没有做完。", "请稍后再试。"))?
        .map_err(|e| Refusal::invalid("raw-file", format!("{e}。"), "请改正后重新上传。"))?;
    let store = posted.typed.text("what") == "store";
    let mut bad: Vec<String> = imported.errors.iter().map(ToString::to_string).collect();
    if store {
        let mut records = Vec::with_capacity(imported.grids.len());
        for g in &imported.grids {
            let geometry = grid::feature(g).get("geometry").map(ToString::to_string).unwrap_or_default();
            records.push(Record::Grid(Grid {
                code: g.code.clone(),
                name: g.name.clone(),
                town: g.town.clone(),
                unit: g.unit.clone(),
                geometry,
            }));
        }
        if let Err(refusal) = state.app.put_registers(&who.caller, records).await {
            bad.push(format!("有网格没有保存：{}{}", refusal.rule, refusal.remedy));
        }
    }
    let at = |p: lianzhi_territory::Point| format!("{:.5}, {:.5}", p.lng(), p.lat());
    Ok(Checked {
        good: imported.grids.len(),
        bad,
        overlaps: report
            .overlaps
            .iter()
            .map(|o| format!("{} 与 {} 重叠 {:.0} 平方米，在 {}", o.a, o.b, o.m2, at(o.at)))
            .collect(),
        gaps: report
            .gaps
            .iter()
            .map(|g| {
                let beside: Vec<_> = g.beside.iter().map(ToString::to_string).collect();
                format!("{:.0} 平方米无人负责，在 {}，旁边是 {}", g.m2, at(g.at), beside.join("、"))
            })
            .collect(),
        truncated: report.truncated,
        stored: store,
    })
}

/// `GET /admin/grids/export.geojson`: what is in force, in the form that can be uploaded again.
pub(super) async fn export(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    state.app.may(&who.caller, "audit", None)?;
    let directory = state.app.directory();
    let mut grids: Vec<&Grid> = directory.grids.values().collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    let features: Vec<serde_json::Value> = grids
        .iter()
        .map(|g| {
            let geometry: serde_json::Value = serde_json::from_str(&g.geometry).unwrap_or_default();
            serde_json::json!({"type": "Feature", "geometry": geometry, "properties": {"code": g.code, "name": g.name, "town": g.town, "unit": g.unit}})
        })
        .collect();
    let body = serde_json::to_string(&serde_json::json!({"type": "FeatureCollection", "features": features}))
        .map_err(|_| Problem::internal())?;
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"grids.geojson\""),
    );
    Ok(response)
}
