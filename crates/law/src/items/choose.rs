//! Which basis a penalty rests on: by place, subject and date of conduct, the lighter of old and new law, and among several the
//! one with the higher fine.
//!
//! 1. **Place and subject**: what holds there and takes in this kind of subject; what another department enforces is left out.
//! 2. **Time**: the law at the time of conduct. Conduct that goes on is judged by its end (行政处罚法 36 条 2 款的终了之日).
//! 3. **Several bases at one time**: the one with the higher fine (29 条); of the same fine, that of the higher level. What was
//!    entered from memory is chosen only where nothing else is; what is limited to a case that was not named only where nothing
//!    general is.
//! 4. **Old and new** (37 条、生态环境法典 1057 条): the old one, unless the law was changed until the decision and the new one is
//!    lighter: a smaller greatest fine, then a smaller least one. Where the new law punishes no more, nothing is chosen.

use super::{Basis, BasisView, Item, SubjectKind, Verified};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::{Ordering, Reverse};
use std::fmt::Write as _;
use std::sync::Arc;

/// What has to be known of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Where the conduct took place.
    pub place: Jurisdiction,
    /// Who did it.
    pub kind: SubjectKind,
    /// What narrower bases are limited to and holds here, in the words of [`Basis::only`], e.g. 装修垃圾.
    pub facts: Vec<String>,
    /// First day of the conduct.
    pub begun: Date,
    /// Its last day.
    pub ended: Date,
    /// Day of the decision.
    pub decided: Date,
}

/// Dates that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConductError {
    /// It ended before it began.
    #[error("行为终了之日 {ended} 早于开始之日 {begun}；请核对日期")]
    Ended {
        /// First day.
        begun: Date,
        /// Last day.
        ended: Date,
    },
    /// It was decided before it ended.
    #[error("决定之日 {decided} 早于行为终了之日 {ended}；请核对日期")]
    Decided {
        /// Last day.
        ended: Date,
        /// Day of the decision.
        decided: Date,
    },
}

/// A basis that was not chosen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected<'a> {
    /// The basis.
    pub basis: &'a Basis,
    /// The reason, with its article.
    pub reason: String,
    /// The time bars it (行政处罚法 37 条): not in force at the end of the conduct, or heavier than the law since, or nothing is punished
    /// any more.
    pub barred: bool,
}

/// What was chosen, what was not, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The item.
    pub item: &'a Item,
    /// The case.
    pub case: Case,
    /// The basis; `None`: there is none, and no penalty.
    pub chosen: Option<&'a Basis>,
    /// The best one at the end of the conduct.
    pub old: Option<&'a Basis>,
    /// The best one at the decision.
    pub new: Option<&'a Basis>,
    /// All others.
    pub rejected: Vec<Rejected<'a>>,
    /// What a legal officer has to look at; may be empty.
    pub warnings: Vec<String>,
    /// Why this basis, or why none, with its article.
    pub why: String,
    /// The way to the choice.
    pub explanation: String,
}

