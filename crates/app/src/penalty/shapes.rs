//! Shapes of a case as pages and the API show it. Sums and dates are in words, with all that an outside reader needs to
//! compute them again.

use super::beside::BesideView;
use super::write::FolioView;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{Check, Shelved};
use schemars::JsonSchema;
use serde::Serialize;

/// What comes next, in one sentence, and what is missing before it may be done.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NextView {
    /// In a sentence.
    pub sentence: String,
    /// The command that the sentence is about; none where only a term is waited for.
    pub act: Option<&'static str>,
    /// What is missing, each with its article and the way on.
    #[schemars(with = "Vec<serde_json::Value>")]
    pub missing: Vec<Refusal>,
}

/// A basis that was chosen or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BasisView {
    /// Law and article.
    pub cite: String,
    /// How much, in words.
    pub range: String,
    /// Why, or why not.
    pub why: String,
    /// A legal officer has to confirm it before it carries a decision.
    pub unconfirmed: bool,
}

/// What the law says of a violation for one kind of party (单位, 个人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanView {
    /// 单位 or 个人.
    pub subject: &'static str,
    /// The basis by time, old and new law, and level.
    pub chosen: Option<BasisView>,
    /// The others.
    pub rejected: Vec<BasisView>,
    /// What a legal officer has to look at.
    pub warnings: Vec<String>,
    /// What the benchmark gives in each of its tiers: title, arithmetic.
    pub tiers: Vec<(String, String)>,
    /// The benchmark and its source.
    pub benchmark: String,
}

/// A violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ViolationView {
    /// Number in the case.
    pub id: u16,
    /// Code of its item.
    pub item: String,
    /// Name of its item.
    pub name: String,
    /// When it was done, in words.
    pub when: String,
    /// What was done.
    pub facts: String,
    /// What the law says of it.
    pub plans: Vec<PlanView>,
}

/// What shall be done to a party for a violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChargeView {
    /// For which violation.
    pub violation: u16,
    /// The penalty in words.
    pub penalty: String,
    /// Law and article.
    pub cite: String,
    /// Why this basis.
    pub why: String,
    /// How circumstances weigh.
    pub weight: &'static str,
    /// What the benchmark gives, with its arithmetic.
    pub benchmark: String,
    /// Why it differs from that.
    pub deviates: Option<String>,
    /// Grounds.
    pub grounds: String,
    /// The basis was not compared with its text, and nobody confirmed it.
    pub unconfirmed: bool,
    /// The party may demand a hearing.
    pub hearing: bool,
}

/// A statement and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementView {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What was said.
    pub text: String,
    /// 采纳, 部分采纳, 不采纳, and why.
    pub answer: Option<(&'static str, String)>,
}

/// Where the hearing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HearingView {
    /// In words.
    pub words: String,
    /// The report on it.
    pub report: Option<String>,
}

/// What a party owes and paid, all in words with the fen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyView {
    /// Fine.
    pub fine: String,
    /// Unlawful gains.
    pub confiscation: String,
    /// Surcharge that was fixed.
    pub surcharge: String,
    /// Paid.
    pub paid: String,
    /// What is left.
    pub left: String,
    /// Whether something is left.
    pub owing: bool,
    /// Payment code.
    pub code: Option<String>,
    /// Parts that were granted.
    pub parts: Vec<String>,
    /// Receipts.
    pub receipts: Vec<String>,
    /// Surcharge as of today, with its arithmetic; none while nothing accrues.
    pub accrued: Option<(String, String)>,
    /// What was paid, is not owed any more and was not given back yet; none where nothing is.
    pub refund: Option<String>,
    /// How what is left was computed.
    pub sum: String,
}

