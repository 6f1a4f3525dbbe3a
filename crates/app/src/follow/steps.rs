//! The way from the report to its end, step by step. A step's time is that of its first doing, and what it took is what
//! its own clock counted: somebody who accepts later, because the matter was given to him, is not the one the promise
//! was kept or broken by.

use super::past::{Done, Past};
use super::{FollowStep, rank};
use jiff::Timestamp;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::{Clock, File, Stage, TermKey};

/// A matter with what became of it.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) file: &'a File,
    pub(super) past: &'a Past,
}

/// A step before it is put into words for this reporter.
struct Step<'a> {
    title: String,
    /// It is done, whenever that was.
    done: bool,
    when: Option<Done>,
    /// The clock that was promised for it.
    clock: Option<&'a Clock>,
}

impl Step<'_> {
    fn was(title: impl Into<String>, at: Timestamp) -> Self {
        Step { title: title.into(), done: true, when: Some(Done { at, took_us: None }), clock: None }
    }
}

/// What is handled together with another goes the other's way up to the result.
pub(super) fn steps(
    own: Told<'_>,
    lead: Option<Told<'_>>,
    directory: &Directory,
    now: Timestamp,
) -> Vec<FollowStep> {
    let file = own.file;
    let mut steps = vec![Step::was("已收到", file.intake.at)];
    match &file.stage {
        Stage::Dismissed { at } | Stage::Withdrawn { at } | Stage::ReturnedOrder { at } => {
            steps.push(Step::was(crate::words::stage_title(file.stage.code()), *at));
        }
        _ => {
            steps.extend(own.past.again.map(|at| Step::was("重新办理", at)));
            steps.extend(way(own, lead, directory));
        }
    }
    let first = steps.iter().position(|step| !step.done);
    steps.iter().enumerate().map(|(i, step)| told(step, own, lead.is_some(), first == Some(i), now)).collect()
}

/// From the acceptance to the end.
fn way<'a>(own: Told<'a>, lead: Option<Told<'a>>, directory: &Directory) -> Vec<Step<'a>> {
    let file = own.file;
    let way = lead.unwrap_or(own);
    // Of two that are handled together, either may have come a step ahead.
    let gone = match (&file.stage, lead) {
        (Stage::Joined { .. }, Some(lead)) => rank(lead.file).min(3),
        _ => rank(file),
    };
    let first = |of: fn(&Past) -> Option<Done>| {
        [Some(own), lead].into_iter().flatten().filter_map(|t| of(t.past)).min_by_key(|done| done.at)
    };
    let step = |title: &str, place: usize, when: Option<Done>, clock| Step {
        title: title.into(),
        done: place <= gone || when.is_some(),
        when,
        clock,
    };
    let clock = |term| way.file.clocks.get(term);
    let (accepted, arrived) = (first(|p| p.accepted), first(|p| p.arrived));
    let accept = step("受理", 1, accepted, clock(TermKey::Accept));
    let arrive = step("到场", 2, arrived, clock(TermKey::Arrive));
    let mut steps = Vec::new();
    match &way.past.outside {
        // A department without officers of ours: nobody accepts and nobody goes there, unless somebody had already.
        Some((unit, at)) => {
            steps.extend([accept, arrive].into_iter().filter(|step| step.when.is_some()));
            steps.push(Step::was(format!("转交{}", directory.unit_name(unit)), *at));
        }
        None => steps.extend([accept, arrive]),
    }
    let handled = way.past.handled.filter(|_| gone >= 3);
    steps.push(step("处置", 3, handled, clock(TermKey::Handle)));
    // The promise of an answer is each reporter's own.
    steps.push(step("答复", 4, own.past.answered, file.clocks.get(TermKey::Answer)));
    let closed = match &file.stage {
        Stage::Closed { at, .. } => Some(Done { at: *at, took_us: None }),
        _ => None,
    };
    steps.push(step("办结", 5, closed, None));
    steps
}

fn told(step: &Step<'_>, own: Told<'_>, joined: bool, current: bool, now: Timestamp) -> FollowStep {
    let due = step.clock.filter(|c| !step.done && c.stopped.is_none()).map(|c| c.running.clock.due);
    let before = step.when.is_some_and(|done| done.at < own.file.intake.at);
    let when = step.when.filter(|_| !before);
    // Another's clock says nothing of how long this reporter waited.
    let counted = !joined || step.title == "答复";
    FollowStep {
        title: step.title.clone(),
        done: step.done,
        state: match step.done {
            true => "done",
            false if due.is_some_and(|due| due <= now) => "late",
            false if current => "now",
            false => "next",
        },
        at: when.map(|done| done.at),
        before,
        due,
        promise: step
            .clock
            .filter(|_| !before)
            .map(|c| format!("承诺 {}", c.running.clock.standard.plain_measure()))
            .unwrap_or_default(),
        took: when.and_then(|done| done.took_us).filter(|_| counted).map(lianzhi_law::duration_text),
    }
}
