//! Whose turn it is, and to do what: who waits for whom, in a line.

use super::act::AwayKind;
use super::join::Stage;
use super::state::File;
use lianzhi_exchange::compact::Form;

/// Who has to do something now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Somebody in this office, before anything leaves.
    Office,
    /// The member that opened the matter.
    Opener,
    /// Those to whom it went.
    Receivers,
    /// All parties.
    Parties,
    /// The common superior.
    Superior,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// By whom.
    pub turn: Turn,
    /// What.
    pub what: &'static str,
}

const fn next(turn: Turn, what: &'static str) -> Option<Next> {
    Some(Next { turn, what })
}

impl File {
    /// What is to be done next, and by whom; none once the matter has ended.
    #[must_use]
    pub fn next(&self) -> Option<Next> {
        if let Some(draft) = &self.draft {
            return match (&draft.reviewed, &draft.sent_back) {
                (Some(_), _) => next(Turn::Office, "负责人签发"),
                (None, Some(_)) => next(Turn::Office, "拟稿人修改文稿"),
                (None, None) => next(Turn::Office, "审核人审核"),
            };
        }
        let form = self.form;
        match self.stage() {
            Stage::Sent if form == Form::Bulletin => next(Turn::Receivers, "签收通报"),
            Stage::Sent => next(Turn::Receivers, "收文登记"),
            Stage::Registered => match form {
                Form::Lead => next(Turn::Receivers, "受理或退回"),
                Form::Evidence => next(Turn::Receivers, "逐件认定"),
                Form::Away => next(Turn::Receivers, "答复是否同意"),
                Form::Dispute => next(Turn::Parties, "陈述意见、协商"),
                Form::Assistance | Form::Bulletin => next(Turn::Receivers, "受理"),
            },
            Stage::ForwardAsked => next(Turn::Opener, "答复是否同意转送"),
            Stage::Accepted => match form {
                Form::Lead => next(Turn::Receivers, "办理并反馈结果"),
                Form::Assistance => next(Turn::Receivers, "办理并复函"),
                Form::Bulletin => next(Turn::Receivers, "反馈措施"),
                Form::Evidence | Form::Dispute | Form::Away => next(Turn::Receivers, "逐件认定"),
            },
            Stage::Replied => next(Turn::Opener, "认可复函或要求补充"),
            Stage::Granted if self.opening.away == Some(AwayKind::Inspect) => {
                next(Turn::Opener, "报告办理情况")
            }
            Stage::Granted | Stage::Refused => next(Turn::Opener, "办结"),
            Stage::Returned => next(Turn::Opener, "另行处理并办结"),
            Stage::Negotiating => next(Turn::Parties, "确认协商记录"),
            Stage::Advised => next(Turn::Parties, "答复协调组意见"),
            Stage::ReportedUp => next(Turn::Superior, "指定管辖"),
            Stage::Drafting
            | Stage::Concluded
            | Stage::Settled
            | Stage::Withdrawn
            | Stage::Closed
            | Stage::Discarded => None,
        }
    }
}
