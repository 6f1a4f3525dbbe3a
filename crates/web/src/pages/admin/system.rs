//! State of the node: log, checkpoint, storage, version, and what the administrator must look after.

use super::{Admin, open};
use crate::auth::SignedIn;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use lianzhi_app::ports::CheckpointRow;

#[derive(Template)]
#[template(path = "admin/system.html")]
struct SystemPage {
    shell: Admin,
    now: Timestamp,
    version: &'static str,
    node: String,
    entries: i64,
    checkpoint: Option<CheckpointRow>,
    storage: String,
    units: usize,
    people: usize,
    on_duty: usize,
    grids: usize,
    categories: usize,
    problems: Vec<String>,
    key: String,
}

/// What needs the administrator, each thing once.
fn problems(state: &WebState) -> Vec<String> {
    let today = ui::beijing(state.app.now()).date();
    let mut problems = state.app.problems();
    problems.extend(state.app.directory().law.calendars().schedule_notice(today).map(|n| n.text));
    let mut seen = std::collections::HashSet::new();
    problems.retain(|p| seen.insert(p.clone()));
    problems
}

/// `GET /admin`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let shell = open(&state, &who, "系统状态", "/admin")?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let store = state.app.store();
    let head = store.journal.head().await?;
    let storage = store.upkeep.describe().await.unwrap_or_else(|e| format!("无法读取：{e}"));
    page(&SystemPage {
        version: env!("CARGO_PKG_VERSION"),
        node: directory.node.to_string(),
        entries: head.size,
        checkpoint: state.app.checkpoint().await,
        storage,
        units: directory.units.len(),
        people: directory.people.values().filter(|p| p.active).count(),
        on_duty: state.app.duty().people().count(),
        grids: directory.grids.len(),
        categories: directory.categories.len(),
        problems: problems(&state),
        key: state.app.log().verifier_key().to_string(),
        now,
        shell,
    })
}
