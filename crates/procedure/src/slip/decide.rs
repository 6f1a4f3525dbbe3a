//! What happens when something is asked of slips, or why it may not.

use super::command::Command;
use super::event::Event;
use super::state::{self, Given, Level, Paper, Slip, Stage, State, Term};
use crate::penalty::decide::filing::subject;
use crate::penalty::decide::{certified, exhibits, me, need, proof};
use crate::penalty::law_side;
use crate::penalty::rules::no;
use crate::policy::{self, Matter};
use crate::watch::Said;
use crate::{Earlier, EarlierKind, Facts, Refusal, Text};
use jiff::civil::Date;
use lianzhi_ids::{Digest, PersonCode};

const SOURCE: &str = "三单制：先提示、后警示、再处罚";
const PROMISE: &str = "行政处罚法第三十三条第一款：及时改正；告知承诺";
/// Longest time that a slip may give, days.
const DAYS_MAX: i32 = 60;

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let mut events = trial(state, command, facts)?;
    let after = events.iter().fold(state.clone(), state::evolve);
    if let Some(slip) = after.file() {
        let last = slip.last().map(|(paper, at, _)| (paper.until, *at));
        let standard = |term: Term| {
            let (until, from) = last.unwrap_or((None, facts.now));
            let until = until.unwrap_or_else(|| crate::beijing_date(facts.now));
            Ok(crate::spot::promised(term.key(), term.title(), from, until, "期限由提示单、警示单载明"))
        };
        let begun = slip.clocks.begin(&slip.owed(), facts.directory.law.calendars(), standard)?;
        events.extend(begun.into_iter().map(|clock| Event::ClockStarted { clock, at: facts.now }));
    }
    Ok(events)
}

/// The same without the terms.
pub(super) fn trial(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match (state, command) {
        (State::Nothing, command @ Command::Give { .. }) => give(command, facts).map(|event| vec![event]),
        (State::Nothing, _) => Err(Refusal::missing("没有这份提示单、警示单。")),
        (State::Slips(_), Command::Give { .. }) => {
            Err(Refusal::conflict("exists", "本件已经发单。", "请在本件上再次发单，或者另开一件。")
                .from_source(SOURCE))
        }
        (State::Slips(slip), command) => on_slip(slip, command, facts),
    }
}

fn on_slip(slip: &Slip, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let at = facts.now;
    match command {
        Command::Give { .. } => Ok(Vec::new()),
        Command::GiveAgain { level, note, found, guide, until, refused, promised, exhibits } => {
            let by = mine(slip, "再次发单", facts)?;
            again(slip, level)?;
            before(level, &slip.given.item, facts)?;
            let slip = New {
                level,
                note: &note,
                found: &found,
                guide: &guide,
                until,
                refused,
                promised,
                files: &exhibits,
            };
            let paper = paper(&by, &slip, facts)?;
            Ok(vec![Event::GivenAgain { paper, by, at }])
        }
        Command::Reinspect { done, note, exhibits: files } => {
            let by = mine(slip, "复查", facts)?;
            let note = need(&note, "note", "复查情况")?;
            Ok(vec![Event::Reinspected { done, note, exhibits: exhibits(facts, &files)?, by, at }])
        }
        Command::GoOver { note } => {
            let by = mine(slip, "转处罚", facts)?;
            // The case is opened beside this, and checked by its own rules.
            Ok(vec![Event::WentOver { note: note.part(), by, at }])
        }
        Command::TakenOver { docket } => {
            permit(slip, "tick", facts)?;
            let there = slip.over.is_some_and(|(_, docket)| docket.is_some());
            let gone = there || slip.withdrawn.is_some();
            Ok(if gone { Vec::new() } else { vec![Event::TakenOver { docket, at }] })
        }
        Command::GivenBack { docket } => {
            permit(slip, "tick", facts)?;
            let there = slip.over.is_some_and(|(_, over)| over == Some(docket));
            Ok(if there { vec![Event::GivenBack { docket, at }] } else { Vec::new() })
        }
        Command::Withdraw { note } => {
            let by = mine(slip, "撤回", facts)?;
            let note = need(&note, "note", "撤回的理由")?;
            Ok(vec![Event::Withdrawn { note, by, at }])
        }
        Command::Keep { n } => {
            permit(slip, "tick", facts)?;
            let there = slip.paper(n).is_some() && slip.kept(n).is_none();
            let printed = facts.look_ups.printed.clone().filter(|_| there);
            Ok(printed.map(|exhibit| Event::Kept { n, exhibit, at }).into_iter().collect())
        }
        Command::Tick => {
            permit(slip, "tick", facts)?;
            let said = |said| match said {
                Said::Warned(term, percent) => Event::ClockWarned { term, percent, at },
                Said::Expired(term) => Event::ClockExpired { term, at },
            };
            Ok(slip.clocks.look(at).into_iter().map(said).collect())
        }
        Command::Recompute => {
            permit(slip, "tick", facts)?;
            let clocks = slip.clocks.recompute(facts.directory.law.calendars());
            let changed = |clock| Event::ClockChanged { clock, why: "工作日历更新".into(), at };
            Ok(clocks.into_iter().map(changed).collect())
        }
    }
}

