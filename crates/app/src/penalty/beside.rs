//! What stands beside the ordinary way of a case, in words: agreements and suspension, court and police, advice, daily fines.

use super::shapes::OpinionView;
use super::tell::{attached, party};
use crate::record::{Told, Words};
use lianzhi_ids::PersonCode;
use lianzhi_procedure::PartRef;
use lianzhi_procedure::penalty::{Aside, Case, Enforcement, Event, Execution, Proposal, Review, yuan};
use schemars::JsonSchema;
use serde::Serialize;

/// What a proposal comes to, as names and words.
pub(super) fn lines(proposal: &Proposal) -> Vec<(String, String)> {
    let line = |name: &str, words: String| (name.to_owned(), words);
    match proposal {
        Proposal::Agreement { party: id, parts, surcharge, reduced, arithmetic } => {
            let parts = parts.iter().map(|p| format!("{} 前 {}", p.due, yuan(p.fen))).collect::<Vec<_>>();
            let kept = format!("{}，减免 {}", yuan(*surcharge), yuan(*reduced));
            vec![
                line(&party(*id), parts.join("，")),
                line("加处罚款", if arithmetic.is_empty() { kept } else { format!("{kept}；{arithmetic}") }),
            ]
        }
        Proposal::DemolitionNotice { party: id, until, .. } => {
            vec![line(&party(*id), format!("限期 {until} 以前自行拆除（行政强制法第四十四条）"))]
        }
        Proposal::DemolitionOrder { party: id, until, .. } => {
            vec![line(&party(*id), format!("限期 {until} 以前自行拆除（城乡规划法第六十四条、第六十八条）"))]
        }
        Proposal::DecideAnew { party: alone, ground, until, .. } => {
            let until = until.map(|until| line("限定的期限", until.to_string()));
            let alone = alone.map(|id| line("只对", format!("{}，另立一案", party(id))));
            let why = line("原决定被撤销的原因", ground.title().to_owned());
            alone.into_iter().chain([why]).chain(until).collect()
        }
        Proposal::OpenArchive { ground, exhibits } => vec![
            line("启卷的情形", ground.title().to_owned()),
            line("所附裁判、决定、通知", format!("{} 件", exhibits.len())),
        ],
        Proposal::Transfer { to, ground } => {
            vec![line("受移送机关", to.clone()), line("移送的情形", ground.title().to_owned())]
        }
        Proposal::Enforce { on, court, power, .. } => {
            let on = crate::record::minute(*on);
            [("实施时间", on), ("法院", court.clone()), ("强制拆除的权限", power.clone())]
                .into_iter()
                .filter(|(_, words)| !words.is_empty())
                .chain(grounds(proposal))
                .map(|(name, words)| line(name, words))
                .collect()
        }
        Proposal::Suspend { party: id, ground, harmless } => {
            let after = if *harmless { "；没有明显社会危害" } else { "" };
            vec![line(&party(*id), format!("{}{after}", ground.title()))]
        }
        Proposal::EndExecution { party: id, ground } => {
            vec![line(&party(*id), format!("{}（{}）", ground.title(), ground.source()))]
        }
        Proposal::Amend { slip, .. } => {
            vec![line("更正", format!("{}；不改变认定的事实、依据和处罚内容", slip.title()))]
        }
        Proposal::Suggest { to, until, .. } => {
            vec![line("发给", to.clone()), line("反馈期限", until.to_string())]
        }
        _ => Vec::new(),
    }
}

/// Legal reviews: of the plan, or of a proposal, which it names.
pub(super) fn reviews(
    case: &Case,
    text: impl Fn(&PartRef) -> String,
    name: impl Fn(&PersonCode) -> String,
) -> Vec<OpinionView> {
    let by = |r: &Review| match r.proposal {
        Some(id) => format!("{}（报批事项 {id}）", name(&r.by)),
        None => name(&r.by),
    };
    let view = |r: &Review| OpinionView {
        by: by(r),
        opinion: r.opinion.title(),
        note: text(&r.note),
        at: r.at,
        current: r.version == case.version && r.mended.is_none(),
    };
    case.reviews.iter().map(view).collect()
}

