//! The way to the police and back (行政执法机关移送涉嫌犯罪案件的规定 9; 行政处罚法 27).

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
