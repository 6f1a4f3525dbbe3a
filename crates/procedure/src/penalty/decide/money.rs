//! Money: who decides does not collect (罚缴分离, 行政处罚法 66–74).

use super::*;
use crate::penalty::command::{CheckingPayment, Collecting, Depositing, Found, HandingIn, Paying, Refunding};
use crate::penalty::matters::{Banked, Finding, OnSite, Receipt};
use crate::penalty::money::Money;
use crate::penalty::words::OnSiteGround;
use crate::penalty::{closing, law_side};

const SOURCE: &str = "行政处罚法第六十七条";
/// The fiscal receipt.
const TICKET: &str = "行政处罚法第七十条";
/// From the officer to the agency, from the agency to the bank.
const ON_SITE: &str = "行政处罚法第七十一条";

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

/// A payment code as the bank's file has it: without blanks and dashes, and nobody else's.
pub(crate) fn pay_code(code: &str, facts: &Facts<'_>) -> Result<String, Refusal> {
    let code = crate::pay_code::plain(code);
    let code = line(&code, "code", "缴款码", SOURCE)?;
    nobodys("code", "缴款码", facts)?;
    Ok(code)
}

/// Neither a payment code nor a fiscal receipt is given out twice.
pub(crate) fn nobodys(field: &'static str, what: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    match &facts.look_ups.code_of {
        None => Ok(()),
        Some(number) => {
            Err(Refusal::invalid(field, format!("{number} 已经登记这个{what}。"), format!("请核对{what}。"))
                .from_source("行政处罚法第六十七条、第七十条"))
        }
    }
}

pub(super) fn set_pay_code(case: &Case, id: u16, code: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    debtor(case, id)?;
    let code = pay_code(code, facts)?;
    Ok(Event::PayCodeSet { party: id, code, by, at: facts.now })
}

/// Whether so much may still come from a party: what is left and the surcharge until that day, which is given back.
fn owes(case: &Case, id: u16, amount: i64, on: Date) -> Result<law_side::Sum, Refusal> {
    debtor(case, id)?;
    if amount <= 0 {
        return Err(
            Refusal::invalid("amount", "金额须大于零。", "请填写实际缴款的金额。").from_source(SOURCE)
        );
    }
    let most = law_side::payable(case, id, on)?;
    if amount > most {
        return Err(Refusal::invalid(
            "amount",
            format!("超过应缴金额，最多 {}。", law_side::yuan(most)),
            "请核对金额；多缴的应当退还，不作为罚款入库。",
        )
        .from_source("行政处罚法第六十七条、第七十四条"));
    }
    law_side::surcharge(case, id, on)
}

/// Who decides does not say what came: the bank's file does, or the bank's receipt.
pub(super) fn pay(case: &Case, asked: &Paying, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Paying { party: id, amount, on, reference, ticket, exhibits: files } = asked;
    let on = *on;
    permit(case, "penalty_money", facts)?;
    open(case)?;
    let sum = owes(case, *id, *amount, past_day(on, "on", facts)?)?;
    let reference = line(reference, "reference", "银行流水号或者票据号", TICKET)?;
    if case.decision().is_some_and(|(_, at)| on < crate::beijing_date(at)) {
        return Err(Refusal::invalid("on", "缴款日期早于处罚决定。", "请核对缴款日期。").from_source(SOURCE));
    }
    let again = case.parties.iter().flat_map(|p| &p.money.receipts).any(|r| r.reference == reference);
    if again {
        return Err(Refusal::invalid("reference", "这一笔已经登记。", "请核对流水号。").from_source(SOURCE));
    }
    let (bank, proof) = paid_by(files, facts)?;
    let ticket = if ticket.trim().is_empty() {
        String::new()
    } else {
        line(ticket, "ticket", "财政票据号", TICKET)?
    };
    let receipt = Receipt { bank, ticket, proof, ..Receipt::of(*amount, on, reference) };
    let (surcharge, arithmetic) = (sum.fen, sum.arithmetic);
    let by = facts.actor.person().cloned();
    Ok(Event::Paid { party: *id, receipt, surcharge, arithmetic, by, at: facts.now })
}

