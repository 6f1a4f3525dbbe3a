//! Gaps in the record of the whole process (全过程记录, 行政处罚法 47): steps that should have been photographed or filmed and were
//! not, and papers that should be in the file by now and are not.

use super::matters::Measure;
use super::missing::process_record;
use super::rights::Hearing;
use super::stage::Stage;
use super::state::{Case, EvidenceFile};
use super::words::{EvidenceKind, MeasureKind, Way};
use crate::ExhibitRef;
use jiff::Timestamp;

/// What is missing of the record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Gap {
    /// The step, in words.
    pub step: String,
    /// When it was done, where it is one step.
    pub at: Option<Timestamp>,
    /// What should be there.
    pub wants: String,
    /// Why it must.
    pub source: &'static str,
}

/// Where disputes are likely, there shall be pictures or sound, by circumstances; where property is taken or torn down, the whole
/// of it shall be filmed.
const LIKELY: &str = "行政处罚法第四十七条；国办发〔2018〕118号第三部分：现场执法、调查取证、举行听证、留置送达和公告送达等容易引发争议的环节";
const WHOLE: &str = "行政处罚法第四十七条；国办发〔2018〕118号第三部分：查封扣押财产、强制拆除等全程音像记录";

const PICTURES: &str = "照片、录音或者录像";
const FILM: &str = "全程录音录像";

/// The phases of `process_record`, in their order.
const PHASES: [&str; 7] = ["启动", "调查取证", "审核", "决定", "送达", "执行", "归档"];

/// Which phase runs; all are over once the case is closed.
fn phase(case: &Case) -> usize {
    match case.stage() {
        Stage::Lead | Stage::NotFiled | Stage::Joined => 0,
        Stage::Investigating => 1,
        Stage::Finished | Stage::Notified | Stage::Hearing | Stage::Deciding => 2,
        Stage::Serving => 4,
        Stage::Performing | Stage::Enforcing | Stage::Crime | Stage::Elsewhere => 5,
        Stage::ToClose => 6,
        Stage::Closed | Stage::Archived => PHASES.len(),
    }
}

fn pictured(files: &[ExhibitRef]) -> bool {
    ["image/", "audio/", "video/"].iter().any(|kind| files.iter().any(|f| f.media.starts_with(kind)))
}

fn heard(files: &[ExhibitRef]) -> bool {
    files.iter().any(|f| f.media.starts_with("video/") || f.media.starts_with("audio/"))
}

/// The whole of it on film: sound alone shows nothing of what was done.
fn filmed(files: &[ExhibitRef]) -> bool {
    files.iter().any(|f| f.media.starts_with("video/"))
}

/// Whether a step was recorded: with its own files, or in evidence that was recorded on its day.
fn recorded(case: &Case, own: &[ExhibitRef], at: Timestamp, is: fn(&[ExhibitRef]) -> bool) -> bool {
    let day = crate::beijing_date(at);
    let on_day = |file: &&EvidenceFile| {
        let e = &file.evidence;
        file.excluded.is_none() && crate::beijing_date(e.from) <= day && day <= crate::beijing_date(e.to)
    };
    is(own) || case.evidence.iter().filter(on_day).any(|file| is(&file.evidence.exhibits))
}

/// What is missing of the record by now.
#[must_use]
pub fn record_gaps(case: &Case) -> Vec<Gap> {
    let mut gaps = Vec::new();
    steps(case, &mut gaps);
    // Of the papers only those of phases that are over; those of the phase that runs may still come.
    let now = phase(case);
    let over = |phase: &str| PHASES.iter().position(|p| *p == phase).is_some_and(|at| at < now);
    let missing = process_record(case).into_iter().filter(|check| !check.done && over(check.phase));
    gaps.extend(missing.map(|check| Gap {
        step: check.phase.to_owned(),
        at: None,
        wants: check.title,
        source: check.source,
    }));
    gaps
}

/// Steps that should have been photographed or filmed.
fn steps(case: &Case, gaps: &mut Vec<Gap>) {
    let mut add = |step: String, at: Timestamp, done: bool, wants: &str, source| {
        if !done {
            gaps.push(Gap { step, at: Some(at), wants: wants.to_owned(), source });
        }
    };
    for file in case.evidence.iter().filter(|file| file.excluded.is_none()) {
        let e = &file.evidence;
        if matches!(
            e.kind,
            EvidenceKind::Inspection
                | EvidenceKind::Survey
                | EvidenceKind::Interview
                | EvidenceKind::Sample
                | EvidenceKind::Witness
        ) {
            add(
                format!("{}（证据 {}）", e.kind.title(), e.id),
                e.from,
                pictured(&e.exhibits),
                PICTURES,
                LIKELY,
            );
        }
    }
    for file in &case.measures {
        let Measure { id, kind, exhibits, from, .. } = &file.measure;
        let step = format!("{}（物品清单 {id}）", kind.title());
        match kind {
            MeasureKind::Preservation => add(step, *from, pictured(exhibits), PICTURES, LIKELY),
            MeasureKind::Sealing | MeasureKind::Seizure => {
                add(step, *from, recorded(case, exhibits, *from, filmed), FILM, WHOLE);
            }
        }
    }
    for party in &case.parties {
        let whose = format!("当事人 {}", party.subject.id);
        for held in &party.rights.held {
            let done = recorded(case, &held.exhibits, held.at, heard);
            add(format!("听证（{whose}）"), held.at, done, "录音或者录像", LIKELY);
        }
        if let Hearing::Held { at, exhibits, .. } = &party.rights.hearing {
            let done = recorded(case, exhibits, *at, heard);
            add(format!("听证（{whose}）"), *at, done, "录音或者录像", LIKELY);
        }
        for e in &party.enforcement {
            if let (Some(at), true) = (e.done, e.kind.is_on_site()) {
                let done = recorded(case, &e.exhibits, at, filmed);
                add(format!("{}（{whose}）", e.kind.title()), at, done, FILM, WHOLE);
            }
        }
    }
    for paper in case.papers.iter().filter(|paper| paper.voided.is_none()) {
        for (party, service) in &paper.service {
            if matches!(service.way, Way::Left | Way::PublicNotice | Way::Posted) {
                let step = format!("{} {}（当事人 {party}）", service.way.title(), paper.paper.number);
                add(step, service.from, pictured(&service.proof), PICTURES, LIKELY);
            }
        }
    }
}
