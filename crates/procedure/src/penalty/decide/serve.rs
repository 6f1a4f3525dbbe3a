//! Papers: the signed scan, voiding, and service with its proof (行政处罚法 61; 民事诉讼法 87–95).

use super::*;
use crate::penalty::command::{Issuing, Sealing};
use crate::penalty::execution::announced;
use crate::penalty::folios::{self, Folio};
use crate::penalty::matters::{Issue, PaperFile, Service};
use crate::penalty::voiding;
use crate::penalty::words::{PaperKind, Way};

const ISSUED: &str = "行政处罚法第四十七条、第五十九条";
const POSTING: &str = "行政强制法第四十四条";
const SOURCE: &str = "行政处罚法第六十一条；民事诉讼法第八十七条至第九十五条";

fn paper(case: &Case, id: u16) -> Result<&PaperFile, Refusal> {
    case.paper(id).filter(|p| p.voided.is_none()).ok_or_else(|| {
        Refusal::invalid("paper", format!("没有文书 {id}，或者已经作废。"), "请从本案文书中选择。")
            .from_source(SOURCE)
    })
}

/// The scan of a paper as it was signed and stamped, of each party's copy: the original from then on. Another one takes its place
/// with a reason; whom it was served on keeps what was served.
pub(super) fn issue(case: &Case, asked: &Issuing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = own_officer(case, facts)?;
    let file = paper(case, asked.paper)?;
    alive_for(case, asked.paper)?;
    let party = copy(file, asked.party)?;
    let own = |issue: &Issue| issue.party.is_none() || party.is_none() || issue.party == party;
    let sealed = case.folios.get(&Folio::Paper(asked.paper)).is_some_and(|f| match party {
        Some(party) => f.sealed_for(party).is_some(),
        None => !f.sealed.is_empty(),
    });
    if sealed {
        return Err(no(
            "sealed",
            "这份文书已经加盖电子印章，以盖章件为准。",
            "内容有误的，作废后重新制发；纸质件作为其他材料用“补充材料”入卷。",
            "电子签名法第十四条",
        ));
    }
    if asked.note.part().is_none() && file.issued.iter().any(own) {
        return Err(Refusal {
            field: Some("note"),
            ..no(
                "issued",
                "这份文书的签发件已经入卷。",
                "传错了、扫描不清要换的，写明更换的理由；已经送达的，仍以送达的那一份为准。",
                ISSUED,
            )
        });
    }
    let exhibits = proof(facts, &asked.exhibits, "签名盖章后的文书扫描件", ISSUED)?;
    scanned(&exhibits)?;
    let note = asked.note.part().filter(|_| file.issued.iter().any(own));
    Ok(Event::Issued { paper: asked.paper, party, exhibits, note, by, at: facts.now })
}

/// Whose copy of a paper is meant: of one that goes to several parties it must be said.
fn copy(file: &PaperFile, party: Option<u16>) -> Result<Option<u16>, Refusal> {
    let refuse = |rule: String| {
        Err(Refusal::invalid("party", rule, "请选择扫描件是发给哪一个当事人的那一份。").from_source(ISSUED))
    };
    match (party, file.paper.parties.as_slice()) {
        (Some(party), parties) if parties.len() > 1 && parties.contains(&party) => Ok(Some(party)),
        (None, [_, _, ..]) => refuse(format!("这份文书分别发给 {} 个当事人。", file.paper.parties.len())),
        (Some(party), parties) if !parties.is_empty() && !parties.contains(&party) => {
            refuse(format!("这份文书不是发给当事人 {party} 的。"))
        }
        _ => Ok(None),
    }
}

/// A scan that stands for the paper is printed in its place: it must be something that prints.
pub(super) fn scanned(exhibits: &[ExhibitRef]) -> Result<(), Refusal> {
    if exhibits.iter().all(|e| matches!(e.media.as_str(), "application/pdf" | "image/png" | "image/jpeg")) {
        return Ok(());
    }
    Err(Refusal::invalid(
        "exhibits",
        "扫描件须是 PDF、JPEG 或者 PNG。",
        "请上传扫描的 PDF 或者照片；录像等用“补充材料”入卷。",
    )
    .from_source("行政处罚法第四十七条"))
}

/// The agency's electronic seal on a paper as it goes to a party. By whoever signed it or by its officers.
pub(super) fn seal(case: &Case, asked: &Sealing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十九条第二款；电子签名法第十四条";
    if permit(case, "penalty_approve", facts).is_err() {
        own_officer(case, facts)?;
    }
    let by = me(facts)?;
    alive_for(case, asked.paper)?;
    if !folios::unsealed(case, asked.paper).contains(&asked.party) {
        return Err(no(
            "nothing-to-seal",
            "这份文书不需要加盖电子印章：已经盖章、送达、作废，或者不是发给该当事人的。",
            "请刷新页面。",
            SOURCE,
        ));
    }
    let title = case.paper(asked.paper).map_or("", |file| file.paper.kind.title());
    parties::legible(title, "加盖电子印章", facts)?;
    match facts.look_ups.printed.clone() {
        Some(exhibit) => {
            Ok(Event::Sealed { paper: asked.paper, party: asked.party, exhibit, by, at: facts.now })
        }
        None => Err(no(
            "no-seal",
            "本机关没有接入电子印章服务。",
            "请打印后盖章，把扫描件作为签发件上传。",
            SOURCE,
        )),
    }
}

