//! What shall be done to whom: the basis, the amount within its range, circumstances (行政处罚法 28–37, 45).

use super::*;
use crate::penalty::command::Charging;
use crate::penalty::law_side;
use crate::penalty::matters::{Basis, Charge, Told};
use crate::penalty::rights::Hearing;
use crate::penalty::words::{Capacity, Weight};
use lianzhi_law::ThresholdKind;

/// More than this in fen is a slip of the keyboard: a thousand million yuan.
const FEN_MAX: i64 = 100_000_000_000;

pub(super) fn charge(case: &Case, charging: Charging, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Charging {
        party: to,
        violation: of,
        basis,
        tier,
        circumstances,
        warning,
        fine,
        confiscation,
        goods,
        severe,
        note,
        new_evidence,
    } = charging;
    let by = undecided(case, facts)?;
    filing::nothing_pending(case)?;
    let party = party(case, to)?;
    let violation = violation(case, of)?;
    let kind = party.subject.kind;
    let chosen = law_side::bases(facts, violation, kind)
        .into_iter()
        .find(|(name, _)| basis.as_ref().is_none_or(|wanted| wanted == name));
    let daily = case.daily_of.as_ref().filter(|_| of == 1);
    let chosen = match daily {
        Some(_) => daily::basis(case, facts)?.or(chosen.map(|(_, basis)| basis)),
        None => chosen.map(|(_, basis)| basis),
    };
    let Some(basis) = chosen else {
        return Err(Refusal::invalid(
            "basis",
            "没有这项处罚依据；没有依据的，行政处罚无效。",
            "请从适用于行为发生时的依据中选择；事项库没有依据的，请法制审核员补充并核对。",
        )
        .from_source("行政处罚法第四条、第三十八条"));
    };
    if !(0..=FEN_MAX).contains(&fine) || !(0..=FEN_MAX).contains(&confiscation) {
        return Err(Refusal::invalid("fine", "金额不对。", "请填写不小于零的金额。")
            .from_source("行政处罚法第三十八条"));
    }
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
    let large = |what| law_side::reached(facts, what, kind, fine.max(confiscation));
    let heavy = severe.is_some_and(crate::penalty::words::Severe::gives_hearing);
    let major = heavy || large(ThresholdKind::Hearing).unwrap_or(false);
    // Nobody loses a right because a number is missing: without a threshold a hearing is owed for any fine.
    let hearing = major || (large(ThresholdKind::Hearing).is_none() && fine.max(confiscation) > 0);
    let review = major || weight == Weight::Reduced || large(ThresholdKind::LegalReview).unwrap_or(false);
    let charge = Charge {
        party: to,
        violation: of,
        basis,
        weight,
        warning,
        fine,
        confiscation,
        goods,
        severe,
        tier: weighed.tier,
        circumstances,
        benchmark: daily.map_or(weighed.arithmetic, crate::penalty::Daily::arithmetic),
        deviates: weighed.deviation,
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
    not_heavier(case, party, &charge, new_evidence)?;
    Ok(Event::Charged { charge, by, at: facts.now })
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
    let told = party.rights.notice.iter().flat_map(|n| &n.charges).chain(&party.charges);
    let lighter = told.filter(|t| t.violation == charge.violation).any(|t| charge.heavier_than(t));
    // What it was told before it was split off or joined counts as well.
    let now = Told::of(charge);
    let of = |t: &&Told| (t.party, t.violation) == (charge.party, charge.violation);
    let lighter = lighter || case.told_before.iter().filter(of).any(|t| now.heavier_than(t));
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
