//! After the decision: remedies, enforcement carried out, the police, publication, the archive.

use super::*;
use crate::penalty::command::{Archiving, OfParty};
use crate::penalty::execution::CourtStep;
use crate::penalty::folios::{self, Folio};
use crate::penalty::law_side;
use crate::penalty::matters::Remedy;
use crate::penalty::state::{Outcome, Publication};
use crate::penalty::words::{EnforcementKind, RemedyEnd, RemedyKind};

/// So much of what is missing stands in a refusal; all of it is on the case's page.
const GAPS_SHOWN: usize = 6;

const REMEDY: &str = "行政处罚法第七条、第七十三条";

pub(super) fn appeal(
    case: &Case,
    id: u16,
    kind: RemedyKind,
    on: Date,
    (stay, simple): (bool, bool),
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    open(case)?;
    let party = party(case, id)?;
    let Some(served) = case.decision_served(id) else {
        return Err(no("unserved", "处罚决定还没有送达该当事人。", "请先送达决定书。", REMEDY));
    };
    if party.remedies.iter().any(|r| r.ended.is_none()) {
        return Err(no("remedy-open", "已有一项复议、诉讼没有结果。", "请先登记结果。", REMEDY));
    }
    let on = past_day(on, "on", facts)?;
    if on < crate::beijing_date(served) {
        return Err(Refusal::invalid("on", "日期早于决定送达。", "请核对受理通知书。").from_source(REMEDY));
    }
    let simple = simple && kind == RemedyKind::Reconsideration;
    let remedy = Remedy { kind, on, stay, simple, replied: None, ended: None };
    Ok(Event::RemedySought { party: id, remedy, by: me(facts)?, at: facts.now })
}

pub(super) fn end_appeal(
    case: &Case,
    id: u16,
    end: RemedyEnd,
    on: Date,
    fine: Option<i64>,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    open(case)?;
    let most = party(case, id)?.money.fine;
    let fine = fine.filter(|_| end == RemedyEnd::Changed);
    if end == RemedyEnd::Changed && !fine.is_some_and(|fine| (0..=most).contains(&fine)) {
        return Err(Refusal::invalid(
            "fine",
            "变更的结果应当写明变更后的罚款，且不得加重。",
            "请填写复议决定或者裁判确定的罚款；没有变更罚款的填原数额。",
        )
        .from_source("行政复议法第六十三条第二款；行政诉讼法第七十七条"));
    }
    let running = party(case, id)?.remedies.iter().find(|r| r.ended.is_none());
    let Some(running) = running else {
        return Err(no("no-remedy", "没有进行中的复议、诉讼。", "请先登记受理。", REMEDY));
    };
    let on = past_day(on, "on", facts)?;
    if on < running.on {
        return Err(Refusal::invalid("on", "结果早于申请。", "请核对日期。").from_source(REMEDY));
    }
    let note = need(note, "note", "复议决定、裁判的内容")?;
    Ok(Event::RemedyEnded { party: id, end, on, fine, note, by: me(facts)?, at: facts.now })
}

/// The agency answered, with its evidence (行政复议法 48, 54; 行政诉讼法 67).
pub(super) fn reply_remedy(case: &Case, of: &OfParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_remedy", facts)?;
    open(case)?;
    let waits = party(case, of.party)?.remedies.iter().any(|r| r.ended.is_none() && r.replied.is_none());
    if !waits {
        return Err(no(
            "nothing-to-reply",
            "没有等候答复、答辩的复议、诉讼。",
            "请先登记复议、诉讼。",
            "行政复议法第四十八条；行政诉讼法第六十七条",
        ));
    }
    let note = need(&of.note, "note", "答复、答辩的要点和提交的证据")?;
    let exhibits = exhibits(facts, &of.exhibits)?;
    Ok(Event::RemedyReplied { party: of.party, note, exhibits, by: me(facts)?, at: facts.now })
}

/// What was approved was carried out, not at night and not on a holiday (行政强制法 43).
pub(super) fn done(
    case: &Case,
    id: u16,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    let party = party(case, id)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    let open = party.enforcement.iter().find(|e| e.open());
    let Some(enforcement) = open else {
        return Err(no(
            "no-enforcement",
            "没有已经批准的强制执行。",
            "请先报批强制执行。",
            "行政强制法第三十七条",
        ));
    };
    let granted = enforcement.court_said.last().is_some_and(|(step, _)| *step == CourtStep::Granted);
    if enforcement.kind == EnforcementKind::Court && !granted {
        return Err(no(
            "court-not-granted",
            "人民法院还没有裁定准予执行。",
            "请先登记人民法院受理和裁定的情况。",
            "行政强制法第五十七条、第五十八条",
        ));
    }
    let own = !matches!(enforcement.kind, EnforcementKind::Court | EnforcementKind::Immediate);
    if own && facts.now < enforcement.on {
        return Err(no(
            "too-early",
            "还没有到决定的强制执行时间。",
            "请在决定的时间执行；当事人自行履行的，停止执行。",
            "行政强制法第三十七条、第五十一条",
        ));
    }
    let unserved = enforcement.paper.and_then(|p| case.paper(p)).is_some_and(|p| {
        p.paper.kind.must_serve() && p.service.get(&id).is_none_or(|s| s.effective.is_none())
    });
    if own && unserved {
        return Err(no(
            "unserved",
            "强制执行决定书还没有送达。",
            "请先送达。",
            "行政强制法第三十八条、第五十一条",
        ));
    }
    if own && let Some(when) = law_side::night_or_holiday(facts.now, facts) {
        return Err(no(
            "night",
            format!("不得在{when}实施行政强制执行。"),
            "请在工作时间登记当时的执行情况。",
            "行政强制法第四十三条第一款",
        ));
    }
    Ok(Event::Enforced {
        party: id,
        note: need(note, "note", "执行情况")?,
        exhibits: exhibits(facts, files)?,
        by,
        at: facts.now,
    })
}

