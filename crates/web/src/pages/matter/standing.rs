//! How the members stand to each other: who answered a bulletin, and who filed a case first.

use super::super::ui;
use jiff::Timestamp;
use lianzhi_app::{AnswerView, DeliveryView, FilingView, SharedView};

/// How far a receiver of a bulletin got.
pub(super) struct Reached {
    pub(super) member: ui::Html,
    pub(super) delivered: String,
    pub(super) acknowledged: String,
    pub(super) measured: String,
    pub(super) due: String,
    pub(super) state: &'static str,
    pub(super) words: String,
}

/// What a party of a dispute filed, with its proof.
pub(super) struct Filing {
    pub(super) member: ui::Html,
    pub(super) own: bool,
    pub(super) case: String,
    pub(super) at: String,
    pub(super) pos: u64,
    pub(super) leaf: String,
    pub(super) first: bool,
}

/// How far each receiver of a bulletin got.
    answers: Vec<Reached>,
    /// How many of them told their measures.
    answered: usize,
    /// What each party of a dispute filed.
    filings: Vec<Filing>,
    /// Why nobody is said to be the first; empty when somebody is.
    no_first: &'static str,
    steps: Vec<Step>,
    signs: Vec<Sign>,
    parties: Vec<Party>,
    entries: Vec<Entry>,
    files: Vec<File>,
    papers: Vec<Paper>,
    ways: Vec<Way>,
    acts: Vec<Act>,
    not_yet: Vec<NotYet>,
    linked: Option<Line>,
    /// What the linked matter is to this one, when it is not the local matter.
    linked_word: Option<&'static str>,
    /// Assistances that ask to verify its files on site.
    verifying: Vec<Line>,
    /// Penalty cases that were opened from it.
    cases: Vec<Line>,
    /// It is a lead that was taken on here, and the reader may open a case.
    may_open_case: bool,
    particulars: Option<String>,
    particulars_form: Option<Form>,
    proof: Option<ProofView>,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// The way that a form usually goes, by codes of stages.
pub(super) fn way_of(form: Shape) -> &'static [(&'static str, &'static str)] {
    match form {
        Shape::Lead => &[
            ("drafting", "拟稿"),
            ("sent", "发出"),
            ("registered", "收文"),
            ("accepted", "办理"),
            ("concluded", "有结果"),
        ],
        Shape::Assistance => &[
            ("drafting", "拟稿"),
            ("sent", "发出"),
            ("registered", "收文"),
            ("accepted", "办理"),
            ("replied", "复函"),
            ("closed", "办结"),
        ],
        Shape::Evidence => &[
            ("drafting", "拟稿"),
            ("sent", "发出"),
            ("registered", "收文"),
            ("accepted", "认定"),
            ("concluded", "认定完"),
        ],
        Shape::Bulletin => {
            &[("drafting", "拟稿"), ("sent", "发出"), ("accepted", "签收"), ("concluded", "已反馈")]
        }
        Shape::Dispute => &[
            ("drafting", "拟稿"),
            ("sent", "发出"),
            ("registered", "收文"),
            ("negotiating", "协商"),
            ("settled", "定管辖"),
        ],
        Shape::Away => &[
            ("drafting", "拟稿"),
            ("sent", "发出"),
            ("registered", "收文"),
            ("granted", "同意"),
            ("concluded", "已报告"),
        ],
    }
}

/// Steps of the bar. What leaves the usual way stands where it left it, by its own name.
pub(super) fn steps(shared: &SharedView, stage: &str, stage_title: &'static str, now: Timestamp) -> Vec<Step> {
    let way = way_of(shared.form);
    let usual = match stage {
        "forward_asked" | "returned" => "registered",
        "advised" | "reported_up" => "negotiating",
        "refused" => "accepted",
        "discarded" => "drafting",
        other => other,
    };
    let at = way.iter().position(|(code, _)| *code == usual);
    // Taken back or closed before its usual end: the last step says so.
    let current = at.unwrap_or(way.len().saturating_sub(1));
    let when = |code: &str| {
        let acts: &[&str] = match code {
            "sent" => &["open"],
            "registered" => &["registered"],
            "accepted" => &["accepted", "acknowledged", "judged"],
            "replied" => &["replied"],
            "granted" => &["granted"],
            "negotiating" => &["negotiated"],
            _ => &[],
        };
        shared.steps.iter().find(|s| acts.contains(&s.act)).map(|s| ui::near(now, s.at))
    };
    way.iter()
        .enumerate()
        .map(|(i, (code, title))| Step {
            title: if i == current && (at.is_none() || usual != stage) { stage_title } else { title },
            state: match i.cmp(&current) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "next",
            },
            note: when(code).filter(|_| i <= current).unwrap_or_default(),
        })
        .collect()
}

