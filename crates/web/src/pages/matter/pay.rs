//! 缴款单: one page with the payment code, for whoever pays. Nobody's name is on it.

use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lianzhi_app::spot::sheet_of;
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::yuan;

#[derive(Template)]
#[template(path = "matter_pay.html")]
struct PayPage {
    id: i64,
    agency: String,
    phone: String,
    title: &'static str,
    /// 文号 of the decision.
    decision: String,
    code: String,
    left: String,
    /// How what is left is computed.
    sum: String,
    ways: Vec<String>,
    parts: Vec<String>,
    /// Until when, and what is added when it is late, in the words of the law data.
    due: String,
    surcharge: String,
    qr: ui::Html,
}

/// `GET /matters/{id}/pay/{party}`: of a case for one of its parties, of a decision on the spot for its only one.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, party)): Path<(i64, u16)>,
) -> Answer<Response> {
    let view = state.app.matter(&who.caller, DocketId(id)).await?;
    let directory = state.app.directory();
    let papers = &directory.settings.papers;
    let (title, decision, code, left, sum, parts) = match (&view.case, sheet_of(&view.state)) {
        (Some(case), _) => {
            let money = case.parties.iter().find(|p| p.id == party).map(|p| &p.money);
            let money = money.ok_or_else(Problem::nothing_here)?;
            let decided = case.papers.iter().rfind(|p| p.title == "行政处罚决定书" && p.voided.is_none());
            let number = decided.map(|paper| paper.number.clone()).unwrap_or_default();
            let sum = money.sum.clone();
            ("行政处罚决定书", number, money.code.clone(), money.left.clone(), sum, money.parts.clone())
        }
        (None, Some(sheet)) => {
            let decision = sheet.imposed().ok_or_else(Problem::nothing_here)?;
            let money = &decision.money;
            let sum = format!("罚款 {} − 已缴 {}", yuan(money.fine), yuan(money.paid()));
            let parts = money.plan();
            let number = sheet.opening.number.clone();
            ("当场行政处罚决定书", number, money.code.clone(), yuan(money.left()), sum, parts)
        }
        (None, None) => return Err(Problem::nothing_here()),
    };
    let code = code.ok_or_else(Problem::nothing_here)?;
    page(&PayPage {
        id,
        agency: directory.settings.agency.clone(),
        phone: papers.phone.clone(),
        title,
        decision,
        left,
        sum,
        ways: papers.pay_ways.clone(),
        parts,
        due: state.app.statute_words("pay.fine"),
        surcharge: state.app.statute_words("pay.surcharge"),
        qr: super::super::goods::qr(&code),
        code,
    })
}
