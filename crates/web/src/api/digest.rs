//! The daily digest of cooperation: what an agency's messenger (短信、政务微信) fetches once a day for each person.

use super::Endpoint;
use super::extract::Params;
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use jiff::civil::Date;
use lianzhi_app::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/cooperation/digest", get(digest), "本人某日的协作摘要")
            .about("每人每天一份，8 时截止；同一天再取是同一份。需要办理的在待办里，不在摘要里重复催。")
            .query::<Asked>()
            .gives::<Digest>(200),
    ]
}

/// Which day.
#[derive(Debug, Deserialize, JsonSchema)]
struct Asked {
    /// The day, e.g. 2026-11-22; today's when not given.
    day: Option<Date>,
}

async fn digest(
    State(state): State<WebState>,
    me: SignedIn,
    Params(asked): Params<Asked>,
) -> Answer<Json<Digest>> {
    Ok(Json(state.app.digest(&me.caller, asked.day).await?))
}
