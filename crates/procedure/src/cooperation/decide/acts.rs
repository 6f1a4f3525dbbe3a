//! What this member says: what it is allowed to by where the matter stands as far as it knows. A letter is drafted, all
//! else is said at once.

use super::*;
use crate::cooperation::act::{Ask, AwayKind, Conclusion, Milestone, Verdict};
use crate::cooperation::join::{self, Stage as S};
use crate::cooperation::{bounds, erasure};
use jiff::Timestamp;
use lianzhi_ids::NodeCode;

pub(super) fn act(file: &File, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if let Command::Reach { milestone, outcome } = command {
        return reach(file, milestone, outcome, facts);
    }
    let action = match &command {
        Command::AcceptReply { .. }
        | Command::AskAgain { .. }
        | Command::Urge { .. }
        | Command::Withdraw { .. }
        | Command::AnswerForward { .. }
        | Command::Report { .. }
        | Command::Close { .. } => "cooperation_pursue",
        Command::Designate { .. } | Command::Advise { .. } => "cooperation_coordinate",
        Command::Erase { .. } | Command::ConfirmErasure { .. } | Command::HoldErasure { .. } => {
            "cooperation_erase"
        }
        _ => "cooperation_handle",
    };
    permit(file, action, facts)?;
    if !file.sent() {
        return Err(wrong_stage(file, "办理"));
    }
    let link = match &command {
        Command::Position { link, .. } if file.link.is_none() => *link,
        _ => None,
    };
    let act = made(file, command, facts)?;
    hear::may_say(file, file.me(), &act)?;
    still(file, &act)?;
    if act.letter(file.form).is_some() {
        return Ok(vec![office::draft(file, act, facts)?]);
    }
    let mut events = vec![say(file, &act, false, facts)?];
    // The own case that a party names leads to the dispute from then on.
    events.extend(link.map(|docket| Event::Linked { docket, at: facts.now }));
    Ok(events)
}

/// A milestone of the local matter crosses by itself, once, as long as somebody waits for it.
fn reach(
    file: &File,
    milestone: Milestone,
    outcome: Option<Conclusion>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_system", facts)?;
    let said = |is: &dyn Fn(&Act) -> bool| file.acts(file.me()).any(is);
    let known = said(&|a| matches!(a, Act::Reached { milestone: m } if *m == milestone));
    if known || !file.open() || file.mine() || !said(&|a| matches!(a, Act::Accepted { .. })) {
        return Ok(Vec::new());
    }
    // The local matter goes its way also when this may not be told, for instance because the list does not share outcomes.
    let Ok(reached) = say(file, &Act::Reached { milestone }, false, facts) else { return Ok(Vec::new()) };
    let mut events = vec![reached];
    if let Some(outcome) = outcome.filter(|_| file.form == Form::Lead && file.stage() == S::Accepted) {
        let then = events.iter().fold(State::File(Box::new(file.clone())), evolve::evolve);
        if let Some(file) = then.file() {
            let told = |outcome| say(file, &Act::Concluded { outcome, note: None }, false, facts);
            // Where how it ended may not be told, that it ended still is.
            events.extend(told(outcome).or_else(|_| told(Conclusion::Untold)).ok());
        }
    }
    Ok(events)
}

