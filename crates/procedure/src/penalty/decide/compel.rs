//! Enforcement that is asked for: the demand, the public notice before a demolition, and whether the way is open in law
//! (行政强制法 34–37, 43, 44, 46, 50–54; 城乡规划法 68).

use super::*;
use crate::penalty::challenge;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{AnnouncingDemolition, Compelling, Demanding, OrderingDemolition};
use crate::penalty::execution::{self, announced, demanded};
use crate::penalty::law_side;
use crate::penalty::proposal::Proposal;
use crate::penalty::state::OrderFile;
use crate::penalty::words::{EnforcementKind, MeasureKind};

/// Working days that a demand may give: those that lie between it and a performance by others (行政强制法 51) at least.
const DEMAND_RANGE: std::ops::RangeInclusive<u16> = 3..=30;

const NOTICE: &str = "行政强制法第四十四条";
const POWER: &str = "行政强制法第十三条；城乡规划法第六十八条";

pub(super) fn demand(case: &Case, asked: &Demanding, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    let money = &party(case, asked.party)?.money;
    if !DEMAND_RANGE.contains(&asked.days) {
        let (min, max) = (DEMAND_RANGE.start(), DEMAND_RANGE.end());
        return Err(Refusal::invalid(
            "days",
            format!("催告的履行期限须在 {min} 至 {max} 个工作日之间。"),
            format!(
                "催告应当载明履行义务的期限；准备申请人民法院强制执行的，不少于 {} 个工作日。",
                law_side::demand_days(facts)?
            ),
        )
        .from_source("行政强制法第三十五条第一项、第五十四条"));
    }
    let sum = law_side::surcharge(case, asked.party, crate::beijing_date(facts.now))?;
    let dues = money.dues(sum.fen);
    Ok(Proposal::Demand {
        party: asked.party,
        fine: dues.fine,
        gains: dues.gains,
        surcharge: sum.fen,
        arithmetic: sum.arithmetic,
        days: asked.days,
    })
}

/// A demand (行政强制法 35, 46, 54): something is owed and its term is over.
pub(super) fn demandable(case: &Case, who: u16, facts: &Facts<'_>) -> Result<(), Refusal> {
    const SOURCE: &str = "行政强制法第三十五条、第五十四条";
    let party = party(case, who)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    let fined = execution::fined(case, party);
    let ordered = overdue(case, who, facts).next().is_some();
    if !fined && !ordered {
        return Err(no(
            "no-decision",
            "没有已经送达、尚未履行的处罚决定，也没有已经送达、期限已过而没有履行的责令改正。",
            "请先送达决定，并等履行的期限届满。",
            SOURCE,
        ));
    }
    let owes = fined && party.money.left() > 0;
    if !owes && !ordered {
        return Err(no("nothing-owed", "当事人已经履行。", "不需要催告。", SOURCE));
    }
    if owes && !law_side::payment_over(case, who, facts) {
        return Err(no(
            "payment-runs",
            "缴纳罚款的期限还没有届满。",
            "请等期限届满后催告。",
            "行政处罚法第六十七条第三款、第七十二条",
        ));
    }
    Ok(())
}

pub(super) fn announce(
    case: &Case,
    asked: &AnnouncingDemolition,
    facts: &Facts<'_>,
) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    let object = need(&asked.object, "object", "需要拆除的建筑物、构筑物、设施及其地点")?;
    Ok(Proposal::DemolitionNotice { party: asked.party, object, until: asked.until })
}

/// Orders that reached a party, stand, and were not met by a day that is over.
fn overdue<'a>(case: &'a Case, who: u16, facts: &Facts<'_>) -> impl Iterator<Item = &'a OrderFile> {
    execution::overdue_on(case, who, crate::beijing_date(facts.now))
}

pub(super) fn order(case: &Case, asked: &OrderingDemolition, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    let object = need(&asked.object, "object", "需要拆除的建筑物、构筑物、设施及其地点")?;
    Ok(Proposal::DemolitionOrder { party: asked.party, object, until: asked.until })
}

