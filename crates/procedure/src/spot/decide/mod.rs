//! What happens when something is asked of a sheet, or why it may not.

pub(super) mod after;
mod before;
mod court;
mod later;
mod money;
mod publish;

use super::command::Command;
use super::event::Event;
use super::evolve;
use super::state::{Imposed, Outcome, Sheet, State};
use super::words::Term;
use crate::penalty::law_side;
use crate::penalty::rules::no;
use crate::policy::{self, Matter};
use crate::watch::Said;
use crate::{Facts, Refusal};
use jiff::civil::Date;
use lianzhi_ids::PersonCode;
use lianzhi_law::{Standard, Standing, Unit};

pub use after::SIGNERS;
pub use money::payable;
pub(super) use money::surcharge;

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let mut events = trial(state, command, facts)?;
    // Terms begin with what just happened, in the same entry group.
    let after = events.iter().fold(state.clone(), evolve::evolve);
    if let State::Sheet(sheet) = &after {
        let calendars = facts.directory.law.calendars();
        let begun = sheet.clocks.begin(&sheet.owed(), calendars, |term| standard(sheet, term, facts))?;
        events.extend(begun.into_iter().map(|clock| Event::ClockStarted { clock, at: facts.now }));
    }
    Ok(events)
}

/// The same without the terms.
pub(super) fn trial(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match (state, command) {
        (State::Nothing, Command::Open(new)) => before::open(*new, facts),
        (State::Nothing, _) => Err(Refusal::missing("没有这份当场处罚表格。")),
        (State::Sheet(_), Command::Open(_)) => {
            Err(Refusal::conflict("exists", "这份表格已经使用。", "请在本件上办理，或者另用一份表格。"))
        }
        (State::Sheet(sheet), command) => on_sheet(sheet, command, facts),
    }
}

fn on_sheet(sheet: &Sheet, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    use Command as C;
    let at = facts.now;
    let one = |event: Result<Event, Refusal>| event.map(|event| vec![event]);
    match command {
        C::Open(_) => Ok(Vec::new()),
        C::Tick => {
            permit(sheet, "tick", facts)?;
            let said = |said| match said {
                Said::Warned(term, percent) => Event::ClockWarned { term, percent, at },
                Said::Expired(term) => Event::ClockExpired { term, at },
            };
            Ok(sheet.clocks.look(at).into_iter().map(said).collect())
        }
        C::Recompute => {
            permit(sheet, "tick", facts)?;
            let clocks = sheet.clocks.recompute(facts.directory.law.calendars());
            let changed = |clock| Event::ClockChanged { clock, why: "工作日历更新".into(), at };
            Ok(clocks.into_iter().map(changed).collect())
        }
        C::TakenOver { docket } => {
            permit(sheet, "tick", facts)?;
            let open = matches!(sheet.outcome, Outcome::Ordinary { case: None, .. });
            Ok(if open { vec![Event::TakenOver { docket, at }] } else { Vec::new() })
        }
        C::Tell { plan } => one(before::tell(sheet, plan, facts)),
        C::Hear { defence } => one(before::hear(sheet, &defence, facts)),
        C::Impose { lowered } => {
            let imposed = before::impose(sheet, lowered, facts)?;
            let code = before::pay_code(&imposed, facts)?;
            Ok(std::iter::once(imposed).chain(code).collect())
        }
        C::Describe { particulars } => one(before::describe(sheet, &particulars, facts)),
        C::ConfirmList { note } => one(before::confirm_list(sheet, &note, facts)),
        command @ C::Spare { .. } => one(before::spare(sheet, command, facts)),
        C::Reinspect { done, note, exhibits } => one(before::reinspect(sheet, done, &note, &exhibits, facts)),
        C::GoOver { note } => one(before::go_over(sheet, &note, facts)),
        C::Void { note } => one(before::void(sheet, &note, facts)),
        C::Hand { refused, note, exhibits } => one(after::hand(sheet, refused, &note, &exhibits, facts)),
        C::Draw { signer, exhibits } => one(after::draw(sheet, signer, &exhibits, facts)),
        C::Lodge => one(after::lodge(sheet, facts)),
        C::SetPayCode { code } => one(money::set_pay_code(sheet, &code, facts)),
        C::Pay { amount, on, reference, ticket, exhibits } => {
            one(money::pay(sheet, (amount, on), &reference, &ticket, &exhibits, facts))
        }
        C::Collect { ground, ticket, note, exhibits } => {
            one(money::collect(sheet, ground, &ticket, (&note, &exhibits), facts))
        }
        C::HandIn { receipt } => one(money::hand_in(sheet, &receipt, facts)),
        C::Deposit { ticket, on, reference, exhibits } => {
            one(money::deposit(sheet, &ticket, (on, &reference), &exhibits, facts))
        }
        C::CheckPayment(found) => one(money::check(sheet, &found, facts)),
        C::Appeal { kind, on, stay, ordinary } => {
            one(after::appeal(sheet, kind, on, (stay, ordinary), facts))
        }
        C::ReplyRemedy { note, exhibits } => one(after::reply(sheet, &note, &exhibits, facts)),
        C::EndAppeal { end, on, fine, note } => one(after::end_appeal(sheet, end, on, fine, &note, facts)),
        C::AskLater { parts, first, note, exhibits } => {
            one(later::ask(sheet, (parts, first), &note, &exhibits, facts))
        }
        C::AnswerLater { agreed, note } => one(later::answer(sheet, agreed, &note, facts)),
        C::Demand { note } => one(court::demand(sheet, &note, facts)),
        C::ServeDemand { way, on, note, exhibits } => {
            one(court::serve(sheet, way, on, &note, &exhibits, facts))
        }
        C::ApplyCourt { court, note } => one(court::apply(sheet, &court, &note, facts)),
        C::AnswerCourt { answer, on, note, exhibits } => {
            one(court::answer(sheet, answer, on, &note, &exhibits, facts))
        }
        C::Refund { on, reference } => one(money::refund(sheet, on, &reference, facts)),
        C::Archive { shelf } => one(after::archive(sheet, &shelf, facts)),
        C::Withdraw { note } => one(after::withdraw(sheet, &note, facts)),
        C::Correct { note, wrong, right } => one(after::correct(sheet, &note, (&wrong, &right), facts)),
        C::Publish => one(publish::publish(sheet, facts)),
        C::KeepBack { note } => one(publish::keep_back(sheet, &note, facts)),
        C::Unpublish { note } => one(publish::unpublish(sheet, &note, facts)),
        C::Add { note, exhibits } => one(after::add(sheet, &note, &exhibits, facts)),
    }
}

