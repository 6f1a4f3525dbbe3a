//! What everybody may read of the agency's enforcement: powers, people, procedures, items, decisions, the list of legal reviews, the
//! yearly report; and the check of a paper. No account, no script needed.

mod annual;
mod check;
mod decisions;

pub(super) use annual::show as annual;
pub(super) use check::{by_code, compare, form as check};
pub(super) use decisions::{all as decisions, one as decision};

use super::shell::Frame;
use super::{assets, page, ui};
use crate::auth::Visit;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use lianzhi_app::publicity::{Agency, Annual, AnnualQuery, EnforcerView, ItemPublic};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The rooms: address, title.
pub(crate) const ROOMS: [(&str, &str); 9] = [
    ("/public", "执法公开"),
    ("/public/decisions", "处罚决定"),
    ("/public/powers", "权责清单"),
    ("/public/people", "执法人员"),
    ("/public/procedures", "执法程序"),
    ("/public/items", "处罚事项"),
    ("/public/reviews", "法制审核目录"),
    ("/public/annual", "三项制度年报"),
    ("/check", "文书核验"),
];

/// Words that are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sought {
    q: String,
}

impl Sought {
    /// Whether all the words stand in a text.
    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.q.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
    }
}

#[derive(Template)]
#[template(path = "public/index.html")]
struct IndexPage {
    frame: Frame,
    agency: Agency,
    annual: Annual,
    items: usize,
}

/// `GET /public`.
pub(super) async fn index(State(state): State<WebState>, Visit(visit): Visit) -> Answer<Response> {
    let annual = state.app.annual(&AnnualQuery::default()).await?;
    let frame = Frame::new(&state, "执法公开", "public").of(visit.csrf());
    page(&IndexPage { frame, agency: state.app.agency(), annual, items: state.app.public_items().len() })
}

#[derive(Template)]
#[template(path = "public/powers.html")]
struct PowersPage {
    frame: Frame,
    agency: Agency,
}

/// `GET /public/powers`.
pub(super) async fn powers(State(state): State<WebState>, Visit(visit): Visit) -> Answer<Response> {
    let frame = Frame::new(&state, "权责清单", "public/powers").of(visit.csrf());
    page(&PowersPage { frame, agency: state.app.agency() })
}

#[derive(Template)]
#[template(path = "public/people.html")]
struct PeoplePage {
    frame: Frame,
    q: String,
    /// By unit.
    units: BTreeMap<String, Vec<EnforcerView>>,
}

/// `GET /public/people`.
pub(super) async fn people(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(sought): Query<Sought>,
) -> Answer<Response> {
    let frame = Frame::new(&state, "执法人员", "public/people").of(visit.csrf());
    let mut units: BTreeMap<String, Vec<EnforcerView>> = BTreeMap::new();
    for person in state.app.agency().people {
        let unit = person.units.first().cloned().unwrap_or_default();
        if sought.fits(&format!("{} {} {unit}", person.name, person.certificate)) {
            units.entry(unit).or_default().push(person);
        }
    }
    page(&PeoplePage { frame, q: sought.q, units })
}

#[derive(Template)]
#[template(path = "public/procedures.html")]
struct ProceduresPage {
    frame: Frame,
    agency: Agency,
}

/// `GET /public/procedures`.
pub(super) async fn procedures(State(state): State<WebState>, Visit(visit): Visit) -> Answer<Response> {
    let frame = Frame::new(&state, "执法程序", "public/procedures").of(visit.csrf());
    page(&ProceduresPage { frame, agency: state.app.agency() })
}

#[derive(Template)]
#[template(path = "public/items.html")]
struct ItemsPage {
    frame: Frame,
    q: String,
    items: Vec<ItemPublic>,
}

/// `GET /public/items`.
pub(super) async fn items(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(sought): Query<Sought>,
) -> Answer<Response> {
    let frame = Frame::new(&state, "处罚事项", "public/items").of(visit.csrf());
    let mut items = state.app.public_items();
    items.retain(|i| sought.fits(&format!("{} {} {} {}", i.code, i.name, i.domain, i.conduct)));
    page(&ItemsPage { frame, q: sought.q, items })
}

#[derive(Template)]
#[template(path = "public/reviews.html")]
struct ReviewsPage {
    frame: Frame,
    agency: Agency,
}

/// `GET /public/reviews`.
pub(super) async fn reviews(State(state): State<WebState>, Visit(visit): Visit) -> Answer<Response> {
    let frame = Frame::new(&state, "法制审核目录", "public/reviews").of(visit.csrf());
    page(&ReviewsPage { frame, agency: state.app.agency() })
}
