//! What the law demands before something may be done, as lists of what is still missing: the decision refuses the first of them,
//! the handler's desk shows all.

use super::charge::{Basis, Charge};
use super::clocks::{Scope, Term};
use super::law_side;
use super::matters::Violation;
use super::once::{fined_under_another, once_only, twice_here};
use super::rights::Hearing;
use super::state::{Case, Party};
use super::words::{Capacity, Mark, Opinion};
use crate::{Facts, Refusal};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A refusal with its article.
pub(crate) fn no(
    code: &'static str,
    rule: impl Into<String>,
    remedy: impl Into<String>,
    source: &str,
) -> Refusal {
    Refusal::conflict(code, rule, remedy).from_source(source)
}

/// How a party is called where its name is sealed.
pub(super) fn call(party: &Party) -> String {
    format!("当事人 {} ", party.subject.id)
}

/// Two officers with certificates (行政处罚法 42, 55).
pub(super) fn two_officers(case: &Case) -> Option<Refusal> {
    let people: BTreeSet<_> = case.officers.iter().map(|o| &o.person).collect();
    (people.len() < 2).then(|| {
        no(
            "one-officer",
            "执法人员不得少于两人，并应当具有行政执法资格。",
            "请队长指定两名持执法证的办案人员。",
            "行政处罚法第四十二条",
        )
    })
}

/// Whether the time in which a violation may be punished is over (行政处罚法 36; 生态环境法典 1054); `found`: when it was registered,
/// where it says no other day.
pub(crate) fn limitation(violation: &Violation, found: Timestamp, facts: &Facts<'_>) -> Option<Refusal> {
    // What came from another case was found there, what was complained of when it was.
    let found = violation.found.unwrap_or(found);
    let (last, source) = law_side::limitation(violation, facts)?;
    let found = crate::beijing_date(found);
    (found > last).then(|| {
        no(
            "limitation",
            format!(
                "违法行为 {} 自 {} 起算，追责时效到 {last} 届满，{found} 才发现，不再给予行政处罚。",
                violation.id,
                violation.counts_from()
            ),
            "时效届满的，请不予立案或者作出不予处罚决定；投诉、举报较早的，请更正发现日期；行为有连续、继续状态或者造成危害后果的，请更正违法行为的日期和性质。",
            &source,
        )
    })
}

/// What must hold of every violation when it is filed, told and decided: found in time (36), and within the power that the agency
/// holds on that day (17, 22, 38), which may have ended since or never have been there for what was added later.
fn punishable(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    let of = |v| {
        limitation(v, case.at, facts).into_iter().chain(law_side::power_of(&v.item, Some(&case.unit), facts))
    };
    case.violations.iter().flat_map(of).collect()
}

/// Why a case needs a legal review before the decision (58), when it does.
#[must_use]
pub fn review_demanded(case: &Case) -> Option<&'static str> {
    let charges = || case.present().flat_map(|p| &p.charges);
    if case.marked(Mark::PublicInterest) {
        Some("行政处罚法第五十八条第一款第一项")
    } else if case.present().any(|p| p.rights.was_heard()) {
        Some("行政处罚法第五十八条第一款第二项")
    } else if case.marked(Mark::Complex) || case.marked(Mark::Major) {
        Some("行政处罚法第五十八条第一款第三项")
    } else if charges().any(|c| c.review) {
        Some("行政处罚法第五十八条第一款第四项；重大执法决定法制审核目录")
    } else {
        None
    }
}

/// Whether the leaders must discuss it together (57(2)).
#[must_use]
pub(super) fn discussion_demanded(case: &Case) -> bool {
    case.marked(Mark::Complex)
        || case.marked(Mark::Major)
        || case.present().flat_map(|p| &p.charges).any(|c| c.major)
}

