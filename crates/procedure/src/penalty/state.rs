//! What is known of a penalty case: small sub-states side by side, each of which makes wrong orders impossible.

use super::advice::AdviceFile;
use super::charge::{Charge, Told};
use super::clocks::Watched;
use super::daily::{Daily, DailyRun};
use super::execution::{CourtStep, Execution};
use super::folios::{Folio, FolioFile, Granted};
use super::goods::ThingFile;
use super::matters::{Evidence, Measure, Officer, Order, Paper, PaperFile, Remedy, Subject, Violation};
use super::money::Money;
use super::police::Police;
use super::proposal::Pending;
use super::public::{PublicPast, Publication};
use super::rights::Rights;
use super::stage::Stage;
use super::transfer::Transfer;
use super::words::{
    ClosingGround, EnforcementKind, Mark, NoPenaltyGround, Opinion, PaperKind, Settlement, Source,
};
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use lianzhi_law::Running;
use std::collections::{BTreeMap, BTreeSet};

/// From lead to filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filing {
    /// A lead (线索); whether it was checked, and with which result.
    Lead {
        /// Whether the check found a violation.
        verified: Option<bool>,
    },
    /// 立案.
    Filed {
        /// When.
        at: Timestamp,
    },
    /// 不予立案.
    NotFiled {
        /// When.
        at: Timestamp,
    },
}

/// Enforcement against a party, once approved.
#[derive(Debug, Clone, PartialEq)]
pub struct Enforcement {
    /// How.
    pub kind: EnforcementKind,
    /// Its paper, none where the law wants none beforehand.
    pub paper: Option<u16>,
    /// When it shall be done; for the court, when it is applied for.
    pub on: Timestamp,
    /// The court, where it is one.
    pub court: String,
    /// When it was decided.
    pub at: Timestamp,
    /// On which day it was handed to the court, where it is one (行政强制法 53, 56).
    pub lodged: Option<Date>,
    /// When it was carried out.
    pub done: Option<Timestamp>,
    /// Photos and films of it.
    pub exhibits: Vec<ExhibitRef>,
    /// When it was given up because the party performed, or because what it rested on fell.
    pub stopped: Option<Timestamp>,
    /// What the court said, on which days.
    pub court_said: Vec<(CourtStep, Date)>,
}

impl Enforcement {
    /// Whether it is still to be carried out: not done, not given up, and not refused by the court for good.
    #[must_use]
    pub fn open(&self) -> bool {
        let refused = self.court_said.last().is_some_and(|(step, _)| *step == CourtStep::Upheld);
        self.done.is_none() && self.stopped.is_none() && !refused
    }
    /// Whether the court has the application: handed over, or answered.
    #[must_use]
    pub fn at_court(&self) -> bool {
        self.kind == EnforcementKind::Court && (self.lodged.is_some() || !self.court_said.is_empty())
    }
}

/// A party with all that is told, owed and done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// Who.
    pub subject: Subject,
    /// Before the decision.
    pub rights: Rights,
    /// What is to be done to it as now planned.
    pub charges: Vec<Charge>,
    /// Money.
    pub money: Money,
    /// Agreed in writing to be served electronically (61(2)).
    pub electronic: bool,
    /// Reconsideration and lawsuits.
    pub remedies: Vec<Remedy>,
    /// Enforcement.
    pub enforcement: Vec<Enforcement>,
    /// Agreements, suspension and the end of enforcement.
    pub execution: Execution,
    /// Since when what was decided against it does not stand any more.
    pub annulled: Option<Timestamp>,
    /// Conduct was put right, money apart (说明 of the order's re-inspection, enforcement).
    pub split_to: Option<DocketId>,
}

impl Party {
    /// What it paid and does not owe any more, fen (国家赔偿法 36(一)).
    #[must_use]
    pub fn to_refund(&self) -> i64 {
        self.money.to_refund(self.annulled.is_some())
    }
}

