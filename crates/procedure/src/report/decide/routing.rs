//! Who gets a matter: by the rule, or by a dispatcher's word.

use super::terms::{arrival_goes_on, on_site_begins};
use super::*;

/// Names an officer by the rule, or puts the matter into a pool; with the reason.
pub(in crate::report) fn assign(
    file: &File,
    facts: &Facts<'_>,
    not: &[PersonCode],
    prefix: &str,
) -> Vec<Event> {
    follow(facts, dispatch::propose(facts, file.grid.as_ref(), file.category.as_ref(), not), prefix)
}

pub(super) fn follow(facts: &Facts<'_>, proposal: Proposal, prefix: &str) -> Vec<Event> {
    let at = facts.now;
    let pooled =
        |unit, why: String| vec![Event::Pooled { unit, why: format!("{prefix}{why}"), at, note: None }];
    match proposal {
        Proposal::Officer { unit, officer, why } => match tick::start(facts, TermKey::Accept, at, None) {
            Some(clock) => vec![Event::Dispatched {
                unit,
                officer,
                why: format!("{prefix}{why}"),
                at,
                note: None,
                by: None,
                clock,
                nudge_at: tick::nudge_at(facts, at),
            }],
            None => pooled(Some(unit), "缺少受理时限标准，请管理员补充".into()),
        },
        Proposal::Outside { unit, why } => {
            vec![Event::SentOutside { unit, why: format!("{prefix}{why}"), at, note: None, by: None }]
        }
        Proposal::Pool { unit, why } => pooled(unit, why),
    }
}

/// As [`assign`], for a matter that comes back from a lead matter or a department: its arrival clock goes on with the
/// time that was left, unless it goes straight on to a department.
pub(super) fn assign_again(file: &File, facts: &Facts<'_>, prefix: &str) -> Vec<Event> {
    let mut events = assign(file, facts, &[], prefix);
    take_up(file, facts, &mut events);
    events
}

fn take_up(file: &File, facts: &Facts<'_>, events: &mut Vec<Event>) {
    if !events.iter().any(|e| matches!(e, Event::SentOutside { .. })) {
        events.extend(arrival_goes_on(file, facts));
        if !file.clocks.active().any(|c| c.running.term == TermKey::OnSite) {
            events.extend(on_site_begins(file, file.category.as_ref(), facts));
        }
    }
}

pub(super) fn dispatch_to(
    file: &File,
    facts: &Facts<'_>,
    officer: Option<PersonCode>,
    unit: Option<UnitCode>,
    note: Option<PartRef>,
) -> Result<Vec<Event>, Refusal> {
    let mut events = dispatched(file, facts, officer, unit, note)?;
    take_up(file, facts, &mut events);
    Ok(events)
}

fn dispatched(
    file: &File,
    facts: &Facts<'_>,
    officer: Option<PersonCode>,
    unit: Option<UnitCode>,
    note: Option<PartRef>,
) -> Result<Vec<Event>, Refusal> {
    let at = facts.now;
    policy::permit(facts, "dispatch", &matter(file))?;
    if !matches!(
        file.stage,
        Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::Working { .. } | Stage::Outside { .. }
    ) {
        return Err(wrong_stage(file, "派遣"));
    }
    match (officer, unit) {
        (Some(code), unit) => {
            let Some(person) = facts.directory.people.get(&code).filter(|p| p.active) else {
                return Err(Refusal::invalid(
                    "officer",
                    format!("没有在册人员 {code}。"),
                    "请从执法队员中选择。",
                ));
            };
            let post = person.posts.iter().find(|p| {
                p.roles.contains(&lianzhi_ids::Role::Officer) && unit.as_ref().is_none_or(|u| *u == p.unit)
            });
            let Some(post) = post else {
                return Err(Refusal::invalid(
                    "officer",
                    format!("{} 没有执法队员岗位。", person.name),
                    "请选择执法队员。",
                ));
            };
            if file.officer() == Some(&code) && !matches!(file.stage, Stage::Pooled { .. }) {
                return Err(Refusal::conflict(
                    "same",
                    format!("本件已在 {} 手中。", person.name),
                    "无需再派。",
                ));
            }
            let duty = if facts.duty.is_on(&code) { "在岗" } else { "不在岗" };
            let why = format!("人工派遣给{}（{duty}，在办 {} 件）", person.name, facts.loads.open(&code));
            Ok(vec![Event::Dispatched {
                unit: post.unit.clone(),
                officer: code,
                why,
                at,
                note,
                by: by(facts),
                clock: accept_clock(facts)?,
                nudge_at: tick::nudge_at(facts, at),
            }])
        }
        (None, Some(unit)) => {
            let Some(known) = facts.directory.units.get(&unit) else {
                return Err(Refusal::invalid("unit", format!("没有单位 {unit}。"), "请从单位名录中选择。"));
            };
            if known.outside {
                return Ok(vec![Event::SentOutside {
                    unit,
                    why: "人工转办".into(),
                    at,
                    note,
                    by: by(facts),
                }]);
            }
            let mut events = follow(
                facts,
                dispatch::within(facts, &unit, file.grid.as_ref(), &file.declined),
                "人工改派：",
            );
            for event in &mut events {
                if let Event::Dispatched { note: n, by: b, .. } = event {
                    *n = note;
                    *b = by(facts);
                } else if let Event::Pooled { note: n, .. } = event {
                    *n = note;
                }
            }
            Ok(events)
        }
        (None, None) => {
            let events = assign(file, facts, &file.declined, "");
            if matches!((&file.stage, events.as_slice()), (Stage::Pooled { .. }, [Event::Pooled { .. }])) {
                return Err(Refusal::conflict(
                    "nobody",
                    "现在没有合适的在岗队员。",
                    "请指定队员或单位，或等有人到岗后再派。",
                ));
            }
            Ok(events)
        }
    }
}