/// Whether somebody may be ordered to pull something down: it was found and is on record, and what he said was looked at
/// (行政强制法 8; 城乡规划法 64).
pub(super) fn orderable(case: &Case, who: u16, until: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    const SOURCE: &str = "城乡规划法第六十四条、第六十八条";
    let party = party(case, who)?;
    first(rules::two_officers(case).into_iter().collect())?;
    if !case.evidence.iter().any(|e| e.excluded.is_none() && e.evidence.kind.is_record()) {
        return Err(no(
            "no-evidence",
            "还没有现场检查、勘验等笔录，不能认定违法建设。",
            "请先到现场检查、勘验，制作笔录并附照片。",
            SOURCE,
        ));
    }
    if party.rights.statements.iter().any(|s| s.answer.is_none()) {
        return Err(no(
            "not-answered",
            "当事人的陈述、申辩还没有复核，不能责令限期拆除。",
            "请对当事人提出的事实、理由和证据进行复核，写明是否采纳及理由。",
            "行政强制法第八条第一款",
        ));
    }
    if until <= crate::beijing_date(facts.now) {
        return Err(Refusal::invalid(
            "until",
            "拆除的期限不在今天以后。",
            "请填写今天以后的日期，给当事人拆除所需的时间。",
        )
        .from_source(SOURCE));
    }
    Ok(())
}

/// What a party was ordered to pull down by a day that is over, and still stands (城乡规划法 68).
fn standing(case: &Case, who: u16, facts: &Facts<'_>) -> Result<(), Refusal> {
    if overdue(case, who, facts).any(|o| o.order.pulls_down()) {
        return Ok(());
    }
    Err(no(
        "no-order",
        "没有已经送达、期限已过而当事人没有履行的责令限期拆除。",
        "请报批责令限期拆除，经法制审核、负责人签发后送达；期满复查没有拆除的，再公告、强制拆除。",
        "城乡规划法第六十四条、第六十八条",
    ))
}

/// Whether a public notice may go out: 对违法的建筑物、构筑物、设施等需要强制拆除的，应当予以公告，限期当事人自行拆除.
pub(super) fn announceable(case: &Case, who: u16, until: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    let party = party(case, who)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    standing(case, who, facts)?;
    let today = crate::beijing_date(facts.now);
    if until <= today {
        return Err(Refusal::invalid(
            "until",
            "自行拆除的期限已经过去。",
            "请填写今天以后的日期，给当事人拆除所需的时间。",
        )
        .from_source(NOTICE));
    }
    if announced(case, who).is_some_and(|(posted, until)| posted.is_none() || until >= today) {
        return Err(no(
            "announced",
            "已经有限期拆除公告。",
            "没有公告的请现场公告并登记；期限内请等当事人自行拆除。",
            NOTICE,
        ));
    }
    Ok(())
}

pub(super) fn compel(case: &Case, asked: &Compelling, facts: &Facts<'_>) -> Result<Proposal, Refusal> {
    in_filed(case, facts)?;
    party(case, asked.party)?;
    let sum = law_side::surcharge(case, asked.party, crate::beijing_date(facts.now))?;
    let court = if asked.kind == EnforcementKind::Court {
        line(&asked.court, "court", "受理申请的人民法院", "行政强制法第五十四条")?
    } else {
        String::new()
    };
    let power = match (asked.kind, asked.power.trim()) {
        (EnforcementKind::Demolition, power) if !power.is_empty() => {
            line(power, "power", "责成强制拆除的决定", POWER)?
        }
        _ => String::new(),
    };
    let immediate = asked.kind == EnforcementKind::Immediate;
    Ok(Proposal::Enforce {
        party: asked.party,
        kind: asked.kind,
        on: asked.on,
        court,
        surcharge: sum.fen,
        arithmetic: sum.arithmetic,
        power,
        ground: asked.ground.filter(|_| asked.kind == EnforcementKind::Substitute),
        place: asked.place.filter(|_| immediate),
        absent: asked.absent && immediate,
    })
}

