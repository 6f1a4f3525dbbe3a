//! Why something is not taken, with its code, its words for people and its HTTP status; and answers to parcels on the wire.

use crate::signature::Statement;
use lianzhi_ids::{NodeCode, SharedId};
use serde::{Deserialize, Serialize};

/// Why an envelope is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The author is no member.
    #[error("节点 {0} 不是协作机制成员")]
    NotAMember(NodeCode),
    /// The signature is not by this key over these bytes.
    #[error("签名验证未通过")]
    WrongSignature,
    /// The author has no such key, or not at that time.
    #[error("名册中没有签名密钥 {0}，或签名时间不在其有效期内")]
    UnknownKey(String),
    /// The author revoked the key.
    #[error("签名密钥 {0} 已由其节点作废，请用现行密钥重新签名后再发")]
    RevokedKey(String),
    /// Posted to somebody it is not for.
    #[error("信封的收件节点不包括本节点")]
    NotAddressed,
    /// The docket is known here and the author is no party to it, or not yet: whoever brought it in may be on the way.
    #[error("节点 {0} 不是该协作案卷的参与方")]
    NotAParty(NodeCode),
    /// It names no entry of the list, one that we don't have, or another than the docket was opened under.
    #[error("未引用有效的协作清单条目，或与案卷开启时引用的条目不同")]
    NoListEntry,
    /// The entry is not in force: nothing new opens under it.
    #[error("所引用的协作清单条目 {0} 不在有效期内，不能据此发起新的协作")]
    ExpiredListEntry(String),
    /// The entry does not allow this form.
    #[error("协作清单条目 {0} 不包括这种协作形式")]
    FormNotAllowed(String),
    /// The entry does not stand between these members.
    #[error("协作清单条目 {0} 不适用于节点 {1}")]
    PartyNotAllowed(String, NodeCode),
    /// The entry does not cover the category of the matter.
    #[error("协作清单条目 {0} 不包括该类事项")]
    CategoryNotAllowed(String),
    /// The entry does not allow to share something that is in it.
    #[error("协作清单条目 {0} 不允许共享：{1}")]
    FieldNotAllowed(String, &'static str),
    /// The entry does not allow to pass on what came from another member.
    #[error("协作清单条目 {0} 不允许转送其他成员")]
    OnwardNotAllowed(String),
    /// The author said something else at a place of its stream, or under this id, before. Both are kept.
    #[error("与该节点此前在同一位置所发内容不一致（序号 {seq}），双方签名均已留存为证据")]
    Fork {
        /// The place.
        seq: u32,
    },
    /// Signed with this node's own key, and nothing that it said: somebody else has the key, or the node was restored and
    /// hasn't noticed.
    #[error("信封以本节点密钥签名，但本节点从未发出：请立即核查密钥是否泄露、数据是否曾回退")]
    OwnEntry,
    /// Beyond a limit.
    #[error("{0}")]
    TooLarge(String),
    /// Not of the form.
    #[error("{0}")]
    Malformed(String),
    /// The author's epoch is older than ours, and what it relies on is no longer there: it pulls the compact.
    #[error("发件节点的协作机制版本（第 {theirs} 版）已过时，现行为第 {ours} 版，请先更新")]
    StaleEpoch {
        /// The author's.
        theirs: u32,
        /// Ours.
        ours: u32,
    },
    /// The author's epoch is not known here: we pull the compact and judge again.
    #[error("本节点尚未收到协作机制第 {0} 版，更新后再处理")]
    UnknownEpoch(u32),
    /// Written in a version of the form that is no longer read here.
    #[error("协作记录的格式版本 {0} 过旧，请升级后重新发送")]
    TooOldVersion(u32),
    /// Written in a version of the form that is not yet read here.
    #[error("协作记录的格式版本 {0} 高于本节点支持的版本，待本节点升级后再发")]
    TooNewVersion(u32),
    /// Written later than it is here.
    #[error("信封的时间晚于本节点当前时间，请检查双方时钟")]
    ClockAhead,
}

