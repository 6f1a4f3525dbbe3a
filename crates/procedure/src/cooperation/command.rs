//! What can be asked of a shared matter. Each variant is the single definition of an action.

use super::act::{
    Ask, AwayKind, BulletinKind, Conclusion, EraseScope, Filed, Goods, HoldGround, Imposed, Milestone,
    RefuseGround, ReturnGround, TransferGround, Verdict,
};
use super::taker::{Taker, people};
use crate::{ExhibitRef, PartKind, Text};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, Digest, DocketId, NodeCode, PersonCode, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a file was taken, as somebody types it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TakenHow {
    /// The file.
    pub exhibit: Digest,
    /// What it is.
    #[serde(default)]
    pub name: String,
    /// Who took it: `王某（执法证 沪01234）`, or name and certificate each by itself.
    #[serde(default)]
    pub takers: Vec<Taker>,
    /// When.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub taken_at: Option<Timestamp>,
    /// The matter from which it comes.
    #[serde(default)]
    pub matter: String,
    /// Position of the entry that took it into custody; looked up.
    #[serde(default)]
    #[schemars(skip)]
    pub pos: Option<u64>,
}

/// What a letter that opens a matter holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Letter {
    /// Members to whom it goes, by code.
    pub to: Vec<NodeCode>,
    /// Number of the entry of the collaboration list, e.g. `HZ-03`.
    pub list: String,
    /// What it is about, in a line.
    #[schemars(with = "String")]
    pub title: Text,
    /// The letter.
    #[schemars(with = "String")]
    pub text: Text,
    /// Firm, vehicle or site.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub subject: Text,
    /// Personal particulars.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub particulars: Text,
    /// Conduct.
    #[serde(default)]
    pub category: Option<CategoryCode>,
    /// Where, in words.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub place: Text,
    /// Where, converted to CGCS2000 micro-degrees.
    #[serde(default)]
    #[schemars(skip)]
    pub point: Option<lianzhi_territory::Point>,
    /// Material.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
    /// How it was taken, for those of which it is known.
    #[serde(default)]
    pub taken: Vec<TakenHow>,
    /// What is asked (assistance).
    #[serde(default)]
    pub asks: Vec<Ask>,
    /// Goods (evidence).
    #[serde(default)]
    pub goods: Vec<Goods>,
    /// Why it is for the receiver (lead).
    #[serde(default)]
    pub ground: Option<TransferGround>,
    /// What was done about it so far (lead); say so when nothing was.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub measures: Text,
    /// Which kind of bulletin.
    #[serde(default)]
    pub bulletin: Option<BulletinKind>,
    /// What for, away from home.
    #[serde(default)]
    pub away: Option<AwayKind>,
    /// The officers who are to act there (away): at least two for an inspection. Who is in charge (assistance), each with
    /// the certificate; whoever drafts it when not given.
    #[serde(default, deserialize_with = "people")]
    pub officers: Vec<Taker>,
    /// Number of the matter that caused it, or from which it comes.
    #[serde(default)]
    pub over: Option<String>,
    /// The filing that is claimed to be first; looked up from `over`.
    #[serde(default)]
    #[schemars(skip)]
    pub filed: Option<Filed>,
    /// When the matter that it comes from was reported; looked up from `over`.
    #[serde(default)]
    #[schemars(skip)]
    pub found: Option<Timestamp>,
    /// The penalties that are to be recognised (away); looked up from `over` when that is an own case.
    #[serde(default)]
    pub penalties: Vec<Imposed>,
    /// Short of time.
    #[serde(default)]
    pub urgent: bool,
    /// The local matter from which it comes; looked up from `over`.
    #[serde(default)]
    #[schemars(skip)]
    pub link: Option<DocketId>,
    /// It asks to verify a piece of evidence of the matter that it is linked to, which is of this form; only from that
    /// matter itself.
    #[serde(skip)]
    pub verifies: Option<Form>,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 拟稿: opens a matter with a letter in the making.
    Begin(Box<Letter>),
    /// Writes the opening letter anew before it is signed.
    Redraft(Box<Letter>),
    /// 修改文稿: other words in the opening letter before it is signed; all else stays.
    Amend {
        /// Title; stays when not given.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        title: Text,
        /// The letter.
        #[schemars(with = "String")]
        text: Text,
        /// Who is in charge (assistance), each with the certificate; stays when not given.
        #[serde(default, deserialize_with = "people")]
        officers: Vec<Taker>,
    },
    /// 审核.
    Review {
        /// Yes, or back to whoever drafted it.
        agreed: bool,
        /// Opinion; needed when it goes back.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 签发: the letter gets its number and leaves.
    Sign {
        /// Yes, or back.
        agreed: bool,
        /// Why not.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 废稿: gives the letter in the making up.
    Discard,
    /// 收文登记 of what arrived.
    Register,
    /// To a person here.
    Assign {
        /// Who shall have it.
        person: PersonCode,
    },
    /// 受理: takes the matter on.
    Accept {
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 退回 a lead, with grounds (a letter).
    Return {
        /// Ground.
        ground: ReturnGround,
        /// In detail.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 不予协助, only where the law says so (a letter).
    Refuse {
        /// Ground.
        ground: RefuseGround,
        /// In detail.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 延期 with grounds (a letter).
    Extend {
        /// Working days more.
        days: u16,
        /// Grounds.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 复函 (a letter).
    Reply {
        /// The reply, item by item.
        #[schemars(with = "String")]
        text: Text,
        /// What could not be done, and why.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        undone: Text,
        /// The own decision by which help to enforce was given (文号).
        #[serde(default)]
        decision: Option<String>,
        /// Material.
        #[serde(default)]
        exhibits: Vec<Digest>,
        /// How it was taken.
        #[serde(default)]
        taken: Vec<TakenHow>,
    },
    /// 认可复函: the matter is closed.
    AcceptReply {
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 要求补充办理: the reply does not suffice.
    AskAgain {
        /// What is missing.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 催办.
    Urge {
        /// Words.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 撤回 (a letter).
    Withdraw {
        /// Why.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 补充材料.
    Supplement {
        /// What it is.
        #[schemars(with = "String")]
        note: Text,
        /// Files.
        #[serde(default)]
        exhibits: Vec<Digest>,
        /// How they were taken.
        #[serde(default)]
        taken: Vec<TakenHow>,
    },
    /// 征求转送: asks whether it may be passed on to another member.
    AskForward {
        /// To whom.
        to: NodeCode,
        /// Why.
        #[schemars(with = "String")]
        note: Text,
    },
    /// Answers that.
    AnswerForward {
        /// Yes or no.
        agreed: bool,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 办理结果 of a lead.
    Conclude {
        /// How it ended.
        outcome: Conclusion,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 认可、要求核实或不予认可 a piece of evidence.
    Judge {
        /// The file.
        exhibit: Digest,
        /// What is held of it.
        verdict: Verdict,
        /// Grounds, needed unless it is recognised.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// Signs that the goods leave.
    GiveGoods,
    /// Signs that the goods arrived.
    TakeGoods {
        /// What differs from the list.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 签收通报.
    Acknowledge,
    /// 反馈措施.
    Measures {
        /// What was done.
        #[schemars(with = "String")]
        note: Text,
        /// Files.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 陈述意见 in a dispute.
    Position {
        /// What this agency holds.
        #[schemars(with = "String")]
        note: Text,
        /// Number of the own matter that was filed; its place in the log is looked up.
        #[serde(default)]
        over: Option<String>,
        /// The filing; looked up from `over`.
        #[serde(default)]
        #[schemars(skip)]
        filed: Option<Filed>,
        /// The own matter that it is about; looked up from `over`.
        #[serde(default)]
        #[schemars(skip)]
        link: Option<DocketId>,
        /// Files.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 协商记录.
    Negotiate {
        /// Who shall have it.
        competent: NodeCode,
        /// What was agreed, when, by whom.
        #[schemars(with = "String")]
        note: Text,
    },
    /// To the other side's record.
    AnswerNegotiation {
        /// Yes or no.
        agreed: bool,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 登记指定管辖 by the common superior (within a province).
    Designate {
        /// Who shall have it.
        competent: NodeCode,
        /// The superior.
        by: String,
        /// Number of its decision.
        number: String,
        /// The decision.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 协调组意见 (across provinces).
    Advise {
        /// Who should have it.
        competent: NodeCode,
        /// The opinion, by whom and when.
        #[schemars(with = "String")]
        note: Text,
    },
    /// To the group's opinion: it binds only when both accept.
    AnswerAdvice {
        /// Yes or no.
        agreed: bool,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 报请上级, with both cases (a letter).
    ReportUp {
        /// To whom.
        to: String,
        /// The request.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 同意 what was asked away from home (a letter).
    Grant {
        /// Scope and conditions.
        #[schemars(with = "String")]
        note: Text,
        /// Until when.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        until: Option<Timestamp>,
    },
    /// 报告办理情况 away from home.
    Report {
        /// What was done.
        #[schemars(with = "String")]
        note: Text,
        /// Files.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 办结.
    Close {
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 删除 of what this member sent, here and at everybody who has it.
    Erase {
        /// Which texts, by digest; none: the personal particulars.
        #[serde(default)]
        parts: Vec<Digest>,
        /// Without parts named: how much.
        #[serde(default = "least")]
        scope: EraseScope,
        /// Why. It is told to the other members and never erased: no particulars in it.
        reason: String,
    },
    /// 同时删除 what another member erased.
    ConfirmErasure {
        /// Digest of the stream entry that asks for it.
        of: Digest,
    },
    /// 依法暂不删除.
    HoldErasure {
        /// Digest of the stream entry that asks for it.
        of: Digest,
        /// Why the law has it kept.
        ground: HoldGround,
        /// Which file or rule; no particulars.
        reason: String,
    },
    /// A milestone of the local matter; from the local matter itself.
    Reach {
        /// Which.
        milestone: Milestone,
        /// How it ended, with the last.
        #[serde(default)]
        outcome: Option<Conclusion>,
    },
    /// The local matter that this became; from the local matter itself.
    Link {
        /// Which.
        docket: DocketId,
    },
    /// The assistance that asks to verify a file of this matter on site; from that assistance itself.
    Verifying {
        /// Which.
        docket: DocketId,
    },
    /// A file of another member came into custody.
    Arrive {
        /// Which.
        #[schemars(skip)]
        exhibit: ExhibitRef,
    },
    /// Another member fetched a file of ours.
    Serve {
        /// Which.
        exhibit: Digest,
        /// Who.
        to: NodeCode,
    },
    /// What another member says.
    Hear {
        /// Exact bytes of its stream entry.
        entry: String,
        /// Digest of the envelope that brought it.
        envelope: Digest,
    },
    /// Looks at the clocks.
    Tick,
}

/// Nothing more is erased than what is asked for.
const fn least() -> EraseScope {
    EraseScope::Particulars
}

impl Command {
    /// Whether only the node itself gives it.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        matches!(
            self,
            Command::Reach { .. }
                | Command::Link { .. }
                | Command::Verifying { .. }
                | Command::Arrive { .. }
                | Command::Serve { .. }
                | Command::Hear { .. }
                | Command::Tick
        )
    }

    /// Texts to seal before deciding.
    pub fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        use Command as C;
        let letter = |text| vec![(PartKind::Letter, text)];
        match self {
            C::Begin(l) | C::Redraft(l) => vec![
                (PartKind::Letter, &mut l.title),
                (PartKind::Letter, &mut l.text),
                (PartKind::Letter, &mut l.subject),
                (PartKind::Particulars, &mut l.particulars),
                (PartKind::Letter, &mut l.place),
                (PartKind::Letter, &mut l.measures),
            ],
            C::Amend { title, text, .. } => vec![(PartKind::Letter, title), (PartKind::Letter, text)],
            C::Reply { text, undone, .. } => vec![(PartKind::Letter, text), (PartKind::Letter, undone)],
            // What is said inside this office stays there.
            C::Review { note, .. } | C::Sign { note, .. } => vec![(PartKind::Remark, note)],
            C::Accept { note }
            | C::Return { note, .. }
            | C::Refuse { note, .. }
            | C::Extend { note, .. }
            | C::AcceptReply { note }
            | C::AskAgain { note }
            | C::Urge { note }
            | C::Withdraw { note }
            | C::Supplement { note, .. }
            | C::AskForward { note, .. }
            | C::AnswerForward { note, .. }
            | C::Conclude { note, .. }
            | C::Judge { note, .. }
            | C::TakeGoods { note }
            | C::Measures { note, .. }
            | C::Position { note, .. }
            | C::Negotiate { note, .. }
            | C::AnswerNegotiation { note, .. }
            | C::Advise { note, .. }
            | C::AnswerAdvice { note, .. }
            | C::ReportUp { note, .. }
            | C::Grant { note, .. }
            | C::Report { note, .. }
            | C::Close { note } => letter(note),
            C::Discard
            | C::Register
            | C::Assign { .. }
            | C::GiveGoods
            | C::Acknowledge
            | C::Designate { .. }
            | C::Erase { .. }
            | C::ConfirmErasure { .. }
            | C::HoldErasure { .. }
            | C::Reach { .. }
            | C::Link { .. }
            | C::Verifying { .. }
            | C::Arrive { .. }
            | C::Serve { .. }
            | C::Hear { .. }
            | C::Tick => Vec::new(),
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> Vec<Digest> {
        use Command as C;
        match self {
            C::Begin(l) | C::Redraft(l) => l.exhibits.clone(),
            C::Reply { exhibits, .. }
            | C::Supplement { exhibits, .. }
            | C::Measures { exhibits, .. }
            | C::Position { exhibits, .. }
            | C::Designate { exhibits, .. }
            | C::Report { exhibits, .. } => exhibits.clone(),
            C::Arrive { exhibit } => vec![exhibit.digest],
            _ => Vec::new(),
        }
    }

    /// Number of the matter of ours that it names.
    #[must_use]
    pub fn over(&self) -> Option<&str> {
        match self {
            Command::Begin(l) | Command::Redraft(l) => l.over.as_deref(),
            Command::Position { over, .. } => over.as_deref(),
            _ => None,
        }
    }
}

/// Unit of a person's first post, for what he drafts.
#[must_use]
pub(super) fn unit_of(person: &crate::directory::Person) -> Option<UnitCode> {
    person.posts.first().map(|p| p.unit.clone())
}
