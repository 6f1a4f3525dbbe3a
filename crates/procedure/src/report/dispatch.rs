//! Who gets a matter: one named officer, by grid, post, duty and load; with the reason in words.

use crate::Facts;
use crate::directory::Person;
use lianzhi_ids::{CategoryCode, GridCode, PersonCode, UnitCode};

/// What the rule proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// This officer.
    Officer {
        /// Of which unit.
        unit: UnitCode,
        /// Who.
        officer: PersonCode,
        /// Why.
        why: String,
    },
    /// A department without a node is in charge.
    Outside {
        /// Which.
        unit: UnitCode,
        /// Why.
        why: String,
    },
    /// Nobody fits: the pool of this unit, or of the node.
    Pool {
        /// Which.
        unit: Option<UnitCode>,
        /// Why.
        why: String,
    },
}

/// Proposes an officer for a place and category. People in `not` are passed over.
#[must_use]
pub fn propose(
    facts: &Facts<'_>,
    grid: Option<&GridCode>,
    category: Option<&CategoryCode>,
    not: &[PersonCode],
) -> Proposal {
    let directory = facts.directory;
    if let Some(department) =
        category.and_then(|c| directory.categories.get(c)).and_then(|c| c.department.as_ref())
        && let Some(unit) = directory.units.get(department)
    {
        let why = format!("{}由{}主管", category.map_or("", |c| directory.category_name(c)), unit.name);
        return if unit.outside {
            Proposal::Outside { unit: unit.code.clone(), why }
        } else {
            within(facts, &unit.code, grid, not)
        };
    }
    let Some(grid) = grid.and_then(|g| directory.grids.get(g)) else {
        return Proposal::Pool { unit: None, why: "未能确定所在网格，待人工定位".into() };
    };
    within(facts, &grid.unit, Some(&grid.code), not)
}

/// Proposes an officer of one unit.
#[must_use]
pub fn within(facts: &Facts<'_>, unit: &UnitCode, grid: Option<&GridCode>, not: &[PersonCode]) -> Proposal {
    let directory = facts.directory;
    let name = directory.unit_name(unit);
    let codes = directory.officers(unit);
    if codes.is_empty() {
        return Proposal::Pool { unit: Some(unit.clone()), why: format!("{name}没有执法队员岗位") };
    }
    let owns = |person: &Person| {
        grid.is_some_and(|g| person.posts.iter().any(|post| post.unit == *unit && post.grids.contains(g)))
    };
    let best = codes
        .iter()
        .filter(|code| facts.duty.is_on(code) && !not.contains(code))
        .filter_map(|code| directory.people.get(code))
        .map(|person| (!owns(person), facts.loads.open(&person.code), &person.code))
        .min();
    match best {
        Some((foreign, load, officer)) => {
            let why = if foreign {
                format!("{name}在岗队员中在办件最少（{load} 件）")
            } else {
                format!(
                    "{}责任队员，在岗，在办 {load} 件",
                    grid.and_then(|g| directory.grids.get(g)).map_or("本网格", |g| g.name.as_str())
                )
            };
            Proposal::Officer { unit: unit.clone(), officer: officer.clone(), why }
        }
        None if codes.iter().all(|c| not.contains(c)) => Proposal::Pool {
            unit: Some(unit.clone()),
            why: format!("{name}的队员都已退回或未按时受理"),
        },
        None => Proposal::Pool {
            unit: Some(unit.clone()), why: format!("{name}现在没有合适的在岗队员")
        },
    }
}