/// What the sender does about a refusal. Nothing is ever dropped: what waits for people stays in the outbox and is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Try again by itself, as after a failed connection.
    Retry,
    /// Pull the compact, then try again.
    PullCompact,
    /// Sign the same bytes with the key in force, then try again.
    SignAgain,
    /// Show it to people: it will not be taken as it is.
    Show,
}

impl Refusal {
    /// Code, as it stands in answers.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// HTTP status of the answer to a single parcel.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.row().1
    }

    /// What the sender does.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        self.row().2
    }

    // The table of docs/protocol/messages.md; a test keeps them the same.
    fn row(&self) -> (&'static str, u16, Remedy) {
        match self {
            Refusal::NotAMember(_) => ("not-a-member", 403, Remedy::PullCompact),
            Refusal::WrongSignature => ("wrong-signature", 401, Remedy::Show),
            Refusal::UnknownKey(_) => ("unknown-key", 401, Remedy::PullCompact),
            Refusal::RevokedKey(_) => ("revoked-key", 403, Remedy::SignAgain),
            Refusal::NotAddressed => ("not-addressed", 403, Remedy::Show),
            Refusal::NotAParty(_) => ("not-a-party", 403, Remedy::Retry),
            Refusal::NoListEntry => ("no-list-entry", 403, Remedy::Show),
            Refusal::ExpiredListEntry(_) => ("expired-list-entry", 403, Remedy::Show),
            Refusal::FormNotAllowed(_) => ("form-not-allowed", 403, Remedy::Show),
            Refusal::PartyNotAllowed(..) => ("party-not-allowed", 403, Remedy::Show),
            Refusal::CategoryNotAllowed(_) => ("category-not-allowed", 403, Remedy::Show),
            Refusal::FieldNotAllowed(..) => ("field-not-allowed", 403, Remedy::Show),
            Refusal::OnwardNotAllowed(_) => ("onward-not-allowed", 403, Remedy::Show),
            Refusal::Fork { .. } => ("fork", 409, Remedy::Show),
            Refusal::OwnEntry => ("own-entry", 409, Remedy::Show),
            Refusal::TooLarge(_) => ("too-large", 413, Remedy::Show),
            Refusal::Malformed(_) => ("malformed", 400, Remedy::Show),
            Refusal::StaleEpoch { .. } => ("stale-epoch", 412, Remedy::PullCompact),
            Refusal::UnknownEpoch(_) => ("unknown-epoch", 503, Remedy::Retry),
            Refusal::TooOldVersion(_) => ("too-old-version", 422, Remedy::Show),
            Refusal::TooNewVersion(_) => ("too-new-version", 422, Remedy::Retry),
            Refusal::ClockAhead => ("clock-ahead", 425, Remedy::Retry),
        }
    }

    /// As it goes over the wire.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer::Refused(Refused {
            code: self.code().to_owned(),
            message: self.to_string(),
            remedy: self.remedy(),
            status: self.status(),
        })
    }
}

/// A refusal as a sender gets it. Codes may come that the sender's program does not know yet, so it goes by the remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Code.
    pub code: String,
    /// Words for people.
    pub message: String,
    /// What to do.
    pub remedy: Remedy,
    /// HTTP status, so that each answer in a batch has its own.
    pub status: u16,
}

/// The receiver lacks earlier entries of the author, or the opening of the docket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// The docket.
    pub docket: SharedId,
    /// Whose stream.
    pub author: NodeCode,
    /// From which position.
    pub from: u32,
}

/// HTTP status of a gap (424 Failed Dependency): the same parcel is taken once what comes before it was.
pub const GAP_STATUS: u16 = 424;

/// Answer to one parcel. A batch is answered with as many, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Durable at the receiver: its signed receipt.
    Receipt(Statement),
    /// Not taken yet.
    Gap(Lacking),
    /// Not taken.
    Refused(Refused),
}

impl Answer {
    /// HTTP status of the answer to a single parcel.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Answer::Receipt(_) => 200,
            Answer::Gap(_) => GAP_STATUS,
            Answer::Refused(refused) => refused.status,
        }
    }
}
