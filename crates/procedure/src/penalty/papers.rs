//! The file as a reviewer or a judge reads it: every paper and record in its order (卷内目录).

use super::folios::{self, Folio};
use super::materials::Material;
use super::matters::PaperFile;
use super::rights::Hearing;
use super::state::Case;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;

/// A line of the catalogue.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Listed {
    /// When it was made.
    pub at: Timestamp,
    /// Code of the form: `D17`.
    pub form: &'static str,
    /// Name.
    pub title: String,
    /// 文号, where it has one.
    pub number: String,
    /// The paper's number in the case, where it is one with a 文号.
    pub paper: Option<u16>,
    /// The folio that it is, where it is one.
    pub folio: Option<Folio>,
    /// Whose it is.
    pub party: Option<u16>,
    /// Its text.
    pub text: Option<PartRef>,
    /// Files: the signed scan, proof of service, photos.
    pub exhibits: Vec<ExhibitRef>,
    /// It was voided; its number is kept.
    pub voided: bool,
}

/// The catalogue: what there is, in the order in which it came. Those of one moment stand in the order of the procedure.
#[must_use]
pub fn catalogue(case: &Case) -> Vec<Listed> {
    let mut all = Vec::new();
    let mut add = |at, form, title: &str, folio: Option<Folio>, party, text, exhibits: Vec<ExhibitRef>| {
        let scans = folio.and_then(|folio| case.folios.get(&folio)).map(|file| file.scans.clone());
        all.push(Listed {
            at,
            form,
            title: title.into(),
            number: String::new(),
            paper: None,
            folio,
            party,
            text,
            exhibits: scans.into_iter().flatten().chain(exhibits).collect(),
            voided: false,
        });
    };
    let facts = case.violations.first().map(|v| v.facts);
    add(case.at, "D01", "案件线索登记表", Some(Folio::Lead), None, facts, Vec::new());
    for file in &case.evidence {
        let (e, form) = (&file.evidence, evidence_form(file.evidence.kind));
        let folio = e.kind.is_record().then_some(Folio::Evidence(e.id));
        add(e.from, form, e.kind.title(), folio, None, Some(e.note), e.exhibits.clone());
    }
    for granted in &case.granted {
        let Some(title) = folios::approval(&granted.pending.proposal) else { continue };
        let folio = Some(Folio::Proposal(granted.pending.id));
        let (party, note) = (granted.pending.proposal.party(), Some(granted.pending.note));
        add(granted.at, approval_form(&granted.pending.proposal), title, folio, party, note, Vec::new());
    }
    for file in &case.measures {
        let (m, title) = (&file.measure, format!("{}物品清单", file.measure.kind.title()));
        let form = if m.kind == super::MeasureKind::Preservation { "D07" } else { "D09" };
        add(m.from, form, &title, None, Some(m.party), Some(m.goods), m.exhibits.clone());
    }
    if let Some(at) = case.finished {
        add(at, "D11", "案件调查终结报告", Some(Folio::Report), None, None, Vec::new());
    }
    for party in &case.parties {
        let (id, p) = (Some(party.subject.id), party.subject.id);
        for (n, statement) in (1..).zip(&party.rights.statements) {
            let (text, record) = (Some(statement.text), Some(Folio::Statement(p, n)));
            add(statement.at, "D16", "陈述申辩笔录", record, id, text, Vec::new());
            if let Some((_, note)) = statement.answer {
                let answer = Some(Folio::Answer(p, n));
                let at = statement.answered.unwrap_or(statement.at);
                add(at, "D16", "陈述申辩复核意见", answer, id, Some(note), Vec::new());
            }
        }
        // The record of the last hearing is a folio to print; that of one before it is told by its report.
        let again = matches!(party.rights.hearing, Hearing::Held { .. } | Hearing::Called { .. });
        let last = party.rights.held.len().checked_sub(1).filter(|_| !again);
        for (n, held) in party.rights.held.iter().enumerate() {
            let folio = |folio: Folio| (last == Some(n)).then_some(folio);
            add(held.at, "D15", "听证笔录", folio(Folio::HearingRecord(p)), id, None, Vec::new());
            let report = Some(held.report);
            add(held.at, "D15", "听证报告", folio(Folio::HearingReport(p)), id, report, Vec::new());
        }
        if let Hearing::Held { at, report, .. } = &party.rights.hearing {
            add(*at, "D15", "听证笔录", Some(Folio::HearingRecord(p)), id, None, Vec::new());
            add(*at, "D15", "听证报告", Some(Folio::HearingReport(p)), id, Some(*report), Vec::new());
        }
        let file = case.folios.get(&Folio::Address(p));
        let confirmed = file.filter(|f| f.details.is_some() || !f.scans.is_empty()).and_then(|f| f.at);
        if let (Some(at), Some(title)) = (confirmed, folios::title(case, Folio::Address(p))) {
            add(at, "D20", &title, Some(Folio::Address(p)), id, None, Vec::new());
        }
    }
    for material in &case.materials {
        let Material { at, title, party, text, exhibits } = material.clone();
        add(at, "", &title, None, party, text, exhibits);
    }
    let plan = (1..).zip(case.plan_reviews()).map(|(n, review)| (Folio::Review(n), review));
    let proposed = case.reviews.iter().filter_map(|r| Some((Folio::ReviewOf(r.proposal?), r)));
    for (folio, review) in plan.chain(proposed) {
        let folio = Some(folio);
        add(review.at, "D12", "法制审核意见书", folio, None, Some(review.note), Vec::new());
    }
    for (n, discussion) in (1..).zip(&case.discussions) {
        let folio = Some(Folio::Discussion(n));
        add(discussion.at, "D13", "集体讨论记录", folio, None, Some(discussion.note), Vec::new());
    }
    for asked in &case.beside.asked {
        if let (Some(_), Some(at)) = (asked.panel.tally, asked.answered) {
            let folio = Some(Folio::Panel(asked.id));
            add(at, "", "群众公议意见书", folio, None, asked.panel.conclusion, Vec::new());
        }
    }
    // The notice of a sample is printed as the record of it.
    for file in case.papers.iter().filter(|file| folios::printed(case, Folio::Paper(file.paper.id))) {
        // Each party has its own copy of a paper that goes to several.
        let several = file.paper.parties.len() > 1;
        for addressee in folios::addressees(case, Folio::Paper(file.paper.id)) {
            let scans = if several { file.scans_of(addressee) } else { all_scans(file) };
            all.push(Listed {
                at: file.at,
                form: file.paper.kind.form(),
                title: folios::printed_title(case, file).into(),
                number: file.paper.number.clone(),
                paper: Some(file.paper.id),
                folio: Some(Folio::Paper(file.paper.id)),
                party: (several || file.paper.parties.contains(&addressee)).then_some(addressee),
                text: file.voided.map(|(note, _)| note),
                exhibits: scans,
                voided: file.voided.is_some(),
            });
        }
        for (party, service) in &file.service {
            all.push(Listed {
                at: service.from,
                form: "D21",
                title: format!("送达回证（{}，{}）", folios::printed_title(case, file), service.way.title()),
                number: String::new(),
                paper: Some(file.paper.id),
                folio: Some(Folio::Receipt(file.paper.id, *party)),
                party: Some(*party),
                text: service.note,
                exhibits: service.proof.clone(),
                voided: false,
            });
        }
    }
    all.sort_by_key(|listed| listed.at);
    all
}

