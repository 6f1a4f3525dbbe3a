//! Which rule a charge rests on and how much it lets be taken: chosen by the law data for the day, and again for the day of the
//! decision (行政处罚法 4, 29, 37, 38).

use super::charge::{Basis, Charge};
use super::law_side::{kind_of, place, yuan};
use super::matters::Violation;
use super::rules::no;
use super::words::PartyKind;
use crate::{Facts, Refusal};

const SOURCE: &str = "行政处罚法第三十七条、第三十八条";

fn basis_of(basis: &lianzhi_law::Basis, why: String) -> Basis {
    use lianzhi_law::FineRange as R;
    let amounts = basis.fine.amounts();
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
    let other: Vec<_> =
        [text(&basis.precondition), text(&basis.other)].into_iter().filter(|t| !t.is_empty()).collect();
    let (percent, per_m2) = match basis.fine {
        R::PercentOfCost { min, max } => (Some((min, max)), None),
        R::PerSquareMetre { min, max } => (None, Some((min.0, max.0))),
        R::Between { .. } | R::Unfixed => (None, None),
    };
    Basis {
        law: basis.law.to_string(),
        article: basis.article.to_string(),
        prohibits: text(&basis.prohibit),
        jurisdiction: basis.jurisdiction.to_string(),
        min: amounts.map(|(min, _)| min.0).filter(|min| *min > 0),
        max: amounts.map(|(_, max)| max.0),
        percent,
        per_m2,
        only: text(&basis.only),
        other: other.join("；"),
        order_first: basis.limit_first,
        daily: basis.daily,
        verified: !basis.needs_confirmation(),
        confirmed: None,
        why,
    }
}

/// What the law data choose for a violation today; `grade`: what the case was said to be beyond the item, empty where nothing was.
fn choice<'a>(
    facts: &Facts<'a>,
    violation: &Violation,
    kind: PartyKind,
    grade: &str,
) -> Option<lianzhi_law::Choice<'a>> {
    let item = facts.directory.law.item(&violation.item).ok()?;
    let case = lianzhi_law::Case {
        place: place(facts),
        kind: kind_of(kind),
        facts: Some(grade).filter(|grade| !grade.is_empty()).map(str::to_owned).into_iter().collect(),
        begun: violation.from,
        ended: violation.to,
        decided: crate::beijing_date(facts.now),
    };
    lianzhi_law::choose(item, &case).ok()
}

fn name(item: &lianzhi_law::Item, basis: &lianzhi_law::Basis) -> String {
    let n = item.bases.iter().position(|b| std::ptr::eq(b, basis)).unwrap_or(0);
    format!("{}-{}", item.code, n + 1)
}

/// Whether a rule that was not chosen is one of this place, for this kind of party, for a case as it was said to be.
fn fits(basis: &lianzhi_law::Basis, case: &lianzhi_law::Case) -> bool {
    let said = |only: &str| case.facts.is_empty() || case.facts.iter().any(|fact| fact == only);
    basis.kinds.contains(&case.kind)
        && basis.enforcer.is_none()
        && basis.jurisdiction.covers(&case.place)
        && basis.only.as_deref().is_none_or(said)
}

/// The bases that may be chosen for a charge, each with its name in forms: first the one that the law data choose by the time
/// of the conduct and by the lighter law (行政处罚法 29, 37), then others that the time does not bar, which somebody may choose with
/// grounds. None: there is no basis or it is not punished any more, and there is no penalty (37, 38).
pub(crate) fn bases(facts: &Facts<'_>, violation: &Violation, kind: PartyKind) -> Vec<(String, Basis)> {
    graded(facts, violation, kind, "")
}

/// The same for a case that was said to be of a grade.
pub(super) fn graded(
    facts: &Facts<'_>,
    violation: &Violation,
    kind: PartyKind,
    grade: &str,
) -> Vec<(String, Basis)> {
    let Some(choice) = choice(facts, violation, kind, grade) else { return Vec::new() };
    let Some(chosen) = choice.chosen else { return Vec::new() };
    let first = (name(choice.item, chosen), basis_of(chosen, choice.explanation.clone()));
    let others = choice.rejected.iter().filter(|r| !r.barred && fits(r.basis, &choice.case));
    let others = others.map(|r| (name(choice.item, r.basis), basis_of(r.basis, r.reason.clone())));
    std::iter::once(first).chain(others).collect()
}

/// Why a rule that somebody named may not be applied: the time bars it (37).
pub(super) fn barred(
    facts: &Facts<'_>,
    violation: &Violation,
    kind: PartyKind,
    (grade, wanted): (&str, &str),
) -> Option<Refusal> {
    let choice = choice(facts, violation, kind, grade)?;
    let fit = |r: &&lianzhi_law::Rejected<'_>| r.barred && fits(r.basis, &choice.case);
    let found = choice.rejected.iter().filter(fit).find(|r| name(choice.item, r.basis) == wanted)?;
    let rule = format!("{}不能适用：{}。", found.basis.citation(), found.reason.trim_end_matches('。'));
    Some(
        Refusal::invalid("basis", rule, "请适用行为时的规定；新的规定较轻或者不处罚的，适用新的规定。")
            .from_source(SOURCE),
    )
}

