//! Answers that are not decided: kept ones, and those to a batch that failed.

use super::{Answer, Submission};
use crate::ports::{KeptAnswer, StoreError};
use lianzhi_procedure::Refusal;

pub(super) fn kept_answer(kept: &KeptAnswer) -> Answer {
    serde_json::from_str(&kept.answer)
        .map_err(|_| Refusal::busy("重复提交，结果暂不可读。", "请按编号查看办件。"))
}

pub(super) fn key_reused() -> Answer {
    Err(Refusal::conflict(
        "key-reused",
        "同一个提交编号用于不同的内容。",
        "请换一个 Idempotency-Key，或刷新页面重新填写。",
    )
    .from_source("Idempotency-Key"))
}

pub(super) fn refused(submissions: &[Submission], error: &StoreError) -> Vec<Answer> {
    tracing::error!(%error, "commit failed");
    let refusal = crate::shared::unavailable(error);
    submissions.iter().map(|_| Err(refusal.clone())).collect()
}

/// While a node that came back from a backup asks what it has lost.
pub(super) fn restoring() -> Refusal {
    Refusal::busy(
        "本节点刚从备份恢复，正在向协作成员核对缺失的记录，暂时只能查阅。",
        "核对一般几分钟内完成；已填内容请先留在页面上。管理员可运行 lianzhi doctor 查看进度。",
    )
}