/// Whether it may still be said where the matter stands now.
pub(super) fn still(file: &File, act: &Act) -> Result<(), Refusal> {
    let stage = file.stage();
    let title = act.title(file.form);
    let at = |stages: &[Stage]| in_stages(file, stages, &title);
    if file.unregistered() && handles(act) {
        return Err(office::not_registered("办理"));
    }
    match act {
        Act::Accepted { .. } => at(&[S::Registered]),
        Act::Returned { .. } => at(&[S::Registered, S::ForwardAsked]),
        // One question at a time.
        Act::ForwardAsked { .. } => at(&[S::Registered]),
        Act::Refused { .. } => at(&[S::Registered, S::Accepted]),
        Act::Granted { .. } => at(&[S::Registered]),
        Act::Extended { .. } if file.form == Form::Bulletin => {
            if file.open() {
                Ok(())
            } else {
                Err(wrong_stage(file, &title))
            }
        }
        Act::Extended { .. } => at(&[S::Registered, S::Accepted]),
        Act::Concluded { .. } | Act::Replied { .. } => at(&[S::Accepted]),
        Act::ReplyAccepted { .. } | Act::AskedAgain { .. } => at(&[S::Replied]),
        Act::ForwardAnswered { .. } => at(&[S::ForwardAsked]),
        Act::Urged { .. } => {
            if file.unanswered() || file.pursued() {
                Ok(())
            } else {
                Err(wrong_stage(file, "催办"))
            }
        }
        Act::Withdrawn { .. } | Act::Closed { .. } if goods_between(file) => Err(Refusal::conflict(
            "goods-between",
            "物品已经移交、对方还没有签收。",
            "请等待对方接收签字，再撤回或办结。",
        )
        .from_source("涉案财物管理：双方签字交接")),
        Act::Withdrawn { .. } => match file.form {
            // What the receiver took on as its own case cannot be taken back from it.
            Form::Lead => at(&[S::Sent, S::Registered, S::ForwardAsked]),
            _ if file.unanswered() => Ok(()),
            _ => Err(wrong_stage(file, "撤回")),
        },
        // What left the other side has to be signed for, whatever became of the matter.
        Act::GoodsTaken { .. } if goods_between(file) => Ok(()),
        Act::Judged { .. } | Act::GoodsTaken { .. } | Act::GoodsGiven { .. } => match stage {
            S::Withdrawn | S::Discarded | S::Drafting => Err(wrong_stage(file, &title)),
            _ => Ok(()),
        },
        // Whoever told its measures has acknowledged.
        Act::Acknowledged if join::measured(file, file.me()) => Err(wrong_stage(file, &title)),
        Act::Acknowledged | Act::Measures { .. } => match stage {
            S::Sent | S::Accepted | S::Concluded => Ok(()),
            _ => Err(wrong_stage(file, &title)),
        },
        Act::Position { .. } | Act::Negotiated { .. } => {
            at(&[S::Sent, S::Registered, S::Negotiating, S::Advised, S::ReportedUp])
        }
        Act::NegotiationAnswered { .. } => at(&[S::Negotiating, S::Advised, S::ReportedUp]),
        Act::Designated { .. } | Act::Opinion { .. } => {
            at(&[S::Registered, S::Negotiating, S::Advised, S::ReportedUp])
        }
        Act::OpinionAnswered { .. } => at(&[S::Advised, S::ReportedUp]),
        Act::ReportedUp { .. } => at(&[S::Negotiating, S::Advised]),
        Act::Reported { .. } => at(&[S::Granted]),
        Act::Closed { .. } => match file.form {
            Form::Bulletin | Form::Evidence => at(&[S::Sent, S::Accepted, S::Registered]),
            Form::Lead => at(&[S::Returned]),
            Form::Dispute => at(&[S::Registered, S::Sent, S::Negotiating, S::Advised, S::ReportedUp]),
            _ => at(&[S::Refused, S::Granted]),
        },
        Act::Supplemented { .. } => match stage {
            // All of it was judged: more evidence is another transfer, with its own term.
            S::Concluded | S::Closed if file.form == Form::Evidence => Err(wrong_stage(file, &title)),
            S::Drafting | S::Discarded | S::Withdrawn => Err(wrong_stage(file, &title)),
            _ => Ok(()),
        },
        Act::Open(_)
        | Act::Registered { .. }
        | Act::Opened
        | Act::Reached { .. }
        | Act::Erased { .. }
        | Act::ErasureConfirmed { .. }
        | Act::ErasureHeld { .. } => Ok(()),
    }
}

/// What a receiver does with a thing that arrived, in stages in which it need not be registered by everybody.
const fn handles(act: &Act) -> bool {
    matches!(
        act,
        Act::Acknowledged
            | Act::Measures { .. }
            | Act::Judged { .. }
            | Act::GoodsTaken { .. }
            | Act::Position { .. }
            | Act::Negotiated { .. }
    )
}

fn signature(facts: &Facts<'_>) -> Result<String, Refusal> {
    person(facts)?;
    Ok(match facts.actor {
        Actor::Person(p) => p.with_certificate(),
        _ => String::new(),
    })
}

fn party(file: &File, node: &NodeCode, field: &'static str) -> Result<NodeCode, Refusal> {
    if file.parties().contains(node) {
        Ok(node.clone())
    } else {
        Err(Refusal::invalid(field, format!("{node} 不是争议的一方。"), "请从争议各方中选择。"))
    }
}

