//! After a decision: handed over, filed, paid, appealed, enforced, withdrawn.

use super::*;
use crate::Text;
use crate::penalty::decide::{confirmed, drawing, exhibits, line, me, need, past_day, proof, remedy};
use crate::penalty::{Remedy, RemedyEnd, RemedyKind, Signer};
use lianzhi_ids::Digest;

const REMEDY: &str = "行政复议法第二十三条第一款第一项、行政处罚法第七十三条";

pub(super) fn hand(
    sheet: &Sheet,
    refused: bool,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十二条第一款";
    let by = officer(sheet, facts)?;
    if let Some(at) = sheet.spared_to_hand() {
        return hand_spared(at, (refused, note, files), by, facts);
    }
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

/// The paper of a decision not to punish is handed over like any other (行政处罚法 61), with proof.
fn hand_spared(
    decided: jiff::Timestamp,
    (refused, note, files): (bool, &Text, &[Digest]),
    by: PersonCode,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第六十一条";
    let late = crate::beijing_date(decided) != crate::beijing_date(facts.now);
    let note = match refused || late {
        true => Some(
            need(note, "note", "拒绝签收的情况和在场的人，或者没有当日交付的原因")
                .map_err(|r| r.from_source(SOURCE))?,
        ),
        false => note.part(),
    };
    let exhibits = match refused {
        true => exhibits(facts, files)?,
        false => proof(facts, files, "当事人签收的照片或者扫描件", SOURCE)?,
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

pub(super) fn appeal(
    sheet: &Sheet,
    kind: RemedyKind,
    on: Date,
    (stay, ordinary): (bool, bool),
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_remedy", facts)?;
    let spared = matches!(sheet.outcome, Outcome::Spared { .. });
    if !spared {
        imposed(sheet, "登记复议、诉讼")?;
    }
    let Some((handed, remedies)) = sheet.challenged() else {
        return Err(no("not-handed", "决定书还没有交付。", "请先交付决定书。", REMEDY));
    };
    if remedies.iter().any(|r| r.ended.is_none()) {
        return Err(no("remedy-open", "已有一项复议、诉讼没有结果。", "请先登记结果。", REMEDY));
    }
    remedy::not_sued(kind, remedies)?;
    let reviewed = remedies.iter().any(|r| r.kind == RemedyKind::Reconsideration);
    // Only a penalty on the spot is reconsidered first.
    if kind != RemedyKind::Reconsideration && !reviewed && !spared {
        return Err(no(
            "reconsideration-first",
            "对当场作出的行政处罚决定不服的，应当先申请行政复议，对复议决定不服的再提起诉讼。",
            "请核对法院的应诉通知；已经复议的，先登记复议及其结果。",
            "行政复议法第二十三条第一款第一项",
        ));
    }
    let on = past_day(on, "on", facts)?;
    if on < crate::beijing_date(handed) {
        return Err(Refusal::invalid("on", "日期早于决定交付。", "请核对受理通知书。").from_source(REMEDY));
    }
    // A penalty on the spot is reviewed by the summary procedure, unless the authority takes it out of it (行政复议法 53).
    let simple = kind == RemedyKind::Reconsideration && !ordinary && !spared;
    let remedy = Remedy { kind, paper: None, on, stay, simple, replied: None, ended: None, shown: false };
    Ok(Event::Appealed { remedy, by: me(facts)?, at: facts.now })
}

/// The remedy that goes on against what stands.
fn running(sheet: &Sheet) -> Option<&Remedy> {
    let annulled = sheet.imposed().is_some_and(|decision| decision.annulled.is_some());
    let (_, remedies) = sheet.challenged().filter(|_| !annulled)?;
    remedies.iter().find(|r| r.ended.is_none())
}

/// The agency answered, with its evidence (行政复议法 48, 54; 行政诉讼法 67).
pub(super) fn reply(
    sheet: &Sheet,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(sheet, "spot_remedy", facts)?;
    if running(sheet).is_none_or(|remedy| remedy.replied.is_some()) {
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
    let Some(running) = running(sheet) else {
        return Err(no("no-remedy", "没有进行中的复议、诉讼。", "请先登记受理。", REMEDY));
    };
    let most = sheet.imposed().map_or(0, |decision| decision.money.fine);
    let fine = fine.filter(|_| end == RemedyEnd::Changed);
    if end == RemedyEnd::Changed && !fine.is_some_and(|fine| (0..=most).contains(&fine)) {
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

pub(super) fn archive(sheet: &Sheet, shelf: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_archive", facts)?;
    if let Some(decision) = sheet.imposed() {
        confirmed(&decision.money)?;
    }
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
