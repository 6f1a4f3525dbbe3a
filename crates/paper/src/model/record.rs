//! Records that are read, corrected and signed page by page: 现场检查（勘验）笔录 (D03), 调查询问笔录 (D05),
//! 陈述申辩笔录 (D16).

use super::Model;
use crate::case::{Sheet, Span, Subject, Unsigned, filed, two_officers};
use crate::{Needs, Officer};
use serde::Serialize;

/// Which record of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionKind {
    /// 现场检查笔录.
    Inspection,
    /// 现场勘验笔录.
    Survey,
}

/// 现场检查笔录 or 现场勘验笔录 (行政处罚法第四十六、五十五条).
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// Which of the two.
    pub kind: InspectionKind,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// Coordinates and code of the grid; may be empty.
    pub position: String,
    /// Weather and light; mandatory for a survey.
    pub weather: String,
    /// 被检查人.
    pub subject: Subject,
    /// 现场负责人; may be empty.
    pub in_charge: String,
    /// 见证人; may be empty.
    pub witness: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// 记录人.
    pub recorder: String,
    /// 出示证件、告知事项 and what was answered, recusal included.
    pub told: String,
    /// 现场情况.
    pub found: String,
    /// Sketch, photos, recordings with their numbers, one each.
    pub media: Vec<String>,
    /// 当事人意见; empty leaves a place to write it.
    pub remark: String,
    /// A party who would not sign, or was not there.
    pub unsigned: Option<Unsigned>,
}

impl Model for Inspection {
    filed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.kind {
            InspectionKind::Inspection => "现场检查笔录",
            InspectionKind::Survey => "现场勘验笔录",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        needs.text("执法机关", &self.sheet.agency);
        self.span.needs(needs);
        needs.text("地点", &self.place);
        if self.kind == InspectionKind::Survey {
            needs.text("天气", &self.weather);
        }
        needs.text("被检查人", self.subject.name());
        two_officers("执法人员", &self.officers, needs);
        needs.text("记录人", &self.recorder);
        needs.text("出示证件和告知事项", &self.told);
        needs.text("现场情况", &self.found);
        needs.list("现场照片、视频等资料", &self.media, 1, |needs, medium| {
            needs.text("内容", medium)
        });
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// A question and what was answered.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// 问.
    pub question: String,
    /// 答; empty leaves a place to write it.
    pub answer: String,
}

/// Somebody who is asked, or makes a statement.
#[derive(Debug, Clone, Serialize)]
pub struct Respondent {
    /// 姓名.
    pub name: String,
    /// 性别; may be empty.
    pub sex: String,
    /// Age or day of birth; may be empty.
    pub age: String,
    /// Kind and number of a document of identity.
    pub identity: String,
    /// 工作单位和职务; may be empty.
    pub work: String,
    /// 住址.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// 与本案关系.
    pub relation: String,
    /// 监护人 of a minor, and what he is to him; may be empty.
    pub guardian: String,
}

impl Respondent {
    fn needs(&self, needs: &mut Needs) {
        needs.text("姓名", &self.name);
        needs.text("证件号码", &self.identity);
        needs.text("住址", &self.address);
        needs.text("与本案关系", &self.relation);
    }
}

/// 调查询问笔录 (行政处罚法第五十五条).
#[derive(Debug, Clone, Serialize)]
pub struct Interview {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// Which interview of this person it is, from one.
    pub turn: u16,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// 被询问人.
    pub respondent: Respondent,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// 记录人, with certificate.
    pub recorder: Officer,
    /// 出示证件: how the officers showed who they are, and the answer.
    pub shown: String,
    /// 权利义务告知: to answer truly, to ask for recusal, and the answer.
    pub told: String,
    /// Questions and answers.
    pub answers: Vec<Answer>,
    /// Platform and number of the recording, for one by video; may be empty.
    pub video: String,
    /// A respondent who would not sign.
    pub unsigned: Option<Unsigned>,
}

impl Model for Interview {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs(needs);
        needs.that("询问次数", self.turn > 0);
        self.span.needs(needs);
        needs.text("地点", &self.place);
        needs.part("被询问人", |needs| self.respondent.needs(needs));
        two_officers("询问人", &self.officers, needs);
        needs.part("记录人", |needs| self.recorder.needs(needs));
        needs.text("出示证件情况", &self.shown);
        needs.text("权利义务告知", &self.told);
        needs.list("问答", &self.answers, 1, |needs, answer| needs.text("问", &answer.question));
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}

/// 陈述申辩笔录 (行政处罚法第四十五条).
#[derive(Debug, Clone, Serialize)]
pub struct Statement {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// When.
    pub span: Span,
    /// Where.
    pub place: String,
    /// 陈述申辩人.
    pub respondent: Respondent,
    /// 告知文书文号 that it answers.
    pub notice: String,
    /// Two officers.
    pub officers: Vec<Officer>,
    /// 记录人, with certificate.
    pub recorder: Officer,
    /// What was said; paragraphs are separated by line breaks.
    pub words: String,
    /// Evidence that was handed in, one each; may be empty.
    pub evidence: Vec<String>,
    /// Somebody who would not sign.
    pub unsigned: Option<Unsigned>,
}

impl Model for Statement {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        self.span.needs(needs);
        needs.text("地点", &self.place);
        needs.part("陈述申辩人", |needs| self.respondent.needs(needs));
        needs.text("告知文书文号", &self.notice);
        two_officers("执法人员", &self.officers, needs);
        needs.part("记录人", |needs| self.recorder.needs(needs));
        needs.text("陈述申辩内容", &self.words);
        needs.list("提交的证据", &self.evidence, 0, |needs, evidence| needs.text("名称", evidence));
        if let Some(unsigned) = &self.unsigned {
            unsigned.needs(needs);
        }
    }
}
