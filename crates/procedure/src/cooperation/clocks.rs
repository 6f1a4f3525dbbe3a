//! Terms between members: due dates are said by the opener and are the same at every member; the arithmetic is kept.

use super::act::Act;
use super::event::Event;
use super::state::{Clock, File, Rung, Term, Watched};
use super::{authority, decide, join};
use crate::penalty::law_side;
use crate::{Facts, Refusal};
use jiff::Timestamp;
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_ids::{PersonCode, Role};
use lianzhi_law::{Running, Standard, Standing, Unit};

/// Working days in which what arrives is registered.
pub const REGISTER_DAYS: u32 = 2;
/// Working days between one superior and the next.
pub const LADDER_DAYS: u32 = 2;
/// Share of the term at which those who have it are warned, percent.
const WARN: u16 = 80;
/// Superiors that are told at most.
const LADDER_MAX: u32 = 8;

fn standard(code: &str, title: &str, days: u32, source: String, from: Timestamp) -> Standard {
    Standard {
        code: code.into(),
        title: title.into(),
        amount: days,
        unit: Unit::WorkingDays,
        calendar: Some("workday".into()),
        rolls_over: false,
        warn: vec![WARN],
        source: source.into(),
        standing: Standing::Adopted,
        in_force_from: crate::beijing_date(from),
        in_force_to: None,
        own: None,
    }
}

fn start(standard: &Standard, facts: &Facts<'_>, from: Timestamp) -> Result<Running, Refusal> {
    Running::start(standard, facts.directory.law.calendars(), from).map_err(|e| {
        Refusal::conflict("term", format!("期限无法计算：{e}"), "请管理员检查工作日历。")
            .from_source("工作日历")
    })
}

/// The term in which the receiver answers, as the list says.
pub(super) fn answer(
    form: Form,
    entry: &ListEntry,
    urgent: bool,
    facts: &Facts<'_>,
    from: Timestamp,
) -> Result<Running, Refusal> {
    start(&answer_standard(form, entry, term_days(entry, urgent), from), facts, from)
}

fn term_days(entry: &ListEntry, urgent: bool) -> u32 {
    u32::from(if urgent { entry.urgent_days } else { entry.term_days })
}

fn listed(entry: &ListEntry) -> String {
    format!("协作清单 {} {}", entry.id, entry.title)
}

fn answer_standard(form: Form, entry: &ListEntry, days: u32, from: Timestamp) -> Standard {
    let source = match form {
        // No statute says anything about bulletins.
        Form::Bulletin => listed(entry),
        form => format!("{}；{}", listed(entry), decide::basis(form)),
    };
    standard("cooperation.answer", "答复时限", days, source, from)
}

/// The term in which the receiver of a lead tells what came of it: that of the list from the day on which it was taken on, and
/// once a case is filed the time in which the law has it decided.
fn outcome_standard(
    entry: &ListEntry,
    filed: bool,
    from: Timestamp,
    facts: &Facts<'_>,
) -> Result<Standard, Refusal> {
    if !filed {
        let days = u32::from(entry.term_days);
        return Ok(standard("cooperation.outcome", "反馈结果时限", days, listed(entry), from));
    }
    // The receiver decides it by the law, whatever a place has set itself.
    let term = law_side::statutory(facts, "decide.penalty", crate::beijing_date(from))?;
    let days = term.measure.map_or(0, |measure| measure.n);
    let source = format!("{}：{}作出决定", term.citation(), term.document);
    Ok(Standard {
        unit: Unit::CalendarDays,
        calendar: None,
        ..standard("cooperation.outcome_of_case", "反馈结果时限（已立案）", days, source, from)
    })
}

/// Working days more, from a due date on.
pub(super) fn later(due: Timestamp, days: u16, facts: &Facts<'_>) -> Result<Timestamp, Refusal> {
    // A due date is the end of its day: one instant before it is still that day.
    let from = due - jiff::SignedDuration::from_micros(1);
    Ok(start(&standard("cooperation.extension", "延期", u32::from(days), String::new(), from), facts, from)?
        .due)
}

/// Clocks that have to run after what was just said: nothing is owed without one, and one that was given another end begins
/// anew, with its warnings and superiors.
pub(super) fn wanted(file: &File, facts: &Facts<'_>) -> Result<Vec<Clock>, Refusal> {
    let mut clocks = Vec::new();
    let runs = |term, due| file.running().any(|w| w.clock.term == term && due == w.clock.running.due);
    if file.unregistered() && !file.running().any(|w| w.clock.term == Term::Register) {
        clocks.push(register(facts)?);
    }
    if file.unanswered() && !runs(Term::Answer, file.due()) {
        clocks.push(watch(file, facts)?);
    }
    if let Some((from, filed)) = join::pursued(file) {
        let entry = listed_under(file, facts)?;
        let standard = outcome_standard(entry, filed, from, facts)?;
        let same =
            |w: &Watched| w.clock.term == Term::Outcome && w.clock.running.standard.code == standard.code;
        if !file.running().any(same) {
            let running = start(&standard, facts, from)?;
            let ladder = ladder(entry, running.due, facts)?;
            clocks.push(Clock { term: Term::Outcome, running, ladder });
        }
    }
    Ok(clocks)
}

