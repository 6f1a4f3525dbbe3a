//! What is asked of others beside a case: help of a department, a panel that is drawn and votes, a court that comes to the place.

use super::*;
use crate::penalty::advice::PANEL;
use crate::penalty::aside::{Aside, HelpKind, PANEL_MAX, PANEL_MIN, lot, seed};
use crate::penalty::command::{
    AskingHelp, Concluding, Drawing, HelpAnswer, HelpDelay, HoldingCircuit, Seat, Seating, SeeingMediation,
    SettingCircuit, StandingDown, Voting,
};
use crate::penalty::law_side;
use crate::penalty::words::Adviser;
use crate::penalty::{Help, Member, OpinionAsked};

const HELP: &str = "行政处罚法第二十六条";
const OPINION: &str = "上海市城市管理行政执法条例第二十九条；行政处罚法第二十六条";
const CIRCUIT: &str = "行政诉讼法第六条、第九十七条；行政强制法第五十七条、第五十八条";
const MEDIATION: &str = "人民调解法第三十一条、第三十二条";

fn entered(what: Aside, facts: &Facts<'_>) -> Result<Event, Refusal> {
    Ok(Event::Aside { what: Box::new(what), by: me(facts)?, at: facts.now })
}

fn next(len: usize) -> u16 {
    u16::try_from(len + 1).unwrap_or(u16::MAX)
}

/// The key of the statute that sets the days of what is asked, where it is one that names days here.
fn has_days(kind: HelpKind, day: Date, facts: &Facts<'_>) -> bool {
    let key = match kind {
        HelpKind::Opinion => "assist.opinion",
        HelpKind::Act => "assist.request",
    };
    law_side::statutory(facts, key, day).is_ok_and(|term| term.measure.is_some())
}

/// A department is asked. Where the law of the place names the days they count from the day on which it got the notice; elsewhere the
/// agency says until when.
pub(super) fn ask_help(case: &Case, asked: AskingHelp, facts: &Facts<'_>) -> Result<Event, Refusal> {
    undecided(case, facts)?;
    let source = if asked.kind == HelpKind::Opinion { OPINION } else { HELP };
    let today = crate::beijing_date(facts.now);
    if asked.received > today || asked.received < crate::beijing_date(case.at) {
        return Err(Refusal::invalid(
            "received",
            "对方收到的日期不对。",
            "请填写立案登记以后、今天以前对方收到协助通知书的日期。",
        )
        .from_source(source));
    }
    let until = match (has_days(asked.kind, asked.received, facts), asked.until) {
        (true, None) => None,
        (true, Some(_)) => {
            return Err(Refusal::invalid(
                "until",
                "本地法规已经规定答复的期限。",
                "请不填期限；对方书面说明延期的，再登记延期。",
            )
            .from_source(source));
        }
        (false, Some(until)) if until > asked.received => Some(until),
        (false, _) => {
            return Err(Refusal::invalid(
                "until",
                "本地法规没有规定天数，须写明请求答复的日期。",
                "请填写收到日期以后的一天。",
            )
            .from_source(source));
        }
    };
    let what = Aside::HelpAsked {
        id: next(case.beside.helps.len()),
        to: line(&asked.to, "to", "请求协助的单位", source)?,
        kind: asked.kind,
        received: asked.received,
        until,
        note: need(&asked.note, "note", "请求协助的事项和理由")?,
        exhibits: exhibits(facts, &asked.exhibits)?,
    };
    entered(what, facts)
}

fn waiting(case: &Case, id: u16) -> Result<&Help, Refusal> {
    case.beside.helps.iter().find(|h| h.id == id && h.answer.is_none()).ok_or_else(|| {
        Refusal::invalid("help", "没有等候答复的这项协助请求。", "请从等候答复的请求中选择。")
            .from_source(HELP)
    })
}

pub(super) fn delay_help(case: &Case, asked: &HelpDelay, facts: &Facts<'_>) -> Result<Event, Refusal> {
    in_filed(case, facts)?;
    let help = waiting(case, asked.help)?;
    let before = help.until.unwrap_or(help.received);
    if asked.until <= before.max(crate::beijing_date(facts.now)) {
        return Err(Refusal::invalid(
            "until",
            "延期的日期不对。",
            "请填写对方书面明确的、今天以后的答复日期。",
        )
        .from_source(OPINION));
    }
    let what = Aside::HelpLater {
        id: asked.help,
        until: asked.until,
        note: need(&asked.note, "note", "延期的理由")?,
        exhibits: proof(facts, &asked.exhibits, "对方延期的书面说明", OPINION)?,
    };
    entered(what, facts)
}

