//! What members say to each other in a matter that they share. Acts are kept for ever by everybody who heard them:
//! variants and fields are only ever added, with a default.

pub use super::choice::{
    Ask, AwayKind, BulletinKind, Conclusion, EraseScope, HoldGround, Milestone, RefuseGround, ReturnGround,
    TransferGround, Verdict,
};
use super::taker::Taker;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, Digest, NodeCode};
use lianzhi_territory::Point;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a piece of evidence was taken: what a court asks for (行政处罚法 46, 55).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// The file.
    pub exhibit: ExhibitRef,
    /// What it is, e.g. 现场检查笔录.
    pub name: String,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takers: Vec<Taker>,
    /// When it was taken, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// The matter of the sender from which it comes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub matter: String,
    /// Position of the entry that took it into custody, in the sender's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pos: Option<u64>,
}

/// Whom to ask about a letter (联系人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Number of the enforcement certificate; may be empty.
    #[serde(default)]
    pub certificate: String,
    /// Telephone in the office; may be empty.
    #[serde(default)]
    pub phone: String,
}

/// Goods in custody (涉案物品).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Goods {
    /// Name.
    pub name: String,
    /// Make, size, number.
    #[serde(default)]
    pub detail: String,
    /// How many.
    pub quantity: u32,
    /// Of what: 件, 车, 吨.
    #[serde(default)]
    pub unit: String,
    /// Number of the decision under which it was taken (原措施文书); may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measure: String,
}

/// A filing (立案) that claims to be the first (行政处罚法 25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Filed {
    /// The case.
    pub number: String,
    /// When the entry was recorded by which it was filed.
    pub at: Timestamp,
    /// Position of that entry in the log.
    pub pos: u64,
    /// The leaf there: with a checkpoint and its witnesses the time can be proved.
    pub leaf: Digest,
}

/// A penalty that another member imposed, for one act (行政处罚法 29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Imposed {
    /// Number of the case.
    pub number: String,
    /// Code of the item of enforcement.
    pub item: String,
    /// First day of the conduct.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub to: Date,
    /// When it was decided.
    #[schemars(with = "String")]
    pub on: Date,
    /// The fine, fen; none when there was another penalty only.
    #[serde(default)]
    pub fine: i64,
    /// Number of the decision (决定文号); may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
}

/// What opens a shared matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Number of the cooperation, the same at every member.
    pub number: String,
    /// To whom.
    pub to: Vec<NodeCode>,
    /// Entry of the collaboration list that authorises it.
    pub list: Digest,
    /// Its number, for people.
    pub list_id: String,
    /// What it is about, in a line.
    pub title: PartRef,
    /// The letter.
    pub text: PartRef,
    /// Firm, vehicle or site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<PartRef>,
    /// Personal particulars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub particulars: Option<PartRef>,
    /// Conduct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PartRef>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Material.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<Provenance>,
    /// What is asked (assistance).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// Goods that go with it (evidence).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<Goods>,
    /// Why it is for the receiver (lead).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<TransferGround>,
    /// What was done about it so far (lead).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<PartRef>,
    /// Which kind of bulletin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulletin: Option<BulletinKind>,
    /// What for, away from home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<AwayKind>,
    /// The officers who are to act there (away); who is in charge of it (承办人, assistance), when it is not who drafted it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<Taker>,
    /// The penalties that are to be recognised (away).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<Imposed>,
    /// Number of the matter that caused it (dispute), or from which it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// The filing that is claimed to be first (dispute).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<Filed>,
    /// When it was reported to whoever opened it (lead); none where no matter there is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Timestamp>,
    /// Short of time.
    #[serde(default)]
    pub urgent: bool,
    /// Until when it is to be answered.
    pub due: Timestamp,
    /// How that was computed.
    pub arithmetic: String,
    /// The due date lies beyond the last official holiday schedule.
    #[serde(default)]
    pub provisional: bool,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Number of the letter (文号).
    pub paper: String,
}