/// What is enforced stands and is not done yet: neither stayed nor annulled, and something of it is left.
pub(super) fn stands(case: &Case, who: u16, kind: EnforcementKind) -> Result<(), Refusal> {
    if kind == EnforcementKind::Immediate {
        return Ok(());
    }
    let party = party(case, who)?;
    // A stay of an order leaves the fine alone; one of the decision holds up everything.
    let stayed = |(id, paper, r): (u16, Option<u16>, &crate::penalty::Remedy)| {
        let counts = kind != EnforcementKind::Auction || paper.is_none();
        id == who && counts && r.stay && r.ended.is_none()
    };
    if case.remedies().any(stayed) {
        return Err(no(
            "stayed",
            "复议、诉讼期间已经裁定停止执行。",
            "请等复议、诉讼结果；停止执行解除的，请先登记。",
            "行政复议法第四十二条；行政诉讼法第五十六条",
        ));
    }
    let (fined, owes) = (execution::fined(case, party), party.money.left() > 0);
    let sold = |m: &crate::penalty::MeasureFile| {
        m.measure.party == who && matches!(m.settled, Some((crate::penalty::Settlement::Sold, _)))
    };
    let ordered = execution::unmet(case, who).next().is_some();
    let (rests, left) = match kind {
        EnforcementKind::Auction => (fined, owes || case.measures.iter().any(sold)),
        // What the court collected may have been entered before its end is.
        EnforcementKind::Court => {
            let lodged = party.enforcement.iter().any(|e| e.open() && e.at_court());
            (fined || ordered, lodged || (fined && owes) || ordered)
        }
        _ => (true, ordered),
    };
    if !rests {
        return Err(no(
            "no-decision",
            "据以执行的决定没有送达，或者已经被撤销，不能强制执行。",
            "请先送达决定；已经被撤销的，请登记停止执行。",
            "行政强制法第三十四条、第四十条第四项",
        ));
    }
    if !left {
        return Err(no(
            "nothing-owed",
            "没有已经送达而当事人尚未履行的决定，不能强制执行。",
            "当事人已经履行的，请登记停止执行；责令改正没有送达的，请先送达。",
            "行政强制法第三十四条、第三十七条",
        ));
    }
    Ok(())
}

/// Enforcement: the way must be open in law, and the hour lawful.
pub(super) fn compellable(case: &Case, proposal: &Proposal, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Proposal::Enforce { party: who, kind, on, power, ground, place, .. } = proposal else {
        return Ok(());
    };
    let (who, kind, on) = (*who, *kind, *on);
    let party = party(case, who)?;
    first(rules::execution_rests(party).into_iter().collect())?;
    if party.enforcement.iter().any(|e| e.kind == kind && e.open()) {
        return Err(no(
            "enforcement-open",
            format!("已经批准对{}{}，还没有完成。", rules::call(party), kind.title()),
            "请先登记执行结果，或者停止执行。",
            "行政强制法第三十七条",
        ));
    }
    if kind == EnforcementKind::Immediate {
        return immediate(place.is_some(), on, facts);
    }
    if kind != EnforcementKind::Court
        && let Some(when) = law_side::night_or_holiday(on, facts)
    {
        return Err(no(
            "night",
            format!("不得在{when}实施行政强制执行。"),
            "请改在工作时间；情况紧急需要立即清除的，采用立即代履行。",
            "行政强制法第四十三条第一款",
        ));
    }
    match kind {
        EnforcementKind::Demolition => standing(case, who, facts)?,
        EnforcementKind::Substitute => replaceable(case, who, ground.is_some(), facts)?,
        _ => {}
    }
    stands(case, who, kind)?;
    if party.rights.statements.iter().any(|s| s.answer.is_none()) {
        return Err(no(
            "not-answered",
            "当事人的陈述、申辩还没有复核，不能作出强制执行决定或者申请强制执行。",
            "请对当事人提出的事实、理由和证据进行复核，写明是否采纳及理由。",
            "行政强制法第八条、第三十六条、第三十七条",
        ));
    }
    // A demand for the fine tells nothing of an order whose day came later.
    let own = matches!(kind, EnforcementKind::Substitute | EnforcementKind::Demolition);
    let tells = |(at, _): &(Timestamp, u16)| {
        !own || execution::unmet(case, who).any(|o| execution::tells(case, o, *at))
    };
    let Some((served, days)) = demanded(case, who).filter(tells) else {
        return Err(no(
            "no-demand",
            "还没有催告当事人履行。",
            "请先报批并送达催告书。",
            "行政强制法第三十五条、第五十四条",
        ));
    };
    match kind {
        EnforcementKind::Substitute => substitute(case, who, served, on, facts),
        EnforcementKind::Demolition => {
            demolish(case, who, power, facts)?;
            told(case, who, facts.now)
        }
        EnforcementKind::Auction => {
            auction(case, who, facts)?;
            told(case, who, facts.now)
        }
        EnforcementKind::Court => court(case, who, days, facts),
        EnforcementKind::Immediate => Ok(()),
    }
}

