//! What a handler's desk shows: what is missing before the next step, and the record of the whole process (行政处罚法 47).

use super::folios::{self, Folio};
use super::state::{Case, Outcome};
use super::words::{EvidenceKind, PaperKind};
use super::{Stage, rules};
use crate::{Facts, Refusal};

/// What is missing before the next step, each with its article and the way on; empty when it may be taken.
#[must_use]
pub fn missing(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    match case.stage() {
        Stage::Lead => rules::filing(case, facts),
        Stage::Investigating => rules::notice(case, facts),
        Stage::Finished => rules::notice(case, facts),
        Stage::Notified | Stage::Hearing | Stage::Deciding => rules::decision(case, facts),
        Stage::Serving
        | Stage::Performing
        | Stage::Enforcing
        | Stage::ToClose
        | Stage::Crime
        | Stage::Elsewhere => super::closing::closing(case, likely(case)),
        Stage::NotFiled | Stage::Joined | Stage::Closed | Stage::Archived => Vec::new(),
    }
}

/// How the case will most likely be closed, as things stand.
#[must_use]
pub fn likely(case: &Case) -> super::ClosingGround {
    use super::ClosingGround as G;
    match &case.outcome {
        Outcome::Penalty { .. } if case.present().all(|p| p.annulled.is_some()) => G::Annulled,
        Outcome::Penalty { .. } if case.present().any(|p| p.execution.ended.is_some()) => G::Ended,
        Outcome::Open if case.only_ordered() => G::Ordered,
        Outcome::Open | Outcome::Penalty { .. } => G::Performed,
        Outcome::NoPenalty { .. } => G::NotPunished,
        Outcome::Crime { .. } | Outcome::Transferred(_) => G::Transferred,
        Outcome::Dropped { .. } => G::Dropped,
    }
}

/// A line of the record of the whole process.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// Phase: 启动、调查取证、审核、决定、送达、执行、归档.
    pub phase: &'static str,
    /// What must be on record.
    pub title: String,
    /// Whether it is.
    pub done: bool,
    /// Why it must.
    pub source: &'static str,
}

/// The record of the whole process (全过程记录, 47): what must be on record by now, and whether it is.
#[must_use]
pub fn process_record(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut add = |phase, title: &str, done, source| {
        checks.push(Check { phase, title: title.into(), done, source });
    };
    let kept = |kind| case.papers_of(kind).next().is_some();
    let evidence = |is: fn(EvidenceKind) -> bool| {
        case.evidence.iter().any(|e| e.excluded.is_none() && is(e.evidence.kind))
    };
    let seen = |is: fn(&str) -> bool| case.exhibits.iter().any(|e| is(&e.media));
    let filed = case.filed().is_some();
    add("启动", "案件来源和核查情况", case.stage() != Stage::Lead || filed, "行政处罚法第五十四条");
    if !filed {
        return checks;
    }
    add("启动", "立案审批表", kept(PaperKind::Filing), "行政处罚法第五十四条第二款");
    add("启动", "两名执法人员及执法证号", case.officers.len() >= 2, "行政处罚法第四十二条");
    add("调查取证", "现场检查、勘验或者询问笔录", evidence(EvidenceKind::is_record), "行政处罚法第五十五条");
    add(
        "调查取证",
        "照片、录音录像",
        seen(|media| {
            media.starts_with("image/") || media.starts_with("video/") || media.starts_with("audio/")
        }),
        "行政处罚法第四十七条",
    );
    for measure in &case.measures {
        add("调查取证", "措施的批准", measure.approved, "行政处罚法第五十六条；行政强制法第十八条、第十九条");
        add(
            "调查取证",
            "物品的处理",
            measure.settled.is_some(),
            "行政处罚法第五十六条；行政强制法第二十七条、第二十八条",
        );
    }
    add("审核", "调查终结报告", case.finished.is_some(), "行政处罚法第五十七条第一款");
    if case.finished.is_none() {
        return checks;
    }
    // A case that ended with its orders punished nobody: nothing was told of a penalty.
    let by_order = matches!(case.outcome, Outcome::Open) && case.closed.is_some();
    if matches!(case.outcome, Outcome::Open | Outcome::Penalty { .. }) && !by_order {
        let told = case
            .present()
            .all(|p| p.rights.notice.as_ref().is_some_and(|n| case.served(n.paper, p.subject.id).is_some()));
        add("审核", "告知书及送达回证", told, "行政处罚法第四十四条、第六十二条");
        let answered = case.present().flat_map(|p| &p.rights.statements).all(|s| s.answer.is_some());
        add("审核", "陈述、申辩的复核意见", answered, "行政处罚法第四十五条");
        if let Some(source) = rules::review_demanded(case) {
            add("审核", "法制审核意见书", rules::review_given(case), source);
        }
        if rules::discussion_demanded(case) {
            add("审核", "集体讨论记录", !case.discussions.is_empty(), "行政处罚法第五十七条第二款");
        }
    }
    // Whoever is punished is ordered to put it right; a fine for further days follows from the order of another case.
    let punished: Vec<u16> = match case.outcome {
        Outcome::Open | Outcome::Penalty { .. } if case.daily_of.is_none() => {
            case.present().filter(|p| !p.charges.is_empty()).map(|p| p.subject.id).collect()
        }
        _ => Vec::new(),
    };
    if !punished.is_empty() {
        let ordered = punished.iter().all(|id| case.orders.iter().any(|o| o.order.party == *id));
        add("决定", "责令改正通知书", ordered, "行政处罚法第二十八条第一款");
    }
    let decided = by_order || !matches!(case.outcome, Outcome::Open);
    add("决定", "处理决定", decided, "行政处罚法第五十七条");
    if !decided {
        return checks;
    }
    for paper in case.papers.iter().filter(|p| p.voided.is_none() && p.paper.kind.outward()) {
        let title = format!("{}（{}）签名盖章的文本", paper.paper.kind.title(), paper.paper.number);
        let folio = case.folios.get(&Folio::Paper(paper.paper.id));
        // Stamped by hand and scanned, or sealed by the agency's service (电子签名法 14): of every party's copy.
        let signed = |party: &u16| {
            paper.scan_for(*party).is_some() || folio.is_some_and(|folio| folio.sealed_for(*party).is_some())
        };
        let all = folios::addressees(case, Folio::Paper(paper.paper.id)).iter().all(signed);
        add("决定", &title, all, "行政处罚法第五十九条");
        if paper.paper.kind.must_serve() {
            let title = format!("{}（{}）送达回证", paper.paper.kind.title(), paper.paper.number);
            add("送达", &title, !paper.unserved(), "行政处罚法第六十一条");
        }
    }
    if case.decision().is_some() {
        let paid = |p: &super::Party| p.money.left() == 0 && p.money.unconfirmed().is_none();
        let paid = case.present().all(|p| p.annulled.is_some() || paid(p));
        add("执行", "缴款票据或者强制执行记录", paid, "行政处罚法第六十六条、第七十二条");
        let public = case.publication != super::Publication::None;
        add("执行", "公开或者不公开的理由", public, "行政处罚法第四十八条");
    }
    add("归档", "结案审批表", case.closed.is_some(), "行政处罚法第四十七条");
    let archived = case.closed.as_ref().is_some_and(|c| c.archived.is_some());
    add("归档", "归档", archived, "行政处罚法第四十七条");
    checks
}
