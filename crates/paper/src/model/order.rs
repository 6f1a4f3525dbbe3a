//! 调查询问通知书 (D04), 责令（限期）改正通知书 (D10), 执法建议书 (D32).

use super::{Model, headed};
use crate::case::{Due, Remedy, Subject, articles};
use crate::{Head, Needs};
use jiff::civil::DateTime;
use serde::Serialize;

/// 调查询问通知书 (行政处罚法第五十五条).
#[derive(Debug, Clone, Serialize)]
pub struct InquiryNotice {
    /// Head and foot.
    pub head: Head,
    /// 被通知人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// When to come.
    pub at: DateTime,
    /// Where.
    pub place: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// What to bring, numbered on paper; may be empty.
    pub bring: Vec<String>,
}

impl Model for InquiryNotice {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("被通知人", self.subject.name());
        needs.text("案由", &self.cause);
        needs.text("询问地点", &self.place);
        articles("依据", &self.basis, needs);
        needs.list("携带的材料", &self.bring, 0, |needs, paper| needs.text("名称", paper));
    }
}

/// How soon a correction has to be made.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", content = "due", rename_all = "snake_case")]
pub enum Deadline {
    /// 立即改正: the document is a 责令改正通知书.
    AtOnce,
    /// Until a day: the document is a 责令限期改正通知书.
    Within(Due),
}

/// 责令（限期）改正通知书 (行政处罚法第二十八条第一款).
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionOrder {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 违法事实.
    pub facts: String,
    /// 违反的条款.
    pub breached: Vec<String>,
    /// 责令改正的依据.
    pub basis: Vec<String>,
    /// 改正内容, numbered on paper.
    pub demands: Vec<String>,
    /// 期限.
    pub deadline: Deadline,
    /// 逾期不改正的后果; may be empty.
    pub consequences: String,
    /// 复查安排; may be empty.
    pub inspection: String,
    /// Where it can be challenged: needed where it decides by itself, as an order to pull down does.
    pub remedy: Option<Remedy>,
    /// It is a decision to pull down what was built unlawfully (城乡规划法第六十四条).
    pub demolish: bool,
}

impl Model for CorrectionOrder {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.deadline {
            _ if self.demolish => "责令限期拆除决定书",
            Deadline::AtOnce => "责令改正通知书",
            Deadline::Within(_) => "责令限期改正通知书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("违法事实", &self.facts);
        articles("违反的条款", &self.breached, needs);
        articles("责令改正的依据", &self.basis, needs);
        needs.list("改正内容", &self.demands, 1, |needs, demand| needs.text("内容", demand));
        if let Deadline::Within(due) = &self.deadline {
            due.needs("改正期限", needs);
        }
        if let Some(remedy) = &self.remedy {
            remedy.needs(needs);
        } else if self.demolish {
            needs.text("救济途径", "");
        }
    }
}

/// 执法建议书: advice without force.
#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    /// Head and foot.
    pub head: Head,
    /// 对象.
    pub to: String,
    /// 发现的问题.
    pub problem: String,
    /// 事实与风险; may be empty.
    pub risks: String,
    /// 法规依据; may be empty.
    pub rules: Vec<String>,
    /// 建议事项, numbered on paper.
    pub advice: Vec<String>,
    /// 反馈期限.
    pub due: Due,
}

impl Model for Advice {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("建议对象", &self.to);
        needs.text("发现的问题", &self.problem);
        needs.list("法规依据", &self.rules, 0, |needs, rule| needs.text("条款", rule));
        needs.list("建议事项", &self.advice, 1, |needs, advice| needs.text("内容", advice));
        self.due.needs("反馈期限", needs);
    }
}
