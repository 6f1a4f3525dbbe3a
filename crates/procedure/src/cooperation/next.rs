//! Whose turn it is, and to do what: who waits for whom, in a line.

use super::act::{Act, AwayKind};
use super::join::{self, Stage};
use super::state::File;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// By whom.
    pub turn: Turn,
    /// The members that are awaited: none in the office, and of the superior.
    pub who: Vec<NodeCode>,
    /// What.
    pub what: &'static str,
}

/// Who has to do something in a matter at this stage, as far as form and stage tell; none once it has ended. What waits in the
/// office before it leaves is in the file.
#[must_use]
pub const fn turn_of(form: Form, stage: Stage) -> Option<Turn> {
    match stage {
        Stage::Drafting => Some(Turn::Office),
        Stage::Registered if matches!(form, Form::Dispute) => Some(Turn::Parties),
        Stage::Sent | Stage::Registered | Stage::Accepted => Some(Turn::Receivers),
        Stage::ForwardAsked | Stage::Replied | Stage::Granted | Stage::Refused | Stage::Returned => {
            Some(Turn::Opener)
        }
        Stage::Negotiating | Stage::Advised => Some(Turn::Parties),
        Stage::ReportedUp => Some(Turn::Superior),
        Stage::Concluded | Stage::Settled | Stage::Withdrawn | Stage::Closed | Stage::Discarded => None,
    }
}

impl File {
    /// What is to be done next, and by whom; none once the matter has ended.
    #[must_use]
    pub fn next(&self) -> Option<Next> {
        let (turn, what) = self.turn()?;
        let who = match turn {
            Turn::Office | Turn::Superior => Vec::new(),
            Turn::Opener => vec![self.founder().clone()],
            Turn::Receivers if self.form == Form::Bulletin => self.behind(what),
            Turn::Receivers => self.receiver().into_iter().cloned().collect(),
            Turn::Parties => join::silent(self),
        };
        Some(Next { turn, who, what })
    }

    /// The receivers of a bulletin that have not done this yet.
    fn behind(&self, what: &str) -> Vec<NodeCode> {
        let answers = self.answers();
        let behind = answers.iter().filter(|answer| answer.awaited() == Some(what));
        behind.map(|answer| answer.node.clone()).collect()
    }

    fn turn(&self) -> Option<(Turn, &'static str)> {
        if let Some(draft) = &self.draft {
            return match (&draft.reviewed, &draft.sent_back) {
                (Some(_), _) => Some((Turn::Office, "负责人签发")),
                (None, Some(_)) => Some((Turn::Office, "拟稿人修改文稿")),
                (None, None) => Some((Turn::Office, "审核人审核")),
            };
        }
        let form = self.form;
        let said = |is: fn(&Act) -> bool| self.said.values().flatten().any(|said| is(&said.act));
        Some(match self.stage() {
            Stage::Sent if form == Form::Bulletin => (Turn::Receivers, "签收"),
            Stage::Sent => (Turn::Receivers, "收文登记"),
            Stage::Registered => match form {
                Form::Lead => (Turn::Receivers, "受理或退回"),
                Form::Evidence => (Turn::Receivers, "逐件认定"),
                Form::Away => (Turn::Receivers, "答复是否同意"),
                Form::Dispute => (Turn::Parties, "陈述意见、协商"),
                Form::Assistance | Form::Bulletin => (Turn::Receivers, "受理"),
            },
            Stage::ForwardAsked => (Turn::Opener, "答复是否同意转送"),
            Stage::Accepted => match form {
                Form::Lead => (Turn::Receivers, "办理并反馈结果"),
                Form::Assistance => (Turn::Receivers, "办理并复函"),
                Form::Bulletin => (Turn::Receivers, "反馈措施"),
                Form::Evidence | Form::Dispute | Form::Away => (Turn::Receivers, "逐件认定"),
            },
            Stage::Replied => (Turn::Opener, "认可复函或要求补充"),
            Stage::Granted if self.opening.away == Some(AwayKind::Inspect) => (Turn::Opener, "报告办理情况"),
            Stage::Granted | Stage::Refused => (Turn::Opener, "办结"),
            Stage::Returned => (Turn::Opener, "另行处理并办结"),
            Stage::Negotiating if said(|act| matches!(act, Act::Negotiated { .. })) => {
                (Turn::Parties, "确认协商记录")
            }
            Stage::Negotiating => (Turn::Parties, "协商并提交协商记录"),
            // An opinion that somebody refused settles nothing any more.
            Stage::Advised if said(|act| matches!(act, Act::OpinionAnswered { agreed: false, .. })) => {
                (Turn::Parties, "将双方案卷一并报请共同的上一级行政机关指定管辖")
            }
            Stage::Advised => (Turn::Parties, "答复协调组意见"),
            Stage::ReportedUp => (Turn::Superior, "指定管辖"),
            Stage::Drafting
            | Stage::Concluded
            | Stage::Settled
            | Stage::Withdrawn
            | Stage::Closed
            | Stage::Discarded => return None,
        })
    }
}
