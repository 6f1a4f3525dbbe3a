//! The same conduct in all jurisdictions side by side (规章制度趋同): where a rule is missing, where equal conduct is punished
//! unequally (同事不同罚).

use super::{Basis, BasisView, Case, FineRange, Item, SubjectKind, choose};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// From this factor between greatest or between least fines on the difference is a great one, in tenths: one and a half.
const GREAT_TENTHS: i64 = 15;

/// How unequally two places punish the same conduct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// The ranges differ.
    Different,
    /// Greatest or least fines differ by half as much again or more.
    Great,
    /// The ranges have no amount in common.
    Disjoint,
}

impl Degree {
    /// Whether equal conduct is punished so unequally that it wants to be levelled.
    #[must_use]
    pub fn great(self) -> bool {
        self > Degree::Different
    }

    /// In words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Degree::Different => "幅度不同",
            Degree::Great => "相差较大",
            Degree::Disjoint => "没有交集",
        }
    }
}

/// What holds for one kind of subject in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceRule {
    /// Who.
    pub subject: SubjectKind,
    /// The basis that conduct of that day would be judged by; null: none.
    pub basis: Option<BasisView>,
    /// Whether the place has no rule of its own.
    pub gap: bool,
    /// In words: 国家规定, 地方规定, 无规定.
    pub standing: &'static str,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// Code.
    pub jurisdiction: Jurisdiction,
    /// Name.
    pub title: Arc<str>,
    /// For each kind of subject that the item concerns.
    pub rules: Vec<PlaceRule>,
}

/// Two places that punish the same conduct unequally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Conflict {
    /// Who is punished.
    pub subject: SubjectKind,
    /// The two places.
    pub between: (Jurisdiction, Jurisdiction),
    /// Whether the ranges have no amount in common.
    pub disjoint: bool,
    /// How unequal they are.
    pub degree: Degree,
    /// In words, with both ranges.
    pub text: String,
}

/// The comparison. The JSON of `lianzhi law compare` and of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Code of the item.
    pub item: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The day.
    pub date: Date,
    /// The places.
    pub places: Vec<Place>,
    /// Places without a rule of their own, in words.
    pub gaps: Vec<String>,
    /// Unequal ones, the most unequal first.
    pub conflicts: Vec<Conflict>,
    /// Places whose range cannot be set beside others: not known, or a share of something; in words.
    pub incomparable: Vec<String>,
}

/// Compares an item in the known places (code and name) on a day; cities only where they have rules of their own.
#[must_use]
pub fn compare<'a>(
    item: &Item,
    places: impl Iterator<Item = (&'a Jurisdiction, &'a Arc<str>)>,
    date: Date,
) -> Comparison {
    let has_own = |place: &Jurisdiction| item.bases.iter().any(|basis| basis.jurisdiction == *place);
    let places: Vec<(&Jurisdiction, &Arc<str>)> =
        places.filter(|(place, _)| place.depth() == 1 || (place.depth() == 2 && has_own(place))).collect();
    let mut rows = Vec::new();
    let mut ranges: Vec<Range<'_>> = Vec::new();
    let (mut gaps, mut incomparable) = (Vec::new(), Vec::new());
    for (place, title) in places {
        let mut rules = Vec::new();
        for subject in &item.subjects {
            let basis = in_place(item, place, *subject, date);
            let local = basis.is_some_and(|basis| basis.jurisdiction.depth() > 0);
            let own = item.bases.iter().any(|basis| {
                basis.jurisdiction.depth() > 0
                    && basis.jurisdiction.covers(place)
                    && basis.kinds.contains(subject)
                    && basis.in_force(date)
            });
            let standing = match basis {
                None => "无规定",
                Some(_) if local => "地方规定",
                Some(_) if own => "国家规定（另有地方规定）",
                Some(_) => "国家规定",
            };
            if !own {
                let what =
                    if basis.is_some() { "没有地方规定，适用国家规定" } else { "没有规定" };
                gaps.push(format!("{title}对{}{what}", subject.title()));
            }
            let who = subject.title();
            incomparable.extend(basis.and_then(|basis| match basis.fine {
                FineRange::Between { .. } => None,
                FineRange::PercentOfCost { .. } | FineRange::PerSquareMetre { .. } => {
                    Some(format!("{title}对{who}的罚款{}，不能直接比较", basis.fine.text()))
                }
                FineRange::Unfixed => {
                    Some(format!("{title}对{who}的罚款幅度未核对（{}），不能直接比较", basis.citation()))
                }
            }));
            ranges.extend(basis.and_then(|basis| {
                Some(Range { subject: *subject, place, title, fine: basis.fine.amounts()? })
            }));
            rules.push(PlaceRule { subject: *subject, basis: basis.map(Basis::view), gap: !own, standing });
        }
        rows.push(Place { jurisdiction: place.clone(), title: title.clone(), rules });
    }
    let mut conflicts = Vec::new();
    for (n, here) in ranges.iter().enumerate() {
        let others = ranges[n + 1..].iter().filter(|there| there.subject == here.subject);
        conflicts.extend(others.filter_map(|there| unequal(here, there)));
    }
    conflicts.sort_by_key(|conflict| std::cmp::Reverse(conflict.degree));
    Comparison {
        item: item.code.clone(),
        name: item.name.clone(),
        date,
        places: rows,
        gaps,
        conflicts,
        incomparable,
    }
}

/// What conduct of that day would be judged by.
fn in_place<'a>(item: &'a Item, place: &Jurisdiction, kind: SubjectKind, day: Date) -> Option<&'a Basis> {
    let case = Case { place: place.clone(), kind, facts: Vec::new(), begun: day, ended: day, decided: day };
    choose(item, &case).ok().and_then(|choice| choice.chosen)
}

/// What a place fines somebody.
struct Range<'a> {
    subject: SubjectKind,
    place: &'a Jurisdiction,
    title: &'a str,
    fine: (Fen, Fen),
}

fn unequal(here: &Range<'_>, there: &Range<'_>) -> Option<Conflict> {
    let (a, b) = (here.fine, there.fine);
    if a == b {
        return None;
    }
    // How many times as much; none where one of them is nothing.
    let tenths = |one: Fen, other: Fen| {
        let (low, high) = (one.min(other).0, one.max(other).0);
        (low > 0).then(|| high.saturating_mul(10) / low)
    };
    let (most, least) = (tenths(a.1, b.1), tenths(a.0, b.0));
    let great = [most, least].into_iter().flatten().any(|tenths| tenths >= GREAT_TENTHS);
    let degree = if a.1 < b.0 || b.1 < a.0 {
        Degree::Disjoint
    } else if great {
        Degree::Great
    } else {
        Degree::Different
    };
    let text = |(min, max): (Fen, Fen)| FineRange::Between { min, max }.text();
    // One decimal is enough to see it.
    let times = |what: &str, tenths: Option<i64>| {
        let tenths = tenths.filter(|tenths| *tenths > 10)?;
        Some(format!("，{what}相差 {}.{} 倍", tenths / 10, tenths % 10))
    };
    let how = [times("最高额", most), times("最低额", least)].into_iter().flatten().collect::<String>();
    let (title, subject) = (degree.title(), here.subject.title());
    Some(Conflict {
        subject: here.subject,
        between: (here.place.clone(), there.place.clone()),
        disjoint: degree == Degree::Disjoint,
        degree,
        text: format!("{subject}：{} {}，{} {}，{title}{how}", here.title, text(a), there.title, text(b)),
    })
}
