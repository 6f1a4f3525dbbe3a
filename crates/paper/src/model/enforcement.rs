//! After the decision: 延期（分期）缴纳 (D22), 催告 (D23), 行政强制执行和代履行 (D24), 强制执行申请 (D25).

use super::decision::Served;
use super::service::obliging;
use super::{Model, headed};
use crate::case::{Due, Remedy, Subject, articles};
use crate::{Head, Money, Needs};
use jiff::civil::Date;
use serde::Serialize;

/// One payment of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct Instalment {
    /// Until when.
    pub due: Date,
    /// How much.
    pub amount: Money,
}

/// 同意延期（分期）缴纳罚款通知书 (行政处罚法第六十六条第二款): one instalment is a deferral, several are a plan.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentPlan {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// The decision with the fine.
    pub decision: Served,
    /// The whole fine.
    pub fine: Money,
    /// What is left of it.
    pub left: Money,
    /// What is left of the unlawful gains; nothing where there are none.
    pub gains: Money,
    /// What is left of a surcharge that the plan spreads as well; nothing as a rule.
    pub surcharge: Money,
    /// When the party asked for it.
    pub requested: Date,
    /// 理由.
    pub reasons: String,
    /// The payments, in order of their days.
    pub instalments: Vec<Instalment>,
    /// What happens when one is missed; may be empty.
    pub consequences: String,
}

impl Model for PaymentPlan {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(if self.instalments.len() > 1 {
            "同意分期缴纳罚款通知书"
        } else {
            "同意延期缴纳罚款通知书"
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.part("处罚决定", |needs| self.decision.needs(needs));
        needs.text("理由", &self.reasons);
        needs.list("缴款安排", &self.instalments, 1, |needs, instalment| {
            needs.that("数额", instalment.amount > Money::fen(0));
        });
        needs.that(
            "缴款安排（合计等于尚欠的数额）",
            Money::sum(self.instalments.iter().map(|instalment| instalment.amount))
                == Money::sum([self.left, self.gains, self.surcharge]),
        );
        needs.that(
            "缴款安排（按日期先后排列）",
            self.instalments.is_sorted_by(|before, after| before.due < after.due),
        );
    }
}

/// What is owed in money, computed to a day.
#[derive(Debug, Clone, Serialize)]
pub struct Owed {
    /// 罚款本金: what is left of the fine.
    pub principal: Money,
    /// 没收违法所得: what is left of it; on it no surcharge grows.
    pub gains: Money,
    /// 加处罚款.
    pub surcharge: Money,
    /// 合计; must be the sum.
    pub total: Money,
    /// Up to which day the surcharge is computed.
    pub as_of: Date,
    /// How it is paid.
    pub way: String,
    /// How the surcharge was computed, so that the party and the court can do it again; empty where none grew.
    pub arithmetic: String,
}

impl Owed {
    fn needs(&self, needs: &mut Needs) {
        needs.part("金额", |needs| {
            needs.that(
                "合计（等于各项之和）",
                Money::sum([self.principal, self.gains, self.surcharge]) == self.total,
            );
            needs.text("给付方式", &self.way);
        });
    }
}

/// 履行义务催告书 (行政强制法第三十五、五十四条).
#[derive(Debug, Clone, Serialize)]
pub struct Demand {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 义务来源文书.
    pub source: Served,
    /// 未履行的义务.
    pub duty: String,
    /// 履行期限.
    pub due: Due,
    /// 履行方式.
    pub way: String,
    /// What is owed in money, if anything.
    pub owed: Option<Owed>,
    /// Whether the agency itself enforces, or asks the court; several where money and something else are owed.
    pub then: Vec<Then>,
    /// 依据: law and article.
    pub basis: Vec<String>,
}

/// What follows when a demand is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The agency enforces by its own decision (行政强制法第三十七条).
    Own,
    /// The agency has it done at the party's cost (行政强制法第五十条).
    Substitute,
    /// The agency asks the court (行政强制法第五十三条).
    Court,
}

impl Model for Demand {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        obliging(&self.source, needs);
        needs.text("未履行的义务", &self.duty);
        self.due.needs("履行期限", needs);
        needs.text("履行方式", &self.way);
        if let Some(owed) = &self.owed {
            owed.needs(needs);
        }
        needs.that("逾期不履行的后果", !self.then.is_empty());
        articles("依据", &self.basis, needs);
    }
}

