//! Measures on things: registered preservation (行政处罚法 56), sealing and seizure (行政强制法 18–28).

use super::*;
use crate::penalty::clocks::{Clock, Scope, Term};
use crate::penalty::command::AskingTest;
use crate::penalty::law_side;
use crate::penalty::matters::Measure;
use crate::penalty::proposal::Proposal;
use crate::penalty::state::{Filing, MeasureFile};
use crate::penalty::words::{MeasureKind, PaperKind, Settlement};

pub(super) fn take(case: &Case, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let (kind, to, goods, second, note, files, (urgent, taken), takes_over, other_goods) = match command {
        Command::Preserve { party, goods, second, note, exhibits, other_goods } => {
            let kind = MeasureKind::Preservation;
            (kind, party, goods, second, note, exhibits, (false, None), None, other_goods)
        }
        Command::Seize {
            kind,
            party,
            goods,
            second,
            note,
            exhibits,
            urgent,
            taken,
            takes_over,
            other_goods,
        } => (kind, party, goods, second, note, exhibits, (urgent, taken), takes_over, other_goods),
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
    if let Some(before) = takes_over {
        preserved(case, before, to)?;
    }
    let officers = pair(case, &by, Some(&second))?;
    // One that waits gets its number when it is approved: others may come before it.
    let id = u16::try_from(case.measures.len() + 1).unwrap_or(u16::MAX);
    let goods = need(&goods, "goods", "物品清单（名称、规格、数量、特征、存放地点和保管人）")?;
    let note = need(&note, "note", "采取措施的理由和依据")?;
    let exhibits = exhibits(facts, &files)?;
    // What waits for approval begins with it; what was done at once, when it was done, however late that is entered.
    let from = match taken.filter(|_| urgent) {
        Some(at) => done_at(case, at, facts)?,
        None => facts.now,
    };
    let measure =
        Measure { id, kind, party: to, goods, officers, exhibits, urgent, takes_over, other_goods, from };
    not_again(case, &measure, facts.now)?;
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

/// When things were taken at once: not in the future, and not before the conduct for which they were.
fn done_at(case: &Case, at: Timestamp, facts: &Facts<'_>) -> Result<Timestamp, Refusal> {
    let at = past(at, "taken", facts)?;
    let begun = case.violations.iter().map(|v| v.from).min();
    if begun.is_some_and(|begun| crate::beijing_date(at) < begun) {
        return Err(Refusal::invalid(
            "taken",
            "当场实施的时间早于违法行为的日期。",
            "请填写实际实施的时间，或者更正违法行为的日期。",
        )
        .from_source("行政强制法第十九条、第二十五条"));
    }
    Ok(at)
}

/// Whether the time of a measure was used up, or is being: it fell at its end, or still holds what it took.
fn held_before(case: &Case, file: &MeasureFile, now: Timestamp) -> bool {
    let of = Scope::Measure(file.measure.id);
    let over = |w: &crate::penalty::Watched| w.expired || (w.stopped.is_none() && w.over(now));
    let term = |term| matches!(term, Term::Preserve | Term::Seize);
    file.settled.is_none() || case.clocks.iter().any(|w| w.clock.of == of && term(w.clock.term) && over(w))
}

/// The same things are not preserved, sealed or seized anew once the time for it is over, nor while they are: whoever takes more from
/// a party says that it is something else. Asked when it is proposed and again when it is approved (行政强制法 25, 27; 行政处罚法 56).
pub(super) fn not_again(case: &Case, measure: &Measure, now: Timestamp) -> Result<(), Refusal> {
    let preserves = |kind| kind == MeasureKind::Preservation;
    let before = case.measures.iter().find(|file| {
        let other = &file.measure;
        (other.id != measure.id || !measure.urgent)
            && other.party == measure.party
            && preserves(other.kind) == preserves(measure.kind)
            && held_before(case, file, now)
    });
    let Some(before) = before.filter(|_| !measure.other_goods) else { return Ok(()) };
    let title = before.measure.kind.title();
    let source = match preserves(measure.kind) {
        true => "行政处罚法第五十六条",
        false => "行政强制法第二十五条、第二十七条、第二十八条",
    };
    Err(Refusal::invalid(
        "other_goods",
        format!(
            "该当事人的物品已经{title}（措施 {}），同一物品不得在期限以外再次{title}。",
            before.measure.id
        ),
        "期限届满的，请立即解除并退还；这次是另外的物品的，勾选“不是以前保存、查封、扣押的物品”。",
    )
    .from_source(source))
}

/// Whoever is not pursued gets back what was taken from him before the case is at an end (行政强制法 27, 28): nobody could release it
/// afterwards.
pub(super) fn nothing_held(case: &Case, what: &str) -> Result<(), Refusal> {
    const BACK: &str = "行政处罚法第五十六条；行政强制法第二十七条、第二十八条";
    let waits = |p: &&crate::penalty::Pending| {
        matches!(p.proposal, Proposal::Preserve { .. } | Proposal::Seize { .. })
    };
    if let Some(pending) = case.pending.iter().find(waits) {
        let rule = format!("“{}”正在报批，不能{what}。", pending.proposal.title());
        return Err(no("pending", rule, "请先审批或者撤回。", BACK));
    }
    let held = case.measures.iter().any(|m| m.settled.is_none());
    if held || case.things.iter().any(|t| t.state().kept()) {
        let rule = format!("还有先行登记保存、查封、扣押的物品没有处理，不能{what}。");
        return Err(no("goods-open", rule, "请先报批解除并退还物品，登记出库。", BACK));
    }
    Ok(())
}

/// A case that may still be worked on, or one that was not filed while things were held: those are released all the same.
pub(super) fn releasable(case: &Case) -> Result<(), Refusal> {
    let held = case.measures.iter().any(|m| m.settled.is_none());
    if held && case.closed.is_none() && case.joined_to.is_none() { Ok(()) } else { open(case) }
}

fn measure(case: &Case, id: u16) -> Result<&MeasureFile, Refusal> {
    case.measure(id).filter(|m| case.unsettled(m)).ok_or_else(|| {
        Refusal::invalid("measure", format!("没有需要处理的措施 {id}。"), "请从本案的措施中选择。")
            .from_source("行政处罚法第五十六条、第七十四条；行政强制法第二十七条")
    })
}

/// A preservation of a party in force: what it holds may be sealed or seized (行政处罚法 56).
pub(in crate::penalty) fn preserved(case: &Case, id: u16, to: u16) -> Result<(), Refusal> {
    const SOURCE: &str = "行政处罚法第五十六条；行政强制法第十八条";
    let file = case.measure(id).filter(|m| m.settled.is_none() && m.measure.party == to);
    match file.filter(|m| m.measure.kind == MeasureKind::Preservation) {
        None => Err(Refusal::invalid(
            "takes_over",
            "该当事人没有这一项先行登记保存。",
            "请从该当事人还没有处理的先行登记保存中选择；不是接续的不选。",
        )
        .from_source(SOURCE)),
        Some(file) if file.lapsed.is_some() => Err(Refusal::invalid(
            "takes_over",
            "先行登记保存已经失效。",
            "请先退还当事人；符合查封、扣押条件的，另行报批。",
        )
        .from_source(SOURCE)),
        Some(_) => Ok(()),
    }
}

/// A day on which a test is over, or things are back from it: after today, within a year.
fn definite(until: Option<Date>, facts: &Facts<'_>, source: &str) -> Result<Date, Refusal> {
    let today = crate::beijing_date(facts.now);
    let year = today.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
    until.filter(|day| *day > today && *day <= year).ok_or_else(|| {
        Refusal::invalid(
            "until",
            "检测、检验、检疫、鉴定的期间应当明确。",
            "请填写期间的最后一天：今天以后、一年以内。",
        )
        .from_source(source)
    })
}

/// Tests of things that are sealed or seized: the term rests until a day that is told to the party in writing, and goes on by itself
/// after it (行政强制法 25(3)). Whatever the stage, it may end before.
pub(super) fn test(case: &Case, asked: &AskingTest, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    const SOURCE: &str = "行政强制法第二十五条第三款";
    let by = officer(case, facts)?;
    let exhibits = exhibits(facts, &asked.exhibits)?;
    let refused = |rule: &str| no("testing", rule, "请刷新页面。", SOURCE);
    let begins = asked.begins;
    let changed = |clock: Clock, why: &str| Event::ClockChanged { clock, why: why.into(), at: facts.now };
    let (begun, ended) = ("检测、检验、检疫、鉴定期间不计入", "检测、检验、检疫、鉴定结束");
    if !begins {
        let of = match asked.measure {
            Some(id) if case.measure(id).is_some_and(|m| m.testing().is_some()) => vec![Scope::Measure(id)],
            None if case.testing => case.measures.iter().map(|m| Scope::Measure(m.measure.id)).collect(),
            _ => return Err(refused("没有正在进行的检测、检验、检疫、鉴定。")),
        };
        let note = need(&asked.note, "note", "检测、检验、检疫、鉴定的结果")?;
        let (measure, at) = (asked.measure, facts.now);
        let mut events =
            vec![Event::Testing { begins, measure, until: None, paper: None, note, exhibits, by, at }];
        for of in of {
            let clock = clocks::after_test(case, of, facts.now, facts)?;
            events.extend(clock.map(|(_, clock)| changed(clock, ended)));
        }
        return Ok(events);
    }
    let seized = |m: &&MeasureFile| m.in_force() && m.measure.kind != MeasureKind::Preservation;
    let file = asked.measure.and_then(|id| case.measure(id)).filter(seized).ok_or_else(|| {
        Refusal::invalid(
            "measure",
            "没有选择正在执行的查封、扣押。",
            "请选择送检物品所在的查封、扣押；先行登记保存的物品送检的，报批物品处理。",
        )
        .from_source(SOURCE)
    })?;
    if file.testing().is_some() || case.testing {
        return Err(refused("检测、检验、检疫、鉴定正在进行。"));
    }
    let of = Scope::Measure(file.measure.id);
    let Some(watched) = case.clock(Term::Seize, of).filter(|w| !w.over(facts.now)) else {
        return Err(no("too-late", "查封、扣押的期限已经届满。", "请立即解除查封、扣押，退还物品。", SOURCE));
    };
    let until = definite(asked.until, facts, SOURCE)?;
    let note = need(&asked.note, "note", "检测、检验、检疫、鉴定的事项和机构")?;
    let number = facts.look_ups.number.clone();
    let paper = case.new_paper(PaperKind::Testing, number, vec![file.measure.party]);
    let (measure, until, paper) = (Some(file.measure.id), Some(until), Some(paper));
    let mut events =
        vec![Event::Testing { begins, measure, until, paper, note, exhibits, by, at: facts.now }];
    if law_side::rests_while_tested(Term::Seize, facts) {
        let running = watched.clock.running.pause(facts.directory.law.calendars(), facts.now);
        let running = running.map_err(law_side::no_term)?;
        events.push(changed(Clock { running, ..watched.clock.clone() }, begun));
    }
    Ok(events)
}

/// Things are taken only by a decision that says so and stands (行政处罚法 74; 国家赔偿法 36): asked when it is proposed and again when
/// it is approved.
pub(super) fn takeable(case: &Case, id: u16, how: Settlement) -> Result<(), Refusal> {
    let Some(file) = case.measure(id).filter(|_| how.takes()) else { return Ok(()) };
    if case.confiscates(file.measure.party) || (how == Settlement::Sold && case.auctioned(file)) {
        return Ok(());
    }
    let annulled = case.party(file.measure.party).is_some_and(|p| p.annulled.is_some());
    let (rule, source) = if annulled {
        ("没收物品的处罚决定已被撤销或者确认违法。", "国家赔偿法第三十六条第一项；行政处罚法第七十四条")
    } else {
        ("没有没收物品的处罚决定。", "行政处罚法第五十六条、第七十四条；行政强制法第二十七条、第二十八条")
    };
    Err(Refusal::invalid("how", rule, "没有没收决定的，请退还当事人；应当没收的，请先作出决定。")
        .from_source(source))
}

pub(super) fn settle(
    case: &Case,
    id: u16,
    (how, until): (Settlement, Option<Date>),
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    own_officer(case, facts)?;
    releasable(case)?;
    let file = measure(case, id)?;
    let preserved = file.measure.kind == MeasureKind::Preservation;
    let source = if preserved {
        "行政处罚法第五十六条"
    } else {
        "行政强制法第二十七条、第二十八条"
    };
    takeable(case, id, how)?;
    let refuse = |rule: &str, remedy: &str| Err(Refusal::invalid("how", rule, remedy).from_source(source));
    match how {
        Settlement::Seized if !preserved => {
            return refuse("已经是查封、扣押。", "请选择解除后的处理方式。");
        }
        Settlement::Seized if file.lapsed.is_some() => {
            return refuse("先行登记保存已经失效。", "请先退还当事人；符合查封、扣押条件的，另行报批。");
        }
        // Only a seizure that takes the things over ends a preservation in this way.
        Settlement::Seized => {
            return refuse(
                "转为查封、扣押的，应当有查封、扣押的决定。",
                "请报批查封、扣押，并选择接续的先行登记保存；批准后这一项自行处理完毕。",
            );
        }
        Settlement::Tested if !preserved => {
            return refuse(
                "查封、扣押的物品送检，期间不计入查封、扣押的期限，不是物品的处理。",
                "请登记检测、检验、检疫、鉴定的期间，并书面告知当事人。",
            );
        }
        Settlement::Tested if file.lapsed.is_some() || file.back_by.is_some() => {
            return refuse("已经送检或者已经失效。", "请退还当事人；符合查封、扣押条件的，另行报批。");
        }
        Settlement::Transferred if !case.outcome.hands_over() => {
            return refuse("本案没有移送。", "移送案件后再移交物品。");
        }
        _ => {}
    }
    let until = match how {
        Settlement::Tested => Some(definite(until, facts, source)?),
        _ => None,
    };
    let proposal = if preserved {
        Proposal::SettlePreserved { measure: id, how, until }
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