/// A thing of the case in custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustodyView {
    /// Number in the case.
    pub id: u16,
    /// What it is.
    pub kind: &'static str,
    /// Name, quantity, marks.
    pub name: String,
    /// Where it is.
    pub state: &'static str,
    /// Shelf.
    pub shelf: String,
    /// The agency still answers for it.
    pub kept: bool,
    /// It ought to have been given back.
    pub release: bool,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartyView {
    /// Number in the case.
    pub id: u16,
    /// What it is.
    pub kind: &'static str,
    /// Age and mind, where that matters.
    pub capacity: Option<&'static str>,
    /// What papers must say of it and is not known yet, named as on paper; only for who may see the party.
    pub lacking: Vec<String>,
    /// What is planned.
    pub charges: Vec<ChargeView>,
    /// What it was told, in words.
    pub notice: Option<String>,
    /// What it said.
    pub statements: Vec<StatementView>,
    /// What it gave up in writing.
    pub waived: Option<&'static str>,
    /// Hearing.
    pub hearing: Option<HearingView>,
    /// Money.
    pub money: MoneyView,
    /// Reconsideration and lawsuits.
    pub remedies: Vec<String>,
    /// Enforcement.
    pub enforcement: Vec<String>,
    /// Agreements, suspension and the end of enforcement.
    pub execution: Vec<String>,
    /// What was decided does not stand any more.
    pub annulled: bool,
    /// The case in which it goes on.
    #[schemars(with = "Option<i64>")]
    pub split_to: Option<DocketId>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// Number in the case.
    pub id: u16,
    /// Kind.
    pub kind: &'static str,
    /// What it says or is.
    pub note: String,
    /// Who took it, with certificates.
    pub officers: String,
    /// From when until when.
    pub when: String,
    /// The party did not sign.
    pub refused: bool,
    /// Why it does not count.
    pub excluded: Option<String>,
    /// The case in which it was taken, where that is another.
    #[schemars(with = "Option<i64>")]
    pub from_case: Option<DocketId>,
    /// Files.
    pub exhibits: Vec<Digest>,
    /// From which member, by whom and when taken, when it was recognised: of evidence that another member took.
    pub origin: Option<OriginView>,
}

/// Where evidence of another member comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OriginView {
    /// In words.
    pub words: String,
    /// The cooperation here.
    #[schemars(with = "i64")]
    pub docket: DocketId,
    /// Its number.
    pub number: String,
}

/// Another case of the same party for the same item (行政处罚法 29, 33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PriorView {
    /// Its number.
    pub number: String,
    /// Who has it: this agency, or the member whose penalty was recognised.
    pub by: String,
    /// The item by name.
    pub item: String,
    /// When it was done, in words.
    pub when: String,
    /// What came of it, in words.
    pub state: &'static str,
}

/// Things under a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureView {
    /// Number in the case.
    pub id: u16,
    /// Kind.
    pub kind: &'static str,
    /// Whose.
    pub party: u16,
    /// The list.
    pub goods: String,
    /// Where it stands, in words.
    pub state: String,
    /// It waits for an act.
    pub open: bool,
    /// Files.
    pub exhibits: Vec<Digest>,
}

/// An order to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderView {
    /// To whom.
    pub party: u16,
    /// Number of its paper.
    pub number: String,
    /// What.
    pub note: String,
    /// Until when.
    pub until: String,
    /// What the last re-inspection found.
    pub inspected: Option<bool>,
}

/// What waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PendingView {
    /// Number in the case.
    pub id: u16,
    /// What.
    pub title: &'static str,
    /// What it comes to, line by line.
    pub lines: Vec<String>,
    /// Grounds.
    pub note: String,
    /// Who asks.
    pub by: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who endorsed it for the unit.
    pub endorsed: Option<String>,
    /// The unit has to say something first.
    pub wants_unit: bool,
    /// A legal reviewer has to see it first, under which rule; and what he said.
    pub review: Option<String>,
    /// What the legal reviewer said.
    pub reviewed: Option<&'static str>,
    /// Its paper can be looked at as a draft.
    pub printable: bool,
}

