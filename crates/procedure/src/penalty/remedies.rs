//! Remedies of a party, and how they end (行政复议法 63–69; 行政诉讼法 69–79, 89).

use super::matters::Remedy;
use crate::words::words;

words! {
    /// Remedies of a party.
    RemedyKind {
        /// 行政复议.
        Reconsideration = "reconsideration", "行政复议";
        /// 行政诉讼, first instance.
        Lawsuit = "lawsuit", "行政诉讼";
        /// 上诉 (行政诉讼法 85).
        SecondInstance = "second_instance", "上诉（二审）";
    }
}

words! {
    /// How a remedy ended.
    RemedyEnd {
        /// 维持、驳回.
        Upheld = "upheld", "维持（驳回）";
        /// 变更.
        Changed = "changed", "变更";
        /// 撤销.
        Revoked = "revoked", "撤销";
        /// 确认违法或者无效, as it was entered before the two were told apart; it counts as void.
        Unlawful = "unlawful", "确认违法或者无效";
        /// 确认违法: unlawful, but not revoked (行政诉讼法 74; 行政复议法 65).
        Illegal = "illegal", "确认违法（不撤销）";
        /// 确认无效 (行政诉讼法 75; 行政复议法 67).
        Invalid = "invalid", "确认无效";
        /// 撤回、终止.
        Withdrawn = "withdrawn", "撤回（终止）";
        /// 二审撤销、变更一审判决，驳回诉讼请求: what the first instance revoked or changed stands again (行政诉讼法 89).
        Restored = "restored", "二审撤销一审裁判，原决定恢复效力";
    }
}

impl RemedyEnd {
    /// Whether what was published must be withdrawn (行政处罚法 48(2)).
    #[must_use]
    pub const fn touches_publication(self) -> bool {
        !matches!(self, RemedyEnd::Upheld | RemedyEnd::Withdrawn | RemedyEnd::Restored)
    }
    /// Whether the decision falls. One that is only declared unlawful stays (行政诉讼法 74; 行政复议法 65).
    #[must_use]
    pub const fn annuls(self) -> bool {
        matches!(self, RemedyEnd::Revoked | RemedyEnd::Unlawful | RemedyEnd::Invalid)
    }
    /// Those that may be entered now.
    #[must_use]
    pub fn entered() -> Vec<crate::Choice> {
        let now = RemedyEnd::ALL.iter().filter(|end| **end != RemedyEnd::Unlawful);
        now.map(|end| crate::Choice::new(end.code(), end.title())).collect()
    }
}

/// Those that count: what a second instance restored is as if the first had not touched it (行政诉讼法 89).
#[must_use]
pub(super) fn counting(remedies: &[Remedy]) -> &[Remedy] {
    let restored = remedies.iter().rposition(|r| matches!(r.ended, Some((RemedyEnd::Restored, _))));
    restored.and_then(|place| remedies.get(place + 1..)).unwrap_or(remedies)
}

/// From when to when each went on, until a day where it has no end yet: between the two instances a lawsuit is not over.
pub(crate) fn spans(
    remedies: &[Remedy],
    until: jiff::civil::Date,
) -> impl Iterator<Item = (jiff::civil::Date, jiff::civil::Date)> {
    let before = std::iter::once(None).chain(remedies.iter().map(Some));
    remedies.iter().zip(before).map(move |(remedy, before)| {
        let judged = before.and_then(|r| r.ended).filter(|_| remedy.kind == RemedyKind::SecondInstance);
        let from = judged.map_or(remedy.on, |(_, on)| on.min(remedy.on));
        (from, remedy.ended.map_or(until.max(remedy.on), |(_, on)| on))
    })
}