/// Asks the policy about this sheet.
fn permit(sheet: &Sheet, action: &'static str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let keeper = sheet.opening.officers.first().map(|o| &o.person);
    let matter = Matter {
        unit: Some(&sheet.opening.unit),
        assignee: keeper,
        registered_by: keeper,
        ..Matter::default()
    };
    policy::permit(facts, action, &matter).map(|_| ())
}

/// The person who asks is one of the two officers.
fn officer(sheet: &Sheet, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    permit(sheet, "spot_handle", facts)?;
    let me = crate::penalty::decide::me(facts)?;
    if sheet.is_officer(&me) {
        return Ok(me);
    }
    Err(Refusal::forbidden("not-your-sheet", "这份当场处罚由在场的两名执法人员办理。", "请由其中一人办理。")
        .from_source("行政处罚法第四十二条、第五十二条"))
}

/// One of the two officers, while nothing became of it yet.
fn undecided(sheet: &Sheet, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let me = officer(sheet, facts)?;
    if matches!(sheet.outcome, Outcome::Open) { Ok(me) } else { Err(wrong_stage(sheet, "办理这一步")) }
}

/// A decision that stands.
fn imposed<'a>(sheet: &'a Sheet, what: &str) -> Result<&'a Imposed, Refusal> {
    match sheet.imposed() {
        Some(imposed) if imposed.annulled.is_none() => Ok(imposed),
        _ => Err(wrong_stage(sheet, what)),
    }
}

fn wrong_stage(sheet: &Sheet, what: &str) -> Refusal {
    no(
        "wrong-stage",
        format!("本件现在是“{}”，不能{what}。", sheet.stage().title()),
        "请刷新页面，按可办事项办理。",
        "行政处罚法第五章第二节（简易程序）",
    )
}

/// The standard of a term on the day on which it begins.
fn standard(sheet: &Sheet, term: Term, facts: &Facts<'_>) -> Result<Standard, Refusal> {
    let day = crate::beijing_date(facts.now);
    let missing = |e: &str| {
        Refusal::conflict("term", format!("期限无法计算：{e}"), "请管理员检查期限数据。")
            .from_source("期限数据")
    };
    match term {
        Term::Lodge => {
            let found = facts.directory.law.standard(term.key(), day);
            found.cloned().ok_or_else(|| missing("没有“当场处罚报备案”的期限。"))
        }
        Term::Promise => {
            let until = match &sheet.outcome {
                Outcome::Spared { sparing, .. } => sparing.promise.unwrap_or(day),
                _ => day,
            };
            Ok(promised(
                term.key(),
                term.title(),
                facts.now,
                until,
                "行政处罚法第三十三条第一款；期限由当事人承诺",
            ))
        }
        Term::Decide => Ok(today(term, day, "行政处罚法第五十一条、第五十二条第一款：当场")),
        Term::Hand => Ok(today(term, day, "行政处罚法第五十二条第一款：当场交付")),
        Term::PayPart => {
            let (from, until) = sheet
                .imposed()
                .and_then(Imposed::part)
                .map_or((facts.now, day), |(_, part, from)| (from, part.due));
            Ok(promised(
                term.key(),
                term.title(),
                from,
                until,
                "行政处罚法第六十六条第二款；期限由本机关批准",
            ))
        }
        _ => {
            let statute = law_side::statutory(facts, term.key(), day)?;
            statute.standard().ok_or_else(|| missing("该期限没有法定的天数。"))
        }
    }
}

/// A term that ends with the day on which it begins.
fn today(term: Term, day: Date, source: &str) -> Standard {
    Standard {
        code: term.key().into(),
        title: term.title().into(),
        amount: 0,
        unit: Unit::CalendarDays,
        calendar: None,
        rolls_over: false,
        warn: Vec::new(),
        source: source.into(),
        standing: Standing::Adopted,
        in_force_from: day,
        in_force_to: None,
        own: None,
    }
}

/// A term that was agreed on by its last day.
pub(crate) fn promised(
    code: &str,
    title: &str,
    from: jiff::Timestamp,
    until: Date,
    source: &str,
) -> Standard {
    Standard {
        code: code.into(),
        title: title.into(),
        amount: law_side::days_between(from, until),
        unit: Unit::CalendarDays,
        calendar: None,
        rolls_over: false,
        warn: vec![80],
        source: source.into(),
        standing: Standing::Adopted,
        in_force_from: crate::beijing_date(from),
        in_force_to: None,
        own: None,
    }
}
