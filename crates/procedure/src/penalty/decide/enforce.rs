//! After the decision: enforcement carried out, the police, publication, the archive.

use super::*;
use crate::penalty::command::{Archiving, Enforcing, OfParty};
use crate::penalty::execution::{self, CourtStep};
use crate::penalty::folios::{self, Folio};
use crate::penalty::law_side;
use crate::penalty::public::{self, Publication};
use crate::penalty::state::{Enforcement, Outcome};
use crate::penalty::words::EnforcementKind;

/// So much of what is missing stands in a refusal; all of it is on the case's page.
const GAPS_SHOWN: usize = 6;

fn approved(party: &Party) -> Result<&Enforcement, Refusal> {
    party.enforcement.iter().find(|e| e.open()).ok_or_else(|| {
        no("no-enforcement", "没有已经批准的强制执行。", "请先报批强制执行。", "行政强制法第三十七条")
    })
}

/// When something was carried out, as it is entered: both ends in the past, the end not before the beginning.
fn span(asked: &Enforcing, facts: &Facts<'_>) -> Result<(Timestamp, Timestamp), Refusal> {
    let from = past(asked.from.unwrap_or(facts.now), "from", facts)?;
    let to = past(asked.to.unwrap_or(from), "to", facts)?;
    if to < from {
        return Err(Refusal::invalid("to", "结束时间早于开始时间。", "请核对实施的时间。")
            .from_source("行政处罚法第四十七条：全过程如实记录"));
    }
    Ok((from, to))
}

