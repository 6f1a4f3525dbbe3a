//! The folios of a file (卷内文书): each document that a case has or may have, with a number or without, and what must be written
//! on it that nothing else in the case says.

mod asked;
mod kept;
pub mod spoken;

pub use asked::{Asked, Entry, asked, keyed};
pub use kept::{keepable, signed_inside, to_keep};

use super::rights::Hearing;
use super::state::Case;
use super::words::{EvidenceKind, PaperKind};
use super::{PaperFile, Pending, Proposal};
use crate::words::words;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A document of a case. Numbers are those of the case, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Folio {
    /// 案件线索登记（核查）表.
    Lead,
    /// What was proposed: the form on which it is approved, and what its paper will say besides.
    Proposal(u16),
    /// A paper with a 文号.
    Paper(u16),
    /// A record or a sample.
    Evidence(u16),
    /// 案件调查终结报告.
    Report,
    /// 陈述申辩笔录: the party, and which of its statements.
    Statement(u16, u16),
    /// 陈述申辩复核意见书, the same way.
    Answer(u16, u16),
    /// 听证笔录 of a party.
    HearingRecord(u16),
    /// 听证报告 of a party.
    HearingReport(u16),
    /// 法制审核意见书 on the plan, which of them.
    Review(u16),
    /// The same on a proposal, by the number of that.
    ReviewOf(u16),
    /// 集体讨论记录.
    Discussion(u16),
    /// 群众公议意见书, by the number of the opinion that was asked for.
    Panel(u16),
    /// 送达回证: the paper and the party.
    Receipt(u16, u16),
    /// 送达地址（电子送达）确认书 of a party.
    Address(u16),
    /// 卷宗封面, 目录, 备考表.
    Volume,
}

impl fmt::Display for Folio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Folio::Lead => f.write_str("lead"),
            Folio::Proposal(n) => write!(f, "proposal-{n}"),
            Folio::Paper(n) => write!(f, "paper-{n}"),
            Folio::Evidence(n) => write!(f, "evidence-{n}"),
            Folio::Report => f.write_str("report"),
            Folio::Statement(p, n) => write!(f, "statement-{p}-{n}"),
            Folio::Answer(p, n) => write!(f, "answer-{p}-{n}"),
            Folio::HearingRecord(p) => write!(f, "hearing-{p}"),
            Folio::HearingReport(p) => write!(f, "hearing_report-{p}"),
            Folio::Review(n) => write!(f, "review-{n}"),
            Folio::ReviewOf(n) => write!(f, "proposal_review-{n}"),
            Folio::Discussion(n) => write!(f, "discussion-{n}"),
            Folio::Panel(n) => write!(f, "panel-{n}"),
            Folio::Receipt(n, p) => write!(f, "receipt-{n}-{p}"),
            Folio::Address(p) => write!(f, "address-{p}"),
            Folio::Volume => f.write_str("volume"),
        }
    }
}

impl Folio {
    /// The party that its name says, where it does.
    #[must_use]
    pub const fn party(self) -> Option<u16> {
        match self {
            Folio::Statement(party, _)
            | Folio::Answer(party, _)
            | Folio::HearingRecord(party)
            | Folio::HearingReport(party)
            | Folio::Receipt(_, party)
            | Folio::Address(party) => Some(party),
            _ => None,
        }
    }
}

/// A text that names no folio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFolio;

impl fmt::Display for NoFolio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("没有这种文书")
    }
}

impl FromStr for Folio {
    type Err = NoFolio;
    fn from_str(text: &str) -> Result<Folio, NoFolio> {
        let mut parts = text.split('-');
        let name = parts.next().unwrap_or_default();
        let mut number = || parts.next().and_then(|n| n.parse().ok()).ok_or(NoFolio);
        let folio = match name {
            "lead" => Folio::Lead,
            "proposal" => Folio::Proposal(number()?),
            "paper" => Folio::Paper(number()?),
            "evidence" => Folio::Evidence(number()?),
            "report" => Folio::Report,
            "statement" => Folio::Statement(number()?, number()?),
            "answer" => Folio::Answer(number()?, number()?),
            "hearing" => Folio::HearingRecord(number()?),
            "hearing_report" => Folio::HearingReport(number()?),
            "review" => Folio::Review(number()?),
            "proposal_review" => Folio::ReviewOf(number()?),
            "discussion" => Folio::Discussion(number()?),
            "panel" => Folio::Panel(number()?),
            "receipt" => Folio::Receipt(number()?, number()?),
            "address" => Folio::Address(number()?),
            "volume" => Folio::Volume,
            _ => return Err(NoFolio),
        };
        // One spelling each.
        if folio.to_string() == text { Ok(folio) } else { Err(NoFolio) }
    }
}

