//! Where matters are: map and live feed side by side, with the same filters as the list.
//!
//! The page is complete without JavaScript: a plain drawing of grids and clusters, whose circles lead to their matters.
//! `map.js` puts a live map in its place.

pub(crate) mod layers;
pub(super) mod points;
pub(super) mod way;

use super::list::Filters;
use super::rows::Line;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use lianzhi_app::ListQuery;
use lianzhi_app::ports::Cluster;
use lianzhi_app::world::World;
use lianzhi_procedure::Choice;
use lianzhi_territory::Point;
use lianzhi_territory::cell::Bbox;

/// Numbers beside a map, as text.
pub(super) struct Numbers {
    shown: String,
    open: String,
    late: String,
    any_late: bool,
    on_duty: usize,
}

/// A line of the feed with its place.
struct Feed {
    line: Line,
    lng: String,
    lat: String,
}

/// What stands beside a map: numbers and the newest matters in view.
#[derive(Template)]
#[template(path = "map_side.html")]
pub(super) struct Side {
    numbers: Numbers,
    feed: Vec<Feed>,
    /// The list of what is counted here, as filters.
    query: String,
    /// The same of what has a place, of what is open, and of what is late; none where a filter leaves nothing of it.
    placed: String,
    open: Option<String>,
    late: Option<String>,
}

impl Side {
    /// For these filters; a box among them is the part of the map that is looked at.
    pub(super) async fn of(state: &WebState, who: &SignedIn, filters: &Filters, zoom: u8) -> Answer<Side> {
        let (filters, query) = shown(filters)?;
        let (rows, numbers) = state.app.map_news(&who.caller, &query, zoom, LINES).await?;
        // The number that the map itself shows: matters with a place.
        let found = state.app.map_view(&who.caller, &query, zoom, false).await?;
        let (now, directory) = (state.app.now(), state.app.directory());
        // Lists that numbers lead to are of the box that was counted.
        let counted = found.bbox.map_or_else(
            || filters.clone(),
            |b| {
                let edges = [b.min.lng(), b.min.lat(), b.max.lng(), b.max.lat()];
                filters.set("bbox", &edges.map(|v| format!("{v:.6}")).join(","))
            },
        );
        let open = (filters.get("open") != "false").then(|| counted.set("open", "true"));
        let late = open.as_ref().filter(|_| filters.get("overdue") != "false");
        let degrees = |e6: Option<i32>| e6.map(|v| format!("{:.6}", f64::from(v) / 1e6)).unwrap_or_default();
        Ok(Side {
            numbers: Numbers {
                shown: ui::count(&found.total),
                open: Numbers::text(numbers.open),
                any_late: numbers.late != Some(0),
                late: Numbers::text(numbers.late),
                on_duty: numbers.on_duty,
            },
            feed: rows
                .iter()
                .map(|r| Feed {
                    line: Line::new(r, &directory, now),
                    lng: degrees(r.lng),
                    lat: degrees(r.lat),
                })
                .collect(),
            query: counted.text(),
            placed: counted.with("placed", "true"),
            late: late.map(|open| open.with("overdue", "now")),
            open: open.map(|open| open.text()),
        })
    }
}

/// The filters that hold when none are given: what is open. A map has no order.
fn shown(filters: &Filters) -> Answer<(Filters, ListQuery)> {
    let filters = filters.but(&["order"]).or_open();
    let query = filters.query()?;
    Ok((filters, query))
}

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    shell: Shell,
    drawing: ui::Html,
    side: ui::Html,
    filters: Filters,
    /// Filters that the map has no field for.
    kept: Filters,
    units: Vec<Choice>,
    groups: Vec<Choice>,
    query: String,
    simulated: bool,
}

/// How far in the plain drawing is: as many clusters as a page-wide drawing of a district can show apart.
const ZOOM: u8 = 12;
/// The drawing is so wide, in its own units.
const WIDTH: f64 = 1000.0;
/// Lines beside the drawing.
const LINES: i64 = 30;

/// A flat picture of a box: longitudes shortened by the cosine of the latitude.
pub(super) struct Sheet {
    bbox: Bbox,
    scale_x: f64,
    scale_y: f64,
    pub(super) height: f64,
}

