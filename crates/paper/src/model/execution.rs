//! While something is enforced: 限期拆除公告 (行政强制法第四十四条), 行政强制执行协议书 (第四十二条), 中止、终结执行通知书 (第三十九、四十条).

use super::decision::Served;
use super::enforcement::Instalment;
use super::service::obliging;
use super::{Model, headed};
use crate::case::{Subject, articles};
use crate::{Head, Money, Needs};
use jiff::civil::Date;
use serde::Serialize;

/// 行政强制执行协议书: what is performed by when, signed by both sides.
#[derive(Debug, Clone, Serialize)]
pub struct ExecutionAgreement {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 义务来源文书.
    pub decision: Served,
    /// The demand that went before.
    pub demand: Served,
    /// Why there is an agreement, and what the party made good.
    pub reasons: String,
    /// 罚没款本金.
    pub principal: Money,
    /// 加处罚款, computed to `as_of`.
    pub surcharge: Money,
    /// Up to which day.
    pub as_of: Date,
    /// By how much the surcharge is reduced.
    pub reduced: Money,
    /// What was paid before.
    pub paid: Money,
    /// What is left; must be the sum of the parts.
    pub left: Money,
    /// 分阶段履行, in order of days.
    pub parts: Vec<Instalment>,
    /// How it is paid.
    pub way: String,
}

impl Model for ExecutionAgreement {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        obliging(&self.decision, needs);
        needs.part("催告书", |needs| self.demand.needs(needs));
        needs.text("协议的理由", &self.reasons);
        needs.text("给付方式", &self.way);
        needs.that("减免数额（不超过加处罚款）", self.reduced <= self.surcharge);
        needs.that(
            "尚应缴纳的数额（等于本金与加处罚款之和减去减免和已缴）",
            Money::sum([self.principal, self.surcharge]) == Money::sum([self.reduced, self.paid, self.left]),
        );
        needs.list("履行安排", &self.parts, 1, |needs, part| {
            needs.that("数额", part.amount > Money::fen(0));
        });
        needs.that(
            "履行安排（合计等于尚应缴纳的数额）",
            Money::sum(self.parts.iter().map(|part| part.amount)) == self.left,
        );
        needs.that(
            "履行安排（按日期先后排列）",
            self.parts.is_sorted_by(|before, after| before.due < after.due),
        );
    }
}

/// Whether enforcement rests or is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stop {
    /// 中止执行 (第三十九条).
    Rests {
        /// 没有明显社会危害，当事人确无能力履行: after three years nothing is enforced any more (第三十九条第二款).
        harmless: bool,
    },
    /// 终结执行 (第四十条).
    Over,
}

/// 中止执行通知书 or 终结执行通知书.
#[derive(Debug, Clone, Serialize)]
pub struct ExecutionStop {
    /// Head and foot.
    pub head: Head,
    /// Which of the two.
    pub stop: Stop,
    /// 当事人.
    pub subject: Subject,
    /// 据以执行的决定.
    pub decision: Served,
    /// 法定情形, in the words of the statute.
    pub ground: String,
    /// What it is here.
    pub reasons: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
}

impl Model for ExecutionStop {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.stop {
            Stop::Rests { .. } => "中止执行通知书",
            Stop::Over => "终结执行通知书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        obliging(&self.decision, needs);
        needs.text("法定情形", &self.ground);
        needs.text("理由", &self.reasons);
        articles("依据", &self.basis, needs);
    }
}

/// 限期拆除公告: posted where the structure stands, so it bears no more of the party than its name.
#[derive(Debug, Clone, Serialize)]
pub struct DemolitionNotice {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 责令限期拆除的文书.
    pub order: Served,
    /// What is to be pulled down, and where it stands.
    pub object: String,
    /// Until when the party may do it itself.
    pub due: Date,
    /// 依据: law and article.
    pub basis: Vec<String>,
}

impl Model for DemolitionNotice {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        obliging(&self.order, needs);
        needs.text("需要拆除的建筑物、构筑物、设施", &self.object);
        needs.that("自行拆除的期限（晚于公告日期）", self.due > self.head.date);
        articles("依据", &self.basis, needs);
    }
}