impl TryFrom<String> for Folio {
    type Error = NoFolio;
    fn try_from(text: String) -> Result<Folio, NoFolio> {
        text.parse()
    }
}

impl From<Folio> for String {
    fn from(folio: Folio) -> String {
        folio.to_string()
    }
}

impl JsonSchema for Folio {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Folio".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "examples": ["evidence-1", "paper-3", "receipt-3-1"] })
    }
}

words! {
    /// Who signs on the screen, and in which place on paper.
    Signer {
        /// 当事人, 被询问人, 受送达人.
        Party = "party", "当事人（被询问人、收件人）";
        /// 见证人.
        Witness = "witness", "见证人";
        /// The first officer.
        Officer = "officer", "执法人员一";
        /// The second officer.
        Second = "second", "执法人员二";
        /// 记录人.
        Recorder = "recorder", "记录人";
    }
}

/// A signature drawn on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// In which place.
    pub signer: Signer,
    /// The picture.
    pub exhibit: ExhibitRef,
    /// When.
    pub at: Timestamp,
}

/// What was written on a folio by hand, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolioFile {
    /// What its form asked for: JSON, by the names of its fields.
    pub details: Option<PartRef>,
    /// It was printed, signed, stamped and scanned: this is the original from then on.
    pub scans: Vec<ExhibitRef>,
    /// Signatures drawn on the screen; the newest in a place counts.
    pub drawn: Vec<Drawn>,
    /// The printed bytes as they were handed over, by party.
    pub kept: Vec<(u16, ExhibitRef)>,
    /// The same with the agency's electronic seal.
    pub sealed: Vec<(u16, ExhibitRef)>,
    /// When it was last written on or signed.
    pub at: Option<Timestamp>,
}

impl FolioFile {
    /// The bytes that were sealed for a party.
    #[must_use]
    pub fn sealed_for(&self, party: u16) -> Option<&ExhibitRef> {
        self.sealed.iter().find(|(to, _)| *to == party).map(|(_, exhibit)| exhibit)
    }
}

/// A proposal that was granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Granted {
    /// As it was put.
    pub pending: Pending,
    /// Its paper, where it has one.
    pub paper: Option<u16>,
    /// When.
    pub at: Timestamp,
}

fn at<T>(list: &[T], n: u16) -> Option<&T> {
    list.get(usize::from(n).checked_sub(1)?)
}

fn evidence(case: &Case, n: u16) -> Option<&super::EvidenceFile> {
    case.evidence.iter().find(|file| file.evidence.id == n)
}

/// The legal review that a folio is.
#[must_use]
pub fn review(case: &Case, folio: Folio) -> Option<&super::Review> {
    match folio {
        Folio::Review(n) => case.plan_reviews().nth(usize::from(n).checked_sub(1)?),
        Folio::ReviewOf(n) => case.reviews.iter().find(|r| r.proposal == Some(n)),
        _ => None,
    }
}

/// The number of the paper by which things were kept or taken.
#[must_use]
pub fn paper_of_measure(case: &Case, measure: u16) -> Option<&str> {
    let by = |granted: &&Granted| match &granted.pending.proposal {
        Proposal::Preserve { measure: taken } | Proposal::Seize { measure: taken } => taken.id == measure,
        _ => false,
    };
    let paper = case.granted.iter().find(by)?.paper?;
    case.paper(paper).map(|file| file.paper.number.as_str())
}

/// Reconsideration and lawsuits against what binds a party by the paper of this number: the order where it is one, else the decision.
#[must_use]
pub fn remedies_against<'a>(case: &'a Case, party: &'a super::Party, number: &str) -> &'a [super::Remedy] {
    let of = |o: &&super::OrderFile| case.paper(o.order.paper).is_some_and(|f| f.paper.number == number);
    case.orders.iter().find(of).map_or(&party.remedies, |order| &order.remedies)
}