/// Why others may perform, and where something was cleared at once (行政强制法 50, 52).
pub(super) fn grounds(proposal: &Proposal) -> Vec<(&'static str, String)> {
    let Proposal::Enforce { ground, place, absent, .. } = proposal else { return Vec::new() };
    let absent = if *absent { "；当事人不在场，事后立即通知" } else { "" };
    let ground = ground.map(|ground| ("代履行的情形", ground.title().to_owned()));
    let place = place.map(|place| ("立即清除的地点", format!("{}{absent}", place.title())));
    ground.into_iter().chain(place).collect()
}

/// An entry in words.
pub(super) fn tell(event: &Event, words: &Words<'_>) -> Told {
    match event {
        Event::ProposalReviewed { opinion, note, .. } => {
            Told::new(format!("法制审核（报批事项）：{}", opinion.title()))
                .said(*note)
                .law("国办发〔2018〕118号；重大执法决定法制审核目录")
        }
        Event::Resubmitted { note, .. } => {
            Told::new("按法制审核意见补正，重新送审").said(*note).law("行政处罚法第五十八条")
        }
        Event::AgreementBroken { party: id, note, .. } => {
            Told::new(format!("{}没有履行执行协议，恢复强制执行", party(*id)))
                .said(*note)
                .law("行政强制法第四十二条第二款")
        }
        Event::ExecutionResumed { party: id, note, .. } => {
            Told::new(format!("对{}恢复执行", party(*id))).said(*note).law("行政强制法第三十九条第二款")
        }
        Event::CourtSaid { party: id, step, on, note, exhibits, .. } => attached(
            Told::new(format!("对{}的强制执行申请：{}", party(*id), step.title()))
                .said(*note)
                .with("日期", on.to_string()),
            exhibits.len(),
        )
        .law("行政强制法第五十六条至第五十八条"),
        Event::RemedyReplied { party: id, note, exhibits, .. } => {
            attached(Told::new(format!("{}的复议、诉讼已经答复", party(*id))).said(*note), exhibits.len())
                .law("行政复议法第四十八条；行政诉讼法第六十七条")
        }
        Event::PoliceAsked { review, note, .. } => {
            Told::new(review.title()).said(*note).law("行政执法机关移送涉嫌犯罪案件的规定第九条")
        }
        Event::NotIndicted { on, note, exhibits, .. } => attached(
            Told::new("检察机关不起诉，移送给予行政处罚，本案继续办理")
                .said(*note)
                .with("收到日期", on.to_string()),
            exhibits.len(),
        )
        .law("行政处罚法第二十七条第一款"),
        Event::OpinionAsked { from, until, note, .. } => {
            Told::new(format!("征求{}的意见", from.title())).said(*note).with("期限", until.to_string())
        }
        Event::Mediated { agreed, note, exhibits, room, mediator, until, .. } => {
            let how = if *agreed { "达成协议" } else { "没有达成协议" };
            let mut told = Told::new(format!("调解：{how}")).said(*note);
            for (what, words) in [("调解室", room), ("主持", mediator)] {
                if !words.is_empty() {
                    told = told.with(what, words.clone());
                }
            }
            if let Some(until) = until {
                told = told.with("履行期限", until.to_string());
            }
            attached(told, exhibits.len())
        }
        Event::Aside { what, .. } => aside(what, words),
        Event::SuggestionAnswered { adopted, note, exhibits, .. } => {
            attached(Told::new(format!("执法建议的反馈：{}", adopted.title())).said(*note), exhibits.len())
        }
        Event::LetterReceived { kind, sender, number, until, note, exhibits, .. } => attached(
            Told::new(format!("收到{}", kind.title()))
                .said(*note)
                .with("来自", sender.clone())
                .with("文号", number.clone())
                .with("答复期限", until.to_string()),
            exhibits.len(),
        ),
        Event::LetterAnswered { note, exhibits, .. } => {
            attached(Told::new("答复司法建议、检察建议").said(*note), exhibits.len())
        }
        Event::DailyAsked { daily, note, .. } => {
            Told::new(format!("对{}按日连续处罚（违法行为 {}）", party(daily.party), daily.violation))
                .said(*note)
                .with("金额", daily.arithmetic())
                .law("生态环境法典第一千零六十条")
        }
        Event::DailyOpened { docket, .. } => {
            Told::new(format!("按日连续处罚另立案件 {}", words.matter(*docket)))
        }
        Event::Brought { from, parties, violations, evidence, statements, told: known, marks, .. } => {
            let counted = [
                ("当事人", parties.len(), "名"),
                ("违法行为", violations.len(), "项"),
                ("证据", evidence.len(), "件"),
                ("陈述、申辩", statements.len(), "次"),
                ("已经告知的处罚", known.len(), "项"),
            ];
            let counted = counted.into_iter().filter(|(_, n, _)| *n > 0);
            let told = Told::new(format!("{} 的内容带入本案", words.matter(*from)));
            let told = counted.fold(told, |told, (what, n, unit)| told.with(what, format!("{n} {unit}")));
            let marks: Vec<_> = marks.keys().map(|mark| mark.title()).collect();
            if marks.is_empty() { told } else { told.with("标注", marks.join("、")) }
        }
        _ => Told::new("记录"),
    }
}

