//! The way to the police and back (行政执法机关移送涉嫌犯罪案件的规定 9; 行政处罚法 27).

use super::rules::no;
use super::state::{Case, Outcome};
use super::words::Mark;
use crate::Refusal;
use crate::words::words;
use jiff::Timestamp;

words! {
    /// Who shall look again at a refusal of the police (规定 9).
    PoliceReview {
        /// The police themselves.
        Police = "police", "提请公安机关复议";
        /// The procuratorate.
        Prosecutor = "prosecutor", "建议人民检察院立案监督";
    }
}

/// What became of a case that was handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Police {
    /// When the police last refused it.
    pub refused: Option<Timestamp>,
    /// Who looks at the refusal again, since when.
    pub asked: Option<(PoliceReview, Timestamp)>,
    /// When it came back because nobody is prosecuted, and a penalty may still be due.
    pub back: Option<Timestamp>,
}

/// What may be a crime goes to the police before it ends in any other way (行政处罚法 27(1)); the mark falls when they refused it or
/// nobody is prosecuted.
pub(super) fn suspected(case: &Case) -> Option<Refusal> {
    let handed = matches!(case.outcome, Outcome::Crime { .. });
    (case.marks.contains(&Mark::Crime) && !handed).then(|| {
        no(
            "crime",
            "本案涉嫌犯罪，应当移送司法机关，不得以行政处罚、不予处罚、撤案或者其他处理代替移送。",
            "请报批移送；不涉嫌犯罪的，请取消该标注并写明理由。",
            "行政处罚法第二十七条第一款；行政执法机关移送涉嫌犯罪案件的规定第三条、第十一条",
        )
    })
}
