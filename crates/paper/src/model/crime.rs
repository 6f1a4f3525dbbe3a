//! 涉嫌犯罪案件移送书 with its list of things (D28), 行政处罚法第二十七条, 国务院令第310号第五、六条.

use super::{Model, headed};
use crate::case::{Item, Subject, articles};
use crate::{Head, Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// 涉嫌犯罪案件移送书. Its attachments are the papers of article 6.
#[derive(Debug, Clone, Serialize)]
pub struct CrimeTransfer {
    /// Head and foot.
    pub head: Head,
    /// 受移送的公安机关.
    pub to: String,
    /// 抄送的人民检察院.
    pub prosecutor: String,
    /// 案由.
    pub cause: String,
    /// 案号.
    pub case_number: String,
    /// 涉嫌犯罪的单位和个人.
    pub subjects: Vec<Subject>,
    /// 案情.
    pub facts: String,
    /// 涉嫌的罪名和依据.
    pub crime: String,
    /// 移送依据: law and article.
    pub basis: Vec<String>,
    /// When the head of the agency approved it.
    pub approved: Date,
    /// 已作出的行政处罚和已采取的措施; says so when there are none.
    pub measures: String,
    /// 涉案物品; may be empty.
    pub items: Vec<Item>,
    /// Two officers.
    pub officers: Vec<Officer>,
}

impl Model for CrimeTransfer {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.that("移送材料", !self.head.attachments.is_empty());
        needs.text("受移送的公安机关", &self.to);
        needs.text("抄送的人民检察院", &self.prosecutor);
        needs.text("案由", &self.cause);
        needs.text("案号", &self.case_number);
        needs.list("涉嫌犯罪的单位和个人", &self.subjects, 1, |needs, subject| {
            needs.text("姓名或者名称", subject.name());
        });
        needs.text("案情", &self.facts);
        needs.text("涉嫌的罪名和依据", &self.crime);
        articles("移送依据", &self.basis, needs);
        needs.text("已作出的行政处罚和已采取的措施", &self.measures);
        needs.list("涉案物品", &self.items, 0, |needs, item| item.needs(needs));
        crate::case::two_officers("承办人", &self.officers, needs);
    }
}
