//! The things that a case is made of, as its events hold them.

use super::words::{
    Adopted, Capacity, EvidenceKind, MeasureKind, OnSiteGround, PaperKind, PartyKind, RemedyEnd, RemedyKind,
    Way,
};
use crate::cooperation::Taker;
use crate::words::words;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An officer with the certificate under which he works (行政处罚法 42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Who.
    pub person: PersonCode,
    /// Name, as on the papers.
    pub name: String,
    /// Number of the certificate.
    pub certificate: String,
}

/// Who is said to have done it. Names and numbers are a sealed part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its number in this case, from 1.
    pub id: u16,
    /// What it is.
    pub kind: PartyKind,
    /// Age and mind.
    #[serde(default = "full", skip_serializing_if = "is_full")]
    pub capacity: Capacity,
    /// Particulars: JSON `{name, id_number, address, representative, phone}`.
    pub particulars: PartRef,
    /// Keyed digest of its number of identification, to find other cases of the same party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Digest>,
    /// Its particulars were completed since it was registered; told by the events, never written in one.
    #[serde(skip)]
    pub described: bool,
}

const fn full() -> Capacity {
    Capacity::Full
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_full(capacity: &Capacity) -> bool {
    *capacity == Capacity::Full
}

/// A violation (违法行为).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Its number in this case, from 1.
    pub id: u16,
    /// Code of the item (事项).
    pub item: String,
    /// First day of the conduct.
    pub from: Date,
    /// Last day; the same where it is one act.
    pub to: Date,
    /// It did not stop in between (连续或者继续状态, 36(2)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continuing: bool,
    /// Polluted the environment or harmed nature: five years since the code is in force (生态环境法典 1054).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub harm: bool,
    /// Touches the life, health or financial safety of citizens and did harm: five years (行政处罚法 36(1)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub danger: bool,
    /// What was done.
    pub facts: PartRef,
    /// When it was found (行政处罚法 36: 发现): by the complaint or report that it came from, in another case before this one, or when it
    /// was added. None: when the case was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Timestamp>,
}

impl Violation {
    /// The day from which the time to punish it counts: that of the act, and where it was continual or went on, that of its end
    /// (行政处罚法 36(2)).
    #[must_use]
    pub const fn counts_from(&self) -> Date {
        if self.continuing { self.to } else { self.from }
    }
    /// Whether it is the same act as another of the same party: the same item on a day in common (行政处罚法 29).
    #[must_use]
    pub fn same_act(&self, other: &Violation) -> bool {
        self.item == other.item && self.from <= other.to && other.from <= self.to
    }
}

/// An order to correct that was served in another case, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFrom {
    /// The order; its paper is new here.
    pub order: Order,
    /// 文号.
    pub number: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Its scans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<ExhibitRef>,
    /// How it reached the party.
    pub service: Service,
    /// Re-inspections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inspected: Vec<(Timestamp, bool)>,
}

/// A statement that was made in another case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFrom {
    /// Whose.
    pub party: u16,
    /// In the party's words.
    pub text: PartRef,
    /// When.
    pub at: Timestamp,
    /// What the agency answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<(Adopted, PartRef)>,
}

/// A record or a piece of evidence (46, 55).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its number in this case, from 1.
    pub id: u16,
    /// Kind.
    pub kind: EvidenceKind,
    /// Who took it, with certificates.
    pub officers: Vec<Officer>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// What it says or is.
    pub note: PartRef,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
    /// The party refused to sign; a witness did or it was recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// It was taken by another member and recognised here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Where evidence comes from that another member took (行政处罚法 46: 经查证属实，方可作为认定案件事实的根据).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the agency that took it.
    pub from: String,
    /// Number of the cooperation by which it came.
    pub matter: String,
    /// The cooperation here.
    pub docket: DocketId,
    /// What it is called there.
    pub name: String,
    /// Who took it, with certificates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takers: Vec<Taker>,
    /// When it was taken, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// The matter there from which it comes; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// When it was recognised here.
    pub recognised: Timestamp,
    /// By what: the place of the letter that brought it in the shared record.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proof: String,
}