/// Since when a party has been heard (45, 62–64): the term that it was told for its defence is over or was given up, so is the one
/// for a hearing, the hearing that it asked for is behind it, and so is the last thing that it said. None as long as any of that
/// is open.
fn heard(case: &Case, party: &Party) -> Option<Timestamp> {
    let (rights, id) = (&party.rights, party.subject.id);
    let notice = rights.notice.as_ref()?;
    let served = case.served(notice.paper, id)?;
    // The clock of this notice, whether it still runs or stopped when the right was given up.
    let end = |term| {
        let of_notice = |w: &&super::Watched| {
            (w.clock.term, w.clock.of, w.clock.running.from) == (term, Scope::Party(id), served)
        };
        case.clocks.iter().rev().find(of_notice).map(|w| w.clock.running.due)
    };
    let over = |given_up: Option<Timestamp>, term| given_up.into_iter().chain(end(term)).min();
    let defence = over(rights.statement_waived, Term::Defence)?;
    let hearing = match &rights.hearing {
        Hearing::Held { at, .. } | Hearing::GivenUp { at } => Some(*at),
        Hearing::Asked { .. } | Hearing::Called { .. } => return None,
        Hearing::None if notice.hearing => Some(over(rights.hearing_waived, Term::HearingRequest)?),
        Hearing::None => None,
    };
    let spoke = rights.statements.iter().map(|s| s.at).max();
    Some(defence).max(hearing).max(spoke)
}

/// Since when every party has been heard: what a review and a discussion must come after (57(2), 58).
pub(super) fn all_heard(case: &Case) -> Option<Timestamp> {
    let all: Option<Vec<_>> = case.present().map(|party| heard(case, party)).collect();
    all?.into_iter().max()
}

/// Whether a notice says all that is charged, and nothing heavier is (44, 62).
pub(super) fn notice_covers(party: &Party) -> bool {
    let Some(notice) = &party.rights.notice else { return false };
    party.charges.iter().all(|charge| {
        notice.charges.iter().any(|told: &Charge| {
            told.violation == charge.violation && told.basis.same(&charge.basis) && !charge.heavier_than(told)
        })
    })
}

/// Why nothing is enforced against a party now (行政强制法 39, 40, 42).
pub(super) fn execution_rests(party: &Party) -> Option<Refusal> {
    let execution = &party.execution;
    if let Some((end, _)) = execution.ended {
        let rule = format!("对{}的执行已经终结：{}。", call(party), end.title());
        return Some(no("ended", rule, "不再执行。", end.source()));
    }
    if let Some(suspension) = execution.suspended() {
        return Some(no(
            "suspended",
            format!("对{}的执行已经中止：{}。", call(party), suspension.ground.title()),
            "中止的情形消失后，请登记恢复执行。",
            "行政强制法第三十九条",
        ));
    }
    execution.agreed().map(|_| {
        no(
            "agreed",
            format!("{}正在履行执行协议。", call(party)),
            "请等约定的期限；当事人不履行协议的，登记后恢复强制执行。",
            "行政强制法第四十二条",
        )
    })
}

/// What is missing before the term of the decision may be extended: from the second time on a discussion of the leaders (60; the
/// law data say how often and how long).
pub(super) fn longer(case: &Case) -> Vec<Refusal> {
    let Some(watched) = case.clock(Term::Decide, Scope::Case) else { return Vec::new() };
    let agreed = case.discussions.iter().filter(|d| d.longer && d.agreed).count();
    let times = watched.clock.running.extensions.len();
    if times == 0 || agreed >= times {
        return Vec::new();
    }
    vec![no(
        "discussion-missing",
        "办案期限再次延长的，应当由行政机关负责人集体讨论决定。",
        "请先登记负责人集体讨论记录（再次延长办案期限），再报批。",
        "行政处罚法第六十条；住房和城乡建设行政处罚程序规定",
    )]
}

/// Whether what was published shows a decision whose clerical error was put right afterwards.
pub(super) fn publication_stale(case: &Case) -> bool {
    let (super::Publication::Published { at }, Some((paper, _))) = (&case.publication, case.decision())
    else {
        return false;
    };
    case.amended.iter().any(|(of, _, when)| *of == paper && when > at)
}

