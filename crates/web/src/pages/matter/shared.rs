//! The page of a matter that several members work on: the letter, who said what, the files that go between them with
//! what is held of each, the letters on paper, and whether what was sent has arrived.

use super::super::form::{Form, Input, Kind};
use super::super::posted::Posted;
use super::super::rows::Line;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::exhibits::kind_word;
use super::record::{Entry, Step, entries, just_done};
use super::shared_forms::{dress, here};
use super::standing::{Filing, Reached, answers, filings, no_first};
use super::{Acts, Ask, NotYet, Tab, Tried, offered, related};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::{DeliveryView, FileView, MatterView, ProofView, SharedView, StepView};
use lianzhi_exchange::compact::Form as Shape;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;

/// A file between members.
struct File {
    view: FileView,
    from: ui::Html,
    kind: &'static str,
    picture: bool,
    size: String,
    short: String,
    taken: String,
    arrived: String,
    verdict: Option<(&'static str, &'static str)>,
    fetched: Vec<String>,
    judge: Option<Form>,
}

/// A sign that a letter got further.
struct Sign {
    title: &'static str,
    state: &'static str,
    about: String,
}

/// A party, and the last thing it said.
struct Party {
    member: ui::Html,
    founder: bool,
    last: String,
}

/// A letter on paper.
struct Paper {
    member: ui::Html,
    title: String,
    number: String,
    at: String,
    href: String,
}

/// An envelope on its way or arrived.
struct Way {
    to: ui::Html,
    what: String,
    envelope: String,
    state: &'static str,
    words: String,
    error: String,
}

/// What is said of something that lies at a node whose program is older.
pub(super) const NOT_UNDERSTOOD: &str = "已送达，对方节点的程序还不能识别，升级后自动处理";

