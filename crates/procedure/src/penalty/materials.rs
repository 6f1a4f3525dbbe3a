//! What comes into the file without a form of its own: declarations, receipts, answers of courts and police, photos of what was done,
//! supplements. Each is kept with its date and its name, so that the file reads in order.

use super::aside::Aside;
use super::event::Event;
use super::proposal::Proposal;
use super::state::Case;
use super::words::RemedyKind;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;

/// Something that came into the file without a form of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// The day from which it is: when it happened, where that was said, else when it came in.
    pub at: Timestamp,
    /// Its name in the catalogue.
    pub title: String,
    /// Whose it is.
    pub party: Option<u16>,
    /// What was said of it.
    pub text: Option<PartRef>,
    /// Its files.
    pub exhibits: Vec<ExhibitRef>,
}

/// What is filled in below: name, party, words, files.
type Told<'a> = (String, Option<u16>, Option<PartRef>, &'a [ExhibitRef]);

/// An instant on a day that was typed: when it was entered, if that was the same day; else the end of that day.
fn on(day: Date, entered: Timestamp) -> Timestamp {
    if crate::beijing_date(entered) == day {
        return entered;
    }
    let end = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    end.map_or(entered, |end| end.timestamp().min(entered))
}

const fn done(done: bool) -> &'static str {
    if done { "已改正" } else { "未改正" }
}

/// What an event brings into the file beside papers, records and what is signed on them; `case` as it was before.
pub(super) fn material(case: &Case, event: &Event) -> Option<Material> {
    let entered = event.at();
    let at = match event {
        Event::Paid { receipt, .. } => on(receipt.on, entered),
        Event::Reinspected { seen: Some(seen), .. } => *seen,
        Event::RemedySought { remedy, .. } => on(remedy.on, entered),
        Event::HearingAsked { on: day, .. }
        | Event::RemedyEnded { on: day, .. }
        | Event::CourtSaid { on: day, .. }
        | Event::NotIndicted { on: day, .. } => on(*day, entered),
        _ => entered,
    };
    let (title, party, text, exhibits) =
        of_investigation(case, event).or_else(|| of_execution(case, event)).or_else(|| of_others(event))?;
    Some(Material { at, title, party, text, exhibits: exhibits.to_vec() })
}

/// The same for files alone: nothing is listed where there are none.
fn files<'a>(title: &str, party: Option<u16>, exhibits: &'a [ExhibitRef]) -> Option<Told<'a>> {
    (!exhibits.is_empty()).then(|| (title.to_owned(), party, None, exhibits))
}

/// With what the case was registered.
pub(super) fn registered(exhibits: &[ExhibitRef], at: Timestamp) -> Vec<Material> {
    let told = files("线索材料", None, exhibits).into_iter();
    told.map(|(title, party, text, exhibits)| Material {
        at,
        title,
        party,
        text,
        exhibits: exhibits.to_vec(),
    })
    .collect()
}

fn of_investigation<'a>(case: &Case, event: &'a Event) -> Option<Told<'a>> {
    Some(match event {
        Event::Verified { exhibits, .. } => files("线索核查材料", None, exhibits)?,
        Event::ViolationWithdrawn { violation, note, .. } => {
            (format!("撤销登记违法行为 {violation} 的说明"), None, Some(*note), &[])
        }
        Event::Excluded { evidence, note, .. } => {
            (format!("排除证据 {evidence} 的说明"), None, Some(*note), &[])
        }
        Event::Reinspected { order, done: met, note, exhibits, .. } => {
            let party = case.orders.iter().find(|o| o.order.paper == *order).map(|o| o.order.party);
            (format!("责令改正复查记录（{}）", done(*met)), party, Some(*note), exhibits)
        }
        Event::QuickAgreed { party, exhibits, .. } => ("快速办理同意书".into(), Some(*party), None, exhibits),
        Event::Promised { party, exhibits, .. } => ("改正承诺书".into(), Some(*party), None, exhibits),
        Event::PromiseSeen { party, done: met, note, exhibits, .. } => {
            (format!("改正承诺核查记录（{}）", done(*met)), Some(*party), Some(*note), exhibits)
        }
        Event::Testing { begins, measure, note, exhibits, .. } => {
            let what = if *begins { "开始" } else { "结束" };
            let party = measure.and_then(|id| case.measure(id)).map(|file| file.measure.party);
            (format!("检测、检验、鉴定记录（{what}）"), party, Some(*note), exhibits)
        }
        Event::Confirmed { party, note, .. } => ("适用依据核实意见".into(), Some(*party), Some(*note), &[]),
        Event::Stated { party, exhibits, .. } => files("陈述申辩材料", Some(*party), exhibits)?,
        Event::Waived { party, hearing, exhibits, .. } => {
            let what = if *hearing {
                "放弃陈述、申辩和听证的声明"
            } else {
                "放弃陈述、申辩的声明"
            };
            (what.into(), Some(*party), None, exhibits)
        }
        Event::HearingAsked { party, .. } => ("听证申请".into(), Some(*party), None, &[]),
        Event::HearingHeld { party, exhibits, .. } => files("听证材料", Some(*party), exhibits)?,
        Event::HearingGivenUp { party, note, exhibits, .. } => {
            ("放弃听证的记录".into(), Some(*party), Some(*note), exhibits)
        }
        Event::Resubmitted { note, .. } => ("重新送审的说明".into(), None, Some(*note), &[]),
        Event::PutIn { thing, .. } => files(&format!("物品 {} 入库的照片", thing.id), None, &thing.exhibits)?,
        Event::Custody { thing, act, note, exhibits, .. } if note.is_some() || !exhibits.is_empty() => {
            (format!("物品 {thing}：{}", act.title()), None, *note, exhibits)
        }
        _ => return None,
    })
}

