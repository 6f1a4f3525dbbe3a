//! What shall be done to whom: the basis, the amount within its range, circumstances (行政处罚法 28–37, 45).

use super::*;
use crate::penalty::charge::{Basis, Charge, Told};
use crate::penalty::command::Charging;
use crate::penalty::rights::Hearing;
use crate::penalty::words::{Capacity, PartyKind, Weight};
use crate::penalty::{chosen, law_side, once};
use lianzhi_law::ThresholdKind;

/// More than this in fen is a slip of the keyboard: a thousand million yuan.
const FEN_MAX: i64 = 100_000_000_000;

pub(super) fn charge(case: &Case, charging: Charging, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    filing::nothing_pending(case)?;
    let Rule { basis, first, departs } = rule(case, &charging, facts)?;
    let Charging {
        party: to,
        violation: of,
        basis: _,
        tier,
        circumstances,
        warning,
        fine,
        confiscation,
        goods,
        goods_value,
        grade,
        cost,
        area,
        severe,
        apart,
        note,
        new_evidence,
    } = charging;
    let (party, violation) = (party(case, to)?, violation(case, of)?);
    let kind = party.subject.kind;
    let grade = grade.trim().to_owned();
    let daily = case.daily_of.as_ref().filter(|_| of == 1);
    if !(0..=FEN_MAX).contains(&fine) || !(0..=FEN_MAX).contains(&confiscation) {
        return Err(Refusal::invalid("fine", "金额不对。", "请填写不小于零的金额。")
            .from_source("行政处罚法第三十八条"));
    }
    said(&basis, &grade, facts, violation, kind)?;
    let wrong = |value: Option<i64>| value.is_some_and(|value| !(0..=FEN_MAX).contains(&value));
    if wrong(goods_value) || wrong(cost) || wrong(area) {
        return Err(Refusal::invalid("goods_value", "价值、造价或者面积不对。", "请填写不小于零的数。")
            .from_source("行政处罚法第三十八条"));
    }
    if warning && basis.warns().is_none() {
        return Err(rules::no_warning(&basis));
    }
    let (basis, range_how) = match daily {
        Some(_) => (basis, String::new()),
        None => chosen::measured(basis, fine, cost, area)?,
    };
    if let Some(daily) = daily {
        daily::exact(daily, fine, warning || confiscation > 0 || goods || severe.is_some())?;
    }
    let weighed = law_side::weigh(facts, violation, &basis, tier.trim(), &circumstances, fine)?;
    if let Some(why) = weighed.spare {
        return Err(Refusal::invalid(
            "circumstances",
            format!("依法不予行政处罚：{why}。"),
            "请报批不予处罚决定，并对当事人进行教育。",
        )
        .from_source("行政处罚法第三十条、第三十一条、第三十三条"));
    }
    let weight = weighed.weight;
    range(&basis, fine, weight)?;
    if party.subject.capacity == Capacity::Minor && !matches!(weight, Weight::Lenient | Weight::Reduced) {
        return Err(Refusal::invalid(
            "circumstances",
            "已满十四周岁不满十八周岁的未成年人有违法行为的，应当从轻或者减轻行政处罚。",
            "请选择从轻或者减轻的情节。",
        )
        .from_source("行政处罚法第三十条"));
    }
    // Nobody loses a right, and nothing is decided without review and discussion, because a number is missing: without a threshold
    // of the place any amount reaches it, and so do things whose worth nobody knows (57(2), 58, 63).
    // What one decision imposes on a party counts in sum: what is charged for its other violations as well.
    let others = || party.charges.iter().filter(|c| c.violation != of);
    let fines = others().map(|c| c.fine).sum::<i64>() + fine;
    let gains = others().map(|c| c.confiscation).sum::<i64>() + confiscation;
    let worth =
        others().filter_map(|c| c.goods_value).sum::<i64>() + goods_value.filter(|_| goods).unwrap_or(0);
    let sum = fines.max(gains).max(worth);
    let unknown = goods && goods_value.is_none();
    let large = |what| unknown || (sum > 0 && law_side::reached(facts, what, kind, sum).unwrap_or(true));
    let heavy = severe.is_some_and(crate::penalty::words::Severe::gives_hearing);
    let hearing = heavy || large(ThresholdKind::Hearing);
    // Where the place has no sum of its own for the discussion, that of the hearing stands for it (57(2)).
    let discussed = law_side::reached(facts, ThresholdKind::Discussion, kind, sum);
    let major = match discussed {
        Some(reached) => heavy || unknown || reached,
        None => hearing,
    };
    let review = hearing || major || weight == Weight::Reduced || large(ThresholdKind::LegalReview);
    let departure = first.filter(|_| departs).map(|first| {
        format!(
            "事项库适用的是{first}，本案适用{}，须写明理由并经批准（行政处罚法第二十九条、第三十七条）",
            basis.cite()
        )
    });
    let otherwise = once::fined_otherwise(violation, facts).filter(|_| fine > 0);
    if let Some(prior) = otherwise.filter(|_| !apart) {
        return Err(once::one_fine(prior));
    }
    let another = otherwise.map(|prior| {
        let number = &prior.number;
        format!("同日已由 {number} 按另一事项罚款，本案认定为另一个违法行为，须写明理由并经批准（行政处罚法第二十九条）")
    });
    let deviates: Vec<String> =
        departure.into_iter().chain(weighed.deviation).chain(another.clone()).collect();
    let charge = Charge {
        party: to,
        violation: of,
        basis,
        weight,
        warning,
        fine,
        confiscation,
        goods,
        goods_value: goods_value.filter(|_| goods),
        grade,
        cost,
        area,
        departs,
        apart: another.is_some(),
        severe,
        tier: weighed.tier,
        circumstances,
        benchmark: daily
            .map_or_else(|| format!("{range_how}{}", weighed.arithmetic), crate::penalty::Daily::arithmetic),
        deviates: (!deviates.is_empty()).then(|| deviates.join("；")),
        review,
        major,
        hearing,
        grounds: need(&note, "note", "裁量的情节和理由；偏离裁量基准的，写明偏离的理由")?,
    };
    if !charge.punishes() {
        return Err(Refusal::invalid(
            "fine",
            "没有选择任何处罚。",
            "请填写处罚种类和幅度；不予处罚的，请报批不予处罚决定。",
        )
        .from_source("行政处罚法第九条"));
    }
    let again = once::fined_beside(case, party, of).filter(|_| charge.fine > 0);
    again.map_or(Ok(()), Err)?;
    not_heavier(case, party, &charge, new_evidence)?;
    Ok(Event::Charged { charge, by, at: facts.now })
}

