//! What several documents have in common.

use crate::{Needs, Number};
use jiff::civil::{Date, DateTime};
use lianzhi_ids::Digest;
use serde::Serialize;

/// What stands above and below the text of an outward document.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// 发文机关, full name.
    pub issuer: String,
    /// 文号; `None` while it is a draft, which is then marked as one.
    pub number: Option<Number>,
    /// 成文日期; also the date of the PDF.
    pub date: Date,
    /// 密级、紧急程度 and 份号.
    pub marks: Marks,
    /// 附件说明: names of what is attached, without the number before them.
    pub attachments: Vec<String>,
    /// Whom to ask.
    pub contact: Contact,
    /// 抄送机关.
    pub copies: Vec<String>,
    /// Where a reader can check that the document is genuine.
    pub check: Option<Check>,
}

impl Head {
    /// The mandatory fields of a head.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("发文机关", &self.issuer);
        needs.text("联系人", &self.contact.name);
        needs.text("联系电话", &self.contact.phone);
        for copy in &self.copies {
            needs.text("抄送机关", copy);
        }
        for attachment in &self.attachments {
            needs.text("附件名称", attachment);
        }
    }
}

/// Marks in the upper left corner (GB/T 9704-2012, 7.2.1 to 7.2.3). Empty ones are left out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Marks {
    /// 份号, six digits.
    pub copy: Option<u32>,
    /// 密级和保密期限, or a handling mark such as 内部.
    pub secrecy: String,
    /// 紧急程度.
    pub urgency: String,
}

/// Whom to ask.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Address for paper; may be empty.
    pub address: String,
}

/// The public page on which a document is checked.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Address that the QR code holds.
    pub url: String,
    /// Code that can be typed there.
    pub code: String,
}

/// Somebody with a certificate of law enforcement (执法证).
#[derive(Debug, Clone, Serialize)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Number of the certificate.
    pub certificate: String,
    /// Unit; may be empty.
    pub unit: String,
}

impl Officer {
    /// Name and number of the certificate.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("姓名", &self.name);
        needs.text("执法证号", &self.certificate);
    }
}

/// 当事人.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Party {
    /// A person.
    Person {
        /// 姓名.
        name: String,
        /// Kind and number of a document of identity; may be empty.
        identity: String,
        /// 住址; may be empty.
        address: String,
        /// Telephone; may be empty.
        phone: String,
    },
    /// A firm or another organisation.
    Organisation {
        /// 名称.
        name: String,
        /// 统一社会信用代码; may be empty.
        code: String,
        /// 住所; may be empty.
        address: String,
        /// 法定代表人 or 负责人 with the post; may be empty.
        representative: String,
    },
}

impl Party {
    /// Only the name: what else is known differs while a lead is looked into.
    pub fn needs(&self, needs: &mut Needs) {
        match self {
            Party::Person { name, .. } => needs.text("姓名", name),
            Party::Organisation { name, .. } => needs.text("名称", name),
        }
    }
}

/// Paper or a thing that goes with a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Material {
    /// What it is.
    pub name: String,
    /// How many, with the unit: 1份3页.
    pub amount: String,
    /// Original or copy, state, remark; may be empty.
    pub note: String,
}

impl Material {
    /// Name and amount.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("名称", &self.name);
        needs.text("数量", &self.amount);
    }
}

/// One piece of evidence: where it is from and who took it, so that the receiver can judge it.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// What it is.
    pub name: String,
    /// Kind by 行政处罚法第四十六条: 书证, 物证, 视听资料, 电子数据, 证人证言, 当事人陈述, 鉴定意见, 勘验笔录、现场笔录.
    pub kind: String,
    /// Copies or pieces, with the unit.
    pub amount: String,
    /// From whom or what it was taken.
    pub source: String,
    /// Who took it: at least two officers (行政处罚法第四十二条).
    pub takers: Vec<Officer>,
    /// When it was taken.
    pub taken: DateTime,
    /// Where it was taken; may be empty.
    pub place: String,
    /// SHA-256 of the file, when there is one.
    pub digest: Option<Digest>,
    /// Number under which the record of it can be proved (存证号); empty when it is paper only.
    pub proof: String,
}

impl Evidence {
    /// All but the place; a file with a digest also needs the number of its proof.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("名称", &self.name);
        needs.text("证据种类", &self.kind);
        needs.text("数量", &self.amount);
        needs.text("来源", &self.source);
        needs.list("取证人", &self.takers, 2, |needs, officer| officer.needs(needs));
        if self.digest.is_some() {
            needs.text("存证号", &self.proof);
        }
    }
}
