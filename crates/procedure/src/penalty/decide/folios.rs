//! What is written on the folios of a file, and who signed them.

use super::*;
use crate::penalty::folios::{self, Folio, Signer};
use crate::penalty::rights::Hearing;

const SOURCE: &str = "行政处罚法第四十七条、第五十五条：全过程如实记录";

/// Whoever made a folio fills it in: officers theirs, a reviewer, those who discuss and whoever presides their own.
fn author(case: &Case, folio: Folio, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    if folios::title(case, folio).is_none() {
        return Err(
            Refusal::invalid("folio", "本案没有这份文书。", "请从卷内文书中选择。").from_source(SOURCE)
        );
    }
    let me = me(facts)?;
    let own = match folio {
        Folio::Review(_) | Folio::ReviewOf(_) => {
            permit(case, "penalty_review", facts)?;
            folios::review(case, folio).is_some_and(|review| review.by == me)
        }
        Folio::Discussion(_) => {
            permit(case, "penalty_discuss", facts)?;
            true
        }
        Folio::HearingRecord(p) | Folio::HearingReport(p) => {
            permit(case, "penalty_hearing", facts)?;
            case.party(p).is_some_and(|party| match &party.rights.hearing {
                Hearing::Called { chair, .. } | Hearing::Held { chair, .. } => *chair == me,
                _ => party.rights.held.last().is_some_and(|held| held.chair == me),
            })
        }
        Folio::Paper(n)
            if case.paper(n).is_some_and(|f| f.paper.kind == crate::penalty::PaperKind::HearingCall) =>
        {
            permit(case, "penalty_hearing", facts)?;
            true
        }
        Folio::Volume => {
            permit(case, "penalty_archive", facts)?;
            true
        }
        _ => {
            permit(case, "penalty_handle", facts)?;
            case.is_officer(&me)
        }
    };
    if own {
        return Ok(me);
    }
    Err(Refusal::forbidden(
        "not-your-folio",
        "文书由制作它的人填写：笔录、审批和送达的由办案人员，审核意见由审核人，听证笔录由主持人。",
        "请由制作这份文书的人登录后填写。",
    )
    .from_source(SOURCE))
}

fn changeable(case: &Case, folio: Folio) -> Result<(), Refusal> {
    match folios::settled(case, folio) {
        None => Ok(()),
        Some(why) => Err(no(
            "folio-settled",
            format!("{why}，这份文书不能再改。"),
            "需要补充或者更正的，请用“补充材料”说明，或者作废后重新制发。",
            SOURCE,
        )),
    }
}

/// What the form of a folio asks for. Filled in again it takes the place of what stood there.
pub(super) fn fill(
    case: &Case,
    folio: Folio,
    details: &Text,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = author(case, folio, facts)?;
    changeable(case, folio)?;
    let drawn = folios::drawn(case, folio);
    if drawn && note.part().is_none() {
        return Err(Refusal {
            field: Some("note"),
            ..no(
                "folio-drawn",
                "已经有人在这份文书上签名，不能在签名之下改动内容。",
                "确需更正的，写明更正的理由：原有签名随之作废，更正后请各方核对、重新签名。",
                "行政处罚法第四十七条、第五十五条：如实记录，核对无误后签名",
            )
        });
    }
    if folios::asked(case, folio).is_empty() {
        return Err(
            Refusal::invalid("folio", "这份文书没有要填写的内容。", "可以直接打印。").from_source(SOURCE)
        );
    }
    let details = need(details, "details", "文书的内容")?;
    let note = note.part().filter(|_| drawn);
    Ok(Event::FolioFilled { folio, details, note, by, at: facts.now })
}

/// The folio as printed, signed and scanned: the original from now on.
pub(super) fn sign(case: &Case, folio: Folio, files: &[Digest], facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = author(case, folio, facts)?;
    if matches!(folio, Folio::Paper(_)) {
        return Err(Refusal::invalid("folio", "有文号的文书用“上传签发件”登记。", "请改用“上传签发件”。")
            .from_source(SOURCE));
    }
    changeable(case, folio)?;
    let exhibits = proof(facts, files, "签名的文书扫描件", SOURCE)?;
    serve::scanned(&exhibits)?;
    Ok(Event::FolioSigned { folio, exhibits, by, at: facts.now })
}

/// A signature drawn on the screen.
pub(super) fn draw(
    case: &Case,
    folio: Folio,
    signer: Signer,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = author(case, folio, facts)?;
    changeable(case, folio)?;
    if !folios::signers(case, folio).contains(&signer) {
        return Err(Refusal::invalid("signer", "这份文书没有这个签名处。", "请选择这份文书上的签名处。")
            .from_source(SOURCE));
    }
    let lacking = &facts.look_ups.lacking;
    if !lacking.is_empty() {
        return Err(no(
            "folio-lacks",
            format!("这份文书还没有写完，缺：{}，不能签名。", lacking.join("、")),
            "请先填写完整，交各方核对无误后再签名。",
            "行政处罚法第五十五条；文书必备内容",
        ));
    }
    let exhibit = drawing(facts, files, SOURCE)?;
    let kept = facts.look_ups.printed.clone().filter(|_| folios::whole(case, folio, signer));
    Ok(Event::FolioDrawn { folio, signer, exhibit, kept, by, at: facts.now })
}

/// A document inside the agency as it lay before whoever signed: its bytes are printed again from now on. Nothing where it could not be
/// printed, or stands signed already.
pub(super) fn keep(case: &Case, folio: Folio, party: u16, facts: &Facts<'_>) -> Vec<Event> {
    let kept = facts.look_ups.printed.clone().filter(|_| folios::keepable(case, folio));
    kept.map(|exhibit| Event::FolioKept { folio, party, exhibit, at: facts.now }).into_iter().collect()
}
