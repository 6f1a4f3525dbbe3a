//! Clerical errors in a paper that was served (更正、补正): never facts, basis or penalty (行政处罚法 75(2)).

use super::*;
use crate::penalty::command::Amending;
use crate::penalty::proposal::Proposal;

const SOURCE: &str = "行政处罚法第七十五条第二款；公文更正规则";

pub(super) fn amend(case: &Case, asked: &Amending, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    own_officer(case, facts)?;
    alive(case)?;
    amendable(case, asked.paper)?;
    if !asked.unchanged {
        return Err(Refusal::invalid(
            "unchanged",
            "更正只能改正书写错误，不得改变认定的事实、依据和处罚内容。",
            "事实、依据或者处罚有错误的，请报批撤销决定，重新告知后再作决定。",
        )
        .from_source(SOURCE));
    }
    let wrong = need(&asked.wrong, "wrong", "原文")?;
    let right = need(&asked.right, "right", "更正后的文字")?;
    Ok(Proposal::Amend { paper: asked.paper, slip: asked.slip, wrong, right })
}

/// A paper that somebody was served with and that stands; one that reached nobody is voided and made anew.
pub(super) fn amendable(case: &Case, id: u16) -> Result<(), Refusal> {
    let file =
        case.paper(id).filter(|p| p.voided.is_none() && p.paper.kind.must_serve()).ok_or_else(|| {
            Refusal::invalid("paper", "没有这份发给当事人的文书，或者已经作废。", "请从本案文书中选择。")
                .from_source(SOURCE)
        })?;
    if !file.service.values().any(|s| s.effective.is_some()) {
        return Err(no("unserved", "文书还没有送达，不需要更正。", "请作废后重新制作；文号保留。", SOURCE));
    }
    Ok(())
}