pub(super) fn answer_help(case: &Case, answer: &HelpAnswer, facts: &Facts<'_>) -> Result<Event, Refusal> {
    in_filed(case, facts)?;
    let help = waiting(case, answer.help)?;
    let exhibits = match help.kind {
        HelpKind::Opinion => proof(facts, &answer.exhibits, "书面认定意见", OPINION)?,
        HelpKind::Act => exhibits(facts, &answer.exhibits)?,
    };
    let note = need(&answer.note, "note", "认定意见、协助的结果")?;
    entered(Aside::HelpAnswered { id: answer.help, note, exhibits }, facts)
}

/// The panel for which this may be entered.
fn panel(case: &Case, asked: u16) -> Result<&OpinionAsked, Refusal> {
    case.beside.panel_asked(asked).ok_or_else(|| {
        Refusal::invalid(
            "asked",
            "没有等候答复的这一项群众公议、居民议事。",
            "请先征求公众评议团、居民议事会的意见。",
        )
        .from_source(PANEL)
    })
}

/// A lot from those who hold the role, take no part in the case and have no seat yet: who is drawn follows from case and question.
pub(super) fn draw(case: &Case, drawing: Drawing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    undecided(case, facts)?;
    let asked = panel(case, drawing.asked)?;
    let seated =
        |person: &PersonCode| asked.panel.members.iter().any(|member| member.person.as_ref() == Some(person));
    let apart = |person: &PersonCode| {
        !case.is_officer(person) && !case.handled_by.contains(person) && !seated(person)
    };
    let people = facts.directory.people.values().filter(|p| p.active);
    let pool: Vec<PersonCode> = people
        .filter(|p| p.posts.iter().any(|post| post.roles.contains(&Role::Panelist)))
        .map(|p| p.code.clone())
        .filter(apart)
        .collect();
    let count = usize::from(drawing.count);
    let room = PANEL_MAX.saturating_sub(asked.panel.sitting().count());
    if count == 0 || count > pool.len().min(room) {
        let rule = format!("可以抽取 1 至 {} 人。", pool.len().min(room));
        let remedy = "请改人数；人数不够的，由管理员登记群众公议员，或者指名没有账号的成员。";
        return Err(Refusal::invalid("count", rule, remedy).from_source(PANEL));
    }
    let seed = seed(&case.number, drawing.asked);
    let size = u16::try_from(pool.len()).unwrap_or(u16::MAX);
    let first = asked.panel.members.len();
    let members = lot(&seed, pool, count);
    let members = members.into_iter().enumerate().map(|(n, person)| (next(first + n), person)).collect();
    entered(Aside::PanelDrawn { asked: drawing.asked, members, pool: size, seed }, facts)
}

pub(super) fn seat(case: &Case, seating: &Seating, facts: &Facts<'_>) -> Result<Event, Refusal> {
    undecided(case, facts)?;
    let asked = panel(case, seating.asked)?;
    if asked.panel.sitting().count() >= PANEL_MAX {
        let rule = format!("公议团最多 {PANEL_MAX} 人。");
        return Err(Refusal::invalid("name", rule, "请不再增加成员。").from_source(PANEL));
    }
    let what = Aside::MemberSeated {
        asked: seating.asked,
        member: next(asked.panel.members.len()),
        name: need(&seating.name, "name", "成员的姓名")?,
        standing: line(&seating.standing, "standing", "成员的身份", PANEL)?,
    };
    entered(what, facts)
}

fn member(case: &Case, seat: Seat) -> Result<&Member, Refusal> {
    let asked = panel(case, seat.asked)?;
    let sits = asked.panel.sitting().find(|member| member.id == seat.member);
    sits.ok_or_else(|| {
        Refusal::invalid("member", "公议团没有这名成员，或者已经回避。", "请从名单中选择。")
            .from_source(PANEL)
    })
}

/// A member stands down: he himself, or by the officers where somebody else says why.
pub(super) fn stand_down(case: &Case, asked: &StandingDown, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_advise", facts)?;
    open(case)?;
    let member = member(case, asked.member)?;
    own_or_officer(case, member, facts)?;
    let note = need(&asked.note, "note", "回避的理由")?;
    entered(Aside::MemberRecused { asked: asked.member.asked, member: asked.member.member, note }, facts)
}

/// Whether it is said for oneself.
fn own_or_officer(case: &Case, member: &Member, facts: &Facts<'_>) -> Result<bool, Refusal> {
    let me = me(facts)?;
    if member.person.as_ref() == Some(&me) {
        return Ok(true);
    }
    if case.is_officer(&me) {
        return Ok(false);
    }
    Err(Refusal::forbidden(
        "not-your-seat",
        "只能由成员本人或者本案办案人员登记。",
        "请由本人登记，或者由办案人员按签名的表决票登记。",
    )
    .from_source(PANEL))
}