/// The rule that a charge rests on.
struct Rule {
    basis: Basis,
    /// How the one is cited that the law data chose.
    first: Option<String>,
    /// It is another than that one.
    departs: bool,
}

/// Finds the rule that somebody named, else the one that the law data choose for the conduct.
fn rule(case: &Case, charging: &Charging, facts: &Facts<'_>) -> Result<Rule, Refusal> {
    let kind = party(case, charging.party)?.subject.kind;
    let violation = violation(case, charging.violation)?;
    let (grade, wanted) = (charging.grade.trim(), charging.basis.as_deref());
    if let Some(refusal) = wanted.and_then(|wanted| chosen::barred(facts, violation, kind, (grade, wanted))) {
        return Err(refusal);
    }
    let all = chosen::graded(facts, violation, kind, grade);
    let first = all.first().map(|(_, basis)| basis.cite());
    let at = all.iter().position(|(name, _)| wanted.is_none_or(|wanted| wanted == name));
    let mut departs = at.is_some_and(|at| at > 0);
    let mut found = at.and_then(|at| all.into_iter().nth(at)).map(|(_, basis)| basis);
    if case.daily_of.is_some() && charging.violation == 1 {
        let own = daily::basis(case, facts)?;
        departs &= own.is_none();
        found = own.or(found);
    }
    let basis = found.ok_or_else(|| {
        Refusal::invalid(
            "basis",
            "没有这项处罚依据；没有依据的，行政处罚无效。",
            "请从适用于行为发生时的依据中选择；事项库没有依据的，请法制审核员补充并核对。",
        )
        .from_source("行政处罚法第四条、第三十八条")
    })?;
    Ok(Rule { basis, first, departs })
}

