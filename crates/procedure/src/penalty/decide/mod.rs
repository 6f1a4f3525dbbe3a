//! What happens when something is asked of a penalty case, or why it may not.

mod advice;
mod amend;
mod anew;
mod approve;
mod archive;
mod aside;
mod bring;
mod compel;
mod custody;
mod daily;
mod enforce;
mod execution;
pub(crate) mod filing;
mod folios;
pub(in crate::penalty) mod hearing;
mod investigate;
mod join;
mod light;
pub(super) mod measures;
mod money;
pub(crate) mod parties;
mod plan;
mod police;
pub(crate) mod propose;
pub(crate) mod remedy;
mod serve;
mod transfer;

pub use approve::addressees;
pub(super) use approve::fined;
pub(crate) use enforce::not_of_minors;
pub(super) use join::follow_ups;
pub(super) use money::debtor;
pub(crate) use money::{banked, checked, confirmed, nobodys, on_site_ground, paid_by, pay_code, received};
pub use plan::{Proposed, proposed};

use super::clocks;
use super::command::Command;
use super::evolve;
use super::matters::Officer;
use super::rules::{self, no};
use super::state::{Case, Party, State};
use super::{Event, Violation};
use crate::policy::{self, Matter, Rule};
use crate::{ExhibitRef, Facts, PartRef, Refusal, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, PersonCode, Role};

/// Files in one command: an inspection brings many photos.
const EXHIBITS_MAX: usize = 60;
/// Clocks of phones go wrong by so much at most before a time counts as lying in the future.
const SKEW: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let mut events = match (state, command) {
        (State::Nothing, command @ Command::Register(_)) => filing::register(command, facts)?,
        (State::Nothing, _) => return Err(Refusal::missing("没有这个案件。")),
        (State::Case(_), Command::Register(_)) => {
            return Err(Refusal::conflict("exists", "本案已经登记。", "请在本案上办理，或另行登记线索。"));
        }
        (State::Case(case), command) => in_case(case, command, facts)?,
    };
    // Terms begin with what just happened, in the same entry group.
    let after = events.iter().fold(state.clone(), evolve::evolve);
    if let State::Case(case) = &after {
        events.extend(clocks::start(case, facts)?);
    }
    Ok(events)
}

/// Whether a command would be accepted; terms are left aside.
pub(super) fn trial(state: &State, command: Command, facts: &Facts<'_>) -> Result<(), Refusal> {
    match state {
        State::Nothing => Err(Refusal::missing("没有这个案件。")),
        State::Case(case) => in_case(case, command, facts).map(|_| ()),
    }
}