/// Chooses the basis.
///
/// # Errors
/// [`ConductError`]: dates in the wrong order.
pub fn choose<'a>(item: &'a Item, case: &Case) -> Result<Choice<'a>, ConductError> {
    let (begun, ended, decided) = (case.begun, case.ended, case.decided);
    if ended < begun {
        return Err(ConductError::Ended { begun, ended });
    }
    if decided < ended {
        return Err(ConductError::Decided { ended, decided });
    }
    let mut rejected = Vec::new();
    let mut fitting = Vec::new();
    for basis in &item.bases {
        match unfit(basis, case) {
            Some(reason) => rejected.push(Rejected { basis, reason, barred: false }),
            None => fitting.push(basis),
        }
    }
    let best = |day: Date| {
        let then = fitting.iter().copied().filter(|basis| basis.in_force(day));
        then.max_by(|a, b| rank(a, case).cmp(&rank(b, case)))
    };
    let (old, new) = (best(ended), best(decided));
    let mut text = String::new();
    if begun < ended {
        let _ = write!(text, "行为自 {begun} 连续或者继续至 {ended}，按终了之日适用法律。");
    }
    for (when, day, found) in [("行为终了", ended, old), ("作出决定", decided, new)] {
        let _ = match found {
            Some(basis) => write!(text, "{when}（{day}）时：{}，{}。", basis.citation(), basis.fine.text()),
            None => write!(text, "{when}（{day}）时：没有录入有效的处罚依据。"),
        };
    }
    let (chosen, why) = old_or_new(case, old, new);
    let _ = write!(text, "{why}。");
    for basis in fitting {
        if !chosen.is_some_and(|chosen| std::ptr::eq(chosen, basis)) {
            let reason = lost(basis, case, (old, new), chosen, &why);
            rejected.push(Rejected { basis, reason, barred: false });
        }
    }
    let since = chosen.is_some_and(|chosen| !chosen.in_force(ended));
    for rejected in &mut rejected {
        let held = rejected.basis.in_force(ended) && (!since || rejected.basis.in_force(decided));
        rejected.barred = chosen.is_none() || !held;
    }
    let warnings = chosen.map_or_else(Vec::new, |chosen| warnings(item, chosen, case));
    for warning in &warnings {
        let _ = write!(text, "{warning}。");
    }
    Ok(Choice { item, case: case.clone(), chosen, old, new, rejected, warnings, why, explanation: text })
}

/// Why a basis is nothing for this case at any time.
fn unfit(basis: &Basis, case: &Case) -> Option<String> {
    if !basis.jurisdiction.covers(&case.place) {
        return Some(format!("地域：{}的规定，不适用于{}", basis.jurisdiction.title(), case.place.title()));
    }
    if !basis.kinds.contains(&case.kind) {
        return Some(format!("对象：处罚“{}”，不适用于{}", basis.subject, case.kind.title()));
    }
    if let Some(enforcer) = &basis.enforcer {
        return Some(format!("职权：由{enforcer}处罚，城市管理部门应当移送"));
    }
    if let Some(only) = &basis.only
        && !case.facts.is_empty()
        && !case.facts.iter().any(|fact| fact == &**only)
    {
        return Some(format!("情形：限于“{only}”，与所写情形（{}）不符", case.facts.join("、")));
    }
    None
}

fn general(basis: &Basis, case: &Case) -> bool {
    basis.only.as_ref().is_none_or(|only| case.facts.iter().any(|fact| fact == &**only))
}

/// The greater, the rather: checked, with a range, general, the higher fine, the higher level.
fn rank(basis: &Basis, case: &Case) -> (bool, bool, bool, (Fen, Fen), Reverse<u8>) {
    let checked = basis.verified != Verified::M || basis.confirmed.is_some();
    let ranged = basis.fine != super::FineRange::Unfixed;
    let (min, max) = basis.fine.amounts().unwrap_or_default();
    (checked, ranged, general(basis, case), (max, min), Reverse(basis.jurisdiction.depth()))
}