fn permit(slip: &Slip, action: &'static str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let matter = Matter { unit: Some(&slip.given.unit), assignee: Some(&slip.by), ..Matter::default() };
    policy::permit(facts, action, &matter).map(|_| ())
}

/// Somebody of the unit, while the slips neither went over nor were withdrawn.
fn mine(slip: &Slip, what: &str, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    permit(slip, "slip_issue", facts)?;
    if matches!(slip.stage(), Stage::Over | Stage::Withdrawn) {
        return Err(no(
            "wrong-stage",
            format!("本件现在是“{}”，不能{what}。", slip.stage().title()),
            "请刷新页面，按可办事项办理。",
            SOURCE,
        ));
    }
    me(facts)
}

/// After a warning, and after a tip that was seen not to be followed, there is no further tip (三单制).
fn again(slip: &Slip, level: Level) -> Result<(), Refusal> {
    let warned = slip.papers.iter().any(|(paper, ..)| paper.level == Level::Warning);
    let ignored = slip.papers.iter().any(|(_, _, look)| look.as_ref().is_some_and(|l| !l.done));
    if level == Level::Tip && (warned || ignored) {
        return Err(no(
            "no-more-tips",
            "同一事项已经警示，或者提示后复查没有改正，不再发提示单。",
            "请发警示单，或者依法处罚。",
            SOURCE,
        ));
    }
    Ok(())
}

/// The same for slips of other dockets that the party got for the item: they are found by its number.
fn before(level: Level, item: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let strict = |e: &&Earlier| {
        let ignored = e.kind == EarlierKind::Tip && e.corrected == Some(false);
        e.item == item && (ignored || e.kind == EarlierKind::Warning)
    };
    let earlier = facts.look_ups.earlier.iter().find(strict).filter(|_| level == Level::Tip);
    let Some(earlier) = earlier else { return Ok(()) };
    let what = match earlier.kind {
        EarlierKind::Warning => "警示",
        _ => "提示，复查没有改正",
    };
    Err(no(
        "no-more-tips",
        format!("同一当事人、同一事项 {} 已经{what}（{}），不再发提示单。", earlier.on, earlier.number),
        "请在该件上再次发单（警示单），或者依法处罚。",
        SOURCE,
    ))
}

/// A slip as it comes in.
struct New<'a> {
    level: Level,
    note: &'a Text,
    found: &'a Text,
    guide: &'a Text,
    until: Option<Date>,
    refused: bool,
    promised: bool,
    files: &'a [Digest],
}

fn paper(by: &PersonCode, new: &New<'_>, facts: &Facts<'_>) -> Result<Paper, Refusal> {
    let &New { level, note, found, guide, until, refused, promised, files } = new;
    if let Some(until) = until {
        let days = crate::beijing_date(facts.now).until(until).map_or(-1, |span| span.get_days());
        if !(0..=DAYS_MAX).contains(&days) {
            return Err(Refusal::invalid(
                "until",
                format!("改正期限应从今天起，最长 {DAYS_MAX} 天。"),
                "请填写合理的改正日期。",
            )
            .from_source("行政处罚法第二十八条；三单制"));
        }
    } else if level == Level::Warning || promised {
        let rule =
            if promised { "承诺改正没有写日期。" } else { "警示单没有写改正期限。" };
        return Err(Refusal::invalid("until", rule, "请填写改正的最后一天，到期复查。").from_source(SOURCE));
    }
    let exhibits = match promised {
        true => proof(facts, files, "当事人签字的承诺书", PROMISE)?,
        false => exhibits(facts, files)?,
    };
    Ok(Paper {
        number: facts.look_ups.number.clone(),
        level,
        officer: certified(by, "level", facts)?,
        note: need(note, "note", "发现的问题和改正要求")?,
        found: found.part(),
        guide: guide.part(),
        until,
        // Who signs a promise does not refuse.
        refused: refused && !promised,
        promised,
        exhibits,
    })
}

fn give(command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Command::Give {
        level,
        unit,
        origin,
        place,
        point,
        party,
        item,
        note,
        found,
        guide,
        until,
        refused,
        promised,
        exhibits,
    } = command
    else {
        return Err(Refusal::missing("没有这份提示单、警示单。"));
    };
    let unit = unit
        .filter(|u| facts.directory.units.contains_key(u))
        .ok_or_else(|| Refusal::invalid("unit", "没有执法单位。", "请从单位名录中选择本人所在的单位。"))?;
    policy::permit(facts, "slip_issue", &Matter { unit: Some(&unit), ..Matter::default() })?;
    let by = me(facts)?;
    let item = law_side::item(item.trim(), facts)?;
    law_side::power(&item, facts).map_or(Ok(()), Err)?;
    let item_name = facts.directory.law.item(&item).map_or_else(|_| String::new(), |i| i.name.to_string());
    before(level, &item, facts)?;
    let new =
        New { level, note: &note, found: &found, guide: &guide, until, refused, promised, files: &exhibits };
    let paper = paper(&by, &new, facts)?;
    let given = Given {
        unit,
        subject: subject(1, &party, facts)?,
        item,
        item_name,
        place: need(&place, "place", "地点")?,
        point,
        origin,
    };
    Ok(Event::Given { given: Box::new(given), paper, by, at: facts.now })
}