fn of_execution<'a>(case: &'a Case, event: &'a Event) -> Option<Told<'a>> {
    let sought = |party: u16, paper: Option<u16>| {
        let mut open = case.remedies().filter(|(.., r)| r.ended.is_none());
        open.find(|(of, order, _)| (*of, *order) == (party, paper)).map(|(.., r)| r.kind)
    };
    Some(match event {
        Event::ElectronicAgreed { party, exhibits, .. } => {
            ("电子送达确认书".into(), Some(*party), None, exhibits)
        }
        Event::Paid { party, receipt, .. } => {
            let ticket = [receipt.ticket.as_str(), receipt.reference.as_str()];
            let ticket = ticket.into_iter().find(|t| !t.is_empty()).unwrap_or("无票据号");
            let yuan = super::law_side::yuan(receipt.fen);
            (format!("缴款凭证（{yuan}，{ticket}）"), Some(*party), None, &receipt.proof)
        }
        Event::HandedIn { party, ticket, .. } => {
            (format!("当场收缴的罚款交付记录（{ticket}）"), Some(*party), None, &[])
        }
        Event::Banked { party, receipt, exhibits, .. } => {
            (format!("罚款缴存银行的凭证（{receipt}）"), Some(*party), None, exhibits)
        }
        Event::PaymentChecked { party, receipt, finding, .. } => {
            let what =
                if finding.came { "核对缴款的凭证" } else { "没有到账、不予计入的记录" };
            (format!("{what}（{receipt}）"), Some(*party), finding.note, &finding.exhibits)
        }
        Event::Refunded { party, fen, reference, .. } => {
            let yuan = super::law_side::yuan(*fen);
            (format!("退款凭证（{yuan}，{reference}）"), Some(*party), None, &[])
        }
        Event::RemedySought { party, remedy, exhibits, .. } => {
            let what = match remedy.kind {
                RemedyKind::Reconsideration => "行政复议申请",
                RemedyKind::Lawsuit => "行政诉讼起诉",
                RemedyKind::SecondInstance => "行政诉讼上诉",
            };
            (what.into(), Some(*party), None, exhibits)
        }
        Event::StaySet { party, stay, note, exhibits, .. } => {
            let what = if *stay { "停止执行的决定" } else { "恢复执行的决定" };
            (what.into(), Some(*party), Some(*note), exhibits)
        }
        Event::RemedyReplied { party, paper, note, exhibits, .. } => {
            let what = match sought(*party, *paper) {
                Some(RemedyKind::Lawsuit) => "行政诉讼答辩材料",
                _ => "行政复议答复材料",
            };
            (what.into(), Some(*party), Some(*note), exhibits)
        }
        Event::RemedyEnded { party, paper, end, note, exhibits, .. } => {
            let what = sought(*party, *paper).map_or("救济", RemedyKind::title);
            (format!("{what}结果（{}）", end.title()), Some(*party), Some(*note), exhibits)
        }
        Event::Enforced { party, note, exhibits, .. } => {
            ("强制执行实施记录".into(), Some(*party), Some(*note), exhibits)
        }
        Event::EnforcementStopped { party, note, exhibits, .. } => {
            ("不再强制执行的记录".into(), Some(*party), Some(*note), exhibits)
        }
        Event::CourtLodged { party, note, exhibits, .. } => {
            ("向人民法院递交申请的记录".into(), Some(*party), Some(*note), exhibits)
        }
        Event::CourtSaid { party, step, note, exhibits, .. } => {
            (format!("强制执行申请的处理：{}", step.title()), Some(*party), Some(*note), exhibits)
        }
        Event::AgreementBroken { party, note, .. } => {
            ("不履行执行协议的记录".into(), Some(*party), Some(*note), &[])
        }
        Event::ExecutionResumed { party, note, .. } => {
            ("恢复执行的记录".into(), Some(*party), Some(*note), &[])
        }
        Event::TransferSent { note, exhibits, .. } => ("案件移送的记录".into(), None, Some(*note), exhibits),
        Event::TransferAnswered { note, exhibits, .. } => {
            ("受移送机关的答复".into(), None, Some(*note), exhibits)
        }
        Event::CrimeSent { note, exhibits, .. } => ("移送公安机关的记录".into(), None, Some(*note), exhibits),
        Event::CrimeAnswered { taken, note, exhibits, .. } => {
            let what = if *taken { "立案" } else { "不予立案" };
            (format!("公安机关的答复（{what}）"), None, Some(*note), exhibits)
        }
        Event::PoliceAsked { review, note, .. } => (review.title().into(), None, Some(*note), &[]),
        Event::NotIndicted { note, exhibits, .. } => {
            ("不起诉并移送给予行政处罚的材料".into(), None, Some(*note), exhibits)
        }
        Event::Published { .. } => ("处罚决定公开记录".into(), None, None, &[]),
        Event::NotPublished { note, .. } => ("处罚决定不予公开的理由".into(), None, Some(*note), &[]),
        Event::PublicationWithdrawn { note, .. } => ("撤回公开的说明".into(), None, Some(*note), &[]),
        // What was approved stands here with the paper that demands it: it has no form of its own.
        Event::Approved { id, agreed: true, .. } => match case.proposal(*id).map(|p| (&p.proposal, p.note)) {
            Some((Proposal::OpenArchive { ground, exhibits }, note)) => {
                let title = format!("启卷的批准（{}）", ground.title());
                return Some((title, None, Some(note), exhibits));
            }
            _ => return None,
        },
        Event::Archived { note: Some(note), .. } => ("归档说明".into(), None, Some(*note), &[]),
        _ => return None,
    })
}