/// The grades that bases of a violation are limited to, for who says what the case is.
pub(super) fn grades(facts: &Facts<'_>, violation: &Violation, kind: PartyKind) -> Vec<String> {
    // Those of the law since count too: with a graver grade of it the old law may be the lighter one.
    let Some(choice) = choice(facts, violation, kind, "") else { return Vec::new() };
    let case = &choice.case;
    let then = |b: &&lianzhi_law::Basis| b.in_force(case.ended) || b.in_force(case.decided);
    let fit = choice.item.bases.iter().filter(|b| fits(b, case)).filter(then);
    let mut grades: Vec<String> = fit.filter_map(|b| b.only.as_deref()).map(str::to_owned).collect();
    grades.sort();
    grades.dedup();
    grades
}

/// Whether a grade is one of who did not follow an order to correct.
pub(super) fn disobedience(grade: &str) -> bool {
    grade.contains("拒不") || grade.contains("逾期")
}

/// Whether the rule of a charge is still the one that is chosen today, or another that was approved and is not barred (37).
pub(super) fn outdated(
    charge: &Charge,
    violation: &Violation,
    kind: PartyKind,
    facts: &Facts<'_>,
) -> Option<Refusal> {
    let now = graded(facts, violation, kind, &charge.grade);
    let Some((_, chosen)) = now.first() else {
        return Some(no(
            "no-basis",
            format!(
                "违法行为 {} 到今天已经没有可以适用的处罚依据：新的规定不处罚的，适用新的规定。",
                violation.id
            ),
            "请撤去处罚意见，不予处罚；如系事项库漏录，请法制审核员补录后重新拟定。",
            SOURCE,
        ));
    };
    let stands = |basis: &Basis| {
        let measured = basis.percent.is_some() || basis.per_m2.is_some();
        basis.same(&charge.basis)
            && (measured || (basis.min, basis.max) == (charge.basis.min, charge.basis.max))
    };
    if stands(chosen) || (charge.departs && now.iter().any(|(_, basis)| stands(basis))) {
        return None;
    }
    Some(no(
        "basis-changed",
        format!(
            "违法行为 {} 的处罚依据是{}，今天应当适用的是{}：{}",
            violation.id,
            charge.basis.cite(),
            chosen.cite(),
            chosen.why
        ),
        "请重新拟定处罚意见；依据变更的，重新告知。",
        SOURCE,
    ))
}

/// The range of a rule for a case, where it depends on the cost of what was built or on the area: the rule with its sums, and how
/// they were computed.
///
/// # Errors
/// What must be known for it, and a fine where the rule gives none (4, 38).
pub(super) fn measured(
    basis: Basis,
    fine: i64,
    cost: Option<i64>,
    area: Option<i64>,
) -> Result<(Basis, String), Refusal> {
    let cite = basis.cite();
    if fine == 0 || basis.max.is_some() {
        return Ok((basis, String::new()));
    }
    let wants = |field, what: &str, remedy: &str| {
        Refusal::invalid(field, format!("{cite}的罚款按{what}计算，没有填写。"), remedy).from_source(&*cite)
    };
    if let Some((min, max)) = basis.percent {
        let cost = cost.filter(|cost| *cost > 0);
        let cost = cost.ok_or_else(|| wants("cost", "建设工程造价", "请填写经核定的建设工程造价。"))?;
        let of = |percent: u8| cost / 100 * i64::from(percent) + cost % 100 * i64::from(percent) / 100;
        let (least, most) = (of(min), of(max));
        let how =
            format!("建设工程造价 {} × {min}% = {}，× {max}% = {}。", yuan(cost), yuan(least), yuan(most));
        return Ok((Basis { min: Some(least).filter(|m| *m > 0), max: Some(most), ..basis }, how));
    }
    if let Some((min, max)) = basis.per_m2 {
        let area = area.filter(|area| *area > 0);
        let area = area.ok_or_else(|| wants("area", "占用面积", "请填写测量的占用面积。"))?;
        let of = |each: i64| each / 100 * area + each % 100 * area / 100;
        let (least, most) = (of(min), of(max));
        let how = format!(
            "占用面积 {}.{:02} 平方米 × {} = {}，× {} = {}。",
            area / 100,
            area % 100,
            yuan(min),
            yuan(least),
            yuan(max),
            yuan(most)
        );
        return Ok((Basis { min: Some(least).filter(|m| *m > 0), max: Some(most), ..basis }, how));
    }
    Err(Refusal::invalid(
        "fine",
        format!("{cite}没有规定罚款，或者没有规定罚款的幅度，不得罚款。"),
        "请选择规定了幅度的依据；没有的，按该条规定的其他措施办理。",
    )
    .from_source(format!("{cite}；行政处罚法第四条、第三十八条")))
}
