//! Money of a decision on the spot: paid, taken at once, handed in, paid in at the bank, given back (行政处罚法 67-72).

use super::*;
use crate::Text;
use crate::penalty::decide::{
    banked, checked, confirmed, exhibits, line, me, nobodys, on_site_ground, paid_by, past_day, pay_code,
    received,
};
use crate::penalty::{Found, OnSite, OnSiteGround, Receipt};
use lianzhi_ids::Digest;

const PAY: &str = "行政处罚法第六十七条";
/// Largest fine that may be taken on the spot because it is small (行政处罚法 68(一)), fen.
const ON_SITE_MAX: i64 = 10_000;

/// A decision by which money is still owed and which was handed over.
pub(super) fn debt(sheet: &Sheet) -> Result<&Imposed, Refusal> {
    let decision = imposed(sheet, "收缴罚款")?;
    if decision.handed.is_none() {
        return Err(no(
            "not-handed",
            "处罚决定书还没有当场交付。",
            "请先交付决定书，再收缴罚款。",
            "行政处罚法第五十二条",
        ));
    }
    if decision.money.left() == 0 {
        return Err(wrong_stage(sheet, "收缴罚款"));
    }
    Ok(decision)
}

pub(super) fn set_pay_code(sheet: &Sheet, code: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    if imposed(sheet, "登记缴款码")?.money.left() == 0 {
        return Err(wrong_stage(sheet, "登记缴款码"));
    }
    let code = pay_code(code, facts)?;
    Ok(Event::PayCodeSet { code, by, at: facts.now })
}

/// The surcharge until a day, with its arithmetic; none before the last day to pay.
pub(in crate::spot) fn surcharge(sheet: &Sheet, until: Date) -> Result<(i64, String), Refusal> {
    let (Some(decision), Some(due)) = (sheet.imposed(), sheet.statute_due()) else {
        return Ok((0, String::new()));
    };
    let sum = law_side::surcharge_of(&decision.money, &decision.remedies, due, until)?;
    Ok((sum.fen, sum.arithmetic))
}

/// The most that may still be paid on a day, the surcharge until then included, fen.
///
/// # Errors
/// When nothing is owed, with the reason.
pub fn payable(sheet: &Sheet, on: Date) -> Result<i64, Refusal> {
    let decision = debt(sheet)?;
    law_side::most(&decision.money, &decision.remedies, Vec::new(), sheet.statute_due(), on)
}

pub(super) fn pay(
    sheet: &Sheet,
    (amount, on): (i64, Date),
    reference: &str,
    ticket: &str,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_money", facts)?;
    let decision = debt(sheet)?;
    let on = past_day(on, "on", facts)?;
    if on < crate::beijing_date(decision.at) {
        return Err(Refusal::invalid("on", "缴款日期早于处罚决定。", "请核对缴款日期。").from_source(PAY));
    }
    let (surcharge, arithmetic) = surcharge(sheet, on)?;
    let most = payable(sheet, on)?;
    if amount <= 0 || amount > most {
        return Err(Refusal::invalid(
            "amount",
            format!("金额须大于零，且不超过应缴的 {}。", law_side::yuan(most)),
            "请核对金额；多缴的应当退还。",
        )
        .from_source("行政处罚法第六十七条、第七十二条"));
    }
    let reference = line(reference, "reference", "银行流水号或者票据号", "行政处罚法第七十条")?;
    if decision.money.receipts.iter().any(|r| r.reference == reference) {
        return Err(Refusal::invalid("reference", "这一笔已经登记。", "请核对流水号。").from_source(PAY));
    }
    let ticket = if ticket.trim().is_empty() {
        String::new()
    } else {
        line(ticket, "ticket", "财政票据号", "行政处罚法第七十条")?
    };
    let (bank, proof) = paid_by(files, facts)?;
    let receipt = Receipt { bank, ticket, proof, ..Receipt::of(amount, on, reference) };
    Ok(Event::Paid { receipt, surcharge, arithmetic, by: facts.actor.person().cloned(), at: facts.now })
}