/// Things under a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureFile {
    /// The measure.
    pub measure: Measure,
    /// Whether the leader approved it (before, or made up afterwards).
    pub approved: bool,
    /// The measure fell at the end of its term (56) or was lifted.
    pub lapsed: Option<Timestamp>,
    /// What became of the things.
    pub settled: Option<(Settlement, Timestamp)>,
    /// Tests of things that are sealed or seized, in order.
    pub tests: Vec<TestRun>,
    /// Preserved things were sent to be tested (56): when, and by which day they go back.
    pub back_by: Option<(Timestamp, Date)>,
}

/// 检测、检验、检疫、鉴定 of things under a measure: for that time its term stands still (行政强制法 25(3)).
#[derive(Debug, Clone, PartialEq)]
pub struct TestRun {
    /// The paper by which the party was told.
    pub paper: u16,
    /// Since when.
    pub from: Timestamp,
    /// Last day, as told.
    pub until: Date,
    /// When it ended, on that day or before.
    pub ended: Option<Timestamp>,
}

impl MeasureFile {
    /// Whether the measure is still in force.
    #[must_use]
    pub fn in_force(&self) -> bool {
        self.lapsed.is_none() && self.settled.is_none()
    }
    /// The test that goes on.
    #[must_use]
    pub fn testing(&self) -> Option<&TestRun> {
        self.tests.iter().find(|t| t.ended.is_none())
    }
    /// Since when and until which day things of it are tested.
    #[must_use]
    pub fn tested_until(&self) -> Option<(Timestamp, Date)> {
        self.testing().map(|t| (t.from, t.until)).or(self.back_by)
    }
}

/// A piece of evidence and whether it still counts.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceFile {
    /// The evidence.
    pub evidence: Evidence,
    /// When it came into the file.
    pub recorded: Timestamp,
    /// Excluded as unlawfully taken (46(3)).
    pub excluded: Option<PartRef>,
    /// The case in which it was taken, where that is another.
    pub origin: Option<DocketId>,
}

/// An order to correct and what came of it (28).
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFile {
    /// The order.
    pub order: Order,
    /// Re-inspections: when, whether done.
    pub inspected: Vec<(Timestamp, bool)>,
    /// Reconsideration and lawsuits against the order itself.
    pub remedies: Vec<Remedy>,
    /// Since when it does not stand any more.
    pub annulled: Option<Timestamp>,
}

impl OrderFile {
    /// Whether it was met, as far as anybody looked.
    #[must_use]
    pub fn met(&self) -> bool {
        self.inspected.iter().any(|(_, done)| *done)
    }
    /// Whether a re-inspection shows that it was not obeyed: before the day that it gave is over nobody is late.
    #[must_use]
    pub fn shows(&self, (at, done): (Timestamp, bool)) -> bool {
        !done && self.order.until.is_none_or(|until| crate::beijing_date(at) > until)
    }
    /// When it was found to be disregarded (拒不改正、逾期不改正).
    #[must_use]
    pub fn disobeyed(&self) -> Option<Timestamp> {
        self.inspected.iter().copied().find(|seen| self.shows(*seen)).map(|(at, _)| at)
    }
}

/// A legal review (58).
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// By whom.
    pub by: PersonCode,
    /// Opinion.
    pub opinion: Opinion,
    /// In words.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
    /// The version of the plan that was reviewed.
    pub version: u32,
    /// The proposal that was reviewed, where it was one and not the plan (重大执法决定法制审核目录).
    pub proposal: Option<u16>,
    /// It did not agree, and since then evidence was added or the case was sent for review again.
    pub mended: Option<Timestamp>,
}

/// A collective discussion of the leaders (57(2)).
#[derive(Debug, Clone, PartialEq)]
pub struct Discussion {
    /// Who took part.
    pub present: Vec<PersonCode>,
    /// Whether they agreed.
    pub agreed: bool,
    /// It was about a second extension, not about the penalty.
    pub longer: bool,
    /// Record.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
    /// The version of the plan that was discussed.
    pub version: u32,
}

