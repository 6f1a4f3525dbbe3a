//! Fields of what is asked beside the ordinary way: agreements and suspension, courts and police, advice, corrections, daily
//! fines, and what one case brings into another.

use super::chosen::{chosen, perhaps_chosen};
use super::input::{NewParty, NewViolation};
use crate::penalty::advice::LetterKind;
use crate::penalty::anew::FallGround;
use crate::penalty::charge::{Charge, Told};
use crate::penalty::execution::{CourtStep, ExecutionEnd, SuspensionGround};
use crate::penalty::matters::{Officer, OrderKind, Service};
use crate::penalty::police::PoliceReview;
use crate::penalty::rights::HearingEnd;
use crate::penalty::words::{Adopted, Adviser, EvidenceKind, Mark, Opinion, Severe, Slip};
use crate::{ExhibitRef, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_law::Running;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// 拟处罚: what shall be done to a party for a violation.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the fields are those of the form, see offers")]
pub struct Charging {
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    #[serde(deserialize_with = "chosen")]
    pub violation: u16,
    #[serde(default)]
    pub basis: Option<String>,
    #[serde(default)]
    pub tier: String,
    #[serde(default)]
    pub circumstances: Vec<String>,
    #[serde(default)]
    pub warning: bool,
    #[serde(default)]
    pub fine: i64,
    #[serde(default)]
    pub confiscation: i64,
    #[serde(default)]
    pub goods: bool,
    #[serde(default)]
    pub goods_value: Option<i64>,
    #[serde(default)]
    pub grade: String,
    #[serde(default)]
    pub cost: Option<i64>,
    #[serde(default)]
    pub area: Option<i64>,
    #[serde(default)]
    pub severe: Option<Severe>,
    #[serde(default)]
    pub apart: bool,
    #[schemars(with = "String")]
    pub note: Text,
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub new_evidence: Option<u16>,
}

/// 登记签发件.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Issuing {
    /// Which paper.
    #[serde(deserialize_with = "chosen")]
    pub paper: u16,
    /// Whose copy it is, where the paper goes to several parties.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub party: Option<u16>,
    /// Its scan.
    pub exhibits: Vec<Digest>,
    /// Why it takes the place of the scan that came in before.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub note: Text,
}

/// 加盖电子印章: the paper as it goes to one party. The application has it sealed by the agency's service before.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Sealing {
    /// Which paper.
    #[serde(deserialize_with = "chosen")]
    pub paper: u16,
    /// To whom it goes.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
}

/// 笔录、证据.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the fields are those of the form, see offers")]
pub struct Recording {
    pub kind: EvidenceKind,
    #[serde(default)]
    pub second: Option<PersonCode>,
    #[serde(default)]
    pub shown: bool,
    #[schemars(with = "String")]
    pub from: Timestamp,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub to: Option<Timestamp>,
    #[schemars(with = "String")]
    pub note: Text,
    #[serde(default)]
    pub exhibits: Vec<Digest>,
    #[serde(default)]
    pub refused: bool,
}

/// Words about a party.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct OfParty {
    /// Which.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// What.
    #[schemars(with = "String")]
    pub note: Text,
    /// Files.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 催告.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Demanding {
    /// Of whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Working days to perform, as the demand tells.
    #[serde(default = "demand_days")]
    pub days: u16,
    /// What is demanded.
    #[schemars(with = "String")]
    pub note: Text,
}

fn demand_days() -> u16 {
    crate::penalty::execution::DEMAND_DAYS
}