/// The act that a command asks for.
fn made(file: &File, command: Command, facts: &Facts<'_>) -> Result<Act, Refusal> {
    use Command as C;
    let paper = String::new;
    let act = match command {
        C::Accept { note } => {
            let Some(unit) = file.unit.as_ref().filter(|_| file.person.is_some()) else {
                return Err(Refusal::conflict("not-assigned", "还没有分办到人。", "请先分办给承办人。")
                    .from_source("公文处理规则：先登记后分办"));
            };
            Act::Accepted { unit: facts.directory.unit_name(unit).to_owned(), note: note.part() }
        }
        C::Return { ground, note } => {
            Act::Returned { ground, note: required(&note, "note", "退回的理由")?, paper: paper() }
        }
        C::Refuse { ground, note } => {
            Act::Refused { ground, note: required(&note, "note", "不予协助的理由")?, paper: paper() }
        }
        C::Extend { days, note } => {
            if !(1..=bounds::EXTEND_DAYS_MAX).contains(&days) {
                return Err(Refusal::invalid(
                    "days",
                    format!("一次延期应为 1 至 {} 个工作日。", bounds::EXTEND_DAYS_MAX),
                    "需要更长时间的，请与对方协商后分次办理。",
                ));
            }
            let until = clocks::later(file.due(), days, facts)?;
            let entry = authority::entry(file, facts)?;
            let latest = bounds::latest(entry, &file.opening, facts.now);
            if until > latest {
                return Err(Refusal::invalid(
                    "days",
                    format!("延期后的期限最晚到 {}。", crate::beijing_date(latest)),
                    "请缩短延期，或请对方重新提出请求。",
                )
                .from_source(format!("协作清单 {} {}", entry.id, entry.title)));
            }
            Act::Extended { until, days, note: required(&note, "note", "延期的理由")?, paper: paper() }
        }
        C::Reply { text, undone, decision, exhibits, taken } => Act::Replied {
            note: required(&text, "text", "办理情况")?,
            decision: own_decision(file, decision, &undone)?,
            undone: undone.part(),
            exhibits: office::provenance(&exhibits, &taken, facts)?,
            paper: paper(),
        },
        C::AcceptReply { note } => Act::ReplyAccepted { note: note.part() },
        C::AskAgain { note } => {
            let roster = authority::roster(facts)?;
            let entry =
                roster.entry(&file.opening.list).ok_or_else(|| Refusal::missing("没有这个清单事项。"))?;
            let running = clocks::answer(file.form, entry, file.opening.urgent, facts, facts.now)?;
            let (due, arithmetic) = (running.due, running.arithmetic);
            Act::AskedAgain { note: required(&note, "note", "需要补充的事项")?, due, arithmetic }
        }
        C::Urge { note } => Act::Urged { note: required(&note, "note", "催办的内容")? },
        C::Withdraw { note } => {
            Act::Withdrawn { note: required(&note, "note", "撤回的理由")?, paper: paper() }
        }
        C::Supplement { note, exhibits, taken } => Act::Supplemented {
            note: required(&note, "note", "补充材料的说明")?,
            exhibits: office::provenance(&exhibits, &taken, facts)?,
        },
        C::AskForward { to, note } => {
            let roster = authority::roster(facts)?;
            let entry = roster.entry(&file.opening.list).filter(|e| e.onward);
            let Some(entry) = entry else {
                return Err(Refusal::forbidden(
                    "no-onward",
                    "清单事项没有约定可以转送。",
                    "请退回并说明有权机关。",
                )
                .from_source(format!("协作清单 {}", file.opening.list_id)));
            };
            if !entry.between(file.founder(), &to) {
                return Err(Refusal {
                    field: Some("to"),
                    ..Refusal::forbidden(
                        "not-on-the-list",
                        format!("清单事项不适用于 {to}。"),
                        "请选择适用的成员。",
                    )
                }
                .from_source(format!("协作清单 {} {}", entry.id, entry.title)));
            }
            if roster.member(&to).is_none() || file.parties().contains(&to) {
                return Err(Refusal::invalid("to", "不能转送给它。", "请选择本件各方以外的成员。"));
            }
            Act::ForwardAsked { to, note: required(&note, "note", "转送的理由")? }
        }
        C::AnswerForward { agreed, note } => {
            let asked = file.receiver().and_then(|r| {
                file.last(r, |a| match a {
                    Act::ForwardAsked { to, .. } => Some(to.clone()),
                    _ => None,
                })
            });
            let to = asked.ok_or_else(|| wrong_stage(file, "答复转送"))?;
            Act::ForwardAnswered { to, agreed, note: note.part() }
        }
        C::Conclude { outcome, note } => Act::Concluded { outcome, note: note.part() },
        C::Judge { exhibit, verdict, note } => judged(file, exhibit, verdict, &note)?,
        C::GiveGoods => {
            signed_once(file, |a| matches!(a, Act::GoodsGiven { .. }))?;
            Act::GoodsGiven { by: goods(file, facts)? }
        }
        C::TakeGoods { note } => {
            signed_once(file, |a| matches!(a, Act::GoodsTaken { .. }))?;
            if !file.acts(file.founder()).any(|a| matches!(a, Act::GoodsGiven { .. })) {
                return Err(Refusal::conflict(
                    "not-given",
                    "移交方还没有签字。",
                    "请移交方先在交接单上签字。",
                )
                .from_source("涉案财物管理：双方签字交接"));
            }
            Act::GoodsTaken { by: goods(file, facts)?, note: note.part() }
        }
        C::Acknowledge => Act::Acknowledged,
        C::Measures { note, exhibits } => Act::Measures {
            note: required(&note, "note", "采取的措施")?,
            exhibits: office::provenance(&exhibits, &[], facts)?,
        },
        C::Position { note, filed, exhibits, .. } => Act::Position {
            note: required(&note, "note", "本机关的意见")?,
            filed,
            exhibits: office::provenance(&exhibits, &[], facts)?,
        },
        C::Negotiate { competent, note } => Act::Negotiated {
            competent: party(file, &competent, "competent")?,
            note: required(&note, "note", "协商的时间、参加人和结果")?,
        },
        C::AnswerNegotiation { agreed, note } => {
            let record = *join::record_to_answer(file).ok_or_else(|| {
                Refusal::conflict(
                    "no-record",
                    "对方没有待答复的协商记录。",
                    "请等待对方，或由本机关记录协商结果。",
                )
                .from_source("协作办理程序")
            })?;
            Act::NegotiationAnswered { record, agreed, note: note.part() }
        }
        C::Designate { competent, by, number, exhibits } => {
            if !same_province(file) {
                return Err(Refusal::conflict(
                    "no-common-superior",
                    "争议各方不在同一省，没有省内共同的上一级机关。",
                    "请提交协调组意见；不能一致的，报请上级。",
                )
                .from_source("行政处罚法第二十五条第二款"));
            }
            if by.trim().is_empty() || number.trim().is_empty() {
                return Err(Refusal::invalid("number", "没有写明指定机关和文号。", "请按指定管辖决定填写。")
                    .from_source("行政处罚法第二十五条"));
            }
            Act::Designated {
                competent: party(file, &competent, "competent")?,
                by,
                number,
                exhibits: office::provenance(&exhibits, &[], facts)?,
            }
        }
        C::Advise { competent, note } => Act::Opinion {
            competent: party(file, &competent, "competent")?,
            note: required(&note, "note", "协调组的意见")?,
        },
        C::AnswerAdvice { agreed, note } => {
            let record = *join::opinion_to_answer(file).ok_or_else(|| {
                Refusal::conflict("no-record", "没有待答复的协调组意见。", "请等待协调组，或先登记它的意见。")
                    .from_source("协作办理程序")
            })?;
            Act::OpinionAnswered { record, agreed, note: note.part() }
        }
        C::ReportUp { to, note } => {
            if to.trim().is_empty() {
                return Err(Refusal::invalid("to", "没有写明报请的机关。", "请填写上级机关名称。"));
            }
            common_superior(file, &to)?;
            Act::ReportedUp { to, note: required(&note, "note", "请示的事项")?, paper: paper() }
        }
        C::Grant { note, until } => {
            let note = required(&note, "note", "同意的范围和条件")?;
            Act::Granted { note, until: granted_until(file, until, facts)?, paper: paper() }
        }
        C::Report { note, exhibits } => Act::Reported {
            note: required(&note, "note", "办理情况")?,
            exhibits: office::provenance(&exhibits, &[], facts)?,
        },
        C::Close { note } => Act::Closed { note: note.part() },
        C::Erase { parts, scope, reason } => erasure::erase(file, parts, scope, &reason)?,
        C::ConfirmErasure { of } => erasure::confirm(file, of)?,
        C::HoldErasure { of, ground, reason } => erasure::hold(file, of, ground, &reason)?,
        _ => return Err(wrong_stage(file, "办理")),
    };
    Ok(act)
}

