//! The whole file on paper: what was reported, every step with its law, every file with its digest, and the proof.
//! Nobody's particulars are in it.

use super::exhibits::{TileGroup, tiles};

use super::record::{Entry, Step, entries, steps};
use super::shared_file;
use crate::auth::SignedIn;
use crate::pages::rows::Line;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use lianzhi_app::{MatterView, ProofView};
use lianzhi_ids::DocketId;

#[derive(Template)]
#[template(path = "matter_print.html")]
struct PrintPage {
    agency: String,
    person: String,
    now: Timestamp,
    id: i64,
    line: Line,
    view: MatterView,
    steps: Vec<Step>,
    entries: Vec<Entry>,
    tiles: Vec<TileGroup>,
    assisting: Vec<String>,
    proof: ProofView,
    docket_name: String,
}

/// `GET /matters/{id}/print`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Answer<Response> {
    let id = DocketId(id);
    let mut view = state.app.matter(&who.caller, id).await?;
    // On paper terms stand in the order in which they are due, done or not.
    view.clocks.sort_by_key(|c| c.due);
    let proof = state.app.proof(&who.caller, id).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let mut entries = entries(&view.record, now);
    // On paper a file is read from its beginning.
    entries.reverse();
    let settings = &directory.settings;
    page(&PrintPage {
        agency: settings.agency.clone(),
        person: who.person.name.clone(),
        id: id.0,
        line: Line::new(&view.row, &directory, now),
        steps: steps(&view.record, &view.row.stage, now),
        entries,
        tiles: tiles(&state, &view.record, now).await?,
        assisting: shared_file(&view.state)
            .map(|f| f.assisting.iter().map(|u| directory.unit_name(u).to_owned()).collect())
            .unwrap_or_default(),
        proof,
        docket_name: format!("{}/{id}", directory.node),
        view,
        now,
    })
}