/// 限期拆除公告.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct AnnouncingDemolition {
    /// To whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// What is to be pulled down, and where it stands.
    #[schemars(with = "String")]
    pub object: Text,
    /// Until when the party may pull it down itself.
    #[schemars(with = "String")]
    pub until: Date,
    /// Grounds.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 执行协议: in equal parts, a month apart.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Agreeing {
    /// With whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// In how many parts.
    pub parts: u32,
    /// Day of the first.
    #[schemars(with = "String")]
    pub first: Date,
    /// The party made good what it did.
    #[serde(default)]
    pub remedied: bool,
    /// By how much the surcharge is reduced for that, fen.
    #[serde(default)]
    pub reduced: i64,
    /// The request and why it harms nobody.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 中止执行.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Suspending {
    /// Against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Why.
    pub ground: SuspensionGround,
    /// No marked harm to society.
    #[serde(default)]
    pub harmless: bool,
    /// Grounds.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 终结执行.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Ending {
    /// Against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Why.
    pub ground: ExecutionEnd,
    /// Grounds and proof.
    #[schemars(with = "String")]
    pub note: Text,
}

/// What the court said.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Said {
    /// About the application against whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// What.
    pub step: CourtStep,
    /// On which day it reached the agency, or was asked for.
    #[schemars(with = "String")]
    pub on: Date,
    /// Number of the ruling, reasons.
    #[schemars(with = "String")]
    pub note: Text,
    /// The ruling.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// Who shall look again at a refusal of the police.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct AskingAgain {
    /// Who.
    pub review: PoliceReview,
    /// Why.
    #[schemars(with = "String")]
    pub note: Text,
}

/// 不起诉 with an opinion that a penalty is due.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct ComingBack {
    /// On which day it reached the agency.
    #[schemars(with = "String")]
    pub on: Date,
    /// 不起诉决定书、检察意见书: numbers and what they say.
    #[schemars(with = "String")]
    pub note: Text,
    /// They themselves.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 更正: a clerical error in a paper that was served.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Amending {
    /// Which paper.
    #[serde(deserialize_with = "chosen")]
    pub paper: u16,
    /// What kind of error.
    pub slip: Slip,
    /// As it stands.
    #[schemars(with = "String")]
    pub wrong: Text,
    /// As it should be.
    #[schemars(with = "String")]
    pub right: Text,
    /// Facts, basis and penalty stay as they are.
    #[serde(default)]
    pub unchanged: bool,
    /// How it came about.
    #[schemars(with = "String")]
    pub note: Text,
}

/// A legal review of what waits for approval.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Reviewing {
    /// Which proposal.
    #[serde(deserialize_with = "chosen")]
    pub proposal: u16,
    /// Opinion.
    pub opinion: Opinion,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// Number of the certificate, for a first review.
    #[serde(default)]
    pub qualification: String,
}

/// 检测、检验、检疫、鉴定 of things that are sealed or seized begins or ends.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct AskingTest {
    /// Begins, or ends.
    pub begins: bool,
    /// Under which measure; none only to end what was entered without one.
    #[serde(default, deserialize_with = "perhaps_chosen")]
    pub measure: Option<u16>,
    /// Last day, of which the party is told in writing.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// What is tested, by whom.
    #[schemars(with = "String")]
    pub note: Text,
    /// The commission, or the report.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// An opinion is asked for.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct AskingOpinion {
    /// Of whom.
    pub from: Adviser,
    /// Until when.
    #[schemars(with = "String")]
    pub until: Date,
    /// About what.
    #[schemars(with = "String")]
    pub note: Text,
}