fn of_others(event: &Event) -> Option<Told<'_>> {
    Some(match event {
        Event::OpinionAsked { from, note, .. } => {
            (format!("征求{}的意见", from.title()), None, Some(*note), &[])
        }
        Event::Advised { from, note, exhibits, .. } => {
            (format!("{}意见", from.title()), None, Some(*note), exhibits)
        }
        Event::Mediated { agreed, note, exhibits, .. } => {
            let what = if *agreed { "达成协议" } else { "没有达成协议" };
            (format!("调解记录（{what}）"), None, Some(*note), exhibits)
        }
        // Its paper is a folio of its own; what was brought to the meeting stands here.
        Event::Aside { what, .. } => match &**what {
            Aside::PanelConcluded { exhibits, .. } if exhibits.is_empty() => return None,
            Aside::PanelConcluded { exhibits, .. } => ("公议会议记录".into(), None, None, exhibits),
            what => (what.title(), None, what.note(), what.exhibits()),
        },
        Event::SuggestionAnswered { adopted, note, exhibits, .. } => {
            (format!("执法建议反馈（{}）", adopted.title()), None, Some(*note), exhibits)
        }
        Event::LetterReceived { kind, sender, number, note, exhibits, .. } => {
            (format!("{}（{sender} {number}）", kind.title()), None, Some(*note), exhibits)
        }
        Event::LetterAnswered { note, exhibits, .. } => {
            ("对司法建议、检察建议的答复".into(), None, Some(*note), exhibits)
        }
        Event::Added { note, exhibits, .. } => ("补充材料".into(), None, Some(*note), exhibits),
        Event::Joined { note, .. } => ("并案说明".into(), None, Some(*note), &[]),
        Event::SplitAsked { party, note, .. } => ("分案说明".into(), Some(*party), Some(*note), &[]),
        Event::DailyAsked { daily, note, .. } => {
            ("按日连续处罚的提出".into(), Some(daily.party), Some(*note), &[])
        }
        _ => return None,
    })
}