fn listed_under<'a>(file: &File, facts: &Facts<'a>) -> Result<&'a ListEntry, Refusal> {
    authority::roster(facts)?
        .entry(&file.opening.list)
        .ok_or_else(|| Refusal::missing("没有这个清单事项。").from_source("协作清单"))
}

/// Superiors of the list, told one after the other when something is still not done after it was due.
fn ladder(entry: &ListEntry, due: Timestamp, facts: &Facts<'_>) -> Result<Vec<Rung>, Refusal> {
    let rung = |(n, to): (u32, &String)| {
        let days = u16::try_from(n * LADDER_DAYS).unwrap_or(u16::MAX);
        Ok(Rung { at: later(due, days, facts)?, to: to.clone() })
    };
    (1..=LADDER_MAX).zip(&entry.superiors).map(rung).collect()
}

/// The clock of the answer: until when is said by the members; warnings and superiors come from the list.
fn watch(file: &File, facts: &Facts<'_>) -> Result<Clock, Refusal> {
    let entry = listed_under(file, facts)?;
    let due = file.due();
    // It began when the opener asked last.
    let asked = file.said.get(file.founder()).into_iter().flatten().rev().find_map(|s| match &s.act {
        Act::AskedAgain { arithmetic, .. } => Some((s.at, arithmetic)),
        Act::Open(opening) => Some((s.at, &opening.arithmetic)),
        _ => None,
    });
    let (from, arithmetic) = asked.unwrap_or((facts.now, &file.opening.arithmetic));
    let more = extended(file, due);
    let days = term_days(entry, file.opening.urgent) + more;
    let mut running = start(&answer_standard(file.form, entry, days, from), facts, from)?;
    running.due = due;
    running.arithmetic = match more {
        0 => arithmetic.clone(),
        more => format!("{arithmetic}；延期 {more} 个工作日"),
    };
    running.warnings.retain(|w| w.at < due);
    let ladder = ladder(entry, due, facts)?;
    Ok(Clock { term: Term::Answer, running, ladder })
}

/// By how many working days in all the term that ends at `due` was extended.
fn extended(file: &File, due: Timestamp) -> u32 {
    let again = file.acts(file.founder()).filter(|a| matches!(a, Act::AskedAgain { .. })).count();
    let receivers = file.receivers();
    let mut those = receivers.iter().filter(|n| file.due_of(n) == due);
    those.next().map_or(0, |n| join::extensions(file, n, again).map(|(_, days)| u32::from(days)).sum())
}

/// The clock in which what arrived is registered.
fn register(facts: &Facts<'_>) -> Result<Clock, Refusal> {
    let source = "公文处理规则：收文应当及时登记".to_owned();
    let standard = standard("cooperation.register", "收文登记时限", REGISTER_DAYS, source, facts.now);
    Ok(Clock { term: Term::Register, running: start(&standard, facts, facts.now)?, ladder: Vec::new() })
}

fn holders(role: Role, facts: &Facts<'_>) -> Vec<PersonCode> {
    let mut codes: Vec<_> = facts
        .directory
        .people
        .values()
        .filter(|p| p.active && p.posts.iter().any(|post| post.roles.contains(&role)))
        .map(|p| p.code.clone())
        .collect();
    codes.sort_unstable();
    codes
}

/// Who is reminded: whoever has it, else the liaison officers.
fn owners(file: &File, facts: &Facts<'_>) -> Vec<PersonCode> {
    let own = if file.mine() { &file.drafter } else { &file.person };
    own.clone().map_or_else(|| holders(Role::Liaison, facts), |p| vec![p])
}

/// What the clocks ask for now. What was done is in the state, so a second look finds nothing left to do.
pub(super) fn tick(file: &File, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    let now = facts.now;
    for Watched { clock, warned, expired, told, .. } in file.running() {
        let term = clock.term;
        if !expired {
            for warning in clock.running.warnings.iter().filter(|w| w.percent > *warned && w.at <= now) {
                let told = owners(file, facts);
                events.push(Event::Warned { term, percent: warning.percent, told, at: now });
            }
            if clock.running.due <= now {
                // The own leader first.
                let mut told = owners(file, facts);
                let leaders = holders(Role::Leader, facts);
                told.extend(leaders.into_iter().filter(|p| !owners(file, facts).contains(p)));
                events.push(Event::Expired { term, told, at: now });
            }
        }
        for rung in clock.ladder.iter().skip(*told).take_while(|r| r.at <= now) {
            events.push(Event::Escalated { term, to: rung.to.clone(), at: now });
        }
    }
    events
}

/// When a clock next wants to be looked at.
pub(super) fn wake_at(file: &File) -> Option<Timestamp> {
    file.running()
        .flat_map(|w| {
            let warnings = w.clock.running.warnings.iter().filter(|a| a.percent > w.warned && !w.expired);
            let due = (!w.expired).then_some(w.clock.running.due);
            let rung = w.clock.ladder.get(w.told).map(|r| r.at);
            warnings.map(|a| a.at).chain(due).chain(rung).collect::<Vec<_>>()
        })
        .min()
}
