//! What is made out and handed over on the spot: 当场行政处罚决定书 (D18), 温馨提示单 (D33), 警示单 (D34); also on a
//! pocket printer's roll.

use super::{Model, headed};
use crate::case::{Due, Paper, Payment, Penalties, Remedy, Subject, Unsigned, articles, two_officers};
use crate::{Head, Needs, Officer};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Why the fine was taken on the spot (行政处罚法第六十八、六十九条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// 依法给予一百元以下罚款 (第六十八条第一项).
    Small,
    /// 不当场收缴事后难以执行 (第六十八条第二项).
    HardLater,
    /// 边远、水上、交通不便地区，当事人提出 (第六十九条).
    Remote,
}

/// How the fine of a decision on the spot is paid.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpotPayment {
    /// There is only a warning.
    None,
    /// At the bank or electronically.
    Bank(Payment),
    /// To the officers, against a receipt of the treasury (行政处罚法第七十条).
    Collected {
        /// Why that was lawful.
        why: Collected,
        /// 票据号.
        receipt: String,
    },
}

/// An order to correct that was not followed, where the article punishes only whoever does not (拒不改正, 逾期不改正).
#[derive(Debug, Clone, Serialize)]
pub struct Disobeyed {
    /// When it was given, and by which slip.
    pub order: String,
    /// Last day that it gave; none: at once.
    pub until: Option<Date>,
}

/// 当场行政处罚决定书 (行政处罚法第五十一、五十二条).
#[derive(Debug, Clone, Serialize)]
pub struct OnSpotDecision {
    /// Head; its number is the one printed beforehand (预印编号).
    pub head: Head,
    /// The paper.
    pub paper: Paper,
    /// 当事人.
    pub subject: Subject,
    /// First and last day of the conduct.
    pub conduct: (Date, Date),
    /// When the officers showed their certificates and dealt with it.
    pub handled: DateTime,
    /// Where.
    pub place: String,
    /// 违法行为.
    pub facts: String,
    /// What was ordered to be put right before, and not done: the article punishes only that.
    pub disobeyed: Option<Disobeyed>,
    /// What is ordered to be put right (行政处罚法第二十八条第一款); empty: the unlawful act itself.
    pub order: String,
    /// 违反的条款.
    pub breached: Vec<String>,
    /// 处罚依据.
    pub basis: Vec<String>,
    /// 警告 or 罚款.
    pub penalties: Penalties,
    /// How the fine is paid.
    pub payment: SpotPayment,
    /// 陈述申辩情况: what the party said before, and what came of it.
    pub defence: String,
    /// Where it can be challenged: reconsideration first (行政复议法第二十三条第一款第一项).
    pub remedy: Remedy,
    /// Two officers, who sign.
    pub officers: Vec<Officer>,
    /// A party who would not sign.
    pub unsigned: Option<Unsigned>,
    /// When it was reported to the agency (备案); `None` leaves a place for the day.
    pub recorded: Option<Date>,
}

impl Model for OnSpotDecision {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.that("预印编号", self.head.number.is_some());
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("违法地点", &self.place);
        needs.text("违法行为", &self.facts);
        needs.that("违法行为的起止日期", self.conduct.0 <= self.conduct.1);
        articles("违反的条款", &self.breached, needs);
        articles("处罚依据", &self.basis, needs);
        self.penalties.needs("行政处罚", needs);
        match &self.payment {
            SpotPayment::None => needs.that("缴款方式", !self.penalties.payable()),
            SpotPayment::Bank(payment) => payment.needs(needs),
            SpotPayment::Collected { receipt, .. } => needs.text("票据号", receipt),
        }
        needs.text("陈述申辩情况", &self.defence);
        self.remedy.needs(needs);
        two_officers("执法人员", &self.officers, needs);
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// 温馨提示单: tells, and punishes nobody; it must not be used against anybody.
#[derive(Debug, Clone, Serialize)]
pub struct Tip {
    /// Head and foot.
    pub head: Head,
    /// The paper.
    pub paper: Paper,
    /// For whom.
    pub to: String,
    /// 提示地点; may be empty.
    pub place: String,
    /// 提示事项, numbered on paper.
    pub points: Vec<String>,
    /// Until when it is to be put right, where that was said.
    pub due: Option<Due>,
    /// 法规摘要; may be empty.
    pub rules: Vec<String>,
    /// 办理指南: where and how to do it lawfully; may be empty.
    pub guide: String,
    /// Who gave it.
    pub officers: Vec<Officer>,
}

impl Model for Tip {
    headed!();

    /// Need not bear a number.
    fn draft(&self) -> bool {
        false
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("提示对象", &self.to);
        needs.list("提示事项", &self.points, 1, |needs, point| needs.text("内容", point));
        needs.list("法规摘要", &self.rules, 0, |needs, rule| needs.text("内容", rule));
        if let Some(due) = &self.due {
            due.needs("改正期限", needs);
        }
        needs.list("执法人员", &self.officers, 1, |needs, officer| officer.needs(needs));
    }
}

/// 改正承诺书 (告知承诺): what a party signs that is not punished, or not yet, because it will put things right (行政处罚法第三十三条).
#[derive(Debug, Clone, Serialize)]
pub struct Commitment {
    /// Head and foot; the letter is the party's and bears no number.
    pub head: Head,
    /// 承诺人.
    pub subject: Subject,
    /// First and last day of the conduct.
    pub conduct: (Date, Date),
    /// Where.
    pub place: String,
    /// 违法行为.
    pub facts: String,
    /// What is promised; empty: to put the unlawful act right.
    pub promise: String,
    /// Until when; `None` leaves a place for the day.
    pub due: Option<Date>,
}

impl Model for Commitment {
    headed!();

    /// Bears no number.
    fn draft(&self) -> bool {
        false
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("承诺人", |needs| self.subject.needs(needs));
        needs.text("违法地点", &self.place);
        needs.text("违法行为", &self.facts);
        needs.that("承诺改正的日期", self.due.is_none_or(|due| due >= self.conduct.0));
    }
}

/// 警示单: no 警告, which is a penalty and needs the procedure of one (行政处罚法第九条).
#[derive(Debug, Clone, Serialize)]
pub struct WarningSlip {
    /// Head and foot.
    pub head: Head,
    /// The paper.
    pub paper: Paper,
    /// For whom.
    pub to: String,
    /// 地点; may be empty.
    pub place: String,
    /// 既往情况: what happened how often; may be empty.
    pub before: String,
    /// 违法风险事实.
    pub facts: String,
    /// 可能后果与条款.
    pub consequences: String,
    /// 整改要求, numbered on paper.
    pub demands: Vec<String>,
    /// Until when.
    pub due: Due,
    /// 复查人.
    pub officers: Vec<Officer>,
}

impl Model for WarningSlip {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("警示对象", &self.to);
        needs.text("违法风险事实", &self.facts);
        needs.text("可能后果与条款", &self.consequences);
        needs.list("整改要求", &self.demands, 1, |needs, demand| needs.text("内容", demand));
        self.due.needs("整改期限", needs);
        needs.list("复查人", &self.officers, 1, |needs, officer| officer.needs(needs));
    }
}