/// What is cleared at once is entered afterwards, with the facts of article 52, and approved then.
fn immediate(place: bool, on: Timestamp, facts: &Facts<'_>) -> Result<(), Refusal> {
    const SOURCE: &str = "行政强制法第五十二条";
    if !place {
        return Err(Refusal::invalid(
            "place",
            "立即代履行只适用于需要立即清除道路、河道、航道或者公共场所的遗洒物、障碍物或者污染物，当事人不能清除的。",
            "请选择清除的地点；其他情形请催告后代履行。",
        )
        .from_source(SOURCE));
    }
    past(on, "on", facts).map(|_| ())
}

/// The term that the demand told is over by an instant: 经催告，当事人逾期仍不履行 (行政强制法 35(一), 37(1)).
fn told(case: &Case, who: u16, by: Timestamp) -> Result<(), Refusal> {
    let clock = case.clock(Term::Remind, Scope::Party(who));
    if clock.is_some_and(|w| w.over(by)) {
        return Ok(());
    }
    let (rule, remedy) = match clock {
        Some(w) => {
            let last = crate::beijing_date(w.clock.running.due - jiff::SignedDuration::from_micros(1));
            (
                format!("催告书载明的履行期限到 {last} 才届满。"),
                "请等催告的期限届满，当事人逾期仍不履行的再强制执行。",
            )
        }
        None => ("当事人没有未履行的义务。".to_owned(), "请核对缴款和复查的记录。"),
    };
    Err(no("demand-runs", rule, remedy, "行政强制法第三十五条第一项、第三十七条第一款"))
}

/// 50: what others may perform is an order to put something right, and what it does harm to is one of three things.
fn replaceable(case: &Case, who: u16, grounded: bool, facts: &Facts<'_>) -> Result<(), Refusal> {
    const SOURCE: &str = "行政强制法第五十条";
    if overdue(case, who, facts).next().is_none() {
        return Err(no(
            "no-order",
            "没有已经送达、期限已过而当事人没有履行的责令改正（排除妨碍、恢复原状等）；罚款不能代履行。",
            "请先责令改正并送达，期满复查没有改正的再代履行。",
            SOURCE,
        ));
    }
    if !grounded {
        return Err(Refusal::invalid(
            "ground",
            "后果已经或者将危害交通安全、造成环境污染或者破坏自然资源的，才可以代履行。",
            "请选择代履行的情形；都不符合的，申请人民法院强制执行。",
        )
        .from_source(SOURCE));
    }
    Ok(())
}

fn substitute(
    case: &Case,
    who: u16,
    served: Timestamp,
    on: Timestamp,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let last = law_side::working_days_before(facts, Term::SubstituteNotice, on)?;
    if crate::beijing_date(served) > last.day {
        return Err(no(
            "substitute-notice",
            format!(
                "代履行三日前应当催告，催告最迟应在 {} 送达（{}）。",
                last.day,
                last.counted().trim_end_matches('。')
            ),
            "请推迟代履行的时间。",
            "行政强制法第五十一条第一款第二项",
        ));
    }
    told(case, who, on)
}

/// 44: the remedies of the order to pull down are over.
fn remedies_run(case: &Case, who: u16, facts: &Facts<'_>) -> Result<(), Refusal> {
    let over = |o: &OrderFile| o.order.pulls_down() && challenge::order_over(case, o).is_some();
    if overdue(case, who, facts).any(over) {
        return Ok(());
    }
    Err(no(
        "remedies-run",
        "当事人对责令限期拆除申请复议、提起诉讼的期限还没有届满，不能强制拆除。",
        "请等期限届满；期限从责令限期拆除送达之日起算。",
        NOTICE,
    ))
}