/// Night or a holiday that an act fell on, of each of its days.
fn unfit(from: Timestamp, to: Timestamp, facts: &Facts<'_>) -> Option<&'static str> {
    const NOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(12);
    let last = crate::beijing_date(to);
    let days = std::iter::successors(Some(crate::beijing_date(from)), |day| day.tomorrow().ok());
    let noons = days.take_while(|day| *day <= last).map(|day| law_side::midnight(day) + NOON);
    [from, to].into_iter().chain(noons.take(DAYS_MAX)).find_map(|at| law_side::night_or_holiday(at, facts))
}

/// Days of one act that are looked at.
const DAYS_MAX: usize = 400;

/// What was approved was carried out: it still stands and is not done yet, not at night and not on a holiday (行政强制法 43).
pub(super) fn done(case: &Case, asked: &Enforcing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    let id = asked.party;
    let party = party(case, id)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    let enforcement = approved(party)?;
    let granted = enforcement.court_said.last().is_some_and(|(step, _)| *step == CourtStep::Granted);
    if enforcement.kind == EnforcementKind::Court && !granted {
        return Err(no(
            "court-not-granted",
            "人民法院还没有裁定准予执行。",
            "请先登记人民法院受理和裁定的情况。",
            "行政强制法第五十七条、第五十八条",
        ));
    }
    compel::stands(case, id, enforcement.kind)?;
    let (from, to) = span(asked, facts)?;
    let own = !matches!(enforcement.kind, EnforcementKind::Court | EnforcementKind::Immediate);
    // Whole minutes are typed.
    if own && from + jiff::SignedDuration::from_secs(59) < enforcement.on {
        return Err(no(
            "too-early",
            "实施的时间早于决定的强制执行时间。",
            "请在决定的时间执行；当事人自行履行的，停止执行。",
            "行政强制法第三十七条、第五十一条",
        ));
    }
    let served = |paper| case.served(paper, id).is_some_and(|at| at <= to);
    let unserved = enforcement
        .paper
        .and_then(|p| case.paper(p))
        .is_some_and(|p| p.paper.kind.must_serve() && !served(p.paper.id));
    if own && unserved {
        return Err(no(
            "unserved",
            "强制执行决定书在实施以前没有送达。",
            "请先送达。",
            "行政强制法第三十八条、第五十一条",
        ));
    }
    if own && let Some(when) = unfit(from, to, facts) {
        return Err(no(
            "night",
            format!("不得在{when}实施行政强制执行。"),
            "请如实登记实施的起止时间；违反的，按执法过错处理，不能登记为依法执行。",
            "行政强制法第四十三条第一款",
        ));
    }
    Ok(Event::Enforced {
        party: id,
        from: asked.from.map(|_| from),
        to: asked.to.or(asked.from).map(|_| to),
        note: need(&asked.note, "note", "执行情况")?,
        exhibits: exhibits(facts, &asked.exhibits)?,
        by,
        at: facts.now,
    })
}

/// What was approved needs not be done any more: the party performed, or what it rests on fell. An application is withdrawn.
pub(super) fn stop(case: &Case, of: &OfParty, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政强制法第四十条、第五十一条第一款第二项";
    let by = in_filed(case, facts)?;
    let party = party(case, of.party)?;
    let enforcement = approved(party)?;
    let over = match enforcement.kind {
        EnforcementKind::Auction => party.annulled.is_some() || party.money.left() == 0,
        EnforcementKind::Substitute | EnforcementKind::Demolition => {
            execution::unmet(case, of.party).next().is_none()
        }
        EnforcementKind::Court => !execution::owing(case, party),
        EnforcementKind::Immediate => true,
    };
    if !over {
        return Err(no(
            "still-owed",
            "当事人还没有履行完毕，据以执行的决定也没有被撤销。",
            "请先登记缴款、复查合格或者复议、诉讼的结果；确需中止、终结的，请报批。",
            SOURCE,
        ));
    }
    if party.annulled.is_none() {
        confirmed(&party.money)?;
    }
    let note = need(&of.note, "note", "当事人履行的情况，或者不再执行的原因")?;
    let exhibits = exhibits(facts, &of.exhibits)?;
    Ok(Event::EnforcementStopped { party: of.party, note, exhibits, by, at: facts.now })
}

const CRIME: &str = "行政处罚法第二十七条；行政执法机关移送涉嫌犯罪案件的规定";

/// The file goes to the police; the transfer is kept as it was printed for them.
pub(super) fn send_crime(
    case: &Case,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
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
    let sent = Event::CrimeSent { note, exhibits: exhibits(facts, files)?, by, at: facts.now };
    Ok(kept.into_iter().chain([sent]).collect())
}

pub(super) fn answer_crime(
    case: &Case,
    taken: bool,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = in_filed(case, facts)?;
    if !police::awaited(case) {
        return Err(no("not-sent", "没有等候公安机关答复的移送。", "请先登记移送。", CRIME));
    }
    let note = need(note, "note", "立案或者不予立案通知书")?;
    Ok(Event::CrimeAnswered { taken, note, exhibits: exhibits(facts, files)?, by, at: facts.now })
}

const PUBLIC: &str = "行政处罚法第四十八条；国办发〔2018〕118号";

fn unpublished(case: &Case) -> Result<(), Refusal> {
    alive(case)?;
    if rules::publication_stale(case) || public::may_again(case) {
        return Ok(());
    }
    match (&case.outcome, &case.publication) {
        // What was annulled of one party is left out of what is published of the others.
        (Outcome::Penalty { .. }, Publication::None) if case.present().any(Party::shows) => Ok(()),
        (Outcome::Penalty { .. }, _) => Err(no("published", "公开事宜已经处理。", "请刷新页面。", PUBLIC)),
        _ => Err(no("undecided", "没有可以公开的处罚决定。", "请先作出决定。", PUBLIC)),
    }
}

/// Whether a party that is punished is under age.
fn minors(case: &Case) -> bool {
    use crate::penalty::words::Capacity;
    let under = |p: &Party| matches!(p.subject.capacity, Capacity::Minor | Capacity::Child);
    case.present().filter(|p| p.annulled.is_none()).any(under)
}

/// What was decided against somebody under age is not published, by whichever procedure.
pub(crate) fn not_of_minors() -> Refusal {
    no(
        "minor",
        "当事人是未成年人，不得披露可能识别其身份的信息，决定不予公开。",
        "请登记不予公开，写明当事人是未成年人。",
        "未成年人保护法第一百零三条；行政处罚法第五十条",
    )
}

pub(super) fn publish(case: &Case, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_publish", facts)?;
    unpublished(case)?;
    if !case.present().any(|p| case.decision_served(p.subject.id).is_some()) {
        return Err(no("unserved", "处罚决定还没有送达，不能公开。", "请先送达决定书。", PUBLIC));
    }
    if minors(case) {
        return Err(not_of_minors());
    }
    Ok(Event::Published { by: me(facts)?, at: facts.now })
}

pub(super) fn keep_back(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(case, "penalty_publish", facts)?;
    unpublished(case)?;
    if case.marks.contains(&crate::penalty::words::Mark::Public) && !minors(case) {
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
    alive(case)?;
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
