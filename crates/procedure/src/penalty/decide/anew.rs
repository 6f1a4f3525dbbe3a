//! A decision that fell is made anew in the same case (行政诉讼法 70, 71; 行政复议法 64; 行政处罚法 75(2)).

use super::*;
use crate::penalty::challenge;
use crate::penalty::command::DecidingAnew;
use crate::penalty::proposal::Proposal;
use crate::penalty::public::Publication;
use crate::penalty::state::Outcome;

const SOURCE: &str = "行政诉讼法第七十条、第七十一条；行政复议法第六十四条；行政处罚法第七十五条第二款";

pub(super) fn propose(case: &Case, asked: &DecidingAnew, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    own_officer(case, facts)?;
    let different = need(&asked.different, "different", "重新作出的决定在事实、证据、依据或者程序上有何不同")
        .map_err(|refusal| refusal.from_source("行政诉讼法第七十一条；行政复议法第六十四条第二款"))?;
    if asked.until.is_some_and(|until| until < crate::beijing_date(facts.now)) {
        return Err(Refusal::invalid(
            "until",
            "裁判、复议决定限定的日期已经过去。",
            "请核对；没有限定日期的不填。",
        )
        .from_source(SOURCE));
    }
    let alone = case.present().count() > 1;
    Ok(Proposal::DecideAnew {
        party: asked.party.filter(|_| alone),
        ground: asked.ground,
        different,
        until: asked.until,
    })
}

/// Whether it may be decided anew: the decision fell for good, against all of them or against the one that is named, and what followed
/// from it was undone.
pub(super) fn ready(case: &Case, of: Option<u16>, facts: &Facts<'_>) -> Result<(), Refusal> {
    two(case)?;
    if !matches!(case.outcome, Outcome::Penalty { .. }) || case.present().all(|p| p.annulled.is_none()) {
        return Err(wrong_stage(case, "重新作出决定"));
    }
    if case.in_archive() {
        return Err(archive::shut("重新作出决定"));
    }
    match of {
        None if case.present().any(|p| p.annulled.is_none()) => {
            return Err(no(
                "others-stand",
                "对其他当事人的决定仍然有效，不能整案重新作出决定。",
                "请选择决定被撤销的当事人：批准后对其另立一案重新决定，对其他当事人的决定不受影响。",
                SOURCE,
            ));
        }
        Some(id) if party(case, id)?.annulled.is_none() => {
            return Err(no(
                "stands",
                format!("对当事人 {id} 的决定仍然有效，不能重新作出决定。"),
                "请选择决定已经被撤销的当事人。",
                SOURCE,
            ));
        }
        _ => {}
    }
    for party in case.present().filter(|p| of.is_none_or(|id| p.subject.id == id)) {
        let who = rules::call(party);
        if party.remedies.iter().any(|r| r.ended.is_none()) || challenge::may_appeal(case, party, facts.now) {
            return Err(no(
                "remedy-open",
                format!("撤销{who}的决定的裁判还可以上诉，或者正在复议、诉讼。"),
                "请等上诉期限届满或者二审裁判；生效后再重新作出决定。",
                "行政诉讼法第八十五条、第七十条",
            ));
        }
        if party.to_refund() > 0 {
            return Err(no(
                "refund-owed",
                format!("{who}按被撤销的决定缴纳的 {} 还没有退还。", crate::penalty::yuan(party.to_refund())),
                "请先退还并登记；重新作出的决定另行缴纳。",
                "国家赔偿法第三十六条第一项",
            ));
        }
        let cash = |r: &crate::penalty::Receipt| r.carried() || r.undeposited().is_some();
        if party.money.receipts.iter().any(cash) || party.enforcement.iter().any(|e| e.open()) {
            return Err(no(
                "enforcement-open",
                format!("对{who}按被撤销的决定进行的收缴、强制执行还没有了结。"),
                "请先登记上缴、缴付银行，或者停止执行。",
                "行政处罚法第七十一条；行政强制法第四十条",
            ));
        }
    }
    of.map_or(Ok(()), |id| join::nothing_held(case, id))?;
    // What was published of the others may stay once what fell is not in it any more.
    let public = matches!(case.publication, Publication::Published { .. });
    if public && (of.is_none() || crate::penalty::withdrawal_owed(case)) {
        return Err(no(
            "publication-open",
            "被撤销的决定还在公开。",
            "请先撤回公开并说明理由。",
            "行政处罚法第四十八条第二款",
        ));
    }
    Ok(())
}

fn two(case: &Case) -> Result<(), Refusal> {
    first(rules::two_officers(case).into_iter().collect())
}
