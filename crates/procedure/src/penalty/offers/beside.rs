//! Offers beside the ordinary way: agreements and suspension, courts and police, corrections, daily fines, advice.

use super::*;
use crate::penalty::advice::LetterKind;
use crate::penalty::clocks::Term;
use crate::penalty::command::{
    Agreeing, Amending, AskingAgain, AskingOpinion, ComingBack, Ending, GoingOn, LetterAnswer, Lodging,
    Mediating, OfParty, Receiving, Reviewing, Said, Suggesting, SuggestionAnswer, Suspending,
};
use crate::penalty::execution::{CourtStep, ExecutionEnd, SuspensionGround};
use crate::penalty::police::PoliceReview;
use crate::penalty::words::{Adopted, Adviser, Opinion, Slip};

pub(super) fn of_party(party: u16) -> OfParty {
    OfParty { party, note: sealed(), exhibits: vec![] }
}

pub(super) fn execution(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    let next = desk.today().tomorrow().unwrap_or(desk.today());
    desk.offer_for(
        words(
            false,
            "agree",
            "报批执行协议",
            "分阶段履行；采取补救措施的可以减免加处的罚款；不履行的恢复强制执行。",
        ),
        ("party", "当事人"),
        &parties,
        |party| {
            let (remedied, reduced) = (false, 0);
            Command::Agree(Agreeing { party, parts: 1, first: next, remedied, reduced, note: sealed() })
        },
        vec![
            field("parts", "分几期", true, FieldKind::Number { min: 1, max: 24 }, "每月一期"),
            field("first", "首期日期", true, DAY, ""),
            field("remedied", "当事人已经采取补救措施", false, FLAG, "减免加处罚款的必须"),
            field("reduced", "减免加处罚款", false, MONEY, "元；罚款本数不能减免"),
            note("当事人的申请，不损害公共利益和他人合法权益的理由"),
        ],
    );
    desk.offer_for(
        words(false, "break_agreement", "登记不履行执行协议", "恢复强制执行，减免的加处罚款恢复计收。"),
        ("party", "当事人"),
        &parties,
        |party| Command::BreakAgreement(of_party(party)),
        vec![note("没有履行的情况"), files("证明", false)],
    );
    desk.offer_for(
        words(false, "suspend", "报批中止执行", "中止期间不执行、不加处；情形消失后恢复。"),
        ("party", "当事人"),
        &parties,
        |party| {
            let ground = SuspensionGround::Unable;
            Command::Suspend(Suspending { party, ground, harmless: false, note: sealed() })
        },
        vec![
            field("ground", "法定情形", true, choices!(SuspensionGround), ""),
            field(
                "harmless",
                "没有明显社会危害",
                false,
                FLAG,
                "确无能力履行且没有明显社会危害的，满三年不再执行",
            ),
            note("事实和证据"),
        ],
    );
    desk.offer_for(
        words(false, "resume", "恢复执行", "中止的情形已经消失。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Resume(of_party(party)),
        vec![note("情形消失的情况"), files("证明", false)],
    );
    let ends = ExecutionEnd::ALL.iter().copied().filter(|end| {
        let sample = |party| Command::EndExecution(Ending { party, ground: *end, note: sealed() });
        parties.iter().any(|(id, _)| desk.tries(sample(*id)).is_ok())
    });
    let ends: Vec<_> = ends.collect();
    if let Some(ground) = ends.first().copied() {
        let choices = ends.iter().map(|e| Choice::new(e.code(), e.title())).collect();
        desk.offer_for(
            words(false, "end_execution", "报批终结执行", "批准后不再执行，可以结案。"),
            ("party", "当事人"),
            &parties,
            |party| Command::EndExecution(Ending { party, ground, note: sealed() }),
            vec![field("ground", "法定情形", true, FieldKind::Choice { choices }, ""), note("事实和证据")],
        );
    }
    let papers = desk.papers();
    desk.offer_for(
        words(false, "amend", "报批更正文书", "只改正书写错误，另编文号，再次送达；已经公开的同时更新。"),
        ("paper", "文书"),
        &papers,
        |paper| {
            let (wrong, right) = (sealed(), sealed());
            let slip = Slip::Letters;
            Command::Amend(Amending { paper, slip, wrong, right, unchanged: true, note: sealed() })
        },
        vec![
            field("slip", "错误的种类", true, choices!(Slip), ""),
            field("wrong", "原文", true, LINE, "照抄错的那一句"),
            field("right", "更正为", true, LINE, ""),
            field(
                "unchanged",
                "不改变认定的事实、依据和处罚内容",
                true,
                FLAG,
                "改变的须撤销后重新告知、决定",
            ),
            note("更正的理由"),
        ],
    );
}

pub(super) fn justice(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    let today = desk.today();
    let case = desk.case;
    let steps: Vec<_> = CourtStep::ALL
        .iter()
        .copied()
        .filter(|step| {
            let fits =
                |e: &super::super::Enforcement| e.at_court() && e.open() && step.follows(&e.court_said);
            case.present().flat_map(|p| &p.enforcement).any(fits)
        })
        .collect();
    desk.offer_for(
        words(
            true,
            "lodge_court",
            "登记向法院递交",
            "三个月的申请期限以法院收到之日为准，法院的受理期限从这一天起算。",
        ),
        ("party", "当事人"),
        &parties,
        |party| Command::LodgeCourt(Lodging { party, on: today, note: sealed(), exhibits: sample_files() }),
        vec![
            field("on", "法院收到的日期", true, DAY, hints::last_days(desk, Term::CourtApply, "")),
            note("递交的材料、法院和收件人"),
            files("收件回执、邮寄凭证", true),
        ],
    );
    if !steps.is_empty() {
        let sample = |party: u16| {
            let fits = |step: &&CourtStep| {
                let said = Said { party, step: **step, on: today, note: sealed(), exhibits: vec![] };
                desk.tries(Command::CourtSaid(said)).is_ok()
            };
            steps.iter().find(fits).copied().unwrap_or(CourtStep::Accepted)
        };
        let samples: Vec<_> = parties.iter().map(|(id, _)| (*id, sample(*id))).collect();
        let choices = steps.iter().map(|s| Choice::new(s.code(), s.title())).collect();
        desk.offer_for(
            words(true, "court_said", "登记法院的处理", "受理、裁定和复议各有法定期限，从登记的日期起算。"),
            ("party", "当事人"),
            &parties,
            |party| {
                let step =
                    samples.iter().find(|(id, _)| *id == party).map_or(CourtStep::Accepted, |(_, s)| *s);
                Command::CourtSaid(Said { party, step, on: today, note: sealed(), exhibits: vec![] })
            },
            vec![
                field("step", "处理", true, FieldKind::Choice { choices }, ""),
                field("on", "日期", true, DAY, "收到通知、裁定的日期，或者申请复议的日期"),
                note("文号和内容"),
                files("裁定书、通知书", false),
            ],
        );
    }
    desk.offer_for(
        words(true, "reply_remedy", "登记复议答复、诉讼答辩", "逾期不提交证据的，视为没有证据。"),
        ("party", "当事人"),
        &parties,
        |party| Command::ReplyRemedy(of_party(party)),
        vec![note("答复、答辩的要点和提交的证据"), files("答复书、答辩状", false)],
    );
    desk.offer(
        words(false, "ask_police", "提请复议、建议立案监督", "接到不予立案通知书之日起三日内。"),
        Command::AskPolice(AskingAgain { review: PoliceReview::Police, note: sealed() }),
        vec![field("review", "向谁提出", true, choices!(PoliceReview), ""), note("理由和文号")],
    );
    desk.offer(
        words(
            false,
            "not_indicted",
            "登记不起诉、移送处罚",
            "不追究刑事责任但应当给予行政处罚的，本案继续办理。",
        ),
        Command::NotIndicted(ComingBack { on: today, note: sealed(), exhibits: vec![] }),
        vec![
            field("on", "收到日期", true, DAY, ""),
            note("不起诉决定书、检察意见书的文号和内容"),
            files("决定书、意见书", false),
        ],
    );
    let choices = violations(case);
    if let Some(violation) = case.violations.first().map(|v| v.id) {
        desk.offer_for(
            words(false, "daily", "按日连续处罚", "按原罚款数额乘以天数，另立一案告知、听证、审核、决定。"),
            ("party", "当事人"),
            &parties,
            |party| Command::Daily(GoingOn { party, violation, note: sealed() }),
            vec![
                field("violation", "违法行为", true, FieldKind::Choice { choices }, ""),
                note("复查发现拒不改正的情况"),
            ],
        );
    }
    let proposals = desk.proposals();
    desk.offer_for(
        words(
            true,
            "review_proposal",
            "法制审核（报批事项）",
            "列入重大执法决定审核目录的，审核同意后才能签发。",
        ),
        ("proposal", "送审事项"),
        &proposals,
        |proposal| {
            let qualification = "-".into();
            let opinion = Opinion::Agree;
            Command::ReviewProposal(Reviewing { proposal, opinion, note: sealed(), qualification })
        },
        vec![
            field("opinion", "审核意见", true, choices!(Opinion), ""),
            note("审核意见"),
            field("qualification", "法律职业资格证书编号", false, LINE, "初次从事审核的必填"),
        ],
    );
}

fn violations(case: &Case) -> Vec<Choice> {
    let name = |v: &super::super::Violation| Choice::new(v.id.to_string(), format!("违法行为 {}", v.id));
    case.violations.iter().map(name).collect()
}

pub(super) fn advice(desk: &mut Desk<'_>) {
    let next = desk.today().tomorrow().unwrap_or(desk.today());
    let free = Adviser::ALL.iter().copied().filter(|from| {
        let asked = AskingOpinion { from: *from, until: next, note: sealed() };
        desk.tries(Command::AskOpinion(asked)).is_ok()
    });
    let free: Vec<_> = free.collect();
    if let Some(from) = free.first().copied() {
        let choices = free.iter().map(|a| Choice::new(a.code(), a.title())).collect();
        desk.offer(
            words(false, "ask_opinion", "征求评议、律师意见", "期限内等候答复；意见供决定参考，不代替审核。"),
            Command::AskOpinion(AskingOpinion { from, until: next, note: sealed() }),
            vec![
                field("from", "向谁征求", true, FieldKind::Choice { choices }, ""),
                field("until", "答复期限", true, DAY, hints::within_a_year(desk)),
                note("征求意见的问题"),
            ],
        );
    }
    desk.offer(
        words(false, "mediate", "登记调解记录", "当事人与受损害方的争议；不代替行政处罚。"),
        Command::Mediate(Mediating {
            agreed: true,
            room: String::new(),
            mediator: String::new(),
            until: None,
            note: sealed(),
            exhibits: sample_files(),
        }),
        vec![
            field("agreed", "达成协议", true, FLAG, "否即没有达成"),
            field("room", "调解室", false, LINE, "名称或者地点"),
            field("mediator", "主持调解的人", false, LINE, "人民调解员、公益律师等"),
            field("until", "协议履行期限", false, DAY, "达成协议并约定期限的填写，到期提醒"),
            note("参加调解的各方、争议和结果"),
            files("各方签名的调解记录", true),
        ],
    );
    desk.offer(
        words(false, "suggest", "报批执法建议书", "批准后编文号，写明反馈期限。"),
        Command::Suggest(Suggesting { to: "-".into(), problem: sealed(), note: sealed(), until: next }),
        vec![
            field("to", "发给", true, LINE, "有管理责任的单位"),
            field("problem", "发现的问题", true, TEXT, ""),
            note("建议"),
            field("until", "反馈期限", true, DAY, hints::within_a_year(desk)),
        ],
    );
    let waits =
        |paper: u16| desk.case.beside.suggestions.iter().any(|s| s.paper == paper && s.answer.is_none());
    let suggested: Vec<_> = desk.papers().into_iter().filter(|(id, _)| waits(*id)).collect();
    desk.offer_for(
        words(false, "answer_suggestion", "登记建议的反馈", "被建议单位是否采纳。"),
        ("paper", "执法建议书"),
        &suggested,
        |paper| {
            let adopted = Adopted::All;
            Command::AnswerSuggestion(SuggestionAnswer { paper, adopted, note: sealed(), exhibits: vec![] })
        },
        vec![
            field("adopted", "采纳情况", true, choices!(Adopted), ""),
            note("反馈的内容"),
            files("复函", false),
        ],
    );
    desk.offer(
        words(false, "receive", "登记收到的司法建议、检察建议", "从登记起计算答复期限。"),
        Command::Receive(Receiving {
            kind: LetterKind::Court,
            sender: "-".into(),
            number: "-".into(),
            until: next,
            note: sealed(),
            exhibits: vec![],
        }),
        vec![
            field("kind", "种类", true, choices!(LetterKind), ""),
            field("sender", "发出机关", true, LINE, ""),
            field("number", "文号", true, LINE, ""),
            field("until", "答复期限", true, DAY, "按建议书写明的期限"),
            note("建议的内容"),
            files("建议书", false),
        ],
    );
    let name = |l: &super::super::Letter| {
        let title = format!("{} {}（{}）", l.kind.title(), l.number, l.sender);
        (l.id, Choice::new(l.id.to_string(), title))
    };
    let letters: Vec<_> = desk.case.beside.letters.iter().filter(|l| l.answer.is_none()).map(name).collect();
    desk.offer_for(
        words(true, "answer_letter", "答复司法建议、检察建议", "答复的文本入卷。"),
        ("letter", "建议书"),
        &letters,
        |letter| Command::AnswerLetter(LetterAnswer { letter, note: sealed(), exhibits: sample_files() }),
        vec![note("答复的内容"), files("签发的答复函", true)],
    );
}