fn in_case(case: &Case, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    use Command as C;
    let one = |event: Result<Event, Refusal>| event.map(|event| vec![event]);
    match command {
        C::Register(_) => Ok(Vec::new()),
        C::Tick => {
            permit(case, "tick", facts)?;
            Ok(clocks::tick(case, facts))
        }
        C::Recompute => {
            permit(case, "tick", facts)?;
            Ok(clocks::recompute(case, facts))
        }
        C::Verify { established, note, exhibits } => {
            one(filing::verify(case, established, &note, &exhibits, facts))
        }
        C::Assign { lead, second } => one(filing::assign(case, &lead, &second, facts)),
        C::AddParty(party) => one(filing::add_party(case, &party, facts)),
        C::Describe(what) => one(parties::describe(case, &what, facts)),
        C::SetViolation { violation, what } => one(filing::set_violation(case, violation, &what, facts)),
        C::WithdrawViolation { violation, note } => {
            one(filing::withdraw_violation(case, violation, &note, facts))
        }
        C::Mark { mark, on, note } => one(filing::mark(case, mark, on, &note, facts)),
        C::Record(recording) => investigate::record(case, recording, facts),
        C::Cite { exhibit, kind, note } => one(investigate::cite(case, exhibit, kind, &note, facts)),
        C::Exclude { evidence, note } => one(investigate::exclude(case, evidence, &note, facts)),
        C::Order { party, note, until } => one(investigate::order(case, party, &note, until, facts)),
        C::SendTransfer(sent) => one(transfer::send(case, &sent, facts)),
        C::AnswerTransfer(answer) => one(transfer::answer(case, &answer, facts)),
        C::Reinspect { order, done, seen, note, exhibits } => {
            one(investigate::reinspect(case, order, (done, seen), &note, &exhibits, facts))
        }
        C::Quick(what) => one(light::quick(case, &what, facts)),
        C::Promise(what) => one(light::promise(case, &what, facts)),
        C::SeePromise(what) => one(light::see(case, &what, facts)),
        C::Test(asked) => measures::test(case, &asked, facts),
        C::Finish { note } => one(investigate::finish(case, &note, facts)),
        command @ (C::Preserve { .. } | C::Seize { .. }) => measures::take(case, command, facts),
        C::Settle { measure, how, until, note } => {
            one(measures::settle(case, measure, (how, until), &note, facts))
        }
        C::Lengthen { measure, days, note } => one(measures::lengthen(case, measure, days, &note, facts)),
        C::Charge(charging) => one(plan::charge(case, charging, facts)),
        C::Uncharge { party, violation } => one(plan::uncharge(case, party, violation, facts)),
        C::Confirm { party, violation, note } => one(plan::confirm(case, party, violation, &note, facts)),
        C::Recuse { person, with, asked, note } => {
            one(filing::recuse(case, (person, with), asked, &note, facts))
        }
        command @ (C::File { .. }
        | C::NotFile { .. }
        | C::Notify { .. }
        | C::Decide { .. }
        | C::NoPenalty { .. }
        | C::HandOver { .. }
        | C::OrderDemolition(_)
        | C::Transfer(_)
        | C::DecideAnew(_)
        | C::OpenArchive(_)
        | C::Drop { .. }
        | C::PayLater { .. }
        | C::Demand(_)
        | C::AnnounceDemolition(_)
        | C::Compel(_)
        | C::Revoke { .. }
        | C::Close { .. }
        | C::Agree(_)
        | C::Suspend(_)
        | C::EndExecution(_)
        | C::Amend(_)
        | C::Suggest(_)) => one(propose::propose(case, command, facts)),
        C::Endorse { proposal, agreed, note } => one(approve::endorse(case, proposal, agreed, &note, facts)),
        C::Approve { proposal, agreed, note, by_hand } => {
            approve::approve(case, proposal, agreed, (&note, by_hand), facts)
        }
        C::Unpropose { proposal } => one(approve::unpropose(case, proposal, facts)),
        C::State { party, note, exhibits } => one(hearing::state(case, party, &note, &exhibits, facts)),
        C::Answer { party, adopted, note } => one(hearing::answer(case, party, adopted, &note, facts)),
        C::Waive { party, hearing, exhibits } => one(hearing::waive(case, party, hearing, &exhibits, facts)),
        C::AskHearing { party, on } => one(hearing::ask(case, party, on, facts)),
        C::CallHearing { party, on, chair, note } => {
            one(hearing::call(case, party, on, &chair, &note, facts))
        }
        C::HoldHearing { party, note, exhibits } => one(hearing::hold(case, party, &note, &exhibits, facts)),
        C::DropHearing(asked) => one(hearing::give_up(case, &asked, facts)),
        C::Advise { asked, from, note, exhibits } => {
            one(advice::advise(case, asked, from, &note, &exhibits, facts))
        }
        C::Summon { party, on, note } => one(investigate::summon(case, party, on, &note, facts)),
        C::Review { opinion, note, qualification } => {
            one(hearing::review(case, opinion, &note, &qualification, facts))
        }
        C::Discuss { present, agreed, longer, note } => {
            one(hearing::discuss(case, present, agreed, longer, &note, facts))
        }
        C::Resubmit { note } => one(hearing::resubmit(case, &note, facts)),
        C::Issue(asked) => one(serve::issue(case, &asked, facts)),
        C::Void { paper, note } => one(serve::void(case, paper, &note, facts)),
        C::Seal(asked) => one(serve::seal(case, &asked, facts)),
        command @ C::Serve { .. } => serve::serve(case, command, facts),
        C::AgreeElectronic { party, exhibits } => one(serve::agree_electronic(case, party, &exhibits, facts)),
        C::SetPayCode { party, code } => one(money::set_pay_code(case, party, &code, facts)),
        C::Pay(asked) => one(money::pay(case, &asked, facts)),
        C::Collect(asked) => one(money::collect(case, &asked, facts)),
        C::HandIn(asked) => one(money::hand_in(case, &asked, facts)),
        C::Deposit(asked) => one(money::deposit(case, &asked, facts)),
        C::CheckPayment(asked) => one(money::check(case, &asked, facts)),
        C::Refund(asked) => one(money::refund(case, &asked, facts)),
        C::Appeal(asked) => one(remedy::appeal(case, &asked, facts)),
        C::EndAppeal(asked) => one(remedy::end_appeal(case, &asked, facts)),
        C::SetStay(asked) => one(remedy::set_stay(case, &asked, facts)),
        C::DelayRemedy(asked) => remedy::delay(case, &asked, facts),
        C::Enforce(asked) => one(enforce::done(case, &asked, facts)),
        C::StopEnforcement(of) => one(enforce::stop(case, &of, facts)),
        C::LodgeCourt(asked) => execution::lodge(case, &asked, facts),
        C::SendCrime { note, exhibits } => enforce::send_crime(case, &note, &exhibits, facts),
        C::AnswerCrime { taken, note, exhibits } => {
            one(enforce::answer_crime(case, taken, &note, &exhibits, facts))
        }
        C::Publish => one(enforce::publish(case, facts)),
        C::KeepBack { note } => one(enforce::keep_back(case, &note, facts)),
        C::Unpublish { note } => one(enforce::unpublish(case, &note, facts)),
        C::Archive(what) => one(enforce::archive(case, &what, facts)),
        C::FillFolio { folio, details, note } => one(folios::fill(case, folio, &details, &note, facts)),
        C::KeepFolio { folio, party } => {
            permit(case, "tick", facts)?;
            Ok(folios::keep(case, folio, party, facts))
        }
        C::SignFolio { folio, exhibits } => one(folios::sign(case, folio, &exhibits, facts)),
        C::DrawFolio { folio, signer, exhibits } => one(folios::draw(case, folio, signer, &exhibits, facts)),
        C::Add { note, exhibits } => one(join::add(case, &note, &exhibits, facts)),
        C::Join { to, note } => one(join::join(case, to, &note, facts)),
        C::Absorb { from } => join::absorb(case, from, facts),
        C::Split { party, note } => one(join::split(case, party, &note, facts)),
        C::SplitInto { party, docket } => join::split_into(case, party, docket, facts),
        C::ReviewProposal(review) => one(hearing::review_proposal(case, review, facts)),
        C::BreakAgreement(of) => one(execution::break_agreement(case, &of, facts)),
        C::Resume(of) => one(execution::resume(case, &of, facts)),
        C::CourtSaid(said) => one(execution::court_said(case, &said, facts)),
        C::ReplyRemedy(of) => one(remedy::reply_remedy(case, &of, facts)),
        C::AskPolice(asked) => one(police::ask_again(case, &asked, facts)),
        C::NotIndicted(back) => one(police::not_indicted(case, &back, facts)),
        C::AskOpinion(asked) => one(advice::ask(case, &asked, facts)),
        C::Mediate(mediated) => one(advice::mediate(case, &mediated, facts)),
        C::AnswerSuggestion(answer) => one(advice::suggestion_answer(case, &answer, facts)),
        C::Receive(letter) => one(advice::receive(case, letter, facts)),
        C::AnswerLetter(answer) => one(advice::answer_letter(case, &answer, facts)),
        C::AskHelp(asked) => one(aside::ask_help(case, asked, facts)),
        C::DelayHelp(asked) => one(aside::delay_help(case, &asked, facts)),
        C::AnswerHelp(answer) => one(aside::answer_help(case, &answer, facts)),
        C::DrawPanel(drawing) => one(aside::draw(case, drawing, facts)),
        C::SeatMember(seating) => one(aside::seat(case, &seating, facts)),
        C::RecuseMember(asked) => one(aside::stand_down(case, &asked, facts)),
        C::Vote(voting) => one(aside::vote(case, &voting, facts)),
        C::ConcludePanel(concluding) => one(aside::conclude(case, &concluding, facts)),
        C::SetCircuit(asked) => one(aside::set_circuit(case, &asked, facts)),
        C::HoldCircuit(held) => one(aside::hold_circuit(case, &held, facts)),
        C::SeeMediation(asked) => one(aside::see_mediation(case, &asked, facts)),
        C::Daily(going_on) => one(daily::ask(case, &going_on, facts)),
        C::DailyInto { party, violation, docket } => daily::into(case, party, violation, docket, facts),
        C::Bring(what) => bring::bring(case, &what, facts).map(|event| event.into_iter().collect()),
        C::PutIn(asked) => one(custody::put_in(case, asked, facts)),
        C::Shift(asked) => one(custody::shift(case, &asked, facts)),
        C::TakeOut(asked) => one(custody::take_out(case, asked, facts)),
        C::Announce(asked) => one(custody::announce(case, asked, facts)),
        C::DisposeEarly(asked) => one(custody::early(case, &asked, facts)),
        C::Dispose(asked) => custody::dispose(case, asked, facts),
        C::Missed(asked) => one(custody::missed(case, &asked, facts)),
        C::PayOver(asked) => one(custody::pay_over(case, &asked, facts)),
    }
}