impl Sheet {
    pub(super) fn new(bbox: Bbox) -> Self {
        let width = f64::from(bbox.max.lng_e6 - bbox.min.lng_e6).max(1.0);
        let height = f64::from(bbox.max.lat_e6 - bbox.min.lat_e6).max(1.0);
        let shorten = ((bbox.min.lat() + bbox.max.lat()) / 2.0).to_radians().cos().max(0.1);
        let scale_x = WIDTH / width;
        let scale_y = scale_x / shorten;
        Sheet { bbox, scale_x, scale_y, height: height * scale_y }
    }
    pub(super) fn x(&self, p: Point) -> f64 {
        f64::from(p.lng_e6 - self.bbox.min.lng_e6) * self.scale_x
    }
    pub(super) fn y(&self, p: Point) -> f64 {
        f64::from(self.bbox.max.lat_e6 - p.lat_e6) * self.scale_y
    }
    /// Longitude and latitude around a place, as the list's filter wants them.
    fn around(&self, p: Point) -> String {
        let (half_x, half_y) = (30.0 / self.scale_x / 1e6, 30.0 / self.scale_y / 1e6);
        format!(
            "{:.6},{:.6},{:.6},{:.6}",
            p.lng() - half_x,
            p.lat() - half_y,
            p.lng() + half_x,
            p.lat() + half_y
        )
    }
}

/// `GET /map`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let (filters, query) = shown(&Filters::of(&uri))?;
    let (directory, world) = (state.app.directory(), state.app.world());
    let clusters = state.app.map(&who.caller, &query, ZOOM).await?;
    let drawing = drawing(&world, &clusters, &filters);
    let side = Side::of(&state, &who, &filters, ZOOM).await?;
    let side = ui::Html::rendered(side.render().map_err(|_| Problem::internal())?);
    page(&MapPage {
        shell: Shell::new(&state, &who, "地图", "/map"),
        drawing,
        side,
        units: directory.units_in_use().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect(),
        groups: super::list::groups(&directory),
        query: filters.text(),
        kept: filters.but(&["open", "overdue", "category", "unit", "view"]),
        simulated: layers::simulated(&world),
        filters,
    })
}

/// Grids and clusters as a drawing.
pub(super) fn drawing(world: &World, clusters: &[Cluster], filters: &Filters) -> ui::Html {
    let points = clusters.iter().map(|c| Point { lng_e6: c.lng, lat_e6: c.lat });
    let corners = world.grids.iter().filter_map(|g| g.area.bbox()).flat_map(|b| [b.min, b.max]);
    let total: i64 = clusters.iter().map(|c| c.n).sum();
    let Some(bbox) = Bbox::around(points.chain(corners)) else { return ui::Html::default() };
    let sheet = Sheet::new(bbox);
    let mut out = format!(
        r#"<svg class="spots" viewBox="0 0 {WIDTH} {:.0}" role="group" aria-label="办件位置示意图，{total} 件">"#,
        sheet.height
    );
    for g in world.grids.iter() {
        let mut path = String::new();
        for ring in g.area.polygons.iter().map(|p| &p.outer) {
            for (i, p) in ring.iter().enumerate() {
                path.push_str(&format!(
                    "{}{:.1} {:.1}",
                    if i == 0 { "M" } else { "L" },
                    sheet.x(*p),
                    sheet.y(*p)
                ));
            }
            path.push('Z');
        }
        out.push_str(&format!(r#"<path d="{path}"><title>{}</title></path>"#, ui::escape(&g.name)));
    }
    for c in clusters {
        let p = Point { lng_e6: c.lng, lat_e6: c.lat };
        #[expect(clippy::cast_precision_loss, reason = "a radius")]
        let radius = 5.0 + (c.n as f64).sqrt().min(20.0) * 2.5;
        let href = match c.only {
            Some(id) => format!("/matters/{id}"),
            None => format!("/matters?{}", filters.with("bbox", &sheet.around(p))),
        };
        let (x, y) = (sheet.x(p), sheet.y(p));
        let text = if c.n > 1 {
            format!(r#"<text x="{x:.1}" y="{:.1}">{}</text>"#, y + 4.0, c.n)
        } else {
            String::new()
        };
        out.push_str(&format!(
            r#"<a href="{}" aria-label="{} 件"><circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>{text}</a>"#,
            ui::escape(&href),
            c.n,
        ));
    }
    out.push_str("</svg>");
    ui::Html::rendered(out)
}
