//! What can be asked of a decision on the spot. Each variant is the single definition of an action.

use super::words::CourtAnswer;
use crate::penalty::{
    Adopted, Found, NewParty, NewViolation, NoPenaltyGround, OnSiteGround, RemedyEnd, RemedyKind, Signer, Way,
};
use crate::{PartKind, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, PersonCode, UnitCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What shall be imposed, as it is told to the party (行政处罚法 44).
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Plan {
    /// 警告.
    pub warning: bool,
    /// Fine, fen.
    pub fine: i64,
    /// Tier of the benchmark.
    pub tier: String,
    /// Circumstances by their codes.
    pub circumstances: Vec<String>,
}

/// What the party said and what it is answered (行政处罚法 45).
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Defence {
    /// In the party's words; empty: it had nothing to say.
    #[schemars(with = "String")]
    pub statement: Text,
    /// Whether it is adopted.
    pub adopted: Option<Adopted>,
    /// Why, or why not.
    #[schemars(with = "String")]
    pub answer: Text,
    /// The party disputes the facts.
    pub disputed: bool,
}

/// A form as it comes in, filled in as far as the officers have got.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct NewSheet {
    /// Unit whose series of forms is used; the officer's own when not given.
    #[serde(default)]
    pub unit: Option<UnitCode>,
    /// The report from which it came.
    #[serde(default)]
    pub origin: Option<DocketId>,
    /// The slip from which it came.
    #[serde(default)]
    pub slip: Option<DocketId>,
    /// Where, in words.
    #[serde(default)]
    #[schemars(with = "String")]
    pub place: Text,
    /// Where.
    #[serde(default)]
    #[schemars(skip)]
    pub point: Option<lianzhi_territory::Point>,
    /// Whom.
    #[serde(flatten)]
    pub party: NewParty,
    /// What was done.
    #[serde(flatten)]
    pub violation: NewViolation,
    /// The other officer.
    pub second: PersonCode,
    /// Both certificates were shown.
    #[serde(default)]
    pub shown: bool,
    /// When they were shown, when it was not now.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub began: Option<Timestamp>,
    /// What the party is ordered to put right (28(1)); the act itself where nothing is said.
    #[serde(default)]
    #[schemars(with = "String")]
    pub ordered: Text,
    /// Was ordered on the spot to put it right and refused.
    #[serde(default)]
    pub disobeyed: bool,
    /// When that was ordered, when it was not as the certificates were shown.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub ordered_at: Option<Timestamp>,
    /// Another act than the one that was fined before: done after that was decided.
    #[serde(default)]
    pub anew: bool,
    /// Photos and other evidence.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
    /// Facts, reasons, basis, what shall be imposed and the rights were told.
    #[serde(default)]
    pub told: bool,
    /// What shall be imposed.
    #[serde(flatten)]
    pub plan: Plan,
    /// The party was heard.
    #[serde(default)]
    pub heard: bool,
    /// What the party said.
    #[serde(flatten)]
    pub defence: Defence,
    /// Fine after the defence, fen, where it became less.
    #[serde(default)]
    pub lowered: Option<i64>,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "one action each; the fields are those of the forms, see offers")]
