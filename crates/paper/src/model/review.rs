//! What is thought over inside the agency before a decision: 案件调查终结报告 (D11), 法制审核意见书 (D12),
//! 集体讨论记录 (D13), 陈述申辩复核意见 (D16).

use super::Model;
use crate::case::{Approvals, Discretion, Penalties, Sheet, Span, Subject, Violation, filed, two_officers};
use crate::{Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// What the investigation found of one party, and what is proposed for it.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Name of the party; printed where there are several.
    pub name: String,
    /// Facts, evidence, provisions, tier of each conduct; may be empty when nothing was proved.
    pub violations: Vec<Violation>,
    /// 拟处罚; empty when none is proposed.
    pub penalties: Penalties,
}

impl Found {
    fn needs(&self, needs: &mut Needs) {
        needs.list("违法行为", &self.violations, 0, |needs, violation| violation.needs(needs));
        if !self.penalties.0.is_empty() {
            needs.list("违法行为", &self.violations, 1, |_, _| ());
            self.penalties.needs("拟作出的行政处罚", needs);
        }
    }
}

/// 案件调查终结报告 (行政处罚法第五十七条).
#[derive(Debug, Clone, Serialize)]
pub struct InvestigationReport {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subjects: Vec<Subject>,
    /// When the case was opened.
    pub filed: Date,
    /// 调查经过.
    pub course: String,
    /// What was found of each party.
    pub found: Vec<Found>,
    /// What else matters for the decision, lighter and heavier; may be empty.
    pub circumstances: String,
    /// 处理意见.
    pub proposal: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// Columns of approval.
    pub approvals: Approvals,
}

impl Model for InvestigationReport {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.list("当事人", &self.subjects, 1, |needs, subject| subject.needs(needs));
        needs.text("调查经过", &self.course);
        match self.found.as_slice() {
            [one] => one.needs(needs),
            several => {
                for found in several {
                    needs.part(&found.name, |needs| found.needs(needs));
                }
            }
        }
        needs.text("处理意见", &self.proposal);
        two_officers("承办人", &self.officers, needs);
        self.approvals.needs(needs);
    }
}

/// What the reviewer found on one point.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// 结论, e.g. 主体合法，权限适当.
    pub conclusion: String,
    /// Whether there is nothing to object to.
    pub passed: bool,
}

/// The eight points of a legal review (documents of the three systems, 国办发〔2018〕118号).
#[derive(Debug, Clone, Serialize)]
pub struct ReviewPoints {
    /// 执法主体和人员资格、权限.
    pub power: Finding,
    /// 事实和证据.
    pub facts: Finding,
    /// 适用法律依据.
    pub law: Finding,
    /// 程序.
    pub procedure: Finding,
    /// 裁量.
    pub discretion: Finding,
    /// 文书规范.
    pub documents: Finding,
    /// 是否超越法定权限.
    pub scope: Finding,
    /// 是否涉嫌犯罪需要移送.
    pub crime: Finding,
}

impl ReviewPoints {
    fn needs(&self, needs: &mut Needs) {
        for (point, finding) in [
            ("执法主体和人员资格", &self.power),
            ("事实和证据", &self.facts),
            ("适用法律依据", &self.law),
            ("程序", &self.procedure),
            ("裁量", &self.discretion),
            ("文书规范", &self.documents),
            ("法定权限", &self.scope),
            ("涉嫌犯罪移送", &self.crime),
        ] {
            needs.text(&format!("{point}的审核结论"), &finding.conclusion);
        }
    }
}

/// 审核意见.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 同意.
    Agree,
    /// 纠正.
    Correct,
    /// 补充调查.
    Supplement,
    /// 不同意.
    Disagree,
    /// 移送.
    Transfer,
}

