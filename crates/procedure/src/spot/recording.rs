//! Gaps in the record of the whole process of a decision made on the spot (行政处罚法 47).

use super::state::Sheet;
use crate::penalty::Gap;

const SOURCE: &str = "行政处罚法第四十七条；国办发〔2018〕118号第三部分：现场执法";

/// What is missing of the record by now.
#[must_use]
pub fn record_gaps(sheet: &Sheet) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let Some(decision) = sheet.imposed() else { return gaps };
    let mut add = |step: &str, at, wants: &str, source| {
        gaps.push(Gap { step: step.to_owned(), at: Some(at), wants: wants.to_owned(), source });
    };
    let pictured = |media: &str| ["image/", "audio/", "video/"].iter().any(|kind| media.starts_with(kind));
    if !sheet.opening.exhibits.iter().any(|e| pictured(&e.media)) {
        add("现场检查", sheet.opening.shown, "照片、录音或者录像", SOURCE);
    }
    let day = crate::beijing_date;
    if let Some(handed) = decision.handed.as_ref().filter(|handed| day(handed.at) != day(decision.at)) {
        add("当场交付", handed.at, "决定当日的交付（原因见交付的记录）", "行政处罚法第五十二条第一款");
    }
    // Whoever does not sign says later that he never saw it.
    if let Some(handed) = decision.handed.as_ref().filter(|handed| handed.refused && handed.files.is_empty())
    {
        add("拒绝签收", handed.at, "交付过程的录音录像", SOURCE);
    }
    gaps
}
