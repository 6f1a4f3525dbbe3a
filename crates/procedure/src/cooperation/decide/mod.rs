//! What happens when something is asked of a shared matter, or why it may not.

mod acts;
mod hear;
mod office;

use super::act::Act;
use super::command::Command;
use super::event::Event;
use super::join::Stage;
use super::state::{File, State};
use super::{authority, bounds, clocks, erasure, evolve, form};
use crate::policy::{self, Matter};
use crate::{Actor, ExhibitRef, Facts, PartRef, Refusal, Text};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, PersonCode};

pub(super) fn decide(
    form: Form,
    state: &State,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match (state, command) {
        (State::Empty, Command::Begin(letter)) => office::begin(form, *letter, facts),
        (State::Empty, Command::Hear { entry, envelope }) => hear::first(form, entry, envelope, facts),
        (State::Empty, _) => Err(Refusal::missing("没有这个协作件。")),
        (State::File(_), Command::Begin(_)) => {
            Err(Refusal::conflict("begun", "本件已经拟稿。", "请在本件上修改或继续办理。"))
        }
        (State::File(file), command) => in_file(file, command, facts),
    }
}

fn in_file(file: &File, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    use Command as C;
    match command {
        C::Begin(_) => Ok(Vec::new()),
        C::Hear { entry, envelope } => hear::further(file, entry, envelope, facts),
        C::Redraft(letter) => office::redraft(file, *letter, facts),
        C::Amend { title, text, officers } => office::amend(file, &title, &text, officers, facts),
        C::Review { agreed, note } => office::review(file, agreed, note, facts),
        C::Sign { agreed, note } => office::sign(file, agreed, note, facts),
        C::Discard => office::discard(file, facts),
        C::Register => office::register(file, facts),
        C::Assign { person } => office::assign(file, person, facts),
        C::Arrive { exhibit } => office::arrive(file, exhibit, facts),
        C::Serve { exhibit, to } => office::serve(file, exhibit, to, facts),
        C::Link { docket } => {
            permit(file, "cooperation_system", facts)?;
            // What it became once is what it stays.
            let linked = Event::Linked { docket, at: facts.now };
            Ok(if file.link.is_none() { vec![linked] } else { Vec::new() })
        }
        C::Verifying { docket } => {
            permit(file, "cooperation_system", facts)?;
            let known = file.link == Some(docket) || file.verifying.contains(&docket);
            Ok(if known { Vec::new() } else { vec![Event::Verifying { docket, at: facts.now }] })
        }
        C::Tick => {
            permit(file, "cooperation_system", facts)?;
            Ok(clocks::tick(file, facts))
        }
        command => acts::act(file, command, facts),
    }
}

/// Whether a letter in the making may not be said any more where the matter stands now.
pub(super) fn overtaken(file: &File, act: &Act) -> bool {
    acts::still(file, act).is_err() || hear::may_say(file, file.me(), act).is_err()
}

/// Asks the policy about this file.
pub(super) fn permit(file: &File, action: &'static str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let assignee = if file.mine() { file.drafter.as_ref() } else { file.person.as_ref() };
    let matter = Matter { unit: file.unit.as_ref(), assignee, ..Matter::default() };
    policy::permit(facts, action, &matter).map(|_| ())
}

/// The person who asks.
fn person(facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    facts
        .actor
        .person()
        .cloned()
        .ok_or_else(|| Refusal::forbidden("person", "这一步要由本机关工作人员办理。", "请登录后办理。"))
}

fn wrong_stage(file: &File, what: &str) -> Refusal {
    Refusal::conflict(
        "wrong-stage",
        format!("本件现在是“{}”，不能{what}。", file.stage().title()),
        "请刷新页面，按可办事项办理。",
    )
    .from_source("协作办理程序")
}

fn in_stages(file: &File, stages: &[Stage], what: &str) -> Result<(), Refusal> {
    if stages.contains(&file.stage()) { Ok(()) } else { Err(wrong_stage(file, what)) }
}

/// A text that must be there.
fn required(text: &Text, field: &'static str, what: &str) -> Result<PartRef, Refusal> {
    text.part().ok_or_else(|| {
        Refusal::invalid(field, format!("没有写{what}。"), format!("请写明{what}。"))
            .from_source("公文处理规则：发出的文件应当载明事由")
    })
}

/// Files named in a command, found in custody.
fn in_custody(digests: &[Digest], facts: &Facts<'_>) -> Result<Vec<ExhibitRef>, Refusal> {
    digests
        .iter()
        .map(|d| {
            facts
                .look_ups
                .exhibits
                .iter()
                .find(|e| e.digest == *d)
                .cloned()
                .ok_or_else(|| Refusal::invalid("exhibits", "有文件没有找到。", "请重新上传后再选。"))
        })
        .collect()
}

/// Says something to the others at once.
fn say(file: &File, act: &Act, urgent: bool, facts: &Facts<'_>) -> Result<Event, Refusal> {
    authority::fields(authority::entry(file, facts)?, &authority::shared_by(act))?;
    let parts = act.parts().iter().map(|p| p.digest).collect();
    let exhibits: Vec<ExhibitRef> = act.exhibits().iter().map(|p| p.exhibit.clone()).collect();
    let bytes = file.streams.say(file.form.code(), act, parts, &exhibits, facts)?;
    let roster = authority::roster(facts)?;
    let mut to = file.others();
    // Who left the compact hears nothing any more, unless there is nobody else.
    if to.iter().any(|node| roster.member(node).is_some()) {
        to.retain(|node| roster.member(node).is_some());
    }
    // Whom it is passed on to is a party from now on.
    if let Act::ForwardAnswered { to: next, agreed: true, .. } = act
        && !to.contains(next)
    {
        to.push(next.clone());
    }
    let mut said = Event::Said {
        entry: bytes,
        to,
        list: file.opening.list,
        basis: basis(file.form).into(),
        urgent,
        by: facts.actor.person().cloned(),
        clocks: Vec::new(),
        erased: erasure::erases(act),
        at: facts.now,
    };
    start_clocks(State::File(Box::new(file.clone())), &mut said, facts)?;
    Ok(said)
}

/// Puts into what was said or heard the clocks that run from then on.
fn start_clocks(before: State, event: &mut Event, facts: &Facts<'_>) -> Result<(), Refusal> {
    let after = evolve::evolve(before, event);
    if let (Event::Said { clocks, .. } | Event::Heard { clocks, .. }, Some(file)) = (event, after.file()) {
        *clocks = clocks::wanted(file, facts)?;
    }
    Ok(())
}

/// Law on which a form of working together rests.
pub(super) const fn basis(form: Form) -> &'static str {
    match form {
        Form::Lead => "行政处罚法第二十二条、第五十四条",
        Form::Assistance => "行政处罚法第二十六条",
        Form::Evidence => "行政处罚法第二十六条、第四十六条",
        Form::Bulletin => "协作机制章程（预警通报）",
        Form::Dispute => "行政处罚法第二十五条",
        Form::Away => "行政处罚法第二十二条、第二十九条",
    }
}