/// Money is taken on the spot only under articles 68 and 69, whole, and with the treasury's receipt (70).
pub(super) fn collect(
    sheet: &Sheet,
    ground: OnSiteGround,
    ticket: &str,
    (note, files): (&Text, &[Digest]),
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    // It may be taken before the decision is handed over, so that the paper says so.
    let decision = imposed(sheet, "收缴罚款")?;
    if decision.money.left() == 0 {
        return Err(wrong_stage(sheet, "收缴罚款"));
    }
    if ground == OnSiteGround::Small && decision.sanction.fine > ON_SITE_MAX {
        return Err(Refusal::invalid(
            "ground",
            format!("罚款超过 {}，不能以此当场收缴。", law_side::yuan(ON_SITE_MAX)),
            "请告知当事人十五日内凭缴款码缴纳；不当场收缴事后难以执行的，或者边远、水上、交通不便且当事人提出的，选择相应情形。",
        )
        .from_source("行政处罚法第六十七条、第六十八条第一项"));
    }
    let today = crate::beijing_date(facts.now);
    let within = today == crate::beijing_date(decision.at);
    if !within {
        return Err(no(
            "not-on-the-spot",
            "已经不是当场，执法人员不得自行收缴罚款。",
            "请当事人到银行或者通过电子支付系统缴纳。",
            "行政处罚法第六十七条、第六十八条",
        ));
    }
    let ticket = line(ticket, "ticket", "财政部门统一制发的专用票据号", "行政处罚法第七十条")?;
    nobodys("ticket", "票据号", facts)?;
    let note = on_site_ground(ground, note, files)?;
    let proof = exhibits(facts, files)?;
    let taker = Some(by.clone());
    let on_site =
        Some(OnSite { ground, ticket: ticket.clone(), handed: None, by: taker, note, received: None });
    let receipt = Receipt {
        on_site,
        ticket: ticket.clone(),
        proof,
        ..Receipt::of(decision.money.left(), today, ticket)
    };
    Ok(Event::Paid { receipt, surcharge: 0, arithmetic: String::new(), by: Some(by), at: facts.now })
}

/// Whoever receives what another took confirms it, with the number of the receipt that he gives (71). A decision that fell since
/// changes nothing in that.
pub(super) fn hand_in(sheet: &Sheet, receipt: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_money", facts)?;
    let by = me(facts)?;
    let carried = sheet.imposed().and_then(Imposed::on_site).filter(|(_, o)| o.handed.is_none());
    let Some((_, on_site)) = carried else { return Err(wrong_stage(sheet, "上缴罚款")) };
    let taker = on_site.by.as_ref().or(sheet.opening.officers.first().map(|o| &o.person));
    let receipt = Some(received(taker, &by, receipt)?);
    Ok(Event::HandedIn { receipt, by, at: facts.now })
}

/// The agency paid in what was handed in, or the bank's file has what somebody typed (71).
pub(super) fn deposit(
    sheet: &Sheet,
    ticket: &str,
    (on, reference): (Date, &str),
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_money", facts)?;
    let receipts = &imposed_ever(sheet)?.money.receipts;
    let found = receipts.iter().find(|r| r.reference == ticket.trim());
    let (banked, exhibits) = banked(found, on, reference, files, facts)?;
    let (receipt, by) = (ticket.trim().to_owned(), facts.actor.person().cloned());
    Ok(Event::Banked { receipt, banked, exhibits, by, at: facts.now })
}

/// The node's cashier or whoever its policy names looks at what somebody else typed: it came, or it does not count (67).
pub(super) fn check(sheet: &Sheet, found: &Found, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "payment_check", facts)?;
    let money = &imposed_ever(sheet)?.money;
    let (by, finding) = checked(money, found, |me| sheet.is_officer(me), facts)?;
    Ok(Event::PaymentChecked { receipt: found.ticket.trim().to_owned(), finding, by, at: facts.now })
}

/// A decision, whatever became of it.
fn imposed_ever(sheet: &Sheet) -> Result<&Imposed, Refusal> {
    sheet.imposed().ok_or_else(|| wrong_stage(sheet, "登记收付"))
}

/// What was paid and is not owed any more goes back.
pub(super) fn refund(sheet: &Sheet, on: Date, reference: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "国家赔偿法第三十六条第一项：违法罚款的返还";
    permit(sheet, "spot_money", facts)?;
    let fen = sheet.imposed().map_or(0, Imposed::to_refund);
    if fen == 0 {
        return Err(wrong_stage(sheet, "退还罚款"));
    }
    confirmed(&imposed_ever(sheet)?.money)?;
    let on = past_day(on, "on", facts)?;
    let reference = line(reference, "reference", "财政退付的流水号", SOURCE)?;
    Ok(Event::Refunded { fen, on, reference, by: facts.actor.person().cloned(), at: facts.now })
}
