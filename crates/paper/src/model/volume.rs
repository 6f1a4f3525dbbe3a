//! 卷宗封面, 卷内目录 and 备考表 (D35), 行政处罚法第四十七条.

use super::Model;
use crate::case::{Sheet, filed};
use crate::{Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// 责任者 of what the agency itself made; the catalogue says once which agency that is.
pub const OWN: &str = "本机关";

/// One paper of the file.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// 文号; may be empty.
    pub number: String,
    /// 责任者: who made it; [`OWN`] for the agency whose file it is.
    pub author: String,
    /// 题名.
    pub title: String,
    /// When it was made.
    pub date: Date,
    /// How many pages it has.
    pub pages: u32,
    /// 备注; may be empty.
    pub note: String,
}

/// 卷宗: cover, catalogue and final sheet of one volume; [`bind`](Volume::bind) puts the papers between.
#[derive(Debug, Clone, Serialize)]
pub struct Volume {
    /// Agency, case, day of archiving.
    pub sheet: Sheet,
    /// 全宗号; may be empty.
    pub fonds: String,
    /// 档号; may be empty until the archive gives it.
    pub archive_number: String,
    /// Which volume of how many.
    pub part: u16,
    /// How many volumes.
    pub parts: u16,
    /// 当事人.
    pub subjects: Vec<String>,
    /// 处理结果.
    pub result: String,
    /// When the case was opened.
    pub filed: Date,
    /// When it was closed; none while the case is open, whose file is only read.
    pub closed: Option<Date>,
    /// 保管期限.
    pub retention: String,
    /// 承办人.
    pub officers: Vec<Officer>,
    /// The papers, in order.
    pub entries: Vec<Entry>,
    /// 本卷情况说明: what is missing, damaged or kept elsewhere.
    pub remarks: String,
    /// 立卷人.
    pub compiler: String,
    /// 检查人.
    pub inspector: String,
}

impl Model for Volume {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.that("卷数（第几卷，共几卷）", self.part > 0 && self.part <= self.parts);
        needs.list("当事人", &self.subjects, 1, |needs, subject| needs.text("姓名或者名称", subject));
        needs.text("处理结果", &self.result);
        needs.that("结案日期（不早于立案日期）", self.closed.is_none_or(|closed| closed >= self.filed));
        needs.text("保管期限", &self.retention);
        needs.list("承办人", &self.officers, 2, |needs, officer| officer.needs(needs));
        needs.list("卷内文件", &self.entries, 1, |needs, entry| {
            needs.text("责任者", &entry.author);
            needs.text("题名", &entry.title);
            needs.that("页数", entry.pages > 0);
        });
        needs.text("本卷情况说明", &self.remarks);
        needs.text("立卷人", &self.compiler);
    }
}
