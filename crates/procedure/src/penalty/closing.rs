//! What is missing before a case may be closed.

use super::clocks::{self, Term};
use super::law_side;
use super::matters::Receipt;
use super::rules::{call, no, publication_stale};
use super::state::{Case, OrderFile, Outcome};
use crate::Refusal;

impl Case {
    /// Whether an order to correct or to pull down is all that was decided: it reached every party, the investigation is over, and
    /// nobody is to be punished (行政处罚法 28; 城乡规划法 64).
    #[must_use]
    pub fn only_ordered(&self) -> bool {
        let ordered = |id| {
            let own = |o: &OrderFile| o.order.party == id && self.served(o.order.paper, id).is_some();
            self.orders.iter().any(own)
        };
        matches!(self.outcome, Outcome::Open)
            && self.filed().is_some()
            && self.finished.is_some()
            && self.parties.iter().all(|p| p.charges.is_empty())
            && self.present().all(|p| ordered(p.subject.id))
    }
}

/// A payment that only whoever typed it says came: it ends nothing, and nothing of it goes back.
pub(crate) fn unconfirmed(who: &str, receipt: &Receipt) -> Refusal {
    let (yuan, number) = (law_side::yuan(receipt.fen), &receipt.reference);
    no(
        "payment-unconfirmed",
        format!("{who}缴纳的 {yuan}（{number}）只是登记，还没有确认到账，不能作为已经缴清。"),
        "请导入银行文件自动核对；没有银行文件的，由没有经手的内勤、机关负责人凭财政票据、银行凭证“核对缴款凭证”。",
        "行政处罚法第六十七条、第七十四条",
    )
}