/// Until when an inspection is granted: no longer than the list entry stands under which it was asked for, and to its end when
/// nothing is said.
fn granted_until(
    file: &File,
    until: Option<Timestamp>,
    facts: &Facts<'_>,
) -> Result<Option<Timestamp>, Refusal> {
    let entry = authority::entry(file, facts)?;
    let source = format!("协作清单 {} {}", entry.id, entry.title);
    if until.is_some_and(|until| until <= facts.now) {
        return Err(
            Refusal::invalid("until", "有效期已经过去。", "请填写今天以后的时间。").from_source(source)
        );
    }
    let last = bounds::granted(entry);
    match (until, last) {
        (Some(until), Some(last)) if until > last => {
            let day = crate::beijing_date(last - jiff::SignedDuration::from_micros(1));
            Err(Refusal::invalid(
                "until",
                format!("清单事项 {} 的有效期到 {day}，同意的期限不能更长。", entry.id),
                "请缩短有效期；清单续期以后可以另行请求。",
            )
            .from_source(source))
        }
        (None, last) if file.opening.away == Some(AwayKind::Inspect) => Ok(last),
        (until, _) => Ok(until),
    }
}

/// Goods left one member and were not signed for by the other.
fn goods_between(file: &File) -> bool {
    let said = |is: fn(&Act) -> bool| file.said.values().flatten().any(|s| is(&s.act));
    said(|a| matches!(a, Act::GoodsGiven { .. })) && !said(|a| matches!(a, Act::GoodsTaken { .. }))
}