/// What a member says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields as in the commands; paper is the number of the letter")]
pub enum Act {
    /// Opens the matter.
    Open(Box<Opening>),
    /// 收文登记: people have it, under their own number.
    Registered { number: String },
    /// Somebody who may decide has read it.
    Opened,
    /// 受理: the receiver takes it on.
    Accepted {
        unit: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// A lead goes back.
    Returned { ground: ReturnGround, note: PartRef, paper: String },
    /// Help is refused.
    Refused { ground: RefuseGround, note: PartRef, paper: String },
    /// The receiver takes more time, with grounds.
    Extended { until: Timestamp, days: u16, note: PartRef, paper: String },
    /// A whitelisted milestone of the receiver's own matter.
    Reached { milestone: Milestone },
    /// How it ended at the receiver.
    Concluded {
        outcome: Conclusion,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// The reply with its material.
    Replied {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undone: Option<PartRef>,
        /// The receiver's own decision by which it helped to enforce.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
        paper: String,
    },
    /// The requester is content.
    ReplyAccepted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// The requester asks again.
    AskedAgain { note: PartRef, due: Timestamp, arithmetic: String },
    /// 催办.
    Urged { note: PartRef },
    /// The opener takes it back.
    Withdrawn { note: PartRef, paper: String },
    /// More material.
    Supplemented {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
    },
    /// The receiver wants to pass it on to another member.
    ForwardAsked { to: NodeCode, note: PartRef },
    /// The opener consents or not. With consent the other member becomes the receiver.
    ForwardAnswered {
        to: NodeCode,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// What is held of a piece of evidence.
    Judged {
        exhibit: Digest,
        verdict: Verdict,
        proof: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// Goods leave, signed by who gives them.
    GoodsGiven { by: String },
    /// Goods arrived, signed by who takes them.
    GoodsTaken {
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// A bulletin was read by those concerned.
    Acknowledged,
    /// What was done about it.
    Measures {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
    },
    /// What a party of a dispute holds.
    Position {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Filed>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
    },
    /// What was agreed when negotiating (管辖协商记录).
    Negotiated { competent: NodeCode, note: PartRef },
    /// The other side to it.
    NegotiationAnswered {
        /// The record that is answered: digest of its stream entry.
        record: Digest,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// The common superior designates (within a province, 行政处罚法 25).
    Designated {
        competent: NodeCode,
        by: String,
        number: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
    },
    /// The opinion of the coordination group (across provinces).
    Opinion { competent: NodeCode, note: PartRef },
    /// A party to it.
    OpinionAnswered {
        /// The opinion that is answered: digest of its stream entry.
        record: Digest,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// Reported up, with both cases.
    ReportedUp { to: String, note: PartRef, paper: String },
    /// What was asked away from home is granted.
    Granted {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        paper: String,
    },
    /// What came of it.
    Reported {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<Provenance>,
    },
    /// The opener closes the matter.
    Closed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
    },
    /// Texts of its own that a member erased: whoever has them erases them too, or says why it keeps them.
    Erased { parts: Vec<Digest>, reason: String },
    /// What another member erased is erased here as well.
    ErasureConfirmed {
        /// Digest of the stream entry that asked for it.
        of: Digest,
        parts: Vec<Digest>,
    },
    /// It is kept, and nothing else is done with it, because the law says so.
    ErasureHeld {
        /// Digest of the stream entry that asked for it.
        of: Digest,
        ground: HoldGround,
        reason: String,
    },
}

impl Act {
    /// Name in data.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Act::Open(_) => "open",
            Act::Registered { .. } => "registered",
            Act::Opened => "opened",
            Act::Accepted { .. } => "accepted",
            Act::Returned { .. } => "returned",
            Act::Refused { .. } => "refused",
            Act::Extended { .. } => "extended",
            Act::Reached { .. } => "reached",
            Act::Concluded { .. } => "concluded",
            Act::Replied { .. } => "replied",
            Act::ReplyAccepted { .. } => "reply_accepted",
            Act::AskedAgain { .. } => "asked_again",
            Act::Urged { .. } => "urged",
            Act::Withdrawn { .. } => "withdrawn",
            Act::Supplemented { .. } => "supplemented",
            Act::ForwardAsked { .. } => "forward_asked",
            Act::ForwardAnswered { .. } => "forward_answered",
            Act::Judged { .. } => "judged",
            Act::GoodsGiven { .. } => "goods_given",
            Act::GoodsTaken { .. } => "goods_taken",
            Act::Acknowledged => "acknowledged",
            Act::Measures { .. } => "measures",
            Act::Position { .. } => "position",
            Act::Negotiated { .. } => "negotiated",
            Act::NegotiationAnswered { .. } => "negotiation_answered",
            Act::Designated { .. } => "designated",
            Act::Opinion { .. } => "opinion",
            Act::OpinionAnswered { .. } => "opinion_answered",
            Act::ReportedUp { .. } => "reported_up",
            Act::Granted { .. } => "granted",
            Act::Reported { .. } => "reported",
            Act::Closed { .. } => "closed",
            Act::Erased { .. } => "erased",
            Act::ErasureConfirmed { .. } => "erasure_confirmed",
            Act::ErasureHeld { .. } => "erasure_held",
        }
    }

    /// Words on screen.
    #[must_use]
    pub fn title(&self, form: Form) -> String {
        match self {
            Act::Open(_) => match form {
                Form::Lead => "移送线索",
                Form::Assistance => "请求协助",
                Form::Evidence => "移交证据",
                Form::Bulletin => "发布通报",
                Form::Dispute => "提出争议协调",
                Form::Away => "请求异地执法协作",
            }
            .into(),
            Act::Registered { number } => format!("收文登记（{number}）"),
            Act::Opened => "已阅".into(),
            Act::Accepted { unit, .. } => format!("受理，由{unit}承办"),
            Act::Returned { ground, .. } => format!("退回：{}", ground.title()),
            Act::Refused { ground, .. } => format!("不予协助：{}", ground.title()),
            Act::Extended { days, .. } => format!("延期 {days} 个工作日"),
            Act::Reached { milestone } => milestone.title().into(),
            Act::Concluded { outcome, .. } => format!("办理结果：{}", outcome.title()),
            Act::Replied { .. } => "复函".into(),
            Act::ReplyAccepted { .. } => "认可复函".into(),
            Act::AskedAgain { .. } => "要求补充办理".into(),
            Act::Urged { .. } => "催办".into(),
            Act::Withdrawn { .. } => "撤回".into(),
            Act::Supplemented { .. } => "补充材料".into(),
            Act::ForwardAsked { to, .. } => format!("征求转送 {to}"),
            Act::ForwardAnswered { to, agreed, .. } => {
                format!("{}转送 {to}", if *agreed { "同意" } else { "不同意" })
            }
            Act::Judged { verdict, .. } => format!("证据{}", verdict.title()),
            Act::GoodsGiven { by } => format!("移交物品（{by} 签）"),
            Act::GoodsTaken { by, .. } => format!("接收物品（{by} 签）"),
            Act::Acknowledged => "签收通报".into(),
            Act::Measures { .. } => "反馈措施".into(),
            Act::Position { .. } => "陈述意见".into(),
            Act::Negotiated { competent, .. } => format!("协商记录：由 {competent} 管辖"),
            Act::NegotiationAnswered { agreed, .. } => {
                (if *agreed { "确认协商记录" } else { "不同意协商记录" }).into()
            }
            Act::Designated { competent, by, .. } => format!("{by}指定 {competent} 管辖"),
            Act::Opinion { competent, .. } => format!("协调组意见：由 {competent} 管辖"),
            Act::OpinionAnswered { agreed, .. } => {
                (if *agreed { "接受协调意见" } else { "不接受协调意见" }).into()
            }
            Act::ReportedUp { to, .. } => format!("报请{to}"),
            Act::Granted { .. } => "同意".into(),
            Act::Reported { .. } => "报告办理情况".into(),
            Act::Closed { .. } => "办结".into(),
            Act::Erased { parts, .. } => format!("删除 {} 处内容，请各方同时删除", parts.len()),
            Act::ErasureConfirmed { .. } => "已同时删除".into(),
            Act::ErasureHeld { ground, .. } => format!("依法暂不删除：{}", ground.title()),
        }
    }

    /// The word of the letter's number, for acts that leave as a letter: those go through 拟稿—审核—签发.
    #[must_use]
    pub fn letter(&self, form: Form) -> Option<&'static str> {
        Some(match (self, form) {
            (Act::Open(_), Form::Lead) => "移",
            (Act::Open(_), Form::Assistance) => "协查",
            (Act::Open(_), Form::Evidence) => "证移",
            (Act::Open(_), Form::Bulletin) => "通报",
            (Act::Open(_), Form::Dispute) => "争议",
            (Act::Open(_), Form::Away) => "异地",
            (Act::Returned { .. }, _) => "退",
            (Act::Refused { .. } | Act::Replied { .. } | Act::Granted { .. }, _) => "协复",
            (Act::Extended { .. }, _) => "延",
            (Act::Withdrawn { .. }, _) => "撤",
            (Act::ReportedUp { .. }, _) => "请示",
            _ => return None,
        })
    }

    /// Gives the letter its number.
    pub fn number(&mut self, number: String) {
        match self {
            Act::Open(opening) => opening.paper = number,
            Act::Returned { paper, .. }
            | Act::Refused { paper, .. }
            | Act::Extended { paper, .. }
            | Act::Replied { paper, .. }
            | Act::Withdrawn { paper, .. }
            | Act::ReportedUp { paper, .. }
            | Act::Granted { paper, .. } => *paper = number,
            _ => {}
        }
    }

    /// The letter's number, once it has one.
    #[must_use]
    pub fn paper(&self) -> Option<&str> {
        match self {
            Act::Open(opening) => Some(&opening.paper),
            Act::Returned { paper, .. }
            | Act::Refused { paper, .. }
            | Act::Extended { paper, .. }
            | Act::Replied { paper, .. }
            | Act::Withdrawn { paper, .. }
            | Act::ReportedUp { paper, .. }
            | Act::Granted { paper, .. } => Some(paper),
            _ => None,
        }
        .map(String::as_str)
        .filter(|p| !p.is_empty())
    }

    /// Who shall have the matter, where that is said.
    #[must_use]
    pub fn competent(&self) -> Option<&NodeCode> {
        match self {
            Act::Negotiated { competent, .. }
            | Act::Designated { competent, .. }
            | Act::Opinion { competent, .. } => Some(competent),
            _ => None,
        }
    }

    /// Texts that go with it.
    #[must_use]
    pub fn parts(&self) -> Vec<PartRef> {
        match self {
            Act::Open(o) => [Some(o.title), Some(o.text), o.subject, o.particulars, o.place, o.measures]
                .into_iter()
                .flatten()
                .collect(),
            Act::Replied { note, undone, .. } => [Some(*note), *undone].into_iter().flatten().collect(),
            _ => self.note().into_iter().collect(),
        }
    }

    /// What is said in words.
    #[must_use]
    pub fn note(&self) -> Option<PartRef> {
        match self {
            Act::Open(opening) => Some(opening.text),
            Act::Returned { note, .. }
            | Act::Refused { note, .. }
            | Act::Extended { note, .. }
            | Act::Replied { note, .. }
            | Act::AskedAgain { note, .. }
            | Act::Urged { note }
            | Act::Withdrawn { note, .. }
            | Act::Supplemented { note, .. }
            | Act::ForwardAsked { note, .. }
            | Act::Measures { note, .. }
            | Act::Position { note, .. }
            | Act::Negotiated { note, .. }
            | Act::Opinion { note, .. }
            | Act::ReportedUp { note, .. }
            | Act::Granted { note, .. }
            | Act::Reported { note, .. } => Some(*note),
            Act::Accepted { note, .. }
            | Act::Concluded { note, .. }
            | Act::ReplyAccepted { note }
            | Act::ForwardAnswered { note, .. }
            | Act::Judged { note, .. }
            | Act::GoodsTaken { note, .. }
            | Act::NegotiationAnswered { note, .. }
            | Act::OpinionAnswered { note, .. }
            | Act::Closed { note } => *note,
            Act::Registered { .. }
            | Act::Opened
            | Act::Reached { .. }
            | Act::GoodsGiven { .. }
            | Act::Acknowledged
            | Act::Designated { .. }
            | Act::Erased { .. }
            | Act::ErasureConfirmed { .. }
            | Act::ErasureHeld { .. } => None,
        }
    }

    /// Files that go with it.
    #[must_use]
    pub fn exhibits(&self) -> &[Provenance] {
        match self {
            Act::Open(opening) => &opening.exhibits,
            Act::Replied { exhibits, .. }
            | Act::Supplemented { exhibits, .. }
            | Act::Measures { exhibits, .. }
            | Act::Position { exhibits, .. }
            | Act::Designated { exhibits, .. }
            | Act::Reported { exhibits, .. } => exhibits,
            _ => &[],
        }
    }
}
