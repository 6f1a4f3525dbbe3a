//! The file in the archive, and how it is taken out once more: what lies there stays as it was, what comes later goes into a
//! supplementary volume (补充卷).

use super::folios::{self, Folio};
use super::state::Case;
use crate::ExhibitRef;
use crate::words::words;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Why a file is taken out, law and article.
pub(super) const SOURCE: &str =
    "行政诉讼法第七十条、第九十条至第九十三条；行政复议法第六十四条；行政处罚法第四十七条、第七十五条第二款";

words! {
    /// What demands that a file is taken out of the archive.
    OutGround {
        /// 审判监督程序 (行政诉讼法 90–93).
        Retrial = "retrial", "人民法院再审（审判监督程序）";
        /// A reconsideration or a lawsuit that came late (行政复议法 20; 行政诉讼法 46).
        Remedy = "remedy", "归档以后的行政复议、行政诉讼";
        /// The agency found that it was wrong (行政处罚法 75(2)).
        Own = "own", "本机关发现错误，自行纠正";
        /// 上级机关、检察机关、人大监督.
        Oversight = "oversight", "上级机关、检察机关等依法监督";
    }
}

/// A volume that lies in the archive while the case goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its number there.
    pub shelf: String,
    /// When it went there.
    pub at: Timestamp,
    /// The file as it was bound then; none where it was bound on paper only.
    pub file: Option<ExhibitRef>,
    /// Its documents: nothing is written on them any more.
    pub folios: BTreeSet<Folio>,
}

impl Case {
    /// Whether the file lies in the archive.
    #[must_use]
    pub fn in_archive(&self) -> bool {
        self.closed.as_ref().is_some_and(|closed| closed.archived.is_some())
    }
    /// The documents that go into the archive now for good. Those of which there is one at a time (cover, report, address, hearing) are
    /// written anew where the case goes on.
    pub(super) fn to_shelve(&self) -> BTreeSet<Folio> {
        use Folio as F;
        let again = |folio: &Folio| {
            matches!(folio, F::Volume | F::Report | F::Address(_) | F::HearingRecord(_) | F::HearingReport(_))
        };
        folios::all(self).into_iter().filter(|folio| !again(folio)).collect()
    }
    /// It is worked on again: the volume stays where it is.
    pub(super) fn take_out(&mut self) {
        let Some(closed) = &mut self.closed else { return };
        let Some((at, shelf)) = closed.archived.take() else { return };
        let (file, folios) = (closed.file.take(), std::mem::take(&mut closed.shelved));
        self.volumes.push(Shelved { shelf, at, file, folios });
    }
}
