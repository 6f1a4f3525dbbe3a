//! What other dockets of this node are told in the same transaction.

use super::*;
use lianzhi_ids::DocketId;

/// Joined matters are told when their lead is settled or ends without it; leads are told who joined or left; a matter
/// is told what was split off from it, and tells that when its own words are erased. The state is that before the event.
pub(in crate::report) fn follow_ups(id: DocketId, state: &State, event: &Event) -> Vec<(DocketId, Command)> {
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
