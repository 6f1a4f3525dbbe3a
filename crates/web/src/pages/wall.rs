//! The wall of the command centre: one page without controls that renews itself for days. Open it signed in, or leave it
//! to a browser that carries the wall's own token and nothing else (`POST /wall`, from the account page).

use super::map::Sheet;
use super::map::layers::{simulated, town_names};
use super::posted::Posted;
use super::rows::stage_title;
use super::{assets, page, ui};
use crate::auth::{self, Identity, SignedIn, identify};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use crate::stream;
use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_app::ports::{Cluster, MatterRow, Tally};
use lianzhi_app::world::World;
use lianzhi_app::{Caller, WALL_SCOPE, late_now};
use lianzhi_ids::{CategoryCode, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use lianzhi_territory::Point;
use lianzhi_territory::cell::Bbox;

/// Life of a wall's token: a year, then somebody signs in at the wall again.
const TOKEN_DAYS: i64 = 366;
/// Bars of each kind.
const UNITS: usize = 11;
const CATEGORIES: usize = 6;
/// What changed within this has a ring on the map, which shows when the wall sees it come.
const FRESH_US: i64 = 60_000_000;

/// Who looks at the wall: the browser's wall token, else whoever is signed in.
pub(super) struct Viewer(Caller);

impl FromRequestParts<WebState> for Viewer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Answer<Self> {
        if let Some(token) = auth::wall_token(&parts.headers, &state.config) {
            let address = auth::client_address(parts, &state.config).to_string();
            if let Ok(caller) = state.app.bearer(&token, &address).await
                && caller.has_scope(WALL_SCOPE)
            {
                return Ok(Viewer(caller));
            }
        }
        let identity = identify(parts, state).await?;
        identity.person().ok_or_else(Problem::sign_in)?;
        Ok(Viewer(identity.caller.clone()))
    }
}

/// A bar: its words and how long it is.
struct Bar {
    title: String,
    n: i64,
    overdue: i64,
}

/// A change. Which are new is known to the wall that looks at them: what stood there when it was opened is not.
struct Change {
    id: i64,
    key: String,
    time: String,
    stage: &'static str,
    state: &'static str,
    category: String,
    unit: String,
    number: String,
}

/// What is renewed.
#[derive(Template)]
#[template(path = "wall_now.html")]
struct Now {
    agency: String,
    now: String,
    received: i64,
    open: i64,
    overdue: i64,
    closed: i64,
    kept: String,
    on_duty: i64,
    units: Vec<Bar>,
    units_max: i64,
    categories: Vec<Bar>,
    categories_max: i64,
    feed: Vec<Change>,
    drawing: ui::Html,
    simulated: bool,
    build: &'static str,
}

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage {
    now: Now,
}

fn bars(counts: &[Tally], most: usize, title: impl Fn(&str) -> String) -> Vec<Bar> {
    counts.iter().take(most).map(|c| Bar { title: title(&c.key), n: c.n, overdue: c.late }).collect()
}

fn unit(directory: &Directory, code: Option<&str>) -> String {
    let code = code.and_then(|u| UnitCode::parse(u).ok());
    code.map_or_else(|| "待派遣".into(), |u| directory.unit_name(&u).to_owned())
}

/// The name of a unit where there is little room: of one that serves a town alone, the town's.
fn short(world: &World, code: &str) -> String {
    let directory = &world.directory;
    let known = UnitCode::parse(code).ok().and_then(|u| directory.units.get(&u));
    let town = known.and_then(|unit| {
        let name = world.towns.get(unit.town.as_ref()?)?;
        let alone = directory.units_in_use().filter(|u| !u.outside && u.town == unit.town).count() == 1;
        (alone && unit.name.starts_with(name.as_str())).then(|| name.clone())
    });
    town.unwrap_or_else(|| unit(directory, Some(code)))
}

fn category(directory: &Directory, code: Option<&str>) -> String {
    let code = code.and_then(|c| CategoryCode::parse(c).ok());
    code.map_or_else(|| "待分类".into(), |c| directory.category_name(&c).to_owned())
}

/// What names a change: the matter and when it changed.
fn key(row: &MatterRow) -> String {
    format!("{}.{}", row.id.0, row.updated_at)
}

fn change(row: &MatterRow, directory: &Directory, now: Timestamp) -> Change {
    let at = ui::beijing(ui::moment(row.updated_at));
    Change {
        id: row.id.0,
        key: key(row),
        time: at.strftime("%H:%M").to_string(),
        stage: stage_title(&row.stage),
        state: match row.open {
            false => "done",
            true if late_now(row, now) => "late",
            true => "fine",
        },
        category: category(directory, row.category.as_deref()),
        unit: unit(directory, row.unit.as_deref()),
        number: row.number.clone(),
    }
}