/// Which way of enforcement.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EnforcementWay {
    /// 行政强制执行决定书 (行政强制法第三十七条).
    Own {
        /// 强制执行的方式.
        way: String,
        /// 强制执行的时间.
        at: Due,
        /// 文号 of the demand; may be empty only where the law lets it be skipped, which `reasons` then says.
        demand: String,
    },
    /// 代履行决定书 (行政强制法第五十、五十一条).
    Substitute {
        /// 代履行人.
        by: String,
        /// 标的和方式.
        way: String,
        /// 时间.
        at: Due,
        /// 费用预算.
        cost: Money,
        /// 文号 of the demand.
        demand: String,
    },
    /// 立即代履行决定书 (行政强制法第五十二条).
    AtOnce {
        /// 代履行人.
        by: String,
        /// What was or is cleared away, and how.
        way: String,
        /// Where it lies: road, river, channel or public place.
        place: String,
        /// Whether the party was there; otherwise it is told at once afterwards.
        present: bool,
    },
}

/// 行政强制执行决定书, 代履行决定书 or 立即代履行决定书.
#[derive(Debug, Clone, Serialize)]
pub struct Enforcement {
    /// Head and foot.
    pub head: Head,
    /// Which of the three.
    pub way: EnforcementWay,
    /// 当事人.
    pub subject: Subject,
    /// 义务来源文书; there may be none before a substitution at once.
    pub source: Option<Served>,
    /// 理由.
    pub reasons: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// Where it can be challenged.
    pub remedy: Remedy,
}

impl Model for Enforcement {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.way {
            EnforcementWay::Own { .. } => "行政强制执行决定书",
            EnforcementWay::Substitute { .. } => "代履行决定书",
            EnforcementWay::AtOnce { .. } => "立即代履行决定书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        match &self.source {
            Some(source) => obliging(source, needs),
            None => needs.that("义务来源文书", matches!(self.way, EnforcementWay::AtOnce { .. })),
        }
        needs.text("理由", &self.reasons);
        articles("依据", &self.basis, needs);
        match &self.way {
            EnforcementWay::Own { way, at, .. } => {
                needs.text("强制执行的方式", way);
                at.needs("强制执行的时间", needs);
            }
            EnforcementWay::Substitute { by, way, at, demand, .. } => {
                needs.text("代履行人", by);
                needs.text("代履行的标的和方式", way);
                at.needs("代履行的时间", needs);
                needs.text("催告书文号", demand);
            }
            EnforcementWay::AtOnce { by, way, place, .. } => {
                needs.text("代履行人", by);
                needs.text("代履行的标的和方式", way);
                needs.text("代履行的地点", place);
            }
        }
        self.remedy.needs(needs);
    }
}

/// 强制执行申请书 (行政强制法第五十三至五十五条).
#[derive(Debug, Clone, Serialize)]
pub struct CourtApplication {
    /// Head and foot; its attachments are the list of article 55.
    pub head: Head,
    /// 管辖法院.
    pub court: String,
    /// Address of the agency.
    pub address: String,
    /// 法定代表人 of the agency with the post.
    pub leader: String,
    /// 被申请人.
    pub subject: Subject,
    /// 申请执行的决定.
    pub decision: Served,
    /// 执行标的, one each.
    pub claims: Vec<String>,
    /// What is owed in money, if anything.
    pub owed: Option<Owed>,
    /// 事实和理由.
    pub facts: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// 催告情况: 文号 and day of service of the demand.
    pub demand: Served,
    /// 当事人意见.
    pub opinion: String,
    /// Reconsideration and lawsuits with their end, one each; none where none was had in time.
    pub remedies: Vec<String>,
}

impl Model for CourtApplication {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.that("附件清单", !self.head.attachments.is_empty());
        needs.text("管辖法院", &self.court);
        needs.text("申请人地址", &self.address);
        needs.text("申请人负责人", &self.leader);
        needs.part("被申请人", |needs| self.subject.needs(needs));
        needs.part("申请执行的决定", |needs| self.decision.needs(needs));
        needs.list("执行标的", &self.claims, 1, |needs, claim| needs.text("内容", claim));
        if let Some(owed) = &self.owed {
            owed.needs(needs);
        }
        needs.text("事实和理由", &self.facts);
        articles("依据", &self.basis, needs);
        needs.part("催告书", |needs| self.demand.needs(needs));
        needs.text("当事人意见", &self.opinion);
    }
}
