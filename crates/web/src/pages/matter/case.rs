//! The page of a penalty case: what comes next and what is missing with its article, each party with what is planned and
//! why, evidence and measures, review, papers in their order, money, the record of the whole process.

use super::super::form::{self, Form, Input, Kind, Typed};
use super::super::posted::Posted;
use super::super::rows::Line;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::record::{Entry, Step, entries, just_done};
use super::{Acts, Ask, NotYet, Tab, Tried, offered, related};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::penalty::{CaseGuide, CaseView, PaperView, Particulars};
use lianzhi_app::{ClockView, MatterView, ProofView};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::Proposed;
use serde::Deserialize;
use serde_json::json;

/// Inputs of a party in the place of one text.
const PARTY: [(&str, &str, &str); 5] = [
    ("name", "姓名或者名称", ""),
    ("id_number", "证件号码、统一社会信用代码", "用于核对有没有同类案件"),
    ("address", "住址（住所）", ""),
    ("representative", "法定代表人、负责人", "单位填写"),
    ("phone", "电话", ""),
];

#[derive(Template)]
#[template(path = "matter_case.html")]
struct CasePage {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    line: Line,
    case: CaseView,
    steps: Vec<Step>,
    running: Vec<ClockView>,
    ended: Vec<ClockView>,
    entries: Vec<Entry>,
    /// How much of the record of the process is there.
    done_of: (usize, usize),
    acts: Acts,
    not_yet: Vec<NotYet>,
    linked: Vec<Line>,
    /// Files of other members in its matters.
    received: ui::Html,
    /// Matters of cooperation that have to do with it.
    bonds: Vec<related::Bond>,
    /// What of the evidence is there, how such a case goes, how like ones were decided.
    guide: CaseGuide,
    /// How a surcharge grows, in the words of the law data.
    surcharge: String,
    shown_party: Option<(u16, Particulars)>,
    party_forms: Vec<(u16, &'static str, Form)>,
    proof: Option<ProofView>,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// The way that a case usually goes, by codes of stages. What leaves it stands at its end under its own name.
fn steps(case: &CaseView) -> Vec<Step> {
    const WAY: [(&str, &str); 8] = [
        ("lead", "线索"),
        ("investigating", "调查"),
        ("finished", "拟处罚"),
        ("notified", "告知"),
        ("deciding", "决定"),
        ("serving", "送达"),
        ("performing", "履行"),
        ("closed", "结案"),
    ];
    let usual = match case.stage {
        "hearing" => "notified",
        "enforcing" => "performing",
        "to_close" | "archived" | "not_filed" | "joined" | "crime" | "elsewhere" => "closed",
        stage => stage,
    };
    // A case that ends on a shorter way does not show steps that nobody took.
    let decided = |p: &&PaperView| p.voided.is_none() && matches!(p.form, "D17" | "D19");
    let taken = |code: &str| match code {
        "investigating" => case.stage != "not_filed",
        "finished" => case.parties.iter().any(|p| !p.charges.is_empty()),
        "notified" => case.parties.iter().any(|p| p.notice.is_some()),
        "deciding" => case.papers.iter().any(|p| decided(&p)),
        "serving" => case.papers.iter().filter(decided).any(|p| !p.served.is_empty()),
        "performing" => case.papers.iter().filter(decided).any(|p| p.form == "D17"),
        _ => true,
    };
    let ends = usual == "closed";
    let way: Vec<_> = WAY.iter().filter(|(code, _)| !ends || taken(code)).collect();
    let current = way.iter().position(|(code, _)| *code == usual).unwrap_or(way.len() - 1);
    way.into_iter()
        .enumerate()
        .map(|(i, (code, title))| Step {
            title: if i == current && *code != case.stage { case.stage_title } else { title },
            state: match i.cmp(&current) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "next",
            },
            note: String::new(),
        })
        .collect()
}

fn known(form: &mut Form, name: &str, words: impl Into<String>) {
    form.facts.push((name.into(), words.into()));
}

/// A party in five inputs in the place of one text. Whoever is described already is named already.
pub(super) fn party_inputs(mut form: Form, command: &str) -> Form {
    let at = form.inputs.iter().position(|input| input.name == "particulars").unwrap_or(0);
    form.inputs.retain(|input| input.name != "particulars");
    let inputs = PARTY.map(|(name, title, hint)| {
        let input = Input::new(Kind::Line, name, title).hint(hint);
        if name == "name" && command == "add_party" { input.required() } else { input }
    });
    let at = at.min(form.inputs.len());
    form.inputs.splice(at..at, inputs);
    form.id(&format!("act-{command}"))
}

/// What only these forms have: what is decided on above the decision, a party in five inputs, phrases that are often needed.
fn dress(mut form: Form, command: &str, case: &CaseView) -> Form {
    match command {
        "add_party" => form = party_inputs(form, command),
        "describe" => {
            for party in case.parties.iter().filter(|party| !party.lacking.is_empty()) {
                known(&mut form, &format!("当事人 {}还缺", party.id), party.lacking.join("、"));
            }
            form = party_inputs(form, command);
        }
        "approve" | "endorse" | "review_proposal" => {
            for pending in &case.pending {
                known(&mut form, pending.title, format!("{} 报：{}", pending.by, pending.note));
                for line in &pending.lines {
                    known(&mut form, "内容", line.clone());
                }
                if let Some(by) = &pending.endorsed {
                    known(&mut form, "承办机构", format!("{by} 同意"));
                }
            }
            quick(&mut form, &["同意。", "请补充证据后再报。", "请核对裁量理由。"]);
        }
        "review" | "discuss" => {
            for party in &case.parties {
                for charge in &party.charges {
                    let name = format!("当事人 {}", party.id);
                    known(&mut form, &name, format!("{}（{}）", charge.penalty, charge.cite));
                    form.facts.extend(charge.deviates.iter().map(|why| ("偏离基准".to_owned(), why.clone())));
                }
                for statement in &party.statements {
                    known(&mut form, "陈述、申辩", statement.text.clone());
                }
            }
            if command == "review" {
                quick(
                    &mut form,
                    &[
                        "执法主体合法，人员具有执法资格；事实清楚，证据充分；适用依据准确，裁量适当；程序合法；文书规范；不涉嫌犯罪。",
                    ],
                );
            }
            if let Some(input) = form.get("note") {
                input.rows = 5;
            }
        }
        "charge" => {
            for plan in case.violations.iter().flat_map(|v| &v.plans) {
                if let Some(basis) = &plan.chosen {
                    let words = format!("{}，{}", basis.cite, basis.range);
                    known(&mut form, &format!("{}适用", plan.subject), words);
                }
                let others = plan.chosen.iter().chain(&plan.rejected);
                form.more.1.extend(others.map(|b| (format!("{}，{}", b.cite, b.range), b.why.clone())));
            }
            form.more.0 = "各项依据为什么适用、为什么不适用";
            form = form.also("step", "try", "按裁量基准算出罚款");
            if let Some(input) = form.get("fine") {
                input.inputmode = "decimal";
            }
            quick(&mut form, &["情节一般，按裁量基准的中档处罚。", "初次违法，主动配合调查。"]);
        }
        "verify" => quick(&mut form, &["经现场核查，情况属实。", "经核查，没有发现违法行为。"]),
        "serve" => quick(&mut form, &["本人签收。", "单位收发部门签收。", "当事人拒收，见证人到场。"]),
        "close" | "decide" | "notify" | "file" | "archive" => {
            if matches!(command, "close" | "archive") {
                for title in &case.blank {
                    known(&mut form, "待填写", title.clone());
                }
                for gap in &case.gaps {
                    known(&mut form, "记录缺项", format!("{}：缺{}", gap.step, gap.wants));
                }
            }
            if let Some(input) = form.get("note") {
                input.rows = 4;
            }
        }
        _ => {}
    }
    form
}

/// A proposed penalty as far as it is filled in: what its fine comes to by the benchmark stands in the form with the arithmetic.
/// Nothing is recorded.
pub(super) async fn computed(state: &WebState, who: &SignedIn, id: DocketId, mut posted: Posted) -> Tried {
    let command = "charge".to_owned();
    let found = match posted.sound() {
        Ok(()) => proposal(state, who, id, &posted.typed).await,
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok(proposed) => {
            if let Some(fine) = proposed.fine {
                set(&mut posted.typed, "fine", lianzhi_law::Fen(fine).to_string());
            }
            let computed = Some(("fine", proposed.arithmetic));
            Tried { command, typed: posted.typed, computed, ..Tried::default() }
        }
        Err(refusal) => Tried { command, typed: posted.typed, refusal: Some(refusal), ..Tried::default() },
    }
}

/// Puts one value in the place of what was typed into a field.
fn set(typed: &mut Typed, name: &str, value: impl Into<String>) {
    typed.pairs.retain(|(known, _)| known != name);
    typed.push(name, value);
}

async fn proposal(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    typed: &Typed,
) -> Result<Proposed, Refusal> {
    let offers = state.app.offers(&who.caller, id).await?;
    let offer = offers.iter().find(|o| o.command == "charge" && o.refused.is_none());
    let offer = offer.ok_or_else(|| {
        Refusal::conflict("not-offered", "现在不能拟定处罚意见。", "请刷新页面，看现在可办的事项。")
    })?;
    // The grounds are written when the sum is known; a sum that was typed is not asked.
    let mut typed = typed.clone();
    set(&mut typed, "fine", "");
    if typed.given("note").is_none() {
        set(&mut typed, "note", "先算罚款");
    }
    state.app.proposed_fine(&who.caller, id, form::command(offer, &typed)?).await
}

fn quick(form: &mut Form, phrases: &[&str]) {
    if let Some(input) = form.get("note") {
        input.quick = phrases.iter().map(|p| (*p).to_owned()).collect();
    }
}

/// A party comes in five inputs and is one field of the command.
pub(super) fn gathered(command: &str, typed: &Typed) -> Typed {
    let mut out = typed.clone();
    let described = command == "describe" && PARTY.iter().any(|(name, ..)| typed.given(name).is_some());
    if described || (command == "add_party" && typed.given("name").is_some()) {
        let fields = PARTY.map(|(name, ..)| (name.to_owned(), json!(typed.text(name))));
        out.push("particulars", json!(serde_json::Map::from_iter(fields)).to_string());
    }
    out
}

fn party_form(id: i64, party: u16, csrf: &str, tried: &Tried) -> Form {
    let form = Form::new(format!("/matters/{id}/parties/{party}"), csrf, "显示当事人信息")
        .input(
            Input::new(Kind::Line, "why", "为什么要看").required().hint("如：制作询问笔录。会记入查看记录"),
        )
        .quiet()
        .id(&format!("party-{party}"));
    if tried.command == format!("party-{party}") {
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
    mut tried: Tried,
    view: MatterView,
    case: CaseView,
) -> Answer<Response> {
    let proof = if ask.tab == Tab::Proof { Some(state.app.proof(&who.caller, id).await?) } else { None };
    let guide = match ask.tab {
        Tab::Record => state.app.case_guide(&who.caller, id).await?,
        _ => CaseGuide::default(),
    };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/cases");
    let (acts, not_yet) =
        offered(state, &view, ask, &tried, &shell.csrf, |form, command| dress(form, command, &case));
    let shown_in_form = acts.has(&tried.command) || tried.command.starts_with("party-");
    let status = tried.refusal.clone().map(|refusal| Problem::from(refusal).status);
    let (ended, running) = view.clocks.iter().cloned().partition(|clock| clock.state == "done");
    let parties = case.parties.iter().filter(|_| case.may_see_parties);
    let party_forms = parties.map(|p| (p.id, p.kind, party_form(id.0, p.id, &shell.csrf, &tried))).collect();
    let shown = CasePage {
        tab: ask.tab,
        id: id.0,
        steps: steps(&case),
        entries: entries(&view.record, now),
        done_of: (case.process.iter().filter(|check| check.done).count(), case.process.len()),
        received: super::received::part(id.0, &view.received, now),
        linked: view.joined.iter().map(|row| Line::new(row, &directory, now)).collect(),
        bonds: related::bonds(&view, &directory, now),
        docket_name: format!("{}/{id}", directory.node),
        may_export: state.app.may(&who.caller, "export", Some(&view.row)).is_ok(),
        all_covered: proof.as_ref().is_some_and(|p| p.entries.iter().all(|entry| entry.covered)),
        done: if ask.done.is_empty() { String::new() } else { just_done(&view.record) },
        surcharge: state.app.statute_words("pay.surcharge"),
        shown_party: tried.party.take(),
        refusal: tried.refusal.filter(|_| !shown_in_form),
        running,
        ended,
        acts,
        not_yet,
        party_forms,
        guide,
        proof,
        now,
        line,
        case,
        shell,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// To whom a paper goes.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Addressee {
    #[serde(default)]
    pub(super) party: Option<u16>,
}

/// `GET /matters/{id}/papers/{n}`: a paper as a PDF; the address may end in `.pdf`.
pub(in crate::pages) async fn paper(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, n)): Path<(i64, String)>,
    Query(to): Query<Addressee>,
) -> Answer<Response> {
    let n = n.trim_end_matches(".pdf").parse().map_err(|_| Problem::nothing_here())?;
    let printed = state.app.case_paper(&who.caller, DocketId(id), n, to.party).await?;
    Ok(super::super::letter::pdf(printed.pdf, &printed.name))
}

/// `GET /matters/{id}/drafts/{proposal}`: what waits for approval, as it would be printed.
pub(in crate::pages) async fn draft(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, proposal)): Path<(i64, String)>,
) -> Answer<Response> {
    let proposal = proposal.trim_end_matches(".pdf").parse().map_err(|_| Problem::nothing_here())?;
    let printed = state.app.case_draft(&who.caller, DocketId(id), proposal).await?;
    Ok(super::super::letter::pdf(printed.pdf, &printed.name))
}

/// `POST /matters/{id}/parties/{party}`: shows who a party is, with a reason, and records it.
pub(in crate::pages) async fn party(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, party)): Path<(i64, u16)>,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    let ask = Ask { tab: Tab::People, ..Ask::default() };
    let tried = match state.app.party_particulars(&who.caller, id, party, posted.typed.text("why")).await {
        Ok(found) => Tried { party: Some((party, found)), ..Tried::default() },
        Err(refusal) => Tried {
            command: format!("party-{party}"),
            typed: posted.typed,
            refusal: Some(refusal),
            ..Tried::default()
        },
    };
    super::render(&state, &who, id, &ask, tried).await
}
