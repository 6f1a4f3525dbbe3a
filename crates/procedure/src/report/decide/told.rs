//! What other dockets of this node are told in the same transaction.

use super::*;
use crate::AnyCommand;
use crate::cooperation::{self, Command as Shared, Conclusion, Milestone};
use crate::report::command::CooperationRef;
use lianzhi_ids::DocketId;

/// Joined matters are told when their lead is settled or ends without it; leads are told who joined or left; a matter
/// is told what was split off from it, and tells that when its own words are erased. The state is that before the event.
pub(in crate::report) fn follow_ups(
    id: DocketId,
    state: &State,
    event: &Event,
) -> Vec<(DocketId, AnyCommand)> {
    let mut told: Vec<_> =
        reports(id, state, event).into_iter().map(|(d, c)| (d, AnyCommand::Report(c))).collect();
    told.extend(members(id, state, event));
    told
}

/// What the member that sent the lead is told, through the shared matter: whitelisted milestones and the outcome.
fn members(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, AnyCommand)> {
    let tell = |from: CooperationRef, command| (from.docket, cooperation::any_command(from.form, command));
    let reach = |milestone, outcome| Shared::Reach { milestone, outcome };
    if let Event::Registered { cooperation: Some(from), .. } = event {
        return vec![tell(*from, Shared::Link { docket: id }), tell(*from, reach(Milestone::Opened, None))];
    }
    let State::File(file) = state else { return Vec::new() };
    let Some(from) = file.intake.cooperation else { return Vec::new() };
    let command = match event {
        Event::Dispatched { .. } => reach(Milestone::Assigned, None),
        Event::Arrived { .. } => reach(Milestone::OnSite, None),
        Event::Handled { .. } => reach(Milestone::Handled, None),
        Event::Closed { .. } => {
            reach(Milestone::Closed, file.handled.as_ref().and_then(|h| conclusion(h.outcome)))
        }
        _ => return Vec::new(),
    };
    vec![tell(from, command)]
}

/// How a handled report ended, for the member that sent the lead; an enforcement case says so itself.
const fn conclusion(outcome: Outcome) -> Option<Conclusion> {
    match outcome {
        Outcome::Dissuaded | Outcome::Ordered | Outcome::SelfCorrected | Outcome::Cleared => {
            Some(Conclusion::Corrected)
        }
        Outcome::HandedOver => Some(Conclusion::PassedOn),
        Outcome::Untrue | Outcome::Gone => Some(Conclusion::Unfounded),
        Outcome::Enforcement => None,
    }
}

/// Other reports.
fn reports(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, Command)> {
    if let Event::Registered { split_from: Some(from), .. } = event {
        return vec![(*from, Command::SplitInto { docket: id })];
    }
    let State::File(file) = state else {
        return Vec::new();
    };
    let settled = || file.handled.as_ref().map(|h| h.outcome);
    let tell = |outcome: Option<Outcome>| {
        file.joined.iter().map(|d| (*d, Command::LeadSettled { lead: id, outcome })).collect()
    };
    match event {
        Event::Joined { to, .. } => vec![(*to, Command::Absorb { from: id })],
        Event::Unjoined { from, .. } => vec![(*from, Command::Release { from: id })],
        // Whoever is still joined when the lead is closed is told too: its own answer is still due.
        Event::Verified { passed: true, .. } | Event::Closed { .. } => tell(settled()),
        Event::Dismissed { .. } | Event::Withdrawn { .. } => tell(None),
        Event::ReturnDecided { granted: true, .. } => tell(None),
        // What was split off copied the address.
        Event::Erased { parts, reason, .. }
            if file.intake.narrative.is_some_and(|narrative| parts.contains(&narrative.digest)) =>
        {
            let with = |d: &DocketId| (*d, Command::EraseWith { from: id, reason: reason.clone() });
            file.split.iter().map(with).collect()
        }
        // Joined to a lead that was verified before: there is nothing to wait for.
        Event::Absorbed { from, .. }
            if matches!(file.stage, Stage::ToAnswer { .. } | Stage::ToClose { .. }) =>
        {
            vec![(*from, Command::LeadSettled { lead: id, outcome: settled() })]
        }
        _ => Vec::new(),
    }
}
