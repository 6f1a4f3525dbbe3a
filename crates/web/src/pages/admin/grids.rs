//! Grids: the list, the file to take away, and a new file with its report of overlaps and gaps.

use super::units::{EditPage, retire_form};
use super::{Admin, Asked, Tried, done_word, open, status, text_of};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_ids::{GridCode, UnitCode};
use lianzhi_procedure::directory::{Directory, Grid};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};
use lianzhi_territory::{self as territory, Crs, grid, report};
use std::collections::HashSet;

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
    q: String,
    more: usize,
    form: Form,
    checked: Option<Checked>,
    simulated: bool,
}

/// Lines of the list; more are found by searching.
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
    asked: &Asked,
    form_: Option<Form>,
    checked: Option<Checked>,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let mut shell = open(state, who, "网格", "/admin/grids")?;
    shell.done = done_word(&asked.done);
    let directory = state.app.directory();
    let q = asked.q.trim().to_owned();
    let holds = |l: &Line| [&l.code, &l.name, &l.unit, &l.officers].iter().any(|t| t.contains(&q));
    let mut lines: Vec<Line> =
        directory.grids.values().map(|g| line(g, &directory)).filter(|l| q.is_empty() || holds(l)).collect();
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    let (total, more) = (directory.grids.len(), lines.len().saturating_sub(LINES_MAX));
    lines.truncate(LINES_MAX);
    let form = form_.unwrap_or_else(|| form(&shell.csrf));
    let simulated = lines.iter().any(|l| l.name.contains("示意"));
    Ok((status(refusal), page(&GridsPage { shell, lines, total, q, more, form, checked, simulated })?)
        .into_response())
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
    render(&state, &who, &asked, None, None, None)
}

/// `POST /admin/grids`.
pub(super) async fn upload(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    match take(&state, &who, &posted).await {
        Ok(checked) => render(&state, &who, &Asked::default(), None, Some(checked), None),
        Err(refusal) => {
            let form = form(who.csrf()).refused(Some(&posted.typed), Some(&refusal));
            render(&state, &who, &Asked::default(), Some(form), None, Some(&refusal))
        }
    }
}

/// Grids in force as features of GeoJSON, in the form that can be uploaded again.
fn features<'a>(grids: impl Iterator<Item = &'a Grid>) -> serde_json::Value {
    let feature = |g: &Grid| {
        let geometry: serde_json::Value = serde_json::from_str(&g.geometry).unwrap_or_default();
        serde_json::json!({"type": "Feature", "geometry": geometry, "properties": {"code": g.code, "name": g.name, "town": g.town, "unit": g.unit}})
    };
    serde_json::json!({"type": "FeatureCollection", "features": grids.map(feature).collect::<Vec<_>>()})
}

/// What the check of some grids found.
pub(super) struct Examined {
    /// Grids that can be used.
    pub(super) good: Vec<territory::Grid>,
    /// What is wrong with the others.
    pub(super) bad: Vec<String>,
    /// Where the good ones touch each other or those in force wrongly.
    pub(super) report: report::Report,
}

/// The grids of a file as they would stand among the others: what is wrong with each, and where they touch wrongly.
pub(super) fn examine(text: &str, crs: Crs, directory: &Directory) -> Result<Examined, Refusal> {
    let unfit = |rule: String| Refusal::invalid("raw-file", rule, "请改正后重新上传。");
    let imported = grid::import(text, crs).map_err(|e| unfit(format!("{e}。")))?;
    if imported.grids.is_empty() && imported.errors.is_empty() {
        return Err(unfit("文件里一个网格也没有。".into()));
    }
    let mut bad: Vec<String> = imported.errors.iter().map(ToString::to_string).collect();
    let (good, homeless): (Vec<_>, Vec<_>) = imported
        .grids
        .into_iter()
        .partition(|g| directory.units.contains_key(&g.unit) && !directory.retired_units.contains(&g.unit));
    bad.extend(homeless.iter().map(|g| format!("{}：没有单位 {}，或已停用", g.code, g.unit)));
    // Grids that stay as they are count too: a new grid may overlap an old one.
    let codes: HashSet<_> = good.iter().map(|g| g.code.clone()).collect();
    let others = features(directory.grids.values().filter(|g| !codes.contains(&g.code))).to_string();
    let mut all = grid::import(&others, Crs::Cgcs2000).map(|i| i.grids).unwrap_or_default();
    all.extend(good.iter().cloned());
    let mut report = report::check(&all, None, LEAST_M2);
    report.overlaps.retain(|o| codes.contains(&o.a) || codes.contains(&o.b));
    report.gaps.retain(|g| g.beside.iter().any(|code| codes.contains(code)));
    Ok(Examined { good, bad, report })
}