/// A decision names the articles on which it rests; whoever confirms a rule without one cannot give it one (59(1)(三)).
pub(super) fn no_article(basis: &Basis) -> Refusal {
    no(
        "no-article",
        format!("处罚依据《{}》没有条款，决定书无法载明处罚依据，不能作为处罚依据。", basis.law),
        "请法制审核员先在事项库补录条款并核对原文，再重新拟定处罚意见。",
        "行政处罚法第五十九条第一款第三项、第三十八条",
    )
}

/// Whether a party did not do what it was ordered: the order reached it, its day passed, and it was looked at and not done.
pub(super) fn disobeyed(case: &Case, party: u16) -> bool {
    case.orders.iter().filter(|o| o.order.party == party).any(|o| {
        let served = case.served(o.order.paper, party);
        served.is_some_and(|served| o.inspected.iter().any(|seen| seen.0 >= served && o.shows(*seen)))
    })
}

/// What the article of a charge demands before it, and whether it gives what is charged (4, 38).
fn of_article(case: &Case, charge: &Charge) -> Vec<Refusal> {
    let (basis, cite) = (&charge.basis, charge.basis.cite());
    let mut missing = Vec::new();
    let warns = basis.warns();
    // A warning that the article gives with the order itself needs no disregard of it.
    let more = charge.fine > 0 || charge.confiscation > 0 || charge.goods || charge.severe.is_some();
    let first = basis.order_first && (more || warns != Some(lianzhi_law::Warns::AtOnce));
    let graver = super::chosen::disobedience(&basis.only) || super::chosen::disobedience(&charge.grade);
    if (first || graver) && !disobeyed(case, charge.party) {
        missing.push(no(
            "order-first",
            format!("{cite}规定先责令改正，拒不改正或者逾期不改正的才给予处罚。"),
            "请先责令改正并送达，期满复查没有改正的，再给予处罚。",
            &cite,
        ));
    }
    if !basis.only.is_empty() && charge.grade != basis.only {
        missing.push(no(
            "grade-unsaid",
            format!("{cite}的这一档限于“{}”，处罚意见没有写明案情属于此情形。", basis.only),
            "请查明后在处罚意见中选择所属情形，重新拟定。",
            &cite,
        ));
    }
    let daily = case.daily_of.is_some() && charge.violation == 1;
    if charge.fine > 0 && basis.max.is_none() && !daily {
        missing.push(no(
            "no-range",
            format!("{cite}没有可以核对的罚款幅度，不得罚款。"),
            "请重新拟定处罚意见；按造价、面积计算的，填写造价、面积。",
            "行政处罚法第四条、第三十八条",
        ));
    }
    if charge.warning && warns.is_none() {
        missing.push(no_warning(basis));
    }
    missing
}

/// The article gives no 警告 (4, 38).
pub(crate) fn no_warning(basis: &Basis) -> Refusal {
    Refusal::invalid(
        "warning",
        format!("{}没有规定警告，不得给予警告。", basis.cite()),
        "请选择该条规定的处罚；只需要提醒的，责令改正或者批评教育。",
    )
    .from_source("行政处罚法第四条、第三十八条")
}

/// Whether the rule of every charge is still the one that holds today (37).
fn still_chosen(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    let daily = |charge: &Charge| case.daily_of.is_some() && charge.violation == 1;
    let of = |party: &Party| {
        let outdated = |charge: &Charge| {
            let violation = case.violation(charge.violation)?;
            super::chosen::outdated(charge, violation, party.subject.kind, facts)
        };
        party.charges.iter().filter(|charge| !daily(charge)).filter_map(outdated).collect::<Vec<_>>()
    };
    case.present().flat_map(of).collect()
}

