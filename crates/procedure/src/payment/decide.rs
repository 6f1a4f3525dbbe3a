//! What happens when something is asked of money that came, or why it may not.

use super::command::Command;
use super::event::Event;
use super::state::{Credit, Difference, Line, Money, State};
use crate::pay_code::PayCodes;
use crate::penalty::decide::{line, me, need};
use crate::penalty::rules::no;
use crate::policy::{self, Matter};
use crate::{Debt, Facts, Refusal};

const SOURCE: &str = "行政处罚法第六十七条、第七十四条；罚没收入对账规则";
/// Largest sum of a line, fen: ten thousand million yuan.
const MOST: i64 = 1_000_000_000_000;

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    policy::permit(facts, "payments_settle", &Matter::default())?;
    match (state, command) {
        (State::Nothing, command @ Command::Come { .. }) => come(command, facts),
        (State::Nothing, _) => Err(Refusal::missing("没有这笔到账。")),
        (State::Money(_), Command::Come { .. }) => {
            Err(Refusal::conflict("exists", "这一笔流水已经导入。", "同一笔只登记一次，不用重复导入。"))
        }
        (State::Money(money), command) => settle(money, command, facts),
    }
}

fn come(command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Command::Come { serial, code, fen, at, payer, ticket, file } = command else {
        return Err(Refusal::missing("没有这笔到账。"));
    };
    let serial = line(&serial, "serial", "银行流水号", SOURCE)?;
    if !(1..=MOST).contains(&fen) {
        return Err(Refusal::invalid("amount", "金额须大于零。", "请核对银行文件；冲正、退款不导入。")
            .from_source(SOURCE));
    }
    if at > facts.now + jiff::SignedDuration::from_hours(24) {
        return Err(Refusal::invalid("at", "到账时间在将来。", "请核对银行文件的日期。").from_source(SOURCE));
    }
    let code = code.trim().to_owned();
    let line = Line {
        serial,
        code: code.chars().take(64).collect(),
        fen,
        on: at,
        payer: need(&payer, "payer", "缴款人").map_err(|r| r.from_source(SOURCE))?,
        ticket: ticket.trim().chars().take(64).collect(),
        file: file.trim().chars().take(100).collect(),
    };
    let debt = facts.look_ups.debt.as_ref();
    let (fen, difference) = verdict(&line, debt, &facts.directory.settings.pay_codes);
    let credit = debt.zip(fen).map(|(debt, fen)| credit(debt, fen));
    let why = debt.and_then(|d| d.refused.clone()).filter(|_| difference == Some(Difference::Refused));
    let why = why.unwrap_or_default();
    Ok(Event::Came { line, credit, difference, why, at: facts.now })
}

/// What of a line goes to a case at once, fen, and why not the rest: by the debt under its code.
#[must_use]
pub fn verdict(line: &Line, debt: Option<&Debt>, codes: &PayCodes) -> (Option<i64>, Option<Difference>) {
    let none = |why| (None, Some(why));
    match debt {
        Some(debt) if debt.known => (Some(line.fen), None),
        _ if line.code.is_empty() => none(Difference::NoCode),
        None if codes.fits(&line.code) => none(Difference::UnknownCode),
        None => none(Difference::WrongCode),
        Some(debt) if debt.refused.is_some() => none(Difference::Refused),
        Some(debt) if debt.most == 0 => none(Difference::PaidTwice),
        Some(debt) => {
            let fen = line.fen.min(debt.most);
            (Some(fen), (fen < line.fen).then_some(Difference::TooMuch))
        }
    }
}

fn credit(debt: &Debt, fen: i64) -> Credit {
    Credit { to: debt.docket, number: debt.number.clone(), party: debt.party, fen }
}

fn settle(money: &Money, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let left = money.left();
    if left == 0 {
        return Err(no("nothing-left", "这笔到账已经全部处理。", "请刷新页面。", SOURCE));
    }
    let by = me(facts)?;
    let within = |amount: i64, most: i64| {
        if (1..=most).contains(&amount) {
            return Ok(amount);
        }
        let most = crate::penalty::yuan(most);
        Err(Refusal::invalid(
            "amount",
            format!("金额须大于零，且不超过 {most}。"),
            "请核对未处理的金额和案件应缴的金额。",
        )
        .from_source(SOURCE))
    };
    let at = facts.now;
    match command {
        Command::Come { .. } => Err(Refusal::missing("没有这笔到账。")),
        Command::Credit { amount, note, .. } => {
            let note = need(&note, "note", "归入本案的依据")?;
            let debt = facts.look_ups.debt.as_ref().ok_or_else(|| {
                Refusal::invalid(
                    "to",
                    "没有这个案件，或者案件没有这个当事人。",
                    "请填写案号或者当场处罚决定书文号。",
                )
                .from_source(SOURCE)
            })?;
            if let Some(why) = debt.refused.as_ref().filter(|_| !debt.known) {
                return Err(Refusal::invalid("to", why.clone(), "请核对案件；不应当收缴的，登记退付。")
                    .from_source(SOURCE));
            }
            let most = if debt.known { amount } else { debt.most };
            Ok(Event::Credited { credit: credit(debt, within(amount, left.min(most))?), note, by, at })
        }
        Command::GiveBack { how, amount, reference, note } => {
            let note = need(&note, "note", "退付、转出的原因和经办情况")?;
            let reference = line(&reference, "reference", "退付、转出的凭证号", SOURCE)?;
            Ok(Event::GivenBack { how, fen: within(amount, left)?, reference, note, by, at })
        }
    }
}
