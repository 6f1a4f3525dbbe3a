//! Terms between members: due dates are said by the opener and are the same at every member; the arithmetic is kept.

use super::event::Event;
use super::state::{Clock, File, Rung, Term, Watched};
use crate::{Facts, Refusal};
use jiff::Timestamp;
use lianzhi_exchange::compact::ListEntry;
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
    entry: &ListEntry,
    urgent: bool,
    facts: &Facts<'_>,
    from: Timestamp,
) -> Result<Running, Refusal> {
    let days = if urgent { entry.urgent_days } else { entry.term_days };
    let source = format!("协作清单 {} {}；行政处罚法第二十六条", entry.id, entry.title);
    start(&standard("cooperation.answer", "答复时限", u32::from(days), source, from), facts, from)
}

/// Working days more, from a due date on.
pub(super) fn later(due: Timestamp, days: u16, facts: &Facts<'_>) -> Result<Timestamp, Refusal> {
    // A due date is the end of its day: one instant before it is still that day.
    let from = due - jiff::SignedDuration::from_micros(1);
    Ok(start(&standard("cooperation.extension", "延期", u32::from(days), String::new(), from), facts, from)?
        .due)
}

/// The clock of a term that was said to run until `due`.
pub(super) fn watch(
    mut running: Running,
    due: Timestamp,
    arithmetic: &str,
    superiors: &[String],
    facts: &Facts<'_>,
) -> Result<Clock, Refusal> {
    running.due = due;
    running.arithmetic = arithmetic.to_owned();
    running.warnings.retain(|w| w.at < due);
    let mut ladder = Vec::new();
    for (n, to) in (1..=LADDER_MAX).zip(superiors) {
        let days = u16::try_from(n * LADDER_DAYS).unwrap_or(u16::MAX);
        ladder.push(Rung { at: later(due, days, facts)?, to: to.clone() });
    }
    Ok(Clock { term: Term::Answer, running, ladder })
}

/// The clock in which what arrived is registered.
pub(super) fn register(facts: &Facts<'_>) -> Result<Clock, Refusal> {
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
                told.extend(holders(Role::Leader, facts));
                told.dedup();
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
