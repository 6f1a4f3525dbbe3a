//! Reconsideration and lawsuits against the decision or an order, also after the case was closed (行政处罚法 7, 73; 行政复议法 20;
//! 行政诉讼法 46, 85).

use super::*;
use crate::penalty::clocks::{Clock, Scope, Term};
use crate::penalty::command::{Appealing, DelayingRemedy, EndingAppeal, OfParty, Staying};
use crate::penalty::law_side;
use crate::penalty::matters::Remedy;
use crate::penalty::words::{RemedyEnd, RemedyKind};

const REMEDY: &str = "行政处罚法第七条、第七十三条";
const STAY: &str = "行政复议法第四十二条；行政诉讼法第五十六条";

/// What is challenged reached the party: the decision, or an order.
fn challenged(case: &Case, id: u16, paper: Option<u16>) -> Result<Timestamp, Refusal> {
    party(case, id)?;
    let Some(paper) = paper else {
        return case
            .decision_served(id)
            .ok_or_else(|| no("unserved", "处罚决定还没有送达该当事人。", "请先送达决定书。", REMEDY));
    };
    if !case.orders.iter().any(|o| (o.order.party, o.order.paper) == (id, paper)) {
        return Err(Refusal::invalid(
            "paper",
            "没有发给该当事人的这份责令改正。",
            "请从本案的责令改正中选择；对处罚决定不服的不选。",
        )
        .from_source(REMEDY));
    }
    case.served(paper, id)
        .ok_or_else(|| no("unserved", "责令改正还没有送达该当事人。", "请先送达责令改正通知书。", REMEDY))
}

/// Once a court accepted a lawsuit nobody may ask for reconsideration of the same any more (行政复议法 29(2)).
pub(crate) fn not_sued(kind: RemedyKind, before: &[Remedy]) -> Result<(), Refusal> {
    if kind != RemedyKind::Reconsideration || before.iter().all(|r| r.kind == RemedyKind::Reconsideration) {
        return Ok(());
    }
    Err(no(
        "sued-already",
        "人民法院已经受理行政诉讼的，不得再申请行政复议。",
        "请核对受理通知书；不服裁判的，登记上诉。",
        "行政复议法第二十九条第二款",
    ))
}

fn running(case: &Case, id: u16, paper: Option<u16>) -> Result<&Remedy, Refusal> {
    party(case, id)?;
    case.remedies_of(id, paper)
        .iter()
        .find(|r| r.ended.is_none())
        .ok_or_else(|| no("no-remedy", "没有进行中的复议、诉讼。", "请先登记受理。", REMEDY))
}

pub(super) fn appeal(case: &Case, asked: &Appealing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    alive(case)?;
    let (id, kind, paper) = (asked.party, asked.kind, asked.paper);
    let served = challenged(case, id, paper)?;
    let before = case.remedies_of(id, paper);
    if before.iter().any(|r| r.ended.is_none()) {
        return Err(no("remedy-open", "已有一项复议、诉讼没有结果。", "请先登记结果。", REMEDY));
    }
    not_sued(kind, before)?;
    let on = past_day(asked.on, "on", facts)?;
    let judged = before.last().filter(|r| r.kind == RemedyKind::Lawsuit).and_then(|r| r.ended);
    if kind == RemedyKind::SecondInstance && judged.is_none() {
        return Err(no(
            "no-judgment",
            "没有一审的裁判，不能登记上诉。",
            "请先登记一审的结果。",
            "行政诉讼法第八十五条",
        ));
    }
    let earliest = before.iter().filter_map(|r| r.ended).map(|(_, on)| on).max();
    let earliest = earliest.unwrap_or(crate::beijing_date(served)).max(crate::beijing_date(served));
    if on < earliest {
        return Err(Refusal::invalid(
            "on",
            format!("日期早于送达或者上一项结果（{earliest}）。"),
            "请核对受理通知书。",
        )
        .from_source(REMEDY));
    }
    let simple = asked.simple && kind == RemedyKind::Reconsideration;
    let remedy =
        Remedy { kind, paper, on, stay: asked.stay, simple, replied: None, ended: None, shown: false };
    let exhibits = exhibits(facts, &asked.exhibits)?;
    Ok(Event::RemedySought { party: id, remedy, exhibits, by: me(facts)?, at: facts.now })
}

pub(super) fn end_appeal(case: &Case, asked: &EndingAppeal, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    alive(case)?;
    let (id, end, paper) = (asked.party, asked.end, asked.paper);
    let most = party(case, id)?.money.fine;
    let fine = asked.fine.filter(|_| end == RemedyEnd::Changed && paper.is_none());
    if end == RemedyEnd::Changed && paper.is_none() && !fine.is_some_and(|fine| (0..=most).contains(&fine)) {
        return Err(Refusal::invalid(
            "fine",
            "变更的结果应当写明变更后的罚款，且不得加重。",
            "请填写复议决定或者裁判确定的罚款；没有变更罚款的填原数额。",
        )
        .from_source("行政复议法第六十三条第二款；行政诉讼法第七十七条"));
    }
    if end == RemedyEnd::Unlawful {
        return Err(Refusal::invalid(
            "end",
            "确认违法的不撤销原决定，确认无效的原决定自始无效，须分别登记。",
            "请按复议决定、裁判的主文选择“确认违法”或者“确认无效”。",
        )
        .from_source("行政诉讼法第七十四条、第七十五条；行政复议法第六十五条、第六十七条"));
    }
    let running = running(case, id, paper)?;
    if end == RemedyEnd::Restored && !restorable(case, id, paper) {
        return Err(Refusal::invalid(
            "end",
            "只有一审撤销、变更或者确认违法，二审又改判的，原决定才恢复效力。",
            "请核对二审裁判的主文；维持一审裁判的选“维持（驳回）”。",
        )
        .from_source("行政诉讼法第八十九条第一款第二项"));
    }
    let on = past_day(asked.on, "on", facts)?;
    if on < running.on {
        return Err(Refusal::invalid("on", "结果早于申请。", "请核对日期。").from_source(REMEDY));
    }
    let note = need(&asked.note, "note", "复议决定、裁判的内容")?;
    let exhibits = exhibits(facts, &asked.exhibits)?;
    Ok(Event::RemedyEnded { party: id, end, on, fine, paper, note, exhibits, by: me(facts)?, at: facts.now })
}

