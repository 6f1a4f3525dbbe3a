//! How a member decided about an item, as far as it has made that public: what like cases are compared with across provinces.
//! Nothing in it is personal, nothing stands in it that the member's public pages do not show, and nothing rests on it.

use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::NodeCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most decisions in an answer, the newest: several years of one item at one agency.
pub const DECISIONS_MAX: usize = 1_000;
/// Longest number of a decision and name of a tier, characters.
const CHARS_MAX: usize = 100;

/// Kind of party, as bases of items name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum ToldSubject {
    /// Firms and other organisations.
    #[serde(rename = "单位")]
    Organisation,
    /// Natural persons, traders among them.
    #[serde(rename = "个人")]
    Person,
}

impl ToldSubject {
    /// As it is shown, and as the law data name it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            ToldSubject::Organisation => "单位",
            ToldSubject::Person => "个人",
        }
    }

    /// Of the name in the law data.
    #[must_use]
    pub fn of(title: &str) -> Option<ToldSubject> {
        [ToldSubject::Organisation, ToldSubject::Person].into_iter().find(|one| one.title() == title)
    }
}

/// A fine for the item in a published decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToldDecision {
    /// 文号, under which the member's public pages have it.
    pub number: String,
    /// Day of the decision.
    pub decided: Date,
    /// Kind of party.
    pub subject: ToldSubject,
    /// Tier of the benchmark, where the member publishes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Fine, fen.
    pub fine_fen: i64,
}

/// What a member answers. Unknown fields are left alone: a later version may say more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToldDecisions {
    /// Whose.
    pub node: NodeCode,
    /// Code of the item.
    pub item: String,
    /// When it was answered.
    pub at: Timestamp,
    /// The newest first.
    pub decisions: Vec<ToldDecision>,
    /// There are older ones.
    #[serde(default)]
    pub more: bool,
}

impl ToldDecisions {
    /// Whether this answers what was asked of whom, within the limits.
    #[must_use]
    pub fn answers(&self, node: &NodeCode, item: &str) -> bool {
        let short = |text: &str| text.chars().count() <= CHARS_MAX;
        let sound = |d: &ToldDecision| d.fine_fen > 0 && short(&d.number) && short(&d.tier);
        self.node == *node
            && self.item == item
            && self.decisions.len() <= DECISIONS_MAX
            && self.decisions.iter().all(sound)
    }

    /// Fines of one kind of party, fen.
    pub fn fines(&self, subject: ToldSubject) -> impl Iterator<Item = i64> {
        self.decisions.iter().filter(move |d| d.subject == subject).map(|d| d.fine_fen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_only_where_it_answers_what_was_asked() {
        let node = |code| NodeCode::parse(code).unwrap();
        let json = r#"{"node":"320509","item":"ZD-01","at":"2026-11-23T01:00:00Z","later":1,
            "decisions":[{"number":"苏吴罚字〔2026〕1号","decided":"2026-11-02","subject":"单位","fine_fen":500000}]}"#;
        let told: ToldDecisions = serde_json::from_str(json).unwrap();
        assert!(told.answers(&node("320509"), "ZD-01") && !told.more);
        assert_eq!(told.fines(ToldSubject::Organisation).collect::<Vec<_>>(), [500_000]);
        assert_eq!(told.fines(ToldSubject::Person).count(), 0);
        assert!(!told.answers(&node("330421"), "ZD-01"), "in another's name");
        assert!(!told.answers(&node("320509"), "GG-03"), "of another item");
        let with = |change: &dyn Fn(&mut ToldDecisions)| {
            let mut changed = told.clone();
            change(&mut changed);
            changed.answers(&node("320509"), "ZD-01")
        };
        assert!(!with(&|t| t.decisions[0].fine_fen = 0));
        assert!(!with(&|t| t.decisions[0].number = "号".repeat(CHARS_MAX + 1)));
        assert!(!with(&|t| t.decisions = vec![t.decisions[0].clone(); DECISIONS_MAX + 1]));
        assert_eq!(ToldSubject::of("个人"), Some(ToldSubject::Person));
    }
}