/// How far the opening letter got: out, at the other node, in its books, read, taken on, answered.
pub(super) fn signs(shared: &SharedView, now: Timestamp) -> Vec<Sign> {
    let opened = shared.steps.iter().find(|s| s.act == "open");
    let Some(opened) = opened else { return Vec::new() };
    let founder = opened.node.as_str();
    let first = |acts: &[&str]| shared.steps.iter().find(|s| s.node != founder && acts.contains(&s.act));
    let sign = |title, found: Option<&StepView>| match found {
        Some(step) => {
            Sign { title, state: "done", about: format!("{} {}", ui::near(now, step.at), step.actor) }
        }
        None => Sign { title, state: "wait", about: "尚未".into() },
    };
    // Each of several receivers has its own line.
    if shared.answers.len() > 1 {
        return Vec::new();
    }
    let registered = first(&["registered"]);
    let first_envelope = format!("/{founder}/{}", opened.seq);
    let delivery = shared.deliveries.iter().find(|d| d.envelope.ends_with(&first_envelope));
    let delivered = match delivery {
        // Whoever reads it here has it.
        None => Sign { title: "对方节点签收", state: "done", about: "已签收".into() },
        Some(d) if d.received => {
            let at = d.received_at.map(|at| ui::near(now, at)).unwrap_or_default();
            Sign {
                title: "对方节点签收", state: "done", about: format!("{at} 回执在案").trim().to_owned()
            }
        }
        Some(d) if d.late => Sign {
            title: "对方节点签收",
            state: "late",
            about: format!("还没有送达，已试 {} 次", d.attempts),
        },
        Some(_) => Sign { title: "对方节点签收", state: "wait", about: "正在送达".into() },
    };
    let (taken, answered): (&[&str], &[&str]) = match shared.form {
        Shape::Bulletin => (&["acknowledged"], &["measures"]),
        Shape::Dispute => (
            &["position"],
            &["negotiated", "negotiation_answered", "opinion", "opinion_answered", "designated"],
        ),
        Shape::Evidence => (&["judged", "goods_taken"], &["judged"]),
        _ => (&["accepted"], &["concluded", "replied", "granted", "returned", "refused"]),
    };
    let answer = match shared.form {
        Shape::Lead => "结果",
        Shape::Assistance => "复函",
        Shape::Evidence => "认定",
        Shape::Bulletin => "措施",
        Shape::Dispute => "协商",
        Shape::Away => "答复",
    };
    let mut signs = vec![
        sign("已发出", Some(opened)),
        delivered,
        sign("收文登记", registered),
        sign("已阅", first(&["opened"]).or(registered.and(first(taken).or(first(answered))))),
    ];
    let takes = match shared.form {
        Shape::Lead | Shape::Assistance => Some("受理"),
        Shape::Bulletin => Some("签收"),
        Shape::Dispute => Some("陈述意见"),
        // What is judged or granted is not taken on before.
        Shape::Evidence | Shape::Away => None,
    };
    // What was refused or came back was never taken on.
    let refused = first(&["refused", "returned"]).is_some() && first(taken).is_none();
    signs.extend(takes.filter(|_| !refused).map(|title| sign(title, first(taken))));
    signs.push(sign(answer, first(answered)));
    signs
}

/// How far each receiver of a bulletin got.
pub(super) fn answers(shared: &SharedView, now: Timestamp) -> Vec<Reached> {
    let opened = shared.steps.iter().find(|s| s.act == "open");
    let envelope = opened.map(|open| format!("/{}/{}", open.node, open.seq));
    let when = |at: Option<Timestamp>| at.map_or_else(|| "还没有".to_owned(), |at| ui::near(now, at));
    let one = |answer: &AnswerView| {
        let to = |d: &&DeliveryView| {
            d.node == answer.node && envelope.as_ref().is_some_and(|e| d.envelope.ends_with(e.as_str()))
        };
        let delivery = shared.deliveries.iter().find(to);
        let (state, words) = match (answer.awaited, answer.late) {
            (None, _) => ("done", "已反馈".to_owned()),
            (Some(what), true) => ("late", format!("超期，待{what}")),
            (Some(what), false) => ("wait", format!("待{what}")),
        };
        let member = shared.members.iter().find(|m| m.node == answer.node);
        Reached {
            member: ui::member(
                &answer.node,
                member.map_or(&*answer.node, |m| m.name.as_str()),
                &member.is_some_and(|m| m.own),
            ),
            delivered: match delivery {
                None => "已收到".into(),
                Some(d) if d.received => {
                    d.received_at.map_or_else(|| "已收到".into(), |at| ui::near(now, at))
                }
                Some(_) => "还没有送达".into(),
            },
            acknowledged: when(answer.acknowledged),
            measured: when(answer.measured),
            due: ui::near(now, answer.due),
            state,
            words,
        }
    };
    shared.answers.iter().map(one).collect()
}

pub(super) fn no_first(shared: &SharedView) -> &'static str {
    let named = shared.filings.iter().filter(|filing| filing.at.is_some()).count();
    match (named, shared.filings.iter().any(|filing| filing.first)) {
        (_, true) => "",
        (0, false) => "各方都还没有写明所立的案件，不能比较先后。",
        (_, false) => "立案时间相同，按协商办理。",
    }
}

pub(super) fn filings(shared: &SharedView) -> Vec<Filing> {
    let one = |filing: &FilingView| {
        let member = shared.members.iter().find(|m| m.node == filing.node);
        Filing {
            member: ui::member(
                &filing.node,
                member.map_or(&*filing.node, |m| m.name.as_str()),
                &member.is_some_and(|m| m.own),
            ),
            own: member.is_some_and(|m| m.own),
            case: filing.number.clone().unwrap_or_default(),
            at: filing.at.as_ref().map(ui::exact).unwrap_or_default(),
            pos: filing.pos.unwrap_or_default(),
            leaf: filing.leaf.map(|leaf| leaf.to_string()).unwrap_or_default(),
            first: filing.first,
        }
    };
    shared.filings.iter().map(one).collect()
}