/// Orders to correct that bind a party and were not met yet (行政处罚法 28(1)).
pub fn unmet(case: &Case, party: u16) -> impl Iterator<Item = &super::OrderFile> {
    orders_of(case, party).filter(|o| !o.inspected.iter().any(|(_, done)| *done))
}

/// Orders to correct that a party has met, as a re-inspection found.
pub fn met(case: &Case, party: u16) -> impl Iterator<Item = &super::OrderFile> {
    orders_of(case, party).filter(|o| o.inspected.iter().any(|(_, done)| *done))
}

fn orders_of(case: &Case, party: u16) -> impl Iterator<Item = &super::OrderFile> {
    let stands = |o: &&super::OrderFile| case.paper(o.order.paper).is_none_or(|file| file.voided.is_none());
    case.orders.iter().filter(move |o| o.order.party == party).filter(stands)
}

/// A proposal that waits, or was granted.
fn proposal(case: &Case, n: u16) -> Option<&Pending> {
    case.proposal(n).or_else(|| case.granted.iter().map(|g| &g.pending).find(|pending| pending.id == n))
}

/// What was granted with a paper.
#[must_use]
pub fn granted(case: &Case, paper: u16) -> Option<&Granted> {
    case.granted.iter().find(|granted| granted.paper == Some(paper))
}

/// What is printed for the approval of a step, beside its paper (审批表).
#[must_use]
pub const fn approval(proposal: &Proposal) -> Option<&'static str> {
    Some(match proposal {
        Proposal::Preserve { .. } => "先行登记保存证据审批表",
        Proposal::Seize { .. } => "查封（扣押）审批表",
        Proposal::SeizeLonger { .. } => "延长查封（扣押）期限审批表",
        Proposal::Release { .. } => "解除查封（扣押）审批表",
        Proposal::DecideLonger { .. } => "延长办案期限审批表",
        Proposal::PayLater { .. } => "延期（分期）缴纳罚款审批表",
        Proposal::Enforce { .. } => "行政强制执行审批表",
        _ => return None,
    })
}

/// The name that stands on a paper, where a kind of them makes several documents: receipts and catalogue name it like the paper itself.
#[must_use]
pub fn printed_title(case: &Case, file: &PaperFile) -> &'static str {
    use super::MeasureKind::Sealing;
    let sealing = |measure: u16| case.measure(measure).is_some_and(|file| file.measure.kind == Sealing);
    let proposal = granted(case, file.paper.id).map(|granted| &granted.pending.proposal);
    let one =
        |sealed: bool, sealing: &'static str, taking: &'static str| if sealed { sealing } else { taking };
    match (file.paper.kind, proposal) {
        (PaperKind::Seizure, Some(Proposal::Seize { measure })) => {
            one(measure.kind == Sealing, "查封决定书", "扣押决定书")
        }
        (PaperKind::SeizureExtended, Some(Proposal::SeizeLonger { measure, .. })) => {
            one(sealing(*measure), "延长查封期限决定书", "延长扣押期限决定书")
        }
        (PaperKind::SeizureReleased, Some(Proposal::Release { measure, .. })) => {
            one(sealing(*measure), "解除查封决定书", "解除扣押决定书")
        }
        (PaperKind::Payment, Some(Proposal::PayLater { parts, .. })) => {
            one(parts.len() > 1, "同意分期缴纳罚款通知书", "同意延期缴纳罚款通知书")
        }
        (PaperKind::Substitute, Some(Proposal::Enforce { kind, .. })) => {
            one(*kind == super::EnforcementKind::Immediate, "立即代履行决定书", "代履行决定书")
        }
        (PaperKind::Suspension, Some(Proposal::Suspend { .. })) => "中止执行通知书",
        (PaperKind::Suspension, Some(Proposal::EndExecution { .. })) => "终结执行通知书",
        (PaperKind::Revocation, _) => "撤销行政处罚决定书",
        (PaperKind::Amendment, _) => "更正通知书",
        (kind, _) => kind.title(),
    }
}