/// Documents that are not in the file yet and can be made now: what waits for a signature, receipts for what is to be served,
/// confirmations of addresses. What is listed, what was signed or voided, and files that are evidence by themselves are not made.
#[must_use]
pub fn to_make(case: &Case) -> Vec<Folio> {
    let listed: Vec<Folio> = catalogue(case).iter().filter_map(|line| line.folio).collect();
    let stands = |folio: Folio| match folio {
        // Papers with a 文号 have a list of their own.
        Folio::Paper(_) => false,
        Folio::Proposal(n) => case.proposal(n).is_some(),
        Folio::Receipt(n, _) => case.paper(n).is_some_and(|file| file.voided.is_none()),
        Folio::Volume => true,
        folio => folios::printed(case, folio),
    };
    let mut all = folios::all(case);
    all.retain(|f| stands(*f) && !listed.contains(f) && folios::settled(case, *f).is_none());
    all
}

fn all_scans(file: &PaperFile) -> Vec<ExhibitRef> {
    file.issued.iter().flat_map(|issue| issue.exhibits.iter().cloned()).collect()
}

const fn approval_form(proposal: &super::Proposal) -> &'static str {
    use super::Proposal as P;
    match proposal {
        P::Preserve { .. } => "D07",
        P::Seize { .. } | P::SeizeLonger { .. } | P::Release { .. } => "D09",
        P::PayLater { .. } => "D22",
        P::Enforce { .. } => "D24",
        _ => "",
    }
}

const fn evidence_form(kind: super::EvidenceKind) -> &'static str {
    use super::EvidenceKind as K;
    match kind {
        K::Inspection | K::Survey => "D03",
        K::Interview | K::Witness => "D05",
        K::Sample => "D06",
        K::Document | K::Object | K::Recording | K::Electronic | K::Opinion => "",
    }
}