/// 重大执法决定法制审核意见书 (行政处罚法第五十八条).
#[derive(Debug, Clone, Serialize)]
pub struct LegalReview {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subjects: Vec<Subject>,
    /// 送审机构.
    pub sender: String,
    /// When it was handed in.
    pub sent: Date,
    /// What is proposed.
    pub proposal: String,
    /// Why it has to be reviewed: the item of article 58 or of the agency's list.
    pub grounds: String,
    /// 材料目录, one each.
    pub materials: Vec<String>,
    /// The eight points.
    pub points: ReviewPoints,
    /// 意见.
    pub verdict: Verdict,
    /// 理由; mandatory unless it is agreed.
    pub reasons: String,
    /// 审核人.
    pub reviewer: String,
    /// 法律职业资格证书号: of whoever reviews for the first time (行政处罚法第五十八条第二款), which is asked when the review is entered;
    /// may be empty.
    pub qualification: String,
    /// 复审记录; may be empty.
    pub again: String,
}

impl Model for LegalReview {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.list("当事人", &self.subjects, 1, |needs, subject| subject.needs(needs));
        needs.text("送审机构", &self.sender);
        needs.text("拟作出的决定", &self.proposal);
        needs.text("审核事由", &self.grounds);
        needs.list("送审材料", &self.materials, 1, |needs, material| needs.text("名称", material));
        self.points.needs(needs);
        if self.verdict != Verdict::Agree {
            needs.text("审核理由", &self.reasons);
        }
        needs.text("审核人", &self.reviewer);
    }
}

/// What somebody said in a collective discussion.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Opinion.
    pub words: String,
}

/// 集体讨论记录 (行政处罚法第五十七条第二款).
#[derive(Debug, Clone, Serialize)]
pub struct Discussion {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subjects: Vec<Subject>,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// 主持人, the head of the agency.
    pub chair: String,
    /// 记录人.
    pub recorder: String,
    /// 列席人员 without a vote; may be empty.
    pub guests: Vec<String>,
    /// 案情和处理建议 as reported.
    pub report: String,
    /// What each of those who decide said; they sign.
    pub views: Vec<View>,
    /// 讨论结论.
    pub conclusion: String,
}

impl Model for Discussion {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.list("当事人", &self.subjects, 1, |needs, subject| subject.needs(needs));
        self.span.needs(needs);
        needs.text("讨论地点", &self.place);
        needs.text("主持人", &self.chair);
        needs.text("记录人", &self.recorder);
        needs.text("案情和处理建议", &self.report);
        needs.list("参加人意见", &self.views, 2, |needs, view| {
            needs.text("姓名", &view.name);
            needs.text("职务", &view.post);
            needs.text("意见", &view.words);
        });
        needs.text("讨论结论", &self.conclusion);
    }
}

/// 陈述申辩复核意见书 (行政处罚法第四十五条): never heavier because of a defence.
#[derive(Debug, Clone, Serialize)]
pub struct DefenceReview {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subject: Subject,
    /// 告知文书文号.
    pub notice: String,
    /// When the defence came in.
    pub received: Date,
    /// 陈述申辩的事实、理由和证据.
    pub defence: String,
    /// 复核情况.
    pub checked: String,
    /// Whether it is followed.
    pub followed: Followed,
    /// 采纳或者不采纳的理由.
    pub reasons: String,
    /// How the measure of the proposal changes, where a benchmark was applied.
    pub discretion: Option<Discretion>,
    /// 复核后的处理意见.
    pub proposal: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// Columns of approval.
    pub approvals: Approvals,
}

/// Whether a defence is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Followed {
    /// 采纳.
    Wholly,
    /// 部分采纳.
    Partly,
    /// 不采纳.
    Not,
}

impl Model for DefenceReview {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("告知文书文号", &self.notice);
        needs.text("陈述申辩的内容", &self.defence);
        needs.text("复核情况", &self.checked);
        needs.text("采纳或者不采纳的理由", &self.reasons);
        if let Some(discretion) = &self.discretion {
            discretion.needs(needs);
        }
        needs.text("复核后的处理意见", &self.proposal);
        two_officers("复核人", &self.officers, needs);
        self.approvals.needs(needs);
    }
}