fn same_province(file: &File) -> bool {
    let parties = file.parties();
    let mut provinces = parties.iter().map(|n| n.province());
    let first = provinces.next().flatten();
    first.is_some() && provinces.all(|p| p == first)
}

/// A superior of one party alone designates nobody for the others.
fn common_superior(file: &File, to: &str) -> Result<(), Refusal> {
    let parties = file.parties();
    let mut provinces = parties.iter().filter_map(|n| n.province());
    match provinces.find(|p| to.trim().starts_with(p.name())) {
        Some(province) if !same_province(file) => Err(Refusal::invalid(
            "to",
            format!("争议各方不在同一省，{}的机关不是各方共同的上一级行政机关。", province.name()),
            "请填写国务院主管部门；需要经本省逐级上报的，在请示事项中写明。",
        )
        .from_source("行政处罚法第二十五条第二款")),
        _ => Ok(()),
    }
}

/// Each side signs for the goods once: a second signature would replace what was handed over when.
fn signed_once(file: &File, is: fn(&Act) -> bool) -> Result<(), Refusal> {
    if file.acts(file.me()).any(is) {
        return Err(Refusal::conflict(
            "signed",
            "本机关已经在交接单上签字。",
            "有不符之处请用“补充材料”说明。",
        )
        .from_source("涉案财物管理：双方签字交接"));
    }
    Ok(())
}

fn goods(file: &File, facts: &Facts<'_>) -> Result<String, Refusal> {
    if file.opening.goods.is_empty() {
        return Err(Refusal::conflict("no-goods", "本件没有移交物品。", "请核对交接清单。"));
    }
    signature(facts)
}

fn judged(file: &File, exhibit: Digest, verdict: Verdict, note: &Text) -> Result<Act, Refusal> {
    let received = file
        .received
        .get(&exhibit)
        .ok_or_else(|| Refusal::invalid("exhibit", "这不是其他成员移交的证据。", "请从来件的证据中选择。"))?;
    if received.arrived.is_none() {
        return Err(Refusal::conflict(
            "not-arrived",
            "证据原件还没有传到本机关。",
            "请等待传输完成后再认定。",
        )
        .from_source("行政处罚法第四十六条：证据必须经查证属实"));
    }
    let note = match verdict {
        Verdict::Recognised => note.part(),
        _ => Some(required(note, "note", "理由")?),
    };
    // What it was judged by: who sent it under which entry, and that its bytes are those that were named.
    let named = file
        .said
        .get(&received.from)
        .into_iter()
        .flatten()
        .find(|s| s.act.exhibits().iter().any(|p| p.exhibit.digest == exhibit));
    let proof = named.map_or_else(String::new, |s| {
        format!("{}/{}/{} {}", file.streams.id, received.from, s.seq, s.digest)
    });
    Ok(Act::Judged { exhibit, verdict, proof, note })
}

/// The own decision by which help to enforce was given: whoever enforces does so in its own name and power, so that the party
/// has its remedies against it. None where nothing of the kind was asked, or it could not be done.
fn own_decision(file: &File, decision: Option<String>, undone: &Text) -> Result<Option<String>, Refusal> {
    let decision = decision.map(|number| number.trim().to_owned()).filter(|number| !number.is_empty());
    let asked = file.opening.asks.contains(&Ask::HelpEnforce);
    if asked && decision.is_none() && undone.part().is_none() {
        return Err(Refusal::invalid(
            "decision",
            "协助执行由本机关以自己的名义、依自己的职权决定和实施，没有填写本机关决定的文号。",
            "请填写本机关决定书的文号；没有作出决定、没有执行的，写在“未完成事项及原因”里。",
        )
        .from_source("行政处罚法第二十六条；行政强制法第十七条"));
    }
    Ok(decision.filter(|_| asked))
}