/// Its name, where there is such a folio in the case.
#[must_use]
pub fn title(case: &Case, folio: Folio) -> Option<String> {
    let fixed = |there: bool, title: &str| there.then(|| title.to_owned());
    match folio {
        Folio::Lead => fixed(true, "案件线索登记（核查）表"),
        Folio::Proposal(n) => {
            let pending = proposal(case, n)?;
            let paper = pending.proposal.paper().map(PaperKind::title);
            approval(&pending.proposal).or(paper).map(str::to_owned)
        }
        Folio::Paper(n) => case.paper(n).map(|file| printed_title(case, file).to_owned()),
        Folio::Evidence(n) => evidence(case, n).map(|file| match file.evidence.kind {
            EvidenceKind::Sample => "抽样取证通知书".to_owned(),
            EvidenceKind::Witness => "证人询问笔录".to_owned(),
            kind => kind.title().to_owned(),
        }),
        Folio::Report => fixed(case.finished.is_some(), "案件调查终结报告"),
        Folio::Statement(p, n) => fixed(at(&case.party(p)?.rights.statements, n).is_some(), "陈述申辩笔录"),
        Folio::Answer(p, n) => {
            fixed(at(&case.party(p)?.rights.statements, n)?.answer.is_some(), "陈述申辩复核意见书")
        }
        Folio::HearingRecord(p) => {
            let rights = &case.party(p)?.rights;
            let called = matches!(rights.hearing, Hearing::Called { .. });
            fixed(called || rights.was_heard(), "听证笔录")
        }
        Folio::HearingReport(p) => fixed(case.party(p)?.rights.was_heard(), "听证报告"),
        Folio::Review(_) | Folio::ReviewOf(_) => {
            fixed(review(case, folio).is_some(), "重大执法决定法制审核意见书")
        }
        Folio::Discussion(n) => fixed(at(&case.discussions, n).is_some(), "集体讨论记录"),
        Folio::Panel(n) => {
            let concluded = |o: &super::OpinionAsked| o.id == n && o.panel.tally.is_some();
            fixed(case.beside.asked.iter().any(concluded), "群众公议意见书")
        }
        Folio::Receipt(n, p) => {
            let file = case
                .paper(n)
                .filter(|file| file.paper.kind.must_serve() && file.paper.parties.contains(&p))?;
            Some(match file.service.get(&p) {
                Some(service) => {
                    format!("送达回证（{}，{}）", printed_title(case, file), service.way.title())
                }
                None => format!("送达回证（{}）", printed_title(case, file)),
            })
        }
        Folio::Address(p) => {
            let electronic = case.party(p)?.electronic;
            fixed(true, if electronic { "电子送达确认书" } else { "送达地址确认书" })
        }
        Folio::Volume => fixed(case.closed.is_some(), "卷宗封面、目录、备考表"),
    }
}

/// Whether it is printed here; pieces of evidence are files by themselves.
#[must_use]
pub fn printed(case: &Case, folio: Folio) -> bool {
    match folio {
        Folio::Evidence(n) => evidence(case, n).is_some_and(|file| file.evidence.kind.is_record()),
        Folio::Volume => false,
        Folio::Paper(n) => case.paper(n).is_some_and(|file| file.paper.kind != PaperKind::Sampling),
        folio => title(case, folio).is_some(),
    }
}

/// Who signs it on the screen where that is done (records, receipts).
#[must_use]
pub fn signers(case: &Case, folio: Folio) -> &'static [Signer] {
    const RECORD: &[Signer] = &[Signer::Party, Signer::Witness, Signer::Officer, Signer::Second];
    const ASKED: &[Signer] = &[Signer::Party, Signer::Recorder, Signer::Officer, Signer::Second];
    const RECEIPT: &[Signer] = &[Signer::Party, Signer::Witness, Signer::Officer, Signer::Second];
    match folio {
        Folio::Evidence(n) => match evidence(case, n).map(|file| file.evidence.kind) {
            Some(EvidenceKind::Inspection | EvidenceKind::Survey) => RECORD,
            Some(EvidenceKind::Interview | EvidenceKind::Witness) => ASKED,
            _ => &[],
        },
        Folio::Receipt(..) => RECEIPT,
        _ => &[],
    }
}

