//! Evidence, orders to correct, the end of the investigation.

use super::*;
use crate::penalty::command::Recording;
use crate::penalty::matters::{Evidence, Order, OrderKind};
use crate::penalty::words::{EvidenceKind, PaperKind};

pub(super) fn record(case: &Case, recording: Recording, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Recording { kind, second, shown, from, to, note, exhibits: files, refused } = recording;

    let me = officer(case, facts)?;
    if !matches!(case.outcome, crate::penalty::Outcome::Open) {
        return Err(wrong_stage(case, "收集证据"));
    }
    let officers = if kind.is_record() {
        if !shown {
            return Err(Refusal::invalid(
                "shown",
                "执法人员应当主动出示执法证件，并告知当事人权利义务。",
                "请出示证件并告知后再制作笔录，并在笔录中载明。",
            )
            .from_source("行政处罚法第五十五条"));
        }
        pair(case, &me, second.as_ref())?
    } else {
        case.officers
            .iter()
            .filter(|o| o.person == me || Some(&o.person) == second.as_ref())
            .cloned()
            .collect()
    };
    let from = past(from, "from", facts)?;
    let to = to.map_or(Ok(from), |to| past(to, "to", facts))?;
    if to < from {
        return Err(Refusal::invalid("to", "终了时间早于开始时间。", "请核对笔录的起止时间。")
            .from_source("行政处罚法第五十五条"));
    }
    let exhibits = match kind {
        EvidenceKind::Document | EvidenceKind::Recording | EvidenceKind::Electronic => {
            proof(facts, &files, "证据原件或者复制件", "行政处罚法第四十六条")?
        }
        _ => exhibits(facts, &files)?,
    };
    let id = u16::try_from(case.evidence.len() + 1).unwrap_or(u16::MAX);
    let note = need(&note, "note", "笔录或者证据的内容")?;
    let evidence = Evidence { id, kind, officers, from, to, note, exhibits, refused, origin: None };
    let mut events = vec![Event::Recorded { evidence, by: me.clone(), at: facts.now }];
    if kind == EvidenceKind::Sample {
        // Handed over when it is drawn: signed for on the spot, not served later.
        let paper = case.new_paper(PaperKind::Sampling, facts.look_ups.number.clone(), Vec::new());
        events.push(Event::Sampled { evidence: id, paper, by: me, at: facts.now });
    }
    Ok(events)
}

/// Evidence of another member, once it was recognised: what it is and who took it stays as it was told by the member that has it.
pub(super) fn cite(
    case: &Case,
    exhibit: Digest,
    kind: EvidenceKind,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第二十六条、第四十六条";
    let me = officer(case, facts)?;
    if !matches!(case.outcome, crate::penalty::Outcome::Open) {
        return Err(wrong_stage(case, "采用证据"));
    }
    let found = facts.look_ups.recognised.iter().find(|r| r.exhibit.digest == exhibit).ok_or_else(|| {
        Refusal::invalid(
            "exhibit",
            "与本案有关的协作件里没有这件已经认可的证据。",
            "请先在协作件的“证据”里认定；认可以后才能采用。",
        )
        .from_source(SOURCE)
    })?;
    let cited = |file: &crate::penalty::EvidenceFile| {
        file.excluded.is_none() && file.evidence.exhibits.iter().any(|e| e.digest == exhibit)
    };
    if let Some(file) = case.evidence.iter().find(|file| cited(file)) {
        return Err(no(
            "cited",
            format!("这件证据已经是本案的证据 {}。", file.evidence.id),
            "不必重复采用；说明有变的，请用“补充材料”。",
            SOURCE,
        ));
    }
    let id = u16::try_from(case.evidence.len() + 1).unwrap_or(u16::MAX);
    let taken = found.origin.taken_at.unwrap_or(found.origin.recognised);
    let evidence = Evidence {
        id,
        kind,
        officers: case.officers.iter().filter(|o| o.person == me).cloned().collect(),
        from: taken,
        to: taken,
        note: need(note, "note", "证据证明的内容")?,
        exhibits: vec![found.exhibit.clone()],
        refused: false,
        origin: Some(found.origin.clone()),
    };
    Ok(Event::Recorded { evidence, by: me, at: facts.now })
}

