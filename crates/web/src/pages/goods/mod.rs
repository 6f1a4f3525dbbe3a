//! Things in custody: the register, a thing with its chain of custody, its label, stock-taking.

pub(super) mod count;

use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::goods::{GoodsPage, GoodsQuery, ThingItem, ThingView};
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::penalty::{ThingKind, ThingState};
use lianzhi_procedure::{Choice, Refusal};

/// A thing as a line.
struct Row {
    item: ThingItem,
    state: &'static str,
    left: String,
}

#[derive(Template)]
#[template(path = "goods/list.html")]
struct ListPage {
    shell: Shell,
    asked: GoodsQuery,
    rows: Vec<Row>,
    counts: Vec<(String, &'static str, i64)>,
    kept: i64,
    next: Option<String>,
    states: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    units: Vec<Choice>,
    may_count: bool,
    narrowed: bool,
    refusal: Option<Refusal>,
}

impl ListPage {
    fn is(&self, field: &str, value: &str) -> bool {
        let asked = match field {
            "state" => &self.asked.state,
            "kind" => &self.asked.kind,
            "unit" => &self.asked.unit,
            _ => &self.asked.due,
        };
        asked.as_deref().unwrap_or_default() == value
    }
    fn shelf(&self) -> &str {
        self.asked.shelf.as_deref().unwrap_or_default()
    }
}

/// What a thing waits for, as a badge: its state and words.
fn waits(state: &WebState, item: &ThingItem) -> (&'static str, String) {
    match (item.release, item.due_at) {
        (true, _) => ("late", "应当退还".into()),
        (false, None) => ("wait", String::new()),
        (false, due) => {
            let (shape, left) = ui::term(state.app.now(), due, true);
            (shape, format!("{} {left}", item.due_name))
        }
    }
}

fn units(state: &WebState) -> Vec<Choice> {
    let directory = state.app.directory();
    directory.units.values().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect()
}

fn further(asked: &GoodsQuery, skip: usize) -> String {
    let fields = [
        ("state", &asked.state),
        ("unit", &asked.unit),
        ("kind", &asked.kind),
        ("shelf", &asked.shelf),
        ("due", &asked.due),
    ];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    let pairs = given.chain([("skip", skip.to_string())]);
    let pairs = pairs.map(|(name, value)| format!("{name}={}", ui::query(&value)));
    format!("/goods?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// `GET /goods`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let asked: GoodsQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let (found, refusal) = match state.app.goods(&who.caller, &asked).await {
        Ok(found) => (found, None),
        Err(refusal) if refusal.field.is_some() => {
            (state.app.goods(&who.caller, &GoodsQuery::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let GoodsPage { things, more, counts } = found;
    let skip = usize::try_from(asked.skip.unwrap_or(0)).unwrap_or(0) + things.len();
    let row = |item: ThingItem| {
        let (shape, left) = waits(&state, &item);
        Row { item, state: shape, left }
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let kept = |code: &str| ThingState::from_code(code).is_some_and(ThingState::kept);
    let states = ThingState::ALL.iter().map(|s| (s.code(), s.title()));
    let shown = ListPage {
        shell: Shell::new(&state, &who, "涉案物品", "/cases"),
        kept: counts.iter().filter(|(code, ..)| kept(code)).map(|(_, _, n)| n).sum(),
        rows: things.into_iter().map(row).collect(),
        next: more.then(|| further(&asked, skip)),
        states: states.chain([("any", "全部状态")]).collect(),
        kinds: ThingKind::ALL.iter().map(|k| (k.code(), k.title())).collect(),
        units: units(&state),
        may_count: state.app.may_begin(&who.caller, "stocktake").is_ok(),
        narrowed: asked != GoodsQuery::default(),
        counts,
        asked,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[derive(Template)]
#[template(path = "goods/thing.html")]
struct ThingPage {
    shell: Shell,
    view: ThingView,
    state: &'static str,
    left: String,
    docket: i64,
}

/// `GET /goods/{docket}/{thing}`.
pub(super) async fn thing(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, thing)): Path<(DocketId, u16)>,
) -> Answer<Response> {
    let view = state.app.thing(&who.caller, id, thing).await?;
    let (shape, left) = waits(&state, &view.item);
    page(&ThingPage {
        shell: Shell::new(&state, &who, format!("物品 {}", view.item.number), "/cases"),
        view,
        state: shape,
        left,
        docket: id.0,
    })
}

#[derive(Template)]
#[template(path = "goods/label.html")]
struct LabelPage {
    view: ThingView,
    agency: String,
    qr: ui::Html,
}

/// `GET /goods/{docket}/{thing}/label`: to be printed and stuck on. The code leads to the thing's page.
pub(super) async fn label(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, thing)): Path<(DocketId, u16)>,
) -> Answer<Response> {
    let view = state.app.thing(&who.caller, id, thing).await?;
    let base = &state.config.base_url;
    page(&LabelPage {
        view,
        agency: state.app.directory().settings.agency.clone(),
        qr: qr(&format!("{base}/goods/{id}/{thing}")),
    })
}

/// A code as a drawing.
pub(super) fn qr(text: &str) -> ui::Html {
    let code = qrcode::QrCode::new(text.as_bytes());
    let svg = code.map(|c| c.render::<qrcode::render::svg::Color<'_>>().min_dimensions(160, 160).build());
    // Without the XML declaration, which has no place inside a page.
    let svg = svg.map(|s| s.find("<svg").map_or(String::new(), |at| s[at..].to_owned()));
    ui::Html::rendered(svg.unwrap_or_default())
}

/// The units in which somebody may count: his own ones and those below.
fn countable(state: &WebState, who: &SignedIn) -> Vec<Choice> {
    let directory = state.app.directory();
    let may = |unit: &UnitCode| state.app.may_in(&who.caller, "stocktake", unit).is_ok();
    let units = directory.units.values().filter(|u| may(&u.code));
    units.map(|u| Choice::new(u.code.as_str(), &*u.name)).collect()
}
