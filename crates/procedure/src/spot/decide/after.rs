//! After a decision: handed over, filed, paid, appealed, enforced, withdrawn.

use super::*;
use crate::Text;
use crate::penalty::decide::{drawing, exhibits, line, me, need, past_day, proof};
use crate::penalty::{OnSite, OnSiteGround, Receipt, Remedy, RemedyEnd, RemedyKind, Signer};
use lianzhi_ids::Digest;

const PAY: &str = "行政处罚法第六十七条";
const REMEDY: &str = "行政复议法第二十三条第一款第一项、行政处罚法第七十三条";
/// Largest fine that may be taken on the spot because it is small (行政处罚法 68(一)), fen.
const ON_SITE_MAX: i64 = 10_000;

pub(super) fn hand(
    sheet: &Sheet,
    refused: bool,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十二条第一款";
    let by = officer(sheet, facts)?;
    let decision = imposed(sheet, "交付")?;
    if decision.handed.is_some() {
        return Err(wrong_stage(sheet, "再次交付"));
    }
    if refused && decision.signed(Signer::Party) {
        return Err(Refusal::invalid(
            "refused",
            "当事人已经在屏幕上签名，不是拒绝签收。",
            "请不要勾选拒绝签收；签错的，重新签名后再交付。",
        )
        .from_source(SOURCE));
    }
    before::complete("交付", facts)?;
    // The law knows no later day; where it happened all the same, the record says why.
    let late = crate::beijing_date(decision.at) != crate::beijing_date(facts.now);
    if late && note.part().is_none() {
        return Err(Refusal::invalid(
            "note",
            format!("处罚决定是 {} 作出的，没有当场交付。", crate::beijing_date(decision.at)),
            "请写明没有当场交付的原因，如实记入记录后交付。",
        )
        .from_source(SOURCE));
    }
    let note = if refused {
        Some(need(note, "note", "拒绝签收的情况和在场的人").map_err(|r| r.from_source(SOURCE))?)
    } else {
        note.part()
    };
    let exhibits = if refused || !files.is_empty() || signed(decision)? {
        exhibits(facts, files)?
    } else {
        proof(facts, files, "当事人签收的照片或者扫描件", SOURCE)?
    };
    let kept = facts.look_ups.printed.clone();
    Ok(Event::Handed { refused, note, exhibits, kept, by, at: facts.now })
}

/// Whether all who must sign did so on the screen: the party and both officers.
fn signed(decision: &Imposed) -> Result<bool, Refusal> {
    if !decision.signed(Signer::Party) {
        return Ok(false);
    }
    match [Signer::Officer, Signer::Second].into_iter().find(|signer| !decision.signed(*signer)) {
        None => Ok(true),
        Some(signer) => Err(no(
            "unsigned",
            format!("{}还没有在屏幕上签名。", signer.title()),
            "请两名执法人员都签名后再交付；或者打印后手写签名，上传签收的照片。",
            "行政处罚法第五十二条第二款",
        )),
    }
}

/// Who signs a decision on the screen, where that is done.
pub const SIGNERS: &[Signer] = &[Signer::Party, Signer::Officer, Signer::Second, Signer::Witness];

/// A signature drawn on the screen.
pub(super) fn draw(
    sheet: &Sheet,
    signer: Signer,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十二条第二款";
    let by = officer(sheet, facts)?;
    if !imposed(sheet, "签名")?.signable() {
        return Err(no(
            "folio-settled",
            "决定书已经交付，不能再签名。",
            "需要补充的，请用“补充材料”说明。",
            SOURCE,
        ));
    }
    if !SIGNERS.contains(&signer) {
        return Err(Refusal::invalid("signer", "决定书上没有这个签名处。", "请选择决定书上的签名处。")
            .from_source(SOURCE));
    }
    let exhibit = drawing(facts, files, SOURCE)?;
    Ok(Event::Drawn { signer, exhibit, by, at: facts.now })
}

pub(super) fn lodge(sheet: &Sheet, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_lodge", facts)?;
    let decision = imposed(sheet, "报备案")?;
    if decision.lodged.is_some() || decision.handed.is_none() {
        return Err(wrong_stage(sheet, "报备案"));
    }
    Ok(Event::Lodged { by: me(facts)?, at: facts.now })
}

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
    let code = line(code, "code", "缴款码", PAY)?;
    Ok(Event::PayCodeSet { code, by, at: facts.now })
}

