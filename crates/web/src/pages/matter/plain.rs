//! The page of money that came and of a stock-taking: number and what comes next, what is known, the record.

use super::super::rows::Line;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::record::{Entry, entries, just_done};
use super::{Acts, Ask, NotYet, Tab, Tried, offered};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::goods::CountView;
use lianzhi_app::payments::money_of;
use lianzhi_app::{MatterView, ProofView};
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::yuan;
use lianzhi_procedure::{AnyState, Refusal};

#[derive(Template)]
#[template(path = "matter_plain.html")]
struct PlainPage {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    kind: &'static str,
    back: (&'static str, &'static str),
    line: Line,
    view: MatterView,
    /// What is known, name and value.
    facts: Vec<(&'static str, String)>,
    count: Option<CountView>,
    entries: Vec<Entry>,
    acts: Acts,
    not_yet: Vec<NotYet>,
    linked: Vec<Line>,
    proof: Option<ProofView>,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// What is known of money that came, with the sum by which it is settled.
fn of_money(view: &MatterView) -> Vec<(&'static str, String)> {
    let Some(money) = money_of(&view.state) else { return Vec::new() };
    let credited: i64 = money.credits.iter().map(|c| c.fen).sum();
    let given: i64 = money.given.iter().map(|(_, fen, _)| fen).sum();
    let mut facts = vec![
        ("到账", yuan(money.line.fen)),
        ("到账时间", ui::to_the_minute(&money.line.on)),
        ("流水号", money.line.serial.clone()),
        ("缴款码", if money.line.code.is_empty() { "没有".into() } else { money.line.code.clone() }),
        ("银行文件", money.line.file.clone()),
    ];
    if !money.line.ticket.is_empty() {
        facts.push(("财政票据号", money.line.ticket.clone()));
    }
    if let Some(difference) = money.difference {
        let why = if money.why.is_empty() { String::new() } else { format!("：{}", money.why) };
        facts.push(("差异", format!("{}{why}", difference.title())));
    }
    let sum = format!(
        "到账 {} − 归入案件 {} − 退付、转出 {} = {}",
        yuan(money.line.fen),
        yuan(credited),
        yuan(given),
        yuan(money.left())
    );
    facts.push(("未处理", sum));
    facts
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
    let counts = matches!(view.state, AnyState::Stocktake(_));
    let count = if counts { Some(state.app.count_view(&who.caller, id).await?) } else { None };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/cases");
    let (acts, not_yet) = offered(state, &view, ask, &tried, &shell.csrf, |form, _| form);
    let shown_in_form = acts.has(&tried.command);
    let status = tried.refusal.clone().map(|refusal| Problem::from(refusal).status);
    let shown = PlainPage {
        tab: ask.tab,
        id: id.0,
        kind: view.state.kind().title(),
        back: if counts { ("/goods", "涉案物品") } else { ("/payments", "缴款") },
        facts: of_money(&view),
        count,
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
