//! 管辖协商记录 and 指定管辖请示 (D31), 行政处罚法第二十五条.

use super::{Model, headed};
use crate::{Check, Head, Needs, Number};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// What one agency says about its power over the matter.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// The agency.
    pub agency: String,
    /// Whether it holds that it has the power, in words.
    pub claim: String,
    /// Why.
    pub grounds: String,
    /// When it opened its case, if it did.
    pub opened: Option<Date>,
}

impl Claim {
    fn needs(&self, needs: &mut Needs) {
        needs.text("机关", &self.agency);
        needs.text("管辖主张", &self.claim);
        needs.text("理由", &self.grounds);
    }
}

/// Somebody who took part in the talks.
#[derive(Debug, Clone, Serialize)]
pub struct Attendant {
    /// Name; empty when it is written by hand.
    pub name: String,
    /// For which agency.
    pub agency: String,
    /// Post; may be empty.
    pub post: String,
}

/// 管辖协商记录: kept by both sides, signed by all who took part.
#[derive(Debug, Clone, Serialize)]
pub struct JurisdictionTalks {
    /// Number of the record; `None` while it is a draft.
    pub number: Option<Number>,
    /// 案由.
    pub cause: String,
    /// Number of the cooperation or the case.
    pub case_number: String,
    /// When the talks began; when they were recorded, if that is all that is known.
    pub from: DateTime,
    /// When the talks ended; the same as `from` when only the record's time is known.
    pub until: DateTime,
    /// Where, or by which means.
    pub place: String,
    /// 主持人; may be empty.
    pub chair: String,
    /// 记录人.
    pub recorder: String,
    /// The agencies' positions: at least two.
    pub claims: Vec<Claim>,
    /// Who took part.
    pub attendants: Vec<Attendant>,
    /// 协商经过.
    pub course: String,
    /// Whether the agencies agreed.
    pub agreed: bool,
    /// 协商结果 in words: who takes the matter, or what is done next.
    pub result: String,
    /// Where a reader can check that the record is genuine.
    pub check: Option<Check>,
}

impl Model for JurisdictionTalks {
    fn needs(&self, needs: &mut Needs) {
        needs.text("案由", &self.cause);
        needs.text("协商地点（方式）", &self.place);
        needs.text("记录人", &self.recorder);
        needs.that("协商结束时间（不早于开始时间）", self.until >= self.from);
        needs.list("管辖主张", &self.claims, 2, |needs, claim| claim.needs(needs));
        needs.list("参加人", &self.attendants, 2, |needs, attendant| {
            needs.text("单位", &attendant.agency);
        });
        needs.text("协商经过", &self.course);
        needs.text("协商结果", &self.result);
    }

    fn date(&self) -> Date {
        self.until.date()
    }

    fn number(&self) -> Option<String> {
        self.number.as_ref().map(ToString::to_string)
    }

    fn check_url(&self) -> Option<&str> {
        self.check.as_ref().map(|check| check.url.as_str())
    }
}

/// 指定管辖请示: the common superior is asked to decide (行政处罚法第二十五条第二款).
#[derive(Debug, Clone, Serialize)]
pub struct JurisdictionPetition {
    /// Head and foot.
    pub head: Head,
    /// 共同的上一级行政机关.
    pub to: String,
    /// 签发人: stands beside the number of a document that goes upwards.
    pub signer: String,
    /// 案由.
    pub cause: String,
    /// 案情.
    pub facts: String,
    /// The agencies' positions: at least two.
    pub claims: Vec<Claim>,
    /// 协商情况: when, how, and why it failed.
    pub talks: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// 意见: what the sender proposes.
    pub opinion: String,
}

impl Model for JurisdictionPetition {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("共同的上一级行政机关", &self.to);
        needs.text("签发人", &self.signer);
        needs.text("案由", &self.cause);
        needs.text("基本案情", &self.facts);
        needs.list("管辖主张", &self.claims, 2, |needs, claim| claim.needs(needs));
        needs.text("协商情况", &self.talks);
        needs.list("法律依据", &self.basis, 1, |needs, basis| needs.text("条款", basis));
        needs.text("意见", &self.opinion);
    }
}
