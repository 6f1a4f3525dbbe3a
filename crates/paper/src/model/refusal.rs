//! 退回函 and 不予协助复函: a matter goes back, or help is refused, with the reason.

use super::{Model, headed};
use crate::{Head, Material, Needs};
use jiff::civil::Date;
use serde::Serialize;

/// What is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// 退回函: a transferred lead or case goes back.
    Return,
    /// 不予协助复函: a request is outside the receiver's powers (行政处罚法第二十六条).
    NoAssistance,
}

/// 退回函 or 不予协助复函.
#[derive(Debug, Clone, Serialize)]
pub struct Refusal {
    /// Head and foot.
    pub head: Head,
    /// Which of the two.
    pub kind: RefusalKind,
    /// 来函机关.
    pub to: String,
    /// 来函文号.
    pub in_reply_to: String,
    /// When the letter came in.
    pub received: Date,
    /// 案由 or what was asked.
    pub matter: String,
    /// 理由.
    pub grounds: String,
    /// 依据: law and article, or the entry of the collaboration list.
    pub basis: Vec<String>,
    /// What would help: who has the power, what to add; may be empty.
    pub advice: String,
    /// Materials that go back; may be empty.
    pub materials: Vec<Material>,
}

impl Model for Refusal {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.kind {
            RefusalKind::Return => "退回函",
            RefusalKind::NoAssistance => "不予协助复函",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("来函机关", &self.to);
        needs.text("来函文号", &self.in_reply_to);
        needs.text("来函事项", &self.matter);
        needs.text("理由", &self.grounds);
        needs.list("依据", &self.basis, 1, |needs, basis| needs.text("条款", basis));
        needs.list("退回材料", &self.materials, 0, |needs, material| material.needs(needs));
    }
}