pub(super) fn void(case: &Case, id: u16, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_approve", facts)?;
    open(case)?;
    let file = paper(case, id)?;
    if !file.service.is_empty() {
        return Err(no(
            "served",
            "已经送达的文书不能作废。",
            "请按规定更正、撤销或者变更。",
            "行政处罚法第六十一条、第七十五条第二款",
        ));
    }
    if let Some((rule, remedy)) = voiding::instead(case, file) {
        return Err(no("not-voidable", rule, remedy, "行政处罚法第四十七条、第七十五条第二款"));
    }
    let note = need(note, "note", "作废的理由")?;
    Ok(Event::Voided { paper: id, note, by: me(facts)?, at: facts.now })
}

pub(super) fn serve(case: &Case, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Serve { paper: id, party: to, way, at, note, exhibits: files } = command else {
        return Err(wrong_stage(case, "送达"));
    };
    let by = own_officer(case, facts)?;
    let file = paper(case, id)?;
    alive_for(case, id)?;
    let party = party(case, to)?;
    if !file.paper.kind.must_serve() || !file.paper.parties.contains(&to) {
        return Err(Refusal::invalid("party", "这份文书不是发给该当事人的。", "请核对文书和受送达人。")
            .from_source(SOURCE));
    }
    // Whoever turns up while a public notice runs may be handed the paper: then it is served that day (民事诉讼法 88, 95).
    if let Some(service) = file.service.get(&to)
        && (service.effective.is_some() || way == Way::PublicNotice || way == Way::Posted)
    {
        let rule = if service.effective.is_some() {
            "该当事人已经送达。"
        } else {
            "公告送达正在进行。"
        };
        let remedy = "当事人出现的，可以直接送达；没有的，请等公告期满。";
        return Err(no("served", rule, remedy, SOURCE));
    }
    let posts = file.paper.kind == PaperKind::DemolitionNotice;
    if posts != (way == Way::Posted) {
        let (rule, remedy) = match posts {
            true => {
                ("限期拆除公告应当公告，不是向当事人个别送达。", "请在违法建筑所在地公告，方式选“现场公告”。")
            }
            false => ("“现场公告”只用于限期拆除公告。", "其他方式无法送达的，请用“公告送达”。"),
        };
        return Err(Refusal::invalid("way", rule, remedy).from_source(POSTING));
    }
    parties::complete(file.paper.kind.title(), "送达", facts)?;
    parties::legible(file.paper.kind.title(), "送达", facts)?;
    let at = past(at, "at", facts)?;
    // Whole minutes are typed: the minute in which it was signed is not before it.
    if at + jiff::SignedDuration::from_secs(59) < file.at {
        return Err(Refusal::invalid(
            "at",
            format!("{}还没有作出，不能在此之前送达。", file.paper.kind.title()),
            "请核对送达时间：送达只能在文书签发之后。",
        )
        .from_source(SOURCE));
    }
    let at = at.max(file.at);
    let (note, proof) = match way {
        Way::Electronic => {
            if !party.electronic {
                return Err(Refusal::invalid(
                    "way",
                    "当事人没有签订电子送达确认书，不能电子送达。",
                    "请先登记当事人签字的确认书，或者采用其他方式。",
                )
                .from_source("行政处罚法第六十一条第二款"));
            }
            (note.part(), proof(facts, &files, "电子送达回执", SOURCE)?)
        }
        Way::Left => (
            Some(need(&note, "note", "拒收的事由、见证人或者录像情况")?),
            proof(facts, &files, "留置送达的照片、录像或者见证人签名", "民事诉讼法第八十九条")?,
        ),
        Way::PublicNotice => (
            Some(need(&note, "note", "其他方式无法送达的原因和公告的方式")?),
            proof(facts, &files, "公告的照片或者刊登件", "民事诉讼法第九十五条")?,
        ),
        Way::Posted => {
            let over = |(_, until): (_, Date)| until <= crate::beijing_date(at);
            if announced(case, to).is_some_and(over) {
                return Err(no(
                    "announcement-late",
                    "公告载明的自行拆除期限在公告以前已经届满。",
                    "请作废这份公告，重新报批，给当事人留出拆除的时间。",
                    POSTING,
                ));
            }
            (Some(need(&note, "note", "公告的地点")?), proof(facts, &files, "公告张贴的照片", POSTING)?)
        }
        Way::Forwarded => (
            Some(need(&note, "note", "转交的单位（部队团以上政治机关、监所、强制性教育机构）和签收情况")?),
            proof(facts, &files, "受送达人签收的送达回证", "民事诉讼法第九十二条至第九十四条")?,
        ),
        Way::Direct | Way::OnTheSpot | Way::Entrusted | Way::Post => {
            (note.part(), proof(facts, &files, "送达回证或者邮件回执", "民事诉讼法第八十七条")?)
        }
    };
    let effective = (way != Way::PublicNotice).then_some(at);
    let service = Service { way, from: at, effective, note, proof };
    let printed = facts.look_ups.printed.clone();
    let kept = printed.map(|exhibit| Event::PaperKept { paper: id, party: to, exhibit, at: facts.now });
    let served = Event::Served { paper: id, party: to, service, by, at: facts.now };
    Ok(kept.into_iter().chain([served]).collect())
}

pub(super) fn agree_electronic(
    case: &Case,
    id: u16,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(case, facts)?;
    if party(case, id)?.electronic {
        return Err(no("agreed", "该当事人已经确认电子送达。", "请刷新页面。", "行政处罚法第六十一条第二款"));
    }
    let exhibits = proof(facts, files, "当事人签字的电子送达确认书", "行政处罚法第六十一条第二款")?;
    Ok(Event::ElectronicAgreed { party: id, exhibits, by, at: facts.now })
}
