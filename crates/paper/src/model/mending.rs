//! What mends a paper that went out: 撤销行政处罚决定书 and 更正通知书 (行政处罚法第七十五条第二款).

use super::decision::Served;
use super::{Model, headed};
use crate::case::{Remedy, Subject, articles};
use crate::{Head, Money, Needs};
use serde::Serialize;

/// 撤销行政处罚决定书.
#[derive(Debug, Clone, Serialize)]
pub struct Revocation {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// What is revoked, with the day on which it was made.
    pub decision: Served,
    /// 理由.
    pub reasons: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// What the party paid on it and gets back.
    pub refund: Option<Money>,
    /// It was published: that is withdrawn within three days (行政处罚法第四十八条第二款).
    pub published: bool,
    /// Where it can be challenged.
    pub remedy: Remedy,
}

impl Model for Revocation {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some("撤销行政处罚决定书")
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.part("撤销的决定", |needs| self.decision.needs(needs));
        needs.text("撤销的理由", &self.reasons);
        articles("依据", &self.basis, needs);
        needs.that("退还的数额", self.refund.is_none_or(|money| money > Money::fen(0)));
        self.remedy.needs(needs);
    }
}

/// 更正通知书: a clerical error, never facts, basis or penalty.
#[derive(Debug, Clone, Serialize)]
pub struct Amendment {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// What is corrected, with the day on which it was made.
    pub document: Served,
    /// What kind of error: 错别字、漏字.
    pub error: String,
    /// 原文.
    pub wrong: String,
    /// 更正为.
    pub right: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
}

impl Model for Amendment {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some("更正通知书")
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.part("更正的文书", |needs| self.document.needs(needs));
        needs.text("书写错误的种类", &self.error);
        needs.text("原文", &self.wrong);
        needs.text("更正后的文字", &self.right);
        needs.that("更正后的文字（与原文不同）", self.wrong.trim() != self.right.trim());
        articles("依据", &self.basis, needs);
    }
}