/// Asks the policy about this case; gives the line that allows it.
fn permit(case: &Case, action: &'static str, facts: &Facts<'_>) -> Result<&'static Rule, Refusal> {
    let asked = case.asked();
    let matter = Matter {
        unit: Some(&case.unit),
        assignee: case.officers.first().map(|o| &o.person),
        registered_by: case.by.as_ref(),
        asked: &asked,
        ..Matter::default()
    };
    // A citizen of whom the panel has not is told why.
    policy::permit(facts, action, &matter).map_err(|refusal| {
        let citizen =
            facts.actor.person().filter(|_| action == "penalty_advise" && facts.actor.has(Role::Panelist));
        citizen.and_then(|person| case.not_on_panel(person)).unwrap_or(refusal)
    })
}

/// The person who asks.
pub(crate) fn me(facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    facts
        .actor
        .person()
        .cloned()
        .ok_or_else(|| Refusal::forbidden("sign-in", "这一步必须由本人登录后办理。", "请先登录。"))
}

/// The person who asks is one of the two officers of an open case.
fn officer(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let me = own_officer(case, facts)?;
    open(case)?;
    Ok(me)
}

/// The person who asks is one of the two officers of a case, which may be closed.
fn own_officer(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    permit(case, "penalty_handle", facts)?;
    let me = me(facts)?;
    if !case.is_officer(&me) {
        return Err(Refusal::forbidden(
            "not-your-case",
            "本案由指定的两名办案人员办理。",
            "需要换人的，请队长改派或者报批回避。",
        )
        .from_source("行政处罚法第四十二条"));
    }
    rules::two_officers(case).map_or(Ok(()), Err)?;
    Ok(me)
}

