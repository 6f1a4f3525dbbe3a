//! 函: a letter between agencies for which no form of its own is prescribed (GB/T 9704-2012, 10.1 信函格式).

use super::{Model, headed};
use crate::{Head, Needs};
use serde::Serialize;

/// 函.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    /// Head and foot.
    pub head: Head,
    /// 主送机关.
    pub to: Vec<String>,
    /// 标题, e.g. 关于延期答复协助调查的函.
    pub subject: String,
    /// What it answers: 文号 of the letter that came in; may be empty.
    pub in_reply_to: String,
    /// 正文; paragraphs are separated by line breaks.
    pub text: String,
    /// 依据: law and article, or the entry of the collaboration list; may be empty.
    pub basis: Vec<String>,
    /// 结语, e.g. 特此函告。
    pub ending: String,
}

impl Model for Letter {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.list("主送机关", &self.to, 1, |needs, to| needs.text("名称", to));
        needs.text("标题", &self.subject);
        needs.text("正文", &self.text);
        needs.list("依据", &self.basis, 0, |needs, basis| needs.text("条款", basis));
        needs.text("结语", &self.ending);
    }
}
