//! 异地执法授权函 and 异地执法同意函: officers work outside their own area.

use super::{Model, headed};
use crate::{Head, Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// Who writes to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorisationKind {
    /// 授权函: the agency of the place lets the other's officers act.
    Authorise,
    /// 同意函: the agency of the place answers a request to come and act.
    Consent,
}

/// 异地执法授权函 or 同意函.
#[derive(Debug, Clone, Serialize)]
pub struct Authorisation {
    /// Head and foot.
    pub head: Head,
    /// Which of the two.
    pub kind: AuthorisationKind,
    /// The agency whose officers come.
    pub to: String,
    /// 来函文号; mandatory for a consent.
    pub in_reply_to: String,
    /// 案由 or the joint operation.
    pub matter: String,
    /// The officers who may act: at least two (行政处罚法第四十二条).
    pub officers: Vec<Officer>,
    /// 地域范围.
    pub area: String,
    /// 事项: what they may do, numbered on paper.
    pub powers: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// 配合单位 that goes with them; may be empty.
    pub companion: String,
    /// 要求: conditions, numbered on paper.
    pub conditions: Vec<String>,
    /// 依据: law and article, or the entry of the collaboration list.
    pub basis: Vec<String>,
}

impl Model for Authorisation {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.kind {
            AuthorisationKind::Authorise => "异地执法授权函",
            AuthorisationKind::Consent => "异地执法同意函",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("受文机关", &self.to);
        if self.kind == AuthorisationKind::Consent {
            needs.text("来函文号", &self.in_reply_to);
        }
        needs.text("案由", &self.matter);
        needs.list("执法人员", &self.officers, 2, |needs, officer| officer.needs(needs));
        needs.text("地域范围", &self.area);
        needs.list("执法事项", &self.powers, 1, |needs, power| needs.text("内容", power));
        needs.that("截止日期（不早于起始日期）", self.until >= self.from);
        needs.list("要求", &self.conditions, 0, |needs, condition| needs.text("内容", condition));
        needs.list("依据", &self.basis, 1, |needs, basis| needs.text("条款", basis));
    }
}
