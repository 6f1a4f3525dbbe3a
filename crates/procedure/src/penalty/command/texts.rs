//! Texts and files of commands.

use super::Command;
use crate::{PartKind, Text};
use lianzhi_ids::Digest;

impl Command {
    /// Texts to seal. Particulars of parties are parts of their own, opened with a reason only.
    pub(in crate::penalty) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        use Command as C;
        let said = |note| vec![(PartKind::Remark, note)];
        match self {
            C::Register { title, place, party, violation, .. } => vec![
                (PartKind::Remark, title),
                (PartKind::Remark, place),
                (PartKind::Particulars, &mut party.particulars),
                (PartKind::Remark, &mut violation.facts),
            ],
            C::AddParty(party) => vec![(PartKind::Particulars, &mut party.particulars)],
            C::SetViolation { what, .. } => said(&mut what.facts),
            C::Preserve { goods, note, .. } | C::Seize { goods, note, .. } => {
                vec![(PartKind::Remark, goods), (PartKind::Remark, note)]
            }
            C::Verify { note, .. }
            | C::Mark { note, .. }
            | C::Record { note, .. }
            | C::Exclude { note, .. }
            | C::Order { note, .. }
            | C::Reinspect { note, .. }
            | C::Test { note, .. }
            | C::Settle { note, .. }
            | C::Lengthen { note, .. }
            | C::Recuse { note, .. }
            | C::Finish { note }
            | C::Charge { note, .. }
            | C::Confirm { note, .. }
            | C::Endorse { note, .. }
            | C::Approve { note, .. }
            | C::State { note, .. }
            | C::Answer { note, .. }
            | C::CallHearing { note, .. }
            | C::HoldHearing { note, .. }
            | C::DropHearing { note, .. }
            | C::Advise { note, .. }
            | C::Summon { note, .. }
            | C::Review { note, .. }
            | C::Discuss { note, .. }
            | C::Void { note, .. }
            | C::Serve { note, .. }
            | C::EndAppeal { note, .. }
            | C::Enforce { note, .. }
            | C::SendCrime { note }
            | C::AnswerCrime { note, .. }
            | C::KeepBack { note }
            | C::Unpublish { note }
            | C::Add { note, .. }
            | C::Join { note, .. }
            | C::Split { note, .. }
            | C::File { note }
            | C::NotFile { note }
            | C::Notify { note, .. }
            | C::Decide { note }
            | C::NoPenalty { note, .. }
            | C::HandOver { note, .. }
            | C::Drop { note }
            | C::PayLater { note, .. }
            | C::Demand { note, .. }
            | C::Compel { note, .. }
            | C::Revoke { note }
            | C::Close { note, .. } => said(note),
            C::Assign { .. }
            | C::Uncharge { .. }
            | C::Unpropose { .. }
            | C::Waive { .. }
            | C::AskHearing { .. }
            | C::Issue { .. }
            | C::AgreeElectronic { .. }
            | C::SetPayCode { .. }
            | C::Pay { .. }
            | C::Collect { .. }
            | C::HandIn { .. }
            | C::Appeal { .. }
            | C::Publish
            | C::Archive { .. }
            | C::Tick
            | C::Recompute
            | C::Absorb { .. }
            | C::SplitInto { .. } => vec![],
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        use Command as C;
        match self {
            C::Register { exhibits, .. }
            | C::Verify { exhibits, .. }
            | C::Record { exhibits, .. }
            | C::Reinspect { exhibits, .. }
            | C::Preserve { exhibits, .. }
            | C::Seize { exhibits, .. }
            | C::State { exhibits, .. }
            | C::Advise { exhibits, .. }
            | C::Waive { exhibits, .. }
            | C::HoldHearing { exhibits, .. }
            | C::Issue { exhibits, .. }
            | C::Serve { exhibits, .. }
            | C::AgreeElectronic { exhibits, .. }
            | C::Enforce { exhibits, .. }
            | C::Add { exhibits, .. } => exhibits,
            _ => &[],
        }
    }

    /// Whether only the node itself gives it.
    #[must_use]
    pub const fn internal(&self) -> bool {
        matches!(
            self,
            Command::Tick | Command::Recompute | Command::Absorb { .. } | Command::SplitInto { .. }
        )
    }
}
