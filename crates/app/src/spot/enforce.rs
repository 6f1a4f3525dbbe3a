//! Papers about a fine that is not paid in time: 同意延期（分期）缴纳罚款通知书 (D22), 履行义务催告书 (D23), 强制执行申请书 (D25).

use super::papers::{Texts, head};
use crate::penalty::{
    Particulars, challenged, cited, day, due_sums, money, subject_on_paper, term_words, with_code,
};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_paper::{
    Check, CourtApplication, Demand, Document, Due, Instalment, Number, Owed, PaymentPlan, Served, Then,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{Dues, Money};
use lianzhi_procedure::spot::{Imposed, Sheet};
use lianzhi_procedure::{PartRef, Refusal};

fn missing() -> Refusal {
    Refusal::missing("没有这份文书。")
}

/// The decision as it was handed over.
fn decided(sheet: &Sheet, decision: &Imposed) -> Result<Served, Refusal> {
    let on = decision.handed.as_ref().map(|handed| day(handed.at)).ok_or_else(missing)?;
    Ok(Served { title: "当场行政处罚决定书".into(), number: sheet.opening.number.clone(), on })
}

/// What was owed on a day.
fn owed(
    decision: &Imposed,
    (surcharge, arithmetic): (i64, &str),
    at: Timestamp,
    directory: &Directory,
) -> Owed {
    let as_of = day(at);
    let dues = dues(decision, surcharge, as_of);
    Owed {
        principal: money(dues.fine),
        gains: money(dues.gains),
        surcharge: money(dues.surcharge),
        total: money(dues.total()),
        as_of,
        way: with_code(&directory.settings.papers.pay_ways, decision.money.code.as_deref()),
        arithmetic: if dues.surcharge > 0 { arithmetic.to_owned() } else { String::new() },
    }
}

/// What was left of each sum on a day on which the surcharge had come to so much.
fn dues(decision: &Imposed, surcharge: i64, as_of: Date) -> Dues {
    let receipts = decision.money.receipts.iter().filter(|r| r.on <= as_of).cloned().collect();
    let then = Money { receipts, surcharge: 0, ..decision.money.clone() };
    then.dues(surcharge)
}

/// 同意延期（分期）缴纳罚款通知书.
pub(super) fn plan(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(missing)?;
    let plan = decision.deferrals.last().ok_or_else(missing)?;
    let officer = sheet.opening.officers.first().map(|o| o.name.as_str()).unwrap_or_default();
    let parts = &plan.asked.parts;
    let planned: i64 = parts.iter().map(|part| part.fen).sum();
    let left = planned.min(decision.money.fine);
    let document = PaymentPlan {
        head: head(directory, plan.number.parse::<Number>().ok(), plan.at, officer, check),
        subject: subject_on_paper(sheet.opening.subject.kind, particulars),
        decision: decided(sheet, decision)?,
        fine: money(decision.money.fine),
        left: money(left),
        gains: money(0),
        surcharge: money(planned - left),
        requested: day(plan.asked.at),
        reasons: texts.of(plan.asked.note),
        instalments: parts.iter().map(|p| Instalment { due: p.due, amount: money(p.fen) }).collect(),
        consequences: String::new(),
    };
    Ok(document.into())
}

/// 履行义务催告书.
pub(super) fn demand(
    sheet: &Sheet,
    particulars: &Particulars,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(missing)?;
    let demand = decision.demand.as_ref().ok_or_else(missing)?;
    let officer = sheet.opening.officers.first().map(|o| o.name.as_str()).unwrap_or_default();
    let owed = owed(decision, (demand.surcharge, &demand.arithmetic), demand.at, directory);
    let document = Demand {
        head: head(directory, demand.number.parse::<Number>().ok(), demand.at, officer, check),
        subject: subject_on_paper(sheet.opening.subject.kind, particulars),
        source: decided(sheet, decision)?,
        duty: due_sums(dues(decision, demand.surcharge, day(demand.at))).join("；"),
        due: Due::Words(term_words(directory, "court.remind", day(demand.at)).unwrap_or_default()),
        way: owed.way.clone(),
        owed: Some(owed),
        then: vec![Then::Court],
        basis: vec![cited("行政强制法第五十四条")],
    };
    Ok(document.into())
}

/// 强制执行申请书.
pub(super) fn application(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(missing)?;
    let application = decision.applications.last().ok_or_else(missing)?;
    let demand = decision.demand.as_ref().ok_or_else(missing)?;
    let served = demand.effective.ok_or_else(missing)?;
    let officer = sheet.opening.officers.first().map(|o| o.name.as_str()).unwrap_or_default();
    let opening = &sheet.opening;
    let said = sheet.heard.as_ref().and_then(|heard| heard.statement);
    let opinion = |part: PartRef| format!("当事人陈述、申辩：{}", texts.of(part));
    let mut head = head(directory, application.number.parse::<Number>().ok(), application.at, officer, check);
    let attached = ["当场行政处罚决定书及签收凭证", "履行义务催告书及送达凭证", "违法事实的证据"];
    head.attachments =
        attached.into_iter().chain(said.map(|_| "当事人的陈述、申辩")).map(String::from).collect();
    let grown = (application.surcharge, application.arithmetic.as_str());
    let owed = owed(decision, grown, application.at, directory);
    let claims = due_sums(dues(decision, application.surcharge, day(application.at)));
    let document = CourtApplication {
        head,
        court: application.court.clone(),
        address: directory.settings.papers.address.clone(),
        leader: directory.people.get(&application.by).map(|p| p.name.clone()).unwrap_or_default(),
        subject: subject_on_paper(opening.subject.kind, particulars),
        decision: decided(sheet, decision)?,
        claims,
        owed: Some(owed),
        facts: format!(
            "被申请人{}。申请人依照{}当场作出{}的处罚决定并交付，经催告仍不履行。",
            texts.of(opening.violation.facts).trim_end_matches('。'),
            opening.basis.cite(),
            decision.sanction.text(),
        ),
        basis: [
            "行政处罚法第七十二条",
            "行政强制法第五十三条",
            "行政强制法第五十四条",
            "行政强制法第五十五条",
        ]
        .map(cited)
        .into(),
        demand: Served { title: "履行义务催告书".into(), number: demand.number.clone(), on: served },
        opinion: said.map_or_else(|| "当事人没有提出意见。".into(), opinion),
        remedies: decision.remedies.iter().map(challenged).collect(),
    };
    Ok(document.into())
}