/// The surcharge until a day, with its arithmetic; none before the last day to pay.
pub(in crate::spot) fn surcharge(sheet: &Sheet, until: Date) -> Result<(i64, String), Refusal> {
    let (Some(decision), Some(due)) = (sheet.imposed(), sheet.pay_until()) else {
        return Ok((0, String::new()));
    };
    if until <= due || decision.money.fine == 0 {
        return Ok((0, String::new()));
    }
    let sum = law_side::surcharge_of(&decision.money, &decision.remedies, due, until)?;
    Ok((sum.fen, sum.arithmetic))
}

/// The most that may still be paid on a day, the surcharge until then included, fen.
///
/// # Errors
/// When nothing is owed, with the reason.
pub fn payable(sheet: &Sheet, on: Date) -> Result<i64, Refusal> {
    let decision = debt(sheet)?;
    let (surcharge, _) = surcharge(sheet, on)?;
    Ok(decision.money.left() + (surcharge - decision.money.surcharge).max(0))
}

pub(super) fn pay(
    sheet: &Sheet,
    amount: i64,
    on: Date,
    reference: &str,
    ticket: &str,
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
    let bank = facts.look_ups.bank.clone();
    let receipt = Receipt { fen: amount, on, reference, on_site: None, bank, ticket };
    Ok(Event::Paid { receipt, surcharge, arithmetic, by: facts.actor.person().cloned(), at: facts.now })
}

/// Money is taken on the spot only under articles 68 and 69, whole, and with the treasury's receipt (70).
pub(super) fn collect(
    sheet: &Sheet,
    ground: OnSiteGround,
    ticket: &str,
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
    let on_site = Some(OnSite { ground, ticket: ticket.clone(), handed: None });
    let fen = decision.money.left();
    let receipt = Receipt { fen, on: today, reference: ticket.clone(), on_site, bank: None, ticket };
    Ok(Event::Paid { receipt, surcharge: 0, arithmetic: String::new(), by: Some(by), at: facts.now })
}

pub(super) fn hand_in(sheet: &Sheet, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    let carried = sheet.imposed().and_then(Imposed::on_site).is_some_and(|(_, o)| o.handed.is_none());
    if !carried {
        return Err(wrong_stage(sheet, "上缴罚款"));
    }
    Ok(Event::HandedIn { by, at: facts.now })
}

pub(super) fn appeal(
    sheet: &Sheet,
    kind: RemedyKind,
    on: Date,
    (stay, ordinary): (bool, bool),
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_remedy", facts)?;
    let decision = imposed(sheet, "登记复议、诉讼")?;
    let Some(handed) = &decision.handed else {
        return Err(no("not-handed", "处罚决定书还没有交付。", "请先交付决定书。", REMEDY));
    };
    if decision.remedy().is_some() {
        return Err(no("remedy-open", "已有一项复议、诉讼没有结果。", "请先登记结果。", REMEDY));
    }
    let reviewed = decision.remedies.iter().any(|r| r.kind == RemedyKind::Reconsideration);
    if kind == RemedyKind::Lawsuit && !reviewed {
        return Err(no(
            "reconsideration-first",
            "对当场作出的行政处罚决定不服的，应当先申请行政复议，对复议决定不服的再提起诉讼。",
            "请核对法院的应诉通知；已经复议的，先登记复议及其结果。",
            "行政复议法第二十三条第一款第一项",
        ));
    }
    let on = past_day(on, "on", facts)?;
    if on < crate::beijing_date(handed.at) {
        return Err(Refusal::invalid("on", "日期早于决定交付。", "请核对受理通知书。").from_source(REMEDY));
    }
    // What was decided on the spot is reviewed by the summary procedure, unless the authority takes it out of it.
    let simple = kind == RemedyKind::Reconsideration && !ordinary;
    let remedy = Remedy { kind, on, stay, simple, replied: None, ended: None };
    Ok(Event::Appealed { remedy, by: me(facts)?, at: facts.now })
}