/// What a fine would come to by the benchmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Fen; none where the party is to be spared or fined below the least, and where there is no benchmark.
    pub fine: Option<i64>,
    /// How it was computed, for whoever wants to do it again.
    pub arithmetic: String,
}

/// What the benchmark proposes for a charge as far as it is filled in, before it is made.
///
/// # Errors
/// What must be known for it.
pub fn proposed(case: &Case, charging: &Charging, facts: &Facts<'_>) -> Result<Proposed, Refusal> {
    if let Some(daily) = case.daily_of.as_ref().filter(|_| charging.violation == 1) {
        return Ok(Proposed { fine: Some(daily.total()), arithmetic: daily.arithmetic() });
    }
    let Rule { basis, .. } = rule(case, charging, facts)?;
    let violation = violation(case, charging.violation)?;
    said(&basis, charging.grade.trim(), facts, violation, party(case, charging.party)?.subject.kind)?;
    // Any fine asks for what the range depends on.
    let (basis, range_how) = chosen::measured(basis, 1, charging.cost, charging.area)?;
    let proposal =
        law_side::proposal(facts, violation, &basis, charging.tier.trim(), &charging.circumstances)?;
    Ok(match proposal {
        Some(proposal) => Proposed {
            fine: proposal.proposed.map(|fen| fen.0).filter(|fen| *fen > 0),
            arithmetic: format!("{range_how}{}", proposal.explanation),
        },
        None => Proposed {
            fine: None,
            arithmetic: format!(
                "{range_how}{}：{}。该事项没有裁量基准，数额由办案人员在幅度内提出并写明理由。",
                basis.cite(),
                basis.range().text()
            ),
        },
    })
}

/// What limits a rule beyond the item is said of the case, in the words of the law data, before that rule is applied to it: a graver
/// grade is none that follows by itself.
fn said(
    basis: &Basis,
    grade: &str,
    facts: &Facts<'_>,
    violation: &Violation,
    kind: PartyKind,
) -> Result<(), Refusal> {
    let known = chosen::grades(facts, violation, kind);
    if !grade.is_empty() && grade != basis.only && !known.iter().any(|known| known == grade) {
        return Err(Refusal::invalid(
            "grade",
            format!("该事项没有“{grade}”这一情形。"),
            "请从列出的情形中选择。",
        )
        .from_source("行政处罚法第四条、第三十八条"));
    }
    if basis.only.is_empty() || basis.only == grade {
        return Ok(());
    }
    Err(Refusal::invalid(
        "grade",
        format!("{}的这一档限于“{}”，没有说明案情属于此情形。", basis.cite(), basis.only),
        "请查明案情是否属于此情形；属于的，在“案情属于的情形”中选择。",
    )
    .from_source(basis.cite()))
}

/// The fine lies within the article's range; below it only where it is reduced (32), above it never.
fn range(basis: &Basis, fine: i64, weight: Weight) -> Result<(), Refusal> {
    if fine == 0 {
        return Ok(());
    }
    let cite = basis.cite();
    if let Some(max) = basis.max.filter(|max| fine > *max) {
        return Err(Refusal::invalid(
            "fine",
            format!("罚款超过{cite}规定的上限 {}。", law_side::yuan(max)),
            "请在法定幅度内确定罚款。",
        )
        .from_source(cite));
    }
    if let Some(min) = basis.min.filter(|min| fine < *min)
        && weight != Weight::Reduced
    {
        return Err(Refusal::invalid(
            "fine",
            format!("罚款低于{cite}规定的下限 {}。", law_side::yuan(min)),
            "请在法定幅度内确定罚款；依法减轻处罚的，选择“减轻”并写明法定情节。",
        )
        .from_source(format!("{cite}；行政处罚法第三十二条")));
    }
    Ok(())
}

