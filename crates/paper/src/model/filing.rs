//! Internal forms at both ends of a case: 线索核查 (D01), 立案 (D02), 结案 (D26), and the approval of single steps (D07, D09).

use super::Model;
use crate::case::{Approvals, Sheet, Subject, articles, filed, two_officers};
use crate::{Needs, Officer};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Where a case comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// 检查、投诉举报、12345、移送、交办、监控.
    pub kind: String,
    /// Number there; may be empty.
    pub number: String,
    /// When it was found or came in.
    pub found: DateTime,
}

impl Source {
    fn needs(&self, needs: &mut Needs) {
        needs.text("来源", &self.kind);
    }
}

/// 案件线索登记（核查）表.
#[derive(Debug, Clone, Serialize)]
pub struct LeadCheck {
    /// Agency, cause, day.
    pub sheet: Sheet,
    /// Where it comes from.
    pub source: Source,
    /// Who reported it; may be empty, and is then not printed.
    pub reporter: String,
    /// 当事人, as far as known.
    pub subject: Option<Subject>,
    /// Where.
    pub place: String,
    /// What was reported.
    pub summary: String,
    /// 核查情况; empty until it was checked.
    pub checked: String,
    /// 核查人 with certificates; needed once it was checked.
    pub officers: Vec<Officer>,
    /// 处理建议: 建议立案, 不予立案, 移送.
    pub advice: String,
    /// Columns of approval.
    pub approvals: Approvals,
}

impl Model for LeadCheck {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs(needs);
        needs.part("案件来源", |needs| self.source.needs(needs));
        if let Some(subject) = &self.subject {
            needs.text("当事人", subject.name());
        }
        needs.text("线索地点", &self.place);
        needs.text("线索内容", &self.summary);
        if !self.checked.is_empty() {
            two_officers("核查人", &self.officers, needs);
            needs.text("处理建议", &self.advice);
        }
        self.approvals.needs(needs);
    }
}

/// Whether a case is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingKind {
    /// 立案审批表.
    Open,
    /// 不予立案审批表.
    Decline,
    /// 撤销立案审批表.
    Drop,
}

/// 立案审批表 or 不予立案审批表 (行政处罚法第五十四条第二款).
#[derive(Debug, Clone, Serialize)]
pub struct Filing {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// Which of the two.
    pub kind: FilingKind,
    /// Where it comes from.
    pub source: Source,
    /// 当事人, as far as known.
    pub subjects: Vec<Subject>,
    /// Where.
    pub place: String,
    /// 案情摘要.
    pub summary: String,
    /// 涉嫌违反的条款.
    pub breached: Vec<String>,
    /// 立案依据.
    pub basis: Vec<String>,
    /// Whether correction was ordered on the spot, and what came of it; may be empty.
    pub corrected: String,
    /// 不予立案（撤销立案）的理由; mandatory for one that is declined or dropped.
    pub reasons: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// Columns of approval.
    pub approvals: Approvals,
}

impl Model for Filing {
    filed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.kind {
            FilingKind::Open => "立案审批表",
            FilingKind::Decline => "不予立案审批表",
            FilingKind::Drop => "撤销立案审批表",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs(needs);
        needs.part("案件来源", |needs| self.source.needs(needs));
        needs.list("当事人", &self.subjects, 0, |needs, subject| {
            needs.text("姓名或者名称", subject.name())
        });
        needs.text("案发地点", &self.place);
        needs.text("案情摘要", &self.summary);
        if self.kind == FilingKind::Open {
            articles("涉嫌违反的条款", &self.breached, needs);
            articles("立案依据", &self.basis, needs);
        } else {
            let drops = self.kind == FilingKind::Drop;
            needs.text(if drops { "撤销立案的理由" } else { "不予立案的理由" }, &self.reasons);
        }
        two_officers("承办人", &self.officers, needs);
        self.approvals.needs(needs);
    }
}

/// What a step is that the head of the agency approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 先行登记保存证据 (行政处罚法第五十六条).
    Preservation,
    /// 查封、扣押 (行政强制法第十八条第一项).
    Seizure,
    /// 延长查封、扣押期限 (行政强制法第二十五条).
    SeizureExtension,
    /// 解除查封、扣押 (行政强制法第二十八条).
    Release,
    /// 延长办案期限 (行政处罚法第六十条).
    TermExtension,
    /// 延期或者分期缴纳罚款 (行政处罚法第六十六条第二款).
    PaymentPlan,
    /// 行政强制执行 (行政强制法第三十七条).
    Enforcement,
}

/// 审批表 of a step within a case.
#[derive(Debug, Clone, Serialize)]
pub struct Approval {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// Which step.
    pub step: Step,
    /// 当事人.
    pub subject: Subject,
    /// 案情和理由.
    pub reasons: String,
    /// 拟采取的措施: what exactly, until when.
    pub proposal: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// Things it is about, one each; may be empty.
    pub items: Vec<String>,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// Columns of approval.
    pub approvals: Approvals,
}

impl Model for Approval {
    filed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.step {
            Step::Preservation => "先行登记保存证据审批表",
            Step::Seizure => "查封（扣押）审批表",
            Step::SeizureExtension => "延长查封（扣押）期限审批表",
            Step::Release => "解除查封（扣押）审批表",
            Step::TermExtension => "延长办案期限审批表",
            Step::PaymentPlan => "延期（分期）缴纳罚款审批表",
            Step::Enforcement => "行政强制执行审批表",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("理由", &self.reasons);
        needs.text("拟采取的措施", &self.proposal);
        articles("依据", &self.basis, needs);
        needs.list("涉及的物品", &self.items, 0, |needs, item| needs.text("名称", item));
        two_officers("承办人", &self.officers, needs);
        self.approvals.needs(needs);
    }
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// 行政处罚决定执行完毕.
    Executed,
    /// 责令改正（限期拆除）已经履行, without a penalty.
    Corrected,
    /// 不予行政处罚.
    NoPenalty,
    /// 案件移送.
    Transferred,
    /// 撤销立案.
    Dropped,
    /// 终结执行.
    Terminated,
}

/// 结案审批表.
#[derive(Debug, Clone, Serialize)]
pub struct Closing {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subject: Subject,
    /// When the case was opened.
    pub filed: Date,
    /// How it ends.
    pub ending: Ending,
    /// 决定文号; mandatory for one that was executed or without penalty.
    pub decision: String,
    /// When the decision was served.
    pub served: Option<Date>,
    /// 执行情况: by itself, by force, in instalments.
    pub execution: String,
    /// 罚没票据号; may be empty.
    pub receipts: Vec<String>,
    /// 涉案物品处理; may be empty.
    pub goods: String,
    /// 行政处罚决定公示情况; may be empty.
    pub publication: String,
    /// 立卷页数; unknown before the file is bound.
    pub pages: Option<u32>,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// Columns of approval.
    pub approvals: Approvals,
}

impl Model for Closing {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        if matches!(
            self.ending,
            Ending::Executed | Ending::Corrected | Ending::NoPenalty | Ending::Terminated
        ) {
            needs.text("决定文号", &self.decision);
        }
        needs.text("执行情况", &self.execution);
        two_officers("承办人", &self.officers, needs);
        self.approvals.needs(needs);
    }
}