/// Evidence of another member that was recognised and may be taken into a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The file, as it is kept here.
    pub exhibit: ExhibitRef,
    /// Where it comes from.
    pub origin: Origin,
}

/// A measure on things: registered preservation (56), sealing or seizure (行政强制法 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Its number in this case, from 1.
    pub id: u16,
    /// Kind.
    pub kind: MeasureKind,
    /// Whose things.
    pub party: u16,
    /// List: name, model, number, marks, condition, where it is kept and by whom.
    pub goods: PartRef,
    /// Who did it, with certificates.
    pub officers: Vec<Officer>,
    /// Photos, the list with signatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
    /// Taken at once without approval beforehand (行政强制法 19).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// The preservation whose things it takes over (行政处罚法 56).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_over: Option<u16>,
    /// Said to be other things than those of an earlier measure of the same party (行政强制法 25).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_goods: bool,
    /// Since when.
    pub from: Timestamp,
}

words! {
    /// What an order asks for.
    OrderKind {
        /// To put something right, which the officers order by themselves (行政处罚法 28).
        Correct = "correct", "责令改正";
        /// To pull something down, which is reviewed and signed by the leader (城乡规划法 64, 68).
        Demolish = "demolish", "责令限期拆除";
        /// As it was entered before the two were told apart: one with a day may be either.
        Either = "either", "责令改正";
    }
}

fn either() -> OrderKind {
    OrderKind::Either
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_either(kind: &OrderKind) -> bool {
    *kind == OrderKind::Either
}

/// An order to correct (28), or to pull down (城乡规划法 64).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its paper.
    pub paper: u16,
    /// To whom.
    pub party: u16,
    /// What.
    pub note: PartRef,
    /// Last day; none: at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it asks for.
    #[serde(default = "either", skip_serializing_if = "is_either")]
    pub kind: OrderKind,
}

impl Order {
    /// Whether it can carry a demolition (行政强制法 44): it orders to pull down by a day.
    #[must_use]
    pub fn pulls_down(&self) -> bool {
        match self.kind {
            OrderKind::Demolish => true,
            OrderKind::Either => self.until.is_some(),
            OrderKind::Correct => false,
        }
    }
    /// The paper by which it went out.
    #[must_use]
    pub const fn form(&self) -> PaperKind {
        match self.kind {
            OrderKind::Demolish => PaperKind::DemolitionOrder,
            OrderKind::Correct | OrderKind::Either => PaperKind::Correction,
        }
    }
}

/// A paper with its number (文号), as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its number in this case, from 1.
    pub id: u16,
    /// Kind.
    pub kind: PaperKind,
    /// 文号.
    pub number: String,
    /// To whom it goes; empty for papers inside the agency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<u16>,
}

/// How a paper reached a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Way.
    pub way: Way,
    /// When the paper was handed over, or the notice began.
    pub from: Timestamp,
    /// Since when it counts as served; none while a public notice runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Timestamp>,
    /// Who took it, who witnessed it, number of the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<PartRef>,
    /// Proof: signed receipt, photo, receipt of the post.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<ExhibitRef>,
}

/// A paper and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperFile {
    /// The paper.
    pub paper: Paper,
    /// Who signed it.
    pub by: Option<PersonCode>,
    /// When.
    pub at: Timestamp,
    /// The paper as printed, signed and scanned: each time that it came in.
    pub issued: Vec<Issue>,
    /// Voided, with the reason; its number is not used again.
    pub voided: Option<(PartRef, Timestamp)>,
    /// To whom it was served.
    pub service: BTreeMap<u16, Service>,
}

/// A paper as it was signed and stamped, scanned: the original from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Whose copy it is; none where there is one for all to whom the paper goes.
    pub party: Option<u16>,
    /// Its pages.
    pub exhibits: Vec<ExhibitRef>,
    /// Why it takes the place of the one before.
    pub note: Option<PartRef>,
    /// Parties that were served with it: theirs it stays.
    pub served: Vec<u16>,
}

