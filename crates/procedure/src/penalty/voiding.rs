//! Which papers can be voided as long as nobody was served with them, and which step is to be taken instead where what the paper did
//! cannot be undone by voiding it.

use super::matters::PaperFile;
use super::proposal::Proposal;
use super::state::{Case, Outcome};
use super::words::PaperKind;

/// Why a paper cannot be voided, and what is to be done instead; none when it can.
pub(super) fn instead(case: &Case, file: &PaperFile) -> Option<(&'static str, &'static str)> {
    use PaperKind as K;
    let id = file.paper.id;
    let measure = super::folios::granted(case, id).and_then(|granted| match &granted.pending.proposal {
        Proposal::SettlePreserved { measure, .. } | Proposal::Release { measure, .. } => Some(*measure),
        _ => None,
    });
    let gone = || case.things.iter().any(|t| t.thing.measure == measure && !t.state().kept());
    let enforced = || {
        let own = case.parties.iter().flat_map(|p| &p.enforcement).find(|e| e.paper == Some(id));
        own.is_some_and(|e| e.done.is_some() || !e.court_said.is_empty())
    };
    let agreements = || case.parties.iter().flat_map(|p| p.execution.agreements.iter().map(move |a| (p, a)));
    match file.paper.kind {
        K::Filing => Some(("立案已经生效，立案审批表不能作废。", "不应当立案的，请报批撤销立案。")),
        K::NotFiled => Some(("不予立案已经生效，不能作废。", "应当立案的，请重新登记线索。")),
        K::Closing => Some(("案件已经结案，结案审批表不能作废。", "请在归档说明里写明。")),
        K::Sampling => Some((
            "抽样取证通知书在抽样时已经当场交付，不能作废。",
            "抽样有误的，请由法制审核员排除这份证据，重新抽样取证。",
        )),
        K::Testing => Some((
            "检测、检验、鉴定的期间已经起算，告知书不能作废。",
            "期间写错的，请登记检测结束后重新告知；文字有误的，送达后报批更正。",
        )),
        K::SeizureExtended => Some((
            "延长的期限已经起算，延长决定书不能作废。",
            "不需要继续查封、扣押的，请报批解除；文字有误的，送达后报批更正。",
        )),
        K::PreservationSettled | K::SeizureReleased if gone() => {
            Some(("物品已经按这份决定处理，不能作废。", "请送达；文字有误的，送达后报批更正。"))
        }
        K::Crime if !matches!(case.outcome, Outcome::Crime { sent: None, .. }) => Some((
            "案件已经移送公安机关，移送书不能作废。",
            "需要补正的，请书面函告公安机关，用“补充材料”入卷。",
        )),
        K::Transfer if matches!(case.outcome, Outcome::Transferred(t) if t.sent.is_some()) => Some((
            "案件已经移送，移送函不能作废。",
            "受移送机关不受理的，请登记它的答复，案件回到本机关办理。",
        )),
        K::Enforcement | K::Substitute | K::Court if enforced() => Some((
            "已经按这份文书实施强制执行或者法院已经处理，不能作废。",
            "决定违法的，请报批撤销处罚决定；文字有误的，报批更正。",
        )),
        K::Agreement
            if agreements()
                .any(|(p, a)| a.paper == id && (a.broken.is_some() || p.money.paid() > a.before)) =>
        {
            Some((
                "执行协议已经开始履行或者已经终止，不能作废。",
                "请送达；当事人不履行的，登记不履行执行协议。",
            ))
        }
        K::Suggestion if case.beside.suggestions.iter().any(|s| s.paper == id && s.answer.is_some()) => {
            Some(("执法建议已经收到反馈，不能作废。", "需要补充的，请另发执法建议书。"))
        }
        _ => None,
    }
}