/// What was asked of others beside the case, in words.
fn aside(what: &Aside, words: &Words<'_>) -> Told {
    let mut told = Told::new(what.title());
    if let Some(note) = what.note() {
        told = told.said(note);
    }
    let told = match what {
        Aside::PanelDrawn { members, seed, .. } => {
            let names = members
                .iter()
                .map(|(id, person)| format!("成员 {id} {}", words.directory.person_name(person)));
            told.with("抽取", names.collect::<Vec<_>>().join("、"))
                .with("依据", format!("SHA-256（{seed}/人员编码）"))
        }
        Aside::HelpAsked { received, until, .. } => {
            let told = told.with("对方收到", received.to_string());
            match until {
                Some(until) => told.with("请求答复", until.to_string()),
                None => told,
            }
        }
        _ => told,
    };
    attached(told, what.exhibits().len())
}

/// Enforcement with what the court said.
pub(super) fn enforcement(e: &Enforcement, minute: impl Fn(jiff::Timestamp) -> String) -> String {
    let said = e.court_said.iter().map(|(step, on)| format!("；{on} {}", step.title())).collect::<String>();
    match e.done {
        Some(at) => format!("{}{said}，{} 完成", e.kind.title(), minute(at)),
        None if e.stopped.is_some() => {
            format!(
                "{}{said}，{} 停止执行（撤回申请）",
                e.kind.title(),
                e.stopped.map(&minute).unwrap_or_default()
            )
        }
        None if !e.court.is_empty() => match e.lodged {
            Some(on) => format!("{on} 向{}申请强制执行{said}", e.court),
            None => format!("{} 批准向{}申请强制执行{said}", minute(e.on), e.court),
        },
        None => format!("{}，定于 {} 执行{said}", e.kind.title(), minute(e.on)),
    }
}

/// Agreements, suspension and the end of enforcement.
pub(super) fn execution(execution: &Execution, minute: impl Fn(jiff::Timestamp) -> String) -> Vec<String> {
    let mut all = Vec::new();
    for a in &execution.agreements {
        let parts = a.parts.iter().map(|p| format!("{} 前 {}", p.due, yuan(p.fen))).collect::<Vec<_>>();
        let broken =
            a.broken.map(|at| format!("；{} 没有履行，恢复强制执行", minute(at))).unwrap_or_default();
        let reduced = yuan(a.reduced);
        all.push(format!(
            "{} 签订执行协议：{}，减免加处罚款 {reduced}{broken}",
            minute(a.at),
            parts.join("，")
        ));
    }
    for s in &execution.suspensions {
        let ended = s.ended.map(|at| format!("；{} 止", minute(at))).unwrap_or_default();
        all.push(format!("{} 起中止执行：{}{ended}", minute(s.at), s.ground.title()));
    }
    all.extend(execution.ended.map(|(end, at)| format!("{} 终结执行：{}", minute(at), end.title())));
    all
}

/// Something said by others or to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BesideView {
    /// What, and with whom.
    pub title: String,
    /// In words.
    pub text: String,
    /// What came of it, in words.
    pub answer: String,
    /// It waits for an answer.
    pub open: bool,
}