pub(super) fn vote(case: &Case, voting: &Voting, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_advise", facts)?;
    open(case)?;
    let member = member(case, voting.member)?;
    let own = own_or_officer(case, member, facts)?;
    if member.vote.is_some() {
        return Err(no("voted", "这名成员已经表决。", "表决不能更改；请登记其他成员的表决。", PANEL));
    }
    let exhibits = match own {
        true => exhibits(facts, &voting.exhibits)?,
        false => proof(facts, &voting.exhibits, "成员签名的表决票", PANEL)?,
    };
    let what = Aside::Voted {
        asked: voting.member.asked,
        member: voting.member.member,
        vote: voting.vote,
        note: need(&voting.note, "note", "意见和理由")?,
        exhibits,
    };
    entered(what, facts)
}

/// The sum: of all who sit, three at least; whoever thinks otherwise is kept with his reasons.
pub(super) fn conclude(case: &Case, concluding: &Concluding, facts: &Facts<'_>) -> Result<Event, Refusal> {
    undecided(case, facts)?;
    let asked = panel(case, concluding.asked)?;
    let sitting = asked.panel.sitting().count();
    let missing = asked.panel.sitting().filter(|member| member.vote.is_none()).count();
    if sitting < PANEL_MIN {
        let rule = format!("公议团须有 {PANEL_MIN} 名以上成员参加，现有 {sitting} 名。");
        return Err(no("panel-small", rule, "请再抽取或者指名成员。", PANEL));
    }
    if missing > 0 {
        let rule = format!("还有 {missing} 名成员没有表决。");
        return Err(no("votes-missing", rule, "请登记他们的表决，或者登记回避、弃权。", PANEL));
    }
    let what = Aside::PanelConcluded {
        asked: concluding.asked,
        tally: asked.panel.count(),
        note: need(&concluding.note, "note", "公议意见")?,
        exhibits: exhibits(facts, &concluding.exhibits)?,
    };
    entered(what, facts)
}

/// Whether a panel that has members speaks only through their votes.
pub(super) fn speaks_by_votes(case: &Case, from: Adviser) -> bool {
    let waits = |o: &&OpinionAsked| o.from == from && o.answered.is_none();
    case.beside.asked.iter().find(waits).is_some_and(|o| !o.panel.members.is_empty())
}

pub(super) fn set_circuit(case: &Case, asked: &SettingCircuit, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    advice::unarchived(case)?;
    if case.filed().is_none() {
        return Err(wrong_stage(case, "登记巡回法庭"));
    }
    let what = Aside::CircuitSet {
        id: next(case.beside.circuits.len()),
        court: line(&asked.court, "court", "法院", CIRCUIT)?,
        kind: asked.kind,
        on: advice::by_then(asked.on, facts, CIRCUIT)?,
        place: line(&asked.place, "place", "地点", CIRCUIT)?,
        note: need(&asked.note, "note", "事项")?,
    };
    entered(what, facts)
}

pub(super) fn hold_circuit(case: &Case, held: &HoldingCircuit, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    advice::unarchived(case)?;
    let set = case.beside.circuits.iter().find(|c| c.id == held.circuit && c.held.is_none());
    let Some(set) = set else {
        return Err(Refusal::invalid("circuit", "没有等候结果的这次巡回法庭。", "请从已经约定的中选择。")
            .from_source(CIRCUIT));
    };
    if set.on > crate::beijing_date(facts.now) {
        let rule = format!("巡回法庭定于 {}，还没有到。", set.on);
        return Err(no("not-held", rule, "请在当日以后登记结果。", CIRCUIT));
    }
    let note = need(&held.note, "note", "巡回法庭的结果")?;
    let exhibits = exhibits(facts, &held.exhibits)?;
    entered(Aside::CircuitHeld { id: held.circuit, note, exhibits }, facts)
}

pub(super) fn see_mediation(
    case: &Case,
    asked: &SeeingMediation,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    own_officer(case, facts)?;
    advice::unarchived(case)?;
    let n = usize::from(asked.mediation).checked_sub(1);
    let open = n.and_then(|n| case.beside.mediations.get(n)).is_some_and(|m| m.owed());
    if !open {
        return Err(Refusal::invalid(
            "mediation",
            "没有等候履行的这份调解协议。",
            "请从约定了履行日期的协议中选择。",
        )
        .from_source(MEDIATION));
    }
    let note = need(&asked.note, "note", "履行的情况")?;
    entered(Aside::MediationSeen { id: asked.mediation, kept: asked.kept, note }, facts)
}