/// The bank's file, or the bank's receipt of what somebody types.
pub(crate) fn paid_by(
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<(Option<String>, Vec<ExhibitRef>), Refusal> {
    match facts.look_ups.bank.clone() {
        Some(bank) => Ok((Some(bank), Vec::new())),
        None => Ok((None, proof(facts, files, "银行、财政出具的缴款凭证", SOURCE)?)),
    }
}

/// On the spot only where articles 68 and 69 allow it. 68 speaks of decisions made on the spot, which this procedure does not
/// know: here only 69 is left.
pub(super) fn collect(case: &Case, asked: &Collecting, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Collecting { party: id, amount, on, ground, ticket, note, exhibits: files } = asked;
    let by = in_filed(case, facts)?;
    if *ground != OnSiteGround::Remote {
        return Err(Refusal::invalid(
            "ground",
            "普通程序作出的罚款应当由当事人到银行或者通过电子支付系统缴纳，执法人员不得当场收缴。",
            "第六十八条只适用于当场作出的处罚决定；边远、水上、交通不便且当事人提出的，适用第六十九条。",
        )
        .from_source("行政处罚法第六十七条、第六十八条、第六十九条"));
    }
    let sum = owes(case, *id, *amount, past_day(*on, "on", facts)?)?;
    if case.decision_served(*id).is_none() {
        return Err(no("unserved", "处罚决定书还没有送达。", "请先送达决定书，再收缴罚款。", SOURCE));
    }
    let ticket = line(ticket, "ticket", "财政部门统一制发的专用票据号", TICKET)?;
    nobodys("ticket", "票据号", facts)?;
    let note = on_site_ground(*ground, note, files)?;
    let proof = exhibits(facts, files)?;
    let on_site = Some(OnSite {
        ground: *ground,
        ticket: ticket.clone(),
        handed: None,
        by: Some(by.clone()),
        note,
        received: None,
    });
    let receipt = Receipt { on_site, ticket: ticket.clone(), proof, ..Receipt::of(*amount, *on, ticket) };
    let (surcharge, arithmetic) = (sum.fen, sum.arithmetic);
    Ok(Event::Paid { party: *id, receipt, surcharge, arithmetic, by: Some(by), at: facts.now })
}

/// What shows that money may be taken on the spot: the party's request (69), or why the fine would be hard to get later (68(二)).
pub(crate) fn on_site_ground(
    ground: OnSiteGround,
    note: &Text,
    files: &[Digest],
) -> Result<Option<PartRef>, Refusal> {
    let wanted = match ground {
        OnSiteGround::Small => return Ok(note.part()),
        OnSiteGround::Remote if !files.is_empty() => return Ok(note.part()),
        OnSiteGround::Remote => "当事人到银行缴纳的困难和当事人提出当场缴纳的情况",
        OnSiteGround::Hard => "不当场收缴事后难以执行的原因",
    };
    need(note, "note", wanted).map(Some).map_err(|r| r.from_source("行政处罚法第六十八条、第六十九条"))
}

/// Whoever receives what another took confirms it, with the number of the receipt that he gives (71). A decision that fell since
/// changes nothing in that.
pub(super) fn hand_in(case: &Case, asked: &HandingIn, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_money", facts)?;
    let by = me(facts)?;
    let ticket = asked.ticket.trim();
    let carried = |r: &&Receipt| r.carried() && r.on_site.as_ref().is_some_and(|o| o.ticket == ticket);
    let Some(receipt) = party(case, asked.party)?.money.receipts.iter().find(carried) else {
        return Err(
            Refusal::invalid("ticket", "没有这张待上缴的票据。", "请核对票据号。").from_source(ON_SITE)
        );
    };
    let taker = receipt.on_site.as_ref().and_then(|o| o.by.as_ref());
    let number = received(taker.or(case.officers.first().map(|o| &o.person)), &by, &asked.receipt)?;
    let (party, ticket) = (asked.party, ticket.to_owned());
    Ok(Event::HandedIn { party, ticket, receipt: Some(number), by, at: facts.now })
}

/// Whoever took cash does not receive it himself, and gets a receipt for it.
pub(crate) fn received(
    taker: Option<&PersonCode>,
    by: &PersonCode,
    receipt: &str,
) -> Result<String, Refusal> {
    if taker == Some(by) {
        return Err(Refusal::forbidden(
            "own-cash",
            "当场收缴罚款的人不能自己确认上缴。",
            "请由收款的另一名工作人员登记，并开具收据。",
        )
        .from_source(ON_SITE));
    }
    line(receipt, "receipt", "收款收据号", ON_SITE)
}

/// The agency paid in what was handed in, or the bank's file has what somebody typed (71).
pub(super) fn deposit(case: &Case, asked: &Depositing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_money", facts)?;
    let party = party(case, asked.party)?;
    let fits = |r: &&Receipt| r.reference == asked.ticket.trim();
    let receipt = party.money.receipts.iter().find(fits);
    let (banked, exhibits) = banked(receipt, asked.on, &asked.reference, &asked.exhibits, facts)?;
    Ok(Event::Banked {
        party: asked.party,
        receipt: asked.ticket.trim().to_owned(),
        banked,
        exhibits,
        by: facts.actor.person().cloned(),
        at: facts.now,
    })
}

/// That the bank has what stands under a receipt: by the bank's file, or by the voucher of what the agency paid in.
pub(crate) fn banked(
    receipt: Option<&Receipt>,
    on: Date,
    reference: &str,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<(Banked, Vec<ExhibitRef>), Refusal> {
    let by_file = facts.look_ups.bank.is_some();
    let open = |r: &&Receipt| r.undeposited().is_some() || (by_file && r.typed());
    let Some(receipt) = receipt.filter(open) else {
        return Err(Refusal::invalid(
            "ticket",
            "没有这笔已经上缴、等待缴付银行的罚款。",
            "请先由收款人确认上缴；已经缴付的不再登记。",
        )
        .from_source(ON_SITE));
    };
    let on = past_day(on, "on", facts)?;
    if on < receipt.on {
        return Err(Refusal::invalid("on", "缴付日期早于收缴日期。", "请核对缴付日期。").from_source(ON_SITE));
    }
    let reference = line(reference, "reference", "银行缴款凭证号", ON_SITE)?;
    let (file, proof) = match facts.look_ups.bank.clone() {
        Some(file) => (Some(file), Vec::new()),
        None => (None, proof(facts, files, "银行缴款凭证", ON_SITE)?),
    };
    Ok((Banked { on, reference, file }, proof))
}

/// The node's cashier or whoever its policy names looks at what somebody else typed: it came, or it does not count (67).
pub(super) fn check(case: &Case, asked: &CheckingPayment, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "payment_check", facts)?;
    let party = party(case, asked.party)?;
    let (by, finding) = checked(&party.money, &asked.found, |me| case.handled_by.contains(me), facts)?;
    let receipt = asked.found.ticket.trim().to_owned();
    Ok(Event::PaymentChecked { party: asked.party, receipt, finding, by, at: facts.now })
}

/// What was found out about a typed payment, by somebody who neither typed it nor handles the matter.
pub(crate) fn checked(
    money: &Money,
    found: &Found,
    handles: impl Fn(&PersonCode) -> bool,
    facts: &Facts<'_>,
) -> Result<(PersonCode, Finding), Refusal> {
    let me = me(facts)?;
    let receipt = money.receipts.iter().find(|r| r.unconfirmed() && r.reference == found.ticket.trim());
    let Some(receipt) = receipt else {
        return Err(Refusal::invalid(
            "ticket",
            "没有这笔等待核对的缴款。",
            "请核对流水号；银行文件里有的，导入时自动核对。",
        )
        .from_source(SOURCE));
    };
    if receipt.by.as_ref() == Some(&me) || handles(&me) {
        return Err(Refusal::forbidden(
            "own-payment",
            "登记缴款的人和本案的办案人员不能自己确认缴款已经到账。",
            "请由内勤或者机关负责人中没有经手的人凭财政票据、银行凭证核对。",
        )
        .from_source(SOURCE));
    }
    let exhibits = exhibits(facts, &found.exhibits)?;
    let (voucher, note) = if found.came {
        let voucher = line(&found.voucher, "voucher", "核对到账的财政票据号或者银行凭证号", TICKET)?;
        (voucher, found.note.part())
    } else {
        let note = need(&found.note, "note", "没有到账、不予计入的情况");
        (String::new(), Some(note.map_err(|r| r.from_source(SOURCE))?))
    };
    Ok((me, Finding { came: found.came, voucher, note, exhibits }))
}

/// What nobody confirmed neither ends a debt nor goes back (67, 74).
pub(crate) fn confirmed(money: &Money) -> Result<(), Refusal> {
    let Some(receipt) = money.unconfirmed() else { return Ok(()) };
    Err(closing::unconfirmed("", receipt))
}

/// What was paid and is not owed any more goes back (国家赔偿法 36(一)).
pub(super) fn refund(case: &Case, asked: &Refunding, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "国家赔偿法第三十六条第一项：违法罚款的返还";
    permit(case, "penalty_money", facts)?;
    let fen = party(case, asked.party)?.to_refund();
    if fen == 0 {
        return Err(no(
            "nothing-to-refund",
            "没有需要退还的罚没款。",
            "决定被撤销、变更以后多缴的才退还。",
            SOURCE,
        ));
    }
    confirmed(&party(case, asked.party)?.money)?;
    let on = past_day(asked.on, "on", facts)?;
    let reference = line(&asked.reference, "reference", "财政退付的流水号", SOURCE)?;
    let by = facts.actor.person().cloned();
    Ok(Event::Refunded { party: asked.party, fen, on, reference, by, at: facts.now })
}