/// Opinions that were asked for, mediation, suggestions out and in, in the order in which they came.
pub(super) fn views(
    case: &Case,
    text: impl Fn(&PartRef) -> String,
    name: impl Fn(&PersonCode) -> String,
    minute: impl Fn(jiff::Timestamp) -> String,
) -> Vec<BesideView> {
    let file = &case.beside;
    let mut all = Vec::new();
    for o in &file.asked {
        all.push(BesideView {
            title: format!("征求{}的意见", o.from.title()),
            text: text(&o.note),
            answer: match o.answered {
                Some(at) => format!("{} 收到", minute(at)),
                None => format!("等候答复，期限 {}", o.until),
            },
            open: o.answered.is_none(),
        });
        for m in &o.panel.members {
            let who = match (&m.person, &m.name) {
                (Some(person), _) => name(person),
                (None, Some(name)) => text(name),
                (None, None) => String::new(),
            };
            let (said, answer) = match (&m.recused, &m.vote) {
                (Some(why), _) => (text(why), "回避".to_owned()),
                (None, Some((vote, why, at))) => (text(why), format!("{} {}", minute(*at), vote.title())),
                (None, None) => (String::new(), "还没有表决".to_owned()),
            };
            all.push(BesideView {
                title: format!("公议团成员 {}：{who}（{}）", m.id, m.standing),
                text: said,
                answer,
                open: m.recused.is_none() && m.vote.is_none() && o.answered.is_none(),
            });
        }
        if let Some(tally) = o.panel.tally {
            let text = "每名成员的意见和不同意见见上，群众公议意见书在卷内文书中打印".to_owned();
            all.push(BesideView {
                title: "公议表决结果".into(), text, answer: tally.words(), open: false
            });
        }
    }
    for note in &case.advice {
        let (title, answer) = ("评议、律师意见".to_owned(), String::new());
        all.push(BesideView { title, text: text(note), answer, open: false });
    }
    for m in &file.mediations {
        let answer = if m.agreed { "达成协议" } else { "没有达成协议" };
        all.push(BesideView {
            title: [format!("{} 调解", minute(m.at)), m.room.clone(), m.mediator.clone()]
                .into_iter()
                .filter(|words| !words.is_empty())
                .collect::<Vec<_>>()
                .join("，"),
            text: text(&m.note),
            answer: match (m.until, &m.seen) {
                (Some(_), Some((true, note, at))) => {
                    format!("{answer}；{} 已经履行：{}", minute(*at), text(note))
                }
                (Some(_), Some((false, note, at))) => {
                    format!("{answer}；{} 没有履行：{}", minute(*at), text(note))
                }
                (Some(until), None) => format!("{answer}，履行期限 {until}"),
                (None, _) => answer.into(),
            },
            open: m.owed(),
        });
    }
    for h in &file.helps {
        all.push(BesideView {
            title: format!("请求{}{}（{} 收到）", h.to, h.kind.title(), h.received),
            text: text(&h.note),
            answer: match (&h.answer, h.until) {
                (Some((note, at)), _) => format!("{} 答复：{}", minute(*at), text(note)),
                (None, Some(until)) => format!("等候答复，期限 {until}"),
                (None, None) => "等候答复，期限见本案期限".to_owned(),
            },
            open: h.answer.is_none(),
        });
    }
    for c in &file.circuits {
        all.push(BesideView {
            title: format!("{}巡回法庭：{}", c.court, c.kind.title()),
            text: format!("{} {}。{}", c.on, c.place, text(&c.note)),
            answer: match &c.held {
                Some((note, at)) => format!("{} 登记结果：{}", minute(*at), text(note)),
                None => "等候".to_owned(),
            },
            open: c.held.is_none(),
        });
    }
    for s in &file.suggestions {
        all.push(BesideView {
            title: format!("执法建议书，发给{}", s.to),
            text: format!("{} 建议：{}", text(&s.problem), text(&s.proposal)),
            answer: match &s.answer {
                Some((adopted, note, at)) => format!("{} {}：{}", minute(*at), adopted.title(), text(note)),
                None => format!("等候反馈，期限 {}", s.until),
            },
            open: s.answer.is_none(),
        });
    }
    for l in &file.letters {
        all.push(BesideView {
            title: format!("{} {}（{}）", l.kind.title(), l.number, l.sender),
            text: text(&l.note),
            answer: match &l.answer {
                Some((note, at)) => format!("{} 答复：{}", minute(*at), text(note)),
                None => format!("还没有答复，期限 {}", l.until),
            },
            open: l.answer.is_none(),
        });
    }
    all
}

/// What the way to the police has come to; empty where nobody asked again.
pub(super) fn police(case: &Case, minute: impl Fn(jiff::Timestamp) -> String) -> Vec<String> {
    let police = &case.police;
    let refused = police.refused.map(|at| format!("{} 公安机关不予立案", minute(at)));
    let asked = police.asked.map(|(review, at)| format!("{} {}，等候答复", minute(at), review.title()));
    let back = police.back.map(|at| format!("{} 检察机关不起诉，移送给予行政处罚", minute(at)));
    refused.into_iter().chain(asked).chain(back).collect()
}