/// A record of mediation.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Mediating {
    /// They agreed.
    pub agreed: bool,
    /// The room (调解室).
    #[serde(default)]
    pub room: String,
    /// Who led it.
    #[serde(default)]
    pub mediator: String,
    /// Until when what was agreed is to be performed.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Between whom, on what.
    #[schemars(with = "String")]
    pub note: Text,
    /// The signed record.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 执法建议书.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Suggesting {
    /// To whom.
    pub to: String,
    /// What was found.
    #[schemars(with = "String")]
    pub problem: Text,
    /// What is proposed.
    #[schemars(with = "String")]
    pub note: Text,
    /// Until when an answer is asked for.
    #[schemars(with = "String")]
    pub until: Date,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct SuggestionAnswer {
    /// To which paper.
    #[serde(deserialize_with = "chosen")]
    pub paper: u16,
    /// Whether it was taken up.
    pub adopted: Adopted,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The letter.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 司法建议、检察建议 that came in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Receiving {
    /// Whose.
    pub kind: LetterKind,
    /// Which court or procuratorate.
    pub sender: String,
    /// Its number.
    pub number: String,
    /// Until when it must be answered, as it says.
    #[schemars(with = "String")]
    pub until: Date,
    /// What it says.
    #[schemars(with = "String")]
    pub note: Text,
    /// The letter.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct LetterAnswer {
    /// To which.
    #[serde(deserialize_with = "chosen")]
    pub letter: u16,
    /// In words.
    #[schemars(with = "String")]
    pub note: Text,
    /// The answer as sent.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 放弃听证.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct GivingUp {
    /// Who.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// Withdrawn, or stayed away.
    pub ground: HearingEnd,
    /// What happened.
    #[schemars(with = "String")]
    pub note: Text,
    /// What the party signed, where it withdrew.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
}

/// 按日连续处罚.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct GoingOn {
    /// Whom.
    #[serde(deserialize_with = "chosen")]
    pub party: u16,
    /// For which violation.
    #[serde(deserialize_with = "chosen")]
    pub violation: u16,
    /// How it was found uncorrected.
    #[schemars(with = "String")]
    pub note: Text,
}

/// What a case brings into another that it is joined to, or that is split off from it. The application makes it, with the texts
/// opened, so that each case keeps its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bringing {
    /// From which case.
    pub from: DocketId,
    /// Its number.
    pub number: String,
    /// Parties, with the keyed digest of their number.
    pub parties: Vec<(NewParty, Option<Digest>)>,
    /// Violations.
    pub violations: Vec<NewViolation>,
    /// Evidence.
    pub evidence: Vec<BroughtEvidence>,
    /// A party was split off: it and its first violation are registered already. Places count from them.
    pub split: bool,
    /// When the case was filed from which it comes: the ninety days count from the earliest filing (行政处罚法 60).
    pub filed: Option<Timestamp>,
    /// The ninety days as they run there, with what they were extended by.
    pub deciding: Option<Running>,
    /// Orders to correct that were served.
    pub orders: Vec<BroughtOrder>,
    /// Statements and defences.
    pub statements: Vec<BroughtStatement>,
    /// What was told: the place of the party and of the violation, and what it was to be.
    pub told: Vec<(usize, usize, Told)>,
    /// The decision that fell against the party that was split off.
    pub fallen: Option<BroughtFall>,
    /// What it was marked as, each with who said so.
    pub marks: BTreeMap<Mark, PersonCode>,
    /// Who stood aside (43).
    pub recused: BTreeSet<PersonCode>,
    /// Who handled it (58).
    pub handled_by: BTreeSet<PersonCode>,
}

/// A decision that fell, on its way.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields as in Fallen; a charge with the place of its violation")]
pub struct BroughtFall {
    pub ground: FallGround,
    pub different: Text,
    pub until: Option<Date>,
    pub charges: Vec<(usize, Charge)>,
}

/// An order to correct on its way.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields as in Order and PaperFile; party is its place")]
pub struct BroughtOrder {
    pub party: usize,
    pub number: String,
    pub note: Text,
    pub until: Option<Date>,
    pub kind: OrderKind,
    pub at: Timestamp,
    pub issued: Vec<ExhibitRef>,
    pub service: Service,
    pub inspected: Vec<(Timestamp, bool)>,
}

/// A statement on its way.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields as in Statement; party is its place")]
pub struct BroughtStatement {
    pub party: usize,
    pub text: Text,
    pub at: Timestamp,
    pub answer: Option<(Adopted, Text)>,
}

/// A piece of evidence on its way.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields as in Evidence")]
pub struct BroughtEvidence {
    pub kind: EvidenceKind,
    pub officers: Vec<Officer>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub note: Text,
    pub exhibits: Vec<ExhibitRef>,
    pub refused: bool,
    pub origin: Option<crate::penalty::Origin>,
}
