//! 协助调查函 (D29) and 协助调查复函 (D30), 行政处罚法第二十六条.

use super::{Model, headed};
use crate::{Evidence, Head, Needs, Officer};
use jiff::civil::Date;
use serde::Serialize;

/// One thing asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// Kind, as in the collaboration list: 核实身份, 调取监控, 询问, 送达 …
    pub kind: String,
    /// What exactly; empty where that is said of all together.
    pub detail: String,
}

/// 协助调查函.
#[derive(Debug, Clone, Serialize)]
pub struct AssistanceRequest {
    /// Head and foot.
    pub head: Head,
    /// 受请求机关.
    pub to: String,
    /// 案由.
    pub cause: String,
    /// 案号 of the sender; may be empty.
    pub case_number: String,
    /// 已知信息: what the receiver needs to know to help; empty where the requests say it.
    pub known: String,
    /// 请求事项, numbered on paper.
    pub requests: Vec<Request>,
    /// What is said of all requests together; may be empty.
    pub detail: String,
    /// 法律依据: law and article.
    pub basis: Vec<String>,
    /// 期限: until when.
    pub due: Date,
    /// 保密和个人信息保护要求; may be empty.
    pub privacy: String,
    /// 回复方式; may be empty.
    pub reply_way: String,
    /// 承办人 with certificates.
    pub officers: Vec<Officer>,
}

impl Model for AssistanceRequest {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("受请求机关", &self.to);
        needs.text("案由", &self.cause);
        needs.list("请求事项", &self.requests, 1, |needs, request| {
            needs.text("事项类别", &request.kind);
            needs.that("具体内容", !(request.detail.is_empty() && self.detail.is_empty()));
        });
        needs.list("法律依据", &self.basis, 1, |needs, basis| needs.text("条款", basis));
        needs.list("承办人", &self.officers, 1, |needs, officer| officer.needs(needs));
    }
}

/// What became of one thing asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The thing as it was asked for.
    pub request: String,
    /// What was done and found.
    pub result: String,
}

/// A thing asked for that could not be done.
#[derive(Debug, Clone, Serialize)]
pub struct Unfinished {
    /// The thing as it was asked for.
    pub request: String,
    /// Why it could not be done.
    pub reason: String,
}

/// Where the request was passed on to.
#[derive(Debug, Clone, Serialize)]
pub struct Forwarded {
    /// The agency.
    pub to: String,
    /// When.
    pub on: Date,
    /// Which part of the request, and why.
    pub what: String,
}

/// 协助调查复函.
#[derive(Debug, Clone, Serialize)]
pub struct AssistanceReply {
    /// Head and foot.
    pub head: Head,
    /// Who had asked.
    pub to: String,
    /// 来函文号.
    pub in_reply_to: String,
    /// When the request came in.
    pub received: Date,
    /// 案由 of the request.
    pub cause: String,
    /// What is said before the points; may be empty.
    pub preface: String,
    /// 办理情况, answering the request point by point.
    pub outcomes: Vec<Outcome>,
    /// 取得的证据; may be empty, which is then said.
    pub evidence: Vec<Evidence>,
    /// 取证主体资格与来源说明, needed with evidence that crosses a province's border.
    pub qualification: String,
    /// 未完成事项.
    pub unfinished: Vec<Unfinished>,
    /// 是否转办.
    pub forwarded: Option<Forwarded>,
}

impl Model for AssistanceReply {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.text("来函机关", &self.to);
        needs.text("来函文号", &self.in_reply_to);
        needs.text("案由", &self.cause);
        needs.that("办理情况", !(self.outcomes.is_empty() && self.unfinished.is_empty()));
        needs.list("办理情况", &self.outcomes, 0, |needs, outcome| {
            needs.text("请求事项", &outcome.request);
            needs.text("办理结果", &outcome.result);
        });
        needs.list("证据", &self.evidence, 0, |needs, evidence| evidence.needs(needs));
        if !self.evidence.is_empty() {
            needs.text("取证主体资格与来源说明", &self.qualification);
        }
        needs.list("未完成事项", &self.unfinished, 0, |needs, unfinished| {
            needs.text("事项", &unfinished.request);
            needs.text("原因", &unfinished.reason);
        });
        if let Some(forwarded) = &self.forwarded {
            needs.part("转办", |needs| {
                needs.text("转往机关", &forwarded.to);
                needs.text("转办事项", &forwarded.what);
            });
        }
    }
}
