//! Measures on things: registered preservation (行政处罚法 56), sealing and seizure (行政强制法 18–28).

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::law_side;
use crate::penalty::matters::Measure;
use crate::penalty::proposal::Proposal;
use crate::penalty::state::{Filing, MeasureFile};
use crate::penalty::words::{MeasureKind, Settlement};

pub(super) fn take(case: &Case, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let (kind, to, goods, second, note, files, urgent) = match command {
        Command::Preserve { party, goods, second, note, exhibits } => {
            (MeasureKind::Preservation, party, goods, second, note, exhibits, false)
        }
        Command::Seize { kind, party, goods, second, note, exhibits, urgent } => {
            (kind, party, goods, second, note, exhibits, urgent)
        }
        _ => return Err(wrong_stage(case, "采取措施")),
    };
    let by = officer(case, facts)?;
    if !matches!(case.outcome, crate::penalty::Outcome::Open) {
        return Err(wrong_stage(case, "采取措施"));
    }
    if kind == MeasureKind::Preservation && urgent {
        return Err(Refusal::invalid("kind", "先行登记保存须经负责人批准。", "请报批先行登记保存。")
            .from_source("行政处罚法第五十六条"));
    }
    party(case, to)?;
    let officers = pair(case, &by, Some(&second))?;
    let id = u16::try_from(case.measures.len() + 1).unwrap_or(u16::MAX);
    let goods = need(&goods, "goods", "物品清单（名称、规格、数量、特征、存放地点和保管人）")?;
    let note = need(&note, "note", "采取措施的理由和依据")?;
    let exhibits = exhibits(facts, &files)?;
    let measure = Measure { id, kind, party: to, goods, officers, exhibits, urgent, from: facts.now };
    let proposal = match kind {
        MeasureKind::Preservation => Proposal::Preserve { measure },
        MeasureKind::Sealing | MeasureKind::Seizure => Proposal::Seize { measure },
    };
    let mut events = Vec::new();
    if let (true, Proposal::Seize { measure }) = (urgent, &proposal) {
        events.push(Event::Taken { measure: measure.clone(), by, at: facts.now });
    }
    events.push(propose::put(case, proposal, note, facts)?);
    Ok(events)
}

fn measure(case: &Case, id: u16) -> Result<&MeasureFile, Refusal> {
    case.measure(id).filter(|m| m.settled.is_none()).ok_or_else(|| {
        Refusal::invalid("measure", format!("没有需要处理的措施 {id}。"), "请从本案的措施中选择。")
            .from_source("行政处罚法第五十六条、第七十四条；行政强制法第二十七条")
    })
}

pub(super) fn settle(
    case: &Case,
    id: u16,
    how: Settlement,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    officer(case, facts)?;
    let file = measure(case, id)?;
    let preserved = file.measure.kind == MeasureKind::Preservation;
    let source = if preserved {
        "行政处罚法第五十六条"
    } else {
        "行政强制法第二十七条、第二十八条"
    };
    let decided = matches!(case.outcome, crate::penalty::Outcome::Penalty { .. });
    let confiscates = |v: &Party| v.charges.iter().any(|c| c.goods);
    let refuse = |rule: &str, remedy: &str| Err(Refusal::invalid("how", rule, remedy).from_source(source));
    match how {
        Settlement::Confiscated | Settlement::Destroyed | Settlement::Sold
            if !(decided && case.party(file.measure.party).is_some_and(confiscates)) =>
        {
            return refuse(
                "没有没收物品的处罚决定。",
                "没有没收决定的，请退还当事人；应当没收的，请先作出决定。",
            );
        }
        Settlement::Seized if !preserved => {
            return refuse("已经是查封、扣押。", "请选择解除后的处理方式。");
        }
        Settlement::Seized if file.lapsed.is_some() => {
            return refuse("先行登记保存已经失效。", "请先退还当事人；符合查封、扣押条件的，另行报批。");
        }
        Settlement::Transferred if !matches!(case.outcome, crate::penalty::Outcome::Crime { .. }) => {
            return refuse("本案没有移送。", "移送案件后再移交物品。");
        }
        _ => {}
    }
    let proposal = if preserved {
        Proposal::SettlePreserved { measure: id, how }
    } else {
        Proposal::Release { measure: id, how }
    };
    propose::put(case, proposal, need(note, "note", "处理的理由")?, facts)
}

/// Longer terms: of the check of a lead, of the decision, of a seizure, with grounds and the leader's approval. Each as often as
/// the law data say; from the second time on after a discussion of the leaders (60).
pub(super) fn lengthen(
    case: &Case,
    id: Option<u16>,
    days: u32,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    officer(case, facts)?;
    let (term, of, proposal) = match (id, case.filing) {
        (Some(id), _) => {
            measure(case, id)?;
            (Term::Seize, Scope::Measure(id), Proposal::SeizeLonger { measure: id, days })
        }
        (None, Filing::Lead { .. }) => (Term::Verify, Scope::Case, Proposal::VerifyLonger { days }),
        (None, _) => (Term::Decide, Scope::Case, Proposal::DecideLonger { days }),
    };
    let Some(watched) = case.clock(term, of) else {
        return Err(no("no-term", "没有可以延长的期限。", "请刷新页面。", "行政处罚法第六十条"));
    };
    let times = watched.clock.running.extensions.len();
    let Some((most, unit, source)) = law_side::extension(term, times, facts) else {
        if times > 0 {
            let source = &watched.clock.running.standard.source;
            return Err(no(
                "extended",
                format!("期限已经延长过 {times} 次，不能再延长。"),
                "请在延长后的期限内办结。",
                source,
            ));
        }
        return Err(no(
            "no-extension",
            format!("“{}”的期限不能延长。", term.title()),
            "请在期限内办结。",
            &watched.clock.running.standard.source,
        ));
    };
    if days == 0 || days > most {
        return Err(Refusal::invalid(
            "days",
            format!("延长不得超过 {most} {}。", unit.title()),
            format!("请填写 1 至 {most} 之间的天数。"),
        )
        .from_source(source));
    }
    if watched.over(facts.now) {
        return Err(no(
            "too-late",
            "期限已经届满，不能再延长。",
            "查封、扣押期满的应当立即解除；办案超期的请尽快作出决定，超期情况已经记录。",
            &source,
        ));
    }
    propose::ready(case, &proposal, facts)?;
    propose::put(case, proposal, need(note, "note", "延长的理由")?, facts)
}