const CRIME: &str = "行政处罚法第二十七条；行政执法机关移送涉嫌犯罪案件的规定";

/// The file goes to the police; the transfer is kept as it was printed for them.
pub(super) fn send_crime(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let by = in_filed(case, facts)?;
    if !matches!(case.outcome, Outcome::Crime { sent: None, .. }) {
        return Err(no("not-approved", "没有待移送的案件。", "请先报批移送。", CRIME));
    }
    let note = need(note, "note", "移送书、调查报告、物品清单和回执")?;
    let crime = crate::penalty::words::PaperKind::Crime;
    let paper = case.papers_of(crime).next_back().map(|file| file.paper.id);
    let kept = paper.zip(facts.look_ups.printed.clone()).map(|(paper, exhibit)| {
        let party = folios::addressees(case, Folio::Paper(paper)).first().copied().unwrap_or(1);
        Event::PaperKept { paper, party, exhibit, at: facts.now }
    });
    Ok(kept.into_iter().chain([Event::CrimeSent { note, by, at: facts.now }]).collect())
}

pub(super) fn answer_crime(
    case: &Case,
    taken: bool,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if !police::awaited(case) {
        return Err(no("not-sent", "没有等候公安机关答复的移送。", "请先登记移送。", CRIME));
    }
    let note = need(note, "note", "立案或者不予立案通知书")?;
    Ok(Event::CrimeAnswered { taken, note, by, at: facts.now })
}

const PUBLIC: &str = "行政处罚法第四十八条；国办发〔2018〕118号";

fn unpublished(case: &Case) -> Result<(), Refusal> {
    open(case)?;
    if rules::publication_stale(case) {
        return Ok(());
    }
    match (&case.outcome, &case.publication) {
        (Outcome::Penalty { .. }, Publication::None) if case.present().all(|p| p.annulled.is_none()) => {
            Ok(())
        }
        (Outcome::Penalty { .. }, _) => Err(no("published", "公开事宜已经处理。", "请刷新页面。", PUBLIC)),
        _ => Err(no("undecided", "没有可以公开的处罚决定。", "请先作出决定。", PUBLIC)),
    }
}

pub(super) fn publish(case: &Case, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_publish", facts)?;
    unpublished(case)?;
    if !case.present().any(|p| case.decision_served(p.subject.id).is_some()) {
        return Err(no("unserved", "处罚决定还没有送达，不能公开。", "请先送达决定书。", PUBLIC));
    }
    Ok(Event::Published { by: me(facts)?, at: facts.now })
}

pub(super) fn keep_back(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_publish", facts)?;
    unpublished(case)?;
    if case.marks.contains(&crate::penalty::words::Mark::Public) {
        return Err(no(
            "must-publish",
            "具有一定社会影响的行政处罚决定应当依法公开。",
            "请公开；不具有社会影响的，请先取消该标注并写明理由。",
            "行政处罚法第四十八条第一款",
        ));
    }
    let note = need(note, "note", "不公开的理由")?;
    Ok(Event::NotPublished { note, by: me(facts)?, at: facts.now })
}

pub(super) fn unpublish(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_publish", facts)?;
    open(case)?;
    if !matches!(case.publication, Publication::Published { .. }) {
        return Err(no("not-published", "没有公开的决定。", "请刷新页面。", PUBLIC));
    }
    let note = need(note, "note", "公开说明的理由")?;
    Ok(Event::PublicationWithdrawn { note, by: me(facts)?, at: facts.now })
}

/// Nothing is written on a file any more once it is in the archive: what is blank or missing in it is said before, or why it stays so.
pub(super) fn archive(case: &Case, what: &Archiving, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_archive", facts)?;
    let closed = matches!(&case.closed, Some(closed) if closed.archived.is_none());
    if !closed {
        return Err(no("not-closed", "结案后才能归档。", "请先报批结案。", "行政处罚法第四十七条"));
    }
    if !(1..=10_000).contains(&what.pages) {
        return Err(
            Refusal::invalid("pages", "页数不对。", "请填写卷宗的页数。").from_source("行政处罚法第四十七条")
        );
    }
    let shelf = line(&what.shelf, "shelf", "档号", "行政处罚法第四十七条")?;
    let note = what.note.part();
    let (blank, gaps) = (folios::blank(case), crate::penalty::record_gaps(case));
    if note.is_none() && !(blank.is_empty() && gaps.is_empty()) {
        let titles: Vec<String> = blank.iter().filter_map(|folio| folios::title(case, *folio)).collect();
        let wants = gaps.iter().map(|gap| format!("{}缺{}", gap.step, gap.wants));
        let all: Vec<String> = titles.iter().map(|t| format!("{t}待填写")).chain(wants).collect();
        let shown = all.iter().take(GAPS_SHOWN).cloned().collect::<Vec<_>>().join("；");
        return Err(Refusal::invalid(
            "note",
            format!("归档后不能再补：文书待填写 {} 份，记录缺项 {} 项（{shown}）。", blank.len(), gaps.len()),
            "请先在“决定与文书”“全过程记录”里补齐；确实补不了的，在“缺项的原因”里写明。",
        )
        .from_source("行政处罚法第四十七条：全过程记录，归档保存"));
    }
    let file = facts.look_ups.printed.clone();
    Ok(Event::Archived { shelf, pages: what.pages, note, file, by: me(facts)?, at: facts.now })
}
