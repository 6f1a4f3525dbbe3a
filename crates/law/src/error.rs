//! What can be wrong with law data, and with a wish about a term.

use crate::standard::Unit;

/// A file of law data that cannot be used: which one, where in it, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}：{key}：{reason}")]
pub struct LawError {
    /// Name of the file, e.g. `terms/service.toml`.
    pub file: String,
    /// The entry or line concerned, e.g. `standard service.accept` or `第 12 行`.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl LawError {
    pub(crate) fn new(file: &str, key: impl Into<String>, reason: impl Into<String>) -> Self {
        LawError { file: file.to_owned(), key: key.into(), reason: reason.into() }
    }
}

/// Why a term cannot be started, moved or extended as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// The calendar that the standard names is not in the law data.
    #[error("时限所用的工作日历“{0}”不存在，请先导入该日历")]
    UnknownCalendar(String),
    /// An extension by nothing.
    #[error("延长的时间应大于零")]
    Zero,
    /// Longer than any term may be.
    #[error("时限过长：最多 10000 小时、3660 日或 120 个月")]
    TooLong,
    /// Days were asked for a term in hours, or the other way round.
    #[error("该时限按{}计，延期也应按{}计，不能按{}计", .term.title(), .term.title(), .asked.title())]
    OtherMeasure {
        /// The unit of the running term.
        term: Unit,
        /// The unit that was asked for.
        asked: Unit,
    },
    /// The new end is not after the present one.
    #[error("新的截止时间应晚于现在的截止时间")]
    NotLater,
    /// A paused clock has no end to move.
    #[error("时限已暂停，请先恢复计时再指定截止时间，或按时长延期")]
    Paused,
    /// More steps than a record should ever hold.
    #[error("暂停、延期次数过多（最多 {0} 次）")]
    TooManySteps(usize),
}
