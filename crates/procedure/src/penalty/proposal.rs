//! What somebody asks the agency to do and may not do alone: it goes from the unit (承办机构) to the leader (负责人), and where
//! the law wants it past the legal reviewer, before it happens.

use super::anew::FallGround;
use super::archive::OutGround;
use super::charge::Charge;
use super::execution::{ClearingPlace, ExecutionEnd, SubstituteGround, SuspensionGround};
use super::goods::Disposal;
use super::matters::{Measure, Officer, Part};
use super::words::{
    ClosingGround, EnforcementKind, MeasureKind, NoPenaltyGround, Opinion, PaperKind, Settlement, Slip,
};
use crate::cooperation::TransferGround;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::PersonCode;
use serde::{Deserialize, Serialize};

fn ten() -> u16 {
    super::execution::DEMAND_DAYS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_ten(days: &u16) -> bool {
    *days == ten()
}

/// What shall be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields as in the commands")]
pub enum Proposal {
    /// 立案 (54(2)).
    File,
    /// 不予立案.
    NotFile,
    /// 延长核查期限.
    VerifyLonger { days: u32 },
    /// 延长办案期限 (60).
    DecideLonger { days: u32 },
    /// 回避 (43, 64(四)): somebody else in the place of an officer, of the chair of a hearing or of a reviewer.
    Recuse {
        person: PersonCode,
        /// A chair and a reviewer have no certificate here.
        with: Officer,
        /// The party that asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<u16>,
    },
    /// 先行登记保存 (56).
    Preserve { measure: Measure },
    /// 查封、扣押 (行政强制法 18); one taken at once is confirmed (19).
    Seize { measure: Measure },
    /// What becomes of preserved things (56).
    SettlePreserved {
        measure: u16,
        how: Settlement,
        /// By which day things that are sent to be tested go back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// 延长查封、扣押 (行政强制法 25).
    SeizeLonger { measure: u16, days: u32 },
    /// 解除查封、扣押 (行政强制法 28) or another end (27).
    Release { measure: u16, how: Settlement },
    /// 告知 (44, 62, 63).
    Notice { charges: Vec<Charge>, hearing: bool, days: u16 },
    /// 行政处罚决定 (57(1)(一)).
    Decide { charges: Vec<Charge> },
    /// 不予处罚 (57(1)(二)(三), 33).
    NoPenalty { ground: NoPenaltyGround },
    /// 移送司法机关 (57(1)(四), 27).
    Crime { to: String },
    /// 责令限期拆除 (城乡规划法 64, 68): what is to be pulled down by when.
    DemolitionOrder { party: u16, object: PartRef, until: Date },
    /// 移送有管辖权的机关 (行政处罚法 22, 25).
    Transfer { to: String, ground: TransferGround },
    /// 撤销立案.
    Drop,
    /// 延期、分期缴纳 (66(2)).
    PayLater {
        party: u16,
        parts: Vec<Part>,
        /// The day on which the party asked for it; not kept of former times.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Date>,
    },
    /// 催告 (行政强制法 35, 54).
    Demand {
        party: u16,
        /// What is left of the fine; before `gains` there was, of fine and gains.
        fine: i64,
        #[serde(default, skip_serializing_if = "nothing")]
        gains: i64,
        surcharge: i64,
        arithmetic: String,
        /// Working days to perform.
        #[serde(default = "ten", skip_serializing_if = "is_ten")]
        days: u16,
    },
    /// 限期拆除公告 (行政强制法 44).
    DemolitionNotice { party: u16, object: PartRef, until: Date },
    /// 强制执行.
    Enforce {
        party: u16,
        kind: EnforcementKind,
        on: Timestamp,
        court: String,
        surcharge: i64,
        arithmetic: String,
        /// The power on which a demolition rests (城乡规划法 68).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        power: String,
        /// Why others may perform it (行政强制法 50); before there was a choice: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<SubstituteGround>,
        /// Where something was cleared at once (52); before that was asked: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<ClearingPlace>,
        /// The party was not there when that was done (52).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        absent: bool,
    },
    /// 撤销、变更 what was decided.
    Revoke,
    /// 重新作出决定 (行政诉讼法 70, 71; 行政复议法 64): why it fell, what will be different, and by when.
    DecideAnew {
        /// One of several parties, against whom alone it fell; none: the whole decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<u16>,
        ground: FallGround,
        different: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// 启卷: the file is taken out of the archive, with the paper that demands it.
    OpenArchive { ground: OutGround, exhibits: Vec<ExhibitRef> },
    /// 结案.
    Close { ground: ClosingGround },
    /// 执行协议 (行政强制法 42): the surcharge until then, by how much it is reduced, and what is performed by when.
    Agreement { party: u16, parts: Vec<Part>, surcharge: i64, reduced: i64, arithmetic: String },
    /// 中止执行 (39).
    Suspend { party: u16, ground: SuspensionGround, harmless: bool },
    /// 终结执行 (40).
    EndExecution { party: u16, ground: ExecutionEnd },
    /// 更正 a paper that was served (行政处罚法 75(2)).
    Amend { paper: u16, slip: Slip, wrong: PartRef, right: PartRef },
    /// 执法建议书.
    Suggest { to: String, problem: PartRef, until: Date },
    /// 提前处理 a thing that would rot (上海市城市管理行政执法条例 22(2)).
    DisposeEarly {
        thing: u16,
        how: Disposal,
        /// It cannot be sold: only then may it be destroyed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unsaleable: bool,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn nothing(fen: &i64) -> bool {
    *fen == 0
}

impl Proposal {
    /// Words for it.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Proposal::File => "立案",
            Proposal::NotFile => "不予立案",
            Proposal::VerifyLonger { .. } => "延长核查期限",
            Proposal::DecideLonger { .. } => "延长办案期限",
            Proposal::Recuse { .. } => "回避",
            Proposal::Preserve { .. } => "先行登记保存",
            Proposal::Seize { measure } => match measure.kind {
                MeasureKind::Sealing => "查封",
                _ => "扣押",
            },
            Proposal::SettlePreserved { .. } => "处理先行登记保存的证据",
            Proposal::SeizeLonger { .. } => "延长查封、扣押期限",
            Proposal::Release { .. } => "解除查封、扣押",
            Proposal::Notice { .. } => "行政处罚事先告知",
            Proposal::Decide { .. } => "行政处罚决定",
            Proposal::NoPenalty { .. } => "不予行政处罚",
            Proposal::Crime { .. } => "移送涉嫌犯罪案件",
            Proposal::DemolitionOrder { .. } => "责令限期拆除",
            Proposal::Transfer { .. } => "移送有管辖权的机关",
            Proposal::Drop => "撤销立案",
            Proposal::PayLater { .. } => "延期（分期）缴纳罚款",
            Proposal::Demand { .. } => "催告",
            Proposal::DemolitionNotice { .. } => "限期拆除公告",
            Proposal::Enforce { kind, .. } => kind.title(),
            Proposal::Revoke => "撤销行政处罚决定",
            Proposal::DecideAnew { .. } => "重新作出决定",
            Proposal::OpenArchive { .. } => "启卷",
            Proposal::Close { .. } => "结案",
            Proposal::Agreement { .. } => "执行协议",
            Proposal::Suspend { .. } => "中止执行",
            Proposal::EndExecution { .. } => "终结执行",
            Proposal::Amend { .. } => "更正文书",
            Proposal::Suggest { .. } => "执法建议",
            Proposal::DisposeEarly { .. } => "提前处理易腐物品",
        }
    }

    /// The paper that is signed with it.
    #[must_use]
    pub const fn paper(&self) -> Option<PaperKind> {
        Some(match self {
            Proposal::File => PaperKind::Filing,
            Proposal::NotFile => PaperKind::NotFiled,
            Proposal::VerifyLonger { .. }
            | Proposal::DecideLonger { .. }
            | Proposal::Recuse { .. }
            | Proposal::DecideAnew { .. }
            | Proposal::OpenArchive { .. }
            | Proposal::DisposeEarly { .. } => {
                return None;
            }
            Proposal::Preserve { .. } => PaperKind::Preservation,
            Proposal::Seize { .. } => PaperKind::Seizure,
            Proposal::SettlePreserved { .. } => PaperKind::PreservationSettled,
            Proposal::SeizeLonger { .. } => PaperKind::SeizureExtended,
            Proposal::Release { .. } => PaperKind::SeizureReleased,
            Proposal::Notice { hearing: true, .. } => PaperKind::HearingRight,
            Proposal::Notice { hearing: false, .. } => PaperKind::Notice,
            Proposal::Decide { .. } => PaperKind::Decision,
            Proposal::NoPenalty { .. } => PaperKind::NoPenalty,
            Proposal::Crime { .. } => PaperKind::Crime,
            Proposal::DemolitionOrder { .. } => PaperKind::DemolitionOrder,
            Proposal::Transfer { .. } => PaperKind::Transfer,
            Proposal::Drop => PaperKind::Dropped,
            Proposal::PayLater { .. } => PaperKind::Payment,
            Proposal::Demand { .. } => PaperKind::Demand,
            Proposal::DemolitionNotice { .. } => PaperKind::DemolitionNotice,
            Proposal::Enforce { kind, .. } => match kind {
                EnforcementKind::Auction | EnforcementKind::Demolition => PaperKind::Enforcement,
                EnforcementKind::Substitute | EnforcementKind::Immediate => PaperKind::Substitute,
                EnforcementKind::Court => PaperKind::Court,
            },
            Proposal::Revoke => PaperKind::Revocation,
            Proposal::Close { .. } => PaperKind::Closing,
            Proposal::Agreement { .. } => PaperKind::Agreement,
            Proposal::Suspend { .. } | Proposal::EndExecution { .. } => PaperKind::Suspension,
            Proposal::Amend { .. } => PaperKind::Amendment,
            Proposal::Suggest { .. } => PaperKind::Suggestion,
        })
    }

    /// Whether the unit must endorse it first (承办机构意见). What cannot wait goes to the leader at once.
    #[must_use]
    pub const fn wants_unit(&self) -> bool {
        !matches!(
            self,
            Proposal::Recuse { .. }
                | Proposal::Preserve { .. }
                | Proposal::Seize { .. }
                | Proposal::SettlePreserved { .. }
                | Proposal::Release { .. }
                | Proposal::Crime { .. }
                | Proposal::DisposeEarly { .. }
        )
    }

    /// The party whom it is about, when it is one.
    #[must_use]
    pub const fn party(&self) -> Option<u16> {
        match self {
            Proposal::Preserve { measure } | Proposal::Seize { measure } => Some(measure.party),
            Proposal::PayLater { party, .. }
            | Proposal::Demand { party, .. }
            | Proposal::DemolitionNotice { party, .. }
            | Proposal::DemolitionOrder { party, .. }
            | Proposal::Enforce { party, .. }
            | Proposal::Agreement { party, .. }
            | Proposal::Suspend { party, .. }
            | Proposal::EndExecution { party, .. } => Some(*party),
            Proposal::DecideAnew { party, .. } => *party,
            _ => None,
        }
    }

    /// The measure that it is about, when it is one that is already there.
    #[must_use]
    pub const fn measure(&self) -> Option<u16> {
        match self {
            Proposal::SettlePreserved { measure, .. }
            | Proposal::SeizeLonger { measure, .. }
            | Proposal::Release { measure, .. } => Some(*measure),
            _ => None,
        }
    }

    /// What it is in the list of major decisions that are reviewed whatever the amount (重大执法决定法制审核目录).
    #[must_use]
    pub const fn major(&self) -> Option<lianzhi_law::MajorAct> {
        match self {
            Proposal::Crime { .. } => Some(lianzhi_law::MajorAct::CrimeTransfer),
            Proposal::DemolitionOrder { .. } => Some(lianzhi_law::MajorAct::DemolitionOrder),
            Proposal::Enforce { kind, .. } => match kind {
                EnforcementKind::Auction | EnforcementKind::Substitute | EnforcementKind::Demolition => {
                    Some(lianzhi_law::MajorAct::Enforcement)
                }
                // What must be cleared at once cannot wait; what the court decides the court reviews.
                EnforcementKind::Immediate | EnforcementKind::Court => None,
            },
            _ => None,
        }
    }

    /// The thing that it is about, when it is one.
    #[must_use]
    pub const fn thing(&self) -> Option<u16> {
        match self {
            Proposal::DisposeEarly { thing, .. } => Some(*thing),
            _ => None,
        }
    }

    /// Whether it settles how the whole case is decided.
    #[must_use]
    pub const fn is_outcome(&self) -> bool {
        matches!(
            self,
            Proposal::Decide { .. }
                | Proposal::NoPenalty { .. }
                | Proposal::Crime { .. }
                | Proposal::Transfer { .. }
                | Proposal::Drop
        )
    }

    /// Whether two of them cannot wait side by side.
    #[must_use]
    pub fn clashes(&self, other: &Proposal) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && (self.party(), self.measure(), self.thing()) == (other.party(), other.measure(), other.thing())
            || self.is_outcome() && other.is_outcome()
    }
}

/// A proposal that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its number in this case, from 1.
    pub id: u16,
    /// What.
    pub proposal: Proposal,
    /// Who asks.
    pub by: PersonCode,
    /// Grounds.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
    /// Who endorsed it for the unit.
    pub endorsed: Option<PersonCode>,
    /// Under which rule a legal reviewer must see it before it is signed.
    pub review: Option<String>,
    /// Who reviewed it, and what he said.
    pub reviewed: Option<(PersonCode, Opinion)>,
}

impl Pending {
    /// A legal reviewer has still to see it, or did not agree.
    #[must_use]
    pub fn wants_review(&self) -> bool {
        self.review.is_some() && self.reviewed.is_none()
    }
}