/// Whether nobody's signature is missing on the screen once `also` has signed: then what they signed is kept as it is. A witness signs
/// where there is one; who refuses does not sign (行政处罚法 55; 民事诉讼法 87, 89); a receipt is whole once the paper was served.
#[must_use]
pub fn whole(case: &Case, folio: Folio, also: Signer) -> bool {
    use super::words::Way;
    let party = match folio {
        Folio::Evidence(n) => evidence(case, n).is_some_and(|file| !file.evidence.refused),
        Folio::Receipt(n, p) => match case.paper(n).and_then(|file| file.service.get(&p)) {
            Some(service) => matches!(service.way, Way::Direct | Way::OnTheSpot),
            None => return false,
        },
        _ => return false,
    };
    let drawn = case.folios.get(&folio).map(|file| file.drawn.as_slice()).unwrap_or_default();
    signers(case, folio).iter().all(|signer| match signer {
        Signer::Witness => true,
        Signer::Party if !party => true,
        signer => *signer == also || drawn.iter().any(|drawn| drawn.signer == *signer),
    })
}

/// Whether somebody signed it on the screen: what stands on it is not changed under his signature.
#[must_use]
pub fn drawn(case: &Case, folio: Folio) -> bool {
    case.folios.get(&folio).is_some_and(|file| !file.drawn.is_empty())
}

/// To whom a folio goes, each with a copy of its own: the parties of a paper; else the one that it is about.
#[must_use]
pub fn addressees(case: &Case, folio: Folio) -> Vec<u16> {
    let about = |pending: Option<&Pending>| pending.and_then(|pending| pending.proposal.party());
    let one = match folio {
        Folio::Paper(n) => match case.paper(n).map(|file| &file.paper.parties) {
            Some(parties) if !parties.is_empty() => return parties.clone(),
            _ => about(granted(case, n).map(|granted| &granted.pending)),
        },
        Folio::Proposal(n) => about(proposal(case, n)),
        folio => folio.party(),
    };
    vec![one.or_else(|| case.present().next().map(|party| party.subject.id)).unwrap_or(1)]
}

/// What makes a folio unchangeable, when something does.
#[must_use]
pub fn settled(case: &Case, folio: Folio) -> Option<&'static str> {
    // A revocation or a correction may come later, with the form on which it is approved and its receipts.
    let afterwards = match folio {
        Folio::Paper(n) | Folio::Receipt(n, _) => case.signed_afterwards(n),
        Folio::Proposal(n) => case.proposal(n).is_some(),
        _ => false,
    };
    let shelved = case.volumes.iter().any(|volume| volume.folios.contains(&folio));
    if !afterwards && (case.in_archive() || shelved) {
        return Some(if shelved { "已经归入原卷" } else { "案件已经归档" });
    }
    if case.folios.get(&folio).is_some_and(|file| !file.scans.is_empty()) {
        return Some("签名盖章的扫描件已经入卷");
    }
    let kept = case.folios.get(&folio).is_some_and(|file| !file.kept.is_empty());
    if kept && signed_inside(case, folio) {
        return Some("已经随审批签发，签发时的文本已经入卷");
    }
    if kept && !matches!(folio, Folio::Paper(_)) {
        return Some("应当签名的人都已经签名，签名的文本已经入卷");
    }
    let sealed = |n| case.folios.get(&Folio::Paper(n)).is_some_and(|file| !file.sealed.is_empty());
    let paper = |file: &PaperFile| {
        if file.voided.is_some() {
            Some("文书已经作废")
        } else if !file.issued.is_empty() {
            Some("签名盖章的扫描件已经入卷")
        } else if sealed(file.paper.id) {
            Some("文书已经加盖电子印章")
        } else if !file.service.is_empty() {
            Some("文书已经送达")
        } else {
            None
        }
    };
    match folio {
        Folio::Paper(n) => case.paper(n).and_then(paper),
        _ => None,
    }
}

