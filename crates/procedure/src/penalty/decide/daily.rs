//! Fines for every further day (按日连续处罚, 生态环境法典 1060).

use super::*;
use crate::penalty::charge::Basis;
use crate::penalty::command::GoingOn;
use crate::penalty::daily::{self, Daily, NotDaily};
use crate::penalty::law_side;
use lianzhi_ids::DocketId;

/// The article in the law data.
const KEY: &str = "daily_penalty.env";
const SOURCE: &str = "生态环境法典第一千零六十条";

pub(super) fn ask(case: &Case, asked: &GoingOn, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    party(case, asked.party)?;
    violation(case, asked.violation)?;
    let daily = daily::next_daily(case, asked.party, asked.violation).map_err(|why| match why {
        NotDaily::Basis => no(
            "not-daily",
            "该项处罚的依据没有规定按日连续处罚。",
            "按日连续处罚只适用于违法排放、倾倒、处置污染物和废弃物的事项；其他继续违法的，请另行立案。",
            SOURCE,
        ),
        NotDaily::Person => no(
            "not-daily",
            "按日连续处罚只适用于企业事业单位和其他生产经营者。",
            "个人继续违法的，请另行立案。",
            SOURCE,
        ),
        NotDaily::Undecided => no(
            "no-fine",
            "没有已经送达的罚款决定。",
            "受到罚款处罚、被责令改正后拒不改正的，才按日连续处罚。",
            SOURCE,
        ),
        NotDaily::NoOrder => no("no-order", "没有已经送达的责令改正通知书。", "请先责令改正并送达。", SOURCE),
        NotDaily::NotFound => no(
            "not-found",
            "没有新的复查表明拒不改正。",
            "请在责令改正送达（上次计罚）以后复查并登记没有改正。",
            SOURCE,
        ),
    })?;
    if case.daily.iter().any(|d| d.docket.is_none()) {
        return Err(no("asked", "按日连续处罚正在立案。", "请刷新页面。", SOURCE));
    }
    let note = need(&asked.note, "note", "复查发现的情况")?;
    Ok(Event::DailyAsked { daily: Box::new(daily), note, by, at: facts.now })
}

pub(super) fn into(
    case: &Case,
    party: u16,
    violation: u16,
    docket: DocketId,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(case, "tick", facts)?;
    let waits =
        |d: &crate::penalty::DailyRun| (d.party, d.violation) == (party, violation) && d.docket.is_none();
    let waits = case.daily.iter().any(waits);
    Ok(if waits { vec![Event::DailyOpened { party, violation, docket, at: facts.now }] } else { Vec::new() })
}

/// The basis of a daily fine: the article that orders it, with the sum instead of a range.
pub(super) fn basis(case: &Case, facts: &Facts<'_>) -> Result<Option<Basis>, Refusal> {
    let Some(daily) = &case.daily_of else { return Ok(None) };
    let term = law_side::statutory(facts, KEY, daily.to)?;
    Ok(Some(Basis {
        law: term.law.to_string(),
        article: term.article.to_string(),
        prohibits: String::new(),
        jurisdiction: "CN".into(),
        min: None,
        max: None,
        percent: None,
        per_m2: None,
        only: String::new(),
        other: String::new(),
        order_first: false,
        daily: false,
        verified: true,
        confirmed: None,
        why: daily.arithmetic(),
    }))
}

/// The fine is the first one times the days, and nothing else.
pub(super) fn exact(daily: &Daily, fine: i64, other: bool) -> Result<(), Refusal> {
    if fine == daily.total() && !other {
        return Ok(());
    }
    Err(Refusal::invalid(
        "fine",
        format!("按日连续处罚按照原处罚数额计算，应为 {}。", law_side::yuan(daily.total())),
        format!("请填写算得的数额：{}；其他处罚不在本案作出。", daily.arithmetic()),
    )
    .from_source(SOURCE))
}
