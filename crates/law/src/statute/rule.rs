//! What a statute says of a term besides its days, in words that stand on pages and in answers.

use super::StatutoryTerm;
use crate::standard::Standing;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What a statute says of a term besides its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TermRule {
    /// What starts it, or what it is counted back from.
    pub trigger: Arc<str>,
    /// What happens when it has passed; may be empty.
    pub consequence: Arc<str>,
    /// Whether a last day off moves to the next workday, and why; null where that cannot be.
    pub rolls: Option<String>,
    /// Times that are not counted, each with its source.
    pub excluded: Vec<String>,
    /// By how much it may be made longer at most, by whom, each with its source.
    pub extensions: Vec<String>,
}

impl StatutoryTerm {
    /// What the statute says of it besides its days.
    #[must_use]
    pub fn rule(&self) -> TermRule {
        let rolls = self.rollover.as_ref().map(|rollover| {
            let moves =
                if rollover.rolls { "末日是休息日的顺延" } else { "末日是休息日的不顺延" };
            format!("{moves}：{}", rollover.why)
        });
        TermRule {
            trigger: self.trigger.clone(),
            consequence: self.consequence.clone(),
            rolls,
            excluded: self.excluded_words(),
            extensions: self.extension_words(),
        }
    }

    pub(super) fn excluded_words(&self) -> Vec<String> {
        let words =
            |what: &str, source: &str, standing| format!("{what}（{source}{}）", doubt(standing, source));
        self.excluded.iter().map(|e| words(&e.what, &e.source, e.standing)).collect()
    }

    pub(super) fn extension_words(&self) -> Vec<String> {
        let words = |e: &super::Lengthening| {
            format!("最多 {}，{}（{}{}）", e.most.text(), e.who, e.source, doubt(e.standing, &e.source))
        };
        self.extensions.iter().map(words).collect()
    }
}

fn doubt(standing: Standing, source: &str) -> &'static str {
    if standing == Standing::Unverified && !source.contains("未核对") { "，未核对" } else { "" }
}
