//! The page of a decision on the spot and of slips: number and what comes next, the papers to print, what the same party got
//! before, the record.

use super::super::posted::{self, Posted};
use super::super::rows::Line;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::folio::Pad;
use super::record::{Entry, entries, just_done};
use super::{Acts, Ask, NotYet, Tab, Tried, offered};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_app::spot::{sheet_of, slips_of};
use lianzhi_app::{Caller, ClockView, MatterView, ProofView};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{Part, Publication, Receipt, yuan};
use lianzhi_procedure::spot::{Imposed, Lapsed, Outcome, SIGNERS, record_gaps};
use serde_json::json;

/// A paper that can be printed.
struct Printable {
    title: String,
    /// Which of several.
    n: usize,
    /// It is handed over on the street, from a pocket printer.
    roll: bool,
    /// Code of its public check; empty where it has none.
    check: String,
}

#[derive(Template)]
#[template(path = "matter_spot.html")]
struct SpotPage {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    /// Slips, not a decision on the spot.
    slip: bool,
    line: Line,
    view: MatterView,
    /// What is known, name and value.
    facts: Vec<(&'static str, String)>,
    papers: Vec<Printable>,
    /// Where the decision is signed on the screen, until it is handed over.
    pad: Option<Pad>,
    remedy: String,
    /// The same item can be dealt with on the spot from here.
    goes_on: bool,
    running: Vec<ClockView>,
    entries: Vec<Entry>,
    acts: Acts,
    not_yet: Vec<NotYet>,
    linked: Vec<Line>,
    /// There is a code to pay by.
    pays: bool,
    proof: Option<ProofView>,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// One day, or the first and the last.
fn days(from: Date, to: Date) -> String {
    if from == to { from.to_string() } else { format!("{from} 至 {to}") }
}

/// Whether a payment that somebody typed is confirmed; nothing of others.
fn confirmation(receipt: &Receipt) -> Option<(&'static str, String)> {
    let paid = || format!("{} 缴 {}（{}）", receipt.on, yuan(receipt.fen), receipt.reference);
    match &receipt.checked {
        _ if !receipt.typed() => None,
        None => Some(("未确认的缴款", paid())),
        Some((voucher, _)) => Some(("已确认的缴款", format!("{}，凭证 {voucher}", paid()))),
    }
}

/// What a sheet says in short.
fn of_sheet(view: &MatterView) -> Vec<(&'static str, String)> {
    let Some(sheet) = sheet_of(&view.state) else { return Vec::new() };
    let o = &sheet.opening;
    let officers: Vec<_> =
        o.officers.iter().map(|o| format!("{}（执法证 {}）", o.name, o.certificate)).collect();
    let mut facts = vec![
        ("事项", format!("{} {}", o.violation.item, o.item)),
        ("当事人", o.subject.kind.title().to_owned()),
        ("执法人员", officers.join("、")),
        ("依据", format!("{}；{}", o.basis.cite(), o.basis.why)),
        ("当场罚款限额", yuan(o.most)),
        ("行为日期", days(o.violation.from, o.violation.to)),
    ];
    if let Some(lapsed) = &o.lapsed {
        let Lapsed { number, until, looked, .. } = lapsed;
        facts.push(("逾期不改正", format!("{number} 限 {until} 前改正，{looked} 复查没有改正")));
    }
    if let Some(told) = &sheet.told {
        facts.push(("告知", told.sanction.text()));
        if !told.benchmark.is_empty() {
            facts.push(("裁量", told.benchmark.clone()));
        }
    }
    match &sheet.outcome {
        Outcome::Imposed(decision) => {
            facts.push(("决定", decision.sanction.text()));
            if decision.sanction.fine > 0 {
                facts.push(("已缴", yuan(decision.money.paid())));
                facts.push(("未缴", yuan(decision.money.left())));
                facts.extend(decision.money.receipts.iter().filter_map(confirmation));
                let code = decision.money.code.clone();
                facts.push(("缴款码", code.unwrap_or_else(|| "还没有登记".into())));
            }
            facts.extend(later(decision));
            facts.extend(enforcement(decision));
            let day = lianzhi_procedure::beijing_date;
            match decision.publication {
                Publication::None if decision.public => facts.push(("公开", "还没有公开".into())),
                Publication::None => {}
                Publication::Kept => facts.push(("公开", "不公开".into())),
                Publication::Published { at } => facts.push(("公开", format!("{} 公开", day(at)))),
                Publication::Withdrawn { at, .. } => facts.push(("公开", format!("{} 撤回公开", day(at)))),
            }
            for gap in record_gaps(sheet) {
                facts.push(("记录缺项", format!("{}：缺{}（{}）", gap.step, gap.wants, gap.source)));
            }
        }
        Outcome::Spared { sparing, handed, remedies, .. } => {
            facts.push(("不予处罚", format!("{}（{}）", sparing.ground.title(), sparing.ground.source())));
            match handed {
                Some(handed) if handed.refused => {
                    facts.push(("交付", format!("{} 当事人拒绝签收", ui::to_the_minute(&handed.at))));
                }
                Some(handed) => facts.push(("交付", ui::to_the_minute(&handed.at))),
                None if sparing.to_hand => facts.push(("交付", "待当场交付".into())),
                None => {}
            }
            for remedy in remedies {
                let end = remedy.ended.map_or("没有结果", |(end, _)| end.title());
                facts.push((remedy.kind.title(), format!("{} 申请，{end}", remedy.on)));
            }
        }
        Outcome::Open | Outcome::Ordinary { .. } | Outcome::Voided { .. } => {}
    }
    facts
}

/// In which parts it is paid, or the party asks to pay (行政处罚法 66(2)).
fn later(decision: &Imposed) -> Vec<(&'static str, String)> {
    let words = |parts: &[Part]| {
        let one = |(n, part): (usize, &Part)| format!("第 {n} 期 {} 前 {}", part.due, yuan(part.fen));
        (1..).zip(parts).map(one).collect::<Vec<_>>().join("；")
    };
    let mut facts = Vec::new();
    if !decision.money.parts.is_empty() {
        facts.push(("延期、分期", words(&decision.money.parts)));
    }
    if let Some(parts) = decision.later.as_ref().map(|later| &later.parts) {
        facts.push(("申请延期、分期", format!("{}，等候机关负责人批准", words(parts))));
    }
    facts
}

/// What became of a fine that was not paid.
fn enforcement(decision: &Imposed) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(demand) = &decision.demand {
        let served = match demand.served {
            Some((way, on)) => format!("{on} {}", way.title()),
            None => "还没有送达".into(),
        };
        let served = match (demand.served, demand.effective) {
            (Some((_, on)), None) => format!("{on} 发出公告，期满视为送达"),
            (Some(_), Some(on)) if demand.served.is_some_and(|(_, day)| day != on) => {
                format!("{served}，{on} 视为送达")
            }
            _ => served,
        };
        facts.push(("催告", format!("{}，{served}", demand.number)));
        if demand.surcharge > 0 {
            facts.push(("催告时的加处罚款", format!("{}（{}）", yuan(demand.surcharge), demand.arithmetic)));
        }
    }
    for application in &decision.applications {
        let answer = application.answers.last().map(|(answer, on)| format!("{on} {}", answer.title()));
        let answer = answer.unwrap_or_else(|| "等法院答复".into());
        facts.push(("申请法院", format!("{} {}，{answer}", application.court, application.number)));
    }
    if decision.money.refunded() > 0 {
        facts.push(("已退还", yuan(decision.money.refunded())));
    }
    facts
}

/// What slips say in short.
fn of_slips(view: &MatterView) -> Vec<(&'static str, String)> {
    let Some(slips) = slips_of(&view.state) else { return Vec::new() };
    let mut facts = vec![
        ("事项", format!("{} {}", slips.given.item, slips.given.item_name)),
        ("当事人", slips.given.subject.kind.title().to_owned()),
    ];
    for (paper, at, look) in &slips.papers {
        let until = paper.until.map(|until| format!("，{until} 前改正")).unwrap_or_default();
        let seen = match look {
            Some(look) if look.done => "，复查已改正",
            Some(_) => "，复查没有改正",
            None => "",
        };
        let promised = if paper.promised { "，已签承诺书" } else { "" };
        let on = lianzhi_procedure::beijing_date(*at);
        facts.push((paper.level.title(), format!("{} {on}{until}{promised}{seen}", paper.number)));
    }
    facts
}

fn printable(state: &WebState, view: &MatterView) -> Vec<Printable> {
    let check = |n: usize| u16::try_from(n).ok().and_then(|n| state.app.check_code(view.row.id, n));
    if let Some(sheet) = sheet_of(&view.state) {
        let letter = |n| Printable { title: "改正承诺书".into(), n, roll: false, check: String::new() };
        if let Outcome::Spared { sparing, .. } = &sheet.outcome {
            let decision = (!sparing.number.is_empty()).then(|| Printable {
                title: "不予行政处罚决定书".into(),
                n: 1,
                roll: false,
                check: check(1).unwrap_or_default(),
            });
            return decision.into_iter().chain(sparing.promise.map(|_| letter(6))).collect();
        }
        if matches!(sheet.outcome, Outcome::Open) {
            return vec![letter(6)];
        }
        let Some(decision) = sheet.imposed() else { return Vec::new() };
        let one = |title: &str, n| Printable {
            title: title.into(),
            n,
            roll: n == 1,
            check: check(n).unwrap_or_default(),
        };
        let mut papers = vec![one("当场行政处罚决定书", 1)];
        papers.extend(decision.deferrals.last().map(|plan| {
            let title = match plan.asked.parts.len() {
                1 => "同意延期缴纳罚款通知书",
                _ => "同意分期缴纳罚款通知书",
            };
            one(title, 7)
        }));
        papers.extend(decision.demand.as_ref().map(|_| one("履行义务催告书", 2)));
        papers.extend(decision.applications.last().map(|_| one("强制执行申请书", 3)));
        papers.extend(decision.withdrawn.as_ref().map(|_| one("撤销行政处罚决定书", 4)));
        papers.extend(decision.amended.last().map(|_| one("更正通知书", 5)));
        return papers;
    }
    let papers = slips_of(&view.state).map(|slips| slips.papers.as_slice()).unwrap_or_default();
    let one = |(n, (paper, ..)): (usize, &(lianzhi_procedure::slip::Paper, _, _))| Printable {
        title: format!("{} {}", paper.level.title(), paper.number),
        n: n + 1,
        roll: true,
        check: check(n + 1).unwrap_or_default(),
    };
    papers.iter().enumerate().map(one).collect()
}

/// Where the decision is signed on the screen: by the party and the two officers, on the phone of one of them.
fn pad(state: &WebState, who: &Caller, view: &MatterView) -> Option<Pad> {
    let sheet = sheet_of(&view.state)?;
    let decision = sheet.imposed().filter(|decision| decision.signable())?;
    who.actor.person().filter(|person| sheet.is_officer(person))?;
    Some(Pad {
        action: format!("/matters/{}/sign", view.row.id),
        signers: SIGNERS.iter().map(|signer| (*signer, decision.signed(*signer))).collect(),
        key: state.random_id(),
    })
}

/// `POST /matters/{id}/sign`: a signature that was drawn on the screen.
pub(in crate::pages) async fn sign(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    posted: Posted,
) -> Answer<Response> {
    let files: Vec<&str> = posted.typed.all("exhibits").collect();
    let command = json!({ "command": "draw", "signer": posted.typed.text("signer"), "exhibits": files });
    let given = match posted.sound() {
        Ok(()) => state.app.command(&who.caller, DocketId(id), command, None, posted.key.clone()).await,
        Err(refusal) => Err(refusal),
    };
    match given {
        Ok(_) => Ok(Redirect::to(&format!("/matters/{id}?done=draw")).into_response()),
        Err(refusal) => {
            let (refusal, _) = posted::reused(refusal, None);
            let tried = Tried { command: "draw".into(), refusal: Some(refusal), ..Tried::default() };
            super::render(&state, &who, DocketId(id), &Ask::default(), tried).await
        }
    }
}

pub(super) async fn render(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    ask: &Ask,
    tried: Tried,
    view: MatterView,
) -> Answer<Response> {
    let proof = if ask.tab == Tab::Proof { Some(state.app.proof(&who.caller, id).await?) } else { None };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/cases");
    let (acts, not_yet) = offered(state, &view, ask, &tried, &shell.csrf, |form, command| match command {
        "describe" => super::case::party_inputs(form, command),
        _ => form,
    });
    let shown_in_form = acts.has(&tried.command);
    let status = tried.refusal.clone().map(|refusal| Problem::from(refusal).status);
    let slip = slips_of(&view.state).is_some();
    let mut facts = if slip { of_slips(&view) } else { of_sheet(&view) };
    if let Some(sheet) = sheet_of(&view.state) {
        if matches!(sheet.outcome, Outcome::Open) {
            facts.push(("不予处罚的条件", state.app.in_favour(id, sheet).await?));
        }
        let today = lianzhi_procedure::beijing_date(now);
        if let Some((fen, arithmetic)) = lianzhi_procedure::spot::surcharge(sheet, today) {
            facts.push(("加处罚款（截至今天）", format!("{}（{arithmetic}）", yuan(fen))));
        }
        facts.extend(sheet.archived.as_ref().map(|(shelf, _)| ("档号", shelf.clone())));
    }
    let shown = SpotPage {
        tab: ask.tab,
        id: id.0,
        slip,
        facts,
        papers: printable(state, &view),
        pays: sheet_of(&view.state).and_then(|s| s.imposed()).is_some_and(|d| d.money.code.is_some()),
        pad: pad(state, &who.caller, &view),
        remedy: match sheet_of(&view.state).and_then(|s| s.imposed()) {
            Some(_) => state.app.spot_remedy_text(),
            None => String::new(),
        },
        goes_on: slips_of(&view.state).is_some_and(|s| s.over.is_none() && s.withdrawn.is_none())
            && state.app.may_begin(&who.caller, "spot_handle").is_ok(),
        running: view.clocks.iter().filter(|clock| clock.state != "done").cloned().collect(),
        entries: entries(&view.record, now),
        linked: view.joined.iter().map(|row| Line::new(row, &directory, now)).collect(),
        docket_name: format!("{}/{id}", directory.node),
        may_export: state.app.may(&who.caller, "export", Some(&view.row)).is_ok(),
        all_covered: proof.as_ref().is_some_and(|p| p.entries.iter().all(|entry| entry.covered)),
        done: if ask.done.is_empty() { String::new() } else { just_done(&view.record) },
        refusal: tried.refusal.filter(|_| !shown_in_form),
        acts,
        not_yet,
        proof,
        now,
        line,
        view,
        shell,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}
