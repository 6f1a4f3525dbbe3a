//! What has to be proved for an item, and how a case of it goes (证据标准、办案指引): points with the kinds of evidence that usually
//! show them. A guide, no rule: whether a piece of evidence proves something is for people to judge (行政处罚法 40 条, 46 条).

use crate::data::filled;
use crate::error::LawError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A point to be proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidencePoint {
    /// Code of the item; `JZLJ-*` for all that begin so, `*` for all.
    pub item: Arc<str>,
    /// Its key: `subject`, `act` … A point of an item goes before one for all with the same key.
    pub point: Arc<str>,
    /// On screen.
    pub title: Arc<str>,
    /// What is usually needed.
    pub what: Arc<str>,
    /// Kinds of evidence that usually show it, by their codes in cases; any one of them.
    pub kinds: Vec<Arc<str>>,
    /// From where.
    pub source: Arc<str>,
}

/// A step of the guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// As in [`EvidencePoint::item`].
    pub item: Arc<str>,
    /// When, in words: 立案前, 现场检查.
    pub step: Arc<str>,
    /// What to do.
    pub text: Arc<str>,
    /// From where.
    pub source: Arc<str>,
}

/// Whether a pattern of the data takes in an item, and how closely: the longer, the closer.
fn takes_in(pattern: &str, item: &str) -> Option<usize> {
    match pattern.strip_suffix('*') {
        Some(beginning) => item.starts_with(beginning).then_some(beginning.len()),
        None => (pattern == item).then_some(usize::MAX),
    }
}

/// The points for an item, in the order of the data; of several with one key the closest.
pub(crate) fn points<'a>(all: &'a [EvidencePoint], item: &str) -> Vec<&'a EvidencePoint> {
    let mut found: Vec<(usize, &EvidencePoint)> = Vec::new();
    for point in all {
        let Some(close) = takes_in(&point.item, item) else { continue };
        match found.iter_mut().find(|(_, known)| known.point == point.point) {
            Some(known) if known.0 <= close => *known = (close, point),
            Some(_) => {}
            None => found.push((close, point)),
        }
    }
    found.into_iter().map(|(_, point)| point).collect()
}

/// The guide for an item, what is for all first.
pub(crate) fn guidance<'a>(all: &'a [Guidance], item: &str) -> Vec<&'a Guidance> {
    let mut found: Vec<(usize, &Guidance)> =
        all.iter().filter_map(|g| Some((takes_in(&g.item, item)?, g))).collect();
    found.sort_by_key(|(close, _)| *close);
    found.into_iter().map(|(_, guidance)| guidance).collect()
}

impl EvidencePoint {
    pub(super) fn check(self, file: &str) -> Result<EvidencePoint, LawError> {
        let key = format!("evidence {} {}", self.item, self.point);
        let texts: [(&str, &str); 5] = [
            ("item", &self.item),
            ("point", &self.point),
            ("title", &self.title),
            ("what", &self.what),
            ("source", &self.source),
        ];
        filled(file, &key, &texts)?;
        Ok(self)
    }
}

impl Guidance {
    pub(super) fn check(self, file: &str) -> Result<Guidance, LawError> {
        let key = format!("guidance {} {}", self.item, self.step);
        let texts: [(&str, &str); 4] =
            [("item", &self.item), ("step", &self.step), ("text", &self.text), ("source", &self.source)];
        filled(file, &key, &texts)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LawData;

    #[test]
    fn a_point_of_an_item_goes_before_one_for_all() {
        let point = |item: &str, title: &str| EvidencePoint {
            item: item.into(),
            point: "act".into(),
            title: title.into(),
            what: "x".into(),
            kinds: vec![],
            source: "x".into(),
        };
        let all = [point("*", "all"), point("JZLJ-*", "field"), point("JZLJ-07", "one")];
        let title =
            |item: &str| points(&all, item).into_iter().map(|p| p.title.to_string()).collect::<Vec<_>>();
        assert_eq!(title("JZLJ-07"), ["one"]);
        assert_eq!(title("JZLJ-01"), ["field"]);
        assert_eq!(title("FW-02"), ["all"]);
    }

    #[test]
    fn every_item_has_a_checklist_of_subject_time_place_act_harm_and_amount() {
        let law = LawData::builtin().expect("the repository's data");
        for item in law.items() {
            let keys: Vec<&str> = law.evidence_points(&item.code).iter().map(|p| &*p.point).collect();
            for key in ["subject", "time_place", "act", "harm", "amount"] {
                assert!(keys.contains(&key), "{} lacks {key}", item.code);
            }
        }
    }
}
