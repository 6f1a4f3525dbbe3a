//! Texts and files of commands.

use super::input::Registering;
use super::{
    Agreeing, Appealing, AskingAgain, AskingHelp, AskingOpinion, AskingTest, Bringing, Charging, ComingBack,
    Command, Compelling, Concluding, DelayingRemedy, Demanding, Ending, EndingAppeal, Enforcing, GivingUp,
    GoingOn, HelpAnswer, HelpDelay, HoldingCircuit, LetterAnswer, Lodging, Mediating, OfParty, Receiving,
    Recording, Reviewing, Said, Seating, SeeingMediation, SettingCircuit, StandingDown, Staying,
    SuggestionAnswer, Suspending, Voting,
};
use crate::{PartKind, Text};
use lianzhi_ids::Digest;

/// What another case brings along.
fn along(what: &mut Bringing) -> Vec<(PartKind, &mut Text)> {
    let parties = what.parties.iter_mut().map(|(party, _)| (PartKind::Particulars, &mut party.particulars));
    let violations = what.violations.iter_mut().map(|v| (PartKind::Remark, &mut v.facts));
    let evidence = what.evidence.iter_mut().map(|e| (PartKind::Remark, &mut e.note));
    let orders = what.orders.iter_mut().map(|o| (PartKind::Remark, &mut o.note));
    let statements = what.statements.iter_mut().flat_map(|s| {
        let answer = s.answer.as_mut().map(|(_, note)| (PartKind::Remark, note));
        std::iter::once((PartKind::Remark, &mut s.text)).chain(answer)
    });
    let fallen = what.fallen.iter_mut().map(|fall| (PartKind::Remark, &mut fall.different));
    parties.chain(violations).chain(evidence).chain(orders).chain(statements).chain(fallen).collect()
}