/// What a charge still lacks.
pub(super) fn charges(case: &Case) -> Vec<Refusal> {
    let mut missing: Vec<Refusal> = twice_here(case).into_iter().collect();
    for party in case.present() {
        if party.charges.is_empty() {
            missing.push(no(
                "no-charge",
                format!("{}还没有拟定处罚意见。", call(party)),
                "请对每个当事人拟定处罚意见；不予处罚的请另行分案或者作出不予处罚决定。",
                "行政处罚法第五十七条",
            ));
        }
        for charge in &party.charges {
            missing.extend(of_article(case, charge));
            if charge.basis.article.is_empty() {
                missing.push(no_article(&charge.basis));
            } else if !charge.basis.verified && charge.basis.confirmed.is_none() {
                missing.push(no(
                    "unverified-basis",
                    format!("处罚依据{}没有经过核对，不能单独作为处罚依据。", charge.basis.cite()),
                    "请法制审核员对照现行有效文本确认依据。",
                    "行政处罚法第三十八条",
                ));
            }
        }
    }
    missing
}

/// What a party must have been given before the decision (44, 45, 62–64).
fn rights(case: &Case, party: &Party, now: Timestamp) -> Vec<Refusal> {
    let mut missing = Vec::new();
    let (id, who) = (party.subject.id, call(party));
    let Some(notice) = &party.rights.notice else {
        missing.push(no(
            "not-notified",
            format!("{who}没有被告知拟作出的处罚内容及事实、理由、依据和权利，不得作出行政处罚决定。"),
            "请先报批事先告知书；事实、依据或者处罚内容变更的，应当重新告知。",
            "行政处罚法第四十四条、第六十二条",
        ));
        return missing;
    };
    if !notice_covers(party) {
        missing.push(no(
            "notice-outdated",
            format!("对{who}的处罚意见与告知的不一致。"),
            "事实、依据或者处罚内容变更的，请重新告知并听取陈述、申辩。",
            "行政处罚法第四十四条、第六十二条",
        ));
    }
    if case.served(notice.paper, id).is_none() {
        missing.push(no(
            "notice-unserved",
            format!("告知书还没有送达{who}。"),
            "请先送达告知书。",
            "行政处罚法第四十四条、第六十二条",
        ));
        return missing;
    }
    let over = |term| case.clock(term, Scope::Party(id)).is_some_and(|w| w.over(now));
    // What was said before the notice answers nothing of it, and whoever spoke once may add to it until the day that he was told.
    if party.rights.statement_waived.is_none() && !over(Term::Defence) {
        missing.push(no(
            "defence-runs",
            format!(
                "告知{who}的陈述、申辩期限（送达后 {} 个工作日）还没有届满，也没有明确放弃其余的期限。",
                notice.days
            ),
            "请等期限届满，已经陈述、申辩的也可以在期限内补充；当事人明确放弃的，登记其签字的声明。",
            "行政处罚法第四十五条、第六十二条",
        ));
    }
    if party.rights.statements.iter().any(|s| s.answer.is_none()) {
        missing.push(no(
            "not-answered",
            format!("{who}的陈述、申辩还没有复核。"),
            "请复核当事人提出的事实、理由和证据，写明是否采纳及理由。",
            "行政处罚法第四十五条第一款",
        ));
    }
    if notice.hearing && party.rights.hearing_waived.is_none() {
        match &party.rights.hearing {
            Hearing::None if !over(Term::HearingRequest) => missing.push(no(
                "hearing-open",
                format!("{who}要求听证的期限还没有届满，也没有明确放弃。"),
                "请等五个工作日届满；当事人明确放弃的，登记其签字的声明。",
                "行政处罚法第六十三条、第六十四条第一项",
            )),
            Hearing::Asked { .. } | Hearing::Called { .. } => missing.push(no(
                "hearing-owed",
                format!("{who}依法要求听证，听证没有举行。"),
                "请组织听证，听证笔录是作出决定的根据。",
                "行政处罚法第六十三条、第六十五条",
            )),
            _ => {}
        }
    }
    missing
}

/// The last review of the plan, when all parties had been heard by then, nothing was changed since, what it objected to was not
/// mended since and whoever reviewed did not stand aside since. An earlier one is advice (58: after defence and hearing), and so is
/// that of somebody who handles the case by now.
fn current_review(case: &Case) -> Option<&super::Review> {
    let heard = all_heard(case)?;
    let last = case.plan_reviews().last()?;
    let apart = !case.handled_by.contains(&last.by) && !case.recused.contains(&last.by);
    (apart && last.version == case.version && last.at >= heard && last.mended.is_none()).then_some(last)
}

