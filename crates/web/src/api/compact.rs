//! The compact, and the plans of its members.

use super::Endpoint;
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use lianzhi_app::compact::{CompactEntry, CompactMember, CompactView, GatheringView};
use lianzhi_procedure::Kind;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Method::GET,
            "/api/v1/compact",
            get(compact),
            "协作机制：现行版本、成员、结对、清单、提案",
        )
        .about("不含联络员等个人信息。")
        .gives::<CompactJson>(200),
        Endpoint::new(Method::GET, "/api/v1/plans", get(plans), "行动计划及其任务和进度")
            .about("年度计划的 of 是所落实的三年行动计划；进度由任务报告算出。")
            .gives::<Vec<GatheringView>>(200),
    ]
}

/// The compact, with what programs ask for most beside it.
#[derive(Debug, Serialize, JsonSchema)]
struct CompactJson {
    /// The compact.
    #[serde(flatten)]
    compact: CompactView,
    /// Members of the version in force.
    members: Vec<CompactMember>,
    /// The collaboration list in force.
    list: Vec<CompactEntry>,
}

async fn compact(State(state): State<WebState>, me: SignedIn) -> Answer<Json<CompactJson>> {
    let compact = state.app.compact_view(&me.caller).await?;
    let (members, list) =
        compact.epoch.as_ref().map(|e| (e.members.clone(), e.list.clone())).unwrap_or_default();
    Ok(Json(CompactJson { compact, members, list }))
}

async fn plans(State(state): State<WebState>, me: SignedIn) -> Answer<Json<Vec<GatheringView>>> {
    Ok(Json(state.app.gatherings(&me.caller, Kind::Plan).await?))
}