pub(super) fn exclude(case: &Case, id: u16, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_exclude", facts)?;
    open(case)?;
    // Of the officers only those of the case know how it was taken; who reviews it judges it.
    let own = case.is_officer(&me(facts)?);
    if !own && permit(case, "penalty_review", facts).is_err() {
        officer(case, facts)?;
    }
    if !case.evidence.iter().any(|e| e.evidence.id == id && e.excluded.is_none()) {
        return Err(Refusal::invalid(
            "evidence",
            format!("没有可以排除的证据 {id}。"),
            "请从证据清单中选择。",
        )
        .from_source("行政处罚法第四十六条第三款"));
    }
    let note = need(note, "note", "排除证据的理由")?;
    Ok(Event::Excluded { evidence: id, note, by: me(facts)?, at: facts.now })
}

pub(super) fn order(
    case: &Case,
    to: u16,
    note: &Text,
    until: Option<Date>,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(case, facts)?;
    party(case, to)?;
    if until.is_some_and(|until| until <= crate::beijing_date(facts.now)) {
        return Err(Refusal::invalid(
            "until",
            "改正期限不在今天以后。",
            "当天改正的不填期限，即为立即改正。",
        )
        .from_source("行政处罚法第二十八条第一款"));
    }
    let note = need(note, "note", "改正的内容")?;
    let paper = case.new_paper(PaperKind::Correction, facts.look_ups.number.clone(), vec![to]);
    let order = Order { paper: paper.id, party: to, note, until, kind: OrderKind::Correct };
    Ok(Event::Ordered { order, paper, by, at: facts.now })
}

pub(super) fn reinspect(
    case: &Case,
    order: u16,
    (done, seen): (bool, Option<Timestamp>),
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(case, facts)?;
    let file = case.orders.iter().find(|o| o.order.paper == order).ok_or_else(|| {
        Refusal::invalid("order", "没有这份责令改正通知书。", "请从已发出的通知书中选择。")
            .from_source("行政处罚法第二十八条第一款")
    })?;
    if file.inspected.iter().any(|(_, done)| *done) {
        return Err(no(
            "corrected",
            "已经复查合格。",
            "又有违法行为的，请重新责令改正。",
            "行政处罚法第二十八条第一款",
        ));
    }
    let Some(served) = case.served(order, file.order.party) else {
        return Err(no(
            "order-unserved",
            "责令改正通知书还没有送达。",
            "请先登记送达。",
            "行政处罚法第二十八条第一款",
        ));
    };
    // What it shows depends on when they looked, not on when somebody came to enter it.
    let seen = seen.map(|at| past(at, "seen", facts)).transpose()?;
    let last = file.inspected.last().map(|(at, _)| *at);
    if seen.is_some_and(|at| at < served || last.is_some_and(|last| at < last)) {
        return Err(Refusal::invalid(
            "seen",
            "复查的时间早于责令改正通知书的送达，或者早于上一次复查。",
            "请填写实际复查的时间。",
        )
        .from_source("行政处罚法第二十八条第一款"));
    }
    Ok(Event::Reinspected {
        order,
        done,
        note: need(note, "note", "复查情况")?,
        exhibits: exhibits(facts, files)?,
        seen,
        by,
        at: facts.now,
    })
}

pub(super) fn finish(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    if !case.evidence.iter().any(|e| e.excluded.is_none()) {
        return Err(no(
            "no-evidence",
            "还没有收集任何证据，调查不能终结。",
            "请先制作笔录、收集证据。",
            "行政处罚法第四十条、第五十四条",
        ));
    }
    if case.finished.is_some_and(|at| case.evidence.iter().all(|e| e.recorded <= at)) {
        return Err(no(
            "finished",
            "已经提交调查终结报告，此后没有新的证据。",
            "补充调查后可以再次提交。",
            "行政处罚法第五十七条第一款",
        ));
    }
    Ok(Event::Finished { note: need(note, "note", "调查终结报告")?, by, at: facts.now })
}

/// Asks a party to come and be questioned (55).
pub(super) fn summon(
    case: &Case,
    to: u16,
    on: Timestamp,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    party(case, to)?;
    if on <= facts.now {
        return Err(Refusal::invalid("on", "询问的时间已经过去。", "请填写以后的时间。")
            .from_source("行政处罚法第五十五条"));
    }
    let paper = case.new_paper(PaperKind::Summons, facts.look_ups.number.clone(), vec![to]);
    let note = need(note, "note", "询问的事项和地点")?;
    Ok(Event::Summoned { party: to, paper, on, note, by, at: facts.now })
}
