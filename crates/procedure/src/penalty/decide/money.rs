//! Money: who decides does not collect (罚缴分离, 行政处罚法 66–74).

use super::*;
use crate::penalty::law_side;
use crate::penalty::matters::{OnSite, Receipt};
use crate::penalty::words::OnSiteGround;

const SOURCE: &str = "行政处罚法第六十七条";

/// A party against whom a decision was made.
pub(in crate::penalty) fn debtor(case: &Case, id: u16) -> Result<&Party, Refusal> {
    let party = party(case, id)?;
    if case.decision().is_none() {
        return Err(no("undecided", "还没有作出处罚决定，没有可以收缴的罚款。", "请先作出决定。", SOURCE));
    }
    if party.annulled.is_some() {
        return Err(no(
            "annulled",
            "对该当事人的处罚决定已被撤销或者确认违法。",
            "已经收缴的应当退还，不再登记缴款。",
            "行政处罚法第七十四条；行政复议法、行政诉讼法",
        ));
    }
    Ok(party)
}

pub(super) fn set_pay_code(case: &Case, id: u16, code: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    debtor(case, id)?;
    let code = line(code, "code", "缴款码", SOURCE)?;
    Ok(Event::PayCodeSet { party: id, code, by, at: facts.now })
}

/// Whether so much may still come from a party: what is left and the surcharge until that day, which is given back.
fn owes(case: &Case, id: u16, amount: i64, on: Date) -> Result<law_side::Sum, Refusal> {
    let party = debtor(case, id)?;
    if amount <= 0 {
        return Err(
            Refusal::invalid("amount", "金额须大于零。", "请填写实际缴款的金额。").from_source(SOURCE)
        );
    }
    let sum = law_side::surcharge(case, id, on)?;
    let most = party.money.left() + (sum.fen - party.money.surcharge).max(0);
    if amount > most {
        return Err(Refusal::invalid(
            "amount",
            format!("超过应缴金额，最多 {}。", law_side::yuan(most)),
            "请核对金额；多缴的应当退还，不作为罚款入库。",
        )
        .from_source("行政处罚法第六十七条、第七十四条"));
    }
    Ok(sum)
}

pub(super) fn pay(
    case: &Case,
    (id, amount, on): (u16, i64, Date),
    reference: &str,
    ticket: &str,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_money", facts)?;
    open(case)?;
    let sum = owes(case, id, amount, past_day(on, "on", facts)?)?;
    let reference = line(reference, "reference", "银行流水号或者票据号", "行政处罚法第七十条")?;
    if case.decision().is_some_and(|(_, at)| on < crate::beijing_date(at)) {
        return Err(Refusal::invalid("on", "缴款日期早于处罚决定。", "请核对缴款日期。").from_source(SOURCE));
    }
    let again = case.parties.iter().flat_map(|p| &p.money.receipts).any(|r| r.reference == reference);
    if again {
        return Err(Refusal::invalid("reference", "这一笔已经登记。", "请核对流水号。").from_source(SOURCE));
    }
    let ticket = if ticket.trim().is_empty() {
        String::new()
    } else {
        line(ticket, "ticket", "财政票据号", "行政处罚法第七十条")?
    };
    let bank = facts.look_ups.bank.clone();
    let receipt = Receipt { fen: amount, on, reference, on_site: None, bank, ticket };
    let (surcharge, arithmetic) = (sum.fen, sum.arithmetic);
    let by = facts.actor.person().cloned();
    Ok(Event::Paid { party: id, receipt, surcharge, arithmetic, by, at: facts.now })
}

/// On the spot only where articles 68 and 69 allow it. 68 speaks of decisions made on the spot, which this procedure does not
/// know: here only 69 is left.
pub(super) fn collect(
    case: &Case,
    id: u16,
    amount: i64,
    on: Date,
    ground: OnSiteGround,
    ticket: &str,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if ground != OnSiteGround::Remote {
        return Err(Refusal::invalid(
            "ground",
            "普通程序作出的罚款应当由当事人到银行或者通过电子支付系统缴纳，执法人员不得当场收缴。",
            "第六十八条只适用于当场作出的处罚决定；边远、水上、交通不便且当事人提出的，适用第六十九条。",
        )
        .from_source("行政处罚法第六十七条、第六十八条、第六十九条"));
    }
    let sum = owes(case, id, amount, past_day(on, "on", facts)?)?;
    if case.decision_served(id).is_none() {
        return Err(no("unserved", "处罚决定书还没有送达。", "请先送达决定书，再收缴罚款。", SOURCE));
    }
    let ticket = line(ticket, "ticket", "财政部门统一制发的专用票据号", "行政处罚法第七十条")?;
    let on_site = Some(OnSite { ground, ticket: ticket.clone(), handed: None });
    let receipt = Receipt { fen: amount, on, reference: ticket.clone(), on_site, bank: None, ticket };
    let (surcharge, arithmetic) = (sum.fen, sum.arithmetic);
    Ok(Event::Paid { party: id, receipt, surcharge, arithmetic, by: Some(by), at: facts.now })
}

pub(super) fn hand_in(case: &Case, id: u16, ticket: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    let party = debtor(case, id)?;
    let open =
        |r: &Receipt| r.on_site.as_ref().is_some_and(|o| o.ticket == ticket.trim() && o.handed.is_none());
    if !party.money.receipts.iter().any(open) {
        return Err(Refusal::invalid("ticket", "没有这张待上缴的票据。", "请核对票据号。")
            .from_source("行政处罚法第七十一条"));
    }
    Ok(Event::HandedIn { party: id, ticket: ticket.trim().to_owned(), by, at: facts.now })
}