/// The review of what is planned now that did not agree: the case goes back to whoever handles it until it is sent for review again.
#[must_use]
pub fn objection(case: &Case) -> Option<&super::Review> {
    current_review(case)
        .filter(|r| r.opinion != Opinion::Agree && matches!(case.outcome, super::Outcome::Open))
}

/// Whether the last discussion of what is planned now agreed to it, after the review where one is demanded: a later "no" counts.
fn discussed(case: &Case) -> bool {
    let Some(heard) = all_heard(case) else { return false };
    let reviewed = review_demanded(case).and_then(|_| current_review(case)).map(|r| r.at);
    let last = case.discussions.iter().rfind(|d| !d.longer && d.version == case.version);
    last.is_some_and(|d| d.agreed && d.at >= heard && reviewed.is_none_or(|at| d.at >= at))
}

/// Whether the legal reviewer must look at it now.
pub(crate) fn review_owed(case: &Case) -> bool {
    review_demanded(case).is_some() && current_review(case).is_none()
}

/// What a party got before for the same item that makes this violation not the first (33(1)); tips are advice and do not count.
pub(super) fn not_first(case: &Case, facts: &Facts<'_>) -> Option<String> {
    let counts = |e: &&crate::Earlier| {
        e.kind != crate::EarlierKind::Tip
            && e.number != case.number
            && case.violations.iter().any(|v| v.item == e.item)
    };
    let earlier = facts.look_ups.earlier.iter().find(counts)?;
    Some(format!("{}（{}）", earlier.kind.title(), earlier.number))
}

/// Whether the legal reviewer agreed to what is planned now.
pub(super) fn review_passed(case: &Case) -> bool {
    current_review(case).is_some_and(|r| r.opinion == Opinion::Agree)
}

/// Whether a legal review let the decision pass: one that agreed before it; as long as nothing is decided, one that agreed to what is
/// planned now.
pub(crate) fn review_given(case: &Case) -> bool {
    use super::Outcome;
    match case.outcome {
        Outcome::Penalty { at, .. } | Outcome::NoPenalty { at, .. } => {
            case.plan_reviews().any(|r| r.opinion == Opinion::Agree && r.at <= at)
        }
        _ => review_passed(case),
    }
}

/// Whether the leaders must discuss it now.
pub(super) fn discussion_owed(case: &Case) -> bool {
    let reviewed = review_demanded(case).is_none() || review_passed(case);
    discussion_demanded(case) && reviewed && !discussed(case)
}

/// What legal review and discussion still owe (57(2), 58).
fn review(case: &Case) -> Vec<Refusal> {
    let mut missing = Vec::new();
    if let Some(source) = review_demanded(case) {
        match current_review(case) {
            Some(r) if r.opinion == Opinion::Agree => {}
            Some(r) => missing.push(no(
                "review-not-passed",
                format!("法制审核意见为“{}”，未经审核通过不得作出决定。", r.opinion.title()),
                "请办案人员按审核意见纠正或者补充，再登记重新送审。",
                source,
            )),
            None => missing.push(no(
                "review-missing",
                "本案应当在陈述、申辩和听证之后、集体讨论和决定之前由法制审核人员审核，未经审核不得作出决定。",
                match case.plan_reviews().next().is_none() {
                    true => "请等当事人的陈述、申辩和听证结束后送法制审核。",
                    false => "已有的审核早于陈述、申辩和听证结束、处罚意见的变更或者补正，或者审核人员后来参与办理，只供参考；请重新送审。",
                },
                source,
            )),
        }
    }
    if discussion_demanded(case) && !discussed(case) {
        missing.push(no(
            "discussion-missing",
            "情节复杂或者重大违法行为给予行政处罚，应当由行政机关负责人集体讨论决定。",
            "法制审核通过后，请登记负责人集体讨论记录。",
            "行政处罚法第五十七条第二款",
        ));
    }
    missing
}