pub enum Command {
    /// 当场处罚: begins a form. With `told` and `heard` it goes on to the decision at once, each step recorded by itself.
    Open(Box<NewSheet>),
    /// 告知.
    Tell {
        #[serde(flatten)]
        plan: Plan,
    },
    /// 听取陈述、申辩.
    Hear {
        #[serde(flatten)]
        defence: Defence,
    },
    /// 补正当事人信息: the address and what else was not asked at first. What is not given stays as it stands.
    Describe {
        #[serde(default)]
        #[schemars(with = "String")]
        particulars: Text,
    },
    /// 作出当场处罚决定.
    Impose {
        #[serde(default)]
        lowered: Option<i64>,
    },
    /// 当场交付.
    Hand {
        #[serde(default)]
        refused: bool,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 在屏幕上签名: the party, a witness, both officers (52(2)).
    Draw {
        signer: Signer,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 报备案.
    Lodge,
    /// 登记缴款码.
    SetPayCode { code: String },
    /// 登记缴款.
    Pay {
        amount: i64,
        #[schemars(with = "String")]
        on: Date,
        reference: String,
        #[serde(default)]
        ticket: String,
        /// The bank's receipt, where somebody types it.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 当场收缴 (68, 69).
    Collect {
        ground: OnSiteGround,
        ticket: String,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 上缴 (71): confirmed by whoever receives it, with the number of his receipt.
    HandIn {
        #[serde(default)]
        receipt: String,
    },
    /// 缴付银行 of what was handed in (71).
    Deposit {
        /// Which receipt, by its number.
        ticket: String,
        #[schemars(with = "String")]
        on: Date,
        reference: String,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 核对缴款凭证: a payment that somebody else typed came, or did not (67).
    CheckPayment(Found),
    /// 确认免罚清单: by a legal officer.
    ConfirmList {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 不予处罚 (33).
    Spare {
        ground: NoPenaltyGround,
        #[serde(default)]
        listed: bool,
        #[schemars(with = "String")]
        note: Text,
        #[schemars(with = "String")]
        education: Text,
        #[serde(default)]
        corrected: bool,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        promise: Option<Date>,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 复查 of a promise.
    Reinspect {
        done: bool,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 转普通程序.
    GoOver {
        #[schemars(with = "String")]
        note: Text,
    },
    /// The case that took it over.
    TakenOver { docket: DocketId },
    /// 作废 the form.
    Void {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记复议、诉讼.
    Appeal {
        kind: RemedyKind,
        #[schemars(with = "String")]
        on: Date,
        #[serde(default)]
        stay: bool,
        /// The reviewing authority took it out of the summary procedure (行政复议法 55).
        #[serde(default)]
        ordinary: bool,
    },
    /// 登记复议答复、诉讼答辩 (行政复议法 54; 行政诉讼法 67).
    ReplyRemedy {
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 登记复议、诉讼结果.
    EndAppeal {
        end: RemedyEnd,
        #[schemars(with = "String")]
        on: Date,
        #[serde(default)]
        fine: Option<i64>,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 申请延期、分期缴纳 (66(2)): what the party asks for.
    AskLater {
        parts: u32,
        #[schemars(with = "String")]
        first: Date,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 批准延期、分期缴纳, or not: by the leader.
    AnswerLater {
        agreed: bool,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 催告 (行政强制法 54).
    Demand {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记催告书送达.
    ServeDemand {
        way: Way,
        #[schemars(with = "String")]
        on: Date,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 申请人民法院强制执行 (行政强制法 53): signed by the leader (55).
    ApplyCourt {
        court: String,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记法院的答复和执行结果.
    AnswerCourt {
        answer: CourtAnswer,
        #[schemars(with = "String")]
        on: Date,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 退还 what was paid and is not owed any more.
    Refund {
        #[schemars(with = "String")]
        on: Date,
        reference: String,
    },
    /// 归档 (行政处罚法 47).
    Archive { shelf: String },
    /// 撤销决定.
    Withdraw {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 更正 a slip of the pen: what kind, as it stands, as it should.
    Correct {
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        #[schemars(with = "String")]
        wrong: Text,
        #[serde(default)]
        #[schemars(with = "String")]
        right: Text,
    },
    /// 公开处罚决定 (48).
    Publish,
    /// 不公开.
    KeepBack {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 撤回公开 (48(2)).
    Unpublish {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 补充材料.
    Add {
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// The clocks are looked at.
    Tick,
    /// The clocks are computed anew.
    Recompute,
}

impl Command {
    /// Texts to seal. Particulars of the party are a part of their own, opened with a reason only.
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        use Command as C;
        let said = |note| vec![(PartKind::Remark, note)];
        match self {
            C::Open(new) => vec![
                (PartKind::Remark, &mut new.place),
                (PartKind::Particulars, &mut new.party.particulars),
                (PartKind::Remark, &mut new.violation.facts),
                (PartKind::Remark, &mut new.ordered),
                (PartKind::Remark, &mut new.defence.statement),
                (PartKind::Remark, &mut new.defence.answer),
            ],
            C::Hear { defence } => {
                vec![(PartKind::Remark, &mut defence.statement), (PartKind::Remark, &mut defence.answer)]
            }
            C::Correct { note, wrong, right } => {
                vec![(PartKind::Remark, note), (PartKind::Remark, wrong), (PartKind::Remark, right)]
            }
            C::Describe { particulars } => vec![(PartKind::Particulars, particulars)],
            C::Spare { note, education, .. } => {
                vec![(PartKind::Remark, note), (PartKind::Remark, education)]
            }
            C::Hand { note, .. }
            | C::Collect { note, .. }
            | C::ConfirmList { note }
            | C::Reinspect { note, .. }
            | C::GoOver { note }
            | C::Void { note }
            | C::ReplyRemedy { note, .. }
            | C::EndAppeal { note, .. }
            | C::AskLater { note, .. }
            | C::AnswerLater { note, .. }
            | C::Demand { note }
            | C::ServeDemand { note, .. }
            | C::ApplyCourt { note, .. }
            | C::AnswerCourt { note, .. }
            | C::Withdraw { note }
            | C::KeepBack { note }
            | C::Unpublish { note }
            | C::CheckPayment(Found { note, .. })
            | C::Add { note, .. } => said(note),
            C::Tell { .. }
            | C::Impose { .. }
            | C::Draw { .. }
            | C::Lodge
            | C::SetPayCode { .. }
            | C::Pay { .. }
            | C::HandIn { .. }
            | C::Deposit { .. }
            | C::Publish
            | C::Refund { .. }
            | C::Archive { .. }
            | C::TakenOver { .. }
            | C::Appeal { .. }
            | C::Tick
            | C::Recompute => vec![],
        }
    }

    /// Files that it names.
    #[must_use]
    pub fn exhibits(&self) -> &[Digest] {
        use Command as C;
        match self {
            C::Open(new) => &new.exhibits,
            C::Hand { exhibits, .. }
            | C::Draw { exhibits, .. }
            | C::Spare { exhibits, .. }
            | C::Reinspect { exhibits, .. }
            | C::ReplyRemedy { exhibits, .. }
            | C::AskLater { exhibits, .. }
            | C::Pay { exhibits, .. }
            | C::Collect { exhibits, .. }
            | C::Deposit { exhibits, .. }
            | C::CheckPayment(Found { exhibits, .. })
            | C::ServeDemand { exhibits, .. }
            | C::AnswerCourt { exhibits, .. }
            | C::Add { exhibits, .. } => exhibits,
            _ => &[],
        }
    }

    /// Whether only the node itself gives it.
    #[must_use]
    pub const fn internal(&self) -> bool {
        matches!(self, Command::Tick | Command::Recompute | Command::TakenOver { .. })
    }
}
