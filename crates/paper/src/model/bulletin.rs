//! 执法预警通报: neighbours are told of something that may come to them.

use super::{Model, headed};
use crate::{Head, Needs};
use jiff::civil::Date;
use serde::Serialize;

/// 执法预警通报.
#[derive(Debug, Clone, Serialize)]
pub struct Bulletin {
    /// Head and foot.
    pub head: Head,
    /// 主送机关.
    pub to: Vec<String>,
    /// What it is about; completes the title 关于……的预警通报.
    pub subject: String,
    /// 预警级别: 一般, 较重, 严重 or what the agencies agreed on.
    pub level: String,
    /// 基本情况.
    pub situation: String,
    /// 主要特征和手法; may be empty.
    pub features: String,
    /// 重点对象、车辆、点位, one each; may be empty.
    pub watch: Vec<String>,
    /// 工作建议, numbered on paper.
    pub advice: Vec<String>,
    /// Until when the warning holds, where that is said.
    pub until: Option<Date>,
    /// 知悉范围: who may read it.
    pub audience: String,
}

impl Model for Bulletin {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.list("主送机关", &self.to, 1, |needs, to| needs.text("名称", to));
        needs.text("通报事由", &self.subject);
        needs.text("预警级别", &self.level);
        needs.text("基本情况", &self.situation);
        needs.list("重点对象", &self.watch, 0, |needs, watch| needs.text("内容", watch));
        needs.list("工作建议", &self.advice, 1, |needs, advice| needs.text("内容", advice));
        needs.text("知悉范围", &self.audience);
    }
}