/// The same in a case that was filed.
fn in_filed(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let me = officer(case, facts)?;
    if case.filed().is_none() {
        return Err(no(
            "not-filed",
            "还没有立案。",
            "请先核查线索并报批立案。",
            "行政处罚法第五十四条第二款",
        ));
    }
    Ok(me)
}

/// The same before the decision.
fn undecided(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let me = in_filed(case, facts)?;
    if !matches!(case.outcome, super::Outcome::Open) {
        return Err(wrong_stage(case, "办理这一步"));
    }
    Ok(me)
}

fn open(case: &Case) -> Result<(), Refusal> {
    if case.open() { Ok(()) } else { Err(wrong_stage(case, "办理")) }
}

/// Open, or closed after a decision that may still be challenged, revoked, corrected and withdrawn from the public.
fn alive(case: &Case) -> Result<(), Refusal> {
    if case.afterwards() { Ok(()) } else { open(case) }
}

/// Open, or a paper that came of that after the case was closed.
fn alive_for(case: &Case, paper: u16) -> Result<(), Refusal> {
    if case.signed_afterwards(paper) { Ok(()) } else { open(case) }
}

fn wrong_stage(case: &Case, what: &str) -> Refusal {
    no(
        "wrong-stage",
        format!("本案现在是“{}”，不能{what}。", case.stage().title()),
        "请刷新页面，按可办事项办理。",
        "行政处罚法第五章第三节（普通程序）",
    )
}

/// A text that must be there.
pub(crate) fn need(text: &Text, field: &'static str, what: &str) -> Result<PartRef, Refusal> {
    text.part().ok_or_else(|| {
        Refusal::invalid(field, format!("没有写{what}。"), format!("请写明{what}。"))
            .from_source("行政处罚法第四十七条")
    })
}

/// A line that must be there.
pub(crate) fn line(text: &str, field: &'static str, what: &str, source: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 {
        return Err(Refusal::invalid(
            field,
            format!("{what}没有填写或者过长。"),
            format!("请填写{what}，不超过 100 字。"),
        )
        .from_source(source));
    }
    Ok(text.to_owned())
}

/// Files named in a command, found in custody.
pub(crate) fn exhibits(facts: &Facts<'_>, digests: &[Digest]) -> Result<Vec<ExhibitRef>, Refusal> {
    if digests.len() > EXHIBITS_MAX {
        let rule = format!("一次最多附 {EXHIBITS_MAX} 个文件。");
        return Err(Refusal::invalid("exhibits", rule, "请分几次补充。"));
    }
    let find = |d: &Digest| {
        facts.look_ups.exhibits.iter().find(|e| e.digest == *d).cloned().ok_or_else(|| {
            Refusal::invalid("exhibits", format!("没有收到文件 {}。", d.short()), "请重新上传该文件。")
        })
    };
    digests.iter().map(find).collect()
}