/// What is missing before the case may be closed.
pub(super) fn closing(case: &Case, ground: super::words::ClosingGround) -> Vec<Refusal> {
    use super::words::ClosingGround as G;
    const SOURCE: &str = "行政处罚法第四十七条；结案审批规则";
    let mut missing = Vec::new();
    let fits = match (&case.outcome, ground) {
        (Outcome::Penalty { .. }, G::Performed) => true,
        (Outcome::Penalty { .. }, G::Ended) => case.present().any(|p| p.execution.ended.is_some()),
        (Outcome::Penalty { .. }, G::Annulled) => case.present().all(|p| p.annulled.is_some()),
        (Outcome::NoPenalty { .. }, G::NotPunished) => true,
        (Outcome::Crime { taken: Some(true), .. }, G::Transferred) => true,
        (Outcome::Transferred(transfer), G::Transferred) => transfer.taken.is_some(),
        (Outcome::Open, G::Ordered) => case.only_ordered() && case.orders.iter().any(OrderFile::met),
        (Outcome::Open, G::Ended) => {
            case.only_ordered() && case.present().any(|p| p.execution.ended.is_some())
        }
        (Outcome::Open, G::Annulled) => {
            case.only_ordered() && case.orders.iter().all(|o| o.annulled.is_some())
        }
        (Outcome::Dropped { .. }, G::Dropped) => true,
        _ => false,
    };
    if !fits {
        missing.push(no(
            "closing-ground",
            format!("本案现在的处理结果不能以“{}”结案。", ground.title()),
            "请先完成处理，或者选择相符的结案情形。",
            SOURCE,
        ));
    }
    missing.extend(super::police::suspected(case));
    let other = case.pending.iter().find(|p| !matches!(p.proposal, super::Proposal::Close { .. }));
    if let Some(other) = other {
        missing.push(no(
            "still-pending",
            format!("“{}”还在报批。", other.proposal.title()),
            "请先审批或者撤回。",
            SOURCE,
        ));
    }
    for paper in case.papers.iter().filter(|p| p.unserved()) {
        missing.push(no(
            "unserved",
            format!("{}（{}）还没有送达全部当事人。", paper.paper.kind.title(), paper.paper.number),
            "请送达，或者作废没有发出的文书。",
            "行政处罚法第六十一条",
        ));
    }
    for measure in case.measures.iter().filter(|m| case.unsettled(m)) {
        missing.push(no(
            "goods-open",
            format!("{}的物品还没有处理。", measure.measure.kind.title()),
            "请登记退还、没收、销毁或者其他处理结果。",
            "行政处罚法第五十六条、第七十四条；行政强制法第二十七条、第二十八条",
        ));
    }
    for file in case.things.iter().filter(|t| t.state().kept()) {
        missing.push(no(
            "goods-kept",
            format!("物品 {}（库位 {}）还在保管。", file.thing.id, file.shelf()),
            "请登记退还、移交、拍卖、销毁或者上缴。",
            "行政处罚法第五十六条、第七十四条；行政强制法第二十七条、第二十八条",
        ));
    }
    for file in &case.things {
        let Some(proceeds) = case.proceeds_of(file) else { continue };
        if let Some((to, _)) = proceeds.owed() {
            missing.push(no(
                "proceeds-owed",
                format!(
                    "物品 {}的变价款 {} 还没有{}。",
                    file.thing.id,
                    law_side::yuan(proceeds.fen),
                    to.title()
                ),
                "请支付后登记“支付变价款”。",
                "行政强制法第二十八条第二款；行政处罚法第七十四条；国家赔偿法第三十六条",
            ));
        }
    }
    for party in case.present() {
        if case.remedies().any(|(id, _, r)| id == party.subject.id && r.ended.is_none()) {
            missing.push(no(
                "remedy-open",
                format!("{}的复议、诉讼还没有结果。", call(party)),
                "请登记复议、诉讼结果。",
                SOURCE,
            ));
        }
        let ended = ground == G::Ended && party.execution.ended.is_some();
        if party.annulled.is_none() && !ended && matches!(ground, G::Performed | G::Ordered | G::Ended) {
            if party.money.left() > 0 {
                let fixed = match party.money.surcharges.last() {
                    Some((on, _)) => format!("（加处罚款算到 {on}）"),
                    None => String::new(),
                };
                missing.push(no(
                    "unpaid",
                    format!("{}还有 {}没有缴清{fixed}。", call(party), law_side::yuan(party.money.left())),
                    "请登记缴款，或者催告、申请强制执行。",
                    "行政处罚法第六十六条、第七十二条",
                ));
            }
            if party.enforcement.iter().any(super::Enforcement::open) {
                missing.push(no(
                    "enforcement-open",
                    format!("对{}的强制执行还没有完成。", call(party)),
                    "请登记执行结果；当事人已经履行的，登记停止执行（撤回申请）。",
                    SOURCE,
                ));
            }
        }
        missing.extend(party.money.unconfirmed().map(|receipt| unconfirmed(&call(party), receipt)));
        if party.money.receipts.iter().any(Receipt::carried) {
            missing.push(no(
                "not-handed-in",
                "当场收缴的罚款还没有上缴。",
                "请在二个工作日内交至行政机关，由收款人登记。",
                "行政处罚法第七十一条",
            ));
        }
        if party.money.receipts.iter().any(|r| r.undeposited().is_some()) {
            missing.push(no(
                "not-deposited",
                "上缴的罚款还没有缴付指定的银行。",
                "请在二个工作日内缴付并登记；银行文件里有这笔的，导入后自动核对。",
                "行政处罚法第七十一条",
            ));
        }
        if party.to_refund() > 0 {
            missing.push(no(
                "refund-owed",
                format!("{}多缴的 {}还没有退还。", call(party), law_side::yuan(party.to_refund())),
                "请经财政退付后登记退还。",
                "国家赔偿法第三十六条第一项；行政处罚法第七十四条",
            ));
        }
    }
    let unmet = case.orders.iter().filter(|o| !o.met() && o.annulled.is_none()).count();
    if unmet > 0 && matches!(ground, G::Performed | G::Ordered) {
        missing.push(no(
            "not-corrected",
            format!("有 {unmet} 份责令改正没有复查合格。"),
            "请复查并登记改正情况。",
            "行政处罚法第二十八条",
        ));
    }
    for letter in case.beside.letters.iter().filter(|l| l.answer.is_none()) {
        missing.push(no(
            "letter-open",
            format!("{}（{}）还没有答复。", letter.kind.title(), letter.number),
            "请答复并登记。",
            "行政诉讼法第六十六条、第九十六条；人民检察院检察建议工作规定",
        ));
    }
    if publication_stale(case) {
        missing.push(no(
            "publication-stale",
            "处罚决定书已经更正，公开的内容还没有更新。",
            "请重新公开更正后的内容。",
            "行政处罚法第四十八条、第七十五条第二款",
        ));
    }
    let terms = [Term::Publish, Term::Withdraw];
    if let Some(owed) = clocks::owed(case).iter().find(|o| terms.contains(&o.term)) {
        missing.push(no(
            "publication-open",
            format!("“{}”还没有完成。", owed.term.title()),
            "请公开、登记不公开的理由或者撤回公开。",
            "行政处罚法第四十八条；国办发〔2018〕118号",
        ));
    }
    missing
}