/// How it was decided.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Outcome {
    /// Not yet.
    #[default]
    Open,
    /// A penalty.
    Penalty {
        /// Its paper.
        paper: u16,
        /// When.
        at: Timestamp,
    },
    /// No penalty.
    NoPenalty {
        /// Its paper.
        paper: u16,
        /// Why.
        ground: NoPenaltyGround,
        /// When.
        at: Timestamp,
    },
    /// Handed over to the police.
    Crime {
        /// When it was approved.
        at: Timestamp,
        /// When it was sent.
        sent: Option<Timestamp>,
        /// Whether the police opened a case.
        taken: Option<bool>,
        /// When that was known.
        answered: Option<Timestamp>,
    },
    /// Handed over to the agency that has the jurisdiction (行政处罚法 22, 25).
    Transferred(Transfer),
    /// 撤销立案.
    Dropped {
        /// When.
        at: Timestamp,
    },
}

/// The end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// How.
    pub ground: ClosingGround,
    /// When.
    pub at: Timestamp,
    /// When it went into the archive, with its number there.
    pub archived: Option<(Timestamp, String)>,
    /// The whole file as it was bound then.
    pub file: Option<ExhibitRef>,
    /// The documents that went there.
    pub shelved: BTreeSet<Folio>,
}

/// The whole case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Number of the case.
    pub number: String,
    /// When it was registered.
    pub at: Timestamp,
    /// Who registered it.
    pub by: Option<PersonCode>,
    /// The unit that has it.
    pub unit: UnitCode,
    /// Where it came from.
    pub source: Source,
    /// The matter that it came from.
    pub origin: Option<DocketId>,
    /// Name of the case (案由), in a line.
    pub title: PartRef,
    /// Where in words.
    pub place: Option<PartRef>,
    /// Where.
    pub point: Option<lianzhi_territory::Point>,
    /// The two officers (42), first the one in charge.
    pub officers: Vec<Officer>,
    /// All who ever handled it, those who stood aside too: none of them may review it.
    pub handled_by: BTreeSet<PersonCode>,
    /// Who stood aside (43).
    pub recused: BTreeSet<PersonCode>,
    /// Lead and filing.
    pub filing: Filing,
    /// When the first of the cases was filed from which this one was split off or that were joined to it.
    pub filed_before: Option<Timestamp>,
    /// The ninety days as they ran there (60).
    pub deciding_before: Option<Running>,
    /// What its parties were told in other cases.
    pub told_before: Vec<Told>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Violations.
    pub violations: Vec<Violation>,
    /// Violations that were entered and withdrawn again; their numbers are not used again.
    pub withdrawn: Vec<Violation>,
    /// What makes it more than ordinary.
    pub marks: BTreeSet<Mark>,
    /// Who set each mark, last.
    pub marked_by: BTreeMap<Mark, PersonCode>,
    /// Marks that were taken off after a legal review under them did not agree: what they demand stays owed (57(2), 58).
    pub marks_owed: BTreeSet<Mark>,
    /// Evidence.
    pub evidence: Vec<EvidenceFile>,
    /// Measures on things.
    pub measures: Vec<MeasureFile>,
    /// Things in custody, those that are gone too.
    pub things: Vec<ThingFile>,
    /// Orders to correct.
    pub orders: Vec<OrderFile>,
    /// Something is being tested, as it was entered before each test named its measure and its last day.
    pub testing: bool,
    /// End of the investigation, when it was reported.
    pub finished: Option<Timestamp>,
    /// How often what is planned was changed: parties, violations, charges.
    pub version: u32,
    /// What a panel or a lawyer said.
    pub advice: Vec<PartRef>,
    /// Opinions that were asked for, mediation, suggestions.
    pub beside: AdviceFile,
    /// The way to the police and back.
    pub police: Police,
    /// Papers whose clerical errors were put right: which, by which, when.
    pub amended: Vec<(u16, u16, Timestamp)>,
    /// Fines for further days that followed from this case.
    pub daily: Vec<DailyRun>,
    /// The case of which this is a fine for further days.
    pub daily_of: Option<Daily>,
    /// Legal reviews.
    pub reviews: Vec<Review>,
    /// Discussions.
    pub discussions: Vec<Discussion>,
    /// What waits for approval.
    pub pending: Vec<Pending>,
    /// What came back, last.
    pub returned: Option<(&'static str, PartRef)>,
    /// What was granted.
    pub granted: Vec<Granted>,
    /// What was written on the folios of the file and who signed them.
    pub folios: BTreeMap<Folio, FolioFile>,
    /// How many proposals there were.
    pub proposals: u16,
    /// Papers.
    pub papers: Vec<PaperFile>,
    /// How it was decided.
    pub outcome: Outcome,
    /// Decisions that fell and were decided anew, in order.
    pub anew: Vec<super::anew::Anew>,
    /// Since when a decision that the first instance revoked stands again (行政诉讼法 89).
    pub restored: Option<Timestamp>,
    /// Publication.
    pub publication: Publication,
    /// Publications that are over, and what becomes of what was changed.
    pub public_past: PublicPast,
    /// The end.
    pub closed: Option<Closed>,
    /// Volumes that lie in the archive since before it was taken out once more, in order.
    pub volumes: Vec<super::archive::Shelved>,
    /// The case that this one was joined to.
    pub joined_to: Option<DocketId>,
    /// Cases joined to this one.
    pub joined: Vec<DocketId>,
    /// What the parties of a petty case signed.
    pub light: super::light::Light,
    /// Clocks.
    pub clocks: Vec<Watched>,
    /// Further texts, for search.
    pub texts: Vec<PartRef>,
    /// What came into the file without a form of its own, in the order in which it came.
    pub materials: Vec<super::materials::Material>,
    /// Files of the whole case in the order in which they came.
    pub exhibits: Vec<ExhibitRef>,
    /// Last change.
    pub changed: Timestamp,
}

