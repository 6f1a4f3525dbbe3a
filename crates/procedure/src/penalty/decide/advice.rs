//! Opinions of panels and lawyers, mediation, suggestions to others and of others.

use super::*;
use crate::penalty::command::{
    AskingOpinion, LetterAnswer, Mediating, Receiving, Suggesting, SuggestionAnswer,
};
use crate::penalty::proposal::Proposal;
use crate::penalty::words::Adviser;
use crate::policy::Reach;

const PANEL: &str = "行政处罚法第五十七条；群众公议、律师驻队规则";
const SUGGESTION: &str = "行政执法建议规则；行政处罚法第五条第三款";
const LETTER: &str = "行政诉讼法第六十六条、第九十六条；人民检察院检察建议工作规定";

/// A day on which something must be there, after today.
pub(super) fn by_then(until: Date, facts: &Facts<'_>, source: &str) -> Result<Date, Refusal> {
    let today = crate::beijing_date(facts.now);
    let year = today.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
    if until <= today || until > year {
        return Err(
            Refusal::invalid("until", "期限不对。", "请填写今天以后、一年以内的日期。").from_source(source)
        );
    }
    Ok(until)
}

fn next(len: usize) -> u16 {
    u16::try_from(len + 1).unwrap_or(u16::MAX)
}

pub(super) fn ask(case: &Case, asked: &AskingOpinion, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    let until = by_then(asked.until, facts, PANEL)?;
    if case.beside.asked.iter().any(|o| o.from == asked.from && o.answered.is_none()) {
        let rule = format!("已经征求{}的意见，还没有答复。", asked.from.title());
        return Err(no("asked", rule, "请等答复，或者登记收到的意见。", PANEL));
    }
    filing::nothing_pending(case)?;
    let note = need(&asked.note, "note", "征求意见的问题")?;
    let id = next(case.beside.asked.len());
    Ok(Event::OpinionAsked { id, from: asked.from, until, note, by, at: facts.now })
}

/// Advice of a panel or a lawyer: heard, and binds nobody.
pub(super) fn advise(
    case: &Case,
    asked: Option<u16>,
    from: Adviser,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let rule = permit(case, "penalty_advise", facts)?;
    open(case)?;
    if rule.reach == Reach::Asked && !facts.actor.has(from.role()) {
        return Err(Refusal::invalid(
            "from",
            format!("您不能代{}提出意见。", from.title()),
            "请选择自己所属的一方；其他意见由办案人员登记。",
        )
        .from_source(PANEL));
    }
    if !matches!(case.outcome, crate::penalty::Outcome::Open) || case.filed().is_none() {
        return Err(wrong_stage(case, "登记评议意见"));
    }
    // Whoever was asked is answered for, also where nobody says so.
    let waits = |o: &&crate::penalty::OpinionAsked| o.from == from && o.answered.is_none();
    let open = case.beside.asked.iter().find(waits).map(|o| o.id);
    if asked.is_some() && asked != open {
        return Err(Refusal::invalid(
            "asked",
            "没有这一项等候答复的征求意见。",
            "请从等候答复的征求意见中选择；没有征求的不选。",
        )
        .from_source(PANEL));
    }
    if open.is_some() && aside::speaks_by_votes(case, from) {
        let rule = format!("{}已经有成员，意见由各成员表决后汇总。", from.title());
        return Err(no("votes-missing", rule, "请逐人登记表决，再汇总公议意见。", PANEL));
    }
    let note = need(note, "note", "意见")?;
    let exhibits = exhibits(facts, files)?;
    Ok(Event::Advised { asked: open, from, note, exhibits, by: me(facts)?, at: facts.now })
}

/// Mediation settles what a party owes to those whom it harmed; the penalty is decided all the same.
pub(super) fn mediate(case: &Case, mediated: &Mediating, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "人民调解法第三十一条；行政处罚法第八条第一款";
    let by = in_filed(case, facts)?;
    let exhibits = proof(facts, &mediated.exhibits, "各方签名的调解记录", SOURCE)?;
    let until = match mediated.until {
        Some(_) if !mediated.agreed => {
            return Err(Refusal::invalid("until", "没有达成协议，没有履行期限。", "请不填履行期限。")
                .from_source(SOURCE));
        }
        until => until.map(|until| by_then(until, facts, SOURCE)).transpose()?,
    };
    let plain = |text: &str, field: &'static str, what: &str| match text.trim() {
        "" => Ok(String::new()),
        text => line(text, field, what, SOURCE),
    };
    let room = plain(&mediated.room, "room", "调解室")?;
    let mediator = plain(&mediated.mediator, "mediator", "主持调解的人")?;
    let note = need(&mediated.note, "note", "参加调解的各方、争议和结果")?;
    let (agreed, at) = (mediated.agreed, facts.now);
    Ok(Event::Mediated { agreed, note, exhibits, room, mediator, until, by, at })
}

pub(super) fn suggest(case: &Case, asked: &Suggesting, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    let to = line(&asked.to, "to", "建议发给的单位", SUGGESTION)?;
    let until = by_then(asked.until, facts, SUGGESTION)?;
    let problem = need(&asked.problem, "problem", "发现的问题")?;
    Ok(Proposal::Suggest { to, problem, until })
}

/// What was asked and is asked of others is answered until the file is in the archive.
pub(super) fn unarchived(case: &Case) -> Result<(), Refusal> {
    match &case.closed {
        Some(closed) if closed.archived.is_none() => Ok(()),
        Some(_) => Err(archive::shut("登记这一项")),
        None => open(case),
    }
}

pub(super) fn suggestion_answer(
    case: &Case,
    answer: &SuggestionAnswer,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = own_officer(case, facts)?;
    unarchived(case)?;
    if !case.beside.suggestions.iter().any(|s| s.paper == answer.paper && s.answer.is_none()) {
        return Err(Refusal::invalid("paper", "没有等候反馈的这份执法建议书。", "请从发出的建议书中选择。")
            .from_source(SUGGESTION));
    }
    let note = need(&answer.note, "note", "反馈的内容")?;
    let exhibits = exhibits(facts, &answer.exhibits)?;
    Ok(Event::SuggestionAnswered {
        paper: answer.paper,
        adopted: answer.adopted,
        note,
        exhibits,
        by,
        at: facts.now,
    })
}

pub(super) fn receive(case: &Case, letter: Receiving, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    unarchived(case)?;
    let until = by_then(letter.until, facts, LETTER)?;
    Ok(Event::LetterReceived {
        id: next(case.beside.letters.len()),
        kind: letter.kind,
        sender: line(&letter.sender, "sender", "发出建议的机关", LETTER)?,
        number: line(&letter.number, "number", "建议书的文号", LETTER)?,
        until,
        note: need(&letter.note, "note", "建议的内容")?,
        exhibits: exhibits(facts, &letter.exhibits)?,
        by: me(facts)?,
        at: facts.now,
    })
}

pub(super) fn answer_letter(case: &Case, answer: &LetterAnswer, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    unarchived(case)?;
    if !case.beside.letters.iter().any(|l| l.id == answer.letter && l.answer.is_none()) {
        return Err(Refusal::invalid("letter", "没有等候答复的这份建议。", "请从收到的建议中选择。")
            .from_source(LETTER));
    }
    let note = need(&answer.note, "note", "答复的内容")?;
    // The reply is a paper of the agency like any other that goes out: as it was signed and stamped it lies in the file.
    let exhibits = proof(facts, &answer.exhibits, "签发的答复函", LETTER)?;
    Ok(Event::LetterAnswered { letter: answer.letter, note, exhibits, by: me(facts)?, at: facts.now })
}
