//! Terms that people change: extension, suspension, reopening.

use super::*;
use lianzhi_ids::CategoryCode;

/// Terms that rest while a matter rests: the agency's own. Those of the hotline's order (先行联系, 热线办结) run on:
/// the rules that we have of them (国办发〔2020〕53号; 上海: 1, 5 and 15 working days) know no suspension by the agency
/// that handles the order, and nobody grants himself time that another set him.
pub(super) const RESTING: [TermKey; 3] = [TermKey::Arrive, TermKey::Handle, TermKey::Answer];

pub(super) fn no_handling_term() -> Refusal {
    Refusal::conflict("no-term", "本件没有在走的处置时限，无从延期。", "还没有分类的，请先分类。")
}

/// The arrival clock of a matter that is in the agency's own hands again: exactly the time that was left when it was
/// joined or sent to a department.
pub(super) fn arrival_goes_on(file: &File, facts: &Facts<'_>) -> Option<Event> {
    let aside = file.clocks.get(TermKey::Arrive).filter(|c| c.aside)?;
    let calendars = facts.directory.law.calendars();
    let stopped = aside.running.clock.pause(calendars, aside.stopped?).ok()?;
    let clock = stopped.resume(calendars, facts.now).ok()?;
    // What was changed meanwhile reached running clocks only.
    let clock = match tick::anew(file, facts, TermKey::Arrive, &clock) {
        Some((anew, _)) => anew,
        None => clock,
    };
    let clock = Running { term: TermKey::Arrive, clock };
    Some(Event::ClockChanged { clock, because: Because::Resumed, at: facts.now })
}

/// The clock of the visit to an unlawful structure, counted from the report: for a matter that turns out to be about one, or is in the
/// agency's own hands again. None where somebody was there, where it runs, or where the place has no such term.
pub(super) fn on_site_begins(
    file: &File,
    category: Option<&CategoryCode>,
    facts: &Facts<'_>,
) -> Option<Event> {
    let arrival = file.clocks.get(TermKey::Arrive);
    if file.handled.is_some() || arrival.is_some_and(|c| c.stopped.is_some() && !c.aside) {
        return None;
    }
    let began = arrival.map_or(file.intake.at, |c| c.running.clock.from);
    let clock = tick::start(facts, TermKey::OnSite, began, category)?;
    Some(Event::ClockStarted { clock, at: facts.now, nudge_at: None })
}

pub(super) fn approve(
    file: &File,
    facts: &Facts<'_>,
    granted: bool,
    note: &Text,
) -> Result<Vec<Event>, Refusal> {
    let at = facts.now;
    let Some(pending) = &file.pending else {
        return Err(Refusal::conflict("nothing-pending", "没有待审批的申请。", "请刷新页面。"));
    };
    // A returned order waits for the hotline: clocks stopped now would never go on.
    if !matches!(file.stage, Stage::Working { .. }) {
        return Err(wrong_stage(file, "审批"));
    }
    policy::permit(
        facts,
        if needs_leader(pending.hours) { "approve_long" } else { "approve" },
        &matter(file),
    )?;
    if Some(&pending.by) == facts.actor.person() {
        return Err(Refusal::forbidden("own-request", "不能审批自己的申请。", "请由其他负责人审批。"));
    }
    if !granted && note.part().is_none() {
        return Err(Refusal::invalid("note", "不同意须说明理由。", "请填写审批意见。"));
    }
    let calendars = facts.directory.law.calendars();
    let mut events =
        vec![Event::RequestDecided { what: pending.what, granted, by: by(facts), note: note.part(), at }];
    if !granted {
        return Ok(events);
    }
    match pending.what {
        Asked::Extension => {
            let extended = change(file, facts, TermKey::Handle, Because::Extended, |c| {
                c.extend_hours(calendars, pending.hours, "批准延期")
            });
            events.push(extended.ok_or_else(no_handling_term)?);
        }
        Asked::Suspension => {
            events.push(Event::Suspended {
                until: at + SignedDuration::from_hours(i64::from(pending.hours)),
                at,
            });
            for term in RESTING {
                events.extend(change(file, facts, term, Because::Paused, |c| c.pause(calendars, at)));
            }
        }
    }
    Ok(events)
}

pub(super) fn reopen(file: &File, facts: &Facts<'_>, note: &Text) -> Result<Vec<Event>, Refusal> {
    let at = facts.now;
    policy::permit(facts, "reopen", &matter(file))?;
    let Stage::Closed { at: closed, .. } = &file.stage else {
        return Err(wrong_stage(file, "重办"));
    };
    if matches!(facts.actor, crate::Actor::Reporter) {
        let days = facts.directory.settings.reopen_days;
        if at.duration_since(*closed) > SignedDuration::from_hours(i64::from(days) * 24) {
            return Err(Refusal::conflict(
                "too-late",
                format!("结案已超过 {days} 天，不能要求重办。"),
                "问题又出现的，请重新上报。",
            ));
        }
        if file.reopened > 0 {
            return Err(Refusal::conflict("again", "本件已重办过一次。", "仍有意见请拨打 12345。"));
        }
    }
    let note = need(note, "note", "重办须写明哪里没有解决。")?;
    let mut clocks = Vec::new();
    let terms = [
        TermKey::Arrive,
        TermKey::Handle,
        TermKey::Answer,
        TermKey::Order,
        TermKey::OnSite,
        TermKey::Feedback,
    ];
    for term in terms {
        let due = match term {
            TermKey::Answer | TermKey::Feedback => file.answer_due(),
            TermKey::Order => file.intake.is_order(),
            _ => true,
        };
        if due {
            clocks.extend(tick::start(facts, term, at, file.category.as_ref()));
        }
    }
    let mut events = vec![Event::Reopened { note, by: by(facts), at, clocks }];
    events.extend(assign(file, facts, &[], "重办："));
    Ok(events)
}

/// The handling clock of a category chosen late: it counts from when the work began, and rests while the matter rests.
pub(super) fn first_handling_clock(
    file: &File,
    facts: &Facts<'_>,
    category: &CategoryCode,
) -> Option<Running> {
    if file.handled.is_some() {
        return None;
    }
    // The arrival clock begins with the report, and anew when the matter is reopened.
    let began = file.clocks.get(TermKey::Arrive).map_or(file.intake.at, |c| c.running.clock.from);
    let started = tick::start(facts, TermKey::Handle, began, Some(category))?;
    if !matches!(file.stage, Stage::Suspended { .. }) {
        return Some(started);
    }
    let since = file.clocks.active().filter_map(|c| c.running.clock.paused_since()).min();
    let clock = started.clock.pause(facts.directory.law.calendars(), since.unwrap_or(facts.now)).ok()?;
    Some(Running { clock, ..started })
}
