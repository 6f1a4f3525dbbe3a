//! Decisions on the spot and slips: the page on the phone on which they begin, and their papers.

pub(super) mod begin;

use super::letter;
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use lianzhi_ids::DocketId;
use serde::Deserialize;

/// Which paper, and for which printer.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Printing {
    /// The slip of those given, from 1; the last when none is named.
    #[serde(default)]
    n: Option<usize>,
    /// Width of a pocket printer's roll in millimetres: 58 or 80; A4 when not given.
    #[serde(default)]
    roll: Option<u8>,
}

/// `GET /matters/{id}/slip.pdf`: the decision or the slip on A4, or on the roll of a pocket printer.
pub(super) async fn paper(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    Query(printing): Query<Printing>,
) -> Answer<Response> {
    let size = lianzhi_app::spot::size(printing.roll);
    let printed = state.app.spot_paper(&who.caller, DocketId(id), printing.n, size).await?;
    Ok(letter::pdf(printed.pdf, &printed.name))
}