/// Demolition (行政强制法 44; 城乡规划法 68): ordered and announced, neither challenged nor done, on a power that is named.
fn demolish(case: &Case, who: u16, power: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    remedies_run(case, who, facts)?;
    let today = crate::beijing_date(facts.now);
    match announced(case, who) {
        Some((Some(_), until)) if until < today => {}
        Some((Some(_), until)) => {
            return Err(no(
                "announcement-runs",
                format!("公告限期当事人在 {until} 以前自行拆除，期限还没有届满。"),
                "请等公告的期限届满。",
                NOTICE,
            ));
        }
        _ => {
            return Err(no(
                "not-announced",
                "需要强制拆除的，应当予以公告，限期当事人自行拆除；还没有公告。",
                "请报批限期拆除公告，签发后在现场公告，并以“现场公告”登记地点和照片。",
                NOTICE,
            ));
        }
    }
    if power.is_empty() {
        return Err(Refusal::invalid(
            "power",
            "没有写明据以强制拆除的权限。",
            "请填写县级以上地方人民政府责成强制拆除的决定（文号），或者授予本机关强制拆除权的法律、法规条款。",
        )
        .from_source(POWER));
    }
    Ok(())
}

fn auction(case: &Case, who: u16, facts: &Facts<'_>) -> Result<(), Refusal> {
    let seized = case
        .measures
        .iter()
        .any(|m| m.measure.party == who && m.in_force() && m.measure.kind != MeasureKind::Preservation);
    if !seized || challenge::remedies_over(case, who).is_none() {
        return Err(no(
            "no-seizure",
            "没有已经查封、扣押的财物，或者复议、诉讼期限还没有届满，不能拍卖抵缴。",
            "请申请人民法院强制执行。",
            "行政强制法第四十六条第三款",
        ));
    }
    if !case.clock(Term::SurchargeMonth, Scope::Party(who)).is_some_and(|w| w.over(facts.now)) {
        return Err(no(
            "surcharge-month",
            "实施加处罚款超过三十日，经催告仍不履行的，才能拍卖抵缴。",
            "请等加处罚款满三十日。",
            "行政强制法第四十六条第一款",
        ));
    }
    Ok(())
}

fn court(case: &Case, who: u16, days: u16, facts: &Facts<'_>) -> Result<(), Refusal> {
    let least = law_side::demand_days(facts)?;
    if days < least {
        return Err(no(
            "demand-short",
            format!("催告书只给了 {days} 个工作日，申请人民法院强制执行以前的催告须满 {least} 个工作日。"),
            format!("请再次催告，履行期限不少于 {least} 个工作日。"),
            "行政强制法第五十四条",
        ));
    }
    if !case.clock(Term::Remind, Scope::Party(who)).is_some_and(|w| w.over(facts.now)) {
        return Err(no(
            "demand-runs",
            "催告书送达后满十日当事人仍未履行的，才能申请人民法院强制执行。",
            "请等催告期满（十个工作日，催告书载明更长的从其期限）。",
            "行政强制法第五十四条",
        ));
    }
    let clock = case.clock(Term::CourtApply, Scope::Party(who));
    match clock.filter(|w| w.clock.running.from <= facts.now) {
        None => Err(no(
            "court-early",
            "当事人申请复议、提起诉讼（上诉）的期限还没有届满，不能申请人民法院强制执行。",
            "期限届满之日起三个月内申请。",
            "行政强制法第五十三条",
        )),
        Some(w) if w.over(facts.now) => Err(court_late()),
        Some(_) => Ok(()),
    }
}

/// 53: the three months are over.
pub(super) fn court_late() -> Refusal {
    no(
        "court-late",
        "申请人民法院强制执行的三个月期限已经届满。",
        "人民法院不再受理；请查明原因并追究责任，可以终结执行。",
        "行政强制法第五十三条",
    )
}