/// What is missing before a penalty may be decided.
pub(super) fn decision(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    let mut missing = Vec::new();
    missing.extend(two_officers(case));
    missing.extend(super::police::suspected(case));
    if case.police.asked.is_some() {
        missing.push(no(
            "police-review",
            "已经提请公安机关复议或者建议检察机关立案监督，还没有答复，不得以行政处罚代替移送。",
            "请登记答复；答复期限届满仍没有答复的，向有关机关查询。",
            "行政执法机关移送涉嫌犯罪案件的规定第九条、第十一条",
        ));
    }
    for asked in case.beside.asked.iter().filter(|o| o.answered.is_none()) {
        if crate::beijing_date(facts.now) <= asked.until {
            missing.push(no(
                "opinion-open",
                format!("征求{}的意见还没有答复，期限到 {}。", asked.from.title(), asked.until),
                "请登记收到的意见，或者等期限届满。",
                "行政处罚法第五十七条；群众公议、律师驻队规则",
            ));
        }
    }
    if case.finished.is_none() {
        missing.push(no(
            "not-finished",
            "调查还没有终结。",
            "请提交调查终结报告。",
            "行政处罚法第五十七条第一款",
        ));
    }
    if !case.evidence.iter().any(|e| e.excluded.is_none()) {
        missing.push(no(
            "no-evidence",
            "违法事实不清、证据不足的，不得给予行政处罚。",
            "请先制作笔录、收集证据。",
            "行政处罚法第四十条、第四十六条",
        ));
    }
    missing.extend(punishable(case, facts).into_iter().chain(once_only(case, facts)));
    missing.extend(fined_under_another(case, facts));
    missing.extend(super::anew::same_again(case));
    for party in case.present() {
        if matches!(party.subject.capacity, Capacity::Child | Capacity::Incapable) {
            missing.push(no(
                "no-capacity",
                format!("{}{}，不予行政处罚。", call(party), party.subject.capacity.title()),
                "请作出不予处罚决定，并责令监护人管教或者看管。",
                "行政处罚法第三十条、第三十一条",
            ));
        }
    }
    missing.extend(charges(case));
    missing.extend(still_chosen(case, facts));
    for party in case.present() {
        missing.extend(rights(case, party, facts.now));
    }
    missing.extend(review(case));
    missing
}

/// What is missing before a notice may go out.
pub(super) fn notice(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    let mut missing = Vec::new();
    missing.extend(two_officers(case));
    if case.finished.is_none() {
        missing.push(no(
            "not-finished",
            "调查还没有终结，不能确定拟处罚的内容。",
            "请提交调查终结报告。",
            "行政处罚法第五十七条第一款",
        ));
    }
    missing.extend(punishable(case, facts));
    missing.extend(charges(case));
    missing.extend(still_chosen(case, facts));
    missing
}

/// What is missing before a case may be filed (54(2), 22, 29, 36).
pub(super) fn filing(case: &Case, facts: &Facts<'_>) -> Vec<Refusal> {
    let mut missing = Vec::new();
    match case.filing {
        super::state::Filing::Lead { verified: Some(true) } => {}
        super::state::Filing::Lead { verified: None } => missing.push(no(
            "not-verified",
            "线索还没有核查。",
            "请先登记核查结果。",
            "行政处罚法第五十四条第二款",
        )),
        super::state::Filing::Lead { verified: Some(false) } => missing.push(no(
            "not-established",
            "核查没有发现违法行为，不符合立案标准。",
            "请报批不予立案；有新线索的请重新核查。",
            "行政处罚法第五十四条第二款",
        )),
        _ => missing.push(no("filed", "本案已经处理立案。", "请刷新页面。", "行政处罚法第五十四条第二款")),
    }
    missing.extend(two_officers(case));
    missing.extend(punishable(case, facts));
    missing.extend(once_only(case, facts));
    missing
}