/// Whether a second instance goes on against a judgment that touched what was decided.
fn restorable(case: &Case, id: u16, paper: Option<u16>) -> bool {
    match case.remedies_of(id, paper) {
        [.., first, second] => {
            first.kind == RemedyKind::Lawsuit
                && first.ended.is_some_and(|(end, _)| end.touches_publication())
                && second.kind == RemedyKind::SecondInstance
                && second.ended.is_none()
        }
        _ => false,
    }
}

/// Whoever decides on a reconsideration by the ordinary procedure takes longer, once, and said so in writing (行政复议法 62(1)).
pub(super) fn delay(case: &Case, asked: &DelayingRemedy, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    const SOURCE: &str = "行政复议法第六十二条第一款";
    permit(case, "penalty_remedy", facts)?;
    alive(case)?;
    let (id, paper) = (asked.party, asked.paper);
    running(case, id, paper)?;
    let of = paper.map_or(Scope::Party(id), |paper| Scope::Paper(paper, id));
    let clock = case.clock(Term::RemedyDecide, of).filter(|w| w.clock.running.extensions.is_empty());
    let (Some(watched), Some((most, unit, _))) = (clock, law_side::extension(Term::RemedyDecide, 0, facts))
    else {
        return Err(no(
            "no-extension",
            "只有适用普通程序审理的行政复议可以延长审理期限，并且只能延长一次。",
            "请核对延期审理通知书；适用简易程序的，三十日内作出决定。",
            "行政复议法第六十二条",
        ));
    };
    if asked.days == 0 || asked.days > most {
        return Err(Refusal::invalid(
            "days",
            format!("延长期限最多不得超过 {most} {}。", unit.title()),
            format!("请填写 1 至 {most} 之间的天数。"),
        )
        .from_source(SOURCE));
    }
    if watched.over(facts.now) {
        return Err(no("too-late", "复议审理期限已经届满，不能再延长。", "请登记复议结果。", SOURCE));
    }
    let note = need(&asked.note, "note", "延期审理通知书的文号和理由")?;
    let exhibits = exhibits(facts, &asked.exhibits)?;
    let why = "行政复议机构负责人批准延长";
    let running = watched.clock.running.extend(facts.directory.law.calendars(), asked.days, unit, why);
    let clock = Clock { running: running.map_err(law_side::no_term)?, ..watched.clock.clone() };
    Ok(vec![
        Event::Added { note, exhibits, by: me(facts)?, at: facts.now },
        Event::ClockChanged { clock, why: why.into(), at: facts.now },
    ])
}

/// A stay that was ordered while a remedy goes on, or was lifted.
pub(super) fn set_stay(case: &Case, asked: &Staying, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    alive(case)?;
    let running = running(case, asked.party, asked.paper)?;
    if running.stay == asked.stay {
        let rule = if asked.stay { "已经停止执行。" } else { "没有停止执行。" };
        return Err(no("same-stay", rule, "请刷新页面。", STAY));
    }
    let on = past_day(asked.on, "on", facts)?;
    if on < running.on {
        return Err(Refusal::invalid("on", "日期早于申请。", "请核对裁定、决定的日期。").from_source(STAY));
    }
    let note = need(&asked.note, "note", "停止执行或者恢复执行的裁定、决定")?;
    let exhibits = exhibits(facts, &asked.exhibits)?;
    let (party, paper, stay) = (asked.party, asked.paper, asked.stay);
    Ok(Event::StaySet { party, paper, stay, on, note, exhibits, by: me(facts)?, at: facts.now })
}

/// The agency answered, with its evidence (行政复议法 48, 54; 行政诉讼法 67).
pub(super) fn reply_remedy(case: &Case, of: &OfParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    alive(case)?;
    party(case, of.party)?;
    let waits = case.remedies().find(|(id, _, r)| {
        *id == of.party && r.ended.is_none() && r.replied.is_none() && r.kind != RemedyKind::SecondInstance
    });
    let Some((_, paper, _)) = waits else {
        return Err(no(
            "nothing-to-reply",
            "没有等候答复、答辩的复议、诉讼。",
            "请先登记复议、诉讼。",
            "行政复议法第四十八条；行政诉讼法第六十七条",
        ));
    };
    let note = need(&of.note, "note", "答复、答辩的要点和提交的证据")?;
    let exhibits = exhibits(facts, &of.exhibits)?;
    Ok(Event::RemedyReplied { party: of.party, paper, note, exhibits, by: me(facts)?, at: facts.now })
}
