//! 证据移交清单 and 涉案物品交接单: who gave what to whom, signed by both.

use super::Model;
use crate::{Check, Evidence, Needs, Number, Officer};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// What both lists have in common.
#[derive(Debug, Clone, Serialize)]
pub struct Handover {
    /// Number of the list; `None` while it is a draft.
    pub number: Option<Number>,
    /// 案由.
    pub cause: String,
    /// 案号, or the number of the cooperation.
    pub case_number: String,
    /// 移交单位.
    pub from: String,
    /// 接收单位.
    pub to: String,
    /// Who hands over: at least two. Empty when they sign by hand; there are places for two then.
    pub givers: Vec<Officer>,
    /// Who takes over: at least two. Empty when they sign by hand.
    pub takers: Vec<Officer>,
    /// When.
    pub at: DateTime,
    /// Where, or by which means.
    pub place: String,
    /// Where a reader can check that the list is genuine.
    pub check: Option<Check>,
}

impl Handover {
    fn needs(&self, needs: &mut Needs) {
        needs.text("案由", &self.cause);
        needs.text("案号", &self.case_number);
        needs.text("移交单位", &self.from);
        needs.text("接收单位", &self.to);
        for (field, people) in [("移交人", &self.givers), ("接收人", &self.takers)] {
            if !people.is_empty() {
                needs.list(field, people, 2, |needs, officer| officer.needs(needs));
            }
        }
        needs.text("移交地点（方式）", &self.place);
    }
}

macro_rules! handed {
    () => {
        fn date(&self) -> Date {
            self.handover.at.date()
        }
        fn number(&self) -> Option<String> {
            self.handover.number.as_ref().map(ToString::to_string)
        }
        fn check_url(&self) -> Option<&str> {
            self.handover.check.as_ref().map(|check| check.url.as_str())
        }
    };
}

/// 证据移交清单.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceTransfer {
    /// Who, to whom, when.
    pub handover: Handover,
    /// The evidence.
    pub items: Vec<Evidence>,
    /// Remarks on the whole; may be empty.
    pub note: String,
}

impl Model for EvidenceTransfer {
    handed!();

    fn needs(&self, needs: &mut Needs) {
        self.handover.needs(needs);
        needs.list("证据", &self.items, 1, |needs, item| item.needs(needs));
    }
}

/// One thing that was seized or kept as evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Goods {
    /// 名称.
    pub name: String,
    /// 规格、型号、车号; may be empty.
    pub model: String,
    /// 数量 with the unit.
    pub amount: String,
    /// 特征和状态.
    pub state: String,
    /// 原存放地点和保管人; may be empty.
    pub kept: String,
    /// 原措施文书文号: the decision under which it was taken.
    pub measure: String,
}

/// 涉案物品交接单.
#[derive(Debug, Clone, Serialize)]
pub struct GoodsHandover {
    /// Who, to whom, when.
    pub handover: Handover,
    /// 当事人 whose things they are.
    pub owner: String,
    /// The things.
    pub items: Vec<Goods>,
    /// 核验情况: whether number and state agreed when they were handed over.
    pub inspection: String,
    /// 见证人; may be empty.
    pub witness: String,
}

impl Model for GoodsHandover {
    handed!();

    fn needs(&self, needs: &mut Needs) {
        self.handover.needs(needs);
        needs.text("当事人", &self.owner);
        needs.list("物品", &self.items, 1, |needs, item| {
            needs.text("名称", &item.name);
            needs.text("数量", &item.amount);
            needs.text("特征和状态", &item.state);
            needs.text("原措施文书", &item.measure);
        });
        needs.text("核验情况", &self.inspection);
    }
}
