//! The tiers of a benchmark as forms list them: each with what it comes to in yuan.

use super::charge::Basis;
use super::law_side::{benchmark, yuan};
use super::matters::Violation;
use crate::{Choice, Facts};

/// What a tier comes to for somebody.
pub(crate) struct Tier {
    code: String,
    title: String,
    when: String,
    /// Least and greatest fine, fen; none where the rule's range depends on what is yet to be measured.
    range: Option<(i64, i64)>,
}

impl Tier {
    /// Its name in commands.
    pub fn into_code(self) -> String {
        self.code
    }
}

/// The tiers for a violation with what each comes to under a rule.
pub(crate) fn tiers(facts: &Facts<'_>, violation: &Violation, basis: &Basis) -> Vec<Tier> {
    let Some(benchmark) = benchmark(facts, violation) else { return Vec::new() };
    let of = |tier: &lianzhi_law::Tier| Tier {
        code: tier.code.to_string(),
        title: tier.title.to_string(),
        when: tier.when.to_string(),
        range: lianzhi_law::propose(basis.range(), benchmark, &tier.code, &[])
            .ok()
            .map(|proposal| (proposal.min.0, proposal.max.0)),
    };
    benchmark.tiers.iter().map(of).collect()
}

/// The choices of a form. Where a tier comes to one sum for some and to another for others, it says so by their names.
pub(crate) fn choices(all: &[(String, Vec<Tier>)]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for tier in all.iter().flat_map(|(_, tiers)| tiers) {
        if choices.iter().any(|choice| choice.value == tier.code) {
            continue;
        }
        let same = all.iter().filter_map(|(who, tiers)| {
            let (least, most) = tiers.iter().find(|t| t.code == tier.code)?.range?;
            Some((who, format!("{}至 {}", yuan(least), yuan(most))))
        });
        let ranges: Vec<_> = same.collect();
        let sum = match ranges.as_slice() {
            [] => String::new(),
            [(_, first), rest @ ..] if rest.iter().all(|(_, words)| words == first) => format!("，{first}"),
            several => {
                let each: Vec<_> = several.iter().map(|(who, words)| format!("{who} {words}")).collect();
                format!("，{}", each.join("，"))
            }
        };
        choices.push(Choice::new(tier.code.clone(), format!("{}{sum}：{}", tier.title, tier.when)));
    }
    choices
}