/// 从旧兼从轻.
fn old_or_new<'a>(
    case: &Case,
    old: Option<&'a Basis>,
    new: Option<&'a Basis>,
) -> (Option<&'a Basis>, String) {
    const RULE: &str = "《行政处罚法》第37条";
    match (old, new) {
        (None, None) => (None, "没有处罚依据，不得处罚（《行政处罚法》第38条）".to_owned()),
        (None, Some(new)) => {
            let from = new.from.map_or_else(String::new, |from| format!("自 {from} 起施行，"));
            (None, format!("{}{from}不溯及以前的行为；行为时没有依据的，不得处罚（{RULE}）", new.citation()))
        }
        (Some(old), None) => (
            None,
            format!(
                "{}已失效，{} 没有录入新的处罚依据：新的规定不处罚的，适用新的规定（{RULE}）；如系漏录，请补录后重算",
                old.citation(),
                case.decided
            ),
        ),
        (Some(old), Some(new)) if std::ptr::eq(old, new) => {
            (Some(old), format!("行为时与决定时适用同一规定：{}", old.citation()))
        }
        (Some(old), Some(new)) => match (old.fine.amounts(), new.fine.amounts()) {
            (Some(before), Some(after)) => {
                let (word, chosen) = match lighter(after, before) {
                    Ordering::Less => ("新的规定较轻，从轻适用新的规定", new),
                    Ordering::Equal => ("新旧规定幅度相同，从旧适用行为时的规定", old),
                    Ordering::Greater => ("新的规定较重，从旧适用行为时的规定", old),
                };
                let compared = "先比最高额，再比最低额";
                (Some(chosen), format!("{word}（{RULE}；{compared}）：{}", chosen.citation()))
            }
            _ => (
                Some(old),
                format!(
                    "新旧规定的幅度不能以金额比较，从旧适用 {}，轻重由法制人员确认（{RULE}）",
                    old.citation()
                ),
            ),
        },
    }
}

/// A smaller greatest fine is lighter, then a smaller least one.
fn lighter((min, max): (Fen, Fen), (other_min, other_max): (Fen, Fen)) -> Ordering {
    max.cmp(&other_max).then(min.cmp(&other_min))
}

/// Why a basis that fits was not chosen.
fn lost(
    basis: &Basis,
    case: &Case,
    (old, new): (Option<&Basis>, Option<&Basis>),
    chosen: Option<&Basis>,
    why: &str,
) -> String {
    let is = |other: Option<&Basis>| other.is_some_and(|other| std::ptr::eq(other, basis));
    if is(old) || is(new) {
        return format!("新旧比较：{why}");
    }
    let (then, now) = (basis.in_force(case.ended), basis.in_force(case.decided));
    if !then && !now {
        return match (basis.from, basis.to) {
            (_, Some(to)) if to < case.ended => format!("时间：已于 {to} 失效，行为终了于 {}", case.ended),
            (Some(from), _) if from > case.decided => {
                format!("时间：自 {from} 起施行，决定作出于 {}", case.decided)
            }
            _ => "时间：行为终了和作出决定时均未施行".to_owned(),
        };
    }
    let winner = if then { old } else { new };
    let Some(winner) = winner.or(chosen) else {
        return why.to_owned();
    };
    let ((checked, ranged, wide, amounts, _), best) = (rank(basis, case), rank(winner, case));
    if checked != best.0 {
        "核对：凭记忆录入、未与原文核对，已有核对过的依据时不采用".to_owned()
    } else if ranged != best.1 {
        "幅度：条文没有罚款幅度或者未核对".to_owned()
    } else if wide != best.2 {
        let only = basis.only.as_deref().unwrap_or_default();
        format!("情形：限于“{only}”，案情没有写明属于此情形")
    } else if amounts == best.3 {
        format!("竞合：幅度相同，适用效力层级较高的 {}", winner.citation())
    } else {
        format!(
            "竞合：同一违法行为违反多个规定，按罚款数额高的处罚（《行政处罚法》第29条）：{} 低于 {}（{}）",
            basis.fine.text(),
            winner.citation(),
            winner.fine.text()
        )
    }
}