/// A case, or nothing yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A case.
    Case(Box<Case>),
}

impl State {
    /// The case, once there is one.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        match self {
            State::Nothing => None,
            State::Case(case) => Some(case),
        }
    }
}

impl Case {
    /// Whether the mark is on, or still demands what it demanded when a legal review did not agree.
    #[must_use]
    pub fn marked(&self, mark: Mark) -> bool {
        self.marks.contains(&mark) || self.marks_owed.contains(&mark)
    }
    /// Its marks as they go along into another case, each with who set it: what they demand is demanded there (27, 57(2), 58).
    #[must_use]
    pub fn marks_along(&self) -> BTreeMap<Mark, PersonCode> {
        self.marked_by
            .iter()
            .filter(|(mark, _)| self.marked(**mark))
            .map(|(m, by)| (*m, by.clone()))
            .collect()
    }
    /// How many violations were ever entered: the numbers that are used up.
    #[must_use]
    pub fn violations_entered(&self) -> usize {
        self.violations.len() + self.withdrawn.len()
    }
    /// Where it stands, for people.
    #[must_use]
    pub fn stage(&self) -> Stage {
        super::stage::stage(self)
    }
    /// Whether work is still to be done.
    #[must_use]
    pub fn open(&self) -> bool {
        self.closed.is_none() && self.joined_to.is_none() && !matches!(self.filing, Filing::NotFiled { .. })
    }
    /// Whether it was closed after a decision on a penalty or an order: what may still come then is a remedy, a revocation, a correction, and
    /// what these make necessary (行政处罚法 48(2), 75(2); 行政复议法 20; 行政诉讼法 46).
    #[must_use]
    pub fn afterwards(&self) -> bool {
        let ordered = |o: &OrderFile| self.served(o.order.paper, o.order.party).is_some();
        let decided = self.decision().is_some() || self.orders.iter().any(ordered);
        self.closed.is_some() && self.joined_to.is_none() && decided
    }
    /// Whether a paper was signed after the case was closed.
    #[must_use]
    pub fn signed_afterwards(&self, paper: u16) -> bool {
        let closed = self.closed.as_ref().filter(|_| self.afterwards());
        closed.is_some_and(|closed| self.paper(paper).is_some_and(|file| file.at > closed.at))
    }
    /// All remedies: whose, against which order (none: the decision), and how they go.
    pub fn remedies(&self) -> impl Iterator<Item = (u16, Option<u16>, &Remedy)> {
        let decision = self.present().flat_map(|p| p.remedies.iter().map(move |r| (p.subject.id, None, r)));
        let orders = self
            .orders
            .iter()
            .flat_map(|o| o.remedies.iter().map(move |r| (o.order.party, Some(o.order.paper), r)));
        decision.chain(orders)
    }
    /// The remedies of a party against an order, or against the decision.
    #[must_use]
    pub fn remedies_of(&self, party: u16, paper: Option<u16>) -> &[Remedy] {
        let order = |paper| self.orders.iter().find(|o| (o.order.party, o.order.paper) == (party, paper));
        match paper {
            None => self.party(party).map_or(&[], |p| p.remedies.as_slice()),
            Some(paper) => order(paper).map_or(&[], |o| o.remedies.as_slice()),
        }
    }
    /// Whether it was filed.
    #[must_use]
    pub fn filed(&self) -> Option<Timestamp> {
        match self.filing {
            Filing::Filed { at } => Some(at),
            _ => None,
        }
    }
    /// A party.
    #[must_use]
    pub fn party(&self, id: u16) -> Option<&Party> {
        self.parties.iter().find(|p| p.subject.id == id)
    }
    /// Legal reviews of what is planned (58), not of a proposal, in order.
    pub fn plan_reviews(&self) -> impl DoubleEndedIterator<Item = &Review> {
        self.reviews.iter().filter(|r| r.proposal.is_none())
    }
    /// A violation.
    #[must_use]
    pub fn violation(&self, id: u16) -> Option<&Violation> {
        self.violations.iter().find(|v| v.id == id)
    }
    /// A measure.
    #[must_use]
    pub fn measure(&self, id: u16) -> Option<&MeasureFile> {
        self.measures.iter().find(|m| m.measure.id == id)
    }
    /// A paper.
    #[must_use]
    pub fn paper(&self, id: u16) -> Option<&PaperFile> {
        self.papers.iter().find(|p| p.paper.id == id)
    }
    /// Papers of a kind that stand.
    pub fn papers_of(&self, kind: PaperKind) -> impl DoubleEndedIterator<Item = &PaperFile> {
        self.papers.iter().filter(move |p| p.paper.kind == kind && p.voided.is_none())
    }
    /// What waits for approval.
    #[must_use]
    pub fn proposal(&self, id: u16) -> Option<&Pending> {
        self.pending.iter().find(|p| p.id == id)
    }
    /// When a paper reached a party.
    #[must_use]
    pub fn served(&self, paper: u16, party: u16) -> Option<Timestamp> {
        self.paper(paper)?.service.get(&party)?.effective
    }
    /// The paper of the decision in force.
    #[must_use]
    pub fn decision(&self) -> Option<(u16, Timestamp)> {
        match self.outcome {
            Outcome::Penalty { paper, at } => Some((paper, at)),
            _ => None,
        }
    }
    /// When the decision reached a party.
    #[must_use]
    pub fn decision_served(&self, party: u16) -> Option<Timestamp> {
        self.served(self.decision()?.0, party)
    }
    /// Whether somebody is one of the two officers now.
    #[must_use]
    pub fn is_officer(&self, person: &PersonCode) -> bool {
        self.officers.iter().any(|o| o.person == *person)
    }
    /// Parties that are (still) part of this case.
    pub fn present(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|p| p.split_to.is_none())
    }
    /// Parties that this case has decided on or still may: those that are part of it, and those that went elsewhere once the decision
    /// against them had fallen. Books and figures keep them.
    pub fn accounted(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|p| p.split_to.is_none() || p.annulled.is_some())
    }
    /// The next free number of a paper.
    #[must_use]
    pub fn next_paper(&self) -> u16 {
        u16::try_from(self.papers.len() + 1).unwrap_or(u16::MAX)
    }
    /// A new paper of this case.
    #[must_use]
    pub fn new_paper(&self, kind: PaperKind, number: String, parties: Vec<u16>) -> Paper {
        Paper { id: self.next_paper(), kind, number, parties }
    }
    /// A clock that runs or ran out, not one that was met.
    #[must_use]
    pub fn clock(&self, term: super::Term, of: super::Scope) -> Option<&Watched> {
        self.clocks.iter().rev().find(|w| w.clock.term == term && w.clock.of == of && w.stopped.is_none())
    }
}
