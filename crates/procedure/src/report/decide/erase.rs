//! Erasing what people said: which parts lose their keys.

use super::*;
use jiff::Timestamp;
use lianzhi_ids::DocketId;

/// What came from the reporter; every text of the file when that is asked for; or the parts that are named.
pub(super) fn erase(
    file: &File,
    named: Vec<Digest>,
    everything: bool,
    reason: String,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let parts = if named.is_empty() {
        let said = file.texts.iter().filter(|said| everything || said.reporters).map(|said| said.part);
        file.intake.contact.into_iter().chain(file.intake.narrative).chain(said).map(|p| p.digest).collect()
    } else {
        named
    };
    if parts.is_empty() {
        return Err(Refusal::conflict("nothing", "没有可删除的个人信息。", "可能已经删除。"));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("reason", "删除个人信息须写明依据。", "请填写依据，如本人申请。")
            .from_source("个人信息保护法第四十七条"));
    }
    Ok(vec![Event::Erased { parts, reason, at }])
}

/// What this matter copied from the one that it was split off from, or that another member sent, when the words there were
/// erased.
pub(super) fn erase_with(file: &File, from: DocketId, reason: String, at: Timestamp) -> Vec<Event> {
    let sent = file.intake.cooperation.is_some_and(|shared| shared.docket == from);
    let copied = file.intake.narrative.filter(|_| sent || file.intake.split_from == Some(from));
    copied.map(|part| Event::Erased { parts: vec![part.digest], reason, at }).into_iter().collect()
}