/// What a legal officer has to look at.
fn warnings(item: &Item, chosen: &Basis, case: &Case) -> Vec<String> {
    let mut warnings = Vec::new();
    if chosen.needs_confirmation() {
        let (how, sure) = (chosen.verified.title(), chosen.confidence);
        warnings.push(format!("所选依据{how}（把握 {sure}%），法制人员确认前不得单独作为处罚依据"));
    }
    if let Some(only) = chosen.only.as_ref().filter(|_| !general(chosen, case)) {
        warnings.push(format!("所选依据限于“{only}”，须查明案情属于此情形"));
    }
    if let Some(precondition) = &chosen.precondition {
        warnings.push(format!("处罚前提：{precondition}"));
    }
    // What is limited to a case that was not named, and would be chosen if it were.
    let narrower = item.bases.iter().filter(|basis| {
        !general(basis, case)
            && unfit(basis, case).is_none()
            // A graver grade of the law in force at the decision counts as well: it may make the new law the heavier one.
            && (basis.in_force(case.ended) || basis.in_force(case.decided))
            && general(chosen, case)
    });
    let narrower: Vec<String> = narrower
        .filter_map(|basis| {
            Some(format!("限于“{}”的 {}（{}）", basis.only.as_ref()?, basis.citation(), basis.fine.text()))
        })
        .collect();
    if !narrower.is_empty() {
        warnings.push(format!("另有{}；案情属于的，请写明情形后重新选择", narrower.join("、")));
    }
    let national = item.bases.iter().filter(|basis| {
        basis.jurisdiction.depth() == 0
            && basis.only.is_none()
            && unfit(basis, case).is_none()
            && basis.in_force(case.ended)
    });
    let above = national.filter_map(|basis| Some((basis, basis.fine.amounts()?)));
    if let Some((_, own)) = chosen.fine.amounts().filter(|_| chosen.jurisdiction.depth() > 0)
        && chosen.only.is_none()
        && let Some((law, _)) = above.into_iter().find(|(_, (_, max))| *max < own)
    {
        warnings.push(format!(
            "地方规定的最高额超出 {}（{}），须由法制人员按《行政处罚法》第12条第2款核对",
            law.citation(),
            law.fine.text()
        ));
    }
    warnings
}

/// A basis that was not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RejectedView {
    /// The basis.
    #[serde(flatten)]
    pub basis: BasisView,
    /// Why not.
    pub reason: String,
}

/// The basis that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChosenView {
    /// The basis.
    #[serde(flatten)]
    pub basis: BasisView,
    /// Why this one, with its article.
    pub reason: String,
}

impl std::ops::Deref for ChosenView {
    type Target = BasisView;

    fn deref(&self) -> &BasisView {
        &self.basis
    }
}

/// The choice. The JSON of `lianzhi law basis` and of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChoiceView {
    /// Code of the item.
    pub item: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Where.
    pub jurisdiction: Jurisdiction,
    /// Who.
    pub subject: SubjectKind,
    /// First day of the conduct.
    pub conduct: Date,
    /// Its last day.
    pub conduct_end: Date,
    /// Day of the decision.
    pub decided: Date,
    /// The basis with its reason; null where there is none.
    pub chosen: Option<ChosenView>,
    /// All others, with reasons.
    pub rejected: Vec<RejectedView>,
    /// The best one at the end of the conduct.
    pub old: Option<BasisView>,
    /// The best one at the decision.
    pub new: Option<BasisView>,
    /// What a legal officer has to look at.
    pub warnings: Vec<String>,
    /// Whether a penalty on the spot is possible under it (行政处罚法 51 条), the facts being certain.
    pub summary_possible: bool,
    /// The way to the choice.
    pub explanation: String,
}

impl Choice<'_> {
    /// As it is shown.
    #[must_use]
    pub fn view(&self) -> ChoiceView {
        let rejected = self.rejected.iter();
        ChoiceView {
            item: self.item.code.clone(),
            name: self.item.name.clone(),
            jurisdiction: self.case.place.clone(),
            subject: self.case.kind,
            conduct: self.case.begun,
            conduct_end: self.case.ended,
            decided: self.case.decided,
            chosen: self.chosen.map(|basis| ChosenView { basis: basis.view(), reason: self.why.clone() }),
            rejected: rejected
                .map(|r| RejectedView { basis: r.basis.view(), reason: r.reason.clone() })
                .collect(),
            old: self.old.map(Basis::view),
            new: self.new.map(Basis::view),
            warnings: self.warnings.clone(),
            summary_possible: self.chosen.is_some_and(|basis| basis.summary_possible(self.case.kind)),
            explanation: self.explanation.clone(),
        }
    }
}