/// Grids with the names of their towns, and on them where open matters are; a ring for what just changed.
fn drawing(
    world: &World,
    towns: &[(String, Point)],
    places: &[Cluster],
    feed: &[MatterRow],
    now_us: i64,
) -> ui::Html {
    let corners = world.grids.iter().filter_map(|g| g.area.bbox()).flat_map(|b| [b.min, b.max]);
    let points = places.iter().map(|c| Point { lng_e6: c.lng, lat_e6: c.lat });
    let Some(bbox) = Bbox::around(points.chain(corners)) else { return ui::Html::default() };
    let sheet = Sheet::new(bbox);
    let mut out = format!(
        r#"<svg class="map" viewBox="-20 -20 1040 {:.0}" preserveAspectRatio="xMidYMid meet" role="img" aria-label="在办件位置示意图">"#,
        sheet.height + 40.0
    );
    for grid in world.grids.iter() {
        let mut path = String::new();
        for ring in grid.area.polygons.iter().map(|p| &p.outer) {
            for (i, p) in ring.iter().enumerate() {
                let pen = if i == 0 { 'M' } else { 'L' };
                path.push_str(&format!("{pen}{:.0} {:.0}", sheet.x(*p), sheet.y(*p)));
            }
            path.push('Z');
        }
        out.push_str(&format!(r#"<path class="town land-1" d="{path}"/>"#));
    }
    for c in places {
        let p = Point { lng_e6: c.lng, lat_e6: c.lat };
        #[expect(clippy::cast_precision_loss, reason = "a radius")]
        let radius = 4.0 + (c.n as f64).sqrt() * 1.5;
        out.push_str(&format!(
            r#"<circle class="spot" cx="{:.0}" cy="{:.0}" r="{radius:.1}"/>"#,
            sheet.x(p),
            sheet.y(p)
        ));
    }
    for row in feed.iter().filter(|row| now_us - row.updated_at < FRESH_US) {
        if let Some((lng_e6, lat_e6)) = row.lng.zip(row.lat) {
            let p = Point { lng_e6, lat_e6 };
            let state = if row.open { "ring" } else { "ring done" };
            out.push_str(&format!(
                r#"<circle class="{state}" data-key="{}" cx="{:.0}" cy="{:.0}" r="9"/>"#,
                key(row),
                sheet.x(p),
                sheet.y(p)
            ));
        }
    }
    for (name, p) in towns {
        out.push_str(&format!(
            r#"<text class="name" x="{:.0}" y="{:.0}">{}</text>"#,
            sheet.x(*p),
            sheet.y(*p),
            ui::escape(name)
        ));
    }
    out.push_str("</svg>");
    ui::Html::rendered(out)
}

async fn now(state: &WebState, who: &Caller) -> Answer<Now> {
    let wall = state.app.wall(who).await?;
    let (now, directory, world) = (state.app.now(), state.app.directory(), state.app.world());
    let towns = town_names(state).await?;
    let units = bars(&wall.units, UNITS, |key| short(&world, key));
    let categories = bars(&wall.categories, CATEGORIES, |key| category(&directory, Some(key)));
    let most = |bars: &[Bar]| bars.iter().map(|b| b.n).max().unwrap_or(0);
    Ok(Now {
        agency: directory.settings.agency.clone(),
        now: ui::long_now(now),
        received: wall.received,
        open: wall.open,
        overdue: wall.overdue,
        closed: wall.closed,
        kept: wall.kept.map_or_else(|| "—".into(), |kept| format!("{kept}%")),
        on_duty: i64::try_from(wall.on_duty).unwrap_or(i64::MAX),
        units_max: most(&units),
        categories_max: most(&categories),
        units,
        categories,
        feed: wall.feed.iter().map(|row| change(row, &directory, now)).collect(),
        drawing: drawing(&world, &towns, &wall.places, &wall.feed, now.as_microsecond()),
        simulated: simulated(&world),
        build: assets::url("wall.js"),
    })
}

/// `GET /wall`.
pub(super) async fn show(State(state): State<WebState>, Viewer(who): Viewer) -> Answer<Response> {
    page(&WallPage { now: now(&state, &who).await? })
}

/// `GET /wall/now`: what is renewed.
pub(super) async fn renew(State(state): State<WebState>, Viewer(who): Viewer) -> Answer<Response> {
    page(&now(&state, &who).await?)
}

/// `GET /wall/stream`: that something changed.
pub(super) async fn follow(
    State(state): State<WebState>,
    Viewer(who): Viewer,
    headers: HeaderMap,
) -> Answer<Response> {
    state.app.may(&who, "wall", None)?;
    Ok(stream::open(state, who, None, &headers).await?.into_response())
}

/// `POST /wall`: this browser becomes a wall. It is given a token for the wall alone, and the session ends: who finds the
/// computer unlocked can look and nothing else.
pub(super) async fn keep(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let identity: &Identity = &posted.identity;
    let Some(session) = &identity.cookie else {
        return Err(Refusal::forbidden(
            "session",
            "开大屏要在浏览器里登录。",
            "请在大屏的电脑上登录后再开。",
        )
        .into());
    };
    state.app.may(&who.caller, "wall", None)?;
    let token = state.app.issue_token(&who.caller, "大屏", &[WALL_SCOPE.to_owned()], TOKEN_DAYS).await?;
    state.app.sign_out(session).await;
    let mut response = Redirect::to("/wall").into_response();
    for (name, value) in
        [auth::wall_cookie(&state.config, &token, TOKEN_DAYS), auth::no_session_cookie(&state.config)]
    {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}