/// Puts grids into the register.
pub(super) async fn keep(state: &WebState, who: &SignedIn, grids: &[territory::Grid]) -> Result<(), Refusal> {
    let record = |g: &territory::Grid| {
        Record::Grid(Grid {
            code: g.code.clone(),
            name: g.name.clone(),
            town: g.town.clone(),
            unit: g.unit.clone(),
            geometry: grid::geometry(&g.area).to_string(),
        })
    };
    state.app.put_registers(&who.caller, grids.iter().map(record).collect()).await.map(|_| ())
}

async fn take(state: &WebState, who: &SignedIn, posted: &Posted) -> Result<Checked, Refusal> {
    state.app.may(&who.caller, "administer", None)?;
    let (_, bytes) = posted.file("raw-file")?;
    let text = text_of(bytes)?;
    let crs: Crs = posted
        .typed
        .text("crs")
        .parse()
        .map_err(|_| Refusal::invalid("crs", "坐标系不对。", "请从列表中选择。"))?;
    let directory = state.app.directory();
    let work = tokio::task::spawn_blocking(move || examine(&text, crs, &directory));
    let Examined { good, mut bad, report } =
        work.await.map_err(|_| Refusal::busy("检查没有做完。", "请稍后再试。"))??;
    let mut stored = posted.typed.text("what") == "store" && !good.is_empty();
    if stored && let Err(refusal) = keep(state, who, &good).await {
        stored = false;
        bad.push(format!("没有全部保存：{}{}", refusal.rule, refusal.remedy));
    }
    let at = |p: territory::Point| format!("{:.5}, {:.5}", p.lng(), p.lat());
    Ok(Checked {
        good: good.len(),
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
        stored,
    })
}

/// `GET /admin/grids/export.geojson`: what is in force, in the form that can be uploaded again.
pub(super) async fn export(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    state.app.may(&who.caller, "audit", None)?;
    let directory = state.app.directory();
    let mut grids: Vec<&Grid> = directory.grids.values().collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    let mut response = features(grids.into_iter()).to_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"grids.geojson\""),
    );
    Ok(response)
}

fn known<'a>(directory: &'a Directory, code: &str) -> Result<&'a Grid, Refusal> {
    let grid = GridCode::parse(code).ok().and_then(|c| directory.grids.get(&c));
    grid.ok_or_else(|| Refusal::missing("没有这个网格。"))
}

fn edit_page(
    state: &WebState,
    who: &SignedIn,
    code: &str,
    tried: Tried<'_>,
    retiring: Tried<'_>,
) -> Answer<Response> {
    let shell = open(state, who, "网格", "/admin/grids")?;
    let directory = state.app.directory();
    let grid = known(&directory, code)?;
    let units = directory.units_in_use().filter(|u| !u.outside);
    let units = units.map(|u| Choice::new(u.code.as_str(), &*u.name)).collect();
    let (typed, refusal) = tried.unzip();
    let form = Form::new("/admin/grids/edit", &shell.csrf, "保存")
        .hidden("code", grid.code.as_str())
        .input(Input::new(Kind::Line, "name", "名称").required().value(&*grid.name))
        .input(
            Input::new(Kind::Select, "unit", "负责单位").required().choices(units).value(grid.unit.as_str()),
        )
        .consequence("边界在“在地图上改边界”里改。负责人在“人员和岗位”里指定。")
        .refused(typed, refusal)
        .only_read(!shell.changes);
    let retire = Some(retire_form(&shell.csrf, "grid", grid.code.as_str(), retiring));
    let title = format!("{} {}", grid.code, grid.name);
    let status = status(refusal.or(retiring.map(|(_, r)| r)));
    Ok((status, page(&EditPage { shell, title, back: "/admin/grids", form, retire })?).into_response())
}

/// `GET /admin/grids/edit`.
pub(super) async fn edit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    edit_page(&state, &who, &asked.code, None, None)
}

/// The grid's page after it could not be retired.
pub(super) fn retire_refused(
    state: &WebState,
    who: &SignedIn,
    key: &str,
    tried: Tried<'_>,
) -> Answer<Response> {
    edit_page(state, who, key, None, tried)
}

/// `POST /admin/grids/edit`: name and unit; the boundary comes from files.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let (typed, directory) = (&posted.typed, state.app.directory());
    let grid = known(&directory, typed.text("code"))?;
    let outcome = async {
        let unit = UnitCode::parse(typed.text("unit"))
            .map_err(|_| Refusal::invalid("unit", "没有选择单位。", "请从列表中选择。"))?;
        let changed = Grid { name: typed.text("name").to_owned(), unit, ..grid.clone() };
        state.app.put_register(&who.caller, Record::Grid(changed)).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/admin/grids?done=saved").into_response()),
        Err(refusal) => edit_page(&state, &who, grid.code.as_str(), Some((typed, &refusal)), None),
    }
}
