//! A file is taken out of the archive: by approval, with the paper that demands it.

use super::*;
use crate::penalty::archive::SOURCE;
use crate::penalty::command::OpeningArchive;
use crate::penalty::proposal::Proposal;

pub(super) fn propose(case: &Case, asked: &OpeningArchive, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    permit(case, "penalty_archive", facts)?;
    let exhibits = proof(facts, &asked.exhibits, "要求启卷的裁判、决定、通知或者本机关的纠正意见", SOURCE)?;
    Ok(Proposal::OpenArchive { ground: asked.ground, exhibits })
}

/// Only what lies there can be taken out.
pub(super) fn ready(case: &Case) -> Result<(), Refusal> {
    if case.in_archive() {
        return Ok(());
    }
    Err(no("not-archived", "案卷没有归档，不需要启卷。", "请直接在本案办理。", SOURCE))
}

/// What the archive has is not changed; who must go on takes it out first.
pub(super) fn shut(what: &str) -> Refusal {
    no(
        "archived",
        format!("案卷已经归档，不能{what}。"),
        "请附上要求重新办理的裁判、决定或者通知，先“报批启卷”；原卷保持原样，其后形成的材料归入补充卷。",
        SOURCE,
    )
}