/// A legal review or a discussion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpinionView {
    /// By whom.
    pub by: String,
    /// Opinion in words.
    pub opinion: &'static str,
    /// In full.
    pub note: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Of what is planned now; an older one does not count.
    pub current: bool,
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaperView {
    /// Number in the case.
    pub id: u16,
    /// Code of the form: `D17`.
    pub form: &'static str,
    /// Name.
    pub title: &'static str,
    /// 文号.
    pub number: String,
    /// When it was signed.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// It goes to parties.
    pub outward: bool,
    /// It waits for the agency's electronic seal.
    pub to_seal: bool,
    /// Served on whom, how and when.
    pub served: Vec<String>,
    /// Somebody does not have it yet.
    pub unserved: bool,
    /// Why it was voided.
    pub voided: Option<String>,
    /// Signed scans.
    pub issued: Vec<Digest>,
    /// Parties with a copy each, where there are several.
    pub copies: Vec<u16>,
    /// Where it stands as a document.
    pub folio: FolioView,
}

/// A volume that lies in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VolumeView {
    /// Its number there, and the day.
    pub words: String,
    /// It can be printed as it was bound then.
    pub bound: bool,
}

impl VolumeView {
    pub(super) fn of(volume: &Shelved) -> VolumeView {
        let day = lianzhi_procedure::beijing_date(volume.at);
        VolumeView {
            words: format!("原卷（档号 {}，{day} 归档）", volume.shelf),
            bound: volume.file.is_some(),
        }
    }
}

/// A line of the catalogue (卷内目录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListedView {
    /// Place in the file, from 1.
    pub n: usize,
    /// When it was made.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Code of the form, empty where it has none.
    pub form: &'static str,
    /// Name.
    pub title: String,
    /// 文号.
    pub number: String,
    /// Where it stands as a document, where it is one.
    pub folio: Option<FolioView>,
    /// Whose it is.
    pub party: Option<u16>,
    /// Its text.
    pub text: Option<String>,
    /// Files.
    pub exhibits: Vec<Digest>,
    /// It was voided.
    pub voided: bool,
}

/// A penalty case for staff.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseView {
    /// Stage's code.
    pub stage: &'static str,
    /// Stage in words.
    pub stage_title: &'static str,
    /// 案件来源.
    pub source: &'static str,
    /// What comes next.
    pub next: NextView,
    /// Officers with certificates.
    pub officers: String,
    /// What makes it more than ordinary.
    pub marks: Vec<&'static str>,
    /// Parties.
    pub parties: Vec<PartyView>,
    /// Violations.
    pub violations: Vec<ViolationView>,
    /// Evidence.
    pub evidence: Vec<EvidenceView>,
    /// Other cases of the same parties for the same items.
    pub prior: Vec<PriorView>,
    /// Measures.
    pub measures: Vec<MeasureView>,
    /// Things in custody.
    pub things: Vec<CustodyView>,
    /// Orders to correct.
    pub orders: Vec<OrderView>,
    /// What waits for approval.
    pub pending: Vec<PendingView>,
    /// What came back last: what, and why.
    pub returned: Option<(&'static str, String)>,
    /// Legal reviews.
    pub reviews: Vec<OpinionView>,
    /// Discussions.
    pub discussions: Vec<OpinionView>,
    /// Papers.
    pub papers: Vec<PaperView>,
    /// Documents that are not in the catalogue yet and can be made, by title.
    pub folios: Vec<(String, FolioView)>,
    /// The file in its order.
    pub catalogue: Vec<ListedView>,
    /// Volumes that lie in the archive since before the case was taken out, in order.
    pub volumes: Vec<VolumeView>,
    /// The record of the whole process.
    #[schemars(with = "Vec<serde_json::Value>")]
    pub process: Vec<Check>,
    /// What is missing of the record by now.
    pub gaps: Vec<lianzhi_procedure::penalty::Gap>,
    /// Publication in words.
    pub publication: String,
    /// Opinions that were asked for, mediation, suggestions.
    pub beside: Vec<BesideView>,
    /// What became of a refusal of the police.
    pub police: Vec<String>,
    /// What it follows from and how it is computed, where it is a fine for further days.
    pub daily: Option<String>,
    /// Papers whose clerical errors were put right: which number by which.
    pub amended: Vec<(String, String)>,
    /// The reader may ask who a party is.
    pub may_see_parties: bool,
    /// Folios of the file on which nothing was written yet that must stand there.
    pub blank: Vec<String>,
}
