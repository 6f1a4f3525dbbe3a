//! 案件移送函 (D27): a lead or a case goes to the agency that has the power over it.

use super::{Model, headed};
use crate::{Head, Material, Needs, Party};
use jiff::civil::Date;
use serde::Serialize;

/// Why the matter is not for the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferReason {
    /// The place of the conduct lies in the receiver's area (行政处罚法第二十二条).
    Place,
    /// Another department has the power (行政处罚法第十七条).
    Power,
    /// The receiver opened its case first (行政处罚法第二十五条第一款).
    EarlierCase,
    /// It may be a crime (行政处罚法第二十七条第一款).
    Crime,
}

/// 案件移送函 with its receipt (行政处罚法第十七、二十二、二十五条).
#[derive(Debug, Clone, Serialize)]
pub struct LeadTransfer {
    /// Head and foot.
    pub head: Head,
    /// 受移送机关.
    pub to: String,
    /// 案由.
    pub cause: String,
    /// 案号 of the sender; may be empty before a case is opened.
    pub case_number: String,
    /// 线索来源.
    pub source: String,
    /// When the lead was found; none when that is not on record.
    pub found: Option<Date>,
    /// 当事人; empty when not known yet.
    pub parties: Vec<Party>,
    /// 基本案情; paragraphs are separated by line breaks.
    pub facts: String,
    /// Kind of the reason.
    pub reason: TransferReason,
    /// 移送理由 in words.
    pub grounds: String,
    /// 移送依据: law and article.
    pub basis: Vec<String>,
    /// 已采取的措施; say so when there are none.
    pub measures: String,
    /// 材料与物品清单.
    pub materials: Vec<Material>,
    /// Until when the receiver is asked to say whether it takes the matter.
    pub answer_by: Option<Date>,
}

impl Model for LeadTransfer {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("受移送机关", &self.to);
        needs.text("案由", &self.cause);
        needs.text("线索来源", &self.source);
        needs.list("当事人", &self.parties, 0, |needs, party| party.needs(needs));
        needs.text("基本案情", &self.facts);
        needs.text("移送理由", &self.grounds);
        needs.list("移送依据", &self.basis, 1, |needs, basis| needs.text("条款", basis));
        needs.text("已采取的措施", &self.measures);
        needs.list("移送材料", &self.materials, 1, |needs, material| material.needs(needs));
    }
}
