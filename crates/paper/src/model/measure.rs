//! Measures on things: 抽样取证 (D06), 先行登记保存 (D07, D08), 查封、扣押 (D09).

use super::{Model, headed};
use crate::case::{Due, Item, Remedy, Subject, Unsigned, articles, two_officers};
use crate::{Head, Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// 抽样取证通知书 with its list (行政处罚法第五十六条).
#[derive(Debug, Clone, Serialize)]
pub struct Sampling {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// How and from how many it is drawn.
    pub way: String,
    /// Where.
    pub place: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// The samples.
    pub items: Vec<Item>,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// A party who would not sign.
    pub unsigned: Option<Unsigned>,
}

impl Model for Sampling {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("抽样方式", &self.way);
        needs.text("抽样地点", &self.place);
        articles("依据", &self.basis, needs);
        needs.list("样品", &self.items, 1, |needs, item| item.needs(needs));
        two_officers("执法人员", &self.officers, needs);
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// 先行登记保存证据通知书 with its list: seven working days at most (行政处罚法第五十六条).
#[derive(Debug, Clone, Serialize)]
pub struct Preservation {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// 理由: why the evidence may be lost or hard to get later.
    pub reasons: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// 登记保存的物品.
    pub items: Vec<Item>,
    /// 起始日期.
    pub from: Date,
    /// 届满: a day, or 七个工作日内 in words.
    pub due: Due,
    /// Number under which the head of the agency approved it.
    pub approval: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// 见证人; may be empty.
    pub witness: String,
    /// A party who would not sign.
    pub unsigned: Option<Unsigned>,
}

impl Model for Preservation {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("理由", &self.reasons);
        articles("依据", &self.basis, needs);
        needs.list("物品", &self.items, 1, |needs, item| item.needs(needs));
        self.due.needs("保存期限", needs);
        if let Due::On(last) = self.due {
            needs.that("保存期限（不早于起始日期）", last >= self.from);
        }
        needs.text("机关负责人批准文号", &self.approval);
        two_officers("执法人员", &self.officers, needs);
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// What becomes of a thing that was preserved.
#[derive(Debug, Clone, Serialize)]
pub struct Disposal {
    /// The thing, as on the list.
    pub item: String,
    /// How many, with the unit.
    pub amount: String,
    /// 处理决定: 解除登记保存并退还, 查封, 扣押, 送检, 没收, 移送.
    pub what: String,
}

/// 先行登记保存证据处理决定书.
#[derive(Debug, Clone, Serialize)]
pub struct PreservationDecision {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// 文号 of the notice.
    pub notice: String,
    /// When the things were preserved.
    pub from: Date,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// What becomes of each.
    pub disposals: Vec<Disposal>,
    /// Where and until when released things are fetched; may be empty.
    pub fetching: String,
}

impl Model for PreservationDecision {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("登记保存通知书文号", &self.notice);
        articles("依据", &self.basis, needs);
        needs.list("处理的物品", &self.disposals, 1, |needs, disposal| {
            needs.text("名称", &disposal.item);
            needs.text("数量", &disposal.amount);
            needs.text("处理决定", &disposal.what);
        });
    }
}

/// Whether it is closed where it is, or taken along (行政强制法第九条第二、三项).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 查封场所、设施或者财物.
    Seal,
    /// 扣押财物.
    Take,
}

/// Which paper of a sealing or seizure.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SeizureAct {
    /// 决定书 with its list (行政强制法第二十四条).
    Decide {
        /// 事实和理由.
        reasons: String,
        /// First day.
        from: Date,
        /// Last day: thirty days at most.
        until: Date,
        /// Two officers, who sign the list.
        officers: Vec<Officer>,
        /// 见证人; may be empty.
        witness: String,
        /// A party who would not sign.
        unsigned: Option<Unsigned>,
        /// Where it can be challenged.
        remedy: Remedy,
    },
    /// 延长期限决定书 (行政强制法第二十五条).
    Extend {
        /// 文号 of the decision.
        decision: String,
        /// 延长的理由.
        reasons: String,
        /// The last day as decided before.
        before: Date,
        /// The new last day: thirty days later at most.
        until: Date,
        /// Where it can be challenged.
        remedy: Remedy,
    },
    /// 检测、检验、检疫、鉴定期间告知书 (行政强制法第二十五条第三款).
    Test {
        /// 文号 of the decision.
        decision: String,
        /// What is tested, by whom.
        what: String,
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
    /// 解除决定书 (行政强制法第二十七、二十八条).
    Release {
        /// 文号 of the decision.
        decision: String,
        /// 解除的理由.
        reasons: String,
        /// What becomes of the things: 退还当事人, 依法没收 … (行政强制法第二十七、二十八条).
        outcome: String,
        /// Whether the party gets them back.
        returned: bool,
        /// From which day.
        on: Date,
        /// Where the things are fetched; may be empty for what was sealed.
        fetching: String,
        /// Two officers, who sign the list.
        officers: Vec<Officer>,
    },
}

/// 查封（扣押）决定书, 延长查封（扣押）期限决定书 or 解除查封（扣押）决定书, with list.
#[derive(Debug, Clone, Serialize)]
pub struct Seizure {
    /// Head and foot.
    pub head: Head,
    /// Sealed or taken.
    pub measure: Measure,
    /// Which paper.
    pub act: SeizureAct,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// The places or things.
    pub items: Vec<Item>,
}

impl Model for Seizure {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match (&self.act, self.measure) {
            (SeizureAct::Decide { .. }, Measure::Seal) => "查封决定书",
            (SeizureAct::Decide { .. }, Measure::Take) => "扣押决定书",
            (SeizureAct::Extend { .. }, Measure::Seal) => "延长查封期限决定书",
            (SeizureAct::Extend { .. }, Measure::Take) => "延长扣押期限决定书",
            (SeizureAct::Test { .. }, _) => "检测、检验、检疫、鉴定期间告知书",
            (SeizureAct::Release { .. }, Measure::Seal) => "解除查封决定书",
            (SeizureAct::Release { .. }, Measure::Take) => "解除扣押决定书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        articles("依据", &self.basis, needs);
        needs.list("场所、设施或者财物", &self.items, 1, |needs, item| item.needs(needs));
        match &self.act {
            SeizureAct::Decide { reasons, from, until, officers, unsigned, remedy, .. } => {
                needs.text("事实和理由", reasons);
                needs.that("期限（不早于起始日期）", until >= from);
                two_officers("执法人员", officers, needs);
                if let Some(unsigned) = unsigned {
                    unsigned.needs(needs);
                }
                remedy.needs(needs);
            }
            SeizureAct::Extend { decision, reasons, before, until, remedy } => {
                needs.text("原决定文号", decision);
                needs.text("延长的理由", reasons);
                needs.that("延长后的期限（晚于原期限）", until > before);
                remedy.needs(needs);
            }
            SeizureAct::Test { decision, what, from, until } => {
                needs.text("原决定文号", decision);
                needs.text("检测、检验、检疫、鉴定的事项和机构", what);
                needs.that("期间（不早于起始日期）", until >= from);
            }
            SeizureAct::Release { decision, reasons, outcome, officers, .. } => {
                needs.text("原决定文号", decision);
                needs.text("解除的理由", reasons);
                needs.text("所涉物品的处理", outcome);
                two_officers("执法人员", officers, needs);
            }
        }
    }
}