/// The agency answered, with its evidence (行政复议法 48, 54; 行政诉讼法 67).
pub(super) fn reply(
    sheet: &Sheet,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_remedy", facts)?;
    if imposed(sheet, "登记答复")?.remedy().is_none_or(|remedy| remedy.replied.is_some()) {
        return Err(no(
            "nothing-to-reply",
            "没有等候答复、答辩的复议、诉讼。",
            "请先登记复议、诉讼。",
            "行政复议法第四十八条、第五十四条；行政诉讼法第六十七条",
        ));
    }
    let note = need(note, "note", "答复、答辩的要点和提交的证据")?;
    Ok(Event::RemedyReplied { note, exhibits: exhibits(facts, files)?, by: me(facts)?, at: facts.now })
}

pub(super) fn end_appeal(
    sheet: &Sheet,
    end: RemedyEnd,
    on: Date,
    fine: Option<i64>,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_remedy", facts)?;
    let decision = imposed(sheet, "登记复议、诉讼结果")?;
    let Some(running) = decision.remedy() else {
        return Err(no("no-remedy", "没有进行中的复议、诉讼。", "请先登记受理。", REMEDY));
    };
    let fine = fine.filter(|_| end == RemedyEnd::Changed);
    if end == RemedyEnd::Changed && !fine.is_some_and(|fine| (0..=decision.money.fine).contains(&fine)) {
        return Err(Refusal::invalid(
            "fine",
            "变更的结果应当写明变更后的罚款，且不得加重。",
            "请填写复议决定或者裁判确定的罚款；没有变更罚款的填原数额。",
        )
        .from_source("行政复议法第六十三条第二款；行政诉讼法第七十七条"));
    }
    let on = past_day(on, "on", facts)?;
    if on < running.on {
        return Err(Refusal::invalid("on", "结果早于申请。", "请核对日期。").from_source(REMEDY));
    }
    let note = need(note, "note", "复议决定、裁判的内容")?;
    Ok(Event::AppealEnded { end, on, fine, note, by: me(facts)?, at: facts.now })
}

pub(super) fn withdraw(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_withdraw", facts)?;
    imposed(sheet, "撤销决定")?;
    let note = need(note, "note", "撤销的理由")?;
    let number = facts.look_ups.number.clone();
    Ok(Event::Withdrawn { number, note, by: me(facts)?, at: facts.now })
}

/// What was paid and is not owed any more goes back.
pub(super) fn refund(sheet: &Sheet, on: Date, reference: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "国家赔偿法第三十六条第一项：违法罚款的返还";
    permit(sheet, "spot_money", facts)?;
    let fen = sheet.imposed().map_or(0, Imposed::to_refund);
    if fen == 0 {
        return Err(wrong_stage(sheet, "退还罚款"));
    }
    let on = past_day(on, "on", facts)?;
    let reference = line(reference, "reference", "财政退付的流水号", SOURCE)?;
    Ok(Event::Refunded { fen, on, reference, by: facts.actor.person().cloned(), at: facts.now })
}

pub(super) fn archive(sheet: &Sheet, shelf: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_archive", facts)?;
    if sheet.open() || sheet.archived.is_some() {
        return Err(wrong_stage(sheet, "归档"));
    }
    let shelf = line(shelf, "shelf", "档号", "行政处罚法第四十七条")?;
    Ok(Event::Archived { shelf, by: me(facts)?, at: facts.now })
}

/// A slip of the pen: what it says wrongly and how it should read. Facts, basis and penalty are no such thing.
pub(super) fn correct(
    sheet: &Sheet,
    note: &Text,
    (wrong, right): (&Text, &Text),
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第七十五条第二款";
    let by = officer(sheet, facts)?;
    imposed(sheet, "更正")?;
    let note = need(note, "note", "书写错误的种类").map_err(|r| r.from_source(SOURCE))?;
    let wrong = need(wrong, "wrong", "决定书上的原文").map_err(|r| r.from_source(SOURCE))?;
    let right = need(right, "right", "更正后的文字").map_err(|r| r.from_source(SOURCE))?;
    let number = facts.look_ups.number.clone();
    Ok(Event::Corrected { number, note, text: Some((wrong, right)), by, at: facts.now })
}

pub(super) fn add(sheet: &Sheet, note: &Text, files: &[Digest], facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    let note = need(note, "note", "补充的内容")?;
    Ok(Event::Added { note, exhibits: exhibits(facts, files)?, by, at: facts.now })
}
