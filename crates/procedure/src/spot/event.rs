//! What happened to a sheet. Kept for ever: fields are only ever added, with a default.

use super::state::{Heard, Opening, Sanction, Sparing, Told};
use super::words::{CourtAnswer, Term};
use crate::penalty::{Banked, Finding, Part, Receipt, Remedy, RemedyEnd, Signer, Way};
use crate::watch::Clock;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{DocketId, PersonCode};
use serde::{Deserialize, Serialize};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(fen: &i64) -> bool {
    *fen == 0
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// A form with its number was begun: certificates shown, facts established.
    Opened {
        #[serde(flatten)]
        opening: Box<Opening>,
        at: Timestamp,
    },
    /// 告知 (44).
    Told {
        #[serde(flatten)]
        told: Told,
        by: PersonCode,
        at: Timestamp,
    },
    /// 听取陈述、申辩 (45).
    Heard {
        #[serde(flatten)]
        heard: Heard,
        by: PersonCode,
        at: Timestamp,
    },
    /// Particulars of the party completed or put right; they take the place of those before.
    Described {
        particulars: PartRef,
        /// Keyed digest of the number of identification, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<lianzhi_ids::Digest>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 当场处罚 (51).
    Imposed {
        #[serde(flatten)]
        sanction: Sanction,
        /// The agency publishes such decisions: it has to be published, or kept back with a ground (48).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        public: bool,
        by: PersonCode,
        at: Timestamp,
    },
    /// 当场交付 (52).
    Handed {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        refused: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        /// The decision as it was handed over: printed, with what was signed on the screen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A signature drawn on the screen (52(2)).
    Drawn { signer: Signer, exhibit: ExhibitRef, by: PersonCode, at: Timestamp },
    /// 报备案 (52(3)).
    Lodged { by: PersonCode, at: Timestamp },
    /// 缴款码.
    PayCodeSet { code: String, by: PersonCode, at: Timestamp },
    /// 缴款 or 当场收缴, with the surcharge until then.
    Paid {
        receipt: Receipt,
        #[serde(default, skip_serializing_if = "is_zero")]
        surcharge: i64,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arithmetic: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// 上缴 (71).
    HandedIn {
        /// Number of the receipt that the agency gave for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The bank has what stands under a receipt: paid in by the agency (71), or found in the bank's file.
    Banked {
        receipt: String,
        banked: Banked,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// Somebody else looked at the voucher of a payment that was typed (67).
    PaymentChecked {
        receipt: String,
        #[serde(flatten)]
        finding: Finding,
        by: PersonCode,
        at: Timestamp,
    },
    /// A legal officer confirmed that the list of first minor violations holds.
    ListConfirmed { note: PartRef, by: PersonCode, at: Timestamp },
    /// 不予处罚 (33).
    Spared {
        #[serde(flatten)]
        sparing: Sparing,
        by: PersonCode,
        at: Timestamp,
    },
    /// 复查 of a promise.
    Reinspected {
        done: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 转普通程序.
    WentOver { note: PartRef, by: PersonCode, at: Timestamp },
    /// The case in which it goes on.
    TakenOver { docket: DocketId, at: Timestamp },
    /// The form was not used; its number is kept.
    Voided { note: PartRef, by: PersonCode, at: Timestamp },
    /// 复议, 诉讼.
    Appealed { remedy: Remedy, by: PersonCode, at: Timestamp },
    /// 复议答复, 诉讼答辩 with the evidence.
    RemedyReplied {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// Its end.
    AppealEnded {
        end: RemedyEnd,
        on: Date,
        /// The fine as it was changed, fen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fine: Option<i64>,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// 延期、分期缴纳 was asked for by the party: in these parts (66(2)).
    LaterAsked {
        parts: Vec<Part>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The leader granted it, or not.
    LaterAnswered {
        agreed: bool,
        /// Of the paper that grants it; of former times there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        number: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 转强制执行, as it was recorded before demand and application had entries of their own.
    Enforced { note: PartRef, by: PersonCode, at: Timestamp },
    /// 撤销.
    Withdrawn {
        /// 文号 of the paper by which it was withdrawn.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        number: String,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// 更正 of a slip of the pen.
    Corrected {
        /// 文号 of the paper by which it was corrected.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        number: String,
        note: PartRef,
        /// As it stood, and as it should.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<(PartRef, PartRef)>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 公开 (48).
    Published { by: PersonCode, at: Timestamp },
    /// Not published, with the ground.
    NotPublished { note: PartRef, by: PersonCode, at: Timestamp },
    /// Publication was withdrawn, with the reason that is told to the public (48(2)).
    PublicationWithdrawn { note: PartRef, by: PersonCode, at: Timestamp },
    /// Further material.
    Added {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 催告 (行政强制法 54): what was owed on the day, with the arithmetic of the surcharge.
    Demanded {
        number: String,
        #[serde(default, skip_serializing_if = "is_zero")]
        surcharge: i64,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arithmetic: String,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// The demand reached the party; by public notice: it was posted on that day, and counts as served when the term is over.
    DemandServed {
        way: Way,
        on: Date,
        /// The term of a public notice runs from that day. Earlier entries have the day on which it was over.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        runs: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 申请人民法院强制执行 (行政强制法 53).
    CourtAsked {
        number: String,
        court: String,
        #[serde(default, skip_serializing_if = "is_zero")]
        surcharge: i64,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arithmetic: String,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// What the court said or did.
    CourtAnswered {
        answer: CourtAnswer,
        on: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 退还.
    Refunded { fen: i64, on: Date, reference: String, by: Option<PersonCode>, at: Timestamp },
    /// 归档 (行政处罚法 47).
    Archived { shelf: String, by: PersonCode, at: Timestamp },
    /// A term begins.
    ClockStarted { clock: Clock<Term>, at: Timestamp },
    /// A term ends elsewhere after the calendars changed.
    ClockChanged { clock: Clock<Term>, why: String, at: Timestamp },
    /// A warning.
    ClockWarned { term: Term, percent: u16, at: Timestamp },
    /// A term ran out.
    ClockExpired { term: Term, at: Timestamp },
}

impl Event {
    /// When it was decided.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        use Event as E;
        match self {
            E::Opened { at, .. }
            | E::Told { at, .. }
            | E::Heard { at, .. }
            | E::Described { at, .. }
            | E::Imposed { at, .. }
            | E::Handed { at, .. }
            | E::Drawn { at, .. }
            | E::Lodged { at, .. }
            | E::PayCodeSet { at, .. }
            | E::Paid { at, .. }
            | E::HandedIn { at, .. }
            | E::Banked { at, .. }
            | E::PaymentChecked { at, .. }
            | E::ListConfirmed { at, .. }
            | E::Spared { at, .. }
            | E::Reinspected { at, .. }
            | E::WentOver { at, .. }
            | E::TakenOver { at, .. }
            | E::Voided { at, .. }
            | E::Appealed { at, .. }
            | E::RemedyReplied { at, .. }
            | E::AppealEnded { at, .. }
            | E::LaterAsked { at, .. }
            | E::LaterAnswered { at, .. }
            | E::Enforced { at, .. }
            | E::Withdrawn { at, .. }
            | E::Corrected { at, .. }
            | E::Published { at, .. }
            | E::NotPublished { at, .. }
            | E::PublicationWithdrawn { at, .. }
            | E::Added { at, .. }
            | E::Demanded { at, .. }
            | E::DemandServed { at, .. }
            | E::CourtAsked { at, .. }
            | E::CourtAnswered { at, .. }
            | E::Refunded { at, .. }
            | E::Archived { at, .. }
            | E::ClockStarted { at, .. }
            | E::ClockChanged { at, .. }
            | E::ClockWarned { at, .. }
            | E::ClockExpired { at, .. } => *at,
        }
    }
}
