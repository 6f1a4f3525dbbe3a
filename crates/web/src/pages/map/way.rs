//! The way of a matter as a part of its page: a map, and the same as a list.

use crate::auth::SignedIn;
use crate::pages::ui;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use lianzhi_app::StopKind;
use lianzhi_ids::DocketId;

/// A stop in words.
struct Line {
    /// Its number, on the map too if it has a place.
    nth: usize,
    kind: &'static str,
    title: String,
    note: String,
    who: String,
    /// How far from the place of the matter.
    far: String,
    at: String,
    iso: String,
    placed: bool,
}

#[derive(Template)]
#[template(path = "map_matter.html")]
struct Way {
    id: i64,
    stops: Vec<Line>,
    any_placed: bool,
}

/// The part of the page. The page has the head of maps (`map_head.html`).
pub(in crate::pages) async fn of(state: &WebState, who: &SignedIn, id: DocketId) -> Answer<ui::Html> {
    let now = state.app.now();
    let line = |(i, stop): (usize, lianzhi_app::Stop)| {
        let far = match (stop.kind, stop.metres) {
            (StopKind::Arrived | StopKind::Photo, Some(m)) if m < 1_000.0 => format!("距办件位置 {m:.0} 米"),
            (StopKind::Arrived | StopKind::Photo, Some(m)) => format!("距办件位置 {:.1} 公里", m / 1_000.0),
            _ => String::new(),
        };
        Line {
            nth: i + 1,
            kind: stop.kind.code(),
            title: if stop.kind == StopKind::Photo { stop.note.clone() } else { stop.title },
            note: if stop.kind == StopKind::Photo { String::new() } else { stop.note },
            who: stop.who,
            far,
            at: ui::near(now, stop.at),
            iso: stop.at.to_string(),
            placed: stop.point.is_some(),
        }
    };
    let stops: Vec<Line> =
        state.app.route(&who.caller, id).await?.into_iter().enumerate().map(line).collect();
    let html = Way { id: id.0, any_placed: stops.iter().any(|s| s.placed), stops }
        .render()
        .map_err(|_| Problem::internal())?;
    Ok(ui::Html::rendered(html))
}