/// Nobody is punished more heavily because he defended himself (45(2)); new evidence that came afterwards is another matter.
fn not_heavier(
    case: &Case,
    party: &Party,
    charge: &Charge,
    new_evidence: Option<u16>,
) -> Result<(), Refusal> {
    let spoke = party.rights.statements.iter().map(|s| s.at).max();
    let heard = match &party.rights.hearing {
        Hearing::Asked { at } | Hearing::Held { at, .. } => Some(*at),
        Hearing::Called { at, .. } => Some(*at),
        _ => None,
    };
    let before = party.rights.held.iter().map(|h| h.at).max();
    let Some(word) = spoke.max(heard).max(before) else { return Ok(()) };
    // Whatever was told before the party spoke is the bound, not the plan, which may have been changed since.
    let id = party.subject.id;
    let served = |n: &&crate::penalty::rights::Notice| case.served(n.paper, id).is_some_and(|at| at <= word);
    let told = party.rights.notices().filter(served).flat_map(|n| &n.charges).map(Told::of);
    // What it was told before it was split off or joined counts as well.
    let before = case.told_before.iter().filter(|t| t.party == id).cloned();
    // It goes by the act: under another number it is fined no more than it was told.
    let of = |t: &Told| {
        let act = t.fine > 0 && charge.fine > 0 && once::same_act(case, t.violation, charge.violation);
        t.violation == charge.violation || act
    };
    let now = Told::of(charge);
    let lighter = told.chain(before).filter(of).any(|t| now.heavier_than(&t));
    let found = new_evidence.is_some_and(|id| {
        case.evidence.iter().any(|e| e.evidence.id == id && e.excluded.is_none() && e.recorded > word)
    });
    if lighter && !found {
        return Err(Refusal::invalid(
            "fine",
            "行政机关不得因当事人陈述、申辩或者要求听证而给予更重的处罚。",
            "请不高于已告知的处罚；申辩后发现新的证据的，请先登记证据并选定，再重新告知。",
        )
        .from_source("行政处罚法第四十五条第二款"));
    }
    Ok(())
}

fn planned(case: &Case, to: u16, of: u16) -> Result<&Charge, Refusal> {
    party(case, to)?.charges.iter().find(|c| c.violation == of).ok_or_else(|| {
        Refusal::invalid("violation", "没有这项处罚意见。", "请从已拟定的处罚意见中选择。")
            .from_source("行政处罚法第五十七条")
    })
}

pub(super) fn uncharge(case: &Case, to: u16, of: u16, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    filing::nothing_pending(case)?;
    planned(case, to, of)?;
    Ok(Event::Uncharged { party: to, violation: of, by, at: facts.now })
}

/// A legal officer checked an unverified basis against the text in force.
pub(super) fn confirm(
    case: &Case,
    to: u16,
    of: u16,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, "penalty_review", facts)?;
    open(case)?;
    let charge = planned(case, to, of)?;
    if charge.basis.verified || charge.basis.confirmed.is_some() {
        return Err(no("verified", "该依据已经核对。", "请刷新页面。", "行政处罚法第三十八条"));
    }
    if charge.basis.article.is_empty() {
        return Err(rules::no_article(&charge.basis));
    }
    let note = need(note, "note", "核对所用的现行有效文本及其出处")?;
    Ok(Event::Confirmed { party: to, violation: of, note, by: me(facts)?, at: facts.now })
}