impl Command {
    /// Texts to seal. Particulars of parties are parts of their own, opened with a reason only.
    pub(in crate::penalty) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        use Command as C;
        let said = |note| vec![(PartKind::Remark, note)];
        match self {
            C::FillFolio { details, note, .. } => {
                vec![(PartKind::Particulars, details), (PartKind::Remark, note)]
            }
            C::Issue(what) => said(&mut what.note),
            C::AddParty(party) => vec![(PartKind::Particulars, &mut party.particulars)],
            C::Archive(what) => said(&mut what.note),
            C::Describe(what) => vec![(PartKind::Particulars, &mut what.particulars)],
            C::SetViolation { what, .. } => said(&mut what.facts),
            C::Register(Registering { title, place, party, violation, brought, .. }) => {
                let mut all = vec![
                    (PartKind::Remark, title),
                    (PartKind::Remark, place),
                    (PartKind::Particulars, &mut party.particulars),
                    (PartKind::Remark, &mut violation.facts),
                ];
                all.extend(brought.iter_mut().flat_map(|what| along(what)));
                all
            }
            C::Bring(what) => along(what),
            C::Amend(a) => vec![
                (PartKind::Remark, &mut a.wrong),
                (PartKind::Remark, &mut a.right),
                (PartKind::Remark, &mut a.note),
            ],
            C::AnnounceDemolition(a) => {
                vec![(PartKind::Remark, &mut a.object), (PartKind::Remark, &mut a.note)]
            }
            C::OrderDemolition(o) => {
                vec![(PartKind::Remark, &mut o.object), (PartKind::Remark, &mut o.note)]
            }
            C::DecideAnew(asked) => {
                vec![(PartKind::Remark, &mut asked.different), (PartKind::Remark, &mut asked.note)]
            }
            C::Transfer(asked) => said(&mut asked.note),
            C::OpenArchive(asked) => said(&mut asked.note),
            C::SendTransfer(sent) => said(&mut sent.note),
            C::AnswerTransfer(answer) => said(&mut answer.note),
            C::Suggest(s) => vec![(PartKind::Remark, &mut s.problem), (PartKind::Remark, &mut s.note)],
            C::Charge(Charging { note, .. })
            | C::Record(Recording { note, .. })
            | C::ReviewProposal(Reviewing { note, .. })
            | C::Demand(Demanding { note, .. })
            | C::Compel(Compelling { note, .. })
            | C::Agree(Agreeing { note, .. })
            | C::BreakAgreement(OfParty { note, .. })
            | C::Resume(OfParty { note, .. })
            | C::StopEnforcement(OfParty { note, .. })
            | C::ReplyRemedy(OfParty { note, .. })
            | C::Suspend(Suspending { note, .. })
            | C::EndExecution(Ending { note, .. })
            | C::CourtSaid(Said { note, .. })
            | C::AskPolice(AskingAgain { note, .. })
            | C::NotIndicted(ComingBack { note, .. })
            | C::AskOpinion(AskingOpinion { note, .. })
            | C::Mediate(Mediating { note, .. })
            | C::AnswerSuggestion(SuggestionAnswer { note, .. })
            | C::Receive(Receiving { note, .. })
            | C::AnswerLetter(LetterAnswer { note, .. })
            | C::AskHelp(AskingHelp { note, .. })
            | C::DelayHelp(HelpDelay { note, .. })
            | C::AnswerHelp(HelpAnswer { note, .. })
            | C::SeatMember(Seating { name: note, .. })
            | C::RecuseMember(StandingDown { note, .. })
            | C::Vote(Voting { note, .. })
            | C::ConcludePanel(Concluding { note, .. })
            | C::SetCircuit(SettingCircuit { note, .. })
            | C::HoldCircuit(HoldingCircuit { note, .. })
            | C::SeeMediation(SeeingMediation { note, .. })
            | C::Daily(GoingOn { note, .. }) => said(note),
            C::PutIn(thing) => said(&mut thing.name),
            C::Shift(asked) => said(&mut asked.note),
            C::TakeOut(asked) => said(&mut asked.note),
            C::Announce(asked) => said(&mut asked.note),
            C::DisposeEarly(asked) => said(&mut asked.note),
            C::Dispose(asked) => said(&mut asked.note),
            C::PayOver(asked) => said(&mut asked.note),
            C::Collect(asked) => said(&mut asked.note),
            C::CheckPayment(asked) => said(&mut asked.found.note),
            C::Preserve { goods, note, .. } | C::Seize { goods, note, .. } => {
                vec![(PartKind::Remark, goods), (PartKind::Remark, note)]
            }
            C::Verify { note, .. }
            | C::Mark { note, .. }
            | C::Cite { note, .. }
            | C::Exclude { note, .. }
            | C::Order { note, .. }
            | C::SeePromise(crate::penalty::command::Seen { note, .. })
            | C::Reinspect { note, .. }
            | C::WithdrawViolation { note, .. }
            | C::Test(AskingTest { note, .. })
            | C::Settle { note, .. }
            | C::Lengthen { note, .. }
            | C::Recuse { note, .. }
            | C::Finish { note }
            | C::Resubmit { note }
            | C::Confirm { note, .. }
            | C::Endorse { note, .. }
            | C::Approve { note, .. }
            | C::State { note, .. }
            | C::Answer { note, .. }
            | C::CallHearing { note, .. }
            | C::HoldHearing { note, .. }
            | C::DropHearing(GivingUp { note, .. })
            | C::Advise { note, .. }
            | C::Summon { note, .. }
            | C::Review { note, .. }
            | C::Discuss { note, .. }
            | C::Void { note, .. }
            | C::Serve { note, .. }
            | C::EndAppeal(EndingAppeal { note, .. })
            | C::SetStay(Staying { note, .. })
            | C::DelayRemedy(DelayingRemedy { note, .. })
            | C::Enforce(Enforcing { note, .. })
            | C::LodgeCourt(Lodging { note, .. })
            | C::SendCrime { note, .. }
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
            | C::Revoke { note }
            | C::Close { note, .. } => said(note),
            C::DrawPanel(_)
            | C::Assign { .. }
            | C::Uncharge { .. }
            | C::Unpropose { .. }
            | C::Waive { .. }
            | C::Quick(_)
            | C::Promise(_)
            | C::AskHearing { .. }
            | C::Seal(_)
            | C::AgreeElectronic { .. }
            | C::SetPayCode { .. }
            | C::Pay(_)
            | C::HandIn(_)
            | C::Missed(_)
            | C::Deposit(_)
            | C::Refund(_)
            | C::Appeal(_)
            | C::Publish
            | C::SignFolio { .. }
            | C::KeepFolio { .. }
            | C::DrawFolio { .. }
            | C::Tick
            | C::Recompute
            | C::Absorb { .. }
            | C::SplitInto { .. }
            | C::DailyInto { .. } => vec![],
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        use Command as C;
        match self {
            C::Register(Registering { exhibits, .. })
            | C::Verify { exhibits, .. }
            | C::Record(Recording { exhibits, .. })
            | C::Reinspect { exhibits, .. }
            | C::Quick(crate::penalty::command::Signed { exhibits, .. })
            | C::Promise(crate::penalty::command::NewPromise { exhibits, .. })
            | C::SeePromise(crate::penalty::command::Seen { exhibits, .. })
            | C::Issue(crate::penalty::command::Issuing { exhibits, .. })
            | C::Preserve { exhibits, .. }
            | C::Seize { exhibits, .. }
            | C::State { exhibits, .. }
            | C::Advise { exhibits, .. }
            | C::Waive { exhibits, .. }
            | C::HoldHearing { exhibits, .. }
            | C::Serve { exhibits, .. }
            | C::AgreeElectronic { exhibits, .. }
            | C::SendCrime { exhibits, .. }
            | C::AnswerCrime { exhibits, .. }
            | C::SignFolio { exhibits, .. }
            | C::DrawFolio { exhibits, .. }
            | C::Add { exhibits, .. } => exhibits,
            C::SendTransfer(sent) => &sent.exhibits,
            C::AnswerTransfer(answer) => &answer.exhibits,
            C::BreakAgreement(OfParty { exhibits, .. })
            | C::DropHearing(GivingUp { exhibits, .. })
            | C::Test(AskingTest { exhibits, .. })
            | C::Resume(OfParty { exhibits, .. })
            | C::ReplyRemedy(OfParty { exhibits, .. })
            | C::StopEnforcement(OfParty { exhibits, .. })
            | C::Enforce(Enforcing { exhibits, .. })
            | C::Appeal(Appealing { exhibits, .. })
            | C::EndAppeal(EndingAppeal { exhibits, .. })
            | C::SetStay(Staying { exhibits, .. })
            | C::DelayRemedy(DelayingRemedy { exhibits, .. })
            | C::LodgeCourt(Lodging { exhibits, .. })
            | C::CourtSaid(Said { exhibits, .. })
            | C::NotIndicted(ComingBack { exhibits, .. })
            | C::Mediate(Mediating { exhibits, .. })
            | C::AnswerSuggestion(SuggestionAnswer { exhibits, .. })
            | C::Receive(Receiving { exhibits, .. })
            | C::AnswerLetter(LetterAnswer { exhibits, .. })
            | C::AskHelp(AskingHelp { exhibits, .. })
            | C::DelayHelp(HelpDelay { exhibits, .. })
            | C::AnswerHelp(HelpAnswer { exhibits, .. })
            | C::Vote(Voting { exhibits, .. })
            | C::ConcludePanel(Concluding { exhibits, .. })
            | C::HoldCircuit(HoldingCircuit { exhibits, .. }) => exhibits,
            C::PutIn(thing) => &thing.exhibits,
            C::Announce(asked) => &asked.exhibits,
            C::Dispose(asked) => &asked.exhibits,
            C::PayOver(asked) => &asked.exhibits,
            C::Pay(asked) => &asked.exhibits,
            C::OpenArchive(asked) => &asked.exhibits,
            C::Collect(asked) => &asked.exhibits,
            C::Deposit(asked) => &asked.exhibits,
            C::CheckPayment(asked) => &asked.found.exhibits,
            _ => &[],
        }
    }

    /// Whether only the node itself gives it.
    #[must_use]
    pub const fn internal(&self) -> bool {
        matches!(
            self,
            Command::Tick
                | Command::KeepFolio { .. }
                | Command::Recompute
                | Command::Absorb { .. }
                | Command::SplitInto { .. }
                | Command::Bring(_)
                | Command::DailyInto { .. }
                | Command::Missed(_)
        )
    }
}
