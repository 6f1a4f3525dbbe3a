//! What happened to a penalty case. Kept for ever: fields are only ever added, with a default.

use super::advice::LetterKind;
use super::anew::Fallen;
use super::aside::Aside;
use super::charge::{Charge, Told};
use super::clocks::{Clock, Scope, Term};
use super::command::SplitFrom;
use super::daily::Daily;
use super::execution::CourtStep;
use super::folios::{Folio, Signer};
use super::goods::{Custody, Thing};
use super::matters::{
    Banked, Evidence, Finding, Measure, Officer, Order, OrderFrom, Paper, Receipt, Remedy, Service,
    StatementFrom, Subject, Violation,
};
use super::police::PoliceReview;
use super::proposal::Proposal;
use super::rights::HearingEnd;
use super::words::{Adopted, Adviser, Mark, Opinion, RemedyEnd, Source};
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use lianzhi_law::Running;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(fen: &i64) -> bool {
    *fen == 0
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// 线索登记.
    Registered {
        number: String,
        source: Source,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<DocketId>,
        unit: UnitCode,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        title: PartRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        point: Option<lianzhi_territory::Point>,
        subject: Subject,
        violation: Violation,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        /// 分案.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<SplitFrom>,
        /// 按日连续处罚.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        daily: Option<Box<Daily>>,
        at: Timestamp,
    },
    /// 核查.
    Verified {
        established: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 指定办案人员.
    Assigned { officers: Vec<Officer>, by: PersonCode, at: Timestamp },
    /// A further party.
    PartyAdded { subject: Subject, by: PersonCode, at: Timestamp },
    /// Particulars of a party completed or put right; they take the place of those before.
    PartyDescribed {
        party: u16,
        particulars: PartRef,
        /// Keyed digest of the number of identification, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<lianzhi_ids::Digest>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A further violation, or one that turned out otherwise.
    ViolationSet { violation: Violation, by: PersonCode, at: Timestamp },
    /// 撤销登记违法行为.
    ViolationWithdrawn { violation: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// What makes the case more than ordinary.
    Marked { mark: Mark, on: bool, note: PartRef, by: PersonCode, at: Timestamp },
    /// Evidence taken.
    Recorded { evidence: Evidence, by: PersonCode, at: Timestamp },
    /// Evidence that does not count (46(3)).
    Excluded { evidence: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// 查封、扣押 at once (行政强制法 19).
    Taken { measure: Measure, by: PersonCode, at: Timestamp },
    /// 责令改正.
    Ordered { order: Order, paper: Paper, by: PersonCode, at: Timestamp },
    /// 复查.
    Reinspected {
        order: u16,
        done: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        /// When they looked, where that was before it was entered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Timestamp>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 检测、检验、鉴定 begins (terms rest where the law says so) or ends. Of which measure, until which day and by which paper the
    /// party was told: none where it was entered before that was asked.
    Testing {
        begins: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measure: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Paper>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 调查终结.
    Finished { note: PartRef, by: PersonCode, at: Timestamp },
    /// What shall be done to a party for a violation.
    Charged { charge: Charge, by: PersonCode, at: Timestamp },
    /// A charge that is given up.
    Uncharged { party: u16, violation: u16, by: PersonCode, at: Timestamp },
    /// An unverified basis was confirmed.
    Confirmed { party: u16, violation: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// 陈述、申辩.
    Stated {
        party: u16,
        text: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 复核意见.
    Answered { party: u16, adopted: Adopted, note: PartRef, by: PersonCode, at: Timestamp },
    /// Rights given up in writing.
    Waived { party: u16, hearing: bool, exhibits: Vec<ExhibitRef>, by: PersonCode, at: Timestamp },
    /// 要求听证.
    HearingAsked { party: u16, on: Date, by: PersonCode, at: Timestamp },
    /// 听证通知.
    HearingCalled {
        party: u16,
        paper: Paper,
        chair: PersonCode,
        on: Timestamp,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// 听证笔录、听证报告.
    HearingHeld { party: u16, chair: PersonCode, note: PartRef, exhibits: Vec<ExhibitRef>, at: Timestamp },
    /// The party gave the hearing up (64(六)).
    HearingGivenUp {
        party: u16,
        /// Why; none where it was not asked yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<HearingEnd>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 公众评议、律师意见: advice, that binds nobody.
    Advised {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<u16>,
        from: Adviser,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 调查询问通知.
    Summoned { party: u16, paper: Paper, on: Timestamp, note: PartRef, by: PersonCode, at: Timestamp },
    /// 法制审核.
    Reviewed {
        opinion: Opinion,
        note: PartRef,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        qualification: String,
        by: PersonCode,
        at: Timestamp,
    },
    /// 集体讨论.
    Discussed {
        present: Vec<PersonCode>,
        agreed: bool,
        /// Of a second extension.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        longer: bool,
        note: PartRef,
        by: PersonCode,
        at: Timestamp,
    },
    /// Somebody asks for approval.
    Proposed {
        id: u16,
        proposal: Box<Proposal>,
        note: PartRef,
        /// Under which rule a legal reviewer must see it before it is signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<String>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 承办机构意见.
    Endorsed {
        id: u16,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 负责人意见: it happens, or goes back.
    Approved {
        id: u16,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Paper>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A proposal taken back by whoever made it.
    Unproposed { id: u16, by: PersonCode, at: Timestamp },
    /// A paper as printed, signed and scanned.
    Issued {
        paper: u16,
        /// Whose copy; none where there is one for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<u16>,
        exhibits: Vec<ExhibitRef>,
        /// Why it takes the place of the one before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 作废: its number is kept.
    Voided { paper: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// 送达, or a public notice that began.
    Served { paper: u16, party: u16, service: Service, by: PersonCode, at: Timestamp },
    /// The party agreed in writing to electronic service (61(2)).
    ElectronicAgreed { party: u16, exhibits: Vec<ExhibitRef>, by: PersonCode, at: Timestamp },
    /// 缴款码.
    PayCodeSet { party: u16, code: String, by: PersonCode, at: Timestamp },
    /// 缴款.
    Paid {
        party: u16,
        receipt: Receipt,
        /// The surcharge until that day, fen, and how it was computed.
        #[serde(default, skip_serializing_if = "is_zero")]
        surcharge: i64,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arithmetic: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// Money taken on the spot was handed in (71): confirmed by whoever received it, with the number of his receipt.
    HandedIn {
        party: u16,
        ticket: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The bank has what stands under a receipt: paid in by the agency (71), or found in the bank's file.
    Banked {
        party: u16,
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
        party: u16,
        receipt: String,
        #[serde(flatten)]
        finding: Finding,
        by: PersonCode,
        at: Timestamp,
    },
    /// 退还 of what was paid and is not owed any more.
    Refunded {
        party: u16,
        fen: i64,
        on: Date,
        reference: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        at: Timestamp,
    },
    /// 复议、诉讼.
    RemedySought {
        party: u16,
        remedy: Remedy,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// Its end.
    RemedyEnded {
        party: u16,
        end: RemedyEnd,
        on: Date,
        /// The fine as changed, fen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fine: Option<i64>,
        /// The order that it challenged; none: the decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<u16>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 停止执行, or its end.
    StaySet {
        party: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<u16>,
        stay: bool,
        on: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// Enforcement carried out, or ended by the court.
    Enforced {
        party: u16,
        /// When it began and was over, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Timestamp>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// What was approved needs not be done any more: performed, or what it rested on fell.
    EnforcementStopped {
        party: u16,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The application was handed to the court (行政强制法 53).
    CourtLodged {
        party: u16,
        on: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The file went to the police.
    CrimeSent {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// What the police answered.
    CrimeAnswered {
        taken: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 案件移送: the file went to the agency that has the jurisdiction (行政处罚法 22, 25).
    TransferSent {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// What that agency answered: it took the case, or the case comes back.
    TransferAnswered {
        taken: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 公开.
    Published { by: PersonCode, at: Timestamp },
    /// Not published, with the ground.
    NotPublished { note: PartRef, by: PersonCode, at: Timestamp },
    /// 撤回公开.
    PublicationWithdrawn { note: PartRef, by: PersonCode, at: Timestamp },
    /// 归档.
    Archived {
        shelf: String,
        pages: u32,
        /// Why something is missing in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        /// The whole file, bound: it is printed the same for ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// Words and files added.
    Added {
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 抽样取证通知书 of a sample that was drawn.
    Sampled { evidence: u16, paper: Paper, by: PersonCode, at: Timestamp },
    /// What was written on a folio.
    FolioFilled {
        folio: Folio,
        details: PartRef,
        /// Why it was changed after somebody signed: those signatures fell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A folio as printed, signed and scanned.
    FolioSigned { folio: Folio, exhibits: Vec<ExhibitRef>, by: PersonCode, at: Timestamp },
    /// A signature drawn on the screen.
    FolioDrawn {
        folio: Folio,
        signer: Signer,
        exhibit: ExhibitRef,
        /// The document as it then stood, where nobody's signature was missing any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The printed bytes of a paper as they were handed over to a party.
    PaperKept { paper: u16, party: u16, exhibit: ExhibitRef, at: Timestamp },
    /// The printed bytes of a document inside the agency, as it lay before whoever signed.
    FolioKept { folio: Folio, party: u16, exhibit: ExhibitRef, at: Timestamp },
    /// A paper with the agency's electronic seal, as it goes to a party: the original from now on.
    Sealed { paper: u16, party: u16, exhibit: ExhibitRef, by: PersonCode, at: Timestamp },
    /// 并案: goes on in another case.
    Joined { to: DocketId, note: PartRef, by: PersonCode, at: Timestamp },
    /// Another case goes on in this one.
    Absorbed { from: DocketId, at: Timestamp },
    /// 分案: a party goes on in a case of its own.
    SplitAsked { party: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// That case.
    SplitOff { party: u16, docket: DocketId, at: Timestamp },
    /// 重新送审 after a legal review that did not agree.
    Resubmitted { note: PartRef, by: PersonCode, at: Timestamp },
    /// 法制审核意见 on what waits for approval.
    ProposalReviewed {
        id: u16,
        opinion: Opinion,
        note: PartRef,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        qualification: String,
        by: PersonCode,
        at: Timestamp,
    },
    /// 不履行执行协议 (行政强制法 42(2)).
    AgreementBroken { party: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// 恢复执行 (39(2)).
    ExecutionResumed { party: u16, note: PartRef, by: PersonCode, at: Timestamp },
    /// 法院的处理 (56–58).
    CourtSaid {
        party: u16,
        step: CourtStep,
        on: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 复议答复、诉讼答辩.
    RemedyReplied {
        party: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<u16>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 对不予立案提请复议、建议立案监督.
    PoliceAsked { review: PoliceReview, note: PartRef, by: PersonCode, at: Timestamp },
    /// 不起诉，移送给予行政处罚 (行政处罚法 27).
    NotIndicted {
        on: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 征求意见.
    OpinionAsked { id: u16, from: Adviser, until: Date, note: PartRef, by: PersonCode, at: Timestamp },
    /// 调解.
    Mediated {
        agreed: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        /// 调解室, who led it, until when it is to be performed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        room: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        mediator: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 请求协助, 群众公议的成员和表决, 巡回法庭.
    Aside { what: Box<Aside>, by: PersonCode, at: Timestamp },
    /// 建议的反馈.
    SuggestionAnswered {
        paper: u16,
        adopted: Adopted,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 收到司法建议、检察建议.
    LetterReceived {
        id: u16,
        kind: LetterKind,
        sender: String,
        number: String,
        until: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 答复.
    LetterAnswered {
        letter: u16,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// 按日连续处罚, in a case of its own.
    DailyAsked { daily: Box<Daily>, note: PartRef, by: PersonCode, at: Timestamp },
    /// That case.
    DailyOpened { party: u16, violation: u16, docket: DocketId, at: Timestamp },
    /// What another case brought along (并案、分案).
    Brought {
        from: DocketId,
        number: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parties: Vec<Subject>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        violations: Vec<Violation>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
        /// When the case was filed from which it comes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Timestamp>,
        /// The term for its decision as it runs there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deciding: Option<Box<Running>>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        orders: Vec<OrderFrom>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        statements: Vec<StatementFrom>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Told>,
        /// The decision that fell against the party that was split off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallen: Option<Box<Fallen>>,
        /// What it was marked as there, each with who said so.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        marks: BTreeMap<Mark, PersonCode>,
        /// Who stood aside there (43).
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        recused: BTreeSet<PersonCode>,
        /// Who handled it there (58).
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        handled_by: BTreeSet<PersonCode>,
        at: Timestamp,
    },
    /// 入库 of a thing.
    PutIn { thing: Thing, by: PersonCode, at: Timestamp },
    /// What happened to a thing in custody.
    Custody {
        thing: u16,
        act: Custody,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<PersonCode>,
        by: PersonCode,
        at: Timestamp,
    },
    /// A term begins to run.
    ClockStarted { clock: Clock, at: Timestamp },
    /// A term was extended, stands still, goes on, or was recomputed.
    ClockChanged { clock: Clock, why: String, at: Timestamp },
    /// A share of the term is gone.
    ClockWarned { term: Term, of: Scope, percent: u16, told: Vec<PersonCode>, at: Timestamp },
    /// 同意快速办理, signed.
    QuickAgreed { party: u16, exhibits: Vec<ExhibitRef>, by: PersonCode, at: Timestamp },
    /// 改正承诺书 (33(1)).
    Promised { party: u16, until: Date, exhibits: Vec<ExhibitRef>, by: PersonCode, at: Timestamp },
    /// A promise was looked at.
    PromiseSeen {
        party: u16,
        done: bool,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
        by: PersonCode,
        at: Timestamp,
    },
    /// The term ran out. What follows from that in law follows at once.
    ClockExpired { term: Term, of: Scope, told: Vec<PersonCode>, at: Timestamp },
}

impl Event {
    /// When it was decided.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        macro_rules! at { ($($variant:ident)*) => { match self { $(Event::$variant { at, .. } => *at,)* } } }
        at! {
            Registered Verified Assigned PartyAdded PartyDescribed ViolationSet ViolationWithdrawn Marked Recorded Excluded Taken Ordered Reinspected Testing
            Finished Charged Uncharged Confirmed Stated Answered Waived HearingAsked HearingCalled HearingHeld HearingGivenUp
            Advised Summoned Reviewed Discussed Proposed Endorsed Approved Unproposed Issued Voided Served ElectronicAgreed PayCodeSet Paid
            HandedIn Banked PaymentChecked Refunded RemedySought RemedyEnded StaySet Enforced EnforcementStopped CourtLodged CrimeSent CrimeAnswered TransferSent TransferAnswered Published NotPublished PublicationWithdrawn
            Sampled FolioFilled FolioSigned FolioDrawn PaperKept FolioKept Sealed QuickAgreed Promised PromiseSeen Archived Added Joined Absorbed SplitAsked SplitOff ProposalReviewed Resubmitted AgreementBroken ExecutionResumed CourtSaid
            RemedyReplied PoliceAsked NotIndicted OpinionAsked Mediated SuggestionAnswered LetterReceived LetterAnswered
            Aside DailyAsked DailyOpened Brought PutIn Custody ClockStarted ClockChanged ClockWarned ClockExpired
        }
    }
}