/// The parties for whom an outward paper still lacks the agency's seal: it stands, nobody was served with it and no stamped scan of it
/// came in.
#[must_use]
pub fn unsealed(case: &Case, paper: u16) -> Vec<u16> {
    let Some(file) = case.paper(paper) else { return Vec::new() };
    // A sample is handed over with its record.
    let leaves = file.paper.kind.outward() && file.paper.kind != PaperKind::Sampling;
    if !case.open() || file.voided.is_some() || !leaves {
        return Vec::new();
    }
    let folio = case.folios.get(&Folio::Paper(paper));
    let sealed = |party: &u16| folio.is_some_and(|folio| folio.sealed_for(*party).is_some());
    let done = |party: &u16| file.service.contains_key(party) || file.scan_for(*party).is_some();
    let all = addressees(case, Folio::Paper(paper));
    all.into_iter().filter(|party| !sealed(party) && !done(party)).collect()
}

/// Folios that can be filled in, in the order of the procedure: what is in the catalogue, and what may become part of it.
#[must_use]
pub fn all(case: &Case) -> Vec<Folio> {
    let number = |n: usize| u16::try_from(n + 1).unwrap_or(u16::MAX);
    let mut all = vec![Folio::Lead];
    all.extend(case.evidence.iter().map(|file| Folio::Evidence(file.evidence.id)));
    all.extend(case.finished.map(|_| Folio::Report));
    for party in case.present() {
        let p = party.subject.id;
        for n in 0..party.rights.statements.len() {
            all.extend([Folio::Statement(p, number(n)), Folio::Answer(p, number(n))]);
        }
        all.extend([Folio::HearingRecord(p), Folio::HearingReport(p), Folio::Address(p)]);
    }
    all.extend((0..case.plan_reviews().count()).map(|n| Folio::Review(number(n))));
    all.extend(case.reviews.iter().filter_map(|r| r.proposal).map(Folio::ReviewOf));
    all.extend((0..case.discussions.len()).map(|n| Folio::Discussion(number(n))));
    all.extend(case.beside.asked.iter().map(|o| Folio::Panel(o.id)));
    all.extend(case.pending.iter().map(|pending| Folio::Proposal(pending.id)));
    all.extend(case.granted.iter().map(|granted| Folio::Proposal(granted.pending.id)));
    for file in &case.papers {
        all.push(Folio::Paper(file.paper.id));
        all.extend(file.paper.parties.iter().map(|p| Folio::Receipt(file.paper.id, *p)));
    }
    all.push(Folio::Volume);
    all.retain(|folio| title(case, *folio).is_some());
    all
}

/// Folios of the file on which nothing was written yet that the law wants on paper: papers, records, reviews, receipts of what was
/// served. What may still come to be is not among them.
#[must_use]
pub fn blank(case: &Case) -> Vec<Folio> {
    let served = |n: u16, p: u16| case.paper(n).is_some_and(|file| file.service.contains_key(&p));
    let stands = |folio: &Folio| match folio {
        Folio::Receipt(n, p) => served(*n, *p),
        Folio::Paper(n) => case.paper(*n).is_some_and(|file| file.voided.is_none() && file.issued.is_empty()),
        Folio::HearingRecord(p) => case.party(*p).is_some_and(|party| party.rights.was_heard()),
        Folio::Address(_) | Folio::Volume | Folio::Proposal(_) | Folio::Lead => false,
        _ => true,
    };
    let written = |folio: Folio| {
        let before = match folio {
            Folio::Paper(n) => granted(case, n).map(|granted| Folio::Proposal(granted.pending.id)),
            _ => None,
        };
        let files = [Some(folio), before].into_iter().flatten().filter_map(|folio| case.folios.get(&folio));
        files.into_iter().any(|file| file.details.is_some() || !file.scans.is_empty())
    };
    let needed = |folio: Folio| asked(case, folio).iter().any(|asked| asked.needed);
    all(case).into_iter().filter(|f| stands(f) && needed(*f) && !written(*f)).collect()
}

#[cfg(test)]
mod tests {
    use super::Folio;

    #[test]
    fn a_folio_is_read_as_it_is_written_and_in_no_other_way() {
        for text in ["lead", "evidence-3", "receipt-12-1", "hearing_report-2", "proposal_review-4", "volume"]
        {
            assert_eq!(text.parse::<Folio>().map(|s| s.to_string()), Ok(text.into()));
        }
        for text in
            ["", "evidence", "evidence-03", "evidence-1-1", "lead-1", "paper-x", "receipt-1", "letter-1"]
        {
            assert!(text.parse::<Folio>().is_err(), "{text}");
        }
    }
}
