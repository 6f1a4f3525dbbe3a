//! The file as a reviewer or a judge reads it: every paper and record in its order (卷内目录).

use super::state::{Case, Hearing};
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
    let mut add = |at, form, title: &str, party, text, exhibits: Vec<ExhibitRef>| {
        all.push(Listed {
            at,
            form,
            title: title.into(),
            number: String::new(),
            paper: None,
            party,
            text,
            exhibits,
            voided: false,
        });
    };
    add(case.at, "D01", "案件线索登记表", None, case.violations.first().map(|v| v.facts), Vec::new());
    for file in &case.evidence {
        let (e, form) = (&file.evidence, evidence_form(file.evidence.kind));
        add(e.from, form, e.kind.title(), None, Some(e.note), e.exhibits.clone());
    }
    for file in &case.measures {
        let (m, title) = (&file.measure, format!("{}物品清单", file.measure.kind.title()));
        let form = if m.kind == super::MeasureKind::Preservation { "D07" } else { "D09" };
        add(m.from, form, &title, Some(m.party), Some(m.goods), m.exhibits.clone());
    }
    if let Some(at) = case.finished {
        add(at, "D11", "案件调查终结报告", None, None, Vec::new());
    }
    for party in &case.parties {
        let id = Some(party.subject.id);
        for statement in &party.rights.statements {
            add(statement.at, "D16", "陈述申辩笔录", id, Some(statement.text), Vec::new());
            if let Some((_, note)) = statement.answer {
                add(statement.at, "D16", "陈述申辩复核意见", id, Some(note), Vec::new());
            }
        }
        if let Hearing::Held { at, report, .. } = &party.rights.hearing {
            add(*at, "D15", "听证报告", id, Some(*report), Vec::new());
        }
    }
    for advice in &case.advice {
        add(case.finished.unwrap_or(case.at), "", "公众评议、律师意见", None, Some(*advice), Vec::new());
    }
    for review in &case.reviews {
        add(review.at, "D12", "法制审核意见书", None, Some(review.note), Vec::new());
    }
    for discussion in &case.discussions {
        add(discussion.at, "D13", "集体讨论记录", None, Some(discussion.note), Vec::new());
    }
    for file in &case.papers {
        all.push(Listed {
            at: file.at,
            form: file.paper.kind.form(),
            title: file.paper.kind.title().into(),
            number: file.paper.number.clone(),
            paper: Some(file.paper.id),
            party: if let [one] = file.paper.parties.as_slice() { Some(*one) } else { None },
            text: file.voided.map(|(note, _)| note),
            exhibits: file.issued.clone(),
            voided: file.voided.is_some(),
        });
        for (party, service) in &file.service {
            all.push(Listed {
                at: service.from,
                form: "D21",
                title: format!("送达回证（{}，{}）", file.paper.kind.title(), service.way.title()),
                number: String::new(),
                paper: Some(file.paper.id),
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

const fn evidence_form(kind: super::EvidenceKind) -> &'static str {
    use super::EvidenceKind as K;
    match kind {
        K::Inspection | K::Survey => "D03",
        K::Interview | K::Witness => "D05",
        K::Sample => "D06",
        K::Document | K::Object | K::Recording | K::Electronic | K::Opinion => "",
    }
}