impl PaperFile {
    /// The scan that counts for a party: the one with which it was served, else the newest.
    #[must_use]
    pub fn scan_for(&self, party: u16) -> Option<&Issue> {
        let own = || self.issued.iter().filter(|issue| issue.party.is_none_or(|p| p == party));
        own().find(|issue| issue.served.contains(&party)).or_else(|| own().next_back())
    }

    /// All scans of a party's copy, the one that counts first.
    #[must_use]
    pub fn scans_of(&self, party: u16) -> Vec<ExhibitRef> {
        let counts = self.scan_for(party);
        let own = self.issued.iter().filter(|issue| issue.party.is_none_or(|p| p == party));
        let others = own.filter(|issue| counts != Some(issue));
        counts.into_iter().chain(others).flat_map(|issue| issue.exhibits.iter().cloned()).collect()
    }

    /// Whether it must still be served on somebody.
    #[must_use]
    pub fn unserved(&self) -> bool {
        self.voided.is_none()
            && self.paper.kind.must_serve()
            && self.paper.parties.iter().any(|p| self.service.get(p).is_none_or(|s| s.effective.is_none()))
    }
}

/// A part of a fine that is paid later (66(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Last day.
    pub due: Date,
    /// How much, fen.
    pub fen: i64,
}

/// Money taken on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnSite {
    /// Why it may (68, 69).
    pub ground: OnSiteGround,
    /// Number of the fiscal receipt (70).
    pub ticket: String,
    /// When it was handed in to the agency (71).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed: Option<Timestamp>,
    /// Who took it: he has the cash until it is handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonCode>,
    /// That the party asked for it (69), or why the fine would be hard to get later (68(二)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<PartRef>,
    /// Number of the receipt that the agency gave for it; none where it was handed in before such were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
}

/// The bank has the money: of a receipt that somebody typed, or that the agency paid in (71).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banked {
    /// On which day.
    pub on: Date,
    /// Number of the bank's line or voucher.
    pub reference: String,
    /// The file of the bank in which it stood; none where somebody typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// What somebody found out about a payment that was typed, who neither typed it nor handles the case (行政处罚法 67).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// It came; else it was never paid, and does not count.
    pub came: bool,
    /// Number of the treasury's receipt or of the bank's voucher by which it came.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub voucher: String,
    /// In words: why it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<PartRef>,
    /// The voucher.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
}

/// Money that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How much, fen.
    pub fen: i64,
    /// On which day.
    pub on: Date,
    /// Number of the receipt or of the bank's line.
    pub reference: String,
    /// Taken on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_site: Option<OnSite>,
    /// The file of the bank in which it stood; none where somebody typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// Number of the fiscal receipt that the party got (财政票据).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ticket: String,
    /// Proof of it: the bank's receipt, what the party asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<ExhibitRef>,
    /// The bank has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banked: Option<Banked>,
    /// The seized thing that was auctioned for it (行政强制法 46(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<u16>,
    /// Who entered it, as its event says.
    #[serde(skip)]
    pub by: Option<PersonCode>,
    /// The voucher by which it was found to have come, and who found it, as a later event says.
    #[serde(skip)]
    pub checked: Option<(String, PersonCode)>,
}

/// A reconsideration or a lawsuit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Which.
    pub kind: RemedyKind,
    /// The order that it challenges, by its paper; none: the decision on the penalty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<u16>,
    /// On which day it was asked for.
    pub on: Date,
    /// The decision is stayed meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stay: bool,
    /// By the short procedure of reconsideration (行政复议法 53).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simple: bool,
    /// When the agency answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied: Option<Timestamp>,
    /// How it ended, and on which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(RemedyEnd, Date)>,
    /// What came of it stands in what was published; told by the events, never written in one.
    #[serde(skip)]
    pub shown: bool,
}
