//! 听证通知书, 听证笔录 and 听证报告 (D15), 行政处罚法第六十三至六十五条. The notice of the right to a hearing is a
//! [`PenaltyNotice`](crate::PenaltyNotice).

use super::{Model, headed};
use crate::case::{Sheet, Span, Subject, Unsigned, filed, two_officers};
use crate::{Head, Needs, Officer};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Who holds a hearing: nobody who investigated the case (行政处罚法第六十四条第四项).
#[derive(Debug, Clone, Serialize)]
pub struct Bench {
    /// 听证主持人.
    pub chair: String,
    /// 听证员, where there are any.
    pub members: Vec<String>,
    /// 记录人.
    pub recorder: String,
}

impl Bench {
    fn needs(&self, needs: &mut Needs) {
        needs.text("听证主持人", &self.chair);
        needs.list("听证员", &self.members, 0, |needs, member| needs.text("姓名", member));
        needs.text("听证记录人", &self.recorder);
    }
}

/// 听证通知书: at least seven working days before (行政处罚法第六十四条第二项).
#[derive(Debug, Clone, Serialize)]
pub struct HearingSummons {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// When the party asked for it.
    pub requested: Date,
    /// When it begins.
    pub at: DateTime,
    /// Where.
    pub place: String,
    /// Whether the public may come.
    pub public: bool,
    /// Why not, for one behind closed doors: 国家秘密、商业秘密或者个人隐私.
    pub closed_because: String,
    /// Who holds it.
    pub bench: Bench,
}

impl Model for HearingSummons {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("听证地点", &self.place);
        if !self.public {
            needs.text("不公开的理由", &self.closed_because);
        }
        self.bench.needs(needs);
    }
}

/// What somebody said at the hearing.
#[derive(Debug, Clone, Serialize)]
pub struct Speech {
    /// Who.
    pub who: String,
    /// What.
    pub words: String,
}

/// 听证笔录: the decision is made by it (行政处罚法第六十四条第八项, 第六十五条).
#[derive(Debug, Clone, Serialize)]
pub struct HearingRecord {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// Whether the public may come.
    pub public: bool,
    /// 当事人.
    pub subject: Subject,
    /// One or two agents (行政处罚法第六十四条第五项); may be empty.
    pub agents: Vec<String>,
    /// 案件调查人员.
    pub investigators: Vec<Officer>,
    /// Witnesses and other people; may be empty.
    pub others: Vec<String>,
    /// Who holds it.
    pub bench: Bench,
    /// What was said, in order.
    pub speeches: Vec<Speech>,
    /// A party or agent who would not sign.
    pub unsigned: Option<Unsigned>,
}

impl Model for HearingRecord {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        self.span.needs(needs);
        needs.text("听证地点", &self.place);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.that("委托代理人（一至二人）", self.agents.len() <= 2);
        two_officers("案件调查人员", &self.investigators, needs);
        self.bench.needs(needs);
        needs.list("听证记录", &self.speeches, 1, |needs, speech| {
            needs.text("发言人", &speech.who);
            needs.text("发言内容", &speech.words);
        });
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// 听证报告: the chair's opinion for those who decide.
#[derive(Debug, Clone, Serialize)]
pub struct HearingReport {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subject: Subject,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// Who held it.
    pub bench: Bench,
    /// 拟处罚意见 that was heard.
    pub proposal: String,
    /// 调查人员的意见.
    pub prosecution: String,
    /// 当事人的陈述、申辩和质证意见.
    pub defence: String,
    /// What the chair holds proved and lawful.
    pub findings: String,
    /// 处理意见和建议.
    pub advice: String,
}

impl Model for HearingReport {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        self.span.needs(needs);
        needs.text("听证地点", &self.place);
        self.bench.needs(needs);
        needs.text("拟处罚意见", &self.proposal);
        needs.text("调查人员的意见", &self.prosecution);
        needs.text("当事人的意见", &self.defence);
        needs.text("听证认定的事实和依据", &self.findings);
        needs.text("处理意见和建议", &self.advice);
    }
}
