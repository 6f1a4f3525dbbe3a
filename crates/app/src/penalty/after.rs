//! What follows the decision, in words: remedies and stays, enforcement as it was carried out, the court, the police.

use super::tell::{attached, party};
use crate::record::{Told, minute};
use lianzhi_procedure::penalty::{Event, yuan};

/// Against what somebody turned to others.
fn against(paper: Option<u16>) -> &'static str {
    if paper.is_some() { "对责令改正" } else { "" }
}

/// An entry in words.
pub(super) fn told(event: &Event) -> Told {
    match event {
        Event::RemedySought { party: id, remedy, exhibits, .. } => {
            let what = format!("{}{}{}", party(*id), against(remedy.paper), remedy.kind.title());
            let told = attached(Told::new(what).with("日期", remedy.on.to_string()), exhibits.len());
            if remedy.stay { told.with("执行", "停止执行") } else { told }
        }
        Event::RemedyEnded { party: id, end, on, fine, paper, note, exhibits, .. } => {
            let what = format!("{}{}的复议、诉讼：{}", party(*id), against(*paper), end.title());
            let told = Told::new(what).said(*note).with("日期", on.to_string());
            let told = attached(told, exhibits.len());
            match fine {
                Some(fine) => told.with("变更后的罚款", yuan(*fine)),
                None => told,
            }
        }
        Event::StaySet { party: id, stay, on, note, exhibits, .. } => {
            let what = if *stay { "停止执行" } else { "解除停止执行" };
            let told = Told::new(format!("对{}{what}", party(*id))).said(*note).with("日期", on.to_string());
            attached(told, exhibits.len()).law("行政复议法第四十二条；行政诉讼法第五十六条")
        }
        Event::Enforced { party: id, from, to, note, exhibits, .. } => {
            let told = Told::new(format!("对{}强制执行完毕", party(*id))).said(*note);
            let told = match (from, to) {
                (Some(from), Some(to)) => {
                    told.with("实施时间", format!("{} 至 {}", minute(*from), minute(*to)))
                }
                _ => told,
            };
            attached(told, exhibits.len())
        }
        Event::EnforcementStopped { party: id, note, exhibits, .. } => {
            let told = Told::new(format!("对{}停止执行、撤回申请", party(*id))).said(*note);
            attached(told, exhibits.len()).law("行政强制法第四十条、第五十一条")
        }
        Event::CourtLodged { party: id, on, note, exhibits, .. } => {
            let told = Told::new(format!("对{}的强制执行申请递交人民法院", party(*id)));
            let told = told.said(*note).with("法院收到", on.to_string());
            attached(told, exhibits.len()).law("行政强制法第五十三条、第五十六条")
        }
        Event::CrimeSent { note, exhibits, .. } => {
            attached(Told::new("移送公安机关").said(*note), exhibits.len()).law("行政处罚法第二十七条")
        }
        Event::CrimeAnswered { taken, note, exhibits, .. } => {
            let what = if *taken { "公安机关立案" } else { "公安机关不立案" };
            attached(Told::new(what).said(*note), exhibits.len())
        }
        Event::TransferSent { note, exhibits, .. } => {
            let told = Told::new("移送有管辖权的机关").said(*note);
            attached(told, exhibits.len()).law("行政处罚法第二十二条、第二十五条")
        }
        Event::TransferAnswered { taken, note, exhibits, .. } => {
            let what =
                if *taken { "受移送机关受理" } else { "受移送机关不受理，继续办理" };
            attached(Told::new(what).said(*note), exhibits.len())
        }
        _ => Told::new(""),
    }
}
