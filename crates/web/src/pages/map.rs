//! Where matters are: a plain drawing of grids and clusters, with the same filters as the list.

use super::list::Filters;
use super::rows::Line;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use lianzhi_territory::cell::Bbox;
use lianzhi_territory::{Point, grid};

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    shell: Shell,
    drawing: ui::Html,
    lines: Vec<Line>,
    query: String,
    total: i64,
    simulated: bool,
}

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
    let filters = Filters::of(&uri);
    let filters = if filters.is_empty() { Filters::of(&Uri::from_static("/?open=true")) } else { filters };
    let query = filters.query()?;
    let (now, directory, world) = (state.app.now(), state.app.directory(), state.app.world());
    // As many clusters as a page-wide drawing of a district can show apart.
    const ZOOM: u8 = 12;
    let clusters = state.app.map(&who.caller, &query, ZOOM).await?;
    let found = state.app.list(&who.caller, &query, None, LINES).await?;
    let grids: Vec<&grid::Grid> = world.grids.iter().collect();
    let points = clusters.iter().map(|c| Point { lng_e6: c.lng, lat_e6: c.lat });
    let corners = grids.iter().filter_map(|g| g.area.bbox()).flat_map(|b| [b.min, b.max]);
    let total = clusters.iter().map(|c| c.n).sum();
    let drawing = Bbox::around(points.chain(corners)).map(|bbox| {
        let sheet = Sheet::new(bbox);
        let mut out = format!(r#"<svg class="spots" viewBox="0 0 {WIDTH} {:.0}" role="img" aria-label="办件位置示意图，{total} 件">"#, sheet.height);
        for g in &grids {
            let mut path = String::new();
            for ring in g.area.polygons.iter().map(|p| &p.outer) {
                for (i, p) in ring.iter().enumerate() {
                    path.push_str(&format!("{}{:.1} {:.1}", if i == 0 { "M" } else { "L" }, sheet.x(*p), sheet.y(*p)));
                }
                path.push('Z');
            }
            out.push_str(&format!(r#"<path d="{path}"><title>{}</title></path>"#, ui::escape(&g.name)));
        }
        for c in &clusters {
            let p = Point { lng_e6: c.lng, lat_e6: c.lat };
            #[expect(clippy::cast_precision_loss, reason = "a radius")]
            let radius = 5.0 + (c.n as f64).sqrt() * 2.5;
            let href = match c.only {
                Some(id) => format!("/matters/{id}"),
                None => format!("/matters?{}", filters.with("bbox", &sheet.around(p))),
            };
            let text = if c.n > 1 { format!(r#"<text x="{:.1}" y="{:.1}">{}</text>"#, sheet.x(p), sheet.y(p) + 4.0, c.n) } else { String::new() };
            out.push_str(&format!(
                r#"<a href="{}" aria-label="{} 件"><circle cx="{:.1}" cy="{:.1}" r="{radius:.1}"/>{text}</a>"#,
                ui::escape(&href),
                c.n,
                sheet.x(p),
                sheet.y(p)
            ));
        }
        out.push_str("</svg>");
        ui::Html::rendered(out)
    });
    let shell = Shell::new(&state, &who, "地图", "/map");
    page(&MapPage {
        drawing: drawing.unwrap_or_default(),
        lines: found.rows.iter().map(|r| Line::new(r, &directory, now)).collect(),
        query: filters.text(),
        simulated: directory.grids.values().any(|g| g.name.contains("示意")),
        total,
        shell,
    })
}