/// Files of which there must be one.
pub(crate) fn proof(
    facts: &Facts<'_>,
    digests: &[Digest],
    what: &str,
    source: &str,
) -> Result<Vec<ExhibitRef>, Refusal> {
    if digests.is_empty() {
        return Err(Refusal::invalid("exhibits", format!("没有附{what}。"), format!("请上传{what}。"))
            .from_source(source));
    }
    exhibits(facts, digests)
}

/// A signature drawn on the screen: one picture.
pub(crate) fn drawing(facts: &Facts<'_>, digests: &[Digest], source: &str) -> Result<ExhibitRef, Refusal> {
    let mut exhibits = proof(facts, digests, "签名", source)?;
    match (exhibits.pop(), exhibits.pop()) {
        (Some(exhibit), None) if exhibit.media == "image/png" => Ok(exhibit),
        _ => {
            Err(Refusal::invalid("exhibits", "签名须是一幅图。", "请在签名框里重新签名。")
                .from_source(source))
        }
    }
}

/// A party that is part of this case.
fn party(case: &Case, id: u16) -> Result<&Party, Refusal> {
    case.party(id).filter(|p| p.split_to.is_none()).ok_or_else(|| {
        Refusal::invalid("party", format!("本案没有当事人 {id}。"), "请从本案当事人中选择。")
            .from_source("行政处罚法第四条、第五十九条")
    })
}

/// A violation of this case.
fn violation(case: &Case, id: u16) -> Result<&Violation, Refusal> {
    case.violation(id).ok_or_else(|| {
        Refusal::invalid("violation", format!("本案没有违法行为 {id}。"), "请从本案违法行为中选择。")
            .from_source("行政处罚法第四条、第五十九条")
    })
}

/// Somebody with a certificate, who may work as an officer (42).
pub(crate) fn certified(
    code: &PersonCode,
    field: &'static str,
    facts: &Facts<'_>,
) -> Result<Officer, Refusal> {
    let person = facts.directory.people.get(code).filter(|p| p.active);
    let certificate = person.and_then(|p| p.certificate.clone()).filter(|c| !c.trim().is_empty());
    match (person, certificate) {
        (Some(person), Some(certificate)) => {
            Ok(Officer { person: code.clone(), name: person.name.clone(), certificate })
        }
        _ => Err(Refusal::invalid(
            field,
            format!("{} 没有有效的行政执法证。", facts.directory.person_name(code)),
            "请选择持执法证的人员；协管人员不得办案。",
        )
        .from_source("行政处罚法第四十二条")),
    }
}

/// The two who act together: whoever asks and another officer of this case.
fn pair(case: &Case, me: &PersonCode, second: Option<&PersonCode>) -> Result<Vec<Officer>, Refusal> {
    let one = |code: &PersonCode| case.officers.iter().find(|o| o.person == *code).cloned();
    let second = second.filter(|s| *s != me).and_then(&one);
    match (one(me), second) {
        (Some(first), Some(second)) => Ok(vec![first, second]),
        _ => {
            Err(Refusal::invalid("second", "执法人员不得少于两人。", "请选择与您一同执法的另一名办案人员。")
                .from_source("行政处罚法第四十二条、第五十五条"))
        }
    }
}

/// A moment that is not in the future.
pub(crate) fn past(at: Timestamp, field: &'static str, facts: &Facts<'_>) -> Result<Timestamp, Refusal> {
    if at > facts.now + SKEW {
        return Err(Refusal::invalid(field, "时间在将来。", "请填写实际发生的时间。")
            .from_source("行政处罚法第四十七条：全过程如实记录"));
    }
    Ok(at.min(facts.now))
}

/// A day that is not in the future.
pub(crate) fn past_day(on: Date, field: &'static str, facts: &Facts<'_>) -> Result<Date, Refusal> {
    if on > crate::beijing_date(facts.now) {
        return Err(Refusal::invalid(field, "日期在将来。", "请填写实际发生的日期。")
            .from_source("行政处罚法第四十七条：全过程如实记录"));
    }
    Ok(on)
}

/// The first of what is missing.
pub(crate) fn first(missing: Vec<Refusal>) -> Result<(), Refusal> {
    missing.into_iter().next().map_or(Ok(()), Err)
}