#[derive(Template)]
#[template(path = "matter_shared.html")]
struct SharedPage {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    line: Line,
    view: MatterView,
    shared: SharedView,
    /// The other members: to whom it went, or who sent it.
    partners: Vec<ui::Html>,
    bonds: Vec<related::Bond>,
    /// How far each receiver of a bulletin got.
    answers: Vec<Reached>,
    /// How many of them told their measures.
    answered: usize,
    /// What each party of a dispute filed.
    filings: Vec<Filing>,
    /// Why nobody is said to be the first; empty when somebody is.
    no_first: String,
    steps: Vec<Step>,
    signs: Vec<Sign>,
    parties: Vec<Party>,
    entries: Vec<Entry>,
    files: Vec<File>,
    papers: Vec<Paper>,
    ways: Vec<Way>,
    acts: Acts,
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
    may_redraft: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// The way that a form usually goes, by codes of stages.
fn way_of(form: Shape, recognises: bool) -> &'static [(&'static str, &'static str)] {
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
        // Recognising a penalty needs no report.
        Shape::Away if recognises => {
            &[("drafting", "拟稿"), ("sent", "发出"), ("registered", "收文"), ("concluded", "已承认")]
        }
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
fn steps(shared: &SharedView, stage: &str, stage_title: &'static str, now: Timestamp) -> Vec<Step> {
    let way = way_of(shared.form, !shared.penalties.is_empty());
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
fn signs(shared: &SharedView, now: Timestamp) -> Vec<Sign> {
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
        Some(d) if d.received && !d.understood => {
            Sign { title: "对方节点签收", state: "near", about: NOT_UNDERSTOOD.into() }
        }
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

/// Files with their proof; beside each that waits for a verdict, the form for it.
fn files(
    state: &WebState,
    view: &MatterView,
    shared: &SharedView,
    tried: &Tried,
    csrf: &str,
    now: Timestamp,
) -> Vec<File> {
    let offer = view.offers.iter().find(|o| o.command == "judge" && o.refused.is_none());
    let name = |node: &str| shared.members.iter().find(|m| m.node == node).map(|m| m.name.as_str());
    let file = |file: &FileView| {
        let digest = file.digest.to_string();
        let judge = offer.filter(|_| !file.own && file.to_judge).map(|offer| {
            let mut form = super::act_form(state, view.row.id.0, view.row.seq, offer, csrf)
                .hidden("exhibit", &*digest)
                .id(&format!("judge-{}", digest.get(..12).unwrap_or_default()));
            form.inputs.retain(|input| input.name != "exhibit");
            form.button = "提交认定".into();
            if tried.command == "judge" && tried.typed.text("exhibit") == digest {
                form = form.refused(Some(&tried.typed), tried.refusal.as_ref());
            }
            form
        });
        File {
            from: ui::member(&file.node, name(&file.node).unwrap_or(&file.node), &file.own),
            kind: kind_word(&file.media),
            picture: matches!(file.media.as_str(), "image/jpeg" | "image/png" | "image/webp"),
            size: ui::size(&file.size),
            short: file.digest.short(),
            taken: super::received::taken(&file.takers, file.taken_at, now),
            arrived: match (file.own, file.here, file.arrived) {
                (true, ..) => "本机关提供".into(),
                (false, _, Some(at)) => format!("{} 收到，摘要核对一致", ui::near(now, at)),
                (false, true, None) => "已在本机关".into(),
                (false, false, None) => "还没有收到原件".into(),
            },
            verdict: file.verdict.map(|words| super::received::held(Some(words), file.verdict_code)),
            fetched: file
                .fetched
                .iter()
                .map(|(who, at)| format!("{who} {} 已取", ui::near(now, *at)))
                .collect(),
            judge,
            view: file.clone(),
        }
    };
    shared.files.iter().map(file).collect()
}

fn particulars_form(id: i64, csrf: &str, tried: &Tried) -> Form {
    let form = Form::new(format!("/matters/{id}/particulars"), csrf, "显示个人信息")
        .input(
            Input::new(Kind::Line, "why", "为什么要看").required().hint("如：核实当事人身份。会记入查看记录"),
        )
        .quiet()
        .id("particulars");
    if tried.command == "particulars-shown" {
        form.refused(Some(&tried.typed), tried.refusal.as_ref())
    } else {
        form
    }
}

pub(super) async fn render(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    ask: &Ask,
    tried: Tried,
    view: MatterView,
    shared: SharedView,
) -> Answer<Response> {
    let proof = if ask.tab == Tab::Proof { Some(state.app.proof(&who.caller, id).await?) } else { None };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/cooperation");
    let here = here(state, who, &view, &shared).await;
    let (acts, not_yet) =
        offered(state, &view, ask, &tried, &shell.csrf, |form, command| dress(form, command, &shared, &here));
    let shown_in_form = acts.has(&tried.command) || tried.command == "particulars-shown";
    let files = files(state, &view, &shared, &tried, &shell.csrf, now);
    let name = |node: &str| {
        let found = shared.members.iter().find(|m| m.node == node);
        ui::member(node, found.map_or(node, |m| m.name.as_str()), &found.is_some_and(|m| m.own))
    };
    let actions = ["cooperation_handle", "cooperation_pursue", "cooperation_review", "cooperation_sign"];
    let handles = actions.iter().any(|action| state.app.may(&who.caller, action, Some(&view.row)).is_ok());
    let may_look = shared.has_particulars && handles;
    let way = |d: &DeliveryView| {
        let seq = d.envelope.rsplit('/').next().and_then(|n| n.parse::<u32>().ok());
        let said = shared.steps.iter().find(|s| s.own && Some(s.seq) == seq);
        let (state, words) = match (d.received, d.late) {
            (true, _) if !d.understood => ("near", NOT_UNDERSTOOD.to_owned()),
            (true, _) => match d.received_at {
                Some(at) => ("done", format!("对方已签收，{}", ui::near(now, at))),
                None => ("done", "对方已签收".to_owned()),
            },
            (false, true) => ("late", format!("过了送达时限，已试 {} 次", d.attempts)),
            (false, false) if d.attempts > 0 => ("near", format!("正在重试，已试 {} 次", d.attempts)),
            (false, false) => ("wait", "正在送达".to_owned()),
        };
        Way {
            to: name(&d.node),
            what: said.map_or_else(|| "文书".to_owned(), |s| s.title.clone()),
            envelope: d.envelope.clone(),
            state,
            words,
            error: d.error.clone().unwrap_or_default(),
        }
    };
    let status = tried.refusal.clone().map(|r| Problem::from(r).status);
    let bonds = related::bonds(&view, &directory, now);
    // To whom it went, and not those that it was passed on from; of what came in only who sent it.
    let partners = shared.members.iter().filter(|m| if shared.mine { !m.own } else { m.founder });
    let partners = partners.map(|m| name(&m.node)).collect();
    let done = match (ask.done.as_str(), just_done(&view.record)) {
        ("", _) => String::new(),
        ("begin", _) => "文稿已送审核".into(),
        (_, done) => done,
    };
    let shown = SharedPage {
        tab: ask.tab,
        id: id.0,
        steps: steps(&shared, &view.row.stage, line.stage_title, now),
        signs: signs(&shared, now),
        parties: shared
            .members
            .iter()
            .map(|m| Party {
                member: name(&m.node),
                founder: m.founder,
                last: match (&m.last, m.last_at) {
                    (Some(last), Some(at)) => format!("{last}，{}", ui::near(now, at)),
                    _ if m.founder => "拟稿中".into(),
                    _ => "还没有回应".into(),
                },
            })
            .collect(),
        papers: shared
            .letters
            .iter()
            .map(|l| Paper {
                member: name(&l.node),
                title: l.title.clone(),
                number: l.paper.clone(),
                at: ui::near(now, l.at),
                href: format!("/matters/{id}/letters/{}/{}.pdf", l.node, l.seq),
            })
            .collect(),
        ways: shared.deliveries.iter().map(way).collect(),
        entries: entries(&view.record, now),
        linked_word: view.joined.first().and_then(|row| Shape::from_code(&row.kind)).map(|_| {
            match shared.form {
                Shape::Assistance => "所核实的件",
                _ => "现场核实",
            }
        }),
        linked: view.joined.first().map(|row| Line::new(row, &directory, now)),
        verifying: view.verifying.iter().map(|row| Line::new(row, &directory, now)).collect(),
        cases: view.cases.iter().map(|row| Line::new(row, &directory, now)).collect(),
        may_open_case: shared.form == Shape::Lead
            && shared.receives
            && ["accepted", "concluded"].contains(&view.row.stage.as_str())
            && state.app.may(&who.caller, "penalty_register", None).is_ok(),
        particulars_form: may_look.then(|| particulars_form(id.0, &shell.csrf, &tried)),
        particulars: tried.particulars,
        refusal: tried.refusal.filter(|_| !shown_in_form),
        docket_name: format!("{}/{id}", directory.node),
        may_export: state.app.may(&who.caller, "export", Some(&view.row)).is_ok(),
        may_redraft: state.app.may(&who.caller, "cooperation_draft", Some(&view.row)).is_ok(),
        all_covered: proof.as_ref().is_some_and(|p| p.entries.iter().all(|e| e.covered)),
        proof,
        done,
        partners,
        bonds,
        answers: answers(&shared, now),
        answered: shared.answers.iter().filter(|a| a.awaited.is_none()).count(),
        filings: filings(&shared),
        no_first: no_first(&shared),
        files,
        acts,
        not_yet,
        now,
        line,
        view,
        shared,
        shell,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `POST /matters/{id}/particulars`: shows the personal particulars of a shared matter, with a reason, and records it.
pub(in crate::pages) async fn particulars(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    let ask = Ask { tab: Tab::People, ..Ask::default() };
    let tried = match state.app.particulars(&who.caller, id, posted.typed.text("why")).await {
        Ok(text) => Tried { particulars: Some(text), ..Tried::default() },
        Err(refusal) => Tried {
            command: "particulars-shown".into(),
            typed: posted.typed,
            refusal: Some(refusal),
            ..Tried::default()
        },
    };
    super::render(&state, &who, id, &ask, tried).await
}
